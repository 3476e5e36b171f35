"""Dates and periods in Vietnamese text.

A date names one day ('ngày 05 tháng 01 năm 2026', '24/1/2025'); a period ends on a day ('tháng
06/2025' on 2025-06-30). What names no day, or several that nothing decides between, is None.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_YEAR = r"(?:19|20)\d{2}"

DATE = re.compile(
    rf"""(?<!\d)(?<!\d[/.,])(?:
        (?P<iso_year>{_YEAR})-(?P<iso_month>\d{{2}})-(?P<iso_day>\d{{2}})
      | (?P<day>\d{{1,2}})\s*
        (?:tháng\s*(?P<month>\d{{1,2}})\s*(?:,?\s*năm|[/.–-])\s*(?P<year>{_YEAR})
         | [/.–-]\s*(?P<month2>\d{{1,2}})\s*(?:,?\s*năm|[/.–-])\s*(?P<year2>{_YEAR})
         | /(?P<month3>\d{{1,2}})/(?P<year3>\d{{2}}))
    )(?!\d)(?![/.]\d)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A day, month and year as a document prints them; whether that day exists is not told yet.

A year of two digits is read after strokes alone ('30/6/25'): '1.2.15' is rather an outline mark.
"""

SCHOOL_YEAR_END = (5, 31)
"""A school year is over on 31 May: the Ministry's yearly plans end each before that day
(Quyết định 2045/QĐ-BGDĐT of 01/8/2024 for 2024-2025), so figures 'of the school year' are."""

SCHOOL_YEAR_START = (9, 5)
"""The opening day in the same plans: figures of 'đầu năm học'."""

_AHEAD = timedelta(days=45)
"""How far ahead of its own date a document may report: reports on the half year are written in
mid June, on the year in mid December."""


class Precision(IntEnum):
    """How narrowly a period is named; the finer one says more."""

    DAY = 0
    MONTH = 1
    PART = 2
    SCHOOL_YEAR = 3
    YEAR = 4
    SPAN = 5
    BARE_YEAR = 6


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day named in a text, at [start, end)."""

    start: int
    end: int
    day: date


@dataclass(frozen=True, slots=True)
class Period:
    """A period named in a text, at [start, end), by its last day.

    ``reached`` where the text says 'đến' or 'tính đến'; ``begins`` after 'từ'; ``compared`` after
    'so với', 'cùng kỳ'.
    """

    start: int
    end: int
    last_day: date
    precision: Precision
    reached: bool
    begins: bool
    compared: bool


def find_dates(text: str) -> list[FoundDate]:
    """The days named in a text, in order; a day that does not exist is not one."""
    return [
        FoundDate(match.start(), match.end(), day)
        for match in DATE.finditer(text)
        if (day := _day(match)) is not None
    ]


def parse_date(text: str) -> date | None:
    """The one day that a text names, or None where it names none or several."""
    days = {found.day for found in find_dates(text)}
    return days.pop() if len(days) == 1 else None


def find_periods(text: str, document_date: date | None = None) -> list[Period]:
    """The periods named in a text, in order of place.

    Full dates are periods only after 'đến', 'tại thời điểm' and the like, or where the text is
    hardly more than the date: other dates are of documents and events. ``document_date`` gives
    the year where the text does not ('6 tháng đầu năm', 'đến tháng 6'): the latest one that the
    document can speak of.
    """
    lowered = lower(text)
    unread = lowered
    periods = []
    for pattern, last_day_of, precision in _RULES:
        rest: list[str] = []
        behind = 0
        for match in pattern.finditer(unread):
            start, end = match.span()
            rest += [unread[behind:start], "\0" * (end - start)]
            behind = end
            before = lowered[max(0, start - 40) : start]
            reached = bool(_REACHED.search(before))
            last_day = last_day_of(match, document_date)
            if last_day is None or any(named.search(before) for named in _OF_ANOTHER):
                continue
            if precision is Precision.DAY and not reached and not _is_all(lowered, start, end):
                continue
            begins = precision is not Precision.SPAN and bool(_BEGINS.search(before))
            compared = bool(_COMPARED.search(before))
            periods.append(Period(start, end, last_day, precision, reached, begins, compared))
        if rest:
            unread = "".join([*rest, unread[behind:]])
    return sorted(periods, key=lambda period: period.start)


