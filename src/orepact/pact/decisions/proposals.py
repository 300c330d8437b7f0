"""What an approved ``Decision`` brings about: a code in a list, with no change to the program; the approvals of an amendment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem
from orepact.pact.decisions.decision import Amending, Decision, NewCode, demand_in_force
from orepact.pact.instruments.amendments import Amendment, Approval
from orepact.pact.records.codes import Code

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


def strange_list(register: Register, where: str, code: Code) -> Iterator[Problem]:
    """A problem when a code is of a list that nothing reads: a slip of the pen would make a new one."""
    from difflib import get_close_matches

    lists = sorted({known.list for known in register.all(Code)})
    if code.list not in lists:
        near = get_close_matches(code.list, lists, n=3)
        mend = f"did you mean {', '.join(near)}?" if near else f"take one of {', '.join(lists)}"
        yield Problem(f"{where}, list", "a list that there is", repr(code.list), mend)


def undecided(code: Code, register: Register) -> Iterator[Problem]:
    """A problem when the decision that a code names never passed, or was about another one."""
    where = f"code {code.id}, decision"
    decision = register.records.get((Decision.kind, code.decision or ""))
    if not isinstance(decision, Decision):
        return
    outcome = decision.outcome(decision.keys)
    if outcome.state != "approved":
        mend = "add the code once every side has approved"
        yield Problem(where, "an approved decision", f"{decision.id}, {outcome.state}: {outcome.because}", mend)
    subject = decision.subject
    proposed = subject.code.id if isinstance(subject, NewCode) else f"another thing ({subject.what})"
    if not isinstance(subject, NewCode) or meaning(subject.code) != meaning(code):
        mend = "add the code as it was decided; another meaning needs another decision"
        yield Problem(where, f"a decision on {code.id} as it stands here", f"{decision.id} on {proposed}", mend)


def meaning(code: Code) -> tuple[str, str, int, str, str]:
    """What the sides decide of a code; its translations, sources and notes may change without them."""
    return code.id, code.list, code.order, code.title, code.description


def unbacked(before: Register, records: Iterable[Record]) -> Iterator[Problem]:
    """Codes among records to be written that are new, or mean something else than before, without a decision of the sides.

    For whoever writes: the records that come with the package are the only ones that need none.
    """
    for record in records:
        if not isinstance(record, Code) or record.decision is not None:
            continue
        present = before.records.get((Code.kind, record.id))
        if not isinstance(present, Code) or meaning(present) != meaning(record) or present.decision is not None:
            found = "none" if present is None else "a change without one"
            mend = "ask the sides for a decision on it, and add it when they have approved"
            yield Problem(f"code {record.id}, decision", "a decision of the sides", found, mend)
