"""The pictures of the brief: each with its words, its legend and its table twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.palette import REST as REST_COLOUR
from orepact.report import figures
from orepact.report.brief import Basis, Column, Picture, Row, Table
from orepact.report.scope import CORRIDOR, ELEMENTS, MILESTONES, PRODUCTS, TIMELINE, products, title_of
from orepact.report.words import listed, number, share, uncapped

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.facts import Codes
    from orepact.report.buildout import Buildout
    from orepact.report.corridor import Corridor
    from orepact.report.target import Target

LARGEST_LINES = 30
LARGEST_FLOWS = 12


def sankey_picture(flows: Flows, codes: Codes, basis: Basis) -> Picture:
    """The base year of each element from ore to use."""
    year = flows.years[0]
    elements = [element for element in ELEMENTS if element in set(flows.network.contents["element"])]
    drawn = {codes.elements[element].title: figures.drawn(flows.plot.sankey(element=element, year=year)) for element in elements}
    return Picture(
        id="sankey",
        title=f"From ore to use, {year}",
        alt=(
            f"Flow diagram of {listed(uncapped(codes.elements[e].title) for e in elements)} from mine to final "
            f"use by place in {year}; the table lists the largest links."
        ),
        figures=drawn,
        basis=basis,
        caption=(
            "Contained tonnes. Width is quantity; every column is a stage; threads below 0.4 % of the largest stage are left "
            "out. The balanced year: what statistics say, as far as they fit together, and between places where none do a "
            "pattern in which large makers and users and short ways go first."
        ),
        table=_links_table(flows, codes, elements, year, basis),
        chooser="Element",
        height=560,
        wide=True,
    )


def _links_table(flows: Flows, codes: Codes, elements: list[str], year: int, basis: Basis) -> Table:
    rows = []
    for element in elements:
        moved = flows.element(element, kind="route")
        moved = moved[moved["year"] == year].nlargest(LARGEST_FLOWS, "contained_t")
        for row in moved[["commodity", "origin", "destination", "contained_t"]].itertuples(index=False):
            item = codes.commodities.get(str(row.commodity))
            cells = {
                "element": codes.elements[element].title,
                "commodity": item.title if item else str(row.commodity),
                "origin": title_of(codes, str(row.origin)),
                "destination": title_of(codes, str(row.destination)),
                "tonnes": float(str(row.contained_t)),
            }
            rows.append(Row(cells, basis))
    columns = (
        Column("element", "Element"),
        Column("commodity", "As"),
        Column("origin", "From"),
        Column("destination", "To"),
        Column("tonnes", "Contained", "t", "number"),
    )
    return Table("flows_base_year", f"Largest flows between places, {year}", columns, tuple(rows), folded=True, long=True)


def map_picture(flows: Flows, codes: Codes, basis: Basis) -> Picture:
    """The largest flows between places on a map: by value, and by element."""
    year = flows.years[0]
    drawn = {"All goods by value": figures.drawn_map(flows.plot.map(year=year, top=LARGEST_LINES))}
    for element in ELEMENTS:
        if (flows.network.contents["element"] == element).any():
            drawn[codes.elements[element].title] = figures.drawn_map(
                flows.plot.map(element=element, year=year, top=LARGEST_LINES)
            )
    land = next(iter(drawn.values()))["data"][0]
    for figure in drawn.values():
        figure["data"] = figure["data"][1:]
    return Picture(
        id="map",
        title=f"Who ships to whom, {year}",
        alt=(
            f"World map with lines for the {LARGEST_LINES} largest flows between places in {year}. The table "
            "under the flow diagram lists the largest."
        ),
        figures=drawn,
        basis=basis,
        caption=(
            f"The {LARGEST_LINES} largest flows of the balanced year: customs where they tell, an estimate by size and distance "
            "where not. Thicker is more; circles grow with what a place sends."
        ),
        chooser="Show",
        base=(land,),
        height=520,
        wide=True,
    )


def timeline_picture(buildout: Buildout, codes: Codes) -> Picture:
    """Capacity by product, party and year."""
    names = {party: title_of(codes, party) for party in figures.PARTY_COLOURS}
    drawn = {}
    for name in TIMELINE:
        rows = buildout.timeline[buildout.timeline["product"] == name]
        table = rows.pivot_table(index="party", columns="year", values="capacity", aggfunc="sum", fill_value=0.0)
        table = table.reindex(
            index=[p for p in figures.PARTY_COLOURS if p in table.index], columns=list(buildout.years), fill_value=0.0
        )
        if len(table):
            product = products()[name]
            drawn[product.title] = figures.stacked_areas(table, product.title, product.unit, figures.PARTY_COLOURS, names)
    first, last = buildout.years[0], buildout.years[-1]
    return Picture(
        id="timeline",
        title=f"Capacity that stands, {first} to {last}",
        alt=(
            f"{len(drawn)} bar charts of capacity by place from {first} to {last}: {', '.join(drawn)}. The table "
            "has every number."
        ),
        figures=drawn,
        basis=buildout.basis,
        caption=(
            "Existing plants, announced plants weighted by the probability of their status, and what the plan "
            "adds, by country where they stand."
        ),
        table=buildout.timeline_table(),
        legend=tuple((names[party], colour, False) for party, colour in figures.PARTY_COLOURS.items()),
        height=270,
    )


def gaps_picture(buildout: Buildout, codes: Codes) -> Picture | None:
    """What stays short at the milestones, as a part of demand; None when nothing does."""
    years = [year for year in MILESTONES if year in buildout.years]
    drawn: dict[str, Any] = {}
    short = buildout.shortages[buildout.shortages["year"].isin(years)]
    for label, rows in (("World", short), *((title_of(codes, p), short[short["party"] == p]) for p in CORRIDOR)):
        summed = rows.groupby(["commodity", "year"])[["shortage", "demand"]].sum()
        if len(summed):
            table = _parts(buildout, summed, rows["party"].unique().tolist() if label != "World" else None, years)
            table.index = pd.Index(
                [codes.commodities[str(name)].title if str(name) in codes.commodities else str(name) for name in table.index]
            )
            drawn[label] = figures.part_bars(table, (figures.SKY, figures.BLUE, figures.RED))
    if not drawn:
        return None
    return Picture(
        id="gaps",
        title="What stays short, as a part of demand",
        alt=f"Bars of unserved demand in {listed(str(year) for year in years)}. The table below has every number.",
        figures=drawn,
        basis=buildout.basis,
        caption="Demand that the reference plan cannot serve.",
        chooser="Where",
        legend=tuple(zip(map(str, years), (figures.SKY, figures.BLUE, figures.RED), (False, False, False), strict=False)),
        height=360,
    )


def _parts(buildout: Buildout, summed: pd.DataFrame, parties: list[str] | None, years: list[int]) -> pd.DataFrame:
    """Shortage over the whole demand of the parties (all of them for None), commodities by years."""
    frame = buildout.demand if parties is None else buildout.demand[buildout.demand["party"].isin(parties)]
    whole = frame.groupby(["commodity", "year"])["demand"].sum()
    part = summed["shortage"] / whole.reindex(summed.index)
    return part.unstack("year").reindex(columns=years).sort_index()


def target_picture(target: Target, basis: Basis) -> Picture:
    """Where the target stands, as one bar."""
    step = target.steps
    steps = (
        ("Named plants that operate", step["operating"], figures.BLUE, False),
        ("Other plants in operation", step["residual"], figures.SKY, True),
        (f"Announced by {target.goal.year}, weighted", step["weighted"], figures.GREEN, True),
        ("Gap", target.gap_gwh, REST_COLOUR, True),
    )
    words = ", ".join(f"{name.lower()} {number(value)} GWh" for name, value, _, _ in steps)
    return Picture(
        id="target_bar",
        title=f"Toward {step['target']:.0f} GWh a year of Japanese-owned cells by {target.goal.year}",
        alt=f"One stacked bar: {words}.",
        figures={"": figures.step_bar(steps, "GWh a year", (f"Target {step['target']:.0f}", step["target"]))},
        basis=basis,
        legend=tuple((name, colour, hatched) for name, _, colour, hatched in steps),
        height=170,
    )


def pipeline_picture(corridor: Corridor) -> Picture:
    """Canadian supply by status against the need of the buyers, for each product."""
    drawn = {
        p.title: figures.bars_and_lines(corridor.bars[p.id], corridor.lines[p.id], p.unit, figures.STATUS_STYLE) for p in PRODUCTS
    }
    lines = tuple(
        (name, colour, dash == "dot")
        for name, (colour, dash) in zip(corridor.lines[PRODUCTS[0].id].index, figures.LINE_STYLE, strict=False)
    )
    year = max(year for year in corridor.years if year <= MILESTONES[0])
    cover = ", ".join(f"{uncapped(p.title)} {share(_cover(corridor, p, year))}" for p in PRODUCTS if p.id.startswith("mined"))
    return Picture(
        id="pipeline_chart",
        title="Canadian supply by status against Korean and Japanese need",
        alt=(
            f"Stacked bars of Canadian capacity by status with lines of need, for {len(drawn)} products. Weighted "
            f"supply over the need of plants at home in {year}: {cover}."
        ),
        figures=drawn,
        basis=corridor.need_basis,
        caption=(
            "Bars: nameplate capacity by status (hatched: not under construction). Lines: what cells made in the "
            "reference plan need; dotted: plants owned anywhere."
        ),
        table=corridor.pipeline_table(),
        chooser="Product",
        legend=(
            *((name, colour, hatched) for name, (colour, hatched) in figures.STATUS_STYLE.items()),
            *((f"— {n}" if not d else f"⋯ {n}", c, False) for n, c, d in lines),
        ),
        height=420,
    )


def _cover(corridor: Corridor, product: Any, year: int) -> float:
    lines = corridor.lines[product.id][year]
    need = float(lines[[str(name).endswith("at home") for name in lines.index]].sum())
    return corridor.expected(product, year) / need if need > 0 else float("nan")
