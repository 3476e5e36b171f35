"""The country's administrative units in spans of validity, and what became of them.

``country.tsv`` holds the 34 provinces and 3,321 communes of today, the 63 provinces, 696 districts
and 10,035 communes of June 2025, what those were in 2023, and the changes of 2026. How it is made
and how sure it is says ``catalog.build_country``. It is read at the first question, not before.

Codes are re-used and names repeat, so nothing here tells one unit by its bare code or name: a code
goes with a day, a name with a day or a place, and ``namesakes`` gives all that ever bore a name.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from catalog.catalogue import Catalogue
from catalog.model import Certainty, Unit, UnitEvent

COUNTRY = Path(__file__).parent / "country.tsv"

TYPES = {
    "x": "xã", "p": "phường", "t": "thị trấn", "k": "đặc khu",
    "h": "huyện", "q": "quận", "i": "thị xã", "f": "thành phố", "T": "tỉnh",
}  # fmt: skip
"""Letter in the file -> type."""

_ONE_DAY = timedelta(days=1)
_WORD = re.compile(r"[^\W_]+")
_CERTAINTIES: tuple[Certainty, ...] = ("V", "V2", "I", "NV")
_EVENT_NAMES = {
    "merger": "nhap",
    "split": "tach",
    "renaming": "doi-ten",
    "code-change": "doi-ma",
}
_UNMARKED = {
    ord(letter): "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]
    for letter in "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
}


class Kin(NamedTuple):
    """A unit that another came from or became; not ``whole`` where only a part of it is meant."""

    unit: Unit
    whole: bool


class Lineage(NamedTuple):
    """Units that share a descent, and all events between them."""

    units: tuple[Unit, ...]
    events: tuple[UnitEvent, ...]


class Row(NamedTuple):
    """A unit in one span as it stands in the file; places are numbers of rows, -1: none."""

    first: date | None
    last: date | None
    type: str
    code: str
    name: str
    tail: str
    successors: tuple[str, ...]
    spellings: tuple[str, ...]
    formerly: tuple[str, ...]
    district: int
    province: int


@dataclass(frozen=True, slots=True)
class _Basis:
    legal_basis: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class _File:
    """``cells`` are the units' lines; ``districts``, ``provinces`` the rows that each lies in."""

    cells: list[list[str]]
    districts: list[int]
    provinces: list[int]
    spans: Mapping[str, tuple[date | None, date | None]]
    bases: Mapping[tuple[date, str], _Basis]


