"""Tokens of programs, and who lets whom in: for his own organisation, with no more than he has himself."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from access_world import GOOD, closed
from sqlalchemy import event, select

from orepact.errors import BadInput, Conflict, Forbidden, OrepactError, Unauthorised
from orepact.service.access import (
    New,
    accept_invitation,
    access_log,
    add_account,
    caller_of,
    change_community,
    end_role,
    give_role,
    invite,
    list_accounts,
    list_clients,
    list_memberships,
    list_tokens,
    make_token,
    note_export,
    reader_as,
    reader_of,
    revoke_token,
    set_state,
    share_with_client,
)
from orepact.service.access.may import DEEDS, OF_THE_REGISTER, ROLES, SCOPES, deeds_of, refused
from orepact.service.pact.desk import Desk
from orepact.store import open_store, people, upgrade_store
from orepact.store.accounts import token as table
from orepact.store.people import changing

if TYPE_CHECKING:
    from access_world import House

ALL = tuple(SCOPES)


def told(deed: object) -> str:
    """What is said of an attempt that is refused."""
    with pytest.raises(OrepactError) as caught:
        deed()  # type: ignore[operator]
    return f"{type(caught.value).__name__}: {caught.value}"


# What opens and what does not --------------------------------------------------------------------------------------------------


def test_a_token_is_for_one_organisation_and_some_scopes(house: House) -> None:
    """And no more of it is kept than a hash."""
    house.add("eva", "nrcan", "editor")
    made = make_token("eva", house.holder, name="nightly", organisation="nrcan", scopes=["write", "read"], days=10)
    found = caller_of(house.door, token=made.text)
    assert (found.reader.organisation, found.reader.scopes, found.token) == ("nrcan", {"read", "write"}, made.id)
    assert made.text.startswith(f"ore_{made.id}_")
    with house.store.database.reading() as connection:
        row = str(connection.execute(select(table)).one())
    assert made.text.rpartition("_")[2] not in row
    assert made.text not in repr(made)
    assert made.text not in str(list_tokens(house.holder).data.to_dict())


@pytest.mark.parametrize("spoil", [
    lambda text: text[:-1], lambda text: text[:-1] + ("a" if text[-1] != "a" else "b"), lambda text: text.upper(),
    lambda text: text.replace("ore_", "", 1), lambda text: "ore__" + text, lambda text: text.split("_")[0],
    lambda text: text + "\ud800", lambda text: "ore_" + "x" * 5000 + "_y", lambda text: "ore_'OR'1_x", lambda text: "ore_\0_x",
])  # fmt: skip
def test_forged_tokens_open_nothing(house: House, spoil: object) -> None:
    """Whatever is changed of one; the error does not repeat what was shown."""
    house.add("eva", "nrcan", "editor")
    made = make_token("eva", house.holder, name="x", organisation="nrcan")
    shown = spoil(made.text)  # type: ignore[operator]
    with pytest.raises(Unauthorised) as caught:
        reader_of(house.door, token=shown)
    assert shown not in str(caught.value)


def test_a_token_ends(house: House) -> None:
    """With its days, when it is revoked, with its role, and with its account: in the same words."""
    said = set()
    for number, end in enumerate((
        lambda name: house.store.clock.turn(days=91),
        lambda name: revoke_token(list_tokens(house.holder, account=name).data["token"][0], house.holder),
        lambda name: end_role(name, "nrcan", house.holder),
        lambda name: set_state(name, "closed", house.holder),
        lambda name: set_state(name, "locked", house.holder),
    )):  # fmt: skip
        name = house.add(f"eva{number}", "nrcan", "reader")
        text = make_token(name, house.holder, name="x", organisation="nrcan").text
        assert reader_of(house.door, token=text).account == name
        end(name)
        said.add(told(lambda text=text: reader_of(house.door, token=text)))
    assert len(said) == 1


def test_the_last_use_of_a_token_is_noted_now_and_then(house: House) -> None:
    """Once in ten minutes, so that reading does not write."""
    house.add("eva", "nrcan", "reader")
    text = make_token("eva", house.holder, name="x", organisation="nrcan").text
    uses = []
    for minutes in (1, 5, 6):
        house.store.clock.turn(minutes=minutes)
        reader_of(house.door, token=text)
        uses.append(list_tokens(house.holder).data["used_at"][0])
    assert uses[0] == uses[1] < uses[2]


def test_who_is_logged_in_makes_tokens_for_himself(house: House) -> None:
    """For the organisation for which he acts, with no scope that he has not."""
    house.add("eva", "nrcan", "editor")
    house.add("ben", "nrcan", "editor")
    desk = house.desk("eva", "nrcan", "read", "admin")
    made = make_token("eva", desk, name="mine", organisation="nrcan", scopes=["read"])
    assert reader_of(house.door, token=made.text).scopes == {"read"}
    assert "one's own account" in told(lambda: make_token("ben", desk, name="x"))
    assert "one's own account" in told(lambda: make_token("eva", desk, name="x", organisation="meti"))
    assert "more scopes" in told(lambda: make_token("eva", desk, name="x", scopes=["read", "write"]))
    assert "log in" in told(lambda: make_token("eva", house.door, name="x"))
    assert {*list_tokens(desk).data["name"]} == {"test", "mine"}
    other = house.desk("ben", "nrcan", "admin")
    assert told(lambda: revoke_token(made.id, other)) == told(lambda: revoke_token("nothing", other)).replace("nothing", made.id)
    revoke_token(made.id, desk)
    assert told(lambda: reader_of(house.door, token=made.text)).startswith("Unauthorised")


def test_what_a_token_may_not_be(house: House) -> None:
    """Every problem at once is too much here: each by its name."""
    house.add("eva", "nrcan", "editor")
    for values, words in (
        ({"name": " "}, "what the token is for"), ({"name": "a\0"}, "broken characters"), ({"scopes": []}, "some of read"),
        ({"scopes": ["all"]}, "found all"), ({"days": 0}, "1 to 366"), ({"days": 367}, "1 to 366"),
        ({"organisation": "meti"}, "in which eva has a role"),
    ):  # fmt: skip
        assert words in told(lambda values=values: make_token("eva", house.holder, **({"name": "x"} | values)))
    assert "not known" in told(lambda: make_token("nobody", house.holder, name="x"))


# Who lets whom in -------------------------------------------------------------------------------------------------------------


def test_who_lets_people_in_does_so_for_his_organisation(house: House) -> None:
    """With the roles of an organisation, not those of the register; others he neither sees nor changes."""
    house.add("adi", "nrcan", "admin")
    house.add("ben", "meti", "reader")
    desk = house.desk("adi", "nrcan", *ALL)
    add_account(New("eva", "Eva", organisation="nrcan", roles=["editor"], person="ana"), desk)
    assert accept_invitation(invite("eva", desk).secret, GOOD, house.door).caller.reader.person == "ana"
    assert [*list_accounts(desk).data["account"]] == ["adi", "eva"]
    assert "organisation whose it is" in told(lambda: add_account(New("x", "X", organisation="meti", roles=["reader"]), desk))
    assert "organisation whose it is" in told(lambda: list_accounts(desk, organisation="meti"))
    assert "found 'registrar'" in told(lambda: add_account(New("x", "X", organisation="nrcan", roles=["registrar"]), desk))
    assert "found 'auditor'" in told(lambda: give_role("eva", "nrcan", "auditor", desk))
    assert "holder of the database invites him again" in told(lambda: invite("eva", desk))
    for deed in (
        lambda name: invite(name, desk), lambda name: set_state(name, "closed", desk),
        lambda name: give_role(name, "nrcan", "reader", desk), lambda name: end_role(name, "nrcan", desk),
    ):  # fmt: skip
        assert told(lambda deed=deed: deed("ben")) == told(lambda deed=deed: deed("nobody")).replace("nobody", "ben")
    give_role("ben", "nrcan", "reader", house.holder, until="2026-12-31")
    give_role("ben", "nrcan", "editor", desk, until="2026-12-31")
    assert "acts for others too" in told(lambda: set_state("ben", "closed", desk))
    end_role("ben", "nrcan", desk)
    assert [*list_memberships(house.holder, account="ben").data["organisation"]] == ["meti"]


def test_who_lets_people_in_makes_nobody_a_person_of_others(house: House) -> None:
    """What is red to a person of another organisation would be open to him."""
    house.add("adi", "nrcan", "admin")
    desk = house.desk("adi", "nrcan", *ALL)
    words = told(lambda: add_account(New("x", "X", organisation="nrcan", roles=["reader"], person="ben"), desk))
    assert "whose roles on record are all in nrcan" in words


def test_what_the_holder_gave_he_alone_takes(house: House) -> None:
    """An admin ends the roles of his organisation; the registrar stays."""
    house.add("adi", "nrcan", "admin")
    house.add("rex", "nrcan", "registrar", "editor")
    desk = house.desk("adi", "nrcan", *ALL)
    end_role("rex", "nrcan", desk)
    assert [*list_memberships(house.holder, account="rex").data["role"]] == ["registrar"]
    assert "found 'registrar'" in told(lambda: end_role("rex", "nrcan", desk, role="registrar"))
    end_role("rex", "nrcan", house.holder, role="registrar")
    assert "is not known" in told(lambda: end_role("rex", "nrcan", house.holder))


def test_guests_and_the_community_are_the_registrars(house: House) -> None:
    """No admin takes in who is of no organisation."""
    house.add("adi", "nrcan", "admin")
    house.add("rex", "nrcan", "registrar")
    guest = New("cho", "Cho", guest=True, until="2026-12-01", person="cho")
    assert "registrar" in told(lambda: add_account(guest, house.desk("adi", "nrcan", *ALL)))
    rex = house.desk("rex", "nrcan", *ALL)
    add_account(guest, rex)
    assert "a guest has no roles" in told(lambda: give_role("cho", "nrcan", "reader", house.holder))
    assert [*change_community("meti", rex).data["organisation"]] == ["meti"]
    assert "registrar" in told(lambda: change_community("meti", house.desk("adi", "nrcan", *ALL)))


def test_an_owner_says_who_its_clients_are(house: House) -> None:
    """By its admin, until a day; nobody else says it."""
    house.add("adi", "nrcan", "admin")
    desk = house.desk("adi", "nrcan", *ALL)
    share_with_client("nrcan", "meti", desk, until="2026-12-01")
    assert list_clients(desk).data.to_dict("records") == [{"owner": "nrcan", "organisation": "meti", "until": "2026-12-01"}]
    assert "organisation whose it is" in told(lambda: share_with_client("meti", "nrcan", desk))
    assert "another organisation" in told(lambda: share_with_client("nrcan", "nrcan", desk))
    assert "from today on" in told(lambda: share_with_client("nrcan", "meti", desk, until="2026-11-22"))
    share_with_client("nrcan", "meti", desk, ends=True)
    assert len(list_clients(desk).data) == 0
    assert "is not known" in told(lambda: share_with_client("nrcan", "meti", desk, ends=True))


def test_accounts_that_cannot_be(house: House) -> None:
    """Every problem at once; and what belongs to another account."""
    house.add("eva", "nrcan", "editor", email="eva@example.org", person="ana", issuer="https://id.example.org", subject="7")
    with pytest.raises(BadInput) as caught:
        add_account(New("E v", " ", email="at", organisation="nowhere", roles=["king"], until="2020-01-01"), house.holder)
    assert [problem.column for problem in caught.value.problems] == ["id", "email", "until", "role", "name", "organisation"]
    for values, what in (
        ({"id": "eva"}, "id"), ({"email": "EVA@example.org"}, "email"), ({"person": "ana"}, "person"),
        ({"issuer": "https://id.example.org", "subject": "7"}, "user of the provider"),
    ):  # fmt: skip
        fields = {"id": "other", "name": "O", "organisation": "nrcan", "roles": ["reader"]} | values
        with pytest.raises(Conflict, match=f"its {what} belongs to another"):
            add_account(New(**fields), house.holder)
    for values, words in (
        ({"guest": True, "until": "2026-12-01"}, "no organisation and no roles"),
        ({"guest": True, "organisation": "", "roles": []}, "the last day of a guest"), ({"roles": []}, "together with roles"),
        ({"issuer": "https://x.example"}, "together with its user"), ({"person": "nobody"}, "person"),
        ({"name": "a\0b"}, "broken characters"), ({"id": "a.b"}, "joined by - or _"),
    ):  # fmt: skip
        fields = {"id": "other", "name": "O", "organisation": "nrcan", "roles": ["reader"]} | values
        assert words in told(lambda fields=fields: add_account(New(**fields), house.holder))


# The table of deeds ------------------------------------------------------------------------------------------------------------


def test_each_deed_has_who_does_it() -> None:
    """Roles and scopes of the table are those that there are; each role and scope is for something."""
    assert {role for deed in DEEDS.values() for role in deed.roles} == set(ROLES) - {"reader"}
    assert {deed.scope for deed in DEEDS.values()} == set(SCOPES)
    assert set(ROLES) >= OF_THE_REGISTER


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_takes_account_scope_role_and_organisation(deed: str) -> None:
    """Each missing one refuses, whatever the others are; the holder of the database does all."""
    from orepact.pact.records.readers import PUBLIC, Reader

    asked = DEEDS[deed]
    full = Reader.holding("nrcan", account="x", roles=ROLES, scopes=SCOPES)
    assert refused(full, deed, organisation="NRCan") == refused(None, deed) == ""
    assert bool(refused(PUBLIC, deed)) is not asked.anybody
    others = Reader.holding("nrcan", account="x", roles=ROLES, scopes=set(SCOPES) - {asked.scope})
    assert f"the scope {asked.scope}" in refused(others, deed)
    without = Reader.holding("nrcan", account="x", roles=set(ROLES) - set(asked.roles))
    assert bool(refused(without, deed)) is bool(asked.roles)
    assert bool(refused(full, deed, organisation="meti")) is asked.own
    assert (deed in deeds_of(full)) is True


def test_what_leaves_the_register_is_noted_first(house: House) -> None:
    """By who may take it out, with its label."""
    house.add("eva", "nrcan", "reader")
    with pytest.raises(Forbidden, match="scope export"):
        note_export("export_records", "commitment", "TLP:AMBER/nrcan", house.desk("eva", "nrcan"))
    note_export("export_records", "commitment", "TLP:AMBER/nrcan", house.desk("eva", "nrcan", "export"))
    last = access_log(house.holder, key="commitment").data.to_dict("records")[-1]
    assert (last["account"], last["use_case"], last["label"], last["exported"]) == (
        "eva", "export_records", "TLP:AMBER/nrcan", True,
    )  # fmt: skip


def test_an_auditor_reads_the_log(house: House) -> None:
    """The holder of the database gives the role."""
    house.add("aud", "nrcan", "auditor")
    assert len(access_log(house.desk("aud", "nrcan")).data) >= 2
    for values in ({"after": -1}, {"after": 2**70}, {"limit": 0}, {"limit": -1}, {"limit": 2**70}):
        with pytest.raises(BadInput):
            access_log(house.holder, **values)


def test_who_somebody_is_is_kept_until_something_happens(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after a deed about accounts, a change of the register, a minute, or midnight."""
    from orepact.service.access import standing

    asked = []
    reader_for = standing.reader_for
    monkeypatch.setattr(standing, "reader_for", lambda *words: asked.append(words) or reader_for(*words))
    house.add("eva", "nrcan", "reader", person="ana")
    text = make_token("eva", house.holder, name="x", organisation="nrcan").text

    def times() -> int:
        asked.clear()
        for _ in range(2):
            reader_of(house.door, token=text)
        return len(asked)

    assert (times(), times()) == (1, 0)
    change_community("meti", house.holder)
    assert (times(), times()) == (1, 0)
    with house.store.write("ana", "a change") as unit:
        unit.put(closed("one-more", "TLP:CLEAR"))
    assert (times(), times()) == (1, 0)
    house.store.clock.turn(seconds=59)
    assert times() == 0
    house.store.clock.turn(seconds=1)
    assert (times(), times()) == (1, 0)
    house.store.clock.now = house.store.clock.now.replace(hour=23, minute=59, second=59)
    assert times() == 1
    house.store.clock.turn(seconds=1)
    assert times() == 1


