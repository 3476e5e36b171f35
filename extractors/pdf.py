"""PDF documents: pdfium's characters and lines to paragraphs and tables in reading order.

Page numbers and running headers are left out. A table that goes on over the page is one table.
A page that shows nothing but a picture of text is read as a scan.
"""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import pypdfium2

from extractors.characters import composed
from extractors.conservation import CODE
from extractors.document import (
    Account,
    Block,
    Box,
    Cell,
    Content,
    Finding,
    Paragraph,
    Shown,
    Source,
    Table,
    UnreadableError,
)
from extractors.pdf_graphics import Graphics
from extractors.pdf_hidden import has_layers, not_shown
from extractors.pdf_layout import (
    Columns,
    Line,
    Run,
    cells_of,
    measure,
    paragraphs_of,
    rows_of,
    text_of,
    with_columns,
)
from extractors.pdf_page import Page, Piece, box_of, open_document
from extractors.pdf_pages import goes_on, put_together
from extractors.pdf_rivers import Grid, take_overleaf
from extractors.pdf_tables import (
    Part,
    PartCell,
    TooManyRulesError,
    fill_parts,
    find_parts,
    joined_text,
    strayed,
)

_MOST_PAGES: Final = 3_000
_MOST_CHARACTERS: Final = 400_000
_MARGIN: Final = 0.1
"""Share of the page's height in which running headers and page numbers stand."""
_PAGE_NUMBER: Final = re.compile(
    r"[-–—\s]*(?:trang|page|tr\.)?\s*(\d{1,4})(?:\s*[/|]\s*\d{1,4})?[-–—\s.]*", re.IGNORECASE
)
_UNREADABLE: Final = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_MOST_UNREADABLE: Final = 0.05
"""Share of characters without a meaning from which a page's text is taken to be garbled."""
_FEW_LETTERS: Final = 20
_MANY_SHAPES: Final = 200
_LARGE_PICTURE: Final = 0.08
"""Share of the page from which a picture could hold a table: smaller are seals and signatures."""
_REPEATS: Final = 3
"""On how many pages a line must stand in the margin to be a running header or footer."""
_UNRULED: Final = 0.9
"""Confidence in a cell whose column is told from white space alone."""
_OVER_SCAN: Final = 0.8
"""Confidence in text that somebody's recognition laid over a scan."""
_READ_AS_SCANS: Final = frozenset({"page-without-text", "page-text-garbled"})
_UNCERTAIN: Final = 0.8
"""Confidence below which a figure from a scan must be compared with the page by a person."""
_UNKNOWN: Final = 0.6
_FIGURE_LENGTH: Final = 12
"""Letters up to which what is hardly known in a cell may be a figure."""
_SCANNED: Final = 0.5
"""Share of the page that a picture fills from which the page is a scan."""

Item = Line | Columns | Grid | Part


@dataclass(slots=True)
class Leaf:
    """What one page shows, from top to bottom.

    ``tilt`` is by how many degrees a scanned page was turned counter-clockwise to be read.
    ``shown`` is the page's text apart from its rows and parts: pdfium's own, or the words that were
    recognised; ``accounts`` are what is left out of it on purpose.
    """

    number: int
    width: float
    height: float
    rows: list[Line]
    parts: list[Part]
    confidence: float = 1.0
    tilt: float = 0.0
    shown: str = ""
    accounts: list[Account] = field(default_factory=list)

    def box(self, box: Box) -> Box:
        """A box on the page as it lies in the document, in hundredths of a point."""
        x0, top, x1, bottom = box
        turn = math.radians(self.tilt)
        x, y = (x0 + x1 - self.width) / 2, (top + bottom - self.height) / 2
        right = x * math.cos(turn) - y * math.sin(turn) - x
        down = x * math.sin(turn) + y * math.cos(turn) - y
        return (
            round(x0 + right, 2),
            round(top + down, 2),
            round(x1 + right, 2),
            round(bottom + down, 2),
        )


def read(data: bytes) -> Content:
    """Paragraphs and tables of a PDF in reading order, with page and place on the page.

    Raises UnreadableError where it is encrypted, cut short beyond repair or has no pages.
    """
    started = time.monotonic()
    findings = _damage(data)
    layers = has_layers(data)
    with open_document(data) as document:
        count = len(document)
        if count == 0:
            raise UnreadableError("unreadable-file", detail="no pages")
        if count > _MOST_PAGES:
            raise UnreadableError("limit-exceeded", limit="pages", most=str(_MOST_PAGES))
        leaves = []
        for index in range(count):
            leaf, doubts = _leaf(document, index, started, layers=layers)
            findings += doubts
            leaves.append(leaf)
    return content_of(leaves, findings)


