"""Lines of a PDF page to columns and paragraphs, as a reader takes them.

Text set in columns without ruling lines (the header block, signatures, some tables) becomes a
table whose ``ruled`` is False, so that its columns are never mixed line by line.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from extractors.document import Box
from extractors.pdf_page import Piece, box_of
from extractors.pdf_rivers import Grid, find_grids
from extractors.pdf_tables import first_word_fits, joined_text, lines_of, separator

LIST_MARK: Final = re.compile(
    r"(?:[-–—+•*▪●○◦►✓]|(?:phụ\s+lục\s+)?(?:[IVXLC]{1,6}|\d{1,2}(?:\.\d{1,2}){0,4}|[A-Za-zĐđ])[.)/]|"
    r"\([\dIVXa-zđ]{1,4}\))(?=\s|$)",
    re.IGNORECASE,
)
"""What begins a heading or an item of a list."""
_BULLET: Final = re.compile(r"[-–—+•*▪●○◦►✓]")
_NUMBER: Final = re.compile(r"[-–x]|[\d.,/%()\s]*\d[\d.,/%()\s]*")
_COLUMN_GAP: Final = 2.0
"""Gap in line heights from which a line that stands alone is set in columns."""
_LEADING: Final = 1.32
"""Distance between lines against the usual one from which a new paragraph begins."""


@dataclass(slots=True)
class Line:
    """One line of running text: pieces from left to right."""

    pieces: list[Piece]
    page: int
    text: str = field(init=False)
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        self.text = " ".join(piece.text for piece in self.pieces)
        self.box = box_of(self.pieces)


@dataclass(slots=True)
class Columns:
    """Lines set side by side without rules: rows of one optional text a column."""

    page: int
    rows: list[list[list[Piece]]]
    """Rows of columns of pieces; an empty list where a column is blank."""
    is_data: bool
    """Whether its rows are rows of data rather than lines of independent texts."""

    @property
    def box(self) -> Box:
        """Its outline."""
        return box_of(piece for row in self.rows for cell in row for piece in cell)


@dataclass(slots=True)
class Run:
    """A paragraph while lines are added to it."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""


# --------------------------------------------------------------------------------------------
# Columns


def rows_of(pieces: list[Piece], page: int) -> list[Line]:
    """The page's pieces as lines from top to bottom."""
    return [Line(row, page) for row in lines_of(pieces)]


def with_columns(rows: list[Line]) -> list[Line | Columns | Grid]:
    """The lines, with those that are set in columns taken together."""
    grids = find_grids(rows)
    items: list[Line | Columns | Grid] = []
    begun = 0
    for start, (grid, count) in grids.items():
        items += [*_with_loose_columns(rows[begun:start]), grid]
        begun = start + count
    return items + _with_loose_columns(rows[begun:])


def _with_loose_columns(rows: list[Line]) -> list[Line | Columns | Grid]:
    items: list[Line | Columns | Grid] = []
    place = 0
    while place < len(rows):
        row = _mark_joined(rows[place])
        block = _column_block(rows, place) if len(row.pieces) > 1 else None
        if block is None:
            items.append(row)
            place += 1
        else:
            columns, count = block
            items.append(columns)
            place += count
    return items


def cells_of(columns: Columns) -> list[list[list[list[Piece]]]]:
    """Rows of cells, each a list of lines: rows of data, or one row of independent texts."""
    if not columns.is_data:
        sides = zip(*columns.rows, strict=True)
        return [[[pieces for pieces in side if pieces] for side in sides]]
    rows: list[list[list[list[Piece]]]] = []
    for row in columns.rows:
        if rows and _goes_on(rows[-1], row):
            for cell, pieces in zip(rows[-1], row, strict=True):
                cell.extend([pieces] if pieces else [])
        else:
            rows.append([[pieces] if pieces else [] for pieces in row])
    return rows


def _goes_on(above: list[list[list[Piece]]], row: list[list[Piece]]) -> bool:
    """Whether a line holds nothing but wrapped words of the row above."""
    return all(
        cell and not _NUMBER.fullmatch(pieces[0].text) and not pieces[0].text[:1].isupper()
        for cell, pieces in zip(above, row, strict=True)
        if pieces
    )


