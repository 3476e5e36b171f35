"""Every numeral of a text is found, whatever it means."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numerals import find_numerals, same_digits

TEXTS = st.text(st.sampled_from("0123456789٣.,/-() %đôm\u00a0\u202f\nx"), max_size=40)


def numerals(text: str) -> list[str]:
    return [text[start:end] for start, end in find_numerals(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("61/85 (71,8 %)", ["61", "85", "71,8"]),
        ("1.234,5 triệu đồng", ["1.234,5"]),
        ("1\u00a0234\u202f567 hộ", ["1\u00a0234\u202f567"]),
        ("1 234 hộ", ["1", "234"]),
        ("năm\u00a02024\u00a015 hộ", ["2024", "15"]),
        ("ngày 05/01/2026", ["05", "01", "2026"]),
        ("12.5.2025", ["12.5.2025"]),
        ("thôn 4, km2, H5N1", ["4", "2", "5", "1"]),
        ("ĐT: 0255.3857.114", ["0255.3857.114"]),
        ("85% – 90 %.", ["85", "90"]),
        ("ba thôn, m², ½", []),
        ("", []),
    ],
)
def test_numerals(text: str, expected: list[str]) -> None:
    assert numerals(text) == expected


@given(TEXTS)
def test_the_numerals_hold_every_digit_exactly_once(text: str) -> None:
    found = find_numerals(text)
    covered = [place for start, end in found for place in range(start, end)]
    assert covered == sorted(set(covered))
    digits = [place for place, char in enumerate(text) if char.isdecimal()]
    assert [place for place in covered if text[place].isdecimal()] == digits
    assert all(text[start].isdecimal() and text[end - 1].isdecimal() for start, end in found)


@pytest.mark.parametrize(
    ("numeral", "value", "same"),
    [
        ("1.204", "1204", True),
        ("1.204", "1.204", True),
        ("95,60", "95.6", True),
        ("1,2", "12000", True),
        ("05", "5", True),
        ("12", "-12", True),
        ("0", "0", True),
        ("12", "21", False),
        ("12", "121", False),
        ("12", "0", False),
    ],
)
def test_same_digits(numeral: str, value: str, *, same: bool) -> None:
    assert same_digits(numeral, Decimal(value)) is same
