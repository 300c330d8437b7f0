"""Laws of the baseline on random observations: balance, units, exactness, information, order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import orepact as op
from baseline_networks import CHAIN, chain_network, row
from orepact.baseline import BaselineOptions
from orepact.baseline.fit import prepare
from orepact.baseline.polish import polish
from orepact.baseline.posterior import posterior_variance
from orepact.baseline.program import program_of
from orepact.baseline.solver import minimise

KEYS = ["kind", "commodity", "origin", "destination", "site"]
few = settings(max_examples=15, deadline=None)
noise = st.lists(st.floats(0.3, 3.0), min_size=len(CHAIN), max_size=len(CHAIN))
spreads = st.lists(st.floats(0.01, 0.5), min_size=len(CHAIN), max_size=len(CHAIN))


def told(factors, shares):
    """The observations of the chain, each off by a factor, with a relative spread."""
    return [
        {**item, "quantity": item["quantity"] * factor, "standard_deviation": item["quantity"] * share}
        for item, factor, share in zip(CHAIN, factors, shares, strict=True)
    ]


def quantities(result):
    return result.flows.frame.set_index(KEYS)["quantity"].sort_index()


@few
@given(noise, spreads)
def test_the_balance_closes_and_nothing_runs_backwards(factors, shares):
    result = op.baseline.fit(chain_network(observations=told(factors, shares)))
    assert result.flows.check_balance() <= 1e-9
    assert (result.flows.frame["quantity"] >= 0).all()
    assert result.status == "optimal"
    capacity = result.flows.network.capacity[2024]
    activity = result.flows.frame[result.flows.frame["kind"] == "activity"].set_index("site")["quantity"]
    assert (activity <= capacity[activity.index] * (1 + 1e-9)).all()


@few
@given(noise, st.floats(-6, 6))
def test_scaling_units_changes_nothing(factors, power):
    """Ore counted in other units: the same metal, the same ore once converted, the same spreads."""
    unit, seen = 10.0**power, told(factors, [0.1] * len(CHAIN))
    plain, scaled = (op.baseline.fit(chain_network(observations=seen, unit=u)) for u in (1.0, unit))
    factor = plain.flows.frame["commodity"].map({"ore": unit, "metal": 1.0, "slag": 1.0})
    merged = pd.concat(
        [quantities(plain) * factor.set_axis(plain.flows.frame.set_index(KEYS).index).sort_index(), quantities(scaled)], axis=1
    )
    a, b = merged.fillna(0.0).to_numpy().T
    size = merged.groupby("commodity").transform("max").max(axis=1).to_numpy()
    assert (np.abs(a - b) <= 1e-6 * size).all()
    assert plain.objective == pytest.approx(scaled.objective, rel=1e-6)


@few
@given(noise, st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(factors, seed):
    seen = told(factors, [0.1] * len(CHAIN))
    one, other = (quantities(op.baseline.fit(chain_network(observations=seen, shuffle=s))) for s in (None, seed))
    both = pd.concat([one, other], axis=1).fillna(0.0).to_numpy()
    assert np.allclose(both[:, 0], both[:, 1], rtol=1e-7, atol=1e-6)


@few
@given(noise, st.floats(0.5, 1.5))
def test_exact_observations_are_met(factors, factor):
    seen = [
        *told(factors, [0.2] * len(CHAIN)),
        row("exact", "flow", 100.0 * factor, 0.0, commodity="ore", origin="B", destination="C"),
    ]
    result = op.baseline.fit(chain_network(observations=seen))
    line = result.observations.set_index("observation").loc["exact"]
    assert line["fitted"] == pytest.approx(100.0 * factor, rel=1e-9)
    assert line["standardised"] == 0
    at = result.flows.frame.query("kind == 'route' and commodity == 'ore' and origin == 'B' and destination == 'C'").index
    assert result.flows.quality.loc[at, "standard_deviation"].max() <= 1e-6 * 100.0


@few
@given(noise, spreads, st.integers(0, len(CHAIN) - 1))
def test_another_observation_never_makes_anything_less_sure(factors, shares, dropped):
    """For the same prior: the variance with all observations is nowhere above the variance without one of them."""
    case = prepare(chain_network(observations=told(factors, shares)), None, BaselineOptions())
    fewer = case.seen.only(np.arange(len(case.seen.table)) != dropped)
    variance = []
    for seen in (case.seen, fewer):
        program = program_of(case.unknowns, case.prior, seen)
        variance.append(posterior_variance(program, program.target, np.ones(len(program.kept), dtype=bool)))
    assert (variance[0] <= variance[1] * (1 + 1e-7)).all()
    assert (variance[1] <= case.prior.variance * (1 + 1e-7)).all()


@few
@given(noise, spreads)
def test_the_answer_is_the_nearest_balanced_year(factors, shares):
    """No other balanced point has a smaller sum of squares: steps along the balance only make it worse."""
    case = prepare(chain_network(observations=told(factors, shares)), None, BaselineOptions())
    z = polish(case.program, minimise(case.program, tolerance=1e-8)[0], 1e-8).z
    best = case.program.objective(z)
    hard = case.program.matrix[~case.program.soft].toarray()
    along = np.linalg.svd(hard)[2][np.linalg.matrix_rank(hard) :]
    rng = np.random.default_rng(0)
    for size in (1e-3, 1e-1, 1.0):
        step = rng.normal(size=len(along)) @ along
        other = z + size * step
        if (other >= case.program.lower).all() and (other <= case.program.upper).all():
            assert case.program.objective(other) >= best - 1e-9
