"""Spreadsheets, HTML, LibreOffice's formats and scanned pages."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter
from blindcodes import to_tcvn3
from blinddocx import strip_time, write_docx
from blindgrid import Cell, parse_grid, pieces
from PIL import Image, ImageFilter, ImageOps

NO_CACHE = "not calculated"


def convert(path: Path, target: str, where: Path) -> Path:
    """One LibreOffice call with a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{profile}",
                "--convert-to",
                target,
                "--outdir",
                str(where),
                str(path),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=180,
        )
    made = where / f"{path.stem}.{target.split(':', maxsplit=1)[0]}"
    if not made.exists():
        raise FileNotFoundError(made)
    return made


# --- spreadsheets ---------------------------------------------------------------------------------


def number(text: str) -> tuple[float | int, str] | None:
    """A Vietnamese number and the format that shows it; None for text."""
    match = re.fullmatch(r"(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?( ?%)?", text)
    if not match or (match[2].startswith("0") and len(match[2]) > 1):
        return None
    whole, digits = match[2].replace(".", ""), match[3] or ""
    shown = ("#,##0" if "." in match[2] else "0") + ("." + "0" * len(digits) if digits else "")
    value: float | int = float(f"{match[1]}{whole}.{digits}") if digits else int(match[1] + whole)
    if match[4]:
        value = round(value / 100, len(digits) + 4)
        shown += "%"
    return value, shown


def write_coded(sheet: Any, book: Any, cell: Cell, text: str, style: dict[str, Any]) -> None:
    """A cell in TCVN3; capitals stand in the font of capitals."""
    parts: list[Any] = []
    for coded, capital in to_tcvn3(text):
        font = ".VnTimeH" if capital else ".VnTime"
        parts += [book.add_format({**style, "font_name": font}), coded]
    if cell.rows > 1 or cell.columns > 1:
        last = (cell.row + cell.rows - 1, cell.column + cell.columns - 1)
        sheet.merge_range(cell.row, cell.column, *last, "", parts[0])
    if len(parts) == 2:
        sheet.write_string(cell.row, cell.column, parts[1], parts[0])
    else:
        sheet.write_rich_string(cell.row, cell.column, *parts, parts[0])


def write_cell(sheet: Any, book: Any, cell: Cell, manner: dict[str, Any], code: str) -> None:
    text = cell.text.replace("**", "").replace("¶", "\n")
    style = dict(manner)
    if text.startswith("="):
        formula, _, cached = text.partition("=>")
        known = number(cached.strip())
        style["num_format"] = known[1] if known else "0"
        value = known[0] if known else (cached.strip() or NO_CACHE)
        arguments = (formula.strip(), book.add_format(style), value)
        sheet.write_formula(cell.row, cell.column, *arguments)
        return
    known = None if text.startswith("'") else number(text)
    if known:
        style["num_format"] = known[1]
        content: Any = known[0]
    else:
        content = text.removeprefix("'")
    if content and not known and code == "tcvn3":
        write_coded(sheet, book, cell, content, style)
    elif cell.rows > 1 or cell.columns > 1:
        last = (cell.row + cell.rows - 1, cell.column + cell.columns - 1)
        sheet.merge_range(cell.row, cell.column, *last, content, book.add_format(style))
    elif known:
        sheet.write_number(cell.row, cell.column, content, book.add_format(style))
    elif content:
        sheet.write_string(cell.row, cell.column, content, book.add_format(style))


def write_xlsx(source: dict[str, Any], path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": "Văn bản hư cấu", "comments": "Invented for tests."})
        for part in source["sheets"]:
            sheet = book.add_worksheet(part["name"])
            grid = parse_grid(part["grid"])
            ruled = range(part.get("ruled", 0), part.get("ruled_to", grid.height))
            for cell in grid.cells:
                manner: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12}
                manner |= {"text_wrap": True, "valign": "vcenter"}
                if cell.text.startswith("**"):
                    manner |= {"bold": True, "align": "center"}
                if cell.row in ruled:
                    manner |= {"border": 1}
                write_cell(sheet, book, cell, manner, source.get("text", "unicode"))
            for column, width in enumerate(part.get("widths", [])):
                sheet.set_column(column, column, width)
            for row in part.get("hidden_rows", []):
                sheet.set_row(row, None, None, {"hidden": True})
            for column in part.get("hidden_columns", []):
                sheet.set_column(column, column, None, None, {"hidden": True})
            if part.get("hidden"):
                sheet.hide()
    drop_uncalculated(path)
    strip_time(path)


