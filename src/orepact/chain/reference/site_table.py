"""The sites of the reference network: named ones, country residuals that close the base year, and places to build new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.named_sites import NamedSite, NamedSites, named_sites
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.residual_sites import UNKNOWN, ResidualSites
from orepact.chain.reference.rules import SiteRules, site_rules
from orepact.chain.reference.site_costs import PlannedSite, SiteCosts
from orepact.chain.reference_settings import ReferenceSettings

#: Room above the outputs of the base year, so that rounding never makes a place short.
OBSERVED_SLACK = 0.02
#: Room to build is spread at least over the years to this one, and a site takes at least four years to grow to its full size.
HORIZON, LEAST_YEARS_TO_GROW = 2040, 4.0
#: Year from which the source of the lithium deposits counts their delays.
DELAYS_COUNT_FROM = 2022


@dataclass(frozen=True, eq=False)
class SiteTable:
    """Builds the ``sites`` frame of the reference network."""

    evidence: Evidence
    recipes: RecipeBook
    settings: ReferenceSettings
    status_probability: Mapping[str, float]

    @property
    def rules(self) -> SiteRules:
        """Newcomers, waits and owners as data."""
        return site_rules()

    @cached_property
    def costs(self) -> SiteCosts:
        """Coefficients by process."""
        return SiteCosts(self.evidence, self.recipes)

    @cached_property
    def named(self) -> NamedSites:
        """The sites that the facts name."""
        return NamedSites(self.evidence, tuple(named_sites(self.evidence)), frozenset(self.recipes.default))

    @cached_property
    def named_output(self) -> dict[str, dict[str, float]]:
        """Usual output of the named sites at work, by process and place."""
        return self.named.output(self.costs.utilisation)

    def table(self, base: BaseYear) -> pd.DataFrame:
        """All sites that may run or be built, indexed by id, with the columns that a network holds."""
        rest = self._rest(base)
        return self.costs.frame([*self._named(self.named.in_chain()), *rest.rest(), *rest.newcomers()])

    def observed(self, base: BaseYear) -> pd.DataFrame:
        """Only what ran in the base year, sized by its output, so that flows of that year come from where things were made.

        Where a statistic covers the whole world a process keeps its idle part, since statistics of two stages never agree
        to the tonne; not so where the other uses of the commodity take what the chain leaves.
        """
        ran = [site for site in self.named.in_chain() if self.named.ran(site)]
        return self.costs.frame(self._sized([*self._named(ran), *self._rest(base).rest()], base))

    def ran(self, base: BaseYear) -> list[PlannedSite]:
        """What ran in the base year: named sites by nameplate, and what the closure leaves to each country, nothing of it too."""
        return [*self._named(site for site in self.named.in_chain() if self.named.ran(site)), *self._rest(base).rest()]

    def supposed(self, base: BaseYear, outputs: Iterable[tuple[str, str, float]]) -> list[PlannedSite]:
        """Sites for ``(process, place, output)`` that the closure does not have, divided among owners as its rests are."""
        rest = self._rest(base)
        return [site for process, place, quantity in outputs for site in rest.of(process, place, quantity)]

    def _sized(self, sites: list[PlannedSite], base: BaseYear) -> Iterator[PlannedSite]:
        for site in sites:
            rule = base.rules.get(site.process)
            balanced = self.recipes.outputs[site.process] in base.remainder
            idle = rule is not None and rule.covers_the_world and not balanced
            use = 1.0 if idle else self.costs.utilisation[site.process]
            yield replace(site, capacity=site.capacity * use * (1.0 + OBSERVED_SLACK), build=None)

    def _rest(self, base: BaseYear) -> ResidualSites:
        use = self.costs.utilisation
        return ResidualSites(self.evidence, self.settings, self.rules, base, self.named_output, use, self.named.owned(use))

    # Named ---------------------------------------------------------------------------------------

    def _named(self, sites: Iterable[NamedSite]) -> Iterator[PlannedSite]:
        """Named sites as rows: one for each partner of a joint venture whose partners take their own part of the output."""
        for site in sites:
            whole = self._planned(site)
            for owner, part in site.partners.items():
                own = site.owner_country in {owner, ""} or len(site.partners) == 1
                yield whole if part == 1.0 else _part(whole, owner, part, "" if own else f"__{owner.lower()}")

    def _planned(self, site: NamedSite) -> PlannedSite:
        """A named site as a row. A deposit with room but no capacity yet can be opened."""
        works, today = self.named.works(site), self.named.today
        probability = {**self.rules.status_probability, **self.status_probability}
        return PlannedSite(
            site=site.site,
            name=site.name,
            process=site.runs_process,
            place=site.located_in,
            owner=site.company,
            owner_country=site.owner_country or UNKNOWN,
            capacity=site.size,
            status="operating" if works else site.status,
            confidence=site.confidence,
            build=self._build(site, today),
            start_year=None if works else site.expected_start(self.rules.usual_years_to_start, today),
            end_year=site.end_year,
            realisation_probability=1.0 if works else probability.get(site.status, float("nan")),
            own_variable_cost=site.site_variable_cost,
            own_capital_cost=site.site_capital_cost,
            least_lead_years=None if site.delay is None else DELAYS_COUNT_FROM + site.delay - self.named.today,
            reserves_t=site.site_reserves,
        )

    def _build(self, site: NamedSite, today: int) -> float | None:
        """Capacity that may be added in a year: ``min(claimed rate or room / 4, room / years to 2040)``; None without room.

        The last term keeps the sum of all years within the room; it binds wherever the claimed rate would fill it sooner.
        """
        if site.room <= 0:
            return None
        claimed = site.max_build_per_year or site.room / LEAST_YEARS_TO_GROW
        return min(claimed, site.room, site.room / max(HORIZON - today, 1))


def _part(site: PlannedSite, owner: str, part: float, suffix: str) -> PlannedSite:
    """A partner's part of a site: its capacity, room to build and reserves by the part, everything else alike."""
    return replace(
        site,
        site=site.site + suffix,
        owner_country=owner or UNKNOWN,
        capacity=site.capacity * part,
        build=None if site.build is None else site.build * part,
        reserves_t=None if site.reserves_t is None else site.reserves_t * part,
    )
