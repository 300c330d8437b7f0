"""Passwords, sessions, invitations: what lets in and for how long, and that what is wrong is never told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from access_world import GOOD
from sqlalchemy import select

from orepact.errors import BadInput, Conflict, Forbidden, NotFound, OrepactError, TooMany, Unauthorised
from orepact.service.access import (
    accept_invitation,
    access_log,
    act_for,
    caller_of,
    change_password,
    csrf_fits,
    csrf_of,
    end_role,
    give_role,
    invite,
    log_in,
    log_out,
    passwords,
    set_state,
    show_invitation,
    show_me,
    throttle,
)
from orepact.service.pact.desk import Desk
from orepact.store.inventory import EVERY

if TYPE_CHECKING:
    from access_world import House

    from orepact.service.access.sessions import LoggedIn

HERE = {"address": "192.0.2.1"}


@pytest.fixture
def eva(house: House) -> House:
    """A house with an editor who has chosen her password."""
    house.add("eva", "nrcan", "editor", email="Eva@Example.org")
    accept_invitation(invite("eva", house.holder).secret, GOOD, house.door)
    return house


def enter(house: House, name: str = "eva", password: str = GOOD) -> LoggedIn:
    """Log in."""
    return log_in(name, password, house.door, **HERE)


def is_in(house: House, session: str) -> bool:
    """Whether a session lets in."""
    try:
        caller_of(house.door, session=session)
    except Unauthorised:
        return False
    return True


def test_the_bearer_of_an_invitation_chooses_a_password(house: House) -> None:
    """Once, within its days, and not one that is easily guessed."""
    house.add("eva", "nrcan", "editor")
    first, second = invite("eva", house.holder), invite("eva", house.holder, days=2)
    with pytest.raises(Unauthorised, match="used up, over, or none"):
        show_invitation(first.secret, house.door)
    assert show_invitation(second.secret, house.door).data.to_dict("records") == [{"account": "eva", "name": "Eva"}]
    with pytest.raises(BadInput, match="12 to 256 characters"):
        accept_invitation(second.secret, "short", house.door)
    opened = accept_invitation(second.secret, GOOD, house.door)
    assert (opened.caller.reader.account, opened.caller.reader.organisation) == ("eva", "nrcan")
    with pytest.raises(Unauthorised):
        accept_invitation(second.secret, GOOD, house.door)
    third = invite("eva", house.holder, days=1)
    house.store.clock.turn(days=1)
    with pytest.raises(Unauthorised):
        accept_invitation(third.secret, GOOD, house.door)


def test_log_in_by_name_or_address(eva: House) -> None:
    """However they are written; a session acts for the organisation of the account."""
    for name in ("eva", " EVA ", "eva@example.org"):
        found = enter(eva, name)
        assert caller_of(eva.door, session=found.secret).reader.tokens == {"all", "of:nrcan"}
        assert caller_of(eva.door, session=found.secret).csrf == found.caller.csrf


def test_what_is_wrong_is_never_told(eva: House) -> None:
    """An unknown name, a wrong password, an account without one, locked, closed, over: the same words."""
    for name, values in (("bare", {}), ("locked", {}), ("over", {"until": "2026-11-23"})):
        eva.add(name, "nrcan", "reader", **values)
    for name in ("locked", "over"):
        accept_invitation(invite(name, eva.holder).secret, GOOD, eva.door)
    set_state("locked", "locked", eva.holder)
    eva.store.clock.turn(days=1)
    said = set()
    tries = (
        ("eva", "wrong"),
        ("eva", GOOD + "x"),
        ("eva", ""),
        *((name, GOOD) for name in ("nobody", "bare", "locked", "over", "")),
    )
    for name, password in tries:
        with pytest.raises(Unauthorised) as caught:
            enter(eva, name, password)
        said.add(str(caught.value))
    assert len(said) == 1
    enter(eva)


def test_an_unknown_name_takes_as_long(eva: House) -> None:
    """Its password is worked out all the same: the time of the processor does not tell who is there."""
    enter(eva)
    times = []
    for name in ("eva", "nobody"):
        begin = time.process_time()
        with pytest.raises(Unauthorised):
            enter(eva, name, "wrong")
        times.append(time.process_time() - begin)
    assert times[1] > times[0] / 2


def test_a_session_ends_when_nobody_comes_and_after_its_hours(eva: House) -> None:
    """Thirty minutes without a visit; twelve hours with."""
    found = enter(eva)
    for _ in range(2):
        eva.store.clock.turn(minutes=29)
        assert is_in(eva, found.secret)
    eva.store.clock.turn(minutes=31)
    assert not is_in(eva, found.secret)
    found = enter(eva)
    for _ in range(28):
        eva.store.clock.turn(minutes=25)
        assert is_in(eva, found.secret)
    eva.store.clock.turn(minutes=21)
    assert not is_in(eva, found.secret)


def test_a_session_is_new_at_each_login_and_ends_at_logout(eva: House) -> None:
    """What the browser had before opens nothing any more."""
    first = enter(eva)
    second = log_in("eva", GOOD, eva.door, before=first.secret, **HERE)
    assert (first.secret != second.secret, is_in(eva, first.secret), is_in(eva, second.secret)) == (True, False, True)
    log_out(second.secret, eva.door)
    log_out(second.secret, eva.door)
    assert not is_in(eva, second.secret)


@pytest.mark.parametrize("shown", ["", "x", "\ud800", "0" * 10_000, "' OR 1=1 --"])
def test_forged_sessions_open_nothing(eva: House, shown: str) -> None:
    """Whatever is in them; an empty one is none."""
    enter(eva)
    assert not is_in(eva, shown) or not shown
    assert not caller_of(eva.door, session="").reader.account


def test_forms_are_of_the_session(eva: House) -> None:
    """Nobody makes the token of another's forms, and it does not tell the session."""
    found, other = enter(eva), enter(eva)
    assert csrf_fits(found.secret, found.caller.csrf)
    for wrong in ("", "x", "\ud800", found.secret, other.caller.csrf, csrf_of(found.caller.csrf)):
        assert not csrf_fits(found.secret, wrong)
    assert found.secret not in found.caller.csrf


