"""Runs killed at many moments: what was published stays whole, and the next run completes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import duckdb
import pytest

from tests.flows.command import HOPNHAT, INBOX, environment, hopnhat

pytestmark = pytest.mark.soak

FIGURES = "select key, value, lower, upper, equation, status from marts.consolidated order by key"


def figures(warehouse: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(FIGURES).fetchall()


def killed_after(home: Path, seconds: float, number: int) -> int:
    process = subprocess.Popen(
        [HOPNHAT, "run"],
        env=environment(home),
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.send_signal(number)
    return process.wait(60)


def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    start = time.monotonic()
    assert hopnhat(tmp_path, "run").returncode == 0
    whole_run = time.monotonic() - start
    published = figures(tmp_path / "warehouse.duckdb")
    killed = 0
    for step in range(1, 16):
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)  # so that every stage takes its time
        killed += killed_after(tmp_path, whole_run * step / 16, signal.SIGKILL) == -signal.SIGKILL
        assert figures(tmp_path / "warehouse.duckdb") == published
    assert killed >= 10
    done = hopnhat(tmp_path, "run")
    assert done.returncode == 0, done.stderr
    assert "đợi đến lượt" not in done.stderr
    assert figures(tmp_path / "warehouse.duckdb") == published
    left = {path.name for path in tmp_path.iterdir()}
    assert not {name for name in left if name.startswith(".")}


def test_the_first_run_killed_leaves_nothing_half(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    for seconds in (0.4, 0.8, 1.2, 1.6, 2.0):
        killed_after(tmp_path, seconds, signal.SIGKILL)
        if (tmp_path / "warehouse.duckdb").exists():
            assert figures(tmp_path / "warehouse.duckdb")
    assert hopnhat(tmp_path, "run").returncode == 0


def test_ctrl_c_says_that_nothing_is_lost(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    process = subprocess.Popen(
        [HOPNHAT, "run"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Started in the background, the tests ignore Ctrl-C, and so would what they start.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 no threads here
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Đã dừng" in said
    assert "Traceback" not in said
    assert hopnhat(tmp_path, "run").returncode == 0


def test_three_runs_at_once(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    runs = [
        subprocess.Popen([HOPNHAT, "run"], env=environment(tmp_path), cwd=tmp_path)
        for _ in range(3)
    ]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    assert figures(tmp_path / "warehouse.duckdb")
