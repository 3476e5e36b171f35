"""Conservation: what was read of a document is compared with what the document shows.

Every format counts what it shows by a way of its own that knows nothing of paragraphs and tables
(:class:`extractors.document.Shown`). Words that the reading lost, or holds twice, become findings.
What is left out or added on purpose is an :class:`extractors.document.Account` with its reason; the
comparison itself forgives nothing but white space and the way in which words are parted.

The words of both sides are counted, so that the order in which a page is read does not matter and
the cost is linear; only where the counts differ is a place looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from extractors.document import Block, Cell, Content, Finding, Paragraph, Shown, Source, Table

CODE: Final = "text-not-placed"
_LOST: Final = "bị sót"
_TWICE: Final = "bị lặp"
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]|_")
"""A number with its separators, a word, or a sign."""
_INVISIBLE: Final = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
_DASHES: Final = ("\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212")
"""Raised and lowered dashes are minus signs once they stand on the line."""
_LONGEST: Final = 120
"""Letters of a word that is tried to be put together from others: a leader's dots are longer."""
_MOST_STEPS: Final = 2_000
"""Steps after which a word is taken not to be made of others."""
_MOST_PLACE: Final = 80
_MOST_TEXT: Final = 300
"""Letters of lost text that a finding quotes."""

Words = Counter[str]
CellKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text with the place that a finding names."""

    text: str
    source: Source
    place: str


def doubts(content: Content) -> list[Finding]:
    """What the document shows and the blocks do not hold, and what they hold twice.

    Raises ValueError where the format's function has counted nothing.
    """
    if content.shown is None:
        raise ValueError("what the document shows was not counted")
    added = [account.text for account in content.accounts if account.is_added]
    left_out = [account.text for account in content.accounts if not account.is_added]
    if not any(each.cell for each in content.shown):
        # Nearly every document ends here, so that no place is made for a text before.
        texts = [_stored(item) for item in _items(content.blocks)]
        if not _differing([each.text for each in content.shown], added, left_out, texts):
            return []
    shown, read = _without_cells(content.shown, list(_read(content.blocks)))
    differing = _differing(
        [each.text for each in shown], added, left_out, [each.text for each in read]
    )
    lost, twice = _parted(+differing), _parted(-differing)
    both = lost & twice
    lost, twice = _respelled(lost - both, twice - both)
    return [*_findings(lost, list(_lines(shown)), _LOST), *_findings(twice, read, _TWICE)]


def _differing(shown: list[str], added: list[str], left_out: list[str], read: list[str]) -> Words:
    """How often a word is shown more than it was read; negative where it was read more often."""
    sides = ["\n".join([*shown, *added]), "\n".join([*read, *left_out])]
    one, other = (normal(side).split() for side in sides)
    if one == other:
        return Counter()
    words = Counter(one)
    words.subtract(other)
    return Counter({word: count for word, count in words.items() if count})


def normal(text: str) -> str:
    """The text as both sides are compared: compatible letters are one, invisible ones none."""
    if text.isascii():
        return text
    for sign in _INVISIBLE:
        text = text.replace(sign, "")
    text = unicodedata.normalize("NFKC", text)
    for sign in _DASHES:
        text = text.replace(sign, "-")
    return text


def _parted(words: Words) -> Words:
    """The words taken apart into numbers, words and signs."""
    tokens: Words = Counter()
    for word, count in words.items():
        for token in _TOKEN.findall(word):
            tokens[token] += count
    return tokens


# --------------------------------------------------------------------------------------------
# The two sides


def _items(blocks: Iterable[Block]) -> Iterator[Paragraph | Cell]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from block.cells


def _read(blocks: Iterable[Block]) -> Iterator[tuple[_Stretch, CellKey | None]]:
    """What was read, each spanning cell once, as it stood before old encodings were converted."""
    for block in blocks:
        if isinstance(block, Paragraph):
            source = Source("text", block.text, page=block.page, row=block.index, bbox=block.bbox)
            yield _Stretch(_stored(block), source, f"đoạn {block.index + 1}"), None
            continue
        for cell in block.cells:
            if cell.text or cell.original:
                yield _of_cell(block, cell)


def _of_cell(table: Table, cell: Cell) -> tuple[_Stretch, CellKey | None]:
    source = table.source(cell)
    key = None
    if table.corner is not None:
        key = (table.sheet or "", table.corner[0] + cell.row, table.corner[1] + cell.column)
    place = f"bảng {table.index + 1}, dòng {cell.row + 1}, cột {cell.column + 1}"
    return _Stretch(_stored(cell), source, place), key


def _stored(item: Paragraph | Cell) -> str:
    return item.text if item.original is None else item.original


def _without_cells(
    shown: Iterable[Shown], read: list[tuple[_Stretch, CellKey | None]]
) -> tuple[list[_Stretch], list[_Stretch]]:
    """Both sides without the cells of sheets that were read at their own address.

    A number is shown in ever so many ways: there the address is what is compared.
    """
    stored = {each.cell: each for each in shown if each.cell is not None}
    rest: list[_Stretch] = []
    for stretch, key in read:
        known = None if key is None else stored.get(key)
        if (
            key is not None
            and known is not None
            and (known.is_number or _is_same(known.text, stretch.text))
        ):
            del stored[key]
        else:
            rest.append(stretch)
    left = [each for each in shown if each.cell is None or each.cell in stored]
    return [_Stretch(e.text, Source("text", "", page=e.page), e.place) for e in left], rest


def _is_same(text: str, other: str) -> bool:
    return text == other or "".join(normal(text).split()) == "".join(normal(other).split())


def _lines(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """What is shown line by line, each with its own words as its place."""
    for stretch in stretches:
        for line in filter(str.strip, stretch.text.splitlines()):
            words = " ".join(line.split())
            excerpt = words if len(words) <= _MOST_PLACE else words[:_MOST_PLACE] + "…"
            yield _Stretch(line, stretch.source, f"{stretch.place}: '{excerpt}'")


# --------------------------------------------------------------------------------------------
# What differs


def _respelled(lost: Words, twice: Words) -> tuple[Words, Words]:
    """Both without the words that are only parted elsewhere ('Đ ức' is 'Đức')."""
    for words, parts in ((lost, twice), (twice, lost)):
        for word in list(words):
            while words[word] > 0 and (spelling := _spelling(word, parts)):
                words[word] -= 1
                parts.subtract(spelling)
    return +lost, +twice


def _spelling(word: str, parts: Words) -> list[str] | None:
    """The parts that make up the word, each as often as there is one of it; None without them."""
    if len(word) > _LONGEST:
        return None
    waiting: list[tuple[int, list[str]]] = [(0, [])]
    steps = 0
    while waiting and steps < _MOST_STEPS:
        steps += 1
        start, taken = waiting.pop()
        if start == len(word):
            return taken
        for end in range(start + 1, len(word) + 1):
            part = word[start:end]
            if parts[part] > taken.count(part):
                waiting.append((end, [*taken, part]))
    return None


def _findings(tokens: Words, stretches: list[_Stretch], how: str) -> list[Finding]:
    """A finding for every stretch that the tokens stand in, longest runs of them first."""
    left = Counter({token: count for token, count in tokens.items() if _says_something(token)})
    if not left:
        return []
    runs = [
        (-len(run), place, run)
        for place, stretch in enumerate(stretches)
        for run in _runs(stretch.text, tokens)
    ]
    found: dict[int, list[str]] = {}
    for _, place, run in sorted(runs, key=lambda each: each[:2]):
        taken = []
        for token in run:
            if left[token] > 0:
                left[token] -= 1
                taken.append(token)
        if taken:
            found.setdefault(place, []).append(" ".join(taken))
    unknown = " ".join((+left).elements())
    if unknown:
        # It stands in no stretch as a word of its own: in an account that counts too much, say.
        found[len(stretches)] = [unknown]
        stretches = [*stretches, _Stretch(unknown, Source("text", unknown), "không rõ chỗ")]
    return [_finding(stretches[place], texts, how) for place, texts in sorted(found.items())]


def _says_something(token: str) -> bool:
    return token[0].isalnum() or token in {"%", "‰"}


def _runs(text: str, tokens: Words) -> Iterator[list[str]]:
    run: list[str] = []
    for token in _TOKEN.findall(normal(text)):
        if tokens[token] > 0:
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _finding(stretch: _Stretch, texts: list[str], how: str) -> Finding:
    text = " … ".join(texts)
    if len(text) > _MOST_TEXT:
        text = text[:_MOST_TEXT] + "…"
    source = stretch.source if stretch.source.text else replace(stretch.source, text=text)
    return Finding(CODE, {"text": text, "place": stretch.place, "how": how}, source)
