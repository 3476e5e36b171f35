"""Decisions from end to end, through the command line: what was settled holds, and no further."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from catalog.loader import load_catalogue
from flows.deciding import Desk, Signed
from flows.decision_log import LOCAL
from flows.errors import RunError
from reports.answers import Answer, Question
from tests.flows.command import HOPNHAT, environment, hopnhat
from tests.support.commune_reports import write_report

HOUSEHOLDS = "long-phung/so-ho/2025-06-30/count"
SHELVES = "long-phung/so-tu-sach/2025-06-30/count"
WORKBOOK = "out/doi-chieu-long-phung-xa-hoi-hoc-tap.xlsx"
TAUGHT = "Tủ sách lớn nhỏ các loại"
Run = subprocess.CompletedProcess[str]


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def value(home: Path, key: str) -> Decimal | None:
    ((found,),) = rows(home, f"select value from marts.consolidated where key = '{key}'")
    return found


def observation(home: Path, file_name: str, label: str) -> str:
    sql = f"""
        select observation from core.observation join raw.document using (document)
        where file_name = '{file_name}' and label = '{label}'
    """
    ((found,),) = rows(home, sql)
    return str(found)


def finding(home: Path, code: str) -> str:
    ((found,),) = rows(home, f"select finding from core.finding where code = '{code}'")
    return str(found)


def decide(home: Path, *arguments: str | Path, code: int = 0) -> Run:
    done = hopnhat(home, "decide", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def run(home: Path, *arguments: str | Path, code: int = 0) -> Run:
    done = hopnhat(home, "run", *arguments)
    assert done.returncode == code, done.stderr
    return done


def log(home: Path) -> list[dict[str, Any]]:
    path = home / "decisions.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def send(home: Path, name: str, commune: str, households: str, number: int, shelves: str) -> None:
    figures = [("Tổng số hộ", "hộ", households), ("Số tủ sách cộng đồng", "tủ sách", shelves)]
    write_report(home / "inbox" / name, commune, figures, number=number)


@pytest.fixture(scope="session")
def differing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three communes; of Đức Hiệp two documents that nothing tells apart differ in the households,
    and Thắng Lợi writes an indicator in words of its own.
    """
    home = tmp_path_factory.mktemp("differing")
    (home / "inbox").mkdir()
    send(home, "hiệp.docx", "Đức Hiệp", "1.511", 1, "11")
    send(home, "hiệp khác.docx", "Đức Hiệp", "1.512", 2, "11")
    send(home, "nhuận.docx", "Đức Nhuận", "1.320", 3, "9")
    figures = [("Tổng số hộ", "hộ", "1.902"), (TAUGHT, "tủ sách", "14")]
    write_report(home / "inbox" / "lợi.docx", "Thắng Lợi", figures, number=4)
    run(home, code=3)
    return home


