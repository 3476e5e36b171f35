"""Who may speak to `hopnhat serve`'s server: this machine's programs and Prefect's own page.

Prefect's server has no check of Host, and other origins are kept from reading answers, not from
sending requests. So a web page that is open in the officer's browser could reach it: by a request
that needs no preflight, by a WebSocket, or, with a name of its own that is made to lead to
127.0.0.1 (DNS rebinding), as if it were the same site. The secret stands behind this guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FORBIDDEN = 403
_POLICY_VIOLATION = 1008


class Guard:
    """The application behind it hears only what is addressed to, and sent from, this machine."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, or refuse it."""
        if scope["type"] == "lifespan" or is_own(dict(scope["headers"])):
            await self._application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": _FORBIDDEN, "headers": head})
            await send({"type": "http.response.body", "body": b"Foreign Host or Origin.\n"})


def is_own(headers: dict[bytes, bytes]) -> bool:
    """Whether Host is a name of this machine's loopback, and Origin, if there is one, the same."""
    host = _parsed("http://" + headers.get(b"host", b"").decode("latin-1"))
    if host is None or host.hostname not in LOOPBACK:
        return False
    if (origin := headers.get(b"origin")) is None:
        return True
    page = _parsed(origin.decode("latin-1"))
    return (
        page is not None
        and page.scheme == "http"
        and page.hostname in LOOPBACK
        and page.port == host.port
    )


def _parsed(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts
