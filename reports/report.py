"""The consolidated report, .docx, laid out by Nghị định 30/2020/NĐ-CP, Phụ lục I.

Layout and fixed words stand in the Word template (``reports/templates``), what a report type says
in ``catalog/reports``, figures, paragraphs and directives in the warehouse. Nothing else is added.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.charts import Chart, place_charts
from reports.comparison import WIDEST_UPRIGHT, Comparison
from reports.facts import Cited, Doubt, Facts, Passage, facts_of
from reports.notes import Table
from reports.prose import narrated
from reports.template import Fields, Part, fill_in, within_limits
from reports.typeface import EMU_PER_POINT, text_width
from reports.vietnamese import day, day_in_text, listing, order

if TYPE_CHECKING:
    from docx.document import Document

    from catalog.catalogue import Catalogue
    from catalog.model import AnnexRow, Report, Unit
    from extractors.sandbox import Limits

TEMPLATES = Path(__file__).parent / "templates"
BLANK = "\u00a0" * 6
"""Left for the clerk (văn thư): number and day are given when the report is registered."""
KINDS = ("muc", "khoan", "tieu_khoan", "diem")
"""Kinds of heading by the depth of the outline; deeper ones are 'điểm' too."""
HIGHEST = ("Luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Quyết định", "Chỉ thị", "Thông tư")
"""Kinds of legal document by rank (Luật Ban hành văn bản quy phạm pháp luật); the others follow in
the decree's order, công văn last."""
DISPATCH = "công văn"
UNKNOWN = "chưa rõ"
"""In the place of a directive's number, day, issuer or title that no document gives."""
END = "./."
"""Ends the text (Phụ lục III, Mẫu 1.4)."""


def write_report(
    warehouse: Path,
    catalogue: Catalogue,
    report_id: str,
    unit: str,
    as_of: date,
    destination: Path,
    *,
    templates: Path = TEMPLATES,
    limits: Limits | None = None,
) -> Path:
    """Writes ``bao-cao-UNIT-REPORT.docx`` in the folder ``destination`` and returns its path.

    The report type's template is looked for in the folder ``templates``, then among the shipped.

    Raises KeyError for a report or unit that the catalogue does not know, duckdb.IOException where
    there is no warehouse, BadTemplateError where the report type's template is at fault.
    """
    facts = facts_of(warehouse, catalogue, report_id, unit, as_of)
    return render_report(facts, catalogue, destination, templates=templates, limits=limits)


def render_report(
    facts: Facts,
    catalogue: Catalogue,
    destination: Path,
    *,
    templates: Path = TEMPLATES,
    limits: Limits | None = None,
) -> Path:
    """Writes the report of the facts in the folder ``destination``; the same facts, the same bytes.

    A template that is none of the shipped ones is filled in by a child process within the limits,
    since what it may ask for has no bounds of its own. Raises BadTemplateError.
    """
    path = destination / f"bao-cao-{facts.unit}-{facts.report}.docx"
    destination.mkdir(parents=True, exist_ok=True)
    name = catalogue.reports[facts.report].template
    template = next(
        (place / name for place in (templates, TEMPLATES) if (place / name).is_file()),
        TEMPLATES / name,
    )
    fields, charts = report_fields(facts, catalogue), charts_of(facts, catalogue)
    if template.parent == TEMPLATES:
        _fill_in(template, fields, charts, path, facts.as_of)
    else:
        within_limits(template, limits, _fill_in, template, fields, charts, path, facts.as_of)
    return path


def _fill_in(
    template: Path, fields: Fields, charts: tuple[Chart, ...], path: Path, as_of: date
) -> None:
    def finish(document: Document) -> None:
        fit_rules(document)
        fit_columns(document)
        place_charts(document, charts)

    fill_in(template, fields, path, as_of, finish)


def charts_of(facts: Facts, catalogue: Catalogue) -> tuple[Chart, ...]:
    """The charts of the annex that compares the former communes; none without the annex."""
    report = catalogue.reports[facts.report]
    if report.comparison_title is None:
        return ()
    return Comparison(report, Table(facts, catalogue)).charts()


