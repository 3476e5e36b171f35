from __future__ import annotations

import pytest

from transforms.matching import strip_mark
from transforms.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("1. Gia đình học tập", "Gia đình học tập"),
        ("4.1 Gia đình học tập", "Gia đình học tập"),
        ("a) Gia đình học tập", "Gia đình học tập"),
        ("II. Năng lực", "Năng lực"),
        ("- Nữ", "Nữ"),
        ("5 tuổi", "5 tuổi"),
        ("100 hộ", "100 hộ"),
    ],
)
def test_marks_are_stripped_and_numbers_are_not(label: str, bare: str) -> None:
    assert strip_mark(label) == bare


@pytest.mark.parametrize(
    ("label", "indicator"),
    [
        ("Gia đình học tập", "gia-dinh-hoc-tap"),
        ("Tỷ lệ gia đình đạt danh hiệu “Gia đình học tập” trên địa bàn xã", "gia-dinh-hoc-tap"),
        ("3. GĐHT (%)", "gia-dinh-hoc-tap"),
        ("GIA ĐÌNH HỌC TẬP", "gia-dinh-hoc-tap"),
        ("Gia đinh học tập", "gia-dinh-hoc-tap"),  # a slip of the pen
        ("Xã đạt chuẩn xoá mù chữ mức độ 2", "xmc-muc-do-2"),
        ("Xã đạt chuẩn PCGD tiểu học mức độ 3", "pcgd-tieu-hoc-muc-do-3"),
        ("Xã đạt chuẩn phổ cập giáo dục tiểu học mức độ 2", "pcgd-tieu-hoc-muc-do-2"),
        ("Số hội viên khuyến học", "so-hoi-vien-khuyen-hoc"),
        ("Hội viên khuyến học", "so-hoi-vien-khuyen-hoc"),
    ],
)
def test_wordings_of_one_meaning_match(vocabulary: Vocabulary, label: str, indicator: str) -> None:
    assert vocabulary.matcher.match(label).indicator == indicator


@pytest.mark.parametrize(
    "label",
    [
        "Gia đình học tập tiêu biểu",
        "Gia đình học tập · Nữ",
        "Gia đình văn hóa học tập nâng cao",
        "Xã đạt chuẩn phổ cập giáo dục tiểu học mức độ 4",
        "Số gia đình hiếu học",
        "Số lượng",
        "",
        "Đường bê tông",
    ],
)
def test_another_meaning_does_not_match(vocabulary: Vocabulary, label: str) -> None:
    assert vocabulary.matcher.match(label).indicator is None


def test_every_wording_of_the_catalogue_finds_its_own_indicator(vocabulary: Vocabulary) -> None:
    lost = [
        (indicator.id, wording)
        for indicator in vocabulary.catalogue.indicators.values()
        for wording in (indicator.name, *indicator.wordings)
        if vocabulary.matcher.match(wording).indicator != indicator.id
    ]
    assert lost == []


def test_the_longest_wording_in_a_sentence_counts(vocabulary: Vocabulary) -> None:
    sentence = (
        "Có 118/143 cán bộ, công chức, viên chức trong các đơn vị học tập "
        "đạt danh hiệu Công dân học tập."
    )
    found = vocabulary.matcher.find(sentence)
    assert [phrase.match.indicator for phrase in found] == ["can-bo-cong-dan-hoc-tap"]
    assert sentence[found[0].start : found[0].end].startswith("cán bộ, công chức")
