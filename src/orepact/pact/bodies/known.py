"""``known_since``: the first day on which a body is known of: nothing lists it, or counts from it, before that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.bodies.meetings import meetings_of
from orepact.pact.dates.days import Span
from orepact.pact.instruments import known as instruments
from orepact.pact.instruments.instrument import Instrument

if TYPE_CHECKING:
    from orepact.pact.bodies.body import Body
    from orepact.pact.records.register import Register


def own_days(body: Body, register: Register) -> list[date]:
    """The days that are on record of the body itself, first to last: when it was announced, when a meeting was announced or held.

    A date of a month or a year counts with its last day.
    """
    meetings = meetings_of(body.id, register)
    told = [body.announced, *(day for meeting in meetings for day in (meeting.announced, meeting.held))]
    return sorted(Span.of(day).last for day in told if day)


def known_since(body: Body, register: Register) -> date | None:
    """The first day on which a body is known of; None where nothing is dated, so that nobody can say when it was not there.

    A body that was not announced is as old as the instrument an article of which speaks of it; where nothing else is dated it is
    at most as old as its instrument.
    """
    own = own_days(body, register)
    named = body.article or (body.meets.article if body.meets else None)
    if body.announced is None and (named or not own):
        own += _days_of_instrument(body, register)
    return min(own, default=None)


def known_on(body: Body, register: Register, on: date) -> bool:
    """Whether a body is known of on a day; one of which nothing is dated always is."""
    since = known_since(body, register)
    return since is None or since <= on


def _days_of_instrument(body: Body, register: Register) -> list[date]:
    found = register.records.get((Instrument.kind, body.instrument or ""))
    return instruments.own_days(found) if isinstance(found, Instrument) else []
