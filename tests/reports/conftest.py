"""What several tests of the reports need: the example rendered, and LibreOffice's view of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import example

from reports.report import render_report
from reports.workbook import fill_workbook


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="session")
def draft(folder: Path) -> Path:
    """The example's report with a finding that blocks."""
    return render_report(example.facts(), example.catalogue(), folder / "draft")


@pytest.fixture(scope="session")
def final(folder: Path) -> Path:
    """The example's report without anything that blocks."""
    made = example.without_blocking(example.facts())
    return render_report(made, example.catalogue(), folder / "final")


@pytest.fixture(scope="session")
def workbook(folder: Path) -> Path:
    path = folder / "doi-chieu.xlsx"
    fill_workbook(example.facts(), example.catalogue(), path)
    return path
