from __future__ import annotations

from extractors.document import Cell, Extraction, Paragraph, Table
from reports.edited import Difference, differing


def report(*blocks: str | list[str]) -> Extraction:
    """Paragraphs as texts, tables of one row as lists."""
    made = tuple(
        Paragraph(index, block)
        if isinstance(block, str)
        else Table(index, 1, len(block), tuple(Cell(0, at, text) for at, text in enumerate(block)))
        for index, block in enumerate(blocks)
    )
    return Extraction("0" * 64, "a.docx", "", None, "docx/1", made)


ROW = ["1", "Gia đình học tập", "70", "78,62", "3.721/4.733 hộ"]
SENTENCE = "Tỷ lệ gia đình học tập đạt 78,62 % (3.721/4.733 hộ)."


def test_the_same_figures_are_no_difference_whatever_was_added() -> None:
    assert differing(report(SENTENCE, "Lời thêm.", ROW), report(SENTENCE, ROW)) == []


def test_a_figure_of_a_row_or_of_a_sentence() -> None:
    edited = report(SENTENCE.replace("78,62", "80"), [*ROW[:3], "81", ROW[4]])
    assert differing(edited, report(SENTENCE, ROW)) == [
        Difference("Tỷ lệ gia đình học tập đạt … % (…/… hộ).", "80", "78,62"),
        Difference("Gia đình học tập · …/… hộ", "81", "78,62"),
    ]


def test_a_reworded_sentence_is_beside_the_one_that_it_was() -> None:
    edited = report("Đến nay tỷ lệ gia đình học tập đạt 79 % (3.721/4.733 hộ).")
    (found,) = differing(edited, report(SENTENCE))
    assert (found.edited, found.new) == ("79", "78,62")


def test_what_stands_nowhere_in_the_edited_report() -> None:
    assert differing(report("Không có gì."), report(ROW)) == [
        Difference("Gia đình học tập · …/… hộ", "", "1, 70, 78,62, 3.721, 4.733")
    ]
