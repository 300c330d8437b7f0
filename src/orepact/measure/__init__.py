"""Measures of a chain: pure functions on frames and numbers, without files, terminal or network.

Names are imported when they are first used, so that ``import orepact.measure`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orepact.measure.concentration import Concentration, concentration_of, governance_risk
    from orepact.measure.eligibility.assess import assess
    from orepact.measure.eligibility.bill import Bill
    from orepact.measure.eligibility.cheapest import cheapest_change
    from orepact.measure.origin import Origin, OriginTable, Tracing, trace, trace_all
    from orepact.measure.reliance import Reliance, contained, reliance_of
    from orepact.measure.tracing.footprint import Footprint
    from orepact.measure.tracing.paths import path
    from orepact.measure.tracing.transfers import Transfers

_HOME = {
    "Concentration": "concentration",
    "concentration_of": "concentration",
    "governance_risk": "concentration",
    "Footprint": "tracing.footprint",
    "Origin": "origin",
    "OriginTable": "origin",
    "Tracing": "origin",
    "Transfers": "tracing.transfers",
    "path": "tracing.paths",
    "trace": "origin",
    "trace_all": "origin",
    "Reliance": "reliance",
    "contained": "reliance",
    "Bill": "eligibility.bill",
    "assess": "eligibility.assess",
    "cheapest_change": "eligibility.cheapest",
    "reliance_of": "reliance",
}

__all__ = [
    "Bill",
    "Concentration",
    "Footprint",
    "Origin",
    "OriginTable",
    "Reliance",
    "Tracing",
    "Transfers",
    "assess",
    "cheapest_change",
    "concentration_of",
    "contained",
    "governance_risk",
    "path",
    "reliance_of",
    "trace",
    "trace_all",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
