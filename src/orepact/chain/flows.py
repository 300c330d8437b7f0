"""``Flows``: what moves, is made, built and missing, as one tidy table that every engine returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain import balance
from orepact.chain.flow_rows import COLUMNS, KINDS, SITE_KINDS, join, tidy
from orepact.chain.manifest import Manifest
from orepact.chain.network import Network
from orepact.errors import BadInput, NotFound, Problem, ProblemCollector

if TYPE_CHECKING:
    from orepact.chain.plotting import FlowsPlot

#: Columns of ``Flows.quality``.
QUALITY = ("standard_deviation", "information", "confidence")


@dataclass(frozen=True, eq=False)
class Flows:
    """A result on a network: tidy rows, the network they stand on, and the manifest of how they were made.

    Columns: ``scenario, year, kind, commodity, origin, destination, site, process, owner, quantity, unit, cost_usd, tariff_usd``.
    ``quantity`` is per year, in ``unit``; costs are totals of the row in the year, not discounted. ``kind`` is one of
    ``activity, route, demand, shortage, stock_in, stock_out, build, capacity, retire, recovered``.
    ``quality``, where the engine knows it, has one row for each row of ``frame``: ``standard_deviation`` (in ``unit``),
    ``information`` (0: only the prior speaks, 1: observations and balance fix it) and ``confidence``.
    """

    frame: pd.DataFrame
    network: Network
    manifest: Manifest = field(default_factory=Manifest)
    quality: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        _demand_columns(self.frame)
        object.__setattr__(self, "frame", tidy(self.frame))
        if self.quality is not None:
            object.__setattr__(self, "quality", _aligned(self.quality, len(self.frame)))

    @classmethod
    def of(cls, network: Network, rows: Iterable[pd.DataFrame], manifest: Manifest | None = None) -> Flows:
        """Flows from the parts that ``flow_rows`` made."""
        return cls(join(rows), network, manifest or Manifest.of(network))

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def years(self) -> tuple[int, ...]:
        """Years that any row is about."""
        return tuple(int(year) for year in np.unique(self.frame["year"]))

    @property
    def plot(self) -> FlowsPlot:
        """Pictures: ``.sankey()``, ``.map()``, ``.capacity()``."""
        from orepact.chain.plotting import FlowsPlot

        return FlowsPlot(self)

    # The law -----------------------------------------------------------------------------------

    def check_balance(self, network: Network | None = None, tolerance: float = balance.TOLERANCE) -> float:
        """The worst residual of ``S x + N f + m = d`` relative to the throughput of its node.

        Raises ``BalanceBroken`` naming the worst nodes when it is above ``tolerance``.
        """
        return balance.check_balance(self.frame, network or self.network, tolerance)

    def check_demand(self, network: Network | None = None) -> None:
        """Raise ``BalanceBroken`` unless the table holds all demand of every model year, no more and no less."""
        balance.check_demand(self.frame, network or self.network)

    def balance(self, network: Network | None = None) -> pd.DataFrame:
        """Residual and throughput of every node and year."""
        return balance.balance_table(self.frame, network or self.network)

    # Choosing and adding up --------------------------------------------------------------------

    def select(
        self,
        *,
        kind: str | Iterable[str] | None = None,
        commodity: str | Iterable[str] | None = None,
        year: int | Iterable[int] | None = None,
        origin: str | Iterable[str] | None = None,
        destination: str | Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Rows that meet every condition; places may be groups."""
        chosen = np.ones(len(self.frame), dtype=bool)
        for column, wanted in (("kind", kind), ("commodity", commodity), ("year", year)):
            if wanted is not None:
                values = [wanted] if isinstance(wanted, (str, int)) else list(wanted)
                chosen &= self.frame[column].isin(values).to_numpy()
        for column, place in (("origin", origin), ("destination", destination)):
            if place is not None:
                chosen &= self.frame[column].isin(self.network.members(place)).to_numpy()
        return self.frame[chosen]

    @cached_property
    def production(self) -> pd.DataFrame:
        """What sites make, co-products included, by year, commodity, place, site, process, owner and owner_country.

        ``owner`` is the company, ``owner_country`` the home of its ultimate controlling owner.
        """
        rows = self.frame.loc[self.frame["kind"] == "activity", ["year", "site", "process", "owner", "origin", "quantity"]]
        outputs = self.network.recipes[self.network.recipes["amount"] > 0]
        made = rows.rename(columns={"origin": "place"}).merge(outputs, on="process")
        made["quantity"] *= made.pop("amount")
        made["owner_country"] = made["site"].map(self.network.sites["owner_country"]).fillna("")
        made["unit"] = made["commodity"].map(self.network.commodities["unit"])
        return made[["year", "commodity", "place", "site", "process", "owner", "owner_country", "quantity", "unit"]]

    def produced(self, commodity: str, *, by: str = "place") -> pd.DataFrame:
        """Production of one commodity, ``by`` place, site, process, owner or owner_country (rows) and year (columns)."""
        self._demand_commodity(commodity)
        rows = self.production[self.production["commodity"] == commodity]
        return rows.pivot_table(index=by, columns="year", values="quantity", aggfunc="sum", fill_value=0.0)

    def by_place(self, kind: str = "activity") -> pd.DataFrame:
        """Totals of one kind by ``year, commodity, place``; of an ``activity`` the whole production."""
        return self._totals(kind, "place")

    def by_owner(self, kind: str = "activity", *, of: str = "owner_country") -> pd.DataFrame:
        """Totals of one kind of sites by ``year, commodity`` and ``owner_country`` (or ``owner``, the company)."""
        if kind not in SITE_KINDS:
            raise NotFound("kind of sites", kind, SITE_KINDS)
        return self._totals(kind, of)

    def _totals(self, kind: str, by: str) -> pd.DataFrame:
        rows = self.production if kind == "activity" else self._placed(kind)
        keys = ["year", "commodity", by, "unit"]
        return rows.groupby(keys, sort=True)["quantity"].sum().reset_index()

    def _placed(self, kind: str) -> pd.DataFrame:
        if kind not in KINDS:
            raise NotFound("kind", kind, KINDS)
        rows = self.frame[self.frame["kind"] == kind]
        place = rows["destination"].where(rows["destination"] != "", rows["origin"])
        country = rows["site"].map(self.network.sites["owner_country"]).fillna("")
        return rows.assign(place=place, owner_country=country)

    def element(self, element: str, *, kind: str | None = None) -> pd.DataFrame:
        """Rows whose commodity holds the element, with ``contained_t``: its tonnes in the quantity of the row."""
        contents = self.network.contents[self.network.contents["element"] == element]
        if not len(contents):
            raise NotFound("element", element, self.network.contents["element"].unique())
        per_unit = self.frame["commodity"].map(contents.set_index("commodity")["t_per_unit"]).astype(float)
        chosen = per_unit.notna() & ((self.frame["kind"] == kind) if kind is not None else True)
        return self.frame[chosen].assign(contained_t=(self.frame["quantity"] * per_unit)[chosen])

    def _demand_commodity(self, commodity: str) -> None:
        if commodity not in self.network.commodities.index:
            raise NotFound("commodity", commodity, self.network.commodities.index)

    def to_csv(self, path: str | Path) -> Path:
        """Write the tidy table as UTF-8 CSV; returns the path."""
        target = Path(path)
        self.frame.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
        return target


def _aligned(quality: pd.DataFrame, rows: int) -> pd.DataFrame:
    """``quality`` with the row numbers of the flows; raises ``BadInput`` unless it has one row for each of them."""
    if list(quality.columns) != list(QUALITY) or len(quality) != rows:
        found = f"{len(quality)} rows with {', '.join(map(str, quality.columns))}"
        raise BadInput(
            [Problem("quality", f"{rows} rows with {', '.join(QUALITY)}", found, "give one row for each flow", "flows")]
        )
    return quality.reset_index(drop=True)


def _demand_columns(frame: pd.DataFrame) -> None:
    found = ProblemCollector("flows")
    for name in ("year", "kind", "commodity", "quantity"):
        if name not in frame.columns:
            found.add(name, f"a column {name}", "no such column", "add it")
    for name in frame.columns:
        if name not in COLUMNS:
            found.add(str(name), "only the columns of flows", f"unknown column {name!r}", f"columns are {', '.join(COLUMNS)}")
    if "kind" in frame.columns:
        for kind in sorted(set(frame["kind"]) - set(KINDS)):
            found.add("kind", f"one of {', '.join(KINDS)}", repr(kind), "use one of them")
    if found.problems:
        raise BadInput(found.problems)
