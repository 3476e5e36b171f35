"""Figures in running text: what each counts, of whom, when, and whether it is target or result.

A sentence is cut at its figures. What a figure counts is said behind it ('có 12/15 thôn đạt …') or,
for a rate, before it ('tỷ lệ … đạt 95,6 %'); a rate behind a fraction ('…, đạt 28,05 %') belongs to
the fraction. Changes and comparisons ('tăng 5 %', 'vượt 5,6 % so với kế hoạch') are figures of
their own that no indicator takes. What cannot be told is a finding, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from extractors.document import Finding, Paragraph, Source
from transforms.dates import Period, find_periods
from transforms.matching import NO_MATCH, Match, Phrase, strip_mark
from transforms.numbers import Figure, Fraction, Number, Unreadable, find_numbers
from transforms.ownership import Owner, owner_of, owners
from transforms.reading import Header, Measure, Observation
from transforms.tables import UNMATCHED, rate_findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from transforms.vocabulary import Vocabulary

BARE = 0.95
"""Score that a match needs where no whole wording stands in the sentence. People are counted all
the time: 'có 45 học sinh' is not 'Số học sinh', though a table's row 'Học sinh' is."""
NARRATIVE = 0.95
"""Confidence of a figure of running text, which no column explains, against a table's 1."""

