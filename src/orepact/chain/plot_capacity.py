"""The capacity picture: what stands in each year, stacked by status or by owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.palette import colours_of, layout
from orepact.errors import NotFound

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from orepact.chain.flows import Flows

NEW = "new build"
REST = "Rest"
BY = ("status", "owner_country", "owner", "place")


def capacity_table(flows: Flows, commodity: str, by: str) -> pd.DataFrame:
    """Standing capacity of the sites whose main output is ``commodity``: groups (rows) x years, in units a year.

    Taken from the rows of kind ``capacity`` where the result has them, else from the network. By ``status``, what stands
    beyond the capacity that the network brings is ``new build``. Unlimited capacities are left out.
    """
    if by not in BY:
        raise NotFound("grouping", by, BY)
    network = flows.network
    if commodity not in network.commodities.index:
        raise NotFound("commodity", commodity, network.commodities.index)
    chosen = network.site_output == commodity
    given = network.capacity[chosen.to_numpy()]
    given = given.where(np.isfinite(given), 0.0)
    rows = flows.select(kind="capacity", commodity=commodity)
    rows = rows[np.isfinite(rows["quantity"])]
    standing = given
    if len(rows):
        standing = (
            rows.pivot_table(index="site", columns="year", values="quantity", aggfunc="sum").reindex(given.index).fillna(0.0)
        )
    label = network.sites.loc[given.index, by].replace("", "not stated")
    if by != "status":
        return standing.groupby(label).sum()
    known = given.reindex(columns=standing.columns, fill_value=0.0)
    new = (standing - known).clip(lower=0.0).sum().to_frame(NEW).T
    old = standing.where(standing < known, known).groupby(label).sum()
    return pd.concat([old, new]) if float(new.to_numpy().sum()) > 0 else old


def capacity_figure(flows: Flows, commodity: str, by: str, top: int) -> Figure:
    """Stacked bars by year; all but the ``top`` groups are one group Rest."""
    import plotly.graph_objects as go

    table = capacity_table(flows, commodity, by)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    if len(table) > top:
        table = pd.concat([table.iloc[:top], table.iloc[top:].sum().to_frame(REST).T])
    colours = colours_of([str(name) for name in table.index], REST)
    unit = str(flows.network.commodities["unit"][commodity])
    years = [str(year) for year in table.columns]
    bars = [
        go.Bar(name=str(name).replace("_", " "), x=years, y=row.tolist(), marker={"color": colours[str(name)]})
        for name, row in table.iterrows()
    ]
    figure = go.Figure(bars)
    title = f"Capacity to make {commodity.replace('_', ' ')}, {unit} a year, by {by.replace('_', ' ')}"
    figure.update_layout(**layout(title, barmode="stack", height=420, legend={"orientation": "h", "y": -0.15}))
    figure.update_xaxes(type="category")
    figure.update_yaxes(gridcolor="#E8EAED", rangemode="tozero", tickformat="~s")
    return figure
