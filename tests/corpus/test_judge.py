"""The judge can fail: what is damaged on purpose is what it misses."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extractors.document import Finding
from tests.corpus.evaluate import HERE, catalogue, read_document, truth_of
from tests.corpus.judge import Judge, Score
from transforms.reading import Observation, Reading

NAMES = ("b2-mot-cua-tan-phu", "b2-dang-uy-quang-minh", "d01-hoc-tap-long-hung")
EXCHANGED = {"target": "result", "numerator": "denominator"}
OTHER = EXCHANGED | {other: one for one, other in EXCHANGED.items()} | {"count": "target"}


@cache
def read_once(name: str) -> tuple[dict[str, Any], Reading]:
    (path,) = HERE.glob(f"*/truth/{name}.yaml")
    truth = truth_of(path)
    return truth, read_document(path.parents[1] / "documents" / truth["file"])


def judged(name: str, reading: Reading) -> Score:
    return Judge(read_once(name)[0], reading, catalogue()).judge()


def right_ones(name: str) -> list[int]:
    judge = Judge(read_once(name)[0], read_once(name)[1], catalogue())
    judge.judge()
    return sorted(judge.met)


def damaged(
    reading: Reading, places: Collection[int], spoil: Callable[[Observation], Observation]
) -> Reading:
    """The reading with the figures at some places spoiled, and nothing said of it."""
    figures = tuple(
        spoil(one) if index in places else one for index, one in enumerate(reading.observations)
    )
    return replace(reading, observations=figures, findings=())


SPOILED: dict[str, tuple[str, Callable[[Observation], Observation]]] = {
    "indicators exchanged": ("indicator", lambda one: replace(one, indicator="dien-tich")),
    "measures swapped": ("measure", lambda one: replace(one, measure=OTHER[one.measure])),
    "units of measure dropped": ("unit_of_measure", lambda one: replace(one, unit_of_measure="")),
    "labels cut": ("label", lambda one: replace(one, label=one.label[:1])),
    "days moved": ("as_of", lambda one: replace(one, as_of=None)),
    "units lost": ("unit", lambda one: replace(one, unit="ha-noi")),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", SPOILED)
def test_the_judge_falls_by_what_is_damaged(name: str, kind: str) -> None:
    dimension, spoil = SPOILED[kind]
    reading = replace(read_once(name)[1], findings=())
    places = right_ones(name)[::3]
    before, after = judged(name, reading), judged(name, damaged(reading, places, spoil))
    lost = before.right - after.right
    # Where the truth leaves the measure open, the other one may be right too.
    assert lost == len(places) or (dimension == "measure" and lost * 2 >= len(places))
    assert after.errors[dimension] >= before.errors[dimension] + lost
    assert len(after.silent) >= len(before.silent) + lost


def test_one_indicator_for_all_is_no_good_result() -> None:
    """With every indicator replaced by one the old judge saw nothing."""
    for name in NAMES:
        reading = read_once(name)[1]
        all_of_it = range(len(reading.observations))
        one_for_all = damaged(reading, all_of_it, SPOILED["indicators exchanged"][1])
        assert judged(name, one_for_all).right == 0


def test_figures_dropped_or_invented_are_silent_errors() -> None:
    truth, reading = read_once(NAMES[0])
    assert truth["observations"]
    before = judged(NAMES[0], replace(reading, findings=()))
    fewer = replace(reading, observations=reading.observations[5:], findings=())
    more = replace(
        reading, observations=(*reading.observations, *reading.observations[:5]), findings=()
    )
    assert len(judged(NAMES[0], fewer).silent) >= len(before.silent) + 4
    assert judged(NAMES[0], more).errors["invented"] == before.errors["invented"] + 5


@pytest.mark.parametrize(
    ("code", "excuses"),
    [("label-unmatched", False), ("figure-blank", False), ("header-unread", True)],
)
def test_a_note_excuses_nothing(code: str, excuses: bool) -> None:
    reading = read_once(NAMES[0])[1]
    places = right_ones(NAMES[0])[::3]
    wrong = damaged(reading, places, SPOILED["labels cut"][1])
    spoiled = [wrong.observations[place] for place in places]
    doubts = tuple(Finding(code, {"label": one.label}, one.source) for one in spoiled)
    silent = len(judged(NAMES[0], wrong).silent)
    said = len(judged(NAMES[0], replace(wrong, findings=doubts)).silent)
    assert (said < silent) is excuses


def test_each_figure_of_the_truth_says_its_indicator() -> None:
    known = set(catalogue().indicators) | {None}
    for path in sorted(HERE.glob("*/truth/*.yaml")):
        for figure in truth_of(Path(path))["observations"]:
            assert figure["indicator"], (path, figure)
            assert set(figure["indicator"]) <= known, (path, figure)