_SENTENCE_END = re.compile(
    r"(?<!\bTP)(?<!\bTp)(?<!\bv\.v)(?<!\bThS)(?<!\bTS)(?<!\b[A-ZĐ])[.!?]"
    r"(?=\s+[^\Wa-zà-ỹ\d_]|\s+[“\"])|;(?=\s)|\n(?=\s*[-+*•])"
)
_QUOTED = re.compile(r"[“\"«][^”\"»]{3,200}[”\"»]")
_BOUNDARY = re.compile(
    r"[,;:()]|\.\s|(?<!\w)(?:trong đó|còn lại|và có|đồng thời|với|gồm|bao gồm)(?!\w)"
)
_VERB = re.compile(
    r"(?<!\w)(?:ước\s+)?(?:đạt(?:\s+được)?|chiếm|là|có|còn|bằng|tương ứng|tăng|giảm|được|lên|ở mức"
    r"|duy trì)(?:\s+(?:đạt|là|được|khoảng|hơn|trên|gần|tỷ lệ|tỉ lệ|mức|từ|lên|tới|đến|ở|thêm|chỉ"
    r"|tổng|số|cả|tất))*\s*$"
)
_HAS = re.compile(r"(?<!\w)có(?:\s+(?:khoảng|hơn|trên|gần|tới|đến|đạt|được))*\s*$")
_LINK = re.compile(
    r"(?:^|[,;(]|\bvà)\s*(?:ước\s+)?(?:đã\s+)?"
    r"(?:(?:đạt|chiếm|tương ứng|bằng|tương đương|với|là)\s*)*"
    r"(?:(?:tỷ|tỉ)\s+lệ\s*)?(?:(?:là|đạt)\s*)?[:(]?\s*$"
)
_TARGET = re.compile(
    r"(?<!\w)(?:mục tiêu|chỉ tiêu|kế hoạch|phấn đấu|nghị quyết|được giao|giao|đề ra|yêu cầu"
    r"|định hướng)(?!\w)(?! (?:số )?\d{1,4}[-/])"
)
_TARGET_DISTANCE = 60
"""How many characters a word of planning may stand before its figure."""
_BARE_TARGET = re.compile(
    r"^(?:(?:cao hơn|thấp hơn|vượt|so với|bằng|đạt|trên|dưới) )*(?:mục tiêu|chỉ tiêu|kế hoạch|kh)"
    r"(?: (?:đề ra|được giao|giao|là|năm|huyện|của huyện|của tỉnh))*$"
)
_RESULT = re.compile(
    r"(?<!\w)(?:kết quả|thực hiện được|đã đạt|đạt được|đã có|hiện có|hiện nay|đến nay)(?!\w)"
)
_COMPARED_BEHIND = re.compile(
    r"^\s*(?:so với|so|kế hoạch|chỉ tiêu|mục tiêu|kh\b|nghị quyết|của kế hoạch|cùng kỳ)(?!\w)"
)
_CHANGE = re.compile(
    r"(?<!\w)(?:tăng|giảm|vượt|thấp hơn|cao hơn|nhiều hơn|ít hơn|tăng thêm|bổ sung thêm)"
    r"\s*(?:thêm\s*|khoảng\s*|được\s*)?$"
)
_FROM = re.compile(r"(?<!\w)từ(?:\s+mức)?\s*$")
_CONTINUES = re.compile(
    r"^\W*(?:(?:vào |cuối |đầu )?(?:năm|tháng) [\d/ năm]+\W*)?"
    r"(?:lên|xuống còn|xuống|còn|đến|tới)\s*(?:khoảng|hơn|gần|trên)?\s*$"
)
_PARTIAL = re.compile(r"(?<!\w)(?:trong đó|số còn lại|còn lại|thêm|riêng|gồm|bao gồm)(?!\w)")
_WHOLE = re.compile(
    r"^\W*(?:hiện nay,? |đến nay,? )?(?:toàn xã|trên địa bàn xã|xã)(?!\w)"
    r"(?:(?!trong đó|còn lại|riêng).)*(?<!\w)(?:có|gồm|với)\s*$"
)
_LEADING = re.compile(
    r"^(?:[\s,;:.\-+*•–—“”\"()]+|(?:và|đã|hiện|hiện nay|đến nay|nay|toàn xã|trên địa bàn xã|toàn|xã"
    r"|trong|tính|cụ thể|theo đó|qua đó|đồng thời|ngoài ra|có|số|là|như|với|cho|được|tại|ước"
    r"|tổng số|kết quả)(?!\w))+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,;:.\-–—“”\"()]+"
    r"|(?<!\w)(?:và|đạt|là|có|được|với|chiếm|của|cho|tại|trong|bằng))+$"
)
_ASIDE = re.compile(
    r"(?<!\w)(?:của|tại|ở|trên địa bàn|trong|toàn|và) (?:toàn |các )?"
    r"(?:xã|phường|thị trấn|thôn|dòng họ)(?: [A-ZĐ]\w+)*"
    r"|(?<!\w)(?:đến nay|hiện nay|đến thời điểm này|hiện|năm học|năm|tháng|ngày|tính đến|đến|cuối"
    r"|đầu|này|nay|ước|cũng|đều|đã|mới|chỉ|tiếp tục|duy trì|vẫn|còn)(?!\w)|[\d/.-]+"
)
_FOLLOWER = re.compile(
    r"^[”\"»]?\s*(?:$|[,;:.()\d–-]|(?:đạt|chiếm|tăng|giảm|bằng|vượt|là|với|trên|trong|ở|tại|của"
    r"|theo|so|đến|tính|năm|từ|và|hoặc|này|nhằm|để|cho|do|khi|được|đã|có|gồm|bao gồm|tương ứng"
    r"|thuộc|nêu|phục vụ|mở|hoạt động|tham gia|như|vào|cùng|đều|cấp|các|ngoài)(?!\w))"
)
_OWNER = re.compile(r"\s+(?:của\s+)?(?:xã|phường|thị trấn)(?:\s+hiện)?$", re.IGNORECASE)
_LONGEST_LABEL = 160
_PERIOD_DISTANCE = 12
"""How many characters may stand between a figure and the period behind it ('vào tháng …')."""
_REPORTED_AHEAD = 45
"""Days by which a period may end after its report: those on a year are written in December."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence of a paragraph with all that is found in it."""

    text: str
    low: str
    figures: tuple[Figure, ...]
    phrases: tuple[Phrase, ...]
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a figure counts and how it is meant."""

    label: str
    match: Match
    measure: Measure
    changed: bool = False
    earlier: bool = False


def read_paragraph(
    paragraph: Paragraph, header: Header, vocabulary: Vocabulary
) -> tuple[list[Observation], list[Finding]]:
    """The figures of a paragraph as observations, and findings for those not understood."""
    observations: list[Observation] = []
    findings: list[Finding] = []
    for text in split_sentences(paragraph.text):
        sentence = _parse(text, header, vocabulary)
        if not sentence.figures:
            continue
        source = Source("text", text, paragraph.page, row=paragraph.index, bbox=paragraph.bbox)
        reader = _SentenceReader(sentence, source, header, vocabulary, paragraph.confidence)
        observations += reader.read()
        findings += reader.findings
    return observations, findings


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a full stop inside numbers and abbreviations ends none."""
    mark = len(text) - len(strip_mark(text))
    starts = [0, *(end.end() for end in _SENTENCE_END.finditer(text, mark))]
    parts = (text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True))
    return [part.strip() for part in parts if part.strip()]


