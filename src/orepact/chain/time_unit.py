"""The time that rates of a network count: a year, unless its head says ``time_unit: week`` or ``day``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.chain.flows import Flows
    from orepact.chain.network import Network

#: Units of time in a year: fifty-two whole weeks.
PER_YEAR = {"year": 1.0, "week": 52.0, "day": 364.0}
#: Columns that count per unit of time, by table; costs per unit made or moved do not.
RATES = {
    "sites": ("capacity_per_year", "max_build_per_year"),
    "routes": ("capacity_per_year",),
    "demand": ("quantity",),
    "stockpiles": ("release_per_year",),
    "observations": ("quantity", "standard_deviation"),
}


def per_year(network: Network) -> float:
    """How many of its units of time make a year; 1 where the network names none.

    >>> PER_YEAR["week"]
    52.0
    """
    return PER_YEAR[network.time_unit or "year"]


def yearly_network(network: Network) -> Network:
    """The same network with every rate per year; stocks and reserves are quantities and stay.

    A fixed cost stays too (USD per unit of capacity, for as long as the capacity counts); capex is spread over more units.
    """
    factor = per_year(network)
    if factor == 1.0:
        return network
    tables = {}
    for name, columns in RATES.items():
        table = getattr(network, name)
        tables[name] = table.assign(**{column: table[column].astype(float) * factor for column in columns})
    tables["sites"] = tables["sites"].assign(capex_usd=tables["sites"]["capex_usd"].astype(float) / factor)
    return replace(network.with_tables(**tables), time_unit="year")


def yearly_flows(flows: Flows) -> Flows:
    """The same flows, quantities and costs per year, on the network per year."""
    factor = per_year(flows.network)
    if factor == 1.0:
        return flows
    scaled = {name: flows.frame[name] * factor for name in ("quantity", "cost_usd", "tariff_usd")}
    quality = flows.quality
    if quality is not None:
        quality = quality.assign(standard_deviation=quality["standard_deviation"] * factor)
    return replace(flows, frame=flows.frame.assign(**scaled), network=yearly_network(flows.network), quality=quality)
