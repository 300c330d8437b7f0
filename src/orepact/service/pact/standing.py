"""Lists of commitments as they stood on a past day: what was late then is late, whatever became of it since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orepact.pact.instruments.commitments import Progress
    from orepact.store.listing import Filter, Line
    from orepact.store.store import Store

#: Lines, each with the days by which it is late, or was until it was done.
Lines = list[tuple["Line", int]]
COMMITMENT = "commitment"
#: So many are read at once, at first and at most: where many fit a page is full soon, and where few do all are read anyway.
CHUNKS = (200, 5000)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: its order, the mark after which to begin, how many lines at most."""

    order: str
    after: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines, by how they stand on a day: in one of the states (any), due by a day (any), overdue."""

    on: date
    states: tuple[str, ...] = ()
    due_to: date | None = None
    overdue: bool = False

    def fits(self, stand: Progress) -> bool:
        """Whether a commitment stood so; one that was not made by then did not."""
        if stand.state == "not_made" or (self.overdue and stand.state != "overdue"):
            return False
        if self.states and _state(stand) not in self.states:
            return False
        due = _due(stand)
        return self.due_to is None or (due is not None and due <= self.due_to)


def _state(stand: Progress) -> str:
    """The state as a record has it: what is overdue is open."""
    return "open" if stand.state == "overdue" else stand.state


def _due(stand: Progress) -> date | None:
    from orepact.pact.dates.days import Span

    return Span.of(stand.due).last if stand.due else None


def stands(store: Store, lines: Iterable[Line], on: date) -> dict[str, Progress]:
    """How the commitments of these lines stood on a day, by id."""
    from orepact.pact.instruments.commitments import Commitment, progress

    names = [line.id for line in lines]
    with store.reading() as register:
        register.records.read_all((COMMITMENT, name) for name in names)
        return {name: progress(register.get(Commitment, name), on) for name in names}


def page_on(store: Store, asked: Filter, wanted: Wanted, place: Place) -> tuple[Lines, str | None]:
    """A page of the commitments that stood as wanted, with state and due date of that day, and the mark of the next page.

    ``asked``: what else they must be; it names neither states nor due dates, as lines hold those of now, and so all are read.
    """
    found: Lines = []
    passed, last, mark = 0, 0, place.after
    chunk, most = CHUNKS
    while True:
        page = store.list(asked, order=place.order, after=mark, limit=chunk)
        chunk = min(2 * chunk, most)
        stood = stands(store, page.lines, wanted.on)
        for line in page.lines:
            passed += 1
            stand = stood[line.id]
            if wanted.fits(stand) and len(found) == place.limit:
                return found, store.list(asked, order=place.order, after=place.after, limit=last).after
            if wanted.fits(stand):
                found.append((replace(line, state=_state(stand), due=_due(stand)), stand.overdue_days))
                last = passed
        mark = page.after
        if mark is None:
            return found, None
