"""`hopnhat serve` when its parts die, and when it dies itself: nothing is lost, nothing is left."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from flows.prefect.server import is_free
from tests.flows.command import INBOX
from tests.flows.prefect.serving import (
    NEVER,
    assert_gone,
    documents,
    kill,
    service,
    start,
    tree_of,
    until,
    wait_until_ready,
)

pytestmark = pytest.mark.soak

DOCUMENTS = sorted(INBOX.iterdir())
SOON = ("--settled", "1", "--rescan", "5", *NEVER)


def inbox_with(home: Path, *files: Path) -> None:
    (home / "inbox").mkdir(exist_ok=True)
    for file in files:
        shutil.copy(file, home / "inbox")


def test_every_part_that_dies_is_started_again(tmp_path: Path) -> None:
    inbox_with(tmp_path, DOCUMENTS[0])
    with service(tmp_path, *SOON) as serving:
        # A flow run that is killed goes on as the same flow run.
        until("a flow run works", 60, lambda: serving.runs("RUNNING"))
        kill(serving.part("engine") or 0)
        (run,) = serving.ended(1, 120)
        assert (run["state_type"], run["run_count"]) == ("COMPLETED", 2)
        assert documents(tmp_path) == 1
        assert "Bị ngắt giữa chừng (lần 1); tự chạy lại" in serving.said

        # The server is killed; what arrives meanwhile is not lost.
        before = serving.part("server")
        kill(before or 0)
        inbox_with(tmp_path, DOCUMENTS[1])
        until("the server is there again", 120, lambda: "đã chạy lại" in serving.said)
        assert serving.part("server") != before
        assert len(serving.ended(2, 120)) == 2
        assert documents(tmp_path) == 2

        # The server is killed while a flow run works.
        inbox_with(tmp_path, DOCUMENTS[2])
        until("a flow run works", 60, lambda: serving.runs("RUNNING"))
        kill(serving.part("server") or 0)
        until("all is published", 180, lambda: documents(tmp_path) == 3)
        until("nothing is left begun", 180, lambda: len(serving.ended(3, 180)) >= 3)
        assert serving.runs("PENDING", "RUNNING") == []


def test_a_flow_run_is_cancelled_by_who_asks_the_api(tmp_path: Path) -> None:
    inbox_with(tmp_path, *DOCUMENTS)
    with service(tmp_path, *SOON) as serving:
        (run,) = until("a flow run works", 60, lambda: serving.runs("RUNNING"))
        engine = serving.part("engine")
        state = {"state": {"type": "CANCELLING", "name": "Cancelling"}}
        serving.ask(f"flow_runs/{run['id']}/set_state", state)
        (cancelled,) = until("it is cancelled", 60, lambda: serving.runs("CANCELLED"))
        assert cancelled["id"] == run["id"]
        until("its process has ended", 30, lambda: serving.part("engine") != engine)


def test_it_can_be_stopped_when_its_server_has_died(tmp_path: Path) -> None:
    with service(tmp_path, *SOON) as serving:
        kill(serving.part("server") or 0)
        until("it has noticed", 30, lambda: "đã chết" in serving.said)
    # The service is seen to end by SIGTERM, with code 0 and with all that it started.


def test_killed_hard_it_leaves_nothing_and_the_next_one_goes_on(tmp_path: Path) -> None:
    inbox_with(tmp_path, *DOCUMENTS)
    serving = start(tmp_path, *SOON)
    wait_until_ready(serving)
    (run,) = until("a flow run works", 60, lambda: serving.runs("RUNNING"))
    started = tree_of(serving.process.pid)
    assert len(started) >= 2
    serving.process.kill()
    serving.process.wait()
    assert_gone(started)
    until("its port is free", 20, lambda: is_free(serving.port))
    with service(tmp_path, *SOON) as again:
        (ended,) = again.ended(1, 120)
        assert (ended["id"], ended["state_type"]) == (run["id"], "COMPLETED")
        assert again.runs("PENDING", "RUNNING") == []
        assert documents(tmp_path) == 3


def test_stopped_at_work_it_goes_on_at_the_next_start(tmp_path: Path) -> None:
    inbox_with(tmp_path, *DOCUMENTS)
    with service(tmp_path, *SOON) as serving:
        (run,) = until("a flow run works", 60, lambda: serving.runs("RUNNING"))
    with service(tmp_path, *SOON) as again:
        until("it has ended", 120, lambda: again.runs("COMPLETED"))
        (ended,) = again.runs("COMPLETED", "CRASHED", "FAILED", "PENDING", "RUNNING")
        assert ended["id"] == run["id"]
        assert documents(tmp_path) == 3


def test_stopped_while_it_starts_it_leaves_nothing(tmp_path: Path) -> None:
    serving = start(tmp_path, *SOON)
    until("the server starts", 60, lambda: serving.part("server"))
    started = tree_of(serving.process.pid)
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(60) == 0
    assert_gone(started)
