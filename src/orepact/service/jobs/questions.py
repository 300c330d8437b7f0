"""What can be asked of a run, one model for each use case: names and numbers only, never a file of the machine that computes.

A question names scenarios, events and rule sets of the package; networks come with it as texts, overlays by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from orepact.errors import BadInput, Problem
from orepact.pact.records.record import BROKEN

if TYPE_CHECKING:
    from orepact.chain import Scenario as ChainScenario
    from orepact.shock.events.event import Event as ShockEvent

REFERENCE = "reference"
#: In place of a rule set: each one of the matrix.
ALL_RULES = "all"
#: A network package at most: characters of all files together, and files.
MOST_TEXT, MOST_FILES = 16 * 2**20, 60
#: Characters of a scenario or an event that somebody wrote.
MOST_WRITTEN = 50_000
#: A name, and a version of what it names.
REF = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}(@[1-9][0-9]{0,5})?")
FILE = re.compile(r"[a-z][a-z_]{0,39}\.csv|network\.yaml|datapackage\.json")


def _shipped(kind: str, name: str) -> str:
    """A name that the package knows: a name that is none would be read as that of a file."""
    from orepact.chain.scenario_files import shipped_scenarios
    from orepact.shock.events.reading import shipped_events

    known = [*(shipped_scenarios() if kind == "scenario" else shipped_events())]
    if name not in known:
        raise ValueError(f"a {kind} of the package: {', '.join(known)}")
    return name


def _package(files: Mapping[str, str] | str) -> Mapping[str, str] | str:
    if isinstance(files, str):
        if not REF.fullmatch(files):
            raise ValueError("the files of a package, or the name of a network: NAME or NAME@VERSION")
        return files
    odd = sorted(name for name in files if not FILE.fullmatch(name))
    if odd:
        raise ValueError(f"network.yaml, datapackage.json and tables NAME.csv, not {', '.join(map(repr, odd))[:200]}")
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_TEXT:
        raise ValueError(f"at most {MOST_FILES} files and {MOST_TEXT} characters")
    if any(BROKEN.search(text) for text in files.values()):
        raise ValueError("text without NUL and without half of a pair of characters")
    return files


def _small(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values that somebody wrote, of a size at which they can be checked in no time."""
    if len(json.dumps(content, default=str)) > MOST_WRITTEN:
        raise ValueError(f"at most {MOST_WRITTEN} characters")
    return content


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:@>+-]*$", max_length=120)]
Day = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d-[01]\d-[0-3]\d$")]
Year = Annotated[int, Field(ge=1900, le=2199)]
Scenario = Annotated[Name, AfterValidator(lambda name: _shipped("scenario", name))]
Event = Annotated[Name, AfterValidator(lambda name: _shipped("event", name))]
Network = Annotated[dict[str, str] | str, AfterValidator(_package)]
OverlayName = Annotated[str, StringConstraints(pattern=f"^{REF.pattern}$")]
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$", min_length=1, max_length=2000)]
Names = Annotated[tuple[Name, ...], Field(max_length=50)]
Written = Annotated[dict[str, Any], AfterValidator(_small)]


class Asked(BaseModel):
    """What every run is asked of: the facts as they were known on a day, with an overlay of one's own, or a network package.

    ``network``: the files of a package, name to text, or a network of the organisation by its name; facts are then not asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Day | None = None
    include_unverified: bool = False
    overlay: OverlayName | None = None
    network: Network | None = None
    year: Year | None = None

    def options(self, *names: str) -> dict[str, Any]:
        """Fields by name, as arguments of a use case; what was not given is left out."""
        found = {name: getattr(self, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}


class OfScenario(Asked):
    """On the reference network: under a scenario, where one is named."""

    scenario: Scenario | None = None

    @model_validator(mode="after")
    def _one(self) -> OfScenario:
        if self.network is not None and self.scenario is not None and type(self) is not Plan:
            raise ValueError("a scenario or a network package, not both")
        return self


class Plan(OfScenario):
    """The build-out of least cost.

    ``changes``: what one's own scenario states differently from ``scenario`` (the reference unless named), as its file would.
    """

    commodity: Name | None = None
    place: Name | None = None
    changes: Written | None = None

    @model_validator(mode="after")
    def _readable(self) -> Plan:
        if self.changes is not None:
            self.chosen()
        return self

    def chosen(self) -> ChainScenario | None:
        """The scenario that is meant, its changes laid over it; None for a network package as it stands. Raises ``BadInput``."""
        from orepact.chain import Scenario
        from orepact.chain.scenario_files import child_of

        if self.changes is not None:
            return child_of(self.scenario or REFERENCE, self.changes)
        return None if self.network is not None and not self.scenario else Scenario.load(self.scenario or REFERENCE)


class Baseline(Asked):
    """The balanced flows of a past year."""

    commodity: Name | None = None
    place: Name | None = None


class Shock(OfScenario):
    """What events do to a usual week; ``written``: events of one's own, each as its file would say it."""

    events: Annotated[tuple[Event, ...], Field(max_length=20)] = ()
    written: Annotated[tuple[Written, ...], Field(max_length=5)] = ()
    response: Literal["all", "contracts", "market", "pact"] = "all"
    weeks: Annotated[int, Field(ge=1, le=260)] = 52
    foresight: Literal["rolling", "perfect"] = "rolling"
    aid: bool = False

    @model_validator(mode="after")
    def _some(self) -> Shock:
        if not (self.events or self.written):
            raise BadInput([Problem("events", "at least one event", "none", "name one of the library, or write one (written)")])
        self.own_events()
        return self

    def own_events(self) -> tuple[ShockEvent, ...]:
        """The events that were written; raises ``BadInput`` with every problem of each."""
        from orepact.shock.events.event import Event as Read

        return tuple(Read.from_mapping(content, "event") for content in self.written)