def as_of(text: str, document_date: date | None = None) -> date | None:
    """The last day of the period that a header cell, a title or a sentence speaks of, or None.

    'tháng 06/2025' is 2025-06-30, 'năm 2023' 2023-12-31, '6 tháng đầu năm 2025' 2025-06-30,
    'quý II/2025' 2025-06-30, 'giai đoạn 2021-2025' 2025-12-31, 'đầu năm 2025' 2025-01-01, 'năm
    học 2024-2025' 2025-05-31 (see SCHOOL_YEAR_END; its first half has no day fixed for all years:
    None). What is 'tính đến' comes before the rest, then the more narrowly named; what is compared
    with ('so với năm 2023') and where a span begins ('từ năm 2021') do not count. Two equally good
    answers are none.

    ``document_date`` is the day of issue: periods that end after its year are plans and are left
    out. Do not give it for targets.
    """
    periods = [
        period
        for period in find_periods(text, document_date)
        if not (period.compared or period.begins)
        and not (document_date and period.last_day.year > document_date.year)
    ]
    if not periods:
        return None
    best = min((not period.reached, period.precision) for period in periods)
    days = {p.last_day for p in periods if (not p.reached, p.precision) == best}
    return days.pop() if len(days) == 1 else None


@dataclass(frozen=True, slots=True)
class EarlierDay:
    """The day of a period named by its place before another one; None where that is not told."""

    day: date | None


def earlier_day(text: str, day: date) -> EarlierDay | None:
    """Return the day that 'cùng kỳ năm trước', 'năm trước', 'cuối kỳ trước' mean beside ``day``;
    None where the text names no earlier period, or compares with one ('so với cùng kỳ').

    'Kỳ trước' is of no certain length, so that its day is not told.
    """
    found = _EARLIER.search(lower(text))
    if found is None:
        return None
    if found["same"]:
        try:
            return EarlierDay(day.replace(year=day.year - 1))
        except ValueError:  # 29 February
            return EarlierDay(date(day.year - 1, 2, 28))
    return EarlierDay(date(day.year - 1, 12, 31) if found["year"] else None)


def lower(text: str) -> str:
    """Lower case with every character in its place, so that offsets hold in the text itself."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _day(match: re.Match[str]) -> date | None:
    """The day that a match of DATE names, None if there is no such day."""
    year, month, day = (
        int(next(value for name in names if (value := match[name])))
        for names in (
            ("iso_year", "year", "year2", "year3"),
            ("iso_month", "month", "month2", "month3"),
            ("iso_day", "day"),
        )
    )
    try:
        return date(year + 2000 if match["year3"] else year, month, day)
    except ValueError:
        return None


def _is_all(text: str, start: int, end: int) -> bool:
    """Whether a text is hardly more than its date, and that not a letterhead's ('Mộ Đức, ngày')."""
    if len(text) - (end - start) > _REST_OF_A_DATE_CELL:
        return False
    rest = text[:start] + text[end:]
    return not _OTHER_DATE.search(rest)


def _last_day(match: re.Match[str], month: int, document_date: date | None) -> date | None:
    """The month's last day in the match's year, else in the latest that the document can mean."""
    if match["year"]:
        return _month_end(int(match["year"]), month)
    if document_date is None:
        return None
    this_year = _month_end(document_date.year, month)
    if this_year <= document_date + _AHEAD:
        return this_year
    return _month_end(document_date.year - 1, month)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months(match: re.Match[str], document_date: date | None) -> date | None:
    """'6 tháng đầu năm', '9 tháng năm 2025', '6 tháng cuối năm 2025'."""
    count = _NUMBER_WORDS.get(match["count"]) or int(match["count"])
    return _last_day(match, 12 if match["side"] == "cuối" else count, document_date)


