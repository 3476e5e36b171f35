"""What people settled: the lines of the log of decisions, and which of them still hold.

A decision says what was seen when it was taken. Where that is no longer so it is void and asks
again; it is never applied to something that nobody looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from catalog.catalogue import Taught
from catalog.country import with_units
from catalog.model import Slug
from transforms.reading import HeaderField, Restated

if TYPE_CHECKING:
    from catalog.catalogue import Catalogue
    from catalog.model import Unit
    from transforms.matching import Matcher
    from transforms.reading import Header, Observation

MOST_DIGITS, MOST_DECIMALS = 18, 6


def _kept_exactly(value: Decimal) -> Decimal:
    """The value, if the warehouse's ``DECIMAL(24, 6)`` holds it without rounding."""
    if not value.is_finite():
        raise ValueError("not a number")
    whole, _, decimals = format(value, "f").lstrip("-").partition(".")
    if len(whole) > MOST_DIGITS or len(decimals.rstrip("0")) > MOST_DECIMALS:
        raise ValueError(f"more than {MOST_DIGITS} digits or {MOST_DECIMALS} decimals")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Exact = Annotated[
    Decimal,
    AfterValidator(_kept_exactly),
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
]
"""A figure, written as text so that no reader makes a float of it."""
Share = Annotated[Exact, Field(gt=0, le=1)]
Component = Literal["numerator", "denominator"]


class Line(BaseModel):
    """Base: frozen, and strict about keys, since a misspelt one would be a decision lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Seen(Line):
    """What stood there when deciding: the source's hash, its place, its words and its value."""

    document: Sha256 | None = None
    file_name: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    text: str | None = None
    value: Exact | None = None


class SeenDocument(Seen):
    """As above, of a document that is named by its hash in any case."""

    document: Sha256
    file_name: str


class _Decision(Line):
    """``after`` is the sha256 of the line before it in the log, so that a line that was edited or
    taken out shows; lines of before there was one lack it.
    """

    id: Id
    at: AwareDatetime
    by: Words
    why: Words
    after: Sha256 | None = None


class Wording(_Decision):
    """A label names an indicator, or its numerator or denominator, wherever it stands.

    ``before`` is what the catalogue took it for when deciding: where the catalogue has learned
    something else since, the decision is void.
    """

    kind: Literal["wording"] = "wording"
    label: Words
    indicator: Slug
    component: Component | None = None
    before: str | None = None
    seen: Seen


class _OfFigure(_Decision):
    observation: Id
    seen: Seen


class Settle(_OfFigure):
    """Of figures that differ this one is right; ``others`` are those that it was chosen over."""

    kind: Literal["settle"] = "settle"
    others: dict[Id, Exact | None]


class Correct(_OfFigure):
    """The figure is ``value``, in the unit of measure that it was read with; in the indicator's
    own, where that is one that cannot be converted.
    """

    kind: Literal["correct"] = "correct"
    value: Exact
    others: dict[Id, Exact | None] = {}


class Reject(_OfFigure):
    """The figure is left out."""

    kind: Literal["reject"] = "reject"


class Accept(_Decision):
    """These findings were looked at and do not keep the report from being issued.

    ``findings`` are their ids, each with the message that was read.
    """

    kind: Literal["accept"] = "accept"
    findings: Annotated[dict[Id, Words], Field(min_length=1)]
    observation: Id | None = None
    seen: Seen


class Allocate(_Decision):
    """Of a divided unit's figures this share is the successor's; ``indicator`` None: of all."""

    kind: Literal["allocate"] = "allocate"
    unit: Slug
    successor: Slug
    indicator: Slug | None = None
    share: Share
    basis: Words


class Document(_Decision):
    """The document ``seen`` is of this unit or day, or is a draft or signed: ``value``.

    ``before`` is what it was understood to say itself when deciding; both as `Header.field` has it.
    """

    kind: Literal["document"] = "document"
    about: HeaderField
    before: str | None
    value: str
    seen: SeenDocument

    @model_validator(mode="after")
    def _is_a_value_of_its_field(self) -> Self:
        match self.about:
            case "unit":
                TypeAdapter(Slug).validate_python(self.value)
            case "as_of":
                if date.fromisoformat(self.value).isoformat() != self.value:
                    raise ValueError("not a day")
            case "draft":
                if self.value not in {"draft", "signed"}:
                    raise ValueError("neither draft nor signed")
        return self

    @property
    def restated(self) -> Restated:
        """What it states, as reading takes it."""
        return Restated(self.seen.document, self.about, self.before, self.value)


