"""A page that is a picture: its ruling lines and words, told from the pixels.

The page is levelled (lighting, tilt), its ruling lines are found and erased, and tesseract reads
the rest once. Words go into the grid that the lines form; what stands alone as a figure is read a
second time from its own crop, and where two readings differ the confidence says so.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import statistics
import subprocess
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from extractors.document import OF_THE_MOMENT, Account, UnreadableError
from extractors.pdf_graphics import Rule
from extractors.pdf_page import WIDE_GAP, Piece
from extractors.pdf_tables import Owners, Part, PartCell, TooManyRulesError, find_parts, joined_text

if TYPE_CHECKING:
    from cv2.typing import MatLike as Pixels

PROGRAM: Final = "tesseract"
LANGUAGE: Final = "vie"
FIGURES_LANGUAGE: Final = "eng"
"""What figures are read in a second time: it comes with every tesseract."""
_UPRIGHT: Final = "osd"
MOST_PIXELS: Final = 40_000_000
"""An A3 page at 450 dots per inch has 37 million."""
DOTS: Final = (200.0, 300.0)
"""Dots per inch between which a page is read: fewer blur the marks, more only cost time."""

_MOST_SECONDS: Final = 40
_MOST_TILT: Final = 5.0
_SHORTEST: Final = 15.0
"""Points from which a dark streak is a ruling line; letters of a title are 12 high."""
_DASH: Final = 11.0
"""Points of an unbroken stretch of a worn line, and of the gaps in it."""
_WORN: Final = 3.0
_SURE: Final = 36.0
"""Points from which a streak is a ruling line even where it meets no other: not two bold T's."""
_THICKEST: Final = 4.0
_ASCENT: Final = 0.9
_DESCENT: Final = 0.22
_CAPITAL: Final = 0.66
"""Height of a capital or digit in font sizes, as in Times New Roman."""
_FIGURE: Final = re.compile(r"[-–+(]?[\d.,/%)\s-]*\d[\d.,/%)\s-]*")
_FIGURE_SIGNS: Final = "0123456789.,/%-"
_CAPITALS: Final = re.compile(r"[0-9A-Z]{2,}")
_HANGING: Final = frozenset("gjpqyQ,;()[]{}|/_\u0323")
"""Letters, and the dot below, that reach below the baseline."""
_LETTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzđ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
)
"""The letters of Vietnamese and their marks, taken apart."""
_RULE_REST: Final = re.compile(r"[|¦_~—–=:;.,'`\"°\\\[\]{}<>]+")
_UNREAD: Final = 0.2
"""Confidence where ink stands that no reading explains."""
_DISPUTED: Final = 0.5
"""Most confidence where no two readings agree."""
_OUTVOTED: Final = 0.85
"""Factor on the confidence where two readings agree and one does not."""
_DASH_SURE: Final = 0.95
_SURE_WORD: Final = 0.8
_BLACK: Final = 0
_WHITE: Final = 235
_COVERED: Final = 0.5
"""Share of a word's box that lies on another word from which both are the same print."""
_FEW_WORDS: Final = 5
_GARBLED: Final = 0.6
_BLANK: Final = 0.0005
"""Share of a page that is ink up to which it is blank."""
_SHORT: Final = 12
"""Letters up to which a cell's line that is read unsurely may be a figure."""
_MARK: Final = 0.004
"""Area of the smallest point in squares of the font's size."""
_WIDTHS: Final = {".": 0.25, ",": 0.25, "/": 0.28, "-": 0.33, "(": 0.33, ")": 0.33, "%": 0.83}
"""Widths in font sizes that differ from a digit's."""
_WIDEST: Final = 1.25
"""Width of the print against its figure's from which a digit must have been passed over."""
_PAD: Final = 3
"""Pixels of white around what is read alone."""


@dataclass(slots=True)
class ScannedPage:
    """What a picture shows. Places are in points on the page set upright.

    ``tilt`` is by how many degrees the picture was turned counter-clockwise for that.
    """

    width: float
    height: float
    tilt: float = 0.0
    parts: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    is_too_complex: bool = False
    is_unread: bool = False
    """Whether something stands on it of which nothing, or hardly anything, could be read."""
    shown: str = ""
    """The words that the first reading returned, but for rests of rules."""
    accounts: list[Account] = field(default_factory=list)
    """What of them further readings corrected, and into what."""