def content_of(leaves: list[Leaf], findings: list[Finding]) -> Content:
    """The pages as one sequence of paragraphs and tables."""
    _drop_furniture(leaves)
    flow = _Flow(leaves)
    blocks, doubts = flow.blocks()
    return Content(
        tuple(blocks),
        (*findings, *doubts),
        len(leaves),
        shown=tuple(
            Shown(leaf.shown, page=leaf.number, place=f"trang {leaf.number}") for leaf in leaves
        ),
        accounts=(*(each for leaf in leaves for each in leaf.accounts), *flow.accounts),
    )


def _damage(data: bytes) -> list[Finding]:
    """Signs that pdfium has to repair the file, so that something may be missing from it."""
    tail = data[-2048:]
    if b"%%EOF" not in tail:
        return [Finding("truncated-file", {"detail": "%%EOF is missing"})]
    starts = re.findall(rb"startxref\s+(\d{1,12})\b", tail)
    place = int(starts[-1]) if starts else len(data)
    if not re.match(rb"\s*(xref|\d+\s+\d+\s+obj)", data[place : place + 40]):
        return [Finding("damaged-file", {"detail": "cross-reference table"})]
    return []


def _leaf(
    document: pypdfium2.PdfDocument, index: int, started: float, *, layers: bool
) -> tuple[Leaf, list[Finding]]:
    number = index + 1
    place = Source("text", "", page=number)
    try:
        page = Page(document, index)
    except pypdfium2.PdfiumError as fault:
        finding = Finding("page-unreadable", {"detail": str(fault)}, place)
        return Leaf(number, 0, 0, [], []), [finding]
    try:
        if page.count > _MOST_CHARACTERS:
            raise UnreadableError("limit-exceeded", limit="characters", most=str(_MOST_CHARACTERS))
        graphics = page.graphics()
        findings = _text_doubts(page, graphics, place)
        if any(finding.code in _READ_AS_SCANS for finding in findings):
            return _scanned(page, number, started)
        try:
            parts = find_parts(graphics.rules, number)
        except TooManyRulesError:
            parts = []
            findings.append(Finding("page-too-complex", {}, place))
        findings += _hidden(page, graphics, place, layers=layers)
        if count := page.comments():
            findings.append(Finding("comment-not-read", {"count": str(count)}, place))
        annotations = page.annotations()
        if parts:
            pieces = fill_parts(parts, page, annotations)
            findings += [_strayed(piece, place) for piece in strayed(parts, pieces)]
        else:
            pieces = [piece for line in page.lines for piece in page.pieces(*line)]
            pieces += page.turned_pieces() + annotations
        leaf = Leaf(number, page.width, page.height, rows_of(pieces, number), parts)
        leaf.shown = "\n".join([page.text, *(piece.text for piece in annotations)])
        if any(finding.code == "text-over-scan" for finding in findings):
            leaf.confidence = _OVER_SCAN
        return leaf, findings
    finally:
        page.close()


def _scanned(page: Page, number: int, started: float) -> tuple[Leaf, list[Finding]]:
    from extractors import scan  # noqa: PLC0415 few pages are scans

    if time.monotonic() - started > scan.MOST_SECONDS:
        return scan.unread_leaf(number)
    taken_at = page.dots()
    dots = scan.usable_dots(taken_at, page.width, page.height)
    return scan.leaf_of(page.picture(dots), dots, number, taken_at)


def _text_doubts(page: Page, graphics: Graphics, place: Source) -> list[Finding]:
    letters = len(page.text) - page.text.count(" ")
    unreadable = len(_UNREADABLE.findall(page.text))
    shares = [
        (x1 - x0) * (bottom - top) / (page.width * page.height)
        for x0, top, x1, bottom in graphics.pictures
    ]
    if unreadable > _MOST_UNREADABLE * letters:
        return [Finding("page-text-garbled", {"count": str(unreadable)}, place)]
    # A text that was turned into curves is a drawing of many shapes.
    if letters < _FEW_LETTERS and (sum(shares) > _SCANNED or graphics.shapes > _MANY_SHAPES):
        return [Finding("page-without-text", {}, place)]
    if max(shares, default=0) > _SCANNED:
        return [Finding("text-over-scan", {}, place)]
    return [
        Finding("picture-not-read", {"kind": "picture"}, place)
        for share in shares
        if share > _LARGE_PICTURE
    ]


