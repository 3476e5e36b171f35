"""Every numeral of every document of the corpus has a fate, and the right kind of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.document import Extraction, Paragraph
from extractors.formats import extract
from tests.corpus.evaluate import HERE, catalogue
from tests.corpus.test_corpus import OF_PROGRAMS
from transforms.numerals import find_numerals
from transforms.read import read
from transforms.reading import IsFigure, stated

TAKEN_FOR_FIGURES = {
    "điểm từ 24 trở lên",
    "đã ghi “87,48 %”",
    "đã ghi “87,51 %”",
    "cả bốn chỉ tiêu",
    "nhập ba xã Đức Hiệp",
    "12 thẻ",
    "không phải 55,6% như đã báo cáo",
    "29,25 điểm",
    "trên 1 ha đất canh tác",
    "sáp nhập 04 xã",
    "của 04 xã cũ",
    "hợp nhất 04 trung tâm",
    "1.000 đồng",
    "6 khối được khảo sát",
}
"""What reading takes for figures and must not: to be mended there, and never to grow."""


def truths() -> list[Any]:
    """The documents that are read without other programs, each with its truth."""
    found = []
    for path in sorted(HERE.glob("*/truth/*.yaml")):
        truth = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not truth["class"].startswith(OF_PROGRAMS):
            document = path.parents[1] / "documents" / truth["file"]
            found.append(pytest.param(document, truth, id=path.stem))
    return found


def printed(extraction: Extraction) -> list[str]:
    """The numerals of all paragraphs and cells, in order."""
    texts = [
        text
        for block in extraction.blocks
        for text in (
            [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        )
    ]
    return [text[start:end] for text in texts for start, end in find_numerals(text)]


@pytest.mark.parametrize(("document", "truth"), truths())
def test_every_numeral_has_one_fate(document: Path, truth: dict[str, Any]) -> None:
    extraction = extract(document)
    reading = read(extraction, catalogue())
    in_digits = [one.text for one in reading.numerals if any(map(str.isdecimal, one.text))]
    assert in_digits == printed(extraction)
    figures: list[int] = []
    for one in reading.numerals:
        assert one.source.text[one.start :].startswith(one.text)
        fate = stated(one.fate)
        figures += fate.observations
        assert bool(fate.observations) + bool(fate.reason) + bool(fate.findings) == 1
        assert fate.reason is None or fate.reason in catalogue().numeral_reasons
        assert all(reading.findings[place].source is not None for place in fate.findings)
    assert set(figures) == set(range(len(reading.observations)))


@pytest.mark.parametrize(("document", "truth"), truths())
def test_what_is_no_figure_is_none(document: Path, truth: dict[str, Any]) -> None:
    patterns = {
        phrase: whole(phrase)
        for one in truth.get("not_figures", [])
        if tells_itself(phrase := str(one["text"]))
    }
    if not patterns:
        return
    taken = {
        phrase
        for one in read(extract(document), catalogue()).numerals
        if isinstance(one.fate, IsFigure)
        for phrase, pattern in patterns.items()
        for match in pattern.finditer(one.source.text)
        if match.start() <= one.start < match.end()
    }
    assert taken <= TAKEN_FOR_FIGURES


def tells_itself(phrase: str) -> bool:
    """Whether a phrase can be found by its text: a bare '64' stands in more places than one."""
    return sum(map(str.isalnum, phrase)) > len("2004") or any(map(str.isalpha, phrase))


def whole(phrase: str) -> re.Pattern[str]:
    """The phrase whatever its white space, no part of a longer word or number."""
    words = r"\s*".join(re.escape(word) for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)" if phrase[:1].isalnum() else words)
