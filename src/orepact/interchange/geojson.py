"""GeoJSON (RFC 7946): sites as points, places as points, routes or flows as lines; longitude first, WGS 84, no ``crs``.

Properties carry the columns of the network's tables by their names, with their units in the member ``units`` of the collection.
A site stands at its own coordinates where the facts know them, else at those of its place; ``position`` says which.
Source: RFC 7946, sections 3.1 (geometry), 3.3 (FeatureCollection), 4 (coordinate reference system), 6.1 (foreign members).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.tables import tables
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.interchange.cells import json_text
from orepact.interchange.made import CLEAR, Made, left_out

if TYPE_CHECKING:
    from orepact.chain import Flows, Network

#: Tables that become features: points, points and lines.
LAYERS = ("places", "sites", "routes")
#: Decimal places of a degree: about 0.1 m.
DIGITS = 6
Position = tuple[float, float]


def of_network(
    network: Network,
    *,
    at: Mapping[str, Position] | None = None,
    flows: Flows | None = None,
    label: str = CLEAR,
    name: str = "network.geojson",
) -> Made:
    """The features of a network; ``at`` holds (latitude, longitude) by site, ``flows`` adds what moved on each route by year.

    Features without any position are left out and counted.
    """
    places = positions(network)
    sites, lost_sites = _sites(network, places, dict(at or {}))
    routes, lost_routes = _routes(network, places, flows)
    features = [*_places(network, places), *sites, *routes]
    warnings = left_out(len(network.places) - len(places), "places", "they have no latitude and longitude")
    warnings += left_out(lost_sites, "sites", "neither they nor their places have coordinates")
    warnings += left_out(lost_routes, "routes", "a place at an end has no coordinates")
    rough = sum(feature["properties"]["position"] == "place" for feature in sites)
    if rough:
        warnings.append(f"{rough} of {len(sites)} sites stand at the middle of their place: their own coordinates are not known")
    held = [table for table in ("recipes", "demand", "stockpiles", "contents", "observations") if len(getattr(network, table))]
    warnings.append(f"{', '.join([*held, 'commodities'])} are left out: they have no place on a map")
    collection = {
        "type": "FeatureCollection",
        "title": network.title,
        "label": label,
        "years": list(network.years),
        "units": _units(flows is not None),
        "features": features,
    }
    return Made({name: json_text(collection)}, tuple(warnings))


def positions(network: Network) -> dict[str, Position]:
    """Latitude and longitude (degrees) of the places that have both."""
    spots = network.places[["latitude", "longitude"]].dropna()
    return {str(place): (float(lat), float(lon)) for place, lat, lon in spots.itertuples()}


def positions_of_claims(claims: pd.DataFrame) -> dict[str, Position]:
    """Latitude and longitude (degrees) by site from resolved claims of both attributes (subjects ``site:ID``)."""
    known = claims[(claims["kind"] == "site") & claims["attribute"].isin(["latitude", "longitude"])]
    wide = known.drop_duplicates(["entity", "attribute"]).pivot_table(index="entity", columns="attribute", values="number")
    both = wide.reindex(columns=["latitude", "longitude"]).dropna()
    return {str(site): (float(lat), float(lon)) for site, lat, lon in both.itertuples()}


def _units(with_flows: bool) -> dict[str, dict[str, str]]:
    known = {name: {c.name: c.unit for c in tables()[name].columns.values() if c.unit} for name in LAYERS}
    if with_flows:
        known["routes"]["quantity_by_year"] = "unit of the commodity per year"
    return known


def _places(network: Network, places: Mapping[str, Position]) -> list[dict[str, Any]]:
    table = network.places.drop(columns=["latitude", "longitude"])
    return [_feature("places", str(place), _point(places[str(place)]), row) for place, row in _cells(table) if place in places]


def _sites(network: Network, places: Mapping[str, Position], at: Mapping[str, Position]) -> tuple[list[dict[str, Any]], int]:
    units = network.site_output.map(network.commodities["unit"]).fillna("").to_dict()
    out, lost = [], 0
    for site, row in _cells(network.sites):
        spot = at.get(str(site), places.get(row["place"]))
        if spot is None:
            lost += 1
            continue
        row["position"] = "site" if str(site) in at else "place"
        row |= {"commodity": network.site_output[site], "unit": units[site]}
        out.append(_feature("sites", str(site), _point(spot), row))
    return out, lost


def _routes(network: Network, places: Mapping[str, Position], flows: Flows | None) -> tuple[list[dict[str, Any]], int]:
    moved = {} if flows is None else _moved(flows)
    out, lost = [], 0
    for _, row in _cells(network.routes):
        ends = places.get(row["origin"]), places.get(row["destination"])
        if ends[0] is None or ends[1] is None:
            lost += 1
            continue
        key = (row["commodity"], row["origin"], row["destination"])
        if flows is not None:
            row["quantity_by_year"] = moved.get(key, {})
        row["unit"] = network.commodities["unit"].get(row["commodity"], "")
        out.append(_feature("routes", f"{key[1]}>{key[2]}/{key[0]}", _line(ends[0], ends[1]), row))
    return out, lost


def _moved(flows: Flows) -> dict[tuple[str, str, str], dict[str, float]]:
    rows = flows.frame[flows.frame["kind"] == "route"]
    summed = rows.groupby(["commodity", "origin", "destination", "year"], observed=True)["quantity"].sum()
    out: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in summed.reset_index().itertuples(index=False):
        commodity, origin, destination, year, quantity = row
        out.setdefault((str(commodity), str(origin), str(destination)), {})[str(year)] = float(quantity)
    return out


def _cells(table: pd.DataFrame) -> list[tuple[Any, dict[str, Any]]]:
    """Each row with the cells that hold something; years as whole numbers."""
    years = {name for spec in tables().values() for name, c in spec.columns.items() if c.type == "year"}
    out = []
    for key, row in zip(table.index, table.to_dict("records"), strict=True):
        kept = {
            str(name): value
            for name, value in row.items()
            if value != "" and not (isinstance(value, float) and math.isnan(value))
        }
        out.append((key, {name: int(value) if name in years else value for name, value in kept.items()}))
    return out


def _feature(layer: str, name: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": f"{layer}:{name}", "geometry": geometry, "properties": {"layer": layer, **properties}}


def _point(at: Position) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(at[1], DIGITS), round(at[0], DIGITS)]}


def _line(start: Position, end: Position) -> dict[str, Any]:
    """A line, cut at the antimeridian where the shorter way crosses it (RFC 7946, 3.1.9)."""
    (lat0, lon0), (lat1, lon1) = start, end
    if abs(lon1 - lon0) <= 180:
        return {"type": "LineString", "coordinates": [_point(start)["coordinates"], _point(end)["coordinates"]]}
    edge = math.copysign(180.0, lon0)
    way = 360 - abs(lon1 - lon0)
    cut = lat0 + (lat1 - lat0) * (180 - abs(lon0)) / way if way else lat0
    first = [_point(start)["coordinates"], _point((cut, edge))["coordinates"]]
    second = [_point((cut, -edge))["coordinates"], _point(end)["coordinates"]]
    return {"type": "MultiLineString", "coordinates": [first, second]}


def read(text: str, *, file: str = "network.geojson") -> dict[str, pd.DataFrame]:
    """The tables ``places``, ``sites`` and ``routes`` of a collection that ``of_network`` wrote, as the columns of a network.

    Points of other programs are read as places when they have no ``layer``. Raises ``BadInput`` for no GeoJSON.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput([Problem("", "GeoJSON", str(error)[:80], "give a FeatureCollection", file)]) from error
    features = raw.get("features") if isinstance(raw, dict) and raw.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise BadInput([Problem("type", "a FeatureCollection", "something else", "give a FeatureCollection", file)])
    found = ProblemCollector(file)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in LAYERS}
    for number, feature in enumerate(features, start=1):
        _take(feature, number, rows, found)
    found.raise_if_any()
    return {name: pd.DataFrame(parts) for name, parts in rows.items()}


