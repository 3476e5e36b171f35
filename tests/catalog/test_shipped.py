"""The shipped catalogue holds what the report, the law and the lineage of Long Phụng need."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from catalog.checks import may_be
from catalog.loader import load_catalogue
from catalog.model import Indicator

CATALOGUE = load_catalogue()

REFERENCE_ROWS = [
    "Xã đạt chuẩn xóa mù chữ mức độ 2",
    "Xã chuẩn phổ cập giáo dục mầm non cho trẻ em 5 tuổi",
    "Xã đạt chuẩn phổ cập giáo dục tiểu học đạt mức độ 2",
    "Xã đạt chuẩn phổ cập giáo dục tiểu học đạt mức độ 3",
    "Xã đạt chuẩn phổ cập giáo dục trung học cơ sở mức độ 2",
    "Xã đạt chuẩn phổ cập giáo dục trung học cơ sở mức độ 3",
]


def test_there_are_indicators_of_every_kind_of_report() -> None:
    assert len(CATALOGUE.indicators) >= 80
    assert {entry.group for entry in CATALOGUE.indicators.values()} == set(CATALOGUE.groups)


@pytest.mark.parametrize(
    "section", ["groups", "indicators", "units", "unit_events", "reports", "references"]
)
def test_every_entry_says_where_it_comes_from(section: str) -> None:
    entries = getattr(CATALOGUE, section)
    assert entries
    assert [key for key, entry in entries.items() if len(entry.source.strip()) < 5] == []


def test_the_annex_begins_with_the_references_rows_in_its_order_and_wording() -> None:
    group, *rows = CATALOGUE.reports["xa-hoi-hoc-tap"].rows
    assert (group.mark, group.label, group.indicator) == (
        "I",
        "Xóa mù chữ và phổ cập giáo dục",
        None,
    )
    assert [row.label for row in rows[:6]] == REFERENCE_ROWS
    assert [row.mark for row in rows[:6]] == ["1", "2", "3", "4", "5", "6"]
    assert sum(row.indicator is not None for row in rows[6:]) >= 20


def test_every_row_of_the_annex_is_a_wording_of_its_indicator_or_names_its_unit() -> None:
    for row in CATALOGUE.reports["xa-hoi-hoc-tap"].rows:
        if row.indicator is not None:
            indicator = CATALOGUE.indicators[row.indicator]
            bare = re.sub(r" \([^()]*\)$", "", row.label)
            assert {row.label, bare} & {indicator.name, *indicator.wordings}, row.label


def test_the_de_an_of_2021_is_credited_to_1373_and_never_to_89() -> None:
    report = CATALOGUE.reports["xa-hoi-hoc-tap"]
    text = " ".join((*report.basis, *report.opening, *report.closing))
    assert "1373/QĐ-TTg ngày 30/7/2021" in text
    assert "89/QĐ-TTg" not in text
    assert CATALOGUE.references["1373-qd-ttg"].issued_on == date(2021, 7, 30)
    assert "2012-2020" in CATALOGUE.references["89-qd-ttg"].title


def test_the_outline_has_the_references_marks_with_its_second_iv_as_v() -> None:
    paths = [".".join(heading.path) for heading in CATALOGUE.reports["xa-hoi-hoc-tap"].outline]
    assert [path for path in paths if "." not in path] == ["I", "II", "III", "IV", "V"]
    assert {"II.4.4.1", "II.4.4.5", "II.4.4.4.a", "II.4.4.5.b", "IV.3.3.2"} <= set(paths)


def test_documents_of_four_communes_lead_to_long_phung_through_thang_loi() -> None:
    before = {
        successor: event.predecessors
        for event in CATALOGUE.unit_events.values()
        for successor in event.successors
    }
    assert set(before["long-phung"]) == {"thang-loi", "duc-nhuan", "duc-hiep"}
    assert set(before["thang-loi"]) == {"duc-loi", "duc-thang"}


@pytest.mark.parametrize(
    ("code", "day", "slug"),
    [
        ("21409", date(2025, 6, 30), "duc-nhuan"),
        ("21409", date(2025, 7, 1), "long-phung"),
        ("21406", date(2024, 12, 31), "duc-thang"),
        ("21406", date(2025, 1, 1), "thang-loi"),
    ],
)
def test_a_code_means_another_unit_at_another_time(code: str, day: date, slug: str) -> None:
    assert [
        unit.slug
        for unit in CATALOGUE.units.values()
        if unit.code == code and (unit.valid_from or date.min) <= day <= (unit.valid_to or date.max)
    ] == [slug]


def test_a_namesake_has_its_province_behind_its_name() -> None:
    namesakes = [unit for unit in CATALOGUE.units.values() if unit.name == "Thắng Lợi"]
    assert len(namesakes) >= 6
    assert len({(unit.province, unit.district) for unit in namesakes}) == len(namesakes)
    assert [unit.slug for unit in namesakes if unit.slug == "thang-loi"] == ["thang-loi"]


def test_a_preschool_standard_follows_the_decree_of_2025() -> None:
    five, three = (
        CATALOGUE.indicators[key] for key in ("pcgd-mam-non-5-tuoi", "pcgd-mam-non-3-5-tuoi")
    )
    assert five.valid_to == date(2025, 12, 31)
    assert three.valid_from is not None


def test_targets_are_those_decided_and_not_the_drafts() -> None:
    def target(indicator: str, year: int) -> Decimal:
        targets = CATALOGUE.indicators[indicator].targets
        (value,) = (target.value for target in targets if target.year == year)
        return value

    assert [target("gia-dinh-hoc-tap", year) for year in (2025, 2030)] == [70, 80]
    assert target("dong-ho-hoc-tap", 2025) == 65
    assert target("don-vi-hoc-tap", 2025) == 80
    assert target("cong-dan-hoc-tap", 2025) == 40
    assert target("trinh-do-dai-hoc", 2025) == 12


def test_thresholds_are_those_of_the_decree() -> None:
    def least(indicator: str, rate: str) -> dict[str, Decimal]:
        thresholds = CATALOGUE.indicators[indicator].thresholds
        return {each.communes: each.least for each in thresholds if each.rates == (rate,)}  # type: ignore[misc]

    def includes(indicator: str) -> list[str]:
        thresholds = CATALOGUE.indicators[indicator].thresholds
        return [each.attainment for each in thresholds if each.attainment is not None]

    by_level = [
        least(f"pcgd-tieu-hoc-muc-do-{level}", "tre-6-tuoi-vao-lop-1") for level in (1, 2, 3)
    ]
    assert by_level == [{"all": 90}, {"all": 95}, {"all": 98}]
    by_level = [least(f"pcgd-thcs-muc-do-{level}", "tot-nghiep-thcs-15-18") for level in (1, 2, 3)]
    assert by_level == [
        {"ordinary": ordinary, "disadvantaged": disadvantaged}
        for ordinary, disadvantaged in ((80, 70), (90, 80), (95, 90))
    ]
    # In a disadvantaged commune it is younger people who have to read and write.
    assert least("xmc-muc-do-2", "biet-chu-15-60-muc-do-2") == {"ordinary": 90}
    assert least("xmc-muc-do-2", "biet-chu-15-35-muc-do-2") == {"disadvantaged": 90}
    assert includes("pcgd-thcs-muc-do-1") == ["pcgd-tieu-hoc-muc-do-1", "xmc-muc-do-1"]
    assert includes("pcgd-thcs-muc-do-3") == ["pcgd-thcs-muc-do-2"]
    unverified = {key for key, entry in CATALOGUE.indicators.items()
                  if any(each.certainty == "NV" for each in entry.thresholds)}  # fmt: skip
    assert unverified == {"pcgd-mam-non-5-tuoi", "pcgd-thcs-muc-do-2"}


@pytest.mark.parametrize(
    ("label", "is_meant"),
    [
        ("Trẻ 11 tuổi còn lại đang học tiểu học", True),
        ("Trẻ 11 tuổi đang học", False),
        ("Trẻ 11 tuổi đang học lớp 6", False),
        ("Trẻ 11 tuổi hoàn thành chương trình tiểu học, đang học lớp 6", False),
    ],
)
def test_who_is_still_at_primary_school_is_said_so(label: str, is_meant: bool) -> None:
    assert may_be(CATALOGUE.indicators["tre-11-tuoi-dang-hoc-tieu-hoc"], label) is is_meant


def test_what_was_not_verified_stays_marked() -> None:
    assert CATALOGUE.indicators["cong-dong-hoc-tap-cap-xa"].certainty == "NV"
    assert CATALOGUE.references["154-sgddt-gdtxhssv"].certainty == "NV"
    assert CATALOGUE.units["duc-loi"].certainty == "NV"


RULES: dict[str, Callable[[Indicator], bool]] = {
    "a rate or an attainment is in percent or a ratio of its parts' units": lambda entry: (
        entry.kind not in {"rate", "attainment"}
        or entry.unit_of_measure == "%"
        or "/" in entry.unit_of_measure
    ),
    "a count has no decimals": lambda entry: entry.kind != "count" or entry.precision == 0,
    "a figure has a lowest plausible value": lambda entry: entry.minimum is not None,
    "a share is at most all": lambda entry: (
        not (entry.kind in {"rate", "attainment"} and entry.unit_of_measure == "%")
        or (entry.maximum is not None and entry.maximum <= 100)
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_indicator_keeps_the_rule(rule: Callable[[Indicator], bool]) -> None:
    assert [key for key, entry in CATALOGUE.indicators.items() if not rule(entry)] == []


def test_words_of_a_family_are_found_by_meaning_and_all_together() -> None:
    assert CATALOGUE.family("multipliers")["1000"] == ("nghìn", "ngàn")
    assert {"nghìn", "vạn", "tỷ"} <= set(CATALOGUE.words["multipliers"])
    assert CATALOGUE.family("attainment").keys() == {"reached", "not-reached"}
    with pytest.raises(KeyError):
        CATALOGUE.family("column-label")


def test_a_finding_is_described_with_its_facts() -> None:
    severity, blocking, message = CATALOGUE.describe(
        "rate-mismatch",
        {
            "label": "Hộ nghèo",
            "numerator": "1.385",
            "denominator": "1.847",
            "computed": "74,99",
            "printed": "70,48",
        },
    )
    assert (severity, blocking) == ("error", True)
    assert "1.385/1.847 = 74,99 % nhưng văn bản ghi 70,48 %" in message
    assert message.endswith("ghi quyết định sửa số sai.")


def test_a_fact_that_is_missing_is_said_to_be_unknown_and_braces_in_facts_are_text() -> None:
    _, _, message = CATALOGUE.describe("label-unmatched", {"label": "{x} 100%"})
    assert "'{x} 100%'" in message
    assert "(không rõ)" in message


def test_an_unknown_code_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        CATALOGUE.describe("no-such-code", {})


def test_every_finding_ends_its_sentences() -> None:
    kinds = CATALOGUE.finding_kinds
    assert [
        key for key, kind in kinds.items() if not (kind.message + kind.action).endswith(".")
    ] == []
