"""Tables in the layouts that offices use, each with all that is to be read out of it.

A line of what is expected: row,column indicator measure value unit-of-measure unit as_of.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.grids import draw
from transforms.reading import Header
from transforms.tables import Caption, read_table
from transforms.vocabulary import Vocabulary

JUNE = "2025-06-30"
DECEMBER = "2025-12-31"

CASES = {
    "numerator, denominator and rate under one header": (
        """
        TT | Nội dung chỉ tiêu | Mục tiêu đến năm 2025 (tỷ lệ %) | Kết quả đến tháng 06/2025 | < | <
        ^ | ^ | ^ | Tổng số | Số đạt | Tỷ lệ %
        I | Mô hình học tập | < | < | < | <
        1 | Gia đình học tập | 70 | 1.511 | 1.204 | 79,68
        """,
        f"""
        3,2 gia-dinh-hoc-tap target 70 % duc-hiep {DECEMBER}
        3,3 gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        3,4 gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        3,5 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        """,
    ),
    "fractions in one column, a row of column numbers": (
        """
        STT | Chỉ tiêu | ĐVT | Thực hiện | Đạt tỷ lệ
        (1) | (2) | (3) | (4) | (5)
        1 | Dòng họ học tập | % | 21/28 | 75%
        """,
        f"""
        2,3 dong-ho-hoc-tap numerator 21 dòng họ duc-hiep {JUNE}
        2,3 dong-ho-hoc-tap denominator 28 dòng họ duc-hiep {JUNE}
        2,4 dong-ho-hoc-tap result 75 % duc-hiep {JUNE}
        """,
    ),
    "several years": (
        """
        TT | Chỉ tiêu | ĐVT | Năm 2023 | Năm 2024 | 6 tháng đầu năm 2025
        1 | Gia đình học tập | % | 72 | 74,5 | 79,68
        2 | Quỹ khuyến học | tr.đ | 120,5 | 200 | 1.246,5
        """,
        f"""
        1,3 gia-dinh-hoc-tap result 72 % duc-hiep 2023-12-31
        1,4 gia-dinh-hoc-tap result 74.5 % duc-hiep 2024-12-31
        1,5 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        2,3 quy-khuyen-hoc count 120.5 triệu đồng duc-hiep 2023-12-31
        2,4 quy-khuyen-hoc count 200 triệu đồng duc-hiep 2024-12-31
        2,5 quy-khuyen-hoc count 1246.5 triệu đồng duc-hiep {JUNE}
        """,
    ),
    "plan and result under each year": (
        """
        TT | Nội dung | ĐVT | Năm 2024 | < | Năm 2025 | <
        ^ | ^ | ^ | KH | TH | KH | Ước TH
        1 | Hội viên khuyến học | Người | 1.000 | 1.050 | 1.100 | 1.120
        """,
        f"""
        2,3 so-hoi-vien-khuyen-hoc target 1000 người duc-hiep 2024-12-31
        2,4 so-hoi-vien-khuyen-hoc count 1050 người duc-hiep 2024-12-31
        2,5 so-hoi-vien-khuyen-hoc target 1100 người duc-hiep {DECEMBER}
        2,6 so-hoi-vien-khuyen-hoc count 1120 người duc-hiep {DECEMBER}
        """,
    ),
    "communes down, indicators across; their total is not the document's own": (
        """
        STT | Xã | Gia đình học tập | < | < | Số hộ nghèo
        ^ | ^ | Tổng số hộ | Số hộ đạt | Tỷ lệ % | ^
        1 | Đức Hiệp | 1.511 | 1.204 | 79,68 | 35
        2 | Xã Thắng Lợi | 1.902 | 1.530 | 80,44 | 52
         | Tổng cộng | 3.413 | 2.734 | 80,11 | 87
        """,
        f"""
        2,2 gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        2,3 gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        2,4 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        2,5 ho-ngheo count 35 hộ duc-hiep {JUNE}
        3,2 gia-dinh-hoc-tap denominator 1902 hộ thang-loi {JUNE}
        3,3 gia-dinh-hoc-tap numerator 1530 hộ thang-loi {JUNE}
        3,4 gia-dinh-hoc-tap result 80.44 % thang-loi {JUNE}
        3,5 ho-ngheo count 52 hộ thang-loi {JUNE}
        4,2 gia-dinh-hoc-tap denominator 3413 hộ - {JUNE}
        4,3 gia-dinh-hoc-tap numerator 2734 hộ - {JUNE}
        4,4 gia-dinh-hoc-tap result 80.11 % - {JUNE}
        4,5 ho-ngheo count 87 hộ - {JUNE}
        """,
    ),
    "villages down: their total is the commune's": (
        """
        TT | Tên thôn | Tổng số hộ | Số hộ đạt GĐHT | Tỷ lệ
        1 | Thôn 1 | 200 | 150 | 75,0
        2 | Thôn Phước Sơn | 211 | 180 | 85,3
        Cộng | < | 411 | 330 | 80,3
        """,
        f"""
        1,2 gia-dinh-hoc-tap denominator 200 hộ duc-hiep/thon-1 {JUNE}
        1,3 gia-dinh-hoc-tap numerator 150 hộ duc-hiep/thon-1 {JUNE}
        1,4 gia-dinh-hoc-tap result 75.0 % duc-hiep/thon-1 {JUNE}
        2,2 gia-dinh-hoc-tap denominator 211 hộ duc-hiep/thon-phuoc-son {JUNE}
        2,3 gia-dinh-hoc-tap numerator 180 hộ duc-hiep/thon-phuoc-son {JUNE}
        2,4 gia-dinh-hoc-tap result 85.3 % duc-hiep/thon-phuoc-son {JUNE}
        3,2 gia-dinh-hoc-tap denominator 411 hộ duc-hiep {JUNE}
        3,3 gia-dinh-hoc-tap numerator 330 hộ duc-hiep {JUNE}
        3,4 gia-dinh-hoc-tap result 80.3 % duc-hiep {JUNE}
        """,
    ),
    "villages named without their type, which the header gives": (
        """
        Thôn | Số hội viên khuyến học
        Thuận Phước | 100
        Đông Lỗ | 120
        Tổng cộng | 220
        """,
        f"""
        1,1 so-hoi-vien-khuyen-hoc count 100 hội viên duc-hiep/thon-thuan-phuoc {JUNE}
        2,1 so-hoi-vien-khuyen-hoc count 120 hội viên duc-hiep/thon-dong-lo {JUNE}
        3,1 so-hoi-vien-khuyen-hoc count 220 hội viên duc-hiep {JUNE}
        """,
    ),
    "a list folded into two halves": (
        """
        TT | Thôn | Số hội viên khuyến học | TT | Thôn | Số hội viên khuyến học
        1 | Thuận Phước | 100 | 3 | Tuyết Diêm | 90
        2 | Đông Lỗ | 120 | | |
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc count 100 hội viên duc-hiep/thon-thuan-phuoc {JUNE}
        2,2 so-hoi-vien-khuyen-hoc count 120 hội viên duc-hiep/thon-dong-lo {JUNE}
        1,5 so-hoi-vien-khuyen-hoc count 90 hội viên duc-hiep/thon-tuyet-diem {JUNE}
        """,
    ),
    "communes across": (
        """
        STT | Chỉ tiêu | Đức Hiệp | Đức Nhuận | Tổng
        1 | Số hội viên khuyến học (người) | 1.086 | 900 | 1.986
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc count 1086 người duc-hiep {JUNE}
        1,3 so-hoi-vien-khuyen-hoc count 900 người duc-nhuan {JUNE}
        1,4 so-hoi-vien-khuyen-hoc count 1986 người - {JUNE}
        """,
    ),
    "years down": (
        """
        Năm | Số hội viên khuyến học | Tỷ lệ gia đình học tập (%)
        2023 | 950 | 72
        2024 | 1.001 | 74,5
        """,
        """
        1,1 so-hoi-vien-khuyen-hoc count 950 hội viên duc-hiep 2023-12-31
        1,2 gia-dinh-hoc-tap result 72 % duc-hiep 2023-12-31
        2,1 so-hoi-vien-khuyen-hoc count 1001 hội viên duc-hiep 2024-12-31
        2,2 gia-dinh-hoc-tap result 74.5 % duc-hiep 2024-12-31
        """,
    ),
    "attained or not, in two columns": (
        """
        TT | Nội dung | Đạt | Chưa đạt
        1 | Xã đạt chuẩn xóa mù chữ mức độ 2 | x |
        2 | Xã đạt chuẩn phổ cập giáo dục tiểu học mức độ 3 | | x
        """,
        f"""
        1,2 xmc-muc-do-2 result 100 % duc-hiep {JUNE}
        2,3 pcgd-tieu-hoc-muc-do-3 result 0 % duc-hiep {JUNE}
        """,
    ),
    "a comparison and a breakdown are figures of their own": (
        """
        TT | Chỉ tiêu | Kế hoạch | Thực hiện | So sánh TH/KH (%)
        1 | Số hội viên khuyến học (người) | 1.000 | 1.086 | 108,6
         | Trong đó: Nữ | 400 | 501 | 125,3
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc target 1000 người duc-hiep {JUNE}
        1,3 so-hoi-vien-khuyen-hoc count 1086 người duc-hiep {JUNE}
        1,4 - result 108.6 % duc-hiep {JUNE}
        2,2 - target 400 người duc-hiep {JUNE}
        2,3 - count 501 người duc-hiep {JUNE}
        2,4 - result 125.3 % duc-hiep {JUNE}
        """,
    ),
    "without a header": (
        """
        1 | Gia đình học tập | 1.204/1.511 | 79,68%
        2 | Dòng họ học tập | 21/28 | 75%
        """,
        f"""
        0,2 gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        0,2 gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        0,3 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        1,2 dong-ho-hoc-tap numerator 21 dòng họ duc-hiep {JUNE}
        1,2 dong-ho-hoc-tap denominator 28 dòng họ duc-hiep {JUNE}
        1,3 dong-ho-hoc-tap result 75 % duc-hiep {JUNE}
        """,
    ),
    "institutions are no total of the commune; their sum is": (
        """
        TT | Trường | Số lớp | Số học sinh
        1 | Trường Tiểu học Đức Hiệp | 15 | 430
         | Tổng cộng | 15 | 430
        """,
        f"""
        1,2 - count 15 lớp duc-hiep {JUNE}
        1,3 - count 430 học sinh duc-hiep {JUNE}
        2,2 so-lop count 15 lớp duc-hiep {JUNE}
        2,3 so-hoc-sinh count 430 học sinh duc-hiep {JUNE}
        """,
    ),
}


def written(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("name", CASES)
def test_all_figures_of_a_table(name: str, vocabulary: Vocabulary, header: Header) -> None:
    drawn, expected = CASES[name]
    reading = read_table(draw(drawn), header, Caption(), vocabulary)
    read = [
        f"{one.source.row},{one.source.column} {one.indicator or '-'} {one.measure} {one.value} "
        f"{one.unit_of_measure} {one.unit or '-'} {one.as_of}"
        for one in reading.observations
    ]
    assert read == written(expected)


def findings(
    drawn: str, vocabulary: Vocabulary, header: Header, caption: Caption | None = None
) -> dict[str, dict[str, str]]:
    reading = read_table(draw(drawn), header, caption or Caption(), vocabulary)
    return {finding.code: dict(finding.facts) for finding in reading.findings}


def test_a_rate_that_does_not_fit_is_a_finding_with_the_repair(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        TT | Nội dung | Tổng số | Số đạt | Tỷ lệ %
        1 | Gia đình học tập | 1.511 | 1.284 | 79,68
        """
    facts = findings(drawn, vocabulary, header)["rate-mismatch"]
    assert facts["computed"] == "84.98"
    assert "numerator 1284 -> 1204" in facts["repairs"]


