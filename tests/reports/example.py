"""A catalogue and the facts of a report, made up by hand: small, and with every kind of gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.catalogue import Catalogue
from catalog.model import (
    AnnexRow,
    Component,
    FindingKind,
    Heading,
    Indicator,
    Report,
    Unit,
    WordList,
)
from reports.facts import (
    Cited,
    Coverage,
    Disagreement,
    Doubt,
    Facts,
    Figure,
    Operand,
    Part,
    Passage,
    Received,
)

AT = date(2025, 6, 30)
DUE = date(2025, 12, 31)
FORMER = ("duc-hiep", "duc-nhuan", "thang-loi")
SHA = {unit: f"{order}" * 64 for order, unit in enumerate(FORMER)}
NAMES = {
    "duc-hiep": "Đức Hiệp",
    "duc-nhuan": "Đức Nhuận",
    "thang-loi": "Thắng Lợi",
    "long-phung": "Long Phụng",
}

ATTAINMENTS = (
    ("xmc-2", "Xã đạt chuẩn xóa mù chữ mức độ 2"),
    ("mam-non-5", "Xã đạt chuẩn phổ cập giáo dục mầm non cho trẻ em 5 tuổi"),
    ("tieu-hoc-2", "Xã đạt chuẩn phổ cập giáo dục tiểu học mức độ 2"),
    ("thcs-3", "Xã đạt chuẩn phổ cập giáo dục trung học cơ sở mức độ 3"),
)
RATES = (
    ("gia-dinh", "Gia đình học tập", "hộ"),
    ("dong-ho", "Dòng họ học tập", "dòng họ"),
    ("cong-dong", "Cộng đồng học tập (thôn)", "thôn"),
    ("don-vi", "Đơn vị học tập", "đơn vị"),
    ("cong-dan", "Công dân học tập", "người"),
)


def catalogue(rates: int = 0, units: int = 0) -> Catalogue:
    """The entries that the facts need; ``rates`` more rates for a large report."""
    more = tuple((f"rate-{n}", f"Tỷ lệ thứ {n} của báo cáo lớn", "người") for n in range(rates))
    indicators = (
        *(_attainment(*entry) for entry in ATTAINMENTS),
        *(_rate(*entry) for entry in (*RATES, *more)),
        Indicator(
            id="so-lop",
            name="Số lớp chuyên đề",
            group="co-so",
            kind="count",
            roll_up="sum",
            unit_of_measure="lớp",
            precision=0,
            source="kiểm thử",
            certainty="I",
        ),
        Indicator(
            id="thu-nhap",
            name="Thu nhập bình quân",
            group="co-so",
            kind="average",
            roll_up="none",
            unit_of_measure="triệu đồng",
            source="kiểm thử",
            certainty="I",
        ),
    )
    kinds = ("Nghị quyết", "Quyết định", "Kế hoạch", "Công văn")
    return Catalogue(
        groups={},
        indicators={entry.id: entry for entry in indicators},
        units={slug: _unit(slug, name) for slug, name in (NAMES | _more_units(units)).items()},
        unit_events={},
        reports={"xa-hoi-hoc-tap": _report(more)},
        references={},
        word_lists={
            kind: WordList(id=f"kind-{order}", family="document-kinds", means=kind, words=(kind,))
            for order, kind in enumerate(kinds)
        },
        words={},
        finding_kinds={
            "conflict": FindingKind(
                id="conflict",
                severity="error",
                blocking=True,
                message="Mâu thuẫn.",
                action="Chọn một.",
            )
        },
        digest="0" * 64,
    )


def _more_units(units: int) -> dict[str, str]:
    return {f"xa-{n}": f"Thứ {n}" for n in range(units)}


def _unit(slug: str, name: str) -> Unit:
    return Unit(
        slug=slug,
        name=name,
        type="xã",
        province="Quảng Ngãi",
        source="kiểm thử",
        certainty="I",
    )


def _attainment(identity: str, name: str) -> Indicator:
    return Indicator(
        id=identity,
        name=name,
        group="xmc",
        kind="attainment",
        roll_up="attainment",
        unit_of_measure="%",
        source="kiểm thử",
        certainty="I",
    )


def _rate(identity: str, name: str, unit: str) -> Indicator:
    return Indicator(
        id=identity,
        name=name,
        group="mo-hinh",
        kind="rate",
        roll_up="ratio-of-sums",
        unit_of_measure="%",
        source="kiểm thử",
        certainty="I",
        numerator=Component(name=name, unit_of_measure=unit),
        denominator=Component(name=f"Tổng số {unit}", unit_of_measure=unit),
    )


def _report(more: tuple[tuple[str, str, str], ...]) -> Report:
    rows = [AnnexRow(mark="I", label="Xóa mù chữ và phổ cập giáo dục")]
    rows += [
        AnnexRow(mark=str(order), label=name, indicator=identity)
        for order, (identity, name) in enumerate(ATTAINMENTS, start=1)
    ]
    rows.append(AnnexRow(mark="II", label="Mô hình học tập"))
    rows += [
        AnnexRow(mark=str(order), label=name, indicator=identity)
        for order, (identity, name, _) in enumerate((*RATES, *more), start=1)
    ]
    rows.append(AnnexRow(mark="III", label="Cơ sở giáo dục"))
    rows.append(AnnexRow(mark="1", label="Số lớp chuyên đề", indicator="so-lop"))
    rows.append(AnnexRow(mark="2", label="Thu nhập bình quân", indicator="thu-nhap"))
    return Report(
        id="xa-hoi-hoc-tap",
        name="Xây dựng xã hội học tập",
        title="Sơ kết 5 năm thực hiện Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030” trên địa "
        "bàn {unit}",
        addressee="Sở Giáo dục và Đào tạo {province}",
        period="2021-2025",
        basis=("Căn cứ Quyết định số 1373/QĐ-TTg", "Thực hiện Công văn số 154/SGDĐT-GDTXHSSV"),
        opening=("Ủy ban nhân dân {unit} báo cáo từ số liệu của các xã {former_units}, như sau:",),
        outline=(
            Heading(
                path=("I",),
                heading="Tình hình chung",
                intro=("{unit} gồm các xã {former_units} (văn bản chỉ đạo tại Phụ lục I).",),
            ),
            Heading(path=("I", "1"), heading="Thuận lợi"),
            Heading(path=("I", "2"), heading="Khó khăn"),
            Heading(path=("II",), heading="Kết quả thực hiện"),
            Heading(path=("II", "4"), heading="Đánh giá kết quả (số liệu tại Phụ lục II)"),
            Heading(path=("II", "4", "4.1"), heading="Cộng đồng học tập cấp xã"),
            Heading(path=("II", "4", "4.1", "a"), heading="Phương thức triển khai"),
            Heading(path=("III",), heading="Kiến nghị"),
        ),
        no_content="Không có số liệu.",
        closing=("Ủy ban nhân dân {unit} kính báo cáo",),
        recipients=("Như trên", "CT, các PCT UBND xã", "Lưu: VT, VHXH"),
        directives_title="Các văn bản chỉ đạo",
        indicators_title="Kết quả thực hiện các mục tiêu của Đề án",
        columns=(
            "TT",
            "Nội dung chỉ tiêu",
            "Mục tiêu đến năm {year} (tỷ lệ %)",
            "Kết quả đến tháng {month} (tỷ lệ %)",
            "Ghi chú",
        ),
        rows=tuple(rows),
        template="xa-hoi-hoc-tap.docx",
        source="kiểm thử",
    )


def figure(indicator: str, measure: str, value: str | None, **more: object) -> Figure:
    """A consolidated figure at the report's date, of three parts in percent unless told."""
    as_of = DUE if measure == "target" else AT
    plain = {
        "key": f"long-phung/{indicator}/{as_of}/{measure}",
        "indicator": indicator,
        "as_of": as_of,
        "measure": measure,
        "value": None if value is None else Decimal(value),
        "unit_of_measure": "%",
        "method": "sum",
        "lower": None,
        "upper": None,
        "parts_expected": 3,
        "parts_reported": 3,
        "equation": None,
        "status": "complete",
        "estimated": False,
        "approximate": False,
    }
    return Figure(**plain | more)  # type: ignore[arg-type]