def _parse(text: str, header: Header, vocabulary: Vocabulary) -> _Sentence:
    figures = tuple(find_numbers(text))
    if not figures:
        return _Sentence(text, "", (), (), ())
    return _Sentence(
        text,
        text.lower() if len(text.lower()) == len(text) else text,
        figures,
        tuple(vocabulary.matcher.find(text)),
        tuple(owners(text, header, vocabulary.units)),
    )


class _SentenceReader:
    """Reads the figures of one sentence from left to right."""

    def __init__(
        self,
        sentence: _Sentence,
        source: Source,
        header: Header,
        vocabulary: Vocabulary,
        confidence: float,
    ) -> None:
        self._sentence = sentence
        self._source = source
        self._header = header
        self._vocabulary = vocabulary
        self._confidence = confidence
        self.findings: list[Finding] = []

    def read(self) -> list[Observation]:
        """All figures; a rate that belongs to the counts before it takes their meaning."""
        observations: list[Observation] = []
        groups: list[dict[str, Observation]] = []
        previous: tuple[Figure, _Meaning] | None = None
        subject: _Meaning | None = None
        for position, figure in enumerate(self._sentence.figures):
            if isinstance(figure.value, Unreadable):
                self._doubt("figure-unclear", text=figure.value.text, reason=figure.value.reason)
                previous = None
                continue
            before, after = self._around(position)
            measure = self._measure(figure, before)
            linked = previous is not None and self._is_linked(previous[0], figure, before)
            meaning = self._meaning(figure, before, after, measure)
            inherited = previous[1] if previous is not None else None
            if inherited and (linked or _CONTINUES.match(before.lower())):
                meaning = replace(inherited, measure=measure, earlier=False)
            elif subject and measure == "target" and _BARE_TARGET.match(meaning.label.lower()):
                meaning = replace(subject, measure=measure, earlier=False)
            if not meaning.changed:
                subject = meaning
            found = list(self._observations(figure, meaning))
            if linked and groups:
                groups[-1].update({one.measure: one for one in found})
            else:
                groups.append({one.measure: one for one in found})
            observations += found
            previous = (figure, meaning)
        self.findings += rate_findings(groups)
        return observations

    def _around(self, position: int) -> tuple[str, str]:
        """The text between this figure and its neighbours, before and after."""
        figures, text = self._sentence.figures, self._sentence.text
        start = figures[position - 1].end if position else 0
        end = figures[position + 1].start if position + 1 < len(figures) else len(text)
        return text[start : figures[position].start], text[figures[position].end : end]

    def _is_linked(self, previous: Figure, figure: Figure, between: str) -> bool:
        """Whether a rate says how much the counts just before it are of their whole, or the
        counts in brackets behind a rate what it is the rate of.
        """
        if _is_rate(figure) and not _is_rate(previous):
            return bool(_LINK.search(between.lower()))
        return (
            _is_rate(previous) and not _is_rate(figure) and between.strip() in ("(", "(tương ứng")
        )

    # ---- what is counted --------------------------------------------------------------------

    def _meaning(self, figure: Figure, before: str, after: str, measure: Measure) -> _Meaning:
        low = before.lower()
        changed = bool(_CHANGE.search(low)) or bool(_COMPARED_BEHIND.match(after.lower()))
        phrase = None if changed else self._phrase(figure, before, after)
        if phrase is not None:
            label, match = self._named(figure, phrase), phrase.match
        else:
            label = self._label(figure, before, after, changed=changed)
            match = NO_MATCH if changed else self._bare_match(label, figure, low)
        return _Meaning(label, match, measure, changed, bool(_FROM.search(low)))

    def _phrase(self, figure: Figure, before: str, after: str) -> Phrase | None:
        """The indicator named for a figure: behind counts, before rates, inside its clause."""
        behind_end = figure.end + _clause_end(after)
        before_start = figure.start - len(before)
        behind = [
            one for one in self._sentence.phrases
            if figure.start <= one.start < behind_end and self._is_counted(one, figure)
        ]  # fmt: skip
        ahead = [
            one for one in self._sentence.phrases
            if before_start <= one.start and one.end <= figure.start and self._says_of(one, figure)
        ]  # fmt: skip
        told_before = _is_rate(figure) and not _HAS.search(before.lower())
        choices = (ahead[-1:], behind[:1]) if told_before else (behind[:1], ahead[-1:])
        return next((found[0] for found in choices if found), None)

    def _is_counted(self, phrase: Phrase, figure: Figure) -> bool:
        """Whether a phrase behind a figure says what it counts, no less and no more."""
        text = self._sentence.text
        between = text[figure.end : max(phrase.start, figure.end)]
        if phrase.start >= figure.end and not self._vocabulary.matcher.says_nothing(between):
            return False
        return self._fits(phrase.match, figure, phrase.start < figure.end) and bool(
            _FOLLOWER.match(text[phrase.end :].lower())
        )

    def _says_of(self, phrase: Phrase, figure: Figure) -> bool:
        """Whether only verbs, places and times stand between a phrase and the figure behind it."""
        between = self._sentence.low[phrase.end : figure.start]
        rest = _ASIDE.sub(" ", _VERB.sub("", between)).strip(' ,:“”"()-–')
        return not rest and self._fits(phrase.match, figure)

    def _fits(self, match: Match, figure: Figure, with_unit: bool = False) -> bool:
        """Whether a figure with this unit can be of the indicator; surely, where its name holds
        the unit's own word.
        """
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        if indicator is None:
            return True
        if _is_rate(figure):
            return indicator.unit_of_measure == "%"
        if with_unit:
            return True
        parts = [part for part in (indicator.numerator, indicator.denominator) if part]
        units = {indicator.unit_of_measure, *(part.unit_of_measure for part in parts)}
        counted = self._vocabulary.canonical_unit(_unit_of(figure))
        persons = self._vocabulary.persons
        known = counted in self._vocabulary.catalogue.family("units-of-measure")
        return not known or counted in units or bool(counted in persons and units & persons)

    def _named(self, figure: Figure, phrase: Phrase) -> str:
        text = self._sentence.text
        if phrase.start >= figure.start:
            unit = _unit_of(figure)
            start = text.find(unit, figure.start) if unit else -1
            start = start if 0 <= start <= phrase.start else min(phrase.start, figure.end)
            return _trim(text[start : _with_quote(text, phrase.end)])
        return _trim(text[phrase.start : _with_quote(text, phrase.end)])

    def _label(self, figure: Figure, before: str, after: str, *, changed: bool) -> str:
        """The shortest phrase that names what is counted, where no indicator is recognised."""
        if changed:
            verb = _CHANGE.search(before.lower())
            kind = before[verb.start() :] if verb else ""
            return _trim(f"{kind} {re.split(r'[,;.()]', after)[0]}") or _trim(after)
        behind = f"{_unit_of(figure)} {after[: _clause_end(after)]}"
        ahead = before[_clause_start(before) :]
        verb = _VERB.search(ahead.lower())
        subject = _trim(ahead[: verb.start()] if verb else ahead)
        told_before = _is_rate(figure) and not _HAS.search(before.lower())
        choices = (subject, _trim(behind)) if told_before else (_trim(behind), subject)
        return next((text for text in choices if text), _trim(self._sentence.text))[:_LONGEST_LABEL]

    def _bare_match(self, label: str, figure: Figure, before: str) -> Match:
        """An indicator that label, or label and verb, or owner and unit name; not for a part."""
        whole = _WHOLE.search(self._sentence.low[: figure.start])
        if _PARTIAL.search(before) and not whole:
            return NO_MATCH
        unit, lead = _unit_of(figure), _trim(before[_clause_start(before) :])
        owner = _OWNER.sub("", lead.removesuffix(" có"))
        verb = _trim(lead.rpartition(" và ")[2])
        names = [label, f"{lead} {label}", f"{verb} {label}", f"{owner} {unit}", f"{unit} {owner}"]
        counts_people = self._vocabulary.canonical_unit(unit) in self._vocabulary.persons
        least = BARE + (0.01 if label == unit or counts_people else 0)
        if label == unit and whole:
            names.insert(0, f"số {unit}")
        for name in names:
            match = self._vocabulary.matcher.match(name)
            if match.rivals or (match.indicator and match.score >= least):
                return match if self._fits(match, figure, with_unit=unit in name) else NO_MATCH
        return NO_MATCH

    # ---- how it is meant --------------------------------------------------------------------

    def _measure(self, figure: Figure, before: str) -> Measure:
        """Target where a word of planning leads to the figure, else by what the figure is."""
        low = before.lower()
        clause = low[_clause_start(low) :]
        planned = [
            word
            for word in _TARGET.finditer(clause)
            if len(clause) - word.end() <= _TARGET_DISTANCE
            and not _RESULT.search(clause, word.end())
        ]
        opening = _is_plan(self._sentence.low) and not _RESULT.search(self._sentence.low)
        if (planned and not _CHANGE.search(clause)) or opening:
            return "target"
        value = figure.value
        if isinstance(value, Number) and not value.percent and "/" not in value.unit:
            return "count"
        return "result"

    def _observations(self, figure: Figure, meaning: _Meaning) -> Iterator[Observation]:
        value = figure.value
        self._doubt_label(figure, meaning)
        owner = self._owner(figure)
        if isinstance(value, Fraction):
            unit = value.denominator.unit or value.numerator.unit
            yield self._observation(value.numerator, "numerator", unit, figure, meaning, owner)
            yield self._observation(value.denominator, "denominator", unit, figure, meaning, owner)
            if value.rate is not None:
                yield self._observation(value.rate, "result", "%", figure, meaning, owner)
        elif isinstance(value, Number):
            unit = "%" if value.percent else value.unit
            yield self._observation(value, meaning.measure, unit, figure, meaning, owner)

    def _observation(
        self,
        number: Number,
        measure: Measure,
        counted: str,
        figure: Figure,
        meaning: _Meaning,
        unit: str | None,
    ) -> Observation:
        indicator = meaning.match.indicator
        certainty = meaning.match.score if indicator else UNMATCHED
        return Observation(
            indicator=indicator,
            label=meaning.label,
            measure=measure,
            value=number.value,
            unit_of_measure=self._vocabulary.canonical_unit(counted)
            or self._catalogued_unit(indicator, measure),
            unit=unit,
            as_of=self._as_of(figure, measure, meaning),
            source=self._source,
            confidence=round(self._confidence * NARRATIVE * certainty, 4),
            decimals=number.decimals,
            approximate=number.approximate or number.bound is not None,
            estimated=number.estimated,
        )

    def _catalogued_unit(self, indicator: str | None, measure: Measure) -> str:
        entry = self._vocabulary.catalogue.indicators.get(indicator or "")
        if entry is None:
            return ""
        part = entry.denominator if measure == "denominator" else entry.numerator
        counts = measure in ("count", "numerator", "denominator")
        return part.unit_of_measure if part and counts else entry.unit_of_measure

    def _owner(self, figure: Figure) -> str | None:
        text = self._sentence.text
        before, after = text[: figure.start], text[figure.end :]
        clause = (_clause_start(before), figure.end + _clause_end(after))
        owner = owner_of(self._sentence.owners, text, figure.start, figure.end, clause)
        if owner is None:
            return self._header.unit
        if owner.slug != self._header.unit:
            self._doubt("unit-outside", text=owner.text)
        return owner.slug

    def _as_of(self, figure: Figure, measure: Measure, meaning: _Meaning) -> date | None:
        """The day of the nearest period: right behind the figure, before it, at the opening."""
        text = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), self._sentence.text)
        periods = [
            one
            for one in find_periods(text, self._header.issued_on)
            if not one.compared and (measure == "target" or not self._is_ahead(one, figure))
        ]
        after = self._sentence.text[figure.end :]
        behind_end = figure.end + min(_clause_end(after), self._gap_behind(figure))
        behind = [one for one in periods if figure.end <= one.start < behind_end]
        if meaning.earlier:
            return behind[0].last_day if behind else None
        if behind and behind[0].start - figure.end <= _PERIOD_DISTANCE:
            return behind[0].last_day
        told = self._end_before(figure)
        ahead = [
            one
            for one in periods
            if not one.begins
            and one.end <= figure.start
            and (one.start >= told + _PERIOD_DISTANCE or one.end <= self._sentence.figures[0].start)
        ]
        chosen = ahead[-1:] or behind[:1]
        return chosen[0].last_day if chosen else self._header.as_of

    def _end_before(self, figure: Figure) -> int:
        return max(
            (one.end for one in self._sentence.figures if one.end <= figure.start), default=0
        )

    def _gap_behind(self, figure: Figure) -> int:
        starts = [one.start for one in self._sentence.figures if one.start >= figure.end]
        return (starts[0] if starts else len(self._sentence.text)) - figure.end

    def _is_ahead(self, period: Period, figure: Figure) -> bool:
        """Whether a period ends after the document, of which no result can be known yet."""
        issued = self._header.issued_on or self._header.as_of
        if issued is None:
            return False
        estimated = isinstance(figure.value, Number) and figure.value.estimated
        ahead = timedelta(days=366 if estimated else _REPORTED_AHEAD)
        return period.last_day > issued + ahead

    # ---- doubts -----------------------------------------------------------------------------

    def _doubt_label(self, figure: Figure, meaning: _Meaning) -> None:
        text = self._sentence.text[figure.start : figure.end]
        if meaning.match.rivals:
            self._doubt(
                "sentence-ambiguous", label=meaning.label, text=text,
                candidates=", ".join(meaning.match.rivals),
            )  # fmt: skip
        elif meaning.match.indicator is None:
            self._doubt(
                "sentence-unmatched", label=meaning.label, text=text,
                nearest=meaning.match.nearest or "–",
            )  # fmt: skip

    def _doubt(self, code: str, **facts: str) -> None:
        self.findings.append(Finding(code, facts, self._source, unit=self._header.unit))


