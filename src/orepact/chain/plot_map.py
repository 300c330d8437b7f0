"""The map of flows: outlines of countries and lines between places, drawn as plain lines so that no map server is asked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain.palette import COAST, COLOURS, LAND, layout, short
from orepact.chain.projection import cut_ring, equal_earth, great_circle_path, outlines, relative

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from orepact.chain.flows import Flows

#: Line widths fall into this many classes, one trace each.
CLASSES = 6
#: What a small screen shows around the lines of a map 5.5 wide, and how much of it at least.
ROOM, LEAST = 0.16, 1.1
#: Points of outlines that are closer than this (of a map 5.5 wide) cannot be told apart.
PIXEL = 0.006


def map_figure(flows: Flows, year: int, *, commodity: str | None, element: str | None, top: int, centre: float) -> Figure:
    """The ``top`` largest flows between places in one year, of a commodity, an element, or everything (at list prices)."""
    amounts, unit, what = _amounts(flows, year, commodity, element)
    moved = amounts.groupby(["origin", "destination"])["amount"].sum().sort_values(ascending=False, kind="stable").reset_index()
    places = flows.network.places
    names = places["name"].where(places["name"] != "", places.index.to_series())
    points = pd.DataFrame({"name": names, "longitude": places["longitude"], "latitude": places["latitude"]})
    return draw_map(moved, points, unit=unit, title=f"{what} between places in {year}, {unit}", top=top, centre=centre)


def draw_map(
    moved: pd.DataFrame,
    points: pd.DataFrame,
    *,
    unit: str,
    title: str = "",
    top: int = 80,
    centre: float = 150.0,
    labels: int = 0,
) -> Figure:
    """The ``top`` largest rows ``origin, destination, amount`` as lines between ``points`` (by id: name, longitude, latitude).

    Points and lines carry what they are in ``customdata``: an id, or two with ``>`` between. The ``labels`` largest points have
    their name beside them. Ends without a position are left out.
    """
    import plotly.graph_objects as go

    located = _located(moved[moved["origin"] != moved["destination"]].head(top), points)
    traces = [_land(centre), *_lines(located, unit, centre), _points(located, unit, centre)]
    figure = go.Figure(traces + ([_labels(located, centre, labels)] if labels and len(located) else []))
    figure.update_layout(**layout(title, height=560, showlegend=False, hovermode="closest"))
    figure.update_xaxes(visible=False, range=[-2.75, 2.75], fixedrange=True)
    figure.update_yaxes(visible=False, scaleanchor="x", range=[-1.0, 1.35], fixedrange=True)
    figure.update_layout(meta={"narrow": _near(located, centre)})
    return figure


def _near(located: pd.DataFrame, centre: float) -> dict[str, Any]:
    """The part of the map that the lines reach, with some room: what a small screen shows; all of it where there are none."""
    if not len(located):
        return {}
    paths = [_path(row, centre) for row in located.to_dict("records")]
    found = {}
    for axis, side in (("xaxis", 0), ("yaxis", 1)):
        values = np.concatenate([np.asarray(path[side], dtype=float) for path in paths])
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        more = max(ROOM, (LEAST - (high - low)) / 2)
        found[axis] = {"range": [round(low - more, 3), round(high + more, 3)]}
    return found


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


def _located(moved: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Flows whose two ends have a position: ``origin, destination, amount`` and name, longitude, latitude of both ends."""
    joined = moved.join(points.add_prefix("origin_"), on="origin").join(points.add_prefix("destination_"), on="destination")
    return joined[joined["amount"] > 0].dropna().reset_index(drop=True)


