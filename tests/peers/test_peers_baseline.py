"""The baseline's quadratic program by independent solvers: HiGHS, and OSQP and Clarabel where they are installed."""

import numpy as np
import pytest
from benchmarks.quadratic import SOLVERS

import orepact as op
from baseline_networks import CHAIN, SPLITTER, chain_network
from orepact.baseline import BaselineOptions
from orepact.baseline.fit import prepare
from orepact.baseline.polish import polish
from orepact.baseline.solver import minimise

pytestmark = pytest.mark.peers


def off_by(seed):
    """The observations of the chain, each off by a random factor; some so far that flows and sites stop."""
    factors = np.random.default_rng(seed).lognormal(0.0, 0.8, len(CHAIN))
    return [item | {"quantity": item["quantity"] * factor} for item, factor in zip(CHAIN, factors, strict=True)]


CASES = {"splitter": lambda: op.Network.from_package(SPLITTER)} | {
    f"chain {seed}": (lambda seed=seed: chain_network(observations=off_by(seed))) for seed in range(6)
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("solver", ["highs", "osqp", "clarabel"])
def test_another_solver_finds_the_same_year(solver, name):
    if solver != "highs":
        pytest.importorskip(solver)
    program = prepare(CASES[name](), None, BaselineOptions()).program
    near, _ = minimise(program, tolerance=1e-8)
    ours = polish(program, near, 1e-8)
    theirs, _ = SOLVERS[solver](program, 1e-9)
    assert ours.optimal
    assert program.broken(ours.z) <= 1e-9
    assert program.objective(ours.z) == pytest.approx(program.objective(theirs), rel=1e-5, abs=1e-6)
    assert np.abs(ours.z - theirs).max() <= 1e-3


@pytest.mark.parametrize("name", CASES)
def test_the_polish_needs_no_good_start(name):
    """From nothing at all it walks to the same optimum as from the solver's answer."""
    program = prepare(CASES[name](), None, BaselineOptions()).program
    near, _ = minimise(program, tolerance=1e-8)
    far = np.clip(np.zeros(len(program.kept)), program.lower, program.upper)
    one, other = polish(program, near, 1e-8), polish(program, far, 1e-8)
    assert other.optimal
    assert np.allclose(one.z, other.z, atol=1e-7)
