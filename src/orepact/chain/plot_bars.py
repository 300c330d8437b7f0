"""Bars that lie side by side in parts: shares by origin, footprints by stage, costs by component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.palette import colours_of, layout, short, tight

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

REST = "Rest"
#: Height of a bar with what is around it, and of all else, in pixels.
BAR, AROUND = 44, 130
#: How far the axis reaches beyond the longest bar, for the sum at its end.
ABOVE = 1.18
#: So much further on a small screen.
NARROW = 1.25


def draw_bars(
    rows: pd.DataFrame,
    categories: Sequence[str],
    parts: Sequence[str],
    *,
    unit: str,
    names: Callable[[str], str] = str,
    heads: Callable[[str], str] = str,
    shares: bool = False,
    title: str = "",
) -> Figure:
    """Rows ``category, part, amount`` as one stacked bar for each category, from above; the axis begins at zero.

    ``names`` says parts, ``heads`` categories; parts beyond the palette and Rest are grey. Amounts below zero (credits) stand to
    the left. With ``shares`` amounts are fractions of one; else the sum of each bar stands at its end.
    """
    import plotly.graph_objects as go

    colours = colours_of(parts, REST)
    table = rows.pivot_table(index="category", columns="part", values="amount", aggfunc="sum").reindex([*categories]).fillna(0.0)
    labels = [heads(each) for each in categories]
    bars = []
    for part in [each for each in parts if each in table.columns]:
        amounts = table[part].tolist()
        said = [f"{amount:.1%}" if shares else f"{short(amount)} {unit}" for amount in amounts]
        inside = [f"{amount:.0%}" if shares and amount >= 0.08 else "" for amount in amounts]
        hover = [f"{label}<br>{names(part)}: {words}" for label, words in zip(labels, said, strict=True)]
        look = {"marker": {"color": colours[part]}, "text": inside, "textposition": "inside", "insidetextanchor": "middle"}
        told = {"hovertext": hover, "hoverinfo": "text", "customdata": [f"{each}>{part}" for each in categories]}
        bars.append(go.Bar(name=names(part), y=labels, x=amounts, orientation="h", **look, **told))
    figure = go.Figure(bars)
    legend = {"orientation": "h", "y": -0.18, "traceorder": "normal"}
    height = AROUND + BAR * max(len(categories), 1)
    figure.update_layout(**layout(title, barmode="relative", height=height, legend=legend, bargap=0.32))
    figure.update_layout(uniformtext={"minsize": 11, "mode": "hide"})
    span: dict[str, Any] = {"range": [0, 1]} if shares else {"rangemode": "tozero"}
    if not shares and len(table):
        reach, least = table.clip(lower=0.0).sum(axis=1), table.clip(upper=0.0).sum(axis=1)
        span = {"range": [ABOVE * min(float(least.min()), 0.0), ABOVE * (float(reach.max()) or 1.0)]}
        narrow = {"xaxis": {"range": [span["range"][0], NARROW * span["range"][1]]}, "yaxis": {"tickfont": {"size": 11}}}
        figure.update_layout(meta={"narrow": {**narrow, "legend": {"y": -0.32}}})
        figure.update_layout(annotations=_sums(reach.tolist(), (reach + least).tolist()))
    figure.update_xaxes(tickformat=".0%" if shares else "~s", title={"text": unit}, fixedrange=True, **span)
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True)
    return figure


def _sums(ends: Sequence[float], sums: Sequence[float]) -> list[dict[str, Any]]:
    """The sum of every bar at its right end."""
    look = {"xref": "x", "yref": "y", "showarrow": False, "xanchor": "left", "xshift": 4, "font": {"size": 12}}
    rows = enumerate(zip(ends, sums, strict=True))
    return [{"x": end, "y": at, "text": tight(amount), **look} for at, (end, amount) in rows]
