"""Form resolved over runs, styles, theme and defaults, on documents that python-docx writes."""

from __future__ import annotations

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Mm, Pt, RGBColor

from reports.formatting import NotAWordFileError, WordDocument
from reports.package import read_package, write_package


@pytest.fixture
def document():
    return docx.Document()


def read(document, tmp_path) -> WordDocument:
    path = tmp_path / "x.docx"
    document.save(path)
    return WordDocument(path)


def test_theme_fonts_and_defaults(document, tmp_path):
    document.add_paragraph("Chữ thường")
    document.add_heading("Tiêu đề", 1)
    text, heading = read(document, tmp_path).lines
    # python-docx's own template: minor font Cambria 11, major font Calibri.
    assert [(span.font, span.size) for span in text.spans] == [("Cambria", 11)]
    assert heading.spans[0].font == "Calibri"
    assert heading.bold


def test_a_run_goes_before_its_style_and_a_style_before_what_it_is_based_on(document, tmp_path):
    styles = document.styles
    base = styles.add_style("Nen", 1)
    base.font.size, base.font.italic, base.font.name = Pt(12), True, "Arial"
    base.paragraph_format.space_before = Pt(6)
    base.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    above = styles.add_style("Tren", 1)
    above.base_style = base
    above.font.size = Pt(13)
    paragraph = document.add_paragraph(style="Tren")
    paragraph.add_run("một ")
    run = paragraph.add_run("hai")
    run.font.size, run.font.italic, run.font.bold = Pt(20), False, True
    run.font.color.rgb = RGBColor(255, 0, 0)
    (line,) = read(document, tmp_path).lines
    assert [(span.size, span.italic, span.bold, span.font) for span in line.spans] == [
        (13, True, False, "Arial"),
        (20, False, True, "Arial"),
    ]
    assert line.spans[1].color == "FF0000"
    assert (line.align, line.before) == ("both", 6)
    assert not line.bold
    assert not line.upright


def test_capitals_by_form_are_read_as_capitals(document, tmp_path):
    document.add_paragraph().add_run("báo cáo").font.all_caps = True
    (line,) = read(document, tmp_path).lines
    assert line.text == "BÁO CÁO"


def test_deleted_text_is_not_read_and_inserted_text_is(document, tmp_path):
    paragraph = document.add_paragraph("còn ")
    for name, text in (("ins", "<w:t>thêm</w:t>"), ("del", "<w:delText>bỏ</w:delText>")):
        paragraph._p.append(parse_xml(f"<w:{name} {nsdecls('w')}><w:r>{text}</w:r></w:{name}>"))
    (line,) = read(document, tmp_path).lines
    assert line.text == "còn thêm"


def test_distances(document, tmp_path):
    paragraph = document.add_paragraph("Đoạn văn")
    form = paragraph.paragraph_format
    form.first_line_indent, form.line_spacing, form.space_after = Cm(1.27), 1.5, Pt(6)
    exact = document.add_paragraph("Cố định")
    exact.paragraph_format.line_spacing = Pt(18)
    first, second = read(document, tmp_path).lines
    assert first.first_line == 36
    assert (first.leading, first.after) == (1.5, 6)
    assert second.leading is None


def test_tables_and_sections(document, tmp_path):
    document.add_paragraph("trước")
    table = document.add_table(1, 2)
    table.rows[0].cells[1].text = "ô"
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = Mm(30)
    document.add_paragraph("sau")
    read_back = read(document, tmp_path)
    found = [(line.text, line.cell, line.section) for line in read_back.lines if line.text]
    assert found == [("trước", None, 0), ("ô", (0, 0, 1), 0), ("sau", None, 1)]
    assert [round(page.width) for page in read_back.pages] == [216, 297]
    assert round(read_back.pages[1].margins["left"]) == 30
    assert read_back.pages[1].numbers == ()


def test_a_header_is_inherited_by_the_sections_that_follow(document, tmp_path):
    field = (
        f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE \\* MERGEFORMAT "><w:r><w:t>1</w:t></w:r>'
        "</w:fldSimple>"
    )
    header = document.sections[0].header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    header._p.append(parse_xml(field))
    document.add_paragraph("một")
    document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = True
    document.add_paragraph("hai")
    first, second = read(document, tmp_path).pages
    assert [number.where for number in first.numbers] == ["header"]
    assert first.numbers[0].line.align == "center"
    assert [number.where for number in second.numbers] == ["header"]
    assert len(first.first_numbers) == 1
    assert second.first_numbers == ()


def test_lengths_may_name_their_unit(final, tmp_path):
    parts = read_package(final)
    body = parts["word/document.xml"].decode()
    assert 'w:left="1701"' in body
    for left, wanted in (("30mm", 30), ("3cm", 30), ("85.05pt", 30), ("1.25in", 31.75)):
        path = tmp_path / "x.docx"
        changed = body.replace('w:left="1701"', f'w:left="{left}"')
        write_package(parts | {"word/document.xml": changed.encode()}, path)
        margins = WordDocument(path).pages[0].margins
        assert float(margins["left"]) == pytest.approx(wanted, abs=0.01)
    changed = body.replace('w:left="1701"', 'w:left="wide"')
    write_package(parts | {"word/document.xml": changed.encode()}, path)
    with pytest.raises(NotAWordFileError, match="wide"):
        _ = WordDocument(path).pages
