"""``Network``: matrices, capacities and costs of the toy, solved on paper; groups and reduced copies."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Network
from orepact.errors import BadInput, NotFound

NETWORKS = Path(__file__).parents[1] / "networks"


@pytest.fixture(scope="module")
def toy() -> Network:
    return Network.from_package(NETWORKS / "toy")


def test_nodes_follow_the_order_of_commodities_and_places(toy):
    assert toy.nodes.tolist() == [
        ("ore", "AAA"), ("ore", "BBB"), ("metal", "AAA"), ("metal", "BBB"), ("slag", "AAA"), ("slag", "BBB"),
    ]  # fmt: skip
    assert toy.nodes.names == ["commodity", "place"]
    assert toy.positions(["metal", "ore", "gold"], ["BBB", "AAA", "AAA"]).tolist() == [3, 0, -1]


def test_s_holds_the_recipes(toy):
    on_paper = [[1, -4, 0], [0, 0, -4], [0, 1, 0], [0, 0, 1], [0, 2, 0], [0, 0, 2]]
    assert toy.S.format == "csc"
    assert np.array_equal(toy.S.toarray(), on_paper)
    assert toy.site_index.tolist() == ["mine_a", "smelter_a", "smelter_b"]


def test_n_holds_the_routes_with_their_losses(toy):
    on_paper = [[-1, 0], [0.98, 0], [0, -1], [0, 1], [0, 0], [0, 0]]
    assert toy.N.format == "csc"
    assert np.allclose(toy.N.toarray(), on_paper, atol=0, rtol=1e-15)
    assert toy.route_index.tolist() == [0, 1]


def test_the_plan_found_on_paper_balances(toy):
    """2031: 60 t from the new smelter (4 x 60 / 0.98 t of ore shipped), 50 t from the old one."""
    shipped = 4 * 60 / 0.98
    x, f = np.array([4 * 50 + shipped, 50, 60]), np.array([shipped, 50])
    left = toy.S @ x + toy.N @ f
    assert np.allclose(left, [0, 0, 0, 110, 100, 120])


def test_capacity_weighs_what_does_not_operate_yet(toy):
    assert toy.capacity[2030].tolist() == [1000, 100, 0]
    assert toy.site_capacity(2031).tolist() == [1000, 100, 60]
    with pytest.raises(NotFound, match="2029"):
        toy.site_capacity(2029)


def test_capacity_of_gone_unlimited_and_ended_sites(toy):
    sites = toy.sites.assign(
        status=["closed", "operating", "planned"],
        capacity_per_year=[5.0, np.nan, np.nan],
        end_year=[np.nan, 2030, np.nan],
        realisation_probability=[np.nan, 0.1, 0.0],
    )
    assert toy.with_tables(sites=sites).capacity.to_numpy().tolist() == [[0, 0], [np.inf, 0], [0, 0]]


def test_costs_per_unit(toy):
    assert toy.route_tariff_usd.tolist() == [0, 100]
    assert toy.route_cost_usd.tolist() == [20, 115]
    assert toy.site_cost_usd.tolist() == [10, 50 + 200 * 0.05, 60 + 200 * 0.1]


def test_defaults_stand_in_for_empty_cells(toy):
    assert toy.values("sites", "lifetime_years").tolist() == [20, 20, 20]
    assert toy.values("routes", "capacity_per_year").tolist() == [np.inf, 90]
    assert np.isnan(toy.values("sites", "capex_usd")[:2]).all()


def test_what_can_be_built_and_what_comes_beside(toy):
    assert toy.expandable.tolist() == [False, False, True]
    assert toy.main_output.to_dict() == {"mining": "ore", "smelting": "metal"}
    assert toy.site_output.tolist() == ["ore", "metal", "metal"]
    assert toy.co_product_nodes.tolist() == [False, False, False, False, True, True]
    assert toy.contents.to_dict("list") == {
        "commodity": ["ore", "metal"],
        "element": ["copper", "copper"],
        "t_per_unit": [0.3, 1.0],
    }


def test_years_stand_for_the_years_before_the_next(toy):
    assert Network.from_package(NETWORKS / "magnets").year_spans.tolist() == [5, 1]
    assert toy.year_spans.tolist() == [1, 1]


def test_groups_are_followed_through_groups():
    places = pd.DataFrame({"place": ["CAN", "CA-QC", "KOR", "JPN"], "group": ["G7", "CAN", "east", "east; G7"]})
    network = _bare(places=places)
    assert network.members("G7") == ("CAN", "CA-QC", "JPN")
    assert network.members(["CAN", "KOR"]) == ("CAN", "CA-QC", "KOR")
    assert network.members("KOR") == ("KOR",)
    with pytest.raises(NotFound, match="did you mean JPN"):
        network.members("JPM")


def test_restrict_to_places_years_and_routes(toy):
    south = toy.restrict(places=["South"], years=[2031])
    assert (south.years, south.sites.index.tolist(), len(south.routes), len(south.demand)) == (
        (2031,),
        ["mine_a", "smelter_a"],
        0,
        0,
    )
    only_metal = toy.restrict(routes=toy.routes["commodity"] == "metal")
    assert only_metal.routes["commodity"].tolist() == ["metal"]
    assert only_metal.routes.index.tolist() == [0]
    assert toy.restrict(routes=[1]).routes.equals(only_metal.routes)
    with pytest.raises(NotFound):
        toy.restrict(years=[1999])


def test_restrict_to_commodities_makes_dropped_inputs_free(toy):
    small = toy.restrict(commodities=["metal"])
    assert small.recipes.to_dict("list") == {"process": ["smelting"], "commodity": ["metal"], "amount": [1.0]}
    assert small.sites.index.tolist() == ["smelter_a", "smelter_b"]
    assert small.check() == []


def test_columns_are_completed_and_strangers_refused():
    network = _bare(places=pd.DataFrame({"place": ["AAA"]}))
    assert network.places.columns.tolist()[:2] == ["name", "group"]
    assert network.places["name"].tolist() == [""]
    assert np.isnan(network.places["latitude"]).all()
    with pytest.raises(BadInput, match=r"latitud.*did you mean latitude"):
        _bare(places=pd.DataFrame({"place": ["AAA"], "latitud": [1.0]}))
    with pytest.raises(BadInput, match="numbers"):
        _bare(places=pd.DataFrame({"place": ["AAA"], "latitude": ["north"]}))


def test_an_empty_network_has_empty_matrices():
    network = _bare()
    assert (network.S.shape, network.N.shape, len(network.nodes)) == ((0, 0), (0, 0), 0)
    assert network.positions(["x"], ["y"]).tolist() == [-1]
    assert network.check() == []


@pytest.mark.parametrize("name", ["toy", "magnets", "chips"])
def test_the_written_networks_are_sound(name):
    network = Network.from_package(NETWORKS / name)
    assert network.check() == []
    assert network.S.shape == (len(network.nodes), len(network.sites))
    assert repr(network).startswith("Network(")


def _bare(**frames: pd.DataFrame) -> Network:
    empty = {
        "commodities": pd.DataFrame({"commodity": [], "unit": []}),
        "places": pd.DataFrame({"place": []}),
        "recipes": pd.DataFrame({"process": [], "commodity": [], "amount": []}),
        "sites": pd.DataFrame({"site": [], "process": [], "place": [], "capacity_per_year": []}),
        "routes": pd.DataFrame({"commodity": [], "origin": [], "destination": []}),
        "demand": pd.DataFrame({"commodity": [], "place": [], "year": [], "quantity": []}),
    }
    return Network("bare", (2030,), "USD", "", **{**empty, **frames})
