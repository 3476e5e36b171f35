"""Running the command line as others do, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support import prepared

HOPNHAT = Path(sys.executable).with_name("hopnhat")
SAMPLES = Path(__file__).parents[2] / "samples"
INBOX = SAMPLES / "inbox"
OFFLINE = {
    **dict.fromkeys(
        ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
        "http://127.0.0.1:9",  # the discard port, where nobody listens
    ),
    "NO_PROXY": "127.0.0.1,localhost",
    "no_proxy": "127.0.0.1,localhost",
}


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a machine that is offline and where Prefect was never used."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT", "HOPNHAT")) and "proxy" not in name.lower()
    }
    own = {"HOPNHAT_HOME": str(home), "PREFECT_HOME": str(home / "prefect")}
    return inherited | OFFLINE | own | more


def hopnhat(
    home: Path, *arguments: str | Path, seconds: float = 120, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; ``more`` are environment variables."""
    return prepared.call([*map(str, arguments)], environment(home, **more), home, seconds)


def installed(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """As `hopnhat`, by the installed script, from cold."""
    return subprocess.run(
        [HOPNHAT, *map(str, arguments)],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=home,
        check=False,
    )
