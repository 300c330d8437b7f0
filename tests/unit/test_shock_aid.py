"""Aid options on the small chain, with the end known: each single option against the market."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from orepact.shock.response.aid import AID, _ranked, aid_options, options_of
from orepact.shock.response.responding import respond
from orepact.shock.response.rules import ResponseRules
from shock_disruptions import broken
from shock_networks import chain_case


@pytest.fixture(scope="module")
def stopped():
    """The near mine stands still for eight weeks, and everybody knows it."""
    case = chain_case()
    event = broken(case, weeks=20, end_week=8)
    event.site_share[0, :8] = 0.0
    return case, event, aid_options(case, event).set_index("option")


def test_the_market_of_the_options_is_the_market_with_the_end_known(stopped) -> None:
    case, event, table = stopped
    assert ["option", *table.columns] == list(AID)
    for response, option, column in (("market", "pact", "market_loss_usd"), ("pact", "pact", "loss_usd")):
        found = respond(case, event, response, foresight="perfect")
        assert table.loc[option, column] == pytest.approx(found.costs_usd["loss"], abs=0.01)


def test_each_option_saves_what_it_says(stopped) -> None:
    table = stopped[2]
    saved = table["market_loss_usd"] - table["loss_usd"] + table["saved_idle_usd"]
    assert table["saved_usd"].to_numpy() == pytest.approx(saved.to_numpy())
    assert table["market_loss_usd"].iloc[0] > 0
    assert (table["saved_usd"] - table["cost_usd"] >= -1e-3).all()


def test_public_metal_saves_what_the_market_loses_and_costs_its_price(stopped) -> None:
    """The market loses 27.5 cars of 800, and its car plant makes 20 more too few for the yards: 47.5 of 500 at a tenth.

    One unit of metal of 60 from the stockpile is enough for all, the rest is bought dearer.
    """
    row = stopped[2].loc["stockpiles"]
    assert row["loss_usd"] == pytest.approx(0, abs=0.01)
    assert row["saved_idle_usd"] == pytest.approx(47.5 * 500 / 10)
    assert row["saved_usd"] == pytest.approx(22_000 + 2_375)
    assert row["cost_usd"] > 60
    assert row["saved_per_usd"] == pytest.approx(row["saved_usd"] / row["cost_usd"])


def test_where_idle_output_costs_nothing_only_buyers_are_saved(stopped) -> None:
    case, event, _ = stopped
    rules = ResponseRules.shipped()
    free = rules.model_copy(update={"idle_output": rules.idle_output.model_copy(update={"value": 0.0})})
    row = aid_options(case, event, rules=free).set_index("option").loc["stockpiles"]
    assert row["saved_usd"] == pytest.approx(22_000)
    assert row["saved_idle_usd"] == 0


def test_an_option_that_changes_nothing_saves_nothing_and_has_no_ratio(stopped) -> None:
    """No route stands unused in the chain, so swaps have nothing to open."""
    row = stopped[2].loc["party_new_route_weeks"]
    assert row["saved_usd"] == pytest.approx(0, abs=1e-6)
    assert math.isnan(row["saved_per_usd"])


def test_the_best_net_of_its_cost_comes_first_and_what_saves_nothing_last(stopped) -> None:
    table = stopped[2]
    net = table["net_saving_usd"].to_numpy()
    assert net == pytest.approx((table["saved_usd"] - table["cost_usd"]).to_numpy(), abs=1.0)
    assert all(first >= later for first, later in pairwise(net))
    assert table.index[-1] == "party_new_route_weeks"
    assert table.loc["pact", "saved_usd"] == pytest.approx(table["saved_usd"].max())


def test_each_thing_that_the_pact_adds_is_an_option_and_so_are_the_stocks_of_each_party() -> None:
    case, rules = chain_case(), ResponseRules.shipped()
    names = [option.name for option in options_of(rules, case)]
    assert names == ["stockpiles", "party_new_route_weeks", "party_surge_share", "party_ramp_factor", "pact"]
    both = case.stores.assign(kind="stockpile", owner=["HOME", "HOME", "ABROAD", "HOME"])
    more = [option.name for option in options_of(rules, chain_case(stores=both))]
    assert {"stockpiles_HOME", "stockpiles_ABROAD"} <= set(more)


def test_no_event_leaves_nothing_to_save() -> None:
    case = chain_case()
    table = aid_options(case, broken(case))
    assert table["saved_usd"].to_numpy() == pytest.approx(np.zeros(len(table)))
    assert table["saved_per_usd"].isna().all()


def test_where_a_lost_unit_and_one_in_stock_cost_the_same_the_rank_does_not_move() -> None:
    """Worth a millionth above or below the price turns losses into emptied stocks; net savings and ranks stay."""
    found, shipped = [], ResponseRules.shipped()
    free = shipped.model_copy(update={"empty_shelf_per_week": shipped.empty_shelf_per_week.model_copy(update={"value": 0.0})})
    for factor in (1.0 - 1e-6, 1.0, 1.0 + 1e-6):
        case = chain_case()
        price = case.price.copy()
        price["car"] = 1000.0
        case = replace(case, prices=price, wants=case.wants.assign(loss_usd_per_unit=1000.0 * factor))
        event = broken(case, weeks=12, end_week=12)
        event.site_share[0] = 0.0
        found.append(aid_options(case, event, rules=free))
    names = [table["option"].tolist() for table in found]
    assert names[0] == names[1] == names[2]
    assert (found[1]["net_saving_usd"] > 0).any()
    lost = [table["market_loss_usd"].iloc[0] for table in found]
    assert max(lost) > min(lost) + 10_000  # the tie is there: what is lost is the solver's whim
    for table in found:
        assert table["net_saving_usd"].to_numpy() == pytest.approx(found[1]["net_saving_usd"].to_numpy(), rel=1e-4, abs=1.0)


def test_equal_savings_stand_by_name_whatever_the_last_digit() -> None:
    rows = [{"option": name, "net_saving_usd": net} for name, net in (("b", 5.0000004), ("a", 5.0), ("c", -1e-9))]
    table = pd.DataFrame(rows, columns=list(AID))
    assert _ranked(table, least=1e-3)["option"].tolist() == ["a", "b", "c"]
    assert _ranked(table, least=1e-3)["net_saving_usd"].tolist()[-1] == 0.0
