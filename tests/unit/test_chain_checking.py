"""``Network.check()``: each rule finds what it is for, names file, row and column, and leaves sound networks alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Network
from orepact.chain.reach import reachable_nodes

FROM_NOTHING = "recipes.csv, row 3, amount: smelting gives 1 t of copper from 0.003 t"
TOO_RICH = "commodities.csv, row 3, element_t_per_unit: a clash with the unit t"
NETWORKS = Path(__file__).parents[1] / "networks"


@pytest.fixture(scope="module")
def toy() -> Network:
    return Network.from_package(NETWORKS / "toy")


def found(network: Network) -> list[str]:
    return [f"{problem.where}: {problem.found}" for problem in network.check()]


def test_every_problem_at_once(toy):
    broken = toy.with_tables(
        sites=toy.sites.assign(capacity_per_year=[-1.0, 100, 120], place=["AAA", "AAA", "CCC"]),
        routes=toy.routes.assign(loss=[1.5, 0], origin=["BBB", "AAA"]),
        demand=toy.demand.assign(year=[2030, 2050]),
    )
    assert found(broken) == [
        "sites.csv, row 2, capacity_per_year: -1",
        "sites.csv, row 4, place: 'CCC'",
        "routes.csv, row 2, loss: 1.5",
        "routes.csv, row 2, destination: BBB",
        "demand.csv, row 3, year: 2050",
    ]


@pytest.mark.parametrize(
    ("table", "column", "values", "where"),
    [
        ("sites", "capacity_per_year", [np.inf, 1, 1], "sites.csv, row 2, capacity_per_year: inf"),
        ("sites", "lifetime_years", [0, 1, 1], "sites.csv, row 2, lifetime_years: 0"),
        ("sites", "realisation_probability", [1, 1.2, 1], "sites.csv, row 3, realisation_probability: 1.2"),
        ("sites", "status", ["operating", "open", "planned"], "sites.csv, row 3, status: 'open'"),
        ("sites", "confidence", ["reported", "", "sure"], "sites.csv, row 4, confidence: 'sure'"),
        ("sites", "end_year", [np.nan, np.nan, 2020], "sites.csv, row 4, end_year: 2020 after a start in 2031"),
        ("sites", "max_build_per_year", [5, np.nan, 5], "sites.csv, row 2, capex_usd: an empty cell"),
        ("recipes", "amount", [1, -4, 1, 0], "recipes.csv, row 5, amount: 0"),
        ("recipes", "amount", [1, -4, 1, 1], "recipes.csv, row 3, amount: 2 such rows for smelting"),
        ("recipes", "amount", [1, -4, np.nan, 2], "recipes.csv, row 4, amount: nan"),
        ("recipes", "amount", [1, -4000, 1, 2], None),
        ("recipes", "amount", [1, -0.01, 1, 2], FROM_NOTHING),
        ("routes", "tariff_rate", [np.nan, -0.1], "routes.csv, row 3, tariff_rate: -0.1"),
        ("places", "latitude", [91, 0], "places.csv, row 2, latitude: 91"),
        ("commodities", "unit", ["t", "", "t"], "commodities.csv, row 3, unit: ''"),
        ("commodities", "unit", ["t", "Tonnes", "wafer"], "commodities.csv, row 3, unit: 'Tonnes'"),
        ("commodities", "element_t_per_unit", [0.3, 1.5, np.nan], TOO_RICH),
        ("demand", "quantity", [-5, 0], "demand.csv, row 2, quantity: -5"),
    ],
)  # fmt: skip
def test_one_rule_each(toy, table, column, values, where):
    frame = getattr(toy, table).assign(**{column: values})
    extra = {"contents": pd.DataFrame({"commodity": [], "element": [], "t_per_unit": []})} if table == "commodities" else {}
    problems = found(toy.with_tables(**{table: frame}, **extra))
    assert problems == [] if where is None else where in problems


def test_contents_must_agree_with_the_main_element(toy):
    contents = toy.contents.assign(t_per_unit=[0.3, 0.9])
    assert found(toy.with_tables(contents=contents)) == ["contents.csv, row 3, t_per_unit: 0.9"]


def test_years_must_increase(toy):
    network = Network(
        "x",
        (2031, 2030),
        "USD",
        "",
        *(getattr(toy, name) for name in ("commodities", "places", "recipes", "sites", "routes", "demand")),
    )
    assert found(network) == ["network.yaml, years: 2031, 2030"]


def test_reach_names_what_is_missing(toy):
    no_route = toy.with_tables(routes=toy.routes.iloc[:0], sites=toy.sites.iloc[:2])
    assert found(no_route) == ["demand.csv, row 2, commodity: nothing that makes or brings metal in BBB"]
    no_mine = toy.with_tables(sites=toy.sites.iloc[1:])
    assert found(no_mine) == ["demand.csv, row 2, commodity: nothing that makes or brings ore in AAA"]


def test_reach_knows_stockpiles_buildable_sites_and_reserves(toy):
    no_mine = toy.sites.iloc[1:]
    stock = pd.DataFrame({"commodity": ["ore"], "place": ["AAA"], "quantity": [10.0]})
    assert found(toy.with_tables(sites=no_mine, stockpiles=stock)) == []
    idle = toy.sites.assign(capacity_per_year=[0.0, 100, 120])
    assert len(found(toy.with_tables(sites=idle))) == 1
    assert found(toy.with_tables(sites=idle.assign(capex_usd=[5.0, np.nan, 1]))) == []
    assert len(found(toy.with_tables(sites=toy.sites.assign(reserves=[0.0, np.nan, np.nan])))) == 1


def test_reach_sees_a_ring_that_waits_for_itself(toy):
    recipes = pd.DataFrame(
        {
            "process": ["mining", "mining", "smelting", "smelting"],
            "commodity": ["ore", "metal", "metal", "ore"],
            "amount": [1, -0.3, 1, -4],
        }
    )
    network = toy.with_tables(recipes=recipes)
    assert "a ring in which each waits for the other" in found(network)[0]


def test_a_closed_route_feeds_nobody(toy):
    closed = toy.with_tables(routes=toy.routes.assign(capacity_per_year=[0.0, 0.0]))
    assert reachable_nodes(closed).tolist() == [True, False, True, False, True, False]
    assert len(found(closed)) == 1


def test_a_process_that_gives_twice_what_it_takes_is_named(toy: Network):
    """1 t of copper from 2 t of ore that hold 0.6 t; the 1.2 t of 4 t are enough, and goods by piece may be averages."""
    recipes = toy.recipes.assign(amount=toy.recipes["amount"].replace(-4.0, -2.0))
    assert any("gives 1 t of copper from 0.6 t" in text for text in found(toy.with_tables(recipes=recipes)))
    assert not found(toy)
    pieces = toy.commodities.assign(unit="piece")
    assert not any("of copper" in text for text in found(toy.with_tables(recipes=recipes, commodities=pieces)))
