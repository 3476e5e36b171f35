"""What must hold of divided units, whatever their figures and shares."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.catalogue import Catalogue
from catalog.model import EventShare, Unit, UnitEvent
from tests.warehouse.example import (
    JUNE,
    Collected,
    Figure,
    catalogue_of,
    count,
    fraction,
    indicator,
    report,
    warehouse,
)
from tests.warehouse.test_properties import few

FIRST, SECOND = date(2025, 7, 1), date(2026, 1, 1)
MILLION = 10**6


@dataclass(frozen=True)
class Case:
    """Figures of three units and the shares of the first that go to x, y and z: all of it."""

    numbers: tuple[int, int, int]
    shares: tuple[Decimal, Decimal, Decimal]

    @property
    def truth(self) -> Decimal:
        """What comes together in m: the first unit's share, and the others."""
        divided, *whole = self.numbers
        return divided * self.shares[0] + sum(whole)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    first = draw(st.integers(1, MILLION - 2))
    second = draw(st.integers(1, MILLION - first - 1))
    shares = [Decimal(part) / MILLION for part in (first, second, MILLION - first - second)]
    numbers = draw(st.tuples(*[st.integers(0, 10**9)] * 3))
    return Case(numbers, (shares[0], shares[1], shares[2]))


def unit(slug: str, valid_from: date | None, valid_to: date | None) -> Unit:
    return Unit(
        slug=slug, name=slug, type="xã", province="Tỉnh", valid_from=valid_from, valid_to=valid_to,
        source="test", certainty="V",
    )  # fmt: skip


def event(
    kind: Any, day: date, before: Sequence[str], after: Sequence[str], shares: Sequence[Any] = ()
) -> UnitEvent:
    return UnitEvent(
        id=f"{kind}-{'-'.join((*before, *after))}", kind=kind, effective_on=day,
        predecessors=tuple(before), successors=tuple(after), shares=tuple(shares),
        legal_basis="test", source="test", certainty="V",
    )  # fmt: skip


def shares_of(some: Sequence[Case], heirs: str = "xyz", lacking: str = "") -> Iterator[EventShare]:
    """Of each case's indicator its own shares of a."""
    for number, case in enumerate(some):
        for heir, share in zip(heirs, case.shares, strict=False):
            if heir not in lacking:
                yield EventShare(
                    predecessor="a", successor=heir, indicator=f"case-{number}", share=share,
                    source="test", certainty="V",
                )  # fmt: skip


def divided(
    some: Sequence[Case], kind: str, grouping: str = "early", lacking: str = ""
) -> Catalogue:
    """a is divided into x, y, z; x, b and c come together in m, at once or b and c first."""
    end, last = FIRST - timedelta(days=1), SECOND - timedelta(days=1)
    units = [unit(slug, None, end) for slug in "ab"]
    units += [unit("x", FIRST, last), unit("y", FIRST, None), unit("z", FIRST, None)]
    units += [unit("m", SECOND, None)]
    split = event("split", FIRST, "a", "xyz", [*shares_of(some, lacking=lacking)])
    if grouping == "early":
        units += [unit("c", None, last)]
        merged = [event("merger", FIRST, "b", "x"), event("merger", SECOND, "xc", "m")]
    else:
        units += [unit("c", None, end), unit("bc", FIRST, last)]
        merged = [event("merger", FIRST, "bc", ["bc"]), event("merger", SECOND, ["x", "bc"], "m")]
    return catalogue_of(
        [indicator(f"case-{number}", kind) for number in range(len(some))],
        units={each.slug: each for each in units},
        unit_events={each.id: each for each in (split, *merged)},
    )


