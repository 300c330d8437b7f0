"""Kept tables of the graphite stop."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from orepact.service.shock.responding import Responded
    from tools.compile._kept_tables import Table, World

EVENT = "graphite_stop"
COMMAND = f"orepact shock {EVENT}"
#: Parties whose weeks are kept one by one; of the others the sum.
FOLLOWED = ("KOR", "JPN", "CAN", "USA", "CHN", "DEU")
OTHERS = "others"
#: Of cover every so many weeks are kept.
EVERY = 2


@cache
def _answered(world: World) -> Responded:
    from orepact.service.shock.question import Question
    from orepact.service.shock.responding import answer

    return answer(Question(world.ledger), [EVENT], aid=True)


def _meta(world: World, rows: str) -> dict[str, Any]:
    from orepact.service.shock.responding import meta_of

    meta = meta_of(_answered(world), rows)
    made = {name: value for name, value in meta["manifest"].items() if name not in {"code_version", "hash"}}
    dull = {"manifest", "units", "sources", "warnings", "title"}
    return {**{name: value for name, value in meta.items() if name not in dull}, "of": made, "told": meta["warnings"]}


def _table(world: World, frame: pd.DataFrame, rows: str, units: dict[str, str], command: str) -> Table:
    from tools.compile._kept_tables import Table

    meta = _meta(world, rows)
    return Table(frame, units, [command], world.observed, meta.pop("told"), meta)


def graphite_stop(world: World) -> Table:
    """By party and response: what is lost, in dollars and in units."""
    from orepact.service.shock.response_tables import table_of, units_of

    return _table(world, table_of(_answered(world), "summary"), "summary", units_of("summary"), COMMAND)


def graphite_stop_aid(world: World) -> Table:
    """Options of aid, the one that saves most first."""
    from orepact.service.shock.response_tables import table_of, units_of

    return _table(world, table_of(_answered(world), "aid"), "aid", units_of("aid"), f"{COMMAND} --rows aid")


def graphite_stop_weeks(world: World) -> Table:
    """By response, week, party and good: what buyers go without, and what plants make and do not make."""
    from orepact.service.shock.response_tables import table_of

    found, keys = _answered(world), ["response", "week", "party", "commodity", "unit"]
    lost = table_of(found, "lost").rename(columns={"quantity": "lost", "loss_usd": "lost_usd"})
    sites = table_of(found, "sites")
    parts = []
    for table, figures in ((lost, ["lost", "lost_usd"]), (sites, ["usual", "made", "not_made"])):
        named = table.assign(party=table["party"].where(table["party"].isin(FOLLOWED), OTHERS))
        parts.append(named.groupby(keys)[figures].sum())
    both = parts[0].join(parts[1], how="outer").fillna(0.0).reset_index().sort_values(keys, ignore_index=True)
    unit = "unit of the row"
    units = {"lost": unit, "lost_usd": "USD", "usual": unit, "made": unit, "not_made": f"{unit}, gross: of each plant alone"}
    return _table(world, both, "lost", units, f"{COMMAND} --rows lost")


def graphite_stop_cover(world: World) -> Table:
    """By response, week, party and good: for how many days stocks last."""
    from orepact.service.shock.response_tables import table_of, units_of

    table = table_of(_answered(world), "cover")
    kept = table[table["party"].isin(FOLLOWED) & (table["week"] % EVERY == 0)].reset_index(drop=True)
    return _table(world, kept, "cover", units_of("cover"), f"{COMMAND} --rows cover")


def graphite_stop_plants(world: World) -> Table:
    """By response and plant: when it falls below half of its usual output, when it stops, for how long."""
    from orepact.service.shock.response_tables import table_of, units_of

    table = table_of(_answered(world), "stops")
    return _table(world, table, "stops", units_of("stops"), f"{COMMAND} --rows stops")


def graphite_stop_gwh(world: World) -> Table:
    """By response, week and party: cells and packs that are not made, and plants that make less than half of the usual."""
    from orepact.service.shock.response_tables import table_of
    from orepact.service.view.shock_weeks import hit_by_week

    frame = hit_by_week(table_of(_answered(world), "sites"))
    units = {"not_made_gwh": "GWh, gross: of each plant alone", "plants_hit": "plants"}
    return _table(world, frame, "sites", units, f"{COMMAND} --rows sites")
