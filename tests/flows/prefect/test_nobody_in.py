"""Nobody but its own user gets in to what `hopnhat serve` serves: no web page, no stranger."""

from __future__ import annotations

import http.client
import socket
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.prefect.guard import is_own
from flows.prefect.secret import secret_of
from tests.flows.command import environment, hopnhat
from tests.flows.prefect.serving import NEVER, Serving, service

COUNT = "/api/flow_runs/count"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    home = tmp_path_factory.mktemp("xa")
    with service(home, *NEVER) as served:
        yield served


def status(
    serving: Serving, headers: dict[str, str], *, with_secret: bool = False, method: str = "POST"
) -> int:
    """What the server answers to a request for the number of flow runs."""
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=20)
    if with_secret:
        headers = headers | {
            "Authorization": f"Basic {b64encode(serving.secret.encode()).decode()}"
        }
    try:
        connection.request(method, COUNT, "{}" if method == "POST" else None, headers)
        return connection.getresponse().status
    finally:
        connection.close()


JSON = {"content-type": "application/json"}
FOREIGN_PAGES = ("http://evil.example", "https://evil.example", "null", "http://127.0.0.1:8000")


@pytest.mark.soak
def test_its_own_user_gets_in(serving: Serving) -> None:
    assert status(serving, JSON, with_secret=True) == 200
    own_page = JSON | {"Origin": f"http://localhost:{serving.port}"}
    assert status(serving, own_page, with_secret=True) == 200


@pytest.mark.soak
def test_without_the_secret_nobody_gets_in(serving: Serving) -> None:
    assert status(serving, JSON) == 401
    wrong = b64encode(b"hopnhat:guessed").decode()
    assert status(serving, JSON | {"Authorization": f"Basic {wrong}"}) == 401


@pytest.mark.soak
@pytest.mark.parametrize("origin", FOREIGN_PAGES)
def test_a_foreign_page_is_refused_even_with_the_secret(serving: Serving, origin: str) -> None:
    """A text/plain POST needs no preflight: what a page can send to any server without asking."""
    plain = {"content-type": "text/plain", "Origin": origin}
    assert status(serving, plain) == 403
    assert status(serving, plain, with_secret=True) == 403


@pytest.mark.soak
@pytest.mark.parametrize("host", ["evil.example", "evil.example:4200", "127.0.0.1.evil.example"])
def test_a_name_that_is_made_to_lead_here_is_refused(serving: Serving, host: str) -> None:
    """DNS rebinding: the page's own site is this machine."""
    rebound = JSON | {"Host": host, "Origin": f"http://{host}"}
    assert status(serving, rebound, with_secret=True) == 403
    assert status(serving, JSON | {"Host": host}, with_secret=True) == 403


@pytest.mark.soak
def test_a_foreign_page_opens_no_websocket(serving: Serving) -> None:
    """By which it could emit the event that starts a deployment: CORS does not apply there."""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=20) as connection:
        connection.sendall(
            "\r\n".join(
                (
                    "GET /api/events/in HTTP/1.1",
                    f"Host: 127.0.0.1:{serving.port}",
                    "Origin: http://evil.example",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Protocol: prefect",
                    "\r\n",
                )
            ).encode()
        )
        assert b" 403 " in connection.recv(4096).splitlines()[0]


@pytest.mark.soak
def test_a_preflight_of_a_foreign_page_is_refused(serving: Serving) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    assert status(serving, asked, method="OPTIONS") == 403


@pytest.mark.soak
def test_only_its_user_can_read_the_secret_and_serve_says_where_it_is(serving: Serving) -> None:
    folder = serving.home / "prefect"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("secret", "profile.toml"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert str(folder / "secret") in serving.said
    assert str(folder / "profile.toml") in serving.said
    password = serving.secret.partition(":")[2]
    assert len(password) >= 32
    for log in serving.home.glob("*.log"):
        assert password not in log.read_text("utf-8")


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"host": "127.0.0.1:4200"}, True),
        ({"host": "localhost:4200", "origin": "http://127.0.0.1:4200"}, True),
        ({"host": "[::1]:4200"}, True),
        ({}, False),
        ({"host": "evil.example"}, False),
        ({"host": "localhost:port"}, False),
        ({"host": "localhost:4200", "origin": "http://localhost:3000"}, False),
        ({"host": "localhost:4200", "origin": "https://localhost:4200"}, False),
        ({"host": "localhost:4200", "origin": "null"}, False),
        ({"host": "localhost:4200", "origin": "http://localhost:4200.evil.example"}, False),
    ],
)
def test_what_is_this_machines_own(headers: dict[str, str], own: bool) -> None:
    assert is_own({name.encode(): value.encode() for name, value in headers.items()}) is own


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_a_password_in_the_url_is_not_printed(tmp_path: Path, command: str) -> None:
    (tmp_path / "inbox").mkdir()
    api = "http://lan:mat%40khau@127.0.0.1:9/api"
    done = (
        hopnhat(tmp_path, command, "--verbose", PREFECT_API_URL=api)
        if command == "run"
        else (hopnhat(tmp_path, command, PREFECT_API_URL=api))
    )
    assert "http://***@127.0.0.1:9/api" in done.stdout + done.stderr
    assert "mat%40khau" not in done.stdout + done.stderr


def test_secrets_do_not_reach_logs_or_tracebacks(tmp_path: Path) -> None:
    script = (
        "import logging, flows.masking as m\n"
        "m.mask_secrets()\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "log = logging.getLogger('anybody')\n"
        "log.info('to %s', 'https://lan:khoa@may/api')\n"
        "log.info('with admin:khoa, key pnu_khoa')\n"
        "try:\n    raise ValueError('postgresql://lan:khoa@may/x')\n"
        "except ValueError:\n    log.exception('failed')\n"
        "raise RuntimeError('http://lan:khoa@may')\n"
    )
    secrets = {"PREFECT_API_AUTH_STRING": "admin:khoa", "PREFECT_API_KEY": "pnu_khoa"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(tmp_path, **secrets),
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "khoa" not in done.stderr
    assert done.stderr.count("://***@may") == 3
    assert "RuntimeError" in done.stderr


def test_a_secret_that_others_could_read_is_replaced(tmp_path: Path) -> None:
    first = secret_of(tmp_path / "prefect")
    assert secret_of(tmp_path / "prefect") == first
    (tmp_path / "prefect" / "secret").chmod(0o644)
    assert secret_of(tmp_path / "prefect") != first
