"""Outlines as offices write them: which paragraph is a heading, and under what."""

from __future__ import annotations

import pytest

from extractors.document import Block, Cell, Extraction, Paragraph, Table
from transforms.reading import Section
from transforms.sections import mark_of, read_sections


def sections(*lines: str | Table) -> list[Section]:
    """Sections of lines; '*' before a line makes it bold, '#' gives it a heading style."""
    blocks: list[Block] = []
    for line in lines:
        if isinstance(line, Table):
            blocks.append(line)
            continue
        index = sum(isinstance(block, Paragraph) for block in blocks)
        level = 0 if line.startswith("#") else None
        blocks.append(Paragraph(index, line.lstrip("*#"), bold=line.startswith("*"), level=level))
    return read_sections(Extraction("0" * 64, "x", "x", None, "x", tuple(blocks)))


def outline(*lines: str | Table) -> list[str]:
    """'path: heading: number of paragraphs' of each section."""
    return [
        f"{'/'.join(one.path)}: {one.heading}: {len(one.paragraphs)}" for one in sections(*lines)
    ]


TEXT = "Đảng ủy, Ủy ban nhân dân xã thường xuyên quan tâm chỉ đạo công tác này trên địa bàn."


def test_paths_outermost_first() -> None:
    assert outline(
        "*I. TÌNH HÌNH CHUNG", TEXT,
        "*II. KẾT QUẢ", "*1. Công tác chỉ đạo", TEXT,
        "*4. Đánh giá", "*4.1. Cộng đồng học tập", TEXT, TEXT,
        "*4.4. Chương trình", "a. Phương thức", TEXT, "b. Phối hợp", TEXT,
        "*4.5. Công dân học tập", "a) Phương thức", TEXT,
        "*III. ĐÁNH GIÁ CHUNG", "*1. Ưu điểm", "- Một.", "- Hai.",
    ) == [
        "I: TÌNH HÌNH CHUNG: 1",
        "II: KẾT QUẢ: 0",
        "II/1: Công tác chỉ đạo: 1",
        "II/4: Đánh giá: 0",
        "II/4/4.1: Cộng đồng học tập: 2",
        "II/4/4.4: Chương trình: 0",
        "II/4/4.4/a: Phương thức: 1",
        "II/4/4.4/b: Phối hợp: 1",
        "II/4/4.5: Công dân học tập: 0",
        "II/4/4.5/a: Phương thức: 1",
        "III: ĐÁNH GIÁ CHUNG: 0",
        "III/1: Ưu điểm: 2",
    ]  # fmt: skip


def test_paragraphs_keep_their_text_and_index() -> None:
    assert sections("*I. CHUNG", " Một\u00a0câu. ", "- Hai.") == [
        Section(("I",), "CHUNG", (" Một\u00a0câu. ", "- Hai."), (1, 2))
    ]


@pytest.mark.parametrize(
    "line",
    [
        "*1. Thuận lợi",
        "#1. Thuận lợi",
        "1. Thuận lợi",
        "1) Thuận lợi",
        "1/ Thuận lợi",
        "*1. Thuận lợi:",
        "*1.  Thuận\nlợi ",
    ],
)
def test_ways_to_set_a_heading(line: str) -> None:
    assert outline("*I. CHUNG", line, TEXT)[1] == "I/1: Thuận lợi: 1"


@pytest.mark.parametrize(
    "line",
    [
        "II. KẾT QUẢ",
        "*II. Kết quả",
        "#II. Kết quả",
        "II/ KẾT QUẢ",
        "II KẾT QUẢ",
        "II- KẾT QUẢ",
        "*II: KẾT QUẢ",
    ],
)
def test_ways_to_set_a_roman_heading(line: str) -> None:
    assert outline("*I. CHUNG", TEXT, line, TEXT)[1].casefold() == "ii: kết quả: 1"


@pytest.mark.parametrize(
    "items",
    [
        ("1. Thôn An Mô;", "2. Thôn Phước Sơn;", "3. Thôn Năng An."),
        ("1. Thôn An Mô", "2. Thôn Phước Sơn", "3. Thôn Năng An"),
        ("a) Tổ chức tuyên truyền;", "b) Tổ chức hội thi."),
        ("12 thôn đạt chuẩn.", "4.514 hộ đạt danh hiệu.", "3 năm qua, xã tổ chức nhiều lớp."),
        ("- Một.", "+ Hai.", "• Ba."),
        ("1. Tổ chức tuyên truyền sâu rộng trong Nhân dân.", TEXT),
        ("I đã nói.", "V/v báo cáo kết quả."),
    ],
)
def test_items_and_sentences_are_paragraphs(items: tuple[str, ...]) -> None:
    assert outline("*I. CHUNG", *items) == [f"I: CHUNG: {len(items)}"]


def test_a_plain_list_below_bold_headings() -> None:
    assert outline(
        "*1. Một", TEXT, "*2. Hai", "1. Nhóm trẻ em", TEXT, "2. Nhóm người lớn", TEXT
    ) == [
        "1: Một: 1",
        "2: Hai: 4",
    ]


