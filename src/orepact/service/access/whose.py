"""Whose a record is to change: asked of what a writer sees of it as it stands, and of what he would put in its place.

- What is closed, and with whom anything is shared, is its label's owner's alone to change; what is told of a Nation is the
  Nation's.
- What is open is changed by an editor of its keeper (the label's owner, else who made the commitment, asks, sends, promises), or
  by the registrar; the registrar shares nothing that has a keeper.
- Keys, acknowledgements, moves in an exercise and arrivals are put down by those whose they are, on records of others too: by
  nobody in the name of another, and at the moment at which they are put down.
- What comes in an exercise, and when, is changed by those alone who conduct it.
- Closed records have ids ``OWNER.name``, red ones ``OWNER.red.name``, and such ids are made by those who may see them: so an
  id that is taken tells nobody else that it is.

The answer is made of what the writer sees and of what he sends, so it is the same whether or not there is something that he may
not know of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from orepact.errors import Forbidden, Problem
from orepact.facts.labels import Label, Tlp
from orepact.pact.records.readers import COMMUNITY
from orepact.pact.records.scripted import conducts
from orepact.pact.records.sharing import SHARING
from orepact.service.access.may import refused as refused_deed

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record

#: What is put down now may say that it was so long ago.
AGO = timedelta(minutes=5)
_SHARED = ("label", *SHARING)
#: The kind that its Nation may hide at any time, so that it bears the Nation's name from the begin.
ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class Entries:
    """A list in records of a kind in which others than its keeper put down what they did.

    ``whose``: the organisation of an entry; ``deed``: what it takes; ``person`` and ``at``: fields that say who it was and when;
    ``strict``: nobody puts it down for another, and nobody takes it out.
    """

    field: str
    deed: str
    whose: Callable[[Any, Any], str]
    person: str = ""
    at: str = ""
    strict: bool = True


ENTRIES = {
    "decision": Entries("keys", "turn_key", lambda _, key: key.organisation, "person", "given_at"),
    "notice": Entries("acknowledgements", "acknowledge", lambda _, answer: answer.organisation, "person", "at"),
    "drill": Entries("actions", "act", lambda _, action: action.by, at="at", strict=False),
    "delivery": Entries("arrivals", "act", lambda delivery, _: delivery.to, strict=False),
}
#: When new records say that they were made.
MADE = {"decision": "asked_at", "notice": "sent_at", "assessment": "made_at"}


def check(reader: Reader, changes: Iterable[tuple[Record | None, Record]], now: datetime) -> None:
    """Let changes pass (what stands, as he sees it, and what he would put in its place), or raise ``Forbidden`` with all that is
    not his.
    """
    told = [(after, words) for before, after in changes for words in refusals(reader, before, after, now)]
    if told:
        found = dict.fromkeys((f"{record.kind} {record.id}", words) for record, words in told)
        raise Forbidden("\n".join(dict.fromkeys(words for _, words in told)), [_problem(reader, *one) for one in found])


def _problem(reader: Reader, where: str, words: str) -> Problem:
    """What is not his to do with a record that he sent: its id, the rule, who he is."""
    rule = words.removeprefix(f"{where}: ")
    whom = f"{reader.account or 'nobody'}{f' for {reader.organisation}' if reader.organisation else ''}"
    mend = "leave this record out of the change, or let an account send it that may"
    return Problem(where, rule.removeprefix(f"{where}, "), f"a change by {whom}", mend)


def refusals(reader: Reader, before: Record | None, after: Record, now: datetime) -> Iterator[str]:
    """Why somebody may not put a record in place of another."""
    where = f"{after.kind} {after.id}"
    if not reader.account or COMMUNITY not in reader.tokens:
        yield f"{where}: who writes has an account and is of the community"
        return
    rule = ENTRIES.get(after.kind)
    if rule is not None:
        new, kept = _new_entries(rule, before, after)
        yield from (f"{where}, {rule.field}: {words}" for words in _not_his(rule, reader, after, new, now))
        if rule.strict and not kept:
            yield f"{where}, {rule.field}: what was put down stays"
        if before is not None and new and kept and _same_but(before, after, (rule.field,)):
            return
    yield from (f"{where}: {words}" for words in _of_conductor(reader, before, after))
    yield from (f"{where}: {words}" for words in _of_keeper(reader, before, after))
    yield from (f"{where}: {words}" for words in _of_registrar(reader, before, after, now))


def _of_conductor(reader: Reader, before: Record | None, after: Record) -> Iterator[str]:
    """What comes when: who does not know all of a script changes nothing of it."""
    if before is not None and not conducts(before, reader):
        changed = [name for name in type(before).script if getattr(before, name) != getattr(after, name)]
        if changed:
            yield f"{', '.join(changed)}: what comes and when is for those to say who conduct it"


def _new_entries(rule: Entries, before: Record | None, after: Record) -> tuple[tuple[Any, ...], bool]:
    """What is new in a list, and whether what was there still is, in its place."""
    was = getattr(before, rule.field) if before is not None else ()
    found = getattr(after, rule.field)
    return tuple(found[len(was) :]), found[: len(was)] == was


def _same_but(before: Record, after: Record, fields: tuple[str, ...]) -> bool:
    return all(getattr(before, name) == getattr(after, name) for name in type(after).model_fields if name not in fields)


def _not_his(rule: Entries, reader: Reader, record: Record, entries: Iterable[Any], now: datetime) -> Iterator[str]:
    """What of new entries he may not put down."""
    registrar = "registrar" in reader.roles
    for entry in entries:
        if registrar and not rule.strict:
            continue
        refusal = refused_deed(reader, rule.deed, organisation=rule.whose(record, entry))
        if refusal:
            yield refusal
        person = getattr(entry, rule.person) if rule.person else None
        if person is not None and person != reader.person:
            yield "in person, by the account of that person"
        if rule.at and not registrar:
            yield from _at(getattr(entry, rule.at), now)


def _at(moment: datetime, now: datetime) -> Iterator[str]:
    if not now - AGO <= moment.astimezone(UTC) <= now + AGO:
        yield "at the moment at which it is put down; the registrar alone enters what was earlier"


def owner_of(record: Record) -> str:
    """The organisation that a record's label names ("" for none)."""
    label = Label.parse(record.label)
    return label.owner if label is not None else ""


