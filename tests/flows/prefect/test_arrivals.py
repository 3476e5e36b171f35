"""What is to do, by itself; the whole service is tried in test_service.py."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.errors import RunError
from flows.prefect.arrivals import Arrivals, Timing, Todo
from tests.flows.command import INBOX, hopnhat

SETTLED = 0.5
TIMING = Timing(settled=SETTLED, at_most=4.0, rescan=0.2)
NOTHING = Todo(frozenset(), frozenset())


@pytest.fixture
def commune(home: Path, tmp_path: Path) -> Path:
    """A data folder whose published warehouse has all that lies in its inbox."""
    shutil.copytree(INBOX, tmp_path / "inbox")
    shutil.copy(home / "warehouse.duckdb", tmp_path)
    return tmp_path


def arrivals_of(commune: Path, timing: Timing = TIMING) -> Arrivals:
    return Arrivals(
        commune / "inbox", commune / "decisions.jsonl", commune / "warehouse.duckdb", timing
    )


def next_todo(arrivals: Arrivals) -> Todo:
    """What is said at the next comparison."""
    while (todo := arrivals.look()) is None:
        time.sleep(0.02)
    return todo


def document(commune: Path, name: str = "a.docx", content: bytes = b"new") -> Path:
    path = commune / "inbox" / name
    path.write_bytes(content)
    return path


def test_what_is_published_is_not_to_do(commune: Path) -> None:
    arrivals = arrivals_of(commune)
    assert next_todo(arrivals) == NOTHING
    assert next_todo(arrivals) == NOTHING


def test_what_arrived_while_nobody_looked_is_to_do_at_the_start(commune: Path) -> None:
    document(commune)
    todo = next_todo(arrivals_of(commune))
    assert str(todo) == "1 văn bản mới hoặc đã đổi"


def test_it_stays_to_do_until_it_is_published(commune: Path) -> None:
    document(commune)
    arrivals = arrivals_of(commune)
    assert next_todo(arrivals)
    assert next_todo(arrivals)
    assert hopnhat(commune, "run").returncode == 3
    assert next_todo(arrivals) == NOTHING


def test_a_change_that_no_event_tells_of_is_seen(commune: Path) -> None:
    """Size and time stay as they were, as a clock set back or a share may have it."""
    path = document(commune, content=b"old")
    status = path.stat()
    arrivals = arrivals_of(commune)
    (new,) = next_todo(arrivals).new
    beside = commune / "beside"
    beside.write_bytes(b"new")
    os.utime(beside, ns=(status.st_atime_ns, status.st_mtime_ns))
    beside.replace(path)
    (newer,) = next_todo(arrivals).new
    assert newer != new


def test_files_that_arrive_one_after_the_other_are_taken_together(commune: Path) -> None:
    arrivals = arrivals_of(commune, Timing(settled=1.5, at_most=60, rescan=60))
    assert next_todo(arrivals) == NOTHING
    for number in range(6):
        document(commune, f"{number}.docx", str(number).encode())
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            assert arrivals.look() is None
    assert len(next_todo(arrivals).new) == 6


def test_a_copy_that_never_ends_is_not_waited_for_for_ever(commune: Path) -> None:
    arrivals = arrivals_of(commune, Timing(settled=60, at_most=2, rescan=60))
    path = commune / "inbox" / "a.docx"
    todo = None
    while todo is None:
        with path.open("ab") as file:
            file.write(b"more")
        time.sleep(0.1)
        todo = arrivals.look()
    assert len(todo.new) == 1
    with path.open("ab") as file:  # what was read was half: it is to do again
        file.write(b"the rest")
    again = arrivals_of(commune, Timing(settled=0.1, at_most=2, rescan=0.1))
    assert next_todo(again).new != todo.new


def same_bytes_under_another_name(inbox: Path) -> None:
    shutil.copy(min(inbox.iterdir()), inbox / "bản sao.docx")


def touched(inbox: Path) -> None:
    for path in inbox.iterdir():
        path.touch()


def renamed(inbox: Path) -> None:
    first = min(inbox.iterdir())
    first.rename(first.with_stem("tên khác"))


def still_downloading(inbox: Path) -> None:
    (inbox / "b.pdf.part").write_bytes(b"half")


@pytest.mark.parametrize(
    "change", [same_bytes_under_another_name, touched, renamed, still_downloading]
)
def test_what_brings_nothing_new_is_not_to_do(
    commune: Path, change: Callable[[Path], None]
) -> None:
    arrivals = arrivals_of(commune)
    assert next_todo(arrivals) == NOTHING
    change(commune / "inbox")
    assert next_todo(arrivals) == NOTHING


def test_what_was_taken_away_or_lies_in_a_subfolder_is_to_do(commune: Path) -> None:
    min((commune / "inbox").iterdir()).unlink()
    (commune / "inbox" / "sub").mkdir()
    document(commune, "sub/b.pdf")
    todo = next_todo(arrivals_of(commune))
    assert (len(todo.new), len(todo.gone)) == (1, 1)


def test_what_cannot_be_received_is_told_once_by_a_run(commune: Path) -> None:
    (commune / "inbox" / "lối tắt.docx").symlink_to(commune / "elsewhere")
    arrivals = arrivals_of(commune)
    assert str(next_todo(arrivals)) == "1 tệp không nhận được"
    hopnhat(commune, "run")
    assert next_todo(arrivals) == NOTHING


def test_a_decision_is_to_do_until_it_is_published(commune: Path) -> None:
    arrivals = arrivals_of(commune)
    assert next_todo(arrivals) == NOTHING
    with duckdb.connect(commune / "warehouse.duckdb", read_only=True) as connection:
        ((figure,),) = connection.execute(
            "select min(observation) from core.observation"
        ).fetchall()
    done = hopnhat(commune, "decide", "reject", figure, "--why", "số năm trước", "--by", "A")
    assert done.returncode == 0, done.stderr
    assert str(next_todo(arrivals)) == "1 quyết định mới"
    hopnhat(commune, "run")
    assert next_todo(arrivals) == NOTHING


def test_an_inbox_that_is_gone_takes_nothing_away_and_is_taken_up_again(commune: Path) -> None:
    """As a share that is unmounted, and mounted anew with more in it."""
    inbox = commune / "inbox"
    arrivals = arrivals_of(commune)
    assert next_todo(arrivals) == NOTHING
    inbox.rename(commune / "share")
    with pytest.raises(RunError, match="Không mở được thư mục nhận văn bản"):
        next_todo(arrivals)
    inbox.mkdir()
    with pytest.raises(RunError, match="trống, trong khi kho đã công bố có 3 văn bản"):
        next_todo(arrivals)
    inbox.rmdir()
    (commune / "share").rename(inbox)
    document(commune)
    while not (todo := next_todo(arrivals)):
        pass
    assert str(todo) == "1 văn bản mới hoặc đã đổi"


def test_with_a_warehouse_of_an_older_version_all_is_to_do(commune: Path) -> None:
    with duckdb.connect(commune / "warehouse.duckdb") as connection:
        connection.execute("drop table core.decision")
    assert len(next_todo(arrivals_of(commune)).new) == 3


def test_an_empty_inbox_at_the_beginning_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    assert next_todo(arrivals_of(tmp_path)) == NOTHING
