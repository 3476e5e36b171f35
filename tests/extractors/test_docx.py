from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import conservation, docx
from extractors.document import Paragraph, Table, UnreadableError
from tests.extractors.making import NAMESPACES, OFFICE, docx_parts, make_docx, word, zipped


def p(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def span(number: int) -> str:
    return f'<w:gridSpan w:val="{number}"/>'


RESTART = '<w:vMerge w:val="restart"/>'
CONTINUE = "<w:vMerge/>"


def texts(content) -> list[str]:
    return [block.text for block in content.blocks if isinstance(block, Paragraph)]


def tables(content) -> list[Table]:
    return [block for block in content.blocks if isinstance(block, Table)]


def shown(table: Table) -> list[list[str | None]]:
    return [[cell and cell.text for cell in row] for row in table.grid()]


def codes(content) -> list[str]:
    return [finding.code for finding in content.findings]


# ---- order and wrappers


def test_paragraphs_and_tables_come_in_document_order():
    content = word(p("một") + tbl(tr(tc("a"), tc("b"))) + p("hai"))
    assert [type(block) for block in content.blocks] == [Paragraph, Table, Paragraph]
    assert [block.index for block in content.blocks] == [0, 0, 1]


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:customXml>{}</w:customXml>",
        (
            "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>"
            "</mc:AlternateContent>"
        ),
    ],
)
def test_wrappers_around_blocks_are_opened(wrapped):
    assert texts(word(wrapped.replace("{}", p("trong")))) == ["trong"]


@pytest.mark.parametrize("tag", ["ins", "moveTo", "smartTag", "hyperlink", "bdo"])
def test_wrappers_around_runs_are_opened(tag):
    body = f"<w:p><w:{tag}><w:r><w:t>4.514</w:t></w:r></w:{tag}><w:r><w:t> hộ</w:t></w:r></w:p>"
    assert texts(word(body)) == ["4.514 hộ"]


@pytest.mark.parametrize("tag", ["del", "moveFrom"])
def test_deleted_revisions_are_not_content(tag):
    run = "<w:r><w:delText>95</w:delText><w:t>95</w:t></w:r>"
    assert texts(word(f"<w:p><w:r><w:t>a</w:t></w:r><w:{tag}>{run}</w:{tag}></w:p>")) == ["a"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs():
    body = p("12", "<w:rPr><w:del/></w:rPr>") + p("3 hộ")
    assert texts(word(body)) == ["123 hộ"]


def test_a_deleted_row_is_not_content():
    (table,) = tables(word(tbl(tr(tc("a")), tr(tc("b"), properties="<w:del/>"), tr(tc("c")))))
    assert shown(table) == [["a"], ["c"]]


def test_the_prompt_of_an_empty_content_control_is_not_content():
    body = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + p("Bấm để nhập")
        + "</w:sdtContent></w:sdt>"
    )
    assert word(body).blocks == ()


def test_tabs_breaks_and_special_hyphens():
    body = (
        "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>2021</w:t><w:noBreakHyphen/>"
        "<w:t>2025</w:t><w:softHyphen/></w:r></w:p>"
    )
    assert texts(word(body)) == ["a\tb\n2021-2025"]


def test_text_is_composed():
    assert texts(word(p("Đức Hiệp"))) == ["Đức Hiệp"]


# ---- what is not shown, and marks


def test_hidden_text_is_not_content_and_is_said():
    styles = (
        '<w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="AnCon"><w:basedOn w:val="AnCha"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="AnCha"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        "<w:p><w:r><w:t>hiện</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
        '<w:r><w:rPr><w:rStyle w:val="An"/></w:rPr><w:t>ẩn</w:t></w:r>'
        '<w:r><w:rPr><w:rStyle w:val="An"/><w:vanish w:val="0"/></w:rPr><w:t>!</w:t></w:r></w:p>'
        + p("ẩn cả đoạn", '<w:pStyle w:val="AnCon"/>')
    )
    content = word(body, styles=styles)
    assert texts(content) == ["hiện!"]
    assert codes(content) == ["hidden-content"]


