"""The review workbook's first page: what is there, missing, blocking, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reports.answers import ANSWERS
from reports.book import CONFLICTS, FINDINGS, SUMMARY, YES, Book, Value
from reports.report import place

if TYPE_CHECKING:
    from reports.correction import Changed
    from reports.facts import Facts
    from reports.notes import Table

WIDTHS = (40, 14, 14, 14, 18, 70)
"""Widths of the summary's columns; the text of the last one wraps."""


def write_summary(book: Book, facts: Facts, table: Table, changed: Sequence[Changed]) -> None:
    """The sheet that says what is there, what is missing, what blocks, what to do next."""
    sheet = book.workbook.add_worksheet(SUMMARY)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    title = book.format(bold=True, font_size=14)
    head = book.format(bold=True, text_wrap=True, bg_color="#D9E2EC", border=1)
    sheet.write_string(0, 0, f"SỔ ĐỐI CHIẾU SỐ LIỆU {table.unit_name(facts.unit).upper()}", title)
    row = 2
    for heads, lines in _blocks(facts, table, changed):
        for column, text in enumerate(heads):
            sheet.write_string(row, column, text, head)
        for row, line in enumerate(lines, start=row + 1):  # noqa: B020 - goes on below
            for column, value in enumerate(line):
                book.write(sheet, row, column, value, wrap=column == len(WIDTHS) - 1)
        row += 2
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _blocks(
    facts: Facts, table: Table, changed: Sequence[Changed]
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
    for issued in changed:
        yield (
            (f"Đã ban hành, nay thay đổi: {issued.title}", "", "", "", "", "Thay đổi"),
            (
                (one.name, None, None, None, None, f"{one.old} → {one.new} ({one.cause})")
                for one in issued.figures
            ),
        )
    yield (
        ("Đơn vị báo cáo", "Có số liệu", "Thiếu", "Mâu thuẫn", "Tổng số chỉ tiêu"),
        (_covered(facts, table, unit) for unit in table.former_units),
    )
    steps = enumerate(_next_steps(facts, table, changed), start=1)
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


def _next_steps(facts: Facts, table: Table, changed: Sequence[Changed]) -> Iterable[str]:
    if changed:
        yield "Xem dự thảo đính chính dinh-chinh-….docx cạnh tệp này, trình ký rồi ban hành lại."
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
