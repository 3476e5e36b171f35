"""Dates and periods as documents print them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates import as_of, find_dates, find_periods, parse_date

FORMS = (
    "ngày {day:02} tháng {month:02} năm {year}",
    "ngày {day} tháng {month} năm {year}",
    "ngày {day}\ntháng {month}, năm\n{year}",
    "{day:02}/{month:02}/{year}",
    "{day}/{month}/{year}",
    "{day}.{month}.{year}",
    "{day}-{month}-{year}",
    "{day} / {month} / {year}",
    "ngày {day}/{month} năm {year}",
    "{year}-{month:02}-{day:02}",
    "Ngày {day:02}/{month}/{year}.",
    "(17/9 - {day}/{month}/{year})",
)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_every_form(day: date, form: str) -> None:
    text = form.format(day=day.day, month=day.month, year=day.year)
    assert parse_date(text) == day
    assert parse_date(f"Kế hoạch số 12/KH-UBND ngày {text} của UBND xã") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("16.3.2021", date(2021, 3, 16)),
        ("24/1/2025", date(2025, 1, 24)),
        ("03/7/2020", date(2020, 7, 3)),
        ("30/6/25", date(2025, 6, 30)),
        ("Long Phụng, ngày 05 tháng 01 năm 2026", date(2026, 1, 5)),
        ("31/02/2025", None),
        ("ngày    tháng 6 năm 2025", None),
        ("ngày … tháng … năm 2025", None),
        ("1.2.15", None),
        ("30/2020/NĐ-CP", None),
        ("từ 01/01/2025 đến 30/6/2025", None),
        ("20/11", None),
        ("", None),
    ],
)
def test_parse_date(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_find_dates_keeps_places() -> None:
    text = "từ ngày 15/12/2024 đến ngày 14 tháng 6 năm 2025"
    assert [(text[d.start : d.end], d.day) for d in find_dates(text)] == [
        ("15/12/2024", date(2024, 12, 15)),
        ("14 tháng 6 năm 2025", date(2025, 6, 14)),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tháng 06/2025", date(2025, 6, 30)),
        ("Công tác dân số 6 tháng đầu năm 2023", date(2023, 6, 30)),
        ("Thực hiện 6 tháng 2024²", date(2024, 6, 30)),
        ("Công tác phổ cập năm 2023 (số liệu chốt ngày 31/10/2023)", date(2023, 10, 31)),
        ("tháng 06/\n2025", date(2025, 6, 30)),
        ("Kết quả\nthực hiện\ntính đến\nthời điểm\ntháng 06/\n2025\n(tỷ lệ %)", date(2025, 6, 30)),
        ("Mục tiêu theo kế hoạch\ncủa huyện đến năm 2025\n(tỷ lệ %)", date(2025, 12, 31)),
        ("đến tháng 6 năm 2025", date(2025, 6, 30)),
        ("tháng 2 năm 2024", date(2024, 2, 29)),
        ("TÍNH ĐẾN THÁNG 6/2025", date(2025, 6, 30)),
        ("T6/2025", date(2025, 6, 30)),
        ("6/2025", date(2025, 6, 30)),
        ("tính đến 30/6/2025", date(2025, 6, 30)),
        ("tính đến thời điểm 31.12.2024", date(2024, 12, 31)),
        ("30/6/2025", date(2025, 6, 30)),
        ("Số liệu đến ngày 30 tháng 6 năm 2025", date(2025, 6, 30)),
        ("năm 2023", date(2023, 12, 31)),
        ("Năm\n2024", date(2024, 12, 31)),
        ("2025", date(2025, 12, 31)),
        ("Mục tiêu 2025", date(2025, 12, 31)),
        ("cuối năm 2024", date(2024, 12, 31)),
        ("đầu năm 2025", date(2025, 1, 1)),
        ("giữa năm 2025", None),
        ("6 tháng đầu năm 2025", date(2025, 6, 30)),
        ("06 tháng đầu năm 2025", date(2025, 6, 30)),
        ("sáu tháng đầu năm 2025", date(2025, 6, 30)),
        ("9 tháng năm 2025", date(2025, 9, 30)),
        ("6 tháng cuối năm 2024", date(2024, 12, 31)),
        ("quý II/2025", date(2025, 6, 30)),
        ("quý 2 năm 2025", date(2025, 6, 30)),
        ("Quý I, II năm 2025", date(2025, 6, 30)),
        ("QUÝ IV/2024", date(2024, 12, 31)),
        ("đến năm 2025", date(2025, 12, 31)),
        ("giai đoạn 2021-2025", date(2025, 12, 31)),
        ("giai đoạn 2021 – 2030", date(2030, 12, 31)),
        ("từ năm 2021 đến năm 2025", date(2025, 12, 31)),
        ("từ năm 2021 đến tháng 6 năm 2025", date(2025, 6, 30)),
        ("từ ngày 15/12/2024 đến ngày 14/6/2025", date(2025, 6, 14)),
        ("giai đoạn 2021-2025 (tính đến tháng 6/2025)", date(2025, 6, 30)),
        ("năm học 2024-2025", date(2025, 5, 31)),
        ("đầu năm học 2024 - 2025", date(2024, 9, 5)),
        ("học kỳ II năm học 2024-2025", date(2025, 5, 31)),
        ("học kỳ I năm học 2024-2025", None),
        ("năm 2024 đạt 95 %, tăng so với năm 2023", date(2024, 12, 31)),
        ("tăng 2 % so với cùng kỳ năm 2023", None),
        ("năm 2021, 2022 và 2023", None),
        ("từ năm 2021", None),
        ("Quyết định số 1741/QĐ-UBND ngày 08/11/2021 của UBND tỉnh", None),
        ("Nghị định số 30/2020/NĐ-CP", None),
        ("Số:09/2010", None),
        ("Long Phụng, ngày 05 tháng 01 năm 2026", None),
        ("Ngày ban hành: 05/01/2026", None),
        ("đến tháng 6", None),
        ("2025 hộ/2.100 hộ", None),
        ("", None),
    ],
)
def test_as_of(text: str, day: date | None) -> None:
    assert as_of(text) == day


@pytest.mark.parametrize(
    ("text", "issued", "day"),
    [
        ("6 tháng đầu năm", date(2025, 6, 20), date(2025, 6, 30)),
        ("6 tháng đầu năm", date(2025, 3, 20), date(2024, 6, 30)),
        ("tính đến tháng 6", date(2025, 7, 10), date(2025, 6, 30)),
        ("đến 31/12", date(2026, 1, 5), date(2025, 12, 31)),
        ("quý II", date(2025, 6, 14), date(2025, 6, 30)),
        ("Sơ kết 5 năm thực hiện Đề án, giai đoạn 2021-2030", date(2025, 7, 20), None),
        ("Báo cáo năm 2025", date(2025, 12, 14), date(2025, 12, 31)),
        ("đến năm 2030", date(2025, 12, 14), None),
    ],
)
def test_as_of_in_a_document(text: str, issued: date, day: date | None) -> None:
    assert as_of(text, issued) == day


@given(
    st.integers(1, 12),
    st.integers(2000, 2099),
    st.sampled_from(["tháng {m}/{y}", "tháng {m:02} năm {y}", "đến {m}/{y}", "tháng {m}\n- {y}"]),
)
def test_every_month(month: int, year: int, form: str) -> None:
    day = as_of(form.format(m=month, y=year))
    assert day is not None
    assert (day.year, day.month) == (year, month)
    assert day.day >= 28


@given(st.text(alphabet="0123456789/.- ngàytháăm đếquIVsố\n"))
def test_any_text(text: str) -> None:
    for found in find_dates(text):
        assert parse_date(text[found.start : found.end]) == found.day
    for period in find_periods(text, date(2025, 7, 1)):
        assert 0 <= period.start < period.end <= len(text)
    as_of(text)


@pytest.mark.usefixtures("no_hang")
def test_hostile_lengths_are_linear() -> None:
    for hostile in (
        "1/" * 50_000,
        "1" * 100_000,
        "năm 2021-" * 10_000,
        "tháng " * 20_000,
        " " * 100_000,
        "quý i, " * 15_000,
        "đầu " * 20_000,
    ):
        find_dates(hostile)
        as_of(hostile)
