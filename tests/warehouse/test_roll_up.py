"""Roll-up and reconciliation, case by case: every value here was computed by hand."""

# ruff: noqa: E501 - a case to two or three lines reads as the table that it is

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.warehouse.example import (
    JUNE,
    YEAR_END,
    Collected,
    Document,
    catalogue_of,
    count,
    fraction,
    indicator,
    observation_ids,
    report,
    result,
    rows,
    target,
    warehouse,
)

HIEP, NHUAN, THANG_LOI = "duc-hiep", "duc-nhuan", "thang-loi"
LOI, THANG, LONG_PHUNG = "duc-loi", "duc-thang", "long-phung"
END_2023 = date(2023, 12, 31)


@dataclass(frozen=True)
class Case:
    """Documents in; of the measure's consolidated figure whatever is stated out; and the statuses
    of the figures read, in order."""

    name: str
    kind: str
    documents: Sequence[Document]
    measure: str = ""
    as_of: date = JUNE
    expected: dict[str, Any] = field(default_factory=dict)
    statuses: Sequence[str] | None = None
    findings: Sequence[str] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def case(
    name: str, kind: str, documents: Sequence[Document], measure: str = "", as_of: date = JUNE,
    *, statuses: Sequence[str] | None = None, findings: Sequence[str] | None = None,
    more: dict[str, Any] | None = None, **expected: Any,
) -> Case:  # fmt: skip
    return Case(name, kind, documents, measure, as_of, expected, statuses, findings, more or {})


def three(*figures: Any, **header: Any) -> list[Document]:
    """One document each of the three former communes, with one or several figures."""
    return [
        report(unit, each, **header)
        for unit, each in zip((HIEP, NHUAN, THANG_LOI), figures, strict=True)
    ]


COMPLETE = {
    "status": "complete",
    "lower": None,
    "upper": None,
    "parts_expected": 3,
    "parts_reported": 3,
}
LATER = {"issued_on": date(2025, 7, 10)}
OTHERS = [report(NHUAN, count("1")), report(THANG_LOI, count("1"))]

