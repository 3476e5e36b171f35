"""Legal and administrative documents that a document cites, each once, checked against known ones.

Citations stand in sentences as Nghị định 30/2020/NĐ-CP (Phụ lục I, căn cứ and viện dẫn) sets them
out: kind, số and ký hiệu, day, issuer, trích yếu, and later kind and number alone. In tables they
stand in columns, in any order or run together in one. The document itself is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from extractors.document import Finding, Paragraph, Source, Table
from transforms.dates import DATE, lower, parse_date
from transforms.nonfigures import DOCUMENT_NUMBER
from transforms.reading import Directive
from transforms.text import clean, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from catalog.catalogue import Catalogue
    from catalog.model import Reference
    from extractors.document import Cell, Extraction
    from transforms.reading import Header

HEADER_ROWS = 3
"""Within these the words over the columns of a table of directives are looked for."""
SHORTEST_TITLE = 12
"""Average length, in characters, of the cells of a column that may hold titles."""
NEAR = 100
"""How many characters may part a citation from the programme that it is said to have approved."""
AROUND = 500
"""How many characters before and behind a citation are looked at for its issuer and subject."""
UNKNOWN_KIND = "Văn bản"
"""The kind where neither a word nor the ký hiệu tells it."""
LETTER = "Công văn"
"""The one kind without an abbreviation in its ký hiệu (Nghị định 30/2020/NĐ-CP, Phụ lục III)."""

_DATE_BEHIND = re.compile(r"[\s,(]*(?:(?:ban\s+hành|ký)\s+)?(?:ngày\s+)?", re.IGNORECASE)
_ISSUER_BEHIND = re.compile(r"[\s,)]*(?:của|do)\s+(?=[A-ZĐ])")
_ISSUER_BEFORE = re.compile(
    r"(?:của|do)\s+(?P<issuer>[A-ZĐ][^,;.()“\"]{2,80}?)\s+(?:tại|theo|ban\s+hành)\s*$"
)
_ISSUER_ENDS = re.compile(
    r"\s*(?:[,;.()“\"\n]|(?<!\w)(?:về|v/v|phê\s+duyệt|ban\s+hành|quy\s+định|hướng\s+dẫn|triển\s+khai"
    r"|thực\s+hiện|sửa\s+đổi|bổ\s+sung|công\s+nhận|thành\s+lập|kiện\s+toàn|giao|công\s+bố|thay\s+thế"
    r"|đẩy\s+mạnh|tăng\s+cường|điều\s+chỉnh|bãi\s+bỏ|tổ\s+chức|xây\s+dựng|đã|và|là|nay|được|để|với"
    r"|khóa|về\s+việc|phát\s+động|ngày)(?!\w))",
    re.IGNORECASE,
)
_TITLE_BEHIND = re.compile(
    r"\s*(?:,\s*)?(?P<title>(?:về|v/v)(?!\w)|(?<!,)(?<!, )(?:phê\s+duyệt|ban\s+hành|quy\s+định"
    r"|hướng\s+dẫn|triển\s+khai|thực\s+hiện|sửa\s+đổi|bổ\s+sung|công\s+nhận|thành\s+lập|kiện\s+toàn"
    r"|công\s+bố|đẩy\s+mạnh|tăng\s+cường|điều\s+chỉnh|tổ\s+chức|xây\s+dựng|phát\s+động|giao)(?!\w))",
    re.IGNORECASE,
)
_TITLE_ENDS = re.compile(
    r"[;\n]|\.(?=\s|$)|\s+với\s+mục\s+tiêu"
    r"|\s*,\s*(?=(?:UBND|ủy ban|xã|đảng ủy|hội|ban chỉ đạo|trong|đã|nhằm|sau|đến nay|toàn)(?!\w))",
    re.IGNORECASE,
)
_AFTER_QUOTE = re.compile(
    r"\s+(?:trên\s+địa\s+bàn|giai\s+đoạn|năm|của|đến|cho)(?!\w)", re.IGNORECASE
)
_LAW = re.compile(
    r"(?<!\w)(?P<kind>Luật|Bộ\s+luật|Pháp\s+lệnh)\s+(?P<name>[A-ZĐ][^;.()\d]{2,90}?)\s*"
    r"(?:,?\s*số\s*:?\s*(?P<number>\d{1,3}/\d{4}/[A-Z]{2,}\d*))?"
    r"(?:,?\s*(?:được\s+Quốc\s+hội[^;.,]{0,40}thông\s+qua\s+)?(?=ngày\s)|\s*(?P<year>năm\s+\d{4}))"
)
_LAW_ISSUERS = {"luật": "Quốc hội", "bộ luật": "Quốc hội", "pháp lệnh": "Ủy ban Thường vụ Quốc hội"}
_APPROVED = re.compile(r"phê\s+duyệt|ban\s+hành", re.IGNORECASE)
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True, slots=True)
class _Citation:
    """A directive as one place cites it, with the text before it and around it."""

    directive: Directive
    before: str
    around: str


@dataclass(frozen=True, slots=True)
class _Head:
    """Kind and number of a citation, at [start, end) of its line."""

    start: int
    end: int
    kind: str
    number: str | None


class _Words:
    """The catalogue's kinds and issuers, prepared for one document."""

    def __init__(self, catalogue: Catalogue) -> None:
        kinds = catalogue.family("document-kinds")
        self._kinds = {
            key(word): means for means, words in kinds.items() for word in (means, *words)
        }
        self._issuers = {
            re.sub(r"\W", "", key(word)): means
            for means, words in catalogue.family("issuers").items()
            for word in words
            if " " not in word
        }
        names = "|".join(sorted((re.escape(name) for name in self._kinds), key=len)[::-1])
        self._kind_before = re.compile(rf"(?<!\w)(?P<kind>{names})\s*(?:số)?\s*[:.]?\s*$")
        self._kind_first = re.compile(rf"(?P<kind>{names})(?!\w)")
        self.unnumbered = re.compile(
            rf"(?<!\w)(?P<kind>{names})\s+(?:số\s*(?P<number>\d{{1,5}})(?![\w/-])\s*)?"
            r"(?:,?\s*)(?=ngày\s+\d)"
        )
        self.headers = {
            role: frozenset(key(word) for word in catalogue.words[f"column-directive-{role}"])
            for role in ("number", "date", "number-and-date", "issuer", "title", "kind")
        }

    def kind_before(self, text: str) -> re.Match[str] | None:
        """The kind's word at the end of a lower-case text."""
        return self._kind_before.search(text)

    def kind(self, word: str) -> str | None:
        """The kind that a word or an abbreviation names."""
        return self._kinds.get(key(word))

    def kind_at_start(self, text: str) -> str | None:
        """The kind that a text begins with."""
        match = self._kind_first.match(key(text))
        return self._kinds[match["kind"]] if match else None

    def kind_of_number(self, number: str) -> str:
        """By the abbreviation in the ký hiệu; without one it is a công văn, save the Assembly's."""
        symbols = [part for part in re.split(r"[/_-]", number)[1:] if not part.isdigit()]
        for symbol in symbols:
            if (kind := self._kinds.get(symbol.casefold())) and symbol != symbol.lower():
                return kind
        has_assembly = any(symbol.startswith("QH") for symbol in symbols)
        return LETTER if symbols and not has_assembly else UNKNOWN_KIND

    def issuer_of_number(self, number: str) -> str | None:
        """By the issuer's abbreviation in the ký hiệu, where it is one body's: 'TTg', 'BGDĐT'."""
        for symbol in re.split(r"[/_-]", number)[1:]:
            name = re.sub(r"[\W\d]", "", symbol.casefold())
            if name in self._issuers and name not in ("tu", "hu", "đu"):
                return self._issuers[name]
        return None


