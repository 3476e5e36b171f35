"""A file that only grows: one JSON object a line, written under a lock, on disk when acknowledged.

Two writers at once lose nothing. What a crash has left of a line that was never acknowledged is
told to the reader, kept out, and set aside (``NAME.torn``) by the next writer.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from flows.errors import RunError
from flows.files import flush_folder

SECONDS_TO_WAIT = 60
"""A writer holds the lock for milliseconds; who holds it longer has hung."""

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is no entry, and why; ``torn``: what a crash has left of the last one.

    ``broken``: the line is an entry, but what stood before it when it was written does not; the
    sha256 of the line.
    """

    line: int
    detail: str
    torn: bool = False
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Chain(Generic[Entry]):
    """How an entry holds the sha256 of the line before it, so that an edited or a missing line
    shows: where it stands, and the entry with it. Lines from before there was one hold none.
    """

    of: Callable[[Entry], str | None]
    put: Callable[[Entry, str], Entry]


@dataclass(frozen=True, slots=True)
class Journal(Generic[Entry]):
    """The file at ``path``, whose lines are read and written by ``adapter``."""

    path: Path
    adapter: TypeAdapter[Entry]
    chain: Chain[Entry] | None = None

    def read(self) -> tuple[list[tuple[int, Entry]], list[Fault]]:
        """Entries with their line numbers from 1, and faults; nothing where there is no file.

        Raises OSError, and RunError where the file stays locked.
        """
        if not self.path.exists():
            return [], []
        with self._locked():
            return self._parse(self.path.read_bytes())

    def append(self, choose: Callable[[Sequence[Entry]], Sequence[Entry]]) -> tuple[Entry, ...]:
        """Add at the end what ``choose`` returns for the entries that are there; returns it.

        Raises OSError, and RunError where the file stays locked.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            content = self.path.read_bytes() if self.path.exists() else b""
            whole = content[: self._end(content)]
            entries, _ = self._parse(whole)
            chosen = choose([entry for _, entry in entries])
            added = tuple(self._chained(_last_line(whole), chosen))
            if added:
                self._set_aside(content[len(whole) :])
                self._write(whole, b"".join(line + b"\n" for _, line in added))
        return tuple(entry for entry, _ in added)

    def _chained(self, last: bytes, chosen: Sequence[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """The entries as they are written, and their lines; ``last`` is the line before them."""
        for each in chosen:
            entry = each if self.chain is None else self.chain.put(each, digest(last))
            last = self.adapter.dump_json(entry)
            yield entry, last

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with FileLock(f"{self.path}.lock", timeout=SECONDS_TO_WAIT):
                yield
        except Timeout as error:
            raise RunError(
                f"Một chương trình khác giữ {self.path} quá lâu. Đóng chương trình đó rồi làm lại."
            ) from error

    def _write(self, whole: bytes, lines: bytes) -> None:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "r+b") as file:
            file.truncate(len(whole))
            file.seek(len(whole))
            file.write((b"" if whole.endswith(b"\n") or not whole else b"\n") + lines)
            file.flush()
            os.fsync(file.fileno())
        flush_folder(self.path.parent)

    def _parse(self, content: bytes) -> tuple[list[tuple[int, Entry]], list[Fault]]:
        entries: list[tuple[int, Entry]] = []
        faults: list[Fault] = []
        lines = content.split(b"\n")
        before, is_chained = b"", False
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = self.adapter.validate_json(line)
            except ValidationError as error:
                faults.append(Fault(number, _detail(error), torn=number == len(lines)))
            else:
                entries.append((number, entry))
                if self.chain is not None:
                    held = self.chain.of(entry)
                    is_chained = is_chained or held is not None
                    if is_chained and held != digest(before):
                        faults.append(Fault(number, "", broken=digest(line)))
            before = line
        return entries, faults

    def _end(self, content: bytes) -> int:
        """Where the last whole line ends: one that lacks but its line feed is whole."""
        start = content.rfind(b"\n") + 1
        try:
            self.adapter.validate_json(content[start:])
        except ValidationError:
            return start
        return len(content)

    def _set_aside(self, torn: bytes) -> None:
        if not torn.strip():
            return
        with self.path.with_name(f"{self.path.name}.torn").open("ab") as file:
            file.write(torn + b"\n")
            file.flush()
            os.fsync(file.fileno())


def digest(line: bytes) -> str:
    """What the next line holds of a line; of none, where there is none before it."""
    return hashlib.sha256(line.strip()).hexdigest()


def _last_line(content: bytes) -> bytes:
    return next((line for line in reversed(content.split(b"\n")) if line.strip()), b"")


def _detail(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
