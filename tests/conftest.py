from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

from tests.flows.command import INBOX, SAMPLES, installed

settings.register_profile("untimed", deadline=None)  # no test asserts a time: machines are busy
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    """What the samples' author worked out by hand; every scalar is the text that stands there."""
    content: dict[str, Any] = yaml.load(
        (SAMPLES / "expected.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader
    )
    return content


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder for the samples."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def sample_run(sample_folder: Path) -> subprocess.CompletedProcess[str]:
    """The main job on the samples, from cold."""
    return installed(sample_folder, "run", INBOX)


@pytest.fixture(scope="session")
def home(sample_folder: Path, sample_run: subprocess.CompletedProcess[str]) -> Path:
    """The data folder in which the samples have been consolidated."""
    assert sample_run.returncode == 0, sample_run.stderr
    return sample_folder
