"""Bar charts as Word draws them itself: vector, in the document's own font, without a picture.

They are told apart by shades of grey and hatching, so that a black and white copy can be read. The
figures stand at the bars as text, in Vietnamese, whatever the reader's system writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from docx.document import Document

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"

EMU_PER_MILLIMETRE = 36000
WIDTH, HIGHEST, HIGHEST_TURNED, EDGES, BAR, GAP = 165, 170, 150, 22, 4, 4
"""Millimetres: a chart's width, its greatest height on upright and on turned paper, what axis and
legend take, a bar, the gap between two categories."""
SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Percentages that an axis may end at: a rate of poor households is seen at 5, a plan is passed."""
LABELS = 0.36
"""Share of the width that the categories' names take."""
BLACK, WHITE = '<a:srgbClr val="000000"/>', '<a:srgbClr val="FFFFFF"/>'
INK = f"<a:fgClr>{BLACK}</a:fgClr><a:bgClr>{WHITE}</a:bgClr>"
FILLS = (
    f"<a:solidFill>{WHITE}</a:solidFill>",
    '<a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill>',
    f'<a:pattFill prst="wdUpDiag">{INK}</a:pattFill>',
    '<a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill>',
    f'<a:pattFill prst="pct20">{INK}</a:pattFill>',
)
DARKEST = '<a:solidFill><a:srgbClr val="262626"/></a:solidFill>'
"""Of the last series: the new commune's own figures."""


