"""A second report type from the command line: it is YAML of the catalogue and nothing else."""

from __future__ import annotations

from pathlib import Path

import docx
import duckdb
import pytest

from catalog.loader import load_catalogue
from flows.errors import UsageError
from flows.pipeline import order
from reports.lint import lint
from tests.flows.command import hopnhat
from tests.support.commune_reports import write_report

TITLE = "Kết quả rà soát hộ nghèo, hộ cận nghèo, số liệu tính đến ngày 30/6/2025"
SAID = "Ủy ban nhân dân xã thành lập Ban Chỉ đạo rà soát, phân công từng thành viên phụ trách thôn."
LABELS = (
    ("Tổng số hộ dân cư", "hộ"),
    ("Tỷ lệ hộ nghèo đầu năm", "%"),
    ("Số hộ thoát nghèo", "hộ"),
    ("Số hộ tái nghèo", "hộ"),
    ("Số hộ nghèo phát sinh", "hộ"),
    ("Số hộ cận nghèo phát sinh", "hộ"),
    ("Tỷ lệ hộ nghèo", "%"),
    ("Tỷ lệ hộ cận nghèo", "%"),
)
COMMUNES = {
    "Đức Hiệp": ("1.511", "60/1.511", "20", "2", "3", "4", "45/1.511", "70/1.511"),
    "Đức Nhuận": ("1.320", "41/1.320", "10", "0", "1", "2", "32/1.320", "55/1.320"),
    "Thắng Lợi": ("1.902", "88/1.902", "25", "1", "2", "5", "66/1.902", "91/1.902"),
}
SHOWN = {
    "Tổng số hộ dân cư (hộ)": ("4.733", ""),
    "Tỷ lệ hộ nghèo đầu năm (%)": ("3,99", "189/4.733 hộ"),  # 60 + 41 + 88 = 189; 3,9932 %
    "Tỷ lệ hộ cận nghèo đầu năm (%)": ("không có số liệu", "không xã cũ nào báo cáo"),
    "Số hộ thoát nghèo (hộ)": ("55", ""),
    "Số hộ tái nghèo (hộ)": ("3", ""),
    "Số hộ nghèo phát sinh (hộ)": ("6", ""),
    "Số hộ cận nghèo phát sinh (hộ)": ("11", ""),
    "Tỷ lệ hộ nghèo (%)": ("3,02", "143/4.733 hộ"),  # 45 + 32 + 66 = 143; 3,0213 %
    "Tỷ lệ hộ cận nghèo (%)": ("4,56", "216/4.733 hộ"),  # 70 + 55 + 91 = 216; 4,5637 %
}
"""Result and note by row of the annex, computed by hand."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOPNHAT_HOME", str(tmp_path))
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number, (commune, figures) in enumerate(COMMUNES.items(), start=1):
        rows = [(*label, figure) for label, figure in zip(LABELS, figures, strict=True)]
        poor = f"Cuối kỳ toàn xã có {figures[6].partition('/')[0]} hộ nghèo."
        body = (
            *("I. Công tác tổ chức rà soát", SAID),
            *("II. Kết quả rà soát", "1. Hộ nghèo", poor),
        )
        write_report(
            folder / f"{number}.docx", commune, rows, number=number, title=TITLE, body=body
        )
    return tmp_path


def test_the_report_on_poor_households_is_written_from_the_command_line(home: Path) -> None:
    done = hopnhat(home, "run", "--report", "ho-ngheo")
    assert done.returncode == 0, done.stderr
    report = home / "out" / "bao-cao-long-phung-ho-ngheo.docx"
    assert (home / "out" / "doi-chieu-long-phung-ho-ngheo.xlsx").is_file()
    document = docx.Document(str(report))
    annex = next(
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
        if table.rows[0].cells[1].text == "Nội dung chỉ tiêu"
    )
    assert annex[0][2:4] == ["Kế hoạch năm 2025", "Kết quả tính đến tháng 06/2025"]
    assert {row[1]: (row[3], row[4]) for row in annex if row[1] in SHOWN} == SHOWN
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "I. CÔNG TÁC CHỈ ĐẠO, TỔ CHỨC RÀ SOÁT" in texts
    assert SAID in texts
    assert "Tỷ lệ hộ nghèo toàn xã đạt 3,02 % (143/4.733 hộ)." in texts
    assert not [text for text in texts if "Cuối kỳ toàn xã có" in text]
    assert not [result for result in lint(report) if result.outcome == "fail"]
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        value, equation = connection.execute(
            "select value::varchar, equation from marts.consolidated where unit = 'long-phung'"
            " and indicator = 'ho-ngheo' and measure = 'result'"
        ).fetchall()[0]
    assert value == "3.021340"
    assert equation == "(45 + 32 + 66) / (1.511 + 1.320 + 1.902) = 3,02 %"


def test_without_report_the_marked_one_is_written(home: Path) -> None:
    assert order().report == "xa-hoi-hoc-tap"
    assert [each.id for each in load_catalogue().reports.values() if each.by_default] == [
        "xa-hoi-hoc-tap"
    ]
    with pytest.raises(UsageError, match="Chọn một trong: ho-ngheo, xa-hoi-hoc-tap"):
        order(report="khac")


def test_documents_of_another_report_type_say_which_there_are(home: Path) -> None:
    for path in (home / "inbox").iterdir():
        path.unlink()
    write_report(home / "inbox" / "1.docx", "Đức Hiệp", [("Số hộ nghèo", "hộ", "45")], title=TITLE)
    done = hopnhat(home, "run")
    assert done.returncode == 1
    assert "--report (ho-ngheo, xa-hoi-hoc-tap)" in done.stderr
