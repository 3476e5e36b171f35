"""The analyst's page: its queries run on a warehouse and return rows; it leaves no name out."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from warehouse.store import MODELS

PAGE = (Path(__file__).parents[2] / "docs" / "analysts.md").read_text("utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_there_are_at_least_ten_queries() -> None:
    assert len(QUERIES) >= 10


@pytest.mark.parametrize("query", QUERIES, ids=[str(number) for number in range(len(QUERIES))])
def test_a_query_returns_rows(query: str, connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute(query).fetchall()


def test_the_page_names_every_table(connection: duckdb.DuckDBPyConnection) -> None:
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    lines = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}
    for schema, table in tables:
        assert f"`{table}`" in lines[schema], (schema, table)


@pytest.mark.parametrize(
    "model",
    [
        "marts/14_rolled_up.sql",
        "marts/12_ratio.sql",
        "marts/17_pooled.sql",
        "core/30_reading.sql",
        "core/31_verdict.sql",
    ],
)
def test_the_page_explains_every_status_and_reason(model: str) -> None:
    text = (MODELS / model).read_text("utf-8")
    given = set(re.findall(r"(?:then|else) '([a-z]+(?:-[a-z]+)*)'", text))
    given -= {"percent", "other"}  # families of units of measure
    assert given
    assert {name for name in given if f"`{name}`" not in PAGE} == set()
