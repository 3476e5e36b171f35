"""The Prefect flow: the pipeline's own body, with one task per document and a table of its figures.

Tasks take paths and ids, never data; what they extract lies in the cache under the document's hash,
so Prefect's own caching stays out of it (a path tells nothing of changed content).
"""

from __future__ import annotations

import atexit
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from catalog.catalogue import Taught
from catalog.loader import CatalogueError
from extractors.sandbox import Readers
from flows import pipeline
from flows.errors import RunError
from flows.inbox import Document
from flows.issuing import tell_corrections
from flows.masking import mask_secrets, masked
from flows.pipeline import Order, Outcome
from flows.prefect.names import FLOW, slug
from flows.progress import Lines, Teller, Verdict
from flows.settings import Home, SettingsError
from flows.tracing import place_of
from flows.unchanged import Result, run_if_changed
from flows.understanding import ReadDocument
from transforms.reading import Restated

MOST_FINDINGS = 200
"""In the artifact; the review workbook has all of them."""

mask_secrets()  # this module is where a process begins that a Prefect worker has started


@task(name="read-document", task_run_name="read {document.name}", cache_policy=NO_CACHE)
def read_document(
    document: Document, home: Path, taught: tuple[Taught, ...], restated: tuple[Restated, ...]
) -> ReadDocument | State[ReadDocument]:
    """What one document says, by way of the cache; a state that says so if it is damaged."""
    catalogue = pipeline.catalogue_of(home, taught)
    read = pipeline.read_document(document, Home(home), taught, restated, _readers())
    if not pipeline.failed(read.extraction, catalogue):
        return read
    faults = (catalogue.describe(one.code, one.facts) for one in read.extraction.findings)
    message = " ".join(words for severity, _, words in faults if severity == "error")
    return Completed(name="Tệp hỏng", message=masked(message), data=read)


@cache
def _readers() -> Readers:
    """Child processes that extract, shared by all tasks that run in this process."""
    readers = Readers(limits=Home.of_environment().limits)
    atexit.register(readers.close)
    return readers


# A thread a processor: each waits for a child process of its own.
@flow(
    name=FLOW,
    flow_run_name=lambda: _name(runtime.flow_run.parameters.get("unit")),
    task_runner=ThreadPoolTaskRunner(max_workers=os.cpu_count() or 1),  # type: ignore[arg-type]  # Prefect's own types differ
    persist_result=False,
)
def consolidate(
    *,
    inbox: Path | None = None,
    warehouse: Path | None = None,
    out: Path | None = None,
    report: str | None = None,
    unit: str | None = None,
    as_of: date | None = None,
    as_known_on: date | None = None,
) -> State[Outcome]:
    """Read the inbox, build and publish the warehouse, write report and workbook.

    Paths default to those of the data folder (`HOPNHAT_HOME`) of the process that runs the flow.
    Nothing is done where nothing has changed since the last run. The state says how things stand.
    """
    try:
        order = pipeline.order(
            inbox, warehouse, out, report=report, unit=unit, as_of=as_of, as_known_on=as_known_on
        )
        with signals_told():
            result = run_if_changed(order, _Log(), read_all=_read_as_tasks)
            tell_corrections(order, result.outcome.about, _Log().line)
    except (RunError, CatalogueError, SettingsError) as error:
        return Failed(message=masked(str(error)), data=error)
    except Exception as fault:  # noqa: BLE001 Prefect would name it without saying what to do
        get_run_logger().error("the run failed", exc_info=True)
        words = (
            f"Lần chạy không xong ({type(fault).__name__}: {fault}). Kho đã công bố giữ nguyên. "
            "Kiểm tra đĩa của máy còn chỗ không; còn lỗi thì chạy hopnhat run --verbose và gửi nội "
            "dung hiện ra cho người phụ trách."
        )
        return Failed(message=masked(words), data=fault)
    about = result.outcome.about
    _rename(_name(about.unit))
    if result.made:
        for query, parameters in (
            ("consolidated", {"unit": about.unit, "as_of": about.as_of}),
            ("findings", {"notes": False}),
        ):
            with signals_told():
                rows = pipeline.records(order.warehouse, query, **parameters)
            create_table_artifact(
                key=slug(f"{query}-{about.unit}-{about.report}"),
                table=rows if query == "consolidated" else _shown(rows),
                description=f"{about.unit}, {about.as_of}: {result.outcome.report}",
            )
    return _state(result)


@contextmanager
def signals_told() -> Iterator[None]:
    """Have a signal that met a query end the flow run as one that crashed, which is retried.

    DuckDB answers a signal's handler that raises with an error of its own, which would look like a
    fault of the run.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) != "Query interrupted":
            raise
        raise TerminationSignal(signal.SIGTERM) from error


def _state(result: Result) -> State[Outcome]:
    """The final state, which tells whoever asks the API whether somebody has to do something."""
    outcome = result.outcome
    told = [f"{outcome.blocking} phải xử lý"] if outcome.blocking else []
    told += [f"{outcome.failed} tệp hỏng"] if outcome.failed else []
    summary = f"{outcome.documents} văn bản, {outcome.observations} số liệu"
    name = "BẢN NHÁP" if told else "Completed"
    message = f"BẢN NHÁP: {', '.join(told)}" if told else f"Trình ký được: {summary}"
    if not result.made:
        message += ". Không có gì thay đổi từ lần chạy trước"
    return Completed(name=name, message=message, data=outcome)


def _shown(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings as rows of an artifact, what blocks first, and how many more there are."""
    rows = [
        {
            "mức": "PHẢI XỬ LÝ" if row["blocking"] else row["severity"],
            "mã": row["code"],
            "chỗ": place_of(row),
            "điểm": row["message"],
            "quyết định": row["decision"],
            "finding": row["finding"],
        }
        for row in findings[:MOST_FINDINGS]
    ]
    more = len(findings) - len(rows)
    return [*rows, {"điểm": f"và {more} điểm nữa: hopnhat findings"}] if more else rows


def _name(unit: str | None) -> str:
    """The flow run's name: the commune, or the data folder as long as that is not known."""
    home = Home.of_environment()
    known = pipeline.catalogue_of(home.path).units.get(unit or "")
    return f"{known.type} {known.name}" if known else unit or home.path.name


def _rename(name: str) -> None:
    """Give the flow run its name, once the documents have told of which commune they are."""
    if name != runtime.flow_run.name:
        with get_client(sync_client=True) as client:
            client.update_flow_run(runtime.flow_run.id, name=name)


def _read_as_tasks(documents: Sequence[Document], order: Order) -> Iterator[ReadDocument]:
    submitted = [
        read_document.submit(document, order.home.path, order.taught, order.restated)
        for document in documents
    ]
    for each in submitted:
        yield each.result()  # type: ignore[misc]  # of a state, its data


@dataclass(frozen=True, slots=True)
class _Log(Teller):
    """Tells into the flow run's log."""

    def stage(self, words: str) -> None:
        get_run_logger().info(words)

    def documents(self, number: int) -> None:
        get_run_logger().info("%d documents", number)

    def document(self, name: str, verdict: Verdict) -> None:
        get_run_logger().info("%s: %s", name, verdict)

    def line(self, words: str) -> None:
        get_run_logger().warning(words)
        Lines().line(words)
