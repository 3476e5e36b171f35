"""The warehouse at the country's size: 3,321 communes of 3 former ones, 80 indicators, 5 periods.

    python -m benchmarks.warehouse [--communes 3321] [--keep FILE]

Half of the rates have their whole in another indicator; one commune in 20 shares a former one with
its neighbour, by a decision or by the catalogue; half of the conflicts are settled; every document
names a school, in one commune in 50 the same one as its neighbour's.

Prints how long the build takes, which of its steps take longest, how large the file is, and the
marts' queries against the same questions asked of the same figures in pandas, each the best of
three.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from duckdb import DuckDBPyConnection

from catalog.loader import load_catalogue
from transforms.frames import catalogue_frames
from transforms.schemas import Frames, frame
from warehouse import store
from warehouse.store import build, open_read_only

FORMER = 3
PERIODS = [date(year, 12, 31) for year in range(2020, 2025)]
COUNTS, RATES, ATTAINMENTS = 56, 12, 12
MERGED_ON = date(2025, 7, 1)
WITHOUT_WHOLE = range(RATES // 2, RATES)
"""The rates whose denominator is the count of the same number."""
SHARING, SAME_SCHOOL = 20, 50
"""One commune in so many divides its last former one with the next; has one school named twice."""
SLOWEST = 8
EMPTY = ("cell", "directive", "narrative", "finding", "level", "threshold", "report_row")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--communes", type=int, default=3321)
    parser.add_argument("--keep", type=Path, help="leave the warehouse here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.keep or Path(folder) / "warehouse.duckdb"
        file.unlink(missing_ok=True)
        with timed("generate and validate the frames"):
            frames = country(arguments.communes)
        print(f"{len(frames.observation):>12,} observations of {len(frames.document):,} documents")
        with timed("build, check, checkpoint"), steps() as took:
            build(frames, file)
        for step, seconds in sorted(took.items(), key=lambda each: -each[1])[:SLOWEST]:
            print(f"{seconds:>14.1f} s  {step}")
        print(f"{file.stat().st_size / 1e6:>10.0f} MB file")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{memory / 1e6:>10.1f} GB at most in memory")
        compare(file)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{time.perf_counter() - start:>10.1f} s  {what}")


@contextmanager
def steps() -> Iterator[dict[str, float]]:
    """Seconds of each model and soft check that is run meanwhile, by its name."""
    took: dict[str, float] = {}
    # The models are not to know that they are measured.
    model, check = store._run_model, store._run_soft_check  # noqa: SLF001

    def of_model(connection: DuckDBPyConnection, path: Path) -> None:
        with stopwatch(took, f"{path.parent.name}/{path.name}"):
            model(connection, path)

    def of_check(connection: DuckDBPyConnection, order: int, each: store.Check) -> None:
        with stopwatch(took, f"check {each.name}"):
            check(connection, order, each)

    store._run_model, store._run_soft_check = of_model, of_check  # noqa: SLF001
    try:
        yield took
    finally:
        store._run_model, store._run_soft_check = model, check  # noqa: SLF001


@contextmanager
def stopwatch(took: dict[str, float], what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    took[what] = time.perf_counter() - start


def country(communes: int) -> Frames:
    """Frames of that many communes: 1 figure in 50 missing, 1 in 50 twice, 1 in 500 in conflict."""
    random = np.random.default_rng(20250701)
    former = [f"xa-{new}-{part}" for new in range(communes) for part in range(FORMER)]
    indicators = indicator_frame()
    documents = [(unit, period) for unit in former for period in PERIODS]
    hashes = np.array([f"{number:064x}" for number in range(len(documents))], dtype=object)
    figures = np.array(
        [(f"so-{number}", "count", "hộ", "Số hộ") for number in range(COUNTS)]
        + [
            (f"ty-le-{number}", measure, "hộ", "Tỷ lệ hộ")
            for number in range(RATES)
            for measure in ("numerator", "denominator")
            if measure == "numerator" or number not in WITHOUT_WHOLE
        ]
        + [(f"dat-{number}", "result", "%", "Xã đạt chuẩn") for number in range(ATTAINMENTS)],
        dtype=object,
    )
    document = np.repeat(np.arange(len(documents)), len(figures))
    figure = np.tile(np.arange(len(figures)), len(documents))
    values = np.where(
        figures[figure, 1] == "result",
        100 * random.integers(0, 2, len(figure)),
        np.where(is_whole(figures)[figure], 5000, 0) + random.integers(0, 5000, len(figure)),
    )
    kept = random.random(len(figure)) >= 0.02
    again = np.flatnonzero(kept & (random.random(len(figure)) < 0.02))
    wrong = random.random(len(again)) < 0.1
    order = np.concatenate([np.flatnonzero(kept), again])
    told = np.concatenate([values[kept], values[again] + wrong])
    second = np.arange(len(order)) >= kept.sum()
    document, figure = document[order], figure[order]
    settled = kept.sum() + np.flatnonzero(wrong)[::2]
    decisions = [settle(place, str(told[place])) for place in settled]
    decisions += [allocate(unit) for unit in range(0, communes - 1, 2 * SHARING)]
    units = np.array([unit for unit, _ in documents], dtype=object)
    days = np.array([period for _, period in documents], dtype="datetime64[s]")
    known = catalogue_frames(load_catalogue())
    observations = frame(
        "observation",
        observation=[f"{number:016x}" for number in range(len(order))],
        document=hashes[document],
        indicator=figures[figure, 0],
        label=figures[figure, 3],
        measure=figures[figure, 1],
        value=told.astype(str).astype(object),
        decimals=np.zeros(len(order), dtype=int),
        unit_of_measure=figures[figure, 2],
        unit=units[document],
        as_of=days[document],
        kind=np.full(len(order), "table", dtype=object),
        confidence=np.ones(len(order)),
        approximate=np.zeros(len(order), dtype=bool),
        estimated=np.zeros(len(order), dtype=bool),
        table=second.astype(int),
        row=figure,
        column=np.full(len(order), 3),
        text=told.astype(str).astype(object),
    )  # fmt: skip
    return Frames(
        document=frame(
            "document",
            document=hashes,
            file_name=[f"{unit}-{period}.docx" for unit, period in documents],
            media_type=["application/test"] * len(documents),
            unit=units,
            number=[f"{number}/BC-UBND" for number in range(len(documents))],
            issued_on=days,
            as_of=days,
            kind=["Báo cáo"] * len(documents),
            draft=[False] * len(documents),
            printed_unit=units,
            printed_as_of=days,
            printed_draft=[False] * len(documents),
            extractor=["benchmark"] * len(documents),
        ),
        observation=observations,
        numeral=frame(
            "numeral",
            **{
                name: observations[name]
                for name in ("document", "kind", "table", "row", "column", "text")
            },
            numeral=observations["text"],
            start=np.zeros(len(observations), dtype=int),
            fate=["figure"] * len(observations),
            observations=[f'["{of}"]' for of in observations["observation"]],
            findings=["[]"] * len(observations),
        ),
        run=frame(
            "run", run=["benchmark"], started_at=[datetime(2025, 8, 1, tzinfo=UTC)],
            version=["0"], catalogue=["0"], documents=[len(documents)],
            observations=[len(observations)], decisions=[len(decisions)],
        ),
        decision=frame("decision", **columns(decisions)),
        section=sections(hashes, units),
        indicator=indicators,
        finding_kind=known["finding_kind"],
        numeral_reason=known["numeral_reason"],
        **unit_frames(communes),
        **{name: frame(name) for name in EMPTY},
    )  # fmt: skip


def is_whole(figures: Any) -> Any:
    """Which kinds of figures are a denominator, or a count that stands for one."""
    wholes = [f"so-{number}" for number in WITHOUT_WHOLE]
    return (figures[:, 1] == "denominator") | np.isin(figures[:, 0], wholes)


def decision(number: str, kind: str, **more: Any) -> dict[str, Any]:
    taken = datetime(2025, 8, 1, tzinfo=UTC)
    said = {"decided_by": "benchmark", "reason": "benchmark", "kind": kind, "findings": "[]"}
    return {"decision": number, "decided_at": taken, **said, **more}


def settle(place: int, value: str) -> dict[str, Any]:
    return decision(f"settle-{place}", "settle", observation=f"{place:016x}", expected=value)


def allocate(commune: int) -> dict[str, Any]:
    """The decision on a divided commune; every second one has its share from the catalogue."""
    share = {"unit": f"xa-{commune}-{FORMER - 1}", "successor": f"xa-{commune}", "share": "0.4"}
    line = json.dumps({**share, "basis": "benchmark"})
    return decision(f"allocate-{commune}", "allocate", ruled="applied", line=line)


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = {name: None for row in rows for name in row}
    return {name: [row.get(name) for row in rows] for name in names}


def sections(hashes: Any, units: Any) -> pd.DataFrame:
    """A paragraph of each document that names a school."""
    numbers = [(int(unit.split("-")[1]), int(unit.split("-")[2])) for unit in units]
    schools = [new * FORMER + (0 if new % SAME_SCHOOL == 0 else part) for new, part in numbers]
    return frame(
        "section",
        document=hashes,
        path=['["I"]'] * len(hashes),
        heading=["Kết quả"] * len(hashes),
        ordinal=[0] * len(hashes),
        paragraph=[f"Toàn xã có Trường THCS {spelt(school)} đạt chuẩn." for school in schools],
        row=[1] * len(hashes),
    )


def spelt(number: int) -> str:
    """A name of its own for each number, of capitalised words of letters alone."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return f"Nguyễn {letters.capitalize()}"


