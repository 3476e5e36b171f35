from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from catalog.loader import load_catalogue
from extractors.document import Cell, Extraction, Finding, Paragraph, Source, Table
from transforms.frames import Decision, Received, Refused, Run, build_frames, exact
from transforms.narrative import MergedParagraph, Origin
from transforms.reading import Directive, Header, Observation, Reading, Section
from transforms.schemas import MODELS, Frames, frame

CATALOGUE = load_catalogue()
RUN = Run("run-1", datetime(2025, 8, 1, tzinfo=UTC), "0.1.0")
SHA = "a" * 64
SOURCE = Source("table", "1.204", page=2, table=1, row=4, column=3, bbox=(1.0, 2.0, 3.0, 4.0))
FIGURE = Observation(
    "gia-dinh-hoc-tap", "Gia đình", "numerator", Decimal(1204), "hộ", "duc-hiep",
    date(2025, 6, 30), SOURCE, 0.9,
)  # fmt: skip


def received(*observations: Observation, sha256: str = SHA, **parts: object) -> Received:
    table = Table(0, 1, 2, (Cell(0, 0, "Số hộ"), Cell(0, 1, "1.204", page=3, value="1204")), page=2)
    extraction = Extraction(
        sha256, "bao-cao.docx", "application/test", None, "docx 1", (Paragraph(0, "Điều"), table),
        (Finding("wrong-ending", {"ending": ".pdf", "media_type": "x"}),),
    )  # fmt: skip
    header = Header(unit="duc-hiep", number="58/BC-UBND", issued_on=date(2025, 6, 20))
    return Received(extraction, replace(Reading(header, observations), **parts), RUN.started_at)  # type: ignore[arg-type]


