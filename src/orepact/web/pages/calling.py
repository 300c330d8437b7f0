"""What records name, as people call it: titles of organisations and instruments in place of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orepact.service import pact
from orepact.service.view import agreements
from orepact.web.pages.shown import Link
from orepact.web.pages.tables import rows_of

if TYPE_CHECKING:
    from orepact.service.view.said import Named
    from orepact.web.pages.visit import Visit

Called = Mapping[tuple[str, str], "Named"]
#: Columns of lists that name another record, and of which kind it is.
NAMING = {"owner": "organisation", "instrument": "instrument"}


def called(visit: Visit, rows: Iterable[Mapping[str, Any]], more: Iterable[tuple[str, str]] = ()) -> Called:
    """The titles of the owners and instruments of rows, and of ``more``; who may not see one is left out."""
    keys = {(kind, row[column]) for row in rows for column, kind in NAMING.items() if row[column]}
    return agreements.names(visit.desk, keys | {*more})


def name(found: Called, kind: str, own: str) -> Named | str:
    """A title, to be said; the id where the reader sees no more."""
    return found.get((kind, own), own)


def spoken(visit: Visit, found: Called, kind: str, own: str) -> str:
    """The same in the reader's language."""
    title = name(found, kind, own)
    return title if isinstance(title, str) else title.in_voice(visit.voice)


def to_instrument(found: Called, own: str) -> Link | None:
    """What leads to the board of an instrument; None for none."""
    return Link(name(found, "instrument", own), f"/pact/{own}") if own else None


def choices(visit: Visit, kind: str, column: str) -> list[tuple[str, str]]:
    """The owners or instruments that records of a kind have, by name, for a filter."""
    rows = rows_of(pact.count_records([column], visit.desk, kinds=[kind]))
    names = sorted({row[column] for row in rows if row[column]})
    found = agreements.names(visit.desk, [(NAMING[column], each) for each in names])
    return sorted(((each, spoken(visit, found, NAMING[column], each)) for each in names), key=lambda pair: pair[1].casefold())


def number(visit: Visit, kind: str, **wanted: Any) -> int:
    """How many records of a kind there are for the reader."""
    rows = rows_of(pact.count_records(["kind"], visit.desk, kinds=[kind], **wanted))
    return sum(row["number"] for row in rows)
