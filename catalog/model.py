"""The catalogue's entries: what is known about indicators, units, reports, words and findings.

Every entry comes from reviewed YAML in this folder, overlaid entry by entry (by ``id``) from
``$HOPNHAT_HOME/catalog/``. The models forbid unknown keys: a misspelt key is an error, not a
default.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Certainty = Literal["V", "V2", "I", "NV"]
"""V read in the source named; V2 read in a secondary source; I inferred; NV not verified."""

Kind = Literal["count", "rate", "attainment", "level", "amount", "average", "growth", "list"]
RollUp = Literal[
    "sum",  # counts, areas, money: the parts are added
    "ratio-of-sums",  # rates: sum of numerators / sum of denominators
    "attainment",  # k of n former communes; 100 only when all attain
    "weighted-average",  # averages, weighted by the indicator named in `weight`
    "lowest",  # levels
    "recompute",  # growth and plan percentages: from the summed levels, never from percentages
    "union",  # lists
    "none",  # not additive: refused with the reason
]


class Entry(BaseModel):
    """Base of all entries: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(Entry):
    """A target that a legal document sets for a level of units, in percent or the own unit."""

    unit_level: Literal["country", "province", "district", "commune"]
    year: int
    value: Decimal
    legal_basis: str
    certainty: Certainty


class Component(Entry):
    """The numerator or the denominator of a rate: its name, its unit and its other wordings."""

    name: str
    unit_of_measure: str
    wordings: tuple[str, ...] = ()


class Indicator(Entry):
    """One indicator. `precision` is the number of decimals that a report shows.

    `wordings` are whole row labels met for it; the matcher is fuzzy, so they hold the different
    ways to say it, not its misspellings. `not_wordings` are labels that look alike and are
    something else. `identity` names indicators whose sum equals this one.
    """

    id: Slug
    name: str
    group: Slug
    kind: Kind
    roll_up: RollUp
    unit_of_measure: str
    precision: int = Field(default=2, ge=0, le=6)
    wordings: tuple[str, ...] = ()
    not_wordings: tuple[str, ...] = ()
    numerator: Component | None = None
    denominator: Component | None = None
    weight: Slug | None = None
    identity: tuple[Slug, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    targets: tuple[Target, ...] = ()
    thresholds: tuple[str, ...] = ()
    definition: str = ""
    source: str
    certainty: Certainty


class IndicatorGroup(Entry):
    """A group of indicators ('Xóa mù chữ và phổ cập giáo dục') with its other wordings."""

    id: Slug
    name: str
    wordings: tuple[str, ...] = ()


class Unit(Entry):
    """An administrative unit in one span of validity; the key is (code, valid_from).

    `slug` is unique over time. `valid_from` None: since before our records; `valid_to` None: still.
    Both days are inclusive.
    """

    slug: Slug
    name: str
    type: Literal["xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh"]
    code: str | None
    district: str | None
    province: str
    valid_from: date | None
    valid_to: date | None
    source: str
    certainty: Certainty


class UnitEvent(Entry):
    """A merger, split, part transfer, renaming or change of code, with its legal basis."""

    id: Slug
    kind: Literal["merger", "split", "part-transfer", "renaming", "code-change"]
    effective_on: date
    predecessors: tuple[Slug, ...]
    successors: tuple[Slug, ...]
    legal_basis: str
    source: str
    certainty: Certainty


class Heading(Entry):
    """A heading of a report's outline: its mark ('II.4.1' is path of marks), text, other wordings.

    `template` is the text that the report prints where no former commune wrote anything, or None
    to say that there is no content.
    """

    path: tuple[str, ...]
    heading: str
    wordings: tuple[str, ...] = ()


class AnnexRow(Entry):
    """A row of an annex's table: an indicator in the report's own wording, or a group row."""

    mark: str
    label: str
    indicator: Slug | None = None


class Report(Entry):
    """A report type: title, basis, outline, annexes, recipients."""

    id: Slug
    name: str
    title: str
    addressee: str
    period: str
    basis: tuple[str, ...]
    opening: tuple[str, ...]
    outline: tuple[Heading, ...]
    closing: tuple[str, ...]
    recipients: tuple[str, ...]
    directives_title: str
    indicators_title: str
    columns: tuple[str, ...]
    rows: tuple[AnnexRow, ...]
    template: str


class Reference(Entry):
    """A known legal document, for checking citations."""

    id: Slug
    kind: str
    number: str
    issued_on: date | None
    issuer: str
    title: str
    keywords: tuple[str, ...] = ()
    source: str
    certainty: Certainty


class WordList(Entry):
    """Words that give a table's header cell a role, or a sentence's word a sense."""

    id: Slug
    words: tuple[str, ...]


class FindingKind(Entry):
    """A finding's code: how grave, whether it blocks issuing, what the officer reads.

    `message` is a Vietnamese format string over the finding's facts: what happened, why it
    matters; `action` what to do.
    """

    id: Slug
    severity: Literal["error", "warning", "info"]
    blocking: bool
    message: str
    action: str
