"""Supply risk and GeoPolRisk on numbers small enough for paper, and against a second way of writing each formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from orepact.measure.criticality import Mix, Terms, governance_weight, is_critical, supply_risk_range
from orepact.measure.risk.agreement import Spans, compare
from orepact.measure.risk.geopolrisk import geopolitical_risk, instability, production_hhi

WORLD = Mix(np.array([0.7, 0.2, 0.1]), np.array([8.0, 6.0, 2.0]), np.ones(3), places=("COD", "CHN", "AUS"))
BOUGHT = Mix(np.array([0.5, 0.3, 0.2]), np.array([8.0, 6.0, 1.0]), np.ones(3))


def test_supply_risk_by_hand() -> None:
    """The worked example of docs/why/criticality.md."""
    assert pytest.approx(4.18) == WORLD.hhi
    assert pytest.approx(2.58) == BOUGHT.hhi
    terms = Terms(WORLD.hhi, BOUGHT.hhi, import_reliance=0.8, recycling_input_rate=0.25, substitution_index=0.9)
    assert terms.global_weight == pytest.approx(0.4)
    assert terms.mixed_hhi == pytest.approx(3.22)
    assert terms.supply_risk == pytest.approx(2.1735)


def test_one_mix_stands_alone_where_the_other_does_not_count() -> None:
    terms = Terms(4.0, math.nan, math.nan, 0.0, 1.0, "global")
    assert (terms.supply_risk, terms.missing) == (4.0, ())
    assert Terms(math.nan, 3.0, math.nan, 0.0, 1.0, "EU").supply_risk == 3.0
    assert Terms(math.nan, 3.0, 0.0, 0.0, 1.0).supply_risk == 3.0, "without imports the world has no weight"


def test_missing_inputs_are_named_and_give_no_number() -> None:
    terms = Terms(math.nan, 3.0, 0.5, 0.0, math.nan)
    assert terms.missing == ("substitution_index", "hhi_global")
    assert math.isnan(terms.supply_risk)
    assert Terms(1.0, 1.0, math.nan, 0.1, 1.0).missing == ("import_reliance",)


def test_trade_parameters_weigh_suppliers() -> None:
    restricted = Mix(WORLD.shares, WORLD.governance, np.array([1.1, 1.0, 0.8]))
    assert restricted.hhi == pytest.approx(3.92 * 1.1 + 0.24 + 0.02 * 0.8)
    assert WORLD.adds == pytest.approx([3.92, 0.24, 0.02])


@pytest.mark.parametrize(("estimate", "weight"), [(2.5, 0.0), (0.0, 5.0), (-2.5, 10.0), (-3.0, 10.0), (3.0, 0.0)])
def test_governance_is_turned_round_and_held(estimate: float, weight: float) -> None:
    assert governance_weight(estimate) == weight


def test_range_holds_the_value_and_its_rounding() -> None:
    world, bought = (Mix(mix.shares, mix.governance, mix.trade, half_width=0.005) for mix in (WORLD, BOUGHT))
    low, high = world.hhi_range
    assert low == pytest.approx(0.695**2 * 8 + 0.195**2 * 6 + 0.095**2 * 2)
    assert high == pytest.approx(0.705**2 * 8 + 0.205**2 * 6 + 0.105**2 * 2)
    terms = Terms(world.hhi, bought.hhi, 0.8, 0.25, 0.9)
    least, most = supply_risk_range(terms, world.hhi_range, bought.hhi_range)
    assert least < terms.supply_risk < most


def test_unnamed_shares_go_at_most_to_the_heaviest_supplier() -> None:
    partial = Mix(np.array([0.5, 0.3]), np.array([2.0, 6.0]), np.ones(2))
    low, high = partial.completed_range
    assert low == pytest.approx(0.5**2 * 2 + 0.3**2 * 6)
    assert high == pytest.approx(0.5**2 * 2 + 0.5**2 * 6), "0.2 more for the supplier of weight 6"


def test_thresholds_hold_at_the_printed_decimal() -> None:
    assert is_critical(0.95, 2.75)
    assert not is_critical(0.94, 5.0)


def spans(*rounded: float) -> Spans:
    return Spans((rounded[0], rounded[1]), (rounded[0], rounded[1]), {})


TERMS = Terms(4.0, 2.0, 1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("published", "around", "kind", "word"),
    [
        (3.0, (2.9, 3.1), "equal", "decimal"),
        (3.1, (2.9, 3.1), "rounding", "rounding"),
        (3.2, (2.9, 3.1), "edition", "another edition"),
        (2.4, (2.9, 3.1), "unexplained", "a recycling input rate of 20% (printed 0%)"),
        (2.0, (2.9, 3.1), "unexplained", "counting EU sourcing alone (gives 2.00)"),
        (4.0, (2.9, 3.1), "unexplained", "a concentration of EU sourcing of 4.0 (here 2.0)"),
        (math.nan, (2.9, 3.1), "unpublished", "no published value"),
    ],
)
def test_the_reason_of_a_difference(published: float, around: tuple[float, float], kind: str, word: str) -> None:
    found = compare(TERMS, published, spans(*around))
    assert found.kind == kind
    assert word in found.words


def test_unnamed_suppliers_are_a_reason_of_their_own() -> None:
    found = compare(TERMS, 3.5, Spans((2.9, 3.1), (2.9, 3.6), {"world supply": 0.0, "EU sourcing": 0.12}))
    assert (found.kind, "12% of EU sourcing" in found.words) == ("shares", True)
    assert "world supply" not in found.words


def test_no_input_gives_an_impossible_value() -> None:
    assert compare(Terms(1.0, 1.0, 1.0, 0.0, 1.0), 30.0, spans(0.9, 1.1)).words.endswith("no single input gives it")


# -- GeoPolRisk


def test_geopolrisk_by_hand() -> None:
    """The worked example of docs/why/criticality.md."""
    hhi = production_hhi(np.array([70.0, 20.0, 10.0]))
    found = geopolitical_risk(hhi, np.array([50.0, 30.0]), np.array([0.8, 0.6]), domestic=20.0)
    assert found.hhi == pytest.approx(0.54)
    assert found.import_risk == pytest.approx(0.58)
    assert found.score == pytest.approx(0.3132)
    assert (found.imports, found.domestic, found.import_share) == (80.0, 20.0, pytest.approx(0.8))
    assert found.midpoint(1000.0) == pytest.approx(313.2)


def test_own_production_dilutes_and_nothing_at_all_has_no_answer() -> None:
    alone = geopolitical_risk(0.5, np.array([80.0]), np.array([0.5]))
    assert alone.import_risk == 0.5
    assert geopolitical_risk(0.5, np.array([80.0]), np.array([0.5]), 80.0).import_risk == 0.25
    assert geopolitical_risk(0.5, np.empty(0), np.empty(0), 10.0).score == 0.0
    assert math.isnan(geopolitical_risk(0.5, np.empty(0), np.empty(0)).score)
    assert math.isnan(production_hhi(np.zeros(2)))


@pytest.mark.parametrize(("estimate", "weight"), [(2.5, 0.0), (0.0, 0.5), (-2.5, 1.0), (-4.0, 1.0), (math.nan, 0.5)])
def test_instability(estimate: float, weight: float) -> None:
    assert instability(estimate) == weight
