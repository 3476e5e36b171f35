"""Text of a PDF page that is stored but not shown, or is struck out: no content, but to be named.

A white box over an old figure, a layer that is switched off, a note pasted over the page, a line
through the words: pdfium's text knows nothing of them. What is drawn later and where tells; the
page as a picture decides where a shape and a letter lie on each other.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium

from extractors.document import Box
from extractors.pdf_graphics import Graphics, Rule

if TYPE_CHECKING:
    from cv2.typing import MatLike

    from extractors.pdf_page import Glyph, Page

COVERED: Final = "bị che (chữ khác hoặc khung trắng nằm đè lên)"
SWITCHED_OFF: Final = "nằm ở lớp đang tắt"
STRUCK: Final = "bị gạch bỏ"
_DOTS: Final = 144.0
_INK: Final = 60
"""Difference of grey from which something stands out from its ground."""
_KEPT: Final = 0.6
"""Share of a letter's ink that is still there below a note that lets it through."""
_STRIKE: Final = 0.17
"""Share of a line's height above and below its middle within which a rule strikes it out."""
_STRUCK_SHARE: Final = 0.7
"""Share of its length that a rule runs through words if it strikes them out."""
_FLAT: Final = 0.5
_MOST_INFLATED: Final = 4 * 2**20
_OBJECTS: Final = re.compile(rb"/ObjStm\b.*?stream\r?\n", re.DOTALL)


def has_layers(data: bytes) -> bool:
    """Whether the document has layers (optional content), also where its objects are packed."""
    if b"/OCG" in data:
        return True
    return any(b"/OCG" in _inflated(data, match.end()) for match in _OBJECTS.finditer(data))


def _inflated(data: bytes, start: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data[start:], _MOST_INFLATED)
    except zlib.error:
        return b""  # packed in another way than all writers do, or damaged: pdfium tells that


def not_shown(page: Page, graphics: Graphics, *, layers: bool) -> dict[int, str]:
    """The characters of the page that are not shown or struck out, each with the reason."""
    found = dict.fromkeys(_struck(page, graphics), STRUCK)
    found |= dict.fromkeys(_below_notes(page), COVERED)
    if graphics.covers:
        found |= dict.fromkeys(_covered(page, graphics), COVERED)
    if layers:
        found |= dict.fromkeys(_switched_off(page, graphics), SWITCHED_OFF)
    return found


# --------------------------------------------------------------------------------------------
# Below shapes and notes


def _covered(page: Page, graphics: Graphics) -> Iterator[int]:
    """Characters that an opaque shape was drawn over."""
    below: dict[int, list[Box]] = {}
    for place, text in graphics.texts:
        boxes = [box for later, box in graphics.covers if later > place]
        if boxes and (own := page.bounds(text)):
            over = [box for box in boxes if _overlap(own, box)]
            if over:
                below[_address(text)] = over
    if not below:
        return
    candidates: list[Glyph] = []
    others: list[Glyph] = []
    for glyph in page.all_glyphs():
        boxes = below.get(page.object_at(glyph.place), [])
        is_below = any(_holds(box, glyph) for box in boxes)
        (candidates if is_below else others).append(glyph)
    picture = page.upright_picture(_DOTS, notes=False) if candidates else None
    for glyph in candidates:
        is_over_printed = any(_overlap(_box_of(glyph), _box_of(other)) for other in others)
        if is_over_printed or (picture is not None and not _has_ink(picture, glyph)):
            yield glyph.place


def _below_notes(page: Page) -> Iterator[int]:
    """Characters that a text box of somebody's notes hides."""
    notes = page.pasted_notes()
    if not notes:
        return
    below = [glyph for glyph in page.all_glyphs() if any(_holds(box, glyph) for box, _ in notes)]
    if not below:
        return
    before = page.upright_picture(_DOTS, notes=False)
    after = page.upright_picture(_DOTS, notes=True)
    for glyph in below:
        has_ground = any(ground for box, ground in notes if _holds(box, glyph))
        if has_ground or not _is_kept(before, after, glyph):
            yield glyph.place


def _switched_off(page: Page, graphics: Graphics) -> Iterator[int]:
    """Characters of layers of which nothing is to be seen on the page."""
    layer_of = {_address(text): layer for _, text in graphics.texts if (layer := _layer(text))}
    if not layer_of:
        return
    picture = page.upright_picture(_DOTS, notes=False)
    members: dict[str, list[Glyph]] = {}
    unseen: Counter[str] = Counter()
    for glyph in page.all_glyphs():
        layer = layer_of.get(page.object_at(glyph.place))
        if layer is not None:
            members.setdefault(layer, []).append(glyph)
            unseen[layer] += not _has_ink(picture, glyph)
    for layer, glyphs in members.items():
        # Letters of another layer may stand where some of this one's would.
        if 2 * unseen[layer] > len(glyphs):
            yield from (glyph.place for glyph in glyphs)


