"""Exposure of a network that can be checked by hand: the example of docs/why/exposure.md, and what a package may leave out."""

import json
import math
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Network
from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.service.shock import exposure
from orepact.shock.exposure.aggregate import Aggregate
from orepact.shock.exposure.elements import Elements, Unclear
from orepact.shock.exposure.hit import Hit
from orepact.shock.exposure.program import Losing, Surviving
from orepact.shock.exposure.recovery_times import RecoveryTimes, every_break
from shock_networks import chain_case

ROOT = Path(__file__).parents[2]
TWO_MAKERS = ROOT / "tests" / "networks" / "recovery"

#: Demand 100 cars a week, each worth 10; 110 parts and 50 cars in stock; makers of 60, 55 and 10 parts, a plant of 100 cars.
#: event: time to survive, lost quantity, loss, index
BY_HAND = {
    "fire at the first maker": (160 / (100 - 65), 0, 0, 0),
    "strike at the second maker": (160 / (100 - 70), 0, 0, 0),
    # the second maker works again after half of the time: 55 x 2 + 10 x 4 + 110 parts, 50 cars
    "earthquake": (160 / (100 - 10), 400 - 310, 900, 900 / 1500),
    "bridge": (160 / (100 - 70), 600 - (70 * 6 + 160), 200, 200 / 1500),
    "plant": (50 / 100, 200 - 50, 1500, 1),
    "third maker": (math.inf, 0, 0, 0),
}


