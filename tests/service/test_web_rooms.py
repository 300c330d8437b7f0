"""Rooms of incidents and sheets of projects as those see and change them whose they are: forms, keys, and what nobody is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from faces import serving
from test_web_pages import Seen, whole

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
from pact_incidents import ANSWERS, MANIFEST, MOC, PEOPLE, assessment

NATION = "atikamekw-of-manawan"
#: By name of an account: its organisation, its roles, and whether it is somebody's of the register.
PARTIES = {
    "ana": ("nrcan", ("reader", "editor", "key_holder"), True),
    "emi": ("meti", ("reader", "editor", "key_holder"), True),
    "han": ("motir", ("reader", "editor", "key_holder"), True),
    "reg": ("nrcan", ("reader", "editor", "registrar"), False),
    "nation": (NATION, ("reader", "editor", "steward"), False),
}
SCRIPT = "<script>alert(1)</script>{x}"


@pytest.fixture(scope="module")
def house(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The seeded register with people of two sides and a Nation."""
    address = str(copied(filled, tmp_path_factory.mktemp("rooms") / "register.db"))
    store = open_store(address)
    desk = Desk(store, None)
    people = [{"kind": "person", **one.content()} for one in PEOPLE]
    pact.record_values(people, desk, reason="people of the test", actor="test")
    for name, (organisation, roles, person) in PARTIES.items():
        change_community(organisation, desk)
        add_account(New(id=name, name=name, organisation=organisation, roles=roles, person=name if person else ""), desk)
    found = House(Settings(database=address, anonymous_rate=10_000, account_rate=10_000), store, Registered(store))
    yield found
    found.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx2.Client]:
    """A browser of a server on it."""
    with serving(house) as place, httpx2.Client(base_url=place, timeout=60) as found:
        yield found


@pytest.fixture(scope="module")
def shows(house: House) -> Callable[[str], dict[str, str]]:
    """The header fields by which a reader is known."""
    secrets: dict[str, str] = {}
    for name in PARTIES:
        with changing(house.store.database) as connection:
            account = account_of(connection, name)
            assert account is not None
            secrets[name] = begin(connection, house.store, account, how="log_in").secret
    return lambda name: {"Cookie": f"orepact={secrets[name]}"} if name in secrets else {}


