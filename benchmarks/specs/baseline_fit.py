"""How long the balanced year takes, by phase."""

from __future__ import annotations

from benchmarks.registry import Measures, spec, timed
from benchmarks.specs.baseline_solver import network_of


@spec(
    "baseline_fit",
    title="a balanced year from the shipped facts: seconds to build the network and to fit it, by phase",
    sweep=[{"case": "2024"}, {"case": "2023"}, {"case": "large"}],
    smoke={"case": "tiny"},
)
def baseline_fit(case: str) -> Measures:
    """Seconds of building and fitting, size, and how well the result holds."""
    from orepact import baseline

    network_of.cache_clear()
    measures: dict[str, float | str] = {}
    with timed(measures, "build"):
        network = network_of(case)
    with timed(measures, "fit"):
        result = baseline.fit(network)
    phases = {f"{phase}_s": seconds for phase, seconds in result.seconds.items()}
    sizes = {name: float(size) for name, size in result.size.items()}
    return {**measures, **phases, **sizes, "status": result.status, "balance": result.flows.check_balance()}
