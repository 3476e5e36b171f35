"""What one Word paragraph shows: runs, fields, symbols, notes' marks, numbers, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from extractors.characters import SOFT_HYPHEN, decode_symbols, subscript, superscript
from extractors.document import Account, Finding
from extractors.docx_styles import (
    FONTS,
    VAL,
    Numbering,
    Properties,
    RunLook,
    Style,
    Styles,
    W,
    children_of,
    font_of,
    heading_level,
    is_on,
    parts_of,
    properties_of,
    run_look,
    value_of,
    whole,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V: Final = "{urn:schemas-microsoft-com:vml}"
_EMU_PER_POINT: Final = 12_700
_PICTURES: Final = {"pic": "picture", "imagedata": "picture", "chart": "chart", "relIds": "diagram"}
_LARGE_PICTURE: Final = 150.0 * 70.0
"""Square points from which a picture could hold text or a table: smaller are seals and logos."""
_WRAPPERS: Final = frozenset(
    W + name
    for name in ("customXml", "smartTag", "ins", "moveTo", "hyperlink", "dir", "bdo", "sdtContent")
)
_REMOVED: Final = frozenset((W + "del", W + "moveFrom"))
_SPECIAL: Final = _WRAPPERS | _REMOVED | {W + "sdt", _MC + "AlternateContent"}
_GRAPHICS: Final = frozenset((W + "drawing", W + "pict", W + "object"))
_BREAKS: Final = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n"} | {
    W + "noBreakHyphen": "-",
    W + "softHyphen": SOFT_HYPHEN,  # the letter ư where the text is TCVN3
}
_GENERATED: Final = {W + "fldChar": "form-field"} | dict.fromkeys(
    (W + kind for kind in ("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef")),
    "note-mark",
)
"""Elements that show what Word makes of them, with the reason of their account."""
_TAG_OF: Final = attrgetter("tag")
_PROPERTIES: Final = W + "pPr"
_SPEAKING: Final = frozenset((W + "rPr", W + "outlineLvl"))
"""Direct properties of a paragraph that say something besides its style and its number."""
_RUN: Final = W + "r"
_RUN_PROPERTIES: Final = W + "rPr"
_TEXT: Final = W + "t"
_SIMPLE_FIELD: Final = W + "fldSimple"
_LOOKS: Final = frozenset(
    W + name for name in ("b", "vanish", "strike", "dstrike", "vertAlign", "rStyle")
)
_POSITIONS: Final = {"superscript": superscript, "subscript": subscript}
_FETCHING: Final = re.compile(
    r"\s*(LINK|DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b", re.IGNORECASE
)
_SILENT: Final = re.compile(r"\s*TOC\b", re.IGNORECASE)
_SILENT_IN_MARGINS: Final = re.compile(
    r"\s*(?:TOC|PAGE|NUMPAGES|SECTION|SECTIONPAGES)\b", re.IGNORECASE
)
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_EQUATIONS: Final = frozenset((M + "oMath", M + "oMathPara"))
WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@dataclass(slots=True)
class _Field:
    """A field being read: its instruction, and whether its result has begun."""

    instruction: str = ""
    in_result: bool = False
    sign: str = ""
    """What a form field without a result shows."""

    def is_shown(self, silent: re.Pattern[str]) -> bool:
        return self.in_result and not silent.match(self.instruction)


@dataclass(slots=True)
class Line:
    """The visible text of a paragraph while it is put together."""

    runs: list[tuple[str, str]] = field(default_factory=list)
    """(characters, font name or '')"""
    boxes: tuple[_Element, ...] = ()
    """Text boxes anchored in the paragraph."""
    pictures: tuple[str, ...] = ()
    """Kinds of the pictures that are large enough to hold content."""
    number: str = ""
    """The automatic number in front of it, with what separates the two."""
    letters: int = 0
    bold_letters: int = 0
    level: int | None = None
    struck: str = ""
    """What is struck out: no content, but to be named."""

    def add(self, text: str, look: RunLook) -> None:
        """Append visible text of that look."""
        self.runs.append((text, look.font or ""))
        if not text.isspace():
            self.letters += len(text)
            self.bold_letters += len(text) if look.bold else 0

    def put_before(self, earlier: Line) -> None:
        """Join a paragraph whose own mark is deleted or hidden in front of this one."""
        self.runs[:0] = earlier.runs
        self.boxes = earlier.boxes + self.boxes
        self.pictures = earlier.pictures + self.pictures
        self.letters += earlier.letters
        self.bold_letters += earlier.bold_letters
        self.struck = earlier.struck + self.struck

    def shown(self) -> list[tuple[str, str]]:
        """Its runs with the automatic number in front; none where it shows nothing."""
        if self.number:
            return [(self.number, ""), *self.runs]
        return self.runs if self.letters else []

    def bold(self) -> bool:
        """Whether every visible letter is bold."""
        return 0 < self.letters == self.bold_letters


class ParagraphReader:
    """Reads paragraphs in document order; keeps what runs through all of them."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._fields: list[_Field] = []
        self._looks: dict[tuple[object, ...], RunLook] = {}
        self.hidden_letters = 0
        self.notes: dict[tuple[str, str], str] = {}
        """(kind, id) of the notes referred to -> their mark, in the order of their references."""
        self.note_mark = ""
        """The mark of the note whose text is being read."""
        self.in_margin = False
        """Whether a header or footer is being read, whose page numbers are no content."""
        self.findings: list[Finding] = []
        self.accounts: list[Account] = []
        """What is shown without being text of the document, and text that no reader sees."""

    def read(self, element: _Element) -> tuple[Line, bool]:
        """The paragraph's text, and whether its mark is deleted or hidden (then the next joins)."""
        children = parts_of(element)
        properties = properties_of(children, _PROPERTIES)
        identity = value_of(properties, "pStyle")
        style = self._styles.paragraph(identity)
        line = Line(level=style.level)
        self._runs(children, style.look, line)
        is_gone = bool(style.look.hidden)
        if not _SPEAKING.isdisjoint(properties):
            is_gone = self._is_mark_gone(properties, style)
            outline = whole(value_of(properties, "outlineLvl"))
            line.level = line.level if outline is None else heading_level(outline)
        if not is_gone and (style.numbering or W + "numPr" in properties):
            line.number = self._number(properties, identity or "", style)
            if line.number:
                self.accounts.append(Account(line.number, "list-number", is_added=True))
        return line, is_gone

    @staticmethod
    def _is_mark_gone(properties: Properties, style: Style) -> bool:
        mark = children_of(properties.get(_RUN_PROPERTIES))
        if not mark:
            return bool(style.look.hidden)
        if W + "del" in mark or W + "moveFrom" in mark:
            return True
        return bool(run_look(mark).over(style.look).hidden)

    def _number(self, properties: Properties, identity: str, style: Style) -> str:
        """The paragraph's automatic number with what separates it from the text."""
        direct = children_of(properties.get(W + "numPr"))
        number = value_of(direct, "numId")
        level = whole(value_of(direct, "ilvl"))
        if number is None:
            number = style.numbering
            if number is None:
                return ""
            if level is None:
                level = self._numbering.level_of_style(number, identity)
            if level is None:
                level = style.numbering_level
        return self._numbering.next(number, level or 0)

    def _runs(self, children: Iterable[_Element], base: RunLook, line: Line) -> None:
        for child in children:
            tag = child.tag
            if tag == _RUN:
                self._run(parts_of(child), base, line)
            elif tag in _SPECIAL:
                self._runs(_opened([child]), base, line)
            elif tag == _SIMPLE_FIELD:
                self._fields.append(_Field(child.get(W + "instr", ""), in_result=True))
                self._runs(child, base, line)
                self._end_field()
            elif tag in _EQUATIONS and self._is_shown():
                line.add(_equation(child), base)

    def _run(self, children: Iterable[_Element], look: RunLook, line: Line) -> None:
        for child in children:
            tag = child.tag
            if tag == _TEXT:
                text = (child.text or "").replace("\n", " ")
            elif tag == _RUN_PROPERTIES:
                look = self._look(child, look)
                continue
            elif tag in _BREAKS:
                text = _BREAKS[tag]
            elif tag in _SPECIAL:
                self._run(_opened([child]), look, line)
                continue
            elif tag in _GRAPHICS:
                if not look.hidden and self._is_shown():
                    _graphics(child, line)
                continue
            else:
                text = self._special(child)
            if text:
                self._add(text, look, line, _GENERATED.get(tag))

    def _add(self, text: str, look: RunLook, line: Line, generated: str | None) -> None:
        """Put a run's text where its look says; ``generated`` is why the document lacks it."""
        if look.hidden:
            self.hidden_letters += len(text.strip())
        elif look.struck:
            line.struck += text
        elif not self._fields or self._is_shown():
            line.add(text if look.position is None else _raised(text, look.position), look)
            if generated:
                self.accounts.append(Account(text, generated, is_added=True))
        elif not generated:
            self.accounts.append(Account(text, "field"))

    def _look(self, element: _Element, base: RunLook) -> RunLook:
        """A run's look over its paragraph's; a document has few, so they are kept."""
        font: str | None = None
        marks: tuple[tuple[str, str | None], ...] = ()
        for child in parts_of(element):
            tag = child.tag
            if tag == FONTS:
                font = font_of(child)
            elif tag in _LOOKS:
                marks += ((tag, child.get(VAL)),)
        key = (base, font, marks)
        known = self._looks.get(key)
        if known is None:
            properties = children_of(element)
            look = run_look(properties)
            style = value_of(properties, "rStyle")
            if style is not None:
                look = look.over(self._styles.character(style).look)
            known = self._looks[key] = look.over(base)
        return known

    def _special(self, element: _Element) -> str:
        """The text that a rarer element of a run shows; keeps track of fields and notes."""
        tag = element.tag
        if tag == W + "fldChar":
            return self._field_mark(element)
        if tag == W + "instrText":
            if self._fields:
                self._fields[-1].instruction += element.text or ""
        elif tag == W + "sym":
            code = element.get(W + "char", "")
            if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
                return decode_symbols(chr(int(code, 16)), element.get(W + "font", ""))
        elif tag in {W + "footnoteReference", W + "endnoteReference"}:
            return self._note_reference(element)
        elif tag in {W + "footnoteRef", W + "endnoteRef"}:
            return superscript(self.note_mark) + " "
        elif tag == W + "ruby":
            return "".join(t.text or "" for t in element.iterfind(f"{W}rubyBase//{W}t"))
        return ""

    def _note_reference(self, element: _Element) -> str:
        kind = "footnote" if element.tag == W + "footnoteReference" else "endnote"
        identity = (kind, element.get(W + "id", ""))
        earlier = sum(1 for other, _ in self.notes if other == kind)
        mark = self.notes.setdefault(identity, str(earlier + 1))
        custom = element.get(W + "customMarkFollows") in {"1", "true", "on"}
        return "" if custom else superscript(mark)

    # ---- fields

    def _field_mark(self, element: _Element) -> str:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(sign=_form_sign(element)))
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            return self._end_field()
        return ""

    def _end_field(self) -> str:
        ended = self._fields.pop()
        if _FETCHING.match(ended.instruction):
            facts = {"kind": "field", "target": ended.instruction.strip()}
            self.findings.append(Finding("external-link", facts))
        return ended.sign

    def _is_shown(self) -> bool:
        silent = _SILENT_IN_MARGINS if self.in_margin else _SILENT
        return all(field.is_shown(silent) for field in self._fields)


