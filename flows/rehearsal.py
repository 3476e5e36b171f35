"""``hopnhat run --dry-run``, 'gộp thử': what a run would change, without writing anything.

All of it happens in a temporary copy of the data folder; what is published is only read.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from extractors.scratch import scratch
from flows.pipeline import Order, Subject, build_in, read_here, records
from flows.progress import Teller
from flows.settings import Home
from flows.upgrade import require_current

WHY = {
    "corroborated": "trùng với số đã dùng; cộng nữa là tính hai lần",
    "conflicting": "mâu thuẫn, chưa rõ số nào đúng",
    "village": "số của thôn, tổ dân phố đã nằm trong số của xã",
    "other-unit": "không phải của xã cũ nào trong xã mới này",
    "other-day": "số của ngày khác, không gộp với số của ngày báo cáo",
    "rate": "tỷ lệ không cộng, không lấy trung bình; tính lại từ tổng tử số và tổng mẫu số",
    "draft": "của bản dự thảo; đã có bản ký",
    "corrects": "đã có văn bản đính chính",
    "replaces": "đã có văn bản thay thế",
    "later-document": "đã có văn bản ban hành sau",
    "table-over-text": "lời văn khác bảng của cùng văn bản; số trong bảng được dùng",
    "own-figure": "đơn vị khác báo hộ; đã có số của chính đơn vị đó",
    "approximate": "số ước chừng; đã có số chính xác",
    "decision": "theo quyết định",
    "not-exact": "số quá lớn hoặc quá nhiều chữ số thập phân",
    "no-unit": "chưa rõ của đơn vị nào",
    "no-date": "chưa rõ của ngày nào",
    "unit-of-measure": "khác đơn vị tính của chỉ tiêu",
}
"""Why a figure must not be added (``rehearsal_unused.sql``)."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would change, in words; ``blocking`` findings would be open after it."""

    words: str
    blocking: int


def rehearse(order: Order, tell: Teller) -> Rehearsal:
    """What a run of the order would change against the published warehouse. Raises RunError."""
    if order.warehouse.is_file():
        require_current(order.warehouse)
    with scratch("rehearsal") as folder:
        home = copied(order.home, folder / "home")
        made = build_in(folder, replace(order, home=home), read_here, tell)
        published = order.warehouse if order.warehouse.is_file() else None
        (counts,) = records(made.warehouse, "counts")
        words = "\n".join(_compared(made.warehouse, published, made.about))
        return Rehearsal(words, counts["blocking"])


def copied(home: Home, to: Path) -> Home:
    """The data folder's catalogue, decisions and cache; what never changes in place is linked."""
    to.mkdir()
    for place in (home.cache, home.path / "catalog"):
        if place.is_dir():
            shutil.copytree(place, to / place.name, copy_function=_link)
    for place in (home.decisions, home.received):
        if place.is_file():
            shutil.copy2(place, to / place.name)
    return Home(to)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def _compared(built: Path, published: Path | None, about: Subject) -> Iterator[str]:
    yield f"GỘP THỬ cho {about.unit}, ngày {about.as_of:%d/%m/%Y}: chưa ghi gì."
    if published is None:
        yield "Chưa có kho dữ liệu đã công bố: mọi số liệu đều là mới."
    yield from _documents(_rows(built, "documents"), _rows(published, "documents"))
    figures = {"unit": about.unit}
    new = {row["key"]: row for row in _rows(built, "rehearsal_figures", **figures)}
    old = {row["key"]: row for row in _rows(published, "rehearsal_figures", **figures)}
    yield from _section("Thêm", [_figure("+", new[key]) for key in new if key not in old])
    yield from _section(
        "Đổi",
        [
            f"~ {key}: {_value(old[key])} → {_value(new[key])}{_equation(new[key])}"
            for key in new
            if key in old and _content(old[key]) != _content(new[key])
        ],
    )
    yield from _section("Mất", [_figure("-", old[key]) for key in old if key not in new])
    yield from _unused(built, published, about)
    yield from _blocking(built, published)


def _documents(new: Sequence[Mapping[str, Any]], old: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    before, now = ({row["document"] for row in rows} for rows in (old, new))
    yield from _section(
        "Văn bản mới", [f"+ {row['file_name']}" for row in new if row["document"] not in before]
    )
    yield from _section(
        "Văn bản không còn", [f"- {row['file_name']}" for row in old if row["document"] not in now]
    )


def _unused(built: Path, published: Path | None, about: Subject) -> Iterator[str]:
    """The figures that must not be added, first those that the published warehouse lacks."""
    asked = {"unit": about.unit, "as_of": about.as_of}
    known = {
        (row["observation"], row["reason"]) for row in _rows(published, "rehearsal_unused", **asked)
    }
    rows = _rows(built, "rehearsal_unused", **asked)
    fresh = [row for row in rows if (row["observation"], row["reason"]) not in known]
    yield from _section("Không được cộng", [_refused(row) for row in fresh])
    others = Counter(row["reason"] for row in rows) - Counter(row["reason"] for row in fresh)
    if others:
        yield f"Không được cộng, như lần trước: {others.total()} số liệu"
        for reason, number in sorted(others.items()):
            yield f"  {number} số: {WHY[reason]}"


def _refused(row: Mapping[str, Any]) -> str:
    from reports.vietnamese import day  # noqa: PLC0415
    from reports.workbook import MEASURES  # noqa: PLC0415

    said = (
        row["unit_name"] or "chưa rõ đơn vị",
        row["indicator_name"] or row["label"],
        MEASURES[row["measure"]],
        day(row["as_of"]) if row["as_of"] else "chưa rõ ngày",
    )
    return f"! {' · '.join(said)}: {_value(row)}, {_place(row)}: {WHY[row['reason']]}"


def _blocking(built: Path, published: Path | None) -> Iterator[str]:
    known = {row["finding"] for row in _rows(published, "findings", notes=False) if row["blocking"]}
    rows = [row for row in _rows(built, "findings", notes=False) if row["blocking"]]
    yield from _section(
        "Phải xử lý trước khi ban hành, mới",
        [f"! {_place(row)}: {row['message']}" for row in rows if row["finding"] not in known],
    )
    gone = known - {row["finding"] for row in rows}
    if gone:
        yield f"Điểm phải xử lý không còn nữa: {len(gone)}"


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}: {len(lines)}"
        yield from (f"  {line}" for line in lines)
    elif title in {"Thêm", "Đổi", "Mất"}:
        yield f"{title}: không có gì"


def _rows(warehouse: Path | None, query: str, **parameters: object) -> list[dict[str, Any]]:
    return [] if warehouse is None else records(warehouse, query, **parameters)


def _content(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("value", "lower", "upper", "status", "equation"))


def _figure(sign: str, row: Mapping[str, Any]) -> str:
    return f"{sign} {row['key']} ({row['indicator_name']}): {_value(row)}{_equation(row)}"


def _equation(row: Mapping[str, Any]) -> str:
    from reports.notes import STATUSES  # noqa: PLC0415

    if row["equation"]:
        return f"; {row['equation']}"
    return f"; {STATUSES.get(row['status'], row['status'])}" if row["value"] is None else ""


def _value(row: Mapping[str, Any]) -> str:
    from flows.tracing import value_of  # noqa: PLC0415

    return value_of(row)


def _place(row: Mapping[str, Any]) -> str:
    from reports.report import place  # noqa: PLC0415

    return place(SimpleNamespace(**row))
