"""The library of events: every one loads, names what exists, says who said so; rules, sea ways and commands around it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from jsonschema import Draft202012Validator
from tools import schema

from orepact.chain.distance import Distances
from orepact.chain.network import Network
from orepact.chain.routing import route_km
from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.facts import Ledger
from orepact.facts.rules import RuleBook
from orepact.service.shock.events import disruption_for, known_sites, show_event
from orepact.service.shock.seaways import seaways_of
from orepact.shock.events.event import TARGETS, Event
from orepact.shock.events.laws import applying
from orepact.shock.events.reading import load_events, shipped_events
from orepact.shock.events.timing import days_of
from shock_networks import chain_case

LIBRARY = sorted(shipped_events())
SUPPOSED = {"panama_closed", "graphite_stop"}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.shipped()


@pytest.fixture(scope="module")
def events() -> dict[str, Event]:
    return {event.id: event for event in load_events(list(LIBRARY))}


# Every event ---------------------------------------------------------------------------------------


def test_the_library_holds_what_was_asked_for() -> None:
    assert len(LIBRARY) >= 12
    wanted = {
        "graphite_licence_2023", "china_package_ignored", "china_package_lapsed", "china_package_extended", "drc_cobalt_ban_2025",
        "drc_cobalt_quota_2026", "indonesia_ore_quota_2026", "moa_stop_2026", "pcam_pause_2025", "bc_ports_strike_2023",
        "red_sea_2023", "suez_blocked_2021", "panama_drought_2023", "panama_closed", "us_tariffs_china_2025",
    }  # fmt: skip
    assert wanted <= set(LIBRARY)


@pytest.mark.parametrize("name", LIBRARY)
def test_an_event_of_the_library_says_who_said_so(name: str, events: dict[str, Event]) -> None:
    """Its id is its file; it has dated sources, and every size that no source states says where it comes from."""
    event = events[name]
    assert event.description
    assert name in SUPPOSED or event.sources
    rules = RuleBook.shipped().rules
    for source in event.sources:
        assert source.date
        assert source.address or source.title in rules or source.title.startswith("SMM")
    for item in event.breaks:
        assert item.note or item.confidence == "reported" or item.target == "chokepoint", item
        start, end = days_of(event, item)
        assert start >= event.start
        assert event.until is None or end is None or end <= event.until
    assert abs((event.known_from or event.start).year - event.start.year) <= 2


@pytest.mark.parametrize("name", LIBRARY)
def test_an_event_of_the_library_names_what_the_facts_know(name: str, events: dict[str, Event], ledger: Ledger) -> None:
    """Goods (or stages), places, rules, sites and ports of the code lists."""
    codes, rules, sites = ledger.codes, RuleBook.shipped().rules, known_sites(ledger)
    goods = {*codes.commodities, *codes.stages, *codes.elements}
    places = {*codes.places, *codes.groups}
    ports = {port.name for place in codes.places.values() for port in place.ports}
    for item in events[name].breaks:
        assert set(item.commodity) | set(item.commodities) | set(item.demand) | set(item.stock) <= goods
        assert {*item.origins, *item.destinations, *item.places, *item.place} <= places
        assert set(item.rule) <= set(rules)
        assert set(item.site) <= sites
        assert set(item.port) <= ports


def test_the_library_shows_many_kinds_of_break(events: dict[str, Event]) -> None:
    shown = {item.target for event in events.values() for item in event.breaks}
    assert shown >= {"site", "owner", "port", "chokepoint", "commodity", "rule"}
    assert shown <= set(TARGETS)


# The schema ----------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """YAML as JSON has it: days as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", LIBRARY)
def test_the_published_schema_takes_the_library(name: str) -> None:
    check = Draft202012Validator(json.loads(schema.EVENT_TARGET.read_text(encoding="utf-8")))
    content = plain(yaml.safe_load(shipped_events()[name].read_text(encoding="utf-8")))
    assert check.is_valid(content)
    assert not check.is_valid({**content, "colour": "red"})
    assert not check.is_valid({**content, "breaks": [{"site": "a", "share_left": 2}]})
    assert not check.is_valid({**content, "weeks": -1})


def test_every_key_of_an_event_is_described() -> None:
    published = json.loads(schema.EVENT_TARGET.read_text(encoding="utf-8"))
    for part in (published, *published["$defs"].values()):
        assert all(entry.get("description") for entry in part["properties"].values())


# Rules ---------------------------------------------------------------------------------------------


def test_the_three_branches_of_a_suspended_rule() -> None:
    """Announcement 58: from 8 November 2025, suspended from the day before to 10 November 2026."""
    rule = RuleBook.shipped().rule("CN-2025-58")
    assert applying(rule, "extended") == []
    assert applying(rule, "lapsed") == [(date(2026, 11, 11), date.max)]
    assert applying(rule, "ignored") == [(date(2025, 11, 8), date.max)]
    assert applying(RuleBook.shipped().rule("CD-CO-BAN"), "extended") == [(date(2025, 2, 22), date(2025, 10, 16))]


