"""What a figure of a sentence counts: the indicator, or the words, that name it.

Counts are told behind them ('12/15 thôn đạt …'), rates before ('tỷ lệ … đạt 95,6 %'), all inside
their clause. An indicator's wording must be all that is said: one more word of content ('Gia đình
học tập tiêu biểu') makes it another thing, and then only the words are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transforms.matching import NO_MATCH, Match, Phrase
from transforms.numbers import Figure, Fraction, Number, find_numbers
from transforms.ownership import Owner, owners
from transforms.text import key
from transforms.units import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reading import Header
    from transforms.units import UnitMention
    from transforms.vocabulary import Vocabulary

BARE = 0.95
"""Score that a match needs where no whole wording stands in the sentence. People are counted all
the time: 'có 45 học sinh' is not 'Số học sinh', though a table's row 'Học sinh' is."""
_LONGEST_LABEL = 160

_BOUNDARY = re.compile(
    r"[,;:()]|\.\s|(?<!\w)(?:trong đó|còn lại|và có|đồng thời|với|gồm|bao gồm)(?!\w)"
)
_VERB = re.compile(
    r"(?<!\w)(?:ước\s+)?(?:đạt(?:\s+được)?|chiếm|là|có|còn|bằng|tương ứng|tăng|giảm|được|lên|ở mức"
    r"|duy trì)(?:\s+(?:đạt|là|được|khoảng|hơn|trên|gần|tỷ lệ|tỉ lệ|mức|từ|lên|tới|đến|ở|thêm|chỉ"
    r"|tổng|số|cả|tất|còn))*\s*$"
)
_HAS = re.compile(r"(?<!\w)có(?:\s+(?:khoảng|hơn|trên|gần|tới|đến|đạt|được))*\s*$")
_CHANGE = re.compile(
    r"(?<!\w)(?:tăng|giảm|vượt|thấp hơn|cao hơn|nhiều hơn|ít hơn|tăng thêm|bổ sung thêm)"
    r"\s*(?:thêm\s*|khoảng\s*|được\s*)?$"
)
_COMPARED_BEHIND = re.compile(
    r"^\s*(?:so với|so|kế hoạch|chỉ tiêu|mục tiêu|kh\b|nghị quyết|của kế hoạch|cùng kỳ)(?!\w)"
)
COMPARED_BEFORE = re.compile(
    r"^\s*(?:%\s*)?(?:so với\s+)?(?:kế hoạch|dự toán|chỉ tiêu|mục tiêu|nghị quyết|kh)(?!\w)"
    r"[^,;.]*?(?:,|(?<!\w)và(?!\w))"
)
"""'104 % dự toán huyện giao và 103 % …': what the figure before is compared with."""
_DENIED = re.compile(r"^\s*(?:còn\s+)?(?:chưa|không)(?!\w)")
_PARTED = re.compile(r"[”\"»\s]*[,(]\s*")
_RATE_ASIDE = re.compile(r"\s*\(\s*[\d.,]+\s*%\s*\)")
_EACH = re.compile(r"(?<!\w)(?:bình quân|trung bình|mỗi)(?!\w)")
_MEASURE = re.compile(r"(?:.*đồng|đ|vnđ|ha|m2|m²|km|km2|km²|tấn|tạ|kg|điểm phần trăm)(?:/.*)?")
_HOW_EXACT = re.compile(
    r"(?<!\w)(?:trên|dưới|từ|khoảng|hơn|gần|đạt|ít nhất|tối thiểu|không quá|tối đa|ước|là|còn)"
    r"(?!\w)"
)
_PARTIAL = re.compile(r"(?<!\w)(?:trong đó|số còn lại|còn lại|thêm|riêng|gồm|bao gồm)(?!\w)")
_WHOLE = re.compile(
    r"^\W*(?:(?:hiện nay|đến nay|(?:tính đến|đến|trong|năm|cuối)(?!\w)[^,;]{0,40}),? )?"
    r"(?:toàn xã|trên địa bàn xã|xã)(?!\w)"
    r"(?:(?!trong đó|còn lại|riêng).)*(?<!\w)(?:có|gồm|với)\s*$"
)
_ALL_OF_IT = re.compile(r"(?<!\w)(?:toàn xã|trên địa bàn)(?!\w)")
_LEADING = re.compile(
    r"^(?:[\s,;:.\-+*•–—“”\"()]|(?:và|đã|hiện|hiện nay|đến nay|nay|toàn xã|trên địa bàn xã|toàn|xã"
    r"|trong|tính|cụ thể|theo đó|qua đó|đồng thời|ngoài ra|có|số|là|như|với|cho|được|tại|ước"
    r"|tổng số|kết quả)(?!\w))+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,;:.\-–—“”\"()/]"
    r"|(?<!\w)(?:và|đạt|là|có|được|với|chiếm|của|cho|tại|trong|bằng))+$"
)
_ASIDE = re.compile(
    r"(?<!\w)(?:(?:của|tại|ở|trên địa bàn|trong|toàn|và) )?(?:toàn |các )?"
    r"(?:xã|phường|thị trấn|thôn|dòng họ|huyện|tỉnh)(?!\w)(?: [A-ZĐ]\w+)*"
    r"|(?<!\w)(?:đến nay|hiện nay|đến thời điểm này|cùng thời điểm|hiện|năm học|năm|tháng|ngày"
    r"|tính đến|đến|cuối|đầu|này|nay|ước|cũng|đều|đã|mới|chỉ|tiếp tục|duy trì|vẫn|còn)(?!\w)"
    r"|[\d/.-]+"
)
_FOLLOWER = re.compile(
    r"^[”\"»]?\s*(?:$|[,;:.()\d–-]|(?:đạt|chiếm|tăng|giảm|bằng|vượt|là|với|trên|trong|ở|tại|của"
    r"|theo|so|đến|tính|năm|từ|và|hoặc|này|nhằm|để|cho|do|khi|được|đã|có|gồm|bao gồm|tương ứng"
    r"|thuộc|nêu|phục vụ|mở|hoạt động|tham gia|như|vào|cùng|đều|cấp|các|ngoài)(?!\w))"
)
_RESTRICTS = re.compile(
    r"^[”\"»]?\s*(?:đã |đang |mới |có |cũng )*"
    r"(?:được|có|đạt|tham gia|thuộc|nhận|vay|hưởng|thoát|là)(?!\w)"
)
"""The verb of a relative clause behind what is counted."""
_OWNER = re.compile(r"\s+(?:của\s+)?(?:xã|phường|thị trấn)(?:\s+hiện)?$", re.IGNORECASE)
_EMPTY_CLAUSE = re.compile(
    r"(?<!\w)(?:kết quả|thực hiện|ước|mục tiêu|chỉ tiêu|kế hoạch|phấn đấu|được giao|giao|đề ra"
    r"|nghị quyết|cao hơn|thấp hơn|so với|vượt|riêng|trong khi|khi|bình quân|chung|của|và|tỷ lệ này"
    r"|con số này|toàn|trong|tại|ở|đó|thì|lần lượt|tương ứng|theo|là|có|đạt)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with all that is found in it; ``low`` is its text in lower case."""

    text: str
    low: str
    figures: tuple[Figure, ...]
    phrases: tuple[Phrase, ...]
    owners: tuple[Owner, ...]

    def around(self, position: int) -> tuple[str, str]:
        """The text between a figure and its neighbours, before and after."""
        start = self.figures[position - 1].end if position else 0
        last = position + 1 == len(self.figures)
        end = len(self.text) if last else self.figures[position + 1].start
        figure = self.figures[position]
        behind = self.text[figure.end : end]
        if not last and behind.strip() == "(" and is_rate(self.figures[position + 1]):
            behind = self._without_rate(position)
        return self.text[start : figure.start], behind

    def _without_rate(self, position: int) -> str:
        """'9/10 thôn (90 %) được công nhận …': what stands behind, the brackets blanked out."""
        figure, rate, *others = self.figures[position : position + 3]
        end = others[0].start if others else len(self.text)
        behind = self.text[figure.end : end]
        closed = behind.find(")", rate.end - figure.end) + 1
        return " " * closed + behind[closed:]


def parse_sentence(text: str, header: Header, vocabulary: Vocabulary) -> Sentence:
    """The sentence with its figures; with what is named in it only where it has figures."""
    figures = tuple(find_numbers(text))
    if not figures:
        return Sentence(text, "", (), (), ())
    mentions = vocabulary.units.mentions(
        text, on=header.as_of or header.issued_on, near=header.unit
    )
    figures = tuple(one for one in figures if not _is_of_a_name(one, mentions))
    low = text.lower()
    return Sentence(
        text,
        low if len(low) == len(text) else text,
        figures,
        tuple(vocabulary.matcher.find(text)),
        tuple(owners(text, header, mentions)),
    )


def _is_of_a_name(figure: Figure, mentions: Sequence[UnitMention]) -> bool:
    """'xã Quế Xuân 1', 'Phường 12'."""
    return any(
        one.level > Level.VILLAGE and one.start < figure.start and figure.start < one.end
        for one in mentions
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure counts: the words that name it, and the indicator where they name one.

    ``changed``: the figure is a change or a comparison ('tăng 5 %', '105 % kế hoạch').
    ``told``: something in the figure's own clause says what it counts. ``bare``: no more than who
    and the unit ('xã Đức Hiệp có 1.204 hộ'), which may go on with what was said before.
    """

    label: str
    match: Match
    changed: bool = False
    told: bool = True
    bare: bool = False


def counted_by(sentence: Sentence, position: int, vocabulary: Vocabulary) -> Counted:
    """What the figure at a position of its sentence counts, told from its clause alone."""
    return _Clause(sentence, position, vocabulary).counted()


class _Clause:
    """A figure and the text around it."""

    def __init__(self, sentence: Sentence, position: int, vocabulary: Vocabulary) -> None:
        self._sentence = sentence
        self._figure = sentence.figures[position]
        self._before, self._after = sentence.around(position)
        self._low = self._before.lower()
        self._vocabulary = vocabulary

    def counted(self) -> Counted:
        """Label and match."""
        if is_changed(self._before, self._after):
            return Counted(self._label_of_change(), NO_MATCH, changed=True)
        phrase = self._phrase()
        if phrase is not None and (restricted := self._restricted(phrase)):
            match = Match(None, nearest=phrase.match.indicator)
            return Counted(trim(f"{self._named(phrase)} {restricted}"), match)
        if phrase is not None:
            return Counted(self._named(phrase), self._of_all(phrase.match))
        label = self._label()
        match = self._of_all(self._bare_match(label))
        told = bool(match.indicator or match.rivals) or not self._is_empty()
        bare = self._is_bare() and not _ALL_OF_IT.search(self._low)
        named = self._with_unit(label) or trim(self._sentence.text)
        return Counted(named, match, told=told, bare=bare)

    def _of_all(self, match: Match) -> Match:
        """The match, unless the figure is of those who do not attain or of each on average."""
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        if indicator is None:
            return match
        each = _EACH.search(self._low[clause_start(self._low) :])
        of_each = each is not None and not _EACH.search(key(indicator.name))
        return NO_MATCH if of_each or _DENIED.match(self._after.lower()) else match

    # ---- an indicator's wording in the clause -----------------------------------------------

    def _phrase(self) -> Phrase | None:
        """The indicator named for the figure: behind counts, before rates."""
        figure = self._figure
        behind_end = figure.end + clause_end(self._after)
        before_start = figure.start - len(self._before)
        behind = [
            one
            for one in self._sentence.phrases
            if figure.start <= one.start < behind_end and self._is_counted(one)
        ]
        ahead = [
            one
            for one in self._sentence.phrases
            if before_start <= one.start and one.end <= figure.start and self._says_of(one)
        ]
        choices = (ahead[-1:], behind[:1]) if self._told_before() else (behind[:1], ahead[-1:])
        return next((found[0] for found in choices if found), None)

    def _told_before(self) -> bool:
        return is_rate(self._figure) and not _HAS.search(self._low)

    def _is_counted(self, phrase: Phrase) -> bool:
        """Whether a phrase behind the figure says what it counts, no less and no more."""
        text, end = self._sentence.text, self._figure.end
        between = _ASIDE.sub(" ", self._after[: max(phrase.start - end, 0)])
        if not self._vocabulary.matcher.says_nothing(between):
            return False
        fits = self._fits(phrase.match, with_unit=phrase.start < end)
        return fits and bool(_FOLLOWER.match(text[phrase.end :].lower()))

    def _restricted(self, phrase: Phrase) -> str:
        """What follows a counted phrase and makes it a part of what the phrase names: '20 hộ nghèo
        được vay vốn', '01 trường mầm non đạt chuẩn quốc gia'; '' where all that follows is read.
        """
        figure, indicator = self._figure, phrase.match.indicator
        if indicator is None or is_rate(figure) or phrase.start < figure.start:
            return ""
        behind = self._after[max(phrase.end - figure.end, 0) :]
        clause = behind[: clause_end(behind)]
        found = _RESTRICTS.match(clause.lower())
        if found is None:
            return ""
        attained = self._vocabulary.headers.attainment_words.sub(" ", clause.lower())
        rest = _RESTRICTS.sub(" ", _ASIDE.sub(" ", attained))
        left = self._vocabulary.matcher.leftover(rest, indicator)
        return " ".join(clause.split()) if left else ""

    def _says_of(self, phrase: Phrase) -> bool:
        """Whether only verbs, places and times stand between a phrase and the figure."""
        between = self._sentence.text[phrase.end : self._figure.start]
        if not is_rate(self._figure) and _PARTED.fullmatch(between) and not self._is_bare():
            return False
        rest = _ASIDE.sub(" ", _VERB.sub("", between)).strip(' ,:“”"()-–')
        return not rest and self._fits(phrase.match)

    def _fits(self, match: Match, *, with_unit: bool = False) -> bool:
        """Whether a figure with this unit can be of the indicator; it surely can where the
        indicator's name holds the unit's own word.
        """
        indicator = self._vocabulary.catalogue.indicators.get(match.indicator or "")
        if indicator is None:
            return True
        if is_rate(self._figure):
            return indicator.unit_of_measure == "%"
        if isinstance(self._figure.value, Fraction) and indicator.unit_of_measure != "%":
            return False
        if with_unit:
            return True
        parts = [part for part in (indicator.numerator, indicator.denominator) if part]
        units = {indicator.unit_of_measure, *(part.unit_of_measure for part in parts)}
        counted = self._vocabulary.canonical_unit(unit_of(self._figure))
        persons = self._vocabulary.persons
        known = counted in self._vocabulary.catalogue.family("units-of-measure")
        return not known or counted in units or bool(counted in persons and units & persons)

    def _named(self, phrase: Phrase) -> str:
        text, figure = self._sentence.text, self._figure
        if phrase.start < figure.start:
            return trim(text[phrase.start : _with_quote(text, phrase.end)])
        unit = unit_of(figure)
        start = text.rfind(unit, figure.start, figure.end) if unit else -1
        start = start if 0 <= start <= phrase.start else min(phrase.start, figure.end)
        named = _RATE_ASIDE.sub("", text[start : _with_quote(text, phrase.end)])
        return trim(named if ("(" in named) == (")" in named) else re.sub(r"[()]", "", named))

    # ---- the clause's own words -------------------------------------------------------------

    def _label_of_change(self) -> str:
        verb = _CHANGE.search(self._low)
        kind = self._before[verb.start() :] if verb else ""
        behind = re.split(r"[,;.()]", self._after)[0]
        return trim(f"{kind} {behind}") or trim(self._after) or trim(self._sentence.text)

    def _label(self) -> str:
        """The shortest phrase that names what is counted, where no indicator is recognised."""
        unit = unit_of(self._figure)
        behind = trim(f"{unit} {self._after[: clause_end(self._after)]}")
        if self._is_bare() and _MEASURE.fullmatch(unit.lower()):
            behind = ""
        ahead = self._leading()
        verb = _VERB.search(ahead.lower())
        subject = trim(ahead[: verb.start()] if verb else ahead)
        owned = bool(clause_start(self._before)) or self._figure is self._sentence.figures[0]
        first = self._told_before() or (self._is_bare() and owned and not self._is_whole())
        choices = (subject, behind) if first else (behind, subject)
        return next((text for text in choices if text), "")[:_LONGEST_LABEL]

    def _with_unit(self, label: str) -> str:
        """'Đảng bộ xã' has '214 đảng viên': what is counted is part of the label."""
        unit = unit_of(self._figure)
        if not label or not unit or _MEASURE.fullmatch(unit.lower()) or is_rate(self._figure):
            return label
        return label if key(unit) in key(label) else f"{label} · {unit}"

    def _leading(self) -> str:
        """The clause that leads to the figure; the one before it, where it only says how exact the
        figure is ('Tỷ lệ hộ nghèo: dưới 1,5 %').
        """
        start = clause_start(self._before)
        ahead = self._before[start:]
        if start and not re.search(r"[^\W\d_]", _HOW_EXACT.sub(" ", ahead.lower())):
            opened = self._before[: start - 1]
            return opened[clause_start(opened) :]
        return ahead

    def _bare_match(self, label: str) -> Match:
        """The indicator that label, label and verb, or owner and unit name; none for a part."""
        figure = self._figure
        whole, bare = self._is_whole(), self._is_bare()
        if _PARTIAL.search(self._low) and not whole:
            return NO_MATCH
        if key(label) in self._vocabulary.breakdowns:  # '06 trẻ (03 nam, 03 nữ)'
            return NO_MATCH
        unit, lead = unit_of(figure), trim(self._before[clause_start(self._before) :])
        owner = _OWNER.sub("", lead.removesuffix(" có"))
        in_brackets = self._before.rstrip().endswith("(")
        verb = trim(lead.rpartition(" và ")[2])
        names = [label, f"{lead} {label}", f"{verb} {label}"]
        names += [f"{owner} {unit}", f"{unit} {owner}"] if owner and not in_brackets else []
        if bare and whole and not isinstance(figure.value, Fraction):
            names.insert(0, f"số {unit}")
        counts_people = self._vocabulary.canonical_unit(unit) in self._vocabulary.persons
        least = BARE + (0.01 if bare or counts_people else 0)
        for name in names:
            match = self._vocabulary.matcher.match(name)
            if match.rivals or (match.indicator and match.score >= least):
                with_unit = bool(unit) and unit.lower() in name.lower()
                return match if self._fits(match, with_unit=with_unit) else NO_MATCH
        return NO_MATCH

    def _is_bare(self) -> bool:
        """Whether nothing but the unit stands behind the figure ('có 15 thôn.')."""
        behind = trim(self._after[: clause_end(self._after)])
        return bool(unit_of(self._figure)) and not behind

    def _is_whole(self) -> bool:
        """Whether the sentence tells of all there is: 'Toàn xã có …'."""
        return bool(_WHOLE.search(self._sentence.low[: self._figure.start]))

    def _is_empty(self) -> bool:
        """Whether the clause only says who and when ('xã Đức Hiệp còn', 'năm 2024 giảm còn')."""
        text = self._before[clause_start(self._before) :]
        for owner in self._sentence.owners:
            text = text.replace(owner.text, " ")
        text = _EMPTY_CLAUSE.sub(" ", _ASIDE.sub(" ", _VERB.sub("", text)).lower())
        behind = _ASIDE.sub(" ", self._after[: clause_end(self._after)])
        return not re.search(r"[^\W\d]", text) and not re.search(r"[^\W\d]", behind)


def is_changed(before: str, after: str) -> bool:
    """Whether a figure is a change or a comparison and no state."""
    return bool(_CHANGE.search(before.lower()) or _COMPARED_BEHIND.match(after.lower()))


def clause_end(after: str) -> int:
    """Where the clause that begins after a figure ends."""
    boundary = _BOUNDARY.search(after)
    return boundary.start() if boundary else len(after)


def clause_start(before: str) -> int:
    """Where the clause that leads to a figure begins."""
    boundaries = [found.end() for found in _BOUNDARY.finditer(before) if found.end() < len(before)]
    return boundaries[-1] if boundaries and before[boundaries[-1] :].strip() else 0


def is_rate(figure: Figure) -> bool:
    """Whether a figure is printed in percent."""
    return isinstance(figure.value, Number) and figure.value.percent


def unit_of(figure: Figure) -> str:
    """The words of a figure's unit, '' where it has none."""
    value = figure.value
    if isinstance(value, Fraction):
        return value.denominator.unit or value.numerator.unit
    return value.unit if isinstance(value, Number) else ""


def trim(text: str) -> str:
    """A phrase without the fillers around it, on one line."""
    line = " ".join(text.split())
    while line and (trimmed := _TRAILING.sub("", _LEADING.sub("", line))) != line:
        line = trimmed
    return line + "”" if line.count("“") > line.count("”") else line


def _with_quote(text: str, end: int) -> int:
    """The end of a phrase, its closing quotation mark included."""
    return end + 1 if text[end : end + 1] in ("”", '"', "»") else end
