"""The time chart: amounts of every year, stacked by where they come from; what is planned begins behind a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.palette import REST as GREY
from orepact.chain.palette import colours_of, layout, short, tight

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from orepact.chain.flows import Flows

REST = "Rest"
#: Planned years are drawn through this much.
PLANNED = 0.62
#: How high the axis reaches beyond the highest bar, for the sum above it.
ABOVE = 1.16


def time_figure(flows: Flows, element: str, *, by: str, top: int) -> Figure:
    """What is made of an element in every year, in contained tonnes at the mine, by ``place`` or ``owner_country``."""
    held = flows.network.contents[flows.network.contents["element"] == element].set_index("commodity")["t_per_unit"]
    stage = flows.network.commodities["stage"]
    first = [str(name) for name in held.index if stage[name] in {"mine", "concentrate"}] or [str(name) for name in held.index]
    made = flows.production[flows.production["commodity"].isin(first)]
    rows = made.assign(amount=made["quantity"] * made["commodity"].map(held).astype(float)).rename(columns={by: "from"})
    size = rows.groupby("from")["amount"].sum().sort_values(ascending=False, kind="stable")
    named = [str(name) for name in size.index][:top]
    rows = rows.assign(**{"from": rows["from"].where(rows["from"].isin(named), REST)})
    summed = rows.groupby(["year", "from"])["amount"].sum().reset_index()
    title = f"{element.replace('_', ' ').capitalize()} mined or made, contained tonnes a year"
    return draw_time(summed, [*named, REST], unit="contained tonnes a year", title=title)


def draw_time(
    rows: pd.DataFrame,
    ends: Sequence[str],
    *,
    unit: str,
    title: str = "",
    names: Callable[[str], str] = str,
    planned_from: int | None = None,
    planned_words: str = "planned",
    shares: bool = False,
    marked: int | None = None,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """Rows ``year, from, amount`` as stacked bars by year; bars carry year and end in ``customdata``, and their sum above them.

    ``planned_from``: the first year that is planned; ``shares``: amounts are fractions; ``marked``: the year that is looked at;
    ``colours``: of ends, where pictures beside this one have them.
    """
    import plotly.graph_objects as go

    colours, years = colours or colours_of(ends, REST), sorted(set(rows["year"].astype(int)))
    table = rows.pivot_table(index="year", columns="from", values="amount", aggfunc="sum").reindex(years).fillna(0.0)
    labels = [str(year) for year in years]
    bars = []
    for end in [each for each in ends if each in table.columns]:
        amounts = table[end].tolist()
        said = [f"{amount:.1%}" if shares else f"{short(amount)} {unit}" for amount in amounts]
        opacity = [PLANNED if planned_from is not None and year >= planned_from else 1.0 for year in years]
        hover = [f"{names(end)}, {year}<br>{words}" for year, words in zip(years, said, strict=True)]
        data = [f"{year}>{end}" for year in years]
        marker = {"color": colours.get(end, GREY), "opacity": opacity}
        bars.append(
            go.Bar(
                name=names(end),
                x=labels,
                y=amounts,
                marker=marker,
                text=hover,
                hoverinfo="text",
                customdata=data,
                textposition="none",
            )
        )
    figure = go.Figure(bars)
    figure.update_layout(
        **layout(title, barmode="stack", height=420, legend={"orientation": "h", "y": -0.15, "traceorder": "normal"})
    )
    sums = [] if shares else table.sum(axis=1).tolist()
    notes = [*_notes(years, planned_from, planned_words), *_sums(sums)]
    figure.update_layout(shapes=_shapes(years, planned_from, marked), annotations=notes)
    figure.update_xaxes(type="category", fixedrange=True)
    room = {"range": [0, ABOVE * max(sums)]} if sums and max(sums) > 0 else {}
    figure.update_yaxes(tickformat=".0%" if shares else "~s", title={"text": unit}, rangemode="tozero", fixedrange=True, **room)
    return figure


def _sums(sums: Sequence[float]) -> list[dict[str, Any]]:
    """The sum of every bar, upright above it, so that a low bar tells its height too."""
    look = {"showarrow": False, "textangle": -90, "yanchor": "bottom", "yshift": 3, "font": {"size": 11}}
    return [{"x": at, "y": amount, "xref": "x", "yref": "y", "text": tight(amount), **look} for at, amount in enumerate(sums)]


def _shapes(years: Sequence[int], planned_from: int | None, marked: int | None) -> list[dict[str, Any]]:
    """A line before the first planned year, and a frame around the year that is looked at."""
    out: list[dict[str, Any]] = []
    if marked in years:
        at = years.index(marked)
        box = {"x0": at - 0.47, "x1": at + 0.47, "y0": 0, "y1": 1, "line": {"width": 0}, "fillcolor": "rgba(128,138,148,0.18)"}
        out.append({"type": "rect", "xref": "x", "yref": "paper", "layer": "below", **box})
    edge = _edge(years, planned_from)
    if edge is not None:
        line = {"width": 1, "dash": "dot", "color": "rgba(128,138,148,0.9)"}
        out.append({"type": "line", "xref": "x", "yref": "paper", "x0": edge, "x1": edge, "y0": 0, "y1": 1.04, "line": line})
    return out


def _notes(years: Sequence[int], planned_from: int | None, words: str) -> list[dict[str, Any]]:
    edge = _edge(years, planned_from)
    if edge is None:
        return []
    place = {"x": edge, "y": 1.07, "xref": "x", "yref": "paper", "xanchor": "left"}
    return [{**place, "text": f" {words}", "showarrow": False, "font": {"size": 12}}]


def _edge(years: Sequence[int], planned_from: int | None) -> float | None:
    if planned_from is None or planned_from not in years or years.index(planned_from) == 0:
        return None
    return years.index(planned_from) - 0.5
