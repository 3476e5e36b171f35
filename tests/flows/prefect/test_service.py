"""Runs under Prefect: its temporary server, a running one, and `hopnhat serve`; all offline."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.prefect.process import end
from flows.prefect.server import answers
from tests.flows.command import INBOX, environment, hopnhat
from tests.flows.prefect.serving import (
    ENDED,
    NEVER,
    PREFECT,
    ask,
    documents,
    flow_runs,
    free_port,
    prefect_server,
    service,
    until,
)

pytestmark = pytest.mark.soak

RUN_BY_HAND = "deployment run consolidate/NAME"
RUNS_LISTED = "flow-run ls"
MAKE_POOL = "work-pool create --type process hopnhat"
DEPLOY = "--no-prompt deploy --all --prefect-file communes.yaml"
WORK = "worker start --pool hopnhat"
ARRIVED = "event emit hopnhat.document.arrived --resource-id hopnhat.inbox.long-phung"
TYPED_BY_HAND = {RUN_BY_HAND, RUNS_LISTED, MAKE_POOL, DEPLOY, WORK, ARRIVED}
"""What docs/engineers.md tells people to type after `prefect`, and the tests here do."""

DOCUMENTS = sorted(INBOX.iterdir())


def assert_a_flow_run_with_tasks_and_artifacts(api: str) -> None:
    (run,) = flow_runs(api, "COMPLETED")
    assert run["name"] == "xã Long Phụng"
    assert run["state"]["message"].startswith("Trình ký được: 3 văn bản, ")
    tasks = tasks_of(api, run)
    assert {task["name"] for task in tasks} == {f"read {file.name}" for file in DOCUMENTS}
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    artifacts = {one["key"]: one for one in ask(api, "artifacts/filter", {})}
    assert set(artifacts) == {
        "consolidated-long-phung-xa-hoi-hoc-tap",
        "findings-long-phung-xa-hoi-hoc-tap",
    }
    assert {one["flow_run_id"] for one in artifacts.values()} == {run["id"]}
    consolidated = artifacts["consolidated-long-phung-xa-hoi-hoc-tap"]["data"]
    table = {row["key"]: row for row in json.loads(consolidated)}
    rate = table["long-phung/gia-dinh-hoc-tap/2025-06-30/result"]
    assert rate["value"] == "78.618213"
    assert rate["equation"].startswith("(1.204 + 987 + 1.530)")


def tasks_of(api: str, run: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"task_runs": {"flow_run_id": {"any_": [run["id"]]}}}
    tasks: list[dict[str, Any]] = ask(api, "task_runs/filter", asked)
    return tasks


def test_with_its_own_temporary_server_from_cold(tmp_path: Path) -> None:
    done = hopnhat(tmp_path, "run", "--prefect", INBOX, seconds=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(".docx")
    assert "Traceback" not in done.stderr
    with prefect_server(tmp_path) as api:  # the same PREFECT_HOME: what the run left there
        assert_a_flow_run_with_tasks_and_artifacts(api)


def test_against_a_running_server(tmp_path: Path) -> None:
    """A run; one in which nothing has changed; one with a damaged file; one that cannot be made."""
    shutil.copytree(INBOX, tmp_path / "inbox")
    with prefect_server(tmp_path) as api:
        done = hopnhat(tmp_path, "run", PREFECT_API_URL=api)
        assert done.returncode == 0, done.stderr
        assert "chạy trực tiếp" not in done.stderr
        assert_a_flow_run_with_tasks_and_artifacts(api)

        built = (tmp_path / "warehouse.duckdb").stat()
        done = hopnhat(tmp_path, "run", PREFECT_API_URL=api)
        assert done.returncode == 0, done.stderr
        assert "Không có gì thay đổi" in done.stderr
        second = flow_runs(api, "COMPLETED")[1]
        assert "Không có gì thay đổi" in second["state"]["message"]
        assert tasks_of(api, second) == []
        assert len(ask(api, "artifacts/filter", {})) == 2
        assert (tmp_path / "warehouse.duckdb").stat() == built

        (tmp_path / "inbox" / "hỏng.docx").write_bytes(b"PK\3\4 no zip")
        done = hopnhat(tmp_path, "run", PREFECT_API_URL=api)
        assert done.returncode == 3, done.stderr
        third = flow_runs(api, "COMPLETED")[2]
        assert third["state_name"] == "BẢN NHÁP"
        assert third["state"]["message"] == "BẢN NHÁP: 1 phải xử lý, 1 tệp hỏng"
        damaged = [task for task in tasks_of(api, third) if task["name"] == "read hỏng.docx"]
        assert [task["state_name"] for task in damaged] == ["Tệp hỏng"]
        assert damaged[0]["state"]["message"]
        found = ask(
            api, "artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [third["id"]]}}}
        )
        (table,) = [one["data"] for one in found if one["key"].startswith("findings-")]
        assert json.loads(table)[0]["mức"] == "PHẢI XỬ LÝ"
        assert "hỏng.docx" in json.loads(table)[0]["chỗ"]

        empty = tmp_path / "nothing"
        empty.mkdir()
        done = hopnhat(tmp_path, "run", empty, PREFECT_API_URL=api)
        assert done.returncode == 1
        assert "trống, không có gì để tổng hợp" in done.stderr
        (failed,) = flow_runs(api, "FAILED")
        assert "Chép văn bản của các xã cũ vào rồi chạy lại." in failed["state"]["message"]


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    api = f"http://127.0.0.1:{free_port()}/api"
    done = hopnhat(tmp_path, "run", INBOX, PREFECT_API_URL=api)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Không kết nối được máy chủ Prefect {api}" in done.stderr


def prefect(home: Path, *arguments: str, **more: str) -> str:
    """What Prefect's own command says."""
    done = subprocess.run(
        [PREFECT, *arguments],
        env=environment(home, COLUMNS="200", **more),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_serve_takes_up_what_arrived_before_and_while_it_serves(tmp_path: Path) -> None:
    """What lay there at the start; a slow copy; files one after the other; nothing new at all."""
    (tmp_path / "inbox").mkdir()
    shutil.copy(DOCUMENTS[0], tmp_path / "inbox")
    with service(tmp_path, "--settled", "4", "--rescan", "5", *NEVER) as serving:
        serving.ended(1)
        assert documents(tmp_path) == 1
        content = DOCUMENTS[1].read_bytes()
        with (tmp_path / "inbox" / DOCUMENTS[1].name).open("wb") as arriving:
            for part in range(5):
                size = len(content) // 5 + 1
                arriving.write(content[part * size : (part + 1) * size])
                arriving.flush()
                time.sleep(2)
        shutil.copy(DOCUMENTS[2], tmp_path / "inbox")
        time.sleep(2)
        (tmp_path / "inbox" / "hỏng.docx").write_bytes(b"PK\3\4 no zip")
        runs = serving.ended(2)
        assert documents(tmp_path) == 4
        assert [run["name"] for run in runs] == ["xã Long Phụng"] * 2
        assert runs[1]["state_name"] == "BẢN NHÁP"

        shutil.copy(DOCUMENTS[0], tmp_path / "inbox" / "bản sao.docx")
        (tmp_path / "inbox" / DOCUMENTS[1].name).touch()
        time.sleep(15)
        assert [run["state_type"] for run in serving.runs(*ENDED, "PENDING", "RUNNING")] == [
            "COMPLETED",
            "COMPLETED",
        ]


def test_a_schedule_fires_and_a_deployment_runs_by_hand(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    with service(tmp_path, "--cron", "* * * * *") as serving:
        (name,) = [one["name"] for one in serving.ask("deployments/filter", {})]
        assert f"prefect deployment run consolidate/{name}" in serving.said
        profile = {"PREFECT_PROFILES_PATH": str(tmp_path / "prefect" / "profile.toml")}
        by_hand = RUN_BY_HAND.replace("NAME", name)
        assert "Completed" in prefect(tmp_path, *by_hand.split(), "--watch", **profile)
        assert documents(tmp_path) == 3

        def fired() -> list[dict[str, Any]]:
            return [run for run in serving.runs("COMPLETED") if run["auto_scheduled"]]

        (run, *_) = until("the schedule has fired", 150, fired)
        assert datetime.fromisoformat(run["expected_start_time"]).second == 0
        assert "consolidate" in prefect(tmp_path, *RUNS_LISTED.split(), **profile)


def test_serve_uses_a_server_that_is_configured_and_leaves_it_alone(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    with prefect_server(tmp_path) as api:
        for _ in range(2):
            with service(tmp_path, *NEVER, PREFECT_API_URL=api):
                (deployment,) = ask(api, "deployments/filter", {})
                assert deployment["paused"] is False
                (schedule,) = deployment["schedules"]
                assert schedule["schedule"]["timezone"] == "Asia/Ho_Chi_Minh"
            assert answers(api)  # it was not ours: it lives on


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


def test_two_communes_on_one_machine_do_not_mix(tmp_path: Path) -> None:
    """A folder each, a port each; a second one for a folder, or a port, is refused."""
    one, other = tmp_path / "a" / "data", tmp_path / "b" / "data"
    for home, files in ((one, DOCUMENTS[:1]), (other, DOCUMENTS[1:])):
        (home / "inbox").mkdir(parents=True)
        for file in files:
            shutil.copy(file, home / "inbox")
    with service(one, "--settled", "1", *NEVER) as first:
        port = str(first.port)
        again = hopnhat(one, "serve", "--port", str(free_port()))
        assert again.returncode == 1
        assert f"khác đang phục vụ thư mục dữ liệu {one}" in again.stderr
        same_port = hopnhat(other, "serve", "--port", port)
        assert same_port.returncode == 1
        assert f"Cổng {port} đã có chương trình khác dùng" in same_port.stderr
        with service(other, "--settled", "1", *NEVER) as second:
            first.ended(1)
            second.ended(1)
            assert (documents(one), documents(other)) == (1, 2)
            names = [
                serving.ask("deployments/filter", {})[0]["name"] for serving in (first, second)
            ]
            assert names[0] != names[1]
            assert first.secret != second.secret


def test_communes_of_one_server_in_a_work_pool(tmp_path: Path) -> None:
    """The file that is made for two communes is taken, a worker runs both, an event starts one."""
    homes = [tmp_path / "srv" / "long-phung", tmp_path / "srv" / "mo-cay"]
    for home, files in zip(homes, (DOCUMENTS[:1], DOCUMENTS[1:]), strict=True):
        (home / "inbox").mkdir(parents=True)
        for file in files:
            shutil.copy(file, home / "inbox")
    made = subprocess.run(
        [sys.executable, "-m", "flows.prefect.communes", *map(str, homes)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "communes.yaml").write_text(made.stdout, "utf-8")
    with prefect_server(tmp_path) as api:
        prefect(tmp_path, *MAKE_POOL.split(), PREFECT_API_URL=api)
        prefect(tmp_path, *DEPLOY.split(), PREFECT_API_URL=api)
        worker = subprocess.Popen(
            [PREFECT, *WORK.split()],
            env=environment(tmp_path, PREFECT_API_URL=api),
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            by_hand = "deployment run consolidate/mo-cay --watch"
            prefect(tmp_path, *by_hand.split(), PREFECT_API_URL=api)
            assert [documents(home) for home in homes] == [0, 2]
            prefect(tmp_path, *ARRIVED.split(), PREFECT_API_URL=api)
            until("the event has started a run", 90, lambda: len(flow_runs(api, *ENDED)) == 2)
            assert [documents(home) for home in homes] == [1, 2]
            time.sleep(5)
            assert len(flow_runs(api, *ENDED, "PENDING", "RUNNING")) == 2
        finally:
            end(worker)
