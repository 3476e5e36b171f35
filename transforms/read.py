"""One document read: from what stands on its pages to what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from catalog.country import with_units
from extractors.document import Extraction, Finding, Paragraph, Source, Table
from transforms.columns import Layout, read_layout
from transforms.dates import Precision, find_periods
from transforms.directives import read_directives
from transforms.evidence import table_against_text
from transforms.guards import guarded
from transforms.header import read_header
from transforms.ledger import Said, keep_ledger
from transforms.numerals import numbers_page
from transforms.reading import Header, Observation, Reading, Restated
from transforms.scanned import as_written
from transforms.sections import read_sections
from transforms.sentences import REPORTED_AHEAD, read_paragraph
from transforms.tables import Caption, read_table
from transforms.text import key
from transforms.units import Level
from transforms.vocabulary import NamedUnit, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.catalogue import Catalogue

_OF_UNITS = {"unit-unknown", "unit-ambiguous", "unit-outside"}
CAPTION_PARAGRAPHS = 6
"""How far above a table its title may begin: annex mark, title, two lines, 'Kèm theo', ĐVT."""
HEAD_PARAGRAPHS = 4
"""Among how many paragraphs the lines of a letterhead without a table stand."""
OPENING_PARAGRAPHS = 15
"""Among how many paragraphs a document says of what day its figures are."""
CAPTION_LENGTH = 300
"""A longer paragraph is running text and no title."""

_PREPARED: dict[str, Vocabulary] = {}

_LETTERHEAD = re.compile(
    r"cộng h[oò]à? xã hội chủ nghĩa|độc lập-tự do|nơi nhận|(?:kt|tm|tl)\.? ?\S* ?chủ tịch"
)
_CHAPTER = re.compile(
    r"^\s*(?:[IVX]+|[A-ZĐ])\s*[.)\-–]\s*\S.{0,200}$|^\s*(?i:phần)\s+(?:(?i:thứ)\s|[IVX\d])",
    re.DOTALL,
)
_NUMBERED = re.compile(r"^\s*\d{1,2}\s*[.)]\s*[^\W\d][^.;]{0,120}$")
_PLANS = re.compile(r"phương hướng|nhiệm vụ|mục tiêu|chỉ tiêu|kế hoạch|giải pháp|phấn đấu")
_PLANNING_KINDS = {"nghị quyết", "kế hoạch", "chương trình", "đề án"}
_REPORTS = re.compile(r"kết quả|đánh giá|tình hình|thực trạng|hiện trạng")
FEWEST_ALONE = 3
"""So many paragraphs that are a number alone are cells of a table; fewer are page numbers."""
_ALONE = re.compile(r"[\s(\[]*[-+≥≤<>]?\d[\d.,/\s]*%?[\s)\].;]*")
_AS_FOLLOWS = re.compile(r"số liệu\b.*\bnhư sau$")
_QUOTED = re.compile(r"[“\"«][^”\"»]{3,200}[”\"»]")


def read(
    extraction: Extraction, catalogue: Catalogue, restated: Sequence[Restated] = ()
) -> Reading:
    """All that a document says, each figure with its source; findings for what is doubtful.

    ``restated`` is what decisions state of documents; what is of others is left aside.
    """
    vocabulary = vocabulary_of(catalogue)
    extraction = as_written(extraction, vocabulary)
    header, findings = read_header(extraction, vocabulary.units, restated)
    vocabulary = _at_home(vocabulary, header.unit)
    directives, doubts = read_directives(extraction, header, catalogue)
    findings = [*extraction.findings, *findings, *doubts]
    listed = _tables_of_directives(extraction, [one.source.table for one in directives])
    home = _spoken_on(extraction, _of_one_village(extraction, header, vocabulary))
    figures = list(_figures(extraction, home, vocabulary, listed))
    if header.as_of is None:
        header, speaking, assumed = _dated(header, [one for found, *_ in figures for one in found])
        if header.as_of or assumed:
            findings = [one for one in findings if one.code != "as-of-unknown"] + assumed
        if assumed:
            speaking = replace(speaking, unit=home.unit)
            figures = list(_figures(extraction, speaking, vocabulary, listed))
    observations = [one for found, *_ in figures for one in found]
    observations, guards = guarded(observations, header, vocabulary)
    findings += guards
    findings += [one for _, doubtful, _ in figures for one in doubtful]
    findings += table_against_text(observations)
    findings += _without_words(extraction)
    findings += _not_placed(observations, findings, extraction)
    layouts = dict(laid_out for *_, laid_out in figures if laid_out)
    said = Said(header, observations, directives, findings, layouts)
    numerals, unexplained = keep_ledger(extraction, said, vocabulary)
    return Reading(
        header,
        tuple(observations),
        tuple(directives),
        tuple(read_sections(extraction)),
        (*findings, *unexplained),
        tuple(numerals),
    )


def _of_one_village(extraction: Extraction, header: Header, vocabulary: Vocabulary) -> Header:
    """The header with the village as its unit where a line of the letterhead is a village's name:
    a form filled in for one village gives none of the commune's figures.
    """
    head = [one.text for one in extraction.paragraphs()][:HEAD_PARAGRAPHS]
    letterhead = next(filter(_is_letterhead, extraction.tables()), None)
    head += [cell.text for cell in letterhead.cells] if letterhead else []
    lines = [line.strip() for text in head for line in text.split("\n") if line.isupper()]
    named = [vocabulary.named_unit(line.title(), header) for line in lines]
    slugs = {one.slug for one in named if one and one.slug and "/" in one.slug}
    return replace(header, unit=slugs.pop()) if len(slugs) == 1 else header


def _spoken_on(extraction: Extraction, header: Header) -> Header:
    """The header with the day that the document's opening gives to all its figures: '… báo cáo số
    liệu tính đến ngày 20/6/2025 như sau:'.
    """
    for paragraph in extraction.paragraphs()[:OPENING_PARAGRAPHS]:
        if _CHAPTER.match(paragraph.text):
            break
        opens = _AS_FOLLOWS.search(key(paragraph.text))
        days = [
            one.last_day
            for one in find_periods(paragraph.text, header.issued_on)
            if one.reached and one.precision is Precision.DAY
        ]
        if opens and len(days) == 1:
            return replace(header, as_of=days[0])
    return header


def _dated(
    header: Header, observations: Sequence[Observation]
) -> tuple[Header, Header, list[Finding]]:
    """The header with the day of the document's latest results, the header by which its figures
    without a day are read, and what is assumed of them: that day, else the day of issue, which the
    document does not say to be theirs.
    """
    latest = _latest(observations, header.issued_on)
    day = latest or header.issued_on
    if latest is not None:
        header = replace(header, as_of=latest, printed=header.printed or header)
    if day is None:
        return header, header, []
    if all(one.as_of for one in observations) and latest:
        return header, header, []
    assumed = Finding("as-of-assumed", {"date": f"{day:%d/%m/%Y}"}, unit=header.unit)
    return header, replace(header, as_of=day), [assumed]


def _latest(observations: Sequence[Observation], issued_on: date | None) -> date | None:
    """The latest day that a document has results of, by its tables' titles and headers."""
    latest = max(
        (
            one.as_of
            for one in observations
            if one.as_of is not None and one.measure != "target" and one.source.kind == "table"
        ),
        default=None,
    )
    is_ahead = latest is not None and issued_on is not None and latest > issued_on + REPORTED_AHEAD
    return None if is_ahead else latest


