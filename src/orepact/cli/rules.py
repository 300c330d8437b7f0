"""``orepact rules``: the rules of law that eligibility rests on, and the named sets of tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Format, OutputFormat

app = typer.Typer(no_args_is_help=True, help="The dated rules of law and the named sets of tests.")
Folder = Annotated[
    list[Path] | None,
    typer.Option("--rules-folder", metavar="DIR", help="Your own rules, laid over the shipped ones; repeat it."),
]


@app.command("list")
def list_rules(
    *,
    date: Annotated[str | None, typer.Option(metavar="DATE", help="Only rules that apply on that day (YYYY-MM-DD).")] = None,
    place: Annotated[str | None, typer.Option(metavar="PLACE", help="Only rules of that jurisdiction (USA, EU, CHN).")] = None,
    sets: Annotated[bool, typer.Option("--sets", help="List the sets of tests, not the rules.")] = False,
    rules_folder: Folder = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the rules with what they demand, since when and until when.

    Example: `orepact rules list --date 2026-07-01 --place USA`
    """
    from orepact import service
    from orepact.cli.output import emit

    found = (
        service.list_rule_sets(rules_folder or ())
        if sets
        else service.list_rules(day=date, jurisdiction=place, rules_folders=rules_folder or ())
    )
    emit(found, form)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A rule set (us-45x-2026) or a rule (US-SFE-countries).")],
    *,
    rules_folder: Folder = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show the tests of a rule set, or all that is known of one rule.

    Example: `orepact rules show us-45x-2026`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.show_rules(name, rules_folder or ()), form)
