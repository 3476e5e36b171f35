"""The report as PDF, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120
"""Time that a conversion may take; a report of 200 indicators takes about three seconds."""
SIGNATURE = b"%PDF-"


class PdfError(Exception):
    """No PDF was made; the message says why."""


def available() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name)) is not None), None)


def write_pdf(document: Path, folder: Path) -> Path:
    """Writes the document as PDF of the same name in ``folder`` and returns its path.

    Each call has a profile of its own: with a shared one, calls side by side lose outputs. The exit
    code says nothing (0 even for a missing input), so the output is looked at. Raises PdfError.
    """
    program = available()
    if program is None:
        raise PdfError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="hopnhat-pdf-") as name:
        work = Path(name)
        command = [
            program,
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(work),
            str(document.resolve()),
        ]
        _run(command)
        made = work / f"{document.stem}.pdf"
        if not made.is_file() or made.read_bytes()[: len(SIGNATURE)] != SIGNATURE:
            raise PdfError(f"LibreOffice made no PDF of {document.name}")
        folder.mkdir(parents=True, exist_ok=True)
        destination = folder / made.name
        beside = folder / f".{made.name}.{os.getpid()}.part"
        shutil.copyfile(made, beside)
        beside.replace(destination)
        return destination


def _run(command: list[str]) -> None:
    """Runs a program to its end; when time is up, it and what it started are ended."""
    process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise PdfError(f"LibreOffice did not finish within {SECONDS} s") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
