"""Laws of the baseline on random observations: balance, units, exactness, information, order.

Nearly all of what a fit of a small chain takes is the same for several chains in one network: an example is several of them.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import orepact as op
from baseline_networks import CHAIN, chain_network, chains_network, row
from drawing import draws
from orepact.baseline import BaselineOptions
from orepact.baseline.fit import prepare
from orepact.baseline.polish import polish
from orepact.baseline.posterior import posterior_variance
from orepact.baseline.program import program_of
from orepact.baseline.solver import minimise

KEYS = ["kind", "commodity", "origin", "destination", "site"]
CHAINS = 5
few = settings(max_examples=draws(5), deadline=None)
factor, share, power = st.floats(0.3, 3.0), st.floats(0.01, 0.5), st.floats(-6, 6)
noise, spreads = (st.lists(number, min_size=len(CHAIN), max_size=len(CHAIN)) for number in (factor, share))


def each(*of):
    """Something of its own for each of the chains of a network; of several kinds, one of each kind."""
    return st.lists(st.tuples(*of) if len(of) > 1 else of[0], min_size=CHAINS, max_size=CHAINS)


def told(factors, shares):
    """The observations of a chain, each off by a factor, with a relative spread."""
    return [
        {**item, "quantity": item["quantity"] * factor, "standard_deviation": item["quantity"] * share}
        for item, factor, share in zip(CHAIN, factors, shares, strict=True)
    ]


def alike(chains, share=0.1):
    """The observations of several chains, all with the same relative spread."""
    return [told(factors, [share] * len(CHAIN)) for factors in chains]


def quantities(result):
    return result.flows.frame.set_index(KEYS)["quantity"].sort_index()


@few
@given(each(noise, spreads))
def test_the_balance_closes_and_nothing_runs_backwards(chains):
    result = op.baseline.fit(chains_network([told(*chain) for chain in chains]))
    assert result.flows.check_balance() <= 1e-9
    assert (result.flows.frame["quantity"] >= 0).all()
    assert result.status == "optimal"
    capacity = result.flows.network.capacity[2024]
    activity = result.flows.frame[result.flows.frame["kind"] == "activity"].set_index("site")["quantity"]
    assert (activity <= capacity[activity.index] * (1 + 1e-9)).all()


@few
@given(each(noise), each(power))
def test_scaling_units_changes_nothing(chains, powers):
    """Ore counted in other units, in each chain in its own: the same metal, the same ore once converted, the same spreads."""
    units, seen = [10.0**power for power in powers], alike(chains)
    plain, scaled = op.baseline.fit(chains_network(seen)), op.baseline.fit(chains_network(seen, units))
    one, other = quantities(plain), quantities(scaled)
    unit_of = {f"ore{number}": unit for number, unit in enumerate(units, start=1)}
    converted = one * np.array([unit_of.get(commodity, 1.0) for commodity in one.index.get_level_values("commodity")])
    merged = pd.concat([converted, other], axis=1)
    a, b = merged.fillna(0.0).to_numpy().T
    size = merged.groupby("commodity").transform("max").max(axis=1).to_numpy()
    assert (np.abs(a - b) <= 1e-6 * size).all()
    assert plain.objective == pytest.approx(scaled.objective, rel=1e-6)


@few
@given(each(noise), st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(chains, seed):
    one, other = (quantities(op.baseline.fit(chains_network(alike(chains), shuffle=s))) for s in (None, seed))
    both = pd.concat([one, other], axis=1).fillna(0.0).to_numpy()
    assert np.allclose(both[:, 0], both[:, 1], rtol=1e-7, atol=1e-6)


@few
@given(each(noise), each(st.floats(0.5, 1.5)))
def test_exact_observations_are_met(chains, factors):
    exact = [row("exact", "flow", 100.0 * factor, 0.0, commodity="ore", origin="B", destination="C") for factor in factors]
    result = op.baseline.fit(chains_network([[*seen, more] for seen, more in zip(alike(chains, 0.2), exact, strict=True)]))
    lines = result.observations.set_index("observation")
    frame, spread = result.flows.frame, result.flows.quality["standard_deviation"]
    for number, factor in enumerate(factors, start=1):
        line = lines.loc[f"exact{number}"]
        assert line["fitted"] == pytest.approx(100.0 * factor, rel=1e-9)
        assert line["standardised"] == 0
        ends = f"origin == 'B{number}' and destination == 'C{number}'"
        at = frame.query(f"kind == 'route' and commodity == 'ore{number}' and {ends}").index
        assert spread[at].max() <= 1e-6 * 100.0


@few
@given(each(noise, spreads, st.integers(0, len(CHAIN) - 1)))
def test_another_observation_never_makes_anything_less_sure(chains):
    """For the same prior: the variance with all observations is nowhere above the variance without one of each chain."""
    seen = [told(factors, shares) for factors, shares, _ in chains]
    case = prepare(chains_network(seen), None, BaselineOptions())
    dropped = [f"{CHAIN[at]['observation']}{number}" for number, (_, _, at) in enumerate(chains, start=1)]
    fewer = case.seen.only(~case.seen.table["observation"].isin(dropped).to_numpy())
    assert len(case.seen.table) - len(fewer.table) == CHAINS
    variance = []
    for seen in (case.seen, fewer):
        program = program_of(case.unknowns, case.prior, seen)
        variance.append(posterior_variance(program, program.target, np.ones(len(program.kept), dtype=bool)))
    assert (variance[0] <= variance[1] * (1 + 1e-7)).all()
    assert (variance[1] <= case.prior.variance * (1 + 1e-7)).all()


@settings(max_examples=draws(15), deadline=None)
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
