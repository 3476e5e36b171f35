"""Text into the two old one-byte encodings, as machines of the 1990s typed it."""

from __future__ import annotations

import unicodedata

TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        bytes.fromhex(
            "b5b6b7b8b9 a8bbbcbdbec6 a9c7c8c9cacb ae cccecfd0d1 aad2d3d4d5d6 d7d8dcddde"
            "dfe1e2e3e4 abe5e6e7e8e9 aceaebecedee eff1f2f3f4 adf5f6f7f8f9 fafbfcfdfe"
            "a1a2a3a4a5a6a7"
        ).decode("latin-1"),
        strict=True,
    )
)

# VNI-Windows: the letter, then a second character for its marks
MARKS = {"": "", "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
HAT = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
LONE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}


def vni_letter(letter: str) -> str:
    low = letter.lower()
    if low in LONE:
        coded = LONE[low]
    else:
        parts = unicodedata.normalize("NFD", low)
        base, marks = parts[0], parts[1:]
        tone = "".join(mark for mark in marks if mark in MARKS)
        if "\u0302" in marks:
            coded = base + HAT[tone]
        elif "\u0306" in marks:
            coded = base + BREVE[tone]
        elif "\u031b" in marks:
            coded = {"o": "ô", "u": "ö"}[base] + MARKS[tone]
        else:
            coded = base + MARKS[tone]
    return coded.upper() if letter != low else coded


def to_vni(text: str) -> str:
    return "".join(
        vni_letter(letter) if letter.isalpha() and letter > "~" else letter
        for letter in unicodedata.normalize("NFC", text)
    )


def to_tcvn3(text: str) -> list[tuple[str, bool]]:
    """Stretches of encoded text; True where the font must be the one of capitals (.VnTimeH)."""
    text = unicodedata.normalize("NFC", text)
    stretches: list[tuple[str, bool]] = []

    def add(coded: str, capital: bool) -> None:
        if stretches and stretches[-1][1] == capital:
            stretches[-1] = (stretches[-1][0] + coded, capital)
        else:
            stretches.append((coded, capital))

    if any(letter.isalpha() for letter in text) and text == text.upper() and len(text) > 4:
        return [("".join(TCVN3.get(letter, letter) for letter in text.lower()), True)]
    for letter in text:
        if letter in TCVN3:
            add(TCVN3[letter], False)
        elif letter > "~" and letter.isalpha():
            add(TCVN3[letter.lower()], True)
        else:
            add(letter, False)
    return stretches
