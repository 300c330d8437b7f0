"""What the ledger knows, in the shape the builder asks for: numbers by place in base units, with their confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from orepact.facts.codes import Codes
    from orepact.facts.ledger import Ledger

PROVINCES = "CAN"
#: How many years before the base year a statistic still counts, where it is not the usual one.
RECENT_YEARS = {"installed_capacity": 2, "sales": 0}
KEPT = ["subject", "attribute", "place", "partner", "thing", "process", "year", "unit", "source", "as_of", "confidence", "number"]
#: Attributes that the builder asks for, resolved together.
USED_ATTRIBUTES = frozenset({
    "base_year_utilisation", "battery_size", "brine_share", "capital_cost", "chemistry_share", "cost_level", "direct_emissions",
    "electricity_generation", "electricity_use", "electronics_battery_demand", "fixed_cost", "freight_cost", "grid_intensity",
    "handling_cost", "installed_capacity", "lead_time", "lifetime", "mine_owner_share", "mine_production", "population_share", "price",
    "production", "recipe_amount", "refinery_owner_share", "refinery_production", "sales", "sales_projection_cps",
    "sales_projection_icct", "sales_projection_steps", "shipping_mass", "supply_share", "use_grid_storage", "use_grid_storage_aps",
    "use_grid_storage_nze", "use_grid_storage_steps", "use_outside_batteries", "use_outside_batteries_aps",
    "use_outside_batteries_nze", "use_outside_batteries_steps", "utilisation", "variable_cost", "wind_solar_generation",
})  # fmt: skip
NONE = pd.Series(dtype=float, index=pd.Index([], dtype="str"))


def load_rules(name: str) -> dict[str, Any]:
    """A shipped YAML file of rules for the reference network."""
    import yaml

    text = files("orepact.data").joinpath(f"reference/{name}.yaml").read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are the safe one
    return rules


@dataclass(frozen=True, eq=False)
class Evidence:
    """Resolved claims of one ledger around one base year."""

    ledger: Ledger
    base_year: int
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _by_place: dict[str, dict[tuple[str, int], pd.Series]] = field(default_factory=dict, repr=False)

    @property
    def codes(self) -> Codes:
        """The code lists of the ledger."""
        return self.ledger.codes

    def claims(self, attribute: str, *, thing: str = "", year: int | None = None) -> pd.DataFrame:
        """Winning claims of an attribute with ``value`` in the base unit of its dimension and ``year`` as a number (NaN for none)."""
        frame = self._resolved(attribute)
        if thing:
            frame = frame[frame["thing"] == thing]
        return frame if year is None else frame[frame["year"] == year]

    def _resolved(self, attribute: str) -> pd.DataFrame:
        """Winners of one attribute; the first question resolves all attributes of the reference network at once."""
        if attribute not in self._frames:
            wanted = list(USED_ATTRIBUTES) if attribute in USED_ATTRIBUTES else [attribute]
            frame = self.ledger.resolve(wanted)
            value = frame["number"] * frame["unit"].map(self.factors).fillna(1.0)
            year = pd.to_numeric(frame["year"], errors="coerce")
            kept = frame[KEPT].assign(value=value, year=year)
            self._frames.update(dict.fromkeys(wanted, kept.iloc[:0]))
            self._frames.update({str(name): part for name, part in kept.groupby("attribute")})
        return self._frames[attribute]

    def _series(self, attribute: str) -> dict[tuple[str, int], pd.Series]:
        """Values by place of an attribute, by thing ("" for none) and year."""
        if attribute not in self._by_place:
            frame = self._resolved(attribute).dropna(subset=["year"])
            groups = frame.groupby(["thing", "year"])
            self._by_place[attribute] = {(str(t), int(y)): part.set_index("place")["value"] for (t, y), part in groups}
        return self._by_place[attribute]

    @cached_property
    def factors(self) -> dict[str, float]:
        return {name: float(unit.factor) for name, unit in self.codes.units.items()}

    def by_place(self, attribute: str, thing: str = "", year: int | None = None) -> pd.Series:
        """Value by place of one attribute (and thing) in one year; groups other than leaf countries keep their own id."""
        return self._series(attribute).get((thing, self.base_year if year is None else year), NONE)

    def recent(self, attribute: str, thing: str = "") -> pd.Series:
        """``by_place`` in the base year, or where a place has nothing then, in one of the years just before it."""
        found = NONE
        for back in range(RECENT_YEARS.get(attribute, 1) + 1):
            found = found.combine_first(self.by_place(attribute, thing, self.base_year - back))
        return found

    def leaves(self, attribute: str, thing: str = "", *, weights: pd.Series | None = None) -> pd.Series:
        """``recent`` with Canada spread over provinces and aggregates (world, Europe) left out."""
        return self.spread_canada(self.recent(attribute, thing), weights)

    def spread_canada(self, values: pd.Series, weights: pd.Series | None = None) -> pd.Series:
        """Canada's value split over provinces by ``weights`` (default: population); leaf places pass through."""
        leaf = values[values.index.isin(self._leaf_places)]
        if PROVINCES not in values.index:
            return leaf
        provinces = self.codes.members(PROVINCES)
        rest = float(values[PROVINCES]) - float(leaf[leaf.index.isin(provinces)].sum())
        if rest <= 0:
            return leaf
        share = self.population if weights is None or weights.sum() <= 0 else weights / weights.sum()
        return leaf.add(share * rest, fill_value=0.0)

    @cached_property
    def _leaf_places(self) -> frozenset[str]:
        return frozenset(self.codes.places)

    @cached_property
    def population(self) -> pd.Series:
        """Share of each province in Canada's population, summing to 1."""
        share = self.by_place("population_share")
        return share / share.sum()

    @cached_property
    def cost_level(self) -> pd.Series:
        """Conversion and capital cost of places relative to Europe and North America (1 where nothing is claimed)."""
        found = self.by_place("cost_level")
        return found.reindex(list(self.codes.places)).fillna(1.0)

    def thing_value(self, attribute: str, things: Mapping[str, Any] | list[str]) -> pd.Series:
        """Value of an attribute by process, commodity or element, latest year first, for the given things."""
        frame = self.claims(attribute)
        frame = frame[frame["thing"].isin(list(things)) & (frame["place"] == "")]
        return frame.sort_values("year").groupby("thing")["value"].last()

    def prices(self) -> pd.Series:
        """Price in USD per unit by commodity in the base year, from price claims of commodities."""
        frame = self.claims("price", year=self.base_year)
        return frame[frame["thing"].isin(list(self.codes.commodities))].groupby("thing")["value"].first()
