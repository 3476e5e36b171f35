"""What lies in the inbox: which files are documents, which are refused, and their hashes."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.errors import reason

TEMPORARY = re.compile(
    r"^(?:\.|~\$|~WRL)"  # hidden files, LibreOffice's locks, Word's lock and scratch files
    r"|\.(?:tmp|part|partial|crdownload|download|swp)$"
    r"|^(?:Thumbs\.db|desktop\.ini)$",
    re.IGNORECASE,
)
"""Names that office programs, browsers and desktops give to what is no document of anybody's."""

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was received: ``name`` is its path below the inbox, fit to be printed.

    ``received_at`` is the file's own time of change, so that a rebuild gives the same warehouse.
    """

    path: Path
    name: str
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in the inbox that is not read; ``code`` and ``facts`` are those of its Finding."""

    name: str
    code: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Inbox:
    """All that lies in the inbox, by name. Files with the same content are one document."""

    documents: tuple[Document, ...]
    refusals: tuple[Refusal, ...]


Receive = Callable[[Path, str], Document | Refusal]


def look_into(inbox: Path, receive: Receive | None = None) -> Inbox:
    """The inbox's documents and refusals, subfolders included.

    Links, devices and FIFOs are never opened. ``receive`` is asked for each regular file in place
    of reading it (`receive_file`). Raises OSError if the inbox itself cannot be listed.
    """
    receive = receive or receive_file
    documents: dict[str, Document] = {}
    refusals = []
    for path, name, refusal in _entries(inbox, ""):
        received = refusal or receive(path, name)
        if isinstance(received, Refusal):
            refusals.append(received)
        elif (first := documents.setdefault(received.sha256, received)) is not received:
            refusals.append(Refusal(name, "duplicate-file", {"first": first.name}))
    return Inbox(tuple(documents.values()), tuple(refusals))


def printable(name: str) -> str:
    """A file's name as Unicode text without characters that would steer a terminal."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in text)


def state(inbox: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every regular file that is no temporary one, by its name.

    Cheap, since nothing is opened: what a watch compares to tell that a document has arrived whole.
    """
    found = {}
    for path, name, refusal in _entries(inbox, ""):
        if refusal is None:
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue  # taken away since it was listed
            found[name] = (status.st_size, status.st_mtime_ns)
    return found


def _entries(folder: Path, prefix: str) -> Iterator[tuple[Path, str, Refusal | None]]:
    """(path, printable name, None for a regular file or why it is refused), sorted by name."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
    for entry in entries:
        path, name = Path(entry.path), prefix + printable(entry.name)
        if TEMPORARY.search(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            try:
                yield from _entries(path, f"{name}/")
            except PermissionError as error:
                yield path, name, _unreadable(name, error)
        elif entry.is_file(follow_symlinks=False):
            yield path, name, None
        else:
            code = "link-refused" if entry.is_symlink() else "not-a-regular-file"
            yield path, name, Refusal(name, code, {"what": "tệp đặc biệt"})


def _unreadable(name: str, error: OSError) -> Refusal:
    return Refusal(name, "unreadable-file", {"detail": reason(error)})


def receive_file(path: Path, name: str) -> Document | Refusal:
    """The file as a document under that name, or why it is none."""
    # O_NONBLOCK and O_NOFOLLOW: the entry may have become a FIFO or a link since it was listed.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        return _unreadable(name, error)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return Refusal(name, "not-a-regular-file", {"what": "tệp đặc biệt"})
        digest = hashlib.sha256()
        try:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        except OSError as error:
            return _unreadable(name, error)
    received_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return Document(path, name, digest.hexdigest(), received_at)
