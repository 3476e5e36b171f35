"""What a document says of itself: issuer, number, date, kind, title, period, draft, supersession.

The letterhead is read as Nghị định 30/2020/NĐ-CP, Phụ lục I sets it out, however the file lays it
out: a table of two columns, paragraphs, or lines that run both columns together.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rapidfuzz.fuzz import partial_ratio

from extractors.document import Finding, Source, Table
from transforms.dates import Precision, find_dates, find_periods
from transforms.nonfigures import DOCUMENT_NUMBER
from transforms.reading import Header
from transforms.text import clean, fold, key
from transforms.units import Level, UnitIndex, UnitMention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catalog.catalogue import Catalogue
    from catalog.model import Unit
    from extractors.document import Extraction
    from transforms.reading import Restated, Supersession

HEAD_BLOCKS = 30
"""How many blocks may come before the first heading of the body."""
FORM_ROWS = 8
"""How many rows at the top of a form's table may name the unit, the title and the period."""
TITLE_LINES = 5
OPENING_PARAGRAPHS = 8
"""Within these a document may say that it replaces or corrects another."""

_MOTTO = re.compile(
    r"C[ỘO]NG\s+H(?:ÒA|OÀ|OA)\s+X[ÃA]\s+H[ỘO]I\s+CH[ỦU]\s+NGH[ĨI]A\s+VI[ỆE]T\s+NAM"
    r"|Đ[ộo]c\s+l[ậa]p\s*[-–—]\s*T[ựu]\s+do\s*[-–—]\s*H[ạa]nh\s+ph[úu]c"
    r"|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM",
    re.IGNORECASE,
)
_NUMBER_LINE = re.compile(
    r"(?<!\w)(?<!biểu )(?<!mẫu )(?<!phiếu )(?<!thông tư )(?<!nghị định )(?<!quyết định )"
    r"Số\s*[:.]?\s*(?P<rest>(?=[\d\s.…/_-]).*)$",
    re.IGNORECASE,
)
_BLANK_NUMBER = re.compile(r"^[\s.…_]*[/-]\s*(?P<symbol>[A-ZĐ]{2,})")
_PLAIN_NUMBER = re.compile(r"^(?P<number>\d{1,5}\s*/\s*(?:19|20)\d\d)(?![\w/])")
_PLACE_AND_DATE = re.compile(r"(?P<place>[^,\d]{2,40}),\s*ngày\s", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_ONLY_PERIOD = re.compile(
    r"\W*(?:(?:số liệu|tính|cuối|đầu|đến|thời điểm|năm|quý|tháng|kỳ|ngày|học|[ivx]+)(?!\w)"
    r"|[\d/.\s()–-])+$",
    re.IGNORECASE,
)
_OF_FIGURES = re.compile(
    r"(?<!\w)(?:đến|số liệu|thời điểm|năm học|giai đoạn|chốt)(?!\w)", re.IGNORECASE
)
"""What says that a date of the head is the figures' and not the document's."""
LONGEST_PLACE_AND_DATE = 70
_BODY = re.compile(
    r"(?:(?:[IVX]{1,4}|A|B|\d{1,2})\s*[.)/]\s+\S|phần\s+(?:thứ\s+)?\w+)", re.IGNORECASE
)
_AFTER_TITLE = re.compile(
    r"\(?(?:kính gửi|căn cứ|thực hiện|theo|tiếp theo|kèm theo|ban hành kèm|ubnd|ủy ban nhân dân"
    r"|hđnd|đảng ủy|đvt|đơn vị tính|nhằm|trong|từ đầu|\*|_{2,}|-{2,})",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^(?:V/v|Về việc)\s*:?\s*", re.IGNORECASE)
_PLAN_BEHIND = re.compile(
    r"(?<=[\w)])\s*[,;.:\-–]?\s*(?:và\s+)?"
    r"(?:phương hướng|nhiệm vụ|kế hoạch|mục tiêu|định hướng)(?!\w)",
    re.IGNORECASE,
)
"""'… 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2025': what is planned, behind what is reported."""
_STATES_FIGURES = re.compile(
    r"(?:tính|số liệu|kết quả|thời điểm|chốt|(?<!\w)có(?= đến))[^.;]{0,30}$"
)
_SUPERSEDED_PART = (
    "cho|một|số|các|nội|dung|liệu|của|tại|trong|vào|phụ|lục|phần|biểu|chỉ|tiêu|kèm|theo|và|kết|quả"
)
_ITSELF = re.compile(r"(?<!\w)(?:báo cáo|văn bản|kế hoạch|tờ trình) này(?!\w)", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"«][^”\"»]{3,300}[”\"»]")
_DISTRICT = re.compile(
    r"(?<!\w)(?:huyện|thị xã|tx\.?|quận)\s+(?P<name>[^\W\d][^\n,;()]{1,60})", re.IGNORECASE
)
_OF_DISTRICT = re.compile(r"^(?:huyện|thị xã|thành phố|quận)\s+", re.IGNORECASE)
_SAME_NAME = 75
"""Share of letters, in hundredths, from which two prints of a district's name are one."""
_SCHOOL = re.compile(r"(?<!\w)(?:trường|mầm non|mẫu giáo|tiểu học|thcs|thpt)(?!\w)")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the head, cleaned, with its place."""

    text: str
    source: Source
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """The line that names the kind, and what stands behind the kind on that line."""

    position: int
    kind: str
    rest: str


def read_header(
    extraction: Extraction, units: UnitIndex, restated: Iterable[Restated] = ()
) -> tuple[Header, list[Finding]]:
    """The header, and findings for what it does not tell: unit, number, date, period.

    What decisions state of this document goes before what it says itself.
    """
    lines = list(_head(extraction))
    letterhead, kind = _letterhead(lines, units.catalogue)
    number, is_blank = _number(letterhead)
    issued_on = _issued_on(letterhead) or _signed_on(extraction)
    title = _title(lines, letterhead, kind)
    header = Header(
        number=number,
        issued_on=issued_on,
        as_of=_as_of(extraction, lines, title, issued_on),
        kind=kind.kind if kind else _kind_of_number(number, units.catalogue),
        title=title,
        draft=number is None or is_blank or _is_draft(letterhead, units.catalogue),
    )
    header = _superseding(header, extraction, units.catalogue)
    unit, finding = _unit(lines, letterhead, header, units)
    own = replace(header, unit=unit.slug if unit else None)
    header = _restated(own, [one for one in restated if one.document == extraction.sha256])
    if header.unit != own.unit:
        unit, finding = units.unit(header.unit), None
    return header, [*([finding] if finding else []), *_doubts(header, unit, letterhead)]


def _restated(own: Header, restated: Iterable[Restated]) -> Header:
    """The header with what decisions state that were taken on what it says itself."""
    header = own
    for one in restated:
        if not one.holds(own):
            continue
        match one.about:
            case "unit":
                header = replace(header, unit=one.value)
            case "as_of":
                header = replace(header, as_of=date.fromisoformat(one.value))
            case "draft":
                header = replace(header, draft=one.value == "draft")
    return header if header == own else replace(header, printed=own)


# --- the head's lines -----------------------------------------------------------------------


def _head(extraction: Extraction) -> Iterator[_Line]:
    """The lines before the body's first heading: of the letterhead, the title, the căn cứ."""
    has_paragraphs = False
    for block in extraction.blocks[:HEAD_BLOCKS]:
        if isinstance(block, Table):
            if _is_letterhead(block):
                yield from _cells(block, block.rows, by_column=True)
            elif not has_paragraphs:
                yield from _cells(block, FORM_ROWS, by_column=False)
            continue
        if has_paragraphs and block.bold and _BODY.match(block.text):
            return
        has_paragraphs = True
        source = Source("text", block.text, block.page, row=block.index, bbox=block.bbox)
        for text in _lines(block.text):
            yield _Line(text, source, block.bold)


def _is_letterhead(table: Table) -> bool:
    texts = [cell.text for cell in table.cells if cell.row < FORM_ROWS]
    return table.columns <= 4 and any(  # two columns, perhaps with spacers
        _MOTTO.search(text) or _NUMBER_LINE.match(text.strip()) for text in texts
    )


def _cells(table: Table, rows: int, *, by_column: bool) -> Iterator[_Line]:
    cells = [cell for cell in table.cells if cell.row < rows]
    if by_column:
        cells.sort(key=lambda cell: (cell.column, cell.row))
    for cell in cells:
        source = Source(
            "table", cell.text, cell.page, table.index, cell.row, cell.column, cell.bbox
        )
        for text in _lines(cell.text):
            yield _Line(text, source, cell.bold)


def _lines(text: str) -> list[str]:
    return [line for part in text.split("\n") if (line := clean(part))]


def _letterhead(lines: list[_Line], catalogue: Catalogue) -> tuple[list[_Line], _Kind | None]:
    """The lines above the kind of document, and the kind; all of the head's first if none."""
    kinds = {
        key(word): means
        for means, words in catalogue.family("document-kinds").items()
        for word in words
        if " " in word or word == means.lower()
    }
    for position, line in enumerate(lines):
        words = line.text.split()
        if line.text.upper() != line.text and not line.bold:
            continue
        for length in (3, 2, 1):
            kind = kinds.get(key(" ".join(words[:length])))
            is_all = len(words) == length
            if kind and (is_all or (" ".join(words[:length]).isupper() and length > 1)):
                return lines[:position], _Kind(position, kind, " ".join(words[length:]))
    ends = [i for i, line in enumerate(lines) if _ends_letterhead(line.text)]
    return lines[: ends[0]] if ends else lines, None


def _ends_letterhead(text: str) -> bool:
    return re.match(r"kính gửi|căn cứ|thực hiện", text, re.IGNORECASE) is not None


# --- number and date ------------------------------------------------------------------------


def _number(letterhead: list[_Line]) -> tuple[str | None, bool]:
    """The số, ký hiệu without spaces, and whether its place was left blank."""
    for line in letterhead:
        match = _NUMBER_LINE.search(line.text)
        if match is None:
            continue
        rest = re.sub(r"\s*([/–_-])\s*", r"\1", match["rest"])
        number = DOCUMENT_NUMBER.match(rest) or DOCUMENT_NUMBER.match(rest.upper())
        if number:
            return _without_spaces(rest[: number.end()]), False
        if plain := _PLAIN_NUMBER.match(rest):
            return _without_spaces(plain["number"]), False
        if _BLANK_NUMBER.match(rest):
            return None, True
    return None, False


def _without_spaces(number: str) -> str:
    return re.sub(r"\s+", "", number).replace("–", "-").replace("Ð", "Đ")


def _issued_on(letterhead: list[_Line]) -> date | None:
    """The day beside the place's name, else the only day of the letterhead."""
    days = []
    for line in letterhead:
        place = _PLACE_AND_DATE.search(line.text)
        found = find_dates(line.text[place.start() :] if place else line.text)
        if place and found:
            return found[0].day
        days += [one.day for one in found if not _OF_FIGURES.search(line.text)]
    lines = [line.text for line in letterhead if not _OF_FIGURES.search(line.text)]
    whole = find_dates(" ".join(lines))
    days = days or [one.day for one in whole]
    return days[0] if len(set(days)) == 1 else None


def _signed_on(extraction: Extraction) -> date | None:
    """The day beside the place's name above the signature, where the letterhead has none."""
    texts = [paragraph.text for paragraph in list(extraction.paragraphs())[-TITLE_LINES:]]
    tables = list(extraction.tables())[-1:]
    texts += [cell.text for table in tables if not table.ruled for cell in table.cells]
    lines = [line for text in texts for line in _lines(text)]
    days = {
        found[0].day
        for line in lines
        if _PLACE_AND_DATE.match(line) and len(line) < LONGEST_PLACE_AND_DATE
        if (found := find_dates(line))
    }
    return days.pop() if len(days) == 1 else None


# --- kind and title -------------------------------------------------------------------------


def _kind_of_number(number: str | None, catalogue: Catalogue) -> str | None:
    """The kind that a ký hiệu abbreviates; a công văn has no abbreviation of its own."""
    if number is None:
        return None
    kinds = {
        word.casefold(): means
        for means, words in catalogue.family("document-kinds").items()
        for word in words
    }
    parts = re.split(r"[/-]", number)
    return next((kinds[p.casefold()] for p in parts[1:] if p.casefold() in kinds), None)


def _title(lines: list[_Line], letterhead: list[_Line], kind: _Kind | None) -> str | None:
    """The trích yếu: the lines below the kind; of a công văn what follows 'V/v'."""
    if kind is None:
        for position, line in enumerate(letterhead):
            if subject := _SUBJECT.match(line.text):
                parts = [line.text[subject.end() :]]
                for following in letterhead[position + 1 :]:
                    if following.source != line.source:
                        break
                    parts.append(following.text)
                return " ".join(parts).strip() or None
        return None
    parts = [kind.rest] if kind.rest else []
    below = lines[kind.position + 1 : kind.position + 1 + TITLE_LINES]
    is_bold = bool(below) and below[0].bold
    for line in below:
        if _AFTER_TITLE.match(line.text) or _BODY.match(line.text):
            break
        if (is_bold and not line.bold) or re.fullmatch(r"[\W_]+", line.text):
            break
        parts.append(line.text)
        if not is_bold and line.text.endswith((".", ":", ";")):
            break
    return " ".join(parts) or None


def _is_draft(letterhead: list[_Line], catalogue: Catalogue) -> bool:
    marks = tuple(key(word) for word in catalogue.words["draft-marks"])
    return any(key(line.text).strip("() ").startswith(marks) for line in letterhead)


# --- period ---------------------------------------------------------------------------------


def _as_of(
    extraction: Extraction, lines: list[_Line], title: str | None, issued_on: date | None
) -> date | None:
    """The day that the figures speak of: by the title; by what the opening, then the rest of the
    document calls the day of its figures, which is also more exact than a title's year; by the
    programme's period in the title. A table without
    a letterhead has a line in capitals for its title.
    """
    narrow, spans = _periods_of_title(title or "", issued_on)
    opening = [line.text for line in lines]
    if narrow:
        stated = {day for text in opening for day in _stated_days(text, issued_on)}
        inside = {day for day in stated if _is_within_year(day, narrow)}
        return inside.pop() if len(inside) == len(stated) == 1 else narrow
    rest = [paragraph.text for paragraph in extraction.paragraphs()]
    rest += [
        cell.text
        for table in extraction.tables()
        for cell in table.cells
        if cell.row < FORM_ROWS and not cell.hidden
    ]
    for texts in (opening, rest):
        days = Counter(day for text in texts for day in _stated_days(text, issued_on))
        if days:
            (day, times), *others = days.most_common()
            return day if not others or times > others[0][1] else None
    if title is None:
        in_capitals = [
            line.text
            for line in lines
            if _BRACKETS.sub("", line.text).isupper() or _ONLY_PERIOD.match(line.text)
        ]
        narrow_ones = {_periods_of_title(text, issued_on)[0] for text in in_capitals} - {None}
        return narrow_ones.pop() if len(narrow_ones) == 1 else spans
    return spans


def _is_within_year(day: date, year_end: date) -> bool:
    """Whether a day lies in the year of which only the end is known."""
    return (year_end.month, year_end.day) == (12, 31) and day.year == year_end.year


def _periods_of_title(title: str, issued_on: date | None) -> tuple[date | None, date | None]:
    """The narrow period of a title ('năm 2024'), and the long one ('giai đoạn 2021-2025').

    A long one that is not known to be over may be the programme's, not the figures'.
    """
    title = _QUOTED.sub(" ", title)
    plan = _PLAN_BEHIND.search(title)
    if plan and find_periods(title[: plan.start()], issued_on):
        title = title[: plan.start()]
    periods = [
        period
        for period in find_periods(title, issued_on)
        if not (period.compared or period.begins)
        and not (issued_on and period.last_day.year > issued_on.year)
    ]
    narrow = {p.last_day for p in periods if p.precision < Precision.SPAN}
    spans = {p.last_day for p in periods if p.precision is Precision.SPAN and issued_on}
    return (
        narrow.pop() if len(narrow) == 1 else None,
        spans.pop() if len(spans) == 1 else None,
    )


def _stated_days(text: str, issued_on: date | None) -> list[date]:
    """The days of 'số liệu tính đến tháng 6/2025'; not those of 'mục tiêu đến năm 2025'."""
    low = text.lower()
    if "tính" not in low and "số liệu" not in low and "thời điểm" not in low:
        return []
    return [
        period.last_day
        for period in find_periods(text, issued_on)
        if period.reached
        and not period.compared
        and not (issued_on and period.last_day.year > issued_on.year)
        and _STATES_FIGURES.search(low[max(0, period.start - 50) : period.start])
    ]


# --- what it does to an earlier document ----------------------------------------------------


def _superseding(header: Header, extraction: Extraction, catalogue: Catalogue) -> Header:
    """With what the document says it does to an earlier one of its own kind.

    'Quyết định … sửa đổi, bổ sung Quyết định …' in a report speaks of other documents.
    """
    if header.kind is None:
        return header
    verbs = {
        key(word): means
        for means, words in catalogue.family("supersession").items()
        for word in words
    }
    verb = "|".join(sorted(map(re.escape, verbs), key=len)[::-1])
    pattern = re.compile(
        rf"(?<!\w)(?P<verbs>(?:{verb})(?:,?\s+(?:{verb}|{_SUPERSEDED_PART}))*),?\s+"
        rf"(?:{re.escape(header.kind.lower())}|văn bản)\s+(?:số\s*:?\s*)?(?P<number>\d)"
    )
    found: dict[str, str] = {}
    for text in _may_supersede(header, extraction):
        line = clean(text)
        for match in pattern.finditer(line.lower()):
            number = DOCUMENT_NUMBER.match(line, match.start("number"))
            if number is None or _without_spaces(number.group()) == header.number:
                continue
            for said in re.findall(verb, match["verbs"]):
                found.setdefault(verbs[key(said)], _without_spaces(number.group()))
    order: tuple[Supersession, ...] = ("replaces", "corrects", "supplements")
    for means in order:
        if means in found:
            return replace(header, supersession=means, supersedes=found[means])
    return header


def _may_supersede(header: Header, extraction: Extraction) -> Iterator[str]:
    """The title, the opening, and the sentences that speak of the document itself."""
    yield header.title or ""
    for position, paragraph in enumerate(extraction.paragraphs()):
        if position < OPENING_PARAGRAPHS or _ITSELF.search(paragraph.text):
            yield paragraph.text


# --- issuing unit ---------------------------------------------------------------------------


def _unit(
    lines: list[_Line], letterhead: list[_Line], header: Header, units: UnitIndex
) -> tuple[Unit | None, Finding | None]:
    """The issuing unit: the narrowest that the letterhead names, else the title, else the opening.

    Its superiors tell namesakes apart: those of the letterhead first, then those that the head
    names anywhere ('Kính gửi: Phòng Giáo dục và Đào tạo huyện Mộ Đức').
    """
    on = header.as_of or header.issued_on
    issuer = _issuer_lines(letterhead)
    below = [line for line in lines if line not in letterhead]
    titled = [line for line in below if header.title and line.text in header.title]
    for place in (issuer, titled, lines):
        text = "\n".join(line.text for line in place)
        mentions = [m for m in units.mentions(text, on) if not m.generic and m.typed]
        narrowest = min((m.level for m in mentions), default=None)
        named = {m.text.casefold(): m for m in mentions if m.level == narrowest}
        if len(named) != 1 or narrowest is Level.VILLAGE:
            continue
        (mention,) = named.values()
        source = next((line.source for line in place if mention.text in line.text), _source(place))
        if place is issuer and issuer and _SCHOOL.search(key(issuer[-1].text)):
            return None, Finding("unit-unknown", {"text": issuer[-1].text}, source)
        slug, candidates = _resolved(mention, mentions, lines, on, units)
        unit = units.unit(slug)
        if unit and not _is_under_another(unit, issuer):
            return unit, None
        facts = {"text": " ".join(mention.text.split()), "candidates": ", ".join(candidates)}
        code = "unit-ambiguous" if candidates else "unit-unknown"
        return None, Finding(code, facts, source)
    text = " ".join(line.text for line in issuer)[:120]
    return None, Finding("unit-unknown", {"text": text}, _source(lines))


def _is_under_another(unit: Unit, issuer: list[_Line]) -> bool:
    """Whether the letterhead's district is another than the unit's: then it is a namesake that
    the catalogue does not have. Letters may be missing or run together, as in scans.
    """
    superiors = [fold(found["name"]) for line in issuer for found in _DISTRICT.finditer(line.text)]
    if not superiors or not unit.district:
        return False
    wanted = fold(_OF_DISTRICT.sub("", unit.district)).replace(" ", "")
    return all(partial_ratio(wanted, name.replace(" ", "")) < _SAME_NAME for name in superiors)


def _issuer_lines(letterhead: list[_Line]) -> list[_Line]:
    """The lines of the superior and the issuing body, the national motto taken away."""
    issuer: list[_Line] = []
    for line in letterhead:
        text = _MOTTO.sub(" ", line.text)
        end = min(
            (m.start() for m in (_NUMBER_LINE.search(text), _PLACE_AND_DATE.search(text)) if m),
            default=len(text),
        )
        text = text[:end].strip(" -–_*")
        if text and not _SUBJECT.match(text):
            issuer.append(replace(line, text=text))
    return issuer


def _resolved(
    mention: UnitMention,
    mentions: list[UnitMention],
    lines: list[_Line],
    on: date | None,
    units: UnitIndex,
) -> tuple[str | None, tuple[str, ...]]:
    """The slug of the issuer in the light of its superiors, else the candidates."""
    district, province = (
        next((m.text for m in mentions if m.level is level and level > mention.level), None)
        for level in (Level.DISTRICT, Level.PROVINCE)
    )
    slug, candidates = _one(units, mention.text, on, district, province)
    if slug or not candidates:
        return slug, candidates
    text = "\n".join(line.text for line in lines)
    said = [m for m in units.mentions(text, on) if not m.generic and m.level > mention.level]
    told = {
        found
        for superior in said
        for found in [
            _one(
                units,
                mention.text,
                on,
                superior.text if superior.level is Level.DISTRICT else None,
                superior.text if superior.level is Level.PROVINCE else None,
            )[0]
        ]
        if found
    }
    return (told.pop(), ()) if len(told) == 1 else (None, candidates)


def _one(
    units: UnitIndex, text: str, on: date | None, district: str | None, province: str | None
) -> tuple[str | None, tuple[str, ...]]:
    mentions = units.mentions(text, on, district=district, province=province)
    return (mentions[0].slug, mentions[0].candidates) if mentions else (None, ())


# --- doubts ---------------------------------------------------------------------------------


def _doubts(header: Header, unit: Unit | None, letterhead: list[_Line]) -> Iterator[Finding]:
    source = _source(letterhead)
    if header.number is None:
        yield Finding("number-unknown", {}, source, unit=header.unit)
    if header.issued_on is None:
        yield Finding("date-unknown", {}, source, unit=header.unit)
    if header.as_of is None:
        yield Finding("as-of-unknown", {}, source, unit=header.unit)
    if header.draft:
        yield Finding("draft-document", {}, source, unit=header.unit)
    day = header.as_of or header.issued_on
    if unit and day and not _was_valid(unit, day):
        facts = {"text": f"{unit.type} {unit.name}", "date": f"{day:%d/%m/%Y}"}
        yield Finding("unit-not-valid", facts, source, unit=header.unit)


def _was_valid(unit: Unit, day: date) -> bool:
    return (unit.valid_from or day) <= day <= (unit.valid_to or day)


def _source(lines: list[_Line]) -> Source | None:
    return lines[0].source if lines else None
