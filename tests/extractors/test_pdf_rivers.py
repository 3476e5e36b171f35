from __future__ import annotations

import pytest

from extractors.pdf_layout import Line, with_columns
from extractors.pdf_page import Glyph, pieces_of
from extractors.pdf_rivers import Grid, find_grids, take_overleaf

HEIGHT = 12.0
WIDTH = 5.0
"""A character's."""


def line(number: float, *texts: tuple[float, str]) -> Line:
    """Texts that begin at the given places, on the line of that number."""
    top = number * 15.0
    glyphs = []
    for left, text in texts:
        x = left
        spaced = True
        for character in text:
            if character == " ":
                x += 3.0
                spaced = True
                continue
            glyphs.append(Glyph(character, x, top, x + WIDTH, top + HEIGHT, spaced, len(glyphs)))
            x += WIDTH
            spaced = False
    return Line(pieces_of(glyphs), 1)


def page(*rows: tuple[tuple[float, str], ...]) -> list[Line]:
    return [line(number, *row) for number, row in enumerate(rows)]


def right(edge: float, text: str) -> tuple[float, str]:
    return edge - WIDTH * len(text), text


def shown(grid: Grid) -> list[list[str]]:
    """Rows of the cells' texts, with the number of columns or rows that they span."""
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        text = " ".join(piece.text for line in cell.lines for piece in line)
        spans = f" {cell.row_span}x{cell.column_span}"
        rows[cell.row].append(text + ("" if spans == " 1x1" else spans))
    return rows


def only_grid(rows: list[Line]) -> Grid:
    ((grid, count),) = find_grids(rows).values()
    assert count <= len(rows)
    return grid


BODY = [
    ((0.0, "Thôn 1"), right(140, "338"), right(165, "4"), right(195, "1,18")),
    ((0.0, "Thôn Tân An"), right(140, "1.173"), right(165, "14"), right(195, "8,09")),
    ((0.0, "Thôn 3"), right(140, "62"), right(165, "4"), right(195, "12,47")),
    ((0.0, "Thôn 4"), right(140, "179"), right(165, "3"), right(195, "6,70")),
    ((0.0, "Thôn 5"), right(140, "20"), right(165, "2"), right(195, "5,70")),
]
TEXTS = [
    ["Thôn 1", "338", "4", "1,18"],
    ["Thôn Tân An", "1.173", "14", "8,09"],
    ["Thôn 3", "62", "4", "12,47"],
    ["Thôn 4", "179", "3", "6,70"],
    ["Thôn 5", "20", "2", "5,70"],
]


def test_columns_closer_than_a_wide_gap_are_told():
    assert shown(only_grid(page(*BODY))) == TEXTS


def test_a_header_cell_over_two_columns_spans_them():
    header = [
        ((10.0, "Thôn"), (112.0, "Tổng"), (155.0, "Nghèo")),
        ((115.0, "hộ"), (153.0, "Hộ"), (172.0, "Tỷ lệ")),
    ]
    assert shown(only_grid(page(*header, *BODY))) == [
        ["Thôn 2x1", "Tổng hộ 2x1", "Nghèo 1x2"],
        ["Hộ", "Tỷ lệ"],
        *TEXTS,
    ]


def test_years_below_a_heading_are_of_the_header():
    header = [
        ((10.0, "Thôn"), (120.0, "Năm"), (150.0, "Năm"), (175.0, "Năm")),
        ((118.0, "2022"), (148.0, "2023"), (173.0, "2024")),
    ]
    first = shown(only_grid(page(*header, *BODY)))[0]
    assert first == ["Thôn", "Năm 2022", "Năm 2023", "Năm 2024"]


def test_blank_cells_stay_blank():
    rows = [BODY[0], BODY[1], ((0.0, "Thôn 3"), right(195, "12,47")), BODY[3]]
    assert shown(only_grid(page(*rows)))[2] == ["Thôn 3", "", "", "12,47"]


def test_a_text_column_between_figures_is_a_column():
    rows = [
        ((0.0, "Dân số"), right(90, "9.214"), (100.0, "người"), right(160, "1,5")),
        ((0.0, "Tỷ lệ"), right(90, "92,4"), (100.0, "%"), right(160, "12,5")),
        ((0.0, "Thu nhập"), right(90, "44,6"), (100.0, "triệu"), right(160, "2")),
    ]
    assert shown(only_grid(page(*rows))) == [
        ["Dân số", "9.214", "người", "1,5"],
        ["Tỷ lệ", "92,4", "%", "12,5"],
        ["Thu nhập", "44,6", "triệu", "2"],
    ]


def test_a_wrapped_label_is_one_cell_with_its_row():
    rows = [BODY[0], BODY[1], ((0.0, "kể cả hai"),), *BODY[2:], ((0.0, "cũ"),)]
    texts = shown(only_grid(page(*rows)))
    assert texts[1] == ["Thôn Tân An kể cả hai", "1.173", "14", "8,09"]
    assert texts[4] == ["Thôn 5 cũ", "20", "2", "5,70"]
    assert len(texts) == 5


NAMED = [
    ((0.0, "1"), (30.0, "Thôn An Hòa"), right(140, "338"), right(165, "4")),
    ((0.0, "2"), (30.0, "Thôn An Phú"), right(140, "117"), right(165, "14")),
    ((0.0, "3"), (30.0, "Thôn An Lạc"), right(140, "62"), right(165, "4")),
    ((0.0, "4"), (30.0, "Thôn An"), right(140, "179"), right(165, "3")),
]


