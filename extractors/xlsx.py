"""Excel workbooks (.xlsx, .xlsm, .xltx), from their XML (ECMA-376 part 1, 18).

What is stored is read, never computed: of a formula its cached value, and where there is none a
finding. Macros, links and objects are never run or fetched; a finding says that they are there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from extractors.archive import Archive, iterate_xml
from extractors.characters import readable, subscript, superscript
from extractors.document import Content, Finding, UnreadableError
from extractors.number_formats import BUILT_IN, GENERAL, exact, show
from extractors.spreadsheet import Sheet, SheetCell, content_of_sheets
from extractors.xlsx_count import count_cells, stored_strings

if TYPE_CHECKING:
    from lxml.etree import _Element

S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT: Final = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", S[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
)
_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ON: Final = frozenset(("1", "true", "on"))
_POSITIONS: Final = {"superscript": superscript, "subscript": subscript}


def read(data: bytes) -> Content:
    """Paragraphs and tables of all sheets, in the workbook's order.

    Raises UnreadableError where the container or a part that is needed is damaged or hostile.
    """
    archive = Archive(data)
    workbook = _Workbook(archive)
    return content_of_sheets(workbook.sheets(), _findings(archive))


def _findings(archive: Archive) -> Iterator[Finding]:
    names = [name.lower() for name in archive.names()]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        yield Finding("macro-present")
    if any("/externallinks/" in name for name in names):
        yield Finding("external-link", {"target": "externalLinks"})
    notes = sum(name.startswith(("xl/comments", "xl/threadedcomments/")) for name in names)
    if notes:
        yield Finding("comment-not-read", {"count": str(notes)})
    if any("/embeddings/" in name for name in names):
        yield Finding("embedded-object")
    pictures = sum(name.startswith("xl/media/") for name in names)
    for _ in range(pictures):
        yield Finding("picture-not-read", {"kind": "picture"})


@dataclass(frozen=True, slots=True)
class _Style:
    """How a cell is shown."""

    format: str = GENERAL
    font: str = ""
    bold: bool = False


class _Workbook:
    """The parts that all sheets share."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._name = self._targets("")["officeDocument"][0] if self._targets("") else ""
        self._root = archive.xml(self._name, _STRICT)
        self._parts = self._targets(self._name)
        settings = self._root.find(S + "workbookPr")
        self._is_1904 = settings is not None and settings.get("date1904") in _ON
        self._stored: list[str] = []
        self._strings = list(self._shared_strings())
        self._styles = self._cell_styles()

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets; chart sheets hold no cells."""
        worksheets = dict(self._by_identity(self._name, "worksheet"))
        for element in self._root.iterfind(f"{S}sheets/{S}sheet"):
            part = worksheets.get(element.get(_R + "id", ""))
            if part is not None:
                hidden = element.get("state", "visible") != "visible"
                yield self._sheet(part, Sheet(element.get("name", ""), hidden=hidden))

    # ---- parts

    def _relationships(self, part: str) -> Iterator[tuple[str, str, str]]:
        """(id, kind, target) of a part's inner relationships."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", name + ".rels")
        if path in self._archive:
            for element in self._archive.xml(path):
                if element.get("TargetMode") != "External":
                    target = posixpath.join("/", folder, element.get("Target") or "")
                    kind = (element.get("Type") or "").rpartition("/")[2]
                    yield element.get("Id", ""), kind, posixpath.normpath(target)

    def _targets(self, part: str) -> dict[str, list[str]]:
        targets: dict[str, list[str]] = {}
        for _, kind, target in self._relationships(part):
            targets.setdefault(kind, []).append(target)
        return targets

    def _by_identity(self, part: str, wanted: str) -> Iterator[tuple[str, str]]:
        for identity, kind, target in self._relationships(part):
            if kind == wanted:
                yield identity, target

    def _shared_strings(self) -> Iterator[list[tuple[str, str]]]:
        """The strings as runs of (characters, font)."""
        for part in self._parts.get("sharedStrings", ()):
            data = _transitional(self._archive.read(part))
            self._stored += stored_strings(data)
            for element in iterate_xml(data, part, S + "si"):
                yield _runs(element)

    def _cell_styles(self) -> list[_Style]:
        parts = self._parts.get("styles", ())
        if not parts:
            return []
        root = self._archive.xml(parts[0], _STRICT)
        formats = {
            int(element.get("numFmtId", "0")): element.get("formatCode", GENERAL)
            for element in root.iterfind(f"{S}numFmts/{S}numFmt")
        }
        fonts = [_font(element) for element in root.iterfind(f"{S}fonts/{S}font")]
        styles = []
        for element in root.iterfind(f"{S}cellXfs/{S}xf"):
            number = int(element.get("numFmtId", "0"))
            code = formats.get(number) or BUILT_IN.get(number, GENERAL)
            place = int(element.get("fontId", "0"))
            name, bold = fonts[place] if place < len(fonts) else ("", False)
            styles.append(_Style(code, name, bold))
        return styles

    # ---- cells

    def _sheet(self, part: str, sheet: Sheet) -> Sheet:
        data = _transitional(self._archive.read(part))
        row_number = -1
        for element in iterate_xml(data, part, S + "col", S + "row", S + "mergeCell"):
            if element.tag == S + "row":
                row_number = _number(element.get("r"), row_number + 2) - 1
                self._row(sheet, element, row_number)
            elif element.tag == S + "col":
                if _is_hidden(element, "width"):
                    first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
                    sheet.hidden_columns.update(range(first - 1, min(last, first + 2000)))
            elif merge := _range(element.get("ref", "")):
                sheet.merges.append(merge)
        for place, text, is_number in count_cells(data, self._stored):
            sheet.count(place, text, is_number=is_number)
        return sheet

    def _row(self, sheet: Sheet, element: _Element, row: int) -> None:
        if _is_hidden(element, "ht"):
            sheet.hidden_rows.add(row)
        column = -1
        for cell in element.iterfind(S + "c"):
            address = _ADDRESS.fullmatch(cell.get("r", ""))
            column = _column(address[1]) if address else column + 1
            if len(cell):
                self._cell(sheet, cell, (row, column))

    def _cell(self, sheet: Sheet, element: _Element, place: tuple[int, int]) -> None:
        kind = element.get("t", "n")
        stored = element.findtext(S + "v") or None
        formula = element.find(S + "f")
        style_number = _number(element.get("s"), 0)
        known = style_number < len(self._styles)
        style = self._styles[style_number] if known else _Style()
        if formula is not None and stored is None and kind != "inlineStr":
            text = formula.text or f"({formula.get('t', 'formula')})"
            sheet.doubts.append((place, Finding("formula-without-value", {"formula": text})))
            return
        if kind == "e" and stored:
            sheet.doubts.append((place, Finding("formula-error", {"text": stored})))
        if kind == "n" and stored:
            sheet.add(place, self._number_cell(stored, style))
            return
        runs = self._text_runs(element, kind, stored)
        text, original = readable([(text, font or style.font) for text, font in runs])
        sheet.add(place, SheetCell(text, bold=style.bold, original=original))

    def _number_cell(self, stored: str, style: _Style) -> SheetCell:
        try:
            number = exact(float(stored))
        except ValueError as fault:
            raise UnreadableError("xml-fault", part="cell", detail=str(fault)) from fault
        if not number.is_finite():
            return SheetCell(stored, bold=style.bold)
        shown = show(number, style.format, is_1904=self._is_1904)
        # A format that shows nothing hides the number from the reader.
        text = shown.text or str(number)
        return SheetCell(text, shown.value, style.bold, hidden=not shown.text)

    def _text_runs(self, element: _Element, kind: str, stored: str | None) -> list[tuple[str, str]]:
        if kind == "s" and stored is not None:
            place = _number(stored, -1)
            if not 0 <= place < len(self._strings):
                raise UnreadableError("xml-fault", part="sharedStrings", detail=f"string {stored}")
            return self._strings[place]
        if kind == "inlineStr":
            inline = element.find(S + "is")
            return [] if inline is None else _runs(inline)
        if kind == "b":
            return [("TRUE" if stored == "1" else "FALSE", "")]
        return [(_unescaped(stored or ""), "")]


