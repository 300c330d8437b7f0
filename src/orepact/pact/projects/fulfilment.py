"""What a contract promised up to a day, version by version, against what was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orepact.pact.dates.days import Span, happened
from orepact.pact.projects.contracts import DAYS_IN_YEAR, Contract, Term, Version, yearly, years_of
from orepact.pact.projects.project import ENDED


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """Promised and delivered up to a day, in ``unit``: ``promised`` is None where no amount or no begin is stated.

    An amount "up to" so much is no duty, and counts as not stated.
    """

    unit: str
    promised: float | None
    delivered: float

    @property
    def share(self) -> float | None:
        """Delivered of promised."""
        return self.delivered / self.promised if self.promised else None


def fulfilled(contract: Contract, on: date, *, output: float | None = None) -> Fulfilled:
    """What a contract promised by a day, version by version, and what was delivered; only deliveries in the unit of the promise.

    A term that begins in a year or month is taken to begin with its last day, so the promise is the least that it can be. A
    contract that has ended promises nothing after its end.
    """
    promised, unit = _promised(contract, min(on, _end_by(contract, on)), output)
    done = [one for one in contract.deliveries if happened(one.period, on)]
    unit = unit or (done[0].unit if done else "")
    return Fulfilled(unit, promised, sum(one.quantity for one in done if one.unit == unit))


def _promised(contract: Contract, on: date, output: float | None) -> tuple[float | None, str]:
    known = sorted((one for one in contract.versions if happened(one.valid_from, on)), key=lambda one: Span.of(one.valid_from))
    total, unit, told = 0.0, "", False
    for at, version in enumerate(known):
        amount, own = _owed(version, output)
        if amount is None or (unit and own != unit):
            continue
        since = Span.of(version.valid_from).first if at else date.min  # what ran before is promised by the version before
        until = Span.of(known[at + 1].valid_from).first if at + 1 < len(known) else on
        total += amount * (_years_run(version.term, until) - _years_run(version.term, since))
        unit, told = own, True
    return (total if told else None), unit


def _owed(version: Version, output: float | None) -> tuple[float | None, str]:
    """Amount a year and its unit, None where it is no duty or where nobody says from when."""
    if version.term.begins is None or (version.quantity and version.quantity.up_to):
        return None, ""
    return yearly(version, output)


def _end_by(contract: Contract, on: date) -> date:
    """The last day that the contract may have lasted, as known on a day."""
    state = contract.standing(on)
    return Span.of(state.since).last if state.status in ENDED else date.max


def _years_run(term: Term, until: date) -> float:
    """Years of a term that lie before a day."""
    begins = Span.of(term.begins or "").last
    run = max(0.0, (until - begins).days / DAYS_IN_YEAR)
    longest = years_of(term)
    return run if longest is None else min(run, longest)
