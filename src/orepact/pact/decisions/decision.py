"""``Decision``: what the sides decide together. Each turns its own key, approving or declining with a reason; one key is none.

Who holds the keys is written down when the decision is asked for, so that later changes of an instrument do not move what was
decided. A key is never turned back: a change of mind is another decision that ``supersedes`` this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from orepact.errors import BadInput, Problem
from orepact.pact.dates.moments import Zone, local_day
from orepact.pact.dates.past import PastMoment
from orepact.pact.instruments.ending import participants_on
from orepact.pact.instruments.instrument import Instrument, Side, unknown_articles
from orepact.pact.records.changes import kept
from orepact.pact.records.codes import Code
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import (
    AmendmentId,
    AssessmentId,
    DecisionId,
    IncidentId,
    InstrumentId,
    OrganisationId,
    PersonId,
)

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: ``each_side``: one contact point of every side; ``all_participants``: every participant.
Quorum = Literal["each_side", "all_participants"]
State = Literal["not_asked", "open", "approved", "declined", "expired"]
#: The option to give no aid, which every assessment has.
NO_AID = "none"


class AidChoice(Part):
    """Take an option of an assessment of an incident, or ``none`` of them."""

    what: Literal["aid"]
    incident: IncidentId
    assessment: AssessmentId
    option: Text = Field(min_length=1)
    text: Text = ""


class NewCode(Part):
    """Add an entry to a list, such as a kind of instrument, an area or a form of cooperation."""

    what: Literal["code"]
    code: Code
    text: Text = ""


class Amending(Part):
    """Change an instrument."""

    what: Literal["amendment"]
    amendment: AmendmentId
    text: Text = ""


class Other(Part):
    """Anything else, in words."""

    what: Literal["other"]
    text: Text = Field(min_length=1)


Subject = Annotated[AidChoice | NewCode | Amending | Other, Field(discriminator="what")]


class Holder(Part):
    """The organisations of a side that may turn its key; with ``all_participants`` each of them has one to turn."""

    side: Side
    organisations: tuple[OrganisationId, ...] = Field(min_length=1)


class Key(Part):
    """A key turned: who did it for which side, when, and why."""

    side: Side
    organisation: OrganisationId
    person: PersonId
    verdict: Literal["approve", "decline"]
    reason: Text = Field(min_length=1)
    given_at: PastMoment


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision on a day: ``day`` when it was settled, ``missing`` whose keys are not turned, ``because`` in words."""

    state: State
    day: date | None
    missing: tuple[str, ...]
    because: str


#: What is asked when a decision is asked for, and stays as it was asked.
ASKED = ("instrument", "article", "subject", "asked_at", "asked_by", "quorum", "holders", "expires_on", "supersedes", "time_zone")


