"""Small warehouses from short lists: documents with their figures, rolled up by the real models."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import duckdb

from catalog.catalogue import Catalogue
from catalog.loader import load_catalogue
from catalog.model import Component, EventShare, Indicator, IndicatorGroup, UnitEvent
from extractors.document import Extraction, Source
from transforms.frames import Decision, Received, Run, build_frames
from transforms.narrative import MergedParagraph, Origin
from transforms.reading import (
    Directive,
    Header,
    IsFigure,
    Measure,
    Numeral,
    Observation,
    Reading,
    Section,
    Supersession,
)
from transforms.schemas import Frames
from warehouse.store import build

JUNE = date(2025, 6, 30)
YEAR_END = date(2025, 12, 31)
UNMATCHED = "-"
RUN = Run("run-1", datetime(2025, 8, 1, tzinfo=UTC), "0.1.0")


@dataclass(frozen=True)
class Figure:
    """One figure; unit None: the document's own."""

    measure: Measure
    value: str
    unit: str | None = None
    as_of: date | None = JUNE
    kind: Literal["table", "text"] = "table"
    approximate: bool = False
    estimated: bool = False
    unit_of_measure: str | None = None
    indicator: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Document:
    """One document of a unit; its number is its own unless one is given."""

    unit: str | None
    figures: Sequence[Figure]
    number: str | None = "own"
    issued_on: date | None = date(2025, 6, 20)
    as_of: date | None = JUNE
    kind: str | None = "Báo cáo"
    draft: bool = False
    supersession: Supersession | None = None
    supersedes: str | None = None
    file_name: str = ""
    directives: Sequence[Directive] = ()
    sections: Sequence[Section] = ()


def report(unit: str | None, *figures: Figure | Iterable[Figure], **header: Any) -> Document:
    flat = [
        figure for given in figures for figure in ([given] if isinstance(given, Figure) else given)
    ]
    return Document(unit, flat, **header)


def count(value: str, **more: Any) -> Figure:
    return Figure("count", value, **more)


def result(value: str, **more: Any) -> Figure:
    return Figure("result", value, **more)


def target(value: str, **more: Any) -> Figure:
    return Figure("target", value, **{"as_of": YEAR_END, **more})


def fraction(
    numerator: str | None = None,
    denominator: str | None = None,
    rate: str | None = None,
    **more: Any,
) -> list[Figure]:
    given = (("numerator", numerator), ("denominator", denominator), ("result", rate))
    return [Figure(measure, value, **more) for measure, value in given if value is not None]  # type: ignore[arg-type]


KINDS: dict[str, dict[str, Any]] = {
    "count": {"kind": "count", "roll_up": "sum", "unit_of_measure": "hộ"},
    "amount": {"kind": "amount", "roll_up": "sum", "unit_of_measure": "triệu đồng"},
    "balance": {
        "kind": "amount", "roll_up": "sum", "unit_of_measure": "triệu đồng", "minimum": "-1000000",
    },
    "rate": {
        "kind": "rate", "roll_up": "ratio-of-sums", "unit_of_measure": "%",
        "minimum": "0", "maximum": "100",
    },
    "density": {"kind": "rate", "roll_up": "ratio-of-sums", "unit_of_measure": "người/km²"},
    "plan": {"kind": "growth", "roll_up": "recompute", "unit_of_measure": "%"},
    "plan-rate": {"kind": "rate", "roll_up": "recompute", "unit_of_measure": "%"},
    "attainment": {"kind": "attainment", "roll_up": "attainment", "unit_of_measure": "%"},
    "level": {"kind": "level", "roll_up": "lowest", "unit_of_measure": "điểm"},
    "average": {
        "kind": "average", "roll_up": "weighted-average", "unit_of_measure": "triệu đồng/người/năm",
        "weight": "dan-so",
    },
    "unweighted": {
        "kind": "average", "roll_up": "weighted-average", "unit_of_measure": "triệu đồng/người/năm",
    },
    "list": {"kind": "list", "roll_up": "union", "unit_of_measure": "văn bản"},
    "refused": {"kind": "count", "roll_up": "none", "unit_of_measure": "hộ"},
}  # fmt: skip


def indicator(identity: str, kind: str, **more: Any) -> Indicator:
    components = {}
    if KINDS[kind]["roll_up"] in {"ratio-of-sums", "recompute"}:
        percent = kind != "density"
        components = {
            "numerator": Component(name="số đạt", unit_of_measure="hộ" if percent else "người"),
            "denominator": Component(name="tổng số", unit_of_measure="hộ" if percent else "km²"),
        }
    return Indicator(
        id=identity, name=f"Chỉ tiêu {identity}", group="nhom", source="test", certainty="V",
        **{**KINDS[kind], **components, **more},
    )  # fmt: skip


@cache
def shipped() -> Catalogue:
    return load_catalogue()


