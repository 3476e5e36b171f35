"""From what documents say and the catalogue holds to the frames of the warehouse."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pandas as pd

from catalog.catalogue import Catalogue
from catalog.model import Indicator
from extractors.document import Extraction, Finding, Source
from transforms.reading import Observation, Reading, stated
from transforms.schemas import Frames, frame

if TYPE_CHECKING:
    from transforms.narrative import MergedParagraph


@dataclass(frozen=True, slots=True)
class Received:
    """One document, what stands in it and what it says; ``received_at`` carries its time zone."""

    extraction: Extraction
    reading: Reading
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding on something in the inbox that is no document, by its name."""

    file_name: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Run:
    """The run that builds the warehouse; ``version`` is the program's."""

    run: str
    started_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person settled: about an observation, a wording, or findings.

    ``expected`` is the value that was seen when deciding (in words, where it is of a document):
    where the observation has another one by now, the decision is void. ``value`` is what a
    correction puts in its place. ``others`` are the observations that it was chosen over, with
    their values (None: all that there are); ``findings`` the ids that it accepts. ``ruled`` and
    ``found``: its status, where that is known already, and what a void one met. ``line`` is the
    decision as it stands in the log.
    """

    decision: str
    decided_at: datetime
    decided_by: str
    reason: str
    kind: Literal[
        "settle",
        "correct",
        "reject",
        "wording",
        "accept",
        "allocate",
        "document",
        "gone",
        "withdraw",
    ]
    observation: str | None = None
    expected: Decimal | str | None = None
    value: Decimal | None = None
    document: str | None = None
    label: str | None = None
    indicator: str | None = None
    others: Mapping[str, Decimal | None] | None = None
    findings: Sequence[str] = ()
    ruled: str | None = None
    found: str | None = None
    line: str | None = None


def build_frames(
    received: Sequence[Received],
    catalogue: Catalogue,
    *,
    run: Run,
    decisions: Sequence[Decision] = (),
    narrative: Iterable[MergedParagraph] = (),
    refused: Iterable[Refused] = (),
) -> Frames:
    """The frames of a run: its documents in the order of their hashes, then the catalogue.

    A value that ``DECIMAL(24, 6)`` cannot hold exactly becomes null, with a finding. Raises
    SchemaErrors for a frame at fault and KeyError for a finding that the catalogue does not know.
    """
    received = _distinct(received)
    refused = list(refused)
    observations = _observations(received)
    return Frames(
        document=_documents(received),
        cell=_cells(received),
        observation=observations,
        directive=_directives(received),
        section=_sections(received),
        numeral=_numerals(received, list(observations["observation"]), len(refused)),
        narrative=_narratives(narrative),
        finding=_findings(received, refused, catalogue),
        decision=_decisions(decisions),
        run=frame(
            "run",
            run=[run.run],
            started_at=[run.started_at],
            version=[run.version],
            catalogue=[catalogue.digest],
            documents=[len(received)],
            observations=[len(observations)],
            decisions=[len(decisions)],
        ),
        **catalogue_frames(catalogue),
    )


def exact(value: Decimal | None) -> str | None:
    """The value as the warehouse holds it, or None where it could not without rounding."""
    if value is None or not value.is_finite():
        return None
    whole, _, decimals = format(value, "f").partition(".")
    decimals = decimals[:6] + decimals[6:].rstrip("0")
    most_digits, most_decimals = 18, 6
    if len(whole.lstrip("-")) > most_digits or len(decimals) > most_decimals:
        return None
    return f"{whole}.{decimals}" if decimals else whole


def observation_id(document: str, source: Source, measure: str, ordinal: int) -> str:
    """Sixteen hex digits of the figure's place, independent of what the figure is taken to mean.

    ``ordinal`` counts the figures of one measure in one place.
    """
    place = (source.kind, source.page, source.table, source.row, source.column)
    text = "|".join(str(part) for part in (document, *place, measure, ordinal))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _distinct(received: Sequence[Received]) -> list[Received]:
    by_hash: dict[str, Received] = {}
    for each in received:
        by_hash.setdefault(each.extraction.sha256, each)
    return [by_hash[sha256] for sha256 in sorted(by_hash)]


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _attributes(objects: Sequence[Any], names: str) -> dict[str, list[Any]]:
    """Columns of the objects' attributes of these names; null where the object is None."""
    return {
        name: [None if each is None else getattr(each, name) for each in objects]
        for name in names.split()
    }


