"""Nothing lost: what people wrote, what vanishes, and what one bad file may take of the rest."""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import docx
import duckdb
import openpyxl
import pytest
from filelock import FileLock

from reports.report import TEMPLATES
from tests.flows.command import HOPNHAT, environment, hopnhat
from tests.support.commune_reports import write_report

REPORT = "bao-cao-long-phung-xa-hoi-hoc-tap.docx"
WORKBOOK = "doi-chieu-long-phung-xa-hoi-hoc-tap.xlsx"
TEMPLATE = "xa-hoi-hoc-tap.docx"
HOUSEHOLDS = "long-phung/so-ho/2025-06-30/count"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Run = subprocess.CompletedProcess[str]


def send(home: Path, name: str, commune: str, households: str, number: int) -> None:
    figures = [("Tổng số hộ", "hộ", households), ("Số tủ sách cộng đồng", "tủ sách", "9")]
    write_report(home / "inbox" / name, commune, figures, number=number)


def run(home: Path, *arguments: str, code: int = 0, **more: str) -> Run:
    done = hopnhat(home, "run", *arguments, **more)
    assert done.returncode == code, done.stderr
    assert "Lỗi bên trong" not in done.stderr
    return done


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def codes(home: Path) -> list[str]:
    return [str(code) for (code,) in rows(home, "select code from core.finding where blocking")]


def households(home: Path) -> object:
    ((found,),) = rows(home, f"select value from marts.consolidated where key = '{HOUSEHOLDS}'")
    return found


def published(home: Path) -> dict[str, bytes]:
    """Every file that readers see."""
    places = [home / "warehouse.duckdb", *sorted((home / "out").iterdir())]
    return {path.name: path.read_bytes() for path in places if path.is_file()}


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three communes' documents, consolidated with nothing open."""
    home = tmp_path_factory.mktemp("commune")
    (home / "inbox").mkdir()
    send(home, "hiệp.docx", "Đức Hiệp", "1.511", 1)
    send(home, "nhuận.docx", "Đức Nhuận", "1.320", 2)
    send(home, "lợi.docx", "Thắng Lợi", "1.902", 3)
    run(home)
    return home


@pytest.fixture
def home(commune: Path, tmp_path: Path) -> Path:
    """A copy of the data folder that may be changed."""
    shutil.copytree(commune, tmp_path / "home")
    return tmp_path / "home"


# ---- no document stops the others -----------------------------------------------------------


def write_sheet(path: Path, cells: list[tuple[int, str, str]]) -> None:
    """A workbook of one sheet with numbers at (row, column's letters), as small as can be."""
    lines = "".join(f'<row r="{r}"><c r="{c}{r}"><v>{v}</v></c></row>' for r, c, v in cells)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Override PartName="/b.xml" ContentType="{content}.sheet.main+xml"/>'
        f'<Override PartName="/s.xml" ContentType="{content}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{kind}/officeDocument" Target="b.xml"/></Relationships>',
        "_rels/b.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{kind}/worksheet" Target="s.xml"/></Relationships>',
        "b.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{kind}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>',
        "s.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package_file:
        for name, text in parts.items():
            package_file.writestr(name, text)


def within(home: Path, *arguments: str, most: tuple[int, int], **more: str) -> Run:
    """The command in a process of its own under a limit of the system's."""
    return subprocess.run(
        [HOPNHAT, *arguments],
        env=environment(home, **more),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=partial(resource.setrlimit, most[0], (most[1], most[1])),
    )


def test_a_cell_gone_astray_takes_no_memory_and_the_others_are_read(home: Path) -> None:
    sheet = home / "inbox" / "xa.xlsx"
    write_sheet(sheet, [(1, "A", "1"), (1_048_576, "XFD", "2")])
    assert sheet.stat().st_size < 2048
    done = within(home, "run", most=(resource.RLIMIT_AS, 4 * 2**30))
    assert done.returncode == 3, done.stderr
    assert households(home) == 1511 + 1320 + 1902
    found = rows(home, "select text from raw.cell where text in ('1', '2') and sheet = 'a'")
    assert sorted(found) == [("1",), ("2",)]
    assert not {"limit-exceeded", "reading-failed"} & set(codes(home))


