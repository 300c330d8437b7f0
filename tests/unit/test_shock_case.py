"""The usual week of a small chain, against what paper says; and thinning against an independent fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact import shock
from orepact.chain.flow_rows import node_rows
from orepact.chain.flows import Flows
from orepact.errors import BadInput
from orepact.shock.case.rules import CaseRules, Setting, Thinning
from orepact.shock.case.thinning import thin
from orepact.shock.case.usual import usual_year
from orepact.shock.case.wanting import party_of_places
from shock_networks import chain_case, chain_flows, chain_network, trade_flows

YEAR = 365.0


@pytest.fixture(scope="module")
def reference() -> CaseRules:
    """The shipped assumptions."""
    return CaseRules.reference()


def thinning(**changes: float) -> Thinning:
    """Rules that thin every network, without spare routes, unless told otherwise."""
    values = {"above_routes": 0, "least_share": 0.97, "spare_suppliers": 0, "supplier_share": 0.01, "buyer_share": 0} | changes
    return Thinning(**{k: Setting(title=k, source="test", confidence="estimated", value=v, unit="1") for k, v in values.items()})


# The usual week --------------------------------------------------------------------------------------


def test_a_package_is_taken_at_its_word() -> None:
    """The year of the chain gives the week that was drawn on paper: quantities, limits, weeks under way, worth, public stock."""
    case, drawn = shock.case_of(chain_flows(), rules=CaseRules.package()), chain_case()
    for name in ("activity", "flow", "capacity", "other", "lag_weeks", "demand"):
        np.testing.assert_allclose(getattr(case, name), getattr(drawn, name), rtol=1e-12, err_msg=name)
    pd.testing.assert_frame_equal(case.wants, drawn.wants, check_dtype=False)
    stored = case.stores.iloc[0]
    assert len(case.stores) == 1
    assert (stored.commodity, stored.place, stored.party, stored.kind) == ("metal", "HOME", "HOME", "stockpile")
    assert (stored.quantity, stored.release_per_week) == (100.0, 25.0)
    assert not case.ramp_weeks.any()
    assert np.abs(case.residual).max() < 1e-12


def test_an_empty_capacity_of_a_package_is_no_limit() -> None:
    flows = trade_flows([[3.0, 4.0]])
    assert np.isinf(shock.case_of(flows, rules=CaseRules.package()).capacity).all()


def test_the_assumptions_of_the_reference_give_the_stocks_of_paper(reference: CaseRules) -> None:
    """Ore 30 days of use and 14 of output; metal 18 + 10; cars 45 of sales + 5 of output; a year has 52 weeks and 365 days."""
    case = shock.case_of(chain_flows(), rules=reference)
    held = case.stores[case.stores["kind"] == "warehouse"].set_index(["commodity", "place"])["quantity"]
    week = 52 / YEAR
    assert held["ore", "HOME"] == pytest.approx(30 * 100 * week)  # 427.4 t
    assert held["ore", "NEAR"] == pytest.approx(14 * 60 * week)
    assert held["metal", "HOME"] == pytest.approx((18 + 10) * 50 * week)
    assert held["car", "HOME"] == pytest.approx((45 * 40 + 5 * 50) * week)
    assert held["car", "ABROAD"] == pytest.approx(45 * 10 * week)
    floors = case.stores[case.stores["kind"] == "warehouse"].set_index(["commodity", "place"])["floor"]
    assert floors["metal", "HOME"] == pytest.approx(0.2 * held["metal", "HOME"])


def test_a_stated_capacity_counts_as_far_as_it_can_be_reached_and_never_below_the_usual(reference: CaseRules) -> None:
    """95 % of 70, 80 and 60; the plant reaches 90 % of 55 = 49.5, but makes 50 already."""
    case = shock.case_of(chain_flows(), rules=reference)
    np.testing.assert_allclose(case.capacity, [66.5, 76.0, 57.0, 50.0])
    assert case.ramp_weeks.tolist() == [26.0, 26.0, 8.0, 6.0]


def test_without_a_stated_capacity_there_is_the_headroom_of_the_stage(reference: CaseRules) -> None:
    case = shock.case_of(trade_flows([[52.0, 104.0]]), rules=reference)
    np.testing.assert_allclose(case.capacity, [3.0 * 1.1])


def test_what_a_good_is_worth(reference: CaseRules) -> None:
    """The list price for the reference, what a missing unit costs for a package."""
    assert shock.case_of(chain_flows(), rules=reference).wants["loss_usd_per_unit"].tolist() == [500.0, 500.0]
    assert shock.case_of(chain_flows(), rules=CaseRules.package()).wants["loss_usd_per_unit"].tolist() == [1000.0, 800.0]


def test_a_good_without_price_counts_by_quantity_and_says_so() -> None:
    flows = chain_flows()
    bare = flows.network.with_tables(
        demand=flows.network.demand.assign(shortage_cost_usd=np.nan),
        commodities=flows.network.commodities.assign(price_usd_per_unit=np.nan),
    )
    case = shock.case_of(Flows(flows.frame, bare), rules=CaseRules.package())
    assert case.wants["loss_usd_per_unit"].isna().all()
    assert any("no price" in warning and "car" in warning for warning in case.warnings)


def test_a_good_without_price_is_worth_the_metal_in_it(reference: CaseRules) -> None:
    """Metal at 60 dollars holds 0.5 t of the element; a part with 0.2 t of it is worth 60 / 0.5 x 0.2 = 24."""
    flows = chain_flows()
    goods = flows.network.commodities.assign(
        element=["", "m", "m"], element_t_per_unit=[np.nan, 0.5, 0.2], unit="t", price_usd_per_unit=[10.0, 60.0, np.nan]
    )
    case = shock.case_of(Flows(flows.frame, flows.network.with_tables(commodities=goods)), rules=reference)
    assert case.wants["loss_usd_per_unit"].tolist() == pytest.approx([24.0, 24.0])


def test_a_shortage_of_the_year_is_none_of_the_event() -> None:
    """10 of the 520 cars wanted abroad were never met: the usual week wants 510 / 52."""
    flows = chain_flows()
    network = flows.network
    more = node_rows(network, 2024, "demand", network.positions(["car"], ["ABROAD"]), [10.0])
    lacking = node_rows(network, 2024, "shortage", network.positions(["car"], ["ABROAD"]), [10.0])
    both = Flows.of(network, [flows.frame, more, lacking])
    case = shock.case_of(both, rules=CaseRules.package())
    np.testing.assert_allclose(case.demand, [40.0, 10.0])
    assert any("car in ABROAD" in warning for warning in case.warnings)


def test_what_the_year_draws_from_a_stock_counts_once() -> None:
    """26 t of the public 100 t of metal are used up in the year itself: 74 t are left for an event."""
    flows = chain_flows()
    network = flows.network
    node = network.positions(["metal"], ["HOME"])
    frame = flows.frame.copy()
    smelter = (frame["kind"] == "activity") & (frame["site"] == "smelter")
    frame.loc[smelter, "quantity"] -= 26.0
    ore = frame["commodity"].eq("ore")
    frame.loc[ore & frame["origin"].eq("NEAR"), "quantity"] -= 52.0
    case = shock.case_of(
        Flows.of(network, [frame, node_rows(network, 2024, "stock_out", node, [26.0])]), rules=CaseRules.package()
    )
    assert case.stores["quantity"].tolist() == pytest.approx([74.0])
    assert case.other[node[0]] == pytest.approx(0.5)
    assert np.abs(case.residual).max() < 1e-12


def test_a_year_must_be_one_of_the_flows() -> None:
    with pytest.raises(BadInput, match="2024"):
        shock.case_of(chain_flows(), 2030, CaseRules.package())


# Parties, ways, substitutions, families --------------------------------------------------------------


def test_provinces_belong_to_their_country_and_countries_to_themselves() -> None:
    places = pd.DataFrame({"place": ["CA-QC", "KOR", "Town"], "group": ["world;CAN;allied", "world;allied", "region"]})
    assert party_of_places(chain_network().with_tables(places=places)) == {"CA-QC": "CAN", "KOR": "KOR", "Town": "Town"}


def test_a_way_that_takes_longer_than_its_distance(reference: CaseRules) -> None:
    way = reference.ways[0].model_copy(update={"origin": "NEAR", "commodities": ("ore",), "weeks": 5.0})
    rules = reference.model_copy(update={"ways": (way,)})
    assert shock.case_of(chain_flows(), rules=rules).lag_weeks.tolist() == [5, 3, 2]


def test_substitution_joins_demand_rows_of_the_same_place(reference: CaseRules) -> None:
    rule = reference.substitutions[0].model_copy(update={"wanted": "car", "instead": "metal"})
    rules = CaseRules.package().model_copy(update={"substitutions": (rule,)})
    assert not len(shock.case_of(chain_flows(), rules=rules).substitutions)  # nobody wants metal at last
    own = rules.model_copy(update={"substitutions": (rule.model_copy(update={"instead": "car"}),)})
    table = shock.case_of(chain_flows(), rules=own).substitutions
    assert table[["wanted", "instead"]].to_numpy().tolist() == [[0, 0], [1, 1]]


# Thinning --------------------------------------------------------------------------------------------


def test_thinning_on_paper() -> None:
    """Sent: S0 97 + 1, S1 2 + 51. Without the smallest link the margins leave one answer: 98, 0, 1, 52."""
    thinned = thin(usual_year(trade_flows([[97.0, 1.0], [2.0, 51.0]]), None), thinning())
    routes = thinned.usual.network.routes.assign(flow=thinned.usual.flow).set_index(["origin", "destination"])["flow"]
    assert routes.to_dict() == pytest.approx({("S0", "B0"): 98.0, ("S1", "B0"): 1.0, ("S1", "B1"): 52.0})
    assert thinned.usual.numbers.tolist() == [0, 2, 3]
    assert thinned.moved_share == pytest.approx(150 / 151)


def test_thinning_is_proportional_fitting() -> None:
    """The same flows as the classic fit, which scales rows and columns in turn, on the same routes."""
    sent = np.random.default_rng(7).gamma(0.4, 10.0, (9, 12))
    flows = trade_flows(sent)
    usual = thin(usual_year(flows, None), thinning(least_share=0.95)).usual
    kept = np.zeros(sent.size, dtype=bool)
    kept[usual.numbers] = True
    assert 12 + 9 - 1 <= kept.sum() < 0.8 * sent.size
    fitted = np.where(kept.reshape(sent.shape), sent, 0.0)
    for _ in range(20_000):
        fitted *= (sent.sum(axis=1) / fitted.sum(axis=1))[:, None]
        fitted *= sent.sum(axis=0) / fitted.sum(axis=0)
    np.testing.assert_allclose(usual.flow, fitted.ravel()[usual.numbers], rtol=1e-8)
    assert np.abs(usual.residual).max() < 1e-9 * sent.sum()


def test_routes_come_back_where_the_large_ones_cannot_carry_the_margins() -> None:
    """Each buyer's large link is with one seller, and S0 sells more than its links take: its small ones are needed."""
    sent = [[50.0, 4.0, 4.0], [0.0, 60.0, 1.0], [9.0, 0.0, 70.0]]
    usual = thin(usual_year(trade_flows(sent), None), thinning(least_share=0.5)).usual
    assert (usual.flow > 0).all()
    routes = usual.network.routes
    for side, axis in (("origin", 1), ("destination", 0)):
        got = usual.flow @ pd.get_dummies(routes[side]).to_numpy(dtype=float)
        np.testing.assert_allclose(got, np.sum(sent, axis=axis), rtol=1e-12)


