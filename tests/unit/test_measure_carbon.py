"""Carbon footprint worked by hand: the chain of docs/why/allocation.md, its splits, its grades, and power contracts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from carbon_networks import example, example_flows, graced, per_unit
from orepact.measure import carbon as carbon_module
from orepact.measure.carbon import OUTSIDE, Carbon
from orepact.measure.eligibility import of_flows
from orepact.measure.emissions.emission_factors import factors_of_claims, factors_of_network, grade, weaker
from orepact.measure.emissions.power_contracts import contract_problems, with_contracts
from orepact.measure.tracing.transfers import Transfers
from origin_networks import YEAR, chain, flows

PAGE = Path(__file__).parents[2] / "docs" / "why" / "allocation.md"


def carbon(made=None, allocation: str = "value", factors=None) -> Carbon:
    made = made or example_flows()
    return Carbon(Transfers.of(made, YEAR, allocation=allocation), factors or factors_of_network(made.network))


def contracts(*rows: dict) -> pd.DataFrame:
    empty = {"site": "", "process": "", "place": "", "year": np.nan}
    return pd.DataFrame([empty | row for row in rows])


@pytest.mark.parametrize(
    ("allocation", "metal", "acid", "cell"),
    [("value", 375.0, 62.5, 875.0), ("mass", 500 / 3, 500 / 3, 500 + 500 / 3), ("main", 500.0, 0.0, 1000.0)],
)
def test_the_example_of_the_page_by_hand(allocation, metal, acid, cell):
    found = carbon(allocation=allocation)
    assert found.caused.sum(axis=1).to_list() == [1500.0, 7500.0, 10_000.0]
    assert found.moved.tolist() == [1000.0]
    expected = {("ore", "A"): 15.0, ("ore", "B"): 25.0, ("metal", "B"): metal, ("acid", "B"): acid, ("cell", "B"): cell}
    assert per_unit(found.nodes()) == pytest.approx(expected)
    assert found.emitted_kg == 20_000
    assert found.carried_out_kg() == pytest.approx(20_000)


def test_the_page_prints_what_the_program_finds():
    text = PAGE.read_text(encoding="utf-8").replace(",", "")
    printed = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
    found = carbon()
    numbers = [*per_unit(found.nodes()).values(), *found.caused.sum(axis=1), *found.moved, found.emitted_kg]
    numbers += [
        per_unit(carbon(allocation="mass").nodes())["cell", "B"],
        per_unit(carbon(allocation="main").nodes())["cell", "B"],
    ]
    assert {round(float(number), 1) for number in numbers} <= {round(number, 1) for number in printed}


def test_a_basket_is_split_by_stage_place_and_source():
    basket = carbon().basket(["cell"], ["B"])
    assert (basket.units, basket.kg_per_unit, basket.kg_per_kwh) == pytest.approx((20, 875, 0.875))
    rows = {(row.stage, row.place): row.kg_co2e_per_unit for row in basket.by(["stage", "place"]).itertuples()}
    assert rows == pytest.approx(
        {
            ("cell", "B"): 500.0,
            ("refine", "B"): 0.75 * 300,
            ("refine", OUTSIDE): 0.75 * 75,
            ("transport", "on the way"): 0.75 * 1000 / 20,
            ("mine", "A"): 0.75 * 1500 / 20,
        }
    )
    table = basket.by(["place"])
    assert table["share"].sum() == pytest.approx(1)
    assert table[["electricity", "direct", "background", "transport"]].to_numpy().sum() == pytest.approx(875)
    assert table["kg_co2e_per_kwh"].sum() == pytest.approx(0.875)


def test_production_counts_only_what_is_made_there():
    network = chain(
        recipes={"making": {"cell": 1.0}},
        sites={name: {"process": "making", "place": name, "electricity_kwh": 100} for name in ("A", "B")},
        routes=[("cell", "B", "A")],
        units={"cell": "MWh"},
    )
    made = flows(graced(network, {"A": 0.1, "B": 0.9}, {}), {"A": 10, "B": 30}, {("cell", "B", "A"): 30})
    found = carbon(made)
    assert found.basket(["cell"], ["A"], basis="production").kg_per_unit == pytest.approx(10)
    assert found.basket(["cell"], ["A"]).kg_per_unit == pytest.approx((10 * 10 + 30 * 90) / 40)
    assert found.basket(["cell"], []).units == 0


def test_units_without_energy_have_no_figure_per_kilowatt_hour():
    assert np.isnan(carbon().basket(["metal"], ["B"]).kg_per_kwh)
    assert carbon().nodes().set_index("commodity")["kg_co2e_per_kwh"].notna().to_dict()["cell"]


def test_footprint_and_eligibility_count_energy_alike():
    assert carbon_module.KWH is of_flows.KWH
    assert carbon_module.KWH["TWh"] == 1e9


def test_what_is_unknown_counts_nothing_and_is_named():
    network = example()
    sites = network.sites.copy()
    sites.loc["plant", ["electricity_kwh", "direct_kg_co2e"]] = np.nan
    found = carbon(example_flows(network.with_tables(sites=sites)))
    assert found.unknown_sites().to_dict() == {"celling": 20.0}
    assert per_unit(found.nodes())["cell", "B"] == pytest.approx(375)


def test_nothing_known_gives_no_figure_and_a_part_unknown_lowers_the_grade():
    network = example()
    bare = network.sites.assign(electricity_kwh=np.nan, direct_kg_co2e=np.nan, background_kg_co2e=np.nan)
    none = carbon(example_flows(network.with_tables(sites=bare))).basket(["cell"], ["B"])
    assert np.isnan(none.kg_per_unit)
    assert none.grade == ""
    assert none.without_factors == 1.0
    sites = network.sites.copy()
    sites.loc["refinery", ["electricity_kwh", "direct_kg_co2e"]] = np.nan
    made = example_flows(network.with_tables(sites=sites))
    factors = factors_of_network(made.network)
    said = dict.fromkeys(("electricity", "direct", "background", "power"), "reported")
    stated = replace(factors, sites=factors.sites.assign(**said), routes=factors.routes.assign(transport="reported"))
    found = carbon(made, factors=stated)
    # of three steps mining (three quarters of the ore) and refining (three quarters) and cells (all) one has no factors
    part = found.basket(["cell"], ["B"])
    assert part.without_factors == pytest.approx(0.75 / 2.5)
    assert part.grade == "C"
    grades = found.nodes().set_index(["commodity", "place"])["grade"]
    assert grades["cell", "B"] == "C"
    assert grades["ore", "A"] == "A"


def test_what_comes_out_of_a_stock_carries_the_mean_of_the_year():
    network = chain(
        recipes={"mining": {"ore": 1.0}, "refining": {"metal": 1.0, "ore": -2.0}},
        sites={
            "mine": {"process": "mining", "place": "A", "direct_kg_co2e": 10.0},
            "refinery": {"process": "refining", "place": "A", "direct_kg_co2e": 30.0},
        },
        routes=[],
        units={"ore": "t", "metal": "t"},
    )
    made = flows(network, {"mine": 50, "refinery": 100}, {}, stock_out={("ore", "A"): 150.0})
    found = carbon(made)
    assert per_unit(found.nodes()) == pytest.approx({("ore", "A"): 10.0, ("metal", "A"): 50.0})
    assert found.emitted_kg == 50 * 10 + 100 * 30
    assert found.stock_kg == pytest.approx(150 * 10)
    assert found.carried_out_kg() == pytest.approx(found.emitted_kg + found.stock_kg)
    basket = found.basket(["metal"], ["A"])
    assert basket.kg_per_unit == pytest.approx(50)
    assert basket.by(["stage"]).set_index("stage").loc["stock", "stock"] == pytest.approx(15)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"reported": 0.6, "derived": 0.3, "estimated": 0.1}, "A"),
        ({"reported": 0.4, "derived": 0.4, "estimated": 0.2}, "B"),
        ({"derived": 0.4, "estimated": 0.6}, "C"),
        ({"derived": 0.5, "unverified": 0.5}, "D"),
        ({"estimated": 1.0}, "D"),
        ({"unstated": 0.9, "reported": 0.1}, ""),
        ({}, ""),
    ],
)
def test_the_grade_follows_the_rule(shares, expected):
    assert grade(pd.Series(shares, dtype=float)) == expected


def test_a_kilogram_is_as_well_known_as_its_weaker_factor():
    assert weaker("derived", "reported") == weaker("reported", "derived") == "derived"
    assert weaker("unverified", "unstated") == "unstated"


def claims(*rows: tuple) -> pd.DataFrame:
    names = ["attribute", "process", "place", "thing", "year", "number", "confidence"]
    return pd.DataFrame(rows, columns=names)


def test_facts_give_confidence_and_the_grid_of_the_year():
    table = claims(
        ("electricity_use", "mining", "", "", "", 20, "derived"),
        ("electricity_use", "mining", "A", "", "", 20, "reported"),
        ("direct_emissions", "mining", "", "", "", 5, "estimated"),
        ("electricity_use", "celling", "", "", "", 5000, "derived"),
        ("grid_intensity", "", "A", "", "2029", 0.4, "reported"),
        ("grid_intensity", "", "A", "", "2030", 0.3, "reported"),
        ("grid_intensity", "", "A", "", "2031", 0.2, "reported"),
        ("grid_intensity", "", "BIG", "", "2028", 0.7, "reported"),
        ("freight_emissions", "", "", "sea", "", 0.01, "estimated"),
    )
    found = factors_of_claims(example(), table, YEAR, {"A": "A", "B": "BIG"}.__getitem__)
    assert found.sites["kg_co2e_per_kwh"].to_dict() == pytest.approx({"mine": 0.3, "refinery": 0.7, "plant": 0.7})
    assert found.confidence("electricity").to_dict() == {"mine": "reported", "refinery": "unstated", "plant": "estimated"}
    assert found.confidence("direct").to_dict()["mine"] == "estimated"
    assert set(found.routes["transport"]) == {"estimated"}
    assert any("2028" in note for note in found.notes)
    assert sorted(found.claims.query("attribute == 'grid_intensity'")["year"]) == ["2028", "2030"]
    quality = carbon(factors=found).basket(["cell"], ["B"]).quality
    assert quality.sum() == pytest.approx(1)


def test_a_place_without_any_grid_is_named():
    found = factors_of_claims(example(), claims(("grid_intensity", "", "A", "", "2030", 0.3, "reported")), YEAR, str)
    assert any("no grid intensity for B" in note for note in found.notes)


def test_a_contract_covers_its_share_of_the_power_and_the_narrowest_counts():
    network = example()
    bought = contracts(
        {"place": "B", "kg_co2e_per_kwh": 0.05, "share": 1.0},
        {"place": "B", "process": "celling", "kg_co2e_per_kwh": 0.0, "share": 0.5},
        {"site": "refinery", "kg_co2e_per_kwh": 0.02, "share": 0.5, "year": 2031},
        {"process": "mining", "kg_co2e_per_kwh": 0.1, "share": 0.25},
        {"process": "mining", "kg_co2e_per_kwh": 0.3, "share": 0.25},
    )
    found = with_contracts(factors_of_network(network), network, bought, YEAR).sites["kg_co2e_per_kwh"]
    assert found.to_dict() == pytest.approx({"mine": 0.35, "refinery": 0.05, "plant": 0.05})
    later = with_contracts(factors_of_network(network), network, bought, 2031).sites["kg_co2e_per_kwh"]
    assert later["refinery"] == pytest.approx(0.06)


def test_a_contract_at_the_grid_changes_nothing():
    network = example()
    same = with_contracts(
        factors_of_network(network), network, contracts({"place": "B", "kg_co2e_per_kwh": 0.1, "share": 0.7}), YEAR
    )
    assert per_unit(carbon(factors=same).nodes()) == pytest.approx(per_unit(carbon().nodes()))


def test_every_mistake_of_a_table_of_contracts_is_named():
    bad = contracts(
        {"kg_co2e_per_kwh": 0.1, "share": 0.5},
        {"place": "Bee", "kg_co2e_per_kwh": -0.1, "share": 1.5},
        {"site": "plan", "kg_co2e_per_kwh": 0.1, "share": 0.5},
        {"process": "cell", "kg_co2e_per_kwh": 0.1, "share": -0.5},
        {"place": "A", "kg_co2e_per_kwh": 0.1, "share": 0.7},
        {"place": "A", "kg_co2e_per_kwh": 0.1, "share": 0.7, "year": YEAR},
    )
    found = contract_problems(bad, example(), "power.csv", range(2, 8))
    assert [(problem.row, problem.column) for problem in found] == [
        (2, "place"),
        (3, "place"),
        (3, "kg_co2e_per_kwh"),
        (3, "share"),
        (4, "site"),
        (5, "process"),
        (5, "share"),
        (7, "share"),
    ]
    assert "did you mean plant" in found[4].mend
    assert found[-1].found == "1.4 over 2 rows of A"
