"""Bodies of the pact: the tree of them, one with its meetings and agenda, their calendar, notices, and the pack of a meeting."""

from __future__ import annotations

import calendar
import re
import shlex
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import StringConstraints

from orepact.report.sentences import said, sentence
from orepact.report.voice import LANGUAGES
from orepact.service import pact, sharing
from orepact.service.access.noting import note_export
from orepact.service.asked import Day, Id, Language, Line, Text
from orepact.service.view import agreements, bodies
from orepact.service.view.agreements import word
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Link, Shown, Table
from orepact.web.pages.tables import rows_of, shown_of, table_of

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
A_DAY = timedelta(days=1)
#: An agenda, or outcomes: a line each.
Long = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$", max_length=20_000)]
LABELS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER")


class OfBody(Asked):
    """A body."""

    body: Id


class InMonth(Asked):
    """A month of the calendar of all bodies, or of one."""

    month: Annotated[str, StringConstraints(pattern=MONTH)] | None = None
    body: Id | None = None


class PackAsked(Asked):
    """The pack of the next meeting of a body; ``language``: to read or to download in; without one, what there is."""

    body: Id
    read: Language | None = None
    download: Language | None = None


class Plan(Filled):
    """A meeting to come."""

    title: Line
    planned: Day
    place: Annotated[str, StringConstraints(max_length=200)] = ""
    agenda: Long = ""
    label: Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"] = "TLP:GREEN"
    reason: Line


class Minutes(Filled):
    """What came of a meeting."""

    meeting: Id
    held: Day
    outcomes: Long = ""
    minutes: Long = ""
    decision: Id | None = None
    reason: Line


class Decided(Filled):
    """What the sides are asked to decide."""

    title: Line
    text: Text
    expires_on: Day | None = None
    label: Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"] = "TLP:GREEN"
    reason: Line


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
OCCASIONS = (
    Column("first", sentence("Day"), how="day"),
    Column("title", sentence("What")),
    Column("kind", sentence("Kind"), how="words"),
    Column("body", sentence("Body")),
    Column("place", sentence("Place")),
    Column("status", sentence("State"), how="words"),
)
#: Sections of a draft agenda, kinds and states of occasions.
WORDS = {
    "item": sentence("open item"),
    "open": sentence("open commitment"),
    "next": sentence("next meeting"),
    "sister": sentence("from a sister body"),
    "overdue": sentence("overdue commitment"),
    "notice": sentence("notice"),
    "difference": sentence("difference"),
    "amendment": sentence("amendment"),
    "decision": sentence("decision"),
    "meeting": sentence("meeting"),
    "body": sentence("a meeting is due"),
    "commitment": sentence("a commitment is due"),
    "CONFIRMED": sentence("certain"),
    "TENTATIVE": sentence("not certain"),
    "CANCELLED": sentence("cancelled"),
}


def _said(name: str) -> str:
    return WORDS.get(name, name.replace("_", " "))


def tree(visit: Visit) -> Shown:
    """Every body under the one above it, with its next meeting and chairs."""
    found = bodies.tree(visit.desk, on=visit.asked.as_of)
    called = agreements.names(visit.desk, {("instrument", one.instrument) for one in found if one.instrument})
    rows = [
        {
            "body": Link(one.title, f"/pact/bodies/{one.id}"),
            "parent": one.parent or None,
            "instrument": Link(called.get(("instrument", one.instrument), one.instrument), f"/pact/{one.instrument}")
            if one.instrument
            else None,
            "last": one.last or None,
            "due": one.due or None,
            "planned": one.planned or None,
            "rule": one.rule,
            "side": side.side if side else None,
            "chair": side.chair_name if side else None,
            "because": side.because if side else None,
        }
        for one in found
        for side in (one.sides or (None,))
    ]
    table = Table("bodies", sentence("Bodies"), TREE, rows, empty=sentence("No body is on record."))
    command = shlex.join(["orepact", "pact", "bodies", *(["--on", visit.asked.as_of] if visit.asked.as_of else [])])
    return Shown(
        tables=(table,),
        context={"tree": found, "called": called},
        command=command,
        api="/api/v1/bodies",
        lead=sentence("Who sits where, who chairs next and by which rule, and when each body is due to meet."),
    )


