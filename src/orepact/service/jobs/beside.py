"""``Beside``: a worker in a process of its own beside another program, such as a server: started with it, ended with it, started
anew when it dies.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self

log = logging.getLogger("orepact.worker")


def command() -> list[str]:
    """A worker on the usual register, which ends with this process."""
    return [sys.executable, "-P", "-m", "orepact", "worker", "--parent", str(os.getpid())]


class Beside:
    """Keeps one worker alive for as long as the block lasts. After a death it waits ``pause_s``, each time twice as long, at most
    ``longest_s``; one that lived ``well_s`` begins anew with the first pause.
    """

    def __init__(
        self,
        words: Sequence[str] = (),
        *,
        pause_s: float = 1.0,
        longest_s: float = 60.0,
        well_s: float = 60.0,
        end_s: float = 10.0,
    ) -> None:
        self.words = [*words] or command()
        self.pause_s, self.longest_s, self.well_s, self.end_s = pause_s, longest_s, well_s, end_s
        self._stopping = Event()
        # Linux tells a process of the end of the thread that started it: this one lives until the block ends.
        self._thread = Thread(target=self._watch, name="worker", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the worker: it puts its run back in line."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        pause = self.pause_s
        while not self._stopping.is_set():
            begun = monotonic()
            code = self._one()
            if self._stopping.is_set():
                return
            pause = self.pause_s if monotonic() - begun >= self.well_s else pause
            log.warning("the worker ended (%s): started anew in %.0f s", code, pause)
            self._stopping.wait(pause)
            pause = min(2 * pause, self.longest_s)

    def _one(self) -> int | str:
        """From the begin of a worker to its end: its exit code, or why there was none."""
        try:
            worker = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  our own program
        except OSError as fault:
            return fault.strerror or "it could not be started"
        log.info("a worker has begun: process %d", worker.pid)
        while worker.poll() is None and not self._stopping.wait(0.2):
            pass
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(self.end_s)
            except subprocess.TimeoutExpired:
                worker.kill()
        return worker.wait()
