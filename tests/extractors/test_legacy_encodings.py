from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.characters import readable
from extractors.legacy_encodings import TCVN3, VNI, converted, decode, tell

TEXT = "cộng hòa xã hội chủ nghĩa việt nam ủy ban nhân dân khuyến học người đạt"
WORDS = TEXT.split()
_TO = {
    "TCVN3": {letter: code for code, letter in TCVN3.items()},
    "VNI-Windows": {letter: code for code, letter in reversed(VNI.items())},
}


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI-Windows"])
@given(st.lists(st.sampled_from(WORDS), min_size=6, unique=True))
def test_round_trip(encoding, words):
    text = " ".join(words)
    written = "".join(_TO[encoding].get(letter, letter) for letter in text)
    assert decode(written, encoding) == text
    assert tell(written) == (encoding, False)


@given(st.lists(st.sampled_from(WORDS)).map(" ".join) | st.text(alphabet=string.printable[:95]))
def test_unicode_and_ascii_stay(text):
    assert readable([(text, "")]) == (text.strip(), None)


@pytest.mark.parametrize("text", ["café où ± 5 °C × µm §5", "São Paulo, señor für", "là xã có"])
def test_other_languages_and_signs_stay(text):
    assert readable([(text, "")]) == (text, None)


def test_signs_that_stand_alone_are_no_letters() -> None:
    assert decode("3 × 4 · 12 ÷ 3 hé", "TCVN3") == "3 × 4 · 12 ÷ 3 hộ"


def test_the_letter_that_is_a_soft_hyphen_elsewhere() -> None:
    assert converted([("l\u00adît ng\u00adêi", ".VnTime")]) == ["lượt người"]
    assert readable([("hợp\u00adtác xã", "Times New Roman")])[0] == "hợptác xã"


def test_abbreviations_where_the_font_or_the_document_speaks_for_it() -> None:
    assert converted([("§VT", ".VnTime")]) == ["ĐVT"]
    assert converted([("Q§-UBND", ".VnTime")]) == ["QĐ-UBND"]
    assert converted([("§VT", "Times New Roman")]) == ["§VT"]