def _places(sources: Sequence[Source | None]) -> dict[str, list[Any]]:
    return _attributes(sources, "page table row column text")


def _boxes(boxes: Sequence[tuple[float, ...] | None]) -> dict[str, list[float | None]]:
    return {
        name: [None if box is None else box[index] for box in boxes]
        for index, name in enumerate(("x0", "top", "x1", "bottom"))
    }


def _documents(received: Sequence[Received]) -> pd.DataFrame:
    extractions = [each.extraction for each in received]
    headers = [each.reading.header for each in received]
    printed = [header.printed or header for header in headers]
    return frame(
        "document",
        document=[each.sha256 for each in extractions],
        printed_unit=[header.unit for header in printed],
        printed_as_of=[header.as_of for header in printed],
        printed_draft=[header.draft for header in printed],
        received_at=[each.received_at for each in received],
        **_attributes(extractions, "file_name media_type pages extractor"),
        **_attributes(
            headers, "unit number issued_on as_of kind title draft supersession supersedes"
        ),
    )


def _cells(received: Sequence[Received]) -> pd.DataFrame:
    placed = [
        (each.extraction.sha256, table, cell)
        for each in received
        for table in each.extraction.tables()
        for cell in table.cells
    ]
    cells = [cell for _, _, cell in placed]
    return frame(
        "cell",
        document=[document for document, _, _ in placed],
        table=[table.index for _, table, _ in placed],
        sheet=[table.sheet for _, table, _ in placed],
        page=[table.page if cell.page is None else cell.page for _, table, cell in placed],
        **_boxes([cell.bbox for cell in cells]),
        **_attributes(
            cells, "row column row_span column_span text original value hidden confidence"
        ),
    )


def _observations(received: Sequence[Received]) -> pd.DataFrame:
    documents = [each.extraction.sha256 for each in received for _ in each.reading.observations]
    observations = [each for of in received for each in of.reading.observations]
    sources = [each.source for each in observations]
    return frame(
        "observation",
        observation=list(_observation_ids(documents, observations)),
        document=documents,
        value=[exact(each.value) for each in observations],
        kind=[source.kind for source in sources],
        **_places(sources),
        **_boxes([source.bbox for source in sources]),
        **_attributes(observations, "indicator label measure decimals unit_of_measure unit as_of"),
        **_attributes(observations, "confidence approximate estimated"),
    )


def _observation_ids(
    documents: Sequence[str], observations: Sequence[Observation]
) -> Iterator[str]:
    seen: Counter[tuple[Any, ...]] = Counter()
    for document, each in zip(documents, observations, strict=True):
        source = each.source
        place = (source.kind, source.page, source.table, source.row, source.column)
        key = (document, *place, each.measure)
        yield observation_id(document, source, each.measure, seen[key])
        seen[key] += 1


def _numerals(
    received: Sequence[Received], observation_ids: Sequence[str], refused: int
) -> pd.DataFrame:
    """The numerals, each with the ids of its observations and the places of its findings among
    those of all documents.
    """
    numerals = [numeral for each in received for numeral in each.reading.numerals]
    fates = [stated(numeral.fate) for numeral in numerals]
    documents: list[str] = []
    observations: list[str] = []
    findings: list[str] = []
    seen, found = 0, refused
    for each in received:
        found += len(each.extraction.findings)
        for numeral in each.reading.numerals:
            fate = stated(numeral.fate)
            documents.append(each.extraction.sha256)
            observations.append(_json(observation_ids[seen + one] for one in fate.observations))
            findings.append(_json(found + one for one in fate.findings))
        seen += len(each.reading.observations)
        found += len(_found(each)) - len(each.extraction.findings)
    sources = [numeral.source for numeral in numerals]
    return frame(
        "numeral",
        document=documents,
        numeral=[numeral.text for numeral in numerals],
        kind=[source.kind for source in sources],
        observations=observations,
        findings=findings,
        **_places(sources),
        **_boxes([source.bbox for source in sources]),
        **_attributes(numerals, "start"),
        **_attributes(fates, "fate reason"),
    )


