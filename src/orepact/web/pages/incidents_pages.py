"""Incidents: those that there are, a request for help, and the room of each (``room_pages``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field

from orepact.errors import BadInput, NotFound, Problem
from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Code, Id, Line, Moment, Text
from orepact.service.pact.incidents import alert_now
from orepact.service.rules import day_of
from orepact.service.shock import list_events
from orepact.service.slugs import new_id
from orepact.service.view import asking_help, incident_list, incident_words
from orepact.service.view.project_words import place
from orepact.service.view.said import Term
from orepact.web.pages import labels, room_pages
from orepact.web.pages.commands import command
from orepact.web.pages.labels import Open, whole
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Level, Light, Link, Shown, Table
from orepact.web.pages.tables import rows_of
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orepact.service.view.incident_list import Line as Incident
    from orepact.web.pages.visit import Visit

COLUMNS = (
    Column("title", sentence("Incident")),
    Column("stage", sentence("Step"), how="words"),
    Column("clock", sentence("Clock of the meeting")),
    Column("last_day", sentence("The sides meet by"), how="day"),
    Column("asked_by", sentence("Asked by")),
    Column("instrument", sentence("Under")),
    Column("label", sentence("Label")),
)
#: By state of a clock: its level and its words.
CLOCKS: dict[str, tuple[Light, str]] = {
    "running": ("amber", sentence("running")),
    "missed": ("red", sentence("missed")),
    "kept": ("green", sentence("kept")),
    "late": ("amber", sentence("met late")),
    "not_started": ("none", sentence("not started")),
}
#: Places whose supply the early warning watches.
WATCHED = ("CAN", "JPN", "KOR")


class Beginning(Asked):
    """What a request begins with: from a shock, or chosen."""

    instrument: Id | None = None
    event: Code | None = None
    title: Line | None = None
    place: Code | None = None
    commodity: Code | None = None
    impact: Text | None = None


class Asking(Filled):
    """A request; its answers stand beside under the names of the questions."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Text]  # the answers, by question

    instrument: Id
    title: Line
    id: Id | None = None
    event: Code | None = None
    place: Code | None = None
    commodity: Code | None = None
    asked: Annotated[list[Id], Field(min_length=1, max_length=20)]
    sent_at: Moment | None = None
    received_at: Moment | None = None
    drill: bool = False
    label: Open = "TLP:GREEN"


def every(visit: Visit) -> Shown:
    """Those that the reader may know of, with the step and the clock of each."""
    found = incident_list.incidents(visit.desk, on=visit.asked.as_of)
    real = [one for one in found if not one.drill]
    tables = [
        _table("incidents", sentence("Incidents"), real, sentence("No incident is on record that is for you to see.")),
        _table("drills", sentence("Exercises"), [one for one in found if one.drill], sentence("No exercise is on record.")),
    ]
    return Shown(
        lead=sentence("Who asked whom for help, how far it has come, and how long the sides have until they meet."),
        tables=tables, command=command("pact incidents", on=visit.asked.as_of),
        api=address("/api/v1/records", {"kind": "incident", "on": visit.asked.as_of}),
    )  # fmt: skip


def _table(name: str, title: str, found: Sequence[Incident], empty: str) -> Table:
    return Table(name, title, COLUMNS, [_row(one) for one in found], empty=empty)


def _row(one: Incident) -> dict[str, object]:
    level, words = CLOCKS[one.clock]
    return {
        "title": Link(one.title, f"/incidents/{one.id}"), "stage": incident_words.STEPS.get(one.stage, one.stage),
        "clock": Level(level, words), "last_day": one.last_day or None, "asked_by": one.asked_by,
        "instrument": one.instrument_name, "label": Badge(one.label),
    }  # fmt: skip


