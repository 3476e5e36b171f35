"""Figures in running text: what each counts, of whom, when, and whether it is target or result.

What a figure counts is told from its own clause (``counted``), or taken from the clause before
where its own says only who and when ('năm 2024 giảm còn 3,1 %', 'xã Đức Hiệp còn 2,1 %'); a rate
behind counts ('…, đạt 28,05 %') says how much they are of their whole. Changes and comparisons
('tăng 5 %', 'vượt 5,6 % so với kế hoạch') are figures of their own that no indicator takes. What
cannot be told is a finding, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from extractors.document import Finding, Paragraph, Source
from transforms.counted import (
    COMPARED_BEFORE,
    Counted,
    Sentence,
    clause_end,
    clause_start,
    counted_by,
    is_changed,
    is_rate,
    parse_sentence,
    unit_of,
)
from transforms.dates import Period, find_periods
from transforms.evidence import NARRATIVE, UNMATCHED, rate_findings
from transforms.matching import NO_MATCH, strip_mark
from transforms.numbers import Figure, Fraction, Number, Unreadable
from transforms.ownership import Owner, owner_of
from transforms.reading import Header, Measure, Observation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transforms.vocabulary import Vocabulary

_SMALL = "".join(letter for letter in map(chr, range(ord("à"), ord("ỹ") + 1)) if letter.islower())
"""Small letters of Vietnamese beyond a-z; great ones ('Đ', 'Ấ') lie among them."""
_SENTENCE_END = re.compile(
    r"(?<!\bTP)(?<!\bTp)(?<!\bv\.v)(?<!\bThS)(?<!\bTS)(?<!\b[A-ZĐ])[.!?]"
    rf"(?=\s+[^\Wa-z{_SMALL}\d_]|\s+[“\"])|;(?=\s)|\n(?=\s*[-+*•])"
)
_QUOTED = re.compile(r"[“\"«][^”\"»]{3,200}[”\"»]")
_LINK = re.compile(
    r"(?:^|[,;(]|\bvà)\s*(?:ước\s+)?(?:đã\s+)?"
    r"(?:(?:đạt|chiếm|tương ứng|bằng|tương đương|với|là)\s*)*"
    r"(?:(?:tỷ|tỉ)\s+lệ\s*)?(?:(?:là|đạt)\s*)?[:(]?\s*$"
)
_TARGET = re.compile(
    r"(?<!\w)(?:mục tiêu|chỉ tiêu|kế hoạch|phấn đấu|nghị quyết|được giao"
    r"|(?<!bàn )giao(?! (?:thông|lưu|dịch|ban|quân|nhận|tiếp|đất|rừng))|đề ra|yêu cầu"
    r"|định hướng)(?!\w)(?! (?:số )?\d{1,4}[-/]| (?:chưa đạt|đã đạt|đạt được|trên|nêu trên|này))"
)
_OPENS_PLAN = re.compile(
    r"^\W*(?:(?:trong )?năm (?:19|20)\d\d,? )?"
    r"(?:(?:toàn |hội |ubnd |đảng bộ |đảng ủy |địa phương |nhà trường |trạm )?(?:xã |phường )?)"
    r"(?:mục tiêu|phấn đấu|chỉ tiêu|kế hoạch|đến năm|định hướng|phương hướng|nhiệm vụ)(?!\w)"
)
_TARGET_DISTANCE = 60
"""How many characters a word of planning may stand before its figure."""
_RESULT = re.compile(
    r"(?<!\w)(?:kết quả|thực hiện được|đã đạt|đạt được|đã có|hiện có|hiện nay|đến nay)(?!\w)"
    r"|(?<=, )(?:toàn )?xã (?:đã )?đạt(?!\w)"
    r"|(?<!\w)(?<!kế hoạch )thực hiện(?: được| là|:)?\s*$"
)
_FROM = re.compile(r"(?<!\w)từ(?:\s+mức)?\s*$")
_CONTINUES = re.compile(
    r"^\W*(?:(?:vào |cuối |đầu )?(?:năm|tháng) [\d/ năm]+\W*)?"
    r"(?:lên|xuống còn|xuống|còn|đến|tới)\s*(?:khoảng|hơn|gần|trên)?\s*$"
)
_RESPECTIVELY = re.compile(r"(?<!\w)(?:lần lượt|tương ứng)(?!\w)")
_BETWEEN_LISTED = re.compile(r"\s*(?:[,;:]|và|là|đạt|có|được|bằng|\s)*\s*")
_IN_ALL = re.compile(r"\s*(?:trong|trên|so với)?\s*tổng (?:số|cộng)\s*")
_OUT_OF = re.compile(r"[^,;.()\d]{0,40}\s(?:trên|trong) tổng (?:số|cộng)\s*")
_YEAR_LIST = re.compile(
    r"(?<!\d)(?P<years>(?:19|20)\d\d(?:\s*(?:,|và|,\s*và)\s*(?:năm\s+)?(?:19|20)\d\d)+)\s*$"
)
_BETWEEN_OWNERS = re.compile(r"\s*(?:[,;]|và|\s|xã|phường|thị trấn|thôn|huyện|tỉnh)*\s*")
_MOST_FIGURES = 1000
"""A sentence with more figures is none: each would carry the whole of it as its source."""
LONGEST_QUOTE = 200
_WHOLE_YEAR = re.compile(r"(?<!\w)(?:cả|hết|cuối|trong) năm(?! (?:học|\d))(?!\w)")
_YEAR_BEGIN = re.compile(r"\s*(?:vào )?đầu năm(?! (?:học|\d))(?!\w)")
_OPENING = 6
"""How many characters may stand before the period that a sentence opens with ('- Trong')."""
_PERIOD_DISTANCE = 12
"""How many characters may stand between a figure and the period behind it ('vào tháng …')."""
REPORTED_AHEAD = timedelta(days=45)
"""By how much a period may end after its report: those on a year are written in December."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A figure with what its sentence says of it.

    ``linked``: it says how much the figure before is of its whole, or the reverse in brackets.
    ``continues``: 'từ 70 % lên 78 %', where this is the 78; ``earlier`` is the 70. ``day`` is said
    for it alone ('năm 2023, 2024 lần lượt là …').
    """

    figure: Figure
    counted: Counted
    measure: Measure
    owner: Owner | None
    linked: bool
    continues: bool
    earlier: bool
    day: date | None = None


def read_paragraph(
    paragraph: Paragraph,
    header: Header,
    vocabulary: Vocabulary,
    subject: Counted | None = None,
    *,
    planned_for: date | None = None,
) -> tuple[list[Observation], list[Finding]]:
    """The figures of a paragraph as observations, and findings for those not understood.

    ``subject`` is what a figure counts whose sentence does not say it: the row of a table's cell.
    ``planned_for`` is the day that the chapter plans for: its figures are targets of that day.
    """
    observations: list[Observation] = []
    findings: list[Finding] = []
    opened: date | None = None
    plan: date | None = None
    for start, end in sentence_spans(paragraph.text):
        text = paragraph.text[start:end]
        sentence = parse_sentence(text, header, vocabulary)
        if not sentence.figures:
            subject = opened = plan = None
            continue
        source = Source("text", text, paragraph.page, row=paragraph.index, bbox=paragraph.bbox)
        if len(sentence.figures) > _MOST_FIGURES:
            where = replace(source, text=text[:LONGEST_QUOTE])
            facts = {"text": where.text, "reason": f"hơn {_MOST_FIGURES} số trong một câu"}
            findings.append(Finding("figure-unclear", facts, where, unit=header.unit))
            continue
        reader = _Reader(
            sentence, source, header, vocabulary, paragraph.confidence, planned_for or plan, opened,
            start,
        )  # fmt: skip
        observations += reader.read(subject)
        findings += reader.findings
        subject = opened = plan = None
        if text.endswith(";"):
            subject, opened, plan = reader.subject, reader.opened, reader.plan
    return observations, findings


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a full stop inside numbers and abbreviations ends none."""
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end, the white space around them left out."""
    mark = len(text) - len(strip_mark(text))
    starts = [0, *(end.end() for end in _SENTENCE_END.finditer(text, mark))]
    spans = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        first = start + len(part) - len(part.lstrip())
        if part.strip():
            spans.append((first, first + len(part.strip())))
    return spans


class _Reader:
    """Reads the figures of one sentence from left to right."""

    def __init__(
        self,
        sentence: Sentence,
        source: Source,
        header: Header,
        vocabulary: Vocabulary,
        confidence: float,
        planned_for: date | None,
        opened: date | None,
        offset: int,
    ) -> None:
        self._offset = offset
        self._planned_for = planned_for
        self._sentence = sentence
        self._source = source
        self._header = header
        self._vocabulary = vocabulary
        self._confidence = confidence
        unquoted = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), sentence.text)
        issued = header.issued_on
        self._periods = self._named(find_periods(unquoted, issued))
        self._periods_ahead = self._named(
            find_periods(unquoted, issued and date(issued.year, 12, 31))
        )
        self.opened = self._opening_day() or opened
        self.plan = planned_for or self._planned_day()
        self.findings: list[Finding] = []
        self.subject: Counted | None = None

    def read(self, subject: Counted | None) -> list[Observation]:
        """All figures; ``subject`` is what the sentence before, ended by ';', spoke of."""
        spoken = self._told_by_neighbours(list(self._speak()), subject)
        spoken = self._of_a_whole(self._respectively(spoken))
        groups: list[dict[str, Observation]] = []
        observations: list[Observation] = []
        for one in spoken:
            found = list(self._observations(one))
            if not one.linked or not groups:
                groups.append({})
            groups[-1].update({observation.measure: observation for observation in found})
            observations += found
        self.findings += rate_findings(groups)
        return observations

    def _named(self, periods: Sequence[Period]) -> list[Period]:
        """The periods that are none of the figures: '2015 cây' is no year."""
        figures = self._sentence.figures
        return [
            one
            for one in periods
            if not any(figure.start <= one.start < figure.end for figure in figures)
        ]

    def _speak(self) -> Iterator[_Spoken]:
        """Each figure with what its own clause says."""
        previous: Figure | None = None
        for position, figure in enumerate(self._sentence.figures):
            value = figure.value
            if isinstance(value, Unreadable):
                self._doubt("figure-unclear", text=value.text, reason=value.reason)
                previous = None
                continue
            before, after = self._sentence.around(position)
            low = before.lower()
            yield _Spoken(
                figure,
                counted_by(self._sentence, position, self._vocabulary),
                self._measure(figure, before),
                self._owner(figure),
                linked=previous is not None and _is_linked(previous, figure, before, after),
                continues=previous is not None and bool(_CONTINUES.match(low)),
                earlier=bool(_FROM.search(low)) and not _is_bound(figure),
            )
            previous = figure

    def _told_by_neighbours(self, spoken: list[_Spoken], subject: Counted | None) -> list[_Spoken]:
        """The figures whose clause does not say what they count, told by the others."""
        if spoken and spoken[-1].earlier:  # 'có từ 2.500 người': nothing follows that it came to
            spoken[-1] = replace(spoken[-1], earlier=False)
        for index, one in enumerate(spoken):
            if one.linked:
                self._join(spoken, index)
            elif one.continues:
                before = spoken[index - 1]
                spoken[index] = replace(one, counted=before.counted)
                spoken[index - 1] = replace(before, figure=_with_unit_of(before.figure, one.figure))
            elif not one.counted.told:
                told = subject or self._told_later(spoken[index + 1 :])
                if told is not None and self._is_alike(told, one.figure):
                    spoken[index] = replace(one, counted=told)
            elif self._may_go_on(one, subject):
                spoken[index] = replace(one, counted=replace(one.counted, match=NO_MATCH))
            if not spoken[index].counted.changed and spoken[index].counted.told:
                subject = spoken[index].counted
        self.subject = subject
        return spoken

    def _may_go_on(self, one: _Spoken, subject: Counted | None) -> bool:
        """Whether a bare '1.204 hộ' may be of all or of those spoken of before: nobody can tell."""
        return (
            one.counted.bare
            and _names(one)
            and subject is not None
            and subject.match.indicator not in (None, one.counted.match.indicator)
            and self._is_alike(subject, one.figure)
        )

    def _join(self, spoken: list[_Spoken], index: int) -> None:
        """Counts and their rate speak of one thing: of what either of them names."""
        one, before = spoken[index], spoken[index - 1]
        named = one if before.counted.match.indicator is None and _names(one) else before
        spoken[index] = replace(
            one, counted=named.counted, owner=before.owner or one.owner, earlier=before.earlier
        )
        spoken[index - 1] = replace(before, counted=named.counted)
        apart = (one.figure.start, one.figure.end + self._gap_behind(one.figure))
        if not any(
            before.figure.end <= period.start < apart[0] or apart[0] < period.start < apart[1]
            for period in self._periods
        ):
            spoken[index] = replace(spoken[index], day=self._as_of(before, before.measure))

    def _respectively(self, spoken: list[_Spoken]) -> list[_Spoken]:
        """'năm 2023, 2024 lần lượt là 5 và 7 đơn vị', 'Đức Thạnh và Đức Chánh lần lượt đạt …'."""
        for word in _RESPECTIVELY.finditer(self._sentence.low):
            places = self._listed_from(word.end(), spoken)
            if len(places) < 2:
                continue
            last = spoken[places[-1]].figure
            days = _listed_years(self._sentence.low[: word.start()])
            owners = _listed_owners(self._sentence, word.start())
            if len(places) not in (len(days), len(owners)):
                self._doubt("figure-unclear", text=self._sentence.text, reason="lần lượt")
                continue
            counted = self._named_before(word.start(), spoken[places[0]])
            for nth, place in enumerate(places):
                one = spoken[place]
                spoken[place] = replace(
                    one,
                    figure=_with_unit_of(one.figure, last),
                    counted=counted,
                    owner=owners[nth] if len(owners) == len(places) else one.owner,
                    day=days[nth] if len(days) == len(places) else one.day,
                )
        return spoken

    def _named_before(self, end: int, first: _Spoken) -> Counted:
        """What a list counts: what is named before it, where its first figure does not say."""
        named = [one for one in self._sentence.phrases if one.end <= end]
        if first.counted.match.indicator or not named:
            return first.counted
        return Counted(self._sentence.text[named[-1].start : named[-1].end], named[-1].match)

    def _listed_from(self, start: int, spoken: list[_Spoken]) -> list[int]:
        """The places of the figures that follow with nothing but commas and verbs between."""
        places: list[int] = []
        end = start
        for place, one in enumerate(spoken):
            if one.figure.start < start:
                continue
            if not _BETWEEN_LISTED.fullmatch(self._sentence.low, end, one.figure.start):
                break
            places.append(place)
            end = one.figure.end
        return places

    def _of_a_whole(self, spoken: list[_Spoken]) -> list[_Spoken]:
        """'41 hộ, chiếm 1,72 % trong tổng số 2.384 hộ': a part, its rate, and their whole; '9 nữ
        đại biểu trên tổng số 30 đại biểu': a part and its whole.
        """
        for place in range(1, len(spoken)):
            part, whole = spoken[place - 1 : place + 1]
            behind = self._sentence.low[part.figure.end : whole.figure.start]
            if _OUT_OF.fullmatch(behind) and part.measure == whole.measure == "count":
                spoken[place - 1] = replace(part, measure="numerator")
                spoken[place] = replace(
                    whole, measure="denominator", counted=part.counted, linked=True
                )
        for place in range(2, len(spoken)):
            part, rate, whole = spoken[place - 2 : place + 1]
            behind = self._sentence.low[rate.figure.end : whole.figure.start]
            if (
                _IN_ALL.fullmatch(behind)
                and rate.linked
                and part.measure == whole.measure == "count"
                and unit_of(part.figure) == unit_of(whole.figure) != ""
            ):
                spoken[place - 2] = replace(part, measure="numerator")
                spoken[place] = replace(
                    whole, measure="denominator", counted=part.counted, linked=True
                )
        return spoken

    def _told_later(self, later: Sequence[_Spoken]) -> Counted | None:
        """'Kế hoạch giao 80 %, thực hiện 92,5 % đơn vị …': what comes says what was planned."""
        return next((one.counted for one in later[:1] if _names(one)), None)

    def _is_alike(self, told: Counted, figure: Figure) -> bool:
        """Whether a figure can count the same: rates with rates, or the same unit."""
        indicator = self._vocabulary.catalogue.indicators.get(told.match.indicator or "")
        if is_rate(figure):
            return indicator is None or indicator.unit_of_measure == "%"
        return bool(unit_of(figure)) and unit_of(figure) in told.label

    # ---- how it is meant --------------------------------------------------------------------

    def _measure(self, figure: Figure, before: str) -> Measure:
        """Target where a word of planning leads to the figure, else by what the figure is."""
        low = before.lower()
        if len(before) < figure.start:
            low = COMPARED_BEFORE.sub("", low)
        clause = low[clause_start(low) :]
        planned = any(
            len(clause) - word.end() <= _TARGET_DISTANCE and not _RESULT.search(clause, word.end())
            for word in _TARGET.finditer(clause)
        )
        ahead = self._sentence.low[: figure.start]
        ahead_only = not _RESULT.search(ahead)
        if self._planned_for is not None and ahead_only and not self._is_of_the_past(figure):
            return "target"
        opening = (_is_plan(ahead) and ahead_only) or self._is_of_the_future(
            figure, len(before) - len(clause)
        )
        if (planned or opening) and not is_changed(clause, ""):
            return "target"
        value = figure.value
        if isinstance(value, Number) and not value.percent and "/" not in value.unit:
            return "count"
        return "result"

    def _is_of_the_past(self, figure: Figure) -> bool:
        """Whether the last period before a figure of a plan is over: 'năm 2024 đạt …'."""
        issued = self._header.issued_on
        told = [one for one in self._periods_ahead if one.end <= figure.start and not one.compared]
        return bool(told) and issued is not None and told[-1].last_day <= issued + REPORTED_AHEAD

    def _is_of_the_future(self, figure: Figure, clause: int) -> bool:
        """Whether the last period before a figure ends after the report: 'đến năm 2030 có …'."""
        since = self._end_before(figure) + clause
        ahead = [one for one in self._periods if since <= one.start and one.end <= figure.start]
        said = self._sentence.low[ahead[-1].end : figure.start] if ahead else ""
        return (
            bool(ahead)
            and ahead[-1].reached
            and self._is_ahead(ahead[-1], figure)
            and not _RESULT.search(said)
        )

    def _observations(self, one: _Spoken) -> Iterator[Observation]:
        value = one.figure.value
        self._doubt_label(one)
        if one.owner is not None and one.owner.slug != self._header.unit:
            self._doubt("unit-outside", text=one.owner.text)
        if isinstance(value, Fraction) and one.measure == "target" and not self._is_aside(one):
            yield from self._planned(one, value)
        elif isinstance(value, Fraction):
            unit = value.denominator.unit or value.numerator.unit
            yield self._observation(one, value.numerator, "numerator", unit)
            yield self._observation(one, value.denominator, "denominator", unit)
            if value.rate is not None:
                yield self._observation(one, value.rate, "result", "%")
        elif isinstance(value, Number):
            unit = "%" if value.percent else value.unit
            yield self._observation(one, value, one.measure, unit)

    def _is_aside(self, one: _Spoken) -> bool:
        """'bằng 123,3 % kế hoạch (74/60)': so many of so many planned, which is no plan."""
        return self._sentence.text[: one.figure.start].rstrip().endswith("(")

    def _planned(self, one: _Spoken, value: Fraction) -> Iterator[Observation]:
        """A target given as so many of so many."""
        unit = value.denominator.unit or value.numerator.unit
        yield self._observation(one, value.numerator, "target", unit)
        yield self._observation(one, value.denominator, "denominator", unit, planned=True)

    def _observation(
        self,
        one: _Spoken,
        number: Number,
        measure: Measure,
        unit: str,
        *,
        planned: bool = False,
    ) -> Observation:
        match = one.counted.match
        self._doubt_plan(one, "target" if planned else measure)
        certainty = match.score if match.indicator else UNMATCHED
        return Observation(
            indicator=match.indicator,
            label=one.counted.label,
            measure=measure,
            value=number.value,
            unit_of_measure=self._vocabulary.unit_told(unit)
            or self._catalogued_unit(match.indicator, measure),
            unit=self._header.unit if one.owner is None else one.owner.slug,
            as_of=self._as_of(one, "target" if planned else measure),
            source=self._source,
            confidence=round(self._confidence * NARRATIVE * certainty, 4),
            decimals=number.decimals,
            approximate=number.approximate or number.bound is not None,
            estimated=self._is_estimated(one.figure, number),
            span=(self._offset + one.figure.start, self._offset + one.figure.end),
        )

    def _doubt_plan(self, one: _Spoken, measure: Measure) -> None:
        """'Dự kiến có 20 hộ thoát nghèo trong năm 2026': the day named for it is yet to come."""
        issued = self._header.issued_on
        figure = one.figure
        end = figure.end + min(
            clause_end(self._sentence.text[figure.end :]), self._gap_behind(figure)
        )
        ahead = [
            period
            for period in self._periods_ahead
            if self._clause_of(figure) <= period.start < end
            and not (period.compared or period.begins)
            and issued is not None
            and period.last_day.year > issued.year
            and self._is_ahead(period, figure)
        ]
        if measure in ("target", "denominator") or not ahead or issued is None:
            return
        self._doubt(
            "result-after-issue", label=one.counted.label,
            value=self._sentence.text[figure.start : figure.end],
            date=f"{ahead[-1].last_day:%d/%m/%Y}", issued=f"{issued:%d/%m/%Y}",
        )  # fmt: skip

    def _is_estimated(self, figure: Figure, number: Number) -> bool:
        before = self._sentence.low[: figure.start]
        estimated = self._vocabulary.headers.estimated
        opens = self._sentence.low.lstrip(" -+*•").startswith("ước ")
        return number.estimated or opens or bool(estimated.search(before[clause_start(before) :]))

    def _catalogued_unit(self, indicator: str | None, measure: Measure) -> str:
        entry = self._vocabulary.catalogue.indicators.get(indicator or "")
        if entry is None:
            return ""
        part = entry.denominator if measure == "denominator" else entry.numerator
        counts = measure in ("count", "numerator", "denominator")
        return part.unit_of_measure if part and counts else entry.unit_of_measure

    def _owner(self, figure: Figure) -> Owner | None:
        text = self._sentence.text
        before, after = text[: figure.start], text[figure.end :]
        clause = (clause_start(before), figure.end + clause_end(after))
        return owner_of(self._sentence.owners, text, figure.start, figure.end, clause)

    def _planned_day(self) -> date | None:
        """'Phương hướng tháng 11/2024: …;': the day that a sentence which opens a plan names."""
        first = self._periods_ahead[0] if self._periods_ahead else None
        if first is None or not _is_plan(self._sentence.low):
            return None
        return first.last_day if first.end <= self._sentence.figures[0].start else None

    def _opening_day(self) -> date | None:
        """'Năm 2024, toàn huyện …; riêng xã …': the day that a sentence opens with."""
        first = self._periods[0] if self._periods else None
        if first is None or first.begins or first.compared or first.start > _OPENING:
            return None
        if not _is_no_beginning(first):
            return None
        return first.last_day

    # ---- when -------------------------------------------------------------------------------

    def _as_of(self, one: _Spoken, measure: Measure) -> date | None:
        """The day of the nearest period: right behind the figure, before it, at the opening."""
        if one.day is not None:
            return one.day
        figure = one.figure
        periods = [
            period
            for period in (self._periods_ahead if measure == "target" else self._periods)
            if not period.compared and (measure == "target" or not self._is_ahead(period, figure))
        ]
        after = self._sentence.text[figure.end :]
        behind_end = figure.end + min(clause_end(after), self._gap_behind(figure))
        behind = [period for period in periods if figure.end <= period.start < behind_end]
        compared = self._compared_in_brackets(figure) if measure != "target" else None
        if compared is not None:
            return compared
        if one.earlier:
            return behind[0].last_day if behind else self._compared_day(figure)
        if behind and behind[0].start - figure.end <= _PERIOD_DISTANCE:
            return behind[0].last_day
        told = self._end_before(figure)
        opening = self._sentence.figures[0].start
        ahead = [
            period
            for period in periods
            if not period.begins
            and period.end <= figure.start
            and (_is_no_beginning(period) or period.start >= self._clause_of(figure))
            and (period.start >= told + _PERIOD_DISTANCE or period.end <= opening)
        ]
        chosen = ahead[-1:] or behind[:1]
        if measure == "target":
            whole_year = self._end_of_year(figure, chosen[0].end if chosen else 0)
            if whole_year and not self._planned_for:
                return max(whole_year, chosen[0].last_day) if chosen else whole_year
        if chosen:
            return chosen[0].last_day
        if measure == "target":
            return self._planned_for or self._header.as_of
        return self.opened or self._header.as_of

    def _compared_in_brackets(self, figure: Figure) -> date | None:
        """'giảm 15 ca so với năm 2023 (42 ca)': the figure of the year compared with."""
        for period in self._periods:
            between = self._sentence.text[period.end : figure.start]
            if period.compared and period.end <= figure.start and between.strip() == "(":
                return period.last_day
        return None

    def _compared_day(self, figure: Figure) -> date | None:
        """'So với năm 2022, … tăng từ 1.318 …', '… từ 6,9 % đầu năm': where a change begins."""
        if _YEAR_BEGIN.match(self._sentence.low, figure.end) and self._header.as_of:
            return date(self._header.as_of.year, 1, 1)
        days = {one.last_day for one in self._periods if one.compared}
        return days.pop() if len(days) == 1 else None

    def _end_of_year(self, figure: Figure, since: int) -> date | None:
        """'Chỉ tiêu cả năm: …' is to be reached by the end of the document's year."""
        day = self._header.as_of or self._header.issued_on
        said = _WHOLE_YEAR.search(self._sentence.low, since, figure.start)
        return date(day.year, 12, 31) if day and said else None

    def _clause_of(self, figure: Figure) -> int:
        told = self._end_before(figure)
        return told + clause_start(self._sentence.text[told : figure.start])

    def _end_before(self, figure: Figure) -> int:
        ends = (one.end for one in self._sentence.figures if one.end <= figure.start)
        return max(ends, default=0)

    def _gap_behind(self, figure: Figure) -> int:
        starts = [one.start for one in self._sentence.figures if one.start >= figure.end]
        return (starts[0] if starts else len(self._sentence.text)) - figure.end

    def _is_ahead(self, period: Period, figure: Figure) -> bool:
        """Whether a period ends after the document, of which no result can be known yet."""
        issued = self._header.issued_on or self._header.as_of
        if issued is None:
            return False
        value = figure.value
        estimated = isinstance(value, Number) and self._is_estimated(figure, value)
        ahead = timedelta(days=366) if estimated else REPORTED_AHEAD
        return period.last_day > issued + ahead

    # ---- doubts -----------------------------------------------------------------------------

    def _doubt_label(self, one: _Spoken) -> None:
        text = self._sentence.text[one.figure.start : one.figure.end]
        counted = one.counted
        if counted.match.rivals:
            candidates = ", ".join(counted.match.rivals)
            self._doubt("sentence-ambiguous", label=counted.label, text=text, candidates=candidates)
        elif counted.match.indicator is None:
            nearest = counted.match.nearest or "–"
            self._doubt("sentence-unmatched", label=counted.label, text=text, nearest=nearest)

    def _doubt(self, code: str, **facts: str) -> None:
        self.findings.append(Finding(code, facts, self._source, unit=self._header.unit))


