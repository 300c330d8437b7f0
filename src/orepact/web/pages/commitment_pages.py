"""The board of commitments: what is late, due soon, due later, undated, and settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Day, Id
from orepact.service.view.agreements import word
from orepact.web.pages import calling
from orepact.web.pages.commands import command
from orepact.web.pages.page import Page
from orepact.web.pages.shown import Column, Level, Link, Shown
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.turning import Paged, most_of, turned
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orepact.web.pages.calling import Called
    from orepact.web.pages.visit import Visit

#: So many stand on the board at a time; and until when a due date is soon.
ON_BOARD, SOON = 500, timedelta(days=183)


class Owed(Paged):
    """Which commitments."""

    owner: Id | None = None
    instrument: Id | None = None
    due_before: Day | None = None


COMMITMENTS = (
    Column("commitment", sentence("Commitment")),
    Column("state", sentence("State"), how="words"),
    Column("owner", sentence("Owner")),
    Column("instrument", sentence("Instrument")),
    Column("article", sentence("Article"), how="code"),
    Column("due", sentence("Due"), how="day"),
    Column("overdue_days", sentence("Days late"), how="number"),
)
LANES = {
    "late": Level("red", sentence("late")),
    "soon": Level("amber", sentence("due within six months")),
    "later": Level("green", sentence("due later")),
    "undated": Level("none", sentence("without a date")),
    "settled": Level("green", sentence("settled")),
}


def commitments(visit: Visit) -> Shown:
    """The commitments that fit, in lanes, by the day on which they are due."""
    asked: Owed = visit.asked
    wanted = asked.model_dump(include={"owner", "instrument", "due_before"}, exclude_none=True)
    most = most_of(visit, ON_BOARD)
    found = pact.list_records(["commitment"], visit.desk, order="due", limit=most, after=asked.after, on=asked.as_of, **wanted)
    rows = rows_of(found)
    called = calling.called(visit, rows, [("commitment", row["id"]) for row in rows])
    table = table_of(
        found, "commitments", sentence("Commitments"), COMMITMENTS, empty=sentence("No commitment fits."),
        cells=lambda row: _owed(row, called),
    )  # fmt: skip
    context = {
        "lanes": _lanes(visit, rows), "called": called,
        "choices": {column: calling.choices(visit, "commitment", column) for column in calling.NAMING},
        "turn": turned(visit, len(rows), found.meta.get("after"), _counted(visit, wanted), size=ON_BOARD),
    }  # fmt: skip
    return shown_of(
        found, table, context=context, warnings=[], command=command("pact commitments", **wanted, order="due", on=asked.as_of),
        api=address("/api/v1/records", {"kind": "commitment", **wanted, "order": "due", "on": asked.as_of}),
    )  # fmt: skip


def _counted(visit: Visit, wanted: Mapping[str, Any]) -> int | None:
    """How many there are; None where only the list itself knows."""
    if visit.asked.as_of or "due_before" in wanted:
        return None
    return calling.number(visit, "commitment", **wanted)


def _owed(row: Mapping[str, Any], called: Called) -> dict[str, Any]:
    return {
        "commitment": Link(calling.name(called, "commitment", row["id"]), f"/records/commitment/{row['id']}"),
        "state": word("overdue" if row["overdue"] else row["state"]),
        "owner": calling.name(called, "organisation", row["owner"]),
        "instrument": calling.to_instrument(called, row["instrument"]),
        "article": row["article"].rpartition(":")[2] or None,
        "overdue_days": row["overdue_days"] or None,
    }


def _lanes(visit: Visit, rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, Level, list[Mapping[str, Any]]]]:
    """The lanes of the board; every commitment stands in one."""
    soon = (date.fromisoformat(visit.day) + SOON).isoformat()
    lanes: dict[str, list[Mapping[str, Any]]] = {lane: [] for lane in LANES}
    for row in rows:
        lanes[_lane(row, soon)].append(row)
    return [(lane, LANES[lane], found) for lane, found in lanes.items()]


def _lane(row: Mapping[str, Any], soon: str) -> str:
    if row["state"] in {"done", "withdrawn"}:
        return "settled"
    if row["overdue"]:
        return "late"
    if not row["due"]:
        return "undated"
    return "soon" if row["due"] <= soon else "later"


PAGES = (
    Page(
        path="/pact/commitments", name="commitments", title=sentence("Commitments"), use=commitments,
        template="pact/commitments.html.j2", asked=Owed, tab="pact",
    ),
)  # fmt: skip
