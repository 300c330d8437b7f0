"""The watch on a network package, by hand; and the command."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.service.shock.watching import watch
from orepact.service.shock.watching_package import imports_in, package_alarms
from orepact.shock.watch.levels import Level
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Alarm
from shock_networks import chain_flows

RULES = WatchRules.shipped()
TOY = Path(__file__).parents[1] / "networks" / "toy"
MAGNETS = Path(__file__).parents[1] / "networks" / "magnets"


def alarms(place: str | None = None) -> dict[tuple[str, str], Alarm]:
    return {(alarm.place, alarm.commodity): alarm for alarm in package_alarms(chain_flows(), RULES, place=place)}


def test_imports_and_stocks_of_a_small_chain_by_hand() -> None:
    found = alarms()
    ore = {signal.indicator: signal for signal in found["HOME", "ore"].signals}
    assert ore["dependence"].value == pytest.approx(60 / 100)
    assert ore["dependence"].level is Level.attention
    metal = {signal.indicator: signal for signal in found["HOME", "metal"].signals}
    # 100 t in the public stock, 50 t a week
    assert metal["stock_days"].value == pytest.approx(100 / 50 * 7 * 365 / 364)
    assert metal["stock_days"].level is Level.severe
    assert found["HOME", "metal"].level is Level.caution
    car = {signal.indicator: signal for signal in found["ABROAD", "car"].signals}
    assert (car["dependence"].value, car["stock_days"].level) == (1.0, None)
    for silent in ("price_change", "export_control", "supplier_governance", "import_volume_change"):
        assert car[silent].level is None
        assert car[silent].reason


def test_trade_inside_a_party_is_no_import() -> None:
    flows = chain_flows()
    both = imports_in(flows, "US", ("HOME", "NEAR"), "ore", flows.years[0])
    assert both.now == pytest.approx({"FAR": 40 * 52})
    assert both.exports == 0.0


def test_every_signal_of_the_rules_is_there_once() -> None:
    for alarm in alarms().values():
        assert [signal.indicator for signal in alarm.signals] == list(RULES.indicators)


def test_unknown_places_and_years_are_refused() -> None:
    with pytest.raises(NotFound, match="HOME"):
        alarms("HOMEE")
    with pytest.raises(BadInput, match="2030"):
        watch(None, network=TOY, year=2029)


def test_two_years_in_a_row_show_changes() -> None:
    data = watch(None, network=TOY, place="BBB", commodity="metal", year=2031, rows="all").data.set_index("indicator")
    assert data["level"]["import_volume_change"] != "no data"
    assert "in 2031, from 80 to" in data["reason"]["import_volume_change"]


def test_the_command_answers_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "watch", "--network", str(MAGNETS), "--place", "JPN", "--level", "attention", "--format", "json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert {"place", "commodity", "level", "reasons", "because", "no_data"} == set(reply["data"][0])
    assert reply["meta"]["levels"].keys() == {"severe", "alert", "caution", "attention", "calm", "no data"}
    assert reply["meta"]["manifest"]


def test_the_command_answers_on_the_facts(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--place", "KOR", "--commodity", "natural_graphite_flake", "--as-of", "2026-11-22"]
    assert run(["shock", "watch", *asked, "--format", "json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert [row["level"] for row in reply["data"]] == ["alert"]
    assert reply["meta"]["day"] == "2026-11-22"
    assert {"baci_hs92", "CN-GRAPHITE-2023"} <= {source["source"] for source in reply["meta"]["sources"]}
    assert run(["shock", "watch", *asked, "--rows", "all", "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(RULES.indicators)
    assert run(["shock", "watch", "--place", "KOX"]) == 3
    assert run(["shock", "watch", "--level", "loud"]) == 2
