"""The main job without Prefect: documents in, warehouse and reports out.

Whenever it is killed, the published warehouse is whole: everything is made in a folder beside it
and put in place by renaming. A lock lets the second of two runs wait.
"""

from __future__ import annotations

import importlib
import logging
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from catalog.catalogue import Catalogue, Taught
from catalog.country import with_units
from catalog.loader import load_catalogue
from extractors.document import Extraction, Finding
from flows import publication, received, understanding
from flows.decision_log import Decided, decided, read_log
from flows.edited import tell_kept
from flows.errors import RunError, UsageError, reason
from flows.faults import of_duckdb
from flows.files import clear_unfinished
from flows.inbox import Document, Inbox, look_into, printable
from flows.progress import Lines, Teller, Verdict
from flows.settings import Home
from flows.understanding import Known, ReadDocument
from flows.vanished import Vanished, published_by, vanished
from flows.waiting import alone
from transforms.reading import Reading, Restated

if TYPE_CHECKING:
    from extractors.sandbox import Readers
    from reports.correction import Changed
    from transforms.narrative import Narrative
    from transforms.schemas import Frames

COMMUNE = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
"""The types of unit that consolidate and report (Luật 72/2025/QH15, article 1)."""

QUERIES = Path(__file__).parent / "queries"

logger = logging.getLogger("hopnhat")


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to do.

    ``unit`` None: the new unit of the former units that the documents are of; ``as_of`` None: the
    latest that they report. ``as_known_on``: with the documents received and the decisions taken by
    that day alone. ``taught``: the wordings that decisions add to the catalogue; ``restated``: what
    they state of documents.
    """

    home: Home
    inbox: Path
    warehouse: Path
    out: Path
    report: str
    unit: str | None = None
    as_of: date | None = None
    as_known_on: date | None = None
    taught: tuple[Taught, ...] = ()
    restated: tuple[Restated, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """The order as parameters of the flow, fit to travel through Prefect's API as JSON."""
        return {
            "inbox": str(self.inbox),
            "warehouse": str(self.warehouse),
            "out": str(self.out),
            "report": self.report,
            "unit": self.unit,
            "as_of": _iso(self.as_of),
            "as_known_on": _iso(self.as_known_on),
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """What the report is on; ``former`` are the units that ``unit`` was made of, back in time."""

    report: str
    unit: str
    former: frozenset[str]
    as_of: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has done.

    ``doubts`` are findings that somebody has to look at, ``blocking`` those of them that block
    issuing; ``notes`` only tell. ``lasting``: the same inputs would give the same again on this
    machine.
    """

    report: Path
    workbook: Path
    about: Subject
    documents: int
    fresh: int
    failed: int
    lasting: bool
    observations: int
    doubts: int
    blocking: int
    notes: int


ReadAll = Callable[[Sequence[Document], Order], Iterator[ReadDocument]]
Note = Callable[[Path, Sequence[Document], datetime], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A warehouse that was built and is not published; ``catalogue`` knows what was taught."""

    warehouse: Path
    about: Subject
    documents: list[ReadDocument]
    catalogue: Catalogue
    vanished: Vanished


def run(
    order: Order,
    *,
    read_all: ReadAll | None = None,
    tell: Teller | None = None,
    wait: float | None = None,
) -> Outcome:
    """Read the inbox, build and publish the warehouse, write report and workbook.

    ``read_all`` says how the documents are read: as `read_here` does, unless an orchestrator does.
    ``wait``: for how many seconds to wait for another run; None: until it has ended. Raises
    RunError, with all that is published as it was.
    """
    from flows.upgrade import no_longer_applied  # noqa: PLC0415 it reads by this module

    tell = tell or Lines()
    if order.inbox == order.home.inbox:
        order.inbox.mkdir(parents=True, exist_ok=True)
    with alone(order.warehouse, tell, wait), _beside(order.warehouse) as beside:
        _clear_up(order)
        made = build_in(beside, order, read_all or read_here, tell, note=received.note)
        from reports.report import write_report  # noqa: PLC0415 loaded while children read
        from reports.workbook import write_workbook  # noqa: PLC0415

        about, documents, catalogue = made.about, made.documents, made.catalogue
        tell.stage("Viết báo cáo và bảng đối chiếu")
        what = (about.report, about.unit, about.as_of)
        report = write_report(
            made.warehouse,
            catalogue,
            *what,
            beside,
            templates=order.home.templates,
            limits=order.home.limits,
        )
        changed = _changed_since_issued(order, made)
        workbook = write_workbook(made.warehouse, catalogue, *what, beside, changed=changed)
        tell.stage("Công bố")
        (counts,) = records(made.warehouse, "counts")
        for line in no_longer_applied(order.warehouse, made.warehouse):
            tell.line(line)
        places = _publish(made, order, (report, workbook), counts.pop("run"), tell)
        _tell_what_is_tried_again(documents, tell)
        return Outcome(
            report=places[0],
            workbook=places[1],
            about=about,
            documents=len(documents),
            fresh=sum(each.fresh for each in documents),
            failed=sum(failed(each.extraction, catalogue) for each in documents),
            lasting=all(each.is_lasting for each in documents),
            **counts,
        )


def _clear_up(order: Order) -> None:
    """Delete what killed runs have left half written."""
    cache = order.home.cache
    for folder in (cache, cache / "readings", order.home.path, order.warehouse.parent, order.out):
        clear_unfinished(folder)


def _publish(
    made: Built, order: Order, files: Sequence[Path], run_id: str, tell: Teller
) -> list[Path]:
    """Warehouse and files in their places, and what people had changed of them kept and said."""
    places = [order.out / file.name for file in files]
    contents = {place: file.read_bytes() for place, file in zip(places, files, strict=True)}
    kept = publication.publish_together(
        made.warehouse, order.warehouse, contents, run=run_id, vanished=made.vanished
    )
    tell_kept(kept, order.home.limits, tell.line)
    return places


def _tell_what_is_tried_again(documents: Sequence[ReadDocument], tell: Teller) -> None:
    again = [each.document.name for each in documents if not each.is_lasting]
    if again:
        tell.line(
            f"{len(again)} tệp chưa đọc được trọn vẹn vì máy, không hẳn vì tệp; lần chạy sau tự "
            f"đọc lại: {', '.join(again)}"
        )


def build_in(
    folder: Path, order: Order, read_all: ReadAll, tell: Teller, *, note: Note | None = None
) -> Built:
    """The warehouse of the order, built in a folder; ``note`` keeps when documents were first seen.

    Raises RunError.
    """
    started_at = datetime.now(UTC)
    log = read_log(order.home.decisions).taken_by(order.as_known_on)
    decisions = decided(log, catalogue_of(order.home.path))
    order = replace(order, taught=decisions.wordings, restated=decisions.restated)
    catalogue = catalogue_of(order.home.path, order.taught)
    inbox = _received(order, tell)
    if note is not None and order.as_known_on is None:
        note(order.home.received, inbox.documents, started_at)
    documents = _read_documents(inbox, order, catalogue, read_all, tell)
    catalogue = _with_their_units(catalogue, documents, order.unit)
    about = _subject(order, documents, catalogue)
    documents = [_told_if_outside(each, about, catalogue) for each in documents]
    tell.stage("Tổng hợp số liệu")
    narrative = _narrative(documents, catalogue, about)
    from warehouse.store import build  # noqa: PLC0415 loaded while children read

    built = folder / order.warehouse.name
    gone = _vanished(order, documents, decisions, started_at, tell)
    frames = _frames(inbox, documents, decisions, narrative, catalogue, gone, started_at)
    build(frames, built)
    return Built(built, about, documents, catalogue, gone)


def order(
    inbox: Path | None = None,
    warehouse: Path | None = None,
    out: Path | None = None,
    *,
    report: str | None = None,
    unit: str | None = None,
    as_of: date | None = None,
    as_known_on: date | None = None,
) -> Order:
    """The order with its defaults filled in from `HOPNHAT_HOME` and the catalogue.

    What was known on an earlier day goes to a folder of its own, never over what is published.
    Raises UsageError for a report or a unit that the catalogue does not know, or knows several of.
    """
    home = Home.of_environment()
    catalogue = catalogue_of(home.path)
    units = new_units(catalogue)
    if unit is not None and unit in new_units(with_units(catalogue, [unit])):
        units = {unit}
    if unit is not None or len(units) == 1:
        unit = one_of("--unit", unit, units)
    into = home
    if as_known_on is not None:
        into = Home(home.path / "as-known-on" / as_known_on.isoformat())
    return Order(
        home=home,
        inbox=(inbox or home.inbox).absolute(),
        warehouse=(warehouse or into.warehouse).absolute(),
        out=(out or into.out).absolute(),
        report=one_of("--report", report or default_report(catalogue), catalogue.reports),
        unit=unit,
        as_of=as_of,
        as_known_on=as_known_on,
    )


def new_units(catalogue: Catalogue) -> set[str]:
    """Slugs of the communes of today that others were made into, or that gave a part away."""
    return {
        slug
        for event in catalogue.unit_events.values()
        for slug in (
            *event.successors,
            *(event.predecessors if event.kind == "part-transfer" else ()),
        )
        if catalogue.units[slug].valid_to is None and catalogue.units[slug].type in COMMUNE
    }


def read_document(
    document: Document,
    home: Home,
    taught: tuple[Taught, ...],
    restated: tuple[Restated, ...],
    readers: Readers,
) -> ReadDocument:
    """What one document of the inbox says; the readers are asked if the cache does not know it."""
    known = Known.of(catalogue_of(home.path, taught), restated)
    return understanding.read_one(document, home=home, known=known, readers=readers)


def read_here(documents: Sequence[Document], order: Order) -> Iterator[ReadDocument]:
    """The documents in their order, read by child processes as from this call on."""
    known = Known.of(catalogue_of(order.home.path, order.taught), order.restated)
    return understanding.read_all(documents, order.home, known)


def read_files(paths: Sequence[Path], home: Home) -> Iterator[tuple[Extraction, Reading]]:
    """What files say that a person named; unlike in the inbox, a link is followed."""
    decisions = decided(read_log(home.decisions), catalogue_of(home.path))
    known = Known.of(catalogue_of(home.path, decisions.wordings), decisions.restated)
    files = [(path.resolve(), printable(path.name)) for path in paths]
    return understanding.read_files(files, home, known)


def failed(extraction: Extraction, catalogue: Catalogue) -> bool:
    """Whether the file, or a part of it, could not be read: its extractor found an error."""
    return "error" in _severities(extraction.findings, catalogue)


def records(warehouse: Path, query: str, **parameters: object) -> list[dict[str, Any]]:
    """The rows of ``queries/QUERY.sql`` on a warehouse, column by column name.

    Raises RunError for a warehouse that is damaged, locked, or none of ours.
    """
    import duckdb  # noqa: PLC0415 loaded while children read

    from warehouse.store import open_read_only  # noqa: PLC0415

    sql = (QUERIES / f"{query}.sql").read_text("utf-8")
    try:
        with open_read_only(warehouse) as connection:
            cursor = connection.execute(sql, parameters or None)
            columns = [column[0] for column in cursor.description]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise of_duckdb(error, warehouse) from error


@cache
def catalogue_of(home: Path, taught: tuple[Taught, ...] = ()) -> Catalogue:
    """The catalogue with the data folder's own entries and with what decisions taught it.

    Once a process, since it takes a while.
    """
    return catalogue_of(home).taught_also(taught) if taught else load_catalogue(home)


def default_report(catalogue: Catalogue) -> str | None:
    """The report type that the catalogue marks as the one to write where none is asked for."""
    return next((each.id for each in catalogue.reports.values() if each.by_default), None)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def one_of(option: str, given: str | None, known: Iterable[str]) -> str:
    """What was given, or the only one there is. Raises UsageError."""
    choice = sorted(known)
    if given is None and len(choice) == 1:
        return choice[0]
    if given in choice:
        return str(given)
    what = f"Cần {option}." if given is None else f"{option} {given}: danh mục không có."
    raise UsageError(f"{what} Chọn một trong: {', '.join(choice) or '(danh mục trống)'}.")


@contextmanager
def _beside(warehouse: Path) -> Iterator[Path]:
    """An empty folder on the warehouse's own file system, so that renaming is one step.

    Only for who holds the lock: whatever a killed run has left there is deleted.
    """
    folder = warehouse.parent / f".{warehouse.name}.next"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _received(order: Order, tell: Teller) -> Inbox:
    """Raises UsageError for an inbox that is not there, RunError for one that holds nothing."""
    folder = order.inbox
    try:
        inbox = look_into(folder)
    except OSError as error:
        raise UsageError(
            f"Không mở được thư mục nhận văn bản {folder}: {reason(error)}. "
            "Tạo thư mục này và chép văn bản của các xã cũ vào, hoặc chỉ đúng thư mục."
        ) from error
    if not inbox.documents and not inbox.refusals:
        raise RunError(
            f"Thư mục nhận văn bản {folder} trống, không có gì để tổng hợp. "
            "Chép văn bản của các xã cũ vào rồi chạy lại."
        )
    if (day := order.as_known_on) is None:
        return inbox
    inbox, faults = received.as_known_on(inbox, order.home.received, day)
    for fault in faults:
        tell.line(
            f"{order.home.received}, dòng {fault.line}: không đọc được ({fault.detail}); ngày nhận "
            "của văn bản ghi ở dòng này được lấy theo ngày của tệp."
        )
    if not inbox.documents:
        raise RunError(f"Đến hết ngày {day:%d/%m/%Y} chưa nhận văn bản nào trong {folder}.")
    return inbox


def _read_documents(
    inbox: Inbox, order: Order, catalogue: Catalogue, read_all: ReadAll, tell: Teller
) -> list[ReadDocument]:
    tell.documents(len(inbox.documents))
    documents = []
    reading = read_all(inbox.documents, order)
    _load_what_follows()
    for each in reading:
        documents.append(each)
        findings = (*each.extraction.findings, *each.reading.findings)
        doubtful = _severities(findings, catalogue) & {"error", "warning"}
        verdict: Verdict = "doubtful" if doubtful else "read"
        tell.document(
            each.document.name, "failed" if failed(each.extraction, catalogue) else verdict
        )
    return documents


def _load_what_follows() -> None:
    """Import what building and writing need while children read: it takes a second."""
    for name in (
        "transforms.frames",
        "transforms.narrative",
        "transforms.units",
        "warehouse.store",
        "reports.report",
        "reports.workbook",
    ):
        importlib.import_module(name)


def _severities(findings: Iterable[Finding], catalogue: Catalogue) -> set[str]:
    return {catalogue.describe(each.code, each.facts)[0] for each in findings}


def _with_their_units(
    catalogue: Catalogue, documents: Iterable[ReadDocument], unit: str | None
) -> Catalogue:
    """The catalogue with the units of the whole country that the documents are of or name."""
    readings = [each.reading for each in documents]
    homes = [unit, *(reading.header.unit for reading in readings)]
    return with_units(
        catalogue, homes, (figure.unit for of in readings for figure in of.observations)
    )


def _told_if_outside(each: ReadDocument, about: Subject, catalogue: Catalogue) -> ReadDocument:
    """The document, with a finding if it is of a commune that the report is not on."""
    unit = catalogue.units.get(each.reading.header.unit or "")
    if unit is None or unit.type not in COMMUNE or unit.slug in {about.unit, *about.former}:
        return each
    outside = Finding("unit-outside", {"text": f"{unit.type} {unit.name}"}, unit=unit.slug)
    findings = (*each.reading.findings, outside)
    return replace(each, reading=replace(each.reading, findings=findings))


def _subject(order: Order, documents: Sequence[ReadDocument], catalogue: Catalogue) -> Subject:
    unit = order.unit or _unit_of(documents, catalogue)
    former = frozenset(_lineage(unit, catalogue) - {unit})
    as_of = order.as_of or _latest(documents, catalogue, order.report, former)
    return Subject(order.report, unit, former, as_of)


def _unit_of(documents: Sequence[ReadDocument], catalogue: Catalogue) -> str:
    """The new unit that most documents' units are part of today; RunError if there are two."""
    units = Counter(each.reading.header.unit for each in documents)
    parts = {
        slug: sum(units[part] for part in _lineage(slug, catalogue))
        for slug in new_units(catalogue)
    }
    most = max(parts.values(), default=0)
    become = {slug for slug, number in parts.items() if number == most > 0}
    if len(become) == 1:
        return become.pop()
    faults = [
        f"{each.document.name}: {catalogue.describe(finding.code, finding.facts)[2]}"
        for each in documents
        for finding in each.extraction.findings
    ]
    which = f"thuộc nhiều xã mới ({', '.join(sorted(become))})" if become else "chưa rõ của xã nào"
    raise RunError("\n".join([f"Văn bản nhận được {which}: hãy cho biết --unit.", *faults]))


def _lineage(unit: str, catalogue: Catalogue) -> set[str]:
    """The unit and all that it was made of, back in time; units may have given to each other."""
    found: set[str] = set()
    open_ = {unit}
    while open_:
        found |= open_
        open_ = {
            slug
            for event in catalogue.unit_events.values()
            if open_ & set(event.successors)
            for slug in event.predecessors
        } - found
    return found


def _vanished(
    order: Order,
    documents: Sequence[ReadDocument],
    decisions: Decided,
    now: datetime,
    tell: Teller,
) -> Vanished:
    """What was there when the warehouse was published; of an earlier day nothing is asked."""
    if order.as_known_on is not None or not order.warehouse.is_file():
        return Vanished()
    published = {}
    try:
        published = {name: records(order.warehouse, name) for name in ("run", "received", "logged")}
    except RunError as error:
        tell.line(
            f"{error}\nKho dữ liệu được lập lại từ đầu; không so được với lần công bố trước, nên "
            "văn bản hoặc quyết định nào đã biến mất thì lần này không biết."
        )
    before = published_by(order.warehouse, published)
    if before.manifest.run is not None and before.run not in {before.manifest.run, None}:
        tell.line(
            f"Kho dữ liệu {order.warehouse} không phải là kho mà lần chạy trước công bố (bị ngắt "
            "giữa chừng, hoặc tệp đã bị thay): kho và báo cáo được lập lại."
        )
    return vanished(before, documents, decisions.log, now)


def _frames(
    inbox: Inbox,
    documents: Sequence[ReadDocument],
    decisions: Decided,
    narrative: Narrative,
    catalogue: Catalogue,
    gone: Vanished,
    started_at: datetime,
) -> Frames:
    from transforms import frames  # noqa: PLC0415 pandas and pandera take a second to load

    doubts = defaultdict[str, list[Finding]](list)
    for document, finding in narrative.findings:
        doubts[document].append(finding)
    return frames.build_frames(
        [
            frames.Received(
                each.extraction,
                replace(
                    each.reading,
                    findings=(*each.reading.findings, *doubts[each.extraction.sha256]),
                ),
                each.document.received_at,
            )
            for each in documents
        ],
        catalogue,
        run=frames.Run(uuid4().hex, started_at, version("hopnhat")),
        decisions=decisions.for_warehouse([(each.extraction, each.reading) for each in documents]),
        narrative=narrative.paragraphs,
        refused=[
            *(frames.Refused(each.name, Finding(each.code, each.facts)) for each in inbox.refusals),
            *(frames.Refused("decisions.jsonl", finding) for finding in decisions.log.findings),
            *(frames.Refused(name, finding) for name, finding in gone.findings),
        ],
    )


def _narrative(
    documents: Sequence[ReadDocument], catalogue: Catalogue, about: Subject
) -> Narrative:
    from transforms.narrative import contributions, merge  # noqa: PLC0415
    from transforms.units import UnitIndex  # noqa: PLC0415

    readings = [(each.extraction.sha256, each.reading) for each in documents]
    parts = contributions(readings, about.former, about.as_of)
    return merge(catalogue.reports[about.report], about.unit, parts, UnitIndex(catalogue))


def _latest(
    documents: Sequence[ReadDocument], catalogue: Catalogue, report: str, former: frozenset[str]
) -> date:
    """The latest day that a former unit's document reports figures of the report for.

    The day that the document gives as its own goes before one that a single figure is of. Raises
    RunError if there is none.
    """
    asked = {row.indicator for row in catalogue.reports[report].rows} - {None}
    reported = [
        (figure.as_of, figure.as_of == each.reading.header.as_of)
        for each in documents
        for figure in each.reading.observations
        if figure.as_of and figure.indicator in asked
        if figure.unit in former and figure.measure != "target"
    ]
    own = [day for day, is_the_documents_own in reported if is_the_documents_own]
    days = own or [day for day, _ in reported]
    if not days:
        raise RunError(
            f"Không văn bản nào của xã cũ có số liệu của báo cáo {report} kèm ngày số liệu: hãy "
            "cho biết --as-of, chọn loại báo cáo khác bằng --report "
            f"({', '.join(sorted(catalogue.reports))}), hoặc xem lại văn bản bằng lệnh hopnhat "
            "extract."
        )
    return max(days)


def _changed_since_issued(order: Order, made: Built) -> tuple[Changed, ...]:
    if not order.home.issued.is_dir():
        return ()
    from flows.issuing import changed_since  # noqa: PLC0415 it builds by this module

    try:
        return changed_since(order, made.about, made.warehouse)
    except RunError:
        return ()  # told after publishing, which a damaged manifest must not keep from happening
