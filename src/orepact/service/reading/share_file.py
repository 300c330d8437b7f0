"""A person's own table of supply shares: read from CSV, every broken row reported, turned into suppliers and weights.

Columns: ``kind`` (``production`` for world supply, ``import`` for what the buyer uses), ``place``, ``quantity`` (any unit, one
for each kind; shares are taken of the sum), ``governance`` (risk weight of the place), and optional ``trade_parameter``.
The place ``self`` is the buyer itself: among the imports its own production, which counts in what it uses; where it stands
only among the producers, that production counts there too (in the unit of the imports).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from orepact.chain.csv_table import CsvTable, read_csv_table
from orepact.chain.tables import Column, Table, near
from orepact.errors import BadInput, Problem
from orepact.wording import field

Method = Literal["eu2023", "geopolrisk"]
Scale = Literal["risk", "wgi"]

SELF = "self"
KINDS = ("production", "import")
#: World Bank estimates lie about between these.
ESTIMATES = (-3.5, 3.5)
#: The worst weight on the scale of the method: weights above it are refused.
WORST = {"eu2023": 10.0, "geopolrisk": 1.0}


@dataclass(frozen=True, eq=False)
class ShareFile:
    """The rows of the file: ``kind, place, quantity, governance, trade_parameter`` (1 where empty); where they stand."""

    frame: pd.DataFrame
    path: Path

    def of(self, kind: str) -> pd.DataFrame:
        """The rows of one kind with their ``share`` of the sum; own production among the imports, wherever it stands."""
        rows = self.frame[self.frame["kind"] == kind]
        if kind == "import" and SELF not in set(rows["place"]):
            rows = pd.concat([rows, self.frame[self.frame["place"] == SELF].assign(kind=kind)])
        return rows.assign(share=rows["quantity"] / rows["quantity"].sum())

    @property
    def domestic(self) -> float:
        """The buyer's own production; 0 without a row ``self``."""
        rows = self.of("import")
        return float(rows.loc[rows["place"] == SELF, "quantity"].sum())


def share_table() -> Table:
    """The columns of a file of shares, in the shape in which packages declare theirs."""
    columns = {
        "kind": Column("kind", "id", "", required=True),
        "place": Column("place", "id", "", required=True),
        "quantity": Column("quantity", "number", "", required=True),
        "governance": Column("governance", "number", ""),
        "trade_parameter": Column("trade_parameter", "number", ""),
    }
    return Table("shares", "Supply shares", "", ("kind", "place"), indexed=False, required=True, columns=columns)


def read_shares(path: Path | str, method: Method, scale: Scale = "risk") -> ShareFile:
    """The rows of the file; raises ``BadInput`` with every problem, by row and column.

    Needed are a row of each kind, quantities of at least 0 with a sum above 0, each place once in a kind, and a governance
    for every supplier that the method weighs: all of them for ``eu2023``, importers for ``geopolrisk``; never for ``self``.
    """
    file = Path(path)
    read = read_csv_table(share_table(), file)
    problems = [_at(file, problem) for problem in read.problems]
    if read.frame is not None and "kind" in read.frame:
        frame = _complete(read)
        unread = {problem.row for problem in read.problems if problem.column == "governance"}
        found = [problem for check in CHECKS for problem in check(frame)]
        found += _governance(frame[~frame["row"].isin(unread)], method, scale)
        problems += [_at(file, problem) for problem in found]
        if not problems:
            return ShareFile(frame, file)
    elif not problems:
        problems = [Problem("kind", "the columns kind, place, quantity, governance", "none of them", "add them", file.name)]
    raise BadInput(sorted(problems, key=lambda problem: (problem.row or 0, problem.column)))


def _at(file: Path, problem: Problem) -> Problem:
    return Problem(problem.column, problem.expected, problem.found, problem.mend, file.name, problem.row)


def _complete(read: CsvTable) -> pd.DataFrame:
    """All columns, absent ones empty; the file's row of each record in ``row``."""
    assert read.frame is not None
    frame = read.frame.assign(row=read.rows)
    for name in ("quantity", "governance", "trade_parameter"):
        if name not in frame:
            frame[name] = np.nan
    if "place" not in frame:
        frame["place"] = ""
    return frame.assign(trade_parameter=frame["trade_parameter"].fillna(1.0))


def _kinds(frame: pd.DataFrame) -> Iterator[Problem]:
    unknown = frame[~frame["kind"].isin(KINDS) & (frame["kind"] != "")]
    for row, kind in zip(unknown["row"], unknown["kind"], strict=True):
        yield Problem("kind", "production or import", repr(kind), near(kind, KINDS), row=int(row))
    for kind in KINDS:
        if not (frame["kind"] == kind).any():
            yield Problem("kind", f"rows of kind {kind}", "none", f"add a row for each supplier ({_meaning(kind)})")


def _meaning(kind: str) -> str:
    return "world supply" if kind == "production" else "what the buyer uses, its own production as self"


def _quantities(frame: pd.DataFrame) -> Iterator[Problem]:
    for name in ("quantity", "trade_parameter"):
        for row, value in frame.loc[frame[name] < 0, ["row", name]].itertuples(index=False):
            yield Problem(name, "a number of at least 0", f"{value:g}", "write 0 or more", row=int(row))
    for kind in KINDS:
        rows = frame[frame["kind"] == kind]
        if len(rows) and (rows["quantity"] >= 0).all() and not rows["quantity"].sum() > 0:
            yield Problem(
                "quantity",
                f"a sum above 0 over the rows of kind {kind}",
                "0",
                "give the quantities",
                row=int(rows["row"].iloc[0]),
            )


def _places(frame: pd.DataFrame) -> Iterator[Problem]:
    repeated = frame[frame.duplicated(["kind", "place"]) & (frame["place"] != "")]
    for row, kind, place in repeated[["row", "kind", "place"]].itertuples(index=False):
        first = frame.loc[(frame["kind"] == kind) & (frame["place"] == place), "row"].iloc[0]
        yield Problem("place", f"each place once in {kind}", f"{place} as in row {first}", "add the quantities up", row=int(row))


def _governance(frame: pd.DataFrame, method: Method, scale: Scale) -> Iterator[Problem]:
    weighed = (frame["kind"] == "import") & (frame["place"] != SELF) | (frame["kind"] == "production") & (method == "eu2023")
    for row, place in frame.loc[weighed & frame["governance"].isna(), ["row", "place"]].itertuples(index=False):
        mend = f"give the risk weight of the place ({field('governance_scale', 'wgi')} for a World Bank estimate)"
        yield Problem("governance", f"a governance of {place or 'the place'}", "an empty cell", mend, row=int(row))
    low, high = ESTIMATES if scale == "wgi" else (0.0, WORST[method])
    what = "a World Bank estimate" if scale == "wgi" else f"a risk weight of {method}"
    words = f"{what} from {low:g} to {high:g}"
    outside = frame[(frame["governance"] < low) | (frame["governance"] > high)]
    for row, value in outside[["row", "governance"]].itertuples(index=False):
        mend = (
            "correct it"
            if scale == "wgi"
            else f"write 0 to {high:g}, or give {field('governance_scale', 'wgi')} for World Bank estimates"
        )
        yield Problem("governance", words, f"{value:g}", mend, row=int(row))


CHECKS = (_kinds, _quantities, _places)
