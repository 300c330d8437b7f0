"""Final demand of a usual week: who wants what, what a lost unit is worth, and what may stand in for it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.case.case import SUBSTITUTIONS, WANTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orepact.chain.network import Network
    from orepact.shock.case.rules import Substitution
    from orepact.shock.case.usual import Usual

#: A country as groups write it.
COUNTRY = re.compile(r"[A-Z]{3}")


def party_of_places(network: Network) -> dict[str, str]:
    """Party of each place: a province (``CA-QC``) belongs to the first country among its groups, any other place to itself."""
    out = {}
    for place, groups in network.places["group"].items():
        home = next((name.strip() for name in str(groups).split(";") if COUNTRY.fullmatch(name.strip())), "")
        out[str(place)] = home if home and "-" in str(place) else str(place)
    return out


def wants_of(usual: Usual, party_of: Mapping[str, str], *, by_price: bool) -> tuple[pd.DataFrame, list[str]]:
    """One row for each node with final demand, and warnings about goods of unknown worth.

    Worth of a lost unit: with ``by_price`` the list price of the good, or that of the main element in it; otherwise the
    network's shortage cost, else the price; NaN where neither is known.
    """
    network = usual.network
    nodes = np.flatnonzero(usual.demand > 0)
    worth = _worth(network, by_price=by_price)
    short = {} if by_price else _shortage_costs(network, usual.year)
    rows = []
    for node in nodes:
        good, place = network.nodes[node]
        value = short.get((good, place), math.nan)
        value = worth[good] if math.isnan(value) else value
        rows.append((int(node), good, place, party_of[place], str(network.commodities.loc[good, "unit"]), value))
    table = pd.DataFrame(rows, columns=list(WANTS)).astype({"node": "int64", "loss_usd_per_unit": float})
    blank = sorted(set(table.loc[table["loss_usd_per_unit"].isna(), "commodity"]))
    told = f"no price and no shortage cost of {', '.join(blank)}: losses of these count by quantity only"
    return table, [told] if blank else []


def _worth(network: Network, *, by_price: bool) -> dict[str, float]:
    """Price of each good; with ``by_price`` that of its main element where it has none."""
    goods = network.commodities
    price = goods["price_usd_per_unit"].to_dict()
    if not by_price:
        return {str(good): float(value) for good, value in price.items()}
    known = goods[goods["price_usd_per_unit"].notna() & (goods["element_t_per_unit"] > 0)]
    per_t = known["price_usd_per_unit"] / known["element_t_per_unit"]
    out = {}
    for good, row in goods.iterrows():
        same = known[(known["element"] == row["element"]) & (known["unit"] == row["unit"])] if row["element"] else known[:0]
        value = float(price[good])
        if math.isnan(value) and len(same):
            nearest = (same["element_t_per_unit"] - row["element_t_per_unit"]).abs().idxmin()
            value = float(per_t[nearest] * row["element_t_per_unit"])
        out[str(good)] = value
    return out


def _shortage_costs(network: Network, year: int) -> dict[tuple[str, str], float]:
    rows = network.demand[network.demand["year"] == year]
    keys = zip(rows["commodity"], rows["place"], strict=True)
    return dict(zip(keys, rows["shortage_cost_usd"].astype(float), strict=True))


def substitutions_of(wants: pd.DataFrame, rules: Iterable[Substitution]) -> pd.DataFrame:
    """The rules as pairs of demand rows at the same place; those of goods that nobody wants fall away."""
    at = {(row.commodity, row.place): number for number, row in enumerate(wants.itertuples())}
    rows = [
        (number, at[rule.instead, place], rule.units_per_unit, rule.most_share, rule.delay_weeks, rule.cost_usd_per_unit)
        for rule in rules
        for (good, place), number in at.items()
        if good == rule.wanted and (rule.instead, place) in at
    ]
    table = pd.DataFrame(rows, columns=list(SUBSTITUTIONS))
    return table.astype({"wanted": "int64", "instead": "int64"})
