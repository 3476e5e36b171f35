"""Folders for temporary files that do not outlive a killed process for long.

Each is locked by who made it while it lives. Whoever makes the next one deletes those that nobody
holds any more: their owner was killed before it could.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

PREFIX: Final = "hopnhat-"
_LOCK: Final = ".owner"


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder of one's own, and the lock that says so."""

    path: Path
    lock: FileLock

    def clear(self) -> None:
        """Delete the folder; a second time does nothing."""
        self.lock.release(force=True)
        shutil.rmtree(self.path, ignore_errors=True)


def scratch_folder(purpose: str) -> Scratch:
    """A new folder in the system's place for temporary files; what the dead left there is gone."""
    _clear_orphans()
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{purpose}-"))
        lock = FileLock(path / _LOCK, thread_local=False)
        # Another process that clears up may have met the folder before it was held.
        with suppress(Timeout, FileNotFoundError):
            lock.acquire(timeout=0)
            if (path / _LOCK).is_file():
                return Scratch(path, lock)
            lock.release(force=True)


@contextmanager
def scratch(purpose: str) -> Iterator[Path]:
    """A new folder that is deleted in the end."""
    made = scratch_folder(purpose)
    try:
        yield made.path
    finally:
        made.clear()


def _clear_orphans() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        held = folder / _LOCK
        try:
            # One that has no lock yet may be about to get it.
            if not held.is_file() or (hasattr(os, "getuid") and held.stat().st_uid != os.getuid()):
                continue
            with FileLock(held, timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except (Timeout, OSError):
            continue  # its owner lives, or it is not ours to delete
