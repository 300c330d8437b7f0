"""What is known of the output of a process in the base year: statistics, claims, shares of supply, named sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orepact.chain.reference.amounts import ByPlace, first_known, largest, only, positive, times, total, without
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.final_demand import FinalDemand
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.rules import Family, Rule, Statistic


@dataclass(frozen=True, eq=False)
class KnownOutput:
    """Output by leaf place that the facts tell, in units of the main output of a process."""

    evidence: Evidence
    recipes: RecipeBook
    demand: FinalDemand
    named: Mapping[str, ByPlace]  # by process: working sites that the facts name, at usual utilisation
    provinces: Mapping[str, ByPlace]  # by process: how Canada's output spreads over provinces
    utilisation: Mapping[str, float]  # by process: output over nameplate capacity in the base year

    def of(self, rule: Rule, share: float, needs: Mapping[str, float]) -> ByPlace:
        """Output of a process that has to supply ``share`` units; ``needs`` are the world's needs by commodity.

        The best word counts for each place: production claims, then the statistic, then the family, then shares of
        supply; named sites raise it where they make more. A claim of a commodity's production is split over the processes
        that make it by what each supplies. Known output beyond ``share`` is scaled down to it.
        """
        process, commodity = rule.process, self.recipes.outputs[rule.process]
        statistic = self.statistic(rule)
        if rule.covers_the_world:
            return statistic
        world = needs.get(commodity, 0.0)
        part = min(share / world, 1.0) if world > 0 else 0.0
        produced = times(self._leaves("production", commodity, process), part)
        # A share is an order of magnitude: it counts only where nothing better is known.
        supplied = times(self._leaves("supply_share", commodity, process), share)
        said = first_known(produced, statistic, self._family(rule, share, needs), supplied)
        found = largest(said, self.named.get(process, {}))
        whole = total(found)
        return times(found, share / whole) if whole > share > 0 else found

    def statistic(self, rule: Rule) -> ByPlace:
        """Output that a published statistic gives."""
        if rule.statistic is None:
            return {}
        said = rule.statistic
        wanted = set(self.evidence.codes.members_of(said.places)) if said.places else set(self.evidence.codes.places)
        wanted -= set(self.evidence.codes.members_of(said.except_))
        content = 1.0 if said.by_mass else self._content(self.recipes.outputs[rule.process], said.thing)
        values = times(self._leaves(said.attribute, said.thing, rule.process), said.scale / content)
        return self._part(said, only(values, wanted))

    def _part(self, said: Statistic, values: ByPlace) -> ByPlace:
        if said.part_attribute:
            share = self.evidence.leaves(said.part_attribute, said.thing)
            values = {place: value * share.get(place, 0.0) for place, value in values.items()}
        if said.less_attribute:
            share = self.evidence.leaves(said.less_attribute, said.thing)
            values = {place: value * (1.0 - share.get(place, 0.0)) for place, value in values.items()}
        return values

    def _family(self, rule: Rule, share: float, needs: Mapping[str, float]) -> ByPlace:
        """A statistic of several chemistries together, capacity at usual use where there is no output, split among them.

        The closing place is left out: it makes what the others leave.
        """
        family = rule.family
        if family is None or share <= 0:
            return {}
        made = self._leaves(family.attribute, family.thing, rule.process)
        idle = times(self._leaves("installed_capacity", family.thing, rule.process), self.utilisation.get(rule.process, 1.0))
        together = without(first_known(made, idle), {rule.close})
        return self._of_cars(together, family) if family.split else self._by_need(together, rule, family, needs)

    def _by_need(self, together: ByPlace, rule: Rule, family: Family, needs: Mapping[str, float]) -> ByPlace:
        commodity = self.recipes.outputs[rule.process]
        whole = sum(needs.get(member, 0.0) for member in family.members)
        part = needs.get(commodity, 0.0) / max(whole, 1e-12)
        return times(together, part / self._content(commodity, family.thing))

    def _of_cars(self, made: ByPlace, family: Family) -> ByPlace:
        """Cars made with one battery family, by the LFP share of the cars sold in the place."""
        share = {place: self.demand.chemistry.lfp_share(place, self.evidence.base_year) for place in made}
        return {place: cars * (share[place] if family.split == "lfp" else 1.0 - share[place]) for place, cars in made.items()}

    def _content(self, commodity: str, element: str) -> float:
        return self.evidence.codes.commodities[commodity].contents.get(element, 1.0)

    def _leaves(self, attribute: str, thing: str, process: str) -> ByPlace:
        """Positive values by leaf place, Canada spread where its known sites run the process (else by population)."""
        return positive(self.evidence.leaves(attribute, thing, weights=self.provinces.get(process)))

    def main_input(self, process: str) -> str:
        """The first input of a process by name."""
        return min(self.recipes.inputs(process))