def _take(feature: Any, number: int, rows: dict[str, list[dict[str, Any]]], found: ProblemCollector) -> None:
    entry = feature if isinstance(feature, dict) else {}
    properties, geometry = entry.get("properties"), entry.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        found.add("features", "a Feature with geometry and properties", "none", "mend or remove it", row=number)
        return
    layer = properties.get("layer", "places")
    if layer not in LAYERS:
        found.add("layer", " or ".join(LAYERS), str(layer)[:40], "name the layer", row=number)
        return
    known = tables()[layer].columns
    row = {name: value for name, value in properties.items() if name in known}
    if layer != "routes":
        row[tables()[layer].key[0]] = str(entry.get("id", "")).partition(":")[2] or str(entry.get("id", number))
    if layer == "places":
        spot = geometry.get("coordinates")
        if geometry.get("type") != "Point" or not isinstance(spot, list) or not _is_position(spot):
            found.add("coordinates", "a Point: longitude, latitude in degrees", str(spot)[:40], "mend it", row=number)
            return
        row["longitude"], row["latitude"] = float(spot[0]), float(spot[1])
    rows[layer].append(row)


def _is_position(spot: list[Any]) -> bool:
    numbers = len(spot) in {2, 3} and all(isinstance(x, (int, float)) for x in spot)
    return bool(numbers and abs(spot[0]) <= 180 and abs(spot[1]) <= 90)
