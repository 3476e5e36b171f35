"""Any of the country's communes is found by its name and place, and never another."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.country import Country, with_units
from catalog.loader import load_catalogue
from catalog.model import Unit
from transforms.units import UnitIndex

BEFORE = date(2025, 6, 30)
AFTER = date(2025, 12, 31)
NEW = "binh-minh-quang-ngai"


@pytest.fixture(scope="module")
def index() -> UnitIndex:
    return UnitIndex(load_catalogue())


@pytest.fixture(scope="module")
def at_home() -> UnitIndex:
    return UnitIndex(with_units(load_catalogue(), [NEW]))


def some(day: date) -> list[Unit]:
    """Every thirteenth commune of a day, wherever it is."""
    return [unit for unit in Country.load().on(day) if len(unit.code or "") == 5][::13]


@pytest.mark.parametrize("day", [date(2023, 6, 1), BEFORE])
def test_a_commune_with_its_district_and_province(index: UnitIndex, day: date) -> None:
    for unit in some(day):
        full = f"{unit.type} {unit.name}, {unit.district}, tỉnh {unit.province}"
        assert index.find(full, day) == unit.slug
        assert index.find(f"UBND {full}".upper(), day) == unit.slug


def test_a_new_commune_with_its_province(index: UnitIndex) -> None:
    for unit in some(AFTER):
        full = f"{unit.type} {unit.name}, tỉnh {unit.province}"
        assert index.find(full, AFTER) == unit.slug
        assert index.find(f"UBND {full}".upper(), AFTER) == unit.slug


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_less_than_that_gives_the_commune_or_nothing(index: UnitIndex, day: date) -> None:
    for unit in some(day):
        for text in (
            f"{unit.type} {unit.name}",
            f"{unit.type} {unit.name}, {unit.province}",
            f"{unit.type} {unit.name} và huyện Mộ Đức",
        ):
            assert index.find(text, day) in {unit.slug, None}, text


def test_a_commune_is_not_of_another_district(index: UnitIndex) -> None:
    for unit in some(BEFORE):
        if unit.district != "huyện Mộ Đức":
            text = f"{unit.type} {unit.name}, huyện Mộ Đức, tỉnh Quảng Ngãi"
            found = index.mentions(text, BEFORE)[0]
            assert found.slug is None or (index.unit(found.slug) or unit).district == "huyện Mộ Đức"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("xã Phổ An, thị xã Đức Phổ", "pho-an"),
        ("UBND XÃ PHỔ AN", "pho-an"),
        ("phường 01, quận Gò Vấp", "phuong-1-go-vap"),
        ("Phường 1, Quận 5", "phuong-1-quan-5"),
        ("xã Ea H'leo, huyện Ea H'leo", "ea-hleo-ea-hleo"),
        ("thị trấn Nông trường Việt Lâm, huyện Vị Xuyên", "nong-truong-viet-lam"),
        ("phường Phố Huế", "pho-hue"),
        ("xã Tân Lập", None),
        ("xã Phổ An, huyện Mộ Đức", None),
        ("phường Cửa Nam, thành phố Hà Nội", "cua-nam-hoan-kiem"),
        ("phường Minh Xuân, thành phố Tuyên Quang", "minh-xuan-tuyen-quang"),
        ("thu ngân sách xã 6 tháng đầu năm", None),
        ("Hạnh Phúc, Thành Công và Đoàn Kết", None),
        ("ĐỘC LẬP - TỰ DO - HẠNH PHÚC", None),
    ],
)
def test_find(index: UnitIndex, text: str, slug: str | None) -> None:
    assert index.find(text, date(2024, 6, 1)) == slug


def test_a_list_goes_on_behind_a_comma_and_not_behind_a_line(index: UnitIndex) -> None:
    text = "các xã Bình Khương, Bình An và Bình Minh, huyện Bình Sơn"
    mentions = index.mentions(text, BEFORE)
    assert [mention.slug for mention in mentions[:3]] == [
        "binh-khuong",
        "binh-an-binh-son",
        "binh-minh-binh-son",
    ]
    text = "UBND XÃ BÌNH KHƯƠNG\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA\nVIỆT NAM"
    assert [mention.slug for mention in index.mentions(text, BEFORE)] == ["binh-khuong"]


def test_the_day_tells_the_former_from_the_new(index: UnitIndex) -> None:
    text = "xã Bình Minh, tỉnh Quảng Ngãi"
    assert index.find(text, BEFORE) == "binh-minh-binh-son"
    assert index.find(text, AFTER) == NEW
    assert index.find(text) is None
    assert index.find("xã Bình Minh (cũ), tỉnh Quảng Ngãi", AFTER) == "binh-minh-binh-son"


def test_among_its_parts_the_new_units_name_is_in_doubt(at_home: UnitIndex) -> None:
    found = at_home.mentions("Trên địa bàn xã Bình Minh có 5 trường", AFTER, NEW)
    assert [mention.slug for mention in found] == [NEW]
    both = ("binh-minh-binh-son", NEW)
    (mention,) = at_home.mentions("Xã Bình Minh", AFTER, NEW)
    assert (mention.slug, mention.candidates) == (None, both)
    for text in ("Xã Bình Minh (cũ)", "xã Bình Minh, xã Bình An, xã Bình Khương"):
        assert at_home.mentions(text, AFTER, NEW)[0].slug == "binh-minh-binh-son"


def test_neighbours_are_known_by_their_bare_names(index: UnitIndex, at_home: UnitIndex) -> None:
    text = "của Bình Khương và Bình An"
    assert index.mentions(text, BEFORE, NEW) == []
    found = at_home.mentions(text, BEFORE, NEW)
    assert [mention.slug for mention in found] == ["binh-khuong", "binh-an-binh-son"]
