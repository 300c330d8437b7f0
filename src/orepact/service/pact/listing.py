"""Use case: list records of a kind by state, owner, instrument, due date and words, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import Where, hidden_from, manifest_of, opened
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.pact.records.register import Key
    from orepact.store.listing import Filter, Line
    from orepact.store.store import Store

#: States, as written down, of what is still to be done: with a due date in the past it is overdue.
OPEN = ("open", "planned", "promised", "alert", "drill, open", "drill, alert")
COLUMNS = (
    "kind", "id", "title", "state", "owner", "instrument", "article", "due", "overdue", "label", "version", "changed_at",
    "changed_by",
)  # fmt: skip
#: Records that not everybody may know of: lists ask each of them.
GUARDED = "engagement"
WRITTEN = "states are as written down now; what a day makes of them is told by `orepact pact show` and the commands of their own"


def list_records(
    kinds: Sequence[str],
    db: Where = None,
    *,
    states: Sequence[str] = (),
    owner: str = "",
    instrument: str = "",
    article: str = "",
    due_before: str | None = None,
    overdue: bool = False,
    search: str = "",
    order: str = "id",
    limit: int = 100,
    after: str | None = None,
    on: str | None = None,
    organisations: Sequence[str] = (),
) -> Result:
    """A page of the records of some kinds. ``overdue``: what was due before the day and is not settled.

    ``meta["after"]`` is the mark with which the next page begins. Records that a Nation hides are shown to those who ask for it
    (``organisations``) alone. Raises ``BadInput`` for an unknown order, mark or date, ``NotFound`` for an unknown kind.
    """
    from orepact.pact.records.kinds import kind_of
    from orepact.store import Filter

    for kind in kinds:
        kind_of(kind)
    day = day_of(on)
    if not 1 <= limit <= 10_000:
        raise BadInput([Problem("limit", "a number from 1 to 10000", str(limit), "ask for fewer, page by page")])
    wanted = Filter(
        kinds=tuple(kinds), states=_states(states, overdue=overdue), owner=owner, instrument=instrument, article=article,
        due_to=_last_due(due_before, day, overdue=overdue), search=search,
    )  # fmt: skip
    with opened(db) as store:
        hidden = hidden_from(store, organisations, day) if GUARDED in kinds else frozenset()
        lines, mark = _page(store, wanted, Place(order, after, limit), hidden)
        manifest = manifest_of(store, day)
    rows = [{name: _cell(line, name, day) for name in COLUMNS} for line in lines]
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    number = f"{len(rows)} on this page" if mark else str(len(rows)) if rows else "none on record that fits"
    meta: dict[str, Any] = {
        "title": f"{', '.join(kinds)}: {number}",
        "manifest": manifest,
    }
    meta |= {"after": mark} if mark else {}
    meta["warnings"] = [WRITTEN] if on is not None and day != date.today() else []  # noqa: DTZ011  a person's own today
    return Result(data, meta, shown=_narrow(data))


def _states(states: Sequence[str], *, overdue: bool) -> tuple[str, ...]:
    if not overdue:
        return tuple(states)
    return tuple(state for state in states or OPEN if state in OPEN) or ("none of these is open",)


def _last_due(before: str | None, day: date, *, overdue: bool) -> date | None:
    days = [day_of(before)] if before is not None else []
    days += [day] if overdue else []
    return min(days) - timedelta(days=1) if days else None


def _cell(line: Any, name: str, day: date) -> Any:
    if name == "overdue":
        return line.due is not None and line.due < day and line.state in OPEN
    value = getattr(line, name)
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: its order, the mark after which to begin, how many lines at most."""

    order: str
    after: str | None
    limit: int


def _page(store: Store, wanted: Filter, place: Place, hidden: frozenset[Key]) -> tuple[list[Line], str | None]:
    """Lines that who asks may see, and the mark of the next page: what is hidden takes no place and is named by no mark."""
    lines: list[Line] = []
    mark = place.after
    while True:
        page = store.list(wanted, order=place.order, after=mark, limit=place.limit - len(lines))
        lines += [line for line in page.lines if (line.kind, line.id) not in hidden]
        mark = page.after
        if mark is None or len(lines) == place.limit:
            break
    if mark is not None and hidden:
        ahead = store.list(wanted, order=place.order, after=mark, limit=len(hidden) + 1).lines
        mark = mark if any((line.kind, line.id) not in hidden for line in ahead) else None
    return lines, mark


def _narrow(data: pd.DataFrame) -> pd.DataFrame:
    """For a screen: no column that says the same in each row, or nothing."""
    names = ["id", "title", "state", "owner", "article", "due", "overdue", "version"]
    if len(set(data["kind"])) > 1:
        names.insert(0, "kind")
    return data[[name for name in names if name in {"id", "title"} or data[name].astype(bool).any()]]
