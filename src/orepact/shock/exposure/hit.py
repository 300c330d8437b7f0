"""``Hit``: what a disruption does to an aggregate, as shares of what each column can usually do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.exposure.aggregate import Aggregate


@dataclass(frozen=True, eq=False)
class Hit:
    """Numbers of sites and routes and the share of their capacity that works (0 nothing); the rest is untouched.

    A share between 0 and 1 of something without limit is that share of its usual rate where that is known, else no limit.
    """

    sites: NDArray[np.int32]
    site_share: NDArray[np.float64]
    routes: NDArray[np.int32]
    route_share: NDArray[np.float64]

    @classmethod
    def of(cls, sites: Any = (), routes: Any = (), *, site_share: Any = 0.0, route_share: Any = 0.0) -> Hit:
        """A hit from anything array-like; one share may stand for all."""
        hit_sites, hit_routes = np.atleast_1d(np.asarray(sites, np.int32)), np.atleast_1d(np.asarray(routes, np.int32))
        working = np.broadcast_to(np.asarray(site_share, dtype=float), hit_sites.shape).copy()
        passing = np.broadcast_to(np.asarray(route_share, dtype=float), hit_routes.shape).copy()
        return cls(hit_sites, working, hit_routes, passing)

    def site_limits(self, aggregate: Aggregate) -> NDArray[np.float64]:
        """The most that each hit site makes per time."""
        return _limits(aggregate.site_capacity[self.sites], aggregate.site_usual[self.sites], self.site_share)

    def route_limits(self, aggregate: Aggregate) -> NDArray[np.float64]:
        """The most that each hit route carries per time."""
        return _limits(aggregate.route_capacity[self.routes], aggregate.route_usual[self.routes], self.route_share)

    @property
    def key(self) -> bytes:
        """The same for hits that do the same to the same columns in the same order."""
        parts = (self.sites, self.site_share, self.routes, self.route_share)
        return b"|".join(part.tobytes() for part in parts)


def _limits(capacity: NDArray[np.float64], usual: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Capacity x share; usual x share where there is no capacity but a usual rate; else no limit, but 0 for a share of 0."""
    reference = np.where(np.isfinite(capacity) | np.isnan(usual) | (share >= 1.0), capacity, usual)
    out = np.zeros(len(share))
    np.multiply(reference, share, out=out, where=share > 0)
    return out


UNTOUCHED = Hit.of()
