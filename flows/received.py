"""When each document was first seen: ``$HOPNHAT_HOME/received.jsonl``.

A file's own time says when it was last written, wherever that was; when it reached us is known
only from the first run that saw it. Deleting the file loses nothing but that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter

from flows.decision_log import LOCAL, end
from flows.inbox import Document, Inbox, Refusal
from flows.journal import Fault, Journal
from transforms.decisions import Line, Sha256


class FirstSeen(Line):
    """A document's hash, the name it came under, and the start of the first run that saw it."""

    document: Sha256
    file_name: str
    at: AwareDatetime


LINE: TypeAdapter[FirstSeen] = TypeAdapter(FirstSeen)


def note(path: Path, documents: Sequence[Document], now: datetime) -> None:
    """Add the documents that the file does not know yet. Raises OSError and RunError."""

    def unknown(there: Sequence[FirstSeen]) -> list[FirstSeen]:
        known = {one.document for one in there}
        return [
            FirstSeen(document=one.sha256, file_name=one.name, at=now)
            for one in documents
            if one.sha256 not in known
        ]

    Journal(path, LINE).append(unknown)


def as_known_on(inbox: Inbox, path: Path, day: date) -> tuple[Inbox, list[Fault]]:
    """The inbox as it was known at the end of that day in Vietnam, and unreadable lines.

    A document was known if a run had seen it by then; where no run has noted any, if its file was
    last written by then. One that was known and is no longer there is a refusal.
    """
    lines, faults = Journal(path, LINE).read()
    seen: dict[str, FirstSeen] = {}
    for _, one in lines:
        seen.setdefault(one.document, one)
    there = {one.sha256 for one in inbox.documents}

    def known(document: Document) -> bool:
        if first := seen.get(document.sha256):
            return first.at < end(day)
        since = document.received_at if not seen else datetime.now(UTC)
        return since < end(day)

    gone = tuple(
        Refusal(
            one.file_name,
            "document-gone",
            {"date": f"{one.at.astimezone(LOCAL):%d/%m/%Y}"},
        )
        for one in seen.values()
        if one.document not in there and one.at < end(day)
    )
    documents = tuple(one for one in inbox.documents if known(one))
    return replace(inbox, documents=documents, refusals=(*inbox.refusals, *gone)), faults
