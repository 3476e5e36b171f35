"""What is read of a document is what it shows: nothing lost, nothing twice."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import conservation, pdf, xlsx
from extractors.document import Account, Cell, Content, Finding, Paragraph, Shown, Table
from extractors.formats import EXTRACTOR_VERSION, FORMATS, extract, reader_of, sniff
from tests.extractors.making import word
from tests.extractors.making_pdf import grid, make_pdf, text

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("blind", "second", "third", "fourth", "open")
DOCUMENTS = [
    *(path for name in FOLDERS for path in (ROOT / "tests/corpus" / name / "documents").iterdir()),
    *(ROOT / "samples/inbox").iterdir(),
    *(path for path in (ROOT / "tests/extractors/fixtures").iterdir()),
]
TEXT_FORMATS = {".docx", ".pdf", ".xlsx", ".xlsm", ".xls", ".ods"}
"""Formats that no other program is needed for."""


def unplaced(content: Content) -> list[tuple[str, str]]:
    return [(f.facts["how"], f.facts["text"]) for f in conservation.doubts(content)]


# ---- on documents


def lost_in(path: Path) -> list[Finding]:
    return [each for each in extract(path).findings if each.code == conservation.CODE]


@pytest.mark.parametrize(
    "path", sorted(p for p in DOCUMENTS if p.suffix in TEXT_FORMATS), ids=lambda path: path.name
)
def test_nothing_is_lost_of_any_document(path):
    assert lost_in(path) == []


@pytest.mark.programs
@pytest.mark.parametrize(
    "path", sorted(p for p in DOCUMENTS if p.suffix not in TEXT_FORMATS), ids=lambda path: path.name
)
def test_nothing_is_lost_of_what_other_programs_read(path):
    assert lost_in(path) == []


def damaged(content: Content) -> list[Content]:
    """The content with each of some cells dropped, and with a paragraph twice."""
    results = []
    for place, block in enumerate(content.blocks):
        others = [*content.blocks[:place], *content.blocks[place + 1 :]]
        if isinstance(block, Paragraph):
            twice = (*content.blocks, replace(block, index=block.index + 1000))
            results += [replace(content, blocks=twice), replace(content, blocks=tuple(others))]
            continue
        for cell in [c for c in block.cells if any(map(str.isalnum, c.text))][::7]:
            left = replace(block, cells=tuple(c for c in block.cells if c is not cell))
            others.insert(place, left)
            results.append(replace(content, blocks=tuple(others)))
            del others[place]
    return results


@pytest.mark.parametrize(
    "name", ["report.pdf", "split-table.pdf", "book.xlsx", "book.xls", "book.ods", "vni.docx"]
)
def test_every_damage_is_noticed(name):
    data = (ROOT / "tests/extractors/fixtures" / name).read_bytes()
    reader = reader_of(sniff(data))
    assert reader is not None
    content = reader(data)
    results = damaged(content)
    assert len(results) > 5
    assert all(map(conservation.doubts, results))


def test_every_format_counts_what_it_shows(tmp_path):
    counted = {row.reader.split(":")[0] for row in FORMATS.values()}
    assert counted == {
        f"extractors.{name}" for name in ("docx", "xlsx", "xls", "ods", "pdf", "scan", "legacy")
    }
    with pytest.raises(ValueError, match="not counted"):
        conservation.doubts(Content(()))


def test_the_version_was_raised():
    assert int(EXTRACTOR_VERSION) >= 6


# ---- the comparison


def paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(index, words) for index, words in enumerate(texts))


def compared(shown: str, *read: str, accounts: tuple[Account, ...] = ()) -> list[tuple[str, str]]:
    return unplaced(Content(paragraphs(*read), shown=(Shown(shown),), accounts=accounts))


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("Đ ức Hiệp", "Đức Hiệp"),
        ("B Á O  C Á O", "BÁO CÁO"),
        ("4.514/\n16.091 hộ", "4.514/16.091 hộ"),
        ("1.9022 hộ", "1.902² hộ"),
        ("giảm -3", "giảm ⁻3"),
        ("cộng\u00ad đồng", "cộng đồng"),
        ("hộ nghèo 43", "43 hộ nghèo"),
    ],
)
def test_only_the_parting_of_words_and_their_order_are_forgiven(shown, read):
    assert compared(shown, read) == []


@pytest.mark.parametrize(
    ("shown", "read", "found"),
    [
        ("95,6 %", "956 %", [("bị sót", "95,6"), ("bị lặp", "956")]),
        ("1.902 hộ", "hộ", [("bị sót", "1.902")]),
        ("hộ", "hộ hộ", [("bị lặp", "hộ")]),
        ("tiêu đến năm", "Mục tiêu đến năm", [("bị lặp", "Mục")]),
        ("12 %", "12", [("bị sót", "%")]),
    ],
)
def test_whatever_else_differs_is_named(shown, read, found):
    assert compared(shown, read) == found


def test_what_is_left_out_or_added_on_purpose_is_accounted_for():
    number, page = Account("1. ", "list-number", is_added=True), Account("7", "page-number")
    assert compared("Kết quả\n7", "1. Kết quả", accounts=(number, page)) == []
    assert compared("Kết quả", "1. Kết quả", accounts=(number, page)) == [("bị lặp", "7")]


def test_a_finding_says_where_the_text_stands():
    shown = (Shown("Tổng số\nHộ nghèo 43 hộ", page=2, place="trang 2"),)
    (lost,) = conservation.doubts(Content(paragraphs("Tổng số", "Hộ nghèo hộ"), shown=shown))
    assert lost.facts["place"] == "trang 2: 'Hộ nghèo 43 hộ'"
    assert lost.source is not None
    assert (lost.source.page, lost.source.text) == (2, "43")
    table = Table(0, 1, 2, (Cell(0, 0, "Hộ", page=2), Cell(0, 1, "Hộ", page=2)))
    (twice,) = conservation.doubts(Content((table,), shown=(Shown("Hộ"),)))
    assert twice.source is not None
    assert (twice.source.table, twice.source.row, twice.source.page) == (0, 0, 2)


def test_a_spanning_cell_counts_once():
    table = Table(0, 2, 2, (Cell(0, 0, "Hộ", row_span=2, column_span=2),))
    assert unplaced(Content((table,), shown=(Shown("Hộ"),))) == []


def test_the_text_before_old_encodings_were_converted_is_compared():
    read = (Paragraph(0, "Cộng hòa", original="Céng hßa"),)
    assert unplaced(Content(read, shown=(Shown("Céng hßa"),))) == []


def test_long_runs_of_signs_are_compared_in_time():
    dots = "." * 50_000
    assert compared(f"a{'x' * 5000}", *["x"] * 5000) != []
    assert compared(f"Mục lục {dots} 3", f"Mục lục {dots} 3") == []


# ---- random documents

WORDS = st.lists(
    st.sampled_from(
        ["Hộ", "nghèo", "1.902", "80,44", "%", "-", "Đức", "(1)", "x", "43", "ư", "12/15"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


RAISED = "<w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"


@st.composite
def word_blocks(draw, depth: int = 0) -> str:
    """Paragraphs, tables, nested tables, text boxes, wrapped and removed text."""
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["p", "p", "table", "box", "sdt", "list"]))
        if kind == "table" and depth < 2:
            blocks.append(draw(word_table(depth)))
        elif kind == "box":
            inner = draw(word_paragraph())
            blocks.append(
                "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
                f"<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
                f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent>"
                "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
            )
        elif kind == "sdt":
            inner = draw(word_paragraph())
            blocks.append(f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>")
        else:
            blocks.append(draw(word_paragraph()))
    return "".join(blocks) + "<w:p/>"


@st.composite
def word_paragraph(draw) -> str:
    runs = []
    for _ in range(draw(st.integers(1, 3))):
        words = draw(WORDS)
        run = f"<w:r><w:t xml:space='preserve'>{words} </w:t></w:r>"
        runs.append(
            draw(
                st.sampled_from(
                    [
                        run,
                        f"<w:ins>{run}</w:ins>",
                        f"<w:hyperlink>{run}</w:hyperlink>",
                        f"<w:fldSimple w:instr='REF a'>{run}</w:fldSimple>",
                        f"<w:del><w:r><w:delText>{words}</w:delText></w:r></w:del>",
                        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{words}</w:t></w:r>",
                        f"<w:r><w:rPr><w:strike/></w:rPr><w:t>{words}</w:t></w:r>",
                        f"<w:r>{RAISED}<w:t>{words} </w:t></w:r>",
                        f"<w:r><w:t>{words}</w:t><w:br/><w:noBreakHyphen/><w:tab/></w:r>",
                    ]
                )
            )
        )
    return f"<w:p>{''.join(runs)}</w:p>"


@st.composite
def word_table(draw, depth: int) -> str:
    columns = draw(st.integers(1, 4))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        cells, left = [], columns
        while left:
            span = draw(st.integers(1, left))
            merge = draw(st.sampled_from(["", "", "<w:vMerge w:val='restart'/>", "<w:vMerge/>"]))
            gone = draw(st.sampled_from(["", "", "", "<w:cellDel w:id='1'/>"]))
            settings_ = f"<w:tcPr><w:gridSpan w:val='{span}'/>{merge}{gone}</w:tcPr>"
            inner = draw(word_blocks(depth + 1)) if depth < 1 else draw(word_paragraph())
            cells.append(f"<w:tc>{settings_}{inner}</w:tc>")
            left -= span
        removed = draw(st.sampled_from(["", "", "<w:trPr><w:del w:id='2'/></w:trPr>"]))
        rows.append(f"<w:tr>{removed}{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


@settings(max_examples=80, deadline=None)
@given(body=word_blocks())
def test_nothing_is_lost_of_random_word_documents(body):
    assert unplaced(word(body)) == []


ASCII = st.lists(
    st.sampled_from(["Ho", "ngheo", "1.902", "80,44", "%", "-", "(1)", "x", "43", "12/15"]),
    min_size=1,
    max_size=3,
).map(" ".join)


@st.composite
def pdf_page(draw) -> str:
    """Lines, columns and ruled tables at random places, some of them over each other."""
    content, y = "", 800
    for _ in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["line", "columns", "table"]))
        size = draw(st.integers(7, 14))
        if kind == "table":
            count = draw(st.integers(1, 4))
            xs = [50 + 480 / count * place for place in range(count + 1)]
            rows = draw(st.integers(1, 5))
            ys = [float(y - 24 * place) for place in range(rows + 1)]
            content += grid(xs, ys)
            for row in range(rows):
                for x in xs[:-1]:
                    content += text(x + 3, ys[row] - draw(st.integers(8, 20)), draw(ASCII), size)
            y -= 24 * rows
        else:
            starts = [60] if kind == "line" else [60, 300, 420]
            content += "".join(text(x, y, draw(ASCII), size) for x in starts)
        y -= draw(st.integers(14, 40))
    return content


@settings(max_examples=60, deadline=None)
@given(
    pages=st.lists(pdf_page(), min_size=1, max_size=4), rotate=st.sampled_from([0, 90, 180, 270])
)
def test_nothing_is_lost_of_random_pdf_documents(pages, rotate):
    assert unplaced(pdf.read(make_pdf(*pages, rotate=rotate))) == []


VALUES = st.one_of(
    st.integers(-9999, 99999), st.decimals(0, 1000, places=2), st.booleans(), WORDS, st.none()
)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=8),
    merges=st.lists(st.tuples(*[st.integers(1, 6)] * 4), max_size=3),
    hidden=st.sets(st.integers(1, 8)),
)
def test_nothing_is_lost_of_random_sheets(rows, merges, hidden):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if value is None else value for value in row])
    for top, left, height, width in merges:
        last = sheet.cell(top + height, left + width)
        area = f"{sheet.cell(top, left).coordinate}:{last.coordinate}"
        if not any(area in str(other) for other in sheet.merged_cells.ranges):
            sheet.merge_cells(area)
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    assert unplaced(xlsx.read(stream.getvalue())) == []