def test_an_account_ends_at_its_moment_though_it_is_kept(house: House) -> None:
    """At the begin of the day after its last."""
    house.add("eva", "nrcan", "reader", until="2026-11-23")
    text = make_token("eva", house.holder, name="x", organisation="nrcan").text
    house.store.clock.now = house.store.clock.now.replace(hour=23, minute=59, second=59)
    assert reader_of(house.door, token=text).account == "eva"
    house.store.clock.turn(seconds=1)
    with pytest.raises(Unauthorised):
        reader_of(house.door, token=text)


# Ways to more than one's own ---------------------------------------------------------------------------------------------------


def test_who_lets_people_in_takes_over_no_account(house: House) -> None:
    """By inviting who has no password yet: of another organisation, of the register, or known by a provider."""
    house.add("adi", "nrcan", "admin")
    house.add("ben", "meti", "steward")
    house.add("rex", "nrcan", "registrar")
    house.add("oda", "nrcan", "editor", issuer="https://id.example.org", subject="7")
    desk = house.desk("adi", "nrcan", *ALL)
    give_role("ben", "nrcan", "reader", house.holder)
    for name, words in (("ben", "acts for others too"), ("rex", "holder of the database"), ("oda", "nobody uses yet")):
        assert words in told(lambda name=name: invite(name, desk))
    for name in ("ben", "rex"):
        assert "Forbidden" in told(lambda name=name: set_state(name, "locked", desk))