@pytest.mark.parametrize(
    ("look", "text"),
    [
        ("<w:strike/>", "211"),
        ("<w:dstrike/>", "211"),
        ('<w:strike w:val="0"/>', "207211"),
        ('<w:rStyle w:val="Bo"/>', "211"),
        ('<w:rStyle w:val="Bo"/><w:strike w:val="0"/>', "207211"),
    ],
)
def test_struck_out_figures_are_not_content_and_are_named(look, text):
    styles = '<w:style w:type="character" w:styleId="Bo"><w:rPr><w:strike/></w:rPr></w:style>'
    runs = f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>207</w:t></w:r><w:r><w:t>211</w:t></w:r></w:p>"
    content = word(runs + tbl(tr(f"<w:tc>{runs}</w:tc>")), styles=styles)
    assert texts(content) == [text]
    assert shown(tables(content)[0]) == [[text]]
    assert codes(content) == ["text-left-out"] * 2 * (text == "211")
    assert all(finding.facts["text"] == "207" for finding in content.findings)


def test_inserted_cells_are_content_and_deleted_ones_are_not():
    row = tr(tc("Xóm"), tc("207", '<w:cellDel w:id="1"/>'), tc("211", '<w:cellIns w:id="2"/>'))
    assert shown(tables(word(tbl(row, tr(tc("Bàu"), tc("9")))))[0]) == [
        ["Xóm", "211"],
        ["Bàu", "9"],
    ]


def test_the_entry_that_a_drop_down_field_shows_is_read():
    entries = '<w:listEntry w:val="xóm"/><w:listEntry w:val="thôn"/>'
    form = f'<w:ffData><w:ddList><w:result w:val="1"/>{entries}</w:ddList></w:ffData>'
    begin = f'<w:fldChar w:fldCharType="begin">{form}</w:fldChar>'
    body = f'<w:p><w:r>{begin}</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    assert texts(word(body)) == ["thôn"]
    assert texts(word(body.replace('<w:result w:val="1"/>', ""))) == ["xóm"]


def with_margins(*margins: tuple[str, str, str], settings: str = "", title: str = "") -> bytes:
    """A document with headers and footers as (element, w:type, content)."""
    references = links = ""
    parts: dict[str, str | bytes] = {}
    for place, (element, kind, content) in enumerate(margins):
        references += f'<w:{element}Reference w:type="{kind}" r:id="m{place}"/>'
        links += (
            f'<Relationship Id="m{place}" Type="{OFFICE}/{element}" Target="margin{place}.xml"/>'
        )
        parts[f"word/margin{place}.xml"] = f"<w:hdr {NAMESPACES}>{content}</w:hdr>"
    section = f"<w:sectPr>{references}{title}</w:sectPr>"
    more = {"settings": settings} if settings else {}
    return zipped(docx_parts(p("Thân bài") + section, more=more, links=links) | parts)


PAGE = (
    '<w:p><w:r><w:t xml:space="preserve">Trang </w:t></w:r><w:fldSimple w:instr=" PAGE ">'
    "<w:r><w:t>3</w:t></w:r></w:fldSimple></w:p>"
)


def test_headers_and_footers_with_figures_are_read_once():
    data = with_margins(
        ("header", "default", p("Biểu 04 - xã Bàu Sen")),
        ("footer", "default", p("Cả xã còn 43 hộ") + PAGE),
        ("footer", "first", p("Cả xã còn 43 hộ") + PAGE),
        title="<w:titlePg/>",
    )
    content = docx.read(data)
    assert texts(content) == ["Thân bài", "Biểu 04 - xã Bàu Sen", "Cả xã còn 43 hộ", "Trang"]
    assert conservation.doubts(content) == []


def test_running_heads_and_page_numbers_are_left_out_and_heads_named():
    content = docx.read(
        with_margins(("header", "default", p("UBND xã")), ("footer", "default", PAGE))
    )
    assert texts(content) == ["Thân bài"]
    assert [finding.facts["text"] for finding in content.findings] == ["UBND xã"]
    assert conservation.doubts(content) == []


@pytest.mark.parametrize(("kind", "title"), [("first", ""), ("even", "")])
def test_margins_that_no_page_shows_are_not_content(kind, title):
    content = docx.read(with_margins(("footer", kind, p("còn 43 hộ")), title=title))
    assert texts(content) == ["Thân bài"]


