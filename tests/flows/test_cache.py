from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.loader import load_catalogue
from extractors.document import OF_THE_MOMENT, Extraction, Finding
from extractors.formats import EXTRACTOR_VERSION, to_json
from extractors.sandbox import Limits, LostError, Readers
from flows.cache import is_lasting, keep_extraction, kept_extraction, sealed
from flows.inbox import Document
from flows.settings import Home
from flows.understanding import Known, ReadDocument, Understood, read_all, read_one, understand
from tests.support.commune_reports import write_report
from transforms.reading import Header, Reading

LIMITS = Limits()
KNOWN = Known.of(load_catalogue(), ())


class Here(Readers):
    """Readers without a process: the work is done here, unless ``answer`` is what it gives."""

    def __init__(self, answer: Callable[[Path], Extraction] | LostError | None = None) -> None:
        super().__init__(1, at_once=False)
        self.answer = answer

    def call(self, work: Any, *given: Any, **named: Any) -> Any:
        if isinstance(self.answer, LostError):
            raise self.answer
        if self.answer is not None:
            extraction = self.answer(given[0])
            return Understood(extraction, Reading(Header()), kept=to_json(extraction))
        return work(*given, **named)


def received(path: Path, content: bytes) -> Document:
    path.write_bytes(content)
    return document(path)


def document(path: Path) -> Document:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(path, path.name, digest, datetime.now(UTC))


def read(document: Document, home: Path, readers: Readers | None = None) -> ReadDocument:
    return read_one(document, home=Home(home), known=KNOWN, readers=readers or Here())


def kept_files(home: Path) -> list[Path]:
    return sorted(path for path in (home / "cache").rglob("*") if path.is_file())


def test_the_second_time_it_comes_from_the_cache(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    first = read(text, tmp_path)
    assert first.fresh
    assert read(text, tmp_path) == replace(first, fresh=False)
    (kept,) = kept_files(tmp_path)
    assert kept.name == f"{text.sha256}-{EXTRACTOR_VERSION}.json"


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b'{"sha256": "0"}'])
def test_a_damaged_cache_is_no_cache(tmp_path: Path, damage: bytes) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    first = read(text, tmp_path)
    (kept,) = kept_files(tmp_path)
    kept.write_bytes(damage)
    assert read(text, tmp_path) == first
    assert read(text, tmp_path) == replace(first, fresh=False)


def test_a_changed_value_in_valid_json_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    write_report(path, "Đức Hiệp", [("Tổng số hộ", "hộ", "1.511")], number=1)
    report = document(path)
    first = read(report, tmp_path)
    assert [str(one.value) for one in first.reading.observations] == ["1511"]
    extraction, reading = kept_files(tmp_path)
    for place in (extraction, reading):
        entry = place.read_bytes()
        changed = entry.replace(b"1.511", b"9.511").replace(b'"1511"', b'"9511"')
        assert changed != entry
        json.loads(changed.partition(b"\n")[2])
        place.write_bytes(changed)
    assert read(report, tmp_path) == first


def test_another_ending_is_looked_at_anew(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    read(text, tmp_path)
    renamed = received(tmp_path / "a.pdf", b"no document")
    again = read(renamed, tmp_path)
    assert again.fresh
    assert again.extraction.file_name == "a.pdf"


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"as it was hashed")
    text.path.write_bytes(b"as it was read")
    extraction = read(text, tmp_path).extraction
    assert extraction.sha256 == hashlib.sha256(b"as it was read").hexdigest()
    assert not (tmp_path / "cache").exists()


def test_documents_keep_their_order_whatever_is_known_already(tmp_path: Path) -> None:
    documents = [received(tmp_path / f"{n}.txt", f"text {n}".encode()) for n in range(5)]
    read(documents[1], tmp_path)
    read(documents[4], tmp_path)
    found = list(read_all(documents, Home(tmp_path), KNOWN))
    assert [each.document for each in found] == documents
    assert [each.fresh for each in found] == [True, False, True, True, False]


def met(text: Document, *findings: Finding) -> Callable[[Path], Extraction]:
    plain = understand(text.path, text.name, KNOWN.packed, ()).extraction
    return lambda _: replace(plain, findings=findings)


def test_what_came_up_against_a_limit_is_kept_for_that_limit_alone(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    slow = Here(LostError("time", "60 s"))
    assert read(text, tmp_path, slow).fresh
    again = read(text, tmp_path, slow)
    assert (again.fresh, again.is_lasting) == (False, True)
    more = replace(LIMITS, seconds=2 * LIMITS.seconds)
    assert kept_extraction(text, tmp_path / "cache", more) is None


@pytest.mark.parametrize(
    "lost", [LostError("busy", "60 s"), LostError("killed", "-9"), LostError("crashed", "-11")]
)
def test_a_child_that_was_lost_by_no_fault_of_the_document_proves_nothing(
    tmp_path: Path, lost: LostError
) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    for _ in range(2):
        one = read(text, tmp_path, Here(lost))
        assert (one.fresh, one.is_lasting) == (True, False)
    assert not kept_files(tmp_path)
    assert read(text, tmp_path).is_lasting


@pytest.mark.parametrize(
    "finding",
    [
        Finding("program-missing"),
        Finding("file-missing"),
        Finding("reading-interrupted", {"detail": "OSError: [Errno 28]"}),
        Finding("unreadable-file", {OF_THE_MOMENT: "program"}),
        Finding("limit-exceeded", {"limit": "seconds", OF_THE_MOMENT: "time"}),
    ],
)
def test_what_says_something_of_the_machine_is_not_kept(tmp_path: Path, finding: Finding) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    for _ in range(2):
        one = read(text, tmp_path, Here(met(text, finding)))
        assert (one.fresh, one.is_lasting) == (True, False)


def test_only_what_was_sealed_is_believed(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    extraction = understand(text.path, text.name, KNOWN.packed, ()).extraction
    assert is_lasting(extraction, text)
    keep_extraction(extraction, to_json(extraction), text, tmp_path / "cache", LIMITS)
    (place,) = kept_files(tmp_path)
    assert place.read_bytes() == sealed(to_json(extraction))
    place.write_bytes(to_json(extraction))  # as versions before the checksum wrote it
    assert kept_extraction(text, tmp_path / "cache", LIMITS) is None
