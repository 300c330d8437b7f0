"""Random small networks: a plan closes the balance and carries its bound, or says why there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.chain.network import Network
from orepact.chain.scenario import Scenario
from orepact.errors import NoFeasibleAnswer
from orepact.linear import minimise
from orepact.plan import PlanOptions, PlanResult, solve
from orepact.plan.case import Case
from orepact.plan.declare import declare
from orepact.plan.prepare import prepare
from orepact.plan.reach import Reach

THINGS = ("ore", "salt", "cell", "slag")
PLACES = ("AAA", "BBB", "CCC")
RECIPES = [
    ("mining", "ore", 1.0),
    ("refining", "salt", 1.0),
    ("refining", "ore", -2.0),
    ("refining", "slag", 0.5),
    ("making", "cell", 1.0),
    ("making", "salt", -1.5),
]
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
COMMON = settings(
    max_examples=draws(25),
    deadline=None,
    derandomize=True,
    database=None,
    phases=QUICK,
    suppress_health_check=[HealthCheck.too_slow],
)

amounts = st.sampled_from([0.0, 1.0, 3.0, 10.0, 250.0])
costs = st.sampled_from([0.0, 1.0, 7.0, 40.0])


@st.composite
def site(draw: st.DrawFn) -> dict[str, Any]:
    """A site of the fixed chain, perhaps limited, perhaps growing."""
    grows = draw(st.booleans())
    return {
        "process": draw(st.sampled_from(["mining", "refining", "making"])),
        "place": draw(st.sampled_from(PLACES)),
        "owner_country": draw(st.sampled_from(PLACES)),
        "capacity_per_year": draw(st.one_of(st.none(), amounts)),
        "status": draw(st.sampled_from(["operating", "planned", "cancelled"])),
        "realisation_probability": draw(st.one_of(st.none(), st.sampled_from([0.0, 0.5]))),
        "start_year": draw(st.one_of(st.none(), st.sampled_from([2030, 2032]))),
        "end_year": draw(st.one_of(st.none(), st.sampled_from([2031, 2035]))),
        "variable_cost_usd": draw(costs),
        "fixed_cost_usd": draw(costs),
        "capex_usd": draw(st.sampled_from([0.0, 30.0])) if grows else None,
        "lead_time_years": draw(st.sampled_from([0.0, 1.0, 2.0])),
        "lifetime_years": draw(st.sampled_from([1.0, 3.0, 20.0])),
        "max_build_per_year": draw(st.one_of(st.none(), amounts)),
        "reserves": draw(st.one_of(st.none(), amounts)),
    }


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A chain from ore to cell over three places and up to three model years."""
    years = draw(st.sampled_from([(2030,), (2030, 2031), (2030, 2032, 2035)]))
    pairs = [(c, o, d) for c in THINGS for o in PLACES for d in PLACES if o != d]
    routes = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))
    wanted = [(c, p, y) for c in ("cell", "salt") for p in PLACES for y in years]
    demand = draw(st.lists(st.sampled_from(wanted), unique=True, min_size=1, max_size=5))
    stock = draw(st.lists(st.tuples(st.sampled_from(THINGS), st.sampled_from(PLACES)), unique=True, max_size=2))
    return Network(
        title="random",
        years=years,
        currency="USD",
        description="",
        commodities=pd.DataFrame({"commodity": THINGS, "unit": "t", "price_usd_per_unit": 20.0}),
        places=pd.DataFrame({"place": PLACES}),
        recipes=pd.DataFrame(RECIPES, columns=["process", "commodity", "amount"]),
        sites=pd.DataFrame([{"site": f"s{i}", **row} for i, row in enumerate(draw(st.lists(site(), min_size=1, max_size=7)))]),
        routes=pd.DataFrame(
            [
                {
                    "commodity": c,
                    "origin": o,
                    "destination": d,
                    "cost_usd": draw(costs),
                    "loss": draw(st.sampled_from([0.0, 0.1])),
                    "capacity_per_year": draw(st.one_of(st.none(), amounts)),
                    "tariff_rate": draw(st.sampled_from([0.0, 0.25])),
                }
                for c, o, d in routes
            ],
            columns=["commodity", "origin", "destination", "cost_usd", "loss", "capacity_per_year", "tariff_rate"],
        ),
        demand=pd.DataFrame(
            [
                {
                    "commodity": c,
                    "place": p,
                    "year": y,
                    "quantity": draw(amounts),
                    "shortage_cost_usd": draw(st.one_of(st.none(), st.just(500.0))),
                }
                for c, p, y in demand
            ]
        ),
        stockpiles=pd.DataFrame(
            [
                {"commodity": c, "place": p, "quantity": draw(amounts), "release_per_year": draw(st.one_of(st.none(), amounts))}
                for c, p in stock
            ],
            columns=["commodity", "place", "quantity", "release_per_year"],
        ),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Up to two limits."""
    share = {
        "kind": "largest_supplier_share",
        "commodities": draw(st.sampled_from(["ore", "salt", ["salt", "ore"]])),
        "places": draw(st.sampled_from(["AAA", ["BBB", "CCC"], list(PLACES)])),
        "by": draw(st.sampled_from(["place", "owner"])),
        "max_share": draw(st.sampled_from([0.3, 0.6, 1.0])),
    }
    return Scenario.from_mapping(
        {"id": "random", "discount_rate": draw(st.sampled_from([0.0, 0.07])), "limits": [share] if draw(st.booleans()) else []}
    )


def plan_or_reasons(
    network: Network, scenario: Scenario, options: PlanOptions | None = None
) -> tuple[PlanResult | None, tuple[str, ...]]:
    """The plan, or why there is none."""
    try:
        return solve(network, scenario, options=options), ()
    except NoFeasibleAnswer as error:
        return None, error.conflicts


@COMMON
@given(network=networks(), scenario=scenarios())
def test_a_plan_closes_or_says_why(network: Network, scenario: Scenario) -> None:
    """Balance to 1e-6, proven optimal, within bounds, objective = sum of the rows; or conflicts in words."""
    result, conflicts = plan_or_reasons(network, scenario)
    if result is None:
        assert any("cannot be" in line for line in conflicts)
        return
    assert result.flows.check_balance() <= 1e-6
    assert result.gap <= 1e-7
    frame = result.flows.frame
    assert (frame["quantity"] >= 0).all()
    weights = dict(zip(result.assumptions["years"], result.assumptions["weights"], strict=True))
    total = ((frame["cost_usd"] + frame["tariff_usd"]) * frame["year"].map(weights)).sum()
    assert total == pytest.approx(result.objective_usd, rel=1e-6, abs=1e-4)
    capacities = result.capacities
    assert (capacities["activity"] <= capacities["total"] * (1 + 1e-6) + 1e-6).all()
    shares = result.limits[result.limits["kind"] == "largest_supplier_share"]
    assert (shares["value"].astype(float) <= shares["bound"].astype(float) + 1e-6).all()


@COMMON
@given(network=networks(), scenario=scenarios())
def test_pruning_changes_nothing(network: Network, scenario: Scenario) -> None:
    """The same optimum with every site and route as a variable; the pruned program is never larger."""
    case = prepare(network, scenario)
    pruned, full = declare(case), declare(_everything(prepare(network, scenario)))
    assert sum(map(len, pruned.blocks.values())) <= sum(map(len, full.blocks.values()))
    if pruned.impossible or full.impossible:
        return
    options = PlanOptions().solver_settings()
    ours, theirs = minimise(pruned.program(), options), minimise(full.program(), options)
    assert ours.status == theirs.status
    if ours.status == "optimal":
        assert ours.objective == pytest.approx(theirs.objective, rel=1e-7, abs=1e-9)


def _everything(case: Case) -> Case:
    """The case as if every site and route could move."""
    years = len(case.horizon)
    everywhere = Reach(
        sites=np.ones((len(case.network.sites), years), dtype=bool),
        routes=np.ones((len(case.network.routes), years), dtype=bool),
        supplied=np.ones((len(case.network.nodes), years), dtype=bool),
        useful=np.ones((len(case.network.nodes), years), dtype=bool),
    )
    case.__dict__["reach"] = everywhere
    return case


@COMMON
@given(network=networks(), scenario=scenarios())
def test_scaling_changes_nothing(network: Network, scenario: Scenario) -> None:
    """Magnitudes are bookkeeping: the same cost with and without them."""
    plans = [plan_or_reasons(network, scenario, PlanOptions(scaled=scaled))[0] for scaled in (True, False)]
    assert (plans[0] is None) == (plans[1] is None)
    if plans[0] is not None and plans[1] is not None:
        assert plans[0].objective_usd == pytest.approx(plans[1].objective_usd, rel=1e-7, abs=1e-5)
