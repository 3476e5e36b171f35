"""The outline of a document: its headings by their marks, with the paragraphs below each.

Marks are those of Nghị định 30/2020/NĐ-CP and of offices' habit: 'Phần I', 'A.', 'I.', '1.',
'4.1.', 'a)', outermost first. Not sections are the letterhead, title, addressee and căn cứ above
the first heading, and the recipients and the signature behind the end mark './.'. Paragraphs of
substance above the first heading, or of a document without headings, are one section with an empty
path. Bullets and numbered sentences are paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.document import Paragraph, Table
from transforms.reading import Section
from transforms.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractors.document import Extraction

LONGEST_HEADING = 400
"""In characters; a longer marked paragraph is running text, bold or not."""
LONGEST_PLAIN_HEADING = 150
"""The same where neither bold type nor a heading style tells."""
LONGEST_LEAD_IN = 120
"""Before the colon in '1. Thuận lợi: Được sự quan tâm …'."""
SHORTEST_SUBSTANCE = 60
"""Shorter paragraphs above the first heading belong to the letterhead."""

_ROMAN = r"(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})"
_MARK = re.compile(
    rf"(?P<part>(?:phần|chương)\s+(?:thứ\s+\w+|[IVX]+|\d+|[A-Z]))(?:\s*[.:)–-]\s*|\s*\n\s*|\s*$|\s+)"
    rf"|(?P<roman>{_ROMAN})(?:\s*[.)/:–-]\s*|\s+)(?=\S)"
    r"|(?P<upper>[A-HĐ])\s*[.)/]\s*(?=\S)"
    r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})(?:\s*[.)/]\s*(?![\d.,])|\s+)(?=\S)"
    r"|(?P<lower>[a-hđik])\s*[.)/]\s*(?=\S)",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    r"phụ\s+lục(?:\s+số)?\s*(?P<mark>[IVX]+|\d{1,2}|[A-Z])?(?![^\W_])\s*(?:[.:–\n-]\s*(?P<title>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_SIGNATURE = re.compile(
    r"(?:(?i:nơi\s+nhận)|(?:TM|KT|TL|TUQ|Q)\.\s*\S|(?:PHÓ\s+)?CHỦ\s+TỊCH$|BÍ\s+THƯ$|HIỆU\s+TRƯỞNG$|TRƯỞNG\s+BAN$)"
)
_RECIPIENTS = re.compile(r"nơi\s+nhận\s*:", re.IGNORECASE)
_END_MARK = re.compile(r"\./\.?\s*$")
_OPENING = re.compile(
    r"(?:kính gửi|căn cứ|thực hiện|theo (?:đề nghị|công văn|chỉ đạo|tinh thần|quyết định|kế hoạch)"
    r"|tiếp theo|\(|ngày|số\s*:)",
    re.IGNORECASE,
)
_LIST_END = (";", ",")

_RANKS = {"annex": 0, "part": 1, "upper": 2, "roman": 3, "number": 4, "lower": 9}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A paragraph's mark: its style, the mark as it is written, its ordinal, and where it ends."""

    style: str
    text: str
    ordinal: int
    end: int

    @property
    def rank(self) -> int:
        """Depth of the style; '4.1' is one deeper than '4'."""
        return _RANKS[self.style] + (self.text.count(".") if self.style == "number" else 0)


@dataclass(slots=True)
class _Open:
    """A section that is being read."""

    path: tuple[str, ...]
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)

    def add(self, text: str, index: int) -> None:
        self.paragraphs.append(text)
        self.indices.append(index)


def read_sections(extraction: Extraction) -> list[Section]:
    """The sections in document order, each with its path of marks, heading and paragraphs.

    An annex is a section with path ('Phụ lục I',), its number in Roman figures as Nghị định
    30/2020/NĐ-CP has it, whichever way the document writes it, and its title as the heading.
    """
    reader = _Reader(extraction)
    for position in range(len(extraction.blocks)):
        reader.take(position)
    return [
        Section(one.path, one.heading, tuple(one.paragraphs), tuple(one.indices))
        for one in reader.sections
        if one.path or one.paragraphs
    ]