def test_a_token_that_was_found_makes_no_other(house: House) -> None:
    """It takes the scope admin, or a session: so to revoke one is enough."""
    house.add("eva", "nrcan", "editor")
    desk = house.desk("eva", "nrcan", "read", "write")
    assert "the scope admin" in told(lambda: make_token("eva", desk, name="x"))
    token = list_tokens(desk).data["token"][0]
    assert "the scope admin" in told(lambda: revoke_token(token, desk))


def test_work_is_ended_with_the_rights_that_one_has_then(house: House) -> None:
    """What was asked for earlier is done as the account stands."""
    house.add("eva", "nrcan", "editor")
    assert reader_as("eva", "nrcan", house.holder).roles == {"editor"}
    end_role("eva", "nrcan", house.holder)
    assert reader_as("eva", "nrcan", house.holder).tokens == {"all"}
    set_state("eva", "closed", house.holder)
    assert told(lambda: reader_as("eva", "nrcan", house.holder)).startswith("Unauthorised")


def test_who_is_to_be_noted_does_not_wait_for_somebody_who_writes(tmp_path: Path) -> None:
    """That a token was used is written down another time; whoever comes is let in at once."""
    file = tmp_path / "register.db"
    upgrade_store(str(file), create=True).close()
    store = open_store(str(file), wait_s=60.0)
    with changing(store.database) as connection:
        people.add_account(connection, people.Account("ada", "Ada", "ada@example.org", ""))
    desk = Desk(store)
    shown = make_token("ada", desk, name="n").text
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    said: list[str] = []
    event.listen(store.database.engine, "before_cursor_execute", lambda _, __, statement, *___: said.append(statement))
    assert reader_of(desk, token=shown).account == "ada"
    assert said[-3:] == ["PRAGMA busy_timeout=0", "BEGIN IMMEDIATE", "PRAGMA busy_timeout=60000"], "it would wait for its turn"
    other.execute("rollback")
    assert reader_of(desk, token=shown).account == "ada"
    other.close()
    store.close()
