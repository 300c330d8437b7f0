"""``scoreboard``: for each article of an instrument what serves it, what is due, how its numbers move and who chairs.

Operative articles for which nothing is there come first, those that ask for something before those that only say something; then
those with evidence, in the same way and what is late before the rest; last those that are not operative, of which no evidence is
asked; each in the order of the text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from orepact.pact.briefing.evidence import ArticleEvidence, evidence
from orepact.pact.briefing.overview import BodyLine, bodies
from orepact.pact.briefing.readings import Measured, Reading, aim_of, reading_of
from orepact.pact.instruments.articles import instrument_of
from orepact.pact.instruments.commitments import Commitment, CommitmentBrief, Progress, progress
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.projects.project import Project, ProjectBrief, Standing, standing

if TYPE_CHECKING:
    from orepact.pact.instruments.articles import Article
    from orepact.pact.records.record import Brief
    from orepact.pact.records.register import Register


class Duty(NamedTuple):
    """A commitment by its id and how it stands; ``numbered``: whether it names an indicator."""

    id: str
    owner: str
    numbered: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class Followed:
    """A project by its id and its state."""

    id: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article on the board. ``others``: ids of what else serves it, by kind; ``bodies``: those that deal with it.

    ``next_due`` is the first due date of its open commitments, ``meets_by`` the first day by which one of its bodies must meet.
    """

    article: Article
    duties: tuple[Duty, ...]
    meetings: tuple[str, ...]
    projects: tuple[Followed, ...]
    others: Mapping[str, tuple[str, ...]]
    readings: tuple[Reading, ...]
    bodies: tuple[BodyLine, ...]
    next_due: date | None
    overdue: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing serves it."""
        return not (self.duties or self.meetings or self.projects or self.others)

    @property
    def lacking(self) -> bool:
        """Whether nothing serves it though something could: it is operative."""
        return self.empty and self.article.operative

    @property
    def asks(self) -> bool:
        """Whether it asks for something to be done: work in an area or a form, by a body, towards a target."""
        one = self.article
        return bool(one.areas or one.forms or one.bodies or one.capabilities or one.target)

    @property
    def meets_by(self) -> date | None:
        """The first day by which one of its bodies must meet."""
        return min((line.due.day for line in self.bodies if line.due.day), default=None)


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """The board of an instrument on a day. ``unplaced``: its commitments that name no article."""

    instrument: Instrument
    on: date
    lines: tuple[ArticleLine, ...]
    unplaced: tuple[Duty, ...]

    @property
    def counted(self) -> tuple[ArticleLine, ...]:
        """The operative articles: those of which evidence can be asked."""
        return tuple(line for line in self.lines if line.article.operative)

    @property
    def without(self) -> tuple[ArticleLine, ...]:
        """The operative articles that nothing serves."""
        return tuple(line for line in self.lines if line.lacking)


def scoreboard(
    instrument: str, register: Register, on: date, measured: Sequence[Measured] = (), briefs: Collection[Brief] = ()
) -> Scoreboard:
    """The board of an instrument, with values of engines for the indicators of its commitments.

    ``briefs`` stand for commitments and projects that the register leaves out: the board is the same. It shows whatever is in
    either: what a reader may not see must be left out of that before. Raises ``NotFound`` for an instrument that is not there.
    """
    found = register.get(Instrument, instrument)
    lines = {line.body.id: line for line in bodies(register, on)}
    told = _Told.of(register, briefs)
    rows = [_line(row, told, on, lines, measured) for row in evidence(instrument, register, on, briefs)]
    ranked = sorted(rows, key=lambda row: (not row.lacking, row.empty, not row.asks, not row.overdue))
    return Scoreboard(found, on, tuple(ranked), _unplaced(instrument, told, on))


@dataclass(frozen=True, slots=True)
class _Told:
    """Commitments and projects by id, whole or in brief."""

    commitments: Mapping[str, Commitment | CommitmentBrief]
    projects: Mapping[str, Project | ProjectBrief]

    @classmethod
    def of(cls, register: Register, briefs: Collection[Brief]) -> _Told:
        duties: list[Commitment | CommitmentBrief] = [*register.all(Commitment)]
        works: list[Project | ProjectBrief] = [*register.all(Project)]
        duties += [one for one in briefs if isinstance(one, CommitmentBrief)]
        works += [one for one in briefs if isinstance(one, ProjectBrief)]
        return cls({one.id: one for one in duties}, {one.id: one for one in works})


def _line(
    row: ArticleEvidence,
    told: _Told,
    on: date,
    lines: Mapping[str, BodyLine],
    measured: Iterable[Measured],
) -> ArticleLine:
    commitments = [told.commitments[name] for name in row.found.get("commitment", ())]
    projects = [told.projects[name] for name in row.found.get("project", ())]
    numbered = (commitment for commitment in commitments if commitment.indicator is not None)
    readings = [one for commitment in numbered if (one := reading_of(commitment, on, measured))]
    aim = None if readings else aim_of(row.article, on, measured)
    own = ("commitment", "meeting", "project")
    return ArticleLine(
        row.article,
        tuple(_duty(one, row.stands[one.id]) for one in commitments),
        row.found.get("meeting", ()),
        tuple(Followed(one.id, standing(one.statuses, on)) for one in projects),
        {kind: names for kind, names in row.found.items() if kind not in own},
        (*readings, *([aim] if aim else [])),
        _bodies(row.article, commitments, lines),
        row.next_due,
        row.overdue,
    )


def _duty(one: Commitment | CommitmentBrief, stand: Progress) -> Duty:
    return Duty(one.id, one.owner, one.indicator is not None, stand)


def _bodies(
    article: Article, commitments: Iterable[Commitment | CommitmentBrief], lines: Mapping[str, BodyLine]
) -> tuple[BodyLine, ...]:
    """The bodies that the article or a commitment names, else those that the instrument set up and that stand under no other."""
    named = dict.fromkeys([*article.bodies, *(one.body for one in commitments if one.body)])
    if not named:
        own = (line.body for line in lines.values() if line.body.instrument == instrument_of(article.id))
        named = dict.fromkeys(body.id for body in own if body.parent is None)
    return tuple(lines[name] for name in named if name in lines)


def _unplaced(instrument: str, told: _Told, on: date) -> tuple[Duty, ...]:
    mine = (one for _, one in sorted(told.commitments.items()) if one.instrument == instrument and not one.articles)
    duties = (_duty(one, progress(one, on)) for one in mine)
    return tuple(duty for duty in duties if duty.progress.state != "not_made")
