"""Who may know of a record, from when and until when; and what of it, where some of its fields are labelled more strictly.

A reader holds *tokens*: ``all`` (everybody), ``community``, ``of:ORGANISATION``, ``client:OWNER``, ``steward:ORGANISATION``,
``person:PERSON``, ``body:BODY``. A record grants tokens. Where they meet, at the moment of asking, the record is there for the
reader; elsewhere it is not, and nothing tells that it is. The day that a reader asks *about* plays no part.

A label never widens by itself: that an agreement ended changes no grant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from orepact.facts.labels import Audience, Label, Tlp
from orepact.pact.records.scripted import kept_on, so_far
from orepact.pact.records.sharing import SHARING, labelled

if TYPE_CHECKING:
    from pydantic import BaseModel

    from orepact.pact.records.record import Record

    AnyRecord = TypeVar("AnyRecord", bound=Record)
    AnyPart = TypeVar("AnyPart", bound=BaseModel)

ALL, COMMUNITY = "all", "community"
#: Before and after all moments.
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Times = list[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: an account, for one organisation at a time, with what it holds; ``now`` the moment of asking (None: as it comes);
    ``scopes`` what he was let in for (None: all that his roles allow).

    The holder of the database is no reader: he sees all, and is None wherever a reader is asked for.
    """

    account: str = ""
    person: str = ""
    organisation: str = ""
    roles: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset({ALL})
    now: datetime | None = None
    scopes: frozenset[str] | None = None

    @classmethod
    def holding(
        cls,
        organisation: str = "",
        *,
        account: str = "",
        person: str = "",
        roles: Collection[str] = (),
        community: bool = False,
        client_of: Iterable[str] = (),
        bodies: Iterable[str] = (),
        now: datetime | None = None,
        scopes: Collection[str] | None = None,
    ) -> Reader:
        """The reader with the tokens that follow from what he is."""
        tokens = {ALL, *(f"client:{name.casefold()}" for name in client_of), *(f"body:{name}" for name in bodies)}
        tokens |= {COMMUNITY} if community else set()
        tokens |= {f"person:{person}"} if person else set()
        if organisation:
            tokens |= {f"of:{organisation.casefold()}"}
            tokens |= {f"steward:{organisation.casefold()}"} if "steward" in roles else set()
        limits = None if scopes is None else frozenset(scopes)
        return cls(account, person, organisation, frozenset(roles), frozenset(tokens), now, limits)

    @classmethod
    def on_behalf(cls, organisations: Iterable[str], on: date) -> Reader:
        """What somebody who holds the database shows to organisations (to the public for none): all that any of them may see at
        the begin of a day.
        """
        names = [*organisations]
        tokens = {ALL, *(f"{role}:{name.casefold()}" for name in names for role in ("of", "steward"))}
        one = names[0] if len(names) == 1 else ""  # of facts, what only one of several may see is shown to none
        tokens |= {COMMUNITY} if names else set()
        return cls(organisation=one, tokens=frozenset(tokens), now=datetime.combine(on, time(), UTC))

    @property
    def audience(self) -> Audience:
        """The same for facts."""
        clients = frozenset(token.partition(":")[2] for token in self.tokens if token.startswith("client:"))
        steward = f"steward:{self.organisation.casefold()}" in self.tokens
        return Audience(self.organisation, COMMUNITY in self.tokens, clients, steward)

    def asking(self, moment: datetime) -> Reader:
        """The reader at a moment, unless he has one already."""
        return self if self.now is not None else replace(self, now=moment)


#: Anybody.
PUBLIC = Reader()
#: Who holds nothing, at no hour: lists and searches are made of what even he could see of a record that he sees.
NOBODY = Reader(tokens=frozenset(), now=EARLIEST)


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """Who holds the token sees the record from a moment on (inclusive) until another (exclusive)."""

    token: str
    opens: datetime = EARLIEST
    ends: datetime = LATEST

    @property
    def timeless(self) -> bool:
        """Whether it holds always."""
        return self.opens == EARLIEST and self.ends == LATEST