def text_of(lines: list[list[Piece]]) -> str:
    r"""The text of a column's lines: wraps joined where they begin below each other, else '\n'."""
    if not lines:
        return ""
    starts = [line[0].x0 for line in lines]
    width = max(line[-1].x1 - line[0].x0 for line in lines)
    is_list = any(_BULLET.match(line[0].text) for line in lines)
    if is_list or max(starts) - min(starts) > 1:
        return "\n".join(" ".join(piece.text for piece in line) for line in lines)
    return joined_text(lines, width)


def _mark_joined(row: Line) -> Line:
    """A list mark and the text that a tab sets apart from it are one piece."""
    if len(row.pieces) < 2 or not LIST_MARK.fullmatch(row.pieces[0].text.strip()):
        return row
    mark, text, *rest = row.pieces
    joined = Piece(
        f"{mark.text} {text.text}",
        mark.x0,
        min(mark.top, text.top),
        text.x1,
        max(mark.bottom, text.bottom),
        mark.first,
        text.last,
        bold_start=mark.bold_start,
        bold_end=text.bold_end,
    )
    return Line([joined, *rest], row.page)


def _column_block(rows: list[Line], start: int) -> tuple[Columns, int] | None:
    """The columns that begin at a line, and how many lines they take; None where it has none."""
    first = rows[start]
    taken = [(first, _extents(first))]
    for row in rows[start + 1 :]:
        last, spans = taken[-1]
        wider = _widened(spans, row)
        if wider is None or row.box[1] - last.box[3] > 2 * first.pieces[0].height:
            break
        taken.append((row, wider))
    while len(taken[-1][0].pieces) == 1 and not _is_aligned(taken):
        taken.pop()
    if len(taken) == 1 and _gap(first) < _COLUMN_GAP * first.pieces[0].height:
        return None
    spans = taken[-1][1]
    if len(spans) < 2:
        return None
    grid = [[[p for p in row.pieces if _overlaps(p, span)] for span in spans] for row, _ in taken]
    is_data = len(grid) > 2 and (len(spans) > 2 or any(map(_is_numeric, zip(*grid, strict=True))))
    return Columns(first.page, grid, is_data), len(grid)


def _extents(row: Line) -> list[tuple[float, float]]:
    """The extents of the row's pieces; those that lie over each other (a mark) are one."""
    spans: list[tuple[float, float]] = []
    for piece in sorted(row.pieces, key=lambda piece: piece.x0):
        if spans and piece.x0 <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], piece.x1))
        else:
            spans.append((piece.x0, piece.x1))
    return spans


def _is_aligned(taken: list[tuple[Line, list[tuple[float, float]]]]) -> bool:
    """Whether the last line, which stands in one column alone, is set as that column is.

    A line that follows a header block, a title say, is centred on the page and not on a column.
    """
    line, spans = taken[-1]
    x0, _, x1, _ = line.box
    above = taken[-2][1]
    em = line.pieces[0].height
    column = next((span for span in above if _overlaps(line.pieces[0], span)), None)
    if column is None or len(spans) != len(above) or line.box[1] - taken[-2][0].box[3] > em:
        return False
    is_centred = abs((x0 + x1) - (column[0] + column[1])) < em
    return is_centred or abs(x0 - column[0]) < em / 2


def _is_numeric(column: tuple[list[Piece], ...]) -> bool:
    figures = [bool(_NUMBER.fullmatch(pieces[0].text)) for pieces in column if pieces]
    return sum(figures) * 2 > len(figures)


def _widened(spans: list[tuple[float, float]], row: Line) -> list[tuple[float, float]] | None:
    """The columns' extents with the row's pieces taken in; None where a piece bridges columns."""
    result = list(spans)
    for piece in row.pieces:
        touched = [place for place, span in enumerate(result) if _overlaps(piece, span)]
        if len(touched) > 1:
            return None
        if touched:
            low, high = result[touched[0]]
            result[touched[0]] = (min(low, piece.x0), max(high, piece.x1))
        else:
            result.append((piece.x0, piece.x1))
            result.sort()
    if any(later[0] <= earlier[1] for earlier, later in itertools.pairwise(result)):
        return None
    return result


