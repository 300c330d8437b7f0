"""Market and pact on the small chain: figures worked out on paper, the laws, what each response may do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orepact.errors import NotFound
from orepact.shock import respond, respond_all
from orepact.shock.events.disruption import DETOURS, Quota
from orepact.shock.response.grid import Grid
from orepact.shock.response.rules import ResponseRules
from response_disruptions import by_lot, site_stop
from shock_disruptions import broken
from shock_networks import chain_case

NEAR, FAR, SMELTER, PLANT = range(4)
FROM_NEAR, FROM_FAR, CARS_ABROAD = range(3)
ORE, METAL, CARS, PUBLIC_METAL = range(4)
FORESIGHTS = ("rolling", "perfect")


def loss(case, disruption, response, **options):
    return respond(case, disruption, response, **options).costs_usd["loss"]


@pytest.mark.parametrize("foresight", FORESIGHTS)
@pytest.mark.parametrize("response", ["contracts", "market", "pact"])
def test_without_an_event_nothing_moves(response, foresight) -> None:
    case = chain_case()
    found = respond(case, broken(case, 20), response, foresight=foresight)
    assert not any(found.costs_usd.values())
    assert np.array_equal(found.activity, np.repeat(case.activity[:, None], 20, axis=1))
    assert np.array_equal(found.sent, np.repeat(case.flow[:, None], 20, axis=1))
    assert not found.unmet.any()
    assert not found.released.any()


def test_the_worked_example_of_the_page() -> None:
    """NEAR stops for 12 weeks: 720 ore or 360 cars are missing.

    Stocks hold 160 cars (200 ore, 40 metal above the floor, 20 cars). FAR grows by 5 ore a week up to 40; what it sends in weeks
    0 to 9 arrives before ore from NEAR is back in week 13: 5 + 10 + ... + 35 + 3 x 40 = 260 ore, 130 cars. So 70 cars are lost,
    those of the buyer abroad, who pays 800. The public stockpile has 80 metal above its floor: the pact loses none.
    """
    case = chain_case()
    event = site_stop(case, NEAR, 12, 30)
    market = respond(case, event, "market", foresight="perfect")
    assert market.unmet.sum() == pytest.approx(70.0, abs=1e-6)
    assert market.costs_usd["loss"] == pytest.approx(56_000.0, abs=1e-3)
    only_stocks = ResponseRules.shipped().plus("stocks", "market", stockpiles=True)
    stocks = respond(case, event, "stocks", rules=only_stocks, foresight="perfect")
    assert stocks.costs_usd["loss"] == pytest.approx(0.0, abs=1e-6)
    assert stocks.released[PUBLIC_METAL].sum() >= 70.0 - 1e-6


def test_who_does_not_know_the_end_loses_no_less() -> None:
    case = chain_case()
    event = site_stop(case, NEAR, 12, 30)
    assert loss(case, event, "market") >= loss(case, event, "market", foresight="perfect") - 1e-6
    assert loss(case, event, "market") < loss(case, event, "contracts")


@pytest.mark.parametrize("foresight", FORESIGHTS)
@pytest.mark.parametrize("response", ["market", "pact"])
@pytest.mark.parametrize("seed", range(6))
def test_an_outcome_keeps_every_law(seed, response, foresight) -> None:
    case = chain_case()
    event = by_lot(case, seed)
    found = respond(case, event, response, foresight=foresight)
    assert found.check_balance() < 1e-7
    assert (found.activity <= event.site_share * case.capacity[:, None] * 1.0500001 + 1e-7).all()
    hit = event.route_share < 1.0
    assert (found.sent <= np.where(hit, event.route_share * case.flow[:, None], np.inf) + 1e-7).all()
    assert (found.surplus >= np.minimum(case.other, 0.0)[:, None] - 1e-7).all()
    for quota in event.quotas:
        assert (quota.factor @ found.sent[quota.routes] <= quota.most_per_week + 1e-7).all()
    lag, weeks = case.lag_weeks, event.weeks
    for route, late in enumerate(lag):
        assert found.arrived[route, :late] == pytest.approx(case.flow[route])
        assert found.arrived[route, late:] == pytest.approx(found.sent[route, : weeks - late], abs=1e-7)


def test_the_market_neither_releases_public_stocks_nor_surges() -> None:
    case = chain_case()
    found = respond(case, site_stop(case, NEAR, 20), "market")
    assert not found.released[PUBLIC_METAL].any()
    assert (found.activity <= case.capacity[:, None] + 1e-7).all()
    assert respond(case, site_stop(case, NEAR, 20), "pact").released[PUBLIC_METAL].any()


def test_output_above_the_usual_ramps_up() -> None:
    case = chain_case()
    found = respond(case, site_stop(case, NEAR, 20), "market")
    most = 40.0 * np.minimum(np.arange(1, 21) / 8.0, 1.0)
    assert (found.activity[FAR] - 40.0 <= most + 1e-7).all()
    assert found.activity[FAR, 7] == pytest.approx(80.0)


def test_public_stocks_stay_above_their_floor_and_within_their_rate() -> None:
    case = chain_case()
    found = respond(case, site_stop(case, NEAR, 20), "pact")
    assert found.stock[PUBLIC_METAL].min() >= 20.0 - 1e-7
    assert found.released[PUBLIC_METAL].max() <= 25.0 + 1e-7


def test_a_stock_that_burns_below_its_floor_gives_nothing() -> None:
    case = chain_case()
    event = site_stop(case, NEAR, 20, stores_lost=np.array([0.0, 0.0, 0.0, 0.9]))
    found = respond(case, event, "pact")
    assert found.released[PUBLIC_METAL].max() < 1e-7
    assert found.stock[PUBLIC_METAL] == pytest.approx(10.0)


def test_a_new_route_opens_after_its_delay() -> None:
    case = chain_case()
    unused = replace(case, flow=np.array([100.0, 0.0, 10.0]), activity=np.array([100.0, 0.0, 50.0, 50.0]))
    unused = replace(unused, capacity=np.array([100.0, 80.0, 60.0, 55.0]))
    event = site_stop(unused, NEAR, 30, 30)
    market, pact = (respond(unused, event, name).sent[FROM_FAR] for name in ("market", "pact"))
    assert not market[:12].any()
    assert market[12] > 0
    assert pact[0] > 0


def test_a_detour_carries_what_its_closed_way_keeps_back() -> None:
    case = chain_case()
    ways = pd.DataFrame([(FROM_FAR, 5, 2.0, 0, 19, "suez")], columns=list(DETOURS))
    event = broken(case, 20, detours=ways, end_known_week=20)
    event.route_share[FROM_FAR] = 0.0
    found = respond(case, event, "market", foresight="perfect")
    assert found.sent[FROM_FAR].max() <= 40.0 + 1e-7
    assert found.arrived[FROM_FAR, :3] == pytest.approx(40.0)
    assert not found.arrived[FROM_FAR, 3:5].any()
    assert found.arrived[FROM_FAR, 5:] == pytest.approx(found.sent[FROM_FAR, :15], abs=1e-7)
    assert found.costs_usd["transport"] >= 2.0 * found.sent[FROM_FAR].sum() - 1e-6


def test_a_tariff_on_one_seller_moves_trade_to_the_other() -> None:
    """8 USD on ore from NEAR: FAR's ore costs 4 to mine and 3 to bring, so each of its 40 spare units saves 1."""
    case = chain_case()
    event = broken(case, 20)
    event.route_cost_usd[FROM_NEAR] = 8.0
    found = respond(case, event, "market", foresight="perfect")
    assert found.sent[FROM_FAR].max() == pytest.approx(80.0)
    assert found.costs_usd["loss"] == pytest.approx(0.0, abs=1e-6)
    assert found.costs_usd["tariff"] == pytest.approx(8.0 * found.sent[FROM_NEAR].sum())
    event.route_cost_usd[FROM_NEAR] = 6.0
    assert respond(case, event, "market", foresight="perfect").sent[FROM_FAR].max() == pytest.approx(40.0)


