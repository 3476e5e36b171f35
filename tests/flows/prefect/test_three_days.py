"""Three days of `hopnhat serve`, compressed: whatever happens, the end is as if made at one go."""

from __future__ import annotations

import contextlib
import hashlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.flows.command import INBOX, hopnhat
from tests.flows.prefect.serving import (
    ENDED,
    NEVER,
    Serving,
    assert_gone,
    documents,
    kill,
    memory_of,
    service,
    start,
    tree_of,
    until,
    wait_until_ready,
)
from tests.support.commune_reports import write_report

pytestmark = pytest.mark.soak

SOON = ("--settled", "1", "--at-most", "10", "--rescan", "3", *NEVER)
SAMPLES = sorted(INBOX.iterdir())
MB = 1 << 20


class Commune:
    """A data folder, and what people do with it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.inbox = home / "inbox"
        self.inbox.mkdir()

    def receive(self, *files: Path) -> None:
        for file in files:
            shutil.copy(file, self.inbox)

    def report(self, name: str, households: str) -> None:
        """A short report of xã Đức Hiệp; sent again with another figure it is a correction."""
        beside = self.home / name
        write_report(beside, "Đức Hiệp", [("Tổng số hộ gia đình", "Hộ", households)])
        beside.replace(self.inbox / name)

    def reject_a_figure(self) -> None:
        with duckdb.connect(self.home / "warehouse.duckdb", read_only=True) as connection:
            ((figure,),) = connection.execute(
                "select min(observation) from marts.lineage"
            ).fetchall()
        done = hopnhat(
            self.home, "decide", "reject", figure, "--why", "số năm trước", "--by", "Lan"
        )
        assert done.returncode == 0, done.stderr

    def is_published(self) -> bool:
        """Whether the warehouse has exactly the bytes that the inbox has, and all decisions."""
        if not (self.home / "warehouse.duckdb").is_file():
            return False
        log = self.home / "decisions.jsonl"
        decided = len(log.read_bytes().splitlines()) if log.exists() else 0
        there = {digest(path) for path in self.inbox.rglob("*") if path.is_file()}
        with duckdb.connect(self.home / "warehouse.duckdb", read_only=True) as connection:
            rows = connection.execute("select document from raw.document").fetchall()
            ((decisions,),) = connection.execute("select count(*) from core.decision").fetchall()
        return {row[0] for row in rows} == there and decisions == decided

    def until_published(self, what: str) -> None:
        until(what, 180, self.is_published)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def no_room(serving: Serving) -> Iterator[None]:
    """While it lasts, what is started can write no file of a warehouse's size: a full disk."""
    _, hard = resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE, (MB, hard))
    try:
        yield
    finally:
        resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


AGAINST_THE_LAST_ONE = ("document-vanished", "document-replaced")
"""Findings that compare with what was published before: a first run has nothing to compare with."""


def content(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for when and as which run it was built."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by all"
        ).fetchall()
        return {
            table: [
                row
                for row in connection.execute(f"from {table} order by all").fetchall()
                if table != "core.finding" or not set(AGAINST_THE_LAST_ONE) & set(map(str, row))
            ]
            for (table,) in tables
            if table != "core.run"
        }


def at_work(serving: Serving) -> list[str]:
    """The states of flow runs that have been ordered and have not ended."""
    runs = serving.runs("PENDING", "RUNNING", "SCHEDULED")
    return [run["state_name"] for run in runs if not run["auto_scheduled"]]


def without_room(serving: Serving) -> list[str]:
    """What failed flow runs say of the disk."""
    told = [run["state"]["message"] for run in serving.runs("FAILED")]
    return [message for message in told if "đĩa" in message]


def first_day(commune: Commune) -> None:
    commune.receive(SAMPLES[0])
    with service(commune.home, *SOON) as serving:
        commune.until_published("what lay there at the start")
        commune.receive(SAMPLES[1])
        until("a flow run works", 90, lambda: serving.runs("RUNNING"))
        kill(serving.part("engine") or 0)
        commune.until_published("what a killed flow run was at")
        commune.reject_a_figure()
        commune.until_published("a decision")


def second_day(commune: Commune) -> None:
    """What came at night; the server dies; the disk is full; the share is gone for a while."""
    commune.receive(SAMPLES[2])
    with service(commune.home, *SOON) as serving:
        kill(serving.part("server") or 0)
        commune.report("Duc Hiep bo sung.docx", "1.402")
        commune.until_published("what came at night, and while the server was dead")
        with no_room(serving):
            commune.report("Duc Hiep bo sung.docx", "1.420")
            until("a flow run has failed for want of room", 120, lambda: without_room(serving))
            assert not commune.is_published()
        commune.until_published("a correction, once there was room again")
        away = commune.home / "away"
        commune.inbox.rename(away)
        until("it says that the inbox is gone", 60, lambda: "Không mở được" in serving.said)
        commune.inbox.mkdir()
        until("it says that the inbox is empty", 60, lambda: "giữ nguyên kho" in serving.said)
        assert documents(commune.home) == 4
        commune.inbox.rmdir()
        away.rename(commune.inbox)
        (commune.inbox / "hỏng.docx").write_bytes(b"PK\3\4 no zip")
        commune.until_published("what came while the share was mounted anew")


