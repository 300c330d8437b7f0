"""The reference network on the shipped facts, held against the world as others report it."""

from __future__ import annotations

import pandas as pd
import pytest

from orepact.chain.flows import Flows
from orepact.chain.network import Network
from orepact.chain.reference.builder import ReferenceNetwork
from orepact.chain.scenario import Scenario
from reference_networks import base_network, base_plan, reference, shipped


@pytest.fixture(scope="module")
def parts() -> ReferenceNetwork:
    return ReferenceNetwork(shipped(), Scenario.load("reference"), (2024,))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    flows: Flows = base_plan().flows
    rows = flows.frame
    place = rows["origin"].where(rows["origin"] != "", rows["destination"])
    return rows.assign(place=place.where(~place.str.startswith("CA-"), "CAN"))


def output(frame: pd.DataFrame, commodity: str) -> pd.Series:
    """Output of the base year by country."""
    rows = frame[(frame["kind"] == "activity") & (frame["commodity"] == commodity)]
    return rows.groupby("place")["quantity"].sum()


def share(frame: pd.DataFrame, commodity: str, place: str) -> float:
    made = output(frame, commodity)
    return float(made[place] / made.sum())


# The base year against the world ------------------------------------------------------------------


def test_vehicle_batteries_of_2024_are_those_that_agencies_count(parts: ReferenceNetwork) -> None:
    """IEA, Global EV Outlook 2025: 950 GWh in all electric vehicles; Adamas 864 and SNE 894 count cars."""
    energy = sum(sum(parts.base.need[pack].values()) for pack in ("pack_ev_lfp", "pack_ev_nickel")) / 1000.0
    assert 850 < energy < 1050


def test_spodumene_that_is_needed_is_mined(parts: ReferenceNetwork) -> None:
    """Two independent figures meet: the need of the chain, and the mine output of the USGS without brine."""
    need = sum(parts.base.need["spodumene_concentrate"].values())
    mined = sum(parts.base.output["spodumene_mining"].values())
    assert need == pytest.approx(mined, rel=0.10)


def test_the_lfp_cathode_is_chinese(frame: pd.DataFrame) -> None:
    """IEA, Global EV Outlook 2025: practically all LFP cathode is made in China."""
    assert share(frame, "cam_lfp", "CHN") > 0.95


def test_cobalt_sulphate_is_chinese(frame: pd.DataFrame) -> None:
    """Cobalt Institute, Cobalt Market Report 2024: China refines more than nine tenths of the sulphate."""
    assert share(frame, "cobalt_sulphate", "CHN") > 0.85


def test_lithium_chemicals_are_two_thirds_chinese(frame: pd.DataFrame) -> None:
    """IEA, Critical Minerals Outlook 2025: about 70 % of refined lithium."""
    made = {c: output(frame, c) * content for c, content in (("lithium_carbonate", 0.18785), ("lithium_hydroxide", 0.16539))}
    by_place = pd.concat(made.values()).groupby(level=0).sum()
    assert 0.60 < by_place["CHN"] / by_place.sum() < 0.80


def test_korea_makes_its_own_high_nickel_cathode(frame: pd.DataFrame) -> None:
    """Korea is the largest maker outside China: it sells cathode and buys hardly any of this kind."""
    bought = frame[(frame["kind"] == "route") & (frame["commodity"] == "cam_nmc811") & (frame["destination"] == "KOR")]
    made = output(frame, "cam_nmc811")["KOR"]
    assert bought["quantity"].sum() < 0.1 * made
    assert made > 200_000  # from 99,638 t of net imports of lithium hydroxide


def test_korea_buys_its_hydroxide_mostly_from_china(frame: pd.DataFrame) -> None:
    """Customs of 2024 (BACI): four fifths and more of Korea's lithium hydroxide came from China."""
    rows = frame[(frame["kind"] == "route") & (frame["commodity"] == "lithium_hydroxide") & (frame["destination"] == "KOR")]
    assert rows.loc[rows["origin"] == "CHN", "quantity"].sum() > 0.8 * rows["quantity"].sum()


@pytest.mark.parametrize(
    ("commodity", "place", "least", "most"),
    [
        ("spodumene_concentrate", "AUS", 0.40, 0.60),  # USGS: 88 of about 170 kt of hard-rock lithium
        ("nickel_ore", "IDN", 0.60, 0.90),  # USGS: 2.3 of 3.7 Mt of all nickel, more of laterite
        ("cobalt_concentrate", "COD", 0.90, 1.00),  # the places whose cobalt is mined with copper
        ("natural_graphite_flake", "CHN", 0.70, 0.85),  # USGS: 1.27 of 1.6 Mt
        ("copper_cathode", "CHN", 0.35, 0.50),  # USGS: 12 of 27 Mt
        ("ndpr_oxide", "CHN", 0.85, 0.95),  # IEA: 91 %
        ("cell_lfp", "CHN", 0.90, 1.00),  # China shipped more than 900 GWh of it
    ],
)
def test_shares_of_single_places(parts: ReferenceNetwork, commodity: str, place: str, least: float, most: float) -> None:
    made = parts.base.shares(commodity)
    assert least <= made[place] / sum(made.values()) <= most


