"""Figures in Vietnamese notation: of a table's cell, and within a sentence.

All values are exact decimals. Point and comma are read as Vietnam prints them: '1.234,5' is one
thousand two hundred and thirty-four and a half. A point before exactly three digits parts
thousands, except in percent columns; other points are decimal ('95.6'). What is not understood
wholly is :class:`Unreadable` with the reason, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from transforms.dates import DATE, lower
from transforms.nonfigures import UNIT, YEAR, end_of_nonfigure, is_counted
from transforms.text import CAPITALS, clean

Bound = Literal["at-least", "at-most"]
Reason = Literal[
    "date",  # a day or a month stands where a figure should
    "date-or-fraction",  # '2/9'
    "grouping",  # '1.23.456': separators that part nothing sensibly
    "half",  # '1 triệu rưỡi'
    "parenthesised",  # '(1.234)': negative in bookkeeping, an aside elsewhere
    "proportion",  # '2/3 số hộ': a rough share, no counts
    "range",  # '3-4'
    "several",  # more figures than one
    "too-long",  # more digits than a figure of this world has
    "words",  # words that the figure's sense may hang on
    "year-or-count",  # '2025' with nothing beside that decides
]


@dataclass(frozen=True, slots=True)
class Number:
    """One figure.

    ``value`` is exact as printed, times ``multiplier`` ('1,2 vạn' is 12000); money keeps the
    multiplier in its ``unit`` instead, as tables do ('62,5 triệu đồng' is 62.5 in 'triệu đồng').
    ``decimals`` counts the decimals of ``value`` as printed. ``percent``: with the sign, or a bare
    figure of a percent column. ``approximate``: 'gần', 'hơn', or rounded to a multiplier;
    ``estimated``: 'ước thực hiện'. ``bound``: '≥', 'trở lên', 'không quá'. ``ambiguous``: '1,234',
    read as a decimal, might be an English thousand. ``footnote`` is the mark behind the figure.
    """

    text: str
    value: Decimal
    decimals: int = 0
    percent: bool = False
    unit: str = ""
    multiplier: int = 1
    approximate: bool = False
    estimated: bool = False
    bound: Bound | None = None
    ambiguous: bool = False
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class Fraction:
    """'1.385/1847 (74,99 %)': so many of so many, with the rate where it is printed beside."""

    text: str
    numerator: Number
    denominator: Number
    rate: Number | None = None


@dataclass(frozen=True, slots=True)
class CountAndRate:
    """'1.385 (74,99 %)': a count with its rate, the denominator unsaid."""

    text: str
    count: Number
    rate: Number


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty cell, or '-', '…', 'không có số liệu': no figure, and none claimed."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """'x', 'Đạt', 'Chưa đạt': whether something is attained, and its level if that is said."""

    text: str
    attained: bool
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that cannot be told, and why."""

    text: str
    reason: Reason


CellValue = Number | Fraction | CountAndRate | Blank | Mark | Unreadable


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a sentence at [start, end), its unit's words included."""

    start: int
    end: int
    value: Number | Fraction | Unreadable


# --- numerals -----------------------------------------------------------------------------------

_MULTIPLIERS = {
    "chục": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 1_000_000,
    "tỷ": 1_000_000_000, "tỉ": 1_000_000_000,
}  # fmt: skip

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_NARROW = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))")  # 1 234, unbreakable
_SLASH = re.compile(r"\s*/\s*(?=\d)|\s+(?:trên|trong)\s+tổng\s+số\s+(?=\d)|\s+trên\s+(?=\d)")
_MONTHS = re.compile(r"\d{1,2}\s*(?:tháng|năm|quý|ngày|tuần)(?!\w)")
"""A time that a figure is of: '28,5 triệu đồng/6 tháng'."""
_FOOTNOTE = re.compile(
    r"[¹²³⁰⁴-⁹]+|⁽[¹²³⁰⁴-⁹]+⁾|\*{1,3}|\s?\(\*{1,3}\)|[(\[](?:\d|[¹²³⁰⁴-⁹]{1,2})[)\]]"
)
_SIGNED = re.compile(r"\s*(?:%(?!o(?!\w))|\(%\)|phần\s+trăm(?!\w))")
_SUFFIX = re.compile(
    rf"\s*(?P<multiplier>{'|'.join(_MULTIPLIERS)})(?!\w)(?P<per>(?:/[^\W\d]\w*)+)?(?:\s*(?P<unit>{UNIT}))?"
    rf"|\s*(?P<bare>{UNIT})"
)
_SMALLER = re.compile(r"\s+(?P<numeral>\d+(?:,\d+)?)\s+(?=(?:trăm|nghìn|ngàn|vạn|triệu)(?!\w))")
_MONEY = re.compile(r"(?:đồng|đ|vnđ|vnd)(?!\w)")
_HALF = re.compile(r"\s*rưỡi(?!\w)")
_UPWARD = re.compile(r"\s*trở\s+(?P<way>lên|xuống)(?!\w)")
_MOST_DIGITS = 18


