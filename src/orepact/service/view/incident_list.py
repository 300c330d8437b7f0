"""Incidents as one reader sees them: where each stands, and how long its clock still runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.progress import progress
from orepact.pact.instruments.instrument import Instrument
from orepact.service.pact.desk import asked
from orepact.service.rules import day_of
from orepact.service.view.said import Named
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where


@dataclass(frozen=True, slots=True)
class Line:
    """An incident on a day. ``stage``: the step that is open, ``closed`` or ``done``; ``clock``: the state of the clock of the
    meeting; ``last_day``: until when the sides meet; ``days_left``: None where no clock runs.
    """

    id: str
    title: Named
    instrument: str
    instrument_name: Named
    stage: str
    drill: bool
    clock: str
    last_day: str
    days_left: int | None
    asked_by: Named | None
    label: str


def incidents(db: Where = None, *, on: str | None = None) -> tuple[Line, ...]:
    """Every incident that who asks may know of: those that are open first, the most urgent at the top, exercises last."""
    day = day_of(on)
    with asked(db) as (_, register):
        found = [_line(one, register, day) for one in register.all(Incident)]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: Line) -> tuple[bool, bool, str, str]:
    return one.drill, one.stage in {"closed", "done"}, one.last_day or "9999", one.id


def _line(one: Incident, register: Register, on: date) -> Line:
    told = progress(one, register, on)
    clock = told.meeting
    instrument = register.records.get((Instrument.kind, one.instrument))
    title = Named(instrument.title, titles(instrument.titles)) if isinstance(instrument, Instrument) else Named(one.instrument)
    return Line(
        one.id, Named(one.title, titles(one.titles)), one.instrument, title, told.stage, one.drill, clock.state,
        clock.last.isoformat() if clock.last else "", clock.left, name_of(register, one.request.by) if one.request else None,
        one.label,
    )  # fmt: skip
