"""Plotly figures as plain JSON: stacked bars with lines, stacked areas, a bar of steps; and those that flows draw themselves."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.chain.palette import COLOURS, REST, TEXT

if TYPE_CHECKING:
    import pandas as pd

Figure = dict[str, Any]
BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, BROWN = COLOURS
#: Colours of series in order, and a pale one for what is not known.
SERIES = (ORANGE, BROWN, GREEN, RED, SKY, BLUE, PINK, YELLOW)
PALE = "#DADCE0"
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK JP', 'Noto Sans KR', "
    "'Hiragino Sans', 'Malgun Gothic', sans-serif"
)
PARTY_COLOURS = {"CAN": RED, "KOR": BLUE, "JPN": PINK, "USA": SKY, "europe": GREEN, "CHN": ORANGE, "rest": REST}
#: Colour of each group of statuses, and whether it is hatched (not under construction yet).
STATUS_STYLE = {
    "Operating": (BLUE, False),
    "Under construction": (SKY, False),
    "Permitting or planned": (GREEN, True),
    "Study or early": (ORANGE, True),
    "Paused or suspended": (BROWN, True),
    "Status unknown": (REST, True),
}
#: Colour and dash of the need lines, in order.
LINE_STYLE = ((TEXT, "solid"), (TEXT, "dot"), (RED, "solid"), (RED, "dot"))


def layout(**more: Any) -> Figure:
    """Layout of every figure: white, one font, thin grid."""
    axis = {"gridcolor": "#E8EAED", "zerolinecolor": "#9AA0A6", "automargin": True}
    base: Figure = {
        "font": {"family": FONT, "size": 13, "color": TEXT},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 56, "r": 20, "t": 28, "b": 36},
        "showlegend": False,
        "hoverlabel": {"bgcolor": "white", "font": {"size": 13}},
        "xaxis": {"type": "category", "fixedrange": True},
        "yaxis": {**axis, "rangemode": "tozero", "fixedrange": True, "tickformat": "~s"},
    }
    return base | more


def _marker(colour: str, hatched: bool) -> Figure:
    if not hatched:
        return {"color": colour}
    return {
        "color": colour,
        "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.75, "size": 7, "solidity": 0.3},
    }


def bars_and_lines(bars: pd.DataFrame, lines: pd.DataFrame, unit: str, styles: Mapping[str, tuple[str, bool]]) -> Figure:
    """Stacked bars (rows of ``bars``) and lines (rows of ``lines``) over years (columns)."""
    years = [str(year) for year in bars.columns]
    traces: list[Figure] = []
    for name, values in bars.iterrows():
        colour, hatched = styles[str(name)]
        if values.any():
            hover = f"%{{x}}: %{{y:,.3s}} {unit}<extra>{name}</extra>"
            traces.append(
                {
                    "type": "bar",
                    "name": str(name),
                    "x": years,
                    "y": _rounded(values),
                    "marker": _marker(colour, hatched),
                    "hovertemplate": hover,
                }
            )
    for (name, values), (colour, dash) in zip(lines.iterrows(), LINE_STYLE, strict=False):
        hover = f"%{{x}}: %{{y:,.3s}} {unit}<extra>{name}</extra>"
        line = {"color": colour, "dash": dash, "width": 2.5}
        mode = {
            "mode": "lines+markers",
            "line": line,
            "marker": {"size": 6, "symbol": "circle" if dash == "solid" else "diamond"},
        }
        traces.append({"type": "scatter", "name": str(name), "x": years, "y": _rounded(values), "hovertemplate": hover, **mode})
    return {"data": traces, "layout": layout(barmode="stack", title=_unit_title(unit))}


def stacked_areas(table: pd.DataFrame, title: str, unit: str, colours: Mapping[str, str], names: Mapping[str, str]) -> Figure:
    """Stacked bars of a product by party (rows) over years (columns), its title above."""
    years = [str(year) for year in table.columns]
    traces = [
        {
            "type": "bar",
            "name": names[str(party)],
            "x": years,
            "y": _rounded(values),
            "marker": {"color": colours[str(party)]},
            "hovertemplate": f"%{{x}}: %{{y:,.3s}} {unit}<extra>{names[str(party)]}</extra>",
        }
        for party, values in table.iterrows()
    ]
    heading = {"text": f"<b>{title}</b>, {unit} a year", "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 13}}
    return {
        "data": traces,
        "layout": layout(barmode="stack", bargap=0.12, title=heading, margin={"l": 44, "r": 18, "t": 36, "b": 32}),
    }


def part_bars(table: pd.DataFrame, colours: Sequence[str]) -> Figure:
    """Grouped horizontal bars of fractions: rows are categories, columns years."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": str(year),
            "y": [str(name) for name in table.index],
            "x": _rounded(table[year]),
            "marker": {"color": colour},
            "hovertemplate": f"%{{y}}, {year}: %{{x:.0%}} of demand<extra></extra>",
        }
        for year, colour in zip(table.columns, colours, strict=False)
    ]
    axes = {
        "xaxis": {"tickformat": ".0%", "range": [0, _reach(table)], "gridcolor": "#E8EAED", "fixedrange": True},
        "yaxis": {"automargin": True, "autorange": "reversed", "fixedrange": True},
    }
    return {"data": traces, "layout": layout(barmode="group", **axes)}


