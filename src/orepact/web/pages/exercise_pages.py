"""The exercise: an incident that is marked as one, played against the clock, inject by inject."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.access.whose import deeds_on
from orepact.service.asked import Id, Line, Text
from orepact.service.view import agreements
from orepact.web.pages import calling
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Column, Level, Link, Shown, Table
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from orepact.web.pages.calling import Called
    from orepact.web.pages.visit import Visit

STATES = {
    "planned": (sentence("to come"), "none"),
    "not_told": (sentence("never told"), "none"),
    "told": (sentence("told"), "none"),
    "waiting": (sentence("an answer is due"), "amber"),
    "in_time": (sentence("answered in time"), "green"),
    "late": (sentence("answered late"), "amber"),
    "missed": (sentence("missed"), "red"),
}
#: What its conductors alone see: of what is to come others are told nothing.
TO_COME = frozenset({"planned", "not_told"})


class Playing(Asked):
    """Which exercise."""

    drill: Id | None = None


class Starting(Filled):
    """Why it is played now."""

    reason: Line = "exercise"


class Acting(Filled):
    """What somebody did on an inject."""

    inject: Id
    text: Text


class Finding(Filled):
    """A lesson."""

    text: Text


def play(visit: Visit) -> Shown:
    """The exercises on record, and the clock and the injects of one; raises ``NotFound``."""
    listed = pact.list_records(["drill"], visit.desk, order="title", limit=100).envelope()["data"]
    rows = [{**row, "title": Link(row["title"], "/shocks/exercise", {"drill": row["id"]})} for row in listed]
    columns = (Column("title", sentence("Exercise")), Column("state", sentence("State"), how="words"))
    drills = Table("drills", sentence("Exercises"), columns, rows, empty=sentence("No exercise is on record."))
    lead = sentence(
        "An incident that is marked as one, played against the clock: what comes when, who must answer by when, and what was "
        "missed."
    )
    if not visit.asked.drill:
        return Shown(lead=lead, context={"drill": None}, tables=[drills], command="orepact pact list drill")
    name = visit.asked.drill
    found = pact.show_drill(name, visit.desk)
    meta, injects = found.meta, found.envelope()["data"]
    started, ended = meta["started_at"], meta["ended_at"]
    record, _ = visit.desk.facing().get("drill", name)
    may = deeds_on(visit.reader, record, visit.now) if visit.known else []
    context = {
        "may": may,
        "drill": name,
        "started": _moment(visit, started),
        "ended": _moment(visit, ended),
        "clock": _elapsed(visit, started, ended),
        "started_at": started if started and not ended else "",
        "next_at": meta["next_at"] if not ended else None,
        "next": _moment(visit, meta["next_at"]),
        "conducting": meta["conducting"] and visit.known,
        "findings": meta["findings"],
        "injects": [_inject(visit, one, _called(visit, injects)) for one in injects],
        "running": bool(started and not ended),
        "organisation": visit.reader.organisation,
        "choices": [(one["inject"], f"{one['inject'].replace('_', ' ')}: {one['text']}") for one in injects if _come(one)],
    }
    heads = ("inject", "told_at", "due_at", "state", "hours", "text", "expected")
    table = Table("injects", sentence("Injects"), [Column(each, each) for each in heads], injects)
    return Shown(
        title=next((row["title"].words for row in rows if row["id"] == name), name),
        context=context,
        tables=[table, drills],
        command=f"orepact pact drill show {name}",
        warnings=found.warnings,
    )


def _come(row: Any) -> bool:
    return bool(row["told_at"]) and row["state"] not in TO_COME


def _called(visit: Visit, injects: list[dict[str, Any]]) -> Called:
    """The names of all who must answer or did something."""
    who = {name for one in injects for name in (*(one["of"] or ()), *(each["by"] for each in one["done"] or ()))}
    return agreements.names(visit.desk, {("organisation", name) for name in who})


def _inject(visit: Visit, row: dict[str, Any], called: Called) -> dict[str, Any]:
    words, level = STATES.get(row["state"], (row["state"], "none"))
    return {
        **row,
        "level": Level(level, words),
        "come": _come(row),
        "of": [calling.spoken(visit, called, "organisation", name) for name in row["of"] or ()],
        "done": [
            {**each, "by": calling.spoken(visit, called, "organisation", each["by"]), "after": _hours(each["hours"])}
            for each in row["done"] or ()
        ],
        "told_at": _moment(visit, row["told_at"]),
        "due_at": _moment(visit, row["due_at"]),
    }


def _moment(visit: Visit, text: str | None) -> str:
    """A moment as people read it; "" for none."""
    return visit.voice.say("{day}, {time} UTC", day=visit.voice.when(str(text)[:10]), time=str(text)[11:16]) if text else ""


def _hours(hours: float) -> str:
    """Hours as a clock shows them.

    >>> _hours(0.01), _hours(25.5)
    ('0:00', '25:30')
    """
    minutes = max(0, int(hours * 60))
    return f"{minutes // 60}:{minutes % 60:02d}"


def _elapsed(visit: Visit, started: str | None, ended: str | None) -> str:
    """Hours and minutes since the start, as a clock shows them; "" before it."""
    if not started:
        return ""
    end = datetime.fromisoformat(ended) if ended else visit.now
    return _hours((end - datetime.fromisoformat(started)).total_seconds() / 3600)


def _done(ask: Callable[[Visit, str, Any], Any]) -> Callable[[Visit, Any], Sent]:
    """A form on the exercise that the address names."""

    def send(visit: Visit, content: Any) -> Sent:
        name = str(visit.asked.drill or "")
        ask(visit, name, content)
        return Sent(to=address("/shocks/exercise", {"drill": name}))

    return send


PAGES = (
    Page(
        path="/shocks/exercise",
        name="exercise",
        title=sentence("Exercise"),
        use=play,
        template="shocks/exercise.html.j2",
        asked=Playing,
        tab="shocks",
        forms=(
            Form(
                name="start",
                fields=Starting,
                once=True,
                done=sentence("The clock runs."),
                send=_done(lambda visit, name, content: pact.start_drill(name, visit.desk, reason=content.reason)),
            ),
            Form(
                name="end",
                fields=Starting,
                once=True,
                done=sentence("The exercise has ended."),
                send=_done(lambda visit, name, content: pact.end_drill(name, visit.desk, reason=content.reason)),
            ),
            Form(
                name="act",
                fields=Acting,
                once=True,
                done=sentence("What you did is noted."),
                send=_done(
                    lambda visit, name, content: pact.act_in_drill(
                        name, visit.desk, inject=content.inject, by=visit.reader.organisation, text=content.text
                    )
                ),
            ),
            Form(
                name="find",
                fields=Finding,
                once=True,
                done=sentence("The lesson is noted."),
                send=_done(
                    lambda visit, name, content: pact.find_in_drill(
                        name, visit.desk, text=content.text, reason="lesson of the exercise"
                    )
                ),
            ),
        ),
    ),
)
