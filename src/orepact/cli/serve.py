"""``orepact serve``: the control tower and the API over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import Database

#: By name, not imported: the command line knows nothing of the web.
RUNNING = "orepact.web.edge.running"


class LogForm(StrEnum):
    """How the log is written."""

    lines = "lines"
    json = "json"


Host: TypeAlias = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")]
Port: TypeAlias = Annotated[int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="Port to listen on.")]
Processes: TypeAlias = Annotated[int, typer.Option("--processes", metavar="NUMBER", min=1, max=64, help="How many serve.")]
Worker: TypeAlias = Annotated[bool, typer.Option("--worker", help="Compute runs too, in one process beside the server.")]
Proxy: TypeAlias = Annotated[
    str | None, typer.Option("--proxy", metavar="ADDRESS", help="Believe the X-Forwarded headers of this proxy.")
]
Log: TypeAlias = Annotated[
    LogForm | None,
    typer.Option("--log", metavar="FORM", help="lines or json: a line for each request (default: lines on a terminal)."),
]
MetricsPort: TypeAlias = Annotated[
    int | None, typer.Option("--metrics-port", metavar="NUMBER", min=1, max=65535, help="Answer Prometheus here.")
]
MetricsHost: TypeAlias = Annotated[
    str, typer.Option("--metrics-host", metavar="ADDRESS", help="Address of that port: for operators alone.")
]


def serve(
    *,
    db: Database = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    processes: Processes = 1,
    worker: Worker = False,
    proxy: Proxy = None,
    log: Log = None,
    metrics_port: MetricsPort = None,
    metrics_host: MetricsHost = "127.0.0.1",
) -> None:
    """Serve the control tower (pages for people) and the API (for programs), on this machine alone unless told otherwise.

    Where no database is named, the usual one is served: it is made and filled with what comes with the package, if need be. One
    that is named must be there. The address to open in a browser is said once it answers.

    With `--worker`, runs are computed too, by one worker that ends with the server and is started anew when it dies. On
    PostgreSQL more can be started beside it (`orepact worker`).

    Stopped by Ctrl-C or SIGTERM it answers what was begun, for 30 seconds at most, and ends.

    Example: `orepact serve`

    Example: `orepact serve --db register.db --port 8000`

    Example: `orepact serve --processes 2 --proxy 127.0.0.1 --log json --metrics-port 9464`
    """
    import sys
    from importlib import import_module

    _demand_server()
    _choose_register(db)
    form = log or (LogForm.lines if sys.stderr.isatty() else LogForm.json)
    running = import_module(RUNNING)
    how = running.Running(
        host=host, port=port, processes=processes, proxy=proxy, log=form.value, metrics_host=metrics_host,
        metrics_port=metrics_port,
    )  # fmt: skip
    with _ending_well():
        running.run(how, beside=_beside if worker else nullcontext, tell=_said)


def _said(address: str) -> None:
    """Name the address to open, once it answers."""
    typer.echo(f"the control tower: {address} (Ctrl-C ends it)", err=True)


def _demand_server() -> None:
    """Say what is missing where the extra is not installed; the rest of it comes with the server."""
    try:
        import uvicorn  # noqa: F401  to see whether it is there
    except ModuleNotFoundError:
        from orepact.errors import BadInput, Problem

        mend = "install orepact with its extra `serve`: pip install 'orepact[serve]'"
        raise BadInput([Problem("serve", "the web server uvicorn", "none installed", mend)]) from None


def _choose_register(db: str | None) -> None:
    """Say to all processes which register it is: the one that is named, else that of the environment, else the usual one."""
    import os

    if db is not None:
        _demand_register(db)
        os.environ["OREPACT_DATABASE_URL"] = db
        os.environ.pop("OREPACT_DATABASE_URL_FILE", None)
    elif not any(os.environ.get(name) for name in ("OREPACT_DATABASE_URL", "OREPACT_DATABASE_URL_FILE")):
        _begin()


def _demand_register(db: str) -> None:
    """Say how to make a register where a file is named that is not there or holds nothing: a slip of the pen makes none."""
    import shlex
    from pathlib import Path

    from orepact.errors import StoreOutdated

    file = Path(db.removeprefix("sqlite:///"))
    if "://" in db.removeprefix("sqlite:///") or file.is_dir() or (file.is_file() and file.stat().st_size):
        return
    named = f"--db {shlex.quote(db)}"
    make = f"make one with `orepact db init {named}` and fill it with `orepact db seed {named}`"
    raise StoreOutdated(f"there is no register in {db} yet: {make}, or leave out --db for the usual one, which is made for you")


def _begin() -> None:
    """Have the usual register ready, and say where it lies."""
    from orepact.service.pact import begin_register

    found = begin_register()
    filled = ", filled just now with what comes with orepact" if found.filled else ""
    typer.echo(f"the register: {found.address}{filled}", err=True)


@contextmanager
def _ending_well() -> Iterator[None]:
    """Told to end (SIGTERM), end with 0 and all that was begun beside: the server repeats the signal once it has ended."""
    import signal
    import sys

    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _beside() -> Iterator[None]:
    """A worker beside the server, which ends with it."""
    from orepact.service.jobs.beside import Beside

    with Beside():
        yield
