"""Extraction against the plain use of the libraries on the same files, side by side in one run.

    python -m benchmarks.extraction [--quick]

Each line: what, our time, theirs, the ratio, and the ratio that is asked for. Best of three.
"""

from __future__ import annotations

import argparse
import gc
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pdfplumber
import pypdfium2

from extractors import docx as our_docx
from extractors import pdf as our_pdf
from extractors import scan as our_scan
from extractors.sandbox import extract_many

FIXTURES = Path(__file__).parent.parent / "tests/extractors/fixtures"
SCANS = FIXTURES.with_name("scans")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller files, once each")
    arguments = parser.parse_args()
    repeats, size = (1, 1) if arguments.quick else (3, 4)
    gc.disable()  # as in the processes that read; its pauses grow with all that is loaded here
    print(f"{'':34}{'ours':>10}{'theirs':>10}{'ratio':>8}{'asked':>7}")
    with tempfile.TemporaryDirectory() as folder:
        word_table("plain", word_document(500 * size), repeats)
        word_table("formatted", word_document(500 * size, FORMATTED), repeats)
        text, tables = Path(folder) / "text.pdf", Path(folder) / "tables.pdf"
        repeated(FIXTURES / "report.pdf", text, pages=10 * size)
        repeated(FIXTURES / "split-table.pdf", tables, pages=5 * size)
        pdf_pages("pdf text, s/page", text, repeats, lambda page: page.extract_text(), asked=20)
        pdf_pages(
            "pdf tables, s/page", tables, repeats, lambda page: page.extract_tables(), asked=5
        )
        scanned_pages(repeats)
        linear_rows(5_000 if arguments.quick else 20_000)
        flat_memory(Path(folder), 125 * size)
        two_cores(Path(folder), size, repeats)


def line(name: str, ours: float, theirs: float, asked: float) -> None:
    print(f"{name:34}{ours:10.4f}{theirs:10.4f}{theirs / ours:8.1f}{asked:7.1f}")


def best(repeats: int, *runs: Callable[[], object]) -> list[float]:
    """The least processor time of each; they take turns, so that all meet the same machine."""
    times = [[] for _ in runs]
    for _ in range(repeats):
        for run, taken in zip(runs, times, strict=True):
            gc.collect()
            begin = time.process_time()
            run()
            taken.append(time.process_time() - begin)
    return [min(taken) for taken in times]


# ---- Word


PLAIN = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
FORMATTED = (
    "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr><w:rFonts w:ascii='Arial'/>"
    "<w:sz w:val='26'/></w:rPr><w:t>{}</w:t></w:r></w:p>"
)


def word_document(rows: int, paragraph: str = PLAIN) -> bytes:
    cell = f"<w:tc><w:tcPr><w:tcW w:w='1500'/></w:tcPr>{paragraph}</w:tc>"
    texts = ("{0}", "Số hộ đạt danh hiệu {0}", "1.234", "95,6", "-", "ghi chú")
    body = "".join(
        f"<w:tr>{''.join(cell.format(text.format(row)) for text in texts)}</w:tr>"
        for row in range(rows)
    )
    template = io.BytesIO()
    docx.Document().save(template)
    target = io.BytesIO()
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(target, "w", 8) as made:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "word/document.xml":
                grid = f"<w:tblPr/><w:tblGrid>{'<w:gridCol/>' * len(texts)}</w:tblGrid>"
                table = f"<w:tbl>{grid}{body}</w:tbl>"
                data = (
                    f'<w:document xmlns:w="{WORD}"><w:body>{table}</w:body></w:document>'.encode()
                )
            made.writestr(entry.filename, data)
    return target.getvalue()


