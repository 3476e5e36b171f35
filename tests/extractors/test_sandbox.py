from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from extractors.document import UnreadableError, is_of_the_moment
from extractors.formats import extract
from extractors.sandbox import (
    Limits,
    LostError,
    Readers,
    extract_many,
    in_order,
    lost_finding,
)
from tests.extractors.making import make_docx

FIXTURES = Path(__file__).parent / "fixtures"
SMALL = [FIXTURES / name for name in ("report.pdf", "book.xlsx", "locked.pdf", "raised-marks.pdf")]


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document that takes seconds and hundreds of megabytes."""
    cell = "<w:tc><w:p><w:r><w:t>1.234</w:t></w:r></w:p></w:tc>"
    path = tmp_path_factory.mktemp("heavy") / "heavy.docx"
    path.write_bytes(make_docx(f"<w:tbl>{f'<w:tr>{cell * 9}</w:tr>' * 80_000}</w:tbl>"))
    return path


def codes(extraction) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.facts.get("limit")) for finding in extraction.findings]


def children() -> set[int]:
    """This process's children."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return {pid for pid in pids if status_of(pid)[1:2] == [str(os.getpid())]}


def status_of(pid: int) -> list[str]:
    """State, parent, … as /proc says; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def test_documents_read_as_without_it_in_the_order_given():
    assert list(extract_many(SMALL, workers=2)) == [extract(path) for path in SMALL]


def test_nothing_to_read_starts_nothing():
    assert list(extract_many([])) == []


def test_a_document_that_takes_too_long_is_stopped_and_the_others_are_read(heavy):
    begin = time.monotonic()
    paths = [heavy, *SMALL]
    first, *others = extract_many(paths, Limits(seconds=1.0), workers=1)
    assert codes(first) == [("limit-exceeded", "time")]
    assert (first.file_name, len(first.sha256)) == ("heavy.docx", 64)
    assert others == [extract(path) for path in SMALL]
    assert time.monotonic() - begin < 20


def test_a_document_that_takes_too_much_memory_is_stopped_and_the_others_are_read(heavy):
    first, *others = extract_many([heavy, *SMALL], Limits(memory=420 * 2**20), workers=1)
    assert codes(first) == [("limit-exceeded", "memory")]
    assert others == [extract(path) for path in SMALL]


def test_a_child_that_dies_takes_only_its_document_with_it(heavy):
    before = children()
    with Readers(1) as readers:
        (child,) = children() - before
        threading.Timer(0.7, os.kill, (child, signal.SIGSEGV)).start()
        lost = readers.extract(heavy)
        assert [finding.code for finding in lost.findings] == ["unreadable-file"]
        assert lost.sha256 == hashlib.sha256(heavy.read_bytes()).hexdigest()
        assert readers.extract(SMALL[0]) == extract(SMALL[0])


def test_who_stops_listening_does_not_wait(heavy):
    before = children()
    begin = time.monotonic()
    stream = extract_many([SMALL[0], heavy, heavy, heavy], workers=1)
    next(stream)
    stream.close()
    assert time.monotonic() - begin < 5
    assert children() <= before


def test_children_end_with_their_parent(heavy):
    code = (
        "import sys; from pathlib import Path; from extractors.sandbox import Limits, Readers\n"
        "readers = Readers(1, Limits(seconds=1)); print(readers._children[0]._process.pid)\n"
        "sys.stdout.flush(); readers.extract(Path(sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(heavy)], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if status_of(child)[:1] in ([], ["Z"]):
            return
        time.sleep(0.1)
    pytest.fail("the child outlived its parent")


def test_many_threads_may_share_the_readers():
    results: dict[int, object] = {}
    with Readers(2) as readers:
        threads = [
            threading.Thread(target=lambda n=n: results.update({n: readers.extract(SMALL[n % 4])}))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    expected = [extract(path) for path in SMALL]
    assert [results[n] for n in range(8)] == expected * 2


def damaged(source: Path, target: Path, seed: int) -> Path:
    """The file cut short or with some of its bytes changed."""
    chance = random.Random(seed)
    data = bytearray(source.read_bytes())
    if chance.random() < 0.2:
        del data[chance.randrange(len(data)) :]
    for _ in range(chance.choice((1, 10, 100))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    target.write_bytes(data)
    return target


def test_damaged_documents_end_no_child_and_are_read_or_told(tmp_path):
    sources = sorted(FIXTURES.iterdir())
    paths = [
        damaged(sources[seed % len(sources)], tmp_path / f"{seed}.bin", seed) for seed in range(90)
    ]
    for extraction in extract_many(paths, Limits(seconds=60)):
        assert extraction.extractor.split("/")[0] != "sandbox", extraction.findings
        assert extraction.blocks or extraction.findings


# ---- any work ------------------------------------------------------------------------------


def end_once(mark: Path) -> str:
    """Ended by the system the first time, as where its memory runs out."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def end_always() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(words: str) -> None:
    raise UnreadableError("empty-file", detail=words)


def sleep_long() -> None:
    time.sleep(60)


def compute_long() -> None:
    while True:
        pass


def test_work_that_was_ended_from_outside_is_repeated_once(tmp_path):
    with Readers(1) as readers:
        assert readers.call(end_once, tmp_path / "mark") == "done"
        with pytest.raises(LostError) as lost:
            readers.call(end_always)
        assert lost.value.why == "killed"
        assert lost_finding(lost.value).code == "reading-interrupted"
        assert is_of_the_moment(lost_finding(lost.value))


def test_what_work_raises_is_raised():
    with Readers(1) as readers, pytest.raises(UnreadableError) as raised:
        readers.call(refuse, "nothing")
    assert raised.value.finding.facts == {"detail": "nothing"}


@pytest.mark.parametrize(
    ("work", "whys"), [(sleep_long, {"busy"}), (compute_long, {"time", "busy"})]
)
def test_a_time_limit_is_the_documents_only_where_it_computed_all_the_time(work, whys):
    with Readers(1, Limits(seconds=1.0)) as readers, pytest.raises(LostError) as lost:
        readers.call(work)
    assert lost.value.why in whys
    finding = lost_finding(lost.value)
    assert (finding.code, finding.facts["limit"]) == ("limit-exceeded", "time")
    assert is_of_the_moment(finding) is (lost.value.why == "busy")


def test_what_a_killed_child_left_in_the_folder_for_temporary_files_is_cleared(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Readers(1, Limits(seconds=2.0)) as readers:
        with pytest.raises(LostError):
            readers.call(leave_a_file)
        assert list(tmp_path.glob("hopnhat-child-*/left"))
    assert not list(tmp_path.iterdir())


def leave_a_file() -> None:
    (Path(tempfile.gettempdir()) / "left").touch()
    time.sleep(60)


def test_threads_that_ask_while_the_first_child_starts_wait_for_it():
    """They look at what it has computed before it has a process."""
    for _ in range(5):
        readers = Readers(2, at_once=False)
        assert list(in_order(readers, readers.extract, SMALL)) == [extract(one) for one in SMALL]
