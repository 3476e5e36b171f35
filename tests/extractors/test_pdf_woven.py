"""Letters that a second font gives are put into the holes that the first one left."""

from __future__ import annotations

from extractors.pdf_page import Glyph, pieces_of

SIZE = 10.0


def set_in(text: str, x: float, only: set[str], *, top: float = 0.0) -> list[Glyph]:
    """The characters of ``text`` at ten points each, those alone that a font has."""
    return [
        Glyph(letter, x + SIZE * place, top, x + SIZE * (place + 1), top + SIZE, False, place)
        for place, letter in enumerate(text)
        if letter in only
    ]


def test_letters_of_a_second_font_stand_in_their_words() -> None:
    text = "xã hội học tập"
    first, second = set("xãhictp"), set("ộọậ")
    glyphs = set_in(text, 0, first) + set_in(text, 0, second)
    assert [piece.text for piece in pieces_of(glyphs)] == [text]


def test_a_line_that_is_printed_twice_is_not_mixed() -> None:
    letters = set("KẾTQUẢ")
    glyphs = set_in("KẾT", 0, letters) + set_in("QUẢ", 2, letters)
    assert sorted(piece.text for piece in pieces_of(glyphs)) == ["KẾT", "QUẢ"]


def test_lines_below_each_other_are_not_mixed() -> None:
    letters = set("abcd")
    glyphs = set_in("a c", 0, letters) + set_in(" b d", 0, letters, top=SIZE * 1.5)
    assert sorted(piece.text for piece in pieces_of(glyphs)) == ["a c", "b d"]
