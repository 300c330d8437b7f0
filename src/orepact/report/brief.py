"""What a brief holds, as plain data: findings, tables, pictures, and where each number comes from.

Nothing here knows HTML, Plotly or the terminal. A picture is the JSON that Plotly draws, beside the table with the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: From best to worst; ``modelled`` is an answer of a plan or a shock and no claim about the world.
CONFIDENCES = ("reported", "derived", "estimated", "modelled", "unverified")
#: How each is marked beside a number.
MARKS: Mapping[str, str] = {"reported": "", "derived": "", "estimated": "≈", "modelled": "◇", "unverified": "?"}
MEANINGS: Mapping[str, str] = {
    "reported": "A source says so.",
    "derived": "Calculated from reported figures.",
    "estimated": "At least one part is an estimate (of a source or our own).",
    "modelled": "An answer of a model, not an observation.",
    "unverified": "Said once and not confirmed; never part of a total unless asked for.",
}

Kind = Literal["text", "number", "share", "reliance", "verdict"]


@dataclass(frozen=True, slots=True)
class Basis:
    """Where numbers come from: source ids, the latest date at which they said so, the weakest confidence, how it was reckoned."""

    sources: tuple[str, ...] = ()
    as_of: str = ""
    confidence: str = "derived"
    method: str = ""

    @property
    def mark(self) -> str:
        """The sign that stands before numbers of this confidence ("" for reported and derived)."""
        return MARKS.get(self.confidence, "")

    def having(self, method: str) -> Basis:
        """The same basis with another method."""
        return Basis(self.sources, self.as_of, self.confidence, method)


def joined(bases: Iterable[Basis], method: str = "") -> Basis:
    """One basis for a number made from several: all sources, the latest date, the weakest confidence.

    >>> joined([Basis(("a",), "2024", "reported"), Basis(("b", "a"), "2025", "estimated")])
    Basis(sources=('a', 'b'), as_of='2025', confidence='estimated', method='')
    """
    listed = list(bases)
    sources = tuple(dict.fromkeys(name for basis in listed for name in basis.sources))
    as_of = max((basis.as_of for basis in listed), default="")
    weakest = max((basis.confidence for basis in listed), key=CONFIDENCES.index, default="derived")
    words = method or "; ".join(dict.fromkeys(basis.method for basis in listed if basis.method))
    return Basis(sources, as_of, weakest, words)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: key, heading, unit ("" for none) and kind.

    ``share`` is a fraction shown in per cent, ``reliance`` the same with "net exporter" below zero. ``verdict`` is pass, fail or
    undetermined. ``digits`` fixes the decimals of a ``number``; without it three digits that count are shown.
    """

    key: str
    title: str
    unit: str = ""
    kind: Kind = "text"
    digits: int | None = None

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind not in {"text", "verdict"}


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column key, the basis of the row's numbers, and that of single cells where it differs.

    ``shade`` gives a cell a darkness from 0 to 1 (heat tables); ``total`` marks a sum of the rows above.
    """

    cells: Mapping[str, Any]
    basis: Basis
    own: Mapping[str, Basis] = field(default_factory=dict)
    shade: Mapping[str, float] = field(default_factory=dict)
    total: bool = False

    def basis_of(self, key: str) -> Basis:
        """The basis of one cell."""
        return self.own.get(key, self.basis)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under typed columns. ``folded`` tables are the twins of pictures and open on a click."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    folded: bool = False
    long: bool = False

    def records(self) -> list[dict[str, Any]]:
        """One mapping a row, for CSV and JSON: every cell, then ``confidence, as_of, sources, method``."""
        return [_record(self.columns, row) for row in self.rows]

    @property
    def names(self) -> list[str]:
        """Column names of ``records``, units in them."""
        return [*(_name(column) for column in self.columns), "confidence", "as_of", "sources", "method"]


def _name(column: Column) -> str:
    unit = "" if column.kind != "number" else column.unit.replace(" ", "_").replace("/", "_per_").lower()
    return f"{column.key}_{unit}" if unit and not column.key.endswith(unit) else column.key


def _record(columns: tuple[Column, ...], row: Row) -> dict[str, Any]:
    cells = {_name(column): row.cells.get(column.key) for column in columns}
    basis = joined([row.basis, *row.own.values()])
    said = {"confidence": basis.confidence, "as_of": basis.as_of, "sources": " ".join(basis.sources), "method": basis.method}
    return cells | said


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: figures by label, words for those who cannot see it, and its table twin.

    With a ``chooser`` (its caption) the reader picks one of the figures; without, all stand side by side. ``base`` are traces
    that every figure starts with, kept once. ``legend`` lists label, colour and whether the area is hatched.
    """

    id: str
    title: str
    alt: str
    figures: Mapping[str, Mapping[str, Any]]
    basis: Basis
    caption: str = ""
    table: Table | None = None
    chooser: str = ""
    base: tuple[Mapping[str, Any], ...] = ()
    legend: tuple[tuple[str, str, bool], ...] = ()
    height: int = 420
    wide: bool = False


Block = Table | Picture


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: ``figure`` is shown large with ``label`` (what it counts), ``words`` say it in full, ``section`` leads on."""

    figure: str
    label: str
    title: str
    words: str
    basis: Basis
    section: str


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer: sentences first, then tables and pictures."""

    id: str
    title: str
    question: str
    answer: tuple[str, ...]
    blocks: tuple[Block, ...]
    basis: Basis = Basis()

    @property
    def tables(self) -> Iterator[Table]:
        """Every table, twins of pictures included."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield block
            elif block.table is not None:
                yield block.table


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole brief. ``sources`` maps source ids to what is known of them; ``manifest`` says from what it was made.

    ``house`` stands above the title; ``beside`` says where the tables of the page lie as files.
    """

    title: str
    subtitle: str
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    sources: Mapping[str, Mapping[str, str]]
    manifest: Mapping[str, Any]
    caveats: tuple[str, ...] = ()
    house: str = "orepact brief"
    beside: str = "The tables of this page stand as CSV in data/ and together in brief.json beside it."

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by id, in order."""
        return {table.id: table for section in self.sections for table in section.tables}

    @property
    def pictures(self) -> dict[str, Picture]:
        """Every picture by id, in order."""
        return {block.id: block for section in self.sections for block in section.blocks if isinstance(block, Picture)}
