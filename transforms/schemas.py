"""The frames that the warehouse is built from, with their schemas.

Figures stay exact: a value is a decimal written as text, cast to ``DECIMAL(24, 6)`` in SQL. A list
(an outline path, a unit event's predecessors) is JSON text, so that an empty column has its type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

EXACT = r"^-?[0-9]{1,18}(\.[0-9]{1,6})?$"
"""What ``DECIMAL(24, 6)`` holds without rounding."""

MEASURES = ["target", "result", "numerator", "denominator", "count"]
FATES = ["figure", "not-a-figure", "doubt"]
SEVERITIES = ["error", "warning", "info"]

Moment = Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]]
Number = Series[pd.Int32Dtype]


def _optional(**checks: Any) -> Any:
    return pa.Field(nullable=True, **checks)


class _Frame(pa.DataFrameModel):
    """Base: exactly the declared columns, in the declared order."""

    class Config:
        strict = True
        ordered = True


class _Placed(_Frame):
    """Where something stands, as in ``extractors.document.Source``."""

    page: Number = _optional()
    table: Number = _optional()
    row: Number = _optional()
    column: Number = _optional()
    text: Series[str] = _optional()


class Documents(_Frame):
    """One row per received document."""

    document: Series[str] = pa.Field(unique=True, str_matches="^[0-9a-f]{64}$")
    file_name: Series[str]
    media_type: Series[str]
    pages: Number = _optional()
    unit: Series[str] = _optional()
    number: Series[str] = _optional()
    issued_on: Series[pa.DateTime] = _optional()
    as_of: Series[pa.DateTime] = _optional()
    kind: Series[str] = _optional()
    title: Series[str] = _optional()
    draft: Series[bool]
    supersession: Series[str] = _optional(isin=["replaces", "corrects", "supplements"])
    supersedes: Series[str] = _optional()
    printed_unit: Series[str] = _optional()
    printed_as_of: Series[pa.DateTime] = _optional()
    printed_draft: Series[bool]
    received_at: Moment = _optional()
    extractor: Series[str]


class Cells(_Frame):
    """One row per table cell, at its anchor."""

    document: Series[str]
    page: Number = _optional()
    table: Number
    row: Number
    column: Number
    row_span: Number
    column_span: Number
    text: Series[str]
    original: Series[str] = _optional()
    value: Series[str] = _optional()
    hidden: Series[bool]
    confidence: Series[float] = pa.Field(in_range={"min_value": 0, "max_value": 1})
    sheet: Series[str] = _optional()
    x0: Series[float] = _optional()
    top: Series[float] = _optional()
    x1: Series[float] = _optional()
    bottom: Series[float] = _optional()


class Observations(_Placed):
    """One row per figure read; ``value`` is null where it cannot be kept exactly."""

    observation: Series[str] = pa.Field(unique=True, str_matches="^[0-9a-f]{16}$")
    document: Series[str]
    indicator: Series[str] = _optional()
    label: Series[str]
    measure: Series[str] = pa.Field(isin=MEASURES)
    value: Series[str] = _optional(str_matches=EXACT)
    decimals: Number
    unit_of_measure: Series[str]
    unit: Series[str] = _optional()
    as_of: Series[pa.DateTime] = _optional()
    kind: Series[str] = pa.Field(isin=["table", "text"])
    confidence: Series[float] = pa.Field(in_range={"min_value": 0, "max_value": 1})
    approximate: Series[bool]
    estimated: Series[bool]
    x0: Series[float] = _optional()
    top: Series[float] = _optional()
    x1: Series[float] = _optional()
    bottom: Series[float] = _optional()


class Directives(_Placed):
    """One row per directive that a document cites."""

    document: Series[str]
    kind: Series[str]
    number: Series[str] = _optional()
    issued_on: Series[pa.DateTime] = _optional()
    issuer: Series[str] = _optional()
    title: Series[str] = _optional()


class Sections(_Frame):
    """One row per paragraph of a section; a section without any is one row without paragraph."""

    document: Series[str]
    path: Series[str]
    heading: Series[str]
    ordinal: Number
    paragraph: Series[str] = _optional()
    row: Number = _optional()


class Numerals(_Placed):
    """One row per numeral of a document; ``observations`` are ids, ``findings`` places among the
    rows of the findings, both JSON.
    """

    document: Series[str]
    kind: Series[str] = pa.Field(isin=["table", "text"])
    numeral: Series[str]
    start: Number
    fate: Series[str] = pa.Field(isin=FATES)
    reason: Series[str] = _optional()
    observations: Series[str]
    findings: Series[str]
    x0: Series[float] = _optional()
    top: Series[float] = _optional()
    x1: Series[float] = _optional()
    bottom: Series[float] = _optional()


class Narratives(_Frame):
    """One row per merged paragraph of a new unit's report."""

    unit: Series[str]
    report: Series[str]
    path: Series[str]
    heading: Series[str]
    ordinal: Number
    text: Series[str]
    origin: Series[str] = pa.Field(isin=["common", "own", "template"])
    origins: Series[str]


