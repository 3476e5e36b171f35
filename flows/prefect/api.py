"""What `hopnhat serve` asks of Prefect's API, by plain requests.

Prefect's own client costs a process 150 MB and a second and a half, and grows with every flow run:
it is left to the processes that end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from flows.prefect.guard import LOOPBACK

FINAL = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
BEGUN = ("PENDING", "RUNNING", "CANCELLING")
_SECONDS = 10.0
_MOST = 50

FlowRun = Mapping[str, Any]
"""A flow run as the API describes it."""


class ApiError(Exception):
    """The API did not answer, or not as asked: now, which says nothing of a minute later."""


class Api:
    """The API at one URL; every method raises ApiError."""

    def __init__(self, url: str, secret: str | None, key: str | None = None) -> None:
        user, _, password = (secret or "").partition(":")
        self._client = httpx.Client(
            base_url=url.rstrip("/") + "/",
            auth=httpx.BasicAuth(user, password) if secret else None,
            headers={"Authorization": f"Bearer {key}"} if key and not secret else None,
            timeout=_SECONDS,
            trust_env=urlsplit(url).hostname not in LOOPBACK,  # a proxy cannot reach loopback
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def due(self, deployment: str) -> list[FlowRun]:
        """The deployment's flow runs whose time has come, the earliest first."""
        asked = {
            "deployment_ids": [deployment],
            "scheduled_before": datetime.now(UTC).isoformat(),
            "limit": _MOST,
        }
        return self._post("deployments/get_scheduled_flow_runs", asked)  # type: ignore[no-any-return]

    def ordered(self, deployment: str) -> bool:
        """Whether a flow run stands there, now or later, that no schedule has made."""
        return any(not run["auto_scheduled"] for run in self._runs(deployment, ("SCHEDULED",)))

    def begun(self, deployment: str) -> list[FlowRun]:
        """The deployment's flow runs that have begun and have not ended."""
        return self._runs(deployment, BEGUN)

    def order(self, deployment: str) -> FlowRun:
        """A new flow run of the deployment, to be executed at once."""
        path = f"deployments/{deployment}/create_flow_run"
        return self._post(path, {"state": {"type": "SCHEDULED"}})  # type: ignore[no-any-return]

    def flow_run(self, flow_run: str) -> FlowRun | None:
        """The flow run as it is now; None where somebody has deleted it."""
        return self._ask("GET", f"flow_runs/{flow_run}", None)  # type: ignore[no-any-return]

    def set_state(
        self,
        flow_run: str,
        kind: str,
        name: str,
        message: str = "",
        *,
        after: timedelta | None = None,
        force: bool = True,
    ) -> bool:
        """Put the flow run into a state; ``after``: scheduled so much later. False: refused."""
        state: dict[str, Any] = {"type": kind, "name": name, "message": message}
        if after is not None:
            state["state_details"] = {"scheduled_time": (datetime.now(UTC) + after).isoformat()}
        asked = {"state": state, "force": force}
        answer = self._post(f"flow_runs/{flow_run}/set_state", asked)
        return answer is not None and bool(answer["status"] == "ACCEPT")

    def _runs(self, deployment: str, states: Sequence[str]) -> list[FlowRun]:
        asked = {
            "deployments": {"id": {"any_": [deployment]}},
            "flow_runs": {"state": {"type": {"any_": list(states)}}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        return self._post("flow_runs/filter", asked)  # type: ignore[no-any-return]

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        try:
            response = self._client.request(method, path, json=body)
            if response.status_code == httpx.codes.NOT_FOUND and path.startswith("flow_runs/"):
                return None
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ApiError(f"{path}: {error}") from error
