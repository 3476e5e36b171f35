from __future__ import annotations

import io
import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extractors import pdf_pages, scan, scan_page
from extractors.document import Cell, Content, Paragraph, Table, UnreadableError
from extractors.formats import extract
from extractors.pdf_tables import Part
from tests.extractors.make_fixtures import ROWS as SPLIT_ROWS
from tests.extractors.make_scans import ROWS, SCANS

FIGURES = [[row[2], row[3]] for row in ROWS if row[2]]


def read(name: str) -> Content:
    return scan.read((SCANS / name).read_bytes())


def ruled(content: Content) -> Table:
    (table,) = [block for block in content.blocks if isinstance(block, Table) and block.ruled]
    return table


def figures(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row[2:4]] for row in table.grid()[2:] if row[2].text]


def cell_with(table: Table, text: str) -> Cell:
    (cell,) = [cell for cell in table.cells if cell.text == text]
    return cell


@pytest.fixture(scope="module")
def report() -> Content:
    return read("report.png")


@pytest.mark.programs
def test_every_figure_of_a_clean_page_is_read_surely(report):
    table = ruled(report)
    assert figures(table) == FIGURES
    read_surely = [cell.confidence > 0.9 for row in table.grid()[2:] for cell in row[2:4]]
    assert all(read_surely)


@pytest.mark.programs
def test_merged_headers_are_told_from_missing_lines(report):
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in ruled(report).cells}
    assert spans["Kết quả"] == (1, 2)
    assert spans["Nội dung chỉ tiêu"] == (2, 1)
    assert spans["Số lượng"] == (1, 1)


@pytest.mark.programs
def test_the_two_columns_of_the_letterhead_are_kept_apart(report):
    head = report.blocks[0]
    assert isinstance(head, Table)
    assert not head.ruled
    assert (head.rows, head.columns) == (1, 2)
    left, right = (cell.text.split("\n") for cell in head.cells)
    assert left == ["UBND HUYỆN MỘ ĐỨC", "ỦY BAN NHÂN DÂN", "XÃ ĐỨC NHUẬN", "Số: 112/BC-UBND"]
    assert right[-1] == "Đức Nhuận, ngày 18 tháng 6 năm 2025"


@pytest.mark.programs
def test_sentences_are_paragraphs_with_confidence(report):
    texts = [block for block in report.blocks if isinstance(block, Paragraph)]
    sentence = next(block for block in texts if block.text.startswith("Toàn xã"))
    assert "4.514/16.091 hộ đạt danh hiệu “Gia đình học tập”, đạt 28,05 %" in sentence.text
    assert 0.8 < sentence.confidence < 1
    assert [text.index for text in texts] == list(range(len(texts)))


@pytest.mark.programs
def test_a_tilted_photograph_reads_the_same_and_places_are_the_pictures_own(report):
    content = read("report.jpg")
    table = ruled(content)
    assert figures(table) == FIGURES
    upright, tilted = cell_with(ruled(report), "198,75").bbox, cell_with(table, "198,75").bbox
    turn, width, height = math.radians(1.3), 595.44, 842.04
    x, y = (upright[0] + upright[2] - width) / 2, (upright[1] + upright[3] - height) / 2
    expected = (
        x * math.cos(turn) + y * math.sin(turn) + width / 2,
        -x * math.sin(turn) + y * math.cos(turn) + height / 2,
    )
    found = ((tilted[0] + tilted[2]) / 2, (tilted[1] + tilted[3]) / 2)
    assert found == pytest.approx(expected, abs=2.5)


@pytest.mark.programs
def test_a_page_on_its_side_is_set_upright():
    assert figures(ruled(read("sideways.png"))) == FIGURES