def test_colon_parts_heading_and_text() -> None:
    found = sections("*III. CHUNG", TEXT, "IV. KIẾN NGHỊ, ĐỀ XUẤT: Không có.")
    assert found[1] == Section(("IV",), "KIẾN NGHỊ, ĐỀ XUẤT", ("Không có.",), (2,))
    found = sections("I. CHUNG", f"1. Thuận lợi: {TEXT}", f"2. Khó khăn: {TEXT}")
    assert [(one.path, one.heading, one.paragraphs) for one in found[1:]] == [
        (("I", "1"), "Thuận lợi", (TEXT,)),
        (("I", "2"), "Khó khăn", (TEXT,)),
    ]


def test_a_repeated_mark_is_kept() -> None:
    assert outline("*IV. NHIỆM VỤ", TEXT, "*IV. KIẾN NGHỊ", "Không có.") == [
        "IV: NHIỆM VỤ: 1",
        "IV: KIẾN NGHỊ: 1",
    ]


def test_parts_and_letters() -> None:
    assert outline(
        "*PHẦN THỨ NHẤT",
        "*ĐÁNH GIÁ CHUNG",
        "*A. TÌNH HÌNH",
        "*I. Chung",
        TEXT,
        "*B. NHIỆM VỤ",
        "*I. Mục tiêu",
        TEXT,
    ) == [
        "Phần thứ nhất: ĐÁNH GIÁ CHUNG: 0",
        "Phần thứ nhất/A: TÌNH HÌNH: 0",
        "Phần thứ nhất/A/I: Chung: 1",
        "Phần thứ nhất/B: NHIỆM VỤ: 0",
        "Phần thứ nhất/B/I: Mục tiêu: 1",
    ]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("*PHỤ LỤC 1", "Phụ lục I"),
        ("*Phụ lục I", "Phụ lục I"),
        ("PHỤ LỤC 02", "Phụ lục II"),
        ("*Phụ lục số 4", "Phụ lục IV"),
        ("*Phụ lục", "Phụ lục"),
        ("*PHỤ LỤC 1: DANH MỤC VĂN BẢN", "Phụ lục I"),
        ("*Phụ lục 1\nDANH MỤC VĂN BẢN", "Phụ lục I"),
    ],
)
def test_annexes(line: str, path: str) -> None:
    title = "(Kèm theo Báo cáo số 5/BC-UBND)"
    found = sections("*I. CHUNG", TEXT, line, "*DANH MỤC VĂN BẢN", "*CHỈ ĐẠO", title)
    assert found[1].path == (path,)
    assert found[1].heading.endswith("DANH MỤC VĂN BẢN CHỈ ĐẠO")
    assert found[1].paragraphs == (title,)


def test_an_annex_mentioned_is_no_annex() -> None:
    assert outline("*I. CHUNG", "Phụ lục 1 đính kèm báo cáo này.", TEXT) == ["I: CHUNG: 2"]


def test_what_stands_around_the_body_is_left_out() -> None:
    signature = Table(0, 1, 2, (Cell(0, 0, "Nơi nhận:\n- Như trên;"), Cell(0, 1, "CHỦ TỊCH")))
    assert outline(
        "*BÁO CÁO", "*Sơ kết 5 năm thực hiện Đề án xây dựng xã hội học tập ở xã Đức Hiệp",
        "Kính gửi: Phòng Giáo dục và Đào tạo huyện Mộ Đức.",
        "Căn cứ Quyết định số 1373/QĐ-TTg ngày 30/7/2021 của Thủ tướng Chính phủ phê duyệt Đề án.",
        "UBND xã Đức Hiệp báo cáo kết quả thực hiện Đề án trên địa bàn xã như sau:",
        "*I. CHUNG", TEXT, "Trên đây là báo cáo của xã./.", signature, "- Lưu: VT.", "Lê Thị Hòa",
        "*Phụ lục I", "*DANH MỤC",
    ) == ["I: CHUNG: 2", "Phụ lục I: DANH MỤC: 0"]  # fmt: skip


def test_signature_without_end_mark() -> None:
    assert outline(
        "*I. CHUNG", TEXT, "Nơi nhận:", "- Như trên;", "KT. CHỦ TỊCH", "Nguyễn Văn A"
    ) == ["I: CHUNG: 1"]


def test_no_headings_at_all() -> None:
    assert sections("*BÁO CÁO", TEXT, TEXT) == [Section((), "", (TEXT, TEXT), (1, 2))]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("IV. Kết quả", "IV"), ("IX- Kết quả", "IX"), ("4.1.2 Kết quả", "4.1.2"),
        ("đ) Kết quả", "đ"),
        ("10. Kết quả", "10"), ("Chương II. Kết quả", "Chương II"), ("16.3.2021 họp", None),
        ("1.234 hộ", None), ("Vì vậy", None), ("A1 là", None), ("- Một", None), ("", None),
        ("ii. nhỏ", None), ("4.514/16.091 hộ", None),
    ],
)  # fmt: skip
def test_marks(text: str, mark: str | None) -> None:
    found = mark_of(text)
    assert (found.text if found else None) == mark


@pytest.mark.usefixtures("no_hang")
def test_hostile_lengths_are_linear() -> None:
    sections(*["1. " * 10_000, "I" * 50_000, "phụ lục " * 5_000, "1." * 20_000, " " * 50_000 + "a"])
    sections(*[f"{number}. Mục" for number in range(1, 3000)])
