"""Final demand: literal sales, projections, storage, the LFP cap; and amounts and rules on their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.chain.reference.builder import ReferenceNetwork
from orepact.chain.reference.car_market import CarMarket
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.final_demand import FinalDemand
from orepact.chain.reference_settings import ReferenceSettings
from orepact.chain.scenario import Scenario
from reference_networks import claim, paper_ledger, reference, shipped

YEARS = (2024, 2025, 2030, 2035, 2040)


@pytest.fixture(scope="module")
def demand() -> FinalDemand:
    return ReferenceNetwork(shipped(), Scenario.load("reference"), (2024,)).demand


def test_cars_sold_in_2024(demand: FinalDemand) -> None:
    """IEA: 17.5 million, 252,020 of them in Canada, spread over its provinces by people."""
    sold = demand.market.sold(2024)
    assert sum(sold.values()) == pytest.approx(17_505_300, rel=0.001)
    provinces = {place: cars for place, cars in sold.items() if place.startswith("CA-")}
    assert sum(provinces.values()) == pytest.approx(252_020)
    assert sold["KOR"] == pytest.approx(130_700, rel=0.01)
    assert "world" not in sold
    assert "CAN" not in sold


def test_the_projection_reaches_the_regional_totals_of_2035(demand: FinalDemand) -> None:
    """IEA stated policies, edition of 2026, in millions of cars."""
    sold = demand.market.sold(2035)
    members = demand.evidence.codes.members
    said = {"CHN": 25.6, "IND": 2.1, "JPN": 0.6922, "KOR": 0.898, "USA": 3.14, "europe": 14.59038, "latin_america": 1.99}
    for region, millions in {**said, "southeast_asia": 2.77, "world": 54.913}.items():
        assert sum(sold.get(place, 0.0) for place in members(region)) == pytest.approx(millions * 1e6, rel=1e-6), region


def test_sales_run_on_a_straight_line_to_2035(demand: FinalDemand) -> None:
    first, middle, last = (sum(demand.market.sold(year).values()) for year in (2025, 2030, 2035))
    assert middle == pytest.approx((first + last) / 2)
    assert sum(demand.market.sold(2040).values()) > last


def test_another_projection_gives_other_sales() -> None:
    """The roadmap of the ICCT stands far above the stated policies."""
    evidence = Evidence(shipped(), 2024)
    sales = {
        name: sum(CarMarket(evidence, ReferenceSettings.model_validate({"ev_projection": name})).sold(2035).values())
        for name in ("steps", "cps", "icct")
    }
    assert sales["cps"] < sales["steps"] < sales["icct"]


def test_new_storage_of_2024_is_in_the_range_of_the_counts(demand: FinalDemand) -> None:
    """205 GWh (Rho Motion); others count 160 to 200."""
    assert 150_000 < demand.storage(2024) < 250_000


def test_the_lfp_share_rises_to_its_cap(demand: FinalDemand) -> None:
    settings = demand.settings
    for place in demand.chemistry.shares:
        shares = [demand.chemistry.lfp_share(place, year) for year in YEARS]
        assert shares == sorted(shares)
        assert shares[0] >= 0
        assert shares[-1] <= settings.lfp_share_maximum
    assert demand.chemistry.lfp_share("nowhere", 2030) == demand.chemistry.world_lfp
    assert sum(demand.chemistry.nickel_mix.values()) == pytest.approx(1)


def test_nothing_is_negative_and_every_unit_has_a_price() -> None:
    wanted = reference().demand
    assert (wanted["quantity"] > 0).all()
    assert (wanted["shortage_cost_usd"] > 0).all()
    assert not wanted.duplicated(["commodity", "place", "year"]).any()
    assert set(wanted["year"]) == set(reference().years)


def test_uses_outside_batteries_take_electronics_off(demand: FinalDemand) -> None:
    """Cobalt outside vehicle batteries, as the IEA counts it, is metal uses plus the cathodes of consumer electronics."""
    year = demand.year(2024)
    metal = sum(year["cobalt_metal"].values()) * 0.998
    electronics = sum(year["cell_lco"].values()) * demand.contents["cell_lco"]["cobalt"]
    assert metal + electronics == pytest.approx(demand.use("use_outside_batteries", "cobalt", 2024))


def test_recent_years_and_slow_ones(tmp_path: Path) -> None:
    """A statistic counts for a year, a capacity for two, what hardly moves for ever."""
    rows = [
        claim("KOR/lithium", "mine_production", 1, year=2023),
        claim("JPN/lithium", "mine_production", 1, year=2022),
        claim("KOR/cell", "installed_capacity", 5, "MWh_per_year", 2022),
        claim("JPN/cell", "installed_capacity", 7, "MWh_per_year", 2021),
        claim("CHN", "cost_level", 0.7, "1", 2020),
        claim("CHN", "cost_level", 0.8, "1", 2026),
        claim("KOR/ev_car", "sales", 10, "vehicle", 2023),
    ]
    evidence = Evidence(paper_ledger(tmp_path, rows), 2024)
    assert evidence.recent("mine_production", "lithium") == {"KOR": 1.0}
    assert evidence.recent("installed_capacity", "cell") == {"KOR": 5.0}
    assert evidence.cost_level == {"CHN": 0.8}
    assert evidence.recent("sales", "ev_car") == {}


def test_vehicle_batteries_of_2023_are_those_that_agencies_count() -> None:
    """IEA, Global EV Outlook 2024 and 2025: over 750 GWh in all electric vehicles, over 40 % LFP; less storage than in 2024."""
    settings = Scenario.load("reference")
    settings = settings.model_copy(update={"reference": settings.reference.model_copy(update={"base_year": 2023})})
    parts = ReferenceNetwork(shipped(), settings, (2023,))
    lfp, nickel = (sum(parts.base.need[pack].values()) / 1000.0 for pack in ("pack_ev_lfp", "pack_ev_nickel"))
    assert 650 < lfp + nickel < 800
    assert 0.38 < lfp / (lfp + nickel) < 0.46
    assert parts.demand.storage(2023) < 0.7 * parts.demand.storage(2024)
    cars = [parts.base.output[f"ev_{kind}_assembly"] for kind in ("lfp", "nickel")]
    assert all("NOR" not in made for made in cars)  # it buys every car
