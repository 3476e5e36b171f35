"""What all spreadsheet formats have in common: sheets of cells to paragraphs and tables.

A sheet is cut into its regions: tables that blank rows or columns part, and the lines of text above
them. A blank row inside of a table does not part it: what follows without a header of its own
belongs to it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from sys import maxsize
from typing import Final

from extractors.document import (
    Account,
    Block,
    Cell,
    Content,
    Finding,
    Paragraph,
    Shown,
    Source,
    Table,
    UnreadableError,
)
from extractors.number_formats import plain

MOST_CELLS: Final = 400_000
MOST_MERGES: Final = 20_000
Place = tuple[int, int]
Spans = dict[Place, tuple[int, int]]
Rows = list[list[Place]]
_MOST_BLANK: Final = (1000, 200)
"""Blank rows, blank columns: what lies farther apart is no one table, but a cell gone astray."""
_HEADER_SHARE: Final = 0.7
"""Share of a table's columns that a row of words fills if it is the table's header."""


@dataclass(slots=True)
class SheetCell:
    """A cell that shows something; ``value`` as in :class:`extractors.document.Cell`."""

    text: str
    value: Decimal | None = None
    bold: bool = False
    hidden: bool = False
    original: str | None = None


@dataclass(slots=True)
class Sheet:
    """A sheet: its cells by (row, column), 0-based, and the ranges that are merged.

    ``merges`` are (top, left, bottom, right), all inclusive. ``doubts`` are findings with the
    (row, column) that they are about. ``shown`` is every cell that holds something, counted apart
    from ``cells``.
    """

    name: str
    hidden: bool = False
    cells: dict[Place, SheetCell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    doubts: list[tuple[Place, Finding]] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def count(self, place: Place, text: str, *, is_number: bool) -> None:
        """Note that a cell holds something, before anything is made of it."""
        if text.strip():
            where = f"trang tính '{self.name}', ô {address_of(*place)}"
            cell = (self.name, *place)
            self.shown.append(Shown(text, place=where, cell=cell, is_number=is_number))

    def add(self, place: Place, cell: SheetCell) -> None:
        """Put a cell that shows something; raises UnreadableError beyond the limit."""
        if cell.text:
            if len(self.cells) >= MOST_CELLS:
                raise UnreadableError("limit-exceeded", limit="cells", most=str(MOST_CELLS))
            self.cells[place] = cell


def content_of_sheets(sheets: Iterable[Sheet], findings: Iterable[Finding] = ()) -> Content:
    """Paragraphs and tables of all sheets in their order; what is hidden is marked and said."""
    reader = _Reader()
    for sheet in sheets:
        reader.read(sheet)
    return Content(
        tuple(reader.blocks),
        (*findings, *reader.findings),
        shown=tuple(reader.shown),
        accounts=tuple(reader.accounts),
    )


@dataclass(slots=True)
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    shown: list[Shown] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)

    def read(self, sheet: Sheet) -> None:
        spans, covered = _spans(sheet)
        self.shown += sheet.shown
        self._leave_out(sheet, covered, "covered-cell")
        self._say_hidden(sheet)
        if covered:
            what = f"{len(covered)} ô bị ô gộp che của trang tính '{sheet.name}'"
            self.findings.append(Finding("hidden-content", {"what": what}))
        tables = []
        for region in _regions(sheet, spans):
            if region.is_line:
                self._add_line(sheet, region.places[0])
            else:
                self._add_table(sheet, spans, region)
                tables.append((self.tables - 1, region.box))
        for (row, column), finding in sheet.doubts:
            source = Source("table", "")
            for table, (top, left, bottom, right) in tables:
                if top <= row <= bottom and left <= column <= right:
                    source = Source("table", "", table=table, row=row - top, column=column - left)
            facts = {**finding.facts, "cell": f"{sheet.name}!{address_of(row, column)}"}
            self.findings.append(Finding(finding.code, facts, source))

    def _leave_out(self, sheet: Sheet, places: Iterable[Place], reason: str) -> None:
        """Account for cells that nobody sees."""
        gone = {(sheet.name, *place) for place in places}
        if gone:
            texts = (each.text for each in sheet.shown if each.cell in gone)
            self.accounts += [Account(text, reason) for text in texts]

    def _say_hidden(self, sheet: Sheet) -> None:
        parts = [f"trang tính '{sheet.name}'"] if sheet.hidden and sheet.cells else []
        rows = {row for row, _ in sheet.cells} & sheet.hidden_rows
        columns = {column for _, column in sheet.cells} & sheet.hidden_columns
        if rows:
            parts.append(f"{len(rows)} dòng của trang tính '{sheet.name}'")
        if columns:
            parts.append(f"{len(columns)} cột của trang tính '{sheet.name}'")
        for part in parts:
            self.findings.append(Finding("hidden-content", {"what": part}))

    def _add_line(self, sheet: Sheet, place: Place) -> None:
        cell = sheet.cells[place]
        if not _is_hidden(sheet, place):
            line = Paragraph(self.paragraphs, cell.text, bold=cell.bold, original=cell.original)
            self.blocks.append(line)
            self.paragraphs += 1
        else:
            self._leave_out(sheet, [place], "hidden-line")

    def _add_table(self, sheet: Sheet, spans: Spans, region: _Region) -> None:
        top, left, bottom, right = region.box
        cells = []
        for row, column in region.places:
            cell = sheet.cells[row, column]
            height, width = spans.get((row, column), (1, 1))
            cells.append(
                Cell(
                    row=row - top,
                    column=column - left,
                    text=cell.text,
                    row_span=min(height, bottom - row + 1),
                    column_span=min(width, right - column + 1),
                    bold=cell.bold,
                    hidden=_is_hidden(sheet, (row, column)),
                    value=None if cell.value is None else plain(cell.value),
                    original=cell.original,
                )
            )
        self.blocks.append(
            Table(
                index=self.tables,
                rows=bottom - top + 1,
                columns=right - left + 1,
                cells=tuple(cells),
                sheet=sheet.name,
                corner=(top, left),
            )
        )
        self.tables += 1


def address_of(row: int, column: int) -> str:
    """A cell's address as spreadsheets write it: (2, 27) is 'AB3'."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _is_hidden(sheet: Sheet, place: Place) -> bool:
    row, column = place
    return (
        sheet.hidden
        or sheet.cells[place].hidden
        or row in sheet.hidden_rows
        or column in sheet.hidden_columns
    )


