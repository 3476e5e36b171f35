from __future__ import annotations

import ctypes
import io
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from extractors import pdf
from extractors.document import Content, Paragraph, Table, UnreadableError
from extractors.pdf_page import Page, open_document
from extractors.pdf_tables import fill_parts, find_parts
from tests.extractors import make_fixtures as made

FIXTURES = Path(__file__).parent / "fixtures"


def read(name: str) -> Content:
    return pdf.read((FIXTURES / f"{name}.pdf").read_bytes())


def paragraphs(content: Content) -> list[str]:
    return [block.text for block in content.blocks if isinstance(block, Paragraph)]


def tables(content: Content) -> list[Table]:
    return [block for block in content.blocks if isinstance(block, Table)]


def shown(table: Table) -> list[list[str | None]]:
    return [[cell and cell.text for cell in row] for row in table.grid()]


def test_wrapped_lines_become_the_paragraphs_that_were_written():
    texts = paragraphs(read("report"))
    items = ["- Nâng cao nhận thức của người dân về việc học;", "- Mở thêm 5 lớp học."]
    parts = ["I. KẾT QUẢ THỰC HIỆN", "II. PHƯƠNG HƯỚNG, NHIỆM VỤ", "III. KIẾN NGHỊ"]
    expected = [text for part in parts for text in (part, *made.SENTENCES * 3, *items)]
    assert texts[2:] == expected


def test_the_columns_of_a_header_block_are_not_mixed():
    content = read("report")
    block = content.blocks[0]
    assert isinstance(block, Table)
    assert not block.ruled
    left, right = block.cells
    assert left.text.split("\n") == [
        "UBND HUYỆN MỘ ĐỨC",
        "ỦY BAN NHÂN DÂN",
        "XÃ ĐỨC NHUẬN",
        "Số: 112/BC-UBND",
    ]
    assert right.text.replace("\nNAM", " NAM").split("\n") == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Đức Nhuận, ngày 18 tháng 6 năm 2025",
    ]


def test_page_numbers_and_running_footers_are_left_out():
    everything = str(read("report").blocks)
    assert "Báo cáo năm 2024" not in everything
    assert not any(text.isdigit() for text in paragraphs(read("report")))


def test_a_table_over_pages_is_one_with_one_header():
    content = read("split-table")
    (table,) = tables(content)
    assert shown(table) == made.HEADER + made.ROWS
    assert table.header_rows == 2
    assert [(c.text, c.row_span, c.column_span) for c in table.cells[:4]] == [
        ("TT", 2, 1),
        ("Nội dung chỉ tiêu", 2, 1),
        ("Kết quả", 1, 2),
        ("Ghi chú", 2, 1),
    ]
    assert paragraphs(content) == made.SENTENCES[:2]
    assert content.findings == ()


def test_each_cell_keeps_its_own_page_and_place():
    (table,) = tables(read("split-table"))
    pages = [cell.page for cell in table.cells if cell.column == 0]
    assert pages == sorted(pages)
    assert set(pages) == set(range(1, 7))
    for cell in table.cells:
        x0, top, x1, bottom = cell.bbox
        assert 0 <= x0 < x1 <= 596
        assert 0 <= top < bottom <= 842


def test_a_row_split_over_pages_is_one_row():
    (table,) = tables(read("split-row"))
    grid = shown(table)
    assert len(grid) == 32
    assert grid[30] == ["31", made.TALL.strip(), "74,77"]
    assert grid[31] == ["32", "Chỉ tiêu cuối", "100"]


def test_a_titled_table_on_the_next_page_is_its_own():
    first, second = tables(read("separate-tables"))
    for part, table in ((1, first), (2, second)):
        expected = [[str(n), f"Chỉ tiêu {part}.{n}", "95,6"] for n in range(1, 35)]
        assert shown(table) == expected


@pytest.mark.parametrize("name", ["landscape", "rotated", "turned"])
def test_landscape_rotated_and_turned_pages_read_alike(name):
    (table,) = tables(read(name))
    assert shown(table) == made.HEADER + made.ROWS[:6]


