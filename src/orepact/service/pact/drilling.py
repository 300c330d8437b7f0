"""Use cases of an exercise: start it, note what the players did, end it, read the after-action report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.changing import add_to
from orepact.service.pact.desk import asked, keep, made, manifest_of, moment_of, opened
from orepact.service.result import Result

COLUMNS = ("inject", "told_at", "due_at", "state", "hours", "silent", "expected", "text")


def show_drill(name: str, db: str | None = None, *, at: str | None = None) -> Result:
    """The script of an exercise as it stands at a moment, which is the after-action report once it is over.

    ``data``: ``inject, told_at, due_at, state, hours, silent, expected, text``; ``meta``: gaps and findings.
    """
    from orepact.pact.incidents.drills import Drill, after_action

    with asked(db) as (store, register):
        drill = register.get(Drill, name)
        manifest = manifest_of(store)
    moment = moment_of(at)
    report = after_action(drill, moment)
    texts = {inject.id: inject.text for inject in drill.injects}
    rows = [
        (one.inject, _iso(one.told_at), _iso(one.due_at), one.state, one.hours, list(one.silent), one.expected, texts[one.inject])
        for one in report.answered
    ]
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    meta = {
        "title": f"{drill.title} ({name}) at {_iso(moment)}",
        "started_at": _iso(drill.started_at),
        "ended_at": _iso(drill.ended_at),
        "gaps": [one.inject for one in report.gaps],
        "findings": [finding.text for finding in report.findings],
        "manifest": manifest,
        "units": {"hours": "hour"},
    }
    return Result(data, meta, shown=data[["inject", "told_at", "due_at", "state", "silent", "text"]])


def start_drill(name: str, db: str | None = None, *, reason: str, at: str | None = None, actor: str | None = None) -> Result:
    """Start an exercise that was not played yet."""
    return _moved(name, "started_at", db, reason=reason, at=at, actor=actor)


def end_drill(name: str, db: str | None = None, *, reason: str, at: str | None = None, actor: str | None = None) -> Result:
    """End an exercise."""
    return _moved(name, "ended_at", db, reason=reason, at=at, actor=actor)


def _moved(name: str, field: str, db: str | None, *, reason: str, at: str | None, actor: str | None) -> Result:
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
    name: str, db: str | None = None, *, inject: str, by: str, text: str, at: str | None = None, actor: str | None = None
) -> Result:
    """Note what a player did on an inject."""
    from orepact.pact.incidents.drills import Drill

    moment = moment_of(at)
    action = {"inject": inject, "at": moment, "by": by, "text": text}
    add_to(Drill, name, "actions", action, db, reason=f"{by} on {inject}: {text}", actor=actor)
    return show_drill(name, db, at=moment.isoformat())


def find_in_drill(name: str, db: str | None = None, *, text: str, reason: str, actor: str | None = None) -> Result:
    """Note a lesson of the exercise."""
    from orepact.pact.incidents.drills import Drill

    return add_to(Drill, name, "findings", {"text": text}, db, reason=reason, actor=actor)


def _iso(moment: datetime | None) -> str | None:
    from orepact.pact.dates.moments import iso

    return iso(moment) if moment else None
