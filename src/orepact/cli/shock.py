"""``orepact shock``: what happens when something breaks. ``orepact shock EVENT`` runs an event; other words are commands."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from orepact.cli import shock_ensemble, shock_events, shock_exposure, shock_run, shock_watch

#: The command that takes the words when the first of them names no command.
USUAL = "run"
HELP = frozenset({"-h", "--help"})


class EventGroup(TyperGroup):
    """A group whose first word may be an event: the hidden command ``run`` is put before it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take words that start with an event or an option of ``run`` as its own."""
        if args and args[0] not in self.commands and args[0] not in HELP:
            args = [USUAL, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=EventGroup,
    no_args_is_help=True,
    subcommand_metavar="EVENT... | COMMAND [ARGS]...",
    help="""What an event means for each plant, how long stocks last, and what help is worth.

`orepact shock EVENT` runs an event of the library or an event file; `orepact shock run --help` lists its options.""",
)
app.command(USUAL, hidden=True)(shock_run.run)
app.command("exposure")(shock_exposure.exposure)
app.command("watch")(shock_watch.watch)
app.command("ensemble")(shock_ensemble.ensemble)
app.command("events")(shock_events.events)
