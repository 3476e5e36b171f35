"""Units are found by name, type, place and day; where that does not suffice, there is no slug."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.catalogue import Catalogue
from catalog.model import Unit
from transforms.units import Level, UnitIndex

LAST_DAY = date(2025, 6, 30)
DAY = date(2025, 6, 1)


def unit(
    slug: str,
    type_: str,
    name: str,
    place: str,
    first: date | None = None,
    last: date | None = LAST_DAY,
) -> Unit:
    district, _, province = place.rpartition(", ")
    return Unit(
        slug=slug,
        name=name,
        type=type_,  # type: ignore[arg-type]
        district=district or None,
        province=province,
        valid_from=first,
        valid_to=last,
        source="test",
        certainty="V",
    )


MO_DUC = "huyện Mộ Đức, Quảng Ngãi"
UNITS = [
    unit("duc-loi", "xã", "Đức Lợi", MO_DUC, None, date(2024, 12, 31)),
    unit("duc-thang", "xã", "Đức Thắng", MO_DUC, None, date(2024, 12, 31)),
    unit("thang-loi", "xã", "Thắng Lợi", MO_DUC, date(2025, 1, 1)),
    unit("duc-nhuan", "xã", "Đức Nhuận", MO_DUC),
    unit("duc-hiep", "xã", "Đức Hiệp", MO_DUC),
    unit("duc-chanh", "xã", "Đức Chánh", MO_DUC),
    unit("duc-thanh-quang-ngai", "xã", "Đức Thạnh", MO_DUC),
    unit("long-phung", "xã", "Long Phụng", "Quảng Ngãi", date(2025, 7, 1), None),
    unit("hoa-binh", "xã", "Hòa Bình", "huyện Chợ Mới, An Giang"),
    unit("mo-duc", "huyện", "Mộ Đức", "Quảng Ngãi"),
    unit("quang-ngai", "tỉnh", "Quảng Ngãi", "Quảng Ngãi"),
    unit("quang-ngai-2025", "tỉnh", "Quảng Ngãi", "Quảng Ngãi", date(2025, 7, 1), None),
    unit("ha-noi", "thành phố", "Hà Nội", "Hà Nội", None, None),
    unit("thang-loi-hung-yen", "xã", "Thắng Lợi", "huyện Văn Giang, Hưng Yên"),
    unit("thang-loi-cao-bang", "xã", "Thắng Lợi", "huyện Hạ Lang, Cao Bằng"),
    unit("thang-loi-kon-tum", "phường", "Thắng Lợi", "thành phố Kon Tum, Kon Tum"),
    unit("thang-loi-thanh-hoa", "xã", "Thắng Lợi", "Thanh Hóa", date(2025, 7, 1), None),
    unit("long-phung-long-an", "xã", "Long Phụng", "huyện Cần Giuộc, Long An"),
    unit("duc-thang-ha-noi", "phường", "Đức Thắng", "quận Bắc Từ Liêm, Hà Nội"),
    unit("duc-nhuan-ho-chi-minh", "phường", "Đức Nhuận", "Hồ Chí Minh", date(2025, 7, 1), None),
]


@pytest.fixture(scope="module")
def index() -> UnitIndex:
    units = {one.slug: one for one in UNITS}
    return UnitIndex(Catalogue({}, {}, units, {}, {}, {}, {}, {}, {}, ""))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("xã Đức Hiệp", "duc-hiep"),
        ("Xã đức hiệp", None),
        ("xã đức hiệp", "duc-hiep"),
        ("UBND xã Đức Hiệp", "duc-hiep"),
        ("ỦY BAN NHÂN DÂN\nXÃ ĐỨC HIỆP", "duc-hiep"),
        ("UBND XÃ ĐỨC HIỆP CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "duc-hiep"),
        ("Xã Đức\u00a0Hiệp (cũ)", "duc-hiep"),
        ("Đ ức Hiệp", "duc-hiep"),
        ("UBND xã Đ ức Hiệp", "duc-hiep"),
        ("Đức Thạnh", "duc-thanh-quang-ngai"),
        ("xã Đức Chánh", "duc-chanh"),
        ("xã Đức Thắng", "duc-thang"),
        ("xã Hoà Bình", "hoa-binh"),
        ("xã Thắng Lợi, huyện Mộ Đức", "thang-loi"),
        ("UBND xã Thắng Lợi, Mộ Đức, Quảng Ngãi", "thang-loi"),
        ("xã Thắng Lợi, huyện Văn Giang, tỉnh Hưng Yên", "thang-loi-hung-yen"),
        ("xã Thắng Lợi, Cao Bằng", "thang-loi-cao-bang"),
        ("phường Thắng Lợi", "thang-loi-kon-tum"),
        ("xã Long Phụng, huyện Cần Giuộc", "long-phung-long-an"),
        ("Huyện ủy Mộ Đức", "mo-duc"),
        ("UBND HUYỆN MỘ ĐỨC", "mo-duc"),
        ("tỉnh Quảng Ngãi", "quang-ngai"),
        ("thành phố Hà Nội", "ha-noi"),
        ("thôn 1, xã Đức Nhuận", "duc-nhuan/thon-1"),
        ("thôn Phước Sơn, xã Đức Hiệp có 12 hộ", "duc-hiep/thon-phuoc-son"),
        # not told, or of no unit that we know
        ("xã Thắng Lợi", None),
        ("Thắng Lợi", None),
        ("Đức Nhuận", None),
        ("xã Đức Thanh", None),
        ("Đức Thăng", None),
        ("xã Long Phụng Đông", None),
        ("xã Đức Hiệp, huyện Sơn Tịnh", None),
        ("xã Phổ An, thị xã Đức Phổ", None),
        ("xã Đức Hiệp và xã Đức Nhuận", None),
        ("Nguyễn Đức Hiệp", None),
        ("Trường THCS Đức Nhuận", None),
        ("giành thắng lợi", None),
        ("xã hội học tập", None),
        ("XÂY DỰNG XÃ HỘI HỌC TẬP", None),
        ("xã Nông thôn mới", None),
        ("thôn 1", None),
        ("", None),
    ],
)
def test_find(index: UnitIndex, text: str, slug: str | None) -> None:
    assert index.find(text, DAY) == slug
    assert index.find(unicodedata.normalize("NFD", text), DAY) == slug


@pytest.mark.parametrize(
    ("text", "near", "slug"),
    [
        ("xã Thắng Lợi", "duc-hiep", "thang-loi"),
        ("Thắng Lợi", "long-phung", "thang-loi"),
        ("Đức Nhuận", "duc-hiep", "duc-nhuan"),
        ("Đức Thắng", "duc-hiep", "duc-thang"),
        ("xã Hòa Bình", "duc-hiep", None),
        ("xã Thắng Lợi, tỉnh Hưng Yên", "duc-hiep", "thang-loi-hung-yen"),
        ("thôn 1", "duc-nhuan", "duc-nhuan/thon-1"),
        ("Thôn số 3", "duc-nhuan", "duc-nhuan/thon-3"),
        ("Thôn Khê Thành", "duc-nhuan", "duc-nhuan/thon-khe-thanh"),
        ("Thôn Phú Trung", "duc-nhuan", "duc-nhuan/thon-phu-trung"),
        ("Thôn Phú Hội Khuyến học thôn", "duc-nhuan", "duc-nhuan/thon-phu"),
        ("thôn 2, xã Phổ An", "duc-nhuan", None),
        ("tỉnh Hưng Yên", "duc-hiep", None),
    ],
)
def test_find_near_a_unit(index: UnitIndex, text: str, near: str, slug: str | None) -> None:
    assert index.find(text, DAY, near) == slug


def test_place_given(index: UnitIndex) -> None:
    assert index.find("XÃ THẮNG LỢI", DAY, district="huyện Mộ Đức") == "thang-loi"
    assert index.find("XÃ THẮNG LỢI", DAY, province="tỉnh Hưng Yên") == "thang-loi-hung-yen"
    assert index.find("XÃ THẮNG LỢI", DAY, province="Nghệ An") is None


def test_the_day_tells_the_spans_of_one_province(index: UnitIndex) -> None:
    assert index.find("tỉnh Quảng Ngãi", date(2025, 8, 1)) == "quang-ngai-2025"
    assert index.find("tỉnh Quảng Ngãi") is None
    assert index.find("xã Thắng Lợi", date(2025, 8, 1)) is None  # a former one may be meant


def test_candidates_of_a_namesake(index: UnitIndex) -> None:
    (mention,) = index.mentions("Theo báo cáo của xã Thắng Lợi thì", DAY)
    assert mention.text == "xã Thắng Lợi"
    assert mention.slug is None
    assert mention.candidates == (
        "thang-loi",
        "thang-loi-cao-bang",
        "thang-loi-hung-yen",
        "thang-loi-thanh-hoa",
    )


def test_a_list_tells_its_namesakes(index: UnitIndex) -> None:
    mentions = index.mentions("UBND xã Đức Hiệp, Đức Nhuận và Thắng Lợi đã ban hành", DAY)
    assert [mention.slug for mention in mentions] == ["duc-hiep", "duc-nhuan", "thang-loi"]


def test_generic_mentions(index: UnitIndex) -> None:
    mentions = index.mentions(
        "bình quân của tỉnh 70 %, toàn huyện 75 %, cả nước 60 %", DAY, "duc-hiep"
    )
    assert [(m.level, m.slug, m.generic) for m in mentions] == [
        (Level.PROVINCE, "quang-ngai", True),
        (Level.DISTRICT, "mo-duc", True),
        (Level.COUNTRY, None, True),
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "xã",
                "Đức",
                "Hiệp",
                "Thắng",
                "Lợi",
                "huyện",
                "Mộ",
                ",",
                "\n",
                "Đ ức",
                "thôn",
                "1",
                "của",
                "XÃ",
                ".",
            ]
        ),
        max_size=12,
    )
)
def test_any_text(words: list[str]) -> None:
    catalogue = Catalogue({}, {}, {one.slug: one for one in UNITS}, {}, {}, {}, {}, {}, {}, "")
    text = " ".join(words)
    mentions = UnitIndex(catalogue).mentions(text, DAY, "duc-hiep")
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
    places = [(mention.start, mention.end) for mention in mentions]
    assert places == sorted(places)


def test_every_unit_by_its_full_name(index: UnitIndex) -> None:
    for one in UNITS:
        place = ", ".join(part for part in (one.district, f"tỉnh {one.province}") if part)
        day = one.valid_to or one.valid_from
        assert index.find(f"{one.type} {one.name}, {place}", day) in (one.slug, None)
        if one.district:
            assert index.find(f"{one.type} {one.name}, {place}", day) == one.slug


@pytest.mark.usefixtures("no_hang")
def test_hostile_lengths_are_linear(index: UnitIndex) -> None:
    for hostile in (
        "xã " * 20_000,
        "Đức " * 20_000,
        "xã Đức Hiệp, " * 5_000,
        "a" * 100_000,
        "xã Đức Hiệp" + " " * 50_000 + ",",
    ):
        index.mentions(hostile, DAY, "duc-hiep")
