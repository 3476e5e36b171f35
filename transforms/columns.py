"""What the columns of a table are: its header rows, and the role that the header's words give.

The words are data (``catalog/words.yaml``, lists ``column-…``). Where the words do not decide, the
column's content does: a column of text can be no figure, whatever its header says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from transforms.dates import as_of, find_periods, lower
from transforms.nonfigures import UNIT
from transforms.numbers import Blank, Mark, Unreadable, parse_cell
from transforms.text import fold, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from extractors.document import Cell, Table

Grid = list[list["Cell | None"]]
Role = Literal["ordinal", "label", "unit_of_measure", "note", "value", "text"]
Branch = Literal["target", "result"]
Part = Literal["numerator", "denominator", "count", "rate"]

_YEAR = re.compile(r"^(?:năm )?(?:19|20)\d\d$")
_NUMBERED = re.compile(r"^\(?\d{1,2}(?:\.\d{1,2})*[.)]\s*[^\W\d]")
"""A label with its number: '3. Tổng số hộ'."""
_INDEX = re.compile(r"^\(?(?:\d{1,2}|[a-z])\)?(?: ?= ?[\d()+\-/x: ]+)?$")
_ATTAINED = re.compile(r"^(?:số )?(?:đã )?đạt$")
_ATTAINED_OF_ALL = re.compile(r"(?<!\w)đạt ?/ ?(?:tổng|số)(?!\w)|(?<!\w)đạt trên tổng(?!\w)")
_ONLY_UNIT = re.compile(r"^(?:\([^()\d]*\)|%)$")
_WHOLE_AND_ONE = (["denominator", None], ["denominator", None, "rate"])
TOTAL_OF_SO_MANY = re.compile(
    r"^(?:tổng(?: cộng| số)?|cộng|toàn|chung)(?: (?:\d{1,2}|hai|ba|bốn|năm|sáu|các))?"
    r" (?:xã|phường|thị trấn|thôn|xóm|ấp|bản|tổ dân phố|khu phố|đơn vị|địa phương|trường|tháng|quý)"
    r"(?: \(?cũ\)?)?$"
)
"""A total that says of how many: 'Cộng 3 xã (cũ)'."""
_MEASURE = re.compile(rf"(?:(?:nghìn|ngàn|triệu|tỷ|tỉ|1\.?000)\s+)?{UNIT}")
WHOLE_YEAR = re.compile(
    r"(?:cả|hết|trong) năm(?! (?:học|\d))(?!\w)"
    r"|(?<!\w)(?:kế hoạch|kh|chỉ tiêu|dự toán|giao) năm(?! (?:học|\d))(?!\w)"
)
_DECLARES = re.compile(r"^\s*(?:đvt|đơn vị(?: tính)?)\s*:?\s*", re.IGNORECASE)
_DECLARES_UNIT = re.compile(r"^\s*\(?\s*(?:đvt|đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_OF_VILLAGES = re.compile(r"^(?:(?:tên|các|chi hội|chi bộ|đơn vị|địa bàn|danh sách)\s+)+")
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header texts from top to bottom, and what they make of it.

    ``subject`` is what the header says beyond the words of its role (an indicator in a transposed
    table, a unit, a breakdown); ``words_decided`` is False where only the content told the role;
    ``half`` counts the halves of a list that is folded; ``whole_year`` says 'KH cả năm'. ``told``
    are the texts of the path that say more than role, day and unit of measure.
    """

    index: int
    path: tuple[str, ...]
    role: Role
    branch: Branch | None = None
    part: Part | None = None
    comparison: bool = False
    total: bool = False
    percent: bool = False
    unit_of_measure: str | None = None
    as_of: date | None = None
    breakdown: str | None = None
    subject: str = ""
    words_decided: bool = True
    half: int = 0
    whole_year: bool = False
    told: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The header path in one line."""
        return " · ".join(self.path)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's columns, the rows its header and its titles take, and the titles' text."""

    columns: tuple[Column, ...]
    title: str
    first_row: int


