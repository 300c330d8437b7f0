"""Laws of traced origin and of footprints, on random chains with scrap, re-export, losses and stocks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.chain import Flows
from orepact.measure.origin import Tracing, trace_all
from orepact.measure.tracing.footprint import Footprint
from orepact.measure.tracing.transfers import Transfers
from origin_networks import YEAR, chain, flows

PLACES = ("A", "B", "C")
GOODS = ("ore", "salt", "cell")
STAGES = {"ore": "mine", "salt": "refine", "cell": "cell", "scrap": "collect"}
RECIPES = {
    "mine": {"ore": 1.0},
    "refine": {"ore": -2.0, "salt": 1.0},
    "build": {"salt": -1.5, "cell": 1.0, "scrap": 0.25},
    "recycle": {"scrap": -2.0, "salt": 1.0},
}
CLASSES = dict(zip(PLACES, ("reported", "derived", "estimated"), strict=True))
SITES = {
    f"{process}_{place}": {"process": process, "place": place, "owner_country": f"owner_{place}", "confidence": CLASSES[place]}
    for process in RECIPES
    for place in PLACES
}
ROUTES = [(good, a, b) for good in (*GOODS, "scrap") for a in PLACES for b in PLACES if a != b]
AMOUNT = st.one_of(st.just(0.0), st.floats(0.01, 100))


@st.composite
def any_flows(draw: st.DrawFn, *, local_owners: bool = True) -> Flows:
    """Any activities and movements, balanced by what is left over (demand) or missing (released from stocks)."""
    sites = (
        SITES
        if local_owners
        else {name: {**row, "owner_country": draw(st.sampled_from(("", *PLACES)))} for name, row in SITES.items()}
    )
    losses = {route: draw(st.sampled_from((0.0, 0.0, 0.1))) for route in ROUTES}
    network = chain(
        recipes=RECIPES,
        sites=sites,
        routes=ROUTES,
        contents={"cobalt": {"ore": 0.4, "salt": 0.8, "cell": 1.0, "scrap": 0.4}},
        stages=STAGES,
        prices={"ore": 10.0, "salt": 50.0, "cell": 200.0, "scrap": 5.0},
        loss=losses,
        stocks=[(good, place) for good in (*GOODS, "scrap") for place in PLACES],
    )
    x = {name: draw(AMOUNT) for name in SITES} | {"mine_A": draw(st.floats(0.01, 100))}
    f = {route: draw(AMOUNT) for route in draw(st.lists(st.sampled_from(ROUTES), unique=True, max_size=12))}
    balance = network.S @ [x[name] for name in network.sites.index]
    known = network.routes.set_index(["commodity", "origin", "destination"]).index
    balance = balance + network.N @ [f.get(route, 0.0) for route in known]
    short = {pool: -float(amount) for pool, amount in zip(network.nodes, balance, strict=True) if amount < -1e-9}
    return flows(network, x, f, stock_out=short)


def rows_of(made: Flows, *, element: str = "cobalt", **how: str) -> pd.DataFrame:
    return trace_all(made, element, YEAR, **how).rows()


@given(
    any_flows(),
    st.sampled_from(["cobalt", "value"]),
    st.sampled_from([("mine", "last"), ("refine", "last"), ("refine", "first")]),
)
@settings(max_examples=draws(40), deadline=None)
def test_shares_sum_to_one_everywhere(made, element, stage):
    table = trace_all(made, element, YEAR, stage=stage[0], visit=stage[1])
    sums = np.asarray(table.shares.sum(axis=1)).ravel()
    assert sums == pytest.approx((table.held > 0).astype(float), abs=1e-9)
    assert (table.shares.data >= -1e-12).all()


@given(any_flows())
@settings(max_examples=draws(25), deadline=None)
def test_by_owner_is_by_place_when_every_owner_is_local(made):
    by_place = rows_of(made).replace({"origin": {place: f"owner_{place}" for place in PLACES}})
    by_owner = rows_of(made, by="owner")
    keys = ["commodity", "place", "origin"]
    both = by_place.set_index(keys)["share"].to_frame("a").join(by_owner.set_index(keys)["share"].rename("b"), how="outer")
    assert both["a"].fillna(0).to_numpy() == pytest.approx(both["b"].fillna(0).to_numpy(), abs=1e-9)


@given(any_flows(), st.floats(0.1, 10))
@settings(max_examples=draws(20), deadline=None)
def test_quantities_scale_with_the_flows_and_shares_do_not(made, factor):
    scaled = Flows(made.frame.assign(quantity=made.frame["quantity"] * factor), made.network)
    before, after = rows_of(made), rows_of(scaled)
    assert after["share"].to_numpy() == pytest.approx(before["share"].to_numpy(), abs=1e-9)
    assert after["quantity"].to_numpy() == pytest.approx(factor * before["quantity"].to_numpy(), rel=1e-9, abs=1e-9)


@given(any_flows(), st.sampled_from([1000.0, 0.001]))
@settings(max_examples=draws(20), deadline=None)
def test_the_unit_of_a_commodity_changes_nothing(made, factor):
    """Salt counted in kg or kt: its quantities, recipes, contents and prices change together."""
    old = made.network
    recipes = old.recipes.copy()
    main = recipes["process"].isin(["refine", "recycle"])
    recipes.loc[main, "amount"] = np.where(recipes.loc[main, "commodity"] == "salt", 1.0, recipes.loc[main, "amount"] / factor)
    recipes.loc[(recipes["process"] == "build") & (recipes["commodity"] == "salt"), "amount"] *= factor
    contents = old.contents.assign(t_per_unit=old.contents["t_per_unit"].where(old.contents["commodity"] != "salt", 0.8 / factor))
    prices = old.commodities["price_usd_per_unit"].where(old.commodities.index != "salt", 50.0 / factor)
    network = old.with_tables(recipes=recipes, contents=contents, commodities=old.commodities.assign(price_usd_per_unit=prices))
    salt = (made.frame["commodity"] == "salt").to_numpy()
    frame = made.frame.assign(quantity=made.frame["quantity"].where(~salt, made.frame["quantity"] * factor))
    changed = Flows(frame, network)
    for element in ("cobalt", "value"):
        before, after = rows_of(made, element=element), rows_of(changed, element=element)
        assert after["share"].to_numpy() == pytest.approx(before["share"].to_numpy(), abs=1e-8)
        assert after["quantity"].to_numpy() == pytest.approx(before["quantity"].to_numpy(), rel=1e-8, abs=1e-8)


@given(any_flows(local_owners=False), st.randoms(use_true_random=False))
@settings(max_examples=draws(20), deadline=None)
def test_the_order_of_rows_changes_nothing(made, random):
    rows = list(range(len(made.frame)))
    random.shuffle(rows)
    shuffled = Flows(made.frame.iloc[rows].reset_index(drop=True), made.network)
    before, after = rows_of(made, by="owner"), rows_of(shuffled, by="owner")
    assert after[["commodity", "place", "origin"]].equals(before[["commodity", "place", "origin"]])
    assert after["share"].to_numpy() == pytest.approx(before["share"].to_numpy(), abs=1e-12)


@given(any_flows(), st.data())
@settings(max_examples=draws(30), deadline=None)
def test_a_basket_is_the_sum_of_its_entries_and_grades_nest(made, data):
    """Origin is linear: the pools of one commodity that trade nothing with each other add up; better paths are part of all."""
    tracing = Tracing.of(made, YEAR, "cobalt")
    held = [int(node) for node in np.flatnonzero(tracing.mixing.held > 0)]
    if not held:
        return
    basket = data.draw(st.lists(st.sampled_from(held), min_size=1, max_size=4, unique=True))
    whole = tracing.entries_of(basket)
    for grade in tracing._levels:
        assert (tracing.entries_of(basket, grade=grade) <= whole * (1 + 1e-9) + 1e-12).all()
    inside = set(basket)
    edges = tracing.mixing.edges
    joined = edges["source"].isin(inside) & edges["target"].isin(inside)
    if not joined.any():
        assert whole.sum() == pytest.approx(sum(tracing.entries_of([node]).sum() for node in basket), rel=1e-9)
    found = tracing.origin(basket)
    assert found.rows["share"].sum() == pytest.approx(1.0)
    assert found.total <= tracing.mixing.held[basket].sum() * (1 + 1e-9)


@given(any_flows(), st.sampled_from(["value", "mass", "main"]), st.integers(0, 1000))
@settings(max_examples=draws(40), deadline=None)
def test_every_burden_leaves_with_something(made, allocation, seed):
    """Carbon is conserved: what all sites and routes cause is what all exits carry, but for pools that lead nowhere."""
    transfers = Transfers.of(made, YEAR, allocation=allocation)
    footprint = Footprint(transfers)
    rng = np.random.default_rng(seed)
    ran = np.isin(np.arange(len(made.network.sites)), transfers.made["site"])
    sites, moved = rng.random((len(ran), 2)) * ran[:, None], rng.random((len(transfers.moved), 2))
    stuck = footprint.through(sites, moved)[footprint.closed].sum(axis=0)
    carried = footprint.carried_out(sites, moved).sum(axis=0) + stuck
    assert carried == pytest.approx(sites.sum(axis=0) + moved.sum(axis=0), rel=1e-9, abs=1e-9)
    assert transfers.made.groupby("site")["share"].sum().to_numpy() == pytest.approx(1.0)


@given(any_flows(), st.integers(0, 1000))
@settings(max_examples=draws(20), deadline=None)
def test_one_basket_and_all_pools_agree(made, seed):
    footprint = Footprint(Transfers.of(made, YEAR))
    rng = np.random.default_rng(seed)
    sites, moved = rng.random(len(made.network.sites)), rng.random(len(footprint.transfers.moved))
    each = footprint.of(sites, moved)
    for node in np.flatnonzero(footprint.transfers.supply > 0)[:4]:
        basket = np.zeros(len(each))
        basket[node] = 2.0
        assert footprint.row(basket).total(sites, moved) == pytest.approx(2.0 * each[node], rel=1e-8)
