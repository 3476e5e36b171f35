"""A Prefect API: whether one answers, and one of our own on loopback that surely ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from flows.errors import RunError

SECONDS_TO_START = 180
"""A cold start with an empty `PREFECT_HOME` takes 25 s on two cores; an old office PC is slower."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def answers(api: str, *, seconds: float = 5) -> bool:
    """Whether a Prefect API is healthy at this URL (``http://host:port/api``)."""
    local = urlsplit(api).hostname in LOOPBACK
    opener = urllib.request.build_opener(
        *([urllib.request.ProxyHandler({})] if local else [])  # a proxy cannot reach loopback
    )
    try:
        with opener.open(f"{api.rstrip('/')}/health", timeout=seconds) as response:
            return bool(response.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


@contextmanager
def server(api: str, log: Path) -> Iterator[bool]:
    """A Prefect server at a loopback URL while the context lasts; True if it is our own.

    A server that already answers there is used and left alone. Raises RunError where none comes up.
    """
    if answers(api):
        yield False
        return
    place = urlsplit(api)
    command = (sys.executable, "-m", "prefect", "server", "start")
    where = ("--host", place.hostname or LOOPBACK[0], "--port", str(place.port or 80))
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 our own interpreter, no shell
            (*command, *where),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that one signal reaches all that it starts
        )
    try:
        _wait(api, process, log)
        yield True
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started, and see it end: asked twice, then killed.

    Prefect's processes have been seen to ignore one SIGTERM.
    """
    for number, seconds in ((signal.SIGTERM, 10), (signal.SIGTERM, 5), (signal.SIGKILL, 30)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        break
    process.wait()


def _wait(api: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(api, seconds=2):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text("utf-8", "replace").strip().splitlines()[-3:]
            raise RunError(
                f"Máy chủ Prefect không khởi động được tại {api}: {' '.join(tail)} "
                f"Xem {log}; nếu cổng đã có chương trình khác dùng, hãy chọn cổng khác (--port)."
            )
        time.sleep(0.3)
