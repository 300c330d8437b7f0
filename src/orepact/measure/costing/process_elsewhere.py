"""What a thing would cost in a place that does not make it: the process as it runs elsewhere, at the cost level of the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.measure.costing.unit_cost import BOUGHT, UnitCosts

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Components that follow the cost level of a place; running cost does so at the sites that the basis names.
BY_LEVEL = ("fixed", "capital")
RUNNING = "variable"


def process_elsewhere(
    costs: UnitCosts,
    sites: pd.DataFrame,
    commodity: str,
    place: str,
    *,
    levels: Mapping[str, float] | None = None,
    running_level: Mapping[str, float] | None = None,
    prices: Mapping[str, float] | None = None,
) -> pd.Series | None:
    """USD per unit by (component, stage) if the place ran the process that makes most of the commodity; None if nobody does.

    Fixed and capital cost are the mean of the sites that ran (by output) at the cost level of the place, ``levels``; running cost
    too where it follows that level (``running_level``, by site: the level it holds), else it is the same everywhere, as it is
    where the thing is made. Electricity is the mean use at the price of the place. An input costs its price where it has one,
    else what it costs in the pool of the place, or where there is none what it costs on average where it is used.
    """
    ran = _sites_of(costs, commodity)
    if not len(ran):
        return None
    network = costs.transfers.network
    stage = str(network.commodities.loc[commodity, "stage"])
    own = _own_costs(costs, sites, ran, place, levels=levels or {}, running_level=running_level or {})
    found = pd.Series(0.0, index=costs.categories)
    for component, usd in own.items():
        _add(found, str(component), stage, usd)
    lines = network.recipes[(network.recipes["process"] == ran["process"].iloc[0]) & (network.recipes["amount"] < 0)]
    for name, amount in zip(lines["commodity"], -lines["amount"], strict=True):
        price = (prices or {}).get(name)
        if price is None:
            found = found.add(amount * pd.Series(_input_cost(costs, name, place), index=costs.categories), fill_value=0.0)
        else:
            _add(found, BOUGHT, str(network.commodities.loc[name, "stage"]), amount * price)
    return found[found != 0].rename("usd_per_unit")


def _sites_of(costs: UnitCosts, commodity: str) -> pd.DataFrame:
    """Sites that ran the process with most output of the commodity: position, process, place, quantity."""
    transfers = costs.transfers
    network = transfers.network
    made = transfers.made
    main = (transfers.commodity[made["node"]] == commodity) & (network.site_output.to_numpy()[made["site"]] == commodity)
    rows = made[main]
    at = rows["site"].to_numpy()
    ran = pd.DataFrame(
        {
            "site": at,
            "process": network.sites["process"].to_numpy()[at],
            "place": network.sites["place"].to_numpy()[at],
            "quantity": rows["quantity"].to_numpy(),
        }
    )
    if not len(ran):
        return ran
    most = ran.groupby("process")["quantity"].sum().idxmax()
    return ran[ran["process"] == most].reset_index(drop=True)


def _own_costs(
    costs: UnitCosts,
    sites: pd.DataFrame,
    ran: pd.DataFrame,
    place: str,
    *,
    levels: Mapping[str, float],
    running_level: Mapping[str, float],
) -> dict[str, float]:
    network = costs.transfers.network
    weights = ran["quantity"].to_numpy() / ran["quantity"].sum()
    here = levels.get(place, 1.0)
    ratio = np.array([here / levels.get(other, 1.0) for other in ran["place"]])
    parts = sites.iloc[ran["site"].to_numpy()]
    running = np.array([here / running_level[site] if site in running_level else 1.0 for site in parts.index])
    factor = {RUNNING: running, **dict.fromkeys(BY_LEVEL, ratio)}
    found = {name: float(weights @ (parts[name].to_numpy() * factor.get(name, 1.0))) for name in parts.columns}
    use = network.values("sites", "electricity_kwh")[ran["site"].to_numpy()]
    price = pd.Series(network.values("places", "electricity_usd_per_kwh"), index=network.places.index)
    found["electricity"] = float(weights @ use) * float(np.nan_to_num(price.get(place, 0.0)))
    return found


def _input_cost(costs: UnitCosts, commodity: str, place: str) -> NDArray[np.float64]:
    """Cost of an input by category: in the pool of the place, else the mean of all pools by what is used from them."""
    transfers = costs.transfers
    at = transfers.network.positions([commodity], [place])[0]
    if at >= 0 and transfers.supply[at] > 0:
        return np.asarray(costs.pooled[at], dtype=float)
    rows = np.flatnonzero((transfers.commodity == commodity) & (transfers.supply > 0))
    weights = transfers.amount("used")[rows]
    if not len(rows) or weights.sum() == 0:
        weights = transfers.supply[rows]
    if not len(rows):
        return np.zeros(len(costs.categories))
    return np.asarray(weights @ costs.pooled[rows] / weights.sum(), dtype=float)


def _add(found: pd.Series, component: str, stage: str, usd: float) -> None:
    key = (component, stage)
    found.loc[key] = (found.loc[key] if key in found.index else 0.0) + usd
