"""Runs killed at many moments: what was published stays whole, and the next run completes."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import duckdb
import pytest

from flows.decision_log import read_log
from tests.flows.command import HOPNHAT, INBOX, environment, hopnhat
from tests.support.commune_reports import write_report

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


# ---- 200 kills of everything that writes ----------------------------------------------------

KILLS = 200
ROWS = (
    "select * exclude (run, started_at) from core.run",
    "from raw.document order by all",
    "from raw.cell order by all",
    "from core.observation order by all",
    "from core.decision order by all",
    "from core.finding order by all",
    "from marts.consolidated order by all",
    "from marts.lineage order by all",
)
SETTLED = 4
"""Every so many kills a run is let finish, so that kills meet every state."""


def content(warehouse: Path) -> list[list[tuple[object, ...]]]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return [connection.execute(sql).fetchall() for sql in ROWS]


def commune(home: Path) -> None:
    (home / "inbox").mkdir(parents=True)
    for number, (name, of) in enumerate(
        {"a": "Đức Hiệp", "b": "Đức Nhuận", "c": "Thắng Lợi"}.items()
    ):
        figures = [("Tổng số hộ", "hộ", f"1.{number + 3}20"), ("Số tủ sách cộng đồng", "tủ", "9")]
        write_report(home / "inbox" / f"{name}.docx", of, figures, number=number + 1)


def one_command(home: Path, chance: random.Random) -> list[str]:
    """A command that writes: run from cold or not, decide, issue."""
    which = chance.choice(("run", "run", "cold", "decide", "issue"))
    if which == "cold":
        shutil.rmtree(home / "cache", ignore_errors=True)
    if which == "decide":
        with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
            keys = connection.execute("select observation from core.observation order by 1")
            key = chance.choice(keys.fetchall())[0]
        value = str(chance.randrange(100, 999))
        return ["decide", "correct", str(key), value, "--why", "gọi lại", "--by", "Lan"]
    if which == "issue":
        return ["issue", "--number", f"{chance.randrange(10**6)}/BC-UBND"]
    return ["run"]


def killed(home: Path, arguments: list[str], seconds: float, temporary: Path) -> str:
    """What the command had printed when it was killed."""
    process = subprocess.Popen(
        [HOPNHAT, *arguments],
        env=environment(home, TMPDIR=str(temporary)),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    printed, _ = process.communicate(timeout=120)
    return printed


def nothing_is_damaged(home: Path) -> None:
    assert content(home / "warehouse.duckdb")
    log = read_log(home / "decisions.jsonl")
    assert not [fault for fault in log.faults if not fault.torn]
    for folder in (home / "issued").glob("[!.]*"):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        for file in manifest["files"]:
            written = (folder / file["name"]).read_bytes()
            assert hashlib.sha256(written).hexdigest() == file["sha256"]


def test_two_hundred_kills_of_run_decide_and_issue(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    commune(home)
    start = time.monotonic()
    assert hopnhat(home, "run").returncode == 0
    longest = 1.2 * (time.monotonic() - start)
    chance = random.Random(10)
    acknowledged: set[str] = set()
    for number in range(KILLS):
        arguments = one_command(home, chance)
        printed = killed(home, arguments, chance.uniform(0, longest), temporary)
        if arguments[0] == "decide":
            acknowledged |= set(printed.split())
        nothing_is_damaged(home)
        if number % SETTLED == 0:
            assert hopnhat(home, "run", TMPDIR=str(temporary)).returncode in {0, 3}
    assert acknowledged <= {one.id for one in read_log(home / "decisions.jsonl").decisions}
    # What the next run leaves is what a machine would have where nothing was ever killed.
    (home / "cache" / "last-run.json").unlink(missing_ok=True)
    assert hopnhat(home, "run", TMPDIR=str(temporary)).returncode in {0, 3}
    hopnhat(home, "issue", TMPDIR=str(temporary))
    fresh = tmp_path / "fresh"
    shutil.copytree(home / "inbox", fresh / "inbox")
    for name in ("decisions.jsonl", "received.jsonl"):
        if (home / name).exists():
            shutil.copy2(home / name, fresh / name)
    assert hopnhat(fresh, "run").returncode in {0, 3}
    assert content(home / "warehouse.duckdb") == content(fresh / "warehouse.duckdb")
    left = [path.name for folder, _, _ in os.walk(home) for path in Path(folder).iterdir()]
    assert not [name for name in left if name.startswith((".writing-", ".warehouse", ".issuing"))]
    assert not [name for name in left if "đã sửa" in name or name.endswith(".torn.torn")]
    assert not [path.name for path in temporary.iterdir() if path.name.startswith("hopnhat-")]
