"""The register as use cases open it: for reading on a day, and for keeping changes with who made them and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem, StoreOutdated
from orepact.wording import deed, field

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.facts.labels import Audience
    from orepact.pact.briefing.calendar import Last
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key, Register
    from orepact.store.loading import StoredRegister
    from orepact.store.store import Store
    from orepact.store.writing import Beside


@dataclass(frozen=True, slots=True)
class Desk:
    """A register that is open, for as long as many are to be answered, and who asks it (None: its holder, who sees all). It stays
    open: whoever made the desk closes it.
    """

    store: Store
    reader: Reader | None = None
    beside: Beside | None = None

    def facing(self) -> Store:
        """The register as the reader sees it; whatever he changes is kept in one with what ``beside`` writes."""
        theirs = self.store if self.reader is None else self.store.seen_by(self.reader)
        return theirs if self.beside is None else replace(theirs, beside=self.beside)


#: Where a use case finds its register: at an address (the usual one when None), all of it; or on a desk, what its reader sees.
Where = str | None | Desk
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
        yield db.facing()
        return
    store = open_store(db, to_verify=to_verify)
    try:
        if filled and not store.head().seq:
            raise StoreOutdated(f"the register in {store.database.address} is empty: fill it with {deed('pact.seed_register')}")
        yield store
    finally:
        store.close()


@contextmanager
def asked(db: Where) -> Iterator[tuple[Store, StoredRegister]]:
    """The register at an address and one state of all that it holds, until the block ends."""
    with opened(db) as store, store.reading() as register:
        yield store, register


def manifest_of(store: Store, on: date | None = None, ledger: Ledger | None = None) -> dict[str, Any]:
    """What an answer depends on: the state of the register, as its audit log numbers it, the day asked about, the facts.

    A reader is told neither where the register lies nor how many entries it has, which would tell of what he may not see, nor the
    folders of facts.
    """
    from orepact.service.opening import manifest_of as facts_of

    found: dict[str, Any] = {"on": on.isoformat()} if on else {}
    facts = facts_of(ledger) if ledger is not None else {}
    if store.reader is not None:
        return found | {name: value for name, value in facts.items() if name != "overlays"}
    head = store.head()
    return {"register": str(store.database.address), "entries": head.seq, "head": head.hash} | found | facts


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
    marks: Mapping[Key, str] | None = None,
) -> Kept:
    """Write records in place of the versions that the caller has read (0 or none given: new ones), all or none; ``marks``: what
    stood for them there, where he has it.

    ``now``: the moment of writing, by the clock of this machine where none is given; what was done later is refused. A reader
    writes under the name of his account, whatever ``actor`` says.

    Raises:
        Forbidden: a reader changes what is not his to change (``service.access.whose``).
        BadInput: somebody else's record or what stands for good was changed, something lies ahead of ``now``, or something is
            wrong afterwards; every problem at once.
        Conflict: somebody else has changed a record meanwhile.
    """
    from orepact.pact.dates.ahead import ahead
    from orepact.service.access.whose import check

    who = actor_of(actor) if store.reader is None else store.reader.account
    with store.reading() as before:
        if store.reader is not None:
            pairs = ((before.records.get((record.kind, record.id)), record) for record in records)
            check(store.reader, pairs, now or store.clock())
        others = _of_others(before, records, frozenset(for_whom(store, organisations)))
        problems = [*others, *ahead(before, records, now or datetime.now(tz=UTC))]
    if problems:
        raise BadInput(problems)
    with store.write(who, reason) as unit:
        for record in records:
            key = (record.kind, record.id)
            unit.put(record, versions.get(key) or None, (marks or {}).get(key, ""))
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
                mend = f"let {one.nation} write it: {field('acting_for', one.nation)}"
                yield Problem(f"engagement {one.id}", f"a change by {one.nation}", "one by somebody else", mend)
                break


def present(store: Store, keys: Iterable[Key]) -> dict[Key, int]:
    """The version of each of these records that there is."""
    from orepact.store.told import standing_for

    with store.database.reading() as connection:
        return {key: one.number for key, one in standing_for(connection, [*keys], store.reader).items()}


def last_of(store: Store, keys: Iterable[Key]) -> dict[Key, Last]:
    """The last version of each of these records that there is, and its moment."""
    from orepact.pact.briefing.calendar import Last
    from orepact.store.told import standing_for

    with store.database.reading() as connection:
        found = standing_for(connection, [*keys], store.reader)
    return {key: Last(one.number, datetime.fromisoformat(one.at)) for key, one in found.items()}


def for_whom(store: Store, organisations: Iterable[str]) -> tuple[str, ...]:
    """For which organisations somebody asks: those that he names, when he holds the database; else the one of his account."""
    if store.reader is None:
        return tuple(organisations)
    return (store.reader.organisation,) if store.reader.organisation else ()


def seeing(store: Store, organisations: Sequence[str], on: date) -> Store:
    """The register as those see it for whom somebody asks, on a day: the public for nobody. A reader is shown his own, now."""
    from orepact.pact.records.readers import Reader

    return store if store.reader is not None else store.seen_by(Reader.on_behalf(organisations, on))


def facts_for(store: Store, ledger: Ledger) -> Ledger:
    """The facts for who asks the register beside them: of a reader, what is for him."""
    audience = audience_of(store)
    return ledger if audience is None else ledger.at(audience=audience)


def audience_of(store: Store) -> Audience | None:
    """For whom the facts are opened beside a register: the reader's audience, None for who holds both."""
    return None if store.reader is None else store.reader.audience


def hidden_from(store: Store, organisations: Iterable[str] = (), on: date | None = None) -> frozenset[Key]:
    """Records that a Nation hides on a day (today) from who asks for these organisations: nothing is told of them."""
    from orepact.pact.organisations.engagement import Engagement, shown
    from orepact.service.rules import day_of

    if store.reader is not None:
        return frozenset()  # his store has left them out
    every = store.register([Engagement.kind]).all(Engagement)
    seen = {one.id for one in shown(every, on or day_of(None), tuple(organisations))}
    return frozenset((one.kind, one.id) for one in every if one.id not in seen)


def kept_rows(kept: Kept) -> list[dict[str, Any]]:
    """A row for each record that was written."""
    return [{"kind": kind, "id": name, "version": version} for (kind, name), version in sorted(kept.versions.items())]
