"""Carbon footprint: kg CO2e per unit in every pool, split by stage, by place of emission and by source.

Every site and route emits by its factors (``EmissionFactors``); ``Footprint`` carries the kilograms along with the goods. A
basket of goods (the cells made in Korea) is then traced back to each site and route that emitted for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.measure.emission_factors import SOURCES, EmissionFactors, grade
from orepact.measure.footprint import Footprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.transfers import Transfers

#: Stage of emissions on the way between places, and their place.
TRANSPORT, ON_THE_WAY = "transport", "on the way"
#: Place of emissions of inputs that the chain does not track: somewhere else.
OUTSIDE = "outside the chain"
#: Units of energy: kilowatt-hours in one.
KWH = {"kWh": 1.0, "MWh": 1e3, "GWh": 1e6, "TWh": 1e9}
KEYS = ["stage", "place"]


@dataclass(frozen=True, eq=False)
class Basket:
    """What one basket of goods caused.

    ``rows``: ``stage, place, source, process, confidence, kg`` (total of the basket); ``units`` in it; ``kwh_per_unit`` (NaN
    where the unit is no energy).
    """

    rows: pd.DataFrame
    units: float
    kwh_per_unit: float

    @property
    def kg_per_unit(self) -> float:
        """Kg CO2e per unit."""
        return float(self.rows["kg"].sum()) / self.units if self.units else float("nan")

    @property
    def kg_per_kwh(self) -> float:
        """Kg CO2e per kilowatt-hour, NaN where the unit is no energy."""
        return self.kg_per_unit / self.kwh_per_unit

    def by(self, keys: list[str]) -> pd.DataFrame:
        """Rows by ``keys``: ``kg_co2e_per_unit``, ``kg_co2e_per_kwh``, ``share`` and a column for each source, largest first."""
        kg = self.rows.assign(kg=self.rows["kg"] / self.units if self.units else np.nan)
        total = kg.groupby(keys, sort=True)["kg"].sum().rename("kg_co2e_per_unit")
        table = total.to_frame()
        table["kg_co2e_per_kwh"] = total / self.kwh_per_unit
        table["share"] = total / total.sum() if total.sum() else 0.0
        wide = kg.pivot_table(index=keys, columns="source", values="kg", aggfunc="sum", fill_value=0.0)
        table = table.join(wide.reindex(columns=list(SOURCES), fill_value=0.0))
        ordered = table.reset_index().sort_values("kg_co2e_per_unit", ascending=False, kind="stable", ignore_index=True)
        return ordered[ordered["kg_co2e_per_unit"] != 0].reset_index(drop=True)

    @property
    def quality(self) -> pd.Series:
        """Part of the kilograms (taken as absolute) that rests on factors of each confidence."""
        kg = self.rows["kg"].abs().groupby(self.rows["confidence"]).sum()
        kg = kg[kg > 0]
        return kg / kg.sum() if kg.sum() else kg

    @property
    def grade(self) -> str:
        """Data-quality grade; see ``grade``."""
        return grade(self.quality)


@dataclass(frozen=True, eq=False)
class Carbon:
    """The carbon footprint of everything in one year of flows."""

    transfers: Transfers
    factors: EmissionFactors

    @cached_property
    def footprint(self) -> Footprint:
        """The burden system, factorised once."""
        return Footprint(self.transfers)

    @cached_property
    def caused(self) -> pd.DataFrame:
        """Kg CO2e of the year by site (rows) and source: activity x factor per unit."""
        return self.factors.per_unit().mul(activity(self.transfers), axis=0)

    @cached_property
    def moved(self) -> NDArray[np.float64]:
        """Kg CO2e of the year by row of ``transfers.moved``: what left x factor of the route."""
        moved = self.transfers.moved
        factor = self.factors.routes["kg_co2e"].to_numpy(dtype=float)[moved["route"].to_numpy(dtype=np.int64)]
        kg: NDArray[np.float64] = moved["sent"].to_numpy(dtype=float) * factor
        return kg

    @property
    def emitted_kg(self) -> float:
        """All kilograms that sites and routes emit in the year."""
        return float(self.caused.to_numpy().sum() + self.moved.sum())

    def carried_out_kg(self) -> float:
        """All kilograms that final uses and stocks take along: equal to ``emitted_kg`` where no ring is without exit."""
        return float(self.footprint.carried_out(self.caused.sum(axis=1).to_numpy(), self.moved).sum())

    def nodes(self, basis: str = "supply") -> pd.DataFrame:
        """Every pool that holds something (``supply``), or every commodity and place that makes something (``production``).

        Columns ``commodity, place, quantity, unit, kg_co2e_per_unit, kg_co2e_per_kwh``, one for each source, and ``grade``.
        """
        network = self.transfers.network
        each, quantity = self._each(basis)
        commodity = pd.Series(self.transfers.commodity.astype(str), dtype="str")
        unit = commodity.map(network.commodities["unit"])
        table = pd.DataFrame(
            {"commodity": commodity, "place": self.transfers.place.astype(str), "quantity": quantity, "unit": unit}
        )
        table["kg_co2e_per_unit"] = each[:, : len(SOURCES)].sum(axis=1)
        table["kg_co2e_per_kwh"] = table["kg_co2e_per_unit"] / unit.map(KWH)
        table[list(SOURCES)] = each[:, : len(SOURCES)]
        table["grade"] = [_grade_of(self._confidences, row) for row in each[:, len(SOURCES) :]]
        return table[quantity > 0].reset_index(drop=True)

    def _each(self, basis: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Kg CO2e per unit of each node by source, then by confidence; and the units that it is about."""
        by_source, by_confidence = self._categories()
        sites = np.column_stack([by_source[0], by_confidence[0]])
        moved = np.column_stack([by_source[1], by_confidence[1]])
        if basis == "supply":
            return self.footprint.of(sites, moved), self.transfers.supply
        through = self.footprint.through(sites, moved)
        total = np.asarray(self.footprint.handed @ (self.footprint.taken @ through + sites))
        made = self.transfers.amount("made")
        return np.divide(total, made[:, None], out=np.full(total.shape, np.nan), where=made[:, None] > 0), made

    @cached_property
    def _confidences(self) -> list[str]:
        names = {*self.factors.routes["transport"]}
        for source in SOURCES[:-1]:
            names |= set(self.factors.confidence(source))
        return sorted(names)

    def _categories(self) -> tuple[tuple[NDArray[np.float64], ...], tuple[NDArray[np.float64], ...]]:
        """Kilograms of sites and routes by source, and by confidence."""
        sites = self.caused.to_numpy(dtype=float)
        moved = np.zeros((len(self.moved), len(SOURCES)))
        moved[:, -1] = self.moved
        known = np.zeros((len(sites), len(self._confidences)))
        for source in SOURCES[:-1]:
            column = pd.Index(self._confidences).get_indexer(pd.Index(self.factors.confidence(source)))
            np.add.at(known, (np.arange(len(sites)), column), np.abs(self.caused[source].to_numpy(dtype=float)))
        on_way = np.zeros((len(self.moved), len(self._confidences)))
        on_way[np.arange(len(self.moved)), self._route_confidence()] = np.abs(self.moved)
        return (np.column_stack([sites, np.zeros(len(sites))]), moved), (known, on_way)

    def _route_confidence(self) -> NDArray[np.int64]:
        routes = self.factors.routes["transport"].to_numpy()[self.transfers.moved["route"].to_numpy(dtype=np.int64)]
        return np.asarray(pd.Index(self._confidences).get_indexer(pd.Index(routes)), dtype=np.int64)

    def basket(self, commodities: Iterable[str], places: Iterable[str] | None = None, *, basis: str = "supply") -> Basket:
        """What the pools of these commodities in these places (default all) caused.

        ``basis`` supply: everything that the pools hold; production: only what is made there. The basket is empty
        (``units`` 0) where there is none.
        """
        inside = np.isin(self.transfers.commodity, list(commodities))
        if places is not None:
            inside &= np.isin(self.transfers.place, list(places))
        held = self.transfers.supply if basis == "supply" else self.transfers.amount("made")
        quantities = np.where(inside, held, 0.0)
        part = self.footprint.row(quantities, basis=basis)
        units = {str(unit) for unit in self.transfers.network.commodities["unit"].reindex(sorted(set(commodities))).dropna()}
        kwh = KWH.get(units.pop(), float("nan")) if len(units) == 1 else float("nan")
        return Basket(pd.concat([self._of_sites(part.sites), self._of_routes(part.moved)]), float(quantities.sum()), kwh)

    def _of_sites(self, part: NDArray[np.float64]) -> pd.DataFrame:
        network = self.transfers.network
        at = np.flatnonzero(part)
        sites = network.sites.iloc[at]
        stage = network.site_output.iloc[at].map(network.commodities["stage"]).fillna("")
        frames = []
        for source in SOURCES[:-1]:
            frame = pd.DataFrame({"stage": stage, "place": sites["place"], "process": sites["process"], "source": source})
            if source == "background":
                frame["place"] = OUTSIDE
            frame["confidence"] = self.factors.confidence(source).iloc[at]
            frames.append(frame.assign(kg=part[at] * self.caused[source].to_numpy(dtype=float)[at]))
        return pd.concat(frames, ignore_index=True)

    def _of_routes(self, part: NDArray[np.float64]) -> pd.DataFrame:
        at = np.flatnonzero(part)
        routes = self.transfers.moved["route"].to_numpy(dtype=np.int64)[at]
        frame = pd.DataFrame({"stage": TRANSPORT, "place": ON_THE_WAY, "process": "", "source": TRANSPORT}, index=range(len(at)))
        return frame.assign(confidence=self.factors.routes["transport"].to_numpy()[routes], kg=part[at] * self.moved[at])

    def unknown_sites(self) -> pd.Series:
        """Processes that ran without any factor (neither power nor direct emissions), with the units they made."""
        sites, ran = self.factors.sites, activity(self.transfers)
        bare = sites["electricity_kwh"].isna() & sites["direct_kg_co2e"].isna() & (ran > 0)
        return pd.Series(ran[bare.to_numpy()], index=sites.loc[bare, "process"]).groupby(level=0).sum()


def activity(transfers: Transfers) -> NDArray[np.float64]:
    """Units of main output that each site made in the year."""
    made, network = transfers.made, transfers.network
    site = made["site"].to_numpy(dtype=np.int64)
    main = transfers.commodity[made["node"].to_numpy(dtype=np.int64)] == network.site_output.to_numpy(dtype=object)[site]
    quantity = np.where(main, made["quantity"].to_numpy(dtype=float), 0.0)
    found: NDArray[np.float64] = np.bincount(site, quantity, minlength=len(network.sites)).astype(float)
    return found


def _grade_of(names: list[str], kilograms: NDArray[np.float64]) -> str:
    total = float(np.nansum(kilograms))
    return grade(pd.Series(kilograms / total, index=names)) if total > 0 else ""
