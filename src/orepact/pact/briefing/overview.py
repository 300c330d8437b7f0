"""Where bodies and instruments stand on a day, one line each: what lists and boards show first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due
from orepact.pact.bodies.known import known_on
from orepact.pact.bodies.meetings import held_by
from orepact.pact.bodies.rotation import chair
from orepact.pact.instruments import known
from orepact.pact.instruments.ending import NoticePeriod, clocks, participants_on, standing
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.operation import start

if TYPE_CHECKING:
    from orepact.pact.bodies.body import BodySide
    from orepact.pact.bodies.due import Due
    from orepact.pact.bodies.rotation import Chair
    from orepact.pact.instruments.ending import Standing
    from orepact.pact.instruments.operation import Start
    from orepact.pact.records.register import Register


@dataclass(frozen=True, slots=True)
class SideOf:
    """One side of a body: who chaired the last meeting ("" where nobody knows), and who chairs the next."""

    side: str
    chair: str
    following: Chair


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body on a day."""

    body: Body
    sides: tuple[SideOf, ...]
    due: Due
    meetings: int


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """An instrument on a day, with the clocks of notices to end it."""

    instrument: Instrument
    standing: Standing
    start: Start
    parties: tuple[str, ...]
    clocks: tuple[NoticePeriod, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        """The countries between which it stands, those that nobody represents among them."""
        return tuple(dict.fromkeys((*self.instrument.countries, *(party.side for party in self.instrument.parties))))

    @property
    def asked_by(self) -> frozenset[str]:
        """All by which somebody may ask for it: its countries and its parties."""
        return frozenset((*self.sides, *self.parties))


def bodies(register: Register, on: date) -> list[BodyLine]:
    """Every body that is known of on a day, by id."""
    found = sorted(register.all(Body), key=lambda body: body.id)
    return [body_line(body, register, on) for body in found if known_on(body, register, on)]


def body_line(body: Body, register: Register, on: date) -> BodyLine:
    """A body on a day, one line."""
    sides = tuple(_side(body, side, register, on) for side in body.sides)
    return BodyLine(body, sides, next_due(body.id, register, on), len(held_by(body.id, register, on)))


def _side(body: Body, side: BodySide, register: Register, on: date) -> SideOf:
    held = held_by(body.id, register, on)
    last = held[-1].chair_of(side.side) if held else None
    return SideOf(side.side, last.organisation if last else "", chair(body.id, side.side, register, on))


def instruments(register: Register, on: date) -> list[InstrumentLine]:
    """Every instrument that is known of on a day, by id."""
    found = sorted((one for one in register.all(Instrument) if known.known_on(one, on)), key=lambda one: one.id)
    return [_instrument(instrument, register, on) for instrument in found]


def _instrument(instrument: Instrument, register: Register, on: date) -> InstrumentLine:
    parties, running = participants_on(instrument, register, on), clocks(instrument, register, on)
    return InstrumentLine(instrument, standing(instrument, register, on), start(instrument, on), parties, running)
