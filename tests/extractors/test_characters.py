from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.characters import decode_symbols, readable, subscript, superscript


def test_raised_and_lowered_digits():
    assert superscript("1(2)*a") == "¹⁽²⁾*ᵃ"
    assert subscript("H2O") == "H₂O"


@given(st.text(alphabet="0123456789"))
def test_no_raised_digit_is_a_decimal_digit(text):
    assert not any(character.isdecimal() for character in superscript(text) + subscript(text))


@pytest.mark.parametrize(
    ("text", "font", "shown"),
    [
        ("ü", "Wingdings", "✓"),
        ("\uf0fc", "Wingdings", "✓"),
        ("\uf0b7", "Symbol", "•"),
        ("\uf0b7", "", "•"),
        ("\uf023", "Wingdings", "\ufffd"),
        ("ü", "Times New Roman", "ü"),
        ("a b", "Wingdings", "\ufffd \ufffd"),
    ],
)
def test_symbol_fonts(text, font, shown):
    assert decode_symbols(text, font) == shown


def test_runs_are_composed_together():
    assert readable([(" Đ", ""), ("e\u0302", "A"), ("\u0301 ", "B")]) == ("Đế", None)


def test_the_stored_text_is_kept_where_it_was_converted():
    assert readable([("Đạt ", ""), ("ü", "Wingdings")]) == ("Đạt ✓", "Đạt ü")
