"""The register as use cases open it: for reading on a day, and for keeping changes with who made them and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem, StoreOutdated

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key, Register
    from orepact.store.loading import StoredRegister
    from orepact.store.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """A register that is open, for as long as many are to be answered. Whoever made the desk closes it."""

    store: Store


#: Where a use case finds its register: at an address (the usual one when None), or on a desk.
Where = str | Desk | None
#: Who the records that come with the package are written by; nobody else may call himself so.
SEED_ACTOR = "orepact seed"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a change left behind: the version of each record that it wrote, and the number of its last entry in the log."""

    versions: Mapping[Key, int]
    seq: int


@contextmanager
def opened(db: Where, *, filled: bool = True, to_verify: bool = False) -> Iterator[Store]:
    """The register at an address until the block ends; ``filled``: refuse one without any record, saying how to fill it;
    ``to_verify``: open one whose settings were changed too.
    """
    from orepact.store import open_store

    if isinstance(db, Desk):
        yield db.store
        return
    store = open_store(db, to_verify=to_verify)
    try:
        if filled and not store.head().seq:
            raise StoreOutdated(f"the register in {store.database.address} is empty: fill it with `orepact db seed`")
        yield store
    finally:
        store.close()


@contextmanager
def asked(db: Where) -> Iterator[tuple[Store, StoredRegister]]:
    """The register at an address and one state of all that it holds, until the block ends."""
    with opened(db) as store, store.reading() as register:
        yield store, register


def manifest_of(store: Store, on: date | None = None) -> dict[str, Any]:
    """What an answer depends on: the state of the register, as its audit log numbers it, and the day asked about."""
    head = store.head()
    found: dict[str, Any] = {"register": str(store.database.address), "entries": head.seq, "head": head.hash}
    return found | ({"on": on.isoformat()} if on else {})


def moment_of(text: str | None) -> datetime:
    """A moment that a person states, else now; raises ``BadInput`` for one without what it is ahead of UTC."""
    from pydantic import TypeAdapter, ValidationError

    from orepact.pact.dates.moments import Moment

    if text is None:
        return datetime.now(tz=UTC).replace(microsecond=0)
    try:
        return TypeAdapter(Moment).validate_python(text)
    except ValidationError:
        expected = "a moment with what it is ahead of UTC, such as 2026-03-02T16:00-05:00"
        raise BadInput([Problem("at", expected, repr(text), "write day, hour and offset")]) from None


def made(kind: type[Any], fields: Mapping[str, Any]) -> Any:
    """A record, or a part of one, of these fields; raises ``BadInput`` with every problem."""
    from pydantic import ValidationError

    from orepact.facts.typed_problems import problems_of

    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise BadInput(problems_of(error, getattr(kind, "kind", kind.__name__.lower()), fields, kind)) from error


def keep(
    store: Store,
    records: Sequence[Record],
    versions: Mapping[Key, int],
    *,
    actor: str | None,
    reason: str,
    organisations: Iterable[str] = (),
    now: datetime | None = None,
) -> Kept:
    """Write records in place of the versions that the caller has read (0 or none given: new ones), all or none.

    ``now``: the moment of writing, by the clock of this machine where none is given; what was done later is refused.

    Raises:
        BadInput: somebody else's record or what stands for good was changed, something lies ahead of ``now``, or something is
            wrong afterwards; every problem at once.
        Conflict: somebody else has changed a record meanwhile.
    """
    from orepact.pact.dates.ahead import ahead

    who = actor_of(actor)
    with store.reading() as before:
        others = _of_others(before, records, frozenset(organisations))
        problems = [*others, *ahead(before, records, now or datetime.now(tz=UTC))]
    if problems:
        raise BadInput(problems)
    with store.write(who, reason) as unit:
        for record in records:
            unit.put(record, versions.get((record.kind, record.id)) or None)
    assert unit.head is not None, "a unit that was kept knows where the log ends"
    return Kept(unit.versions, unit.head.seq)


def actor_of(name: str | None) -> str:
    """Who changes the register: the name given, else the user of this machine; ``BadInput`` for that of the seed."""
    from getpass import getuser

    if name is not None and name.strip().casefold() == SEED_ACTOR:
        raise BadInput([Problem("as", "a name of your own", repr(name), "this name is kept for what comes with the package")])
    return name if name is not None else getuser()


def _of_others(before: Register, records: Iterable[Record], organisations: frozenset[str]) -> Iterator[Problem]:
    """Records of an engagement belong to the Nation: nobody else writes them."""
    from orepact.pact.organisations.engagement import Engagement, may_change

    for record in records:
        present = before.records.get((record.kind, record.id))
        for one in (record, present):
            if isinstance(one, Engagement) and not may_change(one, organisations):
                mend = f"let {one.nation} write it (--for {one.nation})"
                yield Problem(f"engagement {one.id}", f"a change by {one.nation}", "one by somebody else", mend)
                break


def present(store: Store, keys: Iterable[Key]) -> dict[Key, int]:
    """The version of each of these records that there is."""
    from orepact.store.loading import stored

    with store.database.reading() as connection:
        return {key: version for key, (version, *_) in stored(connection, [*keys]).items()}


def hidden_from(store: Store, organisations: Iterable[str] = (), on: date | None = None) -> frozenset[Key]:
    """Records that a Nation hides on a day (today) from who asks for these organisations: nothing is told of them."""
    from orepact.pact.organisations.engagement import Engagement, shown
    from orepact.service.rules import day_of

    every = store.register([Engagement.kind]).all(Engagement)
    seen = {one.id for one in shown(every, on or day_of(None), tuple(organisations))}
    return frozenset((one.kind, one.id) for one in every if one.id not in seen)


def kept_rows(kept: Kept) -> list[dict[str, Any]]:
    """A row for each record that was written."""
    return [{"kind": kind, "id": name, "version": version} for (kind, name), version in sorted(kept.versions.items())]
