"""The limits of a plan as a table: how far each is used and what one more unit is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.plan.constraints.capacity_target import counted_sites, target_limits
from orepact.plan.constraints.largest_supplier_share import share_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.solution import Solution

COLUMNS = ("name", "kind", "subject", "year", "bound", "value", "unit", "dual_usd_per_unit", "binding", "shortfall")
#: A limit used up to this fraction of itself binds.
CLOSE = 1e-6


def limit_table(solution: Solution) -> pd.DataFrame:
    """One row for each policy limit, reserve and stockpile, and for each build rate or route capacity that binds.

    ``dual_usd_per_unit`` is what one more unit of the limit is worth (at least 0): in money of its year for yearly limits,
    discounted for those over the whole horizon (reserves, stockpiles; their ``year`` is empty). For a supplier's share
    the unit is one unit of supply. ``shortfall`` is how much a soft target misses.
    """
    parts = [_shares(solution), _targets(solution), _reserves(solution), _stocks(solution), _build_rates(solution), _routes(solution)]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame({name: [] for name in COLUMNS})
    return pd.concat(filled, ignore_index=True)[list(COLUMNS)]


def _rows(solution: Solution, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    if len(frame):
        frame["year"] = pd.array(frame["year"], dtype="Int64")
    return frame


def _shares(solution: Solution) -> pd.DataFrame:
    case, plan = solution.case, solution.plan
    if "largest_supplier_share" not in plan.rows:
        return pd.DataFrame()
    limits, who = share_limits(case), plan.details["largest_supplier_share"]
    rows, duals = plan.rows["largest_supplier_share"], solution.duals["largest_supplier_share"]
    totals = plan.blocks["supply"].lookup(len(limits), len(case.horizon))
    supplied = supplier_totals(solution)
    found = []
    for r, (item, t) in enumerate(zip(rows.item, rows.year, strict=True)):
        number, supplier = int(who["limit"].iloc[item]), str(who["supplier"].iloc[item])
        total, limit = solution.values["supply"][totals[number, t]], limits[number]
        if supplied[r] <= 0:
            continue
        share = supplied[r] / total
        worth = max(-duals[r], 0.0) / case.horizon.weights[t]
        binds = share >= limit.max_share * (1 - CLOSE)
        found.append(_row(limit.label, limit.kind, supplier, case.horizon.years[t], limit.max_share, share, "1", worth, binds))
    return _rows(solution, found)


def supplier_totals(solution: Solution) -> NDArray[np.float64]:
    """Supply of each bound supplier (rows of ``largest_supplier_share``), in units per year."""
    plan = solution.plan
    rows = plan.rows["largest_supplier_share"]
    matrix = plan.linopy.constraints["largest_supplier_share"].to_matrix()[0]
    x = np.concatenate([solution.values[name] for name in plan.blocks])
    limits, who = share_limits(plan.case), plan.details["largest_supplier_share"]
    number = who["limit"].to_numpy(dtype=np.int64)[rows.item]
    totals = plan.blocks["supply"].lookup(len(limits), len(plan.case.horizon))[number, rows.year]
    share = np.asarray([limits[i].max_share for i in number])
    over = np.zeros(len(rows))
    over[rows.kept] = matrix @ x
    return np.asarray(over + share * solution.values["supply"][totals])


def _targets(solution: Solution) -> pd.DataFrame:
    case, plan = solution.case, solution.plan
    if "capacity_target" not in plan.rows:
        return pd.DataFrame()
    limits, rows, duals = target_limits(case), plan.rows["capacity_target"], solution.duals["capacity_target"]
    built = solution.sites("capacity")
    missing = solution.table("shortfall", len(limits))
    found = []
    for r, (item, t) in enumerate(zip(rows.item, rows.year, strict=True)):
        limit = limits[item]
        value = float((case.existing + built)[counted_sites(case.network, limit), t].sum())
        unit = str(case.network.commodities["unit"].get(limit.commodities[0], ""))
        worth = max(duals[r], 0.0) / case.horizon.weights[t]
        binds = value <= limit.minimum * (1 + CLOSE)
        short = float(missing[item, t])
        found.append(_row(limit.label, limit.kind, limit.owner_country, case.horizon.years[t], limit.minimum, value, unit, worth, binds, short))
    return _rows(solution, found)


def _reserves(solution: Solution) -> pd.DataFrame:
    network, rows = solution.case.network, solution.plan.rows["reserves"]
    used = solution.sites("activity") @ solution.case.horizon.spans
    sites = network.sites.index
    units = network.commodities["unit"].reindex(network.site_output).to_numpy()
    duals = solution.duals["reserves"]
    return _rows(
        solution,
        [
            _whole("reserves", str(sites[i]), rows.rhs[r], used[i], str(units[i]), duals[r])
            for r, i in enumerate(rows.item)
        ],
    )


def _stocks(solution: Solution) -> pd.DataFrame:
    network, rows = solution.case.network, solution.plan.rows["stock_release"]
    stocks = network.stockpiles
    used = solution.table("release", len(stocks)) @ solution.case.horizon.spans
    units = network.commodities["unit"].reindex(stocks["commodity"]).to_numpy()
    names = [" ".join(filter(None, p)) for p in zip(stocks["commodity"], stocks["place"], stocks["owner"], strict=True)]
    duals = solution.duals["stock_release"]
    return _rows(
        solution, [_whole("stock_release", names[i], rows.rhs[r], used[i], str(units[i]), duals[r]) for r, i in enumerate(rows.item)]
    )


def _whole(kind: str, subject: str, bound: float, value: float, unit: str, dual: float) -> dict[str, Any]:
    return _row(kind, kind, subject, None, bound, value, unit, max(-dual, 0.0), value >= bound * (1 - CLOSE))


def _build_rates(solution: Solution) -> pd.DataFrame:
    case, columns = solution.case, solution.plan.blocks["build"]
    units = case.network.commodities["unit"].reindex(case.network.site_output).to_numpy()
    names = case.network.sites.index
    return _binding(solution, "build_rate", "build", [(str(names[i]), str(units[i])) for i in columns.item], discounted=True)


def _routes(solution: Solution) -> pd.DataFrame:
    columns, network = solution.plan.blocks["flow"], solution.case.network
    binds = np.flatnonzero(_at_bound(solution, "flow"))
    names: list[tuple[str, str]] = [("", "")] * len(columns)
    for j in binds:
        route = network.routes.iloc[columns.item[j]]
        unit = str(network.commodities["unit"].get(route["commodity"], ""))
        names[j] = (f"{route['commodity']} {route['origin']} > {route['destination']}", unit)
    return _binding(solution, "route_capacity", "flow", names, discounted=False)


def _at_bound(solution: Solution, block: str) -> NDArray[np.bool_]:
    upper = solution.plan.blocks[block].upper
    at: NDArray[np.bool_] = np.isfinite(upper) & (upper > 0) & (solution.values[block] >= upper * (1 - CLOSE))
    return at


def _binding(solution: Solution, kind: str, block: str, names: list[tuple[str, str]], *, discounted: bool) -> pd.DataFrame:
    """Rows for the columns of a block that stand at their upper bound."""
    case, columns = solution.case, solution.plan.blocks[block]
    found = []
    for j in np.flatnonzero(_at_bound(solution, block)):
        t, (subject, unit) = columns.year[j], names[j]
        worth = max(-solution.reduced_costs[block][j], 0.0) / (1.0 if discounted else case.horizon.weights[t])
        found.append(_row(kind, kind, subject, case.horizon.years[t], columns.upper[j], solution.values[block][j], unit, worth, True))
    return _rows(solution, found)


def _row(
    name: str,
    kind: str,
    subject: str,
    year: int | None,
    bound: float,
    value: float,
    unit: str,
    dual: float,
    binding: bool,
    shortfall: float = 0.0,
) -> dict[str, Any]:
    values = (name, kind, subject, year, float(bound), float(value), unit, float(dual), bool(binding), shortfall)
    return dict(zip(COLUMNS, values, strict=True))
