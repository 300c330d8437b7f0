"""Responses to an event on the reference network: all three over a year, and one decision warm against rebuilt and cold."""

from __future__ import annotations

from functools import cache
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from benchmarks.registry import Measures, spec, timed

EVENTS = ("graphite_licence_2023", "drc_cobalt_ban_2025", "red_sea_2023", "indonesia_ore_quota_2026")


@cache
def reference_case() -> Any:
    """The usual week of 2024."""
    from orepact.facts.ledger import Ledger
    from orepact.service.shock.cases import case_for

    return case_for(Ledger.shipped(), year=2024)


def disrupted(event: str, weeks: int) -> Any:
    """An event of the library on the reference network."""
    from orepact.facts.ledger import Ledger
    from orepact.service.shock.events import disruption_for
    from orepact.shock.events.reading import load_events

    return disruption_for(reference_case(), load_events([event]), ledger=Ledger.shipped(), weeks=weeks)


@spec(
    "shock_response",
    title="seconds for one event on the reference network, 52 weeks, all three responses; target: 10 s",
    sweep=[{"event": event, "weeks": 52} for event in EVENTS],
    smoke={"event": "moa_stop_2026", "weeks": 4},
)
def shock_response(event: str, weeks: int) -> Measures:
    """Contracts, market and pact from a ready case, one after the other and all at once; each checked for its balance."""
    from orepact.shock import respond, respond_all

    disruption = disrupted(event, weeks)
    measures: dict[str, float | str] = {}
    with timed(measures, "at_once"):
        respond_all(reference_case(), disruption)
    with timed(measures, "one_by_one"):
        for response in ("contracts", "market", "pact"):
            with timed(measures, response):
                found = respond(reference_case(), disruption, response)
            measures[f"{response}_loss_musd"] = found.costs_usd["loss"] / 1e6
            measures[f"{response}_residual"] = found.check_balance()
    return measures


@spec(
    "shock_response_warm",
    title="one decision of a response: changed bounds against rebuilding and solving from nothing (target 20 x) "
    "and against the bare solver on the whole matrix (target: at most 2 x its time)",
    sweep=[{"scenarios": 50, "kind": kind} for kind in ("plant", "seller")],
    smoke={"scenarios": 2, "kind": "plant"},
)
def shock_response_warm(scenarios: int, kind: str) -> Measures:
    """Random plants stop, or all a place sells of one good; the same scenarios by each way; medians of processor seconds."""
    from orepact.linear import minimise
    from orepact.linear.warm import Bounds, WarmProgram
    from orepact.shock.response.grid import Grid
    from orepact.shock.response.program import ResponseProgram
    from orepact.shock.response.rolling import Decider
    from orepact.shock.response.rules import ResponseRules

    case, rules = reference_case(), ResponseRules.shipped()
    grid, rates = Grid.of(rules.view_weeks.value), rules.rates
    events = [stopped(case, kind, seed, grid.weeks) for seed in range(scenarios)]
    model = ResponseProgram.of(case, events[0], grid, rates)
    bounds = [bounds_of(model, event) for event in events]
    bare, decider = WarmProgram(model.program), Decider(model)
    bare.base()
    rows, columns = (np.arange(size) for size in model.program.shape)
    taken: dict[str, list[float]] = {"ours": [], "bare": [], "cold": []}
    worst = 0.0
    for found in bounds:
        decider.growing.restart()
        ours = clocked(taken["ours"], lambda f=found: decider.decide(f))
        there = clocked(
            taken["bare"],
            lambda f=found: bare.solve(Bounds.of(columns, f.lower, f.upper), Bounds.of(rows, f.row_lower, f.row_upper)),
        )
        value = float(found.cost @ ours.values)
        worst = max(worst, abs(value - there.objective) / max(abs(there.objective), 1.0))
    for event in events[: max(scenarios // 10, 1)]:
        cold = clocked(
            taken["cold"], lambda e=event: minimise(fixed(ResponseProgram.of(case, e, grid, rates), e), {"threads": 1})
        )
        assert cold.status == "optimal"
    measures: dict[str, float | str] = {f"{name}_median_s": median(seconds) for name, seconds in taken.items()}
    measures |= {"columns": float(model.program.shape[1]), "rows": float(model.program.shape[0])}
    measures |= {"columns_in": float(len(decider.growing.columns)), "worst_difference": worst}
    per_scenario = [c / o for c, o in zip(taken["cold"], taken["ours"], strict=False)]
    measures |= {"cold_ratio_median": median(per_scenario), "cold_ratio_least": min(per_scenario)}
    measures["bare_ratio"] = float(measures["ours_median_s"]) / float(measures["bare_median_s"])
    return measures


def clocked(seconds: list[float], run: Any) -> Any:
    """What a run returns; its processor seconds are noted."""
    start = process_time()
    found = run()
    seconds.append(process_time() - start)
    return found


def stopped(case: Any, kind: str, seed: int, weeks: int) -> Any:
    """One plant stops for the whole view, or one place sells nothing of one good."""
    from datetime import date

    import pandas as pd

    from orepact.shock.events.disruption import DETOURS, Disruption

    network, rng = case.network, np.random.default_rng(seed)
    sizes = {"site_share": len(network.sites), "route_share": len(network.routes), "demand_share": len(case.demand)}
    shares: dict[str, Any] = {name: np.ones((size, weeks)) for name, size in sizes.items()}
    if kind == "plant":
        shares["site_share"][rng.choice(np.flatnonzero(case.activity > 0))] = 0.0
    else:
        one = network.routes.iloc[rng.choice(np.flatnonzero(case.flow > 0))]
        same = (network.routes["origin"] == one["origin"]) & (network.routes["commodity"] == one["commodity"])
        shares["route_share"][same.to_numpy()] = 0.0
    return Disruption(
        events=(f"{kind} {seed}",),
        start=date(2025, 1, 6),
        weeks=weeks,
        **shares,
        route_cost_usd=np.zeros((len(network.routes), weeks)),
        price_factor=np.ones((len(network.commodities), weeks)),
        stores_lost=np.zeros(len(case.stores)),
        quotas=(),
        detours=pd.DataFrame(columns=list(DETOURS)),
        end_week=weeks,
        end_known_week=0,
    )


def bounds_of(model: Any, event: Any) -> Any:
    """The bounds of the first decision under the market."""
    from orepact.shock.response import belief
    from orepact.shock.response.bounds import limits
    from orepact.shock.response.permits import Permits
    from orepact.shock.response.rules import ResponseRules
    from orepact.shock.response.state import State

    permits = Permits.of(model.case, ResponseRules.shipped().allowed("market"), ())
    seen = belief.ahead(belief.weekly(event), event, 0, model.grid.weeks, least_weeks=8)
    return limits(model, permits, State(model, event), seen)


def fixed(model: Any, event: Any) -> Any:
    """The program of an event with its bounds."""
    from dataclasses import replace

    found = bounds_of(model, event)
    return replace(
        model.program, cost=found.cost, lower=found.lower, upper=found.upper, row_lower=found.row_lower, row_upper=found.row_upper
    )
