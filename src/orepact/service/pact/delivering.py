"""Use cases after a decision: promise help, note what arrived, look back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput
from orepact.service.pact.changing import add_to, keep_new
from orepact.service.pact.closeness import sharing_like
from orepact.service.pact.desk import asked
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where


def promise_delivery(
    name: str, db: Where = None, *, decision: str, by: str, to: str, what: str, due: str, reason: str,
    quantity: float | None = None, unit: str = "", commodity: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Promise help under an approved decision: a quantity in a unit, or a thing that is not counted, by a day.

    Raises ``BadInput`` with every problem, and when the incident of the decision is closed.
    """
    from orepact.pact.incidents.deliveries import Delivery

    fields = {
        "id": name, "title": what, "decision": decision, "by": by, "to": to, "what": what, "due": due, "quantity": quantity,
        "unit": unit, "commodity": commodity, **_as_open(name, decision, by, db),
    }  # fmt: skip
    return keep_new(Delivery, fields, db, reason=reason, actor=actor)


def _as_open(name: str, decision: str, by: str, db: Where) -> dict[str, Any]:
    """Who may know of a promise: who may know of its incident; raises ``BadInput`` for one that has ended."""
    from orepact.pact.dates.days import happened
    from orepact.pact.decisions.decision import AidChoice, Decision
    from orepact.pact.decisions.subjects import matter_of, over
    from orepact.pact.incidents.incident import Incident

    with asked(db) as (_, register):
        found = register.records.get((Decision.kind, decision))
        choice = found.subject if isinstance(found, Decision) and isinstance(found.subject, AidChoice) else None
        matter = matter_of(choice, register) if choice else None
    if matter is not None and matter.closed_on is not None and happened(matter.closed_on, day_of(None)):
        raise BadInput([over(f"delivery {name}, decision", matter, f"{decision}, on {matter.id}")])
    return sharing_like(matter, by) if isinstance(matter, Incident) else {}


def note_arrival(
    name: str, db: Where = None, *, on: str, reason: str, quantity: float | None = None, evidence: Sequence[str] = (),
    actor: str | None = None,
) -> Result:  # fmt: skip
    """Note what of a promised delivery arrived on a day; a warning says when that is more than was promised."""
    from orepact.pact.incidents.deliveries import Delivery

    arrival = {"on": on, "quantity": quantity, "evidence": list(evidence)}
    found = add_to(Delivery, name, "arrivals", arrival, db, reason=reason, actor=actor)
    with asked(db) as (_, register):
        kept = register.get(Delivery, name)
    if not kept.beyond:
        return found
    promised = f"{kept.quantity:g} {kept.unit} were promised, and {kept.beyond:g} more have arrived"
    warned = f"{name}: {promised}: see whether an arrival is written down twice or in another unit"
    return replace(found, meta={**found.meta, "warnings": [warned]})


def review_incident(
    name: str, db: Where = None, *, incident: str, title: str, held_on: str, by: Sequence[str], reason: str, text: str = "",
    lessons: Sequence[str] = (), interim: bool = False, actor: str | None = None,
) -> Result:  # fmt: skip
    """Keep the review of an incident with its lessons; an ``interim`` one does not end it."""
    from orepact.pact.incidents.incident import Incident
    from orepact.pact.incidents.reviews import Review

    with asked(db) as (_, register):
        matter = register.records.get((Incident.kind, incident))
    fields = {
        "id": name, "title": title, "incident": incident, "held_on": held_on, "by": list(by), "text": text, "interim": interim,
        "lessons": [{"text": lesson} for lesson in lessons],
        **(sharing_like(matter, by[0] if by else "") if isinstance(matter, Incident) else {}),
    }  # fmt: skip
    return keep_new(Review, fields, db, reason=reason, actor=actor)
