"""Types of fields that refer to a record of a kind by its id, or to an entry of a list by its name."""

from __future__ import annotations

from typing import Annotated

from orepact.pact.records.fields import Listed, Reference
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

ActivityKindCode = Annotated[Identifier, Listed("activity_kind")]
AlertLevelCode = Annotated[Identifier, Listed("alert_level")]
AreaCode = Annotated[Identifier, Listed("area")]
BodyKindCode = Annotated[Identifier, Listed("body_kind")]
ChapterCode = Annotated[Identifier, Listed("chapter")]
ContactKindCode = Annotated[Identifier, Listed("contact_kind")]
ContractKindCode = Annotated[Identifier, Listed("contract_kind")]
FormCode = Annotated[Identifier, Listed("form")]
InstrumentKindCode = Annotated[Identifier, Listed("instrument_kind")]
InstrumentRelationCode = Annotated[Identifier, Listed("instrument_relation")]
MeasureKindCode = Annotated[Identifier, Listed("measure_kind")]
MeetingModeCode = Annotated[Identifier, Listed("meeting_mode")]
OrganisationKindCode = Annotated[Identifier, Listed("organisation_kind")]
PartyRoleCode = Annotated[Identifier, Listed("party_role")]
PatternKindCode = Annotated[Identifier, Listed("pattern_kind")]
PermitKindCode = Annotated[Identifier, Listed("permit_kind")]
ProjectKindCode = Annotated[Identifier, Listed("project_kind")]
ProjectStatusCode = Annotated[Identifier, Listed("project_status")]
RankCode = Annotated[Identifier, Listed("rank")]
StanceCode = Annotated[Identifier, Listed("stance")]
StandardTopicCode = Annotated[Identifier, Listed("standard_topic")]
SupportKindCode = Annotated[Identifier, Listed("support_kind")]
