"""Numerals in a sentence that count nothing: dates, document numbers, ages, names of villages.

Told from the few words around the numeral alone, so that a sentence costs time for its numerals
only, however long it is.
"""

from __future__ import annotations

import re

from transforms.dates import DATE

_UNITS = """
người dân|dân tộc|dân|người lao động|người học|người lớn|lượt người|người|lượt khách|lượt
nhân khẩu|khẩu|lao động|lãnh đạo|đồng chí|đối tượng|cụ|nữ đại biểu|địa chỉ
học sinh|học viên|sinh viên|trẻ em|trẻ|cháu|em|giáo viên|nhà giáo|cán bộ, công chức|cán bộ
công chức|viên chức|nhân viên|đảng viên|hội viên|đoàn viên|thành viên|xã viên|tổ viên|báo cáo viên
cộng tác viên|tuyên truyền viên|hòa giải viên|vận động viên|diễn viên|tình nguyện viên|chiến sĩ
dân quân|thanh niên|công dân|phụ nữ|đại biểu|khách|bác sĩ|y sĩ|điều dưỡng|nữ hộ sinh|dược sĩ|y tá
hộ gia đình|hộ nghèo|hộ cận nghèo|hộ dân|hộ|gia đình|cặp vợ chồng|cặp|bà mẹ|thai phụ
dòng họ|tộc họ|thôn|xóm|ấp|bản|buôn|làng|tổ dân phố|khu dân cư|khu phố|khối phố|tiểu khu|xã|phường
thị trấn|huyện|tỉnh|cộng đồng|đơn vị|cơ quan|doanh nghiệp|hợp tác xã|trường hợp|trường học|trường
cơ sở|trung tâm|trang trại|gia trại|hội trường|nhà văn hóa|nhà văn hoá|thư viện|tủ sách|phòng học
phòng|lớp học|lớp|nhóm|buổi|cuộc|đợt|hội nghị|kỳ họp|phiên họp|chuyên đề|lần|chương trình
hoạt động|mô hình|câu lạc bộ|clb|tiêu chí|chỉ tiêu|văn bản|tin bài|tin|bài|tờ rơi|băng rôn|pa nô
pano|khẩu hiệu|cuốn sách|cuốn|quyển|đầu sách|bản sách|suất học bổng|suất quà|suất|phần quà|giải
danh hiệu|điểm phần trăm|điểm %|điểm|đám cưới|đám|hồ sơ|đơn thư|đơn|thủ tục|vụ việc|vụ|ca|giấy phép
thẻ|phiếu|mắt camera|camera|máy tính|máy|chiếc|xe máy|xe|bộ bàn ghế|bộ máy tính|cây|sản phẩm|dự án
công trình|mái ấm|căn nhà|căn|nhà|ngôi nhà|phòng ở|giường bệnh|giường|chỗ ngồi|bể|giếng|hầm
con|trái|quả|chi hội|chi bộ|chi đoàn|tổ chức đảng|tổ chức|tổ hợp tác|tổ|hội thi|hội thảo|cuộc thi
đoàn thể|đội|ngày công|giờ học|tiết học|tiết|giờ|tin nhắn|lá cờ|lá phiếu|bia|mộ|vườn|ao|lồng bè
tr đồng|tr.đồng|tr. đồng|trđồng|trđ|tr.đ
‰|%o|phần nghìn|phần ngàn
km2|km²|m2|m²|m3|m³|ha|sào|km|m|kg|tấn|tạ|yến|lít|kwh|mw|đồng|vnđ|vnd|đ|usd
"""
_ANY_UNIT = "|".join(
    re.escape(unit).replace(r"\ ", r"\s+")
    for unit in sorted("|".join(_UNITS.split("\n")).strip("|").split("|"), key=len)[::-1]
    if unit
)
UNIT = rf"(?:{_ANY_UNIT})(?!\w)(?:/(?!kế\s|kh\b)(?:(?:{_ANY_UNIT})(?!\w)|[^\W\d][\w²³]*))*"
"""What is counted, in lower case: 'hộ gia đình', 'km2', 'đồng/người/năm'."""

DOCUMENT_NUMBER = re.compile(
    r"\d{1,5}[a-z]?(?:\s?/\s?(?:19|20)\d\d)?(?:\s?/\s?|-)(?=[A-ZĐÐ]{2}|[A-ZĐÐ][-/])"
    r"[A-ZĐÐ][A-ZĐÐa-z&]{0,15}\d{0,2}(?![^\W_])"
    r"(?:(?:\s[-–_/]|[-–_/.]\s?|\s[-–]\s(?=(?:UBND|HĐND|TTg|CP|ĐU|TU|HU)(?!\w)))[A-ZĐÐ][A-ZĐÐa-z&]{0,19}\d{0,2}(?![^\W_])){0,4}"
)
"""A số, ký hiệu: '1373/QĐ-TTg', '30/2020/NĐ-CP', '101-BC/TU', '72/2025/QH15', '09/QĐ_BKHCN'."""

YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d)"
_NO_UNIT = rf"(?!\s*(?:%|{UNIT}))"

_SHAPES = re.compile(
    "|".join(
        (
            r"\d{1,2}\s*tháng\s*\d{1,2}(?!\d)",
            rf"(?:1[0-2]|0?[1-9])\s*[/.-]\s*{YEAR}{_NO_UNIT}",
            rf"{YEAR}\s*(?:[-–/]|đến(?:\s+năm)?)\s*(?:\d\d(?!\d)|{YEAR}){_NO_UNIT}",
            r"\d{1,2}\s*[hg]\s*\d{2}(?!\w)|\d{1,2}\s*giờ\s*\d{1,2}(?!\d)|\d{1,2}:\d{1,3}(?!\d)",
            r"24/24(?:\s*(?:h|giờ))?(?!\w)|24/7(?!\w)|\d[gs](?!\w)",
            r"(?:[01]?\d|2[0-4])\s*giờ(?!\w|/|\s+(?:học|dạy|công))",
            r"1/(?:[125]00|[125]\.?000|10\.?000|25\.?000)(?!\d)",
            (
                r"\d{1,2}\s*(?:tháng\s+(?:đầu|cuối)|tháng(?!\s*tuổi)|năm(?!\s*\d)|tuần"
                r"|ngày(?!\s*công)|phút)(?!\w)"
            ),
            r"\d{1,2}\s*(?:buổi/ngày|lần/(?:tuần|tháng|quý|năm))(?!\w)",
            r"0\d{2,3}\)?(?:[ .-]?\d{2,4}){2,3}(?!\d)|1[89]00[ .-]?\d{4,6}(?!\d)",
            r"\d\s+cấp(?!\w)",
            r"\d{1,2}\s+(?:không|sạch|nhất|rõ|tại\s+chỗ|tốt|biết|sao)(?!\w)",
        )
    )
)
_AGES = re.compile(
    r"(?P<ages>\d{1,3}(?:\s*(?:[-–]|,|;|đến|tới|và|hoặc)\s*(?:dưới\s+)?\d{1,3}){0,5})\s*"
    r"(?:tháng\s*)?tuổi(?!\w)"
)
_PLAIN = re.compile(r"\d{1,5}[a-zđ]?(?!\w|[.,]\d)")
_ENUMERATION = re.compile(
    r"\d{1,5}[a-zđ]?(?!\w)"
    r"(?:\s*(?:,|;|và|[-–]|đến)\s*\d{1,4}(?=\s*(?:[,.;:)\]–-](?!\d)|$|và\s+\d)))*"
    rf"(?:\s*và\s*\d{{1,3}}(?!\w|[.,/]\d|\s*(?:%|{UNIT})))?"
)
_YEARS = re.compile(rf"{YEAR}(?:\s*(?:,|;|và|[-–/]|đến)\s*(?:năm\s*)?{YEAR})*")
_PARTED = re.compile(rf"(?:/\d+)+(?:\s*{UNIT})?")
"""What a stroke adds to a number that counts nothing: 'hạng 3/13 xã', 'Trường Mầm non 24/3'."""
_SHARE = re.compile(rf"\s*/\s*\d+\s*{UNIT}")
_COUNTED = re.compile(rf"\s*(?:%|phần\s+trăm|{UNIT})")

