"""Programs kept in the solver: bits that depend on the arguments alone, and the same optimum as solving from nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from orepact.errors import SolverFailed
from orepact.linear import LinearProgram, WarmProgram, minimise
from orepact.linear.growing import GrowingProgram
from orepact.linear.warm import Bounds


def transport(sources: int = 6, sinks: int = 8, seed: int = 0) -> LinearProgram:
    """Least cost of bringing goods from sources to sinks; what is not brought costs 100."""
    rng = np.random.default_rng(seed)
    lanes = sources * sinks
    start, end = np.divmod(np.arange(lanes), sinks)
    short = lanes + np.arange(sinks)
    rows = np.concatenate([start, sources + end, sources + np.arange(sinks)])
    columns = np.concatenate([np.arange(lanes), np.arange(lanes), short])
    matrix = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(sources + sinks, lanes + sinks)).tocsr()
    supply, need = rng.uniform(5, 10, sources), rng.uniform(2, 6, sinks)
    return LinearProgram(
        cost=np.concatenate([rng.uniform(1, 9, lanes), np.full(sinks, 100.0)]),
        lower=np.zeros(lanes + sinks),
        upper=np.full(lanes + sinks, np.inf),
        matrix=matrix,
        row_lower=np.concatenate([np.zeros(sources), need]),
        row_upper=np.concatenate([supply, np.full(sinks, np.inf)]),
    )


def closed(program: LinearProgram, seed: int) -> Bounds:
    """Some lanes closed."""
    lanes = np.random.default_rng(seed).choice(program.shape[1] - 8, 12, replace=False)
    return Bounds.of(np.sort(lanes), 0.0, 0.0)


def test_the_same_bounds_give_the_same_bits_in_any_order() -> None:
    program = transport()
    one, other = WarmProgram(program), WarmProgram(program)
    forth = {seed: one.solve(closed(program, seed)).values.tobytes() for seed in range(20)}
    back = {seed: other.solve(closed(program, seed)).values.tobytes() for seed in reversed(range(20))}
    assert forth == back


def test_bounds_of_one_solve_are_gone_in_the_next() -> None:
    warm = WarmProgram(transport())
    usual = warm.base().objective
    assert warm.solve(closed(warm.program, 1), Bounds.of(np.arange(6), 0.0, 1.0)).objective > usual + 1.0
    assert warm.solve().objective == pytest.approx(usual, rel=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_warm_is_cold(seed: int) -> None:
    program = transport(seed=seed)
    found = WarmProgram(program).solve(closed(program, seed))
    upper = program.upper.copy()
    upper[closed(program, seed).at] = 0.0
    assert found.objective == pytest.approx(minimise(replace(program, upper=upper), {}).objective, rel=1e-9)


def test_a_bound_that_the_solver_refuses_is_not_silent() -> None:
    warm = WarmProgram(transport())
    with pytest.raises(SolverFailed):
        warm.solve(Bounds.of([10_000], 0.0, 0.0))


def test_what_cannot_be_is_named() -> None:
    warm = WarmProgram(transport())
    assert warm.solve(rows=Bounds.of([6], 5.0, 4.0)).status == "infeasible"


class Lost:
    """HiGHS that now and then says that it does not know, as it may from a poor basis."""

    def __init__(self, highs: Any, when: set[int]) -> None:
        self._highs, self._when, self.runs, self.presolve = highs, when, -1, []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._highs, name)

    def run(self) -> Any:
        self.runs += 1
        self.presolve.append(self._highs.getOptionValue("presolve")[1])
        return self._highs.run()

    def getModelStatus(self) -> Any:  # noqa: N802  the solver's name
        from highspy import HighsModelStatus

        return HighsModelStatus.kUnknown if self.runs in self._when else self._highs.getModelStatus()


def test_a_start_that_leads_nowhere_is_tried_from_nothing() -> None:
    program = transport()
    plain, warm = WarmProgram(program), WarmProgram(program)
    lost = warm._highs = Lost(warm._highs, when={2})  # base, first solve, second solve
    found = [warm.solve(closed(program, seed)) for seed in range(4)]
    wanted = [plain.solve(closed(program, seed)) for seed in range(4)]
    assert lost.presolve == ["off", "off", "off", "on", "off", "off"]
    assert (warm.cold_tries, plain.cold_tries) == (1, 0)
    assert [one.objective for one in found] == pytest.approx([one.objective for one in wanted], rel=1e-9)
    for at in (0, 2, 3):  # what comes after is untouched, bit for bit
        assert found[at].values.tobytes() == wanted[at].values.tobytes()


def test_the_second_try_has_the_bits_of_any_other_second_try() -> None:
    program = transport()
    bits = set()
    for before in ([], [3], [4, 5]):
        warm = WarmProgram(program)
        for seed in before:
            warm.solve(closed(program, seed))
        warm.base()
        warm._highs = Lost(warm._highs, when={0})
        bits.add(warm.solve(closed(program, 1)).values.tobytes())
        assert warm.cold_tries == 1
    assert len(bits) == 1


def test_no_answer_from_nothing_either_is_said() -> None:
    warm = WarmProgram(transport())
    warm._highs = Lost(warm._highs, when={1, 2})
    with pytest.raises(SolverFailed, match="Unknown"):
        warm.solve()


# The part that grows ---------------------------------------------------------------------------


def grown(program: LinearProgram, first: list[int]) -> tuple[float, int]:
    """Optimum found from some rows on, letting in what is broken; and how many rows were needed."""
    growing = GrowingProgram(program)
    growing.grow(np.array(first))
    while True:
        found = growing.solve(program.lower, program.upper, program.row_lower, program.row_upper)
        broken = growing.broken(found.values, program.row_lower, 1e-9)
        if not len(broken):
            return found.objective, len(growing.rows)
        growing.grow(broken[:1])


@pytest.mark.parametrize("seed", range(10))
def test_the_part_has_the_optimum_of_the_whole(seed: int) -> None:
    program = transport(seed=seed)
    supplies = list(range(6))
    objective, rows = grown(program, supplies)
    assert objective == pytest.approx(minimise(program, {}).objective, rel=1e-9)
    assert rows == 14


def test_rows_that_hold_by_themselves_stay_outside() -> None:
    program = transport()
    asked = program.row_lower.copy()
    asked[10:] = 0.0
    objective, rows = grown(replace(program, row_lower=asked), list(range(6)))
    assert rows == 10
    assert objective == pytest.approx(minimise(replace(program, row_lower=asked), {}).objective, rel=1e-9)


def test_columns_outside_rest_at_their_lower_bound() -> None:
    program = transport()
    lower = program.lower.copy()
    lower[-1] = 2.0
    growing = GrowingProgram(program)
    growing.grow(np.arange(6))
    found = growing.solve(lower, program.upper, np.where(np.arange(14) < 6, program.row_lower, -np.inf), program.row_upper)
    assert found.values[-1] == 2.0
