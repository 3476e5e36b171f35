"""What ``hopnhat extract --format json`` prints: the models of its JSON lines.

They are the border of the program: field by field what ``extract.schema.json`` of the contract
promises to others. tests/flows/test_contract.py holds the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from catalog.loader import Catalogue
from extractors import document as extracted
from transforms import reading as read

ExactDecimal = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"))]
"""Written without exponent and with a point: '95.6', '4514'."""


MOST_DECIMALS = 12
"""More than any document prints: figures are shown as they stand."""


class Model(BaseModel):
    """Base: made from the project's own frozen records, never changed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Source(Model):
    """Where something stands in the document."""

    kind: Literal["table", "text"]
    page: int | None
    table: int | None
    row: int | None
    column: int | None
    text: str
    bbox: tuple[float, float, float, float] | None


class Document(Model):
    """The file, and what its header says."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    file_name: str
    media_type: str
    pages: int | None
    unit: str | None
    number: str | None
    issued_on: date | None
    as_of: date | None


class Observation(Model):
    """One figure."""

    indicator: str | None
    label: str
    measure: read.Measure
    value: ExactDecimal
    unit_of_measure: str
    unit: str | None
    as_of: date | None
    source: Source
    confidence: Annotated[float, Field(ge=0, le=1)]


class Directive(Model):
    """One document that is cited."""

    kind: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    title: str | None
    source: Source


class Section(Model):
    """One heading and what stands under it."""

    path: tuple[str, ...]
    heading: str
    paragraphs: tuple[str, ...]


class Finding(Model):
    """One doubt or fault, in the officer's words."""

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    source: Source | None


class Numeral(Model):
    """One number as it stands in the document, and what became of it."""

    text: str
    fate: Literal["figure", "not-a-figure", "doubt"]
    reason: str | None
    observations: tuple[int, ...]
    findings: tuple[int, ...]
    start: int
    source: Source


class Extract(Model):
    """All that was read out of one file: one line of output."""

    document: Document
    observations: tuple[Observation, ...]
    directives: tuple[Directive, ...]
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    numerals: tuple[Numeral, ...]


def as_extract(
    extraction: extracted.Extraction, reading: read.Reading, catalogue: Catalogue
) -> Extract:
    """The line for one file. Raises KeyError for a finding that the catalogue does not know."""
    header = reading.header
    # A reading begins with what was found when extracting; a document that was not read has none.
    is_read = reading.findings[: len(extraction.findings)] == extraction.findings
    ahead = () if is_read else extraction.findings
    findings = (*ahead, *reading.findings)
    return Extract(
        document=Document(
            sha256=extraction.sha256,
            file_name=extraction.file_name,
            media_type=extraction.media_type,
            pages=extraction.pages,
            unit=header.unit,
            number=header.number,
            issued_on=header.issued_on,
            as_of=header.as_of,
        ),
        observations=tuple(Observation.model_validate(each) for each in reading.observations),
        directives=tuple(Directive.model_validate(each) for each in reading.directives),
        sections=tuple(Section.model_validate(each) for each in reading.sections),
        findings=tuple(_finding(each, catalogue) for each in findings),
        numerals=tuple(_numeral(each, len(ahead)) for each in reading.numerals),
    )


def _numeral(numeral: read.Numeral, ahead: int) -> Numeral:
    """The numeral; ``ahead`` is the number of findings that go before those of the reading."""
    fate = read.stated(numeral.fate)
    return Numeral(
        text=numeral.text,
        fate=fate.fate,
        reason=fate.reason,
        observations=fate.observations,
        findings=tuple(ahead + each for each in fate.findings),
        start=numeral.start,
        source=Source.model_validate(numeral.source),
    )


def _finding(finding: extracted.Finding, catalogue: Catalogue) -> Finding:
    severity, _, message = catalogue.describe(finding.code, finding.facts)
    source = None if finding.source is None else Source.model_validate(finding.source)
    return Finding(code=finding.code, severity=severity, message=message, source=source)


def in_words(extract: Extract) -> str:
    """The same for a person, in Vietnamese: one line a figure, a directive, a heading, a doubt."""
    return "\n".join(_lines(extract))


def _lines(extract: Extract) -> Iterator[str]:
    from reports.vietnamese import day, number  # noqa: PLC0415
    from reports.workbook import MEASURES, SEVERITIES  # noqa: PLC0415

    document = extract.document
    unknown = "chưa rõ"
    yield f"{document.file_name} ({document.media_type})"
    yield (
        f"  đơn vị {document.unit or unknown}, số {document.number or unknown}, "
        f"ngày {day(document.issued_on) if document.issued_on else unknown}, "
        f"số liệu đến {day(document.as_of) if document.as_of else unknown}"
    )
    yield f"Số liệu: {len(extract.observations)}"
    for each in extract.observations:
        value = f"{number(each.value, MOST_DECIMALS)} {each.unit_of_measure}".rstrip()
        said = (
            each.label,
            f"{MEASURES[each.measure]} {value}",
            each.unit or unknown,
            day(each.as_of) if each.as_of else unknown,
            _place(each.source),
            *(() if each.indicator else ("chưa khớp chỉ tiêu nào",)),
        )
        yield f"  {' · '.join(said)}"
    fates = Counter(each.fate for each in extract.numerals)
    yield (
        f"Con số trong văn bản: {len(extract.numerals)} (số liệu {fates['figure']}, "
        f"không phải số liệu {fates['not-a-figure']}, chưa rõ {fates['doubt']})"
    )
    yield f"Văn bản được nhắc đến: {len(extract.directives)}"
    for cited in extract.directives:
        issued = f" ngày {day(cited.issued_on)}" if cited.issued_on else ""
        yield f"  {cited.kind} {cited.number or ''}{issued} · {cited.title or unknown}"
    yield f"Các mục: {len(extract.sections)}"
    for section in extract.sections:
        yield f"  {' > '.join(section.path)} {section.heading} ({len(section.paragraphs)} đoạn)"
    yield f"Điểm nghi ngờ: {len(extract.findings)}"
    for doubt in extract.findings:
        where = f" {_place(doubt.source)}:" if doubt.source else ""
        yield f"  [{SEVERITIES[doubt.severity]}]{where} {doubt.message} ({doubt.code})"


def _place(source: Source) -> str:
    from reports.report import place  # noqa: PLC0415

    # Every line is of one file, which is named once.
    of_file = place(SimpleNamespace(file_name="", **source.model_dump()))
    return of_file.removeprefix("toàn bộ báo cáo, ")