def test_the_last_rows_label_may_go_on_with_a_capital():
    assert shown(only_grid(page(*NAMED, ((30.0, "Bình 4"),))))[-1][1] == "Thôn An Bình 4"


def test_the_last_rows_label_may_go_on_overleaf():
    grid = only_grid(page(*NAMED))
    assert take_overleaf(grid, line(0, (30.0, "Bình 4")))
    last = next(cell for cell in grid.cells if cell.overleaf)
    assert [piece.text for piece in last.overleaf[0]] == ["Bình 4"]


@pytest.mark.parametrize(
    "texts",
    [((0.0, "Bình luận chung"),), ((12.0, "Nơi nhận:"),), ((30.0, "5"),), ((60.0, "BÁO CÁO"),)],
)
def test_what_opens_the_next_page_is_not_of_the_table(texts):
    assert not take_overleaf(only_grid(page(*NAMED)), line(0, *texts))


def test_a_total_spans_the_columns_of_number_and_name():
    rows = [
        ((0.0, str(number)), (20.0, f"Thôn Đông {number}"), right(150, f"{number}00"))
        for number in range(1, 7)
    ]
    total = ((3.0, "Tổng số cả xã"), right(150, "2.100"))
    texts = shown(only_grid(page(*rows, total)))
    assert texts[-1] == ["Tổng số cả xã 1x2", "2.100"]
    assert texts[0] == ["1", "Thôn Đông 1", "100"]


def test_a_title_above_is_not_of_the_header():
    rows = page(
        ((40.0, "Kết quả rà soát năm"),),
        ((10.0, "Thôn"), (115.0, "Tổng"), (153.0, "Hộ"), (172.0, "Tỷ lệ")),
        *BODY,
    )
    assert list(find_grids(rows)) == [1]


def test_prose_below_is_not_of_the_table():
    prose = ((0.0, "Thôn 3 không có hộ khuyết tật thuộc diện nghèo năm nay."),)
    items = with_columns(page(*BODY, prose))
    assert [type(item) for item in items] == [Grid, Line]


PROSE = ["Toàn", "xã", "có", "4.514", "hộ", "đạt", "danh", "hiệu", "trong", "số", "16.091", "hộ"]


def stretched(number: int) -> tuple[tuple[float, str], ...]:
    """A justified line: its words set apart by 6 points and more."""
    words = PROSE[number:] + PROSE[:number]
    places = [0.0]
    for word in words[:-1]:
        places.append(places[-1] + WIDTH * len(word) + 6 + number % 3)
    return tuple(zip(places, words, strict=True))


NO_TABLES = {
    "justified-prose": [stretched(number) for number in range(9)],
    "list-with-figures": [
        ((0.0, "1."), (20.0, "Có 12 thôn đạt")),
        ((0.0, "2."), (20.0, "Có 9 thôn chưa đạt")),
        ((0.0, "3."), (20.0, "Có 365 suất học bổng")),
    ],
    "contents": [
        ((0.0, "Phần một ........................."), (200.0, "3")),
        ((0.0, "Phần hai ........................."), (200.0, "5")),
        ((0.0, "Phần ba .........................."), (200.0, "12")),
    ],
    "signatures": [
        ((0.0, "Nơi nhận:"), (200.0, "TM. ỦY BAN NHÂN DÂN")),
        ((0.0, "- Phòng GD 2;"), (220.0, "CHỦ TỊCH")),
        ((0.0, "- Lưu: VT."), (215.0, "Võ Minh Tâm")),
    ],
    "header-block": [
        ((0.0, "ỦY BAN NHÂN DÂN"), (150.0, "CỘNG HÒA XÃ HỘI")),
        ((10.0, "XÃ ĐỨC HIỆP"), (150.0, "Độc lập - Tự do")),
        ((10.0, "Số: 12"), (150.0, "ngày 15 tháng 01 năm 2025")),
    ],
    "two-rows": BODY[:2],
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_tells_no_columns(name):
    assert find_grids(page(*NO_TABLES[name])) == {}


def test_a_figure_across_a_river_leaves_the_columns_untold():
    rows = [*BODY[:4], ((0.0, "Thôn 5"), (125.0, "1.234.567.890"))]
    assert find_grids(page(*rows)) == {}


def test_figures_centred_beside_a_wrapped_label_are_in_its_row():
    rows = []
    for number, (label, *figures) in enumerate(BODY[:4]):
        top = 2.2 * number
        rows += [line(top, label), line(top + 0.5, *figures), line(top + 1, (0.0, "kéo dài"))]
    expected = [[f"{label} kéo dài", *figures] for label, *figures in TEXTS[:4]]
    assert shown(only_grid(rows)) == expected


def test_columns_may_be_numbered_below_the_header():
    header = ((10.0, "Thôn"), (112.0, "Tổng"), (153.0, "Hộ"), (172.0, "Tỷ lệ"))
    numbers = ((10.0, "(1)"), (115.0, "(2)"), (150.0, "(3)"), (180.0, "(4)"))
    texts = shown(only_grid(page(header, numbers, *BODY)))
    assert texts == [["Thôn", "Tổng", "Hộ", "Tỷ lệ"], ["(1)", "(2)", "(3)", "(4)"], *TEXTS]


def test_a_heading_of_rows_below_the_header_is_no_header():
    header = ((10.0, "Thôn"), (112.0, "Tổng"), (153.0, "Hộ"), (172.0, "Tỷ lệ"))
    texts = shown(only_grid(page(header, ((0.0, "I. Khu vực"),), *BODY)))
    assert texts[:2] == [["Thôn", "Tổng", "Hộ", "Tỷ lệ"], ["I. Khu vực", "", "", ""]]