def part(unit: str, indicator: str, measure: str, value: str, **more: object) -> Part:
    """What a former unit reports at the report's date."""
    plain = {
        "unit": unit,
        "indicator": indicator,
        "as_of": DUE if measure == "target" else AT,
        "measure": measure,
        "value": Decimal(value),
    }
    return Part(**plain | more)  # type: ignore[arg-type]


def operand(of: Figure, reported: Part, place: int) -> Operand:
    """The operand of a figure that a part is, in row ``place`` of an annex."""
    return Operand(
        figure=of.key,
        observation=f"{place:016x}",
        part=reported.unit,
        indicator=reported.indicator,
        measure=reported.measure,
        value=reported.value,
        status="accepted",
        unit_of_measure=of.unit_of_measure,
        estimated=False,
        approximate=False,
        file_name=f"{reported.unit}.docx",
        number="58/BC-UBND",
        page=None,
        table=2,
        row=place,
        column=4,
        text=str(reported.value),
    )


def facts(*, blocking: bool = True, rates: int = 0, units: int = 0) -> Facts:
    """Facts with every kind of gap; ``rates`` more rates of ``units`` more communes."""
    former = (*FORMER, *_more_units(units))
    figures: list[Figure] = []
    parts: list[Part] = []
    for identity, _ in ATTAINMENTS:
        figures.append(figure(identity, "target", "100", method="attainment"))
        figures.append(figure(identity, "result", "100", method="attainment", equation="3/3 xã cũ"))
        parts += [part(unit, identity, "result", "100") for unit in former]
        parts += [part(unit, identity, "target", "100") for unit in former]
    numbers = {
        "duc-hiep": ("1204", "1511"),
        "duc-nhuan": ("987", "1320"),
        "thang-loi": ("1530", "1902"),
    }
    extra = [f"rate-{n}" for n in range(rates)]
    for identity in ("gia-dinh", *extra):
        figures += [
            figure(identity, "target", "70"),
            figure(
                identity,
                "result",
                "78.618212",
                method="ratio-of-sums",
                equation="(1.204 + 987 + 1.530) / (1.511 + 1.320 + 1.902) = 78,62 %",
            ),
            figure(identity, "numerator", "3721", unit_of_measure="hộ"),
            figure(identity, "denominator", "4733", unit_of_measure="hộ"),
        ]
        for unit in former:
            above, below = numbers.get(unit, ("10", "20"))
            parts.append(part(unit, identity, "numerator", above))
            parts.append(part(unit, identity, "denominator", below))
            parts.append(part(unit, identity, "target", "70"))
    figures += [
        figure(
            "dong-ho", "target", None, status="targets-differ", lower=Decimal(60), upper=Decimal(70)
        ),
        figure(
            "dong-ho",
            "result",
            None,
            method="ratio-of-sums",
            status="missing-denominator",
            lower=Decimal("61.24"),
            upper=Decimal("70.31"),
            parts_reported=2,
        ),
        figure("dong-ho", "numerator", "90", unit_of_measure="dòng họ"),
        figure("dong-ho", "denominator", None, unit_of_measure="dòng họ", status="incomplete"),
        figure("cong-dong", "target", None, status="incomplete", parts_reported=2),
        figure("cong-dong", "result", None, status="conflicting"),
        figure("don-vi", "result", None, status="incomplete", parts_reported=2),
        figure("so-lop", "count", "1204", unit_of_measure="lớp", estimated=True),
        figure("thu-nhap", "result", None, status="not-additive", unit_of_measure="triệu đồng"),
    ]
    parts += [
        part("duc-hiep", "dong-ho", "denominator", "40"),
        part("duc-nhuan", "dong-ho", "denominator", "51"),
        *(part(unit, "dong-ho", "numerator", "30") for unit in FORMER),
        part("duc-hiep", "cong-dong", "target", "65"),
        part("thang-loi", "cong-dong", "target", "65"),
        part("duc-hiep", "cong-dong", "result", "80"),
        part("duc-nhuan", "don-vi", "result", "90"),
        part("duc-hiep", "so-lop", "count", "404"),
        part("duc-nhuan", "so-lop", "count", "400"),
        part("thang-loi", "so-lop", "count", "400"),
    ]
    by_part: dict[tuple[str, str, date], list[Part]] = {}
    for reported in parts:
        key = (reported.indicator, reported.measure, reported.as_of)
        by_part.setdefault(key, []).append(reported)
    operands = [
        operand(of, reported, place)
        for place, (of, reported) in enumerate(
            (of, reported)
            for of in figures
            for measure in (
                ("numerator", "denominator") if of.method == "ratio-of-sums" else (of.measure,)
            )
            for reported in by_part.get((of.indicator, measure, of.as_of), ())
        )
    ]
    doubts = [
        Doubt(
            "conflict",
            "error",
            True,
            "Số liệu của xã Đức Nhuận mâu thuẫn: 82 và 81. Chọn một số hoặc sửa văn bản.",
            "duc-nhuan.pdf",
            7,
            2,
            12,
            4,
            "82",
            "duc-nhuan",
            "cong-dong",
        ),
        Doubt(
            "hidden-content",
            "info",
            False,
            "Văn bản có nội dung bị ẩn.",
            "thang-loi.docx",
            None,
            None,
            4,
            None,
            '=HYPERLINK("x")',
            "thang-loi",
            None,
        ),
    ]
    return Facts(
        unit="long-phung",
        as_of=AT,
        report="xa-hoi-hoc-tap",
        former_units=former,
        figures=tuple(figures),
        operands=tuple(operands),
        parts=tuple(parts),
        coverage=tuple(
            Coverage(unit, identity, AT, "reported", [])
            for unit in former
            for identity in ("gia-dinh", "dong-ho", *extra)
        ),
        disagreements=(
            Disagreement(
                "duc-nhuan",
                "cong-dong",
                AT,
                "result",
                [_source("82", 2, 12), _source("81", None, 40)],
            ),
        ),
        doubts=tuple(doubts if blocking else doubts[1:]),
        passages=tuple(_passages()),
        directives=(
            Cited(
                "Kế hoạch",
                "12/KH-UBND",
                date(2022, 3, 8),
                "UBND xã Đức Hiệp",
                "Thực hiện Đề án xây dựng xã hội học tập",
                _cited("duc-hiep"),
            ),
            Cited(
                "Quyết định",
                "1373/QĐ-TTg",
                date(2021, 7, 30),
                "Thủ tướng Chính phủ",
                "Phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”",
                _cited(*FORMER),
            ),
            Cited("Quyết định", None, None, None, None, _cited("thang-loi")),
        ),
        documents=tuple(
            Received(
                SHA[unit],
                f"{unit}.docx",
                unit,
                "Báo cáo",
                "58/BC-UBND",
                date(2025, 6, 20),
                AT,
                "Sơ kết 5 năm",
            )
            for unit in FORMER
        ),
    )