def _without_words(extraction: Extraction) -> Iterator[Finding]:
    """One finding on all paragraphs that are a number alone: cells of a table that a copy or an
    export set one under the other name nothing that could be counted.
    """
    alone = [one for one in extraction.paragraphs() if _ALONE.fullmatch(one.text)]
    if len(alone) < FEWEST_ALONE:
        return
    first = alone[0]
    facts = {"count": str(len(alone)), "text": "; ".join(one.text.strip() for one in alone[:6])}
    source = Source("text", first.text, first.page, row=first.index, bbox=first.bbox)
    yield Finding("figures-without-words", facts, source)


def _not_placed(
    observations: Sequence[Observation], findings: Sequence[Finding], extraction: Extraction
) -> Iterator[Finding]:
    """Findings for figures of no unit or of no day, where nothing else says so."""
    told = {finding.code for finding in findings}
    if any(one.unit is None for one in observations) and not told & _OF_UNITS:
        yield Finding("unit-unknown", {"text": extraction.file_name})
    if any(one.as_of is None for one in observations) and "as-of-unknown" not in told:
        yield Finding("as-of-unknown")


def vocabulary_of(catalogue: Catalogue) -> Vocabulary:
    """The catalogue's vocabulary, prepared at first use and kept."""
    return _PREPARED.setdefault(catalogue.digest, Vocabulary(catalogue))


def _at_home(vocabulary: Vocabulary, unit: str | None) -> Vocabulary:
    """The vocabulary with the lineage and the places of the unit that a document is of."""
    catalogue = with_units(vocabulary.catalogue, [unit])
    if catalogue is vocabulary.catalogue:
        return vocabulary
    return _PREPARED.setdefault(catalogue.digest, vocabulary.among(catalogue))