def unit_frames(communes: int) -> dict[str, pd.DataFrame]:
    new = [f"xa-{number}" for number in range(communes)]
    former = [f"{unit}-{part}" for unit in new for part in range(FORMER)]
    day = MERGED_ON - timedelta(days=1)
    divided = {f"xa-{number}": f"xa-{number + 1}" for number in range(0, communes - 1, SHARING)}
    merged = {
        unit: [f"{unit}-{part}" for part in range(FORMER - (unit in divided))] for unit in new
    }
    events = [
        *((f"nhap-{unit}", "merger", parts, [unit], []) for unit, parts in merged.items()),
        *(
            (f"chia-{unit}", "split", [f"{unit}-{FORMER - 1}"], [unit, other], shares(unit, other))
            for unit, other in divided.items()
        ),
    ]
    return {
        "unit": frame(
            "unit",
            unit=new + former,
            name=new + former,
            type=["xã"] * (len(new) + len(former)),
            province=["Tỉnh"] * (len(new) + len(former)),
            valid_from=[MERGED_ON] * len(new) + [None] * len(former),
            valid_to=[None] * len(new) + [day] * len(former),
            source=["benchmark"] * (len(new) + len(former)),
            certainty=["V"] * (len(new) + len(former)),
        ),
        "unit_event": frame(
            "unit_event",
            event=[name for name, *_ in events],
            kind=[kind for _, kind, *_ in events],
            effective_on=[MERGED_ON] * len(events),
            predecessors=[json.dumps(parts) for _, _, parts, _, _ in events],
            successors=[json.dumps(become) for _, _, _, become, _ in events],
            shares=[json.dumps(stated) for *_, stated in events],
            legal_basis=["benchmark"] * len(events),
            source=["benchmark"] * len(events),
            certainty=["V"] * len(events),
        ),
    }  # fmt: skip


