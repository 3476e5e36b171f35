"""What the commands share: exit codes, options, and where words go."""

from __future__ import annotations

import contextlib
import sys
from datetime import date, datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.help import UnusableValue
from flows.masking import masked
from flows.settings import Home


class Exit(IntEnum):
    """Exit codes, as the contract has them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    OPEN_FINDINGS = 3


class Format(StrEnum):
    """How a command prints its data."""

    JSON = "json"
    TABLE = "table"


FormatOfFiles = Annotated[
    Format, typer.Option("--format", metavar="json|table", help="json: mỗi tệp một dòng.")
]
Warehouse = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH",
        help="Kho dữ liệu (mặc định $HOPNHAT_HOME/warehouse.duckdb).",
        show_default=False,
    ),
]


def day_of(text: str) -> date | None:
    """A day as an officer or a program writes it: 30/06/2025, 2025-06-30."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 a day has no zone
    return None


def parse_day(text: str) -> date:
    """A day as an option. Raises UnusableValue."""
    day = day_of(text)
    if day is None:
        raise UnusableValue(f"'{text}' không phải là ngày, ví dụ 2025-06-30 hoặc 30/06/2025.")
    return day


def published(warehouse: Path | None) -> Path:
    """The published warehouse. Raises RunError where there is none yet, or one of before."""
    from flows.errors import RunError  # noqa: PLC0415
    from flows.upgrade import require_current  # noqa: PLC0415

    path = warehouse or Home.of_environment().warehouse
    if not path.is_file():
        raise RunError(f"Chưa có kho dữ liệu {path}. Chạy trước: hopnhat run.")
    require_current(path)
    from flows.publication import read_manifest  # noqa: PLC0415

    if interrupted := read_manifest(path).coming:
        say(
            f"Lần chạy trước bị ngắt khi đang công bố: {', '.join(sorted(interrupted))} có thể mới "
            f"hơn kho {path.name}. Chạy lại hopnhat run để kho và báo cáo khớp nhau."
        )
    return path


def put(data: str) -> None:
    """A line of data, on stdout."""
    sys.stdout.write(f"{data}\n")
    sys.stdout.flush()


def say(words: str) -> None:
    """A line of words, on stderr, without secrets."""
    sys.stderr.write(f"{masked(words)}\n")
    sys.stderr.flush()
