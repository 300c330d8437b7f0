"""The map of flows: outlines of countries and lines between places, drawn as plain lines so that no map server is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain.palette import COAST, COLOURS, LAND, layout, short
from orepact.chain.projection import cut_ring, equal_earth, great_circle_path, outlines, relative

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from orepact.chain.flows import Flows

#: Line widths fall into this many classes, one trace each.
CLASSES = 6


def map_figure(flows: Flows, year: int, *, commodity: str | None, element: str | None, top: int, centre: float) -> Figure:
    """The ``top`` largest flows between places in one year, of a commodity, an element, or everything (at list prices)."""
    import plotly.graph_objects as go

    amounts, unit, what = _amounts(flows, year, commodity, element)
    moved = amounts.groupby(["origin", "destination"])["amount"].sum().sort_values(ascending=False, kind="stable")
    located = _located(moved.head(top).reset_index(), flows.network.places)
    figure = go.Figure([_land(centre), *_lines(located, unit, centre), _points(located, unit, centre)])
    figure.update_layout(**layout(f"{what} between places in {year}, {unit}", height=560, showlegend=False))
    figure.update_xaxes(visible=False, range=[-2.75, 2.75])
    figure.update_yaxes(visible=False, scaleanchor="x", range=[-1.0, 1.35])
    return figure


def _amounts(flows: Flows, year: int, commodity: str | None, element: str | None) -> tuple[pd.DataFrame, str, str]:
    """Route rows with their ``amount``, its unit and what it is."""
    if element is not None:
        rows = flows.element(element, kind="route")
        rows = rows.assign(amount=rows["contained_t"])
        if commodity is not None:
            rows = rows[rows["commodity"] == commodity]
        return rows[rows["year"] == year], "contained tonnes a year", f"{_title(element)} moving"
    rows = flows.select(kind="route", year=year, commodity=commodity)
    if commodity is not None:
        unit = str(flows.network.commodities["unit"].get(commodity, ""))
        return rows.assign(amount=rows["quantity"]), f"{unit} a year", f"{_title(commodity)} moving"
    price = rows["commodity"].map(flows.network.commodities["price_usd_per_unit"]).astype(float).fillna(0.0)
    return rows.assign(amount=rows["quantity"] * price), "US dollars a year at list prices", "Goods moving"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _located(moved: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Flows whose two ends have a position: ``origin, destination, amount`` and name, longitude, latitude of both ends."""
    names = places["name"].where(places["name"] != "", places.index.to_series())
    points = pd.DataFrame({"name": names, "longitude": places["longitude"], "latitude": places["latitude"]})
    joined = moved.join(points.add_prefix("origin_"), on="origin").join(points.add_prefix("destination_"), on="destination")
    return joined[joined["amount"] > 0].dropna().reset_index(drop=True)


def _land(centre: float) -> Any:
    """All countries as one filled line trace, NaN between rings."""
    import plotly.graph_objects as go

    gap = np.array([[np.nan, np.nan]])
    rings = [piece for country in outlines().values() for ring in country for piece in cut_ring(ring, centre)]
    points = np.concatenate([part for ring in rings for part in (ring, gap)])
    x, y = equal_earth(points[:, 0], points[:, 1])
    line = {"color": COAST, "width": 0.5}
    return go.Scatter(
        x=np.round(x, 3), y=np.round(y, 3), mode="lines", fill="toself", fillcolor=LAND, line=line, hoverinfo="skip"
    )


def _lines(located: pd.DataFrame, unit: str, centre: float) -> list[Any]:
    """Great circles in classes of width."""
    import plotly.graph_objects as go

    if not len(located):
        return []
    traces: list[Any] = []
    classes = np.ceil(np.sqrt(located["amount"] / located["amount"].max()) * CLASSES).clip(1, CLASSES).astype(int)
    for number in sorted(classes.unique()):
        x, y, texts = list[float](), list[float](), list[str]()
        for row in located[classes == number].to_dict("records"):
            path_x, path_y = _path(row, centre)
            x += path_x
            y += path_y
            texts += [f"{row['origin_name']} to {row['destination_name']}<br>{short(row['amount'])} {unit}"] * len(path_x)
        line = {"color": COLOURS[0], "width": 0.6 + 1.3 * int(number)}
        traces.append(go.Scatter(x=x, y=y, mode="lines", opacity=0.55, line=line, text=texts, hoverinfo="text"))
    return traces


def _path(row: dict[Any, Any], centre: float) -> tuple[list[float], list[float]]:
    """A projected great circle that ends with a gap, and has one where it leaves the map on one side."""
    start, end = ((row[f"{side}_longitude"], row[f"{side}_latitude"]) for side in ("origin", "destination"))
    longitude, latitude = great_circle_path(start, end)
    turns = relative(longitude, centre)
    jumps = np.flatnonzero(np.abs(np.diff(turns)) > 180.0) + 1
    x, y = equal_earth(turns, latitude)
    cuts = [*jumps.tolist(), len(x)]
    gaps = np.full(len(cuts), np.nan)
    return np.insert(np.round(x, 3), cuts, gaps).tolist(), np.insert(np.round(y, 3), cuts, gaps).tolist()


def _points(located: pd.DataFrame, unit: str, centre: float) -> Any:
    """Places that send or receive, sized by what they send, with both sums on hover."""
    import plotly.graph_objects as go

    ends = {side: [side, f"{side}_name", f"{side}_longitude", f"{side}_latitude"] for side in ("origin", "destination")}
    columns = ["place", "name", "longitude", "latitude"]
    points = pd.concat([located[names].set_axis(columns, axis=1) for names in ends.values()]).drop_duplicates("place")
    sent = points["place"].map(located.groupby("origin")["amount"].sum()).astype(float).fillna(0.0)
    received = points["place"].map(located.groupby("destination")["amount"].sum()).astype(float).fillna(0.0)
    x, y = equal_earth(relative(points["longitude"], centre), points["latitude"])
    texts = [
        f"{name}<br>sends {short(out)}, receives {short(into)} {unit}"
        for name, out, into in zip(points["name"], sent, received, strict=True)
    ]
    size = 5 + 14 * np.sqrt(sent / max(float(sent.max()) if len(sent) else 0.0, 1e-12))
    marker = {"color": COLOURS[3], "size": size.tolist(), "line": {"color": "white", "width": 1}}
    return go.Scatter(x=np.round(x, 3), y=np.round(y, 3), mode="markers", marker=marker, text=texts, hoverinfo="text")
