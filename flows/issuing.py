"""What was sent, frozen in ``$HOPNHAT_HOME/issued/``, and what has changed of it since.

A folder an issue: the report, the workbook, the copy that was sent, and ``manifest.json`` with the
hashes of all that the report was made of and every figure with its operands. A folder appears whole
by renaming and is never written to again.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from extractors.scratch import scratch
from flows.decision_log import LOCAL
from flows.edited import tell_kept
from flows.errors import RunError
from flows.files import UNFINISHED, flush_folder, unfinished, write_whole
from flows.pipeline import Built, Order, Subject, build_in, catalogue_of, read_here, records
from flows.progress import Teller
from flows.publication import hand_over
from flows.rehearsal import copied
from flows.settings import Home

if TYPE_CHECKING:
    from catalog.catalogue import Catalogue
    from reports.correction import Changed, Corrected

MANIFEST = "manifest.json"
DRAFT = "BẢN NHÁP"


class Frozen(BaseModel):
    """A part of a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Frozen):
    """A received document, with what its header says (``documents.sql``)."""

    document: str
    file_name: str
    kind: str | None
    number: str | None
    issued_on: date | None
    unit_name: str | None

    @property
    def cited(self) -> str:
        """'Báo cáo số 9/BC-UBND ngày 25/6/2025 của UBND xã Đức Hiệp'; else its file's name."""
        from reports.vietnamese import day_in_text  # noqa: PLC0415

        if self.number is None or self.issued_on is None:
            return self.file_name
        by = f" của UBND {self.unit_name}" if self.unit_name else ""
        return f"{self.kind or 'Văn bản'} số {self.number} ngày {day_in_text(self.issued_on)}{by}"


class File(Frozen):
    """A file of the issue: ``what`` is 'report', 'workbook' or 'sent'."""

    what: str
    name: str
    sha256: str


class Operand(Frozen):
    """An observation that a figure is made of (``issued_operands.sql``)."""

    key: str
    part: str
    operand_indicator: str
    operand_measure: str
    value: Decimal | None
    observation: str
    document: str
    file_name: str
    page: int | None
    table: int | None
    row: int | None
    column: int | None
    text: str
    unit_name: str
    indicator_name: str | None
    unit_of_measure: str | None
    own_day: date | None = None
    share: Decimal | None = None
    basis: str | None = None
    allocated: Decimal | None = None


class Figure(Frozen):
    """A consolidated figure as it was issued (``issued_figures.sql``) and its operands."""

    key: str
    indicator: str
    as_of: date
    measure: str
    value: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    unit_of_measure: str
    method: str
    equation: str | None
    status: str
    parts_expected: int
    parts_reported: int
    unit_name: str | None
    indicator_name: str | None
    operands: tuple[Operand, ...] = ()