def read_directives(
    extraction: Extraction, header: Header, catalogue: Catalogue
) -> tuple[list[Directive], list[Finding]]:
    """The directives in the order in which they are first cited, and findings on citations."""
    words = _Words(catalogue)
    citations: list[_Citation] = []
    for block in extraction.blocks:
        if isinstance(block, Paragraph):
            source = Source("text", block.text, block.page, row=block.index, bbox=block.bbox)
            citations += _in_text(block.text, source, words)
        else:
            citations += _in_table(block, words)
    cited = [one for one in citations if not _is_itself(one.directive, header)]
    directives = _once_each(one.directive for one in cited)
    findings = [*_mismatches(cited, catalogue.references.values()), *_incomplete(directives)]
    return directives, findings


# --- sentences ------------------------------------------------------------------------------


def _in_text(text: str, source: Source, words: _Words) -> list[_Citation]:
    """The citations of a paragraph or a cell."""
    line = clean(text)
    low = lower(line)
    heads = [*_numbered(line, low, words), *_unnumbered(line, low, words)]
    heads.sort(key=lambda head: head.start)
    limits = [*(head.start for head in heads[1:]), len(line)]
    citations = [
        _citation(_directive(line, head, limit, source, words), line, head.start)
        for head, limit in zip(heads, limits, strict=False)
    ]
    return [*citations, *_laws(line, source)]


