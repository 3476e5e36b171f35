from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import example
import pytest

import warehouse
from reports.notes import POOLED, REASONS, STATUSES, Table

TABLE = Table(example.facts(), example.catalogue())


@pytest.mark.parametrize(
    ("indicator", "target", "result", "note"),
    [
        ("xmc-2", "100", "100", "3/3 xã cũ"),
        ("gia-dinh", "70", "78,62", "3.721/4.733 hộ"),
        (
            "dong-ho",
            "không có số liệu",
            "không có số liệu",
            "thiếu mẫu số của xã Thắng Lợi; trong khoảng 61,24 – 70,31; mục tiêu: các xã cũ "  # noqa: ISC004
            "đặt khác nhau, trong khoảng 60 – 70",
        ),
        (
            "cong-dong",
            "không có số liệu",
            "không có số liệu",
            "số liệu mâu thuẫn: xã Đức Nhuận (81 và 82); mục tiêu: thiếu số liệu của xã Đức Nhuận",
        ),
        (
            "don-vi",
            "không có số liệu",
            "không có số liệu",
            "thiếu số liệu của xã Đức Hiệp và xã Thắng Lợi",
        ),
        ("cong-dan", "không có số liệu", "không có số liệu", "không xã cũ nào báo cáo"),
        ("so-lop", "không có số liệu", "1.204", "đơn vị: lớp; ước thực hiện"),
        (
            "thu-nhap",
            "không có số liệu",
            "không có số liệu",
            "không gộp được từ số liệu các xã cũ; đơn vị: triệu đồng",
        ),
    ],
)
def test_each_row_says_its_figures_and_why(indicator, target, result, note):
    assert TABLE.shown(TABLE.target(indicator)) == target
    assert TABLE.shown(TABLE.result(indicator)) == result
    assert TABLE.note(indicator, "nhãn") == note


def test_a_percentage_that_lacks_its_levels_says_so():
    figure = example.figure("thu-nhap", "result", None, status="not-additive", method="recompute")
    assert [*TABLE.why_missing(figure)] == ["chưa đủ số liệu gộp để tính lại"]


@pytest.mark.parametrize(
    ("pooled", "note"),
    [
        ({"pooled_value": Decimal(100), "pooled_status": "complete"}, "đạt ngưỡng"),
        ({"pooled_value": Decimal(0), "pooled_status": "complete"}, "chưa đạt ngưỡng"),
        ({"pooled_status": "depends-on-class"}, "chỉ đạt ngưỡng của xã đặc biệt khó khăn"),
        ({"pooled_status": "missing-count"}, None),
    ],
)  # fmt: skip
def test_the_pooled_counts_are_said_beside_k_of_n_where_they_tell(pooled, note):
    facts = example.facts()
    figures = [
        replace(figure, **pooled) if figure.indicator == "xmc-2" else figure
        for figure in facts.figures
    ]
    table = Table(replace(facts, figures=tuple(figures)), example.catalogue())
    said = "3/3 xã cũ" if note is None else f"3/3 xã cũ; số liệu gộp {note}"
    assert table.note("xmc-2", "nhãn") == said


def test_a_unit_that_the_label_has_is_not_said_twice():
    assert TABLE.note("so-lop", "Số lớp (lớp)") == "ước thực hiện"


def test_a_partial_sum_is_a_least_and_never_the_value():
    partial = example.figure("so-lop", "count", None, status="incomplete", lower=Decimal(804))
    made = replace(example.facts(), figures=(partial,), operands=())
    table = Table(made, example.catalogue())
    assert table.shown(table.result("so-lop")) == "không có số liệu"
    assert "ít nhất 804" in table.note("so-lop", "")


def test_the_target_is_the_next_that_is_due():
    later = example.figure("gia-dinh", "target", "80", as_of=example.DUE.replace(year=2030))
    past = example.figure("gia-dinh", "target", "50", as_of=example.AT.replace(year=2023))
    made = replace(example.facts(), figures=(later, past, *example.facts().figures))
    table = Table(made, example.catalogue())
    assert table.shown(table.target("gia-dinh")) == "70"


def test_figures_of_other_days_are_not_shown():
    other = example.figure("cong-dan", "result", "55", as_of=example.AT.replace(year=2023))
    made = replace(example.facts(), figures=(other,))
    table = Table(made, example.catalogue())
    assert table.result("cong-dan") is None


def test_every_status_of_the_warehouse_has_its_words():
    folder = Path(warehouse.__file__).parent / "marts"
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("1[0-9]*.sql")))
    found = {
        word
        for before in text.split(" as status")[:-1]
        for word in re.findall(r"(?:then|else) '([a-z-]+)'", _last_case(before))
    }
    assert {"complete", "incomplete", "missing-denominator"} <= found
    assert found <= set(STATUSES) | set(POOLED)
    assert set(STATUSES) - {"complete"} == set(REASONS)


def _last_case(before: str) -> str:
    """The case expression that the text ends with, nested ones included."""
    depth = 0
    for found in reversed(list(re.finditer(r"\b(case|end)\b", before))):
        depth += 1 if found[0] == "end" else -1
        if depth == 0:
            return before[found.start() :]
    return ""
