from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import example

from catalog.model import Sentence
from reports.facts import Passage, Spoken
from reports.notes import Table
from reports.prose import narrated
from reports.report import report_fields

SENTENCES = {
    "rate": Sentence(id="rate", text="{name} toàn {area} đạt {value} %{fraction}."),
    "count": Sentence(id="count", text="{name} toàn {area} là {value} {unit_of_measure}."),
}
NAMES = {"duc-hiep": "Đức Hiệp", "duc-nhuan": "Đức Nhuận", "thang-loi": "Thắng Lợi"}
CONSOLIDATED = "Gia đình học tập toàn xã đạt 78,62 % (3.721/4.733 hộ)."
HIEP = "Có 1.204/1.511 hộ đạt danh hiệu, đạt 79,68 %, vượt 9,68 % so với mục tiêu 70 %."
NHUAN = "Có 987/1.320 hộ đạt danh hiệu; các thôn đều đăng ký từ đầu năm."
LOI = "Toàn xã có 1.530/1.902 hộ đạt danh hiệu."


def said(unit: str, text: str, row: int = 20) -> Passage:
    """A paragraph of one former commune under I.1."""
    origin = {"document": example.SHA[unit], "unit": unit, "row": row, "text": text}
    attributed = f"Tại xã {NAMES[unit]} (cũ): {text}"
    return Passage(["I", "1"], "Thuận lợi", row, attributed, "own", [origin])


def figures(
    by: str, sentence: str, *values: str, indicator: str | None = "gia-dinh", **more: object
) -> list[Spoken]:
    plain = {
        "document": example.SHA[by],
        "unit": by,
        "row": 20,
        "text": sentence,
        "indicator": indicator,
        "measure": "numerator",
        "as_of": example.AT,
        "unit_of_measure": "hộ",
    }
    return [Spoken(**plain | more, value=Decimal(value)) for value in values]  # type: ignore[arg-type]


SPOKEN = [
    *figures("duc-hiep", HIEP, "1204", "1511"),
    *figures("duc-hiep", HIEP, "9.68", indicator=None, unit_of_measure="%", measure="result"),
    *figures("duc-hiep", HIEP, "70", measure="target", as_of=example.DUE),
    *figures("duc-nhuan", NHUAN.partition(" các")[0], "987", "1320"),
    *figures("thang-loi", LOI, "1530", "1902"),
]
PASSAGES = [said("duc-hiep", HIEP), said("duc-nhuan", NHUAN), said("thang-loi", LOI)]


def texts(passages, spoken, **more) -> list[str]:
    catalogue = replace(example.catalogue(), sentences=SENTENCES)
    facts = replace(example.facts(), passages=tuple(passages), spoken=tuple(spoken), **more)
    return [passage.text for passage in narrated(facts, Table(facts, catalogue))]


def test_one_sentence_stands_for_the_figures_of_several_communes():
    assert texts(PASSAGES, SPOKEN) == [
        CONSOLIDATED,
        "Tại xã Đức Nhuận (cũ): Các thôn đều đăng ký từ đầu năm.",
    ]


def test_the_figure_in_text_is_the_annexes():
    catalogue = replace(example.catalogue(), sentences=SENTENCES)
    facts = replace(example.facts(), passages=tuple(PASSAGES), spoken=tuple(SPOKEN))
    fields = report_fields(facts, catalogue)
    row = next(row for row in fields.phu_luc_2["dong"] if row["noi_dung"].startswith("Gia đình"))
    assert f"{row['ket_qua']} % ({row['ghi_chu']})" in CONSOLIDATED
    assert CONSOLIDATED in [part["van_ban"] for part in fields.noi_dung]


def test_its_origins_are_the_paragraphs_that_it_stands_for():
    catalogue = replace(example.catalogue(), sentences=SENTENCES)
    facts = replace(example.facts(), passages=tuple(PASSAGES), spoken=tuple(SPOKEN))
    first = narrated(facts, Table(facts, catalogue))[0]
    assert first.origin == "consolidated"
    assert [origin["text"] for origin in first.origins] == [HIEP, NHUAN, LOI]


