"""Agreements as pages show them: who stands in which, what stands behind each article, and names in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orepact.pact.briefing.fitting import Fitting
from orepact.report.sentences import sentence
from orepact.service.pact.desk import asked, opened
from orepact.service.rules import day_of
from orepact.service.view.said import Named
from orepact.service.view.tower_party import name_of, named
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Ledger
    from orepact.service.pact.desk import Where
    from orepact.service.result import Result
    from orepact.store.store import Store

#: States of instruments, commitments, bodies and meetings, and chapters of texts, as they are said.
WORDS = {
    "announced": sentence("announced"),
    "signed": sentence("signed"),
    "unsigned": sentence("not signed yet"),
    "ending": sentence("ending"),
    "in_operation": sentence("in operation"),
    "ended": sentence("ended"),
    "stub": sentence("named by others"),
    "unknown": sentence("not known"),
    "not_yet": sentence("not yet"),
    "provisional": sentence("provisional"),
    "suspended": sentence("suspended"),
    "recital": sentence("Recitals"),
    "objective": sentence("Objectives"),
    "area": sentence("Areas of cooperation"),
    "form": sentence("Forms of cooperation"),
    "governance": sentence("Governance"),
    "property": sentence("Intellectual property"),
    "contact": sentence("Contact points"),
    "status": sentence("Status"),
    "final": sentence("Start, change and end"),
    "aim": sentence("Aims"),
    "open": sentence("open"),
    "overdue": sentence("overdue"),
    "done": sentence("done"),
    "withdrawn": sentence("withdrawn"),
    "planned": sentence("planned"),
    "held": sentence("held"),
    "cancelled": sentence("cancelled"),
    "approved": sentence("approved"),
    "declined": sentence("declined"),
    "expired": sentence("expired"),
    "acknowledged": sentence("acknowledged"),
    "waiting": sentence("waiting"),
    "late": sentence("late"),
    "commitment": sentence("Commitments"),
    "meeting": sentence("Meetings"),
    "project": sentence("Projects"),
    "contract": sentence("Contracts"),
    "item": sentence("Open items"),
    "standard": sentence("Standards"),
    "activity": sentence("Activities"),
    "decision": sentence("Decisions"),
    "incident": sentence("Incidents"),
    "measure": sentence("Measures"),
    "pattern": sentence("Ways to ask for help"),
    "difference": sentence("Differences"),
    "permits": sentence("Permits"),
    "support": sentence("Support"),
    "location": sentence("Locations"),
}
#: Units of capacities, as people read them, and what makes one of the other.
UNITS = {"MWh_per_year": ("GWh/y", 1e-3), "GWh_per_year": ("GWh/y", 1.0), "t_per_year": ("t/y", 1.0), "kt_per_year": ("t/y", 1e3)}


def word(name: str) -> str:
    """A value of the code as words to be said; itself where there are none."""
    return WORDS.get(name, name.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Agreement:
    """An instrument: who takes part (countries where no party is on record), its state and days, how many articles it has, how
    many of them are operative, and how many of these have no evidence (None where no article is on record).
    """

    id: str
    title: Named
    parties: tuple[tuple[str, Named], ...]
    countries: tuple[str, ...]
    state: str
    since: str
    until: str
    because: str
    articles: int
    operative: int
    without: int | None

    def holds(self, **wanted: str) -> bool:
        """Whether it is one of those that are asked for: ``party, state, since, until`` (``Fitting``)."""
        parties = {*self.countries, *(name for name, _ in self.parties)}
        return Fitting(**wanted).fits(parties, self.state, self.since, self.until)


def agreements(db: Where, *, on: str | None = None) -> tuple[Agreement, ...]:
    """Every instrument known of on a day; those with articles first."""
    from orepact.pact.briefing.overview import instruments

    day = day_of(on)
    with asked(db) as (store, register):
        lines = instruments(register, day)
        called = {name: name_of(register, name) for line in lines for name in line.parties}
        served = {line.instrument.id: _served(store, line.instrument.id, day) for line in lines if line.instrument.articles}
    found = []
    for line in lines:
        one, stand = line.instrument, line.standing
        articles, operative, without = served.get(one.id, (0, 0, None))
        found.append(
            Agreement(
                one.id,
                Named(one.title, titles(one.titles)),
                tuple((name, called[name]) for name in line.parties),
                line.sides,
                stand.stage,
                stand.since or "",
                stand.until.isoformat() if stand.until else "",
                stand.because,
                articles,
                operative,
                without,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.articles == 0, -one.articles, one.id)))


def _served(store: Store, name: str, on: date) -> tuple[int, int, int | None]:
    """How many articles an instrument has on a day, how many are operative, and how many of these nothing serves."""
    from orepact.pact.briefing.evidence import evidence

    around = store.around(name)
    found = evidence(name, around.register, on, around.briefs)
    return len(found), sum(one.article.operative for one in found), sum(one.lacking for one in found)


def names(db: Where, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Named]:
    """Titles of records that the reader sees, by kind and id; those that are not there are left out."""
    from orepact.pact.organisations.organisation import Organisation

    with asked(db) as (_, register):
        return {
            key: named(record) if isinstance(record, Organisation) else Named(record.title, titles(record.titles))
            for key, record in register.there({*keys}).items()
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """A project behind an article: its state, and the capacity of its site ("" and None where none is known) with the claim."""

    id: str
    title: Named
    state: str
    seen: str
    subject: str
    capacity: float | None
    unit: str
    year: int | None
    confidence: str


def proofs(board: Result, db: Where, ledger: Ledger) -> Mapping[str, Proof]:
    """The projects of a scoreboard by id, with what their sites can make."""
    from orepact.pact.projects.project import Project

    wanted = {one["id"]: one for row in board.told() for one in row["projects"]}
    if not wanted:
        return {}
    with opened(db) as store:
        register = store.register([Project.kind])
    projects = [one for one in register.all(Project) if one.id in wanted]
    claims: list[dict[str, Any]] = ledger.resolve("capacity").to_dict("records")  # type: ignore[assignment]  # names are texts
    sites = {f"site:{one.site}" for one in projects}
    stood = {row["subject"]: row for row in claims if row["subject"] in sites}
    found = {}
    for one in projects:
        said = wanted[one.id]
        found[one.id] = Proof(
            id=one.id,
            title=Named(one.title, titles(one.titles)),
            state=said["state"],
            seen=said["seen"],
            **_stood(stood.get(f"site:{one.site}")),
        )
    return found


def _stood(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a claim says of the capacity of a site; nothing where there is none."""
    if row is None:
        return {"subject": "", "capacity": None, "unit": "", "year": None, "confidence": ""}
    unit, factor = UNITS.get(row["unit"], (row["unit"].replace("_per_year", "/y"), 1.0))
    year = int(row["year"]) if str(row["year"]).isdecimal() else None
    return {
        "subject": row["subject"],
        "capacity": float(row["value"]) * factor,
        "unit": unit,
        "year": year,
        "confidence": row["confidence"],
    }
