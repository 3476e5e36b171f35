"""What must hold of any figures: many invented cases in one warehouse per example."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.warehouse.example import (
    Collected,
    Document,
    catalogue_of,
    count,
    fraction,
    indicator,
    report,
    rows,
    warehouse,
)
from transforms.arithmetic import ratio

UNITS = ("duc-hiep", "duc-nhuan", "thang-loi")
few = settings(
    max_examples=3,  # each of them many cases: what costs time is to build the warehouse
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
whole = st.integers(0, 10**9)


@st.composite
def populations(draw: st.DrawFn) -> tuple[int, int]:
    """A numerator within its denominator."""
    denominator = draw(st.integers(1, 10**6))
    return draw(st.integers(0, denominator)), denominator


def consolidated(
    kinds: Sequence[str], documents: Sequence[Sequence[Document]], measure: str
) -> list[dict[str, object]]:
    """The consolidated figure of each case, None where it has none."""
    found = [row for row in every(kinds, documents) if row["measure"] == measure]
    by_case = {row["indicator"]: row for row in found}
    return [by_case[f"case-{number}"] for number in range(len(documents))]


def every(kinds: Sequence[str], documents: Sequence[Sequence[Document]]) -> list[dict[str, object]]:
    """All consolidated figures of all cases."""
    collected = Collected()
    for number, of_case in enumerate(documents):
        for document in of_case:
            collected.add(document, f"case-{number}")
    catalogue = catalogue_of(indicator(f"case-{number}", kind) for number, kind in enumerate(kinds))
    with (
        tempfile.TemporaryDirectory() as folder,
        warehouse(Path(folder) / "w.duckdb", collected.frames(catalogue)) as connection,
    ):
        return rows(connection, "from marts.consolidated order by key")


def decimals(minimum: int, maximum: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(minimum, maximum, places=6)


@few
@given(
    st.lists(st.tuples(*[decimals(-(10**9), 10**9)] * 3), min_size=10, max_size=30), st.randoms()
)
def test_a_sum_is_exact_and_independent_of_the_order(
    cases: list[tuple[Decimal, ...]], random: object
) -> None:
    documents = [
        [report(unit, count(format(value, "f"))) for unit, value in zip(UNITS, case, strict=True)]
        for case in cases
    ]
    for case in documents:
        random.shuffle(case)  # type: ignore[attr-defined]
    found = consolidated(["balance"] * len(cases), documents, "count")
    assert [row["value"] for row in found] == [sum(case) for case in cases]


@dataclass(frozen=True)
class Revealed:
    """What a case shows of three populations, and which pooled rate it hides."""

    documents: list[Document]
    truth: Decimal | None
    parts: list[Decimal]


def exactly(numerator: int, denominator: int) -> Decimal:
    return Decimal(100 * numerator) / Decimal(denominator)


HALVES = st.sampled_from(["both", "denominator", "rate", "numerator and rate"])


@st.composite
def hidden(draw: st.DrawFn) -> Revealed:
    parts = draw(st.tuples(populations(), populations(), populations()))
    documents = []
    for unit, (numerator, denominator) in zip(UNITS, parts, strict=True):
        shown = draw(HALVES)
        # A rate that is printed exactly: with rounding, bounds hold up to the last place printed.
        rate = str(ratio(Decimal(numerator), Decimal(denominator), 6))
        figures = {
            "both": fraction(str(numerator), str(denominator)),
            "denominator": fraction(None, str(denominator)),
            "rate": fraction(None, None, rate),
            "numerator and rate": fraction(str(numerator), None, rate),
        }[shown]
        documents.append(report(unit, figures))
    truth = ratio(Decimal(sum(n for n, _ in parts)), Decimal(sum(d for _, d in parts)))
    rates = [ratio(Decimal(n), Decimal(d)) for n, d in parts]
    return Revealed(documents, truth, [rate for rate in rates if rate is not None])


@few
@given(st.lists(st.tuples(populations(), populations(), populations()), min_size=10, max_size=30))
def test_a_rate_is_pooled_and_lies_between_its_parts(
    cases: list[tuple[tuple[int, int], ...]],
) -> None:
    documents = [
        [report(unit, fraction(str(n), str(d))) for unit, (n, d) in zip(UNITS, case, strict=True)]
        for case in cases
    ]
    for case, row in zip(
        cases, consolidated(["rate"] * len(cases), documents, "result"), strict=True
    ):
        pooled = ratio(Decimal(sum(n for n, _ in case)), Decimal(sum(d for _, d in case)))
        assert row["value"] == pooled
        rates = [ratio(Decimal(n), Decimal(d)) or Decimal(0) for n, d in case]
        assert min(rates) <= row["value"] <= max(rates)  # type: ignore[operator]


@few
@given(st.lists(hidden(), min_size=10, max_size=30))
def test_bounds_contain_what_is_hidden(cases: list[Revealed]) -> None:
    shown = [
        case
        for case in cases
        if any(f.measure == "result" for d in case.documents for f in d.figures)
    ]
    rates = (
        consolidated(["rate"] * len(shown), [case.documents for case in shown], "result")
        if shown
        else []
    )
    slack = Decimal("0.000001")  # rates are printed with six decimals
    for case, row in zip(shown, rates, strict=True):
        assert case.truth is not None
        if row["value"] is not None:
            assert row["value"] == case.truth
        if row["lower"] is not None:
            assert row["lower"] - slack <= case.truth  # type: ignore[operator]
        if row["upper"] is not None:
            assert case.truth <= row["upper"] + slack  # type: ignore[operator]


@few
@given(
    st.lists(st.tuples(st.tuples(whole, whole, whole), st.integers(0, 2)), min_size=10, max_size=30)
)
def test_a_sum_with_a_part_missing_is_at_least_the_rest(
    cases: list[tuple[tuple[int, int, int], int]],
) -> None:
    documents = [
        [
            report(unit, count(str(value)))
            for place, (unit, value) in enumerate(zip(UNITS, values, strict=True))
            if place != missing
        ]
        for values, missing in cases
    ]
    found = consolidated(["count"] * len(cases), documents, "count")
    for (values, missing), row in zip(cases, found, strict=True):
        assert (row["value"], row["upper"]) == (None, None)
        assert row["lower"] == sum(values) - values[missing] <= sum(values)
        assert (row["parts_reported"], row["parts_expected"]) == (2, 3)


NAMES = ("key", "value", "lower", "upper", "status", "equation", "parts_reported")


@settings(few, max_examples=2)
@given(
    st.lists(st.tuples(hidden(), st.integers(0, 2)), min_size=10, max_size=20),
    st.sampled_from(
        [{"kind": "Công văn"}, {"number": None, "draft": True}, {"issued_on": date(2025, 7, 10)}]
    ),
)
def test_a_document_that_repeats_figures_changes_nothing(
    cases: list[tuple[Revealed, int]], header: dict[str, Any]
) -> None:
    once = [case.documents for case, _ in cases]
    again = [[*case.documents, replace(case.documents[place], **header)] for case, place in cases]
    before, after = (
        [tuple(row[name] for name in NAMES) for row in every(["rate"] * len(cases), documents)]
        for documents in (once, again)
    )
    assert before == after
