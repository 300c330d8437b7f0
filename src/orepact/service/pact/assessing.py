"""Use cases of the joint assessment: run the shock of an incident, seal what came of it, list the options of aid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.flowing import Report, silent
from orepact.service.pact.closeness import child_id, sharing_like
from orepact.service.pact.desk import asked, keep, manifest_of, moment_of, opened
from orepact.service.result import Result, plain
from orepact.wording import deed, field

if TYPE_CHECKING:
    from orepact.pact.incidents.assessments import Assessment
    from orepact.pact.incidents.incident import Incident
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.service.shock.question import Question
    from orepact.service.shock.responding import Responded
    from orepact.shock.events.event import Event

AID_UNITS = {"net_saving_usd": "USD", "saved_usd": "USD", "cost_usd": "USD", "saved_per_usd": "1", "saved_vehicles": "vehicle"}
SAME = "options whose net savings differ by less than 1 USD are of one rank; an option that saves nothing is no help"
CHEAPER = (
    "a cost below zero: goods, ways, overtime and what lacks in stocks at the end cost less with that option than on a market "
    "without it; what it costs to stand ready is in no figure"
)


def assess_incident(
    question: Question,
    incident: str,
    db: Where = None,
    *,
    by: str,
    reason: str,
    name: str | None = None,
    events: Sequence[str | Path] = (),
    weeks: int = 52,
    foresight: str = "rolling",
    rules: Path | None = None,
    at: str | None = None,
    actor: str | None = None,
    report: Report = silent,
) -> Result:
    """Run the event of an incident on the network of a question and keep what came of it, sealed: losses, options of aid.

    ``events``: in place of the incident's own one, which is run as it was when the incident was opened. A later assessment
    supersedes the one before. ``data``: the options of aid, the best first. Raises ``BadInput`` with every problem, ``NotFound``;
    nothing is kept unless the whole shock was followed.
    """
    from orepact.pact.incidents.incident import Incident
    from orepact.service.shock.responding import answer

    moment = _reached(at)  # asked first: the run takes minutes
    with asked(db) as (_, register):
        found = register.get(Incident, incident)
        before = assessments(register, incident)
    chosen: list[str | Path | Event] = [*events] or [own_event(found)]
    answered = answer(question, chosen, weeks=weeks, foresight=foresight, rules=rules, aid=True, report=report)
    made = sealed(found, before, figures_of(answered, rules), name=name, by=by, moment=moment)
    with opened(db) as store:
        keep(store, [made], {}, actor=actor, reason=reason)
    listed = list_options(incident, db)
    return replace(listed, meta={**listed.meta, "warnings": [*unusual(found), *listed.warnings]})


def unusual(incident: Incident) -> list[str]:
    """What somebody who works on an incident should know: that nobody asked for help, that it is closed."""
    early = "put the request on it before you assess: one that comes after an assessment needs an incident of its own"
    told = [] if incident.request else [f"no party has asked for help in {incident.id}: {early}"]
    closed = f"{incident.id} is closed since {incident.closed_on}: nothing can be decided on it any more"
    return [*told, *([closed] if incident.closed_on else [])]


def _reached(at: str | None) -> datetime:
    """The moment of an assessment; raises ``BadInput`` for one that lies ahead."""
    from orepact.pact.dates.ahead import too_early

    moment, now = moment_of(at), datetime.now(tz=UTC)
    if moment > now:
        raise BadInput([too_early("assessment, made_at", moment, now)])
    return moment


def own_event(incident: Incident) -> Event | str:
    """The event of an incident as it was frozen, else its id in the library."""
    from orepact.shock.events.event import Event

    if incident.event is None or not (incident.event.text or incident.event.id):
        mend = f"name an event of the library, or give one of your own: {field('event')}"
        raise BadInput([Problem(f"incident {incident.id}, event", "an event that can be run", "none", mend)])
    if not incident.event.text:
        return incident.event.id
    return Event.from_mapping(json.loads(incident.event.text), f"event of incident {incident.id}")


def assessments(register: Register, incident: str) -> list[Assessment]:
    """The assessments of an incident, the first first."""
    from orepact.pact.incidents.assessments import Assessment

    found = {one.id: one for one, _ in register.pointing[incident] if isinstance(one, Assessment) and one.incident == incident}
    return sorted(found.values(), key=lambda one: one.made_at)


def sealed(
    incident: Incident, before: Sequence[Assessment], figures: Mapping[str, Any], *, name: str | None, by: str, moment: datetime
) -> Assessment:
    """The assessment that follows those before it, with the figures of a shock; those see it who see the incident."""
    from orepact.pact.incidents.assessments import Assessment

    number = len(before) + 1
    return Assessment.sealed(
        id=name or child_id(incident.id, by, f"assessment-{number}"), title=f"Assessment {number} of {incident.title}",
        incident=incident.id, made_at=moment, made_by=by, supersedes=before[-1].id if before else None,
        **sharing_like(incident, by), **figures,
    )  # fmt: skip


def figures_of(answered: Responded, rules: Path | None = None) -> dict[str, Any]:
    """What a shock gives an assessment, as plain values."""
    from orepact.chain.manifest import hash_value
    from orepact.service.shock.responding import meta_of
    from orepact.service.shock.response_tables import table_of, units_of

    meta = meta_of(answered, "aid", rules)
    manifest = plain(meta["manifest"])
    losses = plain(table_of(answered, "summary").to_dict("records"))
    aid = plain(table_of(answered, "aid").to_dict("records"))
    frozen = [{"id": event.id, "title": event.title, "text": event.text, "hash": event.hash} for event in answered.events]
    return {
        "manifest": manifest, "manifest_hash": hash_value(manifest), "events": frozen, "losses": losses, "aid": _of_option(aid),
        "cooperation": plain(meta["value_of_cooperation"]), "units": {**units_of("summary"), **units_of("aid")},
        "warnings": [*meta["warnings"]],
    }  # fmt: skip


def _of_option(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of aid with the figures that an option of an assessment has."""
    from orepact.pact.incidents.assessments import Option

    return [{key: value for key, value in row.items() if key in Option.model_fields} for row in rows]


