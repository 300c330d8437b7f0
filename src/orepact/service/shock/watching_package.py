"""The watch on a network package: imports from its flows, days of stock from its stockpiles, and silence where it has nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.grouping import group_members
from orepact.errors import NotFound
from orepact.shock.watch.imports import NAN, Imports, import_signals
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Alarm, Signal, alarm_of
from orepact.shock.watch.stocks import DAYS_A_YEAR, Cover, stock_signal

if TYPE_CHECKING:
    from orepact.chain import Flows, Network

SILENT = {
    "price_change": "a network package has one price of a good, none of the year before",
    "export_control": "a network package holds no rules of law",
    "supplier_governance": "a network package holds no governance estimates",
}


def package_alarms(
    flows: Flows,
    rules: WatchRules,
    *,
    place: str | None = None,
    commodities: Sequence[str] | None = None,
    year: int | None = None,
) -> list[Alarm]:
    """The alarm of each party and commodity that it buys, uses or stocks; raises ``NotFound`` for an unknown place.

    Without ``place`` every place that buys, uses or stocks anything is a party of its own; without ``year`` the first one counts.
    """
    chosen = year if year is not None else min(flows.years)
    members = group_members(flows.network.places["group"])
    if place is not None and place not in members:
        raise NotFound("place", place, members)
    parties = {place: members[place]} if place is not None else {name: (name,) for name in flows.network.places.index}
    used, stocked = _used(flows, chosen), flows.network.stockpiles
    alarms = []
    for party, inside in parties.items():
        held = stocked[stocked["place"].isin(inside)].groupby("commodity")["quantity"].sum()
        needed = used[used["place"].isin(inside)].groupby("commodity")["quantity"].sum()
        bought = set(_arriving(flows, chosen, inside)["commodity"])
        for name in flows.network.commodities.index:
            if name in bought | {*held.index, *needed.index} and (commodities is None or name in commodities):
                cover = _cover(name, float(held.get(name, 0.0)), float(needed.get(name, 0.0)), flows.network, chosen)
                alarms.append(_alarm(imports_in(flows, party, inside, name, chosen), cover, rules))
    return alarms


def _alarm(imports: Imports, cover: Cover | None, rules: WatchRules) -> Alarm:
    about = (imports.place, imports.commodity)
    signals = {signal.indicator: signal for signal in import_signals(imports, rules)}
    silence = "the package states no stock of it here"
    signals["stock_days"] = stock_signal(*about, [cover] if cover is not None else [], rules, silence)
    signals |= {name: Signal(*about, name, NAN, None, words) for name, words in SILENT.items()}
    return alarm_of([signals[name] for name in rules.indicators], rules)


def imports_in(flows: Flows, party: str, inside: Sequence[str], commodity: str, year: int) -> Imports:
    """Imports of a party from the routes of a year and of the year before, when the flows hold both."""
    before = year - 1 in flows.years
    routes = {y: _routes(flows, y, commodity) for y in (year, year - 1)}
    bought = {y: rows[rows["destination"].isin(inside) & ~rows["origin"].isin(inside)] for y, rows in routes.items()}
    by_seller = {y: {str(s): float(q) for s, q in rows.groupby("origin")["quantity"].sum().items()} for y, rows in bought.items()}
    now = routes[year]
    names = flows.network.places["name"]
    return Imports(
        party,
        commodity,
        year,
        by_seller[year],
        by_seller[year - 1] if before else None,
        exports=float(now.loc[now["origin"].isin(inside) & ~now["destination"].isin(inside), "quantity"].sum()),
        world=float(now["quantity"].sum()),
        world_before=float(routes[year - 1]["quantity"].sum()) if before else NAN,
        unit=str(flows.network.commodities["unit"][commodity]),
        sources=("network",),
        confidence="derived",
        titles={str(place): str(name) for place, name in names.items() if name},
    )


def _routes(flows: Flows, year: int, commodity: str) -> pd.DataFrame:
    frame = flows.frame
    return frame[(frame["kind"] == "route") & (frame["year"] == year) & (frame["commodity"] == commodity)]


def _arriving(flows: Flows, year: int, inside: Sequence[str]) -> pd.DataFrame:
    frame = flows.frame
    routes = frame[(frame["kind"] == "route") & (frame["year"] == year)]
    return routes[routes["destination"].isin(inside) & ~routes["origin"].isin(inside)]


def _used(flows: Flows, year: int) -> pd.DataFrame:
    """What is used in a year by place and commodity: inputs of activity (recipes) and final demand."""
    network, frame = flows.network, flows.frame[flows.frame["year"] == year]
    made = frame[frame["kind"] == "activity"]
    made = made.assign(place=made["site"].map(network.sites["place"]))[["process", "place", "quantity"]]
    inputs = network.recipes[network.recipes["amount"] < 0]
    drawn = made.merge(inputs, on="process")
    drawn = drawn.assign(quantity=-drawn["amount"] * drawn["quantity"])[["place", "commodity", "quantity"]]
    wanted = network.demand[network.demand["year"] == year][["place", "commodity", "quantity"]]
    return pd.concat([drawn, wanted], ignore_index=True)


def _cover(commodity: str, held: float, used: float, network: Network, year: int) -> Cover | None:
    if not (held > 0 and used > 0):
        return None
    days, unit = DAYS_A_YEAR * held / used, network.commodities["unit"][commodity]
    words = f"a stock of {held:,.4g} {unit} covers {days:.0f} days of the use of {used:,.4g} {unit} in {year}"
    return Cover(days, words, year, ("network",), "derived")
