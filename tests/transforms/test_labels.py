"""Labels tell the figures of a table apart by its own words."""

from __future__ import annotations

from tests.support.grids import draw
from transforms.labels import clashing
from transforms.reading import Header
from transforms.tables import Caption, read_table
from transforms.vocabulary import Vocabulary


def labels(drawn: str, vocabulary: Vocabulary, header: Header) -> list[str]:
    reading = read_table(draw(drawn), header, Caption(), vocabulary)
    assert clashing(reading.observations) == []
    return [one.label for one in reading.observations]


def test_the_header_path_is_part_of_the_label(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        Lĩnh vực | Hồ sơ đã giải quyết | < | Hồ sơ đang giải quyết
        ^ | Trước hạn | Quá hạn | ^
        Hộ tịch | 21 | 3 | 2
        """
    assert labels(drawn, vocabulary, header) == [
        "Hộ tịch · Hồ sơ đã giải quyết · Trước hạn",
        "Hộ tịch · Hồ sơ đã giải quyết · Quá hạn",
        "Hộ tịch · Hồ sơ đang giải quyết",
    ]


def test_groups_tell_rows_of_the_same_words_apart(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Nội dung | Kết quả
        I | Trực tiếp |
        1 | Hộ tịch | 23
        II | Trực tuyến |
        1 | Hộ tịch | 187
        """
    assert labels(drawn, vocabulary, header) == ["Trực tiếp · Hộ tịch", "Trực tuyến · Hộ tịch"]


def test_words_of_role_are_added_only_where_they_are_needed(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        TT | Nội dung | Kế hoạch | Thực hiện | Thực hiện
        1 | Số cuộc họp | 4 | 3 | 3
        """
    assert labels(drawn, vocabulary, header) == ["Số cuộc họp"] * 3
