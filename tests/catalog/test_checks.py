"""What the checks between entries find: one fault a case, laid over the shipped catalogue."""

from pathlib import Path

import pytest

from catalog.checks import may_be, normalise
from catalog.loader import CatalogueError, load_catalogue

COUNT = "kind: count, roll_up: sum, unit_of_measure: cây, source: s, certainty: I"
RATE = "kind: rate, roll_up: ratio-of-sums, unit_of_measure: '%', source: s, certainty: I"
UNIT = "type: xã, province: Quảng Ngãi, source: s, certainty: I"
EVENT = "legal_basis: b, source: s, certainty: I"

ATTAINMENT = COUNT.replace("count", "attainment").replace("sum", "attainment")
GROWTH = COUNT.replace("count", "growth").replace("sum", "recompute")
BASIS = "legal_basis: b, source: s, certainty: I"


def indicator(rest: str) -> str:
    return f"indicators:\n  - {{id: thu, name: Thử nghiệm, group: dan-so, {rest}}}\n"


CASES = {
    "unknown group": (
        indicator(COUNT).replace("dan-so", "nhom-la"),
        "indicators 'thu': group: no group 'nhom-la'",
    ),
    "unknown weight": (
        indicator(f"weight: la, {COUNT}").replace("sum", "weighted-average"),
        "indicators 'thu': weight: no other indicator 'la'",
    ),
    "weighted without a weight": (
        indicator(COUNT).replace("sum", "weighted-average"),
        "indicators 'thu': weight: goes with roll_up weighted-average",
    ),
    "identity with itself": (
        indicator(f"identity: [thu], {COUNT}"),
        "indicators 'thu': identity: no other indicator 'thu'",
    ),
    "component that is no indicator": (
        indicator(
            "numerator: {name: Tử, unit_of_measure: hộ},"
            f" denominator: {{name: Mẫu, unit_of_measure: hộ, indicator: la}}, {RATE}"
        ),
        "indicators 'thu': denominator.indicator: no other indicator 'la'",
    ),
    "rate without a denominator": (
        indicator(f"numerator: {{name: Tử, unit_of_measure: hộ}}, {RATE}"),
        "indicators 'thu': roll_up: ratio-of-sums needs a numerator and a denominator",
    ),
    "attainment that is summed": (
        indicator(COUNT.replace("count", "attainment")),
        "indicators 'thu': roll_up: attainment goes with kind attainment",
    ),
    "levels of a count": (
        indicator(f"levels: [{{indicator: so-ho, role: plus}}], {COUNT}"),
        "indicators 'thu': levels: go with kind growth, roll_up recompute",
    ),
    "levels without what is compared": (
        indicator(f"levels: [{{indicator: so-ho, role: base}}], {GROWTH}"),
        "indicators 'thu': levels: none with role plus",
    ),
    "level that is a percentage itself": (
        indicator(f"levels: [{{indicator: thu-ngan-sach-so-ke-hoach, role: plus}}], {GROWTH}"),
        "indicators 'thu': levels: one is no indicator that is rolled up",
    ),
    "level that is no indicator": (
        indicator(f"levels: [{{indicator: la, role: plus}}], {GROWTH}"),
        "indicators 'thu': levels: one is no indicator that is rolled up",
    ),
    "levels that cannot be divided": (
        indicator(
            "levels: [{indicator: so-ho, role: plus}, {indicator: dan-so, role: base}],"
            f" {GROWTH}"
        ),
        "indicators 'thu': levels: not of one unit of measure",
    ),
    "thresholds of a count": (
        indicator(f"thresholds: [{{rates: [ho-ngheo], least: 1, {BASIS}}}], {COUNT}"),
        "indicators 'thu': thresholds: go with kind attainment",
    ),
    "threshold of what is no rate": (
        indicator(f"thresholds: [{{rates: [so-ho], least: 1, {BASIS}}}], {ATTAINMENT}"),
        "indicators 'thu': thresholds: no rate 'so-ho'",
    ),
    "threshold without its least": (
        indicator(f"thresholds: [{{rates: [ho-ngheo], {BASIS}}}], {ATTAINMENT}"),
        "indicators 'thu': thresholds: rates with least, or attainment",
    ),
    "threshold that says nothing": (
        indicator(f"thresholds: [{{{BASIS}}}], {ATTAINMENT}"),
        "indicators 'thu': thresholds: rates with least, or attainment",
    ),
    "attainment that has no thresholds": (
        indicator(f"thresholds: [{{attainment: pcgd-xmc, {BASIS}}}], {ATTAINMENT}"),
        "indicators 'thu': thresholds: 'pcgd-xmc' has no thresholds",
    ),
    "attainment that includes itself": (
        indicator(f"thresholds: [{{attainment: thu, {BASIS}}}], {ATTAINMENT}"),
        "indicators 'thu': thresholds: its attainments lead back to itself",
    ),
    "range upside down": (
        indicator(f"minimum: 10, maximum: 9.99, {COUNT}"),
        "indicators 'thu': minimum: is above maximum",
    ),
    "span upside down": (
        indicator(f"valid_from: 2025-01-02, valid_to: 2025-01-01, {COUNT}"),
        "indicators 'thu': valid_from: is after valid_to",
    ),
    "wording of another indicator": (
        indicator(f"wordings: ['GIA  ĐÌNH học tập'], {COUNT}"),
        "indicators 'thu': wordings: 'GIA ĐÌNH học tập' is also of 'gia-dinh-hoc-tap'",
    ),
    "wording that is the name again": (
        indicator(f"wordings: [THỬ nghiệm], {COUNT}"),
        "indicators 'thu': wordings: 'THỬ nghiệm' stands twice",
    ),
    "wording that is another's numerator": (
        indicator(f"wordings: [Số hộ nghèo], {COUNT}"),
        "wordings: 'Số hộ nghèo' is also of",
    ),
    "wording without a word that it must have": (
        indicator(f"must_contain: [[mức độ 2]], {COUNT}"),
        "indicators 'thu': wordings: 'Thử nghiệm' breaks must_contain or must_not_contain",
    ),
    "wording and no wording at once": (
        indicator(f"not_wordings: [THỬ nghiệm], {COUNT}"),
        "indicators 'thu': not_wordings: 'THỬ nghiệm' is a wording",
    ),
    "two units with one code on the same days": (
        f"units:\n  - {{slug: thu, name: Thử, code: '21409', valid_from: 2025-06-30, {UNIT}}}\n",
        "units 'long-phung': code: 21409 is 'thu' on the same days",
    ),
    "unit that ends before it begins": (
        (
            "units:\n  - {slug: thu, name: Thử, valid_from: 2025-02-01, valid_to: 2025-01-01,"
            f" {UNIT}}}\n"
        ),
        "units 'thu': valid_from: is after valid_to",
    ),
    "event of an unknown unit": (
        (
            "unit_events:\n  - {id: thu, kind: merger, effective_on: 2025-07-01,"
            f" predecessors: [xa-la], successors: [long-phung], {EVENT}}}\n"
        ),
        "unit_events 'thu': predecessors: no unit 'xa-la'",
    ),
    "event before its predecessor ends": (
        (
            "unit_events:\n  - {id: thu, kind: merger, effective_on: 2025-06-30,"
            f" predecessors: [duc-hiep], successors: [long-phung], {EVENT}}}\n"
        ),
        "predecessors: the span of 'duc-hiep' does not meet 2025-06-30",
    ),
    "event before its successor begins": (
        (
            "unit_events:\n  - {id: thu, kind: merger, effective_on: 2025-01-01,"
            f" predecessors: [duc-loi], successors: [long-phung], {EVENT}}}\n"
        ),
        "successors: the span of 'long-phung' does not meet 2025-01-01",
    ),
    "part transfer to itself": (
        (
            "unit_events:\n  - {id: thu, kind: part-transfer, effective_on: 2025-08-01,"
            f" predecessors: [long-phung], successors: [long-phung], {EVENT}}}\n"
        ),
        "unit_events 'thu': successors: a unit gives or receives, not both",
    ),
    "part transfer from a unit that has ended": (
        (
            "unit_events:\n  - {id: thu, kind: part-transfer, effective_on: 2025-07-01,"
            f" predecessors: [duc-loi], successors: [long-phung], {EVENT}}}\n"
        ),
        "predecessors: the span of 'duc-loi' does not meet 2025-07-01",
    ),
    "reference with a known number": (
        (
            "references:\n  - {id: thu, kind: Quyết định, number: 1373/qđ-ttg, issuer: i, title: t,"
            " source: s, certainty: I}\n"
        ),
        "references 'thu': number: '1373/qđ-ttg' is '1373-qd-ttg' too",
    ),
    "word with two meanings in a family": (
        "words:\n  - {id: thu, family: multipliers, means: '100000', words: [VẠN]}\n",
        "words 'thu': words: 'vạn' is also of 'multiplier-ten-thousand'",
    ),
    "meaning twice in a family": (
        "words:\n  - {id: thu, family: multipliers, means: '1000', words: [k]}\n",
        "words 'thu': means: '1000' stands twice in the family",
    ),
    "family without a meaning": (
        "words:\n  - {id: thu, family: multipliers, words: [k]}\n",
        "words 'thu': means: goes with family",
    ),
    "family named as a list": (
        "words:\n  - {id: multipliers, words: [k]}\n",
        "family: 'multipliers' is also a list's id",
    ),
    "word twice in a list": (
        "words:\n  - {id: thu, words: [k, K]}\n",
        "words 'thu': words: 'k' is also of 'thu'",
    ),
    "finding with a fact that it does not declare": (
        (
            "findings:\n  - {id: thu, severity: info, blocking: false, facts: [a],"
            " message: 'Có {a} và {b}.', action: Không.}\n"
        ),
        "findings 'thu': 'Có {a} và {b}.' has the unknown field 'b'",
    ),
    "finding that reaches into its facts": (
        (
            "findings:\n  - {id: thu, severity: info, blocking: false, facts: [a],"
            " message: '{a.__class__}', action: Không.}\n"
        ),
        "findings 'thu': '{a.__class__}' has the unknown field 'a.__class__'",
    ),
    "finding that is no format string": (
        "findings:\n  - {id: thu, severity: info, blocking: false, message: '{', action: Không.}\n",
        "findings 'thu': '{' is no format string",
    ),
    "word that tells two reasons": (
        "numerals:\n  - {id: thu, name: n, meaning: m, before: [Sinh Năm]}\n",
        "numerals 'thu': before: 'sinh năm' is also of 'cohort'",
    ),
    "column without figures for no reason": (
        "words:\n  - {id: thu, family: column-no-figures, means: thu, words: [k]}\n",
        "words 'thu': means: no reason 'thu' of a numeral",
    ),
}


