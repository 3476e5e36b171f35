"""Everything that is read of the fixtures, kept to be compared with.

``REGENERATE_GOLDEN=1 pytest tests/extractors/test_golden.py`` writes it anew; look at the
difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from extractors.formats import extract, to_json

GOLDEN = Path(__file__).parent / "golden"
FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())
REGENERATE = os.environ.get("REGENERATE_GOLDEN") == "1"


def as_read(path: Path) -> str:
    extraction = json.loads(to_json(extract(path)))
    # The programs that print the fixtures put the day into them.
    del extraction["sha256"]
    return json.dumps(extraction, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_fixtures_read_as_before(path):
    golden = GOLDEN / f"{path.name}.json"
    if REGENERATE:
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(as_read(path), encoding="utf-8")
    assert as_read(path) == golden.read_text(encoding="utf-8")


def test_nothing_golden_is_left_over():
    assert {path.name for path in GOLDEN.iterdir()} == {f"{path.name}.json" for path in FIXTURES}


def test_regeneration_is_not_left_on():
    assert not REGENERATE, "the golden files were just written: run again without the variable"
