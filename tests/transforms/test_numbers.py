"""Figures are read exactly as printed, or said to be unreadable."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numbers import (
    Blank,
    CountAndRate,
    Fraction,
    Mark,
    Number,
    Unreadable,
    find_numbers,
    parse_cell,
)


def vietnamese(value: Decimal) -> str:
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def number(text: str, *, percent: bool = False) -> Number:
    value = parse_cell(text, percent=percent)
    assert isinstance(value, Number), value
    return value


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.234,5", "1234.5", ""),
        ("1.234", "1234", ""),
        ("95.6", "95.6", ""),
        ("95,60", "95.60", ""),
        ("100 ", "100", ""),
        ("8.919.198", "8919198", ""),
        ("1\u00a0234\u00a0567", "1234567", ""),
        ("1,234,567", "1234567", ""),
        ("1,234.5", "1234.5", ""),
        ("0.956", "0.956", ""),
        ("08", "8", ""),
        ("1847", "1847", ""),
        ("12 thôn", "12", "thôn"),
        ("12thôn", "12", "thôn"),
        ("22,10km2", "22.10", "km2"),
        ("12 thôn đạt chuẩn", "12", "thôn đạt chuẩn"),
        ("62,5 triệu đồng", "62.5", "triệu đồng"),
        ("62,5 triệu đồng/người/năm", "62.5", "triệu đồng/người/năm"),
        ("62,5 triệu/người/năm", "62.5", "triệu đồng/người/năm"),
        ("1,5 tỷ", "1.5", "tỷ đồng"),
        ("1 tỷ 200 triệu đồng", "1200", "triệu đồng"),
        ("1.000.000 đồng", "1000000", "đồng"),
        ("2 nghìn lượt người", "2000", "lượt người"),
        ("1,2 triệu người", "1200000", "người"),
        ("-5,2", "-5.2", ""),
        ("+5", "5", ""),
        ("Đạt 95", "95", ""),
        ("Tổng số: 1.234 hộ", "1234", "hộ"),
        ("ba thôn", "3", "thôn"),
        ("Cả ba thôn", "3", "thôn"),
        ("hai mươi mốt", "21", ""),
    ],
)
def test_numbers(text: str, value: str, unit: str) -> None:
    read = number(text)
    assert str(read.value) == value
    assert read.unit == unit
    assert not read.percent
    assert read.text == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("95,6%", "95.6"),
        ("95,6 %", "95.6"),
        ("95.6%", "95.6"),
        ("98,5 (%)", "98.5"),
        ("Đạt 100%", "100"),
        ("95 phần trăm", "95"),
        ("-5,2%", "-5.2"),
    ],
)
def test_percent_by_its_sign(text: str, value: str) -> None:
    for percent in (False, True):
        read = number(text, percent=percent)
        assert (str(read.value), read.percent) == (value, True)


@pytest.mark.parametrize(
    ("text", "value", "percent"),
    [
        ("1.234", "1.234", True),
        ("95,6", "95.6", True),
        ("100", "100", True),
        ("15 thôn", "15", False),
        ("1.234 hộ", "1234", False),
    ],
)
def test_percent_by_its_column(text: str, value: str, percent: bool) -> None:
    read = number(text, percent=True)
    assert (str(read.value), read.percent) == (value, percent)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gần 1,2 vạn", {"value": Decimal(12000), "approximate": True, "multiplier": 10000}),
        ("khoảng 3.000", {"value": Decimal(3000), "approximate": True}),
        ("trên 95%", {"value": Decimal(95), "approximate": True}),
        ("Ước 1.200 hộ", {"value": Decimal(1200), "estimated": True, "approximate": False}),
        ("ước đạt 95%", {"estimated": True}),
        ("≥ 80", {"value": Decimal(80), "bound": "at-least", "approximate": False}),
        (">= 95%", {"bound": "at-least"}),
        ("Từ 80% trở lên", {"value": Decimal(80), "bound": "at-least"}),
        ("không quá 5%", {"bound": "at-most"}),
        ("4.514(1)", {"value": Decimal(4514), "footnote": "(1)"}),
        ("4.514*", {"value": Decimal(4514), "footnote": "*"}),
        ("4.514¹", {"value": Decimal(4514), "footnote": "¹"}),
        ("1,234", {"value": Decimal("1.234"), "ambiguous": True}),
        ("1,23", {"ambiguous": False}),
        ("0,234", {"ambiguous": False}),
        ("95,60", {"decimals": 2}),
        ("1.234,5", {"decimals": 1}),
        ("1.234", {"decimals": 0}),
        ("1,2 vạn người", {"decimals": 0}),
    ],
)
def test_what_is_said_of_a_number(text: str, expected: dict[str, object]) -> None:
    read = number(text)
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "numerator", "denominator", "rate", "unit"),
    [
        ("1.385/1847", "1385", "1847", None, ""),
        ("12/15 thôn", "12", "15", None, "thôn"),
        ("4.514 hộ/16.091 hộ", "4514", "16091", None, "hộ"),
        ("4.514/16.091 (28,05%)", "4514", "16091", "28.05", ""),
        ("4.514/16.091\n28,05%", "4514", "16091", "28.05", ""),
        ("12/15 thôn, đạt 80 %", "12", "15", "80", "thôn"),
        ("95,6% (1.234/1.290)", "1234", "1290", "95.6", ""),
        ("0/0", "0", "0", None, ""),
    ],
)
@pytest.mark.parametrize("percent", [False, True])
def test_fractions(
    text: str, numerator: str, denominator: str, rate: str | None, unit: str, percent: bool
) -> None:
    read = parse_cell(text, percent=percent)
    assert isinstance(read, Fraction), read
    assert (str(read.numerator.value), str(read.denominator.value)) == (numerator, denominator)
    assert (None if read.rate is None else str(read.rate.value)) == rate
    assert read.denominator.unit == unit
    assert read.text == text


@pytest.mark.parametrize("text", ["1.234 (95,6%)", "1.234 hộ, đạt 95,6%", "95,6% (1.234 hộ)"])
@pytest.mark.parametrize("percent", [False, True])
def test_count_and_rate(text: str, percent: bool) -> None:
    read = parse_cell(text, percent=percent)
    assert isinstance(read, CountAndRate), read
    assert (read.count.value, read.rate.value) == (Decimal(1234), Decimal("95.6"))


@pytest.mark.parametrize(
    "text", ["", " ", "-", "–", "…", "...", "/", "- %", "không có số liệu", "KCSL", "\u00a0"]
)
def test_blanks(text: str) -> None:
    assert parse_cell(text) == Blank(text)


@pytest.mark.parametrize(
    ("text", "attained", "level"),
    [
        ("x", True, None),
        ("X", True, None),
        ("Đạt", True, None),
        ("đạt chuẩn.", True, None),
        ("Đạt mức độ 2", True, 2),
        ("Đã được công nhận", True, None),
        ("Chưa đạt", False, None),
        ("không đạt", False, None),
        ("Chưa", False, None),
        ("Chưa đạt mức độ 3", False, 3),
    ],
)
def test_marks(text: str, attained: bool, level: int | None) -> None:
    assert parse_cell(text) == Mark(text, attained, level)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(1.234)", "parenthesised"),
        ("3-4", "range"),
        ("70-80%", "range"),
        ("từ 3 đến 5", "range"),
        ("1.23.4", "grouping"),
        ("1.234.56", "grouping"),
        ("08.919", "grouping"),
        ("1,234,5", "grouping"),
        ("16.3.2021", "date"),
        ("06/2025", "date"),
        ("Năm 2023", "date"),
        ("2021-2025", "date"),
        ("12.345 người/3.210 hộ", "several"),
        ("12 thôn, 3 khối", "several"),
        ("15 (trong đó 3 nữ)", "several"),
        ("1e5", "several"),
        ("l00", "words"),
        ("Tăng 5%", "words"),
        ("5% so với năm trước", "words"),
        ("Nguyễn Văn A", "words"),
        ("3 triệu rưỡi", "half"),
        ("9" * 19, "too-long"),
    ],
)
def test_unreadable(text: str, reason: str) -> None:
    assert parse_cell(text) == Unreadable(text, reason)  # type: ignore[arg-type]


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.booleans())
def test_round_trip(value: Decimal, percent: bool) -> None:
    printed = vietnamese(value)
    assert number(printed, percent=percent).value == value
    assert number(f" {printed} %").value == value
    assert number(f"khoảng {printed} hộ").value == value


@given(st.integers(0, 10**12))
def test_round_trip_of_counts(count: int) -> None:
    printed = vietnamese(Decimal(count))
    for text in (printed, str(count), f"0{count}" if count < 10 else printed, f"{printed} người"):
        assert (number(text).value, number(text).decimals) == (count, 0)


@given(
    st.integers(0, 10**7),
    st.integers(1, 10**7),
    st.sampled_from(["{}/{}", "{} / {}", "{} hộ/{} hộ", "{}/{} hộ"]),
)
def test_round_trip_of_fractions(numerator: int, denominator: int, form: str) -> None:
    text = form.format(vietnamese(Decimal(numerator)), vietnamese(Decimal(denominator)))
    read = parse_cell(text)
    assert isinstance(read, Fraction)
    assert (read.numerator.value, read.denominator.value) == (numerator, denominator)


def found(sentence: str) -> list[str]:
    """Each figure as 'value unit', fractions as 'n/d unit', doubts by their reason."""
    shown = []
    for figure in find_numbers(sentence):
        value = figure.value
        if isinstance(value, Number):
            shown.append(f"{value.value}{'%' if value.percent else ''} {value.unit}".strip())
        elif isinstance(value, Fraction):
            unit = value.denominator.unit
            shown.append(f"{value.numerator.value}/{value.denominator.value} {unit}".strip())
        else:
            shown.append(f"? {value.reason}")
    return shown


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        (
            "Toàn xã có 4.514/16.091 hộ đạt 28,05 %; có 12/15 thôn.",
            ["4514/16091 hộ", "28.05%", "12/15 thôn"],
        ),
        ("đạt 95,6 %, vượt 5,6 % so với kế hoạch", ["95.6%", "5.6%"]),
        ("tăng từ 70 % lên 78 %", ["70%", "78%"]),
        ("thu hút gần 1,2 vạn lượt người", ["12000 lượt người"]),
        ("bình quân 62,5 triệu đồng/người/năm", ["62.5 triệu đồng/người/năm"]),
        ("cả ba thôn đều đạt", ["3 thôn"]),
        ("Tất cả 7 trường", ["7 trường"]),
        ("có hai mươi mốt lớp, một trăm linh năm hộ", ["21 lớp", "105 hộ"]),
        ("hai nghìn ba trăm người", ["2300 người"]),
        ("ba (03) thôn, 03 (ba) xã và hai mươi mốt (21) lớp", ["3 thôn", "3 xã", "21 lớp"]),
        ("có một thôn đạt; là một xã thuần nông; một số thôn", ["1 thôn"]),
        ("trong năm thôn đã tổ chức", []),
        ("quán triệt đầy đủ 15 tiêu chí", ["15 tiêu chí"]),
        (
            "dân số 8.949 người; tổng số 1.234 hộ, trong số 15 thôn",
            ["8949 người", "1234 hộ", "15 thôn"],
        ),
        ("12 thôn trên tổng số 15 thôn", ["12/15 thôn"]),
        ("1 tỷ 250 triệu đồng", ["1250 triệu đồng"]),
        ("đạt95,6% và 22,10km2", ["95.6%", "22.10 km2"]),
        ("tăng trưởng -5,2%", ["-5.2%"]),
        ("- 12 lớp", ["12 lớp"]),
        ("một trăm phần trăm số thôn", ["100%"]),
        ("4.1. Kết quả: 12 thôn", ["12 thôn"]),
        ("4.1 Kết quả: 12 thôn", ["12 thôn"]),
        ("(1) xây dựng 3 lớp; (2) tổ chức 12 buổi", ["3 lớp", "12 buổi"]),
        ("trong năm 2023, 12 thôn đạt", ["12 thôn"]),
        ("lớp 9 và lớp 12 có 30 học sinh", ["30 học sinh"]),
        ("Thôn 3 có 12 hộ; thôn 1, 2 và 4 chưa đạt", ["12 hộ"]),
        ("Trường Tiểu học Đức Nhuận 2 có 350 em", ["350 em"]),
        ("tuổi thọ 74,5 tuổi", ["74.5"]),
        ("2025 người dự", ["2025 người"]),
        ("7/7 thôn", ["7/7 thôn"]),
        ("2/3 số hộ", ["? proportion"]),
        ("có 3-4 lớp, 95,6 - 98 %", ["? range", "? range"]),
        ("từ 3 đến 5 buổi", ["? range"]),
        ("đạt 95% - 12 thôn", ["95%", "12 thôn"]),
        ("nhân (2/9)", ["? date-or-fraction"]),
        ("Hội diễn 2025", ["? year-or-count"]),
        ("dân số 12.345 người/3.210 hộ", ["12345 người", "3210 hộ"]),
        ("mỗi năm tổ chức một hội thi, có một câu lạc bộ", ["1 câu lạc bộ"]),
        # nothing is counted
        ("lúc 19 giờ, từ 19 giờ đến 21 giờ, 17 giờ hằng ngày", []),
        ("xếp thứ hạng 3/13 xã, Trường Mầm non 24/3, bản đồ tỷ lệ 1/500", []),
        ("Quyết định số 1373/QĐ-TTg ngày 30/7/2021, Điều 5, khoản 2, điểm 3", []),
        ("NQ 1279/NQ-UBTVQH15, Luật 72/2025/QH15, Số:09/2010, 101-BC/TU, 12/QĐ- UBND", []),
        ("Quyết định 89, Nghị quyết số 29-NQ/TW, Chương trình 135", []),
        ("trong độ tuổi 15-60, từ 15 đến 60 tuổi, 15- 60 tuổi, trẻ 5 tuổi, 3,4,5 tuổi", []),
        ("lần thứ 12, thứ 2, khóa 15, mức độ 2, cấp 1, hạng 3, bước 2", []),
        ("giai đoạn 2021-2030, năm học 2024 - 2025, năm 2021, 2022 và 2023, đến 2025", []),
        ("Quý II, quý 2, tháng 6, tháng 6/2025, ngày 20/11, 7h30 ngày 5/6, 24/24 giờ", []),
        ("5 năm qua, 6 tháng đầu năm, 30 ngày, 2 buổi/ngày, 4 lần/năm", []),
        ("Phụ lục 1, Biểu số 2, mục 4.1, trang 5, quốc lộ 24, Covid-19, công nghiệp 4.0", []),
        ("ĐT: 0255 3857 123, 0914.123.456", []),
        ("thứ hai, tháng hai, hai bên, hàng trăm lượt, vài chục người", []),
        ("ngày 05 tháng 01 năm 2026", []),
        ("Ước cả năm 2025 thu ngân sách tăng, dòng họ học tập: 8/19", ["8/19"]),
        ("bình quân 28,5 triệu đồng/6 tháng", ["28.5 triệu đồng/6 tháng"]),
        ("đàn heo 1.840 con, 3 bản/học sinh", ["1840 con", "3 bản/học sinh"]),
        ("Điện thoại (0255) 3.946.228", []),
    ],
)
def test_sentences(sentence: str, figures: list[str]) -> None:
    assert found(sentence) == figures


def test_places_and_qualities_in_a_sentence() -> None:
    sentence = "Có khoảng 1.500 lượt; ước đạt 80%; tối thiểu 90 % và cao hơn 3,2 %"
    figures = find_numbers(sentence)
    assert [sentence[f.start : f.end] for f in figures] == ["1.500 lượt", "80%", "90 %", "3,2 %"]
    numbers = [f.value for f in figures if isinstance(f.value, Number)]
    assert [n.approximate for n in numbers] == [True, False, False, False]
    assert [n.estimated for n in numbers] == [False, True, False, False]
    assert [n.bound for n in numbers] == [None, None, "at-least", None]


@given(st.decimals(min_value=0, max_value=10**6, places=1))
def test_every_figure_of_a_sentence(value: Decimal) -> None:
    assert found(f"Kết quả đạt {vietnamese(value)} %, còn lại chưa đạt.") == [f"{value}%"]


@given(st.text(alphabet="0123456789.,/-–()%* ₫đạtsốngàytrămbavớithônQĐ\n"))
def test_any_text(text: str) -> None:
    parse_cell(text)
    parse_cell(text, percent=True)
    places = [(figure.start, figure.end) for figure in find_numbers(text)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize(
    "hostile",
    [
        "1." * 20_000,
        "1/" * 20_000,
        "1 " * 20_000,
        "9" * 50_000,
        "1-" * 20_000,
        "một " * 10_000,
        "a" * 50_000,
        "(" * 50_000,
        "năm 2021, " * 5_000,
        "số " * 20_000,
        "1 tỷ " * 10_000,
        "đ" * 50_000 + "1",
    ],
)
def test_hostile_lengths_are_linear(hostile: str) -> None:
    parse_cell(hostile)
    find_numbers(hostile)


def test_spaces_may_be_marks_of_thousands() -> None:
    read = parse_cell("12 345")
    assert isinstance(read, Number)
    assert (read.value, read.ambiguous) == (12345, True)


def test_a_share_in_brackets_needs_no_sign_below_a_heading_with_one() -> None:
    read = parse_cell("2.115 (28,3)", percent=True)
    assert isinstance(read, CountAndRate)
    assert (read.count.value, str(read.rate.value), read.rate.percent) == (2115, "28.3", True)
