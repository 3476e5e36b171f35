"""The review workbook in Excel: its sheets' names, what a cell may hold, how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.answers import ANSWERS, CHECK, CHOICES, IDENTITY, Question, check_mark, runs
from reports.template import clean
from reports.vietnamese import number

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SUMMARY, FIGURES, OPERANDS, SIDES = "Tóm tắt", "Số liệu hợp nhất", "Toán hạng", "Theo xã cũ"
CONFLICTS, FINDINGS, PASSAGES, DIRECTIVES = "Mâu thuẫn", "Phát hiện", "Đoạn văn", "Văn bản"
INDICATORS = "Danh mục chỉ tiêu"

YES = "có"

WIDTHS = (16, 18, 36, 20)
"""Widths of the answers' columns."""
EXACT_DIGITS = 15
"""Digits of a number that Excel keeps; a longer one is written out as text beside it."""
LONGEST = 32_767
"""Characters that an Excel cell holds."""
MOST_LINKS = 65_000
"""Links that Excel takes on one sheet (65,530), with some to spare."""
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Text that begins so could be taken for a formula; it is written as text and marked as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its title, its width in characters and whether its text wraps."""

    title: str
    width: float
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with the decimals that are shown of it."""

    value: Decimal
    decimals: int

    @property
    def format(self) -> str:
        """The Excel format that shows it as the report does: Vietnamese separators, rounded to
        ``decimals``, without zeros at the end.
        """
        shown = len(number(self.value, self.decimals).partition(",")[2])
        return "[$-42A]#,##0" + (f".{'0' * shown}" if shown else "")


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a row of a sheet, 0-based."""

    text: str
    sheet: str
    row: int


Value = str | int | date | Measured | Link | None


Rows = tuple[Sequence[Column], Iterable[Sequence[Value]]]
Questions = tuple[Sequence[Column], Iterable[tuple[Question, Sequence[Value]]]]


class Book:
    """A workbook with the formats that its sheets share."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._texts: dict[tuple[str, bool], tuple[str, Format]] = {}

    def format(self, **properties: object) -> Format:
        """The format with the properties; one object for all cells that look alike."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            plain = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
            self._formats[key] = self.workbook.add_format(plain | properties)
        return self._formats[key]

    def sheet(
        self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]
    ) -> Worksheet:
        """A sheet with a frozen, filtered header row and one row a record."""
        sheet = self.workbook.add_worksheet(name)
        header = self.format(
            bold=True, text_wrap=True, valign="vcenter", bg_color="#D9E2EC", border=1
        )
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.title, header)
        last = 0
        for last, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                self.write(sheet, last, index, value, wrap=columns[index].wrap)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def ask(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[tuple[Question, Sequence[Value]]],
        listed: Sequence[str],
    ) -> None:
        """A sheet whose rows can be answered: all of it locked, without a password, but answers."""
        asked = list(rows)
        lines = [
            (*values, question.identity, *(None,) * len(ANSWERS), _mark(question, values))
            for question, values in asked
        ]
        answers = (Column(title, width) for title, width in zip(ANSWERS, WIDTHS, strict=True))
        first, check = len(columns) + 1, len(columns) + 1 + len(ANSWERS)
        named = (*columns, Column(IDENTITY, 18), *answers, Column(CHECK, 10))
        sheet = self.sheet(name, named, lines)
        sheet.set_column(check, check, 10, None, {"hidden": True})
        # Text: a spreadsheet program must not take '1.234' or '78,61%' for what its locale says.
        look = self.format(
            locked=False, num_format="@", text_wrap=True, bg_color="#FFF9DB", border=4
        )
        for row in range(1, len(lines) + 1):
            for column in range(first, check):
                sheet.write_blank(row, column, None, look)
        for top, bottom, choices in runs([question for question, _ in asked]):
            offered = [CHOICES[choice] for choice in choices]
            sheet.data_validation(top + 1, first, bottom + 1, first, _one_of(offered))
            if "wording" in choices:
                area = f"='{INDICATORS}'!$A$2:$A${len(listed) + 1}"
                sheet.data_validation(top + 1, first + 1, bottom + 1, first + 1, _one_of(area))
        sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, *, wrap: bool) -> None:
        """One cell; None leaves it empty."""
        match value:
            case None:
                return
            case str():
                self.text(sheet, row, column, value, wrap=wrap)
            case Link():
                target = f"internal:'{value.sheet}'!A{value.row + 1}"
                if row > MOST_LINKS:
                    self.text(sheet, row, column, value.text, wrap=wrap)
                else:
                    look = self.format(font_color="#0B5394", underline=1)
                    sheet.write_url(row, column, target, look, value.text)
            case Measured():
                look = self.format(num_format=value.format)
                sheet.write_number(row, column, value.value, look)
            case date():
                moment = datetime.combine(value, time())
                sheet.write_datetime(row, column, moment, self.format(num_format="dd/mm/yyyy"))
            case int():
                sheet.write_number(row, column, value, self.format(num_format="#,##0"))

    def text(self, sheet: Worksheet, row: int, column: int, value: str, *, wrap: bool) -> None:
        """A cell of text, whatever it begins with, without control characters."""
        written = self._texts.get((value, wrap))
        if written is None:
            written = self._texts[value, wrap] = self._text(value, wrap=wrap)
        sheet.write_string(row, column, *written)

    def _text(self, value: str, *, wrap: bool) -> tuple[str, Format]:
        shown = _cut(value)
        properties: dict[str, object] = {"text_wrap": True} if wrap else {}
        if value.startswith(RISKY) or shown.startswith(RISKY):
            properties |= {"quote_prefix": True, "num_format": "@"}
        return shown, self.format(**properties)


CUT = " … (cắt bớt, xem văn bản gốc)"


def _mark(question: Question, values: Sequence[Value]) -> str:
    return check_mark(question, [*(_shown(value) for value in values), question.identity])


def _one_of(source: str | list[str]) -> dict[str, object]:
    """A drop-down; a list of a sheet's own may also be answered in words."""
    of_sheet = isinstance(source, str)
    words = "Chọn một trong các quyết định có trong danh sách."
    return {
        "validate": "list", "source": source, "show_error": not of_sheet,
        "error_title": ANSWERS[0], "error_message": words,
    }  # fmt: skip


def _cut(text: str) -> str:
    shown: str = clean(text)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - len(CUT)] + CUT


def _shown(value: Value) -> str | int | date | Decimal | None:
    """What a cell will hold."""
    match value:
        case str():
            return _cut(value)
        case Measured():
            return value.value
        case Link():
            return _cut(value.text)
    return value


def exact_text(value: Decimal | None) -> str | None:
    """The number written out, where it has more digits than Excel keeps."""
    if value is None:
        return None
    plain = value.normalize()
    digits = len(plain.as_tuple().digits) + max(int(plain.as_tuple().exponent), 0)
    return number(value, 6) if digits > EXACT_DIGITS else None


def measured(value: Decimal | None, decimals: int) -> Measured | None:
    """A number with the decimals that are shown of it; nothing where there is none."""
    return None if value is None else Measured(value, decimals)


def counted(place: int | None) -> int | None:
    """A 0-based place as a reader counts it."""
    return None if place is None else place + 1
