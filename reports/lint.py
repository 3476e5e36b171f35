"""Checks a .docx against Nghị định 30/2020/NĐ-CP, Phụ lục I, rule by rule.

Works on the report and on documents received alike: elements are found by what they say and where
they stand, never by the names of styles. Each result names the article that it rests on; articles
are those of Phần I of Phụ lục I unless they say otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal

from reports.formatting import POINTS, Line, Span, WordDocument
from reports.layout import ABBREVIATIONS, ANNEX, CLAUSE, LONG, PART, POINT, Layout
from reports.typeface import text_width

Outcome = Literal["pass", "fail", "not-applicable"]
OUTCOMES: dict[Outcome, str] = {
    "pass": "đạt",
    "fail": "CHƯA ĐẠT",
    "not-applicable": "không áp dụng",
}

NATIONAL_NAMES = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
MOTTO = "Độc lập - Tự do - Hạnh phúc"
FONT = "Times New Roman"
BLACK = {"auto", "000000"}
INDENTS = (Decimal(10), Decimal("12.7"))
"""Millimetres that the first line of a paragraph goes in."""
THIRD, HALF, WHOLE = Decimal(1) / 3, Decimal(1) / 2, Decimal(1)
TOLERANCE = Decimal("0.5")
"""Millimetres, and points of an indent, that Word's own rounding may take."""

NUMBER = re.compile(r"^Số\s*:\s*(?P<number>\d*)\s*/\s*(?P<symbol>\S+)$")
PLACE_DATE = re.compile(
    r"^(?P<place>[^,]+),\s*ngày\s*(?P<day>\d*)\s*tháng\s*(?P<month>\d*)\s*năm\s*(?P<year>\d*)\s*$"
)
TITLES = re.compile(r"^(GS|PGS|TS|ThS|BS|KS|CN|NGƯT|NGND)\.")
SHOWN = 60
"""Characters of a paragraph that a message quotes."""
ROUGHLY = Decimal("0.05")
"""Share of a text's length by which a drawn line may miss its own."""
LEAST_APART = 6
LEADINGS = (Decimal("0.99"), Decimal("1.51"))


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome of one rule: ``basis`` is its article, ``element`` the ô of the decree's scheme (Mục
    IV) or None, ``messages`` say in Vietnamese what is wrong and where.
    """

    rule: str
    name: str
    basis: str
    element: str | None
    outcome: Outcome
    messages: tuple[str, ...] = ()


Check = Callable[[Layout], Iterable[str] | None]
"""Yields what is wrong; None where the rule does not apply."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the decree."""

    id: str
    name: str
    basis: str
    element: str | None
    check: Check


RULES: list[Rule] = []


def rule(
    identity: str, name: str, basis: str, element: str | None = None
) -> Callable[[Check], Check]:
    """Registers a check under the article that it rests on."""

    def register(check: Check) -> Check:
        place = basis if basis.startswith("Phụ lục") else f"Phụ lục I, Phần I, Mục {basis}"
        RULES.append(Rule(identity, name, f"NĐ 30/2020/NĐ-CP, {place}", element, check))
        return check

    return register


def lint(path: Path) -> tuple[Result, ...]:
    """The outcome of every rule, in the decree's order.

    Raises NotAWordFileError for a file that is no .docx.
    """
    layout = Layout(WordDocument(path))
    results = []
    for each in RULES:
        found = each.check(layout)
        messages = () if found is None else tuple(found)
        outcome: Outcome = "not-applicable" if found is None else "fail" if messages else "pass"
        results.append(Result(each.id, each.name, each.basis, each.element, outcome, messages))
    return tuple(results)


def as_json(results: Iterable[Result]) -> str:
    """The results as a JSON array."""
    return json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2)