class HeaderWords:
    """The catalogue's header words, compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self._spelled = _by_letters(
            phrase for name in words if name.startswith("column-") for phrase in words[name]
        )
        self.ordinal = phrase_pattern(words["column-ordinal"], whole=True)
        self.village_types = phrase_pattern(words["village-types"])
        self.label = phrase_pattern(words["column-label"])
        self.unit_of_measure = phrase_pattern(words["column-unit-of-measure"], whole=True)
        self.header_units = {key(word) for word in words["column-header-units"]}
        self.unit_or_body = phrase_pattern(words["column-unit-or-body"], whole=True)
        self.note = phrase_pattern(words["column-note"])
        self.target = phrase_pattern(words["column-target"])
        self.result = phrase_pattern(words["column-result"])
        self.numerator = phrase_pattern(words["column-numerator"])
        self.denominator = phrase_pattern(words["column-denominator"])
        self.count = phrase_pattern(words["column-count"])
        self.rate = phrase_pattern(words["column-rate"])
        self.comparison = phrase_pattern(words["column-comparison"])
        self.total = phrase_pattern(words["column-total"], whole=True)
        self.breakdown = phrase_pattern(words["breakdown"])
        self.no_figures = phrase_pattern(words["column-no-figures"])
        self.filler = phrase_pattern(words["column-filler"])
        self.not_attained = phrase_pattern(words["column-not-attained"])
        self.attainment = phrase_pattern(
            (*words["attainment-reached"], *words["column-not-attained"]), whole=True
        )
        self.attainment_words = phrase_pattern(words["attainment-reached"])
        self.total_words = phrase_pattern(words["column-total"])
        self.estimated = phrase_pattern(words["estimated"])
        self.units = phrase_pattern(words["units-of-measure"], whole=True)

    def as_printed(self, text: str) -> str:
        """A header read from a picture as the phrase that has its letters ('Tống số', 'Sốđạt')."""
        bare = _BRACKETS.sub("", text).strip()
        phrase = self._spelled.get(fold(bare).replace(" ", ""))
        return text if phrase is None or key(bare) == phrase else text.replace(bare, phrase, 1)

    def without_roles(self, text: str) -> str:
        """Return a header's text, keyed, without the words that only say role, day or unit."""
        bare = key(WHOLE_YEAR.sub(" ", _without_periods(text)))
        if TOTAL_OF_SO_MANY.match(bare):
            return ""
        for inside in _BRACKETS.findall(bare):
            if self.units.search(inside) or _MEASURE.fullmatch(inside):
                bare = bare.replace(f"({inside})", " ")
        for pattern in (
            self.not_attained, self.target, self.result, self.estimated, self.rate, self.numerator,
            self.denominator, self.count, self.attainment_words, self.total_words, self.filler,
        ):  # fmt: skip
            bare = pattern.sub(" ", bare)
        return bare

    def kind_of_village(self, text: str) -> str:
        """The type that a header gives to the bare names below it ('Tên thôn', 'Ấp/khu phố'): the
        first that it names where it says nothing else, else ''.
        """
        bare = _OF_VILLAGES.sub("", key(text))
        rest = self.village_types.sub(" ", bare)
        found = self.village_types.match(bare)
        return found.group() if found and not re.search(r"\w", rest) else ""

    def names_unit(self, text: str) -> bool:
        """Whether a text is the name of a unit of measure and nothing else: 'hộ', '1.000 đồng'."""
        bare = key(text)
        return bool(self.units.search(bare) or _MEASURE.fullmatch(bare))

    def says_how(self, text: str) -> str:
        """Whether a row's or a cell's words only say how its figures are meant: 'target',
        'result', 'comparison'; '' where they say anything else.
        """
        if self.comparison.search(text) or text.startswith("%"):
            return "comparison"
        for means, pattern in (("target", self.target), ("result", self.result)):
            if pattern.match(text) and not re.search(r"[^\W\d_]", pattern.sub(" ", text)):
                return means
        return ""

    def names_part(self, text: str) -> bool:
        """Whether a text is a measure and nothing else: 'Tổng số', 'Số đạt', 'Tỷ lệ (%)'."""
        rest = _BRACKETS.sub(" ", text)
        for pattern in (self.denominator, self.numerator, self.rate, self.total):
            rest = pattern.sub(" ", rest)
        return rest != text and not re.search(r"[^\W\d_]", rest)


