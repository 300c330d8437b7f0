"""Laws of the responses on random events: they nest, stocks never hurt, shorter is never worse, balances close, floors hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from drawing import draws
from orepact.linear import WarmProgram, minimise
from orepact.linear.warm import Bounds
from orepact.shock import respond
from orepact.shock.events.disruption import Quota
from orepact.shock.response import belief
from orepact.shock.response.bounds import limits
from orepact.shock.response.grid import Grid
from orepact.shock.response.permits import Permits
from orepact.shock.response.program import ResponseProgram
from orepact.shock.response.rolling import Decider
from orepact.shock.response.rules import ResponseRules
from orepact.shock.response.state import State
from response_disruptions import by_lot
from shock_networks import chain_case

WEEKS = 16
RATES = ResponseRules.shipped().rates
CLOSE = 1e-6
seeds = st.integers(0, 10_000)


def total(outcome) -> float:
    return sum(outcome.costs_usd.values())


@settings(max_examples=draws(25), deadline=None)
@given(seeds)
def test_with_full_foresight_responses_nest(seed) -> None:
    case = chain_case()
    event = by_lot(case, seed, WEEKS)
    found = {name: respond(case, event, name, foresight="perfect") for name in ("contracts", "market", "pact")}
    slack = CLOSE * max(total(found["contracts"]), 1.0)
    assert total(found["pact"]) <= total(found["market"]) + slack <= total(found["contracts"]) + 2 * slack
    lost = {name: outcome.costs_usd["loss"] for name, outcome in found.items()}
    assert lost["pact"] <= lost["market"] + slack <= lost["contracts"] + 2 * slack


@settings(max_examples=draws(25), deadline=None)
@given(seeds, st.sampled_from(["market", "pact"]), st.integers(0, 3), st.floats(1.0, 3.0))
def test_more_stock_never_hurts(seed, response, store, factor) -> None:
    case = chain_case()
    event = by_lot(case, seed, WEEKS)
    quantity = case.stores["quantity"].to_numpy(float)
    more = case.stores.assign(quantity=np.where(np.arange(4) == store, factor, 1.0) * quantity)
    usual, rich = (
        respond(one, replace(event, stores_lost=np.zeros(4)), response, foresight="perfect")
        for one in (case, replace(case, stores=more))
    )
    assert total(rich) <= total(usual) + CLOSE * max(total(usual), 1.0)


@settings(max_examples=draws(25), deadline=None)
@given(seeds, st.sampled_from(["market", "pact"]), st.integers(1, WEEKS - 1))
def test_a_shorter_event_never_costs_more(seed, response, until) -> None:
    case = chain_case()
    event = by_lot(case, seed, WEEKS, tariffs=False)
    event = replace(event, demand_share=np.ones_like(event.demand_share), quotas=())
    shorter = replace(event, site_share=event.site_share.copy(), route_share=event.route_share.copy())
    shorter.site_share[:, until:] = 1.0
    shorter.route_share[:, until:] = 1.0
    long, short = (total(respond(case, one, response, foresight="perfect")) for one in (event, shorter))
    assert short <= long + CLOSE * max(long, 1.0)


@settings(max_examples=draws(25), deadline=None)
@given(seeds, st.sampled_from(["market", "pact"]), st.sampled_from(["rolling", "perfect"]))
def test_every_node_and_week_closes_and_floors_hold(seed, response, foresight) -> None:
    case = chain_case()
    event = by_lot(case, seed, WEEKS)
    found = respond(case, event, response, foresight=foresight)
    assert found.check_balance() < 1e-7
    floor = np.minimum(case.stores["floor"].to_numpy(float), case.stores["quantity"] * (1 - event.stores_lost))
    assert (found.stock >= floor.to_numpy()[:, None] - 1e-7).all()
    assert (found.unmet >= -1e-7).all()
    assert (found.unmet <= case.demand[:, None] * event.demand_share + 1e-7).all()


# The optimum itself ----------------------------------------------------------------------------


def bounds_of(model, event, response="pact"):
    """The bounds of an event at the start, with full foresight."""
    permits = Permits.of(model.case, ResponseRules.shipped().allowed(response), tuple(model.case.parties))
    seen = belief.ahead(belief.weekly(event), event, 0, model.grid.weeks, least_weeks=8, perfect=True)
    return limits(model, permits, State(model, event), seen)


def bounded(program, found):
    """The program with other bounds."""
    return replace(program, lower=found.lower, upper=found.upper, row_lower=found.row_lower, row_upper=found.row_upper)


def test_warm_is_cold_over_a_thousand_events() -> None:
    """One program in the solver for all events, each against a solve from nothing, to 1e-7."""
    case = chain_case()
    most = Quota("none", np.array([0, 1]), np.ones(2), np.full(WEEKS, np.inf))
    model = ResponseProgram.of(case, replace(by_lot(case, 0, WEEKS), quotas=(most,)), Grid.of([1, 1, 4, 10]), RATES)
    warm = WarmProgram(model.program)
    costly = 0
    for seed in range(1000):
        event = by_lot(case, seed, WEEKS, tariffs=False)
        found = bounds_of(model, event if event.quotas else replace(event, quotas=(most,)))
        rows = Bounds.of(np.arange(len(found.row_lower)), found.row_lower, found.row_upper)
        answer = warm.solve(Bounds.of(np.arange(len(found.lower)), found.lower, found.upper), rows)
        cold = minimise(bounded(model.program, found), {"threads": 1})
        assert answer.status == cold.status == "optimal"
        assert answer.objective == pytest.approx(cold.objective, rel=1e-7, abs=1e-7)
        costly += answer.objective > 1.0
    assert costly > 500


@pytest.mark.parametrize("seed", range(20))
def test_the_part_in_the_solver_has_the_optimum_of_the_whole(seed) -> None:
    case = chain_case()
    event = by_lot(case, seed, WEEKS)
    model = ResponseProgram.of(case, event, Grid.of([1] * WEEKS), RATES)
    found = bounds_of(model, event)
    part = Decider(model).decide(found)
    whole = minimise(replace(bounded(model.program, found), cost=found.cost), {})
    assert float(found.cost @ part.values) == pytest.approx(whole.objective, rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("response", ["market", "pact"])
def test_the_optimum_is_that_of_an_independent_program(seed, response) -> None:
    """Levels and stocks as variables, week by week, solved by scipy; the project's program has deviations and sums of them."""
    case = chain_case()
    event = by_lot(case, seed, WEEKS, tariffs=False)
    ours = total(respond(case, event, response, foresight="perfect"))
    assert ours == pytest.approx(levels(case, event, response), rel=1e-6, abs=1e-3)


