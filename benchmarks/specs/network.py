"""From the shipped facts to the reference network: what every command that plans waits for first."""

from __future__ import annotations

from benchmarks.registry import Measures, spec, timed


@spec(
    "network_from_facts",
    title="seconds to load all shipped facts into a network; target: 3 s",
    sweep=[{"years": "reference"}, {"years": "base"}],
    smoke={"years": "base"},
)
def network_from_facts(years: str, repeats: int = 3) -> Measures:
    """Least seconds of some fresh ledgers: reading the claims, resolving and building; and the size of the network."""
    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario
    from orepact.facts.ledger import Ledger

    scenario = Scenario.load("reference")
    wanted = (scenario.reference.base_year,) if years == "base" else None
    Network.from_facts(Ledger.shipped(), scenario, wanted)  # imports are not what we measure
    best: dict[str, float | str] = {}
    for _ in range(repeats):
        measures: dict[str, float | str] = {}
        with timed(measures, "total"):
            with timed(measures, "claims"):
                ledger = Ledger.shipped()
                _ = ledger.claims
            with timed(measures, "build"):
                network = Network.from_facts(ledger, scenario, wanted)
        if not best or float(measures["total_s"]) < float(best["total_s"]):
            best = measures
    sizes = {name: float(len(getattr(network, name))) for name in ("commodities", "places", "sites", "routes", "demand")}
    return best | sizes