def _numeral(text: str, *, percent: bool) -> Number | Unreadable:
    """A numeral alone: digits, points and commas."""
    if sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return Unreadable(text, "too-long")
    marks = text.count("."), text.count(",")
    if sum(marks) == 0:
        return Number(text, Decimal(text))
    whole, _, tail = text.replace(",", ".").rpartition(".")
    if sum(marks) == 1:
        return _with_one_mark(text, whole, tail, percent=percent)
    if 0 in marks and _is_grouped(text):
        return Number(text, Decimal(whole.replace(".", "") + tail))
    if 1 in marks and _is_grouped(text[: len(whole)]) and text.count(text[len(whole)]) == 1:
        return _decimal(text, whole.replace(".", ""), tail)
    return Unreadable(text, "grouping")


def _with_one_mark(text: str, whole: str, tail: str, *, percent: bool) -> Number | Unreadable:
    may_be_thousands = _is_grouped(text) and not percent
    if "," in text:
        return replace(_decimal(text, whole, tail), ambiguous=may_be_thousands)
    if may_be_thousands:
        return Number(text, Decimal(whole + tail))
    if len(tail) == len("000") and whole != "0" and not percent:
        return Unreadable(text, "grouping")  # '1234.567', '08.919'
    return _decimal(text, whole, tail)


def _is_grouped(text: str) -> bool:
    """'1.234', '12,345,678': groups of three after a first one that does not start with zero."""
    return re.fullmatch(r"[1-9]\d{0,2}(?:([.,])\d{3}(?:\1\d{3})*)?", text) is not None


def _decimal(text: str, whole: str, fraction: str) -> Number:
    return Number(text, Decimal(f"{whole}.{fraction}"), decimals=len(fraction))


def _multiplied(number: Number, word: str, unit: str) -> Number:
    """The number with its multiplier: in the value, or with money in the unit."""
    multiplier = _MULTIPLIERS[word]
    is_money = _MONEY.match(unit) or (not unit and multiplier >= _MULTIPLIERS["triệu"])
    if is_money and multiplier >= _MULTIPLIERS["nghìn"]:
        return replace(number, unit=f"{word} {unit or 'đồng'}")
    value = number.value * multiplier
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    decimals = max(0, number.decimals - (len(str(multiplier)) - 1))
    return replace(
        number, value=value, decimals=decimals, unit=unit, multiplier=multiplier, approximate=True
    )


def _one(text: str, low: str, start: int, *, percent: bool) -> tuple[Number | Unreadable, int]:
    """The number that starts at a digit, with sign, multiplier and unit, and where it ends."""
    numeral = _NUMERAL.match(low, start)
    if numeral is None:
        raise ValueError(f"no digit at {start}")
    end = numeral.end()
    footnote = _FOOTNOTE.match(low, end)
    if footnote:
        end = footnote.end()
    signed = _SIGNED.match(low, end)
    is_rate = signed is not None or (percent and not _SUFFIX.match(low, end))
    number = _numeral(numeral.group(), percent=is_rate)
    end = signed.end() if signed else end
    if isinstance(number, Unreadable):
        return number, end
    if footnote:
        number = replace(number, footnote=footnote.group())
    if is_rate:
        return replace(number, percent=True, text=text[start:end]), end
    return _with_suffix(number, text, low, start, end)