class Assessment(OfScenario):
    """What the event of an incident costs each party and what help would save, kept in the register.

    ``by``: the organisation that makes it, that of the account; ``name``: its id; ``events``: in place of the incident's own;
    ``actor``: who keeps it, where the holder of the database asks.
    """

    incident: Name
    reason: Words
    by: Name | Literal[""] = ""
    name: Name | None = None
    events: Annotated[tuple[Event, ...], Field(max_length=20)] = ()
    weeks: Annotated[int, Field(ge=1, le=260)] = 52
    foresight: Literal["rolling", "perfect"] = "rolling"
    actor: Words | None = None


class Ensemble(OfScenario):
    """Years of events, drawn from how often they happen."""

    members: Annotated[int, Field(ge=1, le=100_000)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1
    block_weeks: Annotated[float, Field(ge=1, le=520)] | None = None
    insurance: bool = False


class Exposure(OfScenario):
    """What each element of a network means when it breaks."""

    time: Annotated[float, Field(gt=0, le=10_000)] | None = None
    kinds: Annotated[tuple[Literal["site", "owner", "place", "route", "node"], ...], Field(max_length=5)] = ()
    places: Names = ()
    commodities: Names = ()


class Watch(Asked):
    """What is at a level of caution or worse."""

    place: Name | None = None
    commodity: Name | None = None
    level: Literal["calm", "attention", "caution", "alert", "severe"] | None = None


class Carbon(OfScenario):
    """The carbon footprint of a commodity."""

    commodity: Name
    place: Name | None = None
    basis: Literal["supply", "production"] | None = None
    allocation: Name | None = None
    rows: Literal["stages", "places", "nodes"] = "stages"


class Origin(OfScenario):
    """Where what a commodity holds of an element came from."""

    commodity: Name
    place: Name | None = None
    element: Name | None = None
    by: Name = "place"
    stage: Name = "mine"
    visit: Literal["last", "first"] = "last"
    basis: Literal["supply", "production"] = "supply"
    rows: Literal["origins", "path"] = "origins"


class Social(OfScenario):
    """Labour and governance where the elements of a product came from."""

    commodity: Name
    place: Name | None = None
    element: Name | None = None
    stage: Name | None = None
    basis: Literal["supply", "production"] = "supply"


class Eligibility(OfScenario):
    """Whether a product qualifies under a set of rules, or under each of them (``rules``: ``all``).

    ``places``: more places where it is made, of which ``all`` can be asked at once.
    """

    product: Name
    place: Name
    rules: Name
    places: Names = ()
    day: Day | None = None

    @model_validator(mode="after")
    def _fits(self) -> Eligibility:
        if self.rules == ALL_RULES and self.network is not None:
            raise ValueError("all rule sets are asked of the facts: name one for a network")
        if self.rules != ALL_RULES and self.places:
            raise ValueError("several places are asked of all rule sets: leave places out, or ask of all")
        return self


class LandedCost(OfScenario):
    """What a commodity costs at a place, by source and set of rules."""

    commodity: Name
    place: Name
    sources: Names = ()
    also: Names = ()
    rules: Names = ()
    tests: bool = False
    inputs: Literal["cost", "price"] = "cost"
    day: Day | None = None
    rate: Annotated[float, Field(ge=0, le=1)] | None = None
    allocation: Name = "value"


class Export(OfScenario):
    """A network as files of another field, or the passport of a battery."""

    format: Literal["datapackage", "geojson", "iamc", "passport", "pypsa"]
    what: Literal["network", "plan"] = "network"
    rate: Annotated[float, Field(ge=0, lt=1)] | None = None
    commodity: Name | None = None
    place: Name | None = None
    energy_kwh: Annotated[float, Field(gt=0, le=1e9)] | None = None
    service_kwh: Annotated[float, Field(gt=0, le=1e12)] | None = None
    study: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1F\x7F]*$", max_length=200)] = ""

    @model_validator(mode="after")
    def _whole(self) -> Export:
        if self.format == "passport" and (self.commodity is None or self.energy_kwh is None):
            raise ValueError("a passport is of a commodity, and says what one battery holds: give commodity and energy_kwh")
        return self
