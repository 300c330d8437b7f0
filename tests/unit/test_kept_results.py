"""Kept results: of the facts' edition, small, the same as when a part is computed anew; right by what the world knows."""

from __future__ import annotations

import hashlib
import io
import json
import shlex
from functools import cache

import pandas as pd
import pytest
from tools.compile.kept import MOST_BYTES, rounded, to_digits
from typer.testing import CliRunner

from orepact.chain import Flows, Scenario
from orepact.chain.moves import moves
from orepact.chain.scenario_files import shipped_scenarios
from orepact.cli import app
from orepact.errors import NotFound
from orepact.facts import Ledger
from orepact.plan.horizon import Horizon
from orepact.service.flowing import balanced_year
from orepact.service.view import costs, verdicts
from orepact.service.view.kept_results import PLANS, REMAKE, TABLES, folder, kept, plan_table, settings_hash, stale
from orepact.service.view.planned import kept_plan
from orepact.shock.events.event import Event

LEDGER = Ledger.shipped()


@cache
def balanced() -> Flows:
    """The base year, balanced anew without saying how sure each flow is."""
    return balanced_year(LEDGER, 2024, Scenario.load("reference"), spread=False).flows


# What is kept -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_kept_table_is_of_the_facts_edition(name: str) -> None:
    """When this fails, facts or assumptions changed: run ``python -m tools.compile.kept`` (about four minutes)."""
    manifest = kept(name).manifest
    scenario = Scenario.load(manifest["scenario"])
    found = {key: manifest[key] for key in ("data_edition", "scenario_hash", "settings_hash")}
    assert found == {"data_edition": LEDGER.edition, "scenario_hash": scenario.hash, "settings_hash": settings_hash()}, REMAKE


@pytest.mark.parametrize("name", TABLES)
def test_a_kept_table_is_what_its_manifest_says(name: str) -> None:
    """Bytes, rows, columns; every number has a unit or is a count; commands and sources stand beside it."""
    table = kept(name)
    assert hashlib.sha256(table.path.read_bytes()).hexdigest() == table.manifest["sha256"]
    assert list(table.frame.columns) == table.manifest["columns"]
    assert len(table.frame) == table.manifest["rows"] > 0
    assert set(table.units) <= set(table.frame.columns)
    assert all(command.startswith("orepact ") for command in table.manifest["command"])
    assert "code_version" not in json.dumps(table.manifest)


def test_all_of_it_is_small() -> None:
    """At most six MiB, and nothing lies there that is not listed."""
    files = {path.name for path in folder().iterdir()}
    assert files == {f"{name}.{ending}" for name in TABLES for ending in ("parquet", "json")}
    assert sum(path.stat().st_size for path in folder().iterdir()) < MOST_BYTES


def test_the_plan_of_every_scenario_is_kept() -> None:
    """Each of its own scenario, and no two alike."""
    assert set(PLANS) == set(shipped_scenarios())
    costs = {name: kept(plan_table(name)).manifest["objective_usd"] for name in PLANS}
    assert {kept(plan_table(name, part)).manifest["scenario"] for name, parts in PLANS.items() for part in parts} == set(PLANS)
    assert min(costs, key=lambda name: costs[name]) == "reference", "what it must do besides costs more"


def test_the_kept_plan_of_japan_misses_its_target() -> None:
    """By hand: what counts is what stands and what is built, asked for are 600 GWh a year from 2030 on."""
    plan = kept_plan(LEDGER, "japan_600")
    target = next(one for one in plan.targets if one["year"] == 2030)
    sites = plan.tables["sites"]()
    reached = sites[(sites["year"] == 2030) & sites["commodity"].isin(target["commodities"])]["total"].sum()
    assert target["bound"] == pytest.approx(600e3)
    assert target["value"] == pytest.approx(reached, rel=1e-4)
    assert target["shortfall"] == pytest.approx(target["bound"] - target["value"], rel=1e-4)
    assert kept_plan(LEDGER).targets == []
    with pytest.raises(NotFound, match="japan_600"):
        kept_plan(LEDGER, "japan_60")


