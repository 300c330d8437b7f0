"""Command lines as pages show them: what somebody types to be told the same."""

from __future__ import annotations

import shlex


def command(words: str, *arguments: object, **options: object) -> str:
    """A command of ``orepact`` with its arguments and options; what is None, False or empty is left out, lists are repeated.

    >>> command("pact commitments", owner="nrcan", due_before="2026-12-31", overdue=True, instrument=None)
    'orepact pact commitments --owner nrcan --due-before 2026-12-31 --overdue'
    >>> command("pact compare-sites", "windsor", state=["open", "drill, open"])
    "orepact pact compare-sites windsor --state open --state 'drill, open'"
    """
    parts = ["orepact", *words.split(), *(str(each) for each in arguments if each not in {None, ""})]
    for name, value in options.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one not in {None, False, ""}:
                parts += [f"--{name.replace('_', '-')}", *([] if one is True else [str(one)])]
    return shlex.join(parts)
