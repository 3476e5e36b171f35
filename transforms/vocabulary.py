"""All that reading a document needs of the catalogue, prepared once for all documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from transforms.columns import TOTAL_OF_SO_MANY, HeaderWords, phrase_pattern
from transforms.matching import Matcher
from transforms.nonfigures import UNIT
from transforms.reasons import NumeralWords
from transforms.text import key
from transforms.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.catalogue import Catalogue
    from transforms.reading import Header


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A text that is a unit's name; ``slug`` None where that unit is none that we can tell."""

    slug: str | None
    candidates: tuple[str, ...] = ()


_DECLARED = re.compile(
    r"(?:đvt|đ\.v\.t|đơn\s+vị(?:\s+tính)?)\s*[:：]\s*(?P<unit>(?:1\.000\s)?[^()\n;.]{1,30})",
    re.IGNORECASE,
)
_MONEY_TITLED = re.compile(
    r"\((?:tính bằng )?(?P<unit>(?:(?:nghìn|ngàn|triệu|tỷ|tỉ|1\.000) )?đồng)\)", re.IGNORECASE
)
"""'NHU CẦU KINH PHÍ (triệu đồng)'."""
_ASIDE = re.compile(
    r"\((?:cũ|mới|trước đây)\)|(?<!\w)cũ$"
    r"|^\s*(?:(?:trên |thuộc )?địa bàn|tại|thuộc|số liệu(?: của)?|khu vực|các chỉ tiêu của"
    r"|toàn|cộng|tổng(?: cộng)?|chung|bình quân)(?!\w)",
    re.IGNORECASE,
)
_LONGEST_NAME = 80
_AGED = re.compile(r"^(?:từ |độ tuổi )*\d{1,2}\s*(?:[-–]|đến)\s*\d{1,2}\s*tuổi")
_STAFF = "cán bộ"
"""What a list of officials counts are people."""
_AGE_GROUP = re.compile(
    r"(?:dưới|trên|từ)?\s*\d{2}(?:\s*(?:-|–|đến)\s*(?:dưới )?\d{2})?(?: tuổi)?(?: trở lên)?"
)
_NOUN = re.compile(rf"(?!dân tộc){UNIT}")
_COUNTED_OPENING = re.compile(r"^(?:tổng\s+)?số\s+(?:lượng\s+|lượt\s+(?=người)|)", re.IGNORECASE)