@pytest.mark.parametrize(("text", "said"), CASES.values(), ids=CASES)
def test_a_fault_between_entries_is_said_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert said in normalise_spaces(str(caught.value))


def normalise_spaces(text: str) -> str:
    return " ".join(text.split())


REPORT = """
reports:
  - id: thu
    name: n
    title: "t {unit}"
    addressee: a
    period: p
    basis: []
    opening: []
    outline: [{path: [I], heading: h}, {path: [II], heading: h}]
    no_content: n
    closing: []
    recipients: []
    directives_title: d
    indicators_title: i
    columns: [a, b, c, d, e]
    rows: [{mark: "1", label: l, indicator: dan-so}]
    template: t.docx
    source: s
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("dan-so", "la", "reports 'thu': rows: no indicator 'la'"),
        ("path: [II]", "path: [I]", "reports 'thu': outline: path I stands twice"),
        (
            "name: n",
            "name: n\n    by_default: true",
            "reports 'thu': by_default: is also said of 'xa-hoi-hoc-tap'",
        ),
        ("c, d, e]", "c, d]", "reports 'thu': columns: 5 expected"),
        ("{unit}", "{xa}", "reports 'thu': 't {xa}' has the unknown field 'xa'"),
        ("heading: h}, ", "heading: '{x}'}, ", "reports 'thu': '{x}' has the unknown field 'x'"),
    ],
)
def test_a_fault_of_a_report_type_is_said(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "a.yaml").write_text(REPORT, encoding="utf-8")
    assert "thu" in load_catalogue(tmp_path).reports
    (folder / "a.yaml").write_text(REPORT.replace(before, after), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert said in str(caught.value)


def test_wordings_are_compared_without_case_and_spaces() -> None:
    assert normalise(" GIA  ĐÌNH\u00a0học tập ") == normalise("gia đình học tập")


@pytest.mark.parametrize(
    ("label", "is_level_2"),
    [
        ("Xã đạt chuẩn xóa mù chữ mức độ 2", True),
        ("XÓA MÙ CHỮ MỨC ĐỘ 2", True),
        ("Xóa mù chữ (mức 2)", True),
        ("Xã đạt chuẩn xóa mù chữ mức độ 3", False),
        ("Xã đạt chuẩn xóa mù chữ mức độ 20", False),
        ("Xã đạt chuẩn xóa mù chữ", False),
        ("Phổ cập giáo dục tiểu học, xóa mù chữ mức độ 2", False),
    ],
)
def test_levels_are_told_apart_by_whole_words(label: str, is_level_2: bool) -> None:
    assert may_be(load_catalogue().indicators["xmc-muc-do-2"], label) is is_level_2
