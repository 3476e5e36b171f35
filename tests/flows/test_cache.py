import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.document import Extraction, Finding
from extractors.formats import EXTRACTOR_VERSION, extract
from extractors.sandbox import Limits
from flows.cache import extraction_of, extractions_of, write_whole
from flows.inbox import Document

LIMITS = Limits()


def received(path: Path, content: bytes) -> Document:
    path.write_bytes(content)
    return Document(path, path.name, hashlib.sha256(content).hexdigest(), datetime.now(UTC))


def read(document: Document, cache: Path, limits: Limits = LIMITS) -> tuple[Extraction, bool]:
    ((extraction, fresh),) = extractions_of([document], cache, limits)
    return extraction, fresh


def test_the_second_time_it_comes_from_the_cache(tmp_path: Path) -> None:
    document = received(tmp_path / "a.txt", b"no document")
    first, fresh = read(document, tmp_path / "cache")
    assert fresh
    again, fresh = read(document, tmp_path / "cache")
    assert not fresh
    assert again == first
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.name == f"{document.sha256}-{EXTRACTOR_VERSION}.json"


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b'{"sha256": "0"}'])
def test_a_damaged_cache_is_no_cache(tmp_path: Path, damage: bytes) -> None:
    document = received(tmp_path / "a.txt", b"no document")
    first, _ = read(document, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(damage)
    assert read(document, tmp_path / "cache") == (first, True)
    assert read(document, tmp_path / "cache") == (first, False)


def test_another_ending_is_looked_at_anew(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    read(text, tmp_path / "cache")
    renamed = received(tmp_path / "a.pdf", b"no document")
    extraction, fresh = read(renamed, tmp_path / "cache")
    assert fresh
    assert extraction.file_name == "a.pdf"


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    document = received(tmp_path / "a.txt", b"as it was hashed")
    document.path.write_bytes(b"as it was read")
    extraction, _ = read(document, tmp_path / "cache")
    assert extraction.sha256 == hashlib.sha256(b"as it was read").hexdigest()
    assert not (tmp_path / "cache").exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "new" / "file"
    write_whole(place, b"old")
    with pytest.raises(TypeError):
        write_whole(place, "not bytes")  # type: ignore[arg-type]
    assert place.read_bytes() == b"old"
    assert list(place.parent.iterdir()) == [place]


def test_documents_keep_their_order_whatever_is_known_already(tmp_path: Path) -> None:
    documents = [received(tmp_path / f"{n}.txt", f"text {n}".encode()) for n in range(5)]
    read(documents[1], tmp_path / "cache")
    read(documents[4], tmp_path / "cache")
    found = list(extractions_of(documents, tmp_path / "cache", LIMITS))
    assert [extraction.file_name for extraction, _ in found] == [each.name for each in documents]
    assert [fresh for _, fresh in found] == [True, False, True, True, False]


def answering(document: Document, code: str, extractor: str) -> Callable[[Path], Extraction]:
    plain = extract(document.path)
    return lambda _: replace(plain, extractor=extractor, findings=(Finding(code),))


def test_what_came_up_against_a_limit_is_kept_for_that_limit_alone(tmp_path: Path) -> None:
    document = received(tmp_path / "a.txt", b"no document")
    slow = answering(document, "limit-exceeded", "sandbox/1")
    cache, more = tmp_path / "cache", replace(LIMITS, seconds=2 * LIMITS.seconds)
    assert extraction_of(document, cache, LIMITS, slow)[1]
    assert not extraction_of(document, cache, LIMITS, slow)[1]
    assert extraction_of(document, cache, more, slow)[1]


@pytest.mark.parametrize(
    ("code", "extractor"),
    [("program-missing", "legacy/1"), ("unreadable-file", "sandbox/1")],
)
def test_what_says_something_of_the_machine_is_not_kept(
    tmp_path: Path, code: str, extractor: str
) -> None:
    document = received(tmp_path / "a.txt", b"no document")
    answer = answering(document, code, extractor)
    for _ in range(2):
        assert extraction_of(document, tmp_path / "cache", LIMITS, answer)[1]
