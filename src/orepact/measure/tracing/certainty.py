"""``Certainty``: how well each activity and each movement of a year is known, as a grade from 0 (best) to 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Flows
    from orepact.measure.tracing.transfers import Transfers

#: Classes of evidence from best to worst; the position is the grade.
CLASSES = ("reported", "derived", "estimated", "unverified")
#: Grade of what nobody says how it is known.
UNSAID = CLASSES.index("estimated")


@dataclass(frozen=True, eq=False)
class Certainty:
    """Grades of the sites of the network and of the rows of ``transfers.moved``.

    An engine that knows says so in ``flows.quality``. Otherwise an activity is as well known as its site, and a movement,
    which nobody measured, is estimated.
    """

    sites: NDArray[np.int64]
    moved: NDArray[np.int64]

    @classmethod
    def of(cls, flows: Flows, transfers: Transfers) -> Certainty:
        """The grades of one year of flows."""
        network = flows.network
        sites = grades(network.sites["confidence"])
        moved = np.full(len(transfers.moved), UNSAID, dtype=np.int64)
        if flows.quality is None:
            return cls(sites, moved)
        from orepact.chain.balance import route_numbers

        rows = flows.frame.assign(grade=grades(flows.quality["confidence"]))
        rows = rows[rows["year"] == transfers.year]
        ran, routes = rows[rows["kind"] == "activity"], rows[rows["kind"] == "route"]
        sites = sites.copy()
        sites[network.site_index.get_indexer(pd.Index(ran["site"]))] = ran["grade"]
        by_route = pd.Series(routes["grade"].to_numpy(), index=route_numbers(routes, network)).groupby(level=0).max()
        known = by_route.reindex(transfers.moved["route"]).to_numpy(dtype=float)
        return cls(sites, np.nan_to_num(known, nan=UNSAID).astype(np.int64))


def grades(confidence: pd.Series) -> NDArray[np.int64]:
    """Grade of each class of evidence; what is empty or another word counts as estimated."""
    found = confidence.map({name: grade for grade, name in enumerate(CLASSES)})
    return np.nan_to_num(found.to_numpy(dtype=float), nan=UNSAID).astype(np.int64)