_NAMED = re.compile(
    r"(?<!\w)(?:"
    r"(?P<upto_5>mức(?:\s+độ)?|cấp(?:\s+độ)?|hạng|bậc|quý)|(?P<upto_12>tháng|lớp|khối(?:\s+lớp)?)"
    r"|(?P<upto_31>ngày|mùng|mồng)"
    r"|(?P<always>điều|khoản|thứ|phụ\s+lục|biểu|mẫu|bảng|quốc\s+lộ|tỉnh\s+lộ|đường\s+(?:tỉnh|huyện|xã)"
    r"|covid)"
    r"|(?:mục|điểm|chương|phần|hình|trang|câu|bước|kh(?:óa|oá)|nhiệm\s+kỳ|kỳ|giai\s+đoạn|đường|hẻm|ngõ"
    r"|phiên\s+bản|vòng|(?<!học\s)tập|đợt|lần|nhóm|tổ|đội|xóm|thôn|ấp|bản|khu(?:\s+phố|\s+vực)?|tdp|vùng"
    r"|tổ\s+dân\s+phố|chi\s+bộ|chi\s+hội|cụm|trường|dự\s+án|nội\s+dung|nhiệm\s+vụ|giải\s+pháp"
    r"|tiêu\s+chí|chỉ\s+tiêu|hợp\s+phần|cột|thửa|tờ|km|công\s+nghiệp|cách\s+mạng|cmcn|chương\s+trình"
    r"|đề\s+án|nghị\s+quyết|quyết\s+định|công\s+văn|thông\s+tư|nghị\s+định|kế\s+hoạch|chỉ\s+thị"
    r"|qđ|nq|kl|ct|cv|nđ|tt|kết\s+luận|hướng\s+dẫn|thông\s+báo|tờ\s+trình|báo\s+cáo|luật)"
    r")(?:\s+số)?\s*:?\s*$"
)
_NUMBERED = re.compile(
    r"(?<!\w)(?:(?P<before>\w+)\s+)?(?:số(?:\s+nhà)?|đt|thoại|tel|fax|hotline|sđt)[\s:.(]*$"
)
_COUNTING = {
    "tổng",
    "trong",
    "dân",
    "sĩ",
    "một",
    "chỉ",
    "hệ",
    "con",
    "quân",
    "tỷ",
    "tỉ",
    "đa",
    "thiểu",
}
_DOTTED_BEFORE = re.compile(
    r"(?<!\w)(?:công\s+nghiệp|cách\s+mạng|cmcn|web|phiên\s+bản|công\s+nghệ|mục|điểm|phần|bảng|biểu|hình"
    r"|phụ\s+lục)(?:\s+số)?\s*$"
)
_DOTTED = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,4}(?!\d)")
_AGE_BEFORE = re.compile(r"(?<!\w)tuổi\s*(?:từ\s*)?$")
_AGE_SPAN = re.compile(rf"\d{{1,2}}(?:\s*(?:[-–]|đến)\s*\d{{1,2}})?(?!\w|[.,]\d){_NO_UNIT}")
_YEAR_BEFORE = re.compile(
    r"(?<!\w)(?:năm|đến|từ|tới|trước|sau|so với|kế hoạch|giai đoạn|tháng|quý|khóa|nhiệm kỳ|kết quả"
    r"|mục tiêu|dự toán|thực hiện|chỉ tiêu|hè|xuân|tết|đại hội|đầu|cuối|giữa|hết|\()\s*"
    r"(?:\d{1,2}[/-])?$"
)
_AREA_CODE_BEFORE = re.compile(r"\(0\d{2,3}\)[ .-]?$")
_SUBSCRIBER = re.compile(r"\d{1,4}(?:[ .-]?\d{2,4}){1,3}(?!\d)")
_CLOCK_BEFORE = re.compile(r"(?<!\w)(?:lúc|vào|hồi)\s*$")
_CLOCK = re.compile(r"\d{1,2}\s*(?:giờ|h|g)(?!\w)")
_CODE_BEFORE = re.compile(r"(?:^|[^\w])(?P<code>[\w&]*[^\W\d_]|[^\W\d_][\w&]*-)$")
_GLUED_MEASURES = {"m", "km", "cm", "dm", "mm", "co"}
_DAY_BEFORE = re.compile(r"(?<!\w)(?:ngày|dịp|lễ|mừng|niệm|thi|trào|tết|thống|khánh)\s*\(?$")
_DAY_MONTH = re.compile(rf"\d{{1,2}}\s*[/.-]\s*(?:1[0-2]|0?[1-9])(?!\d|[.,]\d){_NO_UNIT}")
_NAME_BEFORE = re.compile(
    r"(?<!\w)(?:(?:thôn|xóm|ấp|làng|bản|khu|tdp|trường|mầm non|tiểu học|thcs|thpt|mẫu giáo)\s+)+"
    r"(?P<name>(?:[^\W\d_]+\s+){1,4})$",
    re.IGNORECASE,
)
_OF_A_NAME = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])(?:\s*/\s*(?:0?[1-9]|1[0-2]))?(?!\d|[.,/]\d|\s*/\s*\d)"
)
_CLASS = re.compile(r"\d{1,2}[A-EG-JL-Z]\d?(?!\w)")
"""'9A', '12A3': classes."""
_DECLARED_BEFORE = re.compile(r"(?:đvt|đ\.v\.t|đơn\s+vị(?:\s+tính)?)\s*[:：]\s*$")
_ENUMERATOR = re.compile(r"(?P<number>\d{1,2})\)(?=\s*(?:[^\W\d]|(?:[,;]|và)\s*\(\d{1,2}\)))")
_ENUMERATOR_BEFORE = re.compile(r"(?:^|[;:,.]\s*|\s)\(?$")


