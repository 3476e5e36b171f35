"""Tables without vertical rules: columns told from the white rivers between their figures.

Only lines that stand below each other and hold figures set apart tell columns: prose with stretched
gaps, lists, signatures and tables of contents do not. Where the columns cannot be told, there is
no grid.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from extractors.document import Box
from extractors.pdf_page import Piece, box_of
from extractors.pdf_tables import first_word_fits, lines_of

if TYPE_CHECKING:
    from extractors.pdf_layout import Line

_FIGURE: Final = re.compile(r"[-–]|[(+-]?\d[\d.,/%()\s]*")
_MARK: Final = re.compile(r"\(?\d{1,2}(?:\.\d{1,2})*[.)]")
_ITEM: Final = re.compile(r"(?:[IVXLC]{1,6}|[A-ZĐ]|\d{1,2})[.)/]?(?=\s|$)|[-–+•*]")
_LEADER: Final = re.compile(r"\.{4,}|…{2,}|_{4,}")
_FEWEST: Final = 3
"""Rows of data from which columns are told."""
_OVERLAP: Final = 0.2
"""Share of a line's height by which lines of one row of centred cells overlap."""
_RIVER: Final = 0.4
"""Width in line heights that a river has at least."""
_APART: Final = 2.0
"""White space in line heights from which lines are of different tables."""
_NEAR: Final = 0.8
"""White space in line heights up to which lines are of one header."""
_MOST_HEADER: Final = 8
_WIDE: Final = 0.6
"""Share of the table's width from which a line that stands alone is a title or prose."""
_MOST_DROPPED: Final = 5
"""One in so many rows of data may have a cell that spans columns."""

Span = tuple[float, float]


@dataclass(slots=True)
class GridCell:
    """A cell with the lines of its text; ``overleaf`` are those on the next page."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    lines: list[list[Piece]] = field(default_factory=list)
    overleaf: list[list[Piece]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.column + self.column_span


@dataclass(slots=True)
class Grid:
    """A table whose columns were told from rivers of white; every position has its cell."""

    page: int
    rows: int
    columns: int
    cells: list[GridCell]

    @property
    def box(self) -> Box:
        """Its outline."""
        return box_of(piece for cell in self.cells for line in cell.lines for piece in line)


def take_overleaf(grid: Grid, line: Line) -> bool:
    """Whether a next page's first line goes on with the grid's last row, to which it then belongs:
    each of its pieces is flush with a cell's words, and no paragraph begins there.
    """
    last = [cell for cell in grid.cells if cell.row + cell.row_span == grid.rows and cell.lines]
    parts = _segments(line.pieces)
    cells = [
        next((cell for cell in last if abs(cell.lines[-1][0].x0 - piece.x0) < 1), None)
        for piece in parts
    ]
    if any(cell is None or _is_figure(piece) for cell, piece in zip(cells, parts, strict=True)):
        return False
    if cells[0] is last[0] and not parts[0].text[:1].islower():
        return False
    for cell, piece in zip(cells, parts, strict=True):
        if cell is not None:
            cell.overleaf.append([piece])
    return True


def find_grids(rows: list[Line]) -> dict[int, tuple[Grid, int]]:
    """The grids among a page's lines: first line to the grid and the number of its lines."""
    starts, rows = _banded(rows)
    split = [_segments(row.pieces) for row in rows]
    is_data = [_is_data(segments) for segments in split]
    grids: dict[int, tuple[Grid, int]] = {}
    place = floor = 0
    while place < len(rows):
        if not is_data[place]:
            place += 1
            continue
        end = _run_end(rows, split, is_data, place)
        found = _grid(rows, split, is_data, floor, place, end)
        if found:
            start, stop, grid = found
            grids[starts[start]] = (grid, starts[stop] - starts[start])
            end = floor = stop
        place = end
    return grids


def _banded(rows: list[Line]) -> tuple[list[int], list[Line]]:
    """The lines with those of one row of centred cells as one; where each begins, and the end.

    Figures that stand half a line below a label's first line are in the row of that label.
    """
    bands: list[list[Line]] = []
    for row in rows:
        if bands and bands[-1][-1].box[3] - row.box[1] > _OVERLAP * row.pieces[0].height:
            bands[-1].append(row)
        else:
            bands.append([row])
    starts, result, place = [], [], 0
    for band in bands:
        figures = sum(_is_figure(row.pieces[-1]) for row in band)
        if len(band) > 1 and figures == 1:
            pieces = [piece for row in band for piece in row.pieces]
            pieces.sort(key=lambda piece: piece.x0)
            starts.append(place)
            result.append(type(band[0])(pieces, band[0].page))
        else:
            starts += range(place, place + len(band))
            result += band
        place += len(band)
    return [*starts, place], result


