"""Vietnamese text made comparable: cleaned, keyed, folded, slugged.

Nothing here changes what a document says: the source text is kept beside, and the results serve to
match and to compare. The functions take any string and never raise.

Tone marks stand on either vowel of an open 'oa', 'oe', 'uy' ('hoà' and 'hòa', 'thuỷ' and 'thủy'):
both are correct spellings and occur inside one document. The table below puts them on the first
vowel. It is ours because the one library for it (viet-text-tools) was last released in 2020 and
does only this.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ZERO_WIDTH = dict.fromkeys(
    (0x00AD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)
)
_CONTROL = dict.fromkeys(range(32), " ") | dict.fromkeys(range(127, 160), " ")
_INVISIBLE = _ZERO_WIDTH | _CONTROL

_QUOTES = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟«»‹›′″"))
_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−﹘﹣－_"}
_SIGNS = _QUOTES | _DASHES | {ord("…"): "...", ord("／"): "/", ord("•"): " ", ord("\uf0b7"): " "}

_TONES = ("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_TONE_PLACES = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize(
        "NFC", first + tone + second
    )
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_QUY_TONES = {
    unicodedata.normalize("NFC", f"qu{tone}y"): unicodedata.normalize("NFC", f"quy{tone}")
    for tone in _TONES
}
_MISPLACED_TONE = re.compile(
    rf"(?<!q)(?:{'|'.join(_TONE_PLACES)})(?![^\W\d_])|{'|'.join(_QUY_TONES)}"
)
_PLACED_TONE = _TONE_PLACES | _QUY_TONES

_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
CAPITALS = f"A-ZĐ{_VIETNAMESE.upper()}"
"""The capital letters, for a character class of a pattern."""

_BARE = {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in _VIETNAMESE}
_BARE |= {ord("đ"): "d", ord("ð"): "d"}
_BARE |= {ord(chr(code).upper()): bare.upper() for code, bare in tuple(_BARE.items())}

_TIGHT = re.compile(r"\s*([-/])\s*|\s+([,;:.!?)\]}])|([(\[{])\s+")
_REPEATED = re.compile(r"([-.,;:!?])\1+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")

VOWELS = "aeiouy" + _VIETNAMESE
"""The lower-case vowels with all their marks, for a character class of a pattern."""
_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]"
_RHYME = rf"[{VOWELS}]{{1,3}}(?:ng|nh|ch|[cmnpt])?"
SPLIT_SYLLABLE = rf"(?<![\w.])(?:{_ONSETS})[ \u00a0]{_RHYME}(?![\w)])"
"""A syllable that a bad conversion split before its first vowel ('Đ ức'); without case."""

_SPLIT_SYLLABLE = re.compile(SPLIT_SYLLABLE, re.IGNORECASE)
_MARKED = re.compile(r"(?:điểm|mục|khoản|lớp|nhóm|hạng|loại|khối|tổ|phần|bảng|biểu)\s*$")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_A-Z][^\W\d_A-Z])(?=[A-ZĐ][^\W\d_A-Z])")


def clean(text: str) -> str:
    """The text in NFC, each run of white space (line breaks too) one space, nothing invisible."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.translate(_INVISIBLE).split())


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """What two spellings of the same words have in common; diacritics are kept.

    Cleaned, case-folded, tones placed alike, quotes dropped, dashes one hyphen without spaces
    around, no space before closing punctuation, repeated and trailing punctuation gone.
    """
    text = clean(clean(text).casefold().translate(_SIGNS))
    if not text.isascii():
        text = _MISPLACED_TONE.sub(lambda match: _PLACED_TONE[match.group()], text)
    text = _TIGHT.sub(lambda match: match[1] or match[2] or match[3], text)
    return _REPEATED.sub(r"\1", text).strip(" -.,;:!?")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The key without diacritics, đ as d: for searching, never for telling names apart."""
    bare = key(text).translate(_BARE)
    if bare.isascii():
        return bare
    return "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))


def slug(text: str) -> str:
    """Lower-case ASCII words with hyphens between: 'Đức Hiệp' is 'duc-hiep'."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-")


def rejoin(text: str) -> str:
    """Syllables that a bad conversion split at their first vowel, joined: 'Đ ức' is 'Đức'.

    For matching only. A letter that is a mark ('điểm c ở trên') is left alone.
    """

    def join(match: re.Match[str]) -> str:
        if _MARKED.search(text[max(0, match.start() - 12) : match.start()].lower()):
            return match[0]
        return match[0].replace(" ", "").replace("\u00a0", "")

    return _SPLIT_SYLLABLE.sub(join, text)


def unglue(text: str) -> str:
    """Words that stand without a space, parted: '22,10km2', 'vàNghị quyết'. For matching only."""
    return _GLUED.sub(" ", text)
