"""Power that a user buys under a contract of its own: the ``market`` method beside the grid of the place (``location``).

A row says which part of the electricity of which sites carries which intensity. The rest stays on the grid of the place, since
no open residual mix is at hand. Rows of the same sites add up; of rows for wider and narrower sets of sites the narrowest counts:
a site before a process in a place, before a place, before a process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.tables import near
from orepact.errors import Problem, ProblemCollector
from orepact.measure.emissions.emission_factors import UNSTATED, EmissionFactors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Network

#: What a row is about; at least one of them is filled.
SCOPE = ("site", "process", "place")
COLUMNS = (*SCOPE, "kg_co2e_per_kwh", "share", "year")
SUM_TOLERANCE = 1e-9


def contract_problems(rows: pd.DataFrame, network: Network, file: str, numbers: Iterable[int]) -> list[Problem]:
    """Everything wrong with a table of contracts (``COLUMNS``; empty scope "", empty year NaN); ``numbers`` are its file rows."""
    found = ProblemCollector(file)
    known = {
        "site": set(network.sites.index),
        "process": set(network.sites["process"].str.partition("@")[0]) | set(network.sites["process"]),
        "place": {*network.groups},
    }
    for number, row in zip(numbers, rows.to_dict("records"), strict=True):
        intensity, share = float(row["kg_co2e_per_kwh"]), float(row["share"])
        if not any(row[name] for name in SCOPE):
            found.add("place", "a place, a site or a process", "none of them", "say whose power this is", row=number)
        for name in SCOPE:
            value = str(row[name])
            if value and value not in known[name]:
                what = f"a {name} of the network" + (" or a group of places" if name == "place" else "")
                found.add(name, what, repr(value), near(value, known[name]), row=number)
        if intensity < 0:
            found.add("kg_co2e_per_kwh", "a number of at least 0", f"{intensity:g}", "write 0 or more", row=number)
        if not 0 <= share <= 1 and not np.isnan(share):
            found.add("share", "a fraction from 0 to 1", f"{share:g}", "write 0.8 for 80 %", row=number)
    found.extend(_overfull(rows, list(numbers), file))
    return found.problems


def _overfull(rows: pd.DataFrame, numbers: list[int], file: str) -> list[Problem]:
    """Contracts of the same sites that cover more than all of their power in some year."""
    out = []
    for _, group in rows[rows["share"].between(0, 1)].groupby(list(SCOPE), sort=False):
        worst = max(
            (in_year(group, year) for year in [*group["year"].dropna().unique(), np.nan]), key=lambda now: now["share"].sum()
        )
        total = float(worst["share"].sum())
        if total > 1 + SUM_TOLERANCE:
            who = ", ".join(str(group[name].iloc[0]) for name in SCOPE if group[name].iloc[0])
            text = f"{total:g} over {len(worst)} rows of {who}"
            row = numbers[int(worst.index[-1])]
            out.append(Problem("share", "shares that sum to at most 1", text, "lower them", file, row))
    return out


def in_year(contracts: pd.DataFrame, year: float) -> pd.DataFrame:
    """Contracts that hold in a year: those of the year and those without one."""
    return contracts[contracts["year"].isna() | (contracts["year"] == year)]


def with_contracts(factors: EmissionFactors, network: Network, contracts: pd.DataFrame, year: int) -> EmissionFactors:
    """Factors in which the sites that a contract covers use its intensity for its share of their power.

    ``intensity = sum of share x contract + (1 - sum of shares) x grid``; rows of another year do not count.
    """
    intensity = factors.sites["kg_co2e_per_kwh"].to_numpy(dtype=float).copy()
    covered = np.zeros(len(intensity), dtype=bool)
    for scope, rows in _by_breadth(network, in_year(contracts, year)):
        mask = _matched(network, scope) & ~covered
        share = float(rows["share"].sum())
        bought = float((rows["share"] * rows["kg_co2e_per_kwh"]).sum())
        intensity = np.where(mask, bought + (1.0 - share) * intensity, intensity)
        covered |= mask
    power = factors.sites["power"].where(~covered, UNSTATED)
    notes = (*factors.notes, f"contracts cover power of {int(covered.sum())} sites")
    return replace(factors, sites=factors.sites.assign(kg_co2e_per_kwh=intensity, power=power), notes=notes)


Scope = tuple[str, str, str]


def _by_breadth(network: Network, contracts: pd.DataFrame) -> list[tuple[Scope, pd.DataFrame]]:
    """Contracts by scope (site, process, place), the narrowest first."""
    groups = []
    for _, rows in contracts.groupby(list(SCOPE), sort=True):
        site, process, place = (str(rows[name].iloc[0]) for name in SCOPE)
        groups.append(((site, process, place), rows))
    return sorted(groups, key=lambda item: _rank(network, item[0]))


def _rank(network: Network, scope: Scope) -> tuple[int, int, Scope]:
    """Site before process in a place before place before process; of two places the one that stands for fewer."""
    site, process, place = scope
    breadth = 0 if site else 1 if process and place else 2 if place else 3
    return breadth, len(network.members(place)) if place else 0, scope


def _matched(network: Network, scope: Scope) -> NDArray[np.bool_]:
    site, process, place = scope
    sites = network.sites
    mask = np.ones(len(sites), dtype=bool)
    if site:
        mask &= sites.index == site
    if process:
        mask &= ((sites["process"] == process) | (sites["process"].str.partition("@")[0] == process)).to_numpy()
    if place:
        mask &= sites["place"].isin(network.members(place)).to_numpy()
    return mask
