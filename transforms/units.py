"""Administrative units in text: found by name and type, told apart by date and place.

A name is compared whole and with its diacritics: Đức Thắng, Đức Thạnh and Đức Chánh are three
communes. Namesakes are told apart by the district and province said with them, by the unit that
the document is of, and by the day; where that leaves several there is no slug but candidates, and
where it leaves none the unit is another than those of the catalogue. A wrong slug is worse than
none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from transforms.text import CAPITALS, SPLIT_SYLLABLE, key, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from catalog.catalogue import Catalogue
    from catalog.model import Unit


class Level(IntEnum):
    """The level of a unit, the narrowest first."""

    VILLAGE = 0
    COMMUNE = 1
    DISTRICT = 2
    PROVINCE = 3
    COUNTRY = 4


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit named in a text at [start, end), its type word included.

    ``slug`` is None where the name is of no unit of the catalogue, or of several: those are the
    ``candidates``. A village has 'duc-nhuan/thon-1'. ``typed`` says that its type stands with it;
    ``generic`` that it is not named at all ('toàn huyện').
    """

    start: int
    end: int
    text: str
    level: Level
    slug: str | None
    candidates: tuple[str, ...] = ()
    typed: bool = True
    generic: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class _Named:
    """A name found in a text, not yet resolved."""

    start: int
    end: int
    level: Level
    type: str | None
    name: tuple[str, ...]
    generic: bool = False


_TYPES = {
    "xã": Level.COMMUNE, "phường": Level.COMMUNE, "thị trấn": Level.COMMUNE,
    "đặc khu": Level.COMMUNE, "huyện": Level.DISTRICT, "quận": Level.DISTRICT,
    "thị xã": Level.DISTRICT, "thành phố": Level.DISTRICT, "tỉnh": Level.PROVINCE,
    "thôn": Level.VILLAGE, "xóm": Level.VILLAGE, "ấp": Level.VILLAGE, "buôn": Level.VILLAGE,
    "tổ dân phố": Level.VILLAGE, "tdp": Level.VILLAGE, "khu phố": Level.VILLAGE,
    "khối phố": Level.VILLAGE, "khu dân cư": Level.VILLAGE,
}  # fmt: skip
_ABBREVIATIONS = {"tp": "thành phố", "tt": "thị trấn", "tx": "thị xã"}
_TYPE_STARTS = {name.split()[0] for name in _TYPES} | set(_ABBREVIATIONS)
_LONGEST_NAME = 4
_LONGEST_KNOWN_NAME = 5
_LONGEST_GAP = 40
"""Characters between two names of a list at most."""

_TOKEN = re.compile(rf"{SPLIT_SYLLABLE}|[^\W_]+", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:\(cũ\))?[\s,;]*(?:và\s+)?", re.IGNORECASE)
_JOINT = re.compile(r"[,;]|và", re.IGNORECASE)
_CAPITALISED = re.compile(rf"(?<!\w)[{CAPITALS}][^\W\d_]*")
_MAY_BE_TYPED = re.compile(
    rf"(?i:xã|phường|trấn|khu|huyện|quận|phố|tp|tt|tx|tỉnh|thôn|xóm|ấp|buôn|tdp|cư|ủy)"
    rf"[\s.:]{{1,3}}(?i:số\s+)?[{CAPITALS}\d]"
)
_INSIDE_NAME = re.compile(r"[\s.]{1,3}")
_INSIDE_KNOWN_NAME = re.compile(r"[\s.]{1,3}|['’]|\s?[-–]\s?")
_FORMER = re.compile(r"\s{0,3}\(?\s{0,3}cũ(?!\w)", re.IGNORECASE)
_CHAINED = re.compile(r"\s*(?:\(cũ\)|cũ)?[\s,(–-]*(?:thuộc|của|trên địa bàn)?\s*", re.IGNORECASE)
_BEFORE_BARE_NAME = frozenset(
    """và của tại ở là gồm với từ cho ubnd hđnd dân cũ đến về giữa hoặc cùng các""".split()  # noqa: SIM905
)
_AFTER_NAME = frozenset(
    """cộng độc đảng ủy ubnd hđnd mttq hội ban báo kế số huyện tỉnh quận thành thị phòng sở trung
    năm tháng ngày kính về nơi trường chi mặt đoàn công tờ thông quyết nghị chương tổng kết tình xã
    phường và của phụ biểu bảng stt tt tổ thôn đã có là đạt""".split()  # noqa: SIM905
)
"""Words that begin something new behind a unit's name, where a document runs lines together."""

