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


def wants_of(usual: Usual, party_of: Mapping[str, str], price: Mapping[str, float], *, by_price: bool) -> pd.DataFrame:
    """One row for each node with final demand.

    Worth of a lost unit: with ``by_price`` its price (``pricing.prices_of``); otherwise the network's shortage cost, else the
    price; NaN where neither is known.
    """
    network = usual.network
    nodes = np.flatnonzero(usual.demand > 0)
    short = {} if by_price else _shortage_costs(network, usual.year)
    goods, places = (network.nodes.get_level_values(level)[nodes].astype(str) for level in (0, 1))
    units = network.commodities["unit"].to_dict()
    values = [short.get(key, math.nan) for key in zip(goods, places, strict=True)]
    return pd.DataFrame(
        {
            "node": nodes.astype(np.int64),
            "commodity": goods.array,
            "place": places.array,
            "party": [party_of[place] for place in places],
            "unit": [units[good] for good in goods],
            "loss_usd_per_unit": [price[g] if math.isnan(v) else v for g, v in zip(goods, values, strict=True)],
        },
        columns=list(WANTS),
    )


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
