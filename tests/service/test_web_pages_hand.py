"""What nobody sends by a page of ours, and somebody by hand: led nowhere else, told what is wrong, let in only if all is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from test_web_pages import address

from orepact.errors import OrepactError
from orepact.pact.projects.project import Project
from orepact.pact.records.readers import Reader
from orepact.service import access
from orepact.service.access import New
from orepact.service.view import kept as keeping
from orepact.web.edge.callers import Caller, Registered, at
from orepact.web.edge.house import House
from orepact.web.pages import twins
from orepact.web.pages.page import Elsewhere, Page
from orepact.web.pages.reading import Place, asked_of, place_of
from orepact.web.pages.render import MENU_PLACE, render
from orepact.web.pages.serve import answer
from orepact.web.pages.shown import Shown
from orepact.web.pages.table import PAGES
from orepact.web.pages.visit import Visit
from orepact.web.pages.warming import visit_of

PASSWORD = "a long enough word of mine 7"


@pytest.fixture
def client(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> httpx2.Client:
    """A service in which Ada has a password."""
    house = make_house()
    house.accounts = Registered(house.store)
    address = house.settings.database
    access.add_account(New("ada", "Ada", organisation="nrcan", roles=("editor",)), address)
    access.accept_invitation(access.invite("ada", address).secret, PASSWORD, address)
    return client_of(house)


@pytest.mark.parametrize("back", ["//evil.example/x", "/fr//evil.example/x", "/ko/\\evil.example", "https://evil.example"])
def test_nobody_is_led_elsewhere(client: httpx2.Client, back: str) -> None:
    chosen = client.get("/set", params={"language": "en", "back": back})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/tower")
    let_in = client.post("/account/login", params={"back": back}, data={"form": "login", "name": "ada", "password": PASSWORD})
    assert let_in.status_code == 303
    assert let_in.headers["location"].startswith("/tower")


def test_english_may_be_asked_for_in_the_address(client: httpx2.Client) -> None:
    """Also by who has Japanese from the browser; a country may be written in small letters."""
    found = client.get("/en/pact?party=CAN", headers={"Accept-Language": "ja"}, follow_redirects=True)
    assert (found.status_code, found.url.path, found.url.query) == (200, "/pact", b"party=CAN")
    assert '<html lang="en"' in found.text
    assert client.get("/en", follow_redirects=True).url.path == "/tower"
    small = client.get("/fr/tower/kor")
    assert (small.status_code, small.headers["location"]) == (303, "/fr/tower/KOR")
    client.cookies.clear()


def test_a_form_to_log_in_that_is_not_whole(client: httpx2.Client) -> None:
    wrong = client.post("/account/login", data={"form": "login", "name": "ada", "password": "wrong", "kept": "a=1"})
    assert wrong.status_code in {401, 403, 422}


def test_what_was_typed_before_is_read_before_anybody_is_let_in(client: httpx2.Client) -> None:
    sent = {"form": "login", "name": "ada", "password": PASSWORD, "path": "/records/body", "kept": "a=1&" * 2500}
    found = client.post("/account/login", data=sent)
    assert found.status_code == 422
    assert "set-cookie" not in found.headers


def test_who_asks_for_many_of_one_kind_drives_out_no_other(make_house: Callable[..., House]) -> None:
    ledger, made = make_house().facts, []

    def make(name: str) -> Callable[[], str]:
        return lambda: made.append(name) or name  # type: ignore[func-returns-value]  # noted, and told

    keeping.kept(ledger, ("test_one", "first"), make("first"))
    for number in range(keeping.MOST + 5):
        keeping.kept(ledger, ("test_other", number), make(str(number)))
    keeping.kept(ledger, ("test_one", "first"), make("first"))
    keeping.kept(ledger, ("test_other", 0), make("0"))
    assert (made.count("first"), made.count("0")) == (1, 2)


def test_all_that_a_page_tells_is_of_one_state(make_house: Callable[..., House]) -> None:
    house, heads = make_house(), []

    def write() -> None:
        with house.store.write("ada", "a mine is found") as unit:
            unit.put(Project(id="pit", title="Pit", project_kind="mine"))

    def use(_: Visit) -> Shown:
        heads.append(house.store.head().seq)
        writer = Thread(target=write)
        writer.start()
        writer.join()
        heads.append(house.store.head().seq)
        return Shown(title="two reads")

    page = replace(next(each for each in PAGES if each.path == "/tower"), use=use, kept=False)
    answer(house, visit_of(house, page), Place(page, {}, "json"))
    assert heads[0] == heads[1]
    assert house.store.head().seq > heads[0]


@pytest.mark.parametrize("page", [page for page in PAGES if page.alike], ids=lambda page: page.name)
def test_a_page_that_is_alike_for_all_asks_neither_who_reads_nor_the_register(
    page: Page, make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    def barred(_: Visit) -> None:
        raise AssertionError("this differs between readers, and the page is kept for all")

    house = make_house()
    query = parse_qsl(urlsplit(address(page)).query)
    place = place_of(urlsplit(address(page)).path)
    assert place is not None
    visit = replace(visit_of(house, next(each for each in PAGES if each.path == "/tower")), page=page, path=page.path)
    visit = replace(visit, asked=asked_of(place, query)[0])
    for name in ("desk", "known", "deeds"):
        monkeypatch.setattr(Visit, name, property(barred))
    shown = page.use(visit)
    told = render(visit, shown)
    assert MENU_PLACE.encode() in told
    assert [twins.as_twin(shown, ending, "") for ending in ("json", "csv")]


def test_a_page_that_is_kept_is_the_same_for_two_who_hold_the_same(make_house: Callable[..., House]) -> None:
    house = make_house()

    def told(page: Page, account: str) -> bytes | str:
        reader = Reader.holding("nrcan", account=account, roles=("reader", "editor", "admin"), community=True)
        there = urlsplit(address(page))
        place = place_of(there.path)
        assert place is not None
        asked, query, _ = asked_of(place, parse_qsl(there.query))
        caller = at(Caller(reader), house.clock(), whole_minute=True)
        visit = replace(visit_of(house, PAGES[0]), caller=caller, page=page, path=there.path, asked=asked, query=query)
        try:
            return render(visit, page.use(visit))
        except (OrepactError, Elsewhere) as moved:
            return repr(moved)

    both = {page.name: (told(page, "ada"), told(page, "bea")) for page in PAGES if page.kept and not page.alike}
    assert [name for name, (one, other) in both.items() if one != other] == []
    assert sum(isinstance(one, bytes) for one, _ in both.values()) > len(both) / 2


JSON = {"accept": "application/json"}


def test_a_program_at_the_front_page_is_told_where_things_are(client: httpx2.Client) -> None:
    """Who takes pages is led to the tower, as before."""
    found = client.get("/", headers=JSON)
    assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
    for row in found.json()["data"]:
        assert client.get(row["path"]).status_code == 200, row
    for accept in ("*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json;q=0.5, text/html"):
        assert client.get("/", headers={"accept": accept}).status_code == 307
    assert "accept" in [name.strip().casefold() for name in found.headers["vary"].split(",")]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404), ("GET", "/records/none/none", 404), ("GET", "/tower?as_of=nonsense", 422),
        ("GET", "/account/people", 401), ("GET", "/fr/account/access", 401), ("DELETE", "/tower", 405), ("POST", "/tower", 405),
        ("GET", "/static/0/none.css", 404), ("GET", "/set?language=xx", 422), ("POST", "/account/login", 415),
        ("GET", "/tower.json?as_of=nonsense", 422), ("GET", "/records/instrument/none.csv", 404),
    ],
)  # fmt: skip
def test_programs_are_told_what_is_wrong_in_json(client: httpx2.Client, method: str, path: str, status: int) -> None:
    """On every path of pages, in the words of the API."""
    found = client.request(method, path, headers={} if ".json" in path or ".csv" in path else JSON)
    assert (found.status_code, found.headers["content-type"]) == (status, "application/json")
    assert set(found.json()["error"]) == {"code", "message", "problems", "request_id"}


def test_programs_are_told_pages_as_their_twins(client: httpx2.Client) -> None:
    """The same as at the address with ``.json``, whichever was asked first."""
    one = client.get("/records/instrument", headers=JSON)
    assert one.json() == client.get("/records/instrument.json").json()
    assert client.get("/records/instrument").headers["content-type"].startswith("text/html")
    wrong = client.post("/account/login", data={"form": "login", "name": "ada", "password": "wrong"}, headers=JSON)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "unauthorised")