class _Reader:
    """Goes through the blocks once, keeping the path that it stands under."""

    def __init__(self, extraction: Extraction) -> None:
        self._blocks = extraction.blocks
        self._marks = {
            block.index: mark_of(block.text)
            for block in extraction.blocks
            if isinstance(block, Paragraph)
        }
        self._set_off = _styles_set_off(extraction.paragraphs(), self._marks)
        self._path: list[_Mark] = []
        self._ended = False
        self._awaits_title = False
        self.sections = [_Open((), "")]

    def take(self, position: int) -> None:
        """Reads one block."""
        block = self._blocks[position]
        if isinstance(block, Table):
            self._awaits_title = False
            self._ended = self._ended or any(_RECIPIENTS.search(c.text) for c in block.cells)
            return
        text = block.text.strip()
        if not text:
            return
        annex = _annex(block)
        mark = self._marks[block.index]
        if annex is not None:
            self._open([annex], _annex_title(text), "", block.index)
            self._awaits_title, self._ended = True, False
        elif self._awaits_title and mark is None and _is_title(block):
            one = self.sections[-1]
            one.heading = f"{one.heading} {clean(text)}".strip()
        elif mark is not None and self._is_heading(position, block, mark):
            self._ended = False
            path = [*(one for one in self._path if one.rank < mark.rank), mark]
            heading, rest = _parted(block, mark)
            self._open(path, heading, rest, block.index)
            self._awaits_title = not heading
        else:
            self._awaits_title = False
            self._paragraph(block, text)

    def _open(self, path: list[_Mark], heading: str, rest: str, index: int) -> None:
        self._path = path
        self.sections.append(_Open(tuple(mark.text for mark in path), heading))
        if rest:
            self.sections[-1].add(rest, index)
            self._ended = bool(_END_MARK.search(rest))

    def _paragraph(self, block: Paragraph, text: str) -> None:
        if _SIGNATURE.match(text):
            self._ended = True
        if self._ended:
            return
        if self._path or _is_substance(block):
            self.sections[-1].add(block.text, block.index)
        self._ended = bool(_END_MARK.search(text)) and bool(self._path)

    def _is_heading(self, position: int, block: Paragraph, mark: _Mark) -> bool:
        """Whether a marked paragraph is a heading rather than a numbered item or sentence."""
        heading, rest = _parted(block, mark)
        if len(heading) > LONGEST_HEADING or heading.endswith(_LIST_END):
            return False
        is_capitals = (heading or block.text).isupper()
        is_set_off = block.bold or block.level is not None or is_capitals
        if not heading:
            return mark.style == "part" and is_set_off
        if mark.style in ("part", "upper", "roman"):
            return is_set_off or (self._follows(mark) and len(heading) <= LONGEST_PLAIN_HEADING)
        if is_set_off:
            return True
        if mark.rank in self._set_off or not self._follows(mark):
            return False
        if rest:
            return rest.endswith(".") and len(rest) > len(heading)
        is_sentence = heading.endswith(".") and mark.ordinal == 1
        is_long = len(heading) > LONGEST_PLAIN_HEADING
        return not (is_sentence or is_long or self._is_listed(position, mark))

    def _follows(self, mark: _Mark) -> bool:
        """Whether the mark is the first of its kind here or the next behind its sibling."""
        siblings = [one for one in self._path if one.rank == mark.rank]
        return mark.ordinal == (siblings[-1].ordinal + 1 if siblings else 1)

    def _is_listed(self, position: int, mark: _Mark) -> bool:
        """Whether the next paragraph is the next item already, with nothing between."""
        following = self._blocks[position + 1] if position + 1 < len(self._blocks) else None
        if not isinstance(following, Paragraph):
            return False
        after = self._marks[following.index]
        return after is not None and after.rank == mark.rank