def _with_suffix(
    number: Number, text: str, low: str, start: int, end: int
) -> tuple[Number | Unreadable, int]:
    """The number at [start, end) with the multiplier and the unit behind it."""
    suffix = _SUFFIX.match(low, end)
    if suffix is None:
        return (
            number if number.text == text[start:end] else replace(number, text=text[start:end])
        ), end
    end = suffix.end()
    if suffix["bare"]:
        return replace(number, unit=_spaced(suffix["bare"]), text=text[start:end]), end
    word, unit = suffix["multiplier"], _spaced(suffix["unit"] or "")
    if _HALF.match(low, end):
        return Unreadable(text[start:end], "half"), end
    if suffix["per"]:
        unit = f"đồng{suffix['per']}"
    smaller = None if unit else _SMALLER.match(low, end)
    if smaller:
        rest = replace(number, value=Decimal(smaller["numeral"].replace(",", ".")))
        lesser, end = _with_suffix(rest, text, low, start, smaller.end())
        return _compound(number, word, lesser), end
    return replace(_multiplied(number, word, unit), text=text[start:end]), end


_SCALED = re.compile(
    rf"(?P<word>{'|'.join(_MULTIPLIERS)}|1\.?000)\s+(?P<unit>(?!đồng|đ\b|vnđ|vnd)[^\W\d].*)"
)


def multiplied(number: Number, unit: str) -> Number | None:
    """Return the number in its plain unit where the unit is a multiple of what is counted
    ('nghìn người', '1.000 lượt'); None for any other unit, and for money, which keeps its own.
    """
    scaled = _SCALED.fullmatch(unit.lower())
    if scaled is None:
        return None
    word = "nghìn" if scaled["word"][0] == "1" else scaled["word"]
    return _multiplied(number, word, scaled["unit"])


def _compound(number: Number, word: str, rest: Number | Unreadable) -> Number | Unreadable:
    """'1 tỷ 200 triệu đồng' is 1200 in 'triệu đồng'."""
    if isinstance(rest, Unreadable):
        return rest
    smaller = rest.multiplier if rest.multiplier > 1 else _MULTIPLIERS[rest.unit.split()[0]]
    times, remainder = divmod(_MULTIPLIERS[word], smaller)
    if remainder or times <= 1:
        return Unreadable(rest.text, "several")
    return replace(rest, value=number.value * times * rest.multiplier + rest.value)


def _spaced(unit: str) -> str:
    return " ".join(unit.split())


def _read(
    text: str, low: str, start: int, *, percent: bool
) -> tuple[Number | Fraction | Unreadable, int]:
    """The figure that starts at a digit: a number, or a numerator over its denominator."""
    number, end = _one(text, low, start, percent=percent)
    if isinstance(number, Number):
        slash = None if number.percent and not percent else _SLASH.match(low, end)
        if slash:
            span = _MONTHS.match(low, slash.end())
            if span and number.unit:
                return replace(number, unit=f"{number.unit}/{_spaced(span.group())}"), span.end()
            numerator, _ = _one(text, low, start, percent=False)
            denominator, end = _one(text, low, slash.end(), percent=False)
            if isinstance(numerator, Unreadable):
                return numerator, end
            if isinstance(denominator, Unreadable):
                return denominator, end
            if not _are_alike(numerator.unit, denominator.unit):
                return number, slash.start()
            if _SLASH.match(low, end) or denominator.percent:
                return Unreadable(text[start:end], "several"), end
            return Fraction(text[start:end], numerator, denominator), end
        if upward := _UPWARD.match(low, end):
            bound: Bound = "at-least" if upward["way"] == "lên" else "at-most"
            return replace(number, bound=bound, text=text[start : upward.end()]), upward.end()
    return number, end


def _are_alike(unit: str, other: str) -> bool:
    """Whether numerator and denominator count the same; '12.345 người/3.210 hộ' is no share."""
    return not unit or not other or unit.startswith(other) or other.startswith(unit)


