"""Attainment both ways: k of n former communes, and the pooled counts against the thresholds."""

# ruff: noqa: E501 - a case to one line reads as the table that it is

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.catalogue import Catalogue
from tests.warehouse.example import (
    JUNE,
    Collected,
    Document,
    fraction,
    report,
    result,
    rows,
    shipped,
    warehouse,
)

UNITS = ("duc-hiep", "duc-nhuan", "thang-loi")
FIRST, THIRD = "pcgd-tieu-hoc-muc-do-1", "pcgd-tieu-hoc-muc-do-3"
SIX, ELEVEN, FOURTEEN, STUDYING = (
    "tre-6-tuoi-vao-lop-1",
    "tre-11-tuoi-hoan-thanh-tieu-hoc",
    "tre-14-tuoi-hoan-thanh-tieu-hoc",
    "tre-11-tuoi-dang-hoc-tieu-hoc",
)


Counts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """What the three former communes report of an attainment: counts as 'numerator/denominator'."""

    name: str
    counts: Counts
    of: str = FIRST
    stated: tuple[str, ...] = ("100", "100", "100")
    disadvantaged: bool | None = None


def catalogue_with(disadvantaged: bool | None) -> Catalogue:
    unit = shipped().units["long-phung"].model_copy(update={"disadvantaged": disadvantaged})
    return replace(shipped(), units={**shipped().units, unit.slug: unit})