class Country:
    """All units of the country. Cheap to make: the file is read at the first question."""

    @staticmethod
    def load(path: Path = COUNTRY) -> Country:
        """The country of a file, one a process."""
        return _load(path)

    def __init__(self, path: Path = COUNTRY) -> None:
        self._path = path
        self._made: dict[int, Unit] = {}
        self._rows: dict[str, int] = {}
        self._places: dict[int, str] = {}

    def __reduce__(self) -> tuple[Callable[[Path], Country], tuple[Path]]:
        return Country.load, (self._path,)

    @cached_property
    def digest(self) -> str:
        """sha256 of the file."""
        return hashlib.sha256(self._path.read_bytes()).hexdigest()

    # ---- finding ----------------------------------------------------------------------------

    def unit(self, slug: str) -> Unit | None:
        """The unit of a slug; slugs are unique over time."""
        if slug not in self._rows and slug not in self._by_slug:
            return None
        return self._unit(self._at(slug))

    def of_code(self, code: str, on: date) -> Unit | None:
        """The unit that had a code on a day; two digits are a province's, five a commune's."""
        rows = [row for row in self._by_code.get(code, ()) if _is_valid(self._row(row), on)]
        return self._unit(rows[0]) if rows else None

    def find(
        self,
        name: str,
        unit_type: str | None = None,
        *,
        on: date | None = None,
        district: str | None = None,
        province: str | None = None,
    ) -> Unit | None:
        """The one unit of a name, and of a type, on a day or in a place; None if there are more.

        ``district`` and ``province`` are names without types, those that the unit lay in before
        count too. Raises ValueError without a day and a place: a bare name is no unit.
        """
        if on is None and district is None and province is None:
            raise ValueError(f"'{name}': a name goes with a day, a district or a province")
        units = [
            unit
            for unit in self.namesakes(name)
            if unit_type in {None, unit.type}
            and (on is None or unit.is_valid(on))
            and (district is None or lies_in(unit, district, "district"))
            and (province is None or lies_in(unit, province, "province"))
        ]
        return units[0] if len(units) == 1 else None

    def namesakes(self, name: str) -> tuple[Unit, ...]:
        """Every unit, of any type and time, that bears or bore a name (without its type)."""
        return tuple(map(self._unit, self._by_name.get(name_key(name), ())))

    def knows(self, name: str) -> bool:
        """Whether any unit bears or bore a name (without its type)."""
        return name_key(name) in self._by_name

    def on(self, day: date) -> Iterator[Unit]:
        """All units of a day."""
        return (self._unit(row) for row, of in enumerate(self.rows()) if _is_valid(of, day))

    # ---- what became of a unit --------------------------------------------------------------

    def successors(self, slug: str, on: date) -> tuple[Kin, ...]:
        """What a unit had become by a day: every unit that has a part of it, the unit itself while
        it lasts. A figure of the unit is a successor's only if that has the unit whole.
        """
        return self._kin(slug, on, forward=True)

    def predecessors(self, slug: str, on: date) -> tuple[Kin, ...]:
        """What a unit was on a day before it: every unit that it has a part of."""
        return self._kin(slug, on, forward=False)

    def lineage(self, slug: str) -> Lineage:
        """The units that a unit came from and became, those that these share parts with, and all
        events between them.
        """
        start = self._at(slug)
        found, ahead = {start}, [start]
        while ahead:
            row = ahead.pop()
            for kin in (*self._after[row], *self._before[row]):
                if kin not in found:
                    found.add(kin)
                    ahead.append(kin)
        rows = sorted(found)
        return Lineage(tuple(map(self._unit, rows)), tuple(self._events(rows)))

    def events(self) -> Iterator[UnitEvent]:
        """All events of the country."""
        return self._events(range(len(self._file.cells)))

    def surroundings(self, slug: str) -> tuple[str, ...]:
        """The slugs of the district and of the provinces, then and now, that a unit lies in."""
        row = self._row(self._at(slug))
        provinces = [] if row.province < 0 else [row.province, *self._after[row.province]]
        rows = [*([] if row.district < 0 else [row.district]), *provinces]
        return tuple(self._slug(place) for place in rows)

    def _kin(self, slug: str, on: date, *, forward: bool) -> tuple[Kin, ...]:
        start = self._at(slug)
        steps = self._after if forward else self._before
        found: dict[int, bool] = {}
        ahead = [(start, True)]
        while ahead:
            row, whole = ahead.pop()
            if _is_valid(self._row(row), on):
                found[row] = found.get(row, True) and whole
                continue
            for kin in steps[row]:
                parent = row if forward else kin
                ahead.append((kin, whole and len(self._after[parent]) == 1))
        return tuple(Kin(self._unit(row), found[row]) for row in sorted(found))

    def _events(self, rows: Iterable[int]) -> Iterator[UnitEvent]:
        for row in rows:
            if len(self._after[row]) > 1:
                yield self._event("split", [row], self._after[row], row)
            whole = [before for before in self._before[row] if len(self._after[before]) == 1]
            if whole:
                yield self._event(self._kind(whole, row), whole, [row], row)

    def _kind(self, whole: list[int], row: int) -> Literal["merger", "renaming", "code-change"]:
        if len(self._before[row]) > 1:
            return "merger"
        before, after = self._row(whole[0]), self._row(row)
        is_same = (before.type, before.name) == (after.type, after.name)
        return "code-change" if is_same else "renaming"

    def _event(
        self,
        kind: Literal["merger", "split", "renaming", "code-change"],
        predecessors: list[int],
        successors: list[int],
        about: int,
    ) -> UnitEvent:
        after = self._row(successors[0])
        assert after.first is not None
        basis = self._basis(after.first, after)
        return UnitEvent(
            id=f"{_EVENT_NAMES[kind]}-{self._slug(about)}-{after.first}",
            kind=kind,
            effective_on=after.first,
            predecessors=tuple(map(self._slug, predecessors)),
            successors=tuple(map(self._slug, successors)),
            legal_basis=basis.legal_basis,
            source=basis.source,
            certainty=basis.certainty,
        )

    def rows(self) -> Iterator[Row]:
        """The file's units in its order."""
        return map(self._row, range(len(self._file.cells)))

    # ---- units from rows --------------------------------------------------------------------

    def _unit(self, row: int) -> Unit:
        if row not in self._made:
            self._made[row] = self._make(row)
            self._rows[self._made[row].slug] = row
        return self._made[row]

    def _at(self, slug: str) -> int:
        """The row of a slug; that of a unit that was asked for before without going through all."""
        return self._rows[slug] if slug in self._rows else self._by_slug[slug]

    def _make(self, row: int) -> Unit:
        of = self._row(row)
        district = self._row(of.district) if of.district >= 0 else None
        province, former = self._province(of)
        bases = [self._basis(of.first, of)] if of.first else []
        if of.last:
            bases.append(self._basis(of.last + _ONE_DAY, of))
        return Unit.model_validate(
            {
                "slug": self._slug(row),
                "name": of.name,
                "type": of.type,
                "code": of.code,
                "district": f"{district.type} {district.name}" if district else None,
                "province": province,
                "spellings": of.spellings,
                "formerly_in": (*of.formerly, *former),
                "valid_from": of.first,
                "valid_to": of.last,
                "source": "; ".join(dict.fromkeys(basis.source for basis in bases))
                or "vietnamadminunits 1.0.4",
                "certainty": max(
                    (basis.certainty for basis in bases), key=_CERTAINTIES.index, default="V2"
                ),
            }
        )

    def _province(self, of: Row) -> tuple[str, tuple[str, ...]]:
        """The name of the province that a unit lies in, and of one that it lay in before."""
        if of.province < 0:
            return of.name, ()
        province = self._row(of.province)
        if province.last is None or (of.last is not None and of.last <= province.last):
            return province.name, ()
        name = self._provinces[province.successors[0], province.last + _ONE_DAY]
        return name, () if name == province.name else (province.name,)

    def _basis(self, day: date, of: Row) -> _Basis:
        """What a change of a day rests on, in a unit's province or for the provinces themselves."""
        scope = "tỉnh"
        if of.province >= 0:
            province = self._row(of.province)
            has_ended = province.last is not None and province.last < day
            scope = province.successors[0] if has_ended else province.code
        return self._file.bases.get((day, scope)) or self._file.bases[day, "*"]

    @cached_property
    def _provinces(self) -> Mapping[tuple[str, date | None], str]:
        """(Code, first day) -> name."""
        rows = (self._row(row) for row, place in enumerate(self._file.provinces) if place < 0)
        return {(of.code, of.first): of.name for of in rows}

    # ---- the file ---------------------------------------------------------------------------

    @cached_property
    def _file(self) -> _File:
        return _read(self._path.read_text("utf-8"))

    def _row(self, row: int) -> Row:
        file = self._file
        kind, code, name, *others = file.cells[row]
        tail, successors, spellings, formerly = (*others, "", "", "", "")[:4]
        first, last = file.spans[kind[0]]
        return Row(
            first,
            last,
            TYPES[kind[1]],
            code,
            name,
            tail,
            tuple(code if one == "=" else one for one in _listed(successors)),
            _listed(spellings),
            _listed(formerly),
            file.districts[row],
            file.provinces[row],
        )

    @cached_property
    def _by_name(self) -> Mapping[str, list[int]]:
        by_name: dict[str, list[int]] = {}
        for row, cells in enumerate(self._file.cells):
            by_name.setdefault(name_key(cells[2]), []).append(row)
            if len(cells) > 5 and cells[5]:
                for spelling in cells[5].split(","):
                    by_name.setdefault(name_key(spelling), []).append(row)
        return by_name

    @cached_property
    def _by_slug(self) -> Mapping[str, int]:
        return {self._slug(row): row for row in range(len(self._file.cells))}

    def _slug(self, row: int) -> str:
        cells = self._file.cells[row]
        unit_type = TYPES[cells[0][1]]
        slug = slug_of(cells[2], unit_type)
        tail = cells[3] if len(cells) > 3 else ""
        if not tail:
            return slug
        district, province = self._file.districts[row], self._file.provinces[row]
        if tail == "d":
            return f"{slug}-{self._place(district)}"
        first, _ = self._file.spans[cells[0][0]]
        places = self._place(district), self._place(province)
        return with_tail(slug, tail, unit_type, cells[1], *places, first)

    def _place(self, row: int) -> str:
        if row < 0:
            return ""
        if row not in self._places:
            cells = self._file.cells[row]
            self._places[row] = slug_of(cells[2], TYPES[cells[0][1]])
        return self._places[row]

    @cached_property
    def _by_code(self) -> Mapping[str, list[int]]:
        by_code: defaultdict[str, list[int]] = defaultdict(list)
        for row, cells in enumerate(self._file.cells):
            by_code[cells[1]].append(row)
        return by_code

    @cached_property
    def _after(self) -> list[list[int]]:
        """The rows that each row became on the day after its last."""
        spans = self._file.spans
        cells = self._file.cells
        by_key = {(of[1], spans[of[0][0]][0]): row for row, of in enumerate(cells)}
        after: list[list[int]] = []
        for of in cells:
            last = spans[of[0][0]][1]
            became = of[4].split(",") if last and len(of) > 4 and of[4] else ()
            day = last + _ONE_DAY if last else None
            after.append([by_key[of[1] if code == "=" else code, day] for code in became])
        return after

    @cached_property
    def _before(self) -> list[list[int]]:
        before: list[list[int]] = [[] for _ in self._after]
        for row, after in enumerate(self._after):
            for successor in after:
                before[successor].append(row)
        return before


