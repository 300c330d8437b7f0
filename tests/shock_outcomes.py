"""Outcomes on the small chain of ``shock_networks``, written down by hand: the mine at FAR stops for four weeks.

With contracts kept 20 cars a week are missed at HOME in weeks 6 to 9; the market misses half, the pact a quarter of that.
The plant makes what is bought: 30, 40 or 45 of 50 in those weeks, and nothing in week 7 with contracts kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from orepact.shock.case.case import ShockCase
from orepact.shock.events.disruption import DETOURS, Disruption
from orepact.shock.events.event import Event
from orepact.shock.outcome.outcome import Outcome
from shock_networks import chain_case

WEEKS = 12
#: Cars missed at HOME in each of the weeks 6 to 9.
MISSED = {"contracts": 20.0, "market": 10.0, "pact": 5.0}
#: Worth of a car missed at HOME.
WORTH = 1000.0


def sample_event() -> Event:
    """The mine at FAR stops for four weeks; what a source said and what is recalled."""
    return Event.from_mapping(
        {
            "id": "far_stop",
            "title": "The mine at FAR <stops>",
            "description": "Ore from FAR stops for four weeks.",
            "start": "2025-03-03",
            "weeks": 4,
            "sources": [
                {"title": "Far Ores said so", "address": "farores.example", "date": "2025-03-02"},
                {"title": "An old hand", "verified": False},
            ],
            "breaks": [{"site": "mine_far", "lost_share": 1.0, "confidence": "reported", "note": "notice of the owner"}],
        }
    )


def sample_disruption(case: ShockCase) -> Disruption:
    """The stop as arrays."""
    sites = np.ones((len(case.activity), WEEKS))
    sites[1, :4] = 0.0
    return Disruption(
        events=("far_stop",),
        start=date(2025, 3, 3),
        weeks=WEEKS,
        site_share=sites,
        route_share=np.ones((len(case.flow), WEEKS)),
        demand_share=np.ones((len(case.demand), WEEKS)),
        route_cost_usd=np.zeros((len(case.flow), WEEKS)),
        price_factor=np.ones((len(case.network.commodities), WEEKS)),
        stores_lost=np.zeros(len(case.stores)),
        quotas=(),
        detours=pd.DataFrame(columns=list(DETOURS)),
        end_week=4,
        end_known_week=4,
        warnings=("nobody knows the end of far_stop before it comes",),
    )


def sample_outcome(response: str, case: ShockCase | None = None) -> Outcome:
    """What came of one response, written down by hand."""
    case = case or sample_case()
    activity = np.repeat(case.activity[:, None], WEEKS, axis=1)
    activity[1, :4] = 0.0
    activity[3, 6:10] -= MISSED[response]
    if response == "contracts":
        activity[3, 7] = 0.0
    unmet = np.zeros((len(case.demand), WEEKS))
    unmet[0, 6:10] = MISSED[response]
    stock = np.repeat(case.stores["quantity"].to_numpy(float)[:, None], WEEKS, axis=1)
    stock[0, 3:10] = 20.0
    flow = np.repeat(case.flow[:, None], WEEKS, axis=1)
    return Outcome(
        case=case,
        disruption=sample_disruption(case),
        response=response,
        activity=activity,
        sent=flow,
        arrived=flow,
        stock=stock,
        released=np.zeros_like(stock),
        unmet=unmet,
        substituted=np.zeros((0, WEEKS)),
        surplus=np.zeros((len(case.network.nodes), WEEKS)),
        costs_usd={"loss": float(unmet[0].sum()) * WORTH},
        notes=(f"written down by hand: {response}",),
    )


def sample_case() -> ShockCase:
    """The usual week of the small chain, with an assumption that says where it comes from."""
    stated = {"title": "Ores", "used_days": 14.0, "confidence": "estimated", "source": "own estimate"}
    return replace(chain_case(), assumptions={"inventories": {"stages": {"mine": stated}}}, warnings=("a small chain",))


def sample_outcomes() -> dict[str, Outcome]:
    """All three responses."""
    case = sample_case()
    return {response: sample_outcome(response, case) for response in MISSED}


def sample_aid() -> pd.DataFrame:
    """Two options: one that saves three dollars for each, and one that saves nothing."""
    rows: list[dict[str, Any]] = [
        {"option": "release", "title": "Release of metal", "saved_usd": 30_000.0, "cost_usd": 10_000.0, "saved_per_usd": 3.0},
        {"option": "swap", "title": "Swap of cargoes", "saved_usd": 0.0, "cost_usd": 5_000.0, "saved_per_usd": 0.0},
    ]
    return pd.DataFrame(rows).assign(net_saving_usd=[20_000.0, 0.0])