def _spans(sheet: Sheet) -> tuple[Spans, list[Place]]:
    """Rows and columns that merged cells take, and the cells that they cover, taken out."""
    spans: Spans = {}
    covered: list[Place] = []
    for top, left, bottom, right in sheet.merges[:MOST_MERGES]:
        if (top, left) not in sheet.cells:
            continue
        spans[top, left] = (bottom - top + 1, right - left + 1)
        area = (bottom - top + 1) * (right - left + 1)
        places: Iterable[Place] = (
            itertools.product(range(top, bottom + 1), range(left, right + 1))
            if area < len(sheet.cells)
            else [p for p in sheet.cells if top <= p[0] <= bottom and left <= p[1] <= right]
        )
        below = [place for place in places if place != (top, left) and place in sheet.cells]
        for place in below:
            del sheet.cells[place]
        covered += below
    return spans, covered


# --------------------------------------------------------------------------------------------
# Regions


@dataclass(slots=True)
class _Region:
    """A table, or a line of text above or between tables."""

    box: tuple[int, int, int, int]
    places: list[Place]
    is_line: bool = False


def _regions(sheet: Sheet, spans: Spans) -> Iterator[_Region]:
    for block in (block for part in _parts(_rows(sheet)) for block in _blocks(sheet, part)):
        count = _leading_lines(sheet, spans, block)
        for row in block[:count]:
            for place in row:
                yield _Region((*place, *place), [place], is_line=True)
        if block[count:]:
            yield _table_region([place for row in block[count:] for place in row])


