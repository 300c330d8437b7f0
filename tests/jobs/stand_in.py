"""In place of the process of a run: does what the title of its network says, and cheaply.

``toil``: solves what HiGHS does not finish, within its own code. ``die``: ends without a word as often as ``times`` says.
``tell``: tells how far it is, waits for the file ``go``, and leaves an answer; with the figures that stand in ``figures.json``,
where it is there. Each leaves its process id in ``pids``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from time import sleep
from typing import Any

from orepact.service.jobs.child import PARTS, end_with


def main() -> None:
    """Read the task, do as it says."""
    task = json.load(sys.stdin)
    end_with(task["parent"])
    said = dict(line.split(": ", 1) for line in task["arguments"]["network"]["network.yaml"].splitlines())
    place = Path(said["place"])
    with (place / "pids").open("a") as pids:
        pids.write(f"{os.getpid()}\n")
    {"toil": toil, "die": die, "tell": tell}[said["title"]](task, said, place)


def toil(_: Any, __: Any, place: Path) -> None:
    """A knapsack without room (Cornuéjols and Dawande): 50 yes or no, six equations, billions of branches."""
    import highspy
    import numpy as np

    solver, draw = highspy.Highs(), np.random.default_rng(1)
    solver.setOptionValue("output_flag", False)
    weights = draw.integers(0, 100, (6, 50))
    for _ in range(50):
        solver.addVar(0.0, 1.0)
    for number in range(50):
        solver.changeColIntegrality(number, highspy.HighsVarType.kInteger)
    for row in weights:
        half = float(row.sum() // 2)
        solver.addRow(half, half, 50, np.arange(50), row.astype(float))
    (place / "solving").touch()
    solver.run()
    (place / "solved").touch()


def die(task: dict[str, Any], said: dict[str, str], place: Path) -> None:
    """End by a signal, until it was started more often than said."""
    if len((place / "pids").read_text().split()) <= int(said["times"]):
        os.kill(os.getpid(), signal.SIGKILL)
    answer(task, place)


def tell(task: dict[str, Any], _: Any, place: Path) -> None:
    """Half of the way, then wait."""
    sys.stdout.write('["half of it", 0.5]\n')
    sys.stdout.flush()
    while not (place / "go").exists():
        sleep(0.05)
    answer(task, place)


def answer(task: dict[str, Any], place: Path) -> None:
    """An answer of one row."""
    from orepact.service.jobs.working import FIGURES, packed

    rows = {"columns": ["pid"], "rows": [[os.getpid()]]}
    made = {"top": {}, "meta": {"title": "done", "manifest": {}}, "rows": rows, "shown": None, "text": ""}
    folder = Path(task["folder"]) / PARTS
    folder.mkdir()
    (folder / "answer").write_bytes(packed(made))
    figures = place / "figures.json"
    if figures.exists():
        (folder / FIGURES).write_bytes(packed(json.loads(figures.read_text())))


if __name__ == "__main__":
    main()
