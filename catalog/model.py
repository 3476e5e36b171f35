"""The catalogue's entries: what is known about indicators, units, reports, words and findings.

Every entry comes from reviewed YAML in this folder, overlaid entry by entry (by ``id``) from
``$HOPNHAT_HOME/catalog/``. The models forbid unknown keys: a misspelt key is an error, not a
default. The JSON schema and the data dictionary are generated from these models, so the docstrings
and the field descriptions are what a reader of either sees.
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
    """A target that a legal document sets for a level of units.

    National targets of QĐ 1373/QĐ-TTg are shares of provinces; a commune's own come from its
    district's or its own plan and are read from the documents.
    """

    unit_level: Literal["country", "province", "district", "commune"]
    """The level of units that the target binds."""
    year: int
    """The target is to be reached by 31 December of this year."""
    value: Decimal
    """In percent, or in the indicator's own unit of measure."""
    legal_basis: str
    """Số, ký hiệu of the document that sets it."""
    certainty: Certainty


class Threshold(Entry):
    """A condition that a commune must meet to attain; all of an indicator's have to be met.

    Either ``rates`` together are at least ``least``, or ``attainment`` is attained too (mức độ 3
    includes mức độ 2).
    """

    rates: tuple[Slug, ...] = ()
    """Rates of one and the same whole; several are added before they are compared."""
    least: Decimal | None = Field(default=None, ge=0, le=100)
    """In percent."""
    attainment: Slug | None = None
    """Another attainment, with thresholds of its own."""
    communes: Literal["all", "ordinary", "disadvantaged"] = "all"
    """Whom it binds; disadvantaged are the xã có điều kiện kinh tế - xã hội đặc biệt khó khăn."""
    legal_basis: str
    """The article."""
    source: str
    certainty: Certainty


class Level(Entry):
    """A consolidated figure that a growth or plan percentage is recomputed from: 100 x (plus -
    minus) / base, each the sum of its levels; without a base plus - minus.
    """

    indicator: Slug
    role: Literal["plus", "minus", "base"]
    measure: Literal["result", "target"] = "result"
    """A result is also the count where the indicator is one."""
    period: Literal["same-day", "year-before", "by-year-end"] = "same-day"
    """Its day, seen from the percentage's own; by-year-end: a plan's, on the day or later in the
    year."""


class Component(Entry):
    """The numerator or the denominator of a rate."""

    name: str
    unit_of_measure: str
    wordings: tuple[str, ...] = ()
    """Other labels. A numerator's are unique in the catalogue (a row of its own is told by them);
    a denominator's may be shared by indicators, and count only beside their indicator."""
    indicator: Slug | None = None
    """The count that is the same quantity as a row of its own ('Tổng số hộ' is `so-ho`)."""


