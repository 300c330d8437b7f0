"""Secrets of webhooks: sealed in the database, with a key in a file beside it."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest
from sharing_world import Clock, Receiver, account, promise, put
from sqlalchemy import text

from orepact.errors import Forbidden, StoreUnavailable
from orepact.pact.records.readers import Reader
from orepact.service.access.sealing import Keys, key_file, keys_of
from orepact.service.pact import back_up_register, register_status, restore_register, upgrade_register
from orepact.service.pact.desk import Desk
from orepact.service.sharing import end_webhook, list_webhooks, seal_again, subscribe
from orepact.service.sharing.delivering import NO_KEY, Deliverer
from orepact.service.sharing.posting import Way
from orepact.service.sharing.sealed import secret_of
from orepact.store import open_store, outbox
from orepact.store.store import Store


@pytest.fixture(autouse=True)
def _no_key_of_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OREPACT_KEY", "OREPACT_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def secret(small: Store, receiver: Receiver) -> str:
    """That of the one webhook there is."""
    account(small, "mara", "nrcan", "steward")
    return subscribe("mara", Desk(small), url=f"{receiver.url}/hook", name="test", organisation="nrcan").secret


def kept(store: Store) -> str:
    """What the database keeps of it."""
    with store.database.reading() as connection:
        (found,) = connection.execute(text("SELECT secret FROM subscription")).scalars()
    return str(found)


def opened(store: Store) -> str:
    """What a sender reads of it."""
    with store.database.reading() as connection:
        (one,) = outbox.subscriptions_of(connection)
    return secret_of(store, one)


def test_who_has_the_database_alone_signs_nothing(small: Store, secret: str, tmp_path: Path) -> None:
    """Neither in the table nor in a backup; the key is in a file for its user alone."""
    assert secret not in kept(small)
    assert kept(small).startswith("sealed:1:")
    file = key_file(small)
    assert (file.name, S_IMODE(file.stat().st_mode)) == (f"{small.database.address.file.name}.key", 0o600)  # type: ignore[union-attr]
    back_up_register(tmp_path / "backup.zip", str(small.database.address))
    assert secret.encode() not in (tmp_path / "backup.zip").read_bytes()
    assert opened(small) == secret


def test_what_is_sealed_is_for_one_thing(small: Store, secret: str) -> None:
    """Not for another webhook, nor after it was altered."""
    keys = keys_of(small)
    with pytest.raises(StoreUnavailable, match="was altered"):
        keys.opened(kept(small), "webhook other")
    with pytest.raises(StoreUnavailable, match="OREPACT_KEY_FILE"):
        Keys({"00000000": b"0" * 32}, "elsewhere").opened(kept(small), "webhook x")
    assert keys.seal("a", "b") != keys.seal("a", "b")
    assert secret.startswith("whsec_")


def test_a_restored_register_without_its_key_says_so(
    small: Store, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And makes no other one, until the file of the key is named."""
    back_up_register(tmp_path / "backup.zip", str(small.database.address))
    copy = str(tmp_path / "copy.db")
    (warning,) = restore_register(tmp_path / "backup.zip", copy).meta["warnings"]
    assert "webhooks send nothing" in warning
    assert "is not in" in warning
    assert register_status(copy).meta["warnings"] == [warning]
    store = open_store(copy)
    with pytest.raises(StoreUnavailable, match="is not in"):
        subscribe("mara", Desk(store), url="https://example.org", name="test", organisation="nrcan")
    with pytest.raises(StoreUnavailable, match="is not in"):
        seal_again(Desk(store), new=True)
    assert not (tmp_path / "copy.db.key").exists()
    monkeypatch.setenv("OREPACT_KEY_FILE", str(key_file(small)))
    assert register_status(copy).meta["warnings"] == []
    assert opened(store) == secret
    store.close()


def test_a_message_waits_for_its_key(small: Store, secret: str, receiver: Receiver, clock: Clock, tmp_path: Path) -> None:
    """The sender says which key it lacks, tries again, and signs once it is there."""
    assert secret
    file = key_file(small)
    told: list[str] = []
    file.rename(tmp_path / "away")
    put(small, promise("a"))
    sender = Deliverer(small, Way(loopback=True), told.append, clock)
    assert sender.run(once=True) == 0
    assert list_webhooks(Desk(small)).data.iloc[0]["reason"] == NO_KEY
    assert any("that seals secrets is not in" in words for words in told)
    (tmp_path / "away").rename(file)
    clock.turn(seconds=60)
    assert sender.run(once=True) == 1
    assert len(receiver.got) == 1


def test_another_key_seals_all_anew(small: Store, secret: str) -> None:
    """Both open while both are there; the words name the key that nothing needs any more."""
    before = kept(small)
    with pytest.raises(Forbidden):
        seal_again(Desk(small, Reader.holding("nrcan", account="mara", roles=["admin"])), new=True)
    found = seal_again(Desk(small), new=True)
    assert [*found.data["seals"]] == [True, False]
    assert [*found.data["webhooks"]] == [1, 0]
    old = before.split(":")[2]
    assert found.meta["warnings"] == [f"{old}: no secret needs it now; older backups do"]
    file = key_file(small)
    assert S_IMODE(file.stat().st_mode) == 0o600
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert opened(small) == secret
    assert kept(small) != before
    assert seal_again(Desk(small)).meta["title"].startswith("0 sealed anew")


def test_what_was_kept_in_clear_is_sealed_by_the_upgrade(small: Store, secret: str) -> None:
    with small.database.writing() as connection:
        connection.execute(text("UPDATE subscription SET secret = :secret"), {"secret": secret})
    assert opened(small) == secret
    upgrade_register(str(small.database.address))
    assert kept(small).startswith("sealed:1:")
    assert opened(small) == secret


def test_what_has_ended_is_forgotten(small: Store, secret: str) -> None:
    assert secret
    end_webhook(str(list_webhooks(Desk(small)).data.iloc[0]["webhook"]), Desk(small))
    assert not kept(small)


@pytest.mark.parametrize("content", ["", "whsec_x\n", "orepact-key-AAAA\n", "orepact-key-\N{SNOWMAN}\n"])
def test_a_file_that_holds_no_key_is_said(small: Store, content: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(content, encoding="utf-8")
    monkeypatch.setenv("OREPACT_KEY_FILE", str(tmp_path / "keys"))
    with pytest.raises(StoreUnavailable, match=r"no key"):
        keys_of(small)