# --- the words before a figure --------------------------------------------------------------

_APPROXIMATE = (
    "gần như|gần|khoảng|hơn|trên dưới|trên|dưới|xấp xỉ|ước khoảng|ước chừng|chừng|ngót|quãng"
    "|vào khoảng|tầm|~|≈"
)
_ESTIMATED = "ước thực hiện|ước đạt|ước tính|dự ước|dự kiến đạt|dự kiến|ước"
_AT_LEAST = "≥|>=|>|=>|ít nhất|tối thiểu|không dưới|không ít hơn"
_AT_MOST = "≤|<=|<|=<|không quá|tối đa|không vượt quá"
_QUALITIES = (
    rf"(?P<approximate>{_APPROXIMATE})|(?P<estimated>{_ESTIMATED})"
    rf"|(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})"
)
_FILLER = "đạt|có|là|được|đã|chỉ|chiếm|tỷ lệ|tỉ lệ|tổng số|tổng cộng|tổng|từ|tất cả|cả|số lượng|:"
_LEADING = re.compile(rf"(?:{_QUALITIES}|(?P<filler>{_FILLER}))(?!(?<=\w)\w)\s*")
_CLOSE_BEFORE = re.compile(
    rf"(?:(?<!\w)(?<!cao )(?<!thấp )(?<!nhiều )(?<!ít )(?:{_QUALITIES})(?!(?<=\w)\w)\s*"
    r"(?:(?:đạt|có|là|được|khoảng|tới)\s+)*)$"
)


def _qualified(value: Number | Fraction, found: dict[str, str]) -> Number | Fraction:
    """The value with what the words before it say of it."""
    if not found:
        return value
    if isinstance(value, Fraction):
        numerator = _qualified(value.numerator, found)
        return replace(value, numerator=numerator) if isinstance(numerator, Number) else value
    bound: Bound | None = value.bound
    if "at_least" in found:
        bound = "at-least"
    elif "at_most" in found:
        bound = "at-most"
    return replace(
        value,
        value=-value.value if "negative" in found else value.value,
        approximate=value.approximate or "approximate" in found,
        estimated="estimated" in found,
        bound=bound,
    )


# --- cells ----------------------------------------------------------------------------------

_BLANK = re.compile(
    r"[\s\-–—−_.…/\\*?]*%?|(?:không|chưa) có(?: số liệu)?|k?csl|ksl|(?:không|chưa) thống kê"
    r"|không phát sinh|n/a|chưa (?:được )?đánh giá|chưa thực hiện|chưa triển khai"
)
_MARK = re.compile(
    r"(?P<yes>x|v|✓|✔|√|☑|☒|đ|có|(?:đã )?(?:được )?(?:công nhận )?(?:đã )?(?:duy trì |giữ vững )?"
    r"(?:đạt|hoàn thành)(?: chuẩn| yêu cầu)?|(?:đã )?được công nhận|công nhận|duy trì|giữ vững)"
    r"(?: mức(?: độ)? ?(?P<level>[1-4]))?"
    r"|(?P<no>k\.?đ(?:ạt)?|cđ|không|chưa|(?:chưa|không|ko) (?:được )?(?:công nhận ?)?"
    r"(?:đạt|hoàn thành)?(?: chuẩn| yêu cầu)?(?: mức(?: độ)? ?(?P<no_level>[1-4]))?)"
)
_DATE_CELL = re.compile(
    r"(?:ngày|tháng|năm|quý)\b.*|\d{1,2}\s*/\s*(?:19|20)\d\d|(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d"
)
_TELEPHONE = re.compile(r"(?:\(0\d{2,3}\)|0\d{2,3})(?:[ .-]?\d{2,4}){2,3}")
_SPACED = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
_COUNT_AND_SHARE = re.compile(r"(?P<count>\d+(?:\.\d{3})*)\s*\((?P<rate>\d{1,3}(?:[.,]\d+)?)\)")
"""'522 (28,3)' below 'Nữ (%)'."""
_WHOLE = 100
_CODE = re.compile(r"\d{1,2}[A-ZĐ]\d?")
"""'1A', '5A2': a class, no figure."""
_RATE_BEHIND = re.compile(
    r"\s*[(\[;,=:]?\s*(?:(?:đạt|chiếm|tỷ lệ|tỉ lệ|tương ứng|bằng)\s*:?\s*)*"
    r"(?P<rate>\d+(?:[.,]\d+)?)\s*%\s*[)\]]?\.?"
)
_COUNT_BEHIND = re.compile(r"\s*[(\[]\s*(?P<count>[^()\[\]%]+)[)\]]\.?")
_RANGE = re.compile(r"\s*(?:%\s*)?(?:[-–—]|đến)\s*\d")
_PLAIN_WORDS = re.compile(r"[^\W\d_]+(?:(?:,?\s|/)[^\W\d_]+){0,7}")
_CHANGE = re.compile(r"(?<!\w)(?:tăng|giảm|vượt|so|hơn|kém|thêm|bớt)(?!\w)")


