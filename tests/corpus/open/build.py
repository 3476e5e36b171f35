"""Builds the open documents and their truth from sources/*.yaml, in the blind sources' notation.

    .venv/bin/python tests/corpus/open/build.py            everything (LibreOffice, pdftoppm)
    .venv/bin/python tests/corpus/open/build.py NAME...    only these sources
    .venv/bin/python tests/corpus/open/build.py --truth    the truth alone, no documents

Ways of its own, besides those of the blind builder: ``sideways`` (pages of a PDF stored a quarter
turned), ``scan`` with noise and specks, ``claims`` (a worksheet that says it is a million rows
long) and ``xlsm``.
"""

from __future__ import annotations

import argparse
import copy
import random
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdfium2
import yaml
from PIL import Image, ImageChops, ImageDraw, ImageFilter

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "blind"))

from blinddocx import strip_time, write_docx  # noqa: E402 its folder is known only now
from blindother import convert, make, pages_of  # noqa: E402
from blindtruth import MEDIA, Truth  # noqa: E402

MORE_MEDIA = {
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "tif": "image/tiff",
}
MEDIA.update({way: MORE_MEDIA[way] for way in MORE_MEDIA.keys() - MEDIA.keys()})

WITHOUT_LAYOUT_TABLES = ("pdf", "odt-pdf", "scan")
"""Made so, a header block has no rules: whether it counts as a table is the reader's affair."""


def load(path: Path) -> dict[str, Any]:
    source: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    source["name"] = path.stem
    return source


# --- truth ----------------------------------------------------------------------------------------


def truth_of(source: dict[str, Any]) -> Truth:
    """The truth, with places only as exact as the format lets a reader tell them."""
    truth = Truth(copy.deepcopy(source))
    for entry in truth.observations:
        place = entry["at"]
        if not place:
            continue
        if source["make"] in WITHOUT_LAYOUT_TABLES:
            place.pop("table", None)
        for name in source.get("places_untold", []):
            place.pop(name, None)
    for entry in truth.findings:
        if entry.get("why") == "formula without a cached value":
            entry |= {"text": "", "codes": ["formula-without-value"], "required": False}
        elif entry.get("severity") == "info" and "hidden" in entry["why"]:
            codes = ["hidden-content", "hidden-figures-unused"]
            entry |= {"text": "", "codes": codes, "required": False}
        if "codes" in entry:
            entry["codes"] = list(entry["codes"])
    return truth


# --- documents ------------------------------------------------------------------------------------


def lay_sideways(path: Path, pages: dict[int, bool]) -> None:
    """Store pages (counted from 0) a quarter turned; True where /Rotate turns them back."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    for number, upright in pages.items():
        page = document[number]
        width, height = page.get_size()
        quarter = pypdfium2.raw.FS_MATRIX(0, 1, -1, 0, height, 0)
        clip = pypdfium2.raw.FS_RECTF(0, width, height, 0)
        pypdfium2.raw.FPDFPage_TransFormWithClip(page, quarter, clip)
        page.set_mediabox(0, 0, height, width)
        page.set_cropbox(0, 0, height, width)
        if upright:
            page.set_rotation(90)
    document.save(str(path))
    document.close()


def dirty(page: Image.Image, manner: dict[str, Any], chance: random.Random) -> Image.Image:
    """A page as an old scanner gives it: askew, uneven, with specks and a dark rim."""
    page = page.rotate(manner.get("skew", 0), Image.Resampling.BICUBIC, fillcolor=255)
    if manner.get("blur"):
        page = page.filter(ImageFilter.GaussianBlur(manner["blur"]))
    if manner.get("noise"):
        width, height = page.size
        grain = Image.frombytes(
            "L", (width // 2, height // 2), chance.randbytes(width // 2 * (height // 2))
        )
        grain = grain.resize(page.size).point(lambda level: int(level * manner["noise"] / 255))
        page = ImageChops.subtract(page, grain)
    pen = ImageDraw.Draw(page)
    for _ in range(manner.get("specks", 0)):
        x, y = chance.randrange(page.width), chance.randrange(page.height)
        size = chance.choice((1, 1, 2, 3))
        pen.ellipse((x, y, x + size, y + size), fill=chance.randrange(30, 120))
    if manner.get("rim"):
        pen.rectangle((0, 0, manner["rim"], page.height), fill=60)
    return page


def write_dirty_scan(source: dict[str, Any], path: Path) -> None:
    chance = random.Random(source["name"])
    manner = source["scan"]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        first = work / "text.docx"
        write_docx(source, first)
        pages = [
            dirty(page, manner, chance) for page in pages_of(convert(first, "pdf", work), work)
        ]
        options = {"save_all": True, "append_images": pages[1:]} if path.suffix == ".pdf" else {}
        pages[0].save(path, quality=manner.get("quality", 50), dpi=(200, 200), **options)


def claim_a_million_rows(path: Path) -> None:
    """Say that each sheet is used down to the last row, by an empty formatted cell there."""
    last = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    used = b'<dimension ref="A1:XFD1048576"/>'

    def change(name: str, data: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return data
        data = re.sub(rb'<dimension ref="[^"]*"/>', used, data)
        return data.replace(b"</sheetData>", last)

    rewrite(path, change)


def as_macro_workbook(path: Path) -> None:
    """Say in the package that the workbook may hold macros, and give it an empty project."""
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    part = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'

    def change(name: str, data: bytes) -> bytes:
        if name != "[Content_Types].xml":
            return data
        return data.replace(plain, macro).replace(b"</Types>", part)

    rewrite(path, change, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)})


def rewrite(
    path: Path, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None
) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, change(name, data))
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    strip_time(path)


def write(source: dict[str, Any]) -> None:
    path = HERE / "documents" / source["file"]
    source = copy.deepcopy(source)
    if source["make"] == "scan" and {"noise", "specks", "rim"} & source.get("scan", {}).keys():
        write_dirty_scan(source, path)
        return
    if source["make"] == "xlsm":
        make({**source, "make": "xlsx"}, path)
        as_macro_workbook(path)
        return
    make(source, path)
    if source.get("claims"):
        claim_a_million_rows(path)
    if source.get("sideways"):
        lay_sideways(path, source["sideways"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the open documents and their truth.")
    parser.add_argument("names", nargs="*", help="sources to build; all when none is named")
    parser.add_argument("--truth", action="store_true", help="write the truth only")
    arguments = parser.parse_args()
    paths = sorted((HERE / "sources").glob("*.yaml"))
    chosen = [path for path in paths if not arguments.names or path.stem in arguments.names]
    for folder in ("truth", "documents"):
        (HERE / folder).mkdir(exist_ok=True)
    sources = [load(path) for path in chosen]
    figures = 0
    for source in sources:
        try:
            truth = truth_of(source)
            truth.write(HERE / "truth" / f"{source['name']}.yaml")
        except (ValueError, KeyError, IndexError, TypeError) as fault:
            fault.add_note(f"in sources/{source['name']}.yaml")
            raise
        figures += len(truth.observations)
    if not arguments.truth:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, sources))
    sys.stdout.write(f"{len(sources)} documents, {figures} figures\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
