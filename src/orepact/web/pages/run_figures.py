"""Charts of plans and shocks in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from orepact.chain.palette import tight
from orepact.report.figures import PARTY_COLOURS, layout
from orepact.report.shock_figures import RESPONSE_STYLE, days_of, values_of
from orepact.web.pages.run_names import RESPONSES

if TYPE_CHECKING:
    import pandas as pd

    from orepact.report.voice import Voice

Plot = dict[str, Any]
DATES = {"type": "date", "fixedrange": True, "showgrid": False, "automargin": True}
#: A date axis has a word every so many months.
MONTHS = 2
AMOUNTS = {"rangemode": "tozero", "fixedrange": True, "automargin": True, "tickformat": ",.4~r"}
LEGEND = {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"}
GREY = "#9AA0A6"
BAND = "rgba(128,138,148,0.16)"


def response_weeks(
    voice: Voice, table: pd.DataFrame, start: date, unit: str, event: tuple[int, int], *, steps: bool = True
) -> Plot:
    """One line a response (columns) over weeks (index) that begin on ``start``; a band shows the weeks of the event."""
    weeks = [int(week) for week in table.index]
    days = days_of(start, weeks)
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": voice.translated(RESPONSES[name]),
            "x": days,
            "y": values_of(table[name]),
            "line": {"color": colour, "width": 2.6, "dash": dash, "shape": "hv" if steps else "linear"},
            "text": [voice.when(day) for day in days],
            "hovertemplate": f"%{{text}}: %{{y:,.3~r}} {unit}<extra>{voice.translated(RESPONSES[name])}</extra>",
        }
        for name, (colour, dash) in RESPONSE_STYLE.items()
        if name in table
    ]
    first, last = days_of(start, [*event])
    band = {"type": "rect", "xref": "x", "yref": "paper", "x0": first, "x1": last, "y0": 0, "y1": 1, "fillcolor": BAND}
    shapes = [{**band, "line": {"width": 0}, "layer": "below"}]
    heading = {"text": unit, "x": 0, "xref": "paper", "y": 1.08, "yref": "paper", "showarrow": False, "xanchor": "left"}
    more = {"annotations": [heading], "shapes": shapes, "showlegend": True, "legend": LEGEND, "hovermode": "x unified"}
    return {
        "data": traces,
        "layout": layout(xaxis=_months(voice, days), yaxis=AMOUNTS, margin={"l": 48, "r": 12, "t": 30, "b": 70}, **more),
    }


def _months(voice: Voice, days: Sequence[str]) -> Plot:
    """A date axis with months in the reader's language."""
    months = list(dict.fromkeys(day[:7] for day in days))[1::MONTHS]
    return {**DATES, "tickvals": [f"{month}-01" for month in months], "ticktext": [_month(voice, month) for month in months]}


def _month(voice: Voice, month: str) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMM", date.fromisoformat(f"{month}-01"), locale=voice.locale)).replace(" ", "<br>", 1)


def stacked_years(table: pd.DataFrame, unit: str, names: Mapping[str, str], colours: Mapping[str, str] = PARTY_COLOURS) -> Plot:
    """Bars over years (columns), one part for each row."""
    years = [str(year) for year in table.columns]
    traces = [
        {
            "type": "bar",
            "name": names.get(str(part), str(part)),
            "x": years,
            "y": values_of(values),
            "marker": {"color": colours.get(str(part), GREY)},
            "hovertemplate": f"%{{x}}: %{{y:,.3~r}} {unit}<extra>{names.get(str(part), str(part))}</extra>",
        }
        for part, values in table.iterrows()
    ]
    heading = {"text": unit, "x": 0, "xref": "paper", "y": 1.08, "yref": "paper", "showarrow": False, "xanchor": "left"}
    sums = [float(each) for each in table.clip(lower=0.0).sum()]
    axes: Plot = {
        "xaxis": {"type": "category", "fixedrange": True},
        "yaxis": {**AMOUNTS, "range": [0, 1.1 * max(sums, default=0.0) or 1.0]},
    }
    more: Plot = {"annotations": [heading, *_sums(sums)], "showlegend": True, "legend": LEGEND}
    return {
        "data": traces,
        "layout": layout(barmode="stack", bargap=0.14, margin={"l": 48, "r": 12, "t": 30, "b": 70}, **axes, **more),
    }


def _sums(sums: Sequence[float]) -> list[Plot]:
    """The sum above every bar: a low one tells its height too."""
    look = {"xref": "x", "yref": "y", "showarrow": False, "yanchor": "bottom", "font": {"size": 11}}
    return [{"x": at, "y": amount, "text": tight(amount), **look} for at, amount in enumerate(sums)]


def party_bars(voice: Voice, values: Mapping[str, Sequence[float]], parties: Sequence[str], unit: str) -> Plot:
    """Lying bars side by side: ``values`` by response, one for each of ``parties``."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": voice.translated(RESPONSES[name]),
            "y": [*parties],
            "x": [*values[name]],
            "marker": {"color": RESPONSE_STYLE[name][0]},
            "texttemplate": "%{x:,.3~r}",
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"%{{y}}: %{{x:,.3~r}} {unit}<extra>{voice.translated(RESPONSES[name])}</extra>",
        }
        for name in RESPONSES
        if name in values
    ]
    reach = max((value for each in values.values() for value in each), default=0.0) or 1.0
    axes: Plot = {
        "xaxis": {"range": [0, reach * 1.14], "fixedrange": True, "title": {"text": unit}, "tickformat": ",.4~r"},
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "type": "category"},
    }
    margin = {"l": 8, "r": 8, "t": 8, "b": 90}
    legend = {**LEGEND, "y": -0.24, "traceorder": "normal"}
    return {"data": traces, "layout": layout(barmode="group", bargap=0.3, margin=margin, showlegend=True, legend=legend, **axes)}
