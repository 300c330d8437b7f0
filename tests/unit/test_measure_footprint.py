"""What was caused along the chain, carried into the pools, worked by hand; and the solver beneath."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from orepact.errors import NotFound
from orepact.measure.tracing.footprint import Footprint
from orepact.measure.tracing.ordering import flow_order
from orepact.measure.tracing.propagation import Propagation, reached
from orepact.measure.tracing.transfers import Transfers
from origin_networks import YEAR, at, chain, cobalt_flows, flows


def straight(loss: float = 0.0, **more):
    network = chain(
        recipes={"mining": {"ore": 1.0}, "smelting": {"ore": -4.0, "metal": 1.0, "acid": 2.0}},
        sites={"mine": {"process": "mining", "place": "A"}, "smelter": {"process": "smelting", "place": "B"}},
        routes=[("ore", "A", "B")],
        loss={("ore", "A", "B"): loss},
        **more,
    )
    return network, flows(network, {"mine": 40 / (1 - loss), "smelter": 10}, {("ore", "A", "B"): 40 / (1 - loss)})


def test_transfers_list_what_entered_and_left_each_pool():
    network, made = straight(loss=0.2, prices={"metal": 30.0, "acid": 5.0})
    found = Transfers.of(made, YEAR)
    supply = dict(zip(found.nodes, found.supply, strict=True))
    assert supply == pytest.approx({("ore", "A"): 50, ("ore", "B"): 40, ("metal", "B"): 10, ("acid", "B"): 20})
    assert found.moved[["sent", "arrived"]].to_numpy().tolist() == [[50.0, 40.0]]
    assert found.made.groupby("site")["share"].sum().to_list() == pytest.approx([1, 1])
    assert found.made.loc[found.made["site"] == 1, "share"].to_list() == pytest.approx([0.75, 0.25])
    assert len(found.drawn) == 0
    assert found.left.set_index("kind")["quantity"].sum() == pytest.approx(30)
    assert network.nodes.equals(found.nodes)


@pytest.mark.parametrize(
    ("allocation", "prices", "expected"),
    [
        ("value", {"metal": 30.0, "acid": 5.0}, 0.75),
        ("value", {"metal": 30.0}, 1 / 3),  # acid has no price: by mass
        ("mass", {"metal": 30.0, "acid": 5.0}, 1 / 3),
        ("main", {}, 1.0),
    ],
)
def test_a_burden_is_split_by_the_convention_asked_for(allocation, prices, expected):
    network, made = straight(prices=prices)
    found = Transfers.of(made, YEAR, allocation=allocation)
    metal = found.made["node"] == at(network, ("metal", "B"))[0]
    assert found.made.loc[metal, "share"].item() == pytest.approx(expected)


def test_outputs_without_mass_or_price_leave_all_to_the_main_one():
    network, made = straight(units={"acid": "MWh"})
    found = Transfers.of(made, YEAR)
    assert found.made.loc[found.made["site"] == 1, "share"].to_list() == [1.0, 0.0]
    heavy = network.with_tables(contents=pd.DataFrame([("acid", "sulphur", 0.5)], columns=["commodity", "element", "t_per_unit"]))
    found = Transfers.of(type(made)(made.frame, heavy), YEAR)
    assert found.made.loc[found.made["site"] == 1, "share"].to_list() == pytest.approx([0.5, 0.5])


def test_unknown_words_and_years_are_named():
    _, made = straight()
    with pytest.raises(NotFound, match="weight"):
        Transfers.of(made, YEAR, allocation="weight")
    with pytest.raises(NotFound, match="1999"):
        Transfers.of(made, 1999)


def test_a_burden_follows_the_goods():
    network, made = straight(loss=0.2, prices={"metal": 30.0, "acid": 5.0})
    footprint = Footprint(Transfers.of(made, YEAR))
    sites, moved = np.array([100.0, 60.0]), np.array([40.0])
    each = dict(zip(network.nodes, footprint.of(sites, moved), strict=True))
    # mine 100 for 50 t; all of it, lost ore too, arrives with 40 t, and 40 of transport; 60 at the smelter; 3 : 1 to metal
    assert each == pytest.approx({("ore", "A"): 2.0, ("ore", "B"): 3.5, ("metal", "B"): 15.0, ("acid", "B"): 2.5})
    assert footprint.carried_out(sites, moved).sum() == pytest.approx(200)


def test_one_basket_is_attributed_to_every_site_and_route():
    network, made = straight(loss=0.2, prices={"metal": 30.0, "acid": 5.0})
    footprint = Footprint(Transfers.of(made, YEAR))
    metal = np.zeros(len(network.nodes))
    metal[at(network, ("metal", "B"))] = 1.0
    for basis in ("supply", "production"):
        part = footprint.row(metal, basis=basis)
        assert part.sites == pytest.approx([0.075, 0.075])
        assert part.moved == pytest.approx([0.075])
        assert part.total(np.array([100.0, 60.0]), np.array([40.0])) == pytest.approx(15.0)


def test_categories_add_up_to_the_whole():
    made = cobalt_flows()
    footprint = Footprint(Transfers.of(made, YEAR))
    rng = np.random.default_rng(3)
    caused = rng.random((len(made.network.sites), 4))
    whole, parts = footprint.of(caused.sum(axis=1)), footprint.of(sparse.csr_array(caused))
    assert parts.sum(axis=1) == pytest.approx(whole, nan_ok=True)
    basket = np.zeros(len(made.network.nodes))
    basket[at(made.network, ("cell", "Korea"))] = 1.0
    assert footprint.row(basket).total(caused) == pytest.approx(parts[at(made.network, ("cell", "Korea"))[0]])


def test_production_is_not_diluted_by_imports():
    network = chain(
        recipes={"making": {"cell": 1.0}},
        sites={"clean": {"process": "making", "place": "A"}, "dirty": {"process": "making", "place": "B"}},
        routes=[("cell", "B", "A")],
    )
    made = flows(network, {"clean": 10, "dirty": 30}, {("cell", "B", "A"): 30})
    footprint = Footprint(Transfers.of(made, YEAR))
    cell = np.zeros(len(network.nodes))
    cell[at(network, ("cell", "A"))] = 1.0
    caused = np.array([10.0, 90.0])
    assert footprint.row(cell).total(caused) == pytest.approx(2.5)
    assert footprint.row(cell, basis="production").total(caused) == pytest.approx(1.0)


def test_a_ring_without_exit_keeps_what_it_caused():
    network = chain(
        recipes={"forward": {"a": -1.0, "b": 1.0}, "back": {"b": -1.0, "a": 1.0}},
        sites={"forward": {"process": "forward", "place": "A"}, "back": {"process": "back", "place": "A"}},
    )
    footprint = Footprint(Transfers.of(flows(network, {"forward": 10, "back": 10}), YEAR))
    assert footprint.transfers.named(footprint.closed) == ["a in A", "b in A"]
    assert np.isfinite(footprint.of(np.array([5.0, 5.0]))).all()


def test_what_is_missing_or_left_over_is_a_row():
    network, made = straight()
    frame = made.frame.copy()
    frame.loc[frame["kind"] == "demand", "quantity"] *= 2
    found = Transfers.of(type(made)(frame, network), YEAR)
    assert found.drawn["kind"].to_list() == ["missing", "missing"]
    assert found.drawn["quantity"].sum() == pytest.approx(30)
    frame.loc[frame["kind"] == "demand", "quantity"] *= 0.25
    found = Transfers.of(type(made)(frame, network), YEAR)
    assert found.left.loc[found.left["kind"] == "residual", "quantity"].sum() == pytest.approx(15)


def test_the_dust_of_a_solver_is_no_flow():
    network, made = straight()
    frame = pd.concat([made.frame, made.frame[made.frame["kind"] == "route"].assign(quantity=1e-12)], ignore_index=True)
    frame.loc[frame["site"] == "mine", "quantity"] += 1e-11
    found = Transfers.of(type(made)(frame, network), YEAR)
    assert len(found.moved) == 1
    assert len(found.drawn) == 0


# The solver ----------------------------------------------------------------------------------------------


def random_mixing(size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    matrix = rng.random((size, size)) * (rng.random((size, size)) < 0.2)
    return 0.9 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1e-9)


@pytest.mark.parametrize("size", [1, 2, 30, 150])
@pytest.mark.parametrize("groups", [None, 1, 5])
def test_solutions_equal_those_of_dense_algebra(size, groups):
    matrix = random_mixing(size, size)
    rng = np.random.default_rng(1)
    rhs = rng.random((size, 130))
    system = Propagation(sparse.csr_array(matrix), None if groups is None else rng.integers(0, groups, size))
    dense = np.linalg.solve(np.eye(size) - matrix, rhs)
    assert system.solve(rhs) == pytest.approx(dense)
    assert system.solve(rhs[:, 0]) == pytest.approx(dense[:, 0])
    assert system.solve_sparse(sparse.csc_array(rhs)).toarray() == pytest.approx(dense)
    assert system.solve_transposed(rhs) == pytest.approx(np.linalg.solve(np.eye(size) - matrix.T, rhs))
    assert system.solve_transposed(rhs[:, 0]) == pytest.approx(np.linalg.solve(np.eye(size) - matrix.T, rhs[:, 0]))


def test_nothing_to_solve_is_nothing():
    assert Propagation(sparse.csc_array((0, 0))).solve(np.zeros((0, 3))).shape == (0, 3)
    assert Propagation(sparse.csc_array((2, 2))).solve(np.zeros((2, 0))).shape == (2, 0)


def test_what_is_reached_follows_the_arrows():
    matrix = sparse.csr_array(([1.0, 1.0, 1.0], ([1, 2, 4], [0, 1, 3])), shape=(5, 5))
    start = np.array([True, False, False, False, False])
    assert reached(matrix, start).tolist() == [True, True, True, False, False]


def test_pools_are_ordered_along_the_chain_in_spite_of_scrap():
    # groups 2 -> 0 -> 1, and a weak arc back from 1 to 0
    arcs = [(2, 0, 1.0), (0, 1, 1.0), (1, 0, 0.1)]
    source, target, weight = zip(*arcs, strict=True)
    matrix = sparse.csr_array((weight, (target, source)), shape=(3, 3))
    assert flow_order(matrix, np.array([0, 1, 2])).tolist() == [2, 0, 1]
    assert flow_order(matrix, np.array([0, 9_999, 1])) is None
