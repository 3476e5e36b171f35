from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from extractors.scratch import scratch, scratch_folder


def test_a_folder_lives_as_long_as_its_owner() -> None:
    with scratch("test") as folder:
        (folder / "file").touch()
        with scratch("other") as other:
            assert folder.is_dir()
            assert other != folder
    assert not folder.exists()
    assert not other.exists()


def test_what_a_killed_process_left_is_gone_when_the_next_one_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = (
        "import os, signal, sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from extractors.scratch import scratch_folder\n"
        "(scratch_folder('run').path / 'secret').touch(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    (left,) = tmp_path.glob("hopnhat-run-*")
    assert (left / "secret").is_file()
    made = scratch_folder("next")
    assert not left.exists()
    made.clear()
    assert not list(tmp_path.iterdir())


def test_many_that_make_and_clear_at_once_keep_their_own(tmp_path: Path) -> None:
    script = (
        "import sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from extractors.scratch import scratch\n"
        "for number in range(60):\n"
        "    with scratch('many') as folder:\n"
        "        (folder / 'own').touch(); assert (folder / 'own').is_file()\n"
    )
    several = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    assert [one.wait(120) for one in several] == [0, 0, 0]
    assert not list(tmp_path.iterdir())
