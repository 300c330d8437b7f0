"""The tower as tables: rows of plain values with sentences said in a language, for commands, programs and the twins of a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.report.voice import Voice
from orepact.service.result import Result, Rows
from orepact.service.view.said import Said
from orepact.service.view.tower import USUAL_DAYS, Tower, tower

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger
    from orepact.service.pact.desk import Where
    from orepact.service.view.tower_alarms import Ringing
    from orepact.service.view.tower_grid import Cell, Figure, Trend

#: Columns of a figure, after which come those of its trend.
FIGURE = ("measure", "about", "value", "unit", "year", "sources", "confidence")
TREND = ("trend", "share", "share_before", "before_year")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "grid": ("stage", "element", "light", "reason", *FIGURE, *TREND, "goods"),
    "alarms": ("alarm", "light", "level", "stage", "elements", "goods", "reason", "next_step", "who", *FIGURE, *TREND),
    "steps": ("alarm", "sort", "kind", "id", "said", "who", "due"),
    "commitments": (
        "id", "title", "owner", "owner_name", "instrument", "articles", "due", "overdue_days", "shown", "confidence",
    ),
    "meetings": (
        "body", "title", "instrument", "due", "overdue", "planned", "last", "rule", "side", "chair", "chair_name", "certain",
        "because", "confidence",
    ),
    "incidents": ("id", "title", "instrument", "stage", "drill", "last_day", "commodity", "place"),
    "changes": ("sort", "kind", "id", "when", "said", "own"),
    "sites": (
        "site", "project", "name", "place", "town", "stage", "makes", "capacity", "unit", "status", "since", "light", "reason",
        "late_months", "slip_months", "planned_for", "source",
    ),
    "contracts": ("id", "title", "kind", "side", "sellers", "buyers", "commodity", "quantity", "unit", "status", "since"),
    "owners": ("holder", "name", "country", "share", "path", "confidence"),
}  # fmt: skip
UNITS = {
    "share": "1", "share_before": "1", "overdue_days": "day", "late_months": "month", "slip_months": "month",
}  # fmt: skip


def tables(found: Tower, voice: Voice) -> dict[str, list[dict[str, Any]]]:
    """Every table of a tower by its name in ``COLUMNS``, sentences and names in a language."""
    rest = {
        "commitments": found.duties, "meetings": found.meetings, "incidents": found.incidents, "changes": found.changes,
        "sites": found.sites, "contracts": found.contracts, "owners": found.owners, "steps": found.steps,
    }  # fmt: skip
    told = {
        "grid": [_cell(cell, voice) for cell in found.grid],
        "alarms": [_alarm(found, alarm, voice) for alarm in found.alarms],
        **{name: [_plain(row, voice) for row in rows] for name, rows in rest.items()},
    }
    return {name: told[name] for name in COLUMNS}


def _cell(cell: Cell, voice: Voice) -> dict[str, Any]:
    own = {"stage": cell.stage, "element": cell.element, "light": cell.light, "reason": cell.reason.in_voice(voice)}
    return {**own, **_figure(cell.figure), **_trend(cell.trend), "goods": list(cell.goods)}


def _alarm(found: Tower, alarm: Ringing, voice: Voice) -> dict[str, Any]:
    first = next(iter(found.steps_of(alarm)), None)
    told = first.said.in_voice(voice) if first else ""
    return {
        "alarm": alarm.id, "light": alarm.light, "level": alarm.level, "stage": alarm.stage, "elements": list(alarm.elements),
        "goods": list(alarm.goods), "reason": alarm.reason.in_voice(voice), "next_step": told,
        "who": list(first.who) if first else [], **_figure(alarm.figure), **_trend(alarm.trend),
    }  # fmt: skip


def _figure(found: Figure | None) -> dict[str, Any]:
    if found is None:
        return {**dict.fromkeys(FIGURE, ""), "value": None, "year": None, "sources": []}
    told = {name: getattr(found, name) for name in FIGURE}
    return {**told, "value": _number(found.value), "sources": list(found.sources)}


def _trend(found: Trend) -> dict[str, Any]:
    values = (found.direction, _number(found.value), _number(found.before), found.year)
    return dict(zip(TREND, values, strict=True))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)


def _plain(row: Any, voice: Voice) -> dict[str, Any]:
    return {each.name: _value(getattr(row, each.name), voice) for each in fields(row)}


def _value(value: Any, voice: Voice) -> Any:
    if isinstance(value, Said) or hasattr(value, "in_voice"):
        return value.in_voice(voice)
    return list(value) if isinstance(value, tuple) else value


def view_tower(
    party: str,
    ledger: Ledger,
    db: Where = None,
    *,
    on: str | None = None,
    days: int = USUAL_DAYS,
    table: str = "alarms",
    language: str = "en",
) -> Result:
    """The tower of a party (see ``tower``): ``data`` is the table asked for, and the others stand beside it by name.

    ``table``: ``grid, alarms, steps, commitments, meetings, incidents, changes, sites, contracts, owners``. Raises ``NotFound``
    for another party or language, ``BadInput`` for another table.
    """
    if table not in COLUMNS:
        raise BadInput([Problem("table", f"one of {', '.join(COLUMNS)}", repr(table), "name one of them")])
    voice = Voice.of(language)
    found = tower(party, ledger, db, on=on, days=days)
    every = tables(found, voice)
    rows = every.pop(table)
    reds = sum(cell.light == "red" for cell in found.grid)
    title = f"{found.party.name.in_voice(voice)} on {found.on}: {table}; {reds} of {len(found.grid)} cells are red"
    meta = {
        "title": title,
        "party": found.party.id,
        "sort": found.party.sort,
        "since": found.since.isoformat(),
        "units": UNITS,
        **found.meta,
    }
    return Result(Rows(COLUMNS[table], rows), meta, top=every, shown=partial(_narrow, table))


#: What a screen shows of the wider tables.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "grid": ("stage", "element", "light", "reason", "trend"),
    "alarms": ("light", "stage", "goods", "reason", "next_step"),
    "steps": ("alarm", "sort", "id", "said", "due"),
    "commitments": ("id", "owner", "due", "overdue_days", "title"),
    "meetings": ("body", "due", "overdue", "side", "chair_name", "certain", "rule"),
    "sites": ("name", "place", "makes", "status", "light", "reason"),
    "contracts": ("title", "kind", "side", "commodity", "quantity", "unit", "status"),
}


def _narrow(table: str, data: pd.DataFrame) -> pd.DataFrame:
    return data[list(SHOWN.get(table, COLUMNS[table]))]
