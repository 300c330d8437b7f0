"""Exact observations that cannot hold together: the smallest sets that contradict themselves, by name.

A linear program with a penalty on breaking each exact observation finds whether they can hold at all; the rows with
a price are a set that cannot, and taking rows away one by one while it still cannot leaves a smallest one (deletion filter:
Chinneck 2008, Feasibility and Infeasibility in Optimization). Stocks do not help here unless a change of stock was observed
or a stockpile stands there: exact means exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.baseline.words import amount
from orepact.errors import Problem, SolverFailed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.case import Case

FILE = "observations.csv"
#: Part of an exact quantity by which rows may miss each other, as rounding.
ROUNDING = 1e-7
#: Sets and members that are named.
SETS, NAMED = 10, 6
#: Programs solved in search of further sets.
SEARCHES = 40
PRICED = 1e-9


@dataclass(frozen=True, eq=False)
class _Hard:
    """Balance and exact rows in the scaled numbers of the program, and the bounds of the unknowns."""

    balance: sparse.csr_array
    exact: sparse.csr_array
    right: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def contradictions(case: Case) -> list[Problem]:
    """One problem for each smallest set of exact observations that contradicts itself; [] when all can hold together."""
    lines = np.flatnonzero(case.seen.exact)
    if not len(lines):
        return []
    return [_problem(case, lines[sorted(smallest)]) for smallest in _smallest_sets(_hard(case), len(lines))]


def _smallest_sets(hard: _Hard, many: int) -> list[frozenset[int]]:
    """Up to ``SETS`` different smallest sets among exact rows, also where they share members.

    After each set found, one member at a time is taken away and the rest is searched again (the tree of Reiter 1987, A theory
    of diagnosis from first principles), at most ``SEARCHES`` times.
    """
    found, searches = list[frozenset[int]](), 0
    stack, visited = [frozenset[int]()], {frozenset[int]()}
    while stack and len(found) < SETS:
        dropped = stack.pop()
        known = next((one for one in found if not one & dropped), None)
        if known is None:
            if searches == SEARCHES:
                break
            searches += 1
            priced = _priced(hard, np.setdiff1d(np.arange(many), sorted(dropped)))
            if not len(priced):
                continue
            known = frozenset(_deletion_filter(hard, priced).tolist())
            found.append(known)
        branches = [dropped | {member} for member in sorted(known)]
        stack += [branch for branch in branches if branch not in visited]
        visited.update(branches)
    return found


def _hard(case: Case) -> _Hard:
    program, unknowns = case.program, case.unknowns
    nodes, exact = len(unknowns.network.nodes), int(case.seen.exact.sum())
    lower, upper = program.lower.copy(), program.upper.copy()
    stock = unknowns.blocks["stock"]
    idle = (program.kept >= stock.start) & (program.kept < stock.stop) & ~np.isin(program.kept, _moving_stocks(case))
    lower[idle], upper[idle] = 0.0, 0.0
    rows = sparse.csr_array(program.matrix[nodes : nodes + exact])
    return _Hard(sparse.csr_array(program.matrix[:nodes]), rows, program.right[nodes : nodes + exact], lower, upper)


def _moving_stocks(case: Case) -> NDArray[np.int64]:
    """Unknown stock changes that an observation or a stockpile speaks of."""
    unknowns, network = case.unknowns, case.unknowns.network
    stock = unknowns.blocks["stock"]
    if not unknowns.stocks:
        return np.zeros(0, dtype=np.int64)
    told = (case.seen.table["kind"] == "stock_change").to_numpy()
    seen = case.seen.matrix[told].indices
    held = network.positions(network.stockpiles["commodity"], network.stockpiles["place"])
    return np.concatenate([seen, stock.start + held[held >= 0]])


def _priced(hard: _Hard, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the exact observations that together cannot hold: those with a price when breaking each costs its size."""
    from scipy.optimize import linprog

    if not len(rows):
        return rows
    columns, many = hard.exact.shape[1], len(rows)
    slack = sparse.eye_array(many, format="csr")
    matrix = sparse.vstack(
        [
            sparse.hstack([hard.balance, sparse.csr_array((hard.balance.shape[0], 2 * many))]),
            sparse.hstack([hard.exact[rows], slack, -slack]),
        ],
        format="csr",
    )
    right = np.concatenate([np.zeros(hard.balance.shape[0]), hard.right[rows]])
    weight = 1.0 / np.maximum(np.abs(hard.right[rows]), PRICED)
    cost = np.concatenate([np.zeros(columns), weight, weight])
    bounds = np.column_stack([np.append(hard.lower, np.zeros(2 * many)), np.append(hard.upper, np.full(2 * many, np.inf))])
    answer: Any = linprog(cost, A_eq=cast("Any", matrix), b_eq=right, bounds=cast("Any", bounds), method="highs")
    if answer.status != 0:
        raise SolverFailed(f"the exact observations could not be compared: {answer.message}")
    if answer.fun <= ROUNDING * many:
        return rows[:0]
    price = np.abs(answer.eqlin.marginals[-many:]) / weight
    return np.asarray(rows[price > 1e-6])


def _deletion_filter(hard: _Hard, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """A smallest set among the rows that cannot hold together."""
    kept = rows
    for row in rows:
        without = kept[kept != row]
        if len(_priced(hard, without)):
            kept = without
    return kept


def _problem(case: Case, lines: NDArray[np.int64]) -> Problem:
    table = case.seen.table.iloc[lines]
    told = list(_told(table))
    text = "; ".join(told[:NAMED]) + (f"; and {len(told) - NAMED} more" if len(told) > NAMED else "")
    own = table.loc[table["row"] >= 0, "row"]
    file, row = (FILE, int(own.iloc[0]) + 2) if len(own) else ("demand.csv", None)
    against = (
        "exact observations that can hold together"
        if len(lines) > 1
        else "an exact observation that balance and capacities allow"
    )
    mend = "correct one of them, or give it a standard deviation"
    return Problem("quantity", against, text, mend, file, row)


def _told(table: pd.DataFrame) -> Iterator[str]:
    for name, row, quantity, unit in zip(*(table[column] for column in ("observation", "row", "quantity", "unit")), strict=True):
        where = f"row {row + 2}" if row >= 0 else "demand.csv"
        yield f"{name} ({where}) is exactly {amount(float(quantity))} {unit}".rstrip()