class Browser:
    """Somebody who fills in forms of pages, with their hidden fields."""

    def __init__(self, client: httpx2.Client, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(path, headers=self.headers)

    def hidden(self, path: str, form: str) -> dict[str, str]:
        """The hidden fields of a form of a page."""
        text = self.get(path).text
        for part in re.findall(r'<form class="form".*?</form>', text, re.DOTALL):
            fields = [tag for tag in Seen(part).all("input") if tag.get("type") == "hidden"]
            found = {str(tag["name"]): str(tag.get("value", "")) for tag in fields}
            if found.get("form") == form:
                return found
        raise AssertionError(f"no form {form} on {path}")

    def send(self, path: str, form: str, *, before: dict[str, str] | None = None, **fields: object) -> httpx2.Response:
        """Fill in a form and send it; ``before``: hidden fields that were read earlier."""
        hidden = self.hidden(path, form) if before is None else before
        return self.client.post(path, data={**hidden, **fields}, headers=self.headers)


@pytest.fixture
def ana(client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> Browser:
    """An editor and key holder of Natural Resources Canada."""
    return Browser(client, shows("ana"))


@pytest.fixture
def emi(client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> Browser:
    """An editor and key holder of the Ministry of Economy, Trade and Industry."""
    return Browser(client, shows("emi"))


@pytest.fixture
def han(client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> Browser:
    """Somebody of a party of another instrument."""
    return Browser(client, shows("han"))


@pytest.fixture
def nation(client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> Browser:
    """Who writes for the Nation."""
    return Browser(client, shows("nation"))


@pytest.fixture
def stranger(client: httpx2.Client) -> Browser:
    """Somebody without an account."""
    return Browser(client, {})


NEW = f"/incidents/new?instrument={MOC}&event=moa_stop_2026"


def opened(browser: Browser, name: str, **changes: object) -> httpx2.Response:
    """A request put to Japan, which everybody may see unless it says otherwise."""
    fields = {"title": "Moa stops", "id": name, "event": "moa_stop_2026", "asked": ["meti"], "label": "TLP:CLEAR", **ANSWERS}
    fields |= changes
    return browser.send(NEW, "ask", **fields)


def assessed(house: House, name: str) -> None:
    """Put down an assessment of an incident as the worker would."""
    store = house.store
    made = assessment(id=f"{name}-assessment-1", incident=name, made_at=store.clock().replace(microsecond=0), manifest=MANIFEST)
    pact.record_values([{"kind": "assessment", **made.content()}], Desk(store, None), reason="assessed", actor="test")


def test_both_keys_are_turned_each_by_its_own_side(
    house: House, ana: Browser, emi: Browser, han: Browser, stranger: Browser
) -> None:
    """Canada asks, both look at one assessment, each side turns its key, help is promised and arrives."""
    assert opened(ana, "two-keys").headers["location"] == "/incidents/two-keys?done=ask"
    room = "/incidents/two-keys"
    assert "15 days left" in ana.get(room).text
    assessed(house, "two-keys")
    assert ana.send(room, "aid", option="stockpiles", reason="It is the only help").status_code == 303
    for other in (han, stranger):  # who holds no key is shown none to turn
        assert 'name="verdict"' not in other.get(room).text
        assert "Not turned yet" in other.get(room).text
    sent = han.send(room, "key", before={"form": "key"}, decision="two-keys-aid-1", verdict="approve", reason="x")
    assert sent.status_code in {403, 422}
    asked = ana.get(room).text.partition('name="verdict"')[2]
    assert '<option value="" selected>' in asked.partition("</select>")[0], "a key cannot be turned back: nobody chooses for him"
    assert ana.send(room, "key", decision="two-keys-aid-1", verdict="", reason="x").status_code == 422
    assert ana.send(room, "key", decision="two-keys-aid-1", verdict="approve", reason="We ask for it").status_code == 303
    assert 'name="verdict"' not in ana.get(room).text
    assert emi.send(room, "key", decision="two-keys-aid-1", verdict="approve", reason="We have it").status_code == 303
    told = whole(stranger.get(f"/ja{room}"))
    assert told.all("html")[0]["lang"] == "ja"
    assert "approved by both sides" in stranger.get(room).text
    assert "Approved: Public stocks are released" in stranger.get(room).text
    assert "Public stocks are released: Moa stops" in stranger.get("/pact/decisions").text
    promised = {"what": "Cobalt", "quantity": "40", "unit": "t", "to": "nrcan", "due": "2099-01-01"}
    sent = emi.send(room, "promise", decision="two-keys-aid-1", **promised)
    assert sent.status_code == 303
    name = "two-keys-aid-1-meti-1"
    today = house.store.clock().date().isoformat()
    assert ana.send(room, "arrive", delivery=name, on=today, quantity="40", evidence="bill of lading").status_code == 303
    rows = stranger.get(f"{room}.json").json()["tables"]["deliveries"]
    assert [(row["quantity"], row["came"], row["state"]) for row in rows] == [(40.0, 40.0, "delivered")]


def test_a_request_sent_twice_is_one(ana: Browser) -> None:
    """Whoever presses twice."""
    hidden = ana.hidden(NEW, "ask")
    fields = {"title": "Twice", "id": "sent-twice", "asked": ["meti"], **ANSWERS}
    first, second = (ana.send(NEW, "ask", before=hidden, **fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert "sent-twice" in ana.get("/incidents").text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"asked": ["nrcan"]}, 422), ({"impact": ""}, 422), ({"title": "\x01"}, 422), ({"event": "../../etc/passwd"}, 422),
        ({"event": "nothing"}, 422), ({"instrument": "nothing"}, 404), ({"asked": []}, 422), ({"sent_at": "yesterday"}, 422),
        ({"sent_at": "2099-01-01T00:00Z"}, 422), ({"commodity": "nothing"}, 404), ({"id": "A B"}, 422),
    ],
)  # fmt: skip
def test_a_bad_request_keeps_what_was_typed(changes: dict[str, object], status: int, ana: Browser) -> None:
    """And says at the field what is wrong, without a trace of the machine."""
    sent = opened(ana, "never", cause=SCRIPT, **changes)
    assert sent.status_code in {status, 422}
    assert "Traceback" not in sent.text
    whole(sent)
    if sent.status_code == 422:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{x}" in sent.text
    assert ana.get("/incidents/never").status_code == 404


def test_scripts_are_words(ana: Browser, stranger: Browser) -> None:
    """In the title and in every answer."""
    name = "scripted"
    assert opened(ana, name, title=SCRIPT, **dict.fromkeys(ANSWERS, SCRIPT)).status_code == 303
    for path in (f"/incidents/{name}", "/fr/incidents", f"/ko/incidents/{name}"):
        found = stranger.get(path)
        assert found.status_code == 200
        whole(found)
        assert "<script>alert" not in found.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{x}" in found.text


def test_a_session_that_ended_keeps_what_was_typed(stranger: Browser) -> None:
    """The page asks to log in, with all that was typed."""
    sent = stranger.send(NEW, "ask", before={"form": "ask"}, instrument=MOC, title="Typed title", impact="Typed impact")
    assert sent.status_code == 401
    whole(sent)
    assert "Typed title" in sent.text


def test_closing_ends_what_may_be_done(ana: Browser) -> None:
    """After it no form is shown, and none is taken."""
    room = "/incidents/to-close"
    opened(ana, "to-close")
    on = re.search(r'id="close-on"[^>]*value="([^"]+)"', ana.get(room).text)
    assert on is not None
    hidden = ana.hidden(room, "close")
    assert ana.send(room, "close", before=hidden, on=on[1], reason="withdrawn").status_code == 303
    assert not re.search('name="form" value="(meet|assess|aid|key|promise|close)"', ana.get(room).text)
    again = ana.send(room, "close", before={**hidden, "once": "another"}, on=on[1], reason="again")
    assert again.status_code == 422


def test_what_a_nation_hides_was_never_there(house: House, nation: Browser, stranger: Browser, ana: Browser) -> None:
    """To the byte, on the sheet, in its tables, in lists and comparisons; the Nation itself still sees it."""
    project, name = "whabouchi", f"{NATION}.whabouchi"
    paths = [f"/projects/{project}", f"/projects/{project}.json", f"/projects/{project}.csv?table=engagement", "/projects",
             "/projects/compare", "/records/engagement", f"/records/engagement/{name}", f"/fr/projects/{project}"]  # fmt: skip

    def seen(by: Browser) -> list[tuple[int, str]]:
        return [(found.status_code, _still(found.text)) for found in map(by.get, paths)]

    before = [seen(by) for by in (stranger, ana)]
    record = {"kind": "engagement", "id": name, "title": "A talk", "nation": NATION, "project": project,
              "contacts": [{"date": "2026-01", "contact_kind": "meeting", "text": "A talk in January"}]}  # fmt: skip
    pact.record_values([record], Desk(house.store, None), reason="told by the Nation", actor="test", organisations=[NATION])
    assert "Atikamekw of Manawan" in stranger.get(f"/projects/{project}").text
    assert nation.send(f"/projects/{project}", "showing", engagement=name, showing="hide", reason="It is ours").status_code == 303
    assert [seen(by) for by in (stranger, ana)] == before
    assert "nobody but your Nation" in nation.get(f"/projects/{project}").text
    sent = nation.send(f"/projects/{project}", "showing", engagement=name, showing="publish", reason="Now it may")
    assert sent.status_code == 303
    assert "Atikamekw of Manawan" in stranger.get(f"/projects/{project}").text
    theirs = ana.send(f"/projects/{project}", "showing", before={"form": "showing"}, engagement=name, showing="hide", reason="x")
    assert theirs.status_code in {403, 422}
    assert "Atikamekw of Manawan" in stranger.get(f"/projects/{project}").text


def _still(text: str) -> str:
    """A page without the secrets that each answer has anew, nor the name of the request."""
    return re.sub(r'(name="(?:csrf|once)" value="|"request_id":")[^"]*', r"\1", text)


def test_a_closed_incident_is_not_there_for_others(house: House, ana: Browser, stranger: Browser, emi: Browser) -> None:
    """The list to the byte, the room as one that never was; its own see it."""
    paths = ["/incidents", "/incidents.json", "/fr/incidents", "/incidents/nrcan.quiet", "/incidents/nrcan.quiet.json"]
    before = [[_still(by.get(path).text) for path in paths] for by in (stranger, emi)]
    pattern = {"pattern": "ipef-art12", "meeting_days": 15}
    record = {"kind": "incident", "id": "nrcan.quiet", "title": "A quiet one", "instrument": MOC, **pattern,
              "label": "TLP:AMBER+STRICT/nrcan"}  # fmt: skip
    pact.record_values([record], Desk(house.store, None), reason="noted", actor="test")
    assert [[_still(by.get(path).text) for path in paths] for by in (stranger, emi)] == before
    assert "A quiet one" in ana.get("/incidents").text
    assert ana.get("/incidents/nrcan.quiet").status_code == 200


def test_the_registrar_puts_a_request_on_an_incident(
    house: House, client: httpx2.Client, shows: Callable[[str], dict[str, str]], ana: Browser
) -> None:
    """Which nobody else is offered; bad answers come back with what was typed."""
    room = "/incidents/noted-first"
    pact.open_incident("noted-first", Desk(house.store, None), instrument=MOC, title="Noted", reason="noted", actor="test")
    registrar = Browser(client, shows("reg"))
    assert 'id="request-by"' not in ana.get(room).text
    wrong = registrar.send(room, "request", by="nrcan", asked=["nrcan"], **{**ANSWERS, "cause": SCRIPT})
    assert wrong.status_code == 422
    assert "&lt;script&gt;alert(1)" in wrong.text
    assert registrar.send(room, "request", by="nrcan", asked=["meti"], **ANSWERS).status_code == 303
    assert "15 days left" in ana.get(room).text


def test_what_falls_and_who_buys(stranger: Browser) -> None:
    """A province sees what falls with the nickel sulphate of Bécancour; a miner sees why a buyer fits and another does not."""
    falls = stranger.get("/projects/cascade.json?place=CA-QC&as_of=2025-09-30").json()["tables"]["falls"]
    assert any("vale" in row["falls"].lower() or "ultium" in row["falls"].lower() for row in falls)
    assert all(0 < row["strength"] <= 1 and row["because"] for row in falls)
    fits = "/projects/match.json?project=nemaska-becancour&grade=battery&makes="
    yes, no = (stranger.get(f"{fits}{each}").json()["tables"]["matches"] for each in ("yes", "no"))
    assert any("it makes grade battery" in row["for"] for row in yes)
    assert all("not battery" in row["against"] and row["score"] is None for row in no)
    assert len(yes) == len(no) > 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/incidents/nothing", 404), ("/incidents/%3Cscript%3E", 404), ("/projects/nothing", 404), ("/projects?place=%00", 422),
        ("/projects?place=NOWHERE&owner=nobody", 200), ("/projects/match?project=nothing", 404), ("/projects/match?year=1", 422),
        ("/projects/match?project=whabouchi&carbon=nan", 422), ("/projects/compare?site=nothing", 404),
        ("/projects/compare?" + "&".join(["site=windsor"] * 60), 422), ("/projects/cascade?project=nothing", 200),
        ("/incidents/new?instrument=nothing", 200), ("/incidents/drill-moa-2026?as_of=1999-01-01", 200),
        ("/projects/crawford?as_of=1999-01-01", 200),
    ],
)  # fmt: skip
def test_hand_edited_addresses(path: str, status: int, ana: Browser) -> None:
    """A clear page each."""
    found = ana.get(path)
    assert found.status_code == status, found.text[:3000]
    whole(found)
