"""Extraction in child processes with limits, so that no document can stop or slow the others.

A child imports the extractors only, reads one document at a time and hands its extraction back.
It is killed when a document takes too long, and replaced when it dies: the document is then a
finding, and the next one has a fresh child. The limits bound what a document can take of the
machine; a child has the rights of its user.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from extractors.document import Extraction, Finding
from extractors.formats import EXTRACTOR_VERSION, UNKNOWN, extract

_LENGTH: Final = struct.Struct("<Q")
_GRACE: Final = 5
"""Seconds after its time from which a child whose parent is gone ends itself."""
_MOST_DOCUMENTS: Final = 200
"""Documents after which a child is replaced, so that nothing can pile up in it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: wall clock in seconds, address space in bytes."""

    seconds: float = 60.0
    memory: int = 1536 * 2**20


class Readers:
    """Child processes that read documents; may be used from many threads at once."""

    def __init__(self, workers: int | None = None, limits: Limits | None = None) -> None:
        """Start ``workers`` children, by default one a processor."""
        count = max(1, workers or os.cpu_count() or 1)
        self._free: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._children = [_Child(limits or Limits()) for _ in range(count)]
        for child in self._children:
            self._free.put(child)

    def extract(self, path: Path) -> Extraction:
        """As :func:`extractors.formats.extract`, within the limits.

        A document beyond them has the finding 'limit-exceeded', one that ends its child
        'unreadable-file'.
        """
        child = self._free.get()
        try:
            return child.extract(path)
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End the children; what they were reading is lost."""
        for child in self._children:
            child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def extract_many(
    paths: Iterable[Path], limits: Limits | None = None, workers: int | None = None
) -> Iterator[Extraction]:
    """What each file shows, in the order of the paths, read by several processes at once."""
    waiting = list(paths)
    if not waiting:
        return
    count = min(workers or os.cpu_count() or 1, len(waiting))
    with Readers(count, limits) as readers, ThreadPoolExecutor(count) as threads:
        try:
            yield from threads.map(readers.extract, waiting)
        finally:
            # Who stops listening must not wait for the documents that are still to come.
            threads.shutdown(wait=False, cancel_futures=True)
            readers.close()


class _Child:
    """One child process and the pipes to it; replaced when it has died or served its time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._start()

    def _start(self) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 lives with the child
        self._served = 0
        self._process = subprocess.Popen(  # noqa: S603 this very program
            [sys.executable, "-m", __name__, str(self._limits.seconds), str(self._limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # so that its own children end with it, and Ctrl-C spares it
        )

    def extract(self, path: Path) -> Extraction:
        if self._process.poll() is not None or self._served >= _MOST_DOCUMENTS:
            self.end()
            self._start()
        self._served += 1
        late = threading.Event()
        clock = threading.Timer(self._limits.seconds, self._stop, (late,))
        clock.start()
        try:
            answer = self._ask(path)
        finally:
            clock.cancel()
        if answer is None:
            return self._lost(path, is_late=late.is_set())
        extraction: Extraction = pickle.loads(answer)  # noqa: S301 our own child wrote it
        if any(finding.code == "limit-exceeded" for finding in extraction.findings):
            self.end()
        return extraction

    def _ask(self, path: Path) -> bytes | None:
        """The child's answer; None where it died before it had given it."""
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise RuntimeError("the child has no pipes")
        name = os.fsencode(path)
        try:
            requests.write(_LENGTH.pack(len(name)) + name)
            requests.flush()
        except BrokenPipeError:
            return None
        return _read(answers)

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self._kill()

    def _kill(self) -> None:
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process and free what belongs to it."""
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                # What could not be written any more is of no use to a dead child.
                with suppress(BrokenPipeError):
                    pipe.close()
        self._errors.close()

    def _lost(self, path: Path, *, is_late: bool) -> Extraction:
        """The extraction of a document that ended its child."""
        status = self._process.wait()
        if is_late:
            most = f"{self._limits.seconds:g} s"
            return _failed(path, Finding("limit-exceeded", {"limit": "time", "most": most}))
        self._errors.seek(0)
        said = self._errors.read()[-500:].decode("utf-8", "replace").strip().splitlines()
        if any("memory" in line.lower() or "bad_alloc" in line for line in said):
            return _failed(path, _out_of_memory(self._limits.memory))
        detail = f"process ended with {status}" + (f": {said[-1]}" if said else "")
        return _failed(path, Finding("unreadable-file", {"detail": detail}))


def _out_of_memory(memory: int) -> Finding:
    return Finding("limit-exceeded", {"limit": "memory", "most": f"{memory // 2**20} MB"})


def _failed(path: Path, finding: Finding) -> Extraction:
    return Extraction(
        sha256=_digest(path),
        file_name=path.name,
        media_type=UNKNOWN,
        pages=None,
        extractor=f"sandbox/{EXTRACTOR_VERSION}",
        findings=(finding,),
    )


def _digest(path: Path) -> str:
    """The sha256 of the file that a child was reading, so that it is named as others are."""
    digest = hashlib.sha256()
    if path.is_file():
        with path.open("rb") as stream:
            while chunk := stream.read(2**20):
                digest.update(chunk)
    return digest.hexdigest()


def _read(stream: IO[bytes]) -> bytes | None:
    """A message behind its length; None where the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


# --------------------------------------------------------------------------------------------
# In the child


def _serve(seconds: float, memory: int) -> None:
    """Answer paths from standard input with extractions until it ends."""
    requests = sys.stdin.buffer
    # Libraries that print must not print into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 not on Windows, where memory is not limited

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Extractions hold no cycles: looking for some costs a third of the time.
    gc.disable()
    while (name := _read(requests)) is not None:
        if sys.platform != "win32":
            # Its default action ends the process even in a library's loop.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
        answer = _answer(Path(os.fsdecode(name)), memory)
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()
        gc.collect()


def _answer(path: Path, memory: int) -> bytes:
    try:
        return pickle.dumps(extract(path), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        gc.collect()
        return pickle.dumps(_failed(path, _out_of_memory(memory)), pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    _serve(float(sys.argv[1]), int(sys.argv[2]))
