"""``orepact view``: what the pages of the control tower show, as tables."""

from __future__ import annotations

import typer

from orepact.cli.view_atlas import atlas
from orepact.cli.view_lists import calendar, documents, sources
from orepact.cli.view_projects import cascade, projects
from orepact.cli.view_tower import states, tower

app = typer.Typer(no_args_is_help=True, help="What the pages of the control tower show, as tables: the same functions.")
app.command()(states)
app.command()(tower)
app.command()(atlas)
app.command()(projects)
app.command()(cascade)
app.command()(calendar)
app.command()(documents)
app.command()(sources)
