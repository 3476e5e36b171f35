"""The review workbook, .xlsx: what the report rests on, for an officer who lives in Excel."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.answers import (
    ANSWERS,
    CHECK,
    CHOICES,
    IDENTITY,
    MOST_SHOWN,
    Choice,
    Question,
    check_mark,
    indicators,
    runs,
)
from reports.facts import Doubt, Facts, Figure, Passage, facts_of
from reports.notes import Table, pooled_words
from reports.prose import CONSOLIDATED, narrated
from reports.report import place
from reports.template import clean
from reports.vietnamese import day, listing, number, order

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from catalog.catalogue import Catalogue

SUMMARY, FIGURES, OPERANDS, SIDES = "Tóm tắt", "Số liệu hợp nhất", "Toán hạng", "Theo xã cũ"
CONFLICTS, FINDINGS, PASSAGES, DIRECTIVES = "Mâu thuẫn", "Phát hiện", "Đoạn văn", "Văn bản"
INDICATORS = "Danh mục chỉ tiêu"

MEASURES = {
    "target": "mục tiêu",
    "result": "kết quả",
    "numerator": "tử số",
    "denominator": "mẫu số",
    "count": "số lượng",
}
METHODS = {
    "sum": "cộng",
    "ratio-of-sums": "tổng tử số chia tổng mẫu số",
    "attainment": "số xã đạt trên tổng số xã",
    "weighted-average": "bình quân có trọng số",
    "lowest": "mức thấp nhất",
    "recompute": "tính lại từ số tổng",
    "union": "gộp danh sách",
    "none": "không gộp được",
    "agree": "các xã cũ thống nhất",
}
ORIGINS = {
    "common": "chung",
    "own": "riêng một xã cũ",
    "template": "mẫu báo cáo",
    CONSOLIDATED: "số liệu hợp nhất",
}
SEVERITIES = {"error": "lỗi", "warning": "cảnh báo", "info": "thông tin"}
OBSERVATIONS = {
    "accepted": "được dùng",
    "corrected": "đã sửa theo quyết định",
    "conflicting": "mâu thuẫn",
}
YES = "có"

SUMMARY_WIDTHS = (40, 14, 14, 14, 18, 70)
"""Widths of the summary's columns; the text of the last one wraps."""
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


def write_workbook(
    warehouse: Path,
    catalogue: Catalogue,
    report_id: str,
    unit: str,
    as_of: date,
    destination: Path,
) -> Path:
    """Writes ``doi-chieu-UNIT-REPORT.xlsx`` in the folder ``destination`` and returns its path.

    Raises KeyError for a report or unit that the catalogue does not know and duckdb.IOException
    where there is no warehouse.
    """
    facts = facts_of(warehouse, catalogue, report_id, unit, as_of)
    path = destination / f"doi-chieu-{unit}-{report_id}.xlsx"
    destination.mkdir(parents=True, exist_ok=True)
    fill_workbook(facts, catalogue, path)
    return path


def fill_workbook(facts: Facts, catalogue: Catalogue, path: Path) -> None:
    """Writes the workbook of the facts to ``path``; the same facts give the same bytes."""
    from xlsxwriter.workbook import Workbook  # noqa: PLC0415 - loaded only when one is written

    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    table = Table(facts, catalogue)
    try:
        with Workbook(str(unfinished), options) as workbook:
            workbook.set_properties(
                {
                    "title": f"Sổ đối chiếu, {table.unit_name(facts.unit)}, {day(facts.as_of)}",
                    "created": datetime.combine(facts.as_of, time(12), UTC),
                }
            )
            book = Book(workbook)
            _summary(book, facts, table)
            first_operand = _operand_rows(facts)
            book.sheet(FIGURES, *_figures(facts, table, first_operand))
            book.sheet(OPERANDS, *_operands(facts, table))
            book.sheet(SIDES, *_sides(facts, table))
            listed = indicators(catalogue)
            book.ask(CONFLICTS, *_conflicts(facts, table), listed)
            book.ask(FINDINGS, *_findings(facts, table), listed)
            book.sheet(PASSAGES, *_passages(facts, table))
            book.sheet(DIRECTIVES, *_directives(facts, table))
            book.sheet(INDICATORS, (Column(INDICATORS, 80),), ((each,) for each in listed)).hide()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


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


