"""What a run says while it works: on a terminal a progress bar, elsewhere lines that matter."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

from flows.masking import masked

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Verdict = Literal["read", "doubtful", "failed"]
"""How reading a document ended: without a warning, with warnings, with an error."""

WORDS: dict[Verdict, str] = {"read": "đọc được", "doubtful": "còn nghi ngờ", "failed": "lỗi"}


class Teller(Protocol):
    """Hears how the run gets on."""

    def stage(self, words: str) -> None:
        """A stage begins."""

    def documents(self, number: int) -> None:
        """So many documents are going to be read."""

    def document(self, name: str, verdict: Verdict) -> None:
        """One of them has been read."""

    def line(self, words: str) -> None:
        """Something that a person has to know even when nobody watches."""


class Lines:
    """Tells only what matters, a line each on stderr: for pipes, logs and schedules."""

    def stage(self, words: str) -> None:
        """Nothing."""

    def documents(self, number: int) -> None:
        """Nothing."""

    def document(self, name: str, verdict: Verdict) -> None:
        """Nothing."""

    def line(self, words: str) -> None:
        """Print the line."""
        sys.stderr.write(f"{masked(words)}\n")
        sys.stderr.flush()


class Patient(Lines):
    """Tells the same for ever: who lives for months does not end because a log has no room."""

    def line(self, words: str) -> None:
        """Print the line, if that is possible now."""
        with contextlib.suppress(OSError):  # there is nowhere left to say it
            super().line(words)


class Bar:
    """Tells on a terminal: the stage, file n of N, counts, time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task("", total=None)
        self._counts: Counter[Verdict] = Counter()

    def stage(self, words: str) -> None:
        """Show the stage."""
        self._progress.update(self._task, description=words)

    def documents(self, number: int) -> None:
        """Show how far it is."""
        self._progress.update(self._task, total=number)

    def document(self, name: str, verdict: Verdict) -> None:
        """Show the file's name and the counts so far."""
        self._counts[verdict] += 1
        counts = ", ".join(f"{self._counts[each]} {words}" for each, words in WORDS.items())
        self._progress.update(self._task, description=f"{name} ({counts})", advance=1)

    def line(self, words: str) -> None:
        """Print the line above the bar."""
        self._progress.console.print(masked(words), markup=False, highlight=False)


@contextmanager
def teller() -> Iterator[Teller]:
    """The bar if stderr is a terminal, else the lines."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console  # noqa: PLC0415 only a terminal pays for it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)  # honours NO_COLOR
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bar(progress)