def parse_cell(text: str, *, percent: bool = False) -> CellValue:
    """What a cell of a column of figures holds; ``percent`` says that the column is of rates."""
    cell = clean(_NARROW.sub(".", text))
    low = lower(cell)
    if _CODE.fullmatch(cell):
        return Unreadable(text, "words")
    if _SPACED.fullmatch(cell):
        return Number(text, Decimal(cell.replace(" ", "")), ambiguous=True)
    beside = _COUNT_AND_SHARE.fullmatch(cell) if percent else None
    if beside:
        count = _numeral(beside["count"], percent=False)
        rate = _numeral(beside["rate"], percent=True)
        if isinstance(count, Number) and isinstance(rate, Number) and rate.value <= _WHOLE:
            return CountAndRate(text, count, replace(rate, percent=True))
    first = _NUMERAL.search(low)
    plain = _without_figure(text, low)
    if first is None or plain:
        return plain or _in_words(text, low)
    before = low[: first.start()]
    if before.endswith("(") and low.rstrip(" .").endswith(")"):
        return Unreadable(text, "parenthesised")
    qualities = _leading_qualities(before)
    if qualities is None:
        return Unreadable(text, "words")
    unsigned_rate = percent and "%" not in low  # where one has the sign, the others are no rates
    value, end = _read(cell, low, first.start(), percent=unsigned_rate)
    if isinstance(value, Unreadable):
        return Unreadable(text, value.reason)
    value = _qualified(value if value.text == text else replace(value, text=text), qualities)
    rest = low[end:].strip(" .;")
    return _paired(value, rest, signed="%" in low[:end]) or _with_words(value, rest)


def _without_figure(text: str, low: str) -> Blank | Mark | Unreadable | None:
    """A blank, a mark of attainment, or a date; None if the cell may hold a figure."""
    if _BLANK.fullmatch(low) or _TELEPHONE.fullmatch(low):
        return Blank(text)
    if mark := _MARK.fullmatch(low.rstrip(" .")):
        level = mark["level"] or mark["no_level"]
        return Mark(text, mark["no"] is None, int(level) if level else None)
    if _DATE_CELL.fullmatch(low) or DATE.fullmatch(low):
        return Unreadable(text, "date")
    return None


def _leading_qualities(before: str) -> dict[str, str] | None:
    """What the words before a figure say of it; None if one of them is not understood."""
    qualities: dict[str, str] = {}
    position = 0
    while match := _LEADING.match(before, position):
        qualities |= {name: word for name, word in match.groupdict().items() if word}
        position = match.end()
    rest = before[position:]
    if rest in ("-", "−", "–"):
        return qualities | {"negative": rest}
    return qualities if rest in ("", "+") else None


def _paired(value: Number | Fraction, rest: str, *, signed: bool) -> CellValue | None:
    """The value with the rate or the count that stands behind it, None if none does."""
    behind = _RATE_BEHIND.fullmatch(rest)
    if behind and isinstance(rate := _numeral(behind["rate"], percent=True), Number):
        rate = replace(rate, percent=True)
        if isinstance(value, Fraction):
            return replace(value, rate=rate)
        return None if value.percent else CountAndRate(value.text, value, rate)
    behind = _COUNT_BEHIND.fullmatch(rest)
    if behind and signed and isinstance(value, Number) and value.percent:
        inner = parse_cell(behind["count"])
        if isinstance(inner, Fraction):
            return replace(inner, text=value.text, rate=value)
        if isinstance(inner, Number):
            return CountAndRate(value.text, inner, value)
    return None


