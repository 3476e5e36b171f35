from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from reports import pdf
from reports.pdf import PdfError, write_pdf


@pytest.mark.programs
def test_two_conversions_at_once_lose_nothing(draft, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda n: write_pdf(draft, tmp_path / str(n)), range(2)))
    assert all(path.read_bytes().startswith(b"%PDF-") for path in made)
    assert [path.parent.name for path in made] == ["0", "1"]
    assert all([entry.name for entry in path.parent.iterdir()] == [path.name] for path in made)


@pytest.mark.programs
def test_what_cannot_be_converted_is_an_error(tmp_path):
    with pytest.raises(PdfError, match="no PDF"):
        write_pdf(tmp_path / "missing.docx", tmp_path)


def test_a_program_that_hangs_is_ended(draft, tmp_path, monkeypatch):
    hanging = tmp_path / "soffice"
    hanging.write_text("#!/bin/sh\nsleep 60 & wait\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(pdf, "SECONDS", 0.3)
    with pytest.raises(PdfError, match="did not finish"):
        write_pdf(draft, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_libreoffice_the_error_says_so(draft, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PdfError, match="not installed"):
        write_pdf(draft, tmp_path)
