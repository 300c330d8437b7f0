"""Moves: flows as pictures need them: who made a good, where it went, and what it became there.

Every node (commodity, place) is a pool in which what is made there and what arrives mixes; each use takes its share of every
source (proportional mixing). One row of the table says: so much of a commodity, made or sent at ``from_place`` by plants that
``from_owner`` controls, was used at ``to_place`` at the stage ``to_stage`` by plants that ``to_owner`` controls. What arrives
and is sent on has the stage of the good itself, and is a row of its own from there: each leg of a transit counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import splu

from orepact.chain.stage_links import STOCK, USE, losses

if TYPE_CHECKING:
    from orepact.chain.flows import Flows

UNKNOWN = "unknown"
#: How a source reached the pool: made at the place, moved there, or taken from stock.
WAYS = ("home", "route", "stock")
COLUMNS = ("year", "commodity", "way", "from_place", "from_owner", "to_place", "to_owner", "to_stage", "quantity", "confidence")
POOL = ["commodity", "place"]
#: Part of a pool of which nothing says who made it, so that rings without a maker have an answer: unknown.
LEAK = 1e-9
#: Shares of owners below this are left to the largest.
LEAST_OWNER = 1e-4


def moves(flows: Flows, year: int, *, least: float = 1e-6) -> pd.DataFrame:
    """The moves of one year: ``COLUMNS``, ``quantity`` in the unit of the commodity as it arrives.

    Rows below the part ``least`` of all that moved of a commodity are left out. ``confidence`` is that of the flow behind the
    row where the engine knows it, else "". Owners are home countries of the ultimate controlling owners.
    """
    rows = _of_year(flows, year)
    made, arrived, drawn = _made(flows, rows), _arrived(flows, rows), _drawn(rows)
    owners = _owners(made, arrived, drawn)
    sources = _sources(made, arrived, drawn, owners)
    uses = _uses(flows, rows)
    both = sources.merge(uses, on=POOL)
    both = both[~(both["sent"] & (both["way"] != "route"))]  # what is sent from where it was made is the row of its route
    both["quantity"] = both["source"] * both["share"]
    all_of = both.groupby("commodity")["quantity"].transform("sum")
    kept = both[(both["quantity"] > 0) & (both["quantity"] >= least * all_of)]
    kept = kept.assign(year=year).rename(columns={"place": "to_place"})[list(COLUMNS)]
    keys = [name for name in COLUMNS if name != "quantity"]
    return kept.groupby(keys, sort=True, observed=True)["quantity"].sum().reset_index()[list(COLUMNS)]


def _of_year(flows: Flows, year: int) -> pd.DataFrame:
    """The rows of a year with the confidence of each."""
    said = "" if flows.quality is None else flows.quality["confidence"].to_numpy()
    return flows.frame.assign(confidence=said).loc[lambda frame: frame["year"] == year]


def _made(flows: Flows, rows: pd.DataFrame) -> pd.DataFrame:
    """What sites make: pool, owner, quantity, confidence."""
    active = rows.loc[rows["kind"] == "activity", ["site", "process", "origin", "quantity", "confidence"]]
    outputs = flows.network.recipes[flows.network.recipes["amount"] > 0]
    made = active.rename(columns={"origin": "place"}).merge(outputs, on="process")
    made["quantity"] *= made.pop("amount")
    made["owner"] = _owner_of(flows, made["site"])
    keys = [*POOL, "owner", "confidence"]
    return made.groupby(keys)["quantity"].sum().reset_index()


def _owner_of(flows: Flows, sites: pd.Series) -> pd.Series:
    return sites.map(flows.network.sites["owner_country"]).fillna("").replace("", UNKNOWN)


def _arrived(flows: Flows, rows: pd.DataFrame) -> pd.DataFrame:
    """What routes bring: pool, origin, quantity that arrives, confidence."""
    routes = rows[rows["kind"] == "route"].rename(columns={"destination": "place"})
    quantity = routes["quantity"] * (1 - losses(flows.network, routes))
    return routes.assign(quantity=quantity)[[*POOL, "origin", "quantity", "confidence"]]


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """What stocks give: pool, quantity, confidence."""
    drawn = rows[rows["kind"].isin(["stock_out", "recovered"])].rename(columns={"destination": "place"})
    return drawn[[*POOL, "quantity", "confidence"]]


def _owners(made: pd.DataFrame, arrived: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Part of every pool by the owner who made it, ``commodity, place, owner, part``: shares of a pool sum to 1."""
    ends = arrived[["commodity", "origin"]].set_axis(POOL, axis=1)
    pools = pd.MultiIndex.from_frame(pd.concat([made[POOL], arrived[POOL], drawn[POOL], ends]).drop_duplicates())
    names = pd.Index(sorted({*made["owner"], UNKNOWN, STOCK}))
    total = pd.Series(0.0, index=pools)
    for part in (made, arrived, drawn):
        total = total.add(part.groupby(POOL)["quantity"].sum(), fill_value=0.0)
    whole = np.maximum(total.reindex(pools).to_numpy(), 1e-300)
    entry = np.zeros((len(pools), len(names)))
    at = pools.get_indexer(pd.MultiIndex.from_frame(made[POOL]))
    np.add.at(entry, (at, names.get_indexer(pd.Index(made["owner"]))), made["quantity"].to_numpy() / whole[at])
    at = pools.get_indexer(pd.MultiIndex.from_frame(drawn[POOL]))
    np.add.at(entry, (at, np.full(len(at), names.get_loc(STOCK))), drawn["quantity"].to_numpy() / whole[at])
    into, out = (pools.get_indexer(pd.MultiIndex.from_frame(frame)) for frame in (arrived[POOL], ends))
    carried = arrived["quantity"].to_numpy() / whole[into]
    mixing = sparse.csc_matrix((carried * (1 - LEAK), (into, out)), shape=(len(pools), len(pools)))
    entry[:, names.get_loc(UNKNOWN)] += LEAK
    parts = splu(sparse.eye(len(pools), format="csc") - mixing).solve(entry)
    parts = np.where(parts < LEAST_OWNER, 0.0, parts)
    sums = parts.sum(axis=1, keepdims=True)
    parts = np.divide(parts, sums, out=np.zeros_like(parts), where=sums > 0)
    pool, owner = np.nonzero(parts)
    table = pools[pool].to_frame(index=False)
    return table.assign(owner=names[owner].to_numpy(), part=parts[pool, owner])


