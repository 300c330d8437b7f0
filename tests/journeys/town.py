"""Where journeys happen: a served house with its people, and somebody who walks through it by what he sees."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from faces import serving
from playwright.sync_api import Browser, Locator, Page

from copies import copied
from orepact.service import pact
from orepact.service.access import New, add_account, change_community
from orepact.service.access.sessions import begin
from orepact.service.pact.desk import Desk
from orepact.store import open_store
from orepact.store.people import account_of, changing
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House
from orepact.web.settings import Settings
from pact_incidents import PEOPLE

#: An organisation and roles by the name of an account.
People = Mapping[str, tuple[str, tuple[str, ...]]]
VIEW = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Town:
    """A house, where it is served, and the secret of each person's session."""

    house: House
    place: str
    sessions: Mapping[str, str]

    def tab(self, browser: Browser, name: str = "", **how: Any) -> Page:
        """A browser of somebody's own, logged in; of nobody for no name."""
        context = browser.new_context(base_url=self.place, viewport=VIEW, accept_downloads=True, **how)
        context.set_default_timeout(15_000)
        if name:
            context.add_cookies([{"name": "orepact", "value": self.sessions[name], "url": self.place}])
        return context.new_page()


@contextmanager
def town_of(filled: Path, folder: Path, people: People) -> Iterator[Town]:
    """A house on a copy of the register, served, with accounts for people."""
    address = str(copied(filled, folder / "register.db"))
    store = open_store(address)
    sessions: dict[str, str] = {}
    desk = Desk(store, None)
    pact.record_values([{"kind": "person", **one.content()} for one in PEOPLE], desk, reason="people of the test", actor="test")
    persons = {one.id for one in PEOPLE}
    for name, (organisation, roles) in people.items():
        change_community(organisation, desk)
        person = name if name in persons else ""
        add_account(New(id=name, name=name.capitalize(), organisation=organisation, roles=roles, person=person), desk)
        with changing(store.database) as connection:
            account = account_of(connection, name)
            assert account is not None
            sessions[name] = begin(connection, store, account, how="log_in").secret
    house = House(Settings(database=address, anonymous_rate=10_000, account_rate=10_000), store, Registered(store))
    with serving(house) as place:
        yield Town(house, place, sessions)
    house.close()


@dataclass
class Walker:
    """Somebody at a browser. ``clicks``: how often he clicked on something that he saw; ``wrong``: what nobody should see."""

    page: Page
    place: str
    clicks: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda asked: self._elsewhere(asked.url))
        self.page.on("console", lambda said: self._complaint(said.type, f"{said.text} {said.location.get('url', '')}"))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def go(self, path: str) -> None:
        """Open an address, as one that somebody sent."""
        self.page.goto(path)

    def click(self, words: str, within: str = "body", *, exact: bool = False) -> None:
        """Click on a link that is seen."""
        self.press(self.page.locator(within).get_by_role("link", name=words, exact=exact).locator("visible=true").first)

    def press(self, what: Locator) -> None:
        """Click on something that is seen."""
        what.scroll_into_view_if_needed()
        assert what.is_visible()
        what.click()
        self.clicks += 1

    def fill(self, form: str, **fields: str) -> None:
        """Type into fields of a form, opening the fold that it is in, and choose from its lists."""
        for name, value in fields.items():
            found = self.page.locator(f"#{form}-{name}")
            fold = self.page.locator("details:not([open])", has=found)
            if fold.count():
                self.press(fold.locator("summary").first)
            if found.evaluate("it => it.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)

    def send(self, form: str) -> None:
        """Press the button of a form that was filled in."""
        self.press(self.page.locator("form", has=self.page.locator(f'input[name="form"][value="{form}"]')).locator("button").last)

    def text(self, where: str = "main") -> str:
        """What stands somewhere to be read."""
        return self.page.locator(where).inner_text()

    def row(self, table: str, *words: str) -> list[str]:
        """The cells of the first row of a table of the page in which the words stand."""
        found = self.page.locator(f"#table-{table} tbody tr")
        for each in words:
            found = found.filter(has_text=each)
        return [" ".join(cell.split()) for cell in found.first.locator("th, td").all_inner_texts()]

    def downloads(self, what: Locator) -> bytes:
        """What a click brings onto the disk."""
        with self.page.expect_download() as waiting:
            self.press(what)
        return Path(waiting.value.path()).read_bytes()

    def sheet(self, table: str) -> list[dict[str, str]]:
        """The rows of a table of the page, downloaded as CSV by its link."""
        link = self.page.locator(f"#table-{table} .take").get_by_role("link", name="CSV")
        return [*csv.DictReader(io.StringIO(self.downloads(link).decode("utf-8-sig")))]

    def _elsewhere(self, url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob", "about"} and not url.startswith(f"{self.place}/"):
            self.wrong.append(f"asked {url}")

    def _complaint(self, kind: str, text: str) -> None:
        if kind == "error":
            self.wrong.append(text)