def _is_linked(previous: Figure, figure: Figure, before: str, after: str) -> bool:
    """Whether a rate says how much the counts just before it are of their whole, or the counts in
    brackets behind a rate what it is the rate of.
    """
    if is_rate(figure) and not is_rate(previous):
        return bool(_LINK.search(before.lower())) and not is_changed("", after)
    in_brackets = before.strip() in ("(", "(tương ứng")
    return is_rate(previous) and not is_rate(figure) and in_brackets


def _listed_years(before: str) -> list[date]:
    """The ends of the years of a list that ends a text: 'ba năm 2021, 2022 và 2023'."""
    found = _YEAR_LIST.search(before)
    years = re.findall(r"(?:19|20)\d\d", found["years"]) if found else []
    return [date(int(year), 12, 31) for year in years]


def _listed_owners(sentence: Sentence, end: int) -> list[Owner]:
    """The units of a list that ends at a place of a sentence, in order."""
    listed: list[Owner] = []
    for one in reversed(sentence.owners):
        if one.end <= end:
            if not _BETWEEN_OWNERS.fullmatch(sentence.low, one.end, end):
                break
            listed.insert(0, one)
            end = one.start
    return listed


def _with_unit_of(figure: Figure, last: Figure) -> Figure:
    """'4, 5 và 7 đơn vị': the last figure's unit is that of all."""
    value, whole = figure.value, last.value
    if isinstance(value, Number) and isinstance(whole, Number) and not value.unit:
        value = replace(value, unit=whole.unit, percent=value.percent or whole.percent)
        return replace(figure, value=value)
    return figure


def _is_bound(figure: Figure) -> bool:
    """'từ 85 % trở lên' begins no change."""
    return isinstance(figure.value, Number) and figure.value.bound is not None


def _is_no_beginning(period: Period) -> bool:
    """'đầu năm 2025' speaks of its own clause alone: '45 hộ, cuối kỳ còn 37 hộ'."""
    return (period.last_day.month, period.last_day.day) != (1, 1)


def _names(one: _Spoken) -> bool:
    return one.counted.match.indicator is not None


def _is_plan(text: str) -> bool:
    return bool(_OPENS_PLAN.match(text))
