"""An incident kept step by step in a database: what is read there is what the rules read in memory, and no key is lost."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.errors import BadInput, Conflict
from orepact.pact.decisions.asking import asked
from orepact.pact.decisions.decision import Decision, in_force
from orepact.pact.decisions.keys import turned
from orepact.pact.decisions.proposals import apply
from orepact.pact.incidents.accounts import account
from orepact.pact.incidents.deliveries import Delivery
from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.progress import progress
from orepact.pact.incidents.reviews import Review
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.codes import Code
from orepact.pact.records.reading import seed
from orepact.pact.records.record import Record
from orepact.store import Store, open_store
from pact_incidents import AID, KOREA_2023, MOC, PEOPLE, assessment, incident, key, person

CANADA, JAPAN = key("CAN", "nrcan", "ana", "2026-03-07T00:00Z"), key("JPN", "meti", "emi", "2026-03-09T00:00Z")
AID_CHOICE = {"what": "aid", "incident": "moa", "assessment": "moa-1", "option": "stockpiles"}
CODE = {"what": "code", "code": {"id": "instrument_kind:protocol", "list": "instrument_kind", "title": "Protocol"}}


@pytest.fixture(autouse=True)
def thing_kinds() -> None:
    """The store knows the register's own kinds here."""


@pytest.fixture
def store(url: str) -> Store:
    found = open_store(url)
    with found.write("seed", "the records of the package", seeding=True) as unit:
        for record in [*needed(), *PEOPLE]:
            unit.put(record)
    return found


def needed() -> list[Record]:
    """The two memorandums, the lists and the patterns of the package, and all that they refer to."""
    records = seed().records
    waiting = [("instrument", MOC), ("instrument", KOREA_2023), ("organisation", "jogmec")]
    waiting += [key for key in records if key[0] in {"pattern", "code"}]
    found: dict[tuple[str, str], Record] = {}
    while waiting:
        place = waiting.pop()
        if place not in found:
            found[place] = records[place]
            waiting += [
                (kind, link.target) for link in found[place].links() for kind in link.kinds if (kind, link.target) in records
            ]
    return [*found.values()]


def keep(store: Store, *records: Record, actor: str = "ana") -> None:
    """Write records as the register's services do, in place of the versions that were read."""
    with store.reading() as register:
        known = {(each.kind, each.id) for each in records if (each.kind, each.id) in register}
    versions = {key: store.get(*key)[1] for key in known}
    with store.write(actor, "as told") as unit:
        for each in records:
            unit.put(each, versions.get((each.kind, each.id)))


def ask(store: Store, name: str, subject: dict[str, object], instrument: str = MOC) -> Decision:
    with store.reading() as register:
        found = asked(
            register, id=name, title=name, subject=subject, instrument=instrument, asked_at="2026-03-06T00:00Z", asked_by="nrcan"
        )
    keep(store, found)
    return found


def test_the_replay_is_kept_and_read_step_by_step(store: Store) -> None:
    def stage(on: str) -> str:
        with store.reading() as register:
            return progress(register.get(Incident, "moa"), register, date.fromisoformat(on)).stage

    keep(store, incident(request=None))
    assert stage("2026-03-10") == "request"
    keep(store, incident())
    assert stage("2026-03-10") == "assessment"
    keep(store, assessment())
    decision = ask(store, "moa-stocks", AID_CHOICE)
    assert stage("2026-03-10") == "decision"
    for each in (CANADA, JAPAN):
        with store.reading() as register:
            decision = turned(register.get(Decision, "moa-stocks"), each, register)
        keep(store, decision)
    assert stage("2026-03-10") == "tracking"
    promise = {"id": "d", "title": "Cobalt", "decision": "moa-stocks", "by": "jogmec", "to": "nrcan", "what": "Cobalt metal"}
    arrived = {**promise, "quantity": 5.0, "unit": "t", "due": "2026-04-30", "arrivals": [{"on": "2026-04-20", "quantity": 5.0}]}
    keep(store, Delivery.model_validate(arrived))
    review = {"id": "r", "title": "Review", "incident": "moa", "held_on": "2026-06-15", "by": ["nrcan", "meti"]}
    keep(store, Review.model_validate(review))
    assert [stage(day) for day in ("2026-03-08", "2026-04-19", "2026-04-20", "2026-06-15")] == [
        "decision",
        "tracking",
        "review",
        "done",
    ]
    whole = store.register()
    with store.reading() as register:
        day = date(2026, 6, 30)
        found = register.get(Incident, "moa")
        assert progress(found, register, day) == progress(found, whole, day)
        assert account(found, register, day) == account(found, whole, day)
    assert len(store.history("decision", "moa-stocks")) == 3
    store.verify()


