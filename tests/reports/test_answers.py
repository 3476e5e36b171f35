"""The review workbook out and back: filled in by hand, and saved by another office program."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import example
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from reports.answers import (
    ANSWERS,
    CHECK,
    CHOICES,
    IDENTITY,
    Answer,
    AnswersError,
    Question,
    canonical,
    check_mark,
    indicators,
    read_answers,
)
from reports.book import CONFLICTS, FIGURES, FINDINGS, INDICATORS
from reports.workbook import fill_workbook

Fill = Callable[..., Path]


def asked() -> Any:
    """The example with a finding on a figure and one on a wording."""
    facts = example.facts()
    conflict, hidden = facts.doubts
    of_figure = replace(
        hidden,
        code="out-of-range",
        message="Giá trị 1.040 nằm ngoài khoảng hợp lý.",
        finding="1" * 16,
        document="c" * 64,
        observation="2" * 16,
        measure="result",
        printed_value=Decimal("1040.50"),
        rivals=[{"observation": "3" * 16, "value": Decimal(104), "file_name": "khác.docx"}],
    )
    of_wording = replace(
        hidden, code="label-unmatched", finding="4" * 16, label="GĐ hiếu học", document="c" * 64
    )
    return replace(facts, doubts=(replace(conflict, finding="5" * 16), of_figure, of_wording))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "doi-chieu.xlsx"
    fill_workbook(asked(), example.catalogue(), path)
    return path


def columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


def fill(path: Path, sheet_name: str, row: int, **cells: object) -> Path:
    """Fill cells of a row by their titles, as a person would; spaces are underscores here."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[sheet_name]
    titles = columns(sheet)
    for title, value in cells.items():
        sheet.cell(row, titles[title.replace("_", " ")]).value = value
    workbook.save(path)
    return path


def saved_by_libreoffice(path: Path) -> Path:
    out = path.parent / "saved"
    out.mkdir()
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation=file://{path.parent}/profile",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, path,
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return out / path.name


