"""What a document's figures must stand before they are believed, whatever words they were read by.

Each guard doubts one reading and says both sides: what was read, and what speaks against it. Where
a figure cannot be its indicator's at all, the indicator is taken from it; the figure stays.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from extractors.document import Finding
from transforms.arithmetic import rounds_to
from transforms.text import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transforms.reading import Header, Observation
    from transforms.vocabulary import Vocabulary

COUNTS = ("count", "numerator", "denominator")
INDIVISIBLE = {"persons", "households", "villages", "clans", "organisations", "communes"}
"""Families of units of measure that come in whole numbers alone."""
REPORTED_AHEAD = timedelta(days=45)
"""By how much a period may end after its report: those on a year are written in December."""
ESTIMATED_AHEAD = timedelta(days=366)
"""The same for what the document itself calls an estimate."""


def guarded(
    observations: Iterable[Observation], header: Header, vocabulary: Vocabulary
) -> tuple[list[Observation], list[Finding]]:
    """Return a document's figures, without the indicators that they cannot be of, and the doubts.

    A figure keeps its place in the list.
    """
    kept: list[Observation] = []
    findings: list[Finding] = []
    for one in observations:
        doubt = _of_another_family(one, vocabulary) or _divided(one, vocabulary)
        if doubt is not None:
            findings.append(doubt)
        kept.append(one if doubt is None else replace(one, indicator=None))
    findings += _of_one_name(kept)
    findings += _after_the_report(kept, header, vocabulary)
    findings += _planned_for_the_past(kept, header)
    findings += _told_by_text_alone(kept, vocabulary)
    return kept, findings


def _of_another_family(one: Observation, vocabulary: Vocabulary) -> Finding | None:
    """A figure whose unit of measure is none that its indicator counts: persons, where it counts
    households; per mille, where it is a percentage.
    """
    if one.indicator is None or not one.unit_of_measure:
        return None
    expected = vocabulary.units_counted(one.indicator, one.measure)
    if any(vocabulary.may_stand_for(one.unit_of_measure, unit) for unit in expected):
        return None
    families = {vocabulary.family_of(unit) for unit in (one.unit_of_measure, *expected)}
    if "share" in families:  # 'đạt 48,8 % dự toán', '2/3 xã': a rate beside a count is no fault
        facts = {"label": one.label, "nearest": one.indicator}
        return _doubt("label-unmatched", replace(one, indicator=None), facts)
    facts = {
        "label": one.label, "found": one.unit_of_measure, "expected": ", ".join(sorted(expected)),
        "indicator": vocabulary.catalogue.indicators[one.indicator].name,
    }  # fmt: skip
    return _doubt("unit-of-another-family", one, facts)


def _divided(one: Observation, vocabulary: Vocabulary) -> Finding | None:
    """'6,65 hộ': people, households, villages come in whole numbers."""
    whole = one.value == one.value.to_integral_value()
    if whole or vocabulary.family_of(one.unit_of_measure) not in INDIVISIBLE:
        return None
    facts = {"label": one.label, "value": f"{one.value}", "unit": one.unit_of_measure}
    return _doubt("part-of-a-whole-thing", one, facts)


def _of_one_name(observations: Sequence[Observation]) -> Iterator[Finding]:
    """Figures of tables that share label, measure, unit and day, or indicator, measure, unit and
    day, and differ in value: at least one of them is another thing.
    """
    named: defaultdict[tuple[object, ...], list[Observation]] = defaultdict(list)
    meant: defaultdict[tuple[object, ...], list[Observation]] = defaultdict(list)
    for one in observations:
        if one.source.kind != "table":
            continue
        named[one.label, one.measure, one.unit, one.as_of].append(one)
        if one.indicator is not None and one.unit is not None:
            meant[one.indicator, one.measure, one.unit, one.as_of, one.unit_of_measure].append(one)
    told: set[int] = set()
    for code, groups in (("figures-of-one-indicator", meant), ("figures-of-one-name", named)):
        for group in groups.values():
            if id(group[0]) in told or all(_agree(*pair) for pair in combinations(group, 2)):
                continue
            values = "; ".join(dict.fromkeys(one.source.text.strip() for one in group))
            for one in group:
                told.add(id(one))
                yield _doubt(code, one, {"label": one.label, "values": values})


def _after_the_report(
    observations: Sequence[Observation], header: Header, vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Results of a day that the document cannot know yet: they may be a plan. A sentence or a cell
    that holds a target holds what the target is of, too.
    """
    issued = header.issued_on
    planned = {one.source for one in observations if one.measure == "target"}
    for one in observations:
        if issued is None or one.as_of is None or one.source in planned:
            continue
        if vocabulary.headers.comparison.search(key(one.label)):
            continue  # 'So sánh KH 2025/2024': of a plan, and no result
        if one.as_of == date(issued.year, 12, 31):
            continue  # 'năm 2025' in a report of that year is what has been reached so far
        if one.as_of > issued + (ESTIMATED_AHEAD if one.estimated else REPORTED_AHEAD):
            facts = {
                "label": one.label, "value": one.source.text[:80],
                "date": f"{one.as_of:%d/%m/%Y}", "issued": f"{issued:%d/%m/%Y}",
            }  # fmt: skip
            yield _doubt("result-after-issue", one, facts)


