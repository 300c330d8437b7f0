"""The page on responses says what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orepact.shock import respond
from orepact.shock.response.rules import ResponseRules
from response_disruptions import site_stop
from shock_networks import chain_case

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "response.md").read_text(encoding="utf-8")
RULES = ResponseRules.shipped()


def test_the_losses_of_the_page() -> None:
    market, stocks = (int(found.replace(",", "")) for found in re.findall(r"\*\*([\d,]+) USD\*\*", PAGE))
    case = chain_case()
    event = site_stop(case, 0, 12, 30)
    rules = RULES.plus("stocks", "market", stockpiles=True)
    assert respond(case, event, "market", foresight="perfect").costs_usd["loss"] == pytest.approx(market, abs=1e-3)
    assert respond(case, event, "stocks", rules=rules, foresight="perfect").costs_usd["loss"] == pytest.approx(stocks, abs=1e-3)


def test_the_horizon_of_the_page() -> None:
    assert f"look {sum(RULES.view_weeks.value)} weeks ahead" in PAGE
    assert "Every four weeks" in PAGE
    assert RULES.decide_every_weeks.value == 4
    assert f"at least {RULES.least_expected_weeks.value} weeks" in PAGE
    assert f"counts {RULES.impatience_per_week.value:.1%} less".replace("%", " %") in PAGE


def test_the_permits_of_the_page() -> None:
    market, pact = RULES.allowed("market"), RULES.allowed("pact")
    assert f"open after {market.new_route_weeks:g} weeks" in PAGE
    assert f"{pact.party_surge_share:.0%} above capacity".replace("%", " %") in PAGE
    assert pact.party_ramp_factor == 0.5
    assert "half the time" in PAGE
    assert RULES.parties.value == ("CAN", "JPN", "KOR")
