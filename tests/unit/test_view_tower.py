"""The tower against the world and by hand: what is red for whom, why, who agreed to act; what nobody may see changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from orepact.errors import BadInput, NotFound
from orepact.facts import Ledger
from orepact.pact.records.readers import PUBLIC, Reader
from orepact.report.voice import Voice
from orepact.service import explain_fact
from orepact.service.opening import open_ledger
from orepact.service.pact import record_values
from orepact.service.pact.desk import Desk
from orepact.service.view import kept as keeping
from orepact.service.view.tower import Tower, tower
from orepact.service.view.tower_glance import COLUMNS as GLANCE
from orepact.service.view.tower_glance import view_states
from orepact.service.view.tower_grid import Cell
from orepact.service.view.tower_rules import TowerRules, worst
from orepact.service.view.tower_tables import COLUMNS, view_tower
from orepact.store import open_store

ON = "2026-11-23"
ENGLISH = Voice("en")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


@pytest.fixture(scope="module")
def desk(filled: Path) -> Iterator[Desk]:
    store = open_store(str(filled))
    yield Desk(store, PUBLIC)
    store.close()


@pytest.fixture(scope="module")
def towers(ledger: Ledger, desk: Desk) -> dict[str, Tower]:
    return {name: tower(name, ledger, desk, on=ON) for name in ("CAN", "KOR", "JPN", "CA-QC", "motir")}


def cell(found: Tower, stage: str, element: str) -> Cell:
    return next(one for one in found.grid if (one.stage, one.element) == (stage, element))


def test_graphite_is_red_in_korea(towers: dict[str, Tower]) -> None:
    """Customs: 28,156 of 28,962 t from China in 2024, 51,299 of 51,977 t in 2023; China asks for licences since December 2023."""
    found = cell(towers["KOR"], "mine", "graphite")
    assert found.light == "red"
    assert found.figure is not None
    assert found.figure.value == pytest.approx(28156 / 28962, abs=1e-4)
    assert (found.figure.measure, found.figure.unit, found.figure.year, found.figure.sources) == (
        "dependence",
        "1",
        2024,
        ("baci_hs92",),
    )
    assert (found.trend.direction, found.trend.year) == ("steady", 2023)
    assert found.trend.before == pytest.approx(51299 / 51977, abs=1e-4)
    assert found.reason.in_voice(ENGLISH) == (
        "97% of imports of natural flake graphite came from China in 2024. Imports of natural flake graphite fell by 44% in "
        "2024. China asks for a licence to export natural flake graphite (CN-GRAPHITE-2023). It applies since 1 December 2023. "
        "97% of imports come from there."
    )


def test_every_number_of_a_tower_leads_to_its_claim(towers: dict[str, Tower], ledger: Ledger) -> None:
    """What stands behind a cell or an alarm can be looked up; an alarm that customs tell names them."""
    for found in towers.values():
        named = [one for part in (*found.grid, *found.alarms) for one in part.claims]
        for subject, attribute, year in {(one.subject, one.attribute, one.year) for one in named}:
            assert explain_fact(ledger, subject, attribute, year=year).meta["winner"], (subject, attribute, year)
    alarm = next(one for one in towers["KOR"].alarms if "natural_graphite_flake" in one.goods)
    assert ("CHN>KOR/natural_graphite_flake", "trade_quantity", 2024) in {
        (one.subject, one.attribute, one.year) for one in alarm.claims
    }


def test_nickel_is_green_in_canada(towers: dict[str, Tower]) -> None:
    """It mines and refines more nickel than it buys."""
    lights = {one.stage: one.light for one in towers["CAN"].grid if one.element == "nickel"}
    assert {lights[stage] for stage in ("mine", "concentrate", "refine")} == {"green"}


def test_cells_are_amber_in_japan(towers: dict[str, Tower]) -> None:
    """China makes four fifths of the world's cells, and its control on some of them was suspended until 10 November 2026."""
    found = cell(towers["JPN"], "cell", "batteries")
    assert found.light == "amber"
    told = found.reason.in_voice(ENGLISH)
    assert "suspended until 10 November 2026; what followed is not in the facts" in told
    assert "80% of the world's supply is made there" in told


def test_hydroxide_of_one_seller_is_amber_without_an_event(towers: dict[str, Tower]) -> None:
    """86 % of Japan's lithium hydroxide came from China in 2024: calm by the watch, which asks for an event too."""
    found = cell(towers["JPN"], "refine", "lithium")
    assert (found.light, found.figure is not None and round(found.figure.value, 2)) == ("amber", 0.86)


