"""A run for a commune that the catalogue does not keep by hand: its units come from the country."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from flows.errors import RunError, UsageError
from flows.pipeline import Order, Outcome, order, run
from tests.support.commune_reports import write_report

FORMER = {"Bình Khương": "1.200", "Bình An": "905", "Bình Minh": "1.310"}
"""Households of the former communes of xã Bình Minh (NQ 1677/NQ-UBTVQH15)."""
MINE = ["binh-an-binh-son", "binh-khuong", "binh-minh-binh-son", "binh-minh-quang-ngai"]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOPNHAT_HOME", str(tmp_path))
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number, (commune, households) in enumerate(FORMER.items(), start=1):
        rows = [("Tổng số hộ", "hộ", households), ("Gia đình học tập", "%", "75,5")]
        path = folder / f"{number}.docx"
        write_report(path, commune, rows, number=number, district="Bình Sơn")
    return folder


def test_three_former_communes_make_the_new_one(inbox: Path) -> None:
    outcome = run(order())
    assert outcome.about.unit == "binh-minh-quang-ngai"
    assert outcome.about.former == set(MINE) - {"binh-minh-quang-ngai"}
    assert outcome.report.name == "bao-cao-binh-minh-quang-ngai-xa-hoi-hoc-tap.docx"
    with duckdb.connect(inbox.parent / "warehouse.duckdb", read_only=True) as connection:
        value, parts, equation = connection.execute(
            "select value, parts_reported, equation from marts.consolidated"
            " where unit = 'binh-minh-quang-ngai' and indicator = 'so-ho'"
        ).fetchall()[0]
        units = connection.execute("select count(*) from core.unit").fetchall()[0][0]
        kept = connection.execute("select part from core.lineage where unit = ?", [MINE[-1]])
        assert sorted(part for (part,) in kept.fetchall()) == MINE
        events = connection.execute(
            "select kind, legal_basis from core.unit_event where list_contains(successors, ?)",
            [MINE[-1]],
        ).fetchall()
    assert (value, parts) == (Decimal(3415), 3)
    assert equation == "905 + 1.200 + 1.310 = 3.415 hộ"
    assert events == [("merger", "Nghị quyết 1677/NQ-UBTVQH15 (16/6/2025)")]
    assert units < 100  # what the documents need, not all the country's


def test_a_stray_document_is_told_and_not_mixed_in(inbox: Path) -> None:
    write_report(inbox / "4.docx", "Đức Hiệp", [("Tổng số hộ", "hộ", "777")], number=4)
    outcome = run(order())
    assert outcome.about.unit == "binh-minh-quang-ngai"
    with duckdb.connect(inbox.parent / "warehouse.duckdb", read_only=True) as connection:
        found = connection.execute(
            "select file_name, unit from core.finding where code = 'unit-outside'"
            " and starts_with(file_name, '4')"
        ).fetchall()
        values = connection.execute(
            "select value from marts.consolidated where indicator = 'so-ho' and unit = ?",
            [MINE[-1]],
        ).fetchall()
    assert found == [("4.docx", "duc-hiep")]
    assert values == [(Decimal(3415),)]


def test_as_many_documents_of_two_communes_ask_for_the_unit(inbox: Path) -> None:
    for name in ("2.docx", "3.docx"):
        (inbox / name).unlink()
    write_report(inbox / "4.docx", "Đức Hiệp", [("Tổng số hộ", "hộ", "777")], number=4)
    with pytest.raises(RunError, match=r"thuộc nhiều xã mới \(binh-minh-quang-ngai, long-phung\)"):
        run(order())


def test_any_new_commune_may_be_asked_for(inbox: Path) -> None:
    asked = order(inbox, unit="binh-minh-quang-ngai")
    assert isinstance(asked, Order)
    outcome = run(asked)
    assert isinstance(outcome, Outcome)
    assert outcome.about.unit == "binh-minh-quang-ngai"
    for refused in ("binh-khuong", "quang-ngai-2025", "no-such-unit"):
        with pytest.raises(UsageError, match="danh mục không có"):
            order(inbox, unit=refused)
