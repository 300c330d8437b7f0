"""What an alert is: an incident that is open, with the warning that stands behind it; a notice that not all have acknowledged;
a notice to end an instrument; and what was due and is not done. One alert for each record, from the lines of the register as a
reader sees them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from orepact.service.pact.listing import OPEN
from orepact.store.canonical import instant
from orepact.store.listing import Filter

if TYPE_CHECKING:
    from orepact.pact.incidents.incident import Incident
    from orepact.store.listing import Line
    from orepact.store.store import Store

#: States of incidents that are not closed, of notices that wait, and of notices to end something.
INCIDENTS = ("noted", "alert", "open", "drill, noted", "drill, alert", "drill, open")
WAITING, GIVEN = ("open",), ("given",)
#: So many lines of each sort are read at most, those that changed or fell due last.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert: the record that it is about, since when it stands as it does (UTC, as ``instant`` writes it), in words."""

    sort: str
    kind: str
    id: str
    title: str
    since: str
    words: str
    label: str
    due: date | None = None
    overdue: bool = False


def alerts(store: Store, on: date) -> list[Alert]:
    """Every alert on a day, the last first."""
    found: dict[tuple[str, str], Alert] = {}
    for sort, kind, states in (("incident", "incident", INCIDENTS), ("notice", "notice", WAITING), ("end", "end_notice", GIVEN)):
        for line in _lines(store, Filter(kinds=(kind,), states=states), "changed"):
            if sort != "end" or line.due is None or line.due >= on:
                found[line.kind, line.id] = _alert(store, line, sort, on)
    for line in _lines(store, Filter(states=OPEN, due_to=on - timedelta(days=1)), "due"):
        found.setdefault((line.kind, line.id), _alert(store, line, "overdue", on))
    return sorted(found.values(), key=lambda one: (one.since, one.kind, one.id), reverse=True)


def _lines(store: Store, asked: Filter, order: str) -> Iterator[Line]:
    yield from store.list(asked, order=order, descending=True, limit=MOST).lines


def _alert(store: Store, line: Line, sort: str, on: date) -> Alert:
    late = line.state in OPEN and line.due is not None and line.due < on
    words = [f"{line.kind.replace('_', ' ')}, {line.state}"]
    words += [f"of {line.owner}"] if line.owner else []
    words += [f"under {line.instrument}"] if line.instrument else []
    words += [f"{'was due' if late else 'due'} {line.due}"] if line.due is not None else []
    text = "; ".join(words)
    if line.kind == "incident":
        text = ". ".join([text, *_warning(store, line.id)])
    since = max(line.changed_at, _after(line.due)) if late and line.due is not None else line.changed_at
    return Alert(sort, line.kind, line.id, line.title, since, text, line.label, line.due, late)


def _after(day: date) -> str:
    """The moment at which a day is over, in UTC."""
    return instant(datetime.combine(day + timedelta(days=1), time(), UTC))


def _warning(store: Store, name: str) -> Iterator[str]:
    """What stands behind an incident: the event, and what early warning said."""
    incident: Incident = store.get("incident", name)[0]  # type: ignore[assignment]  # what is asked for
    if incident.event is not None:
        yield f"{incident.event.title}, known since {incident.event.known_from}"
    alert = incident.alert
    if alert is not None:
        place = ", ".join(filter(None, (alert.place, alert.commodity)))
        yield f"Early warning on {alert.on}: {alert.level} for {place}"
        yield from alert.reasons
