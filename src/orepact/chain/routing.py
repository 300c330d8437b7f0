"""The way that freight takes between two places: by sea with land legs at both ends, or all the way over land."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from orepact.chain.distance import Distances
from orepact.errors import NotFound


@dataclass(frozen=True, slots=True)
class Freight:
    """What moving a tonne costs; the caller gives the numbers, since they are facts with sources.

    ``handling_usd_per_t`` is charged once at each end of a way by sea; speeds give the days under way.
    """

    sea_usd_per_t_km: float
    land_usd_per_t_km: float
    handling_usd_per_t: float = 0.0
    sea_km_per_day: float = 600.0  # about 14 knots, the usual speed of a bulk carrier
    land_km_per_day: float = 500.0
    handling_days: float = 4.0
    sea_kg_co2e_per_t_km: float = 0.0
    land_kg_co2e_per_t_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way between two places."""

    origin: str
    destination: str
    mode: str  # sea | land
    sea_km: float
    land_km: float

    @property
    def total_km(self) -> float:
        """Sea and land together."""
        return self.sea_km + self.land_km


def priced_ways(distances: Distances, freight: Freight, restrictions: Iterable[str] = ()) -> pd.DataFrame:
    """Every way with its cost per tonne, days and emissions.

    ``usd_per_t = sea_km x sea rate + land_km x land rate + 2 x handling (by sea only)``; columns of ``Distances.ways`` and
    ``usd_per_t, days, kg_co2e_per_t``.
    """
    ways = distances.ways(restrictions)
    at_sea = (ways["mode"] == "sea").astype(float)
    cost = ways["sea_km"] * freight.sea_usd_per_t_km + ways["land_km"] * freight.land_usd_per_t_km
    days = ways["sea_km"] / freight.sea_km_per_day + ways["land_km"] / freight.land_km_per_day
    carbon = ways["sea_km"] * freight.sea_kg_co2e_per_t_km + ways["land_km"] * freight.land_kg_co2e_per_t_km
    return ways.assign(
        usd_per_t=cost + 2 * freight.handling_usd_per_t * at_sea,
        days=days + freight.handling_days * at_sea,
        kg_co2e_per_t=carbon,
    )


def cheapest_ways(distances: Distances, freight: Freight, restrictions: Iterable[str] = ()) -> pd.DataFrame:
    """The cheapest way of each pair (land wins a tie), sorted by origin and destination."""
    priced = priced_ways(distances, freight, restrictions).sort_values(
        ["origin", "destination", "usd_per_t", "mode"], kind="stable"
    )
    return priced.drop_duplicates(["origin", "destination"], ignore_index=True)


def route_km(distances: Distances, origin: str, destination: str, restrictions: Iterable[str] = ()) -> tuple[Way, ...]:
    """The ways from ``origin`` to ``destination`` with these canals closed: by sea, over land, or both.

    Raises ``NotFound`` for a place that has no distance, or a pair that no way joins.
    """
    known = distances.table.index
    for place in (origin, destination):
        if place not in known.get_level_values(0) and place not in known.get_level_values(1):
            raise NotFound("place with distances", place, known.get_level_values(0).unique())
    if (origin, destination) not in known:
        raise NotFound("way", f"{origin}>{destination}")
    pair = Distances(distances.table.loc[[(origin, destination)]], distances.legs).ways(restrictions)
    return tuple(Way(*row) for row in pair.itertuples(index=False, name=None))