def test_a_quota_counts_all_its_routes() -> None:
    case = chain_case()
    most = np.full(20, 30.0)
    event = broken(case, 20, quotas=(Quota("ore", np.array([0, 1]), np.array([1.0, 0.5]), most),))
    found = respond(case, event, "market", foresight="perfect")
    used = found.sent[FROM_NEAR] + 0.5 * found.sent[FROM_FAR]
    assert used.max() <= 30.0 + 1e-7
    assert found.sent[FROM_FAR].max() > 40.0


def test_buyers_take_what_is_there_instead() -> None:
    case = chain_case()
    swap = pd.DataFrame(
        [(1, 0, 1.0, 0.5, 2.0, 10.0)],
        columns=["wanted", "instead", "units_per_unit", "most_share", "delay_weeks", "cost_usd_per_unit"],
    )
    dearer = replace(case, substitutions=swap, wants=case.wants.assign(loss_usd_per_unit=[700.0, 800.0]))
    event = broken(dearer, 20)
    event.route_share[CARS_ABROAD] = 0.0
    found = respond(dearer, event, "market", foresight="perfect")
    assert found.substituted[0, :2] == pytest.approx(0.0)
    assert found.substituted[0, 4:] == pytest.approx(5.0)
    assert found.check_balance() < 1e-7
    assert found.costs_usd["substitution"] == pytest.approx(10.0 * found.substituted.sum())