def as_text(results: Sequence[Result], *, every: bool = False) -> str:
    """The results as lines for a reader: what fails, or ``every`` rule, then how many pass."""
    lines = []
    for result in results:
        where = result.basis + (f", ô {result.element}" if result.element else "")
        if every or result.outcome == "fail":
            outcome = OUTCOMES[result.outcome]
            lines.append(f"{outcome}: {result.name} ({where}) [{result.rule}]")
            lines.extend(f"  - {message}" for message in result.messages)
    counts = {kind: sum(result.outcome == kind for result in results) for kind in OUTCOMES}
    lines.append("; ".join(f"{OUTCOMES[kind]}: {count}" for kind, count in counts.items()))
    return "\n".join(lines)


def _quote(line: Line) -> str:
    text = " ".join(line.text.split())
    return f"“{text}”" if len(text) <= SHOWN else f"“{text[:SHOWN]}…”"


def _form(
    lines: Iterable[Line],
    least: int,
    most: int,
    *,
    bold: bool | None = None,
    italic: bool | None = None,
    align: str | None = None,
) -> Iterator[str]:
    """What is wrong with the form of lines: size, weight, slant, alignment."""
    for line in lines:
        if any(not least <= size <= most for size in line.sizes):
            wanted = f"{least:g}" if least == most else f"{least:g} - {most:g}"
            sizes = ", ".join(f"{size:g}" for size in sorted(line.sizes))
            yield f"{_quote(line)}: cỡ chữ {sizes}, phải là {wanted}"
        if bold is not None and bold != line.bold and (bold or any(s.bold for s in line.spans)):
            yield f"{_quote(line)}: phải là chữ {'đậm' if bold else 'không đậm'}"
        if italic and not line.italic:
            yield f"{_quote(line)}: phải là chữ nghiêng"
        if italic is False and not line.upright:
            yield f"{_quote(line)}: phải là chữ đứng"
        if align is not None and line.align != align:
            yield f"{_quote(line)}: phải {ALIGNMENTS[align]}"


ALIGNMENTS = {"center": "canh giữa", "both": "canh đều hai lề"}


def _rule_below(layout: Layout, above: Line, least: Decimal, most: Decimal) -> Iterator[str]:
    """What is wrong with the drawn line below a line, as a share of the text's length."""
    following = layout.after(above)
    drawn = above.rule if above.rule is not None else following[0].rule if following else None
    if any(span.underlined for span in above.spans):
        yield f"{_quote(above)}: không được gạch chân thay đường kẻ"
    elif drawn is None:
        yield f"{_quote(above)}: thiếu đường kẻ ngang, nét liền bên dưới"
    elif drawn:
        widths = (text_width(span.text, span.size, bold=span.bold) for span in above.spans)
        share = drawn / min(sum(widths, Decimal(0)), layout.text_width)
        if not least - ROUGHLY <= share <= most + ROUGHLY:
            wanted = f"{least:.0%}" if least == most else f"{least:.0%} - {most:.0%}"
            yield f"{_quote(above)}: đường kẻ dài {share:.0%} dòng chữ, phải là {wanted}"


# Mục I: quy định chung


@rule("paper", "Khổ giấy A4", "I.1")
def _paper(layout: Layout) -> Iterable[str]:
    for index, page in enumerate(layout.pages, start=1):
        short, long = sorted((page.width, page.height))
        if abs(short - 210) > TOLERANCE or abs(long - 297) > TOLERANCE:
            yield f"phần {index}: khổ {page.width:.0f} x {page.height:.0f} mm, phải là 210 x 297 mm"


@rule("orientation", "Trình bày theo chiều dài khổ giấy", "I.2")
def _orientation(layout: Layout) -> Iterable[str]:
    arranging = [line.cell[0] for line in layout.arranged if line.cell is not None]
    for index, page in enumerate(layout.pages):
        tables = {
            line.cell[0] for line in layout.every if line.cell is not None and line.section == index
        }
        if page.width > page.height and not tables.difference(arranging):
            yield f"phần {index + 1}: giấy ngang mà không có bảng, biểu"


MARGINS = {"top": ("trên", 20, 25), "bottom": ("dưới", 20, 25), "left": ("trái", 30, 35),
           "right": ("phải", 15, 20)}  # fmt: skip


