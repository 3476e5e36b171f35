"""A row whose cells hold several lines that belong together is several rows."""

from __future__ import annotations

import pytest

from extractors.document import Cell, Content, Finding, Source, Table
from extractors.stacked_rows import with_parted_rows


def content(*rows: list[str], **named: object) -> Content:
    cells = tuple(
        Cell(row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    table = Table(0, len(rows), len(rows[0]), cells, **named)  # type: ignore[arg-type]
    marked = Finding(
        "picture-not-read", {"kind": "x"}, Source("table", "", None, 0, len(rows) - 1, 0)
    )
    return Content((table,), (marked,))


def texts(found: Content) -> list[list[str]]:
    (table,) = found.blocks
    assert isinstance(table, Table)
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


HEADER = ["TT", "Mô hình", "Tổng", "Đạt"]
LAST = ["2", "Tổ học tập", "9", "8"]


def test_lines_that_agree_in_all_cells_are_rows():
    found = with_parted_rows(content(HEADER, ["1\n2", "Nhà\nXóm", "40\n6", "38\n-"], LAST))
    assert texts(found) == [HEADER, ["1", "Nhà", "40", "38"], ["2", "Xóm", "6", "-"], LAST]
    (finding,) = found.findings
    assert finding.source is not None
    assert finding.source.row == 3


def test_a_heading_above_the_items_is_a_row_of_its_own():
    found = with_parted_rows(content(HEADER, ["1", "Gồm\n- Nhà\n- Xóm", "40\n6", "38\n5"], LAST))
    assert texts(found) == [
        HEADER,
        ["1", "Gồm", "", ""],
        ["", "- Nhà", "40", "38"],
        ["", "- Xóm", "6", "5"],
        LAST,
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["1", "Nhà\nXóm", "40", "38"],
        ["1", "Lượt người", "1.200\n(105%)", "1.260\n(95%)"],
        ["1", "Nhà", "40\n6", "38"],
        ["Năm\n2024", "Mục\ntiêu", "Kết\nquả", "Đạt\n(%)"],
    ],
)
def test_other_rows_stay_as_they_are(row):
    before = content(HEADER, row, LAST)
    assert with_parted_rows(before) is before


def test_figures_that_go_with_no_lines_of_words_are_named():
    found = with_parted_rows(content(HEADER, ["1", "Nhà và xóm", "40\n6", "38\n5"], LAST))
    assert [finding.code for finding in found.findings] == ["picture-not-read", "row-holds-several"]
    assert texts(found)[1] == ["1", "Nhà và xóm", "40\n6", "38\n5"]


def test_the_rows_of_sheets_are_those_of_their_addresses():
    before = content(HEADER, ["1\n2", "Nhà\nXóm", "40\n6", "38\n5"], corner=(0, 0))
    assert with_parted_rows(before) is before


def test_cells_merged_over_rows_and_headers_keep_their_extent():
    cells = (
        Cell(0, 0, "Mô hình"),
        Cell(0, 1, "Tổng"),
        Cell(0, 2, "Đạt"),
        Cell(0, 3, "Ghi chú", row_span=3),
        Cell(1, 0, "Nhà\nXóm"),
        Cell(1, 1, "40\n6"),
        Cell(1, 2, "38\n5"),
        Cell(2, 0, "Tổ"),
        Cell(2, 1, "9"),
        Cell(2, 2, "8"),
    )
    found = with_parted_rows(Content((Table(0, 3, 4, cells, header_rows=1),)))
    (table,) = found.blocks
    assert isinstance(table, Table)
    assert (table.rows, table.header_rows) == (4, 1)
    assert [cell.row_span for cell in table.cells if cell.text == "Ghi chú"] == [4]
