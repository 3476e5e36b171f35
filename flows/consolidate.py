"""The Prefect flow: the pipeline's own body, with one task per document and a table of its figures.

Tasks take paths and ids, never data; what they extract lies in the cache under the document's hash,
so Prefect's own caching stays out of it (a path tells nothing of changed content).
"""

from __future__ import annotations

import atexit
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from catalog.catalogue import Taught
from extractors.sandbox import Readers
from flows import pipeline
from flows.inbox import Document
from flows.issuing import tell_corrections
from flows.pipeline import Order, Outcome
from flows.progress import Lines, Teller, Verdict
from flows.settings import Home
from flows.understanding import ReadDocument
from transforms.reading import Restated

FLOW = "consolidate"


@task(name="read-document", task_run_name="read {document.name}", cache_policy=NO_CACHE)
def read_document(
    document: Document, home: Path, taught: tuple[Taught, ...], restated: tuple[Restated, ...]
) -> ReadDocument:
    """What one document says, by way of the cache."""
    return pipeline.read_document(document, Home(home), taught, restated, _readers())


@cache
def _readers() -> Readers:
    """Child processes that extract, shared by all tasks that run in this process."""
    readers = Readers(limits=Home.of_environment().limits)
    atexit.register(readers.close)
    return readers


# A thread a processor: each waits for a child process of its own.
@flow(
    name=FLOW,
    flow_run_name="consolidate {inbox}",
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
) -> Outcome:
    """Read the inbox, build and publish the warehouse, write report and workbook.

    Paths default to those of the data folder (`HOPNHAT_HOME`) of the process that runs the flow.
    """
    order = pipeline.order(
        inbox, warehouse, out, report=report, unit=unit, as_of=as_of, as_known_on=as_known_on
    )
    outcome = pipeline.run(order, read_all=_read_as_tasks, tell=_Log())
    tell_corrections(order, outcome.about, _Log().line)
    create_table_artifact(
        key=re.sub(r"[^a-z0-9]+", "-", f"consolidated-{outcome.about.unit}-{outcome.about.report}"),
        table=pipeline.records(
            order.warehouse, "consolidated", unit=outcome.about.unit, as_of=outcome.about.as_of
        ),
        description=f"{outcome.about.unit}, {outcome.about.as_of}: {outcome.report}",
    )
    return outcome


def _read_as_tasks(documents: Sequence[Document], order: Order) -> Iterator[ReadDocument]:
    submitted = [
        read_document.submit(document, order.home.path, order.taught, order.restated)
        for document in documents
    ]
    for each in submitted:
        yield each.result()


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