def tokens_of(label: Label) -> frozenset[str]:
    """The tokens that a label grants by itself."""
    owner = label.owner.casefold()
    mine = {f"of:{owner}"} if owner else set()
    if label.level is Tlp.CLEAR:
        return frozenset({ALL})
    if label.level is Tlp.GREEN:
        return frozenset({COMMUNITY} | mine)
    if label.level is Tlp.AMBER:
        return frozenset({f"client:{owner}"} | mine)
    return frozenset(mine) if label.level is Tlp.AMBER_STRICT else frozenset({f"steward:{owner}"})


def grants_of(record: Record) -> tuple[Grant, ...]:
    """Every token that sees the record, with its times, in order; the times of one token do not meet.

    ``TLP:RED`` is for the stewards of its owner and for named persons alone. An embargo (``opens``) holds back all but the owner.
    """
    label = Label.parse(record.label)
    if label is None:
        return ()  # a label that cannot be read opens nothing
    begins = record.opens or EARLIEST
    owners = _owners(label)
    times: dict[str, Times] = {token: [(EARLIEST if token in owners else begins, LATEST)] for token in tokens_of(label)}
    if record.opens is not None:  # what the label opens to all or the community, its owner sees before
        times.update({token: [(EARLIEST, LATEST)] for token in owners if label.level < Tlp.RED and token.startswith("of:")})
    for named in record.readers:
        if label.level is not Tlp.RED or named.person is not None:
            times.setdefault(named.token, []).append((begins, _end_of(named.until)))
    role = "steward" if label.level is Tlp.RED else "of"
    for name, first, until in record.closed_times():
        keeper, span = f"{role}:{name.casefold()}", _span(first, until)
        times = {token: found if token == keeper else _without(found, span) for token, found in times.items()}
        times.setdefault(keeper, []).append(span)
    return tuple(sorted(Grant(token, *span) for token, found in times.items() for span in _joined(found)))


def _owners(label: Label) -> frozenset[str]:
    owner = label.owner.casefold()
    return frozenset({f"of:{owner}", f"steward:{owner}"}) if owner else frozenset()


def _end_of(day: date | None) -> datetime:
    """The end of a day in UTC: the last day counts whole."""
    return LATEST if day is None or day == date.max else datetime.combine(day + timedelta(days=1), time(), UTC)


def _span(first: date | None, until: date | None) -> tuple[datetime, datetime]:
    """From the begin of a day to that of another, in UTC."""
    begin = EARLIEST if first is None else datetime.combine(first, time(), UTC)
    return begin, LATEST if until is None else datetime.combine(until, time(), UTC)


def _without(times: Times, closed: tuple[datetime, datetime]) -> Times:
    parts = ((begin, min(end, closed[0])) for begin, end in times)
    return [*parts, *((max(begin, closed[1]), end) for begin, end in times)]