def _citation(directive: Directive, line: str, start: int) -> _Citation:
    before = line[max(0, start - AROUND) : start]
    return _Citation(directive, before, before + line[start : start + AROUND])


def _directive(line: str, head: _Head, limit: int, source: Source, words: _Words) -> Directive:
    """The directive of a citation's head with the day, issuer and subject that follow it."""
    issued_on, end = _date_behind(line, head.end, limit)
    issuer, end = _issuer_behind(line, end, limit)
    if issued_on is None:
        issued_on, end = _date_behind(line, end, limit)
    if issuer is None and (
        before := _ISSUER_BEFORE.search(line, max(0, head.start - AROUND), head.start)
    ):
        issuer = before["issuer"]
    if issuer is None and head.number:
        issuer = words.issuer_of_number(head.number)
    title = _title_behind(line, end, limit)
    return Directive(head.kind, head.number, issued_on, issuer, title, source)


def _numbered(line: str, low: str, words: _Words) -> Iterator[_Head]:
    """The citations with a số, ký hiệu."""
    for match in DOCUMENT_NUMBER.finditer(line):
        if match.start() and line[match.start() - 1].isalnum():
            continue
        before = words.kind_before(low[max(0, match.start() - 40) : match.start()])
        offset = max(0, match.start() - 40)
        start = offset + before.start() if before else match.start()
        number = re.sub(r"\s+", "", match.group()).replace("Ð", "Đ").rstrip(".")
        kind = words.kind(before["kind"]) if before else None
        yield _Head(start, match.end(), kind or words.kind_of_number(number), number)


def _unnumbered(line: str, low: str, words: _Words) -> Iterator[_Head]:
    """The citations by day: 'Công văn ngày 17/7/2025 của Sở …', perhaps with a bare number."""
    for match in words.unnumbered.finditer(low):
        day, end = _date_behind(line, match.end(), len(line))
        if day and _ISSUER_BEHIND.match(line, end):
            kind = words.kind(match["kind"]) or UNKNOWN_KIND
            yield _Head(match.start(), match.end(), kind, match["number"])


def _date_behind(line: str, position: int, limit: int) -> tuple[date | None, int]:
    """The day right behind a position, and where it ends."""
    lead = _DATE_BEHIND.match(line, position)
    found = DATE.match(line, lead.end() if lead else position)
    if found is None or found.start() >= limit:
        return None, position
    day = parse_date(found.group())
    closing = line[found.end() : found.end() + 1] == ")"
    return day, found.end() + closing


def _issuer_behind(line: str, position: int, limit: int) -> tuple[str | None, int]:
    """The issuer behind 'của', and where it ends."""
    lead = _ISSUER_BEHIND.match(line, position, limit)
    if lead is None:
        return None, position
    # 'Bộ Giáo dục và Đào tạo': an 'và' before a capital goes on with the name
    end = lead.end()
    while (stop := _ISSUER_ENDS.search(line, end, limit)) and _goes_on(line, stop):
        end = stop.end()
    end = stop.start() if stop else limit
    return line[lead.end() : end].strip(" -–") or None, end


def _goes_on(line: str, stop: re.Match[str]) -> bool:
    word = stop.group().strip().lower()
    following = line[stop.end() :].lstrip()
    is_name = following[:1].isupper() and not re.match(r"(?:Quyết|Nghị|Kế|Công|Thông)\s", following)
    if word == "và":
        return is_name
    if word == ",":
        return bool(re.match(r"\s*(?:Thể thao|Gia đình|Thương binh)", line[stop.end() :]))
    return False


