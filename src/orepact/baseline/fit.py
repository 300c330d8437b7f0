"""``fit``: the balanced year that lies nearest to everything that was observed."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from orepact.baseline.options import BaselineOptions
from orepact.baseline.result import BaselineResult

if TYPE_CHECKING:
    from orepact.baseline.case import Case
    from orepact.chain.manifest import Manifest
    from orepact.chain.network import Network

Report = Callable[[str, float], None]


def fit(
    network: Network,
    year: int | None = None,
    *,
    options: BaselineOptions | None = None,
    report: Report | None = None,
    spread: bool = True,
) -> BaselineResult:
    """The balanced activities, flows, demand and stock changes of ``year`` (default: the one year that was observed).

    Minimise  sum over observations ((a . v - o) / sigma)^2 + sum over unknowns (v - g)^2 / (s g)
    subject to  S x + N f + m - u = d,  v >= 0,  capacities and exact observations;

    ``g`` and ``s`` see ``baseline.prior``. The optimum is unique. ``report`` is told each step and how far along it is.
    Without ``spread`` nobody asks how sure each flow is (about half of the time): ``flows.quality`` is None.

    Raises ``BadInput`` with every problem at once: no observations of the year, observations that nothing in the network
    stands for, exact ones that contradict each other, processes that make mass, places that send what can never reach them.
    """
    tell, started = report or _silent, perf_counter()
    tell("check the network and its observations", 0.0)
    case = prepare(network, year, options or BaselineOptions())
    tell("solve", 0.4)
    return _answer(case, tell, started, spread=spread)


def _silent(_step: str, _fraction: float) -> None:
    """Report progress to nobody."""


def prepare(network: Network, year: int | None, options: BaselineOptions) -> Case:
    """The case of a year, checked; raises ``BadInput`` as ``fit`` does."""
    from orepact.baseline.case import Case
    from orepact.baseline.contradiction import contradictions
    from orepact.baseline.soundness import demand_readable, unsound
    from orepact.baseline.terms import observed
    from orepact.baseline.unknowns import Unknowns
    from orepact.errors import ProblemCollector

    chosen = demand_readable(network, year)
    unknowns = Unknowns.of(network, chosen, stocks=options.stock_share > 0, surplus=options.surplus_share > 0)
    seen = observed(unknowns, demand_share=options.demand_share)
    case = Case.of(unknowns, seen, options)
    found = ProblemCollector("observations.csv")
    found.extend(unsound(unknowns, seen))
    found.extend(contradictions(case))
    found.raise_if_any()
    return case


def _answer(case: Case, tell: Report, started: float, *, spread: bool) -> BaselineResult:
    from orepact.baseline.polish import polish
    from orepact.baseline.posterior import posterior_variance
    from orepact.baseline.solver import minimise
    from orepact.baseline.tables import flows_of, observation_table
    from orepact.baseline.words import disagreements

    begun = perf_counter()
    near, status = minimise(case.program, tolerance=case.options.tolerance)
    solved = perf_counter()
    exact = polish(case.program, near, case.options.tolerance)
    tell("weigh how sure each flow is", 0.6)
    variance = posterior_variance(case.program, exact.z, exact.free) if spread else None
    values, manifest = case.program.values(exact.z), _manifest(case, status)
    flows = flows_of(case, values, variance, manifest)
    flows.check_balance()
    table, alike = observation_table(case, values)
    tell("done", 1.0)
    return BaselineResult(
        flows=flows,
        observations=table,
        disagreements=disagreements(table, alike),
        status="optimal" if exact.optimal else "nearly optimal",
        objective=case.squares(values),
        manifest=manifest,
        assumptions=case.options.as_dict(),
        size={"unknowns": len(values), "observations": len(table), "nodes": len(case.unknowns.network.nodes)},
        seconds={"prepare": begun - started, "solve": solved - begun, "whole": perf_counter() - started},
    )


def _manifest(case: Case, status: str) -> Manifest:
    from importlib.metadata import version

    from orepact.baseline.solver import SOLVER
    from orepact.chain.manifest import Manifest, hash_value

    asked = hash_value({"year": case.unknowns.year, "options": case.options.as_dict()})
    return Manifest.of(case.unknowns.network, solver=f"{SOLVER} {version(SOLVER)}", solver_status=status, scenario_hash=asked)