def _joined(times: Times) -> Times:
    """Times that do not meet, in order."""
    found: Times = []
    for begin, end in sorted(span for span in times if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def admitted(record: Record, reader: Reader | None) -> bool:
    """Whether a reader may know of a record at the moment of his asking."""
    if reader is None:
        return True
    now = moment_of(reader)
    return any(grant.token in reader.tokens and grant.opens <= now < grant.ends for grant in grants_of(record))


def moment_of(reader: Reader) -> datetime:
    """When he asks."""
    return reader.now or datetime.now(tz=UTC)


def owns(record: Record, reader: Reader | None) -> bool:
    """Whether a reader is of the owner of a record's label: only then he is told with whom it is shared."""
    label = Label.parse(record.label)
    return reader is None or bool(label and label.owner and f"of:{label.owner.casefold()}" in reader.tokens)


def taking(reader: Reader) -> Reader:
    """Somebody as he takes things out of the register: what is shared with him as a client of others he reads there."""
    return replace(reader, tokens=frozenset(token for token in reader.tokens if not token.startswith("client:")))


def may_take(record: Record, reader: Reader) -> bool:
    """Whether somebody may take a record out of the register that he sees: what is open or his own, and what its owner lets him
    take (``readers`` with ``export``). The record is the whole one, as it is kept.
    """
    label = Label.parse(record.label)
    if label is None or label.level < Tlp.AMBER or owns(record, reader):
        return label is not None
    now, begins = moment_of(reader), record.opens or EARLIEST
    named = (one for one in record.readers if one.export and (label.level is not Tlp.RED or one.person is not None))
    return any(one.token in reader.tokens and begins <= now < _end_of(one.until) for one in named)


def closed_paths(record: Record, reader: Reader | None, labels: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The fields of a record that a reader of it is not shown; ``labels``: further labels of fields than its own."""
    if reader is None:
        return ()
    marks = [(path, Label.parse(text)) for path, text in (*record.labels.items(), *(labels or {}).items())]
    closed = (path for path, label in marks if label is None or not reader.tokens & tokens_of(label))
    found = dict.fromkeys(path for path in closed if labelled(type(record), path))
    keeper, kept = record.kept_alone()
    alone = () if f"of:{keeper.casefold()}" in reader.tokens else kept
    return (*found, *(() if owns(record, reader) else SHARING), *alone)


def redacted(record: AnyRecord, reader: Reader | None, latest: AnyRecord | None = None) -> AnyRecord:
    """The record as a reader may see it: what is closed to him stands at its default, and what has not come yet is not there.
    ``latest``: the record as it stands, for an earlier version, of which no more is told.
    """
    labels = latest.labels if latest is not None else None
    if reader is not None and type(record).script:
        record = so_far(record, reader, moment_of(reader), latest)
    if not (record.labels or labels or record.readers or record.opens or record.pools or any(record.kept_alone()[1])):
        return record
    return without(record, closed_paths(record, reader, labels))


def without(record: AnyRecord, paths: Iterable[str]) -> AnyRecord:
    """The record with some of its fields at their defaults."""
    for path in paths:
        record = _blank(record, path.split("."))
    return record


def _blank(part: AnyPart, path: list[str]) -> AnyPart:
    name, *rest = path
    field = type(part).model_fields[name]
    value = getattr(part, name)
    usual = field.get_default(call_default_factory=True) if not rest else _inside(value, rest)
    return part if value == usual else part.model_copy(update={name: usual})


def _inside(value: Any, path: list[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_inside(one, path) for one in value)
    return value if value is None else _blank(value, path)


def carried(new: AnyRecord, before: AnyRecord, reader: Reader | None) -> AnyRecord:
    """What a reader wrote in place of a record, with what he was not shown of it: nobody erases what he cannot see."""
    new = kept_on(new, before, reader)
    for path in closed_paths(before, reader):
        new = _filled(new, before, path.split("."))
    return new


def _filled(new: AnyPart, before: AnyPart, path: list[str]) -> AnyPart:
    name, *rest = path
    kept = getattr(before, name)
    value = _within(getattr(new, name), kept, rest) if rest else kept
    return new if value == getattr(new, name) else new.model_copy(update={name: value})


def _within(value: Any, kept: Any, path: list[str]) -> Any:
    """Parts of a list are the same where they read the same to him, else where they stand in the same place."""
    if isinstance(value, tuple):
        return tuple(_partners(value, kept or (), path))
    return value if value is None or kept is None else _filled(value, kept, path)


def _partners(values: tuple[Any, ...], kept: tuple[Any, ...], path: list[str]) -> Iterator[Any]:
    left = [(one, _inside(one, path)) for one in kept]
    for number, value in enumerate(values):
        same = next((pair for pair in left if pair[1] == _inside(value, path)), None)
        if same is None and len(values) == len(kept) and any(pair[0] is kept[number] for pair in left):
            same = next(pair for pair in left if pair[0] is kept[number])
        if same is None:
            yield value
        else:
            left.remove(same)
            yield _within(value, same[0], path)
