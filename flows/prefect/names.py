"""What the flow and the deployments of data folders are called on a Prefect server."""

from __future__ import annotations

import hashlib
import platform
import re
import unicodedata

from flows.settings import Home

FLOW = "consolidate"


def deployment_name(home: Home) -> str:
    """The name of the data folder's deployment, which no other folder's on any machine has."""
    place = f"{platform.node()}:{home.path}"
    return f"{slug(home.path.name)}-{hashlib.sha256(place.encode()).hexdigest()[:6]}"


def slug(text: str) -> str:
    """The text in small ASCII letters, digits and '-', as Prefect's keys have to be."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "hopnhat"