def _reach(table: pd.DataFrame) -> float:
    """Where an axis of fractions ends: a little beyond the largest, at most at 1."""
    return min(1.0, max(0.1, 1.15 * float(np.nanmax(table.to_numpy(dtype=float), initial=0.0))))


def compared_bars(table: pd.DataFrame, colours: Mapping[str, str], title: str) -> Figure:
    """Grouped horizontal bars of fractions of 1, first column on top: rows are categories."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": str(name),
            "y": [str(label) for label in table.index],
            "x": _rounded(table[name]),
            "marker": {"color": colours[str(name)]},
            "hovertemplate": f"%{{y}}: %{{x:.0%}}<extra>{name}</extra>",
        }
        for name in table.columns
    ]
    axes = {
        "xaxis": {"tickformat": ".0%", "range": [0, 1], "gridcolor": "#E8EAED", "fixedrange": True},
        "yaxis": {"automargin": True, "autorange": "reversed", "fixedrange": True},
    }
    heading = {"text": f"<b>{title}</b>", "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 13}}
    margin = {"l": 8, "r": 16, "t": 34, "b": 32}
    return {"data": traces, "layout": layout(barmode="group", bargap=0.28, title=heading, margin=margin, **axes)}


def share_bars(table: pd.DataFrame, colours: Mapping[str, str]) -> Figure:
    """Stacked horizontal bars of fractions that fill the whole: rows are bars, columns parts."""
    labels = [str(name) for name in table.index]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": str(part),
            "y": labels,
            "x": _rounded(table[part]),
            "marker": {"color": colours[str(part)]},
            "hovertemplate": f"%{{y}}: %{{x:.0%}} {part}<extra></extra>",
        }
        for part in table.columns
        if table[part].any()
    ]
    axes = {
        "xaxis": {"tickformat": ".0%", "range": [0, 1], "gridcolor": "#E8EAED", "fixedrange": True},
        "yaxis": {"automargin": True, "autorange": "reversed", "fixedrange": True},
    }
    return {"data": traces, "layout": layout(barmode="stack", bargap=0.2, margin={"l": 8, "r": 20, "t": 12, "b": 32}, **axes)}


def amount_bars(table: pd.DataFrame, colours: Mapping[str, str], title: str, unit: str, reach: float) -> Figure:
    """Stacked horizontal bars of quantities up to ``reach``, the sum at the end: rows are bars, columns parts."""
    labels = [str(name) for name in table.index]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": str(part),
            "y": labels,
            "x": _rounded(table[part]),
            "marker": {"color": colours[str(part)]},
            "hovertemplate": f"%{{y}}: %{{x:.3~g}} {unit}<extra>{part}</extra>",
        }
        for part in table.columns
        if table[part].any()
    ]
    sums = [
        {
            "x": total,
            "y": label,
            "text": f"<b>{total:.0f}</b>" if total else "none made",
            "showarrow": False,
            "xanchor": "left",
            "xshift": 4,
        }
        for label, total in zip(labels, _rounded(table.sum(axis=1)), strict=True)
    ]
    axes = {
        "xaxis": {
            "range": [0, 1.08 * reach],
            "gridcolor": "#E8EAED",
            "fixedrange": True,
            "title": {"text": unit, "standoff": 6, "font": {"size": 12}},
        },
        "yaxis": {"automargin": True, "autorange": "reversed", "fixedrange": True, "type": "category"},
    }
    heading = {"text": f"<b>{title}</b>", "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 13}}
    margin = {"l": 8, "r": 12, "t": 34 if title else 10, "b": 44}
    more = {"annotations": sums, "margin": margin, **({"title": heading} if title else {}), **axes}
    return {"data": traces, "layout": layout(barmode="stack", bargap=0.3, **more)}


def share_lines(series: Mapping[str, tuple[list[int], list[float], list[str], str]], title: str) -> Figure:
    """Lines of fractions over years, each as years, fractions, names of the points, and colour; the last name stands beside."""
    traces: list[Figure] = []
    ends: list[tuple[float, str, str]] = []
    for label, (years, values, names, colour) in series.items():
        hover = "%{x}: %{y:.0%} from %{text}<extra>" + label + "</extra>"
        style = {"line": {"color": colour, "width": 2.5}, "marker": {"size": 5, "color": colour}, "mode": "lines+markers"}
        points = {"x": years, "y": [round(value, 4) for value in values], "text": names}
        traces.append({"type": "scatter", "name": label, **points, **style, "hovertemplate": hover})
        ends.append((values[-1], names[-1], colour))
    notes = [
        {
            "x": 1.01,
            "xref": "paper",
            "y": at,
            "text": name,
            "showarrow": False,
            "xanchor": "left",
            "font": {"size": 12, "color": colour},
        }
        for at, name, colour in _apart(ends, 0.08)
    ]
    axes = {
        "xaxis": {"fixedrange": True, "dtick": 3, "tick0": 2015, "tickformat": "d", "showgrid": False, "automargin": True},
        "yaxis": {"tickformat": ".0%", "range": [0, 1.03], "gridcolor": "#E8EAED", "fixedrange": True, "automargin": True},
    }
    heading = {"text": f"<b>{title}</b>", "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 13}}
    return {
        "data": traces,
        "layout": layout(title=heading, annotations=notes, margin={"l": 44, "r": 128, "t": 36, "b": 32}, **axes),
    }


def _apart(ends: Sequence[tuple[float, str, str]], gap: float) -> list[tuple[float, str, str]]:
    """Labels moved up so that none covers another."""
    placed: list[tuple[float, str, str]] = []
    for at, name, colour in sorted(ends):
        placed.append((max(at, placed[-1][0] + gap) if placed else at, name, colour))
    return placed


def step_bar(steps: Sequence[tuple[str, float, str, bool]], unit: str, mark: tuple[str, float]) -> Figure:
    """One horizontal stacked bar of steps (label, quantity, colour, hatched) with a marked line (label, quantity)."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": [""],
            "x": [round(value, 3)],
            "marker": _marker(colour, hatched),
            "text": [f"{value:,.0f}"],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"color": "white" if colour in {BLUE, RED, BROWN} else TEXT},
            "hovertemplate": f"{name}: %{{x:,.0f}} {unit}<extra></extra>",
        }
        for name, value, colour, hatched in steps
        if value > 0
    ]
    line = {"type": "line", "x0": mark[1], "x1": mark[1], "y0": -0.5, "y1": 0.5, "line": {"color": TEXT, "width": 3}}
    note = {"x": mark[1], "y": 0.5, "text": mark[0], "showarrow": False, "yanchor": "bottom", "xanchor": "right"}
    axes = {
        "xaxis": {"rangemode": "tozero", "gridcolor": "#E8EAED", "fixedrange": True, "title": {"text": unit}},
        "yaxis": {"fixedrange": True},
    }
    return {
        "data": traces,
        "layout": layout(barmode="stack", shapes=[line], annotations=[note], margin={"l": 12, "r": 16, "t": 28, "b": 44}, **axes),
    }


