"""What a run says of files that people have written into: where they are now, what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from extractors.sandbox import Limits, extract_many
from flows.publication import Kept

MOST_SAID = 30


def tell_kept(kept: Sequence[Kept], limits: Limits, line: Callable[[str], None]) -> None:
    """Say of each file where it was kept, and of a report which figures differ in the new one."""
    for one in kept:
        line(
            f"{one.place.name} không còn như chương trình đã ghi (đã có người sửa): bản đó được "
            f"giữ nguyên ở {one.kept}; bản mới ở {one.place}."
        )
        if one.place.suffix == ".xlsx":
            line(
                "  Nếu sổ đó có câu trả lời chưa lấy vào: "
                f"hopnhat decide --from '{one.kept}', rồi chạy lại hopnhat run."
            )
        elif one.place.suffix == ".docx":
            for said in _compared(one.kept, one.place, limits):
                line(f"  {said}")


def _compared(edited: Path, new: Path, limits: Limits) -> Iterator[str]:
    from reports.edited import differing  # noqa: PLC0415 few runs find an edited report

    before, now = extract_many([edited, new], limits)
    if not before.blocks or not now.blocks:
        yield "Không mở được bản đã sửa như một tệp .docx nên không so được số liệu; hãy tự so."
        return
    found = differing(before, now)
    if not found:
        yield "Số liệu của hai bản như nhau; chép những chỗ đã sửa sang bản mới nếu còn cần."
        return
    yield f"Số liệu khác nhau giữa bản đã sửa và báo cáo mới: {len(found)} dòng"
    for one in found[:MOST_SAID]:
        before_, now_ = one.edited or "không có", one.new or "không có"
        yield f"- {one.words}: bản đã sửa {before_}; báo cáo mới {now_}"
    if len(found) > MOST_SAID:
        yield f"- … và {len(found) - MOST_SAID} dòng khác"
