"""Laws of both criticality methods on random mixes, and each formula against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orepact.measure.criticality import Mix, Rounding, Terms, supply_risk_range
from orepact.measure.risk.geopolrisk import geopolitical_risk, production_hhi

quantities = st.lists(st.floats(0.1, 1e6), min_size=1, max_size=12)
fractions = st.floats(0.0, 1.0)


def mix_of(amounts: list[float], seed: int, step: float = 0.0) -> Mix:
    random = np.random.default_rng(seed)
    shares = np.array(amounts) / sum(amounts)
    return Mix(shares, random.uniform(0, 10, len(shares)), random.choice([0.8, 1.0, 1.1], len(shares)), step)


@given(quantities, st.integers(0, 99))
def test_hhi_is_the_plain_sum_and_lies_between_its_bounds(amounts: list[float], seed: int) -> None:
    mix = mix_of(amounts, seed)
    total = 0.0
    for share, risk, trade in zip(mix.shares, mix.governance, mix.trade, strict=True):
        total += share * share * risk * trade
    assert mix.hhi == pytest.approx(total)
    assert 0 <= mix.hhi <= 11 + 1e-9


@given(quantities, st.integers(0, 99), st.floats(1e-3, 1e3))
def test_units_of_quantities_do_not_matter(amounts: list[float], seed: int, factor: float) -> None:
    scaled = [amount * factor for amount in amounts]
    assert mix_of(amounts, seed).hhi == pytest.approx(mix_of(scaled, seed).hhi)
    assert production_hhi(np.array(amounts)) == pytest.approx(production_hhi(np.array(scaled)))


@given(st.floats(0, 10), st.floats(0, 10), fractions, fractions, st.floats(0.01, 1))
def test_supply_risk_is_bounded_by_its_two_mixes(world: float, bought: float, reliance: float, rate: float, index: float) -> None:
    terms = Terms(world, bought, reliance, rate, index)
    kept = (1 - rate) * index
    assert min(world, bought) * kept - 1e-9 <= terms.supply_risk <= max(world, bought) * kept + 1e-9
    assert terms.supply_risk == pytest.approx((world * reliance / 2 + bought * (1 - reliance / 2)) * (1 - rate) * index)


@settings(deadline=None)
@given(st.tuples(quantities, quantities), st.integers(0, 99), st.floats(0.02, 0.98), st.floats(0.02, 0.98), st.floats(0.05, 0.99))
def test_the_range_of_rounded_inputs_holds_the_true_value(
    amounts: tuple[list[float], list[float]], seed: int, reliance: float, rate: float, index: float
) -> None:
    """Round every input as the study prints it: the value of the unrounded inputs lies in the range of the rounded ones."""
    true = [mix_of(amounts[0], seed), mix_of(amounts[1], seed + 1)]
    terms = Terms(true[0].hhi, true[1].hhi, reliance, rate, index)
    printed = [
        Mix(np.round(mix.shares, digits), mix.governance, mix.trade, step)
        for mix, digits, step in zip(true, (3, 2), (0.0005, 0.005), strict=True)
    ]
    seen = Terms(printed[0].hhi, printed[1].hhi, round(reliance, 2), round(rate, 2), round(index, 2))
    low, high = supply_risk_range(seen, printed[0].hhi_range, printed[1].hhi_range, Rounding())
    assert low - 1e-9 <= terms.supply_risk <= high + 1e-9


@given(quantities, st.integers(0, 99), st.floats(0, 1e6))
def test_import_risk_is_an_average_of_weights_diluted_at_home(imports: list[float], seed: int, domestic: float) -> None:
    weights = np.random.default_rng(seed).uniform(0, 1, len(imports))
    found = geopolitical_risk(0.4, np.array(imports), weights, domestic)
    total = sum(imports) + domestic
    assert found.import_risk == pytest.approx(sum(w * q / total for w, q in zip(weights, imports, strict=True)))
    assert 0 <= found.import_risk <= weights.max() + 1e-9
    assert found.score <= geopolitical_risk(0.4, np.array(imports), weights).score + 1e-12
