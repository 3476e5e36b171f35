"""Hold what was read of one document against what is true of it.

A figure is right when all of it is: value, measure, indicator, unit, day, unit of measure, and a
label that names it and it alone. What is wrong and named by no doubt is a *silent error*, the worst
that can happen. A finding excuses the figure that it names, and only where it doubts the reading:
a note ('not in the catalogue') excuses nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rapidfuzz.distance.Levenshtein import distance

from catalog.catalogue import Catalogue
from extractors.document import Finding, Source
from transforms.reading import Observation, Reading
from transforms.text import fold

DIMENSIONS = ("measure", "indicator", "unit", "as_of", "unit_of_measure", "label")
MISREAD = 2
"""Letters by which a figure that could not be read off a picture differs from the printed one."""
NOTES = {"label-unmatched", "sentence-unmatched", "heading-unmatched", "numeral-not-read"}
"""Findings that only say that the catalogue does not hold something, or that a numeral beside a
figure was not read: they doubt no reading."""
NOT_READ = {
    "unreadable-file", "reading-failed", "empty-file", "truncated-file", "part-missing",
    "xml-fault", "encrypted-file", "unsupported-format", "file-too-large", "archive-limit",
    "limit-exceeded", "program-missing", "doctype-refused", "page-without-text",
    "page-unreadable", "page-text-garbled", "page-too-complex", "picture-not-read",
    "table-not-understood",
}  # fmt: skip
"""Findings that name a document, a page or a table as a whole as not read."""
OF_A_DIMENSION = {"unit": ("unit-",), "as_of": ("as-of-", "date-")}
"""Codes' beginnings of findings on a whole document or table that doubt one dimension alone."""
_VILLAGE_TYPE = re.compile(r"(?<=/)(?:thon|xom|ap|ban|buon|lang|khom|to-dan-pho|khu-pho)-(?=.)")
_CODE = re.compile(r"-\d{5}(?=/|$)")
"""What tells a commune from a namesake of its own district at another time."""


@dataclass
class Score:
    """The counts of one document, or of a class of them.

    ``errors`` counts what is wrong by dimension, with 'missing' and 'invented'; a figure that is
    wrong in two dimensions counts in both.
    """

    expected: int = 0
    right: int = 0
    read: int = 0
    flagged: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    documents: int = 0

    def add(self, other: Score) -> None:
        """Take the counts of another document in."""
        self.expected += other.expected
        self.right += other.right
        self.read += other.read
        self.flagged += other.flagged
        self.errors += other.errors
        self.silent += other.silent
        self.doubted += other.doubted
        self.documents += other.documents


def without_type(unit: str | None) -> str | None:
    """Return a village's slug without its type, which a list's header may give or may not."""
    return unit and _CODE.sub("", _VILLAGE_TYPE.sub("", unit))


def as_set(value: Any) -> set[Any]:
    """Return the alternatives of a truth, as text or None."""
    values = value if isinstance(value, list) else [value]
    return {str(one) if one is not None else None for one in values}