class Manifest(Frozen):
    """What was issued and of what it was made.

    ``as_generated``: the report is the one that the program wrote, nobody has changed it since.
    """

    format: int = 1
    report: str
    unit: str
    as_of: date
    number: str | None
    issued_on: date | None
    signed_by: str | None
    frozen_at: AwareDatetime
    code_version: str
    catalogue: str
    decisions: str | None
    as_generated: bool
    files: tuple[File, ...]
    documents: tuple[Document, ...]
    figures: tuple[Figure, ...]

    @property
    def title(self) -> str:
        """'Báo cáo số 12/BC-UBND ngày 05/07/2025'."""
        number = f" số {self.number}" if self.number else ""
        day = f" ngày {self.issued_on:%d/%m/%Y}" if self.issued_on else ""
        return f"Báo cáo{number}{day}" + ("" if number else f" (số liệu {self.as_of:%d/%m/%Y})")

    def sha256(self, what: str) -> str | None:
        """The hash of a file of the issue."""
        return next((file.sha256 for file in self.files if file.what == what), None)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the officer says of the copy that was sent; ``copy`` is that file, signed."""

    number: str | None = None
    issued_on: date | None = None
    signed_by: str | None = None
    copy: Path | None = None


class BlockedError(RunError):
    """Findings that block issuing are open."""


def issue(order: Order, sent: Sent, tell: Teller) -> Path:
    """Freeze the report of the order as issued; returns the new folder.

    All is built anew beside what is published, which must be the same. Raises BlockedError, and
    RunError where the report is not of the present documents, or was issued already.
    """
    with scratch("issue") as work:
        home = copied(order.home, work / "home")
        made = build_in(work, replace(order, home=home), read_here, tell)
        _refuse_blocked(made.warehouse)
        _refuse_stale(made, order)
        manifest, files = _manifest(made, order, sent, work)
    order.home.issued.mkdir(parents=True, exist_ok=True)
    with FileLock(order.home.issued / ".lock"):
        return _freeze(manifest, files, order.home.issued)


def manifests(home: Home) -> dict[Path, Manifest]:
    """Every issue by its folder, oldest first. Raises RunError for a manifest that is damaged."""
    found = {}
    for path in sorted(home.issued.glob(f"*/{MANIFEST}")):
        if path.parent.name.startswith("."):
            continue
        try:
            found[path.parent] = Manifest.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise RunError(
                f"{path}: bản kê của báo cáo đã ban hành bị hỏng. Lấy lại từ bản sao lưu."
            ) from error
    return dict(sorted(found.items(), key=lambda item: item[1].frozen_at))


def tell_corrections(order: Order, about: Subject, line: Callable[[str], None]) -> list[Path]:
    """Say which issued figures are others now, and draft a correction for each report concerned.

    Raises RunError.
    """
    with scratch("correction") as work:
        return [
            path
            for manifest in _latest(order, about)
            if (path := _tell_correction(order, about, manifest, line, work)) is not None
        ]


def changed_since(order: Order, about: Subject, warehouse: Path) -> tuple[Changed, ...]:
    """The issued reports of which this warehouse has figures otherwise. Raises RunError."""
    from reports.correction import Changed  # noqa: PLC0415

    catalogue = _catalogue(order, about)
    found = (
        Changed(manifest.title, corrections(manifest, warehouse, order.home, catalogue))
        for manifest in _latest(order, about)
    )
    return tuple(each for each in found if each.figures)


def _latest(order: Order, about: Subject) -> list[Manifest]:
    """The last issue of each report and day on the unit; none where an earlier day is rebuilt."""
    if order.as_known_on is not None or not order.home.issued.is_dir():
        return []
    latest = {
        (one.report, one.as_of): one
        for one in manifests(order.home).values()
        if one.unit == about.unit
    }
    return list(latest.values())


def _catalogue(order: Order, about: Subject) -> Catalogue:
    from catalog.country import with_units  # noqa: PLC0415

    return with_units(catalogue_of(order.home.path), [about.unit, *sorted(about.former)])


def traced(home: Home, key: str) -> Iterator[str]:
    """A figure as it was issued, each time: its value, equation and operands."""
    from flows.tracing import figure_lines  # noqa: PLC0415

    for folder, manifest in manifests(home).items():
        for figure in manifest.figures:
            if figure.key == key:
                yield f"ĐÃ BAN HÀNH trong {manifest.title}, {folder.name}:"
                operands = [one.model_dump() for one in figure.operands]
                yield from (f"  {line}" for line in figure_lines(figure.model_dump(), operands))


def _refuse_blocked(warehouse: Path) -> None:
    rows = [row for row in records(warehouse, "findings", notes=False) if row["blocking"]]
    if not rows:
        return
    from flows.tracing import place_of  # noqa: PLC0415

    said = (f"- {place_of(row)} ({row['code']}): {row['message']}" for row in rows)
    raise BlockedError(
        "\n".join(
            (
                f"Chưa ban hành được: còn {len(rows)} điểm phải xử lý.",
                *said,
                "Ghi quyết định (hopnhat decide) hoặc sửa văn bản nguồn, chạy lại rồi ban hành.",
            )
        )
    )


def _refuse_stale(made: Built, order: Order) -> None:
    """The published warehouse, which the report was written from, must say the same."""
    if order.warehouse.is_file():
        asked = {"unit": made.about.unit}
        both = (made.warehouse, order.warehouse)
        figures, documents, operands = (
            [records(path, query, **known) for path in both]
            for query, known in (
                ("issued_figures", asked),
                ("documents", {}),
                ("issued_operands", asked),
            )
        )
        if all(one == other for one, other in (figures, documents, operands)):
            return
    raise RunError(
        "Văn bản, quyết định hoặc danh mục đã đổi từ khi viết báo cáo. Chạy lại (hopnhat run), xem "
        "lại báo cáo rồi ban hành."
    )


def _manifest(
    made: Built, order: Order, sent: Sent, work: Path
) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest, and the files to be frozen by name."""
    from reports.report import write_report  # noqa: PLC0415

    about = made.about
    written = write_report(
        made.warehouse,
        made.catalogue,
        about.report,
        about.unit,
        about.as_of,
        work / "report",
        templates=order.home.templates,
        limits=order.home.limits,
    )
    report = order.out / written.name
    workbook = order.out / f"doi-chieu-{about.unit}-{about.report}.xlsx"
    sources = {"report": report, "workbook": workbook}
    if sent.copy is not None:
        sources["sent"] = sent.copy
    contents = {}
    for what, path in sources.items():
        if not path.is_file():
            raise RunError(f"Không thấy {path}. Chạy lại hopnhat run, hoặc chỉ đúng tệp.")
        contents[what] = path.read_bytes()
    names = {what: f"ban-gui-{path.name}" if what == "sent" else path.name
             for what, path in sources.items()}  # fmt: skip
    _refuse_draft(report)
    _refuse_other_day(report, about.as_of)
    decisions = order.home.decisions
    manifest = Manifest(
        report=about.report,
        unit=about.unit,
        as_of=about.as_of,
        number=sent.number,
        issued_on=sent.issued_on,
        signed_by=sent.signed_by,
        frozen_at=datetime.now(LOCAL),
        code_version=version("hopnhat"),
        catalogue=made.catalogue.digest,
        decisions=_sha256(decisions.read_bytes()) if decisions.is_file() else None,
        as_generated=contents["report"] == written.read_bytes(),
        files=tuple(
            File(what=what, name=names[what], sha256=_sha256(content))
            for what, content in contents.items()
        ),
        documents=tuple(Document(**row) for row in records(made.warehouse, "documents")),
        figures=tuple(_figures(made)),
    )
    return manifest, {names[what]: content for what, content in contents.items()}


