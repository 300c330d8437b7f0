"""``seen``: the part of a register that a reader may know of; of the rest nothing shows, neither a link nor a number."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from orepact.facts.labels import Audience, Label
from orepact.pact.organisations.engagement import Engagement, shown
from orepact.pact.records.register import Register

if TYPE_CHECKING:
    from orepact.pact.records.record import Brief, Record


def seen(register: Register, organisations: Collection[str], on: date) -> Register:
    """The records that somebody who reads for these organisations may see: the public for none of them, the community for any.

    Engagement that its Nation hides on the day is left out for others. References to what is left out stay in the records that
    make them.
    """
    readers = _readers(organisations)
    records = register.records.items()
    return Register({key: record for key, record in records if _admitted(record, readers, organisations, on)})


def seen_in_brief(briefs: Iterable[Brief], organisations: Collection[str]) -> list[Brief]:
    """The same for records in brief; engagement has no brief."""
    readers = _readers(organisations)
    found = [*briefs]
    shown = {label for label in {one.label for one in found} if _open(label, readers)}
    return [one for one in found if one.label in shown]


def _readers(organisations: Collection[str]) -> list[Audience]:
    return [Audience(name, community=True) for name in organisations] or [Audience()]


def _open(text: str, readers: Collection[Audience]) -> bool:
    label = Label.parse(text)
    return label is not None and any(reader.admits(label) for reader in readers)


def _admitted(record: Record, readers: Collection[Audience], organisations: Collection[str], on: date) -> bool:
    if not _open(record.label, readers):
        return False
    return not isinstance(record, Engagement) or bool(shown([record], on, organisations))
