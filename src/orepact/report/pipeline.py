"""Supply of one country by status and year: what operates, what is being built, what is only studied, for each product."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.report.scope import STATUS_GROUPS, Product, factors

if TYPE_CHECKING:
    from orepact.chain import Network

#: Status groups with the statuses as keys.
GROUP_OF = {status: group for group, statuses in STATUS_GROUPS.items() for status in statuses}


@dataclass(frozen=True, eq=False)
class Pipeline:
    """Capacity of the sites of some places before anything that a plan adds."""

    network: Network
    places: tuple[str, ...]
    _expected: dict[tuple[str, tuple[int, ...]], pd.Series] = field(default_factory=dict, repr=False)

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Sites with a limited capacity that may come or stand: with ``commodity``, status ``group``, ``full`` and ``chance``."""
        network = self.network
        sites = network.sites[network.sites["place"].isin(self.places)]
        group = sites["status"].map(GROUP_OF)
        sites = sites.assign(
            commodity=network.site_output.reindex(sites.index),
            group=group,
            full=sites["capacity_per_year"],
            chance=sites["realisation_probability"].fillna(1.0).where(group != "Operating", 1.0),
        )
        found: pd.DataFrame = sites[group.notna() & (sites["full"] > 0) & np.isfinite(sites["full"])]
        return found

    def by_site(self, product: Product) -> pd.DataFrame:
        """The sites that make a product, with ``quantity`` (nameplate) and ``expected`` (times chance) in its unit."""
        factor = factors(self.network, product)
        rows = self.sites[self.sites["commodity"].isin(list(factor))]
        quantity = rows["full"] * rows["commodity"].map(factor).astype(float)
        return rows.assign(quantity=quantity, expected=quantity * rows["chance"])

    def by_status(self, product: Product, years: tuple[int, ...]) -> pd.DataFrame:
        """Nameplate capacity by status group (rows, surest first) and year (columns)."""
        return self._over_years(self.by_site(product), "quantity", years)

    def expected(self, product: Product, years: tuple[int, ...]) -> pd.Series:
        """Capacity by year, every site weighted by the probability of its status."""
        key = (product.id, years)
        if key not in self._expected:
            self._expected[key] = self._over_years(self.by_site(product), "expected", years).sum()
        return self._expected[key]

    def _over_years(self, rows: pd.DataFrame, column: str, years: tuple[int, ...]) -> pd.DataFrame:
        start, end = rows["start_year"].to_numpy(dtype=float), rows["end_year"].to_numpy(dtype=float)
        table = pd.DataFrame(index=list(STATUS_GROUPS), columns=list(years), dtype=float)
        for year in years:
            stands = ~(year < start) & ~(year > end)
            table[year] = rows[stands].groupby("group")[column].sum().reindex(table.index).fillna(0.0)
        return table
