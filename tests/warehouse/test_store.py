"""Building, publishing and reading the file."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.example import everything, orderly, report, result, shipped
from warehouse.store import build, comments, open_read_only, publish

CONTRACT = {
    "raw.document", "raw.cell", "core.unit", "core.unit_event", "core.indicator",
    "core.observation",
    "core.directive", "core.section", "core.finding", "core.decision", "core.run",
    "marts.consolidated", "marts.lineage", "marts.completeness", "marts.conflict",
}  # fmt: skip
COLUMNS = {
    "core.finding": "code severity message blocking file_name document page table row column text"
    " unit indicator",
    "core.observation": "indicator label unit as_of measure value unit_of_measure status confidence"
    " document page table row column text",
    "marts.consolidated": "unit indicator as_of measure value unit_of_measure method lower upper"
    " parts_expected parts_reported equation status sources key",
    "marts.lineage": "observation document page table row column text",
    "marts.completeness": "unit indicator as_of reported missing conflicting",
    "core.unit": "unit code valid_from valid_to",
}
"""What contract/warehouse.md and contract/semantics.md name."""


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() order by all"
    )
    return [name for (name,) in found.fetchall()]


def content(path: Path, only: Callable[[str], bool] = lambda _: True) -> dict[str, list[object]]:
    """All rows of all tables in their order."""
    with duckdb.connect(path, read_only=True) as connection:
        return {
            name: connection.execute(f"from {name}").fetchall()
            for name in tables(connection)
            if only(name)
        }


def test_the_tables_of_the_contract_with_their_columns(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert set(tables(connection)) >= CONTRACT
    for table, columns in COLUMNS.items():
        found = connection.execute(f"select * from {table} limit 0")
        assert {column[0] for column in found.description} >= set(columns.split())


def test_values_dates_and_times_have_the_contracts_types(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = connection.execute(
        "select distinct column_name, data_type from duckdb_columns() where column_name in"
        " ('comparable_value', 'lower', 'upper', 'least', 'as_of', 'issued_on', 'valid_from',"
        " 'received_at', 'started_at', 'decided_at') and schema_name <> 'main'"
    )
    for name, data_type in found.fetchall():
        if name.endswith("_at"):
            assert data_type == "TIMESTAMP WITH TIME ZONE", name
        elif name in {"as_of", "issued_on", "valid_from"}:
            assert data_type == "DATE", name
        else:
            assert data_type == "DECIMAL(24,6)", name
    value = connection.execute("select typeof(value) from marts.consolidated limit 1").fetchone()
    assert value == ("DECIMAL(24,6)",)


def test_every_table_and_column_carries_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    for kind, name in (("tables", "table_name"), ("columns", "table_name || '.' || column_name")):
        bare = connection.execute(
            f"select {name} from duckdb_{kind}() where comment is null and not internal"
        )
        assert bare.fetchall() == []


def test_comments_are_of_the_outermost_select_alone() -> None:
    model = """-- core.thing: one row per thing.
create table core.thing as
with inner_one as (
    select a -- not this one
    from b
)

select
    a, -- it's first
    max(b) as "row", -- second
    -- a remark
    case when c then 1 end as d -- third; with, signs
