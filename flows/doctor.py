"""``hopnhat doctor``: what is missing on this machine, and how to get it, in Vietnamese."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from flows.masking import masked
from flows.settings import Home, SettingsError, prefect_api

FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``needed`` things are those without which nothing can be done."""

    what: str
    present: bool
    needed: bool
    advice: str


def examine(home: Home) -> list[Check]:
    """Every check of this machine, the needed ones first."""
    return [*_data_folder(home), *_catalogue(home), *_programs(), *_prefect()]


def _data_folder(home: Home) -> Iterator[Check]:
    existing = next(path for path in (home.path, *home.path.parents) if path.exists())
    yield Check(
        f"Ghi được vào thư mục dữ liệu {home.path}",
        existing.is_dir() and os.access(existing, os.W_OK),
        needed=True,
        advice="Chọn thư mục khác bằng biến HOPNHAT_HOME, hoặc xin quyền ghi vào thư mục này.",
    )
    yield Check(
        "Còn ít nhất 1 GB đĩa trống cho dữ liệu",
        shutil.disk_usage(existing).free >= FREE_BYTES,
        needed=True,
        advice="Xóa bớt tệp không dùng, hoặc đặt HOPNHAT_HOME sang ổ đĩa khác.",
    )


def _catalogue(home: Home) -> Iterator[Check]:
    from catalog.loader import CatalogueError, load_catalogue  # noqa: PLC0415

    try:
        load_catalogue(home.path)
    except CatalogueError as error:
        yield Check("Danh mục chỉ tiêu, đơn vị, mẫu báo cáo", False, needed=True, advice=str(error))
    else:
        yield Check("Danh mục chỉ tiêu, đơn vị, mẫu báo cáo", True, needed=True, advice="")


def _programs() -> Iterator[Check]:
    yield Check(
        "LibreOffice: đọc tệp .doc, .rtf, .odt cũ; xuất báo cáo ra PDF",
        shutil.which("soffice") is not None,
        needed=False,
        advice="Debian, Ubuntu: sudo apt-get install libreoffice-writer libreoffice-calc. "
        "Máy khác: tải tại libreoffice.org.",
    )
    yield Check(
        "Tesseract có tiếng Việt: đọc văn bản scan và ảnh chụp",
        "vie" in _tesseract_languages(),
        needed=False,
        advice="Debian, Ubuntu: sudo apt-get install tesseract-ocr tesseract-ocr-vie.",
    )
    yield Check(
        "Phông chữ Times New Roman, hoặc Liberation Serif thay thế: xem và in đúng thể thức",
        _has_serif(),
        needed=False,
        advice="Debian, Ubuntu: sudo apt-get install fonts-liberation fonts-liberation2.",
    )


def _prefect() -> Iterator[Check]:
    try:
        api = prefect_api(os.environ)
    except SettingsError as error:
        yield Check("Cấu hình của Prefect", False, needed=False, advice=str(error))
        return
    if api is None:
        return  # nothing configured, nothing needed
    from flows.prefect.server import answers  # noqa: PLC0415

    yield Check(
        f"Máy chủ Prefect đã cấu hình ({masked(api)}) trả lời",
        answers(api),
        needed=False,
        advice="Khởi động máy chủ (hopnhat serve), hoặc bỏ biến PREFECT_API_URL.",
    )


def _tesseract_languages() -> list[str]:
    return _output("tesseract", "--list-langs").split()


def _has_serif() -> bool:
    if os.name == "nt":
        return True  # Windows has Times New Roman
    families = _output("fc-list", ":lang=vi", "family").casefold()  # with our letters
    return "times new roman" in families or "liberation serif" in families


def _output(program: str, *arguments: str) -> str:
    """What the program prints; nothing if it is not there, fails or does not answer."""
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        return subprocess.run(  # noqa: S603 a program of the machine's, fixed arguments
            (path, *arguments), capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except subprocess.SubprocessError:
        return ""
