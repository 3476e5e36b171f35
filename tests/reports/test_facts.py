"""The queries against a real warehouse, built from a few readings written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import openpyxl
import pytest

from catalog.loader import load_catalogue
from extractors.document import Extraction, Finding, Source
from reports.book import FIGURES
from reports.facts import read_facts
from reports.lint import lint
from reports.notes import Table
from reports.report import write_report
from reports.workbook import write_workbook
from tests.warehouse.example import numerals_of
from transforms.frames import Received, Run, build_frames
from transforms.reading import Directive, Header, Observation, Reading
from warehouse.store import build

AT, DUE = date(2025, 6, 30), date(2025, 12, 31)
REPORT, UNIT = "xa-hoi-hoc-tap", "long-phung"
FAMILIES = "gia-dinh-hoc-tap"
CLANS = "dong-ho-hoc-tap"
LITERACY = "xmc-muc-do-2"
CLASSES = "so-chuyen-de-tthtcd"

# unit -> rows of the annex: (indicator, measure, value)
REPORTED = {
    "duc-hiep": [
        (LITERACY, "target", "100"),
        (LITERACY, "result", "100"),
        (FAMILIES, "target", "70"),
        (FAMILIES, "numerator", "1204"),
        (FAMILIES, "denominator", "1511"),
        (CLANS, "numerator", "20"),
        (CLANS, "denominator", "40"),
        (CLASSES, "count", "12"),
    ],
    "duc-nhuan": [
        (LITERACY, "target", "100"),
        (LITERACY, "result", "100"),
        (FAMILIES, "target", "70"),
        (FAMILIES, "numerator", "987"),
        (FAMILIES, "denominator", "1320"),
        (CLANS, "numerator", "30"),
        (CLANS, "denominator", "50"),
        (CLASSES, "count", "15"),
    ],
    "thang-loi": [
        (LITERACY, "target", "100"),
        (LITERACY, "result", "100"),
        (FAMILIES, "target", "70"),
        (FAMILIES, "numerator", "1530"),
        (FAMILIES, "denominator", "1902"),
        (CLANS, "numerator", "35"),
        (CLANS, "result", "70"),
    ],
}


@dataclass(frozen=True)
class Origin:
    document: str
    unit: str | None
    row: int | None
    text: str


@dataclass(frozen=True)
class Paragraph:
    unit: str
    report: str
    path: tuple[str, ...]
    heading: str
    ordinal: int
    text: str
    origin: str
    origins: tuple[Origin, ...]


def received(unit: str, order: int) -> Received:
    observations = tuple(
        Observation(
            indicator=indicator,
            label=indicator,
            measure=measure,
            value=Decimal(value),
            unit_of_measure="" if measure in {"numerator", "denominator", "count"} else "%",
            unit=unit,
            as_of=DUE if measure == "target" else AT,
            source=Source(kind="table", text=value, table=1, row=row, column=3),
            confidence=1,
            estimated=indicator == CLASSES,
        )
        for row, (indicator, measure, value) in enumerate(REPORTED[unit], start=1)
    )
    directive = Directive(
        kind="Quyết định",
        number="1373/QĐ-TTg",
        issued_on=date(2021, 7, 30),
        issuer="Thủ tướng Chính phủ",
        title="Phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”",
        source=Source(kind="table", text="1373/QĐ-TTg", table=0, row=1, column=1),
    )
    header = Header(unit, f"{order}8/BC-UBND", date(2025, 6, 20), AT, "Báo cáo", "Sơ kết 5 năm")
    unread = Finding("file-missing", {}, Source(kind="text", text="=1+1", row=7))
    return Received(
        Extraction(
            sha256=f"{order}" * 64,
            file_name=f"{unit}.docx",
            media_type="application/msword",
            pages=None,
            extractor="docx 1",
            findings=(unread,) if order == 1 else (),
        ),
        Reading(header, observations, (directive,), numerals=tuple(numerals_of(observations))),
    )


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def warehouse(catalogue, tmp_path_factory):
    documents = [received(unit, order) for order, unit in enumerate(REPORTED, start=1)]
    origins = tuple(
        Origin(f"{order}" * 64, unit, 9, "Cấp ủy, chính quyền xã quan tâm.")
        for order, unit in enumerate(REPORTED, start=1)
    )
    paragraph = Paragraph(
        UNIT, REPORT, ("I", "1"), "Thuận lợi", 0, "Cấp ủy, chính quyền các xã cũ quan tâm.",
        "common", origins,
    )  # fmt: skip
    run = Run("kiem-thu", datetime(2025, 7, 20, tzinfo=UTC), "0")
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    build(build_frames(documents, catalogue, run=run, narrative=[paragraph]), path)
    return path


@pytest.fixture(scope="module")
def facts(warehouse):
    return read_facts(warehouse, REPORT, UNIT, AT)


def test_every_query_gives_its_records(facts):
    assert set(facts.former_units) == {"duc-hiep", "duc-nhuan", "thang-loi"}
    assert [document.file_name for document in facts.documents] == [
        "duc-hiep.docx",
        "duc-nhuan.docx",
        "thang-loi.docx",
    ]
    assert len(facts.parts) == sum(len(rows) for rows in REPORTED.values())
    (cited,) = facts.directives
    assert cited.units == ("duc-hiep", "duc-nhuan", "thang-loi")
    (passage,) = facts.passages
    assert passage.path == ["I", "1"]
    assert [origin["unit"] for origin in passage.origins] == list(REPORTED)
    assert facts.doubts[0].blocking >= facts.doubts[-1].blocking
    assert {line.status for line in facts.coverage} == {"reported", "missing"}
    assert facts.disagreements == ()


def test_figures_stand_in_the_order_of_the_annex(facts):
    order = list(dict.fromkeys(figure.indicator for figure in facts.figures))
    assert order == [LITERACY, CLASSES, FAMILIES, CLANS]


def test_each_figures_operands_are_found(facts):
    figure = next(
        figure
        for figure in facts.figures
        if (figure.indicator, figure.measure) == (FAMILIES, "result")
    )
    operands = [operand for operand in facts.operands if operand.figure == figure.key]
    assert [(operand.part, operand.measure, operand.value) for operand in operands] == [
        ("duc-hiep", "denominator", 1511),
        ("duc-hiep", "numerator", 1204),
        ("duc-nhuan", "denominator", 1320),
        ("duc-nhuan", "numerator", 987),
        ("thang-loi", "denominator", 1902),
        ("thang-loi", "numerator", 1530),
    ]
    assert {operand.file_name for operand in operands} == {f"{unit}.docx" for unit in REPORTED}


def test_the_annex_says_what_the_warehouse_holds(facts, catalogue):
    table = Table(facts, catalogue)
    assert (table.shown(table.target(LITERACY)), table.shown(table.result(LITERACY))) == (
        "100",
        "100",
    )
    assert table.note(LITERACY, "") == "3/3 xã cũ"
    # 1204 + 987 + 1530 = 3721; 1511 + 1320 + 1902 = 4733; 100 * 3721 / 4733 = 78.618...
    assert table.shown(table.result(FAMILIES)) == "78,62"
    assert table.note(FAMILIES, "").startswith("3.721/4.733")
    # Between the parts' least and greatest rate: 20/40 = 50 and 70.
    assert table.note(CLANS, "") == "thiếu mẫu số của xã Thắng Lợi; trong khoảng 50 – 70"
    assert table.shown(table.result(CLASSES)) == "không có số liệu"
    note = table.note(CLASSES, "")
    assert note.startswith("thiếu số liệu của xã Thắng Lợi; ít nhất 27")
    assert note.endswith("ước thực hiện")


def test_report_and_workbook_are_written_where_they_are_wanted(warehouse, catalogue, tmp_path):
    report = write_report(warehouse, catalogue, REPORT, UNIT, AT, tmp_path / "out")
    workbook = write_workbook(warehouse, catalogue, REPORT, UNIT, AT, tmp_path / "out")
    assert report.name == "bao-cao-long-phung-xa-hoi-hoc-tap.docx"
    assert workbook.name == "doi-chieu-long-phung-xa-hoi-hoc-tap.xlsx"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {report.name, workbook.name}
    assert [result for result in lint(report) if result.outcome == "fail"] == []
    sheet = openpyxl.load_workbook(workbook)[FIGURES]
    assert sheet.max_row == 1 + len(read_facts(warehouse, REPORT, UNIT, AT).figures)


def test_a_day_without_figures_shows_none_of_another(warehouse, catalogue, tmp_path):
    facts = read_facts(warehouse, REPORT, UNIT, date(2023, 12, 31))
    # Before 2025 Thắng Lợi was two communes.
    assert set(facts.former_units) == {"duc-hiep", "duc-nhuan", "duc-loi", "duc-thang"}
    table = Table(facts, catalogue)
    assert table.result(FAMILIES) is None
    write_report(warehouse, catalogue, REPORT, UNIT, date(2023, 12, 31), tmp_path)


def test_unknown_names_are_errors(warehouse, catalogue, tmp_path):
    with pytest.raises(KeyError, match="khong-co"):
        write_report(warehouse, catalogue, "khong-co", UNIT, AT, tmp_path)
    with pytest.raises(KeyError, match="khong-co"):
        write_workbook(warehouse, catalogue, REPORT, "khong-co", AT, tmp_path)
    with pytest.raises(duckdb.IOException):
        write_report(tmp_path / "x.duckdb", catalogue, REPORT, UNIT, AT, tmp_path)
    assert list(tmp_path.iterdir()) == []