def words(text: str) -> frozenset[str]:
    """Return the words of a text, reduced to what two prints of them share."""
    return frozenset(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def digits(text: str) -> str:
    """Return letters and digits alone, without marks and case."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def measure_name(text: str) -> str:
    """Return a unit of measure as it is compared: '%' and '‰' are names of their own."""
    return re.sub(r"[^a-z0-9%‰/]+", " ", fold(unicodedata.normalize("NFKC", text))).strip()


MULTIPLES = {"nghin": 1000, "ngan": 1000, "van": 10_000, "trieu": 10**6, "ty": 10**9, "ti": 10**9}


def plain(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return a figure in its plain unit: 12,4 of 'nghìn người' are 12,400 of 'người'."""
    word, _, rest = measure_name(unit).partition(" ")
    return (value * MULTIPLES[word], rest) if rest and word in MULTIPLES else (value, word + rest)


def same_number(expected: dict[str, Any], one: Observation) -> bool:
    """Whether a figure is the expected one, also in another power of ten of its unit."""
    value = Decimal(str(expected["value"]))
    units = [str(unit) for unit in as_set(expected["unit_of_measure"])]
    return one.value == value or any(
        plain(one.value, one.unit_of_measure) == plain(value, unit) for unit in units
    )


class Judge:
    """Hold what was read of one document against its truth; ``met`` are the figures found right."""

    def __init__(self, truth: dict[str, Any], reading: Reading, catalogue: Catalogue) -> None:
        self.truth = truth
        self.reading = reading
        self.doubts = [
            one
            for one in reading.findings
            if catalogue.finding_kinds[one.code].severity != "info" and one.code not in NOTES
        ]
        self.reading_is_of_a_scan = truth["class"].startswith("scan")
        self.units = {name: as_set(slugs) for name, slugs in truth.get("units", {}).items()}
        self.score = Score(documents=1)
        self.taken: set[int] = set()
        self.met: set[int] = set()
        self.shared = _shared_names(reading.observations)

    def judge(self) -> Score:
        """Return the counts of the document."""
        rest = [one for one in self.truth["observations"] if not self._is_met(one)]
        for expected in rest:
            self._expect(expected)
        self.score.read = len(self.reading.observations)
        for index, one in enumerate(self.reading.observations):
            if index in self.taken:
                continue
            if self._is_optional(one):
                self.score.read -= 1
                continue
            self._fault(
                f"no such figure: {one.value} {one.unit_of_measure} '{one.label}' "
                f"({one.source.text[:80]})",
                one,
                ["invented"],
            )
        self._document()
        for expected in self.truth.get("findings_expected", []):
            self._finding(expected)
        return self.score

    # ---- figures --------------------------------------------------------------------------------

    def _is_met(self, expected: dict[str, Any]) -> bool:
        """Take the figure that is in every way what is expected, if there is one."""
        self.score.expected += 1
        fitting = [
            (-self._shares_label(expected, one), index)
            for index, one in enumerate(self.reading.observations)
            if index not in self.taken
            and same_number(expected, one)
            and self._is_here(expected, one)
            and not self._differences(expected, index)
        ]
        if fitting:
            self.taken.add(min(fitting)[1])
            self.met.add(min(fitting)[1])
            self.score.right += 1
        return bool(fitting)

    def _expect(self, expected: dict[str, Any]) -> None:
        same = [
            (len(self._differences(expected, index)), -self._shares_label(expected, one), index)
            for index, one in enumerate(self.reading.observations)
            if index not in self.taken
            and same_number(expected, one)
            and self._is_here(expected, one)
        ]
        if not same:
            self._missing(expected)
            return
        *_, index = min(same)
        one = self.reading.observations[index]
        self.taken.add(index)
        found = self._differences(expected, index)
        self._fault(
            f"{one.value} '{one.label}': "
            + "; ".join(found.values())
            + f" ({one.source.text[:60]})",
            one,
            list(found),
        )

    def _missing(self, expected: dict[str, Any]) -> None:
        self.score.errors["missing"] += 1
        label = "/".join(map(str, expected["label"]))
        what = f"not read: {expected['value']} '{label}' ({expected['text']})"
        if any(self._names(finding, expected) for finding in self.doubts):
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
        wanted = max((words(str(label)) for label in expected["label"]), key=len)
        return len(wanted & words(one.label))

    def _differences(self, expected: dict[str, Any], index: int) -> dict[str, str]:
        """Return what is wrong of a figure by dimension, each said in words."""
        one = self.reading.observations[index]
        found = {}
        if one.measure not in as_set(expected["measure"]):
            found["measure"] = f"measure {one.measure}, not {expected['measure']}"
        if "indicator" in expected and one.indicator not in as_set(expected["indicator"]):
            found["indicator"] = f"indicator {one.indicator}, not {expected['indicator']}"
        units = self.units.get(expected["unit"], as_set(expected["unit"]))
        if without_type(one.unit) not in map(without_type, units):
            found["unit"] = f"unit {one.unit}, not {sorted(map(str, units))[:3]}"
        if (str(one.as_of) if one.as_of else None) not in as_set(expected["as_of"]):
            found["as_of"] = f"as_of {one.as_of}, not {expected['as_of']}"
        named = {plain(one.value, str(unit))[1] for unit in as_set(expected["unit_of_measure"])}
        if plain(one.value, one.unit_of_measure)[1] not in named:
            given = expected["unit_of_measure"]
            found["unit_of_measure"] = f"in {one.unit_of_measure!r}, not {given}"
        if not any(self._is_named(str(label), one.label) for label in expected["label"]):
            found["label"] = f"label '{one.label}', not {expected['label']}"
        elif index in self.shared:
            found["label"] = f"label '{one.label}' is another figure's too"
        return found

    def _is_named(self, wanted: str, label: str) -> bool:
        """Whether every word of a true label stands in a figure's; a scan may lack the spaces."""
        if self.reading_is_of_a_scan:
            return all(word in digits(label) for word in words(wanted))
        return words(wanted) <= words(label)

    def _is_optional(self, one: Observation) -> bool:
        return any(
            digits(str(optional["text"])) in digits(one.source.text)
            and Decimal(str(optional["value"])) == one.value
            and one.indicator is None
            for optional in self.truth.get("optional", [])
            if "value" in optional
        )

    def _fault(self, what: str, one: Observation, dimensions: list[str]) -> None:
        self.score.errors.update(dimensions)
        if any(self._excuses(finding, one, dimensions) for finding in self.doubts):
            self.score.flagged += 1
            self.score.doubted.append(what)
        else:
            self.score.silent.append(what)

    # ---- findings -------------------------------------------------------------------------------

    def _excuses(self, finding: Finding, one: Observation, dimensions: list[str]) -> bool:
        """Whether a doubt names this figure, or the one dimension in which it is wrong."""
        where = finding.source
        if where is not None and _is_of_cell(where, one.source):
            return True
        if where is not None and where.kind == "text" and where.row == one.source.row:
            return where.text == one.source.text and _mentions(finding, one)
        of_all = where is None or (where.row is None and where.table == one.source.table)
        return of_all and all(
            any(finding.code.startswith(code) for code in OF_A_DIMENSION.get(dimension, ()))
            for dimension in dimensions
        )

    def _names(self, finding: Finding, expected: dict[str, Any]) -> bool:
        """Whether a doubt names a figure that was not read."""
        source = finding.source
        if source is None:
            return finding.code in NOT_READ
        place = expected.get("at")
        if not place or not self._asks_for_place(place):
            if finding.code == "number-unreadable" and self.reading_is_of_a_scan:
                return distance(finding.facts["text"], str(expected["text"])) <= MISREAD
            return digits(str(expected["text"])) in digits(source.text)
        return (
            source.kind == "table"
            and source.table == place.get("table", source.table)
            and (source.row == place.get("row") or finding.code in NOT_READ)
            and (source.column == place.get("column") or finding.code in NOT_READ)
        )

    def _document(self) -> None:
        header = self.reading.header
        for name in ("unit", "number", "issued_on", "as_of"):
            expected = as_set(self.truth["document"][name])
            value = getattr(header, name)
            if (str(value) if value is not None else None) not in expected:
                what = f"document's {name} {value}, not {sorted(map(str, expected))[:3]}"
                codes = {finding.code for finding in self.doubts}
                told = value is None and any(code.startswith(name.split("_")[0]) for code in codes)
                (self.score.doubted if told else self.score.silent).append(what)

    def _finding(self, expected: dict[str, Any]) -> None:
        if not expected.get("required", True):
            return
        text = digits(str(expected.get("text", "")))
        wanted = expected.get("severity") == "info"
        told = any(
            text in digits(finding.source.text if finding.source else "")
            or any(text in digits(fact) for fact in finding.facts.values())
            for finding in (self.reading.findings if wanted else self.doubts)
        )
        if not told:
            self.score.silent.append(f"no finding: {expected['why']}")


def _shared_names(observations: tuple[Observation, ...]) -> set[int]:
    """Return the tables' figures whose label, measure, unit and day are another value's too."""
    values: dict[tuple[object, ...], set[Decimal]] = {}
    keys = [(one.label, one.measure, one.unit, one.as_of) for one in observations]
    for name, one in zip(keys, observations, strict=True):
        if one.source.kind == "table":
            values.setdefault(name, set()).add(one.value)
    tabled = [one.source.kind == "table" for one in observations]
    return {
        index
        for index, name in enumerate(keys)
        if tabled[index] and len(values[name]) > 1
    }  # fmt: skip


def _is_of_cell(where: Source, source: Source) -> bool:
    return (
        where.kind == source.kind == "table"
        and where.table == source.table
        and where.row == source.row
        and where.column == source.column
    )


def _mentions(finding: Finding, one: Observation) -> bool:
    """Whether a finding on a sentence speaks of this figure of it."""
    value = digits(f"{one.value.normalize():f}")
    facts = [digits(fact) for fact in finding.facts.values()]
    return not facts or any(
        value in fact or (one.label and digits(one.label) in fact) for fact in facts
    )