def _with_words(value: Number | Fraction, rest: str) -> CellValue:
    """The value with the words behind it as its unit, where they are plain words."""
    if rest == "":
        return value
    if _RANGE.match(rest):
        return Unreadable(value.text, "range")
    if _NUMERAL.search(rest):
        return Unreadable(value.text, "several")
    if not _PLAIN_WORDS.fullmatch(rest) or _CHANGE.search(rest):
        return Unreadable(value.text, "words")
    return _with_unit(value, rest)


def _with_unit(value: Number | Fraction, words: str) -> Number | Fraction:
    if isinstance(value, Fraction):
        unit = f"{value.denominator.unit} {words}".strip()
        return replace(value, denominator=replace(value.denominator, unit=unit))
    return replace(value, unit=f"{value.unit} {words}".strip())


def _in_words(text: str, low: str) -> CellValue:
    """'ba thôn', 'cả ba'."""
    figures = find_numbers(low)
    if len(figures) == 1 and isinstance(value := figures[0].value, Number):
        rest = f"{low[: figures[0].start]} {low[figures[0].end :]}".strip()
        if re.fullmatch(r"(?:có|được|đạt)?", rest):
            return replace(value, text=text)
    return Unreadable(text, "words")


# --- sentences ------------------------------------------------------------------------------

_COUNTED_BEFORE = re.compile(r"(?<!\w)(?:đạt|có|được|là|gồm|đã|:)\s*$")
LIST_MARK = re.compile(
    r"\s*(?:[-–+•*]\s+)?(?:\(?\d{1,2}(?:\.\d{1,2}){0,4}[.)](?:\s+|(?=[^\W\d]))"
    rf"|\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}\s+(?=[{CAPITALS}“\"])"
    rf"|\d{{1,2}}\s?[-–]\s+(?=[{CAPITALS}]))"
)
_ROUGH_PARTS = 10
_DAY_AND_MONTH = re.compile(r"(?:[12]\d|3[01]|0?[1-9])/(?:1[0-2]|0?[1-9])")
_PROPORTION = re.compile(r"\s*(?:tổng\s+)?(?:số|dân số|diện tích|quãng)(?!\w)")
_UNIT_BEHIND = re.compile(rf"\s*(?:\(\s*[^\W\d_]+(?:\s+[^\W\d_]+){{0,3}}\s*)?\)\s*(?P<unit>{UNIT})")
_FROM = re.compile(r"(?<!\w)từ\s*$")
_NEGATIVE = re.compile(r"(?:tăng|trưởng|đạt|là|mức|:)\s*[-−]$")
_CHANGES_FROM = re.compile(r"(?:tăng|giảm|nâng|hạ|lên|tụt)[^.;]{0,30}từ\s*$")


def find_numbers(sentence: str) -> list[Figure]:
    """The figures of a sentence, in order, with the words of their units.

    Left out is what counts nothing: dates, years, periods and durations, document numbers, numbers
    of articles, sections, annexes, villages, classes, levels and the like, ages, ordinals, clock
    times, telephone numbers. Number words count where they stand with what is counted ('ba thôn',
    'cả ba', 'hai mươi mốt'). What may or may not be a figure is Unreadable, with the reason.
    """
    low = _NARROW.sub(".", lower(sentence))
    figures = [*_digit_figures(sentence, low), *_word_figures(sentence, low)]
    return _without_repeats(sorted(figures, key=lambda figure: (figure.start, figure.end)), low)


def _digit_figures(sentence: str, low: str) -> Iterator[Figure]:
    mark = LIST_MARK.match(sentence)
    position = mark.end() if mark else 0
    while match := _NUMERAL.search(low, position):
        start = match.start()
        end = end_of_nonfigure(sentence, low, start, match.end())
        if end is None:
            value, end = _judged(sentence, low, start)
            if value is not None:
                yield Figure(start, end, value)
        position = max(end, match.end())


