"""Putting the reference network together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.network import Network
from orepact.chain.reference.amounts import plus
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence, contents_frame
from orepact.chain.reference.final_demand import FinalDemand
from orepact.chain.reference.known_output import KnownOutput
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.requirements import require
from orepact.chain.reference.route_table import RouteTable
from orepact.chain.reference.site_table import SiteTable
from orepact.chain.scenario import Scenario

if TYPE_CHECKING:
    from orepact.facts.ledger import Ledger

REFERENCE = "reference"


def build_network(ledger: Ledger, scenario: Scenario | str | None = None, years: Iterable[int] | None = None) -> Network:
    """The network that a ledger and a scenario describe.

    ``years`` overrides the model years of the scenario; the base year alone gives the network as it ran in that year.
    Raises ``BadInput`` when the scenario is broken, and when the ledger lacks families of facts that the network stands
    on, with all of them.
    """
    chosen = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario or REFERENCE)
    wanted = tuple(years) if years is not None else chosen.years
    return ReferenceNetwork(ledger, chosen, wanted).build()


class ReferenceNetwork:
    """The parts of the reference network, each made from the ones before."""

    def __init__(self, ledger: Ledger, scenario: Scenario, years: tuple[int, ...], *, carry: bool = False) -> None:
        self.scenario, self.settings, self.years = scenario, scenario.reference, years
        self.evidence = Evidence(ledger, self.settings.base_year, carry)
        require(self.evidence, self.settings, ahead=max(years, default=0) > self.settings.base_year)
        self.recipes = RecipeBook.from_evidence(self.evidence)
        self.demand = FinalDemand(self.evidence, self.recipes, self.settings)
        self.plants = SiteTable(self.evidence, self.recipes, self.settings, scenario.status_probability)
        self.base = self._base_year()

    def _base_year(self) -> BaseYear:
        named, provinces = self.plants.named_output, self.plants.named.provinces()
        use = self.plants.costs.utilisation
        return BaseYear(KnownOutput(self.evidence, self.recipes, self.demand, named, provinces, use)).close()

    def build(self) -> Network:
        """The network; the base year alone gives it as it ran in that year."""
        observed = self.years == (self.settings.base_year,)
        sites = self.plants.observed(self.base) if observed else self.plants.table(self.base)
        wants = self.wants()
        routes = RouteTable(self.evidence, self.recipes, self.settings, self.scenario.restrictions)
        return self.network_of(sites, wants, routes.table(sites, wants, self.base))

    def network_of(self, sites: pd.DataFrame, wants: pd.DataFrame, routes: pd.DataFrame) -> Network:
        """A network of these sites, demands and routes on the commodities, places and recipes of the reference."""
        contents = self._contents()
        return Network(
            title=self.scenario.title or self.scenario.id,
            years=self.years,
            currency="USD",
            description=self.scenario.description,
            commodities=self._commodities(contents),
            places=self._places(),
            recipes=self.recipes.table(sites["process"]),
            sites=sites,
            routes=routes,
            demand=wants,
            contents=contents,
        )

    def wants(self) -> pd.DataFrame:
        """Final demand with the other uses of bulk commodities, and what a missing unit costs."""
        rows = []
        for year in self.years:
            wanted = self.demand.year(year)
            for commodity, quantity in self.demand.remainder(self.base.remainder, year).items():
                wanted[commodity] = plus(wanted.get(commodity, {}), quantity)
            rows += [
                (c, place, year, amount) for c, quantity in wanted.items() for place, amount in quantity.items() if amount > 0
            ]
        table = pd.DataFrame(rows, columns=["commodity", "place", "year", "quantity"])
        table = table.sort_values(["commodity", "place", "year"], ignore_index=True)
        cost = {commodity: self.demand.shortage_cost(commodity) for commodity in table["commodity"].unique()}
        return table.assign(shortage_cost_usd=table["commodity"].map(cost).astype(float))

    def _contents(self) -> pd.DataFrame:
        """Tonnes of element per unit of every commodity: listed ones, and those that follow from recipes."""
        mix = {f"pack_ev_from_{cell.removeprefix('cell_')}": part for cell, part in self.demand.chemistry.nickel_mix.items()}
        contents = self.recipes.contents(self.evidence.contents, mix)
        return contents_frame(contents, [name for name in contents if name in self.recipes.commodities])

    def _commodities(self, contents: pd.DataFrame) -> pd.DataFrame:
        main = contents.drop_duplicates("commodity").set_index("commodity")
        element, share = main["element"].to_dict(), main["t_per_unit"].to_dict()
        rows = [
            (name, item.title, item.unit, item.stage, element.get(name, ""), share.get(name), self.demand.worth.get(name))
            for name, item in self.evidence.codes.commodities.items()
            if name in self.recipes.commodities
        ]
        columns = ["commodity", "title", "unit", "stage", "element", "element_t_per_unit", "price_usd_per_unit"]
        return pd.DataFrame(rows, columns=columns).set_index("commodity")

    def _places(self) -> pd.DataFrame:
        codes = self.evidence.codes
        grid: dict[str, float] = {}
        for year, values in self.evidence.yearly("grid_intensity").items():
            if year <= self.evidence.base_year:
                grid |= values
        rows = [
            (
                name,
                place.title,
                ";".join(group for group in codes.groups_of(name) if group != "world"),
                place.latitude,
                place.longitude,
                grid.get(name, grid.get(codes.country(name))),
            )
            for name, place in codes.places.items()
        ]
        columns = ["place", "name", "group", "latitude", "longitude", "grid_kg_co2e_per_kwh"]
        return pd.DataFrame(rows, columns=columns).set_index("place")
