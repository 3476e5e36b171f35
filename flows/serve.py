"""``hopnhat serve``: server, schedule and new-document trigger on one machine, in one command."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows import inbox as received
from flows.errors import RunError, UsageError
from flows.progress import Teller
from flows.server import LOOPBACK, answers, server
from flows.settings import prepare_prefect

if TYPE_CHECKING:
    from prefect.runner import Runner

DEPLOYMENT = "hopnhat"
TIMEZONE = "Asia/Ho_Chi_Minh"
POLL_SECONDS = 3.0
"""How often the runner asks the server for flow runs that are due."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is served: the flow's parameters, its schedule, the folder that is watched.

    ``settled`` is how many seconds a document's size and time must have stood still before it
    counts as arrived.
    """

    inbox: Path
    parameters: dict[str, str]
    cron: str
    settled: float
    verbose: bool = False


def serve_until_stopped(service: Service, api: str, log: Path, tell: Teller) -> None:
    """Serve until SIGTERM or SIGINT, with a server of our own unless one answers at ``api``.

    Raises UsageError for a schedule that is none, RunError where no server is to be had.
    """
    signal.signal(signal.SIGTERM, _exit)  # so that the server ends with us even while it starts
    prepare_prefect(console="INFO" if service.verbose else "WARNING")
    os.environ["PREFECT_API_URL"] = api  # before Prefect's first import, which reads it
    _check(service.cron)
    service.inbox.mkdir(parents=True, exist_ok=True)
    if urlsplit(api).hostname not in LOOPBACK and not answers(api):
        raise RunError(
            f"Không kết nối được máy chủ Prefect {api}. Kiểm tra mạng và máy chủ đó, "
            "hoặc bỏ cấu hình PREFECT_API_URL để chạy máy chủ ngay trên máy này."
        )
    tell.line(f"Đang khởi động máy chủ Prefect tại {api} (có thể mất nửa phút) …")
    with server(api, log):
        try:
            asyncio.run(_serve(service, api, tell))
        finally:  # a second signal must not keep the server from being ended
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _check(cron: str) -> None:
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415 takes 1.5 s

    try:
        CronSchedule(cron=cron, timezone=TIMEZONE)
    except ValueError as error:
        raise UsageError(
            f"--cron '{cron}' không phải là lịch cron. Ví dụ 6 giờ sáng hằng ngày: '0 6 * * *'."
        ) from error


def _exit(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


async def _serve(service: Service, api: str, tell: Teller) -> None:
    from prefect.runner import Runner  # noqa: PLC0415 takes 1.5 s

    runner = Runner(name=DEPLOYMENT, limit=1, query_seconds=POLL_SECONDS)
    name = await _deploy(runner, service)
    tasks = [
        asyncio.create_task(runner.start()),
        asyncio.create_task(watch(service.inbox, service.settled, _starter(name, tell))),
    ]
    while not runner.started and not tasks[0].done():  # noqa: ASYNC110 it has no event
        await asyncio.sleep(0.05)
    # Only now: Runner.start has put a handler of its own in place.
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tell.line(
        f"Sẵn sàng. Theo dõi công việc: {api.removesuffix('/api')}\n"
        f"Thư mục nhận văn bản: {service.inbox}\n"
        f"Lịch chạy: {service.cron} ({TIMEZONE}). Chạy ngay: "
        f"PREFECT_API_URL={api} prefect deployment run {name}\n"
        "Dừng: Ctrl-C."
    )
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
    tell.line("Đang dừng …")
    for task in (*tasks, stopped):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done & set(tasks):
        task.result()  # neither ends by itself: raise what ended it


async def _deploy(runner: Runner, service: Service) -> str:
    from prefect.schedules import Cron  # noqa: PLC0415
    from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

    from flows.consolidate import FLOW, consolidate  # noqa: PLC0415

    # By module path: each flow run is then a process of its own that loads the installed flow,
    # where Runner.add_flow would send it a pickled copy.
    deployment = await consolidate.ato_deployment(
        name=DEPLOYMENT,
        schedule=Cron(service.cron, timezone=TIMEZONE),
        parameters=dict(service.parameters),
        entrypoint_type=EntrypointType.MODULE_PATH,
        paused=False,
    )
    await runner.aadd_deployment(deployment)
    return f"{FLOW}/{DEPLOYMENT}"


def _starter(name: str, tell: Teller) -> Callable[[], Awaitable[bool]]:
    async def start() -> bool:
        import httpx  # noqa: PLC0415
        from prefect.deployments import arun_deployment  # noqa: PLC0415
        from prefect.exceptions import PrefectHTTPStatusError  # noqa: PLC0415

        try:
            run = await arun_deployment(name, timeout=0, as_subflow=False)
        except (httpx.HTTPError, PrefectHTTPStatusError) as error:
            tell.line(f"Chưa giao được việc cho máy chủ, sẽ thử lại ({error}).")
            return False
        tell.line(f"Có văn bản mới: đã giao việc {run.name}.")
        return True

    return start


async def watch(folder: Path, settled: float, start: Callable[[], Awaitable[bool]]) -> None:
    """Call ``start`` once whenever what lies in the folder has changed and then stood still.

    ``start`` returns whether it took place; if not, it is called again. Never returns by itself.
    """
    from watchfiles import awatch  # noqa: PLC0415

    handled = last = now = received.state(folder)
    since = time.monotonic()
    awake = False
    async for changes in awatch(folder, yield_on_timeout=True, rust_timeout=500):
        awake = awake or bool(changes)
        if not awake:
            continue
        with contextlib.suppress(FileNotFoundError):  # a subfolder that went while it was listed
            now = received.state(folder)
        if now != last:
            last, since = now, time.monotonic()
        elif now == handled:
            awake = False
        elif time.monotonic() - since >= settled and await start():
            handled, awake = now, False
