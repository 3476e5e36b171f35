"""The review workbook, .xlsx: what the report rests on, for an officer who lives in Excel."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.answers import MOST_SHOWN, Choice, Question, indicators
from reports.book import (
    CONFLICTS,
    DIRECTIVES,
    FIGURES,
    FINDINGS,
    INDICATORS,
    OPERANDS,
    PASSAGES,
    SIDES,
    YES,
    Book,
    Column,
    Link,
    Measured,
    Questions,
    Rows,
    Value,
    counted,
    exact_text,
    measured,
)
from reports.facts import Doubt, Facts, Figure, Passage, facts_of
from reports.notes import Table, pooled_words
from reports.prose import CONSOLIDATED, narrated
from reports.summary import write_summary
from reports.vietnamese import day, listing, number, order

if TYPE_CHECKING:
    from catalog.catalogue import Catalogue
    from reports.correction import Changed

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
STATES: Mapping[str, Choice] = {"unit": "unit", "as_of": "as_of", "draft": "signed"}
"""The answer that states what a finding's document did not say clearly."""
RESTATED = {"unit": "đơn vị", "as_of": "ngày số liệu"}


def write_workbook(
    warehouse: Path,
    catalogue: Catalogue,
    report_id: str,
    unit: str,
    as_of: date,
    destination: Path,
    *,
    changed: Sequence[Changed] = (),
) -> Path:
    """Writes ``doi-chieu-UNIT-REPORT.xlsx`` in the folder ``destination`` and returns its path.

    ``changed`` are issued reports whose figures are others now: the first page says so.
    Raises KeyError for a report or unit that the catalogue does not know and duckdb.IOException
    where there is no warehouse.
    """
    facts = facts_of(warehouse, catalogue, report_id, unit, as_of)
    path = destination / f"doi-chieu-{unit}-{report_id}.xlsx"
    destination.mkdir(parents=True, exist_ok=True)
    fill_workbook(facts, catalogue, path, changed)
    return path


def fill_workbook(
    facts: Facts, catalogue: Catalogue, path: Path, changed: Sequence[Changed] = ()
) -> None:
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
            write_summary(book, facts, table, changed)
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
                measured(figure.value, decimals),
                exact_text(figure.value),
                figure.unit_of_measure,
                measured(figure.lower, decimals),
                measured(figure.upper, decimals),
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
        Column("Theo quyết định về văn bản", 20, wrap=True),
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
                measured(operand.value, 6),
                exact_text(operand.value),
                operand.unit_of_measure,
                OBSERVATIONS.get(operand.status, operand.status),
                YES if operand.estimated else None,
                YES if operand.approximate else None,
                operand.file_name,
                operand.number,
                operand.page,
                counted(operand.table),
                counted(operand.row),
                counted(operand.column),
                operand.text,
                operand.observation,
                _restated(operand.restated),
                operand.as_of,
                None if operand.share is None else Measured(operand.share * 100, 6),
                operand.basis,
            )

    return columns, rows()


def _restated(fields: str | None) -> str | None:
    """Which of unit and day the document does not say itself."""
    return ", ".join(RESTATED[each] for each in fields.split(", ")) if fields else None


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
                measured(figure.value, table.precision(figure.indicator)),
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
                        measured(source["value"], 6),
                        source["file_name"],
                        source["page"],
                        counted(source["table"]),
                        counted(source["row"]),
                        counted(source["column"]),
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
                    counted(doubt.table),
                    counted(doubt.row),
                    counted(doubt.column),
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
    if doubt.states is not None:
        choices.append(STATES[doubt.states])
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
                counted(passage.ordinal),
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
                    counted(origin["row"]),
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
