from __future__ import annotations

import re
import time
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import docx
import example
import pytest
from lxml import etree

from reports.charts import CHART, Chart, Series, chart_part
from reports.lint import lint
from reports.notes import Table
from reports.package import read_package
from reports.pdf import write_pdf
from reports.report import charts_of, render_report, report_fields

TITLE = "So sánh kết quả của các xã cũ"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def catalogue(rates: int = 0, units: int = 0):
    """The example's, its report type with the annex that compares."""
    made = example.catalogue(rates, units)
    report = made.reports["xa-hoi-hoc-tap"]
    first, *others = report.outline
    first = first.model_copy(update={"intro": (*first.intro, "So sánh tại Phụ lục III.")})
    report = report.model_copy(update={"comparison_title": TITLE, "outline": (first, *others)})
    return replace(made, reports=MappingProxyType({report.id: report}))


@pytest.fixture
def report(tmp_path):
    return render_report(example.facts(), catalogue(), tmp_path)


def annex(path):
    table = docx.Document(str(path)).tables[-1]
    return {row.cells[1].text: [cell.text for cell in row.cells[2:]] for row in table.rows}


def test_the_former_communes_stand_side_by_side(report):
    rows = annex(report)
    assert rows["Nội dung chỉ tiêu"] == ["Đức Hiệp", "Đức Nhuận", "Thắng Lợi", "Toàn xã"]
    # 1.204/1.511, 987/1.320, 1.530/1.902, together 3.721/4.733
    assert rows["Gia đình học tập"] == ["79,68", "74,77", "80,44", "78,62"]
    assert rows["Số lớp chuyên đề"] == ["404", "400", "400", "1.204"]
    assert rows["Mô hình học tập"] == ["", "", "", ""]


def test_attainment_is_said_in_words(report):
    name = example.ATTAINMENTS[0][1]
    assert annex(report)[name] == ["Đạt", "Đạt", "Đạt", "3/3 xã cũ"]


def test_what_is_missing_and_what_is_disputed_is_said(report):
    rows = {name: row for name, row in annex(report).items() if "mâu thuẫn" in row}
    assert list(rows.values()) == [["80", "mâu thuẫn", "–", "–"]]


def test_the_annex_is_a_section_of_its_own_and_the_report_passes_lint(report):
    assert [result for result in lint(report) if result.outcome == "fail"] == []
    sections = list(etree.fromstring(read_package(report)["word/document.xml"]).iter(f"{W}sectPr"))
    assert all(section.find(f"{W}pgSz").get(f"{W}orient") is None for section in sections)


def test_a_wide_table_turns_its_own_section_alone(tmp_path):
    path = render_report(example.facts(units=9), catalogue(units=9), tmp_path)
    assert [result for result in lint(path) if result.outcome == "fail"] == []
    sections = list(etree.fromstring(read_package(path)["word/document.xml"]).iter(f"{W}sectPr"))
    turned = [section.find(f"{W}pgSz").get(f"{W}orient") for section in sections]
    assert turned == [None] * (len(sections) - 1) + ["landscape"]
    table = docx.Document(str(path)).tables[-1]
    widths = [cell.width.mm for cell in table.rows[0].cells]
    assert len(widths) == 15
    assert sum(widths) == pytest.approx(252, abs=1)


def test_without_its_title_there_is_no_such_annex(tmp_path):
    path = render_report(example.facts(), example.catalogue(), tmp_path)
    assert "Phụ lục III" not in "".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert not [name for name in read_package(path) if "chart" in name]
    assert report_fields(example.facts(), example.catalogue()).phu_luc_3 is None


