"""The tables of a network: names, columns, types, units, defaults and ranges, read from one shipped list.

``data/schemas/network_package.yaml`` is the only place where a column is declared; the ``Network``, the
package reader and writer, the checks, ``datapackage.json`` and the reference page all follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from orepact.errors import BadInput, Problem, ProblemCollector

#: Problems of one kind that are listed one by one for each column of a file; the rest is counted.
LISTED = 25


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a network table."""

    name: str
    type: str  # id | text | number | year
    description: str
    unit: str = ""
    required: bool = False
    default: float | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    refers_to: str = ""
    example: str = ""

    @property
    def is_number(self) -> bool:
        """Whether cells hold numbers (years included)."""
        return self.type in {"number", "year"}

    @property
    def range_text(self) -> str:
        """The accepted range in words, empty when anything goes."""
        parts = [
            f"at least {self.minimum:g}" if self.minimum is not None else "",
            f"above {self.exclusive_minimum:g}" if self.exclusive_minimum is not None else "",
            f"at most {self.maximum:g}" if self.maximum is not None else "",
            f"below {self.exclusive_maximum:g}" if self.exclusive_maximum is not None else "",
        ]
        return " and ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a network: its columns, its key and whether the key is the index."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    indexed: bool
    required: bool
    columns: Mapping[str, Column]

    @property
    def file(self) -> str:
        """Name of the file in a package."""
        return f"{self.name}.csv"

    @property
    def index_name(self) -> str | None:
        """Name of the index of the frame: the id, ``route`` for routes, otherwise none."""
        if self.indexed:
            return self.key[0]
        return "route" if self.name == "routes" else None


@cache
def tables() -> dict[str, Table]:
    """All tables by name, in the order in which a package lists them."""
    import yaml

    text = files("orepact.data").joinpath("schemas/network_package.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are the safe one
    return {name: _table(name, entry) for name, entry in raw["tables"].items()}


@cache
def code_list(name: str) -> dict[str, dict[str, Any]]:
    """One shipped code list (``data/codes/<name>.yaml``) as plain entries by id."""
    import yaml

    text = files("orepact.data").joinpath(f"codes/{name}.yaml").read_text(encoding="utf-8")
    raw: dict[str, dict[str, Any]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return raw


def site_statuses() -> dict[str, dict[str, Any]]:
    """Statuses that a site can have: ``operates`` counts in full, ``ends`` not at all."""
    return {name: entry for name, entry in code_list("statuses").items() if not entry.get("contract", False)}


def _table(name: str, entry: dict[str, Any]) -> Table:
    columns = {key: Column(name=key, **value) for key, value in entry["columns"].items()}
    return Table(
        name,
        entry["title"],
        entry["description"],
        tuple(entry["key"]),
        bool(entry.get("indexed", False)),
        bool(entry["required"]),
        columns,
    )


def near(name: str, known: Iterable[str]) -> str:
    """A hint ``did you mean ...?``, or the list of known names when nothing is near.

    >>> near("capcity", ["capacity", "place"])
    'did you mean capacity?'
    """
    names = [str(k) for k in known]
    close = get_close_matches(str(name), names, n=2, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(close)}?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"known are: {shown}" if names else "none is known"


def shortened(problems: Iterable[Problem]) -> list[Problem]:
    """The first problems of each kind of one column, then one line that counts the rest."""
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.column, problem.expected), []).append(problem)
    out: list[Problem] = []
    for listed in kinds.values():
        out += listed[:LISTED]
        if len(listed) > LISTED:
            first, more = listed[LISTED], len(listed) - LISTED
            out.append(replace(first, found=f"the same in {more} more rows, this the first of them"))
    return out


def header_problems(table: Table, header: Iterable[str], file: str = "") -> list[Problem]:
    """Missing, unknown and repeated columns of one table; ``capacity_per_year`` of sites may be empty but not absent."""
    found = ProblemCollector(file or table.file)
    names = list(header)
    demanded = [c.name for c in table.columns.values() if c.required] + (["capacity_per_year"] if table.name == "sites" else [])
    missing = [name for name in demanded if name not in names]
    unknown = [name for name in dict.fromkeys(names) if name not in table.columns]
    for name in missing:
        found.add(name, f"a column {name}", "no such column", f"add the column {name}", row=1)
    for name in unknown:
        found.add(str(name), f"only the columns of {table.name}", f"unknown column {name!r}", near(name, table.columns), row=1)
    for name in sorted({str(n) for n in names if names.count(n) > 1}):
        found.add(name, "each column once", f"the column {name} {names.count(name)} times", "keep one of them", row=1)
    return found.problems


def conform(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """A copy of ``frame`` with exactly the columns, types and index of the table ``name``.

    Missing optional columns are created, numbers with NaN and text with "". Raises ``BadInput`` for
    missing or unknown columns and for text in a number column.
    """
    table = tables()[name]
    plain = pd.DataFrame(columns=list(table.columns)) if frame is None else _without_index(table, frame)
    problems = header_problems(table, [str(c) for c in plain.columns], file=name)
    if problems:
        raise BadInput(problems)
    data = {column.name: _cast(table, column, plain) for column in table.columns.values()}
    out = pd.DataFrame(data, index=pd.RangeIndex(len(plain)))
    if table.indexed:
        return out.set_index(table.key[0])
    out.index.name = table.index_name
    return out


def _without_index(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    named = [n for n in frame.index.names if n in table.columns and n not in frame.columns]
    return frame.reset_index(level=named) if named else frame


def _cast(table: Table, column: Column, frame: pd.DataFrame) -> Any:
    size = len(frame)
    if column.name not in frame.columns:
        return np.full(size, np.nan) if column.is_number else pd.array([""] * size, dtype="str")
    values = frame[column.name]
    if not column.is_number:
        return values.astype("str").fillna("").array
    try:
        numbers = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        found = Problem(column.name, "numbers", str(error), "write numbers or leave the cell empty", table.name)
        raise BadInput([found]) from error
    if column.type == "year" and column.required and not np.isnan(numbers).any():
        return numbers.astype("int64")
    return numbers
