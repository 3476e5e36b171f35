from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import example
import pytest

from reports import build_template
from reports.package import read_package, write_package
from reports.report import TEMPLATES, render_report, report_fields
from reports.template import EXAMPLE, BadTemplateError, check_template, fill_in

TEMPLATE = TEMPLATES / "xa-hoi-hoc-tap.docx"
BODY = "word/document.xml"


def changed(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """The template with text of a part put in the place of another."""
    parts = read_package(TEMPLATE)
    for part, old, new in changes:
        text = parts[part].decode()
        assert old in text
        parts[part] = text.replace(old, new, 1).encode()
    path = folder / "mau.docx"
    write_package(parts, path)
    return path


def test_the_template_is_what_its_settings_give():
    made = build_template.parts()
    assert read_package(TEMPLATE) == made


def test_the_template_has_no_fault():
    assert check_template(TEMPLATE) == ()


@pytest.mark.parametrize(
    ("change", "part", "paragraph", "message"),
    [
        ((BODY, "{{ trich_yeu }}", "{{ trich_yu }}"), "phần thân", "{{ trich_yu }}", "“trich_yu”"),
        ((BODY, "{{ trich_yeu }}", "{{ trich_yeu }"), "phần thân", "{{ trich_yeu }", "sai cú pháp"),
        ((BODY, "{%p endfor %}", "{%p endif %}"), "phần thân", "{% endif %}", "sai cú pháp"),
        ((BODY, "{{ dong.ghi_chu }}", "{{ dong.chu }}"), "phần thân", "{{ dong.chu }}", "“chu”"),
        ((BODY, "{{ kinh_gui }}", ""), "toàn văn", "", "thiếu trường “kinh_gui”"),
        (
            ("word/header1.xml", "{%r if nhap %}", "{%r if nháp %}"),
            "đầu trang",
            "{% if nháp %}",
            "“nháp”",
        ),
        (
            ("word/footer1.xml", "{{ van_de|length }}", "{{ van_de|dem }}"),
            "chân trang",
            "van_de|dem",
            "không có phép biến đổi “dem”",
        ),
        ((BODY, "{{ don_vi|upper }}", "{{ don_vi.__class__ }}"), "phần thân", "__class__", "phép"),
        (
            (BODY, "{{ don_vi|upper }}", "{{ don_vi * 1000000 }}"),
            "phần thân",
            "don_vi * 1000000",
            "không được phép",
        ),
        ((BODY, "{{ don_vi|upper }}", "{{ range(9) }}"), "phần thân", "range(9)", "“range”"),
        ((BODY, "{{ don_vi|upper }}", "{{ 1 / 0 }}"), "phần thân", "1 / 0", "không tính được"),
    ],
)
def test_each_fault_is_named_with_its_place(tmp_path, change, part, paragraph, message):
    faults = check_template(changed(tmp_path, change))
    assert len(faults) == 1
    assert faults[0].part == part
    assert paragraph in faults[0].paragraph
    assert message in faults[0].message


def test_a_field_that_word_has_split_over_runs_is_one_field(tmp_path):
    runs = "{{ trich</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>_yeu }}"
    assert check_template(changed(tmp_path, (BODY, "{{ trich_yeu }}", runs))) == ()


def test_faults_of_several_parts_are_told_at_once(tmp_path):
    faults = check_template(
        changed(
            tmp_path,
            (BODY, "{{ trich_yeu }}", "{{ mot }}"),
            ("word/footer1.xml", "{{ van_de|length }}", "{{ hai }}"),
        )
    )
    assert [fault.message for fault in faults] == [
        "không có trường “mot”",
        "không có trường “hai”",
    ]


def test_a_file_that_is_no_word_file_is_said_to_be_none(tmp_path):
    path = tmp_path / "mau.docx"
    for content in (b"", b"PK\x03\x04rubbish", b"text"):
        path.write_bytes(content)
        with pytest.raises(BadTemplateError, match=r"mau\.docx.*không mở được"):
            check_template(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "a")
    with pytest.raises(BadTemplateError, match="không mở được"):
        check_template(path)


def test_a_faulty_template_writes_nothing(tmp_path):
    template = changed(tmp_path, (BODY, "{{ don_vi|upper }}", "{{ don_vi.__init__ }}"))
    destination = tmp_path / "bao-cao.docx"
    with pytest.raises(BadTemplateError, match="__init__"):
        fill_in(template, EXAMPLE, destination, example.AT)
    assert not destination.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["mau.docx"]


def test_what_is_filled_in_is_text_and_never_a_template(tmp_path):
    risky = "{{ 7 * 7 }} {% for x in y %} {{ don_vi }} <w:p>&amp;\x07\x0c\x00\ufffe"
    fields = report_fields(example.facts(), example.catalogue())
    destination = tmp_path / "bao-cao.docx"
    fill_in(TEMPLATE, replace(fields, mo_dau=(risky,)), destination, example.AT)
    body = read_package(destination)[BODY].decode()
    assert "{{ 7 * 7 }} {% for x in y %} {{ don_vi }} &lt;w:p&gt;&amp;amp;</w:t>" in body


def test_an_officers_own_template_goes_before_the_shipped_one(tmp_path):
    own = tmp_path / "templates"
    own.mkdir()
    changed(own, (BODY, "PHÓ CHỦ TỊCH", "CHỦ TỊCH")).rename(own / TEMPLATE.name)
    facts, catalogue = example.facts(), example.catalogue()
    for templates, signs in ((own, False), (tmp_path, True)):
        report = render_report(facts, catalogue, tmp_path / "out", templates=templates)
        assert ("PHÓ CHỦ TỊCH" in read_package(report)[BODY].decode()) is signs
