"""The tower: the page with which a party begins the day, and the choice of the party."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import said, sentence
from orepact.service import pact
from orepact.service.asked import Code
from orepact.service.view.incident_words import STEPS
from orepact.service.view.said import Place, Term
from orepact.service.view.tower import USUAL_DAYS, tower
from orepact.service.view.tower_glance import COLUMNS as GLANCE
from orepact.service.view.tower_glance import Glance, glances, states, together
from orepact.service.view.tower_rules import ORDER
from orepact.service.view.tower_tables import COLUMNS, UNITS, tables
from orepact.web.pages import run_names
from orepact.web.pages.page import Asked, Elsewhere, Page
from orepact.web.pages.shown import Column, Level, Link, Shown, Table
from orepact.web.pages.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orepact.facts import Codes
    from orepact.service.view.tower import Tower
    from orepact.service.view.tower_alarms import Ringing
    from orepact.service.view.tower_grid import Cell
    from orepact.web.pages.visit import Visit

TITLES = {
    "grid": sentence("Stage by element"),
    "alarms": sentence("Alarms"),
    "steps": sentence("Who agreed to act"),
    "commitments": sentence("Commitments"),
    "meetings": sentence("Next meetings"),
    "incidents": sentence("Open incidents"),
    "changes": sentence("What is new"),
    "sites": sentence("Sites and projects"),
    "contracts": sentence("Contracts"),
    "owners": sentence("Owners"),
}
#: So many alarms and other lines stand open; the others are a click away.
OPEN, GOODS = 6, 4


class Choosing(Asked):
    """A party to go to."""

    party: Code | None = None


class Standing(Asked):
    """Whose tower, and over how many days changes are told."""

    party: Code
    days: Annotated[int, Field(ge=1, le=366)] = USUAL_DAYS


def choose(visit: Visit) -> Shown:
    """The parties from which one begins; raises ``Elsewhere`` for one that was chosen."""
    if visit.asked.party:
        raise Elsewhere(f"/tower/{visit.asked.party}")
    codes = visit.ledger().codes
    provinces = [name for name in codes.places if name.startswith("CA-")]
    organisations = [
        (row["id"], row["title"]) for row in rows_of(pact.list_records(["organisation"], visit.desk, order="title", limit=1000))
    ]
    own = visit.reader.organisation
    found = states(visit.ledger(), visit.desk, on=visit.asked.as_of)
    context = {
        "mine": Link(dict(organisations).get(own, own), f"/tower/{own}") if own else None,
        "states": [(Glance.of(each), _goods(visit, codes, each.alarms[0].goods) if each.alarms else "") for each in found],
        "provinces": [_to(codes, name) for name in provinces],
        "organisations": organisations,
    }
    meta = together(found)
    return Shown(
        lead=sentence("What is red this morning, why, and what to do about it. Choose where you stand."),
        context=context,
        tables=[Table("states", sentence("States"), [Column(key, key) for key in GLANCE], [*glances(found, visit.voice)])],
        command=shlex.join(["orepact", "view", "states", *(["--as-of", visit.asked.as_of] if visit.asked.as_of else [])]),
        sources=meta["sources"],
        manifest=_for_all(meta),
    )


def _to(codes: Codes, name: str) -> Link:
    entry = codes.groups.get(name) or codes.places[name]
    return Link(Place(name, entry.title), f"/tower/{name}")


def stand(visit: Visit) -> Shown:
    """The tower of a party; raises ``NotFound`` for one that nobody knows, ``Elsewhere`` for a place in small letters."""
    asked: Standing = visit.asked
    ledger = visit.ledger()
    if asked.party != (place := asked.party.upper()) and (place in ledger.codes.places or place in ledger.codes.groups):
        raise Elsewhere(f"/tower/{place}")
    found = tower(asked.party, ledger, visit.desk, on=asked.as_of, days=asked.days)
    told = tables(found, visit.voice)
    context = {
        "tower": found, "day": visit.voice.day(found.on), "since": visit.voice.day(found.since),
        "lights": [(light, sum(cell.light == light for cell in found.grid)) for light in ORDER],
        "grid": _grid(visit, found, ledger.codes), "alarms": [_alarm(visit, found, one, ledger.codes) for one in found.alarms],
        "open": OPEN, "incident_steps": STEPS, "meetings": _meetings(found), "term": lambda title: Term(title, first=True),
        "place": lambda name: run_names.place(ledger.codes, name),
        "sources": {each["source"]: each for each in found.meta["sources"]}, "codes": ledger.codes,
    }  # fmt: skip
    command = ["orepact", "view", "tower", "--party", asked.party, *(["--as-of", asked.as_of] if asked.as_of else [])]
    return Shown(
        title=found.party.name,
        context=context,
        tables=[_table(name, told[name]) for name in COLUMNS if told[name] or name in {"grid", "alarms", "commitments"}],
        command=shlex.join([*command, *(["--days", str(asked.days)] if asked.days != USUAL_DAYS else [])]),
        sources=found.meta["sources"],
        manifest=_for_all(found.meta),
    )


def _for_all(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer rests on, without what differs from reader to reader."""
    return {name: value for name, value in meta["manifest"].items() if name not in {"register", "overlays"}}


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    columns = [Column(key, key, UNITS.get(key, "")) for key in COLUMNS[name]]
    return Table(name, TITLES[name], columns, rows)


