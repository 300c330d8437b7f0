"""Errors as one clear report on stderr: a table of problems for people, an object for programs."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

from orepact.cli.wording import FACE
from orepact.errors import BadInput, NoFeasibleAnswer, NotFound, OrepactError, Problem
from orepact.wording import worded

#: A person mends the first ones first; JSON lists every problem.
MOST_SHOWN = 50


def report(error: OrepactError, *, as_json: bool) -> int:
    """Print the error on stderr and return its exit code."""
    if as_json:
        _say(json.dumps({"error": as_dict(error)}, ensure_ascii=False, indent=2))
    elif isinstance(error, BadInput):
        _table(error)
    else:
        _say(f"error: {worded(str(error), FACE)}")
    return error.exit_code


def report_bug(error: Exception, *, as_json: bool) -> int:
    """Print an error that is our fault, without a traceback, and return exit code 1."""
    what = f"{type(error).__name__}: {error}"
    mend = "set ORE_DEBUG=1 to see where, and tell us"
    if as_json:
        content = {"code": OrepactError.code, "message": what, "mend": mend, "problems": []}
        _say(json.dumps({"error": content}, ensure_ascii=False, indent=2))
    else:
        _say(f"internal error: {what}\n{mend}")
    return OrepactError.exit_code


def as_dict(error: OrepactError) -> dict[str, Any]:
    """The error as plain values: code, message, problems, and what is particular to its class."""
    content: dict[str, Any] = {"code": error.code, "message": worded(str(error), FACE), "problems": []}
    if isinstance(error, BadInput):
        count = len(error.problems)
        content["message"] = f"{count} problems in the input" if count > 1 else "a problem in the input"
        content["problems"] = [_told(problem).as_dict() for problem in error.problems]
    if isinstance(error, NotFound):
        content |= {"kind": error.kind, "name": error.name, "close": list(error.close)}
    if isinstance(error, NoFeasibleAnswer):
        content["conflicts"] = list(error.conflicts)
    return content


def _table(error: BadInput) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("where", "expected", "found", "mend", show_lines=False, expand=False)
    for problem in map(_told, error.problems[:MOST_SHOWN]):
        table.add_row(*(_safe(cell) for cell in (problem.where, problem.expected, problem.found, problem.mend)))
    count = len(error.problems)
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 160)
    console.print(f"bad input: {count} {'problem' if count == 1 else 'problems'}, nothing was written", style="bold red")
    console.print(table)
    if count > MOST_SHOWN:
        console.print(f"... and {count - MOST_SHOWN} more (--format json lists all)")


def _told(problem: Problem) -> Problem:
    """A problem in the words of the command line; what was found stands as it was sent."""
    return replace(problem, expected=worded(problem.expected, FACE), mend=worded(problem.mend, FACE))


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _safe(text: str) -> str:
    from rich.markup import escape

    return escape("".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text))
