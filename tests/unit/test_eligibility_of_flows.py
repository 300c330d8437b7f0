"""Bills from flows: makers behind re-exports, delivered prices, plants on paper, recycled and refined elements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from orepact.chain.flow_rows import node_rows, route_rows, site_rows
from orepact.chain.flows import Flows
from orepact.chain.network import Network
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.assess import asked_of, assess
from orepact.measure.eligibility.cheapest import cheapest_change
from orepact.measure.eligibility.supply import NOBODY
from orepact.measure.eligibility.verdict import Verdict
from orepact.service.law.eligibility_case import Shop, shop_of_package
from plan_networks import small_network, wanted

BOOK, YEAR = RuleBook.shipped(), 2024
RECIPES = {
    "cathode_making": {"cathode": 1.0, "salt": -0.5},
    "salt_mining": {"salt": 1.0},
    "salt_recycling": {"salt": 1.0, "black_mass": -2.0},
    "shredding": {"black_mass": 1.0, "scrap": -1.0},
    "cell_making": {"cell": 1.0, "cathode": -2.0},
}
SITES = [
    dict(zip(("site", "process", "place", "owner", "owner_country", "variable_cost_usd"), row, strict=True))
    for row in (
        ("mine_chl", "salt_mining", "CHL", "Miner", "CHL", 10.0),
        ("recycler_kor", "salt_recycling", "KOR", "Cycler", "KOR", 0.0),
        ("shredder_kor", "shredding", "KOR", "Cycler", "KOR", 0.0),
        ("cathode_kor", "cathode_making", "KOR", "L&F", "KOR", 20.0),
        ("cathode_chn", "cathode_making", "CHN", "Reshine", "CHN", 12.0),
        ("cells_usa", "cell_making", "USA", "LG", "KOR", 7.0),
        ("cells_can", "cell_making", "CAN", "Umicore", "BEL", 7.0),
    )
]
SITES[-1] |= {"capacity_per_year": 50.0, "status": "planned"}
ROUTES = (
    {"commodity": "salt", "origin": "CHL", "destination": "KOR", "cost_usd": 2.0},
    {"commodity": "salt", "origin": "CHL", "destination": "CHN", "cost_usd": 2.0},
    {"commodity": "cathode", "origin": "KOR", "destination": "JPN", "cost_usd": 1.0},
    {"commodity": "cathode", "origin": "CHN", "destination": "JPN", "cost_usd": 1.0},
    {"commodity": "cathode", "origin": "JPN", "destination": "USA", "cost_usd": 3.0},
    {"commodity": "cathode", "origin": "KOR", "destination": "USA", "cost_usd": 4.0},
    {"commodity": "cathode", "origin": "CHN", "destination": "USA", "cost_usd": 4.0, "tariff_rate": 0.25},
)
#: What moves: Korea makes 260 t and China 40; Japan passes on 60 + 40; the States take 300 t of cathode for 150 cells.
SENT = (80.0, 20.0, 60.0, 40.0, 100.0, 200.0, 0.0)
RAN = {
    "mine_chl": 100.0,
    "recycler_kor": 50.0,
    "shredder_kor": 100.0,
    "cathode_kor": 260.0,
    "cathode_chn": 40.0,
    "cells_usa": 150.0,
}


@pytest.fixture(scope="module")
def network() -> Network:
    chain = small_network(years=[YEAR], recipes=RECIPES, sites=SITES, routes=ROUTES, demand=wanted("cell", "USA", {YEAR: 150.0}))
    stages = {"cathode": "active_material", "salt": "refine", "black_mass": "recycle", "scrap": "collect", "cell": "cell"}
    table = chain.commodities.assign(stage=[stages[name] for name in chain.commodities.index])
    table.loc["cell", "unit"] = "MWh"
    contents = pd.DataFrame(
        {"commodity": ["cathode", "salt", "black_mass", "scrap"], "element": "cobalt", "t_per_unit": [0.1, 0.2, 0.1, 0.1]}
    )
    return chain.with_tables(commodities=table, contents=contents)


@pytest.fixture(scope="module")
def flows(network: Network) -> Flows:
    ran = np.array([RAN.get(site, 0.0) for site in network.sites.index])
    scrap = [i for i, node in enumerate(network.nodes) if node == ("scrap", "KOR")]
    cell = [i for i, node in enumerate(network.nodes) if node == ("cell", "USA")]
    parts = [
        site_rows(network, YEAR, "activity", ran), route_rows(network, YEAR, np.array(SENT)),
        node_rows(network, YEAR, "stock_out", scrap, [100.0]), node_rows(network, YEAR, "demand", cell, [150.0]),
    ]  # fmt: skip
    found = Flows.of(network, parts)
    found.check_balance()
    return found


@pytest.fixture(scope="module")
def shop(flows: Flows) -> Shop:
    return shop_of_package(flows, YEAR)


def test_makers_are_followed_through_a_re_export(shop: Shop) -> None:
    """Japan's pool is 60 % Korean; the States take 200 t straight from Korea and 100 t of that mix: 260 Korean of 300."""
    ((bill, _),) = shop.bills("cell", "USA")
    share = {part.maker.site: part.quantity / 2.0 for part in bill.parts}
    assert share == pytest.approx({"cathode_kor": 260 / 300, "cathode_chn": 40 / 300})
    assert sum(part.quantity for part in bill.parts) == pytest.approx(2.0)


