"""The main job from end to end, through the command line, against figures worked out by hand."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import time
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import duckdb
import openpyxl
import pytest
from filelock import FileLock

from flows import tracing
from tests.flows.command import HOPNHAT, INBOX, environment, hopnhat

REPORT = "bao-cao-long-phung-xa-hoi-hoc-tap.docx"
WORKBOOK = "doi-chieu-long-phung-xa-hoi-hoc-tap.xlsx"
Run = subprocess.CompletedProcess[str]
Figures = dict[tuple[str, str, date], dict[str, Any]]


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(sql).fetchall()


MARTS = (
    "consolidated", "lineage", "completeness", "conflict", "narrative", "directive"
)  # fmt: skip


def marts(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows(warehouse, f"from marts.{name} order by all") for name in MARTS}


def consolidated(warehouse: Path) -> Figures:
    with duckdb.connect(warehouse, read_only=True) as connection:
        cursor = connection.execute("from marts.consolidated where unit = 'long-phung'")
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {(each["indicator"], each["measure"], each["as_of"]): each for each in found}


def forget_the_last_run(home: Path) -> None:
    """So that the next one does its work though nothing has changed."""
    (home / "cache" / "last-run.json").unlink()


def by_hand(expected: dict[str, Any]) -> Figures:
    """The hand-computed figures in the shape of marts.consolidated."""
    figures: Figures = {}
    for indicator, measures in expected["consolidated"].items():
        for measure, figure in measures.items():
            if measure != "kind":
                day = expected["target_as_of" if measure == "target" else "as_of"]
                figures[indicator, measure, date.fromisoformat(day)] = figure
    for figure in expected["other_dates"]:
        day = date.fromisoformat(figure["as_of"])
        figures[figure["indicator"], figure["measure"], day] = figure
    return figures


def decimal(text: str | None) -> Decimal | None:
    return None if text in {None, "null"} else Decimal(str(text))


def in_vietnamese(text: str) -> Decimal | str:
    """'1.204,50' as a number; other text as it is."""
    plain = text.replace(".", "").replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain) else text


def annex(report: Path) -> list[list[str]]:
    """The rows of the table of indicators, each cell once."""
    for table in docx.Document(str(report)).tables:
        cells = [[cell.text.strip() for cell in row.cells] for row in table.rows]
        if cells[0][-1].startswith("Ghi chú"):
            return cells
    raise AssertionError("no table of indicators")


def test_it_ends_with_the_reports_path(sample_run: Run, home: Path) -> None:
    assert sample_run.returncode == 0, sample_run.stderr
    assert sample_run.stdout == f"{home}/out/{REPORT}\n"
    assert (home / "out" / REPORT).is_file()
    assert (home / "out" / WORKBOOK).is_file()
    assert "chạy trực tiếp trên máy này" in sample_run.stderr
    assert "Đã đọc 3 văn bản (3 mới hoặc đã đổi, 0 không đọc được)" in sample_run.stderr
    assert "Việc tiếp theo" in sample_run.stderr


def test_every_consolidated_figure_is_the_hand_computed_one(
    home: Path, expected: dict[str, Any]
) -> None:
    found, hand = consolidated(home / "warehouse.duckdb"), by_hand(expected)
    assert set(found) == set(hand)
    for key, figure in hand.items():
        row = found[key]
        assert row["value"] == decimal(figure["value"]), key
        if row["value"] is None:
            assert row["status"] == figure["status"], key
            bounds = (decimal(figure.get("lower")), decimal(figure.get("upper")))
            assert (row["lower"], row["upper"]) == bounds, key
        if "equation" in figure:
            assert row["equation"] == figure["equation"], key


def test_the_equation_is_the_one_that_a_person_would_write(home: Path) -> None:
    figures = consolidated(home / "warehouse.duckdb")
    rate = figures["gia-dinh-hoc-tap", "result", date(2025, 6, 30)]
    assert rate["equation"] == "(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %"


def test_annex_starts_with_the_references_rows_and_shows_the_figures(
    home: Path, expected: dict[str, Any]
) -> None:
    table = annex(home / "out" / REPORT)
    first = next(index for index, row in enumerate(table) if row[0] == "I")
    for shown, row in zip(table[first:], expected["first_rows"], strict=False):
        if row[0] == "I":
            assert shown[:2] == row[:2]
        else:
            assert shown[:4] == row
    shown = {in_vietnamese(row[3]) for row in table}
    for indicator, measures in expected["consolidated"].items():
        result = measures.get("result") or measures.get("count") or {}
        if "shown" in result:
            assert in_vietnamese(result["shown"]) in shown, indicator


def test_what_is_missing_is_said(home: Path) -> None:
    words = " ".join(cell for row in annex(home / "out" / REPORT) for cell in row)
    assert "không có số liệu" in words


def test_every_figure_traces_to_the_text_on_the_page(home: Path) -> None:
    """Equation and each operand's file, place and own words, for every consolidated figure."""
    warehouse = home / "warehouse.duckdb"
    operands = rows(warehouse, "select key, file_name, text, observation from marts.lineage")
    equations = rows(warehouse, "select key, equation, value is null from marts.consolidated")
    assert len(equations) > 50
    for key, equation, missing in equations:
        said = tracing.trace(warehouse, key)
        assert missing or f"phép tính: {equation}" in said
        for of, file_name, text, observation in operands:
            if of == key:
                assert f"{file_name}, " in said
                assert " / ".join(text.split("\n")) in said
                assert observation in said


