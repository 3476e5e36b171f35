"""Generates the Word template of a consolidated report from the settings below.

The layout is Nghị định 30/2020/NĐ-CP, Phụ lục I: the settings' comments name the article (Phần I,
Mục, khoản) each rests on. The result is an ordinary .docx that an officer edits in Word: every
paragraph has a named style, every part that is filled in is a field such as ``{{ trich_yeu }}``.
Run ``python -m reports.build_template`` after a change; the same settings give the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reports.package import write_package

DESTINATION = Path(__file__).parent / "templates" / "xa-hoi-hoc-tap.docx"

Alignment = Literal["left", "center", "right", "both"]


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: sizes and distances in points, ``first_line`` in millimetres.

    ``level`` is the outline level (0 = topmost) that Word's navigation shows.
    """

    id: str
    name: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    align: Alignment = "left"
    before: float = 0
    after: float = 0
    first_line: float = 0
    level: int | None = None
    keep_next: bool = False
    exact: float | None = None


FONT = "Times New Roman"  # I.4
PAPER = (210, 297)  # I.1: A4, millimetres
MARGINS = {"top": 20, "right": 15, "bottom": 20, "left": 30}  # I.3: 20-25, 15-20, 20-25, 30-35
HEADER_DISTANCE = 10  # the page number stands in the top margin (I.7)
INDENT = 12.7  # II.6.e: 1 cm or 1,27 cm

STYLES = (
    Style("QuocHieu", "Quốc hiệu", 13, bold=True, align="center"),  # II.1.a
    Style("TieuNgu", "Tiêu ngữ", 14, bold=True, align="center"),  # II.1.b
    Style("CoQuanChuQuan", "Cơ quan chủ quản", 13, align="center"),  # II.2.b
    Style("CoQuanBanHanh", "Cơ quan ban hành", 13, bold=True, align="center"),  # II.2.b
    Style("SoKyHieu", "Số, ký hiệu", 13, align="center", before=6),  # II.3.c
    Style("DiaDanh", "Địa danh, thời gian", 14, italic=True, align="center", before=6),  # II.4.c
    Style("DuongKe", "Đường kẻ", 2, align="center", exact=5),
    Style("TenLoai", "Tên loại", 14, bold=True, align="center", before=18),  # II.5.b
    Style("TrichYeu", "Trích yếu", 14, bold=True, align="center"),  # II.5.b
    Style("KinhGui", "Kính gửi", 14, align="center", before=12, after=6),  # II.9.d
    Style("CanCu", "Căn cứ", 14, italic=True, align="both", before=6, first_line=INDENT),  # II.6.a
    Style("NoiDung", "Nội dung", 14, align="both", before=6, first_line=INDENT),  # II.6.e
    Style(
        "Heading1",
        "heading 1",
        14,
        bold=True,
        align="both",
        before=6,
        first_line=INDENT,
        level=0,
        keep_next=True,
    ),  # V.6.b: "Số thứ tự và tiêu đề của mục", in hoa
    Style(
        "Heading2",
        "heading 2",
        14,
        bold=True,
        align="both",
        before=6,
        first_line=INDENT,
        level=1,
        keep_next=True,
    ),  # V.6.b: khoản with a title
    Style(
        "Heading3",
        "heading 3",
        14,
        bold=True,
        align="both",
        before=6,
        first_line=INDENT,
        level=2,
        keep_next=True,
    ),
    Style(
        "Heading4",
        "heading 4",
        14,
        align="both",
        before=6,
        first_line=INDENT,
        level=3,
        keep_next=True,
    ),  # V.6.b: điểm, "a)", upright
    Style(
        "QuyenHan", "Quyền hạn, chức vụ", 14, bold=True, align="center", keep_next=True
    ),  # II.7.đ
    Style("ChoKy", "Chỗ ký", 14, align="center", keep_next=True),
    Style("HoTen", "Họ tên người ký", 14, bold=True, align="center"),  # II.7.đ
    Style("NoiNhan", "Nơi nhận", 12, bold=True, italic=True, keep_next=True),  # II.9.d
    Style("NoiNhanDong", "Nơi nhận, danh sách", 11),  # II.9.d
    Style("PhuLuc", "Phụ lục", 14, bold=True, align="center", level=0, keep_next=True),  # III.1.b
    Style("PhuLucTen", "Tên phụ lục", 14, bold=True, align="center", keep_next=True),  # III.1.b
    Style(
        "PhuLucKemTheo",
        "Kèm theo văn bản",
        14,
        italic=True,
        align="center",
        after=12,
        keep_next=True,
    ),  # III.1.c
    Style("BangDau", "Bảng, hàng đầu", 12, bold=True, align="center"),
    Style("BangNhom", "Bảng, hàng nhóm", 12, bold=True, keep_next=True),
    Style("BangGiua", "Bảng, canh giữa", 12, align="center"),
    Style("BangChu", "Bảng, chữ", 12),
    Style("SoTrang", "header", 14, align="center"),  # I.7
    Style("ChanTrang", "footer", 11, italic=True, align="center"),
    Style("BanNhap", "Bản nháp, tiêu đề", 14, bold=True, align="center", after=6),
    Style("BieuDoTen", "Biểu đồ, tên", 13, bold=True, align="center", before=12, keep_next=True),
    Style("BieuDo", "Biểu đồ", 13, align="center"),
    Style("NgatPhan", "Ngắt phần", 1, exact=1),
    Style("NgatBang", "Ngắt bảng", 1, exact=10, keep_next=True),
)

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "w10": "urn:schemas-microsoft-com:office:word",
}
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROOT = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def twips(millimetres: float) -> int:
    """Twentieths of a point, rounded up so that a lower limit of the decree is never missed."""
    return math.ceil(round(millimetres * 1440 / 25.4, 6))


