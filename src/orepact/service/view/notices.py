"""Notices as pages show them: who has said that a notice arrived, which wait for whom, and who may send them to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.service.pact.desk import opened
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

#: States of an answer that is still to come.
WAITING = frozenset({"waiting", "late"})


@dataclass(frozen=True, slots=True)
class Receipts:
    """By notice, each organisation that it went to with the state of its answer; and the titles of notices."""

    states: Mapping[str, tuple[tuple[str, str], ...]]
    titles: Mapping[str, str]

    def waiting(self, organisation: str) -> tuple[str, ...]:
        """The notices for which an organisation has still to say that they arrived."""
        return tuple(
            name for name, found in self.states.items() if any(who == organisation and state in WAITING for who, state in found)
        )


def receipts(db: Where, *, on: str | None = None) -> Receipts:
    """The answers to every notice that who asks may see, as they stand on a day."""
    from orepact.pact.instruments.notices import Notice, answers

    day = day_of(on)
    with opened(db) as store:
        every = sorted(store.register([Notice.kind]).all(Notice), key=lambda one: one.id)
    return Receipts(
        {one.id: tuple((each.organisation, each.state) for each in answers(one, day)) for one in every},
        {one.id: one.title for one in every},
    )


def contacts(db: Where) -> dict[str, tuple[str, ...]]:
    """The contact points of each instrument that has some, who send and are sent notices."""
    from orepact.pact.instruments.instrument import Instrument

    with opened(db) as store:
        register = store.register([Instrument.kind])
    found = {one.id: one.contacts() for one in sorted(register.all(Instrument), key=lambda one: one.id)}
    return {name: tuple(who) for name, who in found.items() if who}