def test_without_a_consolidated_value_the_communes_sentences_stay_attributed():
    spoken = [replace(each, indicator=each.indicator and "dong-ho") for each in SPOKEN]
    assert texts(PASSAGES, spoken) == [passage.text for passage in PASSAGES]


def test_one_communes_figure_stays_its_own():
    assert texts(PASSAGES[:1], SPOKEN) == [PASSAGES[0].text]


def test_a_sentence_with_a_figure_of_another_day_or_place_stays():
    village = "Có 1.204/1.511 hộ đạt danh hiệu, riêng thôn 4 là 168 hộ."
    earlier = "Toàn xã có 1.530/1.902 hộ đạt danh hiệu, năm 2021 là 900 hộ."
    passages = [said("duc-hiep", village), PASSAGES[1], said("thang-loi", earlier)]
    spoken = [
        *figures("duc-hiep", village, "1204", "1511"),
        *figures("duc-hiep", village, "168", unit="duc-hiep/thon-4"),
        *SPOKEN[4:6],
        *figures("thang-loi", earlier, "1530", "1902"),
        *figures("thang-loi", earlier, "900", as_of=example.AT.replace(year=2021)),
    ]
    assert texts(passages, spoken) == [
        CONSOLIDATED,
        passages[0].text,
        "Tại xã Đức Nhuận (cũ): Các thôn đều đăng ký từ đầu năm.",
        passages[2].text,
    ]


def test_what_a_sentence_says_besides_is_not_lost():
    first = "Nhờ các chi hội vận động đến từng nhà, có 1.204/1.511 hộ đạt danh hiệu."
    behind = "Có 987/1.320 hộ đạt danh hiệu, nhiều nhất là ở các thôn dọc Quốc lộ 1."
    passages = [said("duc-hiep", first), said("duc-nhuan", behind)]
    spoken = [
        *figures("duc-hiep", first, "1204", "1511"),
        *figures("duc-nhuan", behind, "987", "1320"),
    ]
    assert texts(passages, spoken) == [
        CONSOLIDATED,
        passages[0].text,
        "Tại xã Đức Nhuận (cũ): Nhiều nhất là ở các thôn dọc Quốc lộ 1.",
    ]


def test_a_sentence_that_the_next_one_leans_on_stays():
    text = "Có 987/1.320 hộ đạt danh hiệu; tỷ lệ chung của huyện là 76,35 %."
    first, second = text.split("; ")
    passages = [PASSAGES[0], said("duc-nhuan", text)]
    spoken = [
        *SPOKEN[:4],
        *figures("duc-nhuan", f"{first};", "987", "1320"),
        *figures("duc-nhuan", second, "76.35", indicator=None, unit="mo-duc"),
    ]
    assert texts(passages, spoken) == [CONSOLIDATED, passages[1].text]


def test_paragraphs_that_say_the_same_without_their_figures_stand_once():
    said_by_all = "Các cơ quan đăng ký từ đầu năm."
    passages = [said(unit, f"{said_by_all} {LOI}") for unit in NAMES]
    spoken = [each for unit in NAMES for each in figures(unit, LOI, "1530", "1902")]
    assert texts(passages, spoken) == [
        CONSOLIDATED,
        f"Tại xã Đức Hiệp, xã Đức Nhuận và xã Thắng Lợi (cũ): {said_by_all}",
    ]


def test_a_count_says_its_unit_and_that_it_is_estimated():
    sentences = {
        unit: f"Trung tâm mở {n} lớp." for unit, n in (("duc-hiep", 404), ("duc-nhuan", 400))
    }
    passages = [said(unit, text) for unit, text in sentences.items()]
    spoken = [
        each
        for unit, text in sentences.items()
        for each in figures(unit, text, text.split()[3], indicator="so-lop", measure="count")
    ]
    assert texts(passages, spoken) == ["Số lớp chuyên đề toàn xã là 1.204 lớp (ước thực hiện)."]


def test_a_paragraph_whose_sentences_are_not_its_documents_stays():
    odd = replace(PASSAGES[0], text="Tại xã Đức Hiệp (cũ): Có 1.204/1.511 hộ. Đạt 79,68 %. Vượt.")
    spoken = [replace(each, row=20) for each in SPOKEN]
    assert odd.text in texts([odd, *PASSAGES[1:]], spoken)
