"""Sentences as offices write them, each with all that is to be read out of it.

A line of what is expected: indicator measure value unit-of-measure unit as_of, and flags.
"""

from __future__ import annotations

import pytest

from extractors.document import Paragraph
from transforms.reading import Header, Observation
from transforms.sentences import read_paragraph, split_sentences
from transforms.vocabulary import Vocabulary

JUNE = "2025-06-30"
DECEMBER = "2025-12-31"

CASES = {
    "Toàn xã có 4.514/16.091 hộ đạt 28,05 % gia đình học tập.": f"""
        gia-dinh-hoc-tap numerator 4514 hộ duc-hiep {JUNE}
        gia-dinh-hoc-tap denominator 16091 hộ duc-hiep {JUNE}
        gia-dinh-hoc-tap result 28.05 % duc-hiep {JUNE}
        """,
    "Ghi nhận 27 ca sốt xuất huyết, giảm 15 ca so với năm 2023 (42 ca).": f"""
        - count 27 ca duc-hiep {JUNE}
        - count 15 ca duc-hiep {JUNE}
        - count 42 ca duc-hiep 2023-12-31
        """,
    "Sau khi sáp nhập xã Đức Lợi và xã Đức Thắng, toàn xã có 178 lớp.": f"""
        - count 178 lớp duc-hiep {JUNE}
        """,
    "Diện tích gieo trồng 486,5 ha/kế hoạch 490 ha, có 03 sản phẩm OCOP 3 sao.": f"""
        dien-tich-gieo-trong count 486.5 ha duc-hiep {JUNE}
        - target 490 ha duc-hiep {JUNE}
        - count 3 sản phẩm duc-hiep {JUNE}
        """,
    "So với mặt bằng huyện Mộ Đức (tỷ lệ hộ nghèo 3,4 %), xã còn 2,1 %.": f"""
        ho-ngheo result 3.4 % mo-duc {JUNE}
        ho-ngheo result 2.1 % duc-hiep {JUNE}
        """,
    "Có 02 giải cấp tỉnh và 19 giải cấp huyện.": f"""
        - count 2 giải duc-hiep {JUNE}
        - count 19 giải duc-hiep {JUNE}
        """,
    "Chỉ tiêu huyện giao 70 % Gia đình học tập, xã đạt 79,68 %, vượt 9,68 %.": f"""
        gia-dinh-hoc-tap target 70 % duc-hiep {JUNE}
        gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        - result 9.68 % duc-hiep {JUNE}
        """,
    "Tính đến 30/6/2025, toàn xã có 1.498 hộ với 5.864 nhân khẩu.": f"""
        so-ho count 1498 hộ duc-hiep {JUNE}
        dan-so count 5864 người duc-hiep {JUNE}
        """,
    "Có 3.240 trên 3.378 hộ đạt Gia đình văn hóa.": f"""
        gia-dinh-van-hoa numerator 3240 hộ duc-hiep {JUNE}
        gia-dinh-van-hoa denominator 3378 hộ duc-hiep {JUNE}
        """,
    "Hội đồng nhân dân xã có 9 nữ đại biểu trên tổng số 30 đại biểu.": f"""
        - numerator 9 nữ đại biểu duc-hiep {JUNE}
        - denominator 30 đại biểu duc-hiep {JUNE}
        """,
    "Phương hướng năm 2026: kết nạp 60 hội viên; quản lý 100 % phụ nữ có thai.": """
        - target 60 hội viên duc-hiep 2026-12-31
        - target 100 % duc-hiep 2026-12-31
        """,
    "Chỉ tiêu cả năm: kết nạp 40 hội viên.": f"""
        - target 40 hội viên duc-hiep {DECEMBER}
        """,
    "Năm 2026 phấn đấu có 6/9 thôn đạt chuẩn kiểu mẫu.": """
        - target 6 thôn duc-hiep 2026-12-31
        - denominator 9 thôn duc-hiep 2026-12-31
        """,
    "So với năm 2023, số lượt người học tăng từ 1.318 lượt lên 1.400 lượt.": f"""
        so-luot-hoc-vien-tthtcd count 1318 lượt duc-hiep 2023-12-31
        so-luot-hoc-vien-tthtcd count 1400 lượt duc-hiep {JUNE}
        """,
    "Xử lý vi phạm giao thông 312 trường hợp, có 4 đồng chí bị thương.": f"""
        - count 312 trường hợp duc-hiep {JUNE}
        - count 4 đồng chí duc-hiep {JUNE}
        """,
    "Mô hình “5 không, 3 sạch” của lớp 9A, 12A3 theo QĐ 861, cả năm đều tốt.": "",
    "Bằng chữ: Hai trăm mười bốn triệu đồng.": "",
    "Đã có 9/10 thôn (90 %) được công nhận “Cộng đồng học tập”, 1 thôn chưa đạt.": f"""
        cong-dong-hoc-tap numerator 9 thôn duc-hiep {JUNE}
        cong-dong-hoc-tap denominator 10 thôn duc-hiep {JUNE}
        cong-dong-hoc-tap result 90 % duc-hiep {JUNE}
        - count 1 thôn duc-hiep {JUNE}
        """,
    "Có 03 trường đạt chuẩn quốc gia (02 trường mức độ 1, 01 trường mức độ 2).": f"""
        truong-chuan-quoc-gia count 3 trường duc-hiep {JUNE}
        - count 2 trường duc-hiep {JUNE}
        - count 1 trường duc-hiep {JUNE}
        """,
    "Thôn Phước Sơn có 215/240 hộ đạt Gia đình văn hóa, thôn Nghĩa Lập 198/221 hộ.": f"""
        gia-dinh-van-hoa numerator 215 hộ duc-hiep/thon-phuoc-son {JUNE}
        gia-dinh-van-hoa denominator 240 hộ duc-hiep/thon-phuoc-son {JUNE}
        gia-dinh-van-hoa numerator 198 hộ duc-hiep/thon-nghia-lap {JUNE}
        gia-dinh-van-hoa denominator 221 hộ duc-hiep/thon-nghia-lap {JUNE}
        """,
    "Bình quân mỗi thôn có 1,5 tủ sách.": f"""
        - count 1.5 tủ sách duc-hiep {JUNE}
        """,
    "Thu ngân sách đạt 12,4 tỷ đồng, bằng 104 % dự toán huyện giao và 103,2 % nghị quyết.": f"""
        - count 12.4 tỷ đồng duc-hiep {JUNE}
        - result 104 % duc-hiep {JUNE}
        - result 103.2 % duc-hiep {JUNE}
        """,
    "Số hộ nghèo đầu năm 2025 là 45 hộ, cuối kỳ còn 37 hộ.": f"""
        ho-ngheo-dau-nam count 45 hộ duc-hiep 2025-01-01
        - count 37 hộ duc-hiep {JUNE}
        """,
    "Năm 2024, toàn huyện có 12.340 hộ đạt Gia đình học tập; xã Đức Hiệp có 1.204 hộ.": """
        gia-dinh-hoc-tap count 12340 hộ mo-duc 2024-12-31
        - count 1204 hộ duc-hiep 2024-12-31
        """,
    "Năm 2026 xã phấn đấu tỷ lệ gia đình học tập đạt 80 %, kết nạp mới 60 hội viên.": """
        gia-dinh-hoc-tap target 80 % duc-hiep 2026-12-31
        - target 60 hội viên duc-hiep 2026-12-31
        """,
    "Năm 2026 xã phấn đấu có từ 2.500 lượt người tham gia.": """
        - target 2500 lượt người duc-hiep 2026-12-31
        """,
    "Trong 129 giáo viên có 121 người đạt chuẩn theo Luật Giáo dục năm 2019.": f"""
        - count 129 giáo viên duc-hiep {JUNE}
        - count 121 người duc-hiep {JUNE}
        """,
    "Lớp học mở tại số nhà 27, (6), (7) là số tự báo cáo.": "",
    "Đến nay có 12/15 thôn đạt danh hiệu “Cộng đồng học tập”, đạt 80 %.": f"""
        cong-dong-hoc-tap numerator 12 thôn duc-hiep {JUNE}
        cong-dong-hoc-tap denominator 15 thôn duc-hiep {JUNE}
        cong-dong-hoc-tap result 80 % duc-hiep {JUNE}
        """,
    "Tỷ lệ gia đình học tập là 79,68 % (1.204/1.511 hộ).": f"""
        gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        """,
    "Tỷ lệ gia đình học tập đạt 95,6 %, vượt 5,6 % so với kế hoạch.": f"""
        gia-dinh-hoc-tap result 95.6 % duc-hiep {JUNE}
        - result 5.6 % duc-hiep {JUNE}
        """,
    "Tỷ lệ gia đình học tập tăng từ 70 % năm 2021 lên 78 % vào tháng 6/2025.": f"""
        gia-dinh-hoc-tap result 70 % duc-hiep 2021-12-31
        gia-dinh-hoc-tap result 78 % duc-hiep {JUNE}
        """,
    "Có 1.512/3.105 người lớn đạt danh hiệu “Công dân học tập”, đạt 48,70 %, cao hơn mục tiêu 40 % "
    "đến năm 2025.": f"""
        cong-dan-hoc-tap numerator 1512 người duc-hiep {JUNE}
        cong-dan-hoc-tap denominator 3105 người duc-hiep {JUNE}
        cong-dan-hoc-tap result 48.70 % duc-hiep {JUNE}
        cong-dan-hoc-tap target 40 % duc-hiep 2025-12-31
        """,
    "Các lớp chuyên đề thu hút gần 1,2 vạn lượt người tham gia.": f"""
        - count 12000 lượt người duc-hiep {JUNE} approximate
        """,
    "Cả ba thôn đều đạt danh hiệu Cộng đồng học tập.": f"""
        cong-dong-hoc-tap count 3 thôn duc-hiep {JUNE}
        """,
    "Thu nhập bình quân 62,5 triệu đồng/người/năm.": f"""
        thu-nhap-binh-quan result 62.5 triệu đồng/người/năm duc-hiep {JUNE}
        """,
    "Tỷ lệ hộ nghèo toàn huyện còn 3,2 %, xã Đức Hiệp còn 2,1 %.": f"""
        ho-ngheo result 3.2 % mo-duc {JUNE}
        ho-ngheo result 2.1 % duc-hiep {JUNE}
        """,
    "Năm 2023, tỷ lệ hộ nghèo là 4,5%; năm 2024 giảm còn 3,1%.": """
        ho-ngheo result 4.5 % duc-hiep 2023-12-31
        ho-ngheo result 3.1 % duc-hiep 2024-12-31
        """,
    "Thôn Phước Sơn có 120/150 hộ đạt danh hiệu Gia đình học tập, đạt 80 %.": f"""
        gia-dinh-hoc-tap numerator 120 hộ duc-hiep/thon-phuoc-son {JUNE}
        gia-dinh-hoc-tap denominator 150 hộ duc-hiep/thon-phuoc-son {JUNE}
        gia-dinh-hoc-tap result 80 % duc-hiep/thon-phuoc-son {JUNE}
        """,
    "Mục tiêu đến năm 2025 có 70 % gia đình đạt danh hiệu Gia đình học tập, kết quả đạt "
    "79,68 %.": f"""
        gia-dinh-hoc-tap target 70 % duc-hiep 2025-12-31
        gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        """,
    "Kế hoạch giao 80 %, thực hiện 92,5 % đơn vị đạt danh hiệu Đơn vị học tập.": f"""
        don-vi-hoc-tap target 80 % duc-hiep {JUNE}
        don-vi-hoc-tap result 92.5 % duc-hiep {JUNE}
        """,
    "Phấn đấu đến năm 2030 có 80 % gia đình đạt danh hiệu “Gia đình học tập”.": """
        gia-dinh-hoc-tap target 80 % duc-hiep 2030-12-31
        """,
    "Số hộ nghèo giảm từ 85 hộ năm 2021 xuống còn 35 hộ.": f"""
        ho-ngheo count 85 hộ duc-hiep 2021-12-31
        ho-ngheo count 35 hộ duc-hiep {JUNE}
        """,
    "Toàn xã hiện có 1.511 hộ với 5.420 nhân khẩu, trong đó nữ 2.700 người.": f"""
        so-ho count 1511 hộ duc-hiep {JUNE}
        dan-so count 5420 người duc-hiep {JUNE}
        - count 2700 người duc-hiep {JUNE}
        """,
    "Tổng thu ngân sách đạt 12,5 tỷ đồng, đạt 105 % kế hoạch, tăng 8 % so với cùng kỳ.": f"""
        - count 12.5 tỷ đồng duc-hiep {JUNE}
        - result 105 % duc-hiep {JUNE}
        - result 8 % duc-hiep {JUNE}
        """,
    "Ước thực hiện đến cuối năm 2025 có 82 % gia đình học tập.": """
        gia-dinh-hoc-tap result 82 % duc-hiep 2025-12-31 estimated
        """,
    "Tặng quà cho 45 học sinh nghèo.": f"""
        - count 45 học sinh duc-hiep {JUNE}
        """,
    "Có 30 hộ đạt danh hiệu Gia đình học tập tiêu biểu.": f"""
        - count 30 hộ duc-hiep {JUNE}
        """,
    "- Gia đình học tập: 811/1.203 hộ (67,41%)": f"""
        gia-dinh-hoc-tap numerator 811 hộ duc-hiep {JUNE}
        gia-dinh-hoc-tap denominator 1203 hộ duc-hiep {JUNE}
        gia-dinh-hoc-tap result 67.41 % duc-hiep {JUNE}
        """,
    "Số đơn vị học tập ba năm 2021, 2022, 2023 lần lượt là 4, 5 và 7 đơn vị.": """
        don-vi-hoc-tap count 4 đơn vị duc-hiep 2021-12-31
        don-vi-hoc-tap count 5 đơn vị duc-hiep 2022-12-31
        don-vi-hoc-tap count 7 đơn vị duc-hiep 2023-12-31
        """,
    "Tỷ lệ hộ nghèo của xã Đức Nhuận và xã Thắng Lợi lần lượt là 2,1 % và 3,4 %.": f"""
        ho-ngheo result 2.1 % duc-nhuan {JUNE}
        ho-ngheo result 3.4 % thang-loi {JUNE}
        """,
    "Hộ nghèo còn 41 hộ, chiếm 1,72% trong tổng số 2.384 hộ.": f"""
        ho-ngheo numerator 41 hộ duc-hiep {JUNE}
        ho-ngheo result 1.72 % duc-hiep {JUNE}
        ho-ngheo denominator 2384 hộ duc-hiep {JUNE}
        """,
    "Đến cuối năm 2030 có 100 % gia đình học tập.": """
        gia-dinh-hoc-tap target 100 % duc-hiep 2030-12-31
        """,
    "Phấn đấu tỷ lệ gia đình học tập từ 85 % trở lên.": f"""
        gia-dinh-hoc-tap target 85 % duc-hiep {JUNE} approximate
        """,
    "UBND xã Quế Xuân 1 báo cáo tình hình thu, chi.": "",
    "Ước cả năm 2025, gia đình học tập đạt 82 %.": """
        gia-dinh-hoc-tap result 82 % duc-hiep 2025-12-31 estimated
        """,
    "Liên hệ số điện thoại (0255) 3.946.228, trước 16 giờ 30.": "",
    "Theo Điều 21 Nghị định số 20/2014/NĐ-CP ngày 24/3/2014, xã đạt chuẩn xóa mù chữ mức độ 2.": "",
    "Liên hệ số điện thoại 0255.3857.123 trước ngày 15/7.": "",
    "1. Thuận lợi": "",
    "4.1. Kết quả đánh giá giai đoạn 2021-2025": "",
}


