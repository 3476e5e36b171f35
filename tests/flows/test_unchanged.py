"""When a run is made, and when the last one's result stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.unchanged import _program
from tests.flows.command import INBOX, hopnhat

SAME = "Không có gì thay đổi từ lần chạy trước"


@pytest.fixture(scope="module")
def commune(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of its own with documents in the inbox and a run made."""
    folder = tmp_path_factory.mktemp("commune")
    shutil.copytree(INBOX, folder / "inbox")
    shutil.copytree(home / "cache", folder / "cache", ignore=shutil.ignore_patterns("last-run*"))
    assert SAME not in run(folder)
    return folder


def run(folder: Path) -> str:
    done = hopnhat(folder, "run")
    assert done.returncode in {0, 3}, done.stderr
    assert done.stdout.endswith(".docx\n")
    return done.stderr


def test_nothing_changed_is_said_and_the_summary_stays(commune: Path) -> None:
    state = {path: path.stat().st_mtime_ns for path in (commune / "out").iterdir()}
    said = run(commune)
    assert SAME in said
    assert "Đã đọc 3 văn bản (0 mới hoặc đã đổi, 0 không đọc được)" in said
    assert {path: path.stat().st_mtime_ns for path in (commune / "out").iterdir()} == state


def touch_a_document(folder: Path) -> None:
    os.utime(next((folder / "inbox").iterdir()))


def add_a_broken_document(folder: Path) -> None:
    (folder / "inbox" / "rỗng.docx").write_bytes(b"")


def take_it_away(folder: Path) -> None:
    (folder / "inbox" / "rỗng.docx").unlink()


def delete_a_report(folder: Path) -> None:
    next((folder / "out").iterdir()).unlink()


def delete_the_warehouse(folder: Path) -> None:
    (folder / "warehouse.duckdb").unlink()


def change_a_report(folder: Path) -> None:
    next((folder / "out").glob("*.docx")).write_bytes(b"edited")


def teach_the_catalogue(folder: Path) -> None:
    (folder / "catalog").mkdir()
    (folder / "catalog" / "own.yaml").write_text(
        "groups:\n  - id: cua-xa\n    name: Nhóm của xã\n    source: xã\n", "utf-8"
    )


def damage_what_is_kept(folder: Path) -> None:
    (folder / "cache" / "last-run.json").write_bytes(b"{")


@pytest.mark.parametrize(
    "change",
    [
        touch_a_document,
        add_a_broken_document,
        take_it_away,
        delete_a_report,
        delete_the_warehouse,
        change_a_report,
        teach_the_catalogue,
        damage_what_is_kept,
    ],
)
def test_a_change_has_the_run_made_and_only_once(
    commune: Path, change: Callable[[Path], None]
) -> None:
    change(commune)
    assert SAME not in run(commune)
    assert (commune / "warehouse.duckdb").is_file()
    # Beside the two there may be what a person had made of the report.
    assert len([path for path in (commune / "out").iterdir() if "đã sửa" not in path.name]) == 2
    assert SAME in run(commune)


def test_another_order_is_a_change(commune: Path) -> None:
    done = hopnhat(commune, "run", "--out", "elsewhere")
    assert SAME not in done.stderr
    assert len(list((commune / "elsewhere").iterdir())) == 2


def test_the_fingerprint_knows_the_whole_program(commune: Path) -> None:
    suffixes = {path.suffix for path in _program()}
    assert {".py", ".sql", ".yaml", ".docx"} <= suffixes
    assert any(path.parts[-2].startswith("duckdb-") for path in _program())
