from __future__ import annotations

from pathlib import Path

import pytest

from extractors import spreadsheet
from extractors.document import Content, Finding, Paragraph, Table, UnreadableError
from extractors.number_formats import exact
from extractors.spreadsheet import Sheet, SheetCell, address_of, content_of_sheets

FIXTURES = Path(__file__).parent / "fixtures"


def sheet_of(*rows: list[object], **named: object) -> Sheet:
    sheet = Sheet("Biểu", **named)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            number = exact(value) if isinstance(value, int | float) else None
            sheet.add((row, column), SheetCell("" if value is None else str(value), number))
    return sheet


def blocks(*sheets: Sheet) -> list[object]:
    """Texts of the paragraphs, and grids of the tables."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[cell and cell.text for cell in row] for row in block.grid()]
        for block in content_of_sheets(sheets).blocks
    ]


HEADER = ["TT", "Chỉ tiêu", "Số lượng"]


def test_titles_above_a_table_are_paragraphs():
    assert blocks(sheet_of(["BIỂU 1"], ["ĐVT: hộ"], HEADER, [1, "a", 5])) == [
        "BIỂU 1",
        "ĐVT: hộ",
        [HEADER, ["1", "a", "5"]],
    ]


def test_a_blank_row_within_a_table_does_not_part_it():
    (table,) = blocks(
        sheet_of(HEADER, [1, "a", 5], [], [2, "b", 6], [], ["II", "nhóm"], [3, "c", 7])
    )
    assert table[3] == ["2", "b", "6"]
    assert table[2] == [None, None, None]
    assert table[-1] == ["3", "c", "7"]


def test_a_table_with_its_own_header_below_a_blank_row_is_another():
    first, title, second = blocks(
        sheet_of(HEADER, [1, "a", 5], [], ["BIỂU 2"], HEADER, [1, "b", 6])
    )
    assert (first, title, second) == (
        [HEADER, ["1", "a", "5"]],
        "BIỂU 2",
        [HEADER, ["1", "b", "6"]],
    )


def test_a_header_block_above_a_wide_table_is_no_part_of_it():
    wide = ["TT", "Chỉ tiêu", "Số", "Tỷ lệ"]
    assert blocks(sheet_of(["UBND XÃ", None, "CỘNG HÒA"], wide, [1, "a", 5, 6])) == [
        "UBND XÃ",
        "CỘNG HÒA",
        [wide, ["1", "a", "5", "6"]],
    ]


def test_the_upper_level_of_a_header_is_no_title():
    sheet = sheet_of([None, "Kết quả", None], ["Chỉ tiêu", "Số", "%"], ["a", 5, 6])
    sheet.merges = [(0, 1, 0, 2)]
    assert blocks(sheet) == [
        [[None, "Kết quả", "Kết quả"], ["Chỉ tiêu", "Số", "%"], ["a", "5", "6"]]
    ]


def test_merged_cells_keep_their_spans_and_cover_what_is_under_them():
    sheet = sheet_of(HEADER, ["ẩn", "a", 5])
    sheet.merges = [(0, 0, 1, 0), (0, 2, 1_000_000, 2), (5, 5, 6, 6)]
    (table,) = content_of_sheets([sheet]).blocks
    assert [(c.text, c.row_span, c.column_span) for c in table.cells] == [
        ("TT", 2, 1),
        ("Chỉ tiêu", 1, 1),
        ("Số lượng", 2, 1),
        ("a", 1, 1),
    ]


def test_a_table_knows_where_it_begins_on_its_sheet():
    sheet = Sheet("Biểu")
    for place, text in {(4, 2): "a", (4, 3): "b", (5, 2): "c"}.items():
        sheet.add(place, SheetCell(text))
    (table,) = content_of_sheets([sheet]).blocks
    assert (table.sheet, table.corner, table.rows, table.columns) == ("Biểu", (4, 2), 2, 2)
    assert address_of(4, 2) == "C5"
    assert [address_of(0, column) for column in (25, 26, 701, 702)] == ["Z1", "AA1", "ZZ1", "AAA1"]


def test_hidden_rows_columns_and_sheets_are_marked_and_said():
    sheet = sheet_of(HEADER, [1, "a", 5], [2, "b", 6])
    sheet.hidden_rows, sheet.hidden_columns = {1, 900}, {2}
    content = content_of_sheets([sheet, sheet_of([1, 2], hidden=True), Sheet("trống", hidden=True)])
    first, second = content.blocks
    hidden = {(cell.row, cell.column) for cell in first.cells if cell.hidden}
    assert hidden == {(0, 2), (1, 0), (1, 1), (1, 2), (2, 2)}
    assert all(cell.hidden for cell in second.cells)
    assert [finding.facts["what"] for finding in content.findings] == [
        "1 dòng của trang tính 'Biểu'",
        "1 cột của trang tính 'Biểu'",
        "trang tính 'Biểu'",
    ]


def test_a_doubt_names_its_cell():
    sheet = sheet_of(["BIỂU 1"], HEADER, [1, "a", 5])
    sheet.doubts = [((2, 1), Finding("formula-without-value", {"formula": "SUM(A1)"}))]
    (finding,) = content_of_sheets([sheet]).findings
    assert finding.facts == {"formula": "SUM(A1)", "cell": "Biểu!B3"}
    assert (finding.source.table, finding.source.row, finding.source.column) == (0, 1, 1)


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_CELLS", 5)
    with pytest.raises(UnreadableError, match="limit-exceeded"):
        sheet_of(HEADER, HEADER)


# ---- the formats read alike


def read(name: str) -> Content:
    from extractors.formats import extract  # noqa: PLC0415

    extraction = extract(FIXTURES / name)
    return Content(extraction.blocks, extraction.findings)


@pytest.mark.parametrize("name", ["book.xlsx", "book.xls", "book.ods"])
def test_a_workbook_reads_alike_in_every_format(name):
    content = read(name)
    block, title, as_of, table, note, hidden = content.blocks
    assert isinstance(block, Table)
    assert [cell.text for cell in block.cells] == [
        "UBND XÃ ĐỨC HIỆP",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ]
    assert (title.text, title.bold) == ("BIỂU TỔNG HỢP KẾT QUẢ NĂM 2024", True)
    assert (as_of.text, note.text) == ("Tính đến 30/6/2025", "Ghi chú: số liệu đến 30/6/2025")
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    assert (cells[0, 0].row_span, cells[0, 2].column_span) == (2, 2)
    assert cells[3, 1].text == "Gia đình học tập¹"
    assert [cells[place].value for place in ((3, 2), (3, 4), (4, 2), (4, 4), (5, 2), (7, 4))] == [
        "987",
        "74.7727272727273",
        None,
        "68.18",
        "1234.5",
        "95.6",
    ]
    assert cells[4, 2].text == "15"
    shown = [cells[place].text.replace(".", ",") for place in ((3, 4), (7, 4))]
    assert shown == ["74,8%", "95,6%"]
    assert (cells[5, 5].text, cells[5, 5].value) == ("30/06/2025", None)
    assert {cell.row for cell in table.cells if cell.hidden} == {4}
    assert [cell.hidden for cell in hidden.cells] == [True]
    assert {finding.code for finding in content.findings} == {"hidden-content"}
