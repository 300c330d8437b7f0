"""Events on a small chain that can be checked on paper."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from orepact.errors import BadInput
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.event import Event
from orepact.shock.events.seaways import SeaWays
from shock_networks import chain_case

HEAD = {"id": "event", "title": "An event", "start": "2025-01-06", "weeks": 4}
ORE_NEAR, ORE_FAR, CAR = range(3)
NEAR, FAR, SMELTER, PLANT = range(4)


def event(*breaks: dict[str, Any], **head: Any) -> Event:
    return Event.from_mapping({**HEAD, **head, "breaks": list(breaks)})


def laid(*breaks: dict[str, Any], ways: SeaWays | None = None, **head: Any) -> Disruption:
    """Six weeks of one event on the chain."""
    return Disruption.of(chain_case(), [event(*breaks, **head)], weeks=6, ways=ways)


def sea(longer: dict[str, list[float]] | None = None) -> SeaWays:
    """Ore by sea (NEAR to HOME 7 days through suez, FAR to HOME 21 through panama), cars over land; 1, 3 and 8 USD a unit."""
    days = {"": [7.0, 21.0, 14.0], "suez": [24.0, 21.0, 14.0], "panama": [7.0, 35.0, 14.0], "suez+panama": [24.0, 49.0, 14.0]}
    cost = {"": [1.0, 3.0, 8.0], "suez": [6.0, 3.0, 8.0], "panama": [1.0, 9.0, 8.0], "suez+panama": [6.0, 12.0, 8.0]}
    days |= longer or {}

    def closed(passages: tuple[str, ...]) -> pd.DataFrame:
        key = "+".join(passages)
        return pd.DataFrame({"cost_usd": cost[key], "days": days[key]})

    origins, destinations = (np.array(names, object) for names in (["Nearport", "Farport", ""], ["Homeport", "Homeport", ""]))
    return SeaWays(np.array([True, True, False]), origins, destinations, closed, ("Farport", "Homeport", "Nearport"))


def touched(share: np.ndarray) -> list[int]:
    """Rows below 1 in some week."""
    return np.flatnonzero((share < 1).any(axis=1)).tolist()


# Sites ---------------------------------------------------------------------------------------------


def test_a_site_stops_for_its_weeks() -> None:
    """Sites x weeks; the others work on; it is over in week 4 and nobody knew."""
    found = laid({"site": "mine_near", "share_left": 0.25})
    assert found.site_share[NEAR].tolist() == [0.25] * 4 + [1.0] * 2
    assert (found.site_share[1:] == 1).all()
    assert (found.route_share == 1).all()
    assert (found.start, found.end_week, found.end_known_week) == (date(2025, 1, 6), 4, 4)
    assert found.warnings == ()


def test_lost_and_left_are_two_words_for_one_thing() -> None:
    left, lost = laid({"site": "plant", "share_left": 0.3}), laid({"site": "plant", "lost_share": 0.7})
    np.testing.assert_allclose(left.site_share, lost.site_share)


def test_a_part_of_a_week_counts_as_that_part() -> None:
    """Ten days are a week and three sevenths."""
    found = laid({"site": "mine_near", "share_left": 0, "until": "2025-01-16"})
    np.testing.assert_allclose(found.site_share[NEAR], [0, 4 / 7, 1, 1, 1, 1])


@pytest.mark.parametrize(
    ("item", "sites"),
    [
        ({"owner": "Near Ores"}, [NEAR]),
        ({"owner": "near ores"}, [NEAR]),
        ({"owner": "HOME"}, [SMELTER, PLANT]),
        ({"owner": ["HOME", "FAR"], "commodities": ["metal", "ore"]}, [FAR, SMELTER]),
        ({"owner": ["HOME", "FAR"], "places": "HOME"}, [SMELTER, PLANT]),
        ({"place": "HOME"}, [SMELTER, PLANT]),
        ({"place": "home", "commodities": "vehicle"}, [PLANT]),
        ({"place": "*"}, [NEAR, FAR, SMELTER, PLANT]),
        ({"commodity": "ore"}, [NEAR, FAR]),
        ({"commodity": "mine", "origins": "FAR"}, [FAR]),
        ({"commodity": "*"}, [NEAR, FAR, SMELTER, PLANT]),
    ],
)
def test_what_names_mean_among_sites(item: dict[str, Any], sites: list[int]) -> None:
    assert touched(laid({**item, "share_left": 0}).site_share) == sites


def test_owners_that_share_a_site_are_each_found() -> None:
    """As the facts write it: names with their parts and remarks, apart by semicolons."""
    case = chain_case()
    sites = case.network.sites.assign(owner=["Near Ores 60%; Big Metal (Group)", "Far Ores", "Home Metals", ""])
    case = chain_case(network=case.network.with_tables(sites=sites.reset_index()))
    for name in ("Big Metal", "Near Ores", "near ores 60%; big metal (group)"):
        found = Disruption.of(case, [event({"owner": name, "share_left": 0})])
        assert touched(found.site_share) == [NEAR]


def test_a_limit_on_output_is_handed_out_by_capacity() -> None:
    """75 ore a week against capacities of 70 and 80: half of each. A site without limit counts with its usual output."""
    quota = {"quantity": 75, "unit": "t", "per": "week"}
    found = laid({"commodity": "ore", "quota": quota})
    np.testing.assert_allclose(found.site_share[:2, 0], [0.5, 0.5])
    case = chain_case(capacity=np.array([np.inf, 80.0, 60.0, 55.0]))
    open_ended = Disruption.of(case, [event({"commodity": "ore", "quota": {**quota, "quantity": 70}})])
    np.testing.assert_allclose(open_ended.site_share[:2, 0], [0.5, 0.5])  # 70 / (60 + 80)


# Routes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "routes"),
    [
        ({"route": "NEAR>HOME/ore"}, [ORE_NEAR]),
        ({"route": "*>HOME"}, [ORE_NEAR, ORE_FAR]),
        ({"route": ["home>abroad", "FAR>*"]}, [ORE_FAR, CAR]),
        ({"commodity": "ore", "exports": True}, [ORE_NEAR, ORE_FAR]),
        ({"commodity": "*", "exports": True, "origins": "HOME"}, [CAR]),
        ({"commodity": "ore", "exports": True, "destinations": "HOME", "origins": ["FAR", "ABROAD"]}, [ORE_FAR]),
    ],
)
def test_what_names_mean_among_routes(item: dict[str, Any], routes: list[int]) -> None:
    found = laid({**item, "share_left": 0.5})
    assert touched(found.route_share) == routes
    assert touched(found.site_share) == []


def test_within_a_party_nothing_is_exported() -> None:
    """NEAR and HOME under one roof: their ore crosses no border."""
    case = chain_case(parties={"UNION": ("NEAR", "HOME"), "FAR": ("FAR",), "ABROAD": ("ABROAD",)})
    found = Disruption.of(case, [event({"commodity": "ore", "exports": True, "share_left": 0})])
    assert touched(found.route_share) == [ORE_FAR]


def test_an_export_quota_counts_what_crosses_the_border() -> None:
    """Ore to HOME crosses a border from NEAR and FAR; a year's quota is spread over 52 weeks."""
    quota = {"quantity": 2600, "unit": "t", "per": "year"}
    found = laid({"commodity": "ore", "exports": True, "quota": quota})
    (limit,) = found.quotas
    assert limit.routes.tolist() == [ORE_NEAR, ORE_FAR]
    assert limit.factor.tolist() == [1, 1]
    assert limit.most_per_week.tolist() == [50] * 4 + [np.inf] * 2


