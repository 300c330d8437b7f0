"""``Network``: any supply chain as nine tables and two sparse matrices.

A *node* is one commodity in one place. Sites turn nodes into nodes (``S``), routes move a commodity
between places (``N``), and every engine asks a different question about ``S x + N f + m = d``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain import incidence
from orepact.chain.tables import conform, site_statuses, tables
from orepact.errors import NotFound, Problem

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse


def _no_table() -> pd.DataFrame | None:
    return None


@dataclass(frozen=True, eq=False)
class Network:
    """A supply chain: commodities, places, recipes, sites, routes, demand, stockpiles, element contents and observations.

    Frames carry the columns of ``data/schemas/network_package.yaml``; missing optional ones are created with NaN
    or "". ``commodities``, ``places`` and ``sites`` are indexed by their id. Frames are never changed in place.
    ``years`` are the model years: each stands for itself and the calendar years before the next one, the last for one.
    ``time_unit`` is the time that rates count where the network says so (``year``, ``week`` or ``day``), else "".
    """

    title: str
    years: tuple[int, ...]
    currency: str
    description: str
    commodities: pd.DataFrame
    places: pd.DataFrame
    recipes: pd.DataFrame
    sites: pd.DataFrame
    routes: pd.DataFrame
    demand: pd.DataFrame
    stockpiles: pd.DataFrame = field(default_factory=_no_table)  # type: ignore[assignment]  # conformed on creation
    contents: pd.DataFrame = field(default_factory=_no_table)  # type: ignore[assignment]  # conformed on creation
    observations: pd.DataFrame = field(default_factory=_no_table)  # type: ignore[assignment]  # conformed on creation
    time_unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", tuple(int(year) for year in self.years))
        for name in tables():
            object.__setattr__(self, name, conform(name, getattr(self, name)))
        object.__setattr__(self, "contents", _with_main_element(self.contents, self.commodities))

    # Sources and targets -----------------------------------------------------------------------

    @classmethod
    def from_package(cls, folder: str | Path) -> Network:
        """The network in a package folder; raises ``BadInput`` with every problem of every file."""
        from orepact.chain.package import read_package

        return read_package(Path(folder))

    def to_package(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write the network as a package folder, whole or not at all; refuses a non-empty folder unless told."""
        from orepact.chain.package import write_package

        return write_package(self, Path(folder), overwrite=overwrite)

    @classmethod
    def from_facts(cls, ledger: Any, scenario: Any = None, years: Iterable[int] | None = None) -> Network:
        """The reference network that the facts and a scenario describe."""
        from importlib import import_module

        reference = import_module("orepact.chain.reference")
        network: Network = reference.build_network(ledger, scenario, years)
        return network

    @classmethod
    def baseline_case(cls, ledger: Any, year: int, scenario: Any = None) -> Network:
        """The network of a past year with what sources say about it (``observations``): what ``baseline.fit`` takes."""
        from importlib import import_module

        network: Network = import_module("orepact.chain.reference").build_baseline(ledger, year, scenario)
        return network

    def check(self) -> list[Problem]:
        """Everything wrong with the network, at once; an empty list when it is sound."""
        from orepact.chain.checking import check_network

        return check_network(self)

    # The matrices ------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> pd.MultiIndex:
        """(commodity, place) pairs that anything touches: the rows of ``S`` and ``N``."""
        return incidence.nodes(self)

    @cached_property
    def S(self) -> sparse.csc_array:  # noqa: N802  the name in the equation
        """Recipes, nodes x sites."""
        return incidence.site_matrix(self)

    @cached_property
    def N(self) -> sparse.csc_array:  # noqa: N802  the name in the equation
        """Routes, nodes x routes."""
        return incidence.route_matrix(self)

    @property
    def site_index(self) -> pd.Index:
        """Site ids: the columns of ``S``."""
        return self.sites.index

    @property
    def route_index(self) -> pd.Index:
        """Route numbers: the columns of ``N``."""
        return self.routes.index

    def positions(self, commodity: ArrayLike | pd.Series, place: ArrayLike | pd.Series) -> NDArray[np.int64]:
        """Row of each (commodity, place) in ``nodes``; -1 where there is no such node."""
        return self._rows(incidence.node_keys(self, commodity, place))

    @cached_property
    def route_keys(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Node keys of the origin and destination of each route (``incidence.node_keys``)."""
        goods = self.routes["commodity"]
        start = incidence.node_keys(self, goods, self.routes["origin"])
        return start, incidence.node_keys(self, goods, self.routes["destination"])

    @cached_property
    def route_nodes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows in ``nodes`` of the origin and destination of each route; -1 for an unknown name."""
        start, end = self.route_keys
        return self._rows(start), self._rows(end)

    def _rows(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        known = self._node_keys
        if not len(known):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, at, -1)

    @cached_property
    def _node_keys(self) -> NDArray[np.int64]:
        return incidence.node_keys(self, self.nodes.get_level_values(0), self.nodes.get_level_values(1))

    # Derived columns ---------------------------------------------------------------------------

    def values(self, table: str, column: str) -> NDArray[np.float64]:
        """A number column as an array in which empty cells hold the documented default (``inf`` for no limit)."""
        spec = tables()[table].columns[column]
        raw: NDArray[np.float64] = getattr(self, table)[column].to_numpy(dtype=float)
        return raw if spec.default is None else np.where(np.isnan(raw), float(spec.default), raw)

    @cached_property
    def year_spans(self) -> NDArray[np.int64]:
        """Calendar years that each model year stands for: up to the next one, 1 for the last."""
        return np.append(np.diff(self.years), 1).astype(np.int64)

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """Exogenous capacity, sites x years, in units of main output per year; ``inf`` means unlimited.

        The capacity stands for ``start_year <= t <= end_year``. A site that does not operate yet counts with its
        ``realisation_probability``; cancelled and closed sites count nothing.
        """
        status = self.sites["status"]
        full = self.values("sites", "capacity_per_year")
        probability = np.where(status.isin(_statuses("operates")), 1.0, self.values("sites", "realisation_probability"))
        probability = np.where(status.isin(_statuses("ends")), 0.0, probability)
        expected = np.zeros(len(full))
        np.multiply(full, probability, out=expected, where=probability > 0)
        start, end = self.sites["start_year"].to_numpy(), self.sites["end_year"].to_numpy()
        year = np.asarray(self.years)
        gone = (year < start[:, None]) | (year > end[:, None])
        columns = pd.Index(self.years, name="year")
        return pd.DataFrame(np.where(gone, 0.0, expected[:, None]), index=self.sites.index, columns=columns)

    def site_capacity(self, year: int) -> pd.Series:
        """Exogenous capacity of each site in one model year."""
        if year not in self.years:
            raise NotFound("model year", str(year), map(str, self.years))
        return self.capacity[year]

    @cached_property
    def expandable(self) -> NDArray[np.bool_]:
        """Sites that can be built or expanded: those with ``capex_usd`` that are neither cancelled nor closed."""
        return (self.sites["capex_usd"].notna() & ~self.sites["status"].isin(_statuses("ends"))).to_numpy()

    @cached_property
    def main_output(self) -> pd.Series:
        """Main output commodity of each process (the recipe row with amount 1), indexed by process."""
        rows = self.recipes[self.recipes["amount"] == 1.0].drop_duplicates("process")
        return rows.set_index("process")["commodity"]

    @cached_property
    def site_output(self) -> pd.Series:
        """Main output commodity of each site, "" where the process has none."""
        return self.sites["process"].map(self.main_output).astype("str").fillna("").rename("commodity")

    @cached_property
    def co_product_nodes(self) -> NDArray[np.bool_]:
        """Nodes that some site feeds with a co-product (a positive recipe row that is not its main output)."""
        lines = incidence.recipe_lines(self)
        extra = (lines["amount"] > 0) & (lines["commodity"] != lines["process"].map(self.main_output))
        rows = self.positions(lines.loc[extra, "commodity"], lines.loc[extra, "place"])
        mask = np.zeros(len(self.nodes), dtype=bool)
        mask[rows[rows >= 0]] = True
        return mask

    @cached_property
    def route_tariff_usd(self) -> NDArray[np.float64]:
        """Tariff per moved unit: ``tariff_rate`` x price of the commodity (0 where there is no price)."""
        price = self.routes["commodity"].map(self.commodities["price_usd_per_unit"]).astype(float).fillna(0.0).to_numpy()
        tariff: NDArray[np.float64] = self.values("routes", "tariff_rate") * price
        return tariff

    @cached_property
    def route_cost_usd(self) -> NDArray[np.float64]:
        """Cost per moved unit: transport + tariff."""
        return self.values("routes", "cost_usd") + self.route_tariff_usd

    @cached_property
    def site_cost_usd(self) -> NDArray[np.float64]:
        """Cost per unit of main output: variable cost + electricity x its price at the place."""
        price = pd.Series(self.values("places", "electricity_usd_per_kwh"), index=self.places.index)
        at_site = self.sites["place"].map(price).astype(float).fillna(0.0).to_numpy()
        return self.values("sites", "variable_cost_usd") + self.values("sites", "electricity_kwh") * at_site

    # Groups and copies -------------------------------------------------------------------------

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Places of each group, groups of groups followed; a place is a group of itself and of the places under it."""
        from orepact.chain.grouping import group_members

        return group_members(self.places["group"])

    def members(self, place_or_group: str | Iterable[str]) -> tuple[str, ...]:
        """Places that a name or a list of names stands for, in the order of ``places``; raises ``NotFound``."""
        names = [place_or_group] if isinstance(place_or_group, str) else list(place_or_group)
        for name in names:
            if name not in self.groups:
                raise NotFound("place or group", name, self.groups)
        wanted = {place for name in names for place in self.groups[name]}
        return tuple(place for place in self.places.index if place in wanted)

    def restrict(
        self,
        *,
        places: Iterable[str] | None = None,
        commodities: Iterable[str] | None = None,
        years: Iterable[int] | None = None,
        routes: ArrayLike | None = None,
    ) -> Network:
        """A reduced copy: only these places (or groups), commodities, model years and routes (mask or numbers)."""
        from orepact.chain.restriction import restrict

        return restrict(self, places=places, commodities=commodities, years=years, routes=routes)

    def with_tables(self, **frames: pd.DataFrame) -> Network:
        """A copy with some tables replaced."""
        return replace(self, **frames)  # type: ignore[arg-type]  # only frames come in

    def equals(self, other: Network) -> bool:
        """Whether both hold the same title, years and tables, cell by cell."""
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            same = mine.equals(theirs) if isinstance(mine, pd.DataFrame) else mine == theirs
            if not same:
                return False
        return True

    def __repr__(self) -> str:
        counted = ("commodities", "places", "sites", "routes")
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in counted)
        span = f"{self.years[0]}-{self.years[-1]}" if self.years else "no years"
        return f"Network({self.title!r}, {span}, {sizes})"


def _statuses(flag: str) -> frozenset[str]:
    """Statuses that carry a flag of the code list; a site without status operates."""
    marked = {name for name, entry in site_statuses().items() if entry[flag]}
    return frozenset(marked | {""} if flag == "operates" else marked)


def _with_main_element(contents: pd.DataFrame, commodities: pd.DataFrame) -> pd.DataFrame:
    """``contents`` with a row for the main element of every commodity that does not list it."""
    known = commodities[(commodities["element"] != "") & commodities["element_t_per_unit"].notna()]
    main = known.reset_index()[["commodity", "element", "element_t_per_unit"]]
    main = main.rename(columns={"element_t_per_unit": "t_per_unit"})
    listed = pd.MultiIndex.from_frame(contents[["commodity", "element"]])
    added = main[~pd.MultiIndex.from_frame(main[["commodity", "element"]]).isin(listed)]
    if not len(added):
        return contents
    return conform("contents", pd.concat([contents, added], ignore_index=True) if len(contents) else added)