@dataclass(frozen=True, slots=True)
class Series:
    """One bar of every category: its name, the figures as they are printed ('78,62')."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart of percentages; ``place`` counts the document's charts from 0."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    place: int = 0

    @property
    def marker(self) -> str:
        """The text of the paragraph that the chart is put in the place of."""
        return f"\ue010{self.place}\ue010"

    @property
    def height(self) -> int:
        """In millimetres."""
        return EDGES + len(self.categories) * (BAR * len(self.series) + GAP)

    @property
    def scale(self) -> int:
        """Where the axis ends, from 0: the least of SCALES that no bar passes."""
        most = max(Decimal(plain(value)) for one in self.series for value in one.values)
        return next((scale for scale in SCALES if most <= scale), int(most) + 1)

    @staticmethod
    def most_categories(series: int, *, turned: bool) -> int:
        """How many categories of so many bars a page holds."""
        highest = HIGHEST_TURNED if turned else HIGHEST
        return max(1, (highest - EDGES) // (BAR * series + GAP))

    def placed(self, place: int) -> Chart:
        """The chart with its place in the document."""
        return replace(self, place=place)


def plain(value: str) -> str:
    """'1204.5' of '1.204,5'."""
    return value.replace(".", "").replace(",", ".")


def place_charts(document: Document, charts: tuple[Chart, ...]) -> None:
    """Puts the charts in the place of the paragraphs that have their markers."""
    from docx.opc.packuri import PackURI  # noqa: PLC0415 - loaded with the template only
    from docx.opc.part import Part  # noqa: PLC0415
    from docx.oxml import parse_xml  # noqa: PLC0415

    by_marker = {chart.marker: chart for chart in charts}
    for paragraph in document.paragraphs:
        chart = by_marker.get(paragraph.text)
        if chart is None:
            continue
        package = document.part.package
        name = PackURI(f"/word/charts/chart{chart.place + 1}.xml")
        part = Part(name, CONTENT_TYPE, chart_part(chart), package)
        identity = document.part.relate_to(part, f"{RELATIONS}/chart")
        for run in list(paragraph.runs):
            paragraph._p.remove(run._r)  # noqa: SLF001 - python-docx has no other way
        paragraph._p.append(parse_xml(_drawing(chart, identity)))  # noqa: SLF001


def _drawing(chart: Chart, relation: str) -> str:
    """The run that shows the chart."""
    size = f'cx="{WIDTH * EMU_PER_MILLIMETRE}" cy="{chart.height * EMU_PER_MILLIMETRE}"'
    said = escape(chart.title, {'"': "&quot;"})
    return (
        f'<w:r xmlns:w="{WORD}" xmlns:wp="{PLACED}" xmlns:a="{DRAWING}" xmlns:r="{RELATIONS}">'
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{100 + chart.place}" name="Biểu đồ {chart.place + 1}" descr="{said}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{CHART}">'
        f'<c:chart xmlns:c="{CHART}" r:id="{relation}"/></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def chart_part(chart: Chart) -> bytes:
    """word/charts/chartN.xml (ECMA-376, Part 1, 21.2)."""
    series = "".join(_series(chart, place) for place in range(len(chart.series)))
    inner = 1 - LABELS
    line = f'<a:ln w="6350"><a:solidFill>{BLACK}</a:solidFill></a:ln>'
    highest = chart.scale
    step = Decimal(highest) / 5
    plot_height = f"{1 - EDGES / chart.height:.4f}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}"><c:roundedCorners val="0"/>'
        '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout><c:manualLayout>'
        '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{LABELS}"/><c:y val="0.02"/><c:w val="{inner - 0.06:.2f}"/>'
        f'<c:h val="{plot_height}"/></c:manualLayout></c:layout>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="{100 * GAP // BAR}"/><c:axId val="1"/><c:axId val="2"/>'
        '</c:barChart><c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/>'
        '</c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:spPr>{line}</c:spPr>{_text(9)}<c:crossAx val="2"/><c:crosses val="autoZero"/>'
        '<c:tickLblSkip val="1"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling>'
        f'<c:orientation val="minMax"/><c:max val="{highest}"/><c:min val="0"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr>'
        '<a:ln w="3175"><a:solidFill>'
        '<a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr>{line}</c:spPr>'
        f'{_text(10)}<c:crossAx val="1"/><c:crosses val="max"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{step}"/></c:valAx>'
        '</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/>'
        f'{_text(11)}</c:legend><c:plotVisOnly val="1"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(10)}</c:chartSpace>"
    ).encode()


def _series(chart: Chart, place: int) -> str:
    """A c:ser whose figures and labels stand in it: there is no workbook behind the chart."""
    series = chart.series[place]
    last = place == len(chart.series) - 1
    fill = DARKEST if last else FILLS[place % len(FILLS)]
    count = len(chart.categories)
    names = "".join(
        f'<c:pt idx="{at}"><c:v>{escape(name)}</c:v></c:pt>'
        for at, name in enumerate(chart.categories)
    )
    values = "".join(
        f'<c:pt idx="{at}"><c:v>{plain(value)}</c:v></c:pt>'
        for at, value in enumerate(series.values)
    )
    labels = "".join(_label(at, value) for at, value in enumerate(series.values))
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:v>{escape(series.name)}'
        f'</c:v></c:tx><c:spPr>{fill}<a:ln w="6350"><a:solidFill>{BLACK}</a:solidFill></a:ln>'
        f'</c:spPr><c:invertIfNegative val="0"/><c:dLbls>{labels}{_text(9)}{SHOWN}</c:dLbls>'
        f'<c:cat><c:strLit><c:ptCount val="{count}"/>{names}</c:strLit></c:cat>'
        f'<c:val><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{values}'
        "</c:numLit></c:val></c:ser>"
    )


SHOWN = (
    '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
    '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
    '<c:showBubbleSize val="0"/>'
)


def _label(at: int, value: str) -> str:
    form = f'<a:rPr lang="vi-VN" sz="900">{FONT}</a:rPr>'
    return (
        f'<c:dLbl><c:idx val="{at}"/><c:tx><c:rich><a:bodyPr/><a:p><a:r>{form}<a:t>{value}</a:t>'
        f"</a:r></a:p></c:rich></c:tx>{SHOWN}</c:dLbl>"
    )


FONT = (
    f"<a:solidFill>{BLACK}</a:solidFill>"
    '<a:latin typeface="Times New Roman"/><a:cs typeface="Times New Roman"/>'
)


def _text(points: int) -> str:
    """c:txPr: black Times New Roman."""
    form = f'<a:defRPr sz="{points * 100}" b="0">{FONT}</a:defRPr>'
    return (
        f'<c:txPr><a:bodyPr/><a:p><a:pPr>{form}</a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )
