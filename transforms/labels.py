"""Labels of a table's figures, lengthened until each names one figure and no other.

A label is the row's words with what the header adds to them. Where two figures of the same
measure, unit and day would still share one, the groups that their rows stand under are put before
it, then the rest of the header path behind it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transforms.text import key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reading import Observation


@dataclass(frozen=True, slots=True)
class Origin:
    """What a figure stands under: groups of its row, outermost first, and its header path."""

    ancestors: tuple[str, ...]
    path: tuple[str, ...]


def told_apart(observations: Sequence[Observation], origins: Sequence[Origin]) -> list[Observation]:
    """Return the figures with labels that tell those of different values apart, where the table's
    own words can; ``origins`` has one entry a figure, in the same order.
    """
    named = list(observations)
    for lengthened in (_under_groups, _under_headers):
        for place in clashing(named):
            label = lengthened(named[place].label, origins[place])
            named[place] = replace(named[place], label=label)
    return named


def clashing(observations: Sequence[Observation]) -> list[int]:
    """Return the places of figures that share label, measure, unit and day and differ in value."""
    places: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(observations):
        places[one.label, one.measure, one.unit, one.as_of].append(place)
    return [
        place
        for group in places.values()
        if len({observations[place].value for place in group}) > 1
        for place in group
    ]


def _under_groups(label: str, origin: Origin) -> str:
    return _joined(origin.ancestors, label, before=True)


def _under_headers(label: str, origin: Origin) -> str:
    return _joined(origin.path, label, before=False)


def _joined(texts: Sequence[str], label: str, *, before: bool) -> str:
    known = key(label)
    added = [text for text in dict.fromkeys(texts) if text and key(text) not in known]
    return " · ".join([*added, label] if before else [label, *added])
