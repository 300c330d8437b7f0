"""Use case: list records of a kind by state, owner, instrument, due date and words, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import Where, hidden_from, manifest_of, opened
from orepact.service.pact.standing import COMMITMENT, Lines, Place, Wanted, page_on, stands
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.pact.records.register import Key
    from orepact.store.listing import Filter, Line
    from orepact.store.store import Store

#: States, as written down, of what is still to be done: with a due date in the past it is overdue.
OPEN = ("open", "planned", "promised", "alert", "drill, open", "drill, alert")
COLUMNS = (
    "kind", "id", "title", "state", "owner", "instrument", "article", "due", "overdue", "overdue_days", "label", "version",
    "changed_at", "changed_by",
)  # fmt: skip
#: Records that not everybody may know of: lists ask each of them.
GUARDED = "engagement"
#: Entries of lists, each of which tells the decision that made it.
CODE = "code"
#: A page holds so many records at most.
MOST = 10_000
MORE = f"this is one page, and more follow: {field('after')} with its mark begins the next"
WRITTEN = "states are as written down now; what a day makes of them is told where each is asked for by itself"


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
    limit: int | None = 100,
    after: str | None = None,
    on: str | None = None,
    organisations: Sequence[str] = (),
) -> Result:
    """A page of the records of some kinds (all that are left, with ``limit`` None). ``overdue``: what was due before the day and
    is not settled.

    ``overdue_days``: days since the due date; of a commitment that was done late, until it was done. Commitments on a past day
    are told as they stood on it, other kinds as they are written down now, which a warning says.

    Lists of codes have a column ``decision``: the one that made the entry.

    ``meta["after"]`` is the mark with which the next page begins, and a warning says that there is one. Records that a
    Nation hides are shown to those who ask for it (``organisations``) alone.
    Raises ``BadInput`` for an unknown order, mark or date, ``NotFound`` for an unknown kind.
    """
    from orepact.pact.records.kinds import kind_of
    from orepact.store import Filter

    for kind in kinds:
        kind_of(kind)
    day = day_of(on)
    if limit is not None and not 1 <= limit <= MOST:
        raise BadInput([Problem("limit", f"a number from 1 to {MOST}", str(limit), "ask for fewer, page by page")])
    asked = Filter(kinds=tuple(kinds), owner=owner, instrument=instrument, article=article, search=search)
    wanted, place = Wanted(day, tuple(states), _last_due(due_before), overdue), Place(order, after, limit or MOST)
    today = day_of(None)
    stood = day < today and tuple(kinds) == (COMMITMENT,)
    with opened(db) as store:
        hidden = hidden_from(store, organisations, day) if GUARDED in kinds else frozenset()

        def page(place: Place) -> tuple[Lines, str | None]:
            return page_on(store, asked, wanted, place) if stood else _written(store, asked, wanted, place, hidden)

        lines, mark = _pages(page, place, every=limit is None)
        rows = [_row(*line, day) for line in lines]
        rows = _decided(store, rows) if CODE in kinds else rows
        manifest = manifest_of(store, day)
    warnings = ([] if stood or day == today else [WRITTEN]) + ([MORE] if mark else [])
    meta = _told(kinds, len(rows), mark) | {"manifest": manifest, "warnings": warnings}
    return Result(Rows((*COLUMNS, *(["decision"] if CODE in kinds else [])), rows), meta, shown=_narrow)


def search_records(
    words: str, db: Where = None, *, kinds: Sequence[str] = (), order: str = "id", limit: int = 100, after: str | None = None
) -> Result:
    """A page of the records whose texts hold each of these words, in any language, of some kinds or of all."""
    from orepact.pact.records.kinds import kinds as every

    found = list_records([*kinds] or sorted(every()), db, search=words, order=order, limit=limit, after=after)
    return replace(found, meta={**found.meta, "title": f"{len(found.told())} on this page with {words!r}"})


def count_records(
    by: Sequence[str],
    db: Where = None,
    *,
    kinds: Sequence[str] = (),
    states: Sequence[str] = (),
    owner: str = "",
    instrument: str = "",
    article: str = "",
    on: str | None = None,
) -> Result:
    """How many records fall together by ``kind, instrument, article, owner, state, label``; of several articles once in each.

    ``data``: the columns asked for, ``number, past_due, next_due`` to the day. Raises ``BadInput`` for another column.
    """
    from orepact.store import Filter

    day = day_of(on)
    asked = Filter(kinds=tuple(kinds), states=tuple(states), owner=owner, instrument=instrument, article=article)
    with opened(db) as store:
        found = store.counts(list(dict.fromkeys(by)), day, asked)
        manifest = manifest_of(store, day)
    columns = [*dict.fromkeys(by), "number", "past_due", "next_due"]
    rows = [(*one.group, one.number, one.past_due, one.next_due.isoformat() if one.next_due else None) for one in found]
    meta = {"title": f"{sum(one.number for one in found)} records by {', '.join(by)} on {day}", "manifest": manifest}
    return Result(Rows(columns, rows), {**meta, "units": {"number": "record", "past_due": "record"}})


def _pages(page: Callable[[Place], tuple[Lines, str | None]], place: Place, *, every: bool) -> tuple[Lines, str | None]:
    """The lines of a page, or of every page from it on, and the mark of the next."""
    lines, mark = page(place)
    while every and mark is not None:
        more, mark = page(replace(place, after=mark))
        lines += more
    return lines, mark


def _told(kinds: Sequence[str], rows: int, mark: str | None) -> dict[str, Any]:
    number = f"{rows} on this page" if mark else str(rows) if rows else "none on record that fits"
    meta = {"title": f"{', '.join(kinds)}: {number}", "units": {"overdue_days": "day"}}
    return meta | ({"after": mark} if mark else {})


def _decided(store: Store, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines, each code with the decision that made it; "" for what came with the package, and for other kinds."""
    from orepact.pact.records.codes import Code

    of_codes = any(row["kind"] == CODE for row in rows)
    made = {code.id: code.decision or "" for code in store.register([CODE]).all(Code)} if of_codes else {}
    return [{**row, "decision": made.get(row["id"], "") if row["kind"] == CODE else ""} for row in rows]