def _title_behind(line: str, position: int, limit: int) -> str | None:
    """The trích yếu behind a citation, to the end of its clause; None if other words follow."""
    lead = _TITLE_BEHIND.match(line, position, limit)
    if lead is None:
        return None
    start = lead.start("title")
    end = limit
    quotes = [m.span() for m in re.finditer(r"[“\"][^”\"]*[”\"]", line[start:limit])]
    for stop in _TITLE_ENDS.finditer(line, start, limit):
        if not any(first < stop.start() - start < last for first, last in quotes):
            end = stop.start()
            break
    for _, last in quotes:
        if start + last < end and not _AFTER_QUOTE.match(line, start + last):
            end = start + last
            break
    title = re.sub(r"\s*(?:[,;:(]|và|các|theo|tại|thực hiện|của)*\s*$", "", line[start:end])
    return title.removesuffix("./").strip(" .,;:") or None


def _laws(line: str, source: Source) -> list[_Citation]:
    """'Luật Giáo dục ngày 14 tháng 6 năm 2019', 'Luật Giáo dục năm 2019'."""
    citations = []
    for match in _LAW.finditer(line):
        day, _ = _date_behind(line, match.end(), len(line)) if not match["year"] else (None, 0)
        if day is None and match["year"] is None:
            continue
        kind = clean(match["kind"]).capitalize()
        title = clean(" ".join(filter(None, (match["kind"], match["name"], match["year"]))))
        issuer = _LAW_ISSUERS[kind.lower()]
        directive = Directive(kind, match["number"], day, issuer, title, source)
        citations.append(_citation(directive, line, match.start()))
    return citations


# --- tables ---------------------------------------------------------------------------------


def _in_table(table: Table, words: _Words) -> list[_Citation]:
    """The directives of a table that lists them; else the citations of its cells."""
    grid = table.grid()
    roles, first = _roles(grid, words)
    numbers = roles.get("number")
    body = grid[first:]
    if numbers is None or not _lists_numbers(body, numbers):
        return [
            citation
            for cell in table.cells
            if not cell.hidden and ("/" in cell.text or "ngày" in cell.text)
            for citation in _in_text(cell.text, _source(table, cell), words)
        ]
    return [
        citation
        for row in body
        if row[numbers] is not None
        for citation in _in_row(table, row, roles, words)
    ]


def _lists_numbers(rows: Sequence[Sequence[Cell | None]], column: int) -> bool:
    """Whether at least every second filled row has a document number in the column."""
    filled = [row for row in rows if _filled(row) > 1]
    numbered = [row for row in filled if (cell := row[column]) and _has_number(cell.text)]
    return len(numbered) * 2 >= len(filled) > 0


def _has_number(text: str) -> bool:
    return DOCUMENT_NUMBER.search(clean(text)) is not None


def _roles(grid: list[list[Cell | None]], words: _Words) -> tuple[dict[str, int], int]:
    """Role -> column, by the words over the columns and by what stands in them; the first row."""
    if not grid:
        return {}, 0
    columns = range(len(grid[0]))
    counts = [
        sum(1 for row in grid if (c := row[column]) and _has_number(c.text)) for column in columns
    ]
    first = next(
        (i for i, row in enumerate(grid) if any(cell and _has_number(cell.text) for cell in row)), 0
    )
    if not max(counts, default=0):
        return {}, first
    roles = {"number": counts.index(max(counts))}
    for row in grid[: min(first, HEADER_ROWS)]:
        for column, cell in enumerate(row):
            role = _role_of(cell, words)
            if role and column != roles["number"]:
                roles.setdefault(role, column)
    taken = set(roles.values())
    dates = [
        sum(1 for row in grid[first:] if (c := row[column]) and parse_date(c.text))
        for column in columns
    ]
    if "date" not in roles and max(dates, default=0) and dates.index(max(dates)) not in taken:
        roles["date"] = dates.index(max(dates))
    if "title" not in roles:
        lengths = {
            column: sum(len(c.text) for row in grid[first:] if (c := row[column]))
            for column in columns
            if column not in roles.values()
        }
        if max(lengths.values(), default=0) > SHORTEST_TITLE * (len(grid) - first):
            roles["title"] = max(lengths, key=lambda column: lengths[column])
    return roles, first


def _role_of(cell: Cell | None, words: _Words) -> str | None:
    if cell is None:
        return None
    text = key(cell.text)
    for role in ("date", "issuer", "title", "kind"):
        if text in words.headers[role]:
            return role
    for role in ("issuer", "date", "title", "kind"):
        if any(text.startswith(word) for word in words.headers[role] if " " in word):
            return role
    return None


