"""``hopnhat serve``: server, schedule and new-document trigger on one machine, in one command.

This process watches the others and the inbox, and stays small: Prefect's server and each flow run
are processes of their own, which are started again when they die and end when this one does.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from flows.errors import RunError, UsageError, reason
from flows.masking import masked
from flows.prefect.api import Api, ApiError
from flows.prefect.arrivals import Arrivals, Timing, Todo
from flows.prefect.names import FLOW, deployment_name
from flows.prefect.part import NO_SCHEDULE
from flows.prefect.process import end, start
from flows.prefect.runs import Runs
from flows.prefect.secret import secret_file, secret_of, write_profile
from flows.prefect.server import HOST, answers, is_free, log_tail, own_environment
from flows.prefect.watched import Watched
from flows.progress import Teller
from flows.settings import Home, prefect_setting, prepare_prefect

TIMEZONE = "Asia/Ho_Chi_Minh"
TICK = 0.5
SECONDS_TO_START = 180
"""A cold start with an empty `PREFECT_HOME` takes 25 s on two cores; an old office PC is slower."""
SECONDS_TO_DEPLOY = 120
SECONDS_TO_FREE = 3
"""The system takes a moment to give back the port of a server that was killed."""
LONGEST_PAUSE = 60
"""Work that fails is tried again ever later, at the latest after so many rescans."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is served: the data folder, the flow's parameters, its schedule, when arrivals are taken
    up. ``api``: a server of somebody else's that is used; None for one of our own on ``port``.
    """

    home: Home
    inbox: Path
    warehouse: Path
    parameters: Mapping[str, str]
    cron: str
    timing: Timing
    port: int
    api: str | None
    verbose: bool = False


def serve_until_stopped(service: Service, tell: Teller) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises UsageError for a schedule that is none, RunError where the folder or the port is served
    already or no server is to be had.
    """
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    prepare_prefect(console="INFO" if service.verbose else "WARNING")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # else a line every few seconds
    _check(service.cron)
    service.home.path.mkdir(parents=True, exist_ok=True)
    service.inbox.mkdir(parents=True, exist_ok=True)
    with _alone(service):
        if service.api is None:
            _serve_with_own_server(service, stop, tell)
        else:
            _serve_with_their_server(service, service.api, stop, tell)


def _check(cron: str) -> None:
    command = (sys.executable, "-m", "flows.prefect.part", "cron", cron, TIMEZONE)
    # By a process that ends: only Prefect knows which schedules it takes, and it is large.
    if subprocess.run(command, capture_output=True, check=False).returncode == NO_SCHEDULE:  # noqa: S603 our own interpreter
        raise UsageError(
            f"--cron '{cron}' không phải là lịch cron. Ví dụ 6 giờ sáng hằng ngày: '0 6 * * *'."
        )