# --------------------------------------------------------------------------------------------
# Elements


def content_of(element: _Element) -> list[_Element]:
    """The children as content: wrappers opened, deleted revisions and placeholders left out.

    A list keeps lxml from making the same children's objects anew at every pass.
    """
    children = parts_of(element)
    if _SPECIAL.isdisjoint(map(_TAG_OF, children)):
        return children
    return list(_opened(children))


def _opened(children: list[_Element]) -> Iterator[_Element]:
    for child in children:
        tag = child.tag
        if tag in _WRAPPERS:
            yield from content_of(child)
        elif tag == W + "sdt":
            parts = children_of(child)
            content = parts.get(W + "sdtContent")
            is_prompt = is_on(children_of(parts.get(W + "sdtPr")), "showingPlcHdr")
            if content is not None and not is_prompt:
                yield from content_of(content)
        elif tag == _MC + "AlternateContent":
            # The alternatives show the same: one of them is read.
            chosen = child.find(_MC + "Choice")
            chosen = child.find(_MC + "Fallback") if chosen is None else chosen
            if chosen is not None:
                yield from content_of(chosen)
        elif tag not in _REMOVED:
            yield child


def _raised(text: str, position: str) -> str:
    return _POSITIONS[position](text) if position in _POSITIONS else text


def _form_sign(element: _Element) -> str:
    """What a form's check box or drop-down list shows; '' for another field."""
    box = element.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return _chosen_entry(element)
    settings = children_of(box)
    checked = is_on(settings, "checked")
    return "☒" if (is_on(settings, "default") if checked is None else checked) else "☐"


