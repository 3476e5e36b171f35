"""Makes the invented reports in samples/inbox from their readable sources.

    python samples/build.py            all documents (the PDF needs LibreOffice)
    python samples/build.py --docx     only the Word documents

The Word documents come out byte for byte the same each time; the PDF does so with the same
version of LibreOffice and the same fonts.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import yaml
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
INBOX = HERE / "inbox"

FONT = "Times New Roman"
NOTE = "Tài liệu minh họa do dự án hopnhat đặt ra, không phải văn bản thật."
PORTRAIT = (Cm(21), Cm(29.7))
OUTLINE, BULLETS, LETTERS = 1, 2, 3
"""Numbers of the abstract lists in `NUMBERING`."""

ALIGNMENTS = {"l": ALIGN.LEFT, "c": ALIGN.CENTER, "r": ALIGN.RIGHT}
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")

INDENT = '<w:pPr><w:ind w:left="0" w:firstLine="720"/></w:pPr>'
NUMBERING = f"""
<w:numbering {nsdecls("w")}>
  <w:abstractNum w:abstractNumId="{OUTLINE}"><w:multiLevelType w:val="multilevel"/>
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:pStyle w:val="Heading1"/>
      <w:suff w:val="space"/><w:lvlText w:val="%1."/>{INDENT}</w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading2"/>
      <w:suff w:val="space"/><w:lvlText w:val="%2."/>{INDENT}</w:lvl>
  </w:abstractNum>
  <w:abstractNum w:abstractNumId="{BULLETS}"><w:multiLevelType w:val="singleLevel"/>
    <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:suff w:val="space"/><w:lvlText w:val="-"/>
      {INDENT}</w:lvl>
  </w:abstractNum>
  <w:abstractNum w:abstractNumId="{LETTERS}"><w:multiLevelType w:val="singleLevel"/>
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:suff w:val="space"/>
      <w:lvlText w:val="%1)"/>{INDENT}</w:lvl>
  </w:abstractNum>
  <w:num w:numId="{OUTLINE}"><w:abstractNumId w:val="{OUTLINE}"/></w:num>
  <w:num w:numId="{BULLETS}"><w:abstractNumId w:val="{BULLETS}"/></w:num>
</w:numbering>"""


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Annex(Entry):
    """An annex that is one table; `widths` in cm, `align` a letter a column."""

    heading: str
    title: str
    caption: str
    widths: list[float]
    align: str
    header: str
    rows: str


class Report(Entry):
    """One source file; `|` stands for a line break in the short texts."""

    file: str
    superior: str
    issuer: str
    number: str
    place_and_date: str
    issued_on: date
    title: str
    addressee: str
    grounds: list[str]
    body: str
    recipients: list[str]
    signature: list[str]
    signer: str
    landscape_annexes: bool
    text_size: float
    table_size: float
    directives: Annex
    indicators: Annex


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the body; `level` 0 is text, 1 the topmost heading.

    `automatic` is the mark that Word's numbering is to write, which then is not in `text`.
    """

    level: int
    automatic: str | None
    text: str


def blocks(body: str) -> Iterator[Block]:
    """The paragraphs of a source's body, which blank lines part."""
    for part in body.strip().split("\n\n"):
        match = re.fullmatch(r"(?:(#+) )?(?:\[(.+?)\] )?(.+)", part)
        if match is None:
            raise ValueError(f"not one line: {part!r}")
        hashes, automatic, text = match.groups()
        yield Block(len(hashes or ""), automatic, text)


def grid(lines: str) -> list[list[str]]:
    """Rows of cell texts; '<' and '^' mark a cell merged into its left or upper neighbour."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines.strip().splitlines()]
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"rows of different length: {[row[0] for row in rows]}")
    return rows


def spans(rows: list[list[str]]) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas: first row, first column, last row, last column."""
    for top, row in enumerate(rows):
        for left, text in enumerate(row):
            if text in {"<", "^"}:
                continue
            right, bottom = left, top
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while bottom + 1 < len(rows) and rows[bottom + 1][left] == "^":
                bottom += 1
            if (right, bottom) != (left, top):
                yield top, left, bottom, right


def style(document: WordDocument, name: str, size: float) -> ParagraphStyle:
    found = document.styles[name]
    if not isinstance(found, ParagraphStyle):
        raise TypeError(name)
    found.font.name, found.font.size = FONT, Pt(size)
    found.font.color.rgb = RGBColor(0, 0, 0)
    fonts = found.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    return found


def number_by(element: object, list_number: int, level: int) -> None:
    """Gives a paragraph's or style's properties the automatic numbering."""
    properties = element.get_or_add_pPr()  # type: ignore[attr-defined]
    numbering = properties.get_or_add_numPr()
    numbering.get_or_add_ilvl().val = level
    numbering.get_or_add_numId().val = list_number


