"""The room of one incident: all that its reader may see of it, and his part in what happens next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from orepact.report.sentences import said, sentence
from orepact.service import jobs
from orepact.service.asked import Id
from orepact.service.view import incident_room
from orepact.service.view.incident_words import STATES, STEPS
from orepact.service.view.said import Place
from orepact.web.pages import labels, room_forms
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Badge, Column, Number, Shown, Table
from orepact.web.pages.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orepact.service.view.deciding import Deciding
    from orepact.service.view.incident_room import Room
    from orepact.web.pages.visit import Visit

STEPS_COLUMNS = (
    Column("step", sentence("Step"), how="words"),
    Column("state", sentence("State"), how="words"),
    Column("words", sentence("What is on record")),
    Column("day", sentence("Day"), how="day"),
    Column("due", sentence("Due"), how="day"),
)
OPTION_COLUMNS = (
    Column("title", sentence("Option")),
    Column("net", sentence("Saves, net of its cost"), unit="USD", how="number"),
    Column("saved", sentence("Saves"), unit="USD", how="number"),
    Column("cost", sentence("Costs"), unit="USD", how="number"),
    Column("vehicles", sentence("Cars saved"), unit="vehicle", how="number"),
    Column("storage", sentence("Storage saved"), unit="GWh", how="number"),
)
LOSS_COLUMNS = (
    Column("party", sentence("Party"), how="code"),
    Column("market", sentence("On the market alone"), unit="USD", how="number"),
    Column("contracts", sentence("With contracts kept"), unit="USD", how="number"),
    Column("pact", sentence("With help of the pact"), unit="USD", how="number"),
)
RESPONSES = ("market", "contracts", "pact")
DELIVERY_COLUMNS = (
    Column("what", sentence("What")),
    Column("by", sentence("From")),
    Column("to", sentence("To")),
    Column("quantity", sentence("Promised"), how="number"),
    Column("came", sentence("Arrived"), how="number"),
    Column("unit", sentence("Unit")),
    Column("due", sentence("Due"), how="day"),
    Column("state", sentence("State"), how="words"),
)
DELIVERY_STATES = {
    "promised": sentence("promised"),
    "partly": sentence("arrived in part"),
    "delivered": sentence("delivered"),
    "overdue": sentence("overdue"),
    "ended": sentence("will not come"),
}
LOG_COLUMNS = (
    Column("at", sentence("When"), how="day"),
    Column("record", sentence("Record"), how="code"),
    Column("version", sentence("Version"), how="number"),
    Column("who", sentence("Who"), how="code"),
    Column("why", sentence("Why")),
    Column("changed", sentence("What changed")),
)
SIGHT_COLUMNS = (
    Column("title", sentence("Record")),
    Column("kind", sentence("Kind"), how="code"),
    Column("label", sentence("Label")),
    Column("for_whom", sentence("Who may see it")),
)
#: By level of a label, who may see what carries it.
FOR_WHOM = {
    "TLP:CLEAR": sentence("everybody"),
    "TLP:GREEN": sentence("all who have an account here"),
    "TLP:AMBER": sentence("{owner} and its clients"),
    "TLP:AMBER+STRICT": sentence("{owner} alone"),
    "TLP:RED": sentence("the stewards of {owner}"),
}
DECISION_STATES = {
    "open": ("amber", sentence("keys are missing")),
    "approved": ("green", sentence("approved by both sides")),
    "declined": ("red", sentence("declined")),
    "expired": ("none", sentence("expired")),
}


class InRoom(Asked):
    """Which incident."""

    incident: Id


def room(visit: Visit) -> Shown:
    """The room on the day asked about; raises ``NotFound`` for one that is not there for the reader."""
    asked: InRoom = visit.asked
    found = incident_room.room(asked.incident, visit.desk, on=asked.as_of, language=visit.language)
    runs = rows_of(jobs.assessments_under_way(asked.incident, visit.desk))
    every = [*_tables(found)]
    tables = [one for one in every if one.rows or one.name == "steps"]
    context = {
        "room": found, "runs": runs, "steps": STEPS, "states": STATES, "decision_states": DECISION_STATES,
        "under_way": any(row["state"] in {"queued", "running"} for row in runs), "today": visit.now.date().isoformat(),
        "may": _may(visit, found), "tables": {one.name: one if one in tables else None for one in every},
        "options": [(one.option, one.title) for one in found.assessment.aid] if found.assessment else [],
        "choices": _choices(visit, found), "side_names": _side_names(visit, found),
        "names": {name: words.in_voice(visit.voice) for name, words, _ in found.parties},
    }  # fmt: skip
    return Shown(
        title=found.title, context=context, tables=tables, api=f"/api/v1/incidents/{asked.incident}",
        command=shlex.join(["orepact", "pact", "incident", "show", asked.incident, "--on", found.on.isoformat()]),
        manifest=dict(found.assessment.manifest) if found.assessment else {},
    )  # fmt: skip


def _choices(visit: Visit, found: Room) -> dict[str, list[tuple[str, str]]]:
    """What the selects of forms hold."""
    return {
        "key": [(one.id, one.called) for one, _ in found.turnable],
        "promise": [(one.id, one.called) for one in found.decisions if _gives(one)],
        "carry": [(one.id, one.called) for one in found.others if one.carriable],
        "label": labels.choices(visit, _levels(found)),
        "arrive": [(one.delivery.id, one.delivery.what) for one in found.deliveries if one.mine and one.standing.settled is None],
        "meet": [(mode, words.in_voice(visit.voice)) for mode, words in found.modes],
    }


def _side_names(visit: Visit, found: Room) -> dict[str, str]:
    """Sides by what they are called: a country where one is."""
    codes = visit.ledger().codes
    known = {side: codes.groups.get(side) or codes.places.get(side) for _, _, side in found.parties}
    return {side: Place(side, each.title).in_voice(visit.voice) if each else side for side, each in known.items()}


def _may(visit: Visit, found: Room) -> set[str]:
    """The forms that the reader is shown: those of his deeds that the incident is ready for, and one that he sent."""
    deeds, incident = visit.deeds, found.incident
    if visit.asked.as_of:
        return set()
    party = bool(found.own_side) or (found.keeps and visit.known)
    ready = {
        "request": found.keeps and "write" in deeds and incident.request is None and found.open,
        "meet": found.keeps and "write" in deeds and incident.request is not None and incident.met is None and found.open,
        "assess": party and {"run", "write"} <= deeds and incident.event is not None and found.open,
        "aid": bool(found.own_side) and "write" in deeds and found.assessment is not None and found.open,
        "key": bool(found.turnable) and "turn_key" in deeds,
        "question": bool(found.own_side) and "write" in deeds and incident.request is not None and found.open,
        "carry": "registrar" in visit.reader.roles and "write" in deeds and any(one.carriable for one in found.others),
        "promise": bool(found.own_side) and "write" in deeds and any(_gives(one) for one in found.decisions) and found.open,
        "arrive": any(one.mine and one.standing.settled is None for one in found.deliveries) and "act" in deeds,
        "review": "registrar" in visit.reader.roles and "write" in deeds and incident.request is not None,
        "close": found.keeps and "write" in deeds and found.open,
        "label": found.keeps and "share" in deeds,
    }
    return {name for name, yes in ready.items() if yes} | ({visit.form} if visit.form else set())


def _levels(found: Room) -> dict[str, str]:
    """The labels that the incident may have: what is closed has an id that begins with its owner."""
    closable = "." in found.incident.id
    return {level: words for level, words in labels.OF_REQUESTS.items() if level != "TLP:AMBER" or closable}


def _gives(one: Deciding) -> bool:
    return one.in_force and one.option != "none"


def _tables(found: Room) -> Iterator[Table]:
    steps = [
        {"step": STEPS[one.name], "state": STATES[one.state], "words": one.words, "day": one.day or None, "due": one.due or None}
        for one in found.steps
    ]
    yield Table("steps", sentence("Step by step"), STEPS_COLUMNS, steps)
    yield Table("options", sentence("Options of aid, the best first"), OPTION_COLUMNS, [*_options(found)])
    yield Table("losses", sentence("What it costs each party"), LOSS_COLUMNS, [*_losses(found)])
    yield Table("deliveries", sentence("Deliveries"), DELIVERY_COLUMNS, [*_deliveries(found)])
    yield Table("sights", sentence("Who may see what of this room"), SIGHT_COLUMNS, [*_sights(found)])
    log = [
        {"at": one.at, "record": f"{one.kind}/{one.record}", "version": one.version, "who": one.who, "why": one.why,
         "changed": list(one.changed)}
        for one in found.log
    ]  # fmt: skip
    yield Table("log", sentence("Log"), LOG_COLUMNS, log)


def _options(found: Room) -> Iterator[dict[str, object]]:
    note = sentence("From the sealed assessment: one computation on one frozen event.")
    for one in found.assessment.aid if found.assessment else ():
        yield {
            "title": one.title, "net": Number(one.net_saving_usd, confidence="modelled", note=note),
            "saved": Number(one.saved_usd, confidence="modelled", note=note),
            "cost": Number(one.cost_usd, confidence="modelled", note=note), "vehicles": one.saved_vehicles,
            "storage": one.saved_gwh_storage,
        }  # fmt: skip


def _losses(found: Room) -> Iterator[dict[str, object]]:
    rows = found.assessment.losses if found.assessment else ()
    for party in dict.fromkeys(str(row.get("party")) for row in rows):
        by = {row.get("response"): row.get("loss_usd") for row in rows if row.get("party") == party}
        if party != "all" or len(rows) > len(RESPONSES):
            yield {"party": party, **{name: Number(by.get(name), confidence="modelled") for name in RESPONSES}}


def _deliveries(found: Room) -> Iterator[dict[str, object]]:
    for one in found.deliveries:
        yield {
            "what": one.delivery.what, "by": one.by, "to": one.to, "quantity": one.delivery.quantity,
            "came": one.standing.delivered, "unit": one.delivery.unit, "due": one.delivery.due,
            "state": DELIVERY_STATES[one.standing.state],
        }  # fmt: skip


def _sights(found: Room) -> Iterator[dict[str, object]]:
    for one in found.sights:
        level, _, owner = one.label.partition("/")
        words = said(FOR_WHOM.get(level, FOR_WHOM["TLP:RED"]), owner=owner or "?")
        if one.readers:
            words = said("{whom}, and {others}", whom=words, others=", ".join(one.readers))
        yield {"title": one.title, "kind": one.kind, "label": Badge(one.label), "for_whom": words}


PAGES = (
    Page(
        path="/incidents/{incident}", name="incident", title=sentence("Incident"), use=room, template="incidents/room.html.j2",
        asked=InRoom, tab="incidents", forms=room_forms.FORMS, kept=False,
    ),
)  # fmt: skip
