"""Former communes' paragraphs under one outline: nothing lost, nothing twice, nothing borrowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.loader import load_catalogue
from catalog.model import Heading
from transforms.narrative import Contribution, MergedParagraph, Narrative, contributions, merge
from transforms.reading import Header, Reading, Section
from transforms.units import UnitIndex

CATALOGUE = load_catalogue()
UNITS = UnitIndex(CATALOGUE)
OUTLINE = (
    Heading(path=("I",), heading="TÌNH HÌNH CHUNG"),
    Heading(path=("I", "1"), heading="Thuận lợi"),
    Heading(path=("II",), heading="KẾT QUẢ THỰC HIỆN", wordings=("Kết quả đạt được",)),
    Heading(path=("II", "4"), heading="Gia đình học tập"),
    Heading(path=("II", "4", "a"), heading="Công tác phối hợp"),
    Heading(path=("II", "5"), heading="Công dân học tập"),
    Heading(path=("II", "5", "a"), heading="Công tác phối hợp"),
)
REPORT = next(iter(CATALOGUE.reports.values())).model_copy(update={"outline": OUTLINE})
"""The catalogue's first report with a short outline of our own."""


def contribution(unit: str, *sections: tuple[str, str, list[str]]) -> Contribution:
    """Sections of (path with '/', heading, paragraphs); rows count through the document."""
    made: list[Section] = []
    row = 0
    for path, heading, paragraphs in sections:
        rows = tuple(range(row + 1, row + 1 + len(paragraphs)))
        made.append(Section(tuple(path.split("/")), heading, tuple(paragraphs), rows))
        row += len(paragraphs) + 1
    return Contribution(f"sha-{unit}", unit, tuple(made))


def under_one(**paragraphs: list[str]) -> list[MergedParagraph]:
    """Paragraphs of units (duc_hiep=…) under one heading, merged."""
    parts = [
        contribution(unit.replace("_", "-"), ("I", "Tình hình chung", texts))
        for unit, texts in paragraphs.items()
    ]
    return list(merge(REPORT, "long-phung", parts, UNITS).paragraphs)


def shown(narrative: Narrative) -> list[tuple[str, str]]:
    return [("/".join(one.path), one.text) for one in narrative.paragraphs]


# --- documents ------------------------------------------------------------------------------


def reading(unit: str, number: str, day: date | None, **header: str) -> Reading:
    made = Header(unit, number, date(2025, 7, 1), day, supersedes=header.get("supersedes"))
    if "supersedes" in header:
        made = replace(made, supersession=header.get("supersession", "replaces"))  # type: ignore[arg-type]
    return Reading(made, sections=(Section(("I",), "Chung", ("Một câu.",), (0,)),))


JUNE, MAY = date(2025, 6, 30), date(2025, 5, 31)


def test_documents_that_contribute() -> None:
    readings = [
        ("a", reading("duc-hiep", "58/BC-UBND", JUNE)),
        ("b", reading("duc-hiep", "58/BC-UBND", JUNE)),
        ("c", reading("duc-nhuan", "9/BC-UBND", JUNE)),
        ("d", reading("duc-nhuan", "12/BC-UBND", JUNE, supersedes="09/BC-UBND")),
        ("e", reading("thang-loi", "7/BC-UBND", JUNE)),
        ("f", reading("thang-loi", "8/BC", JUNE, supersedes="7/BC-UBND", supersession="corrects")),
        ("g", reading("thang-loi", "1/BC-UBND", MAY)),
        ("h", reading("thang-loi", "2/BC-UBND", None)),
        ("i", reading("duc-chanh", "3/BC-UBND", JUNE)),
    ]  # fmt: skip
    draft = reading("thang-loi", "6/BC-UBND", JUNE)
    readings.append(("j", replace(draft, header=replace(draft.header, draft=True))))
    former = ("duc-hiep", "duc-nhuan", "thang-loi")
    assert [one.document for one in contributions(readings, former)] == ["a", "d", "e", "f"]
    assert [one.document for one in contributions(readings, former, MAY)] == ["g"]
    assert contributions([], former) == []


# --- headings -------------------------------------------------------------------------------


