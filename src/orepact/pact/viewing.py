"""``seen``: the part of a register that a reader may know of; of the rest nothing shows, neither a link nor a number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from orepact.facts.labels import Audience, Label
from orepact.pact.engagement import Engagement, shown
from orepact.pact.register import Register

if TYPE_CHECKING:
    from orepact.pact.record import Record


def seen(register: Register, reader: Audience, on: date) -> Register:
    """The records whose label admits the reader, without engagement that its Nation hides on the day from others.

    References to what is left out stay in the records that make them.
    """
    return Register({key: record for key, record in register.records.items() if _admitted(record, reader, on)})


def strictest(register: Register) -> Label:
    """The label that closes a text about all of these records: the strictest of theirs (of two alike, the first by its text)."""
    labels = {label for record in register.records.values() if (label := Label.parse(record.label))}
    return max(sorted(labels, key=str, reverse=True), key=lambda label: label.level, default=Label.parse("TLP:CLEAR"))  # type: ignore[return-value]  # it parses


def _admitted(record: Record, reader: Audience, on: date) -> bool:
    label = Label.parse(record.label)
    if label is None or not reader.admits(label):
        return False
    return not isinstance(record, Engagement) or bool(shown([record], on, {reader.organisation}))
