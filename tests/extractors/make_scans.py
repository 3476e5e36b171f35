"""Makes the scans from the sources below: ``python -m tests.extractors.make_scans``.

The pages are printed by LibreOffice and drawn as pictures; tilt, grain and uneven light are put on
them. The rows are the truth that tests compare with.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from docx.document import Document
from PIL import Image

from tests.extractors.make_fixtures import (
    FIXTURES,
    SENTENCES,
    body_paragraph,
    centred,
    convert,
    fill,
    header_block,
    new_document,
    turn,
    two_level_table,
)

SCANS = Path(__file__).parent / "scans"
DOTS = 200

ROWS = [
    ["I", "Mô hình học tập", "", "", ""],
    ["1", "Gia đình học tập", "4.514/16.091", "28,05", "-"],
    ["2", "Dòng họ học tập", "15/22", "68,18", ""],
    ["3", "Cộng đồng học tập (thôn, tổ dân phố) được công nhận trong năm", "12/15", "80,0", "x"],
    ["4", "Đơn vị học tập thuộc xã", "7", "100", ""],
    ["II", "Khuyến học", "", "", ""],
    ["5", "Quỹ khuyến học (triệu đồng)", "198,75", "-", "ước TH"],
    ["6", "Suất học bổng", "365", "95,6", ""],
    ["7", "Lượt người học tại Trung tâm học tập cộng đồng", "11.217", "111,7", ""],
]
WIDTHS = [1.2, 7, 3, 2.4, 2.4]


def report() -> Document:
    """Two columns of a letterhead, sentences, and a table with merged headers."""
    document = new_document()
    header_block(document)
    centred(document, "BÁO CÁO")
    body_paragraph(document, SENTENCES[1])
    fill(two_level_table(document), ROWS, WIDTHS)
    document.add_paragraph("Ghi chú: số liệu đến 30/6/2025.")
    return document


def appendix() -> Document:
    document = new_document()
    turn(document.sections[0])
    centred(document, "Phụ lục II")
    fill(two_level_table(document), ROWS, WIDTHS)
    return document


def drawn(pdf: Path, index: int = 0, dots: int = DOTS) -> np.ndarray:
    picture = pypdfium2.PdfDocument(pdf)[index].render(scale=dots / 72, grayscale=True).to_numpy()
    return picture.reshape(picture.shape[:2]).copy()


def tilted(page: np.ndarray, degrees: float, moved: int = 0) -> np.ndarray:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    matrix[0, 2] += moved
    return cv2.warpAffine(page, matrix, (width, height), borderValue=255)


def photographed(page: np.ndarray) -> np.ndarray:
    """Grey, grainy, and darker to one side."""
    light = np.linspace(0.95, 0.6, page.shape[1])[None, :]
    grain = np.random.default_rng(7).normal(0, 5, page.shape)
    return np.clip(page * light + grain, 0, 255).astype(np.uint8)


def save(page: np.ndarray, path: Path, **options: object) -> None:
    Image.fromarray(page).save(path, dpi=(DOTS, DOTS), **options)


def grey(page: np.ndarray) -> np.ndarray:
    """Sixteen greys, so that the file is small."""
    return (page // 17 * 17).astype(np.uint8)


def main() -> None:
    SCANS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (("report", report), ("appendix", appendix)):
            source = Path(folder) / f"{name}.docx"
            make().save(str(source))
            convert(source, Path(folder))
        page = drawn(Path(folder) / "report.pdf")
        appended = drawn(Path(folder) / "appendix.pdf")
    save(grey(page), SCANS / "report.png", optimize=True)
    save(photographed(tilted(page, 1.3)), SCANS / "report.jpg", quality=55)
    save(grey(np.rot90(appended).copy()), SCANS / "sideways.png", optimize=True)
    pages = [drawn(FIXTURES / "split-table.pdf", index) for index in range(2)]
    for sheet in pages:
        sheet[-300:] = 255  # without the running footer nothing parts the table
    pages = [tilted(pages[0], -0.6), tilted(pages[1], 0.8, 30)]
    sheets = [Image.fromarray(page).point(lambda grey: 255 * (grey > 150), "1") for page in pages]
    tif = {"compression": "group4", "dpi": (DOTS, DOTS)}
    sheets[0].save(SCANS / "two-pages.tif", save_all=True, append_images=sheets[1:], **tif)
    mixed(SCANS / "mixed.pdf", page)
    coarse = Image.fromarray(drawn(FIXTURES / "raised-marks.pdf", dots=72))
    coarse.save(SCANS / "coarse.pdf", resolution=72)


def mixed(target: Path, page: np.ndarray) -> None:
    """A page of text, then a scanned one."""
    picture = io.BytesIO()
    Image.fromarray(grey(page)).save(picture, "PDF", resolution=DOTS, quality=50)
    document = pypdfium2.PdfDocument(FIXTURES / "raised-marks.pdf")
    document.import_pages(pypdfium2.PdfDocument(picture.getvalue()))
    document.save(target)


if __name__ == "__main__":
    main()