def report_fields(facts: Facts, catalogue: Catalogue) -> Fields:
    """What the template is filled with."""
    report, unit = catalogue.reports[facts.report], catalogue.units[facts.unit]
    words = sentence_fields(facts, catalogue)
    table = Table(facts, catalogue)

    def said(sentences: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sentence.format_map(words) for sentence in sentences)

    blocking = facts.blocking
    return Fields(
        don_vi=f"{unit.type} {unit.name}",
        dia_danh=unit.name,
        so=BLANK,
        ngay=BLANK,
        thang=BLANK,
        nam=BLANK,
        trich_yeu=report.title.format_map(words),
        kinh_gui=report.addressee.format_map(words).rstrip("."),
        can_cu=_closed(said(report.basis), ";", "."),
        mo_dau=said(report.opening),
        noi_dung=tuple(_outline(report, narrated(facts, table), words)),
        ket_thuc=_ended(said(report.closing)),
        nguoi_ky="",
        noi_nhan=_closed(_recipients(said(report.recipients)), ";", "."),
        phu_luc_1={
            "tieu_de": report.directives_title.format_map(words),
            "nhom": _directives(facts.directives, catalogue),
        },
        phu_luc_2=_indicators(report, table, words),
        phu_luc_3=_comparison(report, table, words),
        nhap=bool(blocking),
        van_de=tuple(_issue(order, doubt) for order, doubt in enumerate(blocking, start=1)),
    )


def sentence_fields(facts: Facts, catalogue: Catalogue) -> dict[str, str]:
    """The fields of a report type's sentences (``catalog.model.Report``)."""
    unit, at = catalogue.units[facts.unit], facts.as_of
    return {
        "unit": f"{unit.type} {unit.name}",
        "province": f"{_province_type(unit, catalogue)} {unit.province}",
        "former_units": listing(_names(facts.former_units, catalogue)),
        "as_of": day_in_text(at),
        "month": f"{at:%m/%Y}",
        "year": str(at.year),
    }


def _names(slugs: Iterable[str], catalogue: Catalogue) -> list[str]:
    """The units' names without their types, in Vietnamese order."""
    return sorted((catalogue.units[slug].name for slug in slugs), key=order)


def _province_type(unit: Unit, catalogue: Catalogue) -> str:
    """'tỉnh' or 'thành phố'."""
    types = (
        other.type
        for other in catalogue.units.values()
        if other.name == unit.province and other.district is None
    )
    return next((kind for kind in types if kind in {"tỉnh", "thành phố"}), "tỉnh")


def _outline(
    report: Report, passages: tuple[Passage, ...], words: Mapping[str, str]
) -> Iterator[Part]:
    """Headings in the report's order, each with the template's and the communes' paragraphs."""
    under: dict[tuple[str, ...], list[Passage]] = {}
    for passage in sorted(passages, key=lambda passage: passage.ordinal):
        under.setdefault(tuple(passage.path), []).append(passage)
    for heading in report.outline:
        yield _heading(heading.path, heading.heading.format_map(words))
        written = [sentence.format_map(words) for sentence in heading.intro]
        written += [
            passage.text for passage in under.pop(heading.path, ()) if passage.text not in written
        ]
        parent = any(
            other.path[: len(heading.path)] == heading.path and other.path != heading.path
            for other in report.outline
        )
        if not written and not parent:
            written = [report.no_content.format_map(words)]
        yield from (_paragraph(text) for text in written)
    # Nothing that the warehouse holds is left out, though the outline has changed since.
    for path, left in under.items():
        yield _heading(path, left[0].heading)
        yield from (_paragraph(passage.text) for passage in left)


def _heading(path: tuple[str, ...], text: str) -> Part:
    kind = KINDS[min(len(path), len(KINDS)) - 1]
    return {"loai": kind, "van_ban": f"{marked(path[-1])} {text}"}


def _paragraph(text: str) -> Part:
    return {"loai": "doan", "van_ban": text}


def marked(mark: str) -> str:
    """A heading's mark with its sign: 'II.', '4.1.', 'a)' (Phụ lục I, II.6.đ)."""
    return f"{mark})" if re.fullmatch("[a-zđ]{1,2}", mark) else f"{mark}."


