"""Use cases of early warning: what rings, for whom, and why; on the shipped facts, or on a network package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.facts.rules import RuleBook
from orepact.measure.supply.amounts import places_under, statistic, years_of
from orepact.service.concentrating import governance_of
from orepact.service.flowing import Report, silent
from orepact.service.opening import hindsight_words, iso_day, manifest_of
from orepact.service.result import Result
from orepact.service.rules import begun_later, day_of
from orepact.service.shock.question import Question
from orepact.service.shock.watch_rows import answer, sources_named
from orepact.shock.watch.controls import Loud, Spell, control_signal, covers, heard, kind_of, spells_on
from orepact.shock.watch.customs import Customs, customs_of, no_customs, world_shares
from orepact.shock.watch.imports import Imports, import_signals
from orepact.shock.watch.prices import price_signal, prices_of
from orepact.shock.watch.reports import late_in
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Alarm, Signal, alarm_of
from orepact.shock.watch.stocks import Cover, published_stocks, reported_stocks, stock_signal
from orepact.wording import deed, field

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

#: Statistics by element that tell the world's supply of a good at a stage, where no share of it is in the facts.
SUPPLY = {"mine": "mine_production", "concentrate": "mine_production", "refine": "refinery_production"}

#: The stage of the goods that stocks of an element are held in.
STOCKED = "refine"


def watch(
    asked: Question | Ledger | None,
    *,
    place: str | None = None,
    commodity: str | None = None,
    level: str | None = None,
    rows: str = "alarms",
    rules: Path | None = None,
    flows: Path | None = None,
    report: Report = silent,
    **where: Any,
) -> Result:
    """What is at ``level`` (default ``caution``) or worse, by party and commodity, and why in words.

    ``asked`` is a ``Question``, or facts (None for a package) with ``network`` and ``year`` by name; ``year``: of customs and
    prices (default: the latest). ``rows="alarms"``: ``place, commodity, level, reasons, because, no_data``, the worst first;
    ``rows="all"``: every indicator, ``place, commodity, indicator, value, unit, year, level, reason, sources, confidence, kind``,
    of any level unless one is asked for. ``place``: a place or a group, taken as one party (default: the parties of the rules);
    ``commodity``: a commodity, or an element for every form of it. Rules of law stand as on the day of the ledger's view, else
    today. ``rules``: a YAML file laid over the shipped rules of the watch. ``flows``: of a package, a file in place of its own.

    Of a package only flows and stocks can say anything: it has no prices over time, no governance and no law, and those
    indicators say so. Its imports are the routes that arrive from outside the party (a place or a group; default: every place),
    by place of dispatch; its days of stock are stocks over what is used and demanded there in a year.

    Raises ``NotFound`` for unknown names and ``BadInput`` with every problem of the rules.
    """
    question, known = Question.of(asked, **where), WatchRules.load(rules)
    _demand_used(question, flows)
    if question.network is None:
        alarms, meta = _of_facts(question, known, place, commodity, file=rules)
    else:
        alarms, meta = _of_package(question, known, place, commodity, flows=flows, report=report)
    return answer(alarms, known, rows, level, meta)


def _demand_used(question: Question, flows: Path | None) -> None:
    """Refuse what the watch would not look at."""
    problems = []
    if question.scenario is not None:
        problems.append(Problem("scenario", "what has been reported", repr(str(question.scenario)), "leave it out"))
    if flows is not None and question.network is None:
        problems.append(
            Problem("flows", "a network package that they run on", "none", f"give {field('network')} too, or leave it out")
        )
    if problems:
        raise BadInput(problems)


def _of_facts(
    question: Question, rules: WatchRules, place: str | None, commodity: str | None, *, file: Path | None
) -> tuple[list[Alarm], dict[str, Any]]:
    """The alarms of the facts and what to know about them."""
    ledger = question.ledger
    assert ledger is not None, "the question is about the facts"
    _demand_known(rules, ledger.codes, file)
    parties = [place] if place is not None else list(rules.parties)
    for party in parties:
        ledger.codes.place(party)
    desk = Desk.of(ledger, rules, _named(ledger.codes, commodity), question.year)
    if not desk.things:
        expected = "a thing with customs figures, a price or an export control"
        raise BadInput([Problem("commodity", expected, str(commodity), "try another one")])
    alarms = [alarm for party in parties for alarm in desk.alarms(party)]
    return alarms, _meta(desk, alarms)


def _of_package(
    question: Question, rules: WatchRules, place: str | None, commodity: str | None, *, flows: Path | None, report: Report
) -> tuple[list[Alarm], dict[str, Any]]:
    """The alarms of a package and what to know about them."""
    from orepact.service.flowing import flows_of_package
    from orepact.service.naming import commodities_named
    from orepact.service.shock.watching_package import package_alarms

    assert question.network is not None, "the question is about a package"
    year = question.year
    found = flows_of_package(question.network, flows=flows, report=report)
    if year is not None and year not in found.years:
        known = ", ".join(map(str, found.years))
        raise BadInput([Problem("year", f"a year of the network: {known}", str(year), "ask for one of them")])
    names = None if commodity is None else commodities_named(found.network, commodity)
    alarms = package_alarms(found, rules, place=place, commodities=names, year=year)
    return alarms, {"manifest": found.manifest.as_dict(), "sources": [], "warnings": [], "combination": rules.combination.title}


@dataclass(frozen=True, eq=False)
class Desk:
    """Everything that the watch looks at, read once: tables of the facts, the calendar of law, and the rules of the watch."""

    ledger: Ledger
    rules: WatchRules
    day: date
    year: int | None
    things: tuple[str, ...]
    customs: Mapping[str, Customs]
    prices: pd.DataFrame
    governance: Mapping[str, float]
    spells: Sequence[Spell]
    world: Mapping[str, Mapping[str, float]]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, ledger: Ledger, rules: WatchRules, named: Sequence[str], year: int | None, *, day: date | None = None) -> Desk:
        """The desk for those of some commodities of which anything is known; the day of law is that of the view, else today,
        unless one is given.
        """
        codes, book = ledger.codes, RuleBook.shipped()
        day = day or day_of(iso_day(ledger.view.day) or None)
        customs = customs_of(ledger, {*named, *(rules.customs_of.get(name, name) for name in named)}, year)
        late = late_in(ledger, (table.year for table in customs.values()), rules.reading.reports_in)
        customs = {name: replace(table, late=late[table.year]) for name, table in customs.items()}
        prices = prices_of(ledger)
        known = _controlled(rules, book) | set(prices["thing"])
        spoken_of = [name for name in named if name in known or rules.customs_of.get(name, name) in customs]
        things = tuple(name for name in spoken_of if name not in rules.not_traded)
        spells = spells_on(book, day, rules.controls, include_unverified=ledger.view.include_unverified)
        hit = [name for name in things if any(covers(spell.rule, name, rules.controls) for spell in spells)]
        world = _worlds(ledger, rules, hit, year or day.year)
        risk, _ = governance_of(ledger, year or day.year)
        titles = {name: group.title for name, group in codes.groups.items()}
        titles |= {name: entry.title for name, entry in codes.places.items()}
        return cls(ledger, rules, day, year, things, customs, prices, risk, spells, world, titles)

    def alarms(self, place: str) -> list[Alarm]:
        """The alarm of one party for each commodity."""
        inside = frozenset(places_under(self.ledger.codes, place))
        reported = reported_stocks(self.ledger, [place], self.year)
        return [self._alarm(place, inside, name, reported) for name in self.things]

    def _alarm(self, place: str, inside: frozenset[str], commodity: str, reported: Mapping[str, Cover]) -> Alarm:
        imports = self.imports_of(place, commodity)
        signals = [
            *import_signals(imports, self.rules, self.governance),
            price_signal(self.prices, place, commodity, self.rules, self.year),
            control_signal(imports, self.spells, self.rules, self.day, inside=inside, world=self.world.get(commodity)),
            self._stocks(place, commodity, reported),
        ]
        order = list(self.rules.indicators)
        kept = [signal for signal in signals if signal.indicator in order]
        return alarm_of(sorted(kept, key=lambda signal: order.index(signal.indicator)), self.rules)

    def imports_of(self, place: str, commodity: str) -> Imports:
        """What a party buys of a commodity, as customs tables tell it."""
        inside = frozenset(places_under(self.ledger.codes, place))
        held = self.rules.customs_of.get(commodity, commodity)
        table = self.customs.get(held)
        if table is None:
            return no_customs(place, commodity, self.titles)
        if not any(inside & each.countries for each in self.customs.values()):
            return no_customs(place, commodity, self.titles, f"customs tables speak of countries, none of them {place}")
        return table.imports_of(place, inside, self.titles).counted_as(commodity)

    def controls_of(self, place: str, commodity: str) -> list[Loud]:
        """The export controls of others that cover a commodity, as loud as they are for a party; the loudest first."""
        inside, world = frozenset(places_under(self.ledger.codes, place)), self.world.get(commodity)
        return heard(self.imports_of(place, commodity), self.spells, self.rules, inside=inside, world=world)

    def _stocks(self, place: str, commodity: str, reported: Mapping[str, Cover]) -> Signal:
        entry = self.ledger.codes.commodities[commodity]
        names = [commodity, entry.element] if entry.stage == STOCKED else [commodity]
        own = [reported[name] for name in names if name in reported]
        unverified = self.ledger.view.include_unverified
        published, silence = published_stocks(place, commodity, RuleBook.shipped(), self.day, include_unverified=unverified)
        return stock_signal(place, commodity, [*own, *published], self.rules, silence)


def _named(codes: Codes, commodity: str | None) -> list[str]:
    """The commodity asked for, those whose primary element it names, or all; raises ``NotFound``."""
    if commodity is None:
        return list(codes.commodities)
    codes.thing(commodity)
    if commodity in codes.commodities:
        return [commodity]
    return [name for name, entry in codes.commodities.items() if entry.element == commodity]


def _controlled(rules: WatchRules, book: RuleBook) -> set[str]:
    """Commodities that any export control covers, whenever it applies."""
    controls = [rule for rule in book.rules.values() if kind_of(rule, rules.controls)]
    return {name for rule in controls for name in {**rule.covers, **rules.controls.covers.get(rule.key, {})}}


def _worlds(ledger: Ledger, rules: WatchRules, hit: Sequence[str], year: int) -> dict[str, Mapping[str, float]]:
    """Shares of the world's supply of some goods by country: as the facts state them, else from output of the element at the
    stage; what stands for several goods is read once.
    """
    said = ledger.resolve("supply_share")
    stated = {str(thing): rows for thing, rows in said.groupby("thing")}
    output: dict[tuple[str, str], dict[str, float]] = {}
    found: dict[str, Mapping[str, float]] = {}
    for good in hit:
        named = rules.supply_of.get(good, good)
        if named in stated:
            found[good] = _last_stated(stated[named])
            continue
        asked = _statistic_of(ledger.codes, good, named)
        if asked not in output:
            output[asked] = _output(ledger, *asked, year)
        found[good] = output[asked]
    return found


def _last_stated(rows: pd.DataFrame) -> dict[str, float]:
    last = rows[rows["year"] == rows["year"].max()]
    return dict(zip(last["place"].astype(str), last["number"].astype(float), strict=True))


def _statistic_of(codes: Codes, commodity: str, named: str) -> tuple[str, str]:
    """Attribute and element of the statistic that tells the world's supply; "" where none does."""
    entry = codes.commodities[commodity]
    if named in codes.elements:
        return "mine_production", named
    return SUPPLY.get(entry.stage, ""), entry.element


