"""What else is wrong with records of which some cannot be read: so that who sent them hears of all of it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Conflict, Forbidden, Problem
from orepact.service.asked import ID
from orepact.service.pact.desk import keep

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key
    from orepact.store.store import Store
    from orepact.store.writing import Unit

    #: A record that could not be read: its kind and its values.
    Unread = tuple[type[Record], Mapping[str, Any]]


#: Characters of an id at most: what is longer, or none, is told of the field.
LONGEST = 120


class Enough(Exception):
    """Raised within the transaction of a change that is only to be checked: nothing of it is kept."""

    def __init__(self, versions: Mapping[Key, int]) -> None:
        self.versions = versions
        super().__init__("checked")


def stop(_: Connection, unit: Unit) -> None:
    """End a change that was checked."""
    raise Enough(unit.versions)


def besides(
    store: Store, read: Sequence[Record], unread: Sequence[Unread], versions: Mapping[Key, int], reason: str
) -> list[Problem]:
    """What the records that can be read would do wrong, and the references of the others that lead nowhere.

    A reference to one that was sent along is none of these, whether or not that one can be read.
    """
    sent = {(kind.kind, str(values.get("id"))) for kind, values in unread}
    names = {repr(name) for _, name in sent}
    found = [problem for problem in _of_read(store, read, versions, reason) if problem.found not in names]
    return [*found, *_of_unread(store, unread, sent | {(record.kind, record.id) for record in read})]


def _of_read(store: Store, records: Sequence[Record], versions: Mapping[Key, int], reason: str) -> tuple[Problem, ...]:
    if not records:
        return ()
    try:
        keep(replace(store, beside=stop), records, versions, actor=None, reason=reason)
    except BadInput as error:
        return error.problems
    except (Enough, Conflict, Forbidden):  # these are told once all can be read
        pass
    return ()


def _of_unread(store: Store, unread: Sequence[Unread], sent: set[Key]) -> Iterator[Problem]:
    from orepact.pact.records.fields import links_in

    with store.reading() as register:
        for kind, values in unread:
            links = [link for link in links_in(kind, values) if not any((one, link.target) in sent for one in link.kinds)]
            links = [link for link in links if len(link.target) <= LONGEST and re.fullmatch(ID, link.target)]
            where = f"{kind.kind} {str(values.get('id', ''))[:120]}".rstrip()
            yield from register.dangling(where, links)