TEXT_WIDTH = twips(PAPER[0]) - twips(MARGINS["left"]) - twips(MARGINS["right"])


def run(text: str) -> str:
    """A run of plain text; its form comes from the paragraph's style."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(style: str, content: str, section: str = "") -> str:
    """A paragraph of a style; ``section`` is the w:sectPr that it ends."""
    content = content if content.startswith("<") or not content else run(content)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{section}</w:pPr>{content}</w:p>'


def tag(statement: str, scope: Literal["p", "tr", "tc"] = "p") -> str:
    """A paragraph, a table row or a cell that holds nothing but a Jinja statement, and goes with
    it.
    """
    line = paragraph("NoiDung", f"{{%{scope} {statement} %}}")
    if scope == "p":
        return line
    alone = f"<w:tc><w:tcPr/>{line}</w:tc>"
    return alone if scope == "tc" else f"<w:tr>{alone}</w:tr>"


def rule(name: str) -> str:
    """A drawn line (II.1.b: drawn, not underlined); its length is fitted to the text above it."""
    width = 914400
    shape = (
        f'<wps:wsp><wps:cNvCnPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="0"/>'
        '</a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill>'
        '<a:srgbClr val="000000"/></a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>'
    )
    return paragraph(
        "DuongKe",
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="0"/>'
        f'<wp:docPr id="1" name="{name}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        f'uri="{NAMESPACES["wps"]}">{shape}</a:graphicData></a:graphic></wp:inline></w:drawing>'
        "</mc:Choice></mc:AlternateContent></w:r>",
    )


def section() -> str:
    """A portrait section on its own pages, counted from 1, the number of the first hidden (I.7)."""
    margins = " ".join(f'w:{side}="{twips(size)}"' for side, size in MARGINS.items())
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId10"/>'
        '<w:headerReference w:type="first" r:id="rId11"/>'
        '<w:footerReference w:type="default" r:id="rId12"/>'
        '<w:footerReference w:type="first" r:id="rId13"/>'
        '<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{twips(PAPER[0])}" w:h="{twips(PAPER[1])}"/>'
        f'<w:pgMar {margins} w:header="{twips(HEADER_DISTANCE)}" '
        f'w:footer="{twips(HEADER_DISTANCE)}" w:gutter="0"/>'
        '<w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>'
    )


def cell(width: int, *paragraphs: str, span: int = 1) -> str:
    """A table cell of a width in twips over ``span`` columns."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>'
        f"{''.join(paragraphs)}</w:tc>"
    )


def row(*cells: str, header: bool = False) -> str:
    """A row that does not split over pages; a header row repeats on every page."""
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>"
        f"{''.join(cells)}</w:tr>"
    )