def test_raised_figures_never_become_digits_of_a_number():
    raised = '<w:vertAlign w:val="superscript"/>'
    body = f"<w:p><w:r><w:t>95,6</w:t></w:r><w:r><w:rPr>{raised}</w:rPr><w:t>(1)</w:t></w:r></w:p>"
    assert texts(word(body)) == ["95,6⁽¹⁾"]


def test_notes_follow_the_text_behind_their_marks():
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = f"<w:p><w:r><w:t>4.514</w:t></w:r>{reference.format(7)}{reference.format(3)}</w:p>"
    notes = "".join(
        f'<w:footnote w:id="{key}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r>'
        "</w:p></w:footnote>"
        for key, text in (("3", "ước"), ("7", "đến 30/6"), ("9", "không ai dẫn"))
    )
    assert texts(word(body, footnotes=notes)) == ["4.514¹²", "¹ đến 30/6", "² ước"]


def test_symbols_of_symbol_fonts_are_read_as_signs():
    body = (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
        '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>û</w:t></w:r></w:p>'
    )
    (paragraph,) = word(body).blocks
    assert paragraph.text == "✓✗"
    assert paragraph.original == "✓û"


# ---- fields


def field(instruction: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    instructed = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    shown_part = f"<w:r><w:t>{result}</w:t></w:r>"
    return mark("begin") + instructed + mark("separate") + shown_part + mark("end")


def test_a_field_shows_its_result():
    body = f"<w:p>{field('=SUM(ABOVE)', '1.530')}<w:r><w:t> hộ</w:t></w:r></w:p>"
    assert texts(word(body)) == ["1.530 hộ"]


def test_a_simple_field_shows_its_result():
    body = '<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>30/6</w:t></w:r></w:fldSimple></w:p>'
    assert texts(word(body)) == ["30/6"]


def test_a_table_of_contents_is_left_out():
    contents = field("TOC \\o 1", "I. Mở đầu 3")
    body = f"<w:p>{contents}</w:p>" + p("I. Mở đầu")
    assert texts(word(body)) == ["I. Mở đầu"]


def test_a_field_that_fetches_is_said():
    fetching = field("DDEAUTO excel c:\\x.xls R1C1", "5")
    content = word(f"<w:p>{fetching}</w:p>")
    assert codes(content) == ["external-link"]


def test_a_form_check_box_is_shown():
    box = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    mark = '<w:r><w:fldChar w:fldCharType="{}">{}</w:fldChar></w:r>'
    body = f"<w:p>{mark.format('begin', box)}{mark.format('end', '')}</w:p>"
    assert texts(word(body)) == ["☒"]


def test_a_fraction_is_written_with_a_stroke():
    fraction = "<m:f><m:num><m:r><m:t>2</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den>"
    body = f"<w:p><m:oMath>{fraction}</m:f></m:oMath></w:p>"
    assert texts(word(body)) == ["2/3"]


# ---- drawings


def box(inner: str) -> str:
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor>"
        f"<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wp:anchor></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        f"{inner}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_after_its_paragraph():
    body = f"<w:p><w:r><w:t>trước</w:t></w:r>{box(p('DỰ THẢO'))}</w:p>" + p("sau")
    assert texts(word(body)) == ["trước", "DỰ THẢO", "sau"]


def test_a_text_box_in_a_cell_belongs_to_the_cell():
    (table,) = tables(word(tbl(f"<w:tr><w:tc><w:p>{box(p('95'))}</w:p></w:tc></w:tr>")))
    assert shown(table) == [["95"]]


@pytest.mark.parametrize(("side", "found"), [(6_000_000, ["picture-not-read"]), (300_000, [])])
def test_a_picture_that_could_hold_content_is_said(side, found):
    drawing = (
        f'<w:drawing><wp:inline><wp:extent cx="{side}" cy="{side}"/>'
        "<a:graphic><pic:pic/></a:graphic></wp:inline></w:drawing>"
    )
    content = word(tbl(f"<w:tr><w:tc><w:p><w:r>{drawing}</w:r></w:p></w:tc></w:tr>"))
    assert codes(content) == found
    assert all((f.source.table, f.source.row) == (0, 0) for f in content.findings)


# ---- styles and numbering


def test_heading_level_and_weight_come_from_styles():
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
        "<w:rPr><w:b/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="Muc"><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"/>'
    )
    body = (
        p("I", '<w:pStyle w:val="Muc"/>') + p("x") + p("y", '<w:outlineLvl w:val="2"/>', "<w:b/>")
    )
    content = word(body, styles=styles)
    assert [(b.level, b.bold) for b in content.blocks] == [(0, True), (None, False), (2, True)]


