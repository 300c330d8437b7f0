"""Years of which the customs reports are not all in: whose they are, and that nothing rings red on them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from orepact.facts import Ledger
from orepact.shock.watch.customs import customs_of
from orepact.shock.watch.imports import Imports, import_signals
from orepact.shock.watch.levels import Level
from orepact.shock.watch.reports import late_in, late_reporters
from orepact.shock.watch.rules import WatchRules

PARTIES = {"CAN", "JPN", "KOR", "USA"}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.shipped()


@pytest.fixture(scope="module")
def rules() -> WatchRules:
    return WatchRules.shipped()


def test_whose_reports_are_not_all_in(ledger: Ledger, rules: WatchRules) -> None:
    """Russia stopped publishing in 2022; the last year lacks three, none of them a party of the first corridor."""
    found = late_in(ledger, range(2016, 2025), rules.reading.reports_in)
    assert found[2024] == {"COD", "ARE", "KAZ"}
    assert "RUS" in found[2022]
    assert "RUS" in found[2023]
    assert not PARTIES & set().union(*found.values())
    assert sum(map(len, found.values())) == 10, "as the source of the rule says"
    assert late_reporters(ledger, 2031, rules.reading.reports_in) == frozenset(), "a year without tables lacks nobody"


def test_nothing_of_such_a_year_rings_red(rules: WatchRules) -> None:
    """The same fall is severe where the reports are in; it says why it is held, and that the figure is provisional."""
    fell = Imports("COD", "copper_ore", 2024, {"ZMB": 10.0}, {"ZMB": 900.0, "CHN": 100.0}, world=2000.0, world_before=2000.0)
    loud = {one.indicator: one for one in import_signals(fell, rules)}
    held = {one.indicator: one for one in import_signals(replace(fell, provisional=True), rules)}
    assert loud["import_volume_change"].level is Level.severe
    assert loud["dependence"].level is Level.severe
    for name, one in held.items():
        assert one.level is None or one.level <= rules.reading.reports_in.level, name
        assert one.value == loud[name].value or math.isnan(one.value)
        if one.level is not None:
            assert "provisional: not all of its own reports of 2024 are in" in one.reason
    assert "held at caution until they are" in held["import_volume_change"].reason


def test_the_fall_of_koreas_fluorspar_is_what_was_reported(ledger: Ledger) -> None:
    """Korea has reported, and both editions of the table say the same (docs/why/early-warning.md)."""
    table = customs_of(ledger, ["fluorspar"], 2024)["fluorspar"]
    bought = table.imports_of("KOR", frozenset({"KOR"}), {})
    assert not bought.provisional
    assert (round(bought.total_before), round(bought.total)) == (27025, 1427)
    claims = ledger.trade("fluorspar", 2024, attribute="trade_quantity", partner="KOR")
    assert {source: round(float(each)) for source, each in claims.groupby("source")["number"].sum().items()} == {
        "baci_hs92": 1427,
        "baci_v202601": 1421,
    }
