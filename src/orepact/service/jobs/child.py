"""The process in which a run is computed: ``python -m orepact.service.jobs.child``, started by a worker and never by hand.

It is told its task on standard input, tells how far it is on standard output (a line of JSON each time), and leaves the parts of
the answer, or what went wrong, as files in its folder. It knows no database. It ends when its worker ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NoFeasibleAnswer, OrepactError
from orepact.service.logs import fault

if TYPE_CHECKING:
    from orepact.service.flowing import Report
    from orepact.service.jobs.working import Task

#: Names of what it leaves: parts of the answer in a folder, or the error.
PARTS, ERROR = "parts", "error.json"
#: For Linux: the signal that a process gets when its parent ends.
_PDEATHSIG = 1


def main() -> int:
    """Work on one task: 0 when it left an answer or an error, 1 for a fault of ours, which is told without its words."""
    try:
        return _work()
    except Exception as error:  # noqa: BLE001  its words may hold what is for the organisation that asked
        fault(error, "a run failed")
        return 1


def _work() -> int:
    from orepact.service.jobs.working import Task

    task = Task(**json.load(sys.stdin))
    end_with(task.parent)
    bound_memory(task.memory_mib)
    report = _teller()
    folder = Path(task.folder)
    try:
        _leave(folder, task, report)
    except MemoryError:
        said = f"it takes more memory than a run may have ({task.memory_mib} MiB)"
        _fail(folder, {"code": "work_stopped", "message": said})
    except OrepactError as error:
        _fail(folder, described(error, str(folder)))
    return 0


def _leave(folder: Path, task: Task, report: Report) -> None:
    from orepact.service.jobs.working import parts_of

    found = parts_of(task, report)
    place = folder / PARTS
    place.mkdir(mode=0o700)
    for name, content in found.items():
        (place / name).write_bytes(content)


def _fail(folder: Path, error: Mapping[str, Any]) -> None:
    (folder / ERROR).write_text(json.dumps(error), encoding="utf-8")


def described(error: OrepactError, folder: str = "") -> dict[str, Any]:
    """An error as plain values, without the name of the folder of its run."""
    found: dict[str, Any] = {"code": error.code, "message": str(error)}
    if isinstance(error, BadInput):
        found["message"] = "\n".join(problem.marked for problem in error.problems)
        found["problems"] = [problem.as_dict() for problem in error.problems]
    if isinstance(error, NoFeasibleAnswer):
        found["conflicts"] = [*error.conflicts]
    text = json.dumps(found, ensure_ascii=False)
    for name in sorted({folder, os.path.realpath(folder)} if folder else (), key=len, reverse=True):
        text = text.replace(json.dumps(name, ensure_ascii=False)[1:-1], "the run")
    return dict(json.loads(text))


def _teller() -> Report:
    """A report to the worker; whatever else is printed goes where errors go."""
    told = os.dup(1)
    os.dup2(2, 1)

    def report(step: str, share: float) -> None:
        with suppress(OSError):  # nobody listens any more
            os.write(told, json.dumps([step[:200], min(max(float(share), 0.0), 1.0)]).encode() + b"\n")

    return report


def end_with(parent: int, word: int = signal.SIGKILL) -> None:
    """End when the process that started this one ends (Linux): ``word`` is the signal by which this one is told."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PDEATHSIG, word)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def bound_memory(mib: int) -> None:
    """Take no more memory than so much (0: as much as there is)."""
    if mib:
        with suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (mib * 2**20, mib * 2**20))


if __name__ == "__main__":
    sys.exit(main())
