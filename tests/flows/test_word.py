"""Word files looked at through the command line: the decree's rules, templates, the PDF."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from reports.package import read_package, write_package
from reports.report import TEMPLATES
from tests.flows.command import INBOX, hopnhat

REPORT = "bao-cao-long-phung-xa-hoi-hoc-tap.docx"
TEMPLATE = TEMPLATES / "xa-hoi-hoc-tap.docx"
BODY, HEADER, FOOTER = "word/document.xml", "word/header1.xml", "word/footer1.xml"


def changed(source: Path, path: Path, part: str, old: str, new: str) -> Path:
    parts = read_package(source)
    text = parts[part].decode()
    assert old in text
    parts[part] = text.replace(old, new, 1).encode()
    write_package(parts, path)
    return path


def test_the_report_of_the_samples_passes(home: Path) -> None:
    done = hopnhat(home, "lint", home / "out" / REPORT, "--format", "json")
    assert done.returncode == 0, done.stdout
    (line,) = (json.loads(text) for text in done.stdout.splitlines())
    assert (line["file"], line["error"]) == (REPORT, None)
    outcomes = {each["outcome"] for each in line["results"]}
    assert outcomes == {"pass", "not-applicable"}
    assert all(each["basis"].startswith("NĐ 30/2020/NĐ-CP, ") for each in line["results"])
    words = hopnhat(home, "lint", home / "out" / REPORT, "--all")
    assert words.returncode == 0
    assert words.stdout.count("NĐ 30/2020/NĐ-CP") == len(line["results"])


def test_a_fault_is_named_with_its_article(home: Path, tmp_path: Path) -> None:
    path = changed(
        home / "out" / REPORT, tmp_path / "hẹp.docx", BODY, 'w:left="1701"', 'w:left="9"'
    )
    done = hopnhat(home, "lint", path)
    assert done.returncode == 3
    assert "CHƯA ĐẠT: Định lề trang (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục I.3)" in done.stdout
    assert "lề trái" in done.stdout


def test_what_cannot_be_checked_does_not_stop_the_others(home: Path, tmp_path: Path) -> None:
    whole = (home / "out" / REPORT).read_bytes()
    broken = {
        "cụt.docx": whole[: len(whole) // 2],
        "trống.docx": b"",
        "ảnh.docx": b"\x89PNG\r\n",
        "không phải Word.docx": (home / "out" / REPORT.replace("bao-cao", "doi-chieu"))
        .with_suffix(".xlsx")
        .read_bytes(),
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    doctype = changed(
        home / "out" / REPORT,
        tmp_path / "kiểu.docx",
        BODY,
        "<w:document",
        "<!DOCTYPE a><w:document",
    )
    files = [*(tmp_path / name for name in broken), doctype, tmp_path / "không có.docx"]
    done = hopnhat(home, "lint", *files, home / "out" / REPORT, "--format", "json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = [json.loads(text) for text in done.stdout.splitlines()]
    assert [bool(line["error"]) for line in lines] == [True] * len(files) + [False]
    assert all(f"{path}: " in done.stderr for path in files)


@pytest.mark.parametrize(
    "path", sorted(INBOX.glob("*.docx")), ids=lambda path: str(path.stat().st_size)
)
def test_incoming_documents_are_checked(path: Path, tmp_path: Path) -> None:
    done = hopnhat(tmp_path, "lint", path)
    assert done.returncode == 3
    assert "NĐ 30/2020/NĐ-CP" in done.stdout


def test_a_template_is_copied_edited_checked_and_used(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "home"
    shutil.copytree(home, own)
    made = hopnhat(own, "template", "new")
    place = own / "templates" / TEMPLATE.name
    assert made.stdout == f"{place}\n"
    assert place.read_bytes() == TEMPLATE.read_bytes()
    again = hopnhat(own, "template", "new")
    assert (again.returncode, "không ghi đè" in again.stderr) == (1, True)
    changed(place, place, BODY, "PHÓ CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC")
    sound = hopnhat(own, "template", "check", place)
    assert sound.returncode == 0, sound.stdout
    assert "Trường lạ (0): không có" in sound.stdout
    assert "Trường thiếu (0): không có" in sound.stdout
    assert hopnhat(own, "run", INBOX).returncode == 0
    assert "THƯỜNG TRỰC" in read_package(own / "out" / REPORT)[BODY].decode()


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (BODY, "{{ trich_yeu }}", "{{ trich_yu }}", "phần thân, đoạn “{{ trich_yu }}”: không có"),
        (BODY, "{{ trich_yeu }}", "{{ trich_yeu }", "phần thân, đoạn “{{ trich_yeu }"),
        (BODY, "{{ kinh_gui }}", "", "toàn văn: thiếu trường “kinh_gui”"),
        (BODY, "{{ don_vi|upper }}", "{{ don_vi.__class__ }}", "không được phép"),
        (HEADER, "{%r if nhap %}", "{%r if khac %}", "đầu trang, đoạn “"),
        (FOOTER, "{{ van_de|length }}", "{{ van_de|dem }}", "không có phép biến đổi “dem”"),
    ],
    ids=["unknown", "syntax", "missing", "unsafe", "header", "filter"],
)
def test_each_fault_of_a_template_has_its_place(
    tmp_path: Path, part: str, old: str, new: str, said: str
) -> None:
    path = changed(TEMPLATE, tmp_path / "mẫu.docx", part, old, new)
    done = hopnhat(tmp_path, "template", "check", path)
    assert done.returncode == 3
    assert said in done.stdout
    assert "Lỗi (1):" in done.stdout


def test_a_fault_of_syntax_hides_fields_and_that_is_said(tmp_path: Path) -> None:
    path = changed(TEMPLATE, tmp_path / "mẫu.docx", BODY, "{{ trich_yeu }}", "{{ trich_yeu }")
    done = hopnhat(tmp_path, "template", "check", path)
    assert "Trường thiếu: chưa biết khi mẫu còn lỗi cú pháp" in done.stdout
    assert "sai cú pháp" in done.stdout


def test_fields_unknown_and_missing_are_listed(tmp_path: Path) -> None:
    path = changed(TEMPLATE, tmp_path / "mẫu.docx", BODY, "{{ kinh_gui }}", "{{ nguoi_nhan }}")
    done = hopnhat(tmp_path, "template", "check", path)
    assert "Trường lạ (1): nguoi_nhan" in done.stdout
    assert "Trường thiếu (1): kinh_gui" in done.stdout


def test_what_is_no_template_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "mẫu.docx").write_bytes(b"PK\x03\x04rubbish")
    for name in ("mẫu.docx", "không có.docx"):
        done = hopnhat(tmp_path, "template", "check", tmp_path / name)
        assert done.returncode == 1
        assert "Mẫu " in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.programs
def test_the_pdf_stands_beside_the_report(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "home"
    shutil.copytree(home, own)
    done = hopnhat(own, "run", INBOX, "--pdf")
    pdf = (own / "out" / REPORT).with_suffix(".pdf")
    assert done.returncode == 0, done.stderr
    assert f"Bản PDF: {pdf}" in done.stderr
    assert pdf.read_bytes().startswith(b"%PDF-")
    os.utime(pdf, (0, 0))
    assert "bản PDF của báo cáo cũ" in hopnhat(own, "run", INBOX).stderr


def test_without_libreoffice_a_run_says_so_and_is_no_failure(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "home"
    shutil.copytree(home, own)
    done = hopnhat(own, "run", INBOX, "--pdf", PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "chưa cài LibreOffice" in done.stderr
    assert not (own / "out" / REPORT).with_suffix(".pdf").exists()
