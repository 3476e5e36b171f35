"""Citations of documents in sentences and in tables, each document once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.catalogue import Catalogue
from catalog.loader import load_catalogue
from extractors.document import Block, Cell, Extraction, Finding, Paragraph, Table
from transforms.directives import read_directives
from transforms.reading import Directive, Header


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def read(
    catalogue: Catalogue, *blocks: str | list[list[str]], header: Header | None = None
) -> tuple[list[Directive], list[Finding]]:
    made: list[Block] = []
    for index, block in enumerate(blocks):
        if isinstance(block, str):
            made.append(Paragraph(index, block))
        else:
            cells = tuple(
                Cell(r, c, text) for r, row in enumerate(block) for c, text in enumerate(row)
            )
            made.append(Table(index, len(block), len(block[0]), cells))
    extraction = Extraction("0" * 64, "x", "x", None, "x", tuple(made))
    return read_directives(extraction, header or Header(), catalogue)


def shown(
    directives: list[Directive],
) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    return [
        (one.kind, one.number, str(one.issued_on) if one.issued_on else None, one.issuer, one.title)
        for one in directives
    ]


# A citation and, after '=', its kind | number | day | issuer | title, '-' for none.
CITATIONS = """
Căn cứ Quyết định số 1373/QĐ-TTg ngày 30/7/2021 của Thủ tướng Chính phủ phê duyệt Đề án
“Xây dựng xã hội học tập giai đoạn 2021-2030”;
= Quyết định | 1373/QĐ-TTg | 2021-07-30 | Thủ tướng Chính phủ
| phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”

Công văn 154/SGDĐT-GDTXHSSV ngày 17/7/2025 của Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi
về việc báo cáo sơ kết 5 năm;
= Công văn | 154/SGDĐT-GDTXHSSV | 2025-07-17 | Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi
| về việc báo cáo sơ kết 5 năm

thực hiện Quyết định số 387/QĐ-TTg ngày 25 tháng 3 năm 2022 của Thủ tướng Chính phủ, xã tổ chức
= Quyết định | 387/QĐ-TTg | 2022-03-25 | Thủ tướng Chính phủ | -

theo Nghị quyết số 29-NQ/TW ngày 04/11/2013 của Ban Chấp hành Trung ương.
= Nghị quyết | 29-NQ/TW | 2013-11-04 | Ban Chấp hành Trung ương | -

theo Nghị định số 30/2020/NĐ-CP.
= Nghị định | 30/2020/NĐ-CP | - | Chính phủ | -

theo Thông tư 44/2014/TT-BGDĐT
= Thông tư | 44/2014/TT-BGDĐT | - | Bộ Giáo dục và Đào tạo | -

xã ban hành Kế hoạch số 14/KH-UBND, ngày 18/02/2022 và thành lập Ban Chỉ đạo
= Kế hoạch | 14/KH-UBND | 2022-02-18 | - | -

xã ban hành 14/KH-UBND (ngày 18/02/2022)
= Kế hoạch | 14/KH-UBND | 2022-02-18 | - | -

Theo đề nghị của Phòng Giáo dục huyện Mộ Đức tại Công văn số 286/PGDĐT ngày 02/6/2025
= Công văn | 286/PGDĐT | 2025-06-02 | Phòng Giáo dục huyện Mộ Đức | -

QĐ số 07/QĐ - UBND ngày
24/1/2025 của UBND xã Đức Hiệp
= Quyết định | 07/QĐ-UBND | 2025-01-24 | UBND xã Đức Hiệp | -

15/UBND-VX ngày 03/7/2020
= Công văn | 15/UBND-VX | 2020-07-03 | - | -

Luật số 43/2019/QH14
= Luật | 43/2019/QH14 | - | - | -

Căn cứ Luật Giáo dục ngày 14 tháng 6 năm 2019;
= Luật | - | 2019-06-14 | Quốc hội | Luật Giáo dục

theo Luật Giáo dục năm 2019
= Luật | - | - | Quốc hội | Luật Giáo dục năm 2019

Thực hiện Công văn ngày 17/7/2025 của Sở Nội vụ về báo cáo.
= Công văn | - | 2025-07-17 | Sở Nội vụ | về báo cáo