def keeper_of(record: Record) -> str:
    """Whose a record is: its label's owner's, else its own; "" for what the registrar keeps."""
    return owner_of(record) or record.entry().owner


def is_closed(record: Record) -> bool:
    """Whether there are members of the community who may not know of it, now or at some time to come."""
    label = Label.parse(record.label)
    return label is None or label.level >= Tlp.AMBER or record.opens is not None or any(record.closed_times())


def is_red(record: Record) -> bool:
    """Whether it is for stewards and named persons alone."""
    label = Label.parse(record.label)
    return label is not None and label.level is Tlp.RED


def _is_of(reader: Reader, organisation: str) -> bool:
    return f"of:{organisation.casefold()}" in reader.tokens


def _of_keeper(reader: Reader, before: Record | None, after: Record) -> Iterator[str]:
    """What is not his, by the keepers of both."""
    registrar = "registrar" in reader.roles
    refusal = refused_deed(reader, "write")
    if refusal:
        yield refusal
        return
    nations = {one.entry().owner for one in (before, after) if one is not None and one.kind == ENGAGEMENT}
    if not all(_is_of(reader, nation) for nation in nations):
        yield "what is told of a Nation is the Nation's to write"
        return
    if before is None:
        yield from _names(reader, after)
    elif is_closed(before):
        if not _is_of(reader, _closer_of(before)):
            yield "what is closed is changed by its owner alone"
            return
    elif not (registrar or _is_of(reader, keeper_of(before))):
        yield "what is open is changed by its keeper and by the registrar"
        return
    if before is not None and not _same_shared(before, after) and not _shares(reader, before):
        yield "with whom it is shared is its owner's to say"
    yield from _in_the_name_of(reader, before, after)
    # A Nation may hide what it showed, whatever its id.
    closing = not is_closed(before) and before.kind != ENGAGEMENT if before is not None else True
    if closing and (is_closed(after) or after.kind == ENGAGEMENT) and not _named_after_owner(after):
        yield f"what is closed has an id that begins with its owner: {_prefix(after)}NAME; make a new record"


