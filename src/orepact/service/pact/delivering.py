"""Use cases after a decision: promise help, note what arrived, look back."""

from __future__ import annotations

from collections.abc import Sequence

from orepact.service.pact.changing import add_to, keep_new
from orepact.service.result import Result


def promise_delivery(
    name: str, db: str | None = None, *, decision: str, by: str, to: str, what: str, due: str, reason: str,
    quantity: float | None = None, unit: str = "", commodity: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Promise help under an approved decision: a quantity in a unit, or a thing that is not counted, by a day."""
    from orepact.pact.incidents.deliveries import Delivery

    fields = {
        "id": name, "title": what, "decision": decision, "by": by, "to": to, "what": what, "due": due, "quantity": quantity,
        "unit": unit, "commodity": commodity,
    }  # fmt: skip
    return keep_new(Delivery, fields, db, reason=reason, actor=actor)


def note_arrival(
    name: str, db: str | None = None, *, on: str, reason: str, quantity: float | None = None, evidence: Sequence[str] = (),
    actor: str | None = None,
) -> Result:  # fmt: skip
    """Note what of a promised delivery arrived on a day."""
    from orepact.pact.incidents.deliveries import Delivery

    arrival = {"on": on, "quantity": quantity, "evidence": list(evidence)}
    return add_to(Delivery, name, "arrivals", arrival, db, reason=reason, actor=actor)


def review_incident(
    name: str, db: str | None = None, *, incident: str, title: str, held_on: str, by: Sequence[str], reason: str, text: str = "",
    lessons: Sequence[str] = (), interim: bool = False, actor: str | None = None,
) -> Result:  # fmt: skip
    """Keep the review of an incident with its lessons; an ``interim`` one does not end it."""
    from orepact.pact.incidents.reviews import Review

    fields = {
        "id": name, "title": title, "incident": incident, "held_on": held_on, "by": list(by), "text": text, "interim": interim,
        "lessons": [{"text": lesson} for lesson in lessons],
    }  # fmt: skip
    return keep_new(Review, fields, db, reason=reason, actor=actor)
