from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flows.files import clear_unfinished, unfinished, write_whole


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "new" / "file"
    write_whole(place, b"old")
    with pytest.raises(TypeError):
        write_whole(place, "not bytes")  # type: ignore[arg-type]
    assert place.read_bytes() == b"old"
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_a_file_is_for_whom_the_umask_says(tmp_path: Path, umask: int, mode: int) -> None:
    place = tmp_path / "file"
    before = os.umask(umask)
    try:
        write_whole(place, b"content", durably=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == mode


def test_what_a_killed_process_was_writing_is_cleared_and_nobody_elses(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from flows.files import unfinished\n"
    script += "path = unfinished(Path(sys.argv[1])); path.write_bytes(b'half')"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    own = unfinished(tmp_path)
    own.write_bytes(b"half")
    assert len(list(tmp_path.iterdir())) == 2
    clear_unfinished(tmp_path)
    assert list(tmp_path.iterdir()) == [own]
