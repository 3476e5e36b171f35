"""Numerals in a sentence that count nothing: dates, document numbers, ages, names of villages.

Each is told with its reason, an id of ``catalog/numerals.yaml``: who reads figures passes it over,
the ledger of numerals states it. Told from the few words around the numeral alone, so that a
sentence costs time for its numerals only, however long it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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

_SHAPES = (
    ("date", r"\d{1,2}\s*tháng\s*\d{1,2}(?!\d)"),
    ("date", rf"(?:1[0-2]|0?[1-9])\s*[/.-]\s*{YEAR}{_NO_UNIT}"),
    ("date", rf"{YEAR}\s*(?:[-–/]|đến(?:\s+năm)?)\s*(?:\d\d(?!\d)|{YEAR}){_NO_UNIT}"),
    (
        "time-of-day",
        r"\d{1,2}\s*[hg]\s*\d{2}(?!\w)|\d{1,2}\s*giờ\s*\d{1,2}(?!\d)|\d{1,2}:\d{1,3}(?!\d)",
    ),
    ("time-of-day", r"24/24(?:\s*(?:h|giờ))?(?!\w)|24/7(?!\w)"),
    ("name", r"\d[gs](?!\w)"),
    ("time-of-day", r"(?:[01]?\d|2[0-4])\s*giờ(?!\w|/|\s+(?:học|dạy|công))"),
    ("unit-of-measure", r"1/(?:[125]00|[125]\.?000|10\.?000|25\.?000)(?!\d)"),
    ("date", r"\d{1,2}\s*tháng\s+(?:đầu|cuối)(?!\w)"),
    (
        "duration",
        (
            r"\d{1,2}\s*(?:tháng(?!\s*tuổi)|năm(?!\s*\d)|tuần"
            r"|ngày(?!\s*công)|phút)(?!\w)"
        ),
    ),
    ("duration", r"\d{1,2}\s*(?:buổi/ngày|lần/(?:tuần|tháng|quý|năm))(?!\w)"),
    ("telephone", r"0\d{2,3}\)?(?:[ .-]?\d{2,4}){2,3}(?!\d)|1[89]00[ .-]?\d{4,6}(?!\d)"),
    ("level", r"\d\s+cấp(?!\w)"),
    ("level", r"\d{1,2}\s+sao(?!\w)"),
    ("name", r"\d{1,2}\s+(?:không|sạch|nhất|rõ|tại\s+chỗ|tốt|biết)(?!\w)"),
)
_ANY_SHAPE = re.compile("|".join(f"({pattern})" for _, pattern in _SHAPES))
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

_NAMES = (
    ("level", "upto_5", r"mức(?:\s+độ)?|cấp(?:\s+độ)?|hạng|bậc"),
    ("date", "upto_5", "quý"),
    ("date", "upto_12", "tháng"),
    ("level", "upto_12", r"lớp|khối(?:\s+lớp)?"),
    ("date", "upto_31", "ngày|mùng|mồng"),
    ("legal-article", "always", "điều|khoản"),
    ("ordinal", "always", "thứ"),
    ("reference", "always", r"phụ\s+lục|biểu|mẫu|bảng"),
    ("name", "always", r"quốc\s+lộ|tỉnh\s+lộ|đường\s+(?:tỉnh|huyện|xã|đh|đt|hl|ql)|covid"),
    ("reference", "", r"mục|điểm|chương|phần|hình|trang|câu|bước"),
    (
        "ordinal",
        "",
        r"kh(?:óa|oá)|nhiệm\s+kỳ|kỳ|giai\s+đoạn|phiên\s+bản|vòng|(?<!học\s)tập|đợt|lần",
    ),
    ("name", "", r"đường|hẻm|ngõ|nhóm|tổ|đội|xóm|thôn|ấp|bản|khu(?:\s+phố|\s+vực)?|tdp|vùng"),
    ("name", "", r"tổ\s+dân\s+phố|chi\s+bộ|chi\s+hội|cụm|trường"),
    ("reference", "", r"dự\s+án|nội\s+dung|nhiệm\s+vụ|giải\s+pháp|tiêu\s+chí|chỉ\s+tiêu"),
    ("reference", "", r"hợp\s+phần|cột|thửa|tờ"),
    ("name", "", r"km|công\s+nghiệp|cách\s+mạng|cmcn"),
    ("document-number", "", r"chương\s+trình|đề\s+án|nghị\s+quyết|quyết\s+định|công\s+văn"),
    ("document-number", "", r"thông\s+tư|nghị\s+định|kế\s+hoạch|chỉ\s+thị|qđ|nq|kl|ct|cv|nđ|tt"),
    ("document-number", "", r"kết\s+luận|hướng\s+dẫn|thông\s+báo|tờ\s+trình|báo\s+cáo|luật"),
)
"""What is known by a number behind its name: the reason, how great the number may be, the names."""
_NAMED = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'({names})' for _, _, names in _NAMES)})(?P<numbered>\s+số)?\s*:?\s*$"
)
_NUMBERED = re.compile(
    r"(?<!\w)(?:(?P<before>\w+)\s+)?"
    r"(?:số(?P<house>\s+nhà)?|(?P<telephone>đt|thoại|tel|fax|hotline|sđt))[\s:.(]*$"
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
    r"(?<!\w)(?:(?P<name>công\s+nghiệp|cách\s+mạng|cmcn|web|phiên\s+bản|công\s+nghệ)"
    r"|mục|điểm|phần|bảng|biểu|hình|phụ\s+lục)(?:\s+số)?\s*$"
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


@dataclass(frozen=True, slots=True)
class NonFigure:
    """What a numeral is part of that is no figure: where it ends, and which reason it is."""

    end: int
    reason: str


def end_of_nonfigure(sentence: str, low: str, start: int, end: int) -> int | None:
    """Where the thing ends that the numeral at [start, end) is part of; None if it may be a figure.

    ``low`` is the sentence in lower case, every character in its place.
    """
    found = nonfigure_at(sentence, low, start, end)
    return None if found is None else found.end


def nonfigure_at(sentence: str, low: str, start: int, end: int) -> NonFigure | None:
    """What the numeral at [start, end) is part of that is no figure; None if it may be a figure."""
    if low.startswith(("%", " %", "‰", " ‰"), end):
        return None
    before = low[max(0, start - 40) : start]
    if _DECLARED_BEFORE.search(before):
        return NonFigure(end, "unit-of-measure")
    if code := _CLASS.match(sentence, start):
        return NonFigure(code.end(), "name")
    return (
        _code(sentence, low, start, end)
        or _ended("date", DATE.match(low, start))
        or _ended("document-number", DOCUMENT_NUMBER.match(sentence, start))
        or _shape(low, start)
        or _ended("age", _ages(low, start))
        or _behind(before, low, start)
        or _named(low, before, start, end)
        or _name(sentence, low, start)
    )


def _ended(reason: str, match: re.Match[str] | None) -> NonFigure | None:
    return None if match is None else NonFigure(match.end(), reason)


def _shape(low: str, start: int) -> NonFigure | None:
    """'6 tháng đầu năm', '7 giờ 30', '0914 123 456': told by what it looks like."""
    match = _ANY_SHAPE.match(low, start)
    if match is None or match.lastindex is None:
        return None
    return NonFigure(match.end(), _SHAPES[match.lastindex - 1][0])


def _behind(before: str, low: str, start: int) -> NonFigure | None:
    """'tuổi từ 15', 'lúc 7 giờ', 'ngày 20/11', 'mục 2.1', '(0255) 3859102': told by the words
    before it together with what it looks like.
    """
    if _AGE_BEFORE.search(before) and (match := _AGE_SPAN.match(low, start)):
        return NonFigure(match.end(), "age")
    if _CLOCK_BEFORE.search(before) and (match := _CLOCK.match(low, start)):
        return NonFigure(match.end(), "time-of-day")
    if _DAY_BEFORE.search(before) and (match := _DAY_MONTH.match(low, start)):
        return NonFigure(match.end(), "date")
    dotted = _DOTTED_BEFORE.search(before)
    if dotted and (match := _DOTTED.match(low, start)):
        return NonFigure(match.end(), "name" if dotted["name"] else "reference")
    if _AREA_CODE_BEFORE.search(before) and (match := _SUBSCRIBER.match(low, start)):
        return NonFigure(match.end(), "telephone")
    if _ENUMERATOR_BEFORE.search(before) and (match := _enumerator(low, start)):
        return NonFigure(match.end(), "ordinal")
    if _YEAR_BEFORE.search(before) and (match := _YEARS.match(low, start)):
        return NonFigure(match.end(), "date")
    return None


def is_counted(low: str, end: int) -> bool:
    """Whether '%' or the name of something countable follows."""
    return _COUNTED.match(low, end) is not None


def _code(sentence: str, low: str, start: int, end: int) -> NonFigure | None:
    """'Covid-19', 'H5', 'km2'; but 'đạt95,6' only lacks its space."""
    match = _CODE_BEFORE.search(sentence[max(0, start - 16) : start])
    if match is None:
        return None
    code = match["code"].rstrip("-").lstrip("0123456789")
    lacks_space = len(code) > 1 and code.islower() and code not in _GLUED_MEASURES
    if lacks_space and (not match["code"].endswith("-") or is_counted(low, end)):
        return None
    return NonFigure(end, "unit-of-measure" if code in _GLUED_MEASURES else "name")


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


def _name(sentence: str, low: str, start: int) -> NonFigure | None:
    """'thôn An Hòa 1', 'Trường Mầm non 24/3'; but not 'thôn An Hòa 198/221 hộ'."""
    match = _NAME_BEFORE.search(sentence[max(0, start - 40) : start])
    if match is None or not all(word[0].isupper() for word in match["name"].split()):
        return None
    number = _OF_A_NAME.match(low, start)
    if number is None or is_counted(low, number.end()):
        return None
    return NonFigure(number.end(), "name")


def _named(low: str, before: str, start: int, end: int) -> NonFigure | None:
    """'Điều 5', 'mức độ 2', 'lớp 9', 'thôn 3', 'Quyết định 89', 'số 12', 'công nghiệp 4.0', with
    what a stroke parts from it ('hạng 3/13 xã').
    """
    plain, named = _PLAIN.match(low, start), _NAMED.search(before)
    if plain is None:
        return None
    if named is None:
        reason = _reason_of_number(before)
        if reason is None or is_counted(low, end):
            return None
        found = plain
    else:
        reason, limit, _ = next(
            names for place, names in enumerate(_NAMES, 1) if named[place] is not None
        )
        beyond = limit.startswith("upto_") and int(low[start:end]) > int(limit[len("upto_") :])
        counted = is_counted(low, plain.end()) or (not limit and _SHARE.match(low, plain.end()))
        if beyond or (limit not in ("always", "upto_31") and counted):
            return None
        if named["numbered"] is None and _YEARS.match(low, start):
            reason = "date"  # 'kế hoạch 2025', 'giai đoạn 2021-2025'
        found = _ENUMERATION.match(low, start) or plain
    parted = _PARTED.match(low, found.end())
    return NonFigure(parted.end() if parted else found.end(), reason)


def _reason_of_number(before: str) -> str | None:
    """Why the number behind 'số', 'ĐT:' is no figure: 'nhà số 12'; None for 'tổng số 12'."""
    numbered = _NUMBERED.search(before)
    if numbered is None or numbered["before"] in _COUNTING:
        return None
    if numbered["telephone"]:
        return "telephone"
    return "name" if numbered["house"] else "reference"
