"""What may leave the register for a reader: what is open, what is his organisation's, and what its owner lets him take along.

A private feed is read by a program elsewhere, and a webhook writes to one: both take out of the register what they tell. Who
owns a closed record says who may (``Named.export``); that one may read it here is not enough. ``TLP:RED`` is for persons, and
goes nowhere by itself, not for its owner either.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from orepact.facts.labels import Label, Tlp
from orepact.pact.records.readers import moment_of, owns

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key
    from orepact.store.store import Store

#: What is no stricter may go wherever who reads it goes.
OPEN = Tlp.GREEN


def leaves(record: Record, reader: Reader) -> bool:
    """Whether a record, with all that it says of its sharing, may be taken out of the register by a reader who may see it."""
    label = Label.parse(record.label)
    if label is None:
        return False
    if label.level <= OPEN or (label.level < Tlp.RED and owns(record, reader)):
        return True
    today = moment_of(reader).date()
    named = (one for one in record.readers if one.export and one.token in reader.tokens)
    return any(one.until is None or today <= one.until for one in named)


def outside(reader: Reader) -> Reader:
    """A reader as a program elsewhere reads for him: without what he is shown as a client of others or as a steward. So fields
    that others closed, and those for stewards alone, stay here.
    """
    kept = (token for token in reader.tokens if not token.startswith(("client:", "steward:")))
    return replace(reader, tokens=frozenset(kept))


def open_label(text: str) -> bool:
    """Whether a label says by itself that its record may leave."""
    label = Label.parse(text)
    return label is not None and label.level <= OPEN


def staying(store: Store, keys: Collection[Key]) -> frozenset[Key]:
    """Those of a reader's records that may not leave; none for the holder of the database."""
    from orepact.store.derived import read_content
    from orepact.store.loading import stored

    if store.reader is None:
        return frozenset()
    reader = store.reader
    with store.database.reading() as connection:
        found = stored(connection, [*keys], reader)
    return frozenset(key for key, one in found.items() if not leaves(read_content(*key, one.content), reader))
