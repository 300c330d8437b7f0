"""Why there is no plan: the smallest breach of the demands, and the limits that force it, in words.

First every hard demand and capacity target gets a slack and the sum of the slacks, each in the magnitude of its
commodity, is minimised: what stays short is what cannot be had, and the duals of that program name what binds.
Then demands are kept and limits that are no capacity (shares, reserves, stocks) give way instead, if that is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd

from orepact.errors import BadInput, NoFeasibleAnswer, Problem, SolverFailed
from orepact.linear import minimise
from orepact.plan.binding import Binding, binding_limits
from orepact.plan.constraints.capacity_target import counted_sites, target_limits
from orepact.plan.constraints.largest_supplier_share import share_limits
from orepact.plan.declare import declare
from orepact.plan.limits import supplier_totals
from orepact.plan.solution import Solution, read_solution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.case import Case
    from orepact.plan.options import PlanOptions

#: What is wanted and may be missed, and what is imposed and may give way.
WANTED = frozenset({"balance", "capacity_target"})
IMPOSED = frozenset({"largest_supplier_share", "reserves", "stock_release"})
#: Lines of each kind that a report names in full.
NAMED = 12
#: A slack below this fraction of what is asked is solver noise.
SMALL = 1e-6


def raise_infeasible(case: Case, options: PlanOptions) -> NoReturn:
    """Raise ``NoFeasibleAnswer`` with what cannot be supplied, by how much, and what binds."""
    solution = _relaxed(case, options, WANTED)
    if solution is None:
        raise SolverFailed("the case has no plan even when every demand may be missed; please report it")
    found = binding_limits(solution)
    missing = [*_missing_demand(solution), *_missing_targets(solution)]
    if not missing:
        raise SolverFailed("the solver calls the case infeasible, but finds nothing missing; try other tolerances")
    lines = [*_few(missing, "more demands"), *_few([f"{b.words} binds" for b in found], "more limits that bind")]
    raise NoFeasibleAnswer([*lines, *_ways_out(case, options, found)])


def raise_unbounded(case: Case) -> NoReturn:
    """Raise ``BadInput`` naming what earns without limit, or ``SolverFailed`` when nothing does."""
    network = case.network
    open_ended = ~np.isfinite(case.existing).all(axis=1) | case.buildable.any(axis=1)
    earns = np.flatnonzero((network.site_cost_usd < 0) & open_ended)
    problems = [
        Problem(
            "variable_cost_usd",
            "a cost of at least 0 where capacity is unlimited",
            f"{network.site_cost_usd[i]:g} USD per unit at {network.sites.index[int(i)]}",
            "limit the capacity of the site, or state what buys its output",
            "sites.csv",
        )
        for i in earns
    ]
    if problems:
        raise BadInput(problems)
    raise SolverFailed("the program is unbounded, though no unlimited site earns; please report it")


def _relaxed(case: Case, options: PlanOptions, families: frozenset[str]) -> Solution | None:
    """The answer with the smallest breach of some families of constraints; none when even that is impossible."""
    plan = declare(case, families)
    if plan.impossible:
        return None
    solved = minimise(plan.program(), options.solver_settings())
    return read_solution(plan, solved) if solved.status == "optimal" else None


def _slack(solution: Solution, name: str) -> NDArray[np.float64]:
    """How far each row of a family gives way, in original units."""
    rows = solution.plan.rows[name]
    out = np.zeros(len(rows))
    columns = solution.plan.blocks[f"slack_{name}"]
    out[columns.item] = solution.amounts[f"slack_{name}"]
    return out


def _missing_demand(solution: Solution) -> list[str]:
    """What stays short: by node and year while that is short to read, otherwise by commodity in its worst year."""
    case, rows = solution.case, solution.plan.rows["balance"]
    nodes = case.network.nodes
    table = pd.DataFrame(
        {
            "commodity": nodes.get_level_values(0)[rows.item],
            "place": nodes.get_level_values(1)[rows.item],
            "year": np.asarray(case.horizon.years)[rows.year],
            "short": _slack(solution, "balance"),
            "asked": rows.rhs,
            "reached": case.reach.supplied[rows.item, rows.year],
        }
    )
    table["unit"] = table["commodity"].map(case.network.commodities["unit"])
    total = table.groupby(["commodity", "year"])["asked"].transform("sum")
    table = table.assign(total=total)[table["short"] > SMALL * table["asked"]]
    if len(table) > NAMED:
        return _by_commodity(table)
    order = (-table["short"] / table["asked"]).argsort(kind="stable")
    return [_node_words(row) for row in table.iloc[order].itertuples(index=False)]


def _node_words(row: Any) -> str:
    why = "" if row.reached else "; nothing that can run makes it or brings it there"
    amount = f"{row.short:.6g} of {row.asked:.6g} {row.unit}"
    return f"demand of {row.commodity} in {row.place} in {row.year}: {amount} cannot be supplied{why}"


def _by_commodity(table: pd.DataFrame) -> list[str]:
    """One line for each commodity: its worst year, the largest part of all demand first."""
    keys = ["commodity", "unit", "year", "total"]
    yearly = table.groupby(keys, as_index=False).agg(short=("short", "sum"), places=("place", "nunique"))
    yearly["part"] = yearly["short"] / yearly["total"]
    yearly["years"] = yearly.groupby("commodity")["year"].transform("nunique")
    worst = yearly.sort_values(["short", "year"], ascending=[False, True], kind="stable").drop_duplicates("commodity")
    return [
        f"demand of {row.commodity}: {row.short:.6g} of {row.total:.6g} {row.unit}, in {row.places} "
        f"{'place' if row.places == 1 else 'places'}, cannot be supplied in {row.year} (years with a gap: {row.years})"
        for row in worst.sort_values("part", ascending=False, kind="stable").itertuples(index=False)
    ]


def _missing_targets(solution: Solution) -> list[str]:
    if "capacity_target" not in solution.plan.rows:
        return []
    case, rows, limits = solution.case, solution.plan.rows["capacity_target"], target_limits(solution.case)
    short = _slack(solution, "capacity_target")
    lines = []
    for r in np.flatnonzero(short > SMALL * np.maximum(rows.rhs, 1.0)):
        limit, year = limits[rows.item[r]], case.horizon.years[rows.year[r]]
        unit = case.network.commodities.loc[limit.commodities[0], "unit"]
        counted = counted_sites(case.network, limit)
        growing = int((counted & case.buildable[:, : rows.year[r] + 1].any(axis=1)).sum())
        sites = f"{int(counted.sum())} sites count, {growing} of them can grow by then"
        lines.append(f"{limit.label} in {year}: {short[r]:.6g} of {limit.minimum:.6g} {unit} per year cannot be reached; {sites}")
    return lines


def _ways_out(case: Case, options: PlanOptions, found: list[Binding]) -> list[str]:
    """What shares, reserves and stocks would have to be to meet every demand; nothing when they cannot help."""
    if not any(binding.family in IMPOSED for binding in found):
        return []
    solution = _relaxed(case, options, IMPOSED)
    if solution is None:
        return []
    lines = [*_shares_needed(solution), *_totals_needed(solution, "reserves"), *_totals_needed(solution, "stock_release")]
    return [f"all demand could be met if {' and '.join(_few(lines, 'more limits moved'))}"] if lines else []


def _shares_needed(solution: Solution) -> list[str]:
    if "largest_supplier_share" not in solution.plan.rows:
        return []
    case, plan = solution.case, solution.plan
    rows, who, limits = plan.rows["largest_supplier_share"], plan.details["largest_supplier_share"], share_limits(case)
    totals = plan.blocks["supply"].lookup(len(limits), len(case.horizon))
    over, supplied = _slack(solution, "largest_supplier_share"), supplier_totals(solution)
    lines = []
    for r in np.flatnonzero(over > SMALL * np.maximum(supplied, 1e-300)):
        number, supplier = int(who["limit"].iloc[rows.item[r]]), who["supplier"].iloc[rows.item[r]]
        share = supplied[r] / solution.amounts["supply"][totals[number, rows.year[r]]]
        year, limit = case.horizon.years[rows.year[r]], limits[number]
        lines.append(f"{supplier} could have {share:.3g} instead of {limit.max_share:.3g} under {limit.label} in {year}")
    return lines


def _totals_needed(solution: Solution, name: str) -> list[str]:
    from orepact.plan.names import KINDS, item_names

    rows, more = solution.plan.rows[name], _slack(solution, name)
    names = item_names(solution.case, KINDS[name], 0)
    what = {"reserves": "reserves of", "stock_release": "stockpile"}[name]
    return [
        f"{what} {names[rows.item[r]]} held {more[r]:.6g} more than {rows.rhs[r]:.6g}"
        for r in np.flatnonzero(more > SMALL * np.maximum(rows.rhs, 1.0))
    ]


def _few(lines: list[str], rest: str) -> list[str]:
    """The first lines and how many more there are."""
    return lines if len(lines) <= NAMED else [*lines[:NAMED], f"{len(lines) - NAMED} {rest}"]
