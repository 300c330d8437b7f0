"""Child instruments: which agreements let whom see which data set. A data set that none covers is not opened by any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.instruments.ending import end_of, standing
from orepact.pact.instruments.instrument import Instrument

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: States in which an agreement holds: a signature without a stated start counts.
HOLDS = ("signed", "in_operation", "ending")


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a data set is open to an organisation, by which instrument, or why not."""

    open: bool
    instrument: str | None
    because: str


def children(instrument: str, register: Register) -> list[Instrument]:
    """The instruments made under another one, by id."""
    return register.referring(Instrument, instrument, "parent")


def gate(dataset: str, organisation: str, register: Register, on: date) -> Gate:
    """Whether an organisation may see a data set on a day by an instrument that covers it.

    An agreement that has ended opens nothing more; what was shared under it stays protected (``sharing.protection``).
    """
    covering = [one for one in register.all(Instrument) if dataset in one.datasets]
    if not covering:
        return Gate(False, None, f"no instrument covers {dataset}")
    mine = [one for one in covering if organisation in one.participants]
    for one in mine:
        if standing(one, register, on).stage in HOLDS:
            return Gate(True, one.id, f"{organisation} is a party of {one.id}, which holds on {on}")
    if not mine:
        return Gate(False, None, f"{organisation} is no party of {', '.join(one.id for one in covering)}")
    ends = [end for one in mine if (end := end_of(one, register, on)) and end <= on]
    why = f"ended on {max(ends)}" if ends else "is not signed by every party"
    return Gate(False, mine[-1].id, f"{mine[-1].id} {why}")
