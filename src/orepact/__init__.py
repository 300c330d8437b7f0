"""orepact: plans, stress-tests and runs an allied battery supply chain.

>>> import orepact as op
>>> op.Network.__name__, op.measure.concentration_of.__name__
('Network', 'concentration_of')

Everything is imported when it is first used, so that ``import orepact`` costs next to nothing:

- ``op.Network``, ``op.Flows``, ``op.Scenario``: the chain
- ``op.Ledger``, ``op.Codes``: the facts
- ``op.baseline.fit``, ``op.plan.solve``, ``op.measure``: the engines, on networks, frames and numbers
- ``op.service``: one function for each use case, as the command line calls them
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from orepact._version import __version__

if TYPE_CHECKING:
    from orepact import baseline, chain, facts, measure, plan, report, service
    from orepact.chain import Flows, Network, Scenario
    from orepact.facts import Codes, Ledger

_NAMES = {"Network": "chain", "Flows": "chain", "Scenario": "chain", "Ledger": "facts", "Codes": "facts"}
_ROOMS = ("baseline", "chain", "facts", "measure", "plan", "report", "service")

__all__ = [
    "Codes", "Flows", "Ledger", "Network", "Scenario", "__version__", "baseline", "chain", "facts", "measure", "plan",
    "report", "service",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if name in _NAMES:
        return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
