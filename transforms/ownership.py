"""Whose figure it is: a commune's report also cites its district's, its villages', its neighbours'.

A unit named in the same clause owns the figures of that clause; one that the sentence puts over
all ('toàn huyện', 'trên địa bàn tỉnh') owns what follows. Who only gives, plans or is compared
with owns nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.reading import Header
    from transforms.units import UnitMention

_OWN = re.compile(
    r"(?<!\w)(?:toàn|của|trong|tại|ở|trên địa bàn|cả) (?:xã|phường|thị trấn)"
    r"(?! [A-ZĐÀ-Ỹ])(?!\w)",
)
_OVER_ALL = re.compile(
    r"(?:toàn|cả|chung|trên địa bàn|trong phạm vi|trên phạm vi|bình quân|riêng|ở cấp|tính chung)"
    r"(?: của| ở| trong| toàn)*\s*$|(?<!\w)tính chung[^.;]{0,40}\s$",
    re.IGNORECASE,
)
_IN_OFFICE = re.compile(
    r"(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|hđnd|hội đồng nhân dân|đảng ủy|đảng uỷ|huyện ủy"
    r"|tỉnh ủy|phòng [^,;.]{0,40}|sở [^,;.]{0,40}|ban [^,;.]{0,30}|trung tâm|đảng bộ|của đảng bộ"
    r"|(?:kế hoạch(?: số \S+)?|chỉ tiêu|mục tiêu|nghị quyết|quyết định|đề án)(?: của)?|theo"
    r"|lãnh đạo|(?:quan tâm|chỉ đạo|hướng dẫn) của|gần|giáp|cách|nhập|sáp nhập|thuộc|xuống|cấp"
    r"|(?:hạng|giải|thứ) \S{1,6}(?: toàn)?)\s*$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:^|[,;:.(]|(?<!\w)(?:ở|tại|của))\s*$", re.IGNORECASE)
_MERGED = re.compile(
    r"(?<!\w)(?:sáp nhập|hợp nhất|nhập|sắp xếp)(?!\w)"
    r"(?:(?!(?<!\w)(?:có|đạt|là|còn)(?!\w))[^\d.;:])*$",
    re.IGNORECASE,
)
"""'Sau khi sáp nhập ba xã A, B và C': what became one owns nothing of what follows."""
_GIVES = re.compile(
    r"^\s*(?:đã |sẽ |cũng )*(?:giao|hỗ trợ|cấp|phê duyệt|công nhận|đầu tư|ban hành|kiểm tra|tặng"
    r"|trao|khen|đề ra|phân bổ|chỉ đạo|hướng dẫn|quy định)(?!\w)",
    re.IGNORECASE,
)
_WITH_COMMUNE = re.compile(r"^\s*và (?:xã|thị trấn|phường)(?!\w| [^\Wa-zà-ỹ])")
"""'huyện và xã hỗ trợ': with a commune that is not named."""
_COMPARED = re.compile(
    r"(?<!\w)(?:cao hơn|thấp hơn|nhiều hơn|ít hơn|vượt|so với|bằng|đứng|xếp)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Owner:
    """A unit that owns figures, named at [start, end); ``slug`` None where it has none here.

    ``over_all`` reaches beyond its own clause.
    """

    start: int
    end: int
    slug: str | None
    text: str
    over_all: bool


def owners(text: str, header: Header, mentions: Sequence[UnitMention]) -> list[Owner]:
    """The units named in a sentence that can own its figures, in order."""
    found = [
        Owner(one.start, one.end, one.slug, one.text, _reaches(text, one))
        for one in mentions
        if not _is_bystander(text, one)
    ]
    found += [
        Owner(one.start(), one.end(), header.unit, one.group(), over_all=True)
        for one in _OWN.finditer(text)
    ]
    return sorted(found, key=lambda owner: owner.start)


def owner_of(
    found: Sequence[Owner], text: str, start: int, end: int, clause: tuple[int, int]
) -> Owner | None:
    """The owner of the figure at [start, end), whose clause is given; None for the document's own.

    The nearest one before it counts, in its clause or over all; behind it only 'của toàn huyện'.
    """
    behind = [
        one
        for one in found
        if end <= one.start < clause[1]
        and re.search(r"(?:của|ở|tại|trong|toàn)", text[end : one.end])
        and not _COMPARED.search(text, end, one.start)
    ]
    ahead = [one for one in found if one.end <= start and (one.over_all or one.start >= clause[0])]
    aside = [one for one in found if text[one.end : clause[0]].strip() == "("]
    if aside and aside[-1].end <= start:  # 'mặt bằng huyện Nghĩa Hưng (tỷ lệ … 88,4 %)'
        return aside[-1]
    if ahead:
        return ahead[-1]
    return behind[0] if behind else None


def _reaches(text: str, mention: UnitMention) -> bool:
    if mention.generic:
        return not mention.text.lower().startswith(("của", "cấp"))
    return bool(_OVER_ALL.search(text[: mention.start]))


def _is_bystander(text: str, mention: UnitMention) -> bool:
    """Whether the unit only plans, gives or is where something lies."""
    before = text[max(0, mention.start - 60) : mention.start]
    if mention.generic and re.search(
        r"(?:kế hoạch|mục tiêu|chỉ tiêu|quy định|hướng dẫn|chỉ đạo|nghị quyết|đề án|văn bản)\s*$",
        before,
        re.IGNORECASE,
    ):
        return True
    if _MERGED.search(text[: mention.start]):
        return True
    if mention.generic and mention.text.lower().startswith("cấp") and not _OPENS.search(before):
        return True  # '19 giải cấp huyện'
    after = text[mention.end :]
    return bool(_IN_OFFICE.search(before) or _GIVES.match(after) or _WITH_COMMUNE.match(after))
