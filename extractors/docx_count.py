"""What a Word part shows, counted from its XML apart from how paragraphs and tables are read.

Every text of the part counts, wherever it stands, but for what Word does not show: deleted, hidden
and struck-out text, prompts of empty content controls, and the second form of what stands there in
two forms. One pass over the part finds the texts and the marks of what is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from extractors.characters import decode_symbols
from extractors.document import Shown
from extractors.docx_styles import VAL, W

if TYPE_CHECKING:
    from lxml.etree import _Element

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT: Final = (
    W + "t",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
)
_SPACE: Final = frozenset(W + name for name in ("p", "tc", "tab", "ptab", "br", "cr"))
_SYMBOL: Final = W + "sym"
_HYPHEN: Final = W + "noBreakHyphen"
_TEXT_PATH: Final = "{urn:schemas-microsoft-com:vml}textpath"
_SIGNS: Final = (*_TEXT, _SYMBOL, _HYPHEN, _TEXT_PATH)
_TOGGLES: Final = frozenset(W + name for name in ("vanish", "strike", "dstrike"))
_STYLES: Final = frozenset((W + "pStyle", W + "rStyle"))
_MARKS: Final = frozenset(
    (W + "del", W + "moveFrom", W + "cellDel", W + "rt", W + "showingPlcHdr")
) | {_MC + "AlternateContent"}
_ALL: Final = (*_SIGNS, *_SPACE, *_TOGGLES, *_MARKS)
_OFF: Final = frozenset(("0", "false", "off", "none"))
_LONGEST_CODE: Final = 5


def shown_of(root: _Element, place: str, silent: frozenset[str] = frozenset()) -> Shown:
    """What the part, or a part of it, shows; ``silent`` are styles whose text is not shown."""
    nodes: list[tuple[_Element, str]] = []
    gone: set[_Element] = set()
    for node in root.iter(*_ALL, *(_STYLES if silent else ())):
        tag = node.tag
        if tag == W + "t":
            nodes.append((node, node.text or ""))
        elif tag in _SPACE:
            nodes.append((node, "\n"))
        elif tag in _SIGNS:
            nodes.append((node, _sign(node)))
        else:
            for area in _areas(node, silent):
                gone.update(area.iter(*_SIGNS))
    if not gone:
        return Shown("".join([text for _, text in nodes]), place=place)
    return Shown("".join([text for node, text in nodes if node not in gone]), place=place)


def silent_styles(styles: _Element | None) -> frozenset[str]:
    """The ids of the styles whose text is hidden or struck out, by themselves or their base."""
    if styles is None or next(styles.iter(*_TOGGLES), None) is None:
        return frozenset()
    silent: set[str] = set()
    bases: dict[str, str] = {}
    for style in styles.iterchildren(W + "style"):
        identity = style.get(W + "styleId", "")
        for base in style.iterchildren(W + "basedOn"):
            bases[identity] = base.get(VAL, "")
        if any(_is_on(toggle) for toggle in style.iter(*_TOGGLES)):
            silent.add(identity)
    while more := {each for each, base in bases.items() if base in silent} - silent:
        silent |= more
    return frozenset(silent)


def _is_on(toggle: _Element) -> bool:
    return toggle.get(VAL, "true") not in _OFF


def _areas(mark: _Element, silent: frozenset[str]) -> Iterator[_Element]:
    """What is not shown on account of a mark."""
    parent = mark.getparent()
    holder = None if parent is None else parent.getparent()
    if parent is None or holder is None:
        return
    if mark.tag in _TOGGLES:
        yield from [holder] if holder.tag == W + "r" and _is_on(mark) else []
    elif mark.tag in _STYLES:
        yield from _silent_runs(holder) if mark.get(VAL, "") in silent else []
    elif mark.tag == W + "showingPlcHdr":
        yield from holder.iterchildren(W + "sdtContent") if _is_on(mark) else []
    elif mark.tag == _MC + "AlternateContent":
        yield from _alternatives(mark)[1:]
    elif parent.tag in {W + "trPr", W + "tcPr"}:
        yield holder
    elif parent.tag != W + "rPr":
        yield mark


def _silent_runs(holder: _Element) -> Iterator[_Element]:
    """The runs of a paragraph, or the one run, that a silent style is given to."""
    runs = holder.iter(W + "r") if holder.tag == W + "p" else (holder,)
    return (run for run in runs if not _is_shown_anyway(run))


def _is_shown_anyway(run: _Element) -> bool:
    own = [toggle for look in run.iterchildren(W + "rPr") for toggle in look.iter(*_TOGGLES)]
    return bool(own) and not any(map(_is_on, own))


def _alternatives(element: _Element) -> list[_Element]:
    choices = list(element.iterchildren(_MC + "Choice"))
    return [*choices, *element.iterchildren(_MC + "Fallback")]


def _sign(node: _Element) -> str:
    if node.tag in _TEXT:
        return node.text or ""
    if node.tag == _HYPHEN:
        return "-"
    if node.tag == _TEXT_PATH:
        return f" {node.get('string', '')} "
    code = node.get(W + "char", "")
    if not 0 < len(code) <= _LONGEST_CODE or set(code.lower()) - set("0123456789abcdef"):
        return ""
    return decode_symbols(chr(int(code, 16)), node.get(W + "font", ""))
