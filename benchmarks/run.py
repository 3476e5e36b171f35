"""How long the whole `hopnhat run` takes, as a process, from cold and unchanged.

    python -m benchmarks.run [--runs N]

Prints a table in Markdown, as it stands in README.md: least, median and most of the wall times, and
how much of it is the import of modules (of a process that only imports what a run does).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOPNHAT = Path(sys.executable).with_name("hopnhat")
NOTHING_NEW = "import flows.cli, flows.unchanged"
IMPORTS = (
    "import flows.cli, flows.pipeline, transforms.frames, transforms.narrative, "
    "warehouse.store, reports.report, reports.workbook"
)
READING = "import transforms.read, extractors.docx, extractors.pdf"
LIMITS = {"cold cache": 5.0, "unchanged": 2.5}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        measured = {
            "cold cache": times(runs, partial(run, home), partial(forget, home)),
            "documents known, all else anew": times(
                runs, partial(run, home), (home / "cache" / "last-run.json").unlink
            ),
            "unchanged": times(runs, partial(run, home)),
            "imports alone, cold cache": times(runs, lambda: python(f"{IMPORTS}; {READING}")),
            "imports alone, documents known": times(runs, lambda: python(IMPORTS)),
            "imports alone, unchanged": times(runs, lambda: python(NOTHING_NEW)),
        }
    print(f"`hopnhat run samples/inbox`, {os.cpu_count()} cores, {runs} runs each, seconds:\n")
    print("| whole process | least | median | most | limit |")
    print("|---|---|---|---|---|")
    for name, seconds in measured.items():
        row = (min(seconds), statistics.median(seconds), max(seconds))
        limit = f"{LIMITS[name]:.1f}" if name in LIMITS else ""
        print(f"| {name} | {' | '.join(f'{value:.2f}' for value in row)} | {limit} |")


def times(
    runs: int, measured: Callable[[], None], before: Callable[[], None] = lambda: None
) -> list[float]:
    """Wall times of so many calls, after one that does not count."""
    seconds = []
    for number in range(runs + 1):
        before()
        start = time.perf_counter()
        measured()
        if number:
            seconds.append(time.perf_counter() - start)
    return seconds


def forget(home: Path) -> None:
    """As on the first day, but for the operating system's own cache of files."""
    shutil.rmtree(home)
    home.mkdir()


def run(home: Path) -> None:
    subprocess.run(
        [HOPNHAT, "run", ROOT / "samples" / "inbox"],
        env=os.environ | {"HOPNHAT_HOME": str(home)},
        capture_output=True,
        check=True,
    )


def python(script: str) -> None:
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
