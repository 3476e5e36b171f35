"""Rows of a table whose cells hold several lines that belong to each other, line by line.

Whoever writes three models below each other in one row, with three numbers in each cell beside
them, has written three rows without the rules between them. They are parted here where the lines
of all cells agree; where only the cells of figures agree, the row stays one and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from extractors.document import Block, Cell, Content, Finding, Source, Table

_FIGURE: Final = re.compile(r"[-–x]|[-–+]?[\d.,/%\s]*\d[\d.,/%\s]*")
"""A number alone; one in brackets below another says more of it ('1.260' and '(105%)')."""
_ITEM: Final = re.compile(r"\s*[-–+•*]\s+\S")
_FEWEST: Final = 2
"""Columns of figures that a row of several lines has at least."""

Starts = list[int]
"""Of every row of the table as it stood, its first row now; the number of rows at the end."""


def with_parted_rows(content: Content) -> Content:
    """The content with stacked rows parted, and findings on rows that may be stacked.

    Tables of sheets keep the rows that their addresses tell, tables that hold others keep theirs.
    """
    holding = {block.parent[0] for block in _tables(content.blocks) if block.parent}
    blocks: list[Block] = []
    moved: dict[int, Starts] = {}
    doubts: list[Finding] = []
    for block in content.blocks:
        if isinstance(block, Table) and block.corner is None and block.index not in holding:
            heights, found = _heights(block)
            doubts += found
            if heights:
                moved[block.index] = _starts(block, heights)
                blocks.append(_parted(block, heights, moved[block.index]))
                continue
        blocks.append(block)
    if not moved and not doubts:
        return content
    findings = (_moved(finding, moved) for finding in (*content.findings, *doubts))
    return replace(content, blocks=tuple(blocks), findings=tuple(findings))


def _tables(blocks: Iterable[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _heights(table: Table) -> tuple[dict[int, int], list[Finding]]:
    """Rows that are parted with the number of rows that each becomes, and doubts on others."""
    rows: dict[int, list[Cell]] = {}
    if any("\n" in cell.text for cell in table.cells):
        for cell in table.cells:
            rows.setdefault(cell.row, []).append(cell)
    heights: dict[int, int] = {}
    doubts: list[Finding] = []
    for row, cells in rows.items():
        count = _stacked(cells)
        if count is None:
            continue
        height = _height(cells, count)
        if height is None:
            doubts.append(_doubt(table, cells))
        else:
            heights[row] = height
    return heights, doubts


def _lines(cell: Cell) -> list[str]:
    return cell.text.split("\n") if cell.text else []


def _stacked(cells: list[Cell]) -> int | None:
    """How many lines the cells of figures have, all the same number; None for any other row."""
    counts = [
        len(lines)
        for cell in cells
        if len(lines := _lines(cell)) > 1 and all(map(_FIGURE.fullmatch, lines))
    ]
    return counts[0] if len(counts) >= _FEWEST and len(set(counts)) == 1 else None


def _height(cells: list[Cell], count: int) -> int | None:
    """The rows that a stacked row becomes: one a line, and one for the heading above the lines.

    None where the words do not go with the figures, line by line.
    """
    if any(cell.row_span > 1 for cell in cells):
        return None
    words = [lines for cell in cells if (lines := _lines(cell)) and not _are_figures(lines)]
    if any(_is_headed(lines, count) for lines in words):
        is_told = all(_is_headed(lines, count) or len(lines) in {1, count} for lines in words)
        return count + 1 if is_told else None
    is_told = any(words) and all(len(_lines(cell)) in {0, count} for cell in cells)
    return count if is_told else None


def _are_figures(lines: list[str]) -> bool:
    return all(map(_FIGURE.fullmatch, lines))


def _is_headed(lines: list[str], count: int) -> bool:
    """Whether a heading stands above as many items of a list."""
    return (
        len(lines) == count + 1 and not _ITEM.match(lines[0]) and all(map(_ITEM.match, lines[1:]))
    )


def _starts(table: Table, heights: dict[int, int]) -> Starts:
    starts = [0]
    for row in range(table.rows):
        starts.append(starts[-1] + heights.get(row, 1))
    return starts


def _parted(table: Table, heights: dict[int, int], starts: Starts) -> Table:
    cells: list[Cell] = []
    for cell in table.cells:
        start = starts[cell.row]
        if cell.row in heights:
            cells += _parted_cell(cell, start, heights[cell.row])
        else:
            span = starts[cell.row + cell.row_span] - start
            cells.append(replace(cell, row=start, row_span=span))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    header = None if table.header_rows is None else starts[table.header_rows]
    return replace(table, rows=starts[-1], cells=tuple(cells), header_rows=header)


def _parted_cell(cell: Cell, start: int, height: int) -> list[Cell]:
    """A cell a row; what is one line stands in the first, what lacks the heading in the others."""
    lines = _lines(cell)
    stored = [] if cell.original is None else cell.original.split("\n")
    above = height - len(lines) if len(lines) > 1 else 0
    parts: list[Cell] = []
    for place in range(height):
        line = place - above
        is_there = 0 <= line < len(lines)
        original = stored[line] if is_there and len(stored) == len(lines) else None
        text = lines[line].strip() if is_there else ""
        parts.append(replace(cell, row=start + place, text=text, original=original))
    return parts


def _doubt(table: Table, cells: list[Cell]) -> Finding:
    first = next(cell for cell in cells if cell.text)
    text = " | ".join(" ".join(cell.text.split()) for cell in cells if cell.text)
    source = Source(
        "table", text, page=first.page, table=table.index, row=first.row, column=first.column
    )
    return Finding("row-holds-several", {"text": text}, source)


def _moved(finding: Finding, moved: dict[int, Starts]) -> Finding:
    """The finding with its row where it stands now."""
    source = finding.source
    if source is None or source.table is None or source.row is None:
        return finding
    starts = moved.get(source.table)
    return (
        finding
        if starts is None
        else replace(finding, source=replace(source, row=starts[source.row]))
    )
