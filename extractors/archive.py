"""Reading zip containers (docx, xlsx, odt, …) and their XML parts without trusting them.

Declared sizes lie, so the limits on bytes and ratio are counted while inflating. Every reader of
a zip goes through :class:`Archive`, every reader of XML through :func:`parse_xml`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from lxml import etree

from extractors.document import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ENTRIES: Final = 10_000
MOST_BYTES: Final = 400 * 2**20
MOST_PART_BYTES: Final = 160 * 2**20
MOST_RATIO: Final = 300
FREE_BYTES: Final = 8 * 2**20
"""Below this size a part's ratio is not judged: a short text of spaces inflates 1000-fold."""

_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    struct.error,
)
"""What zipfile raises where an archive says what cannot be."""
_CHUNK = 2**18
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_SAFE_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_UTF16_START = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


_HARDENED: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Archive:
    """A zip in memory whose parts are inflated within limits that all its parts share.

    Raises UnreadableError: 'truncated-file' where the directory or a part is cut or damaged,
    'archive-limit' where it inflates beyond the limits, 'encrypted-file' for a part that needs a
    password.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as fault:
            raise UnreadableError("truncated-file", detail=str(fault)) from fault
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise UnreadableError(
                "archive-limit", limit="entries", most=str(MOST_ENTRIES), found=str(len(entries))
            )
        # Names are looked up without regard to case, as Office does; the first one wins.
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._entries.setdefault(_part_key(entry.filename), entry)
        self._inflated = 0

    def __contains__(self, name: str) -> bool:
        return _part_key(name) in self._entries

    def names(self) -> list[str]:
        """The parts' names as the archive spells them, in the order of its directory."""
        return [entry.filename for entry in self._entries.values()]

    def read(self, name: str) -> bytes:
        """The part's bytes; raises UnreadableError('part-missing') where there is no such part."""
        entry = self._entries.get(_part_key(name))
        if entry is None:
            raise UnreadableError("part-missing", part=name)
        if entry.flag_bits & 0x1:
            raise UnreadableError("encrypted-file", part=name)
        try:
            return b"".join(self._inflate(entry))
        except _DAMAGED as fault:
            raise UnreadableError("truncated-file", part=name, detail=str(fault)) from fault

    def inflate_all(self) -> None:
        """Inflate every part and forget it, for libraries that open the container themselves.

        Raises UnreadableError as :meth:`read` does; a part with a DOCTYPE is refused too.
        """
        for name in self.names():
            data = self.read(name)
            if name.lower().endswith((".xml", ".rels", ".vml")):
                refuse_doctype(data, name)

    def xml(self, name: str, renames: Sequence[tuple[bytes, bytes]] = ()) -> etree._Element:
        """The root element of an XML part, with namespaces renamed from old to new."""
        data = self.read(name)
        for old, new in renames:
            data = data.replace(old, new)
        return parse_xml(data, name)

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        size = 0
        allowed = max(FREE_BYTES, entry.compress_size * MOST_RATIO)
        with self._zip.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                self._inflated += len(chunk)
                if size > allowed:
                    raise _over_limit("ratio", MOST_RATIO, entry)
                if size > MOST_PART_BYTES:
                    raise _over_limit("part bytes", MOST_PART_BYTES, entry)
                if self._inflated > MOST_BYTES:
                    raise _over_limit("bytes", MOST_BYTES, entry)
                yield chunk


def _over_limit(limit: str, most: int, entry: zipfile.ZipInfo) -> UnreadableError:
    return UnreadableError("archive-limit", limit=limit, most=str(most), part=entry.filename)


def _part_key(name: str) -> str:
    return unquote(name.replace("\\", "/").lstrip("/")).casefold()


def refuse_doctype(data: bytes, name: str) -> bytes:
    """The part as UTF-8 bytes; raises UnreadableError if it has a DOCTYPE.

    Entities are declared in a DOCTYPE only, and no office format has one. Encodings that could
    hide it are refused: OOXML and ODF parts are UTF-8 or UTF-16.
    """
    if data.startswith(_UTF16_START):
        try:
            text = data.decode("utf-16" if data[:2] in _UTF16_START[:2] else _utf16_order(data))
        except UnicodeDecodeError as fault:
            raise UnreadableError("xml-fault", part=name, detail=str(fault)) from fault
        data = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode()
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].decode("ascii").lower() not in _SAFE_ENCODINGS:
        raise UnreadableError("xml-fault", part=name, detail=f"encoding {declared[1]!r}")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableError("doctype-refused", part=name)
    return data


def _utf16_order(data: bytes) -> str:
    return "utf-16-le" if data.startswith(b"<\x00") else "utf-16-be"


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML part, parsed without entities, network or huge trees.

    Raises UnreadableError: 'doctype-refused', or 'xml-fault' where it is not well-formed.
    """
    data = refuse_doctype(data, name)
    try:
        return etree.fromstring(data, etree.XMLParser(collect_ids=False, **_HARDENED))
    except etree.XMLSyntaxError as fault:
        raise _told(fault, name) from fault


def iterate_xml(data: bytes, name: str, *tags: str) -> Iterator[etree._Element]:
    """The part's elements of those tags as they end, each forgotten after its turn.

    For parts that may be long; raises UnreadableError as :func:`parse_xml` does.
    """
    data = refuse_doctype(data, name)
    try:
        for _, element in etree.iterparse(io.BytesIO(data), tag=tags, **_HARDENED):
            yield element
            element.clear()
            while (earlier := element.getprevious()) is not None:
                earlier.getparent().remove(earlier)
    except etree.XMLSyntaxError as fault:
        raise _told(fault, name) from fault


def _told(fault: etree.XMLSyntaxError, name: str) -> UnreadableError | MemoryError:
    if getattr(fault, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
        return MemoryError(name)
    return UnreadableError("xml-fault", part=name, detail=str(fault))
