"""What was there when the warehouse was published and is there no longer.

A document that is taken out of the inbox, a line that is taken out of the log of decisions: the
next run would be made without it and look like any other. So each run compares what it finds with
what is published, and what has vanished blocks issuing until a person confirms it (`hopnhat decide
gone`) or it is back. What is not confirmed yet is kept in the manifest of the publication.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extractors.document import Finding
from flows.decision_log import LOCAL, Log
from flows.publication import Manifest, Missing, read_manifest
from flows.understanding import ReadDocument
from transforms.decisions import LINE, Decision

LOG = "decisions.jsonl"


@dataclass(frozen=True, slots=True)
class Vanished:
    """What has vanished and was not confirmed; ``findings`` say so, each with what it is about."""

    documents: tuple[Missing, ...] = ()
    decisions: tuple[Missing, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What the published warehouse was built from, as far as it can be told."""

    manifest: Manifest
    run: str | None = None
    documents: Sequence[Mapping[str, Any]] = ()
    decisions: Sequence[Mapping[str, Any]] = ()


def published_by(warehouse: Path, records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Published:
    """What a warehouse holds of its inputs: the rows of ``run``, ``received`` and ``logged``."""
    runs = [str(row["run"]) for row in records.get("run", ())]
    return Published(
        read_manifest(warehouse),
        runs[0] if runs else None,
        records.get("received", ()),
        records.get("logged", ()),
    )


def vanished(
    before: Published, documents: Sequence[ReadDocument], log: Log, now: datetime
) -> Vanished:
    """What of the published inputs is not among these any more."""
    gone_documents = tuple(_documents(before, documents, log, now))
    gone_decisions = tuple(_decisions(before, log, now))
    return Vanished(
        gone_documents,
        gone_decisions,
        (
            *((one.name, _of_document(one)) for one in gone_documents),
            *((LOG, _of_decision(one, log)) for one in gone_decisions),
            *_replaced(before, documents),
        ),
    )


def _documents(
    before: Published, documents: Sequence[ReadDocument], log: Log, now: datetime
) -> Iterator[Missing]:
    there = {each.extraction.sha256 for each in documents}
    there |= {each.document.sha256 for each in documents}
    replaced = {row["document"] for row, _ in _in_their_place(before, documents)}
    missed = {
        row["document"]: Missing(key=row["document"], name=row["file_name"], since=now)
        for row in before.documents
        if row["document"] not in replaced
    }
    yield from _unconfirmed(before.manifest.documents, missed, there, log.gone_documents)


def _decisions(before: Published, log: Log, now: datetime) -> Iterator[Missing]:
    """The lines of the log that are not there as they were, since their ids may stay."""
    there = {key for one in log.decisions for key in (one.id, _key(one))}
    # What was put in the place of a line that is back was nobody's decision.
    back = {one.decision for one in before.manifest.decisions if one.key in there}
    missed = {}
    for row in before.decisions:
        if row["decision"] in back:
            continue
        one = _parsed(row["line"])
        key = row["decision"] if one is None else _key(one)
        words = "" if one is None else _words(one)
        missed[key] = Missing(key=key, name=words, since=now, decision=row["decision"])
    yield from _unconfirmed(before.manifest.decisions, missed, there, log.gone_decisions)


def _unconfirmed(
    known: Iterable[Missing],
    missed: Mapping[str, Missing],
    there: set[str],
    confirmed: Mapping[str, datetime],
) -> Iterator[Missing]:
    """What is missed, since when it first was; a confirmation from before that confirms nothing."""
    for key, one in {**missed, **{one.key: one for one in known}}.items():
        if key not in there and not (key in confirmed and confirmed[key] >= one.since):
            yield one


def _in_their_place(
    before: Published, documents: Sequence[ReadDocument]
) -> Iterator[tuple[Mapping[str, Any], ReadDocument]]:
    """The published documents in whose place a newer version lies: same file name, same unit."""
    there = {each.document.sha256 for each in documents}
    named = {each.document.name: each for each in documents}
    for row in before.documents:
        now = named.get(row["file_name"])
        if (
            row["document"] not in there
            and now is not None
            and row["unit"] is not None
            and now.reading.header.unit == row["unit"]
        ):
            yield row, now


def _replaced(
    before: Published, documents: Sequence[ReadDocument]
) -> Iterator[tuple[str, Finding]]:
    for row, _ in _in_their_place(before, documents):
        yield row["file_name"], Finding("document-replaced", unit=row["unit"])


def _of_document(one: Missing) -> Finding:
    return Finding("document-vanished", {"date": f"{one.since.astimezone(LOCAL):%d/%m/%Y}"})


def _of_decision(one: Missing, log: Log) -> Finding:
    now = next((each for each in log.decisions if each.id == one.decision), None)
    facts = {"id": one.key, "what": one.name}
    if now is None:
        return Finding("decision-vanished", facts)
    return Finding("decision-changed", facts | {"now": _words(now)})


def _key(one: Decision) -> str:
    """Sixteen hex digits of what a line says, the same whatever a later version adds to it."""
    return hashlib.sha256(LINE.dump_json(one, exclude_none=True)).hexdigest()[:16]


def _words(one: Decision) -> str:
    from flows.deciding import described  # noqa: PLC0415 most runs have nothing to say of it

    return "; ".join(described(one))


def _parsed(line: str | None) -> Decision | None:
    try:
        return None if line is None else LINE.validate_json(line)
    except ValidationError:
        return None  # of a version that wrote other lines: nothing to compare with
