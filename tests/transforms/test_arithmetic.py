from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arithmetic import fits, one_digit_repairs, ratio, rounds_to


@pytest.mark.parametrize(
    ("numerator", "denominator", "rate", "decimals", "expected"),
    [
        ("2", "3", "66.67", 2, True),
        ("2", "3", "66.66", 2, True),  # cut, as real reports do
        ("2", "3", "66.65", 2, False),
        ("4514", "16091", "28.05", 2, True),
        ("1385", "1847", "70.48", 2, False),
        ("1385", "1847", "74.99", 2, True),
        ("35", "63", "54", 0, False),
        ("35", "63", "56", 0, True),
        ("35", "63", "55", 0, True),
        ("1", "0", "0", 0, False),
    ],
)
def test_a_printed_rate_fits_rounded_or_cut(
    numerator: str, denominator: str, rate: str, decimals: int, *, expected: bool
) -> None:
    assert fits(Decimal(numerator), Decimal(denominator), Decimal(rate), decimals) is expected


def test_ratio_is_half_up_and_none_without_a_whole() -> None:
    assert ratio(Decimal(1), Decimal(800), 2) == Decimal("0.13")
    assert ratio(Decimal(1), Decimal(0)) is None


def test_repairs_name_the_figure_and_make_it_fit() -> None:
    repairs = one_digit_repairs(Decimal(1284), Decimal(1511), Decimal("79.68"), 2)
    assert "numerator 1284 -> 1204" in repairs


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 4))
def test_what_ratio_computes_fits(numerator: int, denominator: int, decimals: int) -> None:
    computed = ratio(Decimal(numerator), Decimal(denominator), decimals)
    assert computed is not None
    assert fits(Decimal(numerator), Decimal(denominator), computed, decimals)


@pytest.mark.parametrize(
    ("fine", "coarse", "decimals", "agrees"),
    [
        ("79.68", "79.7", 1, True),
        ("79.68", "79.6", 1, True),
        ("79.68", "79.5", 1, False),
        ("80", "80", 0, True),
        ("79.68", "80", 0, True),
        ("79.68", "78", 0, False),
    ],
)
def test_a_figure_printed_with_fewer_decimals(
    fine: str, coarse: str, decimals: int, agrees: bool
) -> None:
    assert rounds_to(Decimal(fine), Decimal(coarse), decimals) is agrees