def copied(folder, **texts):
    shutil.copytree(TWO_MAKERS, folder, dirs_exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def by_event(result):
    return result.data.set_index("event")


def test_the_example_by_hand():
    rows = by_event(exposure(None, network=TWO_MAKERS))
    assert list(rows.index) == list(BY_HAND)
    for event, (survives, lost, usd, index) in BY_HAND.items():
        found = rows.loc[event, ["time_to_survive", "lost_quantity", "loss_usd", "risk_exposure_index"]]
        assert found.tolist() == pytest.approx([survives, lost, usd, index], abs=1e-9), event
    assert rows["time_to_recover"].tolist() == [4, 3, 4, 6, 2, 8]
    assert rows.loc["plant", ["worst_commodity", "worst_party", "unit"]].tolist() == ["car", "DDD", "car"]


def test_the_page_prints_these_numbers():
    page = (ROOT / "docs" / "why" / "exposure.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    printed = {cells[0]: cells for cells in lines}
    for event, row in by_event(exposure(None, network=TWO_MAKERS)).iterrows():
        survives = "unlimited" if row["survives_unlimited"] else f"{row['time_to_survive']:.2f}"
        expected = [survives, f"{row['lost_quantity']:.0f}", f"{row['loss_usd']:.0f}", f"{row['risk_exposure_index']:.2f}"]
        assert printed[event][-4:] == expected


def test_json_has_null_for_no_end(capsys):
    assert run(["shock", "exposure", "--network", str(TWO_MAKERS), "--format", "json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    rows = {row["event"]: row for row in reply["data"]}
    wanted = {"event", "time_to_recover", "time_to_survive", "lost_quantity", "loss_usd", "risk_exposure_index"}
    assert wanted <= set(rows["plant"])
    assert rows["third maker"]["time_to_survive"] is None
    assert [name for name, row in rows.items() if row["survives_unlimited"]] == ["third maker"]
    assert reply["meta"]["risk_exposure_by"] == "loss_usd"
    assert reply["meta"]["time_unit"] == "as in the package"


def test_numbers_as_ids_stay_text(tmp_path):
    shutil.copytree(TWO_MAKERS, tmp_path / "p")
    for file in (tmp_path / "p").glob("*.csv"):
        text = file.read_text()
        for old, new in (("maker_a", "7"), ("maker_b", "08"), ("AAA", "7"), ("BBB", "12"), ("part", "3")):
            text = re.sub(rf"(?<![\w]){old}(?![\w])", new, text)
        file.write_text(text)
    (tmp_path / "p" / "recovery.csv").write_text("event,element,time_to_recover\n1,7,4\n1,08,2\n2,12>DDD/3,6\n")
    rows = by_event(exposure(None, network=tmp_path / "p"))
    assert list(rows.index) == ["1", "2"]
    assert rows["lost_quantity"].tolist() == pytest.approx([90, 20])


def test_zero_stock_survives_nothing(tmp_path):
    folder = copied(tmp_path, stockpiles="commodity,place,quantity,owner\npart,DDD,0,Gamma\ncar,DDD,0,Gamma\n")
    rows = by_event(exposure(None, network=folder))
    assert rows.loc["plant", "time_to_survive"] == 0.0
    assert rows.loc["plant", "lost_quantity"] == pytest.approx(200)
    assert rows.loc["third maker", "survives_unlimited"]


def test_no_stockpiles_at_all(tmp_path):
    folder = copied(tmp_path)
    (folder / "stockpiles.csv").unlink()
    rows = by_event(exposure(None, network=folder))
    assert rows.loc["earthquake", ["time_to_survive", "lost_quantity"]].tolist() == pytest.approx([0, 400 - 150])


def test_a_stock_that_is_released_slowly(tmp_path):
    header = "commodity,place,quantity,owner,release_per_year\n"
    folder = copied(tmp_path, stockpiles=header + "part,DDD,110,Gamma,20\ncar,DDD,50,Gamma,\n")
    rows = by_event(exposure(None, network=folder))
    # strike: 30 parts a week are missing, 20 of them come from stock: cars bridge 10 a week
    assert rows.loc["strike at the second maker", "time_to_survive"] == pytest.approx(5.0)
    # bridge, 6 weeks: 20 x 6 > 110, so the stock is used up
    assert rows.loc["bridge", "lost_quantity"] == pytest.approx(20)
    # earthquake, 4 weeks: 80 of 110 come out
    assert rows.loc["earthquake", "lost_quantity"] == pytest.approx(120)


def test_a_network_that_is_short_without_any_event(tmp_path):
    folder = copied(tmp_path, demand="commodity,place,year,quantity,shortage_cost_usd\ncar,DDD,2025,200,10\n")
    result = exposure(None, network=folder)
    rows = by_event(result)
    # two weeks: 400 wanted, 200 made and 50 in stock; nothing of it is due to the third maker
    assert rows.loc["plant", ["lost_quantity", "lost_without_event"]].tolist() == pytest.approx([350, 150])
    assert rows.loc["third maker", "time_to_survive"] == pytest.approx(0.5)
    assert any("even when nothing breaks" in warning for warning in result.warnings)


def test_worth_falls_back_to_the_price(tmp_path):
    folder = copied(tmp_path, demand="commodity,place,year,quantity\ncar,DDD,2025,100\n")
    assert by_event(exposure(None, network=folder)).loc["plant", "loss_usd"] == pytest.approx(150 * 20)


def test_without_any_worth_quantity_counts(tmp_path):
    folder = copied(
        tmp_path, demand="commodity,place,year,quantity\ncar,DDD,2025,100\n", commodities="commodity,unit\npart,piece\ncar,car\n"
    )
    result = exposure(None, network=folder)
    rows = by_event(result)
    assert np.isnan(rows.loc["plant", "loss_usd"])
    assert rows.loc["third maker", "loss_usd"] == 0.0
    assert rows["risk_exposure_index"].tolist() == pytest.approx([index for *_, index in BY_HAND.values()])
    assert result.meta["risk_exposure_by"] == "lost_quantity"
    assert any("neither shortage_cost_usd nor a price" in warning for warning in result.warnings)


def test_dear_demand_is_served_first(tmp_path):
    header = "commodity,place,year,quantity,shortage_cost_usd\n"
    folder = copied(
        tmp_path,
        demand=header + "car,DDD,2025,60,10\npart,DDD,2025,40,100\n",
        recovery="event,element,time_to_recover\nquake,maker_a,4\nquake,maker_b,4\n",
    )
    # four weeks: 40 made and 110 in stock; 160 parts are wanted at 100 each, 240 cars at 10 each of which 50 are there
    row = by_event(exposure(None, network=folder)).loc["quake"]
    assert [row["lost_quantity"], row["loss_usd"]] == pytest.approx([10 + 190, 10 * 100 + 190 * 10])


def test_of_equal_losses_the_one_with_fewer_units(tmp_path):
    header = "commodity,place,year,quantity,shortage_cost_usd\n"
    recipes = "process,commodity,amount\nmaking,part,1\nassembly,part,-2\nassembly,car,1\n"
    folder = copied(
        tmp_path,
        demand=header + "car,DDD,2025,10,20\npart,DDD,2025,20,10\n",
        recipes=recipes,
        stockpiles="commodity,place,quantity,owner\npart,DDD,20,x\n",
        recovery="event,element,time_to_recover\nall,makers,1\n",
    )
    # 20 parts are there: as 10 cars or as 20 parts they save the same money, and losing cars is fewer units
    row = by_event(exposure(None, network=folder)).loc["all"]
    assert [row["lost_quantity"], row["loss_usd"]] == pytest.approx([10, 200])


@pytest.mark.parametrize("factor", [1e-7, 1e-3, 1e4, 1e8])
def test_units_change_nothing(tmp_path, factor):
    """Everything in another unit and another money: quantities scale, times and the index stay."""
    network = Network.from_package(TWO_MAKERS)
    scaled = network.with_tables(
        sites=network.sites.assign(capacity_per_year=network.sites["capacity_per_year"] * factor),
        demand=network.demand.assign(quantity=network.demand["quantity"] * factor, shortage_cost_usd=10 / factor),
        stockpiles=network.stockpiles.assign(quantity=network.stockpiles["quantity"] * factor),
    )
    folder = scaled.to_package(tmp_path / "p")
    shutil.copy(TWO_MAKERS / "recovery.csv", folder)
    rows = by_event(exposure(None, network=folder))
    for event, (survives, lost, usd, index) in BY_HAND.items():
        found = rows.loc[event, ["time_to_survive", "lost_quantity", "loss_usd", "risk_exposure_index"]]
        assert found.tolist() == pytest.approx([survives, lost * factor, usd, index], rel=1e-8, abs=1e-12 * factor), event


def test_a_huge_stock_of_something_else_does_not_blur_the_others(tmp_path):
    text = (TWO_MAKERS / "commodities.csv").read_text() + "sand,t,mine,\n"
    stocks = (TWO_MAKERS / "stockpiles.csv").read_text() + "sand,AAA,1e13,Alpha\n"
    rows = by_event(exposure(None, network=copied(tmp_path, commodities=text, stockpiles=stocks)))
    for event, (survives, lost, usd, _) in BY_HAND.items():
        found = rows.loc[event, ["time_to_survive", "lost_quantity", "loss_usd"]]
        assert found.tolist() == pytest.approx([survives, lost, usd], abs=1e-9), event


@pytest.mark.parametrize(("wanted", "counts"), [(1e-3, True), (1e-6, False)])
def test_a_demand_too_small_to_be_told_from_rounding_is_said_not_to_count(tmp_path, wanted, counts):
    header = "commodity,place,year,quantity,shortage_cost_usd\n"
    demand = header + f"car,DDD,2025,100,10\ncar,AAA,2025,{wanted},10\n"
    routes = (TWO_MAKERS / "routes.csv").read_text() + "car,DDD,AAA\n"
    events = "event,element,time_to_recover\nferry,DDD>AAA/car,5\n"
    result = exposure(None, network=copied(tmp_path, demand=demand, routes=routes, recovery=events))
    assert result.data["lost_quantity"].tolist() == pytest.approx([5 * wanted if counts else 0], rel=1e-5)
    assert result.data["time_to_survive"].tolist() == [0.0 if counts else math.inf]
    assert any("ten-millionth" in warning for warning in result.warnings) is not counts


def test_one_time_for_every_element():
    rows = by_event(exposure(None, network=TWO_MAKERS, time=6))
    assert set(rows["kind"]) == {"site", "owner", "place", "route", "node"}
    assert rows.loc["route:BBB>DDD/part", "lost_quantity"] == pytest.approx(20)
    assert rows.loc["owner:Beta", "lost_quantity"] == pytest.approx(600 - 60 * 6 - 160)
    assert rows.loc["node:car/DDD", "risk_exposure_index"] == 1.0
    assert (np.diff(rows["risk_exposure_index"]) <= 0).all()
    assert set(by_event(exposure(None, network=TWO_MAKERS, time=6, kinds=["route"]))["kind"]) == {"route"}


def test_another_year_is_not_found():
    with pytest.raises(NotFound, match="2031"):
        exposure(None, network=TWO_MAKERS, year=2031)


@pytest.mark.parametrize("time", [0.0, -3.0, math.inf, math.nan])
def test_a_time_for_all_must_be_a_time(time):
    with pytest.raises(BadInput, match="above 0"):
        exposure(None, network=TWO_MAKERS, time=time)


def test_a_package_without_times_is_asked_for_them(tmp_path):
    folder = copied(tmp_path)
    (folder / "recovery.csv").unlink()
    with pytest.raises(BadInput, match=r"recovery\.csv.*with time"):
        exposure(None, network=folder)


def test_stocks_without_any_owner_serve_whoever_needs_them(tmp_path):
    folder = copied(tmp_path, stockpiles="commodity,place,quantity\npart,DDD,110\ncar,DDD,50\n")
    result = exposure(None, network=folder)
    assert by_event(result).loc["earthquake", "lost_quantity"] == pytest.approx(90)
    assert any("none of 2 stocks names an owner" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("text", "kind", "sites", "routes"),
    [
        ("maker_a", "site", [0], []),
        ("site:maker_a", "site", [0], []),
        ("MAKER_A", "site", [0], []),
        ("Beta", "owner", [1, 2], []),
        ("JPN", "owner", [1, 2], []),
        ("owner:USA", "owner", [0], []),
        ("AAA", "place", [0], []),
        ("makers", "place", [0, 1, 2], []),
        ("BBB>DDD", "route", [], [1]),
        ("BBB>DDD/part", "route", [], [1]),
        ("part:BBB>DDD", "route", [], [1]),
        ("route:part/BBB -> DDD", "route", [], [1]),
        ("part@CCC", "node", [2], []),
        ("node:car/DDD", "node", [3], []),
    ],
)
def test_names_of_elements(text, kind, sites, routes):
    found = Elements(Network.from_package(TWO_MAKERS)).named(text)
    assert not isinstance(found, Unclear), found
    assert (found.kind, list(found.sites), list(found.routes)) == (kind, sites, routes)


def test_a_name_of_two_things_must_be_told_apart(tmp_path):
    network = Network.from_package(TWO_MAKERS)
    shared = network.with_tables(sites=network.sites.assign(owner=["AAA", "AAA", "Beta", "Gamma"]))
    found = Elements(shared).named("AAA")
    assert isinstance(found, Unclear)
    assert "owner:AAA or place:AAA" in found.mend
    alike = network.with_tables(sites=network.sites.assign(owner=["AAA", "Beta", "Beta", "Gamma"]))
    assert not isinstance(Elements(alike).named("AAA"), Unclear), "the owner AAA has just what stands at AAA"


def test_a_usual_week_has_spare_capacity_floors_and_goods_under_way():
    aggregate = Aggregate.of_case(chain_case())
    stocks = aggregate.stores.groupby(["commodity", "place", "kind"])["quantity"].sum()
    assert stocks["ore", "HOME", "pipeline"] == 60 * 1 + 40 * 3
    assert stocks["metal", "HOME", "stockpile"] == 80
    smelter = Hit.of([2])
    # metal: 40 free in the warehouse, 80 public at 25 a week; cars: 20 at HOME, 20 under way to ABROAD; 50 a week wanted
    assert Surviving(aggregate).solve(smelter)[0] == pytest.approx(160 / 50)
    assert Losing(aggregate).solve(10, smelter).usd == pytest.approx(260 * 1000 + 80 * 800)


def test_a_route_cut_to_a_share_of_its_usual_flow():
    aggregate = Aggregate.of_case(chain_case())
    losing = Losing(aggregate)
    # half of NEAR (30 ore a week, of no stated capacity) and nothing of FAR: 15 metal a week instead of 50
    loss = losing.solve(10, Hit.of(routes=[0, 1], route_share=[0.5, 0.0]))
    assert loss.quantity == pytest.approx(500 - (150 + 380 / 2 + 120 + 40))


def test_the_same_question_gives_the_same_bits_in_any_order():
    aggregate = Aggregate.of_case(chain_case())
    hits = [Hit.of([number]) for number in range(4)]
    one, other = Losing(aggregate), Losing(aggregate)
    first = [one.solve(time, hit).rate for time in (3, 11) for hit in hits]
    second = [other.solve(time, hit).rate for time in (11, 3) for hit in reversed(hits)]
    assert all(np.array_equal(a, b) for a, b in zip(first, [*reversed(second[4:]), *reversed(second[:4])], strict=True))


def test_shipped_times_follow_stage_and_kind():
    times = RecoveryTimes.shipped()
    found = {event.event: event.time for event in every_break(Network.from_package(TWO_MAKERS))}
    assert found["site:maker_a"] == times.stages["component"].weeks
    assert found["node:car/DDD"] == times.stages["vehicle"].weeks
    assert found["place:AAA"] == times.place.weeks
    assert all(entry.source and entry.confidence for entry in [*times.stages.values(), times.owner, times.place, times.route])


def test_several_years_take_the_first_and_say_so(tmp_path):
    shutil.copytree(TWO_MAKERS, tmp_path / "p")
    head = tmp_path / "p" / "network.yaml"
    head.write_text(head.read_text().replace("[2025]", "[2025, 2030]"))
    result = exposure(None, network=tmp_path / "p")
    assert any("2025, the first model year" in warning for warning in result.warnings)
    assert by_event(exposure(None, network=tmp_path / "p", year=2030))["lost_quantity"].sum() == 0, "nothing is wanted in 2030"


def test_rows_of_a_frame_are_complete():
    rows = exposure(None, network=TWO_MAKERS).data
    assert isinstance(rows, pd.DataFrame)
    assert rows.drop(columns=["unit", "worst_commodity", "worst_party"]).notna().all().all()
