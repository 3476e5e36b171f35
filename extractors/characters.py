"""Characters that only mean something together with their font or their height on the line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from extractors.legacy_encodings import converted

SOFT_HYPHEN: Final = "\u00ad"
_SUPERSCRIPTS: Final = str.maketrans(
    "0123456789+-−=()nabcdefghijklmoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
_SUBSCRIPTS: Final = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_SYMBOL: Final = {0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0x2D: "−"}
_WINGDINGS: Final = {
    **dict.fromkeys((0x6C, 0x9F, 0xA7, 0x6E, 0x77, 0x76, 0xD8, 0xE0, 0xF0, 0xB7), "•"),
    **dict.fromkeys((0x6F, 0xA8, 0x71, 0x72), "☐"),
    **dict.fromkeys((0xFC, 0x50), "✓"),
    **dict.fromkeys((0xFB, 0x4F), "✗"),
    **dict.fromkeys((0xFE, 0x52), "☑"),
    **dict.fromkeys((0xFD, 0x51, 0x53, 0x54, 0x78), "☒"),
}
BULLETS: Final = {
    0xF000 + code: sign
    for table in (_WINGDINGS, _SYMBOL)
    for code, sign in table.items()
    if sign in "•✓"
}
"""What private-use codes show that mark the items of lists, where no font's name is at hand."""
_SYMBOL_FONTS: Final = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS,
    "wingdings 3": _WINGDINGS,
    "webdings": {0x61: "✓", 0x72: "✗"},
}
_OWN_FONTS: Final = frozenset((".Vn", ".VN", ".vn"))
"""Fonts some of which show capitals for small letters."""
_PRIVATE_USE: Final = range(0xF000, 0xF100)
_PRIVATE: Final = re.compile("[\uf000-\uf0ff]")


def superscript(text: str) -> str:
    """The text in superscript characters, so that a footnote mark cannot become a digit."""
    return text.translate(_SUPERSCRIPTS)


def subscript(text: str) -> str:
    """The text in subscript characters, as far as Unicode has them."""
    return text.translate(_SUBSCRIPTS)


def decode_symbols(text: str, font: str) -> str:
    """The signs that a symbol font shows for these characters ('ü' in Wingdings is '✓').

    Characters of other fonts come back unchanged; private-use codes that no table knows become
    U+FFFD, so that they are seen to be unknown.
    """
    table = _SYMBOL_FONTS.get(font.lower())
    if table is None and (text.isascii() or not _PRIVATE.search(text)):
        return text
    return "".join(_symbol(ord(character), table) for character in text)


def _symbol(code: int, table: dict[int, str] | None) -> str:
    if code in _PRIVATE_USE:
        known = (table or {}).get(code - 0xF000) or (table or _SYMBOL).get(code - 0xF000)
        return known or "�"
    if table is None or code <= 0x20:
        return chr(code)
    return table.get(code, "�" if code < 0x100 else chr(code))


def readable(runs: Sequence[tuple[str, str]]) -> tuple[str, str | None]:
    """The text of runs (characters, font name or '') in NFC, outer white space off.

    The second value is the text before conversion where it differs by more than composition.
    """
    stored = "".join([text for text, _ in runs])
    if stored.isascii() and not any(font[:3] in _OWN_FONTS for _, font in runs):
        shown = "".join([decode_symbols(text, font) for text, font in runs])
    else:
        decoded = zip(converted(runs), runs, strict=True)
        shown = "".join([decode_symbols(text, font) for text, (_, font) in decoded])
    if shown == stored:
        return composed(shown).strip(), None
    return composed(shown).strip(), composed(stored).strip()


def composed(text: str) -> str:
    """The text in Unicode NFC, which is what every extraction holds; soft hyphens show nothing."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).replace(SOFT_HYPHEN, "")
