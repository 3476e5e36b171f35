"""What trace says of figures that the samples have none of."""

from __future__ import annotations

from pathlib import Path

from flows.tracing import trace
from tests.warehouse.example import Collected, fraction, report, result, shipped, warehouse

UNITS = ("duc-hiep", "duc-nhuan", "thang-loi")


def test_an_attainment_is_traced_both_ways(tmp_path: Path) -> None:
    collected, path = Collected(), tmp_path / "w.duckdb"
    for unit in UNITS:
        rate = fraction("90", "100", indicator="biet-chu-15-60-muc-do-2")
        collected.add(report(unit, result("100"), rate), "xmc-muc-do-2")
    with warehouse(path, collected.frames(shipped())):
        pass
    said = trace(path, "long-phung/xmc-muc-do-2/2025-06-30/result")
    assert "phép tính: 3/3 xã cũ" in said
    assert "Theo số liệu gộp: đạt ngưỡng" in said
    name = "Tỷ lệ người từ 15 đến 60 tuổi biết chữ mức độ 2"
    ordinary = "xã không thuộc diện đặc biệt khó khăn"
    assert f"- đạt ({ordinary}): {name}: 270/300 = 90 % ≥ 90 %" in said
    assert "- chưa rõ (xã đặc biệt khó khăn): " in said
    assert "căn cứ: 20/2014/NĐ-CP Điều 21" in said
    assert "xem: long-phung/biet-chu-15-60-muc-do-2/2025-06-30/result" in said
