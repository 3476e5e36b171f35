"""Issuing and correcting from end to end, through the command line."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import docx
import duckdb
import openpyxl
import pytest

from flows.decision_log import read_log
from flows.issuing import Manifest, _freeze
from reports import build_correction
from reports.correction import TEMPLATE
from reports.package import read_package
from tests.flows.command import hopnhat
from tests.support.commune_reports import write_report

HOUSEHOLDS = "long-phung/so-ho/2025-06-30/count"
SHELVES = "long-phung/so-tu-sach/2025-06-30/count"
FOLDER = "xa-hoi-hoc-tap-long-phung-2025-06-30"
REPORT = "bao-cao-long-phung-xa-hoi-hoc-tap.docx"
WORKBOOK = "doi-chieu-long-phung-xa-hoi-hoc-tap.xlsx"
CORRECTION = "dinh-chinh-long-phung-xa-hoi-hoc-tap.docx"
NUMBERED = ("--number", "58/BC-UBND", "--on", "05/07/2025", "--signed-by", "Nguyễn Thị Lan")


def send(
    home: Path, name: str, commune: str, households: str, number: int, day: str = "20"
) -> None:
    figures = [("Tổng số hộ", "hộ", households), ("Số tủ sách cộng đồng", "tủ sách", "9")]
    write_report(home / "inbox" / name, commune, figures, number=number, day=day)


def manifest(home: Path, folder: str = FOLDER) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((home / "issued" / folder / "manifest.json").read_bytes())
    return content


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows_of(path: Path) -> list[list[str]]:
    """The cells of the document's ruled tables, header rows left out."""
    document = docx.Document(str(path))
    table = document.tables[1]
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three communes' documents that nothing is open on, consolidated."""
    home = tmp_path_factory.mktemp("reported")
    (home / "inbox").mkdir()
    send(home, "hiệp.docx", "Đức Hiệp", "1.511", 1)
    send(home, "nhuận.docx", "Đức Nhuận", "1.320", 2)
    send(home, "lợi.docx", "Thắng Lợi", "1.902", 3)
    done = hopnhat(home, "run")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def issued_once(reported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("issued") / "home"
    shutil.copytree(reported, home)
    done = hopnhat(home, "issue", *NUMBERED)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{home / 'issued' / FOLDER}\n"
    return home


@pytest.fixture
def home(issued_once: Path, tmp_path: Path) -> Path:
    """A data folder in which the report has been issued."""
    copy = tmp_path / "home"
    shutil.copytree(issued_once, copy)
    return copy


def test_the_manifest_says_what_was_issued_and_of_what_it_was_made(home: Path) -> None:
    said = manifest(home)
    assert (said["number"], said["issued_on"], said["signed_by"]) == (
        "58/BC-UBND",
        "2025-07-05",
        "Nguyễn Thị Lan",
    )
    assert said["as_generated"] is True
    assert said["decisions"] is None
    assert {one["file_name"]: one["document"] for one in said["documents"]} == {
        path.name: sha256(path) for path in (home / "inbox").iterdir()
    }
    for file in said["files"]:
        assert sha256(home / "issued" / FOLDER / file["name"]) == file["sha256"]
        assert sha256(home / "out" / file["name"]) == file["sha256"]
    (households,) = (one for one in said["figures"] if one["key"] == HOUSEHOLDS)
    assert households["value"] == "4733.000000"
    assert households["equation"] == "1.511 + 1.320 + 1.902 = 4.733 hộ"
    assert {one["file_name"] for one in households["operands"]} == {
        "hiệp.docx",
        "nhuận.docx",
        "lợi.docx",
    }
    assert {path.name for path in (home / "issued").iterdir()} == {FOLDER, ".lock"}


def test_a_corrected_document_drafts_the_correction(home: Path) -> None:
    send(home, "hiệp sửa.docx", "Đức Hiệp", "1.600", 9, day="25")
    done = hopnhat(home, "run")
    assert done.returncode == 0, done.stderr
    assert "trong Báo cáo số 58/BC-UBND ngày 05/07/2025 nay thay đổi (1 số)" in done.stderr
    assert f"{HOUSEHOLDS}: 4.733 hộ → 4.822 hộ (hiệp sửa.docx)" in done.stderr
    draft = home / "out" / CORRECTION
    assert f"Dự thảo đính chính: {draft}" in done.stderr
    (row,) = rows_of(draft)
    source = "Báo cáo số 9/BC-UBND ngày 25/6/2025 của UBND xã Đức Hiệp"
    assert row[2:] == ["4.733 hộ", "4.822 hộ", source]
    text = "\n".join(one.text for one in docx.Document(str(draft)).paragraphs)
    assert "Đính chính số liệu của Báo cáo số 58/BC-UBND ngày 05/7/2025" in text
    assert "Kính gửi: " in text
    checked = hopnhat(home, "lint", draft)
    assert checked.returncode == 0, checked.stdout


def first_page(home: Path) -> str:
    sheet = openpyxl.load_workbook(home / "out" / WORKBOOK).worksheets[0]
    return "\n".join(
        " | ".join(str(cell) for cell in row if cell) for row in sheet.iter_rows(values_only=True)
    )


def test_the_workbook_opens_with_what_has_changed_until_it_is_issued_anew(home: Path) -> None:
    title = "Đã ban hành, nay thay đổi: Báo cáo số 58/BC-UBND ngày 05/07/2025"
    assert title not in first_page(home)
    send(home, "hiệp sửa.docx", "Đức Hiệp", "1.600", 9, day="25")
    hopnhat(home, "run")
    said = first_page(home)
    assert title in said
    line = "Tổng số hộ gia đình (số lượng) | 4.733 hộ → 4.822 hộ (hiệp sửa.docx)"
    assert line in said
    assert "Xem dự thảo đính chính" in said
    issued = hopnhat(home, "issue", "--number", "61/BC-UBND")
    assert issued.returncode == 0, issued.stderr
    hopnhat(home, "run")
    assert title not in first_page(home)


def test_an_unchanged_run_says_it_again_and_drafts_the_same_bytes(home: Path) -> None:
    send(home, "hiệp sửa.docx", "Đức Hiệp", "1.600", 9, day="25")
    hopnhat(home, "run")
    first = (home / "out" / CORRECTION).read_bytes()
    done = hopnhat(home, "run")
    assert "Không có gì thay đổi" in done.stderr
    assert f"{HOUSEHOLDS}: 4.733 hộ → 4.822 hộ" in done.stderr
    assert (home / "out" / CORRECTION).read_bytes() == first


def test_an_issued_figure_is_traced_after_later_runs(home: Path) -> None:
    send(home, "hiệp sửa.docx", "Đức Hiệp", "1.600", 9, day="25")
    hopnhat(home, "run")
    said = hopnhat(home, "trace", HOUSEHOLDS).stdout
    now, then = said.split("ĐÃ BAN HÀNH trong Báo cáo số 58/BC-UBND ngày 05/07/2025")
    assert "1.600 + 1.320 + 1.902 = 4.822" in now
    assert "1.511 + 1.320 + 1.902 = 4.733" in then
    assert "hiệp.docx, bảng 2, hàng 2, cột 4" in then
    (home / "warehouse.duckdb").unlink()
    alone = hopnhat(home, "trace", HOUSEHOLDS)
    assert alone.returncode == 0
    assert "= 4.733" in alone.stdout


def test_a_decision_is_named_as_the_cause(home: Path) -> None:
    sql = "select observation from core.observation where value = 1511 and indicator = 'so-ho'"
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        ((key,),) = connection.execute(sql).fetchall()
    done = hopnhat(home, "decide", "correct", key, "1.512", "--why", "xã gõ nhầm", "--by", "Lan")
    assert done.returncode == 0, done.stderr
    assert len(read_log(home / "decisions.jsonl").decisions) == 1
    said = hopnhat(home, "run").stderr
    assert "4.733 hộ → 4.734 hộ (quyết định mới về số liệu của hiệp.docx)" in said


def test_without_a_change_nothing_is_said(home: Path) -> None:
    done = hopnhat(home, "run")
    assert "thay đổi (" not in done.stderr
    assert not (home / "out" / CORRECTION).exists()


def test_nothing_is_issued_while_findings_block(reported: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(reported, home)
    send(home, "hiệp khác.docx", "Đức Hiệp", "1.512", 4)
    assert hopnhat(home, "run").returncode == 3
    done = hopnhat(home, "issue", *NUMBERED)
    assert done.returncode == 3
    assert "Chưa ban hành được: còn 1 điểm phải xử lý" in done.stderr
    assert "(conflict)" in done.stderr
    assert not (home / "issued").exists()


def test_what_has_not_been_run_is_not_issued(reported: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(reported, home)
    send(home, "hiệp sửa.docx", "Đức Hiệp", "1.600", 9, day="25")
    done = hopnhat(home, "issue", *NUMBERED)
    assert (done.returncode, "Chạy lại (hopnhat run)" in done.stderr) == (1, True)
    assert not (home / "issued").exists()


def test_an_issue_is_never_written_over(home: Path) -> None:
    before = {path.name: path.read_bytes() for path in (home / "issued" / FOLDER).iterdir()}
    again = hopnhat(home, "issue", *NUMBERED)
    assert (again.returncode, "đã được ban hành rồi" in again.stderr) == (1, True)
    send(home, "hiệp sửa.docx", "Đức Hiệp", "1.600", 9, day="25")
    hopnhat(home, "run")
    second = hopnhat(home, "issue", "--number", "60/BC-UBND")
    assert second.returncode == 0, second.stderr
    assert manifest(home, f"{FOLDER}-2")["number"] == "60/BC-UBND"
    assert {path.name: path.read_bytes() for path in (home / "issued" / FOLDER).iterdir()} == before
    after = hopnhat(home, "run").stderr
    assert "nay thay đổi" not in after
    assert f"bản dự thảo cũ không dùng nữa: {home / 'out' / CORRECTION}" in after


def test_the_signed_copy_and_an_edited_report_are_kept_as_they_are(
    reported: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(reported, home)
    edited = docx.Document(str(home / "out" / REPORT))
    edited.add_paragraph("Sửa tay.")
    edited.save(str(home / "out" / REPORT))
    (home / "ký.pdf").write_bytes(b"%PDF-1.7 signed")
    done = hopnhat(home, "issue", "--copy", home / "ký.pdf")
    assert done.returncode == 0, done.stderr
    said = manifest(home)
    assert said["as_generated"] is False
    assert {one["what"] for one in said["files"]} == {"report", "workbook", "sent"}
    assert (home / "issued" / FOLDER / "ban-gui-ký.pdf").read_bytes() == b"%PDF-1.7 signed"
    missing = hopnhat(home, "issue", "--copy", home / "không có.pdf")
    assert (missing.returncode, "Không thấy" in missing.stderr) == (1, True)


def test_a_report_that_is_still_stamped_is_not_issued(reported: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(reported, home)
    edited = docx.Document(str(home / "out" / REPORT))
    edited.sections[0].header.paragraphs[0].text = "BẢN NHÁP"
    edited.save(str(home / "out" / REPORT))
    done = hopnhat(home, "issue", *NUMBERED)
    assert (done.returncode, "còn dấu BẢN NHÁP" in done.stderr) == (1, True)


def test_a_report_of_another_day_is_not_issued_as_this_days(reported: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(reported, home)
    assert hopnhat(home, "run", "--as-of", "31/12/2024").returncode in {0, 3}
    done = hopnhat(home, "issue", *NUMBERED)
    assert done.returncode == 1
    assert "là báo cáo số liệu ngày 31/12/2024, không phải 30/06/2025" in done.stderr
    assert not (home / "issued" / FOLDER).exists()


def test_a_settled_conflict_is_issued_with_the_decisions_hash(
    reported: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(reported, home)
    send(home, "hiệp khác.docx", "Đức Hiệp", "1.512", 4)
    hopnhat(home, "run")
    (first, *_) = hopnhat(home, "findings", "--format", "json").stdout.splitlines()
    key = json.loads(first)["sources"][0]["observation"]
    assert hopnhat(home, "decide", "settle", key, "--why", "đã hỏi xã").returncode == 0
    assert hopnhat(home, "issue", *NUMBERED).returncode == 1
    assert hopnhat(home, "run").returncode == 0
    done = hopnhat(home, "issue", *NUMBERED)
    assert done.returncode == 0, done.stderr
    assert manifest(home)["decisions"] == sha256(home / "decisions.jsonl")


def test_an_issue_is_on_disk_before_it_is_said_to_be(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every file and every folder on the way is flushed, the folder of issues after the rename."""
    flushed: list[Path] = []
    flush = os.fsync

    def noted(descriptor: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    frozen = Manifest.model_validate_json((home / "issued" / FOLDER / "manifest.json").read_bytes())
    issued = tmp_path / "issued"
    issued.mkdir()
    place = _freeze(frozen, {"a.docx": b"report", "b.xlsx": b"workbook"}, issued)
    assert {path.name for path in place.iterdir()} == {"a.docx", "b.xlsx", "manifest.json"}
    unfinished = [path for path in flushed if path.parent.parent == issued]
    assert len(unfinished) == 3
    assert flushed[-2:] == [issued, tmp_path]


def test_a_damaged_manifest_is_said_and_stops_nothing_silently(home: Path) -> None:
    (home / "issued" / FOLDER / "manifest.json").write_text("{", "utf-8")
    done = hopnhat(home, "run")
    assert done.returncode == 1
    assert "bản kê của báo cáo đã ban hành bị hỏng" in done.stderr


def test_the_template_of_the_correction_is_what_its_settings_give() -> None:
    assert read_package(TEMPLATE) == build_correction.parts()
