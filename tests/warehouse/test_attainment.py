"""Attainment both ways: k of n former communes, and the pooled counts against the thresholds."""

# ruff: noqa: E501 - a case to one line reads as the table that it is

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.catalogue import Catalogue
from tests.warehouse.example import (
    Collected,
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


def attained(
    path: Path,
    counts: Mapping[str, tuple[str, ...]],
    *,
    of: str = FIRST,
    stated: tuple[str, ...] = ("100", "100", "100"),
    catalogue: Catalogue | None = None,
) -> dict[str, Any]:
    """The consolidated attainment, with its conditions; counts as 'numerator/denominator'."""
    collected = Collected()
    for place, unit in enumerate(UNITS):
        figures = [
            each
            for rate, of_parts in counts.items()
            if of_parts[place]
            for each in fraction(*of_parts[place].split("/"), indicator=rate)
        ]
        collected.add(report(unit, result(stated[place]), figures), of)
    with warehouse(path / "w.duckdb", collected.frames(catalogue or shipped())) as connection:
        (figure,) = rows(
            connection, "from marts.consolidated where measure = 'result' and indicator = $1", of
        )
        conditions = rows(connection, "from marts.condition where key = $1", figure["key"])
        codes = connection.execute("select code from core.finding where indicator = $1", [of])
        return {**figure, "conditions": conditions, "codes": {code for (code,) in codes.fetchall()}}


def class_of(disadvantaged: bool) -> Catalogue:
    unit = shipped().units["long-phung"].model_copy(update={"disadvantaged": disadvantaged})
    return replace(shipped(), units={**shipped().units, unit.slug: unit})


MET = {SIX: ("90/100", "95/100", "100/100"), FOURTEEN: ("80/100", "80/100", "80/100")}


def test_the_pooled_counts_stand_beside_k_of_n(tmp_path: Path) -> None:
    figure = attained(tmp_path, MET, stated=("100", "0", "100"))
    assert (figure["value"], figure["equation"]) == (Decimal("66.666667"), "2/3 xã cũ")
    assert (figure["pooled_value"], figure["pooled_status"]) == (100, "complete")
    assert figure["pooled_equation"] == (
        "Tỷ lệ trẻ em đến 14 tuổi hoàn thành chương trình tiểu học: 240/300 = 80 % ≥ 80 %; "
        "Tỷ lệ trẻ em 6 tuổi vào lớp 1: 285/300 = 95 % ≥ 90 %"
    )
    assert "attainment-not-borne-out" not in figure["codes"]
    (key,) = next(each["keys"] for each in figure["conditions"] if each["rates"] == [SIX])
    assert key == "long-phung/tre-6-tuoi-vao-lop-1/2025-06-30/result"


CASES: dict[str, tuple[dict[str, tuple[str, ...]], dict[str, Any], int | None, str]] = {
    # 269 of 300 is 89,67 %
    "one-condition-failed": (MET | {SIX: ("89/100", "90/100", "90/100")}, {}, 0, "complete"),
    "a-weak-small-commune-is-carried": (MET | {SIX: ("1/10", "99/100", "99/100")}, {}, 100, "complete"),
    "a-strong-small-commune-carries-nobody": (MET | {SIX: ("10/10", "80/100", "80/100")}, {}, 0, "complete"),
    # 89,99999995 % is 90,000000 % at six decimals
    "compared-before-rounding": (
        MET | {SIX: ("1799999999/2000000000", "0/0", "0/0")}, {}, 0, "complete"),
    "a-part-without-counts": (MET | {SIX: ("90/100", "95/100", "")}, {}, None, "missing-count"),
    "a-rate-without-its-denominator": (MET | {SIX: ("90/100", "95/100", "99")}, {}, None, "missing-count"),
    "no-counts-at-all": ({}, {}, None, "missing-count"),
    "nobody-of-that-age": (MET | {SIX: ("0/0", "0/0", "0/0")}, {}, None, "missing-count"),
    "failed-whatever-is-missing": ({SIX: ("80/100", "80/100", "80/100")}, {}, 0, "complete"),
    # 75 % is enough for a disadvantaged commune
    "between-the-classes": (MET | {FOURTEEN: ("75/100", "75/100", "75/100")}, {}, None, "depends-on-class"),
    "between-them-and-disadvantaged": (
        MET | {FOURTEEN: ("75/100", "75/100", "75/100")}, {"catalogue": class_of(True)}, 100, "complete"),
    "between-them-and-ordinary": (
        MET | {FOURTEEN: ("75/100", "75/100", "75/100")}, {"catalogue": class_of(False)}, 0, "complete"),
    "below-both": (MET | {FOURTEEN: ("69/100", "69/100", "69/100")}, {}, 0, "complete"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_pooled_counts_against_the_thresholds(
    case: tuple[dict[str, tuple[str, ...]], dict[str, Any], int | None, str], tmp_path: Path
) -> None:
    counts, more, value, status = case
    figure = attained(tmp_path, counts, **more)
    assert (figure["pooled_value"], figure["pooled_status"]) == (value, status)
    assert (figure["value"], figure["equation"]) == (100, "3/3 xã cũ")
    assert ("attainment-not-borne-out" in figure["codes"]) == (value == 0)


HIGHEST = {
    SIX: ("98/100", "98/100", "98/100"),
    FOURTEEN: ("80/100", "80/100", "80/100"),
    ELEVEN: ("90/100", "90/100", "90/100"),
}


@pytest.mark.parametrize(
    ("studying", "value", "status"),
    [
        (("10/100", "10/100", "10/100"), 100, "complete"),
        (("10/100", "10/100", "9/100"), 0, "complete"),
        (("", "", ""), None, "missing-count"),
        (("10/100", "10/100", "10/101"), None, "missing-count"),  # not the same children
    ],
)
def test_a_level_includes_the_levels_below_it(
    studying: tuple[str, ...], value: int | None, status: str, tmp_path: Path
) -> None:
    figure = attained(tmp_path, HIGHEST | {STUDYING: studying}, of=THIRD)
    assert (figure["pooled_value"], figure["pooled_status"]) == (value, status)
    asked = {tuple(each["rates"]): each["least"] for each in figure["conditions"]
             if each["communes"] == "ordinary"}  # fmt: skip
    assert asked == {(SIX,): 98, (FOURTEEN,): 80, (ELEVEN,): 90, (ELEVEN, STUDYING): 100}


def test_nobody_else_is_left_where_all_have_completed(tmp_path: Path) -> None:
    figure = attained(tmp_path, HIGHEST | {ELEVEN: ("100/100", "100/100", "100/100")}, of=THIRD)
    assert figure["pooled_value"] == 100


def test_a_threshold_that_was_not_verified_says_so(tmp_path: Path) -> None:
    counts = {"tre-5-tuoi-ra-lop": ("95/100", "95/100", "95/100")}
    figure = attained(tmp_path, counts, of="pcgd-mam-non-5-tuoi")
    assert figure["pooled_equation"].endswith("285/300 = 95 % ≥ 95 % (ngưỡng chưa kiểm chứng)")
    assert "cần ≥ 85 % (ngưỡng chưa kiểm chứng)" in figure["pooled_equation"]


def test_an_attainment_without_thresholds_has_no_pooled_result(tmp_path: Path) -> None:
    figure = attained(tmp_path, MET, of="cong-dong-hoc-tap-cap-xa")
    assert (figure["pooled_value"], figure["pooled_status"], figure["pooled_equation"]) == (
        None, None, None,
    )  # fmt: skip
