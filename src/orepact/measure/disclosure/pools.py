"""``Pool``: a fixed table of sums over what several owners give; ``data/pools/*.yaml``, one file for each.

The table is fixed so that nobody can ask for a slice of his own: with and without one owner, the difference tells that owner. ::

    id: lithium_stocks
    title: Lithium held, by place and form
    description: Contained lithium at the end of the last whole month.
    quantity: stock
    unit: t
    rows:
      title: Place
      total: All places
      entries:
        - {id: north_america, title: North America}
        - {id: CAN, title: Canada, within: north_america}
    columns: ...

An axis without ``total`` is never summed over. ``counts`` says which records of the register are counted in it, where any are;
what of them counts in which row and column follows from ``takes``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from orepact.errors import NotFound, Problem, ProblemCollector, nearest
from orepact.measure.disclosure.axis import Axis

#: Code of the total of an axis.
TOTAL = "total"
#: Rows times columns of a table, totals among them: the audit of more would take minutes (docs/why/disclosure.md).
MOST_CELLS = 2500

Code = Annotated[str, Field(min_length=1, max_length=120)]
Title = Annotated[str, Field(min_length=1, max_length=200)]


class Part(BaseModel):
    """Every part of the file is frozen and knows no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


#: An entry that takes this takes what no other does.
REST = "*"


class Entry(Part):
    """One row or column; ``within`` is the group that it is a part of, "" for none.

    ``takes``: codes (of countries, of commodities) that count in it, ``*`` what no other takes; its id where nothing is said.
    """

    id: Code
    title: Title
    within: str = ""
    takes: tuple[Code, ...] = ()


class Counted(Part):
    """Records of which kind are counted, those whose owners put them into the pool: by what they hold of an ``element``."""

    kind: Literal["stock"]
    element: Code


class Side(Part):
    """The rows or the columns; ``total`` is the title of the sum over all, "" where none is made."""

    title: Title
    total: str = ""
    entries: tuple[Entry, ...] = Field(min_length=1)

    @property
    def axis(self) -> Axis:
        """The codes with their groups; the total, if there is one, first and above all."""
        top = TOTAL if self.total else ""
        entries = {entry.id: entry.within or top for entry in self.entries}
        return Axis({TOTAL: "", **entries} if self.total else entries)

    @property
    def titles(self) -> dict[str, str]:
        """Code -> what people read, the total among them."""
        titles = {entry.id: entry.title for entry in self.entries}
        return {TOTAL: self.total, **titles} if self.total else titles

    def taking(self, code: str) -> str | None:
        """The entry without parts in which a code counts; None where none takes it."""
        leaves = [entry for entry in self.entries if entry.id in self.axis.leaves]
        named = (entry.id for entry in leaves if code in (entry.takes or (entry.id,)))
        return next(named, next((entry.id for entry in leaves if REST in entry.takes), None))


class Pool(Part):
    """What is pooled (``quantity``), in which ``unit``, and the table that is told of it."""

    id: Code
    title: Title
    description: str = ""
    quantity: Code
    unit: Code
    counts: Counted | None = None
    rows: Side
    columns: Side


def shipped_folder() -> Path:
    """Where the pools that come with the package are."""
    return Path(str(files("orepact"))) / "data" / "pools"


def read_pools(folder: Path, units: Collection[str]) -> dict[str, Pool]:
    """Every pool of a folder by id, in the order of the files' names; ``units`` are those that may be used.

    Raises ``BadInput`` with the problems of all files at once.
    """
    from orepact.errors import BadInput

    problems, found = ProblemCollector(), dict[str, Pool]()
    for path in sorted(folder.glob("*.yaml")):
        try:
            pool = read_pool(path, units)
        except BadInput as error:
            problems.extend(error.problems)
            continue
        if pool.id in found:
            problems.add("id", "an id of its own", f"{pool.id!r}, which another file has", "rename one of them", file=path.name)
        found[pool.id] = pool
    problems.raise_if_any()
    return found


def read_pool(path: Path, units: Collection[str]) -> Pool:
    """One pool; raises ``BadInput`` with every problem, each with file and key."""
    from orepact.facts.typed_yaml import read_model

    pool = read_model(path, Pool)
    problems = ProblemCollector(path.name)
    problems.extend(problem for problem in _problems(pool, units, path.name))
    problems.raise_if_any()
    return pool


def pool_of(name: str, pools: dict[str, Pool]) -> Pool:
    """The pool of that id; raises ``NotFound`` with close ones."""
    if name not in pools:
        raise NotFound("pool", name, pools)
    return pools[name]


def _problems(pool: Pool, units: Collection[str], file: str) -> Iterator[Problem]:
    if pool.unit not in units:
        near = nearest(pool.unit, units, most=2, least=0.4)
        mend = f"did you mean {' or '.join(near)}?" if near else "use a unit of data/codes/units.yaml"
        yield Problem("unit", "a known unit", repr(pool.unit), mend, file)
    for name, side in (("rows", pool.rows), ("columns", pool.columns)):
        yield from _problems_of(name, side, file)
    cells = len(pool.rows.titles) * len(pool.columns.titles)
    if cells > MOST_CELLS:
        mend = "leave out rows or columns, or make two pools of other amounts"
        yield Problem("rows", f"at most {MOST_CELLS} cells, totals among them", str(cells), mend, file)


def _problems_of(name: str, side: Side, file: str) -> Iterator[Problem]:
    groups, seen = {entry.id: entry.within for entry in side.entries}, set[str]()
    yield from _taken(name, side, file)
    for entry in side.entries:
        where = f"{name}.entries.{entry.id}"
        if entry.id in seen:
            yield Problem(where, "each id once", f"{entry.id!r} twice", "keep one of them", file)
        seen.add(entry.id)
        if entry.id == TOTAL:
            yield Problem(where, f"another id than {TOTAL!r}", repr(entry.id), f"write `total: TITLE` in {name} instead", file)
        if entry.within and entry.within not in groups:
            mend = f"add an entry {entry.within}, or leave out within"
            yield Problem(f"{where}.within", f"an id of {name}", repr(entry.within), mend, file)
        elif _in_itself(entry.id, groups):
            yield Problem(
                f"{where}.within", "a group that is not in the entry itself", repr(entry.within), "break the ring", file
            )


def _taken(name: str, side: Side, file: str) -> Iterator[Problem]:
    """Codes that two entries take, and groups that take any: what is counted is counted once."""
    taken: dict[str, str] = {}
    for entry in side.entries:
        where = f"{name}.entries.{entry.id}.takes"
        if entry.takes and entry.id in {other.within for other in side.entries}:
            yield Problem(
                where, "codes in entries without parts alone", "a group that takes some", "give them to its parts", file
            )
        for code in entry.takes:
            if code in taken:
                yield Problem(where, "each code in one entry", f"{code!r}, which {taken[code]} takes", "keep one of them", file)
            taken[code] = entry.id


def _in_itself(code: str, groups: dict[str, str]) -> bool:
    met, at = {code}, groups[code]
    while at and at not in met:
        met.add(at)
        at = groups.get(at, "")
    return bool(at) and at == code
