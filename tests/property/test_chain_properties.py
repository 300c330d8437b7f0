"""Laws of the chain on random small networks: the package round trip, planted mistakes, planted leaks."""

import itertools
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.chain import Flows, Network
from orepact.chain.flow_rows import node_rows, route_rows, site_rows
from orepact.chain.manifest import hash_network
from orepact.errors import BalanceBroken

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
POSITIVE = st.floats(0, 1e12, allow_subnormal=False)
MAYBE = st.one_of(st.just(np.nan), POSITIVE)
SHARE = st.one_of(st.just(np.nan), st.floats(0, 0.99))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Sound networks: a line of 2 to 4 goods, each made from the one before, in 1 to 3 places that are all joined."""
    goods = [f"good_{number}" for number in range(draw(st.integers(2, 4)))]
    places = [f"P{number}" for number in range(draw(st.integers(1, 3)))]
    years = tuple(sorted(draw(st.sets(st.integers(2020, 2050), min_size=1, max_size=3))))
    recipes = [{"process": f"make_{good}", "commodity": good, "amount": 1.0} for good in goods]
    recipes += [
        {"process": f"make_{good}", "commodity": before, "amount": -draw(st.floats(0.01, 100))}
        for before, good in itertools.pairwise(goods)
    ]
    sites = [
        {
            "site": f"site_{good}_{number}",
            "name": draw(TEXT),
            "process": f"make_{good}",
            "place": draw(st.sampled_from(places)),
            "owner": draw(TEXT),
            "capacity_per_year": draw(st.one_of(st.just(np.nan), st.floats(1e-3, 1e9))),
            "start_year": draw(st.sampled_from([np.nan, float(years[0])])),
            "capex_usd": draw(MAYBE),
            "realisation_probability": draw(st.one_of(st.just(np.nan), st.floats(0, 1))),
        }
        for good in goods
        for number in range(draw(st.integers(1, 2)))
    ]
    routes = [
        {"commodity": good, "origin": a, "destination": b, "cost_usd": draw(MAYBE), "loss": draw(SHARE)}
        for good in goods
        for a in places
        for b in places
        if a != b
    ]
    demand = [
        {"commodity": goods[-1], "place": place, "year": year, "quantity": draw(POSITIVE), "shortage_cost_usd": draw(MAYBE)}
        for place in places
        for year in years
    ]
    return Network(
        title=draw(TEXT.filter(lambda text: bool(text.strip()))),
        years=years,
        currency="USD",
        description=draw(TEXT),
        commodities=pd.DataFrame({"commodity": goods, "unit": "t", "element": ["copper", *[""] * (len(goods) - 1)]}),
        places=pd.DataFrame({"place": places, "name": [draw(TEXT) for _ in places]}),
        recipes=pd.DataFrame(recipes),
        sites=pd.DataFrame(sites),
        routes=pd.DataFrame(routes, columns=["commodity", "origin", "destination", "cost_usd", "loss"]),
        demand=pd.DataFrame(demand),
    )


@given(networks())
@settings(max_examples=draws(20), deadline=None)
def test_a_package_gives_back_what_was_written(network):
    with tempfile.TemporaryDirectory() as folder:
        again = Network.from_package(network.to_package(Path(folder) / "package"))
    assert again.equals(network)
    assert hash_network(again) == hash_network(network)


@given(networks())
@settings(max_examples=draws(20), deadline=None)
def test_sound_networks_have_no_problem(network):
    assert network.check() == []


MISTAKES = {
    "capacity_per_year": ("sites", -1.0),
    "process": ("sites", "no_such_process"),
    "lifetime_years": ("sites", -3.0),
    "reserves": ("sites", np.inf),
    "status": ("sites", "sleeping"),
    "amount": ("recipes", 0.0),
    "commodity": ("demand", "no_such_good"),
    "year": ("demand", 1900),
    "quantity": ("demand", -2.0),
    "latitude": ("places", 100.0),
    "unit": ("commodities", ""),
}


@given(networks(), st.sampled_from(sorted(MISTAKES)), st.data())
@settings(max_examples=draws(20), deadline=None)
def test_check_finds_a_planted_mistake(network, column, data):
    table, wrong = MISTAKES[column]
    frame = getattr(network, table).copy()
    row = data.draw(st.integers(0, len(frame) - 1))
    values = frame[column].tolist()
    values[row] = wrong
    problems = network.with_tables(**{table: frame.assign(**{column: values})}).check()
    assert (f"{table}.csv", row + 2, column) in {(problem.file, problem.row, problem.column) for problem in problems}


def _balanced(network: Network, x: np.ndarray, f: np.ndarray) -> Flows:
    """Any activity and flow in balance: what is left over or missing at each node enters as stock."""
    rest = network.S @ x + network.N @ f
    year = network.years[0]
    every = np.arange(len(network.nodes))
    rows = [site_rows(network, year, "activity", x), route_rows(network, year, f)]
    rows += [
        node_rows(network, year, "stock_in", every, np.maximum(rest, 0)),
        node_rows(network, year, "stock_out", every, np.maximum(-rest, 0)),
    ]
    return Flows.of(network, rows)


@given(networks(), st.integers(0, 2**32 - 1))
@settings(max_examples=draws(20), deadline=None)
def test_balance_holds_until_something_leaks(network, seed):
    random = np.random.default_rng(seed)
    flows = _balanced(network, random.uniform(1, 1e6, len(network.sites)), random.uniform(1, 1e6, len(network.routes)))
    assert flows.check_balance() <= 1e-9
    frame = flows.frame.copy()
    largest = frame["quantity"].idxmax()
    frame.loc[largest, "quantity"] *= 1 + 1e-4
    with pytest.raises(BalanceBroken):
        Flows(frame, network).check_balance()


@given(networks(), st.integers(0, 2**32 - 1))
@settings(max_examples=draws(20), deadline=None)
def test_a_reduced_copy_is_a_network(network, seed):
    random = np.random.default_rng(seed)
    places = [place for place in network.places.index if random.random() < 0.7] or [network.places.index[0]]
    small = network.restrict(places=places, routes=random.random(len(network.routes)) < 0.5, years=network.years[:1])
    assert small.S.shape == (len(small.nodes), len(small.sites))
    assert small.N.shape == (len(small.nodes), len(small.routes))
    assert set(small.nodes.get_level_values(1)) <= set(places)
    again = small.restrict(places=places)
    assert again.equals(small)