def shares(unit: str, other: str) -> list[dict[str, str]]:
    """What the catalogue states of a divided commune, where no decision says it all."""
    part = f"{unit}-{FORMER - 1}"
    decided = int(unit.removeprefix("xa-")) % (2 * SHARING) == 0
    stated = {other: "0.6"} if decided else {unit: "0.4", other: "0.6"}
    return [
        {"predecessor": part, "successor": to, "share": share, "source": "benchmark"}
        for to, share in stated.items()
    ]


def indicator_frame() -> pd.DataFrame:
    kinds = [
        *[(f"so-{number}", "count", "sum", "hộ") for number in range(COUNTS)],
        *[(f"ty-le-{number}", "rate", "ratio-of-sums", "%") for number in range(RATES)],
        *[(f"dat-{number}", "attainment", "attainment", "%") for number in range(ATTAINMENTS)],
    ]
    number = len(kinds)
    wholes = {f"ty-le-{number}": f"so-{number}" for number in WITHOUT_WHOLE}
    return frame(
        "indicator",
        indicator=[identity for identity, *_ in kinds],
        name=[identity for identity, *_ in kinds],
        group=["nhom"] * number,
        group_name=["Nhóm"] * number,
        kind=[kind for _, kind, _, _ in kinds],
        roll_up=[rule for _, _, rule, _ in kinds],
        unit_of_measure=[unit for *_, unit in kinds],
        precision=[2] * number,
        numerator_unit_of_measure=["hộ"] * number,
        denominator_unit_of_measure=["hộ"] * number,
        denominator_indicator=[wholes.get(identity) for identity, *_ in kinds],
        identity=["[]"] * number,
        definition=[""] * number,
        source=["benchmark"] * number,
        certainty=["V"] * number,
    )


