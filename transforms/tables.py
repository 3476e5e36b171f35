"""A table of figures read as observations: who, what, when, how much, and where it stands.

The columns say what is meant (``columns``), the rows of what (``rows``); here each cell becomes a
figure. Several years or several communes in one table are ordinary: every figure has its own unit
and as_of. Whatever was found and not understood becomes a finding with its place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from extractors.document import Cell, Finding, Paragraph, Source, Table
from transforms.columns import WHOLE_YEAR, Column, HeaderWords, Layout, Part, read_layout, siblings
from transforms.counted import Counted
from transforms.dates import as_of, earlier_day, find_periods
from transforms.evidence import ASSUMED_PERCENT, BY_CONTENT, UNMATCHED, rate_findings
from transforms.labels import Origin, told_apart
from transforms.matching import NO_MATCH, Match
from transforms.numbers import (
    Blank,
    CellValue,
    CountAndRate,
    Fraction,
    Mark,
    Number,
    Unreadable,
    multiplied,
    parse_cell,
)
from transforms.reading import Header, Measure, Observation
from transforms.rows import Row, Subject, read_rows
from transforms.sentences import REPORTED_AHEAD, read_paragraph
from transforms.text import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalog.model import Indicator
    from transforms.vocabulary import NamedUnit, Vocabulary

_SENTENCE_WORDS = 3
_DENIED = re.compile(r"(?<!\w)(?:chưa|không)(?!\w)")
_OF_BEGINNING = re.compile(r"(?<!\w)đầu (?:năm|kỳ)(?! (?:học|\d))(?!\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YES_IS_ONE = re.compile(r"(?<!\w)có ?[=:] ?1(?!\d).*(?<!\w)không ?[=:] ?0(?!\d)")
_YES_OR_NO = re.compile(r"(?<!\w)(?:đạt|có) ?(?:/|,|hay|hoặc) ?(?:không|chưa)(?!\w)")
_BARE_DENIALS = {"không", "chưa"}
HUNDRED, ZERO = Decimal(100), Decimal(0)
SHARES = {"share", "per-mille"}
"""Families of units of measure in which rates are given."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What the words around a table say for all of it: title, period, unit of measure, and the
    unit that it names where that is another than the document's.
    """

    text: str = ""
    as_of: date | None = None
    unit_of_measure: str | None = None
    unit: NamedUnit | None = None


@dataclass(frozen=True, slots=True)
class TableReading:
    """What one table says; ``layout`` serves the table that may continue it."""

    layout: Layout
    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_table(
    table: Table,
    header: Header,
    caption: Caption,
    vocabulary: Vocabulary,
    previous: Layout | None = None,
) -> TableReading:
    """The observations of a table of figures, and findings for all that was not understood.

    ``previous`` is the layout of the table before, which a table without a header may continue.
    """
    spoken_on = caption.as_of or header.as_of or header.issued_on
    layout = read_layout(table, vocabulary.headers, previous, spoken_on)
    layout = _with_wholes(layout, vocabulary)
    if _measures_down(table, layout, vocabulary):
        flipped = read_table(_flipped(table), header, caption, vocabulary)
        return _flipped_back(flipped, layout)
    reader = _Reader(table, layout, header, caption, vocabulary)
    if not any(column.role == "value" for column in layout.columns):
        prose = reader.read_prose(table.cells)
        findings = reader.findings if prose else [*reader.findings, _of_text(table)]
        return TableReading(layout, tuple(prose), tuple(findings))
    if layout.title:
        caption = replace(
            caption,
            text=f"{layout.title}\n{caption.text}",
            as_of=as_of(layout.title) or caption.as_of,
            unit_of_measure=vocabulary.unit_declared(layout.title) or caption.unit_of_measure,
        )
    reader = _Reader(table, layout, header, caption, vocabulary)
    transposed, rows = read_rows(table.grid(), layout, vocabulary, header)
    if transposed:
        reader.tell_counts(rows)
    observations: list[Observation] = []
    for row in rows:
        observations += reader.read_row(row, transposed=transposed)
    observations = told_apart(observations, reader.origins)
    reader.doubt_all(observations, transposed=transposed)
    observations += reader.read_prose(_words_beside(table, layout, vocabulary.headers))
    reader.check_totals(rows, observations)
    return TableReading(layout, tuple(observations), tuple(reader.findings))


class _Reader:
    """Reads the figures of one table; collects its findings."""

    def __init__(
        self,
        table: Table,
        layout: Layout,
        header: Header,
        caption: Caption,
        vocabulary: Vocabulary,
    ) -> None:
        self._table = table
        self._header = header
        self._caption = caption
        self._vocabulary = vocabulary
        self._layout = layout
        self._units: dict[int, NamedUnit | None] = {}
        self._counts: set[int] = set()
        self._figured = {
            cell.column
            for cell in table.cells
            if cell.row >= layout.first_row and isinstance(_parsed(cell), Number)
        }
        self.findings: list[Finding] = []
        self._cell: Cell | None = None
        self.origins: list[Origin] = []
        """Of each figure of a row, in their order: what it stands under."""

    def tell_counts(self, rows: Sequence[Row]) -> None:
        """Which columns of a transposed table hold counts, whatever they are called: those that a
        total row sums up, those beyond any rate, and whole numbers beside what they would be a
        rate of ('Tổng số hộ', 'Hộ cận nghèo').
        """
        parts: dict[int, list[Number]] = defaultdict(list)
        totals: dict[int, Decimal] = {}
        for row in rows:
            for column, cell in row.cells:
                value = self._value(cell, column, row.subject)
                if not isinstance(value, Number) or value.percent:
                    continue
                if row.subject.total:
                    totals[column.index] = value.value
                else:
                    parts[column.index].append(value)
        for index, values in parts.items():
            beyond = [one for one in values if one.value > HUNDRED]
            whole = not any(one.decimals for one in values)
            summed = sum(one.value for one in values)
            adds_up = len([one for one in values if one.value]) > 1 and summed == totals.get(index)
            if (
                adds_up
                or (whole and len(beyond) * 2 > len(values))
                or (whole and self._stands_beside_its_whole(index, rows))
            ):
                self._counts.add(index)

    def _stands_beside_its_whole(self, index: int, rows: Sequence[Row]) -> bool:
        column = self._layout.columns[index]
        if column.part is not None or column.branch == "target" or column.unit_of_measure == "%":
            return False
        _, match = self._label_across(column, Subject())
        return all(self._whole_stands_in(row, match) for row in rows)

    def read_row(self, row: Row, *, transposed: bool) -> list[Observation]:
        """The observations of one row; what does not fit among them is a finding."""
        if row.blank:
            self._blank(row.cells[0][1], row.subject.label, row.subject.match)
            return []
        found = []
        for column, cell in row.cells:
            label, match = (
                self._label_across(column, row.subject)
                if transposed and not row.subject.label
                else self._label_down(column, row.subject)
            )
            found += self._read_cell(column, cell, label, match, row)
        self._check_rates(found)
        return found

    # ---- what is counted --------------------------------------------------------------------

    def _label_down(self, column: Column, subject: Subject) -> tuple[str, Match]:
        """Label and indicator where the row names the indicator and the column qualifies it."""
        label = subject.label or column.header
        if self._unit_of_column(column) is not None:
            return label, subject.match
        named = self._with_header(label, column)
        taught = self._vocabulary.matcher.taught(named)
        if taught is not None:
            return named, taught
        qualifier = self._qualifier(column)
        if column.comparison:  # 'Hộ nghèo' · 'Giảm': a change is no indicator's own figure
            return named, NO_MATCH
        if not qualifier:
            return named, self._whole_path(subject.match, column.path)
        match = self._vocabulary.matcher.match(f"{label} {qualifier}")
        if match.indicator or column.breakdown:
            return named, match
        if subject.match.indicator is None or self._vocabulary.names_part_of_all(qualifier):
            return named, match
        return named, self._whole_path(subject.match, [qualifier])

    def _with_header(self, label: str, column: Column) -> str:
        """The row's label with what the header says beyond role, day and unit of measure."""
        several = any(
            other.role == "value" and other is not column and other.half == column.half
            for other in self._layout.columns
        )
        known = key(label)
        said = [text for text in column.told if several and key(text) not in known]
        return " · ".join([label, *said])

    def _whole_path(self, match: Match, path: Sequence[str]) -> Match:
        """The match if all that the path says is read, else none and what was left unread."""
        if match.indicator is None:
            return match
        unread = self._vocabulary.unread(path, match.indicator)
        if not unread or self._is_whole_of(match.indicator, path):
            return match
        return Match(None, nearest=match.indicator, unread=unread)

    def _is_whole_of(self, indicator: str, path: Sequence[str]) -> bool:
        """Whether the path names a rate of which the indicator is the whole ('Bảo hiểm y tế' over
        'Dân số').
        """
        entries = self._vocabulary.catalogue.indicators
        rates = (entries.get(self._vocabulary.matcher.match(text).indicator or "") for text in path)
        return any(
            rate is not None and rate.denominator and rate.denominator.indicator == indicator
            for rate in rates
        )

    def _qualifier(self, column: Column) -> str:
        """What a header says that makes the figure another one than the row's own."""
        if column.comparison:
            return column.header
        if column.breakdown:
            return column.breakdown
        if column.branch or column.part or column.as_of or column.total:
            return ""
        if self._vocabulary.headers.attainment.search(key(column.path[-1] if column.path else "")):
            return ""
        return column.subject and column.header

    def _label_across(self, column: Column, subject: Subject) -> tuple[str, Match]:
        """Label and indicator where the row names a unit or a year, the column the indicator."""
        matcher = self._vocabulary.matcher
        breakdown = column.breakdown if len(column.path) > 1 else None
        breakdown = breakdown or (column.header if column.comparison else None)
        path = [text for text in column.path if text != breakdown]
        # 'Số hộ' under 'Hộ nghèo' only says that these are counted.
        inner_first = path[::-1]
        named = sorted(inner_first, key=self._only_counts)
        if column.subject:  # 'Số hộ' under 'Nước sạch' is not the number of all households
            named = [text for text in named if not self._only_counts(text)]
        if len(path) > 1:  # 'Nữ' under 'Số trẻ phải phổ cập' is not the women of the commune
            named = [text for text in named if key(text) not in self._vocabulary.breakdowns]
        texts = [" · ".join(path), *named, column.subject]
        texts = self._texts_of_partners(column) + texts
        match = self._first_that_reads_all(column, texts, path)
        if match.indicator is None and self._caption.text:
            titled = {phrase.match.indicator for phrase in matcher.find(self._caption.text)}
            if len(titled) == 1 and (column.part or not column.subject):
                match = Match(titled.pop(), None, 0.9)
        match = replace(self._whole_path(self._of_a_rate(column, match), path), unread="")
        label = " · ".join(path)
        if not column.told:  # 'Tỷ lệ (%)' alone: of what stands beside
            label = " · ".join([*self._texts_of_partners(column)[:1], *path])
        match = matcher.taught(label) or match
        for other in (breakdown, subject.entity):
            if other:
                label, match = f"{label} · {other}", NO_MATCH
        return label, match

    def _first_that_reads_all(
        self, column: Column, texts: Sequence[str], path: Sequence[str]
    ) -> Match:
        """The first match that leaves no word of the path unread, else the first one; those who
        attain ('Số hộ đạt') are never all that there are.
        """
        matches = (self._vocabulary.matcher.match(text) for text in texts)
        found = [
            one
            for one in matches
            if one.indicator and not (column.part == "numerator" and self._is_count(one))
        ]
        whole = (one for one in found if not self._vocabulary.unread(path, one.indicator or ""))
        return next(whole, found[0] if found else NO_MATCH)

    def _is_count(self, match: Match) -> bool:
        entry = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        return entry is not None and entry.kind == "count"

    def _of_a_rate(self, column: Column, match: Match) -> Match:
        """The match of a column of rates: no count has a rate, but one that is the whole of what
        stands beside it says what the rate is of ('Tỷ lệ đạt/tổng số hộ').
        """
        indicators = self._vocabulary.catalogue.indicators
        named = indicators.get(match.indicator or "")
        if column.part != "rate" or named is None or "%" in named.unit_of_measure:
            return match
        for other in siblings(column, self._layout.columns):
            beside = self._vocabulary.matcher.match(other.header)
            indicator = indicators.get(beside.indicator or "")
            whole = indicator.denominator if indicator else None
            if whole is not None and whole.indicator == named.id:
                return beside
        return NO_MATCH

    def _only_counts(self, text: str) -> bool:
        return self._vocabulary.headers.count.fullmatch(key(text)) is not None

    def _texts_of_partners(self, column: Column) -> list[str]:
        """For a whole, or a bare rate, the headers beside it that say of what, the nearest first:
        the numerator stands behind its whole and before its rate.
        """
        if column.part != "denominator" and (column.part != "rate" or column.subject):
            return []
        is_whole = column.part == "denominator"
        partners = [
            other
            for other in siblings(column, self._layout.columns)
            if other.part not in ("denominator", "rate")
        ]
        nearest = sorted(
            partners,
            key=lambda one: ((one.index < column.index) == is_whole, abs(one.index - column.index)),
        )
        return [one.header for one in nearest]

    # ---- what the cell says -----------------------------------------------------------------

    def _read_cell(
        self, column: Column, cell: Cell, label: str, match: Match, row: Row
    ) -> list[Observation]:
        value = self._marked(self._value(cell, column, row.subject), row.subject)
        if isinstance(value, Blank):
            if match.indicator and cell.text.strip():
                self._blank(cell, label, match)
            return []
        if self._is_year_of_something(value, label):
            return []
        if cell.hidden:
            self.doubt("hidden-figures-unused", cell, match, what=cell.text)
            return []
        is_mark = isinstance(value, Mark)
        if isinstance(value, Mark):
            value = self._attainment(value, column, cell, label, match, row.subject)
        if isinstance(value, Unreadable):
            prose = self._prose_of(cell, Counted(label, match)) if _is_prose(value) else []
            if not prose:
                facts = {"label": label, "text": cell.text, "reason": value.reason}
                self.doubt("number-unreadable", cell, match, **facts)
            self.origins += [Origin((), ())] * len(prose)
            return prose
        if isinstance(value, Blank | Mark):
            return []
        if not is_mark and self._denies(column, match):
            match = NO_MATCH
        return [
            self._observation(
                column, cell, measure, number, label,
                self._own_match(column, measure, match), row.subject,
            )
            for measure, number in self._measures(value, column, match, row)
        ]  # fmt: skip

    def _marked(self, value: CellValue, subject: Subject) -> CellValue:
        """The value as a mark where the row's unit is 'Có = 1, Không = 0'."""
        if isinstance(value, Number) and _YES_IS_ONE.search(key(subject.unit_of_measure or "")):
            return Mark(value.text, attained=value.value == 1)
        return value

    def _is_year_of_something(self, value: CellValue, label: str) -> bool:
        """'Năm thành lập: 2004' counts nothing."""
        no_figures = self._vocabulary.headers.no_figures
        return (
            isinstance(value, Number)
            and bool(_YEAR.fullmatch(value.text.strip()))
            and any(no_figures.match(key(text)) for text in label.split(" · "))
        )

    def _denies(self, column: Column, match: Match) -> bool:
        """'Chưa ra lớp', 'Không đạt (%)': figures of those who do not are not the indicator's."""
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        denied = _DENIED.search(key(column.path[-1])) if column.path else None
        return bool(denied and indicator and denied.group() not in key(indicator.name))

    def _own_match(self, column: Column, measure: Measure, match: Match) -> Match:
        """A whole is named by what is counted of it; a mere count by its own header. A count has no
        numerator and no denominator: 'Số hộ đạt' of 'Tổng số hộ' is of something not named.
        """
        if measure in ("numerator", "denominator") and self._is_count(match):
            return NO_MATCH
        if column.part == "denominator" and measure == "count":
            named = map(self._vocabulary.matcher.match, (column.header, *column.path[::-1]))
            own = next((one for one in named if one.indicator), NO_MATCH)
            return own if own.indicator or match.indicator is None else NO_MATCH
        return match

    def read_prose(self, cells: Iterable[Cell]) -> list[Observation]:
        """The figures of cells that hold sentences."""
        return [one for cell in cells for one in self._prose_of(cell, None)]

    def _prose_of(self, cell: Cell, subject: Counted | None) -> list[Observation]:
        paragraph = Paragraph(cell.row, cell.text, cell.page, confidence=cell.confidence)
        found, doubts = read_paragraph(paragraph, self._header, self._vocabulary, subject)
        source = self._source(cell)
        self.findings += [replace(one, source=source) for one in doubts]
        return [
            replace(one, source=source, confidence=round(one.confidence * BY_CONTENT, 4))
            for one in found
        ]

    def _value(self, cell: Cell, column: Column, subject: Subject) -> CellValue:
        if cell.value is not None:
            value = Decimal(cell.value)
            exponent = value.as_tuple().exponent
            decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
            return Number(cell.text, value, decimals, percent="%" in cell.text)
        around = subject.unit_of_measure or subject.unit_in_label or self._caption.unit_of_measure
        percent = column.percent or (around == "%" and self._is_told_by_row(column))
        return parse_cell(cell.text, percent=percent)

    def _is_told_by_row(self, column: Column) -> bool:
        """Whether a column's header leaves it to the row what is measured: 'Giá trị', 'Số liệu'."""
        if column.unit_of_measure is not None or column.part not in (None, "count"):
            return False
        if any(other.part == "rate" for other in siblings(column, self._layout.columns)):
            return False
        return column.part is None or self._vocabulary.unit_counted(column.header) is None

    def _attainment(
        self,
        mark: Mark,
        column: Column,
        cell: Cell,
        label: str,
        match: Match,
        subject: Subject,
    ) -> CellValue:
        """A mark as 100 or 0 where the row is one of attainment, or one village of those that a
        rate counts; else a finding.
        """
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        if column.comparison:
            return Blank(mark.text)
        bare_cross = key(mark.text) in ("x", "v", "✓", "✔")
        attaining = (
            indicator is None or indicator.kind == "attainment" or "/" in (subject.unit or "")
        )
        if bare_cross and column.index in self._figured and not attaining_row(indicator):
            return Blank(mark.text)  # 'x' among figures: none is asked for here
        asked = _YES_OR_NO.search(key(f"{column.header} {label}")) or attaining_row(indicator)
        if key(mark.text) in _BARE_DENIALS and not asked:
            return Blank(mark.text)  # 'Không' says that there is none, or no figure of it
        denied = bool(self._vocabulary.headers.not_attained.search(key(column.header)))
        if not attaining or (denied and not bare_cross):
            self.doubt("attainment-unclear", cell, match, label=label, text=cell.text)
            return Blank(mark.text)
        attained = mark.attained and not denied
        return Number(mark.text, HUNDRED if attained else ZERO, percent=True)

    def _measures(
        self, value: CellValue, column: Column, match: Match, row: Row
    ) -> Iterator[tuple[Measure, Number]]:
        """The figures that a cell holds, each with its measure."""
        if isinstance(value, Fraction) and column.branch == "target":
            yield from self._planned(value)
        elif isinstance(value, Fraction):
            parts: tuple[tuple[Measure, Number | None], ...] = (
                ("numerator", value.numerator),
                ("denominator", value.denominator),
                ("result", value.rate),
            )
            unit = value.denominator.unit or value.numerator.unit
            for measure, number in parts:
                if number is not None:
                    yield measure, number if number.percent else replace(number, unit=unit)
        elif isinstance(value, CountAndRate):
            yield "target" if column.branch == "target" else "count", value.count
            yield "target" if column.branch == "target" else "result", value.rate
        elif isinstance(value, Number):
            yield self._measure(value, column, match, row), value

    def _planned(self, value: Fraction) -> Iterator[tuple[Measure, Number]]:
        """A target given as so many of so many: its rate counts, else how many of how many."""
        if value.rate is not None:
            yield "target", value.rate
        else:
            unit = value.denominator.unit or value.numerator.unit
            yield "target", replace(value.numerator, unit=unit)
            yield "denominator", replace(value.denominator, unit=unit)

    def _measure(self, number: Number, column: Column, match: Match, row: Row) -> Measure:
        if column.branch == "target" or row.subject.planned or self._is_ahead(column, row.subject):
            return "target"
        if number.percent or column.part == "rate" or row.subject.compared:
            return "result"
        told = self._vocabulary.family_of(row.subject.unit_of_measure or "")
        if told in SHARES and self._is_told_by_row(column):
            return "result"
        if column.part is not None:
            return self._part(column, match, row)
        if match.component == "numerator" or column.index in self._counts:
            return "count"
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        measured = (
            column.unit_of_measure
            or row.subject.unit_of_measure
            or row.subject.unit_in_label
            or number.unit
        )
        if indicator is None:
            is_share = measured and self._vocabulary.family_of(measured) in SHARES
            return "result" if is_share else "count"
        if indicator.kind in ("count", "amount", "list"):
            return "count"
        if indicator.kind in ("rate", "attainment") and measured and measured != "%":
            return "count"
        return "result"

    def _is_ahead(self, column: Column, subject: Subject) -> bool:
        """Whether the column's day lies in a year after the report's: no result can be known yet.

        'Năm 2025' in a report of October 2025 is what has been reached so far.
        """
        day, issued = column.as_of, self._header.issued_on
        if day is None or issued is None or column.branch or self._is_estimated(column, subject):
            return False
        return day.year > issued.year and day > issued + REPORTED_AHEAD

    def _part(self, column: Column, match: Match, row: Row) -> Measure:
        """Numerator or denominator where its partner stands in the same row, else a count.

        Under 'Tổng số' beside 'Số đạt', the whole of a rate is one also where nobody attained.
        """
        filled = {
            other.index: cell for other, cell in row.cells if not isinstance(_parsed(cell), Blank)
        }
        beside = {
            other.part
            for other in siblings(column, [other for other, _ in row.cells])
            if other.index in filled and (other.part != "count" or not other.subject)
        }
        if column.part == "denominator":
            indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
            of_rate = indicator is not None and indicator.kind == "rate"
            partnered = beside & {"numerator", "count"} or (of_rate and self._has_numerator(column))
            return "denominator" if partnered else "count"
        counted = column.part == "numerator" or not column.subject
        whole = counted and "denominator" in beside
        return "numerator" if whole or self._whole_stands_in(row, match) else "count"

    def _whole_stands_in(self, row: Row, match: Match) -> bool:
        """Whether a count of the row is what the indicator is a rate of ('Tổng số hộ')."""
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        whole = indicator.denominator.indicator if indicator and indicator.denominator else None
        return whole is not None and any(
            self._vocabulary.matcher.match(column.header).indicator == whole
            for column, cell in row.cells
            if column.part in (None, "denominator") and not isinstance(_parsed(cell), Blank)
        )

    def _has_numerator(self, column: Column) -> bool:
        return any(other.part == "numerator" for other in siblings(column, self._layout.columns))

    # ---- the observation --------------------------------------------------------------------

    def _observation(
        self,
        column: Column,
        cell: Cell,
        measure: Measure,
        number: Number,
        label: str,
        match: Match,
        subject: Subject,
    ) -> Observation:
        self._cell = cell
        self._doubt_label(cell, label, match)
        if subject.candidates:
            candidates = ", ".join(subject.candidates)
            self.doubt("unit-ambiguous", cell, match, text=label, candidates=candidates)
        indicator = match.indicator
        unit_of_measure = self._unit_of_measure(column, measure, number, label, match, subject)
        number, unit_of_measure = self._unscaled(cell, number, label, match, unit_of_measure)
        factor = (1.0 if column.words_decided else BY_CONTENT) * (
            match.score if indicator else UNMATCHED
        )
        assumed = measure == "result" or (measure == "target" and subject.unit_in_label)
        if assumed and unit_of_measure == "%" and not number.percent:
            number = replace(number, percent=True)
            if not self._says_percent(column, subject):
                factor *= ASSUMED_PERCENT
                self.doubt("percent-assumed", cell, match, label=label, text=cell.text)
        self._check_range(cell, measure, number, label, match, unit_of_measure)
        day = self._as_of(column, measure, subject)
        self.origins.append(Origin(subject.ancestors, column.path))
        if measure != "target" and self._is_to_be_reached(column):
            facts = {
                "label": label, "value": cell.text, "date": f"{day:%d/%m/%Y}",
                "issued": f"{self._header.issued_on:%d/%m/%Y}",
            }  # fmt: skip
            self.doubt("result-after-issue", cell, match, **facts)
        if day and measure != "target" and _OF_BEGINNING.search(key(label)):
            self.doubt("beginning-of-year", cell, match, label=label, date=f"{day:%d/%m/%Y}")
        return Observation(
            indicator=indicator,
            label=label,
            measure=measure,
            value=number.value,
            unit_of_measure=unit_of_measure,
            unit=self._unit(column, subject),
            as_of=day,
            source=self._source(cell),
            confidence=round(cell.confidence * factor, 4),
            decimals=number.decimals,
            approximate=number.approximate,
            estimated=number.estimated
            or (measure != "target" and self._is_estimated(column, subject)),
        )

    def _unit_of_measure(
        self,
        column: Column,
        measure: Measure,
        number: Number,
        label: str,
        match: Match,
        subject: Subject,
    ) -> str:
        """The unit from the nearest place that names one: cell, column, row, title, catalogue."""
        counts = measure in ("numerator", "denominator", "count")
        if number.percent or subject.compared:
            return "%"
        if column.part == "rate" and not counts:
            return self._vocabulary.unit_told(column.unit_of_measure or "%")
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        part = indicator and (
            indicator.denominator if measure == "denominator" else indicator.numerator
        )
        rated = indicator is not None and indicator.unit_of_measure == "%"
        stated = (
            number.unit, column.unit_of_measure, subject.unit_of_measure,
            subject.unit_in_label if counts or not rated else None,
            self._caption.unit_of_measure,
            part.unit_of_measure if part and counts else None,
            indicator.unit_of_measure if indicator else None,
            self._counted_unit(column, label, subject) if counts or measure == "target" else None,
        )  # fmt: skip
        unit = next((unit for unit in stated if unit and not (counts and unit == "%")), "")
        self._doubt_discarded(column, number, label, match, subject, unit)
        return self._vocabulary.unit_told(unit)

    def _doubt_discarded(
        self,
        column: Column,
        number: Number,
        label: str,
        match: Match,
        subject: Subject,
        used: str,
    ) -> None:
        """A unit that the cell or the row states and that its figure does not bear; the '%' of a
        row is that of the rate which stands in a column of its own.
        """
        beside = siblings(column, self._layout.columns)
        has_rate = column.part == "rate" or any(other.part == "rate" for other in beside)
        family = self._vocabulary.family_of
        for stated in (number.unit, subject.unit_of_measure):
            shown = stated == "%" and (has_rate or "%" in number.text)
            if not stated or family(stated) == family(used) or shown:
                continue
            if column.unit_of_measure and stated != number.unit:
                continue  # the column says it of all its figures
            self.doubt(
                "unit-of-measure-discarded", self._cell, match, label=label, text=number.text,
                stated=stated, used=used or "–",
            )  # fmt: skip

    def _is_to_be_reached(self, column: Column) -> bool:
        """Whether a header says 'đến năm …' of a day after the report: that is a plan's word."""
        issued = self._header.issued_on
        if issued is None or column.as_of is None or column.comparison:
            return False
        if column.as_of != date(issued.year, 12, 31) or column.as_of <= issued + REPORTED_AHEAD:
            return False
        return any(one.reached for text in column.path for one in find_periods(text))

    def _unscaled(
        self, cell: Cell, number: Number, label: str, match: Match, unit: str
    ) -> tuple[Number, str]:
        """The number in its plain unit: '12,4' of 'nghìn người' are 12,400 people, and said so."""
        plain = multiplied(number, unit)
        if plain is None:
            return number, unit
        told = self._vocabulary.unit_told(plain.unit)
        facts = {"label": label, "found": unit, "used": told, "value": f"{plain.value}"}
        self.doubt("unit-of-measure-converted", cell, match, **facts)
        return plain, told

    def _counted_unit(self, column: Column, label: str, subject: Subject) -> str | None:
        """What the header or the label says is counted, the nearest words first."""
        named = [
            text
            for text in label.split(" · ")
            if text != subject.entity and not self._vocabulary.names_institution(text)
        ]
        of_people = any(self._vocabulary.tells_persons(text) for text in column.path)
        path = [] if of_people else reversed(column.path)
        if of_people:
            named = [text for text in named if text not in column.path]
        texts = (*path, *reversed(named), *self._whole_of(column))
        found = (self._vocabulary.unit_counted(text) for text in texts)
        unit = next((unit for unit in found if unit), None)
        return unit if not of_people or unit in self._vocabulary.persons else "người"

    def _whole_of(self, column: Column) -> Iterator[str]:
        """The header of the count before a column that is part of it ('Trong đó: …')."""
        if column.path and self._vocabulary.part_row.match(column.path[-1]):
            for other in reversed(self._layout.columns[: column.index]):
                if other.role == "value" and other.part != "rate":
                    yield other.header
                    return

    def _says_percent(self, column: Column, subject: Subject) -> bool:
        return column.percent or "%" in (
            subject.unit_of_measure, subject.unit_in_label, self._caption.unit_of_measure
        )  # fmt: skip

    def _is_estimated(self, column: Column, subject: Subject) -> bool:
        estimated = self._vocabulary.headers.estimated
        return bool(estimated.search(key(column.header)) or estimated.search(key(subject.note)))

    def _unit(self, column: Column, subject: Subject) -> str | None:
        named = self._unit_of_column(column)
        if named is not None:
            return named.slug
        if column.total and not self._totals_are_own():
            return None
        if subject.foreign:
            return None
        if subject.unit is None and self._caption.unit is not None:
            return self._caption.unit.slug
        return subject.unit or self._header.unit

    def _unit_of_column(self, column: Column) -> NamedUnit | None:
        if column.index not in self._units:
            texts = [*reversed(column.path), column.subject]
            named = (self._vocabulary.named_unit(text, self._header) for text in texts if text)
            self._units[column.index] = next((unit for unit in named if unit), None)
        return self._units[column.index]

    def _totals_are_own(self) -> bool:
        """Whether the columns that name units name the document's own parts."""
        named = [self._unit_of_column(column) for column in self._layout.columns]
        slugs = [one.slug for one in named if one is not None]
        return self._vocabulary.add_up_to(slugs, self._header.unit)

    def _as_of(self, column: Column, measure: Measure, subject: Subject) -> date | None:
        nearest = column.as_of or subject.as_of
        if nearest is None and not column.comparison and self._header.as_of is not None:
            for text in reversed(column.path):
                earlier = earlier_day(text, self._caption.as_of or self._header.as_of)
                if earlier is not None:
                    return earlier.day
        if measure == "target":
            day = nearest or self._header.as_of
            whole_year = column.whole_year or WHOLE_YEAR.search(key(subject.label))
            return date(day.year, 12, 31) if day and whole_year else day
        return nearest or self._caption.as_of or self._header.as_of

    def _source(self, cell: Cell) -> Source:
        return replace(self._table.source(cell), text=cell.original or cell.text)

    # ---- doubts -----------------------------------------------------------------------------

    def doubt(self, code: str, cell: Cell | None, match: Match = NO_MATCH, **facts: str) -> None:
        """Records a finding at a cell, or at the table."""
        if cell is None:
            source = Source("table", facts.get("header", ""), self._table.page, self._table.index)
        else:
            source = self._source(cell)
        self.findings.append(
            Finding(code, facts, source, unit=self._header.unit, indicator=match.indicator)
        )

    def doubt_all(self, observations: Sequence[Observation], *, transposed: bool) -> None:
        """Records what is doubtful of the table as a whole."""
        if observations and not any(one.label for one in observations):
            self.doubt("table-not-understood", None, text=observations[0].source.text)
        if any(one.as_of is None for one in observations):
            self.doubt("as-of-unknown", None)
        for column in self._layout.columns:
            if not transposed and column.role == "value" and not column.words_decided:
                self.doubt("column-not-understood", None, header=column.header or "?")

    def _blank(self, cell: Cell, label: str, match: Match) -> None:
        self.doubt("figure-blank", cell, match, label=label, text=cell.text.strip())

    def _doubt_label(self, cell: Cell, label: str, match: Match) -> None:
        if match.rivals:
            self.doubt("label-ambiguous", cell, label=label, candidates=", ".join(match.rivals))
        elif not label:
            self.doubt("row-not-understood", cell, text=cell.text)
        elif match.unread:
            nearest = match.nearest or "–"
            self.doubt("header-unread", cell, label=label, unread=match.unread, nearest=nearest)
        elif match.indicator is None:
            self.doubt("label-unmatched", cell, label=label, nearest=match.nearest or "–")

    def _check_range(
        self,
        cell: Cell,
        measure: Measure,
        number: Number,
        label: str,
        match: Match,
        unit_of_measure: str,
    ) -> None:
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        if number.ambiguous:
            self.doubt("number-ambiguous", cell, match, label=label, text=cell.text)
        if indicator is None or unit_of_measure != indicator.unit_of_measure:
            return
        least, most = indicator.minimum, indicator.maximum
        if (least is not None and number.value < least) or (
            most is not None and number.value > most
        ):
            self.doubt(
                "out-of-range", cell, match, label=label, value=cell.text,
                minimum=str(least), maximum=str(most), measure=measure,
            )  # fmt: skip

    def _check_rates(self, found: Sequence[Observation]) -> None:
        """Numerator and denominator against the rate printed beside them."""
        groups: dict[tuple[object, ...], dict[str, Observation]] = defaultdict(dict)
        for one in found:
            if one.measure in ("numerator", "denominator", "result"):
                groups[one.indicator or one.label, one.unit, one.as_of].setdefault(one.measure, one)
        for (named, unit, day), group in groups.items():
            if "denominator" not in group:
                group.update(self._whole_in_row(named, unit, day, found))
        self.findings += rate_findings(groups.values())

    def _whole_in_row(
        self, named: object, unit: object, day: object, found: Sequence[Observation]
    ) -> dict[str, Observation]:
        """The whole of a rate and its part, where they stand as counts in the same row."""
        indicator = self._vocabulary.catalogue.indicators.get(str(named))
        whole = indicator.denominator.indicator if indicator and indicator.denominator else None
        counts = [
            one for one in found if one.measure == "count" and (one.unit, one.as_of) == (unit, day)
        ]
        wholes = [one for one in counts if whole and one.indicator == whole]
        parts = [one for one in counts if one.indicator == named]
        if len(wholes) != 1:
            return {}
        told = {"denominator": wholes[0]}
        return told | {"numerator": parts[0]} if len(parts) == 1 else told

    def check_totals(self, rows: Sequence[Row], observations: Sequence[Observation]) -> None:
        """The total row of a transposed table against the sum of its parts, column by column."""
        totals = {row.index for row in rows if row.subject.total}
        areas = {row.index for row in rows if row.subject.area}
        if len(totals) != 1:
            return
        columns: dict[tuple[int | None, str], list[Observation]] = defaultdict(list)
        for one in observations:
            if one.measure in ("count", "numerator", "denominator"):
                columns[one.source.column, one.measure].append(one)
        for found in columns.values():
            total = next((one for one in found if one.source.row in totals), None)
            parts = [one.value for one in found if one.source.row not in totals | areas]
            if total is None or not parts or sum(parts) == total.value:
                continue
            facts = {
                "label": total.label, "parts": str(sum(parts)), "total": str(total.value),
                "difference": str(sum(parts) - total.value),
            }  # fmt: skip
            self.findings.append(
                Finding("identity-mismatch", facts, total.source, total.unit, total.indicator)
            )


