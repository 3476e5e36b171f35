"""Checks between the catalogue's entries, which no single entry can show."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from string import Formatter
from typing import Any

from catalog.catalogue import Catalogue
from catalog.model import Indicator, Report, Unit, UnitEvent

REPORT_FIELDS = ("unit", "province", "former_units", "as_of", "month", "year")
SENTENCE_FIELDS = ("name", "area", "value", "unit_of_measure", "fraction", "equation")
COLUMNS_OF_INDICATOR_ANNEX = 5
COLUMNS_WITHOUT_FIGURES = "column-no-figures"
"""Family of words of header cells; each list means a reason why numerals are no figures."""

Fault = tuple[str, str, str]
"""Section, key of the entry, what is wrong."""


@cache
def normalise(text: str) -> str:
    """NFC, case folded, spaces squeezed: two wordings that agree in this are the same."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def faults_between(catalogue: Catalogue) -> list[Fault]:
    """All faults, in the catalogue's order; an empty list says that it holds together."""
    return [
        *_indicator_faults(catalogue),
        *_level_faults(catalogue.indicators),
        *_threshold_faults(catalogue.indicators),
        *_wording_faults(catalogue.indicators.values()),
        *_span_faults(catalogue.units.values()),
        *_event_faults(catalogue),
        *_share_faults(catalogue),
        *_report_faults(catalogue),
        *_reference_faults(catalogue),
        *_word_faults(catalogue),
        *_sentence_faults(catalogue),
        *_finding_faults(catalogue),
        *_numeral_faults(catalogue),
    ]


def _indicator_faults(catalogue: Catalogue) -> Iterator[Fault]:
    for indicator in catalogue.indicators.values():
        if indicator.group not in catalogue.groups:
            yield "indicators", indicator.id, f"group: no group '{indicator.group}'"
        for key, named in _indicators_named(indicator):
            if named not in catalogue.indicators or named == indicator.id:
                yield "indicators", indicator.id, f"{key}: no other indicator '{named}'"
        for fault in _own_faults(indicator):
            yield "indicators", indicator.id, fault


def _indicators_named(indicator: Indicator) -> Iterator[tuple[str, str]]:
    if indicator.weight is not None:
        yield "weight", indicator.weight
    for part in indicator.identity:
        yield "identity", part
    for key, component in (
        ("numerator", indicator.numerator),
        ("denominator", indicator.denominator),
    ):
        if component is not None and component.indicator is not None:
            yield f"{key}.indicator", component.indicator


def _own_faults(indicator: Indicator) -> Iterator[str]:
    if (indicator.kind == "attainment") != (indicator.roll_up == "attainment"):
        yield "roll_up: attainment goes with kind attainment"
    if indicator.roll_up == "ratio-of-sums" and None in (
        indicator.numerator,
        indicator.denominator,
    ):
        yield "roll_up: ratio-of-sums needs a numerator and a denominator"
    if (indicator.roll_up == "weighted-average") != (indicator.weight is not None):
        yield "weight: goes with roll_up weighted-average"
    if not _ordered(indicator.minimum, indicator.maximum):
        yield "minimum: is above maximum"
    if not _ordered(indicator.valid_from, indicator.valid_to):
        yield "valid_from: is after valid_to"
    for wording in (indicator.name, *indicator.wordings):
        if not may_be(indicator, wording):
            yield f"wordings: '{wording}' breaks must_contain or must_not_contain"
    for wording in indicator.not_wordings:
        if normalise(wording) in {normalise(own) for own in (indicator.name, *indicator.wordings)}:
            yield f"not_wordings: '{wording}' is a wording"


def _level_faults(indicators: Mapping[str, Indicator]) -> Iterator[Fault]:
    for indicator in indicators.values():
        levels = indicator.levels
        if levels and (indicator.kind, indicator.roll_up) != ("growth", "recompute"):
            yield "indicators", indicator.id, "levels: go with kind growth, roll_up recompute"
        if levels and not any(level.role == "plus" for level in levels):
            yield "indicators", indicator.id, "levels: none with role plus"
        known = [indicators[each.indicator] for each in levels if each.indicator in indicators]
        if len(known) < len(levels) or any(
            entry.roll_up in {"recompute", "union", "none"} for entry in known
        ):
            yield "indicators", indicator.id, "levels: one is no indicator that is rolled up"
        if len({entry.unit_of_measure for entry in known}) > 1:
            yield "indicators", indicator.id, "levels: not of one unit of measure"