def _transitional(data: bytes) -> bytes:
    for old, new in _STRICT:
        data = data.replace(old, new)
    return data


def _runs(element: _Element) -> list[tuple[str, str]]:
    """A string's runs as (characters, font or ''), raised marks raised; phonetic hints left out."""
    runs = []
    for child in element:
        if child.tag == S + "t":
            runs.append((_unescaped(child.text or ""), ""))
        elif child.tag == S + "r":
            text = _unescaped(child.findtext(S + "t") or "")
            look = child.find(S + "rPr")
            font = position = ""
            if look is not None:
                font = _value(look, "rFont")
                position = _value(look, "vertAlign")
            runs.append((_POSITIONS.get(position, str)(text), font))
    return runs


def _unescaped(text: str) -> str:
    """Excel writes control characters as _x000D_."""
    if "_x" not in text:
        return text
    shown = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
    return shown.replace("\r\n", "\n").replace("\r", "\n")


def _value(parent: _Element, tag: str) -> str:
    element = parent.find(S + tag)
    return "" if element is None else element.get("val", "")


def _font(element: _Element) -> tuple[str, bool]:
    bold = element.find(S + "b")
    return _value(element, "name"), bold is not None and bold.get("val", "1") in _ON


def _is_hidden(element: _Element, size: str) -> bool:
    return element.get("hidden") in _ON or element.get(size) in {"0", "0.0"}


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _range(text: str) -> tuple[int, int, int, int] | None:
    corners = [_ADDRESS.fullmatch(part) for part in text.split(":")]
    if len(corners) != 2 or not all(corners):
        return None
    (left, top), (right, bottom) = (
        (_column(corner[1]), int(corner[2]) - 1) for corner in corners if corner
    )
    return top, left, bottom, right
