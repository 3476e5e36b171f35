"""Word documents made in memory from the XML that matters to a test."""

from __future__ import annotations

import io
import zipfile

from extractors import docx
from extractors.document import Content

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "r": OFFICE,
    }.items()
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """The parts as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx_parts(
    body: str, *, more: dict[str, str] | None = None, links: str = "", kind: str = "document"
) -> dict[str, str | bytes]:
    """The parts of a Word document with that w:body; ``more`` are parts such as 'styles'."""
    more = more or {}
    known = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in more
    )
    main = f"{WORD}.{kind}.main+xml"
    if kind == "macro":
        main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/relationships">{known}{links}</Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    for name, content in more.items():
        root = {"endnotes": "endnotes", "footnotes": "footnotes"}.get(name, name)
        parts[f"word/{name}.xml"] = f"<w:{root} {NAMESPACES}>{content}</w:{root}>"
    return parts


def make_docx(body: str, *, links: str = "", kind: str = "document", **more: str) -> bytes:
    """The bytes of a Word document with that w:body; ``more`` are parts such as ``styles``."""
    return zipped(docx_parts(body, more=more, links=links, kind=kind))


def word(body: str, **named: str) -> Content:
    """What is read of a Word document with that w:body."""
    return docx.read(make_docx(body, **named))
