"""The log of decisions, ``$HOPNHAT_HOME/decisions.jsonl``, and what of it holds in a run."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.catalogue import Catalogue, Taught
from extractors.document import Finding
from flows.journal import Chain, Fault, Journal
from transforms.decisions import (
    LINE,
    Accept,
    Allocate,
    Correct,
    Decision,
    Document,
    Gone,
    Reject,
    Ruling,
    Settle,
    Withdraw,
    Wording,
    in_words,
    restated,
    rulings,
    taught,
    with_documents,
    with_use,
)
from transforms.reading import Restated

if TYPE_CHECKING:
    from extractors.document import Extraction
    from transforms import frames
    from transforms.matching import Matcher
    from transforms.reading import Reading

OF_FIGURE = Settle | Correct | Reject

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam's time, which has known no daylight saving since 1975: what a day is in the log."""


CHAIN: Chain[Decision] = Chain(
    of=lambda one: one.after,
    put=lambda one, before: one.model_copy(update={"after": before}),
)


@dataclass(frozen=True, slots=True)
class Log:
    """What the log holds, in its order; ``faults`` are the lines kept out."""

    decisions: tuple[Decision, ...] = ()
    faults: tuple[Fault, ...] = ()

    def taken_by(self, day: date | None) -> Log:
        """The log as it was at the end of that day, Vietnam's time; the whole log for None."""
        if day is None:
            return self
        return replace(self, decisions=tuple(one for one in self.decisions if one.at < end(day)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A finding for each line that was kept out, or that does not follow the one before it."""
        confirmed = {line for gone in self._gone() for line in gone.breaks}
        return tuple(
            Finding(_code(fault), {"line": str(fault.line), "detail": fault.detail})
            for fault in self.faults
            if fault.broken is None or fault.broken not in confirmed
        )

    @property
    def gone_documents(self) -> dict[str, datetime]:
        """The documents that were confirmed to be gone, and when."""
        return {key: one.at for one in self._gone() for key in one.documents}

    @property
    def gone_decisions(self) -> dict[str, datetime]:
        """The decisions that were confirmed to be gone, and when."""
        return {key: one.at for one in self._gone() for key in one.decisions}

    @property
    def breaks(self) -> tuple[Fault, ...]:
        """The lines before which something was edited or is missing, not confirmed yet."""
        confirmed = {line for gone in self._gone() for line in gone.breaks}
        return tuple(
            one for one in self.faults if one.broken is not None and one.broken not in confirmed
        )

    def _gone(self) -> list[Gone]:
        withdrawn = {one.decision for one in self.decisions if isinstance(one, Withdraw)}
        return [one for one in self.decisions if isinstance(one, Gone) and one.id not in withdrawn]


def _code(fault: Fault) -> str:
    if fault.broken is not None:
        return "decision-chain-broken"
    return "decision-torn" if fault.torn else "decision-unreadable"


def end(day: date) -> datetime:
    """The first moment after that day in Vietnam."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL)


def read_log(path: Path) -> Log:
    """The log; empty where there is none yet. Raises OSError, RunError where it stays locked."""
    lines, faults = Journal(path, LINE, CHAIN).read()
    decisions: dict[str, Decision] = {}
    for number, decision in lines:
        if decision.id in decisions:
            faults.append(Fault(number, f"id {decision.id} stands twice"))
        decisions.setdefault(decision.id, decision)
    return Log(tuple(decisions.values()), tuple(faults))


def append(path: Path, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Add decisions at the end, on disk when this returns; as written, each with an id of its own.

    Raises OSError, and RunError where the log stays locked.
    """
    return Journal(path, LINE, CHAIN).append(lambda there: tuple(_with_own_id(decisions, there)))


def new_id() -> str:
    """Sixteen hex digits; whether they are taken is looked up when they are written."""
    return secrets.token_hex(8)


def _with_own_id(decisions: Sequence[Decision], there: Sequence[Decision]) -> Iterator[Decision]:
    taken = {one.id for one in there}
    for each in decisions:
        own = each
        while own.id in taken:
            own = each.model_copy(update={"id": new_id()})
        taken.add(own.id)
        yield own


@dataclass(frozen=True, slots=True)
class Decided:
    """The log as a run takes it: ``wordings`` are what it teaches the catalogue, ``restated`` what
    it states of documents.
    """

    log: Log
    catalogue: Catalogue
    ruled: Mapping[str, Ruling]
    wordings: tuple[Taught, ...]
    restated: tuple[Restated, ...]

    def for_warehouse(self, read: Sequence[tuple[Extraction, Reading]]) -> list[frames.Decision]:
        """The decisions as the warehouse takes them, once all documents were read."""
        decisions, ruled = self.log.decisions, self.ruled
        if any(isinstance(one, Wording) for one in decisions):
            observations = (figure for _, reading in read for figure in reading.observations)
            ruled = with_use(decisions, ruled, observations, _matcher(self.catalogue))
        if self.restated:
            headers = [(of.sha256, of.file_name, reading.header) for of, reading in read]
            ruled = with_documents(decisions, ruled, headers, self.catalogue)
        return [_row(one, ruled.get(one.id), self.catalogue) for one in decisions]


def decided(log: Log, catalogue: Catalogue) -> Decided:
    """What the log says to this catalogue, which has been taught nothing yet."""
    if not log.decisions:
        return Decided(log, catalogue, {}, (), ())
    matcher = (
        _matcher(catalogue) if any(isinstance(one, Wording) for one in log.decisions) else None
    )
    ruled = rulings(log.decisions, catalogue, matcher)
    return Decided(
        log, catalogue, ruled, taught(log.decisions, ruled), restated(log.decisions, ruled)
    )


def _matcher(catalogue: Catalogue) -> Matcher:
    from transforms.read import vocabulary_of  # noqa: PLC0415 a log without wordings does without

    return vocabulary_of(catalogue).matcher


def _row(one: Decision, ruling: Ruling | None, catalogue: Catalogue) -> frames.Decision:
    from transforms import frames  # noqa: PLC0415 pandas and pandera take a second to load

    seen = None if isinstance(one, Allocate | Gone | Withdraw) else one.seen
    expected = seen.value if seen and isinstance(one, OF_FIGURE) else None
    return frames.Decision(
        decision=one.id,
        decided_at=one.at,
        decided_by=one.by,
        reason=one.why,
        kind=one.kind,
        document=seen.document if seen else None,
        observation=one.observation if isinstance(one, OF_FIGURE | Accept) else None,
        expected=(
            in_words(one.about, one.before, catalogue) if isinstance(one, Document) else expected
        ),
        value=one.value if isinstance(one, Correct) else None,
        others=one.others if isinstance(one, Settle | Correct) else None,
        findings=tuple(one.findings) if isinstance(one, Accept) else (),
        label=one.label if isinstance(one, Wording) else None,
        indicator=one.indicator if isinstance(one, Wording) else None,
        ruled=ruling.status if ruling else None,
        found=ruling.found if ruling else None,
        line=LINE.dump_json(one).decode(),
    )
