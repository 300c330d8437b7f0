"""Sentences of the pack about rules: why a meeting is due, why somebody chairs, why a point is on the agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.pact.bodies.body import Fixed, Rotation
from orepact.pact.bodies.items import WorkItem
from orepact.pact.bodies.meetings import held_by
from orepact.pact.decisions.proposals import lacking
from orepact.pact.instruments.amendments import Amendment
from orepact.pact.instruments.commitments import Commitment, progress
from orepact.pact.instruments.differences import Difference
from orepact.pact.instruments.notices import Notice, answers
from orepact.pact.records.kinds import kind_of
from orepact.report.pack import Words

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.bodies.body import Body, BodySide, Counting
    from orepact.pact.bodies.due import Due, Over
    from orepact.pact.bodies.rotation import Chair
    from orepact.pact.briefing.agenda import Line
    from orepact.pact.records.record import Record
    from orepact.report.pack import Namer
    from orepact.report.voice import Voice


def counted(voice: Voice, counting: Counting, months: int) -> str:
    """A way to count the time between meetings."""
    if counting == "from_last_meeting":
        return voice.count("within {n} month of the last meeting", "within {n} months of the last meeting", months)
    if counting == "calendar_year":
        return voice.count("one in each {n} month of the calendar", "one in each {n} months of the calendar", months)
    return voice.count("one in each {n} month since the start", "one in each {n} months since the start", months)


def due_rule(voice: Voice, body: Body, due: Due) -> str:
    """Why the next meeting is due on that day, or why none is."""
    if body.meets is None:
        return voice.say("How often it meets is not stated.")
    if due.over is not None:
        return _over(voice, due.over)
    rule = counted(voice, body.meets.counted, body.meets.every_months)
    said = voice.say("Rule: {rule}.", rule=rule)
    if body.meets.counted_inferred:
        said = voice.say("Rule: {rule}. This is our reading: the text does not say how to count.", rule=rule)
    if due.day is None:
        nothing = voice.say("There is no meeting and no start to count from.")
        return voice.sentences([said, nothing])
    if due.set_up is not None:
        return voice.sentences([said, voice.say("Counted from {day}, when it was set up.", day=voice.day(due.set_up))])
    return said


def _over(voice: Voice, over: Over) -> str:
    day = voice.when(over.day)
    if over.instrument:
        return voice.say("Its instrument ended on {day}: no meeting is owed under it any more.", day=day)
    return voice.say("It ended on {day}: no meeting is owed any more.", day=day)


def chair_rule(names: Namer, body: Body, side: BodySide, found: Chair) -> str:
    """Why that organisation chairs for a side."""
    voice = names.voice
    if side.chair is None:
        return voice.say("Who chairs is not stated.")
    if isinstance(side.chair, Fixed):
        return voice.say("{name} always chairs.", name=names.organisation(side.chair.organisation))
    return voice.sentences(_rotation(names, body, side, side.chair, found))


def _rotation(names: Namer, body: Body, side: BodySide, rule: Rotation, found: Chair) -> list[str]:
    voice = names.voice
    members = names.organisations(turn.organisation for turn in rule.members_on(names.on))
    said = [voice.say("Turns among {members}.", members=members)]
    served = _served(names, body, side.side)
    said.append(voice.say("Served so far: {served}.", served=served) if served else voice.say("No meeting was held."))
    if found.organisation is None:
        said.append(voice.say("The text fixes no order between those who are left."))
    elif found.certain:
        said.append(voice.say("Only {name} has not served in this round.", name=names.organisation(found.organisation)))
    else:
        said.append(voice.say("The text fixes no order: taken is who has waited longest."))
    return said


def _served(names: Namer, body: Body, side: str) -> str:
    meetings = held_by(body.id, names.register, names.on)
    known = [(chair, meeting) for meeting in meetings if (chair := meeting.chair_of(side))]
    told = [f"{names.organisation(chair.turn_of)} ({names.voice.when(meeting.held)})" for chair, meeting in known]
    return names.voice.series(told) if told else ""


def next_chair(names: Namer, found: Chair) -> str:
    """Who chairs next, or between whom nothing decides."""
    if found.organisation:
        return names.organisation(found.organisation)
    if found.candidates:
        return names.voice.listed([names.organisation(name) for name in found.candidates], style="or")
    return names.voice.say("not stated")


def following(names: Namer, found: Chair) -> Words:
    """Who chairs next, marked where it rests on our own reading or on what is unverified."""
    if not found.candidates:
        return Words(next_chair(names, found))
    return Words(next_chair(names, found), confidence=found.confidence if found.certain else "estimated")


def why(names: Namer, line: Line, record: Record) -> str:
    """Why a point is on the draft agenda."""
    voice, on = names.voice, names.on
    if isinstance(record, WorkItem):
        return voice.say("open since {day}", day=voice.when(record.opened))
    if isinstance(record, Commitment):
        return duty(names, record, on)
    if isinstance(record, Notice):
        waiting = [answer.organisation for answer in answers(record, on) if answer.state != "acknowledged"]
        who = names.organisations(waiting)
        return voice.say("sent {day}, not acknowledged by {who}", day=voice.day(record.sent_on), who=who)
    if isinstance(record, Difference):
        who = names.organisation(record.raised_by)
        return voice.say("raised {day} by {who}", day=voice.when(record.raised), who=who)
    if isinstance(record, Amendment):
        return _waits(names, record)
    return line.because


def _waits(names: Namer, amendment: Amendment) -> str:
    voice, day = names.voice, names.voice.when(amendment.proposed)
    missing = lacking(amendment, names.register, names.on)
    if not missing:
        return voice.say("proposed {day}, approved by all, to be carried out", day=day)
    return voice.say("proposed {day}, waits for {who}", day=day, who=names.organisations(missing))


def duty(names: Namer, commitment: Commitment, on: date) -> str:
    """Owner and due date of a commitment, with the days by which it is late."""
    voice, stand = names.voice, progress(commitment, on)
    owner = names.organisation(commitment.owner)
    if stand.due is None:
        return voice.say("{owner}, no date was set", owner=owner)
    said = voice.say("{owner}, due {day}", owner=owner, day=voice.when(stand.due))
    if stand.state != "overdue":
        return said
    late = voice.count("{n} day late", "{n} days late", stand.overdue_days)
    return f"{said}; {late}"


def point(names: Namer, line: Line) -> Record | None:
    """The record that a line of the agenda is about."""
    found = names.register.records.get((line.kind, line.id))
    return found if isinstance(found, kind_of(line.kind)) else None