def _number(value: Decimal | None, decimals: int) -> Measured | None:
    return None if value is None else Measured(value, decimals)


def _operand_rows(facts: Facts) -> dict[str, tuple[int, int]]:
    """Figure's key -> (row of its first operand on the operands' sheet, how many)."""
    rows: dict[str, tuple[int, int]] = {}
    for row, operand in enumerate(facts.operands, start=1):
        first, count = rows.get(operand.figure, (row, 0))
        rows[operand.figure] = first, count + 1
    return rows


def _figures(facts: Facts, table: Table, operands: dict[str, tuple[int, int]]) -> Rows:
    columns = (
        Column("Mã số liệu", 34),
        Column("Chỉ tiêu", 44, wrap=True),
        Column("Loại số liệu", 11),
        Column("Thời điểm", 12),
        Column("Giá trị", 14),
        Column("Giá trị đủ chữ số", 20),
        Column("Đơn vị tính", 12),
        Column("Cận dưới", 11),
        Column("Cận trên", 11),
        Column("Cách gộp", 22, wrap=True),
        Column("Phép tính", 48, wrap=True),
        Column("Số xã có", 9),
        Column("Số xã cần", 9),
        Column("Trạng thái", 20, wrap=True),
        Column("Vì sao", 36, wrap=True),
        Column("Toán hạng", 14),
        Column("Theo số liệu gộp", 22, wrap=True),
        Column("Ngưỡng và số liệu gộp", 60, wrap=True),
    )

    def link(figure: Figure) -> Link | str:
        row, count = operands.get(figure.key, (0, 0))
        return Link(f"{count} toán hạng", OPERANDS, row) if count else "không có"

    def rows() -> Iterable[Sequence[Value]]:
        for figure in facts.figures:
            decimals = table.precision(figure.indicator) if figure.unit_of_measure == "%" else 6
            yield (
                figure.key,
                table.indicator_name(figure.indicator),
                MEASURES.get(figure.measure, figure.measure),
                figure.as_of,
                _number(figure.value, decimals),
                exact_text(figure.value),
                figure.unit_of_measure,
                _number(figure.lower, decimals),
                _number(figure.upper, decimals),
                METHODS.get(figure.method, figure.method),
                figure.equation,
                figure.parts_reported,
                figure.parts_expected,
                table.status(figure.status),
                "; ".join(table.why_missing(figure)) if figure.value is None else None,
                link(figure),
                figure.pooled_status and pooled_words(figure.pooled_value, figure.pooled_status),
                figure.pooled_equation,
            )

    return columns, rows()


def _operands(facts: Facts, table: Table) -> Rows:
    columns = (
        Column("Mã số liệu", 34),
        Column("Chỉ tiêu", 44, wrap=True),
        Column("Loại số liệu", 11),
        Column("Đơn vị báo cáo", 20),
        Column("Giá trị", 14),
        Column("Giá trị đủ chữ số", 20),
        Column("Đơn vị tính", 12),
        Column("Tình trạng", 14),
        Column("Ước thực hiện", 9),
        Column("Gần đúng", 9),
        Column("Tệp", 28),
        Column("Số, ký hiệu", 16),
        Column("Trang", 7),
        Column("Bảng", 7),
        Column("Hàng", 7),
        Column("Cột", 7),
        Column("Nguyên văn", 48, wrap=True),
        Column("Mã quan sát", 18),
        Column("Thời điểm", 12),
        Column("Tỷ lệ phân bổ (%)", 10),
        Column("Căn cứ phân bổ", 30, wrap=True),
    )

    def rows() -> Iterable[Sequence[Value]]:
        for operand in facts.operands:
            yield (
                operand.figure,
                table.indicator_name(operand.indicator),
                MEASURES.get(operand.measure, operand.measure),
                table.unit_name(operand.part),
                _number(operand.value, 6),
                exact_text(operand.value),
                operand.unit_of_measure,
                OBSERVATIONS.get(operand.status, operand.status),
                YES if operand.estimated else None,
                YES if operand.approximate else None,
                operand.file_name,
                operand.number,
                operand.page,
                _counted(operand.table),
                _counted(operand.row),
                _counted(operand.column),
                operand.text,
                operand.observation,
                operand.as_of,
                None if operand.share is None else Measured(operand.share * 100, 6),
                operand.basis,
            )

    return columns, rows()


