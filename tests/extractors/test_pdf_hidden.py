"""Text that is stored on a PDF page but not shown, or struck out, is no content and is named."""

from __future__ import annotations

import zlib

import pytest

from extractors.document import Content, Table
from extractors.pdf_hidden import COVERED, STRUCK, SWITCHED_OFF, has_layers
from tests.extractors.making_pdf import A4, make_pdf, read_pdf, rule, table, text, turned

XS = [50.0, 150.0, 300.0, 420.0]
ROWS = [["TT", "Xom", "So ho"], ["1", "Dong Mit", "207 211"], ["2", "Bau Sen", "88"]]
PAGE = table(XS, 700, ROWS)
"""The first row's two figures stand from x = 304 on, with their baseline at 666."""
WHITE = "1 1 1 rg 302 663 21 12 re f 0 g\n"
PLACE = "/Rect [302 662 323 676] /QuadPoints [302 676 323 676 302 662 323 662]"
LAYERS = "/OCProperties << /OCGs [10 0 R 11 0 R] /D << /OFF [11 0 R] >> >>"
GROUPS = ["<< /Type /OCG /Name (Chinh) >>", "<< /Type /OCG /Name (Nhap) >>"]


def figures(content: Content) -> list[str]:
    (found,) = [block for block in content.blocks if isinstance(block, Table)]
    return [cell.text for cell in found.cells if cell.column == 2]


def left_out(content: Content) -> list[tuple[str, str]]:
    assert {finding.code for finding in content.findings} <= {"text-left-out", "comment-not-read"}
    return [
        (finding.facts["text"], finding.facts["why"])
        for finding in content.findings
        if finding.code == "text-left-out"
    ]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("drawn", "shown", "why"),
    [
        (rule(304, 669.3, 322, 669.3), "211", STRUCK),
        ("304 669 18 0.6 re f\n", "211", STRUCK),
        (WHITE, "211", COVERED),
        (WHITE + text(304, 666, "190"), "190 211", COVERED),
    ],
    ids=["line", "thin box", "white box", "white box with a new figure"],
)
def test_a_figure_that_is_struck_out_or_painted_over_is_named(degrees, drawn, shown, why):
    content = PAGE + drawn
    page = turned(content, degrees) if degrees else content
    found = read_pdf(page, rotate=degrees)
    assert figures(found) == ["So ho", shown, "88"]
    assert left_out(found) == [("207", why)]


@pytest.mark.parametrize(
    "drawn",
    [
        rule(304, 664.6, 322, 664.6),
        rule(300, 669.3, 420, 669.3),
        "q /M gs 1 1 0 rg 302 663 21 12 re f Q\n",
        "1 0 0 RG 302 663 21 12 re S\n",
    ],
    ids=["underline", "rule of a table", "marker that lets through", "frame"],
)
def test_what_is_only_marked_is_read(drawn):
    found = read_pdf(PAGE + drawn, resources="/ExtGState << /M << /ca 0.4 /BM /Multiply >> >>")
    assert "207" in " ".join(figures(found)) or len(figures(found)) > 3
    assert left_out(found) == []


def test_shading_drawn_before_its_text_covers_nothing():
    rows = "".join(f"0.8 g 300 {660 - 20 * k} 120 20 re f 0 g\n" for k in range(2))
    assert left_out(read_pdf(rows + PAGE)) == []


def test_a_layer_that_is_switched_off_is_no_content():
    layered = (
        "/OC /Off BDC\n" + text(60, 600, "Ban nhap 45") + "EMC\n"
        "/OC /On BDC\n" + text(60, 580, "Chinh thuc 46") + "EMC\n"
    )
    found = read_pdf(
        PAGE + layered,
        catalog=LAYERS,
        resources="/Properties << /On 10 0 R /Off 11 0 R >>",
        objects=GROUPS,
    )
    assert left_out(found) == [("Ban nhap 45", SWITCHED_OFF)]
    assert "Chinh thuc 46" in str(found.blocks)


def test_layers_are_seen_in_packed_objects_too():
    packed = zlib.compress(b"10 0 << /Type /OCG /Name (Nhap) >>")
    data = b"%PDF-1.7\n9 0 obj << /Type /ObjStm /N 1 >>\nstream\n" + packed + b"\nendstream"
    assert has_layers(data)
    assert not has_layers(make_pdf(PAGE))


def test_a_note_with_a_ground_covers_what_is_below_it():
    note = f"<< /Type /Annot /Subtype /FreeText {PLACE} /Contents (219) /C [1 1 1] /DA (0 g) >>"
    found = read_pdf(PAGE, annotations=[note])
    assert figures(found) == ["So ho", "211\n219", "88"]
    assert left_out(found) == [("207", COVERED)]


def test_a_note_that_strikes_words_out_strikes_them_out():
    found = read_pdf(PAGE, annotations=[f"<< /Type /Annot /Subtype /StrikeOut {PLACE} >>"])
    assert figures(found) == ["So ho", "211", "88"]
    assert left_out(found) == [("207", STRUCK)]


def test_comments_are_named():
    found = read_pdf(
        PAGE,
        annotations=["<< /Type /Annot /Subtype /Text /Contents (xem lai) /Rect [9 9 20 20] >>"],
    )
    assert [finding.code for finding in found.findings] == ["comment-not-read"]


def test_the_choice_of_a_form_is_read():
    field = "<< /Type /Annot /Subtype /Widget /FT /Ch /T (a) /V (42) /Rect [330 644 400 656] >>"
    assert figures(read_pdf(PAGE, annotations=[field])) == ["So ho", "207 211", "88\n42"]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_header_that_pdfium_joins_with_the_title_stays_in_its_cells(degrees):
    title = text(52, 704, "Phu luc so lieu hang nam cua xa theo ke hoach da giao")
    xs, ys = [50.0, 80.0, 250.0, 300.0, 420.0], [700.0, 665.0, 645.0]
    first = "".join(
        text(x + 3, 693, word, 13) for x, word in zip(xs, ["TT", "Ten", "DVT", "Muc"], strict=False)
    )
    rest = text(303, 678, "tieu den 2025", 13)
    row = "".join(
        text(x + 3, 651, word, 13) for x, word in zip(xs, ["1", "Xom", "ho", "43"], strict=False)
    )
    lines = "".join(rule(xs[0], y, xs[-1], y) for y in ys)
    lines += "".join(rule(x, ys[0], x, ys[-1]) for x in xs)
    content = title + first + rest + row + lines
    page = turned(content, degrees, A4) if degrees else content
    (found,) = [b for b in read_pdf(page, rotate=degrees).blocks if isinstance(b, Table)]
    assert [" ".join(c.text.split()) for c in found.cells if c.row == 0] == [
        "TT",
        "Ten",
        "DVT",
        "Muc tieu den 2025",
    ]


def test_text_on_a_tables_edge_that_no_cell_holds_is_named():
    content = read_pdf(PAGE + text(200, 697, "Muc tieu", 13))
    (finding,) = content.findings
    assert (finding.code, finding.facts["text"]) == ("text-not-placed", "Muc tieu")
