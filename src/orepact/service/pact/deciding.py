"""Use cases of decisions: ask the sides, turn a key, carry out what is approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.pact.closeness import sharing_like
from orepact.service.pact.desk import asked, keep, made, manifest_of, moment_of
from orepact.service.pact.forms import read_form
from orepact.service.result import Result
from orepact.service.rules import day_of
from orepact.wording import deed

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.decisions.decision import Decision
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

KEYS = ("side", "holders", "organisation", "person", "verdict", "reason", "given_at")


def ask_for_aid(
    incident: str, option: str, db: Where = None, *, name: str, by: str, reason: str, at: str | None = None,
    expires_on: str | None = None, supersedes: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Ask the sides to take an option of the last assessment of an incident (``none``: to give no aid); who may know of the
    incident may know of it.

    Raises ``BadInput`` for one that was closed before; a warning says when no party has asked for help.
    """
    from orepact.pact.incidents.incident import Incident
    from orepact.service.pact.assessing import list_options, unusual

    ranked = list_options(incident, db)
    assessment = str(ranked.meta["assessment"])
    called = dict(zip(ranked.data["option"], ranked.data["title"], strict=True))
    with asked(db) as (_, register):
        matter = register.get(Incident, incident)
    title = f"{called.get(option, 'No aid' if option == 'none' else option)}: {matter.title}"
    subject = {"what": "aid", "incident": incident, "assessment": assessment, "option": option, "text": reason}
    fields = {"id": name, "title": title, "subject": subject, "asked_by": by, **sharing_like(matter, by)}
    found = _ask(fields, db, reason=reason, at=at, expires_on=expires_on, supersedes=supersedes, actor=actor)
    return replace(found, meta={**found.meta, "warnings": [*unusual(matter), *found.warnings]})