def test_a_delivered_price_is_making_freight_and_duty(shop: Shop) -> None:
    """Korean salt is 80 t at 12 (mine and freight) and 50 t recycled at 0: 960 / 130. Chinese cathode pays 25 % on 18."""
    ((bill, _),) = shop.bills("cell", "USA")
    price = {part.maker.site: part.price_usd for part in bill.parts}
    assert price["cathode_kor"] == pytest.approx(20 + 0.5 * 960 / 130 + 4)
    assert price["cathode_chn"] == pytest.approx(18 * 1.25 + 4)
    assert bill.other_cost_usd == pytest.approx(7.0)
    assert bill.kwh == 1000.0


def test_the_ratio_of_traced_makers(shop: Shop) -> None:
    ((bill, offers),) = shop.bills("cell", "USA")
    rules = BOOK.rule_set("us-45x-2030")
    found = next(o for o in assess(bill, rules, BOOK, date(2030, 7, 1)).outcomes if o.test == "cost_ratio")
    korean = sum(part.cost_usd for part in bill.parts if part.maker.place == "KOR")
    assert found.low == found.high == pytest.approx(korean / bill.material_cost_usd)
    assert {o.part.maker.site for o in offers["cathode"]} == {"cathode_kor", "cathode_chn"}
    assert {o.part.maker.site: o.available for o in offers["cathode"]} == pytest.approx(
        {"cathode_kor": 260 / 150, "cathode_chn": 40 / 150}
    )


def test_a_maker_gives_no_more_than_it_makes(shop: Shop) -> None:
    """The States need 300 t, Korea makes 260: nobody can replace the Chinese 40 t."""
    ((bill, offers),) = shop.bills("cell", "USA")
    rules = BOOK.rule_set("concern-control")
    asked = asked_of(bill, rules, BOOK, date(2026, 11, 22))
    assert cheapest_change(asked, offers).status == "no such change"
    plenty = {"cathode": [replace(offer, available=10.0) for offer in offers["cathode"]]}
    found = cheapest_change(asked, plenty)
    assert {(s.place, s.share_to) for s in found.shifts} == {("KOR", 1.0), ("CHN", 0.0)}


def test_recycled_part_of_a_cathode(shop: Shop) -> None:
    """Korea's salt is 50 of 130 t recycled; China's is all mined. 40 of 300 t of cathode are Chinese."""
    ((bill, _),) = shop.bills("cell", "USA")
    recycled = {part.maker.site: part.recycled["cobalt"] for part in bill.parts}
    assert recycled["cathode_kor"] == pytest.approx((50 / 130, 50 / 130))
    assert recycled["cathode_chn"] == pytest.approx((0.0, 0.0))
    rules = BOOK.rule_set("eu-battery-2031")
    found = next(o for o in assess(bill, rules, BOOK, date(2031, 8, 18)).outcomes if o.test == "recycled_cobalt")
    assert found.low == pytest.approx(260 / 300 * 50 / 130)
    assert found.verdict is Verdict.passed


def test_minerals_by_place_of_refining(shop: Shop) -> None:
    ((bill, _),) = shop.bills("cell", "USA")
    total: dict[str, float] = {}
    for part in bill.parts:
        for place, value in part.minerals.items():
            total[place] = total.get(place, 0.0) + value
    share = {place: value / sum(total.values()) for place, value in total.items()}
    korean = 260 / 300
    assert share == pytest.approx({"CHL": korean * 80 / 130 + 40 / 300, "KOR": korean * 50 / 130})


def test_a_plant_on_paper_takes_the_exported_mix_and_the_named_owner(shop: Shop, flows: Flows) -> None:
    """Nobody makes cells in Canada and no way leads there: no maker; with ways, the mix that Korea and China export."""
    ((bill, offers),) = shop.bills("cell", "CAN")
    assert "a plant there on paper" in bill.hypothetical
    assert [maker.names for maker, _ in bill.makers] == [("Umicore",)]
    assert [part.maker.place for part in bill.parts] == [""]
    assert offers == {}
    more = [{"commodity": "cathode", "origin": origin, "destination": "CAN", "cost_usd": 5.0} for origin in ("KOR", "CHN")]
    wider = flows.network.with_tables(routes=pd.concat([flows.network.routes, pd.DataFrame(more)], ignore_index=True))
    open_shop = shop_of_package(replace(flows, network=wider), YEAR)
    ((bill, _),) = open_shop.bills("cell", "CAN")
    share = {part.maker.place: part.quantity / 2.0 for part in bill.parts}
    assert share == pytest.approx({"KOR": 260 / 300, "CHN": 40 / 300})
    assert any("the mix that is exported" in note for note in bill.notes)


def test_a_stage_means_what_is_made_there(shop: Shop) -> None:
    assert [bill.product for bill, _ in shop.bills("CELL", "USA")] == ["cell"]


def test_a_ring_of_re_exports_without_a_maker_has_an_unknown_one(network: Network) -> None:
    """Japan and Korea send each other 5 t that nobody made."""
    ring = [
        {"commodity": "cathode", "origin": "JPN", "destination": "KOR"},
        {"commodity": "cathode", "origin": "KOR", "destination": "JPN"},
    ]
    chain = network.with_tables(routes=pd.DataFrame(ring).assign(cost_usd=1.0))
    supply = shop_of_package(Flows.of(chain, [route_rows(chain, YEAR, np.array([5.0, 5.0]))]), YEAR).workshop.supply
    assert supply.makers(supply.pool("cathode", ["JPN"])) == pytest.approx({NOBODY: 1.0})
