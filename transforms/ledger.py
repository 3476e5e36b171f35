"""The ledger: every numeral of a document, and what became of it.

A numeral is a figure that was read, no figure for a reason, or a doubt that a finding names. Which
of them it is, is decided in this order, so that none is left without: what stands for an
observation is a figure; what reading passed over has the reason that it was passed over for; all
else is named by a finding, if need be by one of the ledger's own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from extractors.document import Cell, Finding, Paragraph, Source
from transforms.columns import is_index_row
from transforms.numerals import Place, find_numerals, numbers_page
from transforms.reading import Fate, InDoubt, IsFigure, NoFigure, Numeral
from transforms.reasons import (
    Text,
    told_by_context,
    told_by_formula,
    told_by_header_cell,
    told_by_shape,
)
from transforms.sentences import LONGEST_QUOTE, sentence_spans
from transforms.standing import stand
from transforms.text import clean

if TYPE_CHECKING:
    from extractors.document import Extraction, Table
    from transforms.columns import Column, Layout
    from transforms.reading import Directive, Header, Observation
    from transforms.reasons import Reasons
    from transforms.vocabulary import Vocabulary

NOT_READ = "numeral-not-read"
WITHOUT_MEANING = "numeral-without-meaning"
_MOST_NAMED = 5
"""How many numerals a finding names by their text."""
_MOST_QUOTED = 200_000
"""Characters that the numerals of one place may quote together: beyond that each quotes only what
stands around it, or a sentence of a thousand numerals would be printed a thousand times."""
_AROUND = 40
"""How many characters before and behind it such a numeral quotes."""
_LONGEST_NUMBERING = 30
"""Characters of the number of a column, its formula included: '(5) = (4)/(3) x 100'."""
_PRINTED = ("text", "what")
"""Names of the facts in which a finding quotes what it doubts."""

_WORD = re.compile(r"[^\W\d_]{2}")
_SURE = ("date", "document-number", "telephone")
"""Reasons that hold under a column of figures too: 'S12' there is 512 misread, and no name."""
_OF_ROLES = {"ordinal": "ordinal", "unit_of_measure": "unit-of-measure"}
"""Roles of columns -> why their numerals are no figures."""

_Spot = tuple[str, int | None, int | None, int | None]
"""Kind, table, row, column: a paragraph or a cell."""
Fates = dict[int, Fate]
"""Place of a numeral among those of its text -> what became of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was read of a document before its ledger is kept; ``layouts`` by the tables' index."""

    header: Header
    observations: Sequence[Observation]
    directives: Sequence[Directive]
    findings: Sequence[Finding]
    layouts: Mapping[int, Layout]


@dataclass(frozen=True, slots=True)
class _Quote:
    """A sentence or a cell as it is quoted: where it begins in the text as read, and, where that is
    spelled otherwise, where each of its numerals stands in the quotation.
    """

    start: int
    source: Source
    starts: Mapping[int, int] | None = None

    def numeral(self, words: str, place: Place, fate: Fate, *, shortened: bool) -> Numeral:
        """The numeral at a place of the text as read, as it stands in the quotation."""
        if self.starts is None:
            start, source = place.start - self.start, self.source
        elif place.start in self.starts:
            start, source = self.starts[place.start], self.source
        else:  # a number in words, which the conversion spelled anew
            start, source = 0, replace(self.source, text=words)
        if shortened:
            first = max(0, start - _AROUND)
            source = replace(source, text=source.text[first : start + len(words) + _AROUND])
            start -= first
        return Numeral(words, start, source, fate)


@dataclass(frozen=True, slots=True)
class _Where:
    """What the place of a paragraph or a cell says of its numerals.

    ``column`` is the cell's; ``numbers`` where its row only numbers the columns; ``stored`` where
    the format stores the cell's value; ``pages`` where a paragraph is the number of its page.
    """

    column: Column | None = None
    in_header: bool = False
    numbers: bool = False
    stored: bool = False
    pages: bool = False

    @property
    def holds_figures(self) -> bool:
        """Whether a figure is expected here."""
        return self.column is not None and self.column.role == "value" and not self.in_header


