"""The page on the usual week says what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orepact import shock
from orepact.shock.case.case import ShockCase
from orepact.shock.case.rules import CaseRules
from orepact.shock.case.thinning import thin
from orepact.shock.case.usual import usual_year
from shock_networks import chain_flows, trade_flows

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "shock-case.md").read_text(encoding="utf-8")
RULES = CaseRules.reference()


@pytest.fixture(scope="module")
def week() -> ShockCase:
    """The chain of the page under the shipped assumptions."""
    return shock.case_of(chain_flows(), rules=RULES)


def test_capacities_of_the_page(week: ShockCase) -> None:
    printed = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) % \| (\d+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert [row[0] for row in printed] == list(week.network.sites.index)
    stated = week.network.sites["capacity_per_year"] / 52
    assert stated.tolist() == pytest.approx([float(row[1]) for row in printed])
    assert week.activity.tolist() == pytest.approx([float(row[3]) for row in printed])
    assert week.capacity.tolist() == pytest.approx([float(row[4]) for row in printed])
    assert RULES.capacities is not None
    reach = [RULES.capacities.stages[stage].usable_share for stage in ("mine", "mine", "refine", "vehicle")]
    assert reach == [float(row[2]) / 100 for row in printed]


def test_stocks_of_the_page(week: ShockCase) -> None:
    line = r"^\| (\w+) \| (NEAR|FAR|HOME|ABROAD) \| ([\dx ]*)\| ([\dx ]*)\| ([\d.]+) \|$"
    printed = re.findall(line, PAGE, re.MULTILINE)
    held = week.stores[week.stores["kind"] == "warehouse"].set_index(["commodity", "place"])["quantity"]
    assert {(good, place) for good, place, *_ in printed} == set(held.index)
    for good, place, used, made, quantity in printed:
        assert held[good, place] == pytest.approx(float(quantity), abs=0.05)
        sums = [float(days) * float(amount) for days, amount in re.findall(r"(\d+) x (\d+)", used + made)]
        assert sum(sums) * 52 / 365 == pytest.approx(held[good, place])
    under_way = dict(zip(week.network.routes["origin"], week.flow * week.lag_weeks, strict=True))
    assert under_way == pytest.approx({"NEAR": 60, "FAR": 120, "HOME": 20})


def test_thinning_of_the_page() -> None:
    rules = RULES.thinning
    none = {
        name: getattr(rules, name).model_copy(update={"value": 0.0})
        for name in ("above_routes", "spare_suppliers", "buyer_share")
    }
    flow = thin(usual_year(trade_flows([[97.0, 1.0], [2.0, 51.0]]), None), rules.model_copy(update=none)).usual.flow
    printed = [float(number) for number in re.findall(r"\*\*(\d+)\*\*", PAGE)]
    assert flow.tolist() == pytest.approx(printed)


def test_assumptions_that_the_page_names() -> None:
    """Days, weeks and shares in the words of the page are those of the files."""
    assert RULES.capacities is not None
    assert f"{RULES.capacities.stages['vehicle'].ramp_weeks:g} weeks for a car plant" in PAGE
    assert f"{RULES.capacities.stages['mine'].ramp_weeks:g} for a mine" in PAGE
    days = {(entry.party, good): entry.days for entry in RULES.stockpiles for good in entry.commodities}
    assert (days["JPN", "cobalt_metal"], days["KOR", "cobalt_metal"], days["KOR", "ndpr_oxide"]) == (42, 42, 180)
    assert days["KOR", "lithium_carbonate"] == pytest.approx(5.8)
    assert [entry.party for entry in RULES.stockpiles if not entry.known] == ["CHN", "USA", "CAN"]
    shares = {rule.wanted: rule.most_share for rule in RULES.substitutions}
    assert (shares["ev_car_nickel"], shares["ev_car_lfp"]) == (0.15, 0.1)
    assert {12.0, 16.0} == {rule.delay_weeks for rule in RULES.substitutions}
    assert RULES.inventories is not None
    floors = {entry.floor_share for entry in (*RULES.inventories.stages.values(), *RULES.inventories.goods.values())}
    assert (min(floors), max(floors)) == (0.2, 0.3)
    assert RULES.thinning.least_share.value == 0.97
    assert RULES.thinning.spare_suppliers.value == 3