def test_what_a_missed_target_is_charged_with_is_no_cost() -> None:
    """By hand: 1 m USD for each MWh a year that is missing, in the weights of the model years; nothing is charged elsewhere."""
    own = kept(plan_table("japan_600")).manifest
    weights = dict(zip(own["years"], Horizon(tuple(own["years"]), own["discount_rate"]).weights, strict=True))
    missed = sum(weights[int(one["year"])] * one["shortfall"] for one in kept_plan(LEDGER, "japan_600").targets)
    assert own["charged_usd"] == pytest.approx(1e6 * missed, rel=1e-3)
    assert kept_plan(LEDGER).charged_usd == kept_plan(LEDGER, "diversified").charged_usd == 0.0
    spent = own["objective_usd"] - own["charged_usd"]
    assert 1.0 < spent / kept(plan_table("reference")).manifest["objective_usd"] < 1.01, "a target costs little beside all else"


def test_a_small_part_computed_anew_equals_what_is_kept() -> None:
    """What moves of lithium hydroxide in the base year, to the digits that are kept."""
    names = ["commodity", "way", "from_place", "from_owner", "to_place", "to_owner", "to_stage"]
    found = moves(balanced(), 2024, least=0.0)
    anew = found[found["commodity"] == "lithium_hydroxide"].groupby(names)["quantity"].sum()
    table = kept("moves").frame
    known = table[(table["commodity"] == "lithium_hydroxide") & (table["year"] == 2024)].groupby(names)["quantity"].sum()
    assert known.to_numpy() == pytest.approx(anew.reindex(known.index).to_numpy(), rel=1e-3)
    assert known.sum() == pytest.approx(anew.sum(), rel=0.005)