def drop_uncalculated(path: Path) -> None:
    """A formula that nobody calculated has no value in the file."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            mark = rf' t="str"(><f>[^<]*</f>)<v>{NO_CACHE}</v>'.encode()
            archive.writestr(name, re.sub(mark, rb"\1", data))


# --- HTML that an office saved as .doc ------------------------------------------------------------


def entities(text: str) -> str:
    escaped = html.escape(text, quote=False)
    return escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")


def html_text(text: str) -> str:
    shown = []
    for piece in pieces(text):
        inner = entities(piece.text).replace("&#182;", "<br>")
        if piece.manner == "^":
            inner = f"<sup>{inner}</sup>"
        if piece.bold:
            inner = f"<b>{inner}</b>"
        shown.append(inner)
    return "".join(shown)


def html_table(block: dict[str, Any]) -> str:
    grid = parse_grid(block["grid"])
    lines = ["<table class=MsoNormalTable border=1 cellspacing=0 cellpadding=0>"]
    for row in range(grid.height):
        lines.append(" <tr>")
        for cell in (cell for cell in grid.cells if cell.row == row):
            size = f" colspan={cell.columns}" * (cell.columns > 1)
            size += f" rowspan={cell.rows}" * (cell.rows > 1)
            lines.append(f"  <td{size}><p class=MsoNormal>{html_text(cell.text)}</p></td>")
        lines.append(" </tr>")
    return "\n".join([*lines, "</table>"])


def html_pair(pair: dict[str, str]) -> str:
    columns = [
        "<br>".join(html_text(line.strip()) for line in pair[side].splitlines() if line.strip())
        for side in ("left", "right")
    ]
    cells = "".join(f"<td align=center valign=top>{column}</td>" for column in columns)
    return f"<table border=0 width='100%'><tr>{cells}</tr></table>"


def write_html(source: dict[str, Any], path: Path) -> None:
    parts = []
    for block in source["body"]:
        if isinstance(block, str):
            for text in re.split(r"\n\s*\n", block.strip()):
                line = " ".join(text.split("\n"))
                center = " align=center" * line.startswith("= ")
                bold = line[:2] in ("= ", "# ")
                words = html_text(line[2:] if line[:2] in ("= ", "# ", "> ", ". ") else line)
                words = f"<b>{words}</b>" if bold else words
                parts.append(f"<p class=MsoNormal{center}>{words}</p>")
        elif "pair" in block:
            parts.append(html_pair(block["pair"]))
        else:
            parts.append(html_table(block))
    office = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w="urn:schemas-microsoft-com:office:word" '
        'xmlns="http://www.w3.org/TR/REC-html40">'
    )
    head = (
        "<head><meta http-equiv=Content-Type content='text/html; charset=us-ascii'>"
        "<meta name=ProgId content=Word.Document><title>Van ban hu cau</title>"
        "<style>p.MsoNormal {margin:0; font-size:13.0pt; font-family:'Times New Roman'}</style>"
        "</head>"
    )
    body = "\n".join(parts)
    page = f"{office}\n{head}\n<body lang=VI>\n{body}\n</body>\n</html>\n"
    path.write_bytes(page.replace("\n", "\r\n").encode("ascii"))


# --- scans ----------------------------------------------------------------------------------------


def pages_of(pdf: Path, where: Path) -> list[Image.Image]:
    subprocess.run(
        ["pdftoppm", "-r", "200", "-gray", str(pdf), str(where / "page")], check=True, timeout=120
    )
    return [Image.open(page).convert("L") for page in sorted(where.glob("page*.pgm"))]


def scan(pdf: Path, path: Path, manner: dict[str, Any], where: Path) -> None:
    """Pages as a scanner gives them: skewed a little, softened a little, or plain."""
    pages = pages_of(pdf, where)
    if manner.get("skew"):
        pages = [
            page.rotate(manner["skew"], Image.Resampling.BICUBIC, fillcolor=255) for page in pages
        ]
    if manner.get("blur"):
        pages = [page.filter(ImageFilter.GaussianBlur(manner["blur"])) for page in pages]
    if path.suffix == ".png":
        few = ImageOps.posterize(pages[0], 4).quantize(16)
        few.save(path, optimize=True, dpi=(200, 200))
    elif path.suffix in (".tif", ".tiff"):
        flat = [page.point(lambda level: 255 * (level > 150)).convert("1") for page in pages]
        options = {"save_all": True, "append_images": flat[1:], "dpi": (200, 200)}
        flat[0].save(path, compression="group4", **options)
    elif path.suffix == ".jpg":
        pages[0].save(path, quality=manner.get("quality", 60), dpi=(200, 200))
    else:
        options = {"save_all": True, "append_images": pages[1:], "resolution": 200}
        pages[0].save(path, quality=manner.get("quality", 55), **options)


# --- which way a source goes ----------------------------------------------------------------------


def make(source: dict[str, Any], path: Path) -> None:
    """The file of one source."""
    way = source["make"]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if way in ("xlsx", "xls", "ods"):
            first = work / "table.xlsx"
            write_xlsx(source, first)
            made = first if way == "xlsx" else convert(first, way, work)
        elif way == "html":
            made = work / "page.html"
            write_html(source, made)
        else:
            first = work / "text.docx"
            write_docx(source, first)
            made = written(way, first, source, work)
        os.umask(0o022)
        shutil.copyfile(made, path)


def written(way: str, first: Path, source: dict[str, Any], work: Path) -> Path:
    if way == "docx":
        return first
    if way in ("pdf", "odt", "rtf"):
        return convert(first, way, work)
    if way == "doc":
        return convert(first, "doc:MS Word 97", work)
    if way == "odt-pdf":
        return convert(convert(first, "odt", work), "pdf", work)
    if way == "scan":
        made = work / f"scan{Path(source['file']).suffix}"
        scan(convert(first, "pdf", work), made, source.get("scan", {}), work)
        return made
    raise ValueError(f"no way to make {way}")
