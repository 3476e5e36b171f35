import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings import Home, SettingsError, prefect_api


def test_data_folder_is_an_absolute_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOPNHAT_HOME", raising=False)
    assert Home.of_environment().path == tmp_path / "data"
    monkeypatch.setenv("HOPNHAT_HOME", "")
    assert Home.of_environment().path == tmp_path / "data"
    monkeypatch.setenv("HOPNHAT_HOME", "xã")
    assert Home.of_environment().inbox == tmp_path / "xã" / "inbox"


def profiles(folder: Path, text: str) -> dict[str, str]:
    (folder / "profiles.toml").write_text(text, "utf-8")
    return {"PREFECT_HOME": str(folder)}


TWO = """
active = "local"
[profiles.local]
PREFECT_API_URL = "http://127.0.0.1:4200/api"
[profiles.ephemeral]
PREFECT_SERVER_ALLOW_EPHEMERAL_MODE = "true"
"""


def test_api_of_the_variable_wins_over_the_profile(tmp_path: Path) -> None:
    environment = profiles(tmp_path, TWO)
    assert prefect_api(environment) == "http://127.0.0.1:4200/api"
    assert prefect_api(environment | {"PREFECT_API_URL": "http://there/api"}) == "http://there/api"


def test_the_named_profile_wins_over_the_active_one(tmp_path: Path) -> None:
    assert prefect_api(profiles(tmp_path, TWO) | {"PREFECT_PROFILE": "ephemeral"}) is None


def test_no_api_without_variable_and_profile(tmp_path: Path) -> None:
    assert prefect_api({"PREFECT_HOME": str(tmp_path)}) is None
    assert prefect_api(profiles(tmp_path, 'active = "gone"')) is None


def test_prefect_agrees(tmp_path: Path) -> None:
    """What is read here without Prefect is what Prefect itself reads."""
    environment = profiles(tmp_path, TWO)
    inherited = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
    script = "from prefect.settings import PREFECT_API_URL; print(PREFECT_API_URL.value())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == prefect_api(environment)


def test_broken_profiles_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"profiles\.toml"):
        prefect_api(profiles(tmp_path, "active = "))
