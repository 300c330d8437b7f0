"""The shipped emission factors: complete, in the right units, marked as what they are, and nowhere counted twice."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from orepact.facts import Ledger

ENERGY = ("electricity_use", "direct_emissions")
#: Processes whose inputs are all tracked, or whose untracked inputs are too small or outside the question (the rest of a car).
WITHOUT_BACKGROUND = {
    "bauxite_mining", "cam_lco_synthesis", "cam_nmc622_calcination", "copper_secondary_refining", "ev_lfp_assembly",
    "ev_nickel_assembly", "fluorspar_mining", "laterite_mining", "lithium_brine_extraction", "manganese_mining",
    "matte_from_concentrate", "nickel_pig_iron_smelting", "phosphate_mining",
}  # fmt: skip
#: Most of kWh, direct and background kg per unit of output; a figure above it has slipped a unit.
MOST = {"t": (16_000, 10_000, 20_000), "MWh": (20_000, 4_000, 20_000), "vehicle": (2_000, 1_000, 0), "piece": (500, 100, 400)}


@cache
def ledger() -> Ledger:
    return Ledger.shipped()


@cache
def values(attribute: str) -> pd.DataFrame:
    return ledger().resolve([attribute])


@pytest.mark.parametrize("attribute", ENERGY)
def test_every_process_has_power_and_direct_emissions(attribute):
    known = values(attribute)
    assert set(ledger().codes.processes) <= set(known.loc[known["place"] == "", "process"])


def test_every_process_has_background_emissions_or_a_reason():
    assert set(ledger().codes.processes) - set(values("background_emissions")["process"]) == WITHOUT_BACKGROUND


@pytest.mark.parametrize(("attribute", "at"), [("electricity_use", 0), ("direct_emissions", 1), ("background_emissions", 2)])
def test_no_figure_has_slipped_a_unit(attribute, at):
    codes = ledger().codes
    for row in values(attribute).itertuples():
        unit = codes.commodities[codes.processes[row.process].output].unit
        assert 0 <= row.number <= MOST[unit][at], (row.subject, row.number)


def test_what_is_our_own_says_so():
    claims = ledger().claims
    own = claims[claims["source"] == "orepact_carbon"]
    assert set(own["confidence"]) == {"estimated"}
    assert ledger().sources["grade"]["orepact_carbon"] == "D"
    assert (own["note"].str.len() > 10).all()


def test_an_inventory_beats_an_estimate_and_an_estimate_a_recalled_figure():
    electricity = values("electricity_use").query("place == ''").set_index("process")
    assert electricity["confidence"]["cam_nmc811_calcination"] == "derived"
    assert electricity["confidence"]["hydroxide_from_spodumene"] == "estimated"
    why = ledger().why("hydroxide_from_spodumene", "electricity_use")
    assert why.winner.source == "orepact_carbon"


def test_freight_knows_sea_and_land_and_no_commodity_is_worse_than_a_lorry():
    freight = values("freight_emissions").set_index("thing")["number"]
    assert {"sea", "land"} <= set(freight.index)
    assert freight["land"] > freight["sea"] > freight["nickel_ore"]
    assert (freight <= 0.12).all()


def test_grids_hold_for_every_year_that_a_baseline_asks_for():
    grid = values("grid_intensity")
    for place in ("CHN", "KOR", "JPN", "USA", "CAN", "IDN", "COD", "POL", "HUN"):
        years = set(grid.loc[grid["place"] == place, "year"])
        assert {"2019", "2020", "2021", "2022", "2023"} <= years, place
    provinces = grid[grid["place"].str.startswith("CA-")].set_index("place")["number"]
    assert provinces["CA-QC"] < 0.05 < provinces["CA-ON"] < 0.2 < provinces["CA-AB"]


def test_social_figures_are_marked_and_in_range():
    claims = ledger().at(include_unverified=True).resolve(["child_labour_rate", "modern_slavery_prevalence", "fatal_injury_rate"])
    assert claims["number"].between(0, 120).all()
    recalled = claims[claims["source"] == "orepact_recalled"]
    assert set(recalled["confidence"]) == {"unverified"}
    assert set(claims["unit"]) == {"percent", "per_thousand", "per_100000"}
