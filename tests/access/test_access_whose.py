"""Who may change which record: each deed by who may do it and by who may not, on what is there and on what is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from access_world import START, closed

from orepact.errors import Conflict, Forbidden, OrepactError
from orepact.pact.decisions.decision import Decision
from orepact.pact.instruments.notices import Notice
from orepact.pact.organisations.engagement import Engagement
from orepact.pact.organisations.people import Person
from orepact.pact.records.readers import PUBLIC, Reader, redacted
from orepact.pact.records.record import Named, Record
from orepact.service.access.whose import deeds_on, refusals
from orepact.service.pact.desk import Desk, keep

if TYPE_CHECKING:
    from access_world import House

    from orepact.pact.records.record import Record

NOW = START


def who(organisation: str = "", *roles: str, person: str = "", community: bool = True, **values: Any) -> Reader:
    """Somebody of an organisation, of the community unless said otherwise."""
    return Reader.holding(organisation, account="x", person=person, roles=roles, community=community, **values)


EDITOR, STEWARD, HOLDER = who("nrcan", "editor"), who("nrcan", "editor", "steward"), who("nrcan", "key_holder", person="ana")
READER, OTHER, REGISTRAR = who("nrcan", "reader"), who("meti", "editor", "steward"), who("metis", "registrar")
CLIENT = who("meti", "editor", client_of=["nrcan"])


def decision(*keys: dict[str, Any], **values: Any) -> Decision:
    """A decision that nrcan asks for, with keys."""
    fields = {
        "id": "aid", "title": "Aid", "instrument": "moc", "subject": {"what": "other", "text": "Aid"}, "asked_at": NOW,
        "asked_by": "nrcan", "holders": [{"side": "a", "organisations": ["nrcan"]}, {"side": "b", "organisations": ["meti"]}],
        "keys": keys,
    }  # fmt: skip
    return Decision.model_validate(fields | values)


def key(organisation: str = "nrcan", person: str = "ana", at: datetime = NOW, side: str = "a") -> dict[str, Any]:
    """A key that is turned."""
    fields = {"side": side, "organisation": organisation, "person": person, "verdict": "approve", "reason": "yes"}
    return {**fields, "given_at": at}


def notice(*answers: dict[str, Any], **values: Any) -> Notice:
    """A notice of nrcan to meti, with acknowledgements."""
    fields = {"id": "note", "title": "Note", "instrument": "moc", "sender": "nrcan", "to": ["meti"], "sent_at": NOW}
    return Notice.model_validate(fields | {"acknowledgements": answers} | values)


def engagement(**values: Any) -> Engagement:
    """What a Nation has on record of a project."""
    return Engagement.model_validate({"id": "first.talks", "title": "Talks", "nation": "first", "project": "pit"} | values)


def seat(body: str = "board", organisation: str = "nrcan") -> Person:
    """Ana, with a seat in a body."""
    terms = [{"role": "Head", "organisation": organisation, "body": body, "valid_from": "2026-01-01"}]
    return Person.model_validate({"id": "ana", "title": "Ana", "terms": terms})


OPEN = closed("open", "TLP:CLEAR")
AMBER = closed("nrcan.amber", "TLP:AMBER/nrcan")
RED = closed("nrcan.red.x", "TLP:RED/nrcan")
OURS = closed("ours", "TLP:CLEAR/nrcan")
EARLIER = NOW - timedelta(hours=1)
HIDDEN = [{"since": "2026-11-01", "hidden": True}]

#: Who puts what in place of what, and what he is told ("": he may).
TABLE: dict[str, tuple[Reader, Record | None, Record, str]] = {
    "anybody": (PUBLIC, None, OPEN, "has an account"),
    "a guest": (Reader.holding(account="x", person="cho"), None, OPEN, "of the community"),
    "outside the community": (who("nrcan", "editor", community=False), None, OPEN, "of the community"),
    "without a role that writes": (READER, None, OPEN, "takes the role editor or steward or registrar"),
    "without the scope": (who("nrcan", "editor", scopes=["read"]), None, OPEN, "takes a token with the scope write"),
    "an editor adds": (EDITOR, None, OPEN, ""),
    "an editor adds for another": (OTHER, None, OPEN, "by the organisation whose it is"),
    "the registrar adds for another": (REGISTRAR, None, OPEN, ""),
    "an editor changes": (EDITOR, OPEN, OPEN.model_copy(update={"note": "n"}), ""),
    "an editor changes another's": (OTHER, OPEN, OPEN.model_copy(update={"note": "n"}), "by its keeper and by the registrar"),
    "the registrar changes": (REGISTRAR, OPEN, OPEN.model_copy(update={"note": "n"}), ""),
    "an editor takes another's over": (
        OTHER, OPEN, OPEN.model_copy(update={"owner": "meti"}), "by its keeper and by the registrar",
    ),
    "an editor gives his away": (EDITOR, OPEN, OPEN.model_copy(update={"owner": "meti"}), "by the organisation whose it is"),
    "a label in another's name": (OTHER, None, closed("meti.x", "TLP:AMBER/nrcan"), "a label names the owner who writes it"),
    "closed without the name": (EDITOR, None, closed("x", "TLP:AMBER/nrcan"), "begins with its owner: nrcan.NAME"),
    "red without the name": (STEWARD, None, closed("nrcan.x", "TLP:RED/nrcan"), "begins with its owner: nrcan.red.NAME"),
    "held back without the name": (
        EDITOR, None, closed("x", "TLP:CLEAR/nrcan", opens="2027-01-01T00:00Z"), "begins with its owner",
    ),
    "an editor adds closed": (EDITOR, None, AMBER, ""),
    "an editor adds red": (EDITOR, None, RED, "with ORGANISATION.red"),
    "a steward adds red": (STEWARD, None, RED, ""),
    "an id of another": (OTHER, None, closed("nrcan.guess", "TLP:CLEAR", owner="meti"), "begins with the organisation"),
    "an id of another, by the registrar": (REGISTRAR, None, closed("nrcan.guess", "TLP:CLEAR"), "begins with the organisation"),
    "an id of what is red": (EDITOR, None, closed("nrcan.red.guess", "TLP:CLEAR"), "with ORGANISATION.red"),
    "the owner changes closed": (EDITOR, AMBER, AMBER.model_copy(update={"note": "n"}), ""),
    "a client changes closed": (CLIENT, AMBER, AMBER.model_copy(update={"note": "n"}), "by its owner alone"),
    "the registrar changes closed": (
        who("metis", "registrar", client_of=["nrcan"]), AMBER, AMBER.model_copy(update={"note": "n"}), "by its owner alone",
    ),
    "the owner opens": (EDITOR, AMBER, AMBER.model_copy(update={"label": "TLP:CLEAR/nrcan"}), ""),
    "the registrar lowers": (
        REGISTRAR, closed("g", "TLP:GREEN"), closed("g", "TLP:CLEAR"), "with whom it is shared is its owner's to say",
    ),
    "the owner lowers": (EDITOR, closed("g", "TLP:GREEN"), closed("g", "TLP:CLEAR"), ""),
    "the registrar shares another's": (
        REGISTRAR, OURS, OURS.model_copy(update={"pools": ("p",)}), "with whom it is shared is its owner's to say",
    ),
    "the owner shares": (EDITOR, OURS, OURS.model_copy(update={"pools": ("p",)}), ""),
    "an open record is closed": (EDITOR, OURS, closed("ours", "TLP:AMBER/nrcan"), "make a new record"),
    "a nation adds": (who("first", "editor"), None, engagement(), ""),
    "a nation adds without its name": (who("first", "editor"), None, engagement(id="talks"), "begins with its owner: first.NAME"),
    "the registrar adds for a nation": (REGISTRAR, None, engagement(), "the Nation's to write"),
    "the registrar changes a nation's": (REGISTRAR, engagement(), engagement(note="n"), "the Nation's to write"),
    "a nation takes another's": (who("meti", "editor"), engagement(), engagement(nation="meti"), "the Nation's to write"),
    "an editor makes what is red": (EDITOR, AMBER, closed("nrcan.amber", "TLP:RED/nrcan"), "is written by stewards"),
    "a nation hides": (who("first", "editor"), engagement(id="talks"), engagement(id="talks", showing=HIDDEN), ""),
    "an editor asks": (EDITOR, None, decision(), ""),
    "an editor asks in another's name": (OTHER, None, decision(), "by the organisation whose it is"),
    "an editor asked an hour ago": (EDITOR, None, decision(asked_at=EARLIER), "the registrar alone enters what was earlier"),
    "the registrar enters what was asked": (REGISTRAR, None, decision(asked_at=EARLIER), ""),
    "a key holder turns": (HOLDER, decision(), decision(key()), ""),
    "a key holder turns for another person": (HOLDER, decision(), decision(key(person="ben")), "by the account of that person"),
    "a key holder turns for another organisation": (
        HOLDER, decision(), decision(key("meti")), "for the organisation whose it is",
    ),
    "a key holder turns back the clock": (HOLDER, decision(), decision(key(at=EARLIER)), "at the moment at which"),
    "an editor turns": (who("nrcan", "editor", person="ana"), decision(), decision(key()), "takes the role key_holder"),
    "without the scope of keys": (
        who("nrcan", "key_holder", person="ana", scopes=["read", "write"]), decision(), decision(key()), "the scope keys",
    ),
    "the registrar turns for another": (REGISTRAR, decision(), decision(key()), "takes the role key_holder"),
    "asked with the key of another in it": (EDITOR, None, decision(key("meti", "ben", side="b")), "takes the role key_holder"),
    "a key is taken out": (REGISTRAR, decision(key()), decision(), "what was put down stays"),
    "a key is turned round": (
        HOLDER, decision(key()), decision(key() | {"verdict": "decline"}), "what was put down stays",
    ),
    "a key and more": (HOLDER, decision(), decision(key(), title="Other"), "takes the role editor"),
    "a recipient acknowledges": (OTHER, notice(), notice({"organisation": "meti", "at": NOW}), ""),
    "the sender acknowledges for it": (EDITOR, notice(), notice({"organisation": "meti", "at": NOW}), "organisation whose it is"),
    "a recipient changes the text": (OTHER, notice(), notice(text="other"), "by its keeper and by the registrar"),
    "an editor seats a person": (EDITOR, Person.model_validate({
        "id": "ana", "title": "Ana", "terms": [{"role": "Head", "organisation": "nrcan"}],
    }), seat(), "seats in bodies are entered by the registrar"),
    "an editor lets a seat be": (EDITOR, seat(), seat().model_copy(update={"note": "n"}), ""),
    "the registrar seats a person": (REGISTRAR, None, seat(), ""),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_whose_it_is(case: str) -> None:
    """By the words of the first refusal."""
    reader, before, after, words = TABLE[case]
    shown = redacted(before, reader) if before is not None else None
    found = [*refusals(reader, shown, after, NOW)]
    assert words in (found[0] if found else "")
    assert bool(found) == bool(words)


def test_what_one_may_do_with_a_record() -> None:
    """For pages that offer it."""
    assert deeds_on(EDITOR, OPEN, NOW) == ["change", "share"]
    assert deeds_on(REGISTRAR, OPEN, NOW) == ["change"]
    assert deeds_on(OTHER, OPEN, NOW) == []
    assert deeds_on(HOLDER, decision(), NOW) == ["turn_key"]
    assert deeds_on(None, OPEN, NOW) == ["change", "share"]


def said(house: House, reader: Reader, record: Record, version: int = 0) -> tuple[type[OrepactError], str]:
    """What somebody is told who writes a record."""
    with pytest.raises(OrepactError) as caught:
        keep(Desk(house.store, reader).facing(), [record], {(record.kind, record.id): version}, actor=None, reason="try")
    return type(caught.value), str(caught.value).replace(record.id, "ID")


@pytest.mark.parametrize("name", ["nrcan.strict", "nrcan.red.stock", "nrcan.nothing", "nrcan.red.nothing"])
def test_t4_an_id_that_is_taken_tells_nobody_that_it_is(house: House, name: str) -> None:
    """The same words for who may not see it, whether it is there or not: to make it, and to change it."""
    record = closed(name, "TLP:CLEAR", owner="meti")
    made = said(house, OTHER, record)
    assert made == said(house, OTHER, closed("nrcan.other", "TLP:CLEAR", owner="meti"))
    assert made[0] is Forbidden
    assert said(house, OTHER, record, 1) == made
    if name.startswith("nrcan.red"):  # nor those of the organisation who are no stewards
        assert said(house, EDITOR, record) == said(house, EDITOR, closed("nrcan.red.other", "TLP:CLEAR", owner="meti"))


def test_t9_the_writer_is_who_is_logged_in(house: House) -> None:
    """Whatever name is given; the holder of the database names himself."""
    reader = who("nrcan", "editor")
    record = closed("made", "TLP:CLEAR")
    keep(Desk(house.store, reader).facing(), [record], {}, actor="ana", reason="new")
    assert [one.actor for one in house.store.history("commitment", "made")] == ["x"]


def test_t41_what_the_writer_is_not_shown_stays(house: House) -> None:
    """The registrar changes an open record that is shared with some: they are shown it still."""
    shared = closed(
        "shared", "TLP:CLEAR/nrcan", readers=[{"person": "ben", "export": True}], labels={"note": "TLP:RED/nrcan"}, note="n"
    )
    with house.store.write("ana", "shared") as unit:
        unit.put(shared)
    desk = Desk(house.store, REGISTRAR)
    there, version = desk.facing().get("commitment", "shared")
    assert (there.readers, there.labels, there.note) == ((), {}, "")
    key_ = (there.kind, there.id)
    keep(desk.facing(), [there.model_copy(update={"title": "New"})], {key_: version}, actor=None, reason="title")
    after = house.store.get("commitment", "shared")[0]
    assert (after.title, after.readers, after.labels, after.note) == ("New", shared.readers, shared.labels, "n")
    opened = there.model_copy(update={"readers": (Named(person="cho"),)})
    with pytest.raises(Forbidden, match="with whom it is shared"):
        keep(desk.facing(), [opened], {key_: 2}, actor=None, reason="share")


def test_a_version_that_was_not_read_is_a_conflict_still(house: House) -> None:
    """For who may change it."""
    found, words = said(house, EDITOR, closed("open", "TLP:CLEAR", note="n"), 3)
    assert (found, "you changed version 3" in words) == (Conflict, True)


def test_now_is_the_clock_of_the_register() -> None:
    """Five minutes before and after."""
    for minutes, fine in ((-6, False), (-4, True), (4, True), (6, False)):
        after = decision(key(at=NOW + timedelta(minutes=minutes)))
        assert (not [*refusals(HOLDER, decision(), after, NOW)]) is fine
