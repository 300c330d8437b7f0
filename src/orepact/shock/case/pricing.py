"""What a good is worth: one price for lost demand, for what lacks in stock at the end and for public stock released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.shock.case.rules import Prices

#: USD that a unit of unknown worth counts: such quantities are added up as they are.
UNKNOWN_USD = 1.0
#: Where a price comes from, in the order in which they are asked.
BASES = ("list", "estimate", "metal", "inputs")


def prices_of(network: Network, estimates: Prices | None = None) -> pd.DataFrame:
    """``price_usd_per_unit`` and ``basis`` (one of ``BASES``, "" where nothing is known) of every good.

    The list price of the network goes first. With ``estimates`` (the reference network) those follow, then what the elements in
    the good are worth; last what its recipe takes in. A good that none of them prices is NaN.
    """
    listed = network.commodities["price_usd_per_unit"].astype(float)
    parts: dict[str, Mapping[str, float]] = {"list": _by_good(listed.dropna())}
    if estimates is not None:
        parts["estimate"] = {good: entry.value for good, entry in estimates.prices.items()}
        parts["metal"] = metal_worth(network)
    price = pd.Series(np.nan, index=listed.index)
    basis = pd.Series("", index=listed.index, dtype=object)
    for name, known in parts.items():
        _fill(price, basis, known, name)
    _fill(price, basis, input_worth(network, _by_good(price.dropna())), "inputs")
    return pd.DataFrame({"price_usd_per_unit": price, "basis": basis})


def counted(worth: Iterable[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """USD per unit as every sum counts it: a unit of unknown worth counts ``UNKNOWN_USD``.

    >>> counted([4.0, float("nan")]).tolist()
    [4.0, 1.0]
    """
    return np.asarray(np.nan_to_num(np.asarray(worth, dtype=float), nan=UNKNOWN_USD))


def metal_worth(network: Network) -> dict[str, float]:
    """USD per unit of what the elements in each good are worth.

    An element is worth what a tonne of it costs in the listed good of the same unit that holds it as its main element and whose
    content is nearest; elements that no listed good has as its main one count nothing. Goods without any are left out.
    """
    goods = network.commodities
    listed = goods[goods["price_usd_per_unit"].notna() & (goods["element_t_per_unit"] > 0)]
    columns = (listed["element"], listed["unit"], listed["element_t_per_unit"], listed["price_usd_per_unit"])
    lines = [(str(e), str(u), float(t), float(price)) for e, u, t, price in zip(*columns, strict=True)]
    unit, out = goods["unit"].astype(str).to_dict(), dict[str, float]()
    for good, element, content in _contents(network):
        near = [(abs(t - content), price / t) for name, u, t, price in lines if (name, u) == (element, unit[good])]
        if near:
            out[good] = out.get(good, 0.0) + min(near)[1] * content
    return out


def input_worth(network: Network, known: Mapping[str, float]) -> dict[str, float]:
    """USD per unit of what the cheapest recipe of each other good takes in, step by step down the chain.

    A recipe counts once all of its inputs are priced; one without inputs (a mine) prices nothing. Energy, work and
    co-products are not in it.
    """
    recipes = list(_recipes(network))
    price: dict[str, float] = dict(known)
    while True:
        ready = [
            (good, sum(amount * price[name] for name, amount in inputs.items()))
            for good, inputs in recipes
            if good not in price and inputs and all(name in price for name in inputs)
        ]
        if not ready:
            return {good: value for good, value in price.items() if good not in known}
        price |= dict(sorted(ready, key=lambda entry: entry[1], reverse=True))  # the cheapest comes last and stays


def words_of(prices: pd.DataFrame) -> list[str]:
    """Warnings: goods whose price is worked out from what is in them, and goods without any."""
    said = []
    derived = prices.index[prices["basis"].isin(["metal", "inputs"])]
    if len(derived):
        said.append(f"no price of {', '.join(derived)}: counted at the worth of what is in them, which is less than their price")
    blank = prices.index[prices["basis"] == ""]
    if len(blank):
        said.append(
            f"no price of {', '.join(blank)}: whatever has no shortage cost either counts by quantity, {UNKNOWN_USD:g} USD a unit"
        )
    return said


def _contents(network: Network) -> list[tuple[str, str, float]]:
    """Good, element, tonnes per unit: what the network lists of a good, else its main element."""
    goods = network.commodities
    listed = (network.contents[name] for name in ("commodity", "element", "t_per_unit"))
    rows = [(str(good), str(element), float(t)) for good, element, t in zip(*listed, strict=True)]
    told = {good for good, _, _ in rows}
    main = zip(goods.index, goods["element"], goods["element_t_per_unit"], strict=True)
    rows += [(str(good), str(element), float(t)) for good, element, t in main if element and t > 0 and good not in told]
    return [row for row in rows if row[0] in goods.index and row[2] > 0]


def _recipes(network: Network) -> Iterable[tuple[str, dict[str, float]]]:
    """Main output and inputs (quantity per unit of it) of each process."""
    for _, lines in network.recipes.groupby("process", sort=True):
        amounts = lines.set_index("commodity")["amount"].astype(float)
        made = amounts.index[amounts == 1.0]
        if len(made):
            yield str(made[0]), {str(name): -float(value) for name, value in amounts.items() if value < 0}


def _by_good(price: pd.Series) -> dict[str, float]:
    return {str(good): float(value) for good, value in price.items()}


def _fill(price: pd.Series, basis: pd.Series, known: Mapping[str, float], name: str) -> None:
    """Lay prices on goods that have none yet."""
    for good, value in known.items():
        if good in price.index and np.isnan(price[good]):
            price[good], basis[good] = value, name
