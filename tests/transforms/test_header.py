"""Letterheads in the shapes that offices send them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from catalog.loader import load_catalogue
from extractors.document import Block, Cell, Extraction, Finding, Paragraph, Table
from transforms.header import read_header
from transforms.reading import Header, HeaderField, Restated
from transforms.units import UnitIndex

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"


FLATTENED = (
    "UBND HUYỆN MỘ ĐỨC UBND XÃ ĐỨC HIỆP CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM "
    "Độc lập – Tự do – Hạnh phúc Số: 58/BC-UBND Đức Hiệp, ngày 20/6/2025"
)


@pytest.fixture(scope="module")
def units() -> UnitIndex:
    return UnitIndex(load_catalogue())


def table(rows: list[list[str]], index: int = 0) -> Table:
    cells = tuple(
        Cell(row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    return Table(index, len(rows), max(map(len, rows)), cells)


def extraction(*blocks: Table | str) -> Extraction:
    made: list[Block] = []
    index = 0
    for block in blocks:
        if isinstance(block, Table):
            made.append(block)
        else:
            text = block.removeprefix("*")
            made.append(Paragraph(index, text, bold=block.startswith("*")))
            index += 1
    return Extraction("0" * 64, "bao-cao.docx", "application/x-test", None, "test/1", tuple(made))


def letterhead(
    number: str = "Số: 58/BC-UBND",
    day: str = "Đức Hiệp, ngày 20 tháng 6 năm 2025",
    issuer: str = "UBND HUYỆN MỘ ĐỨC\nỦY BAN NHÂN DÂN\nXÃ ĐỨC HIỆP",
) -> Table:
    return table([[issuer, MOTTO], [number, day]])


TITLE = (
    "*BÁO CÁO",
    "*Kết quả xây dựng xã hội học tập năm 2024",
    "Kính gửi: Phòng Giáo dục và Đào tạo huyện Mộ Đức",
)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def restated(about: HeaderField, before: str | None, value: str) -> Restated:
    return Restated("0" * 64, about, before, value)


def test_what_a_decision_states_goes_before_what_the_document_says(units: UnitIndex) -> None:
    document = extraction(letterhead(), *TITLE)
    own, _ = read_header(document, units)
    says = [
        restated("unit", own.unit, "duc-hiep"),
        restated("as_of", own.field("as_of"), "2024-12-31"),
        restated("draft", "signed", "draft"),
        replace(restated("draft", "signed", "signed"), document="1" * 64),
    ]
    header, findings = read_header(document, units, says)
    assert (header.unit, header.as_of, header.draft) == ("duc-hiep", date(2024, 12, 31), True)
    assert header.printed == own
    assert {"draft-document"} <= {finding.code for finding in findings}
    assert replace(header, unit=own.unit, as_of=own.as_of, draft=False, printed=None) == own


def test_what_was_stated_of_another_reading_is_not_taken(units: UnitIndex) -> None:
    document = extraction(letterhead(), *TITLE)
    own, doubts = read_header(document, units)
    says = [restated("unit", None, "duc-hiep"), restated("as_of", "2020-12-31", "2021-12-31")]
    assert read_header(document, units, says) == (own, doubts)


def test_a_document_whose_unit_is_stated_is_not_doubted_for_it(units: UnitIndex) -> None:
    document = extraction(letterhead(issuer="ỦY BAN NHÂN DÂN XÃ KHÔNG ĐÂU"), *TITLE)
    _, doubts = read_header(document, units)
    assert "unit-unknown" in {finding.code for finding in doubts}
    header, findings = read_header(document, units, [restated("unit", None, "duc-hiep")])
    assert header.unit == "duc-hiep"
    assert "unit-unknown" not in {finding.code for finding in findings}


def test_two_column_table(units: UnitIndex) -> None:
    header, findings = read_header(extraction(letterhead(), *TITLE, "*I. TÌNH HÌNH CHUNG"), units)
    assert header == Header(
        unit="duc-hiep",
        number="58/BC-UBND",
        issued_on=date(2025, 6, 20),
        as_of=date(2024, 12, 31),
        kind="Báo cáo",
        title="Kết quả xây dựng xã hội học tập năm 2024",
    )
    assert findings == []


@pytest.mark.parametrize(
    "blocks",
    [
        (
            "UBND HUYỆN MỘ ĐỨC",
            "UBND XÃ ĐỨC HIỆP",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Số: 58/BC-UBND",
            "Đức Hiệp, ngày 20 tháng 6 năm 2025",
        ),
        (
            "UBND HUYỆN MỘ ĐỨC   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "UBND XÃ ĐỨC HIỆP   Độc lập - Tự do - Hạnh phúc",
            "Số: 58/BC-UBND   Đức Hiệp, ngày 20 tháng 6 năm 2025",
        ),
        (FLATTENED,),
        ("UBND XÃ ĐỨC HIỆP\nSố:    58  /BC-UBND", "Đức Hiệp, ngày 20\ntháng 6 năm 2025"),
        (
            table(
                [
                    [
                        "ỦY BAN NHÂN DÂN\nXÃ Đ ỨC HIỆP\n-------\nSố : 58/ BC - UBND",
                        MOTTO + "\nĐức Hiệp, ngày 20 tháng 6 năm 2025",
                    ]
                ]
            ),
        ),
        (
            table(
                [
                    [
                        "ĐẢNG BỘ HUYỆN MỘ ĐỨC\nĐẢNG ỦY XÃ ĐỨC HIỆP\n*\nSố 58/BC-UBND",
                        "ĐẢNG CỘNG SẢN VIỆT NAM\nĐức Hiệp, ngày 20 tháng 6 năm 2025",
                    ]
                ]
            ),
        ),
        (letterhead(issuer="HỘI KHUYẾN HỌC HUYỆN MỘ ĐỨC\nHỘI KHUYẾN HỌC XÃ ĐỨC HIỆP"),),
    ],
)
def test_layouts(units: UnitIndex, blocks: tuple[Table | str, ...]) -> None:
    header, findings = read_header(extraction(*blocks, *TITLE), units)
    assert (header.unit, header.number, header.issued_on) == (
        "duc-hiep",
        "58/BC-UBND",
        date(2025, 6, 20),
    )
    assert header.title == "Kết quả xây dựng xã hội học tập năm 2024"
    assert findings == []


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số:    198  /BC-UBND", "198/BC-UBND"),
        ("Số:09/2010", "09/2010"),
        ("Số 58/BC-UBND", "58/BC-UBND"),
        ("Số: 12/2025/QĐ-UBND", "12/2025/QĐ-UBND"),
        ("Số: 101-BC/ĐU", "101-BC/ĐU"),
        ("số: 58 / BC – UBND", "58/BC-UBND"),
        ("Số: 07/QĐ_BKHCN", "07/QĐ_BKHCN"),
        ("Số: 58/bc-ubnd", "58/bc-ubnd"),
    ],
)
def test_numbers(units: UnitIndex, line: str, number: str) -> None:
    header, _ = read_header(extraction(letterhead(number=line), *TITLE), units)
    assert header.number == number
    assert not header.draft


@pytest.mark.parametrize("line", ["Số:      /BC-UBND", "Số: ....../BC-UBND", "Số: …/BC-UBND", ""])
def test_no_number_is_a_draft(units: UnitIndex, line: str) -> None:
    header, findings = read_header(extraction(letterhead(number=line), *TITLE), units)
    assert (header.number, header.draft) == (None, True)
    assert codes(findings) == ["number-unknown", "draft-document"]


def test_draft_by_its_mark(units: UnitIndex) -> None:
    header, findings = read_header(extraction("*DỰ THẢO LẦN 2", letterhead(), *TITLE), units)
    assert header.draft
    assert codes(findings) == ["draft-document"]


def test_blank_date(units: UnitIndex) -> None:
    header, findings = read_header(
        extraction(letterhead(day="Đức Hiệp, ngày     tháng 6 năm 2025"), *TITLE), units
    )
    assert header.issued_on is None
    assert codes(findings) == ["date-unknown"]


# --- unit -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "unit"),
    [
        ("UBND HUYỆN MỘ ĐỨC\nUBND XÃ THẮNG LỢI", "thang-loi"),
        ("UBND HUYỆN VĂN GIANG\nUBND XÃ THẮNG LỢI", "thang-loi-hung-yen"),
        ("UBND XÃ ĐỨC THẠNH", "duc-thanh-quang-ngai"),
        ("UBND XÃ ĐỨC CHÁNH", "duc-chanh"),
        ("UBND HUYỆN MỘ ĐỨC\nPHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "mo-duc"),
        # told by the addressee
        ("UBND XÃ THẮNG LỢI", "thang-loi"),
    ],
)
def test_units(units: UnitIndex, issuer: str, unit: str) -> None:
    header, findings = read_header(extraction(letterhead(issuer=issuer), *TITLE), units)
    assert header.unit == unit
    assert "unit-unknown" not in codes(findings)


@pytest.mark.parametrize(
    ("issuer", "text"),
    [
        ("UBND HUYỆN SƠN TỊNH\nUBND XÃ PHỔ AN", "XÃ PHỔ AN"),
        ("UBND HUYỆN SƠN TỊNH\nUBND XÃ ĐỨC HIỆP", "XÃ ĐỨC HIỆP"),
        ("UBND XÃ LONG PHỤNG ĐÔNG", "XÃ LONG PHỤNG ĐÔNG"),
        ("UBND XÃ ĐỨC HIỆP\nTRƯỜNG TIỂU HỌC ĐỨC HIỆP", "TRƯỜNG TIỂU HỌC ĐỨC HIỆP"),
    ],
)
def test_unknown_units(units: UnitIndex, issuer: str, text: str) -> None:
    header, findings = read_header(extraction(letterhead(issuer=issuer), *TITLE), units)
    assert header.unit is None
    assert [f.facts["text"] for f in findings if f.code == "unit-unknown"] == [text]


def test_ambiguous_unit(units: UnitIndex) -> None:
    header, findings = read_header(
        extraction(letterhead(issuer="UBND XÃ THẮNG LỢI"), "*BÁO CÁO", "*Kết quả năm 2024"), units
    )
    assert header.unit is None
    (finding,) = [f for f in findings if f.code == "unit-ambiguous"]
    assert "thang-loi-hung-yen" in finding.facts["candidates"]


def test_unit_by_the_title(units: UnitIndex) -> None:
    header, _ = read_header(
        extraction(
            "*BÁO CÁO",
            "*Sơ kết 5 năm trên địa bàn xã Long Phụng",
            "Thực hiện Công văn số 154/SGDĐT-GDTXHSSV của Sở GDĐT tỉnh Quảng Ngãi",
        ),
        units,
    )
    assert (header.unit, header.number, header.draft) == ("long-phung", None, True)


def test_unit_not_valid_on_the_day(units: UnitIndex) -> None:
    _, findings = read_header(
        extraction(
            letterhead(day="Đức Hiệp, ngày 20 tháng 9 năm 2025"), "*BÁO CÁO", "*Kết quả năm 2025"
        ),
        units,
    )
    assert codes(findings) == ["unit-not-valid"]


# --- kind, title, period --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "kind", "title"),
    [
        (
            ("*BÁO CÁO", "*Sơ kết 5 năm thực hiện Đề án", "*giai đoạn 2021-2030", "*I. TÌNH HÌNH"),
            "Báo cáo",
            "Sơ kết 5 năm thực hiện Đề án giai đoạn 2021-2030",
        ),
        (
            ("BÁO CÁO", "Kết quả 6 tháng đầu năm 2025", "Thực hiện Công văn số 5/UBND"),
            "Báo cáo",
            "Kết quả 6 tháng đầu năm 2025",
        ),
        (
            ("*BÁO CÁO TỔNG KẾT NĂM 2024", "Căn cứ Quyết định số 5/QĐ-UBND"),
            "Báo cáo",
            "TỔNG KẾT NĂM 2024",
        ),
        (
            ("*KẾ HOẠCH", "*Xây dựng xã hội học tập năm 2025"),
            "Kế hoạch",
            "Xây dựng xã hội học tập năm 2025",
        ),
        (("*TỜ TRÌNH\nVề việc công nhận", "Kính gửi: UBND huyện"), "Tờ trình", "Về việc công nhận"),
    ],
)
def test_kind_and_title(units: UnitIndex, blocks: tuple[str, ...], kind: str, title: str) -> None:
    header, _ = read_header(extraction(letterhead(), *blocks), units)
    assert (header.kind, header.title) == (kind, title)


def test_letter(units: UnitIndex) -> None:
    header, _ = read_header(
        extraction(
            letterhead(number="Số: 15/UBND-VX\nV/v báo cáo kết quả\nnăm 2024"),
            "Kính gửi: UBND huyện Mộ Đức",
        ),
        units,
    )
    assert (header.number, header.title, header.as_of) == (
        "15/UBND-VX",
        "báo cáo kết quả năm 2024",
        date(2024, 12, 31),
    )


@pytest.mark.parametrize(
    ("title", "body", "day"),
    [
        ("Kết quả 6 tháng đầu năm 2025", "", date(2025, 6, 30)),
        ("Kết quả quý I năm 2025", "", date(2025, 3, 31)),
        (
            "Sơ kết Đề án giai đoạn 2021-2030",
            "báo cáo kết quả (số liệu tính đến tháng 06/2025) như sau:",
            date(2025, 6, 30),
        ),
        (
            "Sơ kết Đề án “Xã hội học tập năm 2020”",
            "Số liệu tính đến ngày 31/5/2025.",
            date(2025, 5, 31),
        ),
        ("Kết quả giai đoạn 2021-2025", "mục tiêu đến năm 2030", date(2025, 12, 31)),
        ("Sơ kết Đề án giai đoạn 2021-2030", "mục tiêu đến năm 2025 là 70 %", None),
        ("Kết quả năm 2024", "Số liệu tính đến ngày 31/8/2024 như sau:", date(2024, 8, 31)),
        ("Kết quả năm 2024", "Số liệu tính đến ngày 31/8/2023 như sau:", date(2024, 12, 31)),
        ("Sơ kết", "Tính đến 31/5/2025 có 5 thôn, tính đến 30/6/2025 có 6 thôn", None),
    ],
)
def test_as_of(units: UnitIndex, title: str, body: str, day: date | None) -> None:
    header, findings = read_header(extraction(letterhead(), "*BÁO CÁO", f"*{title}", body), units)
    assert header.as_of == day
    assert ("as-of-unknown" in codes(findings)) == (day is None)


def test_as_of_from_a_table_header(units: UnitIndex) -> None:
    rows = [["TT", "Nội dung", "Kết quả tính đến\nthời điểm\ntháng 06/\n2025"], ["1", "Hộ", "5"]]
    header, _ = read_header(
        extraction(letterhead(), "*BÁO CÁO", "*Sơ kết Đề án", "*I. KẾT QUẢ", table(rows, 1)), units
    )
    assert header.as_of == date(2025, 6, 30)


def test_the_day_beside_the_signature(units: UnitIndex) -> None:
    header, _ = read_header(
        extraction(
            "UBND XÃ ĐỨC HIỆP",
            "Số: 15/BC-UBND",
            "*BÁO CÁO",
            "*Kết quả năm 2024",
            "Thẩm định ngày 28/12/2024.",
            "Đức Hiệp, ngày 10 tháng 01 năm 2025",
            "CHỦ TỊCH",
        ),
        units,
    )
    assert header.issued_on == date(2025, 1, 10)


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (("MỘT SỐ CHỈ TIÊU CÁC THÔN ĐẾN 30/6/2024",), date(2024, 6, 30)),
        (("QUY MÔ TRƯỜNG, LỚP", "Cuối năm học 2023-2024 (31/5/2024)"), date(2024, 5, 31)),
        (("THU, CHI QUỸ NĂM 2024 (đơn vị: nghìn đồng)",), date(2024, 12, 31)),
    ],
)
def test_titles_without_a_letterhead(units: UnitIndex, lines: tuple[str, ...], day: date) -> None:
    header, _ = read_header(extraction("UBND XÃ ĐỨC HIỆP, HUYỆN MỘ ĐỨC", *lines), units)
    assert (header.as_of, header.issued_on) == (day, None)


def test_form_without_letterhead(units: UnitIndex) -> None:
    rows = [
        ["BIỂU TỔNG HỢP KẾT QUẢ NĂM 2024", ""],
        ["Đơn vị báo cáo: UBND xã Đức Nhuận, huyện Mộ Đức", ""],
        ["Chỉ tiêu", "Kết quả"],
        ["Hộ", "5"],
    ]
    header, _ = read_header(extraction(table(rows)), units)
    assert header.unit == "duc-nhuan"


# --- supersession ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "body", "supersession", "supersedes"),
    [
        (
            "Kết quả năm 2024",
            "Báo cáo này thay thế Báo cáo số 58/BC-UBND ngày 20/6/2025.",
            "replaces",
            "58/BC-UBND",
        ),
        (
            "Kết quả năm 2024 (thay thế Báo cáo số 40/BC-UBND ngày 01/6/2025)",
            "",
            "replaces",
            "40/BC-UBND",
        ),
        (
            "Đính chính số liệu tại Báo cáo số 40/BC-UBND ngày 01/6/2025",
            "",
            "corrects",
            "40/BC-UBND",
        ),
        ("Bổ sung Báo cáo số 40 /BC-UBND", "", "supplements", "40/BC-UBND"),
        ("Bổ sung, thay thế Báo cáo số 40/BC-UBND", "", "replaces", "40/BC-UBND"),
        (
            "Kết quả",
            "Thực hiện Quyết định số 5/QĐ-UBND sửa đổi, bổ sung Quyết định số 4/QĐ-UBND",
            None,
            None,
        ),
        (
            "Kết quả",
            "UBND xã đã bổ sung kinh phí theo đề nghị tại Báo cáo số 4/BC-UBND",
            None,
            None,
        ),
    ],
)
def test_supersession(
    units: UnitIndex, title: str, body: str, supersession: str | None, supersedes: str | None
) -> None:
    header, _ = read_header(
        extraction(letterhead("Số: 61/BC-UBND"), "*BÁO CÁO", f"*{title}", body), units
    )
    assert (header.supersession, header.supersedes) == (supersession, supersedes)


def test_nothing(units: UnitIndex) -> None:
    header, findings = read_header(extraction(), units)
    assert header == Header(draft=True)
    assert codes(findings) == [
        "unit-unknown",
        "number-unknown",
        "date-unknown",
        "as-of-unknown",
        "draft-document",
    ]
