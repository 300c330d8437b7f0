"""What is done with decisions on pages: a key is turned, what is approved is carried out, the sides are asked something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from orepact.errors import BadInput, Problem
from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Day, Id, Line, Text
from orepact.service.pact.closeness import sharing_like
from orepact.service.slugs import new_id
from orepact.service.view.deciding import turnable
from orepact.web.pages.page import Filled, Form, Sent

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit


class Key(Filled):
    """A key is turned."""

    decision: Id
    verdict: Literal["approve", "decline"]
    reason: Text


class Carrying(Filled):
    """An approved decision becomes a change of the register."""

    decision: Id
    reason: Text


class Question(Filled):
    """What the sides are asked besides the options of an assessment."""

    title: Line
    text: Text
    expires_on: Day | None = None
    reason: Text


def turn(visit: Visit, content: Key) -> Sent:
    """Turn the key of the reader's side, in person and for his organisation."""
    side = next((side.side for one, side in turnable(visit.desk) if one.id == content.decision), "")
    if not side:
        mend = "look at the page again: the key may be turned, or be somebody else's"
        raise BadInput([Problem("decision", "a key that is yours to turn", repr(content.decision), mend)])
    if not visit.reader.person:
        mend = "let your organisation name the person whose account this is"
        raise BadInput([Problem("verdict", "the account of a person of the register", "an account without one", mend)])
    pact.turn_key(
        content.decision, visit.desk, side=side, organisation=visit.reader.organisation, person=visit.reader.person,
        verdict=content.verdict, reason=content.reason, actor=visit.reader.account,
    )  # fmt: skip
    return Sent(to=visit.path)


def carry(visit: Visit, content: Carrying) -> Sent:
    """Add the code, or put the approvals on the amendment, that the sides approved; raises ``BadInput``, ``Forbidden``."""
    pact.carry_out(content.decision, visit.desk, reason=content.reason, actor=visit.reader.account)
    return Sent(to=visit.path)


def ask(visit: Visit, content: Question) -> Sent:
    """Ask the sides of an incident's instrument anything else; who may know of the incident may know of it."""
    from orepact.service.view.incident_room import room

    found, own = room(visit.asked.incident, visit.desk).incident, visit.reader.organisation
    shared: dict[str, Any] = sharing_like(found, own)
    label = str(shared["label"])
    name = new_id(
        content.title, str(visit.now.date()), label=label, owner=own, salt=(visit.reader.account, visit.now.isoformat())
    )
    pact.ask_for_values(
        name, visit.desk, title=content.title, subject={"what": "other", "text": content.text}, by=own, reason=content.reason,
        instrument=found.instrument, expires_on=content.expires_on, label=label, readers=shared["readers"],
        actor=visit.reader.account,
    )  # fmt: skip
    return Sent(to=visit.path)


KEY = Form(name="key", fields=Key, send=turn, deed="turn_key", done=sentence("The key is turned."), once=True)
CARRY = Form(name="carry", fields=Carrying, send=carry, done=sentence("What was approved is carried out."), once=True)
ASK = Form(name="question", fields=Question, send=ask, done=sentence("Both sides are asked: each turns its own key."), once=True)