def body(visit: Visit) -> Shown:
    """A body: its next meeting, the draft of its agenda, its meetings and the decisions under its instrument."""
    asked: OfBody = visit.asked
    found = bodies.seat(asked.body, visit.desk, on=asked.as_of)
    sittings = bodies.sittings(asked.body, visit.desk, on=asked.as_of, language=visit.language)
    agenda = pact.draft_agenda(asked.body, visit.desk, on=asked.as_of)
    decided = pact.list_records(["decision"], visit.desk, instrument=found.instrument, limit=50) if found.instrument else None
    decisions = rows_of(decided) if decided else []
    called = agreements.names(
        visit.desk,
        {("instrument", found.instrument), *(("organisation", name) for one in sittings for _, name in one.chairs)}
        - {("instrument", "")},
    )
    points = table_of(
        agenda,
        "agenda",
        sentence("Draft of the next agenda"),
        AGENDA,
        empty=sentence("Nothing is open."),
        cells=lambda row: {"title": Link(row["title"], f"/records/{row['kind']}/{row['id']}"), "section": _said(row["section"])},
    )
    rows = [_meeting(visit, one, called) for one in sittings]
    meetings = Table("meetings", sentence("Meetings"), MEETINGS, rows, empty=sentence("No meeting is on record."))
    context = {
        "seat": found,
        "sittings": sittings,
        "decisions": decisions,
        "called": called,
        "word": word,
        "labels": LABELS,
        "changeable": [(one.id, one.title) for one in sittings if not one.cancelled],
        "choices": [("", visit.voice.say("none")), *((row["id"], row["title"]) for row in decisions)],
    }
    return shown_of(
        agenda,
        points,
        meetings,
        title=found.title,
        context=context,
        api=f"/api/v1/bodies/{asked.body}/agenda",
        warnings=[],
        command=shlex.join(["orepact", "pact", "agenda", asked.body, *(["--on", asked.as_of] if asked.as_of else [])]),
    )


def _meeting(visit: Visit, one: bodies.Sitting, called: Any) -> dict[str, Any]:
    state = "held" if one.held else "cancelled" if one.cancelled else "planned"
    return {
        "meeting": Link(one.title, f"/records/meeting/{one.id}"),
        "state": word(state),
        "day": one.held or one.planned or one.cancelled,
        "place": one.place or None,
        "outcomes": list(one.outcomes) or None,
        "label": Badge(one.label),
        "chairs": [f"{side}: {in_voice(visit, called, name)}" for side, name in one.chairs] or None,
    }


def in_voice(visit: Visit, called: Any, name: str) -> str:
    """An organisation in the reader's language; its id where he sees no more."""
    found = called.get(("organisation", name))
    return name if found is None else str(found.in_voice(visit.voice))


def _own_label(visit: Visit, label: str) -> str:
    """A label of one's organisation; what is open to all has no owner."""
    return label if label == "TLP:CLEAR" else f"{label}/{visit.reader.organisation}"


def _new_id(visit: Visit, label: str, *parts: str) -> str:
    """An id made of what was written; of what is closed it begins with its owner."""
    own = f"{visit.reader.organisation}." if label == "TLP:AMBER" else ""
    return own + re.sub(r"[^a-z0-9]+", "-", "-".join(parts).casefold()).strip("-")[:100].rstrip("-")


def _lines(text: str) -> list[str]:
    return [line.strip(" \t-•") for line in text.splitlines() if line.strip(" \t-•")]


def plan(visit: Visit, content: Plan) -> Sent:
    """A meeting that is planned; raises ``BadInput``, ``Forbidden``."""
    name = _new_id(visit, content.label, visit.asked.body, content.planned)
    record = {
        "kind": "meeting",
        "id": name,
        "title": content.title,
        "body": visit.asked.body,
        "announced": visit.now.date().isoformat(),
        "planned": content.planned,
        "place": content.place,
        "label": _own_label(visit, content.label),
        "agenda": [{"id": f"point-{number}", "text": text} for number, text in enumerate(_lines(content.agenda), start=1)],
    }
    pact.record_values([record], visit.desk, reason=content.reason)
    return Sent(to=f"/pact/bodies/{visit.asked.body}")


def minute(visit: Visit, content: Minutes) -> Sent:
    """The day on which a meeting was held, with outcomes, minutes and a decision; raises ``BadInput``, ``Forbidden``."""
    shown = pact.show_record("meeting", content.meeting, visit.desk)
    record = dict(shown.top["record"])
    decisions = [*(record.get("decisions") or ()), *([content.decision] if content.decision else [])]
    record |= {"held": content.held, "decisions": list(dict.fromkeys(decisions))}
    record |= {"outcomes": _lines(content.outcomes)} if content.outcomes else {}
    record |= {"minutes": content.minutes} if content.minutes else {}
    pact.record_values(
        [record], visit.desk, reason=content.reason, versions={f"meeting/{content.meeting}": int(shown.meta["version"])}
    )
    return Sent(to=f"/pact/bodies/{visit.asked.body}")