def test_two_keys_turned_at_once_lose_none(store: Store) -> None:
    keep(store, incident(), assessment())
    ask(store, "moa-stocks", AID_CHOICE)
    read, version = store.get("decision", "moa-stocks")
    assert isinstance(read, Decision)
    with store.reading() as register:
        canada, japan = turned(read, CANADA, register), turned(read, JAPAN, register)
    with store.write("ana", "our key") as unit:
        unit.put(canada, version)
    with pytest.raises(Conflict, match=r"version 2 of .* by ana stands"), store.write("emi", "our key") as unit:
        unit.put(japan, version)
    with store.reading() as register:
        again = turned(register.get(Decision, "moa-stocks"), JAPAN, register)
        assert not in_force(register.get(Decision, "moa-stocks"), register, date(2026, 3, 10))
    keep(store, again, actor="emi")
    with store.reading() as register:
        assert in_force(register.get(Decision, "moa-stocks"), register, date(2026, 3, 10))


def test_a_list_grows_in_the_database_by_two_keys(store: Store) -> None:
    treaty = Instrument(id="treaty", title="Treaty", instrument_kind="protocol")
    decision = ask(store, "new-kind", CODE, KOREA_2023)
    for each in (key("CAN", "ised", "ben", "2026-03-07T00:00Z"), key("KOR", "motir", "han", "2026-03-08T00:00Z")):
        with pytest.raises(BadInput, match="an entry of the list instrument_kind"):
            keep(store, treaty)
        with store.reading() as register, pytest.raises(BadInput, match="a decision in force"):
            apply(decision, register, date(2026, 4, 1))
        with store.reading() as register:
            decision = turned(decision, each, register)
        keep(store, decision)
    with store.reading() as register:
        code = apply(decision, register, date(2026, 4, 1))
    keep(store, code)
    keep(store, treaty)
    assert store.get("instrument", "treaty")[0] == treaty


def test_the_database_refuses_a_code_of_a_decision_that_never_passed(store: Store) -> None:
    ask(store, "new-kind", CODE, KOREA_2023)
    by_hand = Code(id="instrument_kind:protocol", list="instrument_kind", title="Protocol", decision="new-kind")
    with pytest.raises(BadInput, match="an approved decision, found new-kind, open"), store.write("eve", "quietly") as unit:
        unit.put(by_hand)
    with pytest.raises(BadInput, match="a decision of the sides, found none"):
        keep(store, by_hand.model_copy(update={"decision": None}))


def test_a_delivery_without_both_keys_is_not_kept(store: Store) -> None:
    keep(store, incident(), assessment())
    ask(store, "moa-stocks", AID_CHOICE)
    fields = {
        "id": "d",
        "title": "D",
        "decision": "moa-stocks",
        "by": "jogmec",
        "to": "nrcan",
        "what": "Cobalt",
        "due": "2026-05",
    }
    with pytest.raises(BadInput, match="an approved decision"):
        keep(store, Delivery.model_validate(fields))


def test_sealed_figures_come_back_as_they_were(store: Store) -> None:
    made = assessment(
        losses=[{"party": "all", "loss_usd": 0.1 + 0.2, "cells": 3, "word": "가"}], aid=[{**AID[0], "saved_usd": 1e-7}]
    )
    keep(store, incident(), made)
    assert store.get("assessment", "moa-1")[0] == made


def test_who_left_an_office_takes_no_key_back(store: Store) -> None:
    """A key turned in office stays turned when the term is ended later."""
    keep(store, incident(), assessment())
    decision = ask(store, "moa-stocks", AID_CHOICE)
    with store.reading() as register:
        decision = turned(decision, CANADA, register)
    keep(store, decision)
    keep(store, person("ana", "nrcan", valid_to="2026-03-31"))
    with pytest.raises(BadInput, match="a person of nrcan on 2026-03-07"):
        keep(store, person("ana", "nrcan", valid_to="2026-03-06"))