def end_of_nonfigure(sentence: str, low: str, start: int, end: int) -> int | None:
    """Where the thing ends that the numeral at [start, end) is part of; None if it may be a figure.

    ``low`` is the sentence in lower case, every character in its place.
    """
    if low.startswith(("%", " %", "‰", " ‰"), end):
        return None
    before = low[max(0, start - 40) : start]
    if _DECLARED_BEFORE.search(before):
        return end
    code = _CLASS.match(sentence, start)
    if code:
        return code.end()
    found = (
        _code(sentence, low, start, end)
        or DATE.match(low, start)
        or DOCUMENT_NUMBER.match(sentence, start)
        or _SHAPES.match(low, start)
        or _ages(low, start)
        or (_AGE_BEFORE.search(before) and _AGE_SPAN.match(low, start))
        or (_CLOCK_BEFORE.search(before) and _CLOCK.match(low, start))
        or (_DAY_BEFORE.search(before) and _DAY_MONTH.match(low, start))
        or (_DOTTED_BEFORE.search(before) and _DOTTED.match(low, start))
        or (_AREA_CODE_BEFORE.search(before) and _SUBSCRIBER.match(low, start))
        or (_ENUMERATOR_BEFORE.search(before) and _enumerator(low, start))
        or (_YEAR_BEFORE.search(before) and _YEARS.match(low, start))
    )
    if found:
        return found if isinstance(found, int) else found.end()
    named = _named(low, before, start, end)
    if named is None:
        return _end_of_name(sentence, low, start)
    behind = _PARTED.match(low, named)
    return behind.end() if behind else named


def is_counted(low: str, end: int) -> bool:
    """Whether '%' or the name of something countable follows."""
    return _COUNTED.match(low, end) is not None


def _code(sentence: str, low: str, start: int, end: int) -> int | None:
    """'Covid-19', 'H5', 'B2B'; but 'đạt95,6' only lacks its space."""
    match = _CODE_BEFORE.search(sentence[max(0, start - 16) : start])
    if match is None:
        return None
    code = match["code"].rstrip("-")
    lacks_space = len(code) > 1 and code.islower() and code not in _GLUED_MEASURES
    if lacks_space and (not match["code"].endswith("-") or is_counted(low, end)):
        return None
    return end


def _ages(low: str, start: int) -> re.Match[str] | None:
    """'15-60 tuổi', '3,4,5 tuổi'; but not '74,5 tuổi', which is a figure."""
    match = _AGES.match(low, start)
    if match is None:
        return None
    decimal = re.fullmatch(r"(\d+),(\d+)", match["ages"])
    if decimal and int(decimal[2]) != int(decimal[1]) + 1:
        return None
    return match


def _enumerator(low: str, start: int) -> re.Match[str] | None:
    """'(1) xây dựng …; (2) tổ chức …', but not '(12) thôn'."""
    match = _ENUMERATOR.match(low, start)
    if match is None or not is_counted(low, match.end()):
        return match
    return match if f"{int(match['number']) - 1})" in low[:start] else None


def _end_of_name(sentence: str, low: str, start: int) -> int | None:
    """'thôn An Hòa 1', 'Trường Mầm non 24/3'; but not 'thôn An Hòa 198/221 hộ'."""
    match = _NAME_BEFORE.search(sentence[max(0, start - 40) : start])
    if match is None or not all(word[0].isupper() for word in match["name"].split()):
        return None
    number = _OF_A_NAME.match(low, start)
    return None if number is None or is_counted(low, number.end()) else number.end()


def _named(low: str, before: str, start: int, end: int) -> int | None:
    """'Điều 5', 'mức độ 2', 'lớp 9', 'thôn 3', 'Quyết định 89', 'số 12', 'công nghiệp 4.0'."""
    plain, named = _PLAIN.match(low, start), _NAMED.search(before)
    if plain is None:
        return None
    if named is None:
        is_number = _is_number_of_something(before) and not is_counted(low, end)
        return plain.end() if is_number else None
    kind = named.lastgroup or ""
    beyond = kind.startswith("upto_") and int(low[start:end]) > int(kind.removeprefix("upto_"))
    counted = is_counted(low, plain.end()) or (not kind and _SHARE.match(low, plain.end()))
    if beyond or (kind not in ("always", "upto_31") and counted):
        return None
    found = _ENUMERATION.match(low, start)
    return found.end() if found else plain.end()


def _is_number_of_something(before: str) -> bool:
    """'nhà số 12', 'ĐT: 123'; but not 'tổng số 12'."""
    numbered = _NUMBERED.search(before)
    return numbered is not None and numbered["before"] not in _COUNTING
