"""How wide text in Times New Roman is."""

from __future__ import annotations

import unicodedata

EMU_PER_POINT = 12700
"""Lengths in Office's drawings are in EMU."""


def text_width(text: str, size: float, *, bold: bool) -> float:
    """Width of a line in points, by Adobe's metrics of Times: the two typefaces are metrically
    alike, and a letter with marks is as wide as without.
    """
    from pdfminer.fontmetrics import FONT_METRICS  # noqa: PLC0415 - needed once a document

    widths = FONT_METRICS["Times-Bold" if bold else "Times-Roman"][1]
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    letters = (letter for letter in bare if not unicodedata.combining(letter))
    return sum(widths.get(letter, widths["n"]) for letter in letters) * size / 1000
