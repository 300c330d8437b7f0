"""Trade that customs tables must have missed: needs that no reported import covers, and output that no reported export takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from orepact.chain.reference.amounts import ByPlace, spread, total
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.observations import CLOSURE, Observation, Term
from orepact.chain.reference.observed_trade import ObservedTrade

#: A gap counts from this part of what the place needs or makes, and of the world's need.
LEAST_PART, LEAST_SHARE = 0.2, 0.001
#: Largest makers or users among which a gap is divided.
ENDS = 3
LACK = "needed there beyond the imports that customs tables show"
SURPLUS = "made there beyond what is used and the exports that customs tables show"


@dataclass(frozen=True, eq=False)
class ObservedGaps:
    """One loose observation (give or take all of it) for each route on which something unreported probably moves.

    A place lacks ``need - output - imports``, or has ``output - need - exports`` too much, in the closed base year. Either is
    divided among the largest makers (or users) to which no shipment is reported and that are not in the same need; what a
    place sends on without making it is no lack. Commodities
    that share a customs code are left to the fit, which splits it; those whose other uses follow from trade have no gap.
    """

    base: BaseYear
    trade: ObservedTrade

    def rows(self) -> Iterator[Observation]:
        """All of them, sorted by commodity and route."""
        for (commodity, origin, destination), (quantity, note) in sorted(self.flows.items()):
            term = Term("flow", commodity, origin=origin, destination=destination)
            name = f"gap:{origin}>{destination}/{commodity}"
            yield Observation(name, (term,), quantity, quantity, "estimated", CLOSURE, note=note)

    @cached_property
    def pairs(self) -> dict[str, set[tuple[str, str]]]:
        """Pairs of places by commodity that a route must join."""
        found: dict[str, set[tuple[str, str]]] = {}
        for commodity, origin, destination in self.flows:
            found.setdefault(commodity, set()).add((origin, destination))
        return found

    @cached_property
    def flows(self) -> dict[tuple[str, str, str], tuple[float, str]]:
        """Quantity and reason by commodity, origin and destination."""
        found: dict[tuple[str, str, str], tuple[float, str]] = {}
        for commodity, reported in self.trade.pairs.items():
            if commodity in self._shared or commodity in self.base.remainder:
                continue
            made, need = self.base.shares(commodity), self.base.need.get(commodity, {})
            gaps = self._gaps(commodity, made, need)
            for place, gap in gaps.items():
                lacks = gap > 0
                others = _largest(made if lacks else need, place, without=[name for name, g in gaps.items() if (g > 0) == lacks])
                for other, part in spread(abs(gap), others).items():
                    pair = (other, place) if lacks else (place, other)
                    if pair not in reported and pair in self.trade.joined:
                        before = found.get((commodity, *pair), (0.0, ""))[0]
                        found[commodity, *pair] = (before + part, LACK if lacks else SURPLUS)
        return found

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Commodities that share a customs code with another: nobody can say how much of the figure is theirs."""
        return frozenset(name for item in self.trade.shipments if len(item.commodities) > 1 for name in item.commodities)

    def _gaps(self, commodity: str, made: Mapping[str, float], need: Mapping[str, float]) -> ByPlace:
        """Gaps by place that are worth a word; provinces, whose trade is one figure for the country, are left out."""
        least = LEAST_SHARE * total(need)
        come, gone = self.trade.imports, self.trade.exports
        out: ByPlace = {}
        for place in sorted({*made, *need}):
            key = (commodity, place)
            wanted, output = need.get(place, 0.0), made.get(place, 0.0)
            lack, surplus = wanted - output - come.get(key, 0.0), output - wanted - gone.get(key, 0.0)
            gap = lack if lack > 0 else -max(surplus, 0.0)
            if abs(gap) > max(LEAST_PART * max(wanted, output), least) and "-" not in place:
                out[place] = gap
        return out


def _largest(weights: Mapping[str, float], place: str, without: Collection[str]) -> ByPlace:
    """The largest places other than this one, and other than those in the same need."""
    ranked = sorted((name for name in weights if name != place and name not in without), key=lambda name: (-weights[name], name))
    return {name: weights[name] for name in ranked[:ENDS]}
