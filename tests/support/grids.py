"""Tables for tests, drawn as text: '<' continues the cell to the left, '^' the cell above."""

from __future__ import annotations

from extractors.document import Cell, Table


def draw(text: str, index: int = 0, header_rows: int | None = None) -> Table:
    """A table from lines of '|'-separated cells."""
    lines = [line for line in text.strip("\n").splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    cells = []
    for row, texts in enumerate(rows):
        for column, value in enumerate(texts):
            if value in ("<", "^"):
                continue
            column_span = 1
            while column + column_span < len(texts) and texts[column + column_span] == "<":
                column_span += 1
            row_span = 1
            while row + row_span < len(rows) and rows[row + row_span][column] == "^":
                row_span += 1
            shown = value.replace("\\n", "\n")
            cells.append(Cell(row, column, shown, row_span, column_span))
    return Table(index, len(rows), max(map(len, rows)), tuple(cells), header_rows=header_rows)
