"""A PDF page as pdfium shows it: lines of text, characters with boxes, straight ruling lines.

Everything comes out in upright page coordinates: points, origin at the top left corner of the
page as a reader holds it, whatever the page's own rotation and the direction of its text.

Reading every character costs one foreign call each, so a line is taken whole where its pieces
stand side by side, and by characters only where they do not (columns, tables, raised marks).
"""

from __future__ import annotations

import ctypes
import itertools
import math
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.characters import BULLETS, subscript, superscript
from extractors.document import Box, UnreadableError
from extractors.pdf_graphics import Graphics, bounds_of, graphics_of

if TYPE_CHECKING:
    from cv2.typing import MatLike

WIDE_GAP: Final = 1.25
"""Gap in a line, in line heights, from which its two sides may be columns."""
WORD_GAP: Final = 0.12
"""Gap in line heights from which two characters are two words."""
LOOSE_GAP: Final = 0.35
"""Gap in line heights that is wider than a word space, so that columns may stand close there."""
_WIDEST: Final = 0.75
"""Mean width of a character in font sizes from which a line must have gaps in it."""
_ASCENT: Final = 0.9
_DESCENT: Final = 0.22
"""A line's extent above and below the baseline in font sizes, as in Times New Roman."""
_SMALL: Final = 0.8
"""Height against the line's from which a character is a raised or lowered mark."""
_RAISED: Final = 0.1
_LEVEL: Final = 1.5
"""Points by which the ends of a line of text may differ in height."""
_NOT_SHOWN: Final = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_COMMENTS: Final = frozenset(
    (pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_STRIKEOUT)
)
_WOVEN_LEVEL = 0.2
"""Parts of a line's height by which the baselines of two fonts in one line may differ."""
_WOVEN_OVERLAP = 0.4
"""Parts of the narrower character that two neighbours of one line may overlap."""
_ANGLES: Final = (0, 90, 180, 270)
_ENOUGH_LINES: Final = 60
_NAME_LENGTH: Final = 96
_LINE: Final = re.compile("[^\r\n\ufffe\x02]+[\ufffe\x02]?|[\ufffe\x02]")
"""pdfium writes a hyphen at a line's end as U+FFFE or U+0002, without a line break."""


class Glyph(NamedTuple):
    """A visible character with its index on the page and whether white space precedes it.

    Top and bottom are those of its line: told from the baseline and the font's size, since fonts
    state their ascent and descent in too many ways.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    spaced: bool
    place: int


@dataclass(slots=True)
class Piece:
    """Text that stands together on one line."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    first: int
    last: int
    """Indices of its first and last character on the page."""
    bold_start: bool = False
    bold_end: bool = False
    turned: bool = False
    """Whether it runs in another direction than the page's text: its box is then on its side."""
    confidence: float = 1.0
    """How surely it was read: less than 1 on scanned pages only."""
    gaps: tuple[tuple[int, float, float], ...] = ()
    """Gaps wider than a word space: where in the text what follows begins, left and right side."""

    @property
    def height(self) -> float:
        """Height of the line, by the font's ascent and descent."""
        return self.bottom - self.top

    @property
    def bold(self) -> bool:
        """Whether it is bold from its first to its last letter."""
        return self.bold_start and self.bold_end


def box_of(pieces: Iterable[Piece]) -> Box:
    """The outline of pieces of text."""
    boxes = [(piece.x0, piece.top, piece.x1, piece.bottom) for piece in pieces]
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


