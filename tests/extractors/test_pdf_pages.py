from __future__ import annotations

import pytest

from extractors.pdf_page import Piece
from extractors.pdf_pages import goes_on, put_together
from extractors.pdf_tables import Part, PartCell

XS = [0.0, 30.0, 230.0, 300.0]
LONG = "Tỷ lệ người trong độ tuổi lao động có kỹ năng"
"""A text that fills its column's line, so that what follows is a wrap."""


def part(page: int, rows: list[list[str]], **named: bool) -> Part:
    ys = [float(20 * place) for place in range(len(rows) + 1)]
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            box = (XS[column], ys[row], XS[column + 1], ys[row + 1])
            width = 186.0 if text == LONG else 5.0 * len(text)
            pieces = [Piece(text, box[0], 0, box[0] + width, 12, 0, 0)] if text else []
            lines = [pieces] if text else []
            cells.append(PartCell(row, column, 1, 1, box, page, lines, text))
    return Part(page, list(XS), ys, cells, len(rows), **named)


def joined(above: Part, below: Part) -> list[list[str]]:
    put_together(above, below)
    grid = [[""] * 3 for _ in range(above.rows)]
    for cell in above.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            grid[row][cell.column] = cell.text
    return grid


HEAD = ["TT", "Chỉ tiêu", "%"]


def test_a_repeated_header_stands_once():
    above, below = part(1, [HEAD, ["1", "a", "5"]]), part(2, [HEAD, ["2", "b", "6"]])
    assert joined(above, below) == [HEAD, ["1", "a", "5"], ["2", "b", "6"]]
    assert above.header_rows == 1


def test_rows_without_a_header_follow():
    above, below = part(1, [HEAD, ["1", "a", "5"]]), part(2, [["2", "b", "6"]])
    assert joined(above, below) == [HEAD, ["1", "a", "5"], ["2", "b", "6"]]
    assert above.header_rows is None


@pytest.mark.parametrize(
    ("last", "first", "whole"),
    [
        (["1", LONG, "5"], ["", "sống", ""], ["1", LONG + " sống", "5"]),
        (["1", LONG, ""], ["", "sống", "5"], ["1", LONG + " sống", "5"]),
        (["1", "a", ""], ["", "", "5"], ["1", "a", "5"]),
        (["1", "a", "5"], ["", "", ""], ["1", "a", "5"]),
    ],
    ids=["wrapped words", "figure below", "figure alone", "nothing"],
)
def test_a_split_row_is_one(last, first, whole):
    above, below = part(1, [HEAD, last]), part(2, [first, ["2", "b", "6"]])
    assert joined(above, below) == [HEAD, whole, ["2", "b", "6"]]
    assert above.doubts == []


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (["1", LONG, "5"], ["", "trong đó: nữ", "3"]),
        (["1", "a", "5"], ["", "trong đó:", ""]),
        (["1", LONG, ""], ["II", "Mô hình học tập", ""]),
        (["1", LONG, "5"], ["2", "sống", ""]),
    ],
    ids=["two figures", "would have fitted", "next group", "own number"],
)
def test_two_rows_stay_two(last, first):
    assert joined(part(1, [HEAD, last]), part(2, [first])) == [HEAD, last, first]


def test_a_doubtful_row_stays_apart_and_is_named():
    above = part(1, [HEAD, ["", LONG, "5"]])
    assert joined(above, part(2, [["", "Đức Nhuận", ""]]))[-1] == ["", "Đức Nhuận", ""]
    assert [cell.text for cell in above.doubts] == ["Đức Nhuận"]


def test_where_every_row_has_a_number_one_without_goes_on():
    above = part(1, [HEAD, ["1", "a", "5"], ["2", LONG, "6"]])
    assert joined(above, part(2, [["", "Đức Nhuận", ""]]))[-1] == ["2", LONG + " Đức Nhuận", "6"]
    assert above.doubts == []


def test_a_row_without_a_rule_at_the_page_end_goes_on():
    above = part(1, [HEAD, ["", "a", ""]], open_bottom=True)
    assert joined(above, part(2, [["", "Đức Nhuận", "6"]]))[-1] == ["", "a\nĐức Nhuận", "6"]


def test_a_cell_merged_over_the_page_end_is_one():
    above = part(1, [["1", "a", "chung"], ["2", "b", ""]])
    above.cells = [cell for cell in above.cells if (cell.row, cell.column) != (1, 2)]
    next(cell for cell in above.cells if cell.text == "chung").row_span = 2
    assert joined(above, part(2, [["3", "c", ""]])) == [
        ["1", "a", "chung"],
        ["2", "b", "chung"],
        ["3", "c", "chung"],
    ]


def test_columns_that_a_page_does_not_show_are_found():
    above = part(1, [["1", "a", "5"]])
    below = part(2, [["2", "b", "6"]])
    below.xs = [0.5, 230.0, 300.0]
    below.cells = [
        PartCell(0, 0, 1, 1, (0.5, 0, 230, 20), 2, [], "Ghi chú chung"),
        PartCell(0, 1, 1, 1, (230, 0, 300, 20), 2, [], "6"),
    ]
    assert goes_on(above, below)
    put_together(above, below)
    assert [(c.text, c.column, c.column_span) for c in above.cells if c.row == 1] == [
        ("Ghi chú chung", 0, 2),
        ("6", 2, 1),
    ]


def test_other_columns_are_another_table():
    above, below = part(1, [HEAD]), part(2, [HEAD])
    below.xs = [0.0, 60.0, 230.0, 300.0]
    assert not goes_on(above, below)
    below.xs = [0.0, 30.0, 230.0, 340.0]
    assert not goes_on(above, below)
