"""The watch by itself; the whole service is tried in test_service.py."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from flows.serve import watch

SETTLED = 0.8
ENOUGH = 3.0
"""Seconds in which the watch must have noticed."""


class Started:
    """Counts the starts; the first ones fail if told so."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.calls = 0

    async def __call__(self) -> bool:
        self.calls += 1
        return self.calls > self.failures


def watched(folder: Path, act: Callable[[], object], started: Started) -> None:
    async def both() -> None:
        task = asyncio.create_task(watch(folder, SETTLED, started))
        await asyncio.sleep(0.3)
        result = act()
        if asyncio.iscoroutine(result):
            await result
        await asyncio.sleep(ENOUGH)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(both())


def test_a_slow_copy_starts_once_and_only_when_it_is_whole(tmp_path: Path) -> None:
    started = Started()
    seen_while_copying = []

    async def copy() -> None:
        with (tmp_path / "a.docx").open("wb") as file:
            for _ in range(6):
                file.write(b"part")
                file.flush()
                await asyncio.sleep(SETTLED / 2)
                seen_while_copying.append(started.calls)

    watched(tmp_path, copy, started)
    assert seen_while_copying == [0] * 6
    assert started.calls == 1


def test_a_download_counts_when_it_gets_its_name(tmp_path: Path) -> None:
    started = Started()
    (tmp_path / "a.pdf.part").write_bytes(b"whole")

    async def download() -> None:
        (tmp_path / "b.pdf.part").write_bytes(b"half")
        await asyncio.sleep(2 * SETTLED)
        assert started.calls == 0
        (tmp_path / "a.pdf.part").rename(tmp_path / "a.pdf")

    watched(tmp_path, download, started)
    assert started.calls == 1


def test_what_lies_there_already_and_does_not_change_starts_nothing(tmp_path: Path) -> None:
    started = Started()
    (tmp_path / "a.pdf").write_bytes(b"old")
    watched(tmp_path, lambda: None, started)
    assert started.calls == 0


def test_a_document_that_is_taken_away_or_in_a_subfolder_starts_too(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    (tmp_path / "sub").mkdir()
    started = Started()
    watched(tmp_path, (tmp_path / "a.pdf").unlink, started)
    assert started.calls == 1
    watched(tmp_path, lambda: (tmp_path / "sub" / "b.pdf").write_bytes(b"new"), started)
    assert started.calls == 2


def test_a_start_that_did_not_take_place_is_tried_again(tmp_path: Path) -> None:
    started = Started(failures=1)
    watched(tmp_path, lambda: (tmp_path / "a.pdf").write_bytes(b"new"), started)
    assert started.calls == 2