def _in_row(
    table: Table, row: list[Cell | None], roles: dict[str, int], words: _Words
) -> Iterator[_Citation]:
    """The directives of one row: what the number's cell says, completed by the other columns."""
    cell = row[roles["number"]]
    texts = {
        role: clean(one.text) for role, column in roles.items() if (one := row[column]) is not None
    }
    if cell is None or _filled(row) == 1:
        return
    source = _source(table, cell)
    context = " ".join(clean(one.text) for one in row if one)
    title, issuer = texts.get("title"), texts.get("issuer")
    day = parse_date(texts.get("date", ""))
    kind = words.kind(texts.get("kind", "")) or words.kind_at_start(cell.text)
    cited = [one.directive for one in _in_text(cell.text, source, words)]
    if not cited and title and (kind or words.kind_at_start(title)) and (day or issuer):
        cited = [Directive(UNKNOWN_KIND, None, None, None, None, source)]
    for cited_one in cited:
        by_number = words.kind_of_number(cited_one.number) if cited_one.number else UNKNOWN_KIND
        is_told = by_number not in (LETTER, UNKNOWN_KIND)
        directive = replace(
            cited_one,
            kind=kind
            or (by_number if is_told else words.kind_at_start(title or ""))
            or cited_one.kind,
            issued_on=cited_one.issued_on or day,
            issuer=issuer or cited_one.issuer,
            title=title or cited_one.title,
        )
        yield _Citation(directive, "", context)


def _filled(row: Sequence[Cell | None]) -> int:
    """How many cells of a row hold text, a merged one counted once."""
    return len({id(cell) for cell in row if cell and cell.text.strip()})


def _source(table: Table, cell: Cell) -> Source:
    return Source("table", cell.text, cell.page, table.index, cell.row, cell.column, cell.bbox)


# --- once each ------------------------------------------------------------------------------


def same_number(number: str) -> str:
    """One key for the spellings of one number: '05/KH-UBND', '5/kh–ubnd'."""
    return _LEADING_ZEROS.sub(
        "", re.sub(r"[\s.]", "", number).casefold().replace("–", "-").replace("_", "-")
    )


def _is_itself(directive: Directive, header: Header) -> bool:
    if directive.number is None or header.number is None:
        return False
    same_day = directive.issued_on in (None, header.issued_on) or header.issued_on is None
    return same_day and same_number(directive.number) == same_number(header.number)


def _once_each(directives: Iterable[Directive]) -> list[Directive]:
    """Each document once, in the order of first citation: the fullest, completed by the others.

    A citation without its day, or with its number without the ký hiệu, is taken for the one
    document that it can be; where several are cited that it can be, it adds nothing.
    """
    groups: dict[_Identity, list[tuple[int, Directive]]] = {}
    for position, directive in enumerate(directives):
        groups.setdefault(_identity(directive), []).append((position, directive))
    dated: defaultdict[str, list[_Identity]] = defaultdict(list)
    symbols: defaultdict[tuple[str, str], list[_Identity]] = defaultdict(list)
    for identity in groups:
        if identity.day:
            dated[identity.number].append(identity)
        if not identity.is_vague:
            leading = re.split(r"[/-]", identity.number)[0]
            symbols[leading, groups[identity][0][1].kind].append(identity)
    for identity in list(groups):
        if identity.is_vague and identity.number:
            same = symbols[identity.number, identity.kind]
            same = [
                one for one in same if None in (identity.day, one.day) or one.day == identity.day
            ]
        elif not identity.day and not identity.is_vague:
            same = dated[identity.number]
        else:
            continue
        if same:
            citations = groups.pop(identity)
            if len(same) == 1 and same[0] in groups:
                groups[same[0]] += citations
    ordered = sorted(groups.values(), key=lambda group: min(position for position, _ in group))
    return [
        _merged([directive for _, directive in sorted(group, key=itemgetter(0))])
        for group in ordered
    ]


@dataclass(frozen=True, slots=True)
class _Identity:
    """What two citations of one document share.

    ``is_vague``: the number has no ký hiệu, or is not said at all; then kind and subject count too.
    """

    number: str
    day: date | None
    is_vague: bool
    kind: str = ""
    subject: str = ""


