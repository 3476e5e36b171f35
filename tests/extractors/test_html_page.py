"""A web page is read as its reader sees it."""

from __future__ import annotations

import unicodedata

import pytest

from extractors.document import Table
from extractors.html_page import as_shown
from extractors.legacy import read_html


def shown(body: str, charset: str = "utf-8") -> str:
    page = f"<html><head><meta charset={charset}><title>t</title></head><body>{body}</body></html>"
    return " ".join(as_shown(page.encode(charset)).shown.text.split())


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<input value=27> hộ", "27 hộ"),
        ("<input type=hidden value=27>hộ", "hộ"),
        ("<input type=checkbox checked> có <input type=radio> không", "☒ có ☐ không"),
        ("<select><option>thôn<option selected>xóm</select>", "xóm"),
        ("<select><option>thôn</option><option>xóm</option></select>", "thôn"),
        ("<textarea>31 hộ</textarea>", "31 hộ"),
        ("2.104<sup>2</sup> hộ", "2.104² hộ"),
        ("H<sub>2</sub>O", "H₂O"),
        ("<s>19</s> 21 <del>30</del>", "21"),
        ("<span style='text-decoration: line-through'>19</span>21", "21"),
        ("<p style='display:none'>19</p>21<p hidden>7</p>", "21"),
        ("<script>var a = 1</script><style>p {}</style>21", "21"),
        ("x&lt;y &amp; 4&nbsp;120 &#49;", "x<y & 4 120 1"),
    ],
)
def test_fields_marks_and_what_is_not_shown(body, text):
    assert shown(body) == text


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "cp1258"])
def test_the_charset_that_a_page_names_is_believed(charset):
    stored = "Xa\u0303 Đông" if charset == "cp1258" else "Xã Đông"
    assert unicodedata.normalize("NFC", shown(stored, charset)) == "Xã Đông"


def test_a_page_that_names_a_wrong_charset_is_read_where_it_is_utf_8():
    page = "<meta charset=iso-8859-1><p>Xóm Bàu Sen</p>"
    assert as_shown(page.encode()).shown.text.strip() == "Xóm Bàu Sen"


def test_figures_that_are_left_out_are_named():
    page = as_shown("<p><s>19</s> 21 <s>cũ</s></p><table hidden><tr><td>4<td>5</table>".encode())
    assert [(f.facts["text"], f.facts["why"]) for f in page.findings] == [
        ("4 5", "bị ẩn"),
        ("19", "bị gạch bỏ"),
    ]


@pytest.mark.programs
def test_a_page_with_a_form_is_read_whole():
    rows = "<tr><th>Xóm<th>Số hộ</tr><tr><td>Bàu Sen<td><input value=88></tr>"
    content = read_html(f"<p>Biểu 1</p><table border=1>{rows}</table>".encode())
    (table,) = [block for block in content.blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.cells] == ["Xóm", "Số hộ", "Bàu Sen", "88"]
