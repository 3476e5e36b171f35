"""Tables in the layouts that offices use, each with all that is to be read out of it.

A line of what is expected: row,column indicator measure value unit-of-measure unit as_of.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.grids import draw
from transforms.reading import Header
from transforms.tables import Caption, read_table
from transforms.vocabulary import Vocabulary

JUNE = "2025-06-30"
DECEMBER = "2025-12-31"

CASES = {
    "numerator, denominator and rate under one header": (
        """
        TT | Nội dung chỉ tiêu | Mục tiêu đến năm 2025 (tỷ lệ %) | Kết quả đến tháng 06/2025 | < | <
        ^ | ^ | ^ | Tổng số | Số đạt | Tỷ lệ %
        I | Mô hình học tập | < | < | < | <
        1 | Gia đình học tập | 70 | 1.511 | 1.204 | 79,68
        """,
        f"""
        3,2 gia-dinh-hoc-tap target 70 % duc-hiep {DECEMBER}
        3,3 gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        3,4 gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        3,5 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        """,
    ),
    "a count of its own name before its bare rate": (
        """
        Thôn | Số hộ | Hộ nghèo | Tỷ lệ (%)
        Thôn 1 | 158 | 31 | 19,62
        Thôn 2 | 141 | 35 | 24,82
        """,
        f"""
        1,1 ho-ngheo denominator 158 hộ duc-hiep/thon-1 {JUNE}
        1,2 ho-ngheo numerator 31 hộ duc-hiep/thon-1 {JUNE}
        1,3 ho-ngheo result 19.62 % duc-hiep/thon-1 {JUNE}
        2,1 ho-ngheo denominator 141 hộ duc-hiep/thon-2 {JUNE}
        2,2 ho-ngheo numerator 35 hộ duc-hiep/thon-2 {JUNE}
        2,3 ho-ngheo result 24.82 % duc-hiep/thon-2 {JUNE}
        """,
    ),
    "whole numbers beside what they would be a rate of": (
        """
        Tên thôn | Tổng số hộ | Hộ nghèo | Hộ cận nghèo
        Thôn 1 | 158 | 31 | 4
        Thôn 2 | 141 | 35 | 16
        """,
        f"""
        1,1 so-ho count 158 hộ duc-hiep/thon-1 {JUNE}
        1,2 ho-ngheo count 31 hộ duc-hiep/thon-1 {JUNE}
        1,3 ho-can-ngheo count 4 hộ duc-hiep/thon-1 {JUNE}
        2,1 so-ho count 141 hộ duc-hiep/thon-2 {JUNE}
        2,2 ho-ngheo count 35 hộ duc-hiep/thon-2 {JUNE}
        2,3 ho-can-ngheo count 16 hộ duc-hiep/thon-2 {JUNE}
        """,
    ),
    "a unit in a column of its own beside the indicators": (
        """
        Địa bàn | Chỉ tiêu | 31/12/2023 | 31/12/2024
        Xã Đức Lợi | Số hộ nghèo | 61 | 40
        ^ | Số hội viên khuyến học | 880 | 912
        Xã Đức Thắng | Số hộ nghèo | 58 | 37
        ^ | Số hội viên khuyến học | 790 | 801
        """,
        """
        1,2 ho-ngheo count 61 hộ duc-loi 2023-12-31
        1,3 ho-ngheo count 40 hộ duc-loi 2024-12-31
        2,2 so-hoi-vien-khuyen-hoc count 880 hội viên duc-loi 2023-12-31
        2,3 so-hoi-vien-khuyen-hoc count 912 hội viên duc-loi 2024-12-31
        3,2 ho-ngheo count 58 hộ duc-thang 2023-12-31
        3,3 ho-ngheo count 37 hộ duc-thang 2024-12-31
        4,2 so-hoi-vien-khuyen-hoc count 790 hội viên duc-thang 2023-12-31
        4,3 so-hoi-vien-khuyen-hoc count 801 hội viên duc-thang 2024-12-31
        """,
    ),
    "a count under what no indicator names is not all households": (
        """
        TT | Tên thôn | Tổng số hộ | Nước sạch tập trung | <
        ^ | ^ | ^ | Số hộ | %
        1 | Thôn 1 | 251 | 261 | 103,98
        """,
        f"""
        2,2 so-ho count 251 hộ duc-hiep/thon-1 {JUNE}
        2,3 - count 261 hộ duc-hiep/thon-1 {JUNE}
        2,4 - result 103.98 % duc-hiep/thon-1 {JUNE}
        """,
    ),
    "one figure a row, with its period and its unit of measure": (
        """
        Địa bàn | Chỉ tiêu | ĐVT | Giá trị | Kỳ | Nguồn
        Xã Đức Nhuận | Số hộ nghèo | hộ | 61 | Năm 2024 | UBND xã
        Xã Đức Nhuận | Gia đình học tập | % | 79,5 | 6 tháng đầu năm 2025 | HKH
        """,
        f"""
        1,3 ho-ngheo count 61 hộ duc-nhuan 2024-12-31
        2,3 gia-dinh-hoc-tap result 79.5 % duc-nhuan {JUNE}
        """,
    ),
    "plan, result and their comparison as rows": (
        """
        Chi hội thôn | KH/TH | Gia đình học tập (hộ) | Quỹ khuyến học (triệu đồng)
        Thượng Sơn | Kế hoạch | 120 | 24
        ^ | Thực hiện | 126 | 26,4
        ^ | % so KH | 105,0 | 110,0
        """,
        f"""
        1,2 gia-dinh-hoc-tap target 120 hộ duc-hiep/thon-thuong-son {JUNE}
        1,3 quy-khuyen-hoc target 24 triệu đồng duc-hiep/thon-thuong-son {JUNE}
        2,2 gia-dinh-hoc-tap count 126 hộ duc-hiep/thon-thuong-son {JUNE}
        2,3 quy-khuyen-hoc count 26.4 triệu đồng duc-hiep/thon-thuong-son {JUNE}
        3,2 - result 105.0 % duc-hiep/thon-thuong-son {JUNE}
        3,3 - result 110.0 % duc-hiep/thon-thuong-son {JUNE}
        """,
    ),
    "cards of villages in one table; a unit of measure in a row of its own": (
        """
         | | | Đơn vị tính: hộ
        Nội dung | Tỷ lệ (%) | Số hộ đạt | Tổng số hộ
        Thôn 1 (Trưởng thôn: Bùi Văn N) | < | < | <
        Gia đình học tập | 93,0 | 119 | 128
        """,
        f"""
        3,1 gia-dinh-hoc-tap result 93.0 % duc-hiep/thon-1 {JUNE}
        3,2 gia-dinh-hoc-tap numerator 119 hộ duc-hiep/thon-1 {JUNE}
        3,3 gia-dinh-hoc-tap denominator 128 hộ duc-hiep/thon-1 {JUNE}
        """,
    ),
    "what compares with the plan, and changes, are nobody's target or result": (
        """
        Chỉ tiêu | Đơn vị | KH 2025 | TH 6 tháng 2025 | Giảm | So KH (%)
        Gia đình học tập | % | 80 | 79,68 | 1 | 99,6
        Hộ nghèo | hộ | 35 | 37 | 10 | 105,7
        """,
        f"""
        1,2 gia-dinh-hoc-tap target 80 % duc-hiep {DECEMBER}
        1,3 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        1,4 - result 1 % duc-hiep {JUNE}
        1,5 - result 99.6 % duc-hiep {JUNE}
        2,2 ho-ngheo target 35 hộ duc-hiep {DECEMBER}
        2,3 ho-ngheo count 37 hộ duc-hiep {JUNE}
        2,4 - count 10 hộ duc-hiep {JUNE}
        2,5 - result 105.7 % duc-hiep {JUNE}
        """,
    ),
    "people by degree and age": (
        """
        Chức danh | Tổng số | Trình độ | < | Nhóm tuổi | <
        ^ | ^ | Đại học | Trung cấp | Dưới 30 | 30 - 45
        Công chức | 11 | 9 | 2 | 1 | 8
        Văn phòng | 3 | 3 | 0 | 0 | 3
        """,
        f"""
        2,1 - count 11 người duc-hiep {JUNE}
        2,2 - count 9 người duc-hiep {JUNE}
        2,3 - count 2 người duc-hiep {JUNE}
        2,4 - count 1 người duc-hiep {JUNE}
        2,5 - count 8 người duc-hiep {JUNE}
        3,1 - count 3  duc-hiep {JUNE}
        3,2 - count 3 người duc-hiep {JUNE}
        3,3 - count 0 người duc-hiep {JUNE}
        3,4 - count 0 người duc-hiep {JUNE}
        3,5 - count 3 người duc-hiep {JUNE}
        """,
    ),
    "a plan of the whole year beside half a year's result; rates in brackets": (
        """
        TT | Nội dung | ĐVT | 6 tháng đầu năm 2025 | <
        ^ | ^ | ^ | KH cả năm | TH (%)
        1 | Số hội viên khuyến học | người | 1.000 | 550 (55)
        """,
        f"""
        2,3 so-hoi-vien-khuyen-hoc target 1000 người duc-hiep {DECEMBER}
        2,4 so-hoi-vien-khuyen-hoc count 550 người duc-hiep {JUNE}
        2,4 so-hoi-vien-khuyen-hoc result 55 % duc-hiep {JUNE}
        """,
    ),
    "a mark among figures asks for none; the codes of a form are none": (
        """
        Chỉ tiêu | Mã số | Đơn vị tính | Tổng số | Dân sự | Khác
        Số tổ hòa giải | 01 | tổ | 9 | x | x
        Số vụ việc | 02 | vụ | 27 | 18 | 9
        """,
        f"""
        1,3 - count 9 tổ duc-hiep {JUNE}
        2,3 - count 27 vụ duc-hiep {JUNE}
        2,4 - count 18 vụ duc-hiep {JUNE}
        2,5 - count 9 vụ duc-hiep {JUNE}
        """,
    ),
    "months across, their sum, and a row of the plan": (
        """
        Nội dung | T1 | T2 | Cộng 2 tháng
        Quỹ khuyến học (triệu đồng) | 88,5 | 12 | 100,5
        Dự toán năm | | | 1.650
        """,
        f"""
        1,1 quy-khuyen-hoc count 88.5 triệu đồng duc-hiep 2025-01-31
        1,2 quy-khuyen-hoc count 12 triệu đồng duc-hiep 2025-02-28
        1,3 quy-khuyen-hoc count 100.5 triệu đồng duc-hiep {JUNE}
        2,3 - target 1650  duc-hiep {DECEMBER}
        """,
    ),
    "villages with their sum by a sign; small areas of several types": (
        """
        Bản, tiểu khu | Số hộ | Hộ nghèo
        Tiểu khu 3 | 201 | 12
        Bản Cắp | 118 | 9
        Σ | 319 | 21
        """,
        f"""
        1,1 so-ho count 201 hộ duc-hiep/tieu-khu-3 {JUNE}
        1,2 ho-ngheo count 12 hộ duc-hiep/tieu-khu-3 {JUNE}
        2,1 so-ho count 118 hộ duc-hiep/ban-cap {JUNE}
        2,2 ho-ngheo count 9 hộ duc-hiep/ban-cap {JUNE}
        3,1 so-ho count 319 hộ duc-hiep {JUNE}
        3,2 ho-ngheo count 21 hộ duc-hiep {JUNE}
        """,
    ),
    "units of measure as they are told; a year that counts nothing": (
        """
        TT | Nội dung | ĐVT | Số lượng
        1 | Học sinh giỏi cấp huyện | em | 46
        2 | Sách trong thư viện | quyển | 1.200
        3 | Năm thành lập | | 2004
        4 | Quỹ khuyến học | trđ | 120
        """,
        f"""
        1,3 - count 46 em duc-hiep {JUNE}
        2,3 so-sach count 1200 quyển duc-hiep {JUNE}
        4,3 quy-khuyen-hoc count 120 triệu đồng duc-hiep {JUNE}
        """,
    ),
    "fractions in one column, a row of column numbers": (
        """
        STT | Chỉ tiêu | ĐVT | Thực hiện | Đạt tỷ lệ
        (1) | (2) | (3) | (4) | (5)
        1 | Dòng họ học tập | % | 21/28 | 75%
        """,
        f"""
        2,3 dong-ho-hoc-tap numerator 21 dòng họ duc-hiep {JUNE}
        2,3 dong-ho-hoc-tap denominator 28 dòng họ duc-hiep {JUNE}
        2,4 dong-ho-hoc-tap result 75 % duc-hiep {JUNE}
        """,
    ),
    "several years": (
        """
        TT | Chỉ tiêu | ĐVT | Năm 2023 | Năm 2024 | 6 tháng đầu năm 2025
        1 | Gia đình học tập | % | 72 | 74,5 | 79,68
        2 | Quỹ khuyến học | tr.đ | 120,5 | 200 | 1.246,5
        """,
        f"""
        1,3 gia-dinh-hoc-tap result 72 % duc-hiep 2023-12-31
        1,4 gia-dinh-hoc-tap result 74.5 % duc-hiep 2024-12-31
        1,5 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        2,3 quy-khuyen-hoc count 120.5 triệu đồng duc-hiep 2023-12-31
        2,4 quy-khuyen-hoc count 200 triệu đồng duc-hiep 2024-12-31
        2,5 quy-khuyen-hoc count 1246.5 triệu đồng duc-hiep {JUNE}
        """,
    ),
    "plan and result under each year": (
        """
        TT | Nội dung | ĐVT | Năm 2024 | < | Năm 2025 | <
        ^ | ^ | ^ | KH | TH | KH | Ước TH
        1 | Hội viên khuyến học | Người | 1.000 | 1.050 | 1.100 | 1.120
        """,
        f"""
        2,3 so-hoi-vien-khuyen-hoc target 1000 người duc-hiep 2024-12-31
        2,4 so-hoi-vien-khuyen-hoc count 1050 người duc-hiep 2024-12-31
        2,5 so-hoi-vien-khuyen-hoc target 1100 người duc-hiep {DECEMBER}
        2,6 so-hoi-vien-khuyen-hoc count 1120 người duc-hiep {DECEMBER}
        """,
    ),
    "communes down, indicators across; their total is not the document's own": (
        """
        STT | Xã | Gia đình học tập | < | < | Số hộ nghèo
        ^ | ^ | Tổng số hộ | Số hộ đạt | Tỷ lệ % | ^
        1 | Đức Hiệp | 1.511 | 1.204 | 79,68 | 35
        2 | Xã Thắng Lợi | 1.902 | 1.530 | 80,44 | 52
         | Tổng cộng | 3.413 | 2.734 | 80,11 | 87
        """,
        f"""
        2,2 gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        2,3 gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        2,4 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        2,5 ho-ngheo count 35 hộ duc-hiep {JUNE}
        3,2 gia-dinh-hoc-tap denominator 1902 hộ thang-loi {JUNE}
        3,3 gia-dinh-hoc-tap numerator 1530 hộ thang-loi {JUNE}
        3,4 gia-dinh-hoc-tap result 80.44 % thang-loi {JUNE}
        3,5 ho-ngheo count 52 hộ thang-loi {JUNE}
        4,2 gia-dinh-hoc-tap denominator 3413 hộ - {JUNE}
        4,3 gia-dinh-hoc-tap numerator 2734 hộ - {JUNE}
        4,4 gia-dinh-hoc-tap result 80.11 % - {JUNE}
        4,5 ho-ngheo count 87 hộ - {JUNE}
        """,
    ),
    "villages down: their total is the commune's": (
        """
        TT | Tên thôn | Tổng số hộ | Số hộ đạt GĐHT | Tỷ lệ
        1 | Thôn 1 | 200 | 150 | 75,0
        2 | Thôn Phước Sơn | 211 | 180 | 85,3
        Cộng | < | 411 | 330 | 80,3
        """,
        f"""
        1,2 gia-dinh-hoc-tap denominator 200 hộ duc-hiep/thon-1 {JUNE}
        1,3 gia-dinh-hoc-tap numerator 150 hộ duc-hiep/thon-1 {JUNE}
        1,4 gia-dinh-hoc-tap result 75.0 % duc-hiep/thon-1 {JUNE}
        2,2 gia-dinh-hoc-tap denominator 211 hộ duc-hiep/thon-phuoc-son {JUNE}
        2,3 gia-dinh-hoc-tap numerator 180 hộ duc-hiep/thon-phuoc-son {JUNE}
        2,4 gia-dinh-hoc-tap result 85.3 % duc-hiep/thon-phuoc-son {JUNE}
        3,2 gia-dinh-hoc-tap denominator 411 hộ duc-hiep {JUNE}
        3,3 gia-dinh-hoc-tap numerator 330 hộ duc-hiep {JUNE}
        3,4 gia-dinh-hoc-tap result 80.3 % duc-hiep {JUNE}
        """,
    ),
    "villages named without their type, which the header gives": (
        """
        Thôn | Số hội viên khuyến học
        Thuận Phước | 100
        Đông Lỗ | 120
        Tổng cộng | 220
        """,
        f"""
        1,1 so-hoi-vien-khuyen-hoc count 100 hội viên duc-hiep/thon-thuan-phuoc {JUNE}
        2,1 so-hoi-vien-khuyen-hoc count 120 hội viên duc-hiep/thon-dong-lo {JUNE}
        3,1 so-hoi-vien-khuyen-hoc count 220 hội viên duc-hiep {JUNE}
        """,
    ),
    "units of measure in a header row of their own": (
        """
        TT | Xã | Gia đình học tập | < | < | Hội viên khuyến học
        ^ | ^ | Tổng số | Đạt | Tỷ lệ | ^
        ^ | ^ | (hộ) | (hộ) | (%) | (người)
        1 | Đức Hiệp | 1.700 | 1.390 | 81,76 | 905
        2 | Đức Nhuận | 1.795 | 1.411 | 78,61 | 1.012
        """,
        f"""
        3,2 gia-dinh-hoc-tap denominator 1700 hộ duc-hiep {JUNE}
        3,3 gia-dinh-hoc-tap numerator 1390 hộ duc-hiep {JUNE}
        3,4 gia-dinh-hoc-tap result 81.76 % duc-hiep {JUNE}
        3,5 so-hoi-vien-khuyen-hoc count 905 người duc-hiep {JUNE}
        4,2 gia-dinh-hoc-tap denominator 1795 hộ duc-nhuan {JUNE}
        4,3 gia-dinh-hoc-tap numerator 1411 hộ duc-nhuan {JUNE}
        4,4 gia-dinh-hoc-tap result 78.61 % duc-nhuan {JUNE}
        4,5 so-hoi-vien-khuyen-hoc count 1012 người duc-nhuan {JUNE}
        """,
    ),
    "villages of any type, those who must and those who do": (
        """
        Bản | Trẻ 5 tuổi | <
        ^ | Phải huy động | Đã ra lớp
        Nà Nong | 11 | 11
        Khe Thành | 24 | 23
        Toàn xã | 35 | 34
        """,
        f"""
        2,1 tre-5-tuoi-ra-lop denominator 11 trẻ duc-hiep/ban-na-nong {JUNE}
        2,2 tre-5-tuoi-ra-lop numerator 11 trẻ duc-hiep/ban-na-nong {JUNE}
        3,1 tre-5-tuoi-ra-lop denominator 24 trẻ duc-hiep/ban-khe-thanh {JUNE}
        3,2 tre-5-tuoi-ra-lop numerator 23 trẻ duc-hiep/ban-khe-thanh {JUNE}
        4,1 tre-5-tuoi-ra-lop denominator 35 trẻ duc-hiep {JUNE}
        4,2 tre-5-tuoi-ra-lop numerator 34 trẻ duc-hiep {JUNE}
        """,
    ),
    "a total beside the one column that names the rate": (
        """
        Thôn | Trẻ 5 tuổi | <
        ^ | Tổng số | Ra lớp
        Thôn 1 | 17 | 16
        """,
        f"""
        2,1 tre-5-tuoi-ra-lop denominator 17 trẻ duc-hiep/thon-1 {JUNE}
        2,2 tre-5-tuoi-ra-lop numerator 16 trẻ duc-hiep/thon-1 {JUNE}
        """,
    ),
    "counts of a rate's numerator, told by the total that sums them up": (
        """
        Thôn | Số hộ | Hộ nghèo
        Thôn 1 | 402 | 9
        Thôn 2 | 389 | 7
        Cộng | 791 | 16
        """,
        f"""
        1,1 so-ho count 402 hộ duc-hiep/thon-1 {JUNE}
        1,2 ho-ngheo count 9 hộ duc-hiep/thon-1 {JUNE}
        2,1 so-ho count 389 hộ duc-hiep/thon-2 {JUNE}
        2,2 ho-ngheo count 7 hộ duc-hiep/thon-2 {JUNE}
        3,1 so-ho count 791 hộ duc-hiep {JUNE}
        3,2 ho-ngheo count 16 hộ duc-hiep {JUNE}
        """,
    ),
    "a whole that is a count of its own in the row": (
        """
        Thôn | Tổng số hộ | Hộ nghèo | <
        ^ | ^ | Số hộ | Tỷ lệ (%)
        Thôn 1 | 164 | 9 | 5,49
        """,
        f"""
        2,1 so-ho count 164 hộ duc-hiep/thon-1 {JUNE}
        2,2 ho-ngheo numerator 9 hộ duc-hiep/thon-1 {JUNE}
        2,3 ho-ngheo result 5.49 % duc-hiep/thon-1 {JUNE}
        """,
    ),
    "rows of a list of villages that are more than a village": (
        """
        Thôn | Số hội viên khuyến học
        Xã Đức Nhuận (cũ) | 90
        Cộng Hòa | 100
        Thôn 2 | 120
        Tổng toàn xã (2 thôn) | 220
        """,
        f"""
        1,1 so-hoi-vien-khuyen-hoc count 90 hội viên duc-nhuan {JUNE}
        2,1 so-hoi-vien-khuyen-hoc count 100 hội viên duc-hiep/thon-cong-hoa {JUNE}
        3,1 so-hoi-vien-khuyen-hoc count 120 hội viên duc-hiep/thon-2 {JUNE}
        4,1 so-hoi-vien-khuyen-hoc count 220 hội viên - {JUNE}
        """,
    ),
    "a rate without its sign is no count because one row equals the total": (
        """
        Thôn | Gia đình học tập
        Thôn 1 | 80
        Cộng | 80
        """,
        f"""
        1,1 gia-dinh-hoc-tap result 80 % duc-hiep/thon-1 {JUNE}
        2,1 gia-dinh-hoc-tap result 80 % duc-hiep {JUNE}
        """,
    ),
    "those who do not are not the indicator's; a whole behind its parts is a count of its own": (
        """
        Thôn | Hộ nghèo | Gia đình học tập | < | Tổng số hộ
        ^ | ^ | Không đạt | Tỷ lệ (%) | ^
        Thôn 1 | 5 | 9 | 94,51 | 164
        Thôn 2 | 6 | 4 | 95,00 | 80
        Cộng | 11 | 13 | 94,67 | 244
        """,
        f"""
        2,1 ho-ngheo count 5 hộ duc-hiep/thon-1 {JUNE}
        2,2 - count 9 hộ duc-hiep/thon-1 {JUNE}
        2,3 gia-dinh-hoc-tap result 94.51 % duc-hiep/thon-1 {JUNE}
        2,4 so-ho count 164 hộ duc-hiep/thon-1 {JUNE}
        3,1 ho-ngheo count 6 hộ duc-hiep/thon-2 {JUNE}
        3,2 - count 4 hộ duc-hiep/thon-2 {JUNE}
        3,3 gia-dinh-hoc-tap result 95.00 % duc-hiep/thon-2 {JUNE}
        3,4 so-ho count 80 hộ duc-hiep/thon-2 {JUNE}
        4,1 ho-ngheo count 11 hộ duc-hiep {JUNE}
        4,2 - count 13 hộ duc-hiep {JUNE}
        4,3 gia-dinh-hoc-tap result 94.67 % duc-hiep {JUNE}
        4,4 so-ho count 244 hộ duc-hiep {JUNE}
        """,
    ),
    "what lies after the report is planned": (
        """
        TT | Mục tiêu (%) | Đến năm 2024 | Đến năm 2030
        1 | Gia đình học tập | 68 | 80
        """,
        """
        1,2 gia-dinh-hoc-tap target 68 % duc-hiep 2024-12-31
        1,3 gia-dinh-hoc-tap target 80 % duc-hiep 2030-12-31
        """,
    ),
    "years ahead of the report": (
        """
        TT | Chỉ tiêu (%) | Năm 2024 | Năm 2025 | Năm 2030
        1 | Gia đình học tập | 68 | 70 | 80
        """,
        f"""
        1,2 gia-dinh-hoc-tap result 68 % duc-hiep 2024-12-31
        1,3 gia-dinh-hoc-tap result 70 % duc-hiep {DECEMBER}
        1,4 gia-dinh-hoc-tap target 80 % duc-hiep 2030-12-31
        """,
    ),
    "comparisons are no targets and of the report's own day": (
        """
        TT | Chỉ tiêu | ĐVT | Kế hoạch năm 2025 | Thực hiện | So sánh (%) | <
        ^ | ^ | ^ | ^ | ^ | Với kế hoạch | Cùng kỳ năm 2024
        1 | Quỹ khuyến học | triệu đồng | 200 | 120,5 | 60,25 | 104,3
        """,
        f"""
        2,3 quy-khuyen-hoc target 200 triệu đồng duc-hiep {DECEMBER}
        2,4 quy-khuyen-hoc count 120.5 triệu đồng duc-hiep {JUNE}
        2,5 - result 60.25 % duc-hiep {JUNE}
        2,6 - result 104.3 % duc-hiep {JUNE}
        """,
    ),
    "a form of numbered labels and values, without a header": (
        """
        1. Số thôn | 12 thôn
        2. Tổng số hộ | 4.207 hộ
        3. Tỷ lệ hộ nghèo | 1,45%
        """,
        f"""
        0,1 so-thon count 12 thôn duc-hiep {JUNE}
        1,1 so-ho count 4207 hộ duc-hiep {JUNE}
        2,1 ho-ngheo result 1.45 % duc-hiep {JUNE}
        """,
    ),
    "villages that attain, by a cross": (
        """
        Thôn | Cộng đồng học tập | <
        ^ | Đạt | Không đạt
        Thôn 7 | x |
        Thôn 8 | | x
        """,
        f"""
        2,1 cong-dong-hoc-tap result 100 % duc-hiep/thon-7 {JUNE}
        3,2 cong-dong-hoc-tap result 0 % duc-hiep/thon-8 {JUNE}
        """,
    ),
    "footnote marks in brackets": (
        """
        TT | Chỉ tiêu | Kế hoạch năm 2025 | Thực hiện 6 tháng 2025²
        1 | Số hội viên khuyến học | 900 | 842⁽³⁾
        2 | Dân số | 5.500 | 5.420 (**)
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc target 900 hội viên duc-hiep {DECEMBER}
        1,3 so-hoi-vien-khuyen-hoc count 842 hội viên duc-hiep {JUNE}
        2,2 dan-so target 5500 người duc-hiep {DECEMBER}
        2,3 dan-so count 5420 người duc-hiep {JUNE}
        """,
    ),
    "an ordinal's header broken by a narrow column": (
        """
        ST T | Thôn | Số hội viên khuyến học
        1 | Thôn 1 | 100
        2 | Thôn 2 | 120
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc count 100 hội viên duc-hiep/thon-1 {JUNE}
        2,2 so-hoi-vien-khuyen-hoc count 120 hội viên duc-hiep/thon-2 {JUNE}
        """,
    ),
    "a period inside a label": (
        """
        TT | Nội dung | Kết quả (%)
        1 | Tỷ lệ nghèo đa chiều giai đoạn 2021-2025 | 2,41
        """,
        f"""
        1,2 ngheo-da-chieu result 2.41 % duc-hiep {JUNE}
        """,
    ),
    "people that are part of a row, with their unit": (
        """
        Nội dung | Kết quả
        Số học viên (người) | 81
        Trong đó nữ (người) | 63
        """,
        f"""
        1,1 - count 81 người duc-hiep {JUNE}
        2,1 - count 63 người duc-hiep {JUNE}
        """,
    ),
    "a list folded into two halves": (
        """
        TT | Thôn | Số hội viên khuyến học | TT | Thôn | Số hội viên khuyến học
        1 | Thuận Phước | 100 | 3 | Tuyết Diêm | 90
        2 | Đông Lỗ | 120 | | |
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc count 100 hội viên duc-hiep/thon-thuan-phuoc {JUNE}
        2,2 so-hoi-vien-khuyen-hoc count 120 hội viên duc-hiep/thon-dong-lo {JUNE}
        1,5 so-hoi-vien-khuyen-hoc count 90 hội viên duc-hiep/thon-tuyet-diem {JUNE}
        """,
    ),
    "communes across": (
        """
        STT | Chỉ tiêu | Đức Hiệp | Đức Nhuận | Tổng
        1 | Số hội viên khuyến học (người) | 1.086 | 900 | 1.986
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc count 1086 người duc-hiep {JUNE}
        1,3 so-hoi-vien-khuyen-hoc count 900 người duc-nhuan {JUNE}
        1,4 so-hoi-vien-khuyen-hoc count 1986 người - {JUNE}
        """,
    ),
    "years down": (
        """
        Năm | Số hội viên khuyến học | Tỷ lệ gia đình học tập (%)
        2023 | 950 | 72
        2024 | 1.001 | 74,5
        """,
        """
        1,1 so-hoi-vien-khuyen-hoc count 950 hội viên duc-hiep 2023-12-31
        1,2 gia-dinh-hoc-tap result 72 % duc-hiep 2023-12-31
        2,1 so-hoi-vien-khuyen-hoc count 1001 hội viên duc-hiep 2024-12-31
        2,2 gia-dinh-hoc-tap result 74.5 % duc-hiep 2024-12-31
        """,
    ),
    "attained or not, in two columns": (
        """
        TT | Nội dung | Đạt | Chưa đạt
        1 | Xã đạt chuẩn xóa mù chữ mức độ 2 | x |
        2 | Xã đạt chuẩn phổ cập giáo dục tiểu học mức độ 3 | | x
        """,
        f"""
        1,2 xmc-muc-do-2 result 100 % duc-hiep {JUNE}
        2,3 pcgd-tieu-hoc-muc-do-3 result 0 % duc-hiep {JUNE}
        """,
    ),
    "a comparison and a breakdown are figures of their own": (
        """
        TT | Chỉ tiêu | Kế hoạch | Thực hiện | So sánh TH/KH (%)
        1 | Số hội viên khuyến học (người) | 1.000 | 1.086 | 108,6
         | Trong đó: Nữ | 400 | 501 | 125,3
        """,
        f"""
        1,2 so-hoi-vien-khuyen-hoc target 1000 người duc-hiep {JUNE}
        1,3 so-hoi-vien-khuyen-hoc count 1086 người duc-hiep {JUNE}
        1,4 - result 108.6 % duc-hiep {JUNE}
        2,2 - target 400 người duc-hiep {JUNE}
        2,3 - count 501 người duc-hiep {JUNE}
        2,4 - result 125.3 % duc-hiep {JUNE}
        """,
    ),
    "without a header": (
        """
        1 | Gia đình học tập | 1.204/1.511 | 79,68%
        2 | Dòng họ học tập | 21/28 | 75%
        """,
        f"""
        0,2 gia-dinh-hoc-tap numerator 1204 hộ duc-hiep {JUNE}
        0,2 gia-dinh-hoc-tap denominator 1511 hộ duc-hiep {JUNE}
        0,3 gia-dinh-hoc-tap result 79.68 % duc-hiep {JUNE}
        1,2 dong-ho-hoc-tap numerator 21 dòng họ duc-hiep {JUNE}
        1,2 dong-ho-hoc-tap denominator 28 dòng họ duc-hiep {JUNE}
        1,3 dong-ho-hoc-tap result 75 % duc-hiep {JUNE}
        """,
    ),
    "institutions are no total of the commune; their sum is": (
        """
        TT | Trường | Số lớp | Số học sinh
        1 | Trường Tiểu học Đức Hiệp | 15 | 430
         | Tổng cộng | 15 | 430
        """,
        f"""
        1,2 - count 15 lớp duc-hiep {JUNE}
        1,3 - count 430 học sinh duc-hiep {JUNE}
        2,2 so-lop count 15 lớp duc-hiep {JUNE}
        2,3 so-hoc-sinh count 430 học sinh duc-hiep {JUNE}
        """,
    ),
}


def written(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("name", CASES)
def test_all_figures_of_a_table(name: str, vocabulary: Vocabulary, header: Header) -> None:
    drawn, expected = CASES[name]
    reading = read_table(draw(drawn), header, Caption(), vocabulary)
    read = [
        f"{one.source.row},{one.source.column} {one.indicator or '-'} {one.measure} {one.value} "
        f"{one.unit_of_measure} {one.unit or '-'} {one.as_of}"
        for one in reading.observations
    ]
    assert read == written(expected)


def findings(
    drawn: str, vocabulary: Vocabulary, header: Header, caption: Caption | None = None
) -> dict[str, dict[str, str]]:
    reading = read_table(draw(drawn), header, caption or Caption(), vocabulary)
    return {finding.code: dict(finding.facts) for finding in reading.findings}


def test_a_rate_that_does_not_fit_is_a_finding_with_the_repair(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        TT | Nội dung | Tổng số | Số đạt | Tỷ lệ %
        1 | Gia đình học tập | 1.511 | 1.284 | 79,68
        """
    facts = findings(drawn, vocabulary, header)["rate-mismatch"]
    assert facts["computed"] == "84.98"
    assert "numerator 1284 -> 1204" in facts["repairs"]


