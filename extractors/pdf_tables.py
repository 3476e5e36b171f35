"""Ruled tables of a PDF page: grids from ruling lines, their cells' text, parts over pages.

The cells are found by pdfplumber's table finder (snap, join, intersect, close), which takes the
lines from anywhere; here they come from pdfium, and open ends are closed first.
"""

from __future__ import annotations

import statistics
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final

from extractors.document import Box
from extractors.pdf_graphics import Rule
from extractors.pdf_page import Glyph, Page, Piece, joined, pieces_of

_NEAR: Final = 3.0
"""Points within which lines are one line and ends meet: pdfplumber's own tolerance."""
_STRAYED: Final = 0.4
"""Share of a line's height that lies within a table's frame from which it belongs to the table."""
_MOST_RULES: Final = 4_000
_MOST_CORNERS: Final = 12_000
_PADDING: Final = 5.5
"""Points between a cell's rule and its text on either side: Word's default is 5.4."""


class TooManyRulesError(Exception):
    """The page has more ruling lines than any table: a drawing."""


@dataclass(slots=True)
class PartCell:
    """A cell of a table's part on one page; ``pieces`` is its text, line by line."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    page: int
    lines: list[list[Piece]] = field(default_factory=list)
    text: str = ""

    @property
    def inner_width(self) -> float:
        """The width that its text has."""
        return self.box[2] - self.box[0] - 2 * _PADDING

    @property
    def room(self) -> float:
        """How much of the last line's width is left."""
        return self.inner_width - (_width(self.lines[-1]) if self.lines else 0.0)

    @property
    def confidence(self) -> float:
        """That of its least sure piece of text."""
        return min((piece.confidence for line in self.lines for piece in line), default=1.0)

    @property
    def bold(self) -> bool:
        """Whether all of its text is bold."""
        return bool(self.lines) and all(piece.bold for line in self.lines for piece in line)


@dataclass(slots=True)
class Part:
    """The part of a ruled table that stands on one page, or several parts put together.

    ``xs`` and ``ys`` are the grid's edges on the first page. ``open_top`` and ``open_bottom``
    say that the page's end closes it there instead of a rule: a row may go on over the page.
    """

    page: int
    xs: list[float]
    ys: list[float]
    cells: list[PartCell]
    rows: int
    open_top: bool = False
    open_bottom: bool = False
    header_rows: int | None = None
    """Leading rows that a later page repeats; None where none does."""
    scanned: bool = False
    doubts: list[PartCell] = field(default_factory=list)
    """Cells of rows that may go on over a page but were kept apart."""
    repeated: list[str] = field(default_factory=list)
    """Texts of the header's cells that later pages repeat: they are left out."""

    @property
    def box(self) -> Box:
        """The part's outline."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def find_parts(rules: list[Rule], page: int) -> list[Part]:
    """The grids that the ruling lines form on a page, from top to bottom, still without text.

    Raises TooManyRulesError for a drawing.
    """
    flat = [rule for rule in rules if rule.is_horizontal]
    upright = [rule for rule in rules if not rule.is_horizontal]
    if min(len(flat), len(upright)) < 2:
        return []
    if len(rules) > _MOST_RULES:
        raise TooManyRulesError
    from pdfplumber import table as finder  # noqa: PLC0415 costs 0.1 s, most pages need none

    edges = finder.merge_edges([_edge(rule) for rule in rules], *(_NEAR for _ in range(4)))
    edges = [edge for edge in edges if _length(edge) >= _NEAR]
    closing = _closing_edges(edges)
    corners = finder.edges_to_intersections(edges + closing, _NEAR, _NEAR)
    if len(corners) > _MOST_CORNERS:
        raise TooManyRulesError
    tables = finder.cells_to_tables(_cells(corners))
    parts = [_part(cells, page) for cells in tables]
    added = {edge["top"] for edge in closing if edge["orientation"] == "h"}
    for part in parts:
        part.open_top, part.open_bottom = part.ys[0] in added, part.ys[-1] in added
    return parts


def _edge(rule: Rule) -> dict[str, Any]:
    return {
        "x0": rule.x0,
        "x1": rule.x1,
        "top": rule.top,
        "bottom": rule.bottom,
        "width": rule.x1 - rule.x0,
        "height": rule.bottom - rule.top,
        "orientation": "h" if rule.is_horizontal else "v",
    }


def _length(edge: dict[str, Any]) -> float:
    if edge["orientation"] == "h":
        return float(edge["x1"] - edge["x0"])
    return float(edge["bottom"] - edge["top"])


def _closing_edges(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Edges that close a grid whose lines end together without a rule across their ends.

    Word leaves out the rule where a page cuts a row, and some tables have no outer sides.
    """
    closing = []
    for along, across, position, ends in (
        ("v", "h", "x0", ("top", "bottom")),
        ("h", "v", "top", ("x0", "x1")),
    ):
        lines = [edge for edge in edges if edge["orientation"] == along]
        crossing = [edge for edge in edges if edge["orientation"] == across]
        for end in ends:
            for group in _ending_together(lines, end):
                for chain in _chained(group, crossing, position):
                    place = statistics.fmean(edge[end] for edge in chain)
                    low, high = chain[0][position], chain[-1][position]
                    is_flat = across == "h"
                    rule = (
                        Rule(low, place, high, place) if is_flat else Rule(place, low, place, high)
                    )
                    edge = _edge(rule)
                    if not any(_covers(other, edge) for other in crossing):
                        closing.append(edge)
    return closing


