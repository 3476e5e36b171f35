from __future__ import annotations

import io
import struct
import zipfile

import pytest

from extractors import archive
from extractors.archive import Archive, parse_xml
from extractors.document import UnreadableError
from tests.extractors.making import zipped

HOSTILE = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


def code(fault: pytest.ExceptionInfo[UnreadableError]) -> tuple[str, str]:
    return fault.value.finding.code, fault.value.finding.facts.get("limit", "")


def test_parts_are_found_whatever_their_case_and_separator():
    opened = Archive(zipped({"word/Document.xml": b"<a/>"}))
    assert "/word\\document.XML" in opened
    assert opened.read("word/document.xml") == b"<a/>"


def test_a_part_that_inflates_too_much_for_its_size_is_refused():
    bomb = zipped({"word/document.xml": b"\0" * (archive.FREE_BYTES + 2**20)})
    assert len(bomb) < 20_000
    with pytest.raises(UnreadableError) as fault:
        Archive(bomb).read("word/document.xml")
    assert code(fault) == ("archive-limit", "ratio")


def test_small_parts_may_inflate_as_they_like():
    text = b" " * (archive.FREE_BYTES - 1)
    assert Archive(zipped({"a": text})).read("a") == text


def test_the_limit_on_bytes_is_shared_by_all_parts(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 3000)
    opened = Archive(zipped({str(number): b"x" * 1000 for number in range(4)}))
    with pytest.raises(UnreadableError) as fault:
        opened.inflate_all()
    assert code(fault) == ("archive-limit", "bytes")


def test_a_part_has_a_limit_of_its_own(monkeypatch):
    monkeypatch.setattr(archive, "MOST_PART_BYTES", 999)
    with pytest.raises(UnreadableError) as fault:
        Archive(zipped({"a": b"x" * 1000})).read("a")
    assert code(fault) == ("archive-limit", "part bytes")


def test_too_many_entries_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    with pytest.raises(UnreadableError) as fault:
        Archive(zipped({str(number): b"" for number in range(4)}))
    assert code(fault) == ("archive-limit", "entries")


def test_a_lie_about_the_size_is_found_while_inflating():
    data = bytearray(zipped({"a": b"x" * 100_000}))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 10)
    with pytest.raises(UnreadableError) as fault:
        Archive(bytes(data)).read("a")
    assert code(fault)[0] == "truncated-file"


@pytest.mark.parametrize("keep", [0.2, 0.9])
def test_a_cut_archive_is_told(keep):
    data = zipped({"a": b"x" * 1000, "b": bytes(range(256)) * 9})
    with pytest.raises(UnreadableError) as fault:
        Archive(data[: int(len(data) * keep)])
    assert code(fault)[0] == "truncated-file"


def test_a_damaged_part_is_told():
    data = bytearray(zipped({"a": bytes(range(256)) * 9}))
    data[40:60] = b"\xff" * 20
    with pytest.raises(UnreadableError) as fault:
        Archive(bytes(data)).read("a")
    assert code(fault)[0] == "truncated-file"


def test_a_part_that_needs_a_password_is_told():
    data = bytearray(zipped({"a": b"x"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableError) as fault:
        Archive(bytes(data)).read("a")
    assert code(fault)[0] == "encrypted-file"


def test_a_missing_part_is_told():
    with pytest.raises(UnreadableError) as fault:
        Archive(zipped({})).read("a")
    assert code(fault)[0] == "part-missing"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_doctype_is_refused_in_any_encoding(encoding):
    with pytest.raises(UnreadableError) as fault:
        parse_xml(HOSTILE.encode(encoding), "part")
    assert code(fault)[0] == "doctype-refused"


@pytest.mark.parametrize("encoding", ["utf-7", "utf-32", "cp037", "cp500"])
def test_encodings_that_hide_a_doctype_are_refused(encoding):
    data = f'<?xml version="1.0" encoding="{encoding}"?>{HOSTILE}'.encode(encoding)
    with pytest.raises(UnreadableError) as fault:
        parse_xml(data, "part")
    assert code(fault)[0] in {"xml-fault", "doctype-refused"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_office_parts_are_read(encoding):
    data = f'<?xml version="1.0" encoding="{encoding[:6].strip("-")}"?><x>Đức</x>'.encode(encoding)
    assert parse_xml(data, "part").text == "Đức"


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a/><b/>", b"<" + b"a" * 3, b"<a>" * 3000])
def test_what_is_not_well_formed_or_too_deep_is_told(data):
    with pytest.raises(UnreadableError) as fault:
        parse_xml(data, "part")
    assert code(fault)[0] == "xml-fault"


def test_all_parts_are_looked_at_for_libraries_that_open_the_container():
    with pytest.raises(UnreadableError) as fault:
        Archive(zipped({"xl/sharedStrings.xml": HOSTILE})).inflate_all()
    assert code(fault)[0] == "doctype-refused"


def test_overlapping_names_take_the_first_entry():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a", b"first")
        made.writestr("A", b"second")
    assert Archive(stream.getvalue()).read("a") == b"first"
