"""What only a whole document tells: its figures against each other, its day by its figures."""

from __future__ import annotations

from datetime import date

from catalog.loader import load_catalogue
from extractors.document import Extraction, Paragraph, Table
from tests.support.grids import draw
from transforms.read import read
from transforms.reading import Reading

LETTERHEAD = (
    "UBND HUYỆN MỘ ĐỨC",
    "UBND XÃ ĐỨC HIỆP",
    "Số: 58/BC-UBND",
    "Đức Hiệp, ngày 20 tháng 6 năm 2025",
    "BÁO CÁO",
)
TABLE = """
    TT | Nội dung | Tổng số | Số đạt | Tỷ lệ (%)
    1 | Dòng họ học tập | 24 | 16 | 66,67
    """


def written(*blocks: str | Table) -> Reading:
    numbered = tuple(
        Paragraph(index, block) if isinstance(block, str) else block
        for index, block in enumerate((*LETTERHEAD, *blocks))
    )
    return read(Extraction("a" * 64, "a.docx", "text", None, "docx/1", numbered), load_catalogue())


def codes(reading: Reading) -> list[str]:
    return [one.code for one in reading.findings]


def test_text_that_differs_from_the_table_is_said() -> None:
    title = "Kết quả xây dựng xã hội học tập 6 tháng đầu năm 2025"
    sentence = "Có 18/24 dòng họ đạt danh hiệu “Dòng họ học tập”, đạt 75 %."
    reading = written(title, draw(TABLE), sentence)
    doubts = [one for one in reading.findings if one.code == "table-differs-from-text"]
    assert [(one.facts["table"], one.facts["text"]) for one in doubts] == [
        ("16", "18"),
        ("66.67", "75"),
    ]


def test_text_that_rounds_the_table_is_not() -> None:
    title = "Kết quả xây dựng xã hội học tập 6 tháng đầu năm 2025"
    sentence = "Tỷ lệ dòng họ học tập đạt 66,7 %."
    assert "table-differs-from-text" not in codes(written(title, draw(TABLE), sentence))


def test_the_day_of_a_document_is_that_of_its_latest_results() -> None:
    drawn = """
        TT | Nội dung chỉ tiêu | Mục tiêu đến năm 2030 (%) | Kết quả đến tháng 4/2025 (%)
        1 | Gia đình học tập | 80 | 79,68
        """
    reading = written("Kết quả thực hiện các chỉ tiêu", draw(drawn))
    assert reading.header.as_of == date(2025, 4, 30)
    assert "as-of-unknown" not in codes(reading)


def test_a_document_without_any_day_takes_its_day_of_issue_and_says_so() -> None:
    reading = written("Kết quả thực hiện các chỉ tiêu", draw(TABLE))
    assert reading.header.as_of is None
    assert {one.as_of for one in reading.observations} == {date(2025, 6, 20)}
    assert [one.facts["date"] for one in reading.findings if one.code == "as-of-assumed"] == [
        "20/06/2025"
    ]


def test_more_than_the_whole_is_said() -> None:
    drawn = TABLE.replace("16 | 66,67", "25 | 104,17")
    assert "part-exceeds-whole" in codes(written("Kết quả năm 2024", draw(drawn)))
    assert "part-exceeds-whole" not in codes(written("Kết quả năm 2024", draw(TABLE)))
