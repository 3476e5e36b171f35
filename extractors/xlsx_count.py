"""The cells of a sheet that hold something, counted on the XML's text apart from its reading.

No parser is needed to see a value between its tags, and one that reads differently would lose other
cells than the reader does. The part was parsed before, so that it is known to be well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Final

_ROW_OR_CELL: Final = re.compile(
    rb"<(?:\w+:)?row\b([^>]*)>|<(?:\w+:)?c\b([^>]*[^/>]|)>(.*?)</(?:\w+:)?c>"
    rb"|<(?:\w+:)?c\b([^>]*)/>",
    re.DOTALL,
)
_ADDRESS: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})?(\d{1,7})["']""")
_KIND: Final = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_STRING: Final = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_TEXT: Final = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
_PHONETIC: Final = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

Counted = tuple[tuple[int, int], str, bool]


def stored_strings(data: bytes) -> Iterator[str]:
    """The shared strings of a workbook in their order, without phonetic hints."""
    for match in _STRING.finditer(data):
        yield _text_in(match[1] or b"")


def count_cells(data: bytes, strings: Sequence[str]) -> Iterator[Counted]:
    """(row, column), stored text and whether it is a number, of every cell that holds something."""
    row = column = -1
    for match in _ROW_OR_CELL.finditer(data):
        opening, attributes, content, blank = match.groups()
        if opening is not None:
            address = _ADDRESS.search(opening)
            row, column = int(address[2]) - 1 if address else row + 1, -1
            continue
        said = attributes if content is not None else blank or b""
        address = _ADDRESS.search(said)
        column = _column(address[1]) if address and address[1] else column + 1
        if content:
            kind = _KIND.search(said)
            text = _text_of(content, kind[1] if kind else b"n", strings)
            if text:
                yield (row, column), text, kind is None or kind[1] == b"n"


def _text_of(content: bytes, kind: bytes, strings: Sequence[str]) -> str:
    if kind == b"inlineStr":
        return _text_in(content)
    value = _VALUE.search(content)
    if value is None:
        return ""
    if kind == b"s":
        place = int(value[1])
        return strings[place] if place < len(strings) else ""
    if kind == b"b":
        return "TRUE" if value[1] == b"1" else "FALSE"
    return _shown(value[1])


def _text_in(content: bytes) -> str:
    return _shown(b"".join(_TEXT.findall(_PHONETIC.sub(b"", content))))


def _shown(data: bytes) -> str:
    text = unescape(data.decode("utf-8", "replace"))
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
