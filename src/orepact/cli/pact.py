"""``orepact pact``: who does what by when."""

from __future__ import annotations

import typer

from orepact.cli import pact_asking, pact_bodies, pact_decide, pact_incident, pact_lists, pact_pack

app = typer.Typer(
    no_args_is_help=True,
    help="""Who does what by when: agreements, bodies, commitments, projects, incidents.

The register is a database of your own: `orepact db init` makes it and `orepact db seed` fills it.""",
)
app.command("bodies")(pact_bodies.bodies)
app.command("instruments")(pact_bodies.instruments)
app.command("articles")(pact_bodies.articles)
app.command("agenda")(pact_bodies.agenda)
app.command("calendar")(pact_bodies.calendar)
app.command("scoreboard")(pact_pack.scoreboard)
app.command("pack")(pact_pack.pack)
pact_lists.add_lists(app)
app.command("show")(pact_lists.show)
app.command("history")(pact_lists.history)
app.command("record")(pact_lists.record)
app.command("cascade")(pact_asking.cascade)
app.command("match")(pact_asking.match)
app.command("compare-sites")(pact_asking.compare_sites)
app.add_typer(pact_incident.app, name="incident")
app.add_typer(pact_decide.decide, name="decide")
app.add_typer(pact_decide.drill, name="drill")
app.add_typer(pact_decide.notice, name="notice")
