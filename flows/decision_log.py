"""The log of decisions, ``$HOPNHAT_HOME/decisions.jsonl``: append-only, one JSON object a line.

Whoever reads or writes holds its lock, so that two people writing at once lose nothing. What a
crash has left of a line that was never acknowledged is said and kept out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import ValidationError

from extractors.document import Finding
from flows.errors import RunError
from transforms.decisions import LINE, Decision

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam's time, which has known no daylight saving since 1975: what a day is in the log."""
SECONDS_TO_WAIT = 60
"""A writer holds the lock for milliseconds; who holds it longer has hung."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is no decision; ``torn``: what a crash has left of the last one."""

    line: int
    detail: str
    torn: bool = False

    @property
    def finding(self) -> Finding:
        """The fault as a finding on the log."""
        code: Literal["decision-torn", "decision-unreadable"]
        code = "decision-torn" if self.torn else "decision-unreadable"
        return Finding(code, {"line": str(self.line), "detail": self.detail})


@dataclass(frozen=True, slots=True)
class Log:
    """What the log holds, in its order; ``faults`` are the lines kept out."""

    decisions: tuple[Decision, ...] = ()
    faults: tuple[Fault, ...] = ()

    def taken_by(self, day: date | None) -> Log:
        """The log as it was at the end of that day, Vietnam's time; the whole log for None."""
        if day is None:
            return self
        end = datetime.combine(day + timedelta(days=1), time(), LOCAL)
        return replace(self, decisions=tuple(one for one in self.decisions if one.at < end))


def read_log(path: Path) -> Log:
    """The log; empty where there is none yet. Raises OSError, RunError where it stays locked."""
    if not path.exists():
        return Log()
    with _locked(path):
        return _parse(path.read_bytes())


def append(path: Path, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Add decisions at the end, on disk when this returns; as written, each with an id of its own.

    A torn last line is moved to ``decisions.jsonl.torn`` first. Raises OSError and RunError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        with os.fdopen(descriptor, "r+b") as file:
            content = file.read()
            _set_torn_line_aside(path, content)
            whole = content[: _end(content)]
            known = {one.id for one in _parse(whole).decisions}
            written = tuple(_with_own_id(decisions, known))
            lines = b"".join(LINE.dump_json(one, exclude_defaults=False) + b"\n" for one in written)
            ended = b"" if not whole or whole.endswith(b"\n") else b"\n"
            file.truncate(len(whole))
            file.seek(len(whole))
            file.write(ended + lines)
            file.flush()
            os.fsync(file.fileno())
        _flush(path.parent)
    return written


def new_id() -> str:
    """Sixteen hex digits; whether they are taken is looked up when they are written."""
    return secrets.token_hex(8)


def _with_own_id(decisions: Sequence[Decision], known: set[str]) -> Iterator[Decision]:
    taken = set(known)
    for each in decisions:
        own = each
        while own.id in taken:
            own = each.model_copy(update={"id": new_id()})
        taken.add(own.id)
        yield own


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        with FileLock(f"{path}.lock", timeout=SECONDS_TO_WAIT):
            yield
    except Timeout as error:
        raise RunError(
            f"Một chương trình khác giữ {path} quá lâu. Đóng chương trình đó rồi làm lại."
        ) from error


def _parse(content: bytes) -> Log:
    decisions: list[Decision] = []
    faults: list[Fault] = []
    known: set[str] = set()
    lines = content.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            decision = LINE.validate_json(line)
        except ValidationError as error:
            torn = number == len(lines) and not line.endswith(b"\n")
            faults.append(Fault(number, _detail(error), torn))
            continue
        if decision.id in known:
            faults.append(Fault(number, f"id {decision.id} stands twice"))
            continue
        known.add(decision.id)
        decisions.append(decision)
    return Log(tuple(decisions), tuple(faults))


def _detail(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _end(content: bytes) -> int:
    """Where the last whole line ends: a line without its line feed counts if it is a decision."""
    tail = content[content.rfind(b"\n") + 1 :]
    if not tail.strip():
        return len(content) - len(tail)
    try:
        LINE.validate_json(tail)
    except ValidationError:
        return len(content) - len(tail)
    return len(content)


def _set_torn_line_aside(path: Path, content: bytes) -> None:
    torn = content[_end(content) :]
    if torn.strip():
        with path.with_name(f"{path.name}.torn").open("ab") as file:
            file.write(torn + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle on a folder to flush
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