def _threshold_faults(indicators: Mapping[str, Indicator]) -> Iterator[Fault]:
    for indicator in indicators.values():
        if indicator.thresholds and indicator.kind != "attainment":
            yield "indicators", indicator.id, "thresholds: go with kind attainment"
        if indicator.id in _standards_within(indicator.id, indicators):
            yield "indicators", indicator.id, "thresholds: its attainments lead back to itself"
        for threshold in indicator.thresholds:
            if (threshold.attainment is None) != (threshold.least is not None) or (
                threshold.least is None
            ) == bool(threshold.rates):
                yield "indicators", indicator.id, "thresholds: rates with least, or attainment"
            for rate in threshold.rates:
                if rate not in indicators or indicators[rate].roll_up != "ratio-of-sums":
                    yield "indicators", indicator.id, f"thresholds: no rate '{rate}'"
            other = threshold.attainment
            if other is not None and not (other in indicators and indicators[other].thresholds):
                yield "indicators", indicator.id, f"thresholds: '{other}' has no thresholds"


def _standards_within(identity: str, indicators: Mapping[str, Indicator]) -> set[str]:
    """The attainments that one includes, and those that they include."""
    within: set[str] = set()
    open_ = [identity]
    while open_:
        entry = indicators.get(open_.pop())
        for threshold in () if entry is None else entry.thresholds:
            if threshold.attainment is not None and threshold.attainment not in within:
                within.add(threshold.attainment)
                open_.append(threshold.attainment)
    return within


def _ordered(low: Any, high: Any) -> bool:
    return low is None or high is None or bool(low <= high)


def may_be(indicator: Indicator, label: str) -> bool:
    """Whether the label has the words that the indicator demands and none that it forbids."""
    words = _whole_words(label)
    return all(
        any(_whole_words(alternative) in words for alternative in alternatives)
        for alternatives in indicator.must_contain
    ) and not any(_whole_words(forbidden) in words for forbidden in indicator.must_not_contain)


@cache
def _whole_words(text: str) -> str:
    """The words between single spaces, with one at each end: whole words are a substring of it."""
    words = re.findall(r"[^\W_]+", normalise(text))
    return f" {' '.join(words)} "


def _wording_faults(indicators: Iterable[Indicator]) -> Iterator[Fault]:
    """Wordings told twice. Denominators are left out: they count only beside their indicator."""
    owners: dict[str, str] = {}
    for indicator in indicators:
        numerator = indicator.numerator
        wordings = [indicator.name, *indicator.wordings]
        if numerator is not None and numerator.indicator is None:
            wordings += [numerator.name, *numerator.wordings]
        for wording in wordings:
            if (owner := owners.get(normalise(wording))) is not None:
                also = "stands twice" if owner == indicator.id else f"is also of '{owner}'"
                yield "indicators", indicator.id, f"wordings: '{wording}' {also}"
            owners[normalise(wording)] = indicator.id


def _span_faults(units: Iterable[Unit]) -> Iterator[Fault]:
    by_code: dict[tuple[str, str | None], list[Unit]] = {}
    for unit in units:
        if not _ordered(unit.valid_from, unit.valid_to):
            yield "units", unit.slug, "valid_from: is after valid_to"
        if unit.code is not None:
            by_code.setdefault((_level(unit), unit.code), []).append(unit)
    for (_, code), namesakes in by_code.items():
        ordered = sorted(namesakes, key=lambda unit: unit.valid_from or date.min)
        for earlier, later in pairwise(ordered):
            if earlier.valid_to is None or earlier.valid_to >= (later.valid_from or date.min):
                yield "units", later.slug, f"code: {code} is '{earlier.slug}' on the same days"


def _level(unit: Unit) -> str:
    """Codes are numbered level by level: province, district, commune."""
    levels = {"tỉnh": "province"} | dict.fromkeys(("huyện", "quận", "thị xã"), "district")
    if unit.type == "thành phố":
        return "province" if unit.name == unit.province else "district"
    return levels.get(unit.type, "commune")


def _event_faults(catalogue: Catalogue) -> Iterator[Fault]:
    for event in catalogue.unit_events.values():
        if event.kind == "part-transfer" and set(event.predecessors) & set(event.successors):
            yield "unit_events", event.id, "successors: a unit gives or receives, not both"
        for role, slugs in (
            ("predecessors", event.predecessors),
            ("successors", event.successors),
        ):
            for slug in slugs:
                unit = catalogue.units.get(slug)
                if unit is None:
                    yield "unit_events", event.id, f"{role}: no unit '{slug}'"
                elif not _meets(unit, event, role):
                    yield (
                        "unit_events",
                        event.id,
                        f"{role}: the span of '{slug}' does not meet {event.effective_on}",
                    )


def _share_faults(catalogue: Catalogue) -> Iterator[Fault]:
    for event in catalogue.unit_events.values():
        for share in event.shares:
            if share.predecessor not in event.predecessors:
                yield "unit_events", event.id, f"shares: '{share.predecessor}' is no predecessor"
            if share.successor not in event.successors:
                yield "unit_events", event.id, f"shares: '{share.successor}' is no successor"
            if share.indicator is not None and share.indicator not in catalogue.indicators:
                yield "unit_events", event.id, f"shares: no indicator '{share.indicator}'"


