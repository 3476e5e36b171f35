from __future__ import annotations

import re
import subprocess
import time
from dataclasses import replace
from datetime import date

import docx
import example
import golden
import pytest
from lxml import etree

from reports.lint import lint
from reports.package import read_package
from reports.pdf import write_pdf
from reports.report import marked, place, render_report, report_fields
from reports.workbook import fill_workbook

BODY = "word/document.xml"
INTRO = "xã Long Phụng gồm các xã Đức Hiệp, Đức Nhuận và Thắng Lợi (văn bản chỉ đạo tại Phụ lục I)."


def text_of(report) -> str:
    return "".join(etree.fromstring(read_package(report)[BODY]).itertext())


def test_the_parts_are_the_golden_ones(draft):
    for name, content in golden.parts(draft).items():
        assert content == (golden.GOLDEN / name).read_bytes(), f"{name}: see golden.py"


def test_same_facts_same_bytes(draft, tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 4e9)
    again = render_report(example.facts(), example.catalogue(), tmp_path)
    assert again.name == "bao-cao-long-phung-xa-hoi-hoc-tap.docx"
    assert again.read_bytes() == draft.read_bytes()


def test_a_draft_is_stamped_on_every_page_and_says_what_blocks(draft, final):
    for report, stamped in ((draft, True), (final, False)):
        parts = read_package(report)
        headers = [parts[f"word/header{n}.xml"].decode() for n in (1, 2)]
        assert all(('string="BẢN NHÁP"' in header) is stamped for header in headers)
        assert ("CHƯA ĐỦ ĐIỀU KIỆN BAN HÀNH" in text_of(report)) is stamped
        assert ("duc-nhuan.pdf, trang 7, bảng 3, hàng 13, cột 5" in text_of(report)) is stamped
        # Every section shows one of the two headers on its first page and on the others.
        sections = etree.fromstring(parts[BODY]).iter("{*}sectPr")
        assert all(len(section.findall("{*}headerReference")) == 2 for section in sections)


def test_the_outline_is_the_report_types_and_every_paragraph_has_an_origin():
    facts, catalogue = example.facts(), example.catalogue()
    fields = report_fields(facts, catalogue)
    report = catalogue.reports["xa-hoi-hoc-tap"]
    headings = [part["van_ban"] for part in fields.noi_dung if part["loai"] != "doan"]
    assert headings[:4] == [
        "I. Tình hình chung",
        "1. Thuận lợi",
        "2. Khó khăn",
        "II. Kết quả thực hiện",
    ]
    assert headings[-2:] == ["a) Phương thức triển khai", "III. Kiến nghị"]
    own = {passage.text for passage in facts.passages}
    template = {
        INTRO,
        report.no_content,
    }
    paragraphs = [part["van_ban"] for part in fields.noi_dung if part["loai"] == "doan"]
    assert set(paragraphs) == own | template
    assert len(paragraphs) == len(facts.passages) + 2


def test_a_paragraph_that_the_template_says_already_stands_once():
    passage = replace(
        example.facts().passages[0],
        path=["I"],
        text=INTRO,
        origin="template",
        origins=[],
    )
    facts = replace(example.facts(), passages=(passage,))
    fields = report_fields(facts, example.catalogue())
    assert [part["van_ban"] for part in fields.noi_dung].count(passage.text) == 1


def test_a_paragraph_under_a_heading_that_the_outline_lacks_is_not_lost():
    passage = replace(example.facts().passages[0], path=["IX"], heading="Khác", text="Đoạn lạ.")
    facts = replace(example.facts(), passages=(*example.facts().passages, passage))
    parts = report_fields(facts, example.catalogue()).noi_dung
    assert [part["van_ban"] for part in parts[-2:]] == ["IX. Khác", "Đoạn lạ."]


def test_directives_are_grouped_by_kind_and_stand_in_order_of_date():
    groups = report_fields(example.facts(), example.catalogue()).phu_luc_1["nhom"]
    assert [group["ten"] for group in groups] == ["Quyết định", "Kế hoạch"]
    first, unknown = groups[0]["van_ban"]
    assert (first["so_ky_hieu"], first["ngay"]) == ("1373/QĐ-TTg", "30/07/2021")
    assert first["xa_cu"] == "Đức Hiệp, Đức Nhuận, Thắng Lợi"
    assert (unknown["so_ky_hieu"], unknown["ngay"]) == ("chưa rõ", "chưa rõ")
    assert [line["thu_tu"] for group in groups for line in group["van_ban"]] == ["1", "2", "3"]


def test_without_directives_the_annex_says_so(tmp_path):
    report = render_report(replace(example.facts(), directives=()), example.catalogue(), tmp_path)
    assert "Các xã cũ không nêu văn bản chỉ đạo nào." in text_of(report)


