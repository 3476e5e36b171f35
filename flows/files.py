"""Files that appear whole or not at all, readable for whom the machine's umask says."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

UNFINISHED = ".writing-"
"""How the name of a file begins that is not whole yet."""


def write_whole(path: Path, content: bytes, *, durably: bool = False) -> None:
    """Put a file in its place in one step, so that nobody ever sees half of it.

    ``durably``: on disk when this returns, so that it outlives a power failure. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = unfinished(path.parent)
    try:
        # Not by mkstemp, whose files are for their owner's eyes alone.
        descriptor = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if durably:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException as fault:
        beside.unlink(missing_ok=True)
        if isinstance(fault, OSError) and fault.filename is None:
            fault.filename = str(path)  # writing does not tell it, and who mends it has to know
        raise
    if durably:
        flush_folder(path.parent)


def unfinished(folder: Path) -> Path:
    """A name in the folder for a file that is not whole yet, which tells who is at it."""
    return folder / f"{UNFINISHED}{os.getpid()}-{secrets.token_hex(8)}"


def clear_unfinished(folder: Path) -> None:
    """Delete what killed processes of this machine have left half written."""
    for path in folder.glob(f"{UNFINISHED}*"):
        writer = path.name.removeprefix(UNFINISHED).partition("-")[0]
        if not (writer.isdecimal() and _lives(int(writer))):
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    if os.name == "nt":
        return True  # a signal would end it there; who writes holds the file anyway
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def flush_folder(folder: Path) -> None:
    """Have the folder's names on disk when this returns. Raises OSError."""
    if os.name == "nt":
        return  # Windows has no handle on a folder to flush
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
