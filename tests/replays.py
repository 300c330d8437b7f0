"""Replays of real events with data of the time: what ``docs/why/replays.md`` prints, from one call each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from orepact.service.opening import open_ledger
from orepact.service.shock.cases import case_for
from orepact.service.shock.events import disruption_for
from orepact.shock import Outcome, ShockCase, respond

#: Event of the library: day of knowledge and base year.
REPLAYS: Mapping[str, tuple[str, int]] = {
    "graphite_licence_2023": ("2023-12-31", 2023),
    "drc_cobalt_ban_2025": ("2025-02-24", 2024),
    "moa_stop_2026": ("2026-02-28", 2024),
}
#: Responses that the page shows, with their headings.
SHOWN = {"contracts": "contracts kept", "market": "market", "pact": "pact of Canada, Japan and Korea"}
#: Flake and spherical graphite that left China in November 2023 above the mean of January and February 2023, in t (Fastmarkets).
NOVEMBER = {"natural_graphite_flake": 23_502 - 7_241, "spherical_graphite": 12_186 - 3_620}


@dataclass(frozen=True)
class Replay:
    """One event on the usual week as it could be known, and what came of it."""

    case: ShockCase
    outcome: Outcome

    def cells_gwh(self, party: str) -> float:
        """Cells that the plants of a party do not make in 52 weeks, in GWh."""
        table = self.outcome.parties.set_index("party")
        return float(table["not_made_gwh_cells"].get(party, 0.0))

    def total(self, column: str) -> float:
        """A column of the parties, summed."""
        return float(self.outcome.parties[column].sum())

    def made(self, commodity: str, place: str) -> np.ndarray:
        """Output of a good at a place by week, as a share of the usual."""
        here = (self.case.network.site_output == commodity).to_numpy() & (self.case.network.sites["place"] == place).to_numpy()
        share: np.ndarray = self.outcome.activity[here].sum(axis=0) / self.case.activity[here].sum()
        return share

    def arrived(self, commodity: str, destination: str, origin: str | None = None) -> np.ndarray:
        """What arrives of a good at a place from abroad by week, as a share of the usual."""
        routes = self.case.network.routes
        here = (routes["commodity"] == commodity) & (routes["destination"] == destination)
        here &= (routes["origin"] == origin) if origin else (routes["origin"] != destination)
        rows = here.to_numpy()
        share: np.ndarray = self.outcome.arrived[rows].sum(axis=0) / self.case.flow[rows].sum()
        return share

    def part_of(self, commodity: str, origin: str, destination: str) -> float:
        """Part of what usually reaches a place that comes from one origin."""
        routes = self.case.network.routes
        to = ((routes["commodity"] == commodity) & (routes["destination"] == destination)).to_numpy()
        mine = to & (routes["origin"] == origin).to_numpy()
        return float(self.case.flow[mine].sum() / self.case.flow[to].sum())

    def cover(self, commodity: str, party: str) -> list[float]:
        """Days that the stocks of a good last at a party, by week."""
        table = self.outcome.cover
        return table[(table["commodity"] == commodity) & (table["party"] == party)]["cover_days"].tolist()


@cache
def usual_week(event: str) -> ShockCase:
    """The usual week as it could be known on the day, with later editions about what lay behind."""
    day, year = REPLAYS[event]
    return case_for(open_ledger(as_of=day, hindsight=True), year=year)


def replay(event: str, case: ShockCase | None = None, response: str = "contracts") -> Replay:
    """The event under a response, on the usual week of the time (or a changed one)."""
    day, _ = REPLAYS[event]
    case = case or usual_week(event)
    disruption = disruption_for(case, [event], ledger=open_ledger(as_of=day, hindsight=True), weeks=52)
    return Replay(case, respond(case, disruption, response))


def with_stock(case: ShockCase, commodity: str, added: Mapping[str, float]) -> ShockCase:
    """The same week with more of a good in warehouses, in units by place; places without a warehouse of it are refused."""
    stores = case.stores.copy()
    for place, quantity in added.items():
        rows = stores.index[(stores["commodity"] == commodity) & (stores["place"] == place) & (stores["kind"] == "warehouse")]
        stores.loc[rows[0], "quantity"] += quantity
    return replace(case, stores=stores)


def with_november(case: ShockCase) -> ShockCase:
    """The graphite week with what left China in November 2023 above the usual, where it usually goes and a warehouse stands."""
    for commodity, quantity in NOVEMBER.items():
        routes = case.network.routes
        from_china = (routes["commodity"] == commodity) & (routes["origin"] == "CHN") & (routes["destination"] != "CHN")
        shares = pd.Series(case.flow[from_china.to_numpy()], index=routes.loc[from_china, "destination"]).groupby(level=0).sum()
        stores = case.stores[(case.stores["commodity"] == commodity) & (case.stores["kind"] == "warehouse")]
        shares = shares[shares.index.isin(stores["place"]) & (shares > 0)]
        case = with_stock(case, commodity, {str(k): float(v) for k, v in (quantity * shares / shares.sum()).items()})
    return case


def with_lean_stocks(case: ShockCase, days: float = 18.0) -> ShockCase:
    """The cobalt week with only so many days of use of hydroxide in China's warehouses, as other salts have."""
    good, place = "cobalt_hydroxide", "CHN"
    use = -(case.network.S.minimum(0) @ case.activity)[int(case.network.positions([good], [place])[0])] / 7.0
    held = case.stores[(case.stores["commodity"] == good) & (case.stores["place"] == place)]["quantity"].sum()
    return with_stock(case, good, {place: days * use - held})


