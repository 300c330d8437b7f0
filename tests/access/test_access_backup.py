"""A backup carries who gets in and what is theirs; sessions, invitations and attempts end with it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from access_world import GOOD, Clock

from orepact.errors import BadInput, Unauthorised
from orepact.pact.records.readers import PUBLIC
from orepact.service.access import (
    accept_invitation,
    access_log,
    caller_of,
    change_community,
    invite,
    list_accounts,
    list_clients,
    list_memberships,
    log_in,
    make_token,
    reader_of,
    share_with_client,
)
from orepact.service.pact.desk import Desk
from orepact.store.store import open_store, restore_store, upgrade_store

if TYPE_CHECKING:
    from access_world import House


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_accounts_come_back_and_sessions_do_not(house: House, tmp_path: Path, make_url: Callable[[str], str], other: str) -> None:
    """In either database; and the log goes on."""
    house.add("eva", "nrcan", "editor", "admin")
    change_community("nrcan", house.holder)
    share_with_client("nrcan", "meti", house.holder)
    session = accept_invitation(invite("eva", house.holder).secret, GOOD, house.door).secret
    token = make_token("eva", house.holder, name="x", organisation="nrcan").text
    open_invitation = invite("eva", house.holder).secret
    file = tmp_path / "register.zip"
    house.store.backup(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    target = make_url(other)
    restore_store(file, target)
    store = open_store(target, clock=Clock())
    holder, door = Desk(store, None), Desk(store, PUBLIC)
    for use_case in (list_accounts, list_clients, list_memberships, access_log):
        assert use_case(holder).data.equals(use_case(house.holder).data)
    assert reader_of(door, token=token).tokens == {"all", "community", "of:nrcan"}
    with pytest.raises(Unauthorised):
        caller_of(door, session=session)
    with pytest.raises(Unauthorised):
        accept_invitation(open_invitation, GOOD, door)
    assert log_in("eva", GOOD, door).caller.reader.account == "eva"
    assert [*access_log(holder).data["seq"]] == [*range(1, len(access_log(house.holder).data) + 2)]
    store.close()


def test_accounts_are_not_restored_over(house: House, tmp_path: Path, make_url: Callable[[str], str], backend: str) -> None:
    """An empty register that lets somebody in is not empty."""
    from orepact.service.access import New, add_account

    file = tmp_path / "register.zip"
    house.store.backup(file)
    target = make_url(backend)
    upgrade_store(target, create=True).close()
    add_account(New("eva", "Eva"), target)
    with pytest.raises(BadInput, match="found one with 1 account;"):
        restore_store(file, target)
    assert len(list_accounts(target).data) == 1
