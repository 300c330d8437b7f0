"""What holds for every closed base year, whatever the claims: needs are met, nothing is negative, order does not matter."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orepact.chain.reference.amounts import first_known, largest, plus, spread, total
from orepact.chain.reference.builder import ReferenceNetwork
from orepact.chain.reference.rules import base_year_rules
from orepact.chain.scenario import Scenario
from reference_networks import shipped

amounts = st.dictionaries(st.sampled_from(["CHN", "KOR", "JPN", "USA", "CA-QC"]), st.floats(0, 1e9), max_size=5)


@given(st.floats(0, 1e12), amounts)
def test_spreading_keeps_the_total(quantity: float, weights: dict[str, float]) -> None:
    found = spread(quantity, weights)
    assert set(found) == {place for place, weight in weights.items() if weight > 0}
    if found:
        assert abs(total(found) - quantity) <= 1e-9 * max(quantity, 1.0)


@given(amounts, amounts)
def test_adding_and_choosing_place_by_place(one: dict[str, float], other: dict[str, float]) -> None:
    assert plus(one, other) == plus(other, one)
    for place in {*one, *other}:
        assert first_known(one, other)[place] == one.get(place, other.get(place))
        assert largest(one, other)[place] == max(part[place] for part in (one, other) if place in part)


def closed(**changes: Any) -> ReferenceNetwork:
    scenario = Scenario.load("reference")
    chosen = scenario.reference.model_copy(update=changes)
    return ReferenceNetwork(shipped(), scenario.model_copy(update={"reference": chosen}), (2024,))


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from([2024, 2025]),
    st.sampled_from(["steps", "cps", "icct"]),
    st.sampled_from(["steps", "aps", "nze"]),
    st.floats(-0.05, 0.05),
    st.floats(0, 1),
)
def test_every_need_is_met_by_output_and_co_products(base_year: int, ev: str, use: str, shift: float, maximum: float) -> None:
    """``output + co-products >= need`` for every commodity that the rules close, under any settings."""
    parts = closed(
        base_year=base_year, ev_projection=ev, use_projection=use, lfp_share_shift_per_year=shift, lfp_share_maximum=maximum
    )
    base, rules = parts.base, base_year_rules()
    for commodity, makers in parts.recipes.makers.items():
        need = total(base.need.get(commodity, {}))
        made = sum(total(base.output[process]) for process in makers if process in rules) + base.by_product.get(commodity, 0.0)
        if any(rules[process].close not in {"", "input"} for process in makers if process in rules):
            assert made >= need * (1 - 1e-9), commodity
    for process, output in base.output.items():
        assert all(quantity > 0 for quantity in output.values()), process
        assert all(0 <= base.certain[process][place] <= output[place] * (1 + 1e-9) for place in output), process


@settings(max_examples=6, deadline=None)
@given(st.integers(2025, 2050), st.floats(0, 1))
def test_demand_is_never_negative_and_the_lfp_cap_holds(year: int, maximum: float) -> None:
    demand = closed(lfp_share_maximum=maximum).demand
    wanted = demand.year(year)
    assert all(quantity > 0 for places in wanted.values() for quantity in places.values())
    for place, lfp in wanted["ev_car_lfp"].items():
        cars = lfp + wanted["ev_car_nickel"].get(place, 0.0)
        if place in demand.chemistry.shares:
            assert lfp <= maximum * cars * (1 + 1e-9) + 1e-6