# What the page prints --------------------------------------------------------------------------------

Line = tuple[str, Callable[[Replay], str]]


def below_half(share: np.ndarray, start: date) -> str:
    """Since when and for how many weeks a share is below one half."""
    weeks = np.flatnonzero(share < 0.5)
    return "never" if not len(weeks) else f"{start + timedelta(weeks=int(weeks[0])):%-d %b %Y}, {len(weeks)} weeks"


def worth(found: Replay) -> str:
    """Worth of what buyers go without."""
    return f"{found.total('loss_usd') / 1e6:,.0f}"


def cells(party: str) -> Line:
    """GWh of cells that a party does not make."""
    return f"cells not made in {NAMES[party]}, GWh", lambda found: f"{found.cells_gwh(party):.1f}"


def output(commodity: str, place: str, title: str) -> Line:
    """When the output of a good at a place falls below half of the usual."""
    return (
        f"{title} below half of the usual",
        lambda found: below_half(found.made(commodity, place), found.outcome.disruption.start),
    )


def arrivals(commodity: str, place: str, title: str, origin: str | None = None) -> Line:
    """When what arrives of a good at a place falls below half of the usual."""
    return (
        f"{title} below half of the usual",
        lambda found: below_half(found.arrived(commodity, place, origin), found.outcome.disruption.start),
    )


NAMES = {"KOR": "Korea", "JPN": "Japan", "CHN": "China", "USA": "the United States", "POL": "Poland", "HUN": "Hungary"}
LOST: Line = ("goods that buyers go without, million USD", worth)
CARS: Line = ("electric cars that buyers go without", lambda found: f"{found.total('lost_vehicles'):,.0f}")
LINES: Mapping[str, tuple[Line, ...]] = {
    "graphite_licence_2023": (
        arrivals("spherical_graphite", "JPN", "spherical graphite reaching Japan"),
        output("coated_spherical_graphite", "JPN", "anode coating in Japan"),
        output("cell_nmc811", "KOR", "cells with much nickel in Korea"),
        *map(cells, ("KOR", "JPN", "USA", "POL", "HUN")),
        CARS,
        LOST,
    ),
    "drc_cobalt_ban_2025": (
        arrivals("cobalt_hydroxide", "CHN", "cobalt hydroxide reaching China"),
        output("cobalt_sulphate", "CHN", "cobalt sulphate made in China"),
        output("cell_nmc811", "KOR", "cells with much nickel in Korea"),
        *map(cells, ("CHN", "KOR", "JPN")),
        CARS,
        LOST,
    ),
    "moa_stop_2026": (
        output("nickel_class1", "CA-AB", "class 1 nickel made in Alberta"),
        (
            "nickel not made at Fort Saskatchewan, t",
            lambda found: f"{found.outcome.stops.set_index('site')['not_made'].get('sherritt_fort_sask', 0.0):,.0f}",
        ),
        (
            "days of class 1 nickel in Canada, at first and at last",
            lambda found: "{:.0f} and {:.0f}".format(*(found.cover("nickel_class1", "CAN")[week] for week in (0, -1))),
        ),
        (
            "share of Alberta's mixed precipitate that the network has from Cuba",
            lambda found: f"{found.part_of('mixed_hydroxide_precipitate', 'CUB', 'CA-AB'):.0%}",
        ),
        *map(cells, ("KOR", "JPN")),
        LOST,
    ),
}
#: Further columns: their heading, and how the usual week is changed for them.
CHANGED: Mapping[str, tuple[str, Callable[[ShockCase], ShockCase]]] = {
    "graphite_licence_2023": ("contracts kept, and November's cargoes in stock", with_november),
    "drc_cobalt_ban_2025": ("contracts kept, and 18 days of hydroxide in China", with_lean_stocks),
}


def columns_of(event: str) -> dict[str, Replay]:
    """What stands side by side on the page."""
    found = {title: replay(event, response=response) for response, title in SHOWN.items()}
    if event in CHANGED:
        heading, change = CHANGED[event]
        found[heading] = replay(event, change(usual_week(event)))
    return found


def printed(event: str) -> str:
    """The table of one replay in Markdown."""
    columns = columns_of(event)
    head = ["", *columns]
    rows = [[title, *(say(found) for found in columns.values())] for title, say in LINES[event]]
    lines = [head, ["---", *("---:" for _ in columns)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def written(page: str) -> str:
    """The page with every table as it comes out now."""
    for event in REPLAYS:
        before, mark, rest = page.partition(f"<!-- {event} -->\n")
        assert mark, f"the page has no mark for {event}"
        _, end, after = rest.partition("<!-- end -->")
        page = before + mark + printed(event) + "\n" + end + after
    return page


PAGE = Path(__file__).parent.parent / "docs" / "why" / "replays.md"

if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
