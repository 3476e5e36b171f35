"""How well unseen documents are read: precision, recall and silent errors, per class.

    python -m tests.corpus.evaluate [FOLDER ...] [--verbose]

A folder holds ``documents/`` and ``truth/*.yaml``. A *silent error* is the worst that can happen: a
value that is wrong (or of the wrong unit, day or measure) with no finding on it, a figure where
the document has none, or a figure of the document that is neither read nor named in a finding.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance.Levenshtein import distance

from catalog.catalogue import Catalogue
from catalog.loader import load_catalogue
from extractors.document import Finding, Source
from extractors.formats import extract
from transforms.read import read
from transforms.reading import Observation, Reading
from transforms.text import fold

HERE = Path(__file__).parent
MISREAD = 2
"""Letters by which a figure that could not be read off a picture differs from the printed one."""
SAY_NOTHING_OF_A_FIGURE = {
    "unit-outside", "figure-blank", "table-of-text", "encoding-converted",
    "numeral-not-read", "numeral-without-meaning",
}  # fmt: skip
"""Findings that are no doubt about the figure at their place: the last two doubt a numeral that is
none."""


@dataclass
class Score:
    """The counts of one document, or of a class of them."""

    expected: int = 0
    right: int = 0
    read: int = 0
    flagged: int = 0
    silent: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    documents: int = 0

    def add(self, other: Score) -> None:
        self.expected += other.expected
        self.right += other.right
        self.read += other.read
        self.flagged += other.flagged
        self.silent += other.silent
        self.doubted += other.doubted
        self.documents += other.documents


VILLAGE_TYPE = re.compile(r"(?<=/)(?:thon|xom|ap|ban|buon|lang|khom|to-dan-pho|khu-pho)-(?=.)")


CODE = re.compile(r"-\d{5}(?=/|$)")
"""What tells a commune from a namesake of its own district at another time."""


def without_type(unit: str | None) -> str | None:
    """A village's slug without its type, which the header of a list may give or may not."""
    return unit and CODE.sub("", VILLAGE_TYPE.sub("", unit))


def as_set(value: Any) -> set[Any]:
    values = value if isinstance(value, list) else [value]
    return {str(one) if one is not None else None for one in values}