def _ending_together(lines: list[dict[str, Any]], side: str) -> list[list[dict[str, Any]]]:
    groups: list[list[dict[str, Any]]] = []
    for line in sorted(lines, key=lambda edge: float(edge[side])):
        if groups and line[side] - groups[-1][-1][side] <= _NEAR:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _chained(
    group: list[dict[str, Any]], crossing: list[dict[str, Any]], position: str
) -> list[list[dict[str, Any]]]:
    """Three and more parallel lines of which each is tied to the next by a drawn crossing line."""
    low, high = ("x0", "x1") if position == "x0" else ("top", "bottom")
    chains: list[list[dict[str, Any]]] = []
    for line in sorted(group, key=lambda edge: float(edge[position])):
        is_tied = chains and any(
            edge[low] - _NEAR <= chains[-1][-1][position]
            and line[position] <= edge[high] + _NEAR
            and _covers(edge, line)
            for edge in crossing
        )
        if is_tied:
            chains[-1].append(line)
        else:
            chains.append([line])
    return [chain for chain in chains if len(chain) > 2]


def _covers(edge: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a drawn edge lies where the wanted one would, over part of its length."""
    return bool(
        edge["x0"] - _NEAR <= wanted["x1"]
        and wanted["x0"] <= edge["x1"] + _NEAR
        and edge["top"] - _NEAR <= wanted["bottom"]
        and wanted["top"] <= edge["bottom"] + _NEAR
    )


def _cells(corners: dict[tuple[float, float], dict[str, list[Any]]]) -> list[Box]:
    """The smallest rectangles whose four sides lie on edges.

    The same as pdfplumber's ``intersections_to_cells``, which looks at every pair of corners.
    """
    down: dict[float, list[float]] = {}
    across: dict[float, list[float]] = {}
    upright: dict[tuple[float, float], set[int]] = {}
    flat: dict[tuple[float, float], set[int]] = {}
    for x, y in sorted(corners):
        down.setdefault(x, []).append(y)
        across.setdefault(y, []).append(x)
        upright[x, y] = {id(edge) for edge in corners[x, y]["v"]}
        flat[x, y] = {id(edge) for edge in corners[x, y]["h"]}

    def smallest(x: float, y: float) -> Box | None:
        rights = [
            right
            for right in across[y][bisect_right(across[y], x) :]
            if flat[x, y] & flat[right, y]
        ]
        for bottom in down[x][bisect_right(down[x], y) :]:
            if not upright[x, y] & upright[x, bottom]:
                continue
            for right in rights:
                if (
                    (right, bottom) in corners
                    and upright[right, bottom] & upright[right, y]
                    and flat[right, bottom] & flat[x, bottom]
                ):
                    return x, y, right, bottom
        return None

    return [cell for corner in sorted(corners) if (cell := smallest(*corner)) is not None]


def _part(cells: list[Box], page: int) -> Part:
    """The grid that a group of adjoining cells forms, with spans from where rules are missing."""
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    column_of = {x: place for place, x in enumerate(xs)}
    row_of = {y: place for place, y in enumerate(ys)}
    taken: set[tuple[int, int]] = set()
    placed = []
    for cell in sorted(cells, key=lambda box: (box[1], box[0])):
        left, top, right, bottom = (
            column_of[cell[0]],
            row_of[cell[1]],
            column_of[cell[2]],
            row_of[cell[3]],
        )
        places = {(row, column) for row in range(top, bottom) for column in range(left, right)}
        if not places & taken:
            taken |= places
            placed.append(PartCell(top, left, bottom - top, right - left, cell, page))
    return Part(page, xs, ys, placed, len(ys) - 1)


# --------------------------------------------------------------------------------------------
# Text of the cells


def fill_parts(parts: list[Part], page: Page, annotations: list[Piece]) -> list[Piece]:
    """Put the page's text into the cells of its grids; returns what stands outside of them."""
    owners = [Owners(part) for part in parts]
    outside: list[Piece] = []
    for start, end in page.lines:
        # pdfium takes a title and the header below it for one line, on turned pages above all.
        middles = page.middle(start), page.middle(end - 1)
        high, low = min(middles), max(middles)
        near = [owned for owned in owners if owned.top <= low and high < owned.bottom]
        if not near:
            outside += page.pieces(start, end)
            continue
        rest: list[Glyph] = []
        for glyph in page.glyphs(start, end):
            x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
            for owned in near:
                if (place := owned.at(x, y)) is not None:
                    owned.glyphs[place].append(glyph)
                    break
            else:
                rest.append(glyph)
        outside += page.weighed(pieces_of(rest))
    for piece in page.turned_pieces() + annotations:
        x, y = (piece.x0 + piece.x1) / 2, (piece.top + piece.bottom) / 2
        for owned in owners:
            if (place := owned.at(x, y)) is not None:
                owned.turned[place].append(piece)
                break
        else:
            outside.append(piece)
    for owned in owners:
        owned.fill(page)
    return outside


def strayed(parts: list[Part], outside: list[Piece]) -> list[Piece]:
    """The pieces in no cell that stand within the frame of a table, or on it with half a line."""
    boxes = [part.box for part in parts]
    return [
        piece
        for piece in outside
        if any(
            left < (piece.x0 + piece.x1) / 2 < right
            and min(piece.bottom, bottom) - max(piece.top, top) > _STRAYED * piece.height
            for left, top, right, bottom in boxes
        )
    ]


class Owners:
    """Which cell of a part a place on the page belongs to, and what has been put there."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.cells = part.cells
        self.left, self.top, self.right, self.bottom = part.box
        self._owner = {
            (row, column): place
            for place, cell in enumerate(part.cells)
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        self._last: tuple[int, Box] = (-1, (0.0, 0.0, 0.0, 0.0))
        self.glyphs: list[list[Glyph]] = [[] for _ in part.cells]
        self.turned: list[list[Piece]] = [[] for _ in part.cells]

    def at(self, x: float, y: float) -> int | None:
        """The cell's place in the part's list; None outside of all cells."""
        last, (x0, top, x1, bottom) = self._last
        if x0 <= x < x1 and top <= y < bottom:
            return last
        part = self._part
        if not (self.left <= x < self.right and self.top <= y < self.bottom):
            return None
        place = self._owner.get((bisect_right(part.ys, y) - 1, bisect_right(part.xs, x) - 1))
        if place is not None:
            self._last = (place, part.cells[place].box)
        return place

    def fill(self, page: Page) -> None:
        """Give the cells their lines and texts."""
        for cell, glyphs, turned in zip(self._part.cells, self.glyphs, self.turned, strict=True):
            cell.lines = lines_of(page.weighed(pieces_of(glyphs))) if glyphs else []
            cell.lines += [[piece] for piece in sorted(turned, key=lambda piece: piece.x0)]
            cell.text = joined_text(cell.lines, cell.inner_width)


def lines_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces as lines from top to bottom, each from left to right with adjoining ones joined."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.top + piece.bottom):
        middle = (piece.top + piece.bottom) / 2
        if lines and lines[-1][0].top <= middle <= lines[-1][0].bottom:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [joined(line) for line in lines]


def joined_text(lines: list[list[Piece]], width: float) -> str:
    r"""The text of lines in a column of that width.

    A line end is a '\n' where the next word had still fitted on the line, so that the writer
    must have ended it, and a mere wrap otherwise.
    """
    text = ""
    for place, line in enumerate(lines):
        words = " ".join(piece.text for piece in line)
        if place:
            room = width - _width(lines[place - 1])
            text += separator(text, line, room)
        text += words
    return text


def separator(before: str, line: list[Piece], room: float) -> str:
    r"""What joins a text with its next line: '\n', ' ', or '' behind a dash or stroke."""
    if line[0].turned or first_word_fits(line, room):
        return " " if line[0].turned else "\n"
    # 'BC-' + 'UBND', '2021-' + '2030', '4.514/' + '16.091': broken behind the sign.
    last = before[-2:]
    return "" if len(last) == 2 and last[1] in "-–/" and not last[0].isspace() else " "


def first_word_fits(line: list[Piece], room: float) -> bool:
    """Whether the line's first word and a space had fitted into that room."""
    piece = line[0]
    word = piece.text.split(maxsplit=1)[0] if piece.text.split() else ""
    share = len(word) / max(len(piece.text), 1)
    return (piece.x1 - piece.x0) * share * 1.1 + 0.3 * piece.height < room


def _width(line: list[Piece]) -> float:
    return line[-1].x1 - line[0].x0
