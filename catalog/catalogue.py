"""The loaded catalogue, as the other layers use it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from catalog.model import (
    FindingKind,
    Indicator,
    IndicatorGroup,
    NumeralReason,
    Reference,
    Report,
    Sentence,
    Unit,
    UnitEvent,
    WordList,
)

if TYPE_CHECKING:
    from catalog.country import Country

UNKNOWN_FACT = "(không rõ)"


@dataclass(frozen=True, slots=True)
class Taught:
    """A label that a person mapped to an indicator, or to its numerator or denominator."""

    label: str
    indicator: str
    component: Literal["numerator", "denominator"] | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries by their id (units by slug), cross-checked.

    ``words`` are the words of each of ``word_lists``, and of each family of them. ``digest`` is
    the sha256 of all entries' content, independent of their files and of their order. ``taught``
    are the wordings that people added to it by decisions; they go before its own. ``country`` has
    the units of the whole country; ``units`` and ``unit_events`` go before it.
    """

    groups: Mapping[str, IndicatorGroup]
    indicators: Mapping[str, Indicator]
    units: Mapping[str, Unit]
    unit_events: Mapping[str, UnitEvent]
    reports: Mapping[str, Report]
    references: Mapping[str, Reference]
    word_lists: Mapping[str, WordList]
    words: Mapping[str, tuple[str, ...]]
    finding_kinds: Mapping[str, FindingKind]
    digest: str
    taught: tuple[Taught, ...] = ()
    country: Country | None = None
    sentences: Mapping[str, Sentence] = field(default_factory=dict)
    numeral_reasons: Mapping[str, NumeralReason] = field(default_factory=dict)

    def taught_also(self, wordings: Sequence[Taught]) -> Catalogue:
        """The catalogue with these wordings, under a digest of its own; itself if there are none.

        Of one label's wordings the last one holds.
        """
        if not wordings:
            return self
        content = json.dumps([self.digest, *map(astuple, wordings)], ensure_ascii=False)
        digest = hashlib.sha256(content.encode()).hexdigest()
        return replace(self, taught=(*self.taught, *wordings), digest=digest)

    def family(self, name: str) -> dict[str, tuple[str, ...]]:
        """The word lists of a family: meaning -> words ('multiplier': '1000' -> nghìn, ngàn).

        Raises KeyError where there is no such family.
        """
        lists = [entry for entry in self.word_lists.values() if entry.family == name]
        if not lists:
            raise KeyError(name)
        return {entry.means: entry.words for entry in lists if entry.means is not None}

    def describe(
        self, finding: str, facts: Mapping[str, str]
    ) -> tuple[Literal["error", "warning", "info"], bool, str]:
        """Severity, whether it blocks issuing, and the officer's text of a finding.

        Raises KeyError for a code that the catalogue does not know.
        """
        kind = self.finding_kinds[finding]
        known = defaultdict(lambda: UNKNOWN_FACT, facts)
        return kind.severity, kind.blocking, f"{kind.message} {kind.action}".format_map(known)
