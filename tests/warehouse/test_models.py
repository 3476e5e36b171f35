"""The models that are no roll-up: units over time, decisions, and what traces a figure back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from catalog.catalogue import Catalogue
from catalog.model import Component, EventShare, Unit, UnitEvent
from extractors.document import Source
from tests.warehouse.example import (
    FAMILIES,
    FUND,
    JUNE,
    LIBRARIES,
    RUN,
    YEAR_END,
    Collected,
    catalogue_of,
    count,
    fraction,
    indicator,
    observation_ids,
    report,
    result,
    rows,
    shipped,
    warehouse,
)
from transforms.frames import Decision
from transforms.reading import Directive

# ---- units over time ----


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        ("2023-12-31", ["duc-hiep", "duc-loi", "duc-nhuan", "duc-thang"]),
        ("2024-12-31", ["duc-hiep", "duc-loi", "duc-nhuan", "duc-thang"]),
        ("2025-01-01", ["duc-hiep", "duc-nhuan", "thang-loi"]),
        ("2025-06-30", ["duc-hiep", "duc-nhuan", "thang-loi"]),
        ("2025-07-01", ["duc-hiep", "duc-nhuan", "thang-loi"]),
        ("2030-12-31", ["duc-hiep", "duc-nhuan", "thang-loi"]),
    ],
)
def test_parts_of_long_phung_on_a_day(
    day: str, parts: list[str], connection: duckdb.DuckDBPyConnection
) -> None:
    found = connection.execute(f"select part from core.parts_on('long-phung', '{day}')")
    assert [part for (part,) in found.fetchall()] == parts


def test_only_communes_of_today_are_new_units(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute("select distinct unit from core.lineage order by unit").fetchall()
    assert ("long-phung",) in found
    assert ("thang-loi",) not in found  # new in January 2025, gone in July
    assert ("quang-ngai-2025",) not in found  # a province


def unit(slug: str, valid_from: date | None, valid_to: date | None) -> Unit:
    return Unit(
        slug=slug, name=slug, type="xã", province="Tỉnh", valid_from=valid_from, valid_to=valid_to,
        source="test", certainty="V",
    )  # fmt: skip


def event(kind: str, day: date, before: Iterable[str], after: Iterable[str]) -> UnitEvent:
    return UnitEvent(
        id=f"{kind}-{day}", kind=kind, effective_on=day, predecessors=tuple(before),  # type: ignore[arg-type]
        successors=tuple(after), legal_basis="test", source="test", certainty="V",
    )  # fmt: skip


FIRST, SECOND = date(2025, 7, 1), date(2026, 1, 1)


def split_catalogue(*shares: EventShare) -> Catalogue:
    """b was divided between ab and b2; a went into ab whole; ab is moi by now."""
    units = {
        each.slug: each
        for each in (
            unit("a", None, date(2025, 6, 30)),
            unit("b", None, date(2025, 6, 30)),
            unit("ab", FIRST, date(2025, 12, 31)),
            unit("b2", FIRST, None),
            unit("moi", SECOND, None),
        )
    }
    events = {
        each.id: each
        for each in (
            event("split", FIRST, ["b"], ["ab", "b2"]).model_copy(update={"shares": shares}),
            event("merger", FIRST, ["a"], ["ab"]),
            event("renaming", SECOND, ["ab"], ["moi"]),
        )
    }
    return catalogue_of(
        [
            indicator("so", "count"),
            indicator("ty-le", "rate"),
            indicator("dat", "attainment"),
        ],
        units=units,
        unit_events=events,
    )


def split_documents() -> Collected:
    collected = Collected()
    for commune, number, numerator, denominator in (("a", "10", "1", "2"), ("b", "7", "3", "10")):
        collected.add(
            report(
                commune,
                count(number),
                fraction(numerator, denominator, indicator="ty-le"),
                result("100", indicator="dat"),
            ),
            "so",
        )
    return collected


def share_of(successor: str, share: str, of: str | None = None) -> EventShare:
    return EventShare(
        predecessor="b", successor=successor, indicator=of, share=Decimal(share),
        source="dân số", certainty="V",
    )  # fmt: skip


def split_figures(path: Path, catalogue: Catalogue) -> tuple[dict[str, Any], set[str]]:
    """The figures by 'unit/indicator/measure', and the codes of all findings."""
    with warehouse(path, split_documents().frames(catalogue)) as connection:
        figures = {
            f"{row['unit']}/{row['indicator']}/{row['measure']}": row
            for row in rows(connection, "from marts.consolidated")
        }
        codes = {code for (code,) in connection.execute("select code from core.finding").fetchall()}
    return figures, codes


def test_a_split_unit_is_left_out_until_a_share_is_stated(tmp_path: Path) -> None:
    with warehouse(
        tmp_path / "w.duckdb", split_documents().frames(split_catalogue())
    ) as connection:
        lineage = connection.execute(
            "select part, whole from core.lineage where unit = 'moi'"
        ).fetchall()
        messages = connection.execute(
            "select message from core.finding where code = 'not-computed' and indicator = 'so'"
        ).fetchall()
    assert lineage == [("a", True), ("ab", True), ("b", False), ("moi", True)]
    assert all("chưa phân bổ: xã" in message for (message,) in messages)
    figures, codes = split_figures(tmp_path / "v.duckdb", split_catalogue())
    so, rate = figures["moi/so/count"], figures["moi/ty-le/result"]
    assert (so["value"], so["lower"], so["upper"], so["status"]) == (None, 10, 17, "not-allocated")
    assert (rate["value"], rate["lower"], rate["status"]) == (None, None, "not-allocated")
    assert "not-computed" in codes


def test_a_split_unit_is_allocated_by_the_stated_share(tmp_path: Path) -> None:
    catalogue = split_catalogue(share_of("ab", "0.4"), share_of("b2", "0.6"))
    figures, codes = split_figures(tmp_path / "w.duckdb", catalogue)
    by_hand = {
        "moi/so/count": (Decimal("12.8"), "10 + 7 × 40 % = 12,8 hộ"),
        "b2/so/count": (Decimal("4.2"), "7 × 60 % = 4,2 hộ"),
        "moi/ty-le/numerator": (Decimal("2.2"), "1 + 3 × 40 % = 2,2 hộ"),
        # 100 x (1 + 1,2) / (2 + 4) = 36,666...
        "moi/ty-le/result": (
            Decimal("36.666667"),
            "(1 + 3 × 40 %) / (2 + 10 × 40 %) = 36,67 %",
        ),
        "b2/ty-le/result": (Decimal(30), "(3 × 60 %) / (10 × 60 %) = 30 %"),
    }
    for key, (value, equation) in by_hand.items():
        figure = figures[key]
        assert (figure["value"], figure["equation"], figure["status"]) == (
            value, equation, "complete",
        ), key  # fmt: skip
    assert figures["moi/dat/result"]["status"] == "not-allocated"
    assert "shares-do-not-add-up" not in codes


def test_an_indicator_has_a_share_of_its_own_and_the_lineage_tells_it(tmp_path: Path) -> None:
    catalogue = split_catalogue(share_of("ab", "0.4"), share_of("ab", "0.5", "so"))
    with warehouse(tmp_path / "w.duckdb", split_documents().frames(catalogue)) as connection:
        told = connection.execute(
            "select indicator, value, share, basis, allocated from marts.lineage "
            "where unit = 'moi' and part = 'b' and measure in ('count', 'denominator') order by 1"
        ).fetchall()
    half, two_fifths = Decimal("0.5"), Decimal("0.4")
    assert told == [
        ("so", 7, half, "dân số", Decimal("3.5")),
        ("ty-le", 10, two_fifths, "dân số", 4),
    ]


@pytest.mark.parametrize("other", ["0.5", "0.7"])
def test_shares_that_do_not_add_up_are_found(tmp_path: Path, other: str) -> None:
    catalogue = split_catalogue(share_of("ab", "0.4"), share_of("b2", other))
    _, codes = split_figures(tmp_path / "w.duckdb", catalogue)
    assert "shares-do-not-add-up" in codes


# ---- decisions ----

HOUSEHOLDS = "so-ho"
DECIDED = RUN.started_at


def decide(
    tmp_path: Path, kind: str, expected: str, value: str | None = None, *, figure: int = 1
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """Two reports of Đức Hiệp that say 5 and 6, and a decision on the first or the second."""
    collected = Collected()
    for unit_of, said in (
        ("duc-hiep", "5"),
        ("duc-hiep", "6"),
        ("duc-nhuan", "1"),
        ("thang-loi", "1"),
    ):
        collected.add(report(unit_of, count(said)), HOUSEHOLDS)
    catalogue = catalogue_of([indicator(HOUSEHOLDS, "count")])
    identity = observation_ids(collected, collected.frames(catalogue))[figure - 1][0]
    decision = Decision(
        "d1", DECIDED, "Nguyễn A", "đã hỏi xã", kind, identity, Decimal(expected),  # type: ignore[arg-type]
        None if value is None else Decimal(value),
    )  # fmt: skip
    with warehouse(tmp_path / "w.duckdb", collected.frames(catalogue, [decision])) as connection:
        observed = rows(
            connection,
            "select status, status_reason, value, printed_value, decision from core.observation"
            " where unit = 'duc-hiep' order by printed_value",
        )
        (consolidated,) = rows(connection, "from marts.consolidated where measure = 'count'")
        (state,) = connection.execute("select status from core.decision").fetchone() or ("",)
        codes = connection.execute("select code from core.finding order by code").fetchall()
    return observed, {**consolidated, "decision": state}, [code for (code,) in codes]


def test_settling_a_conflict(tmp_path: Path) -> None:
    observed, figure, findings = decide(tmp_path, "settle", "5")
    assert [row["status"] for row in observed] == ["accepted", "superseded"]
    assert [row["status_reason"] for row in observed] == ["decision", "decision"]
    assert (figure["value"], figure["decision"], findings) == (7, "applied", [])


def test_correcting_a_value_keeps_what_was_printed(tmp_path: Path) -> None:
    observed, figure, findings = decide(tmp_path, "correct", "6", "60", figure=2)
    assert [row["status"] for row in observed] == ["superseded", "corrected"]
    assert (observed[1]["value"], observed[1]["printed_value"]) == (60, 6)
    assert (figure["value"], findings) == (62, [])


def test_rejecting_a_figure(tmp_path: Path) -> None:
    observed, figure, findings = decide(tmp_path, "reject", "5")
    assert [row["status"] for row in observed] == ["rejected", "accepted"]
    assert (figure["value"], findings) == (8, [])


def test_a_decision_on_a_figure_that_has_changed_is_void(tmp_path: Path) -> None:
    observed, figure, findings = decide(tmp_path, "settle", "4")
    assert [row["status"] for row in observed] == ["conflicting", "conflicting"]
    assert (figure["value"], figure["decision"]) == (None, "void")
    assert findings == ["conflict", "decision-void"]


def test_a_correction_without_a_value_is_void(tmp_path: Path) -> None:
    _, figure, findings = decide(tmp_path, "correct", "5")
    assert figure["decision"] == "void"
    assert "decision-void" in findings


# ---- tracing back ----


def test_a_rate_traces_to_the_cells_of_its_numerators_and_denominators(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    key = f"long-phung/{FAMILIES}/2025-06-30/result"
    operands = rows(connection, "from marts.lineage where key = $1", key)
    shown = [(row["part"], row["operand_measure"], row["value"], row["text"]) for row in operands]
    assert shown == [
        ("duc-hiep", "denominator", 1511, "1511"),
        ("duc-hiep", "numerator", 1204, "1204"),
        ("duc-nhuan", "denominator", 1320, "1320"),
        ("duc-nhuan", "numerator", 987, "987"),
        ("thang-loi", "denominator", 1902, "1902"),
        ("thang-loi", "numerator", 1530, "1530"),
    ]  # fmt: skip
    assert {(row["file_name"], row["table"], row["row"], row["column"]) for row in operands} == {
        (f"{number}-{name}.docx", 0, 1, 2)
        for number, name in ((1, "duc-hiep"), (2, "duc-nhuan"), (3, "thang-loi"))
    }
    (figure,) = rows(connection, "from marts.consolidated where key = $1", key)
    assert figure["equation"] == "(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %"
    assert [source["text"] for source in figure["sources"]] == [row["text"] for row in operands]
    assert set(figure["sources"][0]) == {"document", "page", "table", "row", "column", "text"}


@pytest.mark.parametrize("poor", ["count", "numerator"])
def test_the_whole_of_a_rate_may_be_a_row_of_its_own(tmp_path: Path, poor: str) -> None:
    """'Hộ nghèo 9 hộ' in one row, 'Tổng số hộ 100' in another: the catalogue says they belong."""
    whole = Component(name="tổng số hộ", unit_of_measure="hộ", indicator="so-ho")
    catalogue = catalogue_of(
        [indicator("ngheo", "rate", denominator=whole), indicator("so-ho", "count")]
    )
    collected = Collected()
    for unit_of, some, every in (
        ("duc-hiep", "9", "100"),
        ("duc-nhuan", "8", "200"),
        ("thang-loi", "3", "100"),
    ):
        figures = fraction(some, indicator="ngheo") if poor == "numerator" else [count(some)]
        collected.add(report(unit_of, *figures, count(every, indicator="so-ho")), "ngheo")
    with warehouse(tmp_path / "w.duckdb", collected.frames(catalogue)) as connection:
        (rate,) = rows(
            connection, "from marts.consolidated where indicator = 'ngheo' and measure = 'result'"
        )
        operands = rows(connection, f"from marts.lineage where key = '{rate['key']}'")
    assert (rate["value"], rate["status"]) == (5, "complete")
    assert rate["equation"] == "(9 + 8 + 3) / (100 + 200 + 100) = 5 %"
    assert sorted(row["value"] for row in operands) == [3, 8, 9, 100, 100, 200]


def test_a_rate_whose_whole_conflicts_says_so(tmp_path: Path) -> None:
    """The conflict is another indicator's: without words of its own nobody could publish."""
    whole = Component(name="tổng số hộ", unit_of_measure="hộ", indicator="so-ho")
    catalogue = catalogue_of(
        [indicator("ngheo", "rate", denominator=whole), indicator("so-ho", "count")]
    )
    collected = Collected()
    for unit_of, every in (("duc-hiep", "100"), ("duc-nhuan", "200"), ("thang-loi", "100")):
        collected.add(report(unit_of, count("9"), count(every, indicator="so-ho")), "ngheo")
    collected.add(report("duc-hiep", count("101", indicator="so-ho")), "ngheo")
    with warehouse(tmp_path / "w.duckdb", collected.frames(catalogue)) as connection:
        (rate,) = rows(
            connection, "from marts.consolidated where indicator = 'ngheo' and measure = 'result'"
        )
        told = rows(connection, "from core.finding where indicator = 'ngheo'")
        (conflict,) = rows(connection, "from core.finding where code = 'conflict'")
    assert (rate["value"], rate["status"]) == (None, "conflicting")
    assert [each["code"] for each in told] == ["not-computed"]
    assert "mẫu số là số liệu của chỉ tiêu khác, số đó còn mâu thuẫn" in told[0]["message"]
    assert conflict["indicator"] == "so-ho"