def test_another_organisation_is_chosen_under_a_new_secret(eva: House) -> None:
    """Only one in which the account has a role; the session ends when it would have ended."""
    give_role("eva", "meti", "reader", eva.holder)
    found = enter(eva)
    assert found.caller.reader.organisation == "meti"  # the first by its name
    eva.store.clock.turn(minutes=5)
    other = act_for("nrcan", found.secret, eva.door)
    assert caller_of(eva.door, session=other.secret).reader.roles == {"editor"}
    assert (other.ends_at, is_in(eva, found.secret)) == (found.ends_at, False)
    said = []
    for name in ("metis", "nowhere"):
        with pytest.raises(Forbidden) as caught:
            act_for(name, other.secret, eva.door)
        said.append(str(caught.value))
    assert said[0] == said[1]
    end_role("eva", "nrcan", eva.holder)
    assert caller_of(eva.door, session=other.secret).reader.tokens == {"all"}


def test_a_new_password_ends_every_session(eva: House) -> None:
    """But goes on in this browser, under a new secret."""
    here, there = enter(eva), enter(eva)
    with pytest.raises(Unauthorised):
        change_password("wrong", "another few words 2", here.secret, eva.door, **HERE)
    with pytest.raises(BadInput):
        change_password(GOOD, "a password of mine", here.secret, eva.door, **HERE)
    after = change_password(GOOD, "another few words 2", here.secret, eva.door, **HERE)
    assert [is_in(eva, one.secret) for one in (here, there, after)] == [False, False, True]
    with pytest.raises(Unauthorised):
        enter(eva)
    enter(eva, password="another few words 2")


@pytest.mark.parametrize("what", ["changed", "locked"])
@pytest.mark.parametrize("under_way", ["log_in", "change_password"])
def test_what_is_under_way_as_sessions_end_begins_none(
    eva: House, monkeypatch: pytest.MonkeyPatch, under_way: str, what: str
) -> None:
    """The old password was checked, and held then; before the session begins another browser changes it, or it is locked."""
    mine, fits = enter(eva), passwords.fits

    def checked(password: str, stored: str) -> bool:
        held = fits(password, stored)
        monkeypatch.setattr(passwords, "fits", fits)
        if what == "changed":
            change_password(GOOD, "her quite another one", mine.secret, eva.door)
        else:
            set_state("eva", "locked", eva.holder)
        return held

    other = enter(eva).secret
    deeds = {
        "log_in": lambda: enter(eva),
        "change_password": lambda: change_password(GOOD, "what a thief would choose", other, eva.door),
    }
    monkeypatch.setattr(passwords, "fits", checked)
    with pytest.raises(Unauthorised, match="the name or the password is wrong"):
        deeds[under_way]()
    if what == "changed":
        assert is_in(eva, enter(eva, password="her quite another one").secret)


