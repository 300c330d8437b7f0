"""The louder the watch, the more often imports fell in the next year."""

from __future__ import annotations

import pytest
from tools.watch_backtest import main, table, years_after

from orepact.facts import Ledger
from orepact.shock.watch import WatchRules


def test_imports_fell_more_often_after_louder_years() -> None:
    found = table(years_after(Ledger.shipped(), WatchRules.shipped(), (2018, 2021, 2023)))
    assert found["years"].sum() > 400
    assert found["years"].min() >= 10
    quiet, loud = found.loc[[0, 1]], found.loc[[3, 4]]
    share = {
        name: (part["years"] * part["fell"]).sum() / part["years"].sum() for name, part in {"quiet": quiet, "loud": loud}.items()
    }
    assert share["loud"] > 2 * share["quiet"]
    assert share["quiet"] < float(found.loc[2, "fell"])


@pytest.mark.slow
def test_the_table_of_the_page_is_current() -> None:
    assert main(["--check"]) == 0