@pytest.mark.programs
def test_a_table_goes_on_over_two_sheets_that_lie_unlike():
    content = read("two-pages.tif")
    table = ruled(content)
    assert (content.pages, table.header_rows) == (2, 2)
    assert {cell.page for cell in table.cells} == {1, 2}
    grid = table.grid()[2:]
    assert len(grid) > 10
    doubted = {(f.source.row, f.source.column) for f in content.findings}
    wrong = [
        (cell.row, cell.column)
        for row, truth in zip(grid, SPLIT_ROWS, strict=False)
        for cell, text in zip(row, truth, strict=True)
        if cell.column != 1 and cell.text != text
    ]
    assert len(wrong) <= 1
    assert set(wrong) <= doubted


@pytest.mark.programs
def test_scanned_pages_of_a_pdf_stand_among_its_pages_of_text():
    extraction = extract(SCANS / "mixed.pdf")
    assert (extraction.pages, extraction.media_type) == (2, "application/pdf")
    assert [(table.page, table.ruled) for table in extraction.tables()] == [
        (1, True),
        (2, False),
        (2, True),
    ]
    assert figures(extraction.tables()[2]) == FIGURES
    assert {cell.confidence for cell in extraction.tables()[0].cells} == {1.0}


@pytest.mark.programs
def test_what_was_taken_too_coarsely_is_asked_about():
    extraction = extract(SCANS / "coarse.pdf")
    doubted = {finding.source.text for finding in extraction.findings}
    assert {finding.code for finding in extraction.findings} == {"ocr-uncertain"}
    with_figures = [cell for cell in extraction.tables()[0].cells if cell.column == 1]
    assert {cell.text for cell in with_figures} <= doubted
    assert any("4.514" in text for text in doubted)


@pytest.mark.programs
def test_a_scribble_in_a_cell_is_asked_about(report):
    """What nobody can read is not an empty cell."""
    page = np.array(Image.open(SCANS / "report.png").convert("L"))
    box = cell_with(ruled(report), "365").bbox
    x0, top, x1, bottom = (round(side * 200 / 72) for side in box)
    across = np.arange(x0 + 20, x1 - 20)
    for phase in (0.0, 1.3, 2.9):
        down = (top + bottom) / 2 + (bottom - top) / 4 * np.sin(across / 9 + phase)
        for thick in range(-2, 3):
            page[(down + thick).astype(int), across] = 0
    target = io.BytesIO()
    Image.fromarray(page).save(target, "PNG", dpi=(200, 200))
    content = scan.read(target.getvalue())
    places = [
        (finding.source.row, finding.source.column)
        for finding in content.findings
        if finding.code == "ocr-uncertain" and finding.source.kind == "table"
    ]
    assert (9, 2) in places


@pytest.mark.programs
def test_an_empty_page_shows_nothing():
    target = io.BytesIO()
    Image.new("L", (1654, 2339), 250).save(target, "PNG", dpi=(200, 200))
    content = scan.read(target.getvalue())
    assert (content.blocks, content.findings, content.pages) == ((), (), 1)


# ---- what is missing, broken or hostile


def test_without_tesseract_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = extract(SCANS / "report.png").findings
    assert (finding.code, dict(finding.facts)) == ("program-missing", {"program": "tesseract"})
    extraction = extract(SCANS / "mixed.pdf")
    assert [finding.code for finding in extraction.findings] == ["program-missing"]
    assert [table.page for table in extraction.tables()] == [1]


def test_pages_for_which_no_time_is_left_are_named(monkeypatch):
    monkeypatch.setattr(scan, "MOST_SECONDS", -1.0)
    assert [(finding.code, finding.source.page) for finding in read("two-pages.tif").findings] == [
        ("page-without-text", 1),
        ("page-without-text", 2),
    ]
    extraction = extract(SCANS / "mixed.pdf")
    assert [table.page for table in extraction.tables()] == [1]
    (finding,) = extraction.findings
    assert (finding.code, finding.source.page) == ("page-without-text", 2)


def test_without_vietnamese_it_is_said(tmp_path, monkeypatch):
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'List of available languages (1):'\necho eng\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = extract(SCANS / "report.png").findings
    assert finding.facts["program"] == "tesseract-ocr-vie"


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableError) as fault:
        scan.read(data)
    return fault.value.finding.code


