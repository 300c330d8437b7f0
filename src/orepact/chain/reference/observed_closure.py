"""Loose words on what nobody measures: the output of every site as the closed base year has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from orepact.chain.reference.observation_rules import observation_rules
from orepact.chain.reference.observations import CLOSURE, Observation, Term
from orepact.chain.reference.site_costs import PlannedSite

NAMED = "capacity x usual utilisation"
CLOSED = "what the closed base year leaves to the country"
#: Room of a site that the closure gives nothing, as a share of the output of its place.
ROOM = 0.1
#: Least standard deviation, in units of the main output.
LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class ObservedClosure:
    """One observation a site, so loose that any measured figure overrules it.

    ``standard deviation = share x sqrt(usual output of the site x output of its process in the place)``: the sum over a
    place is off by ``share``, and what a statistic adds or takes is divided among its sites in proportion.
    """

    utilisation: Mapping[str, float]
    room: Mapping[tuple[str, str], float]  # (process, place) -> standard deviation of what nobody names

    def rows(self, sites: list[PlannedSite]) -> Iterator[Observation]:
        """Observations of the activity of these sites; their ``capacity`` is nameplate."""
        usual = {site.site: site.capacity * self.utilisation[site.process] for site in sites}
        here: dict[tuple[str, str], float] = {}
        for site in sites:
            here[site.process, site.place] = here.get((site.process, site.place), 0.0) + usual[site.site]
        closure = observation_rules().closure
        for site in sites:
            made, whole = usual[site.site], here[site.process, site.place]
            named = not site.site.startswith("rest_")
            share = closure["named_site"] if named else closure["activity"]
            free = self.room.get((site.process, site.place), 0.0)
            deviation = max(share * sqrt(made * whole), ROOM * whole, free, LEAST)
            term = Term("activity", site=site.site)
            note = NAMED if named else CLOSED
            yield Observation(f"closure:{site.site}", (term,), made, deviation, "estimated", CLOSURE, note=note)
