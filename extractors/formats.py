"""Which format a file has, told from its bytes, and the table format -> function.

A new format is one module with a function ``bytes -> Content`` and one row in ``FORMATS``.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import re
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from extractors import conservation
from extractors.archive import Archive
from extractors.document import (
    Content,
    Extraction,
    Finding,
    UnreadableError,
)
from extractors.legacy_encodings import settled
from extractors.stacked_rows import with_parted_rows

if TYPE_CHECKING:
    from pydantic import TypeAdapter

EXTRACTOR_VERSION: Final = "6"
"""Part of the cache's key: raised whenever any extractor would return something else."""

MOST_FILE_BYTES: Final = 300 * 2**20

_OPENING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""A link is not followed, a FIFO does not hang; Windows knows neither."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
DOCX: Final = _WORD + "document"
XLSX: Final = _SHEET + "sheet"
UNKNOWN: Final = "application/octet-stream"


class Format(NamedTuple):
    """One row of the format table: endings it comes with, and ``module:function`` that reads it."""

    endings: tuple[str, ...]
    reader: str


FORMATS: Final[dict[str, Format]] = {
    DOCX: Format((".docx",), "extractors.docx:read"),
    _WORD + "template": Format((".dotx",), "extractors.docx:read"),
    "application/vnd.ms-word.document.macroEnabled.12": Format((".docm",), "extractors.docx:read"),
    "application/vnd.ms-word.template.macroEnabled.12": Format((".dotm",), "extractors.docx:read"),
    XLSX: Format((".xlsx",), "extractors.xlsx:read"),
    _SHEET + "template": Format((".xltx",), "extractors.xlsx:read"),
    "application/vnd.ms-excel.sheet.macroEnabled.12": Format((".xlsm",), "extractors.xlsx:read"),
    "application/vnd.ms-excel.template.macroEnabled.12": Format((".xltm",), "extractors.xlsx:read"),
    "application/vnd.ms-excel": Format((".xls", ".xlt"), "extractors.xls:read"),
    "application/vnd.oasis.opendocument.spreadsheet": Format((".ods",), "extractors.ods:read"),
    "application/msword": Format((".doc", ".dot"), "extractors.legacy:read_doc"),
    "application/rtf": Format((".rtf",), "extractors.legacy:read_rtf"),
    "application/vnd.oasis.opendocument.text": Format((".odt",), "extractors.legacy:read_odt"),
    "application/vnd.oasis.opendocument.text-template": Format(
        (".ott",), "extractors.legacy:read_odt"
    ),
    "text/html": Format((".html", ".htm"), "extractors.legacy:read_html"),
    "multipart/related": Format((".mht", ".mhtml"), "extractors.legacy:read_web_archive"),
    "application/pdf": Format((".pdf",), "extractors.pdf:read"),
    "image/png": Format((".png",), "extractors.scan:read"),
    "image/jpeg": Format((".jpg", ".jpeg"), "extractors.scan:read"),
    "image/tiff": Format((".tif", ".tiff"), "extractors.scan:read"),
}
"""Media type -> how it is read. What is not here is recognised (for the finding) but not read."""


def extract(path: Path) -> Extraction:
    """All that the file shows. Never raises for a fault of the document: it becomes a finding.

    MemoryError alone is let through. ``sha256`` is that of the bytes read: of none where the file
    is no regular file or too large.
    """
    data, media_type = b"", UNKNOWN
    try:
        data = _read_regular(path)
        media_type = sniff(data)
        content = with_parted_rows(_read(media_type, data))
        unplaced = conservation.doubts(content)
        blocks, doubts = settled(content.blocks)
    except UnreadableError as fault:
        return _failed(path, data, media_type, fault)
    except MemoryError:
        raise  # says nothing of the document, but of the limit that its process has
    except Exception as fault:  # noqa: BLE001 one bad document must not stop the others
        return _failed(path, data, media_type, _understood(fault))
    findings = [*_ending_findings(path, media_type), *content.findings, *unplaced, *doubts]
    return Extraction(
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=path.name,
        media_type=media_type,
        pages=content.pages,
        extractor=_extractor(media_type),
        blocks=blocks,
        findings=tuple(findings),
    )


def _understood(fault: Exception) -> UnreadableError:
    """A fault that nobody expected. One that the system reports is not the document's."""
    detail = f"{type(fault).__name__}: {fault}"
    of_the_system = isinstance(fault, OSError) and fault.errno is not None
    return UnreadableError(
        "reading-interrupted" if of_the_system else "unreadable-file", detail=detail
    )


def _read_regular(path: Path) -> bytes:
    try:
        descriptor = os.open(path, _OPENING)
    except OSError as fault:
        if path.is_symlink():
            raise UnreadableError("link-refused") from fault
        code = "not-a-regular-file" if path.exists() else "file-missing"
        raise UnreadableError(code, detail=fault.strerror or "") from fault
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not-a-regular-file")
        if status.st_size > MOST_FILE_BYTES:
            raise UnreadableError("file-too-large", most=str(MOST_FILE_BYTES))
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(MOST_FILE_BYTES)
    finally:
        os.close(descriptor)


