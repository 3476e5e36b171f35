"""What the report and the workbook are made of: rows of the warehouse as records.

Each record has one query in ``queries/`` with the same columns in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from catalog.catalogue import Catalogue

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Figure:
    """A consolidated figure of the new unit (``marts.consolidated``)."""

    key: str
    indicator: str
    as_of: date
    measure: str
    value: Decimal | None
    unit_of_measure: str
    method: str
    lower: Decimal | None
    upper: Decimal | None
    parts_expected: int
    parts_reported: int
    equation: str | None
    status: str
    estimated: bool
    approximate: bool
    pooled_value: Decimal | None = None
    pooled_status: str | None = None
    pooled_equation: str | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """What a consolidated figure is made of, with its place (``marts.lineage``).

    ``restated``: which of its unit and day a decision on its document states, 'unit, as_of'.
    """

    figure: str
    observation: str
    part: str
    indicator: str
    measure: str
    value: Decimal | None
    status: str
    unit_of_measure: str
    estimated: bool
    approximate: bool
    file_name: str
    number: str | None
    page: int | None
    table: int | None
    row: int | None
    column: int | None
    text: str
    restated: str | None = None
    as_of: date | None = None
    share: Decimal | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of a former unit that is believed after reconciliation, in its indicator's unit."""

    unit: str
    indicator: str
    as_of: date
    measure: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a former unit reports an indicator (``marts.completeness``): 'reported', 'missing' or
    'conflicting'.
    """

    unit: str
    indicator: str
    as_of: date
    status: str
    measures_missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that differ (``marts.conflict``): each with observation, document, value, printed
    value, file_name and place.
    """

    unit: str
    indicator: str
    as_of: date
    measure: str
    sources: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding (``core.finding``) and what can be decided on.

    ``observation`` is the one figure that it is about, with its measure and the value it prints,
    ``rivals`` the other figures of the same thing (observation, value, file_name), ``label`` a
    wording that no indicator is known for, ``decision`` what accepts it, ``states`` what a decision
    on its document can state: 'unit', 'as_of', 'draft'.
    """

    code: str
    severity: str
    blocking: bool
    message: str
    file_name: str | None
    page: int | None
    table: int | None
    row: int | None
    column: int | None
    text: str | None
    unit: str | None
    indicator: str | None
    finding: str = ""
    document: str | None = None
    observation: str | None = None
    measure: str | None = None
    printed_value: Decimal | None = None
    label: str | None = None
    rivals: Sequence[Mapping[str, Any]] = ()
    decision: str | None = None
    states: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A merged paragraph under a heading of the report (``marts.narrative``); each origin has
    document, unit, row and text.
    """

    path: Sequence[str]
    heading: str
    ordinal: int
    text: str
    origin: str
    origins: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A figure in a sentence (``core.observation``): the document, whom it is of, the paragraph's
    index, the sentence.
    """

    document: str
    unit: str | None
    row: int | None
    text: str
    indicator: str | None
    measure: str
    as_of: date | None
    unit_of_measure: str | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Cited:
    """A directive, once (``marts.directive``); each origin has document, unit and place."""

    kind: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    title: str | None
    origins: Sequence[Mapping[str, Any]]

    @property
    def units(self) -> tuple[str, ...]:
        """Slugs of the units that cite it, each once, in order."""
        return tuple(sorted({origin["unit"] for origin in self.origins}))


@dataclass(frozen=True, slots=True)
class Received:
    """A received document (``raw.document``)."""

    document: str
    file_name: str
    unit: str | None
    kind: str | None
    number: str | None
    issued_on: date | None
    as_of: date | None
    title: str | None


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A unit whose figures of the report's day make up the new unit's."""

    unit: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report on ``unit`` at ``as_of`` says; ``former_units`` are slugs."""

    unit: str
    as_of: date
    report: str
    former_units: tuple[str, ...]
    figures: tuple[Figure, ...]
    operands: tuple[Operand, ...]
    parts: tuple[Part, ...]
    coverage: tuple[Coverage, ...]
    disagreements: tuple[Disagreement, ...]
    doubts: tuple[Doubt, ...]
    passages: tuple[Passage, ...]
    directives: tuple[Cited, ...]
    documents: tuple[Received, ...]
    spoken: tuple[Spoken, ...] = ()

    @property
    def file_names(self) -> dict[str, str]:
        """Name of each received document by its sha256."""
        return {document.document: document.file_name for document in self.documents}

    @property
    def blocking(self) -> tuple[Doubt, ...]:
        """The open findings that block issuing."""
        return tuple(doubt for doubt in self.doubts if doubt.blocking)


def facts_of(warehouse: Path, catalogue: Catalogue, report: str, unit: str, as_of: date) -> Facts:
    """All records of a report that the catalogue knows.

    Raises KeyError for an unknown report or unit, duckdb.IOException where there is no warehouse.
    """
    return read_facts(warehouse, catalogue.reports[report].id, catalogue.units[unit].slug, as_of)


def read_facts(warehouse: Path, report: str, unit: str, as_of: date) -> Facts:
    """All records of one report; none where the warehouse has no such report or unit.

    Raises duckdb.IOException where there is no warehouse.
    """
    from warehouse.store import open_read_only  # noqa: PLC0415 - DuckDB is loaded only when needed

    known = {"unit": unit, "report": report, "as_of": as_of}
    with open_read_only(warehouse) as connection:
        return Facts(
            unit=unit,
            as_of=as_of,
            report=report,
            former_units=tuple(
                former.unit for former in _rows(connection, "former_units", FormerUnit, known)
            ),
            figures=_rows(connection, "figures", Figure, known),
            operands=_rows(connection, "operands", Operand, known),
            parts=_rows(connection, "parts", Part, known),
            coverage=_rows(connection, "coverage", Coverage, known),
            disagreements=_rows(connection, "disagreements", Disagreement, known),
            doubts=_rows(connection, "doubts", Doubt, known),
            passages=_rows(connection, "passages", Passage, known),
            directives=_rows(connection, "directives", Cited, known),
            documents=_rows(connection, "documents", Received, known),
            spoken=_rows(connection, "spoken", Spoken, known),
        )


Record = TypeVar("Record")


def _rows(
    connection: DuckDBPyConnection, query: str, record: type[Record], known: Mapping[str, Any]
) -> tuple[Record, ...]:
    """The query's rows; its columns are the record's fields, in their order."""
    sql = (QUERIES / f"{query}.sql").read_text(encoding="utf-8")
    used = {name: known[name] for name in re.findall(r"\$(\w+)", sql)}
    cursor = connection.execute(sql, used)
    names = [column[0] for column in cursor.description]
    expected = [field.name for field in fields(record)]  # type: ignore[arg-type]
    if names != expected:
        raise ValueError(f"{query}.sql has the columns {names}, not {expected}")
    return tuple(record(*row) for row in cursor.fetchall())
