"""Aid options: what each single thing that the pact adds to the market saves on its own, and what using it costs.

Options are compared as plans made in week 0 with the end known, by week or on large networks in blocks of weeks: the same
program with other bounds, so that whoever may do more never does worse, and a difference is the option's own and not that of a
guess about the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.shock.outcome.tables import BATTERIES, gwh_per_unit, vehicles_of
from orepact.shock.response import belief
from orepact.shock.response.bounds import limits
from orepact.shock.response.columns import Families
from orepact.shock.response.grid import Grid
from orepact.shock.response.permits import Permits
from orepact.shock.response.planned import acting_parties
from orepact.shock.response.program import ResponseProgram
from orepact.shock.response.rolling import Decider
from orepact.shock.response.rules import ResponseRules
from orepact.shock.response.state import State

if TYPE_CHECKING:
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.outcome.costing import Rates

#: Columns of ``aid_options``.
AID = (
    "option",
    "title",
    "net_saving_usd",
    "saved_usd",
    "saved_idle_usd",
    "cost_usd",
    "saved_per_usd",
    "saved_vehicles",
    "saved_gwh_storage",
    "loss_usd",
    "market_loss_usd",
)
#: Responses between which the options lie.
BELOW, ABOVE = "market", "pact"
#: What an option is called when the parties do it.
TITLES = {
    "stockpiles": "Public stocks are released down to their floors",
    "party_new_route_weeks": "Parties buy from each other without delay (swaps)",
    "party_surge_share": "Plants of the parties make more than their capacity",
    "party_ramp_factor": "Spare plants of the parties start sooner",
    ABOVE: "All of it together",
}
#: Weeks that are near, of a block there, and of one further off: a third of the work of fours throughout. Congo's ban:
#: net savings of public stocks differ by 1 to 7 %, that of overtime, small, by half; the order of options is the same.
NEAR, NEAR_BLOCK, FAR_BLOCK = 12, 4, 8
#: Saving or cost below this many USD counts as none.
LEAST_USD = 1.0
#: Savings that differ by less than this share of the market's total cost are the same: a solver tells no finer.
TELLABLE = 1e-6


@dataclass(frozen=True)
class Option:
    """One thing to do: the rules under which ``response`` may do whatever the market may, and this."""

    name: str
    title: str
    rules: ResponseRules
    response: str


@dataclass(frozen=True)
class Planned:
    """What a plan loses, what its idle plants go on paying and what it costs besides (USD), and the final demand that it leaves
    unmet (wants).
    """

    loss_usd: float
    idle_usd: float
    other_usd: float
    unmet: np.ndarray[Any, np.dtype[np.float64]]


def aid_options(
    case: ShockCase,
    disruption: Disruption,
    *,
    rules: ResponseRules | Path | str | None = None,
    report: Callable[[str, float], None] | None = None,
) -> pd.DataFrame:
    """Each option of the pact on its own, added to the market (``AID``), the one that saves most net of its cost first.

    ``saved_usd`` = loss and idle output under the market less those under the market with the option, ``saved_idle_usd`` the
    second of the two. ``cost_usd`` = what transport, production, duties, substitution, released goods and what stocks lack at
    the end cost above the market's; what it costs to stand ready is not in it. ``net_saving_usd = saved_usd - cost_usd``: total
    cost under the market less total cost with the option. It alone is the same at every optimum, so it alone ranks; never
    negative, 0 below what a solver can tell (``TELLABLE``).
    Where a lost unit and a unit in stock cost the same, plans of equal total split it between loss and stock as they like: then
    ``saved_usd``, ``cost_usd`` and ``saved_per_usd`` are those of one such plan. ``saved_per_usd`` is ``inf`` where an option
    saves and costs nothing more, NaN where it saves nothing.
    """
    tell = report or (lambda _step, _fraction: None)
    known = ResponseRules.of(rules)
    planner = _Planner(case, disruption, grid_of(case, disruption, known), known.rates)
    market = planner.plan(known, BELOW)
    options = list(options_of(known, case))
    rows = []
    for at, option in enumerate(options):
        tell(f"trying {option.name}", at / len(options))
        found = planner.plan(option.rules, option.response)
        rows.append({"option": option.name, "title": option.title, **_against(case, market, found)})
    table = pd.DataFrame(rows, columns=list(AID))
    return _ranked(table, least=max(LEAST_USD, TELLABLE * (market.loss_usd + market.idle_usd + market.other_usd)))


def options_of(rules: ResponseRules, case: ShockCase) -> Iterator[Option]:
    """What the pact adds to the market, one by one; the stocks of each party apart, where several hold some; all together."""
    market, pact = rules.allowed(BELOW).model_dump(), rules.allowed(ABOVE).model_dump()
    for name, value in pact.items():
        if value == market[name]:
            continue
        yield _option(rules, name, TITLES.get(name, name.replace("_", " ")), {name: value})
        if name == "stockpiles":
            yield from _stocks_by_party(rules, case)
    yield Option(ABOVE, TITLES[ABOVE], rules, ABOVE)


def _stocks_by_party(rules: ResponseRules, case: ShockCase) -> Iterator[Option]:
    public = case.stores[case.stores["kind"] == "stockpile"]
    parties = acting_parties(case, rules)
    holders = [name for name in parties if (public["owner"].eq(name) | public["party"].eq(name)).any()]
    for name in holders if len(holders) > 1 else []:
        only = rules.model_copy(update={"parties": rules.parties.model_copy(update={"value": (name,)})})
        yield _option(only, f"stockpiles_{name}", f"Public stocks of {name} are released", {"stockpiles": True})


def _option(rules: ResponseRules, name: str, title: str, may: dict[str, Any]) -> Option:
    response = f"{BELOW}+{name}"
    return Option(name, title, rules.plus(response, BELOW, **may), response)


def grid_of(case: ShockCase, disruption: Disruption, rules: ResponseRules) -> Grid:
    """Single weeks where the program stays small (``foreseen_columns``), else blocks, shorter where it is near."""
    if Families.of(case, disruption).each_block * disruption.weeks <= rules.foreseen_columns.value:
        return Grid.of([1] * disruption.weeks)
    near = min(NEAR, disruption.weeks)
    return Grid.of([*_cut(near, NEAR_BLOCK), *_cut(disruption.weeks - near, FAR_BLOCK)])


def _cut(weeks: int, length: int) -> list[int]:
    """Weeks in blocks of a length and a shorter one for the rest.

    >>> _cut(20, 8), _cut(0, 4)
    ([8, 8, 4], [])
    """
    whole, rest = divmod(weeks, length)
    return [length] * whole + ([rest] if rest else [])


class _Planner:
    """One program for all options: they differ in bounds alone."""

    def __init__(self, case: ShockCase, disruption: Disruption, grid: Grid, rates: Rates) -> None:
        self.case = case
        self.model = ResponseProgram.of(case, disruption, grid, rates)
        self.decider, self.state = Decider(self.model), State(self.model, disruption)
        event = belief.weekly(disruption)
        self.seen = belief.ahead(event, disruption, 0, grid.weeks, least_weeks=grid.weeks, perfect=True)

    def plan(self, rules: ResponseRules, response: str) -> Planned:
        """The plan of least loss and cost under a response."""
        permits = Permits.of(self.case, rules.allowed(response), acting_parties(self.case, rules))
        found = limits(self.model, permits, self.state, self.seen)
        solved = self.decider.decide(found)
        layout = self.model.layout
        by_column = found.cost * solved.values  # noqa: PD011  no frame
        loss, idle = (float(layout.view(name, by_column).sum()) for name in ("unmet", "make_less"))
        unmet = np.zeros(len(self.case.demand))
        unmet[self.model.families.unmet] = layout.view("unmet", solved.values) @ self.model.grid.lengths
        return Planned(loss, idle, float(by_column.sum()) - loss - idle, unmet)


def _against(case: ShockCase, market: Planned, found: Planned) -> dict[str, float]:
    """What a plan saves against the market, and what it costs more."""
    idle = market.idle_usd - found.idle_usd
    saved, cost = market.loss_usd - found.loss_usd + idle, found.other_usd - market.other_usd
    less = market.unmet - found.unmet
    gwh = case.wants["commodity"].map(gwh_per_unit(case.network, (*BATTERIES, "vehicle"))).to_numpy(dtype=float)
    return {
        "net_saving_usd": saved - cost,
        "saved_usd": saved,
        "saved_idle_usd": idle,
        "cost_usd": cost,
        "saved_per_usd": _per_dollar(saved, cost),
        "saved_vehicles": float(less[case.wants["commodity"].isin(vehicles_of(case.network)).to_numpy()].sum()),
        "saved_gwh_storage": float(np.nansum(less * gwh)),
        "loss_usd": found.loss_usd,
        "market_loss_usd": market.loss_usd,
    }


def _ranked(table: pd.DataFrame, least: float) -> pd.DataFrame:
    """Most net saving first; savings within ``least`` of each other are equal and stand by name, below it they are none."""
    net = table["net_saving_usd"].where(table["net_saving_usd"] >= least, 0.0)
    ranked = table.assign(net_saving_usd=net, rank=(net / least).round())
    return ranked.sort_values(["rank", "option"], ascending=[False, True], ignore_index=True)[list(AID)]


def _per_dollar(saved: float, cost: float) -> float:
    """Saved by dollar of cost; NaN where nothing is saved, ``inf`` where saving costs nothing.

    >>> _per_dollar(10.0, 4.0), _per_dollar(10.0, -1.0), _per_dollar(0.0, 4.0)
    (2.5, inf, nan)
    """
    if saved < LEAST_USD:
        return float("nan")
    return saved / cost if cost >= LEAST_USD else float("inf")
