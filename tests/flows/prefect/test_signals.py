"""A signal that meets a query ends the flow run as one that crashed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType

import duckdb
import pytest
from prefect.exceptions import TerminationSignal

from flows.consolidate import signals_told


def ask(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("select sum(sqrt(a.range * b.range)) from range(1000000) a, range(9000) b")


def test_a_signal_during_a_query_is_told_to_prefect(alarm: None) -> None:
    with duckdb.connect() as connection, pytest.raises(TerminationSignal), signals_told():
        ask(connection)


def test_other_faults_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="another"), signals_told():
        raise RuntimeError("another")


@pytest.fixture
def alarm() -> Iterator[None]:
    """As Prefect has it: the handler of a signal raises."""

    def ended(_number: int, _frame: FrameType | None) -> None:
        raise TerminationSignal(signal.SIGTERM)

    before = signal.signal(signal.SIGALRM, ended)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
