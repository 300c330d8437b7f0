"""The sheet of one project: to read, to print, and for a Nation to say who may see its record of engagement."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Id, Text
from orepact.service.view import agreements, project_cascade, project_matches, project_sheet
from orepact.service.view.project_words import good, place, state
from orepact.web.pages import calling
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Figure, Link, Number, Shown, Table, Why
from orepact.web.pages.tables import rows_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orepact.service.view.project_pipeline import Line
    from orepact.service.view.project_sheet import Sheet
    from orepact.web.pages.visit import Visit

NO_PROBABILITY = sentence("A strength is a reason to look, not a probability; the world market may step in.")
STATES = (
    Column("date", sentence("Day"), how="day"),
    Column("status", sentence("State")),
    Column("text", sentence("What was said")),
    Column("source", sentence("Source")),
)
SLIPS = (
    Column("milestone", sentence("Milestone"), how="words"),
    Column("said_on", sentence("Said on"), how="day"),
    Column("planned_for", sentence("Planned for"), how="day"),
    Column("months", sentence("Moved by"), unit="month", how="number"),
    Column("low", sentence("At least"), unit="month", how="number"),
    Column("high", sentence("At most"), unit="month", how="number"),
)
MILESTONES = {
    "construction": sentence("Construction begins"),
    "start": sentence("First run"),
    "product": sentence("Goods for sale"),
    "full": sentence("Full output"),
}
CONTRACTS = (
    Column("title", sentence("Contract")),
    Column("kind", sentence("Kind")),
    Column("status", sentence("State")),
    Column("sellers", sentence("Seller")),
    Column("buyers", sentence("Buyer")),
    Column("quantity", sentence("Quantity")),
)
PERMITS = (
    Column("title", sentence("Step")),
    Column("authority", sentence("Authority"), how="code"),
    Column("state", sentence("State"), how="words"),
    Column("days", sentence("Days by law"), unit="day", how="number"),
    Column("due", sentence("Due"), how="day"),
    Column("overdue", sentence("Late by"), unit="day", how="number"),
)
PERMIT_STATES = {
    "granted": sentence("granted"),
    "refused": sentence("refused"),
    "withdrawn": sentence("withdrawn"),
    "not_needed": sentence("not needed"),
    "through": sentence("through"),
    "running": sentence("running"),
    "open": sentence("could begin"),
    "waiting": sentence("waiting"),
}
SUPPORT = (
    Column("title", sentence("Support")),
    Column("giver", sentence("Giver")),
    Column("kind", sentence("Kind")),
    Column("pledged", sentence("Pledged")),
    Column("paid", sentence("Paid")),
    Column("withdrawn", sentence("Withdrawn"), how="day"),
)
ENGAGED = (
    Column("nation", sentence("Nation")),
    Column("consent", sentence("Consent, in its words"), how="words"),
    Column("agreements", sentence("Agreements")),
    Column("contacts", sentence("Contacts"), how="number"),
    Column("label", sentence("Label")),
)
CONSENT = {
    "not_stated": sentence("not stated"),
    "sought": sentence("sought"),
    "given": sentence("given"),
    "given_with_conditions": sentence("given with conditions"),
    "withheld": sentence("withheld"),
    "withdrawn": sentence("withdrawn"),
}
FALLS = (
    Column("falls", sentence("May fall too")),
    Column("strength", sentence("Strength"), unit="1", how="share"),
    Column("because", sentence("Because")),
)
#: So many neighbours and buyers stand on the sheet; the others have pages of their own.
NEIGHBOURS, BUYERS = 8, 5
#: The year for which buyers are looked for.
YEAR = 2030


class OfProject(Asked):
    """Which project."""

    project: Id


class Shows(Filled):
    """A Nation says whether its record is shown to others."""

    engagement: Id
    showing: Literal["hide", "show", "publish"]
    reason: Text


def capacity(line: Line) -> Number | None:
    """What a project makes a year; it leads to the claim."""
    if line.capacity is None:
        return None
    return Number(line.capacity, f"{line.unit}/y", why=Why(f"site:{line.site}", "capacity"))


def one(visit: Visit) -> Shown:
    """The sheet on the day asked about; raises ``NotFound``."""
    asked: OfProject = visit.asked
    ledger, desk, name = visit.ledger(), visit.desk, asked.project
    found = project_sheet.sheet(name, ledger, desk, on=asked.as_of)
    slips = pact.list_slips([name], desk, on=asked.as_of)
    pauses = project_cascade.pauses(ledger, desk, projects=(name,), on=asked.as_of, least=0.05)
    matches = project_matches.matches(ledger, name, desk, year=YEAR, on=asked.as_of)
    curve = table_of(slips, "slips", sentence("What was planned for when"), SLIPS, cells=_milestone)
    falls = [
        {"falls": Link(each.name, f"/projects/{each.project}") if each.project else each.name,
         "strength": Number(round(each.strength, 2), "1", confidence="derived"), "because": each.because}
        for pausing in pauses for each in pausing.falls[:NEIGHBOURS]
    ]  # fmt: skip
    tables = [
        Table("states", sentence("States"), STATES, [*_states(visit, found)]), curve,
        Table("contracts", sentence("Contracts"), CONTRACTS, [*_contracts(visit, found)]),
        *(make(visit, name) for make in (_permits, _support, _engagement)),
        Table("falls", sentence("What falls if it pauses"), FALLS, falls, note=NO_PROBABILITY),
    ]  # fmt: skip
    figure = _curve(visit, rows_of(slips))
    line, codes = found.line, ledger.codes
    context = {
        "sheet": found, "line": line, "makes": good(codes, line.makes), "place": place(codes, line.place),
        "status": state(codes, line.status), "capacity": capacity(line), "matches": matches.pairs[:BUYERS], "year": str(YEAR),
        "t": {table.name: table if table.rows else None for table in tables},
        "parties": [(each.name, each.role, each.share, each.organisation) for each in found.parties],
        "milestone": MILESTONES.get(line.milestone, ""),
        "contacts": pact.show_engagement([name], desk, on=asked.as_of).meta["contacts"],
        "own": [(each.id, each.title) for each in found.theirs],
        "theirs": found.theirs if not asked.as_of and ("write" in visit.deeds or visit.form == "showing") else (),
    }  # fmt: skip
    return Shown(
        title=line.title, context=context, tables=[table for table in tables if table.rows or table.name == "states"],
        figures=[figure] if figure else [], command=shlex.join(["orepact", "pact", "show", "project", name]),
        api=f"/api/v1/records/project/{name}",
    )  # fmt: skip


def _milestone(row: Any) -> dict[str, Any]:
    return {"milestone": MILESTONES.get(row["milestone"], row["milestone"]), "planned_for": row["planned_for"] or None}


def _states(visit: Visit, found: Sheet) -> Iterator[dict[str, Any]]:
    codes = visit.ledger().codes
    for each in found.states:
        yield {"date": each.date, "status": state(codes, each.status), "text": each.text or None, "source": each.source or None}


def _contracts(visit: Visit, found: Sheet) -> Iterator[dict[str, Any]]:
    codes = visit.ledger().codes
    for each in found.contracts:
        yield {
            "title": Link(each.title, f"/records/contract/{each.id}"), "kind": each.kind, "status": state(codes, each.status),
            "sellers": each.sellers or None, "buyers": each.buyers or None, "quantity": each.quantity or None,
        }  # fmt: skip


def _permits(visit: Visit, name: str) -> Table:
    found = pact.permit_clocks([name], visit.desk, on=visit.asked.as_of)
    return table_of(
        found, "permits", sentence("Permits and their clocks"), PERMITS,
        cells=lambda row: {
            "state": PERMIT_STATES.get(row["state"], row["state"]), "due": row["due"] or None, "overdue": row["overdue"] or None,
            "authority": row["authority"] or None,
        },
        note=sentence("Days are those that a law sets: steps without any may add to them."),
    )  # fmt: skip


def _support(visit: Visit, name: str) -> Table:
    found = pact.support_account([name], visit.desk, on=visit.asked.as_of)
    keys = {key for row in rows_of(found) for key in (("organisation", row["giver"]), ("code", f"support_kind:{row['kind']}"))}
    called = agreements.names(visit.desk, keys)
    return table_of(
        found, "support", sentence("Public support"), SUPPORT,
        cells=lambda row: {
            "title": Link(row["title"], f"/records/support/{row['support']}"), "pledged": row["pledged"] or None,
            "giver": calling.name(called, "organisation", row["giver"]),
            "kind": called.get(("code", f"support_kind:{row['kind']}"), row["kind"]),
            "paid": row["paid"] or None, "withdrawn": row["withdrawn"] or None,
        },
        note=sentence("Where no payment is stated, nothing is said, not zero."),
    )  # fmt: skip


def _engagement(visit: Visit, name: str) -> Table:
    found = pact.show_engagement([name], visit.desk, on=visit.asked.as_of)
    return table_of(
        found, "engagement", sentence("Engagement, as its owners show it"), ENGAGED,
        cells=lambda row: {
            "nation": Link(row["nation"], f"/records/engagement/{row['engagement']}"), "label": Badge(row["label"]),
            "consent": CONSENT[row["consent"]], "agreements": "; ".join(row["agreements"]) or None,
        },
        note=sentence("Each record is the Nation's: it may correct or hide it. A Nation that is not named has rights too."),
    )  # fmt: skip


def _curve(visit: Visit, rows: Sequence[dict[str, Any]]) -> Figure | None:
    """By how many months each milestone moved each time that its date was said."""
    lines = []
    for name, words in MILESTONES.items():
        points = [row for row in rows if row["milestone"] == name and row["months"] is not None]
        if points:
            lines.append({
                "type": "scatter", "mode": "lines+markers", "name": visit.voice.say(words),
                "x": [row["said_on"] for row in points], "y": [row["months"] for row in points], "line": {"shape": "hv"},
                "text": [row["planned_for"] for row in points],
                "hovertemplate": "%{x}: %{text} (%{y})<extra>%{fullData.name}</extra>",
            })  # fmt: skip
    if not any(len(line["x"]) > 1 for line in lines):
        return None
    layout = {
        "yaxis": {"title": {"text": visit.voice.say("months after the first plan")}, "rangemode": "tozero"},
        "xaxis": {"title": {"text": visit.voice.say("Said on")}, "type": "category"},
        "margin": {"l": 55, "r": 10, "t": 10, "b": 45}, "showlegend": len(lines) > 1,
    }  # fmt: skip
    last = [row for row in rows if row["months"] is not None][-1]
    summary = visit.voice.say(
        "Said on {day}: planned for {now}, {months} months after the first plan.", day=visit.voice.when(last["said_on"]),
        now=visit.voice.when(last["planned_for"]), months=visit.voice.number(last["months"]),
    )  # fmt: skip
    return Figure("slip", sentence("How far its date has moved"), {"data": lines, "layout": layout}, summary, "slips", height=300)


def say_showing(visit: Visit, content: Shows) -> Sent:
    """Hide a record of the reader's Nation from others, show it, or have it published."""
    pact.set_showing(
        content.engagement, visit.desk, hidden=content.showing == "hide", approve=content.showing == "publish",
        reason=content.reason, by=visit.reader.account, actor=visit.reader.account,
    )  # fmt: skip
    return Sent(to=f"/projects/{visit.asked.project}")


PAGES = (
    Page(
        path="/projects/{project}", name="project", title=sentence("Project"), use=one, template="projects/sheet.html.j2",
        asked=OfProject, tab="projects",
        forms=(
            Form(name="showing", fields=Shows, send=say_showing, done=sentence("It is said who may see the record."), once=True),
        ),
    ),
)  # fmt: skip
