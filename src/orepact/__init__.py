"""orepact: plans, stress-tests and runs an allied battery supply chain.

>>> import orepact as op
>>> op.Network.__name__, op.measure.concentration_of.__name__
('Network', 'concentration_of')

Everything is imported when it is first used, so that ``import orepact`` costs next to nothing:

- ``op.Network``, ``op.Flows``, ``op.Scenario``: the chain
- ``op.Ledger``, ``op.Codes``: the facts
- ``op.baseline.fit``, ``op.plan.solve``, ``op.measure``, ``op.shock``: the engines, on networks, frames and numbers
- ``op.service``: one function for each use case, as the command line calls them
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact._lazy import lazy
from orepact._version import __version__

if TYPE_CHECKING:
    from orepact import baseline, chain, facts, measure, plan, report, service, shock
    from orepact.chain import Flows, Network, Scenario
    from orepact.facts import Codes, Ledger

_NAMES = {"Network": "chain", "Flows": "chain", "Scenario": "chain", "Ledger": "facts", "Codes": "facts"}
_ROOMS = ("baseline", "chain", "facts", "measure", "plan", "report", "service", "shock")

__all__ = [
    "Codes", "Flows", "Ledger", "Network", "Scenario", "__version__", "baseline", "chain", "facts", "measure", "plan",
    "report", "service", "shock",
]  # fmt: skip

__getattr__ = lazy(__name__, _NAMES | dict.fromkeys(_ROOMS, ""))


def __dir__() -> list[str]:
    return sorted(__all__)
