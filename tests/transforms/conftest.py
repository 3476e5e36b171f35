from __future__ import annotations

from datetime import date

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