def test_a_conflict_shows_both_values_with_their_places(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    (conflict,) = rows(connection, "from marts.conflict where indicator = $1", FUND)
    assert (conflict["unit"], conflict["least"], conflict["greatest"]) == ("duc-hiep", 11, 12)
    assert [(one["value"], one["file_name"], one["table"]) for one in conflict["sources"]] == [
        (Decimal(11), "4-duc-hiep.docx", 0),
        (Decimal(12), "5-duc-hiep.docx", 0),
    ]
    operands = rows(
        connection, "from marts.lineage where indicator = $1 and status = 'conflicting'", FUND
    )
    assert {row["value"] for row in operands} == {11, 12}


def test_a_weighted_average_traces_to_its_weights(tmp_path: Path) -> None:
    collected = Collected()
    for unit_of, income, people in (
        ("duc-hiep", "50", "1000"),
        ("duc-nhuan", "60", "3000"),
        ("thang-loi", "70", "6000"),
    ):
        collected.add(
            report(unit_of, result(income), count(people, indicator="dan-so")), "thu-nhap"
        )
    frames = collected.frames(catalogue_of([indicator("thu-nhap", "average")]))
    with warehouse(tmp_path / "w.duckdb", frames) as connection:
        operands = rows(
            connection, "from marts.lineage where indicator = 'thu-nhap' and part = 'duc-nhuan'"
        )
    assert [
        (row["operand_indicator"], row["operand_measure"], row["value"]) for row in operands
    ] == [
        ("dan-so", "count", 3000),
        ("thu-nhap", "result", 60),
    ]


def test_completeness_says_who_reported_what(tmp_path: Path) -> None:
    collected = Collected()
    collected.add(report("duc-hiep", fraction("1", "2", "50")), "ty-le")
    collected.add(report("duc-nhuan", result("40"), result("41", row=9)), "ty-le")
    frames = collected.frames(catalogue_of([indicator("ty-le", "rate")]))
    with warehouse(tmp_path / "w.duckdb", frames) as connection:
        found = rows(connection, "from marts.completeness")
    assert [
        (row["unit"], row["reported"], row["missing"], row["conflicting"], row["measures_missing"])
        for row in found
    ] == [
        ("duc-hiep", True, False, False, []),
        ("duc-nhuan", True, False, True, ["denominator", "numerator"]),
        ("thang-loi", False, True, False, ["denominator", "numerator", "result"]),
    ]
    assert {row["new_unit"] for row in found} == {"long-phung"}


def test_completeness_asks_for_what_a_report_has_on_the_latest_day(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    asked = {row.indicator for row in shipped().reports["xa-hoi-hoc-tap"].rows} - {None}
    found = connection.execute(
        "select distinct indicator from marts.completeness where new_unit = 'long-phung'"
        " and as_of = $1",
        [JUNE],  # the documents' own day; a single figure is of a later one
    ).fetchall()
    assert {indicator_id for (indicator_id,) in found} >= asked


# ---- directives and narrative ----


def cited(
    *directives: tuple[str, str | None, date | None, str | None, str | None],
) -> dict[str, object]:
    return {
        "directives": [
            Directive(kind, number, day, issuer, title, Source("text", number or kind, row=place))
            for place, (kind, number, day, issuer, title) in enumerate(directives)
        ]
    }


PREMIER = "Thủ tướng Chính phủ"
IN_FULL = "Ủy ban nhân dân xã Đức Lợi, huyện Mộ Đức"
DECISION_1373 = ("Quyết định", "1373/QĐ-TTg", date(2021, 7, 30))


def test_directives_are_listed_once_with_all_who_cite_them(tmp_path: Path) -> None:
    collected = Collected()
    collected.add(report("duc-hiep", **cited(
        (*DECISION_1373, "Thủ tướng", "Phê duyệt Đề án"),
        ("Quyết định", "1373/QĐ-TTg", None, None, None),  # cited again by its number alone
        ("Kế hoạch", "15/KH-UBND", date(2024, 3, 1), "UBND xã Đức Hiệp", "Kế hoạch của Đức Hiệp"),
        ("Luật", None, None, None, "Luật Giáo dục"),
    )), "so")  # fmt: skip
    collected.add(report("duc-loi", **cited(
        ("Quyết định", "1373 /qđ-ttg", DECISION_1373[2], PREMIER, "Phê duyệt “Đề án”"),
        ("Kế hoạch", "15/KH-UBND", date(2024, 3, 1), IN_FULL, "Khác"),
        ("Kế hoạch", "15/KH-UBND", date(2024, 3, 1), "UBND xã Đức Lợi", "Kế hoạch của Đức Lợi"),
        ("Kế hoạch", "15/KH-UBND", date(2023, 3, 1), "UBND xã Đức Lợi", "Kế hoạch năm 2023"),
        ("Luật", None, None, None, "LUẬT GIÁO DỤC"),
    )), "so")  # fmt: skip
    collected.add(report("thang-loi-ha-noi", **cited((*DECISION_1373, None, None))), "so")
    frames = collected.frames(catalogue_of([indicator("so", "count")]))
    with warehouse(tmp_path / "w.duckdb", frames) as connection:
        found = rows(connection, "from marts.directive where unit = 'long-phung'")
    shown = [(row["number"] or row["title"], str(row["issued_on"]), row["issuer"]) for row in found]
    assert shown == [
        ("1373/QĐ-TTg", "2021-07-30", PREMIER),
        ("15/KH-UBND", "2023-03-01", "UBND xã Đức Lợi"),
        ("15/KH-UBND", "2024-03-01", "UBND xã Đức Hiệp"),
        ("15/KH-UBND", "2024-03-01", IN_FULL),
        ("Luật Giáo dục", "None", None),
    ]  # fmt: skip
    first = found[0]
    assert first["title"] == "Phê duyệt “Đề án”"
    assert [(origin["unit"], origin["row"]) for origin in first["origins"]] == [
        ("duc-hiep", 0), ("duc-hiep", 1), ("duc-loi", 0),
    ]  # fmt: skip


ISSUERS = [
    ("UBND tỉnh", "Chủ tịch Uỷ ban nhân dân tỉnh Quảng Ngãi", 1),
    ("UBND huyện Mộ Đức", "Ủy ban nhân dân huyện", 1),
    ("Phòng GD&ĐT huyện Mộ Đức", "Phòng Giáo dục và Đào tạo", 1),
    ("Sở GDĐT", "Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi", 1),
    ("Thủ tướng", "Thủ tướng Chính phủ", 1),
    ("UBND xã", "Ủy ban nhân dân xã Đức Hiệp", 1),
    ("UBND xã", "UBND xã Đức Nhuận", 2),
    ("UBND xã Đức Hiệp", "UBND xã Đức Nhuận", 2),
    ("UBND xã Đức Hiệp", "UBND huyện Mộ Đức", 2),
]
"""Two spellings that a document of Đức Hiệp has beside one number and day: one directive or two."""


def test_an_issuer_is_written_in_many_ways_and_communes_stay_apart(tmp_path: Path) -> None:
    day = date(2024, 3, 1)
    numbered = [
        ("Kế hoạch", f"{place + 1}/KH", day, issuer, None)
        for place, (one, other, _) in enumerate(ISSUERS)
        for issuer in (one, other)
    ]
    collected = Collected()
    collected.add(report("duc-hiep", **cited(*numbered)), "so")
    frames = collected.frames(catalogue_of([indicator("so", "count")]))
    with warehouse(tmp_path / "w.duckdb", frames) as connection:
        found = connection.execute("select number, count(*) from marts.directive group by number")
        listed = dict(found.fetchall())
    assert listed == {f"{place + 1}/KH": number for place, (*_, number) in enumerate(ISSUERS)}


def test_merged_paragraphs_keep_their_origins(connection: duckdb.DuckDBPyConnection) -> None:
    (paragraph,) = rows(connection, "from marts.narrative")
    assert (paragraph["path"], paragraph["origin"]) == (["II", "4"], "own")
    assert [(one["unit"], one["row"]) for one in paragraph["origins"]] == [("duc-hiep", 12)]


def test_sections_and_the_run(connection: duckdb.DuckDBPyConnection) -> None:
    sections = rows(connection, "from core.section")
    assert len(sections) == 5
    assert {(tuple(row["path"]), row["row"]) for row in sections} == {(("II", "4"), 12)}
    (run,) = rows(connection, "from core.run")
    assert (run["run"], run["started_at"], run["decisions"]) == (RUN.run, RUN.started_at, 1)


def test_a_figure_of_another_day_stands_beside(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        connection,
        "from marts.consolidated where indicator = $1 and unit = 'long-phung'",
        FAMILIES,
    )
    assert {(row["as_of"], row["measure"]) for row in found} >= {
        (YEAR_END, "target"),
        (date(2025, 6, 30), "result"),
    }
    assert rows(
        connection,
        "from marts.consolidated where indicator = $1 and unit = 'mo-cay-quang-ngai'",
        LIBRARIES,
    )