@dataclass(slots=True)
class _Word:
    """A word as tesseract read it: pixels, 0..1, and which of its lines it stands on."""

    text: str
    x0: int
    top: int
    x1: int
    bottom: int
    confidence: float
    line: tuple[int, int, int] = (0, 0, 0)

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


_Place = tuple[slice, slice]
"""Rows and columns of pixels."""


@dataclass(slots=True)
class _Doubt:
    """Text of a cell that is read more than once: one of its lines, or all (index None)."""

    lines: list[list[_Word]]
    index: int | None
    place: _Place
    is_upright: bool = False
    readings: list[tuple[str, float]] = field(default_factory=list)
    third: list[_Word] = field(default_factory=list)
    marks: int = 0
    """Points and commas that stand in the crop."""
    accounts: list[Account] = field(default_factory=list)

    def explains(self, figure: str) -> bool:
        """Whether a figure has as many marks as are seen, and about the width of the print."""
        if self.marks > sum(sign in ".," for sign in figure):
            return False
        rows, columns = self.place
        # Without its words' own boxes a figure's spaces would count.
        widths = [word.x1 - word.x0 for word in self.words]
        wide = sum(widths) if widths else columns.stop - columns.start - 2 * _PAD
        size = (rows.stop - rows.start - 2 * _PAD) / _CAPITAL
        expected = size * sum(_WIDTHS.get(sign, 0.5) for sign in figure)
        return bool(wide < _WIDEST * expected)

    @property
    def words(self) -> list[_Word]:
        """What the first reading found there."""
        chosen = self.lines if self.index is None else [self.lines[self.index]]
        return [word for line in chosen for word in line]

    @property
    def is_settled(self) -> bool:
        """Whether the first two readings are one."""
        return bool(self.readings[0][0]) and self.readings[0][0] == self.readings[1][0]

    def take(self, text: str, confidence: float) -> None:
        """Put the text that was settled on into the lines, with its confidence."""
        if text == self.readings[0][0]:
            for word in self.words:
                word.confidence = confidence
        elif len(self.readings) > 2 and text == self.readings[2][0]:
            self.replace([[_boxed(" ".join(w.text for w in self.third), self.place, confidence)]])
        else:
            self.replace([[_boxed(text, self.place, confidence)]])

    def replace(self, lines: list[list[_Word]]) -> None:
        """Put other lines in their place."""
        self.accounts += _corrected([self.words], lines)
        if self.index is None:
            self.lines[:] = lines
        else:
            self.lines[self.index : self.index + 1] = lines


def read_page(grey: Pixels, dots: float, number: int) -> ScannedPage:
    """The page's tables with their cells' text, and the pieces of text outside of them.

    ``grey`` is rows of pixels, 0 black; ``dots`` its dots per inch; ``number`` the page's, which
    the cells are given. A page that lies on its side or on its head is set upright. Raises
    UnreadableError: 'program-missing' without tesseract or its Vietnamese, 'limit-exceeded' where
    it takes too long.
    """
    import numpy as np  # noqa: PLC0415 only scans need it

    grey = _levelled(grey)
    filling = _looked_at(grey, dots, number)
    if filling.is_garbled and (turns := _quarter_turns(grey, dots)):
        turned = np.ascontiguousarray(np.rot90(grey, -turns))
        filling = _looked_at(turned, dots, number)
    return filling.filled()


def _looked_at(grey: Pixels, dots: float, number: int) -> _Filling:
    """The page's grids and its words, not yet put together."""
    scale = dots / 72
    height, width = grey.shape
    page = ScannedPage(width / scale, height / scale, _tilt(grey))
    grey = _turned(grey, page.tilt)
    rules, mask = _rules(grey, scale)
    try:
        page.parts = find_parts([_in_points(rule, scale) for rule in rules], number)
    except TooManyRulesError:
        page.is_too_complex = True
    for part in page.parts:
        part.scanned = True
    grey = grey.copy()
    grey[mask > 0] = 255
    return _Filling(page, grey, _recognised(grey, dots, LANGUAGE, mode=3), scale)


