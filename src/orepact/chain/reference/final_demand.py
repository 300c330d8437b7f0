"""What the chain serves at its end: vehicles, storage, electronics and the uses outside batteries, by place and year.

``quantity`` is in the unit of the commodity a year. docs/why/demand.md tells where each part comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from orepact.chain.reference.evidence import Evidence, load_rules
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference_settings import ReferenceSettings

WORLD = "world"
PROJECTED_YEAR = 2035
NICKEL_CELLS = ["cell_nmc622", "cell_nmc811", "cell_nca"]


@dataclass(frozen=True, eq=False)
class FinalDemand:
    """Final demand of the reference network under one set of settings."""

    evidence: Evidence
    recipes: RecipeBook
    settings: ReferenceSettings
    _sales: dict[int, pd.Series] = field(default_factory=dict, repr=False)
    _points: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict, repr=False)
    _weights_by: dict[str, pd.Series] = field(default_factory=dict, repr=False)

    @cached_property
    def rules(self) -> dict[str, Any]:
        """Which commodity each use draws on, and how world totals spread."""
        return load_rules("final_uses")

    def table(self, years: Iterable[int]) -> pd.DataFrame:
        """Columns commodity, place, year, quantity for the model years, zero rows left out."""
        parts = [self._year(int(year)) for year in years]
        table = pd.concat(parts, ignore_index=True)
        table = table.groupby(["commodity", "place", "year"], as_index=False)["quantity"].sum()
        return table[table["quantity"] > 1e-6].reset_index(drop=True)

    def _year(self, year: int) -> pd.DataFrame:
        pieces = [*self._cars(year), self._heavy(year), self._storage(year), self._electronics(year), *self._outside(year)]
        rows = [pd.DataFrame({"commodity": name, "place": q.index, "quantity": q.to_numpy()}) for name, q in pieces if len(q)]
        return pd.concat(rows, ignore_index=True).assign(year=year)

    # Cars --------------------------------------------------------------------------------------

    def _cars(self, year: int) -> list[tuple[str, pd.Series]]:
        sold = self.car_sales(year)
        share = self.lfp_car_share(year).reindex(sold.index).fillna(self.world_lfp)
        return [("ev_car_lfp", sold * share), ("ev_car_nickel", sold * (1.0 - share))]

    def car_sales(self, year: int) -> pd.Series:
        """Electric cars sold by leaf place: reported to the last year, then on the way to the projection."""
        if year not in self._sales:
            self._sales[year] = self._car_sales(year)
        return self._sales[year]

    def _car_sales(self, year: int) -> pd.Series:
        history = self._history
        last = max(history)
        if year <= last:
            return history[max(y for y in history if y <= year)]
        if self.settings.ev_projection == "icct":
            return history[last] * self._icct_growth(last, year)
        if year <= PROJECTED_YEAR:
            step = (year - last) / (PROJECTED_YEAR - last)
            return _between(history[last], self._projected, step)
        return self._projected * self._icct_growth(PROJECTED_YEAR, year)

    @cached_property
    def _history(self) -> dict[int, pd.Series]:
        claims = self.evidence.claims("sales", thing="ev_car")
        claims = claims[claims["year"] >= self.evidence.base_year - 1]
        found = {}
        for year, part in claims.groupby("year"):
            totals = part.set_index("place")["value"]
            found[int(year)] = self._with_rest(self.evidence.spread_canada(totals), float(totals.get(WORLD, 0.0)))
        return found

    def _with_rest(self, leaves: pd.Series, world: float) -> pd.Series:
        rest = max(world - float(leaves.sum()), 0.0)
        return leaves.add(pd.Series({"ROW": rest}), fill_value=0.0) if rest else leaves

    @cached_property
    def _icct(self) -> pd.DataFrame:
        """Roadmap sales by leaf place and year."""
        claims = self.evidence.claims("sales_projection_icct", thing="ev_car")
        columns = {}
        for year, part in claims.groupby("year"):
            totals = part.set_index("place")["value"]
            columns[int(year)] = self._with_rest(self.evidence.spread_canada(totals), float(totals.get(WORLD, 0.0)))
        return pd.DataFrame(columns).fillna(0.0)

    def _icct_growth(self, start: int, end: int) -> pd.Series:
        later, earlier = self._icct[min(end, max(self._icct))], self._icct[max(start, min(self._icct))]
        world = float(later.sum() / earlier.sum())
        growth = (later / earlier.where(earlier > 0)).clip(0.5, 5.0)
        places = self._history[max(self._history)].index
        return growth.reindex(places).fillna(world)

    @cached_property
    def _projected(self) -> pd.Series:
        """IEA regional totals of 2035 spread over places by the ICCT roadmap; the rest of the world takes what is left."""
        attribute = f"sales_projection_{self.settings.ev_projection}"
        regions = self.evidence.by_place(attribute, "ev_car", PROJECTED_YEAR)
        roadmap = self._icct[PROJECTED_YEAR]
        covered: set[str] = set()
        found = pd.Series(dtype=float)
        for region, total in regions.drop(WORLD, errors="ignore").items():
            members = [p for p in self.evidence.codes.members(str(region)) if p not in covered]
            covered |= set(members)
            found = found.add(_spread(float(total), self._weights(roadmap, members)), fill_value=0.0)
        left = [p for p in self._history[max(self._history)].index if p not in covered]
        rest = max(float(regions[WORLD]) - float(found.sum()), 0.0)
        return found.add(_spread(rest, self._weights(roadmap, left)), fill_value=0.0)

    def _weights(self, roadmap: pd.Series, members: list[str]) -> pd.Series:
        known = roadmap.reindex(members)
        return known.fillna(self._history[max(self._history)].reindex(members)).fillna(0.0)

    @cached_property
    def chemistry(self) -> pd.DataFrame:
        """Share of car battery energy by place (rows) and cell commodity (columns) in the base year."""
        claims = self.evidence.claims("chemistry_share", year=self.evidence.base_year)
        shares = claims.pivot_table(index="place", columns="thing", values="value", aggfunc="sum").fillna(0.0)
        for province in self.evidence.codes.members("CAN"):
            if "CAN" in shares.index and province not in shares.index:
                shares.loc[province] = shares.loc["CAN"]
        return shares.div(shares.sum(axis=1), axis=0)

    @cached_property
    def world_lfp(self) -> float:
        """LFP share of car battery energy in the world (mean of places where no world claim stands)."""
        if WORLD in self.chemistry.index:
            return float(self.chemistry.loc[WORLD, "cell_lfp"])
        return float(self.chemistry["cell_lfp"].mean())

    def lfp_car_share(self, year: int) -> pd.Series:
        """Share of cars sold with an LFP battery, by place (energy share taken for the car share)."""
        shift = self.settings.lfp_share_shift_per_year * max(year - self.evidence.base_year, 0)
        base = self.chemistry.get("cell_lfp", pd.Series(0.0, index=self.chemistry.index))
        return (base + shift).clip(0.0, self.settings.lfp_share_maximum)

    @cached_property
    def nickel_mix(self) -> pd.Series:
        """How nickel-based car batteries of the world split by cell chemistry, summing to 1."""
        sold = self._history[self.evidence.base_year]
        shares = self.chemistry.reindex(sold.index).reindex(columns=NICKEL_CELLS).fillna(0.0)
        weighted = shares.mul(sold, axis=0).sum()
        return weighted / weighted.sum()

    # Everything else ----------------------------------------------------------------------------

    def _heavy(self, year: int) -> tuple[str, pd.Series]:
        """Packs of vans, buses and trucks: vehicles sold in the base year x battery size, growing as cars do."""
        total = pd.Series(dtype=float)
        size = self.evidence.claims("battery_size").sort_values("year").groupby("thing")["value"].last()
        for vehicle in self.rules["heavy_vehicles"]:
            claims = self.evidence.by_place("sales", vehicle)
            if len(claims) and vehicle in size.index:
                world = float(claims.get(WORLD, 0.0))
                sold = self._with_rest(self.evidence.spread_canada(claims), world)
                total = total.add(sold * float(size[vehicle]) / 1000.0, fill_value=0.0)
        growth = self.car_sales(year) / self.car_sales(self.evidence.base_year).replace(0.0, np.nan)
        return "pack_ev_lfp", total * growth.reindex(total.index).fillna(1.0).clip(0.5, 20.0)

    def _storage(self, year: int) -> tuple[str, pd.Series]:
        """Stationary storage: energy that the lithium and nickel of grid batteries stand for, spread by wind and sun."""
        lithium, nickel = (self._use("use_grid_storage", element, year) for element in ("lithium", "nickel"))
        content = self._cell_contents
        nmc = nickel / content.loc[("cell_nmc622", "nickel")]
        lfp = max(lithium - nmc * content.loc[("cell_nmc622", "lithium")], 0.0) / content.loc[("cell_lfp", "lithium")]
        return "stationary_storage", _spread(nmc + lfp, self._spread_by(self.rules["storage_spread_by"]))

    @cached_property
    def _cell_contents(self) -> pd.Series:
        known = commodity_contents(self.evidence)
        everything = pd.concat([known, self.recipes.element_contents(known)])
        return everything.set_index(["commodity", "element"])["t_per_unit"]

    def _electronics(self, year: int) -> tuple[str, pd.Series]:
        claims = self.evidence.by_place("electronics_battery_demand", "cell_lco")
        growth = (1.0 + self.settings.consumer_electronics_growth_per_year) ** (year - self.evidence.base_year)
        return "cell_lco", _spread(float(claims[WORLD]) * growth, self._spread_by(self.rules["spread_by"]))

    def _outside(self, year: int) -> list[tuple[str, pd.Series]]:
        """Uses outside batteries by element, less what consumer electronics take, at the commodity where each draws."""
        weights = self._spread_by(self.rules["spread_by"])
        content = self._cell_contents
        electronics = float(self._electronics(year)[1].sum())
        pieces = []
        for element, draws in self.rules["outside_batteries"].items():
            tonnes = self._use("use_outside_batteries", element, year) - electronics * float(content.get(("cell_lco", element), 0.0))
            for draw in draws:
                counted = draw.get("counted_at", draw["commodity"])
                per_unit = float(content.loc[(counted, element)]) * self.recipes.requirement(draw["commodity"], counted)
                quantity = max(tonnes, 0.0) * draw["part"] / per_unit
                pieces.append((draw["commodity"], _spread(quantity, weights)))
        return pieces

    def _use(self, attribute: str, element: str, year: int) -> float:
        """World use of an element in tonnes, interpolated between the base year and the projection's years."""
        key = (attribute, element)
        if key not in self._points:
            base = self.evidence.claims(attribute, thing=element)
            later = self.evidence.claims(f"{attribute}_{self.settings.use_projection}", thing=element)
            self._points[key] = pd.concat([base, later]).drop_duplicates("year").sort_values("year")
        points = self._points[key]
        return float(np.interp(year, points["year"].to_numpy(dtype=float), points["value"].to_numpy(dtype=float)))

    def _spread_by(self, attribute: str) -> pd.Series:
        if attribute not in self._weights_by:
            claims = self.evidence.by_place(attribute)
            leaves = self.evidence.spread_canada(claims)
            self._weights_by[attribute] = self._with_rest(leaves, float(claims.get(WORLD, 0.0)))
        return self._weights_by[attribute]

    def remainder_weights(self) -> pd.Series:
        """Weights by place for uses that no projection covers."""
        return self._spread_by(self.rules["spread_by"])


def commodity_contents(evidence: Evidence) -> pd.DataFrame:
    """Contents of the code list: commodity, element, t_per_unit."""
    rows = [(name, e, t) for name, item in evidence.codes.commodities.items() for e, t in item.contents.items()]
    return pd.DataFrame(rows, columns=["commodity", "element", "t_per_unit"])


def _spread(total: float, weights: pd.Series) -> pd.Series:
    positive = weights[weights > 0]
    return positive * (total / float(positive.sum())) if len(positive) else pd.Series(dtype=float)


def _between(start: pd.Series, end: pd.Series, step: float) -> pd.Series:
    places = start.index.union(end.index)
    first, last = start.reindex(places).fillna(0.0), end.reindex(places).fillna(0.0)
    return first + (last - first) * step
