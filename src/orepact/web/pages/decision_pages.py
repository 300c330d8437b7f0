"""What the sides decided or are asked to decide, and the texts that are on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Id, State
from orepact.service.view.agreements import word
from orepact.service.view.deciding import turnable
from orepact.service.view.documents import documents as texts
from orepact.web.pages import calling
from orepact.web.pages.commands import command
from orepact.web.pages.key_forms import KEY
from orepact.web.pages.page import Page
from orepact.web.pages.shown import Badge, Column, Link, Shown, Table
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.turning import Paged, most_of, turned
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from orepact.web.pages.calling import Called
    from orepact.web.pages.visit import Visit


class Sought(Paged):
    """Decisions in a state, under an instrument."""

    state: State | None = None
    instrument: Id | None = None


DECISIONS = (
    Column("decision", sentence("Decision")),
    Column("state", sentence("State"), how="words"),
    Column("owner", sentence("Asked by")),
    Column("instrument", sentence("Instrument")),
    Column("due", sentence("Keys until"), how="day"),
    Column("label", sentence("Label")),
    Column("changed_at", sentence("Changed"), how="day"),
)
DOCUMENTS = (
    Column("title", sentence("Document")),
    Column("what", sentence("What it is"), how="words"),
    Column("language", sentence("Language")),
    Column("day", sentence("Day"), how="day"),
    Column("source", sentence("Where it stands")),
)
#: The states in which a decision is written down.
STATES = ("open", "approved", "declined")
THEN = sentence("The list is that of today: how a decision stood on the day is told by its own record.")


def decisions(visit: Visit) -> Shown:
    """Decisions of the sides."""
    asked: Sought = visit.asked
    wanted = asked.model_dump(include={"state", "instrument"}, exclude_none=True)
    states = [asked.state] if asked.state else []
    found = pact.list_records(
        ["decision"], visit.desk, states=states, instrument=asked.instrument or "", limit=most_of(visit), after=asked.after,
        on=asked.as_of,
    )  # fmt: skip
    rows = rows_of(found)
    called = calling.called(visit, rows)
    empty = sentence("No decision is on record that you may see. One is asked for on the page of a body.")
    table = table_of(found, "decisions", sentence("Decisions"), DECISIONS, empty=empty, cells=lambda row: _decision(row, called))
    total = calling.number(visit, "decision", states=states, instrument=asked.instrument or "")
    yours = [one for one, _ in turnable(visit.desk)] if "turn_key" in visit.deeds else []
    context = {
        "choices": calling.choices(visit, "decision", "instrument"),
        "states": [(each, visit.voice.translated(word(each))) for each in STATES],
        "turn": turned(visit, len(rows), found.meta.get("after"), total),
        "yours": yours,
        "choices_of_keys": [(one.id, one.called) for one in yours],
    }
    return shown_of(
        found, table, context=context, warnings=[THEN] if asked.as_of else [],
        command=command("pact decisions", **wanted, on=asked.as_of),
        api=address("/api/v1/records", {"kind": "decision", **wanted, "on": asked.as_of}),
        lead=sentence("A decision counts when each side has turned its own key."),
    )  # fmt: skip


def _decision(row: Any, called: Called) -> dict[str, Any]:
    return {
        "decision": Link(row["title"], f"/records/decision/{row['id']}"),
        "state": word(row["state"]),
        "owner": calling.name(called, "organisation", row["owner"]),
        "label": Badge(row["label"]),
        "instrument": calling.to_instrument(called, row["instrument"]),
    }


def documents(visit: Visit) -> Shown:
    """Texts of instruments, minutes of meetings and standards."""
    rows = [
        {"title": Link(one.title, one.page), "what": one.what, "language": one.language or None, "day": one.day or None,
         "source": one.source or None}
        for one in texts(visit.desk, on=visit.asked.as_of)
    ]  # fmt: skip
    table = Table("documents", sentence("Documents"), DOCUMENTS, rows, empty=sentence("No document is on record."))
    return Shown(
        tables=(table,),
        command=command("view documents", on=visit.asked.as_of),
        api=address("/api/v1/views/documents", {"on": visit.asked.as_of}),
        lead=sentence("Texts of instruments, minutes of meetings and standards that are on record."),
    )


PAGES = (
    Page(
        path="/pact/decisions", name="decisions", title=sentence("Decisions"), use=decisions,
        template="pact/decisions.html.j2", asked=Sought, tab="pact", forms=(KEY,),
    ),
    Page(
        path="/pact/documents", name="documents", title=sentence("Documents"), use=documents, template="pact/list.html.j2",
        tab="pact",
    ),
)  # fmt: skip
