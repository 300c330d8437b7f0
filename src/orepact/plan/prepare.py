"""From a network and a scenario to a case: model years, probabilities, and every mistake at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.chain.policy import AnyLimit, CapacityTarget, LargestSupplierShare
from orepact.chain.scenario import DEFAULT_DISCOUNT_RATE
from orepact.chain.tables import near
from orepact.errors import ProblemCollector
from orepact.plan.case import Case
from orepact.plan.horizon import Horizon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario


def prepare(network: Network, scenario: Scenario | None, *, scaled: bool = True) -> Case:
    """The case to solve; raises ``BadInput`` with everything in the scenario or network that a plan cannot take."""
    found = ProblemCollector(scenario.id if scenario else "")
    _check_years(network, scenario, found)
    for number, limit in enumerate(scenario.active_limits if scenario else ()):
        _check_limit(network, limit, f"limits.{number}", found)
    _check_tariffs(network, found)
    found.raise_if_any()
    network = _with_scenario(network, scenario)
    rate = scenario.discount_rate if scenario else DEFAULT_DISCOUNT_RATE
    return Case(network, Horizon(network.years, rate), scenario, scaled)


def _with_scenario(network: Network, scenario: Scenario | None) -> Network:
    """The network in the scenario's years, with its probabilities where a site states none."""
    if scenario is None:
        return network
    if scenario.years and scenario.years != network.years:
        network = network.restrict(years=scenario.years)
    if not scenario.status_probability:
        return network
    own = network.sites["realisation_probability"]
    by_status = network.sites["status"].map(scenario.status_probability).astype(float)
    return network.with_tables(sites=network.sites.assign(realisation_probability=own.fillna(by_status)))


def _check_years(network: Network, scenario: Scenario | None, found: ProblemCollector) -> None:
    if not network.years:
        found.add("years", "at least one model year", "none", "state the years of the network")
    for year in scenario.years if scenario else ():
        if year not in network.years:
            found.add("years", "years of the network", str(year), near(str(year), map(str, network.years)))


def _check_limit(network: Network, limit: AnyLimit, key: str, found: ProblemCollector) -> None:
    commodities = network.commodities.index
    _check_names(limit.commodities, commodities, f"{key}.commodities", "a commodity of the network", found)
    units = sorted({str(network.commodities["unit"].get(name, "")) for name in limit.commodities if name in commodities})
    if len(units) > 1:
        found.add(f"{key}.commodities", "commodities with one unit", ", ".join(units), "split the limit by unit")
    if isinstance(limit, LargestSupplierShare):
        _check_names(limit.places, network.groups, f"{key}.places", "a place or group of the network", found)
        _check_suppliers(network, limit, key, found)
    elif isinstance(limit, CapacityTarget):
        _check_names([limit.owner_country], _owners(network), f"{key}.owner_country", "an owner country of some site", found)


def _check_suppliers(network: Network, limit: LargestSupplierShare, key: str, found: ProblemCollector) -> None:
    known = list(network.places.index) if limit.by == "place" else _owners(network)
    _check_names(limit.exempt, known, f"{key}.exempt", f"a {limit.by} of the network", found)


def _owners(network: Network) -> list[str]:
    return sorted(set(network.sites["owner_country"]) - {""})


def _check_names(names: Iterable[str], known: Iterable[str], key: str, expected: str, found: ProblemCollector) -> None:
    names_known = list(known)
    for name in names:
        if name not in names_known:
            found.add(key, expected, repr(name), near(name, names_known))


def _check_tariffs(network: Network, found: ProblemCollector) -> None:
    """A tariff needs a price to be charged on."""
    taxed = set(network.routes.loc[network.routes["tariff_rate"].fillna(0.0) > 0, "commodity"])
    priced = set(network.commodities.index[np.isfinite(network.commodities["price_usd_per_unit"])])
    for name in sorted(taxed - priced):
        found.add(
            "price_usd_per_unit",
            f"a price of {name}, because routes charge a tariff on it",
            "none",
            "add the price",
            file="commodities.csv",
        )