_MAY_END_NAME = frozenset(
    "thành trung hội trường công đoàn quyết tình kết chi phòng năm độc kế".split()  # noqa: SIM905
)
"""Those of them that names of places end in, too: 'thôn Khê Thành'."""
_SECOND_WORDS = frozenset(
    """phố tâm ương đồng khuyến nông phụ cựu liên người chữ an văn tác ty trị bộ hội đoàn thanh xã
    định quyết tiểu mầm mẫu thcs thpt trung cao học luận quả hình tài giáo tra ban hoạch lập
    gd 2 20""".split()  # noqa: SIM905
)
"""What follows those words where they begin something new: 'thành phố', 'hội đồng'."""

_GENERIC = re.compile(
    r"(?<!\w)(?:(?:toàn|của|trong|cả|cấp|bình quân|chung)\s+"
    r"(?P<unit>huyện|quận|thị xã|thành phố|tỉnh)"
    r"|(?P<country>cả nước|toàn quốc|trung ương|bình quân chung cả nước))(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known beside the text itself."""

    on: date | None
    home: Unit | None
    said: dict[Level, tuple[str, ...]]


class UnitIndex:
    """The catalogue's units by name, and with their type those of the whole country."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._units = catalogue.units
        self._country = catalogue.country
        self._by_name: defaultdict[tuple[str, ...], list[Unit]] = defaultdict(list)
        for unit in catalogue.units.values():
            self._by_name[_name(unit.name)].append(unit)
        self._places = {_province(unit): Level.PROVINCE for unit in catalogue.units.values()}
        self._places |= {
            _district(unit): Level.DISTRICT for unit in catalogue.units.values() if unit.district
        }
        self._predecessors: defaultdict[str, set[str]] = defaultdict(set)
        for event in catalogue.unit_events.values():
            for successor in event.successors:
                self._predecessors[successor].update(event.predecessors)
        self._first_words = {name[0] for name in (*self._by_name, *self._places)}
        self._first_words_lower = self._first_words | {word[0] for word in self._first_words}

    def find(
        self,
        text: str,
        on: date | None = None,
        near: str | None = None,
        *,
        district: str | None = None,
        province: str | None = None,
    ) -> str | None:
        """The slug of the one unit that a text names, of the narrowest level; None if unsure.

        ``on`` is a day on which the unit is spoken of, ``near`` the slug of the unit whose
        document it is, ``district`` and ``province`` names that are known to go with it.
        """
        mentions = self.mentions(text, on, near, district=district, province=province)
        if not mentions:
            mentions = self.mentions(_titled(text), on, near, district=district, province=province)
        named = [mention for mention in mentions if not mention.generic]
        level = min((mention.level for mention in named), default=None)
        slugs = {mention.slug for mention in named if mention.level == level}
        return slugs.pop() if len(slugs) == 1 else None

    def mentions(
        self,
        text: str,
        on: date | None = None,
        near: str | None = None,
        *,
        district: str | None = None,
        province: str | None = None,
    ) -> list[UnitMention]:
        """All units that a text names, in order. Arguments as in find; text in NFC for offsets."""
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        said = {
            level: _without_type(name)
            for level, name in ((Level.DISTRICT, district), (Level.PROVINCE, province))
            if name
        }
        context = _Context(on, self.unit(near), said)
        named = sorted([*self._named(text), *_generic(text)], key=lambda one: one.start)
        mentions: list[UnitMention] = []
        for position in reversed(range(len(named))):
            chain = _chain(text, named, position)
            following = mentions[-1] if chain else None
            mentions.append(self._resolve(text, named[position], chain, following, context))
        return self._told_by_company(self._doubted_in_company(mentions[::-1], context.home))

    def unit(self, slug: str | None) -> Unit | None:
        """The unit of a slug; a village's is its commune's."""
        if not slug:
            return None
        commune = slug.partition("/")[0]
        if commune in self._units or self._country is None:
            return self._units.get(commune)
        return self._country.unit(commune)

    def village(self, commune: str | None, typed: str) -> str | None:
        """The slug of a commune's village by its type and name; None where it is no commune."""
        unit = self.unit(commune)
        if unit is None or _level(unit) is not Level.COMMUNE:
            return None
        words = [word for word in _name(typed) if word != "số"]
        return f"{unit.slug}/{slug(' '.join(words))}"

    def _named_alike(self, name: tuple[str, ...]) -> list[Unit]:
        """All units of a name: the catalogue's own, then the country's others."""
        units = list(self._by_name.get(name, ()))
        if self._country is not None:
            namesakes = self._country.namesakes(" ".join(name))
            units += [unit for unit in namesakes if unit.slug not in self._units]
        return units

    # ---- names in text ----------------------------------------------------------------------

    def _named(self, text: str) -> Iterator[_Named]:
        if not self._may_name(text):
            return
        tokens = [
            _Token(match.start(), match.end(), match.group(), key(match.group().replace(" ", "")))
            for match in _TOKEN.finditer(text)
        ]
        position, last = 0, None
        while position < len(tokens):
            found = self._typed(text, tokens, position) or self._bare(text, tokens, position, last)
            if found is None:
                position += 1
                continue
            last, position = found
            yield last

    def _may_name(self, text: str) -> bool:
        """A quick no for the many paragraphs that name no unit."""
        if _MAY_BE_TYPED.search(text):
            return True
        capitalised = {match.group().lower() for match in _CAPITALISED.finditer(text)}
        return not capitalised.isdisjoint(self._first_words_lower)

    def _typed(self, text: str, tokens: list[_Token], start: int) -> tuple[_Named, int] | None:
        """A type word and the name behind it."""
        if tokens[start].key not in _TYPE_STARTS:
            return None
        typed = _type_at(tokens, start)
        if typed is None:
            return None
        type_, first = typed
        level = _TYPES[type_]
        if level is Level.VILLAGE:
            end = _village_end(text, tokens, first)
        elif first < len(tokens) and tokens[first].key == "ủy":
            end = self._known_end(text, tokens, first := first + 1, type_)
        else:
            end = self._known_end(text, tokens, first, type_)
            is_abbreviated = tokens[start].key in _ABBREVIATIONS
            end = end or (None if is_abbreviated else _unknown_end(text, tokens, first))
        if end is None:
            return None
        name = tuple(token.key for token in tokens[first:end])
        return _Named(tokens[start].start, tokens[end - 1].end, level, type_, name), end

    def _bare(
        self, text: str, tokens: list[_Token], start: int, last: _Named | None
    ) -> tuple[_Named, int] | None:
        """A known name without its type, where no other name runs into it ('Nguyễn Đức Hiệp').

        Behind a comma of a list it may be one that the catalogue itself does not have.
        """
        gap = _list_gap(text, last, tokens[start])
        listed, anywhere = gap is not None, bool(gap and _JOINT.search(gap))
        is_own = tokens[start].key in self._first_words
        if not (is_own or anywhere) or not _begins_bare(text, tokens, start):
            return None
        end = self._known_end(text, tokens, start, "" if anywhere else None)
        if end is None:
            return None
        name = tuple(token.key for token in tokens[start:end])
        if last is not None and listed:
            above = self._named_alike(last.name)
            for level in (Level.DISTRICT, Level.PROVINCE):
                if last.level < level and any(name in _places(unit, level) for unit in above):
                    return _Named(tokens[start].start, tokens[end - 1].end, level, None, name), end
        units = self._named_alike(name) if listed else self._by_name.get(name, [])
        alike = listed and last is not None and any(unit.type == last.type for unit in units)
        if not alike and name not in self._by_name and name not in self._places:
            return None
        type_ = last.type if alike and last is not None else None
        levels = [_TYPES[type_]] if type_ else [_level(unit) for unit in units]
        level = max(levels, default=self._places.get(name, Level.COMMUNE))
        return _Named(tokens[start].start, tokens[end - 1].end, level, type_, name), end

    def _known_end(
        self, text: str, tokens: list[_Token], start: int, type_: str | None
    ) -> int | None:
        """The index behind the longest known name at a token, None if none or if it goes on.

        Without a type only the names of the catalogue's own units are known.
        """
        for end in range(min(start + _LONGEST_KNOWN_NAME, len(tokens)), start, -1):
            name = tuple(token.key for token in tokens[start:end])
            if name in self._by_name or name in self._places or self._is_borne(name, type_):
                if not _is_name(text, tokens[start:end]) or _goes_on(text, tokens, end):
                    return None
                return end
        return None

    def _is_borne(self, name: tuple[str, ...], type_: str | None) -> bool:
        """Whether a unit of the country bears the name, a number only of that type ('phường 6')."""
        if type_ is None or self._country is None:
            return False
        words = " ".join(name)
        if name[0].isdecimal():
            return any(unit.type == type_ for unit in self._country.namesakes(words))
        return self._country.knows(words)

    # ---- which unit it is -------------------------------------------------------------------

    def _resolve(
        self,
        text: str,
        named: _Named,
        chain: list[_Named],
        following: UnitMention | None,
        context: _Context,
    ) -> UnitMention:
        """The unit of a name; ``following`` is what the first name of its chain was found to be."""
        mention = UnitMention(
            named.start,
            named.end,
            text[named.start : named.end],
            named.level,
            None,
            typed=named.type is not None,
            generic=named.generic,
        )
        if named.generic:
            return replace(mention, slug=self._above(context.home, named.level, context.on))
        if named.level is Level.VILLAGE:
            is_said = following is not None and following.level is Level.COMMUNE
            commune = self.unit(following.slug) if is_said and following else context.home
            typed = " ".join([named.type or "", *named.name])
            return replace(mention, slug=self.village(commune.slug if commune else None, typed))
        said = context.said | {one.level: one.name for one in chain}
        unsure = {one.name for one in chain[-1:] if one.type in {None, "thành phố"}}
        units = self._candidates(named, said, unsure, context.home)
        is_former = _FORMER.match(text, named.end) is not None
        ended = [unit for unit in units if unit.valid_to is not None] if is_former else []
        if ended:
            units = ended
        elif not self._may_be_a_part(units, context.home) or text.strip() != mention.text:
            units = _on_that_day(units, context.on)
        if len(units) == 1:
            return replace(mention, slug=units[0].slug, level=_level(units[0]))
        return replace(mention, candidates=tuple(sorted(unit.slug for unit in units)))

    def _candidates(
        self,
        named: _Named,
        said: dict[Level, tuple[str, ...]],
        unsure: set[tuple[str, ...]],
        home: Unit | None,
    ) -> list[Unit]:
        """The units of that name, type and place; unsure is whether a district or a province."""
        units = [
            unit
            for unit in self._named_alike(named.name)
            if named.type is None or unit.type == named.type
        ]
        for level, place in said.items():
            if named.level < level:
                levels = {Level.DISTRICT, Level.PROVINCE} if place in unsure else {level}
                units = [unit for unit in units if any(place in _places(unit, of) for of in levels)]
        if home is None or Level.PROVINCE in said or Level.DISTRICT in said:
            return units
        if named.level < Level.PROVINCE:
            provinces = set(_places(home, Level.PROVINCE))
            units = [unit for unit in units if provinces & set(_places(unit, Level.PROVINCE))]
        near = [unit for unit in units if unit.district == home.district and unit.district]
        return near or units

    def _above(self, home: Unit | None, level: Level, on: date | None) -> str | None:
        """The district or the province that a unit lies in."""
        if home is None or level is Level.COUNTRY:
            return None
        name = _district(home) if level is Level.DISTRICT else _province(home)
        units = [
            unit
            for unit in self._named_alike(name)
            if _level(unit) is level
            and unit.province == home.province
            and (on is None or unit.is_valid(on))
        ]
        return units[0].slug if len(units) == 1 else None

    def _doubted_in_company(
        self, mentions: list[UnitMention], home: Unit | None
    ) -> list[UnitMention]:
        """Among its parts the new unit's own name may mean the part that bore it before."""
        parts = self._predecessors.get(home.slug, set()) if home else set()
        if home is None or not any(mention.slug in parts for mention in mentions):
            return mentions
        namesakes = {unit.slug for unit in self._named_alike(_name(home.name))} & parts
        doubted = tuple(sorted({home.slug} | namesakes))
        return [
            replace(mention, slug=None, candidates=doubted)
            if namesakes and mention.slug == home.slug and not mention.generic
            else mention
            for mention in mentions
        ]

    def _may_be_a_part(self, units: list[Unit], home: Unit | None) -> bool:
        """Whether a name is both that of the new unit itself and that of one of its parts."""
        slugs = {unit.slug for unit in units}
        return (
            home is not None
            and home.slug in slugs
            and bool(slugs & self._predecessors.get(home.slug, set()))
        )

    def _told_by_company(self, mentions: list[UnitMention]) -> list[UnitMention]:
        """Namesakes told by the districts of the units that the same text names for certain."""
        districts = {
            (unit.province, unit.district)
            for mention in mentions
            if mention.level is Level.COMMUNE
            and (unit := self.unit(mention.slug))
            and unit.district
        }
        if not districts:
            return mentions
        return [
            replace(mention, slug=near[0], candidates=())
            if mention.slug is None
            and len(near := _in_districts(map(self.unit, mention.candidates), districts)) == 1
            else mention
            for mention in mentions
        ]


def _in_districts(units: Iterable[Unit | None], districts: set[tuple[str, str]]) -> list[str]:
    return [unit.slug for unit in units if unit and (unit.province, unit.district) in districts]


def _name(text: str) -> tuple[str, ...]:
    return tuple(key(match.group()) for match in _TOKEN.finditer(text))


def _without_type(text: str) -> tuple[str, ...]:
    """The name in 'huyện Mộ Đức' or in 'Mộ Đức'."""
    name = _name(text)
    for length in (2, 1):
        if len(name) > length and " ".join(name[:length]) in _TYPES:
            return name[length:]
    return name


def _district(unit: Unit) -> tuple[str, ...]:
    return _without_type(unit.district or "")


def _province(unit: Unit) -> tuple[str, ...]:
    return _without_type(unit.province)


def _places(unit: Unit, level: Level) -> list[tuple[str, ...]]:
    """The names of the district or of the province that a unit lies in or lay in before."""
    place = _district(unit) if level is Level.DISTRICT else _province(unit)
    return [place, *map(_name, unit.formerly_in)]


def _level(unit: Unit) -> Level:
    is_coded_below = unit.code is not None and len(unit.code) > 2
    if unit.type == "thành phố" and unit.name == unit.province and not is_coded_below:
        return Level.PROVINCE
    return _TYPES[unit.type]


def _on_that_day(units: list[Unit], on: date | None) -> list[Unit]:
    """The units valid on a day. The day tells apart those of one province only: a former commune
    is named long after its end, and must not be taken for a namesake elsewhere that lives on.
    """
    valid = [unit for unit in units if on is None or unit.is_valid(on)]
    return valid if valid and len({unit.province for unit in units}) == 1 else units


def _titled(text: str) -> str:
    """A text all in lower case with capitals: 'xã đức hiệp' in a cell."""
    return text.title() if text.islower() else text


def _generic(text: str) -> Iterator[_Named]:
    """'toàn huyện', 'của tỉnh', 'cả nước': units that are not named."""
    for match in _GENERIC.finditer(text):
        following = text[match.end() :].lstrip()
        if match["unit"] and following[:1].isupper() and not match["unit"].isupper():
            continue
        level = Level.COUNTRY if match["country"] else _TYPES[match["unit"].lower()]
        yield _Named(match.start(), match.end(), level, None, (), generic=True)


def _type_at(tokens: list[_Token], start: int) -> tuple[str, int] | None:
    """The type word at a token and the index behind it."""
    for length in (3, 2, 1):
        words = " ".join(token.key for token in tokens[start : start + length])
        words = _ABBREVIATIONS.get(words, words)
        if words in _TYPES and start + length < len(tokens):
            return words, start + length
    return None


def _village_end(text: str, tokens: list[_Token], start: int) -> int | None:
    """The index behind a village's name: a number, or capitalised words with or without one."""
    end = start + 1 if tokens[start].key == "số" else start
    while (
        end < min(start + _LONGEST_NAME, len(tokens))
        and _is_titled(tokens[end])
        and _touches(text, tokens, end)
        and not (end > start and _begins_anew(tokens, end))
    ):
        end += 1
    if end < len(tokens) and tokens[end].text.isdigit() and _touches(text, tokens, end):
        is_counted = end > start and tokens[end - 1].key != "số" and len(tokens[end].text) > 1
        end = end if is_counted else end + 1
    return end if end > start and tokens[end - 1].key != "số" else None


def _unknown_end(text: str, tokens: list[_Token], start: int) -> int | None:
    """The index behind a name that the catalogue does not know: two to four capitalised words."""
    end = start
    in_capitals = tokens[start - 1].text.isupper()
    while (
        end < min(start + _LONGEST_NAME, len(tokens))
        and (_is_titled(tokens[end]) or (in_capitals and tokens[end].text.isupper()))
        and _touches(text, tokens, end)
        and not _begins_anew(tokens, end)
    ):
        end += 1
    return end if end - start > 1 else None


def _begins_anew(tokens: list[_Token], position: int) -> bool:
    """Whether a capitalised word behind a name is no part of it."""
    word = tokens[position].key
    if word not in _MAY_END_NAME or tokens[position].text.isupper():
        return word in _AFTER_NAME
    return position + 1 < len(tokens) and tokens[position + 1].key in _SECOND_WORDS


def _list_gap(text: str, last: _Named | None, token: _Token) -> str | None:
    """What stands between the last name and a token that may continue its list, or None."""
    if last is None or token.start - last.end > _LONGEST_GAP:
        return None
    gap = text[last.end : token.start]
    return gap if _LISTED.fullmatch(gap) else None


def _begins_bare(text: str, tokens: list[_Token], start: int) -> bool:
    if start == 0:
        return True
    between = text[tokens[start - 1].end : tokens[start].start]
    return bool(between.strip(" \u00a0")) or tokens[start - 1].key in _BEFORE_BARE_NAME


def _is_name(text: str, tokens: list[_Token]) -> bool:
    """Whether the words are written as a name, with nothing but spaces between."""
    gaps = [_gap(text, tokens, index) for index in range(1, len(tokens))]
    return all(map(_INSIDE_KNOWN_NAME.fullmatch, gaps)) and all(
        token.text[0].isupper()
        or token.text.isdigit()
        or gap in {"'", "’"}
        or token.key == "trường"
        for token, gap in zip(tokens, ["", *gaps], strict=True)
    )


def _goes_on(text: str, tokens: list[_Token], end: int) -> bool:
    """Whether a longer name continues: 'Long Phụng Đông'."""
    if end == len(tokens) or tokens[end].key in _AFTER_NAME or "\n" in _gap(text, tokens, end):
        return False
    same_style = tokens[end - 1].text.isupper() == tokens[end].text.isupper()
    return same_style and tokens[end].text[0].isupper() and _gap(text, tokens, end).strip() == ""


def _is_titled(token: _Token) -> bool:
    return token.text[0].isupper() and (len(token.text) == 1 or not token.text.isupper())


def _gap(text: str, tokens: list[_Token], index: int) -> str:
    return text[tokens[index - 1].end : tokens[index].start]


def _touches(text: str, tokens: list[_Token], index: int) -> bool:
    return _INSIDE_NAME.fullmatch(_gap(text, tokens, index)) is not None


def _chain(text: str, named: list[_Named], position: int) -> list[_Named]:
    """The units said right behind one that it lies in: 'thôn 1, xã Đức Nhuận, huyện Mộ Đức'."""
    chain: list[_Named] = []
    last = named[position]
    for following in named[position + 1 :]:
        between = text[last.end : following.start]
        if following.level <= last.level or not _CHAINED.fullmatch(between) or following.generic:
            break
        chain.append(following)
        last = following
    return chain
