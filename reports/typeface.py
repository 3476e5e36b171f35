"""How wide text in Times New Roman is."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

EMU_PER_POINT = 12700
"""Lengths in Office's drawings are in EMU."""


def text_width(text: str, size: Decimal, *, bold: bool) -> Decimal:
    """Width of a line in points, by Adobe's metrics of Times: the two typefaces are metrically
    alike, and a letter with marks is as wide as without.
    """
    from pdfminer.fontmetrics import FONT_METRICS  # noqa: PLC0415 - needed once a document

    widths = FONT_METRICS["Times-Bold" if bold else "Times-Roman"][1]
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    letters = (letter for letter in bare if not unicodedata.combining(letter))
    thousandths = sum(int(widths.get(letter, widths["n"])) for letter in letters)
    return thousandths * size / 1000
