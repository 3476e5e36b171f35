"""Old Excel workbooks (.xls, BIFF), by xlrd."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any, Final

import xlrd

from extractors.characters import readable, subscript, superscript
from extractors.document import Content, Finding, UnreadableError
from extractors.number_formats import GENERAL, exact, show
from extractors.spreadsheet import Sheet, SheetCell, content_of_sheets

_DAMAGED: Final = (
    struct.error,
    ArithmeticError,
    LookupError,
    AssertionError,
    ValueError,
    TypeError,
)
"""What xlrd raises where a record says what cannot be."""
_BOLD_WEIGHT: Final = 600


def read(data: bytes) -> Content:
    """Paragraphs and tables of all sheets, in the workbook's order.

    Raises UnreadableError: 'encrypted-file', or 'truncated-file' where it is damaged.
    """
    log = io.StringIO()
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=log)
    except xlrd.XLRDError as fault:
        code = "encrypted-file" if "encrypted" in str(fault) else "truncated-file"
        raise UnreadableError(code, detail=str(fault)) from fault
    except (xlrd.compdoc.CompDocError, *_DAMAGED) as fault:
        raise UnreadableError("truncated-file", detail=str(fault)) from fault
    findings = [Finding("macro-present")] if b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T" in data else []
    return content_of_sheets((_sheet(book, sheet) for sheet in book.sheets()), findings)


def _sheet(book: xlrd.Book, source: xlrd.sheet.Sheet) -> Sheet:
    sheet = Sheet(source.name, hidden=source.visibility != 0)
    sheet.merges = [
        (top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells
    ]
    sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden}
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            kind = source.cell_type(row, column)
            if kind not in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                value = source.cell_value(row, column)
                is_text = kind == xlrd.XL_CELL_TEXT
                sheet.count((row, column), str(value), is_number=not is_text)
                look = book.xf_list[source.cell_xf_index(row, column)]
                runs = source.rich_text_runlist_map.get((row, column), [])
                _add(book, sheet, (row, column), kind, value, look, runs)
    return sheet


def _add(
    book: xlrd.Book,
    sheet: Sheet,
    place: tuple[int, int],
    kind: int,
    value: Any,
    look: xlrd.formatting.XF,
    runs: list[tuple[int, int]],
) -> None:
    font = book.font_list[look.font_index]
    bold = font.weight >= _BOLD_WEIGHT or bool(font.bold)
    if kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        code = book.format_map[look.format_key].format_str or GENERAL
        shown = show(exact(value), code, is_1904=bool(book.datemode))
        text = shown.text or str(exact(value))
        sheet.add(place, SheetCell(text, shown.value, bold, hidden=not shown.text))
        return
    if kind == xlrd.XL_CELL_ERROR:
        value = xlrd.error_text_from_code.get(value, "#ERROR")
        sheet.doubts.append((place, Finding("formula-error", {"text": value})))
    elif kind == xlrd.XL_CELL_BOOLEAN:
        value = "TRUE" if value else "FALSE"
    text, original = readable(list(_runs(book, str(value), font.name, runs)))
    sheet.add(place, SheetCell(text, bold=bold, original=original))


def _runs(
    book: xlrd.Book, text: str, font: str, runs: list[tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    """The text as (characters, font): ``runs`` say from which place on which font holds."""
    starts = [(0, None), *runs]
    for (start, number), (end, _) in zip(starts, [*starts[1:], (len(text), None)], strict=True):
        look = None if number is None else book.font_list[number]
        raised = {1: superscript, 2: subscript}.get(look.escapement if look else 0, str)
        yield raised(text[start:end]), look.name if look else font
