"""Kept tables of the reference plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from tools.compile._kept_tables import Table, World

COMMAND = "orepact plan reference"
#: So many of the capacities that are worth most are kept.
MOST_SCARCE = 200
#: And so many of those in Canada, Korea and Japan.
MOST_OWN, OWN = 60, ("CA-", "KOR", "JPN")


def _table(world: World, frame: pd.DataFrame, units: dict[str, str], rows: str) -> Table:
    from orepact.service.opening import sources_used
    from tools.compile._kept_tables import Table

    solved = world.solved
    of = {name: solved.manifest.as_dict()[name] for name in ("network_hash", "scenario_hash", "solver", "solver_status")}
    meta: dict[str, Any] = {
        "of": of,
        "status": solved.status,
        "objective_usd": float(f"{solved.objective_usd:.5g}"),
        "years": [int(year) for year in solved.flows.years],
        "discount_rate": world.scenario.discount_rate,
    }
    sources = sources_used(world.ledger, world.ledger.claims) if rows == "summary" else []
    return Table(frame, units, [COMMAND if rows == "summary" else f"{COMMAND} --rows {rows}"], sources, (), meta)


def plan(world: World) -> Table:
    """By year and good: demand, made, short, moved, built, capacity, cost."""
    from orepact.service.planning import summary

    units = dict.fromkeys(("demand", "made", "shortage", "moved", "built", "capacity"), "unit of the row a year")
    return _table(world, summary(world.solved.flows), units | {"cost_usd": "USD a year"}, "summary")


def plan_capacity(world: World) -> Table:
    """By year, good and place: what stands, what is built, what it costs."""
    rows = world.solved.capacities
    rows = rows[np.isfinite(rows["total"]) & (rows["total"] > 0)]
    figures = ["existing", "built", "total", "decided", "activity", "investment_usd"]
    frame = rows.groupby(["year", "commodity", "place", "unit"], as_index=False, observed=True)[figures].sum()
    units = dict.fromkeys(figures[:-1], "unit of the row a year")
    return _table(world, frame, units | {"investment_usd": "USD, not discounted"}, "capacities")


def plan_scarce(world: World) -> Table:
    """Capacities of which one more unit would save most: where the plan is held up."""
    rows = world.solved.capacities
    rows = rows[np.isfinite(rows["total"]) & (rows["scarcity_usd_per_unit"] > 0)]
    worth = rows["scarcity_usd_per_unit"] * rows["total"].clip(lower=0.0)
    columns = ["year", "commodity", "place", "site", "total", "unit", "scarcity_usd_per_unit", "worth_usd"]
    order = ["worth_usd", "year", "site"]
    ranked = rows.assign(worth_usd=worth).sort_values(order, ascending=[False, True, True])
    own = [ranked[ranked["place"].str.startswith(name)].head(MOST_OWN) for name in OWN]
    found = pd.concat([ranked.head(MOST_SCARCE), *own]).drop_duplicates().sort_values(order, ascending=[False, True, True])
    units = {"total": "unit of the row a year", "scarcity_usd_per_unit": "USD per unit", "worth_usd": "USD"}
    return _table(world, found[columns], units, "capacities")
