"""From shipped tables to a network: what every command that plans or measures capacity pays first."""

from __future__ import annotations

from benchmarks.registry import Measures, spec, timed


@spec(
    "cli_facts",
    title="seconds to open the shipped facts and to build the reference network (imports done before); target: 3 s together",
    sweep=[{"what": "ledger"}, {"what": "network"}],
    smoke={"what": "ledger"},
)
def cli_facts(what: str) -> Measures:
    """Each case starts from an unread ledger."""
    import orepact as op

    measures: dict[str, float | str] = {}
    op.Codes.shipped()
    with timed(measures, "total"):
        ledger = op.service.open_ledger()
        claims = len(ledger.claims)
        if what == "network":
            network = op.Network.from_facts(ledger)
            measures |= {"sites": float(len(network.sites)), "routes": float(len(network.routes))}
    return {**measures, "claims": float(claims)}