def list_options(incident: str, db: Where = None) -> Result:
    """The options of aid of the last assessment, the best first, with losses and the value of cooperation in ``meta``."""
    from orepact.pact.incidents.incident import Incident

    with asked(db) as (store, register):
        register.get(Incident, incident)
        found = assessments(register, incident)
        manifest = manifest_of(store)
    if not found:
        mend = f"make one with {deed('pact.assess_incident', incident=incident)}"
        raise BadInput([Problem(f"incident {incident}", "an assessment", "none", mend)])
    return options_of(found[-1], manifest)


def options_of(last: Assessment, manifest: Mapping[str, Any]) -> Result:
    """The options of an assessment; ``manifest``: what the answer depends on beside it."""
    from orepact.pact.incidents.assessments import SAME_USD, Option

    rows = [one.model_dump(mode="json") for one in last.aid]
    data = pd.DataFrame(rows, columns=list(Option.model_fields))
    losses = {str(row["response"]): row["loss_usd"] for row in last.losses if row.get("party") == "all"}
    meta = {
        "title": f"{last.id}: {len(rows)} options of aid",
        "assessment": last.id,
        "made_at": last.made_at.isoformat(),
        "made_by": last.made_by,
        "seal": last.seal,
        "manifest_hash": last.manifest_hash,
        "losses_usd": losses,
        "cooperation": [dict(row) for row in last.cooperation],
        "manifest": {**manifest, "assessment": dict(last.manifest)},
        "units": AID_UNITS,
        "warnings": [SAME, *([CHEAPER] if any(one.cost_usd <= -SAME_USD for one in last.aid) else []), *last.warnings],
    }
    return Result(data, meta, shown=data[["option", "title", "net_saving_usd", "saved_usd", "cost_usd"]])
