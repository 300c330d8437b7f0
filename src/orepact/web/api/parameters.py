"""What a route may be asked with: each name means the same wherever it stands, and is checked the same way.

A name here is an argument of a use case; ``Parameter.name`` is what it is called in an address. Names are ids, never paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import Field, StringConstraints

from orepact.service.asked import (
    Code,
    Day,
    Expects,
    Id,
    LabelText,
    Language,
    Line,
    LinkSecret,
    Mark,
    RunId,
    State,
    Subject,
    VersionName,
    Words,
    Year,
)


@cache
def kind_type() -> Any:
    """The kinds of records, as a type."""
    from orepact.pact.records.kinds import kinds

    return Literal[tuple(sorted(kinds()))]


@cache
def event_type() -> Any:
    """The events of the library, as a type: another name would be looked for among files."""
    from orepact.shock.events.reading import shipped_events

    return Literal[tuple(sorted(shipped_events()))]


@cache
def pool_type() -> Any:
    """The pools that ship, as a type: another name would be looked for among files."""
    from orepact.measure.disclosure.pools import shipped_folder

    return Literal[tuple(sorted(file.stem for file in shipped_folder().glob("*.yaml")))]


@cache
def tower_table_type() -> Any:
    """The tables of a tower, as a type."""
    from orepact.service.view.tower_tables import COLUMNS

    return Literal[tuple(COLUMNS)]


@cache
def run_kind_type() -> Any:
    """The kinds of runs, as a type."""
    from orepact.service.jobs.catalogue import KINDS

    return Literal[tuple(sorted(KINDS))]


#: The id of what an account holds, a role, and the name of a table.
OwnId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]{1,40}$"),
    Expects("an id of at most 40 small letters and digits, as its list shows it", "3f9a1c"),
]  # fmt: skip
Role = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]+$", max_length=40), Expects("a role in small letters and _", "key_holder")
]  # fmt: skip
TableName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$"),
    Expects("the name of a table of the run, as its tables say", "summary"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may be asked: what it is called in an address, its type, and what it means. ``many``: it may be repeated."""

    name: str
    type: Any
    says: str
    many: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """The values that there are, where they are a list of what ships."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()


def _one(name: str, type_: Any, says: str) -> Parameter:
    return Parameter(name, type_, says)


def _many(name: str, type_: Any, says: str) -> Parameter:
    return Parameter(name, type_, says, many=True)


#: Arguments whose values are no list of what ships, by the name that use cases give them.
_FIXED: dict[str, Parameter] = {
    "account": _one("account", Id, "Id of an account."),
    "after": _one("after", Mark, "Begin after this mark of the page before (its `meta.after`)."),
    "article": _one("article", Code, "What serves this article."),
    "as_of": _one("as_of", Day, "Only what was known at the end of that day."),
    "at_least": _one("at_least", Annotated[float, Field(ge=0, le=1200)], "Months late, at least."),
    "attribute": _one("attribute", Code, "An attribute of the facts, such as mine_production."),
    "asked_for": _one("asked_for", Day, "The day for which the end is asked."),
    "basis": _one("by", Literal["place", "owner"], "Whose share is asked for."),
    "body": _one("body", Id, "Id of a body."),
    "bodies": _many("body", Id, "Ids of bodies; all when none is named."),
    "by": _many(
        "by", Literal["kind", "instrument", "article", "owner", "state", "label"], "What is counted apart, in this order."
    ),
    "chapter": _one("chapter", Code, "Articles of this chapter."),
    "commodity": _one("commodity", Code, "A commodity or an element (`thing` where claims are asked)."),
    "country": _one("country", Code, "A country."),
    "days": _one("days", Annotated[int, Field(ge=1, le=366)], "What changed in so many days."),
    "depth": _one("depth", Annotated[int, Field(ge=1, le=8)], "How many steps a cascade is followed."),
    "due_before": _one("due_before", Day, "What is due before that day."),
    "entry": _one("after", Annotated[int, Field(ge=0, le=2**53)], "The number of the entry after which to begin."),
    "fresh": _one("fresh", Literal["green", "amber", "red", "none"], "At most two years old, up to four, older, without a date."),
    "from_day": _one("from", Day, "From this day on; the day asked about when none is given."),
    "giver": _one("giver", Id, "Support by this organisation."),
    "given_by": _one("given_by", Id, "Who would give notice."),
    "given_on": _one("given_on", Day, "When notice would be given."),
    "include_unverified": _one("include_unverified", bool, "Let unverified claims into the answer."),
    "instrument": _one("instrument", Id, "Id of an instrument."),
    "incident": _one("incident", Id, "Id of an incident."),
    "language": _one("language", Language, "The language of titles and texts."),
    "least": _one("least", Annotated[float, Field(ge=0, le=1)], "The smallest share that is told."),
    "licence": _one("licence", Words, "Sources under this licence."),
    "link": _one("link", OwnId, "Id of a feed link."),
    "limit": _one("limit", Annotated[int, Field(ge=1, le=500)], "At most so many."),
    "locations": _many("location", Id, "Locations to compare."),
    "method": _one("method", Literal["eu2023", "geopolrisk"], "The method."),
    "milestone": _one("milestone", Code, "Slips of this milestone."),
    "months": _one("months", Annotated[int, Field(ge=1, le=1200)], "So many months back."),
    "name": _one("name", Id, "The id."),
    "on": _one("on", Day, "The day asked about; today when none is given."),
    "organisation": _one("organisation", Line, "An organisation, by its id or a name of it."),
    "order": _one("order", Literal["id", "title", "due", "changed"], "The order of the list."),
    "overdue": _one("overdue", bool, "Only what was due before the day and is not settled."),
    "overlay": _one("overlay", VersionName, "Name of an overlay, the last version of it or the one named (NAME@VERSION)."),
    "own_label": _one("label", LabelText, "`TLP:AMBER+STRICT/` and your organisation when none is given."),
    "own_network": _one("name", VersionName, "Name of a network, the last version of it or the one named (NAME@VERSION)."),
    "owner": _one("owner", Id, "What this organisation owns."),
    "party": _one("party", Line, "A country (KOR), a province (CA-QC), or an organisation by its id or a name of it."),
    "place": _one("place", Code, "A place (KOR, CA-QC) or a group of places."),
    "place_text": _one("place", Code, "Ways in this place."),
    "priority": _one(
        "priority", Literal["first", "usual", "later"], "When it comes in line; `first` is the registrar's to give."
    ),
    "programme": _one("programme", Id, "Support of this programme."),
    "project": _one("project", Id, "Id of a project."),
    "project_kind": _one("project_kind", Code, "A kind of project."),
    "project_rows": _one("rows", Literal["projects", "places"], "What stands in a row."),
    "projects": _many("project", Id, "Ids of projects; all when none is named."),
    "part_of": _one("organisation", Id, "Id of an organisation."),
    "revision": _one("revision", Annotated[int, Field(ge=1, le=2**31)], "An earlier version."),
    "rule_set": _one("rules", Code, "Id of a set of rules, or of a rule."),
    "role": _one("role", Role, "A role; all when none is named."),
    "run": _one("run", RunId, "Id of a run."),
    "run_state": _one(
        "state",
        Literal["open", "queued", "running", "done", "failed", "cancelled", "timed_out"],
        "How runs stand; `open`: queued or running.",
    ),
    "search": _one("search", Words, "Texts that hold each of these words."),
    "secret": _one("secret", LinkSecret, "What the link carries."),
    "show": _one("show", Literal["all", "without", "with"], "All articles, those without evidence, or those with some."),
    "sides": _many("side", Code, "Sides."),
    "sites": _many("site", Code, "Sites."),
    "since": _one("since", Day, "What still ran on this day or after."),
    "source": _one("source", Code, "Id of a source."),
    "standards": _many("standard", Id, "Ids of standards."),
    "activities": _many("activity", Id, "Ids of activities."),
    "stage": _one("stage", Code, "A stage of the chain."),
    "standing": _one("state", Code, "Agreements in this state, such as in_operation."),
    "status": _one("status", Code, "Projects in this state, such as construction."),
    "states": _many("state", State, "States as written down."),
    "subject": _one("subject", Subject, "What a claim is about, such as CAN or site:ID."),
    "table": _one("table", TableName, "A table beside the answer of a run."),
    "taking_part": _one("owner", Id, "Projects in which this organisation takes part."),
    "thing": _one("thing", Code, "What a claim is about: a commodity or an element (`commodity` in other questions)."),
    "time_limit_s": _one("time_limit_s", Annotated[int, Field(ge=1, le=86_400)], "Seconds that it may take."),
    "until": _one("until", Day, "Until this day."),
    "token": _one("token", OwnId, "Id of a token."),
    "webhook": _one("webhook", OwnId, "Id of a webhook."),
    "within": _one("within", Annotated[int, Field(ge=0, le=3650)], "Days ahead."),
    "year": _one("year", Year, "A calendar year."),
}


@cache
def vocabulary() -> dict[str, Parameter]:
    """Every argument that can be given in an address, by the name that use cases give it; some are one of what ships."""
    kind = kind_type()
    return _FIXED | {
        "kind": _one("kind", kind, "A kind of record."),
        "kinds": _many("kind", kind, "Kinds of records."),
        "known_event": _one("event", event_type(), "Id of an event of the library."),
        "pool": _one("pool", pool_type(), "Id of a pool."),
        "tower_table": _one("table", tower_table_type(), "Which table is the data; the others stand beside it."),
        "run_kind": _one("kind", run_kind_type(), "A kind of run."),
    }
