"""Graphite fails: an officer of Korea looks at the freeze, opens an incident, and a colleague in Canada turns the second key."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from town import Town, Walker

from orepact.service import pact
from orepact.service.jobs import Times, Worker
from orepact.service.pact.desk import Desk
from pact_incidents import KOREA_2023, MANIFEST, assessment

pytestmark = pytest.mark.browser
Enter = Callable[..., Walker]
PEOPLE = {"han": ("motir", ("reader", "editor", "key_holder")), "ana": ("nrcan", ("reader", "editor", "key_holder"))}
ROOM = "/incidents/graphite-freeze"
#: Days on which China's rule on the material of anodes was suspended for long, and on which its end was near.
CALM, TURNED = "2026-02-15", "2026-05-15"
TIMES = Times(lease_s=60, renew_s=20, note_s=0.1, look_s=0.1, listen_s=0.05)


def test_korea_asks_for_help_and_both_keys_are_turned(enter: Enter, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the light of the tower over the run of half a year to the request, and on to the second key in a second browser."""
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    han = enter(f"/tower/KOR?as_of={CALM}", "han")
    assert "green" in (anode(han).get_attribute("class") or "")
    han.go(f"/tower/KOR?as_of={TURNED}")
    assert "amber" in (anode(han).get_attribute("class") or "")
    han.go("/tower/KOR")
    light = han.page.locator(".lightgrid tr", has_text="Graphite").locator("td.light:is(.amber, .red)").first
    han.press(light.locator("summary"))
    assert "licence" in light.inner_text()
    han.click("Shocks", "nav.tabs")
    han.click("no graphite leaves China for half a year", "#table-events")
    han.press(han.page.get_by_role("button", name="Follow it", exact=True))
    han.page.wait_for_url("**/shocks/run-*")
    assert Worker(town.house.store, TIMES).run(once=True) == 1
    han.page.locator(".verdict dd").first.wait_for()
    losses = han.page.locator(".verdict dd").all_inner_texts()
    assert losses
    assert any(character.isdigit() for character in losses[0])
    han.click("Open an incident from it")
    if han.page.locator("#ask-title").count() == 0:
        han.page.select_option("#pick-instrument", KOREA_2023)
        han.press(han.page.get_by_role("button", name="Choose"))
    assert han.page.locator("#ask-event").input_value() == "graphite_stop"
    for area in han.page.locator('form:has(input[name="form"][value="ask"]) textarea').all():
        if not area.input_value():
            area.fill("Anode material of all cell makers of Korea")
    han.page.locator("#ask-asked").select_option("nrcan")
    han.fill("ask", title="Graphite is frozen", id="graphite-freeze", label="TLP:CLEAR")
    han.send("ask")
    han.page.wait_for_url(f"**{ROOM}**")
    assert "asks Natural Resources Canada" in han.text(".lead")
    made_at = town.house.store.clock().replace(microsecond=0)
    made = assessment(id="graphite-freeze-1", incident="graphite-freeze", made_at=made_at, made_by="motir", manifest=MANIFEST)
    pact.record_values([{"kind": "assessment", **made.content()}], Desk(town.house.store, None), reason="assessed", actor="test")
    han.go(ROOM)
    han.fill("aid", option="stockpiles", reason="It helps at once")
    han.send("aid")
    turn(han, "We ask for it")
    ana = enter(ROOM, "ana")
    assert "approved by both sides" not in ana.text()
    turn(ana, "We have it")
    assert "approved by both sides" in ana.text()
    han.go(ROOM)
    assert "approved by both sides" in han.text()
    assert enter(ROOM).page.locator("#key-verdict").count() == 0


def anode(walker: Walker) -> Locator:
    """The light of graphite as the material of anodes."""
    return walker.page.locator('.lightgrid tbody tr:has(th:text-is("Graphite")) td.light').last


def turn(walker: Walker, why: str) -> None:
    """He approves with the key of his side."""
    walker.fill("key", verdict="approve", reason=why)
    walker.send("key")
    walker.page.wait_for_url("**done=key**")