def _counted(place_: int | None) -> int | None:
    """A 0-based place as a reader counts it."""
    return None if place_ is None else place_ + 1


def _sides(facts: Facts, table: Table) -> Rows:
    units = table.former_units
    columns = (
        Column("Chỉ tiêu", 48, wrap=True),
        Column("Loại số liệu", 11),
        Column("Thời điểm", 12),
        Column("Đơn vị tính", 12),
        *(Column(table.unit_name(unit), 16) for unit in units),
        Column(f"{table.unit_name(facts.unit)} (hợp nhất)", 20),
        Column("Ghi chú", 44, wrap=True),
    )
    parts = {(part.indicator, part.measure, part.as_of, part.unit): part for part in facts.parts}

    def rows() -> Iterable[Sequence[Value]]:
        for figure in facts.figures:
            sides = [
                parts.get((figure.indicator, figure.measure, figure.as_of, unit)) for unit in units
            ]
            yield (
                table.indicator_name(figure.indicator),
                MEASURES.get(figure.measure, figure.measure),
                figure.as_of,
                figure.unit_of_measure,
                *(None if side is None else Measured(side.value, 6) for side in sides),
                _number(figure.value, table.precision(figure.indicator)),
                "; ".join(table.why_missing(figure)) if figure.value is None else None,
            )

    return columns, rows()


def _conflicts(facts: Facts, table: Table) -> Questions:
    columns = (
        Column("Đơn vị báo cáo", 20),
        Column("Chỉ tiêu", 44, wrap=True),
        Column("Loại số liệu", 11),
        Column("Thời điểm", 12),
        Column("Số trong văn bản", 16),
        Column("Tệp", 28),
        Column("Trang", 7),
        Column("Bảng", 7),
        Column("Hàng", 7),
        Column("Cột", 7),
        Column("Nguyên văn", 48, wrap=True),
    )

    def rows() -> Iterable[tuple[Question, Sequence[Value]]]:
        for row in facts.disagreements:
            printed = {each["observation"]: _printed(each) for each in row.sources}
            for source in row.sources:
                others = {of: value for of, value in printed.items() if of != source["observation"]}
                yield (
                    Question(
                        source["observation"],
                        ("settle", "correct", "reject"),
                        {
                            "seen": seen(source, _printed(source)),
                            "others": others,
                            "percent": row.measure in {"result", "target"},
                        },
                    ),
                    (
                        table.unit_name(row.unit),
                        table.indicator_name(row.indicator),
                        MEASURES.get(row.measure, row.measure),
                        row.as_of,
                        _number(source["value"], 6),
                        source["file_name"],
                        source["page"],
                        _counted(source["table"]),
                        _counted(source["row"]),
                        _counted(source["column"]),
                        source["text"],
                    ),
                )

    return columns, rows()


def _printed(source: Mapping[str, Any]) -> str | None:
    value: Decimal | None = source.get("printed_value", source["value"])
    return None if value is None else format(value.normalize(), "f")


def seen(place: Mapping[str, Any], value: str | None) -> dict[str, Any]:
    """What a decision has to say was seen: document, place, text (its beginning) and value."""
    names = ("document", "file_name", "page", "table", "row", "column", "text")
    text = place.get("text")
    cut = None if text is None else text[:MOST_SHOWN]
    return {name: place.get(name) for name in names} | {"text": cut, "value": value}


