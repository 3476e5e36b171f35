"""What trace says of figures that the samples have none of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from catalog.catalogue import Catalogue
from catalog.model import EventShare, UnitEvent
from flows.tracing import findings, trace
from tests.warehouse.example import (
    Collected,
    Figure,
    count,
    fraction,
    report,
    result,
    shipped,
    warehouse,
)

UNITS = ("duc-hiep", "duc-nhuan", "thang-loi")


def traced(
    path: Path, key: str, figures: Iterable[tuple[str, list[Figure]]], catalogue: Catalogue
) -> str:
    collected = Collected()
    for unit, given in figures:
        collected.add(report(unit, given), key.split("/")[1])
    with warehouse(path / "w.duckdb", collected.frames(catalogue)):
        pass
    return trace(path / "w.duckdb", key)


def test_an_attainment_is_traced_both_ways(tmp_path: Path) -> None:
    rate = fraction("90", "100", indicator="biet-chu-15-60-muc-do-2")
    figures = [(unit, [result("100"), *rate]) for unit in UNITS]
    said = traced(tmp_path, "long-phung/xmc-muc-do-2/2025-06-30/result", figures, shipped())
    assert "phép tính: 3/3 xã cũ" in said
    assert "Theo số liệu gộp: đạt ngưỡng" in said
    name = "Tỷ lệ người từ 15 đến 60 tuổi biết chữ mức độ 2"
    ordinary = "xã không thuộc diện đặc biệt khó khăn"
    assert f"- đạt ({ordinary}): {name}: 270/300 = 90 % ≥ 90 %" in said
    assert "- chưa rõ (xã đặc biệt khó khăn): " in said
    assert "căn cứ: 20/2014/NĐ-CP Điều 21" in said
    assert "xem: long-phung/biet-chu-15-60-muc-do-2/2025-06-30/result" in said
    assert "xem: long-phung/biet-chu-15-35" not in said  # nobody reports it


def test_a_share_is_traced_with_what_it_rests_on(tmp_path: Path) -> None:
    """As if Đức Hiệp had been divided between Long Phụng and Mỏ Cày."""
    merger = shipped().unit_events["nhap-long-phung-2025"]
    split = UnitEvent(
        id="chia", kind="split", effective_on=merger.effective_on, predecessors=("duc-hiep",),
        successors=("long-phung", "mo-cay-quang-ngai"),
        shares=(EventShare(predecessor="duc-hiep", successor="long-phung", share=Decimal("0.375"),
                           source="dân số năm 2024", certainty="NV"),),
        legal_basis="thử", source="thử", certainty="NV",
    )  # fmt: skip
    rest = merger.model_copy(update={"predecessors": ("duc-nhuan", "thang-loi")})
    events = {**shipped().unit_events, merger.id: rest, split.id: split}
    said = traced(
        tmp_path, "long-phung/so-thon/2025-06-30/count",
        [(unit, [count("8")]) for unit in UNITS], replace(shipped(), unit_events=events),
    )  # fmt: skip
    assert "phép tính: 8 × 37,5 % + 8 + 8 = 19 thôn" in said
    share = " × 37,5 % = 3 thôn (căn cứ: dân số năm 2024)"
    assert f"- xã Đức Hiệp, số lượng: 8 thôn{share}\n" in said
    assert "- xã Đức Nhuận, số lượng: 8 thôn\n" in said


def test_levels_of_another_day_are_traced_with_their_day(tmp_path: Path) -> None:
    production = [(unit, [count("11", indicator="gia-tri-san-xuat")]) for unit in UNITS]
    before = [
        (unit, [count("10", indicator="gia-tri-san-xuat", as_of=date(2024, 6, 30))])
        for unit in ("duc-hiep", "duc-nhuan", "duc-loi", "duc-thang")
    ]
    key = "long-phung/toc-do-tang-gia-tri-san-xuat/2025-06-30/result"
    said = traced(tmp_path, key, [*production, *before], shipped())
    assert "phép tính: 100 × (33 - 40) / 40 = -17,5 %" in said
    assert "cách gộp: tính lại từ số tổng" in said
    assert "- xã Đức Hiệp, Tổng giá trị sản xuất, số lượng: 11 tỷ đồng" in said
    assert "- xã Đức Hiệp, Tổng giá trị sản xuất, số lượng 30/06/2024: 10 tỷ đồng" in said


def test_a_converted_operand_has_the_unit_that_it_was_converted_into(tmp_path: Path) -> None:
    figures = [
        (unit, [count(value, unit_of_measure=measured)])
        for unit, value, measured in (
            ("duc-hiep", "1.2", "tỷ đồng"),
            ("duc-nhuan", "300", "triệu đồng"),
            ("thang-loi", "500", ""),
        )
    ]
    said = traced(tmp_path, "long-phung/thu-ngan-sach/2025-06-30/count", figures, shipped())
    assert "phép tính: 1.200 + 300 + 500 = 2.000 triệu đồng" in said
    for unit, value in (("Đức Hiệp", "1.200"), ("Đức Nhuận", "300"), ("Thắng Lợi", "500")):
        assert f"- xã {unit}, số lượng: {value} triệu đồng\n" in said


def test_what_the_same_communes_lack_is_said_once(tmp_path: Path) -> None:
    collected = Collected()
    for unit in UNITS[:2]:
        given = [count("5", indicator="so-lop"), count("7", indicator="so-thon")]
        collected.add(report(unit, given), "so-lop")
    collected.add(report(UNITS[2], count("9")), "so-truong")
    with warehouse(tmp_path / "w.duckdb", collected.frames(shipped())):
        pass
    words = findings(tmp_path / "w.duckdb", notes=False, as_json=False)
    assert "xã Thắng Lợi: thiếu số liệu của" in words
    assert words.count("chưa có số liệu của xã Thắng Lợi") == 0
    lines = findings(tmp_path / "w.duckdb", notes=False, as_json=True).splitlines()
    assert sum('"incomplete"' in line for line in lines) > 1
    assert not any('"outside"' in line for line in lines)
