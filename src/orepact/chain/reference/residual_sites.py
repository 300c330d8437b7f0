"""Sites that stand for the rest of a country: they close the base-year balance; and room for processes new to a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from orepact.chain.reference.amounts import ByPlace, times, total
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.rules import SiteRules
from orepact.chain.reference.site_costs import PlannedSite
from orepact.chain.reference_settings import ReferenceSettings

MINE_STAGES = {"mine", "concentrate"}
#: Attribute of the owner shares of a stage, and the thing they are of where it is not the element of the output.
OWNED_STAGES = {"mine": "mine_owner_share", "refine": "refinery_owner_share", "cell": "capacity_owner_share"}
OWNED_THINGS = {"cell": "cell"}
UNKNOWN = "unknown"
LEAST_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class ResidualSites:
    """What named sites leave of the base year, by country and owner, and the places where a process may begin."""

    evidence: Evidence
    settings: ReferenceSettings
    rules: SiteRules
    base: BaseYear
    named: Mapping[str, ByPlace]  # usual output of named sites by process and place
    utilisation: Mapping[str, float]
    owned: Mapping[tuple[str, str], ByPlace] = field(default_factory=dict)  # usual output of named sites by owner

    def rest(self) -> Iterator[PlannedSite]:
        """The residuals: ``capacity = (output - usual output of named sites) / utilisation``, one site for each owner country."""
        for process, output in self.base.output.items():
            for place, quantity in output.items():
                yield from self.of(process, place, quantity)

    def of(self, process: str, place: str, quantity: float) -> Iterator[PlannedSite]:
        """The residuals of one process and place whose output is ``quantity``."""
        use = self.utilisation[process]
        capacity = max(quantity - self.named.get(process, {}).get(place, 0.0), 0.0) / use
        room = self._growth(process) * quantity / use
        known = self.base.certain[process].get(place, 0.0) > 0
        owners = self._left(self._owners(process, place), self.owned.get((process, place), {}), quantity)
        for owner, share in owners.items():
            shared = len(owners) > 1 or owner not in {place, UNKNOWN}
            yield self._row(process, place, owner, capacity * share, room * share, known=known, shared=shared)

    def _row(
        self, process: str, place: str, owner: str, capacity: float, build: float, *, known: bool, shared: bool
    ) -> PlannedSite:
        codes = self.evidence.codes
        suffix = f"__{owner.lower()}" if shared else ""
        return PlannedSite(
            site=f"rest_{place.lower().replace('-', '_')}__{process}{suffix}",
            name=f"Rest of {codes.place(place).title}: {codes.process(process).title}",
            process=process,
            place=place,
            owner="",
            owner_country=owner,
            capacity=capacity,
            status="operating",
            confidence="derived" if known else "estimated",
            build=build,
            own_lead_years=float(self.rules.residual_lead_time_years),
        )

    def _growth(self, process: str) -> float:
        """Capacity that a place may add in a year, as a part of what it has."""
        stage = self.evidence.codes.processes[process].stage
        if stage in MINE_STAGES:
            return self.settings.mine_expansion_per_year
        return self.settings.expansion_per_year * self.rules.expansion_multiple.get(stage, 1.0)

    # Owners ------------------------------------------------------------------------------------

    def _owners(self, process: str, place: str) -> dict[str, float]:
        """Part of a place by home country of the owner, by claims of the province where there are any, else of the country.

        What no claim covers is domestic where the rules say so, else unknown; shares above the whole are scaled to it.
        """
        codes = self.evidence.codes
        stage = codes.processes[process].stage
        attribute = OWNED_STAGES.get(stage, "")
        element = OWNED_THINGS.get(stage) or codes.commodities[codes.processes[process].output].element
        country = self._claims.get((attribute, codes.country(place), element), {})
        claimed = self._claims.get((attribute, place, element), country)
        owners = {owner: share for owner, share in claimed.items() if share > 0}
        whole = total(owners)
        if whole > 1.0:
            owners = times(owners, 1.0 / whole)
        elif 1.0 - whole > LEAST_SHARE:
            other = place if place in self.rules.domestic_residual_owner else UNKNOWN
            owners[other] = owners.get(other, 0.0) + 1.0 - whole
        return owners

    @staticmethod
    def _left(owners: ByPlace, named: ByPlace, quantity: float) -> ByPlace:
        """Shares of the residual: what each owner's share of the whole place leaves after the named sites of that owner.

        ``share(o) x quantity - named(o)`` where that is more than nothing, scaled to one; the shares where nothing is left.

        >>> ResidualSites._left({"CHN": 0.6, "CHE": 0.4}, {"CHE": 50.0}, 100.0)
        {'CHN': 1.0}
        """
        left = {owner: share * quantity - named.get(owner, 0.0) for owner, share in owners.items()}
        left = {owner: amount for owner, amount in left.items() if amount > LEAST_SHARE * quantity}
        return times(left, 1.0 / total(left)) if left else dict(owners)

    @cached_property
    def _claims(self) -> dict[tuple[str, str, str], dict[str, float]]:
        """Owner shares by (attribute, place, element) and home country of the owner, the latest year of each."""
        found: dict[tuple[str, str, str], dict[str, float]] = {}
        for attribute in OWNED_STAGES.values():
            for fact in sorted(self.evidence.facts(attribute), key=lambda fact: fact.year or 0):
                found.setdefault((attribute, fact.partner, fact.thing), {})[fact.place] = fact.value
        return found

    # New places --------------------------------------------------------------------------------

    def newcomers(self) -> Iterator[PlannedSite]:
        """Places that do not run a process yet and may begin: no capacity, room for a share of the world's each year."""
        codes = self.evidence.codes
        for process, output in self.base.output.items():
            code = codes.processes[process]
            world = total(output) / self.utilisation[process]
            for place in self.rules.newcomers.get(code.stage, ()) if code.inputs else ():
                if place not in output:
                    yield self._newcomer(process, place, world * self.settings.newcomer_share_per_year)

    def _newcomer(self, process: str, place: str, build: float) -> PlannedSite:
        codes = self.evidence.codes
        return PlannedSite(
            site=f"new_{place.lower().replace('-', '_')}__{process}",
            name=f"New in {codes.place(place).title}: {codes.process(process).title}",
            process=process,
            place=place,
            owner="",
            owner_country=UNKNOWN,
            capacity=0.0,
            status="",
            confidence="estimated",
            build=build,
        )
