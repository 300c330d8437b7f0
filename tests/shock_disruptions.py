"""Disruptions of small cases, made directly: nothing is broken until a test breaks it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from orepact.shock.case.case import ShockCase
from orepact.shock.events.disruption import DETOURS, Disruption


def broken(case: ShockCase, weeks: int = 12, **parts: Any) -> Disruption:
    """A disruption of a case in which all is as usual but for ``parts``; its arrays may be written to."""
    network = case.network
    usual = {
        "events": ("test",),
        "start": date(2024, 1, 1),
        "weeks": weeks,
        "site_share": np.ones((len(network.sites), weeks)),
        "route_share": np.ones((len(network.routes), weeks)),
        "demand_share": np.ones((len(case.demand), weeks)),
        "route_cost_usd": np.zeros((len(network.routes), weeks)),
        "price_factor": np.ones((len(network.commodities), weeks)),
        "stores_lost": np.zeros(len(case.stores)),
        "quotas": (),
        "detours": pd.DataFrame(columns=list(DETOURS)),
        "end_week": weeks,
        "end_known_week": 0,
    }
    return Disruption(**(usual | parts))
