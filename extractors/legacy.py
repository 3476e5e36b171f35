"""Older word-processing formats (.doc, .rtf, .odt, .html), which LibreOffice turns into .docx.

Each call has a profile of its own, which runs no macro and follows no link; it and all files are
gone afterwards. LibreOffice 'converts' anything and ends with 0 whatever happens, so the bytes are
looked at before and the result after. The .docx is then read as any other.
"""

from __future__ import annotations

import email
import email.policy
import io
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from extractors import docx
from extractors.archive import Archive
from extractors.document import OF_THE_MOMENT, Content, Finding, Paragraph, UnreadableError
from extractors.html_page import as_shown

PROGRAM: Final = "soffice"
_MOST_SECONDS: Final = 50
"""Less than what a document is given as a whole, so that the reason is said."""
_PATIENCE: Final = 5
_ENCRYPTED: Final = 0x0100
"""Bit of the flags at offset 10 of a Word 97 document: fEncrypted ([MS-DOC] 2.5.2)."""
_EXPORT: Final = "docx:MS Word 2007 XML"
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
</item>
</oor:items>
"""
"""Macros off, links not followed; and the way out of the machine leads nowhere."""


def read_doc(data: bytes) -> Content:
    """Paragraphs and tables of a Word 97-2003 document.

    Raises UnreadableError as all functions here do: 'program-missing' without LibreOffice,
    'encrypted-file', 'truncated-file', 'limit-exceeded' (time), 'unreadable-file' where LibreOffice
    makes nothing of it.
    """
    import olefile  # noqa: PLC0415 few files are OLE2

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            start = ole.openstream("WordDocument").read(12)
            has_macros = ole.exists("Macros") or ole.exists("_VBA_PROJECT_CUR")
    except (OSError, ValueError, IndexError, TypeError) as fault:
        raise UnreadableError("truncated-file", detail=str(fault)) from fault
    if len(start) < 12 or start[:2] not in {b"\xec\xa5", b"\xdc\xa5"}:
        raise UnreadableError("unreadable-file", detail="no Word document inside")
    if int.from_bytes(start[10:12], "little") & _ENCRYPTED:
        raise UnreadableError("encrypted-file")
    found = [Finding("macro-present")] if has_macros else []
    return _converted(data, ".doc", "MS Word 97", found)


def read_rtf(data: bytes) -> Content:
    """Paragraphs and tables of an RTF document."""
    is_whole = data.rstrip(b"\0\r\n\t \x1a").endswith(b"}")
    cut = UnreadableError("truncated-file", detail="} is missing")
    try:
        return _converted(data, ".rtf", "Rich Text Format", [] if is_whole else [cut.finding])
    except UnreadableError as fault:
        if is_whole or fault.finding.code != "unreadable-file":
            raise
        raise UnreadableError(
            cut.finding.code, **{**fault.finding.facts, **cut.finding.facts}
        ) from fault


def read_odt(data: bytes) -> Content:
    """Paragraphs and tables of an OpenDocument text."""
    archive = Archive(data)
    if "content.xml" not in archive:
        raise UnreadableError("part-missing", part="content.xml")
    manifest = "META-INF/manifest.xml"
    if manifest in archive and b"encryption-data" in archive.read(manifest):
        raise UnreadableError("encrypted-file")
    # LibreOffice knows no limits: what is hostile must be met here, part by part.
    for name in archive.names():
        if name.endswith(".xml"):
            archive.xml(name)
        elif not name.endswith("/"):
            archive.read(name)
    has_macros = any(name.startswith(("Basic/", "Scripts/")) for name in archive.names())
    found = [Finding("macro-present")] if has_macros else []
    return _converted(data, ".odt", "writer8", found)


def read_html(data: bytes) -> Content:
    """Paragraphs and tables of a web page, as Word saves one under the ending .doc."""
    page = as_shown(data)
    content = _converted(page.data, ".html", "HTML (StarWriter)", list(page.findings))
    return replace(content, shown=(page.shown,))


def read_web_archive(data: bytes) -> Content:
    """Paragraphs and tables of the page in a web archive (.mht), also one saved as .doc."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                return read_html(page)
    raise UnreadableError("unreadable-file", detail="no text/html in the archive")


def _converted(data: bytes, ending: str, source_filter: str, found: list[Finding]) -> Content:
    content = docx.read(_to_docx(data, ending, source_filter))
    if not any(_has_text(block) for block in content.blocks):
        raise UnreadableError("unreadable-file", detail="nothing in it")
    return replace(content, findings=(*found, *content.findings))


def _has_text(block: object) -> bool:
    return not isinstance(block, Paragraph) or bool(block.text.strip())


def _to_docx(data: bytes, ending: str, source_filter: str) -> bytes:
    program = shutil.which(PROGRAM)
    if program is None:
        raise UnreadableError("program-missing", program="LibreOffice (soffice)")
    with tempfile.TemporaryDirectory(prefix="hopnhat-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "profile" / "user").mkdir(parents=True)
        settings = home / "profile" / "user" / "registrymodifications.xcu"
        settings.write_text(_SETTINGS, encoding="utf-8")
        source = home / f"document{ending}"
        source.write_bytes(data)
        _run(
            program,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            f"--infilter={source_filter}",
            "--convert-to",
            _EXPORT,
            "--outdir",
            str(home / "result"),
            str(source),
        )
        result = home / "result" / "document.docx"
        if not result.is_file():
            # It says the same of a document that it cannot read and of a profile that it could
            # not write: the bytes alone prove nothing.
            detail = "LibreOffice makes nothing of it"
            raise UnreadableError("unreadable-file", detail=detail, **{OF_THE_MOMENT: "program"})
        return result.read_bytes()


def _run(*command: str) -> None:
    # In our own process group: whoever ends that ends LibreOffice with it.
    process = subprocess.Popen(  # noqa: S603 a program of the machine's, arguments of our own
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(_MOST_SECONDS)
    except subprocess.TimeoutExpired as fault:
        facts = {"limit": "seconds", "most": str(_MOST_SECONDS), OF_THE_MOMENT: "time"}
        raise UnreadableError("limit-exceeded", **facts) from fault
    finally:
        if process.poll() is None:
            process.terminate()  # the launcher hands it on to the office
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
