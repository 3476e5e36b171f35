"""Spellings that are one word get one key; different words keep different ones."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text import clean, fold, key, rejoin, slug, unglue

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    "ĐƯƠÂ 0123456789-–“”.,/%()"
)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("hoà", "hòa"),
        ("HOÀ BÌNH", "Hòa Bình"),
        ("thuỷ", "thủy"),
        ("Uỷ ban nhân dân", "ỦY BAN NHÂN DÂN"),
        ("khoẻ", "khỏe"),
        ("hoá", "hóa"),
        ("qúy", "quý"),
        ("Đức Hiệp", "ĐỨC HIỆP"),
        ("Văn hóa – Xã hội", "Văn hóa-Xã hội"),
        ("giai đoạn 2021- 2030", "giai đoạn 2021 - 2030"),
        ("“Gia đình học tập”", "Gia đình học tập"),
        ("Kết quả\nthực hiện ", "Kết quả thực hiện"),
        ("Đức\u00a0Hiệp\u200b", "Đức Hiệp"),
        ("tỷ lệ ( % )", "tỷ lệ (%)"),
        ("Ghi chú:", "Ghi chú"),
    ],
)
def test_one_key(written: str, other: str) -> None:
    assert key(written) == key(other)
    assert key(unicodedata.normalize("NFD", written)) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đức Thắng", "Đức Thạnh"),
        ("Đức Thạnh", "Đức Thanh"),
        ("Đức Chánh", "Đức Thạnh"),
        ("hoàn", "hòan"),
        ("mức độ 2", "mức độ 3"),
    ],
)
def test_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("word", ["quý", "quỳ", "hoàn", "khuỷu", "toán", "chuyện", "quà"])
def test_placed_tones_stay(word: str) -> None:
    assert key(word) == word


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đức Nhuận", "duc nhuan"), ("ĐỨC LỢI", "duc loi"), ("Phường Thuỷ", "phuong thuy")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert slug(text) == folded.replace(" ", "-")


@pytest.mark.parametrize(
    ("split", "joined"),
    [
        ("UBND xã Đ ức Hiệp", "UBND xã Đức Hiệp"),
        ("Tr ường h ọc", "Trường học"),
        ("Đ ỨC HIỆP", "ĐỨC HIỆP"),
        ("điểm c ở trên", "điểm c ở trên"),
        ("c) ở trên", "c) ở trên"),
        ("học ở trường", "học ở trường"),
        ("lớp A ở thôn", "lớp A ở thôn"),
    ],
)
def test_rejoin(split: str, joined: str) -> None:
    assert rejoin(split) == joined


@pytest.mark.parametrize(
    ("glued", "parted"),
    [
        ("22,10km2", "22,10 km2"),
        ("12thôn", "12 thôn"),
        ("vàNghị quyết", "và Nghị quyết"),
        ("1279/NQ-UBTVQH15", "1279/NQ-UBTVQH15"),
        ("QĐ-TTg", "QĐ-TTg"),
    ],
)
def test_unglue(glued: str, parted: str) -> None:
    assert unglue(glued) == parted


def test_clean() -> None:
    assert clean(" a\u00a0\u2003b\r\n\tc\u200b\x00 ") == "a b c"


@given(VIETNAMESE)
def test_keys_are_stable(text: str) -> None:
    assert key(key(text)) == key(text)
    assert key(unicodedata.normalize("NFD", text)) == key(text)
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(key(text))
    assert fold(text).isascii()


@given(st.text())
def test_any_text(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    rejoin(text)
    unglue(text)


@pytest.mark.usefixtures("no_hang")
def test_hostile_lengths_are_linear() -> None:
    for hostile in ("đ " * 50_000, "-" * 100_000, " \n" * 50_000, "oà" * 50_000, "( " * 50_000):
        for function in (clean, key, fold, slug, rejoin, unglue):
            function(hostile)
