"""Executes the flow runs of one deployment, one at a time, each in a process of its own that ends.

A process each, since what Prefect's client keeps of a flow run is never given back; one at a time,
since a second one would only wait for the first.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from flows.prefect.api import FINAL, Api, FlowRun
from flows.prefect.process import end, start
from flows.progress import Teller

RETRY_AFTER = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5))
"""How long after it was interrupted a flow run is tried again, the first time, the second …"""

SECONDS_BETWEEN_LOOKS = 3.0
"""How often the API is asked for flow runs that are due, or to be cancelled."""


class Runs:
    """The deployment's flow runs; every method raises ApiError and can be called again then."""

    def __init__(
        self, api: Api, deployment: str, environment: Mapping[str, str], log: Path, tell: Teller
    ) -> None:
        self._api, self._deployment = api, deployment
        self._environment, self._log, self._tell = environment, log, tell
        self._id: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._attempts: dict[str, int] = {}
        self._next_look = 0.0
        self._taken_up = False

    @property
    def busy(self) -> bool:
        """Whether a flow run is being executed."""
        return self._id is not None

    def look(self) -> None:
        """See to the flow run that is executed, or begin the next one that is due."""
        if not self._taken_up:
            self._take_up()
        if self._id is not None and (self._process is None or self._process.poll() is not None):
            self._ended(self._id)
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        if self._id is None:
            self._begin()
        elif (run := self._api.flow_run(self._id)) and run["state_type"] == "CANCELLING":
            self._end_process()
            self._api.set_state(self._id, "CANCELLED", "Cancelled")

    def stop(self) -> None:
        """End the process; its flow run goes on once the deployment is served again."""
        self._end_process()
        if self._id is not None:
            run = self._api.flow_run(self._id)
            if run is not None and _is_interrupted(run):
                message = "Bị dừng giữa chừng; chạy tiếp khi hopnhat serve chạy lại."
                self._later(run, timedelta(0), message)

    def _take_up(self) -> None:
        """See to flow runs that have begun and that nobody executes: their process is gone."""
        for run in self._api.begun(self._deployment):
            self._interrupted(run)
        self._taken_up = True

    def _begin(self) -> None:
        due = self._api.due(self._deployment)
        scheduled = [run for run in due if run["auto_scheduled"]]
        for run in scheduled[:-1]:  # the machine was off: one run does for all that were missed
            self._api.set_state(
                run["id"], "CANCELLED", "Skipped", "Đã có lần chạy sau thay cho lần này."
            )
        missed = {run["id"] for run in scheduled[:-1]}
        left = [run for run in due if run["id"] not in missed]
        if not left:
            return
        run = left[0]
        if not self._api.set_state(run["id"], "PENDING", "Pending", force=False):
            return
        self._id = run["id"]
        self._attempts = {run["id"]: self._attempts.get(run["id"], 0) + 1}
        environment = {**self._environment, "PREFECT__FLOW_RUN_ID": run["id"]}
        self._process = start(
            "flows.prefect.part", "engine", run["id"], environment=environment, log=self._log
        )

    def _ended(self, flow_run: str) -> None:
        """See what became of the flow run whose process has ended."""
        self._end_process()
        run = self._api.flow_run(flow_run)
        if run is not None and _is_interrupted(run):
            self._interrupted(run)
        elif run is not None:
            said = run["state"]["message"] or ""
            self._tell.line(f"{run['name']}: {run['state_name']}. {said}".rstrip())
        self._id = None

    def _interrupted(self, run: FlowRun) -> None:
        attempts = max(int(run["run_count"]), self._attempts.get(run["id"], 0))
        if attempts <= len(RETRY_AFTER):
            after = RETRY_AFTER[max(attempts, 1) - 1]
            message = f"Bị ngắt giữa chừng (lần {attempts}); tự chạy lại sau {after.seconds} giây."
            self._later(run, after, message)
        else:
            message = (
                f"Bị ngắt giữa chừng {attempts} lần, không tự chạy lại nữa. Kho đã công bố vẫn "
                f"nguyên. Xem {self._log}, kiểm tra bộ nhớ và đĩa của máy, rồi chạy hopnhat run "
                "--verbose."
            )
            self._api.set_state(run["id"], "CRASHED", "Crashed", message)
        self._tell.line(f"{run['name']}: {message}")

    def _later(self, run: FlowRun, after: timedelta, message: str) -> None:
        self._api.set_state(run["id"], "SCHEDULED", "AwaitingRetry", message, after=after)

    def _end_process(self) -> None:
        if self._process is not None:
            end(self._process)
            self._process = None


def _is_interrupted(run: FlowRun) -> bool:
    """Whether the flow run, whose process is gone, has not come to its end.

    A process that is asked to end calls its flow run crashed, if it still has the time for that.
    """
    return run["state_type"] == "CRASHED" or run["state_type"] not in FINAL | {"SCHEDULED"}