def table(style: str, widths: tuple[int, ...], *rows: str) -> str:
    """A table of fixed column widths in twips."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def columns(*millimetres: float) -> tuple[int, ...]:
    """Column widths in twips; the last takes what the text width leaves."""
    widths = [twips(width) for width in millimetres]
    return (*widths, TEXT_WIDTH - sum(widths))


def head() -> str:
    """Ô 1-5a: quốc hiệu, tiêu ngữ, issuer, số, địa danh, tên loại, trích yếu; ô 9a: Kính gửi."""
    left, right = columns(62)
    return "".join(
        (
            table(
                "KhongKe",
                (left, right),
                row(
                    cell(
                        left,
                        paragraph("CoQuanBanHanh", "ỦY BAN NHÂN DÂN"),
                        paragraph("CoQuanBanHanh", "{{ don_vi|upper }}"),
                        rule("Đường kẻ dưới tên cơ quan"),
                    ),
                    cell(
                        right,
                        paragraph("QuocHieu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
                        paragraph("TieuNgu", "Độc lập - Tự do - Hạnh phúc"),
                        rule("Đường kẻ dưới tiêu ngữ"),
                    ),
                ),
                row(
                    cell(left, paragraph("SoKyHieu", "Số: {{ so }}/BC-UBND")),
                    cell(
                        right,
                        paragraph(
                            "DiaDanh",
                            "{{ dia_danh }}, ngày {{ ngay }} tháng {{ thang }} năm {{ nam }}",
                        ),
                    ),
                ),
            ),
            paragraph("TenLoai", "BÁO CÁO"),
            paragraph("TrichYeu", "{{ trich_yeu }}"),
            rule("Đường kẻ dưới trích yếu"),
            paragraph("KinhGui", "Kính gửi: {{ kinh_gui }}"),
        )
    )


def each(item: str, items: str, *content: str) -> str:
    """Paragraphs that are repeated for each item."""
    return tag(f"for {item} in {items}") + "".join(content) + tag("endfor")


def body() -> str:
    """Ô 6: căn cứ, opening, outline with its paragraphs, closing."""
    levels = {"muc": "Heading1", "khoan": "Heading2", "tieu_khoan": "Heading3", "diem": "Heading4"}
    choices = "".join(
        tag(f"{'if' if kind == 'muc' else 'elif'} phan.loai == '{kind}'")
        + paragraph(style, "{{ phan.van_ban|upper }}" if kind == "muc" else "{{ phan.van_ban }}")
        for kind, style in levels.items()
    )
    text = tag("else") + paragraph("NoiDung", "{{ phan.van_ban }}") + tag("endif")
    return (
        each("dong", "can_cu", paragraph("CanCu", "{{ dong }}"))
        + each("dong", "mo_dau", paragraph("NoiDung", "{{ dong }}"))
        + each("phan", "noi_dung", choices, text)
        + each("dong", "ket_thuc", paragraph("NoiDung", "{{ dong }}"))
    )


def signature() -> str:
    """Ô 7a-7c and 9b: who signs, and nơi nhận on the same line."""
    left, right = columns(85)
    recipients = (
        paragraph("NoiNhan", "Nơi nhận:"),
        each("noi", "noi_nhan", paragraph("NoiNhanDong", "- {{ noi }}")),
    )
    signer = (
        paragraph("QuyenHan", "TM. ỦY BAN NHÂN DÂN"),
        paragraph("QuyenHan", "KT. CHỦ TỊCH"),
        paragraph("QuyenHan", "PHÓ CHỦ TỊCH"),
        *(paragraph("ChoKy", "") for _ in range(4)),
        paragraph("HoTen", "{{ nguoi_ky }}"),
    )
    return paragraph("NgatBang", "") + table(
        "KhongKe", (left, right), row(cell(left, *recipients), cell(right, *signer))
    )


def annex_head(number: str, title: str) -> str:
    """III.1: 'Phụ lục I', its title, and the document that it goes with."""
    return (
        paragraph("PhuLuc", f"Phụ lục {number}")
        + paragraph("PhuLucTen", f"{{{{ {title}|upper }}}}")
        + paragraph(
            "PhuLucKemTheo",
            run("(Kèm theo Báo cáo số {{ so }}/BC-UBND")
            + "<w:r><w:br/></w:r>"
            + run(
                "ngày {{ ngay }} tháng {{ thang }} năm {{ nam }} của Ủy ban nhân dân {{ don_vi }})"
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that is filled in: width in millimetres (None: what is left), header
    cell, field of the row's item, style of the cells.
    """

    width: float | None
    title: str
    field: str
    style: str


