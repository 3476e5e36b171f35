"""The audit of dependencies says what it has done: nothing is 'checked' that was not looked up."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.flows.command import OFFLINE

ROOT = Path(__file__).parent.parent
UV = ROOT / ".venv-bootstrap" / "bin" / "uv"

pytestmark = pytest.mark.skipif(not UV.is_file(), reason="set up without make: no uv there")

VULNERABILITY = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "summary": "Invented for this test",
    "affected": [
        {
            "package": {"name": "duckdb", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
}


@contextmanager
def database(vulnerable: str | None) -> Iterator[tuple[str, list[str]]]:
    """A database of vulnerabilities on loopback, and the names that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            names = [query["package"]["name"] for query in body["queries"]]
            asked.extend(names)
            found = {"vulns": [{key: VULNERABILITY[key] for key in ("id", "modified")}]}
            self.answer({"results": [found if name == vulnerable else {} for name in names]})

        def do_GET(self) -> None:
            self.answer(VULNERABILITY)

        def answer(self, content: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def audit(**more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ".ci/audit"],
        cwd=ROOT,
        env=os.environ | OFFLINE | {"UV_HTTP_RETRIES": "0"} | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_with_nothing_known_every_locked_package_was_asked_for() -> None:
    with database(None) as (url, asked):
        done = audit(SERVICE=url)
    assert done.returncode == 0, done.stderr
    assert "checked for known vulnerabilities" in done.stdout
    assert {"duckdb", "prefect", "lxml"} <= set(asked)


def test_a_known_vulnerability_fails() -> None:
    with database("duckdb") as (url, _):
        done = audit(SERVICE=url)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "GHSA-aaaa-bbbb-cccc" in done.stderr


def test_without_an_answer_nothing_is_said_to_be_checked() -> None:
    nobody = {"SERVICE": "http://127.0.0.1:9"}
    done = audit(**nobody)
    assert done.returncode == 0
    assert "NOT CHECKED" in done.stderr
    assert "checked" not in done.stdout
    assert audit(**nobody, AUDIT="strict").returncode == 1
