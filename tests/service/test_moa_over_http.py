"""The stop of Moa over a real socket: a Canadian and a Korean, each with one key; one of them has claims of its own.

From the event to the end of the incident, and a new code that both approve. What Korea lays over the facts changes Korea's run,
and no byte of what anybody else is told. ``OREPACT_LONG=1`` runs shock and joint assessment on the reference network too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orepact.service import access
from orepact.service.access import New
from orepact.service.jobs import Worker
from orepact.web.api.routes import PREFIX
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House
from pact_incidents import ANSWERS
from route_questions import questions, read_routes
from shock_networks import chain_network

LONG = os.environ.get("OREPACT_LONG") == "1"
MOU = "ca-kr-mou-minerals-2023"
WHY = {"reason": "as the sides agreed"}
SCOPES = ("read", "write", "keys", "runs", "export")
#: What a small chain calls what stopped in February 2026.
NAMES = {"ore": "mixed_hydroxide_precipitate", "NEAR": "CUB", "smelter": "sherritt_fort_sask", "HOME": "CAN"}
#: Where a run is asked for.
ASKED_AT = {"watch": "/watches", "shock": "/shocks"}
REQUEST = {
    "by": "nrcan", "asked": ["motir"], "sent_at": "2026-03-02T16:00-05:00", "received_at": "2026-03-03T00:30Z",
    "answers": ANSWERS,
}  # fmt: skip
HEAD = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
PAID = HEAD + "".join(
    f"{good},price,{price},USD_per_t,{year},,,own_desk,2026-06-30,reported,TLP:AMBER+STRICT/motir,what we pay\n"
    for good in ("nickel_class1", "cobalt_metal")
    for year, price in ((2024, 20_000), (2025, 20_000), (2026, 60_000))
)
DESK = (
    "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    "own_desk,Our desk,What we pay,2026,2026-06,own,Our desk,nowhere.example,A,no\n"
)
#: Header fields that are of the moment of an answer.
OF_THE_MOMENT = {"date"}
#: What is asked about, by kind.
IDS = {
    "incident": ("moa",), "decision": ("help",), "delivery": ("cobalt",), "assessment": ("moa-assessment-1",),
    "notice": ("told",), "review": ("looking-back",), "organisation": ("motir",), "instrument": (MOU,), "person": ("han",),
    "body": ("ca-jp-battery-dialogue",),
}  # fmt: skip


@dataclass
class Side:
    """Somebody with an account, over HTTP."""

    client: httpx2.Client
    headers: Mapping[str, str]

    def post(self, path: str, status: int = 201, *, why: bool = True, **content: Any) -> dict[str, Any]:
        """What a change is answered with."""
        found = self.client.post(f"{PREFIX}{path}", json={**(WHY if why else {}), **content}, headers=self.headers)
        assert found.status_code == status, (path, found.text)
        answer: dict[str, Any] = found.json()
        return answer

    def get(self, path: str, status: int = 200, **asked: Any) -> dict[str, Any]:
        """An answer."""
        found = self.client.get(f"{PREFIX}{path}", params=asked, headers=self.headers)
        assert found.status_code == status, (path, found.text)
        answer: dict[str, Any] = found.json()
        return answer

    def run(self, kind: str, asked: Mapping[str, Any]) -> str:
        """Ask for a run; its id."""
        found = self.client.post(f"{PREFIX}{ASKED_AT[kind]}", json={**asked}, headers=self.headers)
        assert found.status_code in {200, 202}, found.text
        return str(found.json()["run"])

    def answer(self, run: str) -> list[dict[str, Any]]:
        """The rows that a run gives; it is done."""
        found = self.get(f"/runs/{run}")
        assert found["run"]["state"] == "done", found["run"]
        return list(found["data"])

    def everything(self) -> Iterator[tuple[str, int, list[tuple[str, str]], bytes]]:
        """The answer of each row that reads, as bytes, with its header fields."""
        for route in read_routes():
            names = [*questions(route, IDS)]
            for path in names if route.path.startswith("/records/{kind}") else names[:1]:
                found = self.client.get(f"{PREFIX}{path}", headers={**self.headers, "X-Request-Id": "asked-by-a-test"})
                fields = sorted((name, value) for name, value in found.headers.items() if name not in OF_THE_MOMENT)
                yield path, found.status_code, fields, found.content


@dataclass
class World:
    """The service and those who ask it."""

    house: House
    sides: dict[str, Side]


@pytest.fixture
def world(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> World:
    """Accounts of Canada and Korea with a key each, one of the secretariat, and somebody without any."""
    house = make_house()
    house.accounts = Registered(house.store)
    db, client = house.settings.database, client_of(house)
    sides = {"anybody": Side(client, {})}

    def let_in(name: str, organisation: str, *roles: str, person: str = "") -> None:
        access.add_account(New(name, name.title(), organisation=organisation, roles=roles, person=person), db)
        text = access.make_token(name, db, name="test", organisation=organisation, scopes=SCOPES).text
        sides[name] = Side(client, {"Authorization": f"Bearer {text}"})

    for organisation in ("nrcan", "motir", "gac"):
        access.change_community(organisation, db)
    let_in("sec", "gac", "registrar", "editor")
    since = {"role": "Officer", "valid_from": "2020"}
    people = [
        {"kind": "person", "id": name, "title": name.title(), "terms": [{**since, "organisation": of}]}
        for name, of in (("ana", "nrcan"), ("han", "motir"))
    ]
    sides["sec"].post("/records", 200, records=people)
    let_in("ana", "nrcan", "editor", "key_holder", person="ana")
    let_in("han", "motir", "editor", "key_holder", person="han")
    return World(house, sides)


def approved(world: World, name: str, first: str = "ana") -> dict[str, Any]:
    """Both keys of a decision, the first of which is not enough; nobody turns that of the other, nor one twice."""
    keys = {"ana": "CAN", "han": "KOR"}
    second = next(who for who in keys if who != first)
    wrong = world.sides[first].post(f"/decisions/{name}/keys", 422, side=keys[second], verdict="approve")
    assert wrong["error"]["code"] == "bad_input"
    found = world.sides[first].post(f"/decisions/{name}/keys", 200, side=keys[first], verdict="approve")
    assert (found["meta"]["state"], found["meta"]["missing"]) == ("open", [keys[second]])
    world.sides[first].post(f"/decisions/{name}/keys", 422, side=keys[first], verdict="approve")
    world.sides["sec"].post(f"/decisions/{name}/keys", 403, side=keys[second], verdict="approve")
    done = world.sides[second].post(f"/decisions/{name}/keys", 200, side=keys[second], verdict="approve")
    assert done["meta"]["state"] == "approved"
    return done


def played(world: World, assess: Callable[[], None]) -> None:
    """From the event to the end of the incident."""
    ana, han, sec = (world.sides[name] for name in ("ana", "han", "sec"))
    today = datetime.now(tz=UTC).date().isoformat()
    ana.post(
        "/incidents", id="moa", instrument=MOU, title="Moa stops", event="moa_stop_2026",
        alert={"place": "CAN", "commodity": "mixed_hydroxide_precipitate", "level": "caution", "on": "2026-02-28"},
        request=REQUEST,
    )  # fmt: skip
    assert han.get("/incidents/moa", on="2026-03-03")["meta"]["stage"] == "assessment"
    ana.post("/notices", id="told", instrument=MOU, to=["motir"], title="Moa stops", days=15)
    answered = han.post("/notices/told/acknowledgements", 200)
    assert [row["state"] for row in answered["data"]] == ["acknowledged"]
    ana.get("/incidents/moa/options", 422)
    assess()
    options = han.get("/incidents/moa/options")["data"]
    assert options
    assert [row["net_saving_usd"] for row in options] == sorted((row["net_saving_usd"] for row in options), reverse=True)
    ana.post("/decisions/aid", id="help", incident="moa", option=options[0]["option"])
    promise = {"decision": "help", "to": "nrcan", "what": "Cobalt", "quantity": 100, "unit": "t", "due": "2099-04-30"}
    han.post("/deliveries", 422, id="cobalt", **promise)
    approved(world, "help")
    han.post("/deliveries", id="cobalt", **promise)
    han.post("/deliveries/cobalt/arrivals", 403, on=today, quantity=100)
    ana.post("/deliveries/cobalt/arrivals", 200, on=today, quantity=100)
    ana.post("/incidents/moa/meeting", 200, on=today, mode="virtual")
    sec.post(
        "/incidents/moa/review", id="looking-back", title="What it taught", held_on=today, by=["nrcan", "motir"],
        lessons=["Ask sooner"],
    )  # fmt: skip
    assert han.get("/incidents/moa")["meta"]["stage"] == "done"
    ana.post("/incidents/moa/close", 200, on=today)
    found = world.sides["anybody"].get("/incidents/moa")
    assert [row["state"] for row in found["data"]] == ["done"] * 8
    assert [one["delivered"] for one in found["meta"]["deliveries"]] == [100.0]
    with pytest.raises(AssertionError, match="403"):
        sec.get("/audit/verify")
    assert world.house.store.verify().head.seq == world.house.store.head().seq


def carried_out(world: World) -> None:
    """A new code, that both approve; the secretariat writes it down."""
    code = {"id": "area:submarines", "list": "area", "title": "Submarines"}
    world.sides["han"].post("/decisions", id="sub", title="An area", instrument=MOU, subject={"what": "code", "code": code})
    world.sides["sec"].post("/decisions/sub/carry-out", 422)
    approved(world, "sub", "han")
    done = world.sides["sec"].post("/decisions/sub/carry-out", 200)
    assert [(row["id"], row["written"]) for row in done["data"]] == [("area:submarines", True)]
    assert world.sides["anybody"].get("/records/code/area:submarines")["record"]["decision"] == "sub"


def assessed(world: World, **asked: Any) -> None:
    """The joint assessment as Canada asks for it and a worker makes it; nobody does without an account."""
    path = "/incidents/moa/assessments"
    world.sides["anybody"].post(path, 401, **asked)
    name = str(world.sides["ana"].post(path, 202, **asked)["run"])
    assert Worker(world.house.store).run(once=True) == 1
    assert world.sides["ana"].answer(name)
    world.sides["han"].get(f"/runs/{name}", 404)
    (made,) = world.sides["han"].get("/records", kind="assessment")["data"]
    kept = world.sides["han"].get(f"/records/assessment/{made['id']}")["record"]
    assert datetime.fromisoformat(kept["made_at"]).microsecond == 0


def small(folder: Path) -> dict[str, str]:
    """A chain of two mines, a smelter and a plant, as the files of a package; the mine that stops is Moa."""
    chain_network().to_package(folder)
    pattern = re.compile(rf"\b({'|'.join(NAMES)})\b")
    return {file.name: pattern.sub(lambda name: NAMES[name[0]], file.read_text()) for file in folder.iterdir() if file.is_file()}


def test_moa_over_http_and_what_korea_keeps_for_itself(world: World, tmp_path: Path) -> None:
    """The assessment is made on a small chain; prices that Korea pays change what the watch tells Korea."""
    played(world, lambda: assessed(world, network=small(tmp_path / "chain"), weeks=12))
    carried_out(world)
    asked = {"place": "KOR", "commodity": "nickel_class1", "as_of": "2026-11-01"}
    told = changed_by_overlay(world, "watch", asked)
    assert {name for name, (before, after) in told.items() if before != after} == {"han"}
    han = world.sides["han"]
    rows = han.get(f"/runs/{han.run('watch', {**asked, 'overlay': 'prices'})}/tables/all")["data"]
    changes = {row["indicator"]: row["value"] for row in rows}
    assert changes["price_change"] == pytest.approx(60_000 / 20_000 - 1)


def on_the_reference_network(world: World) -> None:
    """The shock of the event is that of the whole network; Korea's prices change what Korea is told that it costs."""
    played(world, lambda: assessed(world, weeks=26))
    told = changed_by_overlay(world, "shock", {"events": ["moa_stop_2026"], "weeks": 26})
    assert told["ana"][0] == told["ana"][1] == told["han"][0]
    losses = [{(row["party"], row["response"]): row["loss_usd"] for row in rows} for rows in told["han"]]
    assert losses[0]["all", "contracts"] != losses[1]["all", "contracts"]