def test_texts_that_run_upwards_and_downwards():
    (table,) = tables(read("vertical-headers"))
    assert shown(table) == [["Thôn", "Số hộ", "Tỷ lệ đạt"], ["Thôn 1", "168", "96"]]


def test_a_table_without_rules():
    content = read("unruled")
    (table,) = tables(content)
    assert shown(table) == made.UNRULED
    assert not table.ruled
    assert {cell.confidence for cell in table.cells} == {0.9}
    assert paragraphs(content) == made.SENTENCES[:2]


def test_columns_that_stand_close_are_told_by_the_white_between_their_figures():
    content = read("close-columns")
    table = tables(content)[1]
    assert [cell.text for cell in table.cells if cell.row > 1] == [
        text for row in made.CLOSE[2:] for text in row
    ]
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in table.cells if cell.row == 0}
    assert spans == {
        "Thôn": (2, 1),
        "Số hộ": (2, 1),
        "Gia đình học tập": (1, 2),
        "Ghi chú": (2, 1),
    }
    assert not table.ruled
    assert paragraphs(content) == [made.SENTENCES[0], *made.SENTENCES]


def test_raised_marks_never_become_digits():
    content = read("raised-marks")
    assert paragraphs(content) == ["Toàn xã có 4.514¹ hộ, diện tích 22,10 km²."]
    (table,) = tables(content)
    assert shown(table) == [["Hộ nghèo", "95,6⁽²⁾"], ["Hộ cận nghèo", "7⁽²⁾"]]


def with_page(change) -> Content:
    """What is read of a page after ``change(page)``."""
    document = pypdfium2.PdfDocument(FIXTURES / "raised-marks.pdf")
    change(document[0])
    target = io.BytesIO()
    document.save(target)
    return pdf.read(target.getvalue())


def annotate(page, kind: int, key: bytes, text: str, box: tuple[float, ...]) -> None:
    annotation = pdfium.FPDFPage_CreateAnnot(page, kind)
    pdfium.FPDFAnnot_SetRect(annotation, pdfium.FS_RECTF(*box))
    units = text.encode("utf-16-le") + b"\0\0"
    value = (ctypes.c_ushort * (len(units) // 2)).from_buffer_copy(units)
    pdfium.FPDFAnnot_SetStringValue(annotation, key, value)
    pdfium.FPDFPage_CloseAnnot(annotation)


def test_what_a_text_box_above_the_page_shows_is_read():
    def change(page) -> None:
        annotate(page, pdfium.FPDF_ANNOT_FREETEXT, b"Contents", "ĐÃ SỬA", (100, 300, 200, 280))
        annotate(page, pdfium.FPDF_ANNOT_TEXT, b"Contents", "lời bình", (100, 200, 120, 180))

    content = with_page(change)
    assert "ĐÃ SỬA" in paragraphs(content)
    assert "lời bình" not in str(content.blocks)


FORM = b"""%PDF-1.7
1 0 obj <</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R 5 0 R 6 0 R]>>>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R 5 0 R 6 0 R]>> endobj
4 0 obj <</Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (4.514) /Rect [90 700 200 720]>> endobj
5 0 obj <</Type /Annot /Subtype /Widget /FT /Btn /T (b) /AS /Yes /Rect [90 600 100 612]>> endobj
6 0 obj <</Type /Annot /Subtype /Widget /FT /Tx /F 2 /T (c) /V (an) /Rect [90 500 99 512]>> endobj
trailer <</Root 1 0 R /Size 7>>
%%EOF
"""


def test_what_is_filled_into_a_form_is_read():
    assert paragraphs(pdf.read(FORM)) == ["4.514", "☒"]


def picture_over(page, share: float) -> None:
    width, height = page.get_size()
    bitmap = pypdfium2.PdfBitmap.new_native(4, 4, pdfium.FPDFBitmap_BGR)
    image = pypdfium2.PdfImage.new(page.pdf)
    image.set_bitmap(bitmap)
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height * share))
    page.insert_obj(image)
    page.gen_content()