def test_sections_go_under_the_heading_that_says_the_same() -> None:
    narrative = merge(
        REPORT,
        "long-phung",
        [
            contribution(
                "duc-hiep",
                ("A", "TÌNH HÌNH CHUNG", ["Một câu."]),
                ("A/1", "Thuận lợi:", ["Hai câu."]),
                ("B", "Kết quả đạt được (Phụ lục I)", []),
                ("B/1", "Công dân học tập", []),
                ("B/1/1.1", "Công tác phối hợp", ["Ba câu."]),
            )
        ],
        UNITS,
    )
    assert shown(narrative) == [
        ("I", "Tại xã Đức Hiệp (cũ): Một câu."),
        ("I/1", "Tại xã Đức Hiệp (cũ): Hai câu."),
        ("II/5/a", "Tại xã Đức Hiệp (cũ): Ba câu."),
    ]
    assert narrative.findings == ()


def test_a_heading_without_its_parent_is_not_guessed() -> None:
    narrative = merge(
        REPORT,
        "long-phung",
        [
            contribution(
                "duc-hiep",
                ("I", "Tình hình chung", ["Một câu."]),
                ("II", "Nội dung khác hẳn", ["Hai câu."]),
                ("II/1", "Công tác phối hợp", ["Ba câu."]),
            )
        ],
        UNITS,
    )
    assert shown(narrative) == [("I", "Tại xã Đức Hiệp (cũ): Một câu.")]
    found = [(one, finding.code, finding.facts["heading"]) for one, finding in narrative.findings]
    assert found == [
        ("sha-duc-hiep", "heading-unmatched", "II. Nội dung khác hẳn"),
        ("sha-duc-hiep", "heading-unmatched", "II.1. Công tác phối hợp"),
    ]
    assert [finding.unit for _, finding in narrative.findings] == ["duc-hiep"] * 2


def test_deeper_sections_go_under_their_parent() -> None:
    narrative = merge(
        REPORT,
        "long-phung",
        [
            contribution(
                "duc-hiep",
                ("I", "Tình hình chung", []),
                ("I/1", "Thuận lợi", []),
                ("I/1/a", "Về đội ngũ", ["- Đủ giáo viên.", "Có báo cáo viên."]),
            )
        ],
        UNITS,
    )
    assert shown(narrative) == [
        ("I/1", "Tại xã Đức Hiệp (cũ): Về đội ngũ: Đủ giáo viên."),
        ("I/1", "Tại xã Đức Hiệp (cũ): Có báo cáo viên."),
    ]


def test_another_report_contributes_nothing() -> None:
    other = contribution(
        "duc-hiep", ("I", "Thu ngân sách", ["Đạt."]), ("II", "Chi ngân sách", ["Đạt."]),
        ("III", "Giảm nghèo", ["Đạt."]), ("IV", "An ninh", ["Đạt."]),
        ("V", "Tình hình chung", ["Đạt."]),
    )  # fmt: skip
    assert merge(REPORT, "long-phung", [other], UNITS) == Narrative((), ())


def test_annexes_and_the_closing_are_no_narrative() -> None:
    narrative = merge(
        REPORT,
        "long-phung",
        [
            contribution(
                "duc-hiep",
                ("I", "Tình hình chung", ["Một câu./.", "Trên đây là báo cáo của UBND xã./."]),
                ("Phụ lục I", "DANH MỤC", ["(Kèm theo Báo cáo số 58/BC-UBND)"]),
            )
        ],
        UNITS,
    )
    assert shown(narrative) == [("I", "Tại xã Đức Hiệp (cũ): Một câu.")]
    assert narrative.findings == ()


# --- paragraphs -----------------------------------------------------------------------------

ALIKE = "Nhiều thành viên Ban Chỉ đạo làm việc kiêm nhiệm nên thời gian dành cho công tác còn ít"


def test_the_same_is_printed_once_and_common_first() -> None:
    merged = under_one(
        duc_hiep=["Riêng của Đức Hiệp là nghề nông.", f"- {ALIKE}."],
        duc_nhuan=[f"{ALIKE}.", "Người dân hiếu học."],
        thang_loi=[f"+ {ALIKE.replace(' nên thời gian', ', thời gian')};"],
    )
    assert [(one.ordinal, one.origin, len(one.origins)) for one in merged] == [
        (0, "common", 3), (1, "own", 1), (2, "own", 1),
    ]  # fmt: skip
    assert merged[0].text == f"{ALIKE}."
    assert [(o.unit, o.document, o.row) for o in merged[0].origins] == [
        ("duc-hiep", "sha-duc-hiep", 2),
        ("duc-nhuan", "sha-duc-nhuan", 1),
        ("thang-loi", "sha-thang-loi", 1),
    ]
    assert merged[0].origins[0].text == f"- {ALIKE}."
    assert merged[1].text == "Tại xã Đức Hiệp (cũ): Riêng của Đức Hiệp là nghề nông."
    assert merged[2].text == "Tại xã Đức Nhuận (cũ): Người dân hiếu học."