@contextmanager
def built(
    catalogue: Catalogue, figures: Iterable[tuple[str, str, Sequence[Figure]]]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of (unit, indicator, figures), a document each."""
    collected = Collected()
    for slug, of, given_figures in figures:
        collected.add(report(slug, given_figures, as_of=JUNE), of)
    with (
        tempfile.TemporaryDirectory() as folder,
        warehouse(Path(folder) / "w.duckdb", collected.frames(catalogue)) as connection,
    ):
        yield connection


def counts(some: Sequence[Case], units: str = "abc") -> list[tuple[str, str, Sequence[Figure]]]:
    return [
        (slug, f"case-{number}", [count(str(case.numbers["abc".index(slug)]))])
        for number, case in enumerate(some)
        for slug in units
    ]


def of_new(connection: duckdb.DuckDBPyConnection, measure: str) -> dict[tuple[str, int], Any]:
    """(new unit, number of the case) -> (value, lower, upper)."""
    found = connection.execute(
        "select unit, indicator, value, lower, upper from marts.consolidated where measure = $1",
        [measure],
    ).fetchall()
    return {(slug, int(of.removeprefix("case-"))): tuple(rest) for slug, of, *rest in found}


fewer = settings(few, max_examples=2)
many = st.lists(cases(), min_size=8, max_size=20)


@fewer
@given(many)
def test_the_successors_have_together_what_was_divided(some: list[Case]) -> None:
    with built(divided(some, "count"), counts(some)) as connection:
        found = of_new(connection, "count")
    for number, case in enumerate(some):
        values = [found[slug, number][0] for slug in ("m", "y", "z")]
        assert sum(values) == sum(case.numbers)
        assert values[0] == case.truth


@fewer
@given(many)
def test_a_transfer_takes_from_one_what_the_other_gets(some: list[Case]) -> None:
    moved = event("part-transfer", FIRST, "a", "b", [*shares_of(some, heirs="b")])
    catalogue = catalogue_of(
        [indicator(f"case-{number}", "count") for number in range(len(some))],
        units={slug: unit(slug, None, None) for slug in "ab"}, unit_events={moved.id: moved},
    )  # fmt: skip
    with built(catalogue, counts(some, "ab")) as connection:
        found = of_new(connection, "count")
    for number, case in enumerate(some):
        giver, receiver = found["a", number][0], found["b", number][0]
        assert giver + receiver == case.numbers[0] + case.numbers[1]
        assert receiver == case.numbers[1] + case.numbers[0] * case.shares[0]


@fewer
@given(many, st.randoms(use_true_random=False))
def test_order_and_grouping_do_not_matter(some: list[Case], random: Random) -> None:
    figures = counts(some)
    with built(divided(some, "count"), figures) as connection:
        early = of_new(connection, "count")
    random.shuffle(figures)
    with built(divided(some, "count", "late"), figures) as connection:
        late = of_new(connection, "count")
    for number, case in enumerate(some):
        assert early["m", number] == late["m", number] == (case.truth, None, None)


@fewer
@given(many, st.sampled_from(["a", "b", "c", "share", "share and b"]))
def test_bounds_contain_what_is_hidden_of_a_divided_unit(some: list[Case], hidden: str) -> None:
    missing = hidden.removeprefix("share and ")
    shown = "".join(slug for slug in "abc" if slug != missing)
    lacking = "x" if hidden.startswith("share") else ""
    with built(divided(some, "count", lacking=lacking), counts(some, shown)) as connection:
        found = of_new(connection, "count")
    for number, case in enumerate(some):
        value, lower, upper = found["m", number]
        assert value is None
        assert lower <= case.truth
        assert upper is None or case.truth <= upper
        assert (upper is None) == (missing in "abc")


@fewer
@given(st.lists(st.tuples(cases(), cases()), min_size=8, max_size=20))
def test_a_rate_of_divided_units_lies_between_its_parts(some: list[tuple[Case, Case]]) -> None:
    """Numerators of one case over denominators that are as much greater as the other's numbers."""
    first = [one for one, _ in some]
    parts = [
        [(n, n + more + 1) for n, more in zip(one.numbers, other.numbers, strict=True)]
        for one, other in some
    ]
    figures = [
        (slug, f"case-{number}", fraction(str(n), str(d)))
        for number, of_case in enumerate(parts)
        for slug, (n, d) in zip("abc", of_case, strict=True)
    ]
    with built(divided(first, "rate"), figures) as connection:
        found = of_new(connection, "result")
    for number, of_case in enumerate(parts):
        share, (n, d) = first[number].shares[0], of_case[0]
        rates = [Decimal(100 * n) / d for n, d in of_case]
        slack = Decimal("0.000001")
        assert min(rates) - slack <= found["m", number][0] <= max(rates) + slack
        numerator = n * share + sum(n for n, _ in of_case[1:])
        denominator = d * share + sum(d for _, d in of_case[1:])
        assert abs(found["m", number][0] - 100 * numerator / denominator) <= slack
        # A share of both leaves the rate as it was.
        assert abs(found["y", number][0] - rates[0]) <= slack
