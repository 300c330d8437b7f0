"""Journeys of those who keep the pact: an analyst of Canada, a Nation (in French), a secretariat (in Korean)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from town import Town, Walker

from orepact.pact.organisations.engagement import Engagement
from orepact.pact.records.readers import Reader
from orepact.service import pact
from orepact.service.pact.desk import Desk

pytestmark = pytest.mark.browser
Enter = Callable[..., Walker]
NATION = "atikamekw-of-manawan"
PEOPLE = {
    "ana": ("nrcan", ("reader", "editor", "key_holder")),
    "han": ("motir", ("reader", "editor", "key_holder")),
    "awa": (NATION, ("reader", "editor", "steward")),
}
MEMORANDUM = "Memorandum of Cooperation on battery supply chains between Japan and Canada"
#: A record of the Nation that a stranger may read, and one that is hidden from him, with their projects.
SHOWN, HIDDEN = ("matawinie-manawan", "nmg-matawinie"), ("becancour-manawan", "nmg-becancour")


def test_an_analyst_finds_articles_without_evidence_and_makes_the_pack(enter: Enter) -> None:
    """The list holds as many as the heading says; the pack comes onto the disk and names them."""
    analyst = enter("/tower/CAN", "ana")
    analyst.click("Pact", "nav.tabs")
    analyst.click(MEMORANDUM, ".boardcards")
    analyst.page.select_option("#pick-show", "without")
    analyst.press(analyst.page.get_by_role("button", name="Show", exact=True))
    articles = analyst.page.locator("li.article")
    assert articles.count() == int(analyst.page.locator(".facts strong").first.inner_text())
    assert "In an emergency, work together" in analyst.text("ol.articles")
    analyst.click("Make the pack")
    pack = analyst.downloads(analyst.page.get_by_role("link", name="Download English")).decode()
    assert "<html" in pack
    assert "Battery supply chain Dialogue" in pack
    assert "2(c)(ii)" in pack


def test_a_nation_hides_one_record_and_releases_another(enter: Enter, town: Town) -> None:
    """In French; a stranger's browser shows the one that is released, and no trace of the one that is hidden."""
    store = town.house.store
    second = Engagement.model_validate({
        "id": HIDDEN[0], "title": "Atikamekw of Manawan and Bécancour", "nation": NATION, "project": HIDDEN[1],
        "agreements": [{"title": "Entente sur l'usine", "text": "Words of the Nation."}],
    })  # fmt: skip
    with store.write("a test", "begin", seeding=True) as unit:
        unit.put(second)
    own = Desk(store, Reader.holding(NATION, account="awa", roles=("editor", "steward"), community=True))
    pact.set_showing(HIDDEN[0], own, hidden=True, approve=False, reason="not yet", by="awa", actor="awa")
    stranger = enter(f"/projects/{SHOWN[1]}")
    assert "Atikamekw of Manawan" in stranger.text()
    stranger.go(f"/projects/{HIDDEN[1]}")
    assert "Entente" not in stranger.text()
    awa = enter(f"/fr/projects/{SHOWN[1]}", "awa")
    assert awa.page.locator("html").get_attribute("lang") == "fr"
    for (record, project), showing in ((SHOWN, "hide"), (HIDDEN, "publish")):
        awa.go(f"/fr/projects/{project}")
        awa.fill("showing", engagement=record, showing=showing, reason="Décision du conseil")
        awa.send("showing")
        awa.page.wait_for_url("**done=showing**")
    stranger.go(f"/projects/{SHOWN[1]}")
    assert "Manawan" not in stranger.text()
    assert stranger.page.request.get(f"/records/engagement/{SHOWN[0]}").status == 404
    stranger.go(f"/projects/{HIDDEN[1]}")
    assert "Entente sur l'usine" in stranger.text()


def test_a_secretariat_plans_a_meeting_and_records_a_decision(enter: Enter, town: Town) -> None:
    """In Korean; the feed of the calendar carries the meeting, and the body shows the decision."""
    han = enter("/ko/pact/bodies", "han")
    assert han.page.locator("html").get_attribute("lang") == "ko"
    bodies = han.page.locator("li.branch h3 a").all()
    body = next(each.get_attribute("href") for each in bodies if "kr" in str(each.get_attribute("href")))
    han.press(han.page.locator(f'li.branch h3 a[href="{body}"]'))
    han.fill("plan", title="제1차 점검 회의", planned="2099-03-02", place="세종", agenda="흑연\n리튬", reason="연례 일정")
    han.send("plan")
    han.page.wait_for_url("**done=plan**")
    assert "제1차 점검 회의" in han.text()
    han.fill("decide", title="흑연 비축 공동 점검", text="비축량을 함께 점검한다.", reason="회의에서 합의")
    han.send("decide")
    han.page.wait_for_url("**done=decide**")
    assert "흑연 비축 공동 점검" in han.text("section[aria-labelledby=decisions-head]")
    feed = han.page.request.get(str(han.page.get_by_role("link", name="iCal", exact=True).get_attribute("href"))).text()
    assert "BEGIN:VCALENDAR" in feed
    assert "제1차 점검 회의" in feed.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20990302" in feed
