"""A plan as words, charts and tables of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.figures import PARTY_COLOURS
from orepact.report.scope import REST, party_of
from orepact.report.sentences import said, sentence
from orepact.service.view.planned import REFERENCE
from orepact.service.view.said import Amount
from orepact.web.pages import plan_binding, plan_map, plan_targets, run_figures, run_names
from orepact.web.pages.later import Later
from orepact.web.pages.shock_verdicts import money
from orepact.web.pages.shown import Column, Figure, Number, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.facts import Codes
    from orepact.service.view.planned import Planned
    from orepact.web.pages.visit import Visit

#: So many builds, gaps and routes stand in tables.
BUILT, SUMMARISED, ROUTES = 12, 100, 30
BILLION = 1e9
#: Goods of a network of one's own, of which no stage is known.
OTHER = sentence("All else")
#: Stages as costs are told: few enough to tell their colours apart.
PARTS = {
    "mine": sentence("Mines"),
    "concentrate": sentence("Mines"),
    "refine": sentence("Refining"),
    "precursor": sentence("Battery materials"),
    "active_material": sentence("Battery materials"),
    "component": sentence("Battery materials"),
    "cell": sentence("Cells and packs"),
    "pack": sentence("Cells and packs"),
    "vehicle": sentence("Vehicles and storage"),
    "use": sentence("Vehicles and storage"),
    "collect": sentence("Recycling"),
    "recycle": sentence("Recycling"),
}
#: Colours of places of a network that has none of the parties.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#7F6A4B", "#9AA0A6")


def headline(plan: Planned, *, beside: bool = False) -> list[tuple[str, Any, Any]]:
    """The figures that say most: name, value, what it means; ``beside``: on a page where its limits do not stand."""
    years = plan.years
    short = plan.short
    gaps = (
        said("all of it, in every year")
        if not len(short)
        else said("{n} goods fall short somewhere", n=int(short["commodity"].nunique()))
    )
    where = said("each counted once") if beside else said("each counted once; all limits stand below")
    return [
        (sentence("What it costs"), money(plan.objective_usd - plan.charged_usd), _counted(plan)),
        (sentence("Spent on new plants"), money(plan.investment_usd), said("{n} model years, not discounted", n=len(years))),
        (sentence("Demand for goods that is served"), Amount(round(100 * plan.served(), 1), "%"), gaps),
        *plan_targets.headline(plan),
        (sentence("Limits of policy that bind"), Amount(plan_binding.of_policy(plan)), where),
    ]


def _counted(plan: Planned) -> Any:
    """Over which years costs are summed, and what is charged for shortfalls besides: a price of the scenario, money of nobody."""
    if not plan.years:
        return ""
    told = {"first": str(plan.years[0]), "last": str(plan.years[-1])}
    if not plan.charged_usd:
        return said("from {first} to {last}, counted to {first}", **told)
    text = sentence(
        "from {first} to {last}, counted to {first}; what is missed is charged with {charged} besides, which nobody pays"
    )
    return said(text, charged=money(plan.charged_usd), **told)


def title_of(asked: Mapping[str, Any]) -> str:
    """What a run was asked to plan, by its title."""
    from orepact.chain import Scenario

    changes = asked.get("changes")
    return str(changes["title"]) if changes else Scenario.load(str(asked.get("scenario") or REFERENCE)).title


def goods(plan: Planned) -> list[str]:
    """Goods of which capacity stands, those that matter most first."""
    spent = plan.capacity.groupby("commodity", observed=True)["investment_usd"].sum().sort_values(ascending=False, kind="stable")
    return [str(name) for name in spent.index]


def timeline(visit: Visit, plan: Planned, good: str) -> tuple[Figure, Table]:
    """Capacity of a good by party and year."""
    codes = visit.ledger().codes
    rows = plan.capacity[plan.capacity["commodity"] == good]
    parties = party_of(codes)
    known = rows["place"].map(parties).notna().any()
    group = rows["place"].map(parties).fillna(REST) if known else rows["place"]
    table = rows.assign(party=group).pivot_table(index="party", columns="year", values="total", aggfunc="sum").fillna(0.0)
    colours = PARTY_COLOURS if known else dict(zip(map(str, table.index), COLOURS * 9, strict=False))
    order = [name for name in colours if name in table.index] or [*table.index]
    table = table.reindex(order)
    names = {str(name): run_names.spoken(visit.voice, run_names.place(codes, str(name))) for name in table.index}
    unit = str(rows["unit"].iloc[0]) if len(rows) else ""
    unit, factor = plan_targets.LARGER.get(unit, (unit, 1.0))
    table = table * factor
    words = run_names.spoken(visit.voice, run_names.good(codes, good))
    title = said("Capacity that stands: {good}", good=words)
    years = [*table.columns]
    summary = (
        said(
            "From {first} in {start} to {last} in {end}.",
            first=Amount(float(table[years[0]].sum()), f"{unit}/y"),
            start=str(years[0]),
            last=Amount(float(table[years[-1]].sum()), f"{unit}/y"),
            end=str(years[-1]),
        )
        if years
        else said("None stands.")
    )
    plot = run_figures.stacked_years(table, visit.voice.unit(f"{unit}/y"), names, colours)
    columns = [Column("party", sentence("Where")), *(Column(str(year), str(year), unit, "number") for year in years)]
    cells = [
        {"party": names[str(name)], **{str(year): computed(float(row[year]), unit) for year in years}}
        for name, row in table.iterrows()
    ]
    return Figure("capacity", title, plot, summary, table="capacity", height=360), Table("capacity", title, columns, cells)


def computed(value: float, unit: str) -> Number:
    """A number of the plan."""
    return Number(float(f"{value:.5g}"), unit, confidence="modelled", note=plan_targets.COMPUTED)


def builds(visit: Visit, plan: Planned) -> Table:
    """What is built for most money."""
    codes = visit.ledger().codes
    rows = plan.capacity[plan.capacity["investment_usd"] > 0].sort_values("investment_usd", ascending=False, kind="stable")
    columns = (
        Column("good", sentence("Makes")),
        Column("place", sentence("Where")),
        Column("year", sentence("Year")),
        Column("built", sentence("Built, a year"), how="number"),
        Column("cost", sentence("Costs"), "bn USD", "number"),
    )
    cells = [
        {
            "good": run_names.good(codes, row["commodity"]),
            "place": run_names.place(codes, row["place"]),
            "year": str(row["year"]),
            "built": computed(row["decided"], row["unit"]),
            "cost": computed(row["investment_usd"] / BILLION, "bn USD"),
        }
        for row in rows.to_dict("records")
    ]
    return Table(
        "builds", sentence("What is built, the dearest first"), columns, cells, empty=sentence("Nothing is built."), most=BUILT
    )


def gaps(visit: Visit, plan: Planned) -> Table:
    """What stays short."""
    codes = visit.ledger().codes
    columns = (
        Column("good", sentence("Good")),
        Column("place", sentence("Where")),
        Column("year", sentence("Year")),
        Column("shortage", sentence("Missing"), how="number"),
        Column("demand", sentence("Of a demand of"), how="number"),
    )
    ranked = plan.short.assign(part=plan.short["shortage"] / plan.short["demand"].clip(lower=1e-9)).sort_values(
        "part", ascending=False, kind="stable"
    )
    cells = [
        {
            "good": run_names.good(codes, row["commodity"]),
            "place": run_names.place(codes, row["place"] or "all"),
            "year": str(row["year"]),
            "shortage": computed(row["shortage"], row["unit"]),
            "demand": computed(row["demand"], row["unit"]),
        }
        for row in ranked.to_dict("records")
    ]
    empty = sentence("Every demand is served in every year.")
    return Table("gaps", sentence("What stays short"), columns, cells, empty=empty, most=SUMMARISED)


def costs(visit: Visit, plan: Planned) -> tuple[Figure, Table]:
    """What every year costs, by stage of the chain: plants, running them, energy, transport and tariffs, not discounted."""
    codes = visit.ledger().codes
    parts = {name: PARTS.get(entry.stage, OTHER) for name, entry in codes.commodities.items()}
    rows = plan.summary.assign(stage=plan.summary["commodity"].map(parts).fillna(OTHER), cost=plan.summary["cost_usd"] / BILLION)
    table = rows.pivot_table(index="stage", columns="year", values="cost", aggfunc="sum").fillna(0.0)
    order = [name for name in dict.fromkeys([*PARTS.values(), OTHER]) if name in table.index]
    table = table.reindex(order).loc[lambda found: found.abs().max(axis=1) > 0]
    names = {str(name): visit.voice.translated(str(name)) for name in table.index}
    colours = dict(zip(map(str, table.index), COLOURS * 3, strict=False))
    plot = run_figures.stacked_years(table, visit.voice.unit("bn USD"), names, colours)
    years = [*table.columns]
    dearest = str(table.sum(axis=1).idxmax()) if len(table) else ""
    summary = (
        said(
            "From {first} in {start} to {last} in {end}; most of it for {stage}.",
            first=Amount(float(table[years[0]].sum()), "bn USD"),
            start=str(years[0]),
            last=Amount(float(table[years[-1]].sum()), "bn USD"),
            end=str(years[-1]),
            stage=names[dearest],
        )
        if len(table)
        else said("Nothing is spent.")
    )
    columns = [Column("stage", sentence("Stage")), *(Column(str(year), str(year), "bn USD", "number") for year in years)]
    cells = [
        {"stage": names[str(name)], **{str(year): float(f"{row[year]:.4g}") for year in years}} for name, row in table.iterrows()
    ]
    title = sentence("What each year costs, by stage")
    return Figure("costs", title, plot, summary, table="costs", height=360), Table("costs", title, columns, cells)


def whole(plan: Planned, codes: Codes) -> Table:
    """Every year and good."""
    figures = ("demand", "made", "shortage", "moved", "built", "capacity")
    heads = (
        sentence("Demand"),
        sentence("Made"),
        sentence("Missing"),
        sentence("Moved"),
        sentence("Built"),
        sentence("Capacity"),
    )
    columns = [Column("year", sentence("Year")), Column("commodity", sentence("Good")), Column("unit", sentence("Unit"))]
    columns += [Column(name, head, how="number") for name, head in zip(figures, heads, strict=True)]

    def rows() -> list[dict[str, Any]]:
        told: list[dict[Any, Any]] = plan.summary.to_dict("records")
        return [{**row, "year": str(row["year"]), "commodity": run_names.good(codes, row["commodity"])} for row in told]

    return Table(
        "summary",
        sentence("Every year and good"),
        [*columns, Column("cost_usd", sentence("Costs"), "USD", "number")],
        Later(rows),
    )


def flows_map(visit: Visit, plan: Planned, year: int, good: str) -> tuple[Figure | None, Table]:
    """Where a good goes in a year; no map where no place has a position."""
    codes = visit.ledger().codes
    rows = plan.routes[(plan.routes["year"] == year) & (plan.routes["commodity"] == good)]
    rows = rows[rows["quantity"] > 0].sort_values("quantity", ascending=False, kind="stable")
    units = plan.summary.loc[plan.summary["commodity"] == good, "unit"]
    unit = str(units.iloc[0]) if len(units) else ""
    title = said("Where it goes in {year}: {good}", year=str(year), good=run_names.good(codes, good))
    columns = (
        Column("origin", sentence("From")),
        Column("destination", sentence("To")),
        Column("quantity", sentence("Quantity"), unit, "number"),
    )
    cells = [
        {
            "origin": run_names.place(codes, row["origin"]),
            "destination": run_names.place(codes, row["destination"]),
            "quantity": computed(row["quantity"], unit),
        }
        for row in rows.to_dict("records")
    ]
    table = Table("routes", title, columns, cells, empty=sentence("None of it crosses a border."), most=ROUTES)
    first = rows.iloc[0] if len(rows) else None
    summary = (
        said("None of it crosses a border.")
        if first is None
        else said(
            "Most goes from {origin} to {destination}: {amount}.",
            origin=run_names.place(codes, first["origin"]),
            destination=run_names.place(codes, first["destination"]),
            amount=Amount(float(first["quantity"]), f"{unit}/y"),
        )
    )
    plot = plan_map.drawn(rows, codes, lambda name: run_names.spoken(visit.voice, run_names.place(codes, name)), unit)
    return (None if plot is None else Figure("map", title, plot, summary, table="routes", height=360)), table
