"""What a document says: the records that ``transforms`` makes of an Extraction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from extractors.document import Finding, Source

Measure = Literal["target", "result", "numerator", "denominator", "count"]
Supersession = Literal["replaces", "corrects", "supplements"]
HeaderField = Literal["unit", "as_of", "draft"]
"""What of a header a decision can state."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the document says of itself (Nghị định 30/2020/NĐ-CP, Phụ lục I).

    ``unit`` is the slug of the issuing unit; ``kind`` the tên loại ('Báo cáo'); ``title`` the
    trích yếu; ``as_of`` the last day of the period that its figures speak of; ``draft`` True when
    it calls itself a draft or carries no number; ``supersession`` and ``supersedes`` say what it
    does to which earlier document (its số, ký hiệu). ``printed`` is the header as the document
    itself says it, where decisions state something else or only its figures tell the day.
    """

    unit: str | None = None
    number: str | None = None
    issued_on: date | None = None
    as_of: date | None = None
    kind: str | None = None
    title: str | None = None
    draft: bool = False
    supersession: Supersession | None = None
    supersedes: str | None = None
    printed: Header | None = None

    def field(self, name: HeaderField) -> str | None:
        """One field as the log of decisions writes it: slug, ISO day, 'draft' or 'signed'."""
        if name == "unit":
            return self.unit
        if name == "as_of":
            return None if self.as_of is None else self.as_of.isoformat()
        return "draft" if self.draft else "signed"


@dataclass(frozen=True, slots=True)
class Restated:
    """What a decision states of the document of this sha256: ``value`` where it read ``before``.

    Both are text, as `Header.field` gives it.
    """

    document: str
    about: HeaderField
    before: str | None
    value: str

    def holds(self, header: Header) -> bool:
        """Whether the document is still understood as it was when deciding, or as stated."""
        return header.field(self.about) in {self.before, self.value}


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure with its source.

    ``value`` is exact as printed; ``decimals`` the number of decimals printed; ``approximate`` is
    True for 'gần', 'khoảng', 'hơn'; ``estimated`` for 'ước thực hiện'. ``confidence`` is 0..1.
    ``span`` is where the figure stands in its paragraph or cell, its unit's words included; None
    where it is what the cell as a whole says.
    """

    indicator: str | None
    label: str
    measure: Measure
    value: Decimal
    unit_of_measure: str
    unit: str | None
    as_of: date | None
    source: Source
    confidence: float
    decimals: int = 0
    approximate: bool = False
    estimated: bool = False
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Directive:
    """A legal or administrative document that is cited (văn bản chỉ đạo)."""

    kind: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    title: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Section:
    """A heading without its mark, its outline marks outermost first, and its paragraphs.

    ``indices`` are the paragraphs' indices in the Extraction, one for one.
    """

    path: tuple[str, ...]
    heading: str
    paragraphs: tuple[str, ...]
    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IsFigure:
    """The fate of a numeral that was read: the figures, by their places in the observations."""

    observations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoFigure:
    """The fate of a numeral that counts nothing: the reason, an id of ``catalog/numerals.yaml``."""

    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The fate of a numeral that is neither: what doubts it, by their places in the findings."""

    findings: tuple[int, ...]


Fate = IsFigure | NoFigure | InDoubt
"""What became of a numeral: exactly one of the three, and never nothing."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A fate as it is published: by its name, with all that there may be of it."""

    fate: Literal["figure", "not-a-figure", "doubt"]
    reason: str | None = None
    observations: tuple[int, ...] = ()
    findings: tuple[int, ...] = ()


def stated(fate: Fate) -> Stated:
    """A fate by its name."""
    match fate:
        case IsFigure(observations):
            return Stated("figure", observations=observations)
        case NoFigure(reason):
            return Stated("not-a-figure", reason)
        case InDoubt(findings):
            return Stated("doubt", findings=findings)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it stands on the page, at ``start`` of ``source.text``, and what became of it.

    Written in digits; in words or as a mark ('ba thôn', 'Đạt') only where it was read as a figure.
    """

    text: str
    start: int
    source: Source
    fate: Fate


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one document says."""

    header: Header
    observations: tuple[Observation, ...] = ()
    directives: tuple[Directive, ...] = ()
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
    numerals: tuple[Numeral, ...] = ()
