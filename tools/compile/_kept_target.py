"""Kept tables of Japan's target of cell capacity: where it stands, the plants behind it, and what Canada can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from orepact.report.target import Target
    from tools.compile._kept_tables import Table, World

COMMAND = "orepact run"


def target_of(world: World) -> Target:
    """The target as the brief measures it, of the reference plan."""
    from orepact.report.assemble import Material
    from orepact.service.brief import find_goal

    scenario, solved = world.scenario, world.solved()
    goal = find_goal(world.ledger)
    made_from: dict[str, Any] = solved.manifest.as_dict()
    return Material(world.ledger, scenario, world.base.network, world.base, solved, {}, goal, made_from).target


def _table(world: World, frame: pd.DataFrame, units: dict[str, str], used: set[str]) -> Table:
    from orepact.service.opening import sources_used
    from tools.compile._kept_tables import Table

    claims = world.ledger.claims
    sources = sources_used(world.ledger, claims[claims["source"].isin(used)])
    of = {name: world.solved().manifest.as_dict()[name] for name in ("network_hash", "scenario_hash", "solver", "solver_status")}
    return Table(frame, units, [COMMAND], sources, (), {"of": of})


def target_steps(world: World) -> Table:
    """From the plants that operate to the gap, in GWh a year."""
    target = target_of(world)
    shown = target.steps_table()
    told = {**target.steps, "gap": target.gap_gwh}
    order = ("operating", "residual", "announced", "weighted", "late", "expected", "planned", "target", "gap")
    rows = [
        {"step": name, "gwh": told[name], "year": target.goal.year, "confidence": row.basis.confidence}
        for name, row in zip(order, shown.rows, strict=True)
    ]
    return _table(world, pd.DataFrame(rows), {"gwh": "GWh a year"}, _used(shown))


def target_plants(world: World) -> Table:
    """The named plants controlled from Japan, with their owners."""
    target = target_of(world)
    sites = target.sites[target.sites["named"]].sort_values("mwh", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "site": sites.index.astype(str),
            "name": sites["name"].astype(str),
            "owner": sites["owner"].fillna("").astype(str),
            "place": sites["place"].astype(str),
            "gwh": sites["mwh"] / 1000.0,
            "status": sites["status"].astype(str),
            "chance": sites["chance"].astype(float),
            "start_year": sites["start_year"].astype(float),
        }
    )
    return _table(world, frame, {"gwh": "GWh a year", "chance": "1"}, set(target.site_basis.sources))


def target_minerals(world: World) -> Table:
    """What the target needs of each element in a year, and what mines of Canada are expected to give."""
    target = target_of(world)
    rows = [
        {"element": element, "need_t": need, "supply_t": supply, "part": part, "year": target.goal.year}
        for element, need, supply, part in target.carry()
    ]
    units = {"need_t": "t contained a year", "supply_t": "t contained a year", "part": "1"}
    return _table(world, pd.DataFrame(rows), units, _used(target.minerals_table()))


def _used(table: Any) -> set[str]:
    """Source ids behind the rows of a table of the brief."""
    return {source for row in table.rows for basis in (row.basis, *row.own.values()) for source in basis.sources}
