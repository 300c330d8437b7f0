"""``Flows``: rows from vectors, the balance recomputed from the table, totals, and the manifest."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Flows, Manifest, Network
from orepact.chain.flow_rows import COLUMNS, node_rows, route_rows, site_rows
from orepact.chain.manifest import hash_frame, hash_network, hash_value
from orepact.errors import BadInput, BalanceBroken, NotFound

TOY = Path(__file__).parents[1] / "networks" / "toy"
SHIPPED = 4 * 60 / 0.98


@pytest.fixture(scope="module")
def toy() -> Network:
    return Network.from_package(TOY)


def plan_on_paper(toy: Network) -> Flows:
    """2031 of the toy: both smelters run, slag is put away, nothing is short."""
    year, metal, slag = 2031, toy.positions(["metal"], ["BBB"]), toy.positions(["slag", "slag"], ["AAA", "BBB"])
    return Flows.of(
        toy,
        [
            site_rows(toy, year, "activity", [200 + SHIPPED, 50, 60], cost_usd=[0, 3000, 4800]),
            site_rows(toy, year, "capacity", [1000, 100, 60]),
            route_rows(toy, year, [SHIPPED, 50]),
            node_rows(toy, year, "demand", metal, [115]),
            node_rows(toy, year, "shortage", metal, [5], cost_usd=[25_000]),
            node_rows(toy, year, "stock_in", slag, [100, 120]),
        ],
    )


def test_rows_are_tidy(toy):
    flows = plan_on_paper(toy)
    assert tuple(flows.frame.columns) == COLUMNS
    route = flows.select(kind="route", commodity="metal").iloc[0]
    assert (route["origin"], route["destination"], route["unit"], route["cost_usd"], route["tariff_usd"]) == (
        "AAA",
        "BBB",
        "t",
        750,
        5000,
    )
    site = flows.select(kind="activity").iloc[1]
    assert (site["site"], site["process"], site["owner"], site["commodity"], site["origin"]) == (
        "smelter_a",
        "smelting",
        "Buy Company",
        "metal",
        "AAA",
    )
    assert len(flows.select(kind=["demand", "shortage"], destination="North", year=2031)) == 2
    assert len(flows) == 12
    assert flows.years == (2031,)


def test_balance_holds_and_is_recomputed_from_the_table(toy):
    flows = plan_on_paper(toy)
    assert flows.check_balance() < 1e-12
    shuffled = Flows(flows.frame.sample(frac=1, random_state=1), toy)
    assert shuffled.check_balance(toy) < 1e-12
    ore = flows.balance().set_index(["commodity", "place"]).loc[("ore", "AAA")]
    assert ore["throughput"] == pytest.approx(200 + SHIPPED)


def test_a_leak_is_named(toy):
    flows = plan_on_paper(toy)
    leak = flows.frame.copy()
    leak.loc[leak["kind"] == "demand", "quantity"] += 0.01
    with pytest.raises(BalanceBroken, match=r"metal in BBB, 2031: -0\.01 of 115"):
        Flows(leak, toy).check_balance()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"site": "smelter_z"}, "site smelter_z"),
        ({"origin": "BBB"}, "route of ore from BBB to BBB"),
        ({"commodity": "gold"}, "node gold in BBB"),
        ({"quantity": np.nan}, "not a finite number"),
    ],
)
def test_rows_that_stand_for_nothing_break_the_balance(toy, change, text):
    with pytest.raises(BalanceBroken, match=text):
        Flows(plan_on_paper(toy).frame.assign(**change), toy).check_balance()


def test_no_rows_no_residual(toy):
    assert Flows.of(toy, []).check_balance() == 0.0


def test_production_counts_co_products(toy):
    flows = plan_on_paper(toy)
    assert flows.produced("slag").to_dict() == {2031: {"AAA": 100, "BBB": 120}}
    assert flows.produced("metal", by="owner_country").to_dict() == {2031: {"BBB": 110}}
    with pytest.raises(NotFound, match="did you mean metal"):
        flows.produced("metl")


def test_totals(toy):
    flows = plan_on_paper(toy)
    placed = flows.by_place("shortage")
    assert placed.to_dict("records") == [{"year": 2031, "commodity": "metal", "place": "BBB", "unit": "t", "quantity": 5.0}]
    owned = flows.by_owner("capacity").set_index(["commodity", "owner_country"])["quantity"]
    assert owned.to_dict() == {("metal", "BBB"): 160.0, ("ore", "AAA"): 1000.0}
    assert set(flows.by_owner(of="owner")["owner"]) == {"Ore Company", "Buy Company"}
    with pytest.raises(NotFound):
        flows.by_place("nonsense")
    with pytest.raises(NotFound):
        flows.by_owner("route")


def test_element_in_contained_tonnes(toy):
    copper = plan_on_paper(toy).element("copper", kind="route")
    assert copper["contained_t"].tolist() == pytest.approx([SHIPPED * 0.3, 50])
    with pytest.raises(NotFound, match="element"):
        plan_on_paper(toy).element("gold")


def test_frames_from_elsewhere_are_checked(toy):
    with pytest.raises(BadInput) as caught:
        Flows(pd.DataFrame({"kind": ["flight"], "year": [2030], "commodty": ["ore"]}), toy)
    assert [problem.column for problem in caught.value.problems] == ["commodity", "quantity", "commodty", "kind"]


def test_csv(toy, tmp_path):
    flows = plan_on_paper(toy)
    read = pd.read_csv(flows.to_csv(tmp_path / "flows.csv"), keep_default_na=False)
    assert Flows(read, toy).frame.equals(flows.frame)


def test_manifest_hash_leaves_out_the_time(toy):
    one, two = Manifest.of(toy, seed=7, created="a"), Manifest.of(toy, seed=7, created="b")
    assert one == two
    assert one.hash == two.hash
    assert one.hash != one.with_facts(seed=8).hash
    assert one.as_dict()["hash"] == one.hash


def test_hashes_follow_content(toy):
    assert hash_network(toy) == hash_network(Network.from_package(TOY))
    assert hash_network(toy) != hash_network(toy.with_tables(demand=toy.demand.assign(quantity=[80, 111])))
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", "yz"]})
    assert hash_frame(frame) == hash_frame(frame.astype({"b": object}))
    assert hash_frame(frame) != hash_frame(frame.assign(b=["xy", "z"]))
    assert hash_frame(frame) != hash_frame(frame.iloc[::-1])
    assert hash_value({"a": (1, None), "b": {2, 1}}) == hash_value({"b": [1, 2], "a": [np.int64(1), None]})