class Gone(_Decision):
    """These are gone on purpose: documents of the inbox, by sha256 with their names; decisions of
    the log, by id with what they said; lines of the log (by their sha256) before which one is.
    """

    kind: Literal["gone"] = "gone"
    documents: dict[Sha256, str] = {}
    decisions: dict[Id, str] = {}
    breaks: tuple[Sha256, ...] = ()


class Withdraw(_Decision):
    """An earlier decision no longer holds."""

    kind: Literal["withdraw"] = "withdraw"
    decision: Id


Decision = Wording | Settle | Correct | Reject | Accept | Allocate | Document | Gone | Withdraw
LINE: TypeAdapter[Decision] = TypeAdapter(Annotated[Decision, Field(discriminator="kind")])
"""One line of the log."""

Status = Literal["applied", "unused", "replaced", "withdrawn", "void"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a decision holds, where that is known before the warehouse is built.

    ``found`` is what a void decision meets instead of what it expects.
    """

    status: Status
    found: str | None = None


def rulings(
    decisions: Sequence[Decision], catalogue: Catalogue, matcher: Matcher | None
) -> dict[str, Ruling]:
    """By id: the rulings on wordings, on shares of divided units, on what is stated of documents
    (as far as it is known before they are read), and on all that was withdrawn.

    ``matcher`` is the catalogue's own, that was taught nothing; it may lack where there is no
    wording.
    """
    withdrawn = {one.decision for one in decisions if isinstance(one, Withdraw)}
    wordings = [one for one in decisions if isinstance(one, Wording) and one.id not in withdrawn]
    ruled = {} if matcher is None else _of_wordings(wordings, catalogue, matcher)
    for one in decisions:
        if one.id in withdrawn:
            ruled[one.id] = Ruling("withdrawn")
        elif isinstance(one, Allocate):
            ruled[one.id] = _of_allocation(one, decisions, withdrawn, catalogue)
        elif isinstance(one, Document):
            ruled[one.id] = _of_document(one, decisions, withdrawn, catalogue)
        elif isinstance(one, Gone | Withdraw):
            ruled[one.id] = Ruling("applied")
    return ruled


def _of_allocation(
    one: Allocate, decisions: Sequence[Decision], withdrawn: set[str], catalogue: Catalogue
) -> Ruling:
    if not divides(catalogue, one.unit, one.successor):
        return Ruling("void", f"danh mục không còn việc chia {one.unit} cho {one.successor}")
    if one.indicator is not None and one.indicator not in catalogue.indicators:
        return Ruling("void", f"danh mục không còn chỉ tiêu {one.indicator}")
    about = (one.unit, one.successor, one.indicator)
    return _if_newest(
        one,
        (
            other
            for other in decisions
            if isinstance(other, Allocate) and other.id not in withdrawn
            if (other.unit, other.successor, other.indicator) == about
        ),
    )


def _of_document(
    one: Document, decisions: Sequence[Decision], withdrawn: set[str], catalogue: Catalogue
) -> Ruling:
    if one.about == "unit" and unit_of(catalogue, one.value) is None:
        return Ruling("void", f"danh mục không còn đơn vị {one.value}")
    return _if_newest(
        one,
        (
            other
            for other in decisions
            if isinstance(other, Document) and other.id not in withdrawn
            if (other.seen.document, other.about) == (one.seen.document, one.about)
        ),
    )


def _if_newest(one: Decision, alike: Iterable[Decision]) -> Ruling:
    newest = max(alike, key=lambda other: (other.at, other.id))
    return Ruling("applied" if newest.id == one.id else "replaced")


def unit_of(catalogue: Catalogue, slug: str) -> Unit | None:
    """The unit of a slug, of the catalogue or of the whole country."""
    return with_units(catalogue, (), [slug]).units.get(slug)


def divides(catalogue: Catalogue, unit: str, successor: str) -> bool:
    """Whether one event of the catalogue divides the unit and makes this one of its successors.

    Of several the share would not say which one it is of: those have theirs in the catalogue.
    """
    divisions = [
        event
        for event in catalogue.unit_events.values()
        if unit in event.predecessors
        and successor in event.successors
        and unit != successor
        and (event.kind == "part-transfer" or len(set(event.successors)) > 1)
    ]
    return len(divisions) == 1


def _of_wordings(
    wordings: Sequence[Wording], catalogue: Catalogue, matcher: Matcher
) -> dict[str, Ruling]:
    in_order = sorted(wordings, key=lambda one: (one.at, one.id))
    newest = {matcher.normal(one.label): one.id for one in in_order}
    return {
        one.id: _of_wording(one, catalogue, matcher)
        if newest[matcher.normal(one.label)] == one.id
        else Ruling("replaced")
        for one in wordings
    }


def _of_wording(wording: Wording, catalogue: Catalogue, matcher: Matcher) -> Ruling:
    indicator = catalogue.indicators.get(wording.indicator)
    if indicator is None:
        return Ruling("void", f"danh mục không còn chỉ tiêu {wording.indicator}")
    now = matcher.match(wording.label).indicator
    if now not in {wording.before, wording.indicator}:
        known = "không khớp chỉ tiêu nào" if now is None else catalogue.indicators[now].name
        return Ruling("void", f"danh mục hiểu là: {known}")
    return Ruling("applied")


def taught(decisions: Iterable[Decision], ruled: Mapping[str, Ruling]) -> tuple[Taught, ...]:
    """The wordings that hold, in the order of the log."""
    return tuple(
        Taught(one.label, one.indicator, one.component)
        for one in decisions
        if isinstance(one, Wording) and ruled[one.id].status == "applied"
    )


def restated(decisions: Iterable[Decision], ruled: Mapping[str, Ruling]) -> tuple[Restated, ...]:
    """What the decisions that hold so far state of documents, in the order of the log."""
    return tuple(
        one.restated
        for one in decisions
        if isinstance(one, Document) and ruled[one.id].status == "applied"
    )


def with_documents(
    decisions: Iterable[Decision],
    ruled: Mapping[str, Ruling],
    documents: Sequence[tuple[str, str, Header]],
    catalogue: Catalogue,
) -> dict[str, Ruling]:
    """The rulings, with what became of the decisions on documents now that these were read.

    ``documents`` are sha256, file name and header of each. A decision is void where a file of its
    name has other bytes or the document is understood otherwise than when deciding; unused where
    there is neither.
    """
    read = {sha256: header for sha256, _, header in documents}
    names = {name for _, name, _ in documents}
    after = dict(ruled)
    for one in decisions:
        if not isinstance(one, Document) or ruled[one.id].status != "applied":
            continue
        header = read.get(one.seen.document)
        own = header and (header.printed or header)
        if own is None and one.seen.file_name in names:
            after[one.id] = Ruling("void", f"tệp {one.seen.file_name} có nội dung khác")
        elif own is None:
            after[one.id] = Ruling("unused")
        elif not one.restated.holds(own):
            found = in_words(one.about, own.field(one.about), catalogue)
            after[one.id] = Ruling("void", found)
    return after


def in_words(about: HeaderField, value: str | None, catalogue: Catalogue) -> str:
    """A field of a header as an officer reads it: 'đơn vị: xã Đức Hiệp'."""
    name = {"unit": "đơn vị", "as_of": "ngày số liệu", "draft": "bản"}[about]
    if value is None:
        return f"{name}: chưa rõ"
    match about:
        case "unit":
            unit = unit_of(catalogue, value)
            value = value if unit is None else f"{unit.type} {unit.name}"
        case "as_of":
            value = f"{date.fromisoformat(value):%d/%m/%Y}"
        case "draft":
            value = "dự thảo" if value == "draft" else "chính thức"
    return f"{name}: {value}"


def with_use(
    decisions: Iterable[Decision],
    ruled: Mapping[str, Ruling],
    observations: Iterable[Observation],
    matcher: Matcher,
) -> dict[str, Ruling]:
    """The rulings, with 'unused' for a wording that no figure read was taken by."""
    met = {(matcher.normal(one.label), one.indicator) for one in observations}
    return {
        **ruled,
        **{
            one.id: Ruling("unused")
            for one in decisions
            if isinstance(one, Wording)
            and ruled[one.id].status == "applied"
            and (matcher.normal(one.label), one.indicator) not in met
        },
    }