CASES = [
    # ---- counts and amounts ----
    case("count-summed", "count", three(count("1204"), count("987"), count("1530")), "count",
         value="3721", equation="1.204 + 987 + 1.530 = 3.721 hộ", method="sum", unit_of_measure="hộ",
         findings=[], **COMPLETE),
    case("amount-summed", "amount", three(count("246.5"), count("198.75"), count("385.2")), "count",
         value="830.45", equation="246,5 + 198,75 + 385,2 = 830,45 triệu đồng", **COMPLETE),
    case("amount-exact-at-six-decimals", "amount",
         three(count("0.000001"), count("0.000002"), count("123456789012.000003")), "count",
         value="123456789012.000006"),
    case("zero-is-a-figure", "count", three(count("0"), count("0"), count("0")), "count",
         value="0", equation="0 + 0 + 0 = 0 hộ"),
    case("one-part-missing", "count", [report(HIEP, count("11")), report(NHUAN, count("9"))], "count",
         value=None, lower="20", upper=None, status="incomplete", parts_expected=3, parts_reported=2,
         equation=None, findings=["incomplete"]),
    case("two-parts-missing", "count", [report(HIEP, count("11"))], "count",
         value=None, lower="11", upper=None, status="incomplete", parts_reported=1),
    case("negative-amounts", "balance", three(count("-5.5"), count("2"), count("-0.25")), "count",
         value="-3.75", equation="(-5,5) + 2 + (-0,25) = -3,75 triệu đồng"),
    case("negative-part-bounds-nothing", "balance",
         [report(HIEP, count("-5")), report(NHUAN, count("2"))], "count",
         value=None, lower=None, upper=None, status="incomplete"),
    case("amounts-in-other-units-converted", "amount",
         three(count("1.2", unit_of_measure="tỷ đồng"), count("300", unit_of_measure="triệu đồng"),
               count("500000", unit_of_measure="nghìn đồng")), "count", value="2000"),
    case("amount-in-an-unlike-unit-is-left-out", "amount",
         three(count("1"), count("2"), count("3", unit_of_measure="%")), "count",
         value=None, lower="3", status="incomplete", statuses=["accepted", "accepted", "unmatched"],
         findings=["incomplete", "unit-of-measure-differs"]),
    case("villages-not-added", "count",
         [report(HIEP, count("10")),
          report(NHUAN, count("20"), count("12", unit="duc-nhuan/thon-1"), count("8", unit="duc-nhuan/thon-2")),
          report(THANG_LOI, count("30"))], "count", value="60", **COMPLETE),
    case("villages-alone-are-no-part", "count",
         [report(NHUAN, count("12", unit="duc-nhuan/thon-1"), count("8", unit="duc-nhuan/thon-2"))],
         statuses=["accepted", "accepted"]),
    case("district-figure-not-added", "count",
         [*three(count("10"), count("20"), count("30")), report(HIEP, count("999", unit="mo-duc"))], "count",
         value="60"),
    case("figure-without-unit-not-added", "count",
         [*three(count("10"), count("20"), count("30")), report(None, count("999"))], "count",
         value="60", statuses=["accepted", "accepted", "accepted", "unmatched"]),
    case("figure-without-date-not-added", "count",
         three(count("10"), count("20"), count("30", as_of=None)), "count", value=None, lower="30",
         statuses=["accepted", "accepted", "unmatched"]),
    case("dates-never-mix", "count",
         three(count("10"), count("20"), count("30", as_of=date(2025, 5, 31))), "count",
         value=None, lower="30", status="incomplete"),
    case("approximate-operand-is-marked", "count",
         three(count("1200", approximate=True), count("987"), count("1530")), "count",
         value="3717", approximate=True, findings=["approximate-figure"]),
    case("estimated-operand-is-marked", "count",
         three(count("1200"), count("987", estimated=True), count("1530")), "count",
         value="3717", estimated=True, approximate=False),
    case("target-of-a-count-summed", "count", three(target("60"), target("55"), target("80")),
         "target", YEAR_END, value="195", method="sum", **COMPLETE),

    # ---- lineage over time ----
    case("four-communes-in-2023", "count",
         [report(unit, count(value, as_of=END_2023)) for unit, value in
          ((HIEP, "1"), (NHUAN, "2"), (LOI, "4"), (THANG, "8"))], "count", END_2023,
         value="15", equation="1 + 4 + 2 + 8 = 15 hộ", parts_expected=4, parts_reported=4, status="complete"),
    case("thang-loi-is-no-part-of-2023", "count",
         [report(unit, count(value, as_of=END_2023)) for unit, value in
          ((HIEP, "1"), (NHUAN, "2"), (THANG_LOI, "12"))], "count", END_2023,
         value=None, lower="3", parts_expected=4, parts_reported=2, status="incomplete",
         findings=["incomplete", "unit-not-valid"]),
    case("duc-thang-is-no-part-of-2025", "count",
         [*three(count("1"), count("2"), count("4")), report(THANG, count("100"))], "count",
         value="7", parts_expected=3, findings=["unit-not-valid"]),
    case("last-day-of-duc-loi", "count",
         [report(unit, count("1", as_of=date(2024, 12, 31))) for unit in (HIEP, NHUAN, LOI, THANG)], "count",
         date(2024, 12, 31), value="4", parts_expected=4),
    case("first-day-of-thang-loi", "count",
         [report(unit, count("1", as_of=date(2025, 1, 1))) for unit in (HIEP, NHUAN, THANG_LOI)], "count",
         date(2025, 1, 1), value="3", parts_expected=3),
    case("target-dated-after-the-merger", "rate", three(target("70"), target("70"), target("70")),
         "target", YEAR_END, value="70", method="agree", equation="70 % (3/3 xã cũ)", **COMPLETE),
    case("target-of-2030", "rate",
         three(*(target("80", as_of=date(2030, 12, 31)) for _ in range(3))), "target", date(2030, 12, 31),
         value="80", parts_expected=3),
    case("code-21409-is-two-units", "count",
         # Long Phụng has Đức Nhuận's code; its own figure is no part of the sum of former units.
         [*three(count("1"), count("2"), count("4")), report(LONG_PHUNG, count("7"))], "count",
         value="7", parts_expected=3, equation="1 + 2 + 4 = 7 hộ"),
    case("namesake-not-added", "count",
         [*three(count("1"), count("2"), count("4")), report("thang-loi-ha-noi", count("100"))], "count",
         value="7", parts_expected=3),
    case("own-figure-of-the-new-unit", "count",
         [report(LONG_PHUNG, count("50", as_of=YEAR_END))], "count", YEAR_END,
         value="50", parts_expected=1, parts_reported=1, equation="50 hộ", findings=[]),
    case("own-figure-beside-the-roll-up", "count",
         [*three(count("1", as_of=YEAR_END), count("2", as_of=YEAR_END), count("4", as_of=YEAR_END)),
          report(LONG_PHUNG, count("9", as_of=YEAR_END))], "count", YEAR_END,
         value="7", parts_expected=3, findings=["own-figure-differs"]),
    case("own-rate-needs-no-denominator", "rate",
         [report(LONG_PHUNG, result("78.6", as_of=YEAR_END))], "result", YEAR_END,
         value="78.6", equation="78,6 %", parts_expected=1, status="complete"),

    # ---- rates ----
    case("rate-pooled", "rate",
         three(fraction("1204", "1511", "79.68"), fraction("987", "1320", "74.77"), fraction("1530", "1902", "80.44")),
         "result", value="78.618213", method="ratio-of-sums", unit_of_measure="%",
         equation="(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %", findings=[], **COMPLETE),
    case("numerators-summed", "rate",
         three(fraction("1204", "1511"), fraction("987", "1320"), fraction("1530", "1902")),
         "numerator", value="3721", unit_of_measure="hộ", method="sum"),
    case("denominators-summed", "rate",
         three(fraction("1204", "1511"), fraction("987", "1320"), fraction("1530", "1902")),
         "denominator", value="4733", unit_of_measure="hộ"),
    case("rate-computed-though-none-is-printed", "rate",
         three(fraction("1", "3"), fraction("1", "3"), fraction("1", "3")), "result",
         value="33.333333", equation="(1 + 1 + 1) / (3 + 3 + 3) = 33,33 %"),
    case("rate-rounds-half-up", "rate",
         # 100 x 2/3 = 66,6666666…
         three(fraction("1", "1"), fraction("1", "1"), fraction("0", "1")), "result", value="66.666667"),
    case("rate-is-no-mean-of-rates", "rate",
         # mean of 100 and 0 and 0 is 33,3; the pooled rate 1/101
         three(fraction("1", "1", "100"), fraction("0", "50", "0"), fraction("0", "50", "0")), "result",
         value="0.990099"),
    case("denominator-missing", "rate",
         three(fraction("560", "4375", "12.8"), result("12.65"), fraction("710", "5680", "12.5")), "result",
         value=None, lower="12.5", upper="12.8", status="missing-denominator", parts_reported=3,
         equation=None, findings=["missing-denominator"]),
    case("numerator-sum-with-a-part-missing", "rate",
         three(fraction("560", "4375", "12.8"), result("12.65"), fraction("710", "5680", "12.5")), "numerator",
         value=None, lower="1270", upper=None, status="incomplete", parts_reported=2),
    case("only-rates", "rate", three(result("50"), result("60"), result("70")), "result",
         value=None, lower="50", upper="70", status="missing-denominator"),
    case("numerator-missing", "rate",
         # 70 and 170 of 300
         three(fraction("40", "100"), fraction("30", "100"), fraction(None, "100")), "result",
         value=None, lower="23.333333", upper="56.666667", status="missing-numerator",
         findings=["missing-numerator"]),
    case("numerator-missing-but-its-rate-known", "rate",
         # the numerators bound it to 23,33..56,67, the rates to 30..50
         three(fraction("40", "100"), fraction("30", "100"), fraction(None, "100", "50")), "result",
         value=None, lower="30", upper="50", status="missing-numerator"),
    case("denominator-missing-and-no-rate", "rate",
         three(fraction("40", "100"), fraction("30", "100"), fraction("5")), "result",
         value=None, lower=None, upper=None, status="missing-denominator"),
    case("rate-with-a-numerator-that-sources-contradict", "rate",
         # 60 and 160 of 300
         [report(HIEP, fraction("40", "100")), report(HIEP, fraction("41", "100")),
          report(NHUAN, fraction("30", "100")), report(THANG_LOI, fraction("30", "100"))],
         "result", value=None, lower="20", upper="53.333333", status="conflicting", findings=["conflict"]),
    case("rate-with-a-denominator-that-sources-contradict", "rate",
         [report(HIEP, fraction("40", "100")), report(HIEP, fraction("40", "200")),
          report(NHUAN, fraction("30", "100")), report(THANG_LOI, fraction("30", "100"))],
         "result", value=None, lower=None, upper=None, status="conflicting", findings=["conflict"]),
    case("rate-with-a-part-missing", "rate",
         [report(HIEP, fraction("40", "100", "40")), report(NHUAN, fraction("30", "100", "30"))], "result",
         value=None, lower=None, upper=None, status="incomplete", parts_reported=2, findings=["incomplete"]),
    case("rate-over-100-not-bounded-by-its-denominators", "rate",
         # 183,3 % of a plan: a missing numerator may exceed its denominator
         three(fraction("1833", "1000"), fraction("30", "100"), fraction(None, "100")), "result",
         value=None, lower=None, upper=None, more={"maximum": "1000"}),
    case("zero-denominators", "rate", three(fraction("0", "0"), fraction("0", "0"), fraction("0", "0")), "result",
         value=None, lower=None, upper=None, status="zero-denominator", findings=["not-computed"]),
    case("one-zero-denominator", "rate", three(fraction("0", "0"), fraction("1", "4"), fraction("2", "4")), "result",
         value="37.5", status="complete"),
    case("negative-numerator", "rate", three(fraction("-1", "3"), fraction("0", "3"), fraction("-1", "3")), "result",
         value="-22.222222", more={"minimum": "-100"},
         equation="((-1) + 0 + (-1)) / (3 + 3 + 3) = -22,22 %"),
    case("density-is-no-percentage", "density",
         three(fraction("100", "2"), fraction("200", "3"), fraction("300", "5")), "result",
         value="60", equation="(100 + 200 + 300) / (2 + 3 + 5) = 60 người/km²"),
    case("count-beside-a-rate-that-is-complete", "rate",
         [report(HIEP, fraction("1", "2"), count("1")), report(NHUAN, fraction("1", "2")), report(THANG_LOI, fraction("1", "2"))],
         "count", value=None, lower="1", status="incomplete", findings=[]),
    case("count-that-differs-from-its-numerator", "rate",
         [report(HIEP, fraction("1", "2"), count("2")), report(NHUAN, fraction("1", "2")), report(THANG_LOI, fraction("1", "2"))],
         "result", value="50", findings=["count-differs"]),
    case("count-of-a-rate-summed", "rate", three(count("5"), count("6"), count("7")), "count", value="18"),
    case("huge-figures-are-exact", "rate",
         three(fraction("333333333333333333", "999999999999999999"),
               fraction("333333333333333333", "999999999999999999"),
               fraction("333333333333333334", "999999999999999999")), "result", value="33.333333"),

    # ---- attainment ----
    case("all-attain", "attainment", three(result("100"), result("100"), result("100")), "result",
         value="100", equation="3/3 xã cũ", method="attainment", unit_of_measure="%", **COMPLETE),
    case("two-of-three-attain", "attainment", three(result("100"), result("0"), result("100")), "result",
         value="66.666667", equation="2/3 xã cũ", **COMPLETE),
    case("none-attains", "attainment", three(result("0"), result("0"), result("0")), "result",
         value="0", equation="0/3 xã cũ"),
    case("attainment-with-a-part-missing", "attainment",
         [report(HIEP, result("100")), report(NHUAN, result("0"))], "result",
         value=None, lower="33.333333", upper="66.666667", status="incomplete", equation=None),
    case("attainment-that-is-neither", "attainment", three(result("100"), result("95.6"), result("100")), "result",
         value=None, lower="66.666667", upper="100", status="attainment-unclear", findings=["attainment-unclear"]),

    case("attainment-that-sources-contradict", "attainment",
         [report(HIEP, result("100")), report(HIEP, result("0")), report(NHUAN, result("100")), report(THANG_LOI, result("0"))],
         "result", value=None, lower="33.333333", upper="66.666667", status="conflicting", findings=["conflict"]),

    # ---- targets ----
    case("targets-differ", "rate", three(target("70"), target("65"), target("70")), "target", YEAR_END,
         value=None, lower="65", upper="70", status="targets-differ", equation=None, findings=["targets-differ"]),
    case("target-missing", "rate", [report(HIEP, target("70")), report(NHUAN, target("65"))], "target", YEAR_END,
         value=None, lower="65", upper="70", status="targets-differ"),
    case("target-missing-and-the-others-agree", "attainment",
         [report(HIEP, target("100")), report(NHUAN, target("100"))], "target", YEAR_END,
         value=None, lower="100", upper="100", status="incomplete"),

    case("target-that-sources-contradict", "rate",
         [report(HIEP, target("70")), report(HIEP, target("71")), report(NHUAN, target("70")), report(THANG_LOI, target("70"))],
         "target", YEAR_END, value=None, status="conflicting", findings=["conflict"]),

    # ---- averages, levels, and what cannot be added ----
    case("average-weighted", "average",
         # (50 x 1000 + 60 x 3000 + 70 x 6000) / 10000 = 65
         [report(unit, result(value), count(people, indicator="dan-so", as_of=JUNE)) for unit, value, people in
          ((HIEP, "50", "1000"), (NHUAN, "60", "3000"), (THANG_LOI, "70", "6000"))], "result",
         value="65", method="weighted-average", status="complete",
         equation="(50 × 1.000 + 60 × 3.000 + 70 × 6.000) / (1.000 + 3.000 + 6.000) = 65 triệu đồng/người/năm"),
    case("average-without-its-weight", "unweighted", three(result("50"), result("60"), result("70")), "result",
         value=None, lower="50", upper="70", status="not-additive", findings=["not-computed"]),
    case("average-given-as-a-count-is-not-summed", "unweighted", three(count("50"), count("60"), count("70")), "count",
         value=None, lower="50", upper="70", status="not-additive"),
    case("level-the-lowest", "level", three(result("17"), result("15"), result("19")), "result",
         value="15", equation="thấp nhất của (17; 15; 19) = 15 điểm", method="lowest"),
    case("average-with-its-weights-missing", "average", three(result("50"), result("60"), result("70")), "result",
         value=None, lower="50", upper="70", status="missing-weight", findings=["not-computed"],
         more={"weight": "dan-so-khac"}),
    case("average-with-a-part-missing", "average", [report(HIEP, result("50")), report(NHUAN, result("60"))],
         "result", value=None, lower=None, upper=None, status="incomplete", findings=["incomplete"],
         more={"weight": "dan-so-khac"}),
    case("average-that-sources-contradict", "average",
         [report(HIEP, result("50")), report(HIEP, result("51")), report(NHUAN, result("60")), report(THANG_LOI, result("70"))],
         "result", value=None, lower=None, upper=None, status="conflicting", findings=["conflict"],
         more={"weight": "dan-so-khac"}),
    case("level-that-sources-contradict", "level",
         # whichever of 17 and 18 holds, the lowest is at most 15
         [report(HIEP, result("17")), report(HIEP, result("18")), report(NHUAN, result("15")), report(THANG_LOI, result("19"))],
         "result", value=None, lower=None, upper="15", status="conflicting"),
    case("level-with-a-part-missing", "level", [report(HIEP, result("17")), report(NHUAN, result("15"))], "result",
         value=None, lower=None, upper="15", status="incomplete"),
    case("growth-is-not-averaged", "plan", three(result("5"), result("7"), result("9")), "result",
         value=None, lower=None, upper=None, status="not-additive", findings=["not-computed"]),
    case("plan-percentage-from-its-sums", "plan-rate",
         three(fraction("90", "100"), fraction("220", "200"), fraction("60", "100")), "result",
         value="92.5", method="ratio-of-sums"),
    case("list-not-added", "list", three(count("3"), count("4"), count("5")), "count",
         value=None, status="not-additive"),
    case("refused", "refused", three(count("3"), count("4"), count("5")), "count", value=None, status="not-additive"),

    # ---- reconciliation ----
    case("agreement-corroborates", "count",
         [report(HIEP, count("5"), count("5", kind="text")), *OTHERS], "count", value="7",
         statuses=["accepted", "corroborated", "accepted", "accepted"]),
    case("conflict", "count", [report(HIEP, count("5")), report(HIEP, count("6")), *OTHERS], "count",
         value=None, lower="2", upper=None, status="conflicting", parts_reported=3,
         statuses=["conflicting", "conflicting", "accepted", "accepted"], findings=["conflict"]),
    case("conflict-within-one-table", "count", [report(HIEP, count("5"), count("6")), *OTHERS], "count",
         value=None, status="conflicting", statuses=["conflicting", "conflicting", "accepted", "accepted"]),
    case("three-sources-two-agree", "count",
         [report(HIEP, count("5")), report(HIEP, count("5")), report(HIEP, count("6")), *OTHERS], "count",
         value=None, statuses=["conflicting"] * 3 + ["accepted"] * 2),
    case("later-document-supersedes", "count",
         [report(HIEP, count("5")), report(HIEP, count("6"), **LATER), *OTHERS], "count", value="8",
         statuses=["superseded", "accepted", "accepted", "accepted"], findings=[]),
    case("later-document-that-omits-a-figure-erases-nothing", "rate",
         [report(HIEP, fraction("5", "10", "50")), report(HIEP, fraction("6"), **LATER),
          report(NHUAN, fraction("1", "10")), report(THANG_LOI, fraction("1", "10"))], "result",
         # 6/10: the later numerator with the earlier denominator
         value="26.666667", statuses=["superseded", *["accepted"] * 7]),
    case("later-document-of-another-kind-does-not", "count",
         [report(HIEP, count("5")), report(HIEP, count("6"), kind="Công văn", **LATER), *OTHERS], "count",
         value=None, status="conflicting"),
    case("later-document-of-another-period-does-not", "count",
         [report(HIEP, count("5")), report(HIEP, count("6"), as_of=YEAR_END, **LATER), *OTHERS], "count",
         value=None, status="conflicting"),
    case("document-without-a-date-does-not", "count",
         [report(HIEP, count("5")), report(HIEP, count("6"), issued_on=None), *OTHERS], "count",
         value=None, status="conflicting"),
    case("correction-by-number", "count",
         [report(HIEP, count("5"), number="58/BC-UBND"),
          report(HIEP, count("6"), kind="Công văn", supersession="corrects", supersedes="58 /BC-UBND"), *OTHERS],
         "count", value="8", statuses=["superseded", "accepted", "accepted", "accepted"]),
    case("correction-goes-before-the-later-date", "count",
         [report(HIEP, count("5"), number="58/BC-UBND", **LATER),
          report(HIEP, count("6"), supersession="replaces", supersedes="58/BC-UBND"), *OTHERS],
         "count", value="8", statuses=["superseded", "accepted", "accepted", "accepted"]),
    case("correction-of-another-number-does-not", "count",
         [report(HIEP, count("5"), number="58/BC-UBND", **LATER),
          report(HIEP, count("6"), supersession="replaces", supersedes="57/BC-UBND"), *OTHERS],
         "count", value="7", statuses=["accepted", "superseded", "accepted", "accepted"]),
    case("supplement-supersedes-nothing", "count",
         [report(HIEP, count("5"), number="58/BC-UBND"),
          report(HIEP, count("6"), supersession="supplements", supersedes="58/BC-UBND"), *OTHERS],
         "count", value=None, status="conflicting"),
    case("signed-over-a-later-draft", "count",
         [report(HIEP, count("5")), report(HIEP, count("6"), draft=True, number=None, **LATER), *OTHERS],
         "count", value="7", statuses=["accepted", "superseded", "accepted", "accepted"]),
    case("table-over-narrative", "count", [report(HIEP, count("5"), count("6", kind="text")), *OTHERS], "count",
         value="7", statuses=["accepted", "superseded", "accepted", "accepted"], findings=["table-differs-from-text"]),
    case("table-of-another-document-does-not-beat-narrative", "count",
         [report(HIEP, count("5")), report(HIEP, count("6", kind="text")), *OTHERS], "count",
         value=None, status="conflicting"),
    case("same-document-in-two-formats", "count",
         [report(HIEP, count("5"), number="58/BC-UBND"), report(HIEP, count("5"), number="58/BC-UBND"), *OTHERS],
         "count", value="7", findings=["duplicate-document"]),
    case("same-document-in-two-formats-that-differ", "count",
         [report(HIEP, count("5"), number="58/BC-UBND"), report(HIEP, count("6"), number="58/BC-UBND"), *OTHERS],
         "count", value=None, status="conflicting"),
    case("own-figure-over-anothers", "count",
         [report(HIEP, count("5")), report(NHUAN, count("1"), count("6", unit=HIEP)), report(THANG_LOI, count("1"))],
         "count", value="7", statuses=["accepted", "accepted", "superseded", "accepted"]),
    case("anothers-figure-where-there-is-no-own", "count",
         [report("mo-duc", count("5", unit=HIEP), count("1", unit=NHUAN), count("1", unit=THANG_LOI))],
         "count", value="7"),
    case("rounded-half-up-agrees", "attainment", [report(HIEP, result("66.67"), result("66.7", kind="text"))],
         statuses=["accepted", "corroborated"]),
    case("cut-agrees", "attainment", [report(HIEP, result("66.66"), result("66.6", kind="text"))],
         statuses=["accepted", "corroborated"]),
    case("the-finer-figure-is-kept", "attainment", [report(HIEP, result("66.7")), report(HIEP, result("66.67"))],
         statuses=["corroborated", "accepted"]),
    case("rounded-to-whole-agrees", "attainment", [report(HIEP, result("67", kind="text"), result("66.67"))],
         statuses=["corroborated", "accepted"]),
    case("negative-rounded-agrees", "balance", [report(HIEP, count("-2.5"), count("-3", kind="text"), count("-2"))],
         # -3 is half-up, -2 is cut; with -2 a table's figure
         statuses=["accepted", "corroborated", "corroborated"]),
    case("rounded-wrongly-does-not-agree", "attainment", [report(HIEP, result("66.64")), report(HIEP, result("66.7"))],
         statuses=["conflicting", "conflicting"]),
    case("coarse-agrees-with-two-that-differ", "attainment",
         [report(HIEP, result("95.6")), report(HIEP, result("95.64")), report(HIEP, result("95.59"))],
         statuses=["conflicting", "conflicting", "conflicting"]),
    case("approximate-does-not-conflict", "count",
         [report(HIEP, count("1204")), report(HIEP, count("1200", approximate=True), **LATER), *OTHERS], "count",
         value="1206", statuses=["accepted", "superseded", "accepted", "accepted"], approximate=False, findings=[]),
    case("two-approximates-conflict", "count",
         [report(HIEP, count("1250", approximate=True)), report(HIEP, count("1200", approximate=True)), *OTHERS],
         "count", value=None, status="conflicting"),
    case("units-of-measure-reconciled", "amount",
         [report(HIEP, count("1.2", unit_of_measure="tỷ đồng"), count("1234", unit_of_measure="triệu đồng", kind="text"))],
         # 1,2 tỷ is 1.234 triệu cut at its last place
         statuses=["corroborated", "accepted"]),
    case("value-that-cannot-be-exact", "count",
         three(count("1.0000001"), count("2"), count("4")), "count", value=None, lower="6", status="incomplete",
         statuses=["rejected", "accepted", "accepted"]),
    case("value-too-large", "count",
         three(count("1000000000000000000"), count("2"), count("4")), "count", value=None,
         statuses=["rejected", "accepted", "accepted"]),
    case("sum-too-large", "count", three(*(count("999999999999999999") for _ in range(3))), "count",
         value=None, status="out-of-range", findings=["not-computed"]),

    # ---- arithmetic of what is printed ----
    case("rate-cut-fits", "rate", [report(HIEP, fraction("2", "3", "66.66"))], findings=["incomplete"]),
    case("rate-half-up-fits", "rate", [report(HIEP, fraction("2", "3", "66.67"))], findings=["incomplete"]),
    case("rate-does-not-fit", "rate", [report(HIEP, fraction("1385", "1847", "70.48"))],
         findings=["incomplete", "rate-mismatch"]),
    case("rate-over-nobody", "rate", [report(HIEP, fraction("3", "0", "50"))],
         findings=["incomplete", "rate-mismatch"]),
    case("implausible-rate", "rate", [report(HIEP, result("956"))], findings=["incomplete", "out-of-range"]),
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What the warehouse holds of all cases, by case."""

    consolidated: dict[tuple[str, str, date], dict[str, Any]]
    statuses: dict[str, list[str]]
    findings: dict[str, list[str]]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All cases in one warehouse, each with an indicator of its own."""
    collected, owners = Collected(), {}
    for number, each in enumerate(CASES):
        for document in each.documents:
            owners[collected.add(document, each.name, prefix=str(100 + number))] = each.name
    catalogue = catalogue_of(indicator(each.name, each.kind, **each.more) for each in CASES)
    frames = collected.frames(catalogue)
    with warehouse(tmp_path_factory.mktemp("cases") / "w.duckdb", frames) as connection:
        consolidated = rows(connection, "from marts.consolidated where unit = 'long-phung'")
        observed = rows(connection, "select observation, document, status from core.observation")
        findings = rows(
            connection, "select document, indicator, code from core.finding order by code"
        )
    status_of = {row["observation"]: row["status"] for row in observed}
    statuses: dict[str, list[str]] = {each.name: [] for each in CASES}
    for document, ids in zip(owners, observation_ids(collected, frames), strict=True):
        statuses[owners[document]] += [status_of[identity] for identity in ids]
    found: dict[str, list[str]] = {each.name: [] for each in CASES}
    for row in findings:
        owner = owners.get(row["document"]) or row["indicator"]
        found[owner].append(row["code"])
    return Outcome(
        {(row["indicator"], row["measure"], row["as_of"]): row for row in consolidated},
        statuses,
        found,
    )


@pytest.mark.parametrize("each", CASES, ids=[each.name for each in CASES])
def test_case(each: Case, outcome: Outcome) -> None:
    if each.measure:
        row = outcome.consolidated[each.name, each.measure, each.as_of]
        expected = {
            name: Decimal(value) if name in {"value", "lower", "upper"} and value else value
            for name, value in each.expected.items()
        }
        assert {name: row[name] for name in expected} == expected
    if each.statuses is not None:
        assert outcome.statuses[each.name] == list(each.statuses)
    if each.findings is not None:
        assert outcome.findings[each.name] == list(each.findings)
    assert each.measure or each.statuses or each.findings


def test_every_case_is_another() -> None:
    assert len({each.name for each in CASES}) == len(CASES) >= 40


def test_figures_of_villages_and_districts_make_no_consolidated_figure(outcome: Outcome) -> None:
    assert not [key for key in outcome.consolidated if key[0] == "villages-alone-are-no-part"]