def shown(one: Observation) -> str:
    flags = [name for name in ("approximate", "estimated") if getattr(one, name)]
    fields = [
        one.indicator or "-",
        one.measure,
        one.value,
        one.unit_of_measure,
        one.unit,
        one.as_of,
    ]
    return " ".join(map(str, [*fields, *flags]))


@pytest.mark.parametrize("text", CASES)
def test_all_figures_of_a_sentence(text: str, vocabulary: Vocabulary, header: Header) -> None:
    read, _ = read_paragraph(Paragraph(0, text), header, vocabulary)
    assert [shown(one) for one in read] == [
        line.strip() for line in CASES[text].strip().splitlines()
    ]


def test_every_figure_is_matched_or_in_a_finding(vocabulary: Vocabulary, header: Header) -> None:
    for text in CASES:
        read, findings = read_paragraph(Paragraph(0, text), header, vocabulary)
        figures = [one for one in read if one.measure != "denominator"]  # a fraction is one figure
        unmatched = [one for one in figures if one.indicator is None]
        doubted = [one for one in findings if one.code in ("sentence-unmatched", "figure-unclear")]
        assert len(doubted) >= len(unmatched)


def test_the_source_is_the_sentence(vocabulary: Vocabulary, header: Header) -> None:
    paragraph = Paragraph(
        7, "Xã có 15 thôn. Có 12/15 thôn đạt danh hiệu Cộng đồng học tập.", page=3
    )
    read, _ = read_paragraph(paragraph, header, vocabulary)
    assert {one.source.text for one in read} == {
        "Xã có 15 thôn.",
        "Có 12/15 thôn đạt danh hiệu Cộng đồng học tập.",
    }
    assert {(one.source.kind, one.source.page, one.source.row) for one in read} == {("text", 3, 7)}


