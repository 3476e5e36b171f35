"""Decisions in the warehouse: applied to what was seen when they were taken, to nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.example import (
    FAMILIES,
    FUND,
    RUN,
    Collected,
    count,
    observation_ids,
    report,
    rows,
    shipped,
    warehouse,
)
from transforms.frames import Decision

PLACE = "where unit = 'duc-hiep' and indicator = $1"


def decision(kind: Any, observation: str | None, hours: int = 0, **more: Any) -> Decision:
    name = more.pop("decision", f"{kind}-{hours}")
    taken = RUN.started_at + timedelta(hours=hours)
    return Decision(name, taken, "Lan", "đã hỏi xã", kind, observation, **more)


@pytest.fixture
def differing() -> Collected:
    """Two documents of Đức Hiệp that nothing tells apart: 11 and 12."""
    collected = Collected()
    for value in ("11", "12"):
        collected.add(report("duc-hiep", count(value, indicator=FUND), issued_on=None), FAMILIES)
    return collected


def ids(collected: Collected) -> list[str]:
    return [of[0] for of in observation_ids(collected, collected.frames(shipped()))]


def built(
    path: Path, collected: Collected, decisions: Sequence[Decision], sql: str, *values: Any
) -> list[dict[str, Any]]:
    frames = collected.frames(shipped(), decisions)
    path.mkdir(exist_ok=True)
    with warehouse(path / "w.duckdb", frames) as connection:
        return rows(connection, sql, *values)


STATUSES = (
    f"select status, printed_value, value from core.observation {PLACE} order by printed_value"
)


def test_a_conflict_is_settled_by_a_decision(tmp_path: Path, differing: Collected) -> None:
    first, second = ids(differing)
    settled = decision("settle", first, expected=Decimal(11), others={second: Decimal(12)})
    found = built(tmp_path, differing, [settled], STATUSES, FUND)
    assert [each["status"] for each in found] == ["accepted", "superseded"]


def test_a_decision_says_nothing_on_what_was_not_seen(tmp_path: Path, differing: Collected) -> None:
    first, second = ids(differing)
    differing.add(report("duc-hiep", count("13", indicator=FUND), issued_on=None), FAMILIES)
    settled = decision("settle", first, expected=Decimal(11), others={second: Decimal(12)})
    found = built(tmp_path, differing, [settled], STATUSES, FUND)
    assert [each["status"] for each in found] == ["conflicting", "superseded", "conflicting"]


def test_a_rival_with_another_value_was_not_seen(tmp_path: Path, differing: Collected) -> None:
    first, second = ids(differing)
    settled = decision("settle", first, expected=Decimal(11), others={second: Decimal(99)})
    found = built(tmp_path, differing, [settled], STATUSES, FUND)
    assert {each["status"] for each in found} == {"conflicting"}


def test_a_later_correcting_document_goes_before_an_earlier_decision(
    tmp_path: Path, differing: Collected
) -> None:
    first, second = ids(differing)
    differing.add(
        report("duc-hiep", count("13", indicator=FUND), supersession="corrects", supersedes="1/BC"),
        FAMILIES,
    )
    settled = decision("settle", first, expected=Decimal(11), others={second: Decimal(12)})
    found = built(tmp_path, differing, [settled], STATUSES, FUND)
    assert found[0]["status"] == "superseded"


def test_of_two_decisions_on_a_figure_the_newer_holds(tmp_path: Path, differing: Collected) -> None:
    first, second = ids(differing)
    rivals = {second: Decimal(12)}
    decisions = [
        decision("correct", first, 1, expected=Decimal(11), value=Decimal(12), others=rivals),
        decision("correct", first, 2, expected=Decimal(11), value=Decimal("11.5"), others=rivals),
    ]
    sql = "select status from core.decision order by decided_at"
    assert [each["status"] for each in built(tmp_path, differing, decisions, sql)] == [
        "replaced",
        "applied",
    ]
    found = built(tmp_path / "again", differing, decisions, STATUSES, FUND)
    assert (found[0]["status"], found[0]["value"]) == ("corrected", Decimal("11.5"))
    assert found[0]["printed_value"] == 11


@pytest.mark.parametrize("expected", ["10", None])
def test_what_was_not_seen_so_is_void_and_asks_again(
    tmp_path: Path, differing: Collected, expected: str | None
) -> None:
    first, _ = ids(differing)
    seen = None if expected is None else Decimal(expected)
    void = decision("reject", first, expected=seen)
    sql = """
        select
            (select status from core.decision) as status,
            (select count(*) from core.observation where status = 'rejected') as rejected,
            (select count(*) from core.finding where code = 'decision-void' and blocking) as asked
    """
    (found,) = built(tmp_path, differing, [void], sql)
    assert found == {"status": "void", "rejected": 0, "asked": 1}


def test_a_void_decision_that_was_withdrawn_or_replaced_asks_no_more(
    tmp_path: Path, differing: Collected
) -> None:
    first, second = ids(differing)
    decisions = [
        decision("reject", first, 1, expected=Decimal(10)),
        decision("reject", first, 2, expected=Decimal(11)),
        decision("reject", second, 3, expected=Decimal(10), ruled="withdrawn"),
    ]
    sql = """
        select list(status order by decided_at) as statuses,
            (select count(*) from core.finding where code = 'decision-void') as asked
        from core.decision
    """
    (found,) = built(tmp_path, differing, decisions, sql)
    assert found == {"statuses": ["replaced", "applied", "withdrawn"], "asked": 0}


def test_a_figure_of_another_unit_of_measure_is_corrected_in_the_indicators_own(
    tmp_path: Path,
) -> None:
    collected = Collected()
    collected.add(report("duc-hiep", count("11", indicator=FUND, unit_of_measure="hộ")), FAMILIES)
    (key,) = ids(collected)
    sql = f"select status, status_reason, comparable_value from core.observation {PLACE}"
    (barred,) = built(tmp_path, collected, [], sql, FUND)
    assert (barred["status"], barred["status_reason"]) == ("unmatched", "unit-of-measure")
    corrected = decision("correct", key, expected=Decimal(11), value=Decimal("45.5"))
    (found,) = built(tmp_path / "x", collected, [corrected], sql, FUND)
    assert (found["status"], found["comparable_value"]) == ("corrected", Decimal("45.5"))


def test_an_accepted_finding_stays_and_blocks_no_longer(
    tmp_path: Path, differing: Collected
) -> None:
    sql = "select finding, code, blocking, decision from core.finding where code = 'conflict'"
    (open_one,) = built(tmp_path, differing, [], sql)
    assert open_one["blocking"]
    accepted = decision("accept", None, findings=[open_one["finding"]])
    gone = decision("accept", None, 1, findings=["0" * 16])
    sql_with_status = f"""
        from ({sql}) cross join
        (select list(status order by decided_at) as statuses from core.decision)
    """
    (found,) = built(tmp_path / "again", differing, [accepted, gone], sql_with_status)
    assert found == {
        **open_one,
        "blocking": False,
        "decision": accepted.decision,
        "statuses": ["applied", "unused"],
    }


def test_an_acceptance_does_not_settle_and_is_replaced_by_nothing(
    tmp_path: Path, differing: Collected
) -> None:
    first, _ = ids(differing)
    decisions = [
        decision("accept", first, 1, findings=["1" * 16]),
        decision("accept", first, 2, findings=["2" * 16]),
        decision("correct", first, 3, expected=Decimal(11), value=Decimal(12)),
    ]
    found = built(tmp_path, differing, decisions, STATUSES, FUND)
    assert [each["status"] for each in found] == ["corrected", "corroborated"]
    sql = "select status from core.decision order by decided_at"
    statuses = [each["status"] for each in built(tmp_path / "x", differing, decisions, sql)]
    assert statuses == ["unused", "unused", "applied"]
