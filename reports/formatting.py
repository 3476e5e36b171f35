"""What a Word document looks like to a reader: its paragraphs with the form that they really have.

Word spreads a paragraph's form over the run, its styles, the styles that those are based on, the
theme and the document's defaults; here it is put together again (ECMA-376, Part 1, 17.7.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

from lxml import etree

from reports.package import read_package
from reports.typeface import EMU_PER_POINT, text_width

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
VML = "urn:schemas-microsoft-com:vml"
CONNECTOR = "{urn:schemas-microsoft-com:office:office}connectortype"
HIDDEN = {f"{{{WORD}}}del", f"{{{WORD}}}txbxContent", f"{{{WORD}}}moveFrom"}
HIDDEN.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
TWIPS, HALF_POINTS, LINES = 20, 2, 240
"""Parts of a point that distances and sizes count; parts of a single line that leading counts."""
POINTS = {
    "mm": Decimal(72) / Decimal("25.4"),
    "cm": Decimal(720) / Decimal("25.4"),
    "in": Decimal(72),
    "pt": Decimal(1),
    "pc": Decimal(12),
    "pi": Decimal(12),
}
"""Points in each unit that a length may name."""
UNSTATED_SIZE = Decimal(10)
"""Size in points where no style says one (17.3.2.38)."""

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it


class NotAWordFileError(Exception):
    """The file is not a .docx that can be read."""


def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{WORD}}}{name}"


def attribute(element: Element | None, name: str = "val") -> str | None:
    """An attribute of WordprocessingML, None where element or attribute is missing."""
    return None if element is None else element.get(w(name))


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one form: size in points, colour as RRGGBB or 'auto'."""

    text: str
    font: str
    size: Decimal
    bold: bool
    italic: bool
    underlined: bool
    color: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: distances in points, ``leading`` as a multiple of single or None where it is
    set exactly. ``cell`` is its (table, row, column); ``section`` counts from 0. ``rule`` is the
    length in points of a drawn line in it (0 where its length is not told), None without one.
    """

    text: str
    spans: tuple[Span, ...]
    align: str
    before: Decimal
    after: Decimal
    first_line: Decimal
    leading: Decimal | None
    section: int
    cell: tuple[int, int, int] | None
    rule: Decimal | None
    page_break: bool

    @property
    def sizes(self) -> set[Decimal]:
        """The sizes met."""
        return {span.size for span in self.spans}

    @property
    def bold(self) -> bool:
        """All of it is bold."""
        return bool(self.spans) and all(span.bold for span in self.spans)

    @property
    def italic(self) -> bool:
        """All of it is italic."""
        return bool(self.spans) and all(span.italic for span in self.spans)

    @property
    def upright(self) -> bool:
        """None of it is italic."""
        return not any(span.italic for span in self.spans)


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A PAGE field of a header or a footer."""

    where: str
    line: Line


@dataclass(frozen=True, slots=True)
class Page:
    """A section's page: lengths in millimetres. ``numbers`` are the PAGE fields of its ordinary
    pages, ``first_numbers`` those of its first page; ``start`` is where counting begins, None where
    it goes on. ``continuous`` is True where it does not begin on a new page.
    """

    width: Decimal
    height: Decimal
    margins: Mapping[str, Decimal]
    numbers: tuple[PageNumber, ...]
    first_numbers: tuple[PageNumber, ...]
    start: int | None
    continuous: bool