def _read(text: str) -> _File:
    """The file's parts; a unit stands under the district and the province before it."""
    bases: dict[tuple[date, str], _Basis] = {}
    spans: dict[str, tuple[date | None, date | None]] = {}
    units: list[list[str]] = []
    districts: list[int] = []
    provinces: list[int] = []
    district = province = -1
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells[0]) == 2:
            level = len(cells[1])
            if level == 2:
                district = province = -1
            elif level == 3:
                district = -1
            units.append(cells)
            districts.append(district)
            provinces.append(province)
            if level == 2:
                province = len(units) - 1
            elif level == 3:
                district = len(units) - 1
        elif cells[0] == "span":
            first, last = (None if day == "-" else date.fromisoformat(day) for day in cells[2:])
            spans[cells[1]] = first, last
        elif cells[0] == "basis":
            _, day, scope, legal_basis, source, certainty = cells
            (known,) = (one for one in _CERTAINTIES if one == certainty)
            bases[date.fromisoformat(day), scope] = _Basis(legal_basis, source, known)
    return _File(units, districts, provinces, spans, bases)


@cache
def _load(path: Path) -> Country:
    return Country(path)


def with_units(
    catalogue: Catalogue, homes: Iterable[str | None], named: Iterable[str | None] = ()
) -> Catalogue:
    """The catalogue with the country's units that documents are of or name.

    A home, the unit that a document is of, comes with its lineage, its district and its provinces;
    a unit that is only named comes alone, for its figures are nobody's part. What the catalogue has
    of its own stays as it is. The same catalogue where it lacks nothing.
    """
    country = catalogue.country
    if country is None:
        return catalogue
    own = {slug for event in catalogue.unit_events.values() for slug in _slugs_of(event)}
    homes = {_commune(slug) for slug in homes if slug} - own
    lacking = {_commune(slug) for slug in named if slug} - catalogue.units.keys() - homes
    units: dict[str, Unit] = {}
    events: dict[str, UnitEvent] = {}
    for slug in sorted(homes | lacking):
        if country.unit(slug) is None:
            continue
        places = (slug, *country.surroundings(slug)) if slug in homes else (slug,)
        for place in places:
            lineage = country.lineage(place) if slug in homes else Lineage((), ())
            known = country.unit(place)
            units |= {one.slug: one for one in (*lineage.units, *([known] if known else []))}
            events |= {one.id: one for one in lineage.events}
    units = {slug: unit for slug, unit in units.items() if slug not in catalogue.units}
    events = {one.id: one for one in events.values() if own.isdisjoint(_slugs_of(one))}
    if not units and not events:
        return catalogue
    added = hashlib.sha256(f"{catalogue.digest} {sorted(units)} {sorted(events)}".encode())
    return replace(
        catalogue,
        units={**catalogue.units, **units},
        unit_events={**catalogue.unit_events, **events},
        digest=added.hexdigest(),
    )