def _directives(received: Sequence[Received]) -> pd.DataFrame:
    placed = [
        (each.extraction.sha256, directive)
        for each in received
        for directive in each.reading.directives
    ]
    directives = [directive for _, directive in placed]
    return frame(
        "directive",
        document=[document for document, _ in placed],
        **_places([each.source for each in directives]),
        **_attributes(directives, "kind number issued_on issuer title"),
    )


def _sections(received: Sequence[Received]) -> pd.DataFrame:
    paragraphs = [
        (each.extraction.sha256, section, text, row)
        for each in received
        for section in each.reading.sections
        for text, row in (
            zip(section.paragraphs, section.indices, strict=True)
            if section.paragraphs
            else [(None, None)]
        )
    ]
    seen: Counter[str] = Counter()
    ordinals = []
    for document, *_ in paragraphs:
        ordinals.append(seen[document])
        seen[document] += 1
    return frame(
        "section",
        document=[document for document, *_ in paragraphs],
        path=[_json(section.path) for _, section, *_ in paragraphs],
        heading=[section.heading for _, section, *_ in paragraphs],
        ordinal=ordinals,
        paragraph=[text for *_, text, _ in paragraphs],
        row=[row for *_, row in paragraphs],
    )


def _narratives(narrative: Iterable[MergedParagraph]) -> pd.DataFrame:
    paragraphs = list(narrative)
    return frame(
        "narrative",
        path=[_json(each.path) for each in paragraphs],
        origins=[
            _json(
                {"document": of.document, "unit": of.unit, "row": of.row, "text": of.text}
                for of in each.origins
            )
            for each in paragraphs
        ],
        **_attributes(paragraphs, "unit report heading ordinal text origin"),
    )


def _findings(
    received: Sequence[Received], refused: Iterable[Refused], catalogue: Catalogue
) -> pd.DataFrame:
    found: list[tuple[str | None, str, Finding]] = [
        (None, each.file_name, each.finding) for each in refused
    ]
    for each in received:
        extraction = each.extraction
        found += [(extraction.sha256, extraction.file_name, finding) for finding in _found(each)]
    described = [catalogue.describe(finding.code, finding.facts) for _, _, finding in found]
    return frame(
        "finding",
        document=[document for document, _, _ in found],
        file_name=[file_name for _, file_name, _ in found],
        severity=[severity for severity, _, _ in described],
        blocking=[blocking for _, blocking, _ in described],
        message=[message for _, _, message in described],
        **_places([finding.source for _, _, finding in found]),
        **_attributes([finding for _, _, finding in found], "code unit indicator"),
    )


def _found(each: Received) -> list[Finding]:
    """All findings of a document: of its extraction, of its reading, of its figures' precision."""
    reading = each.reading
    return [*each.extraction.findings, *reading.findings, *_inexact(reading.observations)]


def _inexact(observations: Iterable[Observation]) -> Iterator[Finding]:
    for each in observations:
        if exact(each.value) is None:
            facts = {"text": str(each.value), "label": each.label}
            yield Finding("number-unreadable", facts, each.source, each.unit, each.indicator)


def _decisions(decisions: Sequence[Decision]) -> pd.DataFrame:
    return frame(
        "decision",
        expected=[
            each.expected if isinstance(each.expected, str) else exact(each.expected)
            for each in decisions
        ],
        value=[exact(each.value) for each in decisions],
        others=[None if each.others is None else _rivals(each.others) for each in decisions],
        findings=[_json(each.findings) for each in decisions],
        **_attributes(decisions, "decision decided_at decided_by reason kind document observation"),
        **_attributes(decisions, "label indicator ruled found line"),
    )


def _rivals(others: Mapping[str, Decimal | None]) -> str:
    return _json({"observation": of, "value": exact(value)} for of, value in others.items())


