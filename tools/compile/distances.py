"""Distances between places as claims: by sea (four states of the canals), the legs to the ports, and over land.

Sea distances are shortest paths on the network of shipping lanes that the package ``searoute`` carries (offline), the
Northwest Passage closed. A place with several ports uses the one nearest to the other side (each coast serves its own
hinterland); the land leg is to its nearest port. Land distances are great circles times a detour factor, for the pairs
that ``distances.yaml`` joins. Run: ``python -m tools.compile.distances``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from orepact.chain.distance import CANALS, LAND, LEG, great_circle_km, sea_attribute, sea_attributes
from tools.compile.claims_writer import DATA, shared_folder, write_claims, write_sources

HERE = Path(__file__).parent
AS_OF = "2000"  # year of the shipping lanes behind the network; positions of ports and canals are geography, not news
STATES: tuple[tuple[str, ...], ...] = ((), ("suez",), ("panama",), CANALS)
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A place with its point, its ports (name, point) and its landmass."""

    id: str
    point: Point
    landmass: str
    ports: tuple[tuple[str, Point], ...]


def read_places(path: Path = DATA / "codes" / "places.yaml") -> list[Place]:
    """Places of the code list, in order of id."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["places"]
    return [
        Place(
            name,
            (entry["latitude"], entry["longitude"]),
            entry.get("landmass", ""),
            tuple((port["name"], (port["latitude"], port["longitude"])) for port in entry.get("ports", [])),
        )
        for name, entry in sorted(raw.items())
    ]


@cache
def rules() -> dict[str, Any]:
    """Detour factor and land regions."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "distances.yaml").read_text(encoding="utf-8"))
    return loaded


class Lanes:
    """The shipping lanes of searoute as a sparse graph, and the node nearest to each port."""

    def __init__(self, ports: list[Point]) -> None:
        from searoute.searoute import setup_M

        marnet = setup_M("networkx")
        self.index = {node: number for number, node in enumerate(sorted(marnet.nodes))}
        edges = sorted((self.index[u], self.index[v], data["weight"], data.get("passage")) for u, v, data in _edges(marnet))
        self.ends = np.array([(u, v) for u, v, _, _ in edges])
        self.km = np.array([weight for _, _, weight, _ in edges], dtype=float)
        self.passage = np.array([passage or "" for _, _, _, passage in edges])
        nearest = [marnet.kdtree.query((longitude, latitude)) for latitude, longitude in ports]
        self.nodes = np.array([self.index[node] for node in nearest])
        self.approach = np.array(
            [float(great_circle_km(*port, node[1], node[0])) for port, node in zip(ports, nearest, strict=True)]
        )

    def between_ports(self, closed: tuple[str, ...]) -> NDArray[np.float64]:
        """Sea distances, ports x ports, with these canals and the Northwest Passage closed; approaches included."""
        open_lane = ~np.isin(self.passage, [*closed, "northwest"])
        ends, size = self.ends[open_lane], len(self.index)
        graph = sparse.csr_array((self.km[open_lane], (ends[:, 0], ends[:, 1])), shape=(size, size))
        found = dijkstra(graph, directed=False, indices=self.nodes)[:, self.nodes]
        return np.asarray(found + self.approach[:, None] + self.approach[None, :])


def _edges(marnet: Any) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    """Each lane once (a sparse matrix would add repeated entries up)."""
    seen = set()
    for u, v, data in marnet.edges(data=True):
        pair = (u, v) if u < v else (v, u)
        if u != v and pair not in seen:
            seen.add(pair)
            yield pair[0], pair[1], data


def leg_km(place: Place, port: Point) -> float:
    """Land leg from the industry of a place to a port."""
    return float(great_circle_km(*place.point, *port)) * float(rules()["detour"])


def sea_rows(places: list[Place]) -> list[dict[str, Any]]:
    """Claims of sea distances for every ordered pair of places; a closed canal only where it changes the distance."""
    points = sorted({point for place in places for _, point in place.ports})
    number = {point: at for at, point in enumerate(points)}
    lanes = Lanes(points)
    tables = {state: lanes.between_ports(state) for state in STATES}
    rows: list[dict[str, Any]] = []
    for here, there in itertools.permutations(places, 2):
        ways = {state: _nearest(here, there, tables[state], number) for state in STATES}
        for state, (km, note) in ways.items():
            if np.isfinite(km) and (not state or round(km) != round(ways[()][0])):
                rows.append(_claim(f"{here.id}>{there.id}", sea_attribute(state), km, note))
    return rows


