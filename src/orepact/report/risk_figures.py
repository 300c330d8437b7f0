"""Plotly figures of sampled years and of exposure, as plain JSON: losses exceeded, times to survive and to recover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from orepact.chain.palette import TEXT
from orepact.report.figures import BLUE, ORANGE, RED, Figure, layout
from orepact.report.shock_figures import cut_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Points of a curve of many years.
MOST_POINTS = 600
#: Where an element that survives for ever stands on the axis: beyond the largest finite time by this factor.
BEYOND = 2.0


def exceeded(losses: NDArray[np.float64], unit: str, marks: Mapping[str, float]) -> Figure:
    """Share of years (log scale) that lose more than a loss, with marked losses (value and conditional value at risk)."""
    ordered = np.sort(losses)[::-1]
    share = np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    keep = np.unique(np.geomspace(1, max(len(ordered), 1), MOST_POINTS).round().astype(int)) - 1
    curve = {
        "type": "scatter",
        "mode": "lines",
        "x": [float(f"{value:.5g}") for value in ordered[keep]],
        "y": [float(f"{value:.5g}") for value in share[keep]],
        "line": {"color": BLUE, "width": 2.6, "shape": "vh"},
        "hovertemplate": f"%{{y:.2~%}} of years lose %{{x:,.3~r}} {unit} or more<extra></extra>",
    }
    lines = [
        {
            "type": "line",
            "x0": value,
            "x1": value,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": TEXT, "width": 1.5, "dash": "dot"},
        }
        for value in marks.values()
    ]
    notes = [
        {"x": value, "y": 1 - 0.07 * at, "yref": "paper", "text": name, "showarrow": False, "xanchor": "left", "xshift": 4}
        for at, (name, value) in enumerate(marks.items())
    ]
    axes = {
        "xaxis": {"title": {"text": f"lost in a year, {unit}"}, "rangemode": "tozero", "tickformat": ",.4~r", "fixedrange": True},
        "yaxis": {
            "type": "log",
            "title": {"text": "share of years that lose as much or more"},
            "tickformat": ".2~%",
            "gridcolor": "#E8EAED",
            "fixedrange": True,
        },
    }
    return {
        "data": [curve],
        "layout": layout(shapes=lines, annotations=notes, margin={"l": 72, "r": 20, "t": 12, "b": 52}, **axes),
    }


def paired_bars(names: Sequence[str], pairs: Mapping[str, Sequence[float]], unit: str) -> Figure:
    """Two horizontal bars a name, one for each series of ``pairs`` (title to values)."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": title,
            "y": list(names),
            "x": [float(f"{value:.5g}") for value in values],
            "marker": {"color": colour},
            "hovertemplate": f"%{{y}}: %{{x:,.3~r}} {unit}<extra>{title}</extra>",
        }
        for (title, values), colour in zip(pairs.items(), (BLUE, ORANGE), strict=False)
    ]
    axes = {
        "xaxis": {
            "gridcolor": "#E8EAED",
            "rangemode": "tozero",
            "fixedrange": True,
            "title": {"text": unit},
            "tickformat": ",.4~r",
        },
        "yaxis": {
            "automargin": True,
            "autorange": "reversed",
            "fixedrange": True,
            "type": "category",
            "tickvals": list(names),
            "ticktext": [cut_words(name) for name in names],
        },
    }
    return {"data": traces, "layout": layout(barmode="group", bargap=0.3, margin={"l": 8, "r": 24, "t": 8, "b": 48}, **axes)}


def times(points: Sequence[tuple[str, float, float, float]], unit: str) -> Figure:
    """Time to survive against time to recover, an element a point (name, recover, survive, index of its loss).

    Points below the line lose something; those that survive for ever stand on the dashed line at the top.
    """
    finite = [survive for _, _, survive, _ in points if np.isfinite(survive)]
    top = max([*finite, *(recover for _, recover, _, _ in points), 1.0]) * BEYOND
    size = [8 + 26 * float(np.sqrt(max(index, 0.0))) for *_, index in points]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [float(f"{recover:.5g}") for _, recover, _, _ in points],
        "y": [float(f"{survive:.5g}") if np.isfinite(survive) else top for _, _, survive, _ in points],
        "text": [name for name, *_ in points],
        "customdata": ["unlimited" if not np.isfinite(survive) else f"{survive:.3g}" for _, _, survive, _ in points],
        "marker": {
            "size": size,
            "color": [RED if survive < recover else BLUE for _, recover, survive, _ in points],
            "opacity": 0.55,
            "line": {"width": 0.5, "color": "white"},
        },
        "hovertemplate": f"%{{text}}: recovers in %{{x:.3~r}}, survives %{{customdata}} {unit}<extra></extra>",
    }
    reach = max((recover for _, recover, _, _ in points), default=1.0) * 1.05
    shapes = [
        {"type": "line", "x0": 0, "y0": 0, "x1": reach, "y1": reach, "line": {"color": TEXT, "width": 1.5}},
        {"type": "line", "x0": 0, "y0": top, "x1": reach, "y1": top, "line": {"color": TEXT, "width": 1, "dash": "dash"}},
    ]
    notes = [
        {"x": 0, "y": top, "text": "unlimited", "showarrow": False, "xanchor": "left", "yanchor": "bottom", "font": {"size": 11}}
    ]
    axes = {
        "xaxis": {"title": {"text": f"time to recover, {unit}"}, "range": [0, reach], "fixedrange": True, "gridcolor": "#E8EAED"},
        "yaxis": {
            "title": {"text": f"time to survive, {unit}"},
            "range": [0, top * 1.08],
            "fixedrange": True,
            "gridcolor": "#E8EAED",
        },
    }
    return {
        "data": [trace],
        "layout": layout(shapes=shapes, annotations=notes, margin={"l": 64, "r": 20, "t": 12, "b": 52}, **axes),
    }
