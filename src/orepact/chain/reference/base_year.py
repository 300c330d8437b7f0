"""Closing the base year: what every process puts out in every place, so that the year's demand is met in balance.

Needs run from final demand upstream. Where a statistic of a place exists it rules; where makers are known they count;
what is left of the world's need goes to the place that the rules of ``base_year.yaml`` name, marked ``estimated``.
The method stands in docs/why/base-year.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orepact.chain.reference.amounts import ByPlace, chosen, plus, positive, spread, times, total, without
from orepact.chain.reference.known_output import KnownOutput
from orepact.chain.reference.rules import Rule, base_year_rules

INPUT, FALLS, MIX, USERS, SALES = "input", "falls", "mix", "users", "sales"
LEAST = 1e-9
UNLIMITED = float("inf")
#: From this part of the need on, known makers are taken as all there are, and the rest falls to the largest of them.
ALL_KNOWN = 0.9


@dataclass
class BaseYear:
    """Output by process and place in the base year, and the need that it meets.

    ``output[process]`` and ``need[commodity]`` are by place in the commodity's unit. ``certain[process]`` is
    the part of the output that rests on a statistic or a claim, its own or that of its input; the rest closes the balance.
    ``by_product`` is the
    world's output that falls as a co-product, ``remainder`` the world's uses that only a statistic of output shows.
    """

    known: KnownOutput
    rules: dict[str, Rule] = field(default_factory=base_year_rules)
    output: dict[str, ByPlace] = field(default_factory=dict)
    certain: dict[str, ByPlace] = field(default_factory=dict)
    need: dict[str, ByPlace] = field(default_factory=dict)
    remainder: dict[str, float] = field(default_factory=dict)
    by_product: dict[str, float] = field(default_factory=dict)

    def close(self) -> BaseYear:
        """Work through all commodities, users first; returns itself with ``output`` and ``need`` filled."""
        for commodity, quantity in self.known.demand.year(self.known.evidence.base_year).items():
            self._add_need(commodity, quantity)
        self._place_sources()
        for commodity in self.known.recipes.downstream_first:
            self._supply(commodity)
        return self

    def _place_sources(self) -> None:
        """Fix first what a statistic says of processes without inputs: other processes close where that input is made."""
        for process, rule in self.rules.items():
            if rule.covers_the_world and process in self.known.recipes.default and not self.known.recipes.inputs(process):
                self.output[process] = positive(self.known.statistic(rule))

    # One commodity -----------------------------------------------------------------------------

    def _supply(self, commodity: str) -> None:
        makers = [p for p in self.known.recipes.makers.get(commodity, []) if p in self.rules]
        self._note_remainder(commodity, makers)
        need = self.need.get(commodity, {})
        world = left = max(total(need) - self.by_product.get(commodity, 0.0), 0.0)
        for process in sorted(makers, key=lambda p: self.rules[p].part is None and self.rules[p].statistic is None):
            self._place(self.rules[process], self._share(self.rules[process], world, left), need)
            left = max(left - total(self.output[process]), 0.0)

    def _share(self, rule: Rule, world: float, left: float) -> float:
        """How much of the world's need a process covers."""
        if rule.part is None:
            return left
        if rule.part == MIX:
            cell = next(c for c in self.known.recipes.default[rule.process] if c.startswith("cell_"))
            return world * self.known.demand.chemistry.nickel_mix.get(cell, 0.0)
        return UNLIMITED if rule.part == INPUT else world * float(rule.part)

    def _place(self, rule: Rule, share: float, need: ByPlace) -> None:
        """Fix the output of a process by place and pass its needs upstream."""
        if rule.close == INPUT:
            source = self.known.main_input(rule.process)
            known = quantity = times(self.shares(source), 1.0 / self.known.recipes.inputs(rule.process)[source])
        else:
            known = self.known.of(rule, share, {c: total(q) for c, q in self.need.items()})
            quantity = plus(known, self._closing(rule, max(share - total(known), 0.0), need, known))
        quantity = dict(sorted(positive(quantity, LEAST).items()))
        self.output[rule.process] = quantity
        self.certain[rule.process] = chosen(known, quantity)
        self._pass_upstream(rule.process, quantity)

    def _closing(self, rule: Rule, rest: float, need: ByPlace, known: ByPlace) -> ByPlace:
        """The rest of the world's need: at the place of the rule, where it is used, where its input falls or cars are sold."""
        if rest <= 0 or not rule.close:
            return {}
        if rule.close == SALES:
            if total(known) >= ALL_KNOWN * (total(known) + rest):
                return {max(known, key=lambda place: known[place]): rest}
            return spread(rest, without(self.known.demand.market.sold(self.known.evidence.base_year), known))
        if rule.close == FALLS:
            return spread(rest, self.shares(self.known.main_input(rule.process)))
        return spread(rest, need) if rule.close == USERS else {rule.close: rest}

    def _pass_upstream(self, process: str, quantity: ByPlace) -> None:
        output = self.known.recipes.outputs[process]
        for place, made in quantity.items():
            for commodity, amount in self.known.recipes.at(process, place).items():
                if amount < 0:
                    here = self.need.setdefault(commodity, {})
                    here[place] = here.get(place, 0.0) - made * amount
                elif commodity != output:
                    self.by_product[commodity] = self.by_product.get(commodity, 0.0) + made * amount

    def _add_need(self, commodity: str, quantity: ByPlace) -> None:
        self.need[commodity] = plus(self.need.get(commodity, {}), quantity)

    def _note_remainder(self, commodity: str, makers: list[str]) -> None:
        """Give the world's other uses of a bulk commodity what its statistic shows beyond the need of the chain."""
        if commodity not in self.known.demand.rules.remainder:
            return
        made = sum(total(self.known.statistic(self.rules[p])) for p in makers)
        rest = made - total(self.need.get(commodity, {}))
        if rest > 0:
            self.remainder[commodity] = rest
            year = self.known.evidence.base_year
            self._add_need(commodity, self.known.demand.remainder({commodity: rest}, year)[commodity])

    def shares(self, commodity: str) -> ByPlace:
        """Output by place of a commodity, co-products where their process runs, largest first."""
        recipes = self.known.recipes
        parts = [
            times(quantity, recipes.default[process][commodity])
            for process, quantity in self.output.items()
            if recipes.default[process].get(commodity, 0.0) > 0
        ]
        return dict(sorted(plus(*parts).items(), key=lambda item: (-item[1], item[0])))
