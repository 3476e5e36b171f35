"""What stopped a command, in the officer's words: what happened, which file, what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import RunError

if TYPE_CHECKING:
    import duckdb

_FILE = re.compile(r'(?:file|database) "([^"]+)"', re.IGNORECASE)
_HOLDER = re.compile(r"held in (\S+) \(PID (\d+)\)")
_FULL = ("No space left", "File too large", "disk quota", "Disk quota", "disk full")
_DAMAGED = ("not a valid DuckDB database", "Corrupt database", "Could not read enough bytes")
_FOREIGN = ("does not exist", "not found in FROM")
_MEMORY = ("Out of Memory", "could not allocate", "failed to allocate")


def of_duckdb(fault: duckdb.Error, warehouse: Path | None = None) -> RunError:
    """What DuckDB says, as an error of the command; ``warehouse`` is the file that was asked."""
    said = str(fault)
    named = _FILE.search(said)
    file = named[1] if named else warehouse or "kho dữ liệu"
    return RunError(_words(said, str(file)))


def _words(said: str, file: str) -> str:
    if (holder := _HOLDER.search(said)) is not None or "Could not set lock" in said:
        who = f" ({Path(holder[1]).name}, tiến trình {holder[2]})" if holder else ""
        return (
            f"Kho dữ liệu {file} đang được một chương trình khác{who} mở để ghi. Đóng chương trình "
            "đó, hoặc mở lại kho ở chế độ chỉ đọc, rồi chạy lại."
        )
    if any(mark in said for mark in _FULL):
        return (
            f"Không ghi được {file}: đĩa đã đầy, hoặc vượt hạn mức. Dọn bớt đĩa (thư mục cache/ "
            "xóa được) rồi chạy lại."
        )
    if any(mark in said for mark in _DAMAGED):
        return (
            f"Kho dữ liệu {file} bị hỏng, không đọc được. Chạy hopnhat run để lập lại kho từ văn "
            "bản và sổ quyết định; nếu vẫn thế, xóa tệp kho rồi chạy lại."
        )
    if any(mark in said for mark in _FOREIGN):
        return (
            f"Kho dữ liệu {file} không phải do bản chương trình này lập (bản cũ, hoặc chương trình "
            "khác đã ghi vào). Chạy hopnhat run để lập lại kho."
        )
    if any(mark in said for mark in _MEMORY):
        return (
            f"Không đủ bộ nhớ để làm việc với kho dữ liệu {file}. Đóng bớt chương trình khác rồi "
            "chạy lại."
        )
    return (
        f"Không làm việc được với kho dữ liệu {file}: {said.splitlines()[0]} "
        "Chạy lại hopnhat run; nếu vẫn thế, gửi dòng này cho người phụ trách."
    )


def of_library(fault: Exception) -> RunError | None:
    """What a library of ours says, as an error of the command; None for a fault of our own."""
    import duckdb  # noqa: PLC0415 most commands end without a fault

    from reports.template import BadTemplateError  # noqa: PLC0415
    from warehouse.store import CheckError  # noqa: PLC0415

    if isinstance(fault, duckdb.Error):
        return of_duckdb(fault)
    if isinstance(fault, BadTemplateError):
        return of_template(fault)
    if isinstance(fault, CheckError):
        return RunError(
            "Kho dữ liệu mới tự mâu thuẫn nên không được công bố; kho đã công bố vẫn như trước. "
            f"Gửi những dòng sau cho người phụ trách:\n{fault}"
        )
    return None


def of_template(fault: Exception) -> RunError:
    """A template that cannot be used."""
    path = getattr(fault, "path", "")
    return RunError(
        f"{fault}\nChưa viết báo cáo mới; kho và báo cáo cũ vẫn như trước. Sửa mẫu {path} trong "
        f"Word rồi kiểm tra: hopnhat template check '{path}'; hoặc đổi tên tệp đó để dùng mẫu đi "
        "kèm chương trình."
    )
