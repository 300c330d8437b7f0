"""Sites that the facts name: one record a site from its claims, with the state it has on the ledger's date."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

import numpy as np

from orepact.chain.reference.evidence import Evidence

TEXTS = ("name", "located_in", "runs_process", "status", "owner_country", "company", "offtake_share")
NUMBERS = ("capacity", "max_capacity", "max_build_per_year", "start_year", "end_year", "site_variable_cost",
           "site_capital_cost", "site_reserves", "delay")  # fmt: skip
#: Wait in years of a status that the rules do not name.
USUAL_WAIT = 8


@dataclass(frozen=True, slots=True)
class NamedSite:
    """One site. Numbers are in base units a year (None: not known), costs in USD per unit of main output,
    reserves in tonnes of element.
    """

    site: str
    name: str = ""
    located_in: str = ""
    runs_process: str = ""
    status: str = ""
    owner_country: str = ""
    company: str = ""
    offtake_share: str = ""
    capacity: float | None = None
    max_capacity: float | None = None
    max_build_per_year: float | None = None
    start_year: float | None = None
    end_year: float | None = None
    site_variable_cost: float | None = None
    site_capital_cost: float | None = None
    site_reserves: float | None = None
    delay: float | None = None
    status_date: str = ""
    confidence: str = "reported"

    @property
    def size(self) -> float:
        """Capacity a year, 0 where none is known."""
        return self.capacity or 0.0

    @property
    def room(self) -> float:
        """Capacity that may still be added in all."""
        return max((self.max_capacity or 0.0) - self.size, 0.0)

    @property
    def partners(self) -> dict[str, float]:
        """Part of the output by home country of those who take it, the site's owner alone where the partners do not share it.

        >>> NamedSite("greenbushes", owner_country="CHN", offtake_share="CHN:0.51; USA:0.49").partners
        {'CHN': 0.51, 'USA': 0.49}
        """
        pairs = [part.split(":") for part in self.offtake_share.split(";") if part]
        return {home.strip(): float(part) for home, part in pairs} or {self.owner_country: 1.0}

    def expected_start(self, waits: Mapping[str, int], today: int) -> float:
        """First year of output of a site that does not operate: as stated if still ahead, else the usual wait of its status."""
        if self.start_year is not None and self.start_year >= today:
            return self.start_year
        known = int(self.status_date[:4]) if self.status_date[:4].isdigit() else today
        return float(max(known + waits.get(self.status, USUAL_WAIT), today + 1))


def named_sites(evidence: Evidence) -> list[NamedSite]:
    """All sites of the ledger, sorted by id.

    Of a status history the last state counts; of yearly figures the one of the year after the base year, or the last
    before it. The confidence is that of the capacity.
    """
    frame = evidence.ledger.resolve([*TEXTS, *NUMBERS], kind="site")
    names = ("entity", "attribute", "year", "valid_from", "as_of", "unit", "value", "confidence")
    columns = [frame[name].to_numpy(dtype=object) for name in names]
    found: dict[str, dict[str, tuple[str, object, str]]] = {}
    for row in zip(*columns, frame["number"].to_numpy(dtype=float), strict=True):
        entity, attribute, year, valid_from, as_of, unit, text, confidence, number = row
        when = valid_from or year or as_of
        if year and int(year) > evidence.base_year + 1:
            continue
        claims = found.setdefault(entity, {})
        if attribute not in claims or when >= claims[attribute][0]:
            value = text if attribute in TEXTS else float(number * evidence.factors.get(unit, 1.0))
            claims[attribute] = (when, value, confidence)
    return [_site(entity, claims) for entity, claims in sorted(found.items())]


def _site(entity: str, claims: Mapping[str, tuple[str, object, str]]) -> NamedSite:
    values = {attribute: value for attribute, (_, value, _) in claims.items() if value == value and value != ""}  # noqa: PLR0124  NaN
    date = claims["status"][0] if "status" in claims else ""
    confidence = claims["capacity"][2] if "capacity" in claims else "reported"
    return NamedSite(site=entity, status_date=date, confidence=confidence, **values)  # type: ignore[arg-type]  # texts and numbers by name


@dataclass(frozen=True, eq=False)
class NamedSites:
    """The named sites, sorted out: which the chain can hold, which run, and what they put out."""

    evidence: Evidence
    sites: tuple[NamedSite, ...]
    processes: Container[str]

    @property
    def today(self) -> int:
        """The year after the base year, in which plans begin."""
        return self.evidence.base_year + 1

    def in_chain(self) -> list[NamedSite]:
        """Sites that the network can hold: a known process, a leaf place, a size, and a life that has not ended."""
        return [site for site in self.sites if self._fits(site)]

    def _fits(self, site: NamedSite) -> bool:
        status = self.evidence.codes.statuses.get(site.status)
        over = (status is not None and status.ends) or (site.end_year is not None and site.end_year <= self.today)
        sized = site.size > 0 or (site.max_capacity or 0.0) > 0
        known = site.runs_process in self.processes and site.located_in in self.evidence.codes.places
        return known and sized and not over

    def works(self, site: NamedSite) -> bool:
        """Whether a site counts as capacity today."""
        return self._at_work(site) and site.size > 0

    def _at_work(self, site: NamedSite) -> bool:
        status = self.evidence.codes.statuses.get(site.status)
        return status is not None and status.operates

    def ran(self, site: NamedSite) -> bool:
        """Whether a site worked in the base year."""
        return self.works(site) and (site.start_year is None or site.start_year <= self.evidence.base_year)

    def output(self, utilisation: Mapping[str, float]) -> dict[str, dict[str, float]]:
        """Usual output of the sites that ran in the base year, by process and place: ``capacity x utilisation``."""
        found: dict[str, dict[str, float]] = {}
        for site in self.in_chain():
            if self.ran(site):
                here = found.setdefault(site.runs_process, {})
                here[site.located_in] = here.get(site.located_in, 0.0) + site.size * utilisation[site.runs_process]
        return found

    def owned(self, utilisation: Mapping[str, float]) -> dict[tuple[str, str], dict[str, float]]:
        """Usual output of the sites that ran by (process, place) and home country of the owner; unknown owners left out."""
        found: dict[tuple[str, str], dict[str, float]] = {}
        for site in self.in_chain():
            if self.ran(site):
                here = found.setdefault((site.runs_process, site.located_in), {})
                for owner, part in site.partners.items():
                    here[owner] = here.get(owner, 0.0) + site.size * utilisation[site.runs_process] * part
        return found

    def provinces(self) -> dict[str, dict[str, float]]:
        """How each process spreads over Canadian provinces: by capacity of the sites at work, an unsized one as the average."""
        home = [
            site
            for site in self.sites
            if site.located_in in self.evidence.provinces and site.runs_process and self._at_work(site)
        ]
        found: dict[str, dict[str, float]] = {}
        for process in sorted({site.runs_process for site in home}):
            sites = [site for site in home if site.runs_process == process]
            sizes = [site.capacity for site in sites if site.capacity is not None]
            usual = float(np.mean(sizes)) if sizes else 1.0
            here = found.setdefault(process, {})
            for site in sites:
                size = usual if site.capacity is None else site.capacity
                here[site.located_in] = here.get(site.located_in, 0.0) + size
        return found
