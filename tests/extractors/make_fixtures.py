"""Makes the fixtures from the sources below: ``python tests/extractors/make_fixtures.py``.

The PDFs are printed by LibreOffice from Word documents of the same name. The rows and paragraphs
are the truth that tests compare with.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from extractors.legacy_encodings import TCVN3, VNI

FIXTURES = Path(__file__).parent / "fixtures"

LABEL = "Tỷ lệ người trong độ tuổi lao động có kỹ năng sống, có việc làm ổn định"
HEADER = [
    ["TT", "Nội dung chỉ tiêu", "Kết quả", "Kết quả", "Ghi chú"],
    ["TT", "Nội dung chỉ tiêu", "Số lượng", "Tỷ lệ (%)", "Ghi chú"],
]
ROWS = [
    [str(number), f"{LABEL} {number}", f"{number}.{number % 10}14", f"{number},5", "-"]
    for number in range(1, 41)
]
TALL = "Hội Khuyến học xã cùng các chi hội ở thôn vận động nhân dân học tập. " * 9
"""Text of a cell that no rest of a page holds, so that its row is split."""

SENTENCES = [
    (
        "Trong năm 2024, Ủy ban nhân dân xã đã ban hành Kế hoạch số 21/KH-UBND ngày 22/02/2022 về "
        "xây dựng xã hội học tập giai đoạn 2021-2030, phân công từng ngành phụ trách từng nhóm chỉ "
        "tiêu và gửi kết quả về Phòng Giáo dục và Đào tạo trước ngày 15 tháng 10 hằng năm."
    ),
    (
        "Toàn xã có 4.514/16.091 hộ đạt danh hiệu “Gia đình học tập”, đạt 28,05 %, tăng 5,6 % so "
        "với năm trước; có 12/15 thôn đạt danh hiệu “Cộng đồng học tập”."
    ),
    "Quỹ khuyến học đạt 198,75 triệu đồng; đã trao 365 suất học bổng.",
]


# ---- Word


def new_document(size: int = 13) -> Document:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.font.size = Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(6)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    return document


def body_paragraph(document: Document, text: str, *, indent: float = 1.27) -> Paragraph:
    paragraph = document.add_paragraph(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(indent)
    return paragraph


def turn(section: Section) -> None:
    """Pages on their side from here on."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)


def heading(document: Document, text: str) -> None:
    document.add_paragraph().add_run(text).bold = True


def centred(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True


def page_numbers(document: Document) -> None:
    """A page number in the top margin and a running footer."""
    top = document.sections[0].header.paragraphs[0]
    top.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = top.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    document.sections[0].footer.paragraphs[0].text = "UBND xã Đức Nhuận - Báo cáo năm 2024"


def fill(table: Table, rows: Iterable[list[str]], widths: list[float]) -> None:
    table.autofit = False
    for texts in rows:
        row = table.add_row()
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            cell.text = text


def repeat(table: Table, rows: int) -> None:
    for row in table.rows[:rows]:
        mark = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(mark)


def header_block(document: Document) -> None:
    table = document.add_table(rows=0, cols=2)
    left = ["UBND HUYỆN MỘ ĐỨC", "ỦY BAN NHÂN DÂN", "XÃ ĐỨC NHUẬN", "Số: 112/BC-UBND"]
    right = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "",
        "Đức Nhuận, ngày 18 tháng 6 năm 2025",
    ]
    cells = table.add_row().cells
    for cell, lines, width in zip(cells, (left, right), (6, 10), strict=True):
        cell.width = Cm(width)
        for place, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(line).font.size = Pt(12)


def report() -> Document:
    document = new_document()
    page_numbers(document)
    header_block(document)
    centred(document, "BÁO CÁO")
    centred(document, "Kết quả xây dựng xã hội học tập trên địa bàn xã năm 2024")
    for part in ("I. KẾT QUẢ THỰC HIỆN", "II. PHƯƠNG HƯỚNG, NHIỆM VỤ", "III. KIẾN NGHỊ"):
        heading(document, part)
        for sentence in SENTENCES * 3:
            body_paragraph(document, sentence)
        for item in ("- Nâng cao nhận thức của người dân về việc học;", "- Mở thêm 5 lớp học."):
            body_paragraph(document, item)
    return document


def two_level_table(document: Document) -> Table:
    table = document.add_table(rows=0, cols=5)
    table.style = "Table Grid"
    fill(table, HEADER, [1.2, 7, 2.4, 2.4, 3])
    for column in (0, 1, 4):
        first = table.cell(0, column)
        table.cell(1, column).text = ""
        first.merge(table.cell(1, column))
    table.cell(0, 3).text = ""
    table.cell(0, 2).merge(table.cell(0, 3))
    return table


def split_table() -> Document:
    document = new_document()
    page_numbers(document)
    body_paragraph(document, SENTENCES[0])
    table = two_level_table(document)
    repeat(table, 2)
    fill(table, ROWS, [1.2, 7, 2.4, 2.4, 3])
    body_paragraph(document, SENTENCES[1])
    return document


