"""The command line: ``orepact``. It parses words, calls ``orepact.service``, and prints; nothing else."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command of ``sys.argv`` and leave with its exit code."""
    import sys

    from orepact.cli.entry import run

    sys.exit(run(sys.argv[1:]))
