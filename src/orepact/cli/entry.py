"""One way in: run a command and turn whatever happens into an exit code and a report that a person can act on.

==========  ==========================================================================
exit code   meaning
==========  ==========================================================================
0           done
1           our fault (``ORE_DEBUG=1`` shows the traceback)
2           wrong usage: an unknown command, option or value
3           bad input: every problem listed with where, expected, found and mend
4           no feasible answer: the limits that conflict, by name
130         stopped by the user
==========  ==========================================================================
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from orepact.errors import BadInput, OrepactError, Problem

DONE, OUR_FAULT, WRONG_USAGE, STOPPED = 0, 1, 2, 130


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but ``SystemExit`` of the caller ends the process."""
    if os.environ.get("ORE_DEBUG"):
        return _run(arguments)
    try:
        return _run(arguments)
    except BrokenPipeError:
        return _close_quietly()
    except (OrepactError, OSError) as error:
        from orepact.cli.reports import report

        return report(error if isinstance(error, OrepactError) else _unusable(error), as_json=wants_json(arguments))
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return STOPPED
    except Exception as error:  # noqa: BLE001  the last wall before the user
        from orepact.cli.reports import report_bug

        return report_bug(error, as_json=wants_json(arguments))


def _unusable(error: OSError) -> BadInput:
    """A file or folder that the machine does not let us use, as a problem for people."""
    where = str(error.filename or "the file system")
    problem = Problem(
        "", "a file or folder that can be read or written", error.strerror or str(error), "choose another place", where
    )
    return BadInput([problem])


def _run(arguments: Sequence[str]) -> int:
    import typer

    try:
        code = _commands().main(list(arguments), prog_name="orepact", standalone_mode=False)
        sys.stdout.flush()
    except typer.Abort:
        return STOPPED
    except SystemExit as ending:
        if _reader_left(ending):
            return _close_quietly()
        raise
    except Exception as error:
        if not _is_usage(error):
            raise
        error.show()  # type: ignore[attr-defined]  # known by the name of its class
        return WRONG_USAGE
    return code if isinstance(code, int) else DONE


@cache
def _commands() -> Any:
    """The tree of all commands: reading their signatures takes half a second, once in a process."""
    from typer.main import get_command

    from orepact.cli.commands import app

    return get_command(app)


def _reader_left(ending: BaseException | None) -> bool:
    """Whether a library ended the program since the reader of our output is gone (rich and typer do so, with code 1)."""
    while ending is not None:
        if isinstance(ending, BrokenPipeError):
            return True
        ending = ending.__context__
    return False


def _is_usage(error: Exception) -> bool:
    """Whether the words of the command line were wrong (typer carries its own copy of click, so the class is known by name)."""
    return any(kind.__name__ == "ClickException" for kind in type(error).__mro__)


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for JSON, even if it does not parse.

    >>> wants_json(["plan", "--format", "json"]), wants_json(["plan", "--format=csv"])
    (True, False)
    """
    words = [word for argument in arguments for word in argument.split("=", 1)]
    return any(flag in {"--format", "-f"} and value == "json" for flag, value in pairwise(words))


def _close_quietly() -> int:
    """The reader of our output is gone (``orepact ... | head``): no noise at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