def attaining_row(indicator: Indicator | None) -> bool:
    """Whether an indicator is one that is attained or not."""
    return indicator is not None and indicator.kind == "attainment"


def _is_prose(value: Unreadable) -> bool:
    """Whether a cell may hold a sentence rather than a figure that cannot be read."""
    return value.reason in ("several", "words") and len(value.text.split()) >= _SENTENCE_WORDS


def _parsed(cell: Cell) -> CellValue:
    return parse_cell(cell.text)


def _with_wholes(layout: Layout, vocabulary: Vocabulary) -> Layout:
    """A total beside one column that names a rate without giving one ('Trẻ 5 tuổi': 'Tổng số',
    'Ra lớp') is its whole.
    """
    parts: dict[int, Part] = {}
    for column in layout.columns:
        group = siblings(column, layout.columns)
        if not column.total or column.part or len(group) != 1 or len(column.path) < 2:
            continue
        other = group[0]
        named = vocabulary.catalogue.indicators.get(
            vocabulary.matcher.match(other.header).indicator or ""
        )
        if named and named.kind == "rate" and not (other.part or other.breakdown or other.percent):
            parts |= {column.index: "denominator", other.index: "numerator"}
    columns = tuple(
        replace(column, part=parts.get(column.index, column.part)) for column in layout.columns
    )
    return replace(layout, columns=columns)