def test_a_style_based_on_itself_ends():
    styles = '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style>'
    assert texts(word(p("a", '<w:pStyle w:val="A"/>'), styles=styles)) == ["a"]


def level(number: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{more}'
        "</w:lvl>"
    )


OUTLINE = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.")
    + level(2, "decimal", "%2.%3.", '<w:start w:val="1"/>')
    + level(3, "lowerLetter", "%4)")
    + level(4, "bullet", "\uf0b7")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def item(text: str, depth: int, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_automatic_numbers_are_written_as_a_reader_sees_them():
    depths = [0, 1, 2, 2, 1, 2, 3, 3, 4, 0, 1]
    content = word("".join(item("x", depth) for depth in depths), numbering=OUTLINE)
    assert texts(content) == [
        "I. x", "1. x", "1.1. x", "1.2. x", "2. x", "2.1. x", "a) x", "b) x", "• x", "II. x",
        "1. x",
    ]  # fmt: skip


def test_a_restarted_list_begins_at_its_own_start():
    body = item("a", 0) + item("b", 0, 2) + item("c", 0, 2)
    assert texts(word(body, numbering=OUTLINE)) == ["I. a", "V. b", "VI. c"]


def test_an_empty_numbered_cell_shows_its_number():
    cell = f"<w:tc>{item('', 1)}</w:tc>"
    (table,) = tables(word(tbl(f"<w:tr>{cell}</w:tr>", f"<w:tr>{cell}</w:tr>"), numbering=OUTLINE))
    assert shown(table) == [["1."], ["2."]]


def test_numbering_by_style_takes_the_level_that_names_the_style():
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "upperRoman", "%1.", '<w:pStyle w:val="H1"/>')
        + level(1, "decimal", "%1.%2", '<w:pStyle w:val="H2"/><w:isLgl/>')
        + '</w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:pPr><w:numPr><w:numId w:val="4"/>'
        "</w:numPr></w:pPr></w:style>"
        for name in ("H1", "H2")
    )
    body = p("a", '<w:pStyle w:val="H1"/>') + p("b", '<w:pStyle w:val="H2"/>')
    off = '<w:pStyle w:val="H2"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    assert texts(word(body + p("c", off), styles=styles, numbering=numbering)) == [
        "I. a",
        "1.1 b",
        "c",
    ]


def test_an_unknown_number_format_is_said():
    numbering = OUTLINE.replace("upperRoman", "ideographDigital")
    content = word(item("a", 0), numbering=numbering)
    assert texts(content) == ["1. a"]
    assert codes(content) == ["numbering-unknown"]


# ---- tables


def test_merged_cells_keep_their_spans():
    (table,) = tables(
        word(
            tbl(
                tr(tc("TT", RESTART), tc("Kết quả", span(2)), properties="<w:tblHeader/>"),
                tr(tc("", CONTINUE), tc("Số"), tc("%"), properties="<w:tblHeader/>"),
                tr(tc("1"), tc("987"), tc("74,77")),
            )
        )
    )
    assert table.header_rows == 2
    assert [(c.text, c.row_span, c.column_span) for c in table.cells[:2]] == [
        ("TT", 2, 1),
        ("Kết quả", 1, 2),
    ]
    assert shown(table) == [["TT", "Kết quả", "Kết quả"], ["TT", "Số", "%"], ["1", "987", "74,77"]]


def test_rows_may_begin_late_and_end_early():
    late = '<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'
    (table,) = tables(word(tbl(tr(tc("a"), tc("b"), tc("c")), tr(tc("x"), properties=late))))
    assert shown(table) == [["a", "b", "c"], [None, "x", None]]


def test_a_continued_merge_without_a_beginning_is_a_cell():
    (table,) = tables(word(tbl(tr(tc("a"), tc("5", CONTINUE)), tr(tc("b"), tc("", CONTINUE)))))
    assert shown(table) == [["a", "5"], ["b", "5"]]


def test_old_horizontal_merges():
    first = tc("Năm", '<w:hMerge w:val="restart"/>')
    (table,) = tables(word(tbl(tr(first, tc("", "<w:hMerge/>")), tr(tc("1"), tc("2")))))
    assert shown(table) == [["Năm", "Năm"], ["1", "2"]]


