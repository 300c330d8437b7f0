"""Disruptions of small cases by one site or by lot, for the tests of responses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from orepact.shock.case.case import ShockCase
from orepact.shock.events.disruption import Disruption, Quota
from shock_disruptions import broken


def site_stop(case: ShockCase, site: int, until: int, weeks: int = 20, share: float = 0.0, **changes: Any) -> Disruption:
    """One site works at a share of its capacity until a week."""
    found = broken(case, weeks, end_week=min(until, weeks), end_known_week=min(until, weeks), **changes)
    found.site_share[site, :until] = share
    return found


def by_lot(case: ShockCase, seed: int, weeks: int = 20, *, tariffs: bool = True) -> Disruption:
    """Sites, routes, demand and stocks hit at random, all until one week; now and then a quota or a tariff."""
    rng = np.random.default_rng(seed)
    until = int(rng.integers(1, weeks + 1))
    found = broken(case, weeks, end_week=until, end_known_week=until)
    for shares in (found.site_share, found.route_share):
        hit = rng.random(len(shares)) < 0.4
        shares[hit, :until] = rng.choice([0.0, 0.3, 0.8], int(hit.sum()))[:, None]
    if rng.random() < 0.3:
        found.demand_share[:, :until] = rng.uniform(0.5, 1.5, len(case.demand))[:, None]
    if rng.random() < 0.3:
        found.stores_lost[:] = rng.choice([0.0, 0.5], len(case.stores))
    if tariffs and rng.random() < 0.2:
        found.route_cost_usd[:, :until] = rng.uniform(0.0, 3.0, len(case.flow))[:, None]
    if rng.random() < 0.3:
        most = np.full(weeks, np.inf)
        most[:until] = 0.6 * case.flow[:2].sum()
        found = replace(found, quotas=(Quota("lot", np.array([0, 1]), np.ones(2), most),))
    return found
