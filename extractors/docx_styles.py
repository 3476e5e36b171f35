"""Word's styles and automatic numbering (ECMA-376 part 1, 17.7 and 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from extractors.characters import decode_symbols

if TYPE_CHECKING:
    from lxml.etree import _Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL: Final = W + "val"
FONTS: Final = W + "rFonts"
_ASCII: Final = W + "ascii"
_CONTENT: Final = frozenset(W + name for name in ("p", "r", "t", "tc", "tbl"))
_LEVELS: Final = 9
_BODY_LEVEL: Final = 9
"""w:outlineLvl 9 means body text."""


@dataclass(frozen=True, slots=True, eq=False)
class RunLook:
    """What of a run's formatting bears on its text; None where it says nothing.

    Looks are compared by identity, which makes them cheap keys.
    """

    bold: bool | None = None
    hidden: bool | None = None
    font: str | None = None
    position: str | None = None
    """``superscript``, ``subscript`` or ``baseline``."""
    struck: bool | None = None
    """Struck out, once or twice."""

    def over(self, base: RunLook) -> RunLook:
        """The formatting said here where it says something, else that of ``base``."""
        return RunLook(
            base.bold if self.bold is None else self.bold,
            base.hidden if self.hidden is None else self.hidden,
            self.font or base.font,
            self.position or base.position,
            base.struck if self.struck is None else self.struck,
        )


@dataclass(frozen=True, slots=True)
class Style:
    """A style with everything that it inherits through w:basedOn."""

    look: RunLook = RunLook()
    outline: int | None = None
    level: int | None = None
    """Of the heading, as its paragraphs have it."""
    numbering: str | None = None
    numbering_level: int | None = None


PLAIN: Final = RunLook()


Properties = Mapping[str, "_Element"]
"""The children of an element such as w:pPr by their tag."""


parts_of: Final[Callable[[_Element], list[_Element]]] = itemgetter(slice(None))
"""An element's children; a slice is the fastest way to all of them in lxml."""


def children_of(element: _Element | None) -> Properties:
    """An element's children by their tag; of several with one tag the last."""
    return {} if element is None else {child.tag: child for child in parts_of(element)}


def properties_of(children: Iterable[_Element], tag: str) -> Properties:
    """Those of a w:pPr, w:tcPr or w:trPr, which stands before the content it is about."""
    for child in children:
        if child.tag == tag:
            return {each.tag: each for each in parts_of(child)}
        if child.tag in _CONTENT:
            break
    return {}


def is_on(properties: Properties, tag: str) -> bool | None:
    """Whether a toggle such as w:b is on; None where it is absent."""
    element = properties.get(W + tag)
    if element is None:
        return None
    return element.get(VAL, "true") not in {"0", "false", "off", "none"}


def value_of(properties: Properties, tag: str) -> str | None:
    """The w:val of a property; None where it is absent."""
    element = properties.get(W + tag)
    return None if element is None else element.get(VAL)


def whole(text: str | None) -> int | None:
    """The whole number in an attribute; None where there is none."""
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else None


def font_of(fonts: _Element | None) -> str | None:
    """The font that w:rFonts names; None where it names none."""
    if fonts is None:
        return None
    return fonts.get(_ASCII) or fonts.get(W + "hAnsi") or fonts.get(W + "cs")


def run_look(properties: Properties) -> RunLook:
    """What w:rPr says of a run, w:rStyle left aside."""
    if not properties:
        return PLAIN
    return RunLook(
        bold=is_on(properties, "b"),
        hidden=is_on(properties, "vanish"),
        font=font_of(properties.get(FONTS)),
        position=value_of(properties, "vertAlign"),
        struck=_is_struck(properties),
    )


def _is_struck(properties: Properties) -> bool | None:
    lines = [is_on(properties, "strike"), is_on(properties, "dstrike")]
    return None if lines == [None, None] else any(lines)


