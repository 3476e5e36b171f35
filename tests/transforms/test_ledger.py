"""Every numeral of a document has a fate: a figure, no figure for a reason, or a doubt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.loader import load_catalogue
from extractors.document import Cell, Extraction, Paragraph, Table
from tests.support.grids import draw
from transforms.numerals import find_numerals
from transforms.read import read
from transforms.reading import InDoubt, IsFigure, NoFigure, Numeral, Reading, stated

LETTERHEAD = (
    "UBND HUYỆN MỘ ĐỨC",
    "UBND XÃ ĐỨC HIỆP",
    "Số: 58/BC-UBND",
    "Đức Hiệp, ngày 20 tháng 6 năm 2025",
    "BÁO CÁO",
)
MARKED = """
    TT | Nội dung | Tổng số | Số đạt | Tỷ lệ (%)
    1 | Dòng họ học tập | 24 | 16 | 66,67
    """
NUMBERED = """
    Nội dung | Tổng số | Số đạt | Tỷ lệ (%)
    (1) | (2) | (3) | (4)=(3)/(2)
    Hộ | 50 | 45 | 90
    """
VILLAGES = "Thôn | Số hộ\nLâm Xá 1 | 214\nLâm Xá 2 | 187\nCộng 2 thôn | 401"
LABELLED = "TT | Nội dung | ĐVT | Kết quả\n1 | {label} | {unit} | 90\n2 | Số hộ | hộ | 45"
GROUPED = """
    TT | Nội dung | Kết quả
    A. TRẺ DƯỚI 1 TUỔI | < | <
    1 | Sởi mũi 2 | 45
    2 | Lao | 46
    """
CITED = """
    TT | Số, ký hiệu | Ngày ban hành | Trích yếu
    1 | 89/QĐ-UBND | 05/3/2024 | Ban hành bộ 19 tiêu chí nông thôn mới
    2 | 12/KH-UBND | 07/3/2024 | Triển khai Quyết định nêu trên
    """
CATALOGUE = load_catalogue()


def written(*blocks: str | Table) -> Reading:
    numbered = tuple(
        Paragraph(index, block) if isinstance(block, str) else block
        for index, block in enumerate((*LETTERHEAD, *blocks))
    )
    return read(Extraction("a" * 64, "a.docx", "text", None, "docx/1", numbered), CATALOGUE)


def of_text(text: str) -> list[Numeral]:
    """The numerals of one paragraph behind a letterhead."""
    row = len(LETTERHEAD)
    return [
        one for one in written(text).numerals if one.source.kind == "text" and one.source.row == row
    ]


def of_table(table: str) -> dict[tuple[int | None, int | None], list[Numeral]]:
    """The numerals of one table, by row and column."""
    found: dict[tuple[int | None, int | None], list[Numeral]] = {}
    for one in written(draw(table)).numerals:
        if one.source.kind == "table":
            found.setdefault((one.source.row, one.source.column), []).append(one)
    return found


def words(numerals: list[Numeral]) -> Iterator[str]:
    """Numeral and fate, a reason by its id."""
    for one in numerals:
        fate = stated(one.fate)
        yield f"{one.text} {fate.reason or fate.fate}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngày 05/01/2026 họp.", "05 date, 01 date, 2026 date"),
        ("Giai đoạn 2021-2030 có 12 thôn.", "2021 date, 2030 date, 12 figure"),
        ("Nhân ngày 21/4, 9 thôn tổ chức.", "21 date, 4 date, 9 figure"),
        ("Trong 6 tháng đầu năm có 12 thôn.", "6 date, 12 figure"),
        ("Lúc 7 giờ 30 có 45 người dự.", "7 time-of-day, 30 time-of-day, 45 figure"),
        ("Sau 5 năm có 12 lớp, 3 giờ học.", "5 duration, 12 figure, 3 figure"),
        (
            "Theo Quyết định số 1373/QĐ-TTg có 15 chỉ tiêu.",
            "1373 document-number, 15 figure",
        ),
        ("Điều 5, khoản 2 quy định 4 lớp.", "5 legal-article, 2 legal-article, 4 figure"),
        ("Phụ lục 2 có 14 tiêu chí.", "2 reference, 14 figure"),
        ("Tiêu chí số 14 đã đạt, có 14 tiêu chí.", "14 reference, 14 figure"),
        ("4.1. Xã có 12 thôn.", "4.1 ordinal, 12 figure"),
        ("Đại hội lần thứ 14 có 140 đại biểu.", "14 ordinal, 140 figure"),
        ("Thôn 4 có 4 thôn viên, 120 hộ.", "4 name, 4 figure, 120 figure"),
        ("Trẻ 5 tuổi có 45 trẻ.", "5 age, 45 figure"),
        ("Trẻ sinh năm 2018 có 45 trẻ.", "2018 cohort, 45 figure"),
        ("Hố xí hợp vệ sinh năm 2023 có 45 hộ.", "2023 date, 45 figure"),
        ("Đạt mức độ 2, có 2 trường.", "2 level, 2 figure"),
        ("Điện thoại 0257 386 214, có 3 người.", "0257 telephone, 386 telephone, 214 telephone"),
        ("Thư gửi về xa2023@quangngai.gov.vn.", "2023 identifier"),
        ("Mã số 00123 của 12 hộ.", "00123 identifier, 12 figure"),
        ("Rộng 8,03km2.", "8,03 figure, 2 unit-of-measure"),
        ("ĐVT: 1.000 đồng", "1.000 unit-of-measure"),
    ],
)
def test_why_a_numeral_of_a_sentence_is_no_figure_and_another_is(text: str, expected: str) -> None:
    found = list(words(of_text(text)))
    assert found[: expected.count(",") + 1] == expected.split(", ")


@pytest.mark.parametrize(
    ("table", "place", "expected"),
    [
        (MARKED, (1, 0), "1 ordinal"),
        (MARKED, (1, 2), "24 figure"),
        (LABELLED.format(label="Trẻ 5 tuổi ra lớp", unit="%"), (1, 1), "5 age"),
        (LABELLED.format(label="Trồng hoa", unit="m2"), (1, 2), "2 unit-of-measure"),
        (LABELLED.format(label="Thôn có từ 80 % hộ", unit="%"), (1, 1), "80 threshold"),
        (LABELLED.format(label="Thôn có từ 80 % hộ", unit="%"), (1, 3), "90 figure"),
        ("Nội dung | Năm 2024 | Năm 2025\nSố hộ | 45 | 46", (0, 1), "2024 date"),
        ("Nội dung | KH 2025/ƯTH 2024\nSố hộ | 45", (0, 1), "2025 date, 2024 date"),
        (NUMBERED, (1, 3), "4 formula, 3 formula, 2 formula"),
        (NUMBERED, (1, 1), "2 ordinal"),
        (NUMBERED, (2, 3), "90 figure"),
        (VILLAGES, (1, 0), "1 name"),
        ("TT | Nội dung | T5 | T6\n1 | Số hộ | 45 | 46\n2 | Số em | 5 | 6", (0, 2), "5 date"),
        (GROUPED, (1, 0), "1 age"),
        (GROUPED, (2, 0), "1 ordinal"),
        (GROUPED, (2, 1), "2 ordinal"),
        (VILLAGES, (1, 1), "214 figure"),
        (VILLAGES, (3, 0), "2 number-of-parts"),
        ("Độ tuổi | Số người\n15-25 | 1.022\n15-35 | 2.407", (1, 0), "15 age, 25 age"),
        ("TT | Tên | Số điện thoại | Con\n1 | An | 5512 | 2", (1, 2), "5512 telephone"),
        (CITED, (1, 3), "19 citation"),
        (CITED, (1, 2), "05 date, 3 date, 2024 date"),
    ],
)  # fmt: skip
def test_why_a_numeral_of_a_cell_is_no_figure_and_another_is(
    table: str, place: tuple[int, int], expected: str
) -> None:
    assert list(words(of_table(table)[place])) == expected.split(", ")


def test_the_number_of_a_page_is_none_of_another_page() -> None:
    blocks = (Paragraph(0, "- 2 -", page=2), Paragraph(1, "3", page=2))
    reading = read(Extraction("a" * 64, "a.pdf", "text", 2, "pdf/1", blocks), CATALOGUE)
    first, second = reading.numerals
    assert first.fate == NoFigure("page-number")
    assert second.fate != NoFigure("page-number")


def test_each_reason_of_the_catalogue_is_given_by_a_case_above() -> None:
    cases = "".join(
        str(mark.args[1])
        for test in (
            test_why_a_numeral_of_a_sentence_is_no_figure_and_another_is,
            test_why_a_numeral_of_a_cell_is_no_figure_and_another_is,
        )
        for mark in test.pytestmark
    )
    elsewhere = {"page-number"}
    assert {one for one in CATALOGUE.numeral_reasons if f" {one}" not in cases} == elsewhere


# --- figures --------------------------------------------------------------------------------


def test_a_figure_is_the_numeral_that_it_was_read_from_and_not_one_of_the_same_digits() -> None:
    reading = written("Thôn 12 đông dân. Toàn xã có 12 thôn, trong đó 12 thôn văn hóa.")
    numerals = [one for one in reading.numerals if one.source.row == len(LETTERHEAD)]
    assert [type(one.fate) for one in numerals] == [NoFigure, IsFigure, IsFigure]
    assert numerals[1].source.text.startswith("Toàn xã")
    assert numerals[1].start == numerals[1].source.text.index("12")
    assert numerals[1].fate != numerals[2].fate


def test_what_is_written_in_words_or_as_a_mark_is_the_numeral_of_its_figure() -> None:
    numerals = of_text("Cả ba thôn đều đạt.")
    assert [(one.text, one.start) for one in numerals] == [("Cả ba", 0)]
    assert isinstance(numerals[0].fate, IsFigure)
    cells = of_table("TT | Nội dung | Kết quả\n1 | Đạt chuẩn xóa mù chữ mức độ 2 | Đạt")
    (mark,) = cells[1, 2]
    assert (mark.text, type(mark.fate)) == ("Đạt", IsFigure)


def test_one_value_in_several_numerals() -> None:
    fates = [one.fate for one in of_text("Thu ngân sách đạt 1 tỷ 50 triệu đồng.")]
    assert len(fates) == 2
    assert fates[0] == fates[1]
    assert isinstance(fates[0], IsFigure)


def test_a_numeral_stands_in_the_text_before_its_conversion() -> None:
    cell = Cell(1, 1, "đạt 95,6 %", original="®¹t  95,6 %", confidence=0.9)
    table = Table(0, 2, 2, (Cell(0, 0, "Nội dung"), Cell(0, 1, "Kết quả"), Cell(1, 0, "Hộ"), cell))
    (numeral,) = (one for one in written(table).numerals if one.source.row == 1)
    assert numeral.source.text == "®¹t  95,6 %"
    assert numeral.start == 5


# --- doubts ---------------------------------------------------------------------------------


def test_what_reading_doubts_is_named_by_that_finding() -> None:
    reading = written("Mỗi thôn có từ 3 đến 4 lớp.")
    numerals = [one for one in reading.numerals if one.source.row == len(LETTERHEAD)]
    for one in numerals:
        assert isinstance(one.fate, InDoubt)
        assert [reading.findings[place].code for place in one.fate.findings] == ["figure-unclear"]


def test_what_nothing_explains_is_a_note_in_text_and_a_warning_under_a_column_of_figures() -> None:
    text = written(draw("TT | Nội dung | Kết quả\n1 | Hỗ trợ bò cho 31 hộ | 45"))
    (label,) = (one for one in text.numerals if one.text == "31")
    assert isinstance(label.fate, InDoubt)
    finding = text.findings[label.fate.findings[0]]
    assert (finding.code, finding.facts["text"]) == ("numeral-without-meaning", "31")
    assert CATALOGUE.finding_kinds[finding.code].severity == "info"
    assert CATALOGUE.finding_kinds["numeral-not-read"].severity == "warning"
    assert not CATALOGUE.finding_kinds["numeral-not-read"].blocking


def test_a_place_with_many_numerals_does_not_print_itself_for_each() -> None:
    numerals = of_text(" ".join(["12 x"] * 2000))
    assert len(numerals) == 2000
    assert sum(len(one.source.text) for one in numerals) < 1_000_000
    assert all(one.source.text[one.start :].startswith("12") for one in numerals)


WORDS = st.sampled_from(
    (
        *("12", "1.204", "2025", "61/85", "95,6", "%", "3-4", "(2)", "0905", "km2", "ba", "năm"),
        *("thôn", "hộ", "đạt", "Điều", "ngày", "tuổi", "số", ":", ",", ".", ";", "1", "="),
    )
)


@given(st.lists(WORDS, max_size=12), st.lists(st.lists(WORDS, max_size=3), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_every_numeral_of_any_document_has_one_fate(
    sentence: list[str], cells: list[list[str]]
) -> None:
    texts = [" ".join(sentence), *(" ".join(cell) for cell in cells)]
    grid = tuple(Cell(place // 2, place % 2, text) for place, text in enumerate(texts[1:]))
    blocks = (Paragraph(0, texts[0]), Table(0, 2, 2, grid))
    reading = read(Extraction("a" * 64, "a.docx", "text", None, "docx/1", blocks), CATALOGUE)
    digits = [one for one in reading.numerals if any(map(str.isdecimal, one.text))]
    assert len(digits) == sum(len(find_numerals(text)) for text in texts)
    figures: set[int] = set()
    for one in reading.numerals:
        assert one.source.text[one.start :].startswith(one.text)
        fate = stated(one.fate)
        figures |= set(fate.observations)
        assert fate.reason is None or fate.reason in CATALOGUE.numeral_reasons
        assert all(0 <= place < len(reading.findings) for place in fate.findings)
        assert bool(fate.observations) + bool(fate.reason) + bool(fate.findings) == 1
    assert figures == set(range(len(reading.observations)))