@pytest.mark.parametrize(("per", "a_week"), [("week", 120), ("month", 120 * 12 / 52), ("quarter", 120 / 13), ("duration", 30)])
def test_the_period_of_a_quota(per: str, a_week: float) -> None:
    """120 t a period; `duration` spreads it over the four weeks of the event."""
    found = laid({"commodity": "ore", "exports": True, "quota": {"quantity": 120, "unit": "t", "per": per}})
    assert found.quotas[0].most_per_week[0] == pytest.approx(a_week)


def test_a_quota_on_content_counts_the_element() -> None:
    """A car holds 0.4 t of copper, ore 0.01; metal holds none that is tracked."""
    contents = pd.DataFrame({"commodity": ["ore", "car"], "element": "copper", "t_per_unit": [0.01, 0.4]})
    case = chain_case(network=chain_case().network.with_tables(contents=contents))
    quota = {"quantity": 5, "unit": "t", "per": "week", "element": "copper"}
    found = Disruption.of(case, [event({"commodity": "copper", "exports": True, "quota": quota})])
    np.testing.assert_allclose(found.quotas[0].factor, [0.01, 0.01, 0.4])


def test_a_duty_is_charged_on_the_price() -> None:
    """A quarter of 10 USD for ore; two steps add up; a price of one's own where the network has none."""
    step = {"commodity": "ore", "exports": True, "tariff": {"rate_change": 0.25}}
    found = laid(step, {**step, "tariff": {"rate_change": 0.1}, "weeks": 1})
    np.testing.assert_allclose(found.route_cost_usd[ORE_NEAR], [3.5, 2.5, 2.5, 2.5, 0, 0])
    assert (found.route_cost_usd[CAR] == 0).all()
    network = chain_case().network
    bare = network.with_tables(commodities=network.commodities.assign(price_usd_per_unit=np.nan).reset_index())
    case = chain_case(network=bare)
    without = Disruption.of(case, [event(step)])
    assert (without.route_cost_usd == 0).all()
    assert "no price for ore" in without.warnings[0]
    own = Disruption.of(case, [event({**step, "tariff": {"rate_change": 0.25, "value_usd_per_unit": 8}})])
    assert own.route_cost_usd[ORE_NEAR, 0] == pytest.approx(2.0)


