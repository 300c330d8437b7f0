"""What customs tables say of trade: every source, both sides where both are reported, by code and edition.

A code that covers several commodities becomes one observation with a term for each, so that the fit splits it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot, sqrt

import pandas as pd

from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.observation_rules import ObservationRules, Scope, observation_rules
from orepact.chain.reference.observations import LeftOut, Observation, Term
from orepact.chain.reference.statements import Statements
from orepact.facts.customs import code_of_note

TRADE = ("trade_quantity", "trade_export_quantity", "trade_import_quantity")
VALUE = "trade_value"
DOUBLE = "possible_double_report"
Pair = tuple[str, str]
NO_SUPPLY = "nothing there makes it and no import of it is reported: transit or re-export"
NO_USE = "nothing there takes it and no export of it is reported"
SMALL = "below the least share of world trade"
NO_WAY = "no way for freight joins the two places"


@dataclass(frozen=True, slots=True)
class Shipment:
    """One customs figure: tonnes of a code from a place to another, and the commodities that the code covers."""

    attribute: str
    origin: str
    destination: str
    thing: str
    edition: str
    code: str
    commodities: tuple[str, ...]
    quantity: float
    source: str
    grade: str
    confidence: str
    counts: bool
    note: str

    @property
    def id(self) -> str:
        """Id of the observation."""
        code = f"_{self.code}" if self.code else ""
        return f"{self.attribute}:{self.origin}>{self.destination}/{self.thing}:{self.source}{code}"


@dataclass(frozen=True, eq=False)
class ObservedTrade:
    """Shipments of one year that the network can hold, and the observations that they make."""

    evidence: Evidence
    statements: Statements
    sold: Mapping[str, set[str]]  # commodity -> places whose sites make it
    used: Mapping[str, set[str]]  # commodity -> places whose sites or final uses take it
    joined: frozenset[Pair]  # pairs of leaf places that some way joins
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def rules(self) -> ObservationRules:
        """Spreads, editions and what codes hold."""
        return observation_rules()

    # Shipments -----------------------------------------------------------------------------------

    @cached_property
    def shipments(self) -> list[Shipment]:
        """Everything that is observed: large enough, between places that can send and take it."""
        return self._possible(self._large(self._read()))

    def _read(self) -> list[Shipment]:
        found: list[Shipment] = []
        for attribute in TRADE:
            if attribute in self.evidence.codes.attributes:
                claims = self.statements.trade(attribute)
                found += self._of(attribute, claims) if len(claims) else ()
        return [*found, *self._valued({name for item in found for name in item.commodities})]

    def _valued(self, weighed: set[str]) -> list[Shipment]:
        """Tonnes from dollars, by the price of the year, of commodities that no table of the year weighs."""
        claims = self.statements.trade(VALUE)
        prices = self.evidence.prices
        chosen = claims[claims["thing"].isin(set(prices) - weighed)] if len(claims) else claims
        if not len(chosen):
            return []
        price = chosen["thing"].map(prices).astype(float)
        words = "tonnes from dollars at " + price.map("{:,.0f}".format) + " a tonne"
        return list(self._of(VALUE, chosen.assign(quantity=chosen["quantity"] / price, note=chosen["note"] + "; " + words)))

    def _of(self, attribute: str, claims: pd.DataFrame) -> Iterator[Shipment]:
        claims = self._coded(claims)
        keys = ["place", "partner", "source", "edition", "code", "counts", "confidence", "grade"]
        whole = claims["code"].isin(self.rules.read_by_price)
        claims = claims.assign(thing=claims["thing"].mask(whole, ""))
        firsts = claims.groupby([*keys, "thing"], sort=True, dropna=False)
        table = firsts.agg(quantity=("quantity", "sum"), note=("note", "first")).reset_index()
        columns = ["place", "partner", "thing", "edition", "code", "quantity", "source", "grade", "confidence", "counts", "note"]
        for origin, destination, thing, edition, code, quantity, *said in table[columns].to_numpy(dtype=object).tolist():
            commodities = self._covered(edition, code, thing)
            name = thing or "+".join(commodities)
            yield Shipment(attribute, origin, destination, name, edition, code, commodities, quantity, *said)

    def _coded(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Claims with the edition and customs code of their notes."""
        codes = {note: code_of_note(note) for note in claims["note"].unique()}
        edition = claims["note"].map({note: found[0] for note, found in codes.items()})
        usual = claims["source"].map(dict(self.rules.editions)).fillna("")
        code = claims["note"].map({note: found[1] for note, found in codes.items()})
        return claims.assign(edition=edition.where(edition != "", usual), code=code)

    def _covered(self, edition: str, code: str, thing: str) -> tuple[str, ...]:
        """The commodities of the chain that a figure may be about: those of its code, unless it was read as something else."""
        if not edition or not code:
            return (thing,)
        listed = self.evidence.codes.commodities_of_hs(edition, code)
        return listed if not thing or thing in listed else (thing,)

    # What the network can hold -----------------------------------------------------------------------

    def _large(self, shipments: list[Shipment]) -> list[Shipment]:
        world: dict[tuple[str, str], float] = {}
        for item in shipments:
            key = (item.thing, item.source)
            world[key] = world.get(key, 0.0) + item.quantity
        least = self.rules.least_trade
        return self._kept(shipments, SMALL, lambda item: item.quantity >= least * world[item.thing, item.source])

    def _possible(self, shipments: list[Shipment]) -> list[Shipment]:
        """Shipments whose origin can have the goods and whose destination can do something with them, found in rounds."""
        kept = self._kept(shipments, NO_WAY, lambda item: bool(self.pairs_of(item)))
        while True:
            sent = {(name, leaf) for s in kept for name in s.commodities for leaf in self._leaves(s.origin)}
            arrived = {(name, leaf) for s in kept for name in s.commodities for leaf in self._leaves(s.destination)}
            fewer = self._kept(kept, NO_SUPPLY, lambda item: self._any(item, item.origin, self.sold, arrived))  # noqa: B023
            fewer = self._kept(fewer, NO_USE, lambda item: self._any(item, item.destination, self.used, sent))  # noqa: B023
            if len(fewer) == len(kept):
                return kept
            kept = fewer

    def _any(self, item: Shipment, place: str, holders: Mapping[str, set[str]], others: set[Pair]) -> bool:
        leaves = self._leaves(place)
        return any(leaf in holders.get(name, ()) or (name, leaf) in others for name in item.commodities for leaf in leaves)

    def _kept(self, shipments: list[Shipment], reason: str, test: Callable[[Shipment], bool]) -> list[Shipment]:
        kept = []
        for item in shipments:
            if test(item):
                kept.append(item)
            else:
                self.left_out.append(
                    LeftOut(f"trade in {item.thing} from {item.origin} to {item.destination}", reason, item.quantity)
                )
        return kept

    def _leaves(self, place: str) -> tuple[str, ...]:
        return self._members.setdefault(place, self.evidence.codes.members(place))

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        return {}

    # Routes ------------------------------------------------------------------------------------------

    def pairs_of(self, item: Shipment) -> list[Pair]:
        """Leaf places that the shipment may join."""
        return [
            (a, b) for a in self._leaves(item.origin) for b in self._leaves(item.destination) if a != b and (a, b) in self.joined
        ]

    @cached_property
    def pairs(self) -> dict[str, set[Pair]]:
        """Pairs of places by commodity that a route must join; of a country of provinces those that make or take it."""
        found: dict[str, set[Pair]] = {}
        for item in self.shipments:
            for name in item.commodities:
                here = found.setdefault(name, set())
                here |= set(self._narrowed(name, self.pairs_of(item)))
        return found

    def _narrowed(self, commodity: str, pairs: list[Pair]) -> list[Pair]:
        if len(pairs) == 1:
            return pairs
        sold, used = self.sold.get(commodity, set()), self.used.get(commodity, set())
        starts = {a for a, _ in pairs} & sold or {a for a, _ in pairs} & used or {pairs[0][0]}
        ends = {b for _, b in pairs} & used or {b for _, b in pairs} & sold or {pairs[0][1]}
        return [(a, b) for a, b in pairs if a in starts and b in ends]

    @cached_property
    def arrivals(self) -> dict[tuple[str, str], float]:
        """Imports less exports by commodity and place that something comes to, by the source that gives most of each."""
        return {key: max(quantity - self.exports.get(key, 0.0), 0.0) for key, quantity in self.imports.items()}

    @cached_property
    def imports(self) -> dict[tuple[str, str], float]:
        """Imports by commodity and leaf place."""
        return self._sums("destination")

    @cached_property
    def exports(self) -> dict[tuple[str, str], float]:
        """Exports by commodity and leaf place."""
        return self._sums("origin")

    def _sums(self, end: str) -> dict[tuple[str, str], float]:
        """Shipments by commodity and leaf place at one end; a country of provinces counts at each of them."""
        sums: dict[tuple[str, str, str], float] = {}
        for item in (s for s in self.shipments if s.counts):
            for name in item.commodities:
                for leaf in self._leaves(getattr(item, end)):
                    key = (name, leaf, item.source)
                    sums[key] = sums.get(key, 0.0) + item.quantity
        found: dict[tuple[str, str], float] = {}
        for (name, leaf, _), quantity in sums.items():
            found[name, leaf] = max(found.get((name, leaf), 0.0), quantity)
        return found

    # Observations --------------------------------------------------------------------------------------

    def rows(self) -> Iterator[Observation]:
        """All observations of trade, one for each shipment and source."""
        rivals: dict[tuple[str, str, str, str], int] = {}
        for item in self.shipments:
            if item.counts:
                key = (item.origin, item.destination, item.thing, item.attribute)
                rivals[key] = rivals.get(key, 0) + 1
        for item in self.shipments:
            sharing = sqrt(rivals.get((item.origin, item.destination, item.thing, item.attribute), 1))
            yield self._observation(item, sharing if item.counts else 1.0)

    def _observation(self, item: Shipment, sharing: float) -> Observation:
        scope = self.rules.customs.get(item.code, Scope()) if self._listed(item) else Scope(spread=self.rules.reading_spread)
        relative = self.rules.relative(item.attribute, item.confidence, item.grade, scope.spread)
        least = self.rules.floor["trade"] * self._world[item.thing]
        quantity = scope.inside * item.quantity
        terms = tuple(
            Term("flow", name, origin=item.origin, destination=item.destination, factor=self._tonnes(name))
            for name in item.commodities
            if self._has_route(name, item)
        )
        return Observation(
            item.id, terms, quantity, hypot(relative * item.quantity, least) * sharing, item.confidence, item.source,
            item.counts, self._words(item, scope),
        )  # fmt: skip

    def _tonnes(self, commodity: str) -> float:
        """Tonnes of a unit on the way: customs weigh what others count in energy or pieces."""
        return 1.0 if self.evidence.codes.commodities[commodity].unit == "t" else self._mass.get(commodity, 1.0)

    @cached_property
    def _mass(self) -> dict[str, float]:
        return self.evidence.latest("shipping_mass")

    def _listed(self, item: Shipment) -> bool:
        """Whether the figure is about the commodities of its code, and neither read as something else nor a second report."""
        if DOUBLE in item.note:
            return False
        return not item.code or set(item.commodities) <= set(self.evidence.codes.commodities_of_hs(item.edition, item.code))

    def _has_route(self, name: str, item: Shipment) -> bool:
        return any(pair in self.pairs.get(name, ()) for pair in self.pairs_of(item))

    def _words(self, item: Shipment, scope: Scope) -> str:
        taken = f"{scope.inside:.0%} of the code taken, the rest {scope.holds}" if scope.holds else ""
        several = f"split by the fit among {', '.join(item.commodities)}" if len(item.commodities) > 1 else ""
        return "; ".join(part for part in (item.note, taken, several) if part)

    def world_trade(self, commodity: str) -> float:
        """The largest world trade, in units of the commodity, that a figure about it adds up to."""
        whole = max((self._world[item.thing] for item in self.shipments if commodity in item.commodities), default=0.0)
        return whole / self._tonnes(commodity)

    @cached_property
    def _world(self) -> dict[str, float]:
        """World trade by commodity, the largest that any source gives."""
        sums: dict[tuple[str, str], float] = {}
        for item in self.shipments:
            sums[item.thing, item.source] = sums.get((item.thing, item.source), 0.0) + item.quantity
        found: dict[str, float] = {}
        for (thing, _), quantity in sums.items():
            found[thing] = max(found.get(thing, 0.0), quantity)
        return found
