"""Use cases about who sits where on a day: chairs and their ranks, roles of people, guests, and the work before a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled, told_end
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.bodies.body import Body
    from orepact.pact.bodies.items import WorkItem
    from orepact.pact.bodies.meetings import Meeting, MeetingChair
    from orepact.pact.organisations.people import Person, Term
    from orepact.pact.records.record import Confidence
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

CHAIRS = ("meeting", "held", "side", "organisation", "acting_for", "person", "rank", "needed", "enough", "because", "confidence")
ROLES = ("person", "name", "role", "organisation", "body", "rank", "from", "to", "held", "confidence")
GUESTS = ("meeting", "guest", "person", "scope", "from", "to", "may_come")
QUEUES = ("queue", "item", "title", "opened", "days", "owner", "body", "alike", "articles")


def list_chairs(body: str, db: Where = None, *, on: str | None = None) -> Result:
    """Who chaired each meeting of a body by a day, for each side, and whether the rank is the one that the rule asks for.

    ``meta["next"]``: who chairs next for each side, as the rule has it.
    """
    from orepact.pact.bodies.body import Body
    from orepact.pact.bodies.meetings import held_by
    from orepact.pact.bodies.rotation import chair

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Body, body)
        rows = [row for meeting in held_by(body, register, day) for row in _chairs(found, meeting, register)]
        following = {side.side: chair(body, side.side, register, day) for side in found.sides}
        manifest = manifest_of(store, day)
    meta = {
        "title": titled(len({row["meeting"] for row in rows}), "meeting", "meetings", f"of {found.title} by {day}"),
        "next": [
            {"side": side, "chair": one.organisation or " or ".join(one.candidates) or "not stated", "certain": one.certain,
             "because": one.because}
            for side, one in following.items()
        ],
        "manifest": manifest,
    }  # fmt: skip
    return Result(table(rows, CHAIRS), meta, shown=lambda data: data.drop(columns=["acting_for", "because"]))


def _chairs(body: Body, meeting: Meeting, register: Register) -> list[dict[str, Any]]:
    from orepact.pact.bodies.meetings import rank_of_chair

    rows = []
    for side in body.sides:
        one, check = meeting.chair_of(side.side), rank_of_chair(meeting, side.side, register)
        own = {"meeting": meeting.id, "held": meeting.held or "", "side": side.side, "needed": side.rank or "none"}
        who = _sat(one, meeting) if one else {"organisation": "not stated"}
        enough = {True: "yes", False: "no", None: "not known"}[check.enough]
        rows.append({**own, **who, "enough": enough, "because": check.because})
    return rows


def _sat(one: MeetingChair, meeting: Meeting) -> dict[str, str]:
    """Who sat in the chair, as sure as the meeting at which he is said to have."""
    return {
        "organisation": one.organisation, "acting_for": one.acting_for or "", "person": one.person or "", "rank": one.rank or "",
        "confidence": _weaker(one.confidence, meeting.confidence),
    }  # fmt: skip


def _weaker(one: Confidence, other: Confidence) -> Confidence:
    """The one of two that one can trust less."""
    from orepact.pact.organisations.ownership import SURE

    return max(one, other, key=SURE.index)


def list_roles(name: str = "", db: Where = None, *, on: str | None = None) -> Result:
    """Who holds which role on a day in an organisation (in all); ``held``: yes, no, or open where sources do not say.

    Roles that began after the day, or in which somebody was first seen after it, are left out. Without ``name`` only roles that
    are held, or may be, are listed. ``name``: an organisation, by its id or any name of it.
    """
    from orepact.pact.organisations.organisation import organisation
    from orepact.pact.organisations.people import Person

    day = day_of(on)
    with asked(db) as (store, register):
        where = organisation(register, name).id if name else ""
        people = sorted(register.all(Person), key=lambda one: one.id)
        manifest = manifest_of(store, day)
    known = [(one, term) for one in people for term in one.terms if term.known_on(day)]
    rows = [_role(one, term, day) for one, term in known if where in ("", term.organisation)]
    rows = rows if where else [row for row in rows if row["held"] != "no"]
    title = titled(len(rows), "role", "roles", f"{f'in {where} ' if where else ''}on {day}")
    return Result(table(rows, ROLES), {"title": title, "manifest": manifest})


def _role(one: Person, term: Term, on: date) -> dict[str, Any]:
    held = {True: "yes", False: "no", None: "open"}[term.held_on(on)]
    return {
        "person": one.id, "name": one.title, "role": term.role, "organisation": term.organisation, "body": term.body or "",
        "rank": term.rank or "", "from": term.valid_from or "", "to": told_end(term.valid_to, on),
        "held": held, "confidence": term.confidence,
    }  # fmt: skip


def list_guests(body: str, db: Where = None, *, on: str | None = None) -> Result:
    """Guests of the meetings of a body: to which items of the agenda they may come on a day, and from when to when at all."""
    from orepact.pact.bodies.body import Body
    from orepact.pact.bodies.meetings import meetings_of

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Body, body)
        meetings = meetings_of(body, register)
        manifest = manifest_of(store, day)
    rows = [
        {"meeting": meeting.id, "guest": guest.organisation, "person": guest.person or "",
         "scope": list(guest.scope) or ["every item"], "from": guest.valid_from or "", "to": guest.valid_to or "",
         "may_come": guest.holds_on(day)}
        for meeting in meetings
        for guest in meeting.guests
    ]  # fmt: skip
    allowed = {True: "guests may be invited", False: "no guests are allowed", None: "whether guests may come is not stated"}
    title = titled(len(rows), "guest", "guests", f"of {found.title} on {day}")
    return Result(table(rows, GUESTS), {"title": title, "rule": allowed[found.guests], "manifest": manifest})


def list_queues(body: str, db: Where = None, *, on: str | None = None) -> Result:
    """The open work before a body by queue, oldest first, with items of other bodies that look like the same work.

    A queue without work has a row of its own. ``meta``: the body above and those below it.
    """
    from orepact.pact.bodies.body import Body, below
    from orepact.pact.bodies.items import queues

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Body, body)
        by_queue = queues(body, register, day)
        rows = [row for queue, items in by_queue.items() for row in _queue(queue, items, register, day)]
        under = [one.id for one in below(body, register)]
        manifest = manifest_of(store, day)
    number = sum(len(items) for items in by_queue.values())
    meta = {
        "title": titled(number, "open item", "open items", f"before {found.title} on {day}"),
        "above": found.parent or "",
        "below": under,
        "looks_first_at": list(found.look_first),
        "manifest": manifest,
        "units": {"days": "day"},
    }
    return Result(table(rows, QUEUES), meta)


def _queue(queue: str, items: list[WorkItem], register: Register, on: date) -> list[dict[str, Any]]:
    from orepact.pact.bodies.items import alike
    from orepact.pact.dates.days import Span

    if not items:
        return [{"queue": queue, "title": "nothing open"}] if queue else []
    return [
        {"queue": queue or "none", "item": one.id, "title": one.title, "opened": one.opened,
         "days": (on - Span.of(one.opened).last).days, "owner": one.owner or "", "body": one.body,
         "alike": [f"{other.item.id} before {other.item.before(on)}" for other in alike(one, register, on)],
         "articles": list(one.articles)}
        for one in items
    ]  # fmt: skip