def test_the_base_year_balances_without_visible_shortage() -> None:
    """Flows exist that serve every demand of 2024 from what was made where it was made."""
    flows = base_plan().flows
    assert flows.check_balance(base_network()) <= 1e-6
    kinds = {kind: rows.groupby("commodity")["quantity"].sum() for kind, rows in flows.frame.groupby("kind")}
    short = kinds["shortage"].reindex(kinds["demand"].index).fillna(0.0) / kinds["demand"]
    assert short.max() < 0.02, short.sort_values().tail()


# Sites ------------------------------------------------------------------------------------------


def test_the_network_is_sound() -> None:
    assert reference().check() == []
    assert base_network().check() == []


def test_every_site_says_how_sure_it_is() -> None:
    """What closes a balance is estimated, what rests on a statistic is derived; only named sites are reported."""
    sites = reference().sites
    assert set(sites["confidence"]) <= {"reported", "derived", "estimated"}
    rest = sites[sites.index.str.startswith("rest_")]
    assert set(rest["confidence"]) == {"derived", "estimated"}
    assert set(sites.loc[sites.index.str.startswith("new_"), "confidence"]) == {"estimated"}
    named = sites[~sites.index.str.startswith(("rest_", "new_"))]
    assert len(named) > 150
    assert (named["name"] != "").all()


def test_owners_are_known_countries_or_unknown() -> None:
    codes = shipped().codes
    assert set(reference().sites["owner_country"]) <= {*codes.places, *codes.groups, "unknown"}


def test_partners_who_take_their_own_ore_have_their_own_site() -> None:
    """Greenbushes: 51 % Tianqi with IGO (control in China), 49 % Albemarle; together one mine."""
    sites = base_network().sites
    parts = sites.loc[["greenbushes", "greenbushes__usa"]]
    assert parts["owner_country"].tolist() == ["CHN", "USA"]
    assert parts["capacity_per_year"].iloc[0] / parts["capacity_per_year"].sum() == pytest.approx(0.51)


@pytest.mark.parametrize("process", ["nickel_sulphide_mining", "laterite_mining", "copper_mining", "spodumene_mining"])
def test_owners_of_mines_are_mostly_known(process: str) -> None:
    sites = base_network().sites
    mines = sites[sites["process"] == process].groupby("owner_country")["capacity_per_year"].sum()
    assert mines.get("unknown", 0.0) < 0.10 * mines.sum()


def test_cells_of_poland_and_hungary_are_korean() -> None:
    """IEA, Global EV Outlook 2025: Korean makers are the main source of capacity in the European Union."""
    sites = base_network().sites
    cells = sites[sites["process"].str.startswith("cell_nmc") & sites["place"].isin(["POL", "HUN"])]
    by_owner = cells.groupby("owner_country")["capacity_per_year"].sum()
    assert by_owner["KOR"] > 0.9 * by_owner.sum()


def test_announced_sites_start_after_the_base_year_and_may_fail() -> None:
    sites = reference().sites
    waiting = sites[~sites["status"].isin(["operating", ""])]
    assert (waiting["start_year"] > 2024).all()
    assert waiting["realisation_probability"].between(0, 1).all()
    assert (waiting["realisation_probability"] < 1).all()


def test_costs_are_there_and_positive() -> None:
    sites = reference().sites
    assert (sites[["variable_cost_usd", "fixed_cost_usd", "lifetime_years", "lead_time_years"]].min() >= 0).all()
    built = sites[sites["max_build_per_year"].notna()]
    assert (built["capex_usd"] > 0).all()
    assert sites.loc[sites["max_build_per_year"].isna(), "capex_usd"].isna().all()


def test_a_car_costs_the_same_wherever_it_is_built() -> None:
    """Smaller batteries bring no gain: the rest of the car makes up for them."""
    network = reference()
    lines = network.recipes[network.recipes["commodity"] == "pack_ev_nickel"].set_index("process")["amount"]
    cars = network.sites[network.sites.index.str.endswith("__ev_nickel_assembly")]
    worth = cars["variable_cost_usd"] - cars["process"].map(lines) * 57_000
    assert worth.max() == pytest.approx(worth.min())


# What is let in ---------------------------------------------------------------------------------


def test_unverified_claims_stay_out_unless_asked_for() -> None:
    """Sites whose capacity is only hearsay enter when the ledger lets them."""
    asked = Network.from_facts(shipped().at(include_unverified=True), Scenario.load("reference"), years=(2025,))
    usual = reference()
    assert "unverified" not in set(usual.sites["confidence"])
    assert "unverified" in set(asked.sites["confidence"])


def test_the_same_facts_give_the_same_network() -> None:
    again = Network.from_facts(type(shipped()).shipped(), Scenario.load("reference"))
    assert again.equals(reference())
    assert list(again.sites.index) == sorted(again.sites.index)