# Sea -----------------------------------------------------------------------------------------------


def test_a_closed_passage_leaves_the_longer_way() -> None:
    """Ore from NEAR takes 24 days in place of 7: three weeks, 5 USD more. FAR uses the other canal; cars go over land."""
    found = laid({"chokepoint": "suez", "share_left": 0}, ways=sea())
    assert touched(found.route_share) == [ORE_NEAR]
    assert found.detours.to_dict("records") == [
        {"route": ORE_NEAR, "lag_weeks": 3, "extra_cost_usd": 5.0, "first_week": 0, "last_week": 3, "passage": "suez"}
    ]


def test_detours_avoid_every_passage_that_is_closed_at_the_time() -> None:
    """With both canals closed FAR sails 49 days; a canal that only adds to the detour is named with ``around``."""
    both = laid({"chokepoint": "suez", "share_left": 0}, {"chokepoint": "panama", "share_left": 0.5}, ways=sea())
    far = both.detours[both.detours["route"] == ORE_FAR]
    assert far[["lag_weeks", "extra_cost_usd", "passage"]].to_numpy().tolist() == [[7, 9.0, "suez+panama"]]
    later = {"chokepoint": "suez", "share_left": 0, "start": "2025-02-03", "weeks": 1}
    apart = laid(later, {"chokepoint": "panama", "share_left": 0.5}, ways=sea())
    assert apart.detours[apart.detours["route"] == ORE_FAR]["lag_weeks"].tolist() == [5]
    around = laid({"chokepoint": "panama", "around": "suez", "share_left": 0}, ways=sea())
    assert around.detours["lag_weeks"].tolist() == [7]


def test_alike_detours_one_after_the_other_are_one() -> None:
    found = laid(
        {"chokepoint": "suez", "share_left": 0, "weeks": 2},
        {"chokepoint": "suez", "share_left": 0.5, "start": "2025-01-20", "weeks": 2},
        ways=sea(),
    )
    assert found.route_share[ORE_NEAR].tolist() == [0, 0, 0.5, 0.5, 1, 1]
    assert found.detours[["first_week", "last_week"]].to_numpy().tolist() == [[0, 3]]


def test_no_detour_gets_round_a_ban() -> None:
    ban = {"commodity": "ore", "exports": True, "origins": "NEAR", "share_left": 0.5}
    found = laid({"chokepoint": "suez", "share_left": 0}, ban, ways=sea())
    assert found.detours.empty
    assert found.route_share[ORE_NEAR, 0] == 0
    assert any("no detour" in warning for warning in found.warnings)


