"""Use case: the least-cost plan of the reference network or of a network package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.whole_folder import demand_target, folder_in_place
from orepact.errors import NotFound
from orepact.service.flowing import Report, silent
from orepact.service.opening import manifest_of, sources_used
from orepact.service.result import Result, plain

if TYPE_CHECKING:
    from orepact.chain import Flows, Network, Scenario
    from orepact.facts import Ledger
    from orepact.plan import PlanResult

#: Tables that a plan can show as ``data`` and that ``--output`` writes.
TABLES = ("summary", "flows", "capacities", "prices", "limits")
#: Part of the objective below which a difference is a rounding of the solver.
ROUNDING = 1e-6
FILES = (*(f"{name}.csv" for name in TABLES), "plan.json")


def plan_reference(
    ledger: Ledger,
    scenario: str | Path = "reference",
    *,
    rows: str = "summary",
    output: Path | None = None,
    overwrite: bool = False,
    report: Report = silent,
    **only: Any,
) -> Result:
    """The plan of the reference network under a shipped scenario or a scenario file; see ``plan_result``.

    Raises ``BadInput``, ``NotFound`` or ``NoFeasibleAnswer``; with ``output``, writes every table there, or nothing.
    """
    from orepact.chain import Network, Scenario

    demand_output(output, overwrite=overwrite)
    chosen = Scenario.load(scenario)
    report("building the network", 0.05)
    network = Network.from_facts(ledger, chosen)
    demand_asked(network, rows, **only)
    report("solving the plan", 0.2)
    solved = solve(network, chosen)
    facts = {**manifest_of(ledger), "sources": sources_used(ledger, ledger.claims)}
    return answer(solved, network, facts, rows=rows, output=output, overwrite=overwrite, **only)


def plan_package(
    folder: Path,
    scenario: str | Path | None = None,
    *,
    rows: str = "summary",
    output: Path | None = None,
    overwrite: bool = False,
    report: Report = silent,
    **only: Any,
) -> Result:
    """The plan of a network package, under a scenario when one is given; see ``plan_reference``."""
    from orepact.chain import Network, Scenario

    demand_output(output, overwrite=overwrite)
    report("reading the network", 0.05)
    network = Network.from_package(folder)
    chosen = None if scenario is None else Scenario.load(scenario)
    demand_asked(network, rows, **only)
    report("solving the plan", 0.2)
    return answer(solve(network, chosen), network, {}, rows=rows, output=output, overwrite=overwrite, **only)


def solve(network: Network, scenario: Scenario | None) -> PlanResult:
    """The plan; its balance is checked before anybody sees it (``BalanceBroken``)."""
    from orepact.plan import solve as solve_plan

    found = solve_plan(network, scenario)
    found.flows.check_balance()
    return found


def demand_asked(
    network: Network, rows: str, *, commodity: str | None = None, place: str | None = None, year: int | None = None
) -> None:
    """Refuse what no plan of the network can answer before any work is done: raises ``NotFound`` for unknown names."""
    if rows not in TABLES:
        raise NotFound("table of a plan", rows, TABLES)
    if commodity is not None:
        _named(network, commodity)
    if place is not None:
        network.members(place)
    if year is not None and year not in network.years:
        raise NotFound("model year", str(year), map(str, network.years))


def demand_output(output: Path | None, *, overwrite: bool) -> None:
    """Refuse a bad output folder before any work is done."""
    if output is not None:
        demand_target(output, FILES, overwrite=overwrite)


def answer(
    solved: PlanResult,
    network: Network,
    facts: Mapping[str, Any],
    *,
    rows: str = "summary",
    output: Path | None = None,
    overwrite: bool = False,
    **only: Any,
) -> Result:
    """A plan as a result: ``data`` is one of ``TABLES``, cut to ``commodity``, ``place`` and ``year`` where asked.

    ``status`` and ``objective_usd`` (discounted to the first model year, whose factor is 1) stand in ``meta`` and beside it;
    ``meta["charged_usd"]``: the part of it that is no money spent, but the price that the scenario puts on shortfalls.
    """
    tables = plan_tables(solved)
    if rows not in tables:
        raise NotFound("table of a plan", rows, tables)
    data = cut(tables[rows], network, **only)
    known = dict(facts)
    sources = known.pop("sources", [])
    meta: dict[str, Any] = {
        "title": f"plan of {network.title}: {rows}",
        "status": solved.status,
        "objective_usd": solved.objective_usd,
        "charged_usd": charged(solved),
        "bound_usd": solved.bound_usd,
        "gap": solved.gap,
        "years": list(network.years),
        "size": dict(solved.size),
        "binding_limits": _binding(solved.limits),
        "manifest": {**known, **{key: value for key, value in solved.manifest.as_dict().items() if key != "created"}},
        "units": {"objective_usd": "USD", "charged_usd": "USD", "cost_usd": "USD", "quantity": "the unit of each row"},
        "sources": sources,
        "warnings": _warnings(tables["summary"], solved.limits),
    }
    if output is not None:
        _write(tables, meta, output, overwrite=overwrite)
        meta["written"] = str(output)
    return Result(data, meta, {"status": solved.status, "objective_usd": solved.objective_usd})


def charged(solved: PlanResult) -> float:
    """``PlanResult.charged_usd``; nothing where it is a rounding of the solver."""
    found = solved.charged_usd
    return found if found > ROUNDING * abs(solved.objective_usd) else 0.0


def plan_tables(solved: PlanResult) -> dict[str, pd.DataFrame]:
    """The tables of a plan by name."""
    return {
        "summary": summary(solved.flows),
        "flows": solved.flows.frame,
        "capacities": solved.capacities,
        "prices": solved.shadow_prices,
        "limits": solved.limits,
    }


def summary(flows: Flows) -> pd.DataFrame:
    """By year and commodity: demand, made (with co-products), shortage, moved, built, capacity (units a year), cost."""
    keys = ["year", "commodity", "unit"]
    kinds = {"demand": "demand", "shortage": "shortage", "route": "moved", "build": "built", "capacity": "capacity"}
    wide = flows.frame.pivot_table(index=keys, columns="kind", values="quantity", aggfunc="sum", fill_value=0.0, observed=True)
    table = wide.reindex(columns=list(kinds), fill_value=0.0).rename(columns=kinds)
    made = flows.production.groupby(keys, observed=True)["quantity"].sum()
    table.insert(2, "made", made.reindex(table.index, fill_value=0.0))
    costs = flows.frame.assign(cost=flows.frame["cost_usd"].fillna(0.0) + flows.frame["tariff_usd"].fillna(0.0))
    table["cost_usd"] = costs.groupby(keys, observed=True)["cost"].sum()
    return table.reset_index().rename_axis(columns=None)


def cut(
    table: pd.DataFrame, network: Network, *, commodity: str | None = None, place: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """The rows about a commodity (or those of an element), a place or group, and a year; unknown names raise ``NotFound``."""
    if commodity is not None:
        table = table[table["commodity"].isin(_named(network, commodity))] if "commodity" in table else table
    if place is not None:
        members = set(network.members(place))
        columns = [name for name in ("place", "origin", "destination") if name in table]
        if columns:
            table = table[table[columns].isin(members).any(axis=1)]
    if year is not None:
        if year not in network.years:
            raise NotFound("model year", str(year), map(str, network.years))
        table = table[table["year"] == year]
    return table.reset_index(drop=True)


def _named(network: Network, name: str) -> list[str]:
    if name in network.commodities.index:
        return [name]
    held = network.contents.loc[network.contents["element"] == name, "commodity"]
    if not len(held):
        raise NotFound("commodity or element", name, [*network.commodities.index, *network.contents["element"].unique()])
    return [str(found) for found in held]


def _binding(limits: pd.DataFrame) -> list[dict[str, Any]]:
    return [plain(row) for row in limits[limits["binding"].astype(bool)].to_dict("records")] if len(limits) else []


def _warnings(table: pd.DataFrame, limits: pd.DataFrame) -> list[str]:
    short = table[table["shortage"] > 1e-6 * table["demand"].clip(lower=1.0)]
    out = []
    for commodity, rows in short.groupby("commodity"):
        years = ", ".join(f"{year} {quantity:,.0f}" for year, quantity in zip(rows["year"], rows["shortage"], strict=True))
        out.append(f"shortage of {commodity} ({rows['unit'].iloc[0]}): {years}")
    missed = limits[limits["shortfall"].fillna(0.0) > 0] if len(limits) else limits
    return out + [
        f"{row.name} is missed by {row.shortfall:,.0f} {row.unit} in {row.year}" for row in missed.itertuples(index=False)
    ]


def _write(tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], output: Path, *, overwrite: bool) -> None:
    with folder_in_place(output, FILES, overwrite=overwrite) as draft:
        for name, table in tables.items():
            table.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(plain(meta), indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "plan.json").write_text(text + "\n", encoding="utf-8")
