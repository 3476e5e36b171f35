"""What the rows of a table of figures are: whom or what each names, and its cells of figures.

Rows name indicators, or (in a transposed table) units, institutions or years. Group rows and rows
without figures give the rows below their context and yield nothing themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transforms.columns import Column, Grid, Layout, is_index_row, unit_in_brackets
from transforms.dates import as_of
from transforms.matching import NO_MATCH, Match, strip_mark
from transforms.text import key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from extractors.document import Cell
    from transforms.reading import Header
    from transforms.vocabulary import NamedUnit, Vocabulary

_GROUP_MARK = re.compile(r"^[\s(]*(?:[IVXLC]+|[A-ZĐ])[\s.)]*$")
_OWN_MARK = re.compile(r"^\s*[-+*•–—]")
_FOOTNOTE = re.compile(r"^\s*(?:ghi chú|chú thích|nguồn|\(?\*+\)?|\(?\d\)|[¹²³])", re.IGNORECASE)
_SUMS_UP = re.compile(
    r"^(?:tổng|cộng|toàn|chung)(?:[\s(),:.\d]|(?<!\w)(?:số|cộng|chung|toàn|các|cả|xã|phường|thôn|xóm|ấp"
    r"|thị trấn|bản|buôn|tổ dân phố|khu phố|địa bàn)(?!\w))*$"
)
"""A total that says of what: 'Tổng toàn xã (13 thôn)'; not the village 'Cộng Hòa'."""
_ABOVE_VILLAGES = re.compile(
    r"^(?:(?:toàn|cộng|tổng|chung) )*"
    r"(?:xã|phường|thị trấn|đặc khu|huyện|thị xã|thành phố|tỉnh)(?!\w)"
)
"""A row of a list of villages that names a commune or more: a subtotal, 'Toàn xã Đức Hiệp'."""
_UNIT = re.compile(r"\s*\([^()]*\)\s*$")
_BESIDE_NAME = re.compile(r"\s*\([^()]*\)\s*$")
"""What stands behind the name of a unit in a heading: 'Thôn 1 (Trưởng thôn: …)'."""
_OF_BIRTH = re.compile(r"(?<!\w)(?:năm )?sinh(?!\w)")
_PERIOD = re.compile(r"^(?:(?:năm|tháng|quý|kỳ|giai đoạn|đầu|cuối|học)\b|[\d/.\- ]|[ivx]+\b)+$")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row says of its figures before any column is looked at.

    ``label`` and ``match``: the indicator, in a table whose rows name indicators. ``unit`` (None:
    the document's own, or ``foreign`` where another's that has no slug), ``as_of`` and ``entity``
    (an institution that is no administrative unit): in a transposed table. ``unit_of_measure`` is
    of the row's own column; ``unit_in_label`` stands in brackets behind the label and names what
    is counted, also where the figures are rates. ``ancestors`` are the headings, groups and outer
    labels that the row stands under, outermost first. ``area`` is a part of the commune that sums
    up the villages below it ('I. Khu vực miền núi').
    """

    label: str = ""
    match: Match = NO_MATCH
    unit_of_measure: str | None = None
    unit_in_label: str | None = None
    note: str = ""
    unit: str | None = None
    foreign: bool = False
    candidates: tuple[str, ...] = ()
    as_of: date | None = None
    entity: str = ""
    total: bool = False
    planned: bool = False
    compared: bool = False
    area: bool = False
    ancestors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row with figures: its subject and its cells under columns of figures.

    ``blank`` is a row that names an indicator and leaves every figure out.
    """

    index: int
    subject: Subject
    cells: tuple[tuple[Column, Cell], ...]
    blank: bool = False


def read_rows(
    grid: Grid, layout: Layout, vocabulary: Vocabulary, home: Header
) -> tuple[bool, list[Row]]:
    """Whether the rows name entities (a transposed table), and the rows with figures.

    ``home`` is the document's header: its unit's villages are what a bare 'Thôn 1' names.
    """
    transposed = _rows_are_entities(grid, layout, vocabulary, home)
    kind = _kind_of_village(layout, vocabulary)
    found = [
        row
        for half in _halves(layout)
        for row in _rows(grid, _Context(vocabulary, half, home, transposed, kind_of_village=kind))
    ]
    rows = _told_by_company(found, vocabulary)
    named = [
        row.subject.unit
        for row in rows
        if (row.subject.unit or row.subject.foreign) and not row.subject.area
    ]
    if vocabulary.add_up_to(named, home.unit):
        return transposed, rows
    return transposed, [
        replace(row, subject=replace(row.subject, foreign=True)) if row.subject.total else row
        for row in rows
    ]


def _halves(layout: Layout) -> list[Layout]:
    """The layout of each half of a list that is folded."""
    halves = sorted({column.half for column in layout.columns})
    return [
        replace(layout, columns=tuple(column for column in layout.columns if column.half == half))
        for half in halves
    ]


def _told_by_company(rows: list[Row], vocabulary: Vocabulary) -> list[Row]:
    """Namesakes told by the district of the units that stand in the same table for certain."""
    known = [unit for row in rows if (unit := vocabulary.units.unit(row.subject.unit))]
    places = {(unit.province, unit.district) for unit in known}

    def told(subject: Subject) -> Subject:
        near = [
            slug
            for slug in subject.candidates
            if (unit := vocabulary.units.unit(slug)) and (unit.province, unit.district) in places
        ]
        if len(near) != 1:
            return subject
        return replace(subject, unit=near[0], foreign=False, candidates=())

    return [replace(row, subject=told(row.subject)) for row in rows]


@dataclass
class _Context:
    """What the rows above say for the rows below."""

    vocabulary: Vocabulary
    layout: Layout
    home: Header
    transposed: bool
    parent: str = ""
    parent_match: Match = NO_MATCH
    parent_unit: str | None = None
    group_unit: NamedUnit | None = None
    kind_of_village: str = ""
    heading: str = ""


def _rows(grid: Grid, context: _Context) -> Iterator[Row]:
    layout = context.layout
    for index in range(layout.first_row, len(grid)):
        row = grid[index]
        if is_index_row(row) or _repeats_header(row, layout):
            continue
        label = _label_cell(row, layout)
        cells = tuple(
            (column, cell)
            for column in layout.columns
            if column.role == "value"
            and (cell := row[column.index]) is not None
            and cell is not label
            and cell.row == index
        )
        if any(cell.text.strip() for _, cell in cells):
            above = context.heading
            subject = _subject(row, index, label, context)
            subject = replace(subject, ancestors=_ancestors(row, label, subject, above, context))
            if subject.as_of is None:
                subject = replace(subject, as_of=_period_beside(row, context))
            yield Row(index, subject, cells)
        elif label is not None and label.row == index:
            yield from _without_figures(row, index, label, cells, context)


def _ancestors(
    row: Sequence[Cell | None], label: Cell | None, subject: Subject, above: str, context: _Context
) -> tuple[str, ...]:
    """Return what the row stands under; a row that is marked as a group is one for those below."""
    own = strip_mark(_line(label)) if label is not None else ""
    if _GROUP_MARK.match(_mark(row, context.layout)):
        context.heading, above = own, ""
    outer = _outer_label(row, label, context.layout)
    texts = dict.fromkeys((above, outer, context.parent))
    return tuple(text for text in texts if text and text != own and text not in subject.label)


def _without_figures(
    row: Sequence[Cell | None],
    index: int,
    label: Cell,
    cells: tuple[tuple[Column, Cell], ...],
    context: _Context,
) -> Iterator[Row]:
    """A group's heading or a footnote; or an indicator whose figures were left out."""
    text = strip_mark(_line(label))
    if not text or _FOOTNOTE.match(label.text):
        return
    named = context.vocabulary.named_unit(text, context.home) or context.vocabulary.named_unit(
        _BESIDE_NAME.sub("", text), context.home
    )
    if context.transposed:
        context.group_unit = named or context.group_unit
        return
    if named is not None or context.vocabulary.is_total(text):
        context.group_unit = named
        return
    match = context.vocabulary.matcher.match(text)
    heading = _GROUP_MARK.match(_mark(row, context.layout)) or len({id(c) for c in row}) == 1
    context.parent, context.parent_match = text, match
    context.heading = text
    if match.indicator and not heading and cells:
        yield Row(index, Subject(text, match), cells, blank=True)