def _clause_end(after: str) -> int:
    """Where the clause that begins after a figure ends."""
    boundary = _BOUNDARY.search(after)
    return boundary.start() if boundary else len(after)


def _clause_start(before: str) -> int:
    """Where the clause that leads to a figure begins."""
    boundaries = [found.end() for found in _BOUNDARY.finditer(before) if found.end() < len(before)]
    return boundaries[-1] if boundaries and before[boundaries[-1] :].strip() else 0


def _is_rate(figure: Figure) -> bool:
    return isinstance(figure.value, Number) and figure.value.percent


def _unit_of(figure: Figure) -> str:
    value = figure.value
    if isinstance(value, Fraction):
        return value.denominator.unit or value.numerator.unit
    return value.unit if isinstance(value, Number) else ""


def _with_quote(text: str, end: int) -> int:
    """The end of a phrase, its closing quotation mark included."""
    return end + 1 if text[end : end + 1] in ("”", '"', "»") else end


def _is_plan(text: str) -> bool:
    return bool(re.match(r"^\W*(?:mục tiêu|phấn đấu|chỉ tiêu|kế hoạch|đến năm|định hướng)", text))


def _trim(text: str) -> str:
    """A phrase without the fillers around it, on one line."""
    line = " ".join(text.split())
    while line and (trimmed := _TRAILING.sub("", _LEADING.sub("", line))) != line:
        line = trimmed
    return line + "”" if line.count("“") > line.count("”") else line
