"""Bodies of the pact: the tree of them, and one with its meetings, the draft of its agenda and its decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import said, sentence
from orepact.service import pact
from orepact.service.pact.governing import LINES
from orepact.service.view import agreements, bodies
from orepact.service.view.agreements import word
from orepact.web.pages import body_forms, calling, labels
from orepact.web.pages.body_forms import OfBody
from orepact.web.pages.commands import command
from orepact.web.pages.page import Page
from orepact.web.pages.shown import Badge, Column, Link, Shown, Table
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orepact.service.result import Result
    from orepact.service.view.bodies import Seat, Sitting
    from orepact.service.view.tower_duties import NextMeeting
    from orepact.web.pages.calling import Called
    from orepact.web.pages.visit import Visit

#: So many meetings stand as cards, and so many decisions; tables and files have all.
CARDS = 20
#: More lines than any section of an agenda has, for files.
ALL_LINES = 1_000_000
TREE = (
    Column("body", sentence("Body")),
    Column("parent", sentence("Under"), how="code"),
    Column("instrument", sentence("Instrument")),
    Column("last", sentence("Last meeting"), how="day"),
    Column("due", sentence("Next due"), how="day"),
    Column("planned", sentence("Planned for"), how="day"),
    Column("side", sentence("Side"), how="code"),
    Column("chair", sentence("Next chair")),
    Column("because", sentence("Why")),
    Column("rule", sentence("Rule")),
)
MEETINGS = (
    Column("meeting", sentence("Meeting")),
    Column("state", sentence("State"), how="words"),
    Column("day", sentence("Day"), how="day"),
    Column("place", sentence("Place")),
    Column("chairs", sentence("Chairs")),
    Column("outcomes", sentence("Outcomes")),
    Column("label", sentence("Label")),
)
AGENDA = (
    Column("title", sentence("Point")),
    Column("section", sentence("Where it comes from"), how="words"),
    Column("because", sentence("Why")),
)
#: Sections of a draft agenda.
SECTIONS = {
    "item": sentence("open item"),
    "open": sentence("open commitment"),
    "next": sentence("next meeting"),
    "sister": sentence("from a sister body"),
    "overdue": sentence("overdue commitment"),
    "notice": sentence("notice"),
    "difference": sentence("difference"),
    "amendment": sentence("amendment"),
    "decision": sentence("decision"),
}


def tree(visit: Visit) -> Shown:
    """Every body under the one above it, with its next meeting and chairs."""
    found = bodies.tree(visit.desk, on=visit.asked.as_of)
    called = agreements.names(visit.desk, {("instrument", one.instrument) for one in found if one.instrument})
    rows = [_seat(one, side, called) for one in found for side in (one.sides or (None,))]
    return Shown(
        tables=(Table("bodies", sentence("Bodies"), TREE, rows, empty=sentence("No body is on record.")),),
        context={"tree": found, "called": called},
        command=command("pact bodies", on=visit.asked.as_of),
        api=address("/api/v1/bodies", {"on": visit.asked.as_of}),
        lead=sentence("Who sits where, who chairs next and by which rule, and when each body is due to meet."),
    )


def _seat(one: Seat, side: NextMeeting | None, called: Called) -> dict[str, Any]:
    return {
        "body": Link(one.title, f"/pact/bodies/{one.id}"), "parent": one.parent or None,
        "instrument": calling.to_instrument(called, one.instrument), "last": one.last or None, "due": one.due or None,
        "planned": one.planned or None, "rule": one.rule, "side": side.side if side else None,
        "chair": side.chair_name if side else None, "because": side.because if side else None,
    }  # fmt: skip


def body(visit: Visit) -> Shown:
    """A body: its next meeting, the draft of its agenda, its meetings and the decisions under its instrument."""
    asked: OfBody = visit.asked
    seat = bodies.seat(asked.body, visit.desk, on=asked.as_of)
    sittings = bodies.sittings(asked.body, visit.desk, on=asked.as_of, language=visit.language)
    most = ALL_LINES if visit.whole else LINES
    agenda = pact.draft_agenda(asked.body, visit.desk, on=asked.as_of, limit=most, language=visit.language)
    decisions, others = _decisions(visit, seat)
    called = _called(visit, seat, sittings)
    rows = [_meeting(visit, one, called) for one in sittings]
    context = {
        "seat": seat, "sittings": sittings, "cards": CARDS, "decisions": decisions, "others": others, "called": called,
        "word": word, "labels": labels.choices(visit),
        "changeable": [(one.id, one.title) for one in sittings if not one.cancelled],
        "choices": [("", visit.voice.say("none")), *((row["id"], row["title"]) for row in decisions)],
    }  # fmt: skip
    return shown_of(
        agenda, _points(agenda),
        Table("meetings", sentence("Meetings"), MEETINGS, rows, empty=sentence("No meeting is on record.")),
        title=seat.title, context=context, warnings=[], command=command("pact agenda", asked.body, on=asked.as_of),
        api=address(f"/api/v1/bodies/{asked.body}/agenda", {"on": asked.as_of}),
    )  # fmt: skip


def _decisions(visit: Visit, seat: Seat) -> tuple[list[dict[str, Any]], int]:
    """The decisions under the instrument of a body, and how many more there are."""
    if not seat.instrument:
        return [], 0
    found = rows_of(pact.list_records(["decision"], visit.desk, instrument=seat.instrument, limit=CARDS))
    return found, max(0, calling.number(visit, "decision", instrument=seat.instrument) - len(found))


def _called(visit: Visit, seat: Seat, sittings: Iterable[Sitting]) -> Called:
    chairs = {("organisation", name) for one in sittings for _, name in one.chairs}
    return agreements.names(visit.desk, chairs | ({("instrument", seat.instrument)} if seat.instrument else set()))


def _points(agenda: Result) -> Table:
    left = sum(agenda.meta["left_out"].values())
    return table_of(
        agenda, "agenda", sentence("Draft of the next agenda"), AGENDA, empty=sentence("Nothing is open."),
        note=said("{n} more points are in the files of this table.", n=left) if left else "",
        cells=lambda row: {"title": Link(row["title"], f"/records/{row['kind']}/{row['id']}"),
                           "section": SECTIONS.get(row["section"], row["section"].replace("_", " "))},
    )  # fmt: skip


def _meeting(visit: Visit, one: Sitting, called: Called) -> dict[str, Any]:
    state = "held" if one.held else "cancelled" if one.cancelled else "planned"
    chairs = [f"{side}: {calling.spoken(visit, called, 'organisation', name)}" for side, name in one.chairs]
    return {
        "meeting": Link(one.title, f"/records/meeting/{one.id}"), "state": word(state),
        "day": one.held or one.planned or one.cancelled, "place": one.place or None, "outcomes": list(one.outcomes) or None,
        "label": Badge(one.label), "chairs": chairs or None,
    }  # fmt: skip


PAGES = (
    Page(path="/pact/bodies", name="bodies", title=sentence("Bodies"), use=tree, template="pact/bodies.html.j2", tab="pact"),
    Page(
        path="/pact/bodies/{body}", name="body", title=sentence("Body"), use=body, template="pact/body.html.j2", asked=OfBody,
        tab="pact", forms=body_forms.FORMS,
    ),
)  # fmt: skip
