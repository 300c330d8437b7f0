"""A table of flows that a person gives: read from CSV, every broken row reported, and held to the balance of a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.balance import balance_table
from orepact.chain.csv_table import CsvTable, read_csv_table
from orepact.chain.flow_rows import COLUMNS, KINDS, NODE_SIGNS, NUMBERS, SITE_KINDS
from orepact.chain.tables import Column, Table, near, shortened
from orepact.errors import BadInput, OrepactError, Problem, ProblemCollector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Flows, Network

REQUIRED = ("year", "kind", "commodity", "quantity")
#: What a baseline says beside each flow; kept when the file has it.
QUALITY = {"standard_deviation": "number", "information": "number", "confidence": "text"}
#: Numbers printed with fewer digits than they were computed with still balance to this.
TOLERANCE = 1e-4
LISTED = 5


def flow_table() -> Table:
    """The columns of a file of flows, in the shape in which packages declare theirs."""
    types = dict.fromkeys(NUMBERS, "number") | {"year": "year", "kind": "id", "commodity": "id"}
    columns = {name: Column(name, types.get(name, "text"), "", required=name in REQUIRED) for name in COLUMNS}
    columns |= {name: Column(name, kind, "") for name, kind in QUALITY.items()}
    return Table("flows", "Flows", "", REQUIRED, indexed=False, required=True, columns=columns)


def read_flow_rows(path: Path) -> CsvTable:
    """The rows of the file; raises ``BadInput`` with every broken row and cell."""
    read = read_csv_table(flow_table(), path)
    problems = [_of_file(problem, path) for problem in read.problems]
    if read.frame is not None:
        problems += list(_kinds(read, path))
        if not len(read.frame) and not problems:
            mend = "give the flows of a baseline or of a plan, as their csv has them"
            problems.append(Problem("year", "at least one row of flows", "none", mend, path.name))
    if problems or read.frame is None:
        raise BadInput(problems)
    return read


def flows_from(read: CsvTable, network: Network, path: Path) -> Flows:
    """The rows as ``Flows`` on a network.

    Raises ``BadInput`` with every row that stands for nothing in the network, and where the rows do not balance.
    """
    from orepact.chain import Flows

    assert read.frame is not None
    found = ProblemCollector(path.name)
    _names(read, network, found)
    _years(read.frame, network, found)
    found.raise_if_any()
    frame = read.frame[[name for name in COLUMNS if name in read.frame]]
    flows = Flows(frame.fillna(dict.fromkeys(NUMBERS, 0.0)), network)
    _demand_balance(flows, path)
    if set(QUALITY) <= set(read.frame):
        flows = replace(flows, quality=read.frame[list(QUALITY)].reset_index(drop=True))
    return flows


def _of_file(problem: Problem, path: Path) -> Problem:
    return Problem(problem.column, problem.expected, problem.found, problem.mend, path.name, problem.row)


def _kinds(read: CsvTable, path: Path) -> Iterable[Problem]:
    assert read.frame is not None
    out = []
    for row, kind in zip(read.rows.tolist(), read.frame["kind"], strict=True):
        if kind not in KINDS:
            out.append(Problem("kind", f"one of {', '.join(KINDS)}", repr(kind), near(kind, KINDS), path.name, row))
    return shortened(out)


def _names(read: CsvTable, network: Network, found: ProblemCollector) -> None:
    """Rows whose commodity, site, route or node the network does not have."""
    from orepact.chain import balance

    frame = read.frame
    assert frame is not None
    listed = ProblemCollector(found.file)
    for row, name in _rows(read, ~frame["commodity"].isin(network.commodities.index), "commodity"):
        listed.add("commodity", "a commodity of the network", repr(name), near(name, network.commodities.index), row=row)
    known = frame["commodity"].isin(network.commodities.index)
    of_sites = frame["kind"].isin(SITE_KINDS)
    for row, name in _rows(read, of_sites & ~_cells(frame, "site").isin(network.site_index), "site"):
        listed.add("site", "a site of the network", repr(name), near(name, network.site_index), row=row)
    ends = frame.assign(origin=_cells(frame, "origin"), destination=_cells(frame, "destination"))
    moves = known & (frame["kind"] == "route")
    for at in _absent(moves, balance.route_numbers(ends[moves], network)):
        text = f"{ends['commodity'][at]} from {ends['origin'][at]} to {ends['destination'][at]}"
        mend = "name the ends of a route, or add the route to the network"
        listed.add("destination", "a route of the network", text, mend, row=int(read.rows[at]))
    stands = known & frame["kind"].isin(NODE_SIGNS)
    for at in _absent(stands, balance.node_numbers(ends[stands], network)):
        text = f"{ends['commodity'][at]} in {ends['destination'][at] or ends['origin'][at]}"
        listed.add("destination", "a node of the network", text, "name a place that has the commodity", row=int(read.rows[at]))
    found.extend(shortened(listed.problems))


def _absent(mask: pd.Series, numbers: NDArray[np.int64]) -> list[int]:
    """Positions of the masked rows whose number is -1."""
    return [int(at) for at in np.flatnonzero(mask.to_numpy())[numbers < 0]]


def _rows(read: CsvTable, mask: pd.Series, column: str) -> list[tuple[int, str]]:
    assert read.frame is not None
    cells = _cells(read.frame, column)
    return [(int(read.rows[at]), str(cells[at])) for at in mask[mask].index]


def _cells(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame[column] if column in frame else pd.Series([""] * len(frame), index=frame.index, dtype="str")


def _years(frame: pd.DataFrame, network: Network, found: ProblemCollector) -> None:
    other = sorted({int(year) for year in frame["year"]} - set(network.years))
    if other:
        known = ", ".join(map(str, network.years))
        text = ", ".join(map(str, other))
        found.add("year", f"years of the network: {known}", text, "leave these rows out, or take the network of those years")


def _demand_balance(flows: Flows, path: Path) -> None:
    """Raise ``BadInput`` naming the worst nodes where more leaves than enters or the reverse."""
    try:
        flows.check_balance(tolerance=TOLERANCE)
    except OrepactError as error:
        table = balance_table(flows.frame, flows.network)
        worst = table[table["relative"] > TOLERANCE].sort_values("relative", ascending=False)
        mend = "correct the rows, or leave none out"
        if not len(worst):
            raise BadInput([Problem("quantity", "flows that balance", str(error), mend, path.name)]) from error
        problems = []
        for row in worst.head(LISTED).itertuples(index=False):
            text = f"{row.residual:+,.6g} left over of {row.throughput:,.6g}"
            expected = f"what enters {row.commodity} in {row.place} in {row.year} to leave it ({len(worst)} nodes do not balance)"
            problems.append(Problem("quantity", expected, text, mend, path.name))
        raise BadInput(problems) from error