def _planned_for_the_past(observations: Sequence[Observation], header: Header) -> Iterator[Finding]:
    """Targets of a day that is over and not the document's own, beside a result of the same: what
    was taken for a plan may be the result of an earlier period.
    """
    results: dict[tuple[object, ...], Observation] = {}
    for one in observations:
        if one.measure in ("result", "count", "numerator"):
            results.setdefault(_named(one), one)
    for one in observations:
        issued = header.issued_on
        if one.measure != "target" or one.as_of is None or issued is None:
            continue
        result = results.get(_named(one))
        if result is not None and one.as_of < issued and one.as_of != header.as_of:
            facts = {
                "label": one.label, "value": one.source.text[:80],
                "date": f"{one.as_of:%d/%m/%Y}", "result": result.source.text[:80],
            }  # fmt: skip
            yield _doubt("target-of-the-past", one, facts)


def _named(one: Observation) -> tuple[object, ...]:
    return one.indicator or one.label, one.unit, one.as_of


def _told_by_text_alone(
    observations: Sequence[Observation], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """A sentence's figure of an indicator that a table of the same document has a row for, which
    was not read as that indicator and says another number.
    """
    tabled = [one for one in observations if one.source.kind == "table"]
    known = {(one.indicator, one.unit) for one in tabled}
    unread = [one for one in tabled if one.indicator is None and one.measure in (*COUNTS, "result")]
    rows: defaultdict[str, list[Observation]] = defaultdict(list)
    for one in unread:
        named = vocabulary.matcher.find(one.label)
        if len(named) == 1 and named[0].match.indicator:
            rows[named[0].match.indicator].append(one)
    for one in observations:
        if one.source.kind == "table" or one.indicator is None or one.measure == "target":
            continue
        if (one.indicator, one.unit) in known:
            continue
        others = [
            row
            for row in rows.get(one.indicator, ())
            if row.unit == one.unit and row.unit_of_measure == one.unit_of_measure
        ]
        if others and not any(_agree(one, row) for row in others):
            facts = {
                "label": one.label, "text": f"{one.value}", "row": others[0].label,
                "table": others[0].source.text.strip(),
            }  # fmt: skip
            yield _doubt("row-beside-text", one, facts)


def _agree(one: Observation, other: Observation) -> bool:
    """Whether two figures are one value, printed with more decimals or with fewer."""
    coarse, fine = sorted((one, other), key=lambda figure: figure.decimals)
    return rounds_to(fine.value, coarse.value, coarse.decimals)


def _doubt(code: str, one: Observation, facts: dict[str, str]) -> Finding:
    return Finding(code, facts, one.source, one.unit, one.indicator)