def decide(visit: Visit, content: Decided) -> Sent:
    """A decision that the sides are asked for: each turns its key; raises ``BadInput``, ``Forbidden``."""
    found = bodies.seat(visit.asked.body, visit.desk)
    name = _new_id(visit, content.label, found.id, visit.now.date().isoformat(), content.title)
    pact.ask_for_values(
        name,
        visit.desk,
        title=content.title,
        subject={"what": "other", "text": content.text},
        by=visit.reader.organisation,
        reason=content.reason,
        instrument=found.instrument or None,
        expires_on=content.expires_on,
        label=_own_label(visit, content.label),
    )
    return Sent(to=f"/pact/bodies/{visit.asked.body}")


def month(visit: Visit) -> Shown:
    """A month of the calendar: the weeks of it, and what falls from its first day on for a year."""
    asked: InMonth = visit.asked
    text = asked.month or visit.day[:7]
    first = date.fromisoformat(f"{text}-01")
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    chosen = [asked.body] if asked.body else []
    found = bodies.occasions(
        visit.desk, weeks[0][0], first + timedelta(days=400), bodies=chosen, on=asked.as_of, language=visit.language
    )
    every = bodies.tree(visit.desk, on=asked.as_of)
    titles = {one.id: one.title for one in every}
    rows = [
        {
            "first": one.first,
            "title": Link(one.title, f"/records/{one.kind}/{one.record}"),
            "kind": _said(one.kind),
            "body": Link(titles.get(one.body, one.body), f"/pact/bodies/{one.body}"),
            "place": one.place or None,
            "status": _said(one.status),
        }
        for one in found
        if one.last >= first
    ]
    context = {
        "weeks": [[(day, [one for one in found if one.first <= day <= one.last]) for day in week] for week in weeks],
        "first": first,
        "before": _month(first - A_DAY),
        "after": _month(first + timedelta(days=32)),
        "today": visit.now.date(),
        "choices": [(one.id, one.title.in_voice(visit.voice)) for one in every],
        "name": _title(visit, first),
        "days": [_day_name(visit, number) for number in range(7)],
        "bodies": [one for one in every if not chosen or one.id in chosen],
    }
    table = Table("agenda", sentence("From here on"), OCCASIONS, rows, empty=sentence("Nothing is on the calendar."))
    return Shown(
        tables=(table,),
        context=context,
        command=shlex.join(["orepact", "pact", "calendar", asked.body or "ca-jp-battery-dialogue"]),
        api=f"/api/v1/bodies/{asked.body}/calendar.ics" if asked.body else "",
        lead=sentence("Meetings held and planned, days by which bodies are due to meet, and commitments that are due."),
    )


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _title(visit: Visit, first: date) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM", first, locale=visit.voice.locale))


def _day_name(visit: Visit, number: int) -> str:
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", locale=visit.voice.locale)[number])


def pack(visit: Visit) -> Shown:
    """The pack of the next meeting of a body in each language, or one of them as a page to read or a file to keep."""
    asked: PackAsked = visit.asked
    language = asked.read or asked.download
    if language:
        made = sharing.pack_page(asked.body, visit.desk, on=asked.as_of, language=language)
        if asked.download:
            note_export("sharing.pack_page", f"/pact/pack/{asked.body} language={language}", made.label, visit.desk)
        return Shown(file=made, apart=bool(asked.read))
    found = bodies.seat(asked.body, visit.desk, on=asked.as_of)
    command = ["orepact", "pact", "pack", asked.body, "--output", "pack", *(f"--language={name}" for name in LANGUAGES)]
    return Shown(
        title=said("Pack of the {body}", body=found.title),
        context={"seat": found},
        lead=sentence("What a delegation takes to the table: the agenda, articles and evidence, what is late, what moved."),
        command=shlex.join(command),
        api=f"/api/v1/bodies/{asked.body}/pack.html",
    )


PAGES = (
    Page(path="/pact/bodies", name="bodies", title=sentence("Bodies"), use=tree, template="pact/bodies.html.j2", tab="pact"),
    Page(
        path="/pact/bodies/{body}",
        name="body",
        title=sentence("Body"),
        use=body,
        template="pact/body.html.j2",
        asked=OfBody,
        tab="pact",
        forms=(
            Form(name="plan", fields=Plan, send=plan, done=sentence("The meeting is on record and in the calendar."), once=True),
            Form(name="minutes", fields=Minutes, send=minute, done=sentence("What came of the meeting is on record."), once=True),
            Form(
                name="decide", fields=Decided, send=decide, done=sentence("The sides are asked: each turns its key."), once=True
            ),
        ),
    ),
    Page(
        path="/pact/calendar",
        name="calendar",
        title=sentence("Calendar"),
        use=month,
        template="pact/calendar.html.j2",
        asked=InMonth,
        tab="pact",
    ),
    Page(
        path="/pact/pack/{body}",
        name="pack",
        title=sentence("Pack"),
        use=pack,
        template="pact/pack.html.j2",
        asked=PackAsked,
        tab="pact",
        kept=False,
    ),
)