def _directives(directives: tuple[Cited, ...], catalogue: Catalogue) -> tuple[Part, ...]:
    """Phụ lục I's groups: by kind, the highest first, then by date, number and title."""
    known = [kind for kind in catalogue.family("document-kinds") if kind not in HIGHEST]
    ranks = {kind.casefold(): place for place, kind in enumerate((*HIGHEST, *known))}
    ranks[DISPATCH] = len(ranks)

    def rank(cited: Cited) -> tuple[int, str]:
        kind = unicodedata.normalize("NFC", cited.kind).casefold()
        return ranks.get(kind, len(ranks)), kind

    def sequence(cited: Cited) -> tuple[date, str, str]:
        return cited.issued_on or date.max, cited.number or "", cited.title or ""

    groups = []
    count = 0
    for (_, _), group in groupby(sorted(directives, key=rank), key=rank):
        lines = []
        members = sorted(group, key=sequence)
        for cited in members:
            count += 1
            lines.append(
                {
                    "thu_tu": str(count),
                    "so_ky_hieu": cited.number or UNKNOWN,
                    "ngay": day(cited.issued_on) if cited.issued_on else UNKNOWN,
                    "co_quan": cited.issuer or UNKNOWN,
                    "trich_yeu": cited.title or UNKNOWN,
                    "xa_cu": ", ".join(_names(cited.units, catalogue)),
                }
            )
        groups.append({"ten": members[0].kind, "van_ban": tuple(lines)})
    return tuple(groups)


def _indicators(report: Report, table: Table, words: Mapping[str, str]) -> Part:
    """Phụ lục II."""
    names = ("thu_tu", "noi_dung", "muc_tieu", "ket_qua", "ghi_chu")
    columns = [column.format_map(words) for column in report.columns]
    return {
        "tieu_de": report.indicators_title.format_map(words),
        "cot": dict(zip(names, columns, strict=True)),
        "dong": tuple(_indicator(row, table) for row in report.rows),
    }


def _indicator(row: AnnexRow, table: Table) -> Part:
    line: dict[str, Any] = {"thu_tu": row.mark, "noi_dung": row.label, "la_nhom": True}
    if row.indicator is None:
        return line | {"muc_tieu": "", "ket_qua": "", "ghi_chu": ""}
    return line | {
        "la_nhom": False,
        "muc_tieu": table.shown(table.target(row.indicator)),
        "ket_qua": table.shown(table.result(row.indicator)),
        "ghi_chu": table.note(row.indicator, row.label),
    }


def _comparison(report: Report, table: Table, words: Mapping[str, str]) -> Part | None:
    """Phụ lục III."""
    if report.comparison_title is None:
        return None
    made = Comparison(report, table)
    return made.fields(report.comparison_title.format_map(words), made.charts())


def _issue(order: int, doubt: Doubt) -> Part:
    return {"thu_tu": str(order), "vi_tri": place(doubt), "noi_dung": doubt.message}


def place(item: Any) -> str:
    """'bao-cao.pdf, trang 3, bảng 2, hàng 4, cột 3': places count from 1, as a reader counts."""
    steps = (
        ("trang", item.page, 0),
        ("bảng", item.table, 1),
        ("hàng" if item.table is not None else "đoạn", item.row, 1),
        ("cột", item.column, 1),
    )
    said = [f"{name} {value + shift}" for name, value, shift in steps if value is not None]
    return ", ".join([item.file_name or "toàn bộ báo cáo", *said])


def _closed(lines: tuple[str, ...], sign: str, last: str) -> tuple[str, ...]:
    """The lines with their closing signs (II.6.a, II.9.d)."""
    bare = [line.rstrip(" ;.,") for line in lines]
    return tuple(
        line + (sign if place_ < len(bare) else last) for place_, line in enumerate(bare, start=1)
    )


