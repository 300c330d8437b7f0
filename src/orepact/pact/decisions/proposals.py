"""What an approved ``Decision`` brings about: a code in a list, with no change to the program; the approvals of an amendment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.pact.decisions.decision import Amending, Decision, NewCode, demand_in_force
from orepact.pact.instruments.amendments import Amendment, Approval, approvals
from orepact.pact.records.codes import Code, strange_list

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register


def apply(decision: Decision, register: Register, on: date) -> Code:
    """The code that a decision in force on a day adds, to be put into the register; asking twice gives the same.

    Raises ``BadInput`` when the decision is not in force, is about something else, or its code is there already from elsewhere.
    """
    subject = decision.subject
    if not isinstance(subject, NewCode):
        raise BadInput(
            [Problem(f"decision {decision.id}, subject", "a code", subject.what, "only a code can be added to a list")]
        )
    demand_in_force(decision, register, on)
    code = subject.code.model_copy(update={"decision": decision.id})
    found = [*code.problems(register.plus([decision])), *strange_list(register, f"code {code.id}", code)]
    present = register.records.get((Code.kind, code.id))
    if isinstance(present, Code) and present.decision not in (decision.id, decision.supersedes or decision.id):
        origin = f"decided in {present.decision}" if present.decision else "which came with the package"
        found.append(Problem(f"code {code.id}", "a name that is free", f"{present.title!r}, {origin}", "propose another name"))
    if found:
        raise BadInput(found)
    return code


def carried(decision: Decision, register: Register, on: date) -> Amendment:
    """The amendment with an approval for each key of a decision in force on a day: the sides need not say it twice.

    Who has given a verdict on the amendment itself keeps that one. Raises ``BadInput`` when the decision is not in force or is
    about something else, ``NotFound`` for an amendment that is not there.
    """
    if not isinstance(decision.subject, Amending):
        found = decision.subject.what
        raise BadInput([Problem(f"decision {decision.id}, subject", "an amendment", found, "name a decision on an amendment")])
    demand_in_force(decision, register, on)
    amendment = register.get(Amendment, decision.subject.amendment)
    given = {approval.organisation for approval in amendment.approvals}
    new = (
        Approval(organisation=key.organisation, day=decision.day_of(key.given_at), person=key.person, reason=key.reason)
        for key in decision.keys
        if key.organisation not in given
    )
    return amendment.model_copy(update={"approvals": (*amendment.approvals, *new)})


def carries(record: Record, decision: Decision) -> bool:
    """Whether a record is what an approved decision brings about: its code, or its amendment with an approval for each key."""
    if isinstance(record, Amendment):
        given = {approval.organisation for approval in record.approvals}
        return {key.organisation for key in decision.keys} <= given
    return isinstance(record, Code) and record.decision == decision.id


def lacking(amendment: Amendment, register: Register, on: date) -> tuple[str, ...]:
    """Participants without a verdict on an amendment by a day: neither on the amendment itself nor by a key in a decision on it.

    Nobody where every key is turned, and what was decided is still to be carried out. Keys of a decision that was declined or has
    expired count for nothing.
    """
    about = register.referring(Decision, amendment.id)
    asked = [one for one in about if one.outcome_on(on).state in ("open", "approved")]
    turned = {key.organisation for one in asked for key in one.keys if one.day_of(key.given_at) <= on}
    return tuple(name for name in approvals(amendment, register, on).missing if name not in turned)


def waits(amendment: Amendment, register: Register, on: date) -> str:
    """For what an open amendment waits on a day, in words."""
    missing = lacking(amendment, register, on)
    return f"waits for {', '.join(missing)}" if missing else "waits to be carried out, as every key is turned"