def rows_by_python_docx(data: bytes) -> list[list[str]]:
    (table,) = docx.Document(io.BytesIO(data)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def word_table(name: str, data: bytes, repeats: int) -> None:
    (table,) = our_docx.read(data).blocks
    assert [[cell.text for cell in row] for row in table.grid()] == rows_by_python_docx(data)
    runs = (lambda: our_docx.read(data), lambda: rows_by_python_docx(data))
    line(f"docx, {table.rows} {name} rows, s", *best(repeats, *runs), 3)


def linear_rows(rows: int) -> None:
    fourth, whole = word_document(rows // 4), word_document(rows)
    short, long = best(2, lambda: our_docx.read(fourth), lambda: our_docx.read(whole))
    print(
        f"docx table of {rows // 4} rows {short:.2f} s, of {rows} rows {long:.2f} s: "
        f"{long / short:.1f} times as long for 4 times the rows"
    )


# ---- PDF


def repeated(source: Path, target: Path, pages: int) -> None:
    """The source's pages over and over until there are that many."""
    document = pypdfium2.PdfDocument.new()
    original = pypdfium2.PdfDocument(source)
    while len(document) < pages:
        document.import_pages(original)
    document.save(target)


def pdf_pages(
    name: str, path: Path, repeats: int, extract: Callable[[object], object], *, asked: float
) -> None:
    data = path.read_bytes()
    pages = our_pdf.read(data).pages

    def theirs() -> None:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                extract(page)
                page.close()

    ours, plain = best(repeats, lambda: our_pdf.read(data), theirs)
    line(name, ours / pages, plain / pages, asked)


def scanned_pages(repeats: int) -> None:
    """Pages at 200 dpi with tables, tesseract's own process included."""
    scans = [(SCANS / name).read_bytes() for name in ("report.png", "two-pages.tif")]
    times = []
    for _ in range(repeats):
        used = seconds_used()
        pages = sum(our_scan.read(data).pages or 0 for data in scans)
        times.append((seconds_used() - used) / pages)
    print(f"{'scans, s/page on one core':34}{min(times):10.4f}{'':18}{'< 2.5':>7}")


def flat_memory(folder: Path, most: int) -> None:
    """Peak memory of reading documents of different lengths, each in a process of its own."""
    peaks = []
    for pages in (most // 10, most):
        path = folder / f"{pages}.pdf"
        repeated(FIXTURES / "split-table.pdf", path, pages)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            peaks.append(pool.apply(peak_of, (path,)))
    print(f"pdf of {most // 10} pages: {peaks[0]} MB at most; of {most} pages: {peaks[1]} MB")


def two_cores(folder: Path, size: int, repeats: int) -> None:
    """Forty documents of all kinds, read by one child process and by two; start-up included."""
    paths = []
    for number in range(40):
        ending = ("pdf", "docx", "pdf", "xlsx")[number % 4]
        path = folder / f"document-{number}.{ending}"
        if ending == "pdf":
            source = ("report", "split-table")[number % 3 % 2]
            repeated(FIXTURES / f"{source}.pdf", path, 4 * size)
        elif ending == "docx":
            path.write_bytes(word_document(100 * size, FORMATTED))
        else:
            path.write_bytes((FIXTURES / "book.xlsx").read_bytes())
        paths.append(path)
    walls: dict[int, list[float]] = {1: [], 2: []}
    processor: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(repeats):
        for workers in (1, 2):
            begin, used = time.perf_counter(), seconds_used()
            read = sum(1 for _ in extract_many(paths, workers=workers))
            assert read == len(paths)
            walls[workers].append(time.perf_counter() - begin)
            processor[workers].append(seconds_used() - used)
    line("40 documents, 2 cores : 1, s", min(walls[2]), min(walls[1]), 1.7)
    one, two = min(processor[1]), min(processor[2])
    print(
        f"  processor time, parent and children: {one:.2f} s with one child, {two:.2f} s with two: "
        f"at most {2 * one / two:.1f} times as fast on a machine that does nothing else"
    )


def seconds_used() -> float:
    """Processor time of this process and of those of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def peak_of(path: Path) -> int:
    our_pdf.read(path.read_bytes())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main()