theo Quyết định số 5/QĐ-BVHTTDL của Bộ Văn hóa, Thể thao và Du lịch ban hành Bộ tiêu chí.
= Quyết định | 5/QĐ-BVHTTDL | - | Bộ Văn hóa, Thể thao và Du lịch | ban hành Bộ tiêu chí
"""


@pytest.mark.parametrize("case", CITATIONS.strip().split("\n\n"))
def test_sentences(catalogue: Catalogue, case: str) -> None:
    sentence, expected = case.split("\n=")
    directives, _ = read(catalogue, sentence)
    assert shown(directives) == [
        tuple(None if part.strip() == "-" else part.strip() for part in expected.split("|"))
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Toàn xã có 12/15 thôn, 4.514/16.091 hộ đạt chuẩn năm 2024.",
        "UBND xã đã ban hành kế hoạch thực hiện Đề án giai đoạn 2021-2030.",
        "Đề án được phê duyệt ngày 30/7/2021.",
        "Báo cáo quý I/2025, tháng 6/2025 của xã.",
        "",
    ],
)
def test_no_citation(catalogue: Catalogue, sentence: str) -> None:
    assert read(catalogue, sentence) == ([], [])


def test_several_in_one_sentence(catalogue: Catalogue) -> None:
    directives, _ = read(
        catalogue,
        "theo Quyết định số 387/QĐ-TTG của Thủ tướng Chính phủ phê duyệt chương trình Đẩy mạnh "
        "phong trào học tập và Quyết định số 677/QĐ-TTg của Thủ tướng Chính phủ phê duyệt "
        "chương trình “Công dân học tập”; các trường phối hợp",
    )
    assert [(one.number, one.title) for one in directives] == [
        ("387/QĐ-TTG", "phê duyệt chương trình Đẩy mạnh phong trào học tập"),
        ("677/QĐ-TTg", "phê duyệt chương trình “Công dân học tập”"),
    ]


def test_once_each_and_the_fullest(catalogue: Catalogue) -> None:
    directives, findings = read(
        catalogue,
        "Thực hiện Quyết định số 387/QĐ-TTG, xã triển khai.",
        "Quyết định số 387/QĐ-TTg ngày 25/3/2022 của Thủ tướng Chính phủ phê duyệt Chương trình.",
        "Kế hoạch số 5/KH-UBND ngày 01/02/2022 của UBND huyện; "
        "Kế hoạch số 05/KH-UBND ngày 03/3/2023 của UBND xã.",
        "Theo 387/QĐ-TTg.",
    )
    assert [(one.number, one.issued_on, one.source.row) for one in directives] == [
        ("387/QĐ-TTg", date(2022, 3, 25), 1),
        ("5/KH-UBND", date(2022, 2, 1), 2),
        ("05/KH-UBND", date(2023, 3, 3), 2),
    ]
    assert findings == []


def test_the_document_itself_is_left_out(catalogue: Catalogue) -> None:
    header = Header(number="58/BC-UBND", issued_on=date(2025, 6, 20))
    directives, _ = read(
        catalogue,
        "(Kèm theo Báo cáo số 58 /BC-UBND ngày 20/6/2025 của UBND xã Đức Hiệp)",
        "theo Báo cáo số 58/BC-UBND ngày 05/6/2024 của UBND xã",
        header=header,
    )
    assert [one.issued_on for one in directives] == [date(2024, 6, 5)]


TITLE = "Phê duyệt Đề án học tập"
PRIME_MINISTER = "Thủ tướng Chính phủ"
ROW = ("Quyết định", "1373/QĐ-TTg", "2021-07-30", PRIME_MINISTER, TITLE)


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["TT", "Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Trích yếu"],
            ["1", "1373/QĐ-TTg", "30/7/2021", PRIME_MINISTER, TITLE],
        ],
        [
            ["Trích yếu", "Cơ quan ban hành", "Loại văn bản", "Ngày, tháng", "Số ký hiệu"],
            [TITLE, PRIME_MINISTER, "Quyết định", "30.7.2021", "1373 /QĐ-TTg"],
        ],
        [
            ["STT", "Tên văn bản", "Cơ quan ban hành", "Nội dung"],
            ["1", "Quyết định số 1373/QĐ-TTg ngày 30/7/2021", PRIME_MINISTER, TITLE],
        ],
        [
            ["Văn bản", "Nơi ban hành", "Về việc"],
            ["Số: 1373/QĐ-TTg\nngày 30 tháng 7\nnăm 2021", PRIME_MINISTER, TITLE],
        ],
        [
            ["TT", "Văn bản"],
            ["1", f"Quyết định số 1373/QĐ-TTg ngày 30/7/2021 của {PRIME_MINISTER} {TITLE}"],
        ],
    ],
)
def test_tables(catalogue: Catalogue, rows: list[list[str]]) -> None:
    directives, findings = read(catalogue, rows)
    assert shown(directives) == [ROW]
    assert directives[0].source.kind == "table"
    assert findings == []


def test_kind_from_the_title_of_a_row(catalogue: Catalogue) -> None:
    rows = [
        ["TT", "Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Trích yếu nội dung"],
        [
            "1",
            "3320/BGDĐT-GDTX",
            "06/8/2021",
            "Bộ Giáo dục và Đào tạo",
            "Công văn về việc triển khai",
        ],
        ["2", "", "06/9/2021", "UBND xã Đức Hiệp", "Quyết định thành lập Ban Chỉ đạo"],
        ["3", "05-NQ/ĐU", "12/4/2022", "Đảng ủy xã", "Tăng cường lãnh đạo"],
    ]
    directives, findings = read(catalogue, rows)
    assert [(one.kind, one.number) for one in directives] == [
        ("Công văn", "3320/BGDĐT-GDTX"),
        ("Quyết định", None),
        ("Nghị quyết", "05-NQ/ĐU"),
    ]
    assert [finding.code for finding in findings] == ["directive-incomplete"]


def test_figures_are_no_directives(catalogue: Catalogue) -> None:
    rows = [["TT", "Chỉ tiêu", "Kết quả"], ["1", "Hộ", "12/15"], ["2", "Thôn", "3/5"]]
    assert read(catalogue, rows) == ([], [])


# --- checks against the catalogue -----------------------------------------------------------


PROGRAMME = "Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”"


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        (
            f"{PROGRAMME} được {PRIME_MINISTER} phê duyệt tại Quyết định số 89/QĐ-TTg đã nêu",
            "Quyết định số 89/QĐ-TTg",
        ),
        (
            f"Quyết định số 89/QĐ-TTg của {PRIME_MINISTER} phê duyệt {PROGRAMME}",
            "Quyết định số 89/QĐ-TTg",
        ),
        (
            f"Quyết định số 1373/QĐ-TTg ngày 03/7/2021 của {PRIME_MINISTER}",
            "Quyết định số 1373/QĐ-TTg ngày 03/07/2021",
        ),
    ],
)
def test_mismatch(catalogue: Catalogue, sentence: str, cited: str) -> None:
    _, findings = read(catalogue, sentence)
    (finding,) = [one for one in findings if one.code == "reference-mismatch"]
    assert finding.facts["cited"] == cited
    assert finding.facts["expected"] == "Quyết định số 1373/QĐ-TTg ngày 30/07/2021"
    assert finding.source is not None


@pytest.mark.parametrize(
    "sentence",
    [
        f"Quyết định số 1373/QĐ-TTg ngày 30/7/2021 của {PRIME_MINISTER} phê duyệt {PROGRAMME}",
        "89/QĐ-TTg ngày 09/01/2013 phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2012-2020”",
        f"Kế hoạch số 14/KH-UBND ngày 18/02/2022 thực hiện {PROGRAMME}",
        f"Quyết định số 1741/QĐ-UBND ngày 08/11/2021 ban hành Kế hoạch thực hiện {PROGRAMME}",
        f"Quyết định số 89/QĐ-TTg ngày 17/01/2024 của {PRIME_MINISTER} về việc khác",
    ],
)
def test_no_mismatch(catalogue: Catalogue, sentence: str) -> None:
    _, findings = read(catalogue, sentence)
    assert "reference-mismatch" not in [finding.code for finding in findings]


# --- properties -----------------------------------------------------------------------------


@given(
    st.integers(1, 9999),
    st.sampled_from(["QĐ-TTg", "KH-UBND", "NQ-HĐND", "UBND-VX", "SGDĐT-GDTXHSSV", "QĐ-UBND"]),
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["ngày {:%d/%m/%Y}", "ngày {:%d tháng %m năm %Y}", "ngày {:%d.%m.%Y}"]),
)
def test_every_number_and_day(number: int, symbol: str, day: date, form: str) -> None:
    text = f"Căn cứ văn bản số {number:02}/{symbol} {form.format(day)} của UBND tỉnh Quảng Ngãi;"
    (directive,), _ = read(CATALOGUE, text)
    assert (directive.number, directive.issued_on) == (f"{number:02}/{symbol}", day)
    assert directive.issuer == "UBND tỉnh Quảng Ngãi"


@given(st.text(alphabet="Quyếtđịnhsố 123/QĐ-TTg ngàycủaUBND“”,;.\n", max_size=200))
def test_any_text(text: str) -> None:
    read(CATALOGUE, text, [["Số ký hiệu", text], [text, "30/7/2021"]])


CATALOGUE = load_catalogue()


@pytest.mark.usefixtures("no_hang")
def test_hostile_lengths_are_linear(catalogue: Catalogue) -> None:
    for hostile in (
        "1/Q" * 20_000,
        "Quyết định số " * 5_000,
        "của UBND " * 5_000,
        "“" * 20_000,
        "Luật A" * 10_000,
        "1/QĐ-TTg " * 3_000,
        "".join(f"Quyết định số {n}/QĐ-TTg ngày 5/6/2021; " for n in range(3_000)),
    ):
        read(catalogue, hostile)
    rows = [["12/15", "30/6/2025", "Kế hoạch", "x"]] * 5_000
    read(catalogue, rows, *[f"Kế hoạch số {n}/KH-UBND ngày 5/6/2021" for n in range(3_000)])
