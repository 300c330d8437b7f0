"""Long lists, page by page: what a page shows of a table, and the addresses of the pages before and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.service.asked import Mark
from orepact.web.pages.page import Asked

if TYPE_CHECKING:
    from orepact.web.pages.shown import Table
    from orepact.web.pages.visit import Visit

#: So many rows of a table, or records of a list, stand on a page; files hold all of them.
A_PAGE = 100
#: The marks of so many pages before are kept in an address, so that one may go back as far.
TRAIL = 20


class Paged(Asked):
    """A list of the register that goes on: the mark with which a page begins, the number of its first row, and the marks of the
    pages before it.
    """

    after: Mark | None = None
    row: Annotated[int, Field(ge=1, le=10**9)] = 1
    before: Annotated[list[Mark], Field(max_length=TRAIL)] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Turning:
    """The rows ``first`` to ``last`` of ``total`` (None: nobody has counted), and addresses; "" where there is no such page."""

    first: int
    last: int
    total: int | None
    beginning: str = ""
    previous: str = ""
    next: str = ""

    @property
    def several(self) -> bool:
        """Whether there is more than this page."""
        return bool(self.beginning or self.previous or self.next)


def most_of(visit: Visit, size: int = A_PAGE) -> int | None:
    """So many records are asked for: a page of them, all for a file."""
    return None if visit.whole else size


def turned(visit: Visit, rows: int, mark: str | None, total: int | None = None, *, size: int = A_PAGE) -> Turning:
    """Where a page of a list stands; ``mark``: with which the next one begins; ``size``: of a full page."""
    asked: Paged = visit.asked
    if visit.whole or not (asked.after or mark):
        return Turning(1, rows, rows)
    first, trail = (asked.row if asked.after else 1), [*asked.before]
    return Turning(
        first, first + rows - 1, total,
        beginning=visit.here(after=None, row=None, before=None) if asked.after else "",
        previous=_back(visit, first, trail, size),
        next=visit.here(after=mark, row=first + rows, before=[*trail, *([asked.after] if asked.after else [])][-TRAIL:])
        if mark else "",
    )  # fmt: skip


def _back(visit: Visit, first: int, trail: Sequence[str], size: int) -> str:
    """The page before; "" on the first one, and where its mark is forgotten."""
    if trail:
        return visit.here(after=trail[-1], row=max(1, first - size), before=[*trail[:-1]])
    second = visit.asked.after and first <= size + 1
    return visit.here(after=None, row=None, before=None) if second else ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The rows of a table that a page shows, and where they stand among all of them; ``short``: only the file has the others."""

    rows: Sequence[Mapping[str, Any]]
    turning: Turning
    short: bool = False


def window(visit: Visit, name: str, total: int) -> slice:
    """Which of the rows of a table a page shows: those of the page that is asked for, all for a file or a short table."""
    if visit.whole or total <= A_PAGE:
        return slice(0, total)
    last = (total - 1) // A_PAGE
    number = min(visit.asked.page - 1, last) if visit.asked.of == name else 0
    return slice(number * A_PAGE, min(total, (number + 1) * A_PAGE))


def cut(visit: Visit, table: Table) -> Cut:
    """What a page shows of a table; the rows of one that says its ``total`` are those of the page already."""
    total = len(table.rows) if table.total is None else table.total
    if table.most is not None and total > table.most and not visit.whole:
        return Cut(table.rows[: table.most], Turning(1, table.most, total), short=True)
    part = window(visit, table.name, total)
    number, place = part.start // A_PAGE + 1, f"#table-{table.name}"
    turning = Turning(
        part.start + 1, part.stop, total,
        previous=visit.here(of=table.name, page=number - 1) + place if part.start else "",
        next=visit.here(of=table.name, page=number + 1) + place if part.stop < total else "",
    )  # fmt: skip
    return Cut(table.rows if table.total is not None else table.rows[part], turning)