def read_layout(
    table: Table, words: HeaderWords, previous: Layout | None, issued_on: date | None = None
) -> Layout:
    """The layout of a table; a table without a header of its own continues ``previous``.

    ``issued_on`` gives the year of a header that names only months or quarters.
    """
    grid = table.grid()
    title_rows = _title_rows(grid)
    title = "\n".join(
        cell.text for row in grid[:title_rows] for cell in _distinct(row) if cell.text.strip()
    )
    end = _header_end(grid, title_rows, table.header_rows, words)
    if end == title_rows and previous is not None and len(previous.columns) == table.columns:
        return replace(previous, title=title or previous.title, first_row=title_rows)
    body = grid[end:]
    columns = tuple(
        _column(index, _path(grid, title_rows, end, index, words), body, words, issued_on)
        for index in range(table.columns)
    )
    columns = _with_label(_with_kinds_of_row(_with_halves(columns), body, words), body)
    columns = _with_what_labels_say(columns, words)
    return Layout(_with_wholes(_before_rates(_with_totals(columns))), title, end)


def _with_what_labels_say(columns: tuple[Column, ...], words: HeaderWords) -> tuple[Column, ...]:
    """'Mục tiêu (%)' over the labels says what the figures are, where nothing else does."""
    path = [text for column in columns if column.role == "label" for text in column.path]
    figures = [column for column in columns if column.role == "value"]
    unit = unit_in_brackets(path, words)
    is_planned = any(
        _branch(key(text), words) == "target"
        and not words.label.search(key(text))
        and not words.result.search(key(text))
        for text in path
    ) and not any(column.branch or column.part for column in figures)
    return tuple(
        replace(
            column,
            branch="target" if is_planned else column.branch,
            unit_of_measure=column.unit_of_measure or unit,
            percent=column.percent or (unit == "%" and column.unit_of_measure is None),
        )
        if column.role == "value"
        else column
        for column in columns
    )


def _with_kinds_of_row(
    columns: tuple[Column, ...], body: Grid, words: HeaderWords
) -> tuple[Column, ...]:
    """A column that says of each row whether it is the plan, the result … is one of labels."""

    def says_how(column: Column) -> bool:
        texts = [
            key(cell.text) for row in body if (cell := row[column.index]) and cell.text.strip()
        ]
        said = [words.says_how(text) for text in texts]
        return all(said) and len(set(said)) > 1

    return tuple(
        replace(column, role="label") if column.role == "text" and says_how(column) else column
        for column in columns
    )


