"""Grids as the sources write them: a line is a row, ``|`` parts cells, ``<`` and ``^`` merge."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass
class Cell:
    """One cell that is really there, with the size it takes in the grid."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass
class Grid:
    width: int
    height: int
    cells: list[Cell]
    notes: list[dict[str, Any]] = field(default_factory=list)  # what stands behind ## in a line

    def at(self, row: int, column: int) -> Cell:
        """The cell that covers a place of the grid."""
        for cell in self.cells:
            inside = cell.row <= row < cell.row + cell.rows
            if inside and cell.column <= column < cell.column + cell.columns:
                return cell
        raise IndexError(f"no cell covers row {row}, column {column}")

    def starts(self, row: int, column: int) -> Cell | None:
        """The cell that begins at a place of the grid."""
        cell = self.at(row, column)
        return cell if (cell.row, cell.column) == (row, column) else None


def split_line(line: str) -> tuple[list[str], dict[str, Any]]:
    body, _, note = line.partition(" ##")
    cells = [part.strip() for part in body.split("|")]
    note = note.strip()
    if note == "skip":
        return cells, {"skip": True}
    return cells, yaml.safe_load(note) if note else {}


def parse_grid(source: str) -> Grid:
    lines = [line for line in source.splitlines() if line.strip()]
    rows, notes = zip(*(split_line(line) for line in lines), strict=True)
    width = max(len(row) for row in rows)
    for number, row in enumerate(rows):
        if len(row) != width:
            raise ValueError(f"row {number} has {len(row)} cells, not {width}: {lines[number]}")
    owners: dict[tuple[int, int], Cell] = {}
    cells: list[Cell] = []
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text == "<":
                owner = owners[i, j - 1]
                owner.columns = max(owner.columns, j - owner.column + 1)
            elif text == "^":
                owner = owners[i - 1, j]
                owner.rows = max(owner.rows, i - owner.row + 1)
            else:
                owner = Cell(i, j, text)
                cells.append(owner)
            owners[i, j] = owner
    return Grid(width, len(rows), cells, list(notes))


INLINE = re.compile(r"\{(\^|ins:|del:|hid:)([^{}]*)\}|\*\*([^*]+)\*\*|__([^_]+)__")


@dataclass
class Piece:
    """A stretch of text in one manner."""

    text: str
    bold: bool = False
    italic: bool = False
    manner: str = ""  # '^' raised, 'ins:', 'del:', 'hid:'


def pieces(text: str) -> list[Piece]:
    """``**bold**``, ``__italic__``, ``{^1}`` raised, ``{ins:…}``, ``{del:…}``, ``{hid:…}``."""
    found: list[Piece] = []
    end = 0
    for match in INLINE.finditer(text):
        if match.start() > end:
            found.append(Piece(text[end : match.start()]))
        if match[1]:
            found.append(Piece(match[2], manner=match[1]))
        elif match[3]:
            found.append(Piece(match[3], bold=True))
        else:
            found.append(Piece(match[4], italic=True))
        end = match.end()
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def content(text: str) -> str:
    """What a reader takes a text to say: without raised marks, deleted and hidden words."""
    return "".join(piece.text for piece in pieces(text) if piece.manner in ("", "ins:"))


def printed(text: str) -> str:
    """The text as it stands on the page, raised marks as ordinary characters."""
    return "".join(piece.text for piece in pieces(text) if piece.manner not in ("del:", "hid:"))