def catalogue_frames(catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    """The frames that come from the catalogue alone, each in the order of its keys."""
    units = [catalogue.units[slug] for slug in sorted(catalogue.units)]
    events = [catalogue.unit_events[event] for event in sorted(catalogue.unit_events)]
    kinds = [catalogue.finding_kinds[code] for code in sorted(catalogue.finding_kinds)]
    reasons = [catalogue.numeral_reasons[key] for key in sorted(catalogue.numeral_reasons)]
    return {
        "unit": frame(
            "unit",
            unit=[each.slug for each in units],
            **_attributes(units, "name type code district province valid_from valid_to"),
            **_attributes(units, "disadvantaged source certainty"),
        ),
        "unit_event": frame(
            "unit_event",
            event=[each.id for each in events],
            predecessors=[_json(each.predecessors) for each in events],
            successors=[_json(each.successors) for each in events],
            shares=[
                _json(share.model_dump(mode="json", exclude={"certainty"}) for share in each.shares)
                for each in events
            ],
            **_attributes(events, "kind effective_on legal_basis source certainty"),
        ),
        "indicator": _indicators(catalogue),
        "level": _levels(catalogue),
        "threshold": _thresholds(catalogue),
        "report_row": _report_rows(catalogue),
        "finding_kind": frame(
            "finding_kind",
            code=[each.id for each in kinds],
            message=[f"{each.message} {each.action}" for each in kinds],
            **_attributes(kinds, "severity blocking"),
        ),
        "numeral_reason": frame(
            "numeral_reason",
            reason=[each.id for each in reasons],
            **_attributes(reasons, "name meaning"),
        ),
    }


def _indicators(catalogue: Catalogue) -> pd.DataFrame:
    indicators = [catalogue.indicators[key] for key in sorted(catalogue.indicators)]
    numerators = _attributes([each.numerator for each in indicators], "name unit_of_measure")
    denominators = _attributes(
        [each.denominator for each in indicators], "name unit_of_measure indicator"
    )
    return frame(
        "indicator",
        indicator=[each.id for each in indicators],
        group_name=[catalogue.groups[each.group].name for each in indicators],
        identity=[_json(each.identity) for each in indicators],
        minimum=[exact(each.minimum) for each in indicators],
        maximum=[exact(each.maximum) for each in indicators],
        numerator=numerators["name"],
        numerator_unit_of_measure=numerators["unit_of_measure"],
        denominator=denominators["name"],
        denominator_unit_of_measure=denominators["unit_of_measure"],
        denominator_indicator=denominators["indicator"],
        **_attributes(indicators, "name group kind roll_up unit_of_measure precision weight"),
        **_attributes(indicators, "valid_from valid_to definition source certainty"),
    )


Part = TypeVar("Part")


def _of_indicators(
    catalogue: Catalogue, parts: Callable[[Indicator], Iterable[Part]]
) -> tuple[list[str], list[Part]]:
    """What the indicators hold, and beside each the id of its indicator, in the order of ids."""
    placed = [
        (key, part)
        for key in sorted(catalogue.indicators)
        for part in parts(catalogue.indicators[key])
    ]
    return [key for key, _ in placed], [part for _, part in placed]


def _levels(catalogue: Catalogue) -> pd.DataFrame:
    indicators, levels = _of_indicators(catalogue, lambda indicator: indicator.levels)
    return frame(
        "level",
        indicator=indicators,
        level=[each.indicator for each in levels],
        **_attributes(levels, "role measure period"),
    )


def _thresholds(catalogue: Catalogue) -> pd.DataFrame:
    indicators, thresholds = _of_indicators(catalogue, lambda indicator: indicator.thresholds)
    return frame(
        "threshold",
        indicator=indicators,
        rates=[_json(each.rates) for each in thresholds],
        least=[exact(each.least) for each in thresholds],
        **_attributes(thresholds, "attainment communes legal_basis source certainty"),
    )


def _report_rows(catalogue: Catalogue) -> pd.DataFrame:
    rows = [
        (report, ordinal, row)
        for report in sorted(catalogue.reports)
        for ordinal, row in enumerate(catalogue.reports[report].rows)
    ]
    return frame(
        "report_row",
        report=[report for report, _, _ in rows],
        ordinal=[ordinal for _, ordinal, _ in rows],
        **_attributes([row for _, _, row in rows], "mark label indicator"),
    )