def test_a_total_that_is_not_the_sum_is_a_finding(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Tên thôn | Số hội viên khuyến học
        1 | Thôn 1 | 100
        2 | Thôn 2 | 120
        Cộng | < | 230
        """
    assert findings(drawn, vocabulary, header)["identity-mismatch"]["difference"] == "-10"


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | 7o,5", "number-unreadable"),
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | 179,5", "out-of-range"),
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình hiếu học | 70", "label-unmatched"),
        ("TT | Nội dung | Kết quả\n1 | Gia đình học tập | 70", "percent-assumed"),
        ("TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | -", "figure-blank"),
        ("TT | Nội dung | Tổng số\n1 | Số hộ | 1,511", "number-ambiguous"),
        ("Đơn vị | Nội dung\nA | Đã mở 5 lớp\nB | Chưa mở", "sentence-unmatched"),
        ("Họ tên | Chức vụ\nA | Trưởng ban\nB | Phó ban", "table-of-text"),
        ("Họ tên | Năm sinh\nA | 1975\nB | 1980", "table-of-text"),
        ("5 | 7\n6 | 9", "table-not-understood"),
    ],
)
def test_what_is_doubtful_is_a_finding(
    drawn: str, code: str, vocabulary: Vocabulary, header: Header
) -> None:
    assert code in findings(drawn, vocabulary, header)


def test_what_cannot_be_read_is_no_observation(vocabulary: Vocabulary, header: Header) -> None:
    drawn = "TT | Nội dung | Kết quả (%)\n1 | Gia đình học tập | 7o,5\n2 | Dòng họ học tập | -"
    assert read_table(draw(drawn), header, Caption(), vocabulary).observations == ()


def test_a_title_row_gives_period_and_unit_of_measure(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        Quỹ khuyến học năm 2023 (ĐVT: triệu đồng) | < | <
        TT | Nội dung | Kết quả
        1 | Quỹ khuyến học | 120,5
        """
    (one,) = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert (one.unit_of_measure, one.as_of) == ("triệu đồng", date(2023, 12, 31))


def test_a_second_table_without_header_continues_the_first(
    vocabulary: Vocabulary, header: Header
) -> None:
    first = draw("TT | Nội dung | Mục tiêu (%) | Kết quả (%)\n1 | Gia đình học tập | 70 | 79,68")
    second = draw("2 | Dòng họ học tập | 65 | 75")
    layout = read_table(first, header, Caption(), vocabulary).layout
    read = read_table(second, header, Caption(), vocabulary, layout).observations
    assert [(one.measure, str(one.value)) for one in read] == [("target", "65"), ("result", "75")]


def test_estimates_are_marked_by_header_or_note(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Nội dung | Mục tiêu (%) | Kết quả (%) | Ghi chú
        1 | Gia đình học tập | 70 | 79,68 | ước thực hiện
        2 | Dòng họ học tập | 65 | 75 |
        """
    read = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert [one.estimated for one in read] == [False, True, False, False]


def test_a_sentence_in_a_cell_is_read_for_its_row(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Nội dung | Kết quả
        1 | Gia đình học tập | Đạt 79,68 %, vượt 9,68 % so với kế hoạch
        """
    first, second = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert (first.indicator, str(first.value)) == ("gia-dinh-hoc-tap", "79.68")
    assert (second.indicator, str(second.value)) == (None, "9.68")
    assert first.source.kind == "table"
    assert (first.source.row, first.source.column) == (1, 2)


def test_months_without_a_year_are_of_the_documents_year(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = "TT | Chỉ tiêu | Quý I | Quý II\n1 | Số hội viên khuyến học | 900 | 950"
    read = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert [str(one.as_of) for one in read] == ["2025-03-31", "2025-06-30"]


def test_rates_are_checked_where_units_stand_in_the_rows_too(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        TT | Tên thôn | Tổng số hộ | Số hộ đạt GĐHT | Tỷ lệ
        1 | Thôn 1 | 388 | 260 | 76,01
        2 | Thôn 2 | 233 | 171 | 73,39
        """
    assert findings(drawn, vocabulary, header)["rate-mismatch"]["computed"] == "67.01"


def test_a_rate_of_a_whole_that_stands_beside_is_checked(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = """
        Thôn | Tổng số hộ | Hộ đăng ký | Hộ đạt gia đình văn hóa | Tỷ lệ đạt/tổng số hộ (%)
        Thôn 1 | 245 | 240 | 239 | 79,6
        Thôn 2 | 214 | 210 | 201 | 93,9
        """
    read = read_table(draw(drawn), header, Caption(), vocabulary)
    rates = [one for one in read.observations if one.measure == "result"]
    assert [one.indicator for one in rates] == ["gia-dinh-van-hoa", "gia-dinh-van-hoa"]
    doubts = [one.facts["computed"] for one in read.findings if one.code == "rate-mismatch"]
    assert doubts == ["97.55"]


def test_a_figure_of_the_years_beginning_is_said(vocabulary: Vocabulary, header: Header) -> None:
    drawn = "TT | Chỉ tiêu | ĐVT | Kết quả\n1 | Hộ nghèo đầu năm | hộ | 93\n2 | Hộ nghèo | hộ | 81"
    doubts = findings(drawn, vocabulary, header)
    assert doubts["beginning-of-year"] == {"label": "Hộ nghèo đầu năm", "date": "30/06/2025"}


def test_a_count_has_no_numerator(vocabulary: Vocabulary, header: Header) -> None:
    drawn = """
        TT | Tên xã | Số hộ đạt | Tổng số hộ | Tỷ lệ
        1 | Đức Hiệp | 1.204 | 1.511 | 79,68
        """
    read = read_table(draw(drawn), header, Caption(), vocabulary).observations
    assert [(one.indicator, one.measure) for one in read] == [
        (None, "numerator"), (None, "denominator"), (None, "result")
    ]  # fmt: skip


def test_a_target_whose_label_counts_is_doubted_as_a_rate(
    vocabulary: Vocabulary, header: Header
) -> None:
    drawn = "Chỉ tiêu | Kế hoạch | Thực hiện\nDòng họ học tập (dòng họ) | 20 | 21"
    assert findings(drawn, vocabulary, header)["percent-assumed"]["text"] == "20"