def _segments(pieces: list[Piece]) -> list[Piece]:
    """The pieces, parted at every gap that is wider than a word space."""
    return [part for piece in pieces for part in _parted(piece, [gap[1:] for gap in piece.gaps])]


def _parted(piece: Piece, rivers: list[Span]) -> list[Piece]:
    """The piece parted at those of its gaps that lie over a river."""
    cuts = [gap for gap in piece.gaps if any(_meet(gap[1:], river) for river in rivers)]
    if not cuts:
        return [piece]
    starts = [(0, piece.x0), *((place, right) for place, _, right in cuts)]
    ends = [*((place, left) for place, left, _ in cuts), (len(piece.text), piece.x1)]
    return [
        replace(
            piece,
            text=piece.text[start:end].strip(),
            x0=x0,
            x1=x1,
            gaps=tuple(
                (place - start, left, right)
                for place, left, right in piece.gaps
                if start < place < end
            ),
        )
        for (start, x0), (end, x1) in zip(starts, ends, strict=True)
    ]


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _span(piece: Piece) -> Span:
    return piece.x0, piece.x1


def _is_figure(piece: Piece) -> bool:
    return _FIGURE.fullmatch(piece.text) is not None


def _is_data(segments: list[Piece]) -> bool:
    """Whether figures stand apart behind the line's first text."""
    if any(_LEADER.search(piece.text) for piece in segments):
        return False
    return any(_is_figure(p) and any(map(str.isdigit, p.text)) for p in segments[1:])


def _gap_above(rows: list[Line], place: int) -> float:
    """White space above a line in its own heights."""
    piece = rows[place].pieces[0]
    return (rows[place].box[1] - rows[place - 1].box[3]) / piece.height


def _run_end(rows: list[Line], split: list[list[Piece]], is_data: list[bool], start: int) -> int:
    """The end of the lines that may be one table's rows from its first row of data."""
    end = start + 1
    figures = min(p.x0 for p in split[start][1:] if _is_figure(p))
    left, _, right, _ = rows[start].box
    for place in range(start + 1, len(rows)):
        if _gap_above(rows, place) > _APART:
            break
        segments = split[place]
        if is_data[place]:
            left = min(left, segments[0].x0)
            right = max(right, segments[-1].x1)
            figures = min(p.x0 for p in segments[1:] if _is_figure(p))
            end = place + 1
            continue
        if any(_LEADER.search(piece.text) for piece in segments):
            break
        # A line of prose runs through below the figures.
        if any(p.x0 < figures < p.x1 and p.x1 - p.x0 > _WIDE * (right - left) for p in segments):
            break
    return end


# --------------------------------------------------------------------------------------------
# Columns


def _grid(
    rows: list[Line],
    split: list[list[Piece]],
    is_data: list[bool],
    floor: int,
    first: int,
    end: int,
) -> tuple[int, int, Grid] | None:
    """The grid of the lines with its first line and its end; None where columns are not told."""
    data = [split[place] for place in range(first, end) if is_data[place]]
    height = rows[first].pieces[0].height
    columns = _columns(data, height)
    if len(columns) < 2 or not _are_certain(data, columns):
        return None
    while end < len(rows) and _is_wrap(rows, end, split[end], columns):
        end += 1
    start = _header_start(rows, split, floor, first, columns)
    body = first
    while body < end - _FEWEST and _touched(split[body][0], columns)[0] != 0:
        body += 1  # years below each other's heading: figures, but of the header
    while body - 1 > start and body <= first and _is_item(rows[body - 1]):
        body -= 1
    if start == body:
        return _built(rows, start, body, end, columns)
    return _built(rows, start, body, end, _widened(rows, start, body, columns))