@rule("margins", "Định lề trang", "I.3")
def _margins(layout: Layout) -> Iterable[str]:
    for index, page in enumerate(layout.pages, start=1):
        for side, (name, least, most) in MARGINS.items():
            size = page.margins[side]
            if not least - TOLERANCE <= size <= most + TOLERANCE:
                yield f"phần {index}: lề {name} {size:.1f} mm, phải là {least} - {most} mm"


@rule("font", "Phông chữ Times New Roman, Unicode", "I.4")
def _font(layout: Layout) -> Iterable[str]:
    for font, line in _met(layout, lambda span: span.font):
        if font != FONT:
            yield f"{_quote(line)}: phông chữ {font or 'không rõ'}"


@rule("color", "Chữ màu đen", "I.4")
def _color(layout: Layout) -> Iterable[str]:
    for color, line in _met(layout, lambda span: span.color):
        if color not in BLACK:
            yield f"{_quote(line)}: màu {color}"


def _met(layout: Layout, of: Callable[[Span], str]) -> Iterator[tuple[str, Line]]:
    """Each value that text of the document has, with the first line that has it."""
    seen: set[str] = set()
    for line in layout.lines:
        for span in line.spans:
            if (value := of(span)) not in seen:
                seen.add(value)
                yield value, line


@rule("page-number", "Số trang ở giữa lề trên", "I.7")
def _page_number(layout: Layout) -> Iterable[str]:
    for index, page in enumerate(layout.own_pages(), start=1):
        if not page.numbers:
            yield f"phần {index}: không có số trang"
        for number in page.numbers:
            if number.where != "header":
                yield f"phần {index}: số trang không ở lề trên"
            yield from _form([number.line], 13, 14, italic=False, align="center")


@rule("page-number-first", "Đánh số từ 1, không hiện ở trang thứ nhất", "I.7")
def _page_number_first(layout: Layout) -> Iterable[str]:
    page = layout.pages[layout.first_section]
    if page.first_numbers:
        yield "trang thứ nhất hiện số trang"
    if (page.start or 1) != 1 or (page.start is None and layout.first_section):
        yield "số trang không bắt đầu từ 1"


# Mục II: các thành phần thể thức chính


@rule("national-name", "Quốc hiệu", "II.1.a", "1")
def _national_name(layout: Layout) -> Iterable[str]:
    line = layout.national_name
    if line is None:
        yield "không có Quốc hiệu"
        return
    if line.text not in NATIONAL_NAMES:
        yield f"{_quote(line)}: phải là “{NATIONAL_NAMES[0]}”"
    if line.cell is None or line.cell[2] == 0 or layout.lines.index(line) > HEAD_LINES:
        yield f"{_quote(line)}: phải ở phía trên cùng, bên phải trang đầu"
    yield from _form([line], 12, 13, bold=True, italic=False)


HEAD_LINES = 12
"""Lines that a head has at most before the quốc hiệu, the issuer's on the left."""


@rule("motto", "Tiêu ngữ", "II.1.b", "1")
def _motto(layout: Layout) -> Iterable[str]:
    line = layout.motto
    if line is None:
        yield "không có Tiêu ngữ"
        return
    if line.text != MOTTO:
        yield f"{_quote(line)}: phải là “{MOTTO}”"
    yield from _form([line], 13, 14, bold=True, italic=False, align="center")


@rule("motto-line", "Đường kẻ dưới Tiêu ngữ", "II.1.b", "1")
def _motto_line(layout: Layout) -> Iterable[str] | None:
    return None if layout.motto is None else _rule_below(layout, layout.motto, WHOLE, WHOLE)


@rule("issuer", "Tên cơ quan ban hành", "II.2.b", "2")
def _issuer(layout: Layout) -> Iterable[str]:
    own = [line for line in layout.issuer if line.bold]
    if not own:
        yield "không có tên cơ quan ban hành (chữ in hoa, đậm, bên trái Quốc hiệu)"
    yield from _capitals(own)
    yield from _form(own, 12, 13, bold=True, italic=False, align="center")


