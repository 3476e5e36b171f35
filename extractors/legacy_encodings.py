"""Vietnamese in encodings from before Unicode, told from its characters: TCVN3 and VNI-Windows.

Fonts of these encodings show Vietnamese letters for Latin-1 codes, so that a document without them
reads 'Céng hßa' (TCVN3) or 'Coäng hoøa' (VNI). Text is taken to be such only where its words are
Vietnamese syllables in that encoding and are none as they stand. A font's name supports that,
never decides it. What stays in doubt is left as it is, with a finding.

TCVN3 is the third table of TCVN 5712:1993; VNI-Windows writes a base letter and one mark behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, Literal

from extractors.document import Block, Cell, Finding, Paragraph, Source, Table

Encoding = Literal["TCVN3", "VNI-Windows"]

_SUSPECT: Final = re.compile("[\u00a1-\u00ff]")
_UNICODE: Final = re.compile("[\u0102-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
_WORD: Final = re.compile("[A-Za-z\u00a1-\u00ff]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SIGN_ALONE: Final = re.compile("(?<![A-Za-z\u00a1-\u00ff])([×·÷±°§®©«»])(?![A-Za-z\u00a1-\u00ff])")
"""A sign that stands alone is no letter: '3 × 4'."""
_ABBREVIATION: Final = re.compile("[A-ZĐ]*Đ[A-ZĐ]+|[A-ZĐ]+Đ")
_TCVN3_FONT: Final = re.compile(r"\.vn", re.IGNORECASE)
_TCVN3_CAPITALS: Final = re.compile(r"\.vn.*h", re.IGNORECASE)
_VNI_FONT: Final = re.compile(r"vni[- ]", re.IGNORECASE)
_MOST_WRONG: Final = 0.2
"""Share of the words with marks that may be no syllables: names, foreign words, slips."""
_ENOUGH: Final = 2
"""Different words that speak for an encoding where neither font nor document supports it."""

_TCVN3_CODES: Final = (
    ("ĂÂÊÔƠƯĐăâêôơưđ", 0xA1),
    ("àảãáạ", 0xB5),
    ("ằẳẵắ", 0xBB),
    ("ặầẩẫấậè", 0xC6),
    ("ẻẽéẹềểễếệìỉ", 0xCE),
    ("ĩíịò", 0xDC),
    ("ỏõóọồổỗốộờởỡớợù", 0xE1),
    ("ủũúụừửữứựỳỷỹýỵ", 0xF1),
)
TCVN3: Final = {
    chr(first + place): letter
    for letters, first in _TCVN3_CODES
    for place, letter in enumerate(letters)
}
"""Latin-1 character -> the letter that TCVN3 has at its code."""

_VNI_MARKS: Final = {
    **{
        mark: ("aeouyôö", tone)
        for mark, tone in zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True)
    },
    **{
        mark: ("aeo", "\u0302" + tone)
        for mark, tone in zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)
    },
    **{
        mark: ("a", "\u0306" + tone)
        for mark, tone in zip("êéèúüë", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)
    },
}
_VNI_LETTERS: Final = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))


def _vni() -> dict[str, str]:
    table = {}
    for mark, (bases, marks) in _VNI_MARKS.items():
        for base in bases:
            letter = unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + marks)
            for sign in (mark, mark.upper()):
                table[base + sign] = letter
                table[base.upper() + sign] = letter.upper()
    for code, letter in _VNI_LETTERS.items():
        table[code] = letter
        table[code.upper()] = letter.upper()
    return table


VNI: Final = _vni()
"""Base letter with its mark, or a letter alone, as Latin-1 shows it -> the letter."""
_VNI_SIGN: Final = re.compile("|".join(sorted(VNI, key=len, reverse=True)))
_TCVN3_TABLE: Final = str.maketrans(TCVN3)
_ENCODINGS: Final[tuple[Encoding, ...]] = ("TCVN3", "VNI-Windows")


def decode(text: str, encoding: Encoding) -> str:
    """The text in Unicode NFC, taken to be of that encoding; unknown characters stay."""
    if encoding == "TCVN3":
        signs = _SIGN_ALONE.split(text)
        return "".join(
            part if place % 2 else part.translate(_TCVN3_TABLE) for place, part in enumerate(signs)
        )
    return _VNI_SIGN.sub(lambda sign: VNI[sign[0]], text)


# ---- syllables

_ONSETS: Final = (
    *("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr"),
    *("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""),
)
_RHYMES: Final = {
    # before the vowel that has the tone, that vowel, what may follow it ('-' for nothing)
    ("", "a"): "- c ch m n ng nh p t i o u y",
    ("", "ă"): "c m n ng p t",
    ("", "â"): "c m n ng p t u y",
    ("", "e"): "- c m n ng o p t",
    ("", "ê"): "- c ch m n nh p t u",
    ("", "i"): "- ch m n nh p t a u",
    ("", "o"): "- c m n ng p t i a e",
    ("", "ô"): "- c m n ng p t i",
    ("", "ơ"): "- m n p t i",
    ("", "u"): "- c m n ng p t i a y",
    ("", "ư"): "- c m n ng t i a u",
    ("", "y"): "- ch nh t",
    ("o", "o"): "c ng",
    ("i", "ê"): "c m n ng p t u",
    ("y", "ê"): "m n ng t u",
    ("u", "ô"): "c m n ng t i",
    ("ư", "ơ"): "c m n ng p t i u",
    ("o", "a"): "- c ch m n ng nh p t i y o",
    ("o", "ă"): "c m n ng t",
    ("o", "e"): "- m n t o",
    ("u", "â"): "n ng t y",
    ("u", "ê"): "- ch nh",
    ("u", "ơ"): "-",
    ("u", "y"): "- ch n nh p t u a",
    ("uy", "ê"): "n t",
}
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED: Final = frozenset(("\u0301", "\u0323"))


def _places() -> dict[str, set[int]]:
    places: dict[str, set[int]] = {}
    for (before, vowel), endings in _RHYMES.items():
        for ending in endings.split():
            rhyme = before + vowel + ending.strip("-")
            places.setdefault(rhyme, set()).add(len(before))
    return places


_TONE_PLACES: Final = _places()
"""Rhyme -> places of the letters that may have its tone (hòa, hoà)."""


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether it is a Vietnamese syllable with its tone in its place, in any case."""
    letters, tone, place = "", "", -1
    for index, letter in enumerate(unicodedata.normalize("NFC", word.lower())):
        parts = unicodedata.normalize("NFD", letter)
        for mark in parts[1:]:
            if mark in _TONES:
                if tone:
                    return False
                tone, place = mark, index
        kept = "".join(part for part in parts if part not in _TONES)
        letters += unicodedata.normalize("NFC", kept)
    for onset in _ONSETS:
        if not letters.startswith(onset):
            continue
        rhyme = letters[len(onset) :]
        places = _TONE_PLACES.get(rhyme)
        if places is None or (tone and place - len(onset) not in places):
            continue
        if not rhyme.endswith(("c", "ch", "p", "t")) or not tone or tone in _STOPPED:
            return True
    return False


