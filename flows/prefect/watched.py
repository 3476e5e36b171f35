"""A part of `hopnhat serve` that is a process of its own: started again when it dies or hangs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from flows.prefect.process import end
from flows.progress import Teller

LONGEST_PAUSE = 60.0
STEADY_SECONDS = 60.0
"""A part that has lived so long has recovered: when it dies, it is started again at once."""
SECONDS_OF_SILENCE = 120.0
"""A part that lives and has not answered for so long hangs; starting may take as long."""


class Watched:
    """A process that has to live: ``begin`` starts it, ``answers`` says whether it works."""

    def __init__(
        self,
        name: str,
        begin: Callable[[], subprocess.Popen[bytes]],
        answers: Callable[[], bool],
        tell: Teller,
    ) -> None:
        self._name, self._begin, self._answers, self._tell = name, begin, answers, tell
        self._process: subprocess.Popen[bytes] | None = None
        self._well = False
        self._heard = self._begun = self._asked = 0.0
        self._pause = 1.0
        self._again = 0.0
        self.deaths = 0

    def look(self) -> bool:
        """Whether it works; starts it, or has it end where it hangs."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._again:
                self._process, self._begun, self._heard = self._begin(), now, now
            return False
        if self._process.poll() is not None:
            self._died(f"đã chết (mã {self._process.returncode})", now)
            return False
        if self._well and now - self._asked < 1.0:
            return True
        self._asked = now
        if self._answers():
            if not self._well and self.deaths:
                self._tell.line(f"{self._name} đã chạy lại.")
            self._well, self._heard = True, now
            return True
        if now - self._heard > SECONDS_OF_SILENCE:
            self._died("không trả lời", now)
        self._well = False
        return False

    def end(self) -> None:
        """End it."""
        if self._process is not None:
            end(self._process)
            self._process = None

    def _died(self, how: str, now: float) -> None:
        self.end()
        if now - self._begun > STEADY_SECONDS:
            self._pause = 1.0
        self._tell.line(f"{self._name} {how}: khởi động lại sau {self._pause:g} giây.")
        self._again = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._well = False
        self.deaths += 1
