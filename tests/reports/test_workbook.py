from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

import example
import openpyxl
import pytest

import warehouse
from catalog.model import RollUp
from reports.book import (
    CONFLICTS,
    CUT,
    DIRECTIVES,
    FIGURES,
    FINDINGS,
    INDICATORS,
    LONGEST,
    OPERANDS,
    PASSAGES,
    SIDES,
    SUMMARY,
    exact_text,
)
from reports.workbook import METHODS, fill_workbook


@pytest.fixture(scope="module")
def book(workbook):
    return openpyxl.load_workbook(workbook)


def rows(sheet) -> list[dict[str, object]]:
    """The sheet's rows by the titles of its columns."""
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_sheets(book):
    assert book.sheetnames == [
        SUMMARY,
        FIGURES,
        OPERANDS,
        SIDES,
        CONFLICTS,
        FINDINGS,
        PASSAGES,
        DIRECTIVES,
        INDICATORS,
    ]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref is not None
        assert sheet.print_title_rows == "$1:$1"


def test_same_facts_same_bytes(workbook, tmp_path):
    again = tmp_path / "again.xlsx"
    fill_workbook(example.facts(), example.catalogue(), again)
    assert again.read_bytes() == workbook.read_bytes()


def test_figures_are_numbers_with_equation_and_reason(book):
    found = {row["Mã số liệu"]: row for row in rows(book[FIGURES])}
    rate = found["long-phung/gia-dinh/2025-06-30/result"]
    assert rate["Giá trị"] == 78.618212
    assert rate["Giá trị đủ chữ số"] is None
    assert rate["Phép tính"] == "(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %"
    assert rate["Cách gộp"] == "tổng tử số chia tổng mẫu số"
    assert rate["Trạng thái"] == "đủ"
    assert rate["Thời điểm"] == datetime(2025, 6, 30)  # noqa: DTZ001 - a cell has no zone
    missing = found["long-phung/dong-ho/2025-06-30/result"]
    assert missing["Giá trị"] is None
    assert (missing["Cận dưới"], missing["Cận trên"]) == (61.24, 70.31)
    assert missing["Vì sao"] == "thiếu mẫu số của xã Thắng Lợi; trong khoảng 61,24 – 70,31"


def test_each_figure_leads_to_its_operands(book):
    figures, operands = book[FIGURES], book[OPERANDS]
    titles = [cell.value for cell in figures[1]]
    for row in figures.iter_rows(min_row=2):
        key, link = row[0].value, row[titles.index("Toán hạng")]
        count = sum(line[0].value == key for line in operands.iter_rows(min_row=2))
        if not count:
            assert link.value == "không có"
            continue
        assert link.value == f"{count} toán hạng"
        sheet, cell = link.hyperlink.location.split("!")
        assert sheet.strip("'") == OPERANDS
        assert operands[cell].value == key
        above = operands.cell(operands[cell].row - 1, 1).value
        assert above != key


def test_operands_have_their_place_as_a_reader_counts(book):
    first = next(row for row in rows(book[OPERANDS]) if row["Đơn vị báo cáo"] == "xã Đức Nhuận")
    assert first["Tệp"] == "duc-nhuan.docx"
    assert (first["Trang"], first["Bảng"], first["Cột"]) == (None, 3, 5)
    assert first["Nguyên văn"] == "100"


def test_former_units_stand_side_by_side(book):
    side = next(
        row
        for row in rows(book[SIDES])
        if (row["Chỉ tiêu"], row["Loại số liệu"]) == ("Gia đình học tập", "tử số")
    )
    assert [side[f"xã {name}"] for name in ("Đức Hiệp", "Đức Nhuận", "Thắng Lợi")] == [
        1204,
        987,
        1530,
    ]
    assert side["xã Long Phụng (hợp nhất)"] == 3721


def test_both_sides_of_a_conflict_have_their_places(book):
    found = [(row["Số trong văn bản"], row["Bảng"], row["Hàng"]) for row in rows(book[CONFLICTS])]
    assert found == [(82, 3, 13), (81, None, 41)]


def test_merged_paragraphs_name_all_their_origins(book):
    found = [row for row in rows(book[PASSAGES]) if (row["Mục"], row["Đoạn"]) == ("I.1", 1)]
    assert [row["Gốc: tệp"] for row in found] == [f"{unit}.docx" for unit in example.FORMER]
    assert {row["Loại"] for row in found} == {"chung"}


def test_directives_and_findings_are_all_there(book):
    facts = example.facts()
    assert [row["Số, ký hiệu"] for row in rows(book[DIRECTIVES])] == [
        cited.number for cited in facts.directives
    ]
    assert [row["Mã"] for row in rows(book[FINDINGS])] == ["conflict", "hidden-content"]
    assert [row["Chặn ban hành"] for row in rows(book[FINDINGS])] == ["có", None]


