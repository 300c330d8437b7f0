"""What each kept table holds: the balanced years and the plan are computed once, and everything else from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import Any

import pandas as pd

from orepact.chain import Flows, Network, Scenario
from orepact.chain.moves import moves
from orepact.facts import Ledger
from orepact.plan import PlanResult
from orepact.service.cost.landed_cost_case import Case, case_of_facts
from orepact.service.flowing import balanced_year
from orepact.service.landed_cost import unit_costs_of
from orepact.service.opening import sources_used
from orepact.service.planning import solve
from orepact.service.tracing import observed_sources
from orepact.service.view.kept_results import PLANS, plan_table
from tools.compile import _kept_measures, _kept_plan, _kept_shock, _kept_target

#: Past years that the facts can balance; the last one stands for today.
PAST = (2023, 2024)
BASE = PAST[-1]
#: Of what moves of a good in a year, the least part that is a row of its own.
LEAST = 2e-6
#: Model years of which origins are traced, beside the past ones.
TRACED_AHEAD = (2030,)
#: Yearly interest on capital, and the day of the base year whose duties count.
RATE, DAY_OF_DUTIES = 0.05, 1231

#: Scenario and part of each kept table of a plan.
PLANNED = {plan_table(name, part): (name, part) for name, parts in PLANS.items() for part in parts}


@dataclass(frozen=True)
class Table:
    """Rows to keep, and what to say of them."""

    frame: pd.DataFrame
    units: Mapping[str, str]
    commands: Sequence[str]
    sources: Sequence[Mapping[str, Any]] = ()
    warnings: Sequence[str] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


class World:
    """The shipped facts, and the flows that they give; each is computed when it is first needed."""

    def __init__(self) -> None:
        self.ledger = Ledger.shipped()
        self.scenario = Scenario.load("reference")
        self._solved: dict[str, PlanResult] = {}

    @cached_property
    def past(self) -> dict[int, Flows]:
        """Balanced flows by year."""
        return {year: balanced_year(self.ledger, year, self.scenario).flows for year in PAST}

    @cached_property
    def base(self) -> Flows:
        """The balanced flows of the base year."""
        return self.past[BASE]

    def solved(self, scenario: str = "reference") -> PlanResult:
        """The plan of a shipped scenario."""
        if scenario not in self._solved:
            chosen = Scenario.load(scenario)
            self._solved[scenario] = solve(Network.from_facts(self.ledger, chosen), chosen)
        return self._solved[scenario]

    @property
    def plan(self) -> Flows:
        """The flows of the reference plan."""
        return self.solved().flows

    @property
    def years(self) -> dict[int, Flows]:
        """The flows that speak for each year."""
        return {**self.past, **dict.fromkeys(self.plan.years, self.plan)}

    @cached_property
    def case(self) -> Case:
        """What costs of the base year are computed from."""
        day = BASE * 10_000 + DAY_OF_DUTIES
        return case_of_facts(self.ledger, self.base, BASE, day, RATE, tariffs=None, scenario=None)

    @cached_property
    def costs_of_making(self) -> pd.Series:
        """USD per unit of each good that anybody makes: the mean of the makers by what they make."""
        costs, _ = unit_costs_of(self.case, "value", bought=False)
        made = pd.Series(costs.transfers.amount("made"), index=costs.made_total.index)
        known = costs.made_total.notna() & (made > 0)
        spent = (costs.made_total * made)[known].groupby(level=0).sum()
        return spent / made[known].groupby(level=0).sum()

    @cached_property
    def observed(self) -> list[dict[str, Any]]:
        """Sources behind the observations of the balanced years."""
        names = set().union(*(observed_sources(flows.network, None) for flows in self.past.values()))
        claims = self.ledger.claims
        return sources_used(self.ledger, claims[claims["source"].isin(names)])

    @cached_property
    def price_sources(self) -> list[dict[str, Any]]:
        """Sources behind list prices and contents of goods."""
        return sources_used(self.ledger, self.ledger.resolve(["price", "shipping_mass"]))

    def table(self, name: str) -> Table:
        """A kept table by name."""
        own = {"moves": self._moves, "goods": self._goods}
        if name in own:
            return own[name]()
        if name in PLANNED:
            return _kept_plan.table(self, *PLANNED[name])
        homes = {"graphite": _kept_shock, "target": _kept_target}
        home = homes.get(name.partition("_")[0], _kept_measures)
        made: Table = getattr(home, name)(self)
        return made

    def _moves(self) -> Table:
        parts, dropped = [], []
        for year, flows in self.years.items():
            found = moves(flows, year, least=LEAST)
            parts.append(found.assign(state="balanced" if year in self.past else "planned"))
            all_of = float(flows.frame.loc[(flows.frame["kind"] == "route") & (flows.frame["year"] == year), "quantity"].sum())
            kept = float(found.loc[found["way"] == "route", "quantity"].sum())
            dropped.append({"year": year, "kept_share_of_what_routes_carry": round(kept / all_of, 5)})
        solved = {str(year): self.years[year].manifest.as_dict() for year in self.years}
        kept_of = ("network_hash", "scenario_hash", "solver", "solver_status")
        return Table(
            pd.concat(parts, ignore_index=True),
            {"quantity": "unit of the good (table goods)"},
            ["orepact baseline --year 2023", "orepact baseline --year 2024", "orepact plan reference --rows flows"],
            self.observed,
            [
                f"rows below {LEAST:g} of what moved of a good in its year are left out",
                "what is sold is spread over the plants that use it in proportion; no source says which plant got which lot",
            ],
            {
                "years": sorted(self.years),
                "kept": dropped,
                "of": {year: {n: of[n] for n in kept_of} for year, of in solved.items()},
            },
        )

    def _goods(self) -> Table:
        network = self.base.network
        mass = self.ledger.resolve("shipping_mass").groupby("thing")["number"].last()
        rows = [goods_row(network, str(name), mass, self.costs_of_making) for name in network.commodities.index]
        units = {
            "usd_per_unit": "USD per unit, at its list price where one is known (usd_from), else at what it costs to make",
            "t_per_unit": "t per unit",
            "gwh_per_unit": "GWh per unit",
        }
        units |= {"contents": "t of the element per unit"}
        sources = self.price_sources
        commands = [
            "orepact facts list --attribute price",
            "orepact measure landed-cost --commodity lithium_hydroxide --place KOR",
        ]
        return Table(pd.DataFrame(rows), units, commands, sources)


def goods_row(network: Network, name: str, mass: pd.Series, cost: pd.Series) -> dict[str, Any]:
    """What one unit of a good is worth, weighs, holds and stores; NaN where nothing is known."""
    table, nothing = network.commodities, float("nan")
    unit, price = str(table["unit"][name]), float(table["price_usd_per_unit"].astype(float)[name])
    priced = not isnan(price)
    held = network.contents[network.contents["commodity"] == name].set_index("element")["t_per_unit"]
    return {
        "commodity": name,
        "stage": str(table["stage"][name]),
        "unit": unit,
        "usd_per_unit": price if priced else float(cost.get(name, nothing)),
        "usd_from": "price" if priced else "cost",
        "t_per_unit": 1.0 if unit == "t" else float(mass.get(name, nothing)),
        "gwh_per_unit": stored(network, name),
        "contents": json.dumps({str(element): float(part) for element, part in sorted(held.items())}),
    }


def stored(network: Network, name: str) -> float:
    """GWh of cells in one unit: what is counted in MWh stores itself, a vehicle what its recipe takes of packs; else NaN."""
    if str(network.commodities["unit"][name]) == "MWh":
        return 0.001
    recipes = network.recipes
    makers = set(recipes.loc[(recipes["commodity"] == name) & (recipes["amount"] == 1), "process"])
    inputs = recipes[recipes["process"].isin(makers) & (recipes["amount"] < 0)]
    units = inputs["commodity"].map(network.commodities["unit"])
    packs = inputs[(units == "MWh").to_numpy()].groupby("process")["amount"].sum()
    return float(-packs.mean() / 1000) if len(packs) else float("nan")
