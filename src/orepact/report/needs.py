"""How much of each element a battery needs: recipes followed upstream to the refined chemical, metal or flake.

The need of one unit of a commodity of stage refine or earlier is its own content. Above that it is the need of the inputs in
its recipe, production scrap and losses included; losses between ore and refined chemical are not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from orepact.chain import Flows, Network

#: Where the walk upstream ends.
RAW_STAGES = ("mine", "concentrate", "refine")


@dataclass(frozen=True, eq=False)
class Needs:
    """Refined need by commodity of one network: ``Needs(network).of("cell_nmc811")`` gives tonnes by element per unit."""

    network: Network
    _known: dict[str, dict[str, float]] = field(default_factory=dict, repr=False)

    def of(self, commodity: str) -> dict[str, float]:
        """Tonnes of each element that one unit of a commodity needs at the refined stage."""
        if commodity not in self._known:
            self._known[commodity] = {}  # a ring of recipes ends here
            self._known[commodity] = self._walk(commodity)
        return self._known[commodity]

    def _walk(self, commodity: str) -> dict[str, float]:
        stage = str(self.network.commodities["stage"].get(commodity, ""))
        inputs = self._inputs.get(commodity)
        if stage in RAW_STAGES or inputs is None:
            return self._contents.get(commodity, {})
        need: dict[str, float] = {}
        for name, amount in inputs.items():
            for element, tonnes in self.of(str(name)).items():
                need[element] = need.get(element, 0.0) + tonnes * float(amount)
        return need

    @cached_property
    def _contents(self) -> dict[str, dict[str, float]]:
        groups = self.network.contents.groupby("commodity")
        return {str(name): dict(zip(part["element"], part["t_per_unit"].astype(float), strict=True)) for name, part in groups}

    @cached_property
    def _inputs(self) -> dict[str, dict[str, float]]:
        """Inputs per unit of each commodity, from the first process that makes it everywhere (``process@PLACE`` stands aside)."""
        recipes = self.network.recipes
        found: dict[str, dict[str, float]] = {}
        for process, output in self.network.main_output.items():
            if "@" in str(process) or str(output) in found:
                continue
            rows = recipes[(recipes["process"] == process) & (recipes["amount"] < 0)]
            found[str(output)] = {str(c): -float(a) for c, a in zip(rows["commodity"], rows["amount"], strict=True)}
        return found


def cells_made(flows: Flows, places: tuple[str, ...] = (), owner: str = "") -> pd.DataFrame:
    """Cells made in some places, or by sites of one owner country anywhere: MWh by cell commodity (rows) and year (columns)."""
    made = flows.production
    cells = made["commodity"].map(flows.network.commodities["stage"]) == "cell"
    whose = made["owner_country"] == owner if owner else made["place"].isin(places)
    table = made[cells & whose].pivot_table(index="commodity", columns="year", values="quantity", aggfunc="sum", fill_value=0.0)
    return table.reindex(columns=list(flows.years), fill_value=0.0)


def element_need(needs: Needs, cells: pd.DataFrame, element: str) -> pd.Series:
    """Tonnes of an element by year that these cells (MWh by commodity and year) need."""
    per_unit = pd.Series({name: needs.of(str(name)).get(element, 0.0) for name in cells.index}, dtype=float)
    return cells.mul(per_unit, axis=0).sum()


def used_by(flows: Flows, per_unit: dict[str, float], places: tuple[str, ...] = (), owner: str = "") -> pd.Series:
    """What sites take in of some commodities (each times ``per_unit``), in some places or of one owner country, by year."""
    recipes = flows.network.recipes
    inputs = recipes[(recipes["amount"] < 0) & recipes["commodity"].isin(list(per_unit))][["process", "commodity", "amount"]]
    rows = flows.frame[flows.frame["kind"] == "activity"]
    whose = rows["site"].map(flows.network.sites["owner_country"]) == owner if owner else rows["origin"].isin(places)
    taken = rows.loc[whose, ["process", "year", "quantity"]].merge(inputs, on="process")
    total = taken["quantity"] * -taken["amount"] * taken["commodity"].map(per_unit).astype(float)
    return total.groupby(taken["year"]).sum().reindex(list(flows.years), fill_value=0.0)
