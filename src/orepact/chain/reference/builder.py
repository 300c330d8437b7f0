"""Putting the reference network together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.network import Network
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.final_demand import FinalDemand, commodity_contents
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.route_table import RouteTable
from orepact.chain.reference.site_table import SiteTable
from orepact.chain.scenario import Scenario

if TYPE_CHECKING:
    from orepact.facts.ledger import Ledger

REFERENCE = "reference"


def build_network(ledger: Ledger, scenario: Scenario | str | None = None, years: Iterable[int] | None = None) -> Network:
    """The network that a ledger and a scenario describe.

    ``years`` overrides the model years of the scenario; the base year alone gives the network as it ran in that year. Raises ``BadInput`` when the scenario is broken and ``NotFound``
    when the ledger lacks a family of facts that the network stands on.
    """
    chosen = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario or REFERENCE)
    settings = chosen.reference
    wanted = tuple(years) if years is not None else chosen.years
    evidence = Evidence(ledger, settings.base_year)
    recipes = RecipeBook.from_evidence(evidence)
    demand = FinalDemand(evidence, recipes, settings)
    plants = SiteTable(evidence, recipes, settings, dict(chosen.status_probability))
    use = plants.coefficients["utilisation"].to_dict()
    base = BaseYear(evidence, recipes, demand, plants.named_output, plants.provinces, use).close()
    sites = plants.observed(base) if wanted == (settings.base_year,) else plants.table(base)
    wants = _demand(demand, base, wanted)
    routes = RouteTable(evidence, recipes, settings, tuple(chosen.restrictions)).table(sites, wants, base)
    contents = _contents(evidence, recipes, demand)
    return Network(
        title=chosen.title or chosen.id,
        years=wanted,
        currency="USD",
        description=chosen.description,
        commodities=_commodities(evidence, recipes, demand, contents),
        places=_places(evidence),
        recipes=recipes.table(sites["process"]),
        sites=sites,
        routes=routes,
        demand=wants,
        contents=contents,
    )


def _demand(demand: FinalDemand, base: BaseYear, years: tuple[int, ...]) -> pd.DataFrame:
    """Final demand with the other uses of bulk commodities, and what a missing unit costs."""
    table = demand.table(years)
    weights = demand.remainder_weights()
    rows = [table]
    for commodity, total in base.remainder.items():
        for year in years:
            growth = (1.0 + demand.settings.bulk_use_growth_per_year) ** (year - demand.evidence.base_year)
            quantity = weights * (total * growth / float(weights.sum()))
            rows.append(pd.DataFrame({"commodity": commodity, "place": quantity.index, "year": year, "quantity": quantity.to_numpy()}))
    joined = pd.concat(rows, ignore_index=True)
    joined = joined.groupby(["commodity", "place", "year"], as_index=False)["quantity"].sum()
    worth = {**demand.rules["price_usd"], **demand.evidence.prices().to_dict()}
    cost = joined["commodity"].map(worth) * demand.settings.shortage_cost_multiple
    return joined[joined["quantity"] > 0].assign(shortage_cost_usd=cost)


def _contents(evidence: Evidence, recipes: RecipeBook, demand: FinalDemand) -> pd.DataFrame:
    """Tonnes of element per unit of every commodity: listed ones, and those that follow from recipes."""
    mix = {f"pack_ev_from_{str(cell).removeprefix('cell_')}": float(part) for cell, part in demand.nickel_mix.items()}
    known = commodity_contents(evidence)
    known = known[known["commodity"].isin(_used(recipes))]
    return pd.concat([known, recipes.element_contents(known, mix)], ignore_index=True)


def _used(recipes: RecipeBook) -> set[str]:
    return {*recipes.outputs, *recipes.lines["commodity"]}


def _commodities(evidence: Evidence, recipes: RecipeBook, demand: FinalDemand, contents: pd.DataFrame) -> pd.DataFrame:
    main = contents.drop_duplicates("commodity").set_index("commodity")
    prices = {**demand.rules["price_usd"], **evidence.prices().to_dict()}
    used = _used(recipes)
    rows = [
        {
            "commodity": name, "title": item.title, "unit": item.unit, "stage": item.stage,
            "element": main["element"].get(name, ""), "element_t_per_unit": main["t_per_unit"].get(name), "price_usd_per_unit": prices.get(name),
        }
        for name, item in evidence.codes.commodities.items()
        if name in used
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("commodity")


def _places(evidence: Evidence) -> pd.DataFrame:
    grid = evidence.claims("grid_intensity")
    latest = grid[grid["year"] <= evidence.base_year].sort_values("year").groupby("place")["value"].last()
    rows = []
    for name, place in evidence.codes.places.items():
        groups = [g for g in evidence.codes.groups_of(name) if g != "world"]
        rows.append(
            {
                "place": name, "name": place.title, "group": ";".join(groups), "latitude": place.latitude, "longitude": place.longitude,
                "grid_kg_co2e_per_kwh": latest.get(name, latest.get(evidence.codes.country(name))),
            }
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("place")
