"""A connection that knows the macros, and a warehouse that holds a little of everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.example import everything
from warehouse.store import MODELS, build, open_read_only


@pytest.fixture(scope="session")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database with the schemas and macros alone."""
    with duckdb.connect() as connection:
        for name in ("10_schemas", "20_arithmetic", "21_text"):
            connection.execute((MODELS / "schema" / f"{name}.sql").read_text("utf-8"))
        yield connection


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the warehouse of ``example.everything``."""
    path = tmp_path_factory.mktemp("built") / "warehouse.duckdb"
    build(everything(), path)
    return path


@pytest.fixture
def connection(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_read_only(built) as opened:
        yield opened
