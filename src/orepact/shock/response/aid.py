"""Aid options: what each single thing that the pact adds to the market saves on its own, and what using it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.shock.response.planned import acting_parties
from orepact.shock.response.rules import ResponseRules

if TYPE_CHECKING:
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.response.outcome import Outcome

#: Columns of ``aid_options``.
AID = (
    "option",
    "title",
    "saved_usd",
    "cost_usd",
    "saved_per_usd",
    "saved_vehicles",
    "saved_gwh_storage",
    "loss_usd",
    "market_loss_usd",
)
#: Responses between which the options lie.
BELOW, ABOVE = "market", "pact"
#: Everything that the pact adds, as one option.
TOGETHER = "pact"
#: What an option is called when the parties do it.
TITLES = {
    "stockpiles": "Public stocks are released down to their floors",
    "party_new_route_weeks": "Parties buy from each other without delay (swaps)",
    "party_surge_share": "Plants of the parties make more than their capacity",
    "party_ramp_factor": "Spare plants of the parties start sooner",
    "party_priority": "Parties are served first",
    TOGETHER: "All of it together",
}
#: Saving or cost below this many USD counts as none.
LEAST_USD = 1.0


@dataclass(frozen=True)
class Option:
    """One thing to do: the rules under which ``response`` may do whatever the market may, and this."""

    name: str
    title: str
    rules: ResponseRules
    response: str


def aid_options(
    case: ShockCase,
    disruption: Disruption,
    *,
    rules: ResponseRules | Path | str | None = None,
    foresight: str = "rolling",
    market: Outcome | None = None,
    report: Callable[[str, float], None] | None = None,
) -> pd.DataFrame:
    """Each option of the pact on its own, added to the market (``AID``), the one that saves most by dollar first.

    ``saved_usd`` = loss under the market - loss under the market with the option. ``cost_usd`` = what transport, production,
    duties, substitution, released goods and stocks missing at the end cost above the market's; what it costs to stand ready is
    not in it. ``saved_per_usd`` is ``inf`` where an option saves and costs nothing more, NaN where it saves nothing. Under a
    rolling horizon an option may save less than nothing: nobody knew the end. ``market``: its outcome, if it is known already.
    """
    from orepact.shock.response.responding import respond

    tell = report or (lambda _step, _fraction: None)
    known = ResponseRules.of(rules)
    base = market or respond(case, disruption, BELOW, rules=known, foresight=foresight)
    options = list(options_of(known, case))
    rows = []
    for at, option in enumerate(options):
        tell(f"trying {option.name}", at / len(options))
        found = respond(case, disruption, option.response, rules=option.rules, foresight=foresight)
        rows.append({"option": option.name, "title": option.title, **_against(base, found)})
    table = pd.DataFrame(rows, columns=list(AID))
    ranked = table.assign(rank=table["saved_per_usd"].fillna(-np.inf))
    ranked = ranked.sort_values(["rank", "saved_usd", "option"], ascending=[False, False, True], ignore_index=True)
    return ranked[list(AID)]


def options_of(rules: ResponseRules, case: ShockCase) -> Iterator[Option]:
    """What the pact adds to the market, one by one; the stocks of each party apart, where several hold some; all together."""
    market, pact = rules.allowed(BELOW).model_dump(), rules.allowed(ABOVE).model_dump()
    for name, value in pact.items():
        if value == market[name]:
            continue
        yield _option(rules, name, TITLES.get(name, name), {name: value})
        if name == "stockpiles":
            yield from _stocks_by_party(rules, case)
    yield Option(TOGETHER, TITLES[TOGETHER], rules, ABOVE)


def _stocks_by_party(rules: ResponseRules, case: ShockCase) -> Iterator[Option]:
    public = case.stores[case.stores["kind"] == "stockpile"]
    holders = [name for name in acting_parties(case, rules) if (public["owner"].eq(name) | public["party"].eq(name)).any()]
    for name in holders if len(holders) > 1 else []:
        only = rules.model_copy(update={"parties": rules.parties.model_copy(update={"value": (name,)})})
        yield _option(only, f"stockpiles_{name}", f"Public stocks of {name} are released", {"stockpiles": True})


def _option(rules: ResponseRules, name: str, title: str, may: dict[str, Any]) -> Option:
    response = f"{BELOW}+{name}"
    return Option(name, title, rules.plus(response, BELOW, **may), response)


def _against(market: Outcome, found: Outcome) -> dict[str, float]:
    """What an outcome saves against the market, and what it costs more."""
    before, after = (outcome.parties.sum(numeric_only=True) for outcome in (market, found))
    lost, left = float(market.costs_usd["loss"]), float(found.costs_usd["loss"])
    saved = lost - left
    cost = (sum(found.costs_usd.values()) - left) - (sum(market.costs_usd.values()) - lost)
    return {
        "saved_usd": saved,
        "cost_usd": cost,
        "saved_per_usd": _per_dollar(saved, cost),
        "saved_vehicles": float(before["lost_vehicles"] - after["lost_vehicles"]),
        "saved_gwh_storage": float(before["lost_gwh_storage"] - after["lost_gwh_storage"]),
        "loss_usd": left,
        "market_loss_usd": lost,
    }


def _per_dollar(saved: float, cost: float) -> float:
    """Saved by dollar of cost; NaN where nothing is saved, ``inf`` where saving costs nothing.

    >>> _per_dollar(10.0, 4.0), _per_dollar(10.0, -1.0), _per_dollar(0.0, 4.0)
    (2.5, inf, nan)
    """
    if saved < LEAST_USD:
        return float("nan")
    return saved / cost if cost >= LEAST_USD else float("inf")
