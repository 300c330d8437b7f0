"""The reference network: facts and a scenario in, a ``Network`` out.

``evidence`` asks the ledger, ``recipes`` reads what processes need, ``final_demand`` says what is wanted where and when,
``base_year`` closes the balance of the base year with country residuals, ``site_table`` and ``route_table`` lay out
what may run and move, and ``builder`` puts it together.
"""

from orepact.chain.reference.baseline_case import baseline_case, build_baseline
from orepact.chain.reference.builder import build_network

__all__ = ["baseline_case", "build_baseline", "build_network"]