from inner_one
order by a;
"""
    assert list(comments(model)) == [
        "comment on table core.thing is 'one row per thing.'",
        "comment on column core.thing.\"a\" is 'it''s first'",
        "comment on column core.thing.\"row\" is 'second'",
        "comment on column core.thing.\"d\" is 'third; with, signs'",
    ]


def test_nothing_but_the_three_schemas_is_left_in_the_file(built: Path) -> None:
    with duckdb.connect(built, read_only=True) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
        views = connection.execute("select view_name from duckdb_views() where not internal")
        assert sorted(schemas) == [("core",), ("marts",), ("raw",)]
        assert views.fetchall() == []
    assert [path.name for path in built.parent.iterdir()] == [built.name]  # no log beside it


def test_the_same_frames_give_the_same_rows_in_the_same_order(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.duckdb"
    build(everything(), again)
    assert content(again) == content(built)


def test_the_order_of_the_documents_does_not_matter(built: Path, tmp_path: Path) -> None:
    from tests.warehouse.example import disorderly, with_a_split  # noqa: PLC0415

    collected, decisions = disorderly()
    collected.received.reverse()
    build(collected.frames(with_a_split(), decisions), tmp_path / "w.duckdb")
    compared = {"marts.narrative"}  # made of what the report is asked for, not of the documents
    assert content(tmp_path / "w.duckdb", lambda name: name not in compared) == content(
        built, lambda name: name not in compared
    )


def test_a_document_that_repeats_a_figure_changes_no_figure(tmp_path: Path) -> None:
    figures = "select * exclude (sources) from marts.consolidated"
    collected = orderly()
    build(collected.frames(shipped()), tmp_path / "before.duckdb")
    collected.add(report("duc-hiep", result("79.68"), number="99/BC"), "gia-dinh-hoc-tap")
    build(collected.frames(shipped()), tmp_path / "after.duckdb")
    before, after = (
        duckdb.connect(tmp_path / f"{name}.duckdb").execute(figures).fetchall()
        for name in ("before", "after")
    )
    assert before == after


def test_an_existing_file_is_not_built_over(built: Path) -> None:
    before = built.read_bytes()
    with pytest.raises(FileExistsError):
        build(orderly().frames(shipped()), built)
    assert built.read_bytes() == before


def test_publishing_replaces_the_file_and_a_stale_log(tmp_path: Path) -> None:
    published, built = tmp_path / "warehouse.duckdb", tmp_path / "next.duckdb"
    build(orderly().frames(shipped()), built)
    published.write_bytes(b"the old one")
    (tmp_path / "warehouse.duckdb.wal").write_bytes(b"of the old one")
    whole = built.read_bytes()
    publish(built, published)
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]
    assert published.read_bytes() == whole


def test_a_reader_keeps_what_it_sees_and_the_next_sees_the_new_one(tmp_path: Path) -> None:
    published = tmp_path / "warehouse.duckdb"
    build(orderly().frames(shipped()), published)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, published],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout is not None
    assert reader.stdin is not None
    assert reader.stdout.readline() == "3\n"
    collected = orderly()
    collected.add(report("duc-hiep", result("79.68"), number="99/BC"), "gia-dinh-hoc-tap")
    build(collected.frames(shipped()), tmp_path / "next.duckdb")
    publish(tmp_path / "next.duckdb", published)
    answer, _ = reader.communicate("\n", timeout=30)
    assert answer == "3\n4\n"  # the open connection, then a new process' view of the path


READER = '''
import subprocess, sys, duckdb
count = "select count(*) from raw.document"
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute(count).fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute(count).fetchone()[0], flush=True)
new = """
import sys, duckdb
print(duckdb.connect(sys.argv[1], read_only=True).execute(sys.argv[2]).fetchone()[0])
"""
subprocess.run([sys.executable, "-c", new, sys.argv[1], count], check=True)
'''

REOPENER = """
import sys, duckdb
from pathlib import Path
opened = 0
while not Path(sys.argv[2]).exists():
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        count = "select count(*), count(value) from marts.consolidated"
        assert 0 not in connection.execute(count).fetchone()
    opened += 1
print(opened)
"""

BUILDER = """
import sys, time
from pathlib import Path
from tests.warehouse.example import orderly, shipped
from warehouse.store import build, publish
frames = orderly().frames(shipped())
published, built = Path(sys.argv[1]), Path(sys.argv[1] + ".next")
print("ready", flush=True)
while True:
    build(frames, built)
    publish(built, published)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_another_process_can_always_read_while_builds_publish(tmp_path: Path) -> None:
    published = tmp_path / "warehouse.duckdb"
    frames = orderly().frames(shipped())
    build(frames, published)
    enough = tmp_path / "enough"
    reader = start(REOPENER, published, enough)
    for _ in range(4):
        build(frames, tmp_path / "next.duckdb")
        publish(tmp_path / "next.duckdb", published)
    assert reader.poll() is None
    enough.touch()
    opened, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert int(opened) >= 3


def killed_builder(published: Path, after: float) -> None:
    builder = start(BUILDER, published)
    assert builder.stdout is not None
    assert builder.stdout.readline() == "ready\n"
    time.sleep(after)
    builder.send_signal(signal.SIGKILL)
    assert builder.wait(30) == -signal.SIGKILL
    builder.communicate()


def test_a_build_killed_in_the_middle_leaves_the_published_file(tmp_path: Path) -> None:
    published = tmp_path / "warehouse.duckdb"
    build(orderly().frames(shipped()), published)
    before = content(published)
    killed_builder(published, after=0.15)
    assert content(published) == before


@pytest.mark.soak
def test_builds_killed_at_many_moments_leave_the_published_file(tmp_path: Path) -> None:
    published = tmp_path / "warehouse.duckdb"
    build(orderly().frames(shipped()), published)
    before = content(published)
    for step in range(30):
        killed_builder(published, after=step * 0.07)
        assert content(published) == before
        for left in tmp_path.glob("*.next*"):
            left.unlink()


def test_reading_reaches_no_other_file_and_loads_nothing(built: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with open_read_only(built) as connection:
        for forbidden in (
            f"from '{secret}'",
            f"select * from read_csv('{secret}')",
            f"copy raw.document to '{tmp_path / 'out.csv'}'",
            f"attach '{tmp_path / 'other.duckdb'}'",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
            "create table core.mine (a integer)",
            "delete from core.observation",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)
        assert connection.execute("select count(*) from core.observation").fetchone() != (0,)


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(duckdb.IOException):
        open_read_only(tmp_path / "none.duckdb")
