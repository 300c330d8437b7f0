"""What a page gives back: ``Shown`` with its tables and figures; ``Number``: a value that leads to its source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from orepact.report.sentences import Said, Spoken
from orepact.report.voice import Voice
from orepact.web.pages.wording import plainly

if TYPE_CHECKING:
    from orepact.service.sharing.handed import Handed

Words = str | Said | Spoken
Light = Literal["red", "amber", "green", "none"]
How = Literal["text", "number", "share", "day", "code", "words"]


@dataclass(frozen=True, slots=True)
class Why:
    """Where a number comes from: a claim, by what ``/why`` asks for."""

    subject: str
    attribute: str
    year: int | None = None

    @property
    def query(self) -> dict[str, Any]:
        """As the address of the page has it."""
        return {"subject": self.subject, "attribute": self.attribute, "year": self.year}


@dataclass(frozen=True, slots=True)
class Number:
    """A value as people read it, with where it comes from. ``unit``: "1" for a share; ``confidence``: estimated, unverified and
    modelled ones are marked; ``note``: how a computed one was found.
    """

    value: float | None
    unit: str = ""
    why: Why | None = None
    confidence: str = ""
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a page (a path without language)."""

    words: Words
    to: str
    query: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Level:
    """Red, amber or green, told by a word and a shape too; ``none`` where nothing is known."""

    level: Light
    words: Words = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """For whom something is: a label of the Traffic Light Protocol."""

    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its head (a sentence) for people; ``how``: what stands in it; ``words``: values are
    sentences of ours, to be said.
    """

    key: str
    head: Words
    unit: str = ""
    how: How = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. A cell is a plain value, ``Number``, ``Link``, ``Level`` or ``Badge``; programs get plain values.

    ``total``: how many rows there are, where these are the page of them that is asked for; None where they are all. ``most``: so
    many of them stand on a page, which says so and leads to the file with all; None for no such bound.
    """

    name: str
    title: Words
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    note: Words = ""
    empty: Words = ""
    total: int | None = None
    most: int | None = None

    def records(self) -> list[dict[str, Any]]:
        """The rows for programs."""
        return [{column.key: bare(row.get(column.key)) for column in self.columns} for row in self.rows]

    @property
    def units(self) -> dict[str, str]:
        """The unit of each column that has one."""
        return {column.key: column.unit for column in self.columns if column.unit}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: ``plot`` is a Plotly figure (``data``, ``layout``) as plain values; ``summary``: what it shows, in words for who
    cannot see it; ``table``: the name of its twin among the tables.
    """

    name: str
    title: Words
    plot: Mapping[str, Any]
    summary: Words
    table: str = ""
    height: int = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that a page shows. ``context``: what its template finds under ``it``; ``command``: the command line that says the same;
    ``api``: the address that programs ask. ``file``: what is handed over in place of a page; ``apart``: a page of its own to be
    read, not kept as a file.
    """

    title: Words = ""
    lead: Words = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()
    command: str = ""
    api: str = ""
    sources: Sequence[Mapping[str, Any]] = ()
    warnings: Sequence[Words] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    file: Handed | None = None
    apart: bool = False

    def table(self, name: str) -> Table | None:
        """The table of a name, the first for none."""
        return next((table for table in self.tables if not name or table.name == name), None)

    def figure(self, name: str) -> Figure:
        """The figure of a name; raises ``KeyError``."""
        return {figure.name: figure for figure in self.figures}[name]


def in_english(words: Words) -> str:
    """Words for programs."""
    voice = Voice("en")
    return plainly(words.in_voice(voice) if isinstance(words, Spoken) else str(words), voice)


def bare(cell: Any) -> Any:  # noqa: PLR0911  one line for each kind of cell
    """What a cell says to programs.

    >>> bare(Number(3.5, "t")), bare(Link("Korea", "/tower/KOR")), bare(Level("red")), bare(float("nan"))
    (3.5, 'Korea', 'red', None)
    """
    if isinstance(cell, Number):
        return bare(cell.value)
    if isinstance(cell, Link):
        return in_english(cell.words)
    if isinstance(cell, Level):
        return cell.level
    if isinstance(cell, Badge):
        return cell.label
    if isinstance(cell, Spoken):
        return in_english(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return cell