def _columns(data: list[list[Piece]], height: float) -> list[Span]:
    """The columns' extents that the rows of data show, but for few rows with spanning cells."""
    kept = list(data)
    columns = _united(kept, height)
    for _ in range(len(data) // _MOST_DROPPED):
        tries = [[row for row in kept if row is not dropped] for dropped in kept]
        best = max(tries, key=lambda rows: len(_united(rows, height)))
        finer = _united(best, height)
        if len(finer) <= len(columns):
            break
        kept, columns = best, finer
    return columns


def _united(data: list[list[Piece]], height: float) -> list[Span]:
    spans: list[Span] = []
    for low, high in sorted(_span(piece) for row in data for piece in row):
        if spans and low - spans[-1][1] < _RIVER * height:
            spans[-1] = (spans[-1][0], max(spans[-1][1], high))
        else:
            spans.append((low, high))
    return spans


def _are_certain(data: list[list[Piece]], columns: list[Span]) -> bool:
    """Whether enough rows have figures in columns of figures, and no figure spans columns."""
    texts: list[list[Piece]] = [[] for _ in columns]
    usual = 0
    for row in data:
        for piece in row:
            touched = _touched(piece, columns)
            if len(touched) == 1:
                texts[touched[0]].append(piece)
            elif _is_figure(piece):
                return False
        usual += len({place for piece in row for place in _touched(piece, columns)}) > 1
    # The columns may be numbered: (1), (2), (3).
    figures = [
        len(column) >= _FEWEST
        and all(map(_is_figure, column))
        and sum(_MARK.fullmatch(piece.text) is not None for piece in column) <= 1
        for column in texts[1:]
    ]
    return usual >= _FEWEST and any(figures)


def _touched(piece: Piece, columns: list[Span]) -> list[int]:
    """The columns that a piece lies over; the nearest one where it lies over none."""
    touched = [place for place, span in enumerate(columns) if _meet(_span(piece), span)]
    if touched:
        return list(range(touched[0], touched[-1] + 1))
    away = [max(low - piece.x1, piece.x0 - high) for low, high in columns]
    return [away.index(min(away))]


def _rivers(columns: list[Span]) -> list[Span]:
    return [(one[1], other[0]) for one, other in itertools.pairwise(columns)]


def _is_wrap(rows: list[Line], place: int, segments: list[Piece], columns: list[Span]) -> bool:
    """Whether a line below the last row of data holds wrapped words of its cells: in small letters,
    or flush with the words above in a column that no paragraph begins in.
    """
    if place == 0 or _gap_above(rows, place) >= _NEAR / 2:
        return False
    above = {piece.x0 for piece in _segments(rows[place - 1].pieces)}
    return all(
        (
            piece.text[:1].islower()
            or (piece.x0 > columns[0][1] and any(abs(piece.x0 - left) < 1 for left in above))
        )
        and any(low - 1 <= piece.x0 and piece.x1 <= high + 1 for low, high in columns)
        for piece in segments
    )


# --------------------------------------------------------------------------------------------
# Header


def _header_start(
    rows: list[Line], split: list[list[Piece]], floor: int, first: int, columns: list[Span]
) -> int:
    """The first line of the header above the first row of data."""
    width = columns[-1][1] - columns[0][0]
    start = first
    for place in range(first - 1, max(floor, first - _MOST_HEADER) - 1, -1):
        segments = split[place]
        if _gap_above(rows, place + 1) > _NEAR:
            break
        if any(_LEADER.search(p.text) or p.x1 - p.x0 > _WIDE * width for p in segments):
            break
        if min(p.x0 for p in segments) < columns[0][0] - width / 4:
            break
        parts = [p for piece in rows[place].pieces for p in _parted(piece, _rivers(columns))]
        if len(parts) > 1:
            start = place
        elif sum(_meet(_span(parts[0]), column) for column in columns) != 1:
            break  # a title: a wrapped word stands in the column whose header it goes on
    return start


def _is_item(row: Line) -> bool:
    """Whether a line is nothing but a numbered heading of rows."""
    return len(row.pieces) == 1 and _ITEM.match(row.pieces[0].text) is not None


def _widened(rows: list[Line], start: int, body: int, columns: list[Span]) -> list[Span]:
    """The columns' extents with the header's words that stand over one column alone."""
    result = list(columns)
    for row in reversed(rows[start:body]):
        parts = [p for piece in row.pieces for p in _parted(piece, _rivers(result))]
        places = [_touched(piece, result) for piece in parts]
        for piece, touched in zip(parts, places, strict=True):
            if len(touched) != 1 or places.count(touched) > 1:
                continue
            place = touched[0]
            low = min(result[place][0], piece.x0)
            high = max(result[place][1], piece.x1)
            is_free = all(
                not _meet((low, high), other) for at, other in enumerate(result) if at != place
            )
            if is_free:
                result[place] = (low, high)
    return result


def _header_cells(rows: list[Line], columns: list[Span]) -> list[GridCell]:
    """The header's cells: wrapped lines put together, cells over others in rows above them."""
    cells: list[GridCell] = []
    for row in rows:
        parts = [p for piece in row.pieces for p in _parted(piece, _rivers(columns))]
        places = [_touched(piece, columns) for piece in parts]
        for piece, touched in zip(parts, places, strict=True):
            first, end = touched[0], touched[-1] + 1
            above = [c for c in cells if c.column < end and first < c.end]
            last = above[-1] if above else None
            if last and (
                (last.column, last.end) == (first, end)
                or (len(above) == 1 and _is_centred_below(last, piece, parts, columns))
            ):
                if last.lines[-1][0].top == piece.top:
                    last.lines[-1].append(piece)
                else:
                    last.lines.append([piece])
                continue
            level = max((c.row + 1 for c in above), default=0)
            cells.append(GridCell(level, first, 1, end - first, [[piece]]))
    depth = max(cell.row for cell in cells) + 1
    for cell in cells:
        below = [
            c.row for c in cells if c.row > cell.row and c.column < cell.end and cell.column < c.end
        ]
        cell.row_span = min(below, default=depth) - cell.row
    return cells


def _is_centred_below(
    cell: GridCell, piece: Piece, parts: list[Piece], columns: list[Span]
) -> bool:
    """Whether a piece is a spanning cell's wrapped line: alone below it, and centred on it."""
    low, high = columns[cell.column][0], columns[cell.end - 1][1]
    others = [p for p in parts if p is not piece and _meet(_span(p), (low, high))]
    middle = (cell.lines[-1][0].x0 + cell.lines[-1][-1].x1) / 2
    return (
        cell.column_span > 1
        and not others
        and abs(middle - (piece.x0 + piece.x1) / 2) < piece.height / 4
    )


# --------------------------------------------------------------------------------------------
# Rows


def _built(
    rows: list[Line], start: int, body: int, end: int, columns: list[Span]
) -> tuple[int, int, Grid] | None:
    cells = _header_cells(rows[start:body], columns) if body > start else []
    count = max((cell.row + cell.row_span for cell in cells), default=0)
    last: list[GridCell] = []
    for row in rows[body:end]:
        line = _row_cells(row, count, columns)
        if last and _goes_on(last, line, columns):
            for cell in line:
                above = next(c for c in last if c.column == cell.column)
                above.lines += cell.lines
        else:
            cells += line
            last = line
            count += 1
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        places = set(
            itertools.product(
                range(cell.row, cell.row + cell.row_span), range(cell.column, cell.end)
            )
        )
        if places & taken:
            return None
        taken |= places
    blank = set(itertools.product(range(count), range(len(columns)))) - taken
    cells += [GridCell(row, column) for row, column in blank]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return start, end, Grid(rows[start].page, count, len(columns), cells)


def _row_cells(row: Line, count: int, columns: list[Span]) -> list[GridCell]:
    cells: list[GridCell] = []
    parts = [p for piece in row.pieces for p in _parted(piece, _rivers(columns))]
    for piece in sorted(parts, key=lambda piece: piece.x0):
        touched = _touched(piece, columns)
        if cells and touched[0] < cells[-1].end:
            cells[-1].lines.append([piece])
            cells[-1].column_span = max(cells[-1].end, touched[-1] + 1) - cells[-1].column
        else:
            cells.append(GridCell(count, touched[0], 1, len(touched), [[piece]]))
    for cell in cells:
        cell.lines = lines_of([piece for line in cell.lines for piece in line])
    return cells


def _goes_on(above: list[GridCell], line: list[GridCell], columns: list[Span]) -> bool:
    """Whether a line holds nothing but wrapped words of the row above."""
    cells = {(cell.column, cell.column_span): cell for cell in above}
    return all(
        (cell.column, cell.column_span) in cells
        and not _is_figure(cell.lines[0][0])
        and _is_wrapped(cells[cell.column, cell.column_span], cell, columns, len(above), len(line))
        for cell in line
    )


def _is_wrapped(
    above: GridCell, cell: GridCell, columns: list[Span], before: int, now: int
) -> bool:
    """Whether a cell's words go on with those above: in small letters, or for want of room."""
    piece, last = cell.lines[0][0], above.lines[-1]
    if not piece.text[:1].isupper():
        return True
    if now >= before or _ITEM.match(piece.text) or piece.bold != last[-1].bold:
        return False
    room = columns[cell.end - 1][1] - columns[cell.column][0] - (last[-1].x1 - last[0].x0)
    return not first_word_fits(cell.lines[0], room)