def test_a_nested_table_is_a_table_of_its_own():
    inner = tbl(tr(tc("95,6")))
    cell = f"<w:tc>{p('trước')}{inner}{p('sau')}</w:tc>"
    outer, nested = tables(word(tbl(tr(tc("a"), cell)) + p("hết")))
    assert shown(outer) == [["a", "trước\nsau"]]
    assert (nested.index, nested.parent, shown(nested)) == (1, (0, 0, 1), [["95,6"]])


def test_hidden_rows_are_marked():
    (table,) = tables(word(tbl(tr(tc("a")), tr(tc("b"), properties="<w:hidden/>"))))
    assert [cell.hidden for cell in table.cells] == [False, True]


def test_rows_and_cells_in_content_controls():
    row = "<w:sdt><w:sdtContent>" + tr(tc("a")) + "</w:sdtContent></w:sdt>"
    cell = "<w:sdt><w:sdtContent>" + tc("b") + "</w:sdtContent></w:sdt>"
    (table,) = tables(word(tbl(row, f"<w:tr>{cell}</w:tr>")))
    assert shown(table) == [["a"], ["b"]]


def test_an_absurd_span_is_refused():
    with pytest.raises(UnreadableError, match="gridSpan"):
        word(tbl(tr(tc("a", span(2_000_000)))))


@st.composite
def merged_grids(draw):
    """A grid cut into rectangles: (rows, columns, {anchor: (row span, column span)})."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = {(r, c) for r in range(rows) for c in range(columns)}
    anchors = {}
    for row, column in sorted(free):
        if (row, column) not in free:
            continue
        height = draw(st.integers(1, rows - row))
        width = draw(st.integers(1, columns - column))
        places = {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
        while not places <= free:
            height, width = (height - 1, width) if height > 1 else (height, width - 1)
            places = {
                (r, c) for r in range(row, row + height) for c in range(column, column + width)
            }
        free -= places
        anchors[row, column] = (height, width)
    return rows, columns, anchors


@given(merged_grids())
@settings(deadline=None)
def test_any_merged_grid_comes_back_with_its_spans(grid):
    rows, columns, anchors = grid
    cells: dict[int, list[tuple[int, str]]] = {row: [] for row in range(rows)}
    for (row, column), (height, width) in anchors.items():
        for place in range(row, row + height):
            merge = "" if height == 1 else (RESTART if place == row else CONTINUE)
            text = f"{row}.{column}" if place == row else ""
            cells[place].append((column, tc(text, span(width) + merge)))
    body = tbl(*(tr(*(cell for _, cell in sorted(cells[row]))) for row in range(rows)))
    (table,) = tables(docx.read(zipped(docx_parts(body))))
    assert (table.rows, table.columns) == (rows, columns)
    assert {(c.row, c.column): (c.row_span, c.column_span) for c in table.cells} == anchors
    assert all(cell is not None for row in table.grid() for cell in row)


# ---- what comes along


def test_macros_links_templates_and_objects_are_said():
    links = (
        f'<Relationship Id="t" Type="{OFFICE}/attachedTemplate" Target="http://x/y.dotm" '
        'TargetMode="External"/>'
        f'<Relationship Id="h" Type="{OFFICE}/hyperlink" Target="http://x" TargetMode="External"/>'
    )
    parts = docx_parts(p("a") + '<w:altChunk r:id="c"/>', links=links, kind="macro")
    parts |= {"word/vbaProject.bin": b"x", "word/embeddings/oleObject1.bin": b"x"}
    content = docx.read(zipped(parts))
    assert sorted(codes(content)) == [
        "embedded-object",
        "embedded-object",
        "external-link",
        "macro-present",
    ]


def test_strict_documents_are_read():
    data = make_docx(p("chặt chẽ"))
    parts = docx_parts(p("chặt chẽ"))
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert texts(docx.read(zipped(parts))) == texts(docx.read(data)) == ["chặt chẽ"]


def test_a_document_without_a_body_is_refused():
    parts = docx_parts("")
    parts["word/document.xml"] = "<x/>"
    with pytest.raises(UnreadableError, match="xml-fault"):
        docx.read(zipped(parts))
