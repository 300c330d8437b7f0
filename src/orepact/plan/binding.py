"""Which limits bind in an answer: those whose duals say that one more unit would help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orepact.plan.constraints.largest_supplier_share import share_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.plan.solution import Solution

#: Worth below this (per magnitude of its commodity) is solver noise.
NOISE = 1e-7


@dataclass(frozen=True)
class Binding:
    """A limit that binds: its family, what one more magnitude of it is worth, and the limit in words."""

    family: str
    worth: float
    words: str


def binding_limits(solution: Solution) -> list[Binding]:
    """Every limit that binds, the most valuable first; years of the same limit together."""
    raw = [
        *_bounds(solution, "activity", "capacity"),
        *_rows(solution, "activity_below_capacity", "capacity"),
        *_bounds(solution, "build", "build rate"),
        *_no_capacity(solution),
        *_bounds(solution, "flow", "route capacity"),
        *_bounds(solution, "release", "yearly release"),
        *_rows(solution, "reserves", "reserves"),
        *_rows(solution, "stock_release", "stockpile"),
        *_shares(solution),
    ]
    return sorted(_by_subject(raw), key=lambda b: -b.worth)


@dataclass(frozen=True)
class _Raw:
    family: str
    subject: str
    year: int | None
    bound: str
    worth: float


def _by_subject(raw: list[_Raw]) -> list[Binding]:
    groups: dict[tuple[str, str], list[_Raw]] = {}
    for entry in raw:
        groups.setdefault((entry.family, entry.subject), []).append(entry)
    return [
        Binding(family, sum(e.worth for e in entries), _words(subject, entries)) for (family, subject), entries in groups.items()
    ]


def _words(subject: str, entries: list[_Raw]) -> str:
    """``capacity of mine_a (100 t per year) in 2030, 2031``."""
    bounds = list(dict.fromkeys(e.bound for e in entries if e.bound))
    years = [str(e.year) for e in entries if e.year is not None]
    size = f" ({', '.join(bounds[:3])}{', ...' if len(bounds) > 3 else ''})" if bounds else ""
    when = f" in {', '.join(years)}" if years else ""
    return subject + size + when


def _bounds(solution: Solution, block: str, word: str) -> list[_Raw]:
    """Columns at their upper bound whose bound is worth something."""
    columns = solution.plan.blocks[block]
    worth = np.maximum(-solution.reduced_costs[block], 0.0) * columns.scale
    hits = np.flatnonzero((worth > NOISE) & np.isfinite(columns.upper))
    if not len(hits):
        return []
    names, units = _subjects(solution, block, columns.item[hits])
    years = solution.case.horizon.years
    return [
        _Raw(
            block, f"{word} of {names[n]}", years[columns.year[j]], f"{columns.upper[j]:.6g} {units[n]} per year", float(worth[j])
        )
        for n, j in enumerate(hits)
    ]


def _rows(solution: Solution, name: str, word: str) -> list[_Raw]:
    """Rows whose right-hand side is worth something; totals over the horizon have no year."""
    rows = solution.plan.rows[name]
    worth = np.maximum(-solution.duals[name], 0.0) * rows.scale
    hits = np.flatnonzero(worth > NOISE)
    whole = name in {"reserves", "stock_release"}
    names, units = _subjects(solution, name, rows.item[hits])
    per = "" if whole else " per year"
    return [
        _Raw(
            name,
            f"{word} of {names[n]}",
            None if whole else solution.case.horizon.years[rows.year[r]],
            f"{rows.rhs[r]:.6g} {units[n]}{per}",
            float(worth[r]),
        )
        for n, r in enumerate(hits)
    ]


def _no_capacity(solution: Solution) -> list[_Raw]:
    """Sites that make a wanted commodity but have no capacity in a year in which one more unit of it would help."""
    case, network = solution.case, solution.case.network
    price = np.zeros((len(network.nodes), len(case.horizon)))
    rows = solution.plan.rows["balance"]
    price[rows.item, rows.year] = solution.duals["balance"] * rows.scale
    gain = network.S.T @ (price / case.node_scale[:, None])
    idle = (case.existing == 0) & ~case.buildable & (gain * case.site_scale[:, None] > NOISE)
    site, year = np.nonzero(idle)
    return [
        _Raw("site_capacity", f"capacity of {network.sites.index[int(i)]}", case.horizon.years[t], "none", float(gain[i, t]))
        for i, t in zip(site, year, strict=True)
    ]


def _shares(solution: Solution) -> list[_Raw]:
    name = "largest_supplier_share"
    if name not in solution.plan.rows:
        return []
    rows, who, limits = solution.plan.rows[name], solution.plan.details[name], share_limits(solution.case)
    worth = np.maximum(-solution.duals[name], 0.0) * rows.scale
    found = []
    for r in np.flatnonzero(worth > NOISE):
        limit, supplier = limits[who["limit"].iloc[rows.item[r]]], who["supplier"].iloc[rows.item[r]]
        year = solution.case.horizon.years[rows.year[r]]
        found.append(_Raw(name, limit.label, year, f"{supplier} at most {limit.max_share:.3g}", float(worth[r])))
    return found


def _subjects(solution: Solution, name: str, items: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    """Names and units of the items of a block or row family."""
    network = solution.case.network
    if name in {"release", "stock_release"}:
        part = network.stockpiles.iloc[items]
        names = [f"{c} in {p}" for c, p in zip(part["commodity"], part["place"], strict=True)]
        commodities = part["commodity"]
    elif name == "flow":
        part = network.routes.iloc[items]
        names = [f"{c} from {o} to {d}" for c, o, d in zip(part["commodity"], part["origin"], part["destination"], strict=True)]
        commodities = part["commodity"]
    else:
        names = [str(site) for site in network.sites.index[items]]
        commodities = network.site_output.iloc[items]
    return names, [str(unit) for unit in network.commodities["unit"].reindex(commodities)]
