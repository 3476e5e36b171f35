"""Phụ lục III: the former communes side by side, and the charts of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reports.charts import Chart, Series
from reports.vietnamese import EXACT, number

if TYPE_CHECKING:
    from catalog.model import AnnexRow, Report
    from reports.facts import Figure
    from reports.notes import Table

NONE = "–"
ATTAINED = {Decimal(100): "Đạt", Decimal(0): "Chưa đạt"}
OTHER_COLUMNS = 3
"""Mark, label, consolidated figure."""
WIDEST_UPRIGHT = 8
"""Columns of a table on upright paper; with more of them its section is turned (I.2)."""
MOST_UNITS_IN_A_CHART = 5
"""More communes than that, and the bars are told apart no longer."""


class Comparison:
    """What the former communes report at the report's day, by the rows of the report's annex."""

    def __init__(self, report: Report, table: Table) -> None:
        self._report, self._table = report, table
        self._units = table.former_units
        self._parts = {
            (part.unit, part.indicator, part.measure): part.value
            for part in table.facts.parts
            if part.as_of == table.facts.as_of
        }
        self._disputed = {
            (row.unit, row.indicator)
            for row in table.facts.disagreements
            if row.as_of == table.facts.as_of
        }

    def fields(self, title: str, charts: Sequence[Chart]) -> Mapping[str, Any]:
        """The template's field ``phu_luc_3``."""
        return {
            "tieu_de": title,
            "xa": tuple(self._name(unit) for unit in self._units),
            "dong": tuple(self._row(row) for row in self._report.rows),
            "bieu_do": tuple(
                {"ten": f"Biểu đồ {place}. {chart.title}", "hinh": chart.marker}
                for place, chart in enumerate(charts, start=1)
            ),
        }

    def charts(self) -> tuple[Chart, ...]:
        """Target against result, then the former communes against each other; of rates that have
        the figures, none where there are no two of them to compare.
        """
        rows = [
            row
            for row in self._report.rows
            if row.indicator is not None
            and self._table.catalogue.indicators[row.indicator].kind == "rate"
        ]
        compared = (
            self._chart("Mục tiêu và kết quả (%)", rows, self._target_and_result),
            self._chart("Kết quả của các xã cũ và toàn xã (%)", rows, self._sides),
        )
        charts = [chart for of in compared for chart in of]
        return tuple(chart.placed(place) for place, chart in enumerate(charts))

    @property
    def is_wide(self) -> bool:
        """Whether the table needs turned paper."""
        return len(self._units) + OTHER_COLUMNS > WIDEST_UPRIGHT

    def _row(self, row: AnnexRow) -> Mapping[str, Any]:
        line: dict[str, Any] = {"thu_tu": row.mark, "noi_dung": row.label}
        if row.indicator is None:
            return line | {"la_nhom": True, "o": ("",) * len(self._units), "toan_xa": ""}
        figure = self._table.result(row.indicator)
        return line | {
            "la_nhom": False,
            "o": tuple(self._cell(unit, row.indicator) for unit in self._units),
            "toan_xa": self._whole(figure),
        }

    def _whole(self, figure: Figure | None) -> str:
        if figure is None or figure.value is None:
            return NONE
        attainment = self._table.catalogue.indicators[figure.indicator].kind == "attainment"
        return figure.equation if attainment and figure.equation else self._table.shown(figure)

    def _cell(self, unit: str, indicator: str) -> str:
        value = self._value(unit, indicator)
        if value is None:
            return "mâu thuẫn" if (unit, indicator) in self._disputed else NONE
        if self._table.catalogue.indicators[indicator].kind == "attainment":
            return ATTAINED.get(value, number(value, 6))
        return number(value, self._table.precision(indicator))

    def _value(self, unit: str, indicator: str) -> Decimal | None:
        """What a former unit has where the consolidated figure has its result or count; a rate
        from its own numerator and denominator where those are known.
        """
        figure = self._table.result(indicator)
        if figure is not None and figure.measure == "count":
            return self._parts.get((unit, indicator, "count"))
        above, below, said = (
            self._parts.get((unit, indicator, measure))
            for measure in ("numerator", "denominator", "result")
        )
        if above is not None and below:
            return EXACT.divide(EXACT.multiply(above, Decimal(100)), below)
        if said is None and figure is None:
            return self._parts.get((unit, indicator, "count"))
        return said

    def _name(self, unit: str) -> str:
        return self._table.catalogue.units[unit].name

    def _target_and_result(self, indicator: str) -> tuple[tuple[str, Decimal | None], ...]:
        figures = (self._table.target(indicator), self._table.result(indicator))
        values = [None if figure is None else figure.value for figure in figures]
        return tuple(zip(("Mục tiêu", "Kết quả"), values, strict=True))

    def _sides(self, indicator: str) -> tuple[tuple[str, Decimal | None], ...]:
        if len(self._units) > MOST_UNITS_IN_A_CHART:
            return ()
        figure = self._table.result(indicator)
        if figure is None or figure.measure == "count":
            return ()
        sides = [(self._name(unit), self._value(unit, indicator)) for unit in self._units]
        return (*sides, ("Toàn xã", figure.value))

    def _chart(self, title: str, rows: Sequence[AnnexRow], values_of: Any) -> Iterator[Chart]:
        lines = [(row, dict(values_of(row.indicator))) for row in rows]
        full = [(row, values) for row, values in lines if values and None not in values.values()]
        if not full:
            return
        names = list(full[0][1])
        most = Chart.most_categories(len(names), turned=self.is_wide)
        charts = -(-len(full) // most)
        room = -(-len(full) // charts)
        for start in range(0, len(full), room):
            chunk = full[start : start + room]
            yield Chart(
                title if start == 0 else f"{title}, tiếp theo",
                tuple(row.label for row, _ in chunk),
                tuple(
                    Series(
                        name,
                        tuple(
                            number(values[name], self._table.precision(str(row.indicator)))
                            for row, values in chunk
                        ),
                    )
                    for name in names
                ),
            )
