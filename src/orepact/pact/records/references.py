"""Types of fields that refer to a record of a kind by its id."""

from __future__ import annotations

from typing import Annotated

from orepact.pact.records.fields import Reference
from orepact.pact.records.record import Identifier

OrganisationId = Annotated[Identifier, Reference(("organisation",))]
PersonId = Annotated[Identifier, Reference(("person",))]
InstrumentId = Annotated[Identifier, Reference(("instrument",))]
BodyId = Annotated[Identifier, Reference(("body",))]
MeetingId = Annotated[Identifier, Reference(("meeting",))]
CommitmentId = Annotated[Identifier, Reference(("commitment",))]
DecisionId = Annotated[Identifier, Reference(("decision",))]
ProjectId = Annotated[Identifier, Reference(("project",))]
ContractId = Annotated[Identifier, Reference(("contract",))]
ProgrammeId = Annotated[Identifier, Reference(("programme",))]
ItemId = Annotated[Identifier, Reference(("item",))]
IncidentId = Annotated[Identifier, Reference(("incident",))]
ActivityId = Annotated[Identifier, Reference(("activity",))]
AssessmentId = Annotated[Identifier, Reference(("assessment",))]
AmendmentId = Annotated[Identifier, Reference(("amendment",))]
PatternId = Annotated[Identifier, Reference(("pattern",))]
