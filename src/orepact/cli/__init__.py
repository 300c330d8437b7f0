"""The command line: ``orepact``. It parses words, calls ``orepact.service``, and prints; nothing else."""

from __future__ import annotations

from typing import Any

__all__ = ["app", "main"]


def main() -> None:
    """Run the command of ``sys.argv`` and leave with its exit code."""
    import sys

    from orepact.cli.entry import run

    sys.exit(run(sys.argv[1:]))


def __getattr__(name: str) -> Any:
    """``app``, the Typer application, is made when it is first asked for."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from orepact.cli.commands import app

    return app
