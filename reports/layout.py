"""The elements of an administrative document, told apart by what they say and where they stand.

The elements are those of Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục IV (the ô of its scheme).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property

from reports.formatting import POINTS, Line, Page, WordDocument

ABBREVIATIONS = {
    "NGHỊ QUYẾT": "NQ", "QUYẾT ĐỊNH": "QĐ", "CHỈ THỊ": "CT", "QUY CHẾ": "QC", "QUY ĐỊNH": "QyĐ",
    "THÔNG CÁO": "TC", "THÔNG BÁO": "TB", "HƯỚNG DẪN": "HD", "CHƯƠNG TRÌNH": "CTr",
    "KẾ HOẠCH": "KH", "PHƯƠNG ÁN": "PA", "ĐỀ ÁN": "ĐA", "DỰ ÁN": "DA", "BÁO CÁO": "BC",
    "BIÊN BẢN": "BB", "TỜ TRÌNH": "TTr", "HỢP ĐỒNG": "HĐ", "CÔNG ĐIỆN": "CĐ",
    "BẢN GHI NHỚ": "BGN", "BẢN THỎA THUẬN": "BTT", "GIẤY ỦY QUYỀN": "GUQ", "GIẤY MỜI": "GM",
    "GIẤY GIỚI THIỆU": "GGT", "GIẤY NGHỈ PHÉP": "GNP", "PHIẾU GỬI": "PG", "PHIẾU CHUYỂN": "PC",
    "PHIẾU BÁO": "PB",
}  # fmt: skip
"""Phụ lục III, Mục I: kinds of document and their abbreviations in the symbol."""
ANNEX = re.compile(r"^phụ lục(?:\s+(?P<number>[IVXLC]+|\d+))?$", re.IGNORECASE)
PART = re.compile(r"^[IVXLC]+\.\s")
CLAUSE = re.compile(r"^\d+\.\s")
POINT = re.compile(r"^(?P<letter>[a-zđ])(?P<sign>[.)])\s")
DRAFT = "BẢN NHÁP"
LONG = 120
"""Characters from which a paragraph is running text, not a title."""


class Layout:
    """A document with its elements told apart. Absent ones are None or empty."""

    def __init__(self, document: WordDocument) -> None:
        lines = [line for line in document.lines if line.text or line.rule is not None]
        self.pages: Sequence[Page] = document.pages
        self.every = document.lines
        notice = lines[0].section if lines and lines[0].text.startswith(DRAFT) else None
        self.draft = notice is not None
        self.first_section = 0 if notice is None else notice + 1
        self.lines = [line for line in lines if line.section != notice]

    @property
    def text_width(self) -> Decimal:
        """Width between the margins of the first page, in points."""
        page = self.pages[self.first_section]
        width = page.width - page.margins["left"] - page.margins["right"]
        return max(width, Decimal(1)) * POINTS["mm"]  # some documents say nothing of their paper

    def own_pages(self) -> list[Page]:
        """The sections of the document itself, without the notice of a draft."""
        return list(self.pages[self.first_section :])

    @cached_property
    def national_name(self) -> Line | None:
        """Ô 1, first line."""
        return self._find(lambda line: "xã hội chủ nghĩa việt nam" in line.text.casefold())

    @cached_property
    def motto(self) -> Line | None:
        """Ô 1, second line."""
        return self._find(lambda line: fold(line.text).replace(" ", "").startswith("doclap-tudo"))

    @cached_property
    def issuer(self) -> list[Line]:
        """Ô 2: the lines left of the quốc hiệu: cơ quan chủ quản, then the issuer."""
        name = self.national_name
        if name is None or name.cell is None:
            return []
        table, row, column = name.cell
        return [
            line
            for line in self.lines
            if line.text and line.cell is not None and line.cell[:2] == (table, row)
            and line.cell[2] < column and not line.text.startswith("Số") and line.text.strip("_─")
        ]  # fmt: skip

    @cached_property
    def number(self) -> Line | None:
        """Ô 3."""
        return self._find(lambda line: re.match(r"số\s*:", line.text, re.IGNORECASE))

    @cached_property
    def place_date(self) -> Line | None:
        """Ô 4."""
        return self._find(
            lambda line: (
                re.search(r"ngày\b.*\btháng\b.*\bnăm\b", line.text)
                and len(line.text) < LONG
                and (line.cell is not None or line.italic)
            )
        )

    @cached_property
    def kind(self) -> Line | None:
        """Ô 5a, tên loại."""
        return self._find(lambda line: line.text.upper() in ABBREVIATIONS and line.cell is None)

    @cached_property
    def title(self) -> list[Line]:
        """Ô 5a, trích yếu: what stands between the tên loại and the line, Kính gửi or the text."""
        if self.kind is None:
            return []
        found: list[Line] = []
        for line in self.lines[self.lines.index(self.kind) + 1 :]:
            ends = line.rule is not None or line.text.startswith(("Kính gửi", "Căn cứ"))
            if ends or line.cell is not None or line.align == "both":
                break
            found.append(line)
        return found

    @cached_property
    def addressee(self) -> Line | None:
        """Ô 9a."""
        return self._find(lambda line: line.text.startswith("Kính gửi"))

    @cached_property
    def annexes(self) -> list[Line]:
        """The lines 'Phụ lục …' that begin an annex."""
        return [
            line
            for line in self.lines
            if line.cell is None and ANNEX.match(line.text) and line.section >= self.first_section
        ]

    @cached_property
    def text(self) -> list[Line]:
        """Ô 6: the paragraphs outside of tables between the head and the signature or annex."""
        start = self.addressee or (self.title[-1] if self.title else self.kind)
        begin = 0 if start is None else self.lines.index(start) + 1
        ends = [*self.annexes[:1], *self.recipients_head]
        end = min((self.lines.index(line) for line in ends), default=len(self.lines))
        return [line for line in self.lines[begin:end] if line.cell is None and line.text]

    @cached_property
    def bases(self) -> list[Line]:
        """The căn cứ: the first paragraphs of the text as long as they begin like one."""
        found: list[Line] = []
        for line in self.text:
            if not line.text.startswith("Căn cứ") and not (found and line.italic):
                break
            found.append(line)
        return found

    @cached_property
    def body(self) -> list[Line]:
        """The text without căn cứ, headings and short lines that are titles."""
        return [line for line in self.text if line not in self.bases and not self._heading(line)]

    @cached_property
    def recipients_head(self) -> list[Line]:
        """Ô 9b, 'Nơi nhận:' (at most one)."""
        found = self._find(lambda line: line.text.startswith("Nơi nhận"))
        return [] if found is None else [found]

    @cached_property
    def recipients(self) -> list[Line]:
        """Ô 9b, the list."""
        if not self.recipients_head:
            return []
        head = self.recipients_head[0]
        return [
            line
            for line in self.lines[self.lines.index(head) + 1 :]
            if line.text and line.cell == head.cell and line.section == head.section
        ] if head.cell is not None else []  # fmt: skip

    @cached_property
    def signature(self) -> list[Line]:
        """Ô 7: the lines right of 'Nơi nhận'."""
        if not self.recipients_head or self.recipients_head[0].cell is None:
            return []
        table, row, column = self.recipients_head[0].cell
        return [
            line
            for line in self.lines
            if line.text and line.cell is not None
            and line.cell[:2] == (table, row) and line.cell[2] > column
        ]  # fmt: skip

    @property
    def arranged(self) -> list[Line]:
        """Lines whose tables only arrange the head and the signature."""
        return [
            *(() if self.national_name is None else (self.national_name,)),
            *self.recipients_head,
        ]

    def after(self, line: Line) -> list[Line]:
        """The lines behind a line, in its own cell or outside of tables as it is."""
        following = self.lines[self.lines.index(line) + 1 :]
        return [other for other in following if other.cell == line.cell]

    def _find(self, accepts: Callable[[Line], object]) -> Line | None:
        return next((line for line in self.lines if accepts(line)), None)

    def _heading(self, line: Line) -> bool:
        numbered = bool(PART.match(line.text) or re.match(r"^\d+(\.\d+)*\.\s", line.text))
        return line.bold or (numbered and len(line.text) < LONG) or bool(POINT.match(line.text))


def fold(text: str) -> str:
    """Small letters without marks, spaces squeezed."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(sign for sign in bare if not unicodedata.combining(sign)).split())
