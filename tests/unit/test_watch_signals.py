"""Imports of a small invented trade, prices and stocks, and the alarm they make: every value can be checked by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from orepact.shock.watch.imports import Imports, import_signals
from orepact.shock.watch.levels import Level
from orepact.shock.watch.prices import price_signal
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Alarm, Signal, alarm_of
from orepact.shock.watch.stocks import Cover, stock_signal

RULES = WatchRules.shipped()
TITLES = {"CHN": "China", "MOZ": "Mozambique", "CAN": "Canada"}
#: 80 of 100 t from China after 60 of 200 t: imports halve (-0.5), China goes from 0.3 to 0.8 of them, Mozambique from 0.6 to 0.2.
HALVED = Imports(
    "KOR", "natural_graphite_flake", 2024, {"CHN": 80.0, "MOZ": 20.0}, {"CHN": 60.0, "MOZ": 120.0, "CAN": 20.0},
    world=1000.0, world_before=1000.0, sources=("table",), titles=TITLES,
)  # fmt: skip
RISK = {"CHN": 6.0, "MOZ": 7.0}


def read(imports: Imports, governance: dict[str, float] | None = None) -> dict[str, Signal]:
    return {signal.indicator: signal for signal in import_signals(imports, RULES, governance)}


@pytest.mark.parametrize(
    ("indicator", "value", "level", "words"),
    [
        ("import_volume_change", -0.5, Level.alert, "imports fell by 50 % in 2024, from 200 to 100 t"),
        ("dependence", 0.8, Level.alert, "80 % of imports of 2024 came from China"),
        ("dependence_change", 0.5, Level.severe, "the largest seller, China, went from 30 to 80 % of imports in 2024"),
        ("seller_lost", 0.4, Level.alert, "Mozambique fell from 60 to 20 % of imports in 2024"),
        ("supplier_governance", 6.2, Level.caution, "the sellers' governance risk is 6.2 of 10, weighted by imports of 2024"),
    ],
)
def test_imports_by_hand(indicator: str, value: float, level: Level, words: str) -> None:
    found = read(HALVED, RISK)[indicator]
    assert found.value == pytest.approx(value)
    assert found.level is level
    assert found.reason == words
    assert (found.year, found.sources) == (2024, ("table",))


def test_governance_is_silent_when_too_little_of_it_is_known() -> None:
    found = read(HALVED, {"MOZ": 7.0})["supplier_governance"]
    assert found.level is None
    assert math.isnan(found.value)
    assert found.reason == "governance is known for 20 % of imports only"


def test_governance_leaves_out_sellers_without_an_estimate() -> None:
    assert read(HALVED, {"CHN": 6.0})["supplier_governance"].value == pytest.approx(6.0)


def test_no_table_and_no_year_before_are_no_data() -> None:
    nothing = Imports("KOR", "cam_nmc811", 0, {}, None, counted=False)
    assert {signal.level for signal in import_signals(nothing, RULES, RISK)} == {None}
    alone = Imports("KOR", "copper_cathode", 2024, {"CHL": 10.0}, None, world=100.0)
    silent = {name for name, signal in read(alone).items() if signal.level is None}
    assert silent == {"import_volume_change", "dependence_change", "seller_lost", "supplier_governance"}
    assert read(alone)["dependence"].level is Level.severe


def test_what_is_too_little_does_not_ring_and_says_so() -> None:
    small = Imports("KOR", "ore", 2024, {"CHN": 0.4}, {"CHN": 0.1, "MOZ": 0.3}, world=100.0, world_before=100.0)
    found = read(small)
    assert {signal.level for name, signal in found.items() if name != "supplier_governance"} == {Level.calm}
    assert "too little to ring: 0.4 % of the world's trade" in found["dependence"].reason
    gone = Imports("KOR", "ore", 2024, {"CHN": 0.1}, {"CHN": 2.0}, world=100.0, world_before=100.0)
    assert read(gone)["import_volume_change"].level is Level.severe, "what was large the year before still counts"


def test_a_net_exporter_is_held() -> None:
    seller = Imports("CAN", "nickel_class1", 2024, {"NOR": 10.0}, {"NOR": 10.0}, exports=11.0, world=100.0, world_before=100.0)
    found = read(seller)["dependence"]
    assert found.value == 1.0
    assert found.level is Level.attention
    assert found.reason.endswith("(held at attention: more is sold than bought)")


def test_the_rest_of_the_world_is_never_the_largest_seller() -> None:
    rest = Imports("KOR", "ore", 2024, {"ROW": 90.0, "CHN": 10.0}, None, world=100.0)
    assert rest.largest == "CHN"
    assert read(rest)["dependence"].value == pytest.approx(0.1)


PRICES = pd.DataFrame(
    [
        ("cobalt_metal", 2024, 20_000.0, "USD_per_t", "a", "reported", "cash; average of 12 months"),
        ("cobalt_metal", 2025, 31_000.0, "USD_per_t", "a", "estimated", "cash; average of 5 months"),
        ("lithium_carbonate", 2020, 6_400.0, "USD_per_t", "a", "reported", ""),
        ("lithium_carbonate", 2021, 11_700.0, "USD_per_t", "b", "reported", ""),
    ],
    columns=["thing", "year", "number", "unit", "source", "confidence", "note"],
)


def test_prices_by_hand() -> None:
    found = price_signal(PRICES, "KOR", "cobalt_hydroxide", RULES)
    assert found.value == pytest.approx(0.55)
    assert found.level is Level.alert
    expected = "the price of cobalt_metal (which stands for cobalt_hydroxide) rose by 55 % in 2025 (average of 5 months)"
    assert found.reason == f"{expected}, from 20,000 to 31,000 USD a t"
    assert found.confidence == "estimated"


def test_prices_of_two_sources_or_of_one_year_are_no_data() -> None:
    assert price_signal(PRICES, "KOR", "lithium_carbonate", RULES).level is None
    assert price_signal(PRICES, "KOR", "cobalt_metal", RULES, 2024).level is None
    assert price_signal(PRICES, "KOR", "separator", RULES).reason == "no prices are in these facts"


def test_days_of_stock_by_hand() -> None:
    cover = Cover(59.9, "a stock", 2025, ("a",), "reported")
    assert stock_signal("USA", "cobalt_metal", [cover], RULES).level is Level.alert
    assert stock_signal("USA", "cobalt_metal", [], RULES, "volumes are secret").reason == "volumes are secret"
    assert stock_signal("USA", "cobalt_metal", [], RULES).level is None


def alarm(**levels: Level | None) -> Alarm:
    """The alarm of these levels; every other indicator has no data."""
    return alarm_of(
        [Signal("KOR", "ore", name, math.nan, levels.get(name), name) for name in RULES.indicators],
        RULES,
    )


CALM = dict.fromkeys(RULES.indicators, Level.calm)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, Level.calm),
        ({"price_change": Level.attention}, Level.attention),
        ({"dependence": Level.alert}, Level.attention),
        ({"dependence": Level.severe}, Level.caution),
        ({"dependence": Level.alert, "stock_days": Level.alert}, Level.caution),
        ({"price_change": Level.caution}, Level.attention),
        ({"price_change": Level.caution, "dependence": Level.attention}, Level.caution),
        ({"price_change": Level.alert}, Level.caution),
        ({"price_change": Level.alert, "dependence": Level.caution}, Level.alert),
        ({"price_change": Level.severe}, Level.alert),
        ({"price_change": Level.caution, "export_control": Level.caution, "dependence": Level.severe}, Level.alert),
        ({"price_change": Level.severe, "dependence": Level.caution}, Level.severe),
        ({"price_change": Level.alert, "seller_lost": Level.alert, "stock_days": Level.alert}, Level.severe),
    ],
)
def test_ways_to_a_level(levels: dict[str, Level], expected: Level) -> None:
    assert alarm(**{**CALM, **levels}).level is expected


def test_missing_data_is_never_calm() -> None:
    assert alarm().level is None
    few = alarm(export_control=Level.calm, price_change=Level.calm)
    assert few.level is None
    assert few.way == "2 of 8 indicators have data: too few to call it calm"
    blind = alarm(export_control=Level.caution)
    assert blind.level is Level.caution, "nobody knows how much it would hurt, so it counts as if it did"
    assert blind.way.endswith("no standing indicator has data, which counts as bad")
    assert alarm(export_control=Level.caution, dependence=Level.calm).level is Level.attention
    assert len(blind.silent) == 7


def test_nothing_that_needs_only_standing_ones_is_met_by_silence() -> None:
    assert alarm(price_change=Level.attention).level is Level.attention