def _overlaps(piece: Piece, span: tuple[float, float]) -> bool:
    return piece.x0 < span[1] and span[0] < piece.x1


def _gap(row: Line) -> float:
    return max(later.x0 - earlier.x1 for earlier, later in itertools.pairwise(row.pieces))


# --------------------------------------------------------------------------------------------
# Paragraphs


@dataclass(frozen=True, slots=True)
class Measure:
    """The text block of a page: its sides and the usual distance from line to line."""

    left: float
    right: float
    leading: float


def measure(rows: list[Line]) -> Measure:
    """The text block that the page's lines show."""
    boxes = [row.box for row in rows]
    steps = [
        later[3] - earlier[3]
        for earlier, later in itertools.pairwise(boxes)
        if 0 < later[3] - earlier[3] < 2.5 * (later[3] - later[1])
    ]
    return Measure(
        left=min((box[0] for box in boxes), default=0.0),
        right=max((box[2] for box in boxes), default=0.0),
        leading=statistics.median_low(steps) if steps else 0.0,
    )


def add_line(run: Run, line: Line, block: Measure) -> bool:
    """Add the line to the paragraph; False where it begins a new one."""
    if not run.lines:
        run.lines, run.text = [line], line.text
        return True
    if _begins_paragraph(run, line, block):
        return False
    room = _room(run.lines[-1], block)
    run.text += separator(run.text, line.pieces, room) + line.text
    run.lines.append(line)
    return True


def _begins_paragraph(run: Run, line: Line, block: Measure) -> bool:
    last, (x0, top, _, bottom) = run.lines[-1], line.box
    height = bottom - top
    em = 0.8 * height
    if line.page == last.page:
        step = bottom - last.box[3]
        if step > max(_LEADING * block.leading, 1.2 * height) or step < 0:
            return True
    if first_word_fits(line.pieces, _room(last, block)):
        return True
    if _weight_changes(last, line) or abs(last.pieces[-1].height - height) > 0.25 * height:
        return True
    if _is_centred(last, block) and _is_centred(line, block):
        return False
    if _BULLET.match(line.text) and LIST_MARK.match(line.text):
        return True
    return _is_indented(run, x0, block, em)


def _is_indented(run: Run, x0: float, block: Measure, em: float) -> bool:
    """Whether a line that begins at ``x0`` is set off from the paragraph's own lines."""
    first = run.lines[0].box[0]
    if len(run.lines) > 1:
        return abs(x0 - run.lines[-1].box[0]) > em
    if x0 > first + em:
        # A hanging indent follows a mark; otherwise a line set to the right begins anew.
        return not LIST_MARK.match(run.text)
    return first > block.left + em and abs(x0 - first) < em


def _weight_changes(last: Line, line: Line) -> bool:
    was_bold = all(piece.bold for piece in last.pieces)
    is_bold = all(piece.bold for piece in line.pieces)
    if was_bold and not line.pieces[0].bold_start:
        return True
    return is_bold and not last.pieces[-1].bold_end and not was_bold


def _room(line: Line, block: Measure) -> float:
    """How much of the line's width is left for a further word."""
    x0, _, x1, _ = line.box
    if _is_centred(line, block):
        return (block.right - block.left) - (x1 - x0)
    return block.right - x1


def _is_centred(line: Line, block: Measure) -> bool:
    x0, _, x1, bottom = line.box
    left, right = x0 - block.left, block.right - x1
    height = bottom - line.box[1]
    return left > 2 * height and abs(left - right) < height


def paragraphs_of(lines: list[Line], blocks: dict[int, Measure]) -> Iterator[Run]:
    """The lines as paragraphs; ``blocks`` gives each page's text block."""
    run = Run()
    for line in lines:
        if not add_line(run, line, blocks[line.page]):
            yield run
            run = Run()
            add_line(run, line, blocks[line.page])
    if run.lines:
        yield run
