"""``Reading``: an indicator on a day: from where to where it should go, the values it had, and which way they move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from orepact.pact.dates.days import Span, happened
from orepact.pact.instruments.commitments import Commitment, CommitmentBrief, due_on

if TYPE_CHECKING:
    from orepact.pact.instruments.articles import Article
    from orepact.pact.records.record import Confidence

Trend = Literal["towards", "away", "still", "unknown"]


@dataclass(frozen=True, slots=True)
class Point:
    """A value, the day, month or year that it is of, and how far one can trust it; ``source``: a page, or what computed it."""

    day: str
    value: float
    source: str = ""
    confidence: Confidence = "reported"


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of an engine for the indicator of a commitment, or for the aim of an article (``commitment`` is then its id);
    ``manifest`` is that of the run.
    """

    commitment: str
    day: str
    value: float
    engine: str
    manifest: str = ""
    confidence: Confidence = "derived"


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator of a commitment, or the aim of an article that no commitment took up (``commitment`` is "").

    ``by``: the date for ``target``, as written. ``points``: values known on the day, first to last.
    """

    name: str
    unit: str
    commitment: str = ""
    article: str = ""
    engine: str = ""
    baseline: float | None = None
    baseline_year: int | None = None
    target: float | None = None
    by: str = ""
    points: tuple[Point, ...] = ()
    confidence: Confidence = "reported"

    @property
    def latest(self) -> Point | None:
        """The last value."""
        return self.points[-1] if self.points else None

    @property
    def way(self) -> float | None:
        """The share of the way from baseline to target that is done, in 1; None where an end or a value is unknown.

        It is below 0 where things got worse than they were, and above 1 past the target.
        """
        if self.latest is None or self.baseline is None or self.target is None or self.target == self.baseline:
            return None
        return (self.latest.value - self.baseline) / (self.target - self.baseline)

    @property
    def trend(self) -> Trend:
        """Whether the last value lies nearer to the target than the one before it (or the baseline)."""
        before = self.points[-2].value if len(self.points) > 1 else self.baseline
        if self.latest is None or before is None or self.target is None:
            return "unknown"
        was, is_ = abs(self.target - before), abs(self.target - self.latest.value)
        return "still" if was == is_ else "towards" if is_ < was else "away"


def reading_of(commitment: Commitment | CommitmentBrief, on: date, measured: Iterable[Measured] = ()) -> Reading | None:
    """The indicator of a commitment on a day; None where it has none."""
    named = commitment.indicator
    if named is None:
        return None
    told = [
        Point(one.day, one.value, one.url or one.what, one.confidence) for one in commitment.evidence if one.value is not None
    ]
    points = [one for one in (*told, *_computed(commitment.id, measured)) if happened(one.day, on)]
    return Reading(
        named.name,
        named.unit,
        commitment.id,
        engine=named.engine or "",
        baseline=named.baseline,
        baseline_year=named.baseline_year,
        target=named.target,
        by=due_on(commitment, on) or "",
        points=tuple(sorted(points, key=lambda one: (Span.of(one.day).last, one.source))),
        confidence=commitment.confidence,
    )


def _computed(commitment: str, measured: Iterable[Measured]) -> Iterator[Point]:
    for one in measured:
        if one.commitment == commitment:
            source = f"{one.engine}, {one.manifest}" if one.manifest else one.engine
            yield Point(one.day, one.value, source, one.confidence)


def aim_of(article: Article, on: date, measured: Iterable[Measured] = ()) -> Reading | None:
    """The number that an article aims at, with the values of it that engines gave by a day; None where it names none."""
    aim = article.target
    if aim is None:
        return None
    points = (one for one in _computed(article.id, measured) if happened(one.day, on))
    return Reading(
        aim.metric,
        aim.unit,
        article=article.id,
        target=aim.value,
        by=str(aim.year),
        points=tuple(sorted(points, key=lambda one: Span.of(one.day).last)),
        confidence=article.confidence,
    )
