"""The page on responses says what the program says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from orepact.service.opening import open_ledger
from orepact.service.shock.events import disruption_for
from orepact.shock import respond
from orepact.shock.response.rules import ResponseRules
from response_disruptions import site_stop
from shock_networks import chain_case
from view_ahead import NOT_COUNTED, SINGLE, VIEWS, answer, figures, usual_week

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
    assert f"{RULES.empty_shelf_per_week.value:.1%} of its price each week".replace("%", " %") in PAGE
    assert f"idle output x {RULES.idle_output.value:.0%} of its price".replace("%", " %") in PAGE
    assert f"counts {RULES.impatience_per_week.value:.1%} less".replace("%", " %") in PAGE


def test_the_permits_of_the_page() -> None:
    market, pact = RULES.allowed("market"), RULES.allowed("pact")
    assert f"open after {market.new_route_weeks:g} weeks" in PAGE
    assert f"{pact.party_surge_share:.0%} above capacity".replace("%", " %") in PAGE
    assert pact.party_ramp_factor == 0.5
    assert "half the time" in PAGE
    assert RULES.parties.value == ("CAN", "JPN", "KOR")


# Figures of the reference network --------------------------------------------------------------------


def rows_of(mark: str) -> list[list[str]]:
    """Cells of the table whose head begins with some words, without head and rule."""
    table = PAGE[PAGE.index(f"| {mark}") :].split("\n\n")[0].split("\n<!--")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def million(cell: str) -> float:
    return float(cell.replace(",", ""))


@pytest.mark.slow
def test_the_views_of_the_page() -> None:
    """The shipped view and contracts anew; the other views are printed by ``tests/view_ahead.py``."""
    weeks, losses, totals = (row[1:] for row in rows_of("blocks after the first four weeks"))
    assert weeks[:4] == [str(4 + sum(view)) for view in VIEWS]
    assert (*SINGLE, *VIEWS[0]) == RULES.view_weeks.value
    assert figures(answer("contracts")) == (losses[4], totals[4])
    loss, total = map(million, figures(answer("market")))
    assert loss == pytest.approx(million(losses[0]), rel=0.05)
    assert total == pytest.approx(million(totals[0]), rel=0.05)
    assert million(losses[3]) > 2 * max(map(million, losses[:3]))  # a view of four months sees no need to save


@pytest.mark.slow
def test_the_events_of_the_page() -> None:
    """Contracts of every event that the page names; the market of the two whose loss or total says most."""
    ledger, rows = open_ledger(), rows_of("event | loss: contracts")
    printed = {row[0].strip("`"): [million(cell) for cell in row[1:7]] for row in rows if row[1]}
    assert len(printed) == 11
    for event, (loss, market, _, total, market_total, _) in printed.items():
        hit = disruption_for(usual_week(), [event], ledger=ledger, weeks=52)
        kept = respond(usual_week(), hit, "contracts").costs_usd
        assert kept["loss"] / 1e6 == pytest.approx(loss, abs=0.5), event
        assert all_costs(kept) == pytest.approx(total, abs=0.5), event
        assert market_total < total
        if event in {"drc_cobalt_quota_2026", "graphite_licence_2023"}:
            costs = respond(usual_week(), hit, "market").costs_usd
            assert costs["loss"] / 1e6 == pytest.approx(market, rel=0.1), event
            assert all_costs(costs) == pytest.approx(market_total, rel=0.1), event
    assert printed["drc_cobalt_quota_2026"][1] > printed["drc_cobalt_quota_2026"][0]


def all_costs(costs: Mapping[str, float]) -> float:
    """Million USD above the usual week, without what is less under way."""
    return sum(usd for kind, usd in costs.items() if kind != NOT_COUNTED) / 1e6
