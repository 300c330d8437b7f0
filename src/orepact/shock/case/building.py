"""The usual week of a network, put together from a year's flows and what is assumed beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.time_unit import yearly_flows
from orepact.shock.case.case import ShockCase
from orepact.shock.case.pricing import prices_of, words_of
from orepact.shock.case.rules import CaseRules
from orepact.shock.case.standby import capacity_of, lag_of, ramp_of
from orepact.shock.case.stores import WEEKS_PER_YEAR, stores_of
from orepact.shock.case.thinning import thin
from orepact.shock.case.usual import Usual, usual_year
from orepact.shock.case.wanting import party_of_places, substitutions_of, wants_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.chain.flows import Flows

#: A stock is drawn on in the year itself where this share of the use comes out of it.
LEAST_DRAWN = 1e-6


def case_of(flows: Flows, year: int | None = None, rules: CaseRules | None = None) -> ShockCase:
    """The usual week of one year of ``flows``: a fifty-second of it in every week.

    Rates count in the ``time_unit`` of their network (``week``, ``day``), per year where it names none.
    ``rules`` (default: the shipped ones for the reference network) say what is assumed beside the flows;
    ``CaseRules.package()`` takes a network at its word. Raises ``BadInput`` for a year that the flows do not hold and for
    stocks without an owner, ``BalanceBroken`` for flows that do not close.

    For a network package ``orepact.service.shock.case_of_package(folder)`` finds flows that leave its stocks alone, too.
    """
    rules = rules or CaseRules.reference()
    full = usual_year(yearly_flows(flows), year)
    thinned = thin(full, rules.thinning)
    usual = thinned.usual
    party_of = party_of_places(usual.network)
    prices = prices_of(usual.network, rules.prices)
    price = {str(good): float(usd) for good, usd in prices["price_usd_per_unit"].items()}
    wants = wants_of(usual, party_of, price, by_price=rules.capacities is not None)
    stores, unknown = stores_of(usual, rules.inventories, rules.stockpiles, party_of)
    warnings = [*_of_thinning(thinned.words, len(full.flow), len(usual.flow)), *_of_shortage(usual), *words_of(prices), *unknown]
    warnings += [*_of_stock_building(usual, rules), *_of_drawing(usual)]
    warnings += _of_names(usual, rules, party_of) if rules.capacities is not None else []
    return ShockCase(
        network=usual.network,
        year=usual.year,
        activity=usual.activity / WEEKS_PER_YEAR,
        capacity=capacity_of(usual, rules.capacities) / WEEKS_PER_YEAR,
        ramp_weeks=ramp_of(usual, rules.capacities),
        flow=usual.flow / WEEKS_PER_YEAR,
        lag_weeks=lag_of(usual, rules.ways),
        other=usual.other / WEEKS_PER_YEAR,
        wants=wants,
        demand=usual.demand[wants["node"].to_numpy()] / WEEKS_PER_YEAR,
        stores=stores,
        substitutions=substitutions_of(wants, rules.substitutions),
        parties=_places_of(party_of),
        warnings=tuple(warnings),
        assumptions=_assumptions(rules, thinned.moved_share),
        route_numbers=usual.numbers,
        prices=prices["price_usd_per_unit"],
    )


def _of_thinning(words: str, before: int, after: int) -> list[str]:
    return [words] if after < before else []


def _of_stock_building(usual: Usual, rules: CaseRules) -> list[str]:
    """Goods of which the year itself put so much aside that it bridges a good part of an event: a share of their use."""
    told = rules.inventories.stock_building_told if rules.inventories is not None else None
    if told is None:
        return []
    goods = usual.network.nodes.get_level_values(0)
    table = pd.DataFrame({"aside": np.maximum(-usual.other, 0.0), "used": usual.used}).groupby(goods, sort=False).sum()
    share = (table["aside"] / table["used"].where(table["used"] > 0)).dropna().sort_values(ascending=False)
    large = share[share >= told.value]
    if not len(large):
        return []
    named = ", ".join(f"{good} {value:.0%}" for good, value in large.items())
    return [f"what the year put into stocks, or nobody used, gives way before anybody goes short; as a share of use: {named}"]


def _of_drawing(usual: Usual) -> list[str]:
    """Stated stocks that the year itself uses: a plan of least cost takes what lies there for nothing, and makes less."""
    stated = usual.network.stockpiles
    nodes = np.unique(usual.network.positions(stated["commodity"], stated["place"]))
    drawn = nodes[usual.other[nodes] > LEAST_DRAWN * usual.used[nodes]]
    if not len(drawn):
        return []
    named = ", ".join(f"{good} in {place}" for good, place in usual.network.nodes[drawn])
    mend = "give flows of a plan without stocks, or ask service.shock.case_of_package"
    return [f"the year itself draws on the stocks of {named}: what it draws is usual and bridges no stop; {mend}"]


def _of_shortage(usual: Usual) -> list[str]:
    """The usual week wants what was met: a shortage of the year itself is not one of the event."""
    lacking = np.flatnonzero(usual.short > 0)
    if not len(lacking):
        return []
    named = [f"{good} in {place}" for good, place in usual.network.nodes[lacking[:5]]]
    more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
    return [f"demand that was not met in the year itself is left out of the usual week: {', '.join(named)}{more}"]


def _of_names(usual: Usual, rules: CaseRules, party_of: Mapping[str, str]) -> list[str]:
    """Assumptions about what the network does not have: void, and perhaps misspelt."""
    network = usual.network
    known = {
        "good": set(network.commodities.index),
        "stage": set(network.commodities["stage"]),
        "process": set(network.sites["process"]),
        "party": set(party_of.values()),
    }
    void = [f"{kind} {name}" for kind, names in rules.names.items() for name in sorted(names - known[kind])]
    return [f"assumptions about what the network does not have are void: {', '.join(void)}"] if void else []


def _places_of(party_of: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {party: tuple(p for p, mine in party_of.items() if mine == party) for party in dict.fromkeys(party_of.values())}


def _assumptions(rules: CaseRules, moved_share: float) -> dict[str, object]:
    """What was assumed, as plain values for a reply."""
    plain: dict[str, object] = {"kept_on_its_route_share": moved_share, **rules.model_dump(mode="json")}
    return plain
