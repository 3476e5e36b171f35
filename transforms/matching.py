"""Which indicator of the catalogue a label or a phrase names, or that none does.

Matching is strict on meaning and lenient on spelling: two labels are the same when, after the
words that carry no meaning of their own are put aside ('tỷ lệ', 'đạt danh hiệu', 'trên địa bàn
xã'), every remaining word of one has its partner in the other. A word may have a misspelt partner,
but a word that the catalogue knows is never taken for another ('mức độ 2' is not 'mức độ 3',
'tiểu học' is not 'trung học', 'nữ' is not nothing).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from catalog.checks import may_be
from transforms.text import fold, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalog.loader import Catalogue

Component = Literal["numerator", "denominator"]

NEAREST = 6
"""How many wordings a label is compared with word by word, nearest first."""
NEAR = 80.0
"""rapidfuzz score (0-100) below which a wording is not worth comparing word by word."""
SUGGEST = 60.0
"""rapidfuzz score from which an unmatched label's finding names the nearest indicator."""

_MARK = re.compile(
    r"^\s*(?:[-+*•–—▪·○●]\s*|\(?(?:[IVXLC]{1,6}|\d{1,2}(?:\.\d{1,2})*|[a-zđA-ZĐ])[.)]\s*(?=\D)"
    r"|\d{1,2}(?:\.\d{1,2})+\s+)+"
)
_LAST_BRACKETS = re.compile(
    r"\(\s*(?:(?:đvt|đơn vị(?: tính)?)\s*:)?\s*([^()]*)\)\s*$", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W_]+")
_YEAR_OF = re.compile(r"(?<=\bnăm) (?:19|20)\d\d\b")
_PERIOD = re.compile(
    r"(?:\b(?:trong|tính|đến|hết|cuối|đầu)\s+)*\b(?:năm học|giai đoạn|năm|quý \w+(?: năm)?"
    r"|tháng \d{1,2}(?: năm)?|\d{1,2} tháng(?: đầu| cuối)?(?: năm)?|ngày \d{1,2} \d{1,2})"
    r" (?:19|20)\d\d(?: (?:19|20)\d\d)?\b"
)
"""A period in a label without punctuation: it says when, not what ('… năm 2023')."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a label names.

    ``component`` says that the label names the numerator or denominator of the rate ``indicator``.
    ``score`` is 0..1. ``rivals`` are the indicators between which the label does not decide;
    ``indicator`` is then None. ``nearest`` is the most similar one of an unmatched label.
    ``unread`` are words of the header path that kept the indicator from being given.
    """

    indicator: str | None
    component: Component | None = None
    score: float = 0.0
    rivals: tuple[str, ...] = ()
    nearest: str | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """An indicator named inside a sentence: character span and what is named."""

    start: int
    end: int
    match: Match


@dataclass(frozen=True, slots=True)
class _Wording:
    indicator: str
    component: Component | None
    text: str
    core: tuple[str, ...]


NO_MATCH = Match(None)


def strip_mark(label: str) -> str:
    """The label without its number mark ('1.', 'a)', 'II.', '-', '4.1')."""
    return _MARK.sub("", label, count=1).strip()


