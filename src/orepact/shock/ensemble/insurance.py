"""Insurances: what can be bought beforehand, as a changed network, and what it costs a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.ensemble.risk import LEAST_YEARS, Measure, conditional_value_at_risk, mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.book import InsuranceBook, Option
    from orepact.shock.exposure.aggregate import Aggregate

DAYS_PER_WEEK = 7.0
WEEKS_PER_YEAR = 52.0


@dataclass(frozen=True, eq=False)
class Insured:
    """An option on a network: the network with it, and what it costs.

    ``value_usd`` is the value of what is held, promised in a year or added in a year; ``unpriced`` names goods without a price,
    which are left out of option and cost alike.
    """

    option: Option
    aggregate: Aggregate
    cost_usd_per_year: float
    value_usd: float
    unpriced: tuple[str, ...]


def insured(aggregate: Aggregate, option: Option, book: InsuranceBook) -> Insured:
    """The aggregate (weekly) with one option bought.

    - stock: ``amount`` days of what is usually used at each chosen node, held there;
    - supply: up to ``amount`` of what is usually used there each week, for as long as it is needed;
    - capacity: ``amount`` of the usual output of each chosen site on top of its capacity.
    """
    prices = _prices(aggregate, book)
    if option.kind == "capacity":
        return _with_capacity(aggregate, option, prices)
    use = used(aggregate)
    goods = aggregate.network.nodes.get_level_values(0).to_numpy(dtype=str)
    places = aggregate.network.nodes.get_level_values(1).to_numpy(dtype=str)
    chosen = _chosen(aggregate, option, goods, places) & (use > 0)
    price = np.array([prices.get(good, np.nan) for good in goods])
    unpriced = tuple(sorted(set(goods[chosen & np.isnan(price)].tolist())))
    at = np.flatnonzero(chosen & ~np.isnan(price))
    weekly = use[at] * option.amount
    held = use[at] * option.amount / DAYS_PER_WEEK
    stock = option.kind == "stock"
    value = float(price[at] @ (held if stock else weekly * WEEKS_PER_YEAR))
    rows = pd.DataFrame(
        {
            "node": at,
            "commodity": goods[at],
            "place": places[at],
            "owner": option.id,
            "kind": "insurance",
            "quantity": held if stock else np.full(len(at), np.inf),
            "release": np.full(len(at), np.inf) if stock else weekly,
        }
    )
    stores = pd.concat([aggregate.stores, rows], ignore_index=True)
    return Insured(option, replace(aggregate, stores=stores), value * option.cost_share_per_year, value, unpriced)


def _with_capacity(aggregate: Aggregate, option: Option, prices: dict[str, float]) -> Insured:
    network = aggregate.network
    made = network.site_output.to_numpy(dtype=str)
    usual = np.nan_to_num(aggregate.site_usual)
    chosen = _chosen(aggregate, option, made, network.sites["place"].to_numpy(dtype=str)) & (usual > 0)
    price = np.array([prices.get(good, np.nan) for good in made])
    unpriced = tuple(sorted(set(made[chosen & np.isnan(price)].tolist())))
    added = np.where(chosen & ~np.isnan(price), usual * option.amount, 0.0)
    value = float(np.nan_to_num(price) @ added) * WEEKS_PER_YEAR
    larger = replace(aggregate, site_capacity=aggregate.site_capacity + added)
    return Insured(option, larger, value * option.cost_share_per_year, value, unpriced)


def used(aggregate: Aggregate) -> NDArray[np.float64]:
    """What is usually used at each node in a week: taken in by the sites there, or wanted there; not what is sent on."""
    use = np.asarray(-(aggregate.network.S.minimum(0) @ np.nan_to_num(aggregate.site_usual)))
    np.add.at(use, aggregate.wants["node"].to_numpy(dtype=np.int64), aggregate.wants["quantity"].to_numpy(dtype=float))
    return use


def _chosen(aggregate: Aggregate, option: Option, goods: NDArray[np.str_], places: NDArray[np.str_]) -> NDArray[np.bool_]:
    groups = aggregate.network.groups
    inside = {member for place in option.places for member in groups.get(place, (place,))}
    inside |= set(places.tolist()) if "world" in option.places else set()
    stage = aggregate.network.commodities["stage"].astype(str)
    stages = np.array([stage.get(good, "") for good in goods], dtype=str)
    of_stage = np.isin(stages, list(option.stages)) if option.stages else np.zeros(len(goods), dtype=bool)
    of_name = np.isin(goods, list(option.commodities))
    everything = not option.stages and not option.commodities
    return np.asarray(np.isin(places, list(inside)) & (of_stage | of_name | everything))


def _prices(aggregate: Aggregate, book: InsuranceBook) -> dict[str, float]:
    """Value of a unit of each good: the list price of the network, else that of the book."""
    listed = aggregate.network.commodities["price_usd_per_unit"].astype(float)
    return {**book.prices.usd_per_unit, **{str(name): float(price) for name, price in listed.dropna().items()}}


@dataclass(frozen=True)
class Saving:
    """What an option saves a year: expected loss and conditional value at risk, each with the error of the difference."""

    expected: Measure
    tail: Measure
    cost_usd_per_year: float

    @property
    def per_dollar(self) -> float:
        """Expected saving per dollar of cost."""
        return self.expected.value / self.cost_usd_per_year if self.cost_usd_per_year > 0 else float("nan")

    @property
    def tail_per_dollar(self) -> float:
        """Saving of the conditional value at risk per dollar of cost."""
        return self.tail.value / self.cost_usd_per_year if self.cost_usd_per_year > 0 else float("nan")


def saving(before: NDArray[np.float64], after: NDArray[np.float64], level: float, cost_usd_per_year: float) -> Saving:
    """What is saved on the same sampled years (common random numbers): the errors are those of the paired differences.

    For the tail, the difference of each year's part in the CVaR, (loss - VaR)+ / (1 - level), is paired likewise.
    """
    beyond = []
    for losses in (before, after):
        tail = conditional_value_at_risk(losses, level)
        threshold = _threshold(losses, level)
        beyond.append((tail.value, np.maximum(losses - threshold, 0.0) / (1 - level)))
    (tail_before, parts_before), (tail_after, parts_after) = beyond
    enough = int((parts_before > 0).sum()) >= LEAST_YEARS  # what loses more than the value at risk
    error = mean(parts_before - parts_after).standard_error if enough else float("nan")
    return Saving(mean(before - after), Measure(tail_before - tail_after, error), cost_usd_per_year)


def _threshold(losses: NDArray[np.float64], level: float) -> float:
    from orepact.shock.ensemble.risk import value_at_risk

    return value_at_risk(losses, level).value