def filled_table(item: str, columns_: tuple[Column, ...], *rows: str) -> str:
    """A ruled table with a repeated header row; ``rows`` hold ROW where the item's row stands."""
    widths = columns(*(column.width for column in columns_ if column.width is not None))
    header = row(
        *(
            cell(width, paragraph("BangDau", column.title))
            for width, column in zip(widths, columns_, strict=True)
        ),
        header=True,
    )
    filled = row(
        *(
            cell(width, paragraph(column.style, f"{{{{ {item}.{column.field} }}}}"))
            for width, column in zip(widths, columns_, strict=True)
        )
    )
    return table("KeBang", widths, header, *(filled if part == ROW else part for part in rows))


ROW = "row of the item"


def directives() -> str:
    """Phụ lục I: the directives, grouped by kind, in order of date."""
    columns_ = (
        Column(10, "TT", "thu_tu", "BangGiua"),
        Column(32, "Số, ký hiệu", "so_ky_hieu", "BangChu"),
        Column(23, "Ngày", "ngay", "BangGiua"),
        Column(30, "Cơ quan ban hành", "co_quan", "BangChu"),
        Column(48, "Trích yếu", "trich_yeu", "BangChu"),
        Column(None, "Xã cũ", "xa_cu", "BangChu"),
    )
    group = cell(TEXT_WIDTH, paragraph("BangNhom", "{{ nhom.ten }}"), span=len(columns_))
    listing = filled_table(
        "van_ban",
        columns_,
        tag("for nhom in phu_luc_1.nhom", "tr"),
        row(group),
        tag("for van_ban in nhom.van_ban", "tr"),
        ROW,
        tag("endfor", "tr"),
        tag("endfor", "tr"),
    )
    return (
        annex_head("I", "phu_luc_1.tieu_de")
        + tag("if phu_luc_1.nhom")
        + listing
        + tag("else")
        + paragraph("NoiDung", "Các xã cũ không nêu văn bản chỉ đạo nào.")
        + tag("endif")
    )


def indicators() -> str:
    """Phụ lục II: the indicators with the columns of the report type."""
    columns_ = (
        Column(11, "{{ phu_luc_2.cot.thu_tu }}", "thu_tu", "BangGiua"),
        Column(50, "{{ phu_luc_2.cot.noi_dung }}", "noi_dung", "BangChu"),
        Column(32, "{{ phu_luc_2.cot.muc_tieu }}", "muc_tieu", "BangGiua"),
        Column(32, "{{ phu_luc_2.cot.ket_qua }}", "ket_qua", "BangGiua"),
        Column(None, "{{ phu_luc_2.cot.ghi_chu }}", "ghi_chu", "BangChu"),
    )
    mark, label, *rest = columns(11, 50, 32, 32)
    group = row(
        cell(mark, paragraph("BangDau", "{{ dong.thu_tu }}")),
        cell(label, paragraph("BangNhom", "{{ dong.noi_dung }}")),
        *(cell(width, paragraph("BangGiua", "")) for width in rest),
    )
    return annex_head("II", "phu_luc_2.tieu_de") + filled_table(
        "dong",
        columns_,
        tag("for dong in phu_luc_2.dong", "tr"),
        tag("if dong.la_nhom", "tr"),
        group,
        tag("else", "tr"),
        ROW,
        tag("endif", "tr"),
        tag("endfor", "tr"),
    )