@rule("parent", "Tên cơ quan chủ quản trực tiếp", "II.2.b", "2")
def _parent(layout: Layout) -> Iterable[str] | None:
    above = [line for line in layout.issuer if not line.bold]
    if not above:
        return None
    return [*_capitals(above), *_form(above, 12, 13, bold=False, italic=False, align="center")]


@rule("issuer-line", "Đường kẻ dưới tên cơ quan ban hành", "II.2.b", "2")
def _issuer_line(layout: Layout) -> Iterable[str] | None:
    own = [line for line in layout.issuer if line.bold]
    return _rule_below(layout, own[-1], THIRD, HALF) if own else None


@rule("number", "Số, ký hiệu", "II.3.c", "3")
def _number(layout: Layout) -> Iterable[str]:
    line = layout.number
    if line is None:
        yield "không có số, ký hiệu"
        return
    parts = NUMBER.match(line.text)
    if parts is None:
        yield f"{_quote(line)}: phải viết như “Số: 05/BC-UBND”"
    elif len(parts["number"]) == 1:
        yield f"{_quote(line)}: số nhỏ hơn 10 phải có số 0 phía trước"
    yield from _form([line], 13, 13, italic=False, align="center")


@rule("symbol", "Ký hiệu đúng với tên loại", "II.3.b; Phụ lục III, Mục I", "3")
def _symbol(layout: Layout) -> Iterable[str] | None:
    parts = None if layout.number is None else NUMBER.match(layout.number.text)
    if parts is None or layout.kind is None:
        return None
    wanted = ABBREVIATIONS[layout.kind.text.upper()]
    if parts["symbol"].partition("-")[0] == wanted:
        return ()
    return [f"{_quote(layout.number or layout.kind)}: ký hiệu phải bắt đầu bằng “{wanted}-”"]


@rule("place-date", "Địa danh và thời gian ban hành", "II.4", "4")
def _place_date(layout: Layout) -> Iterable[str]:
    line = layout.place_date
    if line is None:
        yield "không có địa danh, ngày tháng năm"
        return
    parts = PLACE_DATE.match(line.text)
    if parts is None:
        yield f"{_quote(line)}: phải viết như “Long Phụng, ngày 05 tháng 01 năm 2026”"
    elif re.fullmatch("[1-9]", parts["day"]) or re.fullmatch("[12]", parts["month"]):
        yield f"{_quote(line)}: ngày nhỏ hơn 10 và tháng 1, 2 phải có số 0 phía trước"
    elif re.fullmatch("0[3-9]", parts["month"]):
        yield f"{_quote(line)}: chỉ tháng 1, 2 có số 0 phía trước"
    if (
        line.cell is None
        or layout.number is None
        or (layout.number.cell is None or line.cell[:2] != layout.number.cell[:2])
    ):
        yield f"{_quote(line)}: phải cùng một dòng với số, ký hiệu"
    yield from _form([line], 13, 14, italic=True, align="center")


@rule("kind", "Tên loại văn bản", "II.5.b", "5a")
def _kind(layout: Layout) -> Iterable[str] | None:
    if layout.kind is None:
        return None if _dispatch(layout) else ["không có tên loại văn bản"]
    line = layout.kind
    return [*_capitals([line]), *_form([line], 13, 14, bold=True, italic=False, align="center")]


@rule("title", "Trích yếu nội dung", "II.5.b", "5a")
def _title(layout: Layout) -> Iterable[str] | None:
    if layout.kind is None:
        return None
    if not layout.title:
        return ["không có trích yếu dưới tên loại"]
    wrong = [
        f"{_quote(line)}: phải là chữ in thường" for line in layout.title if line.text.isupper()
    ]
    return [*wrong, *_form(layout.title, 13, 14, bold=True, italic=False, align="center")]


@rule("title-line", "Đường kẻ dưới trích yếu", "II.5.b", "5a")
def _title_line(layout: Layout) -> Iterable[str] | None:
    return _rule_below(layout, layout.title[-1], THIRD, HALF) if layout.title else None