def _school_year(match: re.Match[str], _document_date: date | None) -> date | None:
    first, second = int(match["first"]), int(match["year"])
    if second != first + 1:
        return None
    part = match["part"] or ""
    if part.startswith("đầu"):
        return date(first, *SCHOOL_YEAR_START)
    if part.startswith("học") and part.split()[-1] in ("i", "1"):
        return None
    return date(second, *SCHOOL_YEAR_END)


def _quarter(match: re.Match[str], document_date: date | None) -> date | None:
    return _last_day(match, 3 * _QUARTERS[match["quarter"]], document_date)


def _part_of_year(match: re.Match[str], _document_date: date | None) -> date | None:
    year = int(match["year"])
    return {"đầu": date(year, 1, 1), "giữa": None, "cuối": date(year, 12, 31)}[match["part"]]


def _month(match: re.Match[str], document_date: date | None) -> date | None:
    return _last_day(match, int(match["month"]), document_date)


def _day_of_month(match: re.Match[str], document_date: date | None) -> date | None:
    """'đến 31/12', without its year."""
    if document_date is None:
        return None
    for year in (document_date.year, document_date.year - 1):
        try:
            day = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if day <= document_date + _AHEAD:
            return day
    return None


def _year(match: re.Match[str], _document_date: date | None) -> date | None:
    return date(int(match["year"]), 12, 31)


_NUMBER_WORDS = {"ba": 3, "sáu": 6, "chín": 9, "nửa": 6}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_REST_OF_A_DATE_CELL = 40
_OTHER_DATE = re.compile(r"[,/]|ban hành|ký|sinh|cấp|thành lập|họp")
_COUNTED = "người|hộ|học|em|lượt|gia|thôn|đồng|triệu|tỷ|cuốn|bản|lớp|cán|giáo|ha|m2|km2"
_GIVEN_YEAR = rf"(?P<year>{_YEAR})(?!\d)"
_OF_YEAR = rf"\s*(?:,?\s*năm|[/.–-])\s*{_GIVEN_YEAR}"