def _hidden(page: Page, graphics: Graphics, place: Source, *, layers: bool) -> Iterator[Finding]:
    """Take out what is stored on the page but not shown, and name the figures of it."""
    reasons = not_shown(page, graphics, layers=layers)
    if not reasons:
        return
    texts: dict[str, str] = {}
    last = -1
    for index, why in sorted(reasons.items()):
        between = "" if index == last + 1 else " "
        texts[why] = texts.get(why, "") + between + page.text[index]
        last = index
    page.hide(reasons)
    for why, text in texts.items():
        if any(map(str.isdigit, text)):
            yield Finding("text-left-out", {"text": text.strip(), "why": why}, place)


def _strayed(piece: Piece, place: Source) -> Finding:
    """Nothing is lost of it, but the cell that it belongs to has lost it."""
    box = (piece.x0, piece.top, piece.x1, piece.bottom)
    source = replace(place, text=piece.text, bbox=box)
    facts = {"text": piece.text, "place": f"trang {place.page}", "how": "nằm ngoài các ô của bảng"}
    return Finding(CODE, facts, source)


def _drop_furniture(leaves: list[Leaf]) -> None:
    """Take page numbers and running headers and footers out of the pages' rows."""
    edges: Counter[tuple[bool, str]] = Counter()
    for leaf in leaves:
        edges.update({(is_top, row.text) for row, is_top in _edge_rows(leaf)})
    for leaf in leaves:
        for row, is_top in _edge_rows(leaf):
            number = _PAGE_NUMBER.fullmatch(row.text)
            is_number = number is not None and int(number[1]) <= len(leaves)
            repeats = edges[is_top, row.text]
            if is_number or (repeats >= _REPEATS and repeats * 2 >= len(leaves)):
                leaf.rows.remove(row)
                reason = "page-number" if is_number else "running-head"
                leaf.accounts.append(Account(row.text, reason))


def _edge_rows(leaf: Leaf) -> list[tuple[Line, bool]]:
    """Rows in the page's upper and lower margin, with whether it is the upper."""
    margin = _MARGIN * leaf.height
    upper = [(row, True) for row in leaf.rows[:3] if row.box[1] < margin]
    return upper + [(row, False) for row in leaf.rows[-3:] if row.box[3] > leaf.height - margin]


