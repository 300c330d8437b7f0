"""Plotly figures of a shock as plain JSON: lines by week, stocks in days, plants that stop, ranked bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from orepact.chain.palette import TEXT, faded
from orepact.report.figures import BLUE, GREEN, ORANGE, PINK, RED, SKY, Figure, layout

if TYPE_CHECKING:
    import pandas as pd

#: Colour and dash of each response, worst first.
RESPONSE_STYLE = {"contracts": (RED, "dot"), "market": (BLUE, "dash"), "pact": (GREEN, "solid")}
RESPONSE_TITLES = {"contracts": "Contracts kept", "market": "Market", "pact": "Pact"}
#: Colours of parties in order of size.
PARTY_SERIES = (BLUE, ORANGE, GREEN, RED, SKY, PINK)
#: Share of usual output: stopped is dark, as usual is nearly white.
OUTPUT_SCALE = ((0.0, "#7A1F00"), (0.5, "#E69F00"), (0.98, "#FDF3DC"), (1.0, "#F1F3F4"))
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
#: Letters of a line of a name beside a picture, and lines: where there is room, and on a small screen.
ROOMY, NARROW = (42, 2), (19, 3)
WASH = "rgba(230,159,0,0.13)"


def days_of(start: date, weeks: Sequence[int]) -> list[str]:
    """First day of each week after ``start``, ISO.

    >>> days_of(date(2025, 2, 22), [0, 2])
    ['2025-02-22', '2025-03-08']
    """
    return [(start + timedelta(weeks=int(week))).isoformat() for week in weeks]


def event_shade(start: date, first: int, last: int) -> list[Figure]:
    """A band over the weeks in which the event lasts (``last`` is the first week after it), as layout shapes."""
    x0, x1 = days_of(start, [first, last])
    edges = {"type": "rect", "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "y0": 0, "y1": 1}
    return [{**edges, "fillcolor": WASH, "line": {"width": 0}, "layer": "below"}]


def weekly_lines(table: pd.DataFrame, start: date, unit: str, shade: Sequence[Figure] = ()) -> Figure:
    """One line a response (columns of ``table``) over weeks (its index), the area below faintly filled."""
    weeks = [int(str(week)) for week in table.index]
    days = days_of(start, [*weeks, weeks[-1] + 1])
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": RESPONSE_TITLES[str(name)],
            "x": days,
            "y": [*values_of(table[name]), *values_of(table[name].iloc[-1:])],
            "line": {"color": colour, "width": 2.6, "dash": dash, "shape": "hv"},
            "fill": "tozeroy",
            "fillcolor": faded(colour, 0.06),
            "hovertemplate": f"week of %{{x|%-d %b %Y}}: %{{y:,.3~r}} {unit}<extra>{RESPONSE_TITLES[str(name)]}</extra>",
        }
        for name, (colour, dash) in RESPONSE_STYLE.items()
        if name in table
    ]
    return {"data": traces, "layout": dated_layout(f"{unit} a week", shade)}


def party_lines(table: pd.DataFrame, start: date, title: str, unit: str, shade: Sequence[Figure] = ()) -> Figure:
    """One line a party (columns, at most six) over weeks (index): days of cover, for one good."""
    days = days_of(start, table.index.to_list())
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": str(name),
            "x": days,
            "y": values_of(table[name]),
            "line": {"color": colour, "width": 2.4, "dash": dash},
            "hovertemplate": f"%{{x|%-d %b %Y}}: %{{y:.0f}} {unit}<extra>{name}</extra>",
        }
        for name, colour, dash in zip(table.columns, PARTY_SERIES, DASHES, strict=False)
    ]
    found = dated_layout(f"{title}, {unit}", shade)
    found["legend"] = {"orientation": "h", "x": 0, "y": -0.16, "yanchor": "top"}
    found["margin"] = {**found["margin"], "b": 84}
    return {"data": traces, "layout": found | {"showlegend": True}}


def output_map(table: pd.DataFrame, start: date, shade: Sequence[Figure] = ()) -> Figure:
    """Plants (index) by week (columns): share of usual output as a colour, from stopped (dark) to as usual (pale).

    Long names stand on two lines, on a small screen on three narrow ones (``meta.narrow`` of the layout), the longest cut;
    pointing at a cell shows them whole.
    """
    names = [str(name) for name in table.index]
    grid = [[None if math.isnan(value) else round(float(value), 3) for value in row] for row in table.to_numpy()]
    trace = {
        "type": "heatmap",
        "x": days_of(start, [int(str(week)) for week in table.columns]),
        "y": names,
        "z": grid,
        "zmin": 0,
        "zmax": 1,
        "colorscale": [list(step) for step in OUTPUT_SCALE],
        "xgap": 0.5,
        "ygap": 2,
        "colorbar": {
            # above the picture: at its side it would leave no room for the weeks on a small screen
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1,
            "yanchor": "bottom",
            "len": 1,
            "tickformat": ".0%",
            "thickness": 10,
            "outlinewidth": 0,
            "title": {"text": "of usual output", "font": {"size": 12}},
        },
        "hovertemplate": "%{y}, week of %{x|%-d %b %Y}: %{z:.0%} of usual output<extra></extra>",
    }
    more = {
        "xaxis": {"type": "date", "fixedrange": True, "showgrid": False, "automargin": True, "tickformat": "%-d %b\n%Y"},
        "yaxis": {
            "automargin": True,
            "autorange": "reversed",
            "fixedrange": True,
            "type": "category",
            "showgrid": False,
            "tickvals": names,
            "ticktext": [wrapped(name, *ROOMY) for name in names],
        },
        "meta": {"narrow": {"yaxis": {"ticktext": [wrapped(name, *NARROW) for name in names], "tickfont": {"size": 9}}}},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 32},
        "shapes": [_framed(one) for one in shade],
    }
    return {"data": [trace], "layout": layout(**more)}


def _framed(band: Figure) -> Figure:
    """A band as a frame, moved by half a week: cells stand around the first day of their week."""
    ends = {at: (datetime.fromisoformat(band[at]) - timedelta(days=3.5)).isoformat() for at in ("x0", "x1")}
    return {**band, **ends, "fillcolor": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": TEXT}, "layer": "above"}


def response_bars(table: pd.DataFrame, unit: str, form: str = ",.4~r") -> Figure:
    """Grouped horizontal bars: rows are parties, columns responses."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": RESPONSE_TITLES[str(name)],
            "y": [str(party) for party in table.index],
            "x": values_of(table[name]),
            "marker": {"color": colour},
            "hovertemplate": f"%{{y}}: %{{x:,.3~r}} {unit}<extra>{RESPONSE_TITLES[str(name)]}</extra>",
        }
        for name, (colour, _) in RESPONSE_STYLE.items()
        if name in table
    ]
    return {"data": traces, "layout": layout(barmode="group", bargap=0.25, **_across(unit, form))}


