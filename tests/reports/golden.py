"""The parts of the example's report as they should be.

``PYTHONPATH=.:tests/reports python tests/reports/golden.py`` writes them anew. Look at the
difference before it is committed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import example
from lxml import etree

from reports.package import read_package
from reports.report import render_report

GOLDEN = Path(__file__).parent / "golden"
PARTS = ("word/document.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml")


def pretty(part: bytes) -> bytes:
    """One element a line, so that a difference can be read."""
    tree = etree.fromstring(part)
    etree.indent(tree, " ")
    return etree.tostring(tree, encoding="utf-8") + b"\n"


def parts(report: Path) -> dict[str, bytes]:
    """The golden parts of a report by the name of their file."""
    package = read_package(report)
    return {Path(name).name: pretty(package[name]) for name in PARTS}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        report = render_report(example.facts(), example.catalogue(), Path(folder))
        for name, content in parts(report).items():
            (GOLDEN / name).write_bytes(content)
