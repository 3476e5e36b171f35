"""One run at a time on a warehouse: the second waits, says for whom, and may give up.

The lock is the system's, so that a killed run frees it. Who holds it says so in a file beside it,
which tells nothing but words for those who wait.
"""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from flows.decision_log import LOCAL
from flows.errors import RunError
from flows.files import write_whole
from flows.progress import Teller

SAID_EVERY = 30.0
"""Seconds after which who waits says again for how long it has."""


@contextmanager
def alone(warehouse: Path, tell: Teller, wait: float | None = None) -> Iterator[None]:
    """Hold the warehouse's lock, once another run has ended; None: however long that takes.

    Raises RunError when the time to wait is over.
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{warehouse}.lock")
    _acquire(lock, warehouse, tell, wait)
    holder = _holder(warehouse)
    try:
        with suppress(OSError):  # only words for others: a run can do without
            write_whole(holder, json.dumps(_self(), ensure_ascii=False).encode())
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, warehouse: Path, tell: Teller, wait: float | None) -> None:
    begin = time.monotonic()
    patience = 0.0  # the first time only to see whether there is somebody to wait for
    while True:
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            waited = time.monotonic() - begin
            if wait is not None and waited >= wait:
                raise RunError(
                    f"{_who(warehouse)} vẫn đang cập nhật {warehouse} sau {waited:.0f} giây đợi: "
                    "thôi không đợi nữa, chưa làm gì. Chạy lại sau, hoặc đợi lâu hơn: --wait."
                ) from error
            tell.line(_waiting(warehouse, waited, wait))
            patience = SAID_EVERY if wait is None else min(SAID_EVERY, wait - waited)
        else:
            return


def _waiting(warehouse: Path, waited: float, wait: float | None) -> str:
    limit = "thêm --wait GIÂY để đợi có hạn" if wait is None else f"đợi tối đa {wait:.0f} giây"
    return (
        f"{_who(warehouse)} đang cập nhật {warehouse}: đợi đến lượt, đã đợi {waited:.0f} giây … "
        f"(Ctrl-C để thôi; {limit})"
    )


def _holder(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.running.json")


def _self() -> dict[str, str]:
    with suppress(OSError, KeyError, ImportError):
        return {
            "process": str(os.getpid()),
            "user": getpass.getuser(),
            "since": datetime.now(LOCAL).isoformat(timespec="seconds"),
        }
    return {"process": str(os.getpid()), "since": datetime.now(LOCAL).isoformat()}


def _who(warehouse: Path) -> str:
    """'Một lần chạy khác (tiến trình 123, người dùng lan, bắt đầu 14:05, đã 3 phút)'."""
    known: dict[str, str] = {}
    with suppress(OSError, ValueError):
        known = json.loads(_holder(warehouse).read_bytes())
    said = []
    if "process" in known:
        said.append(f"tiến trình {known['process']}")
    if "user" in known:
        said.append(f"người dùng {known['user']}")
    with suppress(KeyError, ValueError):
        since = datetime.fromisoformat(known["since"])
        minutes = (datetime.now(LOCAL) - since).total_seconds() / 60
        said.append(f"bắt đầu {since:%H:%M %d/%m/%Y}, đã {minutes:.0f} phút")
    return "Một lần chạy khác" + (f" ({', '.join(said)})" if said else "")
