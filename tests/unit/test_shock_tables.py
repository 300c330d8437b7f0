"""The tables of an outcome, on the small chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orepact.shock import respond
from orepact.shock.outcome import tables
from orepact.shock.outcome.compare import summary, value_of_cooperation
from orepact.shock.outcome.outcome import Outcome
from shock_disruptions import broken
from shock_networks import chain_case

NEAR, FAR, SMELTER, PLANT = range(4)


def stopped_mine(weeks: int = 20, **changes: object) -> Outcome:
    """The near mine stands still for eight weeks; see test_shock_contracts for the figures by hand."""
    case = chain_case(**changes)
    event = broken(case, weeks=weeks)
    event.site_share[NEAR, :8] = 0.0
    return respond(case, event, "contracts")


def test_lost_holds_every_unmet_unit_with_its_worth() -> None:
    found = stopped_mine()
    table = found.lost
    assert tuple(table.columns) == tables.LOST
    assert table["quantity"].sum() == pytest.approx(found.unmet.sum())
    first = table.iloc[0]
    assert (first["week"], first["party"], first["commodity"], first["unit"]) == (6, "HOME", "car", "vehicle")
    assert (first["quantity"], first["loss_usd"]) == (pytest.approx(16), pytest.approx(16_000))
    assert table["loss_usd"].sum() == pytest.approx(76_800)


def test_a_good_without_worth_counts_by_quantity_everywhere() -> None:
    case = chain_case()
    wants = case.wants.assign(loss_usd_per_unit=[np.nan, 800.0])
    found = stopped_mine(wants=wants)
    table = found.lost
    assert table.loc[table["party"] == "HOME", "loss_usd"].sum() == pytest.approx(64)
    assert table.loc[table["party"] == "HOME", "quantity"].sum() == pytest.approx(64)
    assert table["loss_usd"].sum() == pytest.approx(64 + 16 * 800)
    assert found.parties["loss_usd"].sum() == pytest.approx(found.costs_usd["loss"]) == table["loss_usd"].sum()


def test_totals_of_the_parties_are_the_costs_of_the_outcome() -> None:
    """Nothing is lost between places, kinds and parties, what is less under way stands apart; less than a dollar is not told."""
    for found in (stopped_mine(), stopped_mine(weeks=6), *planned_outcomes()):
        costs = sum(found.costs_usd.values()) - found.costs_usd["under_way"]
        assert found.parties["total_usd"].sum() == pytest.approx(costs, abs=5.0)
        assert found.parties["less_under_way_usd"].sum() == pytest.approx(found.costs_usd["under_way"], abs=5.0)
        lacking = found.costs_usd["stock"] + found.costs_usd["release"]
        assert found.parties["stock_not_refilled_usd"].sum() == pytest.approx(lacking, abs=5.0)
    short = stopped_mine(weeks=6).parties.set_index("party")
    assert short.loc["HOME", "less_under_way_usd"] == pytest.approx(60 * 10)  # a week of ore from the mine
    assert short.loc["HOME", "stock_not_refilled_usd"] == pytest.approx(stopped_mine(weeks=6).costs_usd["stock"])
    assert short.loc["HOME", "stock_not_refilled_usd"] > 0


def planned_outcomes() -> list[Outcome]:
    """Market and pact after the same stop."""
    case = chain_case()
    event = broken(case, weeks=20)
    event.site_share[NEAR, :8] = 0.0
    return [respond(case, event, name) for name in ("market", "pact")]


def test_sites_say_usual_made_and_lost() -> None:
    table = stopped_mine().sites
    assert tuple(table.columns) == tables.SITES
    plant = table[table["site"] == "plant"].set_index("week")
    assert plant["made"].to_dict() == pytest.approx({5: 40, 6: 20, 7: 20, 8: 20})
    assert plant["not_made"].sum() == pytest.approx(100)
    assert (plant["usual"] == 50).all()
    assert plant["owner"].unique().tolist() == ["Home Cars"]


def test_stops_say_when_a_plant_falls_below_half_and_when_it_stands_still() -> None:
    table = stopped_mine().stops.set_index("site")
    assert tuple(table.columns) == tables.STOPS[1:]
    assert table.index.tolist() == ["mine_near", "smelter", "plant"]
    assert table["below_half_week"].tolist() == [0, 5, 6]
    assert table["below_half_weeks"].tolist() == [8, 4, 3]
    assert table["stop_week"].isna().tolist() == [False, True, True]
    assert table.loc["mine_near", "stop_weeks"] == 8
    assert table["not_made"].tolist() == pytest.approx([480, 140, 100])


def test_cover_counts_stock_above_floors_in_days_of_usual_use() -> None:
    """200 ore at 100 a week: 14 days; 40 + 80 metal at 50 a week: 16.8; 20 cars at 40 a week: 3.5; none at ABROAD: 0."""
    table = stopped_mine().cover
    assert tuple(table.columns) == tables.COVER
    first = table[table["week"] == 0].set_index(["party", "commodity"])["cover_days"]
    assert first.to_dict() == pytest.approx(
        {("HOME", "ore"): 14.0, ("HOME", "metal"): 16.8, ("HOME", "car"): 3.5, ("ABROAD", "car"): 0.0}
    )
    ore = table[(table["commodity"] == "ore") & (table["party"] == "HOME")].set_index("week")["cover_days"]
    assert ore[[1, 2, 3, 4]].tolist() == pytest.approx([9.8, 5.6, 1.4, 0.0])


def test_a_party_of_several_places_is_added_up() -> None:
    found = stopped_mine(parties={"union": ("HOME", "ABROAD")}, wants=chain_case().wants.assign(party="union"))
    cover = found.cover[found.cover["week"] == 0].set_index(["party", "commodity"])["cover_days"]
    assert cover["union", "car"] == pytest.approx(20 / 50 * 7)
    assert set(found.sites["party"]) == {"NEAR", "union"}
    assert found.parties["party"].tolist() == ["union", "NEAR"]
    assert found.parties["loss_usd"].tolist() == pytest.approx([76_800, 0])


def test_stocks_list_every_store_by_week() -> None:
    found = stopped_mine(weeks=6)
    table = found.stocks
    assert tuple(table.columns) == tables.STOCKS
    assert len(table) == 4 * 6
    public = table[table["kind"] == "stockpile"]
    assert (public["stock"] == 100).all()
    ore = table[table["commodity"] == "ore"]
    assert ore["released"].sum() == pytest.approx(200 - ore["stock"].iloc[-1])


def test_parties_count_what_their_plants_and_their_buyers_lose() -> None:
    table = stopped_mine().parties.set_index("party")
    assert table.index.tolist() == ["HOME", "ABROAD", "NEAR"]  # the mine at NEAR stands idle, and that costs
    assert table["lost_vehicles"].tolist() == pytest.approx([64, 16, 0])
    assert table["vehicles_not_made"].tolist() == pytest.approx([100, 0, 0])
    assert (table["not_made_gwh_cells"] == 0).all()


def in_energy(unit: str, stage: str) -> Outcome:
    """The chain whose smelter makes cells instead of metal, counted in ``unit``."""
    base = chain_case().network
    goods = base.commodities.assign(stage=["mine", stage, "vehicle"], unit=["t", unit, "vehicle"])
    return stopped_mine(network=base.with_tables(commodities=goods))


@pytest.mark.parametrize(("unit", "gwh"), [("MWh", 0.140), ("GWh", 140.0), ("kWh", 0.000140)])
def test_energy_is_told_in_gwh_whatever_its_unit(unit: str, gwh: float) -> None:
    found = in_energy(unit, "cell")
    assert found.sites.loc[found.sites["site"] == "smelter", "not_made_gwh"].sum() == pytest.approx(gwh)
    assert found.parties.set_index("party").loc["HOME", "not_made_gwh_cells"] == pytest.approx(gwh)
    assert found.sites.loc[found.sites["site"] == "plant", "not_made_gwh"].isna().all()


def test_packs_and_tonnes_are_no_cells() -> None:
    assert in_energy("MWh", "pack").parties.set_index("party").loc["HOME", "not_made_gwh_packs"] == pytest.approx(0.140)
    found = in_energy("t", "cell").parties
    assert (found[["not_made_gwh_cells", "not_made_gwh_packs"]] == 0).all(axis=None)


@pytest.mark.parametrize(("unit", "counted"), [("vehicle", True), ("car", True), ("", True), ("GWh", False), ("t", False)])
def test_vehicles_are_goods_of_that_stage_however_spelt(unit: str, counted: bool) -> None:
    case = chain_case()
    goods = case.network.commodities.assign(unit=["t", "t", unit])
    network = case.network.with_tables(commodities=goods.reset_index())
    found = stopped_mine(network=network, wants=case.wants.assign(unit=unit))
    assert found.unmet.sum() > 0
    assert found.parties["lost_vehicles"].sum() == pytest.approx(found.unmet.sum() if counted else 0.0)
    assert (found.parties["vehicles_not_made"].sum() > 0) == counted


def test_what_a_party_makes_more_elsewhere_counts_against_what_it_makes_less() -> None:
    """A second plant of HOME makes 30 cars more in the same weeks: 70 of 100 are not made."""
    found = stopped_mine()
    activity = found.activity.copy()
    activity[PLANT, 0] += 30.0
    table = replace(found, activity=activity).parties.set_index("party")
    assert table.loc["HOME", "vehicles_not_made"] == pytest.approx(70)


def test_outcomes_stand_side_by_side_with_all_of_them_first() -> None:
    """The pact is played by the same run with 44 cars fewer unmet at HOME: worth 44,000; ABROAD loses as before."""
    contracts = stopped_mine()
    unmet = contracts.unmet.copy()
    unmet[0, 7:9] = 2.0
    pact = replace(contracts, response="pact", unmet=unmet)
    both = {"contracts": contracts, "pact": pact}
    table = summary(both)
    assert table["party"].tolist() == ["all", "all", "HOME", "HOME", "ABROAD", "ABROAD", "NEAR", "NEAR"]
    assert table["response"].tolist() == ["contracts", "pact"] * 4
    assert table["loss_usd"].tolist() == pytest.approx([76_800, 32_800, 64_000, 20_000, 12_800, 12_800, 0, 0])
    worth = value_of_cooperation(both).set_index("party")["value_usd"]
    assert worth.to_dict() == pytest.approx({"all": 44_000, "HOME": 44_000, "ABROAD": 0, "NEAR": 0})
    assert not len(value_of_cooperation({"contracts": contracts}))


def test_nothing_lost_is_a_table_without_parties() -> None:
    case = chain_case()
    calm = respond(case, broken(case), "contracts")
    table = summary({"contracts": calm})
    assert table["party"].tolist() == ["all"]
    assert table["loss_usd"].tolist() == [0]
    assert isinstance(calm.cover, pd.DataFrame)
    assert len(calm.cover)
