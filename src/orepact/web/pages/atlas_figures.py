"""The pictures of the atlas in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.chain.palette import colours_of
from orepact.chain.plot_map import draw_map
from orepact.chain.plot_sankey import draw_sankey
from orepact.chain.plot_time import draw_time
from orepact.report.sentences import Said, said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view.atlas import REST, STOCK
from orepact.web.pages.shown import Figure

if TYPE_CHECKING:
    from orepact.report.voice import Voice
    from orepact.service.view.atlas import Atlas

#: Lines of the map, names on it, and the thinnest link of the Sankey as a part of all.
LINES, LABELS, THREAD = 70, 9, 0.003


def figures(voice: Voice, found: Atlas) -> tuple[Figure, ...]:
    """Map, Sankey and time chart of a selection."""
    return (_map(voice, found), _sankey(voice, found), _time(voice, found))


def plain_plot(plot: Any) -> dict[str, Any]:
    """A picture as a page needs it: without the template, of which the page has its own colours, and without its title."""
    found: dict[str, Any] = plot.to_plotly_json()
    found["layout"].pop("template", None)
    found["layout"].pop("title", None)
    return found


def _colours(found: Atlas) -> dict[str, str]:
    """The colour of every end, the same in all pictures of the page."""
    return colours_of([*found.largest, *found.largest_from, "unknown", STOCK, REST], REST)


def _unit(voice: Voice, found: Atlas) -> str:
    return voice.translated(names.UNITS[found.selection.measure])


def _name(voice: Voice, found: Atlas, name: str) -> str:
    return names.end(found.codes, name).in_voice(voice)


def _map(voice: Voice, found: Atlas) -> Figure:
    moved = found.map.rename(columns={"from": "origin", "to": "destination"})
    told = {each: _name(voice, found, each) for each in {*moved["origin"], *moved["destination"]}}
    plot = draw_map(moved, names.points(found.codes, told), unit=_unit(voice, found), top=LINES, labels=LABELS)
    plot.update_layout(margin={"l": 4, "r": 4, "t": 8, "b": 8})
    title = sentence("Where it goes") if found.selection.by == "place" else sentence("Between the homes of owners")
    return Figure("map", title, plain_plot(plot), _map_words(voice, found), table="map", height=460)


def _map_words(voice: Voice, found: Atlas) -> Said:
    if not len(found.map):
        return said("Nothing crosses a border in this selection.")
    first = found.map.iloc[0]
    ends = {"origin": names.end(found.codes, first["from"]), "destination": names.end(found.codes, first["to"])}
    share = voice.share(round(float(first["amount"]) / float(found.map["amount"].sum()), 2))
    return said("The largest flow, from {origin} to {destination}, is {share} of what crosses a border.", share=share, **ends)


def _sankey(voice: Voice, found: Atlas) -> Figure:
    links = found.sankey[found.sankey["share"] >= THREAD].rename(columns={"from": "from_place", "to": "to_place"})
    ends = [*found.largest, REST, "unknown", STOCK]
    stages = [*found.table.stages, "final use", STOCK]
    ordered = sorted(stages, key=lambda name: found.codes.stages[name].order if name in found.codes.stages else 99)
    plot = draw_sankey(
        links, ends, ordered, unit=_unit(voice, found),
        names=lambda name: _name(voice, found, name), heads=lambda name: names.stage(found.codes, name).in_voice(voice),
        colours=_colours(found),
    )  # fmt: skip
    plot.update_layout(margin={"l": 8, "r": 8, "t": 40, "b": 12})
    summary = said("{n} links from stage to stage; links below a three-hundredth of all are left out.", n=len(links))
    return Figure("sankey", sentence("From stage to stage"), plain_plot(plot), summary, table="sankey", height=480)


def _time(voice: Voice, found: Atlas) -> Figure:
    rows, shares = found.time, found.selection.show == "share"
    planned = [year for year, state in found.table.states.items() if state == "planned"]
    told: dict[str, Any] = {"unit": voice.say("Share") if shares else _unit(voice, found), "shares": shares}
    plot = draw_time(
        rows.assign(amount=rows["share"]) if shares else rows, [*found.largest_from, "unknown", STOCK, REST],
        names=lambda name: _name(voice, found, name), planned_from=min(planned) if planned else None,
        planned_words=voice.say("planned"), marked=found.selection.year, colours=_colours(found),
        **told,
    )  # fmt: skip
    plot.update_layout(
        margin={"l": 64, "r": 8, "t": 36, "b": 24}, meta={"narrow": {"xaxis": {"automargin": True}, "legend": {"y": -0.3}}}
    )
    sums = rows.groupby("year")["amount"].sum()
    first, last = int(sums.index[0]), int(sums.index[-1])
    ends = {
        "first": str(first),
        "last": str(last),
        "from_": voice.number(float(sums[first])),
        "to": voice.number(float(sums[last])),
    }
    if len(found.stages) > 1:
        summary = said(
            "From {from_} in {first} to {to} in {last}, each tonne counted anew at every stage: choose a stage to count it once. "
            "Years of the plan are paler.",
            **ends,
        )
    else:
        summary = said("From {from_} in {first} to {to} in {last}; years of the plan are paler.", **ends)
    return Figure("time", sentence("Over the years"), plain_plot(plot), summary, table="time", height=380)
