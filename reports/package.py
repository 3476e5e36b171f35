"""Office files as zip packages whose bytes depend on nothing but their content."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can carry: no clock enters the bytes."""


def write_package(parts: Mapping[str, bytes], destination: Path) -> None:
    """Writes the parts, in their order, to ``destination``, which appears whole or not at all.

    Raises OSError when the folder cannot be written or the file is open in Word (Windows).
    """
    unfinished = destination.with_name(f".{destination.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(unfinished, "w") as package:
            for name, content in parts.items():
                entry = zipfile.ZipInfo(name, TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                entry.create_system = 0
                package.writestr(entry, content)
        unfinished.replace(destination)
    finally:
        unfinished.unlink(missing_ok=True)


def read_package(file: Path | IO[bytes]) -> dict[str, bytes]:
    """The parts of a package by name, in order of name with the content types first."""
    with zipfile.ZipFile(file) as package:
        names = sorted(package.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return {name: package.read(name) for name in names}