@pytest.fixture
def home(differing: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(differing, copy)
    return copy


def test_findings_say_what_can_be_decided_on(home: Path) -> None:
    said = hopnhat(home, "findings").stdout
    one, other = (observation(home, name, "Tổng số hộ") for name in ("hiệp.docx", "hiệp khác.docx"))
    assert f"→ hopnhat decide settle {one}  (1.511, hiệp.docx)" in said
    assert f"→ hopnhat decide settle {other}  (1.512, hiệp khác.docx)" in said
    assert f"→ hopnhat decide accept {finding(home, 'conflict')}" in said
    notes = hopnhat(home, "findings", "--notes").stdout
    assert f"→ hopnhat decide wording '{TAUGHT}' CHỈ-TIÊU" in notes
    lines = hopnhat(home, "findings", "--format", "json").stdout.splitlines()
    first = json.loads(lines[0])
    assert first["finding"] == finding(home, "conflict")
    assert [source["observation"] for source in first["sources"]] == [one, other]


def test_a_conflict_is_settled(home: Path) -> None:
    assert value(home, HOUSEHOLDS) is None
    key = observation(home, "hiệp khác.docx", "Tổng số hộ")
    done = decide(home, "settle", key, "--why", "đã gọi điện hỏi xã", "--by", "Lan")
    assert "số khác đã thấy: 1.511, hiệp.docx, bảng 2, hàng 2, cột 4" in done.stderr
    assert f"sẽ tính lại: {HOUSEHOLDS} (nay: không có số liệu)" in done.stderr
    (line,) = log(home)
    assert done.stdout == f"{line['id']}\n"
    assert (line["kind"], line["by"], line["why"]) == ("settle", "Lan", "đã gọi điện hỏi xã")
    assert line["seen"]["value"] == "1512"
    assert "chưa chạy lại kể từ khi ghi" in hopnhat(home, "decide", "list").stdout
    run(home)
    assert value(home, HOUSEHOLDS) == 1512 + 1320 + 1902
    assert "tình trạng: đang áp dụng" in hopnhat(home, "decide", "list").stdout
    for traced in (HOUSEHOLDS, key):
        said = hopnhat(home, "trace", traced).stdout
        assert (
            f"Quyết định [{line['id']}], đang áp dụng: Chọn số liệu: 1.512 thay cho 1.511" in said
        )
        assert "đã gọi điện hỏi xã" in said


def test_a_rival_that_nobody_saw_asks_again(home: Path) -> None:
    key = observation(home, "hiệp khác.docx", "Tổng số hộ")
    decide(home, "settle", key, "--why", "đã hỏi")
    run(home)
    send(home, "hiệp thứ ba.docx", "Đức Hiệp", "1.600", 5, "11")
    run(home, code=3)
    assert value(home, HOUSEHOLDS) is None
    assert "1.600 (hiệp thứ ba.docx)" in hopnhat(home, "findings").stdout


def test_a_changed_source_makes_a_decision_void_until_somebody_looks(home: Path) -> None:
    key = observation(home, "hiệp.docx", "Tổng số hộ")
    decide(home, "settle", key, "--why", "đã hỏi")
    (line,) = log(home)
    send(home, "hiệp.docx", "Đức Hiệp", "1.600", 1, "11")
    run(home, code=3)
    assert value(home, HOUSEHOLDS) is None
    assert "HẾT HIỆU LỰC, cần xem lại" in hopnhat(home, "decide", "list").stdout
    said = hopnhat(home, "findings").stdout
    assert "khi quyết định thấy “1.511”, nay là “không còn” (lý do khi đó: đã hỏi)" in said
    new = observation(home, "hiệp.docx", "Tổng số hộ")
    decide(home, "settle", new, "--why", "hỏi lại rồi")
    decide(home, "withdraw", line["id"], "--why", "văn bản cũ đã bị thay")
    run(home)
    assert value(home, HOUSEHOLDS) == 1600 + 1320 + 1902
    listed = hopnhat(home, "decide", "list").stdout
    assert "tình trạng: đã rút" in listed
    assert "HẾT HIỆU LỰC" not in listed
    decide(home, "withdraw", line["id"], "--why", "lần nữa", code=2)


def test_a_value_is_corrected_and_what_was_printed_is_kept(home: Path) -> None:
    key = observation(home, "hiệp.docx", "Tổng số hộ")
    decide(home, "correct", key, "1.512", "--why", "gõ nhầm")
    run(home)
    assert value(home, HOUSEHOLDS) == 1512 + 1320 + 1902
    said = hopnhat(home, "trace", key).stdout
    assert "= 1.512 hộ" in said
    assert "văn bản ghi: 1.511 hộ" in said
    assert "1.511 thành 1.512" in said


@pytest.mark.parametrize(
    "wrong", ["nhiều", "1,234", "12 thôn", "khoảng 10", "1.511", "1e3", "0,1234567"]
)
def test_what_is_no_clear_value_is_refused(home: Path, wrong: str) -> None:
    key = observation(home, "hiệp.docx", "Tổng số hộ")
    decide(home, "correct", key, wrong, "--why", "x", code=2)
    assert log(home) == []


def test_a_figure_is_rejected(home: Path) -> None:
    decide(home, "reject", observation(home, "hiệp.docx", "Tổng số hộ"), "--why", "số năm ngoái")
    run(home)
    assert value(home, HOUSEHOLDS) == 1512 + 1320 + 1902


@pytest.mark.parametrize("by_finding", [True, False])
def test_an_accepted_finding_is_said_and_blocks_no_longer(home: Path, by_finding: bool) -> None:
    key = finding(home, "conflict")
    if not by_finding:
        ((key,),) = rows(home, "select observation from core.finding where code = 'conflict'")
    decide(home, "accept", key, "--why", "để trống cũng được")
    run(home)
    assert value(home, HOUSEHOLDS) is None
    (line,) = log(home)
    said = hopnhat(home, "findings").stdout
    assert "[lỗi] hiệp.docx, bảng 2, hàng 2, cột 4 (conflict)" in said
    assert f"đã chấp nhận theo quyết định {line['id']}" in said
    assert f"(đã chấp nhận, quyết định {line['id']})" in hopnhat(home, "trace", HOUSEHOLDS).stdout


def test_a_wording_is_taught_and_reaches_what_was_read_before(home: Path) -> None:
    assert value(home, SHELVES) is None
    done = decide(home, "wording", TAUGHT, "Số tủ sách cộng đồng", "--why", "cách ghi của xã")
    assert "1 số liệu trong 1 văn bản, chưa khớp chỉ tiêu nào" in done.stderr
    extracted = hopnhat(home, "extract", home / "inbox" / "lợi.docx", "--format", "json").stdout
    assert "so-tu-sach" in {each["indicator"] for each in json.loads(extracted)["observations"]}
    again = run(home, code=3)
    assert "(0 mới hoặc đã đổi" in again.stderr
    assert value(home, SHELVES) == 11 + 9 + 14
    said = hopnhat(home, "trace", SHELVES).stdout
    assert f"đang áp dụng: Gắn cách ghi vào chỉ tiêu: “{TAUGHT}” là so-tu-sach" in said


def test_a_wording_that_the_catalogue_learned_otherwise_is_void(home: Path) -> None:
    decide(home, "wording", TAUGHT, "so-tu-sach", "--why", "cách ghi của xã")
    (home / "catalog").mkdir()
    (home / "catalog" / "own.yaml").write_text(
        "indicators:\n"
        "  - {id: tu-sach-moi, name: Tủ sách mới, group: co-so-giao-duc, kind: count,\n"
        "     roll_up: sum,\n"
        f"     unit_of_measure: tủ sách, wordings: ['{TAUGHT}'], source: thử, certainty: NV}}\n",
        "utf-8",
    )
    run(home, code=3)
    assert value(home, SHELVES) is None
    assert value(home, "long-phung/tu-sach-moi/2025-06-30/count") is None
    assert "nay là “danh mục hiểu là: Tủ sách mới”" in hopnhat(home, "findings").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("wording", "Không ai ghi thế", "so-tu-sach", "--why", "x"), 1, TAUGHT),
        (("wording", TAUGHT, "so-tu-xach", "--why", "x"), 2, "so-tu-sach (Số tủ sách cộng đồng)"),
        (("wording", TAUGHT, "so-tu-sach", "--as", "numerator", "--why", "x"), 2, "không có tử số"),
        (("wording", TAUGHT, "so-tu-sach", "--as", "x", "--why", "x"), 2, "chọn một trong"),
        (("settle", "0" * 16, "--why", "x"), 1, "Không có số liệu nào mang mã"),
        (("accept", "0" * 16, "--why", "x"), 1, "Không có điểm nghi ngờ hay số liệu nào"),
        (("withdraw", "0" * 16, "--why", "x"), 1, "Không có quyết định nào mang mã"),
        (("accept", "0" * 16), 2, "Thiếu '--why'"),
        (("--yes", "accept", "0" * 16, "--why", "x"), 2, "Tùy chọn phải đứng sau tên lệnh"),
        ((), 2, "Cần một lệnh, hoặc --from"),
        (
            ("allocate", "duc-hiep", "long-phung", "50%", "--basis", "b", "--why", "x"),
            2,
            "chia tách",
        ),
        (("--from", "khong-co.xlsx"), 1, "không tìm thấy"),
    ],
)
def test_what_cannot_be_decided_is_said(
    differing: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = decide(differing, *arguments, code=code)
    assert words in done.stderr
    assert done.stdout == ""
    assert log(differing) == []


def test_a_reason_is_needed(differing: Path) -> None:
    key = observation(differing, "hiệp.docx", "Tổng số hộ")
    assert (
        "lý do (--why) không dùng được (để trống)"
        in decide(differing, "reject", key, "--why", "  ", code=2).stderr
    )
    key = observation(differing, "nhuận.docx", "Tổng số hộ")
    assert "không có gì để chọn" in decide(differing, "settle", key, "--why", "x", code=2).stderr


def test_two_people_deciding_at_once_lose_nothing(home: Path) -> None:
    keys = [observation(home, name, "Tổng số hộ") for name in ("hiệp.docx", "nhuận.docx")]
    people = [
        subprocess.Popen(
            [HOPNHAT, "decide", "reject", key, "--why", "x", "--by", by],
            env=environment(home), cwd=home, stdout=subprocess.PIPE, text=True,
        )
        for key in keys
        for by in ("lan", "minh", "an")
    ]  # fmt: skip
    printed = {person.communicate(timeout=120)[0].strip() for person in people}
    assert {person.returncode for person in people} == {0}
    assert {line["id"] for line in log(home)} == printed
    assert len(printed) == len(people)


# ---- what a document does not say, or was understood to say ---------------------------------


NAMELESS = "không tên.docx"


@pytest.fixture
def nameless(home: Path) -> Path:
    """Of Đức Nhuận's report neither the commune nor the day of its figures can be told."""
    send(home, "hiệp khác.docx", "Đức Hiệp", "1.511", 2, "11")
    (home / "inbox" / "nhuận.docx").unlink()
    write_report(
        home / "inbox" / NAMELESS, "Nào Đó", [("Tổng số hộ", "hộ", "1.320")], number=3,
        title="Kết quả xây dựng xã hội học tập", result="Kết quả",
    )  # fmt: skip
    (home / "warehouse.duckdb").unlink()  # in which nhuận.docx would be missed
    run(home, code=3)
    return home


def test_a_document_that_does_not_say_whose_it_is_is_restated(nameless: Path) -> None:
    assert value(nameless, HOUSEHOLDS) is None
    said = hopnhat(nameless, "findings").stdout
    assert f"→ hopnhat decide document '{NAMELESS}' --unit XÃ" in said
    assert f"→ hopnhat decide document '{NAMELESS}' --as-of NGÀY" in said
    done = decide(
        nameless, "document", NAMELESS, "--unit", "xã Đức Nhuận", "--as-of", "30/6/2025",
        "--why", "đã hỏi xã", "--by", "Lan",
    )  # fmt: skip
    assert "đọc được: đơn vị: chưa rõ" in done.stderr
    assert "ghi lại: đơn vị: xã Đức Nhuận" in done.stderr
    assert "ghi lại: ngày số liệu: 30/06/2025" in done.stderr
    whose, when = log(nameless)
    assert (whose["about"], whose["before"], whose["value"]) == ("unit", None, "duc-nhuan")
    assert (when["about"], when["before"], when["value"]) == ("as_of", None, "2025-06-30")
    again = run(nameless)
    assert "(0 mới hoặc đã đổi" in again.stderr
    assert value(nameless, HOUSEHOLDS) == 1511 + 1320 + 1902
    ((unit, printed, day),) = rows(
        nameless,
        "select unit, printed_unit, as_of::varchar from raw.document "
        f"where file_name = '{NAMELESS}'",
    )
    assert (unit, printed, day) == ("duc-nhuan", None, "2025-06-30")
    traced = hopnhat(nameless, "trace", HOUSEHOLDS).stdout
    assert "văn bản: đơn vị: chưa rõ → duc-nhuan" in traced
    assert "văn bản: ngày số liệu: chưa rõ → 2025-06-30" in traced
    operands = openpyxl.load_workbook(nameless / WORKBOOK)["Toán hạng"]
    titles = [cell.value for cell in operands[1]]
    told = {
        row[titles.index("Tệp")]: row[titles.index("Theo quyết định về văn bản")]
        for row in operands.iter_rows(min_row=2, values_only=True)
    }
    assert told[NAMELESS] == "đơn vị, ngày số liệu"
    assert told["lợi.docx"] is None
    extracted = hopnhat(nameless, "extract", nameless / "inbox" / NAMELESS, "--format", "json")
    assert json.loads(extracted.stdout)["document"]["unit"] == "duc-nhuan"


def test_a_restated_document_with_other_bytes_asks_again(nameless: Path) -> None:
    decide(nameless, "document", NAMELESS, "--unit", "duc-nhuan", "--why", "đã hỏi xã")
    send(nameless, NAMELESS, "Nào Đó Khác", "1.330", 3, "9")
    run(nameless, code=3)
    assert value(nameless, HOUSEHOLDS) is None
    assert "HẾT HIỆU LỰC, cần xem lại" in hopnhat(nameless, "decide", "list").stdout
    said = hopnhat(nameless, "findings").stdout
    assert f"thấy “đơn vị: chưa rõ”, nay là “tệp {NAMELESS} có nội dung khác”" in said
    (nameless / "inbox" / NAMELESS).unlink()
    run(nameless, code=3)
    assert "chưa gặp chỗ nào để áp dụng" in hopnhat(nameless, "decide", "list").stdout


def test_a_document_that_was_misunderstood_is_restated_field_by_field(home: Path) -> None:
    arguments = ("document", "lợi.docx", "--why", "đã hỏi xã")
    decide(home, *arguments, "--as-of", "2025-03-31")
    decide(home, *arguments, "--as-of", "2025-05-31", "--draft")
    run(home, code=3)
    found = rows(home, "select expected, status from core.decision order by expected, decided_at")
    assert found == [
        ("bản: chính thức", "applied"),
        ("ngày số liệu: 30/06/2025", "replaced"),
        ("ngày số liệu: 30/06/2025", "applied"),
    ]
    ((day, printed, draft),) = rows(
        home,
        "select as_of::varchar, printed_as_of::varchar, draft from raw.document "
        "where file_name = 'lợi.docx'",
    )
    assert (day, printed, draft) == ("2025-05-31", "2025-06-30", True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("khong-co.docx", "--unit", "duc-hiep"), 1, "lợi.docx"),
        (("lợi.docx",), 2, "Cần ít nhất một trong: --unit"),
        (("lợi.docx", "--unit", "xã Không Đâu"), 2, "Không rõ 'xã Không Đâu' là đơn vị nào"),
        (("lợi.docx", "--unit", "thang-loi"), 2, "Văn bản đã được hiểu là đơn vị: xã Thắng Lợi"),
        (("lợi.docx", "--as-of", "31/31/2025"), 2, "không phải là ngày"),
    ],
)
def test_what_cannot_be_said_of_a_document_is_refused(
    differing: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert words in decide(differing, "document", *arguments, "--why", "x", code=code).stderr
    assert log(differing) == []


def test_a_document_is_not_of_two_days(nameless: Path) -> None:
    ((key, document),) = rows(
        nameless, "select finding, document from core.finding where code = 'as-of-assumed'"
    )
    question = Question(key, ("as_of",), {"seen": {"document": document}})
    answers = [
        Answer(f"dòng {number}", question, "as_of", f"{number}/06/2025", "đã hỏi xã", "Lan")
        for number in (20, 30)
    ]
    desk = Desk(nameless / "warehouse.duckdb", load_catalogue())
    signed = Signed("Lan", "đã hỏi xã", datetime.now(LOCAL))
    same, other = answers
    assert len(desk.answered([same, same], lambda _: signed)) == 1
    with pytest.raises(RunError, match="hai câu trả lời khác nhau cho một văn bản"):
        desk.answered([same, other], lambda _: signed)


def test_the_day_of_a_documents_latest_figures_can_be_restated(home: Path) -> None:
    """Only the table's header tells the day: the document itself says none."""
    figures = [("Tổng số hộ", "hộ", "1.902"), (TAUGHT, "tủ sách", "14")]
    title = "Kết quả xây dựng xã hội học tập"
    write_report(home / "inbox" / "lợi.docx", "Thắng Lợi", figures, number=4, title=title)
    run(home, code=3)
    sql = "select as_of::varchar, printed_as_of from raw.document where file_name = 'lợi.docx'"
    assert rows(home, sql) == [("2025-06-30", None)]
    decide(home, "document", "lợi.docx", "--as-of", "2025-05-31", "--why", "đã hỏi xã")
    run(home, code=3)
    assert rows(home, sql) == [("2025-05-31", None)]
    assert rows(home, "select status from core.decision") == [("applied",)]


def test_a_workbook_answers_what_a_document_does_not_say(nameless: Path) -> None:
    path = nameless / "answered.xlsx"
    shutil.copy(nameless / WORKBOOK, path)
    for code, choice, given in (
        ("unit-unknown", "ghi đơn vị của văn bản", "xã Đức Nhuận"),
        ("as-of-assumed", "ghi ngày số liệu của văn bản", "30/06/2025"),
    ):
        fill(path, "Phát hiện", code, Quyết_định=choice, Giá_trị=given, Lý_do="đã hỏi xã")
    decide(nameless, "--from", path, "--yes")
    assert [line["value"] for line in log(nameless)] == ["duc-nhuan", "2025-06-30"]
    run(nameless)
    assert value(nameless, HOUSEHOLDS) == 1511 + 1320 + 1902
    assert "Phát hiện, dòng" in decide(nameless, "--from", path, "--by", "An", code=1).stderr


# ---- the workbook's round trip --------------------------------------------------------------


def fill(path: Path, sheet_name: str, of: str, **cells: object) -> None:
    """Answer the rows whose text holds ``of``, by the titles of the columns."""
    book = openpyxl.load_workbook(path)
    sheet = book[sheet_name]
    titles = {str(cell.value): cell.column for cell in sheet[1]}
    lines = [
        row for row in sheet.iter_rows(min_row=2) if any(of in str(cell.value) for cell in row)
    ]
    assert lines
    for title, given in cells.items():
        for line in lines:
            sheet.cell(line[0].row, titles[title.replace("_", " ")]).value = given
    book.save(path)


def filled(home: Path) -> Path:
    """The workbook, answered: a conflict settled, a wording taught."""
    path = home / "answered.xlsx"
    shutil.copy(home / WORKBOOK, path)
    fill(
        path, "Mâu thuẫn", "hiệp khác.docx",
        Quyết_định="chọn số này", Lý_do="đã hỏi xã", Người_quyết_định="Lan",
    )  # fmt: skip
    fill(
        path, "Phát hiện", TAUGHT, Quyết_định="gắn chỉ tiêu", Lý_do="cách ghi của xã",
        Giá_trị="Số tủ sách cộng đồng [so-tu-sach]",
    )  # fmt: skip
    return path


def saved_by_libreoffice(path: Path) -> Path:
    out = path.parent / "saved"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    convert = ("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, path)
    subprocess.run(
        ["soffice", "--headless", profile, *convert], check=True, capture_output=True, timeout=120
    )
    return out / path.name


def test_a_workbook_shows_first_then_is_taken_over_once(home: Path) -> None:
    path = filled(home)
    shown = decide(home, "--from", path, code=1)
    assert "Chọn số liệu:" in shown.stderr
    assert f"“{TAUGHT}” là: Số tủ sách cộng đồng" in shown.stderr
    assert "Chưa ghi quyết định nào. Để ghi: thêm --yes." in shown.stderr
    assert log(home) == []
    decide(home, "--from", path, "--by", "Minh", "--yes")
    settled, taught = log(home)
    assert (settled["kind"], settled["by"], settled["why"]) == ("settle", "Lan", "đã hỏi xã")
    assert settled["seen"]["value"] == "1512"
    assert list(settled["others"].values()) == ["1511"]
    assert (taught["kind"], taught["label"], taught["by"]) == ("wording", TAUGHT, "Minh")
    again = decide(home, "--from", path, "--by", "Minh", "--yes")
    assert "2 quyết định đã có trong sổ, không ghi lại" in again.stderr
    assert len(log(home)) == 2
    run(home)
    assert value(home, HOUSEHOLDS) == 1512 + 1320 + 1902
    assert value(home, SHELVES) == 11 + 9 + 14


@pytest.mark.programs
def test_a_workbook_saved_by_libreoffice_is_taken_over(home: Path) -> None:
    decide(home, "--from", saved_by_libreoffice(filled(home)), "--yes")
    assert [line["kind"] for line in log(home)] == ["settle", "wording"]
    run(home)
    assert value(home, HOUSEHOLDS) == 1512 + 1320 + 1902


def test_on_a_terminal_it_asks(home: Path) -> None:
    path = filled(home)
    for answer, code, number in (("không\n", 1, 0), ("có\n", 0, 2)):
        master, slave = pty.openpty()
        person = subprocess.Popen(
            [HOPNHAT, "decide", "--from", path], env=environment(home), cwd=home,
            stdin=slave, stdout=subprocess.DEVNULL, stderr=slave,
        )  # fmt: skip
        os.close(slave)
        os.write(master, answer.encode())
        seen = b""
        while "Gõ 'có' rồi Enter".encode() not in seen:
            seen += os.read(master, 4096)
        assert person.wait(60) == code
        os.close(master)
        assert len(log(home)) == number


def test_a_workbook_at_fault_takes_nothing_over(home: Path) -> None:
    path = filled(home)
    fill(path, "Mâu thuẫn", "hiệp.docx", Quyết_định="chọn số này", Lý_do="cũng đúng")
    done = decide(home, "--from", path, "--yes", code=1)
    assert "chọn hai số khác nhau cho cùng một chỉ tiêu" in done.stderr
    fill(path, "Mâu thuẫn", "hiệp.docx", Quyết_định="sửa số", Giá_trị="nhiều", Lý_do="x")
    assert (
        "không phải là một con số rõ ràng" in decide(home, "--from", path, "--yes", code=1).stderr
    )
    fill(path, "Mâu thuẫn", "hiệp.docx", Số_trong_văn_bản=5)
    assert "ô bị khóa đã bị sửa" in decide(home, "--from", path, "--yes", code=1).stderr
    assert log(home) == []


def test_a_workbook_of_a_figure_that_is_no_longer_there_is_refused(home: Path) -> None:
    path = filled(home)
    send(home, "hiệp khác.docx", "Đức Hiệp", "1.700", 2, "11")
    run(home, code=3)
    done = decide(home, "--from", path, "--yes", code=1)
    assert "Mâu thuẫn, dòng 3: Không có số liệu nào mang mã" in done.stderr
    assert log(home) == []


# ---- rehearsal, and what was known on a day -------------------------------------------------


def tree(home: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(home)): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in sorted(home.rglob("*"))
    }


def test_a_dry_run_says_what_would_change_and_writes_nothing(home: Path) -> None:
    decide(home, "wording", TAUGHT, "so-tu-sach", "--why", "cách ghi của xã")
    send(home, "hiệp thứ ba.docx", "Đức Hiệp", "1.511", 5, "12")
    (home / "inbox" / "nhuận.docx").unlink()
    before = tree(home)
    done = run(home, "--dry-run", code=3)
    assert tree(home) == before
    said = done.stdout
    assert "+ hiệp thứ ba.docx" in said
    assert "- nhuận.docx" in said
    assert f"~ {SHELVES}: " in said
    assert "hiệp thứ ba.docx, bảng 2, hàng 3, cột 4: mâu thuẫn, chưa rõ số nào đúng" in said
    assert "Phải xử lý trước khi ban hành, mới: " in said


def test_a_dry_run_where_nothing_was_published(home: Path) -> None:
    for name in ("warehouse.duckdb", "warehouse.duckdb.lock", "received.jsonl"):
        (home / name).unlink()
    before = tree(home)
    said = run(home, "--dry-run", code=3).stdout
    assert tree(home) == before
    assert "mọi số liệu đều là mới" in said
    assert f"+ {HOUSEHOLDS} (Tổng số hộ gia đình): không có số liệu" in said


def test_what_was_known_on_a_day(home: Path) -> None:
    """Documents of 1 and 3 July, a decision of 2 July."""
    key = observation(home, "hiệp.docx", "Tổng số hộ")
    decide(home, "reject", key, "--why", "số năm ngoái")
    journal = home / "received.jsonl"
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    for line in lines:
        line["at"] = f"2025-07-0{3 if line['file_name'] == 'nhuận.docx' else 1}T08:00:00+07:00"
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (decision,) = log(home)
    moved = json.dumps(decision | {"at": "2025-07-02T09:00:00+07:00"})
    (home / "decisions.jsonl").write_text(f"{moved}\n", "utf-8")
    published = (home / "warehouse.duckdb").read_bytes()
    for day, code, parts in (("01/07/2025", 3, None), ("2025-07-02", 0, 2), ("03/07/2025", 0, 3)):
        run(home, "--as-known-on", day, code=code)
        iso = day if day.startswith("2025") else "-".join(reversed(day.split("/")))
        with duckdb.connect(home / f"as-known-on/{iso}/warehouse.duckdb", read_only=True) as then:
            sql = f"select value, parts_reported from marts.consolidated where key = '{HOUSEHOLDS}'"
            ((known, reported),) = then.execute(sql).fetchall()
        assert reported == (parts or reported)
        assert known == (1512 + 1320 + 1902 if parts == 3 else None)
        assert (home / f"as-known-on/{iso}/{WORKBOOK}").is_file()
    assert (home / "warehouse.duckdb").read_bytes() == published
    early = run(home, "--as-known-on", "2025-06-30", code=1)
    assert "Đến hết ngày 30/06/2025 chưa nhận văn bản nào" in early.stderr
    (home / "inbox" / "nhuận.docx").unlink()
    gone = run(home, "--as-known-on", "2025-07-03", code=3)
    assert "1 điểm phải xử lý" in gone.stderr


def test_a_torn_or_unreadable_log_is_said(home: Path) -> None:
    decide(home, "reject", observation(home, "hiệp.docx", "Tổng số hộ"), "--why", "số năm ngoái")
    path = home / "decisions.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:100])
    run(home)
    assert "decisions.jsonl (decision-torn)" in hopnhat(home, "findings").stdout
    assert value(home, HOUSEHOLDS) == 1512 + 1320 + 1902
    path.write_bytes(b'{"kind": "guess"}\n' + whole)
    run(home, code=3)
    assert "[PHẢI XỬ LÝ] decisions.jsonl (decision-unreadable)" in hopnhat(home, "findings").stdout


def everything(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the warehouse but the run's own."""
    tables = rows(
        home,
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema in ('raw', 'core', 'marts') and table_name <> 'run'",
    )
    return {name: rows(home, f"from {name} order by all") for (name,) in tables}


def test_documents_decisions_and_catalogue_give_the_same_again(home: Path) -> None:
    decide(home, "--from", filled(home), "--yes")
    decide(home, "accept", finding(home, "conflict"), "--why", "xem rồi")
    run(home)
    before = everything(home)
    assert len(before["core.decision"]) == 3
    shutil.rmtree(home / "cache")
    for name in ("warehouse.duckdb", "received.jsonl"):
        (home / name).unlink()
    run(home)
    assert everything(home) == before


DIVIDED = """\
units:
  - {slug: xa-moi, name: Mới Lập, type: xã, code: "99999", province: Quảng Ngãi,
     valid_from: 2025-07-01, source: thử, certainty: NV}
unit_events:
  - {id: nhap-long-phung-2025, kind: merger, effective_on: 2025-07-01,
     predecessors: [thang-loi, duc-nhuan], successors: [long-phung],
     legal_basis: thử, source: thử, certainty: NV}
  - {id: chia-duc-hiep, kind: split, effective_on: 2025-07-01,
     predecessors: [duc-hiep], successors: [long-phung, xa-moi],
     legal_basis: thử, source: thử, certainty: NV}
"""


def test_a_divided_commune_is_left_out_until_its_share_is_decided(home: Path) -> None:
    decide(home, "wording", TAUGHT, "so-tu-sach", "--why", "cách ghi của xã")
    (home / "catalog").mkdir()
    (home / "catalog" / "own.yaml").write_text(DIVIDED, "utf-8")
    run(home, "--unit", "long-phung", code=3)
    assert value(home, SHELVES) is None
    assert "chưa phân bổ: xã Đức Hiệp" in hopnhat(home, "findings").stdout

    basis = ("--basis", "dân số", "--why", "theo nghị quyết")
    finer = decide(home, "allocate", "duc-hiep", "long-phung", "33,33333%", *basis, code=2)
    assert "chỉ giữ được 4 chữ số sau dấu phẩy" in finer.stderr
    assert "ví dụ 33,3333%" in finer.stderr
    assert [line["kind"] for line in log(home)] == ["wording"]

    share = ("duc-hiep", "long-phung", "40%", "--basis", "dân số", "--why", "theo nghị quyết")
    decide(home, "allocate", *share)
    run(home, "--unit", "long-phung", code=3)
    # 11 x 40 % + 9 + 14
    assert value(home, SHELVES) == Decimal("27.4")
    assert "11 × 40 % + 9 + 14 = 27,4 tủ sách" in hopnhat(home, "trace", SHELVES).stdout
    assert "đang áp dụng" in hopnhat(home, "decide", "list").stdout

    decide(home, "allocate", "duc-hiep", "xa-moi", "70%", "--basis", "b", "--why", "x")
    run(home, "--unit", "long-phung", code=3)
    assert "cộng lại là 110 %" in hopnhat(home, "findings").stdout


@pytest.mark.parametrize(
    "command",
    [
        "",
        "wording",
        "settle",
        "correct",
        "reject",
        "accept",
        "allocate",
        "document",
        "withdraw",
        "list",
    ],
)
def test_every_help_opens_with_an_example(tmp_path: Path, command: str) -> None:
    done = hopnhat(tmp_path, "decide", *filter(None, [command]), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Ví dụ:\n  hopnhat decide")
    for english in ("Usage", "Options", "Show this", "default", "<str>"):
        assert english not in done.stdout