def _rows(sheet: Sheet) -> Rows:
    """The places of the cells row by row, from left to right."""
    rows: dict[int, list[Place]] = {}
    for place in sorted(sheet.cells):
        rows.setdefault(place[0], []).append(place)
    return list(rows.values())


def _parts(rows: Rows) -> Iterator[Rows]:
    """The rows, parted where so much is blank that a table over it would be nothing but blanks."""
    most_rows, most_columns = _MOST_BLANK
    columns = sorted({column for row in rows for _, column in row})
    starts = [right for left, right in itertools.pairwise(columns) if right - left > most_columns]
    sides = [
        [beside for row in rows if (beside := [place for place in row if first <= place[1] < last])]
        for first, last in itertools.pairwise([0, *starts, maxsize])
    ]
    for side in sides:
        begin = 0
        for number in range(1, len(side) + 1):
            if number == len(side) or side[number][0][0] - side[number - 1][0][0] > most_rows:
                yield side[begin:number]
                begin = number


def _blocks(sheet: Sheet, rows: Rows) -> list[Rows]:
    """The rows, parted where blank rows part one table or text from the next."""
    blocks: list[Rows] = []
    for number, row in enumerate(rows):
        is_apart = not blocks or row[0][0] > blocks[-1][-1][0][0] + 1
        if is_apart and (not blocks or _stands_alone(sheet, blocks[-1], rows[number:])):
            blocks.append([row])
        else:
            blocks[-1].append(row)
    return blocks


def _has_number(sheet: Sheet, row: list[Place]) -> bool:
    return any(sheet.cells[place].value is not None for place in row)


def _stands_alone(sheet: Sheet, above: Rows, below: Rows) -> bool:
    """Whether the rows below a blank one do not go on with the table above it."""
    if not any(_has_number(sheet, row) for row in above):
        return True
    words: Rows = []
    for row in below:
        if words and row[0][0] > words[-1][0][0] + 1:
            break
        if _has_number(sheet, row):
            return _has_header(words, row)
        words.append(row)
    return True


def _has_header(words: Rows, figures: list[Place]) -> bool:
    """Whether one of the rows of words above the first figures names their columns."""
    needed = max(2, _HEADER_SHARE * len(figures))
    return any(len(row) >= needed for row in words)


def _leading_lines(sheet: Sheet, spans: Spans, block: Rows) -> int:
    """How many rows at a block's top are lines of text (titles, a header block), not its table."""
    left = min(row[0][1] for row in block)
    widest = max(len(row) for row in block)
    count = 0
    for number, row in enumerate(block):
        is_short = len(row) == 1 or (len(row) == 2 and widest > 3)
        if not is_short or _has_number(sheet, row) or _heads_columns(spans, block[number:], left):
            break
        count += 1
    return count


def _heads_columns(spans: Spans, rows: Rows, left: int) -> bool:
    """Whether the first row is the upper level of a header and not a title above the table."""
    if any(spans.get(place, (1, 1))[0] > 1 for place in rows[0]):
        return True
    (row, column), (_, width) = rows[0][-1], spans.get(rows[0][-1], (1, 1))
    if column == left or width == 1 or len(rows) == 1 or rows[1][0][0] != row + 1:
        return False
    below = [place for place in rows[1] if column <= place[1] < column + width]
    return len(below) > 1 and len(below) < len(rows[1])


def _table_region(places: list[Place]) -> _Region:
    """A merge may run on to the sheet's last row or column: the table ends where its texts do."""
    rows, columns = zip(*places, strict=True)
    return _Region((min(rows), min(columns), max(rows), max(columns)), places)
