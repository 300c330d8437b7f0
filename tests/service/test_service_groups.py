"""Each group of use cases, asked as a ``Face``: written, read, refused, in conflict, not seen; every way, on each database.

A way keeps its register for all tests of this module: they do not touch the records of each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from faces import Face, InProcess, Known, OverHttp, serving

from copies import Copies, seeded
from orepact.pact.records.readers import PUBLIC, Reader
from orepact.store import open_store
from orepact.web.edge.house import House
from orepact.web.settings import Settings
from pact_incidents import ANSWERS

WAYS = ("process, sqlite", "http, sqlite", "process, postgresql", "http, postgresql")
MOC = "ca-jp-moc-battery-2023"
BODY = "ca-jp-battery-dialogue"
TODAY = datetime.now(tz=UTC).date().isoformat()
WHY = {"reason": "a test"}


def member(organisation: str, name: str, *roles: str, **options: Any) -> Reader:
    """Somebody of the community."""
    return Reader.holding(organisation, account=name, person=name, roles=roles, community=True, **options)


ANA, EMI = member("nrcan", "ana", "editor", "key_holder", "steward", "admin"), member("meti", "emi", "editor", "key_holder")
SEC, EYE = member("gac", "sec", "registrar", "editor"), member("gac", "eye", "auditor")
BUYER = Reader.holding("jogmec", account="buyer", client_of=["nrcan"])


@pytest.fixture(scope="module", params=WAYS)
def face(request: pytest.FixtureRequest, copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Face]:
    """The service, each way, on each database, with two people more."""
    way, _, backend = str(request.param).partition(", ")
    address = copies.of(backend, seeded, tmp_path_factory.mktemp("groups"))
    house = House(Settings(database=address, anonymous_rate=10_000, account_rate=10_000), open_store(address), Known())
    assert isinstance(house.accounts, Known)
    if way == "process":
        yield ready(InProcess(house))
        house.close()
        return
    with serving(house) as place, httpx2.Client(base_url=place, timeout=300) as client:
        yield ready(OverHttp(client, house.accounts))


def ready(face: Face) -> Face:
    """The register with the people of these tests."""
    since = {"role": "Officer", "valid_from": "2020"}
    people = [
        {"kind": "person", "id": name, "title": name.title(), "terms": [{**since, "organisation": of}]}
        for name, of in (("ana", "nrcan"), ("emi", "meti"))
    ]
    told(face.ask("pact.record_values", SEC, records=people, **WHY))
    return face


def told(found: dict[str, Any]) -> dict[str, Any]:
    """An answer that is none of an error."""
    assert "error" not in found, found
    return found


#: Of a name that nobody knows; over HTTP one in a query or a body is a problem of it.
UNKNOWN = ("not_found", "bad_input")


def code(found: dict[str, Any]) -> str:
    """What kind of error it is; a stale version is told over HTTP by its own word."""
    assert "error" in found, found
    word = str(found["error"]["code"])
    return "conflict" if word == "precondition_failed" else word


def commitment(name: str, **values: Any) -> dict[str, Any]:
    """A commitment of nrcan."""
    article = f"{MOC}:area-2-c-ii"
    own = {"kind": "commitment", "id": name, "title": "Keep stocks", "owner": "nrcan", "made": "2026-01", "due": "2026-12-31"}
    return {**own, "instrument": MOC, "articles": [article], "note": "zirconium", **values}


def ids(found: dict[str, Any]) -> list[str]:
    """The ids of a list."""
    return [row["id"] for row in told(found)["data"]]


def test_records(face: Face) -> None:
    name = {"kind": "commitment", "name": "nrcan.stocks"}
    kept = face.ask("pact.record_values", ANA, records=[commitment("nrcan.stocks", label="TLP:AMBER/nrcan")], **WHY)
    assert [(row["id"], row["version"]) for row in told(kept)["data"]] == [("nrcan.stocks", 1)]
    shown = told(face.ask("pact.show_record", ANA, **name))["record"]
    for who in (ANA, BUYER):
        assert "nrcan.stocks" in ids(face.ask("pact.search_records", who, words="zirconium"))
    for who in (EMI, PUBLIC):
        missing = face.ask("pact.show_record", who, **name)
        nothing = face.ask("pact.show_record", who, kind="commitment", name="nrcan.nothing")
        assert code(missing) == code(nothing) == "not_found"
        assert missing["error"]["message"].replace("stocks", "nothing") == nothing["error"]["message"]
        assert not ids(face.ask("pact.search_records", who, words="zirconium"))
    assert code(face.ask("pact.put_record", EMI, **name, record={**shown, "note": "mine"}, version=1, **WHY)) == "forbidden"
    changed = told(face.ask("pact.put_record", ANA, **name, record={**shown, "note": "hafnium"}, version=1, **WHY))
    assert changed["meta"]["version"] == 2
    assert code(face.ask("pact.put_record", ANA, **name, record={**shown, "note": "late"}, version=1, **WHY)) == "conflict"
    told(face.ask("pact.share_record", ANA, **name, version=2, readers=[{"organisation": "meti"}], **WHY))
    assert code(face.ask("pact.share_record", EMI, **name, version=3, label="TLP:CLEAR", **WHY)) == "forbidden"
    seen = told(face.ask("pact.show_record", EMI, **name))["record"]
    assert (seen["note"], seen.get("readers", [])) == ("hafnium", [])
    assert len(told(face.ask("pact.record_history", EMI, **name))["data"]) == 1, "earlier versions had other readers"
    assert code(face.ask("pact.show_record", PUBLIC, **name)) == "not_found"
    numbers = {
        who: sum(row["number"] for row in told(face.ask("pact.count_records", reader, by=["kind"]))["data"])
        for who, reader in (("emi", EMI), ("anybody", PUBLIC))
    }
    assert numbers["emi"] > numbers["anybody"]


def test_bodies(face: Face) -> None:
    record = told(face.ask("pact.show_record", PUBLIC, kind="body", name=BODY))["record"]
    closed = {**record, "kind": "body", "id": "nrcan.room", "title": "A room", "label": "TLP:AMBER/nrcan"}
    assert code(face.ask("pact.record_values", EMI, records=[closed], **WHY)) == "forbidden"
    told(face.ask("pact.record_values", ANA, records=[closed], **WHY))
    assert "nrcan.room" in {row["body"] for row in told(face.ask("pact.list_bodies", ANA))["data"]}
    assert "nrcan.room" not in str(face.ask("pact.list_bodies", EMI))
    for name in ("pact.draft_agenda", "pact.list_chairs", "pact.list_guests", "pact.list_queues"):
        told(face.ask(name, ANA, body="nrcan.room"))
        assert code(face.ask(name, EMI, body="nrcan.room")) == "not_found"
        told(face.ask(name, PUBLIC, body=BODY))
    told(face.ask("pact.list_roles", PUBLIC))
    assert code(face.ask("pact.record_values", ANA, records=[{**closed, "note": "x"}], **WHY)) == "conflict"


def test_instruments(face: Face) -> None:
    told(face.ask("pact.record_values", ANA, records=[commitment("nrcan.served", label="TLP:AMBER/nrcan")], **WHY))

    def board(who: Reader) -> str:
        return str([row["commitments"] for row in told(face.ask("pact.show_scoreboard", who, instrument=MOC))["data"]])

    assert "nrcan.served" in board(ANA)
    assert "nrcan.served" in board(BUYER)
    assert "nrcan.served" not in board(EMI)
    for name in ("pact.list_articles", "pact.follow_through", "pact.form_of"):
        told(face.ask(name, PUBLIC, instrument=MOC))
        assert code(face.ask(name, PUBLIC, instrument="none")) == "not_found"
    told(face.ask("pact.show_ending", PUBLIC, name=MOC, given_by="meti", given_on="2026-12-01"))
    told(face.ask("pact.ask_gate", PUBLIC, dataset="stocks", name="nrcan"))
    assert code(face.ask("pact.show_instrument", PUBLIC, name="none")) == "not_found"
    record = told(face.ask("pact.show_record", PUBLIC, kind="instrument", name=MOC))["record"]
    put = {"kind": "instrument", "name": MOC, "record": {**record, "note": "x"}, **WHY}
    assert code(face.ask("pact.put_record", EMI, **put, version=1)) == "forbidden"
    assert code(face.ask("pact.put_record", SEC, **put, version=9)) == "conflict"


def test_organisations_and_people(face: Face) -> None:
    own = {"kind": "organisation", "id": "nrcan.office", "title": "An office", "organisation_kind": "research"}
    told(face.ask("pact.record_values", ANA, records=[{**own, "label": "TLP:AMBER/nrcan"}], **WHY))
    for name in ("pact.list_owners", "pact.list_members", "pact.names_of"):
        told(face.ask(name, ANA, name="nrcan.office"))
        hidden, nothing = (face.ask(name, EMI, name=one) for one in ("nrcan.office", "nrcan.absent"))
        assert code(hidden) == code(nothing) == "not_found"
    assert code(face.ask("pact.record_values", EMI, records=[{**own, "id": "meti.office"}], **WHY)) == "forbidden"
    assert code(face.ask("pact.record_values", ANA, records=[{**own, "label": "TLP:AMBER/nrcan"}], **WHY)) in {
        "conflict",
        "forbidden",
    }


def test_projects(face: Face) -> None:
    plan = {"said_on": "2025-02", "milestone": "start", "planned_for": "2025"}
    own = {"kind": "project", "id": "nrcan.pit", "title": "Pit", "project_kind": "mine", "plans": [plan]}
    told(face.ask("pact.record_values", ANA, records=[{**own, "label": "TLP:AMBER/nrcan"}], **WHY))
    for name in ("pact.list_late", "pact.list_slips", "pact.count_realised", "pact.permit_clocks", "pact.support_account"):
        told(face.ask(name, PUBLIC))
    assert "nrcan.pit" in str(face.ask("pact.list_late", ANA))
    assert "nrcan.pit" not in str(face.ask("pact.list_late", EMI))
    for name in ("pact.list_slips", "pact.permit_clocks", "pact.support_account", "pact.show_engagement"):
        told(face.ask(name, ANA, projects=["nrcan.pit"]))
        hidden, nothing = (face.ask(name, EMI, projects=[one]) for one in ("nrcan.pit", "nrcan.not"))
        assert hidden.get("error", {}).get("code") == nothing.get("error", {}).get("code")
        assert hidden.get("data") == nothing.get("data")
    told(face.ask("pact.list_permit_paths", PUBLIC))
    told(face.ask("pact.compare_sites", PUBLIC))
    told(face.ask("pact.ask_programmes", PUBLIC, facts={"country": "CAN"}))
    assert code(face.ask("pact.stack_programmes", PUBLIC, programmes=["none"], year=2026)) in UNKNOWN


def test_incidents_and_decisions(face: Face) -> None:
    request = {
        "by": "nrcan", "asked": ["meti", "mofa-jp"], "sent_at": "2026-03-02T16:00-05:00", "received_at": "2026-03-03T00:30Z",
        "answers": ANSWERS,
    }  # fmt: skip
    moa = {"name": "moa", "instrument": MOC, "title": "Moa stops", "event": "moa_stop_2026", "request": request, **WHY}
    assert code(face.ask("pact.open_incident", EMI, **moa)) == "forbidden"
    told(face.ask("pact.open_incident", ANA, **moa))
    assert code(face.ask("pact.open_incident", ANA, **moa)) == "conflict"
    stages = {row["step"]: row["state"] for row in told(face.ask("pact.show_incident", PUBLIC, name="moa"))["data"]}
    assert (stages["request"], stages["assessment"]) == ("done", "open")
    assert code(face.ask("pact.list_options", PUBLIC, incident="moa")) == "bad_input"
    assert code(face.ask("pact.ask_for_aid", ANA, name="aid", incident="moa", option="pact", **WHY)) == "bad_input"
    told(face.ask("pact.note_meeting", ANA, name="moa", on=TODAY, mode="virtual", **WHY))
    assert code(face.ask("pact.note_meeting", ANA, name="moa", on=TODAY, mode="virtual", **WHY)) == "bad_input"
    area = {"id": "area:submarines", "list": "area", "title": "Submarines"}
    asked = {"title": "An area", "instrument": MOC, "subject": {"what": "code", "code": area}, **WHY}
    told(face.ask("pact.ask_for_values", ANA, name="sub", **asked))
    assert code(face.ask("pact.turn_key", SEC, name="sub", side="CAN", verdict="approve", **WHY)) == "forbidden"
    assert code(face.ask("pact.turn_key", EMI, name="sub", side="CAN", verdict="approve", **WHY)) == "bad_input"
    assert code(face.ask("pact.turn_key", EMI, name="none", side="JPN", verdict="approve", **WHY)) == "not_found"
    told(face.ask("pact.turn_key", ANA, name="sub", side="CAN", verdict="approve", **WHY))
    assert code(face.ask("pact.carry_out", SEC, name="sub", **WHY)) == "bad_input"
    done = told(face.ask("pact.turn_key", EMI, name="sub", side="JPN", verdict="approve", **WHY))
    assert done["meta"]["state"] == "approved"
    told(face.ask("pact.carry_out", SEC, name="sub", **WHY))
    assert told(face.ask("pact.show_decision", PUBLIC, name="sub"))["meta"]["carried_out"]
    promise = {"decision": "sub", "to": "nrcan", "what": "Cobalt", "due": "2099-01-01", **WHY}
    assert code(face.ask("pact.promise_delivery", EMI, name="cobalt", **promise)) == "bad_input"


def test_notices(face: Face) -> None:
    notice = {"name": "told", "instrument": MOC, "to": ["nrcan"], "title": "A change", "days": 15, **WHY}
    told(face.ask("pact.send_notice", EMI, **notice))
    assert code(face.ask("pact.send_notice", EMI, **notice)) == "conflict"
    assert code(face.ask("pact.acknowledge_notice", BUYER, name="told", **WHY)) == "forbidden"
    found = told(face.ask("pact.acknowledge_notice", ANA, name="told", **WHY))
    assert [row["state"] for row in found["data"]] == ["acknowledged"]
    assert told(face.ask("pact.show_notice", PUBLIC, name="told"))["data"] == found["data"]
    assert code(face.ask("pact.show_notice", PUBLIC, name="nothing")) == "not_found"


def test_facts(face: Face) -> None:
    found = told(face.ask("list_facts", PUBLIC, attribute="mine_production", year=2022, limit=5))
    assert len(found["data"]) == 5
    told(face.ask("explain_fact", PUBLIC, subject="CAN/lithium", attribute="mine_production", year=2022))
    assert code(face.ask("explain_fact", PUBLIC, subject="CAN/none", attribute="mine_production", year=2022)) in UNKNOWN
    assert code(face.ask("show_rules", PUBLIC, name="none")) == "not_found"
    told(face.ask("measure_concentration", PUBLIC, thing="nickel", stage="mine", year=2024))


def test_the_audit_log(face: Face) -> None:
    told(face.ask("pact.record_values", ANA, records=[commitment("nrcan.noted", label="TLP:AMBER/nrcan")], **WHY))
    told(face.ask("pact.record_values", ANA, records=[commitment("noted")], **WHY))

    def log(who: Reader) -> list[str]:
        found, after = [], None
        while True:
            page = told(face.ask("pact.audit_log", who, limit=500, **({"after": after} if after else {})))
            found += [row["id"] for row in page["data"]]
            after = page["meta"].get("after")
            if after is None:
                return found

    assert log(ANA)[-2:] == ["nrcan.noted", "noted"]
    assert log(EMI)[-1:] == ["noted"]
    assert "nrcan.noted" not in log(EMI)
    assert log(EYE)[-2:] == ["", "noted"]
    assert code(face.ask("pact.verify_audit", ANA)) == "forbidden"
    assert told(face.ask("pact.verify_audit", EYE))["data"][0]["entries"] == len(log(EYE))


def test_accounts(face: Face) -> None:
    new = {"id": "newcomer", "name": "New Comer", "organisation": "nrcan", "roles": ["reader"]}
    told(face.ask("access.add_account", ANA, **new))
    assert code(face.ask("access.add_account", ANA, **new)) == "conflict"
    assert code(face.ask("access.add_account", EMI, **{**new, "id": "other"})) == "forbidden"
    assert [row["account"] for row in told(face.ask("access.list_accounts", ANA))["data"]] == ["newcomer"]
    assert code(face.ask("access.list_accounts", EMI)) == "forbidden"
    told(face.ask("access.give_role", ANA, account="newcomer", organisation="nrcan", role="editor"))
    assert code(face.ask("access.give_role", ANA, account="newcomer", organisation="meti", role="editor")) == "forbidden"
    assert code(face.ask("access.set_state", ANA, name="nobody", state="locked")) == "not_found"
    told(face.ask("access.share_with_client", ANA, owner="nrcan", organisation="jogmec"))
    assert [row["organisation"] for row in told(face.ask("access.list_clients", ANA))["data"]] == ["jogmec"]
    assert code(face.ask("access.list_clients", ANA, owner="meti")) == "forbidden"


def test_no_way_is_left_out(face: Face, request: pytest.FixtureRequest) -> None:
    """Each way is what it says: in process or through a socket, on a file or on PostgreSQL."""
    way, _, backend = str(request.node.callspec.params["face"]).partition(", ")
    assert (way == "http") == isinstance(face, OverHttp)
    assert len(set(WAYS)) == 4
    if isinstance(face, InProcess):
        assert face.house.store.database.engine.dialect.name == backend
