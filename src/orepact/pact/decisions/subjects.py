"""What a decision is about, checked: the option of an assessment, the code of a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from orepact.errors import Problem
from orepact.pact.decisions.decision import NO_AID, AidChoice, Amending, Decision, NewCode, Quorum
from orepact.pact.instruments.amendments import Amendment
from orepact.pact.instruments.instrument import Instrument

if TYPE_CHECKING:
    from orepact.pact.incidents.assessments import Assessment
    from orepact.pact.records.register import Register


def subject_problems(decision: Decision, register: Register) -> Iterator[Problem]:
    """What is wrong with the subject among the other records."""
    if isinstance(decision.subject, AidChoice):
        yield from _aid(decision, decision.subject, register)
    elif isinstance(decision.subject, NewCode):
        yield from _code(decision, decision.subject, register)
    elif isinstance(decision.subject, Amending):
        yield from _amending(decision, decision.subject, register)


def _quorum(decision: Decision, wanted: Quorum, whose: str) -> Iterator[Problem]:
    if decision.quorum != wanted:
        where = f"decision {decision.id}, quorum"
        yield Problem(where, f"{wanted}, the rule of {whose}", decision.quorum, "ask for the decision by that rule")


def _newer(assessment: Assessment, register: Register, asked_at: datetime) -> str:
    """The assessment that had taken the place of this one when a decision was asked for; "" for none."""
    found = (record for record, link in register.pointing.get(assessment.id, ()) if link.relation == "supersedes")
    return next((each.id for each in found if isinstance(each, type(assessment)) and each.made_at <= asked_at), "")


def _amending(decision: Decision, subject: Amending, register: Register) -> Iterator[Problem]:
    amendment = register.records.get((Amendment.kind, subject.amendment))
    if isinstance(amendment, Amendment) and amendment.instrument != decision.instrument:
        found = f"{amendment.id} of {amendment.instrument}"
        where = f"decision {decision.id}, subject.amendment"
        yield Problem(where, f"an amendment of {decision.instrument}", found, "mend one of the ids")
    instrument = register.records.get((Instrument.kind, decision.instrument))
    if isinstance(instrument, Instrument) and instrument.change is not None:
        yield from _quorum(decision, instrument.change.by, instrument.id)


def _aid(decision: Decision, choice: AidChoice, register: Register) -> Iterator[Problem]:
    from orepact.pact.incidents.assessments import Assessment
    from orepact.pact.incidents.incident import Incident
    from orepact.pact.incidents.patterns import Pattern

    where = f"decision {decision.id}, subject"
    assessment = register.records.get((Assessment.kind, choice.assessment))
    if isinstance(assessment, Assessment):
        if assessment.incident != choice.incident:
            found = f"{assessment.id}, of {assessment.incident}"
            yield Problem(f"{where}.assessment", f"an assessment of {choice.incident}", found, "mend one of the two ids")
        known = [option.option for option in assessment.aid]
        if choice.option not in (*known, NO_AID):
            expected = f"an option of {assessment.id}: {', '.join([*known, NO_AID])}"
            yield Problem(f"{where}.option", expected, repr(choice.option), "choose one of them")
        newer = _newer(assessment, register, decision.asked_at)
        if newer:
            yield Problem(
                f"{where}.assessment", "the last assessment", f"{assessment.id}, before {newer}", "decide on the last one"
            )
        if decision.asked_at < assessment.made_at:
            found = decision.asked_at.isoformat()
            yield Problem(where, f"a question after the assessment ({assessment.made_at.isoformat()})", found, "mend a moment")
    incident = register.records.get((Incident.kind, choice.incident))
    if isinstance(incident, Incident) and incident.instrument != decision.instrument:
        found = decision.instrument
        yield Problem(f"decision {decision.id}, instrument", f"that of the incident, {incident.instrument}", found, "mend it")
    pattern = register.records.get((Pattern.kind, incident.pattern)) if isinstance(incident, Incident) else None
    if isinstance(pattern, Pattern):
        yield from _quorum(decision, pattern.quorum, pattern.id)


def _code(decision: Decision, new: NewCode, register: Register) -> Iterator[Problem]:
    """The proposed code by itself; whether it is new is asked when it is added."""
    from orepact.pact.decisions.proposals import strange_list

    where = f"decision {decision.id}, subject.code"
    if new.code.decision is not None:
        yield Problem(f"{where}.decision", "nothing: it is set when the code is added", new.code.decision, "leave it out")
    yield from new.code.problems(register)
    yield from strange_list(register, where, new.code)
