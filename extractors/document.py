"""What every extractor returns: what stands on the page, without its meaning.

An :class:`Extraction` is plain, frozen and serialisable. Nothing here interprets: numbers stay
text, headings stay paragraphs. Meaning is given in ``transforms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points, origin at the page's top left corner."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands in a document, as in ``contract/extract.schema.json``.

    ``page`` is 1-based and None where the format has no pages; ``table`` is 0-based in document
    order; ``row`` and ``column`` are 0-based in the table's own grid (for text, ``row`` is the
    paragraph's index); ``text`` is the cell or the sentence as it stands in the document.
    """

    kind: Literal["table", "text"]
    text: str
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A recorded doubt or fault.

    ``code`` is listed in ``catalog/findings.yaml``, which gives severity, whether it blocks
    issuing, and the Vietnamese message; ``facts`` fill the message's fields.
    """

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
    unit: str | None = None
    indicator: str | None = None


OF_THE_MOMENT: Final = "of_the_moment"
"""A fact of findings that another try might not make: no time was left, a program failed."""
_ALWAYS_OF_THE_MOMENT: Final = frozenset(("program-missing", "file-missing", "reading-interrupted"))


def is_of_the_moment(finding: Finding) -> bool:
    """Whether a finding says something of this machine or this moment, not of the bytes alone."""
    return finding.code in _ALWAYS_OF_THE_MOMENT or OF_THE_MOMENT in finding.facts


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph outside of tables, in document order.

    ``text`` is Unicode NFC with legacy encodings converted and the automatic list number, if
    there is one, put in front as a reader sees it; ``original`` is the text before conversion
    where it differed. ``level`` is the outline level of a heading style (0 = topmost).
    ``confidence`` says how surely the characters were read (1 for text formats).
    """

    index: int
    text: str
    page: int | None = None
    bbox: Box | None = None
    bold: bool = False
    level: int | None = None
    original: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell at its anchor (top left) with the rows and columns that it spans.

    ``value`` is the exact decimal, as the contract writes it ('95.6'), where the format itself
    stores a number (spreadsheets); there ``text`` is how the sheet shows it. ``value`` is None
    everywhere else: what ``text`` means is decided in ``transforms``.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    bbox: Box | None = None
    bold: bool = False
    hidden: bool = False
    value: str | None = None
    original: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of ``rows`` x ``columns``; every position belongs to at most one cell.

    ``header_rows`` is the number of leading rows that the format itself declares as header (Word's
    repeated header rows), else None. ``sheet`` names the sheet of a spreadsheet. ``parent`` is the
    (table, row, column) of the cell that a nested table stands in. ``ruled`` is False where the
    columns were told from white space alone (PDF): a header block, signatures, an unruled table.
    ``corner`` is the 0-based (row, column) of a spreadsheet's sheet at which the grid begins.
    """

    index: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    page: int | None = None
    bbox: Box | None = None
    header_rows: int | None = None
    sheet: str | None = None
    parent: tuple[int, int, int] | None = None
    ruled: bool = True
    corner: tuple[int, int] | None = None

    def source(self, cell: Cell) -> Source:
        """Return where a cell of the table stands, with its text."""
        return Source("table", cell.text, cell.page, self.index, cell.row, cell.column, cell.bbox)

    def grid(self) -> list[list[Cell | None]]:
        """Rows of columns with every spanned position filled by its anchor cell."""
        grid: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.row_span, self.rows)):
                for column in range(cell.column, min(cell.column + cell.column_span, self.columns)):
                    grid[row][column] = cell
        return grid


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of what the document shows, counted apart from how it is read.

    ``place`` says where it stands in the officer's words. ``cell`` is the (sheet, row, column) of a
    spreadsheet's cell, whose number ``text`` holds as it is stored where ``is_number``.
    """

    text: str
    page: int | None = None
    place: str = "thân văn bản"
    cell: tuple[str, int, int] | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Text by which what was read differs from what is shown on purpose, and why.

    It is left out (page numbers, a header that every page repeats), or ``is_added`` (automatic
    numbers, which no text of the document holds).
    """

    text: str
    reason: str
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What one format's function returns: blocks in document order, doubts, number of pages.

    ``shown`` is the independent count that the blocks are compared with, ``accounts`` what is known
    to differ from it; None where nothing was counted.
    """

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()
    pages: int | None = None
    shown: tuple[Shown, ...] | None = None
    accounts: tuple[Account, ...] = ()


class UnreadableError(Exception):
    """A fault of the document that ends its reading; carries the finding that says which."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.finding = Finding(code, facts)


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one file shows: blocks in document order, and what could not be read.

    ``sha256`` is of the file's bytes; ``media_type`` the IANA name told from the bytes; ``pages``
    None where the format has no pages; ``extractor`` names the extractor and its version.
    """

    sha256: str
    file_name: str
    media_type: str
    pages: int | None
    extractor: str
    blocks: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()

    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs outside of tables, in document order."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def tables(self) -> list[Table]:
        """The tables, in document order."""
        return [block for block in self.blocks if isinstance(block, Table)]