def test_the_cheapest_other_suppliers_stand_ready() -> None:
    """B1 buys from S1 alone; with two suppliers to turn to it keeps the cheaper of S0 (2 dollars) and S2 (6) unused."""
    sent = [[60.0, 0.0], [0.0, 50.0], [40.0, 0.0]]
    usual = thin(usual_year(trade_flows(sent), None), thinning(spare_suppliers=2)).usual
    unused = usual.network.routes[usual.flow <= 0]
    assert unused[["origin", "destination"]].to_numpy().tolist() == [["S0", "B1"]]


def test_a_small_network_stays_whole() -> None:
    usual = usual_year(chain_flows(), None)
    kept = thin(usual, thinning(above_routes=3))
    assert kept.usual is usual


# Files -----------------------------------------------------------------------------------------------


def test_own_rules_stand_in_for_shipped_ones(tmp_path: Path, reference: CaseRules) -> None:
    shipped = reference.inventories
    assert shipped is not None
    mine = shipped.model_copy(update={"stages": {}, "goods": {}})
    (tmp_path / "inventories.yaml").write_text(mine.model_dump_json(), encoding="utf-8")
    own = CaseRules.reference(tmp_path)
    assert own.inventories == mine
    assert own.capacities == reference.capacities


def test_every_shipped_assumption_names_goods_stages_and_rules_that_exist(reference: CaseRules) -> None:
    """A misspelt name would make an assumption silently void."""
    from orepact.facts import Ledger

    codes = Ledger.shipped().codes
    assert reference.capacities is not None
    assert reference.inventories is not None
    goods = set(codes.commodities)
    assert set(reference.capacities.stages) | set(reference.inventories.stages) <= set(codes.stages)
    assert set(reference.inventories.goods) <= goods
    assert {name for entry in reference.stockpiles for name in entry.commodities} <= goods
    assert {name for rule in reference.substitutions for name in (rule.wanted, rule.instead)} <= goods
    assert {name for way in reference.ways for name in way.commodities} <= goods
    assert {name for family in reference.capacities.flexible for name in family.processes} <= set(codes.processes)
    assert {entry.party for entry in reference.stockpiles} <= set(codes.places) | set(codes.groups)


def test_replaced_fields_do_not_move_the_flows() -> None:
    """The case is frozen: a change makes another one."""
    case = chain_case()
    assert replace(case, demand=case.demand * 2).demand[0] == 80.0
    assert case.demand[0] == 40.0
