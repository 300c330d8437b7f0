"""What nobody may change once it is written: the question of a decision and its keys, the figures of an assessment, the clock of
an incident, whether it is real, and a list without a decision. For whoever writes records, before each write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from orepact.errors import Problem
from orepact.pact.decisions.decision import Decision
from orepact.pact.decisions.proposals import unbacked
from orepact.pact.incidents.assessments import SEALED, Assessment
from orepact.pact.incidents.incident import Incident

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register

#: What is asked when a decision is asked for, and stays as it was asked.
ASKED = ("instrument", "article", "subject", "asked_at", "asked_by", "quorum", "holders", "expires_on", "supersedes", "time_zone")

#: What an incident keeps once a request started its clock; whether it is a drill it always keeps.
RUNNING = ("instrument", "pattern", "drill", "meeting_days", "time_zone")


def forbidden(before: Register, records: Iterable[Record]) -> Iterator[Problem]:
    """A problem for each change of what stands, were these records written over those of ``before``."""
    written = list(records)
    for record in written:
        present = before.records.get((record.kind, record.id))
        if isinstance(record, Decision) and isinstance(present, Decision):
            yield from _decision(present, record)
        elif isinstance(record, Assessment) and isinstance(present, Assessment):
            changed = [name for name in (*SEALED, "manifest") if getattr(record, name) != getattr(present, name)]
            mend = "make a new assessment that supersedes this one"
            yield from _kept(f"assessment {record.id}", changed, "figures as they were sealed", mend)
        elif isinstance(record, Incident) and isinstance(present, Incident):
            names = RUNNING if present.request else ("drill",)
            changed = [name for name in names if getattr(record, name) != getattr(present, name)]
            mend = "close this incident with the reason, and open another one"
            yield from _kept(f"incident {record.id}", changed, "what it was opened with", mend)
    yield from unbacked(before, written)


def _decision(before: Decision, after: Decision) -> Iterator[Problem]:
    changed = [name for name in ASKED if getattr(before, name) != getattr(after, name)]
    mend = "ask for a new decision that supersedes this one"
    yield from _kept(f"decision {after.id}", changed, "the question as it was asked", mend)
    if after.keys[: len(before.keys)] != before.keys:
        where = f"decision {after.id}, keys"
        found = f"{len(after.keys)} keys that do not begin with the {len(before.keys)} turned so far"
        yield Problem(where, "keys as they were turned", found, "leave them; a change of mind is a new decision")


def _kept(where: str, changed: list[str], expected: str, mend: str) -> Iterator[Problem]:
    if changed:
        yield Problem(f"{where}, {', '.join(changed)}", expected, "another value", mend)