# ---- telling


def _words(text: str) -> list[str]:
    """The words that may say something of the encoding: not signs alone, nor abbreviations."""
    return [
        word
        for word in _WORD.findall(text)
        if not word.isascii()
        and any(letter.isalpha() for letter in word)
        and not (len(word) == 1 and unicodedata.category(word) == "Lo")
        and not _is_sign_behind(word)
    ]


def _is_sign_behind(word: str) -> bool:
    """'°C', 'm²': signs that no encoding has."""
    return all(letter.isascii() or letter in "°±²³´¯¿" for letter in word)


def tell(text: str, support: Encoding | None = None) -> tuple[Encoding | None, bool]:
    """The encoding that the text is in (None: as it stands), and whether that is in doubt.

    ``support`` is what the font or the rest of the document speaks for.
    """
    if text.isascii() or not _SUSPECT.search(text):
        return None, False
    words = _words(text)
    foreign = {word for word in words if not is_syllable(word)}
    if not foreign:
        return None, False
    right = {
        e: [w for w in words if is_syllable(decode(w, e)) or (e == support and _is_short(w, e))]
        for e in _ENCODINGS
    }
    if _UNICODE.search(text):
        return None, any(len(foreign & set(right[e])) >= _ENOUGH for e in _ENCODINGS)
    best, other = sorted(_ENCODINGS, key=lambda e: len(right[e]), reverse=True)
    if support is not None and len(right[best]) == len(right[support]):
        best, other = support, best if best != support else other
    if not right[best]:
        return None, False
    speaking = foreign & set(right[best])
    fits = len(right[best]) >= (1 - _MOST_WRONG) * len(words) and bool(speaking)
    stands_out = len(right[best]) > len(right[other]) or support == best
    if fits and stands_out and (len(speaking) >= _ENOUGH or support == best):
        return best, False
    return None, len(speaking) >= _ENOUGH or (bool(speaking) and fits)


def _is_short(word: str, encoding: Encoding) -> bool:
    """An abbreviation with Đ, which other text has no use for: '§VT', 'Q§'."""
    return bool(_ABBREVIATION.fullmatch(decode(word, encoding)))


