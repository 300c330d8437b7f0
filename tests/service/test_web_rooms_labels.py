"""Who may know of a request for help is chosen as it is made; what follows from it is as closed; keys of all decisions turn."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx2
import pytest
from test_web_pages import whole
from test_web_rooms import NEW, Browser, ana, client, emi, han, house, opened, shows, stranger

from orepact.pact.records.readers import Reader
from orepact.service import pact
from orepact.service.pact.desk import Desk
from orepact.web.edge.house import House
from pact_incidents import MOC

__all__ = ["ana", "client", "emi", "han", "house", "shows", "stranger"]
KOREAN, JAPANESE = "흑연 공급 중단", "黒鉛の供給停止"


def room_of(sent: httpx2.Response) -> str:
    """The address of the room to which a form leads."""
    assert sent.status_code == 303, sent.text[:3000]
    return sent.headers["location"].partition("?")[0]


def test_the_form_offers_labels_in_words(ana: Browser) -> None:
    """The community as the usual one."""
    shown = ana.get(NEW)
    whole(shown)
    assert '<option value="TLP:GREEN" selected>' in shown.text
    assert "those you ask (TLP:AMBER)" in shown.text


def test_a_request_is_for_the_community_unless_said_otherwise(ana: Browser, han: Browser, stranger: Browser) -> None:
    room = room_of(opened(ana, "", id="", label=""))
    assert (han.get(room).status_code, stranger.get(room).status_code) == (200, 404)
    room = room_of(opened(ana, "", id="", label="TLP:CLEAR"))
    assert stranger.get(room).status_code == 200


def test_requests_in_korean_and_japanese_have_rooms_of_their_own(ana: Browser) -> None:
    """Also with one title at one time."""
    rooms = {room_of(opened(ana, "", id="", title=title)) for title in (KOREAN, JAPANESE, "Moa stops", "moa: stops!")}
    assert len(rooms) == 4
    assert all(title in "".join(ana.get(room).text for room in rooms) for title in (KOREAN, JAPANESE))


def test_a_closed_request_is_seen_by_those_asked_alone(
    house: House, ana: Browser, emi: Browser, han: Browser, stranger: Browser
) -> None:
    """So is what follows from it, whoever writes it: a decision with both keys, a promise, an arrival, a question."""
    room = room_of(opened(ana, "", id="", label="TLP:AMBER"))
    name = room.rpartition("/")[2]
    assert name.startswith("nrcan.")
    assert [one.get(room).status_code for one in (ana, emi, han, stranger)] == [200, 200, 404, 404]
    desk = Desk(house.store, None)
    found = pact.show_record("incident", name, desk).top["record"]
    assert found["readers"][0]["organisation"] == "meti"
    assessed_alike(house, name)
    assert ana.send(room, "aid", option="stockpiles", reason="It is the only help").status_code == 303
    decision = next(one for one in ids(desk, "decision") if one.startswith("nrcan."))
    assert ana.send(room, "key", decision=decision, verdict="approve", reason="We ask").status_code == 303
    assert emi.send(room, "key", decision=decision, verdict="approve", reason="We have it").status_code == 303
    promised = {"what": "Cobalt", "quantity": "40", "unit": "t", "to": "nrcan", "due": "2099-01-01"}
    sent = emi.send(room, "promise", decision=decision, **promised)
    assert sent.status_code == 303, sent.text[:3000]
    asked = emi.send(room, "question", title="A joint statement", text="Say it together", reason="asked by the press")
    assert asked.status_code == 303, asked.text[:3000]
    assert "A joint statement" in ana.get(room).text
    day = house.clock().date()
    public, korean = (Desk(house.store, Reader.on_behalf(who, day)) for who in ((), ("motir",)))
    for kind in ("decision", "delivery", "assessment", "incident"):
        assert any(one.startswith(("nrcan.", "meti.")) for one in ids(desk, kind)), kind
        assert not [one for who in (public, korean) for one in ids(who, kind) if "." in one], kind


def assessed_alike(house: House, name: str) -> None:
    """An assessment as the worker of the asking party makes it."""
    from orepact.pact.incidents.incident import Incident
    from orepact.service.pact.closeness import sharing_like
    from pact_incidents import MANIFEST, assessment

    incident, _ = house.store.get(Incident.kind, name)
    assert isinstance(incident, Incident)
    made = assessment(
        id=f"{name}-assessment-1", incident=name, made_at=house.store.clock().replace(microsecond=0), manifest=MANIFEST
    )
    content = {"kind": "assessment", **made.content(), **sharing_like(incident, "nrcan")}
    pact.record_values([content], Desk(house.store, None), reason="assessed", actor="test")


def ids(desk: Desk, kind: str) -> list[str]:
    """The records of a kind that somebody sees."""
    return [str(row["id"]) for row in pact.list_records([kind], desk, limit=None).told()]


def test_what_began_open_is_not_closed_by_the_form(ana: Browser) -> None:
    room = room_of(opened(ana, "began-open", label="TLP:GREEN"))
    assert 'value="TLP:AMBER"' not in ana.get(room).text
    assert ana.send(room, "label", label="TLP:CLEAR", reason="all may know").status_code == 303
    sent = ana.send(room, "label", label="TLP:AMBER", reason="closed again")
    assert sent.status_code == 403
    assert "Traceback" not in sent.text


def test_another_question_is_asked_in_the_room_and_its_keys_turn(ana: Browser, emi: Browser) -> None:
    """In the room, and on the page of decisions."""
    room = room_of(opened(ana, "with-question"))
    asked = ana.send(room, "question", title="A joint statement", text="Say it together", reason="asked by the press")
    assert asked.status_code == 303
    name = next(value for value in _options(ana.get(room).text, "key-decision"))
    assert ana.send(room, "key", decision=name, verdict="approve", reason="We want it").status_code == 303
    assert name in _options(emi.get("/pact/decisions").text, "key-decision")
    assert emi.send("/pact/decisions", "key", decision=name, verdict="approve", reason="So do we").status_code == 303
    rows = ana.get(f"/pact/decisions.json?instrument={MOC}").json()["tables"]["decisions"]
    assert [row["state"] for row in rows if row["decision"] == "A joint statement"].count("approved") == 1


def _options(text: str, field: str) -> list[str]:
    part = re.search(rf'<select id="{field}".*?</select>', text, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', part[0]) if part else []


def test_what_is_approved_is_carried_out_in_the_room(
    house: House, client: httpx2.Client, shows: Callable[[str], dict[str, str]], ana: Browser, emi: Browser
) -> None:
    """A code that both sides approved, by the registrar alone; once."""
    room = room_of(opened(ana, "with-code"))
    code = {"id": "area:sea", "list": "area", "title": "Sea"}
    pact.ask_for_values("new-mode", Desk(house.store, None), title="A new mode", by="nrcan", instrument=MOC, reason="asked",
                        subject={"what": "code", "code": code}, actor="test")  # fmt: skip
    for who in (ana, emi):
        assert who.send(room, "key", decision="new-mode", verdict="approve", reason="Yes").status_code == 303
    assert 'id="carry-decision"' not in ana.get(room).text
    registrar = Browser(client, shows("reg"))
    assert "new-mode" in _options(registrar.get(room).text, "carry-decision")
    sent = registrar.send(room, "carry", decision="new-mode", reason="both approved")
    assert sent.status_code == 303, sent.text[:3000]
    assert 'id="carry-decision"' not in registrar.get(room).text
    assert code["id"] in ids(Desk(house.store, None), "code")


@pytest.mark.parametrize(
    "fields", [{"title": "", "text": "", "reason": ""}, {"title": "x", "text": "y", "reason": "z", "expires_on": "soon"}]
)
def test_a_bad_question_keeps_what_was_typed(fields: dict[str, str], ana: Browser) -> None:
    room = room_of(opened(ana, f"bad-question-{len(fields)}"))
    sent = ana.send(room, "question", **fields)
    assert sent.status_code == 422
    whole(sent)