def _subject(
    row: Sequence[Cell | None], index: int, label: Cell | None, context: _Context
) -> Subject:
    note = _text_under("note", row, context.layout)
    measured = _text_under("unit_of_measure", row, context.layout) or _unit_over(context)
    line = _line(label) if label is not None else ""
    text = strip_mark(line)
    outer = _outer_label(row, label, context.layout)
    if context.transposed:
        said = _said_of_entity(text, outer, measured, note, context)
        if said is not None:
            return said
        if _is_area(row, text, context):
            return Subject(
                unit_of_measure=measured, note=note, foreign=True, entity=text, area=True
            )
        entity = _entity(text, measured, note, context)
        if not outer or context.vocabulary.named_unit(outer, context.home):
            return entity
        return replace(entity, label=outer, match=context.vocabulary.matcher.match(outer))
    beside_unit = context.vocabulary.named_unit(outer, context.home) if outer else None
    in_label = unit_in_brackets((line,), context.vocabulary.headers)
    beside = _beside(row, index, label, context.layout)
    if beside:
        match = context.vocabulary.matcher.match(f"{text} {beside}")
        subject = Subject(f"{text} · {beside}", match, measured, in_label, note)
        return _in_group(subject, context, beside_unit)
    if (
        context.vocabulary.headers.target.match(key(text))
        and not context.vocabulary.matcher.match(text).indicator
    ):
        planned = Subject(text, NO_MATCH, measured, in_label, note, as_of=as_of(text), planned=True)
        return _in_group(planned, context, beside_unit)
    above = context.parent
    named, match = _label_and_match(text, bool(_OWN_MARK.match(line)), context)
    if context.parent is not above:
        context.parent_unit = in_label
    elif named.startswith(above) and above:
        in_label = in_label or context.parent_unit
    return _in_group(Subject(named, match, measured, in_label, note), context, beside_unit)


