"""Every check of the warehouse finds what it is for, and nothing where there is nothing."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.document import Finding
from tests.warehouse.example import (
    Collected,
    catalogue_of,
    fraction,
    indicator,
    orderly,
    report,
    shipped,
)
from warehouse.store import Check, CheckError, build, checks, run_checks

SOFT = [check for check in checks() if check.severity == "soft"]
HARD = [check for check in checks() if check.severity == "hard"]

BROKEN = {
    "consolidated-key-unique": "insert into marts.consolidated from marts.consolidated",
    "consolidated-value-or-reason": "update marts.consolidated set value = null",
    "figure-has-numeral": "delete from core.numeral where text = '1204'",
    "finding-code-known": "insert into core.finding by name select 'no-such-code' as code",
    "lineage-complete": "delete from marts.lineage where part = 'duc-nhuan'",
    "null-has-finding": "update marts.consolidated set value = null where measure = 'target'",
    "numeral-without-fate": "update core.numeral set observations = [] where text = '1204'",
    "observation-id-unique": "insert into core.observation from core.observation limit 1",
    "observation-references": "delete from raw.document where unit = 'duc-nhuan'",
    "one-figure-accepted": "update core.observation set status = 'conflicting' where decimals = 2",
    "rate-between-its-parts": "update marts.consolidated set value = 99 where measure = 'result'",
    "sum-is-its-operands": "update marts.lineage set allocated = allocated + 0.000001",
    "unit-key-unique": "update core.unit set valid_from = null, code = '21409'",
    "unit-spans": "update core.unit set valid_to = '2025-07-01' where unit = 'duc-hiep'",
}  # fmt: skip
"""What a hard check is to find, as a change to a warehouse that is in order."""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clean") / "warehouse.duckdb"
    build(orderly().frames(replace(shipped(), reports={})), path)
    return path


@pytest.fixture(scope="module")
def clean_findings(clean: Path) -> list[tuple[str, str]]:
    with duckdb.connect(clean, read_only=True) as connection:
        return connection.execute("select code, message from core.finding").fetchall()


def names(some: list[Check]) -> list[str]:
    return [check.name for check in some]


def test_each_hard_check_has_a_failing_case() -> None:
    assert set(BROKEN) == set(names(HARD))


def test_each_check_has_its_own_file_and_name() -> None:
    assert max(Counter(names([*checks()])).values()) == 1
    assert all(check.grain.startswith("one row per ") for check in checks())


@pytest.mark.parametrize("check", HARD, ids=names(HARD))
def test_a_hard_check_passes_and_fails(check: Check, clean: Path, tmp_path: Path) -> None:
    copy = shutil.copy(clean, tmp_path / "copy.duckdb")
    with duckdb.connect(copy) as connection:
        assert connection.execute(check.sql).fetchall() == []
        run_checks(connection)
        connection.execute(BROKEN[check.name])
        assert connection.execute(check.sql).fetchall() != []
        with pytest.raises(CheckError, match=re.escape(f"check {check.name} ({check.grain}): ")):
            run_checks(connection)


@pytest.mark.parametrize("check", SOFT, ids=names(SOFT))
def test_a_soft_check_passes_and_fails(
    check: Check, clean_findings: list[tuple[str, str]], connection: duckdb.DuckDBPyConnection
) -> None:
    assert check.name not in dict(clean_findings)
    found = connection.execute(
        "select severity, blocking, message from core.finding where code = $1", [check.name]
    ).fetchall()
    assert found
    kind = shipped().finding_kinds[check.name]
    for severity, blocking, message in found:
        assert (severity, blocking) == (kind.severity, kind.blocking)
        assert "{" not in message
        assert "(không rõ)" not in message


def test_reports_that_agree_leave_no_finding(clean_findings: list[tuple[str, str]]) -> None:
    assert clean_findings == []


def test_a_soft_check_fills_all_facts_that_its_message_has(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = connection.execute("select count(*) from core.finding where message like '%{%'")
    assert found.fetchone() == (0,)


@pytest.mark.parametrize(
    ("code", "unit", "facts"),
    [
        ("conflict", "duc-hiep", ["quỹ khuyến học", "11 (", "; 12 ("]),
        ("incomplete", "long-phung", ["xã Thắng Lợi"]),
        ("missing-denominator", "long-phung", ["xã Đức Nhuận"]),
        ("missing-numerator", "long-phung", ["xã Đức Nhuận"]),
        ("missing-document", "duc-minh-quang-ngai", ["xã Đức Minh"]),
        ("rate-mismatch", "duc-nhuan", ["1.385", "1.847", "74,99", "70,48"]),
        ("targets-differ", "long-phung", ["Đức Hiệp 65; Đức Nhuận 70"]),
        ("table-differs-from-text", "duc-nhuan", [" 8 ", " 9;"]),
        ("unit-not-valid", "thang-loi", ["xã Thắng Lợi", "31/12/2023"]),
        ("identity-mismatch", "duc-hiep", ["900", "1.000", "lệch -100"]),
        ("own-figure-differs", "long-phung", [" 30 "]),
    ],
)
def test_what_a_finding_says(
    code: str, unit: str, facts: list[str], connection: duckdb.DuckDBPyConnection
) -> None:
    messages = connection.execute(
        "select message from core.finding where code = $1 and unit = $2", [code, unit]
    ).fetchall()
    assert any(all(fact in message for fact in facts) for (message,) in messages), messages


def test_a_finding_on_a_figure_has_its_place(connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute(
        'select file_name, "table", "row", "column", text, indicator, as_of::varchar, measure'
        " from core.finding where code = 'rate-mismatch'"
    ).fetchone()
    assert row == ("7-duc-nhuan.docx", 0, 4, 2, "70.48", "cong-dan-hoc-tap", "2025-06-30", "result")


def test_finding_ids_are_unique_and_stay(
    built: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    counted = connection.execute("select count(*), count(distinct finding) from core.finding")
    assert len(set(counted.fetchone() or ())) == 1


def test_what_reading_told_of_a_figure_is_not_told_again(tmp_path: Path) -> None:
    collected = Collected()
    collected.add(report("duc-hiep", fraction("1", "2", "70", row=4)), "ty-le")
    (received,) = collected.received
    told = Finding("rate-mismatch", {}, received.reading.observations[2].source)
    collected.received[0] = replace(received, reading=replace(received.reading, findings=(told,)))
    build(collected.frames(catalogue_of([indicator("ty-le", "rate")])), tmp_path / "w.duckdb")
    with duckdb.connect(tmp_path / "w.duckdb") as connection:
        count = connection.execute("select count(*) from core.finding where code = 'rate-mismatch'")
        assert count.fetchone() == (1,)


def test_a_warehouse_that_contradicts_itself_is_not_left_behind(tmp_path: Path) -> None:
    units = dict(shipped().units)
    units["duc-hiep"] = units["duc-hiep"].model_copy(
        update={"valid_to": units["long-phung"].valid_from}
    )
    frames = orderly().frames(replace(shipped(), units=units))
    with pytest.raises(CheckError, match=r"check unit-spans .*duc-hiep"):
        build(frames, tmp_path / "w.duckdb")
    assert list(tmp_path.iterdir()) == []
