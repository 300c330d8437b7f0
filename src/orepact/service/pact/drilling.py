"""Use cases of an exercise: start it, note what the players did, end it, read the after-action report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.changing import add_to
from orepact.service.pact.desk import asked, keep, made, manifest_of, moment_of, opened
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.pact.incidents.drills import AfterAction, Answered, Drill, Inject
    from orepact.service.pact.desk import Where

COLUMNS = ("inject", "told_at", "due_at", "state", "hours", "of", "silent", "done", "expected", "text", "at_hours")


def show_drill(name: str, db: Where = None, *, at: str | None = None) -> Result:
    """The script of an exercise as it stands at a moment, which is the after-action report once it is over.

    ``data``: ``inject, told_at, due_at, state, hours, of, silent, done, expected, text, at_hours``. ``of``: those of whom
    something is expected; ``done``: who did what after how many hours; ``meta``: gaps and findings, and in warnings what others
    did. Who does not conduct it is told of an inject once its hour has come. ``next_at``: when the next comes, as he knows.
    """
    from orepact.pact.incidents.drills import Drill, after_action
    from orepact.pact.records.scripted import conducts

    with asked(db) as (store, register):
        drill = register.get(Drill, name)
        manifest, whole = manifest_of(store), conducts(drill, store.reader)
    moment = moment_of(at)
    report = after_action(drill, moment)
    coming = drill.next_hour(moment) if whole else drill.next_announced(moment)
    rows = [_row(one, inject) for one, inject in zip(report.answered, drill.injects, strict=True)]
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    over = drill.ended_at is not None and drill.ended_at <= moment
    meta = {
        "title": f"{drill.title} ({name}) {'as it ended at' if over else 'at'} {_iso(report.at)}",
        "started_at": _iso(drill.started_at),
        "ended_at": _iso(drill.ended_at),
        "next_at": _iso(coming),
        "conducting": whole,
        "gaps": [one.inject for one in report.gaps],
        "findings": [finding.text for finding in report.findings],
        "manifest": manifest,
        "units": {"hours": "hour", "at_hours": "hour"},
        "warnings": [*_by_others(report, drill)],
    }
    shown = data[["inject", "told_at", "due_at", "state", "hours", "silent", "done", "text"]]
    return Result(data, meta, shown=shown.assign(done=["; ".join(map(_told, cell)) for cell in data["done"]]))


def _row(one: Answered, inject: Inject) -> tuple[Any, ...]:
    done = [
        {"by": each.by, "at": _iso(each.at), "hours": (each.at - one.told_at).total_seconds() / 3600, "text": each.text}
        for each in one.actions
        if one.told_at is not None
    ]
    moments = (_iso(one.told_at), _iso(one.due_at))
    answered = (one.state, one.hours, list(inject.of), list(one.silent), done)
    return one.inject, *moments, *answered, one.expected, inject.text, inject.at_hours


def _told(action: Mapping[str, Any]) -> str:
    """An action for a narrow column.

    >>> _told({"by": "meti", "hours": 2.25, "text": "Acknowledged it"})
    'meti after 2.2 h: Acknowledged it'
    """
    return f"{action['by']} after {action['hours']:.1f} h: {action['text']}"


def _by_others(report: AfterAction, drill: Drill) -> Iterator[str]:
    """What players did on injects that are for others."""
    for one, inject in zip(report.answered, drill.injects, strict=True):
        others = dict.fromkeys(each.by for each in one.actions if each.by not in inject.of)
        if inject.of and others:
            yield f"{inject.id} is for {', '.join(inject.of)}: what {', '.join(others)} did is kept, and answers nothing"


def start_drill(name: str, db: Where = None, *, reason: str, at: str | None = None, actor: str | None = None) -> Result:
    """Start an exercise that was not played yet; without ``at`` at the begin of this minute, by which readers are told."""
    began = at or moment_of(None).replace(second=0).isoformat()
    return _moved(name, "started_at", db, reason=reason, at=began, actor=actor)


def end_drill(name: str, db: Where = None, *, reason: str, at: str | None = None, actor: str | None = None) -> Result:
    """End an exercise; a warning names the injects whose hour had not come."""
    from orepact.pact.incidents.drills import Drill

    found = _moved(name, "ended_at", db, reason=reason, at=at, actor=actor)
    with asked(db) as (_, register):
        drill = register.get(Drill, name)
    if not drill.not_told:
        return found
    told = f"{len(drill.not_told)} of {len(drill.injects)} injects are not told: {', '.join(drill.not_told)}"
    return replace(found, meta={**found.meta, "warnings": [*found.warnings, told]})


def _moved(name: str, field: str, db: Where, *, reason: str, at: str | None, actor: str | None) -> Result:
    from orepact.pact.incidents.drills import Drill

    moment = moment_of(at)
    with opened(db) as store:
        before, version = store.get(Drill.kind, name)
        if getattr(before, field) is not None:
            found = f"{_iso(getattr(before, field))}"
            raise BadInput([Problem(f"drill {name}, {field}", "nothing yet", found, "write the script anew under another id")])
        drill: Any = made(Drill, {**before.content(), field: moment})
        keep(store, [drill], {(Drill.kind, name): version}, actor=actor, reason=reason)
    return show_drill(name, db, at=moment.isoformat())


def act_in_drill(
    name: str, db: Where = None, *, inject: str, by: str, text: str, at: str | None = None, actor: str | None = None
) -> Result:
    """Note what a player did on an inject; a warning says when the inject is for others."""
    from orepact.pact.incidents.drills import Drill

    moment = moment_of(at)
    action = {"inject": inject, "at": moment, "by": by, "text": text}
    add_to(Drill, name, "actions", action, db, reason=f"{by} on {inject}: {text}", actor=actor)
    return show_drill(name, db, at=moment.isoformat())


def find_in_drill(name: str, db: Where = None, *, text: str, reason: str, actor: str | None = None) -> Result:
    """Note a lesson of the exercise."""
    from orepact.pact.incidents.drills import Drill

    return add_to(Drill, name, "findings", {"text": text}, db, reason=reason, actor=actor)


def _iso(moment: datetime | None) -> str | None:
    from orepact.pact.dates.moments import iso

    return iso(moment) if moment else None
