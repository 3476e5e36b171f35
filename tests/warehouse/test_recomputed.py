"""Growth and plan percentages: recomputed from consolidated levels, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.model import Level
from tests.warehouse.example import (
    JUNE,
    YEAR_END,
    Collected,
    Figure,
    catalogue_of,
    count,
    fraction,
    indicator,
    report,
    result,
    rows,
    shipped,
    target,
    warehouse,
)

GROWTH, PLAN, DECREASE = (
    "toc-do-tang-gia-tri-san-xuat",
    "thu-ngan-sach-so-ke-hoach",
    "giam-ty-le-ho-ngheo",
)
PRODUCTION, REVENUE = "gia-tri-san-xuat", "thu-ngan-sach"
NOW = ("duc-hiep", "duc-nhuan", "thang-loi")
BEFORE = ("duc-hiep", "duc-nhuan", "duc-loi", "duc-thang")
A_YEAR_AGO = date(2024, 6, 30)


def of(units: Sequence[str], *values: str, **more: Any) -> dict[str, list[Figure]]:
    """A count of each unit, but where its value is empty."""
    return {
        unit: [count(value, **more)] for unit, value in zip(units, values, strict=True) if value
    }


def recomputed(
    path: Path, name: str, *given: Mapping[str, Sequence[Figure]], levels: Sequence[Level] = ()
) -> dict[str, Any] | None:
    """The consolidated percentage with its lineage and its findings; None where it has no row."""
    collected = Collected()
    for of_units in given:
        for unit, figures in of_units.items():
            collected.add(report(unit, figures), name)
    catalogue = shipped()
    if levels:
        percentage = indicator(name, "plan", numerator=None, denominator=None, levels=tuple(levels))
        balance = indicator("can-doi", "balance")
        catalogue = catalogue_of([percentage, balance])
    with warehouse(path / "w.duckdb", collected.frames(catalogue)) as connection:
        found = rows(
            connection, "from marts.consolidated where measure = 'result' and indicator = $1", name
        )
        if not found:
            return None
        (figure,) = found
        lineage = rows(connection, "from marts.lineage where key = $1", figure["key"])
        codes = rows(
            connection, "select code, message from core.finding where indicator = $1", name
        )
    return {
        **figure,
        "lineage": [(each["part"], each["operand_indicator"], each["value"]) for each in lineage],
        "findings": {each["code"]: each["message"] for each in codes},
    }


PRINTED = {unit: [result(value)] for unit, value in zip(NOW, ("5", "7", "9"), strict=True)}
LEVELS = (
    of(NOW, "100", "200", "250", indicator=PRODUCTION),
    of(BEFORE, "90", "180", "110", "120", indicator=PRODUCTION, as_of=A_YEAR_AGO),
)


@pytest.mark.parametrize("printed", [PRINTED, {"duc-hiep": [result("5")]}, {}])
def test_growth_is_that_of_the_sums(
    tmp_path: Path, printed: Mapping[str, Sequence[Figure]]
) -> None:
    figure = recomputed(tmp_path, GROWTH, *LEVELS, printed)
    assert figure is not None
    assert (figure["value"], figure["status"], figure["method"]) == (10, "complete", "recompute")
    assert figure["equation"] == "100 × (550 - 500) / 500 = 10 %"
    assert (figure["parts_expected"], figure["parts_reported"]) == (3, 3)
    assert set(figure["findings"]) <= {"identity-mismatch"}
    # Thắng Lợi was two communes a year before; printed percentages are no operands.
    assert {part for part, _, _ in figure["lineage"]} == {*NOW, *BEFORE}
    assert {operand for _, operand, _ in figure["lineage"]} == {PRODUCTION}
    assert sum(value for _, _, value in figure["lineage"]) == 550 + 500
    assert len(figure["sources"]) == 7


def test_growth_with_a_level_missing_says_which(tmp_path: Path) -> None:
    before = of(BEFORE, "90", "180", "110", "", indicator=PRODUCTION, as_of=A_YEAR_AGO)
    figure = recomputed(tmp_path, GROWTH, LEVELS[0], before, PRINTED)
    assert figure is not None
    assert (figure["value"], figure["lower"], figure["status"]) == (None, None, "not-additive")
    said = figure["findings"]["not-computed"]
    assert "chưa đủ số gộp để tính lại: Tổng giá trị sản xuất ngày 30/06/2024" in said
    assert "ngày 30/06/2025" not in said
    assert sorted(figure["lineage"]) == [
        ("duc-hiep", GROWTH, 5),
        ("duc-nhuan", GROWTH, 7),
        ("thang-loi", GROWTH, 9),
    ]


def test_what_nobody_prints_and_cannot_be_computed_is_no_row(tmp_path: Path) -> None:
    assert recomputed(tmp_path, GROWTH, LEVELS[0]) is None


def test_a_percentage_without_levels_is_refused(tmp_path: Path) -> None:
    figure = recomputed(tmp_path, "ty-le-tang-dan-so", PRINTED)
    assert figure is not None
    assert (figure["value"], figure["status"]) == (None, "not-additive")
    assert "không cộng hoặc gộp được" in figure["findings"]["not-computed"]


def test_the_one_who_prints_it_of_the_whole_new_unit_is_believed(tmp_path: Path) -> None:
    own = {"long-phung": [result("8.5", as_of=YEAR_END)]}
    figure = recomputed(tmp_path, GROWTH, own)
    assert figure is not None
    assert (figure["value"], figure["equation"]) == (Decimal("8.5"), "8,5 %")


REVENUES = of(NOW, "90", "220", "60", indicator=REVENUE)


def plan(*values: str, as_of: date = YEAR_END) -> dict[str, list[Figure]]:
    return {
        unit: [target(value, indicator=REVENUE, as_of=as_of)]
        for unit, value in zip(NOW, values, strict=True)
        if value
    }


def test_a_plan_percentage_is_performed_over_planned(tmp_path: Path) -> None:
    figure = recomputed(tmp_path, PLAN, REVENUES, plan("100", "200", "100"))
    assert figure is not None
    assert (figure["value"], figure["equation"]) == (Decimal("92.5"), "100 × 370 / 400 = 92,5 %")


def test_more_than_planned_and_a_plan_that_gives_no_day(tmp_path: Path) -> None:
    figure = recomputed(tmp_path, PLAN, REVENUES, plan("100", "20", "80", as_of=JUNE))
    assert figure is not None
    assert figure["value"] == 185


@pytest.mark.parametrize(
    "plans",
    [
        [plan("100", "", "100")],
        [plan("100", "200", "100"), plan("50", "100", "50", as_of=JUNE)],  # which plan is meant?
        [plan("100", "200", "100", as_of=date(2026, 12, 31))],
    ],
    ids=["a-part-without-a-plan", "two-plans", "next-years-plan"],
)
def test_a_plan_that_is_not_told_gives_no_percentage(
    tmp_path: Path, plans: list[dict[str, list[Figure]]]
) -> None:
    figure = recomputed(tmp_path, PLAN, REVENUES, *plans, PRINTED)
    assert figure is not None
    assert (figure["value"], figure["status"]) == (None, "not-additive")
    assert "Tổng thu ngân sách trên địa bàn (kế hoạch)" in figure["findings"]["not-computed"]


def test_a_decrease_of_a_rate_is_that_of_the_pooled_rates(tmp_path: Path) -> None:
    rates = {
        unit: [
            *fraction(before, total, indicator="ho-ngheo-dau-nam", row=1),
            *fraction(now, total, indicator="ho-ngheo", row=2),
        ]
        for unit, before, now, total in (
            ("duc-hiep", "50", "30", "500"),
            ("duc-nhuan", "20", "20", "200"),
            ("thang-loi", "5", "0", "300"),
        )
    }
    figure = recomputed(tmp_path, DECREASE, rates)
    assert figure is not None
    # 75/1000 and 50/1000; the mean of the communes' own decreases, 4, 0 and 1,67, is another
    assert (figure["value"], figure["equation"]) == (Decimal("2.5"), "7,5 - 5 = 2,5 %")
    assert len(figure["lineage"]) == 12


def level(role: Any, period: Any = "same-day") -> Level:
    return Level(indicator="can-doi", role=role, period=period)


@pytest.mark.parametrize(
    ("before", "value", "status"),
    [
        (("1", "2", "-1", "0"), 400, "complete"),
        (("1", "2", "-3", "0"), None, "zero-denominator"),
        (("1", "2", "-9", "0"), None, "not-additive"),
    ],
)
def test_growth_needs_a_base_above_nothing(
    tmp_path: Path, before: Sequence[str], value: int | None, status: str
) -> None:
    growth = [level("plus"), level("minus", "year-before"), level("base", "year-before")]
    now = of(NOW, "5", "5", "0", indicator="can-doi")
    then = of(BEFORE, *before, indicator="can-doi", as_of=A_YEAR_AGO)
    figure = recomputed(tmp_path, "thu", now, then, PRINTED, levels=growth)
    assert figure is not None
    assert (figure["value"], figure["status"]) == (value, status)
    assert ("not-computed" in figure["findings"]) == (value is None)


def test_the_last_of_february_is_compared_with_the_last_of_february(tmp_path: Path) -> None:
    growth = [level("plus"), level("minus", "year-before"), level("base", "year-before")]
    day, before = date(2025, 2, 28), date(2024, 2, 29)
    now = of(NOW, "2", "2", "2", indicator="can-doi", as_of=day)
    then = of(BEFORE, "1", "1", "1", "2", indicator="can-doi", as_of=before)
    figure = recomputed(tmp_path, "thu", now, then, levels=growth)
    assert figure is not None
    assert (figure["as_of"], figure["value"]) == (day, 20)


def test_an_approximate_level_makes_an_approximate_percentage(tmp_path: Path) -> None:
    now = of(NOW, "100", "200", "250", indicator=PRODUCTION, approximate=True)
    figure = recomputed(tmp_path, GROWTH, now, LEVELS[1])
    assert figure is not None
    assert (figure["value"], figure["approximate"], figure["estimated"]) == (10, True, False)