def test_trace_prints_places_as_a_person_counts(home: Path) -> None:
    done = hopnhat(home, "trace", "long-phung/gia-dinh-hoc-tap/2025-06-30/result")
    assert done.returncode == 0, done.stderr
    assert "(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %" in done.stdout
    for words in ("Đức Hiệp", "Đức Nhuận", "Thắng Lợi", "1.530/1.902", "3/3 xã cũ"):
        assert words in done.stdout
    assert re.search(r"\.docx, bảng \d+, hàng \d+, cột \d+", done.stdout)
    assert re.search(r"\.pdf, trang \d+, bảng \d+, hàng \d+, cột \d+", done.stdout)
    (observation,) = re.findall(r"tử số: 987 hộ.*?\[([0-9a-f]{16})\]", done.stdout, re.DOTALL)
    of_one = hopnhat(home, "trace", observation)
    assert of_one.returncode == 0
    assert "xã Đức Nhuận" in of_one.stdout
    assert "dùng trong: long-phung/gia-dinh-hoc-tap/2025-06-30/numerator" in of_one.stdout


def test_trace_of_an_unknown_key_names_the_nearest(home: Path) -> None:
    done = hopnhat(home, "trace", "long-phung/gia-dinh/2025-06-30/result")
    assert (done.returncode, done.stdout) == (1, "")
    assert "long-phung/gia-dinh-hoc-tap/2025-06-30/result" in done.stderr


def test_findings_say_what_and_where(home: Path) -> None:
    words = hopnhat(home, "findings")
    lines = hopnhat(home, "findings", "--format", "json")
    assert words.returncode == lines.returncode == 0
    assert "(missing-denominator)" in words.stdout
    assert '"code": "missing-denominator"' in lines.stdout
    assert len(lines.stdout.splitlines()) == len(words.stdout.strip().split("\n\n"))
    assert "[thông tin]" not in words.stdout
    everything = hopnhat(home, "findings", "--notes").stdout
    assert "[thông tin]" in everything
    assert all(one in everything for one in words.stdout.strip().split("\n\n"))