def _sources(made: pd.DataFrame, arrived: pd.DataFrame, drawn: pd.DataFrame, owners: pd.DataFrame) -> pd.DataFrame:
    """What enters each pool: ``way, from_place, from_owner, source`` (quantity) and its confidence."""
    home = made.rename(columns={"owner": "from_owner", "quantity": "source"}).assign(way="home", from_place=made["place"])
    at_origin = owners.rename(columns={"place": "origin", "owner": "from_owner"})
    moved = arrived.merge(at_origin, on=["commodity", "origin"])
    moved = moved.assign(way="route", from_place=moved["origin"], source=moved["quantity"] * moved["part"])
    stock = drawn.rename(columns={"quantity": "source"}).assign(way="stock", from_place=drawn["place"], from_owner=STOCK)
    columns = [*POOL, "way", "from_place", "from_owner", "source", "confidence"]
    return pd.concat([part[columns] for part in (home, moved, stock)], ignore_index=True)


def _uses(flows: Flows, rows: pd.DataFrame) -> pd.DataFrame:
    """What leaves each pool: ``to_stage, to_owner, share`` of the pool, and whether it is sent on; shares of a pool sum to 1."""
    network = flows.network
    stage = network.commodities["stage"]
    inputs = network.recipes[network.recipes["amount"] < 0]
    active = rows.loc[rows["kind"] == "activity", ["site", "process", "commodity", "origin", "quantity"]]
    active = active.rename(columns={"commodity": "output", "origin": "place"}).merge(inputs, on="process")
    used = active.assign(
        quantity=-active["amount"] * active["quantity"],
        to_stage=active["output"].map(stage).fillna(""),
        to_owner=_owner_of(flows, active["site"]),
    )
    wanted = rows[rows["kind"].isin(["demand", "shortage"])].rename(columns={"destination": "place"})
    sign = np.where(wanted["kind"] == "demand", 1.0, -1.0)
    wanted = wanted.assign(quantity=wanted["quantity"] * sign, to_stage=USE, to_owner=wanted["place"])
    kept = rows[rows["kind"] == "stock_in"].rename(columns={"origin": "place"}).assign(to_stage=STOCK, to_owner=STOCK)
    sent = rows[rows["kind"] == "route"].rename(columns={"origin": "place"})
    sent = sent.assign(to_stage=sent["commodity"].map(stage).fillna(""), to_owner=UNKNOWN)
    keys = [*POOL, "to_stage", "to_owner", "sent"]
    parts = [part.assign(sent=part is sent)[[*keys, "quantity"]] for part in (used, wanted, kept, sent)]
    both = pd.concat(parts, ignore_index=True)
    summed = both.groupby(keys)["quantity"].sum().reset_index()
    summed = summed[summed["quantity"] > 0]
    return summed.assign(share=summed["quantity"] / summed.groupby(POOL)["quantity"].transform("sum")).drop(columns="quantity")