def drawn(figure: Any, *, title: bool = False) -> Figure:
    """A Plotly figure as plain JSON, without its template and (unless asked) its title."""
    content: Figure = json.loads(figure.to_json())
    content["layout"].pop("template", None)
    if not title:
        content["layout"].pop("title", None)
    content["layout"]["font"] = {"family": FONT, "size": 13, "color": TEXT}
    content["layout"].pop("height", None)
    return content


def drawn_map(figure: Any) -> Figure:
    """A map as plain JSON, lighter: coordinates to a thousandth, hover words at every fourth point of a line."""
    content = drawn(figure)
    for trace in content["data"]:
        for axis in ("x", "y"):
            trace[axis] = _thousandths(trace[axis])
        if trace.get("mode") == "lines" and isinstance(trace.get("text"), list):
            trace["text"] = [text if at % 4 == 0 else "" for at, text in enumerate(trace["text"])]
    return content


def _thousandths(values: Any) -> list[float | None]:
    """Coordinates to a thousandth, gaps as None; Plotly hands over long ones as base64."""
    if isinstance(values, dict):
        values = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist()
    return [None if value is None or math.isnan(value) else round(value, 3) for value in values]


def _unit_title(unit: str) -> Figure:
    return {"text": f"{unit} a year", "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 12}}


def _rounded(values: pd.Series) -> list[float | None]:
    """Values with five digits that count: enough for a picture."""
    return [None if math.isnan(value) else float(f"{float(value):.5g}") for value in values]