def comparison() -> str:
    """Phụ lục III: the former communes side by side, as many columns as there are, and charts."""
    mark, label, unit = columns(11, 128)

    def line(style: str, first: str, second: str, side: str, sides: str, whole: str) -> str:
        return "".join(
            (
                cell(mark, paragraph("BangDau" if style == "BangDau" else "BangGiua", first)),
                cell(
                    label,
                    paragraph(
                        "BangNhom"
                        if sides == "dong.o" and style == "BangDau"
                        else "BangDau"
                        if style == "BangDau"
                        else "BangChu",
                        second,
                    ),
                ),
                tag(f"for o in {sides}", "tc"),
                cell(unit, paragraph(style, side)),
                tag("endfor", "tc"),
                cell(unit, paragraph(style, whole)),
            )
        )

    heads = line("BangDau", "TT", "Nội dung chỉ tiêu", "{{ o }}", "phu_luc_3.xa", "Toàn xã")
    filled = ("{{ dong.thu_tu }}", "{{ dong.noi_dung }}", "{{ o }}", "dong.o", "{{ dong.toan_xa }}")
    return (
        annex_head("III", "phu_luc_3.tieu_de")
        + table(
            "KeBang",
            (mark, label, unit),
            row(heads, header=True),
            tag("for dong in phu_luc_3.dong", "tr"),
            tag("if dong.la_nhom", "tr"),
            row(line("BangDau", *filled)),
            tag("else", "tr"),
            row(line("BangGiua", *filled)),
            tag("endif", "tr"),
            tag("endfor", "tr"),
        )
        + paragraph("NoiDung", "Dấu “–”: xã cũ không báo cáo, hoặc chưa gộp được.")
        + each(
            "hinh",
            "phu_luc_3.bieu_do",
            paragraph("BieuDoTen", "{{ hinh.ten }}"),
            paragraph("BieuDo", "{{ hinh.hinh }}"),
        )
    )


def draft_notice() -> str:
    """The page before a draft: what blocks issuing. It is no part of the report's pages."""
    columns_ = (
        Column(10, "TT", "thu_tu", "BangGiua"),
        Column(55, "Tài liệu, vị trí", "vi_tri", "BangChu"),
        Column(None, "Vấn đề phải xử lý", "noi_dung", "BangChu"),
    )
    return (
        tag("if nhap")
        + paragraph("BanNhap", "BẢN NHÁP - CHƯA ĐỦ ĐIỀU KIỆN BAN HÀNH")
        + paragraph(
            "NoiDung",
            "Còn {{ van_de|length }} vấn đề phải xử lý trước khi trình ký. Mỗi vấn đề có trong "
            "trang tính “Phát hiện” của sổ đối chiếu. Khi không còn vấn đề nào, trang này và dấu "
            "“BẢN NHÁP” trên các trang không còn.",
        )
        + paragraph("NgatBang", "")
        + filled_table("muc", columns_, tag("for muc in van_de", "tr"), ROW, tag("endfor", "tr"))
        + paragraph("NgatPhan", "", section())
        + tag("endif")
    )


def document() -> str:
    """word/document.xml."""
    content = (
        draft_notice()
        + head()
        + body()
        + signature()
        + paragraph("NgatPhan", "", section())
        + directives()
        + paragraph("NgatPhan", "", section())
        + indicators()
        + tag("if phu_luc_3")
        + paragraph("NgatPhan", "", section())
        + comparison()
        + tag("endif")
        + paragraph("NgatPhan", "")
        + section()
    )
    return f"{DECLARATION}<w:document {ROOT}><w:body>{content}</w:body></w:document>"


def watermark(identity: int) -> str:
    """The stamp BẢN NHÁP across the page, as Word's own watermark."""
    return (
        run("{%r if nhap %}")
        + '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
        '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{identity}" o:spid="_x0000_s{2048 + identity}" '
        'type="#_x0000_t136" alt="BẢN NHÁP" style="position:absolute;margin-left:0;margin-top:0;'
        "width:430pt;height:107pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'o:allowincell="f" fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".6"/>'
        f'<v:textpath style="font-family:&quot;{FONT}&quot;;font-size:1pt;font-weight:bold" '
        'string="BẢN NHÁP"/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
        + run("{%r endif %}")
    )


PAGE_NUMBER = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
DRAFT_LINE = (
    "{% if nhap %}BẢN NHÁP - còn {{ van_de|length }} vấn đề phải xử lý trước khi ban hành"
    "{% endif %}"
)


def part(kind: Literal["hdr", "ftr"], content: str) -> str:
    """A header or a footer."""
    return f"{DECLARATION}<w:{kind} {ROOT}>{content}</w:{kind}>"


def style_xml(style: Style) -> str:
    """A w:style, based on Normal."""
    spacing = f'w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"'
    if style.exact is not None:
        spacing += f' w:line="{round(style.exact * 20)}" w:lineRule="exact"'
    following = '<w:next w:val="NoiDung"/>' if style.id.startswith("Heading") else ""
    outline = "" if style.level is None else f'<w:outlineLvl w:val="{style.level}"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/><w:pPr>'
        f"{'<w:keepNext/>' if style.keep_next else ''}<w:spacing {spacing}/>"
        f'<w:ind w:firstLine="{twips(style.first_line)}"/><w:jc w:val="{style.align}"/>'
        f"{outline}</w:pPr><w:rPr>"
        f"{'<w:b/><w:bCs/>' if style.bold else ''}{'<w:i/><w:iCs/>' if style.italic else ''}"
        f'<w:sz w:val="{round(style.size * 2)}"/><w:szCs w:val="{round(style.size * 2)}"/>'
        "</w:rPr></w:style>"
    )


