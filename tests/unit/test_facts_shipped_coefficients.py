"""The shipped recipes, costs, demand and national totals: closed by element, complete, plausible, and true to known figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import orepact
from orepact.facts.ledger import Ledger

DATA = Path(orepact.__file__).parent / "data"
ADMITTED = {"reported", "derived", "estimated"}
ROUNDING = 1e-3
"""Mass fractions and sourced amounts have four to five digits."""
UNTRACKED = {"iron", "graphite"}
"""Elements that enter a process from outside the tracked chain: iron salts, and the carbon of synthetic graphite."""
UNTRACKED_AT = {("lipf6_making", "phosphorus")}
DIVERTED = {"graphite_spheronisation": 0.40}
"""Processes whose by-product outside the chain carries off the main element: fines of spheronised graphite."""
EMPTY_STAGES = {"cell", "pack", "vehicle"}
"""Stages whose contents follow from the recipes."""
COST_ATTRIBUTES = ("variable_cost", "capital_cost", "fixed_cost", "lead_time", "lifetime", "utilisation")
DISCOUNT_RATE = 0.05


@cache
def codes(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DATA / "codes" / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


@cache
def facts(name: str) -> pd.DataFrame:
    table = pd.read_csv(DATA / "facts" / f"{name}.csv", dtype=str, keep_default_na=False)
    return table.assign(number=pd.to_numeric(table["value"]))


def recipe_amounts() -> dict[str, dict[str, float]]:
    rows = facts("recipes").query("attribute == 'recipe_amount'")
    book: dict[str, dict[str, float]] = {}
    for subject, number in zip(rows["subject"], rows["number"], strict=True):
        process, commodity = subject.split("/")
        book.setdefault(process, {})[commodity] = float(number)
    return book


def element_sums(recipe: dict[str, float], sign: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for commodity, amount in recipe.items():
        if amount * sign > 0:
            for element, content in codes("commodities")[commodity]["contents"].items():
                sums[element] = sums.get(element, 0.0) + abs(amount) * content
    return sums


PROCESSES = sorted(codes("processes"))
WITH_INPUTS = [name for name in PROCESSES if codes("processes")[name]["inputs"]]
CHEMICAL = [name for name in WITH_INPUTS if codes("commodities")[codes("processes")[name]["output"]]["stage"] not in EMPTY_STAGES]


@pytest.mark.parametrize("process", PROCESSES)
def test_every_listed_commodity_has_an_amount_of_the_right_sign(process: str) -> None:
    entry, recipe = codes("processes")[process], recipe_amounts()[process]
    assert set(recipe) == {entry["output"], *entry["inputs"], *entry.get("coproducts", [])}
    assert recipe[entry["output"]] == 1
    assert all(recipe[name] < 0 for name in entry["inputs"])
    assert all(recipe[name] >= 0 for name in entry.get("coproducts", []))


@pytest.mark.parametrize("process", WITH_INPUTS)
def test_no_recipe_makes_an_element(process: str) -> None:
    recipe = recipe_amounts()[process]
    taken, made = element_sums(recipe, -1), element_sums(recipe, +1)
    for element, amount in made.items():
        if element in taken:
            assert amount <= taken[element] * (1 + ROUNDING), f"{element}: {amount} out of {taken[element]}"
        else:
            assert element in UNTRACKED or (process, element) in UNTRACKED_AT


@pytest.mark.parametrize("process", CHEMICAL)
def test_the_main_element_is_recovered_by_seven_tenths_and_more(process: str) -> None:
    entry = codes("processes")[process]
    recipe = recipe_amounts()[process]
    taken, made = element_sums(recipe, -1), element_sums(recipe, +1)
    main = [element for element in codes("commodities")[entry["output"]]["contents"] if element in taken]
    shares = {element: made[element] / taken[element] for element in main}
    if shares:
        assert max(shares.values()) >= DIVERTED.get(process, 0.70), shares


def test_every_amount_is_admitted_without_asking() -> None:
    rows = facts("recipes").query("attribute == 'recipe_amount'")
    assert set(rows["confidence"]) <= ADMITTED
    assert not rows["subject"].duplicated().any()


@pytest.mark.parametrize(
    ("cell", "element", "reported", "tolerance"),
    [
        ("cell_nmc811", "nickel", 0.607822, 0.06),
        ("cell_nmc811", "cobalt", 0.076262, 0.06),
        ("cell_nmc811", "lithium", 0.092244, 0.08),
        ("cell_nmc811", "graphite", 0.853893, 0.06),
        ("cell_nmc811", "copper", 0.364428, 0.06),
        ("cell_nmc622", "nickel", 0.512009, 0.06),
        ("cell_nmc622", "cobalt", 0.171309, 0.06),
        ("cell_nmc622", "lithium", 0.103451, 0.08),
        ("cell_nca", "nickel", 0.655632, 0.06),
        ("cell_nca", "cobalt", 0.123392, 0.06),
        ("cell_lfp", "lithium", 0.088958, 0.20),
        ("cell_lfp", "graphite", 0.955398, 0.06),
        ("cell_lfp", "copper", 0.565501, 0.06),
    ],
)
def test_a_kilowatt_hour_of_cells_holds_what_batpac_says_plus_scrap(
    cell: str, element: str, reported: float, tolerance: float
) -> None:
    """kg/kWh of BatPaC 5.2 packs; the recipe takes 4 % more for scrap, LFP a cell-level active material and more electrolyte."""
    need = element_sums(recipe_amounts()[f"{cell}_assembly"], -1)[element]
    assert reported <= need <= reported * (1 + tolerance)


def test_the_whole_chain_needs_a_known_mass_of_raw_material() -> None:
    """Mine products for 1 MWh of NMC811 cells: losses of all steps lie between none and 45 %."""
    need = upstream("cell_nmc811")
    lithium = need["spodumene_concentrate"] * codes("commodities")["spodumene_concentrate"]["contents"]["lithium"]
    assert 0.0922 / 0.90 < lithium < 0.0922 / 0.70
    nickel = need["nickel_ore"] * codes("commodities")["nickel_ore"]["contents"]["nickel"]
    assert 0.6078 / 0.90 < nickel < 0.6078 / 0.70
    assert need["natural_graphite_flake"] == pytest.approx(0.8539 * 0.34 / 0.96 * 1.01 * 2.5086, rel=1e-3)


ROUTE = {
    "lithium_hydroxide": "hydroxide_from_spodumene",
    "lithium_carbonate": "carbonate_from_spodumene",
    "nickel_sulphate": "sulphate_from_mhp",
    "cobalt_sulphate": "cobalt_sulphate_from_hydroxide",
    "copper_cathode": "copper_refining",
    "pack_ev_nickel": "pack_ev_from_nmc811",
}


def maker(commodity: str) -> str:
    makers = [name for name, entry in codes("processes").items() if entry["output"] == commodity]
    return ROUTE.get(commodity, makers[0])


def upstream(commodity: str) -> dict[str, float]:
    total: dict[str, float] = {}
    for name, amount in recipe_amounts()[maker(commodity)].items():
        if amount < 0:
            total[name] = total.get(name, 0.0) - amount
            for raw, part in upstream(name).items():
                total[raw] = total.get(raw, 0.0) - amount * part
    return total


@cache
def full_cost(commodity: str) -> float:
    """Conversion, fixed and annualised capital cost of the whole chain, USD per unit, without credit for co-products."""
    process = maker(commodity)
    cost = cost_of(process)
    life, rate = cost["lifetime"], DISCOUNT_RATE
    annuity = float(rate / (1 - (1 + rate) ** -life))
    own = cost["variable_cost"] + (cost["fixed_cost"] + annuity * cost["capital_cost"]) / cost["utilisation"]
    return own + sum(-amount * full_cost(name) for name, amount in recipe_amounts()[process].items() if amount < 0)


def cost_of(process: str) -> dict[str, float]:
    return {attribute: float(costs()[attribute].to_dict()[process]) for attribute in COST_ATTRIBUTES}


@cache
def costs() -> pd.DataFrame:
    rows = facts("costs")
    return rows[rows["attribute"].isin(COST_ATTRIBUTES)].pivot(index="subject", columns="attribute", values="number")


def test_every_process_has_every_cost() -> None:
    assert sorted(costs().index) == PROCESSES
    assert not costs().loc[:, list(COST_ATTRIBUTES)].isna().any().any()
    rows = facts("costs")
    assert set(rows["confidence"]) <= ADMITTED
    assert ((costs()["utilisation"] > 0.5) & (costs()["utilisation"] <= 1)).all()
    assert costs()["lead_time"].between(1, 6).all()
    assert costs()["lifetime"].between(10, 30).all()


def test_units_of_costs_follow_the_output() -> None:
    words = {"t": "USD_per_t", "MWh": "USD_per_MWh", "vehicle": "USD_per_vehicle", "piece": "USD_per_piece"}
    rows = facts("costs")
    for attribute, tail in (("variable_cost", ""), ("fixed_cost", ""), ("capital_cost", "_per_year")):
        for subject, unit in rows.loc[rows["attribute"] == attribute, ["subject", "unit"]].itertuples(index=False):
            output = codes("processes")[subject]["output"]
            assert unit == words[codes("commodities")[output]["unit"]] + tail


@pytest.mark.parametrize(("pack", "low", "high"), [("pack_ev_nickel", 70, 130), ("pack_ev_lfp", 60, 115)])
def test_a_pack_costs_what_packs_cost(pack: str, low: float, high: float) -> None:
    """USD/kWh of the whole chain at the cost of Europe and North America; the market paid 115 on average in 2024."""
    assert low < full_cost(pack) / 1000 < high
    assert full_cost("pack_ev_lfp") < full_cost("pack_ev_nickel")


def test_costs_of_known_products_lie_near_their_prices() -> None:
    """USD a tonne: from half to twice a price of 2023 to 2024."""
    prices = {"lithium_hydroxide": 12000, "nickel_sulphate": 3900, "copper_cathode": 9150, "aluminium_ingot": 2420}
    for commodity, price in prices.items():
        assert price / 2 < full_cost(commodity) < price * 2


def sales(subject: str, year: int, attribute: str = "sales") -> float:
    rows = facts("demand")
    found = rows[(rows["subject"] == subject) & (rows["attribute"] == attribute) & (rows["year"] == str(year))]["number"]
    assert len(found) == 1
    return float(found.iloc[0])


@pytest.mark.parametrize(
    ("place", "year", "vehicles"),
    [("world", 2024, 17_505_300), ("world", 2025, 21_207_300), ("CAN", 2024, 252_020), ("CAN", 2025, 168_031),
     ("KOR", 2024, 130_700), ("KOR", 2025, 222_700), ("JPN", 2024, 103_660), ("CHN", 2024, 11_300_062)],
)  # fmt: skip
def test_electric_cars_sold(place: str, year: int, vehicles: float) -> None:
    assert sales(f"{place}/ev_car", year) == vehicles


def test_places_add_up_to_the_world() -> None:
    rows = facts("demand").query("attribute == 'sales' and year == '2024'")
    cars = rows[rows["subject"].str.endswith("/ev_car")].set_index("subject")["number"]
    groups = ["world/ev_car", "europe/ev_car", "latin_america/ev_car", "southeast_asia/ev_car"]
    assert cars.drop(groups, errors="ignore").sum() == pytest.approx(cars["world/ev_car"])


def test_chemistry_shares_add_up_to_one() -> None:
    rows = facts("demand").query("attribute == 'chemistry_share'")
    totals = rows["number"].groupby([rows["subject"].str.split("/").str[0], rows["year"], rows["source"]]).sum()
    assert ((totals - 1).abs() < 1e-6).all()


def test_lfp_is_nearly_half_of_the_world_and_most_of_china() -> None:
    """IEA, Global EV Outlook 2025: nearly half of all vehicles, nearly three quarters in China, below 10 % in the USA."""
    rows = Ledger.shipped().resolve("chemistry_share", thing="cell_lfp", year=2024).set_index("place")
    assert 0.42 < rows.loc["world", "number"] < 0.50
    assert 0.68 < rows.loc["CHN", "number"] < 0.75
    assert rows.loc["USA", "number"] < 0.10
    assert set(rows.loc[["CHN", "world"], "source"]) == {"iea_gevo_2025_report"}


def test_projections_are_of_one_edition_each() -> None:
    rows = facts("demand")
    steps = rows[(rows["subject"] == "world/ev_car") & (rows["attribute"] == "sales_projection_steps")]
    newest = steps[(steps["year"] == "2035") & (steps["source"] == "iea_gevo_2026")]["number"]
    assert newest.tolist() == [54_913_000]
    assert set(steps.loc[steps["year"] == "2030", "source"]) == {"iea_gevo_2024", "iea_gevo_2025"}
    assert sales("CAN/ev_car", 2035, "sales_projection_icct") > 0


def test_uses_outside_batteries_cover_the_elements() -> None:
    rows = facts("demand").query("attribute == 'use_outside_batteries' and year == '2024'")
    assert rows.set_index("subject")["number"].to_dict() == {
        "world/cobalt": 150.158, "world/copper": 26144.276, "world/graphite": 3260.362,
        "world/lithium": 76.999, "world/nickel": 3032.985, "world/rare_earths": 82.562,
    }  # fmt: skip


def test_national_totals_name_a_page_and_the_targets_of_japan() -> None:
    rows = facts("national").set_index(["subject", "attribute", "year"])["number"]
    assert rows["JPN/cell", "capacity_target", "2030"] == 600
    assert rows["JPN/cell", "capacity_target_domestic", "2030"] == 150
    sources = pd.read_csv(DATA / "facts" / "sources.csv", dtype=str, keep_default_na=False).set_index("source")
    named = sources.loc[sorted(set(facts("national")["source"]))]
    assert (named["address"] != "").all()
    assert set(named["grade"]) <= {"B", "C"}