def _measures_down(table: Table, layout: Layout, vocabulary: Vocabulary) -> bool:
    """Whether the rows are total, attained, rate … and the columns the indicators."""
    words = vocabulary.headers
    labels = [column.index for column in layout.columns if column.role == "label"]
    if len(labels) != 1 or layout.first_row == 0:
        return False
    rows = [
        cell for cell in table.cells if cell.column == labels[0] and cell.row >= layout.first_row
    ]
    parts = [cell for cell in rows if words.names_part(key(cell.text))]
    named = [
        column
        for column in layout.columns
        if column.role == "value" and vocabulary.matcher.match(column.header).indicator
    ]
    return len(rows) > 1 and len(parts) == len(rows) and bool(named)


def _flipped(table: Table) -> Table:
    """The table with rows and columns exchanged."""
    cells = tuple(
        replace(
            cell, row=cell.column, column=cell.row,
            row_span=cell.column_span, column_span=cell.row_span,
        )
        for cell in table.cells
    )  # fmt: skip
    return replace(table, rows=table.columns, columns=table.rows, cells=cells, header_rows=None)


def _flipped_back(reading: TableReading, layout: Layout) -> TableReading:
    def back(source: Source) -> Source:
        return replace(source, row=source.column, column=source.row)

    return TableReading(
        layout,
        tuple(replace(one, source=back(one.source)) for one in reading.observations),
        tuple(
            replace(one, source=back(one.source)) if one.source else one for one in reading.findings
        ),
    )


def _words_beside(table: Table, layout: Layout, words: HeaderWords) -> Iterator[Cell]:
    """The cells of text and of notes beside the figures, and headings over several columns."""
    beside = {
        column.index
        for column in layout.columns
        if column.role in ("text", "note")
        and not (column.path and words.no_figures.search(key(column.path[-1])))
    }
    headings = {column.index for column in layout.columns if column.role in ("label", "ordinal")}
    for cell in table.cells:
        heading = cell.column_span > 1 and cell.column in headings
        if cell.row >= layout.first_row and (cell.column in beside or heading):
            yield cell


def _of_text(table: Table) -> Finding:
    words = " | ".join(" ".join(cell.text.split()) for cell in table.cells if cell.text.strip())
    source = Source("table", words[:200], table.page, table.index, bbox=table.bbox)
    return Finding("table-of-text", {"text": words[:80]}, source)
