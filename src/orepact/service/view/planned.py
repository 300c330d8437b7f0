"""``Planned``: a plan as its page shows it, whether it was kept with the program or computed as a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.errors import NotFound
from orepact.service import jobs
from orepact.service.result import plain
from orepact.service.view.kept_results import PLANS, kept, plan_table, stale

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from orepact.facts import Ledger
    from orepact.service.pact.desk import Where

REFERENCE = "reference"
#: The kind of limit that asks for capacity of a country's companies.
TARGET = "capacity_target"
PLACE = ["year", "commodity", "place", "unit"]
#: A demand counts as served when less than this part of it is missing.
LEAST_SHORT = 1e-6
#: So many of the capacities that hold a plan up are told.
MOST_SCARCE = 200


@dataclass(frozen=True, slots=True)
class Owned:
    """Capacity that counts towards a target in a year, units a year: ``existing`` and ``built``; ``plants`` that the plan lets
    grow by then, of which so many are ``held`` back by how fast one can be built.
    """

    existing: float
    built: float
    plants: int
    held: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Planned:
    """A plan. ``tables``: ``summary`` (year, commodity, unit, demand, made, shortage, moved, built, capacity, cost_usd),
    ``capacity`` (year, commodity, place, unit, existing, built, total, decided, investment_usd), ``short`` (year, commodity,
    place, unit, demand, shortage), ``scarce`` (year, commodity, place, site, total, unit, scarcity_usd_per_unit, worth_usd),
    ``routes`` (year, commodity, origin, destination, quantity); where there are targets also ``sites``
    (the capacity of each site, with its owner's country). ``charged_usd``: the part of the objective that is the price of
    shortfalls, and nobody's money. ``limits``: those that bind; ``targets``: of capacity, by year, also those met.
    """

    name: str
    tables: Mapping[str, Callable[[], pd.DataFrame]]
    limits: Sequence[Mapping[str, Any]]
    objective_usd: float
    charged_usd: float
    meta: Mapping[str, Any]
    command: str
    sources: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]
    targets: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """By year and good."""
        return self.tables["summary"]()

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """By year, good and place."""
        return self.tables["capacity"]()

    @cached_property
    def short(self) -> pd.DataFrame:
        """What stays short, by year, good and place."""
        return self.tables["short"]()

    @cached_property
    def scarce(self) -> pd.DataFrame:
        """Capacities of which one more unit would save most."""
        return self.tables["scarce"]()

    @cached_property
    def routes(self) -> pd.DataFrame:
        """What moves between places."""
        return self.tables["routes"]()

    @property
    def years(self) -> list[int]:
        """Model years."""
        return sorted(int(year) for year in self.summary["year"].unique())

    @property
    def investment_usd(self) -> float:
        """All that is spent on new plant, not discounted."""
        return float(self.capacity["investment_usd"].sum())

    def owned(self, target: Mapping[str, Any]) -> Owned | None:
        """What counts towards one of ``targets``; None where the plan does not tell of sites, or of which goods it is."""
        if "sites" not in self.tables or not target["commodities"]:
            return None
        rows, year = self.tables["sites"](), int(target["year"])
        rows = rows[(rows["owner_country"] == target["subject"]) & rows["commodity"].isin(target["commodities"])]
        grows = {str(name) for name in rows.loc[(rows["decided"] > 0) & (rows["year"] <= year), "site"]}
        fastest = {str(one["subject"]) for one in self.limits if one["kind"] == "build_rate" and int(one["year"]) <= year}
        now = rows[rows["year"] == year]
        return Owned(float(now["existing"].sum()), float(now["built"].sum()), len(grows), len(grows & fastest))

    def served(self) -> float:
        """The part of the final demand, good by good and year by year, of which nothing is short."""
        wanted = self.summary[self.summary["demand"] > 0]
        short = wanted["shortage"] > LEAST_SHORT * wanted["demand"].clip(lower=1.0)
        return 1.0 - float(short.mean()) if len(wanted) else 1.0


def kept_plan(ledger: Ledger, scenario: str = REFERENCE) -> Planned:
    """The plan of a scenario as it was kept with the program; raises ``NotFound`` for one of which none was."""
    if scenario not in PLANS:
        raise NotFound("kept plan", scenario, PLANS)

    def part(name: str = "") -> pd.DataFrame:
        return kept(plan_table(scenario, name)).frame

    own = kept(plan_table(scenario)).manifest
    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "summary": part,
        "capacity": lambda: part("capacity"),
        "short": lambda: _kept_short(part()),
        "scarce": lambda: part("scarce"),
        "routes": lambda: part("routes") if "routes" in PLANS[scenario] else _kept_routes(),
    }
    if "sites" in PLANS[scenario]:
        tables["sites"] = lambda: part("sites")
    limits = part("limits")
    notes: list[Any] = [*stale(ledger, [plan_table(scenario, name) for name in PLANS[scenario]]), *own["warnings"]]
    return Planned(
        name=scenario,
        tables=tables,
        limits=[plain(row) for row in limits[limits["binding"].astype(bool)].to_dict("records")],
        objective_usd=float(own["objective_usd"]),
        charged_usd=float(own["charged_usd"]),
        meta=own,
        command=f"orepact plan {scenario}",
        sources=own["sources"],
        warnings=notes,
        targets=_targets(limits, (), {"scenario": scenario}),
    )


def _kept_short(rows: pd.DataFrame) -> pd.DataFrame:
    found: pd.DataFrame = rows[rows["shortage"] > LEAST_SHORT * rows["demand"].clip(lower=1.0)].assign(place="")
    return found


def _kept_routes() -> pd.DataFrame:
    import pandas as pd

    moves = kept("moves").frame
    rows = moves[(moves["state"] == "planned") & (moves["way"] == "route")]
    keys = ["year", "commodity", "from_place", "to_place"]
    sums = pd.DataFrame(rows.groupby(keys, as_index=False, observed=True)["quantity"].sum())
    return sums.rename(columns={"from_place": "origin", "to_place": "destination"})


def plan_of_run(run: str, desk: Where) -> Planned:
    """The plan that a run found; raises ``NotFound``."""
    found = jobs.show_run(run, desk)

    def table(name: str) -> pd.DataFrame:
        rows: pd.DataFrame = jobs.run_table(run, name, desk).data
        return rows

    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "summary": lambda: found.data,
        "capacity": lambda: _capacity(table("capacities")),
        "short": lambda: _short(table("flows")),
        "scarce": lambda: _scarce(table("capacities")),
        "routes": lambda: routes_of(table("flows")),
    }
    meta = found.meta
    asked, known = found.top["run"]["asked"], found.top["run"]["tables"]
    if "capacities" in known:
        tables["sites"] = lambda: table("capacities")
    limits = table("limits") if "limits" in known else None
    return Planned(
        name=run,
        tables=tables,
        limits=meta["binding_limits"],
        objective_usd=float(meta["objective_usd"]),
        charged_usd=float(meta.get("charged_usd", 0.0)),  # what was answered before it was told apart has none
        meta=meta,
        command=command_of(asked),
        sources=meta["sources"],
        warnings=found.warnings,
        targets=_targets(limits, meta["binding_limits"], asked),
    )


def _targets(limits: pd.DataFrame | None, binding: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The targets of capacity among the limits, with the goods that each counts."""
    rows: list[dict[Any, Any]] = [dict(one) for one in binding] if limits is None else limits.to_dict("records")
    goods = _goods_of_targets(asked)
    return [{**row, "commodities": goods.get(str(row["name"]), ())} for row in rows if row["kind"] == TARGET]


def _goods_of_targets(asked: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """By the name of a target of the scenario that was asked for, the goods whose capacity counts."""
    from orepact.chain import Scenario

    found = {limit.label: limit.commodities for limit in Scenario.load(str(asked.get("scenario") or REFERENCE)).active_limits}
    for one in (asked.get("changes") or {}).get("limits", ()):
        if one.get("kind") == TARGET and one.get("commodities"):
            named = one["commodities"]
            found[str(one.get("name", ""))] = (named,) if isinstance(named, str) else tuple(named)
    return found


def _capacity(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[np.isfinite(rows["total"].astype(float)) & (rows["total"] > 0)]
    figures = ["existing", "built", "total", "decided", "investment_usd"]
    return rows.groupby(PLACE, as_index=False, observed=True)[figures].sum()


def _short(flows: pd.DataFrame) -> pd.DataFrame:
    rows = flows[flows["kind"].isin(["demand", "shortage"])]
    place = rows["destination"].where(rows["destination"].notna() & (rows["destination"] != ""), rows["origin"])
    wide = rows.assign(place=place).pivot_table(index=PLACE, columns="kind", values="quantity", aggfunc="sum", observed=True)
    wide = wide.reindex(columns=["demand", "shortage"]).fillna(0.0).reset_index().rename_axis(columns=None)
    found: pd.DataFrame = wide[wide["shortage"] > LEAST_SHORT * wide["demand"].clip(lower=1.0)]
    return found


def _scarce(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[np.isfinite(rows["total"].astype(float)) & (rows["scarcity_usd_per_unit"] > 0)]
    worth = rows["scarcity_usd_per_unit"] * rows["total"].clip(lower=0.0)
    order = ["worth_usd", "year", "site"]
    found: pd.DataFrame = rows.assign(worth_usd=worth).sort_values(order, ascending=[False, True, True]).head(MOST_SCARCE)
    return found


def routes_of(flows: pd.DataFrame) -> pd.DataFrame:
    """What moves between places in flows of a plan: ``year, commodity, origin, destination, quantity``."""
    import pandas as pd

    rows = flows[(flows["kind"] == "route") & (flows["origin"] != flows["destination"])]
    keys = ["year", "commodity", "origin", "destination"]
    return pd.DataFrame(rows.groupby(keys, as_index=False, observed=True)["quantity"].sum())


def command_of(asked: Mapping[str, Any]) -> str:
    """The command line that asks the same; what was written stands in a file."""
    return f"orepact plan {'scenario.yaml' if asked.get('changes') else asked.get('scenario') or REFERENCE}"
