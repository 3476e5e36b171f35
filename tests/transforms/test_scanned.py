"""Words that a reading of pictures ran together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.document import Cell, Extraction, Paragraph, Table
from transforms.scanned import as_written
from transforms.vocabulary import Vocabulary


def scanned(text: str, confidence: float) -> Extraction:
    cell = Table(0, 1, 1, (Cell(0, 0, text, confidence=confidence),))
    paragraph = Paragraph(0, text, confidence=confidence)
    return Extraction("0" * 64, "a.png", "image/png", 1, "test/1", (paragraph, cell))


def spelled(text: str, vocabulary: Vocabulary, confidence: float = 0.9) -> str:
    extraction = as_written(scanned(text, confidence), vocabulary)
    (paragraph,) = extraction.paragraphs()
    (table,) = extraction.tables()
    assert table.cells[0].text == paragraph.text
    assert paragraph.original == (text if paragraph.text != text else None)
    return paragraph.text


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("Sốhộnghèo", "Số hộ nghèo"),
        ("Tổngsố", "Tổng số"),
        ("TânBình", "Tân Bình"),
        ("Năm2022", "Năm 2022"),
        ("Tỷlệ(%)", "Tỷ lệ (%)"),
        ("Hộikhuyếnhọc", "Hội khuyến học"),
        ("Nghĩa Thương", "Nghĩa Thương"),
        ("QĐ-TTg", "QĐ-TTg"),
        ("ThS. Nguyễn", "ThS. Nguyễn"),
        ("Facebook", "Facebook"),
        ("1.204/1.511", "1.204/1.511"),
    ],
)
def test_spaces_that_were_lost(read: str, written: str, vocabulary: Vocabulary) -> None:
    assert spelled(read, vocabulary) == written


def test_print_is_left_alone(vocabulary: Vocabulary) -> None:
    extraction = scanned("Sốhộnghèo", 1.0)
    assert as_written(extraction, vocabulary) is extraction


@given(st.text(alphabet="0123456789.,/%() -", max_size=30))
def test_no_figure_is_changed(vocabulary: Vocabulary, text: str) -> None:
    assert spelled(text, vocabulary).replace(" ", "") == text.replace(" ", "")