def _in_points(rule: Rule, scale: float) -> Rule:
    return Rule(*(side / scale for side in rule))


# --------------------------------------------------------------------------------------------
# Pixels


def _levelled(grey: Pixels) -> Pixels:
    """Black on white whatever the lighting and the shading of cells."""
    import cv2  # noqa: PLC0415 only scans need it
    import numpy as np  # noqa: PLC0415

    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(0, (13, 13)))
    paper = cv2.medianBlur(paper, 9)
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    level = cv2.divide(grey, np.maximum(paper, 64), scale=255)
    # What is nearly paper is paper: grain and the print of the back.
    steps = np.clip((np.arange(256) - _BLACK) * (255 / (_WHITE - _BLACK)), 0, 255)
    result: Pixels = cv2.LUT(level, steps.astype(np.uint8))
    return result


def _ink(grey: Pixels) -> Pixels:
    import cv2  # noqa: PLC0415

    limit, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    # On an empty page Otsu's threshold parts white from white.
    result: Pixels = cv2.threshold(grey, min(limit, 200), 255, cv2.THRESH_BINARY_INV)[1]
    return result


def _tilt(grey: Pixels) -> float:
    """Degrees by which the page must be turned counter-clockwise: lines are level there."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    shrink = 600 / max(grey.shape)
    small = cv2.resize(_ink(grey), None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)

    def sharpness(angle: float) -> float:
        rows = _turned(small, angle, paper=0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    best, reach = 0.0, _MOST_TILT
    for step in (0.5, 0.1, 0.025):
        count = round(reach / step)
        angles = [best + step * place for place in range(-count, count + 1)]
        best, reach = max(angles, key=sharpness), step
    return round(best, 3)


def _turned(picture: Pixels, angle: float, paper: int = 255) -> Pixels:
    import cv2  # noqa: PLC0415

    if abs(angle) < 0.02:
        return picture
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    result: Pixels = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper
    )
    return result


def _rules(grey: Pixels, scale: float) -> tuple[list[Rule], Pixels]:
    """The ruling lines in pixels, and a mask of their ink."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    ink = _ink(grey)
    thickness = round(_THICKEST * scale)
    found: list[tuple[Rule, Pixels, int, int]] = []
    for is_flat in (True, False):
        lines = _streaks(ink, scale, is_flat)
        count, labels, boxes, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        for place in range(1, count):
            x, y, wide, tall, count_of_ink = (int(value) for value in boxes[place])
            long, broad = (wide, tall) if is_flat else (tall, wide)
            if count_of_ink / long <= thickness and broad <= max(thickness, long / 20):
                middle = y + tall / 2 if is_flat else x + wide / 2
                side = (x, middle, x + wide, middle) if is_flat else (middle, y, middle, y + tall)
                shape = labels[y : y + tall, x : x + wide] == place
                found.append((Rule(*side), shape.astype(np.uint8), x, y))
    mask = np.zeros_like(ink)
    rules = []
    sure = [rule for rule, *_ in found if _length(rule) >= _SURE * scale]
    for rule, shape, x, y in found:
        if _length(rule) >= _SURE * scale or any(_meet(rule, other, 3 * scale) for other in sure):
            rules.append(rule)
            area = mask[y : y + shape.shape[0], x : x + shape.shape[1]]
            np.maximum(area, shape, out=area)
    return rules, cv2.dilate(mask, np.ones((5, 5), np.uint8))


def _streaks(ink: Pixels, scale: float, is_flat: bool) -> Pixels:
    """The ink that runs straight along one direction.

    A line may lean, so that its ink changes rows, and be worn: dashes are joined only after all
    that is as short as the strokes of letters is gone.
    """
    import cv2  # noqa: PLC0415

    length, dash, gap = (round(points * scale) for points in (_SHORTEST, _DASH, _WORN))
    lines = cv2.dilate(ink, _bar(3, not is_flat))
    lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, _bar(dash, is_flat))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, _bar(gap, is_flat))
    result: Pixels = cv2.morphologyEx(lines, cv2.MORPH_OPEN, _bar(length, is_flat))
    return result


