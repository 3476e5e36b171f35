"""How a spreadsheet shows a stored number, by its number format (ECMA-376 part 1, 18.8.30-31).

Numbers are shown with the separators of Vietnam ('1.234,5'), dates as 'dd/mm/yyyy'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Final

GENERAL: Final = "General"

BUILT_IN: Final[dict[int, str]] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0",
    42: "#,##0",
    43: "#,##0.00",
    44: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((14, 15, *range(27, 32), 36, 50, 51, 52, 53, 54, 57, 58), "dd/mm/yyyy"),
    **dict.fromkeys((16, 17), "mm/yyyy"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 55, 56), "hh:mm"),
    22: "dd/mm/yyyy hh:mm",
}
"""Format ids that files name without writing the format."""

_SIGNIFICANT: Final = 15
"""Digits that a spreadsheet keeps and shows of a double: more is noise of binary arithmetic."""
_GENERAL_DIGITS: Final = 10
_WIDE: Final = Context(prec=700)
"""Wide enough for every double."""
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]?|(?P<plain>.)', re.DOTALL
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 a sheet's dates have no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_FALSE_LEAP_DAY: Final = 60
"""Day 60 of the 1900 system is 29 February 1900, which never was."""
_LAST_DAY: Final = 2_958_466


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as the sheet shows it; ``value`` is its exact decimal, None for dates and times."""

    text: str
    value: Decimal | None


@dataclass(slots=True)
class _Section:
    """One of a format's sections: literals before and after the digits, and how to write these."""

    condition: tuple[str, Decimal] | None = None
    before: str = ""
    after: str = ""
    digits: str = ""
    date: str = ""
    """Letters of date and time in their order, without literals."""
    percent: bool = False
    text: bool = False

    def add_bracket(self, content: str) -> None:
        """Take in what stands in brackets: a condition, elapsed time, a currency or a colour."""
        if match := _CONDITION.fullmatch(content):
            self.condition = (match[1], Decimal(match[2]))
        elif re.fullmatch(r"h+|m+|s+", content, re.IGNORECASE):
            self.date += content[0].lower()
        elif content.startswith("$"):
            self.add_literal(content[1:].split("-", maxsplit=1)[0])

    def add_sign(self, sign: str) -> None:
        """Take in a bare sign."""
        if (sign in "0#?.,/" and not self.date) or (sign in "Ee" and self.digits):
            self.digits += sign.upper()
        elif sign.lower() in "ymdhs":
            self.date += sign.lower()
        elif sign == "@":
            self.text = True
        elif sign not in "AaPp+":
            self.percent = self.percent or sign == "%"
            self.add_literal(sign)

    def add_literal(self, text: str) -> None:
        """Take in what is written as it stands."""
        if self.digits or self.text:
            self.after += text
        else:
            self.before += text

    @property
    def scaling(self) -> int:
        """By what power of ten the number is shown: commas behind the digits are thousands."""
        whole, _, decimals = self.digits.partition(".")
        commas = sum(len(part) - len(part.rstrip(",")) for part in (whole, decimals))
        return (2 if self.percent else 0) - 3 * commas


def exact(number: float) -> Decimal:
    """The decimal that a stored double stands for: its 15 significant digits."""
    return Decimal(f"{number:.{_SIGNIFICANT}g}")


def show(number: Decimal, code: str, *, is_1904: bool = False) -> Shown:
    """The number as that format shows it.

    ``value`` is what the text says: of a percent format 100 times what is stored (0.956 is 95.6),
    of one in thousands a thousandth.
    """
    if code.lower() == "general" or not code.strip():
        return Shown(_general(number), number)
    sections = _sections(code)
    section, signed = _chosen(sections, number)
    if section.date:
        return Shown(_date(number, section.date, is_1904=is_1904), None)
    if section.text or (not section.digits and "general" in code.lower()):
        return Shown(f"{section.before}{_general(number)}{section.after}", number)
    value = number.scaleb(section.scaling)
    if not section.digits:
        return Shown(f"{section.before}{section.after}".strip(), value)
    shown = _digits(abs(value), section.digits)
    is_zero = not shown.strip("0,.")
    sign = "-" if value < 0 and signed and not is_zero else ""
    return Shown(f"{sign}{section.before}{shown}{section.after}".strip(), value)


def plain(number: Decimal) -> str:
    """The number as the records write it: '95.6', without an exponent or idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def vietnamese(number: Decimal) -> str:
    """The number with a decimal comma and without thousands marks, as 'General' shows it."""
    return plain(number).replace(".", ",")


# --------------------------------------------------------------------------------------------
# Formats


@cache
def _sections(code: str) -> tuple[_Section, ...]:
    parts = [""]
    for token in _TOKEN.finditer(code):
        if token[0] == ";":
            parts.append("")
        else:
            parts[-1] += token[0]
    return tuple(_section(part) for part in parts[:4])


def _section(part: str) -> _Section:
    section = _Section()
    for token in _TOKEN.finditer(part):
        if token["bracket"] is not None:
            section.add_bracket(token["bracket"])
        elif token["plain"] is not None:
            section.add_sign(token["plain"])
        else:
            section.add_literal(token["quoted"] or token["escaped"] or "")
    return section


def _chosen(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section, bool]:
    """The section that shows the number, and whether it writes the sign itself."""
    for section in sections:
        if section.condition and _holds(number, *section.condition):
            return section, True
    if sections[0].condition or len(sections) == 1:
        return sections[-1 if sections[0].condition else 0], True
    if number < 0:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _holds(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


def _general(number: Decimal) -> str:
    places = max(_GENERAL_DIGITS - max(number.adjusted(), 0) - 1, 0)
    return vietnamese(_rounded(number, places))


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def _digits(number: Decimal, pattern: str) -> str:
    if "E" in pattern or "/" in pattern:
        return vietnamese(number)
    whole_pattern, decimal_pattern = (part.rstrip(",") for part in f"{pattern}.".split(".")[:2])
    whole, _, decimals = f"{_rounded(number, len(decimal_pattern)):f}".partition(".")
    needed = len(decimal_pattern.rstrip("#?"))
    while len(decimals) > needed and decimals.endswith("0"):
        decimals = decimals[:-1]
    whole = whole.lstrip("0").rjust(whole_pattern.count("0"), "0")
    if "," in whole_pattern:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", whole)
    return f"{whole or '0'},{decimals}" if decimals else whole


def _date(number: Decimal, letters: str, *, is_1904: bool) -> str:
    if not 0 <= number < _LAST_DAY:
        return vietnamese(number)
    days = float(number)
    if is_1904:
        moment = _EPOCH_1904 + timedelta(days=days)
    else:
        moment = _EPOCH_1900 + timedelta(days=days + (1 if days < _FALSE_LEAP_DAY else 0))
    moment += timedelta(milliseconds=500)
    has_time = "h" in letters or "s" in letters
    # 'm' beside hours or seconds are minutes, elsewhere months.
    has_month = bool(re.search(r"y|d", letters)) or not has_time
    parts = []
    if "d" in letters:
        parts.append(f"{moment:%d/%m/%Y}")
    elif has_month and "m" in letters:
        parts.append(f"{moment:%m/%Y}")
    elif "y" in letters:
        parts.append(f"{moment:%Y}")
    if has_time:
        parts.append(f"{moment:%H:%M:%S}" if "s" in letters else f"{moment:%H:%M}")
    return " ".join(parts)
