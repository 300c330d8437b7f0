"""The louder the watch, the more often imports fell in the next year."""

from __future__ import annotations

import pandas as pd
import pytest
from tools import watch_backtest
from tools.watch_backtest import YEARS, main, table, years_after

from orepact.facts import Ledger
from orepact.shock.watch import WatchRules

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def years() -> pd.DataFrame:
    return years_after(Ledger.shipped(), WatchRules.shipped(), YEARS)


def test_imports_fell_more_often_after_louder_years(years: pd.DataFrame) -> None:
    found = table(years[years["year"].isin([2018, 2021, 2023])])
    assert found["years"].sum() > 400
    assert found["years"].min() >= 10
    quiet, loud = found.loc[[0, 1]], found.loc[[3, 4]]
    share = {
        name: (part["years"] * part["fell"]).sum() / part["years"].sum() for name, part in {"quiet": quiet, "loud": loud}.items()
    }
    assert share["loud"] > 2 * share["quiet"]
    assert share["quiet"] < float(found.loc[2, "fell"])


def test_the_table_of_the_page_is_current(years: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_backtest, "years_after", lambda _facts, _rules, asked: years[years["year"].isin(asked)])
    assert main(["--check"]) == 0