def ask_for(
    source: Path, db: Where = None, *, reason: str, at: str | None = None, expires_on: str | None = None,
    supersedes: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Ask the sides for anything else, as a YAML file says: ``id, title, instrument, asked_by, subject`` (code, amendment)."""
    fields = read_form(source)
    return _ask(fields, db, reason=reason, at=at, expires_on=expires_on, supersedes=supersedes, actor=actor)


def ask_for_values(
    name: str, db: Where = None, *, title: str, subject: Mapping[str, Any], by: str, reason: str, instrument: str | None = None,
    at: str | None = None, expires_on: str | None = None, supersedes: str | None = None, actor: str | None = None,
    label: str = "", readers: Sequence[Any] = (),
) -> Result:  # fmt: skip
    """The same with values: ``subject`` as a decision holds it (``what``: code, amendment, ...), ``by`` the organisation;
    ``label``: who may know of it, all unless said otherwise; ``readers``: who else may.
    """
    fields: dict[str, Any] = {"id": name, "title": title, "asked_by": by, "subject": dict(subject)}
    fields |= {"instrument": instrument} if instrument else {}
    fields |= {"label": label} if label else {}
    fields |= {"readers": [*readers]} if readers else {}
    return _ask(fields, db, reason=reason, at=at, expires_on=expires_on, supersedes=supersedes, actor=actor)


def _ask(
    fields: Mapping[str, Any], db: Where, *, reason: str, at: str | None, expires_on: str | None, supersedes: str | None,
    actor: str | None,
) -> Result:  # fmt: skip
    from orepact.pact.decisions.asking import asked as asked_for

    given: dict[str, Any] = {**fields}
    given |= {"asked_at": moment_of(at)} if at is not None or "asked_at" not in fields else {}
    given |= {"expires_on": day_of(expires_on)} if expires_on else {}
    given |= {"supersedes": supersedes} if supersedes else {}
    with asked(db) as (store, register):
        decision = asked_for(register, **given)
        keep(store, [decision], {}, actor=actor, reason=reason)
    return show_decision(decision.id, db, on=decision.day_of(decision.asked_at).isoformat())


def turn_key(
    name: str, db: Where = None, *, side: str, organisation: str, person: str, verdict: str, reason: str,
    at: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Turn the key of a side: ``approve`` or ``decline``, with the reason, by a person of a holder of that key.

    Raises ``BadInput`` with everything that is wrong with the key, ``Conflict`` when another one was turned meanwhile.
    """
    from orepact.pact.decisions.decision import Decision, Key
    from orepact.pact.decisions.keys import turned

    fields = {"side": side, "organisation": organisation, "person": person, "verdict": verdict, "reason": reason}
    key = made(Key, {**fields, "given_at": moment_of(at)})
    with asked(db) as (store, register):
        before, version = store.get(Decision.kind, name)
        decision = turned(register.get(Decision, before.id), key, register)
        keep(store, [decision], {(Decision.kind, name): version}, actor=actor, reason=reason)
    return show_decision(name, db, on=decision.day_of(key.given_at).isoformat())


def carry_out(name: str, db: Where = None, *, reason: str, on: str | None = None, actor: str | None = None) -> Result:
    """Do what an approved decision is about: add the code to its list, or put the approvals on the amendment.

    Raises ``BadInput`` when the decision is not in force on the day, or is about what people carry out themselves.
    """
    from orepact.pact.decisions.decision import Decision

    day = day_of(on)
    with asked(db) as (store, register):
        decision = register.get(Decision, name)
        record = _outcome(decision, register, day)
        key = (record.kind, record.id)
        versions = {key: store.get(*key)[1]} if key in register else {}
        kept = keep(store, [record], versions, actor=actor, reason=reason)
        manifest = manifest_of(store, day)
    data = pd.DataFrame([{"kind": record.kind, "id": record.id, "title": record.title, "written": bool(kept.versions)}])
    return Result(data, {"title": f"{name} is carried out", "manifest": manifest})


def _outcome(decision: Decision, register: Register, day: date) -> Record:
    from orepact.pact.decisions.proposals import apply, carried

    what = decision.subject.what
    if what == "code":
        return apply(decision, register, day)
    if what == "amendment":
        return carried(decision, register, day)
    mend = f"promise deliveries with {deed('pact.promise_delivery')}" if what == "aid" else "record what was done"
    raise BadInput([Problem(f"decision {decision.id}, subject", "a code or an amendment", what, mend)])


def show_decision(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """How a decision stands on a day: a row for each key, turned or not.

    ``meta``: until when keys may be turned, which decision it takes the place of, which took its place, what carried it out.
    """
    from orepact.pact.decisions.decision import Decision, successors

    day = day_of(on)
    with asked(db) as (store, register):
        decision = register.get(Decision, name)
        outcome = decision.outcome_on(day)
        later = [(one.id, one.outcome_on(day).state) for one in successors(decision, register, day)]
        done = [*_carried_out(store, decision)] if outcome.state == "approved" else []
        manifest = manifest_of(store, day)
    rows = []
    for holder in decision.holders:
        turned = [key for key in decision.keys if key.side == holder.side and decision.day_of(key.given_at) <= day]
        own = {"side": holder.side, "holders": list(holder.organisations)}
        rows += [{**own, **key.model_dump(mode="json")} for key in turned] or [{**own, "verdict": "not turned"}]
    meta = {
        "title": f"{decision.title} ({name}), on {day}: {outcome.state}",
        "state": outcome.state,
        "because": outcome.because,
        "settled": outcome.day.isoformat() if outcome.day else None,
        "missing": list(outcome.missing),
        "quorum": decision.quorum,
        "expires_on": decision.expires_on.isoformat() if decision.expires_on else None,
        "supersedes": decision.supersedes,
        "superseded_by": [f"{one} ({state})" for one, state in later],
        "carried_out": done,
        "manifest": manifest,
    }
    data = pd.DataFrame([{name: row.get(name, "") for name in KEYS} for row in rows], columns=list(KEYS))
    return Result(data, meta)


def _carried_out(store: Store, decision: Decision) -> Iterator[str]:
    """What an approved decision brought about, each with the day on which the register was told."""
    from orepact.pact.decisions.decision import Amending, NewCode
    from orepact.pact.decisions.proposals import carries

    subject = decision.subject
    if isinstance(subject, NewCode):
        kind, name = "code", subject.code.id
    elif isinstance(subject, Amending):
        kind, name = "amendment", subject.amendment
    else:
        return
    try:
        changes = store.history(kind, name)
    except NotFound:
        return
    for change in changes:
        if carries(change.item, decision):
            moment = change.at
            yield f"{kind} {name}, written on {moment[:10]}"
            return
