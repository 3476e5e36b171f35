"""Word documents (.docx, .docm, .dotx), by one walk over the XML (ECMA-376).

What a reader sees is what is returned: deleted revisions, hidden text and field instructions are
left out, struck-out text with them; inserted revisions, text boxes, automatic numbers, footnotes
are in, and headers and footers that hold figures. A table of contents is left out as page numbers
are: its lines repeat the headings. Macros, links, templates
and embedded objects are never run or fetched; a finding says that they are there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from extractors.archive import Archive
from extractors.characters import readable
from extractors.document import (
    Account,
    Block,
    Cell,
    Content,
    Finding,
    Paragraph,
    Shown,
    Source,
    Table,
    UnreadableError,
)
from extractors.docx_count import shown_of, silent_styles
from extractors.docx_paragraph import WP, Line, M, ParagraphReader, content_of
from extractors.docx_styles import (
    VAL,
    Numbering,
    Properties,
    Styles,
    W,
    children_of,
    is_on,
    properties_of,
    value_of,
    whole,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT: Final = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", WP[1:-1].encode()),
)
"""ISO 29500 strict documents are the same words in other namespaces."""

_PARAGRAPH: Final = W + "p"
_TABLE: Final = W + "tbl"
_CELL: Final = W + "tc"
_CELL_PROPERTIES: Final = W + "tcPr"
_EMBEDDED: Final = frozenset((W + "altChunk", W + "subDoc"))
_MERGING: Final = frozenset(W + name for name in ("gridSpan", "vMerge", "hMerge"))
_MOST_COLUMNS: Final = 1000
_MARGINS: Final = {W + "headerReference": "đầu trang", W + "footerReference": "chân trang"}
_TYPE: Final = W + "type"
_NOTES: Final = {"footnote": "chú thích chân trang", "endnote": "chú thích cuối"}
_FIGURE: Final = re.compile(r"\d")
_PAGE_WORD: Final = re.compile(r"\b(?:trang|page|of|tr)\b", re.IGNORECASE)
_STRUCK: Final = "bị gạch bỏ"
_DELETED: Final = "đã xoá (theo dõi thay đổi)"


def read(data: bytes) -> Content:
    """Paragraphs and tables of a Word document in document order, footnotes at the end.

    Raises UnreadableError where the container or a part that is needed is damaged or hostile.
    """
    package = _Package(Archive(data))
    body = package.main.find(W + "body")
    if body is None:
        raise UnreadableError("xml-fault", part=package.main_name, detail="w:body is missing")
    walk = _Walk(package)
    walk.body(body)
    walk.margins()
    return Content(
        tuple(walk.blocks),
        (*package.findings(), *walk.findings()),
        shown=tuple(walk.shown),
        accounts=tuple(walk.accounts()),
    )


class _Package:
    """The parts that a document is made of, found by their relationships."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.main_name = self._target("", "officeDocument") or "word/document.xml"
        self.main = self._xml(self.main_name)

    def part(self, kind: str) -> _Element | None:
        """The root of the main part's styles, numbering, footnotes, …; None where it has none."""
        name = self._target(self.main_name, kind)
        return self._xml(name) if name and name in self._archive else None

    def margins(self) -> Iterator[tuple[str, _Element]]:
        """The headers and footers that some page shows, each with its place's name."""
        settings = self.part("settings")
        has_even = settings is not None and is_on(children_of(settings), "evenAndOddHeaders")
        read: set[str] = set()
        for section in self.main.iter(W + "sectPr"):
            has_first = is_on(children_of(section), "titlePg")
            shown = {"first": has_first, "even": has_even}
            for reference in section.iterchildren(*_MARGINS):
                name = self._by_identity(reference.get(_R + "id", ""))
                if name is None or name in read or not shown.get(reference.get(_TYPE, ""), True):
                    continue
                read.add(name)
                yield _MARGINS[reference.tag], self._xml(name)

    def findings(self) -> Iterator[Finding]:
        """What the document brings along that is neither run nor fetched."""
        names = self._archive.names()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            yield Finding("macro-present")
        comments = self.part("comments")
        if comments is not None and (count := sum(1 for _ in comments.iterchildren(W + "comment"))):
            yield Finding("comment-not-read", {"count": str(count)})
        if embedded := sum("/embeddings/" in name.lower() for name in names):
            yield Finding("embedded-object", {"count": str(embedded)})
        for part in (self.main_name, "word/settings.xml"):
            for element in self._relationships(part):
                kind = (element.get("Type") or "").rpartition("/")[2]
                if element.get("TargetMode") == "External" and kind != "hyperlink":
                    facts = {"kind": kind, "target": str(element.get("Target"))}
                    yield Finding("external-link", facts)

    def _target(self, part: str, kind: str) -> str | None:
        folder = posixpath.dirname(part)
        for element in self._relationships(part):
            name = (element.get("Type") or "").rpartition("/")[2]
            if name == kind and element.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, element.get("Target") or ""))
        return None

    def _by_identity(self, identity: str) -> str | None:
        """The part that a reference of the main part means; None where there is none."""
        for element in self._relationships(self.main_name):
            if element.get("Id") == identity and element.get("TargetMode") != "External":
                folder = posixpath.dirname(self.main_name)
                name = posixpath.normpath(posixpath.join("/", folder, element.get("Target") or ""))
                return name if name in self._archive else None
        return None

    def _relationships(self, part: str) -> Iterator[_Element]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", name + ".rels")
        if path in self._archive:
            yield from self._archive.xml(path)

    def _xml(self, name: str) -> _Element:
        return self._archive.xml(name, _STRICT)


