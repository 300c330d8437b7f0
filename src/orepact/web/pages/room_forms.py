"""What the parties do in the room of an incident: a form for each deed, which asks one use case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field

from orepact.errors import BadInput, Problem
from orepact.report.sentences import sentence
from orepact.service import jobs, pact
from orepact.service.asked import Code, Day, Id, Line, Moment, Number, Text
from orepact.service.pact.closeness import child_id
from orepact.web.pages import key_forms
from orepact.web.pages.labels import Open, whole
from orepact.web.pages.page import Filled, Form, Sent

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

#: So many lessons and pieces of evidence are taken at a time.
MOST_LINES = 50


class Request(Filled):
    """Help is asked for on an incident that is open already; the answers stand beside, by question."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Text]

    by: Id
    asked: Annotated[list[Id], Field(min_length=1, max_length=20)]
    sent_at: Moment | None = None
    received_at: Moment | None = None


class Meeting(Filled):
    """The sides met."""

    on: Day
    mode: Code


class Assessing(Filled):
    """The event is to be followed through the chain."""

    weeks: Annotated[int, Field(ge=1, le=260)] = 52
    reason: Text


class Aid(Filled):
    """Both sides are asked to take an option."""

    option: Code
    expires_on: Day | None = None
    reason: Text


class Promise(Filled):
    """Help is promised."""

    decision: Id
    to: Id
    what: Line
    quantity: Number | None = None
    unit: Annotated[str, Field(max_length=40)] = ""
    due: Day


class Arrival(Filled):
    """Something arrived."""

    delivery: Id
    on: Day
    quantity: Number | None = None
    evidence: Text | None = None


class Review(Filled):
    """What was learned; a lesson a line."""

    title: Line
    held_on: Day
    text: Text | None = None
    lessons: Text | None = None
    interim: bool = False


class Closing(Filled):
    """The end."""

    on: Day
    reason: Text


class Labelled(Filled):
    """Who may see the incident itself."""

    label: Open
    reason: Text


def _back(visit: Visit) -> Sent:
    return Sent(to=f"/incidents/{visit.asked.incident}")


def _lines(text: str | None, name: str) -> list[str]:
    found = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if len(found) > MOST_LINES:
        raise BadInput([Problem(name, f"{MOST_LINES} lines at most", str(len(found)), "put the others down later")])
    return found


def request(visit: Visit, content: Request) -> Sent:
    """Put the request on record."""
    now = visit.now.replace(microsecond=0).isoformat()
    sent = content.sent_at or now
    values = {"by": content.by, "asked": content.asked, "sent_at": sent, "received_at": content.received_at or sent}
    answers = dict(content.__pydantic_extra__ or {})
    pact.request_values(
        visit.asked.incident, {**values, "answers": answers}, visit.desk, reason=f"{content.by} asks for help",
        actor=visit.reader.account,
    )  # fmt: skip
    return _back(visit)


def meet(visit: Visit, content: Meeting) -> Sent:
    """Note the day on which the sides met."""
    why = f"the sides met on {content.on}"
    pact.note_meeting(visit.asked.incident, visit.desk, on=content.on, mode=content.mode, reason=why, actor=visit.reader.account)
    return _back(visit)


def assess(visit: Visit, content: Assessing) -> Sent:
    """Ask for the joint assessment as a run; the worker keeps it when it is done."""
    jobs.submit_assessment(visit.asked.incident, visit.desk, reason=content.reason, weeks=content.weeks)
    return _back(visit)


def ask_for_aid(visit: Visit, content: Aid) -> Sent:
    """Put the question to both sides."""
    from orepact.service.view.incident_room import room

    incident, own = visit.asked.incident, visit.reader.organisation
    there = [one.id for one in room(incident, visit.desk).decisions]
    pact.ask_for_aid(
        incident, content.option, visit.desk, name=child_id(incident, own, f"aid-{len(there) + 1}", there), by=own,
        reason=content.reason, expires_on=content.expires_on, actor=visit.reader.account,
    )  # fmt: skip
    return _back(visit)


def promise(visit: Visit, content: Promise) -> Sent:
    """Promise help under an approved decision."""
    from orepact.service.view.incident_room import room

    own = visit.reader.organisation
    there = [one.delivery.id for one in room(visit.asked.incident, visit.desk).deliveries]
    pact.promise_delivery(
        child_id(content.decision, own, f"{own}-{len(there) + 1}", there), visit.desk, decision=content.decision, by=own,
        to=content.to, what=content.what,
        due=content.due, reason=f"{own} promises it", quantity=content.quantity, unit=content.unit, actor=visit.reader.account,
    )  # fmt: skip
    return _back(visit)


def arrive(visit: Visit, content: Arrival) -> Sent:
    """Note what arrived."""
    pact.note_arrival(
        content.delivery, visit.desk, on=content.on, reason=f"it arrived on {content.on}", quantity=content.quantity,
        evidence=_lines(content.evidence, "evidence"), actor=visit.reader.account,
    )  # fmt: skip
    return _back(visit)


def review(visit: Visit, content: Review) -> Sent:
    """Keep what was learned."""
    from orepact.service.view.incident_room import room

    incident, own = visit.asked.incident, visit.reader.organisation
    there = [one.id for one in room(incident, visit.desk).reviews]
    pact.review_incident(
        child_id(incident, own, f"review-{content.held_on}", there), visit.desk, incident=incident, title=content.title,
        held_on=content.held_on,
        by=[own], reason=f"the review of {content.held_on}", text=content.text or "",
        lessons=_lines(content.lessons, "lessons"), interim=content.interim, actor=visit.reader.account,
    )  # fmt: skip
    return _back(visit)


def close(visit: Visit, content: Closing) -> Sent:
    """Close the incident."""
    pact.close_incident(visit.asked.incident, visit.desk, on=content.on, reason=content.reason, actor=visit.reader.account)
    return _back(visit)


def label(visit: Visit, content: Labelled) -> Sent:
    """Say who may see the incident."""
    name = visit.asked.incident
    version = int(pact.show_record("incident", name, visit.desk).meta["version"])
    pact.share_record(
        "incident", name, visit.desk, reason=content.reason, version=version, label=whole(visit, content.label),
        actor=visit.reader.account,
    )  # fmt: skip
    return _back(visit)


FORMS = (
    Form(name="request", fields=Request, send=request, done=sentence("The request is on record."), once=True),
    Form(name="meet", fields=Meeting, send=meet, done=sentence("The meeting is on record."), once=True),
    Form(name="assess", fields=Assessing, send=assess, deed="run", done=sentence("The assessment is under way.")),
    Form(name="aid", fields=Aid, send=ask_for_aid, done=sentence("Both sides are asked: each turns its own key."), once=True),
    key_forms.KEY,
    key_forms.ASK,
    key_forms.CARRY,
    Form(name="promise", fields=Promise, send=promise, done=sentence("The promise is on record."), once=True),
    Form(name="arrive", fields=Arrival, send=arrive, deed="act", done=sentence("The arrival is on record."), once=True),
    Form(name="review", fields=Review, send=review, done=sentence("The review is on record."), once=True),
    Form(name="close", fields=Closing, send=close, done=sentence("The incident is closed."), once=True),
    Form(name="label", fields=Labelled, send=label, deed="share", done=sentence("It is said who may see it."), once=True),
)