def test_locking_and_closing_end_sessions(eva: House) -> None:
    """A closed account stays closed."""
    found = enter(eva)
    set_state("eva", "locked", eva.holder)
    assert not is_in(eva, found.secret)
    set_state("eva", "active", eva.holder)
    assert not is_in(eva, found.secret)
    found = enter(eva)
    set_state("eva", "closed", eva.holder)
    assert not is_in(eva, found.secret)
    with pytest.raises(Conflict, match="closed for good"):
        set_state("eva", "active", eva.holder)
    with pytest.raises(BadInput):
        invite("eva", eva.holder)
    with pytest.raises(NotFound):
        set_state("nobody", "locked", eva.holder)


def test_who_mistypes_waits(eva: House) -> None:
    """Five a minute by name and address, right ones too; another address may still come in, and a minute later so may he."""
    for _ in range(5):
        with pytest.raises(Unauthorised):
            enter(eva, password="wrong")
    with pytest.raises(TooMany) as caught:
        enter(eva)
    assert caught.value.retry_after == 60
    log_in("eva", GOOD, eva.door, address="192.0.2.2")
    eva.store.clock.turn(seconds=61)
    for _ in range(6):
        enter(eva)  # who comes in is not counted


def test_one_name_and_one_address_are_counted_by_themselves(eva: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many addresses that try one name, and one that tries many."""
    limits = {"pair": throttle.Limit(99, 60), "address": throttle.Limit(4, 60), "name": throttle.Limit(3, 3600)}
    monkeypatch.setattr(throttle, "LIMITS", limits)
    found: list[type[OrepactError]] = []
    for name, address in [("eva", f"a{at}") for at in range(4)] + [(f"n{at}", "b") for at in range(5)]:
        with pytest.raises(OrepactError) as caught:
            log_in(name, "wrong", eva.door, address=address)
        found.append(type(caught.value))
    assert found == [*[Unauthorised] * 3, TooMany, *[Unauthorised] * 4, TooMany]


def test_passwords_that_are_easily_guessed_are_refused() -> None:
    """Short, long, of one letter, with the name in it; the error never holds the password."""
    for password in ("short", "x" * 300, "aaaaaaaaaaaaaaa", "evelyn is in here", "my PASSWORD is it", "half \ud800 a character"):
        with pytest.raises(BadInput) as caught:
            passwords.check(password, "evelyn")
        assert password not in str(caught.value)
    assert passwords.check("E\u0301nergie des mots", "evelyn") == passwords.check("\u00c9nergie des mots", "evelyn")


def test_a_password_is_kept_as_argon2id_and_as_little_else(eva: House) -> None:
    """With the costs of the module; nothing that is secret stands in any table."""
    found = enter(eva)
    asked = invite("eva", eva.holder)
    with eva.store.database.reading() as connection:
        rows = "\n".join(str(row) for table in EVERY for row in connection.execute(select(table)))
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in rows
    for secret in (GOOD, found.secret, found.caller.csrf, asked.secret):
        assert secret not in rows
        assert secret not in repr((found, asked))


def test_a_password_kept_at_other_costs_is_kept_anew(eva: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the next login."""
    monkeypatch.setattr(passwords, "PASSES", 3)
    passwords._hasher.cache_clear()
    try:
        enter(eva)
        with eva.store.database.reading() as connection:
            from orepact.store.people import account_of

            assert "t=3" in account_of(connection, "eva").password
    finally:
        passwords._hasher.cache_clear()


def test_who_is_logged_in_sees_what_he_is(eva: House) -> None:
    """And the holder of the database is told to log in."""
    reader = enter(eva).caller.reader
    found = show_me(Desk(eva.store, reader))
    assert found.data.to_dict("records")[0]["role"] == "editor"
    assert (found.top["account"], found.top["organisation"]) == ("eva", "nrcan")
    assert "write" in found.top["may"]
    assert "give_role" not in found.top["may"]
    with pytest.raises(Forbidden, match="log in"):
        show_me(eva.door)


def test_what_was_done_is_in_a_log_that_only_grows(eva: House) -> None:
    """Who did what to whom; nobody changes it, on either database."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    enter(eva)
    found = access_log(eva.holder).data
    assert [*found["use_case"]] == ["add_account", "give_role", "invite", "accept_invitation", "log_in"]
    assert [*found["account"]] == ["", "", "", "eva", "eva"]
    assert [*found["seq"]] == [1, 2, 3, 4, 5]
    for words in ("UPDATE access_log SET account = ''", "DELETE FROM access_log"):
        with pytest.raises(DBAPIError, match="refused"), eva.store.database.engine.begin() as connection:
            connection.execute(text(words))
    with pytest.raises(Forbidden, match="auditor"):
        access_log(eva.desk("eva", "nrcan"))