def levels(case, event, response) -> float:
    """Least cost of the chain in levels: usual and extra activity and dispatch, stock, release, unmet, waste, missing.

    A stock is what stands up to its usual quantity, worth the cost of an empty shelf in every week, and what stands above it.
    Usual output is worth what it would cost to stand idle.
    """
    shelf, idle = 0.002, 0.1
    pact, weeks = response == "pact", event.weeks
    network, nodes = case.network, len(case.network.nodes)
    start, end = network.route_nodes
    price = network.commodities["price_usd_per_unit"].reindex(network.nodes.get_level_values(0)).to_numpy(float)
    whole = case.stores["quantity"].to_numpy(float)
    first = whole * (1 - event.stores_lost)
    floor = np.minimum(case.stores["floor"].to_numpy(float), first)
    capacity = case.capacity * (1.05 if pact else 1.0)
    ramp = np.maximum(case.ramp_weeks * (0.5 if pact else 1.0), 1.0)
    cost, upper, lower, entries = [], [], [], []
    sizes = {"row": 0}

    def variable(price_, most, least=0.0):
        cost.append(price_)
        upper.append(most)
        lower.append(least)
        return len(cost) - 1

    def put(row, column, value):
        entries.append((row, column, value))

    row = {(n, t): n * weeks + t for n in range(nodes) for t in range(weeks)}
    right = np.zeros(nodes * weeks)
    position = {n: [] for n in range(nodes)}
    away = np.zeros(nodes)
    full = 0.0
    for j in range(len(case.activity)):
        column = network.S[:, [j]].tocoo()
        worth = idle * sum(amount * float(price[n]) for n, amount in zip(column.row, column.data, strict=True) if amount > 0)
        full += worth * case.activity[j] * weeks
        for t in range(weeks):
            limit = event.site_share[j, t] * capacity[j]
            spare = max(limit - case.activity[j], 0.0) * min((t + 1) / ramp[j], 1.0)
            usual = variable(-worth, min(case.activity[j], limit))
            extra = variable(float(network.values("sites", "variable_cost_usd")[j]), spare)
            for n, amount in zip(column.row, column.data, strict=True):
                put(row[n, t], usual, amount)
                put(row[n, t], extra, amount)
    most_of_quota = [(quota, []) for quota in event.quotas]
    for r, flow in enumerate(case.flow):
        lag = int(case.lag_weeks[r])
        for t in range(weeks):
            share = event.route_share[r, t]
            usual = variable(0.0, flow * min(share, 1.0))
            extra = variable(float(network.routes["cost_usd"].iloc[r]), np.inf if share >= 1 else 0.0)
            for column in (usual, extra):
                put(row[start[r], t], column, -1.0)
                if t + lag < weeks:
                    put(row[end[r], t + lag], column, 1.0)
                else:
                    position[end[r]].append(column)
            for quota, terms in most_of_quota:
                if r in quota.routes:
                    terms.append((t, usual, extra, float(quota.factor[list(quota.routes).index(r)])))
            if t < lag:
                right[row[end[r], t]] -= flow
        away[end[r]] += flow * lag
    for w, demand in enumerate(case.demand):
        n = case.wants["node"].iloc[w]
        for t in range(weeks):
            wanted = demand * event.demand_share[w, t]
            put(row[n, t], variable(float(case.wants["loss_usd_per_unit"].iloc[w]), wanted), 1.0)
            right[row[n, t]] += wanted
    extra_rows, extra_right = [], []
    stored = {}
    for s in range(len(case.stores)):
        n = case.stores["node"].iloc[s]
        if case.stores["kind"].iloc[s] == "stockpile":
            rate = float(case.stores["release_per_week"].iloc[s]) if pact else 0.0
            out = [variable(float(price[n]), rate) for _ in range(weeks)]
            for t, column in enumerate(out):
                put(row[n, t], column, 1.0)
            extra_rows.append([(column, 1.0) for column in out])
            extra_right.append(first[s] - floor[s])
            full += float(price[n]) * (whole[s] - first[s])
            continue
        within = [variable(-shelf * float(price[n]), whole[s], floor[s]) for _ in range(weeks)]
        above = [variable(0.0, np.inf) for _ in range(weeks)]
        full += shelf * float(price[n]) * whole[s] * weeks
        for levels_ in (within, above):
            for t, column in enumerate(levels_):
                put(row[n, t], column, -1.0)
                if t:
                    put(row[n, t], levels_[t - 1], 1.0)
        right[row[n, 0]] -= first[s]
        stored[n] = ((within[-1], above[-1]), whole[s])
    for n in range(nodes):
        if n not in stored:
            for t in range(weeks):
                put(row[n, t], variable(0.0, np.inf), -1.0)
        missing = variable(float(price[n]), np.inf)
        last, begin = stored.get(n, ((), 0.0))
        terms = [(missing, -1.0)] + [(column, -1.0) for column in position[n]]
        terms += [(column, -1.0) for column in last]
        extra_rows.append(terms)
        extra_right.append(-(begin + away[n]))
    for quota, terms in most_of_quota:
        for week in range(weeks):
            if np.isfinite(quota.most_per_week[week]):
                named = [(c, f) for t, u, x, f in terms if t == week for c in (u, x)]
                extra_rows.append(named)
                extra_right.append(quota.most_per_week[week])
    sizes["row"] = nodes * weeks
    at, column, value = zip(*entries, strict=True)
    equal = sparse.coo_array((value, (at, column)), shape=(sizes["row"], len(cost)))
    flat = [(k, c, v) for k, terms in enumerate(extra_rows) for c, v in terms]
    at, column, value = zip(*flat, strict=True)
    most = sparse.coo_array((value, (at, column)), shape=(len(extra_rows), len(cost)))
    answer = linprog(
        cost, A_ub=most, b_ub=extra_right, A_eq=equal, b_eq=right, bounds=list(zip(lower, upper, strict=True)), method="highs-ipm"
    )
    assert answer.status == 0
    return float(answer.fun) + full
