"""Stocks of a usual week: what lies in warehouses, and public stockpiles with who releases them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.errors import ProblemCollector
from orepact.shock.case.case import STORES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.shock.case.case import ShockCase
    from orepact.shock.case.rules import Inventories, Stockpile
    from orepact.shock.case.usual import Usual

DAYS_PER_YEAR, WEEKS_PER_YEAR = 365.0, 52.0


def stores_of(
    usual: Usual,
    inventories: Inventories | None,
    stockpiles: Iterable[Stockpile],
    party_of: Mapping[str, str],
) -> tuple[pd.DataFrame, list[str]]:
    """All stocks as a table with the columns ``STORES``, and warnings about what is not known.

    Raises ``BadInput`` for stocks of the network without an owner beside owned ones.
    """
    ownerless = refuse_ownerless(usual.network)
    public, unknown = public_stockpiles(usual, stockpiles, party_of)
    parts = [*warehouses(usual, inventories, party_of), *stated_stocks(usual, party_of), *public]
    table = pd.DataFrame(parts, columns=list(STORES))
    return table.astype({"node": "int64", "quantity": float, "floor": float, "release_per_week": float}), [*ownerless, *unknown]


def warehouses(usual: Usual, rules: Inventories | None, party_of: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """One commercial stock at each node that uses or makes a good: days of use + days of output."""
    if rules is None:
        return []
    used, made = usual.used, usual.made
    stages = usual.network.commodities["stage"].to_dict()
    rows: list[tuple[Any, ...]] = []
    for node, (good, place) in enumerate(usual.network.nodes):
        rule = rules.of(good, stages[good])
        quantity = (rule.used_days * used[node] + rule.made_days * made[node]) / DAYS_PER_YEAR
        if quantity > 0:
            owner = (party_of[place], "commercial", "warehouse")
            rows.append((node, good, place, *owner, quantity, rule.floor_share * quantity, np.inf, rule.confidence))
    return rows


def stated_stocks(usual: Usual, party_of: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """The stocks that the network states: public when the owner is a party, place or group, else a warehouse of the place.

    What the year itself draws at the node is part of the usual week and counts no second time.
    """
    network = usual.network
    table = network.stockpiles
    nodes = network.positions(table["commodity"], table["place"])
    quantity = table["quantity"].to_numpy(dtype=float)
    at_node = np.bincount(nodes, quantity, minlength=len(network.nodes))
    drawn = np.minimum(np.maximum(usual.other, 0.0), at_node)
    left = np.divide(at_node - drawn, at_node, out=np.zeros(len(at_node)), where=at_node > 0)
    release = network.values("stockpiles", "release_per_year") / WEEKS_PER_YEAR
    parties = set(party_of.values())
    rows: list[tuple[Any, ...]] = []
    for number, owner in enumerate(map(str, table["owner"])):
        node = int(nodes[number])
        good, place = map(str, network.nodes[node])
        kind = "stockpile" if owner in parties or owner in network.groups else "warehouse"
        party = party_of.get(owner, owner if owner in parties else party_of[place])
        amount = float(quantity[number] * left[node])
        if amount > 0:
            rows.append((node, good, place, party, owner, kind, amount, 0.0, float(release[number]), "reported"))
    return rows


def refuse_ownerless(network: Network) -> list[str]:
    """What to say of stocks without an owner; raises ``BadInput`` naming each of them where other stocks have one.

    Where no stock names an owner, each serves whoever needs it at its place.
    """
    rows = network.stockpiles[network.stockpiles["quantity"] > 0]
    nobody = rows[rows["owner"].astype(str).str.strip() == ""]
    if len(nobody) == len(rows):
        return [f"none of {len(rows)} stocks names an owner: each serves whoever needs it"] if len(rows) else []
    found = ProblemCollector("stockpiles.csv")
    mend = "say whose it is (the column owner), or take the column away when it matters for none of them"
    for at, good, place in nobody[["commodity", "place"]].itertuples():
        found.add("owner", f"an owner of the {good} at {place}", "an empty cell", mend, row=int(at) + 2)
    found.raise_if_any()
    return []


def public_stockpiles(
    usual: Usual, entries: Iterable[Stockpile], party_of: Mapping[str, str]
) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Public stocks known as days of a party's use, at the places of that party in proportion to their use."""
    used = usual.used
    rows: list[tuple[Any, ...]] = []
    unknown: list[str] = []
    for entry in entries:
        if not entry.known:
            unknown += [entry.title] * (entry.party in party_of.values())
            continue
        for node, (good, place) in enumerate(usual.network.nodes):
            quantity = entry.days * used[node] / DAYS_PER_YEAR
            if good in entry.commodities and party_of[place] == entry.party and quantity > 0:
                free = (1.0 - entry.floor_share) * quantity
                owner = (entry.party, entry.party, "stockpile")
                floor = entry.floor_share * quantity
                rows.append((node, good, place, *owner, quantity, floor, free / entry.release_weeks, entry.confidence))
    return rows, ["no usable public stock is known and none is counted: " + "; ".join(unknown)] if unknown else []


def released_only(case: ShockCase) -> NDArray[np.bool_]:
    """Stores that are drawn on by release: public stockpiles, and any stock with a limit per week."""
    limited = np.isfinite(case.stores["release_per_week"].to_numpy(dtype=float))
    return np.asarray((case.stores["kind"] == "stockpile").to_numpy() | limited)
