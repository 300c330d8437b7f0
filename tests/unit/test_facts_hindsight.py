"""Hindsight: later editions about what lay behind, never about what lay ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import orepact as op
from orepact.errors import BadInput
from orepact.facts.hindsight import ahead, in_hindsight, standing
from orepact.service.opening import hindsight_words, manifest_of, open_ledger

DAY = 20250221


def claims(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["subject", "attribute", "year", "valid_from", "as_of_day"])


def let_through(frame: pd.DataFrame, day: int = DAY) -> list[bool]:
    return [bool(one) for one in in_hindsight(frame, day, np.ones(len(frame), dtype=bool))]


def test_a_year_that_had_ended_is_taken_from_its_first_later_edition() -> None:
    frame = claims(
        ("COD/cobalt", "mine_production", "2024", "", 20260131),
        ("COD/cobalt", "mine_production", "2024", "", 20250521),
        ("COD/cobalt", "mine_production", "2025", "", 20260131),
    )
    assert let_through(frame) == [False, True, False]


def test_what_was_known_on_the_day_is_not_revised() -> None:
    frame = claims(
        ("COD/cobalt", "mine_production", "2024", "", 20250131),
        ("COD/cobalt", "mine_production", "2024", "", 20260131),
    )
    assert let_through(frame) == [False, False]  # the first is known anyway, the second is a revision


def test_states_count_from_the_day_they_began() -> None:
    frame = claims(
        ("site:moa_jv", "status", "", "1994", 20260228),
        ("site:moa_jv", "status", "", "2026-02", 20260228),
        ("site:moa_jv", "capacity", "", "", 20260228),
    )
    assert let_through(frame) == [True, False, False]


def test_parameters_are_taken_and_named_where_their_year_had_not_ended() -> None:
    frame = claims(
        ("cell_lfp_assembly/cell_lfp", "recipe_amount", "", "", 20251231),
        ("IDN", "cost_level", "2025", "", 20251231),
        ("world/ev_car", "sales_projection_icct", "2030", "", 20251231),
    )
    assert let_through(frame) == [True, True, False]
    assert ahead(frame[let_through(frame)], DAY).to_numpy().tolist() == [["cost_level", "2025"]]


def test_every_standing_attribute_is_one_that_the_code_list_knows() -> None:
    assert standing() <= set(op.Ledger.shipped().codes.attributes)
    assert not {name for name in standing() if "projection" in name or name in {"sales", "price", "mine_production"}}


@pytest.fixture(scope="module")
def looking_back() -> op.Ledger:
    return open_ledger(as_of="2025-02-21", hindsight=True)


def test_shipped_facts_say_nothing_of_years_ahead(looking_back: op.Ledger) -> None:
    late = looking_back.taken_in_hindsight
    assert len(late) > 1000
    yearly = late[late["year"] != ""]
    ahead_of_day = yearly[yearly["year"].astype(int) > 2024]
    assert set(ahead_of_day["attribute"]) <= standing()
    begun = late[(late["year"] == "") & (late["valid_from"] != "")]
    assert (begun["valid_from"].str[:7] <= "2025-02").all()
    trade = looking_back.trade("cobalt_hydroxide")
    assert set(trade["year"].astype(int)) == set(range(2015, 2025))


def test_without_hindsight_the_day_stays_strict() -> None:
    strict = open_ledger(as_of="2025-02-21")
    assert (strict.claims["as_of_day"] <= DAY).all()
    assert strict.taken_in_hindsight.empty
    assert hindsight_words(strict) == []


def test_the_reply_says_so(looking_back: op.Ledger) -> None:
    words = hindsight_words(looking_back)
    assert str(len(looking_back.taken_in_hindsight)) in words[0]
    assert "published after 2025-02-21" in words[0]
    assert manifest_of(looking_back)["hindsight"] is True
    assert "cost_level (2024)" in " ".join(hindsight_words(open_ledger(as_of="2023-12-31", hindsight=True)))


def test_hindsight_needs_a_day() -> None:
    with pytest.raises(BadInput, match="give as_of too"):
        open_ledger(hindsight=True)