def documents(case: Case, day: date) -> Iterator[Document]:
    for place, unit in enumerate(UNITS):
        figures = [
            each
            for rate, of_parts in case.counts.items()
            if of_parts[place]
            for each in fraction(*of_parts[place].split("/"), indicator=rate, as_of=day)
        ]
        yield report(unit, result(case.stated[place], as_of=day), figures, as_of=day)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The consolidated attainment of each case, each on a day of its own, with its conditions."""
    found = {}
    for disadvantaged in (None, True, False):
        days = {
            JUNE - timedelta(days=number): case
            for number, case in enumerate(CASES)
            if case.disadvantaged is disadvantaged
        }
        collected = Collected()
        for day, case in days.items():
            for document in documents(case, day):
                collected.add(document, case.of, prefix=str(day))
        path = tmp_path_factory.mktemp("attained") / "w.duckdb"
        with warehouse(path, collected.frames(catalogue_with(disadvantaged))) as connection:
            for figure in rows(connection, "from marts.consolidated where method = 'attainment'"):
                conditions = rows(connection, "from marts.condition where key = $1", figure["key"])
                codes = rows(
                    connection, "select code from core.finding where indicator = $1 and as_of = $2",
                    figure["indicator"], figure["as_of"],
                )  # fmt: skip
                found[days[figure["as_of"]].name] = {
                    **figure, "conditions": conditions, "codes": {each["code"] for each in codes},
                }  # fmt: skip
    return found


MET = {SIX: ("90/100", "95/100", "100/100"), FOURTEEN: ("80/100", "80/100", "80/100")}
THREE_QUARTERS = MET | {FOURTEEN: ("75/100", "75/100", "75/100")}
TOLD: list[tuple[Case, int | None, str | None]] = [
    (Case("met-by-all", MET), 100, "complete"),
    # 269 of 300 is 89,67 %
    (Case("one-condition-failed", MET | {SIX: ("89/100", "90/100", "90/100")}), 0, "complete"),
    (Case("a-weak-small-commune-is-carried", MET | {SIX: ("1/10", "99/100", "99/100")}), 100, "complete"),
    (Case("a-strong-small-commune-carries-nobody", MET | {SIX: ("10/10", "80/100", "80/100")}), 0, "complete"),
    # 89,99999995 % is 90,000000 % at six decimals
    (Case("compared-before-rounding", MET | {SIX: ("1799999999/2000000000", "0/0", "0/0")}), 0, "complete"),
    (Case("a-part-without-counts", MET | {SIX: ("90/100", "95/100", "")}), None, "missing-count"),
    (Case("a-rate-without-its-denominator", MET | {SIX: ("90/100", "95/100", "99")}), None, "missing-count"),
    (Case("no-counts-at-all", {}), None, "missing-count"),
    (Case("nobody-of-that-age", MET | {SIX: ("0/0", "0/0", "0/0")}), None, "missing-count"),
    (Case("failed-whatever-is-missing", {SIX: ("80/100", "80/100", "80/100")}), 0, "complete"),
    # 75 % is enough for a disadvantaged commune
    (Case("between-the-classes", THREE_QUARTERS), None, "depends-on-class"),
    (Case("between-them-and-disadvantaged", THREE_QUARTERS, disadvantaged=True), 100, "complete"),
    (Case("between-them-and-ordinary", THREE_QUARTERS, disadvantaged=False), 0, "complete"),
    (Case("below-both", MET | {FOURTEEN: ("69/100", "69/100", "69/100")}), 0, "complete"),
    (Case("without-thresholds", MET, of="cong-dong-hoc-tap-cap-xa"), None, None),
]  # fmt: skip

HIGHEST = {
    SIX: ("98/100", "98/100", "98/100"),
    FOURTEEN: ("80/100", "80/100", "80/100"),
    ELEVEN: ("90/100", "90/100", "90/100"),
}
ALL_DONE = HIGHEST | {ELEVEN: ("100/100", "100/100", "100/100")}
LEVELS: list[tuple[Case, int | None, str | None]] = [
    (Case("rest-at-school", HIGHEST | {STUDYING: ("10/100", "10/100", "10/100")}, THIRD), 100, "complete"),
    (Case("one-not-at-school", HIGHEST | {STUDYING: ("10/100", "10/100", "9/100")}, THIRD), 0, "complete"),
    (Case("rest-not-told", HIGHEST, THIRD), None, "missing-count"),
    (Case("not-the-same-children", HIGHEST | {STUDYING: ("10/100", "10/100", "10/101")}, THIRD), None, "missing-count"),
    (Case("nobody-is-left", ALL_DONE, THIRD), 100, "complete"),
]  # fmt: skip

TWO_OF_THREE = Case("two-of-three", MET, stated=("100", "0", "100"))
UNVERIFIED = Case(
    "unverified", {"tre-5-tuoi-ra-lop": ("95/100", "95/100", "95/100")}, "pcgd-mam-non-5-tuoi"
)
CASES = [*(case for case, _, _ in (*TOLD, *LEVELS)), TWO_OF_THREE, UNVERIFIED]
Figures = dict[str, dict[str, Any]]


@pytest.mark.parametrize(
    ("case", "value", "status"),
    [*TOLD, *LEVELS],
    ids=[each.name for each, _, _ in (*TOLD, *LEVELS)],
)
def test_the_pooled_counts_against_the_thresholds(
    case: Case, value: int | None, status: str | None, figures: Figures
) -> None:
    figure = figures[case.name]
    assert (figure["pooled_value"], figure["pooled_status"]) == (value, status)
    assert (figure["value"], figure["equation"]) == (100, "3/3 xã cũ")
    assert ("attainment-not-borne-out" in figure["codes"]) == (value == 0)
    assert (figure["pooled_equation"] is None) == (status is None)


def test_the_pooled_counts_stand_beside_k_of_n(figures: Figures) -> None:
    figure = figures[TWO_OF_THREE.name]
    assert (figure["value"], figure["equation"]) == (Decimal("66.666667"), "2/3 xã cũ")
    assert (figure["pooled_value"], figure["pooled_status"]) == (100, "complete")
    assert figure["pooled_equation"] == (
        "Tỷ lệ trẻ em đến 14 tuổi hoàn thành chương trình tiểu học: 240/300 = 80 % ≥ 80 %; "
        "Tỷ lệ trẻ em 6 tuổi vào lớp 1: 285/300 = 95 % ≥ 90 %"
    )
    (key,) = next(each["keys"] for each in figure["conditions"] if each["rates"] == [SIX])
    assert key == f"long-phung/tre-6-tuoi-vao-lop-1/{figure['as_of']}/result"


def test_a_level_includes_the_levels_below_it(figures: Figures) -> None:
    asked = {
        tuple(each["rates"]): each["least"]
        for each in figures["rest-at-school"]["conditions"]
        if each["communes"] == "ordinary"
    }
    assert asked == {(SIX,): 98, (FOURTEEN,): 80, (ELEVEN,): 90, (ELEVEN, STUDYING): 100}


def test_a_threshold_that_was_not_verified_says_so(figures: Figures) -> None:
    said = figures[UNVERIFIED.name]["pooled_equation"]
    assert said.endswith("285/300 = 95 % ≥ 95 % (ngưỡng chưa kiểm chứng)")
    assert "cần ≥ 85 % (ngưỡng chưa kiểm chứng)" in said
