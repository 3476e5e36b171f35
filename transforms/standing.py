"""Which numerals an observation stands on: the place in the text that its value was read from."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from transforms.numbers import number_words
from transforms.numerals import Place, same_digits

if TYPE_CHECKING:
    from transforms.reading import Observation

_OF_A_MARK = (Decimal(0), Decimal(100))
"""What a mark is read as: 'Chưa đạt', 'Đạt'."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Observations by the numerals that they stand on, and by the words or marks of those that are
    not written in digits.
    """

    numerals: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    words: defaultdict[Place, list[int]] = field(default_factory=lambda: defaultdict(list))


def stand(
    text: str,
    low: str,
    numerals: Sequence[Place],
    observations: Iterable[tuple[int, Observation]],
    *,
    stored: bool = False,
) -> Standing:
    """The numerals of each observation of one paragraph or cell; every observation has some.

    From left to right, a numeral for each where there are enough. ``stored``: the format itself
    stores the value, and the text may show it rounded.
    """
    standing = Standing()
    starts = [place.start for place in numerals]
    for index, one in observations:
        start, end = one.span or (0, len(text))
        inside = range(bisect_left(starts, start), bisect_left(starts, end))
        fitting = [
            each
            for each in inside
            if same_digits(text[numerals[each].start : numerals[each].end], one.value)
        ]
        free = [each for each in fitting if each not in standing.numerals]
        if fitting:
            standing.numerals[(free or fitting)[0]].append(index)
        elif inside and (stored or _together(text, numerals, inside, one.value)):
            for each in inside:
                standing.numerals[each].append(index)
        elif words := _words(low, start, end, one):
            standing.words[words].append(index)
        else:
            for each in inside:
                standing.numerals[each].append(index)
            if not inside:
                standing.words[_stripped(text, start, end)].append(index)
    return standing


def _together(text: str, numerals: Sequence[Place], inside: range, value: Decimal) -> bool:
    """'1 234': one value in several numerals."""
    whole = text[numerals[inside[0]].start : numerals[inside[-1]].end]
    return same_digits(whole, value)


def _words(low: str, start: int, end: int, one: Observation) -> Place | None:
    """The number words, or else the mark, that an observation stands on."""
    for first, last, value in number_words(low[start:end]):
        if same_digits(str(value), one.value):
            return Place(start + first, start + last)
    if one.span is None and one.value in _OF_A_MARK:
        return _mark(low)
    return None


def _mark(low: str) -> Place:
    """'Đạt' of 'Đạt mức độ 2': the text before its first digit, or all of it."""
    digit = next((place for place, char in enumerate(low) if char.isdigit()), len(low))
    before = _stripped(low, 0, digit)
    return before if before.start < before.end else _stripped(low, 0, len(low))


def _stripped(text: str, start: int, end: int) -> Place:
    part = text[start:end]
    first = start + len(part) - len(part.lstrip())
    return Place(first, first + len(part.strip()))
