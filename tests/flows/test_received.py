"""When a document was first seen, and what was known on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.decision_log import LOCAL
from flows.inbox import Document, Inbox
from flows.received import as_known_on, note

JULY = datetime(2025, 7, 1, 8, tzinfo=LOCAL)


def document(name: str, written: datetime) -> Document:
    return Document(Path(name), name, name[0] * 64, written)


OLD, NEW = document("a.docx", JULY - timedelta(days=30)), document("b.docx", JULY)


def names(inbox: Inbox, path: Path, day: date) -> list[str]:
    known, faults = as_known_on(inbox, path, day)
    assert not faults
    return [one.name for one in known.documents]


def test_each_document_is_noted_once_with_its_first_run(tmp_path: Path) -> None:
    journal = tmp_path / "received.jsonl"
    note(journal, [OLD], JULY)
    before = journal.read_bytes()
    note(journal, [OLD], JULY + timedelta(days=1))
    assert journal.read_bytes() == before
    note(journal, [OLD, NEW], JULY + timedelta(days=2))
    inbox = Inbox((OLD, NEW), ())
    assert names(inbox, journal, date(2025, 6, 30)) == []
    assert names(inbox, journal, date(2025, 7, 1)) == ["a.docx"]
    assert names(inbox, journal, date(2025, 7, 3)) == ["a.docx", "b.docx"]


def test_where_nothing_was_noted_the_file_says_when(tmp_path: Path) -> None:
    inbox = Inbox((OLD, NEW), ())
    assert names(inbox, tmp_path / "none", date(2025, 6, 30)) == ["a.docx"]


def test_an_old_file_that_came_today_was_not_known_before(tmp_path: Path) -> None:
    journal = tmp_path / "received.jsonl"
    note(journal, [NEW], JULY)
    assert names(Inbox((OLD, NEW), ()), journal, date(2025, 7, 1)) == ["b.docx"]
    today = datetime.now(UTC).astimezone(LOCAL).date()
    assert names(Inbox((OLD, NEW), ()), journal, today) == ["a.docx", "b.docx"]


def test_a_document_that_is_gone_is_said(tmp_path: Path) -> None:
    journal = tmp_path / "received.jsonl"
    note(journal, [OLD, NEW], JULY)
    known, _ = as_known_on(Inbox((NEW,), ()), journal, date(2025, 7, 1))
    assert [(one.name, one.code, one.facts) for one in known.refusals] == [
        ("a.docx", "document-gone", {"date": "01/07/2025"})
    ]
    earlier, _ = as_known_on(Inbox((NEW,), ()), journal, date(2025, 6, 30))
    assert earlier.refusals == ()


def test_a_line_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    journal = tmp_path / "received.jsonl"
    note(journal, [NEW], JULY)
    journal.write_bytes(b'{"document": 1}\n' + journal.read_bytes())
    _, faults = as_known_on(Inbox((NEW,), ()), journal, date(2025, 7, 1))
    assert [fault.line for fault in faults] == [1]
