"""Closing the base year: what every process puts out in every place, so that the year's demand is met in balance.

Needs run from final demand upstream. Where a statistic of a place exists it rules; where makers are known they count;
what is left of the world's need goes to the place that the rules of ``base_year.yaml`` name, marked ``estimated``.
The method stands in docs/why/base-year.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from orepact.chain.reference.evidence import Evidence, load_rules
from orepact.chain.reference.final_demand import FinalDemand
from orepact.chain.reference.recipes import RecipeBook

EMPTY = pd.Series(dtype=float)


@dataclass
class BaseYear:
    """Output by process and place in the base year, and the need that it meets.

    ``output[process]`` and ``need[commodity]`` are series by place in the commodity's unit. ``certain[process]`` is
    the part of the output that rests on a statistic or a claim; the rest closes the balance.
    """

    evidence: Evidence
    recipes: RecipeBook
    demand: FinalDemand
    named_output: pd.DataFrame  # process, place, quantity: working sites that the facts name, at usual utilisation
    provinces: dict[str, pd.Series] = field(default_factory=dict)  # by process: how Canada's output spreads over provinces
    usual_use: dict[str, float] = field(default_factory=dict)  # by process: output over nameplate capacity in the base year
    output: dict[str, pd.Series] = field(default_factory=dict)
    certain: dict[str, pd.Series] = field(default_factory=dict)
    need: dict[str, pd.Series] = field(default_factory=dict)
    remainder: dict[str, float] = field(default_factory=dict)
    _coproduct: dict[str, float] = field(default_factory=dict)

    def close(self) -> BaseYear:
        """Work through all commodities, users first; returns itself with ``output`` and ``need`` filled."""
        self.rules: dict[str, dict[str, Any]] = load_rules("base_year")
        table = self.demand.table([self.evidence.base_year])
        for commodity, rows in table.groupby("commodity"):
            self._add_need(str(commodity), rows.set_index("place")["quantity"])
        for process in self.rules:
            self._statistic(process)
        for commodity in self.recipes.downstream_first():
            self._supply(commodity)
        return self

    # One commodity -----------------------------------------------------------------------------

    def _supply(self, commodity: str) -> None:
        makers = [p for p in self.recipes.makers.get(commodity, []) if p in self.rules]
        need = self.need.get(commodity, EMPTY)
        self._note_remainder(commodity, makers, need)
        need = self.need.get(commodity, EMPTY)
        world = max(float(need.sum()) - self._coproduct.get(commodity, 0.0), 0.0)
        left = world
        for process in sorted(makers, key=lambda p: "part" not in self.rules[p] and "statistic" not in self.rules[p]):
            share = self._share(process, world, left)
            self._place(process, share, need)
            left = max(left - float(self.output[process].sum()), 0.0)

    def _share(self, process: str, world: float, left: float) -> float:
        part = self.rules[process].get("part")
        if part is None:
            return left
        if part == "mix":
            mix = self.demand.nickel_mix
            cell = next(str(c) for c in self.recipes.default[process].index if str(c).startswith("cell_"))
            return world * float(mix[cell])
        if part == "input":
            return float("inf")
        return world * float(part)

    def _place(self, process: str, share: float, need: pd.Series) -> None:
        """Fix the output of a process by place and pass its needs upstream."""
        rule = self.rules[process]
        known = self._known(process, share)
        close = rule.get("close")
        if close == "input":
            quantity = self._from_input(process)
        else:
            rest = max(share - float(known.sum()), 0.0)
            quantity = known.add(self._closing(str(close), rest, need, known), fill_value=0.0) if close else known
        quantity = quantity[quantity > 1e-9]
        self.output[process] = quantity
        self.certain[process] = known.reindex(quantity.index).fillna(0.0)
        self._pass_upstream(process, quantity)

    def _closing(self, close: str, rest: float, need: pd.Series, known: pd.Series) -> pd.Series:
        if rest <= 0:
            return EMPTY
        if close in self.evidence.codes.places:
            return pd.Series({close: rest})
        weights = self.demand.car_sales(self.evidence.base_year).drop(known.index, errors="ignore") if close == "sales" else need
        weights = weights[weights > 0]
        return weights * (rest / float(weights.sum()))

    def _from_input(self, process: str) -> pd.Series:
        """Output where the main input is made, as much as that input allows."""
        amounts = self.recipes.default[process]
        main_input = str(amounts[amounts < 0].index[0])
        made = EMPTY
        for maker in self.recipes.makers.get(main_input, []):
            made = made.add(self.output.get(maker, EMPTY), fill_value=0.0)
        return made / -float(amounts[main_input])

    def _pass_upstream(self, process: str, quantity: pd.Series) -> None:
        special = [place for place in quantity.index if (process, place) in self.recipes.special]
        groups = [(process, "", quantity.drop(special)), *((process, place, quantity[[place]]) for place in special)]
        for name, place, part in groups:
            if not len(part):
                continue
            amounts = self.recipes.at(name, place)
            main = self.recipes.outputs[name]
            for commodity, amount in amounts.items():
                if amount < 0:
                    self._add_need(str(commodity), part * -float(amount))
                elif commodity != main:
                    self._coproduct[str(commodity)] = self._coproduct.get(str(commodity), 0.0) + float(part.sum() * amount)

    def _add_need(self, commodity: str, quantity: pd.Series) -> None:
        self.need[commodity] = self.need.get(commodity, EMPTY).add(quantity, fill_value=0.0)

    # Evidence ----------------------------------------------------------------------------------

    def _known(self, process: str, share: float) -> pd.Series:
        """Output by place that claims and named sites tell, capped at what the process has to supply."""
        commodity = str(self.recipes.outputs[process])
        found = self._family(process, share)
        if "statistic" in self.rules[process]:
            found = found.combine_first(self._statistic(process))
            if self.rules[process].get("close") is None:
                return found
        produced = self._leaves("production", commodity, process)
        finite = share if share != float("inf") else 0.0
        shared = self._leaves("supply_share", commodity, process) * finite
        named = self.named_output[self.named_output["process"] == process].set_index("place")["quantity"]
        found = produced.combine_first(found)
        # A share is an order of magnitude: it counts only where nothing better is known.
        found = found.combine_first(shared)
        found = pd.concat([found, named]).groupby(level=0).max()
        total = float(found.sum())
        return found * (share / total) if total > share > 0 else found

    def _leaves(self, attribute: str, thing: str, process: str) -> pd.Series:
        """Positive values by leaf place, Canada spread where its known sites run the process (else by population)."""
        values = self.evidence.leaves(attribute, thing, weights=self.provinces.get(process))
        return values[values > 0]

    def _family(self, process: str, share: float) -> pd.Series:
        """A statistic of several chemistries together, split by what each of them is needed for."""
        rule = self.rules[process].get("family")
        if rule is None or share <= 0:
            return EMPTY
        together = self._leaves(rule.get("attribute", "production"), rule["thing"], process)
        idle = self._leaves("installed_capacity", rule["thing"], process) * self.usual_use.get(process, 1.0)
        together = together.combine_first(idle)
        together = together.drop(str(self.rules[process]["close"]), errors="ignore")
        if "split" in rule:
            return self._split_cars(together, rule["split"])
        needs = {member: float(self.need.get(member, EMPTY).sum()) for member in rule["members"]}
        commodity = str(self.recipes.outputs[process])
        part = needs[commodity] / max(sum(needs.values()), 1e-12)
        content = self.evidence.codes.commodities[commodity].contents.get(rule["thing"], 1.0)
        return together * (part / content)

    def _split_cars(self, made: pd.Series, family: str) -> pd.Series:
        """Cars made with one battery family, by the LFP share of the cars sold in the place."""
        share = self.demand.lfp_car_share(self.evidence.base_year).reindex(made.index).fillna(self.demand.world_lfp)
        return made * (share if family == "lfp" else 1.0 - share)

    def _statistic(self, process: str) -> pd.Series:
        """Output by place that a published statistic gives, in units of the main output."""
        rule = self.rules[process].get("statistic")
        if rule is None:
            return EMPTY
        if process in self.output:
            return self.output[process]
        values = self._leaves(rule["attribute"], rule["thing"], process) * float(rule.get("scale", 1.0))
        for key, sign in (("part_attribute", 1.0), ("less_attribute", -1.0)):
            if key in rule:
                share = self.evidence.leaves(rule[key], rule["thing"]).reindex(values.index).fillna(0.0)
                values = values * (share if sign > 0 else 1.0 - share)
        wanted = set(self.evidence.codes.members_of(rule["places"])) if "places" in rule else set(values.index)
        wanted -= set(self.evidence.codes.members_of(rule.get("except", [])))
        commodity = str(self.recipes.outputs[process])
        content = self.evidence.codes.commodities[commodity].contents.get(rule["thing"], 1.0)
        if rule.get("by_mass"):
            content = 1.0
        quantity = values[values.index.isin(wanted)] / content
        if rule.get("close") is None and not self.recipes.default[process].lt(0).any():
            self.output[process] = quantity[quantity > 0]
        return quantity

    def _note_remainder(self, commodity: str, makers: list[str], need: pd.Series) -> None:
        """Give the world's other uses of a bulk commodity what its statistic shows beyond the need of the chain."""
        if commodity not in self.demand.rules["remainder"]:
            return
        made = sum(float(self._statistic(p).sum()) for p in makers)
        rest = made - float(need.sum())
        if rest > 0:
            self.remainder[commodity] = rest
            weights = self.demand.remainder_weights()
            self._add_need(commodity, weights * (rest / float(weights.sum())))