def _output(ledger: Ledger, attribute: str, element: str, year: int) -> dict[str, float]:
    """Shares of the world's output by country, in the last year that is not after one."""
    years = years_of(ledger, attribute, element) if attribute and element else []
    if not years:
        return {}
    by_place = statistic(ledger, attribute, element, max((y for y in years if y <= year), default=years[0])).by_place
    return world_shares({str(place): float(quantity) for place, quantity in by_place.items()})


def _demand_known(rules: WatchRules, codes: Codes, file: Path | None) -> None:
    """Raise ``BadInput`` for every place and good of the rules that the code lists do not know."""
    goods = {*rules.price_of, *rules.price_of.values(), *rules.supply_of, *rules.supply_of.values()}
    goods |= {*rules.not_traded, *rules.customs_of, *rules.customs_of.values()}
    goods |= {name for entry in rules.controls.covers.values() for name in entry}
    things, places = [*codes.commodities, *codes.elements], [*codes.places, *codes.groups]
    shown = "" if file is None else file.name
    problems = [
        Problem(where, f"a known {kind}", repr(name), f"{NotFound(kind, name, known)}", shown)
        for where, kind, names, known in (
            ("goods", "commodity or element", goods, things),
            ("parties", "place", set(rules.parties), places),
        )
        for name in sorted(names - set(known))
    ]
    if problems:
        raise BadInput(problems)


def _meta(desk: Desk, alarms: Sequence[Alarm]) -> dict[str, Any]:
    years = sorted({table.year for table in desk.customs.values()})
    lag = [f"customs figures end with {years[-1]}: what happened since shows in prices and rules only"] if years else []
    return {
        "day": desk.day.isoformat(),
        "customs_years": years,
        "combination": desk.rules.combination.title,
        "manifest": manifest_of(desk.ledger),
        "sources": sources_named(desk.ledger, alarms),
        "warnings": [
            *(lag if years and years[-1] < desk.day.year else []),
            f"imports are of the last seller: where it came from before is in {deed('measure_origin')}",
            *hindsight_words(desk.ledger),
            *begun_later([spell.rule for spell in desk.spells], desk.ledger.view.day),
        ],
    }
