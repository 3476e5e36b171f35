"""PDF documents made in memory from the operators that matter to a test."""

from __future__ import annotations

from collections.abc import Iterable

from extractors import pdf
from extractors.document import Content

A4 = (595, 842)


def make_pdf(
    *contents: str,
    rotate: int = 0,
    box: tuple[int, int] = A4,
    annotations: Iterable[str] = (),
    catalog: str = "",
    resources: str = "",
    objects: Iterable[str] = (),
) -> bytes:
    """The bytes of a PDF with these pages' operators; fonts are /F (Helvetica) and /B (bold).

    ``annotations`` are of the first page; ``objects`` are numbered from 10 on.
    """
    fonts = "".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >> "
        for name, font in (("F", "Helvetica"), ("B", "Helvetica-Bold"))
    )
    bodies: dict[int, str] = dict(enumerate(objects, 10))
    first = 10 + len(bodies)
    pages = [first + 2 * place for place in range(len(contents))]
    for number, content in zip(pages, contents, strict=True):
        notes = " ".join(annotations) if number == first else ""
        bodies[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box[0]} {box[1]}] /Rotate {rotate} "
            f"/Annots [{notes}] /Contents {number + 1} 0 R "
            f"/Resources << /Font << {fonts} >> {resources} >> >>"
        )
        data = content.encode("cp1252")
        bodies[number + 1] = f"<< /Length {len(data)} >>\nstream\n{content}\nendstream"
    kids = " ".join(f"{number} 0 R" for number in pages)
    bodies[1] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"
    bodies[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    return _written(bodies)


def _written(bodies: dict[int, str]) -> bytes:
    data = b"%PDF-1.7\n"
    places = {}
    for number, body in sorted(bodies.items()):
        places[number] = len(data)
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(data)
    entries = "".join(
        f"{places[number]:010} 00000 n \n" if number in places else "0000000000 65535 f \n"
        for number in range(max(places) + 1)
    )
    size = max(places) + 1
    data += f"xref\n0 {size}\n{entries}trailer\n<< /Size {size} /Root 1 0 R >>\n".encode()
    return data + f"startxref\n{start}\n%%EOF\n".encode()


def text(x: float, y: float, words: str, size: float = 11, font: str = "F") -> str:
    """The operators that show words with their baseline at a place."""
    shown = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({shown}) Tj ET\n"


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    """The operators that draw a ruling line."""
    return f"0.7 w {x0} {y0} m {x1} {y1} l S\n"


def grid(xs: list[float], ys: list[float]) -> str:
    """The ruling lines of a table."""
    flat = "".join(rule(xs[0], y, xs[-1], y) for y in ys)
    return flat + "".join(rule(x, ys[0], x, ys[-1]) for x in xs)


def table(xs: list[float], top: float, rows: list[list[str]], height: float = 20) -> str:
    """A ruled table whose rows hang down from ``top``."""
    ys = [top - height * place for place in range(len(rows) + 1)]
    words = "".join(
        text(x + 4, y - 0.7 * height, cell)
        for y, row in zip(ys, rows, strict=False)
        for x, cell in zip(xs, row, strict=False)
    )
    return grid(xs, ys) + words


def turned(content: str, degrees: int, box: tuple[int, int] = A4) -> str:
    """The content as it is drawn on a page that its viewer turns by so many degrees."""
    width, height = box
    matrix = {
        90: f"0 1 -1 0 {width} 0",
        180: f"-1 0 0 -1 {width} {height}",
        270: f"0 -1 1 0 0 {height}",
    }[degrees]
    return f"q {matrix} cm\n{content}Q\n"


def read_pdf(*contents: str, **named: object) -> Content:
    """What is read of a PDF with these pages."""
    return pdf.read(make_pdf(*contents, **named))  # type: ignore[arg-type]
