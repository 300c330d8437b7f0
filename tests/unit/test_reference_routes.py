"""Routes of the reference network, what a ledger must know, and the base year that a scenario may choose."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from orepact.chain.network import Network
from orepact.chain.scenario import Scenario
from orepact.errors import BadInput
from reference_networks import reference, shipped


@cache
def cost(*restrictions: str) -> pd.Series:
    """Cost of every route of 2025 with some passages closed."""
    scenario = Scenario.load("reference").model_copy(update={"restrictions": restrictions})
    network = Network.from_facts(shipped(), scenario, years=(2025,))
    return network.routes.set_index(["commodity", "origin", "destination"])["cost_usd"]


def test_a_closed_suez_canal_makes_the_way_to_europe_dearer() -> None:
    way = ("cell_lfp", "CHN", "DEU")
    assert cost("suez")[way] > 1.2 * cost()[way]
    assert cost("panama")[way] == cost()[way]


def test_a_closed_panama_canal_makes_the_way_from_chile_to_europe_dearer() -> None:
    way = ("lithium_carbonate", "CHL", "DEU")
    assert cost("panama")[way] > 1.05 * cost()[way]
    assert cost("suez")[way] == cost()[way]


def test_both_closed_are_no_cheaper_than_one() -> None:
    both, one, free = cost("panama", "suez"), cost("suez"), cost()
    common = both.index.intersection(one.index).intersection(free.index)
    assert len(common) > 10_000
    assert (both[common] >= one[common] - 1e-9).all()
    assert (one[common] >= free[common] - 1e-9).all()


def test_no_route_leads_home_twice_or_nowhere() -> None:
    routes = reference().routes
    assert (routes["origin"] != routes["destination"]).all()
    assert not routes.duplicated(["commodity", "origin", "destination"]).any()
    assert (routes["cost_usd"] > 0).all()
    assert (routes["days"] > 0).all()


@pytest.mark.parametrize("commodity", ["lithium_brine", "cobalt_concentrate", "cell_scrap"])
def test_what_does_not_leave_its_place_has_no_route(commodity: str) -> None:
    assert commodity not in set(reference().routes["commodity"])


def test_canada_may_sell_to_the_corridor() -> None:
    """Every province that may make hydroxide can send it to Korea and Japan, however small."""
    network = reference()
    makers = network.sites[
        network.sites["process"].str.startswith("hydroxide_from") & network.sites["place"].str.startswith("CA-")
    ]
    sold = network.routes[network.routes["commodity"] == "lithium_hydroxide"]
    pairs = set(zip(sold["origin"], sold["destination"], strict=True))
    assert {(place, buyer) for place in makers["place"].unique() for buyer in ("KOR", "JPN")} <= pairs


def test_freight_follows_the_ship_not_only_the_tonne() -> None:
    """A car of 2 t pays for room (about 1,500 dollars to Europe), a tonne of ore half of what a tonne in a box pays."""
    assert 1_200 < cost()["ev_car_nickel", "CHN", "DEU"] < 1_900
    assert cost()["spodumene_concentrate", "AUS", "CHN"] < 0.8 * cost()["natural_graphite_flake", "MOZ", "CHN"]


# What must be known -------------------------------------------------------------------------------


def test_a_ledger_of_an_early_day_says_what_it_does_not_know() -> None:
    """In the middle of 2024 neither the sales nor the mine output of 2024 were known: all families are named, each with a day."""
    with pytest.raises(BadInput) as caught:
        Network.from_facts(shipped().at(as_of="2024-06-30"), Scenario.load("reference"))
    text = str(caught.value)
    assert "sales of ev_car in the world for 2024, found none that was known on that day; ask as of 2026-05-26 or later" in text
    assert "mine_production of cobalt for 2024, found none that was known on that day; ask as of 2025-01-31 or later" in text
    assert len(caught.value.problems) > 10


def test_a_ledger_of_a_late_day_gives_a_network_without_what_came_after() -> None:
    network = Network.from_facts(shipped().at(as_of="2026-05-31"), Scenario.load("reference"), years=(2025,))
    assert network.check() == []


def in_base_year(year: int) -> Scenario:
    chosen = Scenario.load("reference")
    return chosen.model_copy(update={"reference": chosen.reference.model_copy(update={"base_year": year})})


def test_another_base_year_works_where_its_statistics_are_known() -> None:
    network = Network.from_facts(shipped(), in_base_year(2025), years=(2026, 2030))
    assert network.check() == []
    assert (network.sites.loc[~network.sites["status"].isin(["operating", ""]), "start_year"] > 2025).all()


def test_a_base_year_without_statistics_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"mine_production of cobalt for 2021, found no such claim; .*base_year"):
        Network.from_facts(shipped(), in_base_year(2021))
