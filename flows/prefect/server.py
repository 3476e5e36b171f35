"""A Prefect API: whether one answers, and how `hopnhat serve` has its own."""

from __future__ import annotations

import os
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flows.prefect.guard import LOOPBACK
from flows.settings import PREFECT_ENVIRONMENT

HOST = LOOPBACK[0]

KEPT = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(14 * 24 * 3600),
    "PREFECT_SERVER_SERVICES_DB_VACUUM_EVENT_RETENTION_OVERRIDES": (
        '{"prefect.flow-run.heartbeat": 3600}'
    ),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P1D",
}
"""How long the server keeps what: flow runs with logs and artifacts 14 days, events one.

Prefect keeps flow runs for ever by default, and its database grew by 0.8 MB a run.
"""


def answers(api: str, *, seconds: float = 5) -> bool:
    """Whether a Prefect API is healthy at this URL (``http://host:port/api``)."""
    local = urlsplit(api).hostname in LOOPBACK
    opener = urllib.request.build_opener(
        *([urllib.request.ProxyHandler({})] if local else [])  # a proxy cannot reach loopback
    )
    try:
        with opener.open(f"{api.rstrip('/')}/health", timeout=seconds) as response:
            return bool(response.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of loopback."""
    with socket.socket() as probe:
        # As the server will: connections of one that has ended are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def own_environment(
    inherited: Mapping[str, str], folder: Path, port: int, secret: str
) -> dict[str, str]:
    """The environment of our own server and of what runs on it: its data lie in the folder.

    What a person has set goes before what we only prefer, except where two communes would share
    data or the secret would not hold.
    """
    api = f"http://{HOST}:{port}/api"
    without = ("PREFECT_PROFILE", "PREFECT_PROFILES_PATH", "PREFECT_API_KEY")
    theirs = {name: value for name, value in inherited.items() if name not in without}
    ours = {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder}/prefect.db",
        "PREFECT_API_URL": api,
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port},http://localhost:{port}",
        "PREFECT_UI_API_URL": api,
    }
    return {**PREFECT_ENVIRONMENT, **KEPT, **theirs, **ours}


def log_tail(log: Path, lines: int = 3) -> str:
    """What a part said last, on one line."""
    if not log.is_file():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096), os.SEEK_SET)
        said = file.read().decode("utf-8", "replace")
    return " ".join(said.strip().splitlines()[-lines:])
