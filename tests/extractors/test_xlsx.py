from __future__ import annotations

import pytest

from extractors import xlsx
from extractors.document import Content, UnreadableError
from tests.extractors.making import OFFICE, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def parts_of(rows: str, *, strings: str = "", styles: str = "", more: str = "") -> dict[str, str]:
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
        for name in ("worksheet", "sharedStrings", "styles")
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Biểu" r:id="worksheet"/></sheets></workbook>',
        "xl/worksheet.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{more}'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }


def read(rows: str, **named: str) -> Content:
    return xlsx.read(zipped(parts_of(rows, **named)))


def cells(content: Content) -> list[tuple[str, str | None]]:
    (table,) = content.blocks
    return [(cell.text, cell.value) for cell in table.cells]


def test_every_kind_of_cell():
    strings = "<si><t>chữ</t></si><si><r><t>a</t></r><r><rPr><vertAlign val='superscript'/></rPr>"
    strings += "<t>2</t></r><rPh><t>x</t></rPh></si>"
    row = (
        "<row r='1'><c r='A1'><v>0.1</v></c><c r='B1' t='s'><v>0</v></c><c t='s'><v>1</v></c>"
        "<c t='inlineStr'><is><t>tại chỗ</t></is></c>"
        "<c t='str'><f>A1</f><v>ra_x000D_\n_x0041_</v></c>"
        "<c t='b'><v>1</v></c><c r='H1'><f>1/3</f><v>0.33333333333333331</v></c></row>"
    )
    assert cells(read(row, strings=strings)) == [
        ("0,1", "0.1"),
        ("chữ", None),
        ("a²", None),
        ("tại chỗ", None),
        ("ra\nA", None),
        ("TRUE", None),
        ("0,333333333", "0.333333333333333"),
    ]


def test_formats_come_from_the_cells_styles():
    styles = (
        "<numFmts><numFmt numFmtId='170' formatCode='0.0%'/></numFmts>"
        "<fonts><font/><font><b/><name val='Arial'/></font></fonts>"
        "<cellXfs><xf/><xf numFmtId='170' fontId='1'/><xf numFmtId='14'/></cellXfs>"
    )
    row = "<row><c s='1'><v>0.956</v></c><c s='2'><v>45838</v></c><c s='99'><v>5</v></c></row>"
    content = read(row, styles=styles)
    assert cells(content) == [("95,6%", "95.6"), ("30/06/2025", None), ("5", "5")]
    assert [cell.bold for cell in content.blocks[0].cells] == [True, False, False]


@pytest.mark.parametrize(
    "formula", ["<f>SUM(A1:A2)</f>", "<f>SUM(A1:A2)</f><v/>", "<f t='shared' si='0'/>"]
)
def test_a_formula_without_a_value_is_said_and_is_no_zero(formula):
    content = read(f"<row><c><v>1</v></c><c r='B1'>{formula}</c></row>")
    assert [(f.code, f.facts["cell"]) for f in content.findings] == [
        ("formula-without-value", "Biểu!B1")
    ]
    assert cells(content) == [("1", "1")]


def test_an_error_value_is_said():
    content = read("<row><c><v>1</v></c><c t='e'><f>1/0</f><v>#DIV/0!</v></c></row>")
    assert [finding.code for finding in content.findings] == ["formula-error"]
    assert cells(content)[1] == ("#DIV/0!", None)


def test_a_number_that_its_format_hides_is_hidden():
    styles = "<numFmts><numFmt numFmtId='170' formatCode=';;;'/></numFmts>"
    styles += "<cellXfs><xf/><xf numFmtId='170'/></cellXfs>"
    (table,) = read("<row><c><v>1</v></c><c s='1'><v>5</v></c></row>", styles=styles).blocks
    assert [(cell.text, cell.hidden) for cell in table.cells] == [("1", False), ("5", True)]


def test_a_sheet_that_claims_a_million_rows_is_as_large_as_its_texts():
    rows = "<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row>"
    rows += "".join(f"<row r='{n}'><c r='XFD{n}' s='1'/></row>" for n in range(2, 20_000))
    more = "<dimension ref='A1:XFD1048576'/>"
    (table,) = read(rows + "<row r='1048576'><c r='A1048576' s='1'/></row>", more=more).blocks
    assert (table.rows, table.columns) == (1, 2)


def test_zero_width_is_hidden():
    content = read(
        "<row ht='0'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row>"
        "<row r='2'><c r='A2'><v>1</v></c><c r='B2'><v>2</v></c></row>"
    )
    assert [cell.hidden for cell in content.blocks[0].cells] == [True, True, False, False]


@pytest.mark.parametrize(
    "row",
    ["<row><c t='s'><v>7</v></c></row>", "<row><c><v>abc</v></c></row>"],
    ids=["missing string", "no number"],
)
def test_what_points_nowhere_is_a_fault(row):
    with pytest.raises(UnreadableError, match="xml-fault"):
        read(row)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "macro-present"),
        ("xl/macrosheets/sheet1.xml", "macro-present"),
        ("xl/externalLinks/externalLink1.xml", "external-link"),
        ("xl/embeddings/oleObject1.bin", "embedded-object"),
        ("xl/media/image1.png", "picture-not-read"),
    ],
)
def test_what_comes_along_is_said(part, code):
    content = xlsx.read(zipped(parts_of("") | {part: "x"}))
    assert [finding.code for finding in content.findings] == [code]


def test_a_doctype_in_any_part_is_refused():
    hostile = "<!DOCTYPE a [<!ENTITY b 'c'>]>"
    for name in ("xl/worksheet.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"):
        parts = parts_of("<row/>")
        parts[name] = hostile + parts[name]
        with pytest.raises(UnreadableError, match="doctype-refused"):
            xlsx.read(zipped(parts))
