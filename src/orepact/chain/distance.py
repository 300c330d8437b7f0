"""Great-circle distances, and the table of shipped sea and land distances between places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.errors import NotFound

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088  # mean radius of the GRS 80 ellipsoid (Moritz 2000)
CANALS = ("suez", "panama")
SEA = "sea_distance_km"
LAND = "land_distance_km"
LEG = "port_leg_km"


def great_circle_km(
    latitude: ArrayLike, longitude: ArrayLike, other_latitude: ArrayLike, other_longitude: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distance in km between points in degrees (haversine formula); arrays broadcast.

    ``2 R asin sqrt(sin^2(dlat / 2) + cos lat1 cos lat2 sin^2(dlon / 2))``

    >>> float(great_circle_km(35.1, 129.03, 35.07, 136.87).round())  # Busan to Nagoya
    713.0
    """
    lat1, lon1, lat2, lon2 = (
        np.radians(np.asarray(v, dtype=float)) for v in (latitude, longitude, other_latitude, other_longitude)
    )
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def sea_attribute(restrictions: Iterable[str] = ()) -> str:
    """Attribute of the sea distance when these canals are closed; raises ``NotFound`` for another name.

    >>> sea_attribute(["panama", "suez"])
    'sea_distance_km_without_suez_panama'
    """
    closed = set(restrictions)
    for name in closed - set(CANALS):
        raise NotFound("canal", name, CANALS)
    ordered = [canal for canal in CANALS if canal in closed]
    return f"{SEA}_without_{'_'.join(ordered)}" if ordered else SEA


def sea_attributes() -> list[str]:
    """Attributes of sea distances in every state of the canals."""
    return [sea_attribute(closed) for closed in ((), ("suez",), ("panama",), CANALS)]


@dataclass(frozen=True, eq=False)
class Distances:
    """Distances between places, from claims with subjects ``ORIGIN>DESTINATION``.

    ``table`` is indexed by (origin, destination), with a column for each attribute (km, NaN where there is none): sea
    distances between ports with and without canals, and ``land_distance_km`` where rail or road goes all the way.
    ``legs`` holds the km over land from the industry of a place to its port; a place without one sits at its port.
    """

    table: pd.DataFrame
    legs: pd.Series

    @classmethod
    def from_claims(cls, claims: pd.DataFrame) -> Distances:
        """Distances from resolved claims: columns ``subject``, ``attribute`` and ``number`` (or ``value``)."""
        numbers = pd.to_numeric(claims["number"] if "number" in claims else claims["value"])
        leg = (claims["attribute"] == LEG).to_numpy()
        legs = pd.Series(numbers[leg].to_numpy(dtype=float), index=pd.Index(claims.loc[leg, "subject"], name="place"), name=LEG)
        ends = claims.loc[~leg, "subject"].str.split(">", n=1)
        flat = pd.DataFrame(
            {"origin": ends.str[0], "destination": ends.str[1], "attribute": claims.loc[~leg, "attribute"], "km": numbers[~leg]}
        )
        table = flat.pivot_table(index=["origin", "destination"], columns="attribute", values="km", aggfunc="first")
        return cls(table.reindex(columns=[*sea_attributes(), LAND]).rename_axis(columns=None), legs)

    @classmethod
    def from_ledger(cls, ledger: Any) -> Distances:
        """Distances that the ledger resolves to."""
        names = [*sea_attributes(), LAND, LEG]
        return cls.from_claims(pd.concat([ledger.resolve(attribute=name) for name in names], ignore_index=True))

    def sea_km(self, restrictions: Iterable[str] = ()) -> pd.Series:
        """Sea distance of every pair with these canals closed; the open distance where closing them changes nothing."""
        closed = self.table[sea_attribute(restrictions)]
        return closed.fillna(self.table[SEA]).rename("sea_km")

    def ways(self, restrictions: Iterable[str] = ()) -> pd.DataFrame:
        """Every way between every pair: ``origin, destination, mode (sea | land), sea_km, land_km``."""
        ends = self.table.index.to_frame(index=False)
        both_legs = ends["origin"].map(self.legs).fillna(0.0) + ends["destination"].map(self.legs).fillna(0.0)
        sea = ends.assign(mode="sea", sea_km=self.sea_km(restrictions).array, land_km=both_legs.array)
        land = ends.assign(mode="land", sea_km=0.0, land_km=self.table[LAND].array)
        return pd.concat([sea, land]).dropna().reset_index(drop=True)