@contextmanager
def _alone(service: Service) -> Iterator[None]:
    """Hold the data folder's lock, which the system frees when we end, however that is."""
    lock = FileLock(service.home.path / "serve.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(
            f"Đã có một hopnhat serve khác đang phục vụ thư mục dữ liệu {service.home.path}. Dừng "
            "chương trình đó trước, hoặc đặt HOPNHAT_HOME sang thư mục dữ liệu của xã khác."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _serve_with_own_server(service: Service, stop: threading.Event, tell: Teller) -> None:
    deadline = time.monotonic() + SECONDS_TO_FREE
    while not is_free(service.port) and time.monotonic() < deadline:
        if stop.wait(TICK):
            return
    if not is_free(service.port):
        raise RunError(
            f"Cổng {service.port} đã có chương trình khác dùng (có thể là hopnhat serve của xã "
            "khác). Mỗi thư mục dữ liệu cần một cổng riêng: hãy chọn cổng khác (--port). Muốn dùng "
            "một máy chủ Prefect có sẵn thì đặt PREFECT_API_URL."
        )
    folder = service.home.prefect
    secret = secret_of(folder)
    api = f"http://{HOST}:{service.port}/api"
    environment = own_environment(os.environ, folder, service.port, secret)
    log = service.home.path / "prefect-server.log"
    server = Watched(
        "máy chủ Prefect",
        lambda: start(
            "flows.prefect.part", "server", str(service.port), environment=environment, log=log
        ),
        lambda: answers(api, seconds=2),
        tell,
    )
    tell.line(f"Đang khởi động máy chủ Prefect tại {api} (có thể mất nửa phút) …")
    try:
        if not _first_answer(server, log, api, stop):
            return
        profile = write_profile(folder, api, secret)
        with Api(api, secret) as client:
            more = (
                f"Trang theo dõi: {api.removesuffix('/api')}. Khi trang hỏi mật khẩu, dán nội dung "
                f"của tệp {secret_file(folder)} (chỉ người dùng này đọc được).\n"
                f"Lệnh prefect dùng máy chủ này khi đặt PREFECT_PROFILES_PATH={profile}"
            )
            _Serving(service, environment, client, server, tell).until(stop, more)
    finally:
        server.end()


def _first_answer(server: Watched, log: Path, api: str, stop: threading.Event) -> bool:
    """Wait for the server's first answer; False if we were stopped meanwhile."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not server.look():
        if stop.wait(TICK):
            return False
        if server.deaths or time.monotonic() > deadline:
            raise RunError(
                f"Máy chủ Prefect không khởi động được tại {api}: {log_tail(log)} Xem {log}."
            )
    return True


def _serve_with_their_server(
    service: Service, api: str, stop: threading.Event, tell: Teller
) -> None:
    if not answers(api):
        raise RunError(
            f"Không kết nối được máy chủ Prefect {masked(api)}. Kiểm tra mạng và máy chủ đó, "
            "hoặc bỏ cấu hình PREFECT_API_URL để chạy máy chủ ngay trên máy này."
        )
    environment = {**os.environ, "PREFECT_API_URL": api}
    secret = prefect_setting(os.environ, "PREFECT_API_AUTH_STRING")
    key = prefect_setting(os.environ, "PREFECT_API_KEY")
    with Api(api, secret, key) as client:
        more = f"Trang theo dõi: {masked(api.removesuffix('/api'))}"
        _Serving(service, environment, client, None, tell).until(stop, more)


class _Serving:
    """The loop: sees to the server, to flow runs, and to what is to do."""

    def __init__(
        self,
        service: Service,
        environment: Mapping[str, str],
        api: Api,
        server: Watched | None,
        tell: Teller,
    ) -> None:
        self._service, self._environment = service, environment
        self._api, self._server, self._tell = api, server, tell
        self._arrivals = Arrivals(
            service.inbox, service.home.decisions, service.warehouse, service.timing
        )
        self._pause = _Pause(service.timing.rescan, LONGEST_PAUSE)
        self._complaint = ""
        self._was_busy = False

    def until(self, stop: threading.Event, more: str) -> None:
        """Work until the event is set; ``more`` is said once we are ready."""
        name = deployment_name(self._service.home)
        deployment = _deploy(self._service, name, self._environment, stop)
        if deployment is None:
            return
        log = self._service.home.path / "prefect-runs.log"
        runs = Runs(self._api, deployment, self._environment, log, self._tell)
        self._tell.line(
            f"Sẵn sàng. Thư mục nhận văn bản: {self._service.inbox}\n"
            f"Lịch chạy: {self._service.cron} ({TIMEZONE}). "
            f"Chạy ngay: prefect deployment run {FLOW}/{name}\n{more}\nDừng: Ctrl-C."
        )
        while not stop.wait(TICK):
            self._tick(runs, deployment)
        self._tell.line("Đang dừng …")
        with contextlib.suppress(ApiError):  # the next start takes up what stands there as begun
            runs.stop()

    def _tick(self, runs: Runs, deployment: str) -> None:
        try:
            if self._server is not None and not self._server.look():
                return
            runs.look()
            if runs.busy != self._was_busy:
                self._was_busy = runs.busy
                self._arrivals.again()
            todo = None if runs.busy else self._arrivals.look()
            if todo is not None:
                self._complaint = ""
                self._order(todo, deployment)
        except (ApiError, RunError, OSError) as fault:
            said = f"Chưa làm được: {reason(fault)}." if isinstance(fault, OSError) else str(fault)
            if said != self._complaint:  # once, not at every look
                self._complaint = said
                self._tell.line(said)
            if isinstance(fault, ApiError):
                self._arrivals.again()

    def _order(self, todo: Todo, deployment: str) -> None:
        if not todo:
            self._pause.over()
        elif self._pause.allows(todo) and not self._api.ordered(deployment):
            run = self._api.order(deployment)
            self._pause.begin(todo)
            self._tell.line(f"Việc phải làm: {todo}. Đã giao việc {run['name']}.")


class _Pause:
    """Lets the same work be tried again ever later: what could not be done may not be doable."""

    def __init__(self, first: float, most: int) -> None:
        self._first, self._most = first, most
        self._todo: Todo | None = None
        self._times = 0
        self._until = 0.0

    def allows(self, todo: Todo) -> bool:
        return todo != self._todo or time.monotonic() >= self._until

    def begin(self, todo: Todo) -> None:
        self._times = self._times + 1 if todo == self._todo else 0
        self._todo = todo
        self._until = time.monotonic() + self._first * min(2**self._times, self._most)

    def over(self) -> None:
        self._todo = None


def _deploy(
    service: Service, name: str, environment: Mapping[str, str], stop: threading.Event
) -> str | None:
    """Put the deployment on the server, by a process that ends; its id, or None if stopped."""
    order = {
        "name": name,
        "cron": service.cron,
        "timezone": TIMEZONE,
        "parameters": dict(service.parameters),
    }
    with tempfile.TemporaryDirectory(prefix="hopnhat-") as folder:
        answer, log = Path(folder) / "answer", Path(folder) / "log"
        process = start(
            "flows.prefect.part",
            "deploy",
            json.dumps(order),
            str(answer),
            environment=environment,
            log=log,
        )
        try:
            deadline = time.monotonic() + SECONDS_TO_DEPLOY
            while process.poll() is None and time.monotonic() < deadline:
                if stop.wait(TICK):
                    return None
        finally:
            end(process)
        if answer.is_file():
            return answer.read_text("ascii")
        said = log_tail(log)
    raise RunError(f"Không đưa được lịch chạy lên máy chủ Prefect: {masked(said)}")
