"""``Review`` of an incident: what the sides say of it when they look back, and what they will do better."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.incidents.incident import Incident
from orepact.pact.records.record import Entry, Part, Record, Text
from orepact.pact.records.references import CommitmentId, IncidentId, OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Lesson(Part):
    """What was learned, and the commitment to do it better, where somebody took it."""

    text: Text = Field(min_length=1)
    commitment: CommitmentId | None = None


class Review(Record):
    """What the sides found when they looked back at an incident. An ``interim`` one does not end the incident."""

    kind: ClassVar[str] = "review"

    incident: IncidentId
    held_on: PastDate
    by: tuple[OrganisationId, ...] = Field(min_length=1)
    text: Text = ""
    lessons: tuple[Lesson, ...] = ()
    interim: bool = False

    def entry(self) -> Entry:
        """Its state is whether more will follow."""
        return Entry(self.title, "interim" if self.interim else "final")

    def problems(self, register: Register) -> Iterator[Problem]:
        """A review before there was anything to look back on."""
        incident = register.records.get((Incident.kind, self.incident))
        if isinstance(incident, Incident):
            if incident.request is None and incident.closed is None:
                mend = "review it once it was handled or closed"
                yield Problem(f"review {self.id}, incident", "an incident with a request", f"{incident.id} without one", mend)
            yield from self._too_early(incident)

    def _too_early(self, incident: Incident) -> Iterator[Problem]:
        """Held before what it looks back on: what happened and the request; a final one not before the meeting or the end either.

        What a request started may be closed after its review, so that the end counts only where nobody asked.
        """
        happening, met, closed = incident.event, incident.met, incident.closed
        earlier: dict[str, date | str | None] = {
            "known_from": happening.known_from if happening else None,
            "request": incident.received_on,
        }
        if not self.interim:
            earlier |= {"met": met.on if met else None, "closed": closed.on if closed and incident.request is None else None}
        for name, day in earlier.items():
            yield from in_order(f"review {self.id}", **{name: day, "held_on": self.held_on})
