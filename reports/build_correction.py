"""Generates the Word template of a correction of an issued report (đính chính).

Made of the report template's own parts, so that both look alike. Run ``python -m
reports.build_correction`` after a change; the same settings give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from reports.build_template import (
    DECLARATION,
    ROOT,
    ROW,
    Column,
    draft_notice,
    each,
    filled_table,
    head,
    paragraph,
    section,
    signature,
    tag,
)
from reports.build_template import parts as report_parts
from reports.package import write_package

DESTINATION = Path(__file__).parent / "templates" / "dinh-chinh.docx"


def document() -> str:
    """word/document.xml."""
    columns_ = (
        Column(10, "TT", "thu_tu", "BangGiua"),
        Column(48, "Chỉ tiêu", "chi_tieu", "BangChu"),
        Column(32, "Số liệu đã báo cáo", "da_bao_cao", "BangGiua"),
        Column(32, "Số liệu đính chính", "dinh_chinh", "BangGiua"),
        Column(None, "Văn bản làm thay đổi", "nguon", "BangChu"),
    )
    content = (
        draft_notice()
        + head()
        + each("dong", "mo_dau", paragraph("NoiDung", "{{ dong }}"))
        + paragraph("NgatBang", "")
        + filled_table("dong", columns_, tag("for dong in bang", "tr"), ROW, tag("endfor", "tr"))
        + each("dong", "ket_thuc", paragraph("NoiDung", "{{ dong }}"))
        + signature()
        + paragraph("NgatPhan", "")
        + section()
    )
    return f"{DECLARATION}<w:document {ROOT}><w:body>{content}</w:body></w:document>"


def parts() -> dict[str, bytes]:
    """The template's parts by name, in the order of the package."""
    return {**report_parts(), "word/document.xml": document().encode()}


if __name__ == "__main__":
    write_package(parts(), DESTINATION)