class Decision(Record):
    """A decision of the sides of an instrument. Days are those of ``time_zone``; keys may be turned until ``expires_on`` ends."""

    kind: ClassVar[str] = "decision"

    instrument: InstrumentId
    article: Identifier | None = None
    subject: Subject
    asked_at: PastMoment
    asked_by: OrganisationId
    quorum: Quorum = "each_side"
    holders: tuple[Holder, ...]
    keys: tuple[Key, ...] = ()
    expires_on: date | None = None
    supersedes: DecisionId | None = None
    time_zone: Zone = "UTC"

    def entry(self) -> Entry:
        """Its state is what the keys turned so far make of it; it is due when it expires."""
        state = self.outcome(self.keys).state
        due = self.expires_on if state == "open" else None
        return Entry(self.title, state, self.asked_by, self.instrument, (self.article,) if self.article else (), due)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment where the decision is at home."""
        return local_day(moment, self.time_zone)

    def outcome_on(self, on: date) -> Outcome:
        """How it stands on a day, knowing the keys turned until then."""
        if self.day_of(self.asked_at) > on:
            return Outcome("not_asked", None, (), f"it is asked on {self.day_of(self.asked_at)}")
        last = on if self.expires_on is None else min(on, self.expires_on)
        known = tuple(key for key in self.keys if self.day_of(key.given_at) <= last)
        found = self.outcome(known)
        if found.state == "open" and self.expires_on is not None and self.expires_on < on:
            return Outcome("expired", self.expires_on, found.missing, f"until {self.expires_on} {found.because}")
        return found

    def outcome(self, keys: tuple[Key, ...]) -> Outcome:
        """What these keys make of it: the first key that declines ends it, and it is approved with the last that approves."""
        missing = self.missing(keys)
        declined = [key for key in keys if key.verdict == "decline"]
        if declined:
            first = min(declined, key=lambda key: key.given_at)
            return Outcome("declined", self.day_of(first.given_at), missing, f"{first.organisation} declined: {first.reason}")
        if missing:
            return Outcome("open", None, missing, f"no key of {', '.join(missing)}")
        last = max(key.given_at for key in keys)
        names = ", ".join(key.organisation for key in keys)
        return Outcome("approved", self.day_of(last), (), f"approved by {names}")

    def missing(self, keys: tuple[Key, ...]) -> tuple[str, ...]:
        """Sides without a key; with ``all_participants`` organisations without one."""
        if self.quorum == "each_side":
            turned = {key.side for key in keys}
            return tuple(holder.side for holder in self.holders if holder.side not in turned)
        turned = {key.organisation for key in keys}
        return tuple(name for holder in self.holders for name in holder.organisations if name not in turned)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Keys that are none, holders that the instrument does not have, a subject that is not there."""
        from orepact.pact.decisions.keys import holder_problems, key_problems
        from orepact.pact.decisions.subjects import subject_problems

        where = f"decision {self.id}"
        yield from unknown_articles(register, f"{where}, article", self.instrument, (self.article,) if self.article else ())
        if self.expires_on is not None and self.expires_on < self.day_of(self.asked_at):
            asked = self.day_of(self.asked_at)
            yield Problem(f"{where}, expires_on", f"a day from {asked} on", str(self.expires_on), "mend one of the two dates")
        yield from holder_problems(self, register)
        yield from key_problems(self, register)
        yield from subject_problems(self, register)
        yield from self._superseding(register)

    def forbidden(self, before: Record | None) -> Iterator[Problem]:
        """Another question than was asked, keys taken back or turned anew."""
        if not isinstance(before, Decision):
            return
        yield from kept(before, self, ASKED, "the question as it was asked", "ask for a new decision that supersedes this one")
        if self.keys[: len(before.keys)] != before.keys:
            found = f"{len(self.keys)} keys that do not begin with the {len(before.keys)} turned so far"
            mend = "leave them; a change of mind is a new decision"
            yield Problem(f"decision {self.id}, keys", "keys as they were turned", found, mend)

    def undecided(self, code: Code) -> Iterator[Problem]:
        """What is wrong with a code that names this decision: it never passed, or was about something else."""
        where, outcome = f"code {code.id}, decision", self.outcome(self.keys)
        if outcome.state != "approved":
            mend = "add the code once every side has approved"
            yield Problem(where, "an approved decision", f"{self.id}, {outcome.state}: {outcome.because}", mend)
        proposed = self.subject.code if isinstance(self.subject, NewCode) else None
        if proposed is None or proposed.meaning != code.meaning:
            found = f"{self.id} on {proposed.id if proposed else f'another thing ({self.subject.what})'}"
            mend = "add the code as it was decided; another meaning needs another decision"
            yield Problem(where, f"a decision on {code.id} as it stands here", found, mend)

    def _superseding(self, register: Register) -> Iterator[Problem]:
        where = f"decision {self.id}, supersedes"
        earlier = register.records.get((Decision.kind, self.supersedes or ""))
        if not isinstance(earlier, Decision):
            return
        if earlier.asked_at >= self.asked_at:
            yield Problem(where, "a decision asked for earlier", earlier.id, "mend the id or the moments")
        if earlier.instrument != self.instrument:
            yield Problem(where, f"a decision under {self.instrument}", f"{earlier.id} under {earlier.instrument}", "mend the id")
        if earlier.outcome_on(self.day_of(self.asked_at)).state == "open":
            mend = f"turn the keys of {earlier.id}, or let it expire, first"
            yield Problem(where, "a decision that is settled", f"{earlier.id}, which is open", mend)


def holders_of(instrument: Instrument, register: Register, quorum: Quorum, on: date) -> tuple[Holder, ...]:
    """Who holds the keys of an instrument on a day, by side in the order of its parties; nobody once it has ended.

    With ``each_side`` the contact points of the side, or all of its participants where none is known to be one; with
    ``all_participants`` all of them. Who has left holds none.
    """
    sides: dict[str, list[str]] = {}
    contacts: dict[str, list[str]] = {}
    for name in participants_on(instrument, register, on):
        party = instrument.participants[name]
        sides.setdefault(party.side, []).append(name)
        contacts.setdefault(party.side, []).extend([name] if party.contact else [])
    chosen = {side: contacts[side] or names if quorum == "each_side" else names for side, names in sides.items()}
    return tuple(Holder(side=side, organisations=tuple(names)) for side, names in chosen.items())


def in_force(decision: Decision, register: Register, on: date) -> bool:
    """Whether it is approved on a day, and no later decision in its place is."""
    if decision.outcome_on(on).state != "approved":
        return False
    return not any(other.outcome_on(on).state == "approved" for other in successors(decision, register, on))


def successors(decision: Decision, register: Register, on: date) -> tuple[Decision, ...]:
    """Decisions asked for by a day in place of this one, first to last."""
    others = (record for record, link in register.pointing.get(decision.id, ()) if link.relation == "supersedes")
    found = (one for one in others if isinstance(one, Decision) and one.outcome_on(on).state != "not_asked")
    return tuple(sorted(found, key=lambda one: (one.asked_at, one.id)))


def demand_in_force(decision: Decision, register: Register, on: date) -> None:
    """Raise ``BadInput`` when nobody may act on the decision on a day: not asked, keys missing, declined, expired, superseded."""
    if in_force(decision, register, on):
        return
    found = decision.outcome_on(on)
    mends = {
        "open": f"wait for the key of {', '.join(found.missing)}",
        "declined": "ask for a new decision that supersedes this one",
        "expired": "ask for a new decision that supersedes this one",
        "approved": "act on the decision that took its place",
        "not_asked": "act once it is approved",
    }
    state = "superseded by a later decision" if found.state == "approved" else f"{found.state}: {found.because}"
    raise BadInput([Problem(f"decision {decision.id}", f"a decision in force on {on}", state, mends[found.state])])
