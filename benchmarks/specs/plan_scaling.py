"""How a plan grows with the size of the chain, and PyPSA on the same linear program."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.registry import Measures, spec, timed
from benchmarks.synthetic import Size, synthetic_network

YEARS = (2025, 2026, 2027, 2028, 2029, 2030, 2032, 2035, 2040)
SIZES = {
    "tiny": Size(6, 4, 20, 60, YEARS[:2]),
    "small": Size(12, 10, 90, 700, YEARS[:4]),
    "medium": Size(30, 30, 400, 3000, YEARS),
    "large": Size(60, 75, 1500, 15000, YEARS),
}
SMOKE = "tiny"
#: Sizes on which PyPSA is asked too; the largest takes it minutes.
WITH_PEER = ("tiny", "small", "medium")


@spec(
    "plan_scaling",
    title="seconds to declare, solve and read a plan of a synthetic chain; ratio to PyPSA on the same program",
    sweep=[{"size": name} for name in ("small", "medium", "large")],
    smoke={"size": SMOKE},
)
def plan_scaling(size: str) -> Measures:
    """Phases of our plan, its size, and the peer's time and objective where it is installed."""
    from orepact.plan import solve

    network = synthetic_network(SIZES[size])
    solve(synthetic_network(SIZES[SMOKE]))  # imports are not what we measure
    measures: dict[str, float | str] = {}
    with timed(measures, "total"):
        result = solve(network)
    measures |= {f"{phase}_s": seconds for phase, seconds in result.seconds.items()}
    measures |= {name: float(count) for name, count in result.size.items()}
    if size in WITH_PEER:
        measures |= _peer(size, result.objective_usd, float(measures["total_cpu_s"]))
    return measures


def _peer(size: str, objective: float, seconds: float) -> dict[str, float | str]:
    """PyPSA on the same network: translation, its own build and solve, and how far the objectives are apart."""
    try:
        import pypsa  # noqa: F401
    except ImportError:
        return {"pypsa": "not installed"}
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "peers"))  # some peers ship a package `tests` of their own
    from pypsa_twin import Twin

    found: dict[str, float | str] = {}
    with _quiet():
        if size != SMOKE:
            Twin(synthetic_network(SIZES[SMOKE])).solve()  # imports are not what we measure; a smoke run measures nothing
        with timed(found, "pypsa_translate"):
            twin = Twin(synthetic_network(SIZES[size]))
        with timed(found, "pypsa_optimize"):
            theirs = twin.solve()
    found["pypsa_optimize_cpu_ratio"] = float(found["pypsa_optimize_cpu_s"]) / seconds
    found["relative_difference"] = abs(theirs - objective) / abs(objective)
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """No line of a library, and of the program again afterwards: tests run this beside others."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