def end_of_day(sentence: str, low: str, start: int) -> int | None:
    """Where the day ends that stands at a digit and looks like so many of so many ('20/11'); None
    where there is none.
    """
    value, end = _judged(sentence, low, start)
    return end if value is None else None


def _judged(
    sentence: str, low: str, start: int
) -> tuple[Number | Fraction | Unreadable | None, int]:
    """The figure at a digit, doubted where it may be none; None for a day that looks like one."""
    before = low[max(0, start - 40) : start]
    value, end = _read(sentence, low, start, percent=False)
    text = sentence[start:end]
    if isinstance(value, Unreadable):
        return value, end
    if isinstance(value, Fraction):
        reason = _doubt_of_fraction(value, low, before, end)
        if reason == "date":
            return None, end
        if reason:
            return Unreadable(text, reason), end
    else:
        if _is_bare_year(value):
            return Unreadable(text, "year-or-count"), end
        if (second := _range_end(sentence, low, value, before, end)) is not None:
            return Unreadable(sentence[start:second], "range"), second
        behind = None if value.unit or value.percent else _UNIT_BEHIND.match(low, end)
        if behind:
            value, end = replace(value, unit=_spaced(behind["unit"])), behind.end()
    found = _CLOSE_BEFORE.search(before)
    qualities = {name: word for name, word in found.groupdict().items() if word} if found else {}
    if _NEGATIVE.search(before):
        qualities["negative"] = "-"
    return _qualified(value, qualities), end


def _is_bare_year(number: Number) -> bool:
    plain = re.fullmatch(YEAR, number.text)
    return plain is not None and not number.unit and not number.percent


def _doubt_of_fraction(value: Fraction, low: str, before: str, end: int) -> Reason | None:
    """'20/11' and '2/9' may be days, '2/3 số hộ' is a rough share."""
    numerator, denominator = value.numerator.value, value.denominator.value
    if denominator <= _ROUGH_PARTS and _PROPORTION.match(low, end):
        return "proportion"
    if not _DAY_AND_MONTH.fullmatch(value.text):
        return None
    if is_counted(low, end) or _RATE_BEHIND.match(low, end) or _COUNTED_BEFORE.search(before):
        return None
    return "date" if numerator > denominator else "date-or-fraction"


def _range_end(sentence: str, low: str, first: Number, before: str, end: int) -> int | None:
    """Where a range ends ('3-4 %', 'từ 3 đến 5 buổi'); None where a dash only parts two figures."""
    dash = _RANGE.match(low, end)
    if dash is None:
        return None
    by_word = dash.group().lstrip().startswith("đến")
    if by_word and (not _FROM.search(before) or _CHANGES_FROM.search(before)):
        return None
    second, second_end = _one(sentence, low, dash.end() - 1, percent=False)
    if isinstance(second, Unreadable):
        return second_end
    alike = (first.percent, first.unit) == (second.percent, second.unit)
    return second_end if alike or not (first.percent or first.unit) else None


# --- number words ---------------------------------------------------------------------------

_DIGIT_WORDS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_WORDS = re.compile(
    r"(?<!\w)(?:(?P<all>cả|tất\s+cả|toàn\s+bộ|đủ)\s+)?"
    r"(?P<words>(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười)"
    r"(?:\s+(?:một|mốt|hai|ba|bốn|tư|năm|lăm|nhăm|sáu|bảy|bẩy|tám|chín|mười|mươi|trăm|linh|lẻ"
    r"|nghìn|ngàn)(?!\w))*)(?!\w)"
)
_NAMES_BEFORE = re.compile(
    r"(?<!\w)(?:thứ|tháng|quý|kỳ|lớp|khối|mức|độ|cấp|đoạn|khóa|loại|hạng|bậc|nhóm|thôn|tổ|đội|năm|bà|ông"
    r"|chị|anh|hàng|vài|mấy|ngày|bước|phần|lần|điều|khoản|số|gấp|một\s+trong)\s*$"
)
_BEHIND_YEAR = re.compile(r"\s*(?:19|20)\d\d(?!\d)")
_SAYS_COUNT = re.compile(r"(?<!\w)(?:có|được|thêm|còn|chỉ)\s*$")