class Findings(_Placed):
    """One row per finding of reading."""

    document: Series[str] = _optional()
    file_name: Series[str] = _optional()
    code: Series[str]
    severity: Series[str] = pa.Field(isin=SEVERITIES)
    blocking: Series[bool]
    message: Series[str]
    unit: Series[str] = _optional()
    indicator: Series[str] = _optional()


class Decisions(_Frame):
    """One row per human decision."""

    decision: Series[str] = pa.Field(unique=True)
    decided_at: Moment
    decided_by: Series[str]
    reason: Series[str]
    kind: Series[str]
    document: Series[str] = _optional()
    observation: Series[str] = _optional()
    label: Series[str] = _optional()
    indicator: Series[str] = _optional()
    expected: Series[str] = _optional()
    value: Series[str] = _optional(str_matches=EXACT)
    others: Series[str] = _optional()
    findings: Series[str] = _optional()
    ruled: Series[str] = _optional()
    found: Series[str] = _optional()
    line: Series[str] = _optional()


class Runs(_Frame):
    """The run that builds the warehouse."""

    run: Series[str] = pa.Field(unique=True)
    started_at: Moment
    version: Series[str]
    catalogue: Series[str]
    documents: Number
    observations: Number
    decisions: Number


class Units(_Frame):
    """One row per administrative unit in a span of time."""

    unit: Series[str] = pa.Field(unique=True)
    name: Series[str]
    type: Series[str]
    code: Series[str] = _optional()
    district: Series[str] = _optional()
    province: Series[str]
    valid_from: Series[pa.DateTime] = _optional()
    valid_to: Series[pa.DateTime] = _optional()
    disadvantaged: Series[pd.BooleanDtype] = _optional()
    source: Series[str]
    certainty: Series[str]


class UnitEvents(_Frame):
    """One row per event."""

    event: Series[str] = pa.Field(unique=True)
    kind: Series[str]
    effective_on: Series[pa.DateTime]
    predecessors: Series[str]
    successors: Series[str]
    shares: Series[str]
    legal_basis: Series[str]
    source: Series[str]
    certainty: Series[str]


class Indicators(_Frame):
    """One row per indicator of the catalogue."""

    indicator: Series[str] = pa.Field(unique=True)
    name: Series[str]
    group: Series[str]
    group_name: Series[str]
    kind: Series[str]
    roll_up: Series[str]
    unit_of_measure: Series[str]
    precision: Number
    numerator: Series[str] = _optional()
    numerator_unit_of_measure: Series[str] = _optional()
    denominator: Series[str] = _optional()
    denominator_unit_of_measure: Series[str] = _optional()
    denominator_indicator: Series[str] = _optional()
    weight: Series[str] = _optional()
    identity: Series[str]
    minimum: Series[str] = _optional(str_matches=EXACT)
    maximum: Series[str] = _optional(str_matches=EXACT)
    valid_from: Series[pa.DateTime] = _optional()
    valid_to: Series[pa.DateTime] = _optional()
    definition: Series[str]
    source: Series[str]
    certainty: Series[str]