@contextmanager
def open_document(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed at the end.

    Raises UnreadableError: 'encrypted-file', or 'truncated-file' where pdfium cannot open it.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise UnreadableError("encrypted-file") from fault
        raise UnreadableError("truncated-file", detail=str(fault)) from fault
    try:
        yield document
    finally:
        document.close()


class Page:
    """An open page; everything that it hands out stays valid after :meth:`close`."""

    def __init__(self, document: pypdfium2.PdfDocument, index: int) -> None:
        """Load page ``index`` (0-based); raises pypdfium2.PdfiumError where it is damaged."""
        self._page = document[index]
        self._text_page = self._page.get_textpage()
        self._handle = ctypes.cast(self._text_page.raw, ctypes.c_void_p).value
        self._bold_fonts: dict[bytes, bool] = {}
        self._hidden: set[int] = set()
        self._reserve()
        self.count = self._text_page.count_chars()
        self.text = self._read_text()
        lines = self._read_lines()
        self.text = self.text.replace("\ufffe", "-").replace("\x02", "-").translate(BULLETS)
        self._angle = self._text_angle(lines)
        self.lines: list[tuple[int, int]] = []
        """Start and end index of the upright lines, in the order of the page's content."""
        self._turned_runs: dict[int, list[tuple[int, int]]] = {}
        for start, end in lines:
            self._sort_by_angle(start, end)
        left, bottom, right, top = self._page.get_bbox()
        self._frame = (left, bottom, right, top)
        sides = (right - left, top - bottom)
        self.width, self.height = sides if self._angle % 180 == 0 else sides[::-1]

    def _reserve(self) -> None:
        """Room for what pdfium's functions write to, with its addresses."""
        self._sides = (ctypes.c_float * 4)()
        self._origin = (ctypes.c_double * 2)()
        origin = ctypes.addressof(self._origin)
        self._addresses = (ctypes.addressof(self._sides), origin, origin + 8)
        self._corners = (ctypes.c_double * 4)()
        corners = ctypes.addressof(self._corners)
        self._corners_at = (corners, corners + 8, corners + 16, corners + 24)
        self._matrix = (ctypes.c_float * 6)()
        self._matrix_at = ctypes.addressof(self._matrix)
        self._name = ctypes.create_string_buffer(_NAME_LENGTH)
        self._name_at = ctypes.addressof(self._name)
        self._flags = ctypes.c_int()
        self._flags_at = ctypes.addressof(self._flags)

    def close(self) -> None:
        """Free the page's memory."""
        self._text_page.close()
        self._page.close()

    # ---- text

    def _read_text(self) -> str:
        """One character a pdfium index, so that places in it are pdfium's own indices."""
        buffer = (ctypes.c_ushort * (self.count + 1))()
        pdfium.FPDFText_GetText(self._text_page, 0, self.count, buffer)
        text = bytes(buffer)[: 2 * self.count].decode("utf-16-le", "replace")
        if len(text) == self.count and "\0" not in text:
            return text
        codes = (pdfium.FPDFText_GetUnicode(self._text_page, i) for i in range(self.count))
        return "".join(chr(code) if 0 < code <= sys.maxunicode else "�" for code in codes)

    def _read_lines(self) -> list[tuple[int, int]]:
        """The lines as pdfium tells them, outer white space off."""
        lines = [match.span() for match in _LINE.finditer(self.text)]
        return [self._stripped(*line) for line in lines if self.text[slice(*line)].strip()]

    def _stripped(self, start: int, end: int) -> tuple[int, int]:
        while self.text[start].isspace():
            start += 1
        while self.text[end - 1].isspace():
            end -= 1
        return start, end

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The line's text in one piece, or in several where wide gaps part it."""
        ends = self.glyphs(start, start + 1) + self.glyphs(end - 1, end)
        is_whole = self._hidden.isdisjoint(range(start, end))
        if len(ends) == 2 and is_whole and self._is_plain(start, end, *ends):
            first, last = ends
            box = (first.x0, first.top, last.x1, first.bottom)
            return self.weighed([Piece(self.text[start:end], *box, start, end - 1)])
        return self.weighed(pieces_of(self.glyphs(start, end)))

    def middle(self, index: int) -> float:
        """The height on the page of a character's middle; below the page where it has no box."""
        glyphs = self.glyphs(index, index + 1)
        return (glyphs[0].top + glyphs[0].bottom) / 2 if glyphs else self.height

    def weighed(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces, with what the page's fonts say of their weight."""
        for piece in pieces:
            piece.bold_start = self._is_bold(piece.first)
            piece.bold_end = self._is_bold(piece.last)
        return pieces

    def turned_pieces(self) -> list[Piece]:
        """The texts that run in other directions than the page's own, as in narrow headers."""
        pieces = []
        for angle, runs in self._turned_runs.items():
            glyphs = [glyph for run in runs for glyph in self.glyphs(*run, angle)]
            pieces += [self._turned_back(piece, angle) for piece in pieces_of(glyphs)]
        return self.weighed(pieces)

    def glyphs(self, start: int, end: int, angle: int | None = None) -> list[Glyph]:
        """The visible characters between two indices, in the order of the page's content.

        Their boxes are those on the page turned clockwise by ``angle``, by default upright.
        """
        angle = self._angle if angle is None else angle
        scale = self._scale(start)
        handle, text, sides, origin = self._handle, self.text, self._sides, self._origin
        sides_at, x_at, y_at = self._addresses
        west, south, east, north = self._frame
        baseline = math.inf
        size = 0.0
        glyphs = []
        spaced = True
        for index in range(start, end):
            character = text[index]
            if character.isspace():
                spaced = True
                continue
            _loose_box(handle, index, sides_at)
            left, top, right, bottom = sides
            if right <= left and top <= bottom:
                continue
            _char_origin(handle, index, x_at, y_at)
            x, y = origin
            if angle == _ANGLES[0]:
                x0, line, x1 = left - west, north - y, right - west
            elif angle == _ANGLES[1]:
                x0, line, x1 = bottom - south, x - west, top - south
            elif angle == _ANGLES[2]:
                x0, line, x1 = east - right, y - south, east - left
            else:
                x0, line, x1 = north - top, east - x, north - bottom
            if line != baseline:
                # Raised and lowered marks are the ones whose size matters.
                baseline, size = line, scale * _font_size(handle, index)
            top, bottom = line - _ASCENT * size, line + _DESCENT * size
            glyphs.append(Glyph(character, x0, top, x1, bottom, spaced, index))
            spaced = False
        return glyphs

    def _scale(self, index: int) -> float:
        """By what the page's matrices enlarge the size that a font is set in."""
        _matrix_of(self._handle, index, self._matrix_at)
        _, _, c, d, _, _ = self._matrix
        return math.hypot(c, d) or 1.0

    def _is_plain(self, start: int, end: int, first: Glyph, last: Glyph) -> bool:
        """Whether the line's parts stand side by side on one baseline, in reading order."""
        size = first.bottom - first.top
        if abs(first.bottom - last.bottom) > _LEVEL or last.x0 < first.x0:
            return False
        if last.x1 - first.x0 > _WIDEST * size * (end - start):
            return False  # too few characters for the width: there are gaps between them
        count = pdfium.FPDFText_CountRects(self._text_page, start, end - start)
        boxes = [self._rectangle(index) for index in range(count)] if count > 1 else []
        if any(
            later[0] - earlier[2] > WIDE_GAP * size / 2 or later[0] < earlier[2] - size / 2
            for earlier, later in itertools.pairwise(boxes)
        ):
            return False
        # What ends well above the baseline and is no hyphen or quote may be a raised mark.
        baseline = max((box[3] for box in boxes), default=0.0)
        mark = 0.22 * size
        return not any(baseline - box[3] > mark and box[3] - box[1] > mark for box in boxes)

    def _rectangle(self, index: int) -> Box:
        _rectangle(self._handle, index, *self._corners_at)
        left, top, right, bottom = self._corners
        return self._turned((left, bottom, right, top), self._angle)

    def _is_bold(self, index: int) -> bool:
        length = _font_name(self._handle, index, self._name_at, _NAME_LENGTH, self._flags_at)
        name = self._name.raw[: max(min(length, _NAME_LENGTH) - 1, 0)]
        known = self._bold_fonts.get(name)
        if known is None:
            lower = name.lower()
            known = any(word in lower for word in (b"bold", b"black", b"heavy"))
            self._bold_fonts[name] = known
        return known

    # ---- directions

    def _text_angle(self, lines: list[tuple[int, int]]) -> int:
        """By how many degrees the page must be turned clockwise for most of its text."""
        counts = dict.fromkeys(_ANGLES, 0)
        for start, end in lines[:_ENOUGH_LINES]:
            counts[self._angle_at(start)] += end - start
        return max(counts, key=lambda angle: counts[angle])

    def _sort_by_angle(self, start: int, end: int) -> None:
        if self._angle_at(start) == self._angle == self._angle_at(end - 1):
            self.lines.append((start, end))
            return
        runs: list[tuple[int, int, int]] = []
        for index in range(start, end):
            if not self.text[index].isspace():
                angle = self._angle_at(index)
                if runs and runs[-1][0] == angle:
                    runs[-1] = (angle, runs[-1][1], index + 1)
                else:
                    runs.append((angle, index, index + 1))
        for angle, first, last in runs:
            same = self.lines if angle == self._angle else self._turned_runs.setdefault(angle, [])
            same.append((first, last))

    def _angle_at(self, index: int) -> int:
        radians = _angle(self._handle, index)
        return _ANGLES[round(-2 * radians / math.pi) % 4]

    def _upright(self, left: float, bottom: float, right: float, top: float) -> Box:
        return self._turned((left, bottom, right, top), self._angle)

    def _turned(self, box: Box, angle: int) -> Box:
        """A box in PDF space (left, bottom, right, top; y upwards) on the page turned clockwise."""
        left, bottom, right, top = box
        west, south, east, north = self._frame
        if angle == _ANGLES[0]:
            return left - west, north - top, right - west, north - bottom
        if angle == _ANGLES[1]:
            return bottom - south, left - west, top - south, right - west
        if angle == _ANGLES[2]:
            return east - right, bottom - south, east - left, top - south
        return north - top, east - right, north - bottom, east - left

    def _turned_back(self, piece: Piece, angle: int) -> Piece:
        """A piece read on the page turned by ``angle``, with its box on the upright page."""
        west, south, east, north = self._frame
        x0, y0, x1, y1 = piece.x0, piece.top, piece.x1, piece.bottom
        if angle == _ANGLES[0]:
            box = x0 + west, north - y1, x1 + west, north - y0
        elif angle == _ANGLES[1]:
            box = y0 + west, x0 + south, y1 + west, x1 + south
        elif angle == _ANGLES[2]:
            box = east - x1, y0 + south, east - x0, y1 + south
        else:
            box = east - y1, north - x1, east - y0, north - x0
        turned = self._turned(box, self._angle)
        return Piece(piece.text, *turned, piece.first, piece.last, turned=True)

    # ---- what is not shown

    def all_glyphs(self) -> list[Glyph]:
        """Every visible character of the page, whichever way it runs."""
        glyphs = [glyph for line in self.lines for glyph in self.glyphs(*line)]
        for angle, runs in self._turned_runs.items():
            for start, end in runs:
                for glyph in self.glyphs(start, end, angle):
                    piece = Piece("", glyph.x0, glyph.top, glyph.x1, glyph.bottom, 0, 0)
                    box = box_of([self._turned_back(piece, angle)])
                    glyphs.append(Glyph(glyph.text, *box, spaced=False, place=glyph.place))
        return glyphs

    def object_at(self, index: int) -> int:
        """The address of the text object that a character belongs to."""
        text = pdfium.FPDFText_GetTextObject(self._text_page, index)
        return ctypes.cast(text, ctypes.c_void_p).value or 0

    def bounds(self, text: Any) -> Box | None:
        """A text object's box on the upright page."""
        return bounds_of(text, (), self._upright)

    def hide(self, indices: Iterable[int]) -> None:
        """Take characters out of the page's text, as if they were not stored."""
        letters = list(self.text)
        for index in indices:
            letters[index] = " "
            self._hidden.add(index)
        self.text = "".join(letters)
        self.lines = self._without_blanks(self.lines)
        self._turned_runs = {
            angle: self._without_blanks(runs) for angle, runs in self._turned_runs.items()
        }

    def _without_blanks(self, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return [self._stripped(*line) for line in lines if self.text[slice(*line)].strip()]

    # ---- the page as a picture

    def dots(self) -> float:
        """Dots per inch of the page's largest picture; 0 where it has none."""
        largest, dots = 0.0, 0.0
        for picture in self._page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE]):
            left, bottom, right, top = picture.get_bounds()
            area = (right - left) * (top - bottom)
            if area > largest:
                wide, tall = picture.get_px_size()
                largest, dots = area, 72 * math.sqrt(wide * tall / area)
        return dots

    def upright_picture(self, dots: float, *, notes: bool) -> MatLike:
        """The page turned so that its text is upright, with or without the notes on it."""
        import numpy as np  # noqa: PLC0415 few pages need it

        picture = self.picture(dots, notes=notes)
        turns = (self._angle - self._page.get_rotation()) // 90
        turned: MatLike = np.rot90(picture, -turns)
        return turned

    def picture(self, dots: float, *, notes: bool = True) -> MatLike:
        """The page as a reader sees it: rows of pixels, 0 black."""
        picture = self._page.render(
            scale=dots / 72, grayscale=True, may_draw_forms=notes, draw_annots=notes
        ).to_numpy()
        # pdfium's buffer goes with the bitmap.
        copy: MatLike = picture.reshape(picture.shape[:2]).copy()
        return copy

    # ---- graphics and annotations

    def graphics(self) -> Graphics:
        """The page's ruling lines and pictures, on the upright page."""
        return graphics_of(self._page.raw, self._upright)

    def annotations(self) -> list[Piece]:
        """What form fields and text boxes show: they stand above the page's own content."""
        return [
            Piece(text, *box, 0, 0)
            for annotation, box in self._annotations()
            if (text := _annotation_text(annotation))
        ]

    def pasted_notes(self) -> list[tuple[Box, bool]]:
        """The boxes of text pasted over the page, and whether they have a ground of their own."""
        return [
            (box, pdfium.FPDFAnnot_HasKey(annotation, b"C") and not _is_drawn(annotation))
            for annotation, box in self._annotations()
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_FREETEXT
            and _annotation_text(annotation)
        ]

    def struck_boxes(self) -> list[Box]:
        """The boxes of the words that notes strike out."""
        return [
            self._upright(
                min(quad.x1, quad.x3),
                min(quad.y1, quad.y3, quad.y2, quad.y4),
                max(quad.x2, quad.x4),
                max(quad.y1, quad.y3, quad.y2, quad.y4),
            )
            for annotation, _ in self._annotations()
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_STRIKEOUT
            and not pdfium.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN
            for quad in _quads(annotation)
        ]

    def comments(self) -> int:
        """How many comments somebody left on the page, whose words it does not show."""
        return sum(
            pdfium.FPDFAnnot_GetSubtype(annotation) in _COMMENTS
            and bool(_annotation_string(annotation, b"Contents"))
            for annotation, _ in self._annotations()
        )

    def _annotations(self) -> Iterator[tuple[Any, Box]]:
        for index in range(pdfium.FPDFPage_GetAnnotCount(self._page)):
            annotation = pdfium.FPDFPage_GetAnnot(self._page, index)
            rectangle = pdfium.FS_RECTF()
            if pdfium.FPDFAnnot_GetRect(annotation, rectangle):
                sides = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
                yield annotation, self._upright(*sides)
            pdfium.FPDFPage_CloseAnnot(annotation)


def _plain_call(function: Any, result: Any, *arguments: Any) -> Any:
    """A pdfium function that takes plain addresses: a third of the cost of typed pointers."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_ADDRESS: Final = ctypes.c_void_p
_CHARACTER: Final = (ctypes.c_void_p, ctypes.c_int)
_font_size = _plain_call(pdfium.FPDFText_GetFontSize, ctypes.c_double, *_CHARACTER)
_loose_box = _plain_call(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, *_CHARACTER, _ADDRESS)
_char_origin = _plain_call(
    pdfium.FPDFText_GetCharOrigin, ctypes.c_int, *_CHARACTER, _ADDRESS, _ADDRESS
)
_angle = _plain_call(pdfium.FPDFText_GetCharAngle, ctypes.c_float, *_CHARACTER)
_matrix_of = _plain_call(pdfium.FPDFText_GetMatrix, ctypes.c_int, *_CHARACTER, _ADDRESS)
_rectangle = _plain_call(pdfium.FPDFText_GetRect, ctypes.c_int, *_CHARACTER, *[_ADDRESS] * 4)
_font_name = _plain_call(
    pdfium.FPDFText_GetFontInfo,
    ctypes.c_ulong,
    *_CHARACTER,
    _ADDRESS,
    ctypes.c_ulong,
    _ADDRESS,
)


def _annotation_text(annotation: Any) -> str:
    """What a form field or a free text shows; '' for other annotations and what is not shown."""
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if pdfium.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN:
        return ""
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _annotation_string(annotation, b"Contents")
    if kind != pdfium.FPDF_ANNOT_WIDGET:
        return ""
    if _annotation_string(annotation, b"FT") != "Btn":
        return _annotation_string(annotation, b"V")
    return "☐" if _annotation_string(annotation, b"AS") in {"", "Off"} else "☒"


def _is_drawn(annotation: Any) -> bool:
    """Whether the document says itself how an annotation looks."""
    return bool(
        pdfium.FPDFAnnot_GetAP(annotation, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
    )


def _quads(annotation: Any) -> Iterator[Any]:
    for place in range(pdfium.FPDFAnnot_CountAttachmentPoints(annotation)):
        quad = pdfium.FS_QUADPOINTSF()
        if pdfium.FPDFAnnot_GetAttachmentPoints(annotation, place, quad):
            yield quad


def _annotation_string(annotation: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    text = bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")
    return " ".join(text.split())


# --------------------------------------------------------------------------------------------
# Characters to pieces of lines


def pieces_of(glyphs: list[Glyph]) -> list[Piece]:
    """The characters as pieces of lines, each in reading order; wide gaps part pieces.

    Characters are kept in the order of the content where it runs to the right; what jumps back or
    to another line begins a piece, and pieces that adjoin on one line are put together.
    """
    runs = _runs(glyphs)
    if len(runs) > 1:
        runs = _runs(_unwoven(runs))
    return joined([_piece(run) for run in runs])


def _runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The characters in stretches that run to the right."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _goes_on(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _unwoven(runs: list[list[Glyph]]) -> list[Glyph]:
    """The characters with those that a writer set behind their line put into its holes.

    A word processor that takes letters from a second font ('ạ', 'ố') sets them in a run of their
    own, after the line that lacks them: 'h c t p' and 'ọ ậ' are 'học tập'. Characters that would
    lie upon others are no such letters (a heading printed twice, a correction over it).
    """
    lines: list[list[Glyph]] = []
    is_woven = False
    for run in runs:
        for number, line in enumerate(lines):
            woven = sorted([*line, *run], key=lambda glyph: glyph.x0)
            if _is_level(line[0], run[0]) and _lie_apart(woven):
                is_woven = is_woven or run[0].x0 < line[-1].x0
                lines[number] = woven
                break
        else:
            lines.append(run)
    return [glyph for line in (lines if is_woven else runs) for glyph in line]


def _is_level(glyph: Glyph, other: Glyph) -> bool:
    return abs(glyph.bottom - other.bottom) < _WOVEN_LEVEL * (glyph.bottom - glyph.top)


def _lie_apart(glyphs: list[Glyph]) -> bool:
    """Whether characters from left to right overlap by no more than their edges."""
    return all(
        later.x0 >= earlier.x1 - _WOVEN_OVERLAP * min(earlier.x1 - earlier.x0, later.x1 - later.x0)
        for earlier, later in itertools.pairwise(glyphs)
    )


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    height = max(last.bottom - last.top, glyph.bottom - glyph.top)
    apart = abs((last.top + last.bottom) - (glyph.top + glyph.bottom)) / 2
    gap = glyph.x0 - last.x1
    return apart < 0.45 * height and -0.5 * height < gap < WIDE_GAP * height


def _piece(run: list[Glyph]) -> Piece:
    tallest = max(run, key=lambda glyph: glyph.bottom - glyph.top)
    height = tallest.bottom - tallest.top
    parts: list[str] = []
    gaps: list[tuple[int, float, float]] = []
    right = run[0].x0
    for glyph in run:
        # A space that takes no room is no space: some writers split 'Đ ức' that way.
        if parts and (glyph.x0 - right > WORD_GAP * height * (0.75 if glyph.spaced else 1.5)):
            parts.append(" ")
            if glyph.x0 - right > LOOSE_GAP * height:
                gaps.append((sum(map(len, parts)), right, glyph.x0))
        parts.append(_leveled(glyph, tallest, height))
        right = glyph.x1
    right = max(glyph.x1 for glyph in run)
    ends = (run[0].place, run[-1].place)
    text = "".join(parts)
    return Piece(text, run[0].x0, tallest.top, right, tallest.bottom, *ends, gaps=tuple(gaps))


def _leveled(glyph: Glyph, tallest: Glyph, height: float) -> str:
    if glyph.bottom - glyph.top >= _SMALL * height:
        return glyph.text
    if tallest.bottom - glyph.bottom > _RAISED * height:
        return superscript(glyph.text)
    return subscript(glyph.text) if glyph.bottom > tallest.bottom else glyph.text


def joined(pieces: list[Piece]) -> list[Piece]:
    """Pieces that adjoin on one line put together, from left to right."""
    result: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        for earlier in result:
            height = max(earlier.height, piece.height)
            apart = abs((earlier.top + earlier.bottom) - (piece.top + piece.bottom)) / 2
            gap = piece.x0 - earlier.x1
            is_turned = earlier.turned or piece.turned
            if not is_turned and apart < 0.45 * height and -0.5 * height < gap < WIDE_GAP * height:
                _append(earlier, piece, gap > WORD_GAP * height)
                break
        else:
            result.append(piece)
    return result


def _append(earlier: Piece, piece: Piece, is_spaced: bool) -> None:
    is_raised = (
        piece.height < _SMALL * earlier.height
        and earlier.bottom - piece.bottom > _RAISED * earlier.height
    )
    text = superscript(piece.text) if is_raised else piece.text
    earlier.text += " " if is_spaced else ""
    start = len(earlier.text)
    if is_spaced and piece.x0 - earlier.x1 > LOOSE_GAP * max(earlier.height, piece.height):
        earlier.gaps += ((start, earlier.x1, piece.x0),)
    if piece.gaps:
        earlier.gaps += tuple((start + place, left, right) for place, left, right in piece.gaps)
    earlier.text += text
    earlier.x1 = max(earlier.x1, piece.x1)
    earlier.last, earlier.bold_end = piece.last, piece.bold_end
    earlier.confidence = min(earlier.confidence, piece.confidence)
