"""Plotly figures of sampled years and of exposure, as plain JSON: losses exceeded, times to survive and to recover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from orepact.chain.palette import TEXT
from orepact.report.figures import BLUE, ORANGE, RED, Figure, layout
from orepact.report.shock_figures import wrapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Points of a curve of many years.
MOST_POINTS = 600
#: Where an element that survives for ever stands on the axis: beyond the largest finite time by this factor.
BEYOND = 2.0
#: Losses below this part of the largest are left out of the curve: nobody plans for them.
LEAST_SHOWN = 1e-6
#: Part of an axis that is left free beyond the last points, points with a name, and how far apart names stand.
ROOM, NAMED, APART = 0.08, 5, 0.09
#: Shares of years that the axis names.
SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 1e-4)


def exceeded(losses: NDArray[np.float64], unit: str, marks: Mapping[str, float]) -> Figure:
    """Share of years (log scale) that lose more than a loss, with marked losses (value and conditional value at risk)."""
    ordered = np.sort(losses)[::-1]
    share = np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    keep = np.unique(np.geomspace(1, max(len(ordered), 1), MOST_POINTS).round().astype(int)) - 1
    positive = ordered[keep][ordered[keep] > 0]
    lowest = max(float(positive.min(initial=1.0)), float(ordered.max(initial=1.0)) * LEAST_SHOWN)
    curve = {
        "type": "scatter",
        "mode": "lines",
        "x": [float(f"{value:.5g}") for value in ordered[keep]],
        "y": [float(f"{value:.5g}") for value in share[keep]],
        # from the largest loss down: below it and above the next one as many years lose as much as at the largest
        "line": {"color": BLUE, "width": 2.6, "shape": "hv"},
        "hovertemplate": f"%{{y:.2~%}} of years lose %{{x:,.3~r}} {unit} or more<extra></extra>",
    }
    drawn = {name: value for name, value in marks.items() if value >= lowest}
    lines = [
        {
            "type": "line",
            "x0": value,
            "x1": value,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": TEXT, "width": 1.2, "dash": "dot"},
        }
        for value in drawn.values()
    ]
    notes = [
        # to the left of the line, one below the other: on a log axis positions are exponents
        {"x": float(np.log10(value)), "y": 1 - 0.06 * at, "yref": "paper", "text": name, "showarrow": False,
         "xanchor": "right", "xshift": -4, "font": {"size": 12}, "bgcolor": "rgba(255,255,255,0.85)"}
        for at, (name, value) in enumerate(drawn.items())
    ]  # fmt: skip
    top = float(ordered.max(initial=0.0)) or 1.0
    axes = {
        "xaxis": {
            "type": "log",
            "title": {"text": "USD lost in a year", "font": {"size": 12}},
            "range": [float(np.log10(lowest)) - 0.1, float(np.log10(top)) + 0.1],
            **_money_decades(lowest, top, unit),
            "tickangle": 0,
            "gridcolor": "#E8EAED",
            "fixedrange": True,
        },
        "yaxis": {
            "type": "log",
            "title": {"text": "share of years", "font": {"size": 12}},
            "tickvals": [value for value in SHARES if value >= float(share.min(initial=1.0)) / 2],
            "tickformat": ".2~%",
            "gridcolor": "#E8EAED",
            "fixedrange": True,
            "automargin": True,
        },
    }
    return {
        "data": [curve],
        "layout": layout(shapes=lines, annotations=notes, margin={"l": 60, "r": 16, "t": 12, "b": 52}, **axes),
    }


def _decades(lowest: float, top: float) -> Figure:
    """Ticks of a log axis at powers of ten, written out: 0.001 and not a small figure above a ten."""
    values = [10.0**power for power in range(int(np.floor(np.log10(lowest))), int(np.ceil(np.log10(top))) + 1)]
    return {"tickvals": values, "ticktext": [f"{value:,.10f}".rstrip("0").rstrip(".") for value in values]}


def _money_decades(lowest: float, top: float, unit: str) -> Figure:
    """Ticks of a log axis of money at powers of ten, as dollars in few letters, whatever unit the values are in.

    >>> _money_decades(0.01, 1.0, "million USD")["ticktext"]
    ['$10k', '$100k', '$1M']
    """
    factor = next((size for name, size in (("billion", 9), ("million", 6), ("thousand", 3)) if unit.startswith(name)), 0)
    ticks = _decades(lowest, top)
    powers = [round(float(np.log10(value))) + factor for value in ticks["tickvals"]]
    steps = ((9, "bn"), (6, "M"), (3, "k"), (0, ""))
    named = [next(((power - size, name) for size, name in steps if power >= size), (power, "")) for power in powers]
    return {**ticks, "ticktext": [f"${10.0**rest:,.10g}{name}" for rest, name in named]}


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
            "title": {"text": unit, "font": {"size": 12}},
            "tickformat": ",.4~r",
            "tickangle": 0,
        },
        "yaxis": {
            "automargin": True,
            "autorange": "reversed",
            "fixedrange": True,
            "type": "category",
            "tickvals": list(names),
            "ticktext": [wrapped(name) for name in names],
        },
    }
    return {"data": traces, "layout": layout(barmode="group", bargap=0.3, margin={"l": 8, "r": 24, "t": 8, "b": 48}, **axes)}


def times(points: Sequence[tuple[str, float, float, float]], unit: str) -> Figure:
    """Time to survive against time to recover, an element a point (name, recover, survive, index of its loss).

    Points below the line lose something; those that survive for ever stand on the dashed line at the top.
    """
    positive = [survive for _, _, survive, _ in points if np.isfinite(survive) and survive > 0]
    floor = min([*positive, *(recover for _, recover, _, _ in points), 1.0]) / 2
    top = max([*positive, *(recover for _, recover, _, _ in points), 1.0]) * BEYOND
    reach = max((recover for _, recover, _, _ in points), default=1.0) * 1.05
    at_once = any(survive <= 0 for _, _, survive, _ in points)
    # room for whole bubbles at the edges: on a log axis a range is of exponents
    room = ROOM * float(np.log10(top / floor))
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [float(f"{recover:.5g}") for _, recover, _, _ in points],
        "y": [float(f"{max(survive, floor):.5g}") if np.isfinite(survive) else top for _, _, survive, _ in points],
        "text": [name for name, *_ in points],
        "customdata": ["unlimited" if not np.isfinite(survive) else f"{survive:.3g}" for _, _, survive, _ in points],
        "marker": {
            "size": [_bubble(index) for *_, index in points],
            "color": [RED if survive < recover else BLUE for _, recover, survive, _ in points],
            "opacity": 0.55,
            "line": {"width": 0.5, "color": "white"},
        },
        "hovertemplate": f"%{{text}}: recovers in %{{x:.3~r}}, survives %{{customdata}} {unit}<extra></extra>",
    }
    steps = np.geomspace(floor, reach, 60).tolist()
    line = {"color": TEXT, "width": 1.5}
    even = {"type": "scatter", "mode": "lines", "x": steps, "y": steps, "line": line, "hoverinfo": "skip"}
    shapes = [{"type": "line", "x0": 0, "y0": top, "x1": reach, "y1": top, "line": {"color": TEXT, "width": 1, "dash": "dash"}}]
    if at_once:
        shapes.append({**shapes[0], "y0": floor, "y1": floor})
    notes = [
        {"x": 0, "y": float(np.log10(top)), "text": "unlimited", "showarrow": False, "xanchor": "left", "yanchor": "bottom",
         "font": {"size": 12}},
        *_labels(points, floor, top, reach),
    ]  # fmt: skip
    axes = {
        "xaxis": {
            "title": {"text": f"time to recover, {unit}", "font": {"size": 12}},
            "range": [-0.02 * reach, reach * (1 + ROOM)],
            "zeroline": False,
            "fixedrange": True,
            "gridcolor": "#E8EAED",
        },
        "yaxis": {
            "type": "log",
            "title": {"text": f"time to survive, {unit}", "font": {"size": 12}},
            "range": [float(np.log10(floor)) - room, float(np.log10(top)) + max(room, 0.15)],
            **_times_ticks(floor, top, at_once=at_once),
            "fixedrange": True,
            "gridcolor": "#E8EAED",
            "automargin": True,
        },
    }
    return {
        "data": [trace, even],
        "layout": layout(shapes=shapes, annotations=notes, margin={"l": 56, "r": 16, "t": 12, "b": 48}, **axes),
    }


def _bubble(index: float) -> float:
    """Size of a point in pixels across."""
    return 8 + 26 * float(np.sqrt(max(index, 0.0)))


def _times_ticks(floor: float, top: float, *, at_once: bool) -> Figure:
    """Powers of ten above the foot of the axis; the foot itself is 0 where something survives no time at all."""
    ticks = _decades(floor, top)
    kept = [pair for pair in zip(ticks["tickvals"], ticks["ticktext"], strict=True) if floor * 1.2 <= pair[0] <= top]
    pairs = [(floor, "0"), *kept] if at_once else kept
    return {"tickvals": [value for value, _ in pairs], "ticktext": [text for _, text in pairs]}


def _labels(points: Sequence[tuple[str, float, float, float]], floor: float, top: float, reach: float) -> list[Figure]:
    """Names beside the largest points, towards the middle of the picture; none where another name stands near."""
    found: list[Figure] = []
    for name, recover, survive, index in sorted(points, key=lambda point: -point[3]):
        height = float(np.log10(min(max(survive, floor), top)))
        near = any(abs(height - one["y"]) < APART * float(np.log10(top / floor)) for one in found)
        if index <= 0 or near:
            continue
        side, away = ("right", -1) if recover > reach / 2 else ("left", 1)
        shift = away * (_bubble(index) / 2 + 3)
        found.append({"x": recover, "y": height, "text": wrapped(name, 20), "showarrow": False, "xanchor": side, "xshift": shift,
                      "align": side, "font": {"size": 11}})  # fmt: skip
        if len(found) == NAMED:
            break
    return found