def _refuse_draft(report: Path) -> None:
    """A report that was stamped before all was settled, and changed by hand since, is a draft."""
    try:
        with zipfile.ZipFile(report) as package:
            stamped = any(
                DRAFT.encode() in package.read(name)
                for name in package.namelist()
                if name.startswith("word/") and name.endswith(".xml")
            )
    except zipfile.BadZipFile as error:
        raise RunError(
            f"{report} không mở được như một tệp .docx. Chạy lại hopnhat run."
        ) from error
    if stamped:
        raise RunError(f"{report} còn dấu {DRAFT}. Chạy lại hopnhat run rồi ban hành.")


def _refuse_other_day(report: Path, as_of: date) -> None:
    """The report carries the day of its figures as its day of creation, which editing leaves."""
    import docx  # noqa: PLC0415

    try:
        created = docx.Document(str(report)).core_properties.created
    except (KeyError, ValueError) as error:  # a zip, but no Word file
        raise RunError(
            f"{report} không mở được như một tệp .docx. Chạy lại hopnhat run."
        ) from error
    if created is not None and created.date() != as_of:
        raise RunError(
            f"{report} là báo cáo số liệu ngày {created:%d/%m/%Y}, không phải {as_of:%d/%m/%Y}. "
            f"Thêm --as-of {created:%d/%m/%Y}, hoặc chạy lại hopnhat run rồi ban hành."
        )


def _figures(made: Built) -> Iterator[Figure]:
    """The unit's figures of the report's day, and the targets that the report shows."""
    from reports.facts import facts_of  # noqa: PLC0415
    from reports.notes import Table  # noqa: PLC0415

    about = made.about
    facts = facts_of(made.warehouse, made.catalogue, about.report, about.unit, about.as_of)
    table = Table(facts, made.catalogue)
    targets = {
        target.key
        for row in made.catalogue.reports[about.report].rows
        if row.indicator is not None and (target := table.target(row.indicator)) is not None
    }
    operands = _operands(made.warehouse, about.unit)
    for row in records(made.warehouse, "issued_figures", unit=about.unit):
        if row["as_of"] == about.as_of or row["key"] in targets:
            yield Figure(**row, operands=tuple(operands.get(row["key"], ())))


def _operands(warehouse: Path, unit: str) -> dict[str, list[Operand]]:
    found: dict[str, list[Operand]] = {}
    for row in records(warehouse, "issued_operands", unit=unit):
        found.setdefault(row["key"], []).append(Operand(**row))
    return found