@dataclass(frozen=True)
class Vocabulary:
    """The catalogue's words in the shape that reading needs them."""

    catalogue: Catalogue

    @cached_property
    def matcher(self) -> Matcher:
        """Labels and phrases to indicators."""
        return Matcher(self.catalogue)

    @cached_property
    def units(self) -> UnitIndex:
        """Names to administrative units."""
        return UnitIndex(self.catalogue)

    @cached_property
    def headers(self) -> HeaderWords:
        """Words of table headers."""
        return HeaderWords(self.catalogue.words)

    @cached_property
    def numeral_words(self) -> NumeralWords:
        """Words beside numerals that are no figures."""
        return NumeralWords(self.catalogue)

    def is_total(self, label: str) -> bool:
        """Whether a row's label says that it sums the others up: 'Cộng', 'Tổng cộng 3 xã (cũ)'."""
        bare = key(label)
        return bare in self._total_rows or bool(TOTAL_OF_SO_MANY.match(bare))

    @cached_property
    def _total_rows(self) -> frozenset[str]:
        return self._keys("total-row")

    @cached_property
    def rate_rows(self) -> frozenset[str]:
        """Labels of a row that is the rate of the row above."""
        return self._keys("rate-row")

    @cached_property
    def breakdowns(self) -> frozenset[str]:
        """Labels that name a part of the people counted ('Nữ')."""
        return self._keys("breakdown")

    @cached_property
    def part_row(self) -> re.Pattern[str]:
        """The opening of a row that is part of the row above ('Trong đó: …')."""
        words = "|".join(re.escape(word) for word in self.catalogue.words["part-row"])
        return re.compile(rf"^(?:{words})\b\s*:?\s*", re.IGNORECASE)

    def among(self, catalogue: Catalogue) -> Vocabulary:
        """The same words among the units of another catalogue that differs only in those."""
        among = Vocabulary(catalogue)
        vars(among)["matcher"] = self.matcher  # costly, and the same
        vars(among)["numeral_words"] = self.numeral_words
        return among

    def names_institution(self, text: str) -> bool:
        """Whether a row names a school, an office, a branch rather than an indicator: also where
        its name begins like an indicator's ('Trung tâm học tập cộng đồng xã Bình Minh').
        """
        if not self._institution.match(key(text)):
            return False
        return self.matcher.match(text).indicator is None or any(
            not mention.generic and mention.end == len(text)
            for mention in self.units.mentions(text)
        )

    def named_unit(self, text: str, header: Header) -> NamedUnit | None:
        """The unit whose name the text is ('Xã Đức Hiệp (cũ)', 'Thôn 1', 'Toàn huyện'), or None."""
        bare = " ".join(_ASIDE.sub(" ", text).split()).strip(" .,:;-–")
        if not bare or len(bare) > _LONGEST_NAME:
            return None
        titled = bare.title() if bare.islower() else bare
        mentions = self.units.mentions(
            titled, on=header.as_of or header.issued_on, near=header.unit
        )
        covered = sum(one.end - one.start for one in mentions)
        if not mentions or covered < len(titled.replace(",", "").strip()) - 3:
            return None
        return NamedUnit(mentions[0].slug, mentions[0].candidates)

    def village(self, name: str, kind: str, commune: str | None) -> str | None:
        """The slug of a commune's village that a list of its ``kind`` names, with its type or
        without; None where the unit is no commune.
        """
        typed = name if self.headers.village_types.match(key(name)) else f"{kind} {name}"
        return self.units.village(commune, _ASIDE.sub(" ", typed))

    def add_up_to(self, slugs: Sequence[str | None], unit: str | None) -> bool:
        """Whether the total over these units is the unit's: its villages, its former communes."""
        own = {unit} if any(slug and "/" in slug for slug in slugs) else set()
        parts = own | self._predecessors.get(unit or "", set())
        return all(slug is not None and slug.partition("/")[0] in parts for slug in slugs)

    @cached_property
    def _predecessors(self) -> dict[str, set[str | None]]:
        found: dict[str, set[str | None]] = {}
        for event in self.catalogue.unit_events.values():
            for successor in event.successors:
                found.setdefault(successor, set()).update(event.predecessors)
        return found

    def unread(self, path: Sequence[str], indicator: str) -> str:
        """Return the words of a header path that neither the indicator's wordings nor the words of
        roles, days and units of measure account for; '' where all is read.
        """
        left: list[str] = []
        for text in path:
            bare = self.headers.without_roles(text)
            bare = self._unit_of_measure.sub(" ", bare)
            left += self.matcher.leftover(bare, indicator)
        return " ".join(left)

    def names_part_of_all(self, text: str) -> bool:
        """Whether a header only says which part of all it is of: 'Chia ra · Tiểu học'."""
        rest = self._parts_of_all.sub(" ", key(text))
        return not re.search(r"[^\W\d_]{2}", rest)

    @cached_property
    def _parts_of_all(self) -> re.Pattern[str]:
        return phrase_pattern(self.catalogue.words["parts-of-all"])

    def unit_declared(self, text: str) -> str | None:
        """The unit of measure that a title declares: 'ĐVT: triệu đồng'."""
        found = _DECLARED.search(text) or _MONEY_TITLED.search(text)
        is_unit = found and self._unit_of_measure.match(key(found["unit"]).strip())
        return " ".join(found["unit"].split()) if found and is_unit else None

    def unit_counted(self, label: str) -> str | None:
        """What a label says is counted: 'Số hộ đạt …' counts hộ."""
        opening = _COUNTED_OPENING.match(label)
        rest = key(label[opening.end() :] if opening else label)
        if rest.startswith(("tỷ lệ", "tỉ lệ")):
            return None
        if self._people_counted.match(rest) or _AGED.match(rest):
            return "người"
        found = _NOUN.match(rest) or self._unit_of_measure.match(rest)
        told = self.unit_told(found.group()) if found else None
        return "người" if told == _STAFF else told

    def tells_persons(self, text: str) -> bool:
        """Whether a heading names people by degree, age or membership: 'Đại học', '30 - 45'."""
        bare = key(text)
        return bool(self._kind_of_person.fullmatch(bare) or _AGE_GROUP.fullmatch(bare))

    @cached_property
    def _kind_of_person(self) -> re.Pattern[str]:
        return phrase_pattern(self.catalogue.words["kinds-of-person"], whole=True)

    def unit_told(self, unit: str) -> str:
        """A unit of measure as figures bear it: nouns of their own as printed ('em', 'quyển',
        'ấp'), all others in the catalogue's spelling.
        """
        told = " ".join(unit.lower().split())
        return told if key(told) in self._units_as_printed else self.canonical_unit(unit)

    def canonical_unit(self, unit: str) -> str:
        """The catalogue's spelling of a unit of measure ('tr.đ' is 'triệu đồng'), else as it is."""
        return self._canonical_units.get(key(unit), unit)

    def family_of(self, unit: str) -> str:
        """Return the family of a unit of measure ('em' is of persons); one that is of no family
        stands for itself.
        """
        families = self._unit_families
        return families.get(key(unit)) or families.get(key(self.canonical_unit(unit))) or key(unit)

    def may_stand_for(self, unit: str, expected: str) -> bool:
        """Whether a figure in ``unit`` can be one that is given in ``expected``: of one family; or
        what it is per is left unsaid ('triệu đồng' for 'triệu đồng/người/năm'); or people, where
        attendances are asked for.
        """
        found, wanted = self.family_of(unit), self.family_of(expected)
        unsaid = "/" not in unit and found == self.family_of(expected.partition("/")[0])
        return found == wanted or unsaid or (found, wanted) == ("persons", "attendances")

    @cached_property
    def _unit_families(self) -> dict[str, str]:
        family = self.catalogue.family("unit-families")
        return {key(word): means for means, words in family.items() for word in words}

    def units_counted(self, indicator: str, measure: str) -> set[str]:
        """Return the units of measure in which figures of an indicator and a measure are given: a
        rate's parts in what is counted, its result in percent, its target in either.
        """
        entry = self.catalogue.indicators[indicator]
        parts = {part.unit_of_measure for part in (entry.numerator, entry.denominator) if part}
        if measure == "target" or not parts:
            return {entry.unit_of_measure} | parts
        return {entry.unit_of_measure} if measure == "result" else parts

    @cached_property
    def _units_as_printed(self) -> frozenset[str]:
        return self._keys("units-as-printed")

    @cached_property
    def persons(self) -> frozenset[str]:
        """Units of measure that count people: of an indicator of people, any of them will do."""
        return frozenset(self.canonical_unit(word) for word in self.catalogue.words["persons"])

    @cached_property
    def _canonical_units(self) -> dict[str, str]:
        family = self.catalogue.family("units-of-measure")
        return {key(word): means for means, words in family.items() for word in (means, *words)}

    @cached_property
    def syllables(self) -> frozenset[str]:
        """The syllables of all words and wordings of the catalogue."""
        wordings = [
            wording
            for indicator in self.catalogue.indicators.values()
            for wording in (indicator.name, *indicator.wordings)
        ]
        words = [word for words in self.catalogue.words.values() for word in words]
        parts = re.findall(r"[^\W\d_]+", key(" ".join([*wordings, *words])))
        return frozenset(part for part in parts if len(part) > 1)

    @cached_property
    def _people_counted(self) -> re.Pattern[str]:
        return phrase_pattern(self.catalogue.words["people-counted"])

    @cached_property
    def _institution(self) -> re.Pattern[str]:
        return re.compile(phrase_pattern(self.catalogue.words["institutions"]).pattern)

    @cached_property
    def _unit_of_measure(self) -> re.Pattern[str]:
        return phrase_pattern(self.catalogue.words["units-of-measure"])

    def _keys(self, name: str) -> frozenset[str]:
        return frozenset(key(word) for word in self.catalogue.words[name])