class Thresholds(_Frame):
    """One row per condition of an indicator's attainment: rates (JSON) with the least that they
    have to be together, or another attainment.
    """

    indicator: Series[str]
    rates: Series[str]
    least: Series[str] = _optional(str_matches=EXACT)
    attainment: Series[str] = _optional()
    communes: Series[str] = pa.Field(isin=["all", "ordinary", "disadvantaged"])
    legal_basis: Series[str]
    source: Series[str]
    certainty: Series[str]


class Levels(_Frame):
    """One row per consolidated figure that a growth or plan percentage is recomputed from."""

    indicator: Series[str]
    level: Series[str]
    role: Series[str] = pa.Field(isin=["plus", "minus", "base"])
    measure: Series[str] = pa.Field(isin=["result", "target"])
    period: Series[str] = pa.Field(isin=["same-day", "year-before", "by-year-end"])


class ReportRows(_Frame):
    """One row per row of a report's annex of indicators."""

    report: Series[str]
    ordinal: Number
    mark: Series[str]
    label: Series[str]
    indicator: Series[str] = _optional()


class NumeralReasons(_Frame):
    """One row per reason why a numeral is no figure."""

    reason: Series[str] = pa.Field(unique=True)
    name: Series[str]
    meaning: Series[str]


class FindingKinds(_Frame):
    """One row per finding code; ``message`` has its fields in braces."""

    code: Series[str] = pa.Field(unique=True)
    severity: Series[str] = pa.Field(isin=SEVERITIES)
    blocking: Series[bool]
    message: Series[str]


@dataclass(frozen=True, slots=True)
class Frames:
    """All that a warehouse is built from. Raises pandera's SchemaErrors for a frame at fault."""

    document: pd.DataFrame
    cell: pd.DataFrame
    observation: pd.DataFrame
    directive: pd.DataFrame
    section: pd.DataFrame
    numeral: pd.DataFrame
    narrative: pd.DataFrame
    finding: pd.DataFrame
    decision: pd.DataFrame
    run: pd.DataFrame
    unit: pd.DataFrame
    unit_event: pd.DataFrame
    indicator: pd.DataFrame
    level: pd.DataFrame
    threshold: pd.DataFrame
    report_row: pd.DataFrame
    finding_kind: pd.DataFrame
    numeral_reason: pd.DataFrame

    def __post_init__(self) -> None:
        for name, frame in self.items():
            MODELS[name].validate(frame, lazy=True)

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Name and frame of each."""
        for each in fields(self):
            yield each.name, getattr(self, each.name)


MODELS: Mapping[str, type[_Frame]] = {
    "document": Documents,
    "cell": Cells,
    "observation": Observations,
    "directive": Directives,
    "section": Sections,
    "numeral": Numerals,
    "narrative": Narratives,
    "finding": Findings,
    "decision": Decisions,
    "run": Runs,
    "unit": Units,
    "unit_event": UnitEvents,
    "indicator": Indicators,
    "level": Levels,
    "threshold": Thresholds,
    "report_row": ReportRows,
    "finding_kind": FindingKinds,
    "numeral_reason": NumeralReasons,
}
"""Schema of each frame."""


def frame(schema: str, /, **columns: Sequence[Any]) -> pd.DataFrame:
    """A frame of the named schema from its columns as lists; a column left out is all null."""
    length = len(next(iter(columns.values()), ()))
    return pd.DataFrame(
        {
            column: pd.Series(columns.pop(column, [None] * length), dtype=dtype)
            for column, dtype in _dtypes(schema).items()
        }
        | columns  # a column that the schema does not know is named when the frame is validated
    )


@cache
def _dtypes(name: str) -> dict[str, str]:
    # Seconds hold every date of a four-digit year; pandera's DateTime accepts any resolution.
    spelt = {"string[python]": "str", "datetime64[ns]": "datetime64[s]"}
    columns = MODELS[name].to_schema().columns
    return {name: spelt.get(str(of.dtype), str(of.dtype)) for name, of in columns.items()}
