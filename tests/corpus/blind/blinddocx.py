"""Word documents from the sources' blocks."""

from __future__ import annotations

import copy
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from blindcodes import to_tcvn3, to_vni
from blindgrid import Cell, Grid, Piece, parse_grid, pieces
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

ALIGN = {
    "=": WD_ALIGN_PARAGRAPH.CENTER,
    ">": WD_ALIGN_PARAGRAPH.RIGHT,
    "#": WD_ALIGN_PARAGRAPH.LEFT,
    ".": WD_ALIGN_PARAGRAPH.LEFT,
}
LISTS = {"*": "List Bullet", "%": "List Number"}  # marks that Word sets, not the typist
STAMP = (2025, 1, 1, 0, 0, 0)
NUMERIC = re.compile(r"[-+]?[\d.,]+ ?%?|x|-|Đạt|Chưa đạt|[\d.]+/[\d.]+")


class Writer:
    """Writes one source into one document."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.code = source.get("text", "unicode")
        self.size = source.get("size", 13)
        self.font = source.get("font", "Times New Roman")
        self.document: DocumentObject = Document()
        normal = self.document.styles["Normal"]
        normal.font.name = self.font
        normal.font.size = Pt(self.size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), self.font)
        normal.paragraph_format.space_after = Pt(3)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(1.5)
        section.top_margin = section.bottom_margin = Cm(2)
        if source.get("landscape"):
            self.turn(section, landscape=True)
        for part, holder in (("top", section.header), ("foot", section.footer)):
            if source.get(part):
                self.running(holder.paragraphs[0], source[part])

    def running(self, paragraph: Paragraph, text: str) -> None:
        """A line on every page; '@' in it is the number of the page."""
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        before, number, after = text.partition("@")
        self.fill(paragraph, before, self.size - 2)
        if number:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            paragraph._element.append(field)
            self.fill(paragraph, after, self.size - 2)

    @staticmethod
    def turn(section: Any, *, landscape: bool) -> None:
        wide = section.page_width > section.page_height
        if wide != landscape:
            width, height = section.page_width, section.page_height
            section.page_width, section.page_height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT

    def run(self, paragraph: Paragraph, text: str, piece: Piece, size: float | None) -> None:
        """One stretch of text, in the document's encoding."""
        if self.code == "tcvn3":
            stretches = [
                (coded, ".VnTimeH" if capital else ".VnTime") for coded, capital in to_tcvn3(text)
            ]
        elif self.code == "vni":
            stretches = [(to_vni(text), "VNI-Times")]
        elif self.code == "nfd":
            stretches = [(unicodedata.normalize("NFD", text), None)]
        else:
            stretches = [(text, None)]
        for coded, font in stretches:
            run = paragraph.add_run(coded)
            run.bold, run.italic = piece.bold or None, piece.italic or None
            if piece.manner == "^":
                run.font.superscript = True
            if piece.manner == "hid:":
                run.font.hidden = True
            if size:
                run.font.size = Pt(size)
            if font:
                run.font.name = font
                run._element.rPr.rFonts.set(qn("w:cs"), font)
            if piece.manner in ("del:", "ins:"):
                self.revise(run._element, piece.manner[:3])

    @staticmethod
    def revise(run: Any, kind: str) -> None:
        """Wrap a run as a tracked change."""
        wrapper = OxmlElement(f"w:{kind}")
        wrapper.set(qn("w:id"), "7")
        wrapper.set(qn("w:author"), "Văn thư")
        wrapper.set(qn("w:date"), "2025-01-01T00:00:00Z")
        run.addprevious(wrapper)
        wrapper.append(run)
        if kind == "del":
            for text in run.findall(qn("w:t")):
                text.tag = qn("w:delText")

    def fill(
        self, paragraph: Paragraph, text: str, size: float | None = None, *, bold: bool = False
    ) -> None:
        for piece in pieces(text):
            piece.bold = piece.bold or bold
            for number, line in enumerate(piece.text.split("¶")):
                if number:
                    paragraph.add_run().add_break()
                if line:
                    self.run(paragraph, line, piece, size)

    def paragraph(self, holder: Any, text: str) -> None:
        """A paragraph; its first sign says how it stands."""
        paragraph = holder.add_paragraph()
        sign = text[0]
        if sign in LISTS and text[1] == " ":
            paragraph.style = LISTS[sign]
            self.fill(paragraph, text[2:])
        elif sign in ALIGN and text[1] == " ":
            text = text[2:]
            paragraph.alignment = ALIGN[sign]
            self.fill(paragraph, text, bold=sign in "=#")
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.first_line_indent = Cm(1)
            self.fill(paragraph, text)

    def blocks(self, holder: Any, blocks: list[Any]) -> None:
        for block in blocks:
            if isinstance(block, str):
                for text in re.split(r"\n\s*\n", block.strip()):
                    line = " ".join(text.split("\n")) if "\t" not in text else text
                    if line.startswith("---"):
                        self.part(line[3:].strip())
                    else:
                        self.paragraph(holder, line)
            elif "pair" in block:
                self.pair(holder, block["pair"])
            elif "layout" in block:
                self.layout(holder, block)
            else:
                self.table(holder, block)

    def part(self, manner: str) -> None:
        """A new page, upright or turned."""
        if not manner:
            self.document.add_page_break()
            return
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self.turn(section, landscape=manner == "landscape")

    def pair(self, holder: Any, pair: dict[str, Any]) -> None:
        """Header or signatures: two columns side by side, or what an office made of them."""
        left = [line.strip() for line in pair["left"].splitlines() if line.strip()]
        right = [line.strip() for line in pair["right"].splitlines() if line.strip()]
        manner = pair.get("as", "table")
        if manner == "table":
            table = holder.add_table(rows=1, cols=2)
            self.widths(table, pair.get("widths"))
            for cell, lines in zip(table.rows[0].cells, (left, right), strict=True):
                for number, line in enumerate(lines):
                    paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                    self.fill(paragraph, line)
        elif manner == "tabs":
            for number in range(max(len(left), len(right))):
                first = left[number] if number < len(left) else ""
                second = right[number] if number < len(right) else ""
                paragraph = holder.add_paragraph()
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(pair.get("at", 8)))
                self.fill(paragraph, f"{first}\t{second}", self.size - 1)
        else:
            for line in [*left, *right]:
                paragraph = holder.add_paragraph()
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                self.fill(paragraph, line)

    def layout(self, holder: Any, block: dict[str, Any]) -> None:
        """A table that only puts blocks side by side."""
        table = holder.add_table(rows=1, cols=len(block["layout"]))
        for cell, inner in zip(table.rows[0].cells, block["layout"], strict=True):
            first = cell.paragraphs[0]._element
            self.blocks(cell, inner)
            cell._element.remove(first)
            if cell._element[-1].tag != qn("w:p"):
                cell.add_paragraph()

    def table(self, holder: Any, block: dict[str, Any]) -> None:
        grid: Grid = parse_grid(block["grid"])
        if holder is self.document:
            table = holder.add_table(rows=grid.height, cols=grid.width)
        else:
            table = holder.add_table(grid.height, grid.width)
        self.borders(table, block.get("borders", "all"))
        size = block.get("size", self.size - 1.5)
        header = block.get("reading", {}).get("header", 1)
        rows = [list(row.cells) for row in table.rows]
        for cell in grid.cells:
            last = rows[cell.row + cell.rows - 1][cell.column + cell.columns - 1]
            spot = rows[cell.row][cell.column]
            if cell.rows > 1 or cell.columns > 1:
                spot = spot.merge(last)
            self.cell(spot, cell.text, block, size, head=cell.row < header)
            if cell.row < header:
                self.head(spot, cell, block)
        self.rows(table, block, header)
        self.widths(table, block.get("widths"))

    @staticmethod
    def head(spot: Any, cell: Cell, block: dict[str, Any]) -> None:
        """A header cell's grey ground, and its words turned upright."""
        properties = spot._tc.get_or_add_tcPr()
        if block.get("shade"):
            ground = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", "D9D9D9")):
                ground.set(qn(f"w:{name}"), value)
            properties.append(ground)
        if cell.row and cell.column in block.get("upright", []):
            direction = OxmlElement("w:textDirection")
            direction.set(qn("w:val"), "btLr")
            properties.append(direction)

    def rows(self, table: Table, block: dict[str, Any], header: int) -> None:
        for number, row in enumerate(table.rows):
            properties = row._tr.get_or_add_trPr()
            if block.get("repeat") and number < header:
                properties.append(OxmlElement("w:tblHeader"))
            if block.get("height") and number == header - 1:
                row.height = Cm(block["height"])
            if block.get("whole_rows"):
                properties.append(OxmlElement("w:cantSplit"))

    @staticmethod
    def widths(table: Table, widths: list[float] | None) -> None:
        if not widths:
            return
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for element in table._tbl.iter(qn("w:tc")):
            cell = _Cell(element, table)
            if element.getparent() is None or element.getparent().getparent() is not table._tbl:
                continue
            start = cell._tc.grid_offset
            cell.width = Cm(sum(widths[start : start + cell._tc.grid_span]))

    def cell(self, spot: Any, text: str, block: dict[str, Any], size: float, *, head: bool) -> None:
        paragraph = spot.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        nested = re.fullmatch(r"(.*)\[\[(\w+)\]\]", text)
        if nested:
            self.fill(paragraph, nested[1].strip(), size)
            self.table(spot, block["nested"][nested[2]])
            spot.add_paragraph()
            return
        bold = head or block.get("bold") == "all"
        if head or NUMERIC.fullmatch(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if not head and block.get("numbers") == "right":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if block.get("lines") == "paragraphs":
            for number, line in enumerate(text.split("¶")):
                if number:
                    paragraph = spot.add_paragraph()
                    paragraph.paragraph_format.space_after = Pt(0)
                self.fill(paragraph, line, size, bold=bold)
        else:
            self.fill(paragraph, text, size, bold=bold)

    @staticmethod
    def borders(table: Table, manner: str) -> None:
        if manner == "all":
            table.style = "Table Grid"
            return
        if manner == "none":
            return
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "bottom", "insideH"):
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        table._tbl.tblPr.append(borders)


def strip_time(path: Path) -> None:
    """The same bytes at every build: fixed times in the archive."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            if name == "docProps/core.xml":
                fixed = rb"\g<1>2025-01-01T00:00:00Z<"
                data = re.sub(rb"(W3CDTF\">)[^<]*<", fixed, data)  # noqa: PLW2901
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)


def as_macro_document(path: Path) -> None:
    """Say in the package that the document may hold macros (it holds none)."""
    plain = b"wordprocessingml.document.main+xml"
    kind = b"application/vnd.openxmlformats-officedocument." + plain
    macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data.replace(kind, macro))


def write_docx(source: dict[str, Any], path: Path) -> None:
    writer = Writer(source)
    properties = writer.document.core_properties
    properties.author, properties.title = "", "Văn bản hư cấu"
    properties.comments = "Invented for tests; do not quote."
    writer.blocks(writer.document, copy.deepcopy(source["body"]))
    writer.document.save(str(path))
    if source.get("macro"):
        as_macro_document(path)
    strip_time(path)
