"""What nobody may change once it is written; each kind says it of its own records (``Record.forbidden``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from orepact.errors import Problem

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register


def forbidden(before: Register, records: Iterable[Record]) -> Iterator[Problem]:
    """A problem for each change of what stands, were these records written over those of ``before``.

    For whoever writes, before each write: only the records that come with the package are free of it.
    """
    for record in records:
        yield from record.forbidden(before.records.get((record.kind, record.id)))


def kept(before: Record, after: Record, names: Iterable[str], expected: str, mend: str) -> Iterator[Problem]:
    """A problem when one of these fields, which stay as they are, has another value."""
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    if changed:
        yield Problem(f"{after.kind} {after.id}, {', '.join(changed)}", expected, "another value", mend)
