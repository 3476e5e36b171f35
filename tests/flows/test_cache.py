import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.formats import EXTRACTOR_VERSION
from flows.cache import extraction_of, write_whole
from flows.inbox import Document


def received(path: Path, content: bytes) -> Document:
    path.write_bytes(content)
    return Document(path, path.name, hashlib.sha256(content).hexdigest(), datetime.now(UTC))


def test_the_second_time_it_comes_from_the_cache(tmp_path: Path) -> None:
    document = received(tmp_path / "a.txt", b"no document")
    first, fresh = extraction_of(document, tmp_path / "cache")
    assert fresh
    again, fresh = extraction_of(document, tmp_path / "cache")
    assert not fresh
    assert again == first
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.name == f"{document.sha256}-{EXTRACTOR_VERSION}.json"


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b'{"sha256": "0"}'])
def test_a_damaged_cache_is_no_cache(tmp_path: Path, damage: bytes) -> None:
    document = received(tmp_path / "a.txt", b"no document")
    first, _ = extraction_of(document, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(damage)
    assert extraction_of(document, tmp_path / "cache") == (first, True)
    assert extraction_of(document, tmp_path / "cache") == (first, False)


def test_another_ending_is_looked_at_anew(tmp_path: Path) -> None:
    text = received(tmp_path / "a.txt", b"no document")
    extraction_of(text, tmp_path / "cache")
    renamed = received(tmp_path / "a.pdf", b"no document")
    extraction, fresh = extraction_of(renamed, tmp_path / "cache")
    assert fresh
    assert extraction.file_name == "a.pdf"


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    document = received(tmp_path / "a.txt", b"as it was hashed")
    document.path.write_bytes(b"as it was read")
    extraction, _ = extraction_of(document, tmp_path / "cache")
    assert extraction.sha256 == hashlib.sha256(b"as it was read").hexdigest()
    assert not (tmp_path / "cache").exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "new" / "file"
    write_whole(place, b"old")
    with pytest.raises(TypeError):
        write_whole(place, "not bytes")  # type: ignore[arg-type]
    assert place.read_bytes() == b"old"
    assert list(place.parent.iterdir()) == [place]
