"""Carbon: what a kWh of cells emits by place of making, and what one of them is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view import dependence as view
from orepact.web.pages import dependence_figures as drawn
from orepact.web.pages import dependence_parts as own
from orepact.web.pages.dependence_parts import MOST, Name
from orepact.web.pages.page import Asked
from orepact.web.pages.shown import Column, Link, Number, Shown, Table

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

KG = "kg CO2e/kWh"


class CarbonAsked(Asked):
    """Of which good, and the place that is looked into."""

    good: Name = "cell_nmc811"
    place: Name = "KOR"


def carbon(visit: Visit) -> Shown:
    """Footprints of a good by place of making, and what one of them is made of."""
    asked, codes, voice = visit.asked, visit.ledger().codes, visit.voice
    rows = view.footprints(asked.good)
    made = [str(each) for each in rows["place_of_making"].unique()]
    parts = view.footprint_rows(asked.good, asked.place)
    least, most = rows.iloc[0], rows.iloc[-1]
    ends = {"least": names.end(codes, least["place_of_making"]), "most": names.end(codes, most["place_of_making"])}
    figures_ = {"low": voice.number(float(least["total_kg_per_kwh"])), "high": voice.number(float(most["total_kg_per_kwh"]))}
    totals = rows.drop_duplicates("place_of_making")
    command = f"orepact measure carbon --commodity {asked.good} --place {asked.place} --basis production"
    return Shown(
        title=said("Carbon footprint of {good}", good=names.good(codes, asked.good)),
        lead=said("From {low} kg CO2e for each kWh made in {least} to {high} in {most}.", **ends, **figures_),
        context=own.room(
            visit, own.CARBON, {"good": own.listed("carbon", "good"), "place": made}, {"good": names.good, "place": names.end}
        ),
        tables=[_by_maker(codes, totals, asked.good), _inside(codes, parts, asked.place)],
        figures=drawn.carbon_figures(voice, codes, rows),
        command=own.on_these_facts(visit, command),
        **own.about(visit, "carbon"),
    )


def _by_maker(codes: Any, totals: Any, good: str) -> Table:
    cells = []
    for row in totals.to_dict("records"):
        where = row["place_of_making"]
        place = Link(said("{name}", name=names.end(codes, where)), own.CARBON, {"good": good, "place": where})
        kg = Number(row["total_kg_per_kwh"], confidence="estimated" if row["grade"] in {"C", "D"} else "")
        cells.append({"place": place, "kg": kg, "grade": row["grade"]})
    columns = (
        Column("place", sentence("Made in")),
        Column("kg", sentence("Footprint"), KG, "number"),
        Column("grade", sentence("Data quality"), how="code"),
    )
    note = sentence("A is the best data, D the weakest: most factors are estimates.")
    return Table("places", sentence("By place of making"), columns, cells, note=note)


def _inside(codes: Any, parts: Any, place: str) -> Table:
    cells = [
        {
            "stage": names.stage(codes, row["stage"]),
            "place": names.end(codes, row["place"]),
            "kg": row["kg_co2e_per_kwh"],
            "share": row["share"],
        }
        for row in parts.to_dict("records")
    ]
    columns = (
        Column("stage", sentence("Stage")),
        Column("place", sentence("Emitted in")),
        Column("kg", sentence("Footprint"), KG, "number"),
        Column("share", sentence("Share"), "1", "share"),
    )
    title = said("What a kWh made in {place} is made of", place=names.end(codes, place))
    return Table("parts", title, columns, cells, empty=sentence("None is made there."), most=MOST)


PAGES = (own.page(own.CARBON, sentence("Carbon"), carbon, CarbonAsked),)