def _chosen_entry(element: _Element) -> str:
    choice = element.find(f"{W}ffData/{W}ddList")
    if choice is None:
        return ""
    settings = children_of(choice)
    result = whole(value_of(settings, "result"))
    place = whole(value_of(settings, "default")) or 0 if result is None else result
    entries = [entry.get(VAL, "") for entry in choice.iterfind(W + "listEntry")]
    return entries[place] if 0 <= place < len(entries) else ""


def _graphics(element: _Element, line: Line) -> None:
    """Note the text boxes of a drawing, and its pictures that are large enough to hold content."""
    area = 0.0
    for node in _graphic_nodes(element):
        name = str(node.tag).rpartition("}")[2]
        if node.tag == W + "txbxContent":
            line.boxes += (node,)
        elif node.tag == WP + "extent":
            width, height = whole(node.get("cx")) or 0, whole(node.get("cy")) or 0
            area = width * height / _EMU_PER_POINT**2
        elif name == "shape" and node.tag.startswith(_V):
            area = _shape_area(node.get("style", ""))
        elif name in _PICTURES and area >= _LARGE_PICTURE:
            line.pictures += (_PICTURES[name],)


def _graphic_nodes(element: _Element) -> Iterator[_Element]:
    for child in content_of(element):
        yield child
        if child.tag != W + "txbxContent":
            yield from _graphic_nodes(child)


def _shape_area(style: str) -> float:
    sides = [re.search(rf"(?:^|;)\s*{side}:([\d.]+)(pt|in)", style) for side in ("width", "height")]
    lengths = [float(m[1]) * (72 if m[2] == "in" else 1) for m in sides if m]
    return lengths[0] * lengths[1] if len(lengths) == len(sides) else 0.0


def _equation(element: _Element) -> str:
    """An equation on one line: fractions as 'a/b', raised figures as superscripts."""
    name = str(element.tag).removeprefix(M)
    if name == "t":
        return element.text or ""
    parts = {str(child.tag).removeprefix(M): _equation(child) for child in element}
    if name == "f":
        return f"{parts.get('num', '')}/{parts.get('den', '')}"
    if name == "sSup":
        return parts.get("e", "") + superscript(parts.get("sup", ""))
    return "".join(_equation(child) for child in element)
