"""The correction of an issued report (đính chính): its figures as reported and as they are now.

A fault of content is mended by a document of the same form as the faulty one (Nghị định
30/2020/NĐ-CP, Điều 18), so a report is corrected by a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reports.report import BLANK, END, TEMPLATES, fit_rules, report_fields, sentence_fields
from reports.template import Letter, Part, fill_in
from reports.vietnamese import day_in_text

if TYPE_CHECKING:
    from catalog.catalogue import Catalogue
    from reports.facts import Facts

TEMPLATE = TEMPLATES / "dinh-chinh.docx"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A figure that was issued and is another now, in an officer's words.

    ``cause`` says by what, documents by their files' names; ``cited`` as a document cites them.
    """

    key: str
    name: str
    old: str
    new: str
    cause: str
    cited: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An issued report, 'Báo cáo số 12/BC-UBND ngày 05/07/2025', and its figures that changed."""

    title: str
    figures: tuple[Corrected, ...]


@dataclass(frozen=True, slots=True)
class CorrectionFields(Letter):
    """What the template of a correction names: ``bang`` are the lines of its table."""

    bang: tuple[Part, ...]


def write_correction(
    facts: Facts,
    catalogue: Catalogue,
    number: str | None,
    issued_on: date | None,
    corrected: Sequence[Corrected],
    destination: Path,
) -> Path:
    """Writes the correction of the report with that number and day to ``destination``.

    The same input gives the same bytes. What is open in the facts and blocks stamps it BẢN NHÁP.
    """
    values = correction_fields(facts, catalogue, number, issued_on, corrected)
    destination.parent.mkdir(parents=True, exist_ok=True)
    fill_in(TEMPLATE, values, destination, facts.as_of, fit_rules)
    return destination


def correction_fields(
    facts: Facts,
    catalogue: Catalogue,
    number: str | None,
    issued_on: date | None,
    corrected: Sequence[Corrected],
) -> CorrectionFields:
    """What the template is filled with; number and day that nobody has given stay blank."""
    report = report_fields(facts, catalogue)
    subject = catalogue.reports[facts.report].title.format_map(sentence_fields(facts, catalogue))
    which = f"Báo cáo số {number or f'{BLANK}/BC-UBND'} ngày " + (
        day_in_text(issued_on) if issued_on else f"{BLANK}/{BLANK}/{BLANK}"
    )
    body = f"Ủy ban nhân dân {report.don_vi}"
    why = (
        "Sau khi báo cáo được ban hành, văn bản mới nhận hoặc văn bản đính chính của các xã cũ "
        f"làm thay đổi một số số liệu. {body} đính chính như sau:"
    )
    shared = {field.name: getattr(report, field.name) for field in fields(Letter)}
    own = {
        "trich_yeu": f"Đính chính số liệu của {which}",
        "mo_dau": (f"{body} đã ban hành {which} ({subject}).", why),
        "ket_thuc": (
            f"Các nội dung khác của {which} không thay đổi.",
            f"{body} kính báo cáo{END}",
        ),
    }
    return CorrectionFields(
        **(shared | own),
        bang=tuple(
            {
                "thu_tu": str(order),
                "chi_tieu": one.name,
                "da_bao_cao": one.old,
                "dinh_chinh": one.new,
                "nguon": one.cited,
            }
            for order, one in enumerate(corrected, start=1)
        ),
    )