def _layer(text: Any) -> str | None:
    """The name of the layer that a text object belongs to; None where it belongs to none."""
    for place in range(pdfium.FPDFPageObj_CountMarks(text)):
        mark = pdfium.FPDFPageObj_GetMark(text, place)
        if _string(pdfium.FPDFPageObjMark_GetName, mark) == "OC":
            return _string(pdfium.FPDFPageObjMark_GetParamStringValue, mark, b"Name") or "OC"
    return None


def _string(function: Any, mark: Any, *key: bytes) -> str:
    length = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * 256)()
    function(mark, *key, buffer, ctypes.sizeof(buffer), length)
    return bytes(buffer)[: max(length.value - 2, 0)].decode("utf-16-le", "replace")


# --------------------------------------------------------------------------------------------
# Struck out


def _struck(page: Page, graphics: Graphics) -> Iterator[int]:
    """Characters that a line runs through, and those that a note strikes out."""
    flat = sorted(
        (rule for rule in graphics.rules if rule.is_horizontal), key=lambda rule: rule.top
    )
    heights = [rule.top for rule in flat]
    marked = page.struck_boxes()
    for start, end in page.lines if flat or marked else ():
        ends = page.glyphs(start, start + 1) + page.glyphs(end - 1, end)
        high = min((glyph.top for glyph in ends), default=0.0)
        low = max((glyph.bottom for glyph in ends), default=0.0)
        rules = flat[bisect_left(heights, high) : bisect_right(heights, low)]
        near = any(box[1] < low and high < box[3] for box in marked)
        glyphs = (
            page.glyphs(start, end) if near or any(_crosses(rule, ends) for rule in rules) else []
        )
        for rule in rules if glyphs else ():
            yield from (glyph.place for glyph in _struck_by(rule, glyphs))
        yield from (g.place for g in glyphs if any(_holds(box, g) for box in marked))


def _crosses(rule: Rule, ends: list[Glyph]) -> bool:
    """Whether a rule may run through the words between a line's ends, and not just below them."""
    tops = [(glyph.top + glyph.bottom) / 2 for glyph in ends]
    height = max(glyph.bottom - glyph.top for glyph in ends)
    reach = _STRIKE * height
    return min(tops) - reach < rule.top < max(tops) + reach


def _struck_by(rule: Rule, glyphs: list[Glyph]) -> list[Glyph]:
    """The letters that a rule runs through; none for a longer rule, which is a table's."""
    struck = [
        glyph
        for glyph in glyphs
        if rule.x0 < (glyph.x0 + glyph.x1) / 2 < rule.x1
        and abs(rule.top - (glyph.top + glyph.bottom) / 2) < _STRIKE * (glyph.bottom - glyph.top)
    ]
    width = max((g.x1 for g in struck), default=0.0) - min((g.x0 for g in struck), default=0.0)
    return struck if width > _STRUCK_SHARE * (rule.x1 - rule.x0) else []


# --------------------------------------------------------------------------------------------
# Boxes and pixels


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _box_of(glyph: Glyph) -> Box:
    """The part of a letter's box that small letters fill."""
    height = glyph.bottom - glyph.top
    return glyph.x0, glyph.top + 0.3 * height, glyph.x1, glyph.bottom - 0.2 * height


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > _FLAT and high > _FLAT


def _holds(box: Box, glyph: Glyph) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] < x < box[2] and box[1] < y < box[3]


def _crop(picture: MatLike, glyph: Glyph) -> MatLike:
    x0, top, x1, bottom = (side * _DOTS / 72 for side in _box_of(glyph))
    crop: MatLike = picture[max(int(top), 0) : int(bottom) + 1, max(int(x0), 0) : int(x1) + 1]
    return crop


def _has_ink(picture: MatLike, glyph: Glyph) -> bool:
    crop = _crop(picture, glyph)
    return bool(crop.size and int(crop.max()) - int(crop.min()) > _INK)


def _is_kept(before: MatLike, after: MatLike, glyph: Glyph) -> bool:
    """Whether a letter is still to be seen through the notes that lie on it."""
    was, now = _crop(before, glyph), _crop(after, glyph)
    ink = was < int(was.max()) - _INK if was.size else was
    return bool(not ink.size or not ink.any() or (now[ink] < int(was.max()) - _INK).mean() > _KEPT)
