"""Each guard on a figure fires where it should, and keeps still where the figure is right."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.loader import load_catalogue
from extractors.document import Extraction, Paragraph, Table
from tests.support.grids import draw
from transforms.read import read
from transforms.reading import Observation, Reading

LETTERHEAD = (
    "UBND HUYỆN MỘ ĐỨC",
    "UBND XÃ ĐỨC HIỆP",
    "Số: 58/BC-UBND",
    "Đức Hiệp, ngày 27 tháng 6 năm 2025",
    "BÁO CÁO",
    "Kết quả 6 tháng đầu năm 2025",
)


def written(*blocks: str | Table) -> Reading:
    numbered = tuple(
        Paragraph(index, block) if isinstance(block, str) else block
        for index, block in enumerate((*LETTERHEAD, *blocks))
    )
    return read(Extraction("a" * 64, "a.docx", "text", None, "docx/1", numbered), load_catalogue())


def tabled(drawn: str) -> Reading:
    return written(draw(drawn))


def codes(reading: Reading) -> set[str]:
    return {one.code for one in reading.findings}


def figure(reading: Reading, value: str) -> Observation:
    (one,) = [one for one in reading.observations if str(one.value) == value]
    return one


GUARDS = {
    "header-unread": (
        "TT | Chỉ tiêu | ĐVT | Phương án hai\n1 | Số hộ nghèo | hộ | 43",
        "TT | Chỉ tiêu | ĐVT | Kết quả 6 tháng đầu năm 2025\n1 | Số hộ nghèo | hộ | 43",
    ),
    "unit-of-another-family": (
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số hộ nghèo | người | 43",
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số hộ nghèo | hộ gia đình | 43",
    ),
    "part-of-a-whole-thing": (
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số hộ nghèo | hộ | 6,65",
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Quỹ khuyến học | triệu đồng | 6,65",
    ),
    "figures-of-one-name": (
        "Nội dung | Kết quả | Kết quả\nSố lần kiểm tra | 3 | 5",
        "Nội dung | Quý I/2025 | Quý II/2025\nSố lần kiểm tra | 3 | 5",
    ),
    "figures-of-one-indicator": (
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số hộ nghèo | hộ | 43\n2 | Số hộ nghèo | hộ | 61",
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số hộ nghèo | hộ | 43\n2 | Số hộ cận nghèo | hộ | 61",
    ),
    "result-after-issue": (
        "TT | Chỉ tiêu | ĐVT | Tính đến năm 2025\n1 | Số hộ nghèo | hộ | 43",
        "TT | Chỉ tiêu | ĐVT | Mục tiêu đến năm 2025\n1 | Số hộ nghèo | hộ | 43",
    ),
    "target-of-the-past": (
        "Nội dung | Kế hoạch năm 2023 | Thực hiện năm 2023\nSố lần kiểm tra | 4 | 3",
        "Nội dung | Kế hoạch năm 2025 | Thực hiện 6 tháng\nSố lần kiểm tra | 4 | 3",
    ),
    "unit-of-measure-discarded": (
        "TT | Chỉ tiêu | ĐVT | Số hộ\n1 | Hộ dùng hố xí tự hoại | % | 43",
        "TT | Chỉ tiêu | ĐVT | Số hộ\n1 | Hộ dùng hố xí tự hoại | hộ | 43",
    ),
    "unit-of-measure-converted": (
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số lượt khách | nghìn lượt | 12,4",
        "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Thu phí | nghìn đồng | 12,4",
    ),
}


@pytest.mark.parametrize("code", GUARDS)
def test_a_guard_fires_and_keeps_still(code: str) -> None:
    wrong, right = GUARDS[code]
    assert code in codes(tabled(wrong))
    assert code not in codes(tabled(right))


def test_a_figure_that_cannot_be_its_indicators_loses_it() -> None:
    for drawn in (GUARDS["unit-of-another-family"][0], GUARDS["part-of-a-whole-thing"][0]):
        assert [one.indicator for one in tabled(drawn).observations] == [None]


def test_a_percentage_under_a_header_that_says_little_is_a_rate() -> None:
    """Three of them were summed: 'Tỷ lệ hộ nghèo 0,12 % · 6,65/5.647 hộ'."""
    reading = tabled(
        """
        TT | Chỉ tiêu | Kết quả thống kê | <
        ^ | ^ | Đơn vị tính | Số liệu
        1 | Tổng số hộ dân | hộ | 2.145
        2 | Tỷ lệ hộ nghèo | % | 2,00
        """
    )
    rate = figure(reading, "2.00")
    assert (rate.measure, rate.unit_of_measure) == ("result", "%")


def test_per_mille_is_no_percentage() -> None:
    reading = tabled("TT | Chỉ tiêu | ĐVT | Thực hiện\n1 | Tỷ lệ tăng dân số tự nhiên | ‰ | 9,5")
    (one,) = reading.observations
    assert (one.measure, one.unit_of_measure, one.indicator) == ("result", "‰", None)


def test_models_are_no_families() -> None:
    reading = written("Tiếp tục phát động 04 mô hình “Gia đình học tập”.")
    assert [one.indicator for one in reading.observations] == [None]


def test_a_row_that_was_not_read_is_no_licence_for_the_text() -> None:
    table = "TT | Chỉ tiêu | Nguồn vốn dự phòng\n1 | Quỹ khuyến học (triệu đồng) | 312,0"
    text = "Quỹ khuyến học vận động được 301,2 triệu đồng."
    told = codes(written(draw(table), text))
    assert told & {"row-beside-text", "header-unread"}
    read_whole = table.replace("Nguồn vốn dự phòng", "Kết quả (đạt/tổng)")
    reading = written(draw(read_whole), text)
    assert figure(reading, "312.0").indicator == "quy-khuyen-hoc"
    assert "table-differs-from-text" in codes(reading)


def test_numbers_that_stand_alone_are_one_finding_and_no_figures() -> None:
    reading = written("Gia đình học tập", "70", "79,68", "Dòng họ học tập", "60", "66,67")
    assert reading.observations == ()
    assert [one.code for one in reading.findings].count("figures-without-words") == 1
    assert "figures-without-words" not in codes(written("Trang", "2"))


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (
            "Đơn vị | Tổng số hộ | Số hộ nghèo\nThôn Phú An | 320 | 6\nThôn Phú Bình | 280 | 4",
            {"duc-hiep/thon-phu-an", "duc-hiep/thon-phu-binh"},
        ),
        (
            """
            TT | Thôn | Tổng số hộ
            I | Khu vực miền núi | 600
            1 | Thôn Phú An | 320
            2 | Thôn Phú Bình | 280
            Tổng cộng | < | 600
            """,
            {None, "duc-hiep", "duc-hiep/thon-phu-an", "duc-hiep/thon-phu-binh"},
        ),
    ],
)
def test_whose_the_rows_are(drawn: str, expected: set[str | None]) -> None:
    reading = tabled(drawn)
    assert {one.unit for one in reading.observations} == expected
    assert "identity-mismatch" not in codes(reading)


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Cuối quý 3/2024", date(2024, 9, 30)),
        ("Nửa đầu năm 2024", date(2024, 6, 30)),
        ("Cùng kỳ năm trước", date(2024, 6, 30)),
        ("Năm trước", date(2024, 12, 31)),
        ("Cuối kỳ trước", None),
        ("Sinh năm 2018", date(2025, 6, 30)),
    ],
)
def test_days_as_people_mean_them(header: str, day: date | None) -> None:
    reading = tabled(f"TT | Nội dung | {header}\n1 | Số lần kiểm tra | 3")
    (one,) = reading.observations
    assert one.as_of == day


def test_a_count_before_a_noun_is_no_year() -> None:
    reading = written("Toàn xã trồng 2015 cây xanh.")
    (one,) = reading.observations
    assert (str(one.value), one.as_of) == ("2015", date(2025, 6, 30))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Có tổ chức khảo sát | Có = 1; Không = 0 | 1", ["100 %"]),
        ("Có tổ chức khảo sát | | Không", []),
        ("Có tổ chức khảo sát | | chưa đánh giá", []),
        ("Đạt/Không đạt chuẩn | | Không", ["0 %"]),
    ],
)
def test_yes_no_and_no_data(row: str, expected: list[str]) -> None:
    reading = tabled(f"TT | Nội dung | ĐVT | Kết quả\n1 | {row}\n2 | Số lần kiểm tra | lần | 3")
    read_ = [f"{one.value} {one.unit_of_measure}" for one in reading.observations]
    assert [one for one in read_ if one != "3 lần"] == expected


def test_the_opening_says_of_what_day_all_figures_are() -> None:
    reading = written(
        "UBND xã báo cáo số liệu tính đến ngày 20/6/2025 như sau:",
        draw("TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số hộ nghèo | hộ | 43"),
        "2. Văn hóa",
        draw("TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Số thôn | thôn | 9"),
    )
    assert {one.as_of for one in reading.observations} == {date(2025, 6, 20)}
    assert reading.header.as_of == date(2025, 6, 30)


def test_telephone_numbers_are_no_figures() -> None:
    reading = tabled(
        "TT | Họ và tên | Liên hệ | Số lần\n1 | A | (0255) 3882565 | 3\n2 | B | 0255.3964414 | 4"
    )
    assert [str(one.value) for one in reading.observations] == ["3", "4"]


@pytest.mark.parametrize(
    "drawn",
    [
        "TT | Chỉ tiêu | ĐVT | Thực hiện\n1 | Thu phí | 1.000 đồng | 9.681\n2 | Số hộ | hộ | 43",
        "TT | Chỉ tiêu | ĐVT (1.000đ) | Thực hiện\n1 | Thu phí | | 9.681",
        "TT | Chỉ tiêu | Thực hiện (nghìn đồng)\n1 | Thu phí | 9.681",
        "TT | Chỉ tiêu | Đơn vị tính: 1.000 đồng\n1 | Thu phí | 9.681",
    ],
)
def test_thousands_of_dong_scale_wherever_they_are_stated(drawn: str) -> None:
    fee = next(one for one in tabled(drawn).observations if one.label.startswith("Thu phí"))
    assert (str(fee.value), fee.unit_of_measure) == ("9681", "nghìn đồng")


def test_a_column_of_figures_is_none_of_notes_whatever_its_header() -> None:
    reading = tabled(
        """
        TT | Chỉ tiêu | ĐVT | Đánh giá | Ghi chú
        1 | Số hộ nghèo | hộ | 43 | giảm
        2 | Số thôn | thôn | 9 |
        """
    )
    assert [(one.label, str(one.value)) for one in reading.observations] == [
        ("Số hộ nghèo", "43"),
        ("Số thôn", "9"),
    ]


def test_how_exact_a_figure_is_does_not_name_it() -> None:
    reading = written("Tỷ lệ người dân tham gia bảo hiểm y tế hằng năm: từ 95% trở lên.")
    (one,) = reading.observations
    assert one.label == "Tỷ lệ người dân tham gia bảo hiểm y tế hằng năm"


def test_a_chapter_says_of_what_day_it_reports() -> None:
    reading = written(
        "I. KẾT QUẢ ĐẾN NGÀY 31/3/2025", "Quỹ khuyến học vận động được 85 triệu đồng."
    )
    assert figure(reading, "85").as_of == date(2025, 3, 31)


@pytest.mark.parametrize(
    ("sentence", "indicator", "label"),
    [
        ("Có 20 hộ nghèo được vay vốn ưu đãi.", None, "hộ nghèo được vay vốn ưu đãi"),
        ("Xã có 01 trường mầm non đạt chuẩn quốc gia.", None, "trường mầm non đạt chuẩn quốc gia"),
        ("Có 20 hộ nghèo trên địa bàn xã.", "ho-ngheo", "hộ nghèo"),
    ],
)
def test_a_relative_clause_restricts(sentence: str, indicator: str | None, label: str) -> None:
    (one,) = written(sentence).observations
    assert (one.indicator, one.label) == (indicator, label)


def test_what_is_planned_for_another_year_is_doubted() -> None:
    assert "result-after-issue" in codes(written("Dự kiến có 20 hộ thoát nghèo trong năm 2026."))
    assert "result-after-issue" not in codes(written("Có 20 hộ thoát nghèo trong năm 2024."))


def test_years_of_birth_as_rows_are_cohorts() -> None:
    reading = tabled("Năm sinh | Tổng số trẻ | Đã đến trường\n2018 | 120 | 118\n2019 | 130 | 128")
    assert {one.as_of for one in reading.observations} == {date(2025, 6, 30)}
    assert [one.label.rpartition(" · ")[2] for one in reading.observations] == [
        "2018", "2018", "2019", "2019",
    ]  # fmt: skip