def _nearest(here: Place, there: Place, table: NDArray[np.float64], number: dict[Point, int]) -> tuple[float, str]:
    """Sea km and the names of the two ports that lie nearest to each other; infinite where no lane joins any."""
    options = [
        (float(table[number[port], number[other]]) if port != other else 0.0, f"{name} to {other_name}")
        for (name, port), (other_name, other) in itertools.product(here.ports, there.ports)
    ]
    return min(options, default=(np.inf, ""))


def port_rows(places: list[Place]) -> list[dict[str, Any]]:
    """Claims of the land leg to the nearest port of each place that does not sit at it."""
    rows = []
    for place in places:
        km, name = min(((leg_km(place, port), name) for name, port in place.ports), default=(0.0, ""))
        if round(km) > 0:
            note = f"great circle to {name} x {rules()['detour']:g}"
            rows.append(_claim(place.id, LEG, km, note))
    return rows


def joined_pairs(places: list[Place]) -> list[tuple[Place, Place, str]]:
    """Ordered pairs that rail or road joins, with the first region that joins them."""
    by_id = {place.id: place for place in places}
    pairs: dict[tuple[str, str], str] = {}
    for name, region in rules()["regions"].items():
        members = {place.id for place in places if place.landmass and place.landmass == region.get("landmass")}
        members |= set(region.get("places", ())) & set(by_id)
        members -= set(region.get("except") or ())
        for pair in itertools.permutations(sorted(members), 2):
            pairs.setdefault(pair, name)
    return [(by_id[a], by_id[b], region) for (a, b), region in sorted(pairs.items())]


def land_rows(places: list[Place]) -> list[dict[str, Any]]:
    """Claims of land distances for the joined pairs."""
    detour = float(rules()["detour"])
    rows = []
    for here, there, region in joined_pairs(places):
        km = float(great_circle_km(*here.point, *there.point)) * detour
        note = f"great circle x {detour:g}; rail or road within {region.replace('_', ' ')}"
        rows.append(_claim(f"{here.id}>{there.id}", LAND, km, note))
    return rows


def _claim(subject: str, attribute: str, km: float, note: str) -> dict[str, Any]:
    by_sea = attribute in sea_attributes()
    return {
        "subject": subject,
        "attribute": attribute,
        "value": round(km),
        "unit": "km",
        "source": "searoute" if by_sea else "orepact_land_distances",
        "as_of": AS_OF,
        "confidence": "derived" if by_sea else "estimated",
        "note": note,
    }


def sources() -> list[dict[str, str]]:
    """The two sources of this compiler."""
    return [
        {
            "source": "searoute",
            "producer": "Gent Halili (searoute), after Eurostat SeaRoute and Oak Ridge National Laboratory",
            "title": "Global network of shipping lanes in the Python package searoute",
            "edition": version("searoute"),
            "published": AS_OF,
            "licence": "Apache-2.0",
            "attribution": "searoute by Gent Halili; lanes after Eurostat SeaRoute and the Global Shipping Lane Network of 2000",
            "address": "Python package searoute",
            "grade": "B",
            "ships": "yes",
        },
        {
            "source": "orepact_land_distances",
            "producer": "The orepact developers",
            "title": "Own estimate of land distances: great circle times a detour factor",
            "edition": "1",
            "published": AS_OF,
            "licence": "MIT",
            "attribution": "",
            "address": "tools/compile/distances.yaml",
            "grade": "D",
            "ships": "yes",
        },
    ]


def main(shared: Path) -> None:  # noqa: ARG001  needs nothing but the code list and searoute
    """Write ``data/facts/distances.csv``."""
    places = read_places()
    frame = write_claims([*sea_rows(places), *port_rows(places), *land_rows(places)], DATA / "facts" / "distances.csv")
    write_sources(sources(), HERE / "sources" / "distances.csv")
    print(f"distances: {len(frame)} claims for {len(places)} places")


if __name__ == "__main__":
    main(shared_folder())