def framed(*documents: Received, **more: object) -> Frames:
    return build_frames(documents, CATALOGUE, run=RUN, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def good() -> Frames:
    return framed(received(FIGURE))


def ids(frames: Frames) -> list[str]:
    return list(frames.observation["observation"])


def test_an_observation_keeps_all_that_was_read() -> None:
    row = framed(received(FIGURE)).observation.iloc[0]
    assert (row["value"], row["decimals"], row["unit"]) == ("1204", 0, "duc-hiep")
    assert row["as_of"] == pd.Timestamp(2025, 6, 30)
    assert [row[name] for name in ("page", "table", "row", "column")] == [2, 1, 4, 3]
    assert [row[name] for name in ("x0", "top", "x1", "bottom")] == [1, 2, 3, 4]
    assert (row["text"], row["confidence"]) == ("1.204", 0.9)


def test_an_id_is_of_the_place_not_of_the_meaning() -> None:
    first = ids(framed(received(FIGURE)))
    renamed = replace(FIGURE, indicator=None, value=Decimal(7), unit=None, label="khác")
    assert ids(framed(received(renamed))) == first
    for elsewhere in (
        replace(FIGURE, measure="denominator"),
        replace(FIGURE, source=replace(SOURCE, row=5)),
        replace(FIGURE, source=replace(SOURCE, kind="text")),
    ):
        assert ids(framed(received(elsewhere))) != first
    assert ids(framed(received(FIGURE, sha256="b" * 64))) != first


def test_two_figures_of_one_place_have_two_ids() -> None:
    first, second = ids(framed(received(FIGURE, replace(FIGURE, value=Decimal(9)))))
    assert first != second


def test_the_same_bytes_twice_are_one_document() -> None:
    frames = framed(received(FIGURE), received(FIGURE))
    assert len(frames.document) == len(frames.observation) == 1


def test_documents_are_in_one_order_however_they_came() -> None:
    one, two = received(FIGURE), received(FIGURE, sha256="b" * 64)
    for name, expected in framed(one, two).items():
        pd.testing.assert_frame_equal(getattr(framed(two, one), name), expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1204", "1204"),
        ("95.60", "95.60"),
        ("-0.000001", "-0.000001"),
        ("1E+3", "1000"),
        ("1.1234560000", "1.123456"),
        ("999999999999999999.999999", "999999999999999999.999999"),
        ("1.1234567", None),
        ("1000000000000000000", None),
        ("1E-7", None),
        ("NaN", None),
        ("Infinity", None),
    ],
)
def test_exact(value: str, text: str | None) -> None:
    assert exact(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_exact_never_rounds(value: Decimal) -> None:
    text = exact(value)
    assert text is None or Decimal(text) == value


@pytest.mark.parametrize("value", ["1.0000001", "1E+18", "NaN"])
def test_a_value_that_cannot_be_kept_is_null_with_a_finding(value: str) -> None:
    frames = framed(received(replace(FIGURE, value=Decimal(value))))
    assert frames.observation["value"].isna().all()
    (finding,) = frames.finding[frames.finding["code"] == "number-unreadable"].to_dict("records")
    assert (finding["indicator"], finding["unit"]) == ("gia-dinh-hoc-tap", "duc-hiep")
    assert (finding["row"], finding["text"]) == (4, "1.204")
    assert finding["blocking"]
    assert value in finding["message"]


def test_findings_of_files_documents_and_readings() -> None:
    document = received(findings=(Finding("unit-unknown", {"text": "xã X"}, SOURCE),))
    refused = Refused("liên kết", Finding("link-refused"))
    finding = framed(document, refused=[refused]).finding
    assert list(finding["code"]) == ["link-refused", "wrong-ending", "unit-unknown"]
    assert list(finding["document"].isna()) == [True, False, False]
    assert list(finding["file_name"]) == ["liên kết", "bao-cao.docx", "bao-cao.docx"]
    assert "xã X" in finding["message"].iloc[2]


def test_an_unknown_finding_code_is_refused() -> None:
    with pytest.raises(KeyError, match="no-such-code"):
        framed(received(findings=(Finding("no-such-code"),)))


def test_cells_take_their_tables_page() -> None:
    cell = framed(received()).cell
    assert list(cell["page"]) == [2, 3]
    assert list(cell["value"].fillna("")) == ["", "1204"]


def test_sections_by_paragraph_and_headings_without_any() -> None:
    sections = (
        Section(("II", "4"), "Kết quả", ("a", "b"), (7, 9)),
        Section(("III",), "Trống", (), ()),
    )
    section = framed(received(sections=sections)).section
    assert [json.loads(path) for path in section["path"]] == [["II", "4"], ["II", "4"], ["III"]]
    assert list(section["ordinal"]) == [0, 1, 2]
    assert list(section["paragraph"].fillna("")) == ["a", "b", ""]
    assert section["row"].isna().tolist() == [False, False, True]


def test_directives_and_their_places() -> None:
    cited = Directive("Quyết định", "1373/QĐ-TTg", date(2021, 7, 30), None, None, SOURCE)
    row = framed(received(directives=(cited,))).directive.iloc[0]
    assert (row["number"], row["issued_on"], row["row"]) == (
        "1373/QĐ-TTg",
        pd.Timestamp(2021, 7, 30),
        4,
    )
    assert pd.isna(row["issuer"])


def test_merged_paragraphs_with_their_origins() -> None:
    origin = Origin(SHA, "duc-hiep", 7, "Xã đã …")
    merged = MergedParagraph(
        "long-phung", "xa-hoi-hoc-tap", ("I",), "Kết quả", 0, "Đã …", "own", (origin,)
    )
    row = framed(narrative=[merged]).narrative.iloc[0]
    assert json.loads(row["origins"]) == [
        {"document": SHA, "unit": "duc-hiep", "row": 7, "text": "Xã đã …"}
    ]


def test_decisions_and_the_run() -> None:
    decision = Decision(
        "d1", RUN.started_at, "Nguyễn A", "gõ nhầm", "correct", "0" * 16, Decimal("5.0"), Decimal(6)
    )
    frames = framed(received(FIGURE), decisions=[decision])
    assert frames.decision.iloc[0][["expected", "value"]].tolist() == ["5.0", "6"]
    run = frames.run.iloc[0]
    assert run[["documents", "observations", "decisions"]].tolist() == [1, 1, 1]
    assert run["catalogue"] == CATALOGUE.digest


def test_the_catalogue_is_whole() -> None:
    frames = framed()
    assert set(frames.indicator["indicator"]) == set(CATALOGUE.indicators)
    assert set(frames.unit["unit"]) == set(CATALOGUE.units)
    assert set(frames.unit_event["event"]) == set(CATALOGUE.unit_events)
    assert set(frames.finding_kind["code"]) == set(CATALOGUE.finding_kinds)
    assert len(frames.report_row) == sum(len(report.rows) for report in CATALOGUE.reports.values())


@pytest.mark.parametrize("name", MODELS)
def test_an_empty_frame_has_its_types(name: str, good: Frames) -> None:
    empty, full = frame(name), getattr(good, name)
    assert list(empty.dtypes) == list(full.dtypes)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("measure", "share"),
        ("value", "1,5"),
        ("value", "1.1234567"),
        ("confidence", 1.5),
        ("observation", "xyz"),
        ("label", None),
    ],
)
def test_a_frame_at_fault_is_refused(column: str, value: object, good: Frames) -> None:
    faulty = pd.Series([value], dtype=good.observation[column].dtype)
    with pytest.raises(SchemaErrors):
        replace(good, observation=good.observation.assign(**{column: faulty}))


def test_a_column_too_many_too_few_or_of_another_type_is_refused(good: Frames) -> None:
    with pytest.raises(SchemaErrors):
        replace(good, observation=good.observation.assign(extra=1))
    with pytest.raises(SchemaErrors):
        replace(good, observation=good.observation.drop(columns="unit"))
    with pytest.raises(SchemaErrors):
        replace(good, observation=good.observation.assign(value=1.5))