def _figures(
    extraction: Extraction, header: Header, vocabulary: Vocabulary, listed: set[int]
) -> Iterator[tuple[Sequence[Observation], Sequence[Finding], tuple[int, Layout] | None]]:
    """The figures of tables and of paragraphs, block by block in document order, with the layout
    of a table.
    """
    home = header
    previous: Layout | None = None
    planned_for = by_kind = _planned_by_kind(header)
    in_numbered = False
    for position, block in enumerate(extraction.blocks):
        if isinstance(block, Paragraph) and numbers_page(block):
            yield (), (), None
        elif isinstance(block, Paragraph):
            if _CHAPTER.match(block.text):
                reported = by_kind and _REPORTS.search(key(block.text))
                planned_for = _planned_for(block.text, header) or (None if reported else by_kind)
                in_numbered = False
                header = _reported_in(block.text, home, planned=planned_for is not None)
            elif _NUMBERED.match(block.text) and (in_numbered or planned_for is None):
                planned_for = _planned_for(block.text, header)
                in_numbered = planned_for is not None
            if not _ALONE.fullmatch(block.text):
                read_ = read_paragraph(block, header, vocabulary, planned_for=planned_for)
                yield *read_, None
        elif block.index in listed or _is_letterhead(block):
            previous = None
            yield (), (), (block.index, _layout_of_text(block, vocabulary))
        else:
            caption = _caption(extraction.blocks[:position], block, header, vocabulary)
            reading = read_table(block, header, caption, vocabulary, previous)
            previous = reading.layout
            yield reading.observations, reading.findings, (block.index, reading.layout)


def _reported_in(heading: str, header: Header, *, planned: bool) -> Header:
    """The header with the day that a chapter reports on: 'II. KẾT QUẢ ĐẾN 30/6/2025'."""
    day = None if planned else period_of(heading, header)
    issued = header.issued_on
    if day is None or issued is None or day > issued + REPORTED_AHEAD:
        return header
    return replace(header, as_of=day) if _REPORTS.search(key(heading)) else header


def _planned_by_kind(header: Header) -> date | None:
    """The day that a resolution or a plan as a whole is for, by its title."""
    if key(header.kind or "") not in _PLANNING_KINDS:
        return None
    return _planned_for(f"kế hoạch {header.title or ''}", header)


def _planned_for(heading: str, header: Header) -> date | None:
    """The day that a chapter plans for: 'IV. Phương hướng, nhiệm vụ năm 2026'."""
    issued = header.issued_on or header.as_of
    this_year = issued and date(issued.year, 12, 31)  # 'Nhiệm vụ 6 tháng cuối năm'
    days = [one.last_day for one in find_periods(heading, this_year)]
    if issued is None or not days or not _PLANS.search(key(heading)) or max(days) <= issued:
        return None
    return max(days)


def _tables_of_directives(extraction: Extraction, cited_in: Sequence[int | None]) -> set[int]:
    """The tables that list directives: at least one in every second row."""
    return {
        table.index
        for table in extraction.tables()
        if cited_in.count(table.index) * 2 >= max(table.rows - 1, 1)
    }


def _layout_of_text(table: Table, vocabulary: Vocabulary) -> Layout:
    """The layout of a table that holds no figures, whatever its columns look like."""
    layout = read_layout(table, vocabulary.headers, None)
    columns = (replace(one, role="text") if one.role == "value" else one for one in layout.columns)
    return replace(layout, columns=tuple(columns))


def _is_letterhead(table: Table) -> bool:
    """Whether a table only lays out the letterhead, the recipients or the signature."""
    return table.rows * table.columns <= 12 and any(
        _LETTERHEAD.search(key(cell.text)) for cell in table.cells
    )


def _caption(
    before: Sequence[Paragraph | Table], table: Table, header: Header, vocabulary: Vocabulary
) -> Caption:
    """What stands directly above a table: its title, period and unit of measure."""
    lines: list[str] = []
    for block in reversed(before[-CAPTION_PARAGRAPHS:]):
        if isinstance(block, Table) or len(block.text) > CAPTION_LENGTH:
            break
        lines.insert(0, block.text)
    text = "\n".join(lines)
    return Caption(
        text, period_of(text, header), vocabulary.unit_declared(text),
        _unit_of(text, table, header, vocabulary),
    )  # fmt: skip


def _unit_of(text: str, table: Table, header: Header, vocabulary: Vocabulary) -> NamedUnit | None:
    """The one commune that a table's title or its sheet's name names, if it is another's."""
    sheet = vocabulary.named_unit(table.sheet or "", header)
    if sheet is not None and sheet.slug is not None:
        return sheet
    day = header.as_of or header.issued_on
    communes = {
        one.slug
        for one in vocabulary.units.mentions(text, on=day, near=header.unit)
        if one.level is Level.COMMUNE and one.typed
    }
    if len(communes) != 1 or communes == {(header.unit or "").partition("/")[0]}:
        return None
    return NamedUnit(communes.pop())


def period_of(text: str, header: Header) -> date | None:
    """The period of a title, names of programmes ('… giai đoạn 2021-2030') left aside."""
    bare = _QUOTED.sub(" ", text)
    periods = [
        one
        for one in find_periods(bare, header.issued_on)
        if not (one.compared or one.begins)
        and not (one.precision >= Precision.SPAN and _is_ahead(one.last_day, header))
    ]
    best = min(((not one.reached, one.precision) for one in periods), default=None)
    days = {one.last_day for one in periods if (not one.reached, one.precision) == best}
    return days.pop() if len(days) == 1 else None


def _is_ahead(day: date, header: Header) -> bool:
    issued = header.issued_on or header.as_of
    return issued is not None and day > issued
