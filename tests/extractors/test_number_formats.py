from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.number_formats import BUILT_IN, exact, plain, show, vietnamese


@pytest.mark.parametrize(
    ("number", "code", "text", "value"),
    [
        ("0.956", "0.0%", "95,6%", "95.6"),
        ("0.956", "0%", "96%", "95.6"),
        ("0.2805", "0.00 %", "28,05 %", "28.05"),
        ("1", "0%", "100%", "100"),
        ("95.6", '0.0"%"', "95,6%", "95.6"),
        ("1234.5", "General", "1234,5", "1234.5"),
        ("74.7727272727273", "General", "74,77272727", "74.7727272727273"),
        ("1234567", "#,##0", "1.234.567", "1234567"),
        ("1234.5", "#,##0.00", "1.234,50", "1234.5"),
        ("1234.5", "#,##0.##", "1.234,5", "1234.5"),
        ("0.5", "0.0", "0,5", "0.5"),
        ("0.5", "#.0", "0,5", "0.5"),
        ("2.5", "0", "3", "2.5"),
        ("7", "00", "07", "7"),
        ("12", '0" hộ"', "12 hộ", "12"),
        ("12", "0 \\x", "12 x", "12"),
        ("198750000", '#,##0.00,, "triệu"', "198,75 triệu", "198.75"),
        ("1500", "#,##0,", "2", "1.5"),
        ("-5", "0;(0)", "(5)", "-5"),
        ("-5", "0.0", "-5,0", "-5"),
        ("-0.001", "0.0", "0,0", "-0.001"),
        ("0", '0;-0;"-"', "-", "0"),
        ("5", ";;;", "", "5"),
        ("5", "@", "5", "5"),
        ("150", "[>=100]0;[<100]0.0", "150", "150"),
        ("50", "[>=100]0;[<100]0.0", "50,0", "50"),
        ("1500", "[$-42A]#,##0 [$₫-42A]", "1.500 ₫", "1500"),
        ("1234", '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "1.234", "1234"),
        ("0", '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "-", "0"),
        ("12345", "0.00E+00", "12345", "12345"),
        ("0.5", "# ?/?", "0,5", "0.5"),
        ("45838", "dd/mm/yyyy", "30/06/2025", None),
        ("45838", "m/d/yy", "30/06/2025", None),
        ("45838", '[$-42A]dd "tháng" mm "năm" yyyy', "30/06/2025", None),
        ("45838", "mmm-yy", "06/2025", None),
        ("45838", "yyyy", "2025", None),
        ("45838.5", "dd/mm/yyyy hh:mm", "30/06/2025 12:00", None),
        ("0.25", "h:mm AM/PM", "06:00", None),
        ("1", "dd/mm/yyyy", "01/01/1900", None),
        ("-1", "dd/mm/yyyy", "-1", None),
    ],
)
def test_numbers_are_shown_as_the_sheet_shows_them(number, code, text, value):
    shown = show(Decimal(number), code)
    assert shown.text == text
    assert shown.value == (None if value is None else Decimal(value))


def test_the_other_epoch():
    assert show(Decimal(44376), "dd/mm/yyyy", is_1904=True).text == "30/06/2025"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.956, "0.956"), (0.1 + 0.2, "0.3"), (95.6 / 100, "0.956"), (1e20, "100000000000000000000")],
)
def test_noise_of_binary_arithmetic_is_left_out(number, text):
    assert plain(exact(number)) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_number_shown_with_its_decimals_reads_back(number):
    text = show(number, "#,##0.0000").text
    assert Decimal(text.replace(".", "").replace(",", ".")) == number
    assert Decimal(vietnamese(number).replace(",", ".")) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**308), max_value=10**308),
       st.text(alphabet='0#?.,%;"@[]<>=-ymdhs\\_* E/', max_size=12))  # fmt: skip
def test_no_format_whatever_raises(number, code):
    assert isinstance(show(number, code).text, str)


def test_every_built_in_format_is_understood():
    for code in BUILT_IN.values():
        assert show(Decimal(45838), code).text