def _failed(path: Path, data: bytes, media_type: str, fault: UnreadableError) -> Extraction:
    return Extraction(
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=path.name,
        media_type=media_type,
        pages=None,
        extractor=_extractor(media_type),
        findings=(*_ending_findings(path, media_type), fault.finding),
    )


def _extractor(media_type: str) -> str:
    row = FORMATS.get(media_type)
    name = row.reader.split(":")[0].rpartition(".")[2] if row else "formats"
    return f"{name}/{EXTRACTOR_VERSION}"


def reader_of(media_type: str) -> Callable[[bytes], Content] | None:
    """The function that reads that format; None where none does."""
    row = FORMATS.get(media_type)
    if row is None:
        return None
    module, _, function = row.reader.partition(":")
    reader: Callable[[bytes], Content] = getattr(importlib.import_module(module), function)
    return reader


def _read(media_type: str, data: bytes) -> Content:
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError("empty-file")
    reader = reader_of(media_type)
    if reader is None:
        raise UnreadableError("unsupported-format", media_type=media_type)
    return reader(data)


def _ending_findings(path: Path, media_type: str) -> list[Finding]:
    row = FORMATS.get(media_type)
    if row is None or path.suffix.lower() in row.endings:
        return []
    return [Finding("wrong-ending", {"ending": path.suffix, "media_type": media_type})]


# --------------------------------------------------------------------------------------------
# Type from bytes


def sniff(data: bytes) -> str:
    """The IANA media type of the bytes, whatever the file's name says.

    ``application/octet-stream`` where they are nothing known. Raises UnreadableError where the
    container is recognised but damaged, hostile or encrypted.
    """
    if data.startswith(b"PK"):
        return _sniff_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(data)
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    if data.startswith(b"{\\rtf"):
        return "application/rtf"
    return _sniff_image(data) or (_sniff_text(data) if data else UNKNOWN)


def _sniff_zip(data: bytes) -> str:
    try:
        archive = Archive(data)
    except UnreadableError:
        # Cut short: the entries' own headers still tell what it was; its reader says the fault.
        for mark, media_type in ((b"word/", DOCX), (b"xl/", XLSX)):
            if mark in data:
                return media_type
        raise
    if "[Content_Types].xml" in archive:
        return _sniff_ooxml(archive)
    if "mimetype" in archive:
        declared = archive.read("mimetype")[:200].decode("ascii", "replace").strip()
        if re.fullmatch(r"application/[a-z0-9.+-]+", declared):
            return declared
    return "application/zip"


def _sniff_ooxml(archive: Archive) -> str:
    main = re.compile(r"(application/.+?)\.(?:main|macroEnabled\.main)\+xml", re.ASCII)
    for element in archive.xml("[Content_Types].xml"):
        content_type = str(element.get("ContentType") or "")
        if match := main.fullmatch(content_type):
            return match[1] + (".macroEnabled.12" if "macroEnabled" in content_type else "")
    return "application/zip"


def _sniff_ole(data: bytes) -> str:
    import olefile  # noqa: PLC0415 few files are OLE2

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {name[0].lower() for name in ole.listdir() if len(name) == 1}
    except (OSError, ValueError, IndexError, TypeError) as fault:
        raise UnreadableError("truncated-file", detail=str(fault)) from fault
    if "encryptedpackage" in streams:
        raise UnreadableError("encrypted-file")
    for stream, media_type in (
        ("worddocument", "application/msword"),
        ("workbook", "application/vnd.ms-excel"),
        ("book", "application/vnd.ms-excel"),
        ("powerpoint document", "application/vnd.ms-powerpoint"),
    ):
        if stream in streams:
            return media_type
    return "application/x-ole-storage"


_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def _sniff_image(data: bytes) -> str | None:
    return next((name for magic, name in _IMAGES if data.startswith(magic)), None)


_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HTML = re.compile(
    r"\s*(<\?xml[^>]*>|<!--.*?-->|\s)*<(!doctype\s+html|html|head|body|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


def _sniff_text(data: bytes) -> str:
    head = data[:4096]
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "latin-1")
    text = head.decode(encoding, "replace")
    if _HTML.match(text):
        return "text/html"
    if text.lstrip().startswith("MIME-Version:"):
        return "multipart/related"
    if text.lstrip().startswith("<?xml"):
        return "application/xml"
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        return _sniff_other(data)
    return "text/plain"


def _sniff_other(data: bytes) -> str:
    import puremagic  # noqa: PLC0415 only to name a format that is not read

    try:
        return str(puremagic.from_string(data, mime=True)) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN


# --------------------------------------------------------------------------------------------
# The cache's form


@cache
def _adapter() -> TypeAdapter[Extraction]:
    from pydantic import TypeAdapter  # noqa: PLC0415 a child process does without it

    return TypeAdapter(Extraction)


def to_json(extraction: Extraction) -> bytes:
    """The extraction as JSON; fields at their defaults are left out."""
    return _adapter().dump_json(extraction, exclude_defaults=True)


def from_json(data: bytes) -> Extraction:
    """The extraction that :func:`to_json` wrote; raises ValueError where it is something else."""
    return _adapter().validate_json(data, strict=False)