def keep_ledger(
    extraction: Extraction, said: Said, vocabulary: Vocabulary
) -> tuple[list[Numeral], list[Finding]]:
    """All numerals of a document in the order in which they stand, and the findings for those that
    nothing explains, which come behind the findings that there are.
    """
    keeper = _Keeper(said, vocabulary)
    numerals: list[Numeral] = []
    for block in extraction.blocks:
        kept = keeper.paragraph(block) if isinstance(block, Paragraph) else keeper.table(block)
        numerals += kept
    return numerals, keeper.findings


class _Keeper:
    """Goes through a document's paragraphs and cells; collects the findings of its own."""

    def __init__(self, said: Said, vocabulary: Vocabulary) -> None:
        self._said = said
        self._vocabulary = vocabulary
        self._figures: defaultdict[_Spot, list[int]] = defaultdict(list)
        for index, figure in enumerate(said.observations):
            self._figures[_spot(figure.source)].append(index)
        self._doubts: defaultdict[tuple[_Spot, str], list[int]] = defaultdict(list)
        for index, finding in enumerate(said.findings):
            if finding.source is not None:
                self._doubts[_spot(finding.source), _sentence(finding.source)].append(index)
        self._titles: defaultdict[tuple[int | None, int | None], list[str]] = defaultdict(list)
        for one in said.directives:
            self._titles[one.source.table, one.source.row].append(clean(one.title or ""))
        self.findings: list[Finding] = []

    def paragraph(self, paragraph: Paragraph) -> Iterator[Numeral]:
        """The numerals of a paragraph, each with its sentence."""
        spot: _Spot = ("text", None, paragraph.index, None)
        numerals = find_numerals(paragraph.text)
        if numerals or spot in self._figures:
            spans = sentence_spans(paragraph.text)
            titles = self._titles.get((None, paragraph.index), ())
            text = Text(paragraph.text, numerals, [start for start, _ in spans], titles)
            source = Source("text", "", paragraph.page, row=paragraph.index, bbox=paragraph.bbox)
            quotes = [
                _Quote(start, replace(source, text=paragraph.text[start:end]))
                for start, end in spans
            ]
            yield from self._settled(text, spot, quotes, _Where(pages=numbers_page(paragraph)))

    def table(self, table: Table) -> Iterator[Numeral]:
        """The numerals of a table, cell by cell."""
        layout = self._said.layouts.get(table.index)
        numbering = _numbering_rows(table)
        for cell in table.cells:
            spot: _Spot = ("table", table.index, cell.row, cell.column)
            numerals = find_numerals(cell.text)
            if numerals or spot in self._figures:
                titles = self._titles.get((table.index, cell.row), ())
                text = Text(cell.text, numerals, titles=titles)
                where = _where(cell, layout, numbers=cell.row in numbering)
                yield from self._settled(text, spot, [_quote(cell, table, numerals)], where)

    def _settled(
        self, text: Text, spot: _Spot, quotes: Sequence[_Quote], where: _Where
    ) -> Iterator[Numeral]:
        """The numerals of one paragraph or cell with their fates.

        What explains numerals goes one after the other; the last leaves none unexplained.
        """
        observations = [(each, self._said.observations[each]) for each in self._figures[spot]]
        standing = stand(text.text, text.low, text.numerals, observations, stored=where.stored)
        fates: dict[int, Fate] = {
            index: IsFigure(tuple(of)) for index, of in standing.numerals.items()
        }
        for step in (
            self._by_place, self._by_sure_shape, self._doubted, self._by_shape, self._by_context,
            self._left,
        ):  # fmt: skip
            if free := [index for index in range(len(text.numerals)) if index not in fates]:
                fates |= step(text, free, spot, quotes, where)
        settled = [(place, fates[index]) for index, place in enumerate(text.numerals)]
        settled += [(place, IsFigure(tuple(of))) for place, of in standing.words.items()]
        shortened = len(text.text) * len(settled) > _MOST_QUOTED
        for place, fate in sorted(settled, key=itemgetter(0)):
            quote = _quote_at(quotes, place)
            words = text.text[place.start : place.end]
            yield quote.numeral(words, place, fate, shortened=shortened)

    # ---- what is no figure --------------------------------------------------------------------

    def _by_place(
        self, text: Text, free: Sequence[int], _spot: _Spot, _quotes: object, where: _Where
    ) -> Fates:
        """By what the place is for: the number of a page, a row, a column and how it is computed,
        units of measure, names of villages, age groups.
        """
        if where.column is None:
            return _no_figures(dict.fromkeys(free, "page-number") if where.pages else {})
        whole = self._of_column(where.column, text) if not where.in_header else None
        if where.numbers:
            whole = "ordinal"
        elif self._vocabulary.is_total(text.text):
            whole = "number-of-parts"
        elif self._is_age_group(text):
            whole = "age"
        reasons: Reasons = dict.fromkeys(free, whole) if whole else {}
        if where.in_header:
            reasons |= told_by_header_cell(text, free, self._said.header)
        return _no_figures(reasons | told_by_formula(text, free))

    def _of_column(self, column: Column, text: Text) -> str | None:
        """Why no numeral of a cell of a column is a figure, by what the column is for."""
        if column.role == "label" and column.path and not text.text.strip().isdigit():
            return "name" if self._vocabulary.headers.kind_of_village(column.path[-1]) else None
        if column.role == "ordinal" and _WORD.search(text.text):
            return None  # 'A. TRẺ DƯỚI 1 TUỔI': a heading that begins in the column of ordinals
        return _OF_ROLES.get(column.role)

    def _is_age_group(self, text: Text) -> bool:
        """Whether a cell says which people by their age and nothing else: '15-25', 'Dưới 30'."""
        is_bare = text.text.strip().isdigit()
        return not is_bare and self._vocabulary.tells_persons(text.text)

    def _by_sure_shape(
        self, text: Text, free: Sequence[int], _spot: _Spot, _quotes: object, where: _Where
    ) -> Fates:
        """By what they look like; where a figure is expected only what cannot be a misread one."""
        reasons = told_by_shape(text, free, self._vocabulary)
        if where.holds_figures:
            reasons = {index: one for index, one in reasons.items() if one in _SURE}
        return _no_figures(reasons)

    def _by_shape(
        self, text: Text, free: Sequence[int], _spot: _Spot, _quotes: object, _where: _Where
    ) -> Fates:
        """By what they look like, where no finding doubts them."""
        return _no_figures(told_by_shape(text, free, self._vocabulary))

    def _by_context(
        self, text: Text, free: Sequence[int], _spot: _Spot, _quotes: object, where: _Where
    ) -> Fates:
        """By the words beside them, else by a column's header that says why it has no figures."""
        reasons = told_by_context(text, free, self._said.header, self._vocabulary)
        path = where.column.path if where.column and not where.in_header else ()
        of_column = self._vocabulary.numeral_words.of_column(path[-1]) if path else None
        if of_column:
            reasons = dict.fromkeys(free, of_column) | reasons
        return _no_figures(reasons)

    # ---- what is in doubt ---------------------------------------------------------------------

    def _doubted(
        self,
        text: Text,
        free: Sequence[int],
        spot: _Spot,
        quotes: Sequence[_Quote],
        _where: _Where,
    ) -> Fates:
        """The numerals that a finding of reading quotes."""
        fates: dict[int, Fate] = {}
        told: dict[int, dict[str, list[int]]] = {}
        for index in free:
            place = text.numerals[index]
            quote = _quote_at(quotes, place)
            if quote.start not in told:
                told[quote.start] = self._quoted(spot, quote)
            doubts = told[quote.start].get(text.text[place.start : place.end])
            if doubts:
                fates[index] = InDoubt(tuple(doubts))
        return fates

    def _quoted(self, spot: _Spot, quote: _Quote) -> dict[str, list[int]]:
        """Numeral -> the findings of a sentence or a cell that quote it."""
        sentence = _sentence(quote.source)
        doubts = [*self._doubts[spot, sentence]]
        if len(sentence) > LONGEST_QUOTE:
            doubts += self._doubts[spot, sentence[:LONGEST_QUOTE]]
        found: defaultdict[str, list[int]] = defaultdict(list)
        for index in doubts:
            facts = self._said.findings[index].facts
            for printed in (facts[name] for name in _PRINTED if name in facts):
                for start, end in find_numerals(printed):
                    found[printed[start:end]].append(index)
        return found

    def _left(
        self,
        text: Text,
        free: Sequence[int],
        _spot: _Spot,
        quotes: Sequence[_Quote],
        where: _Where,
    ) -> Fates:
        """The numerals that nothing explains: a finding a sentence or a cell names them."""
        of_quote: defaultdict[int, list[int]] = defaultdict(list)
        for index in free:
            of_quote[_quote_at(quotes, text.numerals[index]).start].append(index)
        fates: dict[int, Fate] = {}
        for left in of_quote.values():
            number = len(self._said.findings) + len(self.findings)
            fates |= dict.fromkeys(left, InDoubt((number,)))
            places = [text.numerals[index] for index in left]
            source = _quote_at(quotes, places[0]).source
            printed = [text.text[start:end] for start, end in places]
            self.findings.append(_unexplained(printed, source, where, self._said.header.unit))
        return fates


