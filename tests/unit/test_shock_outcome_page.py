"""The page on outcomes says what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orepact.shock import respond
from orepact.shock.events.disruption import Disruption
from orepact.shock.outcome.outcome import Outcome
from orepact.shock.response.aid import aid_options
from shock_disruptions import broken
from shock_networks import chain_case

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "outcome.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


def stop() -> Disruption:
    event = broken(chain_case(), weeks=20, end_week=8)
    event.site_share[0, :8] = 0.0
    return event


@pytest.fixture(scope="module")
def found() -> Outcome:
    return respond(chain_case(), stop(), "contracts")


def test_the_weeks_of_the_page(found: Outcome) -> None:
    printed = [list(map(float, row.split("|")[1:-1])) for row in PAGE.splitlines() if re.match(r"\| \d", row)]
    assert len(printed) == 8
    for week, *row in printed:
        t = int(week)
        said = [
            found.arrived[:2, t].sum(),
            found.activity[2, t],
            found.activity[3, t],
            found.unmet[0, t],
            found.unmet[1, t],
            found.stock[0, t],
            found.stock[2, t],
        ]
        assert said == pytest.approx(row, abs=1e-9)


def test_the_loss_of_the_page(found: Outcome) -> None:
    home, abroad = found.unmet.sum(axis=1)
    assert f"HOME goes without {home:.0f} cars of 1,000 USD, ABROAD without {abroad:.0f} of 800 USD" in TEXT
    assert f"a loss of {found.costs_usd['loss']:,.0f} USD" in TEXT


def test_the_options_of_the_page() -> None:
    table = aid_options(chain_case(), stop()).set_index("option")
    assert f"still loses {table['market_loss_usd'].iloc[0]:,.0f} USD" in TEXT
    metal, overtime = table.loc["stockpiles"], table.loc["party_surge_share"]
    assert metal["loss_usd"] == pytest.approx(0, abs=0.01)
    said = f"saves all of it, and {metal['saved_idle_usd']:,.0f} USD of idle output, at a cost of {metal['cost_usd']:,.0f} USD"
    assert said in TEXT
    assert f"saves {overtime['saved_usd']:,.0f} USD" in TEXT
