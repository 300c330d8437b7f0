"""``PlanModel``: a case as a linopy model, long and sparse, with the way back from solver columns to sites and routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.linear import LinearProgram, empty_program
from orepact.plan.columns import Block
from orepact.plan.scales import MONEY_USD

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from orepact.plan.case import Case


@dataclass(frozen=True)
class Terms:
    """Coefficients of one block in some rows: parallel arrays of column, row and coefficient (original units)."""

    block: str
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    coefficient: NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """One family of constraints as declared: ``item`` and ``year`` positions, right-hand side and scale of each row.

    ``kept`` are the rows that reached the program (a row without variables that holds anyway does not).
    """

    name: str
    sign: str
    item: NDArray[np.int64]
    year: NDArray[np.int64]
    rhs: NDArray[np.float64]
    scale: NDArray[np.float64]
    kept: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.item)


@dataclass
class PlanModel:
    """The linopy model of a case while it is declared; ``elastic`` families get a slack on every row."""

    case: Case
    elastic: frozenset[str] = frozenset()
    blocks: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    impossible: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    details: dict[str, pd.DataFrame] = field(default_factory=dict)
    terms: dict[str, list[Terms]] = field(default_factory=dict)
    linopy: Any = None
    _labels: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import linopy

        with sparse_semantics():
            self.linopy = linopy.Model(sparse=True)

    # Declaring -----------------------------------------------------------------------------------

    def add_block(self, columns: Block) -> Block:
        """Declare the variables of a block; their scale turns them into numbers near 1 for the solver."""
        import xarray as xr

        self.blocks[columns.name] = columns
        if not len(columns):
            self._labels[columns.name] = np.empty(0, dtype=np.int64)
            return columns
        index = pd.RangeIndex(len(columns), name=columns.name)

        def along(values: NDArray[np.float64]) -> Any:
            return xr.DataArray(values, coords=[index])

        variable = self.linopy.add_variables(
            lower=0, upper=along(columns.upper), coords=[index], name=columns.name, scaling=along(1.0 / columns.scale)
        )
        self._labels[columns.name] = variable.labels.to_numpy()
        return columns

    def add_rows(
        self,
        name: str,
        terms: Sequence[Terms],
        sign: str,
        *,
        item: NDArray[np.int64],
        year: NDArray[np.int64],
        rhs: NDArray[np.float64],
        scale: NDArray[np.float64],
    ) -> None:
        """Declare ``sum of terms (sign) rhs`` for every row; rows without any variable are judged on the spot."""
        declared = Rows(name, sign, item, year, rhs, scale, np.arange(len(item)))
        terms = [*terms, *self._slack(declared)]
        self.terms[name] = terms
        row = np.concatenate([t.row for t in terms])
        has_terms = np.zeros(len(item), dtype=bool)
        has_terms[row] = True
        broken = ~has_terms & ~_holds_empty(sign, rhs)
        if broken.any():
            self.impossible[name] = np.flatnonzero(broken)
        kept = np.flatnonzero(has_terms)
        self.rows[name] = replace(declared, kept=kept)
        if len(kept):
            self._declare(name, terms, row, sign, kept)

    def _declare(self, name: str, terms: Sequence[Terms], row: NDArray[np.int64], sign: str, kept: NDArray[np.int64]) -> None:
        import xarray as xr

        index = pd.Index(kept, name=name)
        summed = self._expression(terms).groupby(xr.DataArray(row, dims="term", name=name)).sum()
        rhs, scale = self.rows[name].rhs[kept], self.rows[name].scale[kept]
        self.linopy.add_constraints(
            summed, sign, xr.DataArray(rhs, coords=[index]), name=name, scaling=xr.DataArray(1.0 / scale, coords=[index])
        )

    def _expression(self, terms: Sequence[Terms]) -> Any:
        """All terms side by side along one dimension, not yet summed into rows."""
        import linopy
        import xarray as xr

        labels = np.concatenate([self._labels[t.block][t.column] for t in terms])
        coefficients = np.concatenate([t.coefficient for t in terms])
        data = xr.Dataset(
            {
                "coeffs": (("term", "_term"), coefficients[:, None]),
                "vars": (("term", "_term"), labels[:, None]),
                "const": ("term", np.zeros(len(labels))),
            }
        )
        return linopy.LinearExpression(data, self.linopy)

    def _slack(self, rows: Rows) -> list[Terms]:
        """Slack that lets a row of an elastic family give way; equalities give way only upwards (missing supply)."""
        if rows.name not in self.elastic:
            return []
        some = np.flatnonzero(rows.rhs > 0) if rows.sign == "=" else np.arange(len(rows))
        upper = rows.rhs[some] if rows.sign == "=" else np.full(len(some), np.inf)
        columns = Block(f"slack_{rows.name}", some, rows.year[some], upper, np.ones(len(some)), rows.scale[some])
        self.add_block(columns)
        direction = np.full(len(some), -1.0 if rows.sign == "<=" else 1.0)
        return [Terms(columns.name, np.arange(len(some)), some, direction)]

    def add_objective(self) -> None:
        """Minimise discounted cost; an elastic model minimises the sum of its slacks, each in its magnitude."""
        import linopy
        import xarray as xr

        chosen = {n: b for n, b in self.blocks.items() if len(b) and (not self.elastic or n.startswith("slack_"))}
        if not chosen:
            return
        labels = np.concatenate([self._labels[n] for n in chosen])
        costs = np.concatenate([self._cost(b) for b in chosen.values()])
        data = xr.Dataset({"coeffs": ("_term", costs), "vars": ("_term", labels), "const": ((), 0.0)})
        self.linopy.add_objective(linopy.LinearExpression(data, self.linopy))
        self.linopy.objective.scaling = 1.0 / self.money

    def _cost(self, columns: Block) -> NDArray[np.float64]:
        return 1.0 / columns.scale if self.elastic else columns.cost_usd

    @property
    def money(self) -> float:
        """USD per unit of the program's objective."""
        return MONEY_USD if self.case.scaled and not self.elastic else 1.0

    # To the solver and back ----------------------------------------------------------------------

    def program(self) -> LinearProgram:
        """The arrays that the solver takes, in scaled units."""
        if not any(len(columns) for columns in self.blocks.values()):
            return empty_program()
        matrices = self.linopy.matrices
        equal, below = matrices.sense == "=", matrices.sense == "<"
        return LinearProgram(
            cost=matrices.c,
            lower=matrices.lb,
            upper=matrices.ub,
            matrix=matrices.A,
            row_lower=np.where(below, -np.inf, matrices.b),
            row_upper=np.where(below | equal, matrices.b, np.inf),
        )

    def by_block(self, values: NDArray[np.float64], *, costs: bool = False) -> dict[str, NDArray[np.float64]]:
        """Solver columns as one array for each block, in original units (``costs``: reduced costs, USD per unit)."""
        out, start = {}, 0
        for name, columns in self.blocks.items():
            part = values[start : start + len(columns)]
            out[name] = part * self.money / columns.scale if costs else part * columns.scale
            start += len(columns)
        return out

    def by_rows(self, duals: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        """Row duals as one array for each family, USD per unit of the right-hand side; 0 for rows outside the program."""
        out, start = {}, 0
        for name, rows in self.rows.items():
            full = np.zeros(len(rows))
            full[rows.kept] = duals[start : start + len(rows.kept)] * self.money / rows.scale[rows.kept]
            out[name] = full
            start += len(rows.kept)
        return out

    def used(self, name: str, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Left-hand side of every row of a family, without its slack, from values by block (original units)."""
        total = np.zeros(len(self.rows[name]))
        for part in self.terms[name]:
            if not part.block.startswith("slack_"):
                np.add.at(total, part.row, part.coefficient * values[part.block][part.column])
        return total

    def write(self, path: Path) -> Path:
        """Write the program as an LP file with names; meant for small models."""
        from orepact.plan.names import column_names, row_names

        with sparse_semantics():
            names = {n: column_names(self.case, b) for n, b in self.blocks.items() if len(b)}
            names |= {n: row_names(self.case, r, self.details.get(n))[r.kept] for n, r in self.rows.items() if len(r.kept)}
            self.linopy.assign_coords(**names)
            self.linopy.to_file(path, explicit_coordinate_names=True, progress=False)
        return path


def _holds_empty(sign: str, rhs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether ``0 (sign) rhs`` holds."""
    holds: NDArray[np.bool_] = {"=": rhs == 0, "<=": rhs >= 0, ">=": rhs <= 0}[sign]
    return holds


def sparse_semantics() -> Any:
    """Context in which linopy builds sparse models (its strict arithmetic); the caller's setting comes back after."""
    from contextlib import contextmanager

    import linopy

    @contextmanager
    def strict() -> Iterator[None]:
        with linopy.options:
            linopy.options(semantics="v1")
            yield

    return strict()
