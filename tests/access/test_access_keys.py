"""Two accounts, two keys: each is turned by the person whose it is, with a token that is for keys, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from access_world import House

from copies import Fill, seeded
from orepact.errors import BadInput, Forbidden
from orepact.service.access import change_community, deeds_of
from orepact.service.pact import (
    acknowledge_notice,
    ask_for_aid,
    promise_delivery,
    record_history,
    send_notice,
    show_decision,
    turn_key,
)
from orepact.service.pact.desk import Desk
from orepact.store.store import open_store
from pact_incidents import assessment, incident, person

ANA = {"side": "ca", "organisation": "nrcan", "person": "ana", "verdict": "approve", "reason": "it helps"}
EMI = {"side": "jp", "organisation": "meti", "person": "emi", "verdict": "approve", "reason": "it helps"}


@pytest.fixture
def moa(backend: str, copy_of: Callable[[str, Fill], str]) -> Iterator[House]:
    """The seed with an incident that was assessed, and accounts of both sides."""
    store = open_store(copy_of(backend, seeded))
    with store.write("host", "an incident") as unit:
        for one in (person("ana", "nrcan"), person("emi", "meti"), person("fumi", "mofa-jp"), incident(), assessment()):
            unit.put(one)
    house = House(store)
    for name in ("nrcan", "meti", "mofa-jp"):
        change_community(name, house.holder)
    house.add("ana", "nrcan", "editor", "key_holder", person="ana")
    house.add("emi", "meti", "editor", "key_holder", person="emi")
    house.add("eve", "meti", "editor")
    yield house
    store.close()


def ask(house: House) -> Desk:
    """Canada asks for the option that saves."""
    desk = house.desk("ana", "nrcan")
    ask_for_aid("moa", "stockpiles", desk, name="moa-stocks", by="nrcan", reason="it helps")
    return desk


def test_two_accounts_turn_two_keys(moa: House) -> None:
    """And the history says which account wrote what, whatever name was given."""
    ana, emi = ask(moa), moa.desk("emi", "meti")
    sides = sorted(set(show_decision("moa-stocks", moa.door).data["side"]))
    ours, theirs = ANA | {"side": sides[0]}, EMI | {"side": sides[1]}
    turn_key("moa-stocks", ana, **ours, actor="somebody else")
    assert show_decision("moa-stocks", moa.door).meta["state"] == "open"
    turn_key("moa-stocks", emi, **theirs)
    assert show_decision("moa-stocks", moa.door).meta["state"] == "approved"
    assert [*record_history("decision", "moa-stocks", moa.door).data["actor"]] == ["ana", "ana", "emi"]


@pytest.mark.parametrize(("name", "scopes", "values", "words"), [
    ("emi", ["read", "write"], {}, "the scope keys"),
    ("eve", ["read", "write", "keys"], {}, "the role key_holder"),
    ("emi", ["read", "keys"], {"person": "fumi", "organisation": "mofa-jp"}, "the organisation whose it is"),
    ("emi", ["read", "keys"], {"person": "ana", "organisation": "nrcan", "side": "CAN"}, "the organisation whose it is"),
    ("emi", ["read", "keys"], {"at": "2026-03-08T00:00Z"}, "at the moment at which it is put down"),
])  # fmt: skip
def test_nobody_turns_the_key_of_another(moa: House, name: str, scopes: list[str], values: dict[str, Any], words: str) -> None:
    """Nor without what it takes, nor in the past; nothing is kept of the attempt."""
    ask(moa)
    side = sorted(set(show_decision("moa-stocks", moa.door).data["side"]))
    fields = EMI | {"side": side[1]} | values | ({"side": side[0]} if "side" in values else {})
    with pytest.raises((Forbidden, BadInput)) as caught:
        turn_key("moa-stocks", moa.desk(name, "meti", *scopes), **fields)
    assert words in str(caught.value) or "key not before" in str(caught.value)
    assert len(moa.store.history("decision", "moa-stocks")) == 1


def test_what_is_done_is_done_in_ones_own_name(moa: House) -> None:
    """To ask, to promise, to send and to acknowledge: each by an editor of the organisation that does it."""
    emi = moa.desk("emi", "meti")
    with pytest.raises(Forbidden, match="by the organisation whose it is"):
        ask_for_aid("moa", "stockpiles", emi, name="moa-stocks", by="nrcan", reason="it helps")
    ana = ask(moa)
    notice = {"instrument": "ca-jp-moc-battery-2023", "to": ["meti"], "title": "Note", "reason": "so that you know"}
    with pytest.raises(Forbidden, match="by the organisation whose it is"):
        send_notice("note", emi, sender="nrcan", **notice)
    send_notice("note", ana, sender="nrcan", **notice)
    with pytest.raises(Forbidden, match="the organisation whose it is"):
        acknowledge_notice("note", ana, organisation="meti", reason="seen")
    acknowledge_notice("note", emi, organisation="meti", reason="seen")
    with pytest.raises(Forbidden, match="by the organisation whose it is"):
        promise_delivery(
            "d", emi, decision="moa-stocks", by="nrcan", to="nrcan", what="Cobalt", due="2027-03", reason="it helps", quantity=1,
            unit="t",
        )  # fmt: skip


def test_who_reads_is_offered_what_he_may_do(moa: House) -> None:
    """By his token."""
    assert "turn_key" in deeds_of(moa.desk("emi", "meti", "keys").reader)
    assert "turn_key" not in deeds_of(moa.desk("emi", "meti", "read").reader)
