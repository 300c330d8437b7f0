"""The chain: ``Network`` (tables, S, N), its package, ``Flows``, scenarios, distances.

Names are imported when they are first used, so that ``import orepact.chain`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orepact.chain.flows import Flows
    from orepact.chain.manifest import Manifest
    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario

_HOME = {"Flows": "flows", "Manifest": "manifest", "Network": "network", "Scenario": "scenario"}

__all__ = ["Flows", "Manifest", "Network", "Scenario"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
