"""Laws of exposure on random networks: more stock or capacity never hurts, more broken for longer never costs less."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.chain import Network
from orepact.shock.exposure import exposing
from orepact.shock.exposure.aggregate import Aggregate
from orepact.shock.exposure.exposing import expose
from orepact.shock.exposure.hit import Hit
from orepact.shock.exposure.program import Losing, Surviving
from orepact.shock.exposure.recovery_times import every_break

PLACES = [f"P{number}" for number in range(5)]
GOODS = ["ore", "metal", "car"]


def network(seed, *, spare=1.0, more=1.0):
    """Ore, metal and cars made and wanted at random; ``spare`` multiplies capacities, ``more`` stocks."""
    draw = np.random.default_rng(seed)
    recipes = [("ore", "ore", 1.0), ("metal", "ore", -2.0), ("metal", "metal", 1.0), ("metal", "slag", 0.5)]
    recipes += [("car", "metal", -1.5), ("car", "car", 1.0)]
    sites = [(f"{g}{p}", g, p, float(draw.integers(5, 60))) for g in GOODS for p in PLACES if draw.random() < 0.6]
    routes = [
        (g, a, b, float(draw.choice([np.nan, draw.integers(1, 40)]))) for g in GOODS for a in PLACES for b in PLACES if a != b
    ]
    routes = [route for route in routes if draw.random() < 0.5]
    wants = [("car", p, 2025, float(draw.integers(1, 15)), float(draw.integers(1, 9))) for p in PLACES[:3]]
    stocks = [(g, p, float(draw.integers(0, 60)) * more, "own") for g in GOODS for p in PLACES if draw.random() < 0.6]
    return Network(
        title="random",
        years=(2025,),
        currency="USD",
        description="",
        commodities=pd.DataFrame({"commodity": [*GOODS, "slag"], "unit": "t"}),
        places=pd.DataFrame({"place": PLACES}),
        recipes=pd.DataFrame(recipes, columns=["process", "commodity", "amount"]),
        sites=pd.DataFrame(sites, columns=["site", "process", "place", "capacity_per_year"]).assign(
            capacity_per_year=lambda rows: rows["capacity_per_year"] * spare
        ),
        routes=pd.DataFrame(routes, columns=["commodity", "origin", "destination", "capacity_per_year"]),
        demand=pd.DataFrame(wants, columns=["commodity", "place", "year", "quantity", "shortage_cost_usd"]),
        stockpiles=pd.DataFrame(stocks, columns=["commodity", "place", "quantity", "owner"]),
    )


def answers(aggregate, time, hit):
    return Losing(aggregate).solve(time, hit).usd, Surviving(aggregate).solve(hit)[0]


CASES = given(st.integers(0, 10**6), st.integers(1, 30), st.integers(0, 4))
QUICK = settings(max_examples=draws(25), deadline=None)


@QUICK
@CASES
def test_more_stock_and_more_capacity_never_hurt(seed, time, place):
    usual = network(seed)
    hit = Hit.of(np.flatnonzero(usual.sites["place"] == PLACES[place]))
    loss, survives = answers(Aggregate.of_network(usual), time, hit)
    for better in (network(seed, more=1.7), network(seed, spare=1.3)):
        less, longer = answers(Aggregate.of_network(better), time, hit)
        assert less <= loss + 1e-6
        assert longer >= survives * (1 - 1e-7)


@QUICK
@CASES
def test_longer_and_more_never_cost_less(seed, time, place):
    chain = network(seed)
    aggregate = Aggregate.of_network(chain)
    losing, surviving = Losing(aggregate), Surviving(aggregate)
    small = np.flatnonzero(chain.sites["place"] == PLACES[place])
    large = Hit.of(np.union1d(small, np.flatnonzero(chain.sites["process"] == "ore")))
    small_hit = Hit.of(small)
    assert losing.solve(time, small_hit).usd <= losing.solve(time + 1, small_hit).usd + 1e-6
    assert losing.solve(time, small_hit).usd <= losing.solve(time, large).usd + 1e-6
    assert losing.solve(time, Hit.of(small, site_share=0.5)).usd <= losing.solve(time, small_hit).usd + 1e-6
    assert surviving.solve(small_hit)[0] >= surviving.solve(large)[0] * (1 - 1e-7)


@QUICK
@CASES
def test_loss_begins_where_survival_ends(seed, time, place):
    """Nothing is lost in any time up to the time to survive, and something in any longer one."""
    del time
    chain = network(seed)
    aggregate = Aggregate.of_network(chain)
    hit = Hit.of(np.flatnonzero(chain.sites["place"] == PLACES[place]))
    survives = Surviving(aggregate).solve(hit)[0]
    losing = Losing(aggregate)
    wanted = aggregate.wants["quantity"].sum()
    if survives > 0:
        within = min(survives * 0.999, 1e5)
        assert losing.solve(within, hit).quantity <= 1e-6 * wanted * within
    if np.isfinite(survives):
        beyond = survives * 1.01 + 0.01
        assert losing.solve(beyond, hit).quantity > 1e-7 * wanted


@QUICK
@given(st.integers(0, 10**6), st.integers(1, 30))
def test_proofs_say_what_solving_says(seed, time):
    aggregate = Aggregate.of_network(network(seed, spare=4.0))
    events = every_break(aggregate.network, time=float(time))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(exposing, "MANY", 1)
        found = expose(aggregate, events)
    losing, surviving = Losing(aggregate), Surviving(aggregate)
    for event, row in zip(events, found.rows.itertuples(index=False), strict=True):
        assert row.loss_usd == pytest.approx(losing.solve(event.time, event.hit).usd, rel=1e-7, abs=1e-6)
        assert row.time_to_survive == pytest.approx(surviving.solve(event.stopped)[0], rel=1e-7)
    index = found.rows["risk_exposure_index"]
    assert index.between(0, 1).all()
    assert index.max() == (1.0 if found.largest > 0 else 0.0)


@QUICK
@given(st.integers(0, 10**6), st.integers(1, 30))
def test_warm_is_cold(seed, time):
    """A program that has answered other questions before gives the value of one that is built for the question."""
    aggregate = Aggregate.of_network(network(seed))
    events = every_break(aggregate.network, kinds=("site", "route"), time=float(time))
    losing, surviving = Losing(aggregate), Surviving(aggregate)
    for event in events[:: max(len(events) // 6, 1)]:
        loss, survives = answers(aggregate, event.time, event.hit)
        assert losing.solve(event.time, event.hit).usd == loss
        assert surviving.solve(event.hit)[0] == survives
