"""Sites side by side for an investor: power, port, rail, permits, support, Nations; what is not known stays blank and counts so.

There is no verdict. A score, where weights are given, is a range: from all unknowns being the worst to all being the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from orepact.errors import NotFound, Problem
from orepact.pact.dates.days import DateText
from orepact.pact.records.record import Confidence, Identifier, Part, Record, Text
from orepact.pact.records.references import OrganisationId, ProjectId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

Value = float | bool | str


class Criterion(Record):
    """Something that sites are compared by, with its unit. ``better`` says which way, "neither" for what is only shown."""

    kind: ClassVar[str] = "criterion"

    unit: Text = ""
    better: Literal["high", "low", "yes", "neither"] = "neither"
    description: Text = ""


class Given(Part):
    """What is known of one criterion at a site."""

    criterion: Identifier
    value: Value
    date: DateText | None = None
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class Location(Record):
    """A place where something could be built: what it offers, and whose rights-holders are to be asked first."""

    kind: ClassVar[str] = "location"

    place: Text
    town: Text = ""
    projects: tuple[ProjectId, ...] = ()
    nations: tuple[OrganisationId, ...] = ()
    given: tuple[Given, ...] = ()

    def problems(self, register: Register) -> Iterator[Problem]:
        """Criteria that nobody knows, a criterion twice, values of the wrong kind."""
        seen: set[str] = set()
        for one in self.given:
            where = f"location {self.id}, {one.criterion}"
            found = register.records.get((Criterion.kind, one.criterion))
            if not isinstance(found, Criterion):
                known = ", ".join(sorted(criterion.id for criterion in register.all(Criterion)))
                yield Problem(where, f"one of {known}", repr(one.criterion), "add the criterion or mend the id")
            elif not _fits(found, one.value):
                expected = "true or false" if found.better == "yes" else f"a number in {found.unit or 'its unit'}"
                yield Problem(where, expected, repr(one.value), "mend the value")
            if one.criterion in seen:
                yield Problem(where, "each criterion once", "twice", "keep one of them")
            seen.add(one.criterion)


def _fits(criterion: Criterion, value: Value) -> bool:
    if criterion.better == "yes":
        return isinstance(value, bool)
    return criterion.better == "neither" or (isinstance(value, float) and not isinstance(value, bool))


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion over the sites: values in their order (None is not known), and who is best of those known.

    ``points`` (of 1) set the best of those known to 1 and the worst to 0, None where nothing is known or nothing is better.
    """

    criterion: str
    title: str
    unit: str
    values: tuple[Value | None, ...]
    confidence: tuple[str, ...]
    best: tuple[str, ...]
    points: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sites by criteria, with how many criteria each site leaves blank."""

    sites: tuple[str, ...]
    rows: tuple[Row, ...]
    blank: tuple[int, ...]


def compare(sites: Mapping[str, Mapping[str, Given]], criteria: Sequence[Criterion]) -> Comparison:
    """Sites (id to what is known by criterion) side by side."""
    names = tuple(sites)
    rows = tuple(_row(criterion, [sites[name].get(criterion.id) for name in names], names) for criterion in criteria)
    blank = tuple(sum(row.values[at] is None for row in rows) for at in range(len(names)))
    return Comparison(names, rows, blank)


def _row(criterion: Criterion, given: Sequence[Given | None], names: Sequence[str]) -> Row:
    values = tuple(one.value if one else None for one in given)
    points = tuple(_points(criterion, values))
    best = tuple(name for name, point in zip(names, points, strict=True) if point == 1)
    confidence = tuple(one.confidence if one else "" for one in given)
    return Row(criterion.id, criterion.title, criterion.unit, values, confidence, best, points)


def _points(criterion: Criterion, values: Sequence[Value | None]) -> Iterator[float | None]:
    numbers = [float(value) for value in values if value is not None and not isinstance(value, str)]
    ranked = criterion.better != "neither" and bool(numbers)
    low, high = (min(numbers), max(numbers)) if ranked else (0.0, 0.0)
    for value in values:
        if not ranked or value is None or isinstance(value, str):
            yield None
        elif criterion.better == "yes":
            yield float(value)
        elif high == low:
            yield 1.0
        else:
            share = (float(value) - low) / (high - low)
            yield share if criterion.better == "high" else 1 - share


@dataclass(frozen=True, slots=True)
class Score:
    """The weighted mean of a site's points: ``low`` if every unknown is the worst, ``high`` if every unknown is the best."""

    site: str
    low: float
    high: float
    unknown: tuple[str, ...]


def scores(comparison: Comparison, weights: Mapping[str, float]) -> tuple[Score, ...]:
    """Scores by site under weights by criterion, the highest lower end first; raises ``NotFound`` for an unknown criterion."""
    rows = {row.criterion: row for row in comparison.rows}
    for name in weights:
        if name not in rows:
            raise NotFound("criterion", name, rows)
    total = sum(weights.values())
    found = [_score(comparison, at, rows, weights, total) for at in range(len(comparison.sites))]
    return tuple(sorted(found, key=lambda one: (-one.low, -one.high, one.site)))


def _score(comparison: Comparison, at: int, rows: Mapping[str, Row], weights: Mapping[str, float], total: float) -> Score:
    points = {name: rows[name].points[at] for name in weights}
    unknown = tuple(name for name, point in points.items() if point is None)
    known = sum(weights[name] * point for name, point in points.items() if point is not None)
    open_ = sum(weights[name] for name in unknown)
    return Score(comparison.sites[at], round(known / total, 4), round((known + open_) / total, 4), unknown)
