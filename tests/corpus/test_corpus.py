"""How well unseen documents are read, and what must be said of hostile ones."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.formats import extract
from tests.corpus.evaluate import HERE, catalogue, evaluate_one
from tests.flows.command import HOPNHAT, environment
from transforms.read import read

pytestmark = pytest.mark.programs

START = 120
"""Seconds that a command and its children may take besides the document, on a busy machine."""
MOST_PRINTED = 50 * 2**20
"""Bytes of JSON of two documents: more is a document that makes its reader's output explode."""
SLACK = 10
"""Silent errors more than stand that another LibreOffice, tesseract or font may bring about."""
OF_PROGRAMS = ("legacy", "rtf", "scan", "wrong-ending", "hostile-text")
"""Classes of documents that are read with the help of such programs."""
TO_THE_LIMIT = {"h36-string-storm"}
"""Dangers that take all the time that a document may; ``test_sandbox`` has a short limit."""
HOSTILE = HERE / "hostile"
GOOD = HERE / "open" / "documents" / "Hanh Phuoc BC 81.docx"


def load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


TRUTHS = sorted(HERE.glob("*/truth/*.yaml"))
DANGERS = sorted(HOSTILE.glob("expected/*.yaml"))


def test_corpus_is_as_large_as_asked() -> None:
    assert len(TRUTHS) >= 60
    assert len(DANGERS) >= 20


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_no_worse_than_it_stands(truth: Path) -> None:
    """What is asked is no silent error at all; until then no document may become worse.

    ``standing.yaml`` says what is left to mend; it is written by ``evaluate --stand`` and only ever
    gets smaller numbers of silent errors and larger ones of figures read.
    """
    standing = load(HERE / "standing.yaml")[truth.stem]
    kind, score = evaluate_one(truth)
    if kind.startswith(OF_PROGRAMS):
        assert len(score.silent) <= standing["silent"] + SLACK, score.silent
        assert score.right * 2 >= standing["right"], score.doubted
    else:
        assert len(score.silent) <= standing["silent"], score.silent
        assert score.right >= standing["right"], score.doubted


def with_codes() -> Iterator[Any]:
    for path in TRUTHS:
        for finding in load(path)["findings_expected"]:
            if "codes" in finding:
                yield pytest.param(path, set(finding["codes"]), id=f"{path.stem}:{finding['why']}")


@pytest.mark.parametrize(("truth", "codes"), list(with_codes()))
def test_finding_of_one_of_the_kinds(truth: Path, codes: set[str]) -> None:
    document = truth.parents[1] / "documents" / load(truth)["file"]
    reading = read(extract(document), catalogue())
    assert codes & {finding.code for finding in reading.findings}


def dangers() -> Iterator[Any]:
    for path in DANGERS:
        marks = [pytest.mark.soak] if path.stem in TO_THE_LIMIT else []
        yield pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("danger", list(dangers()))
def test_hostile_document(danger: Path, tmp_path: Path) -> None:
    expected = load(danger)
    document = HOSTILE / "documents" / expected["file"]
    printed, seconds, megabytes = run_extract(tmp_path, document)
    assert len(printed) == 2
    hostile, good = printed
    codes = {finding["code"] for finding in hostile["findings"]}
    assert not expected["codes"] or codes & set(expected["codes"])
    figures = sorted(one["value"] for one in hostile["observations"])
    assert expected["figures"] in (None, figures)
    assert good["document"]["number"] == "81/BC-UBND"
    assert len(good["observations"]) == 4
    assert seconds < expected["seconds"] + START
    assert megabytes < expected["megabytes"]


MEASURE = """
import os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - start, usage.ru_maxrss / 1024,
      file=sys.stderr)
"""
"""Runs a command from a small process: what is forked begins with its parent's peak of memory.

wait4 counts the children that the command has waited for, too.
"""


def run_extract(home: Path, document: Path) -> tuple[list[dict[str, Any]], float, float]:
    """What is printed of the document and of a good one behind it; seconds; most megabytes."""
    command = [HOPNHAT, "extract", "--format", "json", "--", document, GOOD]
    out, err = home / "out", home / "err"
    with out.open("wb") as printed, err.open("wb") as said:
        subprocess.run(
            [sys.executable, "-c", MEASURE, *command],
            env=environment(home),
            stdout=printed,
            stderr=said,
            check=True,
        )
    *messages, measured = err.read_text("utf-8").splitlines()
    code, seconds, megabytes = measured.split()
    assert code in ("0", "1"), messages[-20:]
    size = out.stat().st_size
    if size > MOST_PRINTED:
        out.unlink()
    assert size <= MOST_PRINTED
    lines = out.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines], float(seconds), float(megabytes)
