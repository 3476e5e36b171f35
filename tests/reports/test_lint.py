from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from reports.formatting import NotAWordFileError
from reports.lint import RULES, as_json, as_text, lint
from reports.package import read_package, write_package

Change = Callable[[str], str]
BODY, STYLES, HEADER = "word/document.xml", "word/styles.xml", "word/header1.xml"


def swap(old: str, new: str, count: int = -1) -> Change:
    """Puts text in the place of another that must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return change


def style(identity: str, old: str, new: str) -> Change:
    """Changes one style's definition."""

    def change(text: str) -> str:
        pattern = rf'(<w:style w:type="paragraph" w:styleId="{identity}">.*?</w:style>)'
        found = re.search(pattern, text, re.DOTALL)[1]
        assert old in found
        return text.replace(found, found.replace(old, new))

    return change


def without_line(name: str) -> Change:
    """Takes the paragraph of a drawn line out."""
    return lambda text: re.sub(
        rf'<w:p>(?:(?!<w:p>).)*?name="{name}".*?</w:p>', "", text, count=1, flags=re.DOTALL
    )


def paragraph(identity: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{identity}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def last_section(old: str, new: str) -> Change:
    """Changes the last section's properties."""

    def change(text: str) -> str:
        at = text.rindex("<w:sectPr")
        assert old in text[at:]
        return text[:at] + text[at:].replace(old, new)

    return change


BOLD, ITALIC = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>"
FIRST_ISSUER = '<w:p><w:pPr><w:pStyle w:val="CoQuanBanHanh"/>'

BREAKS: list[tuple[str, str, Change]] = [
    ("paper", BODY, swap('w:w="11906"', 'w:w="12240"')),
    ("orientation", BODY, swap('w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906"')),
    ("margins", BODY, swap('w:left="1701"', 'w:left="1134"')),
    ("font", STYLES, swap('w:ascii="Times New Roman"', 'w:ascii=".VnTime"')),
    ("color", STYLES, swap('<w:color w:val="000000"/>', '<w:color w:val="FF0000"/>')),
    ("page-number", HEADER, swap(" PAGE ", " NUMPAGES ")),
    ("page-number", STYLES, style("SoTrang", 'w:val="center"', 'w:val="right"')),
    ("page-number", BODY, swap("headerReference", "footerReference")),
    ("page-number-first", BODY, swap("<w:titlePg/>", "")),
    ("page-number-first", BODY, swap('w:start="1"', 'w:start="3"')),
    ("national-name", BODY, swap("CỘNG HÒA XÃ HỘI", "Cộng hòa xã hội")),
    ("national-name", STYLES, style("QuocHieu", 'w:sz w:val="26"', 'w:sz w:val="28"')),
    ("motto", BODY, swap("Độc lập - Tự do - Hạnh phúc", "Độc lập-Tự do-Hạnh phúc")),
    ("motto-line", BODY, without_line("Đường kẻ dưới tiêu ngữ")),
    ("motto-line", BODY, swap('</w:pPr><w:r><w:t xml:space="preserve">Độc lập',
        '</w:pPr><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>Độc lập')),
    ("issuer", STYLES, style("CoQuanBanHanh", BOLD, "")),
    ("parent", BODY, swap(FIRST_ISSUER, paragraph("CoQuanChuQuan", "Ubnd tỉnh") + FIRST_ISSUER, 1)),
    ("issuer-line", BODY, without_line("Đường kẻ dưới tên cơ quan")),
    ("number", BODY, swap("/BC-UBND</w:t>", " / BC UBND</w:t>", 1)),
    ("number", STYLES, style("SoKyHieu", 'w:val="26"', 'w:val="28"')),
    ("symbol", BODY, swap("/BC-UBND</w:t>", "/KH-UBND</w:t>", 1)),
    ("place-date", BODY, swap("Long Phụng, ngày", "Long Phụng ngày", 1)),
    ("place-date", STYLES, style("DiaDanh", ITALIC, "")),
    ("kind", BODY, swap(">BÁO CÁO<", ">Báo cáo<")),
    ("title", STYLES, style("TrichYeu", BOLD, "")),
    ("title-line", BODY, without_line("Đường kẻ dưới trích yếu")),
    ("addressee", BODY, swap("Kính gửi: ", "Nơi đến: ")),
    ("basis", BODY, swap("1373/QĐ-TTg;</w:t>", "1373/QĐ-TTg.</w:t>", 1)),
    ("basis", STYLES, style("CanCu", ITALIC, "")),
    ("body-form", STYLES, style("NoiDung", 'w:sz w:val="28"', 'w:sz w:val="24"')),
    ("body-alignment", STYLES, style("NoiDung", 'w:val="both"', 'w:val="left"')),
    ("body-indent", STYLES, style("NoiDung", 'w:firstLine="720"', 'w:firstLine="0"')),
    ("body-spacing", STYLES, style("NoiDung", 'w:before="120"', 'w:before="60"')),
    ("body-leading", STYLES, style("NoiDung", 'w:after="0"', 'w:after="0" w:line="480"')),
    ("heading-part", BODY, swap("I. TÌNH HÌNH CHUNG", "I. Tình hình chung")),
    ("heading-clause", STYLES, style("Heading2", BOLD, "")),
    ("point", BODY, swap("a) Phương thức", "a. Phương thức")),
    ("end-mark", BODY, swap("kính báo cáo./.", "kính báo cáo.")),
    ("signature", STYLES, style("QuyenHan", BOLD, "")),
    ("authority", BODY, swap(">KT. CHỦ TỊCH<", ">CHỦ TỊCH<")),
    ("signer", BODY, swap('<w:pStyle w:val="HoTen"/></w:pPr>',
        '<w:pStyle w:val="HoTen"/></w:pPr><w:r><w:t>ThS. Nguyễn Văn A</w:t></w:r>')),
    ("recipients-head", STYLES, style("NoiNhan", 'w:sz w:val="24"', 'w:sz w:val="28"')),
    ("recipients", BODY, swap("- Lưu: VT, VHXH.", "- Lưu VT")),
    ("recipients", BODY, swap("- Như trên;", "- Các thôn;")),
    ("annex-mentioned", BODY, swap("(số liệu tại Phụ lục II)", "")),
    ("annex-number", BODY, swap(">Phụ lục II<", ">Phụ lục 2<")),
    ("annex-heading", BODY, swap(">Phụ lục I<", ">PHỤ LỤC I<")),
    ("annex-title", BODY, swap("CÁC VĂN BẢN CHỈ ĐẠO", "Các văn bản chỉ đạo")),
    ("annex-reference", STYLES, style("PhuLucKemTheo", ITALIC, "")),
    ("annex-reference", BODY, swap("(Kèm theo Báo cáo", "(Theo Báo cáo", 1)),
    ("annex-pages", BODY, last_section('<w:pgNumType w:start="1"/>', "")),
    ("annex-pages", BODY, last_section("nextPage", "continuous")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "part", "change"), BREAKS)
def test_a_broken_rule_is_named(final, tmp_path, rule, part, change):
    parts = read_package(final)
    before = parts[part].decode()
    broken = change(before)
    assert broken != before
    path = tmp_path / "van-ban.docx"
    write_package(parts | {part: broken.encode()}, path)
    failed = {result.rule: result for result in lint(path) if result.outcome == "fail"}
    assert rule in failed
    assert all(failed[rule].messages)
    assert failed[rule].basis.startswith("NĐ 30/2020/NĐ-CP, Phụ lục I")


def test_every_rule_is_broken_once():
    assert {rule for rule, _, _ in BREAKS} == {rule.id for rule in RULES}


def test_most_breaks_touch_one_rule_only(final, tmp_path):
    """A rule that fails for another's fault would send an officer to the wrong place."""
    alone = 0
    for index, (rule, part, change) in enumerate(BREAKS):
        parts = read_package(final)
        path = tmp_path / f"{index}.docx"
        write_package(parts | {part: change(parts[part].decode()).encode()}, path)
        failed = {result.rule for result in lint(path) if result.outcome == "fail"}
        alone += failed == {rule}
    assert alone >= len(BREAKS) * 0.8


@pytest.mark.parametrize("date", ["ngày 5 tháng 6", "ngày 05 tháng 06", "ngày 12 tháng 2"])
def test_zeros_of_the_date_are_the_decrees(final, tmp_path, date):
    for shown, wrong in ((date, True), ("ngày 05 tháng 6", False), ("ngày 12 tháng 02", False)):
        parts = read_package(final)
        body = re.sub(r"ngày\s+tháng\s+năm", f"{shown} năm 2026", parts[BODY].decode())
        path = tmp_path / "van-ban.docx"
        write_package(parts | {BODY: body.encode()}, path)
        failed = {result.rule for result in lint(path) if result.outcome == "fail"}
        assert ("place-date" in failed) is wrong


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (paragraph("TieuNgu", "_" * 24), True),  # 24 x 7 = 168 of 171 pt
        (paragraph("TieuNgu", "_" * 6), False),
        ('<w:p><w:r><w:pict><v:line from="0,0" to="170pt,0"/></w:pict></w:r></w:p>', True),
        ('<w:p><w:pPr><w:pBdr><w:bottom w:val="single"/></w:pBdr></w:pPr></w:p>', True),
        (paragraph("TieuNgu", ""), False),
    ],
)
def test_a_line_may_be_drawn_in_other_ways(final, tmp_path, line, right):
    parts = read_package(final)
    body = without_line("Đường kẻ dưới tiêu ngữ")(parts[BODY].decode())
    body = re.sub(r"(Hạnh phúc</w:t></w:r></w:p>)", rf"\1{line}", body, count=1)
    path = tmp_path / "van-ban.docx"
    write_package(parts | {BODY: body.encode()}, path)
    failed = {result.rule for result in lint(path) if result.outcome == "fail"}
    assert ("motto-line" not in failed) is right


