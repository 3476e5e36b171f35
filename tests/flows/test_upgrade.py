"""After an upgrade, before the first run: what an older version has left is said to be old."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.flows.command import INBOX, hopnhat

OLD = "do bản cũ của chương trình lập"
KEY = "long-phung/gia-dinh-hoc-tap/2025-06-30/result"


@pytest.fixture
def commune(home: Path, tmp_path: Path) -> Path:
    shutil.copytree(INBOX, tmp_path / "inbox")
    shutil.copytree(home / "cache", tmp_path / "cache")
    shutil.copy(home / "warehouse.duckdb", tmp_path)
    return tmp_path


def of_before_there_was_a_layout(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("drop table core.layout")
    connection.execute("alter table core.finding drop column decision")


def with_a_word_that_is_used_no_more(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update core.layout set layout = 'another'")
    connection.execute("update core.observation set status = 'obsolete'")


@pytest.mark.parametrize(
    "make_old", [of_before_there_was_a_layout, with_a_word_that_is_used_no_more]
)
def test_an_older_warehouse_is_said_to_be_one_and_a_run_makes_it_anew(
    commune: Path, make_old: Callable[[duckdb.DuckDBPyConnection], None]
) -> None:
    with duckdb.connect(commune / "warehouse.duckdb") as connection:
        make_old(connection)
    for command in (["findings"], ["run", "--dry-run"], ["trace", KEY], ["decide", "list"]):
        done = hopnhat(commune, *command)
        assert (done.returncode, done.stdout) == (1, ""), command
        assert OLD in done.stderr
        assert "hopnhat run" in done.stderr
        assert "Lỗi bên trong" not in done.stderr
    assert hopnhat(commune, "run").returncode == 0
    done = hopnhat(commune, "trace", KEY)
    assert done.returncode == 0, done.stderr


def test_a_decision_that_is_applied_no_more_is_said(commune: Path) -> None:
    with duckdb.connect(commune / "warehouse.duckdb", read_only=True) as connection:
        ((figure, name),) = connection.execute(
            "select observation, file_name from marts.lineage order by observation limit 1"
        ).fetchall()
    done = hopnhat(commune, "decide", "reject", figure, "--why", "số năm trước", "--by", "Lan")
    assert done.returncode == 0, done.stderr
    assert "nay chưa gặp chỗ nào" not in hopnhat(commune, "run").stderr
    (commune / "inbox" / name).unlink()
    said = hopnhat(commune, "run").stderr
    assert "Quyết định trước đây được áp dụng, nay" in said
    assert done.stdout.strip() in said
    assert "số năm trước" in said