def computed(command: str, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """The rows that a shown command gives, on the year that is balanced once for all tests."""
    for home in ("orepact.service.landed_cost", "orepact.service.flowing"):
        monkeypatch.setattr(f"{home}.flows_for", lambda *_, **__: balanced())
    program, *words = shlex.split(command)
    assert program == "orepact"
    done = CliRunner().invoke(app, [*words, "--format", "csv"])
    assert done.exit_code == 0, done.output
    return pd.read_csv(io.StringIO(done.stdout), keep_default_na=False)


@pytest.mark.parametrize("buyer", ["KOR", "USA"])
def test_the_shown_command_gives_every_part_of_the_landed_costs(buyer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the same sources, under the same rule sets, Canada's among them, to the digits that are kept."""
    asked = costs.question("lithium_hydroxide", buyer)
    keys = ["origin", "rules", "component", "stage", "note"]
    anew = computed(asked.command_line(), monkeypatch).set_index(keys)["usd_per_unit"]
    known = costs.kept_costs(asked, LEDGER).parts.set_index(keys)["usd_per_unit"]
    assert {origin for origin, *_ in known.index} >= {"CHN", "CA-QC", "CA-ON"}
    assert set(known.index) == set(anew.index)
    assert known.to_numpy() == pytest.approx(pd.to_numeric(anew).reindex(known.index).to_numpy(), rel=1e-3, abs=1e-2, nan_ok=True)


def test_the_shown_command_gives_every_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a good made at each place under each rule set: the verdict, the reason, the fix."""
    asked = verdicts.question("lithium_hydroxide")
    keys = ["place", "rules"]
    anew = computed(asked.command_line(), monkeypatch).set_index(keys)
    known = verdicts.kept_verdicts(asked, LEDGER).rows.set_index(keys)
    assert list(known.index) == list(anew.index)
    for name in ("verdict", "why", "test", "rule", "change"):
        assert known[name].tolist() == anew[name].tolist(), name


def test_numbers_are_cut_to_the_digits_that_count() -> None:
    """So that the last bits of a solver do not change a file."""
    assert to_digits(pd.Series([1.0000049, -3.0]).to_numpy()).tolist() == [1.0, -3.0]
    assert rounded(pd.DataFrame({"a": [2 / 3], "b": ["x"]}, index=[7])).to_dict("list") == {"a": [0.66667], "b": ["x"]}


def test_a_reader_of_other_facts_is_told() -> None:
    """As of another day, with unverified claims: the numbers are still those of the manifest, and that is said."""
    assert stale(LEDGER, TABLES) == []
    assert "2024-06-30" in str(stale(LEDGER.at("2024-06-30"), ["moves"])[0])
    assert "unverified" in stale(LEDGER.at(None, include_unverified=True), ["moves"])[0].text


def test_an_unknown_table_is_not_found() -> None:
    """With the nearest name."""
    with pytest.raises(NotFound, match="moves"):
        kept("move")


# What the world knows ---------------------------------------------------------------------------------------------------------


def origins(**asked: object) -> pd.Series:
    """Shares by origin of one question."""
    table = kept("origins").frame
    for name, value in asked.items():
        table = table[table[name] == value]
    assert table["share"].sum() == pytest.approx(1.0, abs=2e-3)
    return table.set_index("origin")["share"]


def imports(commodity: str, place: str) -> pd.Series:
    """Shares of what a place buys abroad of a good, by seller."""
    table = kept("moves").frame
    rows = table[
        (table["commodity"] == commodity) & (table["to_place"] == place) & (table["way"] == "route") & (table["year"] == 2024)
    ]
    bought = rows.groupby("from_place")["quantity"].sum()
    return bought / bought.sum()


def test_graphite_in_korean_cells_is_chinese() -> None:
    """By owner as by place: nine tenths of the matter; Korean coaters stand between for a third of it.

    Korea's customs gave China more than nine tenths of the graphite for anodes that it bought abroad in 2023 and 2024.
    """
    question = {"year": 2024, "party": "KOR", "good": "cell", "element": "graphite", "basis": "production"}
    for by in ("place", "owner"):
        assert 0.85 < origins(**question, stage="mine", by=by)["CHN"] < 0.97
    coated = origins(**question, stage="active_material", by="owner")
    assert 0.5 < coated["CHN"] < 0.75
    assert 0.2 < coated["KOR"] < 0.4
    assert imports("coated_spherical_graphite", "KOR")["CHN"] > 0.8
    assert imports("synthetic_graphite", "KOR")["CHN"] > 0.8


def test_lithium_in_japan_comes_from_chile_and_china() -> None:
    """Carbonate is bought from South America, hydroxide from China, as Japan's customs have it.

    The matter in it is dug in Australia and Chile.
    """
    carbonate, hydroxide = imports("lithium_carbonate", "JPN"), imports("lithium_hydroxide", "JPN")
    assert carbonate.idxmax() == "CHL"
    assert carbonate["CHL"] + carbonate["ARG"] > 0.7
    assert 0.7 < hydroxide["CHN"] < 0.95
    question = {"year": 2024, "party": "JPN", "good": "cell", "element": "lithium", "basis": "production", "by": "place"}
    dug = origins(**question, stage="mine")
    assert set(dug.index[:2]) == {"AUS", "CHL"}
    assert dug["CHN"] < 0.2
    assert origins(**question, stage="refine")["CHN"] > 0.4


def test_cells_weigh_what_studies_say() -> None:
    """Between 45 and 90 kg CO2e for each kWh, and the parts add up."""
    table = kept("carbon").frame
    cells = table[table["good"].str.startswith("cell")]
    totals = cells.groupby(["good", "place_of_making"]).agg({"kg_co2e_per_kwh": "sum", "total_kg_per_kwh": "first"})
    assert totals["kg_co2e_per_kwh"].to_numpy() == pytest.approx(totals["total_kg_per_kwh"].to_numpy(), rel=1e-3)
    assert totals["total_kg_per_kwh"].between(45, 90).all()


def test_components_of_a_landed_cost_add_up() -> None:
    """Of every good, buyer, source and rule set."""
    keys = ["commodity", "origin", "buyer", "rules"]
    parts = kept("cost_parts").frame
    parts = parts[parts["component"] != "total"]
    totals = kept("costs").frame.set_index(keys)["total_usd"]
    sums = parts.groupby(keys)["usd_per_unit"].sum().reindex(totals.index)
    assert sums.to_numpy() == pytest.approx(totals.to_numpy(), rel=2e-3, abs=1.0)


def test_the_graphite_stop_answers_what_it_costs_japan() -> None:
    """With and without the pact; six months of the event as it stands in the library."""
    table = kept("graphite_stop").frame.set_index(["party", "response"])
    for party in ("JPN", "KOR"):
        losses = [table.loc[(party, response), "loss_usd"] for response in ("contracts", "market", "pact")]
        assert losses[0] > 20 * losses[1] > 0
        assert losses[2] == pytest.approx(losses[1], rel=0.2)
        cells = [table.loc[(party, response), "not_made_gwh_cells"] for response in ("contracts", "market", "pact")]
        assert cells[0] > cells[1] >= cells[2] > 0
    event = Event.load("graphite_stop")
    assert kept("graphite_stop").manifest["of"]["events"] == {"graphite_stop": event.hash}
    assert event.weeks == 26
