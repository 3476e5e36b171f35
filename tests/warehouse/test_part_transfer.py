"""A village moves to another commune: whose are the figures of before?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.catalogue import Catalogue
from catalog.model import EventShare, Unit, UnitEvent
from tests.warehouse.example import (
    RUN,
    Collected,
    catalogue_of,
    count,
    fraction,
    indicator,
    report,
    result,
    rows,
    warehouse,
)
from transforms.decisions import divides
from transforms.frames import Decision

JULY, NEW_YEAR, NEXT_JULY = date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1)
BEFORE, BETWEEN, AFTER = date(2025, 12, 31), date(2026, 6, 30), date(2026, 9, 30)


def unit(slug: str, valid_from: date | None = None, valid_to: date | None = None) -> Unit:
    return Unit(
        slug=slug, name=slug.upper(), type="xã", province="Tỉnh", valid_from=valid_from,
        valid_to=valid_to, source="test", certainty="V",
    )  # fmt: skip


def event(
    kind: Any, day: date, giver: Sequence[str], receiver: Sequence[str], share: str | None = None
) -> UnitEvent:
    shares = [
        EventShare(predecessor=one, successor=other, share=Decimal(share or 0), source="dân số",
                   certainty="V")
        for one in giver for other in receiver if share is not None
    ]  # fmt: skip
    return UnitEvent(
        id=f"{kind}-{day}-{'-'.join((*giver, *receiver))}", kind=kind, effective_on=day,
        predecessors=tuple(giver), successors=tuple(receiver), shares=tuple(shares),
        legal_basis="test", source="test", certainty="V",
    )  # fmt: skip


def transfer(
    share: str | None = None, day: date = NEW_YEAR, giver: str = "a", receiver: str = "b"
) -> UnitEvent:
    return event("part-transfer", day, [giver], [receiver], share)


def catalogue(events: Sequence[UnitEvent], *units: Unit) -> Catalogue:
    """The units a, b and c, which go on, unless others are given."""
    known = {each.slug: each for each in (unit("a"), unit("b"), unit("c"), *units)}
    kinds = {"so": "count", "ty-le": "rate", "dat": "attainment"}
    return catalogue_of(
        [indicator(name, kind) for name, kind in kinds.items()],
        units=known, unit_events={each.id: each for each in events},
    )  # fmt: skip


def figures(
    path: Path,
    known: Catalogue,
    reported: Mapping[tuple[str, date], str],
    decisions: Sequence[Decision] = (),
) -> dict[tuple[str, str], dict[str, Any]]:
    """The consolidated figures by unit and indicator; each unit reports a count, a rate, 100."""
    collected = Collected()
    for (slug, day), number in reported.items():
        rate = fraction("1", number, indicator="ty-le", as_of=day)
        attained = result("100", indicator="dat", as_of=day)
        collected.add(report(slug, count(number, as_of=day), rate, attained, as_of=day), "so")
    with warehouse(path / "w.duckdb", collected.frames(known, decisions)) as connection:
        found = rows(connection, "from marts.consolidated where measure in ('count', 'result')")
        findings = rows(connection, "select unit, indicator, code, message from core.finding")
    return {
        (row["unit"], row["indicator"]): row
        | {"codes": {each["code"]: each["message"] for each in findings
                     if (each["unit"], each["indicator"]) == (row["unit"], row["indicator"])}}
        for row in found
    }  # fmt: skip


def test_without_a_share_neither_counts_what_was_the_givers(tmp_path: Path) -> None:
    found = figures(tmp_path, catalogue([transfer()]), {("a", BEFORE): "100", ("b", BEFORE): "50"})
    for slug, lower, upper, expected in (("a", 0, 100, 1), ("b", 50, 150, 2)):
        so = found[slug, "so"]
        assert (so["value"], so["lower"], so["upper"]) == (None, lower, upper)
        assert (so["status"], so["parts_expected"]) == ("not-allocated", expected)
        said = so["codes"]["not-computed"]
        assert "chưa phân bổ: xã A bị chia tách hoặc chuyển đi một phần" in said
        assert found[slug, "ty-le"]["status"] == "not-allocated"
        assert found[slug, "dat"]["status"] == "not-allocated"


def test_the_receiver_waits_for_the_givers_figure(tmp_path: Path) -> None:
    reported = {("b", BEFORE): "50", ("a", BETWEEN): "90"}
    so = figures(tmp_path, catalogue([transfer("0.12")]), reported)["b", "so"]
    assert (so["value"], so["lower"], so["status"]) == (None, 50, "incomplete")
    assert "xã A" in so["codes"]["incomplete"]


def test_with_a_share_the_receiver_has_it_and_the_giver_the_rest(tmp_path: Path) -> None:
    reported = {("a", BEFORE): "100", ("b", BEFORE): "50"}
    found = figures(tmp_path, catalogue([transfer("0.12")]), reported)
    assert found["b", "so"]["value"] == 62
    assert found["b", "so"]["equation"] == "100 × 12 % + 50 = 62 hộ"
    assert found["a", "so"]["equation"] == "100 × 88 % = 88 hộ"
    # 100 x (0,12 + 1) / (12 + 50)
    assert found["b", "ty-le"]["value"] == Decimal("1.806452")
    assert found["a", "ty-le"]["value"] == 1
    assert found["a", "dat"]["status"] == "not-allocated"


def test_a_decision_states_the_share(tmp_path: Path) -> None:
    line = json.dumps({"unit": "a", "successor": "b", "share": "0.3", "basis": "hỏi xã"})
    decision = Decision(
        "d1", RUN.started_at, "Lan", "đã hỏi", "allocate", ruled="applied", line=line
    )
    reported = {("a", BEFORE): "100", ("b", BEFORE): "50"}
    found = figures(tmp_path, catalogue([transfer()]), reported, [decision])
    assert (found["a", "so"]["value"], found["b", "so"]["value"]) == (70, 80)


def test_after_the_transfer_each_reports_for_itself(tmp_path: Path) -> None:
    found = figures(tmp_path, catalogue([transfer()]), {("a", BETWEEN): "90", ("b", BETWEEN): "60"})
    for slug, value in (("a", 90), ("b", 60)):
        so = found[slug, "so"]
        assert (so["value"], so["parts_expected"], so["codes"]) == (value, 1, {})
        assert found[slug, "dat"]["value"] == 100


MERGED = (unit("a", None, BETWEEN), unit("b", None, BETWEEN), unit("m", NEXT_JULY))


def test_what_comes_together_again_needs_no_share(tmp_path: Path) -> None:
    merger = event("merger", NEXT_JULY, ["a", "b"], ["m"])
    known = catalogue([transfer(), merger], *MERGED)
    found = figures(tmp_path, known, {("a", BEFORE): "100", ("b", BEFORE): "50"})
    assert found["m", "so"]["equation"] == "100 + 50 = 150 hộ"
    assert found["m", "dat"]["value"] == 100


@pytest.mark.parametrize(
    ("day", "of_m", "of_n"),
    [
        (BEFORE, "100 × 88 % + 7 = 95 hộ", "100 × 12 % + 50 = 62 hộ"),
        (BETWEEN, "100 + 7 = 107 hộ", "50 hộ"),
    ],
)
def test_a_merger_afterwards_finds_each_span_as_it_was(
    tmp_path: Path, day: date, of_m: str, of_n: str
) -> None:
    events = [
        transfer("0.12"),
        event("merger", NEXT_JULY, ["a", "c"], ["m"]),
        event("renaming", NEXT_JULY, ["b"], ["n"]),
    ]
    known = catalogue(events, *MERGED, unit("c", None, BETWEEN), unit("n", NEXT_JULY))
    found = figures(tmp_path, known, {("a", day): "100", ("b", day): "50", ("c", day): "7"})
    assert (found["m", "so"]["equation"], found["n", "so"]["equation"]) == (of_m, of_n)


@pytest.mark.parametrize(
    ("share", "value", "status"), [("0.12", 88, "complete"), (None, None, "not-allocated")]
)
def test_a_new_units_own_figure_is_of_what_it_was_then(
    tmp_path: Path, share: str | None, value: int | None, status: str
) -> None:
    events = [event("merger", JULY, ["a"], ["m"]), transfer(share, giver="m", receiver="b")]
    known = catalogue(events, unit("a", None, date(2025, 6, 30)), unit("m", JULY))
    so = figures(tmp_path, known, {("m", BEFORE): "100"})["m", "so"]
    assert (so["value"], so["status"], so["parts_expected"]) == (value, status, 1)


def test_a_new_units_own_figure_after_the_transfer_is_its_own(tmp_path: Path) -> None:
    events = [event("merger", JULY, ["a"], ["m"]), transfer(giver="m", receiver="b")]
    known = catalogue(events, unit("a", None, date(2025, 6, 30)), unit("m", JULY))
    assert figures(tmp_path, known, {("m", BETWEEN): "100"})["m", "so"]["value"] == 100


def test_transfers_one_after_another_multiply(tmp_path: Path) -> None:
    known = catalogue([transfer("0.1"), transfer("0.5", NEXT_JULY)])
    found = figures(tmp_path, known, {("a", BEFORE): "100", ("b", BEFORE): "50"})
    # 10 at first, then half of the 90 that are left
    assert (found["a", "so"]["value"], found["b", "so"]["value"]) == (45, 105)
    (tmp_path / "then").mkdir()
    found = figures(tmp_path / "then", known, {("a", BETWEEN): "100", ("b", BETWEEN): "50"})
    assert (found["a", "so"]["value"], found["b", "so"]["value"]) == (50, 100)


def test_communes_that_give_to_each_other(tmp_path: Path) -> None:
    known = catalogue([transfer("0.1"), transfer("0.2", giver="b", receiver="a")])
    found = figures(tmp_path, known, {("a", BEFORE): "100", ("b", BEFORE): "50"})
    assert (found["a", "so"]["value"], found["b", "so"]["value"]) == (100, 50)
    assert found["a", "so"]["equation"] == "100 × 90 % + 50 × 20 % = 100 hộ"


def test_more_than_all_of_it_is_nobodys(tmp_path: Path) -> None:
    known = catalogue([transfer("0.7"), transfer("0.6", receiver="c")])
    reported = {("a", BEFORE): "100", ("b", BEFORE): "50", ("c", BEFORE): "1"}
    collected = Collected()
    for (slug, day), number in reported.items():
        collected.add(report(slug, count(number, as_of=day), as_of=day), "so")
    with warehouse(tmp_path / "w.duckdb", collected.frames(known)) as connection:
        (said,) = rows(
            connection, "select message from core.finding where code = 'shares-do-not-add-up'"
        )
        giver = rows(connection, "from marts.consolidated where unit = 'a'")
    assert "130 %" in said["message"]
    assert giver[0]["value"] is None


def test_a_decision_can_state_the_share_of_one_event_alone() -> None:
    twice = [transfer(), transfer(day=NEXT_JULY)]
    assert divides(catalogue(twice[:1]), "a", "b")
    assert not divides(catalogue(twice), "a", "b")
    assert not divides(catalogue(twice[:1]), "b", "a")
    assert not divides(catalogue([event("merger", NEXT_JULY, ["a", "b"], ["m"])]), "a", "m")
