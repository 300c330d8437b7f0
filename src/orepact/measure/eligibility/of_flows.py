"""The bill of a product at a place from the flows of a year: recipe, mix of inputs, who made them, and other sources."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from orepact.errors import BadInput, Problem
from orepact.measure.eligibility.bill import Bill, Maker, Offer, Part, Range
from orepact.measure.eligibility.elements import MINERALS, Elements
from orepact.measure.eligibility.supply import NOBODY, Supply
from orepact.measure.energy import KWH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Network

#: Output of a plant that stands only on paper, as a part of what the world makes of the product, where no site names a capacity.
PAPER_PART = 0.01
#: Stage whose running cost holds parts that are not tracked.
VEHICLE = "vehicle"


@dataclass(frozen=True, eq=False)
class Workshop:
    """Builds bills and offers.

    ``maker_of`` says who stands behind a site of the network; ``planned`` (product, place) which makers have or plan a plant
    there, and of which capacity, where the flows know none.
    """

    supply: Supply
    elements: Elements
    maker_of: Callable[[str], Maker]
    planned: Callable[[str, str], Sequence[tuple[Maker, float]]] = lambda _product, _place: ()

    @property
    def network(self) -> Network:
        """The network of the flows."""
        return self.supply.network

    def chosen(self, products: Sequence[str], place: str) -> tuple[str, ...]:
        """Of several products those made at the place; else those of its named plants; else all that anybody makes."""
        if len(products) == 1:
            return tuple(products)
        here = tuple(name for name in products if self._makers_at(name, place))
        planned = tuple(name for name in products if self.planned(name, place))
        made = self.supply.transfers.commodity[self.supply.transfers.amount("made") > 0]
        return here or planned or tuple(name for name in products if name in made) or tuple(products)

    def bill(self, product: str, place: str) -> Bill:
        """What one unit of the product takes at the place.

        Where nobody makes it there, a plant on paper: the recipe that makes most of it in the world, fed from the pools of the
        place, else of its country, else with the mix that is exported. Raises ``BadInput`` when no process makes the product.
        """
        sites = self._makers_at(product, place)
        recipe, told = self._recipe(product, sites)
        parts: list[Part] = []
        by_how: dict[str, list[str]] = {}
        for material, quantity in recipe.items():
            found, how = self._parts(material, quantity, place)
            parts += found
            by_how.setdefault(how, []).append(material)
        notes = [f"{', '.join(materials)}: {how}" for how, materials in by_how.items() if how]
        costed = [material for material in recipe if material not in self.supply.prices]
        notes += [f"{', '.join(costed)}: no price is known, what making, freight and duty cost is taken"] if costed else []
        words = "" if sites else f"nobody makes {product} in {place} in these flows: a plant there on paper, {told}"
        other, untracked = self._making(product, sites)
        unit = str(self.network.commodities.at[product, "unit"])
        return Bill(
            product, str(self.network.commodities.at[product, "stage"]), place, self.supply.country(place), unit, tuple(parts),
            self._product_makers(product, place, sites), other, untracked,
            self.supply.prices.get(product, float("nan")), KWH.get(unit), hypothetical=words, notes=tuple(notes),
        )  # fmt: skip

    # The product --------------------------------------------------------------------------------------

    def _makers_at(self, product: str, place: str) -> dict[int, float]:
        """Output of each site of the place whose main output is the product."""
        made = self.supply.transfers.made
        main = self.network.site_output.to_numpy()[made["site"]] == product
        at = (self.network.sites["place"].to_numpy()[made["site"]] == place) & main
        own = self.supply.transfers.commodity[made["node"]] == product
        rows = made[at & own]
        return {int(site): float(quantity) for site, quantity in zip(rows["site"], rows["quantity"], strict=True)}

    def _recipe(self, product: str, sites: Mapping[int, float]) -> tuple[dict[str, float], str]:
        """Inputs of one unit of product, averaged over the sites; of the most used process where there are none."""
        processes = self.network.sites["process"].to_numpy()
        weight: dict[str, float] = {}
        for site, quantity in sites.items():
            weight[processes[site]] = weight.get(processes[site], 0.0) + quantity
        if not weight:
            weight = {self._usual_process(product): 1.0}
        total = sum(weight.values())
        recipe: dict[str, float] = {}
        for process, quantity in weight.items():
            lines = self.network.recipes[(self.network.recipes["process"] == process) & (self.network.recipes["amount"] < 0)]
            for material, amount in zip(lines["commodity"], lines["amount"], strict=True):
                recipe[material] = recipe.get(material, 0.0) - amount * quantity / total
        return recipe, f"with the recipe of {' and '.join(sorted(weight))}"

    def _usual_process(self, product: str) -> str:
        made = self.supply.transfers.made
        main = self.network.main_output
        known = [process for process in main.index if main[process] == product]
        if not known:
            raise BadInput([Problem("product", "a product that some process makes", product, "ask for another product")])
        process = self.network.sites["process"].to_numpy()[made["site"]]
        output = {name: float(made["quantity"].to_numpy()[process == name].sum()) for name in known}
        plain = [name for name in known if "@" not in name] or known
        return str(max(plain, key=lambda name: (output[name], name)))

    def _product_makers(self, product: str, place: str, sites: Mapping[int, float]) -> tuple[tuple[Maker, float], ...]:
        names = self.network.site_index
        if sites:
            return tuple((self.maker_of(str(names[site])), quantity) for site, quantity in sites.items())
        return tuple(self.planned(product, place))

    def _making(self, product: str, sites: Mapping[int, float]) -> tuple[float, float]:
        """Cost of making one unit beyond its inputs, averaged over the sites (else all sites), and the untracked parts in it.

        The running cost of a vehicle plant buys the whole car beside battery and motor, of makers that nobody tracks.
        """
        costs = self.supply.site_costs
        own = costs.sum(axis=1).to_numpy()
        parts = costs["variable"].to_numpy() if self._stage(product) == VEHICLE else np.zeros(len(own))
        made = self.supply.transfers.made
        rows = made[self.supply.transfers.commodity[made["node"]] == product]
        weights = dict(sites) or dict(zip(rows["site"].tolist(), rows["quantity"].tolist(), strict=True))
        if not weights:
            weights = dict.fromkeys(np.flatnonzero((self.network.site_output == product).to_numpy()).tolist(), 1.0)
        if not weights:
            return 0.0, 0.0
        at, amount = list(weights), list(weights.values())
        return float(np.average(own[at], weights=amount)), float(np.average(parts[at], weights=amount))

    def volume(self, product: str, place: str) -> float:
        """Units a year at the place: made, else the capacity of named sites, else a small part of the world's output."""
        made = sum(self._makers_at(product, place).values()) or sum(size for _, size in self.planned(product, place))
        world = float(np.where(self.supply.transfers.commodity == product, self.supply.transfers.amount("made"), 0.0).sum())
        return made or PAPER_PART * world

    # Its materials --------------------------------------------------------------------------------------

    def _parts(self, material: str, quantity: float, place: str) -> tuple[list[Part], str]:
        """The material of one unit by maker, and how the mix was chosen where it is not the place's own."""
        weights, how = self._pool_of(material, place)
        shares = self.supply.makers(weights)
        if not shares:
            return [self._part(material, NOBODY, quantity, place)], "nobody is known to make it"
        return [self._part(material, site, quantity * share, place) for site, share in shares.items()], how

    def _pool_of(self, material: str, place: str) -> tuple[NDArray[np.float64], str]:
        supply = self.supply
        country = supply.country(place)
        alike = [name for name in self.network.places.index if supply.country(name) == country]
        steps: tuple[tuple[str, Callable[[], NDArray[np.float64]]], ...] = (
            ("", lambda: supply.pool(material, [place])),
            (f"the mix of {country}", lambda: supply.pool(material, alike)),
            ("the mix that is exported and can reach it", lambda: supply.exported(material, place)),
            ("the mix of all makers that can reach it", lambda: supply.produced(material, place)),
        )
        tried = ((weigh(), how) for how, weigh in steps)
        return next(((weights, how) for weights, how in tried if weights.sum() > 0), (supply.pool(material, []), ""))

    def _part(self, material: str, site: int, quantity: float, place: str) -> Part:
        if site == NOBODY:
            price = self.supply.price(material, place)
            return Part(
                material, Maker("", ""), quantity, _known(price) * quantity, self._stage(material), self._contents(material)
            )
        name = str(self.network.site_index[site])
        origin = str(self.network.sites["place"].iloc[site])
        price = self.supply.price(material, origin) + _known(self.supply.freight(material, origin, place))
        recycled, minerals = self._traced(material, origin)
        return Part(
            material, self.maker_of(name), quantity, _known(price) * quantity, self._stage(material), self._contents(material),
            recycled, {at: value * quantity for at, value in minerals.items()},
        )  # fmt: skip

    def _stage(self, material: str) -> str:
        return str(self.network.commodities.at[material, "stage"])

    def _contents(self, material: str) -> dict[str, float]:
        """Tonnes of each element in one unit."""
        return self._all_contents.get(material, {})

    @cached_property
    def _all_contents(self) -> dict[str, dict[str, float]]:
        rows = self.network.contents[self.network.contents["t_per_unit"] > 0]
        found: dict[str, dict[str, float]] = {}
        for material, element, tonnes in zip(rows["commodity"], rows["element"], rows["t_per_unit"], strict=True):
            found.setdefault(str(material), {})[str(element)] = float(tonnes)
        return found

    def _traced(self, material: str, origin: str) -> tuple[dict[str, Range], dict[str, float]]:
        """Recycled part of each element, and value of the critical minerals by place of refining, USD a unit of the material."""
        if (material, origin) not in self._known:
            contents = self._contents(material)
            recycled = {element: self.elements.recycled(element, material, origin) for element in contents}
            self._known[material, origin] = recycled, self._minerals(contents, material, origin)
        return self._known[material, origin]

    @cached_property
    def _known(self) -> dict[tuple[str, str], tuple[dict[str, Range], dict[str, float]]]:
        return {}

    def _minerals(self, contents: Mapping[str, float], material: str, origin: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for element, tonnes in contents.items():
            value = self._element_values.get(element, 0.0) * tonnes
            for at, share in self.elements.refined(element, material, origin).items() if value > 0 else ():
                found[at] = found.get(at, 0.0) + value * share
        return found

    @cached_property
    def _element_values(self) -> dict[str, float]:
        """USD per tonne contained of each critical mineral."""
        return {element: self._element_value(element) for element in MINERALS}

    def _element_value(self, element: str) -> float:
        """USD per tonne contained, mean over what refineries make of the element."""
        contents, transfers = self.network.contents, self.supply.transfers
        held = contents[(contents["element"] == element) & (contents["t_per_unit"] > 0)].set_index("commodity")["t_per_unit"]
        made = transfers.amount("made")
        worth = weight = 0.0
        for commodity, tonnes in held.items():
            if self._stage(str(commodity)) not in {"refine", "mine", "concentrate"}:
                continue
            output = float(made[transfers.commodity == commodity].sum())
            price = self.supply.prices.get(str(commodity), float(self.supply.mean_cost.get(commodity, float("nan"))))
            if output > 0 and price > 0 and self._stage(str(commodity)) == "refine":
                worth, weight = worth + price * output, weight + tonnes * output
        return worth / weight if weight else 0.0

    def offers(self, bill: Bill) -> dict[str, list[Offer]]:
        """Every observed maker of each direct material that can deliver straight to the place, at its delivered price.

        The most it can deliver is all of its output, per unit of product.
        """
        volume = self.volume(bill.product, bill.place) or float("nan")
        made = self.supply.transfers.made
        commodity = self.supply.transfers.commodity[made["node"]]
        out: dict[str, list[Offer]] = {}
        for material in bill.materials:
            rows = made[commodity == material]
            for site, quantity in zip(rows["site"], rows["quantity"], strict=True):
                origin = str(self.network.sites["place"].iloc[int(site)])
                if self.supply.has_way(material, origin, bill.place):
                    part = self._part(material, int(site), 1.0, bill.place)
                    out.setdefault(material, []).append(Offer(part, part.price_usd, float(quantity) / volume))
        return out


def _known(price: float) -> float:
    return 0.0 if math.isnan(price) else price