def lies_in(unit: Unit, name: str, level: Literal["district", "province"]) -> bool:
    """Whether a unit lies or lay in a district or a province of that name (without its type)."""
    place = unit.province if level == "province" else without_type(unit.district)
    return name_key(name) in {name_key(place), *map(name_key, unit.formerly_in)}


def name_key(name: str) -> str:
    """The words of a name, lower case, a number without zeros in front ('Phường 01')."""
    folded = name.lower()
    if not folded.isascii() and not unicodedata.is_normalized("NFC", folded):
        folded = unicodedata.normalize("NFC", folded)
    if folded.replace(" ", "").isalpha():
        return folded
    return " ".join(word.lstrip("0") or word for word in _WORD.findall(folded))


def slug_of(name: str, unit_type: str) -> str:
    """The slug of a name alone; a numbered unit has its type in front ('phuong-1')."""
    if name.isdecimal():
        name = f"{unit_type} {name}"
    bare = name.lower().translate(_UNMARKED).replace("'", "")
    if bare.replace(" ", "").isalpha():
        return bare.replace(" ", "-")
    return "-".join(_WORD.findall(bare))


def with_tail(
    slug: str,
    tail: str,
    unit_type: str,
    code: str,
    district: str,
    province: str,
    first: date | None,
) -> str:
    """A slug made unique by its tail's letters: t its type in front; behind it d its district,
    p its province, c its code, y its first year.
    """
    parts = {
        "d": district,
        "p": province,
        "c": code,
        "y": str(first.year) if first else "",
    }
    front = [slug_of(unit_type, "")] if "t" in tail else []
    return "-".join([*front, slug, *(parts[letter] for letter in tail if letter != "t")])


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(",")) if cell else ()


def _is_valid(row: Row, on: date) -> bool:
    return (row.first is None or row.first <= on) and (row.last is None or on <= row.last)


def without_type(district: str | None) -> str:
    """'Mộ Đức' of 'huyện Mộ Đức'; nothing of None."""
    district = district or ""
    return next(
        (district[len(word) + 1 :] for word in TYPES.values() if district.startswith(f"{word} ")),
        district,
    )


def _commune(slug: str) -> str:
    return slug.partition("/")[0]


def _slugs_of(event: UnitEvent) -> tuple[str, ...]:
    return (*event.predecessors, *event.successors)
