"""The deployments of many communes, as they are written; two of them run in test_service.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

from flows.prefect.communes import prefect_file

ROOT = Path(__file__).parents[3]


def test_prefect_yaml_is_what_is_made_for_its_two_communes() -> None:
    shipped = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
    homes = [Path("/srv/hopnhat/long-phung"), Path("/srv/hopnhat/mo-cay")]
    assert shipped["deployments"] == prefect_file(homes, 5 * 60, 1)["deployments"]


def test_ninety_six_communes_have_a_folder_an_event_and_a_minute_each(tmp_path: Path) -> None:
    folders = [str(tmp_path / f"xã số {number}") for number in range(96)]
    done = subprocess.run(
        [sys.executable, "-m", "flows.prefect.communes", "--first", "23:00", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    deployments = yaml.safe_load(done.stdout)["deployments"]
    for of in (
        lambda one: one["name"],
        lambda one: one["work_pool"]["job_variables"]["env"]["HOPNHAT_HOME"],
        lambda one: one["triggers"][0]["match"]["prefect.resource.id"],
        lambda one: one["triggers"][0]["name"],
        lambda one: one["schedules"][0]["cron"],
    ):
        assert len({of(one) for one in deployments}) == 96
    assert deployments[95]["schedules"][0]["cron"] == "35 0 * * *"


def test_two_folders_of_one_name_are_refused(tmp_path: Path) -> None:
    folders = [str(tmp_path / "a" / "xa"), str(tmp_path / "b" / "Xã")]
    done = subprocess.run(
        [sys.executable, "-m", "flows.prefect.communes", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "folders of one name: xa" in done.stderr
