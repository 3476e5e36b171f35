"""The secret of `hopnhat serve`'s own server, and who can read it: its user alone.

Whoever reaches the server's API can have it run any command, so it answers only who has the secret:
it lies in ``HOPNHAT_HOME/prefect``, in files of mode 0600 in a folder of mode 0700.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

USER = "hopnhat"
PROFILE = "serve"


def secret_of(folder: Path) -> str:
    """The secret kept in the folder, ``user:password`` as Prefect has it; made where there is none.

    One that others could have read is replaced. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(stat.S_IRWXU)
    place = secret_file(folder)
    try:
        kept = place.read_text("ascii").strip()
        seen_by_others = os.name == "posix" and place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except (FileNotFoundError, UnicodeDecodeError):
        kept, seen_by_others = "", 0
    if kept.startswith(f"{USER}:") and not seen_by_others:
        return kept
    secret = f"{USER}:{secrets.token_urlsafe(32)}"
    _write_private(place, secret + "\n")
    return secret


def secret_file(folder: Path) -> Path:
    """Where the secret lies, for who logs in to Prefect's page."""
    return folder / "secret"


def write_profile(folder: Path, api: str, secret: str) -> Path:
    """The file by which Prefect's own commands find the server (`PREFECT_PROFILES_PATH`)."""
    place = folder / "profile.toml"
    lines = (
        f'active = "{PROFILE}"',
        f"[profiles.{PROFILE}]",
        f'PREFECT_API_URL = "{api}"',
        f'PREFECT_API_AUTH_STRING = "{secret}"',
    )
    _write_private(place, "\n".join(lines) + "\n")
    return place


def _write_private(place: Path, text: str) -> None:
    """Put the text there in one step; at no moment can others read it."""
    beside = place.with_name(f".{place.name}.next")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    beside.replace(place)
