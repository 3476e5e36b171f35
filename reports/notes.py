"""The words that stand beside a figure: why it is what it is, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.vietnamese import listing, number, order, span

if TYPE_CHECKING:
    from catalog.catalogue import Catalogue
    from catalog.model import Indicator
    from reports.facts import Disagreement, Facts, Figure, Operand

NO_FIGURE = "không có số liệu"
PERCENT = "%"
COMPONENTS = {"result": ("numerator", "denominator")}
"""Measures that another is computed from."""


class Table:
    """The figures of one report by indicator and measure, and what is said beside them."""

    def __init__(self, facts: Facts, catalogue: Catalogue) -> None:
        self.facts = facts
        self.catalogue = catalogue
        self.former_units = sorted(facts.former_units, key=lambda slug: order(self.unit_name(slug)))
        self._figures: dict[tuple[str, str], list[Figure]] = {}
        for figure in facts.figures:
            self._figures.setdefault((figure.indicator, figure.measure), []).append(figure)
        self._operands: dict[str, list[Operand]] = {}
        for operand in facts.operands:
            self._operands.setdefault(operand.figure, []).append(operand)

    def result(self, indicator: str) -> Figure | None:
        """The result at the report's date; a count where the indicator is one."""
        at = self.facts.as_of
        figures = [*self._at(indicator, "result", at), *self._at(indicator, "count", at)]
        return max(figures, key=lambda figure: figure.value is not None, default=None)

    def component(self, indicator: str, measure: str) -> Figure | None:
        """The numerator or the denominator at the report's date."""
        return next(iter(self._at(indicator, measure, self.facts.as_of)), None)

    def target(self, indicator: str) -> Figure | None:
        """The target that is next due: of the earliest year from the report's date on, and there
        the one that most former units state.
        """
        due = [
            figure
            for figure in self._figures.get((indicator, "target"), ())
            if figure.as_of >= self.facts.as_of
        ]
        year = min((figure.as_of.year for figure in due), default=None)
        return min(
            (figure for figure in due if figure.as_of.year == year),
            key=lambda figure: (-figure.parts_reported, figure.as_of),
            default=None,
        )

    def shown(self, figure: Figure | None) -> str:
        """The figure at its indicator's precision, or 'không có số liệu'."""
        if figure is None or figure.value is None:
            return NO_FIGURE
        return number(figure.value, self.precision(figure.indicator))

    def precision(self, indicator: str) -> int:
        """Decimals shown."""
        return self.catalogue.indicators[indicator].precision

    def note(self, indicator: str, label: str) -> str:
        """What stands beside target and result of an indicator, apart by '; '. A unit of measure
        that the row's label has ('Số thư viện (thư viện)') is not said again.
        """
        target, result = self.target(indicator), self.result(indicator)
        said = [
            *self._result_note(self.catalogue.indicators[indicator], result, label),
            *(() if target is None else self._target_note(target)),
        ]
        return "; ".join([*said, *self.caveats(result)])

    @staticmethod
    def caveats(figure: Figure | None) -> Iterable[str]:
        """How a figure is less than sure."""
        if figure is not None and figure.estimated:
            yield "ước thực hiện"
        if figure is not None and figure.approximate:
            yield "số gần đúng"

    def _result_note(
        self, indicator: Indicator, result: Figure | None, label: str
    ) -> Iterable[str]:
        if result is None:
            yield "không xã cũ nào báo cáo"
            return
        if result.value is None:
            yield from self.why_missing(result)
        elif indicator.roll_up == "attainment" and result.equation:
            yield result.equation
            if (pooled := pooled_words(result.pooled_value, result.pooled_status)) != UNKNOWN:
                yield f"số liệu gộp {pooled}"
        elif indicator.roll_up == "ratio-of-sums":
            yield from self.fraction(indicator)
        if (
            result.unit_of_measure not in {"", PERCENT}
            and f"({result.unit_of_measure})" not in label
        ):
            yield f"đơn vị: {result.unit_of_measure}"

    def fraction(self, indicator: Indicator) -> Iterable[str]:
        """'3.721/4.733 hộ'."""
        above = self.component(indicator.id, "numerator")
        below = self.component(indicator.id, "denominator")
        if above is None or below is None or above.value is None or below.value is None:
            return
        unit = below.unit_of_measure or above.unit_of_measure
        yield f"{_plain(above.value)}/{_plain(below.value)} {unit}".rstrip()

    def _target_note(self, target: Figure) -> Iterable[str]:
        """'mục tiêu: thiếu số liệu của xã Thắng Lợi, trong khoảng 60 – 70'."""
        if target.value is None:
            yield f"mục tiêu: {', '.join(self.why_missing(target))}"

    def why_missing(self, figure: Figure) -> Iterable[str]:
        """Why a figure has no value, and between which bounds it lies."""
        yield REASONS.get(figure.status, _other)(self, figure)
        decimals = self.precision(figure.indicator)
        if figure.lower is not None and figure.upper is not None:
            yield f"trong khoảng {span(figure.lower, figure.upper, decimals)}"
        elif figure.lower is not None:
            yield f"ít nhất {number(figure.lower, decimals)}"

    def lacking(self, figure: Figure, measure: str | None = None) -> str:
        """The former units without an operand of the figure, or without one of the measure:
        'xã Đức Hiệp và xã …'.
        """
        having = {
            operand.part
            for operand in self._operands.get(figure.key, ())
            if measure in {None, operand.measure} and operand.value is not None
        }
        lacking = [self.unit_name(unit) for unit in self.former_units if unit not in having]
        return listing(lacking) or "xã cũ"

    def disputed(self, figure: Figure) -> str:
        """The former units whose sources contradict each other, with their values."""
        said = [
            f"{self.unit_name(row.unit)} ({self._values(row)})"
            for row in self.facts.disagreements
            if (row.indicator, row.as_of) == (figure.indicator, figure.as_of)
            and row.measure in {figure.measure, *COMPONENTS.get(figure.measure, ())}
        ]
        return listing(said)

    @staticmethod
    def _values(row: Disagreement) -> str:
        return listing([_plain(value) for value in sorted({one["value"] for one in row.sources})])

    def unit_name(self, slug: str | None) -> str:
        """'xã Thắng Lợi'; a village, which no catalogue lists, by its slug."""
        if slug is None:
            return "chưa rõ"
        unit = self.catalogue.units.get(slug)
        return slug if unit is None else f"{unit.type} {unit.name}"

    def indicator_name(self, identity: str) -> str:
        """The indicator's own wording."""
        return self.catalogue.indicators[identity].name

    def status(self, status: str) -> str:
        """A consolidated figure's status in words."""
        return STATUSES.get(status, status)

    def _at(self, indicator: str, measure: str, as_of: date) -> list[Figure]:
        return [
            figure
            for figure in self._figures.get((indicator, measure), ())
            if figure.as_of == as_of
        ]


