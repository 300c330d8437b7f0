"""Kept tables of the plans of the shipped scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from orepact.plan import PlanResult
    from tools.compile._kept_tables import Table, World

#: So many of the capacities that are worth most are kept.
MOST_SCARCE = 200
#: And so many of those in Canada, Korea and Japan.
MOST_OWN, OWN = 60, ("CA-", "KOR", "JPN")


def table(world: World, scenario: str, part: str) -> Table:
    """A part of the plan of a scenario."""
    from orepact.chain import Scenario
    from orepact.service.opening import sources_used
    from orepact.service.planning import charged
    from tools.compile._kept_tables import Table

    solved, chosen = world.solved(scenario), Scenario.load(scenario)
    frame, units, rows = PARTS[part](solved) if part != "sites" else _sites(solved, chosen)
    of = {name: solved.manifest.as_dict()[name] for name in ("network_hash", "scenario_hash", "solver", "solver_status")}
    meta: dict[str, Any] = {
        "of": of,
        "status": solved.status,
        "objective_usd": float(f"{solved.objective_usd:.5g}"),
        "charged_usd": float(f"{charged(solved):.5g}"),
        "years": [int(year) for year in solved.flows.years],
        "discount_rate": chosen.discount_rate,
        "scenario": chosen.id,
        "scenario_hash": chosen.hash,
    }
    sources = sources_used(world.ledger, world.ledger.claims) if rows == "summary" else []
    command = f"orepact plan {scenario}" if rows == "summary" else f"orepact plan {scenario} --rows {rows}"
    return Table(frame, units, [command], sources, (), meta)


Part = tuple[pd.DataFrame, dict[str, str], str]


def _summary(solved: PlanResult) -> Part:
    """By year and good: demand, made, short, moved, built, capacity, cost."""
    from orepact.service.planning import summary

    units = dict.fromkeys(("demand", "made", "shortage", "moved", "built", "capacity"), "unit of the row a year")
    return summary(solved.flows), units | {"cost_usd": "USD a year"}, "summary"


def _capacity(solved: PlanResult) -> Part:
    """By year, good and place: what stands, what is built, what it costs."""
    rows = solved.capacities
    rows = rows[np.isfinite(rows["total"]) & (rows["total"] > 0)]
    figures = ["existing", "built", "total", "decided", "activity", "investment_usd"]
    frame = rows.groupby(["year", "commodity", "place", "unit"], as_index=False, observed=True)[figures].sum()
    units = dict.fromkeys(figures[:-1], "unit of the row a year")
    return frame, units | {"investment_usd": "USD, not discounted"}, "capacities"


def _scarce(solved: PlanResult) -> Part:
    """Capacities of which one more unit would save most: where the plan is held up."""
    rows = solved.capacities
    rows = rows[np.isfinite(rows["total"]) & (rows["scarcity_usd_per_unit"] > 0)]
    worth = rows["scarcity_usd_per_unit"] * rows["total"].clip(lower=0.0)
    columns = ["year", "commodity", "place", "site", "total", "unit", "scarcity_usd_per_unit", "worth_usd"]
    order = ["worth_usd", "year", "site"]
    ranked = rows.assign(worth_usd=worth).sort_values(order, ascending=[False, True, True])
    own = [ranked[ranked["place"].str.startswith(name)].head(MOST_OWN) for name in OWN]
    found = pd.concat([ranked.head(MOST_SCARCE), *own]).drop_duplicates().sort_values(order, ascending=[False, True, True])
    units = {"total": "unit of the row a year", "scarcity_usd_per_unit": "USD per unit", "worth_usd": "USD"}
    return found[columns], units, "capacities"


def _limits(solved: PlanResult) -> Part:
    """Limits that bind, and targets of capacity whether they bind or not."""
    from orepact.service.view.planned import TARGET

    rows = solved.limits
    units = dict.fromkeys(("bound", "value", "shortfall"), "unit of the row")
    return rows[rows["binding"].astype(bool) | (rows["kind"] == TARGET)], units, "limits"


def _routes(solved: PlanResult) -> Part:
    """What moves between places, by year and good."""
    from orepact.service.view.planned import routes_of

    return routes_of(solved.flows.frame), {"quantity": "unit of the good a year"}, "flows"


def _sites(solved: PlanResult, scenario: Any) -> Part:
    """Plants that count towards a target of the scenario, with the country of their owners."""
    from orepact.service.view.planned import TARGET

    rows = solved.capacities
    aims = [limit for limit in scenario.active_limits if limit.kind == TARGET]
    goods = {name for limit in aims for name in limit.commodities}
    subjects = set(solved.limits.loc[solved.limits["kind"] == TARGET, "subject"])
    found = rows[rows["commodity"].isin(goods) & rows["owner_country"].isin(subjects) & np.isfinite(rows["total"])]
    columns = ["year", "commodity", "place", "site", "owner_country", "unit", "existing", "built", "total", "decided"]
    return found[columns], dict.fromkeys(("existing", "built", "total", "decided"), "unit of the row a year"), "capacities"


PARTS = {"": _summary, "capacity": _capacity, "scarce": _scarce, "limits": _limits, "routes": _routes}
