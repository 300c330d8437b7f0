"""``seen``: the part of a register that a reader may know of; of the rest nothing shows, neither a link nor a number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from orepact.facts.labels import Audience, Label
from orepact.pact.organisations.engagement import Engagement, shown
from orepact.pact.records.register import Register

if TYPE_CHECKING:
    from orepact.pact.records.record import Record


def seen(register: Register, organisations: Collection[str], on: date) -> Register:
    """The records that somebody who reads for these organisations may see: the public for none of them, the community for any.

    Engagement that its Nation hides on the day is left out for others. References to what is left out stay in the records that
    make them.
    """
    readers = [Audience(name, community=True) for name in organisations] or [Audience()]
    records = register.records.items()
    return Register({key: record for key, record in records if _admitted(record, readers, organisations, on)})


def _admitted(record: Record, readers: Collection[Audience], organisations: Collection[str], on: date) -> bool:
    label = Label.parse(record.label)
    if label is None or not any(reader.admits(label) for reader in readers):
        return False
    return not isinstance(record, Engagement) or bool(shown([record], on, organisations))
