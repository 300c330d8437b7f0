"""What the template shows of each number: text, hover words, mark, shade and the numbered notes of its sources."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orepact.report.brief import MEANINGS, Basis, Brief, Column, Row, Table, joined
from orepact.report.words import least_of, plain, shown

#: Texts longer than this get a wider column.
LONG_WORDS = 28


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell as shown; ``hover`` is the number of its hover words."""

    text: str
    classes: str = ""
    hover: int | None = None
    mark: str = ""
    style: str = ""


@dataclass
class Notes:
    """Numbers of the sources in order of first mention."""

    sources: Mapping[str, Mapping[str, str]]
    _numbers: dict[str, int] = field(default_factory=dict)
    _hovers: dict[str, int] = field(default_factory=dict)

    def of(self, basis: Basis) -> list[int]:
        """The note numbers of a basis, rising."""
        return sorted(self._numbers.setdefault(name, len(self._numbers) + 1) for name in basis.sources)

    def listed(self) -> list[tuple[int, str, Mapping[str, str]]]:
        """Number, id and description of every source mentioned so far."""
        return [(at, name, self.sources.get(name, {"title": name})) for name, at in self._numbers.items()]

    def hover(self, basis: Basis) -> int:
        """Number of the words that ``words`` gives for a basis: many cells share the same ones."""
        return self._hovers.setdefault(self.words(basis), len(self._hovers))

    @property
    def hovers(self) -> list[str]:
        """The words of every number given out by ``hover``."""
        return list(self._hovers)

    def words(self, basis: Basis) -> str:
        """Confidence, date, sources and method of a number in words."""
        names = "; ".join(_short_title(self.sources.get(name, {"title": name})) for name in basis.sources)
        said = f"as of {basis.as_of}" if basis.as_of else ""
        confidence = f"{basis.confidence.capitalize()}: {MEANINGS[basis.confidence][0].lower()}{MEANINGS[basis.confidence][1:]}"
        return " | ".join(part for part in (confidence, said, names, basis.method) if part)


def _short_title(source: Mapping[str, str]) -> str:
    producer, title = source.get("producer", ""), source.get("title", "")
    return f"{producer}, {title}" if producer and producer not in title else title


@dataclass(frozen=True)
class View:
    """A brief with the numbering of its notes, as the template asks for it."""

    brief: Brief
    notes: Notes

    @classmethod
    def of(cls, brief: Brief) -> View:
        """A view with fresh notes."""
        return cls(brief, Notes(brief.sources))

    def least(self, table: Table) -> dict[str, float]:
        """By column of numbers: what is shown as 0 beside the largest of them."""
        numbers = [column.key for column in table.columns if column.kind == "number"]
        return {key: least_of(row.cells.get(key) for row in table.rows) for key in numbers}

    def cell(self, row: Row, column: Column, least: Mapping[str, float] | None = None) -> Cell:
        """One cell: numbers with their mark and hover, text as it is; ``least``: of the table's columns."""
        value, basis = row.cells.get(column.key), row.basis_of(column.key)
        shade = row.shade.get(column.key)
        if column.kind == "verdict":
            return Cell(shown(value, column), f"verdict {value}", self.notes.hover(basis)) if value else Cell("")
        if not column.numeric and shade is None:
            words = shown(value, column)
            return Cell(words, "wordy" if len(words) > LONG_WORDS else "date" if words[:4].isdigit() else "")
        text = shown(value, column, (least or {}).get(column.key, 0.0))
        known = text not in {"", "–"}
        style = f"--shade:{max(0.0, min(shade, 1.0)):.2f}" if shade is not None else ""
        classes = " ".join(
            name for name in ("number" if column.numeric else "", "heat" if shade is not None else "", basis.confidence) if name
        )
        return Cell(text, classes, self.notes.hover(basis) if known else None, basis.mark if known else "", style)

    def row_notes(self, row: Row) -> list[int]:
        """Note numbers of everything in a row."""
        return self.notes.of(joined([row.basis, *row.own.values()]))

    def csv_link(self, table: Table) -> str:
        """The table as a data address that downloads without a server."""
        return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(csv_text(table).encode('utf-8')).decode('ascii')}"


def csv_text(table: Table) -> str:
    """A table as CSV: plain numbers, then confidence, as_of, sources and method of each row."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=table.names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _csv_value(value) for name, value in record.items()} for record in table.records())
    return stream.getvalue()


def _csv_value(value: Any) -> Any:
    value = plain(value)
    return f"{value:.10g}" if isinstance(value, float) else value