def test_a_typed_line_is_no_name_of_an_office(final, tmp_path):
    parts = read_package(final)
    body = without_line("Đường kẻ dưới tên cơ quan")(parts[BODY].decode())
    line = paragraph("CoQuanBanHanh", "_" * 7)
    body = re.sub(r"(XÃ LONG PHỤNG</w:t></w:r></w:p>)", rf"\1{line}", body, count=1)
    path = tmp_path / "van-ban.docx"
    write_package(parts | {BODY: body.encode()}, path)
    assert {result.rule for result in lint(path) if result.outcome == "fail"} == set()


def test_a_number_below_ten_takes_a_zero(final, tmp_path):
    parts = read_package(final)
    body = re.sub(r"Số:\s+/", "Số: 7/", parts[BODY].decode())
    path = tmp_path / "van-ban.docx"
    write_package(parts | {BODY: body.encode()}, path)
    failed = {result.rule for result in lint(path) if result.outcome == "fail"}
    assert failed == {"number"}


def test_results_are_told_as_text_and_as_json(final, tmp_path):
    parts = read_package(final)
    path = tmp_path / "van-ban.docx"
    body = parts[BODY].decode().replace(">Phụ lục II<", ">Phụ lục 2<")
    write_package(parts | {BODY: body.encode()}, path)
    results = lint(path)
    told = as_text(results)
    assert "CHƯA ĐẠT: Từ hai Phụ lục trở lên đánh số La Mã" in told
    assert "Mục III.1.a" in told
    assert "“Phụ lục 2”: phải là “Phụ lục II”" in told
    read = json.loads(as_json(results))
    assert len(read) == len(RULES)
    assert {entry["outcome"] for entry in read} <= {"pass", "fail", "not-applicable"}
    assert next(entry for entry in read if entry["rule"] == "annex-number")["outcome"] == "fail"


def test_what_is_no_word_file_is_refused(tmp_path):
    path = tmp_path / "van-ban.docx"
    for content in (b"", b"text", b"PK\x05\x06" + b"\x00" * 18):
        path.write_bytes(content)
        with pytest.raises(NotAWordFileError, match=r"van-ban\.docx"):
            lint(path)


def test_a_part_that_is_missing_is_a_fault_of_the_file(final, tmp_path):
    parts = read_package(final)
    path = tmp_path / "van-ban.docx"
    write_package({name: part for name, part in parts.items() if name != HEADER}, path)
    with pytest.raises(NotAWordFileError, match=r"van-ban\.docx, word/header1\.xml"):
        lint(path)


def test_a_document_that_says_nothing_of_its_pages_fails_their_rules(final, tmp_path):
    parts = read_package(final)
    body = re.sub("<w:sectPr.*?</w:sectPr>", "", parts[BODY].decode(), flags=re.DOTALL)
    path = tmp_path / "van-ban.docx"
    write_package(parts | {BODY: body.encode()}, path)
    failed = {result.rule for result in lint(path) if result.outcome == "fail"}
    assert {"paper", "margins", "page-number"} <= failed
