"""A stockpile releases no more than it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.model import Terms

if TYPE_CHECKING:
    from orepact.plan.model import PlanModel


def stock_release(plan: PlanModel) -> None:
    """``sum_t span[t] m[j,t] <= quantity[j]`` for every stockpile j.

    m release per year, span calendar years that model year t stands for; quantity in units of the commodity.
    The yearly limit is the bound ``release_rate``.
    """
    case, release = plan.case, plan.blocks["release"]
    stocks = case.network.stockpiles
    stock = np.unique(release.item)
    terms = [Terms("release", np.arange(len(release)), np.searchsorted(stock, release.item), case.horizon.spans[release.year])]
    quantity = stocks["quantity"].to_numpy(dtype=float)[stock]
    scale = case.scale_of(stocks["commodity"].iloc[stock])
    plan.add_rows("stock_release", terms, "<=", item=stock, year=np.zeros(len(stock), dtype=np.int64), rhs=quantity, scale=scale)