@cache
def _shore(centre: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Outlines of all countries, projected, NaN between rings; points closer than a pixel of a large map are one."""
    gap = np.array([[np.nan, np.nan]])
    rings = [piece for country in outlines().values() for ring in country for piece in cut_ring(ring, centre)]
    points = np.concatenate([part for ring in rings for part in (ring, gap)])
    x, y = equal_earth(points[:, 0], points[:, 1])
    near = np.hypot(np.diff(x, prepend=np.inf), np.diff(y, prepend=np.inf)) < PIXEL
    edge = np.isnan(np.roll(x, 1)) | np.isnan(np.roll(x, -1))
    kept = ~near | edge
    return np.round(x[kept], 3).astype(np.float32), np.round(y[kept], 3).astype(np.float32)


def _land(centre: float) -> Any:
    """All countries as one filled line trace."""
    import plotly.graph_objects as go

    x, y = _shore(centre)
    line = {"color": COAST, "width": 0.5}
    return go.Scatter(x=x, y=y, mode="lines", fill="toself", fillcolor=LAND, line=line, hoverinfo="skip")


def _lines(located: pd.DataFrame, unit: str, centre: float) -> list[Any]:
    """Great circles in classes of width, and an arrow on the middle of each that says what it is."""
    import plotly.graph_objects as go

    if not len(located):
        return []
    traces: list[Any] = []
    classes = np.ceil(np.sqrt(located["amount"] / located["amount"].max()) * CLASSES).clip(1, CLASSES).astype(int)
    paths = [_path(row, centre) for row in located.to_dict("records")]
    for number in sorted(classes.unique()):
        drawn = [path for path, each in zip(paths, classes, strict=True) if each == number]
        x, y = ([number for path in drawn for number in path[side]] for side in (0, 1))
        line = {"color": COLOURS[0], "width": 0.6 + 1.3 * int(number)}
        traces.append(go.Scatter(x=x, y=y, mode="lines", opacity=0.65, line=line, hoverinfo="skip"))
    return [*traces, _arrows(located, paths, unit)]


def _arrows(located: pd.DataFrame, paths: list[tuple[list[float], list[float]]], unit: str) -> Any:
    """An arrowhead in the middle of each line, with the two ends and the amount on hover."""
    import plotly.graph_objects as go

    middle = [_middle(*path) for path in paths]
    texts = [
        f"{origin} → {destination}<br>{short(amount)} {unit}"
        for origin, destination, amount in zip(
            located["origin_name"], located["destination_name"], located["amount"], strict=True
        )
    ]
    size = 7 + 6 * np.sqrt(located["amount"] / located["amount"].max())
    marker = {"symbol": "triangle-up", "angle": [angle for _, _, angle in middle], "size": size.tolist(), "color": COLOURS[0]}
    return go.Scatter(
        x=[x for x, _, _ in middle],
        y=[y for _, y, _ in middle],
        mode="markers",
        marker=marker,
        text=texts,
        hoverinfo="text",
        customdata=(located["origin"] + ">" + located["destination"]).tolist(),
    )


def _middle(x: list[float], y: list[float]) -> tuple[float, float, float]:
    """The middle of a path and its direction there, in degrees from upwards, clockwise."""
    at = max(len(x) // 2 - 1, 0)
    while at and (np.isnan(x[at]) or np.isnan(x[at - 1])):
        at -= 1
    before = max(at - 1, 0)
    return x[at], y[at], round(float(np.degrees(np.arctan2(x[at] - x[before], y[at] - y[before]))), 1)


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


def _ends(located: pd.DataFrame) -> pd.DataFrame:
    """Places that send or receive: ``place, name, longitude, latitude, sent, received``."""
    ends = {side: [side, f"{side}_name", f"{side}_longitude", f"{side}_latitude"] for side in ("origin", "destination")}
    columns = ["place", "name", "longitude", "latitude"]
    points = pd.concat([located[names].set_axis(columns, axis=1) for names in ends.values()]).drop_duplicates("place")
    sums = {side: located.groupby(side)["amount"].sum() for side in ends}
    sent = points["place"].map(sums["origin"]).astype(float).fillna(0.0)
    return points.assign(sent=sent, received=points["place"].map(sums["destination"]).astype(float).fillna(0.0))


def _points(located: pd.DataFrame, unit: str, centre: float) -> Any:
    """Places that send or receive, sized by what they send, with both sums on hover."""
    import plotly.graph_objects as go

    points = _ends(located)
    x, y = equal_earth(relative(points["longitude"], centre), points["latitude"])
    texts = [
        f"{name}<br>→ {short(out)}, ← {short(into)} {unit}"
        for name, out, into in points[["name", "sent", "received"]].itertuples(index=False, name=None)
    ]
    sent = points["sent"]
    size = 5 + 14 * np.sqrt(sent / max(float(sent.max()) if len(sent) else 0.0, 1e-12))
    marker = {"color": COLOURS[3], "size": size.tolist(), "line": {"color": "white", "width": 1}, "opacity": 1.0}
    told = {"text": texts, "hoverinfo": "text", "customdata": points["place"].tolist()}
    return go.Scatter(x=np.round(x, 3), y=np.round(y, 3), mode="markers", marker=marker, **told)


def _labels(located: pd.DataFrame, centre: float, most: int) -> Any:
    """Names beside the ends with the largest flows."""
    import plotly.graph_objects as go

    points = _ends(located)
    points = points.assign(size=points["sent"] + points["received"]).nlargest(most, "size")
    x, y = equal_earth(relative(points["longitude"], centre), points["latitude"])
    font = {"size": 12}
    return go.Scatter(
        x=np.round(x, 3),
        y=np.round(y, 3),
        mode="text",
        text=points["name"].tolist(),
        textposition="top center",
        textfont=font,
        hoverinfo="skip",
    )
