from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import formats
from extractors.document import Cell, Extraction, Finding, Paragraph, Source, Table
from extractors.formats import DOCX, extract, from_json, sniff, to_json
from tests.extractors.making import docx_parts, make_docx, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAMPLE = make_docx("<w:p><w:r><w:t>xã Đức Hiệp</w:t></w:r></w:p>")


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def codes(extraction: Extraction) -> list[str]:
    return [finding.code for finding in extraction.findings]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"", "application/octet-stream"),
        (SAMPLE, DOCX),
        (
            zipped(docx_parts("", kind="macro")),
            "application/vnd.ms-word.document.macroEnabled.12",
        ),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\n\n%PDF-1.4\n", "application/pdf"),
        (b"{\\rtf1\\ansi}", "application/rtf"),
        (b"\xef\xbb\xbf<html><body>", "text/html"),
        ("<!-- x --><!DOCTYPE HTML>".encode("utf-16"), "text/html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "multipart/related"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        ("Xin chào".encode(), "text/plain"),
        (b"\x89PNG\r\n\x1a\n\0", "image/png"),
        (b"\xff\xd8\xff\xe0\0\0JFIF", "image/jpeg"),
        (b"MM\0*\0\0", "image/tiff"),
        (zipped({"a.txt": b"x"}), "application/zip"),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}),
            "application/vnd.oasis.opendocument.text",
        ),
        (b"\0\1\2\3" * 9, "application/octet-stream"),
    ],
)
def test_the_type_is_told_from_the_bytes(data, media_type):
    assert sniff(data) == media_type


def test_a_document_is_read_whatever_its_ending(tmp_path):
    extraction = extract(written(tmp_path, "bao-cao.pdf", SAMPLE))
    assert [block.text for block in extraction.paragraphs()] == ["xã Đức Hiệp"]
    assert (extraction.media_type, extraction.pages) == (DOCX, None)
    assert codes(extraction) == ["wrong-ending"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", b"", "empty-file"),
        ("a.docx", b"\0\0 \n", "empty-file"),
        ("a.docx", SAMPLE[: len(SAMPLE) // 2], "truncated-file"),
        ("a.pdf", "Không phải PDF".encode(), "unsupported-format"),
        ("a.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", "truncated-file"),
        ("a.doc", OLE, "truncated-file"),
        ("a.docx", zipped({"[Content_Types].xml": "<!DOCTYPE a><a/>"}), "doctype-refused"),
        ("a.docx", zipped({**docx_parts(""), "word/document.xml": "<a>"}), "xml-fault"),
        ("a.zip", zipped({"a": b"x"}), "unsupported-format"),
    ],
)
def test_a_fault_of_the_document_is_a_finding(tmp_path, name, data, code):
    extraction = extract(written(tmp_path, name, data))
    assert codes(extraction)[-1] == code
    assert extraction.blocks == ()
    assert len(extraction.sha256) == 64


def test_a_cut_docx_is_still_known_to_be_one(tmp_path):
    extraction = extract(written(tmp_path, "a.docx", SAMPLE[:-30]))
    assert (extraction.media_type, codes(extraction)) == (DOCX, ["truncated-file"])


def test_what_is_no_regular_file_is_not_opened(tmp_path):
    target = written(tmp_path, "a.docx", SAMPLE)
    link = tmp_path / "link.docx"
    link.symlink_to(target)
    os.mkfifo(tmp_path / "fifo.docx")
    assert codes(extract(link)) == ["link-refused"]
    for path in (tmp_path / "fifo.docx", tmp_path, Path("/dev/zero")):
        assert codes(extract(path)) == ["not-a-regular-file"]
    assert codes(extract(tmp_path / "none.docx")) == ["file-missing"]


def test_a_file_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "MOST_FILE_BYTES", 100)
    assert codes(extract(written(tmp_path, "a.docx", SAMPLE))) == ["file-too-large"]


def test_a_fault_of_the_program_keeps_its_words(tmp_path, monkeypatch):
    def broken(_: bytes) -> None:
        raise ZeroDivisionError("somewhere")

    monkeypatch.setattr("extractors.docx.read", broken)
    (finding,) = extract(written(tmp_path, "a.docx", SAMPLE)).findings
    assert finding == Finding("unreadable-file", {"detail": "ZeroDivisionError: somewhere"})


def test_every_row_of_the_format_table_names_a_function():
    for media_type, row in formats.FORMATS.items():
        assert callable(formats.reader_of(media_type)), row


@settings(deadline=None)
@given(st.binary(max_size=600) | st.binary(max_size=200).map(lambda data: SAMPLE[:900] + data))
def test_no_bytes_whatever_raise(data):
    from tempfile import TemporaryDirectory  # noqa: PLC0415 tmp_path is not made anew an example

    with TemporaryDirectory() as folder:
        extraction = extract(written(Path(folder), "a.bin", data))
    assert extraction.blocks or extraction.findings


BOX = (1.0, 2.5, 3.0, 4.25)
WHOLE = Extraction(
    sha256="a" * 64,
    file_name="báo cáo.pdf",
    media_type="application/pdf",
    pages=2,
    extractor="pdf/1",
    blocks=(
        Paragraph(
            0, "Đức Hiệp", page=1, bbox=BOX, bold=True, level=2, original="§øc", confidence=0.5
        ),
        Table(
            index=0,
            rows=1,
            columns=2,
            cells=(
                Cell(0, 0, "95,6%", column_span=2, page=2, bbox=BOX, value="95.6", hidden=True),
            ),
            parent=(1, 2, 3),
            sheet="Biểu 1",
            ruled=False,
        ),
    ),
    findings=(Finding("conflict", {"a": "b"}, Source("table", "x", row=1), "duc-hiep", "x"),),
)


def test_an_extraction_survives_the_cache():
    assert from_json(to_json(WHOLE)) == WHOLE


@pytest.mark.parametrize("data", [b"", b"{}", to_json(WHOLE)[:-9], b'{"sha256": 1}'])
def test_a_damaged_cache_entry_is_told(data):
    with pytest.raises(ValueError):
        from_json(data)
