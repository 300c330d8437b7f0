"""``tower``: one page for a party: what is red or amber, who agreed to act, what is owed, who meets when, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.service.opening import hindsight_words, iso_day
from orepact.service.pact.desk import asked, facts_for, manifest_of
from orepact.service.rules import day_of
from orepact.service.view import tower_changes, tower_duties, tower_sites
from orepact.service.view.kept import kept
from orepact.service.view.tower_alarms import Ringing, ringing
from orepact.service.view.tower_grid import Cell, grid
from orepact.service.view.tower_party import Party, party_of
from orepact.service.view.tower_rules import TowerRules
from orepact.service.view.tower_steps import Pacts, Step
from orepact.service.view.tower_watch import heard
from orepact.wording import deed

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Ledger
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.service.view.tower_changes import Change
    from orepact.service.view.tower_duties import Duty, NextMeeting, OpenIncident
    from orepact.service.view.tower_sites import Site, Stake, Tie
    from orepact.store.store import Store

#: Days over which changes are told, if nothing else is said, and at most.
USUAL_DAYS, MOST_DAYS = 7, 366
LAST_SELLER = f"imports are of the last seller: where it came from before is in {deed('measure_origin')}"
BY_NAME = "sites are a company's where a source names it so; one that is called otherwise is not found"


@dataclass(frozen=True, slots=True)
class Tower:
    """All that a tower shows. What a party has not is empty: a company has no alarms, a country no sites.

    ``grid``: stage by element; ``alarms``: the worst first, ``steps`` by alarm; ``changes``: since ``since``. ``meta``: manifest,
    sources and warnings.
    """

    party: Party
    on: date
    since: date
    grid: tuple[Cell, ...]
    alarms: tuple[Ringing, ...]
    steps: tuple[Step, ...]
    duties: tuple[Duty, ...]
    meetings: tuple[NextMeeting, ...]
    incidents: tuple[OpenIncident, ...]
    changes: tuple[Change, ...]
    sites: tuple[Site, ...]
    contracts: tuple[Tie, ...]
    owners: tuple[Stake, ...]
    meta: Mapping[str, Any]

    def steps_of(self, alarm: Ringing) -> tuple[Step, ...]:
        """Who agreed to act on an alarm."""
        return tuple(step for step in self.steps if step.alarm == alarm.id)


def tower(
    party: str,
    ledger: Ledger,
    db: Where = None,
    *,
    on: str | None = None,
    days: int = USUAL_DAYS,
    rules: TowerRules | None = None,
) -> Tower:
    """The tower of a party on a day (default: that of the facts' view, else today); changes are those of the last ``days``.

    ``party``: a country or group (``KOR``), a province (``CA-QC``), or an organisation by its id or name. The register is seen as
    ``db`` sees it, the facts as ``ledger`` does; nothing else counts. Raises ``NotFound`` for another party, ``BadInput`` for a
    day that is none or too many days.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadInput([Problem("days", f"1 to {MOST_DAYS}", str(days), "ask for fewer days")])
    day = day_of(on if on is not None else iso_day(ledger.view.day) or None)
    with asked(db) as (store, register):
        facts = facts_for(store, ledger)
        opened = Open(store, register, facts, rules or TowerRules.shipped(), day, day - timedelta(days=days))
        return opened.tower(party_of(party, facts.codes, register, opened.rules))


@dataclass(frozen=True, eq=False)
class Open:
    """Register and facts as they are open for one answer."""

    store: Store
    register: Register
    ledger: Ledger
    rules: TowerRules
    on: date
    since: date

    def tower(self, party: Party) -> Tower:
        """The answer."""
        cells, alarms = self._watched(party)
        pacts = Pacts(party, self.store, self.register, self.rules, self.ledger, self.on)
        steps = tuple(step for alarm in alarms for step in pacts.steps(alarm))
        found = tower_sites.sites(self.ledger, self.register, party, self.rules, self.on) if _has_sites(party) else ()
        company = party.sort == "company"
        return Tower(
            party=party,
            on=self.on,
            since=self.since,
            grid=cells or tower_sites.cells(found, self.ledger.codes, self.rules),
            alarms=alarms,
            steps=steps,
            duties=tower_duties.duties(self.store, self.register, party, self.on, self.rules.most.duties),
            meetings=tower_duties.meetings(self.register, party, self.on),
            incidents=tower_duties.incidents(self.register, party, self.on),
            changes=self._changes(party, frozenset(line.instrument.id for line in pacts.lines)),
            sites=found,
            contracts=tower_sites.ties(self.register, party, self.on) if company else (),
            owners=tower_sites.owners(self.register, party, self.on) if company else (),
            meta=self._meta(party, cells, alarms),
        )

    def _watched(self, party: Party) -> tuple[tuple[Cell, ...], tuple[Ringing, ...]]:
        """Grid and alarms: of the facts and the day alone, so they are kept for all who see the same."""
        if not party.watched:
            return (), ()

        def read() -> tuple[tuple[Cell, ...], tuple[Ringing, ...]]:
            said = heard(self.ledger, party.place, self.on)
            return grid(said, self.rules), ringing(said, self.rules)[: self.rules.most.alarms]

        return kept(self.ledger, ("tower", party.place, self.on, self.rules.model_dump_json()), read)

    def _changes(self, party: Party, instruments: frozenset[str]) -> tuple[Change, ...]:
        most, since, on = self.rules.most.changes, self.since, self.on
        records = tower_changes.records(self.store, party, instruments, (since, on), most)
        law = tower_changes.rules(party, since, on)
        places = frozenset({party.place, *self.ledger.codes.members(party.place)} if party.place in _known(self.ledger) else ())
        figures = kept(
            self.ledger, ("figures", party.place, since, on), lambda: tower_changes.figures(self.ledger, places, since, on)
        )  # fmt: skip
        return (*records, *law, *figures)[:most]

    def _meta(self, party: Party, cells: Sequence[Cell], alarms: Sequence[Ringing]) -> dict[str, Any]:
        figures = [figure for figure in (*(cell.figure for cell in cells), *(one.figure for one in alarms)) if figure is not None]
        used = sorted({source for figure in figures for source in figure.sources})
        warnings = [*([LAST_SELLER] if party.watched else []), *([BY_NAME] if party.sort == "company" else [])]
        return {
            "manifest": manifest_of(self.store, self.on, self.ledger),
            "sources": kept(self.ledger, ("sources", tuple(used)), lambda: described(self.ledger, used)),
            "warnings": [*warnings, *hindsight_words(self.ledger)],
        }


def _has_sites(party: Party) -> bool:
    return party.sort in {"province", "company"}


def _known(ledger: Ledger) -> set[str]:
    return {*ledger.codes.places, *ledger.codes.groups}


def described(ledger: Ledger, names: Sequence[str]) -> list[dict[str, Any]]:
    """Sources of the facts and rules of law by id: title, producer, address, licence as far as they have them."""
    from orepact.facts.rules import RuleBook

    known, book, out = ledger.sources, RuleBook.shipped(), []
    for name in names:
        entry: dict[str, Any] = {"source": name}
        if name in book.rules:
            rule = book.rules[name]
            entry |= {"title": rule.provision, "producer": rule.instrument, "address": rule.source}
        elif name in known.index:
            entry |= {
                key: str(known.loc[name][key]) for key in ("title", "producer", "edition", "published", "licence", "address")
            }
        out.append(entry)
    return out