def _identity(directive: Directive) -> _Identity:
    number = same_number(directive.number or "")
    if number and not number.isdigit():
        return _Identity(number, directive.issued_on, is_vague=False)
    subject = "" if number else key(directive.title or "")
    return _Identity(number, directive.issued_on, True, directive.kind, subject)


def _merged(group: list[Directive]) -> Directive:
    def fullness(directive: Directive) -> tuple[int, bool]:
        parts = (directive.number, directive.issued_on, directive.issuer, directive.title)
        return sum(part is not None for part in parts), directive.source.kind == "table"

    best = max(group, key=fullness)
    numbers = sorted((one.number for one in group if one.number), key=len)
    is_bare = best.number is None or best.number.isdigit()
    kinds = [one.kind for one in group if one.kind != UNKNOWN_KIND]
    return replace(
        best,
        kind=best.kind if best.kind != UNKNOWN_KIND or not kinds else kinds[0],
        number=numbers[-1] if numbers and is_bare else best.number,
        issued_on=best.issued_on or next((one.issued_on for one in group if one.issued_on), None),
        issuer=best.issuer or next((one.issuer for one in group if one.issuer), None),
        title=best.title or next((one.title for one in group if one.title), None),
    )


# --- checks ---------------------------------------------------------------------------------


def _incomplete(directives: list[Directive]) -> Iterator[Finding]:
    for one in directives:
        if None in (one.number, one.issued_on, one.issuer) and not one.kind.endswith("uật"):
            yield Finding("directive-incomplete", {"text": _cited(one)}, one.source)


def _mismatches(citations: list[_Citation], references: Iterable[Reference]) -> Iterator[Finding]:
    """Citations that give a known document another day, or its subject another number."""
    known = list(references)
    told: set[tuple[str, str]] = set()
    for citation in citations:
        for reference in known:
            if not _contradicts(citation, reference, known):
                continue
            cited = _cited(citation.directive)
            if (cited, reference.id) in told:
                continue
            told.add((cited, reference.id))
            day = f" ngày {reference.issued_on:%d/%m/%Y}" if reference.issued_on else ""
            facts = {
                "cited": cited,
                "expected": f"{reference.kind} số {reference.number}{day}",
                "title": reference.title,
            }
            yield Finding("reference-mismatch", facts, citation.directive.source)


def _contradicts(citation: _Citation, reference: Reference, known: list[Reference]) -> bool:
    directive = citation.directive
    if directive.number is None or directive.kind != reference.kind:
        return False
    number, other = same_number(directive.number), same_number(reference.number)
    if number == other:
        cited, known_day = directive.issued_on, reference.issued_on
        if cited is None or known_day is None or cited == known_day:
            return False
        return cited.year == known_day.year or _names_subject(citation, reference, known)
    same_symbol = number.partition("/")[2] == other.partition("/")[2]
    if not same_symbol or other in same_number(citation.around):
        return False
    return _names_subject(citation, reference, known)


def _names_subject(citation: _Citation, reference: Reference, known: list[Reference]) -> bool:
    """Whether the citation is credited with the reference's subject.

    That is where a keyword opens its title, or stands close before with 'phê duyệt' between:
    'Đề án “…” được Thủ tướng Chính phủ phê duyệt tại Quyết định số 89/QĐ-TTg'.
    """
    keywords = [key(word) for word in reference.keywords]
    title = key(citation.directive.title or "")[: NEAR + max(map(len, keywords), default=0)]
    before = key(citation.before)
    for word in keywords:
        place = title.find(word)
        if 0 <= place <= NEAR and _is_longest(word, title, known):
            return True
        place = before.rfind(word)
        between = before[place + len(word) :]
        if place >= 0 and len(between) <= NEAR and _APPROVED.search(between):
            return True
    return False


def _is_longest(word: str, title: str, known: list[Reference]) -> bool:
    """Whether no longer keyword, of another document, holds this one in the same title."""
    return not any(
        word != (other := key(keyword)) and word in other and other in title
        for reference in known
        for keyword in reference.keywords
    )


def _cited(directive: Directive) -> str:
    number = f" số {directive.number}" if directive.number else ""
    day = f" ngày {directive.issued_on:%d/%m/%Y}" if directive.issued_on else ""
    title = "" if directive.number else f" {directive.title or ''}".rstrip()
    return f"{directive.kind}{number}{day}{title}"