@rule("addressee", "Kính gửi", "II.9.b, II.9.d", "9a")
def _addressee(layout: Layout) -> Iterable[str] | None:
    kind = "" if layout.kind is None else layout.kind.text.upper()
    if kind not in {"", "BÁO CÁO", "TỜ TRÌNH"}:
        return None
    line = layout.addressee
    if line is None:
        return ["không có “Kính gửi” (báo cáo cấp trên, tờ trình và công văn phải có)"]
    wrong = [] if line.text.startswith("Kính gửi:") else [f"{_quote(line)}: thiếu dấu hai chấm"]
    return [*wrong, *_form([line], 13, 14, italic=False)]


@rule("basis", "Căn cứ ban hành", "II.6.a", "6")
def _basis(layout: Layout) -> Iterable[str] | None:
    if not layout.bases:
        return None
    *first, last = layout.bases
    signs = [f"{_quote(line)}: phải hết bằng dấu “;”" for line in first if line.text[-1] != ";"]
    if last.text[-1] not in ".;":
        signs.append(f"{_quote(last)}: căn cứ cuối cùng phải hết bằng dấu “.”")
    elif last.text[-1] == ";":
        signs.append(f"{_quote(last)}: căn cứ cuối cùng phải hết bằng dấu “.”, không phải “;”")
    return [*signs, *_form(layout.bases, 13, 14, italic=True)]


@rule("body-form", "Cỡ chữ, kiểu chữ của nội dung", "II.6.e", "6")
def _body_form(layout: Layout) -> Iterable[str] | None:
    return _form(layout.body, 13, 14, italic=False) if layout.body else None


@rule("body-alignment", "Nội dung canh đều hai lề", "II.6.e", "6")
def _body_alignment(layout: Layout) -> Iterable[str] | None:
    long = [line for line in layout.body if len(line.text) > LONG]
    return [f"{_quote(line)}: phải canh đều hai lề" for line in long if line.align != "both"]


@rule("body-indent", "Chữ đầu dòng lùi vào 1 cm hoặc 1,27 cm", "II.6.e", "6")
def _body_indent(layout: Layout) -> Iterable[str]:
    for line in layout.body:
        indent = line.first_line / POINTS["mm"]
        if min(abs(indent - wanted) for wanted in INDENTS) > TOLERANCE:
            yield f"{_quote(line)}: lùi {indent:.1f} mm"


@rule("body-spacing", "Các đoạn cách nhau tối thiểu 6pt", "II.6.e", "6")
def _body_spacing(layout: Layout) -> Iterable[str]:
    for above, below in pairwise(layout.body):
        apart = max(above.after, below.before)
        if apart < LEAST_APART:
            yield f"{_quote(below)}: cách đoạn trên {apart:g}pt"


@rule("body-leading", "Các dòng cách nhau từ dòng đơn đến 1,5 lines", "II.6.e", "6")
def _body_leading(layout: Layout) -> Iterable[str]:
    for line in layout.body:
        if line.leading is not None and not LEADINGS[0] <= line.leading <= LEADINGS[1]:
            yield f"{_quote(line)}: cách dòng {line.leading:.2f}"


@rule("heading-part", "Tiêu đề mục “I. …” in hoa, đậm", "V.6.b", "6")
def _heading_part(layout: Layout) -> Iterable[str] | None:
    parts = [line for line in layout.text if PART.match(line.text) and len(line.text) < LONG]
    if not parts:
        return None
    return [*_capitals(parts), *_form(parts, 13, 14, bold=True, italic=False)]


@rule("heading-clause", "Khoản có tiêu đề: “1. …” in thường, đậm", "II.6.đ; V.6.b", "6")
def _heading_clause(layout: Layout) -> Iterable[str] | None:
    titled = [
        line
        for line in layout.text
        if CLAUSE.match(line.text) and len(line.text) < LONG and line.text[-1] not in ".;:"
    ]
    return _form(titled, 13, 14, bold=True, italic=False) if titled else None


