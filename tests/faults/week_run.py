"""In place of the process of a run: works for a moment and leaves an answer that names its own process."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import sleep

from orepact.service.jobs.child import PARTS, end_with


def main() -> None:
    """Read the task, wait as long as it says, leave the answer."""
    task = json.load(sys.stdin)
    end_with(task["parent"])
    said = dict(line.split(": ", 1) for line in task["arguments"]["network"]["network.yaml"].splitlines())
    sys.stdout.write('["half of it", 0.5]\n')
    sys.stdout.flush()
    sleep(float(said["seconds"]))
    from orepact.service.jobs.working import packed

    rows = {"columns": ["title", "pid"], "rows": [[said["title"], os.getpid()]]}
    made = {"top": {}, "meta": {"title": "done", "manifest": {}}, "rows": rows, "shown": None, "text": ""}
    folder = Path(task["folder"]) / PARTS
    folder.mkdir()
    (folder / "answer").write_bytes(packed(made))


if __name__ == "__main__":
    main()
