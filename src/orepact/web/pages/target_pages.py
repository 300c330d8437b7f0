"""Japan's target of 600 GWh a year of cells by owner: what counts towards it, what is missing, what Canada can carry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view.japan_target import HELD_UP, TABLES, at_home, japan_target, since_of
from orepact.service.view.kept_results import kept, stale
from orepact.service.view.said import Term
from orepact.web.pages.atlas_figures import plain_plot
from orepact.web.pages.dependence_parts import NAVIGATION, TARGET
from orepact.web.pages.page import Page
from orepact.web.pages.shown import Column, Figure, Link, Number, Shown, Table, Why

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.service.view.japan_target import Standing
    from orepact.web.pages.visit import Visit

GWH = "GWh/y"
GOAL = Why("JPN/cell", "capacity_target", 2030)
STEPS = {
    "operating": sentence("Named plants that operate"),
    "residual": sentence("Other plants in operation (estimate that closes the base year)"),
    "announced": sentence("Announced to start in time, as announced"),
    "weighted": sentence("Announced to start in time, weighted by status"),
    "late": sentence("Announced for later, as announced"),
    "expected": sentence("Expected: operating and weighted"),
    "planned": sentence("Standing in the reference plan"),
    "target": sentence("Target"),
    "gap": sentence("Gap: target less expected"),
}
HOME_STEPS = {
    "named": sentence("Named plants in Japan that operate"),
    "weighted": sentence("Announced in Japan, weighted by status"),
    "target": sentence("Target for Japan itself, {year}"),
}
#: What the bar of the target is made of, with its colours.
PARTS = {"operating": "#00558a", "residual": "#5b8db8", "weighted": "#b7c9da", "gap": "#b3261e"}
OWNERS = (
    Column("owner", sentence("Owner")),
    Column("standing", sentence("Operating"), GWH, "number"),
    Column("announced", sentence("Announced"), GWH, "number"),
    Column("weighted", sentence("Weighted by status"), GWH, "number"),
    Column("counted", sentence("Counted towards the target"), GWH, "number"),
)
PLANTS = (
    Column("name", sentence("Plant")),
    Column("owner", sentence("Owner")),
    Column("place", sentence("Place")),
    Column("gwh", sentence("Capacity"), GWH, "number"),
    Column("status", sentence("State")),
    Column("since", sentence("Since"), how="day"),
    Column("chance", sentence("Weight"), "1", "share"),
    Column("start", sentence("Start"), how="code"),
)
MINERALS = (
    Column("element", sentence("Element")),
    Column("need", sentence("Needed for the target"), "t/y", "number"),
    Column("supply", sentence("Mines of Canada, weighted by status"), "t/y", "number"),
    Column("part", sentence("Part that Canada can carry"), "1", "share"),
)


def target(visit: Visit) -> Shown:
    """Where the target stands, by owner and plant, and what Canada can carry."""
    found, voice, codes = japan_target(), visit.voice, visit.ledger().codes
    gwh = found.gwh
    manifest = kept(TABLES[0]).manifest
    sources = {source["source"]: source for name in TABLES for source in kept(name).manifest["sources"]}
    figures = {name: voice.number(gwh[name]) for name in ("target", "expected", "gap")}
    return Shown(
        title=said("Japan's target: {target} GWh a year in {year}", target=figures["target"], year=str(found.year)),
        lead=said(
            "Cell plants controlled from Japan, wherever they stand, can make {standing} GWh a year now and are "
            "expected to reach {expected}; {gap} GWh are missing.",
            standing=voice.number(found.standing),
            **figures,
        ),
        context={"navigation": NAVIGATION, "here": TARGET},
        tables=[_owners(found), _steps(found), *_home(visit, found), _plants(visit, found), _minerals(found, codes)],
        figures=[_bar(found, visit)],
        command="orepact run",
        sources=[*sources.values()],
        manifest={name: manifest[name] for name in ("data_edition", "scenario", "scenario_hash")},
        warnings=stale(visit.ledger(), TABLES),
    )


def _owners(found: Standing) -> Table:
    rows: list[dict[str, Any]] = [
        {str(name): value if name == "owner" else Number(value or None) for name, value in row.items()}
        for row in found.owners.to_dict("records")
    ]
    rows += [
        {"owner": said(STEPS[name]), "counted": Number(found.gwh[name], confidence="estimated")} for name in ("residual", "gap")
    ]
    rows.append({"owner": said(STEPS["target"]), "counted": Number(found.gwh["target"], why=GOAL)})
    note = sentence("A joint venture counts whole for the country that controls it; its owners stand together.")
    return Table("owners", sentence("By owner"), OWNERS, rows, note=note)


def _steps(found: Standing) -> Table:
    rows = [
        {"step": said(STEPS[row["step"]]), "gwh": Number(row["gwh"], confidence=row["confidence"])}
        for row in found.steps.to_dict("records")
    ]
    columns = (Column("step", sentence("Step")), Column("gwh", sentence("Capacity"), GWH, "number"))
    return Table("steps", sentence("Step by step"), columns, rows)


def _home(visit: Visit, found: Standing) -> list[Table]:
    """The second target of the same strategy, of capacity in Japan itself; nothing where these facts hold none."""
    home = at_home(visit.ledger(), found)
    if home is None:
        return []
    why = Why("JPN/cell", "capacity_target_domestic", home.year)
    numbers = {"named": Number(home.named, confidence="estimated"), "weighted": Number(home.weighted, confidence="estimated")}
    numbers["target"] = Number(home.target, why=why)
    rows = [{"step": said(HOME_STEPS[name], year=str(home.year)), "gwh": number} for name, number in numbers.items()]
    note = sentence(
        "Named plants in Japan that its companies control. Other plants there are in the estimate above, which is not "
        "split by place, so no gap is told."
    )
    columns = (Column("step", sentence("Step")), Column("gwh", sentence("Capacity"), GWH, "number"))
    return [Table("home", sentence("The target at home: cells made in Japan"), columns, rows, note=note)]


def _plants(visit: Visit, found: Standing) -> Table:
    codes, rows = visit.ledger().codes, []
    since = since_of(visit.ledger(), found.plants["site"])
    for row in found.plants.to_dict("records"):
        state, about = codes.statuses.get(row["status"]), {"subject": f"site:{row['site']}"}
        cells = {
            "place": names.end(codes, row["place"]),
            "gwh": Number(row["gwh"], why=Why(f"site:{row['site']}", "capacity"), confidence="estimated"),
            "status": Link(Term(state.title, first=True) if state else row["status"], "/why", {**about, "attribute": "status"}),
            "since": since.get(row["site"]) or None,
            "start": None if math.isnan(row["start_year"]) else str(int(row["start_year"])),
        }
        rows.append({**{name: row[name] for name in ("name", "owner", "chance")}, **cells})
    still = found.plants[found.plants["status"].isin(HELD_UP)]
    held = zip(still["name"], still["gwh"], strict=True)
    listed = visit.voice.listed(f"{name} ({visit.voice.amount(float(gwh), GWH)})" for name, gwh in held)
    text = sentence("Their builders have stopped or put off these; they count by their weight alone: {names}.")
    note = said(text, names=listed) if len(still) else ""
    return Table("plants", sentence("Named cell plants controlled from Japan"), PLANTS, rows, note=note)


def _minerals(found: Standing, codes: Codes) -> Table:
    rows = [
        {
            "element": names.element(codes, row["element"]),
            "need": Number(row["need_t"], confidence="modelled"),
            "supply": Number(row["supply_t"], confidence="estimated"),
            "part": Number(row["part"], "1", confidence="estimated"),
        }
        for row in found.minerals.to_dict("records")
    ]
    note = sentence(
        "Contained tonnes a year, before anything that other buyers take. Graphite is anode material against mined flake, of "
        "which about 2.5 t make 1 t of anode."
    )
    return Table("minerals", sentence("The minerals the target needs, and what Canada can carry"), MINERALS, rows, note=note)


def _bar(found: Standing, visit: Visit) -> Figure:
    """What counts towards the target and what is missing, as one bar."""
    import plotly.graph_objects as go

    voice = visit.voice
    bars = [
        go.Bar(
            x=[round(found.gwh[name], 1)],
            y=[""],
            orientation="h",
            name=voice.translated(STEPS[name]),
            text=[voice.number(found.gwh[name])],
            textposition="inside",
            insidetextanchor="middle",
            marker={"color": colour},
            hovertemplate="%{x} GWh<extra>%{fullData.name}</extra>",
        )
        for name, colour in PARTS.items()
    ]
    plot = go.Figure(bars)
    legend = {"orientation": "h", "y": -0.6, "traceorder": "normal"}
    plot.update_layout(barmode="stack", legend=legend, margin={"l": 12, "r": 26, "t": 8, "b": 30})
    plot.update_xaxes(title={"text": voice.say("GWh a year")}, range=[0, found.gwh["target"]], fixedrange=True)
    plot.update_yaxes(fixedrange=True)
    words = {name: voice.number(found.gwh[name]) for name in ("target", "operating", "residual", "weighted", "gap")}
    summary = said(
        "Of {target} GWh a year, named plants that operate make {operating}, others {residual}, announced ones {weighted}; {gap} "
        "are missing.",
        **words,
    )
    return Figure("target", sentence("What counts towards the target"), plain_plot(plot), summary, table="steps", height=250)


PAGES = (
    Page(
        path=TARGET,
        name="target",
        title=sentence("Japan's target"),
        use=target,
        template="dependence/target.html.j2",
        tab="dependence",
        alike=True,
    ),
)
