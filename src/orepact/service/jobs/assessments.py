"""Joint assessments as runs: what one rests on when it is asked for, and how it is kept when its shock has been followed.

It is kept in one transaction with the end of its run, as who asked for it stands then: a worker that has lost the run keeps
neither, and no run is at its end without its assessment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Conflict, Forbidden, Problem
from orepact.facts.labels import Audience, Label, Tlp
from orepact.service.access.may import may

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.pact.incidents.assessments import Assessment
    from orepact.pact.records.readers import Reader
    from orepact.service.jobs.questions import Assessment as Asked
    from orepact.service.result import Result
    from orepact.store.store import Store

#: So often an id that somebody else took a moment ago is chosen anew.
CHOICES = 5


class Lost(Exception):
    """The run is no longer this worker's: nothing is kept."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What an assessment rests on beside its question: the event as it was frozen (JSON), the assessment before it, its label."""

    event: str
    after: str
    label: str

    def audience(self, organisation: str, asking: Audience | None) -> Audience | None:
        """For whom the facts of it are opened: nobody who reads it may learn of a fact that is not for him."""
        return asking if self.private_to(organisation) else Audience()

    def private_to(self, organisation: str) -> bool:
        """Whether members of one organisation alone read it."""
        label = Label.parse(self.label)
        return label is not None and label.level >= Tlp.AMBER_STRICT and label.owner == organisation

    def covers(self, own: str) -> bool:
        """Whether nobody reads it who may not read what is labelled so, an organisation's own."""
        label, theirs = Label.parse(self.label), Label.parse(own)
        assert theirs is not None, "it was read before"
        return label is not None and self.private_to(theirs.owner) and label.level >= theirs.level


def begun(store: Store, asked: Asked, organisation: str, *, own: str = "") -> Begun:
    """What an assessment that somebody asks for would rest on, now; ``own``: the label of what is his organisation's own in it.

    Raises:
        NotFound: there is no such incident for him.
        Forbidden: he writes nothing, nothing of that label, or nothing in the name of another.
        BadInput: the incident has no event that can be run; or an open assessment would rest on what is an organisation's own.
        Conflict: the id is taken.
    """
    from orepact.pact.incidents.incident import Incident
    from orepact.service.pact.assessing import assessments

    may(store.reader, "write")
    with store.reading() as register:
        incident = register.get(Incident, asked.incident)
        before = assessments(register, asked.incident)
        taken = asked.name is not None and ("assessment", asked.name) in register.records
    found = Begun("" if asked.events else _event(incident), before[-1].id if before else "", incident.label)
    _demand_his(store.reader, asked, found, organisation)
    if taken:
        raise Conflict([f"assessment {asked.name}: there is one already; choose another id"])
    if own and not found.covers(own):
        expected = "nothing that those who read the assessment may not know of"
        mend = "leave it out (a network can be sent along), or assess an incident that is labelled so"
        raise BadInput([Problem("overlay or network", expected, f"what is {own}", mend)])
    return found


def _event(incident: Any) -> str:
    """The event of an incident, whole; raises ``BadInput`` where it has none that can be run."""
    from orepact.service.pact.assessing import own_event
    from orepact.shock.events.event import Event
    from orepact.shock.events.reading import shipped_events

    found = own_event(incident)
    if isinstance(found, str):
        if found not in shipped_events():  # it would be read as the name of a file
            mend = "name an event of the library (events)"
            raise BadInput([Problem(f"incident {incident.id}, event", "an event that can be run", repr(found)[:80], mend)])
        found = Event.load(found)
    return found.text


def _demand_his(reader: Reader | None, asked: Asked, found: Begun, organisation: str) -> None:
    if reader is None:
        if not (asked.by or organisation):
            raise BadInput([Problem("by", "the organisation that makes the assessment", "none", "name it (by=ORGANISATION)")])
        return
    if asked.by not in ("", organisation):
        raise Forbidden("an assessment is made by the organisation for which the account acts")
    label = Label.parse(found.label)
    if label is not None and label.owner not in ("", organisation) and label.level >= Tlp.AMBER:
        raise Forbidden("what is closed is assessed by its owner alone")


def keep(
    store: Store,
    reader: Reader | None,
    asked: Asked,
    figures: Mapping[str, Any],
    end: Callable[[Connection, Result], bool],
    *,
    by: str,
) -> bool:
    """Keep the assessment of these figures, made by an organisation, in one with what ``end`` writes, told the answer; False, and
    nothing is kept, when ``end`` says that the run is no longer this worker's.

    Raises ``Forbidden``, ``NotFound`` and ``BadInput`` as ``assess_incident`` does, of who asked as he stands now, and
    ``StoreUnavailable``.
    """
    theirs = store if reader is None else store.seen_by(reader)
    may(reader, "write")
    for choice in range(CHOICES):
        try:
            return _kept(theirs, asked, asked.by or by, figures, end)
        except Conflict:
            if asked.name is not None or choice == CHOICES - 1:
                raise
    raise AssertionError("the last choice returns or raises")


def _kept(store: Store, asked: Asked, by: str, figures: Mapping[str, Any], end: Callable[[Connection, Result], bool]) -> bool:
    from orepact.service.pact import desk

    made, answer = _made(store, asked, by, figures)

    def beside(connection: Connection, _: object) -> None:
        if not end(connection, answer):
            raise Lost

    try:
        desk.keep(replace(store, beside=beside), [made], {}, actor=asked.actor, reason=asked.reason)
    except Lost:
        return False
    return True


def _made(store: Store, asked: Asked, by: str, figures: Mapping[str, Any]) -> tuple[Assessment, Result]:
    from orepact.pact.incidents.incident import Incident
    from orepact.service.pact.assessing import assessments, options_of, sealed, unusual

    with store.reading() as register:
        incident = register.get(Incident, asked.incident)
        before = assessments(register, asked.incident)
    moment = store.clock().replace(microsecond=0)  # as all moments are: a decision may be asked for in the same second
    made = sealed(incident, before, figures, name=asked.name, by=by, moment=moment)
    answer = options_of(made, {})
    return made, replace(answer, meta={**answer.meta, "warnings": [*unusual(incident), *answer.warnings]})