def test_a_picture_that_could_hold_a_table_is_said():
    content = with_page(lambda page: picture_over(page, 0.3))
    assert [finding.code for finding in content.findings] == ["picture-not-read"]


def test_text_over_a_scan_is_said_and_trusted_less():
    content = with_page(lambda page: picture_over(page, 1.0))
    assert [finding.code for finding in content.findings] == ["text-over-scan"]
    assert {block.confidence for block in content.blocks if isinstance(block, Paragraph)} == {0.8}
    assert {cell.confidence for cell in tables(content)[0].cells} == {0.8}


@pytest.mark.programs
def test_curves_in_which_nothing_can_be_read_are_said():
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(595, 842)
    for place in range(300):
        x, y = 100 + 37 * place % 400, 100 + 53 * place % 600
        path = pdfium.FPDFPageObj_CreateNewPath(x, y)
        pdfium.FPDFPath_BezierTo(path, x + 9, y + 31, x + 14, y - 20, x + 25, y + 16)
        pdfium.FPDFPath_SetDrawMode(path, pdfium.FPDF_FILLMODE_ALTERNATE, False)
        pdfium.FPDFPage_InsertObject(page, path)
    page.gen_content()
    target = io.BytesIO()
    document.save(target)
    codes = {finding.code for finding in pdf.read(target.getvalue()).findings}
    assert "page-without-text" in codes
    assert codes <= {"page-without-text", "ocr-uncertain"}


# ---- broken and hostile


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableError) as fault:
        pdf.read(data)
    return fault.value.finding.code


def test_an_encrypted_document_is_told():
    assert code_of((FIXTURES / "locked.pdf").read_bytes()) == "encrypted-file"


def test_a_cut_document_is_told_whether_or_not_it_can_be_repaired():
    data = (FIXTURES / "report.pdf").read_bytes()
    assert code_of(data[: len(data) // 2]) == "truncated-file"
    content = pdf.read(data[: data.rindex(b"%%EOF")])
    assert [finding.code for finding in content.findings] == ["truncated-file"]
    assert content.pages == 3


def test_a_damaged_cross_reference_is_told():
    data = (FIXTURES / "raised-marks.pdf").read_bytes()
    place = data.rindex(b"startxref")
    content = pdf.read(data[:place] + b"startxref\n7\n%%EOF\n")
    assert [finding.code for finding in content.findings] == ["damaged-file"]
    assert paragraphs(content) == ["Toàn xã có 4.514¹ hộ, diện tích 22,10 km²."]


def test_a_document_without_pages_is_told(tmp_path):
    target = tmp_path / "empty.pdf"
    pypdfium2.PdfDocument.new().save(target)
    assert code_of(target.read_bytes()) == "truncated-file"


def test_limits_on_pages_and_characters(monkeypatch):
    monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
    assert code_of((FIXTURES / "report.pdf").read_bytes()) == "limit-exceeded"
    monkeypatch.setattr(pdf, "_MOST_CHARACTERS", 10)
    assert code_of((FIXTURES / "unruled.pdf").read_bytes()) == "limit-exceeded"


@pytest.mark.parametrize("name", ["split-table", "split-row", "landscape", "separate-tables"])
def test_a_page_has_the_cells_that_pdfplumber_finds_on_it(name):
    import pdfplumber  # noqa: PLC0415

    data = (FIXTURES / f"{name}.pdf").read_bytes()
    with open_document(data) as ours, pdfplumber.open(FIXTURES / f"{name}.pdf") as theirs:
        for number, their_page in enumerate(theirs.pages):
            page = Page(ours, number)
            parts = find_parts(page.graphics().rules, number + 1)
            fill_parts(parts, page, [])
            page.close()
            found = [
                "".join(cell.text.split())
                for part in parts
                for cell in sorted(part.cells, key=lambda cell: (cell.row, cell.column))
            ]
            expected = [
                "".join(text.split())
                for table in their_page.extract_tables()
                for row in table
                for text in row
                if text is not None
            ]
            assert found == expected
