"""Text read from pictures, spelled as it was written: spaces that the reading lost put back.

Only words are touched, and only where the print was read from a picture: what was read stays
beside as ``original``, and no figure is ever changed. A word is parted where it is more than one
syllable and every part is a syllable that the catalogue's own wordings use ('Sốhộnghèo'), and
before a capital inside it ('TânBình').
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from extractors.document import Extraction, Paragraph, Table
from transforms.text import CAPITALS, VOWELS, key

if TYPE_CHECKING:
    from transforms.vocabulary import Vocabulary

_WORD = re.compile(r"[^\W\d_]{4,30}")
_VOWEL_RUNS = re.compile(rf"[{VOWELS}]+")
_CAPITAL_INSIDE = re.compile(rf"(?<=[^\W\d_{CAPITALS}])(?=[{CAPITALS}][^\W\d_{CAPITALS}])")
_GLUED_YEAR = re.compile(r"(?i)(?<=năm)(?=\d)|(?<=tháng)(?=\d)")
_GLUED_BRACKET = re.compile(r"(?<=[^\W\d_])(?=[(%])")


def as_written(extraction: Extraction, vocabulary: Vocabulary) -> Extraction:
    """The extraction with the words of its scanned blocks spelled as they were written."""
    if not any(_is_scanned(block) for block in extraction.blocks):
        return extraction
    respell = cache(lambda text: _respelled(text, vocabulary.syllables))

    def spelled(block: Paragraph | Table) -> Paragraph | Table:
        if not _is_scanned(block):
            return block
        if isinstance(block, Paragraph):
            text = respell(block.text)
            return replace(block, text=text, original=_original(block.original, block.text, text))
        cells = tuple(
            replace(
                cell,
                text=(text := respell(cell.text)),
                original=_original(cell.original, cell.text, text),
            )
            for cell in block.cells
        )
        return replace(block, cells=cells)

    return replace(extraction, blocks=tuple(spelled(block) for block in extraction.blocks))


def _is_scanned(block: Paragraph | Table) -> bool:
    if isinstance(block, Paragraph):
        return block.confidence < 1
    return any(cell.confidence < 1 for cell in block.cells)


def _original(original: str | None, before: str, after: str) -> str | None:
    return before if original is None and before != after else original


def _respelled(text: str, syllables: frozenset[str]) -> str:
    parted = _GLUED_BRACKET.sub(" ", _GLUED_YEAR.sub(" ", _CAPITAL_INSIDE.sub(" ", text)))
    return _WORD.sub(lambda word: " ".join(_syllables(word.group(), syllables)), parted)


def _syllables(word: str, known: frozenset[str]) -> list[str]:
    """The syllables that a word is run together of; the word itself where it is one, or where
    that cannot be told.
    """
    if len(_VOWEL_RUNS.findall(word.lower())) < 2 or key(word) in known:
        return [word]
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        ways = [
            [*best[start], word[start:end]]
            for start in best
            if end - start <= 7 and key(word[start:end]) in known
        ]
        if ways:
            best[end] = min(ways, key=len)
    return best.get(len(word), [word])