def test_who_is_not_named_is_no_largest_maker(towers: dict[str, Tower]) -> None:
    """Shares of LiPF6 are stated for Japan (6 %) and Korea (5 %) alone: the largest maker is neither."""
    assert cell(towers["KOR"], "component", "fluorine").light == "no data"


def test_the_worst_alarm_comes_first_and_leads_to_who_agreed_to_act(towers: dict[str, Tower]) -> None:
    found = towers["KOR"]
    lights = [alarm.light for alarm in found.alarms]
    assert lights == sorted(lights, key=["red", "amber"].index)
    graphite = next(alarm for alarm in found.alarms if "natural_graphite_flake" in alarm.goods)
    steps = {step.id: step for step in found.steps_of(graphite)}
    assert steps["ca-kr-mou-minerals-2023:area-2-ii"].who == ("nrcan", "ised", "motir")
    assert steps["kr-minerals-reliance-2030"].due == "2030"
    assert "ca-kr-cmwg" in steps
    cobalt = next(alarm for alarm in found.alarms if "cobalt_metal" in alarm.goods)
    stock = next(step for step in found.steps_of(cobalt) if step.sort == "stockpile")
    assert (stock.id, "42 days of use" in stock.said.in_voice(ENGLISH)) == ("KR-STOCK", True)
    japan = towers["JPN"]
    assert {step.id for step in japan.steps} >= {"ca-jp-moc-battery-2023:area-2-c-ii", "ca-jp-battery-dialogue"}


def test_duties_and_meetings_are_those_of_the_register(towers: dict[str, Tower]) -> None:
    """The third Dialogue was due on 26 August 2026; of Canada's three departments only Global Affairs has not chaired it."""
    found = towers["CAN"]
    assert (found.duties[0].id, found.duties[0].overdue_days) == ("cusma-joint-review-2026", 145)
    first = {row.side: row for row in found.meetings if row.body == "ca-jp-battery-dialogue"}
    assert (first["CAN"].due, first["CAN"].overdue, first["CAN"].chair, first["CAN"].certain) == ("2026-08-26", True, "gac", True)
    assert first["JPN"].chair == "meti"
    assert [one.id for one in found.incidents if one.drill] == ["drill-moa-2026"]
    assert {row.side for row in towers["KOR"].meetings if row.body == "ca-kr-eds"} == {"CAN", "KOR"}


def test_law_that_changed_is_told(ledger: Ledger, desk: Desk) -> None:
    found = tower("KOR", ledger, desk, on="2026-11-15")
    told = {change.id: change.when for change in found.changes if change.sort == "rule"}
    assert told["CN-2025-58"] == "2026-11-11"
    assert not [change for change in found.changes if change.sort == "record"]  # what came with the package is no change


def test_a_ministry_sees_its_country(towers: dict[str, Tower]) -> None:
    found = towers["motir"]
    assert (found.party.sort, found.party.place) == ("agency", "KOR")
    assert found.grid == towers["KOR"].grid
    assert {duty.owner for duty in found.duties} == {"motir"}


def test_a_province_sees_its_sites(towers: dict[str, Tower]) -> None:
    """Northvolt Six was given up in September 2025, the cathode plant of EcoPro was suspended in October 2025."""
    found = {one.project or one.site: one for one in towers["CA-QC"].sites}
    assert {one.place for one in found.values()} == {"CA-QC"}
    red = {name for name, one in found.items() if one.light == "red"}
    assert {one.name.title for name, one in found.items() if name in red} >= {"Northvolt Six", "EcoPro CAM Canada"}
    assert cell(towers["CA-QC"], "active_material", "nickel").light == "red"
    assert not towers["CA-QC"].alarms


def test_a_company_sees_its_projects_and_contracts(ledger: Ledger, desk: Desk) -> None:
    found = tower("nouveau-monde-graphite", ledger, desk, on=ON)
    assert found.party.sort == "company"
    assert {tie.side for tie in found.contracts if tie.id == "ot-nmg-panasonic"} == {"sells"}
    assert "nmg-becancour" in {one.project for one in found.sites}


def test_another_day_without_news_is_told_as_if_it_were_asked_alone(ledger: Ledger, desk: Desk) -> None:
    """What rests on claims alone is kept from a day to the next on which none came out; the law is of each day."""

    def told(day: str) -> Tower:
        return tower("KOR", ledger.at(day), desk, on=day)

    warm = [told(day) for day in ("2026-07-01", "2026-07-03")]
    for one in warm:
        keeping._KEPT.clear()
        alone = told(one.on.isoformat())
        assert (alone.grid, alone.alarms, alone.steps) == (one.grid, one.alarms, one.steps)