def _findings(facts: Facts, table: Table) -> Questions:
    columns = (
        Column("Chặn ban hành", 10),
        Column("Mức", 11),
        Column("Vấn đề", 70, wrap=True),
        Column("Tệp", 28),
        Column("Trang", 7),
        Column("Bảng", 7),
        Column("Hàng", 7),
        Column("Cột", 7),
        Column("Nguyên văn", 40, wrap=True),
        Column("Đơn vị", 20),
        Column("Chỉ tiêu", 36, wrap=True),
        Column("Nguồn khác", 30, wrap=True),
        Column("Đã chấp nhận theo", 18),
        Column("Mã", 22),
    )

    def rows() -> Iterable[tuple[Question, Sequence[Value]]]:
        for doubt in facts.doubts:
            yield (
                _question(doubt),
                (
                    YES if doubt.blocking else None,
                    SEVERITIES.get(doubt.severity, doubt.severity),
                    doubt.message,
                    doubt.file_name,
                    doubt.page,
                    _counted(doubt.table),
                    _counted(doubt.row),
                    _counted(doubt.column),
                    doubt.text,
                    None if doubt.unit is None else table.unit_name(doubt.unit),
                    None if doubt.indicator is None else table.indicator_name(doubt.indicator),
                    "; ".join(
                        f"{number(rival['value'], 6)} ({rival['file_name']})"
                        for rival in doubt.rivals
                        if rival["value"] is not None
                    )
                    or None,
                    doubt.decision,
                    doubt.code,
                ),
            )

    return columns, rows()


def _question(doubt: Doubt) -> Question:
    """What a finding can be answered with; of a conflict one chooses on the sheet of conflicts."""
    value = None if doubt.printed_value is None else format(doubt.printed_value.normalize(), "f")
    shown: dict[str, Any] = {
        "message": doubt.message[:MOST_SHOWN],
        "seen": seen(asdict(doubt), value),
    }
    choices: list[Choice] = ["accept"]
    if doubt.label is not None:
        choices.append("wording")
        shown["label"] = doubt.label
    elif doubt.observation is not None and doubt.code != "conflict":
        choices[:0] = ["correct", "reject"]
        shown["observation"] = doubt.observation
        shown["others"] = {rival["observation"]: _printed(rival) for rival in doubt.rivals}
        shown["percent"] = doubt.measure in {"result", "target"}
    return Question(doubt.finding, tuple(choices), shown)


def _passages(facts: Facts, table: Table) -> Rows:
    columns = (
        Column("Mục", 12),
        Column("Tiêu đề", 32, wrap=True),
        Column("Đoạn", 7),
        Column("Trong báo cáo", 70, wrap=True),
        Column("Loại", 16),
        Column("Gốc: đơn vị", 18),
        Column("Gốc: tệp", 28),
        Column("Gốc: đoạn", 8),
        Column("Gốc: nguyên văn", 70, wrap=True),
    )
    outline = table.catalogue.reports[facts.report].outline
    ranks = {heading.path: index for index, heading in enumerate(outline)}

    def in_outline(passage: Passage) -> tuple[int, tuple[str, ...], int]:
        path = tuple(passage.path)
        return ranks.get(path, len(ranks)), path, passage.ordinal

    def rows() -> Iterable[Sequence[Value]]:
        for passage in sorted(narrated(facts, table), key=in_outline):
            merged = (
                ".".join(passage.path),
                passage.heading,
                _counted(passage.ordinal),
                passage.text,
                ORIGINS.get(passage.origin, passage.origin),
            )
            if not passage.origins:
                yield merged
            for origin in passage.origins:
                yield (
                    *merged,
                    table.unit_name(origin["unit"]),
                    facts.file_names.get(origin["document"], origin["document"]),
                    _counted(origin["row"]),
                    origin["text"],
                )

    return columns, rows()


def _directives(facts: Facts, table: Table) -> Rows:
    columns = (
        Column("Loại", 16),
        Column("Số, ký hiệu", 22),
        Column("Ngày", 12),
        Column("Cơ quan ban hành", 32, wrap=True),
        Column("Trích yếu", 70, wrap=True),
        Column("Xã cũ", 32, wrap=True),
        Column("Tệp", 40, wrap=True),
    )

    def rows() -> Iterable[Sequence[Value]]:
        for cited in facts.directives:
            yield (
                cited.kind,
                cited.number,
                cited.issued_on,
                cited.issuer,
                cited.title,
                listing(sorted((table.unit_name(unit) for unit in cited.units), key=order)),
                ", ".join(
                    dict.fromkeys(
                        facts.file_names.get(origin["document"], origin["document"])
                        for origin in cited.origins
                    )
                ),
            )

    return columns, rows()


