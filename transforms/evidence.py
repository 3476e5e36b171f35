"""What a figure's confidence comes from, and the arithmetic that figures must stand.

A figure starts from how surely its characters were read (1 for text formats, the words' confidence
for scans) and is multiplied by a factor below for each step of understanding that was not certain.
Arithmetic that fails does not lower confidence: it is a finding on the figure.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from extractors.document import Finding
from transforms.arithmetic import fits, one_digit_repairs, ratio, rounds_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from transforms.reading import Observation

NARRATIVE = 0.95
"""Of a figure of running text, which no column explains."""
BY_CONTENT = 0.7
"""Factor on the confidence of a figure whose column only its content explains, not its header."""
UNMATCHED = 0.8
"""Factor on the confidence of a figure that no indicator of the catalogue explains."""
ASSUMED_PERCENT = 0.8
"""Factor where a rate's figure carries no sign of percent, near or far."""


def table_against_text(observations: Iterable[Observation]) -> Iterator[Finding]:
    """table-differs-from-text for each exact figure of the running text that stands otherwise in a
    table of the same document, and nowhere as it is written; rounding is no difference.
    """
    tabled: defaultdict[tuple[object, ...], list[Observation]] = defaultdict(list)
    written: list[Observation] = []
    for one in observations:
        if one.indicator is None or one.unit is None or one.as_of is None or one.approximate:
            continue
        if one.source.kind == "table":
            tabled[_counted(one)].append(one)
        else:
            written.append(one)
    for one in written:
        others = tabled[_counted(one)]
        if others and not any(_agree(one, other) for other in others):
            facts = {
                "label": one.label, "table": str(others[0].value), "text": str(one.value),
            }  # fmt: skip
            yield Finding("table-differs-from-text", facts, one.source, one.unit, one.indicator)


def _counted(one: Observation) -> tuple[object, ...]:
    return one.indicator, one.unit, one.as_of, one.measure, one.unit_of_measure


def _agree(one: Observation, other: Observation) -> bool:
    coarse, fine = sorted((one, other), key=lambda figure: figure.decimals)
    return rounds_to(fine.value, coarse.value, coarse.decimals)


def rate_findings(groups: Iterable[dict[str, Observation]]) -> list[Finding]:
    """rate-mismatch findings for groups of numerator, denominator and printed result, and
    part-exceeds-whole where more attained than there are.

    A repair by one digit that would make the three fit is proposed in the facts, never applied.
    """
    findings = []
    for group in groups:
        if {"numerator", "denominator"} <= group.keys():
            findings += _beyond_the_whole(group["numerator"], group["denominator"])
        if not {"numerator", "denominator", "result"} <= group.keys():
            continue
        top, bottom, rate = group["numerator"], group["denominator"], group["result"]
        if fits(top.value, bottom.value, rate.value, rate.decimals):
            continue
        computed = ratio(top.value, bottom.value, max(rate.decimals, 2))
        repairs = one_digit_repairs(top.value, bottom.value, rate.value, rate.decimals)
        facts = {
            "label": rate.label, "numerator": str(top.value), "denominator": str(bottom.value),
            "computed": str(computed), "printed": str(rate.value), "repairs": "; ".join(repairs),
        }  # fmt: skip
        findings.append(Finding("rate-mismatch", facts, rate.source, rate.unit, rate.indicator))
    return findings


def _beyond_the_whole(part: Observation, whole: Observation) -> list[Finding]:
    if part.value <= whole.value:
        return []
    facts = {"label": part.label, "numerator": str(part.value), "denominator": str(whole.value)}
    return [Finding("part-exceeds-whole", facts, part.source, part.unit, part.indicator)]