def test_what_not_all_say_is_attributed() -> None:
    merged = under_one(duc_hiep=[f"{ALIKE}."], duc_nhuan=[f"{ALIKE}."], thang_loi=["Khác hẳn."])
    assert merged[0].origin == "common"
    assert merged[0].text == f"Tại xã Đức Hiệp và xã Đức Nhuận (cũ): {ALIKE}."


ALTERNATIVES = """
Toàn xã có {12/15|13/15} thôn đạt danh hiệu Cộng đồng học tập
Xã ban hành Kế hoạch số {14|15}/KH-UBND ngày 18/02/2022
Xã ban hành Kế hoạch số 14/KH-UBND ngày {18|19}/02/2022
Cả {hai|ba} thôn ven biển đều có tủ sách phục vụ người dân
Các chỉ tiêu chủ yếu của kế hoạch đều {đã|chưa} đạt trong kỳ
Tỷ lệ người dân tham gia học tập {tăng|giảm} so với năm trước
{Hoạt động của Trung tâm đều đặn, thiết thực|Người dân sẵn lòng góp công, góp của}
"""


@pytest.mark.parametrize("sentence", ALTERNATIVES.strip().split("\n"))
def test_different_statements_stay_apart(sentence: str) -> None:
    before, rest = sentence.split("{")
    words, after = rest.split("}")
    one, other = (f"{before}{word}{after}" for word in words.split("|"))
    merged = under_one(duc_hiep=[one], duc_nhuan=[other])
    assert [len(paragraph.origins) for paragraph in merged] == [1, 1]


def test_figures_are_always_attributed() -> None:
    text = "Toàn xã có 9 nhà văn hóa thôn phục vụ người dân."
    merged = under_one(duc_hiep=[text], duc_nhuan=[text])
    assert [one.text for one in merged] == [f"Tại xã Đức Hiệp và xã Đức Nhuận (cũ): {text}"]


def test_self_names_become_the_new_commune_when_all_say_so() -> None:
    text = "UBND xã {0} thường xuyên kiểm tra; nhân dân {0} hưởng ứng, tham gia."
    merged = under_one(duc_hiep=[text.format("Đức Hiệp")], duc_nhuan=[text.format("Đức Nhuận")])
    assert [one.text for one in merged] == [text.format("Long Phụng")]


def test_a_neighbour_named_is_never_rewritten() -> None:
    text = "Xã phối hợp với xã Đức Thạnh tổ chức hội thi cho học sinh."
    merged = under_one(duc_hiep=[text], duc_nhuan=[text])
    assert [one.text for one in merged] == [f"Tại xã Đức Hiệp và xã Đức Nhuận (cũ): {text}"]


def test_the_new_communes_own_words_need_no_attribution() -> None:
    merged = under_one(long_phung=["Xã Long Phụng có 32 thôn."], duc_hiep=["Có 8 thôn."])
    assert [one.text for one in merged] == [
        "Xã Long Phụng có 32 thôn.",
        "Tại xã Đức Hiệp (cũ): Có 8 thôn.",
    ]


SENTENCES = (
    "Người dân hưởng ứng tích cực.", "Đội ngũ ổn định.", "Có 12/15 thôn đạt.", "Có 5 lớp.",
    "UBND xã Đức Hiệp kiểm tra.", "Kinh phí còn thiếu.", "Kinh phí không thiếu.", "Đạt 95,6 %.",
)  # fmt: skip


@given(
    st.fixed_dictionaries(
        {
            unit: st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5)
            for unit in ("duc_hiep", "duc_nhuan", "thang_loi")
        }
    )
)
def test_nothing_is_lost_and_no_figure_is_borrowed(paragraphs: dict[str, list[str]]) -> None:
    merged = under_one(**paragraphs)
    origins = [(o.unit, o.row) for one in merged for o in one.origins]
    assert sorted(origins) == sorted(
        (unit.replace("_", "-"), row)
        for unit, texts in paragraphs.items()
        for row in range(1, len(texts) + 1)
    )
    for one in merged:
        if any(digit in one.text for digit in "0123456789") or "Đức" in one.text:
            assert one.text.startswith("Tại xã ")
    assert [one.ordinal for one in merged] == list(range(len(merged)))


@pytest.mark.usefixtures("no_hang")
def test_many_paragraphs_in_bounded_time() -> None:
    texts = [
        f"Đoạn văn {'abcdefghij'[n % 10] * (n % 37 + 1)} về hoạt động {n % 7}." for n in range(1500)
    ]
    under_one(duc_hiep=texts, duc_nhuan=texts)