def test_a_total_that_is_not_the_sum_is_a_finding(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Tên thôn | Số hội viên khuyến học
        1 | Thôn 1 | 100
        2 | Thôn 2 | 120
        Cộng | < | 230
        """
    assert findings(drawn, vocabulary, header)["identity-mismatch"]["difference"] == "-10"


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | 7o,5", "number-unreadable"),
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | 179,5", "out-of-range"),
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình hiếu học | 70", "label-unmatched"),
        ("TT | Nội dung | Kết quả\n1 | Gia đình học tập | 70", "percent-assumed"),
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | -", "figure-blank"),
        ("TT | Nội dung | Tổng số\n1 | Số hộ | 1,511", "number-ambiguous"),
        ("Đơn vị | Nội dung\nA | Đã mở 5 lớp\nB | Chưa mở", "sentence-unmatched"),
        ("Họ tên | Chức vụ\nA | Trưởng ban\nB | Phó ban", "table-of-text"),
        ("Họ tên | Năm sinh\nA | 1975\nB | 1980", "table-of-text"),
        ("5 | 7\n6 | 9", "table-not-understood"),
    ],
)
def test_what_is_doubtful_is_a_finding(
    drawn: str, code: str, vocabulary: Vocabulary, header: Header
) -> None:
    assert code in findings(drawn, vocabulary, header)


def test_what_cannot_be_read_is_no_observation(vocabulary: Vocabulary, header: Header) -> None:
    drawn = "TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | 7o,5\n2 | Dòng họ học tập | -"
    assert read_table(draw(drawn), header, Caption(), vocabulary).observations == ()


def test_a_title_row_gives_period_and_unit_of_measure(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        Quỹ khuyến học năm 2023 (ĐVT: triệu đồng) | < | <
        TT | Nội dung | Kết quả
        1 | Quỹ khuyến học | 120,5
        """
    (one,) = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert (one.unit_of_measure, one.as_of) == ("triệu đồng", date(2023, 12, 31))


def test_a_second_table_without_header_continues_the_first(
    vocabulary: Vocabulary, header: Header
) -> None:
    first = draw("TT | Nội dung | Mục tiêu (%) | Kết quả (%)\n1 | Gia đình học tập | 70 | 79,68")
    second = draw("2 | Dòng họ học tập | 65 | 75")
    layout = read_table(first, header, Caption(), vocabulary).layout
    read = read_table(second, header, Caption(), vocabulary, layout).observations
    assert [(one.measure, str(one.value)) for one in read] == [("target", "65"), ("result", "75")]


def test_estimates_are_marked_by_header_or_note(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Nội dung | Mục tiêu (%) | Kết quả (%) | Ghi chú
        1 | Gia đình học tập | 70 | 79,68 | ước thực hiện
        2 | Dòng họ học tập | 65 | 75 |
        """
    read = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert [one.estimated for one in read] == [False, True, False, False]


def test_a_sentence_in_a_cell_is_read_for_its_row(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Nội dung | Kết quả
        1 | Gia đình học tập | Đạt 79,68 %, vượt 9,68 % so với kế hoạch
        """
    first, second = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert (first.indicator, str(first.value)) == ("gia-dinh-hoc-tap", "79.68")
    assert (second.indicator, str(second.value)) == (None, "9.68")
    assert first.source.kind == "table"
    assert (first.source.row, first.source.column) == (1, 2)


def test_months_without_a_year_are_of_the_documents_year(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = "TT | Chỉ tiêu | Quý I | Quý II\n1 | Số hội viên khuyến học | 900 | 950"
    read = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert [str(one.as_of) for one in read] == ["2025-03-31", "2025-06-30"]


def test_rates_are_checked_where_units_stand_in_the_rows_too(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        TT | Tên thôn | Tổng số hộ | Số hộ đạt GĐHT | Tỷ lệ
        1 | Thôn 1 | 388 | 260 | 76,01
        2 | Thôn 2 | 233 | 171 | 73,39
        """
    assert findings(drawn, vocabulary, header)["rate-mismatch"]["computed"] == "67.01"
