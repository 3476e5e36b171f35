"""Short reports of communes as .docx files: letterhead, a sentence, one table of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx

Row = tuple[str, str, str]
"""Label, unit of measure, result."""


def write_report(
    path: Path,
    commune: str,
    rows: Sequence[Row],
    *,
    number: int = 77,
    day: str = "20",
    district: str = "Mộ Đức",
    title: str = "Kết quả xây dựng xã hội học tập, số liệu tính đến ngày 30/6/2025",
    body: Sequence[str] = (),
    result: str = "Kết quả đến 30/6/2025",
) -> Path:
    """A report of a former commune, of xã Long Phụng if not said, figures up to 30/6/2025.

    ``body``: headings ('II. Kết quả thực hiện') and paragraphs between the title and the table.
    ``result``: what stands above the figures.
    """
    document = docx.Document()
    head = document.add_table(2, 2)
    texts = (
        f"HUYỆN {district.upper()}\nỦY BAN NHÂN DÂN XÃ {commune.upper()}",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
        f"Số: {number}/BC-UBND",
        f"{commune}, ngày {day} tháng 6 năm 2025",
    )
    for cell, text in zip((cell for row in head.rows for cell in row.cells), texts, strict=True):
        cell.text = text
    document.add_paragraph("BÁO CÁO")
    for text in (title, *body):
        document.add_paragraph(text)
    table = document.add_table(1 + len(rows), 4)
    lines = [("TT", "Chỉ tiêu", "Đơn vị tính", result)]
    lines += [(str(order), *row) for order, row in enumerate(rows, start=1)]
    for line, of in zip(lines, table.rows, strict=True):
        for text, cell in zip(line, of.cells, strict=True):
            cell.text = text
    document.save(str(path))
    return path
