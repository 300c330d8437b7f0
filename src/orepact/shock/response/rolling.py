"""A rolling horizon: decide, carry out, look again; all decisions of a response are one program with other bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from orepact.errors import SolverFailed
from orepact.linear.growing import GrowingProgram
from orepact.shock.response import belief
from orepact.shock.response.bounds import limits
from orepact.shock.response.reach import Reach
from orepact.shock.response.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from orepact.linear import Solved
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.response.bounds import Limits
    from orepact.shock.response.permits import Permits
    from orepact.shock.response.program import ResponseProgram

#: A row outside the solver that lacks more than this many units is let in.
TOLERANCE = 1e-8


class Decider:
    """The program of a response in the solver, grown as far as the event reaches."""

    def __init__(self, model: ResponseProgram) -> None:
        self.model, self.reach, self.growing = model, Reach(model), GrowingProgram(model.program)
        self.iterations = self.solves = 0
        others = np.arange(model.rows("end").stop, model.program.shape[0])
        if len(others):
            self.growing.grow(others)

    def decide(self, found: Limits) -> Solved:
        """The optimum of the whole program under these bounds: solved in part, until no row outside is broken."""
        self._let_in_cheaper(found.cost)
        values, solved = found.lower, None
        while True:
            broken = self.growing.broken(values, found.row_lower, TOLERANCE)
            if len(broken):
                self.growing.grow(self.reach.add(broken))
            elif solved is not None:
                return solved
            solved = self.growing.solve(found.lower, found.upper, found.row_lower, found.row_upper, found.cost)
            if solved.status != "optimal":
                raise SolverFailed(f"the response has no plan: the solver says {solved.status}")
            values = solved.values
            self.iterations, self.solves = self.iterations + solved.iterations, self.solves + 1

    def _let_in_cheaper(self, cost: NDArray[np.float64]) -> None:
        """Columns that earn something by moving (less of a flow that is taxed) belong in the solver."""
        earning = np.flatnonzero((cost < 0) & ~self.growing.column_in)
        if len(earning):
            rows = self.growing.rows_of(earning)
            self.growing.grow(self.reach.add(rows[rows < self.model.rows("end").stop]))


@dataclass(frozen=True)
class Horizon:
    """How actors look ahead: weeks between decisions, least weeks that they expect an event to last, or everything as it will be.

    ``patience``: what a dollar of the next week counts now. Who does not know the end puts losses off, as they may never come.
    """

    every: int
    least_weeks: int
    perfect: bool = False
    patience: float = 1.0


@dataclass(frozen=True, eq=False)
class Rolled:
    """A finished run: where things stand at the end with the record of all weeks, and what it took."""

    state: State
    decisions: int
    objective: float
    seconds: dict[str, float] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)


def roll(
    model: ResponseProgram,
    disruption: Disruption,
    permits: Permits,
    horizon: Horizon,
    report: Callable[[float], None] | None = None,
) -> Rolled:
    """Every decision of a response and what came of it.

    ``objective`` is that of the first decision: the bound of a response that decides once.
    """
    began = perf_counter()
    state, decider = State(model, disruption), Decider(model)
    event = belief.weekly(disruption)
    once = horizon.perfect and model.grid.weeks >= disruption.weeks and bool((model.grid.lengths == 1).all())
    weeks = [0] if once else belief.decision_weeks(event, disruption, horizon.every, perfect=horizon.perfect)
    objective = np.nan
    for week, following in zip(weeks, [*weeks[1:], disruption.weeks], strict=True):
        if report is not None:
            report(week / disruption.weeks)
        seen = belief.ahead(event, disruption, week, model.grid.weeks, least_weeks=horizon.least_weeks, perfect=horizon.perfect)
        if week == disruption.end_known_week:
            decider.growing.restart()  # all that was planned for a longer event is far from what is best now
        solved = decider.decide(limits(model, permits, state, seen, horizon.patience))
        objective = solved.objective if week == 0 else objective
        done = following - week
        state.advance(model.by_week(solved.values, done), done, model.stock_worth(solved.duals, done))
    size = {"rows": len(decider.growing.rows), "columns": len(decider.growing.columns), "iterations": decider.iterations}
    return Rolled(state, len(weeks), float(objective), {"decide": perf_counter() - began}, size)