def ranked_bars(values: Mapping[str, float], unit: str, colours: Mapping[str, str] | None = None, form: str = ",.4~r") -> Figure:
    """One horizontal bar a name, in the order given, its value beside it."""
    names = list(values)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [float(f"{value:.5g}") for value in values.values()],
        "marker": {"color": [(colours or {}).get(name, GREEN) for name in names]},
        "texttemplate": "%{x:,.3~r}",
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": f"%{{y}}: %{{x:,.3~r}} {unit}<extra></extra>",
    }
    reach = max([*values.values(), 0.0])
    more = _across(unit, form)
    more["yaxis"] |= {"tickvals": names, "ticktext": [name if "<br>" in name else wrapped(name) for name in names]}
    more["xaxis"]["range"] = [min([*values.values(), 0.0]) * 1.15, reach * 1.15 or 1.0]
    return {"data": [trace], "layout": layout(bargap=0.35, **more)}


def dated_layout(heading: str, shade: Sequence[Figure] = ()) -> Figure:
    """Layout of a figure over calendar weeks with its quantity as heading."""
    title = {"text": heading, "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 12}}
    axis = {"type": "date", "fixedrange": True, "showgrid": False, "automargin": True, "tickformat": "%-d %b\n%Y"}
    rise = {"gridcolor": "#E8EAED", "rangemode": "tozero", "fixedrange": True, "automargin": True, "tickformat": ",.4~r"}
    margin = {"l": 56, "r": 20, "t": 32, "b": 36}
    return layout(title=title, xaxis=axis, yaxis=rise, shapes=list(shade), margin=margin)


def _across(unit: str, form: str) -> dict[str, Any]:
    """Axes of horizontal bars."""
    return {
        "xaxis": {
            "gridcolor": "#E8EAED",
            "rangemode": "tozero",
            "fixedrange": True,
            "tickformat": form,
            "tickangle": 0,
            "title": {"text": unit, "standoff": 6, "font": {"size": 12}},
        },
        "yaxis": {"automargin": True, "autorange": "reversed", "fixedrange": True, "type": "category"},
        "margin": {"l": 8, "r": 24, "t": 8, "b": 44},
    }


def cut_words(name: str, most: int) -> str:
    """A name of at most so many letters.

    >>> cut_words("Cobalt metal, Finland: other makers", 20)
    'Cobalt metal, Finla…'
    """
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def wrapped(name: str, width: int = 24, most: int = 2) -> str:
    """A name on at most so many lines, so that it leaves room for bars on a small screen.

    >>> wrapped("Electric car with nickel-based battery")
    'Electric car with<br>nickel-based battery'
    """
    lines = wrap(name, width) or [""]
    rest = " ".join(lines[most - 1 :])
    return "<br>".join([*lines[: most - 1], *([cut_words(rest, width + 6)] if rest else [])])


def values_of(values: pd.Series) -> list[float | None]:
    """Values with five digits that count, gaps as None."""
    return [None if math.isnan(value) else float(f"{float(value):.5g}") for value in values]