_RULES: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], date | None], date | None], Precision], ...
] = (
    (DATE, lambda match, _document_date: _day(match), Precision.DAY),
    (
        re.compile(
            rf"(?<!\d)(?P<count>{_MONTH}|ba|sáu|chín)\s*tháng\s*"
            rf"(?:(?P<side>đầu|cuối)\s*năm|(?=(?:năm|/)?\s*{_YEAR}(?!\d)))"
            rf"(?:\s*(?:năm|/)?\s*{_GIVEN_YEAR})?"
        ),
        _months,
        Precision.PART,
    ),
    (
        re.compile(
            r"(?<!\w)(?P<count>nửa)\s*(?:(?P<side>đầu|cuối)\s*)?năm"
            rf"(?:\s*(?:năm|/)?\s*{_GIVEN_YEAR})?(?!\w)"
        ),
        _months,
        Precision.PART,
    ),
    (
        re.compile(
            r"(?P<part>đầu\s+|cuối\s+|học\s+k[ỳì]\s+(?:i{1,2}|[12])\b[\s,-]*)?năm\s+học\s*"
            rf"(?P<first>{_YEAR})\s*[-–/]\s*{_GIVEN_YEAR}"
        ),
        _school_year,
        Precision.SCHOOL_YEAR,
    ),
    (
        re.compile(
            r"\bquý\s*(?:(?:i{1,3}|[1-3])\s*(?:,|và|-)\s*(?:quý\s*)?)?"
            rf"(?P<quarter>iv|i{{1,3}}|[1-4])(?!\w)(?:\s*(?:,?\s*năm|[/.–-])?\s*{_GIVEN_YEAR})?"
        ),
        _quarter,
        Precision.PART,
    ),
    (re.compile(rf"\b(?:tháng|t)\s*(?P<month>{_MONTH}){_OF_YEAR}"), _month, Precision.MONTH),
    (
        re.compile(rf"(?<![\d/.,-])(?P<month>{_MONTH})/\s*{_GIVEN_YEAR}(?![/-])"),
        _month,
        Precision.MONTH,
    ),
    (
        re.compile(
            r"(?<=đến )(?:ngày\s*)?(?P<day>\d{1,2})(?:/|\s*tháng\s*)"
            rf"(?P<month>{_MONTH})(?![\d/.-]|\s*năm)"
        ),
        _day_of_month,
        Precision.DAY,
    ),
    (
        re.compile(
            rf"(?<=đến )(?:hết )?tháng\s*(?P<month>{_MONTH})(?P<year>)(?!\d|[/.,-]\s*\d|\s*năm)"
        ),
        _month,
        Precision.MONTH,
    ),
    (
        re.compile(rf"^\s*(?:tháng|t)\.?\s*(?P<month>{_MONTH})(?P<year>)\s*$"),
        _month,
        Precision.MONTH,
    ),
    (
        re.compile(
            rf"(?<!\d)(?<!\d/)(?:năm\s*)?{_YEAR}\s*(?:[-–]|đến\s+(?:hết\s+)?(?:năm\s+)?)\s*"
            rf"{_GIVEN_YEAR}"
        ),
        _year,
        Precision.SPAN,
    ),
    (
        re.compile(rf"\b(?P<part>đầu|giữa|cuối)\s*năm\s*{_GIVEN_YEAR}"),
        _part_of_year,
        Precision.PART,
    ),
    (
        re.compile(rf"\bnăm:?\s*{_YEAR}(?:\s*(?:,|;|và)\s*(?:năm\s*)?{_YEAR}(?!\d))+"),
        lambda _match, _document_date: None,  # a list of years is no period
        Precision.YEAR,
    ),
    (re.compile(rf"\bnăm:?\s*{_GIVEN_YEAR}(?!/)"), _year, Precision.YEAR),
    (
        re.compile(rf"(?<![\w/])(?<!\d[.,-]){_GIVEN_YEAR}(?!\s*[/%]|[.,-]\d|\s+(?:{_COUNTED})\b)"),
        _year,
        Precision.BARE_YEAR,
    ),
)
_EARLIER = re.compile(
    r"(?<!so )(?<!so với )(?<!/)(?<!\w)"
    r"(?:(?P<same>cùng kỳ(?:,? năm (?:trước|ngoái))?)|(?P<year>năm (?:trước|ngoái))"
    r"|(?P<period>cuối (?:kỳ|tháng|quý) trước))(?!\w)"
)
_CITED = re.compile(r"(?:(?<!dân )\bsố\s*:?\s*|/[\w./-]*\s*,?\s*ngày\s*)$")
_OF_A_LAW = re.compile(r"(?<!\w)(?:luật|pháp lệnh|hiến pháp)(?: [^\W\d_]+,?){0,8}\s*$")
"""'theo Luật Giáo dục năm 2019': the year is the law's."""
_OF_A_SEASON = re.compile(
    r"(?<!\w)vụ\s+(?:đông xuân|hè thu|thu đông|xuân hè|đông|xuân|mùa)\s*,?\s*$"
)
"""A season of crops ends on no day that the calendar knows."""
_OF_BIRTH = re.compile(r"(?<!\w)(?:sinh|sn)\s*:?\s*(?:năm\s*)?$")
"""'Sinh năm 2018' is a cohort, no period."""
_OF_ANOTHER = (_CITED, _OF_A_LAW, _OF_A_SEASON, _OF_BIRTH)
_REACHED = re.compile(
    r"\b(?:đến|tới|hết|thời điểm|chốt|số liệu)[\s(:]*"
    r"(?:(?:hết|cuối|nay|thời điểm|thời gian|ngày)[\s(:]*){0,3}$"
)
_BEGINS = re.compile(r"\btừ\s+(?:ngày\s+|đầu\s+|sau\s+)?$")
_COMPARED = re.compile(
    r"\b(?:so với|so|cùng kỳ|cùng thời điểm|trước)\s*(?:(?:cùng kỳ|của|cuối|ngày)\s*)*$"
)
