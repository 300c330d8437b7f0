"""Makers that no statistic names, yet trade or the rest of a world table says that there are some."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from orepact.chain.reference.amounts import ByPlace, plus
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.statements import Statements

REST = "ROW"
#: Net exports or imports below this share of the world's trade in the commodity make no maker.
LEAST_SHARE = 0.001
#: The same where no customs table says whether the input comes in.
LEAST_UNFED_SHARE = 0.005
#: How much of its own input a place may take up that no statistic names.
OWN_PART = 0.5


@dataclass(frozen=True, slots=True)
class Supposed:
    """A process that may run in a place: what it probably makes, and how far that may be off (units a year)."""

    process: str
    place: str
    quantity: float
    spread: float


@dataclass(frozen=True, eq=False)
class SupposedSites:
    """Finds them among the processes that the closed base year runs elsewhere and that take something in."""

    evidence: Evidence
    recipes: RecipeBook
    base: BaseYear
    statements: Statements
    still: Container[str]  # commodities that never leave their place

    def find(self) -> list[Supposed]:
        """All of them, sorted by process and place."""
        found: dict[tuple[str, str], Supposed] = {}
        for item in (*self._of_the_rest(), *self._exporting()):
            found[item.process, item.place] = item
        return [found[key] for key in sorted(found)]

    def _of_the_rest(self) -> Iterator[Supposed]:
        """Places that have the input of a process and are nowhere named for its output: part of a table's rest of the world."""
        for process, rule in self.base.rules.items():
            if rule.statistic is None or process not in self.base.output or not self.recipes.inputs(process):
                continue
            source = min(self.recipes.inputs(process))
            named = self._named(rule.statistic.attribute, rule.statistic.thing)
            taken = self.recipes.inputs(process)[source]
            for place, quantity in sorted(plus(self._made(source), self._net_imports(source)).items()):
                if named and place not in named | {REST} and place not in self.base.output[process]:
                    yield Supposed(process, place, 0.0, OWN_PART * quantity / taken)

    def _named(self, attribute: str, thing: str) -> set[str]:
        """Leaf places that some source names; nothing when no source has a rest of the world."""
        said = [item for item in self.statements.of((attribute,)) if item.thing == thing]
        if not any(item.place == REST and item.quantity > 0 for item in said):
            return set()
        places = {item.place for item in said if item.place != "world"}
        return {leaf for place in places for leaf in self.evidence.codes.members(place)}

    def _exporting(self) -> Iterator[Supposed]:
        """Places that export more than they import: of what they have the input for, or of ore that no mine statistic names."""
        for commodity, places in self._net_exports.items():
            makers = [process for process in self.recipes.makers.get(commodity, ()) if self.base.output.get(process)]
            made = self._made(commodity)
            world = sum(self._trade[commodity][0].values())
            for place, quantity in places.items():
                large = quantity >= LEAST_UNFED_SHARE * world
                process = next((p for p in makers if self._able(p, place, large=large)), "")
                if process and place not in made:
                    yield Supposed(process, place, quantity, quantity)

    def _able(self, process: str, place: str, *, large: bool) -> bool:
        """Whether a process may run in a place: its input is there or is brought, or a mine is in a table's rest of the world.

        Where no table tells of trade in the input, only a ``large`` exporter is believed.
        """
        inputs = self.recipes.inputs(process)
        if not inputs:
            said = self.base.rules[process].statistic
            named = self._named(said.attribute, said.thing) if said is not None else set()
            return bool(named) and place not in named
        source = min(inputs)
        if place in self._made(source) or source in self.still:
            return place in self._made(source)
        return place in self._trade[source][1] if source in self._trade else large

    def _made(self, commodity: str) -> ByPlace:
        if commodity not in self._shares:
            self._shares[commodity] = self.base.shares(commodity)
        return self._shares[commodity]

    @cached_property
    def _shares(self) -> dict[str, ByPlace]:
        return {}

    # Trade ---------------------------------------------------------------------------------------

    @cached_property
    def _trade(self) -> dict[str, tuple[ByPlace, ByPlace]]:
        """Exports and imports by commodity and leaf place, the largest source of each."""
        claims = self.statements.trade("trade_quantity")
        claims = claims[claims["counts"]] if len(claims) else claims
        found: dict[str, tuple[ByPlace, ByPlace]] = {}
        for side, column in enumerate(("place", "partner")):
            if not len(claims):
                continue
            sums = claims.groupby(["thing", column, "source"])["quantity"].sum().reset_index()
            for thing, place, _, quantity in sums.sort_values("quantity").to_numpy(dtype=object).tolist():
                if place in self.evidence.codes.places:
                    found.setdefault(thing, ({}, {}))[side][place] = quantity
        return found

    def _net_imports(self, thing: str) -> ByPlace:
        """Imports less exports by place, where they are more than a trifle of the world's trade."""
        exports, imports = self._trade.get(thing, ({}, {}))
        least = LEAST_SHARE * sum(imports.values())
        net = {place: quantity - exports.get(place, 0.0) for place, quantity in imports.items()}
        return {place: quantity for place, quantity in net.items() if quantity > least}

    @cached_property
    def _net_exports(self) -> dict[str, ByPlace]:
        found: dict[str, ByPlace] = {}
        for thing, (exports, imports) in sorted(self._trade.items()):
            least = LEAST_SHARE * sum(exports.values())
            net = {place: quantity - imports.get(place, 0.0) for place, quantity in sorted(exports.items())}
            found[thing] = {place: quantity for place, quantity in net.items() if quantity > least and place != REST}
        return found