def package_case(**changes: Any) -> Any:
    """Cobalt hydroxide and precursor from three places, a thousand tonnes a week on each of two routes."""
    routes = [("cobalt_hydroxide", "COD", "CHN"), ("pcam_nmc811", "CHN", "KOR"), ("pcam_nmc811", "KOR", "CHN")]
    base = chain_case().network
    network = Network(
        title="rules", years=(2024,), currency="USD", description="",
        commodities=pd.DataFrame({
            "commodity": ["cobalt_hydroxide", "pcam_nmc811", "cobalt_metal", "cobalt_concentrate"], "unit": "t",
            "element": "cobalt", "element_t_per_unit": [0.33, 0.0638, 0.998, 0.05],
        }),
        places=pd.DataFrame({"place": ["COD", "CHN", "KOR"]}),
        recipes=base.recipes.iloc[:0], sites=base.sites.iloc[:0].reset_index(),
        routes=pd.DataFrame(routes, columns=["commodity", "origin", "destination"]), demand=base.demand.iloc[:0],
    )  # fmt: skip
    none = np.zeros(0)
    parts = {
        "network": network, "activity": none, "capacity": none, "ramp_weeks": none, "flow": np.full(3, 1000.0),
        "lag_weeks": np.zeros(3, int), "other": np.zeros(len(network.nodes)), "wants": chain_case().wants.iloc[:0],
        "demand": none, "stores": chain_case().stores.iloc[:0], "parties": {place: (place,) for place in ("COD", "CHN", "KOR")},
    }  # fmt: skip
    return chain_case(**(parts | changes))


def test_a_ban_and_a_quota_are_taken_from_the_rule() -> None:
    """The ban leaves nothing of Congo's exports for 236 days; 96,600 t a year are 1,853 t of cobalt a week."""
    ban = disruption_for(package_case(), ["drc_cobalt_ban_2025"])
    assert ban.route_share[:, 0].tolist() == [0, 1, 1]
    assert ban.route_share[0, 33] == pytest.approx(2 / 7)  # 22 February to 15 October: 33 weeks and 5 days
    assert (ban.end_week, ban.end_known_week) == (34, 30)
    (quota, later) = disruption_for(package_case(), ["drc_cobalt_quota_2026"], weeks=60).quotas
    np.testing.assert_allclose(quota.factor, [0.33])
    assert quota.most_per_week[0] == pytest.approx(96_600 * 7 / 365)
    assert np.isinf(quota.most_per_week[52])
    assert later.most_per_week[53] == pytest.approx(96_600 * 7 / 365)
    (first,) = disruption_for(package_case(), ["drc_cobalt_quota_2025"]).quotas
    assert first.most_per_week[:11].sum() == pytest.approx(18_125)
    assert np.isinf(first.most_per_week[11])


def test_the_package_of_october_2025_in_its_branches() -> None:
    """Only what leaves China is licensed; nothing where the suspension goes on."""
    for name, shares in (("ignored", [1, 0.2, 1]), ("lapsed", [1, 0.2, 1]), ("extended", [1, 1, 1])):
        found = disruption_for(package_case(), [f"china_package_{name}"])
        assert found.route_share[:, 0].tolist() == shares
    assert any("does not apply" in warning for warning in found.warnings)


def test_an_event_of_later_is_named_as_such(ledger: Ledger) -> None:
    found = disruption_for(package_case(), ["drc_cobalt_ban_2025"], ledger=ledger.at("2024-06-30"))
    assert "drc_cobalt_ban_2025 became known on 2025-02-24, after 2024-06-30" in found.warnings


def test_two_events_that_contradict_are_refused() -> None:
    with pytest.raises(BadInput, match="each event once"):
        disruption_for(package_case(), ["drc_cobalt_ban_2025", "drc_cobalt_ban_2025"])


def test_unknown_events_come_together_with_near_ones() -> None:
    with pytest.raises(BadInput) as caught:
        load_events(["drc_cobalt_ban", "no_such.yaml", "qqqq"])
    told = [str(problem) for problem in caught.value.problems]
    assert "did you mean drc_cobalt_ban_2025" in told[0]
    assert "no file no_such.yaml" in told[1]
    assert "see shock.list_events()" in told[2]
    with pytest.raises(NotFound):
        Event.load("qqqq")