def _freeze(manifest: Manifest, files: Mapping[str, bytes], issued: Path) -> Path:
    """The folder of the issue, put in its place by renaming. Raises RunError for one issued."""
    base = f"{manifest.report}-{manifest.unit}-{manifest.as_of}"
    earlier = {
        folder: one
        for folder, one in manifests(Home(issued.parent)).items()
        if (one.report, one.unit, one.as_of) == (manifest.report, manifest.unit, manifest.as_of)
    }
    for folder, one in earlier.items():
        if one.sha256("report") == manifest.sha256("report") and one.figures == manifest.figures:
            raise RunError(
                f"Báo cáo này đã được ban hành rồi ({one.title}, {folder}); không ghi đè."
            )
    names = (base if order == 1 else f"{base}-{order}" for order in range(1, 10_000))
    place = next(issued / name for name in names if not (issued / name).exists())
    # Who holds the lock is alone here: whatever else has this beginning, a killed issue has left.
    for left in issued.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    beside = unfinished(issued)
    try:
        for name, content in files.items():
            write_whole(beside / name, content, durably=True)
        content = manifest.model_dump_json(indent=1).encode()
        write_whole(beside / MANIFEST, content, durably=True)
        beside.rename(place)
        flush_folder(issued)
        flush_folder(issued.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def _tell_correction(
    order: Order,
    about: Subject,
    manifest: Manifest,
    line: Callable[[str], None],
    work: Path,
) -> Path | None:
    from reports.correction import write_correction  # noqa: PLC0415
    from reports.facts import facts_of  # noqa: PLC0415

    catalogue = _catalogue(order, about)
    corrected = corrections(manifest, order.warehouse, order.home, catalogue)
    other = "" if manifest.as_of == about.as_of else f"-{manifest.as_of}"
    draft = order.out / f"dinh-chinh-{manifest.unit}-{manifest.report}{other}.docx"
    if not corrected:
        if draft.is_file():
            line(f"Không còn số liệu nào phải đính chính; bản dự thảo cũ không dùng nữa: {draft}")
        return None
    line(f"Số liệu đã ban hành trong {manifest.title} nay thay đổi ({len(corrected)} số):")
    for one in corrected:
        line(f"  {one.key}: {one.old} → {one.new} ({one.cause})")
    facts = facts_of(order.warehouse, catalogue, manifest.report, manifest.unit, manifest.as_of)
    made = write_correction(
        facts, catalogue, manifest.number, manifest.issued_on, corrected, work / draft.name
    )
    kept = hand_over(order.warehouse, {draft: made.read_bytes()})
    tell_kept(kept, order.home.limits, line)
    line(f"Dự thảo đính chính: {draft}")
    return draft


def corrections(
    manifest: Manifest, warehouse: Path, home: Home, catalogue: Catalogue
) -> tuple[Corrected, ...]:
    """The issued figures that the warehouse has otherwise, in the order of their keys."""
    from reports.correction import Corrected  # noqa: PLC0415
    from reports.workbook import MEASURES  # noqa: PLC0415

    now = {row["key"]: row for row in records(warehouse, "issued_figures", unit=manifest.unit)}
    operands = _operands(warehouse, manifest.unit)
    received = [Document(**row) for row in records(warehouse, "documents")]
    causes = _Causes(manifest, received, home)
    found = []
    for figure in manifest.figures:
        old = figure.model_dump()
        new = now.get(figure.key, {**old, "value": None, "lower": None, "upper": None})
        if _content(old) != _content(new):
            known = catalogue.indicators.get(figure.indicator)
            shown, shown_now = _shown(old, new, known.precision if known else 6)
            name = f"{figure.indicator_name or figure.indicator} ({MEASURES[figure.measure]})"
            because = [
                causes.of(figure, operands.get(figure.key, ()), cited=cited)
                for cited in (False, True)
            ]
            found.append(Corrected(figure.key, name, shown, shown_now, *because))
    return tuple(found)


def _content(row: Mapping[str, Any]) -> tuple[Decimal | None, ...]:
    return row["value"], row["lower"], row["upper"]


def _shown(old: Mapping[str, Any], new: Mapping[str, Any], precision: int) -> tuple[str, str]:
    """Both as the report shows them; as exactly as they are known where that looks the same."""
    from flows.tracing import value_of  # noqa: PLC0415

    shown = value_of(old, precision), value_of(new, precision)
    return shown if shown[0] != shown[1] else (value_of(old), value_of(new))


class _Causes:
    """Tells by what a figure has changed since the issue."""

    def __init__(self, manifest: Manifest, received: Sequence[Document], home: Home) -> None:
        self._known = {one.document for one in manifest.documents}
        self._there = {one.document for one in received}
        self._documents = {one.document: one for one in (*manifest.documents, *received)}
        decisions = home.decisions
        now = _sha256(decisions.read_bytes()) if decisions.is_file() else None
        self._decided = now != manifest.decisions

    def of(self, figure: Figure, operands: Iterable[Operand], *, cited: bool) -> str:
        """The documents that give other operands than then, or else what else has changed.

        Documents by their files' names, or ``cited`` as an official document cites them.
        """
        before = {(one.observation, one.value): one for one in figure.operands}
        now = {(one.observation, one.value): one for one in operands}
        fresh = {one.document for key, one in now.items() if key not in before}
        lost = {one.document for key, one in before.items() if key not in now}

        def names(documents: set[str]) -> str:
            found = (self._documents[one] for one in documents)
            return ", ".join(sorted(one.cited if cited else one.file_name for one in found))

        if fresh - self._known:
            return names(fresh - self._known)
        if fresh:
            return f"quyết định mới về số liệu của {names(fresh)}"
        if self._there - self._known:
            return names(self._there - self._known)
        if lost - self._there:
            return f"không còn văn bản {names(lost - self._there)}"
        return "quyết định mới ghi" if self._decided else "danh mục hoặc chương trình đã đổi"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