def _unexplained(printed: list[str], source: Source, where: _Where, unit: str | None) -> Finding:
    """The finding that names the numerals of a place that nothing explains."""
    more = " …" if len(printed) > _MOST_NAMED else ""
    facts = {"text": "; ".join(printed[:_MOST_NAMED]) + more}
    if where.column is None or not where.holds_figures:
        return Finding(WITHOUT_MEANING, facts, source, unit)
    return Finding(NOT_READ, facts | {"header": where.column.header or "?"}, source, unit)


def _no_figures(reasons: Reasons) -> Fates:
    return {index: NoFigure(reason) for index, reason in reasons.items()}


def _spot(source: Source) -> _Spot:
    return source.kind, source.table, source.row, source.column


def _sentence(source: Source) -> str:
    """What tells two quotations of one place apart: a paragraph has several sentences."""
    return source.text if source.kind == "text" else ""


def _quote_at(quotes: Sequence[_Quote], place: Place) -> _Quote:
    """The quotation that a place of the text lies in."""
    return quotes[max(0, bisect_right(quotes, place.start, key=attrgetter("start")) - 1)]


def _quote(cell: Cell, table: Table, numerals: Sequence[Place]) -> _Quote:
    """A cell as it stands in the document, before a legacy encoding was converted."""
    source = Source(
        "table", cell.original or cell.text, cell.page, table.index, cell.row, cell.column,
        cell.bbox,
    )  # fmt: skip
    if source.text == cell.text:
        return _Quote(0, source)
    printed = find_numerals(source.text)
    same = [source.text[start:end] for start, end in printed] == [
        cell.text[start:end] for start, end in numerals
    ]
    if not same:
        return _Quote(0, replace(source, text=cell.text))
    starts = {read.start: there.start for read, there in zip(numerals, printed, strict=True)}
    return _Quote(0, source, starts)


def _where(cell: Cell, layout: Layout | None, *, numbers: bool) -> _Where:
    stored = cell.value is not None
    if layout is None or cell.column >= len(layout.columns):
        return _Where(numbers=numbers, stored=stored)
    return _Where(layout.columns[cell.column], cell.row < layout.first_row, numbers, stored)


def _numbering_rows(table: Table) -> set[int]:
    """The rows that only number the columns."""
    rows: defaultdict[int, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        rows[cell.row].append(cell)
    return {
        index
        for index, cells in rows.items()
        if all(len(cell.text) <= _LONGEST_NUMBERING for cell in cells) and is_index_row(cells)
    }
