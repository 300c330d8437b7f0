"""``recovery.csv``: which elements break together and how long each takes to recover; every problem of the file at once.

Columns: ``event`` (any id; rows that share it break together), ``element`` (see ``Elements.named``), ``time_to_recover`` (above
0, in the time unit of the capacities and demands).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from orepact.chain.csv_table import CsvTable, read_csv_table
from orepact.chain.tables import Column, Table, shortened
from orepact.chain.time_unit import PER_YEAR
from orepact.errors import BadInput, Problem
from orepact.shock.exposure.elements import Element, Elements, Unclear
from orepact.shock.exposure.hit import Hit

if TYPE_CHECKING:
    import pandas as pd

    from orepact.chain.network import Network

FILE = "recovery.csv"
#: Years after which something is gone and not broken: a longer time is a slip of the pen, or a way to write never.
MOST_YEARS = 1000.0


@dataclass(frozen=True, eq=False)
class Break:
    """One event: its elements, each with its time to recover."""

    event: str
    elements: tuple[Element, ...]
    times: tuple[float, ...]

    @property
    def time(self) -> float:
        """The longest of the times: until then something is broken."""
        return max(self.times)

    @property
    def hit(self) -> Hit:
        """What works over ``time``: an element that recovers after ``t`` works for the rest, (time - t) / time of its capacity.

        What several elements break recovers with the last of them.
        """
        back_sites: dict[int, float] = {}
        back_routes: dict[int, float] = {}
        for element, time in zip(self.elements, self.times, strict=True):
            for numbers, back in ((element.sites, back_sites), (element.routes, back_routes)):
                back.update({int(at): max(time, back.get(int(at), 0.0)) for at in numbers})
        works = [np.array([1.0 - time / self.time for time in back.values()]) for back in (back_sites, back_routes)]
        return Hit.of(list(back_sites), list(back_routes), site_share=works[0], route_share=works[1])

    @property
    def stopped(self) -> Hit:
        """All of it stopped, for as long as one asks: what time to survive is about."""
        hit = self.hit
        return Hit.of(hit.sites, hit.routes)

    @property
    def kind(self) -> str:
        """Kind of the elements, ``several`` where they differ."""
        kinds = {element.kind for element in self.elements}
        return kinds.pop() if len(kinds) == 1 else "several"

    @property
    def names(self) -> str:
        """Names of the elements, a semicolon between them."""
        return "; ".join(element.name for element in self.elements)


def recovery_table() -> Table:
    """The columns of the file, in the shape in which packages declare theirs."""
    columns = {
        "event": Column("event", "id", "", required=True),
        "element": Column("element", "id", "", required=True),
        "time_to_recover": Column("time_to_recover", "number", "", required=True),
    }
    return Table("recovery", "Times to recover", "", ("event", "element"), indexed=False, required=True, columns=columns)


def read_recovery(path: Path, network: Network) -> tuple[list[Break], list[str]]:
    """The events of a file in the order of their first rows, and what to say of it.

    Columns beside the three are let be and named. Raises ``BadInput`` with every problem: a missing or repeated column, an empty
    cell, an unknown or ambiguous element (with the nearest names), a time not above 0, more than
    ``MOST_YEARS``, an element twice in an event.
    """
    read = read_csv_table(recovery_table(), path)
    said, own = _extra_columns(read)
    problems = [_required(problem) for problem in read.problems if problem not in own]
    breaks: list[Break] = []
    if read.frame is not None:
        rows = read.frame.assign(row=read.rows)
        elements = Elements(network)
        named = {text: elements.named(str(text)) for text in dict.fromkeys(rows["element"]) if text}
        checks = (*_times(rows, read.problems, network), *_unknown(rows, named), *_repeated(rows, named))
        problems += shortened(list(checks))
        if not len(rows):
            problems.append(Problem("event", "at least one event", "no rows", "add a row for each element that breaks"))
        if not problems:
            breaks = _breaks(rows, named)
            said += _idle(named)
    if problems:
        at_file = [replace(problem, file=path.name) for problem in problems]
        raise BadInput(sorted(at_file, key=lambda problem: (problem.row or 0, problem.column)))
    return breaks, said


def _required(problem: Problem) -> Problem:
    """The reader of tables lets cells be empty; here none may."""
    if problem.expected != "a number":
        return problem
    return replace(problem, expected="a number above 0", mend="write digits with a decimal point, no unit, no separators")


def _extra_columns(read: CsvTable) -> tuple[list[str], list[Problem]]:
    """Columns that the file has beside ours: no mistake, but none of them counts."""
    own = [problem for problem in read.problems if problem.found.startswith("unknown column")]
    missing = any(problem.found == "no such column" for problem in read.problems)
    if not own or missing:
        return [], []
    names = ", ".join(problem.column for problem in own)
    return [f"{read.table.file}: {names} is not read; only event, element and time_to_recover count"], own


def _times(rows: pd.DataFrame, known: list[Problem], network: Network) -> Iterator[Problem]:
    told = {problem.row for problem in known if problem.column == "time_to_recover"}
    for row, time in zip(rows["row"], rows["time_to_recover"], strict=True):
        if row not in told:
            yield from wrong_time(float(time), network, "time_to_recover", int(row))


def wrong_time(time: float, network: Network, column: str, row: int | None = None) -> Iterator[Problem]:
    """A problem where a time to recover is none: not above 0, not finite, or more than ``MOST_YEARS``."""
    most = longest_time(network)
    if not (np.isfinite(time) and time > 0):
        mend = "give the time until it works again, in the time unit of the capacities; leave out what does not break"
        yield Problem(column, "a number above 0", f"{time:g}", mend, row=row)
    elif time > most:
        mend = "give the time until it works again, in the time unit of the capacities"
        yield Problem(column, f"at most {most:,.0f} ({MOST_YEARS:,.0f} years)", f"{time:g}", mend, row=row)


def longest_time(network: Network) -> float:
    """``MOST_YEARS`` in the unit of time of a network; in days where it names none, since it may be that."""
    return MOST_YEARS * (PER_YEAR[network.time_unit] if network.time_unit else max(PER_YEAR.values()))


def _unknown(rows: pd.DataFrame, named: dict[str, Element | Unclear]) -> Iterator[Problem]:
    for row, text in zip(rows["row"], rows["element"], strict=True):
        found = named.get(text)
        if isinstance(found, Unclear):
            expected = "a site, owner, place, route (ORIGIN>DESTINATION/COMMODITY) or node (COMMODITY/PLACE) of the network"
            yield Problem("element", expected, found.found, found.mend, row=int(row))


def _idle(named: dict[str, Element | Unclear]) -> list[str]:
    idle = [text for text, found in named.items() if isinstance(found, Element) and not len(found.sites) + len(found.routes)]
    return [f"without sites, so that nothing stops when it breaks: {', '.join(idle)}"] if idle else []


def _repeated(rows: pd.DataFrame, named: dict[str, Element | Unclear]) -> Iterator[Problem]:
    first: dict[tuple[str, str, str], int] = {}
    for row, event, text in zip(rows["row"], rows["event"], rows["element"], strict=True):
        found = named.get(text)
        if not isinstance(found, Element):
            continue
        earlier = first.setdefault((event, found.kind, found.name), int(row))
        if earlier != row:
            yield Problem(
                "element", f"each element once in event {event}", f"{text} as in row {earlier}", "keep one", row=int(row)
            )


def _breaks(rows: pd.DataFrame, named: dict[str, Element | Unclear]) -> list[Break]:
    out = []
    for event, part in rows.groupby("event", sort=False):
        found = [named[text] for text in part["element"]]
        elements = tuple(element for element in found if isinstance(element, Element))
        out.append(Break(str(event), elements, tuple(float(time) for time in part["time_to_recover"])))
    return out
