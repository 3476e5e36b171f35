"""The command, from a process that has imported the program already and forks for each call.

Each call has a process, an environment and a working folder of its own, as the installed script
has, and runs the script's own function. What is saved is importing, which takes most commands
longer than all that they do.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("catalog", "transforms")
LIBRARIES = ("docx", "docxtpl", "openpyxl", "pandera.pandas", "rapidfuzz", "typer", "xlsxwriter")


def call(
    arguments: list[str], environment: Mapping[str, str], folder: Path, seconds: float
) -> subprocess.CompletedProcess[str]:
    """What `hopnhat ARGUMENTS` does in that folder. Raises TimeoutExpired."""
    process = _process()
    assert process.stdin is not None
    assert process.stdout is not None
    with tempfile.TemporaryDirectory() as place:
        out, err = Path(place) / "out", Path(place) / "err"
        order = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(folder),
            "out": str(out),
            "err": str(err),
        }
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], seconds)[0]:
            process.kill()
            _process.cache_clear()
            raise subprocess.TimeoutExpired(arguments, seconds)
        code = int(process.stdout.readline())
        return subprocess.CompletedProcess(
            arguments, code, out.read_text("utf-8"), err.read_text("utf-8")
        )


@cache
def _process() -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # who forks has no threads
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(process.kill)
    return process


# ---- in that process


def serve() -> None:
    """Fork for each order on standard input and answer with the exit code, until it ends."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules([str(ROOT / package)], f"{package}."):
            importlib.import_module(module.name)
    for library in LIBRARIES:
        importlib.import_module(library)
    assert "duckdb" not in sys.modules  # starts a thread as it is imported
    assert "prefect" not in sys.modules  # a command without it must not find it
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(order: dict[str, object]) -> None:
    """Be the command from here on."""
    from flows.cli import main  # noqa: PLC0415

    for place, name, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["out"], os.O_WRONLY | os.O_CREAT),
        (2, order["err"], os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(str(name), how), place)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(str(order["folder"]))
    sys.argv = ["hopnhat", *order["arguments"]]
    main()


if __name__ == "__main__":
    serve()
