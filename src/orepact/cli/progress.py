"""Long work shows a bar on a terminal and nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, float], None]


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """A function ``report(step, fraction)``; it draws on stderr when that is a terminal, otherwise it does nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda _step, _fraction: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<40}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda step, fraction: bar.update(task, description=step, completed=fraction)