def words(text: str) -> str:
    """A text reduced to what two prints of it share."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def digits(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


class Judge:
    """Holds what was read of one document against its truth."""

    def __init__(self, truth: dict[str, Any], reading: Reading) -> None:
        self.truth = truth
        self.reading = reading
        self.reading_is_of_a_scan = truth["class"].startswith("scan")
        self.units = {name: as_set(slugs) for name, slugs in truth.get("units", {}).items()}
        self.score = Score(documents=1)
        self.taken: set[int] = set()

    def judge(self) -> Score:
        rest = [one for one in self.truth["observations"] if not self._is_met(one)]
        for expected in rest:
            self._expect(expected)
        self.score.read = len(self.reading.observations)
        for index, one in enumerate(self.reading.observations):
            if index not in self.taken and not self._is_optional(one):
                self._fault(
                    f"no such figure: {one.value} {one.unit_of_measure} '{one.label}' "
                    f"({one.source.text[:80]})",
                    one.source,
                )
            elif index not in self.taken:
                self.score.read -= 1
        self._document()
        for expected in self.truth.get("findings_expected", []):
            self._finding(expected)
        return self.score

    def _is_met(self, expected: dict[str, Any]) -> bool:
        """Takes the figure that is in every way what is expected, if there is one."""
        self.score.expected += 1
        value = Decimal(str(expected["value"]))
        fitting = [
            (-self._shares_label(expected, one), index)
            for index, one in enumerate(self.reading.observations)
            if index not in self.taken
            and one.value == value
            and self._is_here(expected, one)
            and not self._differences(expected, one)
        ]
        if fitting:
            self.taken.add(min(fitting)[1])
            self.score.right += 1
        return bool(fitting)

    def _expect(self, expected: dict[str, Any]) -> None:
        here = [
            (index, one)
            for index, one in enumerate(self.reading.observations)
            if index not in self.taken and self._is_here(expected, one)
        ]
        same = [pair for pair in here if pair[1].value == Decimal(str(expected["value"]))]
        best = sorted(
            same,
            key=lambda pair: (
                len(self._differences(expected, pair[1])),
                -self._shares_label(expected, pair[1]),
            ),
        )
        if not best:
            self._missing(expected)
            return
        index, one = best[0]
        self.taken.add(index)
        differences = self._differences(expected, one)
        if not differences:
            self.score.right += 1
        else:
            self._fault(
                f"{one.value} '{one.label}': "
                + "; ".join(differences)
                + f" ({one.source.text[:60]})",
                one.source,
            )

    def _missing(self, expected: dict[str, Any]) -> None:
        label = "/".join(map(str, expected["label"]))
        what = f"not read: {expected['value']} '{label}' ({expected['text']})"
        if any(self._names(finding, expected) for finding in self.reading.findings):
            self.score.flagged += 1
            self.score.doubted.append(what)
        else:
            self.score.silent.append(what)

    def _is_here(self, expected: dict[str, Any], one: Observation) -> bool:
        place = expected.get("at")
        if place and not self._asks_for_place(place):
            same = digits(str(expected["text"])) == digits(one.source.text)
            return one.source.kind == "table" and (same or self._shares_label(expected, one) > 0)
        if place:
            if one.source.kind != "table":
                return False
            same_column = place.get("column") is None or one.source.column == place["column"]
            same_row = place.get("row") is None or one.source.row == place["row"]
            same_table = place.get("table") is None or one.source.table == place["table"]
            return same_column and same_row and same_table
        return digits(str(expected["text"])) in digits(one.source.text) or (
            digits(one.source.text) in digits(str(expected["text"])) and one.source.kind == "table"
        )

    def _asks_for_place(self, place: dict[str, Any]) -> bool:
        """Rows of sheets and tables of PDFs and scans may be counted in more ways than one."""
        return "sheet" not in place and not self.truth["class"].startswith(("pdf", "scan"))

    def _shares_label(self, expected: dict[str, Any], one: Observation) -> int:
        wanted = max((set(words(str(label)).split()) for label in expected["label"]), key=len)
        return len(wanted & set(words(one.label).split()))

    def _differences(self, expected: dict[str, Any], one: Observation) -> list[str]:
        found = []
        if one.measure not in as_set(expected["measure"]):
            found.append(f"measure {one.measure}, not {expected['measure']}")
        units = self.units.get(expected["unit"], as_set(expected["unit"]))
        if without_type(one.unit) not in map(without_type, units):
            found.append(f"unit {one.unit}, not {sorted(map(str, units))[:3]}")
        if (str(one.as_of) if one.as_of else None) not in as_set(expected["as_of"]):
            found.append(f"as_of {one.as_of}, not {expected['as_of']}")
        measures = {words(str(unit)) for unit in as_set(expected["unit_of_measure"])}
        if words(one.unit_of_measure) not in measures and "" not in measures:
            found.append(f"in {one.unit_of_measure!r}, not {expected['unit_of_measure']}")
        return found

    def _is_optional(self, one: Observation) -> bool:
        return any(
            digits(str(optional["text"])) in digits(one.source.text)
            and Decimal(str(optional["value"])) == one.value
            for optional in self.truth.get("optional", [])
            if "value" in optional
        )

    def _fault(self, what: str, source: Source) -> None:
        if any(_covers(finding, source) for finding in self.reading.findings):
            self.score.flagged += 1
            self.score.doubted.append(what)
        else:
            self.score.silent.append(what)

    def _names(self, finding: Finding, expected: dict[str, Any]) -> bool:
        source = finding.source
        if finding.code in SAY_NOTHING_OF_A_FIGURE:
            return False
        if source is None:
            return finding.code not in {"number-unknown", "date-unknown", "as-of-unknown"}
        place = expected.get("at")
        if not place or not self._asks_for_place(place):
            if finding.code == "number-unreadable" and self.reading_is_of_a_scan:
                return distance(finding.facts["text"], str(expected["text"])) <= MISREAD
            return digits(str(expected["text"])) in digits(source.text)
        return (
            source.kind == "table"
            and source.table == place.get("table", source.table)
            and source.row in (None, place.get("row"))
            and source.column in (None, place.get("column"))
        )

    def _document(self) -> None:
        header = self.reading.header
        for name in ("unit", "number", "issued_on", "as_of"):
            expected = as_set(self.truth["document"][name])
            value = getattr(header, name)
            if (str(value) if value is not None else None) not in expected:
                what = f"document's {name} {value}, not {sorted(map(str, expected))[:3]}"
                codes = {finding.code for finding in self.reading.findings}
                told = value is None and any(code.startswith(name.split("_")[0]) for code in codes)
                (self.score.doubted if told else self.score.silent).append(what)

    def _finding(self, expected: dict[str, Any]) -> None:
        if not expected.get("required", True):
            return
        text = digits(str(expected.get("text", "")))
        told = any(
            text in digits(finding.source.text if finding.source else "")
            or any(text in digits(fact) for fact in finding.facts.values())
            for finding in self.reading.findings
            if finding.code not in SAY_NOTHING_OF_A_FIGURE
        )
        if not told:
            self.score.silent.append(f"no finding: {expected['why']}")


def _covers(finding: Finding, source: Source) -> bool:
    where = finding.source
    if where is None or finding.code in SAY_NOTHING_OF_A_FIGURE:
        return False
    if where.kind != source.kind or where.table != source.table:
        return False
    if source.kind == "text":
        return where.row == source.row and where.text == source.text
    return where.row in (None, source.row) and where.column in (None, source.column)


def evaluate(folder: Path) -> Iterator[tuple[str, str, Score]]:
    """(class, document, score) of each document of a folder."""
    for path in sorted((folder / "truth").glob("*.yaml")):
        kind, score = evaluate_one(path)
        yield kind, path.stem, score


def evaluate_one(path: Path) -> tuple[str, Score]:
    """Class and score of the document that a file of ``truth/`` is of."""
    truth = yaml.safe_load(path.read_text(encoding="utf-8"))
    reading = read(extract(path.parents[1] / "documents" / truth["file"]), catalogue())
    return truth["class"], Judge(truth, reading).judge()


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def line(name: str, score: Score) -> str:
    recall = score.right / score.expected if score.expected else 1
    precision = score.right / score.read if score.read else 1
    return (
        f"{name:<24} {score.documents:>4} {score.expected:>7} {recall:>8.3f} {precision:>9.3f} "
        f"{score.flagged:>8} {len(score.silent):>7}"
    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--verbose", action="store_true", help="each fault, silent ones first")
    parser.add_argument("--stand", action="store_true", help="write what is left to mend")
    options = parser.parse_args(list(arguments))
    folders = options.folders or sorted(
        path.parent for path in HERE.glob("*/truth") if path.is_dir()
    )
    classes: defaultdict[str, Score] = defaultdict(Score)
    standing: dict[str, dict[str, int]] = {}
    for folder in folders:
        for kind, name, score in evaluate(folder):
            classes[kind].add(score)
            standing[name] = {"silent": len(score.silent), "right": score.right}
            if options.verbose:
                say(line(f"  {name}"[:24], score))
                for fault in score.silent:
                    say(f"      SILENT {fault}")
                for fault in score.doubted:
                    say(f"      doubted {fault}")
    if options.stand:
        (HERE / "standing.yaml").write_text(yaml.safe_dump(standing), encoding="utf-8")
    header = f"{'class':<24} {'docs':>4} {'figures':>7} {'recall':>8} {'precision':>9}"
    say(f"{header} {'flagged':>8} {'silent':>7}")
    total = Score()
    for kind in sorted(classes):
        say(line(kind, classes[kind]))
        total.add(classes[kind])
    say(line("all", total))
    return 1 if total.silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
