"""``fit``: the balanced year that lies nearest to everything that was observed."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from orepact.baseline.options import BaselineOptions
from orepact.baseline.result import BaselineResult
from orepact.baseline.soundness import demand_sound
from orepact.baseline.tables import flows_of, observation_table
from orepact.baseline.unknowns import Unknowns
from orepact.baseline.words import disagreements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.prior import Prior
    from orepact.baseline.program import Program
    from orepact.baseline.terms import Observed
    from orepact.chain.manifest import Manifest
    from orepact.chain.network import Network

Report = Callable[[str, float], None]


def fit(
    network: Network, year: int | None = None, *, options: BaselineOptions | None = None, report: Report | None = None
) -> BaselineResult:
    """The balanced activities, flows, demand and stock changes of ``year`` (default: the first year of the observations).

    Minimise  sum over observations ((a . v - o) / sigma)^2 + sum over unknowns (v - g)^2 / (s g)
    subject to  S x + N f + m - u = d,  v >= 0,  capacities and exact observations;

    ``g`` and ``s`` see ``baseline.prior``. The optimum is unique. ``report`` is told each step and how far along it is.

    Raises ``BadInput`` with every problem at once: no observations of the year, observations that nothing in the network stands for,
    exact ones that contradict each other, processes that make mass, places that send what can never reach them.
    """
    from orepact.baseline.contradiction import demand_consistent
    from orepact.baseline.prior import prior_of
    from orepact.baseline.program import program_of
    from orepact.baseline.terms import observed

    options, tell, started = options or BaselineOptions(), report or _silent, perf_counter()
    tell("check the network and its observations", 0.0)
    chosen = demand_sound(network, year)
    unknowns = Unknowns.of(network, chosen, stocks=options.stock_share > 0, surplus=options.surplus_share > 0)
    seen = observed(unknowns, demand_share=options.demand_share)
    demand_sound(network, chosen, unknowns=unknowns, seen=seen)
    demand_consistent(unknowns, seen)
    tell("guess what nobody observed", 0.2)
    prior = prior_of(unknowns, seen, options)
    program = program_of(unknowns, prior, seen)
    tell("solve", 0.4)
    return _answer(unknowns, seen, prior, program, options, tell, started)


def _silent(_step: str, _fraction: float) -> None:
    """Report progress to nobody."""


def _answer(
    unknowns: Unknowns,
    seen: Observed,
    prior: Prior,
    program: Program,
    options: BaselineOptions,
    tell: Report,
    started: float,
) -> BaselineResult:
    from orepact.baseline.polish import polish
    from orepact.baseline.posterior import posterior_variance
    from orepact.baseline.solver import minimise

    begun = perf_counter()
    near, status = minimise(program, tolerance=options.tolerance)
    solved = perf_counter()
    exact = polish(program, near, options.tolerance)
    tell("weigh how sure each flow is", 0.7)
    variance = posterior_variance(program, exact.z, exact.free)
    values, manifest = program.values(exact.z), _manifest(unknowns, options, status)
    flows = flows_of(unknowns, seen, prior, values, variance, options, manifest)
    flows.check_balance()
    table, alike = observation_table(unknowns, seen, values)
    tell("done", 1.0)
    return BaselineResult(
        flows=flows,
        observations=table,
        disagreements=disagreements(table, alike),
        status="optimal" if exact.optimal else "nearly optimal",
        objective=_objective(seen, prior, program, values),
        manifest=manifest,
        assumptions=options.as_dict(),
        size={"unknowns": len(unknowns), "observations": len(table), "nodes": len(unknowns.network.nodes)},
        seconds={"prepare": begun - started, "solve": solved - begun, "whole": perf_counter() - started},
    )


def _objective(seen: Observed, prior: Prior, program: Program, values: NDArray) -> float:
    """The sum of squares of the fit: observations in their spread, unknowns in their prior."""
    soft = seen.fitted & ~seen.exact
    off = ((seen.matrix @ values - seen.quantity)[soft] / seen.spread[soft]) ** 2
    moved = (values - prior.mean)[program.kept] ** 2 / prior.variance[program.kept]
    return float(off.sum() + moved.sum())


def _manifest(unknowns: Unknowns, options: BaselineOptions, status: str) -> Manifest:
    from importlib.metadata import version

    from orepact.baseline.solver import SOLVER
    from orepact.chain.manifest import Manifest, hash_value

    solver = f"{SOLVER} {version(SOLVER)}"
    scenario = hash_value({"year": unknowns.year, "options": options.as_dict()})
    return Manifest.of(unknowns.network, solver=solver, solver_status=status, scenario_hash=scenario)