def split_row() -> Document:
    """The last row that fits on the page is a tall one: it goes on on the next page."""
    document = new_document()
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    rows = [[str(number), f"Chỉ tiêu số {number}", "95,6"] for number in range(1, 31)]
    fill(table, [*rows, ["31", TALL.strip(), "74,77"], ["32", "Chỉ tiêu cuối", "100"]], [1.2, 8, 3])
    return document


def separate_tables() -> Document:
    """A table that ends a page and one with the same columns and its own title on the next."""
    document = new_document()
    for part in (1, 2):
        centred(document, f"Biểu số {part}")
        table = document.add_table(rows=0, cols=3)
        table.style = "Table Grid"
        rows = [[str(number), f"Chỉ tiêu {part}.{number}", "95,6"] for number in range(1, 35)]
        fill(table, rows, [1.2, 8, 3])
        if part == 1:
            document.add_page_break()
    return document


def landscape() -> Document:
    document = new_document()
    body_paragraph(document, SENTENCES[0])
    turn(document.add_section())
    centred(document, "Phụ lục II")
    table = two_level_table(document)
    fill(table, ROWS[:6], [1.2, 7, 2.4, 2.4, 3])
    document.add_paragraph("Ghi chú: số liệu đến 30/6/2025.")
    return document


def vertical_headers() -> Document:
    document = new_document()
    body_paragraph(document, SENTENCES[2])
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    fill(table, [["Thôn", "Số hộ", "Tỷ lệ đạt"], ["Thôn 1", "168", "96"]], [3, 1.5, 1.5])
    table.rows[0].height = Cm(3)
    for cell, direction in zip(table.rows[0].cells, ("", "btLr", "tbRl"), strict=True):
        if direction:
            element = OxmlElement("w:textDirection")
            element.set(qn("w:val"), direction)
            cell._tc.get_or_add_tcPr().append(element)
    return document


UNRULED = [
    ["TT", "Nội dung", "Năm 2023", "Năm 2024"],
    ["1", "Số lớp học", "58", "64"],
    ["2", "Số lượt người học", "3.215", "3.842"],
    ["3", "Quỹ khuyến học", "198,75", "246,5"],
]


def unruled() -> Document:
    document = new_document()
    body_paragraph(document, SENTENCES[0])
    table = document.add_table(rows=0, cols=4)
    fill(table, UNRULED, [1.5, 6, 3, 3])
    document.add_paragraph()
    body_paragraph(document, SENTENCES[1])
    return document


def raised_marks() -> Document:
    document = new_document()
    paragraph = body_paragraph(document, "Toàn xã có 4.514")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" hộ, diện tích 22,10 km")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(".")
    table = document.add_table(rows=2, cols=2)
    table.style = "Table Grid"
    for row, (label, value) in enumerate((("Hộ nghèo", "95,6"), ("Hộ cận nghèo", "7"))):
        table.cell(row, 0).text = label
        cell = table.cell(row, 1).paragraphs[0]
        cell.add_run(value)
        cell.add_run("(2)").font.superscript = True
    return document


CLOSE = [
    ["Thôn", "Số hộ", "Gia đình học tập", "", "Ghi chú"],
    ["", "", "Số hộ", "Tỷ lệ (%)", ""],
    ["Thôn Phước Sơn", "412", "301", "73,06", "x"],
    ["Thôn Phước Hòa và xóm Gò", "1.038", "97", "9,34", ""],
    ["Thôn Tú Sơn", "86", "7", "8,14", ""],
    ["Thôn Nghĩa Lập", "540", "432", "80,00", "x"],
    ["Toàn xã", "2.076", "837", "40,32", ""],
]
"""A table without rules whose columns stand close; a heading spans two of them."""


def close_columns() -> Document:
    document = new_document()
    header_block(document)
    body_paragraph(document, SENTENCES[0])
    table = document.add_table(rows=0, cols=5)
    fill(table, CLOSE, [3.2, 2, 1.7, 2.3, 2])
    table.cell(0, 2).merge(table.cell(0, 3)).text = CLOSE[0][2]
    for row in table.rows:
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for row in table.rows[:2]:
        for cell in row.cells:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph()
    for sentence in SENTENCES:
        body_paragraph(document, sentence)
    return document


DOCUMENTS: dict[str, Callable[[], Document]] = {
    "report": report,
    "split-table": split_table,
    "split-row": split_row,
    "separate-tables": separate_tables,
    "landscape": landscape,
    "vertical-headers": vertical_headers,
    "unruled": unruled,
    "close-columns": close_columns,
    "raised-marks": raised_marks,
}


# ---- spreadsheets