# Sea -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sea_case(ledger: Ledger) -> Any:
    """Cells from Shanghai to Hamburg and Los Angeles, concentrate from Antofagasta to Hamburg, metal from Vancouver to Busan."""
    routes = [
        ("cell_lfp", "CHN", "DEU"), ("cell_lfp", "CHN", "USA"), ("copper_concentrate", "CHL", "DEU"),
        ("nickel_class1", "CA-AB", "KOR"),
    ]  # fmt: skip
    goods = pd.DataFrame({"commodity": ["cell_lfp", "copper_concentrate", "nickel_class1"], "unit": ["MWh", "t", "t"]})
    frame = pd.DataFrame(routes, columns=["commodity", "origin", "destination"])
    places = pd.DataFrame({"place": ["CHN", "DEU", "USA", "CHL", "CA-AB", "KOR"]})
    network = package_case().network.with_tables(
        commodities=goods, routes=frame, places=places, contents=package_case().network.contents.iloc[:0]
    )
    ways = seaways_of(ledger, network)
    assert ways is not None
    days = ways.closed(())["days"].to_numpy()
    network = network.with_tables(routes=frame.assign(days=days))
    lag = np.rint(days / 7).astype(int)
    return package_case(network=network, flow=np.ones(4), lag_weeks=lag, parties={}, other=np.zeros(len(network.nodes)))


def test_the_longer_way_is_that_of_the_distance_model(sea_case: Any, ledger: Ledger) -> None:
    """Shanghai to Hamburg round the Cape: 26,261 km for 20,113, at 600 km a day ten days more (liners say ten to fourteen)."""
    found = disruption_for(sea_case, ["red_sea_2023"], ledger=ledger)
    assert np.flatnonzero((found.route_share < 1).any(axis=1)).tolist() == [0]
    (detour,) = found.detours.to_dict("records")
    distances = Distances.from_ledger(ledger)

    def sea_km(closed: tuple[str, ...]) -> float:
        return next(way.sea_km for way in route_km(distances, "CHN", "DEU", closed) if way.mode == "sea")

    usual, longer = sea_km(()), sea_km(("suez", "panama"))
    more_days = (longer - usual) / 600
    assert 9 < more_days < 14
    assert detour["lag_weeks"] == round((float(sea_case.network.routes["days"].iloc[0]) + more_days) / 7)
    assert detour["lag_weeks"] - sea_case.lag_weeks[0] in {1, 2}
    assert detour["extra_cost_usd"] > 0
    assert detour["passage"] == "suez+panama"


def test_panama_touches_what_crosses_it(sea_case: Any, ledger: Ledger) -> None:
    found = disruption_for(sea_case, ["panama_closed"], ledger=ledger)
    assert found.route_share[:, 0].tolist() == [1, 1, 0, 1]
    assert found.detours["route"].tolist() == [2]


def test_a_port_stops_what_uses_it(sea_case: Any, ledger: Ledger) -> None:
    """Alberta ships through Vancouver: thirteen days are a week and six sevenths."""
    found = disruption_for(sea_case, ["bc_ports_strike_2023"], ledger=ledger)
    np.testing.assert_allclose(found.route_share[:, :3], [[1, 1, 1], [1, 1, 1], [1, 1, 1], [0, 1 / 7, 1]])


def test_a_network_whose_places_nobody_knows_has_no_sea(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="places have sea ways"):
        disruption_for(chain_case(), ["suez_blocked_2021"], ledger=ledger)


# Commands ------------------------------------------------------------------------------------------


def reply(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert run(["shock", "events", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    listed = reply(capsys)["data"]
    assert {row["event"] for row in listed} == set(LIBRARY)
    assert [row["start"] for row in listed] == sorted(row["start"] for row in listed)
    shown = reply(capsys, "moa_stop_2026")
    assert [row["breaks"] for row in shown["data"]] == ["commodity mixed_hydroxide_precipitate", "site sherritt_fort_sask"]
    assert shown["data"][1]["start"] == "2026-04-15"
    assert shown["meta"]["until"] == "not known"
    assert shown["meta"]["sources"][0]["address"]
    assert shown["meta"]["warnings"] == ["moa_stop_2026: the size of 2 of 2 breaks is estimated"]


def test_the_command_checks_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("id: own\ntitle: Own\nstart: 2026-01-05\nweeks: -1\nbreaks: [{sitte: a, share_left: 0}]\n", encoding="utf-8")
    assert run(["shock", "events", str(path), "--format", "json"]) == 3
    error = json.loads(capsys.readouterr().err)["error"]
    assert len(error["problems"]) == 2


def test_an_unknown_event_is_not_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "events", "moa_stop", "--format", "json"]) == 3
    assert "moa_stop_2026" in capsys.readouterr().err


def test_words_of_rules_and_scopes() -> None:
    data = show_event("china_package_lapsed").data
    assert data["scope"].iloc[0] == "suspension lapsed"
    assert data["happens"].iloc[0] == "20 % left"
    assert show_event("drc_cobalt_ban_2025").data["happens"].tolist() == ["as the rule says"]
    assert show_event("us_tariff_storage_2026").data["happens"].iloc[0] == "duty +17.5 points"