def column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def test_what_a_document_says_is_read_under_its_limits_too(home: Path) -> None:
    places = [(1 + 900 * n, column(1 + 190 * n), str(n)) for n in range(80)]
    write_sheet(home / "inbox" / "thưa.xlsx", places)
    done = within(
        home,
        "run",
        most=(resource.RLIMIT_AS, 4 * 2**30),
        HOPNHAT_DOCUMENT_SECONDS="20",
        HOPNHAT_DOCUMENT_MEGABYTES="700",
    )
    assert done.returncode == 3, done.stderr
    assert codes(home) == ["limit-exceeded"]
    assert households(home) == 1511 + 1320 + 1902


def test_a_program_that_failed_once_is_tried_again_and_that_is_said(
    home: Path, tmp_path: Path
) -> None:
    """LibreOffice ends with 0 and no result the first time, as on a full disk."""
    write_report(tmp_path / "made.docx", "Đức Hiệp", [("Số dòng họ", "dòng họ", "7")], number=9)
    programs = tmp_path / "programs"
    programs.mkdir()
    soffice = programs / "soffice"
    soffice.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        f"once = pathlib.Path({str(tmp_path / 'once')!r})\n"
        "if not once.exists():\n    once.touch()\n    sys.exit(0)\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\nout.mkdir()\n"
        f"shutil.copy({str(tmp_path / 'made.docx')!r}, out / 'document.docx')\n"
    )
    soffice.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    (home / "inbox" / "cũ.rtf").write_bytes(b"{\\rtf1 Bao cao}")
    said = run(home, code=3, PATH=path).stderr
    assert "lần chạy sau tự đọc lại: cũ.rtf" in said
    again = run(home, PATH=path).stderr
    assert "(1 mới hoặc đã đổi, 0 không đọc được)" in again
    assert "tự đọc lại" not in again


def bomb(field: str, path: Path) -> None:
    document = docx.Document(str(TEMPLATES / TEMPLATE))
    document.add_paragraph(field)
    path.parent.mkdir(exist_ok=True)
    document.save(str(path))


BOMBS = {
    "width": "{{ '%0900000000d' % 1 }}",
    "center": "{{ 'a'.center(900000000) }}",
    "filter": "{{ 'a' | center(900000000) }}",
    "format": "{{ '{:900000000}'.format('a') }}",
    "doubling": "{{ " + "'aaaaaaaa'" + " | replace('a', 'aaaaaaaa')" * 10 + " }}",
    "loops": "".join(f"{{% for a{n} in trich_yeu %}}" for n in range(9)) + "a" + "{% endfor %}" * 9,
}


@pytest.mark.parametrize("field", BOMBS.values(), ids=list(BOMBS))
def test_a_template_cannot_grow_without_bound(home: Path, field: str) -> None:
    bomb(field, home / "templates" / TEMPLATE)
    before = published(home)
    limits = {"HOPNHAT_DOCUMENT_SECONDS": "8", "HOPNHAT_DOCUMENT_MEGABYTES": "500"}
    most = (resource.RLIMIT_AS, 4 * 2**30)
    done = within(home, "run", most=most, **limits)
    assert done.returncode == 1, done.stderr
    assert f"Mẫu {TEMPLATE}" in done.stderr
    assert "hopnhat template check" in done.stderr
    assert "Lỗi bên trong" not in done.stderr
    assert published(home) == before
    checked = within(
        home, "template", "check", str(home / "templates" / TEMPLATE), most=most, **limits
    )
    assert checked.returncode == 3, checked.stderr