QUESTIONS = {
    "one commune's figures": """
        from marts.consolidated where unit = 'xa-100' and as_of = '2024-12-31'
    """,
    "a rate of all communes, over time": """
        select unit, as_of, value
        from marts.consolidated where indicator = 'ty-le-3' and measure = 'result'
    """,
    "the country's rates by year": """
        select indicator, as_of,
            sum(value) filter (measure = 'numerator') / sum(value) filter (measure = 'denominator')
        from marts.consolidated where indicator like 'ty-le-%' group by all
    """,
    "who has not reported": """
        select unit, count(*) from marts.completeness
        where missing group by unit order by 2 desc limit 20
    """,
    "where a figure comes from": """
        from marts.lineage where key = 'xa-200/ty-le-3/2024-12-31/result'
    """,
}


def in_pandas(observed: pd.DataFrame, accepted: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """The same questions of the observations, and of those accepted with their new unit."""
    last_year = accepted.as_of == "2024-12-31"

    def one_commune() -> pd.DataFrame:
        figures = accepted[(accepted.new_unit == "xa-100") & last_year]
        return figures.groupby(["indicator", "measure"]).value.agg(["sum", "count"])

    def one_rate() -> pd.Series:
        return pooled(accepted[accepted.indicator == "ty-le-3"], ["new_unit", "as_of"])

    def all_rates() -> pd.Series:
        rates = accepted[accepted.indicator.str.startswith("ty-le-")]
        return pooled(rates, ["indicator", "as_of"])

    def silent() -> pd.Series:
        return observed.groupby("unit").indicator.count().sort_values().head(20)

    def operands() -> pd.DataFrame:
        of_one = (accepted.new_unit == "xa-200") & (accepted.indicator == "ty-le-3")
        return accepted[of_one & last_year]

    return dict(zip(QUESTIONS, (one_commune, one_rate, all_rates, silent, operands), strict=True))


def pooled(figures: pd.DataFrame, by: list[str]) -> pd.Series:
    wide = figures.pivot_table(index=by, columns="measure", values="value", aggfunc="sum")
    return 100 * wide.numerator / wide.denominator


def compare(file: Path) -> None:
    """Five questions, to the warehouse in SQL and to the same figures in pandas."""
    with open_read_only(file) as connection:
        observed = connection.execute(
            "select unit, indicator, as_of, measure, comparable_value::double as value, status"
            " from core.observation"
        ).df()
        lineage = connection.execute(
            "select unit as new_unit, part as unit from core.lineage where unit <> part"
        ).df()
        accepted = observed[observed.status == "accepted"].merge(lineage, on="unit")
        asked = in_pandas(observed, accepted)
        print(f"{'warehouse':>10} {'pandas':>10}")
        for what, sql in QUESTIONS.items():
            in_sql = best_of_three(partial(answer, connection, sql))
            print(f"{in_sql:>8.3f} s {best_of_three(asked[what]):>8.3f} s  {what}")


def answer(connection: DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def best_of_three(ask: Callable[[], Any]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
