"""The limits of a plan as a table: how far each is used and what one more unit is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.plan.constraints.capacity_target import counted_sites, target_limits
from orepact.plan.constraints.largest_supplier_share import share_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.solution import Solution

#: A limit used up to this fraction of itself binds.
CLOSE = 1e-6


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """One limit in one year (or over the whole horizon: ``year`` is empty)."""

    name: str
    kind: str
    subject: str
    year: int | None
    bound: float
    value: float
    unit: str
    dual_usd_per_unit: float
    binding: bool
    shortfall: float = 0.0


def limit_table(solution: Solution) -> pd.DataFrame:
    """One row for each policy limit, reserve and stockpile, and for each build rate or route capacity that binds.

    ``dual_usd_per_unit`` is what one more unit of the limit is worth (at least 0): in money of its year for yearly limits,
    discounted for those over the whole horizon (reserves, stockpiles) and for build rates. For a supplier's share the
    unit is one unit of supply. ``shortfall`` is how much a soft target misses.
    """
    makers: tuple[Callable[[Solution], Iterator[LimitRow]], ...] = (_shares, _targets, _reserves, _stocks, _build_rates, _routes)
    rows = [asdict(row) for maker in makers for row in maker(solution)]
    frame = pd.DataFrame(rows, columns=[field.name for field in fields(LimitRow)])
    frame["year"] = frame["year"].astype("Int64")
    return frame


def _shares(solution: Solution) -> Iterator[LimitRow]:
    case, plan = solution.case, solution.plan
    if "largest_supplier_share" not in plan.rows:
        return
    limits, who = share_limits(case), plan.details["largest_supplier_share"]
    rows, duals = plan.rows["largest_supplier_share"], solution.duals["largest_supplier_share"]
    totals = plan.blocks["supply"].lookup(len(limits), len(case.horizon))
    supplied = supplier_totals(solution)
    for r in np.flatnonzero(supplied > 0):
        number, t = int(who["limit"].iloc[rows.item[r]]), int(rows.year[r])
        limit, total = limits[number], solution.amounts["supply"][totals[number, t]]
        share = float(supplied[r] / total)
        yield LimitRow(
            name=limit.label,
            kind=limit.kind,
            subject=str(who["supplier"].iloc[rows.item[r]]),
            year=case.horizon.years[t],
            bound=limit.max_share,
            value=share,
            unit="1",
            dual_usd_per_unit=float(max(-duals[r], 0.0) / case.horizon.weights[t]),
            binding=share >= limit.max_share * (1 - CLOSE),
        )


def supplier_totals(solution: Solution) -> NDArray[np.float64]:
    """Supply of each bound supplier (rows of ``largest_supplier_share``), in units per year."""
    plan = solution.plan
    rows = plan.rows["largest_supplier_share"]
    limits, who = share_limits(plan.case), plan.details["largest_supplier_share"]
    number = who["limit"].to_numpy(dtype=np.int64)[rows.item]
    totals = plan.blocks["supply"].lookup(len(limits), len(plan.case.horizon))[number, rows.year]
    share = np.asarray([limits[i].max_share for i in number])
    return np.asarray(plan.used("largest_supplier_share", solution.amounts) + share * solution.amounts["supply"][totals])


def _targets(solution: Solution) -> Iterator[LimitRow]:
    case, plan = solution.case, solution.plan
    if "capacity_target" not in plan.rows:
        return
    limits, rows, duals = target_limits(case), plan.rows["capacity_target"], solution.duals["capacity_target"]
    total, missing = case.existing + solution.sites("capacity"), solution.table("shortfall", len(limits))
    for r, (item, t) in enumerate(zip(rows.item, rows.year, strict=True)):
        limit = limits[item]
        value = float(total[counted_sites(case.network, limit), t].sum())
        yield LimitRow(
            name=limit.label,
            kind=limit.kind,
            subject=limit.owner_country,
            year=case.horizon.years[t],
            bound=limit.minimum,
            value=value,
            unit=str(case.network.commodities["unit"].get(limit.commodities[0], "")),
            dual_usd_per_unit=float(max(duals[r], 0.0) / case.horizon.weights[t]),
            binding=value <= limit.minimum * (1 + CLOSE),
            shortfall=float(missing[item, t]),
        )


def _reserves(solution: Solution) -> Iterator[LimitRow]:
    network = solution.case.network
    used = solution.sites("activity") @ solution.case.horizon.spans
    names = [str(site) for site in network.sites.index]
    yield from _whole(solution, "reserves", used, names, network.site_output)


def _stocks(solution: Solution) -> Iterator[LimitRow]:
    stocks = solution.case.network.stockpiles
    used = solution.table("release", len(stocks)) @ solution.case.horizon.spans
    parts = zip(stocks["commodity"], stocks["place"], stocks["owner"], strict=True)
    yield from _whole(solution, "stock_release", used, [" ".join(filter(None, part)) for part in parts], stocks["commodity"])


def _whole(
    solution: Solution, kind: str, used: NDArray[np.float64], names: list[str], commodities: pd.Series
) -> Iterator[LimitRow]:
    """Limits over the whole horizon."""
    rows, duals = solution.plan.rows[kind], solution.duals[kind]
    units = solution.case.network.commodities["unit"].reindex(commodities).to_numpy()
    for r, item in enumerate(rows.item):
        yield LimitRow(
            name=kind,
            kind=kind,
            subject=names[item],
            year=None,
            bound=float(rows.rhs[r]),
            value=float(used[item]),
            unit=str(units[item]),
            dual_usd_per_unit=float(max(-duals[r], 0.0)),
            binding=bool(used[item] >= rows.rhs[r] * (1 - CLOSE)),
        )


def _build_rates(solution: Solution) -> Iterator[LimitRow]:
    network = solution.case.network
    names = [str(site) for site in network.sites.index]
    yield from _binding(solution, "build_rate", "build", names.__getitem__, network.site_output)


def _routes(solution: Solution) -> Iterator[LimitRow]:
    routes = solution.case.network.routes

    def name(route: int) -> str:
        return "{commodity} {origin} > {destination}".format(**routes.iloc[route])

    yield from _binding(solution, "route_capacity", "flow", name, routes["commodity"])


def _binding(solution: Solution, kind: str, block: str, name: Callable[[int], str], commodities: pd.Series) -> Iterator[LimitRow]:
    """The columns of a block that stand at their upper bound."""
    case, columns, amounts = solution.case, solution.plan.blocks[block], solution.amounts[block]
    weights = np.ones(len(case.horizon)) if block == "build" else case.horizon.weights
    units = case.network.commodities["unit"].reindex(commodities).astype("str").fillna("").to_numpy()
    at_bound = np.isfinite(columns.upper) & (columns.upper > 0) & (amounts >= columns.upper * (1 - CLOSE))
    for j in np.flatnonzero(at_bound):
        item, t = int(columns.item[j]), int(columns.year[j])
        yield LimitRow(
            name=kind,
            kind=kind,
            subject=name(item),
            year=case.horizon.years[t],
            bound=float(columns.upper[j]),
            value=float(amounts[j]),
            unit=str(units[item]),
            dual_usd_per_unit=float(max(-solution.reduced_costs[block][j], 0.0) / weights[t]),
            binding=True,
        )
