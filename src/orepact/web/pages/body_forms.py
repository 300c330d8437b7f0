"""What is written down on the page of a body: a meeting to come, what came of one, and what the sides are asked to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from orepact.errors import BadInput, Problem
from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Day, Id, Line, LongText, Text
from orepact.service.slugs import new_id
from orepact.service.view import bodies
from orepact.web.pages.labels import Open, whole
from orepact.web.pages.page import Asked, Filled, Form, Sent

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit


class OfBody(Asked):
    """A body."""

    body: Id


class Plan(Filled):
    """A meeting to come, or the record of one that was ``over`` before anybody wrote it down; ``agenda``: a point a line."""

    title: Line
    planned: Day
    over: bool = False
    place: Annotated[str, StringConstraints(max_length=200)] = ""
    agenda: LongText = ""
    label: Open = "TLP:GREEN"
    reason: Line


class Minutes(Filled):
    """What came of a meeting; a line of ``outcomes`` is one of them."""

    meeting: Id
    held: Day
    outcomes: LongText = ""
    minutes: LongText = ""
    decision: Id | None = None
    reason: Line


class Decided(Filled):
    """What the sides are asked to decide."""

    title: Line
    text: Text
    expires_on: Day | None = None
    label: Open = "TLP:GREEN"
    reason: Line


def _back(visit: Visit) -> Sent:
    return Sent(to=f"/pact/bodies/{visit.asked.body}")


def _named(visit: Visit, label: str, *words: str) -> str:
    """The id of a new record of the page, made of what was written."""
    return new_id(*words, label=label, owner=visit.reader.organisation, salt=(visit.reader.account, visit.now.isoformat()))


def _lines(text: str) -> list[str]:
    return [line.strip(" \t-•") for line in text.splitlines() if line.strip(" \t-•")]


def plan(visit: Visit, content: Plan) -> Sent:
    """A meeting that is planned, or a past one that is put on record as such; raises ``BadInput``, ``Forbidden``."""
    _demand_sense(visit, content)
    label = whole(visit, content.label)
    days = {"held": content.planned} if content.over else {"announced": visit.now.date().isoformat(), "planned": content.planned}
    points = [{"id": f"point-{number}", "text": text} for number, text in enumerate(_lines(content.agenda), start=1)]
    record = {
        "kind": "meeting", "id": _named(visit, label, visit.asked.body, content.planned), "title": content.title,
        "body": visit.asked.body, "place": content.place, "label": label, "agenda": points,
        **days,
    }  # fmt: skip
    pact.record_values([record], visit.desk, reason=content.reason)
    return _back(visit)


def _demand_sense(visit: Visit, content: Plan) -> None:
    """Raise ``BadInput`` for a meeting to come on a day that has passed, and for one that is over on a day to come."""
    past = content.planned < visit.now.date().isoformat()
    if past and not content.over:
        words = sentence("This day has passed. Mend the date, or tick that the meeting is over: it is then a record of the past.")
        raise BadInput([Problem("planned", "", "", visit.voice.translated(words))])
    if content.over and not past and content.planned != visit.now.date().isoformat():
        words = sentence("This day is still to come: a meeting on it cannot be over.")
        raise BadInput([Problem("over", "", "", visit.voice.translated(words))])


def minute(visit: Visit, content: Minutes) -> Sent:
    """The day on which a meeting was held, with outcomes, minutes and a decision; raises ``BadInput``, ``Forbidden``."""
    shown = pact.show_record("meeting", content.meeting, visit.desk)
    record = dict(shown.top["record"])
    decisions = [*(record.get("decisions") or ()), *([content.decision] if content.decision else [])]
    record |= {"held": content.held, "decisions": list(dict.fromkeys(decisions))}
    record |= {"outcomes": _lines(content.outcomes)} if content.outcomes else {}
    record |= {"minutes": content.minutes} if content.minutes else {}
    versions = {f"meeting/{content.meeting}": int(shown.meta["version"])}
    pact.record_values([record], visit.desk, reason=content.reason, versions=versions)
    return _back(visit)


def decide(visit: Visit, content: Decided) -> Sent:
    """A decision that the sides are asked for: each turns its key; raises ``BadInput``, ``Forbidden``."""
    seat = bodies.seat(visit.asked.body, visit.desk)
    label = whole(visit, content.label)
    pact.ask_for_values(
        _named(visit, label, seat.id, visit.now.date().isoformat(), content.title), visit.desk, title=content.title,
        subject={"what": "other", "text": content.text}, by=visit.reader.organisation, reason=content.reason,
        instrument=seat.instrument or None, expires_on=content.expires_on, label=label,
    )  # fmt: skip
    return _back(visit)


FORMS = (
    Form(name="plan", fields=Plan, send=plan, done=sentence("The meeting is on record and in the calendar."), once=True),
    Form(name="minutes", fields=Minutes, send=minute, done=sentence("What came of the meeting is on record."), once=True),
    Form(name="decide", fields=Decided, send=decide, done=sentence("The sides are asked: each turns its key."), once=True),
)
