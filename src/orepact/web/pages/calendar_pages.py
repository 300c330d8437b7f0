"""The calendar of all bodies, or of one: a month of it, and what falls from its first day on."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from babel.dates import format_skeleton, get_day_names
from pydantic import StringConstraints

from orepact.report.sentences import sentence
from orepact.service.asked import Expects, Id
from orepact.service.view import bodies
from orepact.service.view.calendar import KINDS, STATES, called, occasions
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Link, Shown, Table
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.service.view.calendar import Occasion
    from orepact.web.pages.visit import Visit

MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
A_DAY, AHEAD = timedelta(days=1), timedelta(days=400)
OCCASIONS = (
    Column("first", sentence("Day"), how="day"),
    Column("title", sentence("What")),
    Column("kind", sentence("Kind"), how="words"),
    Column("body", sentence("Body")),
    Column("place", sentence("Place")),
    Column("status", sentence("State"), how="words"),
)


class InMonth(Asked):
    """A month of the calendar of all bodies, or of one."""

    month: Annotated[str, StringConstraints(pattern=MONTH), Expects("a month, YYYY-MM", "2026-06")] | None = None
    body: Id | None = None


def month(visit: Visit) -> Shown:
    """The weeks of a month, and what falls from its first day on for a year and a month."""
    asked: InMonth = visit.asked
    first = date.fromisoformat(f"{asked.month or visit.day[:7]}-01")
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    chosen = [asked.body] if asked.body else []
    found = occasions(visit.desk, weeks[0][0], first + AHEAD, bodies=chosen, on=asked.as_of, language=visit.language)
    every = bodies.tree(visit.desk, on=asked.as_of)
    titles = {one.id: one.title for one in every}
    rows = [_row(one, titles) for one in found if one.last >= first]
    span = {"body": asked.body, "from": first, "until": first + AHEAD}
    return Shown(
        tables=(Table("agenda", sentence("From here on"), OCCASIONS, rows, empty=sentence("Nothing is on the calendar.")),),
        context={
            **_sheet(visit, first), "choices": [(one.id, one.title.in_voice(visit.voice)) for one in every],
            "weeks": [[(day, [one for one in found if one.first <= day <= one.last]) for day in week] for week in weeks],
            "called": called,
            "bodies": [one for one in every if not chosen or one.id in chosen],
        },
        command=command("view calendar", **span, on=asked.as_of),
        api=address("/api/v1/views/calendar", {**span, "on": asked.as_of}),
        lead=sentence("Meetings held and planned, days by which bodies are due to meet, decisions, and commitments due."),
    )  # fmt: skip


def _row(one: Occasion, titles: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "first": one.first, "title": Link(called(one), f"/records/{one.kind}/{one.record}"),
        "kind": KINDS.get(one.kind, one.kind), "body": Link(titles.get(one.body, one.body), f"/pact/bodies/{one.body}"),
        "place": one.place or None, "status": STATES.get(one.status, one.status),
    }  # fmt: skip


def _sheet(visit: Visit, first: date) -> dict[str, Any]:
    """The names of a month and its days, and the months beside it."""
    locale = visit.voice.locale
    names = get_day_names("abbreviated", locale=locale)
    return {
        "first": first, "before": _month(first - A_DAY), "after": _month(first + timedelta(days=32)), "today": visit.now.date(),
        "name": str(format_skeleton("yMMMM", first, locale=locale)), "days": [str(names[number]) for number in range(7)],
    }  # fmt: skip


def _month(day: date) -> str:
    return day.isoformat()[:7]


PAGES = (
    Page(
        path="/pact/calendar", name="calendar", title=sentence("Calendar"), use=month, template="pact/calendar.html.j2",
        asked=InMonth, tab="pact",
    ),
)  # fmt: skip