def test_where_no_other_way_is_known_there_is_no_detour() -> None:
    found = laid({"chokepoint": "suez", "share_left": 0}, ways=sea({"suez": [np.nan, 21.0, 14.0]}))
    assert touched(found.route_share) == [ORE_NEAR]
    assert found.detours.empty


def test_a_port_stops_its_sea_routes() -> None:
    assert touched(laid({"port": "Farport", "share_left": 0}, ways=sea()).route_share) == [ORE_FAR]
    assert touched(laid({"port": "homeport", "share_left": 0}, ways=sea()).route_share) == [ORE_NEAR, ORE_FAR]
    with pytest.raises(BadInput, match="did you mean Farport"):
        laid({"port": "Fraport", "share_left": 0}, ways=sea())
    with pytest.raises(BadInput, match="did you mean suez"):
        laid({"chokepoint": "sues", "share_left": 0}, ways=sea())


# Demand, prices, stocks ----------------------------------------------------------------------------


def test_demand_prices_and_stocks() -> None:
    found = laid(
        {"demand": "car", "places": "ABROAD", "factor": 1.5, "weeks": 1},
        {"demand": "vehicle", "factor": 2, "start": "2025-01-13", "weeks": 1},
        {"price": "metal", "factor": 3},
        {"stock": "metal", "lost_share": 0.25},
        {"stock": "car", "share_left": 0},
    )
    np.testing.assert_allclose(found.demand_share[:, :3], [[1, 2, 1], [1.5, 2, 1]])
    np.testing.assert_allclose(found.price_factor[:, 0], [1, 3, 1])
    assert (found.route_cost_usd == 0).all()  # no metal crosses a border
    np.testing.assert_allclose(found.stores_lost, [0, 0.25, 1, 0.25])


def test_a_fire_after_the_first_week_is_refused() -> None:
    with pytest.raises(BadInput, match="the first week: stocks are lost at the start"):
        laid({"place": "NEAR", "share_left": 0}, {"stock": "metal", "lost_share": 0.25, "start": "2025-02-03", "weeks": 1})


def test_a_price_shock_is_paid_at_the_border() -> None:
    """Ore at 10 USD three times as dear: 20 USD more on each tonne to HOME; a fall of the price moves nothing."""
    dear = laid({"price": "ore", "factor": 3})
    np.testing.assert_allclose(dear.route_cost_usd[:, 0], [20, 20, 0])
    assert (dear.route_cost_usd[:, 4] == 0).all()
    assert (laid({"price": "ore", "factor": 0.5}).route_cost_usd == 0).all()


def test_no_duty_falls_below_nothing() -> None:
    """A tenth of 10 USD is charged on ore from FAR: a cut by a quarter takes that 1 USD away, no more."""
    network = chain_case().network
    charged = network.with_tables(routes=network.routes.assign(tariff_rate=[0.0, 0.1, 0.0]))
    cut = event({"commodity": "ore", "exports": True, "tariff": {"rate_change": -0.25}})
    found = Disruption.of(chain_case(network=charged), [cut])
    np.testing.assert_allclose(found.route_cost_usd[:, 0], [0, -1, 0])
    assert any("taken as nothing" in warning for warning in found.warnings)


# Several at once -----------------------------------------------------------------------------------


def test_of_several_breaks_the_smallest_share_counts() -> None:
    """A strike at one mine and half of all mines without power: the tightest limit binds."""
    strike = event({"site": "mine_near", "share_left": 0.2})
    power = event({"commodity": "ore", "share_left": 0.5}, id="power", start="2025-01-20", weeks=2)
    found = Disruption.of(chain_case(), [strike, power], weeks=5)
    assert found.events == ("event", "power")
    assert found.site_share[:2].tolist() == [[0.2, 0.2, 0.2, 0.2, 1], [1, 1, 0.5, 0.5, 1]]