def _grid(visit: Visit, found: Tower, codes: Codes) -> dict[str, Any]:
    """The cells by element and stage, with the names of both."""
    stages = [name for name in codes.stages if any(cell.stage == name for cell in found.grid)]
    by_element: dict[str, dict[str, Cell]] = {}
    for cell in found.grid:
        by_element.setdefault(cell.element, {})[cell.stage] = cell
    heads = [(name, _term(visit, codes.stages[name].title)) for name in stages]
    rows = [(name, _term(visit, _element(codes, name)), cells) for name, cells in by_element.items()]
    return {"stages": heads, "rows": rows}


def _element(codes: Codes, name: str) -> str:
    return codes.elements[name].title if name in codes.elements else sentence("Batteries")


def _term(visit: Visit, title: str) -> str:
    words = Term(title, first=True).in_voice(visit.voice)
    return words[:1].upper() + words[1:]


def _alarm(visit: Visit, found: Tower, one: Ringing, codes: Codes) -> dict[str, Any]:
    """An alarm with the names of its goods and what was agreed about it."""
    steps = found.steps_of(one)
    return {
        "id": one.id, "ringing": one, "level": Level(light(one.light)), "steps": steps,
        "title": _goods(visit, codes, one.goods), "stage": _term(visit, codes.stages[one.stage].title),
    }  # fmt: skip


def _goods(visit: Visit, codes: Codes, goods: Iterable[str]) -> str:
    names = [_term(visit, codes.commodities[name].title) for name in goods]
    more = len(names) - GOODS
    told = visit.voice.listed(names[:GOODS])
    return f"{told} {visit.voice.say('and {n} more', n=more)}" if more > 0 else told


def light(name: str) -> Any:
    """A light of the view as a level of pages."""
    return "none" if name == "no data" else name


def _meetings(found: Tower) -> list[tuple[Any, list[Any]]]:
    """The sides of each body beneath it, those with a date first."""
    bodies: dict[str, list[Any]] = {}
    for one in found.meetings:
        bodies.setdefault(one.body, []).append(one)
    groups = [(lines[0], lines) for lines in bodies.values()]
    return sorted(groups, key=lambda group: (not group[0].overdue, not group[0].due, group[0].due))


PAGES = (
    Page(
        path="/tower", name="tower", title=sentence("Control tower"), use=choose, template="tower/choose.html.j2",
        asked=Choosing, tab="tower",
    ),
    Page(
        path="/tower/{party}", name="party", title=said("Control tower"), use=stand, template="tower/party.html.j2",
        asked=Standing, tab="tower",
    ),
)  # fmt: skip
