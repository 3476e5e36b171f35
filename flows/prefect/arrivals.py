"""What is to do: what lies in the inbox, or was decided, and is not in the published warehouse.

That is decided by comparing the two, never by remembering what was handed on: at the start, when
something has changed, every minute. So nothing is lost with a message, a restart, a failed run or a
share that was gone for a while. The folder is looked at, not listened to: network shares tell of no
changes, and a watch ends silently when a folder is mounted anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.decision_log import read_log
from flows.errors import RunError, reason
from flows.inbox import Document, Inbox, Refusal, look_into, receive_file, state
from flows.pipeline import records
from warehouse.store import is_current

Place = tuple[int, int, int]
"""A file's size, time of change in nanoseconds, and inode."""

Known = frozenset[tuple[str, str]]
"""Things by what they are (``document``, ``decision``, a refusal's code) and what names them."""

MOST_OF_THE_TIME = 50
"""Looking at a slow share takes at most one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: documents are taken up once nothing has changed for ``settled``, or ``at_most``
    after the first change; ``rescan`` is how often all is compared although nothing changed.
    """

    settled: float = 5.0
    at_most: float = 60.0
    rescan: float = 60.0


@dataclass(frozen=True, slots=True)
class Todo:
    """What the published warehouse lacks, and what it has that is there no more."""

    new: Known
    gone: Known

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)

    def __str__(self) -> str:
        counts = (
            (_of("document", self.new), "văn bản mới hoặc đã đổi"),
            (_of("document", self.gone), "văn bản không còn"),
            (_of("decision", self.new), "quyết định mới"),
            (_of("decision", self.gone), "quyết định không còn trong sổ"),
        )
        others = len(self.new | self.gone) - sum(number for number, _ in counts)
        told = [f"{number} {words}" for number, words in counts if number]
        return ", ".join([*told, *([f"{others} tệp không nhận được"] if others else [])])


def _of(what: str, known: Known) -> int:
    return sum(kind == what for kind, _ in known)


class Arrivals:
    """The inbox and the log of decisions, looked at again and again against a warehouse."""

    def __init__(self, inbox: Path, decisions: Path, warehouse: Path, timing: Timing) -> None:
        self._inbox, self._decisions, self._warehouse = inbox, decisions, warehouse
        self._timing = timing
        self._seen: object = None
        self._changed_at: float | None = None
        self._quiet_since = 0.0
        self._next_look = 0.0
        self._next_rescan = 0.0
        self._received: dict[Path, tuple[Place | None, Document | Refusal]] = {}
        self._published: tuple[Place | None, Known] | None = None

    def again(self) -> None:
        """Compare at the next look, whatever has changed."""
        self._next_rescan = 0.0

    def look(self) -> Todo | None:
        """What is to do; None while it is not time to compare, or while files still arrive.

        Raises RunError with what keeps us from comparing; the next look tries again.
        """
        now = time.monotonic()
        if now < self._next_look:
            return None
        try:
            seen = (state(self._inbox), _place(self._decisions))
        except OSError as error:
            raise self._unreachable(error) from error
        finally:
            self._next_look = now + MOST_OF_THE_TIME * (time.monotonic() - now)
        if seen != self._seen:
            self._seen, self._quiet_since = seen, now
            self._changed_at = now if self._changed_at is None else self._changed_at
        if self._changed_at is None:
            if now < self._next_rescan:
                return None
        elif (
            now - self._quiet_since < self._timing.settled
            and now - self._changed_at < self._timing.at_most
        ):
            return None
        self._changed_at = None
        self._next_rescan = now + self._timing.rescan
        return self._compared()

    def _compared(self) -> Todo:
        try:
            inbox = look_into(self._inbox, self._receive)
        except OSError as error:
            raise self._unreachable(error) from error
        there, published = self._there(inbox), self._in_warehouse()
        if not inbox.documents and (number := _of("document", published)):
            raise RunError(
                f"Thư mục nhận văn bản {self._inbox} trống, trong khi kho đã công bố có {number} "
                "văn bản: giữ nguyên kho. Nếu là ổ mạng, ổ rời, hãy kiểm tra kết nối; chương trình "
                "tự xem lại."
            )
        if not inbox.documents and not inbox.refusals:
            return Todo(frozenset(), frozenset())  # nothing has arrived yet
        return Todo(there - published, published - there)

    def _there(self, inbox: Inbox) -> Known:
        # The same bytes under a second name are nothing new.
        refused = {(one.code, one.name) for one in inbox.refusals if one.code != "duplicate-file"}
        decided = {("decision", one.id) for one in read_log(self._decisions).decisions}
        return frozenset({("document", one.sha256) for one in inbox.documents} | refused | decided)

    def _in_warehouse(self) -> Known:
        """What the published warehouse was made of, read anew once it has been replaced.

        Nothing, where there is none, or one that cannot be read or is of an older version: a run
        makes it anew.
        """
        place = _place(self._warehouse)
        if self._published is None or self._published[0] != place:
            rows: Sequence[dict[str, str]] = []
            try:
                if place is not None and is_current(self._warehouse):
                    rows = records(self._warehouse, "published")
            except duckdb.Error:  # damaged, or not to be opened now: it is looked at again
                return frozenset()
            self._published = place, frozenset((row["what"], row["id"]) for row in rows)
        return self._published[1]

    def _receive(self, path: Path, name: str) -> Document | Refusal:
        """The file, read anew only if it is not as it was when it was last read."""
        place = _place(path)
        known = self._received.get(path)
        if place is None or known is None or known[0] != place:
            known = place, receive_file(path, name)
            self._received[path] = known
        return known[1]

    def _unreachable(self, error: OSError) -> RunError:
        return RunError(
            f"Không mở được thư mục nhận văn bản {self._inbox}: {reason(error)}. Kho đã công bố "
            "giữ nguyên; hãy kiểm tra ổ đĩa, ổ mạng. Chương trình tự xem lại."
        )


def _place(path: Path) -> Place | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