if LONG:
    test_moa_on_the_reference_network = on_the_reference_network


def changed_by_overlay(world: World, run: str, asked: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the run of each side tells before Korea lays its own claims over the facts, and after: Korea's on them.

    In between, every answer that anybody else can get stays as it is, to the byte.
    """
    worker, ana, han = Worker(world.house.store), world.sides["ana"], world.sides["han"]
    others = ("anybody", "ana", "sec")
    first = {"ana": ana.run(run, asked), "han": han.run(run, asked)}
    assert worker.run(once=True) == 2
    before = {name: world.sides[name].answer(one) for name, one in first.items()}
    seen = {name: [*world.sides[name].everything()] for name in others}
    han.post("/overlays", id="prices", claims=PAID, sources=DESK, why=False)
    own = han.run(run, {**asked, "overlay": "prices"})
    assert worker.run(once=True) == 1
    world.house.__dict__.pop("answers", None)  # nobody is told what was told before
    for name in others:
        for one, other in zip(seen[name], world.sides[name].everything(), strict=True):
            assert one == other, (name, one[0])
    for path in (f"/runs/{own}", "/overlays/prices"):
        ana.get(path, 404)
    return {"ana": (before["ana"], ana.answer(first["ana"])), "han": (before["han"], han.answer(own))}