def test_all_but_the_answers_is_locked_without_a_password(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    assert workbook[INDICATORS].sheet_state == "hidden"
    assert not workbook[FIGURES].protection.sheet
    for name in (CONFLICTS, FINDINGS):
        sheet = workbook[name]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        titles = columns(sheet)
        unlocked = {titles[title] for title in ANSWERS}
        for cell in sheet[2]:
            assert cell.protection.locked == (cell.column not in unlocked)
        letter = sheet.cell(1, titles[CHECK]).column_letter
        assert sheet.column_dimensions[letter].hidden
        assert sheet.cell(2, titles["Giá trị"]).number_format == "@"


def test_each_row_offers_what_is_possible(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)

    def offered(name: str, title: str) -> list[tuple[str, str]]:
        sheet = workbook[name]
        letter = sheet.cell(1, columns(sheet)[title]).column_letter
        rules = sheet.data_validations.dataValidation
        return [
            (str(rule.sqref), str(rule.formula1)) for rule in rules if str(rule.sqref)[0] == letter
        ]

    ((_, of_conflict),) = offered(CONFLICTS, "Quyết định")
    assert of_conflict == '"chọn số này,sửa số,loại bỏ"'
    assert [words for _, words in offered(FINDINGS, "Quyết định")] == [
        '"chấp nhận"',
        '"sửa số,loại bỏ,chấp nhận"',
        '"chấp nhận,gắn chỉ tiêu"',
    ]
    ((_, area),) = offered(FINDINGS, "Giá trị")
    assert area.startswith(f"'{INDICATORS}'!$A$2:$A$")
    listed = [row[0] for row in workbook[INDICATORS].iter_rows(min_row=2, values_only=True)]
    assert listed == indicators(example.catalogue())


def test_nothing_filled_in_is_no_answer(book: Path) -> None:
    assert read_answers(book) == []


def filled(book: Path) -> list[Answer]:
    """The answers that ``fill_all`` gives."""
    fill(book, CONFLICTS, 3, Quyết_định="chọn số này", Lý_do="đã hỏi xã", Người_quyết_định="Lan")
    fill(book, FINDINGS, 3, Quyết_định="Sửa số ", Giá_trị="104,05", Lý_do="gõ nhầm")
    fill(
        book, FINDINGS, 4,
        Quyết_định="gắn chỉ tiêu", Giá_trị=indicators(example.catalogue())[0], Lý_do="như nhau",
    )  # fmt: skip
    return []


def check(answers: list[Answer]) -> None:
    settled, corrected, taught = answers
    assert (settled.choice, settled.by, settled.why) == ("settle", "Lan", "đã hỏi xã")
    assert settled.question.shown["seen"]["value"] == "81"
    assert list(settled.question.shown["others"].values()) == ["82"]
    assert settled.place == "Mâu thuẫn, dòng 3"
    assert (corrected.choice, corrected.value, corrected.by) == ("correct", "104,05", "")
    assert corrected.question.identity == "1" * 16
    assert corrected.question.shown["observation"] == "2" * 16
    assert corrected.question.shown["seen"]["value"] == "1040.5"
    assert corrected.question.shown["others"] == {"3" * 16: "104"}
    assert (taught.choice, taught.question.shown["label"]) == ("wording", "GĐ hiếu học")
    assert taught.value == indicators(example.catalogue())[0]


def test_answers_come_back_with_what_was_shown(book: Path) -> None:
    filled(book)
    check(read_answers(book))


@pytest.mark.programs
def test_they_come_back_the_same_from_libreoffice(book: Path) -> None:
    filled(book)
    check(read_answers(saved_by_libreoffice(book)))


@pytest.mark.programs
def test_libreoffice_changes_no_locked_cell_whatever_it_holds(book: Path, tmp_path: Path) -> None:
    """Every row of a sheet with long, odd and risky texts is answered and comes back."""
    facts = asked()
    odd = [
        "=1+1",
        "-",
        "00012",
        "78,61 %",
        "a\nb\n\nc",
        "  x  y ",
        "'quote",
        "x" * 40_000,
        "1e5",
        "TRUE",
    ]
    doubts = tuple(
        replace(facts.doubts[1], text=text, message=f"{text} {number}", finding=f"{number:016x}")
        for number, text in enumerate(odd)
    )
    numbers = ["82.123456", "123456789012345678", "0.000001", "-5", "1234567.891"]
    (row,) = facts.disagreements
    sources = [
        {**row.sources[0], "value": Decimal(value), "observation": f"{number:016x}"}
        for number, value in enumerate(numbers)
    ]
    path = tmp_path / "odd.xlsx"
    changed = replace(facts, doubts=doubts, disagreements=(replace(row, sources=sources),))
    fill_workbook(changed, example.catalogue(), path)
    workbook = openpyxl.load_workbook(path)
    for name, choice in ((CONFLICTS, "loại bỏ"), (FINDINGS, "chấp nhận")):
        sheet = workbook[name]
        titles = columns(sheet)
        for line in range(2, sheet.max_row + 1):
            sheet.cell(line, titles["Quyết định"], choice)
            sheet.cell(line, titles["Lý do"], "xem rồi")
    workbook.save(path)
    assert len(read_answers(path)) == len(odd) + len(numbers)
    answers = read_answers(saved_by_libreoffice(path))
    assert len(answers) == len(odd) + len(numbers)
    assert [one.question.shown["seen"]["value"] for one in answers[: len(numbers)]] == numbers


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "words"),
    [
        (CONFLICTS, 2, {"Số_trong_văn_bản": 83}, "ô bị khóa đã bị sửa"),
        (CONFLICTS, 2, {"Mã_để_quyết_định": "f" * 16}, "ô bị khóa đã bị sửa"),
        (FINDINGS, 3, {"Nguyên_văn": "khác"}, "ô bị khóa đã bị sửa"),
        (FINDINGS, 3, {"Dấu_kiểm": "{}"}, "ô bị khóa đã bị sửa"),
        (FINDINGS, 3, {"Dấu_kiểm": None}, "ô bị khóa đã bị sửa"),
        (CONFLICTS, 2, {"Quyết_định": "chấp nhận"}, "chọn một trong: chọn số này, sửa số, loại bỏ"),
        (CONFLICTS, 2, {"Quyết_định": None}, "chọn một trong"),
        (CONFLICTS, 2, {"Lý_do": "  "}, "thiếu “Lý do”"),
    ],
)
def test_what_cannot_be_taken_over_is_said_with_its_row(
    book: Path, sheet: str, row: int, cells: dict[str, object], words: str
) -> None:
    choice = CHOICES["reject"]
    fill(book, sheet, row, **({"Quyết_định": choice, "Lý_do": "sai"} | cells))
    with pytest.raises(AnswersError, match=f"^{sheet}, dòng {row}: ") as refused:
        read_answers(book)
    assert words in str(refused.value)


