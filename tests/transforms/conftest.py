from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import date
from types import FrameType

import pytest

from catalog.loader import load_catalogue
from transforms.reading import Header
from transforms.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(load_catalogue())


@pytest.fixture
def header() -> Header:
    """A report of xã Đức Hiệp of 20 June 2025 on the first half of the year."""
    return Header(unit="duc-hiep", issued_on=date(2025, 6, 20), as_of=date(2025, 6, 30))


@pytest.fixture
def no_hang() -> Iterator[None]:
    """Ends a test that hangs: no measure of speed, which belongs to benchmarks/."""

    def hung(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError("hung")

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