def catalogue_of(indicators: Iterable[Indicator], **more: Any) -> Catalogue:
    """The shipped units, events and findings with these indicators alone."""
    everything = [*indicators, indicator("dan-so", "count", unit_of_measure="người")]
    groups = {"nhom": IndicatorGroup(id="nhom", name="Nhóm", source="test")}
    by_id = {each.id: each for each in everything}
    return replace(shipped(), indicators=by_id, groups=groups, reports={}, **more)


@dataclass
class Collected:
    """Documents as they are received, and the ids of their observations in order."""

    received: list[Received] = field(default_factory=list)

    def add(self, document: Document, indicator_id: str, prefix: str = "") -> str:
        """Receive a document; ``prefix`` keeps the numbers of one case apart from another's."""
        sha256 = hashlib.sha256(f"{indicator_id}/{len(self.received)}".encode()).hexdigest()
        number = f"{len(self.received) + 1}/BC" if document.number == "own" else document.number
        observations = tuple(
            _observation(each, document, indicator_id, place)
            for place, each in enumerate(document.figures)
        )
        header = Header(
            unit=document.unit,
            number=number and prefix + number,
            issued_on=document.issued_on,
            as_of=document.as_of,
            kind=document.kind,
            draft=document.draft,
            supersession=document.supersession,
            supersedes=document.supersedes and prefix + document.supersedes,
        )
        name = document.file_name or f"{len(self.received) + 1}-{document.unit}.docx"
        extraction = Extraction(sha256, name, "application/test", None, "test 1")
        reading = Reading(
            header, observations, tuple(document.directives), tuple(document.sections),
            numerals=tuple(numerals_of(observations)),
        )  # fmt: skip
        self.received.append(Received(extraction, reading, RUN.started_at))
        return sha256

    def frames(
        self, catalogue: Catalogue, decisions: Sequence[Decision] = (), **more: Any
    ) -> Frames:
        return build_frames(self.received, catalogue, run=RUN, decisions=decisions, **more)


def _observation(figure: Figure, document: Document, indicator_id: str, place: int) -> Observation:
    value = Decimal(figure.value)
    table = 0 if figure.kind == "table" else None
    row = place if figure.row is None else figure.row
    return Observation(
        indicator=None if figure.indicator == UNMATCHED else figure.indicator or indicator_id,
        label=f"nhãn {indicator_id}",
        measure=figure.measure,
        value=value,
        unit_of_measure=figure.unit_of_measure or "",
        unit=figure.unit or document.unit,
        as_of=figure.as_of,
        source=Source(figure.kind, figure.value, None, table, row, 2),
        confidence=1.0,
        decimals=max(0, -int(value.as_tuple().exponent)),
        approximate=figure.approximate,
        estimated=figure.estimated,
    )


def numerals_of(observations: Sequence[Observation]) -> Iterator[Numeral]:
    """The numeral of each figure that is all that its cell or its sentence says."""
    for index, one in enumerate(observations):
        yield Numeral(one.source.text, 0, one.source, IsFigure((index,)))


def observation_ids(collected: Collected, frames: Frames) -> list[list[str]]:
    """Ids of the figures of each document, in the documents' and the figures' order."""
    frame = frames.observation
    by_document = frame.groupby("document", sort=False)["observation"].apply(list).to_dict()
    return [by_document.get(each.extraction.sha256, []) for each in collected.received]


@contextmanager
def warehouse(path: Path, frames: Frames) -> Iterator[duckdb.DuckDBPyConnection]:
    build(frames, path)
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


FAMILIES, CLANS, LIBRARIES = "gia-dinh-hoc-tap", "dong-ho-hoc-tap", "so-thu-vien"
LITERACY, FUND, PEOPLE = "xmc-muc-do-2", "quy-khuyen-hoc", "dan-so"


def orderly() -> Collected:
    """Three reports that agree in everything."""
    collected = Collected()
    for unit, numerator, denominator, rate, libraries in (
        ("duc-hiep", "1204", "1511", "79.68", "5"),
        ("duc-nhuan", "987", "1320", "74.77", "4"),
        ("thang-loi", "1530", "1902", "80.44", "7"),
    ):
        document = report(
            unit,
            fraction(numerator, denominator, rate, row=1),
            target("70", row=1),
            count(libraries, indicator=LIBRARIES),
            target("100", indicator=LITERACY),
            result("100", indicator=LITERACY),
            directives=[
                Directive("Quyết định", "1373/QĐ-TTg", date(2021, 7, 30), "Thủ tướng Chính phủ",
                          "Phê duyệt Đề án", Source("text", "Quyết định số 1373/QĐ-TTg", row=3)),
                Directive("Quyết định", "1373/QĐ-TTg", None, None, None,
                          Source("text", "1373/QĐ-TTg", row=9)),
            ],
            sections=[Section(("II", "4"), "Kết quả", (f"Xã {unit} đã làm.",), (12,))],
        )  # fmt: skip
        collected.add(document, FAMILIES)
    return collected


