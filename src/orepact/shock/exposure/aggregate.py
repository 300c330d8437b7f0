"""``Aggregate``: a network as rates and stocks, without a calendar; the form in which exposure and ensembles are computed.

While something is broken for a time ``T``, a site makes at most capacity x T, stocks stand as given, demand comes at its usual
rate. Divided by ``T`` all of it is a rate, so that one program of the size of the network answers for the whole time:
``S x + N f + m + inflow >= d - u`` with ``x <= capacity``, ``f <= capacity``, ``m <= stock / T``. What is left over may lie.
The form is that of the models for time to recover and time to survive in Simchi-Levi et al. (2015), Interfaces 45(5), 375-390,
doi:10.1287/inte.2015.0804. It knows no delay on the way and no ramp-up: of the sites and routes that it has, none can lose less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import NotFound
from orepact.shock.case.stores import refuse_ownerless
from orepact.wording import field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.shock.case.case import ShockCase

WANTS = ("node", "commodity", "place", "party", "unit", "loss_usd_per_unit", "quantity")
STORES = ("node", "commodity", "place", "owner", "kind", "quantity", "release")
#: Name of the time unit of a package that states none.
AS_GIVEN = "as in the package"


@dataclass(frozen=True, eq=False)
class Aggregate:
    """Rates per ``time_unit`` and stocks, in units of the commodity; arrays follow the tables of ``network``.

    - ``site_capacity`` (sites, main output), ``route_capacity`` (routes, what leaves): the most per time, ``inf`` without limit;
    - ``site_usual``, ``route_usual``: what they do usually per time, NaN where not known;
    - ``inflow`` (nodes): what enters a node otherwise, at least 0;
    - ``wants``: one row for each final demand (``WANTS``); ``quantity`` per time, ``loss_usd_per_unit`` of a unit that is missing
      (NaN where nobody said);
    - ``stores``: one row for each stock (``STORES``): ``quantity`` that may be used in all, ``release`` the most per time.
    """

    network: Network
    time_unit: str
    site_capacity: NDArray[np.float64]
    route_capacity: NDArray[np.float64]
    site_usual: NDArray[np.float64]
    route_usual: NDArray[np.float64]
    inflow: NDArray[np.float64]
    wants: pd.DataFrame
    stores: pd.DataFrame
    warnings: tuple[str, ...] = ()

    @classmethod
    def of_network(cls, network: Network, year: int | None = None) -> Aggregate:
        """A network as it stands in one model year (default: the first), capacities and demands per unit of its own time.

        A missing unit is worth its ``shortage_cost_usd``, else the price of the commodity. Raises ``NotFound`` for another year
        and ``BadInput`` for stocks without an owner beside stocks that have one.
        """
        chosen = network.years[0] if year is None else year
        if chosen not in network.years:
            raise NotFound("model year", str(chosen), map(str, network.years))
        stores, said = _package_stores(network)
        wants = _package_wants(network, chosen)
        several = year is None and len(network.years) > 1
        first = (f"capacities and demands of {chosen}, the first model year; {field('year')} takes another",) if several else ()
        sites, routes = len(network.sites), len(network.routes)
        return cls(
            network=network,
            time_unit=network.time_unit or AS_GIVEN,
            site_capacity=network.site_capacity(chosen).to_numpy(dtype=float),
            route_capacity=network.values("routes", "capacity_per_year"),
            site_usual=np.full(sites, np.nan),
            route_usual=np.full(routes, np.nan),
            inflow=np.zeros(len(network.nodes)),
            wants=wants,
            stores=stores,
            warnings=(*first, *said, *_said_of_worth(wants)),
        )

    @classmethod
    def of_case(cls, case: ShockCase) -> Aggregate:
        """The usual week of a case: capacities with their spare, stocks above their floor, what is under way as stock.

        What is under way (usual flow x weeks) counts at its destination. What a node usually puts aside is not demand.
        """
        capacity = case.network.values("routes", "capacity_per_year") / WEEKS
        return cls(
            network=case.network,
            time_unit="week",
            site_capacity=np.maximum(case.capacity, case.activity),
            route_capacity=np.maximum(capacity, case.flow),
            site_usual=case.activity,
            route_usual=case.flow,
            inflow=np.maximum(case.other, 0.0),
            wants=case.wants.assign(quantity=case.demand)[list(WANTS)].reset_index(drop=True),
            stores=_case_stores(case),
            warnings=case.warnings,
        )

    @property
    def worth_known(self) -> bool:
        """Whether every demand says what a missing unit is worth."""
        return bool(self.wants["loss_usd_per_unit"].notna().all())


#: Weeks of a year, as cases count them.
WEEKS = 52


def _package_wants(network: Network, year: int) -> pd.DataFrame:
    """Demand of the year above 0; places are their own party."""
    rows = network.demand[(network.demand["year"] == year) & (network.demand["quantity"] > 0)].reset_index(drop=True)
    price = rows["commodity"].map(network.commodities["price_usd_per_unit"]).astype(float)
    return pd.DataFrame(
        {
            "node": network.positions(rows["commodity"], rows["place"]),
            "commodity": rows["commodity"].array,
            "place": rows["place"].array,
            "party": rows["place"].array,
            "unit": rows["commodity"].map(network.commodities["unit"]).array,
            "loss_usd_per_unit": rows["shortage_cost_usd"].astype(float).fillna(price).to_numpy(),
            "quantity": rows["quantity"].to_numpy(dtype=float),
        }
    )


def _said_of_worth(wants: pd.DataFrame) -> list[str]:
    unknown = wants[wants["loss_usd_per_unit"].isna()]
    if not len(unknown):
        return []
    names = ", ".join(f"{c} at {p}" for c, p in unknown[["commodity", "place"]].head(5).itertuples(index=False))
    more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    who = f"{len(unknown)} of {len(wants)} demands have neither shortage_cost_usd nor a price ({names}{more})"
    return [f"{who}: what is lost is counted by quantity, and loss_usd is empty where such a demand is not met"]


def _package_stores(network: Network) -> tuple[pd.DataFrame, list[str]]:
    """Stocks above 0 as given, and what to say of them; raises ``BadInput`` for those without an owner beside owned ones."""
    rows = network.stockpiles[network.stockpiles["quantity"] > 0]
    said = refuse_ownerless(network)
    nobody = rows["owner"].str.strip() == ""
    stores = pd.DataFrame(
        {
            "node": network.positions(rows["commodity"], rows["place"]),
            "commodity": rows["commodity"].array,
            "place": rows["place"].array,
            "owner": rows["owner"].array,
            "kind": np.where(nobody, "warehouse", "stockpile"),
            "quantity": rows["quantity"].to_numpy(dtype=float),
            "release": network.values("stockpiles", "release_per_year")[rows.index],
        }
    )
    return stores, said


def _case_stores(case: ShockCase) -> pd.DataFrame:
    """Stocks above their floor, and what is under way to each node as one stock there."""
    table = case.stores
    kept = table.assign(quantity=(table["quantity"] - table["floor"]).clip(lower=0.0), release=table["release_per_week"])
    stores = pd.concat([kept[list(STORES)], _pipeline(case)], ignore_index=True)
    return stores[stores["quantity"] > 0].reset_index(drop=True)


def _pipeline(case: ShockCase) -> pd.DataFrame:
    network = case.network
    start, end = network.route_nodes
    arriving = case.flow * case.lag_weeks * (1.0 - network.values("routes", "loss"))
    under_way = np.zeros(len(network.nodes))
    known = (start >= 0) & (end >= 0)
    np.add.at(under_way, end[known], arriving[known])
    at = np.flatnonzero(under_way > 0)
    goods, places = network.nodes.get_level_values(0), network.nodes.get_level_values(1)
    columns = {"node": at, "commodity": goods[at].astype(str), "place": places[at].astype(str), "owner": "", "kind": "pipeline"}
    return pd.DataFrame({**columns, "quantity": under_way[at], "release": np.inf})
