"""`hopnhat extract` on the samples: its contract, and completeness against what stands in them."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.flows.command import INBOX, hopnhat

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "extract.schema.json").read_text("utf-8"))
Extract = dict[str, Any]


def check(extract: Extract) -> None:
    jsonschema.validate(extract, SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="session")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Extract]:
    """What is read out of each sample, by its file name."""
    home = tmp_path_factory.mktemp("extract")
    done = hopnhat(home, "extract", *sorted(INBOX.iterdir()), "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(home.iterdir()) == []  # nothing is written anywhere
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["document"]["file_name"]: line for line in lines}


def test_it_keeps_the_contract(extracts: dict[str, Extract]) -> None:
    assert len(extracts) == len(list(INBOX.iterdir()))
    for extract in extracts.values():
        check(extract)


def test_every_numeral_has_a_fate_and_every_figure_a_numeral(extracts: dict[str, Extract]) -> None:
    for extract in extracts.values():
        figures: set[int] = set()
        for numeral in extract["numerals"]:
            source, start = numeral["source"], numeral["start"]
            assert source["text"][start:].startswith(numeral["text"])
            fate = [bool(numeral[of]) for of in ("observations", "reason", "findings")]
            names = ("figure", "not-a-figure", "doubt")
            assert fate == [numeral["fate"] == name for name in names], numeral
            for place in numeral["observations"]:
                assert extract["observations"][place]["source"]["row"] == source["row"]
            for place in numeral["findings"]:
                assert extract["findings"][place]["source"]["row"] == source["row"]
            figures |= set(numeral["observations"])
        assert figures == set(range(len(extract["observations"])))
        fates = Counter(numeral["fate"] for numeral in extract["numerals"])
        assert fates["figure"] > 50
        assert fates["not-a-figure"] > 50


def test_a_finding_of_the_extraction_stands_once(tmp_path: Path) -> None:
    shutil.copy(next(INBOX.glob("*.docx")), tmp_path / "a.pdf")
    done = hopnhat(tmp_path, "extract", "a.pdf", "--format", "json")
    codes = [finding["code"] for finding in json.loads(done.stdout)["findings"]]
    assert codes.count("wrong-ending") == 1


def test_the_headers(extracts: dict[str, Extract], expected: dict[str, Any]) -> None:
    for unit, document in expected["documents"].items():
        header = extracts[document["file"]]["document"]
        assert header["unit"] == unit
        assert header["number"] == document["number"]
        assert header["issued_on"] == document["issued_on"]
        assert header["as_of"] == expected["as_of"]


def test_every_figure_of_the_annex_and_no_other(
    extracts: dict[str, Extract], expected: dict[str, Any]
) -> None:
    for unit, document in expected["documents"].items():
        hand = Counter(
            (
                *(row["indicator"], measure, Decimal(value), unit_of_measure, unit),
                expected["target_as_of" if measure == "target" else "as_of"],
                text,
            )
            for row in document["table"]
            for measure, text, value, unit_of_measure in row["figures"]
        )
        found = Counter(
            (
                *(each["indicator"], each["measure"], Decimal(each["value"])),
                *(each["unit_of_measure"], each["unit"], each["as_of"]),
                each["source"]["text"].strip(),
            )
            for each in extracts[document["file"]]["observations"]
            if each["source"]["kind"] == "table"
        )
        assert found == hand, unit


def test_every_figure_of_the_narrative_and_no_other(
    extracts: dict[str, Extract], expected: dict[str, Any]
) -> None:
    for unit, document in expected["documents"].items():
        hand = Counter(
            (
                *(entry["indicator"], measure, Decimal(value), entry.get("unit", unit)),
                entry.get("as_of", expected["target_as_of" if measure == "target" else "as_of"]),
            )
            for entry in document["narrative"]
            for measure, value in entry["figures"]
        )
        found = Counter(
            (
                *(each["indicator"], each["measure"], Decimal(each["value"])),
                *(each["unit"], each["as_of"]),
            )
            for each in extracts[document["file"]]["observations"]
            if each["source"]["kind"] == "text" and each["indicator"] and each["unit"]
            if re.match(unit, each["unit"])
        )
        assert found == hand, unit


def test_a_figure_of_the_district_is_never_the_communes(
    extracts: dict[str, Extract], expected: dict[str, Any]
) -> None:
    for unit, document in expected["documents"].items():
        for entry in document["foreign"]:
            for measure, value in entry["figures"]:
                for each in extracts[document["file"]]["observations"]:
                    same = (each["measure"], Decimal(each["value"])) == (measure, Decimal(value))
                    assert not (same and each["unit"] == unit), each


def test_dates_and_document_numbers_are_no_figures(
    extracts: dict[str, Extract], expected: dict[str, Any]
) -> None:
    for unit, document in expected["documents"].items():
        values = {
            each["value"]
            for each in extracts[document["file"]]["observations"]
            if each["source"]["kind"] == "text"
        }
        stated = {value for entry in document["narrative"] for _, value in entry["figures"]}
        numbers = {re.match(r"0*([0-9]+)", number)[1] for _, number, *_ in document["directives"]}
        # Numbers below 100 also stand in sentences as ages, hours and people.
        long_ones = {number for number in numbers if len(number) > 2}
        assert long_ones, unit
        assert not (long_ones - stated) & values, unit
        assert not {str(year) for year in range(2012, 2031)} & values, unit


def test_the_directives(extracts: dict[str, Extract], expected: dict[str, Any]) -> None:
    for unit, document in expected["documents"].items():
        hand = {(kind, number, day) for kind, number, day, _ in document["directives"]}
        found = [
            (each["kind"], each["number"], each["issued_on"])
            for each in extracts[document["file"]]["directives"]
        ]
        assert set(found) == hand, unit
        assert len(found) == len(hand), unit


def test_a_file_that_cannot_be_read_is_printed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "chữ.pdf").write_text("Không phải PDF.", "utf-8")
    good = next(INBOX.glob("*.pdf"))
    arguments = ("chữ.pdf", good, "không có.docx", ".")
    done = hopnhat(tmp_path, "extract", *arguments, "--format", "json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        check(line)
    codes = [[finding["code"] for finding in line["findings"]] for line in lines]
    assert codes[0] == ["unsupported-format"]
    assert len(lines[1]["observations"]) > 50
    assert codes[2] == ["file-missing"]
    assert codes[3] == ["not-a-regular-file"]


def test_in_words_for_a_person(tmp_path: Path, expected: dict[str, Any]) -> None:
    document = expected["documents"]["duc-hiep"]
    done = hopnhat(tmp_path, "extract", INBOX / document["file"])
    assert done.returncode == 0
    assert "số 58/BC-UBND, ngày 20/06/2025, số liệu đến 30/06/2025" in done.stdout
    assert "tử số 1.204 hộ · duc-hiep · 30/06/2025 · bảng" in done.stdout
    assert "Quyết định 1373/QĐ-TTg ngày 30/07/2021" in done.stdout
    assert re.search(r"Con số trong văn bản: \d+ \(số liệu \d+, không phải", done.stdout)
