"""``Child``: the process of one run as its worker sees it: how far it is, whether it lives, what it left; it can be killed, also
in the middle of a solve.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orepact.pact.records.record import BROKEN
from orepact.service.jobs.child import ERROR, PARTS
from orepact.service.jobs.working import Task

MODULE = "orepact.service.jobs.child"
_READ = 65_536


@dataclass
class Child:
    """A process that works on a task. ``progress``: in thousandths."""

    process: subprocess.Popen[bytes]
    folder: Path
    progress: int = 0
    step: str = ""
    rest: bytes = b""

    @property
    def lives(self) -> bool:
        """Whether it works still."""
        return self.process.poll() is None

    def listen(self, patience_s: float) -> None:
        """Wait for a word of it, at most so long, and note the last one; returns when it ends."""
        assert self.process.stdout is not None, "its output is ours"
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            if not waiting.select(patience_s):
                return
        content = os.read(self.process.stdout.fileno(), _READ)
        if not content:  # it has closed its output: it ends
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience_s)
            return
        *lines, self.rest = (self.rest + content).split(b"\n")
        if lines:
            step, share = json.loads(lines[-1])
            self.step, self.progress = BROKEN.sub("?", step), round(share * 1000)

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def error(self) -> dict[str, Any] | None:
        """What went wrong, if something did and it could say so."""
        file = self.folder / ERROR
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None

    def parts(self) -> dict[str, bytes] | None:
        """The parts of its answer; None when it left none."""
        place = self.folder / PARTS
        if self.process.returncode != 0 or not place.is_dir():
            return None
        return {file.name: file.read_bytes() for file in sorted(place.iterdir())}


@contextmanager
def started(task: Task) -> Iterator[Child]:
    """A process on a task; when the block ends it has ended."""
    process = subprocess.Popen(  # noqa: S603  our own module, by this Python
        [sys.executable, "-P", "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    child = Child(process, Path(task.folder))
    try:
        assert process.stdin is not None, "its input is ours"
        with suppress(BrokenPipeError), process.stdin as told:
            told.write(json.dumps(asdict(task)).encode())
        yield child
    finally:
        child.kill()
        assert process.stdout is not None, "its output is ours"
        process.stdout.close()