def test_the_workbook_holds_figures_as_numbers(home: Path) -> None:
    workbook = openpyxl.load_workbook(home / "out" / WORKBOOK, data_only=True)
    values = {
        cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert 3721 in values
    assert "(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %" in values


def test_again_gives_the_same_and_extracts_nothing_anew(home: Path) -> None:
    before = marts(home / "warehouse.duckdb")
    files = {name: (home / "out" / name).read_bytes() for name in (REPORT, WORKBOOK)}
    forget_the_last_run(home)
    again = hopnhat(home, "run", INBOX)
    assert again.returncode == 0
    assert "(0 mới hoặc đã đổi, 0 không đọc được)" in again.stderr
    assert marts(home / "warehouse.duckdb") == before
    assert {name: (home / "out" / name).read_bytes() for name in files} == files


def test_order_and_names_of_the_files_do_not_matter(tmp_path: Path, home: Path) -> None:
    inbox = tmp_path / "inbox"
    for number, file in enumerate(sorted(INBOX.iterdir(), reverse=True)):
        folder = inbox / f"xã {number}"
        folder.mkdir(parents=True)
        shutil.copy(file, folder / f"{number}{file.suffix}")
    assert hopnhat(tmp_path, "run").returncode == 0
    columns = "key, value, lower, upper, equation, status"
    sql = f"select {columns} from marts.consolidated order by key"
    assert rows(tmp_path / "warehouse.duckdb", sql) == rows(home / "warehouse.duckdb", sql)


def test_bad_files_are_findings_and_change_no_figure(tmp_path: Path, home: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(INBOX, inbox)
    whole = next(INBOX.glob("*.docx")).read_bytes()
    (inbox / "cụt.docx").write_bytes(whole[: len(whole) // 2])
    (inbox / "chữ.pdf").write_text("Đây không phải là PDF: 1.204/1.511 hộ, đạt 79,68 %.", "utf-8")
    (inbox / "rỗng.docx").write_bytes(b"")
    (inbox / "liên kết.docx").symlink_to(next(INBOX.glob("*.docx")))
    os.mkfifo(inbox / "ống.pdf")
    done = hopnhat(tmp_path, "run")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "BẢN NHÁP" in done.stderr
    assert done.stdout.strip().endswith(REPORT)
    found = dict(
        rows(
            tmp_path / "warehouse.duckdb",
            "select file_name, list(code) from core.finding where blocking group by file_name",
        )
    )
    assert {name: found[name] for name in ("cụt.docx", "chữ.pdf", "rỗng.docx")} == {
        "cụt.docx": ["truncated-file"],
        "chữ.pdf": ["unsupported-format"],
        "rỗng.docx": ["empty-file"],
    }
    assert found["liên kết.docx"] == ["link-refused"]
    assert found["ống.pdf"] == ["not-a-regular-file"]
    sql = "select key, value, lower, upper, equation, status from marts.consolidated order by key"
    assert rows(tmp_path / "warehouse.duckdb", sql) == rows(home / "warehouse.duckdb", sql)
    said = hopnhat(tmp_path, "findings").stdout
    for name in ("cụt.docx", "chữ.pdf", "rỗng.docx", "liên kết.docx", "ống.pdf"):
        assert f"[PHẢI XỬ LÝ] {name}" in said


def test_the_same_document_twice_counts_once(tmp_path: Path, home: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    for file in INBOX.iterdir():
        shutil.copy(file, tmp_path / "inbox" / f"bản sao {file.name}")
    assert hopnhat(tmp_path, "run").returncode == 0
    sql = "select key, value, lower, upper, equation, status from marts.consolidated order by key"
    assert rows(tmp_path / "warehouse.duckdb", sql) == rows(home / "warehouse.duckdb", sql)


def test_warehouse_and_reports_go_where_they_are_told(tmp_path: Path) -> None:
    done = hopnhat(
        *(tmp_path, "run", INBOX, "--warehouse", tmp_path / "w" / "kho.duckdb"),
        *("--out", "báo cáo", "--report", "xa-hoi-hoc-tap", "--unit", "long-phung"),
        *("--as-of", "30/06/2025"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path}/báo cáo/{REPORT}\n"
    assert (tmp_path / "w" / "kho.duckdb").is_file()
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_readers_always_see_a_whole_warehouse(home: Path) -> None:
    """While a run writes, another process opens the published warehouse at any moment."""
    warehouse = home / "warehouse.duckdb"
    size = len(consolidated(warehouse))
    forget_the_last_run(home)
    writer = subprocess.Popen(
        [HOPNHAT, "run", INBOX],
        env=environment(home),
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    opened = 0
    while writer.poll() is None:
        assert len(consolidated(warehouse)) == size
        opened += 1
    assert writer.returncode == 0
    assert opened > 10


def test_the_second_of_two_runs_waits_and_loses_nothing(home: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    forget_the_last_run(home)
    with said.open("w") as stderr, FileLock(f"{home / 'warehouse.duckdb'}.lock"):
        second = subprocess.Popen(
            [HOPNHAT, "run", INBOX],
            env=environment(home),
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        deadline = time.monotonic() + 30
        while "đợi đến lượt" not in said.read_text("utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert second.poll() is None
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert out.strip().endswith(REPORT)


def test_nothing_is_left_beside_the_warehouse(home: Path) -> None:
    names = {path.name for path in home.iterdir()} - {"prefect"}
    files = {"warehouse.duckdb", "received.jsonl", "warehouse.duckdb.manifest.json"}
    assert names == {"cache", "out"} | files | {f"{name}.lock" for name in files}
    assert {path.name for path in (home / "out").iterdir()} == {REPORT, WORKBOOK}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "nơi-không-có"], 2, "Không mở được thư mục nhận văn bản"),
        (["run", "--unit", "ha-noi"], 2, "--unit ha-noi: danh mục không có. Chọn một trong:"),
        (["run", "--report", "x"], 2, "Chọn một trong: ho-ngheo, xa-hoi-hoc-tap"),
        (["run", "--as-of", "31/02/2025"], 2, "'31/02/2025' không phải là ngày"),
        (["run", "--nope"], 2, "Không có tùy chọn --nope"),
        (["extract"], 2, "Thiếu 'FILE...'"),
        (["extract", "x", "--format", "xml"], 2, "Giá trị không dùng được cho '--format'"),
        (["frobnicate"], 2, "Không hiểu lệnh này"),
        (["trace", "x"], 1, "Chưa có kho dữ liệu"),
        (["findings"], 1, "Chạy trước: hopnhat run"),
    ],
)
def test_wrong_usage_is_said_in_vietnamese(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    done = hopnhat(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_inbox_leaves_what_was_published(tmp_path: Path, home: Path) -> None:
    shutil.copy(home / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    before = (tmp_path / "warehouse.duckdb").read_bytes()
    (tmp_path / "inbox").mkdir()
    done = hopnhat(tmp_path, "run")
    assert done.returncode == 1
    assert "trống, không có gì để tổng hợp" in done.stderr
    assert (tmp_path / "warehouse.duckdb").read_bytes() == before


def test_an_inbox_of_one_broken_file_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "rỗng.docx").write_bytes(b"")
    done = hopnhat(tmp_path, "run")
    assert done.returncode == 1
    assert "hãy cho biết --unit" in done.stderr
    assert "rỗng.docx: Tệp rỗng" in done.stderr


def test_a_catalogue_at_fault_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "own.yaml").write_text("indicators:\n  - id: x\n    nmae: y\n", "utf-8")
    done = hopnhat(tmp_path, "run", INBOX)
    assert done.returncode == 1
    assert "own.yaml:2" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "extract", "trace", "findings", "serve", "doctor"])
def test_every_help_opens_with_an_example(tmp_path: Path, command: str) -> None:
    done = hopnhat(tmp_path, command, "--help")
    assert done.returncode == 0
    example = done.stdout.splitlines()[1]
    assert done.stdout.startswith("Ví dụ:\n")
    assert example.startswith(f"  hopnhat {command}")
    assert not re.search(r"\b(Usage|Options|Show this|default)\b", done.stdout)


def on_a_terminal(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Exit code and all that a person would see, stderr on a terminal of its own."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [HOPNHAT, *arguments],
        env=environment(home, TERM="xterm", COLUMNS="120", **more),
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # what Linux says at the end of a terminal
            break
        if not part:
            break
        seen += part
    os.close(master)
    return process.wait(60), seen.decode("utf-8", "replace")


def test_progress_shows_on_a_terminal_only(home: Path, sample_run: Run) -> None:
    assert "\x1b" not in sample_run.stderr
    forget_the_last_run(home)
    code, seen = on_a_terminal(home, "run", str(INBOX))
    assert code == 0
    assert "3/3" in seen
    assert "\x1b[" in seen


def test_no_color_is_honoured(home: Path) -> None:
    forget_the_last_run(home)
    _, seen = on_a_terminal(home, "run", str(INBOX), NO_COLOR="1")
    assert not re.search("\x1b\\[[0-9;]*(3[0-9]|4[0-9])[0-9;]*m", seen)


def test_doctor_says_what_there_is(tmp_path: Path) -> None:
    done = hopnhat(tmp_path, "doctor")
    assert done.returncode == 0, done.stdout
    assert "có     Danh mục chỉ tiêu" in done.stdout
    lacking = hopnhat(tmp_path, "doctor", PATH="/nowhere")
    assert lacking.returncode == 0
    assert lacking.stdout.count("thiếu") == 3
    assert "sudo apt-get install tesseract-ocr tesseract-ocr-vie" in lacking.stdout


def test_doctor_fails_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    done = hopnhat(tmp_path, "doctor", HOPNHAT_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert "THIẾU" in done.stdout


def test_counts_of_the_summary_are_those_of_the_warehouse(sample_run: Run, home: Path) -> None:
    warehouse = home / "warehouse.duckdb"
    ((observations, doubts, notes),) = rows(
        warehouse,
        "select (select count(*) from core.observation), count(*) filter (severity <> 'info'), "
        "count(*) filter (severity = 'info') from core.finding",
    )
    assert f"{observations} số liệu, {doubts} điểm cần xem" in sample_run.stderr
    assert f"{notes} ghi chú" in sample_run.stderr
    ids = Counter(rows(warehouse, "select observation from core.observation"))
    assert max(ids.values()) == 1


@pytest.mark.parametrize("value", ["0", "-1", "nhiều", "inf", "nan"])
def test_a_limit_that_is_none_is_named(tmp_path: Path, value: str) -> None:
    done = hopnhat(tmp_path, "run", INBOX, HOPNHAT_DOCUMENT_SECONDS=value)
    assert done.returncode == 1
    assert f"HOPNHAT_DOCUMENT_SECONDS={value}" in done.stderr


def test_documents_over_the_limit_are_findings_and_the_run_completes(tmp_path: Path) -> None:
    shutil.copytree(INBOX, tmp_path / "inbox")
    done = hopnhat(tmp_path, "run", "--unit", "long-phung", HOPNHAT_DOCUMENT_SECONDS="0.001")
    assert done.returncode == 1
    assert "hãy cho biết --as-of" in done.stderr
    whole = hopnhat(tmp_path, "run")
    assert whole.returncode == 0
    assert "(3 mới hoặc đã đổi, 0 không đọc được)" in whole.stderr


def test_the_text_has_the_consolidated_figures_and_no_communes_as_the_new_ones(home: Path) -> None:
    document = docx.Document(str(home / "out" / REPORT))
    texts = [paragraph.text for paragraph in document.paragraphs]
    body = "\n".join(text for text in texts if not text.startswith("Tại "))
    # 1.204 + 987 + 1.530 of 1.511 + 1.320 + 1.902; 13 + 12 + 22
    assert "Gia đình học tập toàn xã đạt 78,62 % (3.721/4.733 hộ)." in body
    assert "Số chi hội khuyến học toàn xã là 47 chi hội." in body
    sentences = rows(
        home / "warehouse.duckdb",
        "select distinct trim(text, ' -;.') from core.observation where kind = 'text'",
    )
    assert len(sentences) > 30
    assert [text for (text,) in sentences if text in body] == []
    # A figure that two communes say only as a percentage is no figure of the new commune.
    assert any("trình độ đại học trở lên đạt 12,5%" in text for text in texts)
    assert "12,5" not in body
