"""Forms of runs on a bad day: pressed twice, left by the back button, sent after the session has ended; a run ended by hand."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pages_world
import pytest
from playwright.sync_api import Page
from test_web_pages_browser import browser, opened

from orepact.service import jobs
from orepact.service.access import change_community
from orepact.service.pact.desk import Desk
from orepact.service.sharing import put_network
from orepact.web.edge.house import House

__all__ = ["browser", "opened"]
TOY = {file.name: file.read_text() for file in (Path(__file__).parents[1] / "networks" / "toy").iterdir()}
EVENT = {
    "form": "written", "title": 'Quotes "here" & <there>', "target": "site", "names": "mine_a", "effect": "share_left",
    "amount": "0", "start": "2026-02-01", "duration": "26", "weeks": "40", "network": "toy",
}  # fmt: skip
PLAN = {"form": "own", "title": "Dearer money, ünïcode 価格", "discount_rate": "0.0813", "network": "toy", "years": "2025, 2030"}
FORMS = [("/plans/new", PLAN), ("/shocks/new", EVENT), ("/shocks/moa_stop_2026", {"form": "run", "weeks": "41"})]


class Fields(HTMLParser):
    """The fields of the form of a page that has a certain hidden field, and where it is sent."""

    def __init__(self, page: str, holding: str) -> None:
        super().__init__()
        self.holding, self.found, self.action = holding, list[tuple[str, str]](), ""
        self._fields, self._action = list[tuple[str, str]](), ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields, self._action = [], given.get("action", "")
        elif tag == "input" and given.get("name"):
            self._fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and any(name == self.holding for name, _ in self._fields):
            self.found, self.action = self._fields, self._action


@pytest.fixture(scope="module")
def toys(house: House) -> None:
    """The small network of both organisations."""
    for organisation in ("nrcan", "meti"):
        put_network("toy", TOY, Desk(house.store, None), organisation=organisation)
        change_community(organisation, Desk(house.store, None))


def token(client: httpx2.Client, path: str, headers: dict[str, str]) -> str:
    """The token of the forms of a page."""
    return client.get(path, headers=headers).text.split('name="csrf" value="')[1].split('"')[0]


def runs(house: House) -> int:
    """How many runs there are."""
    return len(jobs.list_runs(Desk(house.store, None), limit=500).envelope()["data"])


@pytest.mark.parametrize(("path", "form"), FORMS, ids=["plan", "event", "library"])
@pytest.mark.usefixtures("toys")
def test_a_button_pressed_twice_makes_one_run(
    path: str, form: dict[str, str], client: httpx2.Client, house: House, shows: Callable[[str], dict[str, str]]
) -> None:
    """And both answers lead to it."""
    ana, before = shows("ana"), runs(house)
    sent = {**form, "csrf": token(client, path, ana)}
    places = [client.post(path, data=sent, headers=ana).headers["location"].partition("?")[0] for _ in range(2)]
    assert places[0] == places[1]
    assert runs(house) == before + 1
    run = places[0].rpartition("/")[2]
    ended = client.post(places[0], data={"form": "cancel", "csrf": sent["csrf"]}, headers=ana)
    assert ended.status_code == 303, "without scripts a form ends it"
    page = client.get(ended.headers["location"], headers=ana).text
    assert "The run is told to end." in page
    assert "Somebody of your organisation ended it" in page
    assert jobs.show_run(run, Desk(house.store, None)).top["run"]["state"] == "cancelled"


@pytest.mark.parametrize(("path", "form"), FORMS, ids=["plan", "event", "library"])
@pytest.mark.usefixtures("toys")
def test_what_was_typed_outlives_the_session(path: str, form: dict[str, str], client: httpx2.Client, house: House) -> None:
    """Sent after it has ended, it is kept through the log-in and sent once more, word for word; then it is one run."""
    before = runs(house)
    client.cookies.clear()
    gone = client.post(path, data={**form, "csrf": "of-a-session-that-ended"}, headers={"Cookie": "orepact=ended"})
    assert gone.status_code == 401
    asks = Fields(gone.text, "kept")
    shown = dict(asks.found)
    assert asks.action.startswith("/account/login")
    entered = client.post(asks.action, data={**shown, "name": pages_world.CLEO, "password": pages_world.GOOD})
    assert entered.status_code == 200, entered.text[-2000:]
    session = entered.headers["set-cookie"].partition(";")[0]
    again = Fields(entered.text, "form")
    every = Fields(entered.text, "title" if "title" in form else "weeks")
    assert {name: value for name, value in every.found if name in form} == form, "nothing is lost"
    assert urlsplit(every.action).path == path
    assert again.found
    assert runs(house) == before, "nothing is sent by itself"
    done = client.post(every.action, data=dict(every.found), headers={"Cookie": session})
    assert done.status_code == 303, done.text.partition("<main")[2][:2000]
    assert runs(house) == before + 1
    assert client.get(done.headers["location"], headers={"Cookie": session}).status_code == 200
    client.cookies.clear()


@pytest.mark.browser
def test_the_back_button_brings_back_what_was_typed(opened: Callable[..., Page]) -> None:
    """Somebody looks something up in mid-form and comes back."""
    for path, label, words in (("/plans/new", "Title", "Half typed"), ("/shocks/new", "Names", "mine_a, mine_b")):
        page = opened(path, "ana")
        page.get_by_label(label, exact=False).first.fill(words)
        page.get_by_role("link", name="Data", exact=True).click()
        page.wait_for_url("**/data")
        page.go_back()
        page.wait_for_url(f"**{path}")
        assert page.get_by_label(label, exact=False).first.input_value() == words


@pytest.mark.browser
def test_the_clock_of_an_exercise_ticks_and_shows_what_comes(opened: Callable[..., Page], house: House) -> None:
    """With scripts by the second (by the minute where less motion is asked for); without, the page tells when the next comes."""
    from orepact.service.pact import start_drill

    start_drill("moa-2026", Desk(house.store, None), reason="exercise")
    path = "/shocks/exercise?drill=moa-2026"
    page = opened(path, "ana")
    clock = page.locator("[data-since]")
    page.wait_for_function("document.querySelector('[data-since]').textContent.split(':').length === 3")
    first = clock.inner_text()
    page.wait_for_function("words => document.querySelector('[data-since]').textContent !== words", arg=first)
    assert page.locator("[data-until]").inner_text().startswith("in 5:")
    page.get_by_label("What you did").fill("half a thought")
    page.evaluate("document.querySelector('[data-exercise]').dataset.seen = '0'")
    still = opened(path, "ana", reduced_motion="reduce")
    assert still.locator("[data-since]").inner_text().count(":") == 1
    plain = opened(path, "ana", java_script_enabled=False)
    told = plain.locator("main").inner_text()
    assert "The next inject comes" in told
    assert "mining at Moa pauses" in told
    assert "what happens after mid-April" not in told, "its hour has not come"
    assert plain.get_by_role("link", name="Look again").get_attribute("href") == path
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("[data-news]").wait_for()
    assert page.get_by_label("What you did").input_value() == "half a thought", "who types keeps his page"
