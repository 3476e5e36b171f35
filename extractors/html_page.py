"""What a web page shows, before LibreOffice turns it into a Word document.

LibreOffice drops what is typed into form fields, shows what the page hides and strikes out, and
sets raised marks as digits. So the page is put right first: fields become their values, what is
hidden or struck out goes and is named, raised marks become raised characters. The page's own text
is then what the reading is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree, html

from extractors.characters import subscript, superscript
from extractors.document import Finding, Shown, Source, UnreadableError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK: Final = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_STRIKES: Final = frozenset(("s", "strike", "del"))
_SILENT: Final = frozenset(("script", "style", "head", "title", "template", "noscript", "option"))
_BLOCKS: Final = frozenset(
    ("p", "div", "br", "td", "th", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dd")
) | {"dt", "caption", "pre", "blockquote", "center", "hr", "option", "legend", "address"}
_UNTYPED: Final = frozenset(("submit", "button", "reset", "image", "file", "hidden"))
_FIGURE: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as it is shown: its bytes (UTF-8), its text, and the figures that were left out."""

    data: bytes
    shown: Shown
    findings: tuple[Finding, ...] = ()


def as_shown(data: bytes) -> WebPage:
    """The page as a reader sees it.

    Raises UnreadableError('unreadable-file') where no page can be made of the bytes.
    """
    try:
        root = html.document_fromstring(_decoded(data), parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError) as fault:
        raise UnreadableError("unreadable-file", detail=str(fault)) from fault
    findings = [*_without(root, _is_hidden, "bị ẩn"), *_without(root, _is_struck, "bị gạch bỏ")]
    for field in _all(root, "input", "select", "textarea"):
        _replace(field, _typed(field))
    for name, raised in (("sup", superscript), ("sub", subscript)):
        for mark in _all(root, name):
            _replace(mark, raised(str(mark.text_content())))
    for meta in _all(root, "meta"):
        meta.drop_tree()
    text = html.tostring(root, encoding="unicode")
    return WebPage(b"\xef\xbb\xbf" + text.encode(), Shown("".join(_text(root))), tuple(findings))


def _all(root: HtmlElement, *tags: str) -> list[HtmlElement]:
    return [each for each in root.iter(*tags) if isinstance(each, html.HtmlElement)]


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    named = _CHARSET.search(data[:4096])
    try:
        return _without_declaration(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        name = named[1].decode("ascii") if named else "cp1252"
    try:
        return _without_declaration(data.decode(name, "replace"))
    except LookupError:
        return _without_declaration(data.decode("cp1252", "replace"))


def _without_declaration(text: str) -> str:
    """The text without the XML declaration, which lxml takes for one of bytes."""
    return re.sub(r"^\s*<\?xml[^>]*>", "", text)


def _without(
    root: HtmlElement, is_gone: Callable[[HtmlElement], bool], why: str
) -> Iterator[Finding]:
    """Take elements out of the page, and name the figures of them."""
    for element in [each for each in _all(root) if is_gone(each)]:
        text = " ".join("".join(_text(element)).split())
        if _FIGURE.search(text):
            yield Finding("text-left-out", {"text": text, "why": why}, Source("text", text))
        element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in {"html", "body"}:
        return False
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def _is_struck(element: HtmlElement) -> bool:
    return element.tag in _STRIKES or bool(_STRUCK.search(element.get("style", "")))


def _typed(field: HtmlElement) -> str:
    """What a form's field shows."""
    if field.tag == "textarea":
        return str(field.text_content())
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return " ".join(str(option.text_content()).strip() for option in chosen)
    kind = field.get("type", "text").lower()
    if kind in {"checkbox", "radio"}:
        return "☒" if "checked" in field.attrib else "☐"
    return "" if kind in _UNTYPED else str(field.get("value", ""))


def _replace(element: HtmlElement, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None
    element.tail = text + (element.tail or "")
    element.drop_tree()


def _text(element: HtmlElement) -> Iterator[str]:
    """The texts below an element in their order, those of blocks on lines of their own."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    is_block = element.tag in _BLOCKS
    yield "\n" if is_block else ""
    yield element.text or ""
    for child in element:
        yield from _text(child)
        yield child.tail or ""
    yield "\n" if is_block else ""