@rule("point", "Điểm: “a)” in thường, đứng", "II.6.đ; V.6.b", "6")
def _point(layout: Layout) -> Iterable[str] | None:
    points = [line for line in layout.text if POINT.match(line.text)]
    if not points:
        return None
    signs = [
        f"{_quote(line)}: sau chữ cái phải là dấu “)”"
        for line in points
        if (found := POINT.match(line.text)) is not None and found["sign"] != ")"
    ]
    return [*signs, *_form(points, 13, 14, bold=False, italic=False)]


@rule("end-mark", "Dấu hết văn bản “./.”", "Phụ lục III, Mẫu 1.4", "6")
def _end_mark(layout: Layout) -> Iterable[str]:
    if layout.text and not layout.text[-1].text.endswith("./."):
        yield f"{_quote(layout.text[-1])}: hết văn bản phải có “./.”"


AUTHORITIES = ("TM.", "Q.", "KT.", "TL.", "TUQ.")


@rule("signature", "Quyền hạn, chức vụ của người ký", "II.7.đ", "7a")
def _signature(layout: Layout) -> Iterable[str]:
    held = [line for line in layout.signature if line.text.isupper()]
    if not held:
        yield "không có quyền hạn, chức vụ của người ký (chữ in hoa, đậm)"
    yield from _form(held, 13, 14, bold=True, italic=False, align="center")


@rule("authority", "Ghi quyền hạn của người ký", "II.7.b", "7a")
def _authority(layout: Layout) -> Iterable[str] | None:
    held = [line.text for line in layout.signature if line.text.isupper()]
    if not held:
        return None
    wrong = []
    collective = any("ỦY BAN NHÂN DÂN" in line.text.upper() for line in layout.issuer)
    if collective and not held[0].startswith(("TM.", "TL.", "TUQ.")):
        wrong.append(f"“{held[0]}”: văn bản của Ủy ban nhân dân phải ký “TM. ỦY BAN NHÂN DÂN”")
    if held[-1].startswith("PHÓ ") and not any(text.startswith("KT.") for text in held):
        wrong.append(f"“{held[-1]}”: cấp phó ký thay phải ghi “KT.” trước chức vụ của cấp trưởng")
    return wrong


@rule("signer", "Họ tên người ký", "II.7.c, II.7.đ", "7b")
def _signer(layout: Layout) -> Iterable[str] | None:
    named = [line for line in layout.signature if not line.text.isupper()]
    if not named:
        return None
    wrong = [
        f"{_quote(line)}: không ghi học hàm, học vị trước họ tên"
        for line in named
        if TITLES.match(line.text)
    ]
    return [*wrong, *_form(named, 13, 14, bold=True, italic=False, align="center")]


@rule("recipients-head", "“Nơi nhận:”", "II.9.d", "9b")
def _recipients_head(layout: Layout) -> Iterable[str]:
    if not layout.recipients_head:
        yield "không có “Nơi nhận:”"
    for line in layout.recipients_head:
        if line.text != "Nơi nhận:":
            yield f"{_quote(line)}: phải là “Nơi nhận:” trên một dòng riêng"
        yield from _form([line], 12, 12, bold=True, italic=True)


@rule("recipients", "Danh sách nơi nhận", "II.9.d", "9b")
def _recipients(layout: Layout) -> Iterable[str] | None:
    if not layout.recipients:
        return None
    *first, last = layout.recipients
    wrong = [
        f"{_quote(line)}: phải có gạch đầu dòng “-”"
        for line in layout.recipients
        if not line.text.startswith("-")
    ]
    wrong += [f"{_quote(line)}: phải hết bằng dấu “;”" for line in first if line.text[-1] != ";"]
    if not re.match(r"^-\s*Lưu:\s*VT\b.*\.$", last.text):
        wrong.append(f"{_quote(last)}: dòng cuối phải là “- Lưu: VT, …” và hết bằng dấu “.”")
    if layout.addressee is not None and "Như trên" not in layout.recipients[0].text:
        wrong.append(f"{_quote(layout.recipients[0])}: có “Kính gửi” thì dòng đầu là “- Như trên;”")
    return [*wrong, *_form(layout.recipients, 11, 11, bold=False, italic=False)]


