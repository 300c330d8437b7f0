"""What the page of a shock is told from: the events, what came of each response, and the names of things."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.facts.rules import RuleBook
from orepact.report.brief import Basis
from orepact.report.figures import Figure
from orepact.report.scope import thing_title, title_of
from orepact.report.shock_figures import RESPONSE_STYLE, event_shade
from orepact.report.shock_noise import quiet
from orepact.shock.outcome import tables

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Codes
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.events.event import Event
    from orepact.shock.outcome.outcome import Outcome

#: The model in the list of sources.
MODEL = "orepact_shock"
#: The forecast: what a reader is told first.
LEAD = "market"
#: Tables that are told of an outcome.
TABLES: Mapping[str, Callable[[Outcome], pd.DataFrame]] = {
    "lost": tables.lost,
    "sites": tables.sites,
    "stops": tables.stops,
    "cover": tables.cover,
    "parties": tables.parties,
}


@dataclass(frozen=True, eq=False)
class ShockStory:
    """Events and the outcome of each response to them (``contracts``, ``market``, ``pact``: those that were asked for).

    ``aid``: what single options of the pact save (columns ``AID`` of ``report.shock_sections``), None when not asked.
    ``meta``: what the reply says of itself (manifest, warnings, sources). ``codes``: names of places and goods where known.
    """

    events: Sequence[Event]
    outcomes: Mapping[str, Outcome]
    aid: pd.DataFrame | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    codes: Codes | None = None
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def responses(self) -> list[str]:
        """The responses that were asked for, the least able first."""
        return [name for name in RESPONSE_STYLE if name in self.outcomes]

    @property
    def lead(self) -> str:
        """The response that the page tells first: the market, which is the forecast; else the first that was asked for."""
        return LEAD if LEAD in self.outcomes else self.responses[0]

    @property
    def told(self) -> list[str]:
        """The responses in the order in which they are told: the forecast first."""
        return [self.lead, *(name for name in self.responses[::-1] if name != self.lead)]

    @property
    def pact_parties(self) -> list[str]:
        """The parties of the pact that the network knows, as the reply names them."""
        return [str(name) for name in self.meta.get("parties_of_the_pact", ())]

    @property
    def case(self) -> ShockCase:
        """The usual week."""
        return self.outcomes[self.responses[0]].case

    @property
    def disruption(self) -> Disruption:
        """What the events do, week by week."""
        return self.outcomes[self.responses[0]].disruption

    @property
    def start(self) -> date:
        """First day of week 0."""
        return self.disruption.start

    @property
    def shade(self) -> list[Figure]:
        """The time in which the events last, as shapes of a figure."""
        return event_shade(self.start, 0, min(self.disruption.end_week, self.disruption.weeks))

    def day(self, week: int) -> str:
        """First day of a week, ISO."""
        return (self.start + timedelta(weeks=int(week))).isoformat()

    def table(self, name: str) -> pd.DataFrame:
        """One of ``TABLES`` for all responses, with a column ``response``."""
        if name not in self._tables:
            made = {response: TABLES[name](self.outcomes[response]) for response in self.responses}
            found = [quiet(table, name, self.outcomes[one]).assign(response=one) for one, table in made.items()]
            self._tables[name] = pd.concat(found, ignore_index=True)
        return self._tables[name]

    @cached_property
    def worst_parties(self) -> list[str]:
        """Parties that lose something under some response, by what they lose under the first told, then by their largest loss."""
        rows, measures = self.table("parties"), ["loss_usd", "not_made_gwh_cells"]
        told = rows[rows["response"] == self.lead].set_index("party")[measures].add_prefix("told_")
        losses = rows.groupby("party")[measures].max().join(told).fillna(0.0)
        order = ["told_loss_usd", "loss_usd", "told_not_made_gwh_cells", "not_made_gwh_cells"]
        return [str(name) for name in losses.sort_values(order, ascending=False, kind="stable").index]

    def lost_by(self, party: str, response: str, column: str) -> float:
        """A column of one party under one response; 0 where it loses nothing."""
        rows = self.table("parties")
        return float(rows.loc[(rows["response"] == response) & (rows["party"] == party), column].sum())

    def stock_used(self, response: str, party: str | None = None) -> float:
        """Worth in USD of what stocks have given by the week in which they lack most, of one party or of all."""
        outcome = self.outcomes[response]
        stores = self.case.stores
        mine = (stores["party"] == party).to_numpy() if party is not None else slice(None)
        price = stores["commodity"].map(self.case.network.commodities["price_usd_per_unit"]).astype(float).fillna(0.0)
        usual = stores["quantity"].to_numpy(dtype=float)[:, None]
        given = ((usual - outcome.stock).clip(min=0.0) * price.to_numpy()[:, None])[mine].sum(axis=0)
        return float(given.max(initial=0.0))

    def total(self, response: str, column: str) -> float:
        """A column of the parties of one response, summed."""
        rows = self.table("parties")
        return float(rows.loc[rows["response"] == response, column].sum())

    @cached_property
    def hit(self) -> frozenset[str]:
        """Sites that an event hits itself."""
        struck = (self.disruption.site_share < 1.0).any(axis=1)
        return frozenset(str(site) for site in self.case.network.site_index.to_numpy()[struck])

    # Names -----------------------------------------------------------------------------------------

    def party(self, name: str) -> str:
        """A party or place in words."""
        stated = str(self.case.network.places["name"].get(name, "") or "") if "name" in self.case.network.places else ""
        known = title_of(self.codes, name) if self.codes is not None else name
        return known if known != name else stated or name

    def good(self, name: str) -> str:
        """A commodity in words."""
        if self.codes is not None:
            return thing_title(self.codes, name)
        return str(self.case.network.commodities["title"].get(name, "") or name)

    @cached_property
    def plants(self) -> dict[str, str]:
        """Each site in words that no other site has."""
        sites, names = self.case.network.sites, tables.site_names(self.case)
        homes = sites["owner_country"] if "owner_country" in sites else pd.Series("", index=sites.index)
        columns = {"site": names["site"], "process": sites["process"], "good": names["commodity"], "place": names["place"]}
        columns |= {"name": sites["name"], "home": homes}
        rows = [dict(zip(columns, map(str, row), strict=True)) for row in zip(*columns.values(), strict=True)]
        found = {row["site"]: self._plant(row) for row in rows}
        doubled = pd.Series(found).duplicated(keep=False)
        return {site: f"{title} [{site}]" if doubled[site] else title for site, title in found.items()}

    def _plant(self, row: Mapping[str, str]) -> str:
        site, name, home, good, place = (row[key] for key in ("site", "name", "home", "good", "place"))
        if site.startswith("rest_"):
            known = self.codes.processes.get(row["process"]) if self.codes is not None else None
            owner = "of unknown owners" if home == "unknown" else f"owned from {self.party(home)}"
            owned = f" {owner}" if site.count("__") > 1 and home not in {"", "nan"} else ""
            return f"{known.title if known else self.good(good)}, {self.party(place)}: others{owned}"
        return f"{self.good(good)}, {self.party(place)} ({site})" if name in {"", "nan", site} else f"{name}, {self.party(place)}"

    # Provenance ------------------------------------------------------------------------------------

    def basis(self, method: str) -> Basis:
        """The basis of a number that the shock model answers."""
        return Basis((MODEL,), str(self.meta.get("manifest", {}).get("created", ""))[:10], "modelled", method)

    def event_basis(self, event: Event, confidence: str = "reported") -> Basis:
        """The basis of what an event says."""
        names = tuple(source_id(event, at) for at in range(len(event.sources)))
        dates = [source.date for source in event.sources if source.date]
        weak = confidence if all(source.verified for source in event.sources) else "unverified"
        return Basis(names, max(dates, default=""), weak, "the event file")

    def sources(self) -> dict[str, dict[str, str]]:
        """What is known of each source: the model, and those of the events."""
        manifest = self.meta.get("manifest", {})
        found = {
            MODEL: {
                "producer": f"orepact {manifest.get('code_version', '')}".strip(),
                "title": "Shock model: stocks, routes and plants week by week",
                # a package stands on no facts of ours
                "edition": f"data edition {manifest['data_edition'][:12]}" if manifest.get("data_edition") else "",
                "grade": "D",
            }
        }
        rules = RuleBook.shipped().rules
        for event in self.events:
            for at, source in enumerate(event.sources):
                rule = rules.get(source.title)
                title = f"{rule.instrument}, {rule.provision}: {rule.applies_to}" if rule is not None else source.title
                address = source.address or (rule.source if rule is not None else "")
                said = {"title": title, "published": source.date, "address": address}
                found[source_id(event, at)] = said | ({} if source.verified else {"edition": "unverified"})
        return found

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader must know, once each."""
        said = [*self.meta.get("warnings", ()), *self.case.warnings, *self.disruption.warnings]
        notes = [note for outcome in self.outcomes.values() for note in outcome.notes]
        said += [note for note in notes if not any(str(words).endswith(note) for words in said)]
        return tuple(dict.fromkeys(str(words) for words in said))


def source_id(event: Event, at: int) -> str:
    """Id of a source of an event in the list of sources."""
    return f"{event.id}_{at + 1}"
