"""``orepact worker``: computes what others asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orepact.cli.options import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event


def worker(
    *,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is left in line.")] = False,
    memory: Annotated[int, typer.Option("--memory", metavar="MIB", min=0, help="What a run may take (0: what there is).")] = 0,
    keep: Annotated[int, typer.Option("--keep", metavar="DAYS", min=1, help="Keep answers for so long.")] = 365,
    webhooks: Annotated[bool, typer.Option("--webhooks/--no-webhooks", help="Send webhooks beside its runs.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing of what it does.")] = False,
    parent: Annotated[int, typer.Option("--parent", metavar="PID", hidden=True, help="End with this process.")] = 0,
    db: Database = None,
) -> None:
    """Take runs from the line one after the other, each into a process of its own, until it is stopped.

    Several may work on one PostgreSQL, on several machines; one is meant for SQLite. Stopped by Ctrl-C or SIGTERM, it puts
    its run back in line. Webhooks are sent beside the runs, not with --once. Facts that are for all are laid over those of the
    package from $OREPACT_SERVE_FACTS.

    Example: `orepact worker --db postgresql://orepact@db/register --memory 8192`
    """
    import signal
    from contextlib import nullcontext

    from orepact.service.jobs import Times, Worker
    from orepact.service.jobs.child import end_with
    from orepact.service.sharing import deliver_beside
    from orepact.store import open_store

    store = open_store(db)
    try:
        found = Worker(store, Times(keep_days=keep), memory, listening(quiet=quiet))
        stop_by_signal(found.stopping)
        if parent:
            end_with(parent, signal.SIGTERM)
        with deliver_beside(store, found.tell) if webhooks and not once else nullcontext():
            found.run(once=once)
    finally:
        store.close()


def listening(*, quiet: bool) -> Callable[[str], None]:
    """Who hears what is done: whoever looks at the terminal, or nobody."""
    return _silent if quiet else _say


def _say(word: str) -> None:
    typer.echo(word, err=True)


def _silent(_: str) -> None:
    pass


def stop_by_signal(stopping: Event) -> None:
    """Let Ctrl-C and SIGTERM set ``stopping``."""
    import signal

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