def third_day(commune: Commune) -> None:
    """Killed hard at work; a document is taken back; copies and touched files bring nothing."""
    serving = start(commune.home, *SOON)
    wait_until_ready(serving, serving.said.count("Sẵn sàng") + 1)
    (commune.inbox / "hỏng.docx").unlink()
    until("a flow run works", 90, lambda: serving.runs("RUNNING"))
    started = tree_of(serving.process.pid)
    serving.process.send_signal(signal.SIGKILL)
    serving.process.wait()
    assert_gone(started)
    with service(commune.home, *SOON) as again:
        commune.until_published("what it was at when it was killed")
        until("nothing is at work", 120, lambda: not at_work(again))
        number = len(again.runs(*ENDED))
        shutil.copy(SAMPLES[0], commune.inbox / "bản sao.pdf")
        (commune.inbox / SAMPLES[1].name).touch()
        # The daily schedule takes in what was not worth a run of its own: names and times.
        (deployment,) = again.ask("deployments/filter", {})
        again.ask(f"deployments/{deployment['id']}/create_flow_run", {})
        again.ended(number + 1)
        assert again.runs("PENDING", "RUNNING") == []
        assert again.runs("CRASHED") == []


def test_three_days(tmp_path: Path) -> None:
    (tmp_path / "xa").mkdir()
    commune = Commune(tmp_path / "xa")
    first_day(commune)
    second_day(commune)
    third_day(commune)

    rebuilt = tmp_path / "rebuilt"
    rebuilt.mkdir()
    shutil.copytree(commune.inbox, rebuilt / "inbox")
    shutil.copy(commune.home / "decisions.jsonl", rebuilt)
    assert hopnhat(rebuilt, "run").returncode in {0, 3}
    made_at_one_go = content(rebuilt / "warehouse.duckdb")
    assert content(commune.home / "warehouse.duckdb") == made_at_one_go
    assert len(made_at_one_go["core.decision"]) == 1

    left = {path.name for path in commune.home.iterdir() if path.name.startswith(".")}
    assert left == set()


def test_it_stays_small_over_many_runs(tmp_path: Path) -> None:
    """Memory of the process that lives for ever; what Prefect's database keeps."""
    shutil.copytree(INBOX, tmp_path / "inbox")
    pruned = {"PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "10"}
    with service(tmp_path, *SOON, **pruned) as serving:
        (deployment,) = serving.ask("deployments/filter", {})

        def runs(number: int) -> None:
            before = serving.said.count("Không có gì thay đổi")
            for _ in range(number):
                serving.ask(f"deployments/{deployment['id']}/create_flow_run", {})
            until(
                f"{number} flow runs have ended",
                60 + 15 * number,
                lambda: serving.said.count("Không có gì thay đổi") >= before + number,
            )

        until("the first run", 90, lambda: documents(tmp_path) == 3)
        runs(3)
        memory = memory_of(serving.process.pid)
        runs(15)
        assert memory_of(serving.process.pid) - memory < 3 * 1024
        for what in ("artifacts", "logs"):
            assert serving.ask(f"{what}/filter", {})
        a_month_later(tmp_path / "prefect" / "prefect.db")
        until("they are forgotten", 120, lambda: not serving.runs(*ENDED))
        for what in ("artifacts", "logs"):
            until(f"their {what} are, too", 60, lambda of=what: not serving.ask(f"{of}/filter", {}))


def a_month_later(database: Path) -> None:
    """Have all flow runs have ended so long ago; the server keeps none for less than an hour."""
    ended = "strftime('%Y-%m-%d %H:%M:%S.000000', end_time, '-30 days')"
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute(f"update flow_run set end_time = {ended}")
        connection.commit()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 80 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here; test_three_days has a full disk of its own kind")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(ballast: Path) -> None:
    """Leave no room on the file system."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))


def test_a_full_disk_is_waited_for(small_disk: Path) -> None:
    """Nothing published is damaged, and what could not be done is done when there is room."""
    commune = Commune(small_disk)
    commune.receive(SAMPLES[0])
    with service(small_disk, *SOON):
        commune.until_published("what lay there at the start")
        ballast = small_disk / "ballast"
        fill(ballast)
        figures = content(small_disk / "warehouse.duckdb")
        (commune.inbox / "lối tắt.docx").symlink_to("/dev/null")  # takes no room
        time.sleep(20)  # neither run nor database nor log have any room
        assert content(small_disk / "warehouse.duckdb") == figures
        ballast.unlink()
        (commune.inbox / "lối tắt.docx").unlink()
        commune.receive(SAMPLES[1])
        commune.until_published("what there was no room for")
