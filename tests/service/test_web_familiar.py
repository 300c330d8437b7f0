"""Who was met a moment ago: met again without asking, and only for as long as nothing can have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orepact.service.access.callers import Caller
from orepact.store.canonical import instant
from orepact.store.engine import Database
from orepact.store.store import Store, open_store, upgrade_store
from orepact.web.edge.familiar import LONGEST, Familiar
from orepact.web.edge.pulse import Pulse

SHOWN = {"token": "ore_me_secret"}
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> list[datetime]:
    """What time it is, at its end."""
    return [NOW]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, make_url: Callable[[str], str], clock: list[datetime]) -> Iterator[Store]:
    """An empty register on each database."""
    url = make_url(request.param)
    upgrade_store(url, create=True).close()
    store = open_store(url, clock=lambda: clock[-1])
    yield store
    store.close()


def _met(store: Store, until: str = "") -> Familiar:
    familiar, now = Familiar(store), store.database.pulse()
    assert familiar.again(SHOWN, now) is None
    familiar.note(SHOWN, Caller(token="me", until=until), now)
    return familiar


def _written(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('test', '')")


def test_met_again(store: Store) -> None:
    familiar = _met(store)
    assert familiar.again(SHOWN, store.database.pulse()) == Caller(token="me")
    assert familiar.again({"token": "ore_me_guessed"}, store.database.pulse()) is None
    assert familiar.again({"session": SHOWN["token"]}, store.database.pulse()) is None


def test_whoever_writes_whatever_to_the_database_by_any_connection(store: Store) -> None:
    familiar = _met(store)
    other = open_store(str(store.database.address))
    _written(other.database)
    other.close()
    assert familiar.again(SHOWN, store.database.pulse()) is None


def test_also_by_this_process(store: Store) -> None:
    familiar = _met(store)
    _written(store.database)
    assert familiar.again(SHOWN, store.database.pulse()) is None


def test_what_is_written_while_he_is_looked_up(store: Store) -> None:
    familiar = Familiar(store)
    before = store.database.pulse()
    _written(store.database)
    familiar.note(SHOWN, Caller(token="me"), before)
    assert familiar.again(SHOWN, store.database.pulse()) is None


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
    assert (familiar.again(SHOWN, store.database.pulse()) is not None) == there


def test_not_after_his_session_token_or_account_has_ended(store: Store, clock: list[datetime]) -> None:
    familiar = _met(store, until=instant(NOW + timedelta(seconds=3)))
    assert familiar.again(SHOWN, store.database.pulse()) is not None
    clock.append(NOW + timedelta(seconds=3))
    assert familiar.again(SHOWN, store.database.pulse()) is None


def test_not_on_another_day(store: Store, clock: list[datetime]) -> None:
    clock.append(datetime(2026, 11, 22, 23, 59, 58, tzinfo=UTC))
    familiar = _met(store)
    clock.append(clock[-1] + timedelta(seconds=4))
    assert familiar.again(SHOWN, store.database.pulse()) is None


def test_a_database_that_does_not_tell_is_asked_each_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(store.database), "pulse", lambda _: None)
    familiar = Familiar(replace(store))
    familiar.note(SHOWN, Caller(token="me"), store.database.pulse())
    assert familiar.again(SHOWN, store.database.pulse()) is None


def test_what_a_transaction_wrote_that_ends_between(store: Store) -> None:
    """It had begun, and written, before he was looked up: that it ended is seen all the same."""
    with store.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('test', '')")
        familiar = _met(store)
    assert familiar.again(SHOWN, store.database.pulse()) is None


def test_the_pulse_of_a_database_that_was_away_is_told_again(store: Store) -> None:
    assert store.database.pulse() is not None
    store.database._pulse.close()
    assert store.database.pulse() is None
    assert store.database.pulse() is not None


def test_who_comes_while_the_database_is_asked_waits_for_the_next_time(store: Store) -> None:
    """A change that he knows of was made after it was asked, or he would not know."""
    asked, answers = [], iter(range(9))

    class Slow:
        sqlite = False

        def pulse(self) -> int:
            return next(answers)

    async def elsewhere(work: Callable[[], object]) -> object:
        found = work()
        asked.append(found)
        await asyncio.sleep(0.05)
        return found

    async def come() -> list[object]:
        pulse = Pulse(Slow(), elsewhere)  # type: ignore[arg-type]  # all that is asked of it
        first = asyncio.create_task(pulse.told())
        await asyncio.sleep(0.01)
        return [*await asyncio.gather(pulse.told(), pulse.told(), pulse.told()), await first]

    assert asyncio.run(come()) == [1, 1, 1, 0]
    assert asked == [0, 1]
