"""Landed cost by hand: a chain of three places, duties, credits, a pool that mixes, a loss on the way, inputs at their price."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from landed_cost_network import paper_chain
from orepact.chain.flows import Flows
from orepact.chain.network import Network
from orepact.measure.costing.border_cost import Duties, costs_with_duties, unknown_value
from orepact.measure.costing.process_elsewhere import process_elsewhere
from orepact.measure.costing.tariffs import Regime, TariffMeasure, TariffOption, TariffPart, TariffTable
from orepact.measure.costing.tax_credits import TaxCredit
from orepact.measure.costing.unit_cost import CostBasis, UnitCosts, annuity, site_costs
from orepact.measure.landed_cost import LandedPath, Ride, parts_table, totals_table
from orepact.measure.tracing.transfers import Transfers
from orepact.plan import solve
from plan_networks import small_network, wanted

NO_INTEREST = CostBasis(rate=0.0)


def flows_of(network: Network) -> Flows:
    return solve(network).flows


def unit_costs(
    network: Network, basis: CostBasis = NO_INTEREST, prices: dict[str, float] | None = None, year: int = 2030
) -> UnitCosts:
    transfers = Transfers.of(flows_of(network), year)
    routes = transfers.moved["route"].to_numpy()
    moved = pd.DataFrame({"transport": network.values("routes", "cost_usd")[routes], "tariff": network.route_tariff_usd[routes]})
    return UnitCosts.of(transfers, site_costs(network, basis), moved, prices)


def path(costs: UnitCosts, origin: str, ride: Ride, rate: float | None, **more: object) -> LandedPath:
    option = TariffOption(
        "mfn", (TariffPart(TariffMeasure("duty", "mfn", "CCC", origin, rate), rate),), base_known=rate is not None
    )
    return LandedPath("metal", "t", origin, "CCC", costs.row("metal", origin), ride, (option,), **more)  # type: ignore[arg-type]


def test_a_chain_of_three_places_costs_what_paper_says() -> None:
    costs = unit_costs(paper_chain())
    # ore 10 + 2; at BBB 12 + 5, twice; 30 + 100 kWh at 0.1 + 1 + 100 / 20
    assert costs.made_total["ore", "AAA"] == pytest.approx(12)
    assert costs.pooled_total["ore", "BBB"] == pytest.approx(17)
    assert costs.made_total["metal", "BBB"] == pytest.approx(34 + 30 + 10 + 1 + 5)
    assert costs.made_total["metal", "CCC"] == pytest.approx(42 + 45 + 5 + 5)
    # the pool of CCC: 60 t arrive at 80 + 4 + 10 % of 120, 40 t are made at 97
    assert costs.pooled_total["metal", "CCC"] == pytest.approx(0.6 * (80 + 4 + 12) + 0.4 * 97)


def test_components_by_stage_add_up_to_the_unit_cost() -> None:
    row = unit_costs(paper_chain()).row("metal", "BBB")
    expected = {
        ("variable", "mine"): 20, ("fixed", "mine"): 4, ("transport", "mine"): 10, ("variable", "refine"): 30,
        ("electricity", "refine"): 10, ("fixed", "refine"): 1, ("capital", "refine"): 5,
    }  # fmt: skip
    assert row[row != 0].to_dict() == pytest.approx(expected)
    assert row.sum() == pytest.approx(80)


def test_every_dollar_that_is_spent_leaves_with_the_demand() -> None:
    costs = unit_costs(paper_chain(), CostBasis(rate=0.08, utilisation={"smelting": 0.8}))
    assert costs.carried_out.to_dict() == pytest.approx(costs.caused.to_dict())
    spent = 200 * 12 + 120 * 5 + 80 * 9 + 60 * 4 + 60 * 12
    plants = 60 * (30 + 10 + (1 + 100 * float(annuity(0.08, 20))) / 0.8) + 40 * (45 + 5 + 5 / 0.8)
    assert costs.caused.sum() == pytest.approx(spent + plants)


def test_a_landed_path_is_production_freight_and_duty_and_the_parts_add_up() -> None:
    costs = unit_costs(paper_chain())
    paths = [path(costs, "BBB", Ride(4.0, 7.0), 0.1, price=120.0, adds_freight=False), path(costs, "CCC", Ride(0.0, 0.0), 0.0)]
    totals = totals_table(paths)
    assert totals["origin"].tolist() == ["BBB", "CCC"]
    assert totals["total_usd"].tolist() == pytest.approx([80 + 4 + 12, 97])
    assert totals["difference_usd"].tolist() == pytest.approx([0, 1])
    parts = parts_table(paths)
    of_total = parts["component"] == "total"
    summed = parts[~of_total].groupby(["origin", "rules"])["usd_per_unit"].sum()
    assert summed.to_dict() == pytest.approx(parts[of_total].set_index(["origin", "rules"])["usd_per_unit"].to_dict())


@pytest.mark.parametrize(
    ("adds_freight", "price", "duty"), [(False, np.nan, 8.0), (True, np.nan, 8.4), (False, 120.0, 12.0), (True, 120.0, 12.4)]
)
def test_duty_is_charged_on_price_or_cost_with_or_without_freight(adds_freight: bool, price: float, duty: float) -> None:
    found = path(unit_costs(paper_chain()), "BBB", Ride(4.0, 7.0), 0.1, price=price, adds_freight=adds_freight)
    assert found.duty(found.options[0]) == pytest.approx(duty)


def test_an_unknown_duty_is_no_zero_and_makes_a_lower_bound() -> None:
    found = path(unit_costs(paper_chain()), "BBB", Ride(4.0, 7.0), None)
    row = totals_table([found]).iloc[0]
    assert np.isnan(row["tariff_usd"])
    assert not row["complete"]
    assert row["total_usd"] == pytest.approx(84)
    assert row["confidence"] == "unknown"
    parts = parts_table([found]).set_index("component")
    assert np.isnan(parts.loc["import_duty", "usd_per_unit"])
    assert "at least" in parts.loc["total", "note"]


def test_credits_are_taken_off_and_a_share_of_cost_counts_what_making_costs() -> None:
    per_unit = TaxCredit("a", "t", 6.0, 0.0, 0.5, "", "reported", "x")
    of_cost = TaxCredit("b", "t", 0.0, 0.1, 1.0, "a test", "reported", "x")
    found = path(unit_costs(paper_chain()), "CCC", Ride(0.0, 0.0), 0.0, credits=(per_unit, of_cost))
    assert found.credit_usd == pytest.approx(3 + 9.7)
    row = totals_table([found]).iloc[0]
    assert row["total_usd"] == pytest.approx(97 - 12.7)
    assert "a test" in row["condition"]


def test_inputs_at_their_price_cut_the_chain_and_still_conserve_dollars() -> None:
    costs = unit_costs(paper_chain(), prices={"ore": 25.0})
    assert costs.made_total["metal", "BBB"] == pytest.approx(50 + 46)
    assert costs.made_total["metal", "CCC"] == pytest.approx(50 + 55)
    assert costs.made_total["ore", "AAA"] == pytest.approx(12)
    row = costs.row("metal", "BBB")
    assert row["inputs", "mine"] == pytest.approx(50)
    assert costs.carried_out.sum() == pytest.approx(costs.caused.sum())


def test_a_loss_on_the_way_makes_what_arrives_dearer() -> None:
    network = paper_chain()
    routes = network.routes.assign(loss=np.where(network.routes["commodity"] == "ore", 0.2, 0.0))
    costs = unit_costs(network.with_tables(routes=routes))
    assert costs.pooled_total["ore", "BBB"] == pytest.approx(17 / 0.8)
    assert costs.carried_out.sum() == pytest.approx(costs.caused.sum())


@pytest.mark.parametrize(("allocation", "metal"), [("value", 45.0), ("mass", 30.0), ("main", 60.0)])
def test_a_co_product_takes_its_share(allocation: str, metal: float) -> None:
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -2.0, "acid": 1.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 10},
            {"site": "smelter", "process": "smelting", "place": "AAA", "variable_cost_usd": 40},
        ],
        demand=[*wanted("metal", "AAA", {2030: 10.0}), *wanted("acid", "AAA", {2030: 10.0})],
        prices={"metal": 300.0, "acid": 100.0},
    )
    transfers = Transfers.of(flows_of(network), 2030, allocation=allocation)
    costs = UnitCosts.of(transfers, site_costs(network), pd.DataFrame({"transport": [], "tariff": []}))
    assert costs.made_total["metal", "AAA"] == pytest.approx(metal)
    assert costs.made_total["acid", "AAA"] == pytest.approx(60 - metal)


def test_a_duty_on_cost_is_charged_on_the_duties_before_it() -> None:
    network = paper_chain()
    network = network.with_tables(commodities=network.commodities.assign(price_usd_per_unit=np.nan))
    transfers = Transfers.of(flows_of(network.with_tables(routes=network.routes.assign(tariff_rate=np.nan))), 2030)
    routes = transfers.moved["route"].to_numpy()
    freight = network.values("routes", "cost_usd")[routes]
    abroad = (transfers.network.routes["destination"].to_numpy()[routes] == "CCC").astype(float)
    duties = Duties(np.where(abroad > 0, 0.1, 0.2), np.zeros(len(routes), dtype=bool))
    costs = costs_with_duties(transfers, site_costs(network, NO_INTEREST), freight, duties)
    ore = 12 * 1.2 + 5  # 20 % on ore into BBB
    assert costs.made_total["metal", "BBB"] == pytest.approx(2 * ore + 46)
    arrives = (2 * ore + 46) * 1.1 + 4
    assert costs.pooled_total["metal", "CCC"] == pytest.approx(0.6 * arrives + 0.4 * (2 * (12 * 1.1 + 9) + 55))
    assert costs.carried_out.sum() == pytest.approx(costs.caused.sum())
    unknown = Duties(np.where(abroad > 0, np.nan, 0.2), duties.on_freight)
    worth = unknown_value(transfers, unknown, costs)
    assert worth["metal", "BBB"] == 0
    assert worth["metal", "CCC"] == pytest.approx(2 * 12)


def test_what_is_known_of_a_duty_counts_and_the_rest_is_marked() -> None:
    network = paper_chain()
    transfers = Transfers.of(flows_of(network), 2030)
    regimes = {name: Regime(name, "", kind) for name, kind in (("mfn", "duty"), ("anger", "surtax"))}
    partly = (
        TariffMeasure("base", "mfn", "CCC", "BBB", 0.05),
        TariffMeasure("told", "anger", "CCC", "BBB", None),
        TariffMeasure("ore", "mfn", "CCC", "AAA", None),
        TariffMeasure("extra", "anger", "CCC", "AAA", 0.25),
        TariffMeasure("none", "mfn", "BBB", "AAA", None),
    )
    duties = Duties.of(TariffTable(regimes, partly, {}, {}), transfers, 20300101)
    moved = transfers.moved
    ends = zip(transfers.place[moved["source"].to_numpy()], transfers.place[moved["target"].to_numpy()], strict=True)
    found = {(str(start), str(end)): rate for (start, end), rate in zip(ends, duties.rate, strict=True)}
    assert found == pytest.approx({("BBB", "CCC"): 0.05, ("AAA", "CCC"): 0.25, ("AAA", "BBB"): np.nan}, nan_ok=True)
    assert duties.unknown.all()
    freight = network.values("routes", "cost_usd")[moved["route"].to_numpy()]
    costs = costs_with_duties(transfers, site_costs(network, NO_INTEREST), freight, duties)
    assert costs.row("metal", "CCC").groupby("component").sum()["tariff"] == pytest.approx(2 * (12 + 9) * 0.25)
    assert unknown_value(transfers, duties, costs)["metal", "CCC"] == pytest.approx(2 * 12)


def test_a_place_that_makes_none_costs_what_the_process_costs_elsewhere_at_its_level() -> None:
    network = paper_chain()
    costs = unit_costs(network)
    sites = site_costs(network, NO_INTEREST)
    levels = {"AAA": 0.5, "BBB": 1.0, "CCC": 2.0}
    following = {site: levels[place] for site, place in network.sites["place"].items()}
    found = process_elsewhere(costs, sites, "metal", "AAA", levels=levels, running_level=following)
    assert found is not None
    # own pool of ore at 12, twice; running 30 and 45 at levels 1 and 2, fixed 1 and 5, capital 5 and 0; no price of power
    running = 0.5 * (0.6 * 30 / 1 + 0.4 * 45 / 2)
    assert found["variable", "refine"] == pytest.approx(running)
    assert found.sum() == pytest.approx(24 + running + 0.5 * (0.6 * 1 + 0.4 * 5 / 2) + 0.5 * 0.6 * 5)
    same = process_elsewhere(costs, sites, "metal", "AAA", levels=levels)
    assert same is not None
    assert same["variable", "refine"] == pytest.approx(0.6 * 30 + 0.4 * 45), "what does not follow the level costs the same here"
    assert process_elsewhere(costs, sites, "nothing", "AAA") is None


def test_average_cost_is_the_shadow_price_where_every_unit_costs_the_same() -> None:
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -2.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA", "variable_cost_usd": 10},
            {"site": "smelter", "process": "smelting", "place": "BBB", "capacity_per_year": 0, "variable_cost_usd": 30,
             "fixed_cost_usd": 3, "capex_usd": 100, "lifetime_years": 20},
        ],
        routes=[
            {"commodity": "ore", "origin": "AAA", "destination": "BBB", "cost_usd": 5, "loss": 0.1},
            {"commodity": "metal", "origin": "BBB", "destination": "CCC", "cost_usd": 4, "tariff_rate": 0.1},
        ],
        demand=wanted("metal", "CCC", {2030: 100.0}),
        prices={"metal": 120.0},
    )  # fmt: skip
    solved = solve(network)
    costs = unit_costs(network, CostBasis(rate=0.05))
    prices = solved.shadow_prices.set_index(["commodity", "place"])["usd_per_unit"]
    for node, cost in costs.pooled_total.dropna().items():
        assert prices[node] == pytest.approx(cost, rel=1e-6), node


def test_what_comes_out_of_a_stock_costs_what_making_it_costs() -> None:
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "ore": -2.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA", "capacity_per_year": 50, "variable_cost_usd": 10},
            {"site": "smelter", "process": "smelting", "place": "AAA", "variable_cost_usd": 30},
        ],
        demand=wanted("metal", "AAA", {2030: 100.0}),
        stockpiles=[{"commodity": "ore", "place": "AAA", "quantity": 150.0}],
    )
    transfers = Transfers.of(flows_of(network), 2030)
    none = Duties(np.zeros(0), np.zeros(0, dtype=bool))
    costs = costs_with_duties(transfers, site_costs(network), np.zeros(0), none)
    assert costs.made_total["metal", "AAA"] == pytest.approx(50)
    assert costs.row("metal", "AAA").groupby("component").sum().to_dict() == pytest.approx({"variable": 35, "stock": 15})
    assert costs.carried_out.sum() == pytest.approx(costs.caused.sum())
    free = UnitCosts.of(transfers, site_costs(network), pd.DataFrame({"transport": [], "tariff": []}))
    assert free.made_total["metal", "AAA"] == pytest.approx(35)


def test_a_credit_whose_test_failed_counts_nothing_and_a_failed_preference_is_not_the_best() -> None:
    credit = TaxCredit("us", "t", 6.0, 0.0, 1.0, "a test", "reported", "x", "rules")
    costs = unit_costs(paper_chain())
    base = TariffOption("mfn", (TariffPart(TariffMeasure("duty", "mfn", "CCC", "BBB", 0.1), 0.1),))
    pact = TariffOption("pact", (TariffPart(TariffMeasure("free", "pact", "CCC", "BBB", 0.0), 0.0),), "origin")
    row = costs.row("metal", "BBB")

    def asked(**verdicts: str) -> pd.DataFrame:
        found = LandedPath("metal", "t", "BBB", "CCC", row, Ride(4.0, 7.0), (base, pact), credits=(credit,), verdicts=verdicts)
        return totals_table([found]).set_index("rules")

    assert asked()["best_rules"].to_dict() == {"pact": True, "mfn": False}
    assert asked()["credit_usd"].tolist() == [6.0, 6.0]
    failed = asked(pact="fail", us="fail")
    assert failed["best_rules"].to_dict() == {"pact": False, "mfn": True}
    assert failed["credit_usd"].tolist() == [0.0, 0.0]
    assert failed.loc["pact", "verdict"] == "pact: fail; us: fail"