SCHOOL = Section(("II", "4"), "Kết quả", ("Trường THCS Nguyễn Trãi đạt chuẩn.",), (12,))


def literate() -> list[Figure]:
    """Too few who read and write for the level that ``orderly`` has attained, in either class."""
    return [
        *fraction("80", "100", indicator="biet-chu-15-60-muc-do-2", row=30),
        *fraction("80", "100", indicator="biet-chu-15-35-muc-do-2", row=31),
    ]


def disorderly() -> tuple[Collected, list[Decision]]:
    """What ``orderly`` has, and one of every doubt that a soft check knows."""
    collected = orderly()
    for document in (
        report(
            "duc-hiep",
            count("11", indicator=FUND),
            result("956", indicator=CLANS),
            literate(),
            result("95", indicator="pcgd-thcs-muc-do-2"),
            count("1200", indicator="so-hoi-vien-khuyen-hoc", approximate=True),
            count("1000", indicator=PEOPLE),
            count("400", indicator="dan-so-nam"),
            count("500", indicator="dan-so-nu"),
            target("65", indicator="cong-dong-hoc-tap"),
            fraction("1", "2", indicator="cong-dong-hoc-tap", row=20),
            fraction("1", "2", indicator="don-vi-hoc-tap", row=21),
            result("4", indicator="ty-le-tang-dan-so"),
            count("7", indicator="so-tu-sach", unit="khong-co"),
            number="59/BC-UBND",
            supersession="corrects",
            supersedes="1/BC-UBND",
        ),
        report("duc-hiep", count("12", indicator=FUND), number="60/BC-UBND"),
        report("duc-hiep", number="60/BC-UBND"),
        report(
            "duc-nhuan",
            target("70", indicator="cong-dong-hoc-tap"),
            count("8", indicator="so-chi-hoi-khuyen-hoc"),
            count("9", indicator="so-chi-hoi-khuyen-hoc", kind="text"),
            fraction("1385", "1847", "70.48", indicator="cong-dan-hoc-tap", row=4),
            fraction("10", None, "50", indicator="don-vi-hoc-tap"),
            fraction(None, "20", "50", indicator="cong-dong-hoc-tap"),
            fraction("1", "2", indicator="can-bo-cong-dan-hoc-tap"),
            count("5", indicator=FUND, unit_of_measure="%"),
            count("986", indicator=FAMILIES),
            count("40", indicator=UNMATCHED),
            count("3", indicator="so-thon", unit="thang-loi", as_of=date(2023, 12, 31)),
            count("3", indicator="so-thon", as_of=YEAR_END),
            literate(),
            sections=[SCHOOL],
        ),
        report("long-phung", count("30", indicator="so-thon", as_of=YEAR_END)),
        report("duc-chanh", count("6", indicator=LIBRARIES)),
        report(
            "thang-loi",
            fraction("1", "2", indicator="cong-dong-hoc-tap", row=1),
            fraction("1", "2", indicator="don-vi-hoc-tap", row=2),
            literate(),
            sections=[SCHOOL],
        ),
    ):
        collected.add(document, FAMILIES)
    void = Decision("d1", RUN.started_at, "Nguyễn A", "đã hỏi", "reject", "f" * 16, Decimal(5))
    return collected, [void]


def with_a_split() -> Catalogue:
    """The shipped catalogue with a divided unit whose shares do not add up."""
    split = UnitEvent(
        id="chia-kon-tum", kind="split", effective_on=date(2025, 7, 1),
        predecessors=("kon-tum",), successors=("quang-ngai-2025", "mo-cay-quang-ngai"),
        shares=tuple(
            EventShare(predecessor="kon-tum", successor=successor, share=Decimal(share),
                       source="thử", certainty="NV")
            for successor, share in (("quang-ngai-2025", "0.5"), ("mo-cay-quang-ngai", "0.6"))
        ),
        legal_basis="thử", source="thử", certainty="NV",
    )  # fmt: skip
    return replace(shipped(), unit_events={**shipped().unit_events, split.id: split})


def everything() -> Frames:
    """The frames of ``disorderly`` with the shipped catalogue and a merged paragraph."""
    collected, decisions = disorderly()
    first = collected.received[0].extraction.sha256
    paragraph = MergedParagraph(
        "long-phung", "xa-hoi-hoc-tap", ("II", "4"), "Kết quả", 0, "Tại xã Đức Hiệp (cũ): đã làm.",
        "own", (Origin(first, "duc-hiep", 12, "Xã đã làm."),),
    )  # fmt: skip
    return collected.frames(with_a_split(), decisions, narrative=[paragraph])