def _last_due(before: str | None) -> date | None:
    """The last day of what is due before a day."""
    return day_of(before) - timedelta(days=1) if before is not None else None


def _row(line: Line, days: int, on: date) -> dict[str, Any]:
    """A line as cells, with the days by which it is or was late."""
    own = {"overdue": line.state in OPEN and line.due is not None and line.due < on, "overdue_days": days}
    cells = {name: own.get(name, getattr(line, name, "")) for name in COLUMNS}
    return {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in cells.items()}


def _written(store: Store, asked: Filter, wanted: Wanted, place: Place, hidden: frozenset[Key]) -> tuple[Lines, str | None]:
    """Lines as they are written down, with the days by which each is late on the day, or was until it was done."""
    states, due_to = tuple(wanted.states), wanted.due_to
    if wanted.overdue:
        states = tuple(state for state in states or OPEN if state in OPEN) or ("none of these is open",)
        due_to = min(due_to or date.max, wanted.on - timedelta(days=1))
    lines, mark = _page(store, replace(asked, states=states, due_to=due_to), place, hidden)
    done = stands(store, [line for line in lines if line.kind == COMMITMENT and line.state == "done" and line.due], wanted.on)
    return [(line, done[line.id].overdue_days if line.id in done else _late(line, wanted.on)) for line in lines], mark


def _late(line: Line, on: date) -> int:
    """Days since the due date of what is not settled."""
    return max(0, (on - line.due).days) if line.due is not None and line.state in OPEN else 0


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
    names = ["id", "title", "state", "owner", "article", "due", "overdue", "overdue_days", "decision", "version"]
    names = [name for name in names if name in data]
    if len(set(data["kind"])) > 1:
        names.insert(0, "kind")
    return data[[name for name in names if name in {"id", "title"} or data[name].astype(bool).any()]]