def test_a_template_of_ones_own_is_still_filled_in(home: Path) -> None:
    bomb("Của {{ don_vi | upper }}: {{ noi_nhan | length % 2 }}", home / "templates" / TEMPLATE)
    run(home)
    texts = [one.text for one in docx.Document(str(home / "out" / REPORT)).paragraphs]
    assert any(text.startswith("Của XÃ LONG PHỤNG: ") for text in texts)


@pytest.mark.parametrize("place", ["A1048576", "XFD2"])
def test_a_far_cell_in_a_workbook_of_answers_is_bounded(home: Path, place: str) -> None:
    book = openpyxl.load_workbook(home / "out" / WORKBOOK)
    book["Phát hiện"][place] = "x"
    book.save(home / "xa.xlsx")
    done = within(
        home, "decide", "--from", "xa.xlsx", "--yes", most=(resource.RLIMIT_AS, 4 * 2**30)
    )
    assert "Lỗi bên trong" not in done.stderr
    if place == "XFD2":
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode == 1
        assert "có dữ liệu ở dòng 1048576" in done.stderr


# ---- what people have written ---------------------------------------------------------------


def edited(home: Path) -> bytes:
    """The report with a paragraph and another figure, as an officer leaves it."""
    path = home / "out" / REPORT
    document = docx.Document(str(path))
    changed = [
        cell
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        if cell.text == "27"
    ]
    assert changed
    changed[0].text = "28"
    document.add_paragraph("Lời của cán bộ.")
    document.save(str(path))
    return path.read_bytes()


def test_an_edited_report_is_kept_beside_and_what_differs_is_said(home: Path) -> None:
    before = edited(home)
    said = run(home).stderr
    (kept,) = (home / "out").glob("bao-cao-* (đã sửa ??-??-???? ??.??).docx")
    assert kept.read_bytes() == before
    assert str(kept) in said
    assert "bản đã sửa 28; báo cáo mới 27" in said
    assert (home / "out" / REPORT).read_bytes() != before
    assert "đã có người sửa" not in run(home).stderr
    edited(home)
    run(home)
    assert len(list((home / "out").glob("*(đã sửa*"))) == 2


def test_a_report_that_nobody_has_edited_is_written_over(home: Path) -> None:
    send(home, "lợi.docx", "Thắng Lợi", "1.903", 3)
    run(home)
    assert {path.name for path in (home / "out").iterdir()} == {REPORT, WORKBOOK}


def test_answers_that_are_not_taken_over_yet_are_kept(home: Path) -> None:
    send(home, "hiệp khác.docx", "Đức Hiệp", "1.512", 4)
    run(home, code=3)
    path = home / "out" / WORKBOOK

    def answer() -> None:
        book = openpyxl.load_workbook(path)
        sheet = book["Mâu thuẫn"]
        titles = {cell.value: cell.column for cell in sheet[1]}
        given = {"Quyết định": "chọn số này", "Lý do": "đã hỏi xã", "Người quyết định": "Lan"}
        for title, value in given.items():
            sheet.cell(2, titles[title], value)
        book.save(path)

    answer()
    written = path.read_bytes()
    said = run(home, code=3).stderr
    (kept,) = (home / "out").glob("doi-chieu-* (đã sửa *).xlsx")
    assert kept.read_bytes() == written
    assert f"hopnhat decide --from '{kept}'" in said
    kept.unlink()
    answer()
    assert hopnhat(home, "decide", "--from", path, "--yes").returncode == 0
    assert "đã có người sửa" not in run(home).stderr
    assert {path.name for path in (home / "out").iterdir()} == {REPORT, WORKBOOK}


# ---- what vanishes --------------------------------------------------------------------------


def gone(home: Path, *keys: str) -> Run:
    done = hopnhat(home, "decide", "gone", *keys, "--why", "cố ý", "--by", "Lan")
    assert done.returncode == 0, done.stderr
    return done