def test_every_table_has_its_columns(ledger: Ledger, desk: Desk) -> None:
    for table in COLUMNS:
        result = view_tower("CAN", ledger, desk, on=ON, table=table)
        assert tuple(result.data.columns) == COLUMNS[table]
        assert {*result.top} == {*COLUMNS} - {table}
    json.dumps(result.envelope(), allow_nan=False)


def test_the_states_at_a_glance_are_their_towers(ledger: Ledger, desk: Desk, towers: dict[str, Tower]) -> None:
    """Each number is counted again from the tower of the state; none of the three is all green."""
    result = view_states(ledger, desk, on=ON)
    rows = {row["party"]: row for row in result.envelope()["data"]}
    assert tuple(result.data.columns) == GLANCE
    assert tuple(rows) == ("CAN", "JPN", "KOR")
    for name, row in rows.items():
        found = towers[name]
        lights = [cell.light for cell in found.grid]
        assert [row["red"], row["amber"], row["green"], row["no_data"]] == [
            lights.count(light) for light in ("red", "amber", "green", "no data")
        ]
        assert row["red"] + row["amber"] > 0
        assert row["alarms"] == len(found.alarms)
        assert row["loudest"] == list(found.alarms[0].goods)
        assert row["reason"] == found.alarms[0].reason.in_voice(ENGLISH)
        assert row["overdue"] == len([duty for duty in found.duties if duty.overdue_days > 0])
        assert row["meeting_due"] == min((one.due for one in found.meetings if one.due), default="")
    assert {source["source"] for source in result.meta["sources"]} >= {
        source
        for found in towers.values()
        for cell in found.grid
        if cell.figure
        for source in cell.figure.sources
        if found.party.id in rows
    }


def test_what_is_not_there_is_said(ledger: Ledger, desk: Desk) -> None:
    with pytest.raises(NotFound, match="party"):
        tower("nobody-at-all", ledger, desk)
    with pytest.raises(BadInput, match="1 to 366"):
        tower("CAN", ledger, desk, days=0)
    with pytest.raises(BadInput, match="table"):
        view_tower("CAN", ledger, desk, table="everything")


def test_rules_are_data() -> None:
    rules = TowerRules.shipped()
    assert rules.lights["alert"] == "red"
    assert worst([]) == "no data"


LABEL = "TLP:AMBER/jogmec"
SUSPENDED = [{"date": "2026-01", "status": "suspended"}]
HIDDEN = (
    {"kind": "commitment", "id": "a-secret", "title": "Stop all graphite", "owner": "motir", "made": "2026-01-01",
     "due": "2026-02-01", "label": LABEL},
    {"kind": "organisation", "id": "a-company", "title": "Graphite of nobody", "organisation_kind": "company", "country": "KOR",
     "label": LABEL},
    {"kind": "project", "id": "a-project", "title": "A hidden plant", "project_kind": "facility", "place": "CA-QC",
     "statuses": SUSPENDED, "label": LABEL},
    {"kind": "contract", "id": "a-contract", "title": "A hidden sale", "contract_kind": "offtake",
     "commodity": "coated_spherical_graphite", "sellers": [{"name": "Nobody", "organisation": "nouveau-monde-graphite"}],
     "buyers": [{"name": "LGES", "organisation": "lg-energy-solution"}], "statuses": [{"date": "2026-01", "status": "in_force"}],
     "label": LABEL},
)  # fmt: skip


def answers(ledger: Ledger, file: Path, reader: Reader) -> bytes:
    store = open_store(str(file))
    try:
        desk = Desk(store, reader)
        told = [view_tower(name, ledger, desk, on=ON).envelope() for name in ("KOR", "CA-QC", "nouveau-monde-graphite", "motir")]
        told.append(view_states(ledger, desk, on=ON).envelope())
        with pytest.raises(NotFound) as unknown:
            view_tower("a-company", ledger, desk, on=ON)
        return json.dumps([told, str(unknown.value)], sort_keys=True).encode()
    finally:
        store.close()


def test_what_is_hidden_changes_no_byte(ledger: Ledger, own: Path) -> None:
    """Amber records of another organisation: a commitment of the party, a project of the province, a contract of the company."""
    before = answers(ledger, own, PUBLIC)
    record_values([*HIDDEN], str(own), reason="test", actor="jogmec")
    assert answers(ledger, own, PUBLIC) == before
    store = open_store(str(own))
    seen = tower("KOR", ledger, Desk(store), on=ON)  # the holder sees them
    store.close()
    assert "a-secret" in {duty.id for duty in seen.duties}
