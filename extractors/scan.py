"""Pages that are pictures: image files (.png, .jpg, .tif), and the scanned pages of a PDF."""

from __future__ import annotations

import io
import math
import time
from typing import TYPE_CHECKING, Final

from extractors import scan_page
from extractors.document import OF_THE_MOMENT, Content, Finding, Source, UnreadableError
from extractors.pdf import Leaf, content_of
from extractors.pdf_layout import rows_of

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from PIL.Image import Image as Picture

_MOST_PAGES: Final = 200
MOST_SECONDS: Final = 50.0
"""Time for all scans of a document, less than what it is given as a whole: the pages that were
read are kept, and those that were not are named."""
_A4_LONG: Final = 842 / 72
"""Inches of a sheet's longer side: what a picture that does not say its dots is taken to be."""
_CLEAR_DOTS: Final = 150.0
"""Dots per inch below which nothing is read surely."""
_FEWEST_DOTS: Final = 72.0
_MOST_DOTS: Final = 1_200.0


def read(data: bytes) -> Content:
    """Paragraphs and tables of a picture of a page; a .tif may have several pages.

    Raises UnreadableError: 'limit-exceeded' for too many pages or pixels, 'truncated-file'.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 few files are pictures

    # The limit below is ours and is met before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    leaves, findings = [], []
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as picture:
            count = getattr(picture, "n_frames", 1)
            if count > _MOST_PAGES:
                raise UnreadableError("limit-exceeded", limit="pages", most=str(_MOST_PAGES))
            deadline = time.monotonic() + MOST_SECONDS
            for index in range(count):
                if time.monotonic() > deadline:
                    leaf, doubts = unread_leaf(index + 1)
                    leaves.append(leaf)
                    findings += doubts
                    continue
                picture.seek(index)
                grey, dots, taken_at = _grey(picture)
                leaf, doubts = leaf_of(grey, dots, index + 1, taken_at)
                leaves.append(leaf)
                findings += doubts
    except UnidentifiedImageError as fault:
        raise UnreadableError("unreadable-file", detail=str(fault)) from fault
    except (OSError, SyntaxError, EOFError, ValueError) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise  # the system's fault, not the picture's
        raise UnreadableError("truncated-file", detail=str(fault)) from fault
    return content_of(leaves, findings)


def leaf_of(grey: MatLike, dots: float, number: int, taken_at: float) -> tuple[Leaf, list[Finding]]:
    """What a page's picture shows; where a program is missing or gives up, a finding instead.

    ``dots`` are those per inch of ``grey``, ``taken_at`` those that the picture was taken at, 0
    where it was drawn: what is enlarged gets no clearer.
    """
    place = Source("text", "", page=number)
    try:
        page = scan_page.read_page(grey, dots, number)
    except UnreadableError as fault:
        height, width = (72 * side / dots for side in grey.shape)
        finding = Finding(fault.finding.code, fault.finding.facts, place)
        return Leaf(number, width, height, [], []), [finding]
    findings = [Finding("page-too-complex", {}, place)] if page.is_too_complex else []
    if page.is_unread:
        findings.append(Finding("page-without-text", {}, place))
    leaf = Leaf(
        number=number,
        width=page.width,
        height=page.height,
        rows=rows_of(page.pieces, number),
        parts=page.parts,
        confidence=min(1.0, (taken_at or _CLEAR_DOTS) / _CLEAR_DOTS),
        tilt=page.tilt,
        shown=page.shown,
        accounts=page.accounts,
    )
    return leaf, findings


def unread_leaf(number: int) -> tuple[Leaf, list[Finding]]:
    """A page for which no time is left."""
    place = Source("text", "", page=number)
    finding = Finding("page-without-text", {OF_THE_MOMENT: "time"}, place)
    return Leaf(number, 0, 0, [], []), [finding]


def usable_dots(dots: float, width: float, height: float) -> float:
    """Dots per inch at which to read a page of that size in points, whose picture has ``dots``.

    Raises UnreadableError('limit-exceeded') for a page so large that it cannot be read.
    """
    least, most = scan_page.DOTS
    usable = min(max(dots, least), most)
    affordable = 72 * math.sqrt(scan_page.MOST_PIXELS / max(width * height, 1))
    if affordable < least / 2:
        raise UnreadableError("limit-exceeded", limit="pixels", most=str(scan_page.MOST_PIXELS))
    return min(usable, affordable)


def _grey(picture: Picture) -> tuple[MatLike, float, float]:
    """The page set upright as the camera says, its dots per inch, and those it was taken at."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    from PIL import Image, ImageOps  # noqa: PLC0415

    if picture.width * picture.height > 4 * scan_page.MOST_PIXELS:
        most = str(4 * scan_page.MOST_PIXELS)
        raise UnreadableError("limit-exceeded", limit="pixels", most=most)
    dots = _dots(picture)
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        # What is transparent is paper.
        paper = upright.convert("RGBA")
        upright = Image.new("RGBA", paper.size, "white")
        upright.alpha_composite(paper)
    grey: MatLike = np.asarray(upright.convert("L"))
    points = (72 * side / dots for side in upright.size)
    usable = usable_dots(dots, *points)
    if usable == dots:
        return grey.copy(), dots, dots
    way = cv2.INTER_AREA if usable < dots else cv2.INTER_CUBIC
    scale = usable / dots
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), usable, dots


def _dots(picture: Picture) -> float:
    """Dots per inch as the file says, or as the picture has on a sheet of A4."""
    said = float(picture.info.get("dpi", (0, 0))[0])
    likely = max(picture.size) / _A4_LONG
    is_said = _FEWEST_DOTS < said < _MOST_DOTS and likely / 2.2 < said < 2.2 * likely
    return said if is_said else likely