def test_the_summary_says_what_blocks_and_what_to_do(book):
    text = "\n".join(
        str(cell) for line in book[SUMMARY].iter_rows(values_only=True) for cell in line if cell
    )
    assert "BẢN NHÁP: còn 1 vấn đề chặn ban hành" in text
    assert "1. Chọn số liệu đúng cho 1 mâu thuẫn ở trang tính “Mâu thuẫn”." in text
    assert "duc-nhuan.pdf, trang 7, bảng 3, hàng 13, cột 5" in text


@pytest.mark.parametrize(
    "risky",
    [
        '=HYPERLINK("http://x","y")',
        "+1+1",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\x00=1+1",
        "{=1}",
        "http://example.org",
        "1234",
        "00012",
    ],
)
def test_text_is_text_whatever_it_looks_like(tmp_path, risky):
    facts = example.facts()
    operand = replace(facts.operands[0], text=risky, file_name=risky)
    path = tmp_path / "x.xlsx"
    fill_workbook(replace(facts, operands=(operand,)), example.catalogue(), path)
    sheet = openpyxl.load_workbook(path)[OPERANDS]
    titles = [cell.value for cell in sheet[1]]
    cells = [sheet.cell(2, titles.index(title) + 1) for title in ("Nguyên văn", "Tệp")]
    for cell in cells:
        assert cell.data_type == "s"
        assert re.sub(r"[\s\x00]", "", cell.value) == re.sub(r"[\s\x00]", "", risky)
        if risky.strip("\x00")[0] in "=+-@\t\r":
            assert cell.quotePrefix
    with zipfile.ZipFile(path) as package:
        assert not any("<f>" in package.read(name).decode() for name in package.namelist())


def test_numbers_that_excel_would_round_are_written_out_too(tmp_path):
    value = "99999999999999999.999999"
    figure = example.figure("so-lop", "count", value, unit_of_measure="đồng")
    path = tmp_path / "x.xlsx"
    facts = replace(example.facts(), figures=(figure,))
    fill_workbook(facts, example.catalogue(), path)
    (row,) = rows(openpyxl.load_workbook(path)[FIGURES])
    assert row["Giá trị"] == pytest.approx(1e17)
    assert row["Giá trị đủ chữ số"] == "99.999.999.999.999.999,999999"


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        (Decimal(0), "complete", "chưa đạt ngưỡng"),
        (None, "missing-count", "chưa đủ để xét"),
        (None, None, None),
    ],
)
def test_an_attainment_says_what_the_pooled_counts_say(tmp_path, value, status, words):
    pooled = {"pooled_value": value, "pooled_status": status, "pooled_equation": "269/300"}
    figure = replace(example.figure("xmc-2", "result", "100"), **pooled)
    path = tmp_path / "x.xlsx"
    fill_workbook(replace(example.facts(), figures=(figure,)), example.catalogue(), path)
    (row,) = rows(openpyxl.load_workbook(path)[FIGURES])
    assert (row["Giá trị"], row["Theo số liệu gộp"]) == (100, words)
    assert row["Ngưỡng và số liệu gộp"] == "269/300"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("78.618212", None),
        ("123456789012345", None),
        ("100000000000000000", "100.000.000.000.000.000"),
        ("1234567890.123456", "1.234.567.890,123456"),
    ],
)
def test_fifteen_digits_are_what_excel_keeps(value, text):
    assert exact_text(None if value is None else Decimal(value)) == text


def test_text_longer_than_a_cell_is_cut_and_says_so(tmp_path):
    facts = example.facts()
    path = tmp_path / "x.xlsx"
    operand = replace(facts.operands[0], text="ă" * 40_000)
    fill_workbook(replace(facts, operands=(operand,)), example.catalogue(), path)
    (row,) = rows(openpyxl.load_workbook(path)[OPERANDS])
    assert len(row["Nguyên văn"]) == LONGEST
    assert row["Nguyên văn"].endswith(CUT)


def test_an_empty_warehouse_gives_a_workbook(tmp_path):
    empty = replace(
        example.facts(),
        figures=(),
        operands=(),
        parts=(),
        coverage=(),
        disagreements=(),
        doubts=(),
        passages=(),
        directives=(),
        documents=(),
    )
    path = tmp_path / "x.xlsx"
    fill_workbook(empty, example.catalogue(), path)
    assert len(openpyxl.load_workbook(path).sheetnames) == 9
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.xlsx"]


def test_every_method_of_the_warehouse_has_its_words():
    model = Path(warehouse.__file__).parent / "marts" / "10_operand.sql"
    (case,) = re.findall(
        r"case\s+when measure = 'target'.*?end as method", model.read_text("utf-8"), re.DOTALL
    )
    named = set(re.findall(r"(?:then|else) '([a-z-]+)'", case)) | set(get_args(RollUp))
    assert "agree" in named
    assert named <= set(METHODS)
