"""What is drawn on a PDF page besides its text: ruling lines and pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

from extractors.document import Box, UnreadableError

_STRAIGHT: Final = 1.5
"""Points that a ruling line may lean, or a filled rectangle be wide, to count as a line."""
_SHORTEST: Final = 2.0
_WHITE: Final = 250
_LETTER: Final = (3.0, 4.0)
"""Points that a shape is wide and high at least to cover a letter."""
_OPAQUE: Final = 255
_MOST_OBJECTS: Final = 200_000
_DEEPEST: Final = 8

_Matrix = tuple[float, float, float, float, float, float]
_Point = tuple[float, float]
Upright = Callable[[float, float, float, float], Box]
"""left, bottom, right, top in PDF space to a box on the upright page."""


class Rule(NamedTuple):
    """A straight horizontal or vertical line."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 > self.bottom - self.top


@dataclass(slots=True)
class Graphics:
    """The straight lines of a page, its pictures' boxes, and how many shapes are drawn on it."""

    rules: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    shapes: int = 0
    texts: list[tuple[int, Any]] = field(default_factory=list)
    """Text objects with their place in the order in which the page is drawn."""
    covers: list[tuple[int, Box]] = field(default_factory=list)
    """Filled shapes that are drawn after some text and may cover it, with their place."""


def graphics_of(page: Any, upright: Upright) -> Graphics:
    """What a page draws, forms within it included; thin and framed rectangles as their sides.

    Raises UnreadableError('limit-exceeded') for more objects than any page has.
    """
    graphics = Graphics()
    for place, (item, kind, matrices) in enumerate(_objects(page)):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            graphics.shapes += 1
            graphics.rules += _rules(item, matrices, upright)
            if graphics.texts and (box := _covering(item, matrices, upright)):
                graphics.covers.append((place, box))
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            graphics.texts.append((place, item))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and (box := bounds_of(item, matrices, upright)):
            graphics.pictures.append(box)
    return graphics


def _rules(path: Any, parents: tuple[_Matrix, ...], upright: Upright) -> Iterator[Rule]:
    fill = ctypes.c_int()
    stroke = ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not stroke.value and (not fill.value or _is_white(path)):
        return
    matrices = (_matrix(path), *parents)
    for first, last in _segments(path):
        box = _box(first, last, matrices, upright)
        wide, tall = box[2] - box[0], box[3] - box[1]
        if max(wide, tall) >= _SHORTEST and min(wide, tall) <= _STRAIGHT:
            yield _straightened(box)


def _covering(path: Any, parents: tuple[_Matrix, ...], upright: Upright) -> Box | None:
    """The box of an opaque filled shape that is large enough to cover a letter."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value:
        return None
    box = bounds_of(path, parents, upright)
    if box is None or box[2] - box[0] < _LETTER[0] or box[3] - box[1] < _LETTER[1]:
        return None
    colours = tuple(ctypes.c_uint(255) for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(path, *colours)
    return box if colours[3].value == _OPAQUE else None


def bounds_of(item: Any, parents: tuple[_Matrix, ...], upright: Upright) -> Box | None:
    """An object's box on the upright page; None where it has none."""
    sides = tuple(ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    return _box((left, bottom), (right, top), parents, upright)


def _box(first: _Point, last: _Point, matrices: tuple[_Matrix, ...], upright: Upright) -> Box:
    (ax, ay), (bx, by) = _moved(first, matrices), _moved(last, matrices)
    return upright(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _objects(page: Any) -> Iterator[tuple[Any, int, tuple[_Matrix, ...]]]:
    """The page's objects, those in forms included, with their kind and the forms' matrices."""
    seen = 0
    waiting: list[tuple[Any, tuple[_Matrix, ...], int]] = []
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        waiting.append((pdfium.FPDFPage_GetObject(page, index), (), 0))
        while waiting:
            item, parents, depth = waiting.pop()
            seen += 1
            if seen > _MOST_OBJECTS:
                raise UnreadableError("limit-exceeded", limit="objects", most=str(_MOST_OBJECTS))
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind != pdfium.FPDF_PAGEOBJ_FORM:
                yield item, kind, parents
            elif depth < _DEEPEST:
                inner = (_matrix(item), *parents)
                waiting += [
                    (pdfium.FPDFFormObj_GetObject(item, place), inner, depth + 1)
                    for place in reversed(range(pdfium.FPDFFormObj_CountObjects(item)))
                ]


def _matrix(item: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _moved(point: _Point, matrices: tuple[_Matrix, ...]) -> _Point:
    x, y = point
    for a, b, c, d, e, f in matrices:
        x, y = a * x + c * y + e, b * x + d * y + f
    return x, y


def _is_white(path: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint(255) for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    return min(red.value, green.value, blue.value) >= _WHITE or alpha.value == 0


def _segments(path: Any) -> Iterator[tuple[_Point, _Point]]:
    """The straight segments of a path in its own space, closing ones included."""
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = here = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield here, point
        here = point
        if pdfium.FPDFPathSegment_GetClose(segment) and here != begin:
            yield here, begin


def _straightened(box: Box) -> Rule:
    x0, top, x1, bottom = box
    if x1 - x0 > bottom - top:
        middle = (top + bottom) / 2
        return Rule(x0, middle, x1, middle)
    middle = (x0 + x1) / 2
    return Rule(middle, top, middle, bottom)