def _word_figures(sentence: str, low: str) -> Iterator[Figure]:
    for match in _WORDS.finditer(low):
        before = low[max(0, match.start() - 24) : match.start()]
        words = match["words"].split()
        value = _value_of(words)
        if value is None or _NAMES_BEFORE.search(before) or "bằng chữ" in low[: match.start()]:
            continue
        number = Number(sentence[match.start() : match.end()], Decimal(value))
        signed = _SIGNED.match(low, match.end())
        if signed:
            end = signed.end()
            read = replace(number, percent=True, text=sentence[match.start() : end])
        else:
            suffixed, end = _with_suffix(number, sentence, low, match.start(), match.end())
            if isinstance(suffixed, Unreadable):
                continue
            read = suffixed
        sure = match["all"] or signed or len(words) > 1 or read.unit
        if not sure or (_is_article(words) and not (match["all"] or _SAYS_COUNT.search(before))):
            continue
        if words[-1] == "năm" and (_BEHIND_YEAR.match(low, match.end()) or not read.unit):
            continue
        if low.startswith("/ngày", end) or read.unit.endswith("/ngày"):
            continue
        yield Figure(match.start(), end, read)


def number_words(low: str) -> Iterator[tuple[int, int, int]]:
    """The numbers that are written in words: where each begins and ends, and its value."""
    for match in _WORDS.finditer(low):
        value = _value_of(match["words"].split())
        if value is not None:
            yield match.start(), match.end(), value


def _is_article(words: list[str]) -> bool:
    """'một xã' is mostly 'a commune', 'năm' mostly a year."""
    return len(words) == 1 and words[0] in ("một", "năm")


def _value_of(words: list[str]) -> int | None:
    """The number that words name, up to thousands; None where they name none ('hai ba')."""
    total, hundreds = 0, words
    for thousand in ("nghìn", "ngàn"):
        if thousand in words:
            place = words.index(thousand)
            thousands = _below_thousand(words[:place])
            if not thousands:
                return None
            total, hundreds = thousands * 1000, words[place + 1 :]
            if not hundreds:
                return total
    rest = _below_thousand(hundreds)
    return None if rest is None else total + rest


def _below_thousand(words: list[str]) -> int | None:
    total = 0
    if "trăm" in words:
        place = words.index("trăm")
        if place != 1 or words[0] not in _DIGIT_WORDS:
            return None
        total, words = _DIGIT_WORDS[words[0]] * 100, words[2:]
        if not words:
            return total
        if words[0] in ("linh", "lẻ"):
            words = words[1:]
    tens = _below_hundred(words)
    return None if tens is None else total + tens


def _below_hundred(words: list[str]) -> int | None:
    match words:
        case [digit] if digit in _DIGIT_WORDS:
            return _DIGIT_WORDS[digit]
        case ["mười"]:
            return 10
        case ["mười", digit] if digit in _DIGIT_WORDS:
            return 10 + _DIGIT_WORDS[digit]
        case [ten, "mươi"] if ten in _DIGIT_WORDS:
            return 10 * _DIGIT_WORDS[ten]
        case [ten, "mươi", digit] if ten in _DIGIT_WORDS and digit in _DIGIT_WORDS:
            return 10 * _DIGIT_WORDS[ten] + _DIGIT_WORDS[digit]
    return None


def _without_repeats(figures: list[Figure], low: str) -> list[Figure]:
    """'hai mươi mốt (21) lớp' is one figure."""
    kept: list[Figure] = []
    for figure in figures:
        if kept and figure.start < kept[-1].end:
            continue
        if kept and low[kept[-1].end : figure.start].strip() == "(":
            before, now = kept[-1].value, figure.value
            if isinstance(before, Number) and isinstance(now, Number) and before.value == now.value:
                kept[-1] = replace(figure, start=kept[-1].start)
                continue
        kept.append(figure)
    return kept
