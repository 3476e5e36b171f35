"""Where the data lies, and whether a Prefect API is configured. Read from the environment alone.

Nothing here imports Prefect: asking it would cost each run 1.5 s (``prefect_api``).
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.sandbox import Limits

PREFECT_ENVIRONMENT = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # else a line about telemetry when offline
    "DO_NOT_TRACK": "1",
    "PREFECT_CLI_PROMPT": "false",
}
"""What Prefect needs to work offline and on a slow machine; what is set already wins."""


class SettingsError(Exception):
    """A setting that cannot be used, in the words of the person who can mend it."""


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder, `HOPNHAT_HOME` (``./data`` when unset), and the places in it."""

    path: Path

    @classmethod
    def of_environment(cls) -> Home:
        """The data folder that the environment names, as an absolute path."""
        return cls(Path(os.environ.get("HOPNHAT_HOME") or "data").absolute())

    @property
    def inbox(self) -> Path:
        """Documents as received; never written to."""
        return self.path / "inbox"

    @property
    def cache(self) -> Path:
        """One extraction a document; always safe to delete."""
        return self.path / "cache"

    @property
    def warehouse(self) -> Path:
        """The published warehouse."""
        return self.path / "warehouse.duckdb"

    @property
    def out(self) -> Path:
        """Reports and review workbooks."""
        return self.path / "out"

    @property
    def issued(self) -> Path:
        """What was sent, a folder an issue; never written to again."""
        return self.path / "issued"

    @property
    def prefect(self) -> Path:
        """What `hopnhat serve`'s own server keeps, and its secret."""
        return self.path / "prefect"

    @property
    def templates(self) -> Path:
        """Word templates of one's own; one with a shipped template's name goes before it."""
        return self.path / "templates"

    @property
    def limits(self) -> Limits:
        """What one document may take, `HOPNHAT_DOCUMENT_SECONDS` and `HOPNHAT_DOCUMENT_MEGABYTES`.

        Raises SettingsError for what is no positive number.
        """
        from extractors.sandbox import Limits  # noqa: PLC0415 `--help` does without it

        usual = Limits()
        return Limits(
            seconds=_positive("HOPNHAT_DOCUMENT_SECONDS", usual.seconds),
            memory=int(_positive("HOPNHAT_DOCUMENT_MEGABYTES", usual.memory / 2**20) * 2**20),
        )

    @property
    def decisions(self) -> Path:
        """What people settled, append-only, one JSON object a line."""
        return self.path / "decisions.jsonl"

    @property
    def received(self) -> Path:
        """When each document was first seen, one JSON object a line."""
        return self.path / "received.jsonl"


def _positive(name: str, usual: float) -> float:
    text = os.environ.get(name) or str(usual)
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise SettingsError(f"{name}={text}: cần một số lớn hơn 0.")
    return value


def prepare_prefect(*, console: str) -> None:
    """Set Prefect's environment; to be called before its first import in a process.

    ``console`` is the level of its log that reaches the terminal; the API has all of it.
    """
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", console)
    for name, value in PREFECT_ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def prefect_api(environment: Mapping[str, str]) -> str | None:
    """The URL of the Prefect API that is configured, by the variable or the active profile.

    Raises SettingsError for a profiles file that cannot be read.
    """
    return prefect_setting(environment, "PREFECT_API_URL")


def prefect_setting(environment: Mapping[str, str], name: str) -> str | None:
    """One of Prefect's settings: the variable, else what the active profile says.

    Looks where Prefect 3 looks: the profile named by `PREFECT_PROFILE` or by ``active`` in
    profiles.toml (`PREFECT_PROFILES_PATH`, else in `PREFECT_HOME`). Raises SettingsError for a
    profiles file that cannot be read.
    """
    if value := environment.get(name):
        return value
    home = Path(environment.get("PREFECT_HOME") or "~/.prefect").expanduser()
    path = Path(environment.get("PREFECT_PROFILES_PATH") or home / "profiles.toml").expanduser()
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: không đọc được cấu hình của Prefect ({error}).") from error
    active = environment.get("PREFECT_PROFILE") or content.get("active")
    value = content.get("profiles", {}).get(active, {}).get(name)
    return str(value) if value else None
