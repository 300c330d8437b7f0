"""Footprints of the shipped chain against the literature; the ranges and their sources stand in docs/why/allocation.md."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from orepact.facts import Ledger
from orepact.measure.carbon import Carbon
from orepact.measure.emissions.emission_factors import ATTRIBUTES, factors_of_claims
from orepact.measure.tracing.transfers import Transfers
from orepact.service.flowing import flows_for

YEAR = 2024
T_NI = {"nickel_matte": 0.70, "mixed_hydroxide_precipitate": 0.388, "nickel_pig_iron": 0.12}


@cache
def shipped() -> Carbon:
    ledger = Ledger.shipped()
    flows = flows_for(ledger, year=YEAR)
    claims = ledger.resolve(list(ATTRIBUTES))
    return Carbon(Transfers.of(flows, YEAR), factors_of_claims(flows.network, claims, YEAR, ledger.codes.country))


def made_in(commodity: str, place: str) -> float:
    basket = shipped().basket([commodity], [place], basis="production")
    assert basket.units > 0, f"no {commodity} is made in {place}"
    return basket.kg_per_unit / 1000.0


@pytest.mark.parametrize(
    ("commodity", "place", "low", "high"),
    [
        ("cell_nmc811", "CHN", 55, 110),
        ("cell_nmc811", "KOR", 50, 105),
        ("cell_nmc622", "CHN", 55, 110),
        ("cell_lfp", "CHN", 45, 80),
        ("lithium_hydroxide", "CHN", 12, 20),
        ("lithium_carbonate", "CHL", 2.5, 6),
        ("spodumene_concentrate", "AUS", 0.25, 0.7),
        ("natural_graphite_flake", "CHN", 0.3, 1.2),
        ("coated_spherical_graphite", "CHN", 4, 12),
        ("synthetic_graphite", "CHN", 8, 20),
        ("aluminium_ingot", "CHN", 12, 20),
        ("alumina", "AUS", 0.7, 1.6),
        ("copper_cathode", "CHN", 2, 6),
        ("cam_nmc811", "CHN", 15, 40),
        ("cam_lfp", "CHN", 5, 14),
        ("cobalt_hydroxide", "COD", 1.5, 6),
        ("manganese_sulphate", "CHN", 1, 3.5),
        ("ndfeb_magnet", "CHN", 10, 45),
    ],
)
def test_a_unit_carries_what_studies_say(commodity, place, low, high):
    assert low <= made_in(commodity, place) <= high


@pytest.mark.parametrize(
    ("commodity", "place", "low", "high"),
    [
        ("nickel_pig_iron", "IDN", 40, 75),
        ("nickel_matte", "IDN", 50, 100),
        ("mixed_hydroxide_precipitate", "IDN", 10, 30),
    ],
)
def test_a_tonne_of_nickel_carries_what_studies_say(commodity, place, low, high):
    assert low <= made_in(commodity, place) / T_NI[commodity] <= high


def test_nickel_from_sulphide_is_a_fifth_of_nickel_from_pig_iron():
    matte, metal = made_in("nickel_matte", "IDN") / T_NI["nickel_matte"], made_in("nickel_class1", "RUS")
    assert 6 <= metal <= 20 < matte


def test_aluminium_follows_its_grid():
    smelters = shipped().nodes().query("commodity == 'aluminium_ingot'").set_index("place")
    assert 4 <= smelters.loc["CA-QC", "kg_co2e_per_unit"] / 1000 <= 8
    assert smelters.loc["CA-QC", "electricity"] < smelters.loc["CHN", "electricity"] / 3


def test_indonesian_parks_run_on_their_own_coal():
    """The power of the parks stands as direct emissions: none is taken from the grid."""
    sites = shipped().factors.sites
    parks = sites[(sites["process"] == "nickel_pig_iron_smelting") & (sites["place"] == "IDN")]
    assert len(parks)
    assert (parks["electricity_kwh"] == 0).all()
    assert (parks["direct_kg_co2e"] > 5000).all()


def test_the_whole_chain_loses_nothing():
    found = shipped()
    assert found.carried_out_kg() == pytest.approx(found.emitted_kg + found.stock_kg, rel=1e-6)
    assert 0.3e12 < found.emitted_kg < 6e12  # kg: copper and aluminium of all uses are in the chain; the world emits 55e12


def test_every_process_that_runs_has_power_and_direct_emissions():
    sites = shipped().factors.sites
    ran = shipped().transfers.made["site"].unique()
    known = sites.iloc[np.unique(ran)][["electricity_kwh", "direct_kg_co2e"]].notna()
    assert known.to_numpy().all()
    assert len(shipped().unknown_sites()) == 0


def test_transport_is_small_but_not_nothing():
    rows = shipped().basket(["cell_nmc811"], ["KOR"], basis="production").by(["stage"]).set_index("stage")
    assert 0.003 < rows.loc["transport", "share"] < 0.1
