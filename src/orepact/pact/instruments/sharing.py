"""``Sharing``: information given under an instrument. The end of the instrument never opens it: ``protection`` says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orepact.errors import Problem
from orepact.pact.dates.days import Span
from orepact.pact.dates.past import PastDay
from orepact.pact.instruments.ending import end_of
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.operation import signatures_by, start
from orepact.pact.records.record import Entry, Identifier, Record
from orepact.pact.records.references import InstrumentId, OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Sharing(Record):
    """What was given, by whom, to whom, on which day, under which instrument. Its label outlives the instrument."""

    kind: ClassVar[str] = "sharing"

    instrument: InstrumentId
    given_by: OrganisationId
    given_to: tuple[OrganisationId, ...]
    shared_on: PastDay
    datasets: tuple[Identifier, ...] = ()

    def entry(self) -> Entry:
        """Owned by who gave it."""
        return Entry(self.title, "shared", self.given_by, self.instrument)

    def problems(self, register: Register) -> Iterator[Problem]:
        """Information given by, or to, who is no party of the instrument."""
        instrument = register.records.get((Instrument.kind, self.instrument))
        if isinstance(instrument, Instrument) and instrument.parties:
            for name in (self.given_by, *self.given_to):
                if name not in instrument.participants:
                    mend = "name an instrument of both, such as a non-disclosure agreement"
                    yield Problem(f"sharing {self.id}", f"parties of {self.instrument}", name, mend)


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether an instrument protects what was shared: null where it does not say what happens after its end."""

    holds: bool | None
    because: str


def protection(instrument: Instrument, register: Register, shared_on: date, on: date) -> Protection:
    """Whether what was shared on one day is protected by the instrument on another."""
    begun = start(instrument, on).day or next((mark.day for mark in signatures_by(instrument, on)[-1:]), None)
    if begun is None or shared_on < Span.of(begun).first:
        return Protection(False, f"shared {shared_on}, before the instrument started ({begun or 'it has not'})")
    end = end_of(instrument, register, on)
    if end is None or end > on:
        return Protection(True, f"the instrument holds on {on}")
    if shared_on >= end:
        return Protection(False, f"shared {shared_on}, after the instrument ended on {end}")
    survival = instrument.end.survival if instrument.end else None
    if survival is None:
        return Protection(None, f"ended on {end}; what then holds is not stated, so that the label stays as it was given")
    said = instrument.end.survival_text if instrument.end else ""
    return Protection(survival, f"ended on {end}; {said or ('protection goes on' if survival else 'protection ends with it')}")


def protected(register: Register, instrument: str, shared_on: date, on: date) -> bool:
    """Whether what was shared must be treated as protected: what nobody stated is not open."""
    return protection(register.get(Instrument, instrument), register, shared_on, on).holds is not False