def write(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN | None = None,
    after: float = 0,
) -> Paragraph:
    """Writes text in one run; the line break '|' or '¶' becomes Word's."""
    run = paragraph.add_run(re.sub(r"[|¶]", "\n", text))
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.first_line_indent = Cm(0)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def rule(paragraph: Paragraph, indent: float) -> None:
    """A short line, as under the issuer's name and the motto."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Cm(indent)
    layout.first_line_indent, layout.space_after = Cm(0), Pt(4)
    layout.line_spacing = Pt(3)
    paragraph._p.get_or_add_pPr().append(  # noqa: SLF001 - python-docx has no borders
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1"/></w:pBdr>'
        )
    )


def page(section: Section, *, landscape: bool) -> None:
    short, long = PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(2 if landscape else 1.5)


def page_numbers(section: Section) -> None:
    """Centred in the top margin, hidden on the first page (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    paragraph._p.append(  # noqa: SLF001 - python-docx has no fields
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'
        )
    )


def two_columns(document: WordDocument, left: float, right: float, rows: int) -> list[list[_Cell]]:
    """A table without lines, for the header block and the signature."""
    table = document.add_table(rows, 2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    set_widths(table, [left, right])
    for row in table.rows:
        mark_row(row, "cantSplit")
    return [list(row.cells) for row in table.rows]


def mark_row(row: _Row, mark: str) -> None:
    """Marks a row as whole ('cantSplit') or as header that repeats on each page ('tblHeader')."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has neither
    properties.append(parse_xml(f"<w:{mark} {nsdecls('w')}/>"))


def set_widths(table: Table, widths: list[float]) -> None:
    """Sets the columns' widths in cm, in the grid (LibreOffice) and in the cells (Word)."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def header_block(document: WordDocument, report: Report) -> None:
    (issuer, motto), (number, place) = two_columns(document, 6.4, 10.6, 2)
    write(issuer.paragraphs[0], report.superior, size=13, align=ALIGN.CENTER)
    write(issuer.add_paragraph(), report.issuer, size=13, bold=True, align=ALIGN.CENTER)
    rule(issuer.add_paragraph(), 2.2)
    state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    write(motto.paragraphs[0], state, size=13, bold=True, align=ALIGN.CENTER)
    write(motto.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, align=ALIGN.CENTER)
    rule(motto.add_paragraph(), 2.0)
    write(number.paragraphs[0], report.number, size=13, align=ALIGN.CENTER, after=8)
    write(place.paragraphs[0], report.place_and_date, italic=True, align=ALIGN.CENTER, after=8)


def opening(document: WordDocument, report: Report) -> None:
    write(document.add_paragraph(), "BÁO CÁO", bold=True, align=ALIGN.CENTER)
    write(document.add_paragraph(), report.title, bold=True, align=ALIGN.CENTER)
    rule(document.add_paragraph(), 6.2)
    write(document.add_paragraph(), report.addressee, align=ALIGN.CENTER, after=10)
    for ground in report.grounds:
        document.add_paragraph().add_run(ground).italic = True


def automatic_number(document: WordDocument, block: Block, counts: list[int]) -> tuple[int, int]:
    """The list and level that write a block's mark; ValueError when they would write another."""
    mark, level = block.automatic, block.level
    if mark == "-":
        return BULLETS, 0
    if level in {1, 2}:
        counts[level] += 1
        counts[level + 1 :] = [0] * (len(counts) - level - 1)
        written = f"{ROMAN[counts[1]]}." if level == 1 else f"{counts[2]}."
    else:
        counts[3] = 1 if mark == "a)" else counts[3] + 1
        written = f"{chr(ord('a') + counts[3] - 1)})"
    if written != mark:
        raise ValueError(f"Word would write {written}, the source has {mark}: {block.text}")
    if level in {1, 2}:
        return OUTLINE, level - 1
    numbering = document.part.numbering_part.element
    if mark == "a)":
        numbering.add_num(LETTERS).add_lvlOverride(ilvl=0).add_startOverride(1)
    return numbering.num_lst[-1].numId, 0


def body(document: WordDocument, report: Report) -> None:
    counts = [0] * 5
    for block in blocks(report.body):
        styled = block.automatic is not None and block.level in {1, 2}
        paragraph = document.add_paragraph(style=f"Heading {block.level}" if styled else None)
        run = paragraph.add_run(block.text)
        run.bold = True if block.level in {1, 2, 3} else None
        run.italic = True if block.level == 4 else None
        paragraph.paragraph_format.keep_with_next = True if block.level else None
        if block.automatic is not None:
            list_number, level = automatic_number(document, block, counts)
            if not styled:
                number_by(paragraph._p, list_number, level)  # noqa: SLF001 - no numbering in python-docx


def signature(document: WordDocument, report: Report) -> None:
    ((recipients, signer),) = two_columns(document, 8.3, 8.3, 1)
    write(recipients.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for recipient in report.recipients:
        write(recipients.add_paragraph(), f"- {recipient}", size=11)
    lines = "|".join(report.signature)
    write(signer.paragraphs[0], lines, bold=True, align=ALIGN.CENTER, after=70)
    write(signer.add_paragraph(), report.signer, bold=True, align=ALIGN.CENTER)


def table(document: WordDocument, annex: Annex, size: float) -> None:
    """The annex's table with its lines, its header rows marked to repeat on each page."""
    header = grid(annex.header)
    texts = header + grid(annex.rows)
    made: Table = document.add_table(len(texts), len(annex.widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    set_widths(made, annex.widths)
    cells = [list(row.cells) for row in made.rows]
    for index, (row, row_texts) in enumerate(zip(cells, texts, strict=True)):
        heading = index < len(header)
        group = not heading and re.fullmatch(r"[IVA-D]+", row_texts[0]) is not None
        for column, (cell, text) in enumerate(zip(row, row_texts, strict=True)):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            align = ALIGN.CENTER if heading else ALIGNMENTS[annex.align[column]]
            if text not in {"<", "^"}:
                bold = heading or group
                write(cell.paragraphs[0], text, size=size, bold=bold, align=align)
            layout = cell.paragraphs[0].paragraph_format
            layout.space_before, layout.space_after = Pt(1.5), Pt(1.5)
            layout.widow_control = False  # so that a row may part at a page's end after any line
        if heading:
            mark_row(made.rows[index], "tblHeader")
    for top, left, bottom, right in spans(texts):
        cells[top][left].merge(cells[bottom][right])


def annexes(document: WordDocument, report: Report) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    page(section, landscape=report.landscape_annexes)
    section.different_first_page_header_footer = False
    for index, annex in enumerate((report.directives, report.indicators)):
        heading = write(document.add_paragraph(), annex.heading, bold=True, align=ALIGN.CENTER)
        heading.paragraph_format.page_break_before = index > 0
        write(document.add_paragraph(), annex.title, bold=True, align=ALIGN.CENTER)
        write(document.add_paragraph(), annex.caption, italic=True, align=ALIGN.CENTER, after=8)
        table(document, annex, report.table_size)
        write(document.add_paragraph(), "", size=4)


def word_document(report: Report) -> bytes:
    """The report as .docx."""
    document = Document()
    normal = style(document, "Normal", report.text_size)
    layout = normal.paragraph_format
    layout.alignment, layout.first_line_indent = ALIGN.JUSTIFY, Cm(1.27)
    layout.space_after, layout.line_spacing = Pt(6), 1.0
    numbering = document.part.numbering_part.element
    numbering[:] = list(parse_xml(NUMBERING))
    for level in (1, 2):
        heading = style(document, f"Heading {level}", report.text_size)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(0), Pt(6)
        number_by(heading.element, OUTLINE, level - 1)
    page(document.sections[0], landscape=False)
    page_numbers(document.sections[0])
    header_block(document, report)
    opening(document, report)
    body(document, report)
    signature(document, report)
    annexes(document, report)
    properties = document.core_properties
    properties.author, properties.last_modified_by = "hopnhat", "hopnhat"
    properties.title, properties.subject = report.title.replace("|", " "), NOTE
    properties.created = properties.modified = datetime.combine(report.issued_on, time(8))
    saved = io.BytesIO()
    document.save(saved)
    return dated(saved.getvalue(), report.issued_on)


def dated(archive: bytes, day: date) -> bytes:
    """The same zip archive with every entry's time set to the day."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 8, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def pdf_document(report: Report) -> bytes:
    """The report as LibreOffice prints it, with the time of printing set to the report's day."""
    office = shutil.which("soffice")
    if office is None:
        raise FileNotFoundError(
            "LibreOffice (soffice) is needed for the PDF; see samples/README.md"
        )
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder, "report.docx")
        word.write_bytes(word_document(report))
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [
            office,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            str(word),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603 - own command
        printed = Path(folder, "report.pdf").read_bytes()
    day = f"{report.issued_on:%Y%m%d}080000".encode()
    printed = re.sub(rb"(/(?:CreationDate|ModDate)\(D:)\d{14}", rb"\g<1>" + day, printed)
    identity = f"{report.issued_on:%Y%m%d}".encode().ljust(32, b"0")
    printed = re.sub(rb"(/DocChecksum /)[0-9A-F]{32}", rb"\g<1>" + identity, printed)
    return re.sub(
        rb"(/ID \[ <)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}",
        rb"\g<1>" + identity + rb"\g<2>" + identity,
        printed,
    )


def load(path: Path) -> Report:
    return Report.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--docx", action="store_true", help="leave the PDF as it is")
    only_word = parser.parse_args().docx
    INBOX.mkdir(exist_ok=True)
    for path in sorted(SOURCES.glob("*.yaml")):
        report = load(path)
        printed = report.file.endswith(".pdf")
        if printed and only_word:
            continue
        made = pdf_document(report) if printed else word_document(report)
        (INBOX / report.file).write_bytes(made)
        print(f"{report.file}: {len(made)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
