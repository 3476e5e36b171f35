"""A run whose inputs have not changed has nothing to do: its result is there already.

The result is a function of documents, decisions, catalogue, program and what was issued. After a
run, a fingerprint of all of them is kept in ``cache/`` with the state of the files that the run
wrote; while both stay, the run is not made again. Deleting ``cache/``, the warehouse or a report
has it made anew.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from flows import pipeline
from flows.cache import sealed, unsealed
from flows.files import write_whole
from flows.inbox import look_into
from flows.pipeline import Order, Outcome, ReadAll
from flows.progress import Teller
from flows.publication import read_manifest

PROGRAM = Path(__file__).parent.parent
LAYERS = ("catalog", "extractors", "transforms", "warehouse", "reports", "flows")

Place = tuple[int, int, int]
"""A file's size, time of change in nanoseconds, and inode."""


class LastRun(BaseModel):
    """What is kept of a run: of what it was made, what it wrote, what it said."""

    inputs: str
    files: dict[str, Place]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """What there is after a run was asked for; ``made`` if it was made for that."""

    outcome: Outcome
    made: bool


def run_if_changed(
    order: Order,
    tell: Teller,
    *,
    read_all: ReadAll | None = None,
    wait: float | None = None,
) -> Result:
    """As :func:`flows.pipeline.run`, or the last run's outcome if nothing has changed since.

    Raises RunError.
    """
    kept = order.home.cache / "last-run.json"
    inputs = _fingerprint(order)
    last = _load(kept)
    is_whole = not read_manifest(order.warehouse).coming
    if (
        is_whole
        and last is not None
        and last.inputs == inputs
        and last.files == _files(last.outcome, order)
    ):
        tell.line("Không có gì thay đổi từ lần chạy trước: kết quả giữ nguyên.")
        return Result(last.outcome, made=False)
    outcome = pipeline.run(order, read_all=read_all, tell=tell, wait=wait)
    if inputs is not None and outcome.lasting:
        done = LastRun(
            inputs=inputs, files=_files(outcome, order), outcome=replace(outcome, fresh=0)
        )
        write_whole(kept, sealed(done.model_dump_json().encode()))
    return Result(outcome, made=True)


def _fingerprint(order: Order) -> str | None:
    """Digest of all that the result depends on; None where the run itself has to say what is wrong.

    Taken before the run: what changes while it works is a change for the next one.
    """
    try:
        inbox = look_into(order.inbox)
        digest = hashlib.sha256(
            repr((order.parameters(), inbox, order.home.limits, sys.version)).encode()
        )
        past = () if order.as_known_on is None else (order.home.received,)
        issued = sorted(order.home.issued.glob("*/manifest.json"))
        for path in (order.home.decisions, *past, *issued, *_own(order), *_program()):
            if path.is_file():
                digest.update(f"\0{path}\0".encode(errors="surrogateescape"))
                digest.update(path.read_bytes())
    except OSError:
        return None
    return digest.hexdigest()


def _own(order: Order) -> Iterator[Path]:
    """The data folder's own catalogue and templates."""
    for folder in (order.home.path / "catalog", order.home.templates):
        yield from sorted(folder.rglob("*"))


def _program() -> Iterator[Path]:
    """The program and the catalogue as shipped, and which library is there in which version."""
    for layer in LAYERS:
        yield from sorted(
            path for path in (PROGRAM / layer).rglob("*") if "__pycache__" not in path.parts
        )
    for folder in map(Path, sys.path):
        if folder.name == "site-packages":
            yield from sorted(folder.glob("*.dist-info/RECORD"))


def _files(outcome: Outcome, order: Order) -> dict[str, Place]:
    """The state of the files that a run wrote; one that is gone has none."""
    state = {}
    for path in (order.warehouse, outcome.report, outcome.workbook):
        if path.is_file():
            status = path.stat()
            state[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return state


def _load(kept: Path) -> LastRun | None:
    try:
        return LastRun.model_validate_json(unsealed(kept.read_bytes()), strict=False)
    except (OSError, ValueError):
        return None
