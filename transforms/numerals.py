"""Every numeral of a text, found without knowing what any of them means.

A numeral is digits with the points, commas and unbreakable spaces that part them: '1.234,5' is one,
'61/85' two, '05/01/2026' three. The numerals of a text hold each of its digits exactly once.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from extractors.document import Paragraph

_NUMERAL = re.compile(r"\d+(?:[.,]\d+|[\u00a0\u202f\u2009]\d{3}(?!\d))*")
_NO_DIGIT = re.compile(r"\D")


class Place(NamedTuple):
    """Where something stands in a text: at [start, end)."""

    start: int
    end: int


def find_numerals(text: str) -> list[Place]:
    """The places of a text's numerals, in order."""
    return [Place(*match.span()) for match in _NUMERAL.finditer(text)]


def numbers_page(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the number of the page that it stands on and nothing else: '- 2 -'."""
    return paragraph.page is not None and paragraph.text.strip(" -–—") == str(paragraph.page)


def same_digits(numeral: str, value: Decimal) -> bool:
    """Whether a numeral as printed may be this value, in the notation of any country and in any
    multiple of ten: '1.204' is 1204 and 1.204, '1,2' (triệu) is 1200000.
    """
    return _significant(numeral) == _significant(format(abs(value), "f"))


def _significant(text: str) -> str:
    return _NO_DIGIT.sub("", text).strip("0")
