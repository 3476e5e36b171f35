"""Runs under Prefect: its temporary server, a running one, and `hopnhat serve`; all offline."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest

from flows.server import answers, end
from tests.flows.command import HOPNHAT, INBOX, environment, hopnhat

pytestmark = pytest.mark.soak

RUN_BY_HAND = "deployment run consolidate/hopnhat"
RUNS_LISTED = "flow-run ls"
MAKE_POOL = "work-pool create --type process hopnhat"
DEPLOY = "--no-prompt deploy --all"
WORK = "worker start --pool hopnhat"
ARRIVED = "event emit hopnhat.document.arrived --resource-id hopnhat.inbox"
TYPED_BY_HAND = {RUN_BY_HAND, RUNS_LISTED, MAKE_POOL, DEPLOY, WORK, ARRIVED}
"""What docs/engineers.md tells people to type after `prefect`, and the tests here do."""

PREFECT = Path(sys.executable).with_name("prefect")
DOCUMENTS = sorted(INBOX.iterdir())
Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(api: str, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{api}/{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as response:
        answer: list[dict[str, Any]] = json.load(response)
    return answer


def flow_runs(api: str, *states: str) -> list[dict[str, Any]]:
    """The flow runs in these states, oldest first."""
    state = {"type": {"any_": list(states)}}
    return ask(
        api, "flow_runs/filter", {"flow_runs": {"state": state}, "sort": "EXPECTED_START_TIME_ASC"}
    )


def until(what: str, seconds: float, look: Callable[[], Found]) -> Found:
    """What ``look`` finds, at the latest after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.5)
    return found


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """A Prefect server that somebody else has started."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    process = subprocess.Popen(
        [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=environment(home, PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until("the server answers", 120, lambda: answers(api))
        yield api
    finally:
        end(process)


def assert_a_flow_run_with_tasks_and_artifact(api: str) -> None:
    (run,) = flow_runs(api, "COMPLETED")
    assert run["name"].startswith("consolidate ")
    tasks = ask(api, "task_runs/filter", {"task_runs": {"flow_run_id": {"any_": [run["id"]]}}})
    assert {task["name"] for task in tasks} == {f"read {file.name}" for file in DOCUMENTS}
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    (artifact,) = ask(api, "artifacts/filter", {})
    assert artifact["key"] == "consolidated-long-phung-xa-hoi-hoc-tap"
    assert artifact["flow_run_id"] == run["id"]
    table = {row["key"]: row for row in json.loads(artifact["data"])}
    rate = table["long-phung/gia-dinh-hoc-tap/2025-06-30/result"]
    assert rate["value"] == "78.618213"
    assert rate["equation"].startswith("(1.204 + 987 + 1.530)")


def test_with_its_own_temporary_server_from_cold(tmp_path: Path) -> None:
    done = hopnhat(tmp_path, "run", "--prefect", INBOX, seconds=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(".docx")
    assert "Traceback" not in done.stderr
    with prefect_server(tmp_path) as api:  # the same PREFECT_HOME: what the run left there
        assert_a_flow_run_with_tasks_and_artifact(api)


def test_against_a_running_server(tmp_path: Path) -> None:
    with prefect_server(tmp_path) as api:
        done = hopnhat(tmp_path, "run", INBOX, PREFECT_API_URL=api)
        assert done.returncode == 0, done.stderr
        assert "chạy trực tiếp" not in done.stderr
        assert_a_flow_run_with_tasks_and_artifact(api)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    api = f"http://127.0.0.1:{free_port()}/api"
    done = hopnhat(tmp_path, "run", INBOX, PREFECT_API_URL=api)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Không kết nối được máy chủ Prefect {api}" in done.stderr


@contextmanager
def service(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`hopnhat serve` on a free port, seen to end with all that it started."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    log = home / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [HOPNHAT, "serve", "--port", str(port), *arguments],
            env=environment(home),
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=output,
            text=True,
            start_new_session=True,
        )
    try:
        until("serve is ready", 200, lambda: "Sẵn sàng" in log.read_text("utf-8"))
        yield process, api
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)
    assert code == 0, log.read_text("utf-8")
    assert not answers(api)  # its server has ended with it


def figures(home: Path) -> int:
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        ((number,),) = connection.execute("select count(*) from raw.document").fetchall()
    return int(number)


def test_a_document_that_arrives_slowly_leads_to_one_flow_run(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    for file in DOCUMENTS[:2]:
        shutil.copy(file, tmp_path / "inbox")
    assert hopnhat(tmp_path, "run").returncode in {0, 3}
    assert figures(tmp_path) == 2
    with service(tmp_path, "--settled", "3", "--cron", "0 0 1 1 *") as (_, api):
        content = DOCUMENTS[2].read_bytes()
        with (tmp_path / "inbox" / DOCUMENTS[2].name).open("wb") as arriving:
            for part in range(8):
                size = len(content) // 8 + 1
                arriving.write(content[part * size : (part + 1) * size])
                arriving.flush()
                time.sleep(1)
        assert flow_runs(api, "PENDING", "RUNNING", "COMPLETED") == []
        until("a flow run has completed", 60, lambda: flow_runs(api, "COMPLETED"))
        assert figures(tmp_path) == 3
        time.sleep(10)
        everything = flow_runs(api, "PENDING", "RUNNING", "COMPLETED", "FAILED", "CRASHED")
        assert [run["state_type"] for run in everything] == ["COMPLETED"]


def test_a_schedule_fires_and_a_deployment_runs_by_hand(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    with service(tmp_path, "--cron", "* * * * *") as (_, api):
        done = subprocess.run(
            [PREFECT, *RUN_BY_HAND.split(), "--watch"],
            env=environment(tmp_path, PREFECT_API_URL=api),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Completed" in done.stdout
        assert figures(tmp_path) == 3

        def fired() -> list[dict[str, Any]]:
            return [run for run in flow_runs(api, "COMPLETED") if run["auto_scheduled"]]

        (run, *_) = until("the schedule has fired", 150, fired)
        assert datetime.fromisoformat(run["expected_start_time"]).second == 0
        listed = subprocess.run(
            [PREFECT, *RUNS_LISTED.split()],
            env=environment(tmp_path, PREFECT_API_URL=api, COLUMNS="200"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert listed.returncode == 0, listed.stderr
        assert "consolidate" in listed.stdout


def test_serve_again_takes_the_schedule_up_and_uses_a_server_that_answers(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    with prefect_server(tmp_path) as api:
        port = api.removesuffix("/api").rpartition(":")[2]
        for _ in range(2):
            with serving_at(tmp_path, port):
                (deployment,) = ask(api, "deployments/filter", {})
                assert deployment["paused"] is False
                (schedule,) = deployment["schedules"]
                assert schedule["schedule"]["timezone"] == "Asia/Ho_Chi_Minh"
            assert answers(api)  # it was not ours: it lives on


@contextmanager
def serving_at(home: Path, port: str) -> Iterator[None]:
    log = home / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [HOPNHAT, "serve", "--port", port],
            env=environment(home),
            cwd=home,
            stderr=output,
        )
    try:
        until("serve is ready", 60, lambda: "Sẵn sàng" in log.read_text("utf-8"))
        yield
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    assert code == 0, log.read_text("utf-8")


def test_a_schedule_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    done = hopnhat(tmp_path, "serve", "--cron", "sáng sớm")
    assert done.returncode == 2
    assert "không phải là lịch cron" in done.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = hopnhat(tmp_path, "serve", "--port", str(other.getsockname()[1]), seconds=200)
    assert done.returncode == 1
    assert "chọn cổng khác (--port)" in done.stderr


def test_the_work_pool_deployment_of_prefect_yaml(tmp_path: Path) -> None:
    """prefect.yaml is taken, a worker runs it, and the event starts it."""
    shutil.copytree(INBOX, tmp_path / "inbox")
    root = Path(__file__).parents[2]
    with prefect_server(tmp_path) as api:
        variables = environment(tmp_path, PREFECT_API_URL=api)

        def prefect(*arguments: str) -> str:
            done = subprocess.run(
                [PREFECT, *arguments],
                env=variables,
                cwd=root,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        prefect(*MAKE_POOL.split())
        prefect(*DEPLOY.split())
        worker = subprocess.Popen(
            [PREFECT, *WORK.split()],
            env=variables,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            prefect("deployment", "run", "consolidate/work-pool", "--watch")
            assert figures(tmp_path) == 3
            before = datetime.now(UTC)
            prefect(*ARRIVED.split())

            def by_event() -> list[dict[str, Any]]:
                return [
                    run
                    for run in flow_runs(api, "COMPLETED")
                    if datetime.fromisoformat(run["created"]) > before
                ]

            until("the event has started a run", 90, by_event)
        finally:
            end(worker)
