"""The library on the reference network of 2024: what each event really hits, against what the world says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orepact.facts import Ledger
from orepact.service.shock.events import disruption_for
from orepact.shock.case.case import ShockCase
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.reading import shipped_events
from reference_networks import usual_week

pytestmark = pytest.mark.slow
#: Events that rightly hit nothing in 2024.
NOTHING = {"china_package_extended", "indonesia_ore_ban_2020", "pcam_pause_2025"}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.shipped()


@pytest.fixture(scope="module")
def case() -> ShockCase:
    return usual_week()[0]


@pytest.fixture(scope="module")
def found(case: Any, ledger: Ledger) -> dict[str, Disruption]:
    return {name: disruption_for(case, [name], ledger=ledger) for name in shipped_events()}


def test_every_event_hits_something_or_says_why_not(found: dict[str, Disruption]) -> None:
    for name, what in found.items():
        idle = [
            warning
            for warning in what.warnings
            if "fits nothing" in warning or "to speak of" in warning or "not apply" in warning
        ]
        assert bool(idle) == (name in NOTHING), (name, idle)
        hit = (what.site_share < 1).any() or (what.route_share < 1).any() or what.quotas or (what.route_cost_usd > 0).any()
        assert hit or name in NOTHING


def test_congo_ships_about_what_it_ships(case: Any, found: dict[str, Disruption]) -> None:
    """Some 220,000 t of cobalt in 2024 by press reports; the network, fitted to statistics, 187,000. The quota is about half."""
    (quota, *_) = found["drc_cobalt_quota_2026"].quotas
    usual = float(quota.factor @ case.flow[quota.routes]) * 52
    assert 150_000 < usual < 230_000
    assert 0.4 < 96_600 / usual < 0.6
    banned = (found["drc_cobalt_ban_2025"].route_share[:, 0] == 0) & (case.flow > 0)
    routes = case.network.routes[banned]
    assert set(routes["origin"]) == {"COD"}
    assert float(case.flow[banned] @ routes["commodity"].eq("cobalt_hydroxide")) * 52 * 0.33 == pytest.approx(usual, rel=0.02)


def test_graphite_is_cut_for_everybody_but_china(case: Any, found: dict[str, Disruption]) -> None:
    routes, share = case.network.routes, found["graphite_licence_2023"].route_share[:, 0]
    cut = routes[share < 1]
    assert set(cut["origin"]) == {"CHN"}
    assert {"KOR", "JPN", "USA"} <= set(cut["destination"])
    assert set(cut["commodity"]) == {"natural_graphite_flake", "spherical_graphite", "coated_spherical_graphite"}
    assert share[routes.index.get_indexer(cut.index[cut["commodity"] == "natural_graphite_flake"])] == pytest.approx(0.16)


def test_moa_is_a_quarter_of_a_hundred_thousand_tonnes(case: Any, found: dict[str, Disruption]) -> None:
    """Moa made some 25,000 to 30,000 t of nickel a year; 38.8 % of the precipitate is nickel."""
    stopped = found["moa_stop_2026"].site_share[:, 0] == 0
    sites = case.network.sites
    assert set(sites["place"][stopped]) == {"CUB"}
    assert 20_000 < float(case.activity[stopped].sum()) * 52 * 0.388 < 32_000
    refinery = sites.index.get_loc("sherritt_fort_sask")
    weeks = found["moa_stop_2026"].site_share[refinery]
    np.testing.assert_allclose(weeks[:9], [1, 1, 1, 1, 1, 1, 1, 1 / 7, 0])  # 50 days from 24 February to 15 April


def test_sudbury_is_the_nickel_of_ontario_that_vale_owns(case: Any, found: dict[str, Disruption]) -> None:
    """43,200 t of nickel in 2020: the network's mine there is within a factor of two."""
    stopped = found["sudbury_strike_2021"].site_share[:, 0] == 0
    mines = stopped & (case.network.sites["process"] == "nickel_sulphide_mining").to_numpy()
    assert 43_200 / 2 < float(case.activity[mines].sum()) * 52 * 0.12 < 43_200 * 2
    assert set(case.network.sites["place"][stopped]) == {"CA-ON"}


def test_suez_lies_between_asia_and_europe(case: Any, found: dict[str, Disruption]) -> None:
    """Cathodes from Korea to Poland and cells from China to Germany sail through it, cells to Los Angeles do not."""
    cut = (found["red_sea_2023"].route_share < 1).any(axis=1)
    routes = case.network.routes
    ways = set(map(tuple, routes[cut][["commodity", "origin", "destination"]].to_numpy()))
    assert ("cam_nmc811", "KOR", "POL") in ways
    assert ("cell_lfp", "CHN", "DEU") in ways
    assert ("cell_lfp", "CHN", "USA") not in ways
    assert not {way for way in ways if way[1] == "CHL" and way[2] == "KOR"}
    detours = found["red_sea_2023"].detours
    extra = detours["lag_weeks"] - case.lag_weeks[detours["route"]]
    assert extra.between(0, 6).all()
    assert extra.median() in {1, 2}


def test_duties_of_2025_hit_what_the_united_states_buy(case: Any, found: dict[str, Disruption]) -> None:
    """In May 2025 145 %: on 74 USD/kWh of cells that is 107 USD/kWh."""
    what, routes = found["us_tariffs_china_2025"], case.network.routes
    hit = (what.route_cost_usd > 0).any(axis=1)
    assert set(zip(routes["origin"][hit], routes["destination"][hit], strict=True)) == {("CHN", "USA")}
    cells = hit & (routes["commodity"] == "cell_lfp").to_numpy()
    assert what.route_cost_usd[cells].max() == pytest.approx(1.45 * 74_000)
    assert what.route_cost_usd[cells, 0] == pytest.approx(0.10 * 74_000)