def begin(visit: Visit) -> Shown:
    """The request of the reader's organisation: under which instrument, then what it asks of whom."""
    asked: Beginning = visit.asked
    there = asking_help.ways(visit.desk) if visit.reader.organisation else ()
    chosen = _chosen(visit)
    events = rows_of(list_events())
    codes = visit.ledger().codes
    context = {
        "ways": [(name, words.in_voice(visit.voice)) for name, words in there], "way": chosen,
        "events": [(row["event"], row["title"]) for row in reversed(events)],
        "title": asked.title or next((row["title"] for row in events if row["event"] == asked.event), ""),
        "places": [(name, words.in_voice(visit.voice)) for name in WATCHED if (words := place(codes, name))],
        "goods": [(name, _capital(Term(each.title).whole(visit.voice))) for name, each in codes.commodities.items()],
        "may": "write" in visit.deeds or visit.form == "ask",
        "others": [(name, words.in_voice(visit.voice)) for name, words, _ in chosen.others] if chosen else [],
        "labels": labels.choices(visit, labels.OF_REQUESTS),
        "contacts": [name for name, _, contact in chosen.others if contact] if chosen else [],
    }  # fmt: skip
    return Shown(
        lead=sentence("Both sides look at one computation, and help is given once each side has turned its key."),
        context=context,
        command=command("pact incident form", asked.instrument or "INSTRUMENT", language=visit.language),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _chosen(visit: Visit) -> asking_help.Asking | None:
    name = visit.asked.instrument
    if not name or not (visit.reader.organisation or visit.form == "ask"):
        return None
    try:
        return asking_help.way(name, visit.desk, language=visit.language)
    except NotFound:
        return None


def ask(visit: Visit, content: Asking) -> Sent:
    """Open the incident with its request."""
    now = visit.now.replace(microsecond=0).isoformat()
    way = asking_help.way(content.instrument, visit.desk)
    known = {question for question, *_ in way.questions}
    request = {
        "by": visit.reader.organisation, "asked": content.asked, "sent_at": content.sent_at or now,
        "received_at": content.received_at or content.sent_at or now,
        "answers": {name: text for name, text in (content.__pydantic_extra__ or {}).items() if name in known},
    }  # fmt: skip
    label = whole(visit, content.label)
    name = content.id or _named(visit, content.title, label)
    pact.open_incident(
        name, visit.desk, instrument=content.instrument, title=content.title, reason=f"help is asked for: {content.title}",
        event=_event(content.event), alert=_alert(visit, content), request=request, drill=content.drill, label=label,
        readers=[{"organisation": one} for one in content.asked] if content.label == "TLP:AMBER" else (),
        actor=visit.reader.account,
    )  # fmt: skip
    return Sent(to=f"/incidents/{name}")


def _named(visit: Visit, title: str, label: str) -> str:
    own, salt = visit.reader.organisation, (visit.reader.account, visit.now.isoformat())
    return new_id(title, str(visit.now.date()), label=label, owner=own, salt=salt)


def _event(name: str | None) -> str | None:
    """An event of the library: any other name would be looked for among files."""
    if name is not None and name not in {row["event"] for row in rows_of(list_events())}:
        raise BadInput([Problem("event", "an event of the library", repr(name), "choose one of the list")])
    return name


def _alert(visit: Visit, content: Asking) -> dict[str, object] | None:
    if not content.commodity:
        return None
    where = content.place or WATCHED[0]
    return alert_now(visit.ledger(), place=where, commodity=content.commodity, on=day_of(None))


PAGES = (
    Page(
        path="/incidents", name="incidents", title=sentence("Incidents"), use=every, template="incidents/list.html.j2",
        tab="incidents",
    ),
    Page(
        path="/incidents/new", name="new_incident", title=sentence("Ask for help"), use=begin, template="incidents/new.html.j2",
        asked=Beginning, tab="incidents", kept=False,
        forms=(Form(name="ask", fields=Asking, send=ask, done=sentence("The request is on record."), once=True),),
    ),
    *room_pages.PAGES,
)  # fmt: skip
