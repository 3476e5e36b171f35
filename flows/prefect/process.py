"""Processes that surely end: with their parent, however it ends, and with all that they started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

MOST_LOGGED = 5 * 2**20
"""Bytes from which a log is set aside when its process starts; the one before is overwritten."""

_PR_SET_PDEATHSIG = 1
_SECONDS_BETWEEN_LOOKS = 1.0


def start(
    module: str, *arguments: str, environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a module of ours in a process group of its own; what it prints goes to the log's end.

    To be called from the main thread: the system takes the thread that starts a process for its
    parent (:func:`end_with_parent`).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.is_file() and log.stat().st_size > MOST_LOGGED:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 our own interpreter, no shell
            (sys.executable, "-m", module, *arguments),
            env={**environment, "PARENT_OF_HOPNHAT": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that one signal reaches all that it starts
        )


def end_with_parent() -> None:
    """Have this process killed as soon as the one that started it (:func:`start`) is gone.

    Nothing here is left half by that: what was published is whole at any moment.
    """
    parent = int(os.environ.pop("PARENT_OF_HOPNHAT", "0"))
    if not parent or sys.platform == "win32":
        return  # started by hand; or Windows, which does not tell
    if sys.platform == "linux":
        # prctl(2); it fails nowhere that Python runs.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # gone before we asked
        os._exit(1)
    if sys.platform != "linux":
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started, and see it end: asked twice, then killed.

    Prefect's processes have been seen to ignore one SIGTERM.
    """
    asked: Sequence[tuple[signal.Signals, float]] = (
        (signal.SIGTERM, 10),
        (signal.SIGTERM, 5),
        (signal.SIGKILL, 30),
    )
    for number, seconds in asked:
        if not _signal(process, number):
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        break
    _signal(process, signal.SIGKILL)  # what it may have left behind
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Whether there was somebody in the process's group to send it to."""
    if sys.platform == "win32":
        process.terminate()
        return process.poll() is None
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS: only the ended process is left in it
        return False
    return True
