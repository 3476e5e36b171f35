"""OpenDocument spreadsheets (.ods), from their XML (ISO/IEC 26300)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from extractors.archive import Archive
from extractors.characters import readable, subscript, superscript
from extractors.document import Content, Finding, UnreadableError
from extractors.number_formats import exact, vietnamese
from extractors.spreadsheet import Sheet, SheetCell, content_of_sheets

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO: Final = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_NUMBERS: Final = frozenset(("float", "currency", "percentage"))
_MOST_REPEATS: Final = 2_000
"""How often a cell or row that shows something may be repeated; blank ones are only counted."""


def read(data: bytes) -> Content:
    """Paragraphs and tables of all sheets, in the document's order.

    Raises UnreadableError where the container or its content is damaged, hostile or encrypted.
    """
    archive = Archive(data)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise UnreadableError("encrypted-file")
    root = archive.xml("content.xml")
    styles = {element.get(_STYLE + "name", ""): element for element in root.iter(_STYLE + "style")}
    sheets = (_sheet(element, styles) for element in root.iter(_TABLE + "table"))
    return content_of_sheets(sheets, _findings(archive))


def _findings(archive: Archive) -> Iterator[Finding]:
    names = archive.names()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        yield Finding("macro-present")
    if any(name.startswith("Object ") and name.endswith("content.xml") for name in names):
        yield Finding("embedded-object")
    for name in names:
        if name.startswith("Pictures/"):
            yield Finding("picture-not-read", {"kind": "picture"})


def _sheet(element: _Element, styles: dict[str, _Element]) -> Sheet:
    sheet = Sheet(element.get(_TABLE + "name", ""), hidden=_is_hidden_sheet(element, styles))
    column = 0
    for settings in element.iter(_TABLE + "table-column"):
        repeats = _count(settings, "number-columns-repeated")
        if settings.get(_TABLE + "visibility") in {"collapse", "filter"}:
            sheet.hidden_columns.update(range(column, column + min(repeats, _MOST_REPEATS)))
        column += repeats
    row = 0
    for line in element.iter(_TABLE + "table-row"):
        repeats = _count(line, "number-rows-repeated")
        cells = list(_cells(line))
        for place in range(row, row + (min(repeats, _MOST_REPEATS) if cells else 0)):
            if line.get(_TABLE + "visibility") in {"collapse", "filter"}:
                sheet.hidden_rows.add(place)
            for number, cell in cells:
                _count_cell(sheet, (place, number), cell)
                _add(sheet, (place, number), cell, styles)
        row += repeats
    return sheet


def _is_hidden_sheet(element: _Element, styles: dict[str, _Element]) -> bool:
    style = styles.get(element.get(_TABLE + "style-name", ""))
    settings = None if style is None else style.find(_STYLE + "table-properties")
    return settings is not None and settings.get(_TABLE + "display") == "false"


def _cells(line: _Element) -> Iterator[tuple[int, _Element]]:
    """The row's cells that hold something, with their columns."""
    column = 0
    for cell in line:
        if cell.tag not in {_TABLE + "table-cell", _TABLE + "covered-table-cell"}:
            continue
        repeats = _count(cell, "number-columns-repeated")
        if cell.tag == _TABLE + "table-cell" and (len(cell) or cell.get(_TABLE + "formula")):
            for place in range(column, column + min(repeats, _MOST_REPEATS)):
                yield place, cell
        column += repeats


def _count_cell(sheet: Sheet, place: tuple[int, int], cell: _Element) -> None:
    """Note what the cell holds, all its letters but those of comments and drawings."""
    texts = [
        "".join(map(str, line.itertext())) for line in cell.iterchildren(_TEXT + "p", _TEXT + "h")
    ]
    notes = ["".join(map(str, note.itertext())) for note in cell.iter(_OFFICE + "annotation")]
    is_number = cell.get(_OFFICE + "value-type", "string") != "string" or any(notes)
    sheet.count(place, "\n".join(texts), is_number=is_number)


def _add(sheet: Sheet, place: tuple[int, int], cell: _Element, styles: dict[str, _Element]) -> None:
    formula = cell.get(_TABLE + "formula")
    kind = cell.get(_OFFICE + "value-type")
    lines = ["".join(_pieces(line, styles)) for line in cell.iterfind(_TEXT + "p")]
    text, original = readable([("\n".join(lines), "")])
    if formula is not None and kind is None:
        sheet.doubts.append((place, Finding("formula-without-value", {"formula": formula})))
        return
    if text.startswith(("#", "Err:")) and formula is not None:
        sheet.doubts.append((place, Finding("formula-error", {"text": text})))
    value = None
    if kind in _NUMBERS and not text.startswith(("#", "Err:")):
        value = _value(cell, kind)
        text = text or vietnamese(value)
    bold = _is_bold(styles.get(cell.get(_TABLE + "style-name", "")))
    sheet.add(place, SheetCell(text, value, bold, original=original))
    height, width = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
    if height > 1 or width > 1:
        row, column = place
        sheet.merges.append((row, column, row + height - 1, column + width - 1))


def _value(cell: _Element, kind: str | None) -> Decimal:
    try:
        number = exact(float(cell.get(_OFFICE + "value", "")))
    except (ValueError, InvalidOperation) as fault:
        raise UnreadableError("xml-fault", part="content.xml", detail=str(fault)) from fault
    return number * 100 if kind == "percentage" else number


def _pieces(element: _Element, styles: dict[str, _Element]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == _TEXT + "s":
            yield " " * min(_count(child, "c", _TEXT), _MOST_REPEATS)
        elif child.tag == _TEXT + "tab":
            yield "\t"
        elif child.tag == _TEXT + "line-break":
            yield "\n"
        elif child.tag != _OFFICE + "annotation":
            text = "".join(_pieces(child, styles))
            yield _leveled(text, styles.get(child.get(_TEXT + "style-name", "")))
        yield child.tail or ""


def _leveled(text: str, style: _Element | None) -> str:
    """Raised and lowered marks, which must not become digits."""
    settings = None if style is None else style.find(_STYLE + "text-properties")
    position = "" if settings is None else settings.get(_STYLE + "text-position", "")
    if re.match(r"super|0*[1-9]", position):
        return superscript(text)
    return subscript(text) if re.match(r"sub|-", position) else text


def _is_bold(style: _Element | None) -> bool:
    settings = None if style is None else style.find(_STYLE + "text-properties")
    return settings is not None and settings.get(_FO + "font-weight") == "bold"


def _count(element: _Element, name: str, space: str = _TABLE) -> int:
    text = element.get(space + name, "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1
