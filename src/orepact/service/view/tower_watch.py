"""``Heard``: what the early warning says of one place, with the imports and export controls behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from orepact.facts.rules import RuleBook
from orepact.service.shock.watching import Desk
from orepact.service.view.kept import kept
from orepact.shock.watch.controls import spells_on
from orepact.shock.watch.rules import WatchRules

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.shock.watch.controls import Loud
    from orepact.shock.watch.imports import Imports
    from orepact.shock.watch.signals import Alarm


@dataclass(frozen=True, eq=False)
class Heard:
    """The alarms of a place on a day, by good, and what they were made of."""

    desk: Desk
    place: str

    @cached_property
    def alarms(self) -> Mapping[str, Alarm]:
        """The alarm of each good of which anything is known."""
        return {alarm.commodity: alarm for alarm in self.desk.alarms(self.place)}

    def imports(self, good: str) -> Imports:
        """What the place buys of a good."""
        if good not in self._imports:
            self._imports[good] = self.desk.imports_of(self.place, good)
        return self._imports[good]

    @cached_property
    def _imports(self) -> dict[str, Imports]:
        return {}

    def controls(self, good: str) -> list[Loud]:
        """Export controls of others on a good, the loudest first."""
        return self.desk.controls_of(self.place, good)


def heard(ledger: Ledger, place: str, on: date) -> Heard:
    """What the early warning says of a place with the law of a day."""
    return kept(ledger, ("heard", place, on), lambda: _opened(ledger, place, on))


def _opened(ledger: Ledger, place: str, on: date) -> Heard:
    found = Heard(_of_day(desk(ledger, on), on), place)
    _ = found.alarms  # worked out here, so that what is kept is whole
    return found


def desk(ledger: Ledger, on: date) -> Desk:
    """Everything that the watch looks at, with the law of some day of the year."""
    goods = list(ledger.codes.commodities)
    return kept(ledger, ("desk", on.year), lambda: Desk.of(ledger, WatchRules.shipped(), goods, None, day=on), of_claims=True)


def _of_day(desk: Desk, on: date) -> Desk:
    """The same tables with the law of another day; shares of the world's supply of goods that it hits are read anew."""
    if desk.day == on:
        return desk
    spells = spells_on(RuleBook.shipped(), on, desk.rules.controls, include_unverified=desk.ledger.view.include_unverified)
    known = {spell.rule.key for spell in desk.spells}
    if {spell.rule.key for spell in spells} <= known:
        return replace(desk, day=on, spells=spells)
    return Desk.of(desk.ledger, desk.rules, list(desk.ledger.codes.commodities), None, day=on)