def test_a_row_of_ones_own_is_refused(book: Path) -> None:
    last = openpyxl.load_workbook(book)[CONFLICTS].max_row
    fill(book, CONFLICTS, last + 1, Quyết_định="loại bỏ", Lý_do="sai")
    with pytest.raises(AnswersError, match="không do chương trình ghi ra"):
        read_answers(book)


def test_one_fault_takes_nothing_over_and_all_are_named(book: Path) -> None:
    filled(book)
    fill(book, CONFLICTS, 2, Quyết_định="loại bỏ")
    fill(book, FINDINGS, 2, Quyết_định="gì đó", Lý_do="x")
    with pytest.raises(AnswersError) as refused:
        read_answers(book)
    assert len(str(refused.value).splitlines()) == 2


def test_a_percent_that_excel_made_a_fraction_of(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[FINDINGS]
    titles = columns(sheet)
    sheet.cell(3, titles["Quyết định"], "sửa số")
    sheet.cell(3, titles["Lý do"], "x")
    cell = sheet.cell(3, titles["Giá trị"], 0.7861)
    cell.number_format = "0.00%"
    workbook.save(book)
    (answer,) = read_answers(book)
    assert answer.value == Decimal("78.61")


def test_what_is_no_workbook_of_ours(tmp_path: Path, book: Path) -> None:
    other = tmp_path / "khác.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(AnswersError, match="không phải sổ đối chiếu"):
        read_answers(other)
    other.write_bytes(b"PK not a zip")
    with pytest.raises(AnswersError, match=r"không đọc được như một tệp \.xlsx"):
        read_answers(other)
    shutil.copy(book, other)
    with zipfile.ZipFile(other, "a") as package:
        package.writestr("xl/evil.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(AnswersError, match="doctype-refused"):
        read_answers(other)


@given(digits=st.integers(-(10**15) + 1, 10**15 - 1), places=st.integers(0, 6))
def test_a_number_is_the_same_before_and_after_a_cell(digits: int, places: int) -> None:
    """Of at most 15 digits: a longer one is written as text."""
    number = Decimal(digits).scaleb(-places)
    assert canonical(float(number)) == canonical(number)


def test_dates_and_texts_are_the_same_before_and_after_a_cell() -> None:
    assert canonical(date(2025, 6, 30)) == canonical(datetime(2025, 6, 30, tzinfo=UTC))
    assert canonical(" hoà\u0301  a\nb ") == canonical("hoà\u0301 a b")
    assert canonical(None) == canonical("  ") == ""


def test_the_mark_is_of_this_row_alone() -> None:
    question = Question("1" * 16, ("accept",), {"seen": {"value": "1"}})
    mark = check_mark(question, ["a", 1])
    assert mark != check_mark(question, ["a", 2])
    assert mark != check_mark(replace(question, shown={"seen": {"value": "2"}}), ["a", 1])
    assert IDENTITY not in mark