def _length(rule: Rule) -> float:
    return max(rule.x1 - rule.x0, rule.bottom - rule.top)


def _meet(rule: Rule, other: Rule, near: float) -> bool:
    """Whether two rules cross or touch at a right angle."""
    return rule.is_horizontal != other.is_horizontal and (
        rule.x0 - near <= other.x1
        and other.x0 - near <= rule.x1
        and rule.top - near <= other.bottom
        and other.top - near <= rule.bottom
    )


def _bar(length: int, is_flat: bool) -> Pixels:
    import numpy as np  # noqa: PLC0415

    return np.ones((1, length) if is_flat else (length, 1), np.uint8)


# --------------------------------------------------------------------------------------------
# Characters


def languages() -> frozenset[str]:
    """The languages that tesseract has been given; none where it is not there."""
    program = shutil.which(PROGRAM)
    return _languages(program) if program else frozenset()


@cache
def _languages(program: str) -> frozenset[str]:
    try:
        listing = subprocess.run(  # noqa: S603 a program of the machine's, fixed arguments
            (program, "--list-langs"), capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(listing.stdout.split("\n"))


def _recognised(
    picture: Pixels, dots: float, language: str, *options: str, mode: int
) -> list[_Word]:
    """The words that tesseract reads in one call."""
    if LANGUAGE not in languages():
        is_there = shutil.which(PROGRAM) is not None
        name = f"{PROGRAM}-ocr-{LANGUAGE}" if is_there else PROGRAM
        raise UnreadableError("program-missing", program=name)
    return _words(_tesseract(picture, dots, "-l", language, "--psm", str(mode), *options, "tsv"))


def _tesseract(picture: Pixels, dots: float, *arguments: str) -> str:
    import cv2  # noqa: PLC0415

    command = [PROGRAM, "stdin", "stdout", "--dpi", str(round(dots)), *arguments]
    try:
        result = subprocess.run(  # noqa: S603 a program of the machine's, arguments of our own
            command,
            input=cv2.imencode(".pgm", picture)[1].tobytes(),
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as fault:
        facts = {"limit": "seconds", "most": str(_MOST_SECONDS), OF_THE_MOMENT: "time"}
        raise UnreadableError("limit-exceeded", **facts) from fault
    except subprocess.CalledProcessError as fault:
        # Too few signs to tell how the page lies is no failure of the reading.
        if _UPRIGHT in arguments:
            return ""
        detail = fault.stderr.decode("utf-8", "replace").strip()[-200:]
        facts = {"detail": f"{PROGRAM}: {detail}", OF_THE_MOMENT: "program"}
        raise UnreadableError("page-unreadable", **facts) from fault
    return result.stdout.decode("utf-8", "replace")


def _quarter_turns(grey: Pixels, dots: float) -> int:
    """By how many quarters the page must be turned clockwise to stand upright, so far as known."""
    if _UPRIGHT not in languages():
        return 0
    listing = _tesseract(grey, dots, "-l", _UPRIGHT, "--psm", "0")
    match = re.search(r"^Rotate: (90|180|270)$", listing, re.MULTILINE)
    return int(match[1]) // 90 if match else 0


def _words(table: str) -> list[_Word]:
    """Rows of level 5: level page block par line word left top width height conf text."""
    words = []
    for row in table.splitlines():
        level, _, *numbers = row.split("\t", 11)
        if level != "5" or len(numbers) != 10:
            continue
        block, paragraph, line, _, left, top, wide, tall = map(int, numbers[:8])
        text = unicodedata.normalize("NFC", numbers[9].strip())
        if text:
            box = (left, top, left + wide, top + tall)
            confidence = max(float(numbers[8]), 0.0) / 100
            if not _is_vietnamese(text):
                confidence = min(confidence, _DISPUTED)
            words.append(_Word(text, *box, confidence, (block, paragraph, line)))
    return words


def _once(words: list[_Word]) -> list[_Word]:
    """The words without those that lie on a surer one: tesseract's blocks may overlap."""
    import numpy as np  # noqa: PLC0415

    if not words:
        return []
    boxes = np.array([(word.x0, word.top, word.x1, word.bottom) for word in words], dtype=float)
    sure = np.array([word.confidence for word in words])
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    is_covered = (shared > _COVERED * area[:, None]) & (sure[None, :] > sure[:, None])
    return [
        word for word, covered in zip(words, is_covered.any(axis=1), strict=True) if not covered
    ]


def _is_vietnamese(text: str) -> bool:
    letters = unicodedata.normalize("NFD", text.lower())
    return all(sign in _LETTERS or not sign.isalpha() for sign in letters)


class _Filling:
    """The words on their way into the page's cells and lines."""

    def __init__(self, page: ScannedPage, grey: Pixels, words: list[_Word], scale: float) -> None:
        self._page = page
        self._grey = grey
        self._ink = _ink(grey)
        self._scale = scale
        self._words = _once([word for word in words if not self._is_dirt(word)])
        self._size = _font_size(self._words) or 13 * scale
        """In pixels."""
        self._owners = [Owners(part) for part in page.parts]
        self._read: list[tuple[PartCell, list[list[_Word]]]] = []

    @staticmethod
    def _is_dirt(word: _Word) -> bool:
        """Whether it is a rest of a rule or a speck, which tesseract reads as a sign."""
        return bool(_RULE_REST.fullmatch(word.text)) and word.confidence < _DISPUTED

    @property
    def is_garbled(self) -> bool:
        """Whether hardly anything was read, or hardly anything surely, or from top to bottom."""
        long = [word for word in self._words if len(word.text) > 2]
        upright = [word.bottom - word.top > word.x1 - word.x0 for word in long]
        is_on_side = 2 * sum(upright) > len(upright)
        return self._has_ink and (len(long) < _FEW_WORDS or is_on_side or self._is_unread)

    @property
    def _is_unread(self) -> bool:
        sure = [word.confidence for word in self._words if _says_anything([word])]
        return self._has_ink and (not sure or statistics.median(sure) < _GARBLED)

    @property
    def _has_ink(self) -> bool:
        return bool(self._ink.mean() > _BLANK * 255)

    def filled(self) -> ScannedPage:
        """The page, with what was read in its cells and outside of them."""
        inside: dict[int, list[_Word]] = {}
        outside: dict[tuple[int, int, int], list[_Word]] = {}
        for word in self._words:
            cell = self._cell_at(*word.middle)
            if cell is None:
                outside.setdefault(word.line, []).append(word)
            else:
                inside.setdefault(id(cell), []).append(word)
        unread = self._unread_ink()
        doubts: list[_Doubt] = []
        for cell in (cell for owned in self._owners for cell in owned.cells):
            lines = self._lines(inside.get(id(cell), []))
            is_lost = bool(unread[self._inner(cell)].any())
            doubts += self._doubts(cell, lines, is_lost=is_lost)
            self._read.append((cell, lines))
        self._read_again(doubts)
        for cell, lines in self._read:
            cell.lines = [self._pieces(line) for line in lines]
            cell.text = joined_text(cell.lines, cell.inner_width)
        for words in outside.values():
            self._page.pieces += self._pieces(words)
        self._page.is_unread = self._is_unread
        self._page.shown = "\n".join(word.text for word in self._words)
        self._page.accounts += [account for doubt in doubts for account in doubt.accounts]
        return self._page

    def _cell_at(self, x: float, y: float) -> PartCell | None:
        for owned in self._owners:
            if (place := owned.at(x / self._scale, y / self._scale)) is not None:
                return owned.cells[place]
        return None

    # ---- lines

    def _lines(self, words: list[_Word]) -> list[list[_Word]]:
        """A cell's words as lines from top to bottom."""
        lines: list[list[_Word]] = []
        for word in sorted(words, key=self._height):
            above = statistics.fmean(map(self._height, lines[-1])) if lines else -math.inf
            if self._height(word) - above < 0.55 * self._size:
                lines[-1].append(word)
            else:
                lines.append([word])
        return [sorted(line, key=lambda word: word.x0) for line in lines]

    def _height(self, word: _Word) -> float:
        """Where a word's middle stands; a box that reaches into the next line is not believed."""
        return min(word.middle[1], word.top + 0.7 * self._size)

    def _pieces(self, words: list[_Word]) -> list[Piece]:
        """A line's words in one piece, or in several where wide gaps part them."""
        runs: list[list[_Word]] = []
        for word in sorted(words, key=lambda word: word.x0):
            wide = WIDE_GAP * (_ASCENT + _DESCENT) * self._size
            if runs and word.x0 - runs[-1][-1].x1 < wide:
                runs[-1].append(word)
            else:
                runs.append([word])
        return [self._piece(run) for run in runs]

    def _piece(self, run: list[_Word]) -> Piece:
        baseline = _baseline(run)
        return Piece(
            " ".join(word.text for word in run),
            run[0].x0 / self._scale,
            (baseline - _ASCENT * self._size) / self._scale,
            max(word.x1 for word in run) / self._scale,
            (baseline + _DESCENT * self._size) / self._scale,
            0,
            0,
            confidence=_confidence(run),
        )

    # ---- second readings

    def _unread_ink(self) -> Pixels:
        """Ink that belongs to no word and is large enough to be a sign."""
        import cv2  # noqa: PLC0415
        import numpy as np  # noqa: PLC0415

        ink = self._ink.copy()
        for word in self._words:
            # A box may reach into the next cell, whose own text it must not cover.
            cell = self._cell_at(*word.middle)
            box = (word.x0, word.top, word.x1, word.bottom)
            x0, top, x1, bottom = self._clipped(box, cell) if cell else box
            ink[max(top - 2, 0) : bottom + 3, max(x0 - 2, 0) : x1 + 3] = 0
        count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        wide, tall, area = boxes[:, 2], boxes[:, 3], boxes[:, 4]
        is_sign = (np.maximum(wide, tall) > 0.2 * self._size) & (area > 0.008 * self._size**2)
        is_sign[:1] = False
        keep: Pixels = (is_sign[:count] * 255).astype(np.uint8)[labels]
        return keep

    def _clipped(self, box: tuple[int, int, int, int], cell: PartCell) -> tuple[int, ...]:
        rows, columns = self._inner(cell)
        return (
            max(box[0], columns.start),
            max(box[1], rows.start),
            min(box[2], columns.stop),
            min(box[3], rows.stop),
        )

    def _inner(self, cell: PartCell) -> tuple[slice, slice]:
        x0, top, x1, bottom = (side * self._scale for side in cell.box)
        edge = 1.2 * self._scale
        return (
            slice(math.ceil(top + edge), math.floor(bottom - edge)),
            slice(math.ceil(x0 + edge), math.floor(x1 - edge)),
        )

    def _doubts(self, cell: PartCell, lines: list[list[_Word]], *, is_lost: bool) -> list[_Doubt]:
        """What of a cell is to be read again; a mere dash is put into its lines at once."""
        words = [word for line in lines for word in line]
        if is_lost or (words and not _says_anything(words)):
            place = self._inked(cell)
            if not _says_anything(words) and self._is_dash(*place):
                dash = [[_boxed("-", place, _DASH_SURE)]]
                self._page.accounts += _corrected(lines, dash)
                lines[:] = dash
                return []
            return [_Doubt(lines, None, place, self._is_upright(cell))]
        doubts = []
        for index, line in enumerate(lines):
            if _is_figure(line) or _is_short_and_unsure(line):
                doubts.append(_Doubt(lines, index, self._place(line)))
        if (
            not doubts
            and self._is_upright(cell)
            and min(map(_sureness, lines), default=1) < _SURE_WORD
        ):
            return [_Doubt(lines, None, self._inked(cell), is_upright=True)]
        return doubts

    def _is_upright(self, cell: PartCell) -> bool:
        """Whether its text may run from bottom to top, as in narrow headers."""
        x0, top, x1, bottom = cell.box
        return bool(bottom - top > max(1.5 * (x1 - x0), 2.5 * self._size / self._scale))

    def _inked(self, cell: PartCell) -> _Place:
        """Where in a cell its ink stands."""
        import numpy as np  # noqa: PLC0415

        rows, columns = self._inner(cell)
        ink = self._ink[rows, columns]
        ys, xs = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
        if not len(ys):
            return rows, columns
        return _padded(
            columns.start + int(xs[0]),
            rows.start + int(ys[0]),
            columns.start + int(xs[-1]) + 1,
            rows.start + int(ys[-1]) + 1,
        )

    def _place(self, line: list[_Word]) -> _Place:
        top, bottom = min(word.top for word in line), max(word.bottom for word in line)
        return _padded(line[0].x0, top, max(word.x1 for word in line), bottom)

    def _marks(self, crop: Pixels) -> int:
        """How many points and commas stand in a crop, by their size and place."""
        import cv2  # noqa: PLC0415

        _, _, boxes, middles = cv2.connectedComponentsWithStats(_ink(crop), connectivity=8)
        return sum(
            max(int(wide), int(tall)) < 0.28 * self._size
            and int(area) >= _MARK * self._size**2
            and middle > 0.55 * crop.shape[0]
            for (_, _, wide, tall, area), (_, middle) in zip(boxes[1:], middles[1:], strict=True)
        )

    def _is_dash(self, rows: slice, columns: slice) -> bool:
        tall, wide = rows.stop - rows.start - 2 * _PAD, columns.stop - columns.start - 2 * _PAD
        return bool(tall < 0.2 * self._size and 0.15 * self._size < wide < 1.2 * self._size)

    def _read_again(self, doubts: list[_Doubt]) -> None:
        """Let further readings vote: one as figures, and where that differs one of the crop alone.

        The second reading knows figures only and another language's letters: it makes other
        mistakes than the first, so that the two seldom agree on a wrong one.
        """
        whitelist = ("-c", f"tessedit_char_whitelist={_FIGURE_SIGNS}")
        language = FIGURES_LANGUAGE if FIGURES_LANGUAGE in languages() else LANGUAGE
        crops = [self._grey[doubt.place] for doubt in doubts]
        seconds = self._read_crops(crops, language, *whitelist)
        for doubt, crop, words in zip(doubts, crops, seconds, strict=True):
            doubt.marks = self._marks(crop)
            doubt.readings = [_reading(doubt.words), _reading(words)]
        open_doubts = [doubt for doubt in doubts if not doubt.is_settled]
        crops = [_set_upright(self._grey[doubt.place], doubt.is_upright) for doubt in open_doubts]
        thirds = self._read_crops(crops, LANGUAGE)
        for doubt, words in zip(open_doubts, thirds, strict=True):
            doubt.third = words
            doubt.readings.append(_reading(words))
        for doubt in doubts:
            _settle(doubt)

    def _read_crops(self, crops: list[Pixels], language: str, *options: str) -> list[list[_Word]]:
        """Each crop's words, in its own pixels; all are read in one call, one below another."""
        import numpy as np  # noqa: PLC0415

        if not crops:
            return []
        space = round(self._size)
        heights = [crop.shape[0] + space for crop in crops]
        width = max(crop.shape[1] for crop in crops) + 2 * space
        sheet = np.full((sum(heights) + space, width), 255, np.uint8)
        starts = []
        top = space
        for crop, height in zip(crops, heights, strict=True):
            sheet[top : top + crop.shape[0], space : space + crop.shape[1]] = crop
            starts.append(top)
            top += height
        found: list[list[_Word]] = [[] for _ in crops]
        for word in _recognised(sheet, self._scale * 72, language, *options, mode=6):
            middle = word.middle[1]
            place = max(sum(start - space / 2 <= middle for start in starts) - 1, 0)
            word.x0, word.x1 = word.x0 - space, word.x1 - space
            word.top, word.bottom = word.top - starts[place], word.bottom - starts[place]
            found[place].append(word)
        return found


def _font_size(words: list[_Word]) -> float | None:
    """The font's size in pixels, from capitals and digits; None where there are none."""
    heights = [word.bottom - word.top for word in words if _CAPITALS.fullmatch(word.text)]
    return statistics.median(heights) / _CAPITAL if heights else None


def _says_anything(words: list[_Word]) -> bool:
    return any(map(str.isalnum, "".join(word.text for word in words)))


def _baseline(words: list[_Word]) -> float:
    """Where a line's letters stand: told by those that do not hang below it."""
    decomposed = [unicodedata.normalize("NFD", word.text) for word in words]
    bottoms = [
        word.bottom
        for word, text in zip(words, decomposed, strict=True)
        if _HANGING.isdisjoint(text) and any(map(str.isalnum, text))
    ]
    if bottoms:
        return statistics.median(bottoms)
    return statistics.median(word.bottom - 0.2 * (word.bottom - word.top) for word in words)


def _is_figure(line: list[_Word]) -> bool:
    return bool(_FIGURE.fullmatch(" ".join(word.text for word in line)))


def _is_short_and_unsure(line: list[_Word]) -> bool:
    text = "".join(word.text for word in line)
    # No word of a cell is a single letter with a mark: 'Ạ' is a 4.
    is_odd = len(text) == 1 and not text.isascii()
    return len(text) <= _SHORT and (is_odd or _sureness(line) < _SURE_WORD)


def _corrected(before: list[list[_Word]], after: list[list[_Word]]) -> list[Account]:
    """What a further reading takes away, and what it puts in its place."""
    return [
        Account(word.text, "read-again", is_added=is_added)
        for lines, is_added in ((before, False), (after, True))
        for line in lines
        for word in line
    ]


def _sureness(line: list[_Word]) -> float:
    return min(word.confidence for word in line)


def _boxed(text: str, place: _Place, confidence: float) -> _Word:
    rows, columns = place
    return _Word(text, columns.start, rows.start, columns.stop, rows.stop, confidence)


def _padded(x0: int, top: int, x1: int, bottom: int) -> _Place:
    return slice(max(top - _PAD, 0), bottom + _PAD), slice(max(x0 - _PAD, 0), x1 + _PAD)


def _set_upright(crop: Pixels, is_upright: bool) -> Pixels:
    import numpy as np  # noqa: PLC0415

    return np.ascontiguousarray(np.rot90(crop, -1)) if is_upright else crop


def _reading(words: list[_Word]) -> tuple[str, float]:
    """A reading's text without spaces, as readings are compared, and its confidence."""
    text = "".join(word.text for word in words)
    return text.replace("–", "-").replace("—", "-"), min(
        (word.confidence for word in words), default=0.0
    )


def _signs(text: str) -> int:
    return sum(sign in ".,/" for sign in text)


def _settle(doubt: _Doubt) -> None:
    """Take what most readings say; where none agree, the surest, with little confidence."""
    votes: dict[str, list[float]] = {}
    for text, confidence in doubt.readings:
        if text:
            votes.setdefault(text, []).append(confidence)
    if not votes:
        doubt.replace([[_boxed("", doubt.place, _UNREAD)]])
        return
    # Of single voices the one that says more of what stands there, as far as it is sure.
    text, agreeing = max(
        votes.items(), key=lambda vote: (len(vote[1]), len(vote[0]) * (0.1 + max(vote[1])))
    )
    confidence = 1 - math.prod(1 - one for one in agreeing)
    # A point or comma is easily overlooked, hardly ever invented: who saw more may be right.
    is_sparse = any(_signs(other) > _signs(text) for other in votes)
    if len(agreeing) == 1 or is_sparse:
        confidence = min(confidence, _DISPUTED)
    elif len(votes) > 1:
        confidence *= _OUTVOTED
    if _FIGURE.fullmatch(text) and not doubt.explains(text):
        confidence = min(confidence, _DISPUTED)
    doubt.take(text, confidence)


def _confidence(words: list[_Word]) -> float:
    """That of the least sure figure among the words; without figures, their lower quartile."""
    figures = [word.confidence for word in words if any(map(str.isdigit, word.text))]
    if figures:
        return round(min(figures), 4)
    return round(sorted(word.confidence for word in words)[len(words) // 4], 4)
