from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.vietnamese import day, day_in_text, listing, number, order, span

FIGURES = st.decimals(
    min_value=Decimal("-1e17"), max_value=Decimal("1e17"), places=6, allow_nan=False
)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("100", 2, "100"),
        ("100.000000", 2, "100"),
        ("78.618212", 2, "78,62"),
        ("78.605000", 2, "78,61"),
        ("78.604999", 2, "78,6"),
        ("1204", 0, "1.204"),
        ("8919198", 0, "8.919.198"),
        ("1234.5", 2, "1.234,5"),
        ("0.5", 0, "1"),
        ("-0.4", 0, "0"),
        ("-1204.5", 1, "-1.204,5"),
        ("99999999999999999.999999", 6, "99.999.999.999.999.999,999999"),
    ],
)
def test_numbers_are_written_as_vietnamese_documents_do(value, decimals, shown):
    assert number(Decimal(value), decimals) == shown


@given(FIGURES, st.integers(0, 6))
def test_a_number_reads_back_as_itself_rounded_half_up(value, decimals):
    shown = number(value, decimals)
    back = Decimal(shown.replace(".", "").replace(",", "."))
    assert back == value.quantize(Decimal(1).scaleb(-decimals), "ROUND_HALF_UP")
    assert not shown.endswith((",", ",0"))


@given(FIGURES, FIGURES, st.integers(0, 6))
def test_what_is_shown_of_bounds_holds_them(first, second, decimals):
    lower, upper = sorted((first, second))
    low, high = (
        Decimal(text.replace(".", "").replace(",", "."))
        for text in span(lower, upper, decimals).split(" – ")
    )
    assert low <= lower <= upper <= high


def test_no_number_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        number(Decimal("NaN"), 2)


def test_days():
    assert day(date(2025, 6, 30)) == "30/06/2025"
    assert day_in_text(date(2025, 6, 5)) == "05/6/2025"
    assert day_in_text(date(2026, 1, 5)) == "05/01/2026"


def test_lists():
    assert listing([]) == ""
    assert listing(["Đức Hiệp"]) == "Đức Hiệp"
    assert listing(["Đức Hiệp", "Đức Nhuận", "Thắng Lợi"]) == "Đức Hiệp, Đức Nhuận và Thắng Lợi"


def test_names_sort_as_in_vietnamese_dictionaries():
    names = ["An", "Ăn", "Ân", "Dương", "Đức Hiệp", "Đức Thanh", "Đức Thắng", "Ót", "Ốt", "Ớt"]
    names += ["Phụng", "ta", "tà", "tả", "tã", "tá", "tạ", "Thắng Lợi"]
    shuffled = sorted(names, key=len)
    assert sorted(shuffled, key=order) == names


@given(st.text())
def test_any_text_has_its_place(text):
    assert order(text) <= order(text + "a")