def old_letters(codes: dict[str, str], font: str, capitals: str | None) -> Document:
    """A report in letters of before Unicode, as its font shows them; ``capitals`` is the font that
    shows small letters as capitals.
    """
    document = docx.Document()
    write = {letter: code for code, letter in codes.items()}

    def old(text: str) -> str:
        return "".join(write.get(letter, letter) for letter in text)

    def run(paragraph: Paragraph, text: str, name: str) -> None:
        paragraph.add_run(text).font.name = name

    title = "Ủy ban nhân dân xã Đức Hiệp"
    run(
        document.add_paragraph(),
        old(title.lower() if capitals else title),
        capitals or font,
    )
    for sentence in (*SENTENCES[1:], "ĐVT: hộ"):
        run(document.add_paragraph(), old(sentence.replace("“", '"').replace("”", '"')), font)
    rows = [["Số TT", "Nội dung", "Kết quả"], ["1", "Hộ nghèo", "45"], ["2", "Lớp học", "12"]]
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            run(cell.paragraphs[0], old(text), font)
    return document


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu 1"
    sheet["A1"], sheet["E1"] = "UBND XÃ ĐỨC HIỆP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    sheet["A3"] = "BIỂU TỔNG HỢP KẾT QUẢ NĂM 2024"
    sheet["A3"].font = Font(bold=True)
    sheet["F4"] = "Tính đến 30/6/2025"
    rows = [
        ["TT", "Chỉ tiêu", "Kết quả", None, "Tỷ lệ", "Ghi chú"],
        [None, None, "Số lượng", "Tổng số", None, None],
        ["I", "Mô hình học tập"],
        [1, None, 987, 1320, 987 / 1320, None],
        [2, "Dòng họ học tập", "15", 22, 0.6818, "x"],
        [3, "Quỹ khuyến học", 1234.5, None, None, date(2025, 6, 30)],
        [],
        [4, "Tổng", 1004, 1342, 0.956, None],
    ]
    for row, texts in enumerate(rows, start=5):
        for column, text in enumerate(texts, start=1):
            if text is not None:
                sheet.cell(row, column, text)
    for merged in ("A3:F3", "A5:A6", "B5:B6", "C5:D5", "E5:E6", "F5:F6"):
        sheet.merge_cells(merged)
    for row in range(8, 13):
        sheet.cell(row, 3).number_format = "#,##0.#"
        sheet.cell(row, 5).number_format = "0.0%"
    sheet["F10"].number_format = "dd/mm/yyyy"
    raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
    sheet["B8"] = CellRichText("Gia đình học tập", raised)
    sheet.row_dimensions[9].hidden = True
    sheet["A14"] = "Ghi chú: số liệu đến 30/6/2025"
    hidden = book.create_sheet("Nháp")
    hidden.sheet_state = "hidden"
    hidden["A1"] = 5
    return book


# ---- PDF


def convert(source: Path, folder: Path, options: str = "pdf") -> None:
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                options,
                "--outdir",
                str(folder),
                str(source),
            ],
            check=True,
            capture_output=True,
        )


def turned(source: Path, target: Path) -> None:
    """The landscape page drawn sideways on a portrait one, as some printers do."""
    document = pypdfium2.PdfDocument(source)
    del document[0]
    page = document[0]
    width, height = page.get_size()
    matrix = pdfium.FS_MATRIX(0, 1, -1, 0, height, 0)
    pdfium.FPDFPage_TransFormWithClip(page, matrix, pdfium.FS_RECTF(0, 2000, 2000, 0))
    page.set_mediabox(0, 0, height, width)
    document.save(target)


def with_rotation(source: Path, target: Path, degrees: int) -> None:
    document = pypdfium2.PdfDocument(source)
    for page in document:
        page.set_rotation(degrees)
    document.save(target)


PASSWORD = (
    'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
    '"DocumentOpenPassword":{"type":"string","value":"bí mật"}}'
)


OLD_LETTERS = {
    "tcvn3.docx": (TCVN3, ".VnTime", ".VnTimeH"),
    "vni.docx": (dict(reversed(VNI.items())), "VNI-Times", None),
}


def main() -> None:
    FIXTURES.mkdir(exist_ok=True)
    for name, letters in OLD_LETTERS.items():
        old_letters(*letters).save(str(FIXTURES / name))
    workbook().save(FIXTURES / "book.xlsx")
    convert(FIXTURES / "book.xlsx", FIXTURES, "xls")
    convert(FIXTURES / "book.xlsx", FIXTURES, "ods")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in DOCUMENTS.items():
            source = Path(folder) / f"{name}.docx"
            make().save(str(source))
            convert(source, FIXTURES)
        locked = Path(folder) / "locked.docx"
        raised_marks().save(str(locked))
        convert(locked, FIXTURES, PASSWORD)
    turned(FIXTURES / "landscape.pdf", FIXTURES / "turned.pdf")
    with_rotation(FIXTURES / "landscape.pdf", FIXTURES / "rotated.pdf", 90)


if __name__ == "__main__":
    main()