def _with_halves(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of a list that is folded (label, figures, label again, figures) in halves."""
    labels = [column for column in columns if column.role == "label"]
    if len(labels) < 2 or len({column.path for column in labels}) != 1 or not labels[0].path:
        return columns
    starts = [
        label.index - 1
        if label.index and columns[label.index - 1].role == "ordinal"
        else label.index
        for label in labels
    ]
    return tuple(
        replace(column, half=sum(start <= column.index for start in starts[1:]))
        for column in columns
    )


def _with_totals(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A bare 'Tổng số' is a denominator beside a numerator or a rate, else a total."""
    return tuple(
        replace(column, part=None)
        if column.total
        and not any(
            other.part in ("numerator", "rate") or (other.part == "count" and not other.subject)
            for other in siblings(column, columns)
        )
        else column
        for column in columns
    )


def _before_rates(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A figure of its own name right before a bare rate ('Hộ nghèo', 'Tỷ lệ (%)') is the count."""
    counts = {
        rate.index - 1
        for rate in columns
        if rate.part == "rate" and not rate.subject and not _is_of_time([rate])
    }
    return tuple(
        replace(column, part="numerator")
        if column.index in counts
        and column.role == "value"
        and column.subject
        and not (column.part or column.percent or column.total or _is_of_time([column]))
        and any(other.index == column.index + 1 for other in siblings(column, columns))
        else column
        for column in columns
    )


def _with_wholes(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Beside one count of those who attain and their rate, the one other count is the whole;
    beside a whole alone under the same header, the one other figure is of those who attain.
    """
    whole: set[int] = set()
    attained: set[int] = set()
    for column in columns:
        group = sorted([column, *siblings(column, columns)], key=lambda one: one.index)
        parts = [other.part for other in group]
        others = [other for other in group if other.part in (None, "count")]
        if parts.count("numerator") == parts.count("rate") == len(others) == 1 and len(group) == 3:
            whole.add(others[0].index)
        if parts in _WHOLE_AND_ONE and len(column.path) > 1 and not _is_of_time(group):
            attained.update(other.index for other in group if other.part is None)
    return tuple(
        replace(column, part="denominator")
        if column.index in whole
        else replace(column, part="numerator")
        if column.index in attained
        else column
        for column in columns
    )


def _is_of_time(group: Sequence[Column]) -> bool:
    """Whether columns are told apart by years, targets or breakdowns rather than by parts."""
    return any(
        column.as_of or column.branch or column.comparison or column.breakdown for column in group
    )


def siblings(column: Column, columns: Sequence[Column]) -> list[Column]:
    """The other columns of figures under the same headers."""
    return [
        other
        for other in columns
        if other is not column
        and other.role == "value"
        and (other.half, other.path[:-1]) == (column.half, column.path[:-1])
    ]


def is_index_row(row: Sequence[Cell | None]) -> bool:
    """Whether the row only numbers the columns: (1) (2) (3)=(2)/(1), or A B 1 2 3."""
    texts = [key(cell.text) for cell in _distinct(row) if cell.text.strip()]
    numbers = [int(found.group()) for text in texts if (found := re.search(r"\d+", text))]
    return (
        len(texts) >= 3
        and all(_INDEX.match(text) for text in texts)
        and len(numbers) >= 2
        and all(later - earlier == 1 for earlier, later in pairwise(numbers))
    )


def _title_rows(grid: Grid) -> int:
    """How many rows at the top are one cell over the whole width (a title inside the table), or
    blank, or only declare a unit of measure.
    """
    count = 0
    for row in grid[:-1]:
        filled = [cell.text for cell in _distinct(row) if cell.text.strip()]
        is_wide = len(row) > 1 and len({id(cell) for cell in row}) == 1 and row[0] is not None
        is_aside = len(row) > 1 and all(_DECLARES_UNIT.match(text) for text in filled)
        if not (is_wide or (is_aside and (count or filled))):
            break
        count += 1
    return count


def _header_end(grid: Grid, start: int, declared: int | None, words: HeaderWords) -> int:
    """The first row that is no header; ``start`` when the table has none."""
    if start >= len(grid) or not _looks_like_header(grid[start], words):
        return start
    end = max((cell.row + cell.row_span for cell in _distinct(grid[start])), default=start + 1)
    end = max(end, declared or 0)
    while end < len(grid) and (
        is_index_row(grid[end]) or _continues_header(grid, start, end, words)
    ):
        end += 1
    return min(end, len(grid))


def _looks_like_header(row: Sequence[Cell | None], words: HeaderWords) -> bool:
    cells = [cell for cell in _distinct(row) if cell.text.strip()]
    if len(cells) < 2:
        return False
    figures = [cell for cell in cells if _is_figure(cell)]
    named = [cell for cell in cells if cell not in figures and _names_role(key(cell.text), words)]
    marks = [cell for cell in figures if isinstance(parse_cell(cell.text), Mark)]
    if len(figures) > len(marks):
        return len(named) >= 2 and len(named) > len(figures)
    return not marks or (bool(named) and key(marks[0].text) not in ("x", "v", "✓"))


def _continues_header(grid: Grid, start: int, row: int, words: HeaderWords) -> bool:
    """A further header row: no figures, and under headers that span several columns."""
    cells = [cell for cell in _distinct(grid[row]) if cell.row == row and cell.text.strip()]
    if not cells or any(_is_figure(cell) for cell in cells):
        return False
    above = grid[row - 1]
    wide = {
        column
        for column, cell in enumerate(above)
        if cell is not None and start <= cell.row and cell.column_span > 1
    }
    under_wide = [cell for cell in cells if cell.column in wide]
    elsewhere = [cell for cell in cells if cell.column not in wide]
    named = any(_names_role(key(cell.text), words) for cell in under_wide)
    return len(under_wide) >= 2 and not elsewhere and (named or len(under_wide) == len(wide))


def _is_figure(cell: Cell) -> bool:
    text = key(cell.text)
    if _YEAR.match(text) or (_INDEX.match(text) and text.startswith("(")):
        return False
    if _NUMBERED.match(text):
        return False
    if cell.value is not None:
        return not (_YEAR.match(cell.value))
    return not isinstance(parse_cell(cell.text, percent=False), (Blank, Unreadable))


def _names_role(text: str, words: HeaderWords) -> bool:
    return any(
        pattern.search(text)
        for pattern in (
            words.ordinal, words.label, words.unit_of_measure, words.note, words.target,
            words.result, words.numerator, words.denominator, words.count, words.rate, words.total,
        )
    )  # fmt: skip


def _path(grid: Grid, start: int, end: int, column: int, words: HeaderWords) -> tuple[str, ...]:
    """The header texts over one column from top to bottom, each spanning cell once.

    A unit of measure alone in a row of its own belongs to the text above it.
    """
    path: list[str] = []
    seen: set[int] = set()
    for row in grid[start:end]:
        cell = row[column]
        if cell is None or id(cell) in seen or not cell.text.strip() or is_index_row(row):
            continue
        seen.add(id(cell))
        text = " ".join(cell.text.split())
        text = words.as_printed(text) if cell.confidence < 1 else text
        if path and _ONLY_UNIT.match(text):
            text = f"{path.pop()} {text}"
        path.append(text)
    return tuple(path)


def _column(
    index: int, path: tuple[str, ...], body: Grid, words: HeaderWords, issued_on: date | None
) -> Column:
    texts = [
        cell for row in body if (cell := row[index]) is not None
        and cell.column_span == 1 and not isinstance(parse_cell(cell.text), Blank)
    ]  # fmt: skip
    measured = sum(words.names_unit(cell.text) for cell in texts)
    numeric = sum(_is_figure(cell) for cell in texts)
    role, decided = _role(path, _Contents(texts, len(body), numeric, measured), words)
    column = Column(index, path, role, words_decided=decided)
    return _with_measure(column, words, issued_on) if role in ("value", "text") else column


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the body of a column holds: its filled cells, how many of them are figures, how many
    are names of units of measure; ``rows`` counts the body's rows.
    """

    cells: Sequence[Cell]
    rows: int
    numeric: int
    measured: int


def _role(path: tuple[str, ...], contents: _Contents, words: HeaderWords) -> tuple[Role, bool]:
    """Return a column's role, and whether the header's words decided it."""
    numeric, measured = contents.numeric, contents.measured
    textual = len(contents.cells) - numeric
    leaf = key(path[-1]) if path else ""
    whole = key(" ".join(path))
    # 'Đơn vị' may be over units of measure, and over villages, schools, bodies.
    named = contents.cells if words.unit_or_body.search(leaf) else ()
    names_units = measured * 2 > len(named) if named else measured >= numeric
    if (
        words.ordinal.search(leaf)
        or words.ordinal.search(leaf.replace(" ", ""))
        or (not path and _counts_up(contents.cells))
    ):
        return "ordinal", True
    if words.no_figures.search(leaf):
        return "text", True
    if words.unit_of_measure.search(key(_BRACKETS.sub(" ", leaf))) and names_units:
        return "unit_of_measure", True
    if words.unit_or_body.search(leaf) and not names_units and textual > numeric:
        return "label", True
    noted = words.note.search(leaf) or (path and words.note.search(key(path[0])))
    if noted and numeric * 2 <= contents.rows:
        return "note", True
    valued = any(
        pattern.search(whole)
        for pattern in (words.target, words.result, words.numerator, words.denominator,
                        words.count, words.rate, words.comparison, words.total)
    )  # fmt: skip
    if textual > numeric and (words.label.search(leaf) or words.kind_of_village(leaf)):
        return "label", True
    if valued and (numeric >= textual or _have_digits(contents.cells) or not contents.cells):
        return "value", True
    if numeric >= max(textual, 1):
        return "value", bool(path)
    if valued:
        return "text", True
    return "text", False


def _counts_up(cells: Sequence[Cell]) -> bool:
    """Whether the cells are 1, 2, 3 … as in a column of ordinals."""
    texts = [key(cell.text) for cell in cells]
    return bool(texts) and texts == [str(number) for number in range(1, len(texts) + 1)]


def _have_digits(cells: Sequence[Cell]) -> bool:
    """Whether most of the cells hold a digit: figures that cannot be read are figures too."""
    return sum(any(char.isdigit() for char in cell.text) for cell in cells) * 2 > len(cells)


def _with_label(columns: tuple[Column, ...], body: Grid) -> tuple[Column, ...]:
    """The columns with at least one label: the first column of text, where no header says."""
    if any(column.role == "label" for column in columns):
        return columns
    for column in columns:
        if column.role == "text" and any(row[column.index] is not None for row in body):
            label = replace(column, role="label")
            return tuple(label if other is column else other for other in columns)
    return columns


def _with_measure(column: Column, words: HeaderWords, issued_on: date | None) -> Column:
    """The column with branch, part, as_of, unit of measure and breakdown from its header path."""
    texts = [key(text) for text in column.path]
    branch: Branch | None = None
    part: Part | None = None
    comparison = any(words.comparison.search(text) for text in texts)
    for text in reversed(texts):
        branch = branch or (None if comparison else _branch(text, words))
        part = part or _part(text, words)
    stated = unit_stated(column.path, words)
    of_another = stated is not None and "%" not in stated.replace("%o", "")
    percent = any("%" in text.replace("%o", "") for text in column.path) or (
        part == "rate" and not of_another
    )
    days = (as_of(text) or as_of(text, issued_on) for text in reversed(column.path))
    day = None if comparison else next((day for day in days if day), None)
    leaf = key(_BRACKETS.sub(" ", column.path[-1])) if column.path else ""
    breakdown = words.breakdown.search(leaf)
    return replace(
        column,
        branch=branch,
        part=part,
        comparison=comparison,
        total=bool(leaf and (words.total.search(leaf) or TOTAL_OF_SO_MANY.match(leaf))),
        percent=percent,
        unit_of_measure="%" if percent else stated,
        as_of=day,
        breakdown=column.path[-1] if breakdown and not part else None,
        subject=_subject(column.path, words),
        whole_year=any(WHOLE_YEAR.search(text) for text in texts),
        told=tuple(text for text in column.path if _subject((text,), words)),
    )


def _branch(text: str, words: HeaderWords) -> Branch | None:
    """Target or result, by the word that comes first ('kết quả thực hiện kế hoạch': result)."""
    target, result = words.target.search(text), words.result.search(text)
    if target and (not result or target.start() < result.start()):
        return "target"
    return "result" if result else None


def _part(text: str, words: HeaderWords) -> Part | None:
    if words.rate.search(text):
        return "rate"
    if words.denominator.search(text) and (
        words.numerator.search(text) or _ATTAINED_OF_ALL.search(text)
    ):  # 'Kết quả (đạt/tổng)': the cells tell both, or only how many
        return None
    if words.denominator.search(text):
        return "denominator"
    if words.numerator.search(text) or _ATTAINED.match(key(_BRACKETS.sub(" ", text))):
        return "numerator"
    return "count" if words.count.search(text) else None


def unit_stated(path: Sequence[str], words: HeaderWords) -> str | None:
    """Return the unit of measure that a header states: in brackets, or as 'Đơn vị tính: ‰'."""
    unit = unit_in_brackets(path, words)
    if unit is not None:
        return unit
    for text in reversed(path):
        if key(text) in words.header_units:
            return " ".join(text.split()).lower()
        declared = _DECLARES_UNIT.match(text)
        if declared and words.names_unit(text[declared.end() :]):
            return " ".join(text[declared.end() :].strip(" ()").split())
    return None


def unit_in_brackets(path: Sequence[str], words: HeaderWords) -> str | None:
    """The unit of measure in brackets of a text: 'Kết quả (hộ)' is 'hộ'."""
    for text in reversed(path):
        for inside in reversed(_BRACKETS.findall(text)):
            bare = _DECLARES.sub("", inside) or inside
            if words.units.search(key(bare)) or _MEASURE.fullmatch(key(bare)):
                return " ".join(bare.split())
    return None


def _subject(path: Sequence[str], words: HeaderWords) -> str:
    """What the header says beyond role words, dates, units in brackets and fillers."""
    kept = []
    for text in path:
        bare = _BRACKETS.sub(" ", key(text))
        for pattern in (words.target, words.result, words.rate, words.numerator,
                        words.denominator, words.count, words.filler):  # fmt: skip
            bare = pattern.sub(" ", bare)
        bare = re.sub(r"\b(?:tháng|năm|quý|ngày)?\s*[\d/.\-]+\b|%", " ", bare)
        if re.search(r"[^\W\d_]{2}", bare):
            kept.append(" ".join(bare.split()))
    return " · ".join(kept)


def _without_periods(text: str) -> str:
    """The text, in lower case, with the periods that it names blanked out."""
    low = lower(text)
    for period in reversed(find_periods(text)):
        low = f"{low[: period.start]} {low[period.end :]}"
    return low


def _distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The row's cells, each spanning one once, from left to right."""
    return list({id(cell): cell for cell in row if cell is not None}.values())


def _by_letters(phrases: Iterable[str]) -> dict[str, str]:
    """The phrases by their letters without marks and spaces, those that share them left out."""
    spelled: dict[str, str | None] = {}
    for phrase in phrases:
        letters = fold(phrase).replace(" ", "")
        other = spelled.setdefault(letters, key(phrase))
        spelled[letters] = other if other == key(phrase) else None
    return {letters: phrase for letters, phrase in spelled.items() if phrase and len(letters) > 3}


def phrase_pattern(phrases: Sequence[str], *, whole: bool = False) -> re.Pattern[str]:
    """Any of the phrases as whole words; ``whole``: the text holds nothing else."""
    normal = sorted({key(phrase) for phrase in phrases}, key=len, reverse=True)
    alternatives = "|".join(re.escape(phrase) for phrase in normal)
    return re.compile(
        rf"^\W*(?:{alternatives})\W*$" if whole else rf"(?<!\w)(?:{alternatives})(?!\w)"
    )
