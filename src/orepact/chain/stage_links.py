"""From flows to links between stages: how much of an element goes from a place at one stage to a place at the next.

Every node (commodity, place) is a pool in which what is made there and what arrives mixes; each use takes its share of
every source (proportional mixing). Amounts are contained tonnes of one element per year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.tables import code_list

if TYPE_CHECKING:
    from orepact.chain.flows import Flows
    from orepact.chain.network import Network

USE = "final use"
STOCK = "stock"
KEYS = ["commodity", "place"]


def stage_order(network: Network) -> list[str]:
    """Stages of the network from ore to use: in the order of the code list, other sectors' stages as they first appear."""
    known = sorted(code_list("stages"), key=lambda stage: float(code_list("stages")[stage]["order"]))
    present = [str(stage) for stage in network.commodities["stage"].drop_duplicates() if stage]
    if set(present) <= set(known):
        present = [stage for stage in known if stage in present]
    return [*present, USE]


def stage_links(flows: Flows, element: str, year: int) -> pd.DataFrame:
    """Links ``from_stage, from_place, to_stage, to_place, contained_t`` of one element in one year."""
    rows = flows.element(element)
    rows = rows[rows["year"] == year]
    per_unit = flows.network.contents[flows.network.contents["element"] == element].set_index("commodity")["t_per_unit"]
    sources, uses = _sources(flows, rows, per_unit, year), _uses(flows, rows, per_unit, year)
    total = uses.groupby(KEYS)["tonnes"].transform("sum")
    shares = uses.assign(share=uses["tonnes"] / total.where(total > 0))
    mixed = sources.merge(shares.drop(columns="tonnes"), on=KEYS)
    mixed["contained_t"] = mixed["tonnes"] * mixed["share"]
    keys = ["from_stage", "from_place", "to_stage", "to_place"]
    links = mixed.groupby(keys)["contained_t"].sum().reset_index()
    same = (links["from_stage"] == links["to_stage"]) & (links["from_place"] == links["to_place"])
    return links[(links["contained_t"] > 0) & ~same].reset_index(drop=True)


def _sources(flows: Flows, rows: pd.DataFrame, per_unit: pd.Series, year: int) -> pd.DataFrame:
    """What enters each pool, with the stage and place that it comes from."""
    stage = flows.network.commodities["stage"]
    made = flows.production[(flows.production["year"] == year) & flows.production["commodity"].isin(per_unit.index)]
    made = made.assign(tonnes=made["quantity"] * made["commodity"].map(per_unit).astype(float), from_place=made["place"])
    routes = rows[rows["kind"] == "route"].rename(columns={"destination": "place"})
    arrived = routes.assign(tonnes=routes["contained_t"] * (1 - losses(flows.network, routes)), from_place=routes["origin"])
    stock = rows[rows["kind"].isin(["stock_out", "recovered"])].rename(columns={"destination": "place"})
    stock = stock.assign(tonnes=stock["contained_t"], from_place=STOCK)
    parts = [part[[*KEYS, "from_place", "tonnes"]] for part in (made, arrived, stock)]
    both = pd.concat(parts, ignore_index=True)
    return both.assign(from_stage=both["commodity"].map(stage).fillna(""))


def losses(network: Network, routes: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Part that is lost on the way, for rows with ``commodity, origin, place`` (where they arrive)."""
    listed = network.routes[["commodity", "origin", "destination"]].assign(loss=network.values("routes", "loss"))
    listed = listed.drop_duplicates(["commodity", "origin", "destination"])
    keys = routes[["commodity", "origin", "place"]].rename(columns={"place": "destination"})
    found = keys.merge(listed, how="left", on=["commodity", "origin", "destination"])["loss"].fillna(0.0)
    return np.asarray(found, dtype=float)


def _uses(flows: Flows, rows: pd.DataFrame, per_unit: pd.Series, year: int) -> pd.DataFrame:
    """What leaves each pool, with the stage and place that it goes to (a route leads back to its own pool's stage)."""
    network = flows.network
    stage = network.commodities["stage"]
    inputs = network.recipes[(network.recipes["amount"] < 0) & network.recipes["commodity"].isin(per_unit.index)]
    activity = flows.frame[(flows.frame["kind"] == "activity") & (flows.frame["year"] == year)]
    activity = activity.rename(columns={"commodity": "output", "origin": "place"})
    used = activity[["process", "output", "place", "quantity"]].merge(inputs, on="process")
    used["tonnes"] = -used["amount"] * used["quantity"] * used["commodity"].map(per_unit).astype(float)
    used = used.assign(to_stage=used["output"].map(stage).fillna(""), to_place=used["place"])
    wanted = rows[rows["kind"].isin(["demand", "shortage"])].rename(columns={"destination": "place"})
    sign = np.where(wanted["kind"] == "demand", 1.0, -1.0)
    wanted = wanted.assign(tonnes=wanted["contained_t"] * sign, to_stage=USE, to_place=wanted["place"])
    sent = rows[rows["kind"] == "route"].rename(columns={"origin": "place"})
    sent = sent.assign(tonnes=sent["contained_t"], to_stage=sent["commodity"].map(stage).fillna(""), to_place=sent["place"])
    columns = [*KEYS, "to_stage", "to_place"]
    both = pd.concat([part[[*columns, "tonnes"]] for part in (used, wanted, sent)], ignore_index=True)
    summed = both.groupby(columns)["tonnes"].sum().reset_index()
    return summed[summed["tonnes"] > 0]


def fold_places(links: pd.DataFrame, top: int, rest: str = "Rest") -> tuple[pd.DataFrame, list[str]]:
    """Links in which all but the ``top`` places are one place ``rest``, and the names kept, largest first.

    What moves between folded places of one stage stays inside ``rest`` and is no link.
    """
    ends = [links.rename(columns={side: "place"})[["place", "contained_t"]] for side in ("from_place", "to_place")]
    size = pd.concat(ends).groupby("place")["contained_t"].sum().sort_values(ascending=False, kind="stable")
    named = [str(place) for place in size.index if place != STOCK][:top]
    folded = links.copy()
    for side in ("from_place", "to_place"):
        folded[side] = folded[side].where(folded[side].isin([*named, STOCK]), rest)
    inside = (folded["from_stage"] == folded["to_stage"]) & (folded["from_place"] == folded["to_place"])
    keys = ["from_stage", "from_place", "to_stage", "to_place"]
    return folded[~inside].groupby(keys)["contained_t"].sum().reset_index(), named


def without_threads(links: pd.DataFrame, part: float) -> pd.DataFrame:
    """Links that carry at least ``part`` of the largest sum that enters one stage; the thin threads only blur a picture."""
    largest = links.groupby("to_stage")["contained_t"].sum().max() if len(links) else 0.0
    return links[links["contained_t"] >= part * largest].reset_index(drop=True)
