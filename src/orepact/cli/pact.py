"""``orepact pact``: who does what by when."""

from __future__ import annotations

import typer

from orepact.cli import (
    pact_asking,
    pact_bodies,
    pact_decide,
    pact_incident,
    pact_lists,
    pact_pack,
    pact_people,
    pact_projects,
    pact_support,
    pact_terms,
)

app = typer.Typer(
    no_args_is_help=True,
    help="""Who does what by when: agreements, bodies, commitments, projects, incidents.

The register is a database of your own: `orepact db init` makes it and `orepact db seed` fills it.""",
)
app.command("bodies")(pact_bodies.bodies)
app.command("instruments")(pact_bodies.instruments)
app.command("articles")(pact_bodies.articles)
app.command("instrument")(pact_terms.instrument)
app.command("ending")(pact_terms.ending)
app.command("gate")(pact_terms.gate)
app.command("chairs")(pact_people.chairs)
app.command("guests")(pact_people.guests)
app.command("queues")(pact_people.queues)
app.command("agenda")(pact_bodies.agenda)
app.command("calendar")(pact_bodies.calendar)
app.command("scoreboard")(pact_pack.scoreboard)
app.command("pack")(pact_pack.pack)
app.command("follow-through")(pact_terms.follow_through)
pact_lists.add_lists(app)
app.command("names")(pact_people.names)
app.command("members")(pact_people.members)
app.command("owners")(pact_people.owners)
app.command("roles")(pact_people.roles)
app.command("slips")(pact_projects.slips)
app.command("late")(pact_projects.late)
app.command("realised")(pact_projects.realised)
app.command("contract")(pact_projects.contract)
app.command("permit-paths")(pact_projects.permit_paths)
app.command("permit-clocks")(pact_projects.permit_clocks)
app.command("engaged")(pact_projects.engaged)
app.command("support-account")(pact_support.support_account)
app.command("eligible")(pact_support.eligible)
app.command("stack")(pact_support.stack)
app.command("outcomes")(pact_terms.outcomes)
app.command("itinerary")(pact_terms.itinerary)
app.command("positions")(pact_terms.positions)
app.command("third-states")(pact_terms.third_states)
app.command("show")(pact_lists.show)
app.command("history")(pact_lists.history)
app.command("record")(pact_lists.record)
app.command("form")(pact_lists.form_of_kind)
app.command("cascade")(pact_asking.cascade)
app.command("match")(pact_asking.match)
app.command("compare-sites")(pact_asking.compare_sites)
app.add_typer(pact_incident.app, name="incident")
app.add_typer(pact_decide.decide, name="decide")
app.add_typer(pact_decide.drill, name="drill")
app.add_typer(pact_decide.notice, name="notice")