def test_a_rate_that_does_not_fit_is_a_finding(vocabulary: Vocabulary, header: Header) -> None:
    text = "Có 1.204/1.511 hộ đạt danh hiệu Gia đình học tập, đạt 97,68 %."
    _, findings = read_paragraph(Paragraph(0, text), header, vocabulary)
    (mismatch,) = [finding for finding in findings if finding.code == "rate-mismatch"]
    assert "rate 97.68 -> 79.68" not in mismatch.facts["repairs"]
    assert mismatch.facts["computed"] == "79.68"


def test_another_units_figure_is_never_the_documents_own(
    vocabulary: Vocabulary, header: Header
) -> None:
    text = "Đạt 48,7 % gia đình học tập; tỷ lệ chung của toàn huyện Mộ Đức là 45,3%."
    read, findings = read_paragraph(Paragraph(0, text), header, vocabulary)
    assert [one.unit for one in read] == ["duc-hiep", "mo-duc"]
    assert "unit-outside" in {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Một câu. Hai câu.", 2),
        ("Đạt 1.204 hộ. Tăng 5 %.", 2),
        ("TP. Quảng Ngãi có 12 xã.", 1),
        ("1. Kết quả chung", 1),
        ("Có 5 lớp; có 6 lớp", 2),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@pytest.mark.parametrize(
    "filler", ["." * 3000, " -" * 2000, "và đạt là có " * 500, "(" * 2000, "1.204/1.511 hộ, " * 300]
)
def test_lines_made_to_be_slow_are_read_all_the_same(
    filler: str, vocabulary: Vocabulary, header: Header
) -> None:
    text = f"Số băng rôn {filler} 46 cái {filler}"
    read, _ = read_paragraph(Paragraph(0, text), header, vocabulary)
    assert 46 in {one.value for one in read}


@pytest.mark.parametrize("opening", ["Đến nay", "Ước tính", "Ấp 3", "Có", "Ở thôn"])
def test_a_sentence_may_open_with_any_capital_letter(opening: str) -> None:
    assert len(split_sentences(f"Xã có 9 thôn. {opening} có 8 thôn.")) == 2


@pytest.mark.parametrize("following", ["đạt 75 %", "ấp 3", "ước tính"])
def test_a_small_letter_opens_none(following: str) -> None:
    assert len(split_sentences(f"Xã có 9 t.h. {following} thôn.")) == 1