def _source(value: str, table: int | None, row: int) -> dict[str, object]:
    return {
        "observation": f"{row:016x}",
        "value": Decimal(value),
        "document": "b" * 64,
        "file_name": "duc-nhuan.pdf",
        "page": 7,
        "table": table,
        "row": row,
        "column": None,
        "text": f"{value} %",
    }


def _cited(*units: str) -> list[dict[str, object]]:
    return [{"document": SHA[unit], "unit": unit, "row": 3} for unit in units]


def _passages() -> list[Passage]:
    origins = [
        {"document": SHA[unit], "unit": unit, "row": 20, "text": "Đảng ủy, UBND xã quan tâm."}
        for unit in FORMER
    ]
    common = (
        "Cấp ủy, chính quyền các xã cũ thường xuyên quan tâm, chỉ đạo công tác khuyến học, khuyến "
        "tài; các thành viên Ban Chỉ đạo được phân công nhiệm vụ cụ thể, gắn với từng thôn và từng "
        "đơn vị trường học trên địa bàn. "
    )
    return [
        Passage(["I", "1"], "Thuận lợi", 0, common * 3, "common", origins),
        Passage(
            ["I", "1"],
            "Thuận lợi",
            1,
            "Tại xã Đức Hiệp (cũ), có 12/15 thôn đạt danh hiệu Cộng đồng học tập.",
            "own",
            origins[:1],
        ),
        Passage(["I", "2"], "Khó khăn", 0, common * 2, "common", origins),
        Passage(["II", "4", "4.1"], "Cộng đồng học tập cấp xã", 0, common * 4, "common", origins),
        *(
            Passage(["II", "4", "4.1", "a"], "Phương thức", n, common * 2, "common", origins)
            for n in range(8)
        ),
    ]


def without_blocking(made: Facts) -> Facts:
    """The facts with nothing left that blocks issuing."""
    return replace(made, doubts=tuple(doubt for doubt in made.doubts if not doubt.blocking))
