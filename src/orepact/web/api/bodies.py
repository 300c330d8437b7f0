"""What is sent with a change: a model for each, whose fields are arguments of the use case. Whoever asks is never among them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from orepact.service.asked import (
    ID,
    PLAIN,
    Code,
    Day,
    Expects,
    Id,
    LabelText,
    Line,
    LongText,
    Moment,
    Number,
    ShortText,
    Text,
    VersionName,
    Year,
    text_of,
)
from orepact.service.jobs import question_types

Values = dict[Annotated[str, StringConstraints(max_length=120)], JsonValue]
FieldPath = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]+([.][a-z_]+)*$", max_length=120),
    Expects("a field of the record, through lists by a point", "versions.price"),
]  # fmt: skip
KeyText = Annotated[
    str, StringConstraints(pattern=rf"^[a-z_]+/{ID[1:-1]}$", max_length=160),
    Expects("kind and id of a record, joined by /", "project/pit"),
]  # fmt: skip
Unit = Annotated[str, StringConstraints(pattern=PLAIN, max_length=40), text_of(40, example="t")]
Zone = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$", max_length=60),
    Expects("a time zone by its name", "Asia/Seoul"),
]  # fmt: skip
OverlayId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$"),
    Expects("a name of at most 60 small letters, digits, _ and -", "prices"),
]  # fmt: skip
Event = question_types.Event
Version = Annotated[int, Field(ge=1, le=2**31)]


class Sent(BaseModel):
    """A body. ``at`` of a change is now, but for who keeps the register (role ``registrar``)."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    def arguments(self) -> dict[str, Any]:
        """What was sent, as arguments of the use case."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Reasoned(Sent):
    """A change, with why."""

    reason: Text = Field(description="Why, for the audit log.")


class Named(Reasoned):
    """Something new, with an id of its own."""

    name: Id = Field(alias="id", description="An id of its own.")


class Record(Reasoned):
    """One record."""

    record: Values = Field(description="The record as `GET` shows it, changed.")


class Records(Reasoned):
    """Several records, kept all or none."""

    records: Annotated[list[Values], Field(min_length=1, max_length=200)] = Field(description="Each with its `kind` and `id`.")
    versions: dict[KeyText, Version] = Field(
        default_factory=dict, max_length=200, description="`kind/id` to the version that was changed; none for new records."
    )


class Reader(BaseModel):
    """Who else may read: one of organisation, person and body."""

    model_config = ConfigDict(extra="forbid")

    organisation: Id | None = None
    person: Id | None = None
    body: Id | None = None
    until: Day | None = None
    export: bool = False


class Sharing(Reasoned):
    """Who may see a record; what is left out stays as it is."""

    label: LabelText | None = None
    readers: Annotated[list[Reader], Field(max_length=100)] | None = None
    opens: AwareDatetime | Literal[""] | None = Field(None, description="Closed to others until then; empty: open again.")
    labels: Annotated[dict[FieldPath, LabelText], Field(max_length=50)] | None = None
    pools: Annotated[list[Id], Field(max_length=50)] | None = None

    def arguments(self) -> dict[str, Any]:
        """What was sent, as arguments of the use case."""
        found = super().arguments()
        if self.readers is not None:
            found["readers"] = [one.model_dump(exclude_none=True) for one in self.readers]
        if isinstance(self.opens, datetime):
            found["opens"] = self.opens.isoformat()
        return found


class Incident(Named):
    """A new incident."""

    instrument: Id
    title: Line
    event: Event | None = Field(None, description="Id of an event of the library (`GET /events`).")
    alert: Values | None = None
    request: Values | None = None
    article: Code | None = None
    drill: bool = False
    label: LabelText = Field("TLP:CLEAR", description="Who may know of it.")
    readers: Annotated[list[Reader], Field(max_length=100)] = Field(default_factory=list, description="Who else may.")

    def arguments(self) -> dict[str, Any]:
        """What was sent, as arguments of the use case."""
        found = super().arguments()
        return {**found, "readers": [one.model_dump(exclude_none=True) for one in self.readers]} if self.readers else found


class Request(Reasoned):
    """A request for help: the form of the instrument, filled in."""

    request: Values


class Meeting(Reasoned):
    """The meeting on a request."""

    on: Day
    mode: Code
    meeting: Id | None = None


class Assessing(Reasoned):
    """What the event of an incident costs each party, and what help would save: followed by a worker, then kept."""

    name: Id | None = Field(None, alias="id")
    events: Annotated[list[Event], Field(max_length=20)] = Field(
        default_factory=list, description="Events of the library, in place of the incident's own."
    )
    weeks: Annotated[int, Field(ge=1, le=260)] = Field(52, description="How many weeks are followed.")
    foresight: Literal["rolling", "perfect"] = Field("rolling", description="Whether everybody knows when an event ends.")
    scenario: question_types.Scenario | None = Field(None, description="A scenario of the package by its id.")
    network: question_types.Network | None = Field(None, description="The files of a network package, name to text.")
    overlay: VersionName | None = Field(None, description="An overlay of your organisation by its name.")
    year: question_types.ResultYear | None = Field(None, description="A past calendar year, or a model year of the scenario.")
    as_of: Day | None = Field(None, description="Only what was known at the end of that day.")
    include_unverified: bool = Field(default=False, description="Let unverified claims into the answer.")


class Closing(Reasoned):
    """The end of an incident."""

    on: Day


class Review(Named):
    """What was learned."""

    title: Line
    held_on: Day
    by: Annotated[list[Id], Field(min_length=1, max_length=50)]
    text: LongText = ""
    lessons: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)
    interim: bool = False


class Timed(Reasoned):
    """A change at a moment."""

    at: Moment | None = Field(None, description="When; now, unless you keep the register (role registrar).")


class Decision(Timed):
    """A question to the sides."""

    name: Id = Field(alias="id")
    title: Line
    subject: Values
    instrument: Id | None = None
    label: LabelText = Field("TLP:CLEAR", description="Who may know of it.")
    expires_on: Day | None = None
    supersedes: Id | None = None


class Aid(Timed):
    """The question whether to take an option of the last assessment of an incident."""

    name: Id = Field(alias="id")
    incident: Id
    option: Code
    expires_on: Day | None = None
    supersedes: Id | None = None


class Key(Timed):
    """A key, turned by you for your organisation."""

    side: Code
    verdict: Literal["approve", "decline"]


class CarryOut(Reasoned):
    """What is approved, done."""

    on: Day | None = None


class Delivery(Named):
    """A promise of help by your organisation."""

    decision: Id
    to: Id
    what: Line
    due: Day
    quantity: Number | None = None
    unit: Unit = ""
    commodity: Code | None = None


class Arrival(Reasoned):
    """What arrived."""

    on: Day
    quantity: Number | None = None
    evidence: Annotated[list[Line], Field(max_length=50)] = Field(default_factory=list)


class Notice(Timed):
    """A notice by your organisation."""

    name: Id = Field(alias="id")
    instrument: Id
    to: Annotated[list[Id], Field(min_length=1, max_length=100)]
    title: Line
    text: LongText = ""
    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    zone: Zone = "UTC"


class Acknowledgement(Timed):
    """That your organisation has a notice; ``of``: for whom, when you are a delegate."""

    of: Id | None = None


class Action(Sent):
    """What a player did on an inject."""

    inject: Code
    text: Text
    at: Moment | None = None


class Finding(Reasoned):
    """A lesson of an exercise."""

    text: Text


class Gate(Sent):
    """Whether an organisation may see a data set."""

    dataset: Line
    name: Line = Field(alias="organisation", description="An organisation, by its id or a name of it.")
    on: Day | None = None


class Lack(BaseModel):
    """What a buyer lacks in a year."""

    model_config = ConfigDict(extra="forbid")

    buyer: Line
    commodity: Code
    quantity: Number
    year: Year
    unit: Annotated[Code, Field(max_length=40)] = "t"
    grade: ShortText = ""
    rules: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)
    carbon: Number | None = None


class Matches(Sent):
    """What buyers lack, to be matched with sites."""

    gaps: Annotated[list[Lack], Field(min_length=1, max_length=100)]
    on: Day | None = None

    def arguments(self) -> dict[str, Any]:
        """What was sent, as arguments of the use case."""
        from orepact.pact.supply.matching import Gap

        gaps = [Gap(**{**one.model_dump(), "rules": tuple(one.rules)}) for one in self.gaps]
        return {**super().arguments(), "gaps": gaps}


class Case(Sent):
    """A case, as the tests of programmes ask for it."""

    facts: Values
    programmes: Annotated[list[Id], Field(max_length=100)] = Field(default_factory=list)
    claimed: Annotated[list[Id], Field(max_length=100)] = Field(default_factory=list)
    on: Day | None = None


class Stack(Sent):
    """Programmes, to be taken together for one cost."""

    programmes: Annotated[list[Id], Field(min_length=1, max_length=100)]
    year: Year
    given: dict[Id, Number] = Field(default_factory=dict, max_length=100)


CLAIMS = (
    "A table (CSV): `subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note`. Each value has "
    "a unit of the code lists: a price `USD_per_t`, `USD_per_MWh`, `USD_per_vehicle` or `USD_per_piece`, as it is counted."
)


class Overlay(Sent):
    """Claims of your organisation, as the next version of an overlay."""

    name: OverlayId = Field(alias="id")
    claims: str = Field(min_length=1, max_length=16 * 2**20, description=CLAIMS)
    sources: str = Field("", max_length=16 * 2**20, description="Sources that they name and the package has not (CSV).")
    label: LabelText | None = Field(None, description="`TLP:AMBER+STRICT/` and your organisation when none is given.")
