from __future__ import annotations

import http.server
import io
import shutil
import subprocess
import threading
import time
from email.message import EmailMessage

import olefile
import pytest

from extractors import legacy
from extractors.document import Paragraph, Table, UnreadableError
from extractors.formats import extract, sniff
from tests.extractors.making import zipped

ROWS = [
    ["TT", "Chỉ tiêu", "Số lượng", "Tỷ lệ (%)"],
    ["1", "Gia đình học tập", "4.514/16.091", "28,05"],
    ["2", "Cộng đồng học tập (thôn, tổ dân phố)", "12/15", "80,0"],
]
SENTENCE = "Ủy ban nhân dân xã Đức Hiệp báo cáo kết quả đến ngày 30/6/2025."


def page(more: str = "") -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in ROWS)
    body = f"<p>{SENTENCE}</p><table border=1>{rows}</table><p>Nơi nhận</p>{more}"
    return f"<html><head></head><body>{body}</body></html>".encode()


def escaped(text: str) -> str:
    return "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in text)


def rtf() -> bytes:
    edges = "".join(f"\\cellx{2000 * (place + 1)}" for place in range(4))
    rows = "".join(
        f"\\trowd{edges}" + "".join(f"\\intbl {escaped(text)}\\cell" for text in row) + "\\row\n"
        for row in ROWS
    )
    return f"{{\\rtf1\\ansi\\pard {escaped(SENTENCE)}\\par {rows}\\pard N\\par}}".encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The page as .doc and .odt, made by LibreOffice."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "page.html").write_bytes(b"\xef\xbb\xbf" + page())
    for ending, name in (("doc", "doc:MS Word 97"), ("odt", "odt:writer8")):
        profile = f"-env:UserInstallation={(folder / ending).as_uri()}"
        target = ["--convert-to", name, "--outdir", str(folder), str(folder / "page.html")]
        command = ["soffice", profile, "--headless", "--infilter=HTML (StarWriter)", *target]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    return folder


def texts_of(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def check(blocks) -> None:
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert texts_of(table) == ROWS
    assert SENTENCE in [block.text for block in blocks if isinstance(block, Paragraph)]


@pytest.mark.programs
@pytest.mark.parametrize("ending", ["doc", "odt"])
def test_binary_formats_read_as_their_source(made, ending):
    extraction = extract(made / f"page.{ending}")
    check(extraction.blocks)
    expected = {"doc": "application/msword", "odt": "application/vnd.oasis.opendocument.text"}
    assert extraction.media_type == expected[ending]
    assert extraction.findings == ()


@pytest.mark.programs
def test_rtf():
    assert sniff(rtf()) == "application/rtf"
    check(legacy.read_rtf(rtf()).blocks)


@pytest.mark.programs
def test_a_page_saved_as_doc_is_read_and_said(tmp_path):
    path = tmp_path / "bao cao.doc"
    path.write_bytes(page())
    extraction = extract(path)
    check(extraction.blocks)
    assert [finding.code for finding in extraction.findings] == ["wrong-ending"]
    assert extraction.media_type == "text/html"


@pytest.mark.programs
def test_web_archive():
    message = EmailMessage()
    message.set_content(page().decode(), subtype="html", cte="quoted-printable")
    message.make_mixed()
    message.replace_header("Content-Type", 'multipart/related; boundary="edge"')
    check(legacy.read_web_archive(message.as_bytes()).blocks)


@pytest.mark.programs
def test_nothing_is_fetched():
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_OPTIONS = do_HEAD = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        more = f'<img src="{address}/a.png"><iframe src="{address}/b.html"></iframe>'
        content = legacy.read_html(
            page(more).replace(
                b"<head>", f'<head><link rel=stylesheet href="{address}/c.css">'.encode()
            )
        )
        server.shutdown()
    check(content.blocks)
    assert asked == []


def test_without_libreoffice_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.rtf").write_bytes(rtf())
    (finding,) = extract(tmp_path / "a.rtf").findings
    assert finding.code == "program-missing"
    assert "LibreOffice" in finding.facts["program"]


def test_an_office_that_hangs_is_ended(tmp_path, monkeypatch):
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(legacy, "_MOST_SECONDS", 0.1)
    start = time.monotonic()
    with pytest.raises(UnreadableError) as fault:
        legacy.read_rtf(rtf())
    assert fault.value.finding.code == "limit-exceeded"
    assert time.monotonic() - start < 5


def test_an_office_that_says_done_and_wrote_nothing(tmp_path, monkeypatch):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError) as fault:
        legacy.read_rtf(rtf())
    assert fault.value.finding.code == "unreadable-file"


@pytest.mark.programs
def test_an_rtf_cut_short_is_said():
    whole = rtf()
    for part in (whole[: len(whole) // 2], whole[:-1]):
        with pytest.raises(UnreadableError) as fault:
            legacy.read_rtf(part)
        assert fault.value.finding.code == "truncated-file"


@pytest.mark.programs
def test_a_doc_cut_short_is_no_silent_success(made, tmp_path):
    whole = (made / "page.doc").read_bytes()
    (tmp_path / "cut.doc").write_bytes(whole[: len(whole) // 2])
    assert "truncated-file" in [f.code for f in extract(tmp_path / "cut.doc").findings]


@pytest.mark.programs
def test_an_encrypted_doc_is_said(made):
    data = bytearray((made / "page.doc").read_bytes())
    with olefile.OleFileIO(io.BytesIO(bytes(data))) as ole:
        start = ole.openstream("WordDocument").read(32)
    data[data.index(start) + 11] |= 1
    with pytest.raises(UnreadableError) as fault:
        legacy.read_doc(bytes(data))
    assert fault.value.finding.code == "encrypted-file"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"content.xml": "<a/>", "META-INF/manifest.xml": "<encryption-data/>"}, "encrypted-file"),
        ({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "doctype-refused"),
        ({"content.xml": "<a>" + " " * 20_000_000 + "</a>"}, "archive-limit"),
        ({"styles.xml": "<a/>"}, "part-missing"),
    ],
)
def test_hostile_odt_never_reaches_the_office(parts, code, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError) as fault:
        legacy.read_odt(zipped(parts))
    assert fault.value.finding.code == code