def _same_shared(before: Record, after: Record) -> bool:
    return all(getattr(before, name) == getattr(after, name) for name in _SHARED)


def _shares(reader: Reader, record: Record) -> bool:
    keeper = keeper_of(record)
    return _is_of(reader, keeper) if keeper else "registrar" in reader.roles


def _closer_of(record: Record) -> str:
    """Who may close it: the label's owner, or the Nation that hides it."""
    return owner_of(record) or (record.entry().owner if record.kind == ENGAGEMENT else "")


def _in_the_name_of(reader: Reader, before: Record | None, record: Record) -> Iterator[str]:
    """Whose the record would be: nobody writes open records in the name of another, but the registrar."""
    registrar = "registrar" in reader.roles
    owner, own = owner_of(record), record.entry().owner
    if owner and not _is_of(reader, owner) and (before is None or owner != owner_of(before)):
        yield "a label names the owner who writes it"
    elif is_red(record) and "steward" not in reader.roles:
        yield "what is TLP:RED is written by stewards"
    elif not is_closed(record) and not registrar and not _is_of(reader, own or owner):
        yield "a record is written by the organisation whose it is, and by the registrar"


def _prefix(record: Record) -> str:
    return f"{_closer_of(record).casefold()}.{'red.' if is_red(record) else ''}"


def _named_after_owner(record: Record) -> bool:
    return bool(_closer_of(record)) and record.id.startswith(_prefix(record))


def _names(reader: Reader, record: Record) -> Iterator[str]:
    """Ids with a dot are made by those of the organisation before it; those of what is red by its stewards."""
    owner, dot, rest = record.id.partition(".")
    if not dot:
        return
    if not _is_of(reader, owner) or (rest.startswith("red.") and "steward" not in reader.roles):
        yield "an id with a dot begins with the organisation of who makes it, one of what is red with ORGANISATION.red"


def _of_registrar(reader: Reader, before: Record | None, after: Record, now: datetime) -> Iterator[str]:
    """What only the registrar enters: seats in bodies, from which it follows who sees what, and what was made earlier."""
    if "registrar" in reader.roles:
        return
    if _seats(after) - _seats(before):
        yield "seats in bodies are entered by the registrar"
    name = MADE.get(after.kind)
    if name is not None and getattr(before, name, None) != getattr(after, name):
        yield from _at(getattr(after, name), now)


def _seats(record: Record | None) -> frozenset[Any]:
    terms = getattr(record, "terms", ()) if record is not None and record.kind == "person" else ()
    return frozenset((term.body, term.organisation, term.valid_from, term.valid_to) for term in terms if term.body)


def deeds_on(reader: Reader | None, record: Record, now: datetime) -> list[str]:
    """What somebody may do with a record that he sees: ``change`` it, ``share`` it, add an entry such as ``turn_key``."""
    if reader is None:
        return ["change", "share"]
    change = not [*refusals(reader, record, record, now)]
    rule = ENTRIES.get(record.kind)
    adds = rule is not None and COMMUNITY in reader.tokens and not refused_deed(reader, rule.deed)
    found = {"change": change, "share": change and _shares(reader, record), rule.deed if rule else "": adds}
    return [name for name, there in found.items() if there]