def supported_by(font: str) -> Encoding | None:
    """The encoding that a font of that name usually has."""
    if _TCVN3_FONT.match(font):
        return "TCVN3"
    return "VNI-Windows" if _VNI_FONT.match(font) else None


def converted(runs: Sequence[tuple[str, str]]) -> list[str]:
    """The runs' texts (characters, font or '') in Unicode; those of one font are told together."""
    texts = [text for text, _ in runs]
    groups: list[tuple[str, list[int]]] = []
    for index, (text, font) in enumerate(runs):
        kind = supported_by(font) or font
        if groups and (kind == groups[-1][0] or text.isspace()):
            groups[-1][1].append(index)
        else:
            groups.append((kind, [index]))
    for _, members in groups:
        joined = "".join(texts[index] for index in members)
        support = supported_by(runs[members[0]][1])
        encoding, _ = tell(joined, support)
        if encoding is not None:
            decoded = _in_runs([texts[index] for index in members], encoding)
            for index, text in zip(members, decoded, strict=True):
                texts[index] = text
        for index in members:
            is_plain = encoding == "TCVN3" or texts[index].isascii()
            if is_plain and _TCVN3_CAPITALS.fullmatch(runs[index][1]):
                texts[index] = texts[index].upper()
    return texts


def _in_runs(texts: list[str], encoding: Encoding) -> list[str]:
    """Each text decoded; a VNI mark may stand in the run behind its base letter's."""
    result: list[str] = []
    for text in texts:
        if result and encoding != "TCVN3" and text and texts[len(result) - 1][-1:] + text[0] in VNI:
            base = texts[len(result) - 1][-1]
            result[-1] = result[-1][:-1]
            result.append(decode(base + text, encoding))
        else:
            result.append(decode(text, encoding))
    return result


# ---- whole documents


def settled(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], list[Finding]]:
    """The blocks with what their neighbours tell of short texts, and findings on encodings.

    Each encoding that was converted is named once; each text that stays in doubt by its place.
    """
    told: Counter[Encoding] = Counter()
    open_texts = in_unicode = False
    for block in blocks:
        for item in _items(block):
            text = item.text if item.original is None else item.original
            in_unicode = in_unicode or bool(_UNICODE.search(text))
            if not text.isascii() and _SUSPECT.search(text):
                encoding, _ = tell(text)
                if encoding is not None:
                    told[encoding] += 1
                open_texts = open_texts or item.original is None
    support = told.most_common(1)[0][0] if len(told) == 1 else None
    whole = None if in_unicode else support
    findings = [Finding("encoding-converted", {"encoding": name}) for name in sorted(told)]
    if not open_texts:
        return tuple(blocks), findings
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            text, in_doubt = _settled_text(block, support, whole)
            if in_doubt:
                place = Source("text", text, page=block.page, row=block.index, bbox=block.bbox)
                findings.append(Finding("encoding-doubtful", {"text": text}, place))
            changed = text != block.text
            result.append(replace(block, text=text, original=block.text) if changed else block)
        else:
            result.append(_settled_table(block, support, whole, findings))
    return tuple(result), findings


def _settled_table(
    table: Table, support: Encoding | None, whole: Encoding | None, findings: list[Finding]
) -> Table:
    cells: list[Cell] = []
    for cell in table.cells:
        text, in_doubt = _settled_text(cell, support, whole)
        if in_doubt:
            place = Source(
                "table",
                text,
                page=cell.page,
                table=table.index,
                row=cell.row,
                column=cell.column,
                bbox=cell.bbox,
            )
            findings.append(Finding("encoding-doubtful", {"text": text}, place))
        changed = text != cell.text
        cells.append(replace(cell, text=text, original=cell.text) if changed else cell)
    return replace(table, cells=tuple(cells))


def _settled_text(
    item: Paragraph | Cell, support: Encoding | None, whole: Encoding | None
) -> tuple[str, bool]:
    """The text, and whether its encoding is in doubt. ``whole`` is the encoding of a document that
    holds no Unicode: there 'Sè' is 'Số', though 'sè' is a syllable too.
    """
    if item.original is not None:
        return item.text, False
    encoding, in_doubt = tell(item.text, support)
    if whole and encoding is None:
        decoded = decode(item.text, whole)
        if all(is_syllable(word) or word.isascii() for word in _LETTERS.findall(decoded)):
            encoding, in_doubt = whole, False
    return (item.text if encoding is None else decode(item.text, encoding)), in_doubt


def _items(block: Block) -> Iterable[Paragraph | Cell]:
    return (block,) if isinstance(block, Paragraph) else block.cells
