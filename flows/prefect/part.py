"""The parts of `hopnhat serve` that are processes of their own: ``python -m flows.prefect.part``.

``server PORT``: Prefect's server. ``cron CRON TIMEZONE``: whether that is a schedule.
``deploy ORDER ANSWER``: puts the deployment there, and its id into a file.
``engine``: executes the flow run that the environment names. Each ends with who started it.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

from flows.masking import mask_secrets
from flows.prefect.process import end_with_parent

NO_SCHEDULE = 3
"""The exit code of ``cron`` for what is no schedule."""

SECONDS_TO_END = 5
"""What open connections get when the server is to end; Prefect's page holds some open for ever."""


def _server(port: int) -> None:
    import uvicorn  # noqa: PLC0415 each part loads what it needs
    from prefect.server.api.server import create_app  # noqa: PLC0415

    from flows.prefect.guard import Guard  # noqa: PLC0415
    from flows.prefect.server import HOST  # noqa: PLC0415

    uvicorn.run(
        Guard(create_app(final=True)),
        host=HOST,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=SECONDS_TO_END,
    )


def _is_schedule(cron: str, timezone: str) -> bool:
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415

    try:
        CronSchedule(cron=cron, timezone=timezone)
    except ValueError:
        return False
    return True


def _deploy(order: dict[str, Any], answer: Path) -> None:
    from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415 each part loads its own
    from prefect.schedules import Cron  # noqa: PLC0415
    from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

    from flows.consolidate import consolidate  # noqa: PLC0415

    # By module path: each flow run then loads the installed flow.
    deployment: RunnerDeployment = consolidate.to_deployment(  # type: ignore[assignment]  # no loop here
        name=order["name"],
        schedule=Cron(order["cron"], timezone=order["timezone"]),
        parameters=order["parameters"],
        entrypoint_type=EntrypointType.MODULE_PATH,
        paused=False,
    )
    answer.write_text(str(deployment.apply()), "ascii")


def main() -> None:
    """Be the part that the arguments name."""
    end_with_parent()
    mask_secrets()
    match sys.argv[1:]:
        case ["server", port]:
            _server(int(port))
        case ["cron", cron, timezone]:
            sys.exit(0 if _is_schedule(cron, timezone) else NO_SCHEDULE)
        case ["deploy", order, answer]:
            _deploy(json.loads(order), Path(answer))
        case ["engine", flow_run]:
            sys.argv = ["prefect.engine", flow_run]
            runpy.run_module("prefect.engine", run_name="__main__")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