def test_a_document_that_vanishes_blocks_until_it_is_back_or_confirmed(home: Path) -> None:
    taken = (home / "inbox" / "lợi.docx").rename(home / "lợi.docx")
    for _ in range(2):  # the second run compares with a warehouse that lacks it already
        run(home, code=3)
        assert codes(home) == ["document-vanished"]
        (home / "cache" / "last-run.json").unlink(missing_ok=True)
    taken.rename(home / "inbox" / "lợi.docx")
    run(home)
    (home / "inbox" / "lợi.docx").unlink()
    run(home, code=3)
    assert "lợi.docx" in gone(home, "lợi.docx").stderr
    run(home)
    assert codes(home) == []
    listed = hopnhat(home, "decide", "list").stdout
    assert "Xác nhận đã bỏ đi: lợi.docx" in listed
    again = hopnhat(home, "decide", "gone", "--why", "nữa")
    assert (again.returncode, "Không có gì đã biến mất" in again.stderr) == (1, True)


def test_another_communes_file_under_the_same_name_is_no_newer_version(home: Path) -> None:
    send(home, "lợi.docx", "Đức Hiệp", "1.511", 9)
    run(home, code=3)
    assert codes(home) == ["document-vanished"]


def decide(home: Path) -> list[str]:
    """Three decisions of the log, by their ids."""
    keys = [
        str(key)
        for (key,) in rows(
            home, "select observation from core.observation where label = 'Tổng số hộ' order by 1"
        )
    ]
    written = []
    for key, value in zip(keys, ("1.000", "1.001", "1.002"), strict=True):
        done = hopnhat(home, "decide", "correct", key, value, "--why", "gọi lại", "--by", "Lan")
        assert done.returncode == 0, done.stderr
        written.append(done.stdout.strip())
    run(home)
    return written


def delete(log: Path) -> None:
    log.unlink()


def shorten(log: Path) -> None:
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))


def take_one_out(log: Path) -> None:
    first, _, last = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + last)


def edit_the_last(log: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b'"1002"', b'"9002"'))


def edit_the_first(log: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b'"1000"', b'"9000"'))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (delete, {"decision-vanished"}),
        (shorten, {"decision-vanished"}),
        (take_one_out, {"decision-vanished", "decision-chain-broken"}),
        (edit_the_last, {"decision-changed"}),
        (edit_the_first, {"decision-changed", "decision-chain-broken"}),
    ],
)
def test_a_log_that_is_not_what_it_was_blocks_until_confirmed(
    home: Path, change: Callable[[Path], None], expected: set[str]
) -> None:
    decide(home)
    log = home / "decisions.jsonl"
    whole = log.read_bytes()
    change(log)
    run(home, code=3)
    assert set(codes(home)) == expected
    run(home, code=3)
    log.write_bytes(whole)
    run(home)
    assert codes(home) == []
    change(log)
    run(home, code=3)
    gone(home)
    run(home)
    assert codes(home) == []


def test_a_log_from_before_the_chain_works_and_is_chained_from_then_on(home: Path) -> None:
    decide(home)
    log = home / "decisions.jsonl"
    old = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    log.write_text("".join(json.dumps(one | {"after": None}) + "\n" for one in old), "utf-8")
    (home / "warehouse.duckdb").unlink()
    run(home)
    key = old[0]["id"]
    assert hopnhat(home, "decide", "withdraw", key, "--why", "nhầm").returncode == 0
    run(home)
    edit_the_last(log)
    (home / "warehouse.duckdb").unlink()  # the chain alone tells
    run(home, code=3)
    assert codes(home) == ["decision-chain-broken"]


# ---- together or not at all -----------------------------------------------------------------


def test_a_report_that_cannot_be_replaced_leaves_everything_as_it_was(home: Path) -> None:
    (home / "out" / WORKBOOK).unlink()
    (home / "out" / WORKBOOK).mkdir()  # nothing can be put there, as where Excel has it open
    before = published(home)
    send(home, "lợi.docx", "Thắng Lợi", "1.903", 3)
    done = hopnhat(home, "run")
    assert done.returncode == 1
    assert f"Không ghi được {home / 'out' / WORKBOOK}" in done.stderr
    assert published(home) == before
    (home / "out" / WORKBOOK).rmdir()
    run(home)
    assert {path.name for path in (home / "out").iterdir()} == {REPORT, WORKBOOK}


def test_an_interrupted_publication_is_said_until_a_run_completes_it(home: Path) -> None:
    manifest = home / "warehouse.duckdb.manifest.json"
    content = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(content | {"coming": {f"out/{REPORT}": ["0" * 64]}}))
    said = hopnhat(home, "findings").stderr
    assert "bị ngắt khi đang công bố" in said
    assert REPORT in said
    run(home)
    assert hopnhat(home, "findings").stderr == ""


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640)])
def test_files_are_for_whom_the_umask_says(home: Path, umask: int, mode: int) -> None:
    for path in (*(home / "out").iterdir(), home / "warehouse.duckdb", home / "received.jsonl"):
        path.unlink()
    before = os.umask(umask)
    try:
        done = within(home, "run", most=(resource.RLIMIT_CORE, 0))
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    files = (*(home / "out").iterdir(), home / "warehouse.duckdb", home / "received.jsonl")
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {mode}


# ---- what is said ---------------------------------------------------------------------------


def test_a_full_disk_is_said_and_what_was_published_stays(home: Path) -> None:
    before = published(home)
    send(home, "lợi.docx", "Thắng Lợi", "1.903", 3)
    done = within(home, "run", most=(resource.RLIMIT_FSIZE, 600_000))
    assert done.returncode == 1
    assert "đĩa đã đầy" in done.stderr
    assert "Lỗi bên trong" not in done.stderr
    assert published(home) == before


@pytest.fixture
def foreign(home: Path) -> Iterator[Path]:
    """A data folder whose warehouse another program has open for writing."""
    script = (
        "import duckdb, sys, time\n"
        f"connection = duckdb.connect({str(home / 'warehouse.duckdb')!r})\n"
        "print('open', flush=True)\ntime.sleep(300)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    yield home
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_foreign_writer_is_named(foreign: Path) -> None:
    done = hopnhat(foreign, "findings")
    assert done.returncode == 1
    assert "đang được một chương trình khác" in done.stderr
    assert "tiến trình" in done.stderr


@pytest.mark.parametrize("content", [b"", b"no warehouse at all" * 1000])
def test_a_damaged_warehouse_is_said_and_made_anew(home: Path, content: bytes) -> None:
    (home / "warehouse.duckdb").write_bytes(content)
    done = hopnhat(home, "trace", HOUSEHOLDS)
    assert done.returncode == 1
    assert "bị hỏng" in done.stderr
    assert "hopnhat run" in done.stderr
    assert "không so được với lần công bố trước" in run(home).stderr
    assert households(home) == 1511 + 1320 + 1902


def test_a_warehouse_of_another_program_is_said(home: Path) -> None:
    (home / "warehouse.duckdb").unlink()
    with duckdb.connect(home / "warehouse.duckdb") as connection:
        connection.execute("create table t as select 1 as x")
    done = hopnhat(home, "findings")
    assert (done.returncode, "không phải do bản chương trình này lập" in done.stderr) == (1, True)


def test_who_waits_says_for_whom_and_gives_up(home: Path) -> None:
    (home / "cache" / "last-run.json").unlink()
    known = {"process": "4711", "user": "lan", "since": "2025-07-01T14:05:00+07:00"}
    with FileLock(home / "warehouse.duckdb.lock"):
        (home / "warehouse.duckdb.running.json").write_text(json.dumps(known))
        done = hopnhat(home, "run", "--wait", "1")
    assert done.returncode == 1
    assert "tiến trình 4711, người dùng lan, bắt đầu 14:05 01/07/2025" in done.stderr
    assert "đợi đến lượt" in done.stderr
    assert "thôi không đợi nữa" in done.stderr
    run(home, "--wait", "0")
    assert not (home / "warehouse.duckdb.running.json").exists()
