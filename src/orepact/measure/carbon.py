"""Carbon footprint: kg CO2e per unit in every pool, split by stage, by place of emission and by source.

Every site and route emits by its factors (``EmissionFactors``); ``Footprint`` carries the kilograms along with the goods. A
basket of goods (the cells made in Korea) is then traced back to each site and route that emitted for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.measure.emissions.emission_factors import SOURCES, STOCK, EmissionFactors, grade
from orepact.measure.energy import KWH
from orepact.measure.tracing.footprint import Footprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.tracing.transfers import Transfers

#: Stage of emissions on the way between places, and their place.
TRANSPORT, ON_THE_WAY = "transport", "on the way"
#: Place of emissions of inputs that the chain does not track: somewhere else.
OUTSIDE = "outside the chain"
#: Place of emissions that come with what is drawn from stocks: of other years, anywhere.
OUT_OF_STOCK = "out of stock"
#: Parts of the whole below this are rounding.
NEARLY = 1e-9
KEYS = ["stage", "place"]
#: Confidence of the mean of a year in the place of the history of a stock.
OF_STOCK = "estimated"


@dataclass(frozen=True, eq=False)
class Basket:
    """What one basket of goods caused.

    ``rows``: ``stage, place, source, process, confidence, kg`` (total of the basket); ``units`` in it; ``kwh_per_unit`` (NaN
    where the unit is no energy). ``without_factors``: the part of the making behind it that has no factors (``Carbon.steps``);
    ``bare``: the part of each process in that.
    """

    rows: pd.DataFrame
    units: float
    kwh_per_unit: float
    without_factors: float = 0.0
    bare: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))

    @property
    def kg_per_unit(self) -> float:
        """Kg CO2e per unit; NaN of nothing, and where no process behind it has factors."""
        known = self.units and self.without_factors < 1.0 - NEARLY
        return float(self.rows["kg"].sum()) / self.units if known else float("nan")

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
        table = table.join(wide.reindex(columns=[*SOURCES, STOCK], fill_value=0.0))
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
        """Data-quality grade (see ``grade``) of the kilograms, each lessened by the part of the making without factors."""
        return grade(self.quality * (1.0 - self.without_factors))


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

    @cached_property
    def steps(self) -> NDArray[np.float64]:
        """What each site makes as a part of all that is made of its main output, and the same of sites without factors.

        So steps of the chain count alike, whatever their unit, and each by the part of it that a product takes.
        """
        output, ran = self.transfers.network.site_output.to_numpy(dtype=object), activity(self.transfers)
        whole = pd.Series(ran).groupby(output).transform("sum").to_numpy(dtype=float)
        part = np.divide(ran, whole, out=np.zeros(len(ran)), where=whole > 0)
        return np.column_stack([part, np.where(self._bare, part, 0.0)])

    @property
    def _bare(self) -> NDArray[np.bool_]:
        sites = self.factors.sites
        return np.asarray(sites["electricity_kwh"].isna() & sites["direct_kg_co2e"].isna(), dtype=bool)

    @cached_property
    def stock(self) -> NDArray[np.float64]:
        """Kg CO2e that come with what is drawn, by pool: quantity x mean kg per unit that the commodity took to make in the year.

        The means m hold what stocks brought in: m = a + A m, with a the mean of what sites and routes emit and A what one
        kilogram per drawn unit adds to each mean. A commodity that nobody made in the year brings nothing.
        """
        drawn, made, commodity = self.transfers.amount("drawn"), self.transfers.amount("made"), self.transfers.commodity
        names = sorted({*commodity[drawn > 0]} & {*commodity[made > 0]})
        if not names:
            return np.zeros(len(drawn))
        of = np.column_stack([commodity == name for name in names]).astype(float)
        sites = self.caused.sum(axis=1).to_numpy(dtype=float)
        begun = self.footprint.handed @ (self.footprint.taken @ self.footprint.through(sites, self.moved) + sites)
        added = self.footprint.handed @ (self.footprint.taken @ self.footprint.through(nodes=of * drawn[:, None]))
        units = of.T @ made
        mean = np.linalg.lstsq(np.eye(len(names)) - (of.T @ added) / units[:, None], (of.T @ begun) / units, rcond=None)[0]
        return np.asarray(drawn * (of @ mean), dtype=float)

    @property
    def stock_kg(self) -> float:
        """All kilograms that come with what is drawn."""
        return float(self.stock.sum())

    @property
    def emitted_kg(self) -> float:
        """All kilograms that sites and routes emit in the year."""
        return float(self.caused.to_numpy().sum() + self.moved.sum())

    def carried_out_kg(self) -> float:
        """All kilograms that final uses and stocks take along.

        Equal to ``emitted_kg + stock_kg`` where no ring is without exit.
        """
        return float(self.footprint.carried_out(self.caused.sum(axis=1).to_numpy(), self.moved, self.stock).sum())

    def nodes(self, basis: str = "supply") -> pd.DataFrame:
        """Every pool that holds something (``supply``), or every commodity and place that makes something (``production``).

        Columns ``commodity, place, quantity, unit, kg_co2e_per_unit, kg_co2e_per_kwh``, one for each source and ``stock``, and
        ``grade``.
        """
        network = self.transfers.network
        each, quantity = self._each(basis)
        commodity = pd.Series(self.transfers.commodity.astype(str), dtype="str")
        unit = commodity.map(network.commodities["unit"])
        table = pd.DataFrame(
            {"commodity": commodity, "place": self.transfers.place.astype(str), "quantity": quantity, "unit": unit}
        )
        columns = [*SOURCES, STOCK]
        first, last = len(columns), len(columns) + len(self._confidences)
        steps = each[:, last:]
        bare = np.divide(steps[:, 1], steps[:, 0], out=np.zeros(len(steps)), where=steps[:, 0] > 0)
        table["kg_co2e_per_unit"] = np.where(bare < 1.0 - NEARLY, each[:, :first].sum(axis=1), np.nan)
        table["kg_co2e_per_kwh"] = table["kg_co2e_per_unit"] / unit.map(KWH)
        table[columns] = each[:, :first]
        table["grade"] = [_grade_of(self._confidences, row, part) for row, part in zip(each[:, first:last], bare, strict=True)]
        return table[quantity > 0].reset_index(drop=True)

    def _each(self, basis: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Kg CO2e per unit of each node by source, then by confidence, then ``steps``; and the units that it is about."""
        sites, moved, nodes = self._categories()
        if basis == "supply":
            return self.footprint.of(sites, moved, nodes), self.transfers.supply
        through = self.footprint.through(sites, moved, nodes)
        total = np.asarray(self.footprint.handed @ (self.footprint.taken @ through + sites))
        made = self.transfers.amount("made")
        return np.divide(total, made[:, None], out=np.full(total.shape, np.nan), where=made[:, None] > 0), made

    @cached_property
    def _confidences(self) -> list[str]:
        names = {*self.factors.routes["transport"], OF_STOCK}
        for source in SOURCES[:-1]:
            names |= set(self.factors.confidence(source))
        return sorted(names)

    def _categories(self) -> tuple[NDArray[np.float64], ...]:
        """Kilograms of sites, routes and what is drawn, by source and ``stock``, then by confidence; then ``steps``."""
        sites = self.caused.to_numpy(dtype=float)
        moved = np.zeros((len(self.moved), len(SOURCES) + 1))
        moved[:, len(SOURCES) - 1] = self.moved
        nodes = np.zeros((len(self.stock), len(SOURCES) + 1 + len(self._confidences) + 2))
        nodes[:, len(SOURCES)] = self.stock
        nodes[:, len(SOURCES) + 1 + self._confidences.index(OF_STOCK)] = np.abs(self.stock)
        known = np.zeros((len(sites), len(self._confidences)))
        for source in SOURCES[:-1]:
            column = pd.Index(self._confidences).get_indexer(pd.Index(self.factors.confidence(source)))
            np.add.at(known, (np.arange(len(sites)), column), np.abs(self.caused[source].to_numpy(dtype=float)))
        on_way = np.zeros((len(self.moved), len(self._confidences)))
        on_way[np.arange(len(self.moved)), self._route_confidence()] = np.abs(self.moved)
        none = np.zeros((len(sites), 2))
        return np.column_stack([sites, none, known, self.steps]), np.column_stack([moved, on_way, moved[:, :2] * 0.0]), nodes

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
        rows = pd.concat([self._of_sites(part.sites), self._of_routes(part.moved), self._of_stock(part.nodes)])
        whole, bare = (part.sites @ self.steps).tolist()
        of_bare = (
            pd.Series(part.sites * self.steps[:, 1] / (whole or 1.0)).groupby(self.factors.sites["process"].to_numpy()).sum()
        )
        without = bare / whole if whole else 0.0
        return Basket(rows, float(quantities.sum()), kwh, without, of_bare[of_bare > NEARLY].sort_values(ascending=False))

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

    def _of_stock(self, part: NDArray[np.float64]) -> pd.DataFrame:
        kg = part * self.stock
        at = np.flatnonzero(kg)
        frame = pd.DataFrame({"stage": STOCK, "place": OUT_OF_STOCK, "process": "", "source": STOCK}, index=range(len(at)))
        return frame.assign(confidence=OF_STOCK, kg=kg[at])

    def unknown_sites(self) -> pd.Series:
        """Processes that ran without any factor (neither power nor direct emissions), with the units they made."""
        sites, ran = self.factors.sites, activity(self.transfers)
        bare = self._bare & (ran > 0)
        return pd.Series(ran[bare], index=sites.loc[bare, "process"]).groupby(level=0).sum()


def activity(transfers: Transfers) -> NDArray[np.float64]:
    """Units of main output that each site made in the year."""
    made, network = transfers.made, transfers.network
    site = made["site"].to_numpy(dtype=np.int64)
    main = transfers.commodity[made["node"].to_numpy(dtype=np.int64)] == network.site_output.to_numpy(dtype=object)[site]
    quantity = np.where(main, made["quantity"].to_numpy(dtype=float), 0.0)
    found: NDArray[np.float64] = np.bincount(site, quantity, minlength=len(network.sites)).astype(float)
    return found


def _grade_of(names: list[str], kilograms: NDArray[np.float64], bare: float) -> str:
    total = float(np.nansum(kilograms))
    return grade(pd.Series(kilograms / total * (1.0 - bare), index=names)) if total > 0 and bare < 1.0 - NEARLY else ""
