"""Records that follow a script, such as an exercise: what comes is known before its hour to those alone who conduct it.

What of a record has its hour is told to everybody who sees it, and the rest to nobody else, in whatever way he asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record

    AnyRecord = TypeVar("AnyRecord", bound=Record)

#: What a role is called among the tokens of those who conduct something.
ROLE = "role:"


def conducts(record: Record, reader: Reader | None) -> bool:
    """Whether a reader knows the whole script; the holder of the database does, and everybody where there is none."""
    if reader is None or not type(record).script:
        return True
    held = {*reader.tokens, *(f"{ROLE}{name}" for name in reader.roles)}
    return not held.isdisjoint(record.conducted_by())


def so_far(record: AnyRecord, reader: Reader | None, moment: datetime, latest: AnyRecord | None = None) -> AnyRecord:
    """A record with what of its script has come at a moment; whole for who conducts it. Of an earlier version nothing is told
    that the ``latest`` one does not tell.
    """
    if conducts(record, reader) and (latest is None or conducts(latest, reader)):
        return record
    return record.at_hour(moment, latest)


def kept_on(new: AnyRecord, before: AnyRecord, reader: Reader | None) -> AnyRecord:
    """What a reader wrote in place of a record, with the script as it was where he does not conduct it."""
    if conducts(before, reader):
        return new
    return new.model_copy(update={name: getattr(before, name) for name in type(before).script})