class _Walk:
    """One walk over a document; numbers paragraphs and tables in their order."""

    def __init__(self, package: _Package) -> None:
        self.blocks: list[Block] = []
        self.shown: list[Shown] = []
        self._package = package
        self._numbering = Numbering(package.part("numbering"))
        styles = package.part("styles")
        self._silent = silent_styles(styles)
        self._reader = ParagraphReader(Styles(styles), self._numbering)
        self._accounts: list[Account] = []
        self._paragraphs = 0
        self._tables = 0
        self._findings: list[Finding] = []

    def body(self, body: _Element) -> None:
        """Add the paragraphs and tables of the body, and the notes that it refers to."""
        self.story(body)
        self._notes()
        self.shown.append(shown_of(body, "thân văn bản", self._silent))

    def _notes(self) -> None:
        """Add the footnotes and endnotes that the text refers to, each behind its mark."""
        parts = {kind: self._package.part(kind + "s") for kind in _NOTES}
        read = 0
        while read < len(self._reader.notes):  # a note may refer to further ones
            (kind, identity), self._reader.note_mark = list(self._reader.notes.items())[read]
            read += 1
            root = parts[kind]
            for note in () if root is None else root.iterfind(W + kind):
                if note.get(W + "id") == identity:
                    self.story(note)
                    self.shown.append(shown_of(note, _NOTES[kind], self._silent))

    def margins(self) -> None:
        """Add the headers and footers that hold figures besides page numbers, each text once.

        A running head without a figure is no content; it is named.
        """
        read: set[str] = set()
        self._reader.in_margin = True
        for place, root in self._package.margins():
            before = (len(self.blocks), len(self._reader.accounts), self._paragraphs, self._tables)
            self.story(root)
            text = " ".join(filter(None, map(_text_of, self.blocks[before[0] :])))
            shown = shown_of(root, place, self._silent)
            self.shown.append(shown)
            if text in read or not _FIGURE.search(text):
                blocks, accounts, self._paragraphs, self._tables = before
                del self.blocks[blocks:]
                del self._reader.accounts[accounts:]
                self._accounts.append(Account(shown.text, "running-head"))
                if text not in read and any(map(str.isalpha, _PAGE_WORD.sub("", text))):
                    self._findings.append(Finding("margin-left-out", {"text": text}))
            read.add(text)

    def accounts(self) -> Iterator[Account]:
        """By what the blocks differ from what is shown, on purpose."""
        yield from self._accounts
        yield from self._reader.accounts

    def findings(self) -> Iterator[Finding]:
        """The doubts of the walk."""
        yield from self._findings
        yield from self._reader.findings
        if self._reader.hidden_letters:
            yield Finding("hidden-content", {"what": f"{self._reader.hidden_letters} ký tự"})
        for kind in sorted(self._numbering.unknown_formats):
            yield Finding("numbering-unknown", {"format": kind})

    # ---- paragraphs and tables

    def story(self, container: _Element) -> None:
        """Add the paragraphs and tables of the body, a note or a text box."""
        for item in self._content(content_of(container)):
            if not isinstance(item, Line):
                self._add_table(item, None)
                continue
            text, original = readable(item.shown())
            if text:
                index = self._paragraphs
                self._paragraphs += 1
                self.blocks.append(
                    Paragraph(
                        index=index,
                        text=text,
                        bold=item.bold(),
                        level=item.level,
                        original=original,
                    )
                )
            if item.pictures:
                place = Source("text", text, row=self._paragraphs - 1 if text else None)
                self._name_pictures(item, place)
            self._name_struck(
                item, Source("text", text, row=self._paragraphs - 1 if text else None)
            )
            for box in item.boxes:
                self.story(box)

    def _content(self, children: Iterable[_Element]) -> Iterator[Line | _Element]:
        """Paragraphs as lines, and w:tbl elements."""
        waiting: Line | None = None
        for element in children:
            tag = element.tag
            if tag == _PARAGRAPH:
                line, mark_is_gone = self._reader.read(element)
                if waiting is not None:
                    line.put_before(waiting)
                waiting = line if mark_is_gone else None
                if waiting is None:
                    yield line
            elif tag == _TABLE:
                if waiting is not None:
                    yield waiting
                    waiting = None
                yield element
            elif tag in _EMBEDDED:
                self._findings.append(Finding("embedded-object"))
        if waiting is not None:
            yield waiting

    def _add_table(self, element: _Element, parent: tuple[int, int, int] | None) -> None:
        index = self._tables
        place = len(self.blocks)
        cells: list[Cell] = []
        rows = header_rows = 0
        open_merges: dict[int, int] = {}
        self._tables += 1
        for row in content_of(element):
            properties = properties_of(row, W + "trPr")
            if row.tag != W + "tr" or W + "del" in properties:
                continue
            if header_rows == rows and is_on(properties, "tblHeader"):
                header_rows += 1
            open_merges = self._add_row(cells, row, properties, (index, rows), open_merges)
            rows += 1
        if not cells:
            return
        table = Table(
            index=index,
            rows=rows,
            columns=max([cell.column + cell.column_span for cell in cells]),
            cells=tuple(cells),
            header_rows=header_rows or None,
            parent=parent,
        )
        # Nested tables were added while the cells were read: they follow the table they stand in.
        self.blocks.insert(place, table)

    def _add_row(
        self,
        cells: list[Cell],
        element: _Element,
        properties: Properties,
        place: tuple[int, int],
        open_merges: dict[int, int],
    ) -> dict[int, int]:
        """Append the row's new cells.

        ``open_merges`` are the cells (column -> index) that the row may go on below; returned are
        those that the next row may go on.
        """
        table, row = place
        hidden = bool(is_on(properties, "hidden"))
        column = _span(properties, "gridBefore", least=0)
        first = len(cells)
        still_open: dict[int, int] = {}
        for cell in content_of(element):
            if cell.tag != _CELL:
                continue
            parts = content_of(cell)
            settings = properties_of(parts, _CELL_PROPERTIES)
            if W + "cellDel" in settings:
                continue
            span, vertical, horizontal = 1, None, None
            if not _MERGING.isdisjoint(settings):
                span = _span(settings, "gridSpan", least=1)
                vertical, horizontal = _merge(settings, "vMerge"), _merge(settings, "hMerge")
            above = open_merges.get(column)
            if horizontal == "continue" and len(cells) > first:
                cells[-1] = replace(cells[-1], column_span=cells[-1].column_span + span)
                self._leave_covered(cell)
            elif vertical == "continue" and above is not None and cells[above].column_span == span:
                cells[above] = replace(cells[above], row_span=cells[above].row_span + 1)
                still_open[column] = above
                self._leave_covered(cell)
            else:
                if vertical is not None:
                    still_open[column] = len(cells)
                cells.append(self._cell(parts, (table, row, column), span, hidden=hidden))
            column += span
        return still_open

    def _leave_covered(self, cell: _Element) -> None:
        """Account for the text of a cell that a merged one covers: nobody sees it."""
        text = shown_of(cell, "", self._silent).text
        if letters := len(text.strip()):
            self._reader.hidden_letters += letters
            self._accounts.append(Account(text, "covered-cell"))

    def _cell(
        self, parts: Iterable[_Element], place: tuple[int, int, int], span: int, *, hidden: bool
    ) -> Cell:
        lines: list[Line] = []
        self._add_lines(lines, parts, place)
        _, row, column = place
        runs: list[tuple[str, str]] = []
        letters = bold_letters = 0
        for line in lines:
            shown = line.shown()
            runs = [*runs, ("\n", ""), *shown] if runs and shown else runs or shown
            letters += line.letters
            bold_letters += line.bold_letters
        text, original = readable(runs)
        for line in lines:
            source = Source("table", text, None, *place)
            self._name_struck(line, source)
            if line.pictures:
                self._name_pictures(line, source)
        return Cell(
            row,
            column,
            text,
            column_span=span,
            bold=0 < letters == bold_letters,
            hidden=hidden,
            original=original,
        )

    def _add_lines(
        self, lines: list[Line], parts: Iterable[_Element], place: tuple[int, int, int]
    ) -> None:
        for item in self._content(parts):
            if isinstance(item, Line):
                lines.append(item)
                for box in item.boxes:
                    self._add_lines(lines, content_of(box), place)
            else:
                self._add_table(item, place)

    def _name_pictures(self, line: Line, place: Source) -> None:
        self._findings += [
            Finding("picture-not-read", {"kind": kind}, place) for kind in line.pictures
        ]

    def _name_struck(self, line: Line, place: Source) -> None:
        """Say which figures are struck out, so that a person can see that none was meant."""
        if _FIGURE.search(line.struck):
            facts = {"text": " ".join(line.struck.split()), "why": _STRUCK}
            self._findings.append(Finding("text-left-out", facts, place))


def _text_of(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return " ".join(cell.text for cell in block.cells)


def _span(properties: Properties, tag: str, *, least: int) -> int:
    span = whole(value_of(properties, tag))
    if span is None or span < least:
        return least
    if span > _MOST_COLUMNS:
        raise UnreadableError("xml-fault", part="w:tbl", detail=f"{tag} {span}")
    return span


def _merge(properties: Properties, tag: str) -> str | None:
    element = properties.get(W + tag)
    return None if element is None else element.get(VAL, "continue")