def table_style(identity: str, name: str, *, ruled: bool) -> str:
    """A table style; cells of a ruled table have thin lines and a little room beside the text."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides
    )
    borders = f"<w:tblBorders>{lines}</w:tblBorders>"
    room, height = (70, 30) if ruled else (0, 0)
    middle = '<w:tcPr><w:vAlign w:val="center"/></w:tcPr>' if ruled else ""
    return (
        f'<w:style w:type="table" w:styleId="{identity}"><w:name w:val="{name}"/><w:pPr>'
        '<w:spacing w:before="0" w:after="0"/></w:pPr><w:tblPr>'
        f"{borders if ruled else ''}<w:tblCellMar>"
        f'<w:top w:w="{height}" w:type="dxa"/><w:left w:w="{room}" w:type="dxa"/>'
        f'<w:bottom w:w="{height}" w:type="dxa"/><w:right w:w="{room}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr>{middle}</w:style>"
    )


def styles() -> str:
    """word/styles.xml."""
    fonts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f'{DECLARATION}<w:styles xmlns:w="{NAMESPACES["w"]}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts {fonts}/><w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        + table_style("KeBang", "Bảng kẻ khung", ruled=True)
        + table_style("KhongKe", "Bảng không khung", ruled=False)
        + "".join(style_xml(style) for style in STYLES)
        + "</w:styles>"
    )


SETTINGS = (
    f'{DECLARATION}<w:settings xmlns:w="{NAMESPACES["w"]}"><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat></w:settings>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = {
    "rId1": ("styles", "styles.xml"),
    "rId2": ("settings", "settings.xml"),
    "rId10": ("header", "header1.xml"),
    "rId11": ("header", "header2.xml"),
    "rId12": ("footer", "footer1.xml"),
    "rId13": ("footer", "footer2.xml"),
}


def relationships(targets: dict[str, tuple[str, str]]) -> str:
    """A .rels part: id -> (type, target)."""
    entries = "".join(
        f'<Relationship Id="{identity}" Type="{kind}" Target="{target}"/>'
        for identity, (kind, target) in targets.items()
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def content_types() -> str:
    """[Content_Types].xml."""
    overrides = {"word/document.xml": f"{WORD}.document.main+xml"} | {
        f"word/{target}": f"{WORD}.{kind}+xml" for kind, target in PARTS.values()
    }
    overrides["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    entries = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    )


CORE_PROPERTIES = (
    f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{{ trich_yeu }}</dc:title><dc:creator>UBND {{ don_vi }}</dc:creator>"
    "<dc:language>vi-VN</dc:language></cp:coreProperties>"
)


def parts() -> dict[str, bytes]:
    """The template's parts by name, in the order of the package."""
    number = paragraph("SoTrang", watermark(1) + PAGE_NUMBER)
    hidden = paragraph("SoTrang", watermark(2))
    footer = part("ftr", paragraph("ChanTrang", DRAFT_LINE))
    return {
        name: text.encode()
        for name, text in {
            "[Content_Types].xml": content_types(),
            "_rels/.rels": relationships(
                {
                    "rId1": (f"{OFFICE}/officeDocument", "word/document.xml"),
                    "rId2": (
                        f"{PACKAGE}/relationships/metadata/core-properties",
                        "docProps/core.xml",
                    ),
                }
            ),
            "docProps/core.xml": CORE_PROPERTIES,
            "word/document.xml": document(),
            "word/_rels/document.xml.rels": relationships(
                {key: (f"{OFFICE}/{kind}", target) for key, (kind, target) in PARTS.items()}
            ),
            "word/styles.xml": styles(),
            "word/settings.xml": SETTINGS,
            "word/header1.xml": part("hdr", number),
            "word/header2.xml": part("hdr", hidden),
            "word/footer1.xml": footer,
            "word/footer2.xml": footer,
        }.items()
    }


if __name__ == "__main__":
    write_package(parts(), DESTINATION)