def _meets(unit: Unit, event: UnitEvent, role: str) -> bool:
    """Predecessors end on the day before, successors begin on the day.

    In a part transfer both may go on as they were.
    """
    day_before = event.effective_on - timedelta(days=1)
    if event.kind == "part-transfer":
        return (unit.valid_from or date.min) <= event.effective_on and (
            unit.valid_to is None or unit.valid_to >= day_before
        )
    if role == "predecessors":
        return unit.valid_to == day_before
    return unit.valid_from == event.effective_on


def _report_faults(catalogue: Catalogue) -> Iterator[Fault]:
    first, *others = [report.id for report in catalogue.reports.values() if report.by_default] or [
        ""
    ]
    for other in others:
        yield "reports", other, f"by_default: is also said of '{first}'"
    for report in catalogue.reports.values():
        for row in report.rows:
            if row.indicator is not None and row.indicator not in catalogue.indicators:
                yield "reports", report.id, f"rows: no indicator '{row.indicator}'"
        for path, count in Counter(heading.path for heading in report.outline).items():
            if count > 1:
                yield "reports", report.id, f"outline: path {'.'.join(path)} stands twice"
        if len(report.columns) != COLUMNS_OF_INDICATOR_ANNEX:
            yield "reports", report.id, f"columns: {COLUMNS_OF_INDICATOR_ANNEX} expected"
        for text in _sentences(report):
            for fault in _format_faults(text, REPORT_FIELDS):
                yield "reports", report.id, fault


def _sentences(report: Report) -> Iterator[str]:
    yield from (report.title, report.addressee, report.period, report.no_content)
    yield from (*report.basis, *report.opening, *report.closing, *report.recipients)
    yield from (report.directives_title, report.indicators_title, *report.columns)
    yield from () if report.comparison_title is None else (report.comparison_title,)
    for heading in report.outline:
        yield from (heading.heading, *heading.intro)


def _reference_faults(catalogue: Catalogue) -> Iterator[Fault]:
    numbers: dict[str, str] = {}
    for reference in catalogue.references.values():
        other = numbers.setdefault(normalise(reference.number), reference.id)
        if other != reference.id:
            yield "references", reference.id, f"number: '{reference.number}' is '{other}' too"


def _word_faults(catalogue: Catalogue) -> Iterator[Fault]:
    meanings: set[tuple[str, str]] = set()
    owners: dict[tuple[str, str], str] = {}
    for entry in catalogue.word_lists.values():
        if (entry.family is None) != (entry.means is None):
            yield "words", entry.id, "means: goes with family"
        if entry.family in catalogue.word_lists:
            yield "words", entry.id, f"family: '{entry.family}' is also a list's id"
        if entry.family is not None and entry.means is not None:
            if (entry.family, entry.means) in meanings:
                yield "words", entry.id, f"means: '{entry.means}' stands twice in the family"
            meanings.add((entry.family, entry.means))
        for word, count in Counter(normalise(word) for word in entry.words).items():
            owner = owners.setdefault((entry.family or entry.id, word), entry.id)
            if owner != entry.id or count > 1:
                yield "words", entry.id, f"words: '{word}' is also of '{owner}'"


def _sentence_faults(catalogue: Catalogue) -> Iterator[Fault]:
    for sentence in catalogue.sentences.values():
        for fault in _format_faults(sentence.text, SENTENCE_FIELDS):
            yield "sentences", sentence.id, fault


def _finding_faults(catalogue: Catalogue) -> Iterator[Fault]:
    for kind in catalogue.finding_kinds.values():
        for text in (kind.message, kind.action):
            for fault in _format_faults(text, kind.facts):
                yield "findings", kind.id, fault


def _numeral_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """Words that tell two reasons, and columns without figures for a reason that there is not."""
    reasons = catalogue.numeral_reasons
    for field in ("before", "behind", "else_before", "else_behind"):
        owners: dict[str, str] = {}
        for reason in reasons.values():
            for word in map(normalise, getattr(reason, field)):
                if (owner := owners.setdefault(word, reason.id)) != reason.id:
                    yield "numerals", reason.id, f"{field}: '{word}' is also of '{owner}'"
    for entry in catalogue.word_lists.values():
        if entry.family == COLUMNS_WITHOUT_FIGURES and entry.means not in reasons:
            yield "words", entry.id, f"means: no reason '{entry.means}' of a numeral"


def _format_faults(text: str, known: Iterable[str]) -> Iterator[str]:
    try:
        fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError as error:
        yield f"'{text}' is no format string: {error}"
        return
    for field in fields:
        if field not in set(known):
            yield f"'{text}' has the unknown field '{field}'"
