"""Check claims and sources: every row, every rule, all problems at once.

A rule is one function that yields ``Finding``s. Rules work on the distinct cells of a column, so that a million rows
take a few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.errors import Problem
from orepact.facts.claims import CLAIM_COLUMNS, CONFIDENCES, numbers
from orepact.facts.codes import Codes
from orepact.facts.dates import BAD, EMPTY, periods, today
from orepact.facts.findings import Finding, close_to, per_distinct
from orepact.facts.labels import Label
from orepact.facts.loading import Table
from orepact.facts.sources import GRADES, REQUIRED, SHIPS
from orepact.facts.subjects import parse_subjects

REQUIRED_CELLS = ("subject", "attribute", "value", "unit", "source", "as_of", "confidence", "label")
GRAMMAR = "a subject such as CHN/cobalt, COD>CHN/cobalt_hydroxide, hpal@IDN or site:name"


@dataclass(frozen=True)
class Context:
    """What the claims of one table are checked against."""

    table: Table
    codes: Codes
    sources: Collection[str] | None
    day: int
    distinct: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def frame(self) -> pd.DataFrame:
        """The claims as text."""
        return self.table.frame

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """The parsed subjects."""
        return parse_subjects(self.frame["subject"], self.codes)

    @cached_property
    def numbers(self) -> npt.NDArray[np.float64]:
        """The values as numbers, NaN for text."""
        return numbers(self.frame["value"]).to_numpy(dtype=np.float64)

    @cached_property
    def wants_number(self) -> npt.NDArray[Any]:
        """Claims whose attribute is a number."""
        return self.of_attribute(lambda attribute: not attribute.is_text)

    def cells(self, column: str, rule: Callable[[str], Any], dtype: Any = bool) -> npt.NDArray[Any]:
        """``rule`` of each cell of a column, computed once for each distinct cell."""
        return per_distinct(self.positions(column), self.distinct[column][1], rule, dtype)

    def positions(self, column: str) -> npt.NDArray[np.int64]:
        """For each claim, which of the distinct cells of a column it has; factorised once."""
        if column not in self.distinct:
            self.distinct[column] = pd.factorize(self.frame[column])
        found: npt.NDArray[np.int64] = self.distinct[column][0]
        return found

    def pairs(self, column: str, other: pd.Series, rule: Callable[[str, str], bool]) -> npt.NDArray[Any]:
        """``rule`` of each pair of cells, computed once for each distinct pair."""
        left, (right, others) = self.positions(column), pd.factorize(other)
        names = self.distinct[column][1]
        table = np.array([[rule(str(name), str(cell)) for cell in others] for name in names], dtype=bool)
        return table[left, right] if table.size else np.zeros(len(left), dtype=bool)

    def of_attribute(self, rule: Callable[[Any], Any], default: Any = False, dtype: Any = bool) -> npt.NDArray[Any]:
        """``rule`` of the attribute of each claim; ``default`` where the attribute is unknown."""
        known = self.codes.attributes
        return self.cells("attribute", lambda name: rule(known[name]) if name in known else default, dtype)


def check_claims(table: Table, codes: Codes, sources: Collection[str] | None, *, day: int | None = None) -> list[Problem]:
    """Every problem of a table of claims against the code lists and the known source ids (None: not checked), by row.

    ``day`` (``yyyymmdd``, default today) is the last day on which a source may have spoken.
    """
    context = Context(table, codes, sources, today() if day is None else day)
    found = [problem for rule in CLAIM_RULES for finding in rule(context) for problem in finding.problems(table)]
    return sorted(found, key=lambda problem: problem.row or len(table.frame) + 2)


def check_sources(table: Table) -> list[Problem]:
    """Every problem of a table of sources, by row."""
    found = [problem for finding in _source_findings(table.frame) for problem in finding.problems(table)]
    return sorted(found, key=lambda problem: problem.row or len(table.frame) + 2)


def _filled(context: Context) -> Iterator[Finding]:
    for column in REQUIRED_CELLS:
        mend = "name its source: a claim without a source does not load" if column == "source" else f"fill {column}"
        yield Finding(column, (context.frame[column] == "").to_numpy(), "a value", mend, "an empty cell")


def _trimmed(context: Context) -> Iterator[Finding]:
    for column in CLAIM_COLUMNS:
        stray = (context.frame[column] != context.frame[column].str.strip()).to_numpy()
        yield Finding(column, stray, "no space at either end", "remove the space")


def _subject_names(context: Context) -> Iterator[Finding]:
    codes, parts = context.codes, context.subjects
    broken = (parts["kind"] == "").to_numpy() & (context.frame["subject"] != "").to_numpy()
    yield Finding("subject", broken, GRAMMAR, "see the grammar of subjects")
    places, things = codes.subject_places, codes.subject_things
    makers = {*codes.processes, *codes.commodities}
    for column, what, known in (
        ("place", "place", places),
        ("partner", "place", places),
        ("thing", "commodity or element", things),
        ("process", "process", makers),
    ):
        cells = parts[column].to_numpy()
        unknown = (cells != "") & ~parts[column].isin(known).to_numpy()
        yield Finding("subject", unknown, f"a known {what}", close_to(known, f"use a {what} of the code lists"), cells)


def _attribute_names(context: Context) -> Iterator[Finding]:
    known = context.codes.attributes
    unknown = context.cells("attribute", lambda name: name not in known and name != "")
    yield Finding("attribute", unknown, "a known attribute", close_to(known, "use one of attributes.yaml"))


def _attribute_of_subject(context: Context) -> Iterator[Finding]:
    known, kind = context.codes.attributes, context.subjects["kind"]
    misplaced = context.pairs("attribute", kind, lambda name, of: name in known and of != "" and of not in known[name].subject)
    expected = context.of_attribute(lambda attribute: f"a subject of kind {' or '.join(attribute.subject)}", "", object)
    yield Finding("subject", misplaced, expected, "move the claim to such a subject or choose another attribute")


def _values(context: Context) -> Iterator[Finding]:
    number, filled = context.numbers, (context.frame["value"] != "").to_numpy()
    broken = context.wants_number & np.isnan(number) & filled
    yield Finding("value", broken, "a finite number", "write digits with a point, without separators")
    signed = context.of_attribute(lambda attribute: attribute.sign == "non_negative")
    yield Finding("value", context.wants_number & signed & (number < 0), "a number of at least 0", "write 0 or more")


def _values_of_lists(context: Context) -> Iterator[Finding]:
    lists = context.of_attribute(attrgetter("values"), "", object)
    for name in sorted({str(listed) for listed in pd.unique(pd.Series(lists))} - {""}):
        known = set(getattr(context.codes, name))
        unknown = (lists == name) & ~context.frame["value"].isin(known).to_numpy()
        yield Finding("value", unknown, f"one of {name}.yaml", close_to(known, "use a listed id"))


def _units(context: Context) -> Iterator[Finding]:
    units = context.codes.units
    unknown = context.cells("unit", lambda name: name not in units and name != "")
    yield Finding("unit", unknown, "a known unit", close_to(units, "use one of units.yaml"))
    known = context.codes.attributes

    def clashes(name: str, unit: str) -> bool:
        return name in known and unit in units and units[unit].dimension not in known[name].dimension

    def wanted(name: str) -> str:
        listed = known[name].dimension if name in known else ()
        examples = ", ".join(unit for dimension in listed for unit in units.of_dimension(dimension)[:3])
        return f"a unit of {' or '.join(listed)}" + (f" (such as {examples})" if examples else "")

    def mend(unit: str) -> str:
        return f"give the value in such a unit; {unit} does not convert to one"

    broken = context.pairs("attribute", context.frame["unit"], clashes)
    if broken.any():
        yield Finding("unit", broken, context.cells("attribute", wanted, object), mend)


def _dates(context: Context) -> Iterator[Finding]:
    start, _ = periods(context.frame["as_of"])
    yield Finding("as_of", start == BAD, "YYYY-MM-DD, YYYY-MM or YYYY", "write an ISO date")
    yield Finding(
        "as_of", start > context.day, f"a date up to {_iso(context.day)}", "no source can have said so yet: correct the date"
    )
    opened, _ = periods(context.frame["valid_from"])
    _, closed = periods(context.frame["valid_to"])
    for column, days in (("valid_from", opened), ("valid_to", closed)):
        yield Finding(column, days == BAD, "YYYY-MM-DD, YYYY-MM, YYYY or nothing", "write an ISO date")
    reversed_ = (opened > EMPTY) & (closed > EMPTY) & (closed < opened)
    yield Finding("valid_to", reversed_, "a date after valid_from", "swap or correct the dates")
    bad_year = context.cells("year", lambda cell: cell != "" and not (len(cell) == 4 and cell.isdecimal() and cell[0] in "123"))
    yield Finding("year", bad_year, "a calendar year such as 2024, or nothing", "write four digits")


def _founded(context: Context) -> Iterator[Finding]:
    if context.sources is not None:
        known = context.sources
        unknown = context.cells("source", lambda name: name not in known and name != "")
        yield Finding("source", unknown, "an id of sources.csv", close_to(known, "add the source to sources.csv"))
    weak = context.cells("confidence", lambda cell: cell not in CONFIDENCES and cell != "")
    yield Finding("confidence", weak, " | ".join(CONFIDENCES), close_to(CONFIDENCES, "use one of them"))
    badly_labelled = context.cells("label", lambda cell: cell != "" and Label.parse(cell) is None)
    yield Finding("label", badly_labelled, "a label such as TLP:CLEAR or TLP:AMBER/OWNER", "write level and owner")


def _duplicates(context: Context) -> Iterator[Finding]:
    marks = np.zeros(len(context.frame), dtype=np.uint64)
    for column in CLAIM_COLUMNS:
        marks = marks * np.uint64(0x9E3779B97F4A7C15) + context.positions(column).astype(np.uint64)
    suspects = pd.Series(marks).duplicated(keep=False).to_numpy()
    broken = np.zeros(len(marks), dtype=bool)
    if suspects.any():
        broken[suspects] = context.frame[suspects].duplicated().to_numpy()
    yield Finding("subject", broken, "each claim once", "remove the repeated row")


def _iso(day: int) -> str:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def _source_findings(frame: pd.DataFrame) -> Iterator[Finding]:
    for column in REQUIRED:
        yield Finding(column, (frame[column] == "").to_numpy(), "a value", f"fill {column}", "an empty cell")
    yield Finding(
        "source", frame["source"].duplicated().to_numpy() & (frame["source"] != "").to_numpy(), "each id once", "merge the rows"
    )
    graded = frame["grade"].isin([*GRADES, ""]).to_numpy()
    yield Finding("grade", ~graded, "; ".join(f"{grade} {words}" for grade, words in GRADES.items()), "grade the source")
    yield Finding("ships", ~frame["ships"].isin([*SHIPS, ""]).to_numpy(), " or ".join(SHIPS), "say whether the rows may ship")
    for column in ("published",):
        start, _ = periods(frame[column])
        yield Finding(column, start == BAD, "YYYY-MM-DD, YYYY-MM, YYYY or nothing", "write an ISO date")


CLAIM_RULES: tuple[Callable[[Context], Iterator[Finding]], ...] = (
    _filled,
    _trimmed,
    _subject_names,
    _attribute_names,
    _attribute_of_subject,
    _values,
    _values_of_lists,
    _units,
    _dates,
    _founded,
    _duplicates,
)
