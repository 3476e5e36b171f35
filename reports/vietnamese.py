"""Numbers, days and lists as Vietnamese documents write them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that no DECIMAL of the warehouse is rounded before it is shown."""
FIRST_MONTHS = 2
"""Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, II.4.b: months 1 and 2 take a zero in front."""


def number(value: Decimal, decimals: int) -> str:
    """'1.204', '78,61', '100': rounded half-up to ``decimals``, without zeros at the end.

    Raises ValueError for a value that is no number.
    """
    if not value.is_finite():
        raise ValueError(f"no number: {value}")
    rounded = value.quantize(Decimal(1).scaleb(-decimals), context=EXACT)
    whole, _, fraction = f"{rounded:,f}".partition(".")
    shown = whole.replace(",", ".") + (f",{fraction}" if (fraction := fraction.rstrip("0")) else "")
    return "0" if shown == "-0" else shown


def span(lower: Decimal, upper: Decimal, decimals: int) -> str:
    """'61,2 – 70,4'; the lower bound is cut and the upper one raised, so that the true value is
    inside.
    """
    unit = Decimal(1).scaleb(-decimals)
    low = lower.quantize(unit, "ROUND_FLOOR", context=EXACT)
    high = upper.quantize(unit, "ROUND_CEILING", context=EXACT)
    return f"{number(low, decimals)} – {number(high, decimals)}"


def day(value: date) -> str:
    """'30/06/2025'."""
    return f"{value:%d/%m/%Y}"


def day_in_text(value: date) -> str:
    """'30/6/2025', '05/01/2026': zeros as the decree wants them in a document's date."""
    month = f"{value.month:02}" if value.month <= FIRST_MONTHS else str(value.month)
    return f"{value.day:02}/{month}/{value.year}"


def listing(names: Sequence[str]) -> str:
    """'Đức Hiệp, Đức Nhuận và Thắng Lợi'."""
    *first, last = names or ("",)
    return f"{', '.join(first)} và {last}" if first else last


LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""Huyền, hỏi, ngã, sắc, nặng, in the order of Vietnamese dictionaries; no tone goes first."""


def order(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """A key that sorts names as Vietnamese dictionaries do: by letters ('Đức' behind 'Dương',
    before 'Thắng'), then by tones, then by the text itself.
    """
    letters: list[int] = []
    tones: list[int] = []
    for sign in unicodedata.normalize("NFD", text.casefold()):
        if sign in TONES:
            tones[-1:] = [TONES.index(sign) + 1]
        elif unicodedata.combining(sign) and letters:
            letter = unicodedata.normalize("NFC", LETTERS[letters[-1] - 1] + sign)
            letters[-1] = LETTERS.find(letter) + 1 or letters[-1]
        else:
            letters.append(LETTERS.find(sign) + 1)
            tones.append(0)
    return tuple(letters), tuple(tones), text