# Mục III: phụ lục


@rule("annex-mentioned", "Văn bản chỉ dẫn về Phụ lục", "III.1.a")
def _annex_mentioned(layout: Layout) -> Iterable[str] | None:
    if not layout.annexes:
        return None
    text = " ".join(line.text for line in layout.text)
    return [
        f"trong văn bản không nhắc đến “{line.text}”"
        for line in layout.annexes
        if not re.search(rf"\b{re.escape(line.text)}\b", text, re.IGNORECASE)
    ]


@rule("annex-number", "Từ hai Phụ lục trở lên đánh số La Mã", "III.1.a")
def _annex_number(layout: Layout) -> Iterable[str] | None:
    if len(layout.annexes) <= 1:
        return None
    numbers = [_annex_of(line) for line in layout.annexes]
    wanted = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"][: len(numbers)]
    return [
        f"“{line.text}”: phải là “Phụ lục {roman}”"
        for line, number, roman in zip(layout.annexes, numbers, wanted, strict=False)
        if number != roman
    ]


def _annex_of(line: Line) -> str:
    found = ANNEX.match(line.text)
    return "" if found is None or found["number"] is None else found["number"]


@rule("annex-heading", "Từ “Phụ lục” in thường, 14, đậm, canh giữa", "III.1.b")
def _annex_heading(layout: Layout) -> Iterable[str] | None:
    if not layout.annexes:
        return None
    wrong = [
        f"{_quote(line)}: phải là chữ in thường"
        for line in layout.annexes
        if line.text.startswith("PHỤ LỤC")
    ]
    return [*wrong, *_form(layout.annexes, 14, 14, bold=True, italic=False, align="center")]


@rule("annex-title", "Tên Phụ lục in hoa, đậm, canh giữa", "III.1.b")
def _annex_title(layout: Layout) -> Iterable[str] | None:
    if not layout.annexes:
        return None
    titles = [
        line
        for annex in layout.annexes
        for line in layout.after(annex)[:1]
        if not line.text.startswith("(")
    ]
    return [*_capitals(titles), *_form(titles, 13, 14, bold=True, italic=False, align="center")]


@rule("annex-reference", "“(Kèm theo …)” dưới tên Phụ lục", "III.1.c")
def _annex_reference(layout: Layout) -> Iterable[str] | None:
    if not layout.annexes:
        return None
    wrong: list[str] = []
    for annex in layout.annexes:
        near = [line for line in layout.after(annex)[:4] if line.text.startswith("(Kèm theo")]
        if not near:
            wrong.append(f"“{annex.text}”: thiếu “(Kèm theo …)”")
        wrong += _form(near, 13, 14, italic=True, align="center")
    return wrong


@rule("annex-pages", "Mỗi Phụ lục bắt đầu trang mới, đánh số trang riêng", "III.1.đ")
def _annex_pages(layout: Layout) -> Iterable[str] | None:
    if not layout.annexes:
        return None
    wrong = []
    seen = {layout.first_section}
    for annex in layout.annexes:
        page = layout.pages[annex.section]
        if annex.section in seen or page.continuous:
            wrong.append(f"“{annex.text}”: chưa là một phần (section) riêng trên trang mới")
        elif page.start != 1:
            wrong.append(f"“{annex.text}”: số trang không bắt đầu lại từ 1")
        seen.add(annex.section)
    return wrong


def _capitals(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if not line.text.isupper():
            yield f"{_quote(line)}: phải là chữ in hoa"


def _dispatch(layout: Layout) -> bool:
    """A công văn: no tên loại, its trích yếu is 'V/v …' under the number."""
    return any(line.text.startswith("V/v") for line in layout.lines[: 2 * HEAD_LINES])