class Indicator(Entry):
    """One indicator: what is measured, how it is written, how it is rolled up."""

    id: Slug
    name: str
    """The catalogue's own wording; it counts as one of the wordings."""
    group: Slug
    kind: Kind
    roll_up: RollUp
    unit_of_measure: str
    precision: int = Field(default=2, ge=0, le=6)
    """Decimals that a report shows at most; the warehouse keeps six."""
    wordings: tuple[str, ...] = ()
    """Whole row labels, unique in the catalogue. The matcher is fuzzy: they hold the different
    ways to say it, not its misspellings."""
    not_wordings: tuple[str, ...] = ()
    """Labels that look alike and are something else."""
    must_contain: tuple[tuple[str, ...], ...] = ()
    """A label is this indicator only if it has, of every group, at least one of the alternatives
    as whole words, whatever their case: [['mức độ 2', 'mức 2'], ['THCS', 'trung học cơ sở']]."""
    must_not_contain: tuple[str, ...] = ()
    """A label with one of these as whole words is never this indicator."""
    numerator: Component | None = None
    denominator: Component | None = None
    weight: Slug | None = None
    """The indicator that weights an average."""
    levels: tuple[Level, ...] = ()
    """What a growth or plan percentage is recomputed from; without them it is refused."""
    identity: tuple[Slug, ...] = ()
    """Indicators whose sum equals this one."""
    minimum: Decimal | None = None
    """Lowest plausible value; below it the figure is doubtful."""
    maximum: Decimal | None = None
    """Highest plausible value for one commune; above it the figure is doubtful."""
    valid_from: date | None = None
    valid_to: date | None = None
    targets: tuple[Target, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    """What a commune must reach to attain: figures of several communes are pooled against it."""
    definition: str = ""
    source: str
    certainty: Certainty


class IndicatorGroup(Entry):
    """A group of indicators ('Xóa mù chữ và phổ cập giáo dục') with its other wordings."""

    id: Slug
    name: str
    wordings: tuple[str, ...] = ()
    source: str


class Unit(Entry):
    """An administrative unit in one span of validity; the key is (code, valid_from)."""

    slug: Slug
    """Unique over time: a namesake has its district or its province behind its name."""
    name: str
    """Without its type: 'Long Phụng'."""
    type: Literal[
        "xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh"
    ]
    code: str | None = None
    """Code of the General Statistics Office; codes are re-used by later units."""
    district: str | None = None
    """With its type, 'huyện Mộ Đức'; none for a unit made since 1 July 2025."""
    province: str
    """Without its type, as it was named in the span; of a unit that went on as it was, today's."""
    spellings: tuple[str, ...] = ()
    """Other ways to write its name."""
    formerly_in: tuple[str, ...] = ()
    """Districts and provinces that it lay in before within the span, without their types."""
    valid_from: date | None = None
    """First day; none: since before our records."""
    valid_to: date | None = None
    """Last day, inclusive; none: still."""
    disadvantaged: bool | None = None
    """Whether lower thresholds are its (xã đặc biệt khó khăn); none: not known."""
    source: str
    certainty: Certainty

    def is_valid(self, on: date) -> bool:
        """Whether the unit was there on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class EventShare(Entry):
    """Of a divided predecessor's figures this share is one successor's."""

    predecessor: Slug
    successor: Slug
    indicator: Slug | None = None
    """None: of every indicator that adds up and has no share of its own."""
    share: Decimal = Field(gt=0, le=1, max_digits=7, decimal_places=6)
    source: str
    """What the share rests on, in Vietnamese: it stands in the lineage of every figure."""
    certainty: Certainty


class UnitEvent(Entry):
    """A merger, split, part transfer, renaming or change of code, with its legal basis.

    In a part transfer the predecessors give a part to the successors, and both may go on as they
    were: of the figures of before, what the shares do not give away stays the giver's.
    """

    id: Slug
    kind: Literal["merger", "split", "part-transfer", "renaming", "code-change"]
    effective_on: date
    """First day of the successors."""
    predecessors: tuple[Slug, ...] = Field(min_length=1)
    successors: tuple[Slug, ...] = Field(min_length=1)
    shares: tuple[EventShare, ...] = ()
    legal_basis: str
    source: str
    certainty: Certainty


class Heading(Entry):
    """A heading of a report's outline."""

    path: tuple[str, ...] = Field(min_length=1)
    """Its marks, outermost first: ["II", "4", "4.1"]."""
    heading: str
    """The heading without its mark."""
    wordings: tuple[str, ...] = ()
    """What other offices call it."""
    intro: tuple[str, ...] = ()
    """Paragraphs of the template's own that open the section; format strings as in Report."""


class AnnexRow(Entry):
    """A row of an annex's table: an indicator in the report's own wording, or a group row."""

    mark: str
    label: str
    indicator: Slug | None = None
    """None: a group row."""


class Report(Entry):
    """A report type: title, basis, outline, annexes, recipients.

    Its sentences are format strings with the fields `unit` ('xã Long Phụng'), `province`
    ('tỉnh Quảng Ngãi'), `former_units` ('Đức Hiệp, Đức Nhuận và Thắng Lợi'), `as_of` ('30/6/2025'),
    `month` ('06/2025') and `year` ('2025').
    """

    id: Slug
    name: str
    by_default: bool = False
    """Whether it is the one that is written where none is asked for; one report type at most."""
    title: str
    """The trích yếu, below 'BÁO CÁO'."""
    addressee: str
    """After 'Kính gửi:'."""
    period: str
    """The period that it covers, as its title says it."""
    basis: tuple[str, ...]
    """The căn cứ, one a line, without the closing sign."""
    opening: tuple[str, ...]
    outline: tuple[Heading, ...]
    no_content: str
    """Printed under a heading that no former commune wrote under."""
    closing: tuple[str, ...]
    recipients: tuple[str, ...]
    """Nơi nhận, without dashes and closing signs."""
    directives_title: str
    """Title of the annex of directives."""
    indicators_title: str
    """Title of the annex of indicators."""
    comparison_title: str | None = None
    """Title of the annex that has the former communes side by side; None: no such annex. With it,
    a sentence of the outline has to mention Phụ lục III."""
    columns: tuple[str, ...]
    """Header cells of the annex of indicators: mark, label, target, result, note."""
    rows: tuple[AnnexRow, ...]
    template: str
    """File name of the Word template."""
    source: str


class Reference(Entry):
    """A known legal document, for checking citations."""

    id: Slug
    kind: str
    """Tên loại: 'Quyết định'."""
    number: str
    """Số, ký hiệu: '1373/QĐ-TTg'."""
    issued_on: date | None = None
    issuer: str
    title: str
    """Trích yếu, shortened where the source is."""
    keywords: tuple[str, ...] = ()
    """Phrases that stand beside its citation. A citation of another number of the same kind and
    issuer ('89/QĐ-TTg') beside them is doubtful; other kinds may well speak of the same."""
    source: str
    certainty: Certainty


class WordList(Entry):
    """Words that mean one thing: a header cell's role, a unit of measure, a blank cell.

    Lists of one family say what a word means among alternatives (`column-role`, `multiplier`,
    `unit-of-measure`, `document-kind` …): `means` is then unique in the family.
    """

    id: Slug
    words: tuple[str, ...] = Field(min_length=1)
    family: Slug | None = None
    means: str | None = None
    """What the words stand for within the family: 'numerator', '1000', 'người'."""


class Sentence(Entry):
    """How a report says a consolidated figure of a kind of indicator.

    A format string with the fields `name` (the indicator's), `area` ('xã'), `value`,
    `unit_of_measure`, `fraction` (' (3.721/4.733 hộ)', or nothing) and `equation` ('3/3 xã cũ').
    """

    id: Kind
    """The kind of indicator; what a kind without an entry counts is not put together in text."""
    text: str
    """Vietnamese: a whole sentence with its full stop."""


class FindingKind(Entry):
    """A finding's code: how grave, whether it blocks issuing, what the officer reads."""

    id: Slug
    severity: Literal["error", "warning", "info"]
    blocking: bool
    """True when the report would be wrong or incomplete because of it."""
    facts: tuple[str, ...] = ()
    """Names of the facts that fill the texts' fields."""
    message: str
    """Vietnamese: what happened and why it matters."""
    action: str
    """Vietnamese: what to do."""


class NumeralReason(Entry):
    """Why a numeral of a document is no figure.

    The words are compared in lower case, whole, with what stands right beside the numeral.
    """

    id: Slug
    name: str
    """Vietnamese: what an officer reads."""
    meaning: str
    """Vietnamese: which numerals these are, with examples."""
    before: tuple[str, ...] = ()
    """Words before a numeral that tell the reason whatever the numeral looks like."""
    behind: tuple[str, ...] = ()
    """The same behind it."""
    else_before: tuple[str, ...] = ()
    """Words before a numeral that tell the reason where nothing else does."""
    else_behind: tuple[str, ...] = ()
    """The same behind it."""


class CatalogueFile(Entry):
    """One YAML file of the catalogue: any of these sections, each a list of entries."""

    groups: tuple[IndicatorGroup, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    units: tuple[Unit, ...] = ()
    unit_events: tuple[UnitEvent, ...] = ()
    reports: tuple[Report, ...] = ()
    references: tuple[Reference, ...] = ()
    words: tuple[WordList, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    findings: tuple[FindingKind, ...] = ()
    numerals: tuple[NumeralReason, ...] = ()
