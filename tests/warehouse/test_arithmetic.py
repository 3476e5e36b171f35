"""The SQL macros against Python's Decimal."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

values = st.decimals(
    min_value=Decimal(-999999999999999999),
    max_value=Decimal(999999999999999999),
    places=6,
    allow_nan=False,
)
small = st.decimals(min_value=-10_000, max_value=10_000, places=6)
many = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200
)


def ask(connection: duckdb.DuckDBPyConnection, expression: str, *given_values: Any) -> Any:
    row = connection.execute(f"select {expression}", given_values).fetchone()
    assert row is not None
    return row[0]


def rounded(value: Decimal, decimals: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)


def vietnamese(value: Decimal) -> str:
    text = f"{value:,f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    whole = whole.replace(",", ".")
    sign = "-" if value < 0 and not whole.startswith("-") else ""
    return sign + whole + (f",{decimals}" if decimals else "")


@many
@given(value=values)
def test_millionths_there_and_back(macros: duckdb.DuckDBPyConnection, value: Decimal) -> None:
    assert ask(macros, "core.from_millionths(core.millionths($1))", value) == value
    assert ask(macros, "core.millionths($1)", value) == int(value.scaleb(6))


@many
@given(value=values)
def test_text_to_decimal(macros: duckdb.DuckDBPyConnection, value: Decimal) -> None:
    assert ask(macros, "core.exact($1)", format(value, "f")) == value


@many
@given(value=small, decimals=st.integers(0, 6))
def test_half_up(macros: duckdb.DuckDBPyConnection, value: Decimal, decimals: int) -> None:
    assert ask(macros, "core.half_up($1, $2)", value, decimals) == rounded(value, decimals)


@many
@given(numerator=values, denominator=values.filter(bool), per=st.sampled_from([1, 100]))
def test_ratio(
    macros: duckdb.DuckDBPyConnection, numerator: Decimal, denominator: Decimal, per: int
) -> None:
    with localcontext() as context:
        context.prec = 60
        expected = rounded(per * numerator / denominator, 6)
    found = ask(macros, "core.ratio(core.millionths($1), core.millionths($2), $3)", numerator, denominator, per)  # fmt: skip  # noqa: E501
    assert found == (expected if abs(expected) < Decimal(10) ** 18 else None)


def test_nothing_is_divided_by_zero(macros: duckdb.DuckDBPyConnection) -> None:
    assert ask(macros, "core.ratio(core.millionths(5), core.millionths(0), 100)") is None
    assert ask(macros, "core.ratio(core.millionths(0), core.millionths(0), 100)") is None


def test_what_overflows_is_null(macros: duckdb.DuckDBPyConnection) -> None:
    assert ask(macros, "core.from_millionths(1000000000000000000000000::hugeint)") is None
    assert ask(macros, f"core.quotient({2**126}::hugeint, 1)") is None


@many
@given(fine=small, decimals=st.integers(0, 5), nudge=st.integers(-2, 2))
def test_a_coarser_figure_agrees_if_rounded_or_cut(
    macros: duckdb.DuckDBPyConnection, fine: Decimal, decimals: int, nudge: int
) -> None:
    place = Decimal(1).scaleb(-decimals)
    half_up, cut = rounded(fine, decimals), rounded(fine, decimals, ROUND_DOWN)
    coarse = half_up + nudge * place
    sides = ["core.millionths($1), core.last_place($3)", "core.millionths($2), core.last_place(6)"]
    for order in (sides, sides[::-1]):
        agrees = ask(macros, f"core.agrees({', '.join(order)})", coarse, fine, decimals)
        assert agrees == (coarse in {half_up, cut})


@many
@given(value=values)
def test_vietnamese_notation(macros: duckdb.DuckDBPyConnection, value: Decimal) -> None:
    assert ask(macros, "core.vietnamese_exact($1)", value) == vietnamese(value)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("1234.5", 2, "1.234,5"),
        ("78.618213", 2, "78,62"),
        ("100", 2, "100"),
        ("-1234567.895", 2, "-1.234.567,9"),
        ("-0.4", 0, "0"),
        ("-0.5", 0, "-1"),
        ("0.000001", 6, "0,000001"),
        ("999999999999.999999", 6, "999.999.999.999,999999"),
        ("1000000000000", 0, "1.000.000.000.000"),
    ],
)
def test_vietnamese(
    macros: duckdb.DuckDBPyConnection, value: str, decimals: int, text: str
) -> None:
    assert ask(macros, "core.vietnamese($1, $2)", Decimal(value), decimals) == text


def test_a_negative_operand_stands_in_brackets(macros: duckdb.DuckDBPyConnection) -> None:
    assert ask(macros, "core.operand(-3.5)") == "(-3,5)"


def test_text_for_comparing(macros: duckdb.DuckDBPyConnection) -> None:
    assert ask(macros, "core.plain($1)", "  Ủy ban  nhân dân XÃ Đức Hiệp.") == (
        "uy ban nhan dan xa duc hiep"
    )
    assert ask(macros, "core.number_key($1)", " 058 /bc-ubnd") == "58/BC-UBND"


def test_a_message_without_its_facts_says_so(macros: duckdb.DuckDBPyConnection) -> None:
    message = "'{label}' là {value}, không phải {other}"
    filled = ask(macros, "core.fill($1, map {'label': 'Số hộ', 'value': null})", message)
    assert filled == "'Số hộ' là (không rõ), không phải (không rõ)"
