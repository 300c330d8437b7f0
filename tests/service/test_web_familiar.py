"""Who was met a moment ago: met again without asking, and only for as long as nothing can have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orepact.service.access.callers import Caller
from orepact.store.canonical import instant
from orepact.store.store import Store, open_store, upgrade_store
from orepact.web.edge.familiar import LONGEST, Familiar

SHOWN = {"token": "ore_me_secret"}
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> list[datetime]:
    """What time it is, at its end."""
    return [NOW]


@pytest.fixture
def store(make_url: Callable[[str], str], clock: list[datetime]) -> Iterator[Store]:
    """An empty register."""
    url = make_url("sqlite")
    upgrade_store(url, create=True).close()
    store = open_store(url, clock=lambda: clock[-1])
    yield store
    store.close()


def _met(store: Store, until: str = "") -> Familiar:
    familiar = Familiar(store)
    assert familiar.again(SHOWN) is None
    familiar.note(SHOWN, Caller(token="me", until=until), familiar.pulse())
    return familiar


def test_met_again(store: Store) -> None:
    familiar = _met(store)
    assert familiar.again(SHOWN) == Caller(token="me")
    assert familiar.again({"token": "ore_me_guessed"}) is None
    assert familiar.again({"session": SHOWN["token"]}) is None


def test_whoever_writes_whatever_to_the_database_by_any_connection(store: Store) -> None:
    familiar = _met(store)
    other = open_store(str(store.database.address))
    with other.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('test', '')")
    other.close()
    assert familiar.again(SHOWN) is None


def test_also_by_this_process(store: Store) -> None:
    familiar = _met(store)
    with store.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('test', '')")
    assert familiar.again(SHOWN) is None


def test_what_is_written_while_he_is_looked_up(store: Store) -> None:
    familiar = Familiar(store)
    before = familiar.pulse()
    with store.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('test', '')")
    familiar.note(SHOWN, Caller(token="me"), before)
    assert familiar.again(SHOWN) is None


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (NOW + LONGEST - timedelta(seconds=1), True),
        (NOW + LONGEST, False),
        (NOW - timedelta(seconds=1), False),  # a clock that was set back
    ],
)
def test_for_a_moment_only(store: Store, clock: list[datetime], moment: datetime, there: bool) -> None:
    familiar = _met(store)
    clock.append(moment)
    assert (familiar.again(SHOWN) is not None) == there


def test_not_after_his_session_token_or_account_has_ended(store: Store, clock: list[datetime]) -> None:
    familiar = _met(store, until=instant(NOW + timedelta(seconds=3)))
    assert familiar.again(SHOWN) is not None
    clock.append(NOW + timedelta(seconds=3))
    assert familiar.again(SHOWN) is None


def test_not_on_another_day(store: Store, clock: list[datetime]) -> None:
    clock.append(datetime(2026, 11, 22, 23, 59, 58, tzinfo=UTC))
    familiar = _met(store)
    clock.append(clock[-1] + timedelta(seconds=4))
    assert familiar.again(SHOWN) is None


def test_a_database_that_does_not_tell_is_asked_each_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(store.database), "pulse", lambda _: None)
    familiar = Familiar(replace(store))
    familiar.note(SHOWN, Caller(token="me"), familiar.pulse())
    assert familiar.again(SHOWN) is None
