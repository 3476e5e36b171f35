"""Why a numeral is no figure: what reading has told of it already, then the words beside it.

The reasons are entries of ``catalog/numerals.yaml``. There is none for what is left over: whoever
asks gets no reason, and the numeral is a doubt.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from transforms.columns import phrase_pattern
from transforms.dates import find_dates, find_periods, lower
from transforms.matching import strip_mark
from transforms.nonfigures import YEAR, nonfigure_at
from transforms.numbers import LIST_MARK, end_of_day
from transforms.sections import mark_of
from transforms.text import clean, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalog.catalogue import Catalogue
    from transforms.numerals import Place
    from transforms.reading import Header
    from transforms.vocabulary import Vocabulary

Reasons = dict[int, str]
"""Place of a numeral among those of its text -> the reason why it is no figure."""

_BEFORE = 40
"""How many characters before a numeral are looked at for the words that tell what it is."""
_NEAR = 10
"""How many characters around a numeral must stand in a title, too, for it to be the title's."""
_LINE = re.compile(r"(?:^|\n)(?=.)")
_FOOTNOTE = re.compile(r"(?<=\d[(\[])\d(?=[)\]])")
_COLUMN_NUMBER = re.compile(r"(?<=[(\[])\d{1,2}(?=[)\]])")
_FORMULA = re.compile(
    r"[(\[]?\d{1,2}[)\]]?\s*=[^\n=]*\d[^\n]*|=\s*[(\[]?\d{1,2}[)\]]?\s*[-+:/x*][^\n]*\d[^\n]*"
    r"|\(\d{1,2}/\d{1,2}\)$"
)
_YEAR = re.compile(rf"(?<![\d.,]){YEAR}(?!\w)")
_ADDRESS = re.compile(r"[^\s@]{1,64}@\S+|(?:https?://|www\.)\S+", re.IGNORECASE)
"""Of mail and of the web."""