def test_what_usually_leaves_a_node_otherwise_is_kept_when_it_lacks() -> None:
    """Of 60 metal 10 go into someone's stock every week; with the smelter at 50/60 they stay and nobody lacks."""
    case = chain_case()
    node = case.stores["node"].iloc[METAL]
    other = np.zeros(len(case.other))
    other[node] = -10.0
    flow, activity = case.flow + np.array([20.0, 0.0, 0.0]), case.activity + np.array([20.0, 0.0, 10.0, 0.0])
    rich = replace(case, other=other, flow=flow, activity=activity, capacity=case.capacity + np.array([20.0, 0.0, 10.0, 0.0]))
    assert np.abs(rich.residual).max() < 1e-9
    usual = respond(rich, broken(rich, 20), "market")
    assert not usual.surplus.any()
    event = site_stop(rich, SMELTER, 20, share=50.0 / 70.0)
    found = respond(rich, event, "market", foresight="perfect")
    assert found.costs_usd["loss"] == pytest.approx(0.0, abs=1e-6)
    assert found.surplus[node].min() == pytest.approx(-10.0)


def test_the_same_question_gives_the_same_bits() -> None:
    case = chain_case()
    event = by_lot(case, 5)
    one, other = (respond(case, event, "pact") for _ in range(2))
    assert one.sent.tobytes() == other.sent.tobytes()


def test_a_response_that_is_none_is_refused() -> None:
    case = chain_case()
    with pytest.raises(NotFound, match="market"):
        respond(case, broken(case), "markte")


def test_all_at_once_are_the_same_bits_as_one_by_one() -> None:
    case = chain_case()
    event, told = by_lot(case, 5), []
    found = respond_all(case, event, report=lambda words, share: told.append((words, share)))
    assert list(found) == ["contracts", "market", "pact"]
    for name, outcome in found.items():
        alone = respond(case, event, name)
        assert outcome.response == name
        for field in ("activity", "sent", "stock", "unmet"):
            assert getattr(outcome, field).tobytes() == getattr(alone, field).tobytes()
        assert outcome.costs_usd == alone.costs_usd
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert {words for words, _ in told} == {"contracts, market, pact"}


def test_when_one_fails_the_others_end_and_its_mistake_is_told() -> None:
    case = chain_case()
    with pytest.raises(NotFound, match="market"):
        respond_all(case, broken(case), ("markte", "pact"))


def test_what_the_caller_raises_while_it_is_told_ends_all_of_them() -> None:
    """As an interruption does: whoever is told of progress may end the work."""
    case, told = chain_case(), []

    def end(words: str, share: float) -> None:
        told.append(share)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        respond_all(case, site_stop(case, NEAR, 1, 40), ("market", "pact"), report=end)
    assert 1 <= len(told) <= 2  # neither got past its first word


def test_one_week_is_enough() -> None:
    case = chain_case()
    assert respond(case, site_stop(case, NEAR, 1, 1), "pact").unmet.shape == (2, 1)


# The grid --------------------------------------------------------------------------------------


def test_a_lag_spreads_a_block_over_those_after_it() -> None:
    """Four weeks sent at 1 a week from week 1 on, two weeks under way: by the end of week 4 (block 1) two have come."""
    assert Grid.of([1, 4, 3]).passed(2).tolist() == [[0.0, 1.0, 1.0], [0.0, 2.0, 4.0], [0.0, 0.0, 1.0]]


def test_blocks_of_weeks_mean_and_total() -> None:
    grid = Grid.of([1, 2])
    weekly = np.array([[3.0, 4.0, 8.0, 100.0]])
    assert grid.mean(weekly).tolist() == [[3.0, 6.0]]
    assert grid.total(weekly).tolist() == [[3.0, 12.0]]
    assert grid.most(weekly).tolist() == [[3.0, 8.0]]
