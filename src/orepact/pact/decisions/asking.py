"""``asked``: a decision put to the sides of an instrument, by the rule and with the key holders that hold for its subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput
from orepact.pact.decisions.decision import AidChoice, Amending, Decision, Quorum, holders_of
from orepact.pact.decisions.subjects import Matter, matter_of
from orepact.pact.instruments.instrument import Instrument

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


def asked(register: Register, **fields: Any) -> Decision:
    """A new decision without keys; ``quorum`` and ``holders`` follow from the instrument and the subject.

    The instrument of a decision on aid is that of its incident where none is given. Raises ``BadInput`` with every problem,
    ``NotFound`` for an instrument that is not there.
    """
    given = {**fields, "instrument": fields.get("instrument") or _instrument_of(fields.get("subject"), register)}
    draft = _validated({**given, "holders": (), "keys": ()})
    instrument = register.get(Instrument, draft.instrument)
    quorum: Quorum = fields.get("quorum") or _rule(draft, instrument, register)
    holders = holders_of(instrument, register, quorum, draft.day_of(draft.asked_at))
    found = draft.model_copy(update={"quorum": quorum, "holders": holders})
    problems = [*register.plus([found]).problems([found])]
    if problems:
        raise BadInput(problems)
    return found


def _validated(fields: Mapping[str, Any]) -> Decision:
    from pydantic import ValidationError

    from orepact.facts.typed_problems import problems_of

    try:
        return Decision.model_validate(fields)
    except ValidationError as error:
        raise BadInput(problems_of(error, "decision", fields, Decision)) from error


def _instrument_of(subject: Any, register: Register) -> str | None:
    """The instrument of the incident that a subject names, in whichever form it is given."""
    name = subject.get("incident") if isinstance(subject, Mapping) else getattr(subject, "incident", None)
    incident: object = register.records.get(("incident", str(name)))
    return incident.instrument if isinstance(incident, Matter) else None


def _rule(decision: Decision, instrument: Instrument, register: Register) -> Quorum:
    """Who has to agree: as the pattern of the incident says, as the instrument says of its changes, else each side."""
    subject = decision.subject
    if isinstance(subject, Amending) and instrument.change is not None:
        return instrument.change.by
    matter = matter_of(subject, register) if isinstance(subject, AidChoice) else None
    return (matter.quorum(register) if matter else None) or "each_side"