class WordDocument:
    """A .docx with its paragraphs in order (``lines``) and its sections (``pages``).

    Raises NotAWordFileError for a file that is none.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._parts = read_package(path)
            self._body = next(self._xml("word/document.xml").iterchildren(w("body")))
        except (BadZipFile, OSError, StopIteration) as error:
            raise NotAWordFileError(f"{path.name}: {error}") from error

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All paragraphs of the body, those of tables included, in document order."""
        return tuple(self._read_lines())

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """One entry a section, in order; a document that says nothing of its pages has one."""
        inherited: dict[tuple[str, str], str] = {}
        sections = list(self._body.iter(w("sectPr"))) or [etree.Element(w("sectPr"))]
        return tuple(self._page(section, inherited) for section in sections)

    def _xml(self, name: str) -> Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self._parts[name], parser)
        except (KeyError, etree.XMLSyntaxError) as error:
            raise NotAWordFileError(f"{self._name}, {name}: {error}") from error

    def _read_lines(self) -> Iterator[Line]:
        section = table = 0
        for block in _blocks(self._body):
            if block.tag == w("p"):
                yield self._line(block, section, None)
                section += block.find(f"{w('pPr')}/{w('sectPr')}") is not None
            elif block.tag == w("tbl"):
                yield from self._table_lines(block, section, table)
                table += 1

    def _table_lines(self, table: Element, section: int, number: int) -> Iterator[Line]:
        style = attribute(table.find(f"{w('tblPr')}/{w('tblStyle')}"))
        for row, line in enumerate(table.iterchildren(w("tr"))):
            for column, cell in enumerate(line.iterchildren(w("tc"))):
                for paragraph in cell.iter(w("p")):
                    yield self._line(paragraph, section, (number, row, column), style)

    def _line(
        self,
        paragraph: Element,
        section: int,
        cell: tuple[int, int, int] | None,
        table_style: str | None = None,
    ) -> Line:
        own = paragraph.find(w("pPr"))
        style = None if own is None else attribute(own.find(w("pStyle")))
        chain = [*([] if own is None else [own]), *self._paragraph_forms(style, table_style)]
        spacing = _merged(chain, "spacing")
        indent = _merged(chain, "ind")
        leading = _points(spacing.get("line", "240"), LINES)
        spans = tuple(self._spans(paragraph, style, table_style))
        return Line(
            text="".join(span.text for span in spans).strip(),
            spans=tuple(span for span in spans if span.text.strip()),
            align=_first(chain, "jc") or "left",
            before=_points(spacing.get("before", "0")),
            after=_points(spacing.get("after", "0")),
            first_line=_points(indent.get("firstLine", "0")),
            leading=leading if spacing.get("lineRule", "auto") == "auto" else None,
            section=section,
            cell=cell,
            rule=_rule(paragraph, spans),
            page_break=_first(chain, "pageBreakBefore", present="1") is not None
            or any(attribute(mark, "type") == "page" for mark in paragraph.iter(w("br"))),
        )

    def _spans(
        self, paragraph: Element, style: str | None, table_style: str | None
    ) -> Iterator[Span]:
        base = self._run_forms(style, table_style)
        for run in paragraph.iter(w("r")):
            if any(parent.tag in HIDDEN for parent in run.iterancestors()):
                continue
            own = run.find(w("rPr"))
            chain = [*([] if own is None else [own]), *base]
            if own is not None and (named := attribute(own.find(w("rStyle")))) is not None:
                chain[1:1] = self._based(named, "rPr")
            text = "".join(_text(child) for child in run)
            if text:
                size = _first(chain, "sz")
                yield Span(
                    text=text.upper() if _on(chain, "caps") else text,
                    font=self._font(chain),
                    size=UNSTATED_SIZE if size is None else _points(size, HALF_POINTS),
                    bold=_on(chain, "b"),
                    italic=_on(chain, "i"),
                    underlined=(_first(chain, "u") or "none") != "none",
                    color=_first(chain, "color") or "auto",
                )

    def _font(self, chain: list[Element]) -> str:
        for form in chain:
            fonts = form.find(w("rFonts"))
            if fonts is None:
                continue
            theme = fonts.get(w("asciiTheme"))
            if theme is not None:
                return self._theme["majorFont" if theme.startswith("major") else "minorFont"]
            if (name := fonts.get(w("ascii"))) is not None:
                return name
        return "Times New Roman"

    @cached_property
    def _theme(self) -> dict[str, str]:
        fonts = {"majorFont": "", "minorFont": ""}
        for name in self._parts:
            if name.startswith("word/theme/theme"):
                for kind in fonts:
                    for latin in self._xml(name).iter(f"{{{DRAWING}}}{kind}"):
                        fonts[kind] = latin[0].get("typeface", "")
        return fonts

    @cached_property
    def _styles(self) -> Element | None:
        return self._xml("word/styles.xml") if "word/styles.xml" in self._parts else None

    @cached_property
    def _by_id(self) -> dict[str | None, Element]:
        if self._styles is None:
            return {}
        found = {style.get(w("styleId")): style for style in self._styles.iter(w("style"))}
        for style in self._styles.iter(w("style")):
            if style.get(w("default")) == "1" and style.get(w("type")) == "paragraph":
                found[None] = style
        return found

    def _based(self, style: str | None, form: str) -> list[Element]:
        """The forms of a style and of those that it is based on, the nearest first."""
        forms: list[Element] = []
        seen: set[str | None] = set()
        while style not in seen and style in self._by_id:
            seen.add(style)
            element = self._by_id[style]
            if (found := element.find(w(form))) is not None:
                forms.append(found)
            style = attribute(element.find(w("basedOn"))) or ""
        return forms

    def _defaults(self, form: str) -> list[Element]:
        if self._styles is None:
            return []
        path = f"{w('docDefaults')}/{w(f'{form}Default')}/{w(form)}"
        found = self._styles.find(path)
        return [] if found is None else [found]

    def _paragraph_forms(self, style: str | None, table_style: str | None) -> list[Element]:
        inside = [] if table_style is None else self._based(table_style, "pPr")
        return [*self._based(style, "pPr"), *inside, *self._defaults("pPr")]

    def _run_forms(self, style: str | None, table_style: str | None) -> list[Element]:
        inside = [] if table_style is None else self._based(table_style, "rPr")
        return [*self._based(style, "rPr"), *inside, *self._defaults("rPr")]

    def _page(self, section: Element, inherited: dict[tuple[str, str], str]) -> Page:
        for kind in ("header", "footer"):
            for reference in section.iterchildren(w(f"{kind}Reference")):
                identity = reference.get(f"{{{RELATIONS}}}id") or ""
                inherited[kind, attribute(reference, "type") or "default"] = identity
        size, margins = section.find(w("pgSz")), section.find(w("pgMar"))
        own_first = section.find(w("titlePg")) is not None
        start = attribute(section.find(w("pgNumType")), "start")
        return Page(
            width=_millimetres(attribute(size, "w")),
            height=_millimetres(attribute(size, "h")),
            margins={
                side: _millimetres(attribute(margins, side))
                for side in ("top", "right", "bottom", "left")
            },
            numbers=self._numbers(inherited, "default"),
            first_numbers=self._numbers(inherited, "first" if own_first else "default"),
            start=None if start is None else int(start),
            continuous=attribute(section.find(w("type"))) == "continuous",
        )

    def _numbers(self, references: dict[tuple[str, str], str], kind: str) -> tuple[PageNumber, ...]:
        found: list[PageNumber] = []
        for where in ("header", "footer"):
            name = self._targets.get(references.get((where, kind), ""))
            if name is None:
                continue
            for paragraph in self._xml(name).iter(w("p")):
                fields = "".join(
                    [
                        *(code.text or "" for code in paragraph.iter(w("instrText"))),
                        *(
                            attribute(field, "instr") or ""
                            for field in paragraph.iter(w("fldSimple"))
                        ),
                    ]
                )
                if "PAGE" in fields.split():
                    found.append(PageNumber(where, self._line(paragraph, 0, None)))
        return tuple(found)

    @cached_property
    def _targets(self) -> dict[str, str]:
        name = "word/_rels/document.xml.rels"
        if name not in self._parts:
            return {}
        return {
            relation.get("Id", ""): "word/" + relation.get("Target", "").removeprefix("/word/")
            for relation in self._xml(name).iter(f"{{{PACKAGE_RELATIONS}}}Relationship")
        }


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables, those inside content controls too."""
    for child in parent:
        if child.tag in {w("sdt"), w("sdtContent"), w("customXml"), w("ins")}:
            yield from _blocks(child)
        else:
            yield child


def _first(chain: list[Element], name: str, present: str | None = None) -> str | None:
    """The value of the nearest form that says it; ``present`` stands for a bare element."""
    for form in chain:
        found = form.find(w(name))
        if found is not None:
            return attribute(found) or present
    return None


def _on(chain: list[Element], name: str) -> bool:
    """Whether a toggle is on in the nearest form that says it."""
    return (_first(chain, name, present="1") or "0") not in {"0", "false", "off"}


def _merged(chain: list[Element], name: str) -> dict[str, str]:
    """The attributes of an element over all forms; the nearest form wins, one by one."""
    merged: dict[str, str] = {}
    for form in reversed(chain):
        found = form.find(w(name))
        if found is not None:
            merged |= {etree.QName(key).localname: str(value) for key, value in found.items()}
    return merged


def _text(child: Element) -> str:
    if child.tag == w("t"):
        return child.text or ""
    return {w("tab"): "\t", w("br"): "\n", w("noBreakHyphen"): "-"}.get(str(child.tag), "")


def _rule(paragraph: Element, spans: tuple[Span, ...]) -> Decimal | None:
    """The length of a horizontal line that is drawn in the paragraph, or typed as underscores."""
    lines = {"line", "straightConnector1"}
    for extent in paragraph.iter(f"{{{PLACED}}}extent"):
        drawn = extent.getparent()
        shapes = () if drawn is None else drawn.iter(f"{{{DRAWING}}}prstGeom")
        if any(shape.get("prst") in lines for shape in shapes):
            return _points(extent.get("cx", "0"), EMU_PER_POINT)
    text = "".join(span.text for span in spans).strip()
    if text and not text.strip("_─"):
        widths = (text_width(span.text.strip(), span.size, bold=span.bold) for span in spans)
        return sum(widths, Decimal(0))
    old = (
        *paragraph.iter(f"{{{VML}}}line"),
        *(shape for shape in paragraph.iter(f"{{{VML}}}shape") if shape.get(CONNECTOR)),
        *paragraph.iterfind(f"{w('pPr')}/{w('pBdr')}/{w('bottom')}"),
    )
    return Decimal(0) if old else None


def _points(length: str, parts: int = TWIPS) -> Decimal:
    """A length in points: a bare number counts ``parts`` of a point, '12.7mm' says its own unit
    (22.9.2.15). Raises NotAWordFileError for what is no length.
    """
    found = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?)(mm|cm|in|pt|pc|pi)?", length.strip())
    if found is None:
        raise NotAWordFileError(f"no length: {length[:20]!r}")
    number, unit = found.groups()
    return Decimal(number) / parts if unit is None else Decimal(number) * POINTS[unit]


def _millimetres(length: str | None) -> Decimal:
    return Decimal(0) if length is None else _points(length) / POINTS["mm"]
