"""Names in an event are looked up without solving anything, and what is said is what running it would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.cli.entry import run
from orepact.errors import BadInput
from orepact.facts import Ledger
from orepact.service.shock.events import check_event, show_event
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.naming import check_names, idle_case
from orepact.shock.events.reading import load_event, load_events, shipped_events
from shock_networks import chain_case, chain_network

CASES = Path(__file__).parents[1] / "cases"
OWN = """
id: mine
title: An event of my own
description: Two names are misspelt.
start: 2025-01-06
weeks: 4
breaks:
  - {place: KOX, share_left: 0.5, confidence: estimated, note: x}
  - {commodity: lithium_hydroxid, origins: [CHN], exports: true, share_left: 0, confidence: estimated, note: x}
  - {port: Bussan, share_left: 0, confidence: estimated, note: x}
sources: [{title: me}]
"""


@pytest.mark.parametrize("name", ["events_unknown_names", "events_wrong_unit", "events_no_sea", "events_no_mistake"])
def test_the_check_says_what_a_run_would_say(name):
    events = load_events(sorted((CASES / name).glob("*.yaml")))

    def said(of) -> list[str]:
        try:
            of()
        except BadInput as error:
            return [str(problem) for problem in error.problems]
        return []

    found = said(lambda: check_names(chain_network(), events))
    assert found == said(lambda: Disruption.of(chain_case(), events))
    assert bool(found) == (name != "events_no_mistake")


def test_an_idle_network_knows_the_same_parties():
    assert dict(idle_case(chain_network()).parties) == dict(chain_case().parties)


@pytest.mark.slow
def test_every_shipped_event_names_what_the_reference_network_knows():
    ledger = Ledger.shipped()
    events = [load_event(name) for name in shipped_events()]
    assert len(events) > 5
    whole = events[0].model_copy(update={"breaks": tuple(item for event in events for item in event.breaks)})
    check_event(whole, ledger)


def test_misspelt_names_of_an_own_event_are_told_with_the_nearest(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    assert show_event(path).data.shape[0] == 3
    with pytest.raises(BadInput) as caught:
        show_event(path, ledger=Ledger.shipped())
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 3
    assert "breaks.0.place" in said[0]
    assert "did you mean KOR" in said[0]
    assert "lithium_hydroxide" in said[1]
    assert "Busan" in said[2]


def test_the_names_of_an_event_on_a_package_are_those_of_the_package(tmp_path):
    path = tmp_path / "fire.yaml"
    text = "id: fire\ntitle: t\ndescription: d\nstart: 2025-01-06\nweeks: 4\nsources: [{title: me}]\nbreaks:\n"
    broken = "  - {site: %s, share_left: 0.5, confidence: estimated, note: x}\n"
    path.write_text(text + broken % "maker_a", encoding="utf-8")
    folder = CASES.parent / "networks" / "recovery"
    assert run(["shock", "events", str(path), "--network", str(folder), "--format", "json"]) == 0
    path.write_text(text + broken % "maker_x", encoding="utf-8")
    with pytest.raises(BadInput, match=r"did you mean .*maker_a"):
        show_event(path, network=folder)


def test_an_event_is_shown_from_its_first_break_and_says_what_hits_nothing(tmp_path):
    """The event is dated a fortnight before anything breaks; no part goes from CCC to AAA. Demand is not looked at."""
    path = tmp_path / "late.yaml"
    text = "id: late\ntitle: t\nstart: 2025-01-06\nweeks: 4\nbreaks:\n"
    breaks = ["{route: CCC>AAA/part, share_left: 0, start: 2025-01-20}", "{demand: car, factor: 2, start: 2025-01-27}"]
    path.write_text(text + "".join(f"  - {item}\n" for item in breaks), encoding="utf-8")
    found = show_event(path, network=CASES.parent / "networks" / "recovery").meta
    assert found["start"] == "2025-01-20"
    assert [said for said in found["warnings"] if "fits nothing" in said] == [
        "late.breaks.0: route CCC>AAA/part (0 % left) fits nothing in this network"
    ]
