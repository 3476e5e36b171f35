"""Deployments for several communes on one Prefect server, a data folder each, as a prefect.yaml.

``python -m flows.prefect.communes /srv/hopnhat/* > communes.yaml``; docs/engineers.md has the rest.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from flows.prefect.names import FLOW, slug

EVENT = "hopnhat.document.arrived"
MINUTES_OF_A_DAY = 24 * 60


def resource_of(name: str) -> str:
    """What an event about a commune's inbox is about; no other commune's deployment hears it."""
    return f"hopnhat.inbox.{name}"


def deployment(home: Path, name: str, minute: int) -> dict[str, Any]:
    """One commune's deployment: by its data folder alone it has decisions, wordings and cache of
    its own. ``minute`` of the day is when it runs.
    """
    return {
        "name": name,
        "description": "Read the inbox, publish the warehouse, write report and workbook.",
        "entrypoint": f"flows.{FLOW}.{FLOW}",
        "tags": ["hopnhat", name],
        "concurrency_limit": 1,
        "parameters": {},
        "schedules": [
            {"cron": f"{minute % 60} {minute // 60} * * *", "timezone": "Asia/Ho_Chi_Minh"}
        ],
        "triggers": [
            {
                "type": "event",
                "name": f"hopnhat-document-arrived-{name}",
                "enabled": True,
                "expect": [EVENT],
                "match": {"prefect.resource.id": resource_of(name)},
            }
        ],
        "work_pool": {
            "name": "hopnhat",
            "job_variables": {"env": {"HOPNHAT_HOME": str(home)}},
        },
    }


def prefect_file(homes: Sequence[Path], first: int, apart: int) -> dict[str, Any]:
    """The file's content: the communes one after the other, so that they do not run at once.

    Raises ValueError for two folders of one name.
    """
    names = [slug(home.name) for home in homes]
    if twice := [name for name, number in Counter(names).items() if number > 1]:
        raise ValueError(f"folders of one name: {', '.join(twice)}")
    return {
        "name": "hopnhat",
        "build": None,
        "push": None,
        "pull": None,
        "deployments": [
            deployment(home, name, (first + number * apart) % MINUTES_OF_A_DAY)
            for number, (home, name) in enumerate(zip(homes, names, strict=True))
        ],
    }


def _minute(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    return hours * 60 + minutes


def main() -> None:
    """Print the file for the folders that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("homes", nargs="+", type=Path, help="a data folder a commune")
    parser.add_argument("--first", type=_minute, default="05:00", help="when the first one runs")
    parser.add_argument("--apart", type=int, default=1, help="minutes from one to the next")
    asked = parser.parse_args()
    homes = [home.absolute() for home in asked.homes]
    try:
        content = prefect_file(homes, asked.first, asked.apart)
    except ValueError as error:
        parser.error(str(error))
    yaml.safe_dump(content, sys.stdout, allow_unicode=True, sort_keys=False)


if __name__ == "__main__":
    main()
