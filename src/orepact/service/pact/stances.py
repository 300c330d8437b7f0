"""Use cases of standards and of measures by third states: who says what on a day, and which shocks a measure feeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

SIDES = ("CAN", "JPN", "KOR")
STANDARDS = ("standard", "title", "topic", "side", "stance", "since", "text", "confidence")
MEASURES = ("measure", "title", "country", "kind", "state", "since", "until", "known_next", "commodities", "events", "confidence")
SILENCE = "silence of a side is neither agreement nor difference"
BRANCHES = "what comes after the last dated state is not known: each event plays one branch"


def list_positions(
    standards: Sequence[str] = (), db: Where = None, *, sides: Sequence[str] = (), on: str | None = None
) -> Result:
    """The last stance of each side on each standard by a day; ``meta["differ"]``: where two of them are not the same.

    ``meta["upcoming"]``: milestones not reached yet, those that were missed marked.
    """
    from orepact.pact.projects.standards import Standard, alignment, stances, upcoming

    day, asked_for = day_of(on), tuple(sides) or SIDES
    with asked(db) as (store, register):
        chosen = [register.get(Standard, name) for name in dict.fromkeys(standards)] or register.all(Standard)
        manifest = manifest_of(store, day)
    rows: list[dict[str, Any]] = []
    for one in sorted(chosen, key=lambda one: one.id):
        said = stances(one, day)
        for side in asked_for:
            stance = said.get(side)
            own = {"standard": one.id, "title": one.title, "topic": one.topic, "side": side}
            told = (
                {"stance": stance.stance, "since": stance.date, "text": stance.text, "confidence": stance.confidence}
                if stance
                else {}
            )
            rows.append({**own, "stance": "not stated", **told})
    found = [alignment(one, asked_for, day) for one in chosen]
    data = table(rows, STANDARDS)
    meta = {
        "title": titled(len(chosen), "standard", "standards", f"as of {day}, with {', '.join(asked_for)}"),
        "differ": [one.standard for one in found if one.differ],
        "gaps": {one.id: one.gap for one in chosen if one.gap},
        "upcoming": [
            {"standard": each.standard, "title": each.title, "planned_for": each.planned_for, "missed": each.missed}
            for one in chosen
            for each in upcoming(one, day)
        ],
        "manifest": manifest,
        "warnings": [SILENCE] if rows else [],
    }
    return Result(data, meta, shown=lambda data: data.drop(columns=["title"]))


def list_third_states(
    db: Where = None, *, on: str | None = None, country: str = "", commodity: str = "", within: int = 90
) -> Result:
    """Measures of third states as they stand on a day, with the events of the shock engine that play them.

    ``meta["running_out"]``: states that end within so many days with nothing known after them; ``meta["scenarios"]``: events to
    play, with the measures behind each. Raises ``BadInput`` for a number of days below 0.
    """
    from orepact.pact.projects.third_states import Measure, running_out, scenarios, stands

    if within < 0:
        raise BadInput([Problem("within", "0 days or more", str(within), "ask about days to come")])
    day = day_of(on)
    with asked(db) as (store, register):
        chosen = [
            one
            for one in sorted(register.all(Measure), key=lambda one: one.id)
            if country in ("", one.country) and (not commodity or commodity in one.commodities)
        ]
        manifest = manifest_of(store, day)
    rows = []
    for one in chosen:
        stand = stands(one, day)
        rows.append({
            "measure": one.id, "title": one.title, "country": one.country, "kind": one.measure_kind, "state": stand.state,
            "since": stand.since, "until": stand.until, "known_next": stand.known_next, "commodities": list(one.commodities),
            "events": list(one.events), "confidence": one.confidence,
        })  # fmt: skip
    ending = [
        {"measure": one.measure, "state": one.state, "until": one.until, "days": one.days, "events": list(one.events)}
        for one in running_out(chosen, day, within)
    ]
    data = table(rows, MEASURES)
    meta = {
        "title": titled(len(rows), "measure", "measures", f"of third states as known on {day}"),
        "running_out": ending,
        "scenarios": {event: ", ".join(names) for event, names in scenarios(chosen, day).items()},
        "manifest": manifest,
        "units": {"days": "day"},
        "warnings": [BRANCHES] if ending else [],
    }
    return Result(data, meta, shown=lambda data: data.drop(columns=["title", "commodities", "confidence"]))