def test_the_first_break_is_week_0() -> None:
    """Also when it begins before the day of its event, and when another day is asked for."""
    early = event({"site": "plant", "share_left": 0, "start": "2024-12-30"})
    assert Disruption.of(chain_case(), [early]).start == date(2024, 12, 30)
    late = Disruption.of(chain_case(), [event({"site": "plant", "share_left": 0})], weeks=6, start=date(2025, 1, 20))
    assert late.site_share[PLANT].tolist() == [0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("head", "end", "known"),
    [
        ({}, 4, 4),
        ({"end_announced": True}, 4, 0),
        ({"end_known_from": "2025-01-20"}, 4, 2),
        ({"end_known_from": "2026-01-20"}, 4, 4),
        ({"weeks": "unknown"}, 6, 6),
        ({"weeks": 100}, 6, 6),
        ({"weeks": 2.5}, 3, 3),
    ],
)
def test_who_knows_the_end(head: dict[str, Any], end: int, known: int) -> None:
    found = laid({"site": "plant", "share_left": 0}, **head)
    assert (found.end_week, found.end_known_week) == (end, known)


def test_the_last_event_to_become_known_counts() -> None:
    announced = event({"site": "plant", "share_left": 0}, end_announced=True)
    open_ended = event({"site": "smelter", "share_left": 0}, id="open", weeks="unknown")
    found = Disruption.of(chain_case(), [announced, open_ended], weeks=10)
    assert (found.end_week, found.end_known_week) == (10, 10)


# What hits nothing ---------------------------------------------------------------------------------


def test_what_hits_nothing_is_said() -> None:
    found = laid({"commodity": "metal", "exports": True, "share_left": 0}, {"site": "plant", "places": "FAR", "share_left": 0})
    assert [warning.partition(": ")[2] for warning in found.warnings] == [
        "commodity metal (0 % left) fits nothing in this network",
        "site plant (0 % left) fits nothing in this network",
    ]


def test_what_is_never_used_is_said() -> None:
    case = chain_case(activity=np.array([60.0, 0.0, 50.0, 50.0]))
    (warning,) = Disruption.of(case, [event({"site": "mine_far", "share_left": 0})]).warnings
    assert "touches no flow" in warning


def test_an_event_outside_the_weeks_is_said() -> None:
    found = Disruption.of(chain_case(), [event({"site": "plant", "share_left": 0})], start=date(2025, 3, 3))
    assert (found.site_share == 1).all()
    assert "lies outside the 52 weeks" in found.warnings[0]


def test_a_site_that_is_known_elsewhere_is_no_mistake() -> None:
    found = Disruption.of(
        chain_case(), [event({"site": "planned_mine", "share_left": 0})], also_known=frozenset({"planned_mine"})
    )
    assert any("does not stand in this network in 2024" in warning for warning in found.warnings)


def test_no_event_is_nothing_to_follow() -> None:
    with pytest.raises(BadInput, match="at least one event"):
        Disruption.of(chain_case(), [], weeks=5)


@pytest.mark.parametrize("weeks", [0, -3, 2.5, float("nan"), float("inf"), 10**12])
def test_weeks_to_follow_are_whole_and_not_without_end(weeks: Any) -> None:
    with pytest.raises(BadInput, match=r"a whole number of weeks from 1 to 5,200"):
        Disruption.of(chain_case(), [event({"site": "plant", "share_left": 0})], weeks=weeks)


def test_an_event_is_its_content_and_remembers_its_file(tmp_path: Path) -> None:
    made = event({"site": "plantt", "share_left": 0})
    (tmp_path / "typo.yaml").write_text(json.dumps(made.model_dump(mode="json", exclude_defaults=True)), encoding="utf-8")
    read = Event.load(tmp_path / "typo.yaml")
    assert read == made
    assert hash(read) == hash(made)
    for one, where in ((read, "typo.yaml, breaks.0.site"), (made, f"{made.id}.breaks.0.site")):
        with pytest.raises(BadInput) as caught:
            Disruption.of(chain_case(), [one])
        assert [problem.where for problem in caught.value.problems] == [where]


def test_a_folder_is_no_event(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="expected an event file, found a folder"):
        Event.load(tmp_path)


def test_the_hash_is_of_the_content() -> None:
    first, second = event({"site": "plant", "share_left": 0}), event({"share_left": 0, "site": ["plant"]})
    assert first.hash == second.hash
    assert first.hash != event({"site": "plant", "share_left": 0.1}).hash
