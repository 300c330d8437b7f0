"""Outlines of countries for the maps: Natural Earth 1:110m, decoded from TopoJSON, rounded to 0.1 degree.

Writes ``data/geo/outlines.json``: ``{"source": ..., "outlines": {ISO alpha-3 or name: [[lon, lat, lon, lat, ...], ...]}}``, one
list for each ring. Run: ``python -m tools.compile.outlines --shared ../shared/data``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tools.compile.claims_writer import DATA, read_raw, shared_folder

SOURCE = "Natural Earth 4.1, 1:110m countries (public domain), through world-atlas 2.0.2 (ISC)"
#: Codes that are younger than CEPII's list, or changed since.
YOUNGER = {"499": "MNE", "626": "TLS", "642": "ROU", "688": "SRB", "728": "SSD", "729": "SDN", "756": "CHE", "275": "PSE"}
LEFT_OUT = {"Antarctica"}
Ring = list[float]


def decoded_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Arcs as lists of (longitude, latitude): the deltas added up, scaled and moved (TopoJSON specification 2.1.3)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def ring_points(numbers: list[int], arcs: list[list[tuple[float, float]]]) -> Ring:
    """One ring from its arcs (a negative number runs backwards), flat, rounded, repeated points left out."""
    points: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    flat: Ring = []
    for longitude, latitude in points:
        rounded = [round(longitude, 1) + 0.0, round(latitude, 1) + 0.0]
        if flat[-2:] != rounded:
            flat += rounded
    return flat


def rings_of(geometry: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> list[Ring]:
    """Rings of a polygon or multipolygon that still have an area after rounding."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    rings = [ring_points(numbers, arcs) for polygon in polygons for numbers in polygon]
    return [ring for ring in rings if len(ring) >= 8]


def names_by_number(shared: Path) -> dict[str, str]:
    """ISO alpha-3 code of each ISO numeric code: CEPII's list of countries, then the code list of places."""
    countries = read_raw(shared / "geo_cepii_geodist" / "geo_cepii.csv")
    known = dict(zip(countries["cnum"].str.zfill(3), countries["iso3"], strict=True))
    places = yaml.safe_load((DATA / "codes" / "places.yaml").read_text(encoding="utf-8"))
    listed = {**places["places"], **places["groups"]}
    return known | YOUNGER | {str(entry["numeric"]): name for name, entry in listed.items() if "numeric" in entry}


def main(shared: Path) -> None:
    """Write the outlines, sorted by name, byte for byte the same at every run."""
    raw = json.loads((shared / "geo_world_atlas_topojson" / "countries-110m.json").read_text(encoding="utf-8"))
    arcs, names = decoded_arcs(raw), names_by_number(shared)
    outlines = {}
    for geometry in raw["objects"]["countries"]["geometries"]:
        title = geometry["properties"]["name"]
        if title not in LEFT_OUT:
            outlines[names.get(str(geometry.get("id", "")).zfill(3), title)] = rings_of(geometry, arcs)
    target = DATA / "geo" / "outlines.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    content = {"source": SOURCE, "outlines": dict(sorted(outlines.items()))}
    target.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"outlines: {len(outlines)} countries, {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(shared_folder())