def _is_area(row: Sequence[Cell | None], text: str, context: _Context) -> bool:
    """Whether a row of a list of villages is marked as a group and names no unit: it sums up the
    villages below it.
    """
    return bool(
        context.kind_of_village
        and text
        and _GROUP_MARK.match(_mark(row, context.layout))
        and not context.vocabulary.is_total(text)
        and context.vocabulary.named_unit(text, context.home) is None
        and not context.vocabulary.headers.village_types.match(key(text))
        and not _ABOVE_VILLAGES.match(key(text))
    )


def _in_group(subject: Subject, context: _Context, beside: NamedUnit | None) -> Subject:
    """The subject as of the unit that a column of its own names, or the group's heading ('II. Xã
    Đức Hiệp (cũ)').
    """
    unit = beside or context.group_unit
    if unit is None:
        return subject
    slug = unit.slug
    return replace(subject, unit=slug, foreign=slug is None)


def _entity(text: str, measured: str | None, note: str, context: _Context) -> Subject:
    """A row of a transposed table: a unit, a period, an institution, or the total of them."""
    vocabulary = context.vocabulary
    if not text or vocabulary.is_total(text) or _SUMS_UP.match(key(text)):
        return Subject(unit_of_measure=measured, note=note, total=True)
    if vocabulary.headers.target.match(key(text)):
        return Subject(unit_of_measure=measured, note=note, as_of=as_of(text), planned=True)
    if context.kind_of_village and not _ABOVE_VILLAGES.match(key(text)):
        village = vocabulary.village(text, context.kind_of_village, _commune(context))
        return Subject(unit_of_measure=measured, note=note, unit=village, foreign=village is None)
    named = vocabulary.named_unit(text, context.home)
    if named is not None:
        return Subject(
            unit_of_measure=measured, note=note, unit=named.slug, foreign=named.slug is None,
            candidates=named.candidates,
        )  # fmt: skip
    if _PERIOD.match(key(text)) and not _are_births(context.layout):
        return Subject(unit_of_measure=measured, note=note, as_of=as_of(text))
    return Subject(unit_of_measure=measured, note=note, entity=text)


def _label_and_match(text: str, marked: bool, context: _Context) -> tuple[str, Match]:
    """A row's label and indicator; a part of the row above is named by both."""
    vocabulary, bare = context.vocabulary, key(_UNIT.sub("", text))
    matcher = vocabulary.matcher
    if bare in vocabulary.rate_rows and context.parent:
        return f"{context.parent} · {text}", context.parent_match
    part = vocabulary.part_row.sub("", text).strip(" :")
    is_part = part != text or bare in vocabulary.breakdowns
    match = matcher.match(part or text)
    if not is_part and not marked:
        context.parent, context.parent_match = text, match
        return text, match
    is_breakdown = key(_UNIT.sub("", part or text)) in vocabulary.breakdowns
    if not context.parent or (match.indicator and not is_breakdown):
        return part or text, match
    joined = matcher.match(f"{context.parent} {part}")
    return (f"{context.parent} · {part}" if is_part else text), joined


def _are_births(layout: Layout) -> bool:
    """Whether the labels are years of birth: a row '2018' is a cohort, and no period."""
    return any(
        _OF_BIRTH.search(key(text))
        for column in layout.columns
        if column.role == "label"
        for text in column.path
    )


def _kind_of_village(layout: Layout, vocabulary: Vocabulary) -> str:
    """The type that a header such as 'Tên thôn' gives to the bare names below it, else ''."""
    kinds = (
        vocabulary.headers.kind_of_village(column.path[-1])
        for column in layout.columns
        if column.role == "label" and column.path
    )
    return next((kind for kind in kinds if kind), "")


def _commune(context: _Context) -> str | None:
    """Whose villages the rows are: of the unit that the group's heading names, else the home's."""
    return context.group_unit.slug if context.group_unit else context.home.unit