class _Flow:
    """All pages as one sequence of blocks."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self._measures = {leaf.number: measure(leaf.rows) for leaf in leaves}
        self._items = [item for leaf in leaves for item in _items(leaf)]
        self._leaves = {leaf.number: leaf for leaf in leaves}
        self._blocks: list[Block] = []
        self._findings: list[Finding] = []
        self._paragraphs = 0
        self._tables = 0
        self.accounts: list[Account] = []

    def blocks(self) -> tuple[list[Block], list[Finding]]:
        """Paragraphs and tables in reading order, and what was doubtful in joining them."""
        lines: list[Line] = []
        for item in self._joined():
            if isinstance(item, Line):
                lines.append(item)
                continue
            self._add_paragraphs(lines)
            lines = []
            if isinstance(item, Part):
                self._add_part(item)
            elif isinstance(item, Grid):
                self._add_grid(item)
            else:
                self._add_columns(item)
        self._add_paragraphs(lines)
        return self._blocks, self._findings

    def _joined(self) -> list[Item]:
        """The items, with parts of tables that continue over the page put together."""
        result: list[Item] = []
        last_page = 0
        for item in self._items:
            above = result[-1] if result else None
            if (
                isinstance(item, Part)
                and isinstance(above, Part)
                and item.page == last_page + 1
                and self._reaches_end(above)
                and goes_on(above, item)
            ):
                put_together(above, item)
            elif not (
                isinstance(item, Line)
                and isinstance(above, Grid)
                and item.page == above.page + 1
                and above.box[3] > self._leaves[above.page].height / 2
                and take_overleaf(above, item)
            ):
                result.append(item)
            last_page = item.page
        return result

    def _reaches_end(self, part: Part) -> bool:
        bottom = max((c.box[3] for c in part.cells if c.page == part.cells[-1].page), default=0.0)
        return bottom > self._leaves[part.cells[-1].page].height / 2

    def _add_paragraphs(self, lines: list[Line]) -> None:
        for run in paragraphs_of(lines, self._measures):
            paragraph = _paragraph(run, self._paragraphs, self._leaves[run.lines[0].page])
            self._blocks.append(paragraph)
            self._paragraphs += 1
            if _is_uncertain(paragraph):
                place = Source(
                    "text",
                    paragraph.text,
                    page=paragraph.page,
                    row=paragraph.index,
                    bbox=paragraph.bbox,
                )
                self._findings.append(_uncertain(paragraph, place))

    def _add_part(self, part: Part) -> None:
        self.accounts += [Account(text, "repeated-header") for text in part.repeated]
        cells = tuple(
            Cell(
                row=cell.row,
                column=cell.column,
                text=composed(cell.text),
                row_span=cell.row_span,
                column_span=cell.column_span,
                page=cell.page,
                bbox=self._leaves[cell.page].box(cell.box),
                bold=cell.bold,
                confidence=min(self._leaves[cell.page].confidence, cell.confidence),
            )
            for cell in sorted(part.cells, key=lambda cell: (cell.row, cell.column))
        )
        for cell in part.doubts:
            place = self._place(cell)
            self._findings.append(Finding("row-split-doubtful", {"text": cell.text}, place))
        self._add_table(
            Table(
                index=self._tables,
                rows=part.rows,
                columns=len(part.xs) - 1,
                cells=cells,
                page=part.page,
                bbox=self._leaves[part.page].box(part.box),
                header_rows=part.header_rows,
            )
        )

    def _place(self, cell: PartCell) -> Source:
        return Source(
            "table",
            composed(cell.text),
            page=cell.page,
            table=self._tables,
            row=cell.row,
            column=cell.column,
            bbox=self._leaves[cell.page].box(cell.box),
        )

    def _add_columns(self, columns: Columns) -> None:
        rows = cells_of(columns)
        cells = tuple(
            _loose_cell(row, column, lines, self._leaves[columns.page], is_data=columns.is_data)
            for row, texts in enumerate(rows)
            for column, lines in enumerate(texts)
        )
        self._add_table(
            Table(
                index=self._tables,
                rows=len(rows),
                columns=len(rows[0]),
                cells=cells,
                page=columns.page,
                bbox=self._leaves[columns.page].box(columns.box),
                ruled=False,
            )
        )

    def _add_grid(self, grid: Grid) -> None:
        leaf = self._leaves[grid.page]
        cells = tuple(
            replace(
                _loose_cell(cell.row, cell.column, cell.lines, leaf, is_data=True),
                text=composed(joined_text([*cell.lines, *cell.overleaf], 0.0)),
                row_span=cell.row_span,
                column_span=cell.column_span,
            )
            for cell in grid.cells
        )
        self._add_table(
            Table(
                index=self._tables,
                rows=grid.rows,
                columns=grid.columns,
                cells=cells,
                page=grid.page,
                bbox=leaf.box(grid.box),
                ruled=False,
            )
        )

    def _add_table(self, table: Table) -> None:
        self._blocks.append(table)
        self._tables += 1
        for cell in filter(_is_uncertain, table.cells):
            place = table.source(cell)
            self._findings.append(_uncertain(cell, place))


def _items(leaf: Leaf) -> list[Item]:
    """The page's lines, columns and tables from top to bottom."""
    items: list[Item] = []
    rows = list(leaf.rows)
    for part in sorted(leaf.parts, key=lambda part: part.ys[0]):
        above = [row for row in rows if row.box[1] < part.ys[0]]
        items += [*with_columns(above), part]
        rows = rows[len(above) :]
    return [*items, *with_columns(rows)]


def _is_uncertain(text: Paragraph | Cell) -> bool:
    """Whether it is or may be a figure that was not read surely.

    A cell in which something stands that could not be read at all has the confidence but no text.
    """
    if any(map(str.isdigit, text.text)):
        return text.confidence < _UNCERTAIN
    is_short = isinstance(text, Cell) and len(text.text) <= _FIGURE_LENGTH
    return is_short and text.confidence < _UNKNOWN


def _uncertain(text: Paragraph | Cell, place: Source) -> Finding:
    return Finding(
        "ocr-uncertain", {"text": text.text, "confidence": f"{text.confidence:.0%}"}, place
    )


def _paragraph(run: Run, index: int, leaf: Leaf) -> Paragraph:
    first = run.lines[0]
    box = box_of(p for line in run.lines if line.page == first.page for p in line.pieces)
    pieces = [piece for line in run.lines for piece in line.pieces]
    return Paragraph(
        index=index,
        text=composed(run.text),
        page=first.page,
        bbox=leaf.box(box),
        bold=all(piece.bold for piece in pieces),
        confidence=min(leaf.confidence, *(piece.confidence for piece in pieces)),
    )


def _loose_cell(
    row: int, column: int, lines: list[list[Piece]], leaf: Leaf, *, is_data: bool
) -> Cell:
    pieces = [piece for line in lines for piece in line]
    confidence = min([leaf.confidence, *(piece.confidence for piece in pieces)])
    return Cell(
        row=row,
        column=column,
        text=composed(text_of(lines)),
        page=leaf.number,
        bbox=leaf.box(box_of(pieces)) if pieces else None,
        bold=bool(pieces) and all(piece.bold for piece in pieces),
        confidence=min(confidence, _UNRULED) if is_data else confidence,
    )