def test_the_charts_have_the_annexs_figures(report):
    charts = charts_of(example.facts(), catalogue())
    assert [(chart.title, chart.categories) for chart in charts] == [
        ("Mục tiêu và kết quả (%)", ("Gia đình học tập",)),
        ("Kết quả của các xã cũ và toàn xã (%)", ("Gia đình học tập",)),
    ]
    assert charts[0].series == (Series("Mục tiêu", ("70",)), Series("Kết quả", ("78,62",)))
    assert [one.values[0] for one in charts[1].series] == annex(report)["Gia đình học tập"]
    parts = read_package(report)
    assert [name for name in parts if "chart" in name] == [
        "word/charts/chart1.xml",
        "word/charts/chart2.xml",
    ]
    shown = etree.fromstring(parts["word/charts/chart1.xml"])
    assert [point.text for point in shown.iter("{*}t")] == ["70", "78,62"]
    assert [point.text for point in shown.iterfind(".//{*}val//{*}v")] == ["70", "78.62"]
    assert "\ue010" not in parts["word/document.xml"].decode()


def test_a_figure_that_is_not_there_is_in_no_chart():
    figures = [
        replace(figure, value=None) if figure.measure == "target" else figure
        for figure in example.facts().figures
    ]
    charts = charts_of(replace(example.facts(), figures=tuple(figures)), catalogue())
    assert [chart.title for chart in charts] == ["Kết quả của các xã cũ và toàn xã (%)"]


def test_bars_differ_without_colour():
    chart = Chart("t", ("a",), tuple(Series(str(n), ("1",)) for n in range(6)))
    fills = re.findall(rb"</c:tx><c:spPr>(.*?)<a:ln", chart_part(chart))
    assert len(set(fills)) == 6
    colours = set(re.findall(rb'srgbClr val="(\w\w)(\w\w)(\w\w)"', chart_part(chart)))
    assert all(red == green == blue for red, green, blue in colours)


def test_many_rows_are_spread_over_charts_that_fit_a_page():
    charts = charts_of(example.facts(rates=30), catalogue(rates=30))
    assert sum(len(chart.categories) for chart in charts) == 2 * 31
    assert max(chart.height for chart in charts) <= 170
    assert [chart.place for chart in charts] == list(range(len(charts)))


@pytest.mark.parametrize(
    ("value", "scale"), [("0,4", 1), ("4,78", 5), ("5", 5), ("78,62", 100), ("183,3", 200)]
)
def test_the_axis_ends_near_the_longest_bar(value, scale):
    chart = Chart("t", ("a",), (Series("s", (value,)),))
    xml = etree.fromstring(chart_part(chart))
    assert int(xml.find(".//{*}scaling/{*}max").get("val")) == chart.scale == scale


def test_text_is_escaped():
    xml = chart_part(Chart("<", ("a & b <c>",), (Series('"&', ("1",)),)))
    assert etree.fromstring(xml).findtext(f".//{{{CHART}}}cat//{{{CHART}}}v") == "a & b <c>"


def test_same_facts_same_bytes(report, tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 4e9)
    again = render_report(example.facts(), catalogue(), tmp_path / "again")
    assert again.read_bytes() == report.read_bytes()


def test_a_rate_of_which_only_the_count_is_known_compares_counts():
    facts = example.facts()
    figures = [
        replace(figure, measure="count", value=Decimal(143), unit_of_measure="dòng họ")
        if (figure.indicator, figure.measure) == ("dong-ho", "result")
        else figure
        for figure in facts.figures
    ]
    parts = (*facts.parts, example.part("duc-hiep", "dong-ho", "count", "45"))
    facts = replace(facts, figures=tuple(figures), parts=parts)
    rows = report_fields(facts, catalogue()).phu_luc_3["dong"]
    row = next(row for row in rows if row["noi_dung"] == "Dòng họ học tập")
    assert (row["o"], row["toan_xa"]) == (("45", "–", "–"), "143")
    assert Table(facts, catalogue()).result("dong-ho").measure == "count"


@pytest.mark.programs
def test_libreoffice_draws_the_charts(report, tmp_path):
    assert write_pdf(report, tmp_path).stat().st_size > 10_000
