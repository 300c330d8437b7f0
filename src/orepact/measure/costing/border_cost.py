"""Duties along the chain: what a cell holds of duties that were paid on its inputs, and on the inputs of those."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.measure.costing.tariffs import TariffOption, TariffTable, cheapest
from orepact.measure.costing.unit_cost import UnitCosts
from orepact.measure.tracing.footprint import Footprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.measure.tracing.transfers import Transfers

MOST_ROUNDS = 60
CLOSE = 1e-10


@dataclass(frozen=True, eq=False)
class Duties:
    """Rate of every row of ``transfers.moved`` (NaN: nothing known) and whether the duty is charged on freight too.

    ``incomplete``: rows of which a part of the duty is not known; ``rate`` is then the sum of the parts that are.
    """

    rate: NDArray[np.float64]
    on_freight: NDArray[np.bool_]
    incomplete: NDArray[np.bool_] | None = None

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """Rows whose duty is not known in full."""
        nothing = np.isnan(self.rate)
        return nothing if self.incomplete is None else nothing | self.incomplete

    @classmethod
    def of(cls, table: TariffTable, transfers: Transfers, day: int, *, include_unverified: bool = False) -> Duties:
        """The lowest duty in force on a day for every flow, as if every origin test were passed that can be named."""
        moved = transfers.moved
        good = transfers.commodity[moved["source"].to_numpy()]
        origin, goal = transfers.place[moved["source"].to_numpy()], transfers.place[moved["target"].to_numpy()]
        rates, freight, open_rows = np.empty(len(moved)), np.empty(len(moved), dtype=bool), np.empty(len(moved), dtype=bool)
        for row, (commodity, start, end) in enumerate(zip(good, origin, goal, strict=True)):
            best = cheapest(table.options(str(start), str(end), str(commodity), day, include_unverified=include_unverified))
            rates[row], open_rows[row] = known_rate(best), bool(best.unknown)
            freight[row] = table.adds_freight(str(end))
        return cls(rates, freight, open_rows)


def known_rate(option: TariffOption) -> float:
    """Sum of the parts of a duty that are known; NaN where none is."""
    known = [part.rate for part in option.parts if part.rate is not None]
    return float(sum(known)) if known or not option.unknown else float("nan")


def costs_with_duties(
    transfers: Transfers,
    sites: pd.DataFrame,
    freight: NDArray[np.float64],
    duties: Duties,
    *,
    prices: Mapping[str, float] | None = None,
    bought: bool = False,
) -> UnitCosts:
    """Unit costs in which every flow pays its duty on its price, or on its own cost (duties included) where it has none.

    Of a duty counts what is known of it. What comes out of a stock is worth what the commodity costs to make on average. Since
    a duty raises the cost that later duties are charged on, the costs are found in rounds until they stand still. ``bought``:
    inputs with a price are bought at it.
    """
    known = dict(prices or {})
    source = transfers.moved["source"].to_numpy()
    price = np.array([known.get(str(name), np.nan) for name in transfers.commodity[source]], dtype=float)
    drawn = transfers.drawn["node"].to_numpy(dtype=np.int64)
    rate = np.nan_to_num(duties.rate)
    tariff, stock = np.zeros(len(source)), dict[str, float]()
    costs: UnitCosts | None = None
    for _ in range(MOST_ROUNDS):
        moved = pd.DataFrame({"transport": freight, "tariff": tariff})
        costs = UnitCosts.of(transfers, sites, moved, known if bought else None, stock)
        worth = np.where(np.isnan(price), costs.pooled_total.to_numpy()[source], price)
        found = rate * (worth + np.where(duties.on_freight, freight, 0.0))
        worths = mean_cost(costs)
        still = all(
            np.isclose(worths[name], stock.get(name, 0.0), rtol=CLOSE) for name in set(transfers.commodity[drawn]) & set(worths)
        )
        if still and np.allclose(found, tariff, rtol=CLOSE, atol=0.0):
            return costs
        tariff, stock = found, worths
    assert costs is not None
    return costs


def mean_cost(costs: UnitCosts) -> dict[str, float]:
    """USD per unit made of each commodity on average, by what is made."""
    made = costs.transfers.amount("made")
    table = pd.DataFrame({"usd": np.nan_to_num(costs.made_total.to_numpy()) * made, "units": made})
    sums = table.groupby(costs.transfers.commodity).sum()
    sums = sums[sums["units"] > 0]
    return dict(zip(sums.index.astype(str), (sums["usd"] / sums["units"]).tolist(), strict=True))


def unknown_value(transfers: Transfers, duties: Duties, costs: UnitCosts) -> pd.Series:
    """USD per unit made in each pool: inputs that crossed a border at a duty not known in full, at every border again.

    One per cent of duty on all of them would raise the cost of the unit by a hundredth of it.
    """
    moved = transfers.moved
    worth = moved["sent"].to_numpy() * np.nan_to_num(costs.pooled_total.to_numpy()[moved["source"].to_numpy()])
    system = Footprint(transfers)
    through = system.through(moved=np.where(duties.unknown, worth, 0.0))
    held = np.asarray(system.handed @ (system.taken @ through), dtype=float)
    made = transfers.amount("made")
    return pd.Series(np.divide(held, made, out=np.full(len(held), np.nan), where=made > 0), index=transfers.nodes)
