"""Work in child processes with limits, so that no document can stop or slow the others.

A child does one piece of work at a time, a function of ours with its arguments, and hands back what
it returns. It is killed when that takes too long, and replaced when it dies: the work is then
*lost*, with a reason, and the next one has a fresh child. The limits bound what a document can take
of the machine; a child has the rights of its user.
"""

from __future__ import annotations

import functools
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
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Literal, ParamSpec, Self, TypeVar

from extractors.document import OF_THE_MOMENT, Extraction, Finding
from extractors.formats import EXTRACTOR_VERSION, UNKNOWN, extract

_LENGTH: Final = struct.Struct("<Q")
_GRACE: Final = 5
"""Seconds after its time from which a child whose parent is gone ends itself."""
_MOST_DOCUMENTS: Final = 200
"""Documents after which a child is replaced, so that nothing can pile up in it."""
_PATIENCE: Final = 1.5
"""Seconds that a child has to compute before another is started for work that waits."""
_LOOK_AGAIN: Final = 0.2
_BUSY_SHARE: Final = 0.8
"""Of its time, what a document has to have computed itself for its bytes to be to blame."""
_FROM_OUTSIDE: Final = frozenset(
    -number
    for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
    if (number := getattr(signal, name, None)) is not None
)
"""How a child ends that somebody or the system ended: nothing that a document does by itself."""

Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: wall clock in seconds, address space in bytes."""

    seconds: float = 60.0
    memory: int = 1536 * 2**20


class LostError(Exception):
    """Work that its child did not finish.

    ``why``: 'time' and 'memory' are limits that the work came up against; 'busy' a time limit on a
    machine that hardly let it work; 'killed' a child that was ended from outside, twice; 'crashed'
    one that ended by itself.
    """

    def __init__(
        self, why: Literal["time", "busy", "memory", "killed", "crashed"], detail: str
    ) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


class Readers:
    """Child processes that work for us; may be used from many threads at once."""

    def __init__(
        self, workers: int | None = None, limits: Limits | None = None, *, at_once: bool = True
    ) -> None:
        """Have ``workers`` children, by default one a processor: all ``at_once``, or one when there
        is work, and the others when work has waited: what a child needs takes it half a second.
        """
        count = max(1, workers or os.cpu_count() or 1)
        self.workers = count
        self._free: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._children = [_Child(limits or Limits()) for _ in range(count)]
        self._spare: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        for number, child in enumerate(self._children):
            if at_once:
                child.start()
            (self._free if at_once or number == 0 else self._spare).put(child)

    def call(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
        """What ``work`` returns, within the limits; it is a function of a module's own.

        Raises LostError where the child did not finish it, and whatever the work raises.
        """
        request = pickle.dumps(functools.partial(work, *given, **named), pickle.HIGHEST_PROTOCOL)
        child = self._child()
        try:
            made: Made = child.call(request)
        finally:
            self._free.put(child)
        return made

    def _child(self) -> _Child:
        """A child that is free; one more where those that there are have much to do.

        That is told by what they have computed, so that a busy machine gets no more children.
        """
        begin = time.monotonic()
        while not self._spare.empty():
            with suppress(queue.Empty):
                return self._free.get(timeout=_LOOK_AGAIN)
            waited = time.monotonic() - begin
            if all(child.busy_for(waited) >= _PATIENCE for child in self._children if child.serves):
                with suppress(queue.Empty):
                    return self._spare.get_nowait()
        return self._free.get()

    def extract(self, path: Path) -> Extraction:
        """As :func:`extractors.formats.extract`, within the limits.

        What is lost is a finding of the document: see :func:`lost_document`.
        """
        try:
            return self.call(extract, path)
        except LostError as lost:
            return lost_document(path, lost)

    def close(self) -> None:
        """End the children; what they were working on is lost."""
        for child in self._children:
            child.close()

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
    readers = Readers(min(workers or os.cpu_count() or 1, len(waiting)), limits)
    yield from in_order(readers, readers.extract, waiting)


Asked = TypeVar("Asked")


def in_order(
    readers: Readers, work: Callable[[Asked], Made], asked: Iterable[Asked]
) -> Iterator[Made]:
    """What ``work``, which calls the readers, makes of each: in their order, made side by side.

    Begun when this is called; the readers are closed in the end.
    """
    threads = ThreadPoolExecutor(readers.workers)
    made = threads.map(work, asked)

    def listened() -> Iterator[Made]:
        try:
            yield from made
        finally:
            # Who stops listening must not wait for what is still to come.
            threads.shutdown(wait=False, cancel_futures=True)
            readers.close()

    return listened()


def lost_document(path: Path, lost: LostError) -> Extraction:
    """The extraction of a document whose reading was lost.

    'limit-exceeded' where it came up against a limit, 'unreadable-file' where it ended its child,
    'reading-interrupted' where somebody else did.
    """
    return Extraction(
        sha256=_digest(path),
        file_name=path.name,
        media_type=UNKNOWN,
        pages=None,
        extractor=f"sandbox/{EXTRACTOR_VERSION}",
        findings=(lost_finding(lost),),
    )


def lost_finding(lost: LostError) -> Finding:
    """The finding on a document whose reading was lost."""
    if lost.why == "busy":
        facts = {"limit": "time", "most": lost.detail, OF_THE_MOMENT: "time"}
        return Finding("limit-exceeded", facts)
    if lost.why in {"time", "memory"}:
        return Finding("limit-exceeded", {"limit": lost.why, "most": lost.detail})
    if lost.why == "crashed":
        return Finding("unreadable-file", {"detail": lost.detail})
    return Finding("reading-interrupted", {"detail": lost.detail})


class _Child:
    """One child process and the pipes to it; replaced when it has died or served its time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._is_ended = True
        self._is_closed = False
        self._served = 0

    def start(self) -> None:
        """Start the process, if there is none. Raises LostError where nobody wants one any more."""
        with self._lock:
            if self._is_closed:
                raise LostError("killed", "closed")
            if not self._is_ended:
                return
            self._start()
            self._is_ended = False  # only now: other threads ask what it has computed

    def _start(self) -> None:
        from extractors.scratch import scratch_folder  # noqa: PLC0415 the child does without it

        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 lives with the child
        self._scratch = scratch_folder("child")
        self._served = 0
        self._process = subprocess.Popen(  # noqa: S603 this very program
            [sys.executable, "-m", __name__, str(self._limits.seconds), str(self._limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            # What it, or a program that it starts, leaves behind when it is killed goes with it.
            env=os.environ | {"TMPDIR": str(self._scratch.path)},
            start_new_session=True,  # so that its own children end with it, and Ctrl-C spares it
        )

    def call(self, request: bytes) -> Any:
        """What the work returns or raises; work that was lost by no fault of its own is repeated.

        That is once, in a fresh child: where it was ended from outside, and where memory ran out
        in a child that had worked before, since that says nothing of this work alone.
        """
        try:
            return self._call(request)
        except LostError as lost:
            was_fresh = self._served <= 1
            if lost.why != "killed" and (lost.why != "memory" or was_fresh):
                raise
        self._replace()
        return self._call(request)

    def _call(self, request: bytes) -> Any:
        self.start()
        if self._process.poll() is not None or self._served >= _MOST_DOCUMENTS:
            self._replace()
        self._served += 1
        late = threading.Event()
        used: list[float | None] = []
        clock = threading.Timer(self._limits.seconds, self._stop, (late, used))
        clock.start()
        before = self._processor_seconds()
        try:
            answer = self._ask(request)
        finally:
            clock.cancel()
        if answer is None:
            raise self._lost(before, used[0] if used else None, is_late=late.is_set())
        kind, made = pickle.loads(answer)  # noqa: S301 our own child wrote it
        if kind == "returned":
            return made
        if kind == "raised":
            raise made
        self._replace()
        raise LostError("memory", _megabytes(self._limits.memory))

    def _ask(self, request: bytes) -> bytes | None:
        """The child's answer; None where it died before it had given it."""
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise RuntimeError("the child has no pipes")
        try:
            requests.write(_LENGTH.pack(len(request)) + request)
            requests.flush()
        except BrokenPipeError:
            return None
        return _read(answers)

    def _stop(self, late: threading.Event, used: list[float | None]) -> None:
        used.append(self._processor_seconds())
        late.set()
        self._kill()

    def _processor_seconds(self) -> float | None:
        """What the child has computed so far, with the programs that it waited for (Linux)."""
        try:
            text = Path(f"/proc/{self._process.pid}/stat").read_text("ascii", "replace")
        except OSError:
            return None  # not Linux, or the child is gone
        ticks = sum(int(field) for field in text.rpartition(")")[2].split()[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _kill(self) -> None:
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            # It may have ended by itself since.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _replace(self) -> None:
        self.end()
        self.start()

    @property
    def serves(self) -> bool:
        """Whether it has a process."""
        return not self._is_ended

    def busy_for(self, waited: float) -> float:
        """Seconds that it has computed; those that were waited, where the system does not tell."""
        used = self._processor_seconds()
        return waited if used is None else used

    def close(self) -> None:
        """End the process for good."""
        with self._lock:
            self._is_closed = True
        self.end()

    def end(self) -> None:
        """End the process, if there is one, and free what belongs to it."""
        with self._lock:
            if self._is_ended:
                return
            self._is_ended = True
            self._end()

    def _end(self) -> None:
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                # What could not be written any more is of no use to a dead child.
                with suppress(BrokenPipeError):
                    pipe.close()
        self._errors.close()
        self._scratch.clear()

    def _lost(self, before: float | None, after: float | None, *, is_late: bool) -> LostError:
        """Why the child ended before it had answered."""
        status = self._process.wait()
        if is_late:
            most = f"{self._limits.seconds:g} s"
            if before is None or after is None:
                return LostError("busy", most)
            is_its_own = after - before >= _BUSY_SHARE * self._limits.seconds
            return LostError("time" if is_its_own else "busy", most)
        self._errors.seek(0)
        said = self._errors.read()[-500:].decode("utf-8", "replace").strip().splitlines()
        if any("memory" in line.lower() or "bad_alloc" in line for line in said):
            return LostError("memory", _megabytes(self._limits.memory))
        detail = f"process ended with {status}" + (f": {said[-1]}" if said else "")
        return LostError("killed" if status in _FROM_OUTSIDE else "crashed", detail)


def _megabytes(memory: int) -> str:
    return f"{memory // 2**20} MB"


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
    """Do the work that standard input asks for until it ends."""
    requests = sys.stdin.buffer
    # Libraries that print must not print into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 not on Windows, where memory is not limited

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What work makes holds hardly any cycles: looking for some costs a third of the time.
    gc.disable()
    has_worked = False
    while (request := _read(requests)) is not None:
        if sys.platform != "win32":
            # Its default action ends the process even in a library's loop.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
        answer = _answer(request)
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()
        # What the first work has loaded is kept for the next, and is not looked at again.
        if has_worked:
            gc.collect()
        gc.freeze()
        has_worked = True


def _answer(request: bytes) -> bytes:
    try:
        try:
            answer = ("returned", pickle.loads(request)())  # noqa: S301 our own parent wrote it
        except MemoryError:
            raise
        except Exception as fault:  # noqa: BLE001 it is the asking process that deals with it
            answer = ("raised", fault)
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        gc.collect()
        return pickle.dumps(("memory", None), pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    _serve(float(sys.argv[1]), int(sys.argv[2]))
