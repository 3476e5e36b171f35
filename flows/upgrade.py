"""What a newer version of the program finds of an older one, until the first run has rebuilt it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.errors import RunError
from flows.pipeline import records


def require_current(warehouse: Path) -> None:
    """Raise RunError for a warehouse that another version has built: its words may be others."""
    from warehouse.store import is_current  # noqa: PLC0415

    if not is_current(warehouse):
        raise RunError(
            f"Kho dữ liệu {warehouse} do bản cũ của chương trình lập, bản này chưa đọc được. Hãy "
            "chạy hopnhat run để lập lại kho từ văn bản và quyết định; không mất gì."
        )


def no_longer_applied(published: Path, built: Path) -> Iterator[str]:
    """A line for each decision that the published warehouse applied and the built one does not."""
    now = records(built, "decisions")
    if not now or not published.is_file():
        return
    from flows.deciding import STATUSES, described  # noqa: PLC0415 most runs have none
    from transforms.decisions import LINE  # noqa: PLC0415

    try:
        before = {row["decision"]: row["status"] for row in records(published, "decisions")}
    except duckdb.Error:
        yield f"Không so được quyết định với kho cũ {published}: kho đó không đọc được nữa."
        return
    for row in now:
        if before.get(row["decision"]) == "applied" and row["status"] in {"unused", "void"}:
            first, *more = described(LINE.validate_json(row["line"]))
            yield (
                f"Quyết định trước đây được áp dụng, nay {STATUSES[row['status']]}: {first} "
                f"[{row['decision']}]. Xem lại: hopnhat decide list."
            )
            yield from (f"  {line}" for line in more)