def test_the_columns_are_the_report_types():
    annex = report_fields(example.facts(), example.catalogue()).phu_luc_2
    assert annex["cot"]["ket_qua"] == "Kết quả đến tháng 06/2025 (tỷ lệ %)"
    assert annex["dong"][0] == {
        "la_nhom": True,
        "thu_tu": "I",
        "noi_dung": "Xóa mù chữ và phổ cập giáo dục",
        "muc_tieu": "",
        "ket_qua": "",
        "ghi_chu": "",
    }
    assert [row["thu_tu"] for row in annex["dong"]][:6] == ["I", "1", "2", "3", "4", "II"]


def test_closing_signs_are_the_decrees():
    fields = report_fields(example.facts(), example.catalogue())
    assert fields.can_cu == (
        "Căn cứ Quyết định số 1373/QĐ-TTg;",
        "Thực hiện Công văn số 154/SGDĐT-GDTXHSSV.",
    )
    assert fields.ket_thuc[-1].endswith("kính báo cáo./.")
    assert fields.noi_nhan == ("Như trên;", "CT, các PCT UBND xã;", "Lưu: VT, VHXH.")
    assert [marked(mark) for mark in ("II", "4", "4.1", "a", "đ")] == [
        "II.",
        "4.",
        "4.1.",
        "a)",
        "đ)",
    ]


def test_places_count_as_a_reader_counts():
    doubts = example.facts().doubts
    assert place(doubts[0]) == "duc-nhuan.pdf, trang 7, bảng 3, hàng 13, cột 5"
    assert place(doubts[1]) == "thang-loi.docx, đoạn 5"
    assert place(replace(doubts[1], file_name=None, row=None)) == "toàn bộ báo cáo"


def test_drawn_lines_are_as_long_as_the_decree_wants(final):
    body = etree.fromstring(read_package(final)[BODY])
    length = {
        drawn.find("{*}docPr").get("name"): int(drawn.find("{*}extent").get("cx")) / 12700
        for drawn in body.iter("{*}inline")
    }
    # Widths in Times New Roman bold: 'Độc lập - Tự do - Hạnh phúc' at 14 pt, 'XÃ LONG PHỤNG' at 13.
    assert length["Đường kẻ dưới tiêu ngữ"] == pytest.approx(170.8, abs=2)
    assert 110.5 / 3 <= length["Đường kẻ dưới tên cơ quan"] <= 110.5 / 2


def test_core_properties_come_from_the_inputs(draft):
    core = read_package(draft)["docProps/core.xml"].decode()
    assert "<dc:creator>UBND xã Long Phụng</dc:creator>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2025-06-30T12:00:00Z"}


def test_control_characters_are_stripped(tmp_path):
    passage = replace(example.facts().passages[0], text="một\x00\x0b\x1f\ufffe hai\r\nba\tbốn")
    report = render_report(
        replace(example.facts(), passages=(passage,)), example.catalogue(), tmp_path
    )
    assert "một haiba bốn" in text_of(report)


@pytest.mark.programs
@pytest.mark.parametrize("blocking", [True, False])
def test_libreoffice_shows_the_pages_and_fonts(blocking, draft, final, tmp_path):
    pdf = write_pdf(draft if blocking else final, tmp_path)
    shown = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    pages = int(re.search(r"Pages:\s+(\d+)", shown)[1])
    assert pages == (6 if blocking else 5)
    assert "A4" in shown
    fonts = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0].partition("+")[2] for line in fonts.splitlines()[2:]}
    # Liberation Serif is metrically Times New Roman, and stands for it where that is not installed.
    assert names
    assert all(name.startswith(("LiberationSerif", "TimesNewRoman")) for name in names)
    texts = [
        subprocess.run(
            ["pdftotext", "-f", str(page), "-l", str(page), "-layout", pdf, "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for page in range(1, pages + 1)
    ]
    numbers = [text.strip().split("\n")[0].strip() for text in texts]
    body = numbers[1:] if blocking else numbers
    assert not body[0].isdigit()
    assert body[1:3] == ["2", "3"]
    assert [number for number in body if number.startswith("Phụ lục")] == [
        "Phụ lục I",
        "Phụ lục II",
    ]
    assert all(("BẢN NHÁP" in text) is blocking for text in texts)


def test_two_hundred_indicators_of_twelve_communes(tmp_path):
    facts = example.facts(rates=200, units=9)
    catalogue = example.catalogue(200, 9)
    assert len(facts.former_units) == 12
    report = render_report(facts, catalogue, tmp_path)
    fill_workbook(facts, catalogue, tmp_path / "doi-chieu.xlsx")
    longest = max(len(table.rows) for table in docx.Document(str(report)).tables)
    assert longest >= 200


def test_the_output_passes_lint(draft, final):
    for report in (draft, final):
        failed = {
            result.rule: result.messages for result in lint(report) if result.outcome == "fail"
        }
        assert failed == {}


def test_as_of_of_another_day_changes_the_words_that_name_it():
    facts = replace(example.facts(), as_of=date(2024, 12, 31))
    annex = report_fields(facts, example.catalogue()).phu_luc_2
    assert annex["cot"]["ket_qua"] == "Kết quả đến tháng 12/2024 (tỷ lệ %)"
