"""Use cases of an incident: open it with what early warning said, put a request, note the meeting, close it, see its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import Desk, Kept, asked, keep, made, manifest_of, opened
from orepact.service.pact.forms import read_form
from orepact.service.result import Result
from orepact.service.rules import day_of
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.pact.incidents.incident import Incident
    from orepact.pact.incidents.progress import Progress
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

STEP_COLUMNS = ("step", "state", "day", "due", "words", "records")
QUIET = "calm"


def open_incident(
    name: str,
    db: Where = None,
    *,
    instrument: str,
    title: str,
    reason: str,
    event: str | None = None,
    alert: Mapping[str, Any] | None = None,
    request: Path | Mapping[str, Any] | None = None,
    article: str | None = None,
    drill: bool = False,
    label: str = "",
    readers: Sequence[Mapping[str, Any]] = (),
    actor: str | None = None,
) -> Result:
    """Open an incident under an instrument: ``event`` of the library (or a file), ``alert`` as ``alert_now`` gives it, a request
    (its values, or a YAML form). ``label``: who may know of it, all unless said otherwise; ``readers``: who else may.

    Form, clock and time zone are those of the instrument's pattern. Raises ``BadInput`` with every problem, ``NotFound``.
    """
    from orepact.pact.incidents.incident import Incident

    fields: dict[str, Any] = {"id": name, "title": title, "instrument": instrument, "article": article, "drill": drill}
    fields |= {"label": label} if label else {}
    fields |= {"readers": [dict(one) for one in readers]} if readers else {}
    fields |= {"event": _happening(event)} if event else {}
    fields |= {"alert": dict(alert)} if alert else {}
    fields |= {"request": read_form(request) if isinstance(request, Path) else dict(request)} if request else {}
    with asked(db) as (store, register):
        incident = Incident.opened(register, **fields)
        kept = keep(store, [incident], {}, actor=actor, reason=reason)
    return _after(db, incident, kept, f"{name} is opened")


def _happening(event: str) -> dict[str, Any]:
    """An event with its content as it is now: what becomes of its file, or of the library, changes nothing of the incident."""
    from orepact.shock.events.event import Event

    found = Event.load(event)
    sources = tuple(source.address for source in found.sources if source.address)
    known = found.known_from or found.start
    frozen = {"text": found.text, "hash": found.hash}
    return {"id": found.id, "title": found.title, "known_from": known, "sources": sources, **frozen}


def alert_now(ledger: Ledger, *, place: str, commodity: str, on: date) -> dict[str, Any]:
    """What the watch says of a commodity for a place with the facts of a ledger: level, reasons, and where it has no data.

    Raises ``BadInput`` when it can say nothing at all.
    """
    from orepact.service.shock.watching import watch

    found = watch(ledger, place=place, commodity=commodity, level=QUIET).data
    if not len(found):
        expected = "a commodity for which something can be watched"
        raise BadInput(
            [Problem("alert", expected, f"{commodity} for {place}: no data", "leave the alert out, or name another one")]
        )
    row = found.iloc[0]
    reasons = tuple(text for text in (*str(row["reasons"]).split("; "), str(row["because"])) if text)
    silent = tuple(text for text in str(row["no_data"]).split(", ") if text)
    return {
        "place": str(row["place"]), "commodity": str(row["commodity"]), "level": str(row["level"]), "on": on, "reasons": reasons,
        "no_data": silent,
    }  # fmt: skip


def request_help(name: str, source: Path, db: Where = None, *, reason: str, actor: str | None = None) -> Result:
    """Put a request (a YAML form: ``by, asked, sent_at, received_at, answers``) on an incident that has none."""
    return request_values(name, read_form(source), db, reason=reason, actor=actor)


def request_values(name: str, request: Mapping[str, Any], db: Where = None, *, reason: str, actor: str | None = None) -> Result:
    """The same with the values of the form."""
    return _changed(name, db, {"request": dict(request)}, only_once="request", reason=reason, actor=actor)


def note_meeting(
    name: str, db: Where = None, *, on: str, mode: str, meeting: str | None = None, reason: str, actor: str | None = None
) -> Result:
    """Note the day on which the sides met on the request, and how: it stops the clock."""
    return _changed(
        name, db, {"met": {"on": day_of(on), "mode": mode, "meeting": meeting}}, only_once="met", reason=reason, actor=actor
    )


def close_incident(name: str, db: Where = None, *, on: str, reason: str, actor: str | None = None) -> Result:
    """Close an incident on a day; the reason is kept with it."""
    return _changed(name, db, {"closed": {"on": on, "reason": reason}}, only_once="closed", reason=reason, actor=actor)


def _changed(name: str, db: Where, fields: Mapping[str, Any], *, only_once: str, reason: str, actor: str | None) -> Result:
    """The incident with more fields, kept; a field that is filled already stays as it is."""
    from orepact.pact.incidents.incident import Incident

    with opened(db) as store:
        before, version = store.get(Incident.kind, name)
        if getattr(before, only_once) is not None:
            mend = f"change the record itself, with the reason: {deed('pact.put_record', kind=Incident.kind, name=name)}"
            raise BadInput([Problem(f"incident {name}, {only_once}", "an incident without one", "one that has it", mend)])
        incident: Incident = made(Incident, {**before.content(), **fields})
        kept = keep(store, [incident], {(Incident.kind, name): version}, actor=actor, reason=reason)
    return _after(db, incident, kept, f"{name}: {only_once} is on record")


def _after(db: Where, incident: Incident, kept: Kept, title: str) -> Result:
    """How far it has come on the last day that it speaks of."""
    day = _last_day(incident)
    found = show_incident(incident.id, db, on=day.isoformat() if day else None)
    reads = isinstance(db, Desk) and db.reader is not None  # the number of an entry tells a reader how many there are
    title = title if reads else f"{title} (entry {kept.seq} of the audit log)"
    return Result(found.data, {**found.meta, "title": title}, shown=found.shown)


def _last_day(incident: Incident) -> date | None:
    from orepact.pact.dates.days import Span

    days = [incident.event.known_from] if incident.event else []
    days += [incident.alert.on] if incident.alert else []
    days += [incident.received_on] if incident.received_on else []
    days += [incident.met.on] if incident.met else []
    days += [Span.of(incident.closed.on).last] if incident.closed else []
    return max(days, default=None)


def show_incident(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """How far an incident has come on a day, step by step, with the clock of the meeting, and the account in ``meta``.

    ``data``: ``step, state, day, due, words, records``. What happened after the day is not in it.
    """
    from orepact.pact.incidents.incident import Incident
    from orepact.pact.incidents.progress import progress

    day = day_of(on)
    with asked(db) as (store, register):
        incident = register.get(Incident, name)
        found = progress(incident, register, day)
        meta = _meta(store, incident, register, found)
    rows = [(step.name, step.state, _iso(step.day), _iso(step.due), step.words, list(step.records)) for step in found.steps]
    return Result(pd.DataFrame(rows, columns=list(STEP_COLUMNS)), meta)


def _meta(store: Store, incident: Incident, register: Register, found: Progress) -> dict[str, Any]:
    from orepact.pact.incidents.accounts import account

    told = account(incident, register, found.on)
    clock = found.meeting
    return {
        "title": f"{'Drill: ' if found.drill else ''}{incident.title}, on {found.on}: {found.stage}",
        "stage": found.stage,
        "drill": found.drill,
        "meeting": {"state": clock.state, "last_day": _iso(clock.last), "days_left": clock.left, "held": _iso(clock.done)},
        "days_after_request": {lapse.step: lapse.days for lapse in told.lapses},
        "choices": [
            {"decision": one.decision, "option": one.option, "net_saving_usd": one.net_saving_usd, "best": one.best}
            for one in told.choices
        ],
        "deliveries": [
            {"delivery": one.delivery, "what": one.what, "promised": one.promised, "unit": one.unit, "state": one.standing.state,
             "delivered": one.standing.delivered, "days_late": one.standing.days_late}
            for one in told.arrived
        ],
        "lessons": [lesson.text for lesson in told.lessons],
        "manifest": manifest_of(store, found.on),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