def _rows_are_entities(grid: Grid, layout: Layout, vocabulary: Vocabulary, home: Header) -> bool:
    """Whether most rows name units, institutions or periods rather than indicators."""
    if _kind_of_village(layout, vocabulary):
        return True
    if _say_how(grid, layout, vocabulary):
        return True
    labels = [
        text
        for row in grid[layout.first_row :]
        if (cell := _label_cell(row, layout)) is not None
        and (text := strip_mark(_line(cell)))
        and not vocabulary.is_total(text)
    ]
    named = sum(
        bool(_PERIOD.match(key(text)))
        or vocabulary.names_institution(text)
        or vocabulary.named_unit(text, home) is not None
        for text in labels
    )
    return bool(labels) and named * 2 > len(labels)


def _say_how(grid: Grid, layout: Layout, vocabulary: Vocabulary) -> bool:
    """Whether the innermost labels only tell plan from result: what they are of stands outside."""
    rows = grid[layout.first_row :]
    cells = [cell for row in rows if (cell := _label_cell(row, layout)) is not None]
    said = [vocabulary.headers.says_how(key(_line(cell))) for cell in cells]
    outside = any(_outer_label(row, _label_cell(row, layout), layout) for row in rows)
    return bool(said) and all(said) and outside


def _repeats_header(row: Sequence[Cell | None], layout: Layout) -> bool:
    pairs = [
        (key(cell.text), {key(part) for part in column.path})
        for column in layout.columns
        if (cell := row[column.index]) is not None and cell.text.strip()
    ]
    return len(pairs) >= 2 and all(text in path for text, path in pairs)


def _label_cell(row: Sequence[Cell | None], layout: Layout) -> Cell | None:
    """The innermost label of a row: the last of its label columns that is filled."""
    cells = [
        cell
        for column in layout.columns
        if column.role == "label" and (cell := row[column.index]) is not None and cell.text.strip()
    ]
    return cells[-1] if cells else None


def _said_of_entity(
    text: str, outer: str, measured: str | None, note: str, context: _Context
) -> Subject | None:
    """The unit that the outer label names, where the inner one says whether the row's figures are
    its plan, its result or how they compare; else None.
    """
    how = context.vocabulary.headers.says_how(key(text)) if outer else ""
    if not how:
        return None
    compares = how == "comparison"
    entity = _entity(outer, "%" if compares else measured, note, context)
    return replace(
        entity,
        planned=how == "target",
        as_of=as_of(text) or entity.as_of,
        entity=text if compares else entity.entity,
        compared=compares,
    )


def _outer_label(row: Sequence[Cell | None], label: Cell | None, layout: Layout) -> str:
    """The text of the label column outside the innermost one, which often spans rows."""
    texts = [
        strip_mark(_line(cell))
        for column in layout.columns
        if column.role == "label"
        and (cell := row[column.index]) is not None
        and cell is not label
        and cell.text.strip()
    ]
    return texts[-1] if texts else ""


def _beside(row: Sequence[Cell | None], index: int, label: Cell | None, layout: Layout) -> str:
    """The text beside a label that several rows share ('Tổng số', 'Nữ')."""
    if label is None or label.row_span == 1:
        return ""
    return " ".join(
        _line(cell)
        for column in layout.columns
        if column.role == "text" and (cell := row[column.index]) is not None and cell.row == index
    )


def _period_beside(row: Sequence[Cell | None], context: _Context) -> date | None:
    """The day of the one cell of text that is nothing but a period, in a column of its own."""
    facts = context.vocabulary.headers.no_figures
    days = {
        as_of(cell.text)
        for column in context.layout.columns
        if column.role == "text"
        and not (column.path and facts.search(key(column.path[-1])))
        and (cell := row[column.index]) is not None
        and _PERIOD.match(key(cell.text))
    }
    return days.pop() if len(days) == 1 else None


def _unit_over(context: _Context) -> str | None:
    """The unit of measure that the header of the units' own column states: 'ĐVT (1.000đ)'."""
    paths = (one.path for one in context.layout.columns if one.role == "unit_of_measure")
    stated = (unit_in_brackets(path, context.vocabulary.headers) for path in paths)
    return next((unit for unit in stated if unit), None)


def _text_under(role: str, row: Sequence[Cell | None], layout: Layout) -> str:
    return " ".join(
        _line(cell)
        for column in layout.columns
        if column.role == role and (cell := row[column.index]) is not None
    ).strip()


def _mark(row: Sequence[Cell | None], layout: Layout) -> str:
    return _text_under("ordinal", row, layout)


def _line(cell: Cell) -> str:
    return " ".join(cell.text.split())