def _ended(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The closing paragraphs, './.' behind the last."""
    *first, last = lines or ("",)
    return (*first, last.rstrip(" ./") + END)


def _recipients(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Nơi nhận begins with 'Như trên' where there is a 'Kính gửi' (II.9.b)."""
    as_above = "Như trên"
    return lines if lines[:1] == (as_above,) else (as_above, *lines)


RULES = {
    "Đường kẻ dưới tiêu ngữ": Decimal(1),
    "Đường kẻ dưới tên cơ quan": Decimal("0.4"),
    "Đường kẻ dưới trích yếu": Decimal("0.4"),
}
"""Length of each drawn line as a share of the text above it (II.1.b: as long; II.2.b, II.5.b: a
third to a half)."""


def fit_rules(document: Document) -> None:
    """Gives each drawn line of the template its length from the text above it."""
    from docx.text.paragraph import Paragraph  # noqa: PLC0415 - loaded with the template only

    page = document.sections[0]
    sides = (page.left_margin or 0) + (page.right_margin or 0)
    available = Decimal((page.page_width or 0) - sides) / EMU_PER_POINT
    for drawing in document.element.body.iter(f"{{{WP}}}inline"):
        name = drawing.find(f"{{{WP}}}docPr").get("name")
        if name not in RULES:
            continue
        line = next(drawing.iterancestors(f"{{{W}}}p"))
        above = line.getprevious()
        if above is None:
            continue
        paragraph = Paragraph(above, document)
        size = paragraph.style.font.size if paragraph.style is not None else None
        if size is None:
            continue
        points = Decimal(size) / EMU_PER_POINT
        width = min(text_width(paragraph.text, points, bold=True), available)
        length = str(round(RULES[name] * width * EMU_PER_POINT))
        for extent in (drawing.find(f"{{{WP}}}extent"), next(drawing.iter(f"{{{A}}}ext"))):
            extent.set("cx", length)


ROOMY, NARROWEST_LABEL = 1020, 2550
"""Widths in twips: 18 mm hold a commune's name and a figure, 45 mm the words of a row."""


def fit_columns(document: Document) -> None:
    """Gives a table that was filled with more columns than its template has the widths for them:
    the first keeps its own, the second gets a third of the page at most and less where the others,
    which share the rest, would be narrow.
    """
    for table in document.element.body.iter(f"{{{W}}}tbl"):
        whole = table.find(f"{{{W}}}tblPr/{{{W}}}tblW")
        grid = table.find(f"{{{W}}}tblGrid")
        rows = [list(row.iterchildren(f"{{{W}}}tc")) for row in table.iterchildren(f"{{{W}}}tr")]
        given = [_width(cell) for cell in rows[0]] if rows else []
        if sum(given) <= int(whole.get(f"{{{W}}}w")) or {len(row) for row in rows} != {len(given)}:
            continue
        section = table.xpath("following::w:sectPr[1]")[0]
        room = _room(section, turned=len(given) > WIDEST_UPRIGHT)
        left = room - given[0] - ROOMY * (len(given) - 2)
        kept = [given[0], min(given[1], room // 3, max(left, NARROWEST_LABEL))]
        widths = [*kept, *[(room - sum(kept)) // (len(given) - 2)] * (len(given) - 2)]
        whole.set(f"{{{W}}}w", str(sum(widths)))
        for column in list(grid):
            grid.remove(column)
        for width in widths:
            grid.append(grid.makeelement(f"{{{W}}}gridCol", {f"{{{W}}}w": str(width)}))
        for row in rows:
            for cell, width in zip(row, widths, strict=True):
                cell.find(f"{{{W}}}tcPr/{{{W}}}tcW").set(f"{{{W}}}w", str(width))


def _width(cell: Any) -> int:
    """A cell's width in twips, 0 where it says none."""
    width = cell.find(f"{{{W}}}tcPr/{{{W}}}tcW")
    return 0 if width is None else int(width.get(f"{{{W}}}w"))


def _room(section: Any, *, turned: bool) -> int:
    """The width of a section's text in twips, once the paper is turned if that is asked for."""
    size, margins = (section.find(f"{{{W}}}{name}") for name in ("pgSz", "pgMar"))
    width, height = (int(size.get(f"{{{W}}}{side}")) for side in ("w", "h"))
    if turned and width < height:
        width, height = height, width
        size.set(f"{{{W}}}w", str(width))
        size.set(f"{{{W}}}h", str(height))
        size.set(f"{{{W}}}orient", "landscape")
    return width - sum(int(margins.get(f"{{{W}}}{side}")) for side in ("left", "right"))


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
