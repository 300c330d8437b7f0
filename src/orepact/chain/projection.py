"""The Equal Earth projection about any meridian, outlines cut at the edge of the map, and great-circle paths."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def equal_earth(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Equal Earth projection of degrees, in Earth radii (Savric, Patterson and Jenny 2018, equation 10).

    >>> x, y = equal_earth([0.0, 180.0], [0.0, 0.0])
    >>> x.round(4).tolist(), y.tolist()
    ([0.0, 2.7066], [0.0, 0.0])
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    turn, height = np.radians(np.asarray(longitude, dtype=float)), np.radians(np.asarray(latitude, dtype=float))
    t = np.arcsin(np.sqrt(3) / 2 * np.sin(height))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * np.sqrt(3) * turn * np.cos(t) / (3 * slope)
    y = a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t
    return np.asarray(x), np.asarray(y)


def relative(longitude: ArrayLike, centre: float) -> NDArray[np.float64]:
    """Longitudes counted from the middle of the map, -180 to below 180.

    >>> relative([150.0, -30.0, -100.0], centre=150.0).tolist()
    [0.0, -180.0, 110.0]
    """
    return np.asarray((np.asarray(longitude, dtype=float) - centre + 180.0) % 360.0 - 180.0)


@cache
def outlines() -> dict[str, list[NDArray[np.float64]]]:
    """Rings (longitude, latitude) of every country, by ISO alpha-3 code where there is one."""
    raw = json.loads(files("orepact.data").joinpath("geo/outlines.json").read_text(encoding="utf-8"))
    return {name: [np.reshape(ring, (-1, 2)) for ring in rings] for name, rings in raw["outlines"].items()}


def cut_ring(ring: NDArray[np.float64], centre: float) -> list[NDArray[np.float64]]:
    """A ring counted from the middle of the map, in as many pieces as the edge of the map cuts it into."""
    turns = relative(ring[:, 0], centre)
    steps = relative(np.diff(turns), 0.0)
    x = turns[0] + np.concatenate([[0.0], np.cumsum(steps)])
    whole = np.column_stack([x, ring[:, 1]])
    pieces = []
    for shift in (-360.0, 0.0, 360.0):
        piece = _clip(_clip(whole, -180.0 + shift, 1.0), 180.0 + shift, -1.0)
        if len(piece) > 2:
            pieces.append(piece - [shift, 0.0])
    return pieces


def _clip(ring: NDArray[np.float64], edge: float, side: float) -> NDArray[np.float64]:
    """The part of a closed ring with ``side * (x - edge) >= 0`` (Sutherland and Hodgman 1974, one edge)."""
    inside = side * (ring[:, 0] - edge) >= 0
    if inside.all() or not inside.any():
        return ring if inside.all() else ring[:0]
    points = []
    for (x0, y0), (x1, y1), here, there in zip(ring, np.roll(ring, -1, axis=0), inside, np.roll(inside, -1), strict=True):
        if here:
            points.append((x0, y0))
        if here != there:
            points.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return np.asarray([*points, points[0]])


def great_circle_path(
    start: tuple[float, float], end: tuple[float, float], steps: int = 32
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of points along the shortest way between two (longitude, latitude) points in degrees."""
    first, last = _vector(*start), _vector(*end)
    angle = float(np.arccos(np.clip(first @ last, -1.0, 1.0)))
    t = np.linspace(0.0, 1.0, steps)[:, None]
    if angle < 1e-9 or angle > np.pi - 1e-9:
        path = first + t * (last - first)
    else:
        path = (np.sin((1 - t) * angle) * first + np.sin(t * angle) * last) / np.sin(angle)
    return np.degrees(np.arctan2(path[:, 1], path[:, 0])), np.degrees(np.arctan2(path[:, 2], np.hypot(path[:, 0], path[:, 1])))


def _vector(longitude: float, latitude: float) -> NDArray[np.float64]:
    turn, height = np.radians(longitude), np.radians(latitude)
    return np.array([np.cos(height) * np.cos(turn), np.cos(height) * np.sin(turn), np.sin(height)])
