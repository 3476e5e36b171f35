"""`hopnhat serve` and Prefect servers as processes, and what is asked of them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from flows.prefect.process import end
from flows.prefect.server import answers
from tests.flows.command import HOPNHAT, environment

PREFECT = Path(sys.executable).with_name("prefect")
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
NEVER = ("--cron", "0 0 1 1 *")
Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, seconds: float, look: Callable[[], Found]) -> Found:
    """What ``look`` finds, at the latest after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.3)
    return found


def ask(api: str, path: str, body: dict[str, Any] | None, secret: str = "") -> Any:
    """The API's answer, with no proxy in between."""
    request = urllib.request.Request(
        f"{api}/{path}",
        None if body is None else json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    if secret:
        request.add_header("Authorization", f"Basic {b64encode(secret.encode()).decode()}")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while True:
        try:
            with direct.open(request, timeout=20) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:  # 503: its database is busy for the moment
            if error.code != 503 or time.monotonic() > deadline:
                raise
        time.sleep(1)


def flow_runs(api: str, *states: str, secret: str = "") -> list[dict[str, Any]]:
    """The flow runs in these states, oldest first."""
    state = {"type": {"any_": list(states)}}
    asked = {"flow_runs": {"state": state}, "sort": "EXPECTED_START_TIME_ASC"}
    found: list[dict[str, Any]] = ask(api, "flow_runs/filter", asked, secret)
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


@dataclass(frozen=True, slots=True)
class Serving:
    """`hopnhat serve` while it lives."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def secret(self) -> str:
        return (self.home / "prefect" / "secret").read_text("ascii").strip()

    @property
    def said(self) -> str:
        return said_by(self.home)

    def ask(self, path: str, body: dict[str, Any] | None) -> Any:
        return ask(self.api, path, body, self.secret)

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """The flow runs in these states; none while the server does not answer."""
        try:
            return flow_runs(self.api, *states, secret=self.secret)
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, OSError):
            return []

    def ended(self, number: int, seconds: float = 90) -> list[dict[str, Any]]:
        """The flow runs that have ended, once there are so many."""

        def enough() -> list[dict[str, Any]]:
            runs = self.runs(*ENDED)
            return runs if len(runs) >= number else []

        return until(f"{number} flow runs have ended", seconds, enough)

    def part(self, name: str) -> int | None:
        """The process of its ``server``, or of the ``engine`` that executes a flow run."""
        found = [pid for pid in children_of(self.process.pid) if f"part {name}" in command_of(pid)]
        return found[0] if found else None


def start(home: Path, *arguments: str, port: int = 0, **more: str) -> Serving:
    """Start it; what it says goes to ``serve.log``."""
    port = port or free_port()
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [HOPNHAT, "serve", "--port", str(port), *arguments],
            env=environment(home, **more),
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    return Serving(home, port, process)


def wait_until_ready(serving: Serving, times: int = 1) -> None:
    def ready() -> bool:
        assert serving.process.poll() is None, serving.said
        return serving.said.count("Sẵn sàng") >= times

    until("serve is ready", 240, ready)


@contextmanager
def service(home: Path, *arguments: str, **more: str) -> Iterator[Serving]:
    """It, ready, on a free port; seen to end with all that it started."""
    before = said_by(home).count("Sẵn sàng")
    serving = start(home, *arguments, **more)
    try:
        wait_until_ready(serving, before + 1)
        yield serving
    finally:
        left = tree_of(serving.process.pid)
        serving.process.send_signal(signal.SIGTERM)
        code = serving.process.wait(60)
    assert code == 0, serving.said
    assert_gone(left)


def said_by(home: Path) -> str:
    log = home / "serve.log"
    return log.read_text("utf-8") if log.exists() else ""


def documents(home: Path) -> int:
    """How many documents the published warehouse has; 0 where there is none."""
    if not (home / "warehouse.duckdb").is_file():
        return 0
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        ((number,),) = connection.execute("select count(*) from raw.document").fetchall()
    return int(number)


# ---- processes


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children_of(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def tree_of(pid: int) -> dict[int, str]:
    """All processes that this one has started, down to the last, with their commands."""
    found = {}
    for child in children_of(pid):
        found[child] = command_of(child)
        found |= tree_of(child)
    return found


def assert_gone(processes: dict[int, str]) -> None:
    """None of them lives, once those that read documents have noticed."""

    def all_gone() -> bool:
        return not {pid for pid, command in processes.items() if command and lives(pid, command)}

    until(f"gone: {processes}", 90, all_gone)


def lives(pid: int, command: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z" and command_of(pid) == command


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def memory_of(pid: int) -> int:
    """Resident memory of a process in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