def pooled_words(value: Decimal | None, status: str | None) -> str:
    """What the pooled counts say of an attainment; ``UNKNOWN`` where they do not tell."""
    if value is None:
        return POOLED.get(status or "", UNKNOWN)
    return "đạt ngưỡng" if value else "chưa đạt ngưỡng"


def _plain(value: Decimal) -> str:
    """The value as exactly as the warehouse has it."""
    return number(value, 6)


def _other(_table: Table, figure: Figure) -> str:
    return f"chưa gộp được ({figure.status})"


UNKNOWN = "chưa đủ để xét"
POOLED = {
    "missing-count": UNKNOWN,
    "depends-on-class": "chỉ đạt ngưỡng của xã đặc biệt khó khăn",
}
"""``pooled_status`` of ``marts.consolidated``, where there is no ``pooled_value``."""

STATUSES = {
    "complete": "đủ",
    "incomplete": "thiếu số liệu",
    "missing-denominator": "thiếu mẫu số",
    "missing-numerator": "thiếu tử số",
    "conflicting": "mâu thuẫn",
    "targets-differ": "mục tiêu khác nhau",
    "not-additive": "không gộp được",
    "not-allocated": "chưa phân bổ",
    "attainment-unclear": "chưa rõ đạt hay chưa",
    "missing-weight": "thiếu trọng số",
    "zero-denominator": "mẫu số bằng 0",
    "out-of-range": "vượt khả năng lưu",
}
"""The statuses of ``marts.consolidated``."""

REASONS: Mapping[str, Callable[[Table, Figure], str]] = {
    "incomplete": lambda table, figure: (
        f"thiếu số liệu của {table.lacking(figure, figure.measure)}"
    ),
    "missing-denominator": lambda table, figure: (
        f"thiếu mẫu số của {table.lacking(figure, 'denominator')}"
    ),
    "missing-numerator": lambda table, figure: (
        f"thiếu tử số của {table.lacking(figure, 'numerator')}"
    ),
    "conflicting": lambda table, figure: f"số liệu mâu thuẫn: {table.disputed(figure)}",
    "targets-differ": lambda _table, _figure: "các xã cũ đặt khác nhau",
    "not-additive": lambda _table, figure: (
        "chưa đủ số liệu gộp để tính lại"
        if figure.method == "recompute"
        else "không gộp được từ số liệu các xã cũ"
    ),
    "not-allocated": lambda _table, _figure: "chưa phân bổ số liệu của đơn vị bị chia",
    "attainment-unclear": lambda _table, _figure: "chưa rõ có xã đạt hay chưa đạt",
    "missing-weight": lambda _table, _figure: "thiếu số liệu làm trọng số",
    "zero-denominator": lambda _table, _figure: "mẫu số bằng 0",
    "out-of-range": lambda _table, _figure: "kết quả quá lớn để ghi chính xác",
}
"""Why a consolidated figure has no value, by its status."""