def mark_of(text: str) -> _Mark | None:
    """The outline mark that a paragraph begins with, or None."""
    start = len(text) - len(text.lstrip())
    match = _MARK.match(text, start)
    if match is None or match.lastgroup is None:
        return None
    style = match.lastgroup
    written = match[style]
    if style in ("roman", "upper") and not written.isupper():
        style = "lower"
        if len(written) > 1:
            return None
    if style == "lower" and written.isupper():
        return None
    if style == "number" and not _is_numbering(text, match):
        return None
    if style == "part":
        return _Mark(style, _part(written), _ordinal(written.split()[-1]), match.end())
    return _Mark(style, written, _ordinal(written.rpartition(".")[2]), match.end())


def _is_numbering(text: str, match: re.Match[str]) -> bool:
    """'4.1 Kết quả' is numbered; '12 thôn', '4.514 hộ' and '3 năm qua' are sentences."""
    is_closed = match.group().rstrip()[-1] in ".)/"
    return is_closed or ("." in match["number"] and text[match.end()].isupper())


def _part(written: str) -> str:
    word, rest = written.split(maxsplit=1)
    return f"{word.capitalize()} {rest.lower() if rest.lower().startswith('thứ') else rest}"


_ORDINAL_WORDS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám")
_LETTERS = "abcdđeghik"


def _ordinal(written: str) -> int:
    """The place in its row: 2 of 'II', 'b', '4.2', 'thứ hai'; 0 if it is none."""
    low = written.lower()
    if low.isdigit():
        return int(low)
    if low in _ORDINAL_WORDS:
        return _ORDINAL_WORDS.index(low) + 1
    if re.fullmatch(_ROMAN, written):
        values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in written]
        following = [*values[1:], 0]
        return sum(-v if v < n else v for v, n in zip(values, following, strict=True))
    return _LETTERS.find(low) + 1


def _roman(number: int) -> str:
    text = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (number // value)
        number %= value
    return text


def _annex(block: Paragraph) -> _Mark | None:
    """'PHỤ LỤC 1' on a line of its own, perhaps with its title behind a colon."""
    match = _ANNEX.match(block.text.strip())
    if match is None or len(block.text) > LONGEST_HEADING:
        return None
    title = match["title"] or ""
    if title and not (block.bold or title.isupper()):
        return None
    mark = match["mark"] or ""
    roman = _roman(int(mark)) if mark.isdigit() else mark.upper()
    return _Mark("annex", f"Phụ lục {roman}".strip(), 0, match.end())


def _annex_title(text: str) -> str:
    match = _ANNEX.match(text)
    return clean(match["title"] or "") if match else ""


def _parted(block: Paragraph, mark: _Mark) -> tuple[str, str]:
    """The heading without its mark, and what follows behind its colon on the same line."""
    text = block.text[mark.end :].strip()
    lead, colon, rest = text.partition(":")
    is_lead_in = colon and rest.strip() and len(lead) <= LONGEST_LEAD_IN
    differs = lead.isupper() and not rest.isupper()
    if is_lead_in and (differs or not (block.bold or block.level is not None)):
        return clean(lead), rest.strip()
    return clean(text).rstrip(" :"), ""


def _is_title(block: Paragraph) -> bool:
    """Whether a line below an annex's or a part's mark goes on with its title."""
    return block.bold or (block.text.isupper() and " " in block.text)


def _styles_set_off(
    paragraphs: Sequence[Paragraph], marks: dict[int, _Mark | None]
) -> frozenset[int]:
    """The ranks whose headings the document sets in bold or in a heading style.

    Where it does, a plain numbered paragraph of the same rank is a list's item.
    """
    ranks = [
        mark.rank
        for paragraph in paragraphs
        if (mark := marks[paragraph.index]) and (paragraph.bold or paragraph.level is not None)
    ]
    return frozenset(rank for rank in ranks if ranks.count(rank) > 1)


def _is_substance(block: Paragraph) -> bool:
    """Whether a paragraph above the first heading says more than the letterhead and the căn cứ."""
    text = clean(block.text)
    return (
        len(text) >= SHORTEST_SUBSTANCE
        and not block.bold
        and not text.isupper()
        and text.endswith((".", "!", "?", "”", "…"))
        and not _OPENING.match(text)
    )