class Styles:
    """The document's styles; an unknown style is plain."""

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._resolved: dict[str, Style] = {}
        self._paragraphs: dict[str, Style] = {}
        self._defaults: dict[str, str] = {}
        self._base = PLAIN
        if root is None:
            return
        self._base = run_look(children_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")))
        for element in root.iterfind(W + "style"):
            identity = element.get(W + "styleId", "")
            self._elements[identity] = element
            if element.get(W + "default") in {"1", "true", "on"}:
                self._defaults[element.get(W + "type", "")] = identity

    def paragraph(self, identity: str | None) -> Style:
        """The paragraph style of that id, or the default one, over the document's defaults."""
        identity = identity or self._defaults.get("paragraph", "")
        known = self._paragraphs.get(identity)
        if known is None:
            style = self._style(identity)
            look, level = style.look.over(self._base), heading_level(style.outline)
            known = replace(style, look=look, level=level)
            self._paragraphs[identity] = known
        return known

    def character(self, identity: str) -> Style:
        """The character style of that id."""
        return self._style(identity)

    def _style(self, identity: str) -> Style:
        known = self._resolved.get(identity)
        if known is None:
            # A style based on itself ends here instead of looping.
            self._resolved[identity] = Style()
            known = self._resolved[identity] = self._resolve(identity)
        return known

    def _resolve(self, identity: str) -> Style:
        element = self._elements.get(identity)
        if element is None:
            return Style()
        parent = value_of(children_of(element), "basedOn")
        base = self._style(parent) if parent else Style()
        paragraph = children_of(element.find(W + "pPr"))
        numbering = children_of(paragraph.get(W + "numPr"))
        outline = whole(value_of(paragraph, "outlineLvl"))
        level = whole(value_of(numbering, "ilvl"))
        return Style(
            look=run_look(children_of(element.find(W + "rPr"))).over(base.look),
            outline=base.outline if outline is None else outline,
            numbering=value_of(numbering, "numId") or base.numbering,
            numbering_level=base.numbering_level if level is None else level,
        )


def heading_level(outline: int | None) -> int | None:
    """Outline level 0..8; None for body text."""
    return None if outline is None or not 0 <= outline < _BODY_LEVEL else outline


# --------------------------------------------------------------------------------------------
# Automatic numbering


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number is counted and written."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    font: str = ""
    suffix: str = "tab"
    restart_after: int | None = None
    """The level (1-based) after which it restarts; 0: never; None: after any higher level."""
    legal: bool = False
    style: str | None = None


@dataclass(slots=True)
class _List:
    """A w:num: the levels it shows and the list whose counters it shares."""

    counters: str
    levels: dict[int, Level]
    restarts: dict[int, int] = field(default_factory=dict)
    used: bool = False


class Numbering:
    """Counts the automatic numbers in document order, as a reader sees them."""

    def __init__(self, root: _Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self.unknown_formats: set[str] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: _Element) -> None:
        abstracts = {
            element.get(W + "abstractNumId", ""): element
            for element in root.iterfind(W + "abstractNum")
        }
        by_style = {
            value_of(children_of(element), "styleLink"): key for key, element in abstracts.items()
        }
        for element in root.iterfind(W + "num"):
            key = value_of(children_of(element), "abstractNumId") or ""
            abstract = abstracts.get(key)
            link = value_of(children_of(abstract), "numStyleLink")
            if link is not None and link in by_style:
                key = by_style[link]
                abstract = abstracts[key]
            levels = {} if abstract is None else _levels(abstract)
            restarts: dict[int, int] = {}
            for override in element.iterfind(W + "lvlOverride"):
                number = whole(override.get(W + "ilvl")) or 0
                levels |= _levels(override)
                start = whole(value_of(children_of(override), "startOverride"))
                if start is not None:
                    restarts[number] = start
                    levels[number] = replace(levels.get(number, Level()), start=start)
            self._lists[element.get(W + "numId", "")] = _List(key, levels, restarts)

    def level_of_style(self, number: str, style: str) -> int | None:
        """The level of the list that is tied to a paragraph style, if one is."""
        known = self._lists.get(number)
        levels = known.levels if known else {}
        return next((key for key, level in levels.items() if level.style == style), None)

    def next(self, number: str, level: int) -> str:
        """The mark of the next paragraph of that list and level with what separates it.

        '' where the list is unknown or shows nothing.
        """
        known = self._lists.get(number)
        if known is None or not 0 <= level < _LEVELS:
            return ""
        counters = self._counters.setdefault(known.counters, [None] * _LEVELS)
        if not known.used:
            known.used = True
            for overridden in known.restarts:
                counters[overridden] = None
        self._count(known.levels, counters, level)
        shape = known.levels.get(level, Level())
        mark = self._write(known.levels, counters, shape).strip()
        if not mark:
            return ""
        return mark if shape.suffix == "nothing" else mark + " "

    @staticmethod
    def _count(levels: Mapping[int, Level], counters: list[int | None], level: int) -> None:
        current = counters[level]
        counters[level] = levels.get(level, Level()).start if current is None else current + 1
        for higher in range(level):
            if counters[higher] is None:
                counters[higher] = levels.get(higher, Level()).start
        for deeper in range(level + 1, _LEVELS):
            after = levels.get(deeper, Level()).restart_after
            if after is None or level < after:
                counters[deeper] = None

    def _write(self, levels: Mapping[int, Level], counters: list[int | None], shape: Level) -> str:
        if shape.format == "bullet":
            return _bullet(shape)

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            count = counters[index] or 0
            kind = levels.get(index, Level()).format
            return self._format(count, "decimal" if shape.legal and kind != "none" else kind)

        return re.sub(r"%([1-9])", number, shape.text)

    def _format(self, count: int, kind: str) -> str:
        writer = _FORMATS.get(kind)
        if writer is None:
            self.unknown_formats.add(kind)
            return str(count)
        return writer(count)


def _levels(parent: _Element) -> dict[int, Level]:
    levels = {}
    for element in parent.iterfind(W + "lvl"):
        settings = children_of(element)
        start = whole(value_of(settings, "start"))
        look = run_look(children_of(settings.get(W + "rPr")))
        levels[whole(element.get(W + "ilvl")) or 0] = Level(
            start=1 if start is None else start,
            format=value_of(settings, "numFmt") or "decimal",
            text=value_of(settings, "lvlText") or "",
            font=look.font or "",
            suffix=value_of(settings, "suff") or "tab",
            restart_after=whole(value_of(settings, "lvlRestart")),
            legal=bool(is_on(settings, "isLgl")),
            style=value_of(settings, "pStyle"),
        )
    return levels


def _bullet(level: Level) -> str:
    mark = decode_symbols(level.text, level.font)
    # 'o' in Courier New is Word's second bullet; an unknown sign in a bullet's place is a bullet.
    return "•" if mark in {"o", "�"} else mark


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    steps = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"))
    text = ""
    for value, sign in (*steps, (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, number = divmod(number, value)
        text += sign * count
    return text


def _letters(number: int) -> str:
    # a … z, aa, bb, …: Word repeats the letter.
    if number < 1:
        return str(number)
    turns, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (turns + 1)


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ordinal": lambda number: f"{number}.",
    "none": lambda _: "",
}