def _summary(book: Book, facts: Facts, table: Table) -> None:
    """The sheet that says what is there, what is missing, what blocks, what to do next."""
    sheet = book.workbook.add_worksheet(SUMMARY)
    for column, width in enumerate(SUMMARY_WIDTHS):
        sheet.set_column(column, column, width)
    title = book.format(bold=True, font_size=14)
    head = book.format(bold=True, text_wrap=True, bg_color="#D9E2EC", border=1)
    sheet.write_string(0, 0, f"SỔ ĐỐI CHIẾU SỐ LIỆU {table.unit_name(facts.unit).upper()}", title)
    row = 2
    for heads, lines in _summary_blocks(facts, table):
        for column, text in enumerate(heads):
            sheet.write_string(row, column, text, head)
        for row, line in enumerate(lines, start=row + 1):  # noqa: B020 - goes on below
            for column, value in enumerate(line):
                book.write(sheet, row, column, value, wrap=column == len(SUMMARY_WIDTHS) - 1)
        row += 2
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _summary_blocks(
    facts: Facts, table: Table
) -> Iterable[tuple[Sequence[str], Iterable[Sequence[Value]]]]:
    """(header cells, lines) of each block of the summary."""
    state = (
        f"BẢN NHÁP: còn {len(facts.blocking)} vấn đề chặn ban hành"
        if facts.blocking
        else "không còn vấn đề nào chặn ban hành"
    )
    valued = sum(figure.value is not None for figure in facts.figures)
    yield (
        ("Báo cáo", ""),
        (
            ("Loại báo cáo", table.catalogue.reports[facts.report].name),
            ("Số liệu tính đến", facts.as_of),
            ("Tình trạng", state),
            ("Số văn bản đã nhận", len(facts.documents)),
            ("Số liệu hợp nhất có giá trị", valued),
            ("Số liệu hợp nhất chưa có giá trị", len(facts.figures) - valued),
            ("Mâu thuẫn chưa giải quyết", len(facts.disagreements)),
        ),
    )
    yield (
        ("Đơn vị báo cáo", "Có số liệu", "Thiếu", "Mâu thuẫn", "Tổng số chỉ tiêu"),
        (_covered(facts, table, unit) for unit in table.former_units),
    )
    steps = enumerate(_next_steps(facts, table), start=1)
    yield ("Việc cần làm tiếp",), ((f"{order}. {step}",) for order, step in steps)
    if facts.blocking:
        yield (
            ("Vấn đề chặn ban hành", "", "", "", "", "Nội dung"),
            ((place(doubt), None, None, None, None, doubt.message) for doubt in facts.blocking),
        )


def _covered(facts: Facts, table: Table, unit: str) -> Sequence[Value]:
    at = (unit, facts.as_of)
    counts = Counter(line.status for line in facts.coverage if (line.unit, line.as_of) == at)
    return (
        table.unit_name(unit),
        counts["reported"],
        counts["missing"],
        counts["conflicting"],
        counts.total(),
    )


def _next_steps(facts: Facts, table: Table) -> Iterable[str]:
    if facts.disagreements:
        count = len(facts.disagreements)
        yield f"Chọn số liệu đúng cho {count} mâu thuẫn ở trang tính “{CONFLICTS}”."
    if facts.blocking:
        yield (
            f"Xử lý {len(facts.blocking)} vấn đề có cột “Chặn ban hành” là “{YES}” ở trang tính "
            f"“{FINDINGS}”."
        )
    if facts.disagreements or facts.doubts:
        yield (
            f"Để quyết định: điền các cột {', '.join(f'“{title}”' for title in ANSWERS)} ở trang "
            f"tính “{CONFLICTS}” và “{FINDINGS}”, lưu lại, rồi gõ: hopnhat decide --from và đường "
            "dẫn của tệp này."
        )
    for unit in table.former_units:
        lacking = [
            line.indicator
            for line in facts.coverage
            if (line.unit, line.as_of, line.status) == (unit, facts.as_of, "missing")
        ]
        if lacking:
            yield f"Bổ sung {len(lacking)} chỉ tiêu của {table.unit_name(unit)}."
    yield "Đưa văn bản sửa vào thư mục nhận rồi chạy lại; số liệu và báo cáo được lập lại từ đầu."
    if not facts.blocking:
        yield "Mở báo cáo .docx, điền số, ngày và người ký, trình ký."