def test_a_picture_cut_short_is_said():
    assert code_of((SCANS / "report.png").read_bytes()[:9000]) == "truncated-file"
    assert code_of((SCANS / "report.jpg").read_bytes()[:9000]) == "truncated-file"


def test_a_picture_that_claims_a_billion_pixels_is_never_decoded():
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    assert code_of(data + chunk(b"IEND", b"")) == "limit-exceeded"


def test_too_many_pages_are_refused():
    pages = [Image.new("1", (8, 8))] * 201
    target = io.BytesIO()
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    assert code_of(target.getvalue()) == "limit-exceeded"


@given(st.floats(0, 2_000), st.floats(10, 20_000), st.floats(10, 20_000))
def test_pages_are_drawn_within_the_limit_of_pixels(dots, width, height):
    try:
        usable = scan.usable_dots(dots, width, height)
    except UnreadableError:
        assert width * height * (100 / 72) ** 2 > scan_page.MOST_PIXELS
    else:
        assert width * height * (usable / 72) ** 2 <= scan_page.MOST_PIXELS * 1.001
        assert 100 <= usable <= 300


# ---- readings


def settled(*readings: tuple[str, float], marks: int = 0, width: int = 60) -> tuple[str, float]:
    """What is taken where these readings were made of a print of that width, 24 pixels high."""
    word = scan_page._Word(readings[0][0], 0, 0, width, 24, readings[0][1])
    place = scan_page._padded(0, 0, width, 24)
    doubt = scan_page._Doubt([[word]], 0, place, readings=list(readings), marks=marks)
    if len(readings) > 2:
        doubt.third = [scan_page._Word(readings[2][0], 0, 0, width, 24, readings[2][1])]
    scan_page._settle(doubt)
    (taken,) = doubt.lines[0]
    return taken.text, taken.confidence


def test_two_readings_that_agree_are_surer_than_one():
    text, confidence = settled(("95,6", 0.8), ("95,6", 0.7))
    assert (text, confidence) == ("95,6", pytest.approx(0.94))


def test_two_of_three_outvote_the_third():
    text, confidence = settled(("5.014", 0.4), ("5.514", 0.95), ("5.514", 0.95), width=70)
    assert text == "5.514"
    assert 0.8 < confidence < 0.9


def test_a_reading_that_overlooked_the_comma_does_not_win_by_votes():
    _, confidence = settled(("12,5", 0.9), ("125", 0.99), ("125", 0.99))
    assert confidence <= 0.5


def test_a_point_that_is_seen_but_not_read_is_a_doubt():
    assert settled(("125", 0.99), ("125", 0.99), marks=1)[1] <= 0.5
    assert settled(("12,5", 0.99), ("12,5", 0.99), marks=1)[1] > 0.9


def test_a_print_too_wide_for_its_figure_is_a_doubt():
    assert settled(("2", 0.9), ("2", 0.9), width=32)[1] <= 0.5
    assert settled(("22", 0.9), ("22", 0.9), width=32)[1] > 0.9


@given(
    st.lists(
        st.tuples(st.text("0123456789.,", max_size=6), st.floats(0, 1)), min_size=2, max_size=3
    )
)
def test_what_is_taken_was_read_and_is_sure_only_where_two_agree(readings):
    text, confidence = settled(*readings, width=10)
    voices = [reading for reading, _ in readings]
    assert text in voices or not any(voices)
    assert 0 <= confidence <= 1
    if voices.count(text) < 2:
        assert confidence <= 0.5


def test_tables_on_two_sheets_have_the_same_columns_though_shifted():
    def part(xs, *, scanned):
        return Part(1, xs, [0.0, 10.0], [], 1, scanned=scanned)

    first, shifted, other = [80.0, 120.0, 320.0], [95.0, 137.0, 333.0], [95.0, 160.0, 333.0]
    assert pdf_pages.goes_on(part(first, scanned=True), part(shifted, scanned=True))
    assert not pdf_pages.goes_on(part(first, scanned=True), part(other, scanned=True))
    assert not pdf_pages.goes_on(part(first, scanned=False), part(shifted, scanned=False))