class NumeralWords:
    """The catalogue's words beside numerals and over columns without figures, compiled once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._reasons = tuple(catalogue.numeral_reasons)
        self._columns = [
            (reason, phrase_pattern(words))
            for reason, words in catalogue.family("column-no-figures").items()
        ]
        told = catalogue.numeral_reasons.values()
        self._before = _ending([one.before for one in told])
        self._behind = _beginning([one.behind for one in told])
        self._else_before = _ending([one.else_before for one in told])
        self._else_behind = _beginning([one.else_behind for one in told])

    def certain(self, low: str, place: Place) -> str | None:
        """The reason that the words beside a numeral tell whatever it looks like."""
        return self._told(self._before, self._behind, low, place)

    def otherwise(self, low: str, place: Place) -> str | None:
        """The reason that they tell where nothing else does."""
        return self._told(self._else_before, self._else_behind, low, place)

    def of_column(self, header: str) -> str | None:
        """The reason why nothing under a header is a figure; None where there may be figures."""
        text = key(header)
        return next((reason for reason, words in self._columns if words.search(text)), None)

    def _told(
        self, before: re.Pattern[str], behind: re.Pattern[str], low: str, place: Place
    ) -> str | None:
        found = before.search(low[max(0, place.start - _BEFORE) : place.start])
        found = found or behind.match(low, place.end)
        return self._reasons[found.lastindex - 1] if found and found.lastindex else None


def _ending(words: Iterable[Sequence[str]]) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\w)|(?=\W))(?:{_groups(words)})\s*[(:]?\s*$")


def _beginning(words: Iterable[Sequence[str]]) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_groups(words)})(?!\w)")


def _groups(words: Iterable[Sequence[str]]) -> str:
    """One group a reason, in the order of the reasons; one that has no words never matches."""
    longest_first = (sorted(each, key=len, reverse=True) for each in words)
    return "|".join(
        f"({'|'.join(re.escape(word.lower()) for word in each) or '(?!)'})"
        for each in longest_first
    )


@dataclass(frozen=True)
class Text:
    """A paragraph or a cell: its numerals, and what else the document says of its place.

    ``starts`` is where its sentences begin; ``titles`` are those of the documents that are cited
    in it.
    """

    text: str
    numerals: Sequence[Place]
    starts: Sequence[int] = (0,)
    titles: Sequence[str] = ()

    @cached_property
    def low(self) -> str:
        """The text in lower case, every character in its place."""
        return lower(self.text)


def told_by_shape(text: Text, free: Sequence[int], vocabulary: Vocabulary) -> Reasons:
    """Why numerals are no figures, by what they look like and the words that reading goes by.

    ``free`` are the numerals that have no fate yet, in order.
    """
    reasons: Reasons = {}
    marks = _Spans(_marks(text))
    addresses = _Spans(match.span() for match in _ADDRESS.finditer(text.text))
    end, reason = 0, ""
    for index in free:
        place = text.numerals[index]
        if place.start < end:
            reasons[index] = reason
            continue
        found = nonfigure_at(text.text, text.low, place.start, place.end)
        certain = vocabulary.numeral_words.certain(text.low, place)
        if certain or found:
            end = found.end if found else place.end
            reason = certain or (found.reason if found else "")
            reasons[index] = "ordinal" if place in marks and not certain else reason
        elif place in marks:
            reasons[index] = "ordinal"
        elif place in addresses:
            reasons[index] = "identifier"
    return reasons


def _marks(text: Text) -> Iterator[tuple[int, int]]:
    """Where the number marks of headings, items and labels begin and end."""
    mark = mark_of(text.text)
    if mark is not None:
        yield 0, mark.end
    yield 0, len(text.text.rstrip()) - len(strip_mark(text.text))
    for start in {*text.starts, *(line.end() for line in _LINE.finditer(text.text))}:
        if found := LIST_MARK.match(text.text, start):
            yield found.span()


def told_by_context(
    text: Text, free: Sequence[int], header: Header, vocabulary: Vocabulary
) -> Reasons:
    """Why numerals are no figures, by periods, names of units, titles, and words beside them."""
    day = header.as_of or header.issued_on
    named = vocabulary.units.mentions(text.text, on=day, near=header.unit)
    periods = find_periods(text.text, header.issued_on)
    dates = _Spans(
        [
            *((one.start, one.end) for one in periods),
            *((one.start, one.end) for one in find_dates(text.text)),
        ]
    )
    names = _Spans((one.start, one.end) for one in named)
    notes = _Spans(match.span() for match in _FOOTNOTE.finditer(text.text))
    reasons: Reasons = {}
    end = 0
    for index in free:
        place = text.numerals[index]
        if place.start >= end:
            end = end_of_day(text.text, text.low, place.start) or 0
        if place in dates or place.start < end:
            reasons[index] = "date"
        elif place in notes:
            reasons[index] = "reference"
        elif place in names:
            reasons[index] = "name"
        elif any(_stands_in(title, text.text, place) for title in text.titles):
            reasons[index] = "citation"
        elif otherwise := vocabulary.numeral_words.otherwise(text.low, place):
            reasons[index] = otherwise
    return reasons


def told_by_formula(text: Text, free: Sequence[int]) -> Reasons:
    """How a column or a row is computed from others: '(5) = (4)/(3)', 'B = 1 + 2', '(05/04)'."""
    formulas = _Spans(match.span() for match in _FORMULA.finditer(text.text))
    return {index: "formula" for index in free if text.numerals[index] in formulas}


def told_by_header_cell(text: Text, free: Sequence[int], header: Header) -> Reasons:
    """Numbers of columns, periods and bare years: '(2)', 'T6', 'KH 2025/ƯTH 2024'."""
    numbers = _Spans(match.span() for match in _COLUMN_NUMBER.finditer(text.text))
    periods = find_periods(text.text, header.issued_on)
    dates = _Spans(
        [
            *(match.span() for match in _YEAR.finditer(text.text)),
            *((one.start, one.end) for one in periods),
        ]
    )
    reasons: Reasons = {}
    for index in free:
        if text.numerals[index] in numbers:
            reasons[index] = "ordinal"
        elif text.numerals[index] in dates:
            reasons[index] = "date"
    return reasons


class _Spans:
    """Stretches of a text; where they overlap, they are one."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, place: Place) -> bool:
        before = bisect_right(self._starts, place.start)
        return bool(before) and place.start < self._ends[before - 1]


def _stands_in(title: str, text: str, place: Place) -> bool:
    """Whether a numeral stands in a title with the same words before or behind it."""
    before = clean(text[max(0, place.start - _NEAR) : place.end])
    behind = clean(text[place.start : place.end + _NEAR])
    return before in title or behind in title
