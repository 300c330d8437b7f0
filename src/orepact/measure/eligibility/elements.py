"""Recycled part and place of refining of the elements in a pool, from the tracing of origins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from orepact.measure.origin import OriginTable, Tracing
from orepact.measure.tracing.certainty import Certainty
from orepact.measure.tracing.mixing import Mixing

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.measure.eligibility.bill import Range
    from orepact.measure.tracing.transfers import Transfers

RECYCLE, REFINE = "recycle", "refine"
#: Origins that say that nothing is known.
OPEN = ("unknown", "stock")
#: Elements that count as critical minerals of a battery.
MINERALS = ("lithium", "nickel", "cobalt", "manganese", "graphite")


@dataclass(frozen=True, eq=False)
class Elements:
    """Traced elements of every pool of a year, computed when they are first asked for."""

    flows: Flows
    transfers: Transfers

    def recycled(self, element: str, commodity: str, place: str) -> Range:
        """Least and most of the recycled part of an element in a pool; (0, 1) where nothing is traced."""
        shares = self._shares(element, RECYCLE, commodity, place)
        if shares is None:
            return (0.0, 0.0) if RECYCLE not in self._stages else (0.0, 1.0)
        primary = shares.get(f"no_{RECYCLE}", 0.0)
        unknown = sum(shares.get(name, 0.0) for name in OPEN)
        return max(0.0, 1.0 - primary - unknown), max(0.0, 1.0 - primary)

    def refined(self, element: str, commodity: str, place: str) -> dict[str, float]:
        """Place of refining of an element in a pool, shares; ``unknown`` for what is not known or never passed a refinery."""
        shares = self._shares(element, REFINE, commodity, place)
        if shares is None:
            return {"unknown": 1.0}
        known = {name: share for name, share in shares.items() if name not in {*OPEN, f"no_{REFINE}", "recycled"}}
        rest = 1.0 - sum(known.values())
        return known | ({"unknown": rest} if rest > 1e-9 else {})

    @cached_property
    def _stages(self) -> frozenset[str]:
        return frozenset(self.flows.network.commodities["stage"])

    @cached_property
    def _tables(self) -> dict[tuple[str, str], OriginTable | None]:
        return {}

    @cached_property
    def _certainty(self) -> Certainty:
        return Certainty.of(self.flows, self.transfers)

    def _table(self, element: str, stage: str) -> OriginTable | None:
        key = (element, stage)
        if key not in self._tables:
            known = stage in self._stages and element in set(self.flows.network.contents["element"])
            mixing = Mixing.of_element(self.transfers, element, self._certainty, stage) if known else None
            self._tables[key] = None if mixing is None else Tracing.of_mixing(mixing).everywhere(by="place")
        return self._tables[key]

    def _shares(self, element: str, stage: str, commodity: str, place: str) -> dict[str, float] | None:
        table = self._table(element, stage)
        if table is None:
            return None
        node = int(self.flows.network.positions([commodity], [place])[0])
        if node < 0 or not table.held[node] > 0:
            return None
        row = np.asarray(table.shares[[node], :].todense()).ravel()
        return {name: float(share) for name, share in zip(table.origins, row, strict=True) if share > 0}
