"""The network of a past year with everything that sources say about it: what the baseline is fitted to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.network import Network
from orepact.chain.reference.builder import REFERENCE, ReferenceNetwork
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.observation_rules import observation_rules
from orepact.chain.reference.observations import LeftOut, Observation, observations_frame
from orepact.chain.reference.observed_closure import ObservedClosure
from orepact.chain.reference.observed_gaps import ObservedGaps
from orepact.chain.reference.observed_output import ObservedOutput
from orepact.chain.reference.observed_silence import ObservedSilence
from orepact.chain.reference.observed_totals import ObservedTotals
from orepact.chain.reference.observed_trade import ObservedTrade
from orepact.chain.reference.observed_use import ObservedUse
from orepact.chain.reference.requirements import NO_CLAIM, years_with_mines
from orepact.chain.reference.route_table import RouteTable
from orepact.chain.reference.site_costs import PlannedSite
from orepact.chain.reference.statements import Statements
from orepact.chain.reference.supposed_sites import Supposed, SupposedSites
from orepact.chain.scenario import Scenario
from orepact.errors import BadInput, Problem
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.facts.ledger import Ledger

WORLD = "world"
#: Largest users of a commodity that every maker of it can send to.
OUTLETS = 3


def build_baseline(ledger: Ledger, year: int, scenario: Scenario | str | None = None) -> Network:
    """The network of a past year with its ``observations``; raises ``BadInput`` for a year without the facts it stands on."""
    return baseline_case(ledger, year, scenario).network


def baseline_case(ledger: Ledger, year: int, scenario: Scenario | str | None = None) -> BaselineCase:
    """The same with what was left out and why."""
    chosen = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario or REFERENCE)
    settings = chosen.reference.model_copy(update={"base_year": year})
    past = chosen.model_copy(update={"reference": settings, "years": (year,)})
    try:
        return BaselineCase(ReferenceNetwork(ledger, past, (year,), carry=True))
    except BadInput as error:
        raise BadInput(_no_data(ledger, year, error.problems)) from error


def _no_data(ledger: Ledger, year: int, problems: Sequence[Problem]) -> list[Problem]:
    """The year in one problem, and of a year that has mine statistics, or has them on a later day, what it lacks."""
    known = years_with_mines(Evidence(ledger, year))
    expected = f"a year with mine statistics: {', '.join(map(str, known)) or 'none'}"
    mend = f"import statistics of the year: {deed('import_facts')}"
    first = Problem("year", expected, f"{year}, for which facts are missing", f"ask for one of them, or {mend}")
    lacking = [replace(problem, mend=mend) if problem.found == NO_CLAIM else problem for problem in problems]
    return [first, *(problem for problem in lacking if year in known or problem.found != NO_CLAIM)]


@dataclass(frozen=True, eq=False)
class BaselineCase:
    """The parts of a baseline, each made from the ones before."""

    reference: ReferenceNetwork

    @property
    def year(self) -> int:
        """The past year."""
        return self.reference.settings.base_year

    @cached_property
    def network(self) -> Network:
        """The network with its observations."""
        observations = list(self._observations())
        ours = self.reference
        plain = ours.network_of(self.sites, self.wants, self.routes)
        places = plain.places.assign(group=[";".join([WORLD, *filter(None, [text])]) for text in plain.places["group"]])
        return replace(
            plain,
            title=f"Baseline of {self.year}",
            description=f"What sources say about {self.year}, and the network that it is fitted on.",
            places=places,
            observations=observations_frame(observations, self.year),
        )

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Statements that are not observed, with reasons."""
        assert len(self.network.observations)
        return (*self.output.left_out, *self.trade.left_out, *self.totals.left_out, *self.use.left_out)

    def _observations(self) -> Iterator[Observation]:
        yield from self.output.rows()
        yield from self.trade.rows()
        yield from self.gaps.rows()
        yield from ObservedSilence(self.reference.base, self.trade, self.gaps, self.routes).rows()
        yield from self.totals.rows()
        yield from self.use.rows()
        room = {(item.process, item.place): item.spread for item in self.supposed}
        yield from ObservedClosure(self.reference.plants.costs.utilisation, room).rows(self.planned)

    # Sites, wants, routes --------------------------------------------------------------------------

    @cached_property
    def planned(self) -> list[PlannedSite]:
        """Named sites that ran, a rest of each country that may make more or less than the closure has it, supposed makers."""
        ran = self.reference.plants.ran(self.reference.base)
        more = [(item.process, item.place, item.quantity) for item in self.supposed]
        return [*ran, *self.reference.plants.supposed(self.reference.base, more)]

    @cached_property
    def supposed(self) -> list[Supposed]:
        """Makers that no statistic names."""
        ours = self.reference
        still = self._route_table.still(ours.base)
        return SupposedSites(ours.evidence, ours.recipes, ours.base, self.statements, still).find()

    @cached_property
    def sites(self) -> pd.DataFrame:
        """The sites of the case; only named ones have a capacity."""
        table = self.reference.plants.costs.frame(replace(site, build=None) for site in self.planned)
        rest = [site.site for site in self.planned if not is_named(site)]
        table.loc[rest, "capacity_per_year"] = float("nan")
        return table

    @cached_property
    def wants(self) -> pd.DataFrame:
        """Final demand, with an empty row wherever imports of a form may be used up outside the chain."""
        table = self.reference.wants()
        listed = set(zip(table["commodity"], table["place"], strict=True))
        forms = {name for names in observation_rules().other_uses.values() for name in names}
        more = sorted(key for key in self.trade.arrivals if key[0] in forms and key not in listed)
        extra = pd.DataFrame([(c, p, self.year, 0.0) for c, p in more], columns=["commodity", "place", "year", "quantity"])
        joined = pd.concat([table, extra], ignore_index=True) if len(extra) else table
        cost = {name: self.reference.demand.shortage_cost(name) for name in table["commodity"].unique()}
        joined["shortage_cost_usd"] = joined["commodity"].map(cost).astype(float)
        return joined.sort_values(["commodity", "place", "year"], ignore_index=True)

    @cached_property
    def routes(self) -> pd.DataFrame:
        """The routes of the reference and those of every observed shipment."""
        pairs = {name: set(listed) for name, listed in self.trade.pairs.items()}
        for more in (self._outlets(), self.gaps.pairs):
            for name, listed in more.items():
                pairs[name] = pairs.get(name, set()) | listed
        return self._route_table.table(self.sites, self.wants, self.reference.base, pairs)

    def _outlets(self) -> dict[str, set[tuple[str, str]]]:
        """A way for every maker to the world's largest users, so that what is made can go somewhere."""
        table, base = self._route_table, self.reference.base
        sold, _ = table.ends(self.sites, self.wants)
        found: dict[str, set[tuple[str, str]]] = {}
        for name in set(sold) - table.still(base):
            need = base.need.get(name, {})
            users = sorted(need, key=lambda place: (-need[place], place))[:OUTLETS]
            found[name] = {(a, b) for a in sold[name] for b in users if a != b and (a, b) in table.joined}
        return found

    @cached_property
    def _route_table(self) -> RouteTable:
        ours = self.reference
        return RouteTable(ours.evidence, ours.recipes, ours.settings, ours.scenario.restrictions)

    # Observations ------------------------------------------------------------------------------------

    @cached_property
    def statements(self) -> Statements:
        """All admitted claims about the year."""
        return Statements(self.reference.evidence, self.year)

    @cached_property
    def output(self) -> ObservedOutput:
        """What sources say of output."""
        ours = self.reference
        made: dict[str, dict[str, frozenset[str]]] = {}
        for code, place in sorted(set(zip(self.sites["process"], self.sites["place"], strict=True))):
            for commodity, amount in ours.recipes.at(code.partition("@")[0], place).items():
                if amount > 0:
                    here = made.setdefault(commodity, {})
                    here[place] = here.get(place, frozenset()) | {code}
        return ObservedOutput(ours.evidence, ours.recipes, self.statements, made)

    @cached_property
    def trade(self) -> ObservedTrade:
        """What customs tables say."""
        sold, used = self._route_table.ends(self.sites, self.reference.wants())
        for names in observation_rules().other_uses.values():
            for name in names:
                used.setdefault(name, set()).update(self.reference.evidence.codes.places)
        still = self._route_table.still(self.reference.base)
        move = {name: places for name, places in sold.items() if name not in still}
        return ObservedTrade(self.reference.evidence, self.statements, move, used, self._route_table.joined)

    @cached_property
    def gaps(self) -> ObservedGaps:
        """Trade that customs tables must have missed."""
        return ObservedGaps(self.reference.base, self.trade)

    @cached_property
    def totals(self) -> ObservedTotals:
        """What countries add up of their trade."""
        return ObservedTotals(self.reference.evidence, self.statements, self.routes)

    @cached_property
    def use(self) -> ObservedUse:
        """What sources say of use."""
        ours = self.reference
        _, taken = self._route_table.ends(self.sites, self.wants.iloc[:0])
        return ObservedUse(ours.evidence, ours.demand, self.statements, self.wants, self.trade.arrivals, taken, self._apparent())

    def _apparent(self) -> dict[tuple[str, str], float]:
        """What is left for other uses of bulk commodities: output + imports - exports - what the chain takes, by place."""
        base, trade = self.reference.base, self.trade
        rest = self.reference.demand.remainder(base.remainder, self.year)
        found = {}
        for commodity in sorted(set(base.remainder) & set(trade.pairs)):
            made, need = base.shares(commodity), base.need.get(commodity, {})
            for place in sorted({*made, *need}):
                if "-" not in place:  # the trade of provinces is one figure for the country
                    chain = need.get(place, 0.0) - rest[commodity].get(place, 0.0)
                    net = trade.imports.get((commodity, place), 0.0) - trade.exports.get((commodity, place), 0.0)
                    found[commodity, place] = max(made.get(place, 0.0) + net - chain, 0.0)
        return found


def is_named(site: PlannedSite) -> bool:
    """Whether a site is one that the facts name, and no rest of a country."""
    return not site.site.startswith("rest_")