class Matcher:
    """Matches labels and phrases with one catalogue's indicators. Build once, use for all."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._indicators = catalogue.indicators
        self._abbreviations = _abbreviations(catalogue.words["abbreviations"])
        self._empty_phrases = _phrase_pattern(catalogue.words["words-without-meaning"])
        self._empty_openings = _phrase_pattern(catalogue.words["openings-without-meaning"])
        self._count_openings = _phrase_pattern(catalogue.words["openings-of-counts"])
        self._units_of_measure = {key(unit) for unit in catalogue.words["units-of-measure"]}
        self._wordings = tuple(self._all_wordings())
        self._by_core: dict[tuple[str, ...], list[_Wording]] = {}
        for wording in self._wordings:
            self._by_core.setdefault(tuple(sorted(wording.core)), []).append(wording)
        self._by_text: dict[str, list[_Wording]] = {}
        for wording in self._wordings:
            self._by_text.setdefault(wording.text, []).append(wording)
        self._refused = {
            self._core(text): indicator.id
            for indicator in self._indicators.values()
            for text in indicator.not_wordings
        }
        self._vocabulary = {token for wording in self._wordings for token in wording.core}
        self._core_texts = [" ".join(sorted(wording.core)) for wording in self._wordings]
        # What a person taught holds for exactly that label, and goes before all that is inferred.
        self._taught = {
            self.normal(one.label): Match(one.indicator, one.component, 1.0)
            for one in catalogue.taught
        }
        self._memory: dict[str, Match] = dict(self._taught)

    def match(self, label: str) -> Match:
        """The indicator that a whole label names (a row of a table, a heading of a column)."""
        text = self.normal(label)
        if text not in self._memory:
            found = self._match(text)
            for pattern in (_YEAR_OF, _PERIOD):  # 'đầu năm 2024' keeps its 'đầu năm' at first
                timeless = " ".join(pattern.sub(" ", text).split())
                if found.indicator is None and not found.rivals and timeless not in ("", text):
                    again = self._match(timeless)
                    found = again if self._is_likely(again, text) else found
            self._memory[text] = found
        return self._memory[text]

    def _is_likely(self, match: Match, text: str) -> bool:
        """Whether a match without the period may be of the label with it."""
        if match.indicator is None:
            return bool(match.rivals)
        return may_be(self._indicators[match.indicator], text)

    def taught(self, label: str) -> Match | None:
        """What a person taught of exactly this label, else None."""
        return self._taught.get(self.normal(label)) if self._taught else None

    def leftover(self, text: str, indicator: str) -> list[str]:
        """Return the words of a text that are none of the indicator's and do carry a meaning."""
        words = [self._spelled_out(word) for word in _TOKEN.findall(key(text))]
        bare = self._empty_phrases.sub(" ", _PERIOD.sub(" ", " ".join(words)))
        own = self._words_of_indicators[indicator]
        return [one for one in bare.split() if one not in own and len(one) > 1 and one.isalpha()]

    @cached_property
    def _words_of_indicators(self) -> dict[str, set[str]]:
        """Every word of each indicator's name, wordings and parts."""
        words: dict[str, set[str]] = {}
        for wording in self._wordings:
            words.setdefault(wording.indicator, set()).update(wording.text.split())
        return words

    def _match(self, text: str) -> Match:
        exact = _decide(self._by_text.get(text, ()), 1.0)
        if exact is not None:
            return exact
        core = self._core(text)
        if not core or core in self._refused:
            return NO_MATCH
        same = _decide(self._by_core.get(tuple(sorted(core)), ()), 0.97) or self._counted(core)
        if same is None:
            return self._similar(core)
        if same.indicator is not None and not may_be(self._indicators[same.indicator], text):
            return Match(None, nearest=same.indicator)
        return same

    def _counted(self, core: tuple[str, ...]) -> Match | None:
        """The match of a label that says 'Số …' where the wordings do not, or the other way."""
        bare = self._without_opening(core)
        counted = _decide(self._by_bare_core.get(tuple(sorted(bare)), ()), 0.95)
        return counted or self._in_own_words(bare)

    def _in_own_words(self, core: tuple[str, ...]) -> Match | None:
        """The one indicator of which the label holds a wording, and else only words of its own."""
        text = " ".join(core)
        fitting = {
            wording.indicator
            for wording in self._wordings
            if wording.component is None
            and self._own_words.get(wording.indicator, set()).issuperset(core)
            and _holds(core, wording.core)
            and may_be(self._indicators[wording.indicator], text)
        }
        return Match(fitting.pop(), score=0.9) if len(fitting) == 1 else None

    @cached_property
    def _own_words(self) -> dict[str, set[str]]:
        """The words of each indicator that says which of them a label must hold."""
        words: dict[str, set[str]] = {}
        for wording in self._wordings:
            if self._indicators[wording.indicator].must_contain and wording.component is None:
                words.setdefault(wording.indicator, set()).update(wording.core)
        return words

    def _without_opening(self, core: tuple[str, ...]) -> tuple[str, ...]:
        text = " ".join(core)
        opening = self._count_openings.match(text)
        return tuple(text[opening.end() :].split()) or core if opening else core

    @cached_property
    def _by_bare_core(self) -> dict[tuple[str, ...], list[_Wording]]:
        index: dict[tuple[str, ...], list[_Wording]] = {}
        for wording in self._wordings:
            index.setdefault(tuple(sorted(self._without_opening(wording.core))), []).append(wording)
        return index

    def _similar(self, core: tuple[str, ...]) -> Match:
        nearest = process.extract(
            " ".join(sorted(core)), self._core_texts, scorer=fuzz.ratio, limit=NEAREST
        )
        spelled = [
            self._wordings[index]
            for _, score, index in nearest
            if score >= NEAR and self._misspelt(core, self._wordings[index].core)
        ]
        decided = _decide(spelled, nearest[0][1] / 100) if spelled else None
        if decided is not None:
            return decided
        _, score, index = nearest[0]
        return Match(None, nearest=self._wordings[index].indicator if score >= SUGGEST else None)

    def _misspelt(self, label: Sequence[str], wording: Sequence[str]) -> bool:
        """Whether every word has its partner, letting only unknown words be misspellings."""
        left, right = list(label), list(wording)
        for token in label:
            if token in right:
                left.remove(token)
                right.remove(token)
        if len(left) != len(right) or not left:
            return False
        for token in left:
            partner = next((other for other in right if self._is_slip(token, other)), None)
            if partner is None:
                return False
            right.remove(partner)
        return True

    def _is_slip(self, token: str, known: str) -> bool:
        if token in self._vocabulary or token.isdigit() or known.isdigit():
            return False
        if fold(token) == fold(known):
            return True
        return len(known) >= 4 and DamerauLevenshtein.distance(token, known, score_cutoff=1) <= 1

    def find(self, sentence: str) -> list[Phrase]:
        """The indicators named inside a sentence, longest wording first at each place."""
        tokens = [
            (self._spelled_out(key(found.group())), found.start(), found.end())
            for found in _TOKEN.finditer(sentence)
        ]
        flat = [(word, start, end) for words, start, end in tokens for word in words.split()]
        kept = [flat[index] for index in self._meaningful(flat)]
        found, position = [], 0
        while position < len(kept):
            wordings = self._longest_at(kept, position)
            if not wordings:
                position += 1
                continue
            last = position + len(wordings[0].core) - 1
            start, end = kept[position][1], kept[last][2]
            match = self._taught.get(self.normal(sentence[start:end])) or _decide(wordings, 0.95)
            if match is not None:
                found.append(Phrase(start, end, match))
            position = last + 1
        return found

    def says_nothing(self, text: str) -> bool:
        """Whether a text holds no word but those without meaning ('đạt danh hiệu')."""
        words = " ".join(self._spelled_out(word) for word in _TOKEN.findall(key(text)))
        return not self._empty_phrases.sub(" ", words).strip()

    def _meaningful(self, flat: Sequence[tuple[str, int, int]]) -> list[int]:
        text = " ".join(word for word, _, _ in flat)
        starts, position = {}, 0
        for index, (word, _, _) in enumerate(flat):
            starts[position] = index
            position += len(word) + 1
        dropped: set[int] = set()
        for empty in self._empty_phrases.finditer(text):
            first = starts[empty.start()]
            dropped.update(range(first, first + len(empty.group().split())))
        return [index for index in range(len(flat)) if index not in dropped]

    def _longest_at(self, kept: Sequence[tuple[str, int, int]], position: int) -> list[_Wording]:
        candidates = self._by_first_word.get(kept[position][0], ())
        fitting = [
            wording
            for wording in candidates
            if all(
                position + offset < len(kept) and kept[position + offset][0] == word
                for offset, word in enumerate(wording.core)
            )
        ]
        longest = max((len(wording.core) for wording in fitting), default=0)
        return [wording for wording in fitting if len(wording.core) == longest]

    @cached_property
    def _by_first_word(self) -> dict[str, list[_Wording]]:
        index: dict[str, list[_Wording]] = {}
        for wording in self._wordings:
            if len(wording.core) > 1:
                index.setdefault(wording.core[0], []).append(wording)
        return index

    def _all_wordings(self) -> Iterator[_Wording]:
        for indicator in self._indicators.values():
            for text in (indicator.name, *indicator.wordings):
                yield self._wording(indicator.id, None, text)
            for component, part in (
                ("numerator", indicator.numerator),
                ("denominator", indicator.denominator),
            ):
                if part is not None:
                    for text in (part.name, *part.wordings):
                        yield self._wording(indicator.id, component, text)

    def _wording(self, indicator: str, component: str | None, text: str) -> _Wording:
        normal = self.normal(text)
        named: Component | None = (
            "numerator" if component == "numerator" else "denominator" if component else None
        )
        return _Wording(indicator, named, normal, self._core(normal))

    def normal(self, label: str) -> str:
        """What makes two labels one: their words, without number mark, unit and punctuation."""
        bare = strip_mark(label)
        brackets = _LAST_BRACKETS.search(bare)
        if brackets and key(brackets[1]) in self._units_of_measure:
            bare = bare[: brackets.start()]
        words = (self._spelled_out(word) for word in _TOKEN.findall(key(bare)))
        return " ".join(words)

    def _spelled_out(self, word: str) -> str:
        return self._abbreviations.get(word, word)

    def _core(self, normal: str) -> tuple[str, ...]:
        text = normal
        while (opening := self._empty_openings.match(text)) and opening.end() < len(text):
            text = text[opening.end() :].strip()
        core = " ".join(self._empty_phrases.sub(" ", text).split())
        return tuple((core or text).split())


def _decide(wordings: Iterable[_Wording], score: float) -> Match | None:
    """The one indicator that these wordings belong to; rivals when there are several."""
    found = list(wordings)
    if not found:
        return None
    whole = [wording for wording in found if wording.component is None] or found
    indicators = tuple(dict.fromkeys(wording.indicator for wording in whole))
    if len(indicators) > 1:
        return Match(None, score=score, rivals=indicators)
    return Match(indicators[0], whole[0].component, score)


def _holds(label: Sequence[str], wording: Sequence[str]) -> bool:
    """Whether a label has all words of a wording, in its order."""
    words = iter(label)
    return all(word in words for word in wording)


def _abbreviations(lines: Sequence[str]) -> dict[str, str]:
    """'GĐHT = gia đình học tập' lines as a mapping of keys."""
    pairs = (line.split("=", 1) for line in lines)
    return {key(short): " ".join(_TOKEN.findall(key(long))) for short, long in pairs}


def _phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words, longest first."""
    normal = sorted({" ".join(_TOKEN.findall(key(phrase))) for phrase in phrases}, key=len)
    alternatives = "|".join(re.escape(phrase) for phrase in reversed(normal) if phrase)
    return re.compile(rf"\b(?:{alternatives})\b")
