"""A report that a person has edited beside the new one: which of its figures are others.

Both are read as any document is: rows of tables and paragraphs, line by line. Lines whose words are
the same are beside each other; a line that was reworded is beside the one that it is nearest to.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from extractors.document import Extraction, Paragraph, Table

_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_CELL: Final = " · "
_NEAR: Final = 60
"""How alike two lines' words are, of 100, for one to be the other reworded."""
MOST_WORDS: Final = 90
"""Characters of a line's words that are quoted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the report and its figures in both, '' where there are none."""

    words: str
    edited: str
    new: str


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    figures: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The words, cells without any left out."""
        cells = [cell for cell in self.words.split(_CELL) if _LETTER.search(cell)]
        return " ".join(_CELL.join(cells).replace("#", "…").split())[:MOST_WORDS]


def differing(edited: Extraction, new: Extraction) -> list[Difference]:
    """The new report's lines whose figures the edited one has otherwise, in the new one's order."""
    left: dict[str, list[_Line]] = defaultdict(list)
    for line in _lines(edited):
        left[line.words].append(line)
    reworded, found = [], []
    for place, line in enumerate(_lines(new)):
        if same := left.get(line.words):
            before = same.pop(0)
            if before.figures != line.figures:
                found.append((place, _difference(line, before)))
        elif line.figures:
            reworded.append((place, line))
    rest = [line for lines in left.values() for line in lines]
    seen = {figure for line in _lines(edited) for figure in line.figures}
    for place, line in reworded:
        nearest = _nearest(line, rest)
        if nearest is not None and Counter(nearest.figures) != Counter(line.figures):
            found.append((place, _difference(line, nearest)))
        elif nearest is None and (unseen := [one for one in line.figures if one not in seen]):
            found.append((place, Difference(line.shown, "", ", ".join(unseen))))
    return [one for _, one in sorted(found, key=lambda each: each[0])]


def _difference(new: _Line, edited: _Line) -> Difference:
    """What is other on one side than on the other."""
    before, now = Counter(edited.figures), Counter(new.figures)
    return Difference(
        new.shown, ", ".join((before - now).elements()), ", ".join((now - before).elements())
    )


def _nearest(line: _Line, others: Sequence[_Line]) -> _Line | None:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 only an edited report needs it

    words = [other.words for other in others]
    best = process.extractOne(line.words, words, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return None if best is None else others[best[2]]


def _lines(extraction: Extraction) -> Iterator[_Line]:
    for block in extraction.blocks:
        match block:
            case Paragraph():
                yield _line(block.text)
            case Table():
                cells = sorted(block.cells, key=lambda cell: (cell.row, cell.column))
                for _, row in groupby(cells, key=lambda cell: cell.row):
                    yield _line(_CELL.join(cell.text for cell in row if cell.text.strip()))


def _line(text: str) -> _Line:
    return _Line(_FIGURE.sub("#", text), tuple(_FIGURE.findall(text)))
