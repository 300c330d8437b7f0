"""What can be asked of a run, one model for each use case: names and numbers only, never a file of the machine that computes.

A question names scenarios, events and rule sets of the package; networks come with it as texts, overlays by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orepact.errors import BadInput, Problem
from orepact.service.asked import Day, VersionName, Year
from orepact.service.jobs.question_types import (
    Event,
    Name,
    Names,
    Network,
    PastYear,
    Place,
    Places,
    ResultYear,
    Scenario,
    Study,
    Thing,
    Words,
    Written,
    given,
    needed,
)

if TYPE_CHECKING:
    from orepact.chain import Scenario as ChainScenario
    from orepact.shock.events.event import Event as ShockEvent

REFERENCE = "reference"
#: In place of a rule set: each one of the matrix.
ALL_RULES = "all"
#: An event as somebody would write it.
EXAMPLE_EVENT: Mapping[str, Any] = {
    "id": "strike", "title": "A strike at the mines of Cuba", "start": "2026-07-01", "weeks": 8,
    "breaks": [{"commodity": "mixed_hydroxide_precipitate", "origins": ["CUB"], "share_left": 0.5}],
}  # fmt: skip
_COMMODITY = "A commodity, by its id; or a stage or an element, for all commodities of it"
_PLACE = "A place (`KOR`, `CA-QC`) or a group of places (`europe`)"
_YEAR = "The calendar year asked about: a past one, or a model year of the scenario. Without one, 2024"
_RATE = "What later costs count less, a year: 0.05 is 5 %"
_BASIS = "What counts: `supply`, what was made in the place or arrived there; `production`, what was made there alone"
_STAGE = "The stage of the chain to which it is traced: `mine` is where an element enters the chain"
_ALLOCATION = "How a site with several outputs is shared among them: by their `value`, their `mass`, or all to the `main` one"


class Asked(BaseModel):
    """What every run is asked of: the facts as they were known on a day, with an overlay of one's own, or a network package.

    ``network``: the files of a package, name to text, or a network of the organisation by its name; facts are then not asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Day | None = given("Only what was known at the end of that day; today when none is given.", "2026-06-30")
    include_unverified: bool = given("Let unverified claims into the answer.", example=False, default=False)
    overlay: VersionName | None = given(
        "An overlay of your organisation by its name, the last version or the one named, laid over the facts.", "prices@2"
    )
    network: Network | None = given(
        "In place of the facts: the files of a network package, name to text, or a network of your organisation by its name.",
        "own-chain",
    )

    def options(self, *names: str) -> dict[str, Any]:
        """Fields by name, as arguments of a use case; what was not given is left out."""
        found = {name: getattr(self, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}


class OfScenario(Asked):
    """On the reference network: under a scenario, where one is named."""

    scenario: Scenario | None = given("A scenario of the package by its id; the reference when none is given.", "reference")
    year: ResultYear | None = given(f"{_YEAR}.", 2030)

    @model_validator(mode="after")
    def _one(self) -> OfScenario:
        if self.network is not None and self.scenario is not None and type(self) is not Plan:
            raise ValueError("a scenario or a network package, not both")
        return self


class Plan(OfScenario):
    """The build-out of least cost.

    ``changes``: what one's own scenario states differently from ``scenario`` (the reference unless named), as its file would.
    """

    year: Year | None = given("Rows of this model year alone; the whole plan is solved all the same.", 2030)
    commodity: Thing | None = given("Rows of this commodity alone, or of all that hold this element.", "lithium_hydroxide")
    place: Place | None = given(f"Rows of this place alone. {_PLACE}.", "KOR")
    changes: Written | None = given(
        "What your scenario states differently from `scenario`, as a scenario file says it (its JSON schema: "
        "`orepact.chain.scenario`): rates a year, limits in shares or tonnes, money in USD.",
        {"id": "cheap_money", "discount_rate": 0.03},
    )

    @model_validator(mode="after")
    def _readable(self) -> Plan:
        chosen = self.chosen() if self.changes is not None or self.year is not None else None
        if chosen is not None and self.network is None and self.year is not None and self.year not in chosen.years:
            known = ", ".join(map(str, chosen.years))
            raise BadInput([Problem("year", f"a model year of {chosen.id}: {known}", str(self.year), "ask for one of them")])
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

    year: PastYear | None = given("The past calendar year that is balanced; 2024 when none is given.", 2024)
    commodity: Thing | None = given(f"Rows of this alone. {_COMMODITY}.", "nickel")
    place: Place | None = given(f"Rows of this place alone. {_PLACE}.", "KOR")


class Shock(OfScenario):
    """What events do to a usual week; ``written``: events of one's own, each as its file would say it."""

    events: Annotated[tuple[Event, ...], Field(max_length=20)] = given(
        "Events of the library by their ids (`GET /events`), all of them together.", ["zimbabwe_lithium_ban_2026"], ()
    )
    written: Annotated[tuple[Written, ...], Field(max_length=5)] = given(
        "Events of your own, each with the keys of an event file: dates as YYYY-MM-DD, cuts as shares from 0 to 1.",
        [EXAMPLE_EVENT],
        (),
    )
    response: Literal["all", "contracts", "market", "pact"] = given(
        "Who answers: each buyer by his `contracts`, the cheapest `market`, the parties of a `pact`, or each in turn (`all`).",
        "pact",
        "all",
    )
    weeks: Annotated[int, Field(ge=1, le=260)] = given("How many weeks are followed.", 26, 52)
    foresight: Literal["rolling", "perfect"] = given(
        "`rolling`: nobody knows when an event ends; `perfect`: everybody does.", "rolling", "rolling"
    )
    aid: bool = given("Rank the options of aid too, which takes longer.", example=True, default=False)

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

    incident: Name = needed("The incident by its id.", "drill-moa-2026")
    reason: Words = needed("Why, for the audit log.", "for the meeting of 10 March")
    by: Name | Literal[""] = given("The organisation that makes it; that of your account when none is given.", "nrcan", "")
    name: Name | None = given("An id of its own; made of the incident's when none is given.", "moa-2")
    events: Annotated[tuple[Event, ...], Field(max_length=20)] = given(
        "Events of the library, in place of the incident's own.", ["moa_stop_2026"], ()
    )
    weeks: Annotated[int, Field(ge=1, le=260)] = given("How many weeks are followed.", 26, 52)
    foresight: Literal["rolling", "perfect"] = given(
        "`rolling`: nobody knows when an event ends; `perfect`: everybody does.", "rolling", "rolling"
    )
    actor: Words | None = given("Who keeps it, where the holder of the database asks.", "the secretariat")


class Ensemble(OfScenario):
    """Years of events, drawn from how often they happen."""

    members: Annotated[int, Field(ge=1, le=100_000)] = given("How many years are drawn.", 1000, 1000)
    seed: Annotated[int, Field(ge=0, lt=2**53)] = given("The number from which chance begins: the same draws the same.", 1, 1)
    block_weeks: Annotated[float, Field(ge=1, le=520)] | None = given(
        "Length of the blocks in which a year is solved, in weeks; shorter ones flatter less and take longer.", 13
    )
    insurance: bool = given("Try which stock or second source saves most, too.", example=True, default=False)


class Exposure(OfScenario):
    """What each element of a network means when it breaks."""

    time: Annotated[float, Field(gt=0, le=10_000)] | None = given(
        "How long each is out: weeks on the reference network, else times of the package.", 26
    )
    kinds: Annotated[tuple[Literal["site", "owner", "place", "route", "node"], ...], Field(max_length=5)] = given(
        "What breaks; all of them when none is named.", ["site", "owner"], ()
    )
    places: Names = given("Places, groups or parties: keep what hits or costs them.", ["KOR", "JPN"], ())
    commodities: Names = given("Commodities by their ids: keep what is about them.", ["lithium_hydroxide"], ())


class Watch(Asked):
    """What is at a level of caution or worse."""

    year: PastYear | None = given("The past calendar year of the statistics; the last when none is given.", 2024)
    place: Place | None = given(f"{_PLACE}, taken as one party; every party of the rules when none is given.", "KOR")
    commodity: Thing | None = given("A commodity, or an element for every form of it.", "graphite")
    level: Literal["calm", "attention", "caution", "alert", "severe"] | None = given(
        "Alarms of this level alone; those of caution and worse when none is given.", "alert"
    )


class Carbon(OfScenario):
    """The carbon footprint of a commodity."""

    commodity: Thing = needed(f"{_COMMODITY}.", "cell_nmc811")
    place: Place | None = given(f"{_PLACE}; all places when none is given.", "KOR")
    basis: Literal["supply", "production"] | None = given(f"{_BASIS}.", "production")
    allocation: Name | None = given(f"{_ALLOCATION}.", "mass")
    rows: Literal["stages", "places", "nodes"] = given(
        "What stands in a row of the footprint (kg CO2e per unit): a stage, a place, or a commodity in a place.", "places",
        "stages",
    )  # fmt: skip


class Origin(OfScenario):
    """Where what a commodity holds of an element came from."""

    commodity: Thing = needed(f"{_COMMODITY}.", "cell_nmc811")
    place: Place | None = given(f"{_PLACE}; all places when none is given.", "KOR")
    element: Name | None = given(
        "The element that is traced, in tonnes, or `value`, in USD; each in turn when none is given.", "graphite"
    )
    by: Name = given("Whose share is told: of a `place`, of an `owner`'s country, or of a `company`.", "owner", "place")
    stage: Name = given(f"{_STAGE}.", "refine", "mine")
    visit: Literal["last", "first"] = given("Which site of that stage counts, on the way to the buyer.", "first", "last")
    basis: Literal["supply", "production"] = given(f"{_BASIS}.", "production", "supply")
    rows: Literal["origins", "path"] = given("What stands in a row: an origin, or a step of the path.", "path", "origins")


class Social(OfScenario):
    """Labour and governance where the elements of a product came from."""

    commodity: Thing = needed(f"{_COMMODITY}.", "cell_nmc811")
    place: Place | None = given(f"{_PLACE}; all places when none is given.", "KOR")
    element: Name | None = given("The element that is traced; each in turn when none is given.", "cobalt")
    stage: Name | None = given(f"{_STAGE}; each in turn when none is given.", "mine")
    basis: Literal["supply", "production"] = given(f"{_BASIS}.", "production", "supply")


class Eligibility(OfScenario):
    """Whether a product qualifies under a set of rules, or under each of them (``rules``: ``all``).

    ``places``: more places where it is made, of which ``all`` can be asked at once.
    """

    product: Thing = needed(f"{_COMMODITY}.", "pack_ev")
    place: Place = needed(f"Where it is made. {_PLACE}.", "KOR")
    rules: Name = needed("A set of rules by its id (`GET /rules`), or `all`.", "concern-control")
    places: Places = given("More places where it is made, of which `all` can be asked at once.", ["JPN"], ())
    day: Day | None = given("The day on which the rules are asked; today when none is given.", "2026-07-01")

    @model_validator(mode="after")
    def _fits(self) -> Eligibility:
        if self.rules == ALL_RULES and self.network is not None:
            raise ValueError("all rule sets are asked of the facts: name one for a network")
        if self.rules != ALL_RULES and self.places:
            raise ValueError("several places are asked of all rule sets: leave places out, or ask of all")
        return self


class LandedCost(OfScenario):
    """What a commodity costs at a place, by source and set of rules."""

    commodity: Thing = needed(f"{_COMMODITY}.", "lithium_hydroxide")
    place: Place = needed(f"Where the buyer is. {_PLACE}.", "KOR")
    sources: Places = given("Places to buy from; all that make it when none is named.", ["CAN", "CHL"], ())
    also: Places = given("Places to buy from besides those that make it.", ["CAN"], ())
    rules: Names = given("Sets of tariff rules by their ids; all in force on the day when none is named.", ["mfn"], ())
    tests: bool = given(
        "Ask whether the product passes what preferences and credits demand, which takes longer.", example=True, default=False
    )
    inputs: Literal["cost", "price"] = given("What inputs count at: what they `cost` to make, or their `price`.", "price", "cost")
    day: Day | None = given("The day whose duties count; the last of the year when none is given.", "2026-07-01")
    rate: Annotated[float, Field(ge=0, lt=1)] | None = given(f"{_RATE}; 0.05 when none is given.", 0.05)
    allocation: Name = given(f"{_ALLOCATION}.", "mass", "value")


class Export(OfScenario):
    """A network as files of another field, or the passport of a battery."""

    format: Literal["datapackage", "geojson", "iamc", "passport", "pypsa"] = needed(
        "The files: a Frictionless `datapackage`, a map (`geojson`), a table of scenarios (`iamc`), a network of `pypsa`, or the "
        "`passport` of a battery.",
        "geojson",
    )
    what: Literal["network", "plan"] = given("For `iamc`: the network as it stands, or its plan.", "plan", "network")
    rate: Annotated[float, Field(ge=0, lt=1)] | None = given(
        f"For `pypsa`: {_RATE[0].lower()}{_RATE[1:]}; that of the scenario when none is given.", 0.05
    )
    commodity: Thing | None = given("For `passport`: a cell or pack that is counted in energy, by its id.", "pack_ev")
    place: Place | None = given(f"For `passport`: where it is made. {_PLACE}.", "KOR")
    energy_kwh: Annotated[float, Field(gt=0, le=1e9)] | None = given("For `passport`: what one battery holds, in kWh.", 75.0)
    service_kwh: Annotated[float, Field(gt=0, le=1e12)] | None = given(
        "For `passport`: what one battery gives in its service life, in kWh.", 120_000.0
    )
    study: Study = given("For `passport`: the address of the study of its carbon footprint.", "https://example.org/study", "")

    @model_validator(mode="after")
    def _whole(self) -> Export:
        if self.format == "passport" and (self.commodity is None or self.energy_kwh is None):
            raise ValueError("a passport is of a commodity, and says what one battery holds: give commodity and energy_kwh")
        return self
